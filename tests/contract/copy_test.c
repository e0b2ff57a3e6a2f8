/* Copies of whole databases: from each kind to each kind and back, interrupted anywhere, while the writer goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/copy.h"
#include "support/record_model.h"
#include "support/store_model.h"
#include "support/stores.h"
#include "support/tool.h"

enum { BATCHES = 9, THINGS = 2500, EVENTS = 3 };

static const record_table *const TABLES[] = {&THING, &EVENT};
static const stores_kind *from_kind, *to_kind;
static char from_place[1024], to_place[1024];
static arena memory;

static store *opened(const stores_kind *kind, const char *place) {
    store *s = NULL;
    sluice_error error = {0};
    if (kind->open(place, false, &s, &error) != SLUICE_OK || store_ensure_tables(s, TABLES, 2, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return s;
}

static void insert_thing(store *s, int64_t number) {
    record r;
    char key[32];
    (void)snprintf(key, sizeof key, "card:%lld", (long long)number);
    assert_true(record_init(&r, &THING, &memory));
    r.values[THING_KEY] = value_text(text_of(key));
    r.values[THING_STATE] = value_text(TEXT("new"));
    r.values[THING_NAME] = number % 3 == 0 ? value_null() : value_text(TEXT("张三"));
    r.values[THING_AMOUNT] = value_integer(-number);
    r.values[THING_BYTES] = value_text((sluice_text){"\0\xff\0", 3});
    assert_int_equal(store_insert(s, &r, number, NULL), SLUICE_OK);
}

/* Things 1 to THINGS but the first and the last, whose id must never come again; some updated. */
static void fill(store *s) {
    record r;
    for (uint64_t i = 0; i < BATCHES; i++) {
        assert_int_equal(model_commit(s, i, NULL), SLUICE_OK);
    }
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    for (int64_t i = 1; i <= THINGS; i++) {
        insert_thing(s, i);
    }
    for (int64_t id = 10; id <= 1000; id += 10) {
        assert_int_equal(store_get(s, &THING, id, &memory, &r, NULL), SLUICE_OK);
        r.values[THING_STATE] = value_text(TEXT("closed"));
        assert_int_equal(store_update(s, &r, 9999, NULL), SLUICE_OK);
    }
    assert_int_equal(store_delete(s, &THING, 1, NULL), SLUICE_OK);
    assert_int_equal(store_delete(s, &THING, THINGS, NULL), SLUICE_OK);
    assert_true(record_init(&r, &EVENT, &memory));
    r.values[EVENT_OF] = value_integer(7);
    for (int i = 0; i < EVENTS; i++) {
        assert_int_equal(store_insert(s, &r, 5, NULL), SLUICE_OK);
    }
    assert_int_equal(store_commit(s, NULL), SLUICE_OK);
}

static void assert_same_records(store *a, store *b, const record_table *table) {
    record_query query = {.table = table, .order = QUERY_ID, .limit = 10000};
    record *rows_a = NULL, *rows_b = NULL;
    size_t count_a = 0, count_b = 0;
    assert_int_equal(store_select(a, &query, &memory, &rows_a, &count_a, NULL), SLUICE_OK);
    assert_int_equal(store_select(b, &query, &memory, &rows_b, &count_b, NULL), SLUICE_OK);
    assert_int_equal(count_a, count_b);
    for (size_t i = 0; i < count_a; i++) {
        assert_true(record_equal(&rows_a[i], &rows_b[i]));
    }
}

static void assert_copied(const stores_kind *kind, const char *place, store *original) {
    record r;
    store *s = opened(kind, place);
    assert_int_equal(model_verify(s), BATCHES);
    assert_string_equal(store_uuid(s), store_uuid(original));
    assert_memory_equal(store_secret(s), store_secret(original), 32);
    assert_same_records(original, s, &THING);
    assert_same_records(original, s, &EVENT);
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    assert_true(record_init(&r, &THING, &memory));
    r.values[THING_STATE] = value_text(TEXT("new"));
    assert_int_equal(store_insert(s, &r, 1, NULL), SLUICE_OK);
    assert_int_equal(r.id, THINGS + 1);
    store_rollback(s);
    store_close(&s);
}

/* ---- options of copies ---- */

typedef struct watcher {
    uint64_t stop_at, calls; /* stops at this call of progress; 0: never */
    store *writes_to;        /* … which writes here at each call */
    sluice_result verdict;
    uint64_t verified;
} watcher;

static bool watch(void *context, const char *what, uint64_t done, uint64_t total) {
    watcher *w = context;
    (void)what;
    assert_true(done <= total);
    w->calls++;
    if (w->writes_to != NULL) {
        assert_int_equal(store_begin(w->writes_to, NULL), SLUICE_OK);
        insert_thing(w->writes_to, 100000 + (int64_t)w->calls);
        assert_int_equal(store_delete(w->writes_to, &THING, 1 + (int64_t)w->calls, NULL), SLUICE_OK);
        assert_int_equal(store_commit(w->writes_to, NULL), SLUICE_OK);
    }
    return w->calls != w->stop_at;
}

