/* What record.h promises, for every implementation of the store. record_random_test.c has the rest by chance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/copy.h"
#include "support/record_model.h"
#include "support/stores.h"
#include "sys/thread.h"

static const stores_kind *kind;
static char place[1024]; /* a fresh one for each test */
static store *s;
static arena memory;

static const record_table *const TABLES[] = {&THING, &EVENT};

static void open_with(const record_table *const *tables, size_t count) {
    sluice_error error = {0};
    if (kind->open(place, false, &s, &error) != SLUICE_OK ||
        store_ensure_tables(s, tables, count, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
}

static void reopen(void) {
    store_close(&s);
    open_with(TABLES, 2);
}

static int setup(void **state) {
    (void)state;
    kind->fresh(place, sizeof place);
    open_with(TABLES, 2);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    store_close(&s);
    arena_fini(&memory);
    memory = (arena){0};
    return 0;
}

static record thing(const char *key, const char *state, int64_t amount_fen) {
    record r;
    assert_true(record_init(&r, &THING, &memory));
    r.values[THING_KEY] = key == NULL ? value_null() : value_text(text_of(key));
    r.values[THING_STATE] = value_text(text_of(state));
    r.values[THING_AMOUNT] = value_integer(amount_fen);
    return r;
}

static void begin(void) {
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
}

static void commit(void) {
    sluice_error error = {0};
    if (store_commit(s, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
}

static record put(record r, int64_t now_ms) {
    sluice_error error = {0};
    if (store_insert(s, &r, now_ms, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return r;
}

static record got(int64_t id) {
    record r;
    sluice_error error = {0};
    if (store_get(s, &THING, id, &memory, &r, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return r;
}

static void every_kind_of_value_comes_back(void **state) {
    (void)state;
    static char document[20000], bytes[100000];
    memset(document, 'x', sizeof document);
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)(i * 7);
    }
    record empty, full;
    assert_true(record_init(&full, &THING, &memory) && record_init(&empty, &THING, &memory));
    full.values[THING_NAME] = value_text(TEXT("张三 'O\"Brien\\ \n %_"));
    full.values[THING_STATE] = value_text(TEXT("open"));
    full.values[THING_AMOUNT] = value_integer(INT64_MIN);
    full.values[THING_DUE] = value_integer(INT64_MAX);
    full.values[THING_OWNER] = value_integer(1);
    full.values[THING_KEY] = value_text(TEXT("card:6228480402564890018"));
    full.values[THING_FLAG] = value_integer(1);
    full.values[THING_DOCUMENT] = value_text((sluice_text){document, sizeof document});
    full.values[THING_BYTES] = value_text((sluice_text){bytes, sizeof bytes});
    full.values[THING_LASTS] = value_integer(0);
    empty.values[THING_STATE] = value_text(TEXT("new"));
    empty.values[THING_NAME] = empty.values[THING_BYTES] = empty.values[THING_DOCUMENT] = value_text(TEXT(""));
    begin();
    full = put(full, 1111);
    empty = put(empty, 2222);
    commit();
    reopen();
    record one = got(1), two = got(2);
    assert_true(record_equal(&one, &full) && record_equal(&two, &empty));
    assert_int_equal(one.created_ms, 1111);
    assert_int_equal(one.updated_ms, 1111);
    sluice_error error = {0};
    assert_int_equal(store_get(s, &THING, 3, &memory, &one, &error), SLUICE_E_NOT_FOUND);
    assert_non_null(strstr(error.text, "record 3 in thing"));
}

static void what_may_not_be_written_is_refused(void **state) {
    (void)state;
    static char long_text[5000];
    memset(long_text, 'a', sizeof long_text);
    static const struct {
        uint8_t field;
        record_value value;
        const char *part;
    } WRONG[] = {
        {THING_STATE, {.is_null = true}, "state is missing"},
        {THING_STATE, {.text = {"ope", 3}}, "it must be one of new|open|closed"},
        {THING_STATE, {.text = {"", 0}}, "it must be one of"},
        {THING_STATE, {.text = {"new|open", 8}}, "it must be one of"},
        {THING_NAME, {.text = {"\xff\xfe", 2}}, "name is not valid UTF-8"},
        {THING_NAME, {.text = {"a\0b", 3}}, "name is not valid UTF-8"},
        {THING_NAME, {.text = {"\xed\xa0\x80", 3}}, "name is not valid UTF-8"},
        {THING_NAME, {.text = {long_text, 4001}}, "4000 are allowed"},
        {THING_NAME, {.text = {long_text, 2001}}, "sorted and searched by"},
        {THING_KEY, {.text = {long_text, 301}}, "300 are allowed"},
        {THING_FLAG, {.integer = 2}, "order must be true or false"},
        {THING_OWNER, {.integer = 0}, "owner must be the id of a record of thing"},
    };
    sluice_error error = {0};
    begin();
    record good = put(thing("card:1", "new", 1), 5);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        record r = thing(NULL, "new", 1);
        r.values[WRONG[i].field] = WRONG[i].value;
        assert_int_equal(store_insert(s, &r, 5, &error), SLUICE_E_INVALID);
        if (strstr(error.text, WRONG[i].part) == NULL) {
            fail_msg("'%s' is not in: %s", WRONG[i].part, error.text);
        }
        assert_int_equal(r.id, 0);
        r.id = good.id;
        r.version = good.version;
        assert_int_equal(store_update(s, &r, 5, &error), SLUICE_E_INVALID);
        assert_int_equal(r.version, good.version);
    }
    commit();
    record there = got(1);
    assert_true(record_equal(&there, &good));
    assert_int_equal(store_insert(s, &good, 5, &error), SLUICE_E_INVALID); /* outside a transaction */
    assert_int_equal(store_update(s, &good, 5, &error), SLUICE_E_INVALID);
    assert_int_equal(store_delete(s, &THING, 1, &error), SLUICE_E_INVALID);
    assert_int_equal(store_savepoint(s, &error), SLUICE_E_INVALID);
}

static void ids_are_never_used_again(void **state) {
    (void)state;
    begin();
    for (int64_t id = 1; id <= 3; id++) {
        assert_int_equal(put(thing(NULL, "new", id), 1).id, id);
    }
    assert_int_equal(store_delete(s, &THING, 3, NULL), SLUICE_OK);
    commit();
    begin();
    assert_int_equal(put(thing(NULL, "new", 4), 1).id, 4);
    store_rollback(s);
    reopen();
    begin();
    assert_int_equal(put(thing(NULL, "new", 4), 1).id, 4); /* what was undone leaves no gap */
    assert_int_equal(store_delete(s, &THING, 4, NULL), SLUICE_OK);
    assert_int_equal(store_delete(s, &THING, 4, NULL), SLUICE_E_NOT_FOUND);
    commit();
    reopen();
    begin();
    assert_int_equal(put(thing(NULL, "new", 5), 1).id, 5);
    commit();
}

static void a_copy_keeps_its_id_and_moves_the_counter(void **state) {
    (void)state;
    record r = thing("card:1", "new", 7);
    r.id = 70;
    r.version = 3;
    r.created_ms = 10;
    r.updated_ms = 20;
    begin();
    assert_int_equal(store_insert_copies(s, r.table, &r, 1, NULL), SLUICE_OK);
    assert_int_equal(put(thing(NULL, "new", 1), 1).id, 71);
    assert_int_equal(store_insert_copies(s, r.table, &r, 1, NULL), SLUICE_E_CONFLICT);
    commit();
    record there = got(70);
    assert_true(record_equal(&there, &r));
}

static void many_copies_are_as_many_single_ones(void **state) {
    (void)state;
    enum { MANY = 250 };
    record rows[MANY];
    for (int64_t i = 0; i < MANY; i++) {
        rows[i] = thing(NULL, "new", i);
        rows[i].id = 2 * i + 1;
        rows[i].version = i + 1;
        rows[i].created_ms = rows[i].updated_ms = 100 + i;
    }
    begin();
    assert_int_equal(store_insert_copies(s, &THING, rows, MANY, NULL), SLUICE_OK);
    assert_int_equal(put(thing(NULL, "new", 1), 1).id, 2 * MANY);
    commit();
    assert_int_equal(store_settle(s, NULL), SLUICE_OK);
    for (int64_t i = 0; i < MANY; i += 3) {
        record there = got(2 * i + 1);
        assert_true(record_equal(&there, &rows[i]));
    }
    begin();
    assert_int_equal(store_settle(s, NULL), SLUICE_E_INVALID);
    rows[0].id = 1000;
    assert_int_equal(store_insert_copies(s, &THING, rows, MANY, NULL), SLUICE_E_CONFLICT);
    rows[1].version = 0;
    assert_int_equal(store_insert_copies(s, &THING, rows, MANY, NULL), SLUICE_E_INVALID);
    store_rollback(s);
    begin();
    assert_int_equal(put(thing(NULL, "new", 1), 1).id, 2 * MANY + 1); /* the counter came back too */
    commit();
}

static void a_value_that_must_be_unique_is_refused_and_named(void **state) {
    (void)state;
    sluice_error error = {0};
    record_value name = value_text(TEXT("张三"));
    begin();
    record first = thing("card:1", "new", 1), second = thing("card:2", "new", 1), none = thing(NULL, "new", 1);
    first.values[THING_NAME] = second.values[THING_NAME] = name;
    first.values[THING_OWNER] = value_integer(9);
    second.values[THING_OWNER] = value_integer(8);
    (void)put(first, 1);
    second = put(second, 1);
    (void)put(none, 1);
    (void)put(none, 1); /* nulls are never equal */
    record same = thing("card:1", "new", 1);
    assert_int_equal(store_insert(s, &same, 1, &error), SLUICE_E_CONFLICT);
    assert_string_equal(error.text, "thing: another record (1) has the same key");
    second.values[THING_OWNER] = value_integer(9);
    assert_int_equal(store_update(s, &second, 1, &error), SLUICE_E_CONFLICT);
    assert_string_equal(error.text, "thing: another record (1) has the same name, owner");
    assert_int_equal(second.version, 1);
    second.values[THING_OWNER] = value_integer(7); /* and the transaction goes on */
    assert_int_equal(store_update(s, &second, 1, &error), SLUICE_OK);
    assert_int_equal(put(thing("card:3", "new", 1), 1).id, 5);
    commit();
    assert_int_equal(got(2).values[THING_OWNER].integer, 7);
}

static void an_update_needs_the_version_that_is_there(void **state) {
    (void)state;
    sluice_error error = {0};
    begin();
    record mine = put(thing("card:1", "new", 1), 100), theirs = mine;
    mine.values[THING_STATE] = value_text(TEXT("open"));
    assert_int_equal(store_update(s, &mine, 200, &error), SLUICE_OK);
    assert_int_equal(mine.version, 2);
    assert_int_equal(mine.updated_ms, 200);
    assert_int_equal(mine.created_ms, 100);
    assert_int_equal(store_update(s, &theirs, 300, &error), SLUICE_E_STALE);
    assert_non_null(strstr(error.text, "is at version 2, not 1"));
    commit();
    record there = got(1);
    assert_true(record_equal(&there, &mine));
    begin();
    mine.values[THING_KEY] = value_text(TEXT("card:2"));
    assert_int_equal(store_update(s, &mine, 300, &error), SLUICE_E_INVALID);
    assert_non_null(strstr(error.text, "key of record 1 is fixed"));
    mine = there;
    mine.created_ms++;
    assert_int_equal(store_update(s, &mine, 300, &error), SLUICE_E_INVALID);
    mine = there;
    mine.id = 2;
    assert_int_equal(store_update(s, &mine, 300, &error), SLUICE_E_NOT_FOUND);
    commit();
}

static void what_is_append_only_stays(void **state) {
    (void)state;
    sluice_error error = {0};
    record r;
    assert_true(record_init(&r, &EVENT, &memory));
    r.values[EVENT_OF] = value_integer(1);
    begin();
    r = put(r, 1);
    assert_int_equal(store_update(s, &r, 2, &error), SLUICE_E_INVALID);
    assert_non_null(strstr(error.text, "event are neither changed nor deleted"));
    assert_int_equal(store_delete(s, &EVENT, 1, &error), SLUICE_E_INVALID);
    commit();
}

static void savepoints_undo_their_part_alone(void **state) {
    (void)state;
    uint64_t count = 0, end = 0, chain = 0;
    record_query all = {.table = &THING, .order = QUERY_ID};
    sluice_error error = {0};
    begin();
    (void)put(thing("card:1", "new", 1), 1);
    assert_int_equal(store_savepoint(s, NULL), SLUICE_OK);
    (void)put(thing("card:2", "new", 1), 1);
    assert_int_equal(store_savepoint(s, NULL), SLUICE_OK);
    assert_int_equal(put(thing("card:3", "new", 1), 1).id, 3);
    assert_int_equal(store_put_batch(s, 1, 5, 77, (const unsigned char *)"abc", 3, NULL), SLUICE_OK);
    store_savepoint_undo(s);
    assert_int_equal(put(thing("card:4", "new", 1), 1).id, 3);
    assert_int_equal(store_savepoint(s, NULL), SLUICE_OK);
    (void)put(thing("card:5", "new", 1), 1);
    assert_int_equal(store_savepoint_keep(s, NULL), SLUICE_OK);
    assert_int_equal(store_count(s, &all, 0, &count, NULL), SLUICE_OK);
    assert_int_equal(count, 4);
    assert_int_equal(store_commit(s, &error), SLUICE_E_INVALID); /* the first part is open still */
    store_savepoint_undo(s);
    assert_int_equal(store_put_batch(s, 1, 2, 78, (const unsigned char *)"abc", 3, NULL), SLUICE_OK);
    commit();
    reopen();
    assert_int_equal(store_count(s, &all, 0, &count, NULL), SLUICE_OK);
    assert_int_equal(count, 1);
    store_log_end(s, &end, &chain);
    assert_int_equal(end, 2);
    assert_int_equal(chain, 78);
    begin();
    for (size_t i = 0; i < 16; i++) {
        assert_int_equal(store_savepoint(s, NULL), SLUICE_OK);
    }
    assert_int_equal(store_savepoint(s, &error), SLUICE_E_LIMIT);
    store_rollback(s);
    assert_int_equal(store_count(s, &all, 0, &count, NULL), SLUICE_OK);
    assert_int_equal(count, 1);
}

/* Amounts, null for 0, of the rows of a query. */
static void assert_amounts(record_query query, const int64_t *expected, size_t count) {
    record *rows = NULL;
    size_t row_count = 0;
    query.table = &THING;
    assert_int_equal(store_select(s, &query, &memory, &rows, &row_count, NULL), SLUICE_OK);
    assert_int_equal(row_count, count);
    for (size_t i = 0; i < count; i++) {
        const record_value *amount = &rows[i].values[THING_AMOUNT];
        assert_int_equal(amount->is_null ? 0 : amount->integer, expected[i]);
    }
}

static void nulls_come_last_whichever_way(void **state) {
    (void)state;
    begin();
    for (int64_t amount = 1; amount <= 3; amount++) {
        (void)put(thing(NULL, "new", amount), 1);
        record r = thing(NULL, "new", 0);
        r.values[THING_AMOUNT] = value_null();
        (void)put(r, 1);
    }
    commit();
    assert_amounts((record_query){.order = THING_AMOUNT}, (int64_t[]){1, 2, 3, 0, 0, 0}, 6);
    assert_amounts((record_query){.order = THING_AMOUNT, .descending = true}, (int64_t[]){3, 2, 1, 0, 0, 0}, 6);
    assert_amounts((record_query){.order = THING_AMOUNT, .limit = 4}, (int64_t[]){1, 2, 3, 0}, 4);
    record_query rest = {.order = THING_AMOUNT, .has_after = true, .after = value_null(), .after_id = 2};
    assert_amounts(rest, (int64_t[]){0, 0}, 2);
    rest.descending = true;
    assert_amounts(rest, NULL, 0);
}

static void pages_go_on_where_they_ended_while_rows_are_inserted(void **state) {
    (void)state;
    record *rows = NULL;
    size_t count = 0;
    int64_t last_amount = -1, seen = 0, round = 0;
    record_query q = {.table = &THING, .order = THING_AMOUNT, .limit = 7};
    begin();
    for (int64_t i = 0; i < 60; i++) {
        (void)put(thing(NULL, "new", i / 6 * 10), 1); /* ties */
    }
    commit();
    do {
        assert_int_equal(store_select(s, &q, &memory, &rows, &count, NULL), SLUICE_OK);
        for (size_t i = 0; i < count; i++) {
            int64_t amount = rows[i].values[THING_AMOUNT].integer;
            assert_true(amount >= last_amount);
            last_amount = amount;
            seen += rows[i].created_ms == 1;
        }
        begin(); /* before the place, at it, and behind it */
        (void)put(thing(NULL, "new", -5), 2);
        if (round++ < 5) {
            (void)put(thing(NULL, "new", last_amount), 2);
            (void)put(thing(NULL, "new", 45), 2);
        }
        commit();
        if (count > 0) {
            q.has_after = true;
            q.after = rows[count - 1].values[THING_AMOUNT];
            q.after_id = rows[count - 1].id;
        }
    } while (count > 0);
    assert_int_equal(seen, 60); /* each once */
}

static bool is_few(const query_term *terms, size_t count) {
    const record_query q = {.table = &THING, .terms = terms, .term_count = count};
    bool few = false;
    assert_int_equal(store_is_few(s, &q, &few, NULL), SLUICE_OK);
    return few;
}

static void few_rows_may_be_put_in_any_order(void **state) {
    (void)state;
    enum { FEW = 3999 };
    static record rows[FEW];
    const query_term new_ones = {THING_STATE, QUERY_EQUAL, value_text(TEXT("new")), NULL, 0};
    const query_term closed = {THING_STATE, QUERY_EQUAL, value_text(TEXT("closed")), NULL, 0};
    for (int64_t i = 0; i < FEW; i++) {
        rows[i] = thing(NULL, "new", i);
        rows[i].id = i + 1;
        rows[i].version = rows[i].created_ms = rows[i].updated_ms = 1;
    }
    begin();
    assert_int_equal(store_insert_copies(s, &THING, rows, FEW, NULL), SLUICE_OK);
    commit();
    assert_true(is_few(NULL, 0));
    assert_true(is_few(&new_ones, 1));
    begin();
    (void)put(thing(NULL, "new", 1), 1);
    (void)put(thing(NULL, "closed", 1), 1);
    commit();
    assert_false(is_few(NULL, 0));
    assert_false(is_few(&new_ones, 1));
    assert_true(is_few(&closed, 1));
}

static void prefixes_are_taken_by_the_letter(void **state) {
    (void)state;
    static const char *const NAMES[] = {
        "100%", "100", "100_", "1000", "张", "张三", "张三丰", "弡", "A", "a", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf!",
        ""};
    static const struct {
        const char *prefix;
        uint64_t count;
    } CASES[] = {{"100%", 1}, {"100_", 1}, {"100", 4}, {"张", 3}, {"张三", 2}, {"a", 1}, {"\xf4\x8f\xbf\xbf", 2},
                 {"", 13},    {"zz", 0}};
    begin();
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        record r = thing(NULL, "new", 1);
        r.values[THING_NAME] = value_text(text_of(NAMES[i]));
        (void)put(r, 1);
    }
    (void)put(thing(NULL, "new", 1), 1);
    commit();
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        query_term term = {.field = THING_NAME, .is = QUERY_PREFIX, .value = value_text(text_of(CASES[i].prefix))};
        record_query q = {.table = &THING, .terms = &term, .term_count = 1};
        uint64_t count = 0;
        assert_int_equal(store_count(s, &q, 0, &count, NULL), SLUICE_OK);
        assert_int_equal(count, CASES[i].count);
    }
}

static void queries_that_cannot_be_are_refused(void **state) {
    (void)state;
    static const query_term WRONG[] = {
        {.field = THING_FIELDS, .is = QUERY_NULL},
        {.field = THING_AMOUNT, .is = QUERY_PREFIX, .value = {.integer = 1}},
        {.field = THING_NAME, .is = QUERY_PREFIX, .value = {.text = {"\xff", 1}}},
        {.field = THING_NAME, .is = QUERY_EQUAL, .value = {.is_null = true}},
        {.field = THING_NAME, .is = (query_operator)99},
    };
    record *rows = NULL;
    size_t count = 0;
    record_query q = {.table = &THING, .term_count = 1};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        q.terms = &WRONG[i];
        assert_int_equal(store_select(s, &q, &memory, &rows, &count, NULL), SLUICE_E_INVALID);
    }
    q.term_count = 0;
    q.limit = 10001;
    assert_int_equal(store_select(s, &q, &memory, &rows, &count, NULL), SLUICE_E_INVALID);
    q.limit = 0;
    q.order = THING_FIELDS + 7;
    assert_int_equal(store_select(s, &q, &memory, &rows, &count, NULL), SLUICE_E_INVALID);
    q = (record_query){.table = &THING, .order = QUERY_ID};
    record r;
    assert_int_equal(store_find(s, &q, &memory, &r, NULL), SLUICE_E_NOT_FOUND);
}

static void an_edited_row_is_damaged(void **state) {
    (void)state;
    static const char *const EDITS[] = {
        "UPDATE desk_thing SET amount_fen = 999 WHERE id = 2", "UPDATE desk_thing SET version = 2 WHERE id = 2",
        "UPDATE desk_thing SET state = 'open' WHERE id = 2", "UPDATE desk_thing SET due_ms = 0 WHERE id = 2",
        "UPDATE desk_thing SET id = 9 WHERE id = 2", "UPDATE desk_thing SET updated_ms = updated_ms + 1 WHERE id = 2",
        "UPDATE desk_thing SET amount_fen = NULL WHERE id = 2",
        /* Another row, whole, in its place. */
        "UPDATE desk_thing SET amount_fen = 1, checksum = (SELECT checksum FROM desk_thing WHERE id = 1) WHERE id = 2"};
    for (size_t i = 0; i < sizeof EDITS / sizeof *EDITS; i++) {
        record r;
        record *rows = NULL;
        size_t count = 0;
        sluice_error error = {0};
        if (i > 0) {
            store_close(&s);
            (void)setup(NULL);
        }
        begin();
        (void)put(thing(NULL, "new", 1), 1);
        (void)put(thing(NULL, "new", 2), 1);
        commit();
        store_close(&s);
        kind->run_sql(place, EDITS[i]);
        open_with(TABLES, 2);
        record_query q = {.table = &THING, .order = QUERY_ID};
        assert_int_equal(store_select(s, &q, &memory, &rows, &count, &error), SLUICE_E_DAMAGED);
        assert_non_null(strstr(error.text, "of thing"));
        assert_int_equal(store_get(s, &THING, i == 4 ? 9 : 2, &memory, &r, &error), SLUICE_E_DAMAGED);
        assert_int_equal(store_get(s, &THING, 1, &memory, &r, &error), SLUICE_OK);
    }
    store_close(&s);
    kind->run_sql(place, "UPDATE record_table SET next_id = 1 WHERE name = 'thing'");
    assert_int_equal(kind->open(place, true, &s, NULL), SLUICE_OK);
    assert_int_equal(store_ensure_tables(s, TABLES, 2, NULL), SLUICE_E_DAMAGED);
}

/* What no reading by id would notice: an index that has lost an entry, and a null where none may be. */
static void a_broken_index_or_constraint_is_found_by_a_check(void **state) {
    (void)state;
    static const char *const LOSES_AN_ENTRY[] = {
        "PRAGMA writable_schema = ON;"
        "UPDATE sqlite_schema SET sql = sql || ' WHERE 0' WHERE type = 'index' AND tbl_name = 'desk_thing' AND sql IS "
        "NOT "
        "NULL;"
        "PRAGMA writable_schema = RESET; UPDATE desk_thing SET state = 'closed' WHERE id = 2;"
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, ' WHERE 0', '') WHERE type = 'index';"
        "PRAGMA writable_schema = RESET",
        "CREATE TEMP TABLE kept AS SELECT * FROM desk_thing WHERE id = 2; DELETE FROM desk_thing WHERE id = 2;"
        "UPDATE pg_index SET indisready = false WHERE indrelid = 'desk_thing'::regclass AND NOT indisprimary;"
        "INSERT INTO desk_thing SELECT * FROM kept;"
        "UPDATE pg_index SET indisready = true WHERE indrelid = 'desk_thing'::regclass"};
    static const char *const HAS_A_NULL[] = {
        "PRAGMA writable_schema = ON;"
        "UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', 'CHECK (1)') WHERE name = 'desk_thing';"
        "PRAGMA writable_schema = RESET; UPDATE desk_thing SET version = NULL WHERE id = 2; PRAGMA writable_schema = "
        "ON;"
        "UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (1)', 'NOT NULL') WHERE name = 'desk_thing';"
        "PRAGMA writable_schema = RESET",
        "ALTER TABLE desk_thing ALTER version DROP NOT NULL; UPDATE desk_thing SET version = NULL WHERE id = 2;"
        "UPDATE pg_attribute SET attnotnull = true WHERE attrelid = 'desk_thing'::regclass AND attname = 'version'"};
    int place_of_kind = strcmp(kind->name, "sqlite") == 0 ? 0 : 1;
    const char *const edits[] = {LOSES_AN_ENTRY[place_of_kind], HAS_A_NULL[place_of_kind]};
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        sluice_error error = {0};
        if (i > 0) {
            store_close(&s);
            (void)setup(NULL);
        }
        begin();
        (void)put(thing("card:1", "new", 1), 1);
        (void)put(thing("card:2", "new", 2), 1);
        (void)put(thing(NULL, "open", 3), 1);
        commit();
        if (store_check(s, &error) != SLUICE_OK) {
            fail_msg("before the damage: %s", error.text);
        }
        store_close(&s);
        kind->run_sql(place, edits[i]);
        if (kind->open(place, true, &s, &error) != SLUICE_OK) {
            fail_msg("%s", error.text);
        }
        assert_int_equal(store_check(s, &error), SLUICE_E_DAMAGED);
        assert_non_null(strstr(error.text, "desk_thing"));
    }
}

