/* The power fails at every write, sync and truncation while commits and decisions overlap: what was not synced is gone,
 * and what was acknowledged is there, once and whole, each movement with the decision that a run over the log gives it.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "engine/detection_private.h"
#include "engine/engine_private.h"
#include "support/detect_world.h"
#include "support/tool.h"

enum { GROUPS = 5, GROUP = 30, NTH_MAX = 600, WORLD = 12 };

static char place[512];

static void fresh_place(void) {
    static const char *const BESIDE[] = {"", "-wal", "-shm", "-snapshot"};
    (void)snprintf(place, sizeof place, "%s", tool_path("power.sluice"));
    for (size_t i = 0; i < sizeof BESIDE / sizeof *BESIDE; i++) {
        char path[540];
        (void)snprintf(path, sizeof path, "%s%s", place, BESIDE[i]);
        (void)unlink(path);
    }
}

static void ignore(void *context, size_t index, const sluice_decision *made) {
    (void)context;
    (void)index;
    (void)made;
}

/* One group is decided while the one before is on its way to the disk. */
static void child_run(int to_parent, store_fault fault, uint64_t nth) {
    sluice_engine *engine = NULL;
    sluice_detector *detector = NULL;
    sluice_detect_options with = {.size = sizeof with, .rules = detect_world_rules()};
    if (sluice_engine_open(place, NULL, &engine, NULL) != SLUICE_OK ||
        sluice_detector_open(engine, &with, &detector, NULL) != SLUICE_OK) {
        _exit(3);
    }
    store_fault_at(fault, nth);
    for (uint64_t group = 0; group <= GROUPS; group++) {
        sluice_signal signals[GROUP];
        const sluice_signal *list[GROUP];
        size_t index = 0;
        for (uint64_t i = 0; i < GROUP; i++) {
            signals[i] = detect_world_transfer(WORLD, group * GROUP + i);
            list[i] = &signals[i];
        }
        if (group < GROUPS && sluice_decide_many(detector, list, GROUP, ignore, NULL, &index, NULL) != SLUICE_OK) {
            _exit(4);
        }
        if (group > 0 &&
            (sluice_decide_commit_end(detector, NULL, NULL) != SLUICE_OK || write(to_parent, "a", 1) != 1)) {
            _exit(5);
        }
        if (group < GROUPS && sluice_decide_commit_begin(detector, NULL, NULL, NULL) != SLUICE_OK) {
            _exit(6);
        }
    }
    sluice_detector_close(&detector);
    sluice_engine_close(&engine);
    _exit(0);
}

typedef struct stored {
    const sluice_engine *engine;
    const finding_alert *alerts;
    size_t count, next;
} stored;

static bool see_decision(void *context, uint64_t sequence, sluice_text decision) {
    stored *s = context;
    char expected[48];
    assert_true(s->next < s->count);
    const finding_alert *alert = &s->alerts[s->next++];
    assert_int_equal(sequence, graph_movement_sequence(&s->engine->graph, alert->movement));
    int length =
        snprintf(expected, sizeof expected, "{\"action\":\"%s\"", sluice_action_name((sluice_action)alert->action));
    assert_true(decision.length > (size_t)length && memcmp(decision.data, expected, (size_t)length) == 0);
    return true;
}

/* Returns how many groups are there. */
static uint64_t verify(uint64_t nth) {
    sluice_engine *engine = NULL;
    sluice_detection *found = NULL;
    sluice_error error = {0};
    if (sluice_engine_open(place, NULL, &engine, &error) != SLUICE_OK) {
        fail_msg("power lost at %llu: %s", (unsigned long long)nth, error.text);
    }
    assert_int_equal(sluice_engine_verify(engine, &error), SLUICE_OK);
    sluice_detect_run_options options = {.size = sizeof options, .order = SLUICE_ORDER_LOG};
    options.with = (sluice_detect_options){.size = sizeof options.with, .rules = detect_world_rules()};
    assert_int_equal(sluice_detect_run(engine, &options, &found, &error), SLUICE_OK);
    stored s = {.engine = engine};
    s.alerts = finding_book_alerts(found->book, &s.count);
    assert_int_equal(store_read_decisions(engine->store, 0, see_decision, &s, &error), SLUICE_OK);
    assert_int_equal(s.next, s.count);
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(engine, &stats);
    uint64_t movements = stats.transfer_count + stats.withdrawal_count;
    assert_int_equal(movements % GROUP, 0);
    sluice_detection_free(&found);
    sluice_engine_close(&engine);
    return movements / GROUP;
}

/* True: the child lived to its end. */
static bool run_and_verify(store_fault fault, uint64_t nth) {
    int ends[2], status = 0;
    char ack;
    uint64_t acknowledged = 0;
    fresh_place();
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        child_run(ends[1], fault, nth);
    }
    (void)close(ends[1]);
    while (read(ends[0], &ack, 1) == 1) {
        acknowledged++;
    }
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status) ? WTERMSIG(status) != SIGKILL : WEXITSTATUS(status) != 0) {
        fail_msg("power lost at %llu: the program ended with status %#x", (unsigned long long)nth, (unsigned)status);
    }
    uint64_t there = verify(nth);
    if (there != acknowledged && there != acknowledged + 1) {
        fail_msg("power lost at %llu: %llu groups were acknowledged, %llu are there", (unsigned long long)nth,
                 (unsigned long long)acknowledged, (unsigned long long)there);
    }
    return WIFEXITED(status);
}

static void fail_everywhere(store_fault fault) {
    uint64_t nth = 1;
    (void)detect_world_rules(); /* made once, before the children */
    while (nth < NTH_MAX && !run_and_verify(fault, nth)) {
        nth++;
    }
    assert_true(nth > 5 && nth < NTH_MAX);
}

static void what_is_not_synced_is_gone(void **state) {
    (void)state;
    fail_everywhere(STORE_FAULT_POWER);
}

static void half_of_what_is_not_synced_is_gone(void **state) {
    (void)state;
    fail_everywhere(STORE_FAULT_POWER_TORN);
}

int main(void) {
    tool_prefer_memory();
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_not_synced_is_gone),
                                       cmocka_unit_test(half_of_what_is_not_synced_is_gone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
