/* An engine on every implementation of the store: what is committed is there after reopening, with and without its
 * snapshot, and a second engine is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/engine_model.h"
#include "support/stores.h"
#include "support/tool.h"

static const stores_kind *kind;
static char place[1024];

static sluice_engine *opened(bool ignore_snapshot) {
    sluice_engine *engine = NULL;
    sluice_error error = {0};
    sluice_open_options options = {.size = sizeof options, .ignore_snapshot = ignore_snapshot};
    if (sluice_engine_open(place, &options, &engine, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return engine;
}

static void an_engine_comes_back(void **state) {
    (void)state;
    kind->fresh(place, sizeof place);
    sluice_engine *engine = opened(false), *second = NULL;
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_error error = {0};
    for (uint64_t batch = 0; batch < 6; batch++) {
        assert_int_equal(engine_model_commit(engine, batch, &error), SLUICE_OK);
        if (batch == 3) {
            assert_int_equal(sluice_engine_snapshot(engine, &error), SLUICE_OK);
        }
    }
    assert_int_equal(sluice_engine_open(place, NULL, &second, &error), SLUICE_E_BUSY);
    assert_int_equal(sluice_engine_verify(engine, &error), SLUICE_OK);
    sluice_engine_close(&engine);
    for (int way = 0; way < 2; way++) {
        engine = opened(way == 1);
        assert_int_equal(engine_model_verify(engine), 6);
        sluice_engine_stats_get(engine, &stats);
        assert_string_equal(stats.snapshot_state, way == 1 ? "not asked for" : "used");
        assert_int_equal(stats.replayed_signals, way == 1 ? 6 * MODEL_BATCH : 2 * MODEL_BATCH);
        sluice_engine_close(&engine);
    }
}

int main(void) {
    int failed = 0;
    (void)setenv("SLUICE_STATE", tool_folder(), 1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_engine_comes_back)};
    for (size_t i = 0; i < STORES_COUNT; i++) {
        kind = &STORES[i];
        if (kind->is_available()) {
            failed += cmocka_run_group_tests_name(kind->name, tests, NULL, NULL);
        }
    }
    return failed;
}
