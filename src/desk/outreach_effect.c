/* The comparison area is chosen from what was before the campaign alone, so that its result cannot choose it. */
#include "desk/outreach_effect.h"

#include <math.h>
#include <stdio.h>

#include "base/time.h"
#include "desk/desk_private.h"
#include "desk/report.h"

enum { UNITS_MAX = 10000, POPULATIONS_MAX = 10000 };
#define LENGTH_MS (28 * TIME_DAY_MS)
#define CONFIDENCE 0.95
#define PER 10000.0

typedef struct comparing {
    store *store;
    arena *a;
    sluice_error *error;
    const effect_population *populations;
    size_t population_count;
    outreach_effect *effect;
    bool is_station;
} comparing;

/* ---- populations ---- */

typedef struct taking {
    effect_population *rows;
    size_t count;
} taking;

static bool take(void *context, const dated_row *row) {
    taking *t = context;
    t->rows[t->count++] = (effect_population){row->code, row->number};
    return t->count < POPULATIONS_MAX;
}

sluice_result effect_populations(desk_command *c, effect_population **rows_out, size_t *count_out) {
    taking t = {arena_alloc(c->arena, POPULATIONS_MAX * sizeof *t.rows), 0};
    if (t.rows == NULL) {
        return error_no_memory(c->error, POPULATIONS_MAX * sizeof *t.rows);
    }
    dated_each(c->desk, "population", c->now_ms, take, &t);
    for (size_t i = 0; i < t.count; i++) { /* the table's memory is the writer's */
        const char *copy = arena_copy(c->arena, t.rows[i].code.data, t.rows[i].code.length);
        if (copy == NULL) {
            return error_no_memory(c->error, t.rows[i].code.length);
        }
        t.rows[i].code.data = copy;
    }
    *rows_out = t.rows;
    *count_out = t.count;
    return SLUICE_OK;
}

static int64_t people_of(const comparing *k, const record *unit) {
    char own[32];
    int length = snprintf(own, sizeof own, "unit:%lld", (long long)unit->id);
    sluice_text by_id = {own, (size_t)length}, division = value_text_or_empty(&unit->values[UNIT_DIVISION]);
    int64_t people = 0;
    for (size_t i = 0; i < k->population_count; i++) {
        sluice_text code = k->populations[i].code;
        if (text_equal(code, by_id) || (division.length > 0 && text_equal(code, division))) {
            people = k->populations[i].people; /* of two that hold the one that began last */
        }
    }
    return people;
}

/* ---- counts ---- */

static sluice_result count_reports(const comparing *k, int64_t unit, int64_t from_ms, int64_t to_ms,
                                   int64_t *count_out) {
    uint64_t count = 0;
    query_term terms[3] = {
        {k->is_station ? REPORT_STATION : REPORT_HOME_DISTRICT, QUERY_EQUAL, value_integer(unit), NULL, 0},
        {REPORT_CALLED_AT, QUERY_GREATER_EQUAL, value_integer(from_ms), NULL, 0},
        {REPORT_CALLED_AT, QUERY_LESS, value_integer(to_ms), NULL, 0}};
    record_query query = {.table = REPORT_KIND.table, .terms = terms, .term_count = 3};
    sluice_result result = store_count(k->store, &query, 0, &count, k->error);
    *count_out = (int64_t)count;
    return result;
}

static sluice_result measure(const comparing *k, effect_area *area) {
    const outreach_effect *e = k->effect;
    area->people = people_of(k, &area->unit);
    sluice_result result = count_reports(k, area->unit.id, e->before_ms, e->began_ms, &area->change.before);
    result =
        result == SLUICE_OK ? count_reports(k, area->unit.id, e->began_ms, e->after_ms, &area->change.after) : result;
    double people = (double)area->people;
    area->change.people = people;
    area->change.people_before = people;
    if (result == SLUICE_OK && area->people > 0) {
        rate_interval before = rates_poisson(area->change.before, CONFIDENCE),
                      after = rates_poisson(area->change.after, CONFIDENCE);
        area->rate_before = (double)area->change.before / people * PER;
        area->rate_after = (double)area->change.after / people * PER;
        area->before_interval = (rate_interval){before.low / people * PER, before.high / people * PER};
        area->after_interval = (rate_interval){after.low / people * PER, after.high / people * PER};
    }
    return result;
}

/* ---- which area compares ---- */

