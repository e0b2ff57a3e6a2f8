// A component whose code comes when it is first wanted, or is asked for ahead. React's lazy would do, but for one thing: what
// has once been replaced by a fallback stays away for 300 ms, so that several parts appear together. Here it is shown at once.
import { type ComponentType, type ReactNode, useEffect, useState } from "react";

export interface Loadable<P extends object> {
  (props: P): ReactNode;
  /** Asks for its code. */
  preload: () => void;
}

export function loadable<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  fallback: () => ReactNode,
): Loadable<P> {
  let asked: Promise<void> | null = null;
  let found: ComponentType<P> | null = null;
  let failure: unknown = null;
  const ask = () => {
    asked ??= load().then(
      (module) => {
        found = module.default;
      },
      (error: unknown) => {
        failure = error;
        asked = null; // whoever tries again asks again
      },
    );
    return asked;
  };
  // biome-ignore lint/correctness/noComponentHookFactories: made once for each module, never while rendering
  const Loaded: Loadable<P> = (props) => {
    const [, setTurn] = useState(0);
    if (!found && !failure) void ask();
    const isHere = found !== null; // as of this picture: it may come before the effect runs
    useEffect(() => {
      if (isHere) return;
      let isWanted = true;
      void ask().then(() => isWanted && setTurn((turn) => turn + 1));
      return () => {
        isWanted = false;
      };
    }, [isHere]);
    if (failure && !found) {
      const error = failure;
      failure = null;
      throw error;
    }
    const Found = found;
    return Found ? <Found {...props} /> : fallback();
  };
  Loaded.preload = () => void ask();
  return Loaded;
}
