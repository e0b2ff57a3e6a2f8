/* Appeals against a stop, a freeze or a joint punishment (反电信网络诈骗法 Art. 32): handled by somebody who had no
 * part in the measure, and lifted at once when upheld. */
#include <string.h>

#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/order.h"
#include "desk/outlet.h"
#include "desk/timer.h"

#define LAW "反电信网络诈骗法 Art. 32"
#define MEASURES "stop|freeze|punishment"

enum {
    A_MEASURE,
    A_ORDER,
    A_BY,
    A_CONTACT,
    A_WORDS,
    A_RECEIVED_AT,
    A_STATE,
    A_DUE,
    A_DISTRICT,
    A_STATION,
    A_TAKEN_BY,
    A_DECIDED_BY,
    A_DECIDED_AT,
    A_ANSWER,
    A_LATE,
    A_FIELDS
};

static const record_field FIELDS[A_FIELDS] = {
    [A_MEASURE] = {"measure", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .codes = MEASURES,
                   .en = "measure contested", .zh = "针对的措施"},
    [A_ORDER] = {"order", FIELD_INTEGER, .flags = FIELD_REQUIRED | FIELD_FIXED, .en = "measure no.", .zh = "措施编号"},
    [A_BY] = {"by", FIELD_TEXT, SECRECY_NAME, FIELD_REQUIRED | FIELD_FIXED, .bytes_max = 200, .en = "appellant",
              .zh = "申诉人"},
    [A_CONTACT] = {"contact", FIELD_TEXT, SECRECY_PHONE, .bytes_max = 64, .en = "phone", .zh = "联系电话"},
    [A_WORDS] = {"words", FIELD_TEXT, SECRECY_WORDS, FIELD_REQUIRED | FIELD_FIXED, .en = "grounds of appeal",
                 .zh = "申诉理由"},
    [A_RECEIVED_AT] = {"received_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "received", .zh = "收到时间"},
    [A_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                 .codes = "received|upheld|rejected|withdrawn", .en = "state", .zh = "状态"},
    [A_DUE] = {"due", FIELD_TIME, .flags = FIELD_SERVER, .en = "answer due", .zh = "答复时限"},
    [A_DISTRICT] = {"district", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                    .en = "district", .zh = "县区"},
    [A_STATION] = {"station", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit", .en = "station",
                   .zh = "派出所"},
    [A_TAKEN_BY] = {"taken_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "accepted by",
                    .zh = "受理人"},
    [A_DECIDED_BY] = {"decided_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "decided by",
                      .zh = "决定人"},
    [A_DECIDED_AT] = {"decided_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "decided", .zh = "决定时间"},
    [A_ANSWER] = {"answer", FIELD_TEXT, SECRECY_WORDS, FIELD_SERVER, .en = "answer and reasons", .zh = "答复"},
    [A_LATE] = {"late", FIELD_BOOLEAN, .flags = FIELD_SERVER, .en = "overdue", .zh = "超时"},
};
static const record_index INDEXES[] = {
    {false, {A_MEASURE, A_ORDER, RECORD_END, RECORD_END}}, {false, {A_STATE, A_DUE, RECORD_END, RECORD_END}},
    {false, {A_DISTRICT, A_STATE, A_DUE, RECORD_END}},     {false, {A_STATION, A_STATE, A_DUE, RECORD_END}},
    {false, {A_DUE, RECORD_END, RECORD_END, RECORD_END}},
};
static const record_table TABLE = {"appeal", FIELDS,    A_FIELDS, INDEXES, sizeof INDEXES / sizeof *INDEXES,
                                   false,    "appeals", "申诉"};

static const record_field RECEIVE[] = {
    {"measure", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = MEASURES, .en = "measure contested", .zh = "针对的措施"},
    {"order", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "measure no.", .zh = "措施编号"},
    {"by", FIELD_TEXT, .flags = FIELD_REQUIRED, .bytes_max = 200, .en = "appellant", .zh = "申诉人"},
    {"contact", FIELD_TEXT, .bytes_max = 64, .en = "phone", .zh = "联系电话"},
    {"words", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "grounds of appeal", .zh = "申诉理由"},
};
static const record_field DECIDE[] = {
    {"answer", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "answer and reasons", .zh = "答复及理由"},
};
static const record_field NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};

static const desk_kind *measure_kind(const record *r) {
    sluice_text measure = r->values[A_MEASURE].text;
    return text_equal(measure, TEXT("stop"))     ? &STOP_KIND
           : text_equal(measure, TEXT("freeze")) ? &FREEZE_KIND
                                                 : &PUNISHMENT_KIND;
}

static sluice_result receive(desk_command *c, record *r, const desk_input *in) {
    const desk_kind *kind = measure_kind(r);
    record order;
    int64_t answer_ms = 0;
    (void)in;
    sluice_result result = desk_get(c, kind, r->values[A_ORDER].integer, &order);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "order", "a %s that you can see is expected", kind->name);
    }
    result = result == SLUICE_OK ? dated_number(c, "duration", "appeal", &answer_ms) : result;
    if (result == SLUICE_OK) {
        r->values[A_DISTRICT] = order.values[field_of(kind->district)];
        r->values[A_STATION] = order.values[field_of(kind->station)];
        r->values[A_DUE] = value_integer(c->now_ms + answer_ms);
    }
    return result;
}

