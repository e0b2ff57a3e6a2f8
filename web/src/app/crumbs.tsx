// The last crumb is the page's own business: a record's number.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

interface Crumbs {
  last: string;
  setLast: (text: string) => void;
}

const CrumbContext = createContext<Crumbs>({ last: "", setLast: () => undefined });

export function CrumbProvider({ children }: { children: ReactNode }) {
  const [last, setLast] = useState("");
  const value = useMemo(() => ({ last, setLast }), [last]);
  return <CrumbContext.Provider value={value}>{children}</CrumbContext.Provider>;
}

export function useLastCrumb(): string {
  return useContext(CrumbContext).last;
}

/** Names what the page shows; gone when the page is. */
export function useCrumb(text: string): void {
  const { setLast } = useContext(CrumbContext);
  useEffect(() => {
    setLast(text);
    return () => setLast("");
  }, [setLast, text]);
}
