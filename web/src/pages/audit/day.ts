// Figures of the audit trail put together: pure.
import type { Schemas } from "@/api/schema";

type Figure = Schemas["audit_figure"];

export interface Looks {
  user: number | null;
  shown: number;
  exports: number;
  /** Far more than others. */
  isHigh: boolean;
}

export const sumOf = (figures: readonly Figure[], is: (act: string) => boolean = () => true) =>
  figures.reduce((sum, one) => sum + (is(one.act) ? one.count : 0), 0);

/** Who saw personal data in full or took it away, the most first. High: three times the median of all who did, and at least so
 * many. */
export function looksOf(figures: readonly Figure[], least: number): Looks[] {
  const rows = new Map<number | null, Looks>();
  for (const { act, user, count } of figures) {
    const isShown = act.endsWith("_shown");
    if (!isShown && act !== "export") continue;
    const row = rows.get(user) ?? { user, shown: 0, exports: 0, isHigh: false };
    row[isShown ? "shown" : "exports"] += count;
    rows.set(user, row);
  }
  const of = (row: Looks) => row.shown + row.exports;
  const sorted = [...rows.values()].sort((a, b) => of(b) - of(a));
  const middle = sorted[Math.floor(sorted.length / 2)];
  const high = Math.max(least, 3 * (middle ? of(middle) : 0));
  return sorted.map((row) => ({ ...row, isHigh: of(row) >= high }));
}
