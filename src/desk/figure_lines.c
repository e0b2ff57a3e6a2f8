/* What a centre reports (domain.md §1), line by line. A new figure is a row here: it then stands in every bulletin, in
 * each language and format, with its query.
 *
 * A person is counted once, however often he was warned or caught; "warned" means that somebody tried to reach him, by
 * whichever channel, and the next lines say how many were spoken to and how many were dissuaded. */
#include "desk/figure.h"

const figure_section FIGURE_SECTIONS[] = {
    {SECTION_OPERATION, "operation", "The operation", "集中收网行动", false, "operation"},
    {SECTION_SITE, "den", "The den", "重点窝点", false, "site"},
    {SECTION_PERIOD, "period", "The period", "统计期间", false, NULL},
    {SECTION_YEAR, "year", "Year to date", "今年以来", true, NULL},
    {SECTION_OUTREACH, "outreach", "Outreach", "宣传防范", false, NULL},
};
const size_t FIGURE_SECTION_COUNT = sizeof FIGURE_SECTIONS / sizeof *FIGURE_SECTIONS;

#define IS(field, word)                                                                                                \
    { field, QUERY_EQUAL, word, 0 }
#define IS_NOT(field, word)                                                                                            \
    { field, QUERY_NOT_EQUAL, word, 0 }
#define IS_TRUE(field)                                                                                                 \
    { field, QUERY_EQUAL, NULL, 1 }
#define IS_NULL(field)                                                                                                 \
    { field, QUERY_NULL, NULL, 0 }
#define ABOVE_0(field)                                                                                                 \
    { field, QUERY_GREATER, NULL, 0 }
#define NO_TERMS                                                                                                       \
    {                                                                                                                  \
        { 0 }                                                                                                          \
    }

#define BOTH (SECTION_PERIOD | SECTION_YEAR)
#define CAUGHT (SECTION_OPERATION | SECTION_SITE)
#define PERSONS "persons", "人"
#define PIECES "pieces", "件"
#define PLACES "places", "处"
#define TIMES "orders", "笔"
#define CASES "cases", "起"
#define MONEY "yuan", "元"

