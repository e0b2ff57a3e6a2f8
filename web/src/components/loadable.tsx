// A component whose code comes when it is first wanted, or is asked for ahead. React's lazy would do, but for one thing: what
// has once been replaced by a fallback stays away for 300 ms, so that several parts appear together. Here it is shown at once.
import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import { isThere } from "@/api/client";
import { Problem } from "@/api/problem";
import { Failed } from "./states";

export interface Loadable<P extends object> {
  (props: P): ReactNode;
  /** Asks for its code. */
  preload: () => void;
}

export function loadable<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  fallback: (props: P) => ReactNode,
): Loadable<P> {
  let asked: Promise<unknown> | null = null;
  let found: ComponentType<P> | null = null;
  /** What went wrong; null: nothing. */
  const ask = () => {
    asked ??= load()
      .catch(async () => {
        if (!(await isThere())) throw new Problem({ status: 0 });
        return load(); // a network that changes breaks what is under way, and is there again
      })
      .then(
        (module) => {
          found = module.default;
          return null;
        },
        (error: unknown) => {
          asked = null; // whoever tries again asks again
          return error;
        },
      );
    return asked;
  };
  // biome-ignore lint/correctness/noComponentHookFactories: made once for each module, never while rendering
  const Loaded: Loadable<P> = (props) => {
    const [, setTurn] = useState(0);
    const [failure, setFailure] = useState<unknown>(null);
    if (!found && !failure) void ask();
    const isHere = found !== null; // as of this picture: it may come before the effect runs
    useEffect(() => {
      if (isHere || failure) return;
      let isWanted = true;
      void ask().then((error) => {
        if (!isWanted) return;
        if (error) setFailure(error);
        else setTurn((turn) => turn + 1);
      });
      return () => {
        isWanted = false;
      };
    }, [isHere, failure]);
    const Found = found;
    if (Found) return <Found {...props} />;
    if (failure instanceof Problem) return <Failed error={failure} retry={() => setFailure(null)} />;
    if (failure) throw failure; // the daemon is there and this code is not: the page is of another version
    return fallback(props);
  };
  Loaded.preload = () => void ask();
  return Loaded;
}
