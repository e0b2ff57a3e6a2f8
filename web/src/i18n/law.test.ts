import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { lawText } from "./law";

test("what an act rests on is in one language", () => {
  const fraud = "反电信网络诈骗法 Art. 20: police decide, banks carry out";
  expect(lawText(fraud, "zh")).toBe("反电信网络诈骗法第20条（公安机关决定，银行执行）");
  expect(lawText(fraud, "en")).toBe("Anti-Telecom and Online Fraud Law Art. 20: police decide, banks carry out");
  expect(lawText("反电信网络诈骗法 Art. 20; 银发〔2016〕86号", "zh")).toBe("反电信网络诈骗法第20条；银发〔2016〕86号");
  expect(lawText("公安机关办理刑事案件程序规定 Arts. 174, 239–247: only in a filed case", "zh")).toBe(
    "公安机关办理刑事案件程序规定第174、239–247条（须为已立案案件）",
  );
  expect(lawText("银监发〔2016〕41号 Art. 8", "en")).toBe("CBRC notice [2016] no. 41 Art. 8");
  expect(lawText("联合惩戒办法 2024-12-01 [S]", "zh")).toBe("联合惩戒办法 2024-12-01");
});

test("what an act rests on has its Chinese, remarks and all", () => {
  const rows = readFileSync("../docs/workflows.md", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  const laws = rows
    .flatMap((row) => row.split(" | ").at(-1)?.replace(/ \|$/, "") ?? [])
    .filter((law) => /^[^`|]*$/.test(law));
  expect(laws.length).toBeGreaterThan(100);
  const left = laws.map((law) => lawText(law, "zh")).filter((text) => /[a-z]{2,}/.test(text.replace("camt.056", "")));
  expect([...new Set(left)]).toEqual([]);
  const dropped = laws.filter((law) => /: [a-z0-9]/.test(law) && !lawText(law, "zh").includes("（"));
  expect([...new Set(dropped)]).toEqual([]);
});
