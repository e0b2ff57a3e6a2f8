// From the engine's answer to what is on the canvas: nodes and edges at the engine's places, what somebody hid, folded or
// filtered taken away, and at most NODES_MAX of them, LAYER_MAX of a layer until somebody expands it. Nothing is cut in
// silence: what is not there is counted in a fold node ("others (n, ¥)"), or in the numbers of what is hidden and what lies
// outside the time. Where something is missing the layers close up, in the engine's order. Pure functions; money in fen.
import type { Schemas } from "@/api/schema";

export type Answer = Schemas["published_trace"];
export type Account = Answer["accounts"][number];

export const NODES_MAX = 300;
const LAYER_MAX = 14;
const EXPANDED_AT_ONCE = 20;
const GAP = 18;
/** The engine leaves room for texts on ribbons, which the canvas writes smaller. */
const COLUMNS_CLOSER = 0.78;

export interface TraceNode {
  id: string;
  /** account | sink: of the answer; fold: stands for several. */
  type: "account" | "sink" | "fold";
  key: string;
  layer: number;
  isStart: boolean;
  sink: string | null;
  inFen: number;
  outFen: number;
  heldFen: number;
  cutFen: number;
  /** On the list of what can be stopped. */
  rank: number | null;
  status: Account["status"] | null;
  /** Its middle, and how high it is: as the engine's layout has them. */
  x: number;
  y: number;
  height: number;
  /** Of a fold: the nodes in it. */
  members: readonly string[];
}

export interface TraceEdge {
  id: string;
  from: string;
  to: string;
  count: number;
  amountFen: number;
  taintFen: number;
  first: number;
  last: number;
  /** forward: to the next layer; skip: over one; return: back or sideways. */
  shape: "forward" | "skip" | "return";
  /** How many pairs of accounts it stands for. */
  pairs: number;
}

export interface Model {
  nodes: Map<string, TraceNode>;
  edges: readonly TraceEdge[];
  starts: readonly string[];
  columns: number;
  from: number;
  to: number;
}

const sinkId = (kind: string, key: string) => `sink ${kind} ${key}`;
export const NODE_WIDTH = 204;
const HEIGHT = 46;
const HEIGHT_MAX = 84;

/** Places of the answer have the upper left corner; the canvas wants the middle. */
function middle(place: Answer["layout"][number] | undefined): Pick<TraceNode, "x" | "y" | "height"> {
  const height = place?.height ?? HEIGHT;
  return { x: (place?.x ?? 0) * COLUMNS_CLOSER + NODE_WIDTH / 2, y: (place?.y ?? 0) + height / 2, height };
}

function shapeOf(from: number, to: number): TraceEdge["shape"] {
  return to <= from ? "return" : to === from + 1 ? "forward" : "skip";
}

export function modelOf(answer: Answer): Model {
  const nodes = new Map<string, TraceNode>();
  const places = new Map(answer.layout.map((place) => [place.sink ? sinkId(place.sink, place.key) : place.key, place]));
  const firstLayer = answer.accounts[0]?.layer ?? 0; // of column 0
  const ranks = new Map(answer.stop_list.map((row) => [row.key, row.rank]));
  for (const account of answer.accounts) {
    nodes.set(account.key, {
      id: account.key,
      type: "account",
      key: account.key,
      layer: account.layer,
      isStart: account.is_start,
      sink: null,
      inFen: account.in_fen,
      outFen: account.out_fen,
      heldFen: account.held_fen,
      cutFen: account.cut_fen,
      rank: ranks.get(account.key) ?? null,
      status: account.status,
      ...middle(places.get(account.key)),
      members: [],
    });
  }
  for (const sink of answer.sinks) {
    const id = sinkId(sink.kind, sink.key);
    const place = places.get(id);
    nodes.set(id, {
      id,
      type: "sink",
      key: sink.key,
      layer: firstLayer + (place?.column ?? 0),
      isStart: false,
      sink: sink.kind,
      inFen: sink.amount_fen,
      outFen: 0,
      heldFen: 0,
      cutFen: 0,
      rank: null,
      status: null,
      ...middle(place),
      members: [],
    });
  }
  const edges = answer.edges.flatMap((edge): TraceEdge[] => {
    const to = edge.sink ? sinkId(edge.sink, edge.to) : edge.to;
    const a = nodes.get(edge.from);
    const b = nodes.get(to);
    if (!a || !b) return [];
    return [
      {
        id: `${edge.from} > ${to}`,
        from: edge.from,
        to,
        count: edge.count,
        amountFen: edge.amount_fen,
        taintFen: edge.taint_fen,
        first: Date.parse(edge.first),
        last: Date.parse(edge.last),
        shape: shapeOf(a.layer, b.layer),
        pairs: 1,
      },
    ];
  });
  return {
    nodes,
    edges,
    starts: [...nodes.values()].filter((node) => node.isStart).map((node) => node.id),
    columns: Math.max(0, ...[...nodes.values()].map((node) => node.layer)) + 1,
    from: Math.min(...edges.map((edge) => edge.first)),
    to: Math.max(...edges.map((edge) => edge.last)),
  };
}

