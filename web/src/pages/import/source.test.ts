import { expect, test } from "vitest";
import { guess, mappingFile, missing } from "./mapping";
import { cellsOf, separatorOf } from "./source";

test("columns are guessed by what banks call them", () => {
  const head = ["交易流水号", "交易时间", "付款账号", "收款账号", "交易金额", "备注"];
  const mapping = guess(head);
  expect(mapping).toMatchObject({ id: 0, time: 1, from: 2, to: 3, amount: 4 });
  expect(missing(mapping)).toEqual([]);
  expect(missing({}).map((target) => target.name)).toEqual(["time", "from", "amount"]);
  expect(mappingFile(head, mapping, "transfer", "\t")).toEqual({
    kind: "transfer",
    delimiter: "tab",
    columns: { id: "交易流水号", time: "交易时间", from: "付款账号", to: "收款账号", amount: "交易金额" },
  });
});

test("a title that is there twice, or not at all, is named by its place", () => {
  const file = mappingFile(["账号", "账号", ""], { from: 0, to: 1, amount: 2 }, "withdrawal", ",");
  expect(file.columns).toEqual({ from: 1, to: 2, amount: 3 });
});

test("separators, and cells in quotes", () => {
  expect(separatorOf("a;b;c\n1,2")).toBe(";");
  expect(cellsOf("a\tb", "\t")).toEqual(["a", "b"]);
  expect(cellsOf('1,"引号""在内, 逗号",x', ",")).toEqual(["1", '引号"在内, 逗号', "x"]);
});
