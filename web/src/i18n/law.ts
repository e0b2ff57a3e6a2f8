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

/** Remarks behind a colon, and rules that are no law. */
const REMARKS: Readonly<Record<string, string>> = {
  "2 or 3 years, at most 5 in a row": "二年或三年，连续不超过五年",
  "48 hours": "48小时",
  "a bureau of city level identifies": "由设区的市级公安机关认定",
  "a role is suggested until somebody else confirms it": "角色经他人认定前仅为建议",
  "a rule can stop anybody's payment": "规则可能拦截任何人的付款",
  "an upheld appeal lifts at once": "申诉成立的立即解除",
  "approved by a county-level head": "经县级以上公安机关负责人批准",
  "at most twice": "止付不超过两次",
  "automated decisions are assessed beforehand, and that is recorded": "自动化决策须事前评估并记录",
  "decided at city level or above": "由设区的市级以上公安机关决定",
  "each renewal at most as long": "每次续冻期限不超过原期限",
  "figures are signed by another person, and stay as they were signed": "数据由他人签发，签发后不再变动",
  "for a stated purpose": "须有明确目的",
  "for anti-fraud use only": "仅用于反诈工作",
  "frozen already, may wait in line": "已被冻结的可轮候冻结",
  "its owner is told": "通知当事人",
  "lifted at once": "立即解除",
  "name, account, amount and time match: stopped for 48 hours": "户名、账号、金额、时间相符的，止付48小时",
  "not renewed in time, lifted by itself": "逾期不办理续冻的，自动解除",
  "objections are reviewed": "对异议进行审核",
  "one command, approved by another person (统一指挥)": "统一指挥，由他人批准",
  "only in a filed case": "须为已立案案件",
  "in a filed case": "须为已立案案件",
  "only what is undisputed is returned": "只返还权属无争议的资金",
  "police decide, banks carry out": "公安机关决定，银行执行",
  "released within three days, the owner told": "三日内解除，并通知当事人",
  "six months, a year in a major case": "期限六个月，重大案件一年",
  "the bank acts on the spot, else within three working days": "银行当场办理，不能当场办理的三个工作日内办结",
  "the rest stays frozen to the original expiry": "其余资金继续冻结至原到期日",
  "the result message is immediate": "即时反馈结果报文",
  "two officers attend": "由二名以上人员办理",
  "what does not match must not be stopped": "不符的不得止付",
  "what is wrong is corrected": "有误的予以更正",
  "who served the notice does not inspect alone": "下达通知的人不单独验收",
  "within three days when unrelated": "与案件无关的三日内解除",
  "written notice": "书面告知",
  "30 days of public notice before a return by proportion": "按比例返还前公告30日",
};

function inChinese(part: string): string {
  const at = part.search(/: [a-z0-9]/);
  const remark = at > 0 ? REMARKS[part.slice(at + 2)] : undefined;
  const text = (at > 0 ? part.slice(0, at) : part)
    .replace("the centre's own, no national rule was found", "本中心规定，未见全国统一规定")
    .replace("the centre's own rule (four eyes)", "本中心规定（双人复核）")
    .replace("the centre's own rule", "本中心规定")
    .replace(/ \([a-z ]+\)/g, "")
    .replace(/ ?ch\. (\d+) ?/g, "第$1章")
    .replace(/ ?Arts?\. ([\d, –-]+\d|\d+)/g, (_, articles: string) => `第${articles.replace(/, /g, "、")}条`);
  return remark ? `${text}（${remark}）` : text;
}

export function lawText(law: string, language: Language): string {
  const bare = law.replace(MARKS, "");
  if (language === "zh") return bare.split("; ").map(inChinese).join("；");
  return TITLES.reduce((text, [name, title]) => text.replace(name, title), bare);
}
