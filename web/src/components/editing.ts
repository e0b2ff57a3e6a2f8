// Which records have a form of this tab open: who looks at one of them sees that it is being edited.
import { useEffect, useSyncExternalStore } from "react";

const open = new Map<string, number>();
const listeners = new Set<() => void>();

const nameOf = (kind: string, id: number) => `${kind} ${id}`;

function add(name: string, by: 1 | -1) {
  open.set(name, (open.get(name) ?? 0) + by);
  for (const listener of listeners) listener();
}

/** While the component is there, the record is being edited. */
export function useEditing(kind: string, id: number, isForm: boolean): void {
  useEffect(() => {
    if (!isForm) return;
    add(nameOf(kind, id), 1);
    return () => add(nameOf(kind, id), -1);
  }, [kind, id, isForm]);
}

export function useIsEditing(kind: string, id: number): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (open.get(nameOf(kind, id)) ?? 0) > 0,
  );
}
