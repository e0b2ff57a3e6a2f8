/* Flushing in two halves: the next batch fills while one flies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include <sluice/engine.h>

#include "base/text.h"
#include "store/store.h"
#include "support/tool.h"

static char path[512];

static int fresh(void **state) {
    static const char *const BESIDE[] = {"", "-wal", "-snapshot"};
    (void)snprintf(path, sizeof path, "%s", tool_path("flush.sluice"));
    for (size_t i = 0; i < sizeof BESIDE / sizeof *BESIDE; i++) {
        char beside[540];
        (void)snprintf(beside, sizeof beside, "%s%s", path, BESIDE[i]);
        (void)unlink(beside);
    }
    sluice_engine *engine = NULL;
    assert_int_equal(sluice_engine_open(path, NULL, &engine, NULL), SLUICE_OK);
    *state = engine;
    return 0;
}

static int finish(void **state) {
    sluice_engine *engine = *state;
    store_fault_at(STORE_FAULT_NONE, 0);
    sluice_engine_close(&engine);
    return 0;
}

static sluice_result append(sluice_engine *engine, unsigned number, int64_t amount_fen, sluice_append_result *taken) {
    char id[24], from[32];
    int id_length = snprintf(id, sizeof id, "T%u", number);
    int from_length = snprintf(from, sizeof from, "card:%u", number);
    sluice_signal signal = {.kind = SLUICE_SIGNAL_TRANSFER,
                            .time_ms = INT64_C(1767225600000) + number,
                            .id = {id, (size_t)id_length},
                            .from = {from, (size_t)from_length},
                            .to = TEXT("card:hub"),
                            .amount_fen = amount_fen,
                            .received_fen = amount_fen};
    return sluice_engine_append(engine, &signal, 1, taken, NULL, NULL);
}

static uint64_t sequence_of(const sluice_engine *engine) {
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(engine, &stats);
    return stats.sequence;
}

static void count(void *context) {
    atomic_fetch_add((atomic_int *)context, 1);
}

static void fills_while_it_flies(void **state) {
    sluice_engine *engine = *state;
    atomic_int finished = 0;
    uint64_t sequence = 0;
    for (unsigned round = 0; round <= 50; round++) {
        for (unsigned i = 0; i < 20 && round < 50; i++) {
            assert_int_equal(append(engine, round * 20 + i, 100, NULL), SLUICE_OK);
        }
        if (round > 0) {
            assert_int_equal(sluice_engine_flush_end(engine, &sequence, NULL), SLUICE_OK);
            assert_int_equal(sequence, round * 20);
            assert_int_equal(sequence_of(engine), sequence);
            assert_int_equal(atomic_load(&finished), round);
        }
        if (round < 50) {
            assert_int_equal(sluice_engine_flush_begin(engine, count, &finished, NULL), SLUICE_OK);
            assert_int_equal(sequence_of(engine), sequence); /* readers see nothing of it yet */
        }
    }
    assert_int_equal(sluice_engine_verify(engine, NULL), SLUICE_OK);
}

static void a_flying_id_is_known(void **state) {
    sluice_engine *engine = *state;
    sluice_append_result taken = {0};
    assert_int_equal(append(engine, 1, 100, &taken), SLUICE_OK);
    assert_int_equal(sluice_engine_flush_begin(engine, NULL, NULL, NULL), SLUICE_OK);
    assert_int_equal(append(engine, 1, 100, &taken), SLUICE_OK);
    assert_int_equal(append(engine, 1, 101, &taken), SLUICE_E_CONFLICT);
    assert_int_equal(append(engine, 2, 100, &taken), SLUICE_OK);
    assert_int_equal(taken.accepted, 2);
    assert_int_equal(taken.duplicates, 1);
    uint64_t sequence = 0;
    assert_int_equal(sluice_engine_flush_end(engine, &sequence, NULL), SLUICE_OK);
    assert_int_equal(sequence, 1);
    assert_int_equal(append(engine, 1, 100, &taken), SLUICE_OK);
    assert_int_equal(taken.duplicates, 2);
    assert_int_equal(sluice_engine_flush(engine, &sequence, NULL), SLUICE_OK);
    assert_int_equal(sequence, 2);
}

