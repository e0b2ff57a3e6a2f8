/* Readers on several threads while the writer appends: each view, however long it is held, shows exactly the movements
 * below its limit, in order, and its sums. Run under ThreadSanitizer by ./test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <cmocka.h>

#include "graph/graph.h"
#include "support/graph_world.h"
#include "support/tool.h"
#include "sys/thread.h"

#define READERS 3

static uint64_t seed;
static uint64_t movements;

typedef struct reader {
    const graph_world *world;
    uint64_t seed;
    _Atomic bool *done;
    uint64_t views, wrong;
    thread thread;
} reader;

/* A reader cannot afford the naive sort: it checks order, membership by count, and the sums by adding up. */
static bool view_is_right(const graph_world *w, const graph_view *view, uint32_t key, random_stream *random) {
    ledger l;
    ledger_cursor cursor;
    ledger_entry entry;
    graph_ledger(view, key, &l);
    ledger_begin(&l, &cursor);
    int64_t last_ms = INT64_MIN, net = 0, before = 0;
    uint32_t last = 0, count = 0;
    ledger_place place = {(int64_t)random_below(random, w->count / 3 + 1), (uint32_t)random_below(random, w->count)};
    while (ledger_next(&l, &cursor, &entry)) {
        uint32_t number = entry & ~LEDGER_DEBIT;
        const batch_movement *m = &w->movements[number];
        bool debit = (entry & LEDGER_DEBIT) != 0;
        if (number >= view->movement_limit || m->time_ms < last_ms || (m->time_ms == last_ms && number <= last) ||
            (debit ? m->from : m->to) != key) {
            return false;
        }
        last_ms = m->time_ms;
        last = number;
        count++;
        net += debit ? -m->amount_fen : m->amount_fen;
        bool is_before = m->time_ms < place.time_ms || (m->time_ms == place.time_ms && number <= place.movement);
        before = is_before ? net : before;
    }
    uint32_t expected = 0;
    for (uint32_t i = 0; i < view->movement_limit; i++) {
        const batch_movement *m = &w->movements[i];
        expected += m->from == key && (m->from != m->to || m->kind == SLUICE_SIGNAL_WITHDRAWAL);
        expected += m->from != m->to && m->to == key && m->kind == SLUICE_SIGNAL_TRANSFER;
    }
    ledger_sums sums;
    ledger_seek(&l, place, &cursor);
    ledger_sum(&l, &cursor, &sums);
    return count == expected && sums.net_fen == net && sums.before_fen == before;
}

static void *read_on(void *context) {
    reader *r = context;
    random_stream random;
    random_seed(&random, r->seed);
    bool last = false;
    while (!last) {
        last = atomic_load(r->done);
        graph_view view;
        graph_view_open(&r->world->graph, 0, &view);
        for (int i = 0; i < 3; i++) {
            uint32_t key = (uint32_t)random_below(&random, r->world->key_count);
            if (view.movement_limit > 0 && !view_is_right(r->world, &view, key, &random)) {
                r->wrong++;
            }
        }
        graph_view_close(&view);
        r->views++;
    }
    return NULL;
}

static void readers_see_their_sequence(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed);
    graph_world w;
    graph_world_init(&w, &random, (uint32_t)movements, 40);
    assert_true(graph_world_apply(&w, 10)); /* keys have their nodes from here on */
    _Atomic bool done = false;
    reader readers[READERS];
    for (int i = 0; i < READERS; i++) {
        readers[i] = (reader){.world = &w, .seed = seed + (uint64_t)i, .done = &done};
        assert_true(thread_start(&readers[i].thread, read_on, &readers[i]));
    }
    while (graph_world_apply(&w, 1 + (uint32_t)random_below(&random, 60))) {
    }
    atomic_store(&done, true);
    for (int i = 0; i < READERS; i++) {
        thread_join(&readers[i].thread);
        assert_int_equal(readers[i].wrong, 0);
        assert_true(readers[i].views > 0);
    }
    graph_world_fini(&w);
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    movements = tool_count(argc, argv, 60000);
    const struct CMUnitTest tests[] = {cmocka_unit_test(readers_see_their_sequence)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
