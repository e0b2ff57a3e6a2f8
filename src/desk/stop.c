/* Stop payment (止付), 银发〔2016〕86号: 48 hours from the stop, at most two of one account, never on a mismatch.
 *
 *   proposed ─approve→ approved ─confirm→ stopped ─lapse (clock)→ lapsed
 *       │refuse             │mismatch│fail     │release_propose → releasing ─release_approve→ released
 *
 * An account's stops are counted where they are proposed, approved and confirmed, so that two officers who propose at
 * the same time cannot make three. What counts: every stop that took hold or still may. */
#include "base/time.h"
#include "desk/case_gate.h"
#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/institution.h"
#include "desk/order.h"
#include "desk/order_bank.h"
#include "desk/reach.h"
#include "desk/timer.h"

#define LAW "银发〔2016〕86号"
#define REMEDY_LAW "反电信网络诈骗法 Art. 32"

static const record_field FIELDS[STOP_FIELDS] = {
    [STOP_ACCOUNT] = {"account", FIELD_KEY, SECRECY_KEY, FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .en = "account",
                      .zh = "账号"},
    [STOP_INSTITUTION] = {"institution", FIELD_TEXT, .flags = FIELD_FILTER, .bytes_max = 64, .en = "bank",
                          .zh = "开户机构"},
    [STOP_HOLDER] = {"holder", FIELD_TEXT, SECRECY_NAME, .bytes_max = 200, .en = "account holder", .zh = "户名"},
    [STOP_AMOUNT] = {"amount_fen", FIELD_MONEY, .en = "victim's funds", .zh = "涉案金额"},
    [STOP_FROM] = {"from", FIELD_KEY, SECRECY_KEY, .en = "paying account", .zh = "转出账号"},
    [STOP_TRANSFER] = {"transfer", FIELD_TEXT, .bytes_max = 200, .en = "transaction no.", .zh = "交易流水号"},
    [STOP_TIME] = {"transfer_at", FIELD_TIME, .en = "paid", .zh = "转账时间"},
    [STOP_LAYER] = {"layer", FIELD_INTEGER, .flags = FIELD_FILTER, .en = "layer", .zh = "层级"},
    [STOP_REACHABLE] = {"reachable_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "reachable amount",
                        .zh = "可止付金额"},
    [STOP_URGENCY] = {"urgency", FIELD_CODE, .codes = "normal|urgent", .en = "urgency", .zh = "紧急程度"},
    [STOP_REASON] = {"reason", FIELD_TEXT, SECRECY_WORDS, FIELD_REQUIRED, .en = "reason", .zh = "止付原因"},
    [STOP_REMEDY] = {"remedy", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "legal remedy", .zh = "救济途径"},
    [STOP_APPEAL] = {"appeal", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "appeal authority", .zh = "申诉渠道"},
    [STOP_REPORT] = {"report", FIELD_REFERENCE, .flags = FIELD_FILTER, .target = "report", .en = "report",
                     .zh = "警情"},
    [STOP_CASE] = {"case", FIELD_REFERENCE, .flags = FIELD_FILTER, .target = "case", .en = "case", .zh = "案件"},
    [STOP_WARNING] = {"warning", FIELD_REFERENCE, .flags = FIELD_FILTER, .target = "warning", .en = "warning",
                      .zh = "预警"},
    [STOP_TURN] = {"turn", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "turn; first or second stop of the account",
                   .zh = "第几次止付"},
    [STOP_EXTENDS] = {"extends", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "stop", .en = "extends",
                      .zh = "延续的止付"},
    [STOP_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                    .codes = "proposed|refused|approved|stopped|releasing|mismatched|failed|lapsed|released",
                    .en = "state", .zh = "状态"},
    [STOP_DUE] = {"due", FIELD_TIME, .flags = FIELD_SERVER, .en = "due", .zh = "时限"},
    [STOP_DISTRICT] = {"district", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                       .en = "district", .zh = "县区"},
    [STOP_STATION] = {"station", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                      .en = "station", .zh = "派出所"},
    [STOP_PROPOSED_BY] = {"proposed_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "proposed by",
                          .zh = "呈请人"},
    [STOP_APPROVED_BY] = {"approved_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "decided by",
                          .zh = "审批人"},
    [STOP_APPROVED_AT] = {"approved_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "decided", .zh = "审批时间"},
    [STOP_EFFECTIVE_AT] = {"stopped_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "stopped", .zh = "止付时间"},
    [STOP_EXPIRES_AT] = {"expires_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "expires", .zh = "止付到期"},
    [STOP_ENDED_AT] = {"ended_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "ended", .zh = "结束时间"},
    [STOP_RESULT_CODE] = {"result_code", FIELD_TEXT, .flags = FIELD_SERVER, .bytes_max = 16, .en = "bank's result code",
                          .zh = "反馈代码"},
    [STOP_RESULT] = {"result", FIELD_TEXT, SECRECY_WORDS, FIELD_SERVER, .en = "bank's reply", .zh = "反馈说明"},
    [STOP_BALANCE] = {"balance_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "balance before stop",
                      .zh = "止付前余额"},
    [STOP_RELEASE_BY] = {"release_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user",
                         .en = "release requested by", .zh = "解除呈请人"},
    [STOP_RELEASE_REASON] = {"release_reason", FIELD_TEXT, SECRECY_WORDS, FIELD_SERVER, .en = "reason for release",
                             .zh = "解除原因"},
    [STOP_RELEASE_APPROVED_BY] = {"release_approved_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user",
                                  .en = "release decided by", .zh = "解除审批人"},
    [STOP_LATE] = {"late", FIELD_BOOLEAN, .flags = FIELD_SERVER, .en = "bank overdue", .zh = "反馈超时"},
};

static const record_index INDEXES[] = {
    {false, {STOP_ACCOUNT, STOP_STATE, RECORD_END, RECORD_END}},
    {false, {STOP_STATE, STOP_DUE, RECORD_END, RECORD_END}},
    {false, {STOP_STATE, STOP_REACHABLE, RECORD_END, RECORD_END}},
    {false, {STOP_DISTRICT, STOP_STATE, STOP_DUE, RECORD_END}},
    {false, {STOP_DISTRICT, STOP_STATE, STOP_REACHABLE, RECORD_END}},
    {false, {STOP_STATION, STOP_STATE, STOP_DUE, RECORD_END}},
    {false, {STOP_INSTITUTION, STOP_STATE, STOP_DUE, RECORD_END}},
    {false, {STOP_REPORT, RECORD_END, RECORD_END, RECORD_END}},
    {false, {STOP_CASE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {STOP_DUE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {STOP_EXPIRES_AT, RECORD_END, RECORD_END, RECORD_END}},
    {false, {STOP_STATE, STOP_EXPIRES_AT, RECORD_END, RECORD_END}},
    {false, {STOP_DISTRICT, STOP_STATE, STOP_EXPIRES_AT, RECORD_END}},
    {false, {STOP_STATION, STOP_STATE, STOP_EXPIRES_AT, RECORD_END}},
    {false, {STOP_INSTITUTION, STOP_STATE, STOP_EXPIRES_AT, RECORD_END}},
    {false, {STOP_EFFECTIVE_AT, STOP_EXTENDS, STOP_BALANCE, STOP_ACCOUNT}}, /* what bulletins count */
    {false, {STOP_REACHABLE, RECORD_END, RECORD_END, RECORD_END}},
};
static const record_table TABLE = {"stop", FIELDS,          STOP_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES,
                                   false,  "stop payments", "止付"};

static const record_field PROPOSE[] = {
    {"account", FIELD_KEY, .flags = FIELD_REQUIRED, .en = "account", .zh = "账号"},
    {"institution", FIELD_TEXT, .bytes_max = 64, .en = "bank", .zh = "开户机构"},
    {"holder", FIELD_TEXT, .bytes_max = 200, .en = "account holder", .zh = "户名"},
    {"amount_fen", FIELD_MONEY, .flags = FIELD_POSITIVE, .en = "victim's funds", .zh = "涉案金额"},
    {"from", FIELD_KEY, .en = "paying account", .zh = "转出账号"},
    {"transfer", FIELD_TEXT, .bytes_max = 200, .en = "transaction no.", .zh = "交易流水号"},
    {"transfer_at", FIELD_TIME, .en = "paid", .zh = "转账时间"},
    {"layer", FIELD_INTEGER, .en = "layer", .zh = "层级"},
    {"urgency", FIELD_CODE, .codes = "normal|urgent", .en = "urgency", .zh = "紧急程度"},
    {"reason", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "reason", .zh = "止付原因"},
    {"remedy", FIELD_TEXT, .en = "legal remedy; none: the standard words", .zh = "救济途径；不填用标准表述"},
    {"appeal", FIELD_TEXT, .en = "appeal authority; none: the standard words", .zh = "申诉渠道；不填用标准表述"},
    {"report", FIELD_REFERENCE, .target = "report", .en = "report", .zh = "警情"},
    {"case", FIELD_REFERENCE, .target = "case", .en = "case", .zh = "案件"},
    {"warning", FIELD_REFERENCE, .target = "warning", .en = "warning", .zh = "预警"},
};
static const record_field NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};
static const record_field ADDRESS[] = {
    {"institution", FIELD_TEXT, .bytes_max = 64, .en = "bank", .zh = "开户机构"},
    {"holder", FIELD_TEXT, .bytes_max = 200, .en = "account holder", .zh = "户名"},
};
static const record_field CONFIRM[] = {
    {"stopped_at", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "stopped", .zh = "止付时间"},
    {"balance_fen", FIELD_MONEY, .en = "balance before stop", .zh = "止付前余额"},
    {"result_code", FIELD_TEXT, .bytes_max = 16, .en = "bank's result code", .zh = "反馈代码"},
    {"result", FIELD_TEXT, .en = "bank's reply", .zh = "反馈说明"},
};
static const record_field ANSWER[] = {
    {"result_code", FIELD_TEXT, .bytes_max = 16, .en = "bank's result code", .zh = "反馈代码"},
    {"result", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "bank's reply", .zh = "反馈说明"},
};
static const record_field RELEASE[] = {
    {"release_reason", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "reason for release", .zh = "解除原因"},
};

/* ---- the cap ---- */

static const record_value COUNTED[] = {
    {.text = {"proposed", 8}},  {.text = {"approved", 8}}, {.text = {"stopped", 7}},
    {.text = {"releasing", 9}}, {.text = {"lapsed", 6}},   {.text = {"released", 8}},
};

sluice_result stop_count(desk_command *c, sluice_text account, int64_t *count_out) {
    record_value names[ORDER_NAMES];
    size_t name_count = 0;
    uint64_t count = 0;
    sluice_result result = order_account_names(c, account, names, &name_count);
    query_term terms[2] = {{STOP_ACCOUNT, QUERY_IN, value_null(), names, name_count},
                           {STOP_STATE, QUERY_IN, value_null(), COUNTED, sizeof COUNTED / sizeof *COUNTED}};
    record_query query = {.table = &TABLE, .terms = terms, .term_count = 2};
    result = result == SLUICE_OK ? store_count(c->desk->store, &query, 1000, &count, c->error) : result;
    *count_out = (int64_t)count;
    return result;
}

static const record_value STANDING[] = {
    {.text = {"proposed", 8}}, {.text = {"approved", 8}}, {.text = {"stopped", 7}}, {.text = {"releasing", 9}}};

sluice_result stop_of_report(desk_command *c, int64_t report, sluice_text account, int64_t *stop_out) {
    query_term terms[3] = {{STOP_REPORT, QUERY_EQUAL, value_integer(report), NULL, 0},
                           {STOP_ACCOUNT, QUERY_EQUAL, value_text(account), NULL, 0},
                           {STOP_STATE, QUERY_IN, value_null(), STANDING, sizeof STANDING / sizeof *STANDING}};
    record found;
    sluice_result result = desk_find(c, &TABLE, terms, 3, &found);
    *stop_out = result == SLUICE_OK ? found.id : 0;
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

/* `own`: how many of those counted are this very order (0 when it is being proposed). *others_out: the rest. */
static sluice_result check_cap(desk_command *c, const record *r, int64_t own, int64_t *others_out) {
    int64_t count = 0, cap = 0;
    sluice_result result = stop_count(c, r->values[STOP_ACCOUNT].text, &count);
    *others_out = count - own;
    if (result == SLUICE_OK) {
        result = dated_number(c, "cap", "stops_per_account", &cap);
    }
    if (result == SLUICE_OK && *others_out >= cap) {
        return error_set(c->error, SLUICE_E_STATE,
                         "this account was stopped, or is about to be, %lld times already: %s allows %lld. Have the "
                         "case filed and propose a freeze",
                         (long long)*others_out, LAW, (long long)cap);
    }
    return result;
}

/* ---- acts ---- */

/* Standard words of Art. 32: each restriction states its reason and its remedy. */
static void put_words(record *r) {
    if (r->values[STOP_REMEDY].is_null) {
        r->values[STOP_REMEDY] = value_text(
            TEXT("账户所有人可凭有效身份证件向作出止付决定的公安机关说明情况、提交材料，经核实无涉案的立即解除。"));
    }
    if (r->values[STOP_APPEAL].is_null) {
        r->values[STOP_APPEAL] =
            value_text(TEXT("向作出决定的公安机关提出申诉（反电信网络诈骗法第三十二条）；咨询电话 96110"));
    }
    if (r->values[STOP_URGENCY].is_null) {
        r->values[STOP_URGENCY] = value_text(TEXT("urgent"));
    }
}

static sluice_result propose(desk_command *c, record *r, const desk_input *in) {
    int64_t before = 0, answer_ms = 0;
    (void)in;
    put_words(r);
    institution_complete(c, r->values[STOP_ACCOUNT].text, &r->values[STOP_INSTITUTION]);
    sluice_result result = check_cap(c, r, 0, &before);
    if (result == SLUICE_OK) {
        result = dated_number(c, "duration", "first_layer", &answer_ms);
    }
    r->values[STOP_TURN] = value_integer(before + 1);
    r->values[STOP_DUE] = value_integer(c->now_ms + answer_ms);
    if (result == SLUICE_OK) {
        result = order_scope(c, r, STOP_REPORT, STOP_CASE, STOP_DISTRICT, STOP_STATION);
    }
    if (result == SLUICE_OK) {
        int64_t reachable = 0;
        result = reach_of(c, r->values[STOP_ACCOUNT].text, value_text_or_empty(&r->values[STOP_TRANSFER]),
                          r->values[STOP_AMOUNT].is_null ? 0 : r->values[STOP_AMOUNT].integer, &reachable);
        r->values[STOP_REACHABLE] = value_integer(reachable);
    }
    return result;
}

static sluice_result approve(desk_command *c, record *r, const desk_input *in) {
    int64_t answer_ms = 0, others = 0;
    (void)in;
    sluice_result result = check_cap(c, r, 1, &others);
    if (result == SLUICE_OK) {
        result = dated_number(c, "duration", "order_answer", &answer_ms);
    }
    r->values[STOP_DUE] = value_integer(c->now_ms + answer_ms);
    return result == SLUICE_OK ? timer_set(c, &STOP_KIND, r->id, "no_answer", c->now_ms + answer_ms) : result;
}

/* The bank's word: it matched and was stopped. 48 hours run from the stop, not from when we heard of it. */
static sluice_result confirm(desk_command *c, record *r, const desk_input *in) {
    int64_t term_ms = 0, alarm_ms = 0, others = 0;
    record_value *at = &r->values[STOP_EFFECTIVE_AT];
    (void)in;
    sluice_result result = order_done_at(c, "stopped_at", r->values[STOP_APPROVED_AT].integer, at);
    result = result == SLUICE_OK ? check_cap(c, r, 1, &others) : result;
    if (result == SLUICE_OK) {
        result = dated_number(c, "duration", "stop", &term_ms);
    }
    if (result == SLUICE_OK) {
        result = dated_number(c, "duration", "stop_alarm", &alarm_ms);
    }
    int64_t expires = at->integer + term_ms;
    r->values[STOP_EXPIRES_AT] = value_integer(expires);
    r->values[STOP_DUE] = value_integer(expires);
    result = result == SLUICE_OK ? timer_clear(c, &STOP_KIND, r->id, NULL) : result;
    result = result == SLUICE_OK ? timer_set(c, &STOP_KIND, r->id, "lapse", expires) : result;
    return result == SLUICE_OK && expires - alarm_ms > c->now_ms
               ? timer_set(c, &STOP_KIND, r->id, "alarm", expires - alarm_ms)
               : result;
}

static sluice_result end(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[STOP_ENDED_AT] = value_integer(c->now_ms);
    r->values[STOP_DUE] = value_null();
    return r->id == 0 ? SLUICE_OK : timer_clear(c, &STOP_KIND, r->id, NULL);
}

static sluice_result no_answer(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[STOP_LATE] = value_integer(1);
    return SLUICE_OK;
}

/* The second stop of the account, proposed from the first (message 100105). */
static sluice_result extend(desk_command *c, record *r, const desk_input *in) {
    record next = {0};
    desk_given given[12];
    size_t count = 0;
    static const uint8_t COPIED[] = {STOP_ACCOUNT, STOP_INSTITUTION, STOP_HOLDER, STOP_AMOUNT,
                                     STOP_FROM,    STOP_TRANSFER,    STOP_TIME,   STOP_LAYER,
                                     STOP_REPORT,  STOP_CASE,        STOP_WARNING};
    for (size_t i = 0; i < sizeof COPIED; i++) {
        given[count++] = (desk_given){FIELDS[COPIED[i]].name, r->values[COPIED[i]]};
    }
    given[count++] = (desk_given){"reason", *desk_given_value(in, "note")};
    if (!record_init(&next, &TABLE, c->arena)) {
        return error_no_memory(c->error, sizeof next);
    }
    next.values[STOP_EXTENDS] = value_integer(r->id);
    return desk_act_inside(c, &STOP_KIND, "propose", &next, given, count);
}

/* The other stop of the two, if this one extends it or is extended by it: what was wrong with the one is wrong with the
 * other. */
static sluice_result lift_other(desk_command *c, record *r, const desk_input *in) {
    sluice_text why = in->values[0].text;
    query_term by = {STOP_EXTENDS, QUERY_EQUAL, value_integer(r->id), NULL, 0};
    record_query query = {.table = &TABLE, .terms = &by, .term_count = 1, .order = QUERY_ID, .limit = 10};
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = stop_send_release(c, r, in);
    result = result == SLUICE_OK ? store_select(c->desk->store, &query, c->arena, &rows, &count, c->error) : result;
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        result = order_lift(c, &STOP_KIND, rows[i].id, why);
    }
    return result == SLUICE_OK && !r->values[STOP_EXTENDS].is_null
               ? order_lift(c, &STOP_KIND, r->values[STOP_EXTENDS].integer, why)
               : result;
}

static const unsigned PROPOSERS = ROLE_DUTY | ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER;
static const unsigned DECIDERS = ROLE_APPROVER | ROLE_COMMANDER;
static const unsigned ANSWERERS = ROLE_PARTNER | ROLE_DUTY | ROLE_COMMANDER;

static const desk_act_row ACTS[] = {
    {"propose", NULL, "proposed", PROPOSERS, 0, BY(STOP_PROPOSED_BY), INPUTS(PROPOSE), RUN(propose),
     RESTS_ON("反电信网络诈骗法 Art. 20; " LAW), SAYS("propose a stop payment", "呈请止付")},
    {"address", "proposed", NULL, PROPOSERS, 0, INPUTS(ADDRESS), SAYS("say which bank and holder", "补充开户信息")},
    {"approve", "proposed", "approved", DECIDERS, 0, OTHER_THAN(STOP_PROPOSED_BY), BY(STOP_APPROVED_BY),
     AT(STOP_APPROVED_AT), INPUTS(NOTE), RUN(approve), THEN(stop_send),
     RESTS_ON("反电信网络诈骗法 Art. 20: police decide, banks carry out"),
     SAYS("approve it: the order goes to the bank", "批准止付")},
    {"refuse", "proposed", "refused", DECIDERS, ACT_REASON, BY(STOP_APPROVED_BY), AT(STOP_APPROVED_AT), INPUTS(NOTE),
     RUN(end), SAYS("refuse it", "不批准")},
    {"confirm", "approved", "stopped", ANSWERERS, ACT_PARTNER_OWN, INPUTS(CONFIRM), RUN(confirm),
     RESTS_ON(LAW ": name, account, amount and time match: stopped for 48 hours"),
     SAYS("the bank stopped it", "银行已止付")},
    {"mismatch", "approved", "mismatched", ANSWERERS, ACT_PARTNER_OWN, INPUTS(ANSWER), RUN(end),
     RESTS_ON(LAW ": what does not match must not be stopped"), SAYS("the bank found a mismatch", "银行反馈信息不符")},
    {"fail", "approved", "failed", ANSWERERS, ACT_PARTNER_OWN, INPUTS(ANSWER), RUN(end), RESTS_ON(LAW),
     SAYS("the bank could not do it", "银行未能办理")},
    {"no_answer", "approved", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(no_answer),
     RESTS_ON(LAW ": the result message is immediate"), SAYS("the bank did not answer in time", "银行反馈超时")},
    {"alarm", "stopped|releasing", NULL, ROLE_SYSTEM, ACT_BY_CLOCK,
     SAYS("it ends soon: extend it, or have the case filed and frozen", "止付即将到期")},
    {"lapse", "stopped|releasing", "lapsed", ROLE_SYSTEM, ACT_BY_CLOCK, AT(STOP_ENDED_AT), RUN(end),
     RESTS_ON(LAW ": 48 hours"), SAYS("its 48 hours are over", "止付到期自动解除")},
    {"extend", "stopped|lapsed", NULL, PROPOSERS, ACT_REASON, INPUTS(NOTE), THEN(extend),
     RESTS_ON(LAW ": at most twice"), SAYS("propose the second stop of the account", "呈请再次止付")},
    {"recall", "approved|stopped|releasing|lapsed", NULL, DECIDERS, ACT_REASON, OTHER_THAN(STOP_PROPOSED_BY),
     INPUTS(NOTE), THEN(stop_send_recall), RESTS_ON("ISO 20022 camt.056 FRAD"),
     SAYS("ask the bank to give the payment back for fraud, once", "请求银行撤回欺诈交易")},
    {"release_propose", "stopped", "releasing", PROPOSERS, 0, BY(STOP_RELEASE_BY), INPUTS(RELEASE),
     RESTS_ON("反电信网络诈骗法 Arts. 20, 32"), SAYS("propose its release", "呈请解除止付")},
    {"release_refuse", "releasing", "stopped", DECIDERS, ACT_REASON, INPUTS(NOTE), SAYS("keep the stop", "不解除")},
    {"release_approve", "releasing", "released", DECIDERS, 0, OTHER_THAN(STOP_RELEASE_BY), BY(STOP_RELEASE_APPROVED_BY),
     AT(STOP_ENDED_AT), INPUTS(NOTE), RUN(end), THEN(stop_send_release), RESTS_ON("反电信网络诈骗法 Arts. 20, 32"),
     SAYS("release it", "批准解除止付")},
    {"lift", "stopped|releasing|approved|proposed", "released", ROLE_SYSTEM, ACT_BY_CLOCK, AT(STOP_ENDED_AT),
     INPUTS(RELEASE), RUN(end), THEN(lift_other), RESTS_ON(REMEDY_LAW ": an upheld appeal lifts at once"),
     SAYS("an appeal was upheld: lifted at once", "申诉成立，立即解除")},
};

static const uint8_t SEARCHED[] = {STOP_ACCOUNT, STOP_HOLDER, STOP_TRANSFER, STOP_FROM, NO_FIELD};
const desk_kind STOP_KIND = {
    .table = &TABLE,
    .name = "stop",
    .collection = "stops",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR | ROLE_PARTNER,
    .prefix = "Z",
    .state = SOME(STOP_STATE),
    .due = SOME(STOP_DUE),
    .district = SOME(STOP_DISTRICT),
    .station = SOME(STOP_STATION),
    .institution = SOME(STOP_INSTITUTION),
    ACTS_OF(ACTS),
    .search = SEARCHED,
};
