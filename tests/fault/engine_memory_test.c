/* Memory that runs out at the nth allocation of every public call: NO_MEMORY, nothing leaked, nothing lost, and the
 * engine goes on when there is memory again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sluice/import.h>
#include <sluice/trace.h>

#include "base/memory.h"
#include "base/text.h"
#include "support/engine_model.h"
#include "support/tool.h"

enum { BATCHES = 3, NTH_MAX = 5000 };

static char place[512], snapshot_place[540], csv_place[540];

static void fresh_place(void) {
    char wal[540];
    (void)snprintf(place, sizeof place, "%s", tool_path("memory.sluice"));
    (void)snprintf(snapshot_place, sizeof snapshot_place, "%s-snapshot", place);
    (void)snprintf(wal, sizeof wal, "%s-wal", place);
    (void)unlink(place);
    (void)unlink(snapshot_place);
    (void)unlink(wal);
}

static void mend(void) {
    memory_fail_after(-1);
}

static sluice_engine *opened(void) {
    sluice_engine *engine = NULL;
    sluice_error error = {0};
    if (sluice_engine_open(place, NULL, &engine, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return engine;
}

static void require_no_memory(sluice_result result, const sluice_error *error, int64_t allowed) {
    if (result != SLUICE_E_NO_MEMORY) {
        fail_msg("after %lld allocations: %d, %s", (long long)allowed, result, error->text);
    }
}

/* An empty database, one with a log only, and one with a snapshot and a log after it. */
static void open_fails_cleanly(void **state) {
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        fresh_place();
        if (kind > 0) {
            sluice_engine *engine = opened();
            assert_int_equal(engine_model_commit(engine, 0, NULL), SLUICE_OK);
            assert_int_equal(kind == 1 ? SLUICE_OK : sluice_engine_snapshot(engine, NULL), SLUICE_OK);
            assert_int_equal(engine_model_commit(engine, 1, NULL), SLUICE_OK);
            sluice_engine_close(&engine);
        }
        sluice_result result = SLUICE_E_NO_MEMORY;
        for (int64_t allowed = 0; result != SLUICE_OK; allowed++) {
            sluice_engine *engine = NULL;
            sluice_error error = {0};
            assert_true(allowed < NTH_MAX);
            memory_fail_after(allowed);
            result = sluice_engine_open(place, NULL, &engine, &error);
            mend();
            if (result != SLUICE_OK) {
                require_no_memory(result, &error, allowed);
                assert_null(engine);
            } else {
                assert_int_equal(engine_model_verify(engine), kind == 0 ? 0 : 2);
            }
            sluice_engine_close(&engine);
        }
    }
}

/* Commits go on where the shortage ended; only a batch that is durable and could not be applied asks for a reopen. */
static void append_and_flush_go_on(void **state) {
    (void)state;
    bool failed = true;
    for (int64_t allowed = 0; failed; allowed++) {
        uint64_t failures = 0, batch = 0;
        sluice_error error = {0};
        assert_true(allowed < NTH_MAX);
        fresh_place();
        sluice_engine *engine = opened();
        memory_fail_after(allowed);
        for (; batch < BATCHES; batch++) {
            if (engine_model_commit_mended(engine, batch, mend, &failures, &error) != SLUICE_OK) {
                break;
            }
        }
        mend();
        if (batch < BATCHES) {
            require_no_memory(error.code, &error, allowed);
            assert_non_null(strstr(error.text, "open again"));
            sluice_engine_close(&engine);
            engine = opened();
        } else {
            assert_int_equal(engine_model_verify(engine), BATCHES);
            sluice_engine_close(&engine);
            engine = opened();
            assert_int_equal(engine_model_verify(engine), BATCHES);
        }
        (void)engine_model_verify(engine);
        sluice_engine_close(&engine);
        failed = failures > 0;
    }
}

static void snapshot_fails_cleanly(void **state) {
    (void)state;
    fresh_place();
    sluice_engine *engine = opened();
    assert_int_equal(engine_model_commit(engine, 0, NULL), SLUICE_OK);
    sluice_result result = SLUICE_E_NO_MEMORY;
    for (int64_t allowed = 0; result != SLUICE_OK; allowed++) {
        sluice_error error = {0};
        assert_true(allowed < NTH_MAX);
        memory_fail_after(allowed);
        result = sluice_engine_snapshot(engine, &error);
        mend();
        if (result != SLUICE_OK) {
            require_no_memory(result, &error, allowed);
        }
    }
    assert_int_equal(engine_model_verify(engine), 1);
    sluice_engine_close(&engine);
    engine = opened();
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(engine, &stats);
    assert_string_equal(stats.snapshot_state, "used");
    assert_int_equal(engine_model_verify(engine), 1);
    sluice_engine_close(&engine);
}

