// The list of losses of a return, as it is typed and as the API has it. Pure.
import { parseYuan, yuan } from "@/app/format";

export interface LossRow {
  party: string;
  loss: string;
  refunded: string;
  to_account: string;
  /** The accounts that were paid from, with blanks or commas between. */
  accounts: string;
}

export interface Loss {
  party: string;
  loss_fen: number;
  refunded_fen?: number;
  to_account?: string;
  accounts?: string[];
}

export const NO_LOSS: LossRow = { party: "", loss: "", refunded: "", to_account: "", accounts: "" };

const key = (text: string) => (text.includes(":") ? text : `account:${text.replace(/\s/g, "")}`);
const bare = (text: string | undefined) => (text ?? "").replace(/^account:/, "");

export function isEmptyLoss(row: LossRow): boolean {
  return Object.values(row).every((text) => text.trim() === "");
}

/** What the API takes; null: a row has no name, or an amount that is none. */
export function lossesOf(rows: readonly LossRow[]): Loss[] | null {
  const losses: Loss[] = [];
  for (const row of rows.filter((one) => !isEmptyLoss(one))) {
    const loss = parseYuan(row.loss);
    const refunded = row.refunded.trim() === "" ? 0 : parseYuan(row.refunded);
    if (row.party.trim() === "" || loss === null || loss <= 0 || refunded === null) return null;
    const accounts = row.accounts
      .split(/[,，;；\n]+/)
      .map((one) => one.trim())
      .filter(Boolean);
    losses.push({
      party: row.party.trim(),
      loss_fen: loss,
      ...(refunded > 0 ? { refunded_fen: refunded } : {}),
      ...(row.to_account.trim() ? { to_account: key(row.to_account.trim()) } : {}),
      ...(accounts.length > 0 ? { accounts: accounts.map(key) } : {}),
    });
  }
  return losses.length > 0 ? losses : null;
}

/** … and back, for a draft that is computed anew. */
export function rowsOf(losses: unknown): LossRow[] {
  if (!Array.isArray(losses)) return [NO_LOSS];
  return (losses as Loss[]).map((one) => ({
    party: one.party ?? "",
    loss: yuan(one.loss_fen ?? 0),
    refunded: one.refunded_fen ? yuan(one.refunded_fen) : "",
    to_account: bare(one.to_account),
    accounts: (one.accounts ?? []).map(bare).join("，"),
  }));
}
