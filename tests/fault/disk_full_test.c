/* A disk that is really full: a small tmpfs, where this process may mount one. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cmocka.h>

#include <sluice/import.h>

#include "support/tool.h"

enum { ROWS = 300000, SKIPPED = 77 };

static char mount_place[512], csv_place[512], database[540];

static void write_csv(void) {
    (void)snprintf(csv_place, sizeof csv_place, "%s", tool_path("full.csv"));
    FILE *file = fopen(csv_place, "w");
    assert_non_null(file);
    (void)fprintf(file, "id,time,from,to,amount\n");
    for (int i = 0; i < ROWS; i++) {
        (void)fprintf(file, "R%d,2022-01-01 10:%02d:00,account:%d,account:%d,%d.50\n", i, i % 60, i % 977, i % 977 + 1,
                      i);
    }
    assert_int_equal(fclose(file), 0);
}

static uint64_t transfers_of(sluice_engine *engine) {
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(engine, &stats);
    return stats.transfer_count;
}

static sluice_engine *opened(void) {
    sluice_engine *engine = NULL;
    sluice_error error = {0};
    if (sluice_engine_open(database, NULL, &engine, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return engine;
}

static sluice_result import_file(sluice_engine *engine, sluice_import_summary *summary, sluice_error *error) {
    sluice_import_options options = {.size = sizeof options, .format = "csv", .batch_signals = 4096};
    const char *path = csv_place;
    return sluice_import(engine, &options, &path, 1, summary, error);
}

static void import_stops_and_goes_on_when_there_is_room(void **state) {
    (void)state;
    sluice_import_summary first, second;
    sluice_error error = {0};
    sluice_engine *engine = opened();
    assert_int_equal(import_file(engine, &first, &error), SLUICE_E_FULL);
    assert_non_null(strstr(error.text, "make room"));
    assert_true(first.transfers > 0 && first.transfers < ROWS);
    assert_int_equal(transfers_of(engine), first.transfers);
    /* Still full: still refused, still nothing lost. */
    assert_int_equal(import_file(engine, &second, &error), SLUICE_E_FULL);
    uint64_t acknowledged = first.transfers + second.transfers;
    assert_int_equal(transfers_of(engine), acknowledged);
    assert_int_equal(sluice_engine_verify(engine, &error), SLUICE_OK);
    assert_int_equal(sluice_engine_snapshot(engine, &error), SLUICE_E_FULL);
    sluice_engine_close(&engine);
    engine = opened();
    assert_int_equal(transfers_of(engine), acknowledged);
    assert_int_equal(mount(NULL, mount_place, NULL, MS_REMOUNT, "size=256m"), 0);
    if (import_file(engine, &second, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(second.resumed_row, acknowledged);
    assert_int_equal(second.transfers, ROWS - acknowledged);
    assert_int_equal(transfers_of(engine), ROWS);
    assert_int_equal(sluice_engine_verify(engine, &error), SLUICE_OK);
    sluice_engine_close(&engine);
}

int main(void) {
    (void)snprintf(mount_place, sizeof mount_place, "%s", tool_path("small"));
    (void)snprintf(database, sizeof database, "%s/full.sluice", mount_place);
    if (mkdir(mount_place, 0700) != 0 || mount("tmpfs", mount_place, "tmpfs", 0, "size=5m") != 0) {
        (void)printf("skipped: a tmpfs cannot be mounted here (%s); run as root\n", strerror(errno));
        return SKIPPED;
    }
    write_csv();
    const struct CMUnitTest tests[] = {cmocka_unit_test(import_stops_and_goes_on_when_there_is_room)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)umount2(mount_place, MNT_DETACH);
    return failed;
}
