/* The states:
 *
 *   drafted ──submit──▶ submitted ──approve (city, another person)──▶ approved ──start──▶ running ──close──▶ closed
 *      ▲ ────refuse────────┘                                              └──cancel──▶ cancelled
 *
 * While it runs the commander enters one phase after the other; the phases are a dated table. An operation of the city
 * has no district; those who take part see it through their participation. */
#include "desk/operation.h"

#include "base/hash.h"
#include "desk/case.h"
#include "desk/desk_private.h"
#include "desk/operation_fields.h"
#include "desk/place.h"
#include "desk/rectification.h"

#define F_NAME(more) F_TEXT("name", more, 200, "name", "行动名称")
#define F_AIM F_SECRET_WORDS("aim", 0, 8000, "aim and plan", "行动目标与方案")
#define F_FROM(more) F_TIME("from", more, "begins", "开始时间")
#define F_UNTIL(more) F_TIME("until", more, "ends", "结束时间")
#define F_COMMANDER(more)                                                                                              \
    { "commander", FIELD_REFERENCE, .flags = (more), .target = "user", .en = "commander", .zh = "总指挥" }
#define F_PHASE(more) F_DATED("phase", "operation_phase", more, "phase", "阶段")
#define F_SUMMARY F_SECRET_WORDS("summary", 0, 8000, "outcome", "行动总结")

static const record_field FIELDS[OPERATION_FIELDS] = {
    [OPERATION_NAME] = F_NAME(FIELD_REQUIRED),
    [OPERATION_AIM] = F_AIM,
    [OPERATION_FROM] = F_FROM(FIELD_REQUIRED),
    [OPERATION_UNTIL] = F_UNTIL(FIELD_REQUIRED),
    [OPERATION_COMMANDER] = F_COMMANDER(FIELD_REQUIRED),
    [OPERATION_PHASE] = F_PHASE(FIELD_SERVER),
    [OPERATION_STATE] = F_STATE("drafted|submitted|approved|running|closed|cancelled"),
    [OPERATION_DISTRICT] = F_DISTRICT,
    [OPERATION_STATION] = F_STATION,
    [OPERATION_DRAFTED_BY] = F_USER("drafted_by", "drafted by", "拟制人"),
    [OPERATION_APPROVED_BY] = F_USER("approved_by", "decided by", "审批人"),
    [OPERATION_APPROVED_AT] = F_AT("approved_at", "decided", "审批时间"),
    [OPERATION_STARTED_AT] = F_AT("started_at", "started", "启动时间"),
    [OPERATION_CLOSED_AT] = F_AT("closed_at", "closed", "实际结束时间"),
    [OPERATION_CLOSED_BY] = F_USER("closed_by", "closed by", "结束人"),
    [OPERATION_SUMMARY] = F_SUMMARY,
};
static const record_index INDEXES[] = {INDEX_1(OPERATION_STATE), INDEX_1(OPERATION_DISTRICT)};
static const record_table TABLE = {"operation", FIELDS,       OPERATION_FIELDS, INDEXES_OF(INDEXES),
                                   false,       "operations", "集中收网行动"};

/* ---- what others of an operation ask ---- */

sluice_result operation_require(desk_command *c, const record_value *operation, const char *states) {
    record r;
    if (operation->is_null) {
        return SLUICE_OK;
    }
    sluice_result result = desk_get(c, &OPERATION_KIND, operation->integer, &r);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "operation", "an operation that you take part in is expected");
    }
    sluice_text state = result == SLUICE_OK ? r.values[OPERATION_STATE].text : (sluice_text){0};
    if (result == SLUICE_OK && !desk_is_among(states, state)) {
        return error_set(c->error, SLUICE_E_STATE, "operation %lld is %.*s; this is possible while it is %s",
                         (long long)r.id, TEXT_ARGS(state), states);
    }
    return result;
}

static sluice_result place_of_site(desk_command *c, const desk_kind *kind, record *r, uint8_t operation, uint8_t site) {
    record at;
    sluice_result result = desk_get(c, &SITE_KIND, r->values[site].integer, &at);
    bool is_foreign = result == SLUICE_OK && operation != NO_FIELD && !r->values[operation].is_null &&
                      at.values[SITE_OPERATION].integer != r->values[operation].integer;
    if (result == SLUICE_E_NOT_FOUND || is_foreign) {
        return desk_fault_add(c, "site", "a site of this operation that you can see is expected");
    }
    if (result == SLUICE_OK) {
        r->values[field_of(kind->district)] = at.values[SITE_DISTRICT];
        r->values[field_of(kind->station)] = at.values[SITE_STATION];
    }
    return result;
}

static sluice_result place_of_unit(desk_command *c, const desk_kind *kind, record *r, uint8_t unit) {
    unit_place place;
    sluice_result result = unit_place_of(c->desk->store, r->values[unit].integer, c->arena, &place, c->error);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "unit", "a unit that is there is expected");
    }
    if (result == SLUICE_OK && c->actor->level != LEVEL_CITY && place.district != c->actor->district) {
        return desk_fault_add(c, "unit", "a unit of your own district is expected");
    }
    if (result == SLUICE_OK) {
        place_set(kind, r, place.district, place.station);
    }
    return result;
}

