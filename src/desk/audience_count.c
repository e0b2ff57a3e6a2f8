/* Persons of an audience from grouped queries of the database, folded by the keyed hash of their number. */
#include "desk/audience_count.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/time.h"
#include "desk/report.h"
#include "desk/warning.h"

enum { AGE_UNKNOWN = 6 };

static uint8_t place_in(const char *words, sluice_text word) {
    sluice_text rest = text_of(words), first;
    uint8_t place = 0;
    for (bool more = true; more; place++) {
        more = text_split(rest, '|', &first, &rest);
        if (text_equal(first, word)) {
            return place;
        }
    }
    return 0;
}

audience_definition audience_of(const record *r) {
    const record_value *district = &r->values[AUDIENCE_DISTRICT], *station = &r->values[AUDIENCE_STATION];
    return (audience_definition){.district = district->is_null ? 0 : district->integer,
                                 .station = station->is_null ? 0 : station->integer,
                                 .risk = r->values[AUDIENCE_RISK].text,
                                 .age = r->values[AUDIENCE_AGE].text};
}

/* ---- ages ---- */

static bool digits_at(sluice_text text, size_t at, size_t count, uint64_t *number) {
    return at + count <= text.length && text_to_u64((sluice_text){text.data + at, count}, number);
}

uint8_t audience_age_of(sluice_text identity, int64_t now_ms) {
    uint64_t year = 0, month = 0, day = 0;
    bool is_long = identity.length == 18;
    bool good = (is_long || identity.length == 15) && digits_at(identity, 6, is_long ? 4 : 2, &year) &&
                digits_at(identity, is_long ? 10 : 8, 2, &month) && digits_at(identity, is_long ? 12 : 10, 2, &day) &&
                month >= 1 && month <= 12 && day >= 1 && day <= 31;
    if (!good) {
        return AGE_UNKNOWN;
    }
    int64_t born = (int64_t)year + (is_long ? 0 : 1900), this_year;
    unsigned this_month, this_day;
    time_civil_from_days((now_ms + TIME_SHANGHAI_OFFSET_MS) / TIME_DAY_MS, &this_year, &this_month, &this_day);
    bool had_birthday = this_month > month || (this_month == month && this_day >= day);
    int64_t age = this_year - born - (had_birthday ? 0 : 1);
    static const int64_t FROM[] = {0, 18, 30, 45, 60};
    if (age < 0 || age > 130) {
        return AGE_UNKNOWN;
    }
    uint8_t band = 1;
    while (band < 5 && age >= FROM[band]) {
        band++;
    }
    return band;
}

/* ---- persons ---- */

typedef struct gathering {
    store *store;
    arena *a;
    sluice_error *error;
    int64_t from_ms, now_ms;
    audience_person *rows;
    size_t count, capacity; /* of the arena: grown by copying, twice as much each time */
} gathering;

static bool reserve(gathering *g, size_t more) {
    if (g->count + more <= g->capacity) {
        return true;
    }
    size_t capacity = (g->count + more) * 2;
    audience_person *rows = arena_alloc(g->a, capacity * sizeof *rows);
    if (rows == NULL) {
        return false;
    }
    if (g->count > 0) {
        memcpy(rows, g->rows, g->count * sizeof *rows);
    }
    g->rows = rows;
    g->capacity = capacity;
    return true;
}

static bool add(gathering *g, sluice_text phone, uint8_t risk, bool is_victim, uint8_t age) {
    sluice_text bare = place_phone(phone, g->a), hash = outreach_person(g->store, phone, g->a);
    if (bare.data == NULL || hash.data == NULL || !reserve(g, 1)) {
        return false;
    }
    g->rows[g->count++] = (audience_person){hash, bare, risk, is_victim, age};
    return true;
}

static sluice_result gather(gathering *g, const record_table *table, uint8_t phone, uint8_t other, uint8_t area_field,
                            int64_t area) {
    query_term terms[4] = {{phone, QUERY_NOT_NULL, value_null(), NULL, 0},
                           {QUERY_CREATED, QUERY_GREATER_EQUAL, value_integer(g->from_ms), NULL, 0},
                           {QUERY_CREATED, QUERY_LESS_EQUAL, value_integer(g->now_ms), NULL, 0},
                           {area_field, QUERY_EQUAL, value_integer(area), NULL, 0}};
    record_query query = {.table = table, .terms = terms, .term_count = area == 0 ? 3 : 4};
    record_group *groups = NULL;
    size_t count = 0;
    sluice_result result =
        store_group(g->store, &query, (const uint8_t[2]){phone, other}, RECORD_END, g->a, &groups, &count, g->error);
    bool is_report = table == REPORT_KIND.table;
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        sluice_text said = value_text_or_empty(&groups[i].by[1]);
        uint8_t risk = is_report ? 0 : place_in(OUTREACH_RISKS, said);
        uint8_t age = is_report ? audience_age_of(said, g->now_ms) : AGE_UNKNOWN;
        if (!add(g, groups[i].by[0].text, risk, is_report, age)) {
            result = error_set(g->error, SLUICE_E_NO_MEMORY, "no memory for an audience of this size");
        }
    }
    return result;
}

