// Words of codes: states, tiers, roles, results. What is a code in the API and has no word here does not compile (for the
// kinds of Coded); codes of dated tables bring their words with them.
import type { Schemas } from "@/api/schema";
import type { Both } from "./texts";

type CodesOf<S> = {
  [F in keyof S]: string extends NonNullable<S[F]>
    ? never
    : NonNullable<S[F]> extends string
      ? NonNullable<S[F]>
      : never;
}[keyof S];

type Coded =
  | "lead"
  | "warning"
  | "warning_attempt"
  | "report"
  | "case"
  | "task"
  | "entity"
  | "series"
  | "series_link"
  | "custody"
  | "stop"
  | "freeze"
  | "appeal"
  | "return"
  | "objection"
  | "handover"
  | "dated"
  | "unit"
  | "area"
  | "user"
  | "key"
  | "job"
  | "transfer"
  | "decision"
  | "trace_question"
  | "partner_link"
  | "delivery"
  | "operation"
  | "participation"
  | "target"
  | "site"
  | "team"
  | "step"
  | "arrest"
  | "seizure"
  | "place"
  | "bulletin"
  | "import"
  | "rule_change"
  | "inquiry"
  | "outlet"
  | "card"
  | "outlet_notice"
  | "punishment"
  | "audience"
  | "material"
  | "campaign"
  | "opt_out"
  | "chat_group"
  | "outreach_event"
  | "alliance_partner"
  | "alliance_action";

/** Kinds that are only read as parts of another record. */
type PartsOf<P extends "attempt_page" | "campaign_send_page"> = NonNullable<CodesOf<Schemas[P]["items"][number]>>;

export type Code = NonNullable<
  { [K in Coded]: CodesOf<Schemas[K]> }[Coded] | PartsOf<"attempt_page"> | PartsOf<"campaign_send_page">
>;

