/* Random work on records against a model of arrays: inserts, updates, deletes, savepoints, transactions that are
 * undone, reopening, and queries of every kind in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "support/record_model.h"
#include "support/stores.h"
#include "support/tool.h"
#include "sys/random.h"

static const stores_kind *kind;
static uint64_t seed, steps;

typedef struct world {
    random_stream random;
    char place[1024];
    store *store;
    arena texts;  /* of the models */
    arena answer; /* of one query */
    record_model committed, now, marks[4];
    size_t depth;
    bool writing;
    int64_t clock_ms;
} world;

static uint64_t below(world *w, uint64_t bound) {
    return random_below(&w->random, bound);
}

static void opened(world *w) {
    static const record_table *const TABLES[] = {&THING, &EVENT};
    sluice_error error = {0};
    if (kind->open(w->place, false, &w->store, &error) != SLUICE_OK ||
        store_ensure_tables(w->store, TABLES, 2, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
}

static sluice_text random_text(world *w) {
    static const char *const TEXTS[] = {
        "",   "a",    "a%",     "a_b", "ab",           "a\x7f",        "b",
        "张", "张三", "张三丰", "李",  "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf",
        "%",  "_",    "'; --",  "A"};
    return text_of(TEXTS[below(w, sizeof TEXTS / sizeof *TEXTS)]);
}

static record_value random_value(world *w, uint8_t field) {
    static const char *const STATES[] = {"new", "open", "closed"};
    static const int64_t NUMBERS[] = {INT64_MIN, -1, 0, 1, 2, 3, 4, 5, INT64_MAX};
    char key[32];
    switch (field) {
    case THING_NAME:
    case THING_DOCUMENT:
    case THING_BYTES:
        return value_text(random_text(w));
    case THING_STATE:
        return value_text(text_of(STATES[below(w, 3)]));
    case THING_KEY:
        (void)snprintf(key, sizeof key, "card:%llu", (unsigned long long)below(w, 300));
        return value_text((sluice_text){arena_copy(&w->texts, key, strlen(key)), strlen(key)});
    case THING_FLAG:
        return value_integer((int64_t)below(w, 2));
    case THING_OWNER:
    case QUERY_ID:
        return value_integer((int64_t)below(w, 40) + 1);
    case QUERY_CREATED:
    case QUERY_UPDATED:
        return value_integer((int64_t)below(w, 200));
    default:
        return value_integer(NUMBERS[below(w, sizeof NUMBERS / sizeof *NUMBERS)]);
    }
}

static void random_fill(world *w, record *r) {
    for (int f = 0; f < THING_FIELDS; f++) {
        r->values[f] = f != THING_STATE && below(w, 3) == 0 ? value_null() : random_value(w, (uint8_t)f);
    }
}

/* ---- queries ---- */

static uint8_t random_field(world *w) {
    static const uint8_t OWN[] = {QUERY_ID, QUERY_CREATED, QUERY_UPDATED};
    uint64_t pick = below(w, THING_FIELDS + 3);
    return pick < THING_FIELDS ? (uint8_t)pick : OWN[pick - THING_FIELDS];
}

static query_term random_term(world *w, record_value values[4]) {
    query_term term = {.field = random_field(w), .is = (query_operator)below(w, QUERY_NOT_NULL + 1)};
    if (term.is == QUERY_PREFIX) {
        term.field = THING_NAME;
    }
    term.value = random_value(w, term.field);
    term.value_count = below(w, 5);
    term.values = values;
    for (size_t i = 0; i < 4; i++) {
        values[i] = random_value(w, term.field);
    }
    return term;
}

static void assert_rows_equal(const record *got, size_t got_count, const record *const *expected, size_t count) {
    assert_int_equal(got_count, count);
    for (size_t i = 0; i < count; i++) {
        if (!record_equal(&got[i], expected[i])) {
            fail_msg("row %zu is %lld, expected %lld", i, (long long)got[i].id, (long long)expected[i]->id);
        }
    }
}

static void check_query(world *w) {
    record_value values[3][4];
    query_term terms[3];
    const record *expected[MODEL_ROWS_MAX];
    record_query q = {.table = &THING, .terms = terms, .term_count = below(w, 4), .order = random_field(w)};
    record *rows = NULL;
    size_t count = 0;
    sluice_error error = {0};
    for (size_t i = 0; i < q.term_count; i++) {
        terms[i] = random_term(w, values[i]);
    }
    q.order = below(w, 6) == 0 ? RECORD_END : q.order;
    q.descending = below(w, 2) == 0;
    q.limit = below(w, 3) == 0 ? 0 : 1 + below(w, 9);
    arena_reset(&w->answer);
    uint64_t expected_count = 0, got_count = 0;
    for (size_t i = 0; i < w->now.count; i++) {
        expected_count += record_model_holds(&w->now.rows[i], &q);
    }
    assert_int_equal(store_count(w->store, &q, 0, &got_count, &error), SLUICE_OK);
    assert_int_equal(got_count, expected_count);
    assert_int_equal(store_count(w->store, &q, 5, &got_count, &error), SLUICE_OK);
    assert_int_equal(got_count, expected_count < 5 ? expected_count : 5);
    /* All pages, one behind the other. */
    for (;;) {
        size_t expected_rows = record_model_select(&w->now, &q, expected);
        if (store_select(w->store, &q, &w->answer, &rows, &count, &error) != SLUICE_OK) {
            fail_msg("%s", error.text);
        }
        assert_rows_equal(rows, count, expected, expected_rows);
        if (count == 0) {
            break;
        }
        const record *last = &rows[count - 1];
        q.has_after = true;
        q.after_id = last->id;
        q.after = q.order < THING_FIELDS     ? last->values[q.order]
                  : q.order == QUERY_CREATED ? value_integer(last->created_ms)
                  : q.order == QUERY_UPDATED ? value_integer(last->updated_ms)
                                             : value_integer(last->id);
    }
}

static void check_groups(world *w) {
    static const uint8_t PAIRS[][2] = {
        {THING_STATE, RECORD_END}, {THING_OWNER, THING_STATE}, {THING_NAME, THING_FLAG}, {RECORD_END, RECORD_END}};
    const uint8_t *by = PAIRS[below(w, sizeof PAIRS / sizeof *PAIRS)];
    record_value values[4];
    query_term term = random_term(w, values);
    record_query q = {.table = &THING, .terms = &term, .term_count = below(w, 2)};
    record_group *groups = NULL;
    size_t count = 0;
    uint64_t rows = 0, expected = 0;
    arena_reset(&w->answer);
    assert_int_equal(store_group(w->store, &q, by, THING_OWNER, &w->answer, &groups, &count, NULL), SLUICE_OK);
    for (size_t g = 0; g < count; g++) {
        uint64_t in_group = 0;
        int64_t sum = 0;
        for (size_t i = 0; i < w->now.count; i++) {
            const record *row = &w->now.rows[i];
            bool belongs = record_model_holds(row, &q);
            for (size_t b = 0; b < 2 && by[b] != RECORD_END; b++) {
                belongs =
                    belongs && record_value_equal(&row->values[by[b]], &groups[g].by[b], THING.fields[by[b]].type);
            }
            in_group += belongs;
            sum += belongs && !row->values[THING_OWNER].is_null ? row->values[THING_OWNER].integer : 0;
        }
        assert_int_equal(groups[g].count, in_group);
        assert_int_equal(groups[g].sum, sum);
        rows += in_group;
    }
    for (size_t i = 0; i < w->now.count; i++) {
        expected += record_model_holds(&w->now.rows[i], &q);
    }
    assert_int_equal(rows, expected);
}

static bool is_first_of_value(const world *w, size_t row, const record_query *q, uint8_t by, uint8_t field) {
    const record *r = &w->now.rows[row];
    for (size_t i = 0; i < row; i++) {
        const record *other = &w->now.rows[i];
        bool same_group =
            by == RECORD_END || record_value_equal(&r->values[by], &other->values[by], THING.fields[by].type);
        if (same_group && record_model_holds(other, q) &&
            record_value_equal(&r->values[field], &other->values[field], THING.fields[field].type)) {
            return false;
        }
    }
    return true;
}

/* Different values, in each group and in all. */
static void check_distinct(world *w) {
    static const uint8_t FIELDS[] = {THING_NAME, THING_OWNER, THING_STATE};
    uint8_t field = FIELDS[below(w, sizeof FIELDS)], by[2] = {below(w, 2) == 0 ? RECORD_END : THING_FLAG, RECORD_END};
    record_value values[4];
    query_term term = random_term(w, values);
    record_query q = {.table = &THING, .terms = &term, .term_count = below(w, 2)};
    record_group *groups = NULL;
    size_t count = 0;
    uint64_t found = 0, expected = 0;
    arena_reset(&w->answer);
    assert_int_equal(store_group_distinct(w->store, &q, by, field, &w->answer, &groups, &count, NULL), SLUICE_OK);
    for (size_t g = 0; g < count; g++) {
        found += groups[g].count;
    }
    for (size_t i = 0; i < w->now.count; i++) {
        expected += record_model_holds(&w->now.rows[i], &q) && !w->now.rows[i].values[field].is_null &&
                    is_first_of_value(w, i, &q, by[0], field);
    }
    assert_int_equal(found, expected);
}

/* ---- writes ---- */

static void insert(world *w) {
    record r;
    sluice_error error = {0};
    if (w->now.count == MODEL_ROWS_MAX) {
        return;
    }
    assert_true(record_init(&r, &THING, &w->texts));
    random_fill(w, &r);
    sluice_result expected = record_model_conflicts(&w->now, &r) ? SLUICE_E_CONFLICT : SLUICE_OK;
    sluice_result result = store_insert(w->store, &r, w->clock_ms, &error);
    if (result != expected) {
        fail_msg("%d, expected %d: %s", result, expected, error.text);
    }
    if (result == SLUICE_OK) {
        assert_int_equal(r.id, w->now.next_id);
        assert_int_equal(r.version, 1);
        assert_int_equal(r.created_ms, w->clock_ms);
        w->now.rows[w->now.count++] = r;
        w->now.next_id++;
    }
}

static void update(world *w) {
    record r;
    sluice_error error = {0};
    if (w->now.count == 0) {
        return;
    }
    record *row = &w->now.rows[below(w, w->now.count)];
    assert_true(record_init(&r, &THING, &w->texts));
    random_fill(w, &r);
    r.id = row->id;
    r.version = row->version;
    r.created_ms = row->created_ms;
    r.values[THING_KEY] = row->values[THING_KEY];
    uint64_t mischief = below(w, 8);
    sluice_result expected = record_model_conflicts(&w->now, &r) ? SLUICE_E_CONFLICT : SLUICE_OK;
    if (mischief == 0) {
        r.version += (int64_t)below(w, 2) * 2 - 1;
        expected = SLUICE_E_STALE;
    } else if (mischief == 1) {
        r.id = w->now.next_id + (int64_t)below(w, 3);
        expected = SLUICE_E_NOT_FOUND;
    } else if (mischief == 2) {
        r.values[THING_KEY] = value_text(TEXT("card:other"));
        expected = SLUICE_E_INVALID;
    }
    sluice_result result = store_update(w->store, &r, w->clock_ms, &error);
    if (result != expected) {
        fail_msg("%d, expected %d: %s", result, expected, error.text);
    }
    if (result == SLUICE_OK) {
        assert_int_equal(r.version, row->version + 1);
        assert_int_equal(r.updated_ms, w->clock_ms);
        *row = r;
    }
}

static void delete (world *w) {
    int64_t id = (int64_t)below(w, (uint64_t)w->now.next_id + 2);
    bool there = record_model_find(&w->now, id) != NULL;
    assert_int_equal(store_delete(w->store, &THING, id, NULL), there ? SLUICE_OK : SLUICE_E_NOT_FOUND);
    record_model_remove(&w->now, id);
}

static void savepoint(world *w) {
    uint64_t what = below(w, 3);
    if (what == 0 && w->depth < 4) {
        assert_int_equal(store_savepoint(w->store, NULL), SLUICE_OK);
        w->marks[w->depth++] = w->now;
    } else if (what == 1 && w->depth > 0) {
        assert_int_equal(store_savepoint_keep(w->store, NULL), SLUICE_OK);
        w->depth--;
    } else if (w->depth > 0) {
        store_savepoint_undo(w->store);
        w->now = w->marks[--w->depth];
    }
}

static void end(world *w) {
    if (below(w, 4) == 0) {
        store_rollback(w->store);
        w->now = w->committed;
        w->depth = 0;
    } else {
        for (; w->depth > 0; w->depth--) {
            assert_int_equal(store_savepoint_keep(w->store, NULL), SLUICE_OK);
        }
        assert_int_equal(store_commit(w->store, NULL), SLUICE_OK);
        w->committed = w->now;
    }
    w->writing = false;
}

static void step(world *w) {
    uint64_t what = below(w, 20);
    w->clock_ms++;
    if (!w->writing && what < 12) {
        assert_int_equal(store_begin(w->store, NULL), SLUICE_OK);
        w->writing = true;
    }
    if (what < 6) {
        insert(w);
    } else if (what < 9) {
        update(w);
    } else if (what < 10) {
        delete (w);
    } else if (what < 12) {
        savepoint(w);
    } else if (what < 13 && w->writing) {
        end(w);
    } else if (what < 14 && !w->writing && below(w, 8) == 0) {
        store_close(&w->store);
        opened(w);
    } else if (what < 15) {
        check_groups(w);
        check_distinct(w);
    } else {
        check_query(w);
    }
}

static void records_are_as_the_model_has_them(void **state) {
    static world w;
    (void)state;
    memset(&w, 0, sizeof w);
    random_seed(&w.random, seed);
    w.now.next_id = w.committed.next_id = 1;
    kind->fresh(w.place, sizeof w.place);
    opened(&w);
    for (uint64_t i = 0; i < steps; i++) {
        step(&w);
    }
    if (w.writing) {
        store_rollback(w.store);
    }
    store_close(&w.store);
    arena_fini(&w.texts);
    arena_fini(&w.answer);
}

int main(int argc, char **argv) {
    int failed = 0;
    seed = tool_seed(argc, argv);
    steps = tool_count(argc, argv, 3000);
    tool_prefer_memory();
    const struct CMUnitTest tests[] = {cmocka_unit_test(records_are_as_the_model_has_them)};
    for (size_t i = 0; i < STORES_COUNT; i++) {
        kind = &STORES[i];
        if (kind->is_available()) {
            failed += cmocka_run_group_tests_name(kind->name, tests, NULL, NULL);
        }
    }
    return failed;
}
