/* The states:
 *
 *   found ──notify──▶ notified ──report──▶ reported ──pass (another person)──▶ rectified ──holds──▶ closed
 *     └──drop──▶ dropped ▲ ▲──────fail───────┘                                    │
 *                        └──────────────────────── relapsed ──────────────────────┘
 *
 * The clock marks a deadline that passed, and asks for the follow-up. */
#include "desk/rectification.h"

#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/operation.h"
#include "desk/operation_fields.h"
#include "desk/place.h"
#include "desk/timer.h"

/* 治安, 市场, 电信 … rules differ by the kind of place; the duty to act is one. */
#define LAW "反电信网络诈骗法 Art. 6 (综合治理、属地责任)"

#define F_NAME(more) F_TEXT("name", more, 200, "name", "场所名称")
#define F_TYPE(more) F_DATED("type", "place_type", more, "type of place", "场所类型")
#define F_PROBLEM(more) F_TEXT("problem", more, 4000, "problem", "存在问题")
#define F_OWNER                                                                                                        \
    { "owner", FIELD_TEXT, SECRECY_NAME, .bytes_max = 200, .en = "responsible person", .zh = "责任人" }
#define F_NOTICE(more) F_TEXT("notice", more, 100, "number of the notice", "整改通知书文号")
#define F_DUE(more) F_TIME("due", more, "to be put right until", "整改期限")
#define F_PENALTY(more) F_TEXT("penalty", more, 1000, "penalty and document", "处罚情况")
#define F_FOUND(more) F_TEXT("words", more, 4000, "findings", "检查情况")

static const record_field FIELDS[PLACE_FIELDS] = {
    [PLACE_OPERATION] = F_OPERATION(FIELD_FIXED),
    [PLACE_NAME] = F_NAME(FIELD_REQUIRED),
    [PLACE_TYPE] = F_TYPE(FIELD_REQUIRED | FIELD_FILTER),
    [PLACE_ADDRESS] = F_PLACE_ADDRESS(FIELD_REQUIRED),
    [PLACE_DIVISION] = F_DIVISION,
    [PLACE_PROBLEM] = F_PROBLEM(FIELD_REQUIRED),
    [PLACE_OWNER] = F_OWNER,
    [PLACE_STATE] = F_STATE("found|notified|reported|rectified|closed|dropped"),
    [PLACE_NOTICE] = F_NOTICE(FIELD_SERVER),
    [PLACE_NOTIFIED_AT] = F_AT("notified_at", "notice served", "通知时间"),
    [PLACE_NOTIFIED_BY] = F_USER("notified_by", "notice served by", "通知人"),
    [PLACE_DUE] = F_DUE(FIELD_SERVER),
    [PLACE_IS_OVERDUE] = {"is_overdue", FIELD_BOOLEAN, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                          .en = "overdue", .zh = "是否逾期"},
    [PLACE_REPORTED_AT] = F_AT("reported_at", "reported rectified", "报告整改时间"),
    [PLACE_RECTIFIED_AT] = F_AT("rectified_at", "inspection passed", "整改合格时间"),
    [PLACE_RECTIFIED_BY] = F_USER("rectified_by", "inspected by", "复查人"),
    [PLACE_FAILURES] = {"failures", FIELD_INTEGER, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "failed inspections",
                        .zh = "复查不合格次数"},
    [PLACE_PENALTY] = F_PENALTY(0),
    [PLACE_FOLLOW_UP_AT] = F_AT("follow_up_at", "follow-up", "回头看时间"),
    [PLACE_FOUND_BY] = F_USER("found_by", "found by", "发现人"),
    [PLACE_DISTRICT] = F_DISTRICT,
    [PLACE_STATION] = F_STATION,
};
static const record_index INDEXES[] = {INDEX_2(PLACE_OPERATION, PLACE_STATE), INDEX_2(PLACE_DISTRICT, PLACE_STATE),
                                       INDEX_2(PLACE_STATE, PLACE_DUE), INDEX_1(PLACE_RECTIFIED_AT)};
static const record_table TABLE = {"place",       FIELDS, PLACE_FIELDS, INDEXES_OF(INDEXES), false, "places to rectify",
                                   "重点整治场所"};

/* ---- inspections ---- */

static sluice_result add_inspection(desk_command *c, record *r, const desk_input *in, const char *what) {
    record row = {0};
    const desk_given given[] = {{"place", value_integer(r->id)},
                                {"result", value_text(text_of(what))},
                                {"words", *desk_given_value(in, "words")}};
    sluice_result result = desk_act_inside(c, &INSPECTION_KIND, "create", &row, given, sizeof given / sizeof *given);
    return result == SLUICE_OK ? operation_tally_then(c, r, in) : result;
}

