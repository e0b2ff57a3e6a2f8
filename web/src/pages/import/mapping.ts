// Which column is what: guessed by what banks call it, corrected by hand, and sent to the daemon, which reads the file.
import type { Both } from "@/i18n/texts";

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

/** The mapping file of docs/importing.md. A title that is there twice is named by its place. */
export function mappingFile(
  head: readonly string[],
  mapping: Mapping,
  kind: "transfer" | "withdrawal",
  separator: string,
): Record<string, unknown> {
  const columns: Record<string, string | number> = {};
  for (const target of TARGETS) {
    const at = mapping[target.name];
    if (at === undefined) continue;
    const title = head[at] ?? "";
    columns[target.name] = title !== "" && head.filter((one) => one === title).length === 1 ? title : at + 1;
  }
  return { kind, delimiter: separator === "\t" ? "tab" : separator, columns };
}
