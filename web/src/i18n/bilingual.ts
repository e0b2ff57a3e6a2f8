// Reasons that the engine gives for rows it cannot take are one text in both languages, "中文 / English", because a bank reads
// them in the file of rejected rows. Here the reader's language is enough; the value that is wrong is said in both.
import type { Language } from "./texts";

const MARK = " / ";
const HAN = /\p{Script=Han}/u;

export function inLanguage(text: string, language: Language): string {
  const at = text.indexOf(MARK);
  const zh = at < 0 ? "" : text.slice(0, at);
  if (!HAN.test(zh)) return text;
  const en = text.slice(at + MARK.length);
  // "4: Direction: 代码不在字典内": what stands before the Chinese is place and field.
  const place = /^(?:[\w./]+: )*/.exec(zh)?.[0] ?? "";
  if (language === "en") return place + en;
  const value = /'([^']+)'/.exec(en)?.[1];
  return value ? `${zh}：“${value}”` : zh;
}
