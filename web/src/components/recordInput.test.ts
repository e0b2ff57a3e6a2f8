import { expect, test } from "vitest";
import { numberOf } from "./recordInput";

test("a number as it is printed, or bare", () => {
  expect(["C-00000012", "c-12", " TB-00000100 ", "#7", "12"].map(numberOf)).toEqual([12, 12, 100, 7, 12]);
  expect(["", "C-", "C-0", "王某被骗案", "1.5"].map(numberOf)).toEqual(Array(5).fill(undefined));
});
