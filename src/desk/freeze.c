/* Freeze (冻结), 公安机关办理刑事案件程序规定 Arts. 174, 239–247: only in a filed case, approved at county level or
 * above, six months at a time (a year in a major case, approved by the city), renewed before it ends or lifted by
 * itself, never twice by us on one account; behind another authority's freeze it waits (轮候冻结).
 *
 *   proposed ─approve→ approved ─confirm→ frozen ⇄ renewing        frozen ─lapse (clock)→ lapsed
 *       │refuse            │queue→ queued ─promote→ frozen          frozen ─find_unrelated→ unrelated ┐
 *                          │             ─leave_queue→ released                                      │
 *                          │mismatch│fail                           frozen ─release_propose→ releasing┴→ released */
#include "desk/case_gate.h"
#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/institution.h"
#include "desk/order.h"
#include "desk/order_bank.h"
#include "desk/timer.h"

#define PROCEDURE "公安机关办理刑事案件程序规定"

static const char STATES[] =
    "proposed|refused|approved|queued|frozen|renewing|unrelated|releasing|mismatched|failed|lapsed|released";

static const record_field FIELDS[FREEZE_FIELDS] = {
    [FREEZE_ACCOUNT] = {"account", FIELD_KEY, SECRECY_KEY, FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .en = "account",
                        .zh = "账号"},
    [FREEZE_INSTITUTION] = {"institution", FIELD_TEXT, .flags = FIELD_FILTER, .bytes_max = 64, .en = "bank",
                            .zh = "开户机构"},
    [FREEZE_HOLDER] = {"holder", FIELD_TEXT, SECRECY_NAME, .bytes_max = 200, .en = "account holder", .zh = "户名"},
    [FREEZE_SCOPE] = {"scope", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = "amount|full",
                      .en = "scope; an amount (01) or the whole account (02)",
                      .zh = "冻结方式；限额（01）或全额（02）"},
    [FREEZE_AMOUNT] = {"amount_fen", FIELD_MONEY, .en = "amount requested", .zh = "申请冻结金额"},
    [FREEZE_CASE] = {"case", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .target = "case",
                     .en = "filed case", .zh = "已立案案件"},
    [FREEZE_MAJOR] = {"major", FIELD_BOOLEAN, .en = "major and complex; a year, approved by the city",
                      .zh = "重大、复杂案件；期限一年，市级审批"},
    [FREEZE_REASON] = {"reason", FIELD_TEXT, SECRECY_WORDS, FIELD_REQUIRED, .en = "reason", .zh = "冻结原因"},
    [FREEZE_REMEDY] = {"remedy", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "legal remedy", .zh = "救济途径"},
    [FREEZE_APPEAL] = {"appeal", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "appeal authority", .zh = "申诉渠道"},
    [FREEZE_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER, .codes = STATES,
                      .en = "state", .zh = "状态"},
    [FREEZE_DUE] = {"due", FIELD_TIME, .flags = FIELD_SERVER, .en = "due", .zh = "时限"},
    [FREEZE_DISTRICT] = {"district", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                         .en = "district", .zh = "县区"},
    [FREEZE_STATION] = {"station", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                        .en = "station", .zh = "派出所"},
    [FREEZE_PROPOSED_BY] = {"proposed_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user",
                            .en = "proposed by", .zh = "呈请人"},
    [FREEZE_APPROVED_BY] = {"approved_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "decided by",
                            .zh = "审批人"},
    [FREEZE_APPROVED_AT] = {"approved_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "decided", .zh = "审批时间"},
    [FREEZE_EFFECTIVE_AT] = {"frozen_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "frozen", .zh = "冻结时间"},
    [FREEZE_EXPIRES_AT] = {"expires_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "expires", .zh = "冻结到期"},
    [FREEZE_ENDED_AT] = {"ended_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "ended", .zh = "结束时间"},
    [FREEZE_RENEWALS] = {"renewals", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "renewals", .zh = "续冻次数"},
    [FREEZE_RENEWAL_MONTHS] = {"renewal_months", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "renewal term (months)",
                               .zh = "续冻月数"},
    [FREEZE_RENEWAL_BY] = {"renewal_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user",
                           .en = "renewal requested by", .zh = "续冻呈请人"},
    [FREEZE_RENEWAL_APPROVED_BY] = {"renewal_approved_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user",
                                    .en = "renewal decided by", .zh = "续冻审批人"},
    [FREEZE_EXECUTED] = {"executed_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "amount frozen",
                         .zh = "实际冻结金额"},
    [FREEZE_AVAILABLE] = {"available_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "available balance",
                          .zh = "可用余额"},
    [FREEZE_RETURNED] = {"returned_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "returned to victims",
                         .zh = "已返还金额"},
    [FREEZE_PRIOR] = {"prior_authority", FIELD_TEXT, .flags = FIELD_SERVER, .bytes_max = 200,
                      .en = "prior freezing authority", .zh = "在先冻结机关"},
    [FREEZE_RESULT_CODE] = {"result_code", FIELD_TEXT, .flags = FIELD_SERVER, .bytes_max = 16,
                            .en = "bank's result code", .zh = "反馈代码"},
    [FREEZE_RESULT] = {"result", FIELD_TEXT, SECRECY_WORDS, FIELD_SERVER, .en = "bank's reply", .zh = "反馈说明"},
    [FREEZE_UNRELATED_AT] = {"unrelated_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "found unrelated",
                             .zh = "查明无关时间"},
    [FREEZE_RELEASE_BY] = {"release_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user",
                           .en = "release requested by", .zh = "解除呈请人"},
    [FREEZE_RELEASE_REASON] = {"release_reason", FIELD_TEXT, SECRECY_WORDS, FIELD_SERVER, .en = "reason for release",
                               .zh = "解除原因"},
    [FREEZE_RELEASE_APPROVED_BY] = {"release_approved_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user",
                                    .en = "release decided by", .zh = "解除审批人"},
    [FREEZE_OWNER_TOLD_AT] = {"owner_told_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "owner notified",
                              .zh = "通知所有人时间"},
    [FREEZE_LATE] = {"late", FIELD_BOOLEAN, .flags = FIELD_SERVER, .en = "overdue", .zh = "超时"},
};

static const record_index INDEXES[] = {
    {false, {FREEZE_ACCOUNT, FREEZE_STATE, RECORD_END, RECORD_END}},
    {false, {FREEZE_STATE, FREEZE_DUE, RECORD_END, RECORD_END}},
    {false, {FREEZE_DISTRICT, FREEZE_STATE, FREEZE_DUE, RECORD_END}},
    {false, {FREEZE_STATION, FREEZE_STATE, FREEZE_DUE, RECORD_END}},
    {false, {FREEZE_INSTITUTION, FREEZE_STATE, FREEZE_DUE, RECORD_END}},
    {false, {FREEZE_CASE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {FREEZE_DUE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {FREEZE_EXPIRES_AT, RECORD_END, RECORD_END, RECORD_END}},
    {false, {FREEZE_STATE, FREEZE_EXPIRES_AT, RECORD_END, RECORD_END}},
    {false, {FREEZE_DISTRICT, FREEZE_STATE, FREEZE_EXPIRES_AT, RECORD_END}},
    {false, {FREEZE_STATION, FREEZE_STATE, FREEZE_EXPIRES_AT, RECORD_END}},
    {false, {FREEZE_INSTITUTION, FREEZE_STATE, FREEZE_EXPIRES_AT, RECORD_END}},
    {false, {FREEZE_EFFECTIVE_AT, FREEZE_EXECUTED, RECORD_END, RECORD_END}}, /* what bulletins count */
};
static const record_table TABLE = {"freeze", FIELDS,    FREEZE_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES,
                                   false,    "freezes", "冻结"};

static const record_field PROPOSE[] = {
    {"account", FIELD_KEY, .flags = FIELD_REQUIRED, .en = "account", .zh = "账号"},
    {"institution", FIELD_TEXT, .bytes_max = 64, .en = "bank", .zh = "开户机构"},
    {"holder", FIELD_TEXT, .bytes_max = 200, .en = "account holder", .zh = "户名"},
    {"scope", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = "amount|full",
     .en = "scope; an amount or the whole account", .zh = "冻结方式；限额或全额"},
    {"amount_fen", FIELD_MONEY, .flags = FIELD_POSITIVE, .en = "amount requested", .zh = "申请冻结金额"},
    {"case", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "case", .en = "filed case", .zh = "已立案案件"},
    {"major", FIELD_BOOLEAN, .en = "major and complex", .zh = "重大、复杂案件"},
    {"reason", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "reason", .zh = "冻结原因"},
    {"remedy", FIELD_TEXT, .en = "legal remedy; none: the standard words", .zh = "救济途径；不填用标准表述"},
    {"appeal", FIELD_TEXT, .en = "appeal authority; none: the standard words", .zh = "申诉渠道；不填用标准表述"},
};
static const record_field NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};
static const record_field CONFIRM[] = {
    {"frozen_at", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "frozen", .zh = "冻结时间"},
    {"executed_fen", FIELD_MONEY, .flags = FIELD_REQUIRED, .en = "amount frozen", .zh = "实际冻结金额"},
    {"available_fen", FIELD_MONEY, .en = "available balance", .zh = "可用余额"},
    {"result_code", FIELD_TEXT, .bytes_max = 16, .en = "bank's result code", .zh = "反馈代码"},
    {"result", FIELD_TEXT, .en = "bank's reply", .zh = "反馈说明"},
};
static const record_field QUEUE[] = {
    {"prior_authority", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "prior freezing authority",
     .zh = "在先冻结机关"},
    {"result_code", FIELD_TEXT, .bytes_max = 16, .en = "bank's result code", .zh = "反馈代码"},
};
static const record_field ANSWER[] = {
    {"result_code", FIELD_TEXT, .bytes_max = 16, .en = "bank's result code", .zh = "反馈代码"},
    {"result", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "bank's reply", .zh = "反馈说明"},
};
static const record_field RENEW[] = {
    {"renewal_months", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "renewal term (months)", .zh = "续冻月数"},
    {"note", FIELD_TEXT, .en = "note", .zh = "说明"},
};
static const record_field RETURN_PART[] = {
    {"part_fen", FIELD_MONEY, .flags = FIELD_REQUIRED | FIELD_POSITIVE, .en = "amount returned", .zh = "返还金额"},
};
static const record_field RELEASE[] = {
    {"release_reason", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "reason for release", .zh = "解除原因"},
};

/* ---- no second freeze ---- */

/* States in which our freeze of the account stands, or is about to. */
static const record_value STANDING[] = {
    {.text = {"proposed", 8}}, {.text = {"approved", 8}},  {.text = {"queued", 6}},    {.text = {"frozen", 6}},
    {.text = {"renewing", 8}}, {.text = {"unrelated", 9}}, {.text = {"releasing", 9}},
};

static sluice_result check_single(desk_command *c, const record *r) {
    record_value names[ORDER_NAMES];
    record *rows = NULL;
    size_t count = 0, name_count = 0;
    sluice_result result = order_account_names(c, r->values[FREEZE_ACCOUNT].text, names, &name_count);
    query_term terms[2] = {{FREEZE_ACCOUNT, QUERY_IN, value_null(), names, name_count},
                           {FREEZE_STATE, QUERY_IN, value_null(), STANDING, sizeof STANDING / sizeof *STANDING}};
    record_query query = {.table = &TABLE, .terms = terms, .term_count = 2, .order = QUERY_ID, .limit = 4};
    result = result == SLUICE_OK ? store_select(c->desk->store, &query, c->arena, &rows, &count, c->error) : result;
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        if (rows[i].id != r->id) {
            return error_set(c->error, SLUICE_E_STATE,
                             "freeze %lld of this account stands already (%.*s): no double freeze (%s Art. 240); renew "
                             "that one",
                             (long long)rows[i].id, TEXT_ARGS(rows[i].values[FREEZE_STATE].text), PROCEDURE);
        }
    }
    return result;
}

/* The term: six months, or twelve in a major case. */
static sluice_result term_of(desk_command *c, const record *r, int64_t *months_out) {
    bool major = !r->values[FREEZE_MAJOR].is_null && r->values[FREEZE_MAJOR].integer != 0;
    return dated_number(c, "months", major ? "freeze_major" : "freeze", months_out);
}

static bool is_major(const record *r) {
    return !r->values[FREEZE_MAJOR].is_null && r->values[FREEZE_MAJOR].integer != 0;
}

static sluice_result require_level(desk_command *c, const record *r) {
    if (is_major(r) && c->actor->level != LEVEL_CITY && (c->actor->roles & ROLE_SYSTEM) == 0) {
        return error_set(c->error, SLUICE_E_FORBIDDEN,
                         "a freeze of a year in a major case is approved at city level (%s Art. 243)", PROCEDURE);
    }
    return SLUICE_OK;
}

/* ---- acts ---- */

static sluice_result propose(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    institution_complete(c, r->values[FREEZE_ACCOUNT].text, &r->values[FREEZE_INSTITUTION]);
    if (r->values[FREEZE_REMEDY].is_null) {
        r->values[FREEZE_REMEDY] =
            value_text(TEXT("账户所有人可向作出冻结决定的公安机关提交与案件无关的证明，查明无关的三日内解除。"));
    }
    if (r->values[FREEZE_APPEAL].is_null) {
        r->values[FREEZE_APPEAL] =
            value_text(TEXT("向作出决定的公安机关申诉、控告，或向人民检察院申诉（刑事诉讼法第一百一十七条）"));
    }
    bool by_amount = text_equal(r->values[FREEZE_SCOPE].text, TEXT("amount"));
    if (by_amount && r->values[FREEZE_AMOUNT].is_null) {
        return desk_fault_add(c, "amount_fen", "the amount is required when the scope is amount");
    }
    sluice_result result = case_require_filed(c, r->values[FREEZE_CASE].integer);
    result = result == SLUICE_OK ? check_single(c, r) : result;
    return result == SLUICE_OK ? order_scope(c, r, NO_FIELD, FREEZE_CASE, FREEZE_DISTRICT, FREEZE_STATION) : result;
}

static sluice_result approve(desk_command *c, record *r, const desk_input *in) {
    int64_t answer_ms = 0;
    (void)in;
    sluice_result result = require_level(c, r);
    result = result == SLUICE_OK ? case_require_filed(c, r->values[FREEZE_CASE].integer) : result;
    result = result == SLUICE_OK ? check_single(c, r) : result;
    result = result == SLUICE_OK ? dated_number(c, "duration", "order_answer", &answer_ms) : result;
    r->values[FREEZE_DUE] = value_integer(c->now_ms + answer_ms);
    return result == SLUICE_OK ? timer_set(c, &FREEZE_KIND, r->id, "no_answer", c->now_ms + answer_ms) : result;
}

/* Sets the expiry and what the clock does about it. */
static sluice_result set_expiry(desk_command *c, record *r, int64_t expires_ms) {
    int64_t alarm_ms = 0;
    sluice_result result = dated_number(c, "duration", "freeze_alarm", &alarm_ms);
    r->values[FREEZE_EXPIRES_AT] = value_integer(expires_ms);
    r->values[FREEZE_DUE] = value_integer(expires_ms);
    result = result == SLUICE_OK ? timer_clear(c, &FREEZE_KIND, r->id, NULL) : result;
    result = result == SLUICE_OK ? timer_set(c, &FREEZE_KIND, r->id, "lapse", expires_ms) : result;
    return result == SLUICE_OK && expires_ms - alarm_ms > c->now_ms
               ? timer_set(c, &FREEZE_KIND, r->id, "alarm", expires_ms - alarm_ms)
               : result;
}

/* The bank's word: frozen. The term runs from then. */
static sluice_result confirm(desk_command *c, record *r, const desk_input *in) {
    int64_t months = 0;
    record_value *at = &r->values[FREEZE_EFFECTIVE_AT];
    (void)in;
    sluice_result result = order_done_at(c, "frozen_at", r->values[FREEZE_APPROVED_AT].integer, at);
    if (result != SLUICE_OK) {
        return result;
    }
    bool by_amount = text_equal(r->values[FREEZE_SCOPE].text, TEXT("amount"));
    if (by_amount && r->values[FREEZE_EXECUTED].integer > r->values[FREEZE_AMOUNT].integer) {
        return desk_fault_add(c, "executed_fen", "at most the amount applied for, %lld fen, is expected",
                              (long long)r->values[FREEZE_AMOUNT].integer);
    }
    r->values[FREEZE_RETURNED] = value_integer(0);
    r->values[FREEZE_RENEWALS] = value_integer(0);
    result = term_of(c, r, &months);
    return result == SLUICE_OK ? set_expiry(c, r, months_after(at->integer, months)) : result;
}

/* Behind another authority: nothing of it holds, and no term runs, until the bank says that ours took hold. */
static sluice_result queue(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[FREEZE_DUE] = value_null();
    return timer_clear(c, &FREEZE_KIND, r->id, NULL);
}

static sluice_result end(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[FREEZE_ENDED_AT] = value_integer(c->now_ms);
    r->values[FREEZE_DUE] = value_null();
    return r->id == 0 ? SLUICE_OK : timer_clear(c, &FREEZE_KIND, r->id, NULL);
}

static sluice_result late(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[FREEZE_LATE] = value_integer(1);
    return SLUICE_OK;
}

static sluice_result renew_propose(desk_command *c, record *r, const desk_input *in) {
    int64_t months_max = 0;
    (void)in;
    sluice_result result = term_of(c, r, &months_max);
    int64_t months = r->values[FREEZE_RENEWAL_MONTHS].integer;
    if (result == SLUICE_OK && (months < 1 || months > months_max)) {
        return desk_fault_add(c, "renewal_months", "1 to %lld months are expected", (long long)months_max);
    }
    return result == SLUICE_OK ? case_require_filed(c, r->values[FREEZE_CASE].integer) : result;
}

/* The new term begins where the old one ends: a renewal is before the expiry or not at all (desk_act settled the clock
 * before it came here). */
static sluice_result renew_approve(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    sluice_result result = require_level(c, r);
    result = result == SLUICE_OK ? case_require_filed(c, r->values[FREEZE_CASE].integer) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    r->values[FREEZE_RENEWALS].integer++;
    return set_expiry(c, r,
                      months_after(r->values[FREEZE_EXPIRES_AT].integer, r->values[FREEZE_RENEWAL_MONTHS].integer));
}

static sluice_result find_unrelated(desk_command *c, record *r, const desk_input *in) {
    int64_t within_ms = 0;
    (void)in;
    sluice_result result = dated_number(c, "duration", "unrelated_release", &within_ms);
    int64_t due = c->now_ms + within_ms;
    r->values[FREEZE_DUE] =
        value_integer(due < r->values[FREEZE_EXPIRES_AT].integer ? due : r->values[FREEZE_EXPIRES_AT].integer);
    return result == SLUICE_OK ? timer_set(c, &FREEZE_KIND, r->id, "overdue", due) : result;
}

/* A return was executed; the rest stays frozen to the original expiry (银监发〔2016〕41号). */
static sluice_result return_part(desk_command *c, record *r, const desk_input *in) {
    int64_t returned = in->values[0].integer;
    if (returned > r->values[FREEZE_EXECUTED].integer - r->values[FREEZE_RETURNED].integer) {
        return error_set(c->error, SLUICE_E_STATE, "more would be returned than is frozen");
    }
    r->values[FREEZE_RETURNED].integer += returned;
    return SLUICE_OK;
}

static const unsigned PROPOSERS = ROLE_INVESTIGATOR | ROLE_ANALYST | ROLE_COMMANDER;
static const unsigned DECIDERS = ROLE_APPROVER | ROLE_COMMANDER;
static const unsigned ANSWERERS = ROLE_PARTNER | ROLE_DUTY | ROLE_INVESTIGATOR | ROLE_COMMANDER;

static const desk_act_row ACTS[] = {
    {"propose", NULL, "proposed", PROPOSERS, 0, BY(FREEZE_PROPOSED_BY), INPUTS(PROPOSE), RUN(propose),
     RESTS_ON(PROCEDURE " Arts. 174, 239: in a filed case"), SAYS("propose a freeze", "呈请冻结")},
    {"approve", "proposed", "approved", DECIDERS, ACT_DISTRICT, OTHER_THAN(FREEZE_PROPOSED_BY), BY(FREEZE_APPROVED_BY),
     AT(FREEZE_APPROVED_AT), INPUTS(NOTE), RUN(approve), THEN(freeze_send),
     RESTS_ON(PROCEDURE " Art. 239: approved by a county-level head"),
     SAYS("approve it: the order goes to the bank", "批准冻结")},
    {"refuse", "proposed", "refused", DECIDERS, ACT_DISTRICT | ACT_REASON, BY(FREEZE_APPROVED_BY),
     AT(FREEZE_APPROVED_AT), INPUTS(NOTE), RUN(end), SAYS("refuse it", "不批准")},
    {"confirm", "approved", "frozen", ANSWERERS, ACT_PARTNER_OWN, INPUTS(CONFIRM), RUN(confirm),
     RESTS_ON(PROCEDURE " Art. 243: six months, a year in a major case"), SAYS("the bank froze it", "银行已冻结")},
    {"queue", "approved", "queued", ANSWERERS, ACT_PARTNER_OWN, INPUTS(QUEUE), RUN(queue),
     RESTS_ON(PROCEDURE " Art. 240: frozen already, may wait in line"),
     SAYS("another authority froze it before", "轮候冻结")},
    {"promote", "queued", "frozen", ANSWERERS, ACT_PARTNER_OWN, INPUTS(CONFIRM), RUN(confirm),
     RESTS_ON(PROCEDURE " Art. 240"), SAYS("the freeze before it ended: ours took hold", "轮候生效")},
    {"leave_queue", "queued", "released", DECIDERS, ACT_DISTRICT, BY(FREEZE_RELEASE_APPROVED_BY), AT(FREEZE_ENDED_AT),
     INPUTS(RELEASE), RUN(end), THEN(freeze_send_release), RESTS_ON(PROCEDURE " Art. 247"),
     SAYS("give up its place in line", "撤销轮候冻结")},
    {"mismatch", "approved", "mismatched", ANSWERERS, ACT_PARTNER_OWN, INPUTS(ANSWER), RUN(end),
     SAYS("the bank found a mismatch", "银行反馈信息不符")},
    {"fail", "approved|queued", "failed", ANSWERERS, ACT_PARTNER_OWN, INPUTS(ANSWER), RUN(end),
     SAYS("the bank could not do it", "银行未能办理")},
    {"no_answer", "approved", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(late),
     SAYS("the bank did not answer in time", "银行反馈超时")},
    {"alarm", "frozen|renewing", NULL, ROLE_SYSTEM, ACT_BY_CLOCK,
     SAYS("it ends soon: renew it or let it end", "冻结即将到期")},
    {"lapse", "frozen|renewing|unrelated|releasing", "lapsed", ROLE_SYSTEM, ACT_BY_CLOCK, AT(FREEZE_ENDED_AT), RUN(end),
     RESTS_ON(PROCEDURE " Art. 243: not renewed in time, lifted by itself"), SAYS("its term is over", "到期自动解除")},
    {"renew_propose", "frozen", "renewing", PROPOSERS, ACT_REASON, BY(FREEZE_RENEWAL_BY), INPUTS(RENEW),
     RUN(renew_propose), RESTS_ON(PROCEDURE " Art. 243: each renewal at most as long"),
     SAYS("propose a renewal", "呈请续冻")},
    {"renew_approve", "renewing", "frozen", DECIDERS, ACT_DISTRICT, OTHER_THAN(FREEZE_RENEWAL_BY),
     BY(FREEZE_RENEWAL_APPROVED_BY), INPUTS(NOTE), RUN(renew_approve), THEN(freeze_send_extension),
     RESTS_ON(PROCEDURE " Art. 243"), SAYS("renew it", "批准续冻")},
    {"renew_refuse", "renewing", "frozen", DECIDERS, ACT_DISTRICT | ACT_REASON, BY(FREEZE_RENEWAL_APPROVED_BY),
     INPUTS(NOTE), SAYS("do not renew it", "不续冻")},
    {"find_unrelated", "frozen|renewing", "unrelated", PROPOSERS, ACT_REASON, BY(FREEZE_RELEASE_BY),
     AT(FREEZE_UNRELATED_AT), INPUTS(NOTE), RUN(find_unrelated),
     RESTS_ON(PROCEDURE " Art. 247: released within three days, the owner told"),
     SAYS("it is unrelated to the case", "查明与案件无关")},
    {"overdue", "unrelated", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(late), RESTS_ON(PROCEDURE " Art. 247"),
     SAYS("not released within three days", "逾期未解除")},
    {"release_propose", "frozen", "releasing", PROPOSERS, 0, BY(FREEZE_RELEASE_BY), INPUTS(RELEASE),
     RESTS_ON(PROCEDURE " Art. 247"), SAYS("propose its release", "呈请解除冻结")},
    {"release_refuse", "releasing", "frozen", DECIDERS, ACT_DISTRICT | ACT_REASON, INPUTS(NOTE),
     SAYS("keep the freeze", "不解除")},
    {"release_approve", "releasing|unrelated", "released", DECIDERS, ACT_DISTRICT, OTHER_THAN(FREEZE_RELEASE_BY),
     BY(FREEZE_RELEASE_APPROVED_BY), AT(FREEZE_ENDED_AT), INPUTS(NOTE), RUN(end), THEN(freeze_send_release),
     RESTS_ON(PROCEDURE " Art. 247"), SAYS("release it", "批准解除冻结")},
    {"tell_owner", "released|lapsed", NULL, PROPOSERS | ROLE_DUTY, 0, AT(FREEZE_OWNER_TOLD_AT), INPUTS(NOTE),
     RESTS_ON(PROCEDURE " Art. 247: its owner is told"), SAYS("its owner was told", "通知所有人")},
    {"return_part", "frozen|renewing|unrelated|releasing|lapsed|released", NULL, ROLE_SYSTEM, ACT_BY_CLOCK,
     INPUTS(RETURN_PART), RUN(return_part),
     RESTS_ON("银监发〔2016〕41号: the rest stays frozen to the original expiry"),
     SAYS("part of it was returned to victims", "部分返还")},
    {"lift", "proposed|approved|queued|frozen|renewing|unrelated|releasing", "released", ROLE_SYSTEM, ACT_BY_CLOCK,
     AT(FREEZE_ENDED_AT), INPUTS(RELEASE), RUN(end), THEN(freeze_send_release),
     RESTS_ON("反电信网络诈骗法 Art. 32: an upheld appeal lifts at once"),
     SAYS("an appeal was upheld: lifted at once", "申诉成立，立即解除")},
};

static const uint8_t SEARCHED[] = {FREEZE_ACCOUNT, FREEZE_HOLDER, NO_FIELD};
const desk_kind FREEZE_KIND = {
    .table = &TABLE,
    .name = "freeze",
    .collection = "freezes",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR | ROLE_PARTNER,
    .prefix = "D",
    .state = SOME(FREEZE_STATE),
    .due = SOME(FREEZE_DUE),
    .district = SOME(FREEZE_DISTRICT),
    .station = SOME(FREEZE_STATION),
    .institution = SOME(FREEZE_INSTITUTION),
    ACTS_OF(ACTS),
    .search = SEARCHED,
};
