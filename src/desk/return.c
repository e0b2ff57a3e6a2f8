#include "desk/return.h"

#include "desk/case_gate.h"
#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/order.h"
#include "desk/place.h"
#include "desk/timer.h"

#define LAW "银监发〔2016〕41号"

static const char STATES[] = "drafted|noticed|reviewing|ready|submitted|approved|notified|executed|refused|withdrawn";

static const record_field FIELDS[RETURN_FIELDS] = {
    [RETURN_FREEZE] = {"freeze", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                       .target = "freeze", .en = "freeze", .zh = "冻结"},
    [RETURN_CASE] = {"case", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER, .target = "case",
                     .en = "case", .zh = "案件"},
    [RETURN_ACCOUNT] = {"account", FIELD_KEY, SECRECY_KEY, FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                        .en = "frozen account", .zh = "冻结账号"},
    [RETURN_FROZEN] = {"frozen_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "amount frozen", .zh = "冻结金额"},
    [RETURN_RETURNED] = {"returned_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "amount to return",
                         .zh = "返还金额"},
    [RETURN_HELD] = {"held_fen", FIELD_MONEY, .flags = FIELD_SERVER, .en = "amount that stays frozen",
                     .zh = "继续冻结金额"},
    [RETURN_NOTICE_DAYS] = {"notice_days", FIELD_INTEGER, .flags = FIELD_SERVER, .en = "public notice (days)",
                            .zh = "公告天数"},
    [RETURN_LAW] = {"law", FIELD_TEXT, .flags = FIELD_SERVER, .en = "legal basis", .zh = "依据"},
    [RETURN_LEDGER_SHA256] = {"ledger_sha256", FIELD_TEXT, .flags = FIELD_SERVER, .bytes_max = 64,
                              .en = "ledger SHA-256", .zh = "流水哈希"},
    [RETURN_LOSSES] = {"losses", FIELD_JSON, SECRECY_WORDS, FIELD_REQUIRED, .bytes_max = 1000000, .en = "losses",
                       .zh = "损失清单"},
    [RETURN_ENTRIES] = {"entries", FIELD_JSON, SECRECY_WORDS, .bytes_max = 4000000,
                        .en = "ledger lines; none: the engine's ledger", .zh = "流水明细；不填用系统流水"},
    [RETURN_RESULT] = {"result", FIELD_JSON, SECRECY_WORDS, FIELD_SERVER, .bytes_max = 4000000, .en = "computation",
                       .zh = "计算结果"},
    [RETURN_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER, .codes = STATES,
                      .en = "state", .zh = "状态"},
    [RETURN_DUE] = {"due", FIELD_TIME, .flags = FIELD_SERVER, .en = "due", .zh = "时限"},
    [RETURN_NOTICE_FROM] = {"notice_from", FIELD_TIME, .flags = FIELD_SERVER, .en = "notice from", .zh = "公告起"},
    [RETURN_NOTICE_UNTIL] = {"notice_until", FIELD_TIME, .flags = FIELD_SERVER, .en = "notice until", .zh = "公告止"},
    [RETURN_DRAFTED_BY] = {"drafted_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "drafted by",
                           .zh = "拟稿人"},
    [RETURN_SUBMITTED_BY] = {"submitted_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user",
                             .en = "submitted by", .zh = "呈请人"},
    [RETURN_OFFICER_1] = {"officer_1", FIELD_REFERENCE, .target = "user", .en = "attending officer 1",
                          .zh = "办理民警一"},
    [RETURN_OFFICER_2] = {"officer_2", FIELD_REFERENCE, .target = "user", .en = "attending officer 2",
                          .zh = "办理民警二"},
    [RETURN_APPROVED_BY] = {"approved_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "decided by",
                            .zh = "批准人"},
    [RETURN_APPROVED_AT] = {"approved_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "decided", .zh = "批准时间"},
    [RETURN_BANK_DUE] = {"bank_due", FIELD_TIME, .flags = FIELD_SERVER, .en = "bank's deadline", .zh = "银行办理期限"},
    [RETURN_EXECUTED_AT] = {"executed_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "returned", .zh = "返还时间"},
    [RETURN_EXECUTED_BY] = {"executed_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user",
                            .en = "recorded by", .zh = "登记人"},
    [RETURN_LATE] = {"late", FIELD_BOOLEAN, .flags = FIELD_SERVER, .en = "bank overdue", .zh = "银行超期"},
    [RETURN_DISTRICT] = {"district", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                         .en = "district", .zh = "县区"},
    [RETURN_STATION] = {"station", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                        .en = "station", .zh = "派出所"},
    [RETURN_INSTITUTION] = {"institution", FIELD_TEXT, .flags = FIELD_SERVER | FIELD_FILTER, .bytes_max = 64,
                            .en = "bank", .zh = "开户机构"},
    [RETURN_SUBMITTED_AT] = {"submitted_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "submitted", .zh = "呈请时间"},
};
static const record_index INDEXES[] = {
    {false, {RETURN_FREEZE, RETURN_STATE, RECORD_END, RECORD_END}},
    {false, {RETURN_STATE, RETURN_DUE, RECORD_END, RECORD_END}},
    {false, {RETURN_DISTRICT, RETURN_STATE, RETURN_DUE, RECORD_END}},
    {false, {RETURN_STATION, RETURN_STATE, RETURN_DUE, RECORD_END}},
    {false, {RETURN_CASE, RECORD_END, RECORD_END, RECORD_END}},
    {false, {RETURN_DUE, RECORD_END, RECORD_END, RECORD_END}},
};
static const record_table TABLE = {
    "return", FIELDS, RETURN_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES, false, "returns of funds", "资金返还"};

static const record_field DRAFT[] = {
    {"freeze", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "freeze", .en = "freeze", .zh = "冻结"},
    {"losses", FIELD_JSON, .flags = FIELD_REQUIRED, .bytes_max = 1000000,
     .en = "losses: [{party, loss_fen, refunded_fen, to_account, accounts: [the keys they paid from]}]",
     .zh = "损失清单"},
    {"entries", FIELD_JSON, .bytes_max = 4000000,
     .en = "ledger lines: [{time, direction: in|out, amount_fen, party, group}]; none: the engine's ledger",
     .zh = "流水明细；JSON，不填用系统流水"},
};
static const record_field REDRAFT[] = {
    {"losses", FIELD_JSON, .flags = FIELD_REQUIRED, .bytes_max = 1000000, .en = "losses", .zh = "损失清单"},
    {"entries", FIELD_JSON, .bytes_max = 4000000, .en = "ledger lines", .zh = "流水明细"},
    {"note", FIELD_TEXT, .en = "note", .zh = "说明"},
};
static const record_field NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};
static const record_field SUBMIT[] = {
    {"officer_1", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "user", .en = "attending officer 1",
     .zh = "办理民警一"},
    {"officer_2", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "user", .en = "attending officer 2",
     .zh = "办理民警二"},
};
static const record_field EXECUTE[] = {
    {"executed_at", FIELD_TIME, .flags = FIELD_REQUIRED, .en = "returned", .zh = "返还时间"},
};

static bool stands(const desk_command *c, const record *freeze) {
    sluice_text state = freeze->values[FREEZE_STATE].text;
    return (text_equal(state, TEXT("frozen")) || text_equal(state, TEXT("renewing"))) &&
           c->now_ms < freeze->values[FREEZE_EXPIRES_AT].integer;
}

/* The freeze it is about, which must stand: money that is not frozen is not ours to return. */
static sluice_result standing_freeze(desk_command *c, const record *r, record *freeze) {
    sluice_result result = desk_get(c, &FREEZE_KIND, r->values[RETURN_FREEZE].integer, freeze);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "freeze", "a freeze that you can see is expected");
    }
    if (result != SLUICE_OK) {
        return result;
    }
    return stands(c, freeze)
               ? SLUICE_OK
               : error_set(c->error, SLUICE_E_STATE, "freeze %lld is %.*s: only money that is frozen is returned",
                           (long long)freeze->id, TEXT_ARGS(freeze->values[FREEZE_STATE].text));
}

static const record_value OPEN[] = {
    {.text = {"drafted", 7}},   {.text = {"noticed", 7}},  {.text = {"reviewing", 9}}, {.text = {"ready", 5}},
    {.text = {"submitted", 9}}, {.text = {"approved", 8}}, {.text = {"notified", 8}},
};

static sluice_result check_alone(desk_command *c, const record *r) {
    query_term terms[2] = {{RETURN_FREEZE, QUERY_EQUAL, r->values[RETURN_FREEZE], NULL, 0},
                           {RETURN_STATE, QUERY_IN, value_null(), OPEN, sizeof OPEN / sizeof *OPEN}};
    record_query query = {.table = &TABLE, .terms = terms, .term_count = 2};
    uint64_t count = 0;
    sluice_result result = store_count(c->desk->store, &query, 2, &count, c->error);
    return result == SLUICE_OK && count > 0
               ? error_set(c->error, SLUICE_E_STATE,
                           "a return of this freeze is under way: finish or withdraw it first")
               : result;
}

static int64_t left_of(const record *freeze) {
    return freeze->values[FREEZE_EXECUTED].integer - freeze->values[FREEZE_RETURNED].integer;
}

static sluice_result compute(desk_command *c, record *r, const record *freeze) {
    return_share_rows *shares = NULL;
    if (left_of(freeze) <= 0) {
        return desk_fault_add(c, "freeze", "a freeze with money that is left to return is expected (%s Art. 8)", LAW);
    }
    sluice_result result = return_figures(c, r, left_of(freeze), &shares);
    c->made = shares;
    return result;
}

static sluice_result draft(desk_command *c, record *r, const desk_input *in) {
    record freeze;
    (void)in;
    sluice_result result = standing_freeze(c, r, &freeze);
    if (result != SLUICE_OK) {
        return result;
    }
    r->values[RETURN_CASE] = freeze.values[FREEZE_CASE];
    r->values[RETURN_ACCOUNT] = freeze.values[FREEZE_ACCOUNT];
    r->values[RETURN_DISTRICT] = freeze.values[FREEZE_DISTRICT];
    r->values[RETURN_STATION] = freeze.values[FREEZE_STATION];
    r->values[RETURN_INSTITUTION] = freeze.values[FREEZE_INSTITUTION];
    result = check_alone(c, r);
    return result == SLUICE_OK ? compute(c, r, &freeze) : result;
}

static sluice_result put_shares(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return return_put_shares(c, r, c->made);
}

static sluice_result redraft(desk_command *c, record *r, const desk_input *in) {
    record freeze;
    if (desk_given_value(in, "entries")->is_null) {
        r->values[RETURN_ENTRIES] = value_null();
    }
    r->values[RETURN_NOTICE_FROM] = value_null();
    r->values[RETURN_NOTICE_UNTIL] = value_null();
    r->values[RETURN_DUE] = value_null();
    sluice_result result = standing_freeze(c, r, &freeze);
    result = result == SLUICE_OK ? timer_clear(c, &RETURN_KIND, r->id, NULL) : result;
    return result == SLUICE_OK ? compute(c, r, &freeze) : result;
}

static sluice_result publish(desk_command *c, record *r, const desk_input *in) {
    int64_t notice_ms = 0;
    (void)in;
    if (r->values[RETURN_NOTICE_DAYS].integer == 0) {
        return error_set(c->error, SLUICE_E_STATE,
                         "nothing is returned by proportion here: no public notice is needed, submit it (%s Art. 8)",
                         LAW);
    }
    sluice_result result = dated_number(c, "duration", "return_notice", &notice_ms);
    int64_t until = c->now_ms + notice_ms;
    r->values[RETURN_NOTICE_UNTIL] = value_integer(until);
    r->values[RETURN_DUE] = value_integer(until);
    return result == SLUICE_OK ? timer_set(c, &RETURN_KIND, r->id, "notice_end", until) : result;
}

static sluice_result open_objections(desk_command *c, int64_t return_id, uint64_t *count_out) {
    query_term terms[2] = {{OBJECTION_RETURN, QUERY_EQUAL, value_integer(return_id), NULL, 0},
                           {OBJECTION_STATE, QUERY_EQUAL, value_text(TEXT("open")), NULL, 0}};
    record_query query = {.table = OBJECTION_KIND.table, .terms = terms, .term_count = 2};
    return store_count(c->desk->store, &query, 1000, count_out, c->error);
}

static sluice_result notice_end(desk_command *c, record *r, const desk_input *in) {
    uint64_t count = 0;
    (void)in;
    sluice_result result = open_objections(c, r->id, &count);
    r->values[RETURN_STATE] = value_text(count > 0 ? TEXT("reviewing") : TEXT("ready"));
    r->values[RETURN_DUE] = value_null();
    return result;
}

/* An objection was answered: with the last one the review is over. */
static sluice_result reviewed(desk_command *c, record *r, const desk_input *in) {
    uint64_t count = 0;
    (void)in;
    sluice_result result = open_objections(c, r->id, &count);
    if (count == 0) {
        r->values[RETURN_STATE] = value_text(TEXT("ready"));
    }
    return result;
}

static sluice_result reopen(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[RETURN_NOTICE_FROM] = value_null();
    r->values[RETURN_NOTICE_UNTIL] = value_null();
    r->values[RETURN_DUE] = value_null();
    return timer_clear(c, &RETURN_KIND, r->id, NULL);
}

static sluice_result submit(desk_command *c, record *r, const desk_input *in) {
    record freeze;
    (void)in;
    if (text_equal(c->before, TEXT("drafted")) && r->values[RETURN_NOTICE_DAYS].integer > 0) {
        return error_set(c->error, SLUICE_E_STATE, "%lld days of public notice come first: publish it (%s Art. 8)",
                         (long long)r->values[RETURN_NOTICE_DAYS].integer, LAW);
    }
    if (r->values[RETURN_OFFICER_1].integer == r->values[RETURN_OFFICER_2].integer) {
        return desk_fault_add(c, "officer_2", "another officer than officer_1 is expected: two attend");
    }
    const char *const officers[] = {"officer_1", "officer_2"};
    for (size_t i = 0; i < 2; i++) {
        sluice_result result = place_check_officer(c, officers[i], desk_value(r, officers[i])->integer);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return standing_freeze(c, r, &freeze);
}

/* Decided at city level by another person; checked again against what is frozen at this moment. */
static sluice_result approve(desk_command *c, record *r, const desk_input *in) {
    record freeze;
    (void)in;
    if (c->actor->user != 0 && r->values[RETURN_DRAFTED_BY].integer == c->actor->user) {
        return error_set(c->error, SLUICE_E_FORBIDDEN,
                         "four eyes: a return is decided by somebody who neither drafted nor submitted it");
    }
    sluice_result result = standing_freeze(c, r, &freeze);
    if (result != SLUICE_OK) {
        return result;
    }
    int64_t returned = r->values[RETURN_RETURNED].integer;
    if (returned > left_of(&freeze) || returned <= 0) {
        return error_set(c->error, SLUICE_E_STATE, "%lld fen would be returned and %lld are frozen: draft it again",
                         (long long)returned, (long long)left_of(&freeze));
    }
    return return_check_net_loss(c, r);
}

static sluice_result notify(desk_command *c, record *r, const desk_input *in) {
    int64_t days = 0;
    (void)in;
    sluice_result result = dated_number(c, "days", "return_execution", &days);
    int64_t due = working_days_after(c, c->now_ms, days);
    r->values[RETURN_BANK_DUE] = value_integer(due);
    r->values[RETURN_DUE] = value_integer(due);
    return result == SLUICE_OK ? timer_set(c, &RETURN_KIND, r->id, "bank_overdue", due) : result;
}

static sluice_result late(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[RETURN_LATE] = value_integer(1);
    return SLUICE_OK;
}

/* The bank's word of when it paid: what counts is whether the money was frozen then, not when we hear of it. */
static bool stood_at(const record *freeze, int64_t at_ms) {
    const record_value *from = &freeze->values[FREEZE_EFFECTIVE_AT], *ended = &freeze->values[FREEZE_ENDED_AT];
    return !from->is_null && at_ms >= from->integer && at_ms < freeze->values[FREEZE_EXPIRES_AT].integer &&
           (ended->is_null || at_ms < ended->integer);
}

static sluice_result execute(desk_command *c, record *r, const desk_input *in) {
    record freeze;
    (void)in;
    int64_t at = r->values[RETURN_EXECUTED_AT].integer;
    if (at > c->now_ms || at < r->values[RETURN_APPROVED_AT].integer) {
        return desk_fault_add(c, "executed_at", "a time between the decision and now is expected");
    }
    r->values[RETURN_DUE] = value_null();
    sluice_result result = desk_get(c, &FREEZE_KIND, r->values[RETURN_FREEZE].integer, &freeze);
    if (result == SLUICE_OK && !stood_at(&freeze, at)) {
        return error_set(c->error, SLUICE_E_STATE,
                         "freeze %lld is %.*s and did not stand at that moment: only money that is frozen is returned",
                         (long long)freeze.id, TEXT_ARGS(freeze.values[FREEZE_STATE].text));
    }
    result = result == SLUICE_OK ? timer_clear(c, &RETURN_KIND, r->id, NULL) : result;
    const desk_given given[] = {{"part_fen", r->values[RETURN_RETURNED]}};
    return result == SLUICE_OK ? desk_act_inside(c, &FREEZE_KIND, "return_part", &freeze, given, 1) : result;
}

static sluice_result pay_shares(desk_command *c, record *r, const desk_input *in) {
    record *rows = NULL;
    size_t count = 0;
    (void)in;
    sluice_result result = return_shares(c, r->id, &rows, &count);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        rows[i].values[SHARE_STATE] = value_text(TEXT("paid"));
        rows[i].values[SHARE_PAID_AT] = r->values[RETURN_EXECUTED_AT];
        result = desk_update(c, &rows[i]);
    }
    return result;
}

/* What was decided is carried out, but for when there is nothing left to carry out: the freeze ended before the bank
 * acted. */
static sluice_result withdraw(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    if (!r->values[RETURN_APPROVED_AT].is_null) {
        record freeze;
        sluice_result result = desk_get(c, &FREEZE_KIND, r->values[RETURN_FREEZE].integer, &freeze);
        if (result != SLUICE_OK) {
            return result;
        }
        if (stands(c, &freeze)) {
            return error_set(
                c->error, SLUICE_E_STATE,
                "a return that was decided is carried out: it is withdrawn only when its freeze has ended");
        }
    }
    r->values[RETURN_DUE] = value_null();
    return timer_clear(c, &RETURN_KIND, r->id, NULL);
}

static const unsigned DRAFTERS = ROLE_INVESTIGATOR | ROLE_COMMANDER;
static const unsigned DECIDERS = ROLE_APPROVER | ROLE_COMMANDER;

static const desk_act_row ACTS[] = {
    {"draft", NULL, "drafted", DRAFTERS, 0, BY(RETURN_DRAFTED_BY), INPUTS(DRAFT), RUN(draft), THEN(put_shares),
     RESTS_ON(LAW " Art. 8"), SAYS("compute the shares", "拟定返还方案")},
    {"redraft", "drafted", "drafted", DRAFTERS, ACT_REASON, BY(RETURN_DRAFTED_BY), INPUTS(REDRAFT), RUN(redraft),
     THEN(put_shares), RESTS_ON(LAW " Art. 8"), SAYS("compute them again", "重新拟定")},
    {"publish", "drafted", "noticed", DRAFTERS, 0, AT(RETURN_NOTICE_FROM), INPUTS(NOTE), RUN(publish),
     RESTS_ON(LAW " Art. 8: 30 days of public notice before a return by proportion"),
     SAYS("publish the notice", "发布公告")},
    {"notice_end", "noticed", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(notice_end), RESTS_ON(LAW " Art. 8"),
     SAYS("the notice is over", "公告期满")},
    {"reviewed", "reviewing", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(reviewed),
     RESTS_ON(LAW " Art. 8: objections are reviewed"), SAYS("an objection was answered", "异议已审查")},
    {"reopen", "noticed|reviewing", "drafted", ROLE_SYSTEM, ACT_BY_CLOCK, RUN(reopen),
     RESTS_ON(LAW " Art. 8: only what is undisputed is returned"),
     SAYS("an objection was upheld: draft it again", "异议成立，重新拟定")},
    {"submit", "drafted|ready", "submitted", DRAFTERS, 0, BY(RETURN_SUBMITTED_BY), AT(RETURN_SUBMITTED_AT),
     INPUTS(SUBMIT), RUN(submit), RESTS_ON(LAW ": two officers attend"), SAYS("submit it for decision", "呈请返还")},
    {"approve", "submitted", "approved", DECIDERS, ACT_CITY, OTHER_THAN(RETURN_SUBMITTED_BY), BY(RETURN_APPROVED_BY),
     AT(RETURN_APPROVED_AT), INPUTS(NOTE), RUN(approve), RESTS_ON(LAW ": decided at city level or above"),
     SAYS("decide the return", "批准返还")},
    {"refuse", "submitted", "refused", DECIDERS, ACT_CITY | ACT_REASON, BY(RETURN_APPROVED_BY), AT(RETURN_APPROVED_AT),
     INPUTS(NOTE), SAYS("refuse it", "不批准")},
    {"notify", "approved", "notified", DRAFTERS, 0, INPUTS(NOTE), RUN(notify),
     RESTS_ON(LAW ": the bank acts on the spot, else within three working days"),
     SAYS("give the bank the notice", "送达协助返还通知书")},
    {"bank_overdue", "notified", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(late), RESTS_ON(LAW),
     SAYS("the bank did not act in three working days", "银行逾期未办理")},
    {"execute", "notified", "executed", DRAFTERS | ROLE_PARTNER, ACT_PARTNER_OWN, BY(RETURN_EXECUTED_BY),
     INPUTS(EXECUTE), RUN(execute), THEN(pay_shares), RESTS_ON(LAW), SAYS("the bank returned the money", "已返还")},
    {"withdraw", "drafted|noticed|reviewing|ready|submitted|approved|notified", "withdrawn", DRAFTERS, ACT_REASON,
     INPUTS(NOTE), RUN(withdraw), SAYS("withdraw it", "撤回")},
};

static const desk_child CHILDREN[] = {
    {"shares", &RETURN_SHARE_KIND, SHARE_RETURN},
    {"objections", &OBJECTION_KIND, OBJECTION_RETURN},
};
static const uint8_t SEARCHED[] = {RETURN_ACCOUNT, NO_FIELD};
const desk_kind RETURN_KIND = {
    .table = &TABLE,
    .name = "return",
    .collection = "returns",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR | ROLE_PARTNER,
    .prefix = "F",
    .state = SOME(RETURN_STATE),
    .due = SOME(RETURN_DUE),
    .district = SOME(RETURN_DISTRICT),
    .station = SOME(RETURN_STATION),
    .institution = SOME(RETURN_INSTITUTION),
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = 2,
    .search = SEARCHED,
};