static sluice_result begin_clock(desk_command *c, const record *r) {
    sluice_result result = timer_clear(c, &PLACE_KIND, r->id, NULL);
    return result == SLUICE_OK ? timer_set(c, &PLACE_KIND, r->id, "overdue", r->values[PLACE_DUE].integer) : result;
}

/* ---- acts ---- */

static sluice_result find(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    r->values[PLACE_IS_OVERDUE] = value_integer(0);
    r->values[PLACE_FAILURES] = value_integer(0);
    sluice_result result = operation_require(c, &r->values[PLACE_OPERATION], "approved|running");
    return result == SLUICE_OK ? place_by_home(c, &PLACE_KIND, r, value_text_or_empty(&r->values[PLACE_DIVISION]),
                                               r->values[PLACE_ADDRESS].text, (sluice_text){0})
                               : result;
}

static sluice_result set_deadline(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    if (r->values[PLACE_DUE].integer <= c->now_ms) {
        return desk_fault_add(c, "due", "a time that is still to come is expected");
    }
    r->values[PLACE_IS_OVERDUE] = value_integer(0);
    return SLUICE_OK;
}

static sluice_result then_notified(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = begin_clock(c, r);
    return result == SLUICE_OK ? operation_tally_then(c, r, in) : result;
}

static sluice_result pass(desk_command *c, record *r, const desk_input *in) {
    int64_t later_ms = 0;
    (void)in;
    sluice_result result = dated_number(c, "duration", "place_follow_up", &later_ms);
    r->values[PLACE_IS_OVERDUE] = value_integer(0);
    r->values[PLACE_FOLLOW_UP_AT] = value_integer(c->now_ms + later_ms);
    r->values[PLACE_DUE] = r->values[PLACE_FOLLOW_UP_AT];
    return result;
}

static sluice_result then_passed(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = timer_clear(c, &PLACE_KIND, r->id, NULL);
    if (result == SLUICE_OK) {
        result = timer_set(c, &PLACE_KIND, r->id, "follow_up_due", r->values[PLACE_FOLLOW_UP_AT].integer);
    }
    return result == SLUICE_OK ? add_inspection(c, r, in, "passed") : result;
}

static sluice_result fail(desk_command *c, record *r, const desk_input *in) {
    r->values[PLACE_FAILURES] = value_integer(r->values[PLACE_FAILURES].integer + 1);
    r->values[PLACE_REPORTED_AT] = value_null();
    return set_deadline(c, r, in);
}

static sluice_result then_failed(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = begin_clock(c, r);
    return result == SLUICE_OK ? add_inspection(c, r, in, "failed") : result;
}

static sluice_result relapse(desk_command *c, record *r, const desk_input *in) {
    r->values[PLACE_RECTIFIED_AT] = value_null();
    r->values[PLACE_RECTIFIED_BY] = value_null();
    r->values[PLACE_FOLLOW_UP_AT] = value_null();
    return fail(c, r, in);
}

static sluice_result then_relapsed(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = begin_clock(c, r);
    return result == SLUICE_OK ? add_inspection(c, r, in, "relapsed") : result;
}

static sluice_result then_holds(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = timer_clear(c, &PLACE_KIND, r->id, NULL);
    return result == SLUICE_OK ? add_inspection(c, r, in, "holds") : result;
}

static sluice_result mark_overdue(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[PLACE_IS_OVERDUE] = value_integer(1);
    return SLUICE_OK;
}

static const record_field FIND[] = {F_OPERATION(0),
                                    F_NAME(FIELD_REQUIRED),
                                    F_TYPE(FIELD_REQUIRED),
                                    F_PLACE_ADDRESS(FIELD_REQUIRED),
                                    F_DIVISION,
                                    F_PROBLEM(FIELD_REQUIRED),
                                    F_OWNER};
static const record_field NOTIFY[] = {F_NOTICE(FIELD_REQUIRED), F_DUE(FIELD_REQUIRED)};
static const record_field FOUND[] = {F_FOUND(FIELD_REQUIRED)};
static const record_field AGAIN[] = {F_FOUND(FIELD_REQUIRED), F_DUE(FIELD_REQUIRED)};
static const record_field PENALISE[] = {F_PENALTY(FIELD_REQUIRED)};
static const record_field NOTE[] = {F_NOTE};

