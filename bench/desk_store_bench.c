/* How long the desk's lists and searches take with a million warnings, on either database.
 *
 * The table is the desk's own. Nine warnings in ten are closed; districts, stations, officers, tiers and fraud types
 * are as uneven as they are. Each query is what a list of the API asks the store: the officer's scope, filters, an
 * order and a page of 50; half of them begin at the first page and half somewhere in the middle. Prints a JSON line for
 * each kind of query. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "base/memory.h"
#include "base/text.h"
#include "desk/desk.h"
#include "figures.h"
#include "sys/clock.h"
#include "sys/random.h"

enum { DISTRICTS = 12, STATIONS = 150, OFFICERS = 400, PAGE = 51, TERMS = 4 };
static const int64_t NOW_MS = 1764000000000;

static const record_table *warning;
static store *s;
static random_stream draw;

static void require(sluice_result result, const sluice_error *error) {
    if (result != SLUICE_OK) {
        (void)fprintf(stderr, "desk_store_bench: %s\n", error->text);
        exit(1);
    }
}

static uint8_t field(const char *name) {
    for (size_t i = 0; i < warning->field_count; i++) {
        if (strcmp(warning->fields[i].name, name) == 0) {
            return (uint8_t)i;
        }
    }
    (void)fprintf(stderr, "desk_store_bench: the desk's warnings have no field %s\n", name);
    exit(1);
}

static record_value code(const char *const *codes, const uint32_t *shares, size_t count) {
    uint64_t pick = random_below(&draw, 1000);
    size_t i = 0;
    for (; i + 1 < count && pick >= shares[i]; i++) {
        pick -= shares[i];
    }
    return value_text(text_of(codes[i]));
}

static record_value numbered(arena *a, const char *format, uint64_t number) {
    text_writer w = {0};
    text_printf(&w, "%s%010llu", format, (unsigned long long)number);
    sluice_text text = {arena_copy(a, w.data, w.length), w.length};
    text_writer_fini(&w);
    return value_text(text);
}

/* Small numbers more often. */
static int64_t skewed(uint64_t bound) {
    uint64_t one = random_below(&draw, bound), two = random_below(&draw, bound);
    return 1 + (int64_t)(one < two ? one : two);
}

static int64_t station_of_district(int64_t station) {
    return 1 + (station - 1) % DISTRICTS;
}

static const char *const STATES[] = {"closed", "new", "signed", "working", "not_found", "closing"};
static const uint32_t STATE_SHARES[] = {900, 20, 20, 40, 10, 10};
static const char *const TIERS[] = {"low", "medium", "high", "urgent"};
static const uint32_t TIER_SHARES[] = {600, 300, 90, 10};
static const char *const TYPES[] = {"brushing", "logistics", "investment", "loan", "credit", "shopping"};
static const uint32_t TYPE_SHARES[] = {350, 150, 150, 150, 100, 100};

/* The rest of the fields: whatever their type allows. */
static record_value anything(const record_field *f, uint64_t row, arena *a) {
    if (f->type == FIELD_CODE && f->codes != NULL) {
        sluice_text first, rest;
        (void)text_split(text_of(f->codes), '|', &first, &rest);
        return value_text(first);
    }
    record_value text;
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_KEY:
        text = numbered(a, "text ", row);
        text.text.length = f->bytes_max != 0 && text.text.length > f->bytes_max ? f->bytes_max : text.text.length;
        return text;
    case FIELD_JSON:
        return value_text(TEXT("{}"));
    case FIELD_BLOB:
        return value_null();
    case FIELD_BOOLEAN:
        return value_integer((int64_t)(row % 2));
    default:
        return value_integer(1 + (int64_t)random_below(&draw, 1000));
    }
}

static void fill_row(record *r, uint64_t row, arena *a) {
    record_value state = code(STATES, STATE_SHARES, 6);
    bool closed = text_equal(state.text, TEXT("closed"));
    int64_t station = skewed(STATIONS);
    for (size_t i = 0; i < warning->field_count; i++) {
        bool wanted = (warning->fields[i].flags & FIELD_REQUIRED) != 0 || random_below(&draw, 3) == 0;
        r->values[i] = wanted ? anything(&warning->fields[i], row, a) : value_null();
    }
    for (size_t i = 0; i < warning->index_count; i++) { /* what must be unique, is null */
        if (warning->indexes[i].unique) {
            r->values[warning->indexes[i].fields[0]] = value_null();
        }
    }
    r->values[field("victim")] = numbered(a, "phone:+86", random_below(&draw, 600000));
    r->values[field("phone")] = numbered(a, "1", random_below(&draw, 600000));
    r->values[field("state")] = state;
    r->values[field("tier")] = code(TIERS, TIER_SHARES, 4);
    r->values[field("fraud_type")] = code(TYPES, TYPE_SHARES, 6);
    r->values[field("station")] = value_integer(station);
    r->values[field("district")] = value_integer(station_of_district(station));
    r->values[field("assignee")] =
        closed || random_below(&draw, 2) == 0 ? value_integer(skewed(OFFICERS)) : value_null();
    r->values[field("due")] =
        closed ? value_null() : value_integer(NOW_MS + random_between(&draw, -86400000, 86400000));
    r->values[field("review")] = random_below(&draw, 10000) == 0 ? value_text(TEXT("overdue")) : value_null();
}

