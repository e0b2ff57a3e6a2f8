/* Two processes on one database: the second is refused, told by whom and what to do, and harms nothing. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/engine_model.h"
#include "support/tool.h"

static char place[512];

static sluice_engine *opened(void) {
    sluice_engine *engine = NULL;
    sluice_error error = {0};
    if (sluice_engine_open(place, NULL, &engine, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return engine;
}

/* The first process: opens, commits two batches, says so, and waits for the word to close. */
static void child_run(int to_parent, int from_parent) {
    sluice_engine *engine = NULL;
    char word;
    if (sluice_engine_open(place, NULL, &engine, NULL) != SLUICE_OK ||
        engine_model_commit(engine, 0, NULL) != SLUICE_OK || write(to_parent, "o", 1) != 1 ||
        read(from_parent, &word, 1) != 1 || engine_model_commit(engine, 1, NULL) != SLUICE_OK) {
        _exit(1);
    }
    sluice_engine_close(&engine);
    _exit(0);
}

static void the_second_is_refused(void **state) {
    (void)state;
    int up[2], down[2], status = 0;
    char word, pid[32];
    (void)snprintf(place, sizeof place, "%s", tool_path("two.sluice"));
    assert_int_equal(pipe(up), 0);
    assert_int_equal(pipe(down), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        child_run(up[1], down[0]);
    }
    (void)snprintf(pid, sizeof pid, "process %ld", (long)child);
    assert_int_equal(read(up[0], &word, 1), 1);
    for (int i = 0; i < 3; i++) {
        sluice_engine *engine = NULL;
        sluice_error error = {0};
        assert_int_equal(sluice_engine_open(place, NULL, &engine, &error), SLUICE_E_BUSY);
        assert_null(engine);
        assert_int_equal(error.code, SLUICE_E_BUSY);
        assert_non_null(strstr(error.text, place));
        assert_non_null(strstr(error.text, pid));
        assert_non_null(strstr(error.text, "wait for it or stop it"));
    }
    assert_int_equal(write(down[1], "c", 1), 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    sluice_engine *engine = opened();
    assert_int_equal(engine_model_verify(engine), 2);
    sluice_engine_close(&engine);
}

/* A lock dies with its process. */
static void the_lock_of_a_killed_process_is_gone(void **state) {
    (void)state;
    int up[2], down[2], status = 0;
    char word;
    (void)snprintf(place, sizeof place, "%s", tool_path("killed.sluice"));
    assert_int_equal(pipe(up), 0);
    assert_int_equal(pipe(down), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        child_run(up[1], down[0]);
    }
    assert_int_equal(read(up[0], &word, 1), 1);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    sluice_engine *engine = opened();
    assert_int_equal(engine_model_verify(engine), 1);
    sluice_engine_close(&engine);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_second_is_refused),
        cmocka_unit_test(the_lock_of_a_killed_process_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