#define FOUR_EYES "the centre's own rule (four eyes): who served the notice does not inspect alone"
static const desk_act_row ACTS[] = {
    {"create", NULL, "found", FIELD_OFFICERS, 0, BY(PLACE_FOUND_BY), INPUTS(FIND), RUN(find),
     THEN(operation_tally_then), RESTS_ON(LAW), SAYS("register a place", "登记重点场所")},
    {"notify", "found", "notified", FIELD_OFFICERS, 0, BY(PLACE_NOTIFIED_BY), AT(PLACE_NOTIFIED_AT), INPUTS(NOTIFY),
     RUN(set_deadline), THEN(then_notified), RESTS_ON(LAW), SAYS("serve notice, with a deadline", "下达整改通知")},
    {"report", "notified", "reported", FIELD_OFFICERS, 0, AT(PLACE_REPORTED_AT), INPUTS(NOTE),
     THEN(operation_tally_then), SAYS("it says that it was put right", "报告已整改")},
    {"pass", "reported", "rectified", FIELD_OFFICERS, 0, OTHER_THAN(PLACE_NOTIFIED_BY), BY(PLACE_RECTIFIED_BY),
     AT(PLACE_RECTIFIED_AT), INPUTS(FOUND), RUN(pass), THEN(then_passed), RESTS_ON(FOUR_EYES),
     SAYS("inspected again, it was put right", "复查合格")},
    {"fail", "reported", "notified", FIELD_OFFICERS, 0, INPUTS(AGAIN), RUN(fail), THEN(then_failed), RESTS_ON(LAW),
     SAYS("inspected again, it was not, a new deadline", "复查不合格")},
    {"penalise", "notified|reported", NULL, ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, INPUTS(PENALISE), RESTS_ON(LAW),
     SAYS("record a penalty", "登记处罚")},
    {"holds", "rectified", "closed", FIELD_OFFICERS, 0, INPUTS(FOUND), THEN(then_holds),
     SAYS("looked at once more, it holds", "回头看已巩固")},
    {"relapsed", "rectified", "notified", FIELD_OFFICERS, 0, INPUTS(AGAIN), RUN(relapse), THEN(then_relapsed),
     RESTS_ON(LAW), SAYS("looked at once more, it is as before", "回头看有反弹")},
    {"drop", "found", "dropped", ROLE_INVESTIGATOR | ROLE_COMMANDER, ACT_REASON, INPUTS(NOTE),
     THEN(operation_tally_then), SAYS("nothing is wrong there", "排除")},
    {"overdue", "notified|reported", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(mark_overdue),
     SAYS("its deadline has passed", "整改逾期")},
    {"follow_up_due", "rectified", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(mark_overdue),
     SAYS("it is to be looked at once more", "回头看到期")},
};
static const desk_child CHILDREN[] = {{"inspections", &INSPECTION_KIND, INSPECTION_PLACE}};
static const uint8_t SEARCHED[] = {PLACE_NAME, PLACE_ADDRESS, NO_FIELD};
const desk_kind PLACE_KIND = {
    .table = &TABLE,
    .name = "place",
    .collection = "places",
    .readers = OPERATION_READERS,
    .prefix = "ZZ",
    .state = SOME(PLACE_STATE),
    .due = SOME(PLACE_DUE),
    .district = SOME(PLACE_DISTRICT),
    .station = SOME(PLACE_STATION),
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
    .search = SEARCHED,
};

/* ---- inspections as records ---- */

static const record_field INSPECTION[INSPECTION_FIELDS] = {
    [INSPECTION_PLACE] = {"place", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "place", .en = "place",
                          .zh = "场所"},
    [INSPECTION_RESULT] = {"result", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = "passed|failed|holds|relapsed",
                           .en = "result", .zh = "结果"},
    [INSPECTION_WORDS] = F_FOUND(0),
    [INSPECTION_BY] = F_USER("by", "by", "检查人"),
    [INSPECTION_AT] = {"at", FIELD_TIME, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "time", .zh = "时间"},
};
static const record_table INSPECTIONS = {
    "inspection",
    INSPECTION,
    INSPECTION_FIELDS,
    (const record_index[]){{false, {INSPECTION_PLACE, RECORD_END, RECORD_END, RECORD_END}}},
    1,
    true,
    "inspections of places",
    "场所复查记录"};
static const record_field INSPECT[] = {
    {"place", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "place", .en = "place", .zh = "场所"},
    {"result", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = "passed|failed|holds|relapsed", .en = "result",
     .zh = "结果"},
    F_FOUND(0),
};
static const desk_act_row INSPECTION_ACTS[] = {
    {"create", NULL, NULL, ROLE_SYSTEM, ACT_BY_CLOCK, BY(INSPECTION_BY), AT(INSPECTION_AT), INPUTS(INSPECT),
     SAYS("written by the acts of the place", "由场所办理动作写入")},
};
const desk_kind INSPECTION_KIND = {
    .table = &INSPECTIONS,
    .name = "inspection",
    .readers = OPERATION_READERS,
    .parent = &PLACE_KIND,
    .parent_field = INSPECTION_PLACE,
    ACTS_OF(INSPECTION_ACTS),
};