typedef struct reading {
    uint64_t count;
    sluice_result result;
} reading;

static void *read_elsewhere(void *context) {
    reading *r = context;
    record_query all = {.table = &THING, .order = QUERY_ID};
    r->result = store_count(s, &all, 0, &r->count, NULL);
    return NULL;
}

static uint64_t count_elsewhere(void) {
    thread t;
    reading r = {0, SLUICE_E_IO};
    assert_true(thread_start(&t, read_elsewhere, &r));
    thread_join(&t);
    assert_int_equal(r.result, SLUICE_OK);
    return r.count;
}

static void a_reader_sees_what_is_committed_and_the_writer_its_own(void **state) {
    (void)state;
    record r;
    begin();
    record mine = put(thing("card:1", "new", 1), 1);
    assert_int_equal(count_elsewhere(), 0);
    assert_int_equal(store_get(s, &THING, mine.id, &memory, &r, NULL), SLUICE_OK);
    commit();
    assert_int_equal(count_elsewhere(), 1);
    begin();
    assert_int_equal(store_delete(s, &THING, mine.id, NULL), SLUICE_OK);
    assert_int_equal(count_elsewhere(), 1);
    store_rollback(s);
    assert_int_equal(count_elsewhere(), 1);
}

/* ---- other descriptions ---- */