// ---- what somebody made of it ----

export interface View {
  hidden: readonly string[];
  /** Whose downstream is folded. */
  collapsed: readonly string[];
  /** Put into their layer's "others" by hand. */
  folded: readonly string[];
  /** Taken out of "others" by hand. */
  shown: readonly string[];
  /** Milliseconds; null: all of the time. */
  range: readonly [number, number] | null;
  /** Where somebody dragged a node. */
  moved: Readonly<Record<string, readonly [number, number]>>;
}

export const EMPTY_VIEW: View = { hidden: [], collapsed: [], folded: [], shown: [], range: null, moved: {} };

export interface Shown {
  nodes: readonly TraceNode[];
  edges: readonly TraceEdge[];
  /** Accounts and sinks that are on the canvas as themselves. */
  plain: ReadonlySet<string>;
  hidden: readonly TraceNode[];
  outside: number;
}

export function inRange(edge: TraceEdge, range: View["range"]): boolean {
  return range === null || (edge.first <= range[1] && edge.last >= range[0]);
}

/** What money reaches from the starts without passing an account whose downstream is folded. */
function reached(model: Model, edges: readonly TraceEdge[], collapsed: ReadonlySet<string>): Set<string> {
  const out = new Map<string, string[]>();
  for (const edge of edges) {
    const list = out.get(edge.from);
    if (list) list.push(edge.to);
    else out.set(edge.from, [edge.to]);
  }
  const seen = new Set(model.starts);
  const queue = [...seen];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (collapsed.has(id)) continue;
    for (const to of out.get(id) ?? []) {
      if (!seen.has(to)) {
        seen.add(to);
        queue.push(to);
      }
    }
  }
  return seen;
}

function foldOf(id: string, column: number, members: TraceNode[], x: number, y: number): TraceNode {
  const sum = (of: (node: TraceNode) => number) => members.reduce((total, node) => total + of(node), 0);
  return {
    id,
    type: "fold",
    key: id,
    layer: column,
    isStart: false,
    sink: null,
    inFen: sum((node) => node.inFen),
    outFen: sum((node) => node.outFen),
    heldFen: sum((node) => node.heldFen),
    cutFen: sum((node) => node.cutFen),
    rank: null,
    status: null,
    x,
    y,
    height: HEIGHT,
    members: members.map((node) => node.id),
  };
}

/** Which nodes stand for themselves: starts, those somebody asked for, then the largest of each layer. */
function chosen(candidates: readonly TraceNode[], view: View): Set<string> {
  const folded = new Set(view.folded);
  const asked = new Set(view.shown);
  const weight = (node: TraceNode) => (node.isStart ? 2 : asked.has(node.id) ? 1 : 0);
  const ordered = candidates
    .filter((node) => !folded.has(node.id) || node.isStart)
    .sort((a, b) => weight(b) - weight(a) || b.inFen - a.inFen || a.layer - b.layer || (a.id < b.id ? -1 : 1));
  // Where not all have room, every layer may need a node for its others.
  const layers = new Set(candidates.map((node) => node.layer)).size;
  const most = candidates.length <= NODES_MAX ? NODES_MAX : NODES_MAX - layers;
  const inLayer = new Map<number, number>();
  const taken = new Set<string>();
  for (const node of ordered) {
    const n = inLayer.get(node.layer) ?? 0;
    if (taken.size >= most) break;
    if (weight(node) === 0 && n >= LAYER_MAX) continue;
    inLayer.set(node.layer, n + 1);
    taken.add(node.id);
  }
  return taken;
}

