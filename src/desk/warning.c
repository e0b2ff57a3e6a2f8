/* The states:
 *
 *   new ──sign──▶ signed ──attempt──▶ working ──propose_closing──▶ closing ──approve_closing──▶ closed
 *    ▲              │                  ▲  │  ◀──refuse_closing───────┘                          │
 *    └──dispatch────┴──────────────────┤  └─not_found_yet─▶ not_found                            │
 *                                      └──search_again (clock)──┘     ◀────────reopen────────────┘
 *
 * `step` is the clock's act in new, signed and working: it moves the channel or the level up. `open_key` is the
 * victim's key while the warning is open, and unique: one thread for each victim. */
#include "desk/warning.h"

#include "desk/comment.h"
#include "desk/desk_private.h"
#include "desk/warning_private.h"

#define SOURCES "finding|report|tip|partner|file"
#define CHANNELS "sms|phone|three_way|visit"
#define RESULTS "sent|no_answer|wrong_number|not_there|refused|reached|dissuaded"
#define MACHINE_RESULTS "sent|delivered|no_answer|busy|declined|wrong_number|answered|confirmed|failed"
#define ALL_RESULTS RESULTS "|delivered|busy|declined|answered|confirmed|failed"
#define BASES "pending_transfer|balance|stated|other"
#define F_VICTIM(more)                                                                                                 \
    {                                                                                                                  \
        "victim", FIELD_KEY, SECRECY_KEY, (more), .en = "victim key; phone, person or account",                        \
                                                  .zh = "受害人标识；电话、人员或账号"                   \
    }
#define F_NAME                                                                                                         \
    { "name", FIELD_TEXT, SECRECY_NAME, .bytes_max = 200, .en = "name", .zh = "姓名" }
#define F_PHONE                                                                                                        \
    { "phone", FIELD_TEXT, SECRECY_PHONE, FIELD_FILTER, .bytes_max = 40, .en = "phone", .zh = "电话" }
#define F_ADDRESS                                                                                                      \
    { "address", FIELD_TEXT, SECRECY_ADDRESS, .bytes_max = 300, .en = "address", .zh = "住址" }
#define F_DIVISION                                                                                                     \
    { "division", FIELD_TEXT, .bytes_max = 12, .en = "division code; GB/T 2260", .zh = "行政区划代码；GB/T 2260 六位" }
#define F_TIER(more)                                                                                                   \
    { "tier", FIELD_CODE, .flags = (more), .target = "tier", .en = "tier", .zh = "等级" }
#define F_SCORE                                                                                                        \
    { "score", FIELD_INTEGER, .en = "score; 0 to 100", .zh = "分值；0 至 100" }
#define F_REASON(more)                                                                                                 \
    { "reason", FIELD_TEXT, SECRECY_WORDS, (more), .bytes_max = 4000, .en = "reason", .zh = "预警理由" }
#define F_TYPE                                                                                                         \
    { "fraud_type", FIELD_CODE, .flags = FIELD_FILTER, .target = "fraud_type", .en = "fraud type", .zh = "诈骗类型" }
#define F_SOURCE(more)                                                                                                 \
    { "source", FIELD_CODE, .flags = (more), .codes = SOURCES, .en = "source", .zh = "来源" }
#define F_REFERENCE                                                                                                    \
    { "reference", FIELD_TEXT, .bytes_max = 300, .en = "source no.", .zh = "来源编号" }
#define F_CHANNEL(more)                                                                                                \
    { "channel", FIELD_CODE, .flags = (more), .codes = CHANNELS, .en = "channel", .zh = "渠道" }
#define F_RESULT(codes_)                                                                                               \
    { "result", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = (codes_), .en = "result", .zh = "结果" }
#define F_FLAG(name_, en_, zh_)                                                                                        \
    { name_, FIELD_BOOLEAN, .en = (en_), .zh = (zh_) }
