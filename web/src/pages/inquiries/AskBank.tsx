// What the pages that show inquiries have in common: the button for a new one, and the period that was asked for.
import { useMemo } from "react";
import { rfc3339, time } from "@/app/format";
import { serverAhead } from "@/components/labels";
import { MakeButtons } from "@/components/make";

const MONTH_MS = 30 * 24 * 3600_000;

/** The last month unless somebody says otherwise: least data, and no longer than most cases need. */
export function AskBank({ caseId }: { caseId?: number }) {
  const initial = useMemo(() => {
    const now = Date.now() + serverAhead.ms - 60_000;
    return { from_at: rfc3339(now - MONTH_MS), to_at: rfc3339(now), ...(caseId ? { case: caseId } : {}) };
  }, [caseId]);
  return <MakeButtons kind="inquiry" initial={initial} />;
}

export function Period({ from, to }: { from: string; to: string }) {
  return (
    <span className="num nowrap">
      {time(from, "day")} – {time(to, "day")}
    </span>
  );
}