static int compare_persons(const void *left, const void *right) {
    const audience_person *a = left, *b = right;
    return memcmp(a->hash.data, b->hash.data, 32);
}

/* One row a person: the highest risk, and the age of whichever row knows it (the youngest band, if they differ). */
static void fold(gathering *g) {
    size_t kept = 0;
    if (g->count > 0) {
        qsort(g->rows, g->count, sizeof *g->rows, compare_persons);
    }
    for (size_t i = 0; i < g->count; i++) {
        audience_person *last = kept == 0 ? NULL : &g->rows[kept - 1];
        const audience_person *row = &g->rows[i];
        if (last == NULL || compare_persons(last, row) != 0) {
            g->rows[kept++] = *row;
            continue;
        }
        last->risk = row->risk > last->risk ? row->risk : last->risk;
        last->is_victim = last->is_victim || row->is_victim;
        last->age = row->age < last->age ? row->age : last->age;
    }
    g->count = kept;
}

static bool fits(const audience_person *p, const audience_definition *d) {
    bool any_risk = text_equal(d->risk, TEXT("any")), any_age = text_equal(d->age, TEXT("any"));
    bool is_victim = text_equal(d->risk, TEXT("victim"));
    bool risk = any_risk || (is_victim ? p->is_victim : p->risk == place_in(OUTREACH_RISKS, d->risk));
    return risk && (any_age || p->age == place_in(OUTREACH_AGES, d->age));
}

sluice_result audience_persons(store *s, const audience_definition *d, int64_t from_ms, int64_t now_ms, arena *a,
                               audience_person **persons, size_t *count, sluice_error *error) {
    gathering g = {.store = s, .a = a, .error = error, .from_ms = from_ms, .now_ms = now_ms};
    bool by_station = d->station != 0;
    int64_t area = by_station ? d->station : d->district;
    sluice_result result = gather(&g, WARNING_KIND.table, WARNING_PHONE, WARNING_TIER,
                                  by_station ? WARNING_STATION : WARNING_DISTRICT, area);
    if (result == SLUICE_OK) {
        result = gather(&g, REPORT_KIND.table, REPORT_VICTIM_PHONE, REPORT_VICTIM_IDENTITY,
                        by_station ? REPORT_STATION : REPORT_HOME_DISTRICT, area);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    fold(&g);
    size_t kept = 0;
    for (size_t i = 0; i < g.count; i++) {
        if (fits(&g.rows[i], d)) {
            g.rows[kept++] = g.rows[i];
        }
    }
    *persons = g.rows;
    *count = kept;
    return SLUICE_OK;
}

/* ---- what is told ---- */

sluice_result audience_limits_now(desk_command *c, audience_limits *limits, int64_t *window_ms) {
    sluice_result result = dated_number(c, "cap", "audience_least", &limits->least);
    result = result == SLUICE_OK ? dated_number(c, "cap", "audience_noise", &limits->noise) : result;
    return result == SLUICE_OK ? dated_number(c, "duration", "audience_window", window_ms) : result;
}

audience_shown audience_show(const sluice_text *hashes, size_t count, audience_limits limits) {
    uint64_t sum = 0;
    int64_t n = (int64_t)count;
    if (n < limits.least) {
        return (audience_shown){.is_hidden = true, .lower = 0, .upper = limits.least - 1};
    }
    for (size_t i = 0; i < count; i++) {
        sum += hash64(hashes[i].data, hashes[i].length);
    }
    int64_t noise = (int64_t)(hash_u64(sum) % (uint64_t)(2 * limits.noise + 1)) - limits.noise;
    int64_t shown = n + noise < limits.least ? limits.least : n + noise;
    int64_t lower = shown - limits.noise < limits.least ? limits.least : shown - limits.noise;
    return (audience_shown){.count = shown, .lower = lower, .upper = shown + limits.noise};
}
