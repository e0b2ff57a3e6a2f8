/* SIGKILL at every write of a commit of inline decisions: afterwards every movement that is in the log has exactly the
 * decision that a run over the log gives it, and no other movement has one. */
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

enum { GROUPS = 3, GROUP = 30, NTH_MAX = 400, WORLD = 11 };

static char place[512];

static void fresh_place(void) {
    static const char *const BESIDE[] = {"", "-wal", "-shm", "-snapshot"};
    (void)snprintf(place, sizeof place, "%s", tool_path("decide.sluice"));
    for (size_t i = 0; i < sizeof BESIDE / sizeof *BESIDE; i++) {
        char path[540];
        (void)snprintf(path, sizeof path, "%s%s", place, BESIDE[i]);
        (void)unlink(path);
    }
}

static void child_run(int to_parent, uint64_t nth_write) {
    sluice_engine *engine = NULL;
    sluice_detector *detector = NULL;
    sluice_detect_options with = {.size = sizeof with, .rules = detect_world_rules()};
    if (sluice_engine_open(place, NULL, &engine, NULL) != SLUICE_OK ||
        sluice_detector_open(engine, &with, &detector, NULL) != SLUICE_OK) {
        _exit(3);
    }
    store_fault_at(STORE_FAULT_KILL, nth_write);
    for (uint64_t n = 0; n < (uint64_t)GROUPS * GROUP; n++) {
        sluice_decision made;
        sluice_signal signal = detect_world_transfer(WORLD, n);
        if (sluice_decide(detector, &signal, &made, NULL) != SLUICE_OK) {
            _exit(4);
        }
        if ((n + 1) % GROUP == 0 &&
            (sluice_decide_commit(detector, NULL, NULL) != SLUICE_OK || write(to_parent, "a", 1) != 1)) {
            _exit(5);
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
static uint64_t verify(void) {
    sluice_engine *engine = NULL;
    sluice_detection *found = NULL;
    sluice_error error = {0};
    if (sluice_engine_open(place, NULL, &engine, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
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
    assert_true(movements < (uint64_t)GROUPS * GROUP || s.count > 5);
    sluice_detection_free(&found);
    sluice_engine_close(&engine);
    return movements / GROUP;
}

/* True: the child lived to its end. */
static bool run_and_verify(uint64_t nth_write) {
    int ends[2], status = 0;
    char ack;
    uint64_t acknowledged = 0;
    fresh_place();
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        child_run(ends[1], nth_write);
    }
    (void)close(ends[1]);
    while (read(ends[0], &ack, 1) == 1) {
        acknowledged++;
    }
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
    uint64_t there = verify();
    assert_true(there == acknowledged || there == acknowledged + 1);
    return WIFEXITED(status);
}

static void death_at_every_write(void **state) {
    (void)state;
    (void)detect_world_rules(); /* made once, before the children */
    uint64_t nth = 1;
    while (nth < NTH_MAX && !run_and_verify(nth)) {
        nth++;
    }
    assert_true(nth > 5 && nth < NTH_MAX);
}

int main(void) {
    tool_prefer_memory();
    const struct CMUnitTest tests[] = {cmocka_unit_test(death_at_every_write)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
