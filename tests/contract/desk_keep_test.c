/* What the desk keeps for a while is removed in bounded parts, the oldest first; and what a newer program brings of
 * dated rows comes into an older database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "desk/dated.h"
#include "desk/history.h"
#include "desk/idempotency.h"
#include "desk/prune.h"
#include "support/desk_check.h"

static desk_world w;
static char place[1024];

static int open_world(void **state) {
    (void)state;
    (void)snprintf(place, sizeof place, "%s", desk_check_place());
    desk_world_open(&w, place);
    return 0;
}

static int close_world(void **state) {
    (void)state;
    desk_world_close(&w);
    return 0;
}

static uint64_t count(const record_table *table) {
    uint64_t rows = 0;
    record_query all = {.table = table};
    assert_int_equal(store_count(w.store, &all, 0, &rows, &w.error), SLUICE_OK);
    return rows;
}

/* As a command of that moment does, `rows` times. */
static void keep_answers(int64_t now_ms, int first, int rows) {
    static const char HASH[65] = "0000000000000000000000000000000000000000000000000000000000000000";
    desk_command c = {.desk = w.desk, .actor = &DESK_SYSTEM, .now_ms = now_ms, .arena = &w.memory, .error = &w.error};
    assert_int_equal(desk_begin(w.desk, &w.error), SLUICE_OK);
    for (int i = 0; i < rows; i++) {
        char key[24];
        int length = snprintf(key, sizeof key, "key-%d", first + i);
        assert_int_equal(idempotency_put(&c, TEXT("1"), (sluice_text){key, (size_t)length}, HASH, 201, TEXT("{}")),
                         SLUICE_OK);
    }
    assert_int_equal(desk_commit(w.desk, &w.error), SLUICE_OK);
}

static bool is_kept(int number) {
    char key[24];
    int64_t status = 0;
    sluice_text body;
    static const char HASH[65] = "0000000000000000000000000000000000000000000000000000000000000000";
    int length = snprintf(key, sizeof key, "key-%d", number);
    desk_command c = {.desk = w.desk, .actor = &DESK_SYSTEM, .now_ms = w.now_ms, .arena = &w.memory, .error = &w.error};
    return idempotency_find(&c, TEXT("1"), (sluice_text){key, (size_t)length}, HASH, &status, &body) == SLUICE_OK;
}

static void old_rows_go_in_bounded_parts(void **state) {
    (void)state;
    int64_t then = w.now_ms, next = 0;
    keep_answers(then, 0, 1200);
    keep_answers(then + 3 * TIME_DAY_MS, 2000, 10);
    /* A moment before its time all is there, at its time the old ones go: 500, 500, 200. */
    assert_int_equal(desk_prune(w.desk, then + 7 * TIME_DAY_MS - 1, &next, &w.error), SLUICE_OK);
    assert_int_equal(count(&IDEMPOTENCY_TABLE), 1210);
    int64_t now = then + 7 * TIME_DAY_MS;
    assert_int_equal(desk_prune(w.desk, now, &next, &w.error), SLUICE_OK);
    assert_int_equal(count(&IDEMPOTENCY_TABLE), 710);
    assert_int_equal(next, now + 1000); /* there is more: soon */
    assert_false(is_kept(499));
    assert_true(is_kept(500));
    assert_int_equal(desk_prune(w.desk, next, &next, &w.error), SLUICE_OK);
    assert_int_equal(desk_prune(w.desk, next, &next, &w.error), SLUICE_OK);
    assert_int_equal(count(&IDEMPOTENCY_TABLE), 10);
    assert_int_equal(next, now + 2000 + 3600000);
    assert_true(is_kept(2000));
    /* The key is new again. */
    keep_answers(now, 0, 1);
    assert_true(is_kept(0));
}

static void the_newest_event_stays(void **state) {
    (void)state;
    int64_t next = 0, last = desk_event_last(w.desk);
    assert_true(count(&EVENT_TABLE) > 1);
    assert_int_equal(desk_prune(w.desk, w.now_ms + 8 * TIME_DAY_MS, &next, &w.error), SLUICE_OK);
    assert_int_equal(count(&EVENT_TABLE), 1);
    desk_world_restart(&w, place);
    assert_int_equal(desk_event_last(w.desk), last);
}

/* desk_tick does it, and says when it wants to be called again. */
static void it_is_done_by_the_clock(void **state) {
    (void)state;
    int64_t next = 0;
    keep_answers(w.now_ms, 0, 3);
    assert_int_equal(desk_tick(w.desk, w.now_ms, &next, &w.error), SLUICE_OK);
    assert_true(next <= w.now_ms + 3600000);
    assert_int_equal(count(&IDEMPOTENCY_TABLE), 3);
    assert_int_equal(desk_tick(w.desk, w.now_ms + 8 * TIME_DAY_MS, &next, &w.error), SLUICE_OK);
    assert_int_equal(count(&IDEMPOTENCY_TABLE), 0);
}

/* Removes the rows of a code, as if the database were of a program that did not know it. */
static void forget(const char *code) {
    record_query all = {.table = DATED_KIND.table, .limit = 1000, .order = QUERY_ID};
    record *rows = NULL;
    size_t found = 0;
    assert_int_equal(store_select(w.store, &all, &w.memory, &rows, &found, &w.error), SLUICE_OK);
    assert_int_equal(store_begin(w.store, &w.error), SLUICE_OK);
    for (size_t i = 0; i < found; i++) {
        if (text_equal(desk_value(&rows[i], "code")->text, text_of(code))) {
            assert_int_equal(store_delete(w.store, DATED_KIND.table, rows[i].id, &w.error), SLUICE_OK);
        }
    }
    assert_int_equal(store_commit(w.store, &w.error), SLUICE_OK);
}

static void an_older_database_gets_what_it_lacks(void **state) {
    (void)state;
    uint64_t rows = count(DATED_KIND.table);
    forget("keep_answers");
    assert_int_equal(count(DATED_KIND.table), rows - 1);
    desk_world_restart(&w, place);
    assert_int_equal(count(DATED_KIND.table), rows);
    const dated_row *row = dated_find(w.desk, "duration", TEXT("keep_answers"), w.now_ms);
    assert_non_null(row);
    assert_int_equal(row->number, 7 * TIME_DAY_MS);
    desk_world_restart(&w, place); /* and once is enough */
    assert_int_equal(count(DATED_KIND.table), rows);
}

#define TEST_OF(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

static int run(const char *name) {
    const struct CMUnitTest tests[] = {
        TEST_OF(old_rows_go_in_bounded_parts),
        TEST_OF(the_newest_event_stays),
        TEST_OF(it_is_done_by_the_clock),
        TEST_OF(an_older_database_gets_what_it_lacks),
    };
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void) {
    return desk_check_on_each_store(run);
}
