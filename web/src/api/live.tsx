// What happens, as it happens: from the daemon's stream to whatever shows it. Events say what and where, never personal data.
//
// A browser opens no more than six connections to one daemon, and a stream holds one for good: with one for each tab, the seventh
// tab would never load. So all tabs of a user share one, held by a shared worker.
//
// A wire that was pulled tells nobody: the stream stays "open" and is silent. So the daemon is asked every few seconds, and the
// browser's own word is taken; a stream that was open meanwhile is opened anew, and everything is read again.
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useSession } from "@/app/session";
import { isThere } from "./client";
import { type Asked, type LiveEvent, Stream, type Told } from "./stream";
import workerUrl from "./stream.worker?worker&url";
import { useWorkflows } from "./workflow";

export type { LiveEvent } from "./stream";

export type LiveState = "connecting" | "live" | "lost";

interface Live {
  state: LiveState;
  /** When the stream was last known to be open: what is on the screen is at least so fresh. */
  since: number;
}

type Subscribe = (listener: (event: LiveEvent) => void) => () => void;

// Two contexts, because `since` moves with each event: who listens is not drawn anew for it, nor subscribed anew.
const LiveContext = createContext<Live>({ state: "connecting", since: 0 });
const SubscribeContext = createContext<Subscribe>(() => () => undefined);

const LIST_DELAY_MS = 800;
const PULSE_MS = 4000;
const WORKER_AGAIN_MS = 2000;

export function LiveProvider({ children }: { children: ReactNode }) {
  const workflows = useWorkflows();
  const kinds = workflows && [...workflows.byKind.keys()].join(); // the tables may be read again: the stream stays
  const { user } = useSession().me;
  const client = useQueryClient();
  const listeners = useRef(new Set<(event: LiveEvent) => void>());
  const [state, setState] = useState<LiveState>("connecting");
  const [since, setSince] = useState(() => Date.now());

  useEffect(() => {
    if (!kinds) return;
    const stale = new Set<string>();
    let timer: number | undefined;
    const later = (kind: string) => {
      stale.add(kind);
      timer ??= window.setTimeout(() => {
        timer = undefined;
        for (const name of stale) void client.invalidateQueries({ queryKey: ["list", name] });
        void client.invalidateQueries({ queryKey: ["work"] });
        stale.clear();
      }, LIST_DELAY_MS);
    };
    const take = (event: LiveEvent) => {
      setSince(Date.now());
      if (event.act !== "presence") {
        void client.invalidateQueries({ queryKey: ["record", event.kind, event.id] });
        void client.invalidateQueries({ queryKey: ["child", event.kind, event.id] });
        later(event.kind);
      }
      for (const listener of listeners.current) listener(event);
    };
    let isOpen = false;
    let isGone = false;
    const wire = connect(user, kinds.split(","), (told) => {
      if ("event" in told) take(told.event);
      else if ("reset" in told) void client.invalidateQueries();
      else {
        isOpen = told.state === "live";
        if (isGone) return;
        setState(told.state);
        if (isOpen) setSince(Date.now());
      }
    });
    const gone = () => {
      isGone = true;
      setState("lost");
    };
    const back = () => {
      if (!isGone) return;
      isGone = false;
      wire.again();
      void client.invalidateQueries();
    };
    const stopPulse = pulse(gone, back, () => {
      if (!isGone && isOpen) setSince(Date.now());
    });
    return () => {
      stopPulse();
      wire.close();
      window.clearTimeout(timer);
    };
  }, [kinds, client, user]);

  const subscribe = useCallback<Subscribe>((listener) => {
    listeners.current.add(listener);
    return () => listeners.current.delete(listener);
  }, []);
  const value = useMemo<Live>(() => ({ state, since }), [state, since]);
  return (
    <SubscribeContext.Provider value={subscribe}>
      <LiveContext.Provider value={value}>{children}</LiveContext.Provider>
    </SubscribeContext.Provider>
  );
}

interface Wire {
  again: () => void;
  close: () => void;
}

/** The stream of this user, shared with his other tabs where the browser can. */
function connect(user: number, kinds: readonly string[], tell: (told: Told) => void): Wire {
  if (typeof SharedWorker === "undefined") {
    const own = new Stream(tell);
    own.listen(kinds);
    return { again: () => own.again(), close: () => own.close() };
  }
  let port: MessagePort;
  let timer: number | undefined;
  const ask = (asked: Asked) => port.postMessage(asked);
  const leave = () => {
    window.clearTimeout(timer);
    ask("bye");
    port.onmessage = null; // a browser keeps the port as long as the page
    port.close();
  };
  const enter = () => {
    const worker = new SharedWorker(workerUrl, { name: `sluice-${user}` });
    port = worker.port;
    port.onmessage = (message: MessageEvent<Told>) => tell(message.data);
    ask({ kinds });
    worker.onerror = () => {
      leave(); // its code did not come
      timer = window.setTimeout(enter, WORKER_AGAIN_MS);
    };
  };
  const close = () => {
    window.removeEventListener("pagehide", close);
    leave();
  };
  enter();
  window.addEventListener("pagehide", close);
  return { again: () => ask("again"), close };
}

/** Asks the daemon every few seconds whether it is there; ends with what it returns. */
function pulse(gone: () => void, back: () => void, beat: () => void): () => void {
  let isOver = false;
  const ask = async () => {
    const answers = await isThere();
    if (isOver) return;
    if (answers) {
      back();
      beat();
    } else gone();
  };
  const timer = window.setInterval(() => void ask(), PULSE_MS);
  const now = () => void ask();
  window.addEventListener("offline", gone);
  window.addEventListener("online", now);
  return () => {
    isOver = true;
    window.clearInterval(timer);
    window.removeEventListener("offline", gone);
    window.removeEventListener("online", now);
  };
}

export function useLive(): Live {
  return useContext(LiveContext);
}

/** Calls back for events of a kind ("*": all). */
export function useLiveEvents(kind: string, listener: (event: LiveEvent) => void): void {
  const subscribe = useContext(SubscribeContext);
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(
    () => subscribe((event) => (kind === "*" || event.kind === kind) && latest.current(event)),
    [subscribe, kind],
  );
}