static sluice_result received(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return timer_set(c, &APPEAL_KIND, r->id, "overdue", r->values[A_DUE].integer);
}

/* Whoever proposed or approved the measure does not judge it. */
static sluice_result check_apart(desk_command *c, const record *r) {
    const desk_kind *kind = measure_kind(r);
    record order;
    sluice_result result =
        store_get(c->desk->store, kind->table, r->values[A_ORDER].integer, c->arena, &order, c->error);
    if (result != SLUICE_OK) {
        return result;
    }
    const char *const hands[] = {"proposed_by", "approved_by"};
    for (size_t i = 0; i < 2; i++) {
        const record_value *hand = desk_value(&order, hands[i]);
        if (!hand->is_null && hand->integer == c->actor->user) {
            return error_set(c->error, SLUICE_E_FORBIDDEN,
                             "four eyes: an appeal is decided by somebody who neither proposed nor approved the %s",
                             kind->name);
        }
    }
    return SLUICE_OK;
}

static sluice_result decide(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[A_DUE] = value_null();
    sluice_result result = check_apart(c, r);
    return result == SLUICE_OK ? timer_clear(c, &APPEAL_KIND, r->id, NULL) : result;
}

static sluice_result lift(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return order_lift(c, measure_kind(r), r->values[A_ORDER].integer, r->values[A_ANSWER].text);
}

static sluice_result withdraw(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[A_DUE] = value_null();
    return timer_clear(c, &APPEAL_KIND, r->id, NULL);
}

static sluice_result late(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[A_LATE] = value_integer(1);
    return SLUICE_OK;
}

sluice_result order_lift(desk_command *c, const desk_kind *kind, int64_t id, sluice_text why) {
    record order;
    sluice_result result = store_get(c->desk->store, kind->table, id, c->arena, &order, c->error);
    if (result != SLUICE_OK) {
        return result;
    }
    const desk_act_row *act = desk_act_find(kind, "lift");
    if (!desk_is_among(act->from, order.values[field_of(kind->state)].text)) {
        return SLUICE_OK; /* it ended by itself meanwhile */
    }
    const desk_given given[] = {{"release_reason", value_text(why)}};
    return desk_act_inside(c, kind, "lift", &order, given, 1);
}

static const unsigned TAKERS = ROLE_DUTY | ROLE_INVESTIGATOR | ROLE_COMMANDER;
static const unsigned DECIDERS = ROLE_APPROVER | ROLE_COMMANDER;

static const desk_act_row ACTS[] = {
    {"receive", NULL, "received", TAKERS, 0, BY(A_TAKEN_BY), AT(A_RECEIVED_AT), INPUTS(RECEIVE), RUN(receive),
     THEN(received), RESTS_ON(LAW), SAYS("take in an appeal", "受理申诉")},
    {"uphold", "received", "upheld", DECIDERS, 0, BY(A_DECIDED_BY), AT(A_DECIDED_AT), INPUTS(DECIDE), RUN(decide),
     THEN(lift), RESTS_ON(LAW ": lifted at once"), SAYS("uphold it: the measure is lifted at once", "申诉成立")},
    {"reject", "received", "rejected", DECIDERS, 0, BY(A_DECIDED_BY), AT(A_DECIDED_AT), INPUTS(DECIDE), RUN(decide),
     RESTS_ON(LAW), SAYS("reject it, with reasons", "申诉不成立")},
    {"withdraw", "received", "withdrawn", TAKERS, ACT_REASON, INPUTS(NOTE), RUN(withdraw),
     SAYS("whoever appealed took it back", "撤回申诉")},
    {"overdue", "received", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(late), RESTS_ON(LAW),
     SAYS("not answered in time", "逾期未答复")},
};
static const uint8_t SEARCHED[] = {A_BY, A_CONTACT, NO_FIELD};
const desk_kind APPEAL_KIND = {
    .table = &TABLE,
    .name = "appeal",
    .collection = "appeals",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .prefix = "SS",
    .state = SOME(A_STATE),
    .due = SOME(A_DUE),
    .district = SOME(A_DISTRICT),
    .station = SOME(A_STATION),
    ACTS_OF(ACTS),
    .search = SEARCHED,
};
