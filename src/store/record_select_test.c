/* That lists are read through their indexes: SQLite's own plan of each kind of query, and nothing sorted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/record_private.h"
#include "support/record_model.h"
#include "support/tool.h"

static store *s;

typedef struct plan {
    char text[2000];
} plan;

static sluice_result take_line(void *context, const record_value *cells, sluice_error *error) {
    plan *p = context;
    size_t used = strlen(p->text);
    (void)error;
    (void)snprintf(p->text + used, sizeof p->text - used, "%.*s\n", TEXT_ARGS(cells[3].text));
    return SLUICE_OK;
}

static void plan_of(const record_query *query, plan *p) {
    sql_builder b = {.binding = record_bind(s, query->table, NULL)};
    text_writer text = {0};
    assert_non_null(b.binding);
    b.hides = true;
    assert_int_equal(record_plan_make(s, b.binding, query, &b.plan, NULL), SLUICE_OK);
    assert_int_equal(record_sql_select(&b, query, NULL), SLUICE_OK);
    text_printf(&text, "EXPLAIN QUERY PLAN %s", b.text.data);
    sql_statement explain = {
        .text = text.data, .types = b.types, .parameters = b.parameters, .columns = "iiit", .once = true};
    p->text[0] = '\0';
    assert_int_equal(s->ops->query(s, &explain, take_line, p, NULL), SLUICE_OK);
    text_writer_fini(&text);
    text_writer_fini(&b.text);
}

static void assert_plan(record_query query, const char *part) {
    plan p;
    query.table = &THING;
    for (int way = 0; way < 2; way++) {
        query.descending = way == 1;
        plan_of(&query, &p);
        if (strstr(p.text, "TEMP B-TREE") != NULL || strstr(p.text, "SCAN desk_thing\n") != NULL ||
            strstr(p.text, part) == NULL) {
            fail_msg("expected '%s' and nothing sorted:\n%s", part, p.text);
        }
    }
}

static const query_term STATE = {.field = THING_STATE, .is = QUERY_EQUAL, .value = {.text = {"new", 3}}};

static void lists_are_read_through_their_indexes(void **state) {
    (void)state;
    query_term from = {.field = THING_DUE, .is = QUERY_GREATER_EQUAL, .value = {.integer = 1}};
    query_term terms[] = {STATE, from};
    record_query q = {.terms = terms, .term_count = 1, .order = THING_DUE};
    assert_plan(q, "(state=? AND due_ms>?)");
    q.has_after = true;
    q.after = value_integer(5);
    q.after_id = 7;
    assert_plan(q, "(state=? AND due_ms=? AND rowid");
    q.after = value_null();
    assert_plan(q, "(state=? AND due_ms=? AND rowid");
    q.term_count = 2;
    q.after = value_integer(5);
    assert_plan(q, "(state=? AND due_ms");
}

static void a_null_is_a_value_of_the_index(void **state) {
    (void)state;
    query_term terms[] = {STATE, {.field = THING_OWNER, .is = QUERY_NULL}};
    record_query q = {
        .terms = terms, .term_count = 2, .order = THING_AMOUNT, .has_after = true, .after = {.integer = 1}};
    assert_plan(q, "(state=? AND owner=? AND amount_fen");
}

static void lists_of_everything_too(void **state) {
    (void)state;
    record_query q = {.order = THING_AMOUNT};
    assert_plan(q, "(amount_fen>?)");
    q = (record_query){.order = QUERY_CREATED};
    assert_plan(q, "SCAN desk_thing USING INDEX");
    q = (record_query){.order = QUERY_ID, .has_after = true, .after_id = 9};
    assert_plan(q, "USING INTEGER PRIMARY KEY");
}

static void a_prefix_is_a_range(void **state) {
    (void)state;
    query_term term = {.field = THING_KEY, .is = QUERY_PREFIX, .value = {.text = {"card:622", 8}}};
    assert_plan((record_query){.terms = &term, .term_count = 1, .order = THING_KEY}, "(key>? AND key<?)");
}

static int setup(void **state) {
    static const record_table *const TABLES[] = {&THING};
    (void)state;
    return store_open_sqlite(tool_path("plan.sluice"), false, &s, NULL) != SLUICE_OK ||
           store_ensure_tables(s, TABLES, 1, NULL) != SLUICE_OK;
}

static int teardown(void **state) {
    (void)state;
    store_close(&s);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read_through_their_indexes),
        cmocka_unit_test(a_null_is_a_value_of_the_index),
        cmocka_unit_test(lists_of_everything_too),
        cmocka_unit_test(a_prefix_is_a_range),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
