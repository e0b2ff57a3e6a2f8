/* SIGKILL at every step of batch commits and of a snapshot: what was acknowledged is there once, the batch under way
 * wholly or not at all, and the graph equals a naive recompute. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/store.h"
#include "support/engine_model.h"
#include "support/tool.h"
#include "sys/file.h"

enum { BATCHES = 4, NTH_MAX = 500 };

static char place[512];

static void fresh_place(void) {
    static const char *const BESIDE[] = {"", "-wal", "-snapshot", "-snapshot.partial"};
    (void)snprintf(place, sizeof place, "%s", tool_path("kill.sluice"));
    for (size_t i = 0; i < sizeof BESIDE / sizeof *BESIDE; i++) {
        char path[540];
        (void)snprintf(path, sizeof path, "%s%s", place, BESIDE[i]);
        (void)unlink(path);
    }
}

/* In the child: tells each acknowledged batch through the pipe. */
static void child_run(int to_parent, uint64_t nth_store_write, int64_t snapshot_writes) {
    sluice_engine *engine = NULL;
    store_fault_at(STORE_FAULT_KILL, nth_store_write);
    if (sluice_engine_open(place, NULL, &engine, NULL) != SLUICE_OK) {
        _exit(3);
    }
    for (uint64_t batch = 0; batch < BATCHES; batch++) {
        if (engine_model_commit(engine, batch, NULL) != SLUICE_OK || write(to_parent, "a", 1) != 1) {
            _exit(4);
        }
        if (batch == 1 && sluice_engine_snapshot(engine, NULL) != SLUICE_OK) {
            _exit(5);
        }
    }
    file_die_after(snapshot_writes);
    if (sluice_engine_snapshot(engine, NULL) != SLUICE_OK) {
        _exit(6);
    }
    sluice_engine_close(&engine);
    _exit(0);
}

/* True: the child lived to its end. */
static bool run_and_verify(uint64_t nth_store_write, int64_t snapshot_writes) {
    int ends[2], status = 0;
    char ack;
    uint64_t acknowledged = 0;
    fresh_place();
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        child_run(ends[1], nth_store_write, snapshot_writes);
    }
    (void)close(ends[1]);
    while (read(ends[0], &ack, 1) == 1) {
        acknowledged++;
    }
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);

    sluice_engine *engine = NULL;
    sluice_error error = {0};
    if (sluice_engine_open(place, NULL, &engine, &error) != SLUICE_OK) {
        fail_msg("store write %llu, snapshot write %lld: %s", (unsigned long long)nth_store_write,
                 (long long)snapshot_writes, error.text);
    }
    uint64_t there = engine_model_verify(engine);
    assert_true(there == acknowledged || there == acknowledged + 1);
    if (acknowledged >= 3) {
        sluice_engine_stats stats = {.size = sizeof stats};
        sluice_engine_stats_get(engine, &stats);
        assert_string_equal(stats.snapshot_state, "used"); /* the old one or the new one, whole */
    }
    assert_int_equal(engine_model_commit(engine, there, &error), SLUICE_OK);
    assert_int_equal(engine_model_verify(engine), there + 1);
    sluice_engine_close(&engine);
    return WIFEXITED(status);
}

static void death_at_every_step_of_a_commit(void **state) {
    (void)state;
    uint64_t nth = 1;
    while (nth < NTH_MAX && !run_and_verify(nth, -1)) {
        nth++;
    }
    assert_true(nth > 20 && nth < NTH_MAX);
}

static void death_at_every_step_of_a_snapshot(void **state) {
    (void)state;
    int64_t writes = 0;
    while (writes < NTH_MAX && !run_and_verify(0, writes)) {
        writes++;
    }
    assert_true(writes > 3 && writes < NTH_MAX);
}

int main(void) {
    tool_prefer_memory();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(death_at_every_step_of_a_commit),
        cmocka_unit_test(death_at_every_step_of_a_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
