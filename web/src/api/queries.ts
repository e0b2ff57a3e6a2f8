// The cache of what was read. Keys: ["record", kind, id, purpose], ["list", kind, query], ["child", kind, id, name],
// ["work"], ["directory", …] (directory.ts); live.tsx says what has become old.
import {
  type InfiniteData,
  QueryClient,
  type QueryKey,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { call, newKey, request, requestFull } from "./client";
import { Problem } from "./problem";
import type { Schemas } from "./schema";
import { type Act, type Page, type Row, useWorkflow } from "./workflow";

export const queryClient = new QueryClient({
  defaultOptions: {
    // Without a network a request fails and is said to; the library's own way would let it wait, and a form with it.
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always",
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => error instanceof Problem && (error.isOffline || error.status === 503) && failures < 2,
    },
  },
});

export type Query = Record<string, string | number | undefined>;

export const keys = {
  record: (kind: string, id: number, purpose = ""): QueryKey => ["record", kind, id, purpose],
  list: (kind: string, query: Query): QueryKey => ["list", kind, query],
  child: (kind: string, id: number, name: string, purpose = ""): QueryKey => ["child", kind, id, name, purpose],
};

/** One record; with a purpose its personal data is shown in full, which the daemon writes into the audit. */
export function useRecord<T extends Row = Row>(kind: string, id: number, purpose = "") {
  const workflow = useWorkflow(kind);
  return useQuery<T>({
    queryKey: keys.record(kind, id, purpose),
    queryFn: ({ signal }) => request<T>("GET", `/v1/${workflow?.collection}/${id}`, { purpose, signal }),
    enabled: workflow !== undefined && id > 0,
    gcTime: purpose ? 0 : 300_000,
  });
}

/** The first page of a list is small, so that it is there soon; whoever scrolls on gets larger ones. */
const FIRST_PAGE = 100;
const NEXT_PAGES = 500;

/** A list page by page. */
export function useList<T extends Row = Row>(kind: string, query: Query, enabled = true) {
  const workflow = useWorkflow(kind);
  return useInfiniteQuery<Page<T>, Error, InfiniteData<Page<T>>, QueryKey, string | null>({
    queryKey: keys.list(kind, query),
    queryFn: ({ pageParam, signal }) =>
      request<Page<T>>("GET", `/v1/${workflow?.collection}`, {
        query: { ...query, limit: pageParam === null ? FIRST_PAGE : NEXT_PAGES, cursor: pageParam },
        signal,
      }),
    initialPageParam: null,
    structuralSharing: false, // it would compare all rows with each page that comes
    getNextPageParam: (last) => last.next,
    enabled: enabled && workflow !== undefined,
  });
}

/** The first page of a list, for cards and tiles; with a purpose in full. */
export function useFirst<T extends Row = Row>(kind: string, query: Query, limit = 8, enabled = true, purpose = "") {
  const workflow = useWorkflow(kind);
  return useQuery<Page<T>>({
    queryKey: [...keys.list(kind, query), "first", limit, purpose],
    queryFn: ({ signal }) =>
      request<Page<T>>("GET", `/v1/${workflow?.collection}`, { query: { ...query, limit }, purpose, signal }),
    enabled: enabled && workflow !== undefined,
    gcTime: purpose ? 0 : 300_000,
  });
}

/** What belongs to a record: attempts, comments, tasks, history. */
export function useChildren<T extends Row = Row>(kind: string, id: number, name: string, purpose = "") {
  const workflow = useWorkflow(kind);
  return useQuery<Page<T>>({
    queryKey: keys.child(kind, id, name, purpose),
    queryFn: ({ signal }) =>
      request<Page<T>>("GET", `/v1/${workflow?.collection}/${id}/${name}`, { query: { limit: 200 }, purpose, signal }),
    enabled: workflow !== undefined && id > 0,
    gcTime: purpose ? 0 : 300_000,
  });
}

/** Something changed in a record: what was read of it, and the lists it is in, are old. */
export function invalidate(client: QueryClient, kind: string, id: number): void {
  void client.invalidateQueries({ queryKey: ["record", kind, id] });
  void client.invalidateQueries({ queryKey: ["child", kind, id] });
  void client.invalidateQueries({ queryKey: ["list", kind] });
  void client.invalidateQueries({ queryKey: ["work"] });
}

export interface ActCall {
  act: Act;
  row: Row;
  body: Record<string, unknown>;
}

/** Does an act with a record. The record is shown in its new state at once, and as it was when the daemon refuses. */
export function useAct(kind: string) {
  const workflow = useWorkflow(kind);
  const client = useQueryClient();
  return useMutation<Row, Problem, ActCall & { once?: string }, { before: Row | undefined }>({
    mutationFn: ({ act, row, body, once }) =>
      request<Row>("POST", `/v1/${workflow?.collection}/${row.id}/${act.name}`, {
        body,
        version: act.needs_version ? row.version : undefined,
        once: once ?? newKey(),
      }),
    onMutate: async ({ act, row }) => {
      const key = keys.record(kind, row.id);
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<Row>(key);
      if (before && act.to) client.setQueryData<Row>(key, { ...before, state: act.to });
      return { before };
    },
    onError: (_error, { row }, context) => {
      if (context?.before) client.setQueryData(keys.record(kind, row.id), context.before);
    },
    onSettled: (_data, _error, { row }) => invalidate(client, kind, row.id),
  });
}

/** Makes a record with one of the acts that make some. */
export async function make(collection: string, act: Act, isFirst: boolean, body: unknown, once: string): Promise<Row> {
  const path = isFirst ? `/v1/${collection}` : `/v1/${collection}/${act.name}`;
  return (await requestFull<Row>("POST", path, { body, once })).data;
}

export interface BulkResult {
  id: number;
  done: boolean;
  version?: number;
  state?: string;
  why?: string;
  why_zh?: string;
}

/** One act on many records, with a result for each. */
export function bulk(collection: string, act: string, rows: Row[], input: unknown, once: string) {
  return request<{ results: BulkResult[]; done: number; refused: number }>("POST", `/v1/${collection}/acts`, {
    body: { act, items: rows.map((row) => ({ id: row.id, version: row.version })), input },
    once,
  });
}

export function useWork() {
  return useQuery({ queryKey: ["work"], queryFn: () => call("GET /v1/work"), staleTime: 5_000 });
}

export function countIn(work: Schemas["work"] | undefined, kind: string, states: readonly string[]): number {
  const of = work?.items.find((item) => item.kind === kind);
  return (of?.states ?? []).filter((row) => states.includes(row.state)).reduce((sum, row) => sum + row.count, 0);
}
