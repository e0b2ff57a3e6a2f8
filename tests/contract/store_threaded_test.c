/* Readers on other threads while the writer commits: each sees whole batches, and only committed ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "store/store.h"
#include "support/store_model.h"
#include "support/stores.h"
#include "support/tool.h"
#include "sys/random.h"
#include "sys/thread.h"

enum { READERS = 3, BATCHES = 60 };

typedef struct world {
    store *store;
    atomic_bool done;
    _Atomic uint64_t wrong, reads;
    uint64_t seed;
} world;

static sluice_result count_batch(void *context, uint64_t sequence_first, uint64_t count, uint64_t chain_before,
                                 const unsigned char *bytes, size_t length, sluice_error *error) {
    uint64_t *next = context;
    (void)chain_before;
    (void)bytes;
    (void)length;
    (void)error;
    if (sequence_first != *next) {
        return SLUICE_E_DAMAGED;
    }
    *next += count;
    return SLUICE_OK;
}

static void *read_all_the_time(void *context) {
    world *w = context;
    random_stream random;
    unsigned char *bytes = NULL;
    size_t capacity = 0, length = 0;
    random_seed(&random, w->seed);
    bool last = false;
    while (!last) {
        last = atomic_load(&w->done);
        uint64_t end = 0, chain = 0, first = 0, before = 0, next = 1;
        store_log_end(w->store, &end, &chain);
        if (end == 0) {
            continue;
        }
        uint64_t sequence = random_below(&random, end) + 1, chain_there = 0;
        bool good =
            store_read_batch_at(w->store, sequence, &first, &before, &bytes, &capacity, &length, NULL) == SLUICE_OK &&
            first <= sequence && store_chain_at(w->store, end, &chain_there, NULL) == SLUICE_OK && chain_there == chain;
        if (random_chance(&random, 1, 8)) {
            good = good && store_read_log(w->store, 1, count_batch, &next, NULL) == SLUICE_OK && next > end;
        }
        if (random_chance(&random, 1, 32)) {
            good = good && store_check(w->store, NULL) == SLUICE_OK;
        }
        atomic_fetch_add(&w->wrong, good ? 0u : 1u);
        atomic_fetch_add(&w->reads, 1u);
    }
    memory_free(bytes);
    return NULL;
}

static const stores_kind *kind;
static uint64_t seed;

static void readers_see_whole_committed_batches(void **state) {
    (void)state;
    world w = {.seed = seed};
    thread readers[READERS];
    char place[1024];
    kind->fresh(place, sizeof place);
    assert_int_equal(kind->open(place, false, &w.store, NULL), SLUICE_OK);
    assert_int_equal(model_commit(w.store, 0, NULL), SLUICE_OK);
    for (size_t i = 0; i < READERS; i++) {
        assert_true(thread_start(&readers[i], read_all_the_time, &w));
    }
    for (uint64_t i = 1; i < BATCHES; i++) {
        assert_int_equal(model_commit(w.store, i, NULL), SLUICE_OK);
    }
    atomic_store(&w.done, true);
    for (size_t i = 0; i < READERS; i++) {
        thread_join(&readers[i]);
    }
    assert_int_equal(atomic_load(&w.wrong), 0);
    assert_true(atomic_load(&w.reads) >= READERS);
    assert_int_equal(model_verify(w.store), BATCHES);
    store_close(&w.store);
}

int main(int argc, char **argv) {
    int failed = 0;
    seed = tool_seed(argc, argv);
    const struct CMUnitTest tests[] = {cmocka_unit_test(readers_see_whole_committed_batches)};
    for (size_t i = 0; i < STORES_COUNT; i++) {
        kind = &STORES[i];
        if (kind->is_available()) {
            failed += cmocka_run_group_tests_name(kind->name, tests, NULL, NULL);
        }
    }
    return failed;
}
