// Checks a file, or takes it in, in batches. Every batch is checked first; a batch with more mistakes than one answer lists is
// halved until each has its line, field and reason. Only lines without a mistake are sent to be taken in.
import { Problem, problemOf } from "@/api/problem";
import type { Schemas } from "@/api/schema";
import { type Mapping, signalOf } from "./mapping";
import { rowsOf, type SourceRow } from "./source";

type Summary = Schemas["ingest_summary"];

export interface Reject {
  line: number;
  field: string;
  detail: string;
  text: string;
}

export interface Counts {
  rows: number;
  good: number;
  duplicates: number;
  rejected: number;
  rounded: number;
  alerts: number;
  sequence: number;
  bytes: number;
}

export const NOTHING: Counts = {
  rows: 0,
  good: 0,
  duplicates: 0,
  rejected: 0,
  rounded: 0,
  alerts: 0,
  sequence: 0,
  bytes: 0,
};

export interface Plan {
  file: Blob;
  encoding: string;
  separator: string | null;
  /** null: the file is NDJSON already. */
  mapping: Mapping | null;
  kind: "transfer" | "withdrawal";
  hasHead: boolean;
}

const BATCH = 4000;
const REJECTS_KEPT = 100_000;

async function sendLines(lines: readonly string[], check: boolean): Promise<Summary> {
  let response: Response;
  try {
    response = await fetch(`/v1/signals${check ? "?check=true" : ""}`, {
      method: "POST",
      headers: { "Content-Type": "application/x-ndjson", "Sluice-CSRF": "1", Accept: "application/json" },
      body: lines.join("\n"),
      credentials: "same-origin",
    });
  } catch {
    throw new Problem({ status: 0 });
  }
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Summary;
}

/** Mistakes of these rows, each with its reason. */
export async function faultsOf(
  rows: readonly SourceRow[],
  lines: readonly string[],
): Promise<{ rejects: Reject[]; rounded: number }> {
  const answer = await sendLines(lines, true);
  if (answer.rejected > answer.errors.length && rows.length > 1) {
    const half = rows.length >> 1;
    const a = await faultsOf(rows.slice(0, half), lines.slice(0, half));
    const b = await faultsOf(rows.slice(half), lines.slice(half));
    return { rejects: [...a.rejects, ...b.rejects], rounded: a.rounded + b.rounded };
  }
  return { rejects: rejectsOf(answer, rows), rounded: answer.rounded };
}

function rejectsOf(answer: Summary, rows: readonly SourceRow[]): Reject[] {
  return answer.errors.flatMap((error) => {
    const row = rows[error.line - 1];
    return row ? [{ line: row.line, field: error.field ?? "", detail: error.detail, text: row.text }] : [];
  });
}

async function doBatch(
  rows: SourceRow[],
  plan: Plan,
  check: boolean,
  counts: Counts,
  rejects: Reject[],
): Promise<void> {
  const lines = rows.map((row) => signalOf(row, plan.mapping, plan.kind));
  const found = await faultsOf(rows, lines);
  const bad = new Set(found.rejects.map((reject) => reject.line));
  const keep = (more: readonly Reject[]) => rejects.push(...more.slice(0, REJECTS_KEPT - rejects.length));
  keep(found.rejects);
  counts.rows += rows.length;
  counts.rejected += found.rejects.length;
  counts.rounded += found.rounded;
  const good = rows.map((row, at) => ({ row, line: lines[at] as string })).filter(({ row }) => !bad.has(row.line));
  if (check || good.length === 0) {
    counts.good += good.length;
    return;
  }
  const taken = await sendLines(
    good.map(({ line }) => line),
    false,
  );
  counts.good += taken.accepted;
  counts.duplicates += taken.duplicates;
  counts.rejected += taken.rejected;
  counts.alerts += taken.alerts;
  counts.sequence = taken.sequence;
  keep(
    rejectsOf(
      taken,
      good.map(({ row }) => row),
    ),
  );
}

/** `stop()` is asked between batches: what was taken in until then stays. */
export async function runImport(
  plan: Plan,
  check: boolean,
  onProgress: (counts: Counts) => void,
  stop: () => boolean,
): Promise<{ counts: Counts; rejects: Reject[]; stopped: boolean }> {
  const counts = { ...NOTHING };
  const rejects: Reject[] = [];
  let waiting: SourceRow[] = [];
  let headSeen = !plan.hasHead;
  for await (const { rows, bytes } of rowsOf(plan.file, plan.encoding, plan.separator)) {
    waiting.push(...(headSeen ? rows : rows.slice(1)));
    headSeen ||= rows.length > 0;
    counts.bytes = bytes;
    while (waiting.length >= BATCH) {
      if (stop()) return { counts, rejects, stopped: true };
      await doBatch(waiting.slice(0, BATCH), plan, check, counts, rejects);
      waiting = waiting.slice(BATCH);
      onProgress({ ...counts });
    }
  }
  if (stop()) return { counts, rejects, stopped: true };
  if (waiting.length > 0) await doBatch(waiting, plan, check, counts, rejects);
  onProgress({ ...counts });
  return { counts, rejects, stopped: false };
}

/** Rejected lines for whoever mends them: line, field, reason, the line itself. Formulas of spreadsheets are disarmed. */
export function rejectsCsv(rejects: readonly Reject[], heads: readonly string[]): string {
  const cell = (text: string) => `"${(/^[=+\-@]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
  const rows = rejects.map((reject) => [String(reject.line), reject.field, reject.detail, reject.text]);
  return `\ufeff${[heads, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
