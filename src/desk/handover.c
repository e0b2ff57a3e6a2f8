/* Handing a record over to another district (跨区移交): asked for by the one, reviewed by the other or by the city.
 *
 * One at a time of a record, and it is taken over from where it was when it was asked for: who reviews decides about
 * that and nothing else. What was done about a case or a report goes with it (its stops, freezes, inquiries, returns,
 * reports), as far as the district that hands over had it: a freeze must be renewed by whoever has the case. */
#include "desk/handover.h"

#include "desk/desk_private.h"
#include "desk/inquiry.h"
#include "desk/order.h"
#include "desk/report.h"
#include "desk/return.h"
#include "desk/unit.h"

enum {
    H_KIND,
    H_RECORD,
    H_TO_UNIT,
    H_REASON,
    H_STATE,
    H_FROM_DISTRICT,
    H_DISTRICT,
    H_STATION,
    H_PROPOSED_BY,
    H_DECIDED_BY,
    H_DECIDED_AT,
    H_FIELDS
};

static const record_field FIELDS[H_FIELDS] = {
    [H_KIND] = {"kind", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER,
                .codes = "lead|report|case|warning|stop|freeze|return", .en = "record type", .zh = "记录类别"},
    [H_RECORD] = {"record", FIELD_INTEGER, .flags = FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .en = "record no.",
                  .zh = "记录编号"},
    [H_TO_UNIT] = {"to_unit", FIELD_REFERENCE, .flags = FIELD_REQUIRED | FIELD_FIXED, .target = "unit",
                   .en = "receiving unit", .zh = "移交单位"},
    [H_REASON] = {"reason", FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_FIXED, .en = "reason", .zh = "移交理由"},
    [H_STATE] = {"state", FIELD_CODE, .flags = FIELD_REQUIRED | FIELD_SERVER | FIELD_FILTER,
                 .codes = "proposed|accepted|refused", .en = "state", .zh = "状态"},
    [H_FROM_DISTRICT] = {"from_district", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "unit",
                         .en = "from district", .zh = "移出县区"},
    [H_DISTRICT] = {"district", FIELD_REFERENCE, .flags = FIELD_SERVER | FIELD_FILTER, .target = "unit",
                    .en = "receiving district", .zh = "接收县区"},
    [H_STATION] = {"station", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "unit", .en = "receiving station",
                   .zh = "接收派出所"},
    [H_PROPOSED_BY] = {"proposed_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "proposed by",
                       .zh = "提出人"},
    [H_DECIDED_BY] = {"decided_by", FIELD_REFERENCE, .flags = FIELD_SERVER, .target = "user", .en = "decided by",
                      .zh = "审核人"},
    [H_DECIDED_AT] = {"decided_at", FIELD_TIME, .flags = FIELD_SERVER, .en = "decided", .zh = "审核时间"},
};
static const record_index INDEXES[] = {
    {false, {H_KIND, H_RECORD, RECORD_END, RECORD_END}},
    {false, {H_DISTRICT, H_STATE, RECORD_END, RECORD_END}},
    {false, {H_STATE, RECORD_END, RECORD_END, RECORD_END}},
};
static const record_table TABLE = {"handover", FIELDS,      H_FIELDS,  INDEXES, sizeof INDEXES / sizeof *INDEXES,
                                   false,      "handovers", "跨区移交"};

static const record_field PROPOSE[] = {
    {"kind", FIELD_CODE, .flags = FIELD_REQUIRED, .codes = "lead|report|case|warning|stop|freeze|return",
     .en = "record type", .zh = "记录类别"},
    {"record", FIELD_INTEGER, .flags = FIELD_REQUIRED, .en = "record no.", .zh = "记录编号"},
    {"to_unit", FIELD_REFERENCE, .flags = FIELD_REQUIRED, .target = "unit", .en = "receiving unit", .zh = "移交单位"},
    {"reason", FIELD_TEXT, .flags = FIELD_REQUIRED, .en = "reason", .zh = "移交理由"},
};
static const record_field NOTE[] = {{"note", FIELD_TEXT, .en = "note", .zh = "说明"}};

