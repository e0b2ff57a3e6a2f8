import { describe, expect, it } from "vitest";
import { inLanguage } from "./bilingual";

describe("inLanguage", () => {
  const TIME = "时间无法识别 / not a time: '昨天'; expected one such as 2022-01-05 10:20:30";
  it("gives the reader's half, and the value that is wrong", () => {
    expect(inLanguage(TIME, "zh")).toBe("时间无法识别：“昨天”");
    expect(inLanguage(TIME, "en")).toBe("not a time: '昨天'; expected one such as 2022-01-05 10:20:30");
  });
  it("keeps place and field before either half", () => {
    const code = "Direction: 代码不在字典内 / one of the codes in bank_field is expected";
    expect(inLanguage(code, "zh")).toBe("Direction: 代码不在字典内");
    expect(inLanguage(code, "en")).toBe("Direction: one of the codes in bank_field is expected");
  });
  it("leaves a text of one language as it is", () => {
    expect(inLanguage("its evidence is damaged", "zh")).toBe("its evidence is damaged");
    expect(inLanguage("a / b", "zh")).toBe("a / b");
  });
});
