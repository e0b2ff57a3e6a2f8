#include "desk/tally.h"

#include <string.h>

#include "base/time.h"
#include "desk/desk_private.h"
#include "desk/operation.h"
#include "desk/rectification.h"
#include "desk/unit.h"
#include "store/copy.h"

enum { DISTRICTS_MAX = 200, OPERATIONS_MAX = 50 };

/* The lines of the command view's today. */
static const char *const TODAY[] = {"people_warned", "loss_averted", "stopped",          "frozen",
                                    "returned",      "suspects",     "places_rectified", "reports"};

static const figure_line *line_of(const char *code) {
    for (size_t i = 0; i < FIGURE_LINE_COUNT; i++) {
        if (strcmp(FIGURE_LINES[i].code, code) == 0) {
            return &FIGURE_LINES[i];
        }
    }
    const bool there_is_such_a_line = false;
    SLUICE_ASSERT(there_is_such_a_line);
    return NULL;
}

static void scope_actor(const desk_actor *actor, figure_scope *scope) {
    scope->district = actor->level == LEVEL_CITY ? 0 : actor->district;
    scope->station = actor->level == LEVEL_STATION ? actor->station : 0;
}

/* ---- one operation ---- */

/* Terms of rows of the operation that the actor may see; returns how many. */
static size_t own_terms(const desk_command *c, const desk_kind *kind, uint8_t operation, int64_t id,
                        query_term terms[5]) {
    size_t count = desk_scope_terms(c->actor, kind, terms);
    terms[count++] = (query_term){operation, QUERY_EQUAL, value_integer(id), NULL, 0};
    return count;
}

static sluice_result by_state(desk_command *c, store *s, const desk_kind *kind, uint8_t operation, int64_t id,
                              record_group **groups, size_t *count) {
    query_term terms[5];
    record_query query = {.table = kind->table, .terms = terms};
    const uint8_t by[2] = {field_of(kind->state), RECORD_END};
    query.term_count = own_terms(c, kind, operation, id, terms);
    return store_group(s, &query, by, RECORD_END, c->arena, groups, count, c->error);
}

static sluice_result count_overdue(desk_command *c, store *s, const desk_kind *kind, uint8_t operation,
                                   uint8_t is_overdue, const char *state, int64_t id, uint64_t *count) {
    query_term terms[7];
    record_query query = {.table = kind->table, .terms = terms};
    size_t terms_count = own_terms(c, kind, operation, id, terms);
    terms[terms_count++] = (query_term){is_overdue, QUERY_EQUAL, value_integer(1), NULL, 0};
    terms[terms_count++] = (query_term){field_of(kind->state), QUERY_EQUAL, value_text(text_of(state)), NULL, 0};
    query.term_count = terms_count;
    return store_count(s, &query, 0, count, c->error);
}

/* Rows of a grouped figure go to the site or district they name. */
static int64_t part_of(const figure *f, int64_t id) {
    for (size_t i = 0; i < f->part_count; i++) {
        if ((f->parts[i].by.is_null ? 0 : f->parts[i].by.integer) == id) {
            return f->parts[i].value;
        }
    }
    return 0;
}

static sluice_result read_sites(desk_command *c, store *s, tally *t) {
    query_term terms[5];
    record_query query = {.table = SITE_KIND.table, .terms = terms, .order = QUERY_ID, .limit = 10000};
    record *rows = NULL;
    figure suspects, seized;
    const figure_section *section = figure_section_find("operation");
    query.term_count = own_terms(c, &SITE_KIND, SITE_OPERATION, t->operation.id, terms);
    sluice_result result = store_select(s, &query, c->arena, &rows, &t->site_count, c->error);
    if (result == SLUICE_OK) {
        result = figure_compute(s, &t->scope, section, line_of("suspects"), "site", c->arena, &suspects, c->error);
    }
    if (result == SLUICE_OK) {
        result = figure_compute(s, &t->scope, section, line_of("seized"), "site", c->arena, &seized, c->error);
    }
    t->sites = result == SLUICE_OK ? arena_alloc(c->arena, (t->site_count + 1) * sizeof *t->sites) : NULL;
    if (result == SLUICE_OK && t->sites == NULL) {
        return error_no_memory(c->error, t->site_count);
    }
    for (size_t i = 0; result == SLUICE_OK && i < t->site_count; i++) {
        t->sites[i] = (tally_site){rows[i], part_of(&suspects, rows[i].id), part_of(&seized, rows[i].id)};
    }
    return result;
}

static tally_district *district_row(desk_command *c, tally *t, int64_t district) {
    record unit;
    for (size_t i = 0; i < t->district_count; i++) {
        if (t->districts[i].district == district) {
            return &t->districts[i];
        }
    }
    if (t->district_count == DISTRICTS_MAX) {
        return NULL;
    }
    tally_district *row = &t->districts[t->district_count];
    *row = (tally_district){.district = district, .zh = TEXT("市级"), .en = TEXT("the city's own")};
    row->values = arena_alloc(c->arena, t->figure_count * sizeof *row->values);
    if (row->values == NULL) {
        return NULL;
    }
    memset(row->values, 0, t->figure_count * sizeof *row->values);
    if (district != 0 && store_get(c->desk->store, UNIT_KIND.table, district, c->arena, &unit, c->error) == SLUICE_OK) {
        row->zh = unit.values[UNIT_NAME_ZH].text;
        row->en = unit.values[UNIT_NAME_EN].text;
    }
    t->district_count++;
    return row;
}

