/* Import end to end: nothing twice, nothing lost, resumed where it stopped, every bad line named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sluice/import.h>

#include "support/tool.h"

static sluice_error error;

static sluice_engine *open_fresh(const char *name) {
    sluice_engine *engine = NULL;
    (void)remove(tool_path(name));
    assert_int_equal(sluice_engine_open(tool_path(name), NULL, &engine, &error), SLUICE_OK);
    return engine;
}

static const char *write_file(const char *name, const char *content) {
    const char *path = tool_path(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fputs(content, file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* `count` rows; the amount of row i is i yuan, so that sums tell what is in. */
static const char *write_rows(const char *name, int count, int bad_every) {
    const char *path = tool_path(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    (void)fprintf(file, "id,time,from,to,amount\n");
    for (int i = 1; i <= count; i++) {
        bool bad = bad_every > 0 && i % bad_every == 0;
        (void)fprintf(file, "x%d,2022-05-24 10:%02d:%02d,%d,%d,%s%d\n", i, i / 60 % 60, i % 60, i % 11, i % 13 + 20,
                      bad ? "abc" : "", i);
    }
    assert_int_equal(fclose(file), 0);
    return path;
}

static bool stop_after(void *context, const sluice_import_progress *progress) {
    (void)progress;
    int *left = context;
    return (*left)-- > 0;
}

static sluice_result run(sluice_engine *engine, const char *path, const char *rejects, int stop_after_batches,
                         sluice_import_summary *summary) {
    int left = stop_after_batches;
    sluice_import_options options = {.size = sizeof options,
                                     .format = "csv",
                                     .rejects_path = rejects,
                                     .batch_signals = 16,
                                     .progress = stop_after,
                                     .progress_context = &left};
    return sluice_import(engine, &options, &path, 1, summary, &error);
}

static uint64_t transfers_in(const sluice_engine *engine) {
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(engine, &stats);
    return stats.transfer_count;
}

static void nothing_goes_in_twice(void **state) {
    (void)state;
    sluice_engine *engine = open_fresh("twice.db");
    sluice_import_summary s;
    const char *path = write_rows("rows.csv", 200, 0);
    assert_int_equal(run(engine, path, NULL, 1000, &s), SLUICE_OK);
    assert_int_equal(s.transfers, 200);
    assert_int_equal(s.accounts, 11 + 13);
    assert_int_equal(run(engine, path, NULL, 1000, &s), SLUICE_OK); /* by content */
    assert_int_equal(s.transfers + s.accounts, 0);
    assert_int_equal(s.duplicates, 200);
    assert_int_equal(s.files_skipped, 1);
    const char *longer = write_rows("longer.csv", 230, 0); /* other content, the same ids: by id */
    assert_int_equal(run(engine, longer, NULL, 1000, &s), SLUICE_OK);
    assert_int_equal(s.transfers, 30);
    assert_int_equal(s.duplicates, 200);
    assert_int_equal(transfers_in(engine), 230);
    sluice_engine_close(&engine);
}

static void it_goes_on_where_it_stopped(void **state) {
    (void)state;
    const char *path = write_rows("long.csv", 500, 7);
    const char *db = tool_path("stopped.db");
    const char *rejects = tool_path("stopped.rejects.csv");
    (void)remove(db);
    uint64_t transfers = 0, rejected = 0;
    sluice_result result = SLUICE_E_INTERRUPTED;
    for (int runs = 0; result == SLUICE_E_INTERRUPTED;
         runs++) { /* each run is a new process's view: open, import, close */
        sluice_engine *engine = NULL;
        sluice_import_summary s;
        assert_true(runs < 100);
        assert_int_equal(sluice_engine_open(db, NULL, &engine, &error), SLUICE_OK);
        result = run(engine, path, rejects, 2, &s);
        transfers += s.transfers;
        rejected += s.rejected;
        assert_int_equal(s.duplicates, 0); /* taken up exactly at the next row */
        assert_int_equal(transfers_in(engine), transfers);
        sluice_engine_close(&engine);
    }
    assert_int_equal(result, SLUICE_OK);
    assert_int_equal(rejected, 500 / 7);
    assert_int_equal(transfers, 500 - 500 / 7);
    FILE *file = fopen(rejects, "r");
    assert_non_null(file);
    char line[1024];
    int rows = 0;
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, "file,line,field,reason,content\n");
    for (; fgets(line, sizeof line, file) != NULL; rows++) {
        char expected[64];
        (void)snprintf(expected, sizeof expected, ",%d,\"amount\",", (rows + 1) * 7 + 1); /* the header is line 1 */
        assert_non_null(strstr(line, expected));
        (void)snprintf(expected, sizeof expected, "abc%d", (rows + 1) * 7);
        assert_non_null(strstr(line, expected));
    }
    assert_int_equal(rows, 500 / 7);
    (void)fclose(file);
}

