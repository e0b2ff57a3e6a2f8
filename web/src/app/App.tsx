import { QueryClientProvider } from "@tanstack/react-query";
import { type ComponentType, useEffect } from "react";
import { BrowserRouter, Route, Routes } from "react-router";
import { DirectoryProvider } from "@/api/DirectoryProvider";
import { LiveProvider } from "@/api/live";
import { queryClient } from "@/api/queries";
import { loadable } from "@/components/loadable";
import { Forbidden, Loading, NoPage } from "@/components/states";
import { LanguageProvider } from "@/i18n/language";
import { definePages, type Page } from "@/pages/page";
import { pages } from "@/pages/registry";
import { ThemeProvider } from "@/theme/theme";
import { keepClock } from "./clock";
import { CrumbProvider } from "./crumbs";
import { KeysProvider } from "./keys";
import { Shell } from "./Shell";
import { SessionProvider, useSession } from "./session";

const [nowhere] = definePages({
  path: "*",
  title: ["没有这个页面", "No such page"],
  roles: "all",
  load: () => Promise.resolve({ default: NoPage }),
}) as [Page];

const contents = new Map<Page, ComponentType>();

/** Each page's code is asked for once. */
function contentOf(page: Page): ComponentType {
  const content = contents.get(page) ?? loadable(page.load, () => <Loading lines={8} />);
  contents.set(page, content);
  return content;
}

/** A page in its frame, or that one may not open it. */
function Framed({ page }: { page: Page }) {
  const { has } = useSession();
  const Content = contentOf(page);
  if (page.bare && has(page.roles)) {
    return <Content />;
  }
  return <Shell page={page}>{has(page.roles) ? <Content /> : <Forbidden />}</Shell>;
}

function Pages() {
  useEffect(keepClock, []);
  return (
    <DirectoryProvider>
      <LiveProvider>
        <KeysProvider>
          <CrumbProvider>
            <Routes>
              {pages.map((page) => (
                <Route key={page.path} path={page.path} element={<Framed page={page} />} />
              ))}
              <Route path="*" element={<Framed page={nowhere} />} />
            </Routes>
          </CrumbProvider>
        </KeysProvider>
      </LiveProvider>
    </DirectoryProvider>
  );
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <LanguageProvider>
        <ThemeProvider>
          <BrowserRouter>
            <SessionProvider>
              <Pages />
            </SessionProvider>
          </BrowserRouter>
        </ThemeProvider>
      </LanguageProvider>
    </QueryClientProvider>
  );
}
