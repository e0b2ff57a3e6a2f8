// What the daemon says its records are made of (GET /v1/workflows): fields, states, acts. Forms, lists, buttons and labels come
// from it, so a new act of the desk is in the console without a line of code here.
import { call } from "./client";
import { useDirectory } from "./directory";
import type { Schemas } from "./schema";

export type Workflow = Schemas["workflow"];
export type Act = Schemas["workflow_act"];
export type Field = Schemas["workflow_field"];

/** Any record: its own members are looked up by the names of its fields. */
export interface Row {
  id: number;
  version: number;
  created_at: string;
  updated_at: string;
  number?: string | number | null;
  acts?: string[];
  state?: string;
  [field: string]: unknown;
}

export interface Page<T = Row> {
  items: T[];
  next: string | null;
  /** Of the first page: what the list can be ordered by, with its filters. */
  orders?: string[];
}

export interface Workflows {
  byKind: Map<string, Workflow>;
  byCollection: Map<string, Workflow>;
  /** The words of what acts and terms rest on, by the text that the tables have. */
  laws: Map<string, Schemas["workflow_law"]>;
}

export function indexWorkflows({ items, laws }: Schemas["workflows"]): Workflows {
  return {
    byKind: new Map(items.map((item) => [item.kind, item])),
    byCollection: new Map(items.flatMap((item) => (item.collection ? [[item.collection, item] as const] : []))),
    laws: new Map(laws.map((one) => [one.law, one])),
  };
}

export const workflowsQuery = {
  queryKey: ["workflows"],
  queryFn: async () => indexWorkflows(await call("GET /v1/workflows")),
  staleTime: Number.POSITIVE_INFINITY,
} as const;

export function useWorkflows(): Workflows | undefined {
  return useDirectory().workflows;
}

export function useWorkflow(kind: string): Workflow | undefined {
  return useWorkflows()?.byKind.get(kind);
}

export function fieldOf(workflow: Workflow | undefined, name: string): Field | undefined {
  return workflow?.fields.find((field) => field.name === name);
}

export function actOf(workflow: Workflow | undefined, name: string): Act | undefined {
  return workflow?.acts.find((act) => act.name === name);
}

/** Acts that make a record, for whoever has one of these roles. */
export function makers(workflow: Workflow, roles: readonly string[]): Act[] {
  return workflow.acts.filter(
    (act) => act.from.length === 0 && !act.by_clock && act.roles.split(",").some((role) => roles.includes(role)),
  );
}

/** Why somebody may not do this act with this record although his role may: somebody else has to. */
export function fourEyesBlocks(act: Act, row: Row, user: number): boolean {
  return act.other_than !== null && row[act.other_than] === user;
}

/** What keeps records apart in the database (a key while something is open, a keyed hash): it tells people nothing. */
const INTERNAL = new Set(["live_person", "live_unit", "open_key", "linked_key", "linked_case", "dedup"]);
const HASHED: Readonly<Record<string, readonly string[]>> = { arrest: ["person"], opt_out: ["person"] };

export function isTelling(kind: string, field: Field): boolean {
  return !INTERNAL.has(field.name) && !HASHED[kind]?.includes(field.name);
}