static const desk_kind *kind_of(const record *r) {
    char name[32];
    (void)snprintf(name, sizeof name, "%.*s", TEXT_ARGS(r->values[H_KIND].text));
    return desk_kind_find(name);
}

static bool is_same(const record_value *a, const record_value *b) {
    return a->is_null || b->is_null ? a->is_null == b->is_null : a->integer == b->integer;
}

/* Another that waits for the same record: two reviews could take it to two places. */
static sluice_result check_alone(desk_command *c, const record *r) {
    query_term terms[] = {{H_KIND, QUERY_EQUAL, r->values[H_KIND], NULL, 0},
                          {H_RECORD, QUERY_EQUAL, r->values[H_RECORD], NULL, 0},
                          {H_STATE, QUERY_EQUAL, value_text(TEXT("proposed")), NULL, 0}};
    record other;
    sluice_result result = desk_find(c, &TABLE, terms, 3, &other);
    if (result == SLUICE_OK) {
        return error_set(c->error, SLUICE_E_CONFLICT, "%s-%08lld asks for this already: it is decided first",
                         HANDOVER_KIND.prefix, (long long)other.id);
    }
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

static sluice_result propose(desk_command *c, record *r, const desk_input *in) {
    const desk_kind *kind = kind_of(r);
    record about;
    unit_place place;
    (void)in;
    SLUICE_ASSERT(kind != NULL);
    sluice_result result = desk_get(c, kind, r->values[H_RECORD].integer, &about);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "record", "a %s that you can see is expected", kind->name);
    }
    result = result == SLUICE_OK
                 ? unit_place_of(c->desk->store, r->values[H_TO_UNIT].integer, c->arena, &place, c->error)
                 : result;
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "to_unit", "a unit that is there is expected");
    }
    if (result != SLUICE_OK) {
        return result;
    }
    r->values[H_FROM_DISTRICT] = about.values[field_of(kind->district)];
    r->values[H_DISTRICT] = place.district == 0 ? value_null() : value_integer(place.district);
    r->values[H_STATION] = place.station == 0 ? value_null() : value_integer(place.station);
    if (is_same(&about.values[field_of(kind->district)], &r->values[H_DISTRICT]) &&
        is_same(&about.values[field_of(kind->station)], &r->values[H_STATION])) {
        return desk_fault_add(c, "to_unit", "another unit than the one that has it is expected");
    }
    return check_alone(c, r);
}

static sluice_result move(desk_command *c, const record *r, const desk_kind *kind, record *about) {
    about->values[field_of(kind->district)] = r->values[H_DISTRICT];
    about->values[field_of(kind->station)] = r->values[H_STATION];
    if (has_field(kind->assignee)) {
        about->values[field_of(kind->assignee)] = value_null();
    }
    sluice_result result = desk_update(c, about);
    return result == SLUICE_OK ? desk_moved(c, kind, about) : result;
}

static sluice_result move_with(desk_command *c, const record *r, const desk_kind *kind, int64_t id);

/* Those of one kind that name it in this field, and are where it was. */
static sluice_result move_those(desk_command *c, const record *r, const desk_kind *kind, uint8_t field, int64_t id) {
    enum { AT_ONCE = 10000 };
    query_term of = {field, QUERY_EQUAL, value_integer(id), NULL, 0};
    record_query query = {.table = kind->table, .terms = &of, .term_count = 1, .order = QUERY_ID, .limit = AT_ONCE};
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        if (is_same(&rows[i].values[field_of(kind->district)], &r->values[H_FROM_DISTRICT])) {
            result = move(c, r, kind, &rows[i]);
            result = result == SLUICE_OK ? move_with(c, r, kind, rows[i].id) : result;
        }
    }
    return result;
}

