// Which column is what. A row of the bank becomes a signal of the API; the daemon judges it, field by field.
import type { Both } from "@/i18n/texts";
import type { SourceRow } from "./source";

export interface Target {
  name: string;
  title: Both;
  required: boolean;
  /** What banks call it. */
  likes: RegExp;
}

export const TARGETS: readonly Target[] = [
  {
    name: "id",
    title: ["流水号", "Transfer id"],
    required: false,
    likes: /流水|交易号|序号|^id$|transaction.?id|serial|reference/i,
  },
  { name: "time", title: ["交易时间", "Time"], required: true, likes: /时间|日期|time|date/i },
  { name: "from", title: ["付款账号", "From"], required: true, likes: /付款|转出|出账|本方账|from|payer|sender|orig/i },
  {
    name: "to",
    title: ["收款账号", "To"],
    required: false,
    likes: /收款|转入|入账|对方|对手|to$|payee|receiver|benef|dest/i,
  },
  { name: "amount", title: ["金额（元）", "Amount (yuan)"], required: true, likes: /金额|发生额|amount|value/i },
  { name: "from_balance", title: ["付款方余额（元）", "Payer's balance"], required: false, likes: /余额|balance/i },
  {
    name: "to_balance",
    title: ["收款方余额（元）", "Payee's balance"],
    required: false,
    likes: /收款.*余额|payee.*balance/i,
  },
  { name: "currency", title: ["币种", "Currency"], required: false, likes: /币种|currency|ccy/i },
];

/** Column numbers by target. */
export type Mapping = Record<string, number | undefined>;

export function guess(head: readonly string[]): Mapping {
  const mapping: Mapping = {};
  const used = new Set<number>();
  for (const target of TARGETS) {
    const at = head.findIndex((title, column) => !used.has(column) && target.likes.test(title));
    if (at >= 0) {
      mapping[target.name] = at;
      used.add(at);
    }
  }
  return mapping;
}

export function missing(mapping: Mapping): Target[] {
  return TARGETS.filter((target) => target.required && mapping[target.name] === undefined);
}

const NUMBERS = new Set(["amount", "from_balance", "to_balance"]);

/** A line of NDJSON for the API. */
export function signalOf(row: SourceRow, mapping: Mapping | null, kind: "transfer" | "withdrawal"): string {
  if (mapping === null) return row.text.replace(/\s*\n\s*/g, " ");
  const signal: Record<string, string> = { kind };
  for (const target of TARGETS) {
    const column = mapping[target.name];
    const cell = column === undefined ? "" : (row.cells[column] ?? "");
    if (cell === "") continue;
    signal[target.name] = NUMBERS.has(target.name) ? cell.replace(/[,\s¥￥]/g, "") : cell;
  }
  return JSON.stringify(signal);
}
