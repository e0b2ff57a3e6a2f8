import { expect, test } from "vitest";
import {
  type Answer,
  commanded,
  commands,
  EMPTY_STACK,
  EMPTY_VIEW,
  expandable,
  histogram,
  modelOf,
  NODES_MAX,
  pathOf,
  shownOf,
  viewOf,
  viewText,
  widthOf,
} from "./model";

const at = (second: number) => new Date(Date.UTC(2026, 10, 25, 1, 0, second)).toISOString();

/** A victim, two cards, `wide` accounts below the second, cash; money of the second comes back to the first. */
function answer(wide: number): Answer {
  const account = (key: string, layer: number, fen: number) => ({
    key,
    layer,
    is_start: layer === 0,
    status: "open" as const,
    in_fen: fen,
    out_fen: 0,
    held_fen: fen,
    cut_fen: 0,
    opening_fen: 0,
    balance_fen: fen,
    opening_inferred: true,
    first: at(0),
    last: at(0),
    dwell_ms: null,
  });
  const edge = (from: string, to: string, fen: number, second: number, sink: string | null = null) => ({
    from,
    to,
    sink,
    count: 1,
    amount_fen: fen,
    taint_fen: fen,
    first: at(second),
    last: at(second),
  });
  const below = Array.from({ length: wide }, (_, i) => `c${i}`);
  return {
    start: { victim: "v", transfer: "T", account: "v", time: at(0), amount_fen: 1, currency: "CNY" },
    method: "fifo",
    as_of: 9,
    total_fen: 1,
    accounts: [
      account("v", 0, 100),
      account("a", 1, 100),
      account("b", 2, 90),
      ...below.map((key, i) => account(key, 3, 1000 - i)),
    ],
    edges: [
      edge("v", "a", 100, 0),
      edge("a", "b", 90, 10),
      edge("b", "a", 5, 20),
      ...below.map((key, i) => edge("b", key, 1000 - i, 30 + (i % 10))),
      edge("b", "b", 7, 50, "withdrawal"),
    ],
    sinks: [{ kind: "withdrawal", key: "b", amount_fen: 7 }],
    cut: [],
    stop_list: [{ rank: 1, key: "b", layer: 2, amount_fen: 90, balance_fen: 90, status: "open", last: at(20) }],
    layout: [
      { key: "v", sink: null, column: 0, row: 0, x: 0, y: 0, height: 50 },
      { key: "a", sink: null, column: 1, row: 0, x: 480, y: 0, height: 50 },
      { key: "b", sink: null, column: 2, row: 0, x: 960, y: 0, height: 50 },
      ...below.map((key, row) => ({ key, sink: null, column: 3, row, x: 1440, y: row * 68, height: 50 })),
      { key: "b", sink: "withdrawal", column: 3, row: wide, x: 1440, y: wide * 68, height: 50 },
    ],
    entries_read: 1,
    transfers_followed: 1,
    mixed_currency: false,
    ledger_sha256: "",
  } as unknown as Answer;
}

test("a small trace is drawn whole, where the engine put it", () => {
  const model = modelOf(answer(3));
  const shown = shownOf(model, EMPTY_VIEW);
  expect(shown.nodes).toHaveLength(7);
  expect(shown.edges).toHaveLength(model.edges.length);
  expect(shown.nodes.find((node) => node.id === "c1")?.y).toBe(68 + 25);
  expect(model.edges.find((edge) => edge.from === "b" && edge.to === "a")?.shape).toBe("return");
  expect(shown.nodes.filter((node) => node.sink)).toHaveLength(1);
});

test("nothing is cut in silence: what is not drawn is in a fold, with its number and its money", () => {
  const model = modelOf(answer(900));
  const shown = shownOf(model, EMPTY_VIEW);
  expect(shown.nodes.length).toBeLessThanOrEqual(NODES_MAX);
  const members = shown.nodes.flatMap((node) => node.members);
  expect(shown.plain.size + members.length).toBe(model.nodes.size);
  const fold = shown.nodes.find((node) => node.type === "fold");
  expect(fold?.inFen).toBe(members.reduce((sum, id) => sum + (model.nodes.get(id)?.inFen ?? 0), 0));
  const taint = (edges: readonly { taintFen: number }[]) => edges.reduce((sum, edge) => sum + edge.taintFen, 0);
  expect(taint(shown.edges)).toBe(taint(model.edges));
});

test("expanding takes the largest out of a fold, never past the limit", () => {
  const model = modelOf(answer(900));
  let stack = EMPTY_STACK;
  for (let i = 0; i < 40; i++) {
    const shown = shownOf(model, stack.now);
    const fold = shown.nodes.find((node) => node.type === "fold");
    const ids = fold ? expandable(model, shown, fold) : [];
    if (ids.length === 0) break;
    stack = commanded(stack, commands.unfold(ids));
  }
  expect(shownOf(model, stack.now).nodes.length).toBeLessThanOrEqual(NODES_MAX);
  expect(shownOf(model, stack.now).nodes.length).toBeGreaterThan(NODES_MAX - 25);
});

test("hide, fold downstream and time; one stack undoes them all", () => {
  const model = modelOf(answer(3));
  let stack = commanded(EMPTY_STACK, commands.collapse("a"));
  expect(shownOf(model, stack.now).plain).toEqual(new Set(["v", "a"]));
  stack = commanded(stack, "undo");
  stack = commanded(stack, commands.hide(["b"]));
  expect(shownOf(model, stack.now).hidden.map((node) => node.id)).toEqual(["b"]);
  stack = commanded(stack, commands.range([model.from, model.from + 1000]));
  expect(shownOf(model, stack.now).edges.map((edge) => edge.id)).toEqual(["v > a"]);
  expect(shownOf(model, stack.now).outside).toBe(5);
  stack = commanded(commanded(stack, "undo"), "undo");
  expect(stack.now).toEqual(EMPTY_VIEW);
  expect(commanded(stack, "redo").now.hidden).toEqual(["b"]);
});

test("the path of an account is what its money came through and went to", () => {
  const model = modelOf(answer(3));
  const path = pathOf(model.edges, "c1");
  expect(path.nodes).toEqual(new Set(["c1", "b", "a", "v"]));
  expect(path.edges.has("b > c2")).toBe(false);
});

test("the histogram has all the money; widths grow with the logarithm", () => {
  const model = modelOf(answer(20));
  const sum = histogram(model, 24).reduce((a, b) => a + b, 0);
  expect(sum).toBe(model.edges.reduce((total, edge) => total + edge.taintFen, 0));
  expect(widthOf(1e8) - widthOf(1e7)).toBeCloseTo(widthOf(1e7) - widthOf(1e6));
});

test("a view goes into an address and comes back; other texts are none", () => {
  const view = { ...EMPTY_VIEW, hidden: ["账户"], range: [1, 2] as const, moved: { a: [3, 4] as const } };
  expect(viewOf(viewText(view))).toEqual(view);
  expect(viewOf("nonsense")).toBeNull();
  expect(viewOf('{"hidden":[1],"range":["x"]}')).toEqual(EMPTY_VIEW);
});
