/* How long the desk's lists take with a million warnings (desk_fill), on either database.
 *
 * Each query is what a list of the API asks the store: the officer's scope, filters, an
 * order and a page of 50; half of them begin at the first page and half somewhere in the middle. Prints a JSON line for
 * each kind of query. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "base/memory.h"
#include "base/text.h"
#include "desk/desk.h"
#include "desk_data.h"
#include "figures.h"
#include "sys/clock.h"
#include "sys/random.h"

enum { PAGE = 51, TERMS = 4 };

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
        return value_integer(data_skewed(&draw, DATA_DISTRICTS));
    }
    if (strcmp(name, "station") == 0) {
        return value_integer(data_skewed(&draw, DATA_STATIONS));
    }
    if (strcmp(name, "assignee") == 0) {
        return value_integer(data_skewed(&draw, DATA_OFFICERS));
    }
    if (strcmp(name, "tier") == 0) {
        return data_tier(&draw);
    }
    if (strcmp(name, "fraud_type") == 0) {
        return data_fraud_type(&draw);
    }
    if (strcmp(name, "review") == 0) {
        return value_text(TEXT("overdue"));
    }
    return fill_numbered(a, strcmp(name, "phone") == 0 ? "1" : "phone:+86", random_below(&draw, DATA_PERSONS));
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
                   ? value_integer(DATA_WARNING_MS(row))
                   : value_integer(DATA_NOW_MS + random_between(&draw, -86400000, 86400000));
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
        if (!q.has_after && count == q.limit) { /* a first page says what the list can be ordered by */
            bool few = false;
            require(store_is_few(s, &q, &few, &error), &error);
        }
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
    require(store_open(location, true, &s, &error), &error);
    require(store_ensure_tables(s, tables, count, &error), &error);
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
