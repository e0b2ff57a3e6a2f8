// What the daemon says in sentences: refusals, faults of inputs, why a job, an import or a rule failed. The API has each in both
// languages (detail and detail_zh; stored ones are "中文 / English"). Codes in it ("stop.approve", a role, a state) stand in
// quotation marks and get their words here, because the words are the console's and the workflow tables'.
import { useCallback } from "react";
import { useWorkflows, type Workflows } from "@/api/workflow";
import { inLanguage } from "./bilingual";
import { codeLabel, ROLES } from "./codes";
import { useLanguage } from "./language";

const CODES = /“([A-Za-z_][\w.,| ]*)”/g;

/** `about`: the kind that the sentence named before; its acts and fields come first. */
function wordOf(code: string, workflows: Workflows | undefined, about: string): string {
  const [kind = "", part] = code.split(".");
  const workflow = workflows?.byKind.get(kind);
  if (part !== undefined) {
    const named = [...(workflow?.acts ?? []), ...(workflow?.fields ?? [])].find((one) => one.name === part);
    return named?.zh ?? code;
  }
  if (workflow) return workflow.zh;
  const role = ROLES[code];
  if (role) return role[0];
  const first = workflows?.byKind.get(about);
  for (const one of [...(first ? [first] : []), ...(workflows?.byKind.values() ?? [])]) {
    const named = [...one.acts, ...one.fields].find((each) => each.name === code);
    if (named) return named.zh;
  }
  return codeLabel("", "state", code)[0];
}

/** Codes in “ ” as words; lists of them are joined as Chinese joins. */
export function withWords(text: string, workflows: Workflows | undefined): string {
  let about = "";
  return text.replace(CODES, (_, codes: string) => {
    if (workflows?.byKind.has(codes)) about = codes;
    const words = codes.split(/[,|]\s*/).map((code) => wordOf(code.trim(), workflows, about));
    return `“${words.join("、")}”`;
  });
}

/** `said(row.why, row.why_zh)`: in the language of whoever reads. */
export function useSaid(): (english: string | null | undefined, chinese?: string | null) => string {
  const { language } = useLanguage();
  const workflows = useWorkflows();
  return useCallback(
    (english, chinese) => {
      if (language === "en") return inLanguage(english ?? "", "en");
      return withWords(chinese || inLanguage(english ?? "", "zh"), workflows);
    },
    [language, workflows],
  );
}
