// Long work of the daemon: asked for with one request, followed until it is over, stopped when nobody wants it any more.
import { useCallback, useEffect, useRef, useState } from "react";
import { request } from "./client";
import { Problem } from "./problem";
import type { Schemas } from "./schema";

export type Job = Schemas["job"];

const POLL_MS = 400;

interface JobOptions<T> {
  /** It outlives its page under this name: it goes on when the page is left, and is found again, with its result, by whoever
   * comes back. Without a name it is cancelled when its component goes. */
  lasting?: string;
  /** Its result too is found again, for as long as the daemon keeps it. */
  keep?: boolean;
  /** How its result is read; as JSON, if not given. */
  read?: (path: string) => Promise<T>;
}

export interface JobRun<T> {
  job: Job | null;
  result: T | null;
  error: unknown;
  running: boolean;
  /** What was said of it when it was begun, perhaps on another visit. */
  about: string;
  start: (path: string, body: unknown, options?: { about?: string; purpose?: string }) => Promise<T | null>;
  cancel: () => void;
  /** The result is not needed any more. */
  forget: () => void;
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

interface Remembered {
  id: string;
  about: string;
}

/** What this tab remembers of a job that outlives the page that began it. */
const memory = {
  get: (name: string): Remembered | null => JSON.parse(window.sessionStorage.getItem(`job ${name}`) ?? "null"),
  put: (name: string, one: Remembered) => window.sessionStorage.setItem(`job ${name}`, JSON.stringify(one)),
  drop: (name: string) => window.sessionStorage.removeItem(`job ${name}`),
};

const asJson = <T>(path: string) => request<T>("GET", path);

/** One job at a time. */
export function useJob<T>({ lasting, keep = false, read = asJson }: JobOptions<T> = {}): JobRun<T> {
  const [job, setJob] = useState<Job | null>(null);
  const [result, setResult] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [running, setRunning] = useState(false);
  const [about, setAbout] = useState("");
  const current = useRef<string | null>(null);
  const unwanted = useRef(false);
  const gone = useRef(false);
  const reader = useRef(read);
  reader.current = read;
  const cancel = useCallback(() => {
    unwanted.current = true; // before the daemon has answered it has no number yet
    if (current.current) void request("DELETE", `/v1/jobs/${current.current}`).catch(() => undefined);
  }, []);
  const forget = useCallback(() => {
    if (lasting) memory.drop(lasting);
    setResult(null);
  }, [lasting]);
  const follow = useCallback(
    async (what: string, begin: () => Promise<Job>): Promise<T | null> => {
      setRunning(true);
      setAbout(what);
      setError(null);
      setResult(null);
      let remembers = false;
      unwanted.current = false;
      try {
        let at = await begin();
        current.current = at.id;
        setJob(at);
        if (unwanted.current) cancel();
        if (lasting) memory.put(lasting, { id: at.id, about: what });
        while (!isOver(at) && !gone.current) {
          await new Promise((done) => window.setTimeout(done, POLL_MS));
          at = await asked(at);
          setJob(at);
        }
        remembers = gone.current || (keep && at.state === "done"); // gone: somebody else will see its end
        if (gone.current) return null;
        if (at.state === "failed") setError(new Problem({ ...at, status: 422 }));
        if (at.state !== "done") return null;
        const found = await reader.current(`/v1/jobs/${at.id}/result`);
        setResult(found);
        return found;
      } catch (problem) {
        remembers = false;
        setError(problem);
        return null;
      } finally {
        if (lasting && !remembers) memory.drop(lasting);
        current.current = null;
        setRunning(false);
      }
    },
    [lasting, keep, cancel],
  );
  useEffect(() => {
    gone.current = false;
    const one = lasting ? memory.get(lasting) : null;
    // One that the daemon does not know any more (an hour has passed, it was started again) is forgotten here too.
    if (one)
      void request<Job>("GET", `/v1/jobs/${one.id}`).then(
        (found) => follow(one.about, async () => found),
        () => memory.drop(lasting ?? ""),
      );
    return () => {
      gone.current = true;
      if (!lasting) cancel();
    };
  }, [lasting, cancel, follow]);
  const start = useCallback(
    (path: string, body: unknown, { about = "", purpose }: { about?: string; purpose?: string } = {}) =>
      follow(about, () => request<Job>("POST", path, purpose ? { body, purpose } : { body })),
    [follow],
  );
  return { job, result, error, running, about, start, cancel, forget };
}
