// Orders as the portal has them: a stop or a freeze with the acts that answer it.
import type { Schemas } from "@/api/schema";
import type { Row } from "@/api/workflow";

export type Kind = "stop" | "freeze";

export interface Order {
  id: string;
  kind: Kind;
  row: Row;
}

export function orderOf(item: Schemas["partner_request"]): Order {
  const row = item.record as Row;
  const kind = item.kind as Kind;
  return { kind, row, id: `${kind} ${row.id}` };
}

/** States of orders that were answered. */
export const ANSWERED: Readonly<Record<Kind, string>> = {
  stop: "stopped|releasing|mismatched|failed|lapsed|released",
  freeze: "frozen|renewing|releasing|unrelated|mismatched|failed|lapsed|released",
};

/** What an order may be answered with, as acts of its kind, the usual answer first. */
const ACTS: Readonly<Record<Kind, readonly string[]>> = {
  stop: ["confirm", "mismatch", "fail"],
  freeze: ["confirm", "queue", "promote", "mismatch", "fail"],
};

export function answersOf(order: Order): string[] {
  return ACTS[order.kind].filter((act) => order.row.acts?.includes(act) ?? false);
}

export function amountOf(order: Order): number | null {
  return (order.row.amount_fen as number | null | undefined) ?? null;
}

/** What the bank need not type: now, and for a freeze by amount the amount. */
export function initialOf(order: Order, act: string, now: string): Record<string, unknown> {
  if (act !== "confirm" && act !== "promote") return {};
  if (order.kind === "stop") return { stopped_at: now };
  return { frozen_at: now, ...(amountOf(order) === null ? {} : { executed_fen: amountOf(order) }) };
}
