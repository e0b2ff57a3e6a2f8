/* Where an operation acts, and what is to be done there and elsewhere, phase by phase.
 *
 *   site:  planned ──secure──▶ secured ──clear──▶ cleared        step:  open ──finish──▶ done
 *             └──drop──▶ dropped                                          └──cancel──▶ cancelled
 *
 * A step is a task across units: it belongs to a phase, a unit and a date, and the clock marks it when that has passed.
 */
#include "desk/desk_private.h"
#include "desk/operation.h"
#include "desk/operation_fields.h"
#include "desk/place.h"
#include "desk/timer.h"

#define PLANNED "drafted|submitted|approved|running"

/* ---- sites ---- */

#define F_NAME(more) F_TEXT("name", more, 200, "name", "点位名称")
#define F_TYPE(more) F_DATED("type", "site_type", more, "type of place", "点位类型")
#define F_ADDRESS(more)                                                                                                \
    { "address", FIELD_TEXT, SECRECY_ADDRESS, (more), .bytes_max = 400, .en = "address", .zh = "地址" }
/* Millionths of a degree: no floating point in a record. */
#define F_LATITUDE                                                                                                     \
    {                                                                                                                  \
        "latitude_e6", FIELD_INTEGER, .flags = FIELD_SIGNED, .en = "latitude; WGS 84, millionths of a degree",         \
                                      .zh = "纬度；WGS 84，百万分之一度"                                     \
    }
#define F_LONGITUDE                                                                                                    \
    {                                                                                                                  \
        "longitude_e6", FIELD_INTEGER, .flags = FIELD_SIGNED, .en = "longitude; WGS 84, millionths of a degree",       \
                                       .zh = "经度；WGS 84，百万分之一度"                                    \
    }
#define F_PLAN F_SECRET_WORDS("plan", 0, 4000, "entry plan; what to secure, and how to get in", "处置方案")
#define F_METHOD F_SECRET_WORDS("method", 0, 8000, "modus operandi; step by step, the shifts", "作案手法、作息")
#define F_RESULT(more) F_SECRET_WORDS("result", more, 4000, "findings", "查获情况")

static const record_field FIELDS[SITE_FIELDS] = {
    [SITE_OPERATION] = F_OPERATION(FIELD_REQUIRED | FIELD_FIXED),
    [SITE_NAME] = F_NAME(FIELD_REQUIRED),
    [SITE_TYPE] = F_TYPE(FIELD_REQUIRED | FIELD_FILTER),
    [SITE_ADDRESS] = F_ADDRESS(FIELD_REQUIRED),
    [SITE_DIVISION] = F_DIVISION,
    [SITE_LATITUDE] = F_LATITUDE,
    [SITE_LONGITUDE] = F_LONGITUDE,
    [SITE_PLAN] = F_PLAN,
    [SITE_METHOD] = F_METHOD,
    [SITE_STATE] = F_STATE("planned|secured|cleared|dropped"),
    [SITE_SECURED_AT] = F_AT("secured_at", "secured", "控制时间"),
    [SITE_RESULT] = F_RESULT(FIELD_SERVER),
    [SITE_DISTRICT] = F_DISTRICT,
    [SITE_STATION] = F_STATION,
};
static const record_index INDEXES[] = {INDEX_2(SITE_OPERATION, SITE_STATE), INDEX_1(SITE_DISTRICT)};
static const record_table TABLE = {"site", FIELDS, SITE_FIELDS, INDEXES_OF(INDEXES), false, "sites", "行动点位"};

static sluice_result check_coordinates(desk_command *c, const record *r) {
    const record_value *latitude = &r->values[SITE_LATITUDE], *longitude = &r->values[SITE_LONGITUDE];
    if (latitude->is_null != longitude->is_null) {
        return desk_fault_add(c, latitude->is_null ? "latitude_e6" : "longitude_e6",
                              "both coordinates, or none, are expected");
    }
    if (!latitude->is_null && (latitude->integer < -90000000 || latitude->integer > 90000000)) {
        return desk_fault_add(c, "latitude_e6", "millionths of a degree from -90,000,000 to 90,000,000 are expected");
    }
    if (!longitude->is_null && (longitude->integer < -180000000 || longitude->integer > 180000000)) {
        return desk_fault_add(c, "longitude_e6",
                              "millionths of a degree from -180,000,000 to 180,000,000 are expected");
    }
    return SLUICE_OK;
}

