/* What is judged ahead, by a thread of its own, is what a run over the log says: on random worlds, in groups of any
 * size, while commits fly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/detection_private.h"
#include "engine/engine_private.h"
#include "store/store.h"
#include "support/detect_world.h"
#include "support/tool.h"

enum { TRANSFERS = 160, HALF = 30 };

static uint64_t seed, rounds;

typedef struct inline_alert {
    uint64_t transfer;
    sluice_action action;
} inline_alert;

typedef struct ahead {
    uint64_t first; /* of the call */
    inline_alert *alerts;
    size_t *count;
    uint64_t *decided, *duplicates;
} ahead;

static void take_ahead(void *context, size_t index, const sluice_decision *made) {
    ahead *a = context;
    ++*a->decided;
    *a->duplicates += made->is_duplicate;
    if (made->action != SLUICE_ACTION_ALLOW) {
        assert_true(made->reason_count > 0 && made->typology.length > 0);
        a->alerts[(*a->count)++] = (inline_alert){a->first + index, made->action};
    }
}

/* In groups of any size; each commit flies while the next group is taken. Every transfer comes twice in a row of calls,
 * and once alone in between. */
static size_t decide_ahead(sluice_engine *engine, uint64_t world, uint64_t group, inline_alert *alerts) {
    sluice_detector *detector = NULL;
    sluice_error error = {0};
    sluice_detect_options with = {.size = sizeof with, .rules = detect_world_rules()};
    ahead contexts[TRANSFERS];
    uint64_t decided = 0, duplicates = 0, calls = 0;
    size_t count = 0;
    bool is_flying = false;
    assert_int_equal(sluice_detector_open(engine, &with, &detector, &error), SLUICE_OK);
    for (uint64_t n = 0; n < TRANSFERS; calls++) {
        static sluice_signal signals[TRANSFERS]; /* they stay until their batch has landed */
        const sluice_signal *list[TRANSFERS];
        size_t size = 0, index = 0;
        for (; size < group && n + size < TRANSFERS; size++) {
            signals[n + size] = detect_world_transfer(world, n + size);
            list[size] = &signals[n + size];
        }
        contexts[calls] = (ahead){n, alerts, &count, &decided, &duplicates};
        for (int twice = 0; twice < 2; twice++) {
            assert_int_equal(sluice_decide_ahead(detector, list, size, take_ahead, &contexts[calls], &index, &error),
                             SLUICE_OK);
            assert_int_equal(index, size);
        }
        n += size;
        if (is_flying) {
            assert_int_equal(sluice_decide_commit_end(detector, NULL, &error), SLUICE_OK);
        }
        is_flying = calls % 3 != 2;
        if (is_flying) {
            assert_int_equal(sluice_decide_commit_begin(detector, NULL, NULL, &error), SLUICE_OK);
        } else {
            sluice_decision again;
            assert_int_equal(sluice_decide(detector, list[0], &again, &error), SLUICE_OK);
            assert_true(again.is_duplicate);
        }
    }
    if (is_flying) {
        assert_int_equal(sluice_decide_commit_end(detector, NULL, &error), SLUICE_OK);
    }
    assert_int_equal(sluice_decide_settle(detector, &error), SLUICE_OK);
    assert_int_equal(sluice_decide_commit(detector, NULL, &error), SLUICE_OK);
    assert_int_equal(decided, 2 * TRANSFERS);
    assert_int_equal(duplicates, TRANSFERS);
    sluice_detector_close(&detector);
    return count;
}

static bool count_decision(void *context, uint64_t sequence, sluice_text decision) {
    uint64_t *seen = context; /* how many, and the last one's sequence */
    assert_true(sequence > seen[1] && decision.length > 0 && decision.data[0] == '{');
    seen[0]++;
    seen[1] = sequence;
    return true;
}

static void judged_ahead_is_the_same(void **state) {
    (void)state;
    static inline_alert alerts[TRANSFERS];
    uint64_t compared = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        sluice_engine *engine = detect_world_fresh("ahead.db");
        size_t count = decide_ahead(engine, seed + round, 1 + round * 7 % 30, alerts), there = 0;
        sluice_detection *found = detect_world_run(engine, SLUICE_ORDER_LOG, 0, 0);
        const finding_alert *logged = finding_book_alerts(found->book, &there);
        uint64_t seen[2] = {0};
        assert_int_equal(there, count);
        assert_int_equal(store_read_decisions(engine->store, 0, count_decision, seen, NULL), SLUICE_OK);
        assert_int_equal(seen[0], count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(logged[i].movement, alerts[i].transfer);
            assert_int_equal(logged[i].action, alerts[i].action);
        }
        compared += count;
        sluice_detection_free(&found);
        sluice_engine_close(&engine);
    }
    assert_true(compared > 5 * rounds);
}

