/* Who takes part in an operation, and the teams they send.
 *
 * A participation lets the unit's district see the operation; withdrawn, it sees it no longer, but for what is its own.
 * A team's officers count for the operation from the moment it is deployed. */
#include "desk/desk_private.h"
#include "desk/operation.h"
#include "desk/operation_fields.h"
#include "desk/place.h"

/* ---- participations ---- */

#define F_DUTY F_TEXT("duty", 0, 1000, "assignment", "任务分工")

static const record_field FIELDS[PARTICIPATION_FIELDS] = {
    [PARTICIPATION_OPERATION] = F_OPERATION(FIELD_REQUIRED | FIELD_FIXED),
    [PARTICIPATION_UNIT] = F_UNIT(FIELD_REQUIRED | FIELD_FIXED),
    [PARTICIPATION_DUTY] = F_DUTY,
    [PARTICIPATION_STATE] = F_STATE("taking_part|withdrawn"),
    [PARTICIPATION_DISTRICT] = F_DISTRICT,
    [PARTICIPATION_STATION] = F_STATION,
    [PARTICIPATION_KEY] = {"live_unit", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "unit",
                           .en = "deduplication key", .zh = "在编单位"},
};
static const record_index INDEXES[] = {
    {true, {PARTICIPATION_OPERATION, PARTICIPATION_KEY, RECORD_END, RECORD_END}},
    INDEX_2(PARTICIPATION_OPERATION, PARTICIPATION_DISTRICT),
    INDEX_1(PARTICIPATION_DISTRICT),
};
static const record_table TABLE = {"participation",     FIELDS,    PARTICIPATION_FIELDS, INDEXES_OF(INDEXES), false,
                                   "units taking part", "参战单位"};

#define PLANNED "drafted|submitted|approved|running"

static sluice_result take_part(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    sluice_result result = operation_require(c, &r->values[PARTICIPATION_OPERATION], PLANNED);
    r->values[PARTICIPATION_KEY] = r->values[PARTICIPATION_UNIT];
    return result == SLUICE_OK ? operation_place(c, &PARTICIPATION_KIND, r, NO_FIELD, NO_FIELD, PARTICIPATION_UNIT)
                               : result;
}

static sluice_result withdraw(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[PARTICIPATION_KEY] = value_null();
    return SLUICE_OK;
}

static const record_field JOIN[] = {F_OPERATION(FIELD_REQUIRED), F_UNIT(FIELD_REQUIRED), F_DUTY};
static const record_field NOTE[] = {F_NOTE};
static const desk_act_row ACTS[] = {
    {"create", NULL, "taking_part", PLANNERS, ACT_DISTRICT, INPUTS(JOIN), RUN(take_part), RESTS_ON(COMMAND_RULE),
     SAYS("add a unit", "编入行动")},
    {"withdraw", "taking_part", "withdrawn", ROLE_COMMANDER, ACT_DISTRICT | ACT_REASON, INPUTS(NOTE), RUN(withdraw),
     SAYS("withdraw the unit", "退出行动")},
};
const desk_kind PARTICIPATION_KIND = {
    .table = &TABLE,
    .name = "participation",
    .collection = "participations",
    .readers = OPERATION_READERS,
    .state = SOME(PARTICIPATION_STATE),
    .district = SOME(PARTICIPATION_DISTRICT),
    .station = SOME(PARTICIPATION_STATION),
    ACTS_OF(ACTS),
};

/* ---- teams ---- */

#define F_NAME(more) F_TEXT("name", more, 100, "name", "名称")
#define F_LEADER                                                                                                       \
    { "leader", FIELD_REFERENCE, .target = "user", .en = "leader", .zh = "组长" }
#define F_OFFICERS(more)                                                                                               \
    { "officers", FIELD_INTEGER, .flags = (more), .en = "officers; the leader included", .zh = "警力（人）；含组长" }