static void fill(uint64_t rows) {
    sluice_error error = {0};
    arena a = {0};
    record_query any = {.table = warning, .order = QUERY_ID};
    uint64_t there = 0;
    require(store_count(s, &any, 0, &there, &error), &error);
    int64_t begun_ns = clock_monotonic_ns();
    for (uint64_t row = there; row < rows;) {
        require(store_begin(s, &error), &error);
        for (size_t i = 0; i < 5000 && row < rows; i++, row++) {
            record r;
            if (!record_init(&r, warning, &a)) {
                exit(1);
            }
            fill_row(&r, row, &a);
            require(store_insert(s, &r, NOW_MS - 1000000000 + (int64_t)row * 10, &error), &error);
        }
        require(store_commit(s, &error), &error);
        arena_reset(&a);
    }
    if (there < rows) {
        printf("{\"fill\": %llu, \"us_a_row\": %.1f}\n", (unsigned long long)(rows - there),
               (double)(clock_monotonic_ns() - begun_ns) / 1e3 / (double)(rows - there));
    }
    arena_fini(&a);
}

/* ---- queries ---- */

typedef struct list {
    const char *name;
    const char *by[TERMS]; /* fields; "open": the states that are not closed */
    const char *state;     /* the value for "state"; NULL: any */
    const char *order;
    bool descending;
} list;

static const list LISTS[] = {
    {"everything, newest first", {NULL}, NULL, "id", true},
    {"a district's, newest first", {"district"}, NULL, "id", true},
    {"a station's, newest first", {"station"}, NULL, "id", true},
    {"a district's new, by deadline", {"district", "state"}, "new", "due", false},
    {"a district's open, by deadline", {"district", "open"}, NULL, "due", false},
    {"a station's open, by deadline", {"station", "open"}, NULL, "due", false},
    {"an officer's open, by deadline", {"assignee", "open"}, NULL, "due", false},
    {"the city's open, by deadline", {"open"}, NULL, "due", false},
    {"the city's open, newest first", {"open"}, NULL, "id", true},
    {"the city's urgent and new, by deadline", {"tier", "state"}, "new", "due", false},
    {"new, newest first", {"state"}, "new", "id", true},
    {"closed, newest first", {"state"}, "closed", "id", true},
    {"closed, last changed first", {"state"}, "closed", "updated", true},
    {"a district's closed of a tier, newest first", {"district", "tier", "state"}, "closed", "id", true},
    {"an officer's closed, newest first", {"assignee", "state"}, "closed", "id", true},
    {"of a fraud type, newest first", {"fraud_type"}, NULL, "id", true},
    {"a district's of a fraud type, by creation", {"district", "fraud_type"}, NULL, "created", true},
    {"reviews that are overdue, newest first", {"review"}, NULL, "id", true},
    {"a victim's", {"victim"}, NULL, "id", true},
    {"by phone number", {"phone"}, NULL, "id", true},
    {"a victim's by the first digits", {"prefix"}, NULL, "id", true},
};

static record_value value_of(const char *name, const list *l, arena *a) {
    if (strcmp(name, "state") == 0) {
        return value_text(text_of(l->state));
    }
    if (strcmp(name, "district") == 0) {
        return value_integer(skewed(DISTRICTS));
    }
    if (strcmp(name, "station") == 0) {
        return value_integer(skewed(STATIONS));
    }
    if (strcmp(name, "assignee") == 0) {
        return value_integer(skewed(OFFICERS));
    }
    if (strcmp(name, "tier") == 0) {
        return code(TIERS, TIER_SHARES, 4);
    }
    if (strcmp(name, "fraud_type") == 0) {
        return code(TYPES, TYPE_SHARES, 6);
    }
    if (strcmp(name, "review") == 0) {
        return value_text(TEXT("overdue"));
    }
    return numbered(a, strcmp(name, "phone") == 0 ? "1" : "phone:+86", random_below(&draw, 600000));
}