export const CODES = {
  // states
  new: ["新到", "New"],
  assigned: ["已指派", "Assigned"],
  accepted: ["已接受", "Accepted"],
  finished: ["已办结", "Finished"],
  became_case: ["已转案件", "Became a case"],
  signed: ["已签收", "Signed for"],
  working: ["劝阻中", "Working"],
  not_found: ["暂未找到", "Not found yet"],
  closing: ["待审办结", "Closing"],
  closed: ["已关闭", "Closed"],
  open: ["进行中", "Open"],
  in_case: ["已并案", "In a case"],
  filing: ["呈请立案", "Filing"],
  filed: ["已立案", "Filed"],
  suspended: ["已中止", "Suspended"],
  done: ["已完成", "Done"],
  cancelled: ["已取消", "Cancelled"],
  linked: ["已关联", "Linked"],
  unlinked: ["已解除", "Unlinked"],
  removed: ["已移除", "Removed"],
  proposed: ["待审批", "Proposed"],
  refused: ["未批准", "Refused"],
  approved: ["已批准", "Approved"],
  stopped: ["已止付", "Stopped"],
  releasing: ["待批解除", "Releasing"],
  mismatched: ["信息不符", "Mismatch"],
  failed: ["执行失败", "Failed"],
  lapsed: ["已到期", "Lapsed"],
  released: ["已解除", "Released"],
  queued: ["轮候", "Queued"],
  frozen: ["已冻结", "Frozen"],
  renewing: ["待批续冻", "Renewing"],
  unrelated: ["与案无关", "Unrelated"],
  received: ["已受理", "Received"],
  upheld: ["成立", "Upheld"],
  rejected: ["不成立", "Rejected"],
  withdrawn: ["已撤回", "Withdrawn"],
  drafted: ["已拟定", "Drafted"],
  noticed: ["公告中", "Noticed"],
  reviewing: ["异议审查", "Reviewing"],
  ready: ["可呈批", "Ready"],
  submitted: ["待审批", "Submitted"],
  notified: ["已通知银行", "Bank notified"],
  executed: ["已返还", "Returned"],
  holds: ["有效", "Holds"],
  invited: ["待激活", "Invited"],
  active: ["启用", "Active"],
  disabled: ["停用", "Disabled"],
  revoked: ["已吊销", "Revoked"],
  running: ["运行中", "Running"],
  // tiers, urgency, levels
  urgent: ["紧急", "Urgent"],
  high: ["高", "High"],
  medium: ["中", "Medium"],
  low: ["低", "Low"],
  normal: ["普通", "Normal"],
  station: ["派出所", "Station"],
  district: ["县区", "District"],
  city: ["市级", "City"],
  commander: ["指挥员", "Commander"],
  // where it came from, how
  finding: ["系统研判", "Finding"],
  report: ["警情", "Report"],
  tip: ["举报", "Tip"],
  partner: ["合作单位", "Partner"],
  file: ["文件导入", "File"],
  phone: ["电话", "Phone"],
  counter: ["上门", "Counter"],
  online: ["网上", "Online"],
  bank: ["银行", "Bank"],
  other: ["其他", "Other"],
  sms: ["短信", "SMS"],
  visit: ["上门", "Visit"],
  three_way: ["三方通话", "Three-way call"],
  // results
  confirmed: ["属实", "Confirmed"],
  not_confirmed: ["不属实", "Not confirmed"],
  cannot_check: ["无法核查", "Cannot be checked"],
  sent: ["已发送", "Sent"],
  no_answer: ["未接听", "No answer"],
  wrong_number: ["号码错误", "Wrong number"],
  delivered: ["已送达", "Delivered"],
  busy: ["占线", "Busy"],
  declined: ["拒接", "Declined"],
  not_there: ["不在", "Not there"],
  reached: ["已联系上", "Reached"],
  dissuaded: ["已劝阻", "Dissuaded"],
  false_report: ["虚假报警", "False report"],
  no_fraud: ["非诈骗", "No fraud"],
  handed_over: ["已移交", "Handed over"],
  advised: ["已答复", "Advised"],
  solved: ["已破案", "Solved"],
  no_crime: ["不构成犯罪", "No crime"],
  other_authority: ["他处管辖", "Another authority's"],
  merged: ["已并案", "Merged"],
  due: ["待办", "Due"],
  overdue: ["逾期", "Overdue"],
  paid_after: ["事后转出", "Paid after all"],
  not_reached: ["未联系上", "Not reached"],
  pending_transfer: ["在途转账", "Pending transfer"],
  balance: ["账户余额", "Balance"],
  stated: ["本人陈述", "As stated"],
  // measures
  stop: ["止付", "Stop"],
  freeze: ["冻结", "Freeze"],
  return: ["资金返还", "Return"],
  punishment: ["惩戒", "Punishment"],
  amount: ["限额冻结", "Amount"],
  full: ["全额冻结", "Full"],
  lead: ["线索", "Lead"],
  case: ["案件", "Case"],
  warning: ["预警", "Warning"],
  division: ["行政区划", "Division"],
  address: ["地址", "Address"],
  viewed: ["查看", "Viewed"],
  copied: ["复制", "Copied"],
  sealed: ["封存", "Sealed"],
  returned: ["发还", "Returned"],
  zh: ["中文", "Chinese"],
  en: ["英文", "English"],
  // imports
  uploaded: ["已上传", "Uploaded"],
  imported: ["已导入", "Imported"],
  withdrawing: ["撤回中", "Being withdrawn"],
  discarded: ["已弃用", "Discarded"],
  auto: ["自动识别", "Automatic"],
  "utf-8": ["UTF-8", "UTF-8"],
  gb18030: ["GB 18030", "GB 18030"],
  csv: ["CSV", "CSV"],
  ndjson: ["NDJSON", "NDJSON"],
  finbench: ["FinBench", "FinBench"],
  amlsim: ["AMLSim", "AMLSim"],
  amlworld: ["AMLworld", "AMLworld"],
  pacs008: ["pacs.008", "pacs.008"],
  // changes of the rules
  superseded: ["已被替代", "Superseded"],
  // operations, bulletins
  taking_part: ["参与", "Takes part"],
  struck: ["已打击", "Struck"],
  missed: ["落空", "Missed"],
  planned: ["计划中", "Planned"],
  secured: ["已控制", "Secured"],
  cleared: ["已清场", "Cleared"],
  dropped: ["已撤销", "Dropped"],
  formed: ["已组建", "Formed"],
  deployed: ["已出动", "Deployed"],
  dissolved: ["已解散", "Dissolved"],
  recorded: ["已登记", "Recorded"],
  void: ["作废", "Void"],
  held: ["保管中", "Held"],
  transferred: ["已移交", "Handed over"],
  found: ["已发现", "Found"],
  reported: ["已报整改", "Reported as mended"],
  rectified: ["已整改", "Rectified"],
  issued: ["已签发", "Issued"],
  // gateways
  voice: ["语音外呼", "Voice"],
  bot: ["群机器人", "Group bot"],
  mail: ["邮件", "Mail"],
  repeat: ["重发", "Send again"],
  hold: ["暂停待人工决定", "Wait for a person"],
  ended: ["已结束", "Ended"],
  sending: ["发送中", "Sending"],
  waiting: ["等待回复", "Waiting for the answer"],
  dead: ["已放弃", "Given up"],
  // governance and outreach
  telecom: ["通信", "Telecom"],
  debit: ["借记卡", "Debit card"],
  credit: ["信用卡", "Credit card"],
  sim: ["电话卡", "SIM card"],
  investigation: ["侦查认定", "Found by investigation"],
  notice: ["通报", "Notice"],
  rectify: ["责令整改", "To be rectified"],
  answered: ["已答复", "Answered"],
  in_force: ["惩戒中", "In force"],
  repairing: ["信用修复中", "Credit being repaired"],
  repaired: ["已修复", "Repaired"],
  lifted: ["已解除", "Lifted"],
  any: ["不限", "Any"],
  victim: ["受害人", "Victims"],
  under_18: ["18 岁以下", "Under 18"],
  "18_29": ["18–29 岁", "18–29"],
  "30_44": ["30–44 岁", "30–44"],
  "45_59": ["45–59 岁", "45–59"],
  "60_up": ["60 岁以上", "60 and older"],
  unknown: ["未知", "Unknown"],
  account: ["账户", "Account"],
  draft: ["草稿", "Draft"],
  event: ["活动", "Event"],
  once: ["一次", "Once"],
  weekly: ["每周", "Weekly"],
  drafting: ["拟订中", "Being drafted"],
  paused: ["已暂停", "Paused"],
  reply: ["短信回复", "By reply"],
  call: ["来电", "By phone"],
  letter: ["来信", "By letter"],
  wecom: ["企业微信", "WeCom"],
  dingtalk: ["钉钉", "DingTalk"],
  feishu: ["飞书", "Feishu"],
  school: ["学校", "School"],
  parents_online: ["线上家长会", "Parents' meeting online"],
  community: ["社区", "Community"],
  enterprise: ["企业", "Enterprise"],
  market: ["市场", "Market"],
  petrol_station: ["加油站", "Petrol station"],
  power_bank: ["共享充电宝", "Power banks"],
  company: ["公司", "Company"],
  media: ["媒体", "Media"],
  counted: ["计数", "Counted"],
  estimated: ["估计", "Estimated"],
  asked: ["已请求", "Asked for"],
  person: ["个人", "Person"],
  group: ["群", "Group"],
  opted_out: ["已退订", "Opted out"],
  no_link: ["无通道", "No link"],
  // engine
  trace: ["资金穿透", "Trace"],
  transfer: ["转账", "Transfer"],
  withdrawal: ["取现", "Withdrawal"],
  allow: ["放行", "Allow"],
  verify: ["核验", "Verify"],
  delay: ["延迟", "Delay"],
  fifo: ["先进先出", "FIFO"],
  lifo: ["后进先出", "LIFO"],
  prorata: ["按比例", "Pro rata"],
  poison: ["全部污染", "Poison"],
  bounds: ["上下界", "Bounds"],
} as const satisfies Record<Code, Both>;