static const record_field TEAM[TEAM_FIELDS] = {
    [TEAM_OPERATION] = F_OPERATION(FIELD_REQUIRED | FIELD_FIXED),
    [TEAM_SITE] = {"site", FIELD_REFERENCE, .flags = FIELD_FILTER, .target = "site", .en = "site", .zh = "行动点位"},
    [TEAM_NAME] = F_NAME(FIELD_REQUIRED),
    [TEAM_UNIT] = F_UNIT(FIELD_REQUIRED | FIELD_FIXED),
    [TEAM_LEADER] = F_LEADER,
    [TEAM_OFFICERS] = F_OFFICERS(FIELD_REQUIRED),
    [TEAM_STATE] = F_STATE("formed|deployed|withdrawn|dissolved"),
    [TEAM_DEPLOYED_AT] = F_AT("deployed_at", "deployed", "出动时间"),
    [TEAM_WITHDRAWN_AT] = F_AT("withdrawn_at", "withdrawn", "撤回时间"),
    [TEAM_DISTRICT] = F_DISTRICT,
    [TEAM_STATION] = F_STATION,
};
static const record_index TEAM_INDEXES[] = {INDEX_2(TEAM_OPERATION, TEAM_STATE), INDEX_1(TEAM_DISTRICT),
                                            INDEX_1(TEAM_DEPLOYED_AT)};
static const record_table TEAMS = {"team", TEAM, TEAM_FIELDS, INDEXES_OF(TEAM_INDEXES), false, "teams", "行动小组"};

/* A team is its unit's, wherever it is sent; the site must be of the same operation. */
static sluice_result check_team(desk_command *c, record *r, const desk_input *in) {
    record site;
    (void)in;
    if (r->values[TEAM_OFFICERS].integer < 1 || r->values[TEAM_OFFICERS].integer > 10000) {
        return desk_fault_add(c, "officers", "a number from 1 to 10,000 is expected");
    }
    sluice_result result = operation_require(c, &r->values[TEAM_OPERATION], PLANNED);
    if (result == SLUICE_OK) {
        result = operation_place(c, &TEAM_KIND, r, NO_FIELD, NO_FIELD, TEAM_UNIT);
    }
    if (result != SLUICE_OK || r->values[TEAM_SITE].is_null) {
        return result;
    }
    result = store_get(c->desk->store, SITE_KIND.table, r->values[TEAM_SITE].integer, c->arena, &site, c->error);
    bool is_foreign = result == SLUICE_E_NOT_FOUND ||
                      (result == SLUICE_OK && site.values[SITE_OPERATION].integer != r->values[TEAM_OPERATION].integer);
    return is_foreign ? desk_fault_add(c, "site", "a site of this operation is expected") : result;
}

static sluice_result deploy(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return operation_require(c, &r->values[TEAM_OPERATION], "running");
}

static const record_field FORM[] = {F_OPERATION(FIELD_REQUIRED), F_NAME(FIELD_REQUIRED),
                                    F_UNIT(FIELD_REQUIRED),      F_SITE(0),
                                    F_OFFICERS(FIELD_REQUIRED),  F_LEADER};
static const record_field EDIT[] = {F_NAME(0), F_SITE(0), F_OFFICERS(0), F_LEADER, F_NOTE};
static const desk_act_row TEAM_ACTS[] = {
    {"create", NULL, "formed", PLANNERS, 0, INPUTS(FORM), RUN(check_team), SAYS("form a team", "编组")},
    {"edit", "formed|deployed", NULL, PLANNERS, 0, INPUTS(EDIT), RUN(check_team), THEN(operation_tally_then),
     SAYS("change it", "调整")},
    {"deploy", "formed", "deployed", ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, AT(TEAM_DEPLOYED_AT), INPUTS(NOTE),
     RUN(deploy), THEN(operation_tally_then), RESTS_ON(COMMAND_RULE), SAYS("send it out: the operation runs", "出动")},
    {"withdraw", "deployed", "withdrawn", ROLE_INVESTIGATOR | ROLE_COMMANDER, 0, AT(TEAM_WITHDRAWN_AT), INPUTS(NOTE),
     THEN(operation_tally_then), SAYS("it comes back", "撤回")},
    {"dissolve", "formed", "dissolved", ROLE_COMMANDER, ACT_REASON, INPUTS(NOTE), SAYS("it is not needed", "撤销")},
};
const desk_kind TEAM_KIND = {
    .table = &TEAMS,
    .name = "team",
    .collection = "teams",
    .readers = OPERATION_READERS,
    .state = SOME(TEAM_STATE),
    .district = SOME(TEAM_DISTRICT),
    .station = SOME(TEAM_STATION),
    ACTS_OF(TEAM_ACTS),
};