static sluice_result verify(void *context, store *copy, sluice_error *error) {
    watcher *w = context;
    uint64_t count = 0;
    record_query all = {.table = &THING, .order = QUERY_ID};
    (void)error;
    assert_int_equal(store_count(copy, &all, 0, &count, NULL), SLUICE_OK);
    assert_int_equal(count, THINGS - 2);
    w->verified++;
    return w->verdict;
}

static store_copy_options options_of(watcher *w) {
    return (store_copy_options){.tables = TABLES, .table_count = 2, .progress = watch, .verify = verify, .context = w};
}

static sluice_result copy(store *from, const char *to, watcher *w, sluice_error *error) {
    store_copy_options options = options_of(w);
    store_copy_summary summary;
    sluice_result result = store_copy(from, to, &options, &summary, error);
    if (result == SLUICE_OK) {
        assert_int_equal(summary.signals, model_sequence_first(BATCHES) - 1);
        assert_int_equal(summary.records, THINGS - 2 + EVENTS);
        assert_int_equal(summary.tables, 2);
        assert_int_equal(summary.decisions, BATCHES);
        assert_int_equal(summary.labels, 2 * BATCHES);
        assert_int_equal(summary.sources, (BATCHES + 3) / 4);
    }
    return result;
}

static store *source(void) {
    from_kind->fresh(from_place, sizeof from_place);
    to_kind->fresh(to_place, sizeof to_place);
    store *s = opened(from_kind, from_place);
    fill(s);
    return s;
}

static int teardown(void **state) {
    (void)state;
    arena_fini(&memory);
    memory = (arena){0};
    return 0;
}