/* The first of the world, which stay. */
static void list_signals(const sluice_signal **list, size_t count) {
    static sluice_signal signals[TRANSFERS];
    for (size_t i = 0; i < count; i++) {
        signals[i] = detect_world_transfer(seed, i);
        list[i] = &signals[i];
    }
}

/* A batch that cannot be written takes what is judged behind it along; nobody is left waiting, and the log is whole. */
static void what_fails_in_flight_is_gone(void **state) {
    (void)state;
    static inline_alert alerts[TRANSFERS];
    const sluice_signal *list[TRANSFERS];
    sluice_engine *engine = detect_world_fresh("ahead.db");
    sluice_detector *detector = NULL;
    sluice_error error = {0};
    sluice_detect_options with = {.size = sizeof with, .rules = detect_world_rules()};
    uint64_t decided = 0, duplicates = 0, before = engine->graph.sequence;
    size_t count = 0, index = 0;
    ahead context = {0, alerts, &count, &decided, &duplicates};
    list_signals(list, 2 * HALF);
    assert_int_equal(sluice_detector_open(engine, &with, &detector, &error), SLUICE_OK);
    assert_int_equal(sluice_decide_ahead(detector, list, HALF, take_ahead, &context, &index, &error), SLUICE_OK);
    store_fault_at(STORE_FAULT_IO, 1);
    assert_int_equal(sluice_decide_commit_begin(detector, NULL, NULL, &error), SLUICE_OK);
    assert_int_equal(sluice_decide_ahead(detector, list + HALF, HALF, take_ahead, &context, &index, &error), SLUICE_OK);
    assert_int_equal(sluice_decide_commit_end(detector, NULL, &error), SLUICE_E_IO);
    store_fault_at(STORE_FAULT_NONE, 0);
    assert_int_equal(decided, 2 * HALF);
    assert_int_equal(sluice_decide_settle(detector, &error), SLUICE_E_INVALID);
    assert_int_equal(sluice_decide_ahead(detector, list, 1, take_ahead, &context, &index, &error), SLUICE_E_INVALID);
    sluice_detector_close(&detector);
    assert_int_equal(engine->graph.sequence, before);
    assert_int_equal(sluice_engine_verify(engine, NULL), SLUICE_OK);
    sluice_engine_close(&engine);
}

/* A detector that is closed, and an engine, while a batch flies with its last signals still to be judged. */
static void closing_waits_for_all(void **state) {
    (void)state;
    static inline_alert alerts[TRANSFERS];
    const sluice_signal *list[TRANSFERS];
    sluice_engine *engine = detect_world_fresh("ahead.db");
    sluice_detector *detector = NULL;
    sluice_error error = {0};
    sluice_detect_options with = {.size = sizeof with, .rules = detect_world_rules()};
    uint64_t decided = 0, duplicates = 0;
    size_t count = 0, index = 0;
    ahead context = {0, alerts, &count, &decided, &duplicates};
    list_signals(list, 2 * HALF);
    assert_int_equal(sluice_detector_open(engine, &with, &detector, &error), SLUICE_OK);
    assert_int_equal(sluice_decide_ahead(detector, list, 2 * HALF, take_ahead, &context, &index, &error), SLUICE_OK);
    assert_int_equal(sluice_decide_commit_begin(detector, NULL, NULL, &error), SLUICE_OK);
    sluice_detector_close(&detector);
    assert_int_equal(decided, 2 * HALF);
    assert_int_equal(sluice_engine_flush_end(engine, NULL, &error), SLUICE_OK);
    uint64_t seen[2] = {0};
    assert_int_equal(store_read_decisions(engine->store, 0, count_decision, seen, NULL), SLUICE_OK);
    assert_int_equal(seen[0], count);
    sluice_engine_close(&engine);
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    rounds = tool_count(argc, argv, 20);
    tool_prefer_memory();
    const struct CMUnitTest tests[] = {cmocka_unit_test(judged_ahead_is_the_same),
                                       cmocka_unit_test(what_fails_in_flight_is_gone),
                                       cmocka_unit_test(closing_waits_for_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