/* A site is the unit's whose area its division code or address is in; a district plans in its own area alone. */
static sluice_result plan_site(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    sluice_result result = operation_require(c, &r->values[SITE_OPERATION], PLANNED);
    result = result == SLUICE_OK ? check_coordinates(c, r) : result;
    if (result == SLUICE_OK) {
        result = place_by_home(c, &SITE_KIND, r, value_text_or_empty(&r->values[SITE_DIVISION]),
                               r->values[SITE_ADDRESS].text, (sluice_text){0});
    }
    if (result == SLUICE_OK && c->actor->level != LEVEL_CITY &&
        (r->values[SITE_DISTRICT].is_null || r->values[SITE_DISTRICT].integer != c->actor->district)) {
        return desk_fault_add(c, "division", "a place in your own district is expected");
    }
    return result;
}

static sluice_result edit_site(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return check_coordinates(c, r);
}

static sluice_result while_running(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return operation_require(c, &r->values[SITE_OPERATION], "running");
}

static const record_field PLAN[] = {F_OPERATION(FIELD_REQUIRED),
                                    F_NAME(FIELD_REQUIRED),
                                    F_TYPE(FIELD_REQUIRED),
                                    F_ADDRESS(FIELD_REQUIRED),
                                    F_DIVISION,
                                    F_LATITUDE,
                                    F_LONGITUDE,
                                    F_PLAN,
                                    F_METHOD};
static const record_field EDIT[] = {F_NAME(0), F_TYPE(0), F_LATITUDE, F_LONGITUDE, F_PLAN, F_METHOD, F_NOTE};
static const record_field CLEAR[] = {F_RESULT(FIELD_REQUIRED)};
static const record_field NOTE[] = {F_NOTE};
static const desk_act_row ACTS[] = {
    {"create", NULL, "planned", PLANNERS, 0, INPUTS(PLAN), RUN(plan_site), SAYS("plan a site", "布设点位")},
    {"edit", "planned|secured", NULL, PLANNERS, 0, INPUTS(EDIT), RUN(edit_site), SAYS("change it", "修改")},
    {"secure", "planned", "secured", FIELD_OFFICERS, 0, AT(SITE_SECURED_AT), INPUTS(NOTE), RUN(while_running),
     THEN(operation_tally_then), RESTS_ON(PROCEDURE_LAW " ch. 8 搜查、查封、扣押"),
     SAYS("it is under control", "控制现场")},
    {"clear", "secured", "cleared", FIELD_OFFICERS, 0, INPUTS(CLEAR), THEN(operation_tally_then),
     SAYS("all is taken down: what was found", "清场")},
    {"drop", "planned", "dropped", ROLE_INVESTIGATOR | ROLE_COMMANDER, ACT_REASON, INPUTS(NOTE),
     THEN(operation_tally_then), SAYS("leave it out", "撤销点位")},
};
static const desk_child CHILDREN[] = {{"arrests", &ARREST_KIND, ARREST_SITE},
                                      {"seizures", &SEIZURE_KIND, SEIZURE_SITE}};
const desk_kind SITE_KIND = {
    .table = &TABLE,
    .name = "site",
    .collection = "sites",
    .readers = OPERATION_READERS,
    .prefix = "DW",
    .state = SOME(SITE_STATE),
    .district = SOME(SITE_DISTRICT),
    .station = SOME(SITE_STATION),
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
};

/* ---- steps ---- */

#define F_PHASE(more) F_DATED("phase", "operation_phase", more, "phase", "阶段")
#define F_TITLE(more) F_TEXT("title", more, 300, "task", "任务")
#define F_WORDS F_SECRET_WORDS("words", 0, 4000, "details", "要求")
#define F_ASSIGNEE                                                                                                     \
    { "assignee", FIELD_REFERENCE, .flags = FIELD_FILTER, .target = "user", .en = "assignee", .zh = "承办人" }
#define F_DUE(more) F_TIME("due", more, "due", "期限")

static const record_field STEP[STEP_FIELDS] = {
    [STEP_OPERATION] = F_OPERATION(FIELD_REQUIRED | FIELD_FIXED),
    [STEP_PHASE] = F_PHASE(FIELD_REQUIRED | FIELD_FILTER),
    [STEP_TITLE] = F_TITLE(FIELD_REQUIRED),
    [STEP_WORDS] = F_WORDS,
    [STEP_SITE] = F_SITE(FIELD_FIXED),
    [STEP_UNIT] = F_UNIT(FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER),
    [STEP_ASSIGNEE] = F_ASSIGNEE,
    [STEP_DUE] = F_DUE(FIELD_REQUIRED),
    [STEP_STATE] = F_STATE("open|done|cancelled"),
    [STEP_IS_OVERDUE] = {"is_overdue", FIELD_BOOLEAN, .flags = FIELD_REQUIRED | FIELD_SERVER, .en = "overdue",
                         .zh = "是否逾期"},
    [STEP_RESULT] = F_SECRET_WORDS("result", FIELD_SERVER, 4000, "result", "结果"),
    [STEP_DONE_BY] = F_USER("done_by", "done by", "完成人"),
    [STEP_DONE_AT] = F_AT("done_at", "done", "完成时间"),
    [STEP_DISTRICT] = F_DISTRICT,
    [STEP_STATION] = F_STATION,
};
static const record_index STEP_INDEXES[] = {INDEX_2(STEP_OPERATION, STEP_STATE), INDEX_2(STEP_DISTRICT, STEP_STATE),
                                            INDEX_2(STEP_STATE, STEP_DUE)};