static void make_query(const list *l, query_term *terms, arena *a, record_query *q) {
    static const record_value OPEN[] = {
        {.text = {"new", 3}}, {.text = {"signed", 6}}, {.text = {"working", 7}}, {.text = {"not_found", 9}}};
    *q = (record_query){.table = warning, .terms = terms, .limit = PAGE, .descending = l->descending};
    for (; q->term_count < TERMS && l->by[q->term_count] != NULL; q->term_count++) {
        const char *name = l->by[q->term_count];
        query_term *term = &terms[q->term_count];
        if (strcmp(name, "open") == 0) {
            *term = (query_term){.field = field("state"), .is = QUERY_IN, .values = OPEN, .value_count = 4};
        } else if (strcmp(name, "prefix") == 0) {
            *term = (query_term){.field = field("victim"), .is = QUERY_PREFIX, .value = value_of("victim", l, a)};
            term->value.text.length -= 2;
        } else {
            *term = (query_term){.field = field(name), .is = QUERY_EQUAL, .value = value_of(name, l, a)};
        }
    }
    q->order = strcmp(l->order, "id") == 0        ? QUERY_ID
               : strcmp(l->order, "created") == 0 ? QUERY_CREATED
               : strcmp(l->order, "updated") == 0 ? QUERY_UPDATED
                                                  : field(l->order);
}

static void go_to_the_middle(record_query *q, uint64_t rows) {
    int64_t row = (int64_t)random_below(&draw, rows);
    q->has_after = true;
    q->after_id = row;
    q->after = q->order == QUERY_ID ? value_integer(row)
               : q->order == QUERY_CREATED || q->order == QUERY_UPDATED
                   ? value_integer(NOW_MS - 1000000000 + row * 10)
                   : value_integer(NOW_MS + random_between(&draw, -86400000, 86400000));
}

/* The place of the 99th percentile among so many, sorted. */
static uint64_t p99_of(uint64_t count) {
    return count - 1 - count / 100;
}

static int64_t measure(const list *l, uint64_t rows, uint64_t repeats, int64_t *all_ns) {
    int64_t *taken_ns = malloc(repeats * sizeof *taken_ns);
    arena a = {0};
    uint64_t found = 0;
    sluice_error error = {0};
    if (taken_ns == NULL) {
        exit(1);
    }
    for (uint64_t i = 0; i < repeats; i++) {
        query_term terms[TERMS];
        record_query q;
        record *page = NULL;
        size_t count = 0;
        arena_reset(&a);
        make_query(l, terms, &a, &q);
        if (i % 2 == 1) {
            go_to_the_middle(&q, rows);
        }
        int64_t from_ns = clock_monotonic_ns();
        require(store_select(s, &q, &a, &page, &count, &error), &error);
        all_ns[i] = taken_ns[i] = clock_monotonic_ns() - from_ns;
        found += count;
    }
    figures f = figures_of(taken_ns, repeats);
    printf("{\"list\": \"%s\", \"rows\": %.1f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f}\n", l->name,
           (double)found / (double)repeats, (double)f.p50 / 1e6, (double)taken_ns[p99_of(repeats)] / 1e6,
           (double)f.max / 1e6);
    (void)fflush(stdout);
    arena_fini(&a);
    free(taken_ns);
    return f.max;
}

int main(int argc, char **argv) {
    const char *location = NULL;
    uint64_t rows = 1000000, repeats = 200;
    const bench_option options[] = {{"--db", BENCH_OPTION_TEXT, &location},
                                    {"--rows", BENCH_OPTION_U64, &rows},
                                    {"--repeats", BENCH_OPTION_U64, &repeats}};
    sluice_error error = {0};
    size_t count = 0;
    const record_table *const *tables = desk_tables(&count);
    if (!arguments_read(argc, argv, options, 3) || location == NULL) {
        return 2;
    }
    for (size_t i = 0; i < count; i++) {
        warning = strcmp(tables[i]->name, "warning") == 0 ? tables[i] : warning;
    }
    random_seed(&draw, 1);
    require(store_open(location, false, &s, &error), &error);
    require(store_ensure_tables(s, tables, count, &error), &error);
    fill(rows);
    size_t lists = sizeof LISTS / sizeof *LISTS;
    int64_t *all_ns = malloc(lists * repeats * sizeof *all_ns);
    if (all_ns == NULL) {
        return 1;
    }
    for (size_t i = 0; i < lists; i++) {
        (void)measure(&LISTS[i], rows, repeats, all_ns + i * repeats);
    }
    figures f = figures_of(all_ns, lists * repeats);
    printf("{\"list\": \"all of them\", \"rows\": 0, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f}\n",
           (double)f.p50 / 1e6, (double)all_ns[p99_of(lists * repeats)] / 1e6, (double)f.max / 1e6);
    free(all_ns);
    store_close(&s);
    return 0;
}
