/* Writes that fail at the nth step of every public call, with an I/O error and with a full disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/store.h"
#include "support/engine_model.h"
#include "support/tool.h"
#include "sys/file.h"

enum { BATCHES = 3, NTH_MAX = 500 };

static char place[512], snapshot_place[540];

static void fresh_place(void) {
    char wal[540];
    (void)snprintf(place, sizeof place, "%s", tool_path("write.sluice"));
    (void)snprintf(snapshot_place, sizeof snapshot_place, "%s-snapshot", place);
    (void)snprintf(wal, sizeof wal, "%s-wal", place);
    (void)unlink(place);
    (void)unlink(snapshot_place);
    (void)unlink(wal);
}

static void mend(void) {
    store_fault_at(STORE_FAULT_NONE, 0);
    file_fail_writes_after(-1);
}

static sluice_engine *opened(void) {
    sluice_engine *engine = NULL;
    sluice_error error = {0};
    if (sluice_engine_open(place, NULL, &engine, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return engine;
}

static void engine_goes_on(store_fault fault, sluice_result expected) {
    uint64_t nth = 1, refused = 0;
    for (; nth < NTH_MAX; nth++) {
        uint64_t failures = 0, writes = 0;
        sluice_engine *engine = NULL;
        sluice_error error = {0};
        fresh_place();
        store_fault_at(fault, nth);
        sluice_result result = sluice_engine_open(place, NULL, &engine, &error);
        if (result != SLUICE_OK) {
            assert_int_equal(result, expected);
            refused++;
            mend();
            engine = opened();
        }
        for (uint64_t batch = 0; batch < BATCHES; batch++) {
            if (engine_model_commit_mended(engine, batch, mend, &failures, &error) != SLUICE_OK) {
                fail_msg("write %llu: %s", (unsigned long long)nth, error.text);
            }
            assert_true(failures == 0 || error.code == expected);
            assert_true(failures == 0 || expected != SLUICE_E_FULL || strstr(error.text, "make room") != NULL);
        }
        refused += failures;
        writes = store_fault_count();
        mend();
        assert_int_equal(engine_model_verify(engine), BATCHES);
        sluice_engine_close(&engine);
        engine = opened();
        assert_int_equal(engine_model_verify(engine), BATCHES);
        sluice_engine_close(&engine);
        if (failures == 0 && result == SLUICE_OK && writes < nth) {
            break;
        }
    }
    assert_true(nth < NTH_MAX);
    assert_true(refused > 10);
}

static void io_errors_are_outlived(void **state) {
    (void)state;
    engine_goes_on(STORE_FAULT_IO, SLUICE_E_IO);
}

static void a_full_disk_is_outlived(void **state) {
    (void)state;
    engine_goes_on(STORE_FAULT_FULL, SLUICE_E_FULL);
}

/* The old snapshot stays when the new one cannot be written, and either serves. */
static void snapshots_are_replaced_whole(void **state) {
    (void)state;
    fresh_place();
    sluice_engine *engine = opened();
    sluice_result result = SLUICE_E_FULL;
    uint64_t batch = 0, failures = 0;
    assert_int_equal(engine_model_commit(engine, batch++, NULL), SLUICE_OK);
    assert_int_equal(sluice_engine_snapshot(engine, NULL), SLUICE_OK);
    for (int64_t allowed = 0; result != SLUICE_OK; allowed++) {
        sluice_error error = {0};
        assert_int_equal(engine_model_commit(engine, batch++, NULL), SLUICE_OK);
        file_fail_writes_after(allowed);
        result = sluice_engine_snapshot(engine, &error);
        mend();
        if (result != SLUICE_OK) {
            assert_int_equal(result, SLUICE_E_FULL);
            failures++;
        }
        sluice_engine_close(&engine);
        engine = opened();
        sluice_engine_stats stats = {.size = sizeof stats};
        sluice_engine_stats_get(engine, &stats);
        assert_string_equal(stats.snapshot_state, "used");
        assert_int_equal(engine_model_verify(engine), batch);
    }
    assert_true(failures >= 3);
    sluice_engine_close(&engine);
}

int main(void) {
    tool_prefer_memory();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(io_errors_are_outlived),
        cmocka_unit_test(a_full_disk_is_outlived),
        cmocka_unit_test(snapshots_are_replaced_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
