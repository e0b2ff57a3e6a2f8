// Where a record is shown. Pages of their own are registered by kind (pages/registry.ts); all others have the general page.
import type { Workflow } from "@/api/workflow";

const own = new Map<string, string>();

/** A page registers where it shows records of a kind: "/warnings/:id". */
export function registerRecordPath(kind: string, path: string): void {
  own.set(kind, path);
}

export function recordPath(workflow: Pick<Workflow, "kind" | "collection">, id: number): string | null {
  const path = own.get(workflow.kind);
  if (path) return path.replace(":id", String(id));
  return workflow.collection ? `/records/${workflow.collection}/${id}` : null;
}