/* An id that is there with other content is a rejected line, with its number; the rest goes in. */
static void a_conflict_is_a_rejected_line(void **state) {
    (void)state;
    sluice_engine *engine = open_fresh("conflict.db");
    const char *rejects = tool_path("conflict.csv");
    sluice_import_summary s;
    const char *first =
        write_file("a.csv", "id,time,from,to,amount\nk1,2022-01-01 10:00,1,2,5\nk2,2022-01-01 10:01,2,3,4\n");
    assert_int_equal(run(engine, first, rejects, 99, &s), SLUICE_OK);
    const char *second = write_file(
        "b.csv",
        "id,time,from,to,amount\nk1,2022-01-01 10:00,1,2,5\nk2,2022-01-01 10:01,2,3,9\nk3,2022-01-01 10:02,3,4,9\n");
    assert_int_equal(run(engine, second, rejects, 99, &s), SLUICE_OK);
    assert_int_equal(s.transfers, 1);
    assert_int_equal(s.duplicates, 1);
    assert_int_equal(s.rejected, 1);
    FILE *file = fopen(rejects, "r");
    assert_non_null(file);
    char line[1024];
    assert_non_null(fgets(line, sizeof line, file));
    assert_non_null(fgets(line, sizeof line, file));
    assert_non_null(strstr(line, "b.csv\",3,\"id\","));
    assert_non_null(strstr(line, "k2"));
    (void)fclose(file);
    sluice_engine_close(&engine);
}

/* Two files of one name without ids: rows collide, and say so, rather than vanish. */
static void rows_of_two_files_of_one_name(void **state) {
    (void)state;
    sluice_engine *engine = open_fresh("stem.db");
    sluice_import_summary s;
    const char *path = write_file("day.csv", "time,from,to,amount\n2022-01-01 10:00,1,2,5\n2022-01-01 10:01,2,3,4\n");
    assert_int_equal(run(engine, path, NULL, 99, &s), SLUICE_OK);
    assert_int_equal(s.transfers, 2);
    sluice_transfer found;
    assert_int_equal(sluice_transfer_find(engine, (sluice_text){"day:2", 5}, &found, &error), SLUICE_OK);
    assert_int_equal(found.amount_fen, 400);
    path = write_file("day.csv",
                      "time,from,to,amount\n2022-01-01 10:00,1,2,5\n2022-02-01 10:01,2,3,7\n2022-02-01 10:02,2,3,8\n");
    assert_int_equal(run(engine, path, NULL, 99, &s), SLUICE_OK);
    assert_int_equal(s.transfers, 1);
    assert_int_equal(s.duplicates, 1);
    assert_int_equal(s.rejected, 1);
    sluice_engine_close(&engine);
}

static void wrong_files_change_nothing(void **state) {
    (void)state;
    sluice_engine *engine = open_fresh("wrong.db");
    sluice_import_summary s;
    static const char *const CONTENTS[] = {"", "\n", "a,b,c\n1,2,3\n", "time,from,amount\n2022-01-01,1,2\n"};
    for (size_t i = 0; i < sizeof CONTENTS / sizeof *CONTENTS; i++) {
        const char *path = write_file("w.csv", CONTENTS[i]);
        assert_int_not_equal(run(engine, path, NULL, 99, &s), SLUICE_OK);
        assert_true(strlen(error.text) > 20);
    }
    assert_int_equal(run(engine, tool_path("absent.csv"), NULL, 99, &s), SLUICE_E_NOT_FOUND);
    sluice_import_options options = {.size = sizeof options, .format = "excel"};
    const char *path = write_rows("r.csv", 3, 0);
    assert_int_not_equal(sluice_import(engine, &options, &path, 1, &s, &error), SLUICE_OK);
    assert_non_null(strstr(error.text, "finbench")); /* names those there are */
    assert_int_equal(transfers_in(engine), 0);
    sluice_engine_close(&engine);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_goes_in_twice),         cmocka_unit_test(it_goes_on_where_it_stopped),
        cmocka_unit_test(a_conflict_is_a_rejected_line), cmocka_unit_test(rows_of_two_files_of_one_name),
        cmocka_unit_test(wrong_files_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
