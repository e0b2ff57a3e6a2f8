import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { FatalProblem } from "@/components/states";
import { request } from "./client";
import { type Dated, type Directory, DirectoryContext, type Unit, type User } from "./directory";
import { Problem } from "./problem";
import { type Page, workflowsQuery } from "./workflow";

const LONG_MS = 10 * 60_000;
const AGAIN_MS = 3000;
const NO_ROWS: Dated[] = [];

async function all<T>(path: string, query: Record<string, string> = {}): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page<T> = await request<Page<T>>("GET", path, { query: { ...query, limit: 500, cursor } });
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

function useTable<T>(name: string, path: string, enabled: boolean, query?: Record<string, string>): T[] | undefined {
  return useQuery({
    queryKey: ["directory", name],
    queryFn: () => all<T>(path, query),
    staleTime: LONG_MS,
    enabled,
    retry: false,
    refetchInterval: ({ state }) => state.error instanceof Problem && state.error.isOffline && AGAIN_MS,
  }).data;
}

export function DirectoryProvider({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set());
  const want = useCallback((what: "users" | "units") => {
    setWanted((before) => (before.has(what) ? before : new Set([...before, what])));
  }, []);
  const { data: workflows, error, refetch } = useQuery(workflowsQuery);
  const dated = useTable<Dated>("dated", "/v1/dated", true, { state: "holds" }) ?? NO_ROWS;
  const users = useTable<User>("users", "/v1/users", wanted.has("users"));
  const units = useTable<Unit>("units", "/v1/units", wanted.has("units"));
  const words = useMemo(() => new Map(dated.map((row) => [`${row.name} ${row.code}`, row])), [dated]);
  const value = useMemo<Directory>(
    () => ({ workflows, dated, wordOf: (name, code) => words.get(`${name} ${code}`), users, units, want }),
    [workflows, dated, words, users, units, want],
  );
  if (error && !workflows) return <FatalProblem error={error} retry={() => void refetch()} />;
  return <DirectoryContext.Provider value={value}>{children}</DirectoryContext.Provider>;
}
