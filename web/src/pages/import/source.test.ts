import { expect, test } from "vitest";
import { guess, missing, signalOf } from "./mapping";
import { rejectsCsv } from "./run";
import { cellsOf, encodingOf, RowReader, rowsOf, separatorOf } from "./source";

test("rows come the same however the file is cut", () => {
  const text = '流水号,备注\r\n1,"两行\n备注, 带逗号"\r\n\r\n2,"引号""在内"\r\n3,末行';
  const whole = new RowReader(",");
  const expected = [...whole.push(text), ...whole.end()];
  expect(expected.map((row) => row.line)).toEqual([1, 2, 5, 6]);
  expect(expected[1]?.cells).toEqual(["1", "两行\n备注, 带逗号"]);
  expect(expected[2]?.cells).toEqual(["2", '引号"在内']);
  for (let size = 1; size < 8; size++) {
    const reader = new RowReader(",");
    const rows = [];
    for (let at = 0; at < text.length; at += size) rows.push(...reader.push(text.slice(at, at + size)));
    rows.push(...reader.end());
    expect(rows).toEqual(expected);
  }
});

test("the encoding of Chinese files is found out", async () => {
  expect(await encodingOf(new Blob(["交易时间,金额"]))).toBe("utf-8");
  expect(await encodingOf(new Blob([new Uint8Array([0xbd, 0xbb, 0xd2, 0xd7])]))).toBe("gb18030");
  const pieces = [];
  for await (const piece of rowsOf(new Blob([new Uint8Array([0xbd, 0xbb, 0xd2, 0xd7, 0x0a])]), "gb18030", ",")) {
    pieces.push(...piece.rows);
  }
  expect(pieces[0]?.cells).toEqual(["交易"]);
});

test("columns are guessed by what banks call them", () => {
  const head = ["交易流水号", "交易时间", "付款账号", "收款账号", "交易金额", "备注"];
  const mapping = guess(head);
  expect(mapping).toMatchObject({ id: 0, time: 1, from: 2, to: 3, amount: 4 });
  expect(missing(mapping)).toEqual([]);
  expect(missing({}).map((target) => target.name)).toEqual(["time", "from", "amount"]);
  const row = { line: 2, text: "", cells: ["S1", "2026-11-25 10:00:00", "6228", "6217", "1,234.50", "x"] };
  expect(JSON.parse(signalOf(row, mapping, "transfer"))).toEqual({
    kind: "transfer",
    id: "S1",
    time: "2026-11-25 10:00:00",
    from: "6228",
    to: "6217",
    amount: "1234.50",
  });
});

test("separators, and rejected lines that a spreadsheet does not run", () => {
  expect(separatorOf("a;b;c\n1,2")).toBe(";");
  expect(cellsOf("a\tb", "\t")).toEqual(["a", "b"]);
  expect(rejectsCsv([{ line: 2, field: "amount", detail: "x", text: '=1+"1"' }], ["l", "f", "r", "t"])).toContain(
    `"'=1+""1"""`,
  );
});
