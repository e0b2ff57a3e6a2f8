import { expect, test } from "vitest";
import { bodyOf, emptyDraft, fillIn, type Parsed, typeIn } from "./intake";

const PARSED: Parsed = {
  items: [{ kind: "phone", value: "13977110001", confidence: 95 }],
  transfers: [
    {
      to: "account:6228480402564890018",
      name: "李四",
      amount_fen: 5000000,
      time: "2026-11-25T09:40:00+08:00",
      confidence: 95,
    },
    { to: "account:6222021234567890123", amount_fen: 1200000, confidence: 50 },
  ],
};

test("pasted text fills what is empty, and is added once", () => {
  const once = fillIn({ ...emptyDraft(), name: "王小明" }, PARSED, " 被骗了 ");
  expect(once.transfers.map((row) => [row.to, row.amount])).toEqual([
    ["6228480402564890018", "50,000.00"],
    ["6222021234567890123", "12,000.00"],
  ]);
  expect([once.name, once.phone, once.words]).toEqual(["王小明", "13977110001", "被骗了"]);
  const twice = fillIn({ ...once, phone: "110" }, PARSED, "again");
  expect(twice.transfers).toHaveLength(2);
  expect([twice.phone, twice.words]).toEqual(["110", "被骗了"]);
});

test("a whole form is a body", () => {
  const { body, faults } = bodyOf(fillIn({ ...emptyDraft(), name: "王小明" }, PARSED, "x"));
  expect(faults).toEqual([]);
  expect(body).toMatchObject({
    victim_name: "王小明",
    victim_phone: "13977110001",
    stop: true,
    transfers: [{ to: "account:6228480402564890018", amount_fen: 5000000, name: "李四" }, { amount_fen: 1200000 }],
  });
  expect(body).not.toHaveProperty("victim_account");
});

test("what is missing is named", () => {
  const draft = fillIn(emptyDraft(), PARSED, "x");
  const [first, second] = draft.transfers;
  if (!first || !second) throw new Error("two transfers");
  const { faults, bad } = bodyOf({ ...draft, phone: "abc", transfers: [{ ...first, amount: "many" }, second] });
  expect(faults).toEqual(["name", "phone", "transfers"]);
  expect(bad).toEqual([first.key]);
  expect(bodyOf({ ...emptyDraft(), name: "x" }).faults).toEqual([]);
});

test("the caller's own name, and the type of fraud that the words name", () => {
  const types = [
    { code: "leader", zh: "冒充领导、熟人" },
    { code: "rebate", zh: "刷单返利" },
  ];
  const parsed: Parsed = {
    items: [
      { kind: "name", value: "李四", confidence: 90 },
      { kind: "name", value: "赵小满", confidence: 90, role: "own" },
    ],
    transfers: [],
  };
  const draft = fillIn(emptyDraft(), parsed, "有人拉我刷单返利", types);
  expect([draft.name, draft.fraudType]).toEqual(["赵小满", "rebate"]);
  expect(typeIn("他冒充领导加我", types)).toBe("leader");
  expect(typeIn("转账了", types)).toBeUndefined();
});