static sluice_result trace_all(const sluice_engine *engine, sluice_method method, sluice_error *error) {
    sluice_trace *trace = NULL;
    sluice_trace_options options = {.size = sizeof options, .method = method};
    sluice_trace_start starts[2] = {{.transfer_id = TEXT("T0")}, {.transfer_id = TEXT("T1")}};
    sluice_result result = sluice_trace_run(engine, starts, 2, &options, &trace, error);
    for (int format = SLUICE_TRACE_TABLE; result == SLUICE_OK && format <= SLUICE_TRACE_SVG; format++) {
        char *text = NULL;
        size_t length = 0;
        result = sluice_trace_render(trace, (sluice_trace_format)format, &text, &length, error);
        sluice_text_free(&text);
    }
    sluice_trace_free(&trace);
    return result;
}

static void trace_fails_cleanly(void **state) {
    (void)state;
    fresh_place();
    sluice_engine *engine = opened();
    for (uint64_t batch = 0; batch < BATCHES; batch++) {
        assert_int_equal(engine_model_commit(engine, batch, NULL), SLUICE_OK);
    }
    for (int method = 0; method < SLUICE_METHOD_COUNT; method++) {
        sluice_result result = SLUICE_E_NO_MEMORY;
        for (int64_t allowed = 0; result != SLUICE_OK; allowed++) {
            sluice_error error = {0};
            assert_true(allowed < NTH_MAX);
            memory_fail_after(allowed);
            result = trace_all(engine, (sluice_method)method, &error);
            mend();
            if (result != SLUICE_OK) {
                require_no_memory(result, &error, allowed);
            }
        }
    }
    assert_int_equal(engine_model_verify(engine), BATCHES);
    sluice_engine_close(&engine);
}

static void write_csv(void) {
    (void)snprintf(csv_place, sizeof csv_place, "%s", tool_path("memory.csv"));
    FILE *file = fopen(csv_place, "w");
    assert_non_null(file);
    (void)fprintf(file, "id,time,from,to,amount\n");
    for (int i = 0; i < 100; i++) {
        (void)fprintf(file, "R%d,2022-01-01 10:%02d:00,account:%d,account:%d,%d.50\n", i, i % 60, i % 7, i % 7 + 1, i);
    }
    assert_int_equal(fclose(file), 0);
}

/* An import that ran out of memory is simply started again. */
static void import_goes_on(void **state) {
    (void)state;
    write_csv();
    sluice_result first = SLUICE_E_NO_MEMORY;
    for (int64_t allowed = 0; first != SLUICE_OK; allowed++) {
        sluice_import_options options = {.size = sizeof options, .format = "csv", .batch_signals = 32};
        const char *path = csv_place;
        sluice_import_summary summary;
        sluice_error error = {0};
        assert_true(allowed < NTH_MAX);
        fresh_place();
        sluice_engine *engine = opened();
        memory_fail_after(allowed);
        first = sluice_import(engine, &options, &path, 1, &summary, &error);
        mend();
        if (first != SLUICE_OK) {
            require_no_memory(first, &error, allowed);
            if (strstr(error.text, "open again") != NULL) {
                sluice_engine_close(&engine);
                engine = opened();
            }
            sluice_result again = sluice_import(engine, &options, &path, 1, &summary, &error);
            if (again != SLUICE_OK) {
                fail_msg("after %lld allocations: %s", (long long)allowed, error.text);
            }
        }
        sluice_engine_stats stats = {.size = sizeof stats};
        sluice_engine_stats_get(engine, &stats);
        assert_int_equal(stats.transfer_count, 100);
        assert_int_equal(sluice_engine_verify(engine, &error), SLUICE_OK);
        sluice_engine_close(&engine);
    }
}

int main(void) {
    tool_prefer_memory();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_fails_cleanly),     cmocka_unit_test(append_and_flush_go_on),
        cmocka_unit_test(snapshot_fails_cleanly), cmocka_unit_test(trace_fails_cleanly),
        cmocka_unit_test(import_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
