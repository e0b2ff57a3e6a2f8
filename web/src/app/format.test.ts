import { expect, test } from "vitest";
import {
  duration,
  grouped,
  keyParts,
  money,
  moneyShort,
  parseDuration,
  parseYuan,
  recordNumber,
  rfc3339,
  time,
  yuan,
} from "./format";

test("fen as yuan, exact", () => {
  expect(yuan(0)).toBe("0.00");
  expect(yuan(5)).toBe("0.05");
  expect(yuan(123456789)).toBe("1,234,567.89");
  expect(yuan(-100)).toBe("−1.00");
  expect(yuan(9007199254740991)).toBe("90,071,992,547,409.91");
  expect(money(null)).toBe("—");
  expect(moneyShort(686600000000, "zh")).toBe("¥68.66 亿");
  expect(moneyShort(686600000000, "en")).toBe("¥6.87B");
});

test("yuan as people write it, to fen", () => {
  expect(parseYuan("12,345.6")).toBe(1234560);
  expect(parseYuan("¥ 3 万")).toBe(3000000);
  expect(parseYuan("0.01元")).toBe(1);
  expect(parseYuan("1.05万")).toBe(1050000);
  for (const bad of ["", "abc", "1.234", "-5", "1e5", "99999999999999"]) expect(parseYuan(bad), bad).toBeNull();
});

test("times are the centre's, wherever the browser is", () => {
  expect(time("2026-11-25T10:00:00.000+08:00")).toBe("2026-11-25 10:00");
  expect(time("2026-11-25T20:30:05Z", "second")).toBe("2026-11-26 04:30:05");
  expect(time(null)).toBe("—");
  expect(rfc3339(Date.parse("2026-01-05T10:20:30+08:00"))).toBe("2026-01-05T10:20:30+08:00");
});

test("durations", () => {
  expect(duration(59000, "zh")).toBe("0:59");
  expect(duration(3 * 3600000 + 65000, "zh")).toBe("3:01:05");
  expect(duration(50 * 3600000, "zh")).toBe("2 天 2 小时");
  expect(duration(50 * 3600000, "en")).toBe("2 d 2 h");
  expect(parseDuration("1h30m")).toBe(5400000);
  expect(parseDuration("soon")).toBeNull();
});

test("keys and numbers", () => {
  expect(keyParts("account:6228480402564890018")).toEqual({ kind: "account", value: "6228480402564890018" });
  expect(keyParts("plain")).toEqual({ kind: "", value: "plain" });
  expect(grouped("6228480402564890018")).toBe("6228 4804 0256 4890 018");
  expect(grouped("6228********0018")).toBe("6228 **** **** 0018");
  expect(grouped("王某")).toBe("王某");
  expect(recordNumber("W", 17)).toBe("W-00000017");
});
