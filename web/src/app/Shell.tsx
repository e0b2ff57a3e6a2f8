import {
  CloudSyncOutlined,
  DisconnectOutlined,
  MenuFoldOutlined,
  MenuUnfoldOutlined,
  QuestionCircleOutlined,
  SearchOutlined,
  UserOutlined,
} from "@ant-design/icons";
import { Button, Dropdown, Tooltip } from "antd";
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { Link, NavLink, useLocation, useNavigate } from "react-router";
import { useLive } from "@/api/live";
import { countIn, useWork } from "@/api/queries";
import { ErrorBoundary } from "@/components/states";
import { ROLES } from "@/i18n/codes";
import { useLanguage, usePick, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import type { Page } from "@/pages/page";
import { groups, pages } from "@/pages/registry";
import { useTheme } from "@/theme/theme";
import { useLastCrumb } from "./crumbs";
import { time } from "./format";
import { Help } from "./Help";
import { type Key, useKeys } from "./keys";
import { ROW_KEYS, walk } from "./rows";
import { STAFF, useSession } from "./session";

const T = texts(
  {
    product: "断流",
    skip: "跳到正文",
    menu: "主菜单",
    fold: "收起菜单",
    unfold: "展开菜单",
    search: "搜索",
    searchHint: "搜索案件、预警、账号、电话…",
    help: "快捷键与帮助",
    crumbs: "当前位置",
    home: "工作台",
    account: "账户",
    language: "English",
    light: "浅色主题",
    dark: "深色主题",
    system: "跟随系统",
    signOut: "退出登录",
    password: "修改口令",
    live: "实时",
    connecting: "连接中",
    lost: "数据停更于 {time}",
    liveHint: "数据实时更新",
    lostHint: "与服务的连接已断开，正在重连；画面停留在断开时的内容。",
  },
  {
    product: "Sluice",
    skip: "Skip to content",
    menu: "Main menu",
    fold: "Fold the menu",
    unfold: "Unfold the menu",
    search: "Search",
    searchHint: "Cases, warnings, accounts, phones…",
    help: "Keys and help",
    crumbs: "Where you are",
    home: "Desk",
    account: "Account",
    language: "Chinese",
    light: "Light",
    dark: "Dark",
    system: "As the system",
    signOut: "Sign out",
    password: "Change password",
    live: "Live",
    connecting: "Connecting",
    lost: "Stale since {time}",
    liveHint: "What you see is up to date",
    lostHint: "The connection to the service is lost and is being opened again. What you see is as of then.",
  },
);

const FOLDED = "sluice.folded";

function useFolded(): [boolean, () => void] {
  const [folded, setFolded] = useState(() => localStorage.getItem(FOLDED) === "1");
  return [
    folded,
    () => {
      localStorage.setItem(FOLDED, folded ? "0" : "1");
      setFolded(!folded);
    },
  ];
}

/** Up and down in the menu. */
function walkMenu(event: KeyboardEvent<HTMLElement>) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step !== 0 && walk([...event.currentTarget.querySelectorAll<HTMLElement>(".nav-link")], step)) {
    event.preventDefault();
  }
}

