// A back-test in two jobs: the rules in use, then the draft, over the same log. Both go on when the page is left, and what they
// found is there for whoever comes back while the daemon keeps it.
import { useEffect } from "react";
import { type Job, useJob } from "@/api/jobs";
import type { BackTest } from "./BackTests";

/** What is tested: a draft's text, or the text of a saved change. */
export interface Tested {
  path: string;
  /** Of a saved change. */
  number: string;
}

export interface BackTesting {
  running: boolean;
  /** Which of the two is under way. */
  job: Job | null;
  isDraft: boolean;
  cancelled: boolean;
  error: unknown;
  tested: Tested | null;
  found: { live: BackTest; draft: BackTest } | null;
  start: (tested: Tested, draft: Record<string, unknown>) => void;
  cancel: () => void;
}

const testedOf = (about: string): Tested | null => (about ? (JSON.parse(about) as Tested) : null);

export function useBackTest(): BackTesting {
  const live = useJob<BackTest>({ lasting: "back-test of the rules in use", keep: true });
  const draft = useJob<BackTest>({ lasting: "back-test of the draft", keep: true });
  const { cancel: stopDraft } = draft;
  useEffect(() => {
    if (live.error) stopDraft(); // without the first the second is of no use
  }, [live.error, stopDraft]);
  const start = (tested: Tested, of: Record<string, unknown>) => {
    const about = { about: JSON.stringify(tested) };
    void live.start("/v1/back-tests", {}, about); // the daemon takes one after the other
    void draft.start("/v1/back-tests", of, about);
  };
  const cancel = () => {
    live.cancel();
    draft.cancel();
  };
  return {
    running: live.running || draft.running,
    job: live.running ? live.job : draft.job,
    isDraft: !live.running,
    cancelled: live.job?.state === "cancelled" || draft.job?.state === "cancelled",
    error: live.error ?? draft.error,
    tested: testedOf(draft.about),
    found: live.result && draft.result ? { live: live.result, draft: draft.result } : null,
    start,
    cancel,
  };
}