static void descriptions_may_grow(void **state) {
    (void)state;
    static const record_field BEFORE[] = {{.name = "b", .type = FIELD_TEXT}, {.name = "a", .type = FIELD_INTEGER}};
    static const record_field AFTER[] = {{.name = "a", .type = FIELD_INTEGER},
                                         {.name = "new", .type = FIELD_TEXT, .flags = FIELD_REQUIRED},
                                         {.name = "b", .type = FIELD_TEXT},
                                         {.name = "more", .type = FIELD_BLOB}};
    static const record_index FIRST[] = {{.unique = true, .fields = {1, RECORD_END}}, {.fields = {0, RECORD_END}}};
    static const record_index SECOND[] = {{.fields = {2, RECORD_END}}, {.fields = {1, 0, RECORD_END}}};
    static const record_table OLD = {
        .name = "grown", .fields = BEFORE, .field_count = 2, .indexes = FIRST, .index_count = 2};
    static const record_table NEW = {
        .name = "grown", .fields = AFTER, .field_count = 4, .indexes = SECOND, .index_count = 2};
    static const record_field CHANGED[] = {{.name = "a", .type = FIELD_TEXT},
                                           {.name = "b", .type = FIELD_TEXT},
                                           {.name = "new", .type = FIELD_TEXT},
                                           {.name = "more", .type = FIELD_BLOB}};
    static const record_table WRONG = {.name = "grown", .fields = CHANGED, .field_count = 4};
    static const record_table *const OLDS[] = {&OLD}, *const NEWS[] = {&NEW}, *const WRONGS[] = {&WRONG};
    sluice_error error = {0};
    record r, there;
    store_close(&s);
    open_with(OLDS, 1);
    assert_true(record_init(&r, &OLD, &memory));
    r.values[0] = value_text(TEXT("text"));
    r.values[1] = value_integer(5);
    begin();
    r = put(r, 1);
    record twice = r;
    assert_int_equal(store_insert(s, &twice, 1, &error), SLUICE_E_CONFLICT);
    commit();
    store_close(&s);
    open_with(NEWS, 1);
    assert_int_equal(store_get(s, &NEW, 1, &memory, &there, &error), SLUICE_OK); /* whole, with nulls in what is new */
    assert_int_equal(there.values[0].integer, 5);
    assert_true(there.values[1].is_null && there.values[3].is_null);
    begin();
    there.values[1] = value_text(TEXT("now"));
    assert_int_equal(store_update(s, &there, 2, &error), SLUICE_OK);
    there.id = 0;
    assert_int_equal(store_insert(s, &there, 2, &error), SLUICE_OK); /* the unique index went */
    assert_int_equal(there.id, 2);
    commit();
    store_close(&s);
    assert_int_equal(kind->open(place, true, &s, NULL), SLUICE_OK);
    assert_int_equal(store_ensure_tables(s, WRONGS, 1, &error), SLUICE_E_INVALID);
    assert_non_null(strstr(error.text, "field a:i of grown"));
    store_close(&s);
    assert_int_equal(kind->open(place, true, &s, NULL), SLUICE_OK);
    assert_int_equal(store_ensure_tables(s, OLDS, 1, &error), SLUICE_E_INVALID); /* an older program */
    assert_int_equal(store_get(s, &OLD, 1, &memory, &there, &error), SLUICE_E_INVALID);
    store_close(&s);
    open_with(NEWS, 1);
    assert_int_equal(store_get(s, &NEW, 2, &memory, &there, &error), SLUICE_OK);
}