/* clang-format off */
const figure_line FIGURE_LINES[] = {
    /* the operation */
    {"officers", SECTION_OPERATION, "officers deployed", "出动警力", PERSONS, "team", "deployed_at",
     {IS("state", "deployed|withdrawn")}, FIGURE_SUM, "officers", NULL, NULL, 0,
     "officers of the teams that were sent out", "已出动小组的警力之和"},
    {"sites_secured", SECTION_OPERATION, "sites secured", "控制点位", PLACES, "site", "secured_at",
     {IS("state", "secured|cleared")}, FIGURE_COUNT, NULL, NULL, NULL, 0, "sites brought under control",
     "已控制的行动点位"},
    {"targets_struck", SECTION_OPERATION, "targets struck", "打击目标", "targets", "个", "target", "ended_at",
     {IS("state", "struck")}, FIGURE_COUNT, NULL, "type", "target_type", 0, "targets that were struck, by type",
     "已打击的目标，按类型"},
    {"places_rectified", SECTION_OPERATION | BOTH, "places rectified", "整治重点场所", PLACES, "place", "rectified_at",
     {IS("state", "rectified|closed")}, FIGURE_COUNT, NULL, "type", "place_type", 0,
     "places that passed an inspection after their notice", "整改后复查合格的场所"},
    {"places_found", SECTION_OPERATION, "places inspected", "排查重点场所", PLACES, "place", "created_at",
     {IS_NOT("state", "dropped")}, FIGURE_COUNT, NULL, NULL, NULL, 0, "places where something was found wrong",
     "发现问题的场所"},
    {"outreach_points", SECTION_OPERATION | SECTION_OUTREACH, "outreach points", "宣传点", PLACES, "outreach_event",
     "at", {IS("state", "held")}, FIGURE_SUM, "points", NULL, NULL, 0,
     "stands and points of the events that were held", "已举办宣传活动的宣传点之和"},
    {"suspects", CAUGHT | BOTH, "suspects caught", "抓获犯罪嫌疑人", PERSONS, "arrest", "arrested_at",
     {IS("state", "recorded|confirmed")}, FIGURE_DISTINCT, "person", NULL, NULL, 0,
     "different persons who were caught and not released", "抓获且未解除的不同人员，一人一次"},
    {"suspects_by_role", CAUGHT, "of them, by confirmed role", "其中（按认定角色）", PERSONS, "arrest", "arrested_at",
     {IS("state", "recorded|confirmed")}, FIGURE_DISTINCT, "person", "confirmed_role", "gang_role", 0,
     "different persons by the role that a second officer confirmed", "按第二名民警认定的角色"},
    {"suspects_by_suggestion", SECTION_SITE, "of them, by suggested role", "其中（按建议角色）", PERSONS, "arrest",
     "arrested_at", {IS("state", "recorded|confirmed")}, FIGURE_DISTINCT, "person", "suggested_role", "gang_role", 0,
     "a suggestion, not a finding", "仅为研判建议，不是认定"},
    {"suspects_by_measure", SECTION_OPERATION, "of them, by measure", "其中（按强制措施）", PERSONS, "arrest",
     "arrested_at", {IS("state", "recorded|confirmed")}, FIGURE_DISTINCT, "person", "measure", "coercive_measure", 0,
     "different persons by the measure taken", "按已采取的强制措施"},
    {"seized", CAUGHT, "things seized", "扣押涉案物品", PIECES, "seizure", "seized_at",
     {IS_NOT("state", "void"), IS_NOT("type", "cash")}, FIGURE_SUM, "count", "type", "seizure_type", 0,
     "pieces by kind; money is a line of its own", "按种类合计件数；现金另计"},
    {"cash", CAUGHT, "cash seized", "扣押现金", MONEY, "seizure", "seized_at",
     {IS_NOT("state", "void"), IS("type", "cash")}, FIGURE_SUM, "amount_fen", NULL, NULL, FIGURE_MONEY,
     "amount of the cash that was seized", "扣押现金金额"},
    /* the period and the year */
    {"days", BOTH, "days", "天数", "days", "天", NULL, NULL, NO_TERMS, FIGURE_DAYS, NULL, NULL, NULL, 0,
     "days of the period, the last one although it is not over", "统计天数（含未满一天的最后一天）"},
    {"people_warned", BOTH, "people warned", "预警劝阻群众", PERSONS, "warning", "created_at", {ABOVE_0("attempts")},
     FIGURE_DISTINCT, "victim", NULL, NULL, 0,
     "different victims of the warnings of the period whom somebody tried to reach, by any channel; each counts once",
     "期间预警中已开展劝阻的不同对象，一人一次，不论渠道和次数"},
    {"people_warned_per_day", BOTH, "people warned a day", "日均预警劝阻", PERSONS, NULL, NULL, NO_TERMS,
     FIGURE_PER_DAY, "people_warned", NULL, NULL, 0, "people warned ÷ days, half up", "预警劝阻群众 ÷ 天数，四舍五入"},
    {"people_reached", BOTH, "of them, spoken to", "其中接触到本人", PERSONS, "warning", "created_at",
     {IS_TRUE("is_reached")}, FIGURE_DISTINCT, "victim", NULL, NULL, 0, "different victims who were spoken to",
     "已接触到本人的不同对象"},
    {"people_dissuaded", BOTH, "people dissuaded", "成功劝阻", PERSONS, "warning", "closed_at",
     {IS("closing", "dissuaded")}, FIGURE_DISTINCT, "victim", NULL, NULL, 0,
     "different victims of warnings that were signed off as dissuaded", "经审核办结为“已劝阻”的不同对象"},
    {"loss_averted", BOTH, "loss averted", "避免群众损失", MONEY, "warning", "closed_at", {IS("closing", "dissuaded")},
     FIGURE_SUM, "averted_fen", NULL, NULL, FIGURE_MONEY,
     "as stated when the warning was closed and signed off: an estimate, with its basis in the record",
     "办结并审核时填报的金额，为估算，依据见记录"},
    {"stopped", BOTH, "stopped", "紧急止付", MONEY, "stop", "stopped_at", {IS_NULL("extends")}, FIGURE_SUM,
     "balance_fen", NULL, NULL, FIGURE_MONEY,
     "balances that the banks answered when they stopped; an extension does not count again. Neither frozen nor returned",
     "银行反馈的止付时账户余额之和，延续不重复计算；与冻结、返还口径不同，不相加减"},
    {"stop_orders", BOTH, "stops that took hold", "止付生效", TIMES, "stop", "stopped_at", {IS_NULL("extends")},
     FIGURE_COUNT, NULL, NULL, NULL, 0, "stops that a bank confirmed", "银行确认的止付笔数"},
    {"accounts_stopped", BOTH, "accounts stopped", "止付账户", "accounts", "个", "stop", "stopped_at",
     {IS_NULL("extends")}, FIGURE_DISTINCT, "account", NULL, NULL, 0, "different accounts", "不同账户数"},
    {"frozen", BOTH, "frozen", "冻结资金", MONEY, "freeze", "frozen_at", NO_TERMS, FIGURE_SUM, "executed_fen", NULL,
     NULL, FIGURE_MONEY, "amounts that the banks answered when they froze; a renewal does not count again",
     "银行反馈的实际冻结金额之和，续冻不重复计算"},
    {"freezes", BOTH, "freezes that took hold", "冻结生效", TIMES, "freeze", "frozen_at", NO_TERMS, FIGURE_COUNT, NULL,
     NULL, NULL, 0, "freezes that a bank confirmed", "银行确认的冻结笔数"},
    {"returned", BOTH, "returned to victims", "返还资金", MONEY, "return", "executed_at", {IS("state", "executed")},
     FIGURE_SUM, "returned_fen", NULL, NULL, FIGURE_MONEY, "what the banks paid back to victims",
     "银行已返还受害人的金额"},
    {"returned_cases", BOTH, "cases with a return", "返还涉及案件", CASES, "return", "executed_at",
     {IS("state", "executed")}, FIGURE_DISTINCT, "case", NULL, NULL, 0, "different cases", "不同案件数"},
    {"reports", BOTH, "reports taken in", "接警", CASES, "report", "called_at", NO_TERMS, FIGURE_COUNT, NULL,
     "fraud_type", "fraud_type", 0, "calls of victims, by type of fraud", "受害人报警，按诈骗类型"},
    {"loss_reported", BOTH, "loss reported", "报案损失", MONEY, "report", "called_at", NO_TERMS, FIGURE_SUM,
     "loss_fen", NULL, NULL, FIGURE_MONEY, "as the victims stated it", "受害人陈述的损失"},
    {"cases_filed", BOTH, "cases filed", "立案", CASES, "case", "filed_at", NO_TERMS, FIGURE_COUNT, NULL, NULL, NULL,
     0, "cases whose filing was approved", "批准立案的案件"},
    {"cases_solved", BOTH, "cases solved", "破案", CASES, "case", "closed_at", {IS("closing", "solved")}, FIGURE_COUNT,
     NULL, NULL, NULL, 0, "cases closed as solved", "以“破案”结案的案件"},
    {"outlets_notified", BOTH, "outlets served notice", "通报网点", PLACES, "outlet_notice", "issued_at", NO_TERMS,
     FIGURE_DISTINCT, "outlet", NULL, NULL, 0, "different bank and telecom outlets", "不同的银行、通信网点"},
    {"punishments", BOTH, "joint punishments", "联合惩戒", "persons and units", "人次", "punishment", "starts_at",
     NO_TERMS, FIGURE_COUNT, NULL, NULL, NULL, 0, "punishments that began", "开始执行的惩戒"},
    /* outreach */
    {"outreach_events", SECTION_OUTREACH, "events held", "宣传活动", "events", "场", "outreach_event", "at",
     {IS("state", "held")}, FIGURE_COUNT, NULL, "category", "outreach_category", 0, "events that were held, by kind",
     "已举办的活动，按类别"},
    {"event_parents", SECTION_OUTREACH, "parents at them", "参加家长", PERSONS, "outreach_event", "at",
     {IS("state", "held")}, FIGURE_SUM, "parents", NULL, NULL, 0, "head counts; who came twice counts twice",
     "现场人数之和，重复参加重复计"},
    {"event_students", SECTION_OUTREACH, "students at them", "参加学生", PERSONS, "outreach_event", "at",
     {IS("state", "held")}, FIGURE_SUM, "students", NULL, NULL, 0, "head counts; who came twice counts twice",
     "现场人数之和，重复参加重复计"},
    {"event_residents", SECTION_OUTREACH, "residents at them", "参加群众", PERSONS, "outreach_event", "at",
     {IS("state", "held")}, FIGURE_SUM, "residents", NULL, NULL, 0, "head counts; who came twice counts twice",
     "现场人数之和，重复参加重复计"},
    {"event_staff", SECTION_OUTREACH, "staff at them", "参加教职工、工作人员", PERSONS, "outreach_event", "at",
     {IS("state", "held")}, FIGURE_SUM, "staff", NULL, NULL, 0, "head counts; who came twice counts twice",
     "现场人数之和，重复参加重复计"},
    {"bot_groups", SECTION_OUTREACH, "residents' groups with the bot", "机器人入驻居民群", "groups", "个",
     "chat_group", NULL, {IS("state", "open")}, FIGURE_COUNT, NULL, NULL, NULL, 0, "groups that are open now",
     "现有的群"},
    {"bot_group_people", SECTION_OUTREACH, "people in them", "覆盖群众", PERSONS, "chat_group", NULL,
     {IS("state", "open")}, FIGURE_SUM, "members", NULL, NULL, 0,
     "members as last counted; who is in two groups counts twice", "最近一次统计的群成员之和，跨群重复计"},
    {"bot_groups_reached", SECTION_OUTREACH, "groups that got a reminder", "推送提醒的群", "groups", "个",
     "campaign_send", "at", {IS("to", "group"), IS("state", "queued|delivered")}, FIGURE_DISTINCT, "group", NULL, NULL,
     0, "different groups, however many weeks", "不同的群，不论推送几周"},
    {"sms_people", SECTION_OUTREACH, "people who got an SMS", "短信覆盖群众", PERSONS, "campaign_send", "at",
     {IS("to", "person"), IS("state", "queued|delivered")}, FIGURE_DISTINCT, "person", NULL, NULL, 0,
     "different persons (keyed hash), however many messages", "不同人员（加密哈希），一人一次"},
    {"alliance_partners", SECTION_OUTREACH, "alliance partners", "反诈联盟单位", "partners", "家", "alliance_partner",
     NULL, {IS("state", "active")}, FIGURE_COUNT, NULL, "category", "alliance_category", 0,
     "partners that are active now", "现有成员单位，按类别"},
    {"alliance_actions", SECTION_OUTREACH, "actions of the alliance", "联盟宣传行动", "actions", "次",
     "alliance_action", "from", {IS("state", "done")}, FIGURE_COUNT, NULL, NULL, NULL, 0, "actions that were done",
     "已完成的行动"},
    {"alliance_reach", SECTION_OUTREACH, "people they reached", "联盟行动触达", PERSONS, "alliance_action", "from",
     {IS("state", "done")}, FIGURE_SUM, "reach", NULL, NULL, 0,
     "as counted, stated or estimated by the partners: the basis is in each record",
     "由成员单位统计、自报或估算，依据见记录"},
};
/* clang-format on */
const size_t FIGURE_LINE_COUNT = sizeof FIGURE_LINES / sizeof *FIGURE_LINES;
