// Keys of the whole console and of a page. `?` lists those that hold at the moment.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from "react";
import type { Both } from "@/i18n/texts";

export interface Key {
  /** As KeyboardEvent.key has it; one that is only listed, as people write it. */
  key: string;
  /** What it does, for the list of keys. */
  does: Both;
  /** Not given: whatever has the focus hears it by itself (a table, the graph), and it is listed alone. */
  run?: () => void;
  /** It works now; not given: always. */
  when?: () => boolean;
}

interface Keys {
  add: (keys: readonly Key[]) => () => void;
  /** Those that work at this moment. */
  now: () => Key[];
}

const KeysContext = createContext<Keys>({ add: () => () => undefined, now: () => [] });

const NOT_TYPED = /^(button|checkbox|radio|range|submit|reset|file)$/;

/** Somebody is typing: keys are letters there. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !NOT_TYPED.test(target.type);
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName);
}

/** A dialog or an open menu has the keys to itself. */
function isBehind(): boolean {
  return [...document.querySelectorAll<HTMLElement>(".ant-modal-wrap, .ant-dropdown, dialog[open]")].some(
    (layer) => layer.offsetParent !== null || getComputedStyle(layer).display !== "none",
  );
}

/** The keys that hold, those of the page before those of the console. */
function effective(groups: readonly (readonly Key[])[]): Key[] {
  const found = new Map<string, Key>();
  for (const key of [...groups].reverse().flat()) {
    if (!found.has(key.key) && (key.when?.() ?? true)) found.set(key.key, key);
  }
  return [...found.values()];
}

export function KeysProvider({ children }: { children: ReactNode }) {
  const groups = useRef<(readonly Key[])[]>([]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const found = isBehind() ? undefined : effective(groups.current).find((key) => key.key === event.key);
      if (found?.run) {
        event.preventDefault();
        found.run();
      }
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
  const value = useMemo<Keys>(
    () => ({
      now: () => effective(groups.current),
      add: (keys) => {
        groups.current.push(keys);
        return () => {
          groups.current = groups.current.filter((group) => group !== keys);
        };
      },
    }),
    [],
  );
  return <KeysContext.Provider value={value}>{children}</KeysContext.Provider>;
}

/** Keys that hold while the component is there. Give a list that stays the same (useMemo). */
export function useKeys(keys: readonly Key[]): void {
  const { add } = useContext(KeysContext);
  const latest = useRef(add);
  useEffect(() => latest.current(keys), [keys]);
}

export function useKeysNow(): () => Key[] {
  return useContext(KeysContext).now;
}