static void descriptions_that_cannot_be_are_refused(void **state) {
    (void)state;
    static const record_field TWICE[] = {{.name = "a", .type = FIELD_TEXT}, {.name = "a", .type = FIELD_TEXT}},
                              OWN[] = {{.name = "version", .type = FIELD_INTEGER}},
                              QUOTED[] = {{.name = "a\"b", .type = FIELD_TEXT}},
                              GOOD[] = {{.name = "a", .type = FIELD_TEXT}};
    static const record_index BEYOND[] = {{.fields = {1, RECORD_END}}};
    static const record_table WRONG[] = {
        {.name = "t", .fields = TWICE, .field_count = 2},
        {.name = "t", .fields = OWN, .field_count = 1},
        {.name = "t", .fields = QUOTED, .field_count = 1},
        {.name = "t t", .fields = GOOD, .field_count = 1},
        {.name = "t", .fields = GOOD, .field_count = 65},
        {.name = "t", .fields = GOOD, .field_count = 1, .indexes = BEYOND, .index_count = 1}};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        const record_table *table = &WRONG[i];
        assert_int_equal(store_ensure_tables(s, &table, 1, NULL), SLUICE_E_INVALID);
    }
    begin(); /* and the others are as they were */
    (void)put(thing(NULL, "new", 1), 1);
    commit();
}

