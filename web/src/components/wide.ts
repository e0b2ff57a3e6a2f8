// Whether there is room for more columns than work needs: the window is wider than a laptop's.
import { useSyncExternalStore } from "react";

const WIDE = window.matchMedia("(min-width: 1600px)");

function subscribe(changed: () => void): () => void {
  WIDE.addEventListener("change", changed);
  return () => WIDE.removeEventListener("change", changed);
}

export function useIsWide(): boolean {
  return useSyncExternalStore(subscribe, () => WIDE.matches);
}
