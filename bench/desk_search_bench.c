/* How long searches, and lists by each of their filters and orders, take on a desk with a million warnings and ten
 * thousand orders beside them.
 *
 * Runs on a database that desk_fill has filled. Searches are those of GET /v1/search (desk_search), by officers of the
 * city, of a district and of a station. Lists are tried by every filter that the API has and every order that it does
 * not refuse, with values of rows that are there. Prints a JSON line for each group. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "base/memory.h"
#include "base/text.h"
#include "desk/desk_private.h"
#include "desk/kinds.h"
#include "desk/search.h"
#include "desk_data.h"
#include "figures.h"
#include "sys/clock.h"

enum { PAGE = 51, TIMES_MAX = 200000, SLOW_NS = 50000000 };

static desk *d;
static store *s;
static random_stream draw;
static sluice_error error;

static void require(sluice_result result) {
    if (result != SLUICE_OK) {
        (void)fprintf(stderr, "desk_search_bench: %s\n", error.text);
        exit(1);
    }
}

/* ---- what is measured ---- */

typedef struct group {
    const char *name;
    int64_t *taken_ns;
    size_t count;
    int64_t slowest_ns;
    char slowest[160];
} group;

static void note(group *g, int64_t from_ns, const char *what) {
    int64_t ns = clock_monotonic_ns() - from_ns;
    if (g->count < TIMES_MAX) {
        g->taken_ns[g->count++] = ns;
    }
    if (ns > SLOW_NS) {
        printf("{\"slow\": \"%s\", \"ms\": %.1f}\n", what, (double)ns / 1e6);
    }
    if (ns > g->slowest_ns) {
        g->slowest_ns = ns;
        (void)snprintf(g->slowest, sizeof g->slowest, "%s", what);
    }
}

static group begin(const char *name) {
    group g = {.name = name, .taken_ns = malloc(TIMES_MAX * sizeof *g.taken_ns)};
    if (g.taken_ns == NULL) {
        exit(1);
    }
    return g;
}

static void finish(group *g) {
    if (g->count > 0) {
        figures f = figures_of(g->taken_ns, g->count);
        size_t p99 = g->count - 1 - g->count / 100;
        printf("{\"list\": \"%s\", \"queries\": %zu, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, "
               "\"slowest\": \"%s\"}\n",
               g->name, g->count, (double)f.p50 / 1e6, (double)g->taken_ns[p99] / 1e6, (double)f.max / 1e6, g->slowest);
        (void)fflush(stdout);
    }
    free(g->taken_ns);
}

static uint64_t count_of(const record_table *table, const query_term *terms, size_t term_count) {
    uint64_t count = 0;
    record_query any = {.table = table, .terms = terms, .term_count = term_count, .order = QUERY_ID};
    require(store_count(s, &any, 0, &count, &error));
    return count;
}

static desk_command command(arena *a, const desk_actor *actor) {
    return (desk_command){.desk = d, .actor = actor, .now_ms = DATA_NOW_MS, .arena = a, .error = &error};
}

/* ---- searches ---- */

typedef struct search_case {
    const char *name, *words; /* words NULL: a phone number; "begun": its beginning */
    const char *kind;
} search_case;

static const search_case SEARCHES[] = {
    {"a phone number", NULL, NULL},
    {"how a phone number begins", "begun", NULL},
    {"one digit", "1", NULL},
    {"a word that every warning has", "text", NULL},
    {"the same among stops", "text", "stop"},
    {"a common name", "王伟", NULL},
    {"a common name among stops", "王伟", "stop"},
    {"two words", "text 0000000017", NULL},
    {"two words that never go together", "text 王伟", NULL},
    {"a word that nobody has", "nowhere", NULL},
    {"a card number", "card", "freeze"},
};

static void search_all(uint64_t repeats) {
    static const unit_level LEVELS[] = {LEVEL_CITY, LEVEL_DISTRICT, LEVEL_STATION};
    static const char *const LEVEL_NAMES[] = {"the city", "a district", "a station"};
    arena a = {0};
    for (size_t l = 0; l < 3; l++) {
        char name[64];
        (void)snprintf(name, sizeof name, "searches of %s", LEVEL_NAMES[l]);
        group g = begin(name);
        for (uint64_t i = 0; i < repeats * (sizeof SEARCHES / sizeof *SEARCHES); i++) {
            const search_case *one = &SEARCHES[i % (sizeof SEARCHES / sizeof *SEARCHES)];
            desk_actor actor = DESK_SYSTEM;
            actor.level = LEVELS[l];
            actor.station = 1 + (int64_t)random_below(&draw, DATA_STATIONS);
            actor.district = data_district_of(actor.station);
            desk_command c = command(&a, &actor);
            sluice_text words = one->words != NULL ? text_of(one->words) : TEXT("");
            if (one->words == NULL || strcmp(one->words, "begun") == 0) {
                words = fill_numbered(&a, "1", random_below(&draw, DATA_PERSONS)).text;
                words.length -= one->words == NULL ? 0 : 2 + random_below(&draw, 5);
            }
            if (one->kind != NULL && strcmp(one->kind, "freeze") == 0) {
                words = fill_numbered(&a, "622848", random_below(&draw, 1000000000)).text;
                words.length -= random_below(&draw, 10);
            }
            search_hit *hits = NULL;
            size_t count = 0;
            int64_t from_ns = clock_monotonic_ns();
            require(desk_search(&c, words, one->kind == NULL ? NULL : desk_kind_find(one->kind), 50, &hits, &count));
            note(&g, from_ns, one->name);
            arena_reset(&a);
        }
        finish(&g);
    }
    arena_fini(&a);
}