function Menu({ folded }: { folded: boolean }) {
  const t = useTexts(T);
  const pick = usePick();
  const { has } = useSession();
  const work = useWork().data;
  return (
    <nav className="nav" aria-label={t("menu")} onKeyDown={walkMenu}>
      {groups.map((group) => {
        const entries = pages
          .filter((page) => page.menu?.group === group.key && has(page.roles))
          .sort((a, b) => (a.menu?.order ?? 0) - (b.menu?.order ?? 0));
        if (entries.length === 0) return null;
        return (
          <div key={group.key} className="nav-group">
            <h2 className="nav-title">{pick(group.title)}</h2>
            <ul>
              {entries.map((page) => {
                const Icon = page.menu?.icon;
                const badge = page.menu?.badge;
                const n = badge ? countIn(work, badge.kind, badge.states) : 0;
                const link = (
                  <NavLink to={page.path} end={page.path === "/"} className="nav-link">
                    <span className="nav-icon" aria-hidden="true">
                      {Icon && <Icon />}
                    </span>
                    <span className="nav-text">{pick(page.title)}</span>
                    {n > 0 && <span className="nav-badge num">{n >= 1000 ? "999+" : n}</span>}
                  </NavLink>
                );
                return (
                  <li key={page.path}>
                    {folded ? (
                      <Tooltip title={pick(page.title)} placement="right">
                        {link}
                      </Tooltip>
                    ) : (
                      link
                    )}
                  </li>
                );
              })}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}

function LiveBadge() {
  const t = useTexts(T);
  const { state, since } = useLive();
  const lost = state === "lost";
  return (
    <Tooltip title={t(lost ? "lostHint" : "liveHint")}>
      <span className={`live live-${state}`} role="status" data-live={state}>
        {lost ? <DisconnectOutlined aria-hidden="true" /> : <CloudSyncOutlined aria-hidden="true" />}
        <span>{lost ? t("lost", { time: time(since, "second").slice(11) }) : t(state)}</span>
      </span>
    </Tooltip>
  );
}

function UserMenu() {
  const t = useTexts(T);
  const pick = usePick();
  const navigate = useNavigate();
  const { me, roles, signOut } = useSession();
  const { language, setLanguage } = useLanguage();
  const { choice, setChoice } = useTheme();
  const unit = language === "zh" ? me.unit.name_zh : me.unit.name_en;
  const roleNames = roles.map((role) => pick(ROLES[role] ?? [role, role])).join(language === "zh" ? "、" : ", ");
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectable: true,
        selectedKeys: [choice],
        items: [
          {
            key: "who",
            type: "group",
            label: (
              <span className="who">
                <span className="strong">{me.name ?? me.login}</span>
                <span className="faint">
                  {unit} · {roleNames}
                </span>
              </span>
            ),
          },
          { type: "divider" },
          {
            key: "language",
            label: <span lang={language === "zh" ? "en" : "zh-CN"}>{language === "zh" ? "English" : "中文"}</span>,
          },
          { key: "light", label: t("light") },
          { key: "dark", label: t("dark") },
          { key: "system", label: t("system") },
          { type: "divider" },
          { key: "password", label: t("password") },
          { key: "signOut", label: t("signOut") },
        ],
        onClick: ({ key }) => {
          if (key === "language") setLanguage(language === "zh" ? "en" : "zh");
          else if (key === "signOut") void signOut();
          else if (key === "password") navigate("/password");
          else if (key === "light" || key === "dark" || key === "system") setChoice(key);
        },
      }}
    >
      <Button
        type="text"
        icon={<UserOutlined />}
        className="user-button"
        aria-label={`${t("account")} ${me.name ?? me.login}`}
      >
        {me.name ?? me.login}
      </Button>
    </Dropdown>
  );
}

/** "/records/:collection" as it is in this address. */
function filled(path: string, pathname: string): string {
  const here = pathname.split("/");
  return path
    .split("/")
    .map((part, i) => (part.startsWith(":") ? here[i] : part))
    .join("/");
}

/** The page above, then the page itself, then what it shows. */
function Crumbs({ page }: { page: Page }) {
  const t = useTexts(T);
  const pick = usePick();
  const last = useLastCrumb();
  const { pathname } = useLocation();
  const above: Page[] = [];
  for (let at = pages.find((one) => one.path === page.parent); at; at = pages.find((one) => one.path === at?.parent)) {
    above.unshift(at);
  }
  return (
    <nav className="crumbs" aria-label={t("crumbs")}>
      <ol>
        {page.path !== "/" && (
          <li>
            <Link to="/">{t("home")}</Link>
          </li>
        )}
        {above
          .filter((one) => one.path !== "/")
          .map((one) => (
            <li key={one.path}>
              <Link to={filled(one.path, pathname)}>{pick(one.title)}</Link>
            </li>
          ))}
        <li aria-current="page">{last || pick(page.title)}</li>
      </ol>
    </nav>
  );
}

export function Shell({ page, children }: { page: Page; children: ReactNode }) {
  const t = useTexts(T);
  const pick = usePick();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const last = useLastCrumb();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const [folded, fold] = useFolded();
  const [help, setHelp] = useState(false);
  const searches = useSession().has(STAFF);

  const title = pick(page.title);
  useEffect(() => {
    document.title = `${last ? `${last} · ` : ""}${title} · ${t("product")}`;
  }, [last, title, t]);
  // Whoever navigates by keyboard or hears the page begins at its heading.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each address anew
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const heading = main.current?.querySelector<HTMLElement>("h1");
    (heading ?? main.current)?.focus({ preventScroll: true });
    main.current?.scrollTo(0, 0);
  }, [pathname]);

  useKeys(
    useMemo<Key[]>(
      () => [
        ...(searches ? [{ key: "/", does: ["搜索", "Search"], run: () => navigate("/search") } as const] : []),
        { key: "?", does: ["快捷键列表", "This list of keys"], run: () => setHelp(true) },
        { key: "H", does: ["回到工作台", "Back to the desk"], run: () => navigate("/") },
        {
          key: "[",
          does: ["收起、展开菜单", "Fold or unfold the menu"],
          run: () => document.getElementById("fold")?.click(),
        },
        {
          key: "M",
          does: ["到主菜单（↑↓ 移动，Enter 打开）", "To the menu (↑ ↓ move, Enter opens)"],
          run: () => document.querySelector<HTMLElement>(".nav-link.active, .nav-link")?.focus(),
        },
        ...ROW_KEYS,
      ],
      [navigate, searches],
    ),
  );

  return (
    <div className={folded ? "shell folded" : "shell"}>
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      <header className="top">
        <Link to="/" className="brand">
          <img src="/favicon.svg" alt="" width={24} height={24} />
          <span>{t("product")}</span>
        </Link>
        <Button
          id="fold"
          type="text"
          className="top-button"
          icon={folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
          aria-label={t(folded ? "unfold" : "fold")}
          onClick={fold}
        />
        {searches && (
          <Link to="/search" className="top-search">
            <SearchOutlined aria-hidden="true" />
            <span>{t("searchHint")}</span>
            <kbd>/</kbd>
          </Link>
        )}
        <span className="top-space" />
        <LiveBadge />
        <Tooltip title={`${t("help")} (?)`}>
          <Button
            type="text"
            className="top-button"
            icon={<QuestionCircleOutlined />}
            aria-label={t("help")}
            onClick={() => setHelp(true)}
          />
        </Tooltip>
        <UserMenu />
      </header>
      <Menu folded={folded} />
      <main id="main" ref={main} tabIndex={-1} data-path={pathname}>
        <Crumbs page={page} />
        <ErrorBoundary at={pathname}>{children}</ErrorBoundary>
      </main>
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}
