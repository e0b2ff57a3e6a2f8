// Long work of the daemon: asked for with one request, followed until it is over, stopped when nobody wants it any more.
import { useCallback, useEffect, useRef, useState } from "react";
import { request } from "./client";
import { Problem } from "./problem";
import type { Schemas } from "./schema";

export type Job = Schemas["job"];

const POLL_MS = 400;

export interface JobRun<T> {
  job: Job | null;
  result: T | null;
  error: unknown;
  running: boolean;
  start: (path: string, body: unknown) => Promise<T | null>;
  cancel: () => void;
}

const isOver = (job: Job) => job.state === "done" || job.state === "failed" || job.state === "cancelled";

/** How it stands; as it was, when the daemon cannot be asked at the moment: it goes on without us. */
async function asked(job: Job): Promise<Job> {
  try {
    return await request<Job>("GET", `/v1/jobs/${job.id}`);
  } catch (problem) {
    if (problem instanceof Problem && problem.isOffline) return job;
    throw problem;
  }
}

/** One job at a time; it is cancelled when its component goes. */
export function useJob<T>(): JobRun<T> {
  const [job, setJob] = useState<Job | null>(null);
  const [result, setResult] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [running, setRunning] = useState(false);
  const current = useRef<string | null>(null);
  const cancel = useCallback(() => {
    if (current.current) void request("DELETE", `/v1/jobs/${current.current}`).catch(() => undefined);
  }, []);
  useEffect(() => cancel, [cancel]);
  const start = useCallback(async (path: string, body: unknown) => {
    setRunning(true);
    setError(null);
    setResult(null);
    try {
      let at = await request<Job>("POST", path, { body });
      current.current = at.id;
      setJob(at);
      while (!isOver(at)) {
        await new Promise((done) => window.setTimeout(done, POLL_MS));
        at = await asked(at);
        setJob(at);
      }
      if (at.state !== "done") {
        if (at.state === "failed") setError(new Problem({ ...at, status: 422 }));
        return null;
      }
      const found = await request<T>("GET", `/v1/jobs/${at.id}/result`);
      setResult(found);
      return found;
    } catch (problem) {
      setError(problem);
      return null;
    } finally {
      current.current = null;
      setRunning(false);
    }
  }, []);
  return { job, result, error, running, start, cancel };
}
