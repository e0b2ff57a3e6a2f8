// Figures out of records: how many, how much, by day, by unit and by a code. Records are read newest first until the period's
// beginning, within what one may see. Pure; sums in fen.
import { request } from "@/api/client";
import type { Page, Row } from "@/api/workflow";
import { time } from "@/app/format";

export interface Measure {
  kind: "report" | "warning" | "stop" | "freeze" | "case";
  collection: string;
  /** What is summed; none: only counted. */
  money: string | null;
  /** The code it is split by. */
  by: string;
}

export const MEASURES: readonly Measure[] = [
  { kind: "report", collection: "reports", money: null, by: "fraud_type" },
  { kind: "warning", collection: "warnings", money: "averted_fen", by: "tier" },
  { kind: "stop", collection: "stops", money: "amount_fen", by: "state" },
  { kind: "freeze", collection: "freezes", money: "executed_fen", by: "state" },
  { kind: "case", collection: "cases", money: null, by: "fraud_type" },
];

const PAGES_MAX = 40;

export interface Gathered {
  rows: Row[];
  /** Not all of the period was read. */
  partial: boolean;
}

export async function gather(measure: Measure, from: number, signal?: AbortSignal): Promise<Gathered> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer: Page = await request<Page>("GET", `/v1/${measure.collection}`, {
      query: { order: "-created", limit: 500, cursor },
      signal,
    });
    for (const row of answer.items) if (Date.parse(row.created_at) >= from) rows.push(row);
    const last = answer.items.at(-1);
    if (answer.next === null || (last && Date.parse(last.created_at) < from)) return { rows, partial: false };
    cursor = answer.next;
  }
  return { rows, partial: true };
}

export interface Group {
  key: string;
  count: number;
  fen: number;
}

export function grouped(rows: readonly Row[], key: (row: Row) => string, money: string | null): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const name = key(row);
    const group = groups.get(name) ?? { key: name, count: 0, fen: 0 };
    group.count++;
    const fen = money === null ? 0 : row[money];
    group.fen += typeof fen === "number" ? fen : 0;
    groups.set(name, group);
  }
  return [...groups.values()];
}

const DAY_MS = 86_400_000;

/** Every day of the period, also those on which nothing happened. */
export function byDay(rows: readonly Row[], from: number, to: number, money: string | null): Group[] {
  const found = new Map(grouped(rows, (row) => time(row.created_at, "day"), money).map((group) => [group.key, group]));
  const days: Group[] = [];
  for (let at = from; at <= to; at += DAY_MS) {
    const key = time(at, "day");
    if (days.at(-1)?.key !== key) days.push(found.get(key) ?? { key, count: 0, fen: 0 });
  }
  return days;
}