#define F_FACE F_FLAG("is_face_to_face", "face to face", "是否见面")
#define F_IDENTITY F_FLAG("is_identity_checked", "identity checked", "是否核实身份")
#define F_WORDS                                                                                                        \
    { "words", FIELD_TEXT, SECRECY_WORDS, .bytes_max = 4000, .en = "notes of the talk", .zh = "劝阻情况" }
#define F_CLOSING(more)                                                                                                \
    { "closing", FIELD_CODE, .flags = (more), .target = "closing", .en = "closing code", .zh = "办结代码" }
#define F_DUPLICATE                                                                                                    \
    { "duplicate_of", FIELD_REFERENCE, .target = "warning", .en = "duplicate of", .zh = "重复于" }
#define F_MONEY(name_, en_, zh_)                                                                                       \
    { name_, FIELD_MONEY, .en = (en_), .zh = (zh_) }
#define F_AT_RISK F_MONEY("at_risk_fen", "money that was about to leave", "拟转出金额")
#define F_BASIS                                                                                                        \
    { "averted_basis", FIELD_CODE, .codes = BASES, .en = "basis of the estimate", .zh = "估算依据" }
#define F_BASIS_WORDS                                                                                                  \
    { "averted_words", FIELD_TEXT, .bytes_max = 1000, .en = "notes on the estimate", .zh = "估算说明" }
#define F_MOVED F_MONEY("moved_fen", "money that had left already", "已转出金额")
#define F_MOVED_AT                                                                                                     \
    { "moved_at", FIELD_TIME, .en = "moved", .zh = "转出时间" }
#define F_STOP                                                                                                         \
    { "stop", FIELD_REFERENCE, .target = "stop", .en = "stop", .zh = "止付指令" }
#define F_USER(name_, en_, zh_)                                                                                        \
    { name_, FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = (en_), .zh = (zh_) }
#define F_AT(name_, en_, zh_)                                                                                          \
    { name_, FIELD_TIME, .flags = FIELD_SERVER, .en = (en_), .zh = (zh_) }
#define F_COUNT(name_, en_, zh_)                                                                                       \
    { name_, FIELD_INTEGER, .flags = FIELD_SERVER, .en = (en_), .zh = (zh_) }
#define F_SERVER_WORDS(name_, en_, zh_)                                                                                \
    { name_, FIELD_TEXT, SECRECY_WORDS, FIELD_SERVER, .bytes_max = 4000, .en = (en_), .zh = (zh_) }
#define F_DELIVERY                                                                                                     \
    { "delivery", FIELD_REFERENCE, .target = "delivery", .en = "automatic delivery", .zh = "系统触达记录" }
#define F_NOTE                                                                                                         \
    { "note", FIELD_TEXT, .en = "note", .zh = "说明" }

