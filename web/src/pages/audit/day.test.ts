import { expect, test } from "vitest";
import { looksOf, sumOf } from "./day";

const figures = [
  { act: "view_shown", user: 1, count: 20 },
  { act: "list_shown", user: 1, count: 80 },
  { act: "export", user: 2, count: 4 },
  { act: "view_shown", user: 2, count: 6 },
  { act: "view", user: 3, count: 900 },
  { act: "search_shown", user: 4, count: 9 },
];

test("who saw much more than others stands out", () => {
  expect(looksOf(figures, 30).map((row) => [row.user, row.shown, row.exports, row.isHigh])).toEqual([
    [1, 100, 0, true],
    [2, 6, 4, false],
    [4, 9, 0, false],
  ]);
  expect(looksOf(figures, 101).some((row) => row.isHigh)).toBe(false);
  expect(looksOf([], 1)).toEqual([]);
});

test("sums", () => {
  expect(sumOf(figures, (act) => act === "export")).toBe(4);
  expect(sumOf(figures)).toBe(1019);
});
