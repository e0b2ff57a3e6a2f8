/* Whose a server's database is: after a lost session, after a commit without an answer, after somebody else came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/postgres/postgres_private.h"
#include "support/postgres_server.h"
#include "support/store_model.h"

static char place[1024];
static store *s;

static store *opened(void) {
    store *opened = NULL;
    sluice_error error = {0};
    if (store_open_postgres(place, false, &opened, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return opened;
}

static int setup(void **state) {
    (void)state;
    postgres_server_database(place, sizeof place);
    s = opened();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    store_close(&s);
    return 0;
}

static void a_lost_session_is_replaced(void **state) {
    (void)state;
    sluice_error error = {0};
    uint64_t chain = 0;
    assert_int_equal(model_commit(s, 0, NULL), SLUICE_OK);
    assert_int_equal(store_chain_at(s, 1, &chain, NULL), SLUICE_OK);
    postgres_server_cut(place); /* idle: found out, and made good */
    assert_int_equal(store_chain_at(s, 1, &chain, &error), SLUICE_OK);
    assert_int_equal(model_commit(s, 1, &error), SLUICE_OK);
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    assert_int_equal(store_put_truth(s, 1, (sluice_text){"", 0}, (sluice_text){"x", 1}, &error), SLUICE_OK);
    postgres_server_cut(place); /* in a transaction: that is lost */
    assert_int_equal(store_put_truth(s, 2, (sluice_text){"", 0}, (sluice_text){"x", 1}, &error), SLUICE_E_IO);
    assert_non_null(strstr(error.text, "connection"));
    assert_int_equal(store_commit(s, &error), SLUICE_E_IO);
    store_rollback(s);
    assert_int_equal(model_commit(s, 2, &error), SLUICE_OK);
    assert_int_equal(model_verify(s), 3);
}

static void whoever_came_meanwhile_has_it(void **state) {
    (void)state;
    sluice_error error = {0};
    postgres_server_cut(place);
    store *other = opened();
    assert_int_equal(store_begin(s, &error), SLUICE_E_BUSY); /* it is there still */
    assert_non_null(strstr(error.text, "in use by process"));
    assert_int_equal(model_commit(other, 0, &error), SLUICE_OK);
    store_close(&other);
    assert_int_equal(store_begin(s, &error), SLUICE_E_BUSY); /* it is gone, and what we have in memory is of the past */
    assert_non_null(strstr(error.text, "restart this one"));
    store_close(&s);
    s = opened();
    assert_int_equal(model_verify(s), 1);
}

static void an_unanswered_commit_is_asked_for(void **state) {
    (void)state;
    sluice_error error = {0};
    postgres_store *p = postgres_of(s);
    /* Undone: as if the answer was lost, and no commit made. */
    assert_int_equal(store_begin(s, NULL), SLUICE_OK);
    store_rollback(s);
    p->in_doubt = true;
    postgres_disconnect(&p->writer);
    assert_int_equal(model_commit(s, 0, &error), SLUICE_OK);
    /* Made: as if its answer was lost, and had been reported as a failure. */
    p->in_doubt = true;
    postgres_disconnect(&p->writer);
    assert_int_equal(store_begin(s, &error), SLUICE_E_IO);
    assert_non_null(strstr(error.text, "was made after all"));
    assert_int_equal(store_begin(s, &error), SLUICE_E_IO);
    store_close(&s);
    s = opened();
    assert_int_equal(model_verify(s), 1);
}

static void passwords_are_not_shown(void **state) {
    (void)state;
    store *none = NULL;
    sluice_error error = {0};
    assert_int_equal(
        store_open_postgres("postgres://clerk:geheim@/x?host=/nowhere&password=geheim&port=9", true, &none, &error),
        SLUICE_E_IO);
    assert_null(strstr(error.text, "geheim"));
    assert_non_null(strstr(error.text, "postgres://clerk@/x?host=/nowhere"));
}

int main(void) {
    if (!postgres_server_start()) {
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_lost_session_is_replaced, setup, teardown),
        cmocka_unit_test_setup_teardown(whoever_came_meanwhile_has_it, setup, teardown),
        cmocka_unit_test_setup_teardown(an_unanswered_commit_is_asked_for, setup, teardown),
        cmocka_unit_test(passwords_are_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