static const record_field FIELDS[WARNING_FIELDS] = {
    [WARNING_VICTIM] = F_VICTIM(FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER),
    [WARNING_NAME] = F_NAME,
    [WARNING_PHONE] = F_PHONE,
    [WARNING_ADDRESS] = F_ADDRESS,
    [WARNING_DIVISION] = F_DIVISION,
    [WARNING_TIER] = F_TIER(FIELD_REQUIRED | FIELD_FILTER),
    [WARNING_SCORE] = F_SCORE,
    [WARNING_REASON] = F_REASON(0),
    [WARNING_FRAUD_TYPE] = F_TYPE,
    [WARNING_SOURCE] = F_SOURCE(FIELD_REQUIRED),
    [WARNING_REFERENCE] = F_REFERENCE,
    [WARNING_INSTITUTION] = {"institution", FIELD_TEXT, .flags = FIELD_SERVER | FIELD_FILTER, .bytes_max = 64,
                             .en = "reported by", .zh = "报送单位"},
    [WARNING_ALERTS] = F_COUNT("alerts", "alerts that joined the thread", "预警次数"),
    [WARNING_THREAD] = {"thread", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "warning",
                        .en = "first warning of the thread", .zh = "首次预警"},
    [WARNING_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                       .codes = "new|signed|working|not_found|closing|closed", .en = "state", .zh = "状态"},
    [WARNING_DISTRICT] = {"district", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                          .en = "district", .zh = "县区"},
    [WARNING_STATION] = {"station", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                         .en = "station", .zh = "派出所"},
    [WARNING_ASSIGNEE] = {"assignee", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "user",
                          .en = "assignee", .zh = "承办人"},
    [WARNING_DUE] = {"due", FIELD_TIME, .flags = FIELD_SERVER | FIELD_FILTER, .en = "next step due",
                     .zh = "下一步期限"},
    [WARNING_LEVEL] = {"level", FIELD_CODE, .flags = FIELD_SERVER | FIELD_FILTER, .codes = PLACE_LEVELS,
                       .en = "responsible level", .zh = "督办层级"},
    [WARNING_ESCALATIONS] = F_COUNT("escalations", "escalations", "上报次数"),
    [WARNING_CHANNEL] = {"next_channel", FIELD_CODE, .flags = FIELD_SERVER, .codes = "sms|phone|visit",
                         .en = "next channel", .zh = "下一步渠道"},
    [WARNING_CHANNEL_ATTEMPTS] = F_COUNT("channel_attempts", "attempts by this channel", "本渠道次数"),
    [WARNING_ATTEMPTS] = F_COUNT("attempts", "attempts", "劝阻次数"),
    [WARNING_LAST_ATTEMPT_AT] = F_AT("last_attempt_at", "last attempt", "最近劝阻时间"),
    [WARNING_IS_REACHED] = {"is_reached", FIELD_BOOLEAN, .flags = FIELD_SERVER, .en = "reached in person",
                            .zh = "是否接触到本人"},
    [WARNING_IS_CONFIRMED] = {"is_confirmed", FIELD_BOOLEAN, .flags = FIELD_SERVER, .en = "identity confirmed",
                              .zh = "是否见面或核实身份"},
    [WARNING_SIGNED_BY] = F_USER("signed_by", "signed for by", "签收人"),
    [WARNING_SIGNED_AT] = F_AT("signed_at", "signed for", "签收时间"),
    [WARNING_CLOSING] = F_CLOSING(FIELD_SERVER),
    [WARNING_CLOSING_BY] = F_USER("closing_by", "closing asked for by", "呈请办结人"),
    [WARNING_CLOSED_BY] = F_USER("closed_by", "signed off by", "审核人"),
    [WARNING_CLOSED_AT] = F_AT("closed_at", "closed", "办结时间"),
    [WARNING_DUPLICATE_OF] = F_DUPLICATE,
    [WARNING_AT_RISK] = F_AT_RISK,
    [WARNING_BASIS] = F_BASIS,
    [WARNING_BASIS_WORDS] = F_BASIS_WORDS,
    [WARNING_PERCENT] = F_COUNT("averted_percent", "averted share (%)", "折算比例"),
    [WARNING_AVERTED] = {"averted_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "loss averted", .zh = "避免损失金额"},
    [WARNING_MOVED] = F_MOVED,
    [WARNING_MOVED_AT] = F_MOVED_AT,
    [WARNING_STOP] = F_STOP,
    [WARNING_REVIEW] = {"review", FIELD_CODE, .flags = FIELD_SERVER | FIELD_FILTER, .codes = "due|overdue|done",
                        .en = "missed-case review", .zh = "倒查"},
    [WARNING_REVIEW_WORDS] = F_SERVER_WORDS("review_words", "review findings", "倒查结论"),
    [WARNING_REVIEW_BY] = F_USER("review_by", "reviewed by", "倒查人"),
    [WARNING_CALL_BACK] = {"call_back", FIELD_CODE, .flags = FIELD_SERVER | FIELD_FILTER,
                           .codes = "due|overdue|holds|paid_after|not_reached", .en = "call-back", .zh = "回访"},
    [WARNING_CALL_BACK_WORDS] = F_SERVER_WORDS("call_back_words", "call-back result", "回访情况"),
    [WARNING_CALL_BACK_BY] = F_USER("call_back_by", "called back by", "回访人"),
    [WARNING_CALL_BACK_AT] = F_AT("call_back_at", "call-back due, then done", "回访时间"),
    [WARNING_OPEN_KEY] = {"open_key", FIELD_KEY, SECRECY_SECRET, FIELD_SERVER, .en = "deduplication key",
                          .zh = "去重键"},
    [WARNING_WITHDRAWN] = F_COUNT("withdrawn_evidence", "withdrawn alerts", "已撤回依据次数"),
};
/* A centre has a million warnings, and a list shows the newest of a district with this or that: every filter has an
 * index that gives its rows in the order of ids, for the city and for a district. A station's are few: fewer do. */
static const record_index INDEXES[] = {
    {true, {WARNING_OPEN_KEY, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_DUE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_STATE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_STATE, WARNING_DUE, RECORD_END, RECORD_END}},
    {false, {WARNING_STATE, WARNING_TIER, RECORD_END, RECORD_END}},
    {false, {WARNING_TIER, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_FRAUD_TYPE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_CALL_BACK, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_CALL_BACK, WARNING_CALL_BACK_AT, RECORD_END, RECORD_END}},
    {false, {WARNING_REVIEW, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_LEVEL, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_DISTRICT, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_DISTRICT, WARNING_DUE, RECORD_END, RECORD_END}},
    {false, {WARNING_DISTRICT, WARNING_STATE, RECORD_END, RECORD_END}},
    {false, {WARNING_DISTRICT, WARNING_STATE, WARNING_DUE, RECORD_END}},
    {false, {WARNING_DISTRICT, WARNING_STATE, WARNING_TIER, RECORD_END}},
    {false, {WARNING_DISTRICT, WARNING_FRAUD_TYPE, RECORD_END, RECORD_END}},
    {false, {WARNING_TIER, WARNING_DUE, RECORD_END, RECORD_END}},
    {false, {WARNING_FRAUD_TYPE, WARNING_DUE, RECORD_END, RECORD_END}},
    {false, {WARNING_STATION, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_STATION, WARNING_DUE, RECORD_END, RECORD_END}},
    {false, {WARNING_STATION, QUERY_CREATED, RECORD_END, RECORD_END}},
    {false, {WARNING_STATION, WARNING_STATE, WARNING_DUE, RECORD_END}},
    /* What bulletins count is in an index as a whole: of a season's million warnings no row is read (figure_lines.c).
     */
    {false, {WARNING_VICTIM, QUERY_CREATED, WARNING_ATTEMPTS, WARNING_IS_REACHED}},
    {false, {WARNING_CLOSING, WARNING_VICTIM, WARNING_CLOSED_AT, WARNING_AVERTED}},
    {false, {WARNING_ASSIGNEE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_ASSIGNEE, WARNING_STATE, WARNING_DUE, RECORD_END}},
    {false, {WARNING_ASSIGNEE, WARNING_DUE, RECORD_END, RECORD_END}},
    {false, {WARNING_ASSIGNEE, QUERY_CREATED, RECORD_END, RECORD_END}},
    {false, {WARNING_ASSIGNEE, QUERY_UPDATED, RECORD_END, RECORD_END}},
    {false, {WARNING_VICTIM, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_PHONE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_INSTITUTION, RECORD_END, RECORD_END, RECORD_END}},
    {false, {WARNING_THREAD, RECORD_END, RECORD_END, RECORD_END}},
};
static const record_table TABLE = {"warning", FIELDS,     WARNING_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES,
                                   false,     "warnings", "预警劝阻"};

/* ---- attempts ---- */

static const record_field ATTEMPT[ATTEMPT_FIELDS] = {
    [ATTEMPT_WARNING] = {"warning", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "warning", .en = "warning",
                         .zh = "预警"},
    [ATTEMPT_CHANNEL] = F_CHANNEL(FIELD_REQUIRED),
    [ATTEMPT_RESULT] = F_RESULT(ALL_RESULTS),
    [ATTEMPT_IS_FACE_TO_FACE] = F_FACE,
    [ATTEMPT_IS_IDENTITY_CHECKED] = F_IDENTITY,
    [ATTEMPT_SCRIPT] = {"script", FIELD_TEXT, .bytes_max = 64, .en = "script", .zh = "话术"},
    [ATTEMPT_WORDS] = F_WORDS,
    [ATTEMPT_BY] = {"by", FIELD_REFERENCE, .target = "user", .en = "dissuaded by", .zh = "劝阻人"},
    [ATTEMPT_AT] = {"at", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "time", .zh = "时间"},
    [ATTEMPT_DELIVERY] = F_DELIVERY,
};
static const record_table ATTEMPTS = {
    "attempt",
    ATTEMPT,
    ATTEMPT_FIELDS,
    (const record_index[]){{false, {ATTEMPT_WARNING, RECORD_END, RECORD_END, RECORD_END}},
                           {true, {ATTEMPT_DELIVERY, RECORD_END, RECORD_END, RECORD_END}}},
    2,
    true,
    "attempts to reach a victim",
    "劝阻记录"};
const desk_kind ATTEMPT_KIND = {
    .table = &ATTEMPTS,
    .name = "attempt",
    .readers = ROLES_OFFICERS | ROLE_OUTREACH | ROLE_AUDITOR,
    .parent = &WARNING_KIND,
    .parent_field = ATTEMPT_WARNING,
};

/* ---- rows ---- */

static const record_field CREATE[] = {
    F_VICTIM(0), F_NAME,      F_PHONE,     F_ADDRESS, F_DIVISION, F_TIER(0), F_SCORE, F_REASON(FIELD_REQUIRED),
    F_TYPE,      F_SOURCE(0), F_REFERENCE,
};
static const record_field EDIT[] = {F_NAME, F_PHONE, F_ADDRESS, F_DIVISION, F_TYPE, F_NOTE};
static const record_field DISPATCH[] = {
    {"unit", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "unit", .en = "receiving unit", .zh = "接收单位"},
    F_NOTE};
static const record_field ASSIGN[] = {
    {"assignee", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "user", .en = "assignee", .zh = "承办人"}, F_NOTE};
static const record_field TRY[] = {
    F_CHANNEL(FIELD_REQUIRED),
    F_RESULT(RESULTS),
    F_FACE,
    F_IDENTITY,
    F_WORDS,
    {"at", FIELD_TIME, .en = "time; none: now", .zh = "时间；不填为现在"},
};
static const record_field MACHINE[] = {F_CHANNEL(FIELD_REQUIRED), F_RESULT(MACHINE_RESULTS), F_DELIVERY};
static const record_field RETIER[] = {F_TIER(FIELD_REQUIRED), F_NOTE};
static const record_field MOVED[] = {F_MOVED, F_MOVED_AT, F_STOP, F_NOTE};
static const record_field CLOSING[] = {
    F_CLOSING(FIELD_REQUIRED), F_DUPLICATE, F_AT_RISK, F_BASIS, F_BASIS_WORDS, F_NOTE};
static const record_field CALL_BACK[] = {
    {"call_back", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = "holds|paid_after|not_reached",
     .en = "call-back result", .zh = "回访结果"},
    {"call_back_words", FIELD_TEXT, SECRECY_WORDS, .bytes_max = 4000, .en = "call-back notes", .zh = "回访情况"},
    F_MONEY("paid_fen", "paid after all", "回访发现已转出金额"),
};
static const record_field REVIEW[] = {
    {"review_words", FIELD_TEXT, SECRECY_WORDS, FIELD_REQUIRED, .bytes_max = 4000, .en = "review findings",
     .zh = "倒查结论"},
};
static const record_field NOTE[] = {F_NOTE};

#define WORKERS (ROLES_OFFICERS | ROLE_OUTREACH)
#define OPEN "new|signed|working|not_found"
#define LAW "反电信网络诈骗法 Art. 34"
static sluice_result evidence_withdrawn(desk_command *c, record *r, const desk_input *in) {
    const record_value *before = &r->values[WARNING_WITHDRAWN];
    (void)c;
    (void)in;
    r->values[WARNING_WITHDRAWN] = value_integer(before->is_null ? 1 : before->integer + 1);
    return SLUICE_OK;
}

static const desk_act_row ACTS[] = {
    {"create", NULL, "new", WORKERS | ROLE_PARTNER, 0, INPUTS(CREATE), RUN(warning_create), THEN(warning_created),
     RESTS_ON(LAW),
     SAYS("enter a warning; what comes of the same victim joins the open thread", "录入预警；同一受害人自动合并")},
    {"edit", OPEN, NULL, WORKERS, 0, INPUTS(EDIT), SAYS("correct whom it is about", "补正")},
    {"sign", "new", "signed", WORKERS, 0, BY(WARNING_SIGNED_BY), AT(WARNING_SIGNED_AT), INPUTS(NOTE), RUN(warning_sign),
     THEN(warning_set_timer), RESTS_ON(LAW), SAYS("sign for it", "签收")},
    {"dispatch", OPEN, "new", ROLE_DUTY | ROLE_ANALYST | ROLE_COMMANDER, ACT_DISTRICT, INPUTS(DISPATCH),
     RUN(warning_dispatch), THEN(warning_set_timer), RESTS_ON(LAW),
     SAYS("send it to a unit, which signs for it", "派单")},
    {"assign", OPEN, NULL, ROLE_DUTY | ROLE_ANALYST | ROLE_COMMANDER, 0, INPUTS(ASSIGN), RUN(warning_check_assignee),
     SAYS("give it to somebody", "指派")},
    {"attempt", "signed|working|not_found", "working", WORKERS, ACT_NO_VERSION, INPUTS(TRY), RUN(warning_attempt),
     THEN(warning_keep_attempt), RESTS_ON(LAW), SAYS("record an attempt to reach and talk to the victim", "登记劝阻")},
    {"machine_attempt", "new|signed|working|not_found|closing", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, INPUTS(MACHINE),
     RUN(warning_machine_attempt), THEN(warning_keep_machine_attempt), RESTS_ON(LAW),
     SAYS("what the carrier says of an SMS or a call", "系统触达结果")},
    {"not_found_yet", "signed|working", "not_found", WORKERS, ACT_REASON, INPUTS(NOTE), RUN(warning_not_found),
     THEN(warning_set_timer), RESTS_ON(LAW), SAYS("not found yet: looked for again by the clock", "暂时找不到")},
    {"search_again", "not_found", "working", WORKERS, 0, INPUTS(NOTE), RUN(warning_search_again),
     THEN(warning_set_timer), RESTS_ON(LAW), SAYS("look for him again, by hand or by the clock", "继续查找")},
    {"retier", OPEN, NULL, ROLE_COMMANDER, ACT_REASON, INPUTS(RETIER), RUN(warning_retier), THEN(warning_set_timer),
     SAYS("give it another tier", "调整等级")},
    {"money_moved", "signed|working|not_found|closing", NULL, WORKERS, ACT_NO_VERSION, INPUTS(MOVED),
     RUN(warning_money_moved), RESTS_ON(LAW),
     SAYS("money had left already; and the stop order it led to", "登记已转出资金")},
    {"propose_closing", "signed|working|not_found", "closing", WORKERS, 0, BY(WARNING_CLOSING_BY), INPUTS(CLOSING),
     RUN(warning_propose_closing), THEN(warning_set_timer), RESTS_ON(LAW), SAYS("ask to close it", "呈请办结")},
    {"approve_closing", "closing", "closed", ROLE_COMMANDER | ROLE_APPROVER, 0, OTHER_THAN(WARNING_CLOSING_BY),
     BY(WARNING_CLOSED_BY), AT(WARNING_CLOSED_AT), INPUTS(NOTE), RUN(warning_approve_closing), THEN(warning_closed),
     RESTS_ON(LAW),
     SAYS("sign it off; a high or urgent one only after a face-to-face or confirmed contact", "审核办结")},
    {"refuse_closing", "closing", "working", ROLE_COMMANDER | ROLE_APPROVER, ACT_REASON, OTHER_THAN(WARNING_CLOSING_BY),
     INPUTS(NOTE), RUN(warning_refuse_closing), THEN(warning_set_timer), RESTS_ON(LAW),
     SAYS("send it back to work", "退回")},
    {"call_back", "closed", NULL, WORKERS, 0, BY(WARNING_CALL_BACK_BY), AT(WARNING_CALL_BACK_AT), INPUTS(CALL_BACK),
     RUN(warning_call_back), THEN(warning_call_back_again), RESTS_ON(LAW), SAYS("call back: does it hold", "回访")},
    {"review", "signed|working|not_found|closing|closed", NULL, ROLE_ANALYST | ROLE_COMMANDER, ACT_NO_VERSION,
     BY(WARNING_REVIEW_BY), INPUTS(REVIEW), RUN(warning_review), THEN(warning_reviewed),
     SAYS("review how it was missed, where money had left already", "倒查")},
    {"reopen", "closed", "working", ROLE_COMMANDER, ACT_REASON, INPUTS(NOTE), RUN(warning_reopen),
     THEN(warning_set_timer), RESTS_ON(LAW), SAYS("work on it again", "重新劝阻")},
    {"step", "new|signed|working", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(warning_step), THEN(warning_set_timer),
     RESTS_ON(LAW), SAYS("nobody did what was due: the next channel, or the unit above", "逾期升级渠道或上报")},
    {"call_back_due", "closed", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(warning_call_back_due), RESTS_ON(LAW),
     SAYS("the call-back is due", "回访到期")},
    {"review_due", "signed|working|not_found|closing|closed", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(warning_review_due),
     SAYS("the review is overdue", "倒查逾期")},
    {"evidence_withdrawn", "*", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, INPUTS(NOTE), RUN(evidence_withdrawn),
     RESTS_ON("个人信息保护法 Art. 8"),
     SAYS("a signal that it rests on was withdrawn with its import", "所依据的信号已随导入撤回")},
};

static const desk_child CHILDREN[] = {
    {"attempts", &ATTEMPT_KIND, ATTEMPT_WARNING},
    {"comments", &WARNING_COMMENT_KIND, COMMENT_OF},
};
static const uint8_t SEARCHED[] = {WARNING_VICTIM, WARNING_NAME, WARNING_PHONE, WARNING_REFERENCE, NO_FIELD};
const desk_kind WARNING_KIND = {
    .table = &TABLE,
    .name = "warning",
    .collection = "warnings",
    .readers = ROLES_OFFICERS | ROLE_OUTREACH | ROLE_AUDITOR | ROLE_PARTNER,
    .prefix = "W",
    .state = SOME(WARNING_STATE),
    .due = SOME(WARNING_DUE),
    .assignee = SOME(WARNING_ASSIGNEE),
    .district = SOME(WARNING_DISTRICT),
    .station = SOME(WARNING_STATION),
    .institution = SOME(WARNING_INSTITUTION),
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
    .search = SEARCHED,
};
