// What a desk counts for each role, and where its work begins.
import type { Role } from "@/app/session";
import type { Both } from "@/i18n/texts";

export interface Tile {
  kind: string;
  states: readonly string[];
  label: Both;
  to: string;
  roles: readonly Role[];
}

const FRONT: readonly Role[] = ["duty", "analyst", "investigator", "commander", "approver", "outreach"];
const OFFICE: readonly Role[] = ["duty", "analyst", "investigator", "commander", "approver"];

export const TILES: readonly Tile[] = [
  {
    kind: "warning",
    states: ["new"],
    label: ["待签收预警", "Warnings to sign for"],
    to: "/warnings?state=new",
    roles: FRONT,
  },
  {
    kind: "warning",
    states: ["signed", "working", "not_found"],
    label: ["劝阻中", "Being dissuaded"],
    to: "/warnings?state=signed|working|not_found",
    roles: FRONT,
  },
  { kind: "report", states: ["open"], label: ["待处置警情", "Open reports"], to: "/reports?state=open", roles: OFFICE },
  {
    kind: "stop",
    states: ["stopped"],
    label: ["生效止付", "Stops in force"],
    to: "/stops?state=stopped&order=expires_at",
    roles: OFFICE,
  },
  {
    kind: "stop",
    states: ["approved"],
    label: ["待银行回复", "Stops with the bank"],
    to: "/stops?state=approved",
    roles: OFFICE,
  },
  {
    kind: "freeze",
    states: ["frozen", "renewing"],
    label: ["生效冻结", "Freezes in force"],
    to: "/freezes?state=frozen|renewing",
    roles: OFFICE,
  },
  { kind: "lead", states: ["new"], label: ["待分派线索", "Leads to assign"], to: "/leads?state=new", roles: OFFICE },
  {
    kind: "case",
    states: ["open", "filing"],
    label: ["待立案", "Cases to file"],
    to: "/cases?state=open|filing",
    roles: OFFICE,
  },
  {
    kind: "outlet_notice",
    states: ["answered"],
    label: ["网点整改待审", "Outlets answered"],
    to: "/records/outlet-notices?state=answered",
    roles: ["analyst", "investigator", "commander", "approver"],
  },
  {
    kind: "operation",
    states: ["running"],
    label: ["进行中行动", "Operations running"],
    to: "/operations?state=running",
    roles: ["commander"],
  },
  {
    kind: "campaign",
    states: ["drafting", "refused", "approved", "paused"],
    label: ["待办宣传活动", "Campaigns to work on"],
    to: "/outreach?state=drafting|refused|approved|paused",
    roles: ["outreach"],
  },
  {
    kind: "campaign",
    states: ["proposed"],
    label: ["待批宣传活动", "Campaigns proposed"],
    to: "/outreach?state=proposed",
    roles: ["outreach"],
  },
  {
    kind: "campaign",
    states: ["running"],
    label: ["进行中宣传活动", "Campaigns running"],
    to: "/outreach?state=running",
    roles: ["outreach"],
  },
  {
    kind: "user",
    states: ["invited"],
    label: ["待启用账号", "Users to sign in first"],
    to: "/records/users?state=invited",
    roles: ["administrator"],
  },
  {
    kind: "delivery",
    states: ["failed", "dead"],
    label: ["未送达", "Not delivered"],
    to: "/records/deliveries?state=failed|dead",
    roles: ["administrator"],
  },
  {
    kind: "partner_link",
    states: ["proposed"],
    label: ["待批通道", "Links proposed"],
    to: "/records/partner-links?state=proposed",
    roles: ["administrator"],
  },
  {
    kind: "dated",
    states: ["proposed"],
    label: ["待批参数", "Terms proposed"],
    to: "/records/dated?state=proposed",
    roles: ["administrator"],
  },
  {
    kind: "key",
    states: ["active"],
    label: ["在用接口密钥", "Keys in use"],
    to: "/records/keys?state=active",
    roles: ["administrator"],
  },
];

/** What somebody of a role does first, on the home page's head: the first that he may is the main button. */
export const STARTS: readonly { to: string; label: Both; roles: readonly Role[] }[] = [
  { to: "/intake", label: ["接警登记", "Take a report"], roles: ["duty"] },
  { to: "/trace", label: ["资金穿透", "Follow money"], roles: ["analyst", "investigator"] },
  { to: "/bulletins", label: ["战果通报", "Bulletins"], roles: ["analyst"] },
  { to: "/cases", label: ["案件", "Cases"], roles: ["investigator"] },
  { to: "/war-room", label: ["指挥大屏", "War room"], roles: ["commander"] },
  { to: "/outreach", label: ["宣传防范", "Outreach"], roles: ["outreach"] },
  { to: "/administration", label: ["系统管理", "Administration"], roles: ["administrator"] },
  { to: "/audit", label: ["审计记录", "Audit trail"], roles: ["auditor"] },
];