static void a_plain_flush_waits(void **state) {
    sluice_engine *engine = *state;
    uint64_t sequence = 0;
    assert_int_equal(append(engine, 1, 100, NULL), SLUICE_OK);
    assert_int_equal(sluice_engine_flush_begin(engine, NULL, NULL, NULL), SLUICE_OK);
    assert_int_equal(sluice_engine_flush_begin(engine, NULL, NULL, NULL), SLUICE_E_INVALID);
    assert_int_equal(append(engine, 2, 100, NULL), SLUICE_OK);
    assert_int_equal(sluice_engine_flush(engine, &sequence, NULL), SLUICE_OK);
    assert_int_equal(sequence, 2);
    assert_int_equal(sluice_engine_flush_end(engine, &sequence, NULL), SLUICE_OK); /* what it had come to */
    assert_int_equal(sequence, 1);
    assert_int_equal(sluice_engine_flush_end(engine, &sequence, NULL), SLUICE_E_INVALID);
    assert_int_equal(sluice_engine_verify(engine, NULL), SLUICE_OK);
}

static void what_fails_takes_the_next_with_it(void **state) {
    sluice_engine *engine = *state;
    sluice_append_result taken = {0};
    uint64_t sequence = 0;
    assert_int_equal(append(engine, 1, 100, NULL), SLUICE_OK);
    assert_int_equal(sluice_engine_flush(engine, NULL, NULL), SLUICE_OK);
    store_fault_at(STORE_FAULT_IO, 1);
    assert_int_equal(append(engine, 2, 100, NULL), SLUICE_OK);
    assert_int_equal(sluice_engine_flush_begin(engine, NULL, NULL, NULL), SLUICE_OK);
    assert_int_equal(append(engine, 2, 100, &taken), SLUICE_OK);
    assert_int_equal(append(engine, 3, 100, &taken), SLUICE_OK);
    assert_int_equal(sluice_engine_flush_end(engine, &sequence, NULL), SLUICE_E_IO);
    store_fault_at(STORE_FAULT_NONE, 0);
    assert_int_equal(sluice_engine_flush(engine, &sequence, NULL), SLUICE_OK); /* nothing is left of either */
    assert_int_equal(sequence, 1);
    for (unsigned number = 2; number <= 3; number++) {
        assert_int_equal(append(engine, number, 100, NULL), SLUICE_OK);
    }
    assert_int_equal(sluice_engine_flush(engine, &sequence, NULL), SLUICE_OK);
    assert_int_equal(sequence, 3);
    assert_int_equal(sluice_engine_verify(engine, NULL), SLUICE_OK);
}

static void closing_waits_for_what_flies(void **state) {
    sluice_engine *engine = *state;
    assert_int_equal(append(engine, 1, 100, NULL), SLUICE_OK);
    assert_int_equal(sluice_engine_flush_begin(engine, NULL, NULL, NULL), SLUICE_OK);
    sluice_engine_close(&engine);
    assert_int_equal(sluice_engine_open(path, NULL, &engine, NULL), SLUICE_OK);
    assert_int_equal(sequence_of(engine), 1);
    *state = engine;
}

int main(void) {
    tool_prefer_memory();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fills_while_it_flies, fresh, finish),
        cmocka_unit_test_setup_teardown(a_flying_id_is_known, fresh, finish),
        cmocka_unit_test_setup_teardown(a_plain_flush_waits, fresh, finish),
        cmocka_unit_test_setup_teardown(what_fails_takes_the_next_with_it, fresh, finish),
        cmocka_unit_test_setup_teardown(closing_waits_for_what_flies, fresh, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