/* ---- lists ---- */

static bool may_filter(const record_table *table, size_t field) {
    return (table->fields[field].flags & FIELD_FILTER) != 0;
}

/* As the API has it (server/desk_records.c). */
static bool may_order(const record_field *field) {
    return !field_is_text(field->type) && field->type != FIELD_REFERENCE && field->type != FIELD_BOOLEAN;
}

static const char *order_name(const record_table *table, uint8_t order) {
    return order == QUERY_ID        ? "id"
           : order == QUERY_CREATED ? "created"
           : order == QUERY_UPDATED ? "updated"
                                    : table->fields[order].name;
}

/* Some row, whose values are asked for. */
static bool some_row(const record_table *table, uint64_t rows, arena *a, record *row_out) {
    return store_get(s, table, 1 + (int64_t)random_below(&draw, rows), a, row_out, &error) == SLUICE_OK;
}

static void run_list(group *g, const record_query *q, const char *by, const char *also, arena *a) {
    char what[160];
    record *page = NULL;
    size_t count = 0;
    bool is_ordered = store_is_ordered(s, q), few = false;
    (void)snprintf(what, sizeof what, "%s by %s%s%s, order=%s%s", q->table->name, by, also[0] == '\0' ? "" : " and ",
                   also, q->descending ? "-" : "", order_name(q->table, q->order));
    int64_t from_ns = clock_monotonic_ns();
    if (!is_ordered) {
        require(store_is_few(s, q, &few, &error));
    }
    if (!is_ordered && !few) {
        return; /* the API refuses it */
    }
    require(store_select(s, q, a, &page, &count, &error));
    if (is_ordered && count == q->limit) { /* a first page says what the list can be ordered by */
        require(store_is_few(s, q, &few, &error));
    }
    note(g, from_ns, what);
}

/* Every filter, alone, within a district and with another filter, in every order. */
static void lists_of(const desk_kind *kind, uint64_t repeats) {
    const record_table *table = kind->table;
    uint64_t rows = count_of(table, NULL, 0);
    char names[3][64];
    static const char *const HOW[] = {"one filter", "one filter, in a district", "two filters"};
    group groups[3];
    arena a = {0};
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(names[i], sizeof names[i], "%s: %s", kind->collection, HOW[i]);
        groups[i] = begin(names[i]);
    }
    for (uint64_t n = 0; n < repeats; n++) {
        for (size_t f = 0; f < table->field_count; f++) {
            record row;
            arena_reset(&a);
            if (!may_filter(table, f) || !some_row(table, rows, &a, &row) || row.values[f].is_null) {
                continue;
            }
            size_t other = random_below(&draw, table->field_count);
            query_term terms[3] = {{(uint8_t)f, QUERY_EQUAL, row.values[f], NULL, 0}};
            bool has_other = other != f && may_filter(table, other) && !row.values[other].is_null;
            for (size_t o = 0; o < table->field_count + 3; o++) {
                record_query q = {.table = table, .terms = terms, .limit = PAGE, .descending = n % 2 == 0};
                q.order = o == 0 ? QUERY_ID : o == 1 ? QUERY_CREATED : o == 2 ? QUERY_UPDATED : (uint8_t)(o - 3);
                if (o >= 3 && !may_order(&table->fields[o - 3])) {
                    continue;
                }
                q.term_count = 1;
                run_list(&groups[0], &q, table->fields[f].name, "", &a);
                q.term_count = 2;
                if (f != field_of(kind->district) && !row.values[field_of(kind->district)].is_null) {
                    terms[1] = (query_term){field_of(kind->district), QUERY_EQUAL, row.values[field_of(kind->district)],
                                            NULL, 0};
                    run_list(&groups[1], &q, table->fields[f].name, "district", &a);
                }
                if (has_other) {
                    terms[1] = (query_term){(uint8_t)other, QUERY_EQUAL, row.values[other], NULL, 0};
                    run_list(&groups[2], &q, table->fields[f].name, table->fields[other].name, &a);
                }
            }
        }
    }
    for (size_t i = 0; i < 3; i++) {
        finish(&groups[i]);
    }
    arena_fini(&a);
}

int main(int argc, char **argv) {
    const char *location = NULL;
    uint64_t repeats = 100;
    const bench_option options[] = {{"--db", BENCH_OPTION_TEXT, &location}, {"--repeats", BENCH_OPTION_U64, &repeats}};
    if (!arguments_read(argc, argv, options, 2) || location == NULL) {
        return 2;
    }
    random_seed(&draw, 2);
    require(store_open(location, true, &s, &error));
    require(desk_open(&(desk_options){.store = s}, DATA_NOW_MS, &d, &error));
    const desk_kind *kinds[] = {desk_kind_find("warning"), desk_kind_find("stop"), desk_kind_find("freeze")};
    search_all(repeats);
    for (size_t i = 0; i < 3; i++) {
        lists_of(kinds[i], repeats / 5 + 1);
    }
    desk_close(&d);
    store_close(&s);
    return 0;
}
