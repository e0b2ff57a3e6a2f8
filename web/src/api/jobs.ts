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

/** What this tab remembers of a job that outlives the page that began it. */
const remembered = {
  get: (name: string) => window.sessionStorage.getItem(`job ${name}`),
  put: (name: string, id: string) => window.sessionStorage.setItem(`job ${name}`, id),
  drop: (name: string) => window.sessionStorage.removeItem(`job ${name}`),
};

/** One job at a time; it is cancelled when its component goes. With a name it lasts: it goes on when the page is left, and is
 * found again, with its result, by whoever comes back. */
export function useJob<T>(lasting?: string): JobRun<T> {
  const [job, setJob] = useState<Job | null>(null);
  const [result, setResult] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [running, setRunning] = useState(false);
  const current = useRef<string | null>(null);
  const gone = useRef(false);
  const cancel = useCallback(() => {
    if (current.current) void request("DELETE", `/v1/jobs/${current.current}`).catch(() => undefined);
  }, []);
  const follow = useCallback(
    async (begin: () => Promise<Job>): Promise<T | null> => {
      setRunning(true);
      setError(null);
      setResult(null);
      try {
        let at = await begin();
        current.current = at.id;
        setJob(at);
        if (lasting) remembered.put(lasting, at.id);
        while (!isOver(at) && !gone.current) {
          await new Promise((done) => window.setTimeout(done, POLL_MS));
          at = await asked(at);
          setJob(at);
        }
        if (!isOver(at)) return null; // somebody else will see its end
        if (lasting) remembered.drop(lasting);
        if (at.state !== "done") {
          if (at.state === "failed") setError(new Problem({ ...at, status: 422 }));
          return null;
        }
        const found = await request<T>("GET", `/v1/jobs/${at.id}/result`);
        setResult(found);
        return found;
      } catch (problem) {
        if (lasting) remembered.drop(lasting);
        setError(problem);
        return null;
      } finally {
        current.current = null;
        setRunning(false);
      }
    },
    [lasting],
  );
  useEffect(() => {
    gone.current = false;
    const id = lasting ? remembered.get(lasting) : null;
    // One that the daemon does not know any more (an hour has passed, it was started again) is forgotten here too.
    if (id)
      void request<Job>("GET", `/v1/jobs/${id}`).then(
        (found) => follow(async () => found),
        () => remembered.drop(lasting ?? ""),
      );
    return () => {
      gone.current = true;
      if (!lasting) cancel();
    };
  }, [lasting, cancel, follow]);
  const start = useCallback(
    (path: string, body: unknown) => follow(() => request<Job>("POST", path, { body })),
    [follow],
  );
  return { job, result, error, running, start, cancel };
}
