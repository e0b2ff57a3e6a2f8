import { expect, test } from "vitest";
import { lossesOf, NO_LOSS, rowsOf } from "./losses";

test("losses: yuan to fen, accounts to keys, empty rows left out", () => {
  const row = {
    party: " 王小明 ",
    loss: "5万",
    refunded: "",
    to_account: "6217 0018 3000 1234 567",
    accounts: "621700，account:9",
  };
  expect(lossesOf([row, NO_LOSS])).toEqual([
    {
      party: "王小明",
      loss_fen: 5000000,
      to_account: "account:6217001830001234567",
      accounts: ["account:621700", "account:9"],
    },
  ]);
  expect(lossesOf([{ ...row, refunded: "12.30" }])?.[0]?.refunded_fen).toBe(1230);
});

test("losses: no name, no amount, nothing at all", () => {
  for (const wrong of [{ party: "" }, { loss: "x" }, { loss: "0" }, { refunded: "x" }]) {
    expect(lossesOf([{ ...NO_LOSS, party: "王", loss: "1", ...wrong }])).toBeNull();
  }
  expect(lossesOf([NO_LOSS])).toBeNull();
});

test("losses: there and back", () => {
  const losses = [
    { party: "李", loss_fen: 123456, refunded_fen: 100, to_account: "account:1", accounts: ["account:2", "account:3"] },
  ];
  expect(lossesOf(rowsOf(losses))).toEqual(losses);
  expect(rowsOf(null)).toEqual([NO_LOSS]);
});