/** Where a word means something else: "kind.field.code" or "field.code". */
export const OVERRIDES: Record<string, Both> = {
  "inquiry.state.answered": ["已反馈", "Answered"],
  "inquiry.state.imported": ["已入库", "In the log"],
  "inquiry.state.failed": ["未能查询", "Not answered"],
  "case.state.open": ["侦办前", "Open"],
  "import.state.running": ["导入中", "Importing"],
  "import.state.stopped": ["已中止", "Stopped"],
  "import.state.proposed": ["撤回待批", "Withdrawal proposed"],
  "rule_change.state.submitted": ["待审批", "Submitted"],
  "rule_change.state.approved": ["已批准待生效", "Approved for later"],
  "rule_change.state.in_force": ["生效中", "In force"],
  "rule_change.state.rejected": ["未批准", "Rejected"],
  "rule_change.state.withdrawn": ["已撤回", "Withdrawn"],
  "rule_change.state.failed": ["未能生效", "Failed"],
  "case.state.closing": ["呈请结案", "Closing"],
  "report.state.open": ["待处置", "Open"],
  "unit.state.open": ["启用", "In use"],
  "audience.state.open": ["使用中", "In use"],
  "chat_group.state.open": ["使用中", "In use"],
  "outlet.state.open": ["营业", "In business"],
  "outlet.state.closed": ["停业", "Closed"],
  "card.state.open": ["使用中", "In use"],
  "card.state.closed": ["已销户", "Closed"],
  "unit.state.closed": ["停用", "Closed"],
  "area.state.open": ["有效", "In use"],
  "area.state.closed": ["停用", "Closed"],
  "area.by.phone": ["号段", "Phone segment"],
  "task.state.open": ["待办", "Open"],
  "lead.state.new": ["待分派", "New"],
  "lead.state.accepted": ["办理中", "In work"],
  "handover.state.accepted": ["已接收", "Accepted"],
  "dated.state.proposed": ["待审批", "Proposed"],
  "warning.call_back.holds": ["劝阻有效", "It holds"],
  "job.state.queued": ["排队中", "Queued"],
  "job.state.failed": ["失败", "Failed"],
  "attempt.result.refused": ["拒绝劝阻", "Would not listen"],
  "warning.result.refused": ["拒绝劝阻", "Would not listen"],
  "report.channel.phone": ["电话报警", "Phone"],
  "custody.what.received": ["接收", "Received"],
  "return_share.state.paid": ["已返还", "Paid"],
  "return.state.approved": ["已批准", "Approved"],
  "target.suggested_from.person": ["民警", "An officer"],
};

