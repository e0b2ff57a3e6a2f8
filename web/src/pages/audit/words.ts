// What the audit trail's acts and objects are called.
import { actOf, useWorkflows } from "@/api/workflow";
import { useNameOf } from "@/components/labels";
import { usePick } from "@/i18n/language";
import type { Both } from "@/i18n/texts";

export const ACTS: Readonly<Record<string, Both>> = {
  list: ["查看列表", "Viewed list"],
  list_shown: ["查看列表（完整信息）", "Viewed list in full"],
  view: ["查看", "Viewed"],
  view_shown: ["查看（完整信息）", "Viewed in full"],
  search: ["搜索", "Searched"],
  search_shown: ["搜索（完整信息）", "Searched in full"],
  history: ["查看办理经过", "Viewed history"],
  export: ["导出", "Exported"],
  sign_in: ["登录", "Signed in"],
  sign_in_failed: ["登录失败", "Sign-in failed"],
  sign_out: ["退出登录", "Signed out"],
  password_set: ["设置口令", "Set password"],
  locked: ["账号锁定", "Account locked"],
  refused: ["被拒绝", "Refused"],
  figures: ["查询统计口径", "Queried figures"],
  audit_verified: ["校验审计链", "Verified the trail"],
  audience_preview: ["预览宣传对象", "Previewed audience"],
  campaign_effect: ["查看宣传效果", "Viewed campaign effect"],
  outreach_reach: ["查看宣传覆盖", "Viewed outreach reach"],
  outlet_ranking: ["查看网点排名", "Viewed outlet ranking"],
  card_check: ["核查持卡数量", "Checked card caps"],
  rules_folder_only: ["仅按规则目录研判", "Rules of the folder alone"],
  backup: ["备份", "Requested backup"],
  backup_made: ["备份完成", "Backup made"],
  backup_failed: ["备份失败", "Backup failed"],
};

/** What is looked at in the engine: no kinds of records. */
export const ENGINE_KINDS: Readonly<Record<string, Both>> = {
  account: ["账户", "Account"],
  transfer: ["交易", "Transfer"],
  trace: ["资金穿透", "Trace"],
  audit: ["审计记录", "Audit trail"],
};

/** "stop.approve" is an act of a kind, said with it; the others are looks and what happens around them. */
export function useAuditAct(): (act: string, withKind?: boolean) => string {
  const nameOf = useNameOf();
  const pick = usePick();
  const workflows = useWorkflows();
  return (act, withKind = false) => {
    const words = ACTS[act];
    if (words) return pick(words);
    const [kind, name] = act.split(".");
    const workflow = workflows?.byKind.get(kind ?? "");
    const said = workflow && name && nameOf(actOf(workflow, name));
    if (!said) return act;
    return withKind ? `${nameOf(workflow)} · ${said}` : said;
  };
}