static const record_table STEPS = {"step", STEP, STEP_FIELDS, INDEXES_OF(STEP_INDEXES), false, "steps", "行动任务"};

static sluice_result check_step(desk_command *c, record *r, const desk_input *in) {
    bool is_new_date = !desk_given_value(in, "due")->is_null;
    sluice_result result = operation_require(c, &r->values[STEP_OPERATION], PLANNED);
    if (result == SLUICE_OK && is_new_date && r->values[STEP_DUE].integer <= c->now_ms) {
        return desk_fault_add(c, "due", "a time that is still to come is expected");
    }
    if (is_new_date) {
        r->values[STEP_IS_OVERDUE] = value_integer(0);
    }
    if (result == SLUICE_OK && r->id == 0) {
        result = operation_place(c, &STEP_KIND, r, NO_FIELD, NO_FIELD, STEP_UNIT);
    }
    return result == SLUICE_OK && !r->values[STEP_ASSIGNEE].is_null ? place_check_assignee(c, &STEP_KIND, r) : result;
}

static sluice_result set_due(desk_command *c, record *r, const desk_input *in) {
    return desk_given_value(in, "due")->is_null
               ? SLUICE_OK
               : timer_set(c, &STEP_KIND, r->id, "overdue", r->values[STEP_DUE].integer);
}

static sluice_result mark_overdue(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[STEP_IS_OVERDUE] = value_integer(1);
    return SLUICE_OK;
}

static sluice_result end_step(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = timer_clear(c, &STEP_KIND, r->id, NULL);
    return result == SLUICE_OK ? operation_tally_then(c, r, in) : result;
}

static const record_field STEP_CREATE[] = {F_OPERATION(FIELD_REQUIRED),
                                           F_PHASE(FIELD_REQUIRED),
                                           F_TITLE(FIELD_REQUIRED),
                                           F_UNIT(FIELD_REQUIRED),
                                           F_DUE(FIELD_REQUIRED),
                                           F_WORDS,
                                           F_SITE(0),
                                           F_ASSIGNEE};
static const record_field STEP_EDIT[] = {F_TITLE(0), F_WORDS, F_ASSIGNEE, F_DUE(0), F_NOTE};
static const record_field STEP_DONE[] = {F_SECRET_WORDS("result", FIELD_REQUIRED, 4000, "result", "结果")};
static const desk_act_row STEP_ACTS[] = {
    {"create", NULL, "open", PLANNERS, 0, INPUTS(STEP_CREATE), RUN(check_step), THEN(set_due),
     SAYS("assign a step to a unit", "布置任务")},
    {"edit", "open", NULL, PLANNERS, 0, INPUTS(STEP_EDIT), RUN(check_step), THEN(set_due),
     SAYS("change it, or its date", "调整")},
    {"finish", "open", "done", ROLES_OFFICERS, 0, BY(STEP_DONE_BY), AT(STEP_DONE_AT), INPUTS(STEP_DONE), THEN(end_step),
     SAYS("it is done", "完成")},
    {"cancel", "open", "cancelled", ROLE_INVESTIGATOR | ROLE_COMMANDER, ACT_REASON, INPUTS(NOTE), THEN(end_step),
     SAYS("cancel it", "取消")},
    {"overdue", "open", NULL, ROLE_SYSTEM, ACT_BY_CLOCK, RUN(mark_overdue), SAYS("its date has passed", "逾期")},
};
const desk_kind STEP_KIND = {
    .table = &STEPS,
    .name = "step",
    .collection = "steps",
    .readers = OPERATION_READERS,
    .state = SOME(STEP_STATE),
    .due = SOME(STEP_DUE),
    .assignee = SOME(STEP_ASSIGNEE),
    .district = SOME(STEP_DISTRICT),
    .station = SOME(STEP_STATION),
    ACTS_OF(STEP_ACTS),
};
