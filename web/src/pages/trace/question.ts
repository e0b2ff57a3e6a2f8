// What is traced, and how: in the address, so that a link is the question.
import { parseYuan, yuan } from "@/app/format";

export const METHODS = ["fifo", "lifo", "prorata", "poison", "bounds"] as const;
export type Method = (typeof METHODS)[number];

export interface Question {
  transfer: string;
  account: string;
  at: string;
  /** Fen. */
  amount: number | null;
  method: Method;
  /** As the API has durations: "24h". */
  within: string;
  depth: number | null;
  /** Fen. */
  least: number | null;
  asOf: number | null;
  /** The time is as somebody told it: the log's own is looked for. */
  told: boolean;
}

const EMPTY: Question = {
  transfer: "",
  account: "",
  at: "",
  amount: null,
  method: "fifo",
  within: "",
  depth: null,
  least: null,
  asOf: null,
  told: false,
};

const whole = (text: string | null) => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null);

export function questionOf(search: URLSearchParams): Question {
  const method = search.get("method") as Method;
  return {
    transfer: search.get("transfer") ?? "",
    account: search.get("account") ?? "",
    at: search.get("at") ?? search.get("time") ?? "",
    amount: whole(search.get("amount_fen")),
    method: METHODS.includes(method) ? method : EMPTY.method,
    within: search.get("within") ?? "",
    depth: whole(search.get("depth")),
    least: whole(search.get("min_fen")),
    asOf: whole(search.get("as_of")),
    told: search.get("told") === "true",
  };
}

/** The members that say something, as the API and the address have them. */
export function searchOf(q: Question): Record<string, string> {
  const made: Record<string, string> = {};
  if (q.transfer) made.transfer = q.transfer;
  else {
    if (q.account) made.account = q.account;
    if (q.at) made.at = q.at;
  }
  if (q.amount !== null) made.amount_fen = String(q.amount);
  if (q.method !== EMPTY.method) made.method = q.method;
  if (q.within) made.within = q.within;
  if (q.depth) made.depth = String(q.depth);
  if (q.least) made.min_fen = String(q.least);
  if (q.asOf) made.as_of = String(q.asOf);
  if (q.told && !q.transfer) made.told = "true";
  return made;
}

export function isComplete(q: Question): boolean {
  return q.transfer !== "" || (q.account !== "" && q.at !== "" && q.amount !== null);
}

/** An account as somebody types it: bare digits are an account number. */
export function accountKey(text: string): string {
  const clean = text.trim();
  return /^[\d\s]{8,}$/.test(clean) ? `account:${clean.replace(/\s/g, "")}` : clean;
}

export const amountText = (fen: number | null) => (fen === null ? "" : yuan(fen));
export const amountOf = (text: string) => (text.trim() === "" ? null : parseYuan(text));