static void a_copy_is_the_same_database(void **state) {
    (void)state;
    watcher w = {0};
    sluice_error error = {0};
    char back_place[1024];
    store *from = source();
    if (copy(from, to_place, &w, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(w.verified, 1);
    assert_copied(to_kind, to_place, from);
    assert_int_equal(model_verify(from), BATCHES);
    assert_int_equal(copy(from, to_place, &w, &error), SLUICE_E_INVALID); /* it is complete, and no place for another */
    assert_non_null(strstr(error.text, "is not empty"));
    store *to = opened(to_kind, to_place); /* and back */
    from_kind->fresh(back_place, sizeof back_place);
    assert_int_equal(copy(to, back_place, &w, &error), SLUICE_OK);
    assert_copied(from_kind, back_place, from);
    store_close(&to);
    store_close(&from);
}

static void a_copy_goes_on_after_any_interruption(void **state) {
    (void)state;
    sluice_error error = {0};
    store *from = source(), *half = NULL;
    sluice_result result = SLUICE_E_INTERRUPTED;
    uint64_t stops = 0;
    for (uint64_t stop_at = 1; result == SLUICE_E_INTERRUPTED; stop_at++) {
        watcher w = {.stop_at = stop_at};
        result = copy(from, to_place, &w, &error);
        if (result == SLUICE_E_INTERRUPTED) {
            stops++;
            assert_int_equal(to_kind->open(to_place, true, &half, &error), SLUICE_E_INVALID);
            assert_non_null(strstr(error.text, "copy that was not completed"));
            /* Meanwhile the source goes on. */
            assert_int_equal(store_begin(from, NULL), SLUICE_OK);
            insert_thing(from, 5000);
            store_rollback(from);
            record r;
            assert_int_equal(store_get(from, &THING, 5, &memory, &r, NULL), SLUICE_OK);
            r.values[THING_AMOUNT] = value_integer((int64_t)stops);
            assert_int_equal(store_begin(from, NULL), SLUICE_OK);
            assert_int_equal(store_update(from, &r, 1, NULL), SLUICE_OK);
            assert_int_equal(store_commit(from, NULL), SLUICE_OK);
        }
    }
    assert_int_equal(result, SLUICE_OK);
    assert_true(stops >= 5);
    assert_copied(to_kind, to_place, from);
    store_close(&from);
}

static void a_copy_that_is_not_believed_is_not_used(void **state) {
    (void)state;
    watcher w = {.verdict = SLUICE_E_DAMAGED};
    sluice_error error = {0};
    store *from = source(), *to = NULL;
    assert_int_equal(copy(from, to_place, &w, &error), SLUICE_E_DAMAGED);
    assert_int_equal(to_kind->open(to_place, true, &to, &error), SLUICE_E_INVALID);
    /* Nor is it a place for another database's copy. */
    char other_place[1024];
    from_kind->fresh(other_place, sizeof other_place);
    store *other = opened(from_kind, other_place);
    assert_int_equal(copy(other, to_place, &w, &error), SLUICE_E_INVALID);
    assert_non_null(strstr(error.text, "unfinished copy of another database"));
    store_close(&other);
    w.verdict = SLUICE_OK;
    assert_int_equal(copy(from, to_place, &w, &error), SLUICE_OK);
    assert_copied(to_kind, to_place, from);
    store_close(&from);
}

static void nothing_is_left_out_and_nothing_damaged_is_copied(void **state) {
    (void)state;
    watcher w = {0};
    sluice_error error = {0};
    store_copy_summary summary;
    store *from = source();
    store_copy_options one = options_of(&w);
    one.table_count = 1;
    one.verify = NULL;
    assert_int_equal(store_copy(from, to_place, &one, &summary, &error), SLUICE_E_INVALID);
    assert_non_null(strstr(error.text, "table event"));
    store_close(&from);
    from_kind->run_sql(from_place, "UPDATE desk_thing SET amount_fen = 5 WHERE id = 77");
    from = opened(from_kind, from_place);
    to_kind->fresh(to_place, sizeof to_place);
    assert_int_equal(copy(from, to_place, &w, &error), SLUICE_E_DAMAGED);
    assert_non_null(strstr(error.text, "record 77 of thing"));
    store_close(&from);
}

static void a_backup_is_of_one_moment(void **state) {
    (void)state;
    sluice_error error = {0};
    store_copy_summary summary;
    char backup[1024];
    static int count;
    char name[32];
    (void)snprintf(name, sizeof name, "backup-%d", count++);
    (void)snprintf(backup, sizeof backup, "%s", tool_path(name));
    store *from = source();
    watcher w = {.writes_to = from};
    store_copy_options options = options_of(&w);
    if (store_backup(from, backup, &options, &summary, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    assert_true(w.calls >= 3);
    assert_int_equal(summary.records, THINGS - 2 + EVENTS);
    assert_int_equal(store_backup(from, backup, &options, &summary, &error),
                     SLUICE_E_INVALID); /* it is there already */
    store_close(&from);
    /* Restored, it is as at that moment. */
    store *s = opened(&STORES[0], backup), *restored = NULL;
    watcher quiet = {0};
    assert_int_equal(copy(s, to_place, &quiet, &error), SLUICE_OK);
    restored = opened(to_kind, to_place);
    assert_int_equal(model_verify(restored), BATCHES);
    assert_same_records(s, restored, &THING);
    record r;
    assert_int_equal(store_get(restored, &THING, 2, &memory, &r, NULL), SLUICE_OK); /* deleted since */
    store_close(&restored);
    store_close(&s);
}

static void a_view_stays_as_it_was(void **state) {
    (void)state;
    store *s = source(), *view = NULL, *other = NULL;
    record r;
    sluice_error error = {0};
    uint64_t end = 0, chain = 0, count = 0;
    record_query all = {.table = &THING, .order = QUERY_ID};
    assert_int_equal(store_view(s, &view, &error), SLUICE_OK);
    assert_int_equal(model_commit(s, BATCHES, NULL), SLUICE_OK);
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    assert_int_equal(store_view(s, &other, &error), SLUICE_E_INVALID);
    assert_int_equal(store_delete(s, &THING, 2, NULL), SLUICE_OK);
    assert_int_equal(store_commit(s, NULL), SLUICE_OK);
    assert_int_equal(store_get(s, &THING, 2, &memory, &r, NULL), SLUICE_E_NOT_FOUND);
    assert_int_equal(store_get(view, &THING, 2, &memory, &r, NULL), SLUICE_OK);
    assert_int_equal(store_count(view, &all, 0, &count, NULL), SLUICE_OK);
    assert_int_equal(count, THINGS - 2);
    store_log_end(view, &end, &chain);
    assert_int_equal(end, model_sequence_first(BATCHES) - 1);
    assert_int_equal(store_begin(view, &error), SLUICE_E_INVALID);
    store_close(&view);
    store_close(&s);
}

int main(void) {
    int failed = 0;
    tool_prefer_memory();
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_copy_is_the_same_database),
        TEST(a_copy_goes_on_after_any_interruption),
        TEST(a_copy_that_is_not_believed_is_not_used),
        TEST(nothing_is_left_out_and_nothing_damaged_is_copied),
        TEST(a_backup_is_of_one_moment),
        TEST(a_view_stays_as_it_was),
    };
    for (size_t f = 0; f < STORES_COUNT; f++) {
        for (size_t t = 0; t < STORES_COUNT; t++) {
            char name[64];
            from_kind = &STORES[f];
            to_kind = &STORES[t];
            (void)snprintf(name, sizeof name, "%s to %s", from_kind->name, to_kind->name);
            if (from_kind->is_available() && to_kind->is_available()) {
                failed += cmocka_run_group_tests_name(name, tests, NULL, NULL);
            }
        }
    }
    return failed;
}