static sluice_result read_districts(desk_command *c, store *s, tally *t) {
    t->districts = arena_alloc(c->arena, DISTRICTS_MAX * sizeof *t->districts);
    sluice_result result = t->districts == NULL ? error_no_memory(c->error, DISTRICTS_MAX) : SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && i < t->figure_count; i++) {
        figure by;
        const figure *of = &t->figures[i];
        result = figure_compute(s, &t->scope, of->section, of->line, "district", c->arena, &by, c->error);
        for (size_t k = 0; result == SLUICE_OK && k < by.part_count; k++) {
            const record_value *district = &by.parts[k].by;
            tally_district *row = district_row(c, t, district->is_null ? 0 : district->integer);
            if (row != NULL) {
                row->values[i] = by.parts[k].value;
            }
        }
    }
    return result;
}

static sluice_result compute(desk_command *c, store *s, const record *operation, tally *t) {
    const record_value *values = operation->values;
    int64_t started = values[OPERATION_STARTED_AT].is_null ? INT64_MAX : values[OPERATION_STARTED_AT].integer;
    int64_t from = values[OPERATION_FROM].integer;
    *t = (tally){.operation = *operation};
    t->scope =
        (figure_scope){.from_ms = started < from ? started : from, .to_ms = c->now_ms + 1, .operation = operation->id};
    scope_actor(c->actor, &t->scope);
    sluice_result result =
        figures_compute(s, &t->scope, SECTION_OPERATION, c->arena, &t->figures, &t->figure_count, c->error);
    result = result == SLUICE_OK ? read_districts(c, s, t) : result;
    result = result == SLUICE_OK ? read_sites(c, s, t) : result;
    int64_t id = operation->id;
    if (result == SLUICE_OK) {
        result = by_state(c, s, &TARGET_KIND, TARGET_OPERATION, id, &t->targets, &t->target_count);
    }
    if (result == SLUICE_OK) {
        result = by_state(c, s, &STEP_KIND, STEP_OPERATION, id, &t->steps, &t->step_count);
    }
    if (result == SLUICE_OK) {
        result = by_state(c, s, &PLACE_KIND, PLACE_OPERATION, id, &t->places, &t->place_count);
    }
    if (result == SLUICE_OK) {
        result = count_overdue(c, s, &STEP_KIND, STEP_OPERATION, STEP_IS_OVERDUE, "open", id, &t->steps_overdue);
    }
    return result == SLUICE_OK
               ? count_overdue(c, s, &PLACE_KIND, PLACE_OPERATION, PLACE_IS_OVERDUE, "notified", id, &t->places_overdue)
               : result;
}

sluice_result tally_compute(desk_command *c, const record *operation, tally *t) {
    store *view = NULL;
    sluice_result result = store_view(c->desk->store, &view, c->error);
    result = result == SLUICE_OK ? compute(c, view, operation, t) : result;
    store_close(&view);
    return result;
}

/* ---- the command view ---- */

static sluice_result read_today(desk_command *c, store *s, command_view *v) {
    const size_t count = sizeof TODAY / sizeof *TODAY;
    int64_t local = c->now_ms + TIME_SHANGHAI_OFFSET_MS;
    v->today = (figure_scope){.from_ms = local - local % TIME_DAY_MS - TIME_SHANGHAI_OFFSET_MS, .to_ms = c->now_ms + 1};
    scope_actor(c->actor, &v->today);
    v->figures = arena_alloc(c->arena, count * sizeof *v->figures);
    sluice_result result = v->figures == NULL ? error_no_memory(c->error, count) : SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        result = figure_compute(s, &v->today, figure_section_find("period"), line_of(TODAY[i]), "district", c->arena,
                                &v->figures[v->figure_count++], c->error);
    }
    return result;
}

static sluice_result compute_view(desk_command *c, store *s, command_view *v) {
    static const record_value STATES[] = {{.text = {"approved", 8}}, {.text = {"running", 7}}};
    query_term of = {OPERATION_STATE, QUERY_IN, value_null(), STATES, 2};
    record_query query = {.table = OPERATION_KIND.table,
                          .terms = &of,
                          .term_count = 1,
                          .order = QUERY_ID,
                          .descending = true,
                          .limit = OPERATIONS_MAX};
    record *rows = NULL;
    size_t count = 0;
    sluice_result result = store_select(s, &query, c->arena, &rows, &count, c->error);
    v->operations = arena_alloc(c->arena, (count + 1) * sizeof *v->operations);
    if (result == SLUICE_OK && v->operations == NULL) {
        return error_no_memory(c->error, count);
    }
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        if (desk_sees_in(c, &OPERATION_KIND, &rows[i])) {
            result = compute(c, s, &rows[i], &v->operations[v->operation_count++]);
        }
    }
    return result == SLUICE_OK ? read_today(c, s, v) : result;
}

sluice_result command_view_compute(desk_command *c, command_view *v) {
    store *view = NULL;
    *v = (command_view){.operation_count = 0};
    sluice_result result = store_view(c->desk->store, &view, c->error);
    result = result == SLUICE_OK ? compute_view(c, view, v) : result;
    store_close(&view);
    return result;
}
