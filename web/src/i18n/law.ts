// What an act rests on, in the reader's language. The desk's tables have the statute in Chinese, its articles as "Arts. 174, 239",
// and sometimes a remark in English behind a colon.
import type { Language } from "./texts";

/** Official or usual English titles. */
const TITLES: readonly [RegExp, string][] = [
  [/反电信网络诈骗法/g, "Anti-Telecom and Online Fraud Law"],
  [/个人信息保护法/g, "Personal Information Protection Law"],
  [/刑事诉讼法/g, "Criminal Procedure Law"],
  [/治安管理处罚法/g, "Public Security Administration Punishments Law"],
  [/公安机关办理刑事案件程序规定/g, "Rules of Procedure for Criminal Cases"],
  [/联合惩戒办法/g, "Joint Punishment Measures"],
  [/银监发〔(\d+)〕(\d+)号/g, "CBRC notice [$1] no. $2"],
  [/银发〔(\d+)〕(\d+)号/g, "PBOC notice [$1] no. $2"],
  [/公通字〔(\d+)〕(\d+)号/g, "MPS notice [$1] no. $2"],
  [/（综合治理、属地责任）| ?\(综合治理、属地责任\)/g, ""],
];
const MARKS = / ?\[[SDU]\]/g; // how sure we are of a source: for those who keep the tables

function inChinese(part: string): string {
  const remark = part.search(/: [a-z]/);
  return (remark > 0 ? part.slice(0, remark) : part)
    .replace(/ \([a-z ]+\)/g, "")
    .replace(/ ?Arts?\. ([\d, –-]+\d|\d+)/g, (_, articles: string) => `第${articles.replace(/, /g, "、")}条`);
}

export function lawText(law: string, language: Language): string {
  const bare = law.replace(MARKS, "");
  if (language === "zh") return bare.split("; ").map(inChinese).join("；");
  return TITLES.reduce((text, [name, title]) => text.replace(name, title), bare);
}
