// Sentences that the daemon writes into records in Chinese, because a bank or the account's owner reads them: in English for who
// reads the console in English. standing.test.ts finds each in the daemon's source.
export const STANDING: Readonly<Record<string, string>> = {
  "受害人报警称被骗向该账户转账，请立即止付。":
    "A victim reports having been tricked into paying this account: stop it at once.",
  "账户所有人可凭有效身份证件向作出止付决定的公安机关说明情况、提交材料，经核实无涉案的立即解除。":
    "The account's owner may come with an identity document to the police that decided on the stop, explain and hand in papers; it is lifted at once if the account proves not to be involved.",
  "向作出决定的公安机关提出申诉（反电信网络诈骗法第三十二条）；咨询电话 96110":
    "Appeal to the police that decided (Anti-Telecom Fraud Law, Art. 32); questions: 96110",
  "账户所有人可向作出冻结决定的公安机关提交与案件无关的证明，查明无关的三日内解除。":
    "The account's owner may hand in proof to the police that decided on the freeze that the account has nothing to do with the case; it is lifted within three days if so.",
  "向作出决定的公安机关申诉、控告，或向人民检察院申诉（刑事诉讼法第一百一十七条）":
    "Appeal or complain to the police that decided, or to the procuratorate (Criminal Procedure Law, Art. 117)",
  "被惩戒人可陈述、申辩并提交材料；认定有误的立即解除，符合条件的可申请信用修复。":
    "Whoever is restricted may state his case and hand in papers; it is lifted at once if it was wrong, and credit can be repaired where the rules allow.",
  "向作出认定的设区的市级公安机关提出申诉（反电信网络诈骗法第三十二条）；咨询电话 96110":
    "Appeal to the city's police that identified the offender (Anti-Telecom Fraud Law, Art. 32); questions: 96110",
};
