// Keys of the whole console and of a page. `?` lists those that hold at the moment.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import type { Both } from "@/i18n/texts";

export interface Key {
  /** As KeyboardEvent.key has it. */
  key: string;
  /** What it does, for the list of keys. */
  does: Both;
  run: () => void;
}

interface Keys {
  add: (keys: readonly Key[]) => () => void;
  all: readonly Key[];
}

const KeysContext = createContext<Keys>({ add: () => () => undefined, all: [] });

/** Somebody is typing: keys are letters there. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
      target.closest(".ant-modal") !== null)
  );
}

export function KeysProvider({ children }: { children: ReactNode }) {
  const groups = useRef<(readonly Key[])[]>([]);
  const [all, setAll] = useState<readonly Key[]>([]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      // The page's own keys come before the console's.
      const found = groups.current
        .flat()
        .reverse()
        .find((key) => key.key === event.key);
      if (found) {
        event.preventDefault();
        found.run();
      }
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
  const value = useMemo<Keys>(
    () => ({
      all,
      add: (keys) => {
        groups.current.push(keys);
        setAll(groups.current.flat());
        return () => {
          groups.current = groups.current.filter((group) => group !== keys);
          setAll(groups.current.flat());
        };
      },
    }),
    [all],
  );
  return <KeysContext.Provider value={value}>{children}</KeysContext.Provider>;
}

/** Keys that hold while the component is there. Give a list that stays the same (useMemo). */
export function useKeys(keys: readonly Key[]): void {
  const { add } = useContext(KeysContext);
  const latest = useRef(add);
  useEffect(() => latest.current(keys), [keys]);
}

export function useAllKeys(): readonly Key[] {
  return useContext(KeysContext).all;
}