sluice_result operation_place(desk_command *c, const desk_kind *kind, record *r, uint8_t operation, uint8_t site,
                              uint8_t unit) {
    if (site != NO_FIELD && !r->values[site].is_null) {
        return place_of_site(c, kind, r, operation, site);
    }
    if (unit != NO_FIELD && !r->values[unit].is_null) {
        return place_of_unit(c, kind, r, unit);
    }
    place_set(kind, r, c->actor->district, c->actor->station);
    return SLUICE_OK;
}

sluice_result operation_check_case(desk_command *c, const record_value *of_case) {
    record r;
    if (of_case->is_null) {
        return SLUICE_OK;
    }
    sluice_result result = desk_get(c, &CASE_KIND, of_case->integer, &r);
    return result == SLUICE_E_NOT_FOUND ? desk_fault_add(c, "case", "a case that you can see is expected") : result;
}

sluice_result operation_tally_then(desk_command *c, record *r, const desk_input *in) {
    record operation;
    const record_value *id = desk_value(r, "operation");
    (void)in;
    if (id->is_null) {
        return SLUICE_OK;
    }
    sluice_result result = store_get(c->desk->store, &TABLE, id->integer, c->arena, &operation, c->error);
    if (result != SLUICE_OK) {
        return result;
    }
    /* For the district where it happened; what belongs to none is heard by the city alone. */
    const desk_kind *kind = desk_kind_find(r->table->name);
    operation.values[OPERATION_DISTRICT] = r->values[field_of(kind->district)];
    operation.values[OPERATION_STATION] = r->values[field_of(kind->station)];
    return event_add(c, &OPERATION_KIND, &operation, "tally");
}

sluice_result operation_person(desk_command *c, sluice_text identity, sluice_text *hash_out) {
    char normal[32], hex[SHA256_HEX_BYTES];
    size_t length = 0;
    for (size_t i = 0; i < identity.length && length < sizeof normal; i++) {
        char at = identity.data[i];
        if (at != ' ' && at != '-') {
            normal[length++] = at == 'x' ? 'X' : at;
        }
    }
    if (length < 6 || length >= sizeof normal) {
        return desk_fault_add(c, "identity", "the number of an identity paper, 6 to 31 characters, is expected");
    }
    sluice_result result = hmac_sha256(store_secret(c->desk->store), 32, normal, length, hex);
    char *copy = result == SLUICE_OK ? arena_copy(c->arena, hex, sizeof hex) : NULL;
    *hash_out = (sluice_text){copy, SHA256_HEX_BYTES - 1};
    return copy == NULL ? error_no_memory(c->error, sizeof hex) : SLUICE_OK;
}

/* ---- acts ---- */

static sluice_result check_plan(desk_command *c, record *r, const desk_input *in) {
    record user;
    (void)in;
    if (r->values[OPERATION_UNTIL].integer <= r->values[OPERATION_FROM].integer) {
        return desk_fault_add(c, "until", "a time after `from` is expected");
    }
    sluice_result result = desk_get(c, desk_kind_find("user"), r->values[OPERATION_COMMANDER].integer, &user);
    return result == SLUICE_E_NOT_FOUND ? desk_fault_add(c, "commander", "a user who is there is expected") : result;
}

static sluice_result draft(desk_command *c, record *r, const desk_input *in) {
    place_set(&OPERATION_KIND, r, c->actor->district, c->actor->station);
    return check_plan(c, r, in);
}

/* A plan without anybody to carry it out, or without a target, is none. */
static sluice_result submit(desk_command *c, record *r, const desk_input *in) {
    const record_table *const needed[] = {PARTICIPATION_KIND.table, TARGET_KIND.table};
    (void)in;
    for (size_t i = 0; i < 2; i++) {
        query_term of = {0, QUERY_EQUAL, value_integer(r->id), NULL, 0}; /* both begin with `operation` */
        record_query query = {.table = needed[i], .terms = &of, .term_count = 1, .order = QUERY_ID};
        uint64_t count = 0;
        sluice_result result = store_count(c->desk->store, &query, 1, &count, c->error);
        if (result != SLUICE_OK) {
            return result;
        }
        if (count == 0) {
            return error_set(c->error, SLUICE_E_STATE, "the operation has no %s yet: name at least one first",
                             needed[i]->name);
        }
    }
    return SLUICE_OK;
}

static sluice_result start(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[OPERATION_PHASE] = value_text(TEXT("close_in"));
    return SLUICE_OK;
}

