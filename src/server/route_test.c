#include "server/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static sluice_result handle(struct request *rq, struct response *rs, sluice_error *error) {
    (void)rq;
    (void)rs;
    (void)error;
    return SLUICE_OK;
}

#define ROUTE(METHOD, TEMPLATE)                                                                                        \
    { .method = (METHOD), .template = (TEMPLATE), .handle = handle, .tag = "t", .operation = "o", .en = "e", .zh = "z" }

static const route ROWS[] = {
    ROUTE(METHOD_GET, "/healthz"),
    ROUTE(METHOD_GET, "/v1/cases"),
    ROUTE(METHOD_POST, "/v1/cases"),
    ROUTE(METHOD_GET, "/v1/cases/{#id}"),
    ROUTE(METHOD_PATCH, "/v1/cases/{#id}"),
    ROUTE(METHOD_POST, "/v1/cases/{#id}/close"),
    ROUTE(METHOD_GET, "/v1/accounts/{key}"),
    ROUTE(METHOD_GET, "/v1/accounts/busiest"),
    ROUTE(METHOD_GET, "/v1/accounts/{key}/transfers/{id}"),
};

static route_match find(const route_set *set, arena *a, route_method method, const char *path) {
    route_match match;
    assert_true(route_find(set, method, text_of(path), a, &match));
    return match;
}

static void finds_by_method_and_path(void **state) {
    (void)state;
    route_set *set = NULL;
    arena a = {0};
    assert_int_equal(route_set_new(&set, NULL), SLUICE_OK);
    assert_int_equal(route_set_add(set, ROWS, sizeof ROWS / sizeof *ROWS, NULL), SLUICE_OK);

    assert_ptr_equal(find(set, &a, METHOD_GET, "/healthz").route, &ROWS[0]);
    assert_ptr_equal(find(set, &a, METHOD_POST, "/v1/cases").route, &ROWS[2]);
    route_match match = find(set, &a, METHOD_PATCH, "/v1/cases/17");
    assert_ptr_equal(match.route, &ROWS[4]);
    assert_int_equal(match.index, 4);
    assert_int_equal(match.variable_count, 1);
    assert_true(text_equal(match.variables[0], TEXT("17")));

    /* The address is there, the method is not. */
    match = find(set, &a, METHOD_DELETE, "/v1/cases/17");
    assert_null(match.route);
    assert_int_equal(match.methods, 1u << METHOD_GET | 1u << METHOD_PATCH);

    /* A literal wins over a variable; a variable is decoded. */
    assert_ptr_equal(find(set, &a, METHOD_GET, "/v1/accounts/busiest").route, &ROWS[7]);
    match = find(set, &a, METHOD_GET, "/v1/accounts/card%3A62%2F1/transfers/%E6%B5%81");
    assert_ptr_equal(match.route, &ROWS[8]);
    assert_true(text_equal(match.variables[0], TEXT("card:62/1")));
    assert_true(text_equal(match.variables[1], TEXT("流")));

    static const char *const NOTHING[] = {"",
                                          "/",
                                          "v1/cases",
                                          "/v1/cases/",
                                          "/v1//cases",
                                          "/v1/cases/x",
                                          "/v1/cases/0",
                                          "/v1/cases/-1",
                                          "/v1/cases/9223372036854775808",
                                          "/v1/cases/1/close/",
                                          "/v1/accounts/",
                                          "/V1/cases",
                                          "/v1/../healthz",
                                          "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p"};
    for (size_t i = 0; i < sizeof NOTHING / sizeof *NOTHING; i++) {
        assert_int_equal(find(set, &a, METHOD_GET, NOTHING[i]).methods, 0);
    }
    static const char *const BROKEN[] = {"/v1/accounts/%",     "/v1/accounts/%4",     "/v1/accounts/%zz",
                                         "/v1/accounts/a%00b", "/v1/accounts/%0d%0a", "/v1/accounts/%ff",
                                         "/v1/accounts/%c0%af"};
    for (size_t i = 0; i < sizeof BROKEN / sizeof *BROKEN; i++) {
        assert_true(find(set, &a, METHOD_GET, BROKEN[i]).malformed);
    }
    arena_fini(&a);
    route_set_free(&set);
}

static void refuses_tables_that_are_wrong(void **state) {
    (void)state;
    static const route WRONG[] = {ROUTE(METHOD_GET, "healthz"), ROUTE(METHOD_GET, "/v1/{name}"),
                                  ROUTE(METHOD_GET, "/v1/cases/{#number}"),
                                  ROUTE(METHOD_GET, "/v1/a/{b}/{c}/{d}/{e}/{f}")};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        route_set *set = NULL;
        sluice_error error = {0};
        assert_int_equal(route_set_new(&set, NULL), SLUICE_OK);
        assert_int_equal(route_set_add(set, ROWS, sizeof ROWS / sizeof *ROWS, NULL), SLUICE_OK);
        assert_int_equal(route_set_add(set, &WRONG[i], 1, &error), SLUICE_E_INVALID);
        assert_true(error.text[0] != '\0');
        route_set_free(&set);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_by_method_and_path),
        cmocka_unit_test(refuses_tables_that_are_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
