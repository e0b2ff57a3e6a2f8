/* How long searches, and lists by each of their filters and orders, take on a desk with a million warnings and ten
 * thousand orders beside them.
 *
 * Runs on a database that desk_store_bench has filled, and adds what it lacks: stops and freezes, and the words by
 * which all of them are found. Searches are those of GET /v1/search (desk_search), by officers of the city, of a
 * district and of a station. Lists are tried by every filter that the API has and every order that it does not refuse,
 * with values of rows that are there. Prints a JSON line for each group. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "base/memory.h"
#include "base/text.h"
#include "desk/desk_private.h"
#include "desk/kinds.h"
#include "desk/search.h"
#include "figures.h"
#include "sys/clock.h"
#include "sys/random.h"

enum { DISTRICTS = 12, STATIONS = 150, PAGE = 51, GROUP = 2000, TIMES_MAX = 200000 };
static const int64_t NOW_MS = 1764000000000;

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

/* ---- filling ---- */

static const char *const SURNAMES[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周"};
static const char *const GIVEN[] = {"伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛"};

static sluice_text made(arena *a, const char *format, uint64_t number) {
    char text[64];
    int length = snprintf(text, sizeof text, "%s%010llu", format, (unsigned long long)number);
    const char *copy = arena_copy(a, text, (size_t)length);
    return (sluice_text){copy, copy == NULL ? 0 : (size_t)length};
}

static sluice_text a_name(arena *a) {
    char text[32];
    int length = snprintf(text, sizeof text, "%s%s%s", SURNAMES[random_below(&draw, 10)],
                          GIVEN[random_below(&draw, 14)], GIVEN[random_below(&draw, 14)]);
    const char *copy = arena_copy(a, text, (size_t)length);
    return (sluice_text){copy, copy == NULL ? 0 : (size_t)length};
}

/* What a field's type allows. */
static record_value anything(const record_field *f, arena *a) {
    if (f->type == FIELD_CODE && f->codes != NULL) {
        sluice_text code = {0}, rest = text_of(f->codes);
        for (uint64_t skip = random_below(&draw, 4) + 1; skip > 0 && rest.length > 0; skip--) {
            (void)text_split(rest, '|', &code, &rest);
        }
        return value_text(code);
    }
    switch (f->type) {
    case FIELD_KEY:
        return value_text(made(a, "card:622848", random_below(&draw, 1000000000)));
    case FIELD_TEXT:
    case FIELD_CODE: {
        sluice_text text = a_name(a);
        text.length = f->bytes_max != 0 && text.length > f->bytes_max ? f->bytes_max : text.length;
        return value_text(text_is_utf8(text) ? text : TEXT(""));
    }
    case FIELD_JSON:
        return value_text(TEXT("{}"));
    case FIELD_BLOB:
        return value_null();
    case FIELD_BOOLEAN:
        return value_integer((int64_t)random_below(&draw, 2));
    case FIELD_TIME:
        return value_integer(NOW_MS + random_between(&draw, -86400000, 86400000));
    default:
        return value_integer(1 + (int64_t)random_below(&draw, 1000));
    }
}

static void fill_order(record *r, const desk_kind *kind, arena *a) {
    const record_table *table = kind->table;
    for (size_t i = 0; i < table->field_count; i++) {
        bool wanted = (table->fields[i].flags & FIELD_REQUIRED) != 0 || random_below(&draw, 2) == 0;
        r->values[i] = wanted ? anything(&table->fields[i], a) : value_null();
    }
    for (size_t i = 0; i < table->index_count; i++) {
        if (table->indexes[i].unique) {
            r->values[table->indexes[i].fields[0]] = value_null();
        }
    }
    int64_t station = 1 + (int64_t)random_below(&draw, STATIONS);
    r->values[kind->station] = value_integer(station);
    r->values[kind->district] = value_integer(1 + (station - 1) % DISTRICTS);
}

static uint64_t count_of(const record_table *table, const query_term *terms, size_t term_count) {
    uint64_t count = 0;
    record_query any = {.table = table, .terms = terms, .term_count = term_count, .order = QUERY_ID};
    require(store_count(s, &any, 0, &count, &error));
    return count;
}

static desk_command command(arena *a, const desk_actor *actor) {
    return (desk_command){.desk = d, .actor = actor, .now_ms = NOW_MS, .arena = a, .error = &error};
}

static void fill_orders(const desk_kind *kind, uint64_t wanted) {
    arena a = {0};
    for (uint64_t there = count_of(kind->table, NULL, 0); there < wanted;) {
        require(desk_begin(d, &error));
        for (int i = 0; i < GROUP && there < wanted; i++, there++) {
            record r;
            desk_command c = command(&a, &DESK_SYSTEM);
            if (!record_init(&r, kind->table, &a)) {
                exit(1);
            }
            fill_order(&r, kind, &a);
            require(store_insert(s, &r, NOW_MS, &error));
            require(search_put(&c, kind, &r));
        }
        require(desk_commit(d, &error));
        arena_reset(&a);
    }
    arena_fini(&a);
}

/* The words of the warnings that have none yet. */
static void fill_words(const desk_kind *kind) {
    arena a = {0};
    query_term of_kind = {SEARCH_KIND, QUERY_EQUAL, value_text(text_of(kind->name)), NULL, 0};
    record *last = NULL;
    size_t count = 0;
    record_query newest = {.table = &SEARCH_TABLE,
                           .terms = &of_kind,
                           .term_count = 1,
                           .order = SEARCH_RECORD,
                           .descending = true,
                           .limit = 1};
    require(store_select(s, &newest, &a, &last, &count, &error));
    int64_t done = count == 0 ? 0 : last[0].values[SEARCH_RECORD].integer, begun_ns = clock_monotonic_ns(), from = done;
    for (count = 1; count > 0; arena_reset(&a)) {
        record *rows = NULL;
        record_query next = {.table = kind->table, .order = QUERY_ID, .has_after = true, .limit = GROUP};
        next.after = value_integer(done);
        next.after_id = done;
        require(store_select(s, &next, &a, &rows, &count, &error));
        require(desk_begin(d, &error));
        for (size_t i = 0; i < count; i++) {
            desk_command c = command(&a, &DESK_SYSTEM);
            require(search_put(&c, kind, &rows[i]));
            done = rows[i].id;
        }
        require(desk_commit(d, &error));
    }
    if (done > from) {
        printf("{\"fill\": %lld, \"us_a_row\": %.1f}\n", (long long)(done - from),
               (double)(clock_monotonic_ns() - begun_ns) / 1e3 / (double)(done - from));
    }
    arena_fini(&a);
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
            actor.station = 1 + (int64_t)random_below(&draw, STATIONS);
            actor.district = 1 + (actor.station - 1) % DISTRICTS;
            desk_command c = command(&a, &actor);
            sluice_text words = one->words != NULL ? text_of(one->words) : TEXT("");
            if (one->words == NULL || strcmp(one->words, "begun") == 0) {
                words = made(&a, "1", random_below(&draw, 600000));
                words.length -= one->words == NULL ? 0 : 2 + random_below(&draw, 5);
            }
            if (one->kind != NULL && strcmp(one->kind, "freeze") == 0) {
                words = made(&a, "622848", random_below(&draw, 1000000000));
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
    if (!store_is_ordered(s, q)) {
        return; /* the API refuses it */
    }
    (void)snprintf(what, sizeof what, "%s by %s%s%s, order=%s%s", q->table->name, by, also[0] == '\0' ? "" : " and ",
                   also, q->descending ? "-" : "", order_name(q->table, q->order));
    int64_t from_ns = clock_monotonic_ns();
    require(store_select(s, q, a, &page, &count, &error));
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
                if (o >= 3 && field_is_text(table->fields[o - 3].type)) {
                    continue;
                }
                q.term_count = 1;
                run_list(&groups[0], &q, table->fields[f].name, "", &a);
                q.term_count = 2;
                if (f != kind->district && !row.values[kind->district].is_null) {
                    terms[1] = (query_term){kind->district, QUERY_EQUAL, row.values[kind->district], NULL, 0};
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
    uint64_t orders = 10000, repeats = 100;
    const bench_option options[] = {{"--db", BENCH_OPTION_TEXT, &location},
                                    {"--orders", BENCH_OPTION_U64, &orders},
                                    {"--repeats", BENCH_OPTION_U64, &repeats}};
    if (!arguments_read(argc, argv, options, 3) || location == NULL) {
        return 2;
    }
    random_seed(&draw, 2);
    require(store_open(location, true, &s, &error));
    require(desk_open(&(desk_options){.store = s}, NOW_MS, &d, &error));
    const desk_kind *kinds[] = {desk_kind_find("warning"), desk_kind_find("stop"), desk_kind_find("freeze")};
    fill_words(kinds[0]);
    fill_orders(kinds[1], orders);
    fill_orders(kinds[2], orders);
    search_all(repeats);
    for (size_t i = 0; i < 3; i++) {
        lists_of(kinds[i], repeats / 5 + 1);
    }
    desk_close(&d);
    store_close(&s);
    return 0;
}