/** When something is missing the layers close up around one line, in the engine's order. */
function closedUp(nodes: readonly TraceNode[]): TraceNode[] {
  const packed = new Map<string, TraceNode>();
  for (const layer of new Set(nodes.map((node) => node.layer))) {
    const column = nodes.filter((node) => node.layer === layer).sort((a, b) => a.y - b.y || (a.id < b.id ? -1 : 1));
    const height = column.reduce((sum, node) => sum + Math.min(node.height, HEIGHT_MAX) + GAP, -GAP);
    let y = -height / 2;
    for (const node of column) {
      const own = Math.min(node.height, HEIGHT_MAX);
      packed.set(node.id, { ...node, y: y + own / 2, height: own });
      y += own + GAP;
    }
  }
  return nodes.map((node) => packed.get(node.id) ?? node);
}

export function shownOf(model: Model, view: View): Shown {
  const hidden = new Set(view.hidden);
  const collapsed = new Set(view.collapsed);
  const timely = model.edges.filter((edge) => inRange(edge, view.range));
  const touched = new Set([...model.starts, ...timely.flatMap((edge) => [edge.from, edge.to])]);
  const near = collapsed.size > 0 ? reached(model, model.edges, collapsed) : null;
  const all = [...model.nodes.values()];
  const visible = all.filter((node) => touched.has(node.id) && !hidden.has(node.id));
  const candidates = visible.filter((node) => !near || near.has(node.id));
  const plain = chosen(candidates, view);

  // What is not there as itself belongs to a fold: below a folded account, or its layer's others.
  const groups = new Map<string, TraceNode[]>();
  for (const node of visible) {
    if (plain.has(node.id)) continue;
    const id = near && !near.has(node.id) ? `beneath ${node.layer}` : `others ${node.layer}`;
    const group = groups.get(id);
    if (group) group.push(node);
    else groups.set(id, [node]);
  }
  const nodes = all.filter((node) => plain.has(node.id));
  const standsFor = new Map(nodes.map((node) => [node.id, node.id]));
  for (const [id, members] of groups) {
    const first = members[0] as TraceNode;
    nodes.push(foldOf(id, first.layer, members, first.x, Number.MAX_SAFE_INTEGER));
    for (const member of members) standsFor.set(member.id, id);
  }
  const placed = (plain.size < all.length ? closedUp(nodes) : nodes).map((node) => {
    const moved = view.moved[node.id];
    return moved ? { ...node, x: moved[0], y: moved[1] } : node;
  });
  return {
    nodes: placed,
    edges: joined(timely, standsFor),
    plain,
    hidden: all.filter((node) => hidden.has(node.id)),
    outside: all.filter((node) => !touched.has(node.id)).length,
  };
}

/** One edge for each pair of nodes of the canvas; edges inside a fold are the fold's own business. */
function joined(edges: readonly TraceEdge[], standsFor: ReadonlyMap<string, string>): TraceEdge[] {
  const made = new Map<string, TraceEdge>();
  for (const edge of edges) {
    const from = standsFor.get(edge.from);
    const to = standsFor.get(edge.to);
    if (!from || !to || (from === to && edge.from !== edge.to)) continue;
    const id = `${from} > ${to}`;
    const before = made.get(id);
    if (!before) made.set(id, { ...edge, id, from, to });
    else {
      made.set(id, {
        ...before,
        count: before.count + edge.count,
        amountFen: before.amountFen + edge.amountFen,
        taintFen: before.taintFen + edge.taintFen,
        first: Math.min(before.first, edge.first),
        last: Math.max(before.last, edge.last),
        shape: before.shape === "forward" ? edge.shape : before.shape,
        pairs: before.pairs + 1,
      });
    }
  }
  return [...made.values()];
}

/** The largest of a fold, to be taken out of it: as many as there is room for. */
export function expandable(model: Model, shown: Shown, fold: TraceNode): string[] {
  const room = NODES_MAX - shown.nodes.length;
  return fold.members
    .flatMap((id) => model.nodes.get(id) ?? [])
    .sort((a, b) => b.inFen - a.inFen || (a.id < b.id ? -1 : 1))
    .slice(0, Math.max(0, Math.min(EXPANDED_AT_ONCE, room)))
    .map((node) => node.id);
}

/** Everything the money of this node came through and went to: the traced path. */
export function pathOf(edges: readonly TraceEdge[], id: string): { nodes: Set<string>; edges: Set<string> } {
  const nodes = new Set([id]);
  const found = new Set<string>();
  for (const forward of [true, false]) {
    const near = new Map<string, TraceEdge[]>();
    for (const edge of edges) {
      const at = forward ? edge.from : edge.to;
      const list = near.get(at);
      if (list) list.push(edge);
      else near.set(at, [edge]);
    }
    const seen = new Set([id]);
    const queue = [id];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const edge of near.get(at) ?? []) {
        // Money that came back is on the way too, but does not lead on: else every path would be everything.
        found.add(edge.id);
        const next = forward ? edge.to : edge.from;
        if (edge.shape !== "return" && !seen.has(next)) {
          seen.add(next);
          nodes.add(next);
          queue.push(next);
        }
      }
    }
  }
  return { nodes, edges: found };
}