/* What goes with a case or a report. A report of a case brings its own. */
static sluice_result move_with(desk_command *c, const record *r, const desk_kind *kind, int64_t id) {
    const desk_kind *const follow[] = {&REPORT_KIND, &STOP_KIND, &FREEZE_KIND, &INQUIRY_KIND, &RETURN_KIND};
    sluice_result result = SLUICE_OK;
    if (strcmp(kind->name, "case") != 0 && strcmp(kind->name, "report") != 0) {
        return SLUICE_OK;
    }
    for (size_t i = 0; i < sizeof follow / sizeof *follow; i++) {
        const record_table *table = follow[i]->table;
        for (size_t f = 0; result == SLUICE_OK && f < table->field_count; f++) {
            if (table->fields[f].type == FIELD_REFERENCE && strcmp(table->fields[f].name, kind->name) == 0) {
                result = move_those(c, r, follow[i], (uint8_t)f, id);
            }
        }
    }
    return result;
}

/* The district that asked sees what becomes of it, and does not decide it. */
static sluice_result check_receiver(desk_command *c, const record *r) {
    const record_value *district = &r->values[H_DISTRICT];
    return c->actor->level == LEVEL_CITY || (!district->is_null && district->integer == c->actor->district)
               ? SLUICE_OK
               : error_set(c->error, SLUICE_E_FORBIDDEN,
                           "it is decided by the unit that is to take it over, or the city");
}

/* The record goes over; who had it does not see it any more. */
static sluice_result accept(desk_command *c, record *r, const desk_input *in) {
    const desk_kind *kind = kind_of(r);
    record about;
    (void)in;
    sluice_result result = check_receiver(c, r);
    if (result == SLUICE_OK) {
        result = store_get(c->desk->store, kind->table, r->values[H_RECORD].integer, c->arena, &about, c->error);
    }
    if (result == SLUICE_OK && !is_same(&about.values[field_of(kind->district)], &r->values[H_FROM_DISTRICT])) {
        return error_set(c->error, SLUICE_E_STATE,
                         "it is not where it was when this was asked for, and another has it now: refuse this one");
    }
    result = result == SLUICE_OK ? move(c, r, kind, &about) : result;
    return result == SLUICE_OK ? move_with(c, r, kind, about.id) : result;
}

static sluice_result refuse(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return check_receiver(c, r);
}

static const unsigned PROPOSERS = ROLES_OFFICERS;
static const desk_act_row ACTS[] = {
    {"propose", NULL, "proposed", PROPOSERS, 0, BY(H_PROPOSED_BY), INPUTS(PROPOSE), RUN(propose),
     RESTS_ON("公安机关办理刑事案件程序规定 Arts. 15–22 (jurisdiction)"), SAYS("request a handover", "提出移交")},
    {"accept", "proposed", "accepted", ROLE_COMMANDER, ACT_DISTRICT, OTHER_THAN(H_PROPOSED_BY), BY(H_DECIDED_BY),
     AT(H_DECIDED_AT), INPUTS(NOTE), RUN(accept), SAYS("take it over", "接收")},
    {"refuse", "proposed", "refused", ROLE_COMMANDER, ACT_DISTRICT | ACT_REASON, BY(H_DECIDED_BY), AT(H_DECIDED_AT),
     INPUTS(NOTE), RUN(refuse), SAYS("refuse it", "退回")},
};
const desk_kind HANDOVER_KIND = {
    .table = &TABLE,
    .name = "handover",
    .collection = "handovers",
    .readers = ROLES_OFFICERS | ROLE_AUDITOR,
    .prefix = "J",
    .state = SOME(H_STATE),
    .district = SOME(H_DISTRICT),
    .station = SOME(H_STATION),
    .came_from = SOME(H_FROM_DISTRICT),
    ACTS_OF(ACTS),
};
