// Rules as the workflow and dated tables name them ("刑事诉讼法 Art. 144"), as a Chinese reader writes them. Where the fact was found
// ([S], [D], [U]) is for whoever keeps the tables.
import type { Language } from "./texts";

const WORDS: readonly [RegExp, string][] = [
  [/the centre's own, no national rule was found/g, "本中心规定"],
  [/the Ministry's platform, 13 types.*$/g, "公安部平台诈骗类型"],
  [/\s*Arts?\.\s*(\d+(?:\s*(?:,|–|-|and)\s*\d+)*)/g, "第$1条"],
  [/\s*\([a-z][^)]*\)/g, ""],
  [/:\s*[A-Za-z][^;]*/g, ""], // what the act is, in English; its name says it
  [/;\s*/g, "；"],
];

export function lawText(law: string, language: Language): string {
  const plain = law.replace(/\s*\[[SDU]\]/g, "");
  if (language === "en") return plain;
  return WORDS.reduce((text, [from, to]) => text.replace(from, to), plain).replace(/(?<=\d),\s*(?=\d)/g, "、");
}
