/* What is SQLite's own: foreign files, versions, migrations, rights; tests/contract has what every store promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/sqlite/sqlite_private.h"
#include "support/store_model.h"
#include "support/tool.h"

static char place[512];
static int place_count;

static int fresh_place(void **state) {
    (void)state;
    char name[64];
    (void)snprintf(name, sizeof name, "own-%d.sluice", place_count++);
    (void)snprintf(place, sizeof place, "%s", tool_path(name));
    return 0;
}

static store *opened(void) {
    store *s = NULL;
    sluice_error error = {0};
    if (store_open_sqlite(place, false, &s, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return s;
}

/* By SQLite itself, as another program would. */
static void run_sql(const char *sql) {
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(place, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void write_text(const char *text) {
    FILE *file = fopen(place, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void require_refused(sluice_result expected, const char *part) {
    store *s = NULL;
    sluice_error error = {0};
    assert_int_equal(store_open_sqlite(place, false, &s, &error), expected);
    assert_null(s);
    assert_int_equal(error.code, expected);
    assert_non_null(strstr(error.text, place));
    if (strstr(error.text, part) == NULL) {
        fail_msg("'%s' is not in: %s", part, error.text);
    }
}

static void other_files_are_refused_and_left_alone(void **state) {
    (void)state;
    char long_text[3000], read[3001];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    write_text(long_text);
    require_refused(SLUICE_E_NOT_SLUICE, "name a database that sluice made");
    FILE *file = fopen(place, "r");
    assert_non_null(file);
    assert_int_equal(fread(read, 1, sizeof read, file), sizeof long_text - 1);
    (void)fclose(file);
    assert_memory_equal(read, long_text, sizeof long_text - 1);
}

static void databases_of_others_are_refused_and_left_alone(void **state) {
    (void)state;
    struct stat before, after;
    run_sql("CREATE TABLE phones(number TEXT)");
    assert_int_equal(stat(place, &before), 0);
    require_refused(SLUICE_E_NOT_SLUICE, "of another program");
    assert_int_equal(stat(place, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    assert_int_equal(before.st_mtim.tv_sec, after.st_mtim.tv_sec);
    assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
    run_sql("INSERT INTO phones VALUES('96110')");
}

static void a_newer_schema_is_refused_with_both_versions(void **state) {
    (void)state;
    char ours[16];
    store *s = opened();
    store_close(&s);
    run_sql("PRAGMA user_version=41");
    (void)snprintf(ours, sizeof ours, "up to %d", STORE_SCHEMA_VERSION);
    require_refused(SLUICE_E_NEWER, "version 41");
    require_refused(SLUICE_E_NEWER, ours);
}

static void older_schemas_are_migrated(void **state) {
    (void)state;
    static const char *const BACK[] = {
        "DROP TABLE import; DROP TABLE import_part; PRAGMA user_version=5",
        "DROP TABLE import; DROP TABLE import_part; DROP TABLE record_table; PRAGMA user_version=4",
        "DROP TABLE import; DROP TABLE import_part; DROP TABLE record_table; DROP TABLE decision; PRAGMA "
        "user_version=3",
        "DROP TABLE import; DROP TABLE import_part; DROP TABLE record_table; DROP TABLE decision; DROP TABLE truth; "
        "PRAGMA user_version=2",
        "DROP TABLE import; DROP TABLE import_part; DROP TABLE record_table; DROP TABLE decision; DROP TABLE truth; "
        "DROP TABLE source; PRAGMA user_version=1"};
    for (size_t i = 0; i < sizeof BACK / sizeof *BACK; i++) {
        (void)fresh_place(NULL);
        char uuid[33];
        store *s = opened();
        memcpy(uuid, store_uuid(s), sizeof uuid);
        store_close(&s);
        run_sql(BACK[i]);
        s = opened();
        assert_string_equal(store_uuid(s), uuid);
        assert_int_equal(model_commit(s, 0, NULL), SLUICE_OK);
        assert_int_equal(model_verify(s), 1);
        store_close(&s);
    }
}

static void an_interrupted_creation_is_taken_up(void **state) {
    (void)state;
    write_text("");
    store *s = opened();
    assert_int_equal(model_commit(s, 0, NULL), SLUICE_OK);
    store_close(&s);
    (void)fresh_place(NULL);
    run_sql("PRAGMA journal_mode=WAL");
    s = opened();
    assert_int_equal(model_commit(s, 0, NULL), SLUICE_OK);
    store_close(&s);
}

/* The last batch taken away behind our back: the log would merely be shorter. */
static void a_log_that_lost_its_end_is_damaged(void **state) {
    (void)state;
    store *s = opened();
    for (uint64_t i = 0; i < 5; i++) {
        assert_int_equal(model_commit(s, i, NULL), SLUICE_OK);
    }
    store_close(&s);
    run_sql("DELETE FROM batch WHERE sequence_first = (SELECT max(sequence_first) FROM batch)");
    require_refused(SLUICE_E_DAMAGED, "restore the newest backup");
}

static bool see_nothing(void *context, uint64_t sequence, sluice_text key, sluice_text label) {
    (void)context;
    (void)sequence;
    (void)key;
    (void)label;
    return true;
}

static bool see_no_decision(void *context, uint64_t sequence, sluice_text decision) {
    return see_nothing(context, sequence, decision, decision);
}

static void changed_records_are_damaged(void **state) {
    (void)state;
    store_source source;
    char content[65], identity[65];
    store *s = opened();
    assert_int_equal(model_commit(s, 0, NULL), SLUICE_OK);
    store_close(&s);
    run_sql("UPDATE source SET transfers = transfers + 1; UPDATE truth SET label = 'honest' WHERE sequence = 0; "
            "UPDATE decision SET body = 'allow'");
    s = opened();
    (void)snprintf(content, sizeof content, "%064d", 0);
    (void)snprintf(identity, sizeof identity, "%064d", 7);
    assert_int_equal(store_find_source(s, content, identity, &source, NULL), SLUICE_E_DAMAGED);
    assert_int_equal(store_read_truth(s, see_nothing, NULL, NULL), SLUICE_E_DAMAGED);
    assert_int_equal(store_read_decisions(s, 0, see_no_decision, NULL, NULL), SLUICE_E_DAMAGED);
    store_close(&s);
    run_sql("UPDATE meta SET value = zeroblob(72) WHERE name = 'identity'");
    require_refused(SLUICE_E_DAMAGED, "identity");
}

static void missing_batches_are_damaged(void **state) {
    (void)state;
    unsigned char *bytes = NULL;
    size_t capacity = 0, length = 0;
    uint64_t first = 0, chain = 0;
    store *s = opened();
    for (uint64_t i = 0; i < 5; i++) {
        assert_int_equal(model_commit(s, i, NULL), SLUICE_OK);
    }
    store_close(&s);
    run_sql("DELETE FROM batch WHERE sequence_first IN (1, 4)");
    s = opened();
    for (uint64_t sequence = 1; sequence <= 15; sequence++) {
        bool there = sequence > 10; /* what follows a gap may lie in a wrong place itself */
        assert_int_equal(store_read_batch_at(s, sequence, &first, &chain, &bytes, &capacity, &length, NULL),
                         there ? SLUICE_OK : SLUICE_E_DAMAGED);
    }
    free(bytes);
    store_close(&s);
}

static void places_that_cannot_be_are_refused(void **state) {
    (void)state;
    store *s = NULL;
    sluice_error error = {0};
    assert_int_equal(store_open_sqlite(tool_folder(), false, &s, &error), SLUICE_E_IO);
    assert_non_null(strstr(error.text, "is a folder: name a file"));
    assert_int_equal(store_open_sqlite("", false, &s, &error), SLUICE_E_INVALID);
    assert_int_equal(store_open_sqlite(":memory:", false, &s, &error), SLUICE_E_INVALID);
    (void)snprintf(place, sizeof place, "%s/nowhere/x.sluice", tool_folder());
    require_refused(SLUICE_E_IO, "cannot open");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(other_files_are_refused_and_left_alone, fresh_place),
        cmocka_unit_test_setup(databases_of_others_are_refused_and_left_alone, fresh_place),
        cmocka_unit_test_setup(a_newer_schema_is_refused_with_both_versions, fresh_place),
        cmocka_unit_test(older_schemas_are_migrated),
        cmocka_unit_test_setup(an_interrupted_creation_is_taken_up, fresh_place),
        cmocka_unit_test_setup(a_log_that_lost_its_end_is_damaged, fresh_place),
        cmocka_unit_test_setup(changed_records_are_damaged, fresh_place),
        cmocka_unit_test_setup(missing_batches_are_damaged, fresh_place),
        cmocka_unit_test(places_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
