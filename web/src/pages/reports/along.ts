// A stop wherever money of these transfers can still be reached: one call of the API for each transfer, and the results together.
import { newKey, request } from "@/api/client";
import { Problem } from "@/api/problem";

export interface AlongRow {
  layer: number;
  amount_fen: number;
  done: boolean;
  /** false: the report had this order already. */
  new?: boolean;
  stop?: number;
  why?: string;
  why_zh?: string;
}

export interface AlongResult {
  results: AlongRow[];
  proposed: number;
  refused: number;
  /** When the money came, by the log: people tell the minute. Only of a trace that begins with an account. */
  begins?: string;
}

export interface PaidTransfer {
  /** The institution's number, where it is known: the trace begins there. */
  transfer?: string | null;
  to: string;
  time?: string | null;
  amount_fen: number;
}

export interface Along {
  /** The payments as the log has them: where a trace of them begins. */
  paid: PaidTransfer[];
  rows: AlongRow[];
  /** Transfers that could not be followed, and why: the engine does not know them (yet). */
  unknown: Problem[];
}

export async function stopAlong(transfers: readonly PaidTransfer[], report: number, reason: string): Promise<Along> {
  const along: Along = { paid: [], rows: [], unknown: [] };
  for (const one of transfers) {
    try {
      const start = one.transfer
        ? { transfer: one.transfer }
        : { account: one.to, time: one.time ?? undefined, amount_fen: one.amount_fen };
      const answer = await request<AlongResult>("POST", "/v1/stops/along-trace", {
        body: { ...start, report, reason },
        once: newKey(),
      });
      along.rows.push(...answer.results);
      along.paid.push({ ...one, time: answer.begins ?? one.time ?? null });
    } catch (error) {
      if (!(error instanceof Problem) || error.isOffline || error.status >= 500) throw error;
      along.unknown.push(error);
    }
  }
  return along;
}

/** The address of the trace that begins with this payment; stops proposed there belong to the report. */
export function traceOf(paid: PaidTransfer, report: number): URLSearchParams {
  const start: Record<string, string> = paid.transfer
    ? { transfer: paid.transfer }
    : { account: paid.to, at: paid.time ?? "", amount_fen: String(paid.amount_fen), told: "true" };
  return new URLSearchParams({ ...start, report: String(report) });
}