/** Sums of tainted money by the time it began to move, for the brush. */
export function histogram(model: Model, bins: number): number[] {
  const sums = new Array<number>(bins).fill(0);
  const span = Math.max(1, model.to - model.from);
  for (const edge of model.edges) {
    const at = Math.min(bins - 1, Math.floor(((edge.first - model.from) / span) * bins));
    sums[at] = (sums[at] ?? 0) + edge.taintFen;
  }
  return sums;
}

/** Logarithmic in the amount: ¥100 is thin, a million is thick. */
export function widthOf(taintFen: number): number {
  return Math.max(1, Math.min(9, 1.3 * (Math.log10(Math.max(100, taintFen)) - 2)));
}

// ---- one command stack over all of it ----

export interface Stack {
  past: readonly View[];
  now: View;
  future: readonly View[];
}

export const EMPTY_STACK: Stack = { past: [], now: EMPTY_VIEW, future: [] };
const UNDO_MAX = 200;

export type Command = { do: (view: View) => View } | "undo" | "redo" | { restore: View };

export function commanded(stack: Stack, command: Command): Stack {
  if (command === "undo") {
    const before = stack.past.at(-1);
    return before ? { past: stack.past.slice(0, -1), now: before, future: [stack.now, ...stack.future] } : stack;
  }
  if (command === "redo") {
    const [after, ...future] = stack.future;
    return after ? { past: [...stack.past, stack.now], now: after, future } : stack;
  }
  if ("restore" in command) return { past: [], now: command.restore, future: [] };
  const now = command.do(stack.now);
  return now === stack.now ? stack : { past: [...stack.past.slice(1 - UNDO_MAX), stack.now], now, future: [] };
}

const without = (list: readonly string[], ids: readonly string[]) => list.filter((id) => !ids.includes(id));
const withAll = (list: readonly string[], ids: readonly string[]) => [...new Set([...list, ...ids])];

export const commands = {
  hide: (ids: readonly string[]): Command => ({ do: (v) => ({ ...v, hidden: withAll(v.hidden, ids) }) }),
  unhide: (): Command => ({ do: (v) => (v.hidden.length > 0 ? { ...v, hidden: [] } : v) }),
  fold: (ids: readonly string[]): Command => ({
    do: (v) => ({ ...v, folded: withAll(v.folded, ids), shown: without(v.shown, ids) }),
  }),
  unfold: (ids: readonly string[]): Command => ({
    do: (v) => ({ ...v, folded: without(v.folded, ids), shown: withAll(v.shown, ids) }),
  }),
  collapse: (id: string): Command => ({ do: (v) => ({ ...v, collapsed: withAll(v.collapsed, [id]) }) }),
  open: (ids: readonly string[]): Command => ({ do: (v) => ({ ...v, collapsed: without(v.collapsed, ids) }) }),
  range: (range: View["range"]): Command => ({ do: (v) => ({ ...v, range }) }),
  move: (id: string, x: number, y: number): Command => ({
    do: (v) => ({ ...v, moved: { ...v.moved, [id]: [Math.round(x), Math.round(y)] } }),
  }),
};

/** A view as it stands in the address (#view=…), and back; anything else is no view. */
export function viewText(view: View): string {
  return JSON.stringify(Object.fromEntries(Object.entries(view).filter(([, v]) => v && Object.keys(v).length > 0)));
}

export function viewOf(text: string): View | null {
  try {
    const found = JSON.parse(text) as Partial<View>;
    const list = (value: unknown) =>
      Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
    const range = Array.isArray(found.range) && found.range.length === 2 && found.range.every(Number.isFinite);
    const moved = Object.entries(found.moved ?? {}).filter(
      ([, place]) => Array.isArray(place) && place.length === 2 && place.every(Number.isFinite),
    );
    return {
      hidden: list(found.hidden),
      collapsed: list(found.collapsed),
      folded: list(found.folded),
      shown: list(found.shown),
      range: range ? (found.range as [number, number]) : null,
      moved: Object.fromEntries(moved),
    };
  } catch {
    return null;
  }
}