int main(void) {
    int failed = 0;
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_kind_of_value_comes_back),
        TEST(what_may_not_be_written_is_refused),
        TEST(ids_are_never_used_again),
        TEST(a_copy_keeps_its_id_and_moves_the_counter),
        TEST(many_copies_are_as_many_single_ones),
        TEST(a_value_that_must_be_unique_is_refused_and_named),
        TEST(an_update_needs_the_version_that_is_there),
        TEST(what_is_append_only_stays),
        TEST(savepoints_undo_their_part_alone),
        TEST(nulls_come_last_whichever_way),
        TEST(pages_go_on_where_they_ended_while_rows_are_inserted),
        TEST(few_rows_may_be_put_in_any_order),
        TEST(prefixes_are_taken_by_the_letter),
        TEST(queries_that_cannot_be_are_refused),
        TEST(an_edited_row_is_damaged),
        TEST(a_broken_index_or_constraint_is_found_by_a_check),
        TEST(a_reader_sees_what_is_committed_and_the_writer_its_own),
        TEST(descriptions_may_grow),
        TEST(descriptions_that_cannot_be_are_refused),
    };
    for (size_t i = 0; i < STORES_COUNT; i++) {
        kind = &STORES[i];
        if (kind->is_available()) {
            failed += cmocka_run_group_tests_name(kind->name, tests, NULL, NULL);
        }
    }
    return failed;
}
