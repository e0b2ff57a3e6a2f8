// Whether there is room for more columns than work needs: the window is wider than a laptop's.
import { useSyncExternalStore } from "react";

const wide = () => window.matchMedia("(min-width: 1600px)");

function subscribe(changed: () => void): () => void {
  const query = wide();
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}

export function useIsWide(): boolean {
  return useSyncExternalStore(subscribe, () => wide().matches);
}