export const ROLES: Record<string, Both> = {
  duty: ["值班员", "Duty officer"],
  analyst: ["研判员", "Analyst"],
  investigator: ["侦查员", "Investigator"],
  commander: ["指挥员", "Commander"],
  approver: ["审批人", "Approver"],
  outreach: ["宣传员", "Outreach"],
  auditor: ["审计员", "Auditor"],
  partner: ["合作单位", "Partner"],
  administrator: ["管理员", "Administrator"],
};

/** Kinds of keys of the graph, and of records where a word is needed for them. */
export const KINDS: Record<string, Both> = {
  account: ["账户", "Account"],
  card: ["银行卡", "Card"],
  wallet: ["钱包", "Wallet"],
  phone: ["电话", "Phone"],
  imei: ["IMEI", "IMEI"],
  imsi: ["IMSI", "IMSI"],
  person: ["人员", "Person"],
  wechat: ["微信", "WeChat"],
  qq: ["QQ", "QQ"],
  url: ["网址", "URL"],
  domain: ["域名", "Domain"],
  ip: ["IP", "IP"],
  device: ["设备", "Device"],
  atm: ["ATM", "ATM"],
  pos: ["POS", "POS"],
  outlet: ["网点", "Outlet"],
  group: ["群组", "Group"],
  app: ["应用", "App"],
};

export function codeLabel(kind: string, field: string, code: string): Both {
  return (
    OVERRIDES[`${kind}.${field}.${code}`] ??
    OVERRIDES[`${field}.${code}`] ??
    (CODES as Record<string, Both>)[code] ?? [code, code]
  );
}

export type Tone = "neutral" | "info" | "warning" | "danger" | "success";

const TONES: Record<string, Tone> = {};
for (const [tone, words] of Object.entries({
  danger: "urgent high failed mismatched overdue refused_by_bank paid_after",
  warning: "new proposed submitted closing filing releasing renewing medium due not_found invited noticed reviewing",
  info: "assigned accepted signed working approved open queued running ready drafted notified filed received normal",
  success:
    "stopped frozen finished dissuaded executed done upheld holds active confirmed solved reached linked imported answered",
})) {
  for (const word of words.split(" ")) TONES[word] = tone as Tone;
}

export function toneOf(code: string): Tone {
  return TONES[code] ?? "neutral";
}
