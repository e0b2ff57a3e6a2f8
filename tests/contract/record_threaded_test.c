/* Readers on other threads while the writer moves money between records: each statement of theirs sees the sum that
 * every commit leaves, never a half of one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/text.h"
#include "support/record_model.h"
#include "support/stores.h"
#include "support/tool.h"
#include "sys/random.h"
#include "sys/thread.h"

enum { READERS = 10, ROWS = 20, AMOUNT = 1000 };

static const stores_kind *kind;
static uint64_t seed, commits;

typedef struct world {
    store *store;
    atomic_bool done;
    _Atomic uint64_t wrong, reads;
} world;

static void *read_all_the_time(void *context) {
    static const uint8_t NONE[2] = {RECORD_END, RECORD_END};
    world *w = context;
    arena memory = {0};
    record_query all = {.table = &THING, .order = THING_AMOUNT, .limit = ROWS};
    bool last = false;
    while (!last) {
        last = atomic_load(&w->done);
        record_group *groups = NULL;
        record *rows = NULL;
        size_t group_count = 0, row_count = 0;
        int64_t sum = 0;
        bool good =
            store_group(w->store, &all, NONE, THING_AMOUNT, &memory, &groups, &group_count, NULL) == SLUICE_OK &&
            group_count == 1 && groups[0].count == ROWS && groups[0].sum == (int64_t)ROWS * AMOUNT &&
            store_select(w->store, &all, &memory, &rows, &row_count, NULL) == SLUICE_OK && row_count == ROWS;
        for (size_t i = 0; good && i < row_count; i++) {
            sum += rows[i].values[THING_AMOUNT].integer;
            good = i == 0 || rows[i].values[THING_AMOUNT].integer >= rows[i - 1].values[THING_AMOUNT].integer;
        }
        good = good && sum == (int64_t)ROWS * AMOUNT;
        atomic_fetch_add(&w->wrong, good ? 0u : 1u);
        atomic_fetch_add(&w->reads, 1u);
        arena_reset(&memory);
    }
    arena_fini(&memory);
    return NULL;
}

static void add(store *s, int64_t id, int64_t amount_fen, arena *memory) {
    record r;
    assert_int_equal(store_get(s, &THING, id, memory, &r, NULL), SLUICE_OK);
    r.values[THING_AMOUNT].integer += amount_fen;
    assert_int_equal(store_update(s, &r, 1, NULL), SLUICE_OK);
}

static void readers_see_whole_transactions(void **state) {
    static const record_table *const TABLES[] = {&THING};
    world w = {0};
    thread readers[READERS];
    char place[1024];
    arena memory = {0};
    random_stream random;
    record r;
    (void)state;
    random_seed(&random, seed);
    kind->fresh(place, sizeof place);
    assert_int_equal(kind->open(place, false, &w.store, NULL), SLUICE_OK);
    assert_int_equal(store_ensure_tables(w.store, TABLES, 1, NULL), SLUICE_OK);
    assert_int_equal(store_begin(w.store, NULL), SLUICE_OK);
    for (size_t i = 0; i < ROWS; i++) {
        assert_true(record_init(&r, &THING, &memory));
        r.values[THING_STATE] = value_text(TEXT("new"));
        r.values[THING_AMOUNT] = value_integer(AMOUNT);
        assert_int_equal(store_insert(w.store, &r, 1, NULL), SLUICE_OK);
    }
    assert_int_equal(store_commit(w.store, NULL), SLUICE_OK);
    for (size_t i = 0; i < READERS; i++) {
        assert_true(thread_start(&readers[i], read_all_the_time, &w));
    }
    for (uint64_t i = 0; i < commits; i++) {
        int64_t amount = (int64_t)random_below(&random, 100);
        assert_int_equal(store_begin(w.store, NULL), SLUICE_OK);
        add(w.store, 1 + (int64_t)random_below(&random, ROWS), -amount, &memory);
        add(w.store, 1 + (int64_t)random_below(&random, ROWS), amount, &memory);
        if (random_chance(&random, 1, 5)) {
            store_rollback(w.store);
        } else {
            assert_int_equal(store_commit(w.store, NULL), SLUICE_OK);
        }
        arena_reset(&memory);
    }
    atomic_store(&w.done, true);
    for (size_t i = 0; i < READERS; i++) {
        thread_join(&readers[i]);
    }
    assert_int_equal(atomic_load(&w.wrong), 0);
    assert_true(atomic_load(&w.reads) >= READERS);
    store_close(&w.store);
    arena_fini(&memory);
}

int main(int argc, char **argv) {
    int failed = 0;
    seed = tool_seed(argc, argv);
    commits = tool_count(argc, argv, 500);
    const struct CMUnitTest tests[] = {cmocka_unit_test(readers_see_whole_transactions)};
    for (size_t i = 0; i < STORES_COUNT; i++) {
        kind = &STORES[i];
        if (kind->is_available()) {
            failed += cmocka_run_group_tests_name(kind->name, tests, NULL, NULL);
        }
    }
    return failed;
}
