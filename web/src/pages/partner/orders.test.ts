import { expect, test } from "vitest";
import { answersOf, initialOf, type Order, orderOf } from "./orders";

const row = (more: object) => ({ id: 7, version: 1, created_at: "", updated_at: "", ...more });
const order = (kind: Order["kind"], more: object): Order => orderOf({ kind, late: false, record: row(more) } as never);

test("answers are those that the daemon offers, the usual one first", () => {
  expect(answersOf(order("stop", { acts: ["fail", "edit", "confirm", "mismatch"] }))).toEqual([
    "confirm",
    "mismatch",
    "fail",
  ]);
  expect(answersOf(order("freeze", { acts: ["promote", "fail"] }))).toEqual(["promote", "fail"]);
  expect(answersOf(order("stop", {}))).toEqual([]);
});

test("what need not be typed is there", () => {
  const now = "2026-11-25T10:00:00+08:00";
  expect(initialOf(order("stop", {}), "confirm", now)).toEqual({ stopped_at: now });
  expect(initialOf(order("freeze", { amount_fen: 5 }), "confirm", now)).toEqual({ frozen_at: now, executed_fen: 5 });
  expect(initialOf(order("freeze", { amount_fen: null }), "promote", now)).toEqual({ frozen_at: now });
  expect(initialOf(order("stop", {}), "mismatch", now)).toEqual({});
});