/* Did a campaign send anything there, or was one begun there, in either period? */
static sluice_result was_reached(const comparing *k, int64_t unit, bool *reached) {
    uint64_t count = 0;
    query_term terms[3] = {
        {k->is_station ? CAMPAIGN_STATION : CAMPAIGN_DISTRICT, QUERY_EQUAL, value_integer(unit), NULL, 0},
        {CAMPAIGN_STARTED_AT, QUERY_GREATER_EQUAL, value_integer(k->effect->before_ms), NULL, 0},
        {CAMPAIGN_STARTED_AT, QUERY_LESS, value_integer(k->effect->after_ms), NULL, 0}};
    record_query begun = {.table = CAMPAIGN_KIND.table, .terms = terms, .term_count = 3};
    sluice_result result = store_count(k->store, &begun, 1, &count, k->error);
    query_term sent[3] = {{k->is_station ? SEND_STATION : SEND_DISTRICT, QUERY_EQUAL, value_integer(unit), NULL, 0},
                          {SEND_AT, QUERY_GREATER_EQUAL, value_integer(k->effect->before_ms), NULL, 0},
                          {SEND_AT, QUERY_LESS, value_integer(k->effect->after_ms), NULL, 0}};
    record_query sends = {.table = CAMPAIGN_SEND_KIND.table, .terms = sent, .term_count = 3};
    if (result == SLUICE_OK && count == 0) {
        result = store_count(k->store, &sends, 1, &count, k->error);
    }
    *reached = count > 0;
    return result;
}

static bool is_nearer(const effect_area *area, const effect_area *than, const effect_area *to) {
    double a = fabs(area->rate_before - to->rate_before), b = fabs(than->rate_before - to->rate_before);
    return a < b; /* units come in the order of their ids: the first of equals stays */
}

static sluice_result choose(comparing *k) {
    outreach_effect *e = k->effect;
    query_term level = {UNIT_LEVEL, QUERY_EQUAL, e->here.unit.values[UNIT_LEVEL], NULL, 0};
    record_query query = {
        .table = UNIT_KIND.table, .terms = &level, .term_count = 1, .order = QUERY_ID, .limit = UNITS_MAX};
    record *units = NULL;
    size_t count = 0, untouched = 0;
    effect_area best[2] = {{.people = 0}, {.people = 0}}; /* of the areas that were not reached; of those that were */
    sluice_result result = store_select(k->store, &query, k->a, &units, &count, k->error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        effect_area area = {.unit = units[i]};
        bool reached = false;
        if (units[i].id == e->here.unit.id) {
            continue;
        }
        result = measure(k, &area);
        result = result == SLUICE_OK ? was_reached(k, units[i].id, &reached) : result;
        if (result == SLUICE_OK && area.people > 0) {
            effect_area *so_far = &best[reached];
            untouched += !reached;
            e->candidates++;
            if (so_far->unit.id == 0 || is_nearer(&area, so_far, &e->here)) {
                *so_far = area;
            }
        }
    }
    e->there_was_reached = best[0].unit.id == 0;
    e->there = best[e->there_was_reached];
    e->candidates = e->there_was_reached ? e->candidates : untouched;
    return result == SLUICE_OK && e->there.unit.id == 0
               ? error_set(k->error, SLUICE_E_STATE,
                           "no other area of this level has a population: propose rows of the dated table population "
                           "(code: the unit's division code)")
               : result;
}

sluice_result outreach_effect_of(store *s, const record *campaign, int64_t length_ms, int64_t now_ms,
                                 const effect_population *populations, size_t population_count, arena *a,
                                 outreach_effect *e, sluice_error *error) {
    comparing k = {.store = s,
                   .a = a,
                   .error = error,
                   .populations = populations,
                   .population_count = population_count,
                   .effect = e};
    const record_value *station = &campaign->values[CAMPAIGN_STATION], *district = &campaign->values[CAMPAIGN_DISTRICT];
    *e = (outreach_effect){0};
    const record_value *started = &campaign->values[CAMPAIGN_STARTED_AT];
    int64_t first = campaign->values[CAMPAIGN_FIRST_AT].integer;
    e->began_ms = started->is_null || started->integer < first ? first : started->integer;
    if (started->is_null || e->began_ms >= now_ms) {
        return error_set(error, SLUICE_E_STATE, "the campaign has not begun");
    }
    if (district->is_null) {
        return error_set(error, SLUICE_E_STATE, "its audience is the whole city, and nothing here compares with it");
    }
    k.is_station = !station->is_null;
    int64_t length = length_ms == 0 ? LENGTH_MS : length_ms;
    length = now_ms - e->began_ms < length ? now_ms - e->began_ms : length;
    e->before_ms = e->began_ms - length;
    e->after_ms = e->began_ms + length;
    sluice_result result =
        store_get(s, UNIT_KIND.table, k.is_station ? station->integer : district->integer, a, &e->here.unit, error);
    result = result == SLUICE_OK ? measure(&k, &e->here) : result;
    if (result == SLUICE_OK && e->here.people == 0) {
        return error_set(error, SLUICE_E_STATE,
                         "the area's population is missing: propose a row of the dated table population with the code "
                         "unit:%lld",
                         (long long)e->here.unit.id);
    }
    result = result == SLUICE_OK ? choose(&k) : result;
    if (result == SLUICE_OK) {
        e->difference = rates_difference(&e->here.change, &e->there.change, CONFIDENCE);
    }
    return result;
}