/* What is still to be done is done, or said to be dropped, before it is closed. */
static sluice_result finish(desk_command *c, record *r, const desk_input *in) {
    query_term terms[] = {{STEP_OPERATION, QUERY_EQUAL, value_integer(r->id), NULL, 0},
                          {STEP_STATE, QUERY_EQUAL, value_text(TEXT("open")), NULL, 0}};
    record step;
    (void)in;
    sluice_result result = desk_find(c, STEP_KIND.table, terms, 2, &step);
    if (result == SLUICE_OK) {
        return error_set(c->error, SLUICE_E_STATE, "step %lld of the operation is open: finish or cancel it first",
                         (long long)step.id);
    }
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

static const record_field DRAFT[] = {F_NAME(FIELD_REQUIRED), F_AIM, F_FROM(FIELD_REQUIRED), F_UNTIL(FIELD_REQUIRED),
                                     F_COMMANDER(FIELD_REQUIRED)};
static const record_field EDIT[] = {F_NAME(0), F_AIM, F_FROM(0), F_UNTIL(0), F_COMMANDER(0), F_NOTE};
static const record_field PHASE[] = {F_PHASE(FIELD_REQUIRED), F_NOTE};
static const record_field CLOSE[] = {F_SECRET_WORDS("summary", FIELD_REQUIRED, 8000, "outcome", "行动总结")};
static const record_field NOTE[] = {F_NOTE};

static const desk_act_row ACTS[] = {
    {"draft", NULL, "drafted", ROLE_ANALYST | ROLE_COMMANDER, ACT_DISTRICT, BY(OPERATION_DRAFTED_BY), INPUTS(DRAFT),
     RUN(draft), SAYS("draft an operation", "拟制行动方案")},
    {"edit", "drafted", NULL, ROLE_ANALYST | ROLE_COMMANDER, ACT_DISTRICT, INPUTS(EDIT), RUN(check_plan),
     SAYS("change the plan", "修改方案")},
    {"submit", "drafted", "submitted", ROLE_ANALYST | ROLE_COMMANDER, ACT_DISTRICT, INPUTS(NOTE), RUN(submit),
     SAYS("ask for its approval", "呈请批准行动")},
    {"approve", "submitted", "approved", DECIDERS, ACT_CITY, OTHER_THAN(OPERATION_DRAFTED_BY),
     BY(OPERATION_APPROVED_BY), AT(OPERATION_APPROVED_AT), INPUTS(NOTE), RESTS_ON(COMMAND_RULE),
     SAYS("approve it", "批准行动")},
    {"refuse", "submitted", "drafted", DECIDERS, ACT_CITY | ACT_REASON, INPUTS(NOTE), RESTS_ON(COMMAND_RULE),
     SAYS("send it back", "退回修改")},
    {"start", "approved", "running", ROLE_COMMANDER, ACT_DISTRICT, AT(OPERATION_STARTED_AT), INPUTS(NOTE), RUN(start),
     RESTS_ON(COMMAND_RULE), SAYS("start it", "启动行动")},
    {"enter_phase", "approved|running", NULL, ROLE_COMMANDER, ACT_DISTRICT, INPUTS(PHASE),
     SAYS("go on to a phase", "进入阶段")},
    {"close", "running", "closed", ROLE_COMMANDER, ACT_DISTRICT, BY(OPERATION_CLOSED_BY), AT(OPERATION_CLOSED_AT),
     INPUTS(CLOSE), RUN(finish), SAYS("end it, with what came of it", "结束行动")},
    {"cancel", "drafted|submitted|approved", "cancelled", ROLE_COMMANDER, ACT_DISTRICT | ACT_REASON,
     BY(OPERATION_CLOSED_BY), AT(OPERATION_CLOSED_AT), INPUTS(NOTE), SAYS("call it off", "取消行动")},
};

static const desk_child CHILDREN[] = {
    {"participations", &PARTICIPATION_KIND, PARTICIPATION_OPERATION},
    {"targets", &TARGET_KIND, TARGET_OPERATION},
    {"sites", &SITE_KIND, SITE_OPERATION},
    {"teams", &TEAM_KIND, TEAM_OPERATION},
    {"steps", &STEP_KIND, STEP_OPERATION},
    {"arrests", &ARREST_KIND, ARREST_OPERATION},
    {"seizures", &SEIZURE_KIND, SEIZURE_OPERATION},
    {"places", &PLACE_KIND, PLACE_OPERATION},
};
static const uint8_t SEARCHED[] = {OPERATION_NAME, NO_FIELD};
const desk_kind OPERATION_KIND = {
    .table = &TABLE,
    .name = "operation",
    .collection = "operations",
    .readers = OPERATION_READERS,
    .prefix = "OP",
    .state = SOME(OPERATION_STATE),
    .district = SOME(OPERATION_DISTRICT),
    .station = SOME(OPERATION_STATION),
    .shared_by = &PARTICIPATION_KIND,
    .share_of = PARTICIPATION_OPERATION,
    .share_live = PARTICIPATION_KEY,
    ACTS_OF(ACTS),
    .children = CHILDREN,
    .child_count = sizeof CHILDREN / sizeof *CHILDREN,
    .search = SEARCHED,
};
