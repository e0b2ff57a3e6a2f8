import { expect, test } from "vitest";
import { linearMarks, logMarks } from "./scale";

test("marks are round and within the range", () => {
  expect(logMarks(3, 120)).toEqual([5, 10, 20, 50, 100]);
  expect(linearMarks(0.052)).toEqual([0, 0.02, 0.04]);
  expect(linearMarks(10)).toEqual([0, 2, 4, 6, 8, 10]);
});
