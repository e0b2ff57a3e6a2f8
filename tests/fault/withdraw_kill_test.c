/* SIGKILL at every write of a withdrawal: afterwards the import is withdrawn or it is not, and the database opens. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <sluice/import.h>

#include "store/store.h"
#include "support/tool.h"

enum { ROWS = 60, NTH_MAX = 400 };

static char place[512], first[512], second[512];

static void write_rows(char *path_out, const char *name, int from, int count) {
    (void)snprintf(path_out, 512, "%s", tool_path(name));
    FILE *file = fopen(path_out, "wb");
    assert_non_null(file);
    (void)fprintf(file, "id,time,from,to,amount\n");
    for (int i = from; i < from + count; i++) {
        (void)fprintf(file, "x%d,2026-01-05 10:%02d:%02d,%d,%d,%d\n", i, i / 60 % 60, i % 60, i % 11, i % 13 + 20, i);
    }
    assert_int_equal(fclose(file), 0);
}

static void fresh_place(void) {
    static const char *const BESIDE[] = {"", "-wal", "-snapshot", "-snapshot.partial"};
    (void)snprintf(place, sizeof place, "%s", tool_path("kill.sluice"));
    for (size_t i = 0; i < sizeof BESIDE / sizeof *BESIDE; i++) {
        char path[540];
        (void)snprintf(path, sizeof path, "%s%s", place, BESIDE[i]);
        (void)unlink(path);
    }
}

static sluice_engine *opened(void) {
    sluice_engine *engine = NULL;
    sluice_error error = {0};
    if (sluice_engine_open(place, NULL, &engine, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return engine;
}

static uint64_t transfers_in(const sluice_engine *engine) {
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(engine, &stats);
    return stats.transfer_count;
}

static uint64_t take_in(sluice_engine *engine, const char *path) {
    sluice_import_summary summary;
    sluice_import_options options = {.size = sizeof options, .format = "csv", .batch_signals = 16};
    assert_int_equal(sluice_import(engine, &options, &path, 1, &summary, NULL), SLUICE_OK);
    return summary.import;
}

static sluice_result withdraw(sluice_engine *engine, uint64_t number) {
    sluice_withdraw_options options = {.size = sizeof options, .now_ms = 1};
    sluice_withdraw_summary summary = {.size = sizeof summary};
    return sluice_import_withdraw(engine, number, &options, &summary, NULL);
}

static bool is_listed_withdrawn(void *context, const sluice_import_entry *entry) {
    *(bool *)context = *(bool *)context || (entry->number == 1 && entry->withdrawn > 0);
    return true;
}

/* True: the child lived to its end. */
static bool run_and_verify(uint64_t nth) {
    int status = 0;
    fresh_place();
    sluice_engine *engine = opened();
    assert_int_equal(take_in(engine, first), 1);
    assert_int_equal(take_in(engine, second), 2); /* half of it is in the first */
    assert_int_equal(transfers_in(engine), ROWS + ROWS / 2);
    assert_int_equal(sluice_engine_snapshot(engine, NULL), SLUICE_OK);
    sluice_engine_close(&engine);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        engine = opened();
        store_fault_at(STORE_FAULT_KILL, nth);
        _exit(withdraw(engine, 1) == SLUICE_OK ? 0 : 3);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);

    sluice_error error = {0};
    bool is_withdrawn = false;
    engine = opened();
    assert_int_equal(sluice_import_list(engine, is_listed_withdrawn, &is_withdrawn, &error), SLUICE_OK);
    assert_true(is_withdrawn || WIFSIGNALED(status));
    assert_int_equal(transfers_in(engine), is_withdrawn ? ROWS : ROWS + ROWS / 2);
    assert_int_equal(sluice_engine_verify(engine, &error), SLUICE_OK);
    assert_int_equal(withdraw(engine, 1), is_withdrawn ? SLUICE_E_CONFLICT : SLUICE_OK);
    assert_int_equal(transfers_in(engine), ROWS);
    assert_int_equal(take_in(engine, first), 3);
    assert_int_equal(transfers_in(engine), ROWS + ROWS / 2);
    sluice_engine_close(&engine);
    return WIFEXITED(status);
}

static void death_at_every_step_of_a_withdrawal(void **state) {
    (void)state;
    write_rows(first, "first.csv", 0, ROWS);
    write_rows(second, "second.csv", ROWS / 2, ROWS);
    uint64_t nth = 1;
    while (nth < NTH_MAX && !run_and_verify(nth)) {
        nth++;
    }
    assert_true(nth > 3 && nth < NTH_MAX);
}

int main(void) {
    tool_prefer_memory();
    const struct CMUnitTest tests[] = {cmocka_unit_test(death_at_every_step_of_a_withdrawal)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
