// One stream of server-sent events for the tab. The browser opens it again by itself and says the last event it has; what it
// missed comes then, and after `reset` everything that was read is old. Events say what and where, never personal data.
//
// A wire that was pulled tells nobody: the stream stays "open" and is silent. So the daemon is asked every few seconds, and the
// browser's own word is taken; a stream that was open meanwhile is opened anew, and everything is read again.
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useWorkflows } from "./workflow";

export interface LiveEvent {
  kind: string;
  id: number;
  act: string;
  state: string | null;
}

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
const REOPEN_MS = 5000;
const PULSE_MS = 4000;
const PULSE_WAIT_MS = 3000;

export function LiveProvider({ children }: { children: ReactNode }) {
  const workflows = useWorkflows();
  const client = useQueryClient();
  const listeners = useRef(new Set<(event: LiveEvent) => void>());
  const [state, setState] = useState<LiveState>("connecting");
  const [since, setSince] = useState(() => Date.now());

  useEffect(() => {
    if (!workflows) return;
    const stale = new Set<string>();
    let timer: number | undefined;
    let reopen: number | undefined;
    let source: EventSource | undefined;
    const later = (kind: string) => {
      stale.add(kind);
      timer ??= window.setTimeout(() => {
        timer = undefined;
        for (const name of stale) void client.invalidateQueries({ queryKey: ["list", name] });
        void client.invalidateQueries({ queryKey: ["work"] });
        stale.clear();
      }, LIST_DELAY_MS);
    };
    const take = (message: MessageEvent<string>) => {
      setSince(Date.now());
      const event = JSON.parse(message.data) as LiveEvent;
      if (event.act !== "presence") {
        void client.invalidateQueries({ queryKey: ["record", event.kind, event.id] });
        void client.invalidateQueries({ queryKey: ["child", event.kind, event.id] });
        later(event.kind);
      }
      for (const listener of listeners.current) listener(event);
    };
    const open = () => {
      window.clearTimeout(reopen);
      source?.close();
      source = new EventSource("/v1/events");
      source.onopen = () => {
        setState("live");
        setSince(Date.now());
      };
      source.onerror = () => {
        setState("lost");
        // The browser gives up after an answer that is no stream (503 while the daemon starts): then it is for us.
        if (source?.readyState === EventSource.CLOSED) reopen = window.setTimeout(open, REOPEN_MS);
      };
      source.addEventListener("reset", () => void client.invalidateQueries());
      for (const kind of [...workflows.byKind.keys(), "presence", "record"]) source.addEventListener(kind, take);
    };
    let isGone = false;
    const gone = () => {
      isGone = true;
      setState("lost");
    };
    const back = () => {
      if (!isGone) return;
      isGone = false;
      if (source?.readyState === EventSource.OPEN) open(); // else the browser is at it, with the last event it has
      void client.invalidateQueries();
    };
    const stopPulse = pulse(gone, back, () => {
      if (!isGone && source?.readyState === EventSource.OPEN) setSince(Date.now());
    });
    open();
    return () => {
      stopPulse();
      source?.close();
      window.clearTimeout(timer);
      window.clearTimeout(reopen);
    };
  }, [workflows, client]);

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

/** Asks the daemon every few seconds whether it is there; ends with what it returns. */
function pulse(gone: () => void, back: () => void, beat: () => void): () => void {
  let isOver = false;
  const ask = async () => {
    const isThere =
      navigator.onLine &&
      (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PULSE_WAIT_MS) }).then(
        () => true,
        () => false,
      ));
    if (isOver) return;
    if (isThere) {
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
