import { expect, test } from "vitest";
import { lawText } from "./law";

test("articles are written as the reader writes them", () => {
  expect(lawText("反电信网络诈骗法 Art. 20; 刑事诉讼法 Art. 144 [S]", "zh")).toBe(
    "反电信网络诈骗法第20条；刑事诉讼法第144条",
  );
  expect(lawText("公安机关办理刑事案件程序规定 Arts. 174, 239", "zh")).toBe("公安机关办理刑事案件程序规定第174、239条");
  expect(lawText("公安机关办理刑事案件程序规定 Art. 239: approved by a county-level head", "zh")).toBe(
    "公安机关办理刑事案件程序规定第239条",
  );
  expect(lawText("法发〔2016〕32号 [S]", "zh")).toBe("法发〔2016〕32号");
  expect(lawText("刑事诉讼法 Art. 144 [S]", "en")).toBe("刑事诉讼法 Art. 144");
});
