#include "server/presence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const desk_kind CASES = {.name = "case"}, STOPS = {.name = "stop"};

static presence_row at(const desk_kind *kind, int64_t id, int64_t user, int64_t second) {
    return (presence_row){.kind = kind,
                          .id = id,
                          .user = user,
                          .session = user * 10,
                          .since_ms = second * 1000,
                          .seen_ns = second * 1000000000};
}

static void test_two_see_each_other(void **state) {
    presence *p = NULL;
    sluice_error error;
    presence_row others[4];
    (void)state;
    assert_int_equal(presence_open(&p, &error), SLUICE_OK);
    presence_row wang = at(&CASES, 7, 1, 100), li = at(&CASES, 7, 2, 101), zhao = at(&CASES, 8, 3, 101),
                 qian = at(&STOPS, 7, 4, 101);
    assert_true(presence_say(p, &wang, false));
    assert_false(presence_say(p, &wang, false)); /* no news */
    assert_int_equal(presence_others(p, &wang, others, 4), 0);
    assert_true(presence_say(p, &li, false));
    assert_true(presence_say(p, &zhao, false)); /* another case */
    assert_true(presence_say(p, &qian, false)); /* another kind with the same number */
    assert_int_equal(presence_others(p, &wang, others, 4), 1);
    assert_int_equal(others[0].user, 2);
    assert_false(others[0].edits);
    li.edits = true;
    assert_true(presence_say(p, &li, false));
    assert_int_equal(presence_others(p, &wang, others, 4), 1);
    assert_true(others[0].edits);
    assert_true(presence_say(p, &li, true));
    assert_false(presence_say(p, &li, true));
    assert_int_equal(presence_others(p, &wang, others, 4), 0);
    presence_close(&p);
}

static void test_silence_ends_it(void **state) {
    presence *p = NULL;
    sluice_error error;
    presence_row others[4];
    (void)state;
    assert_int_equal(presence_open(&p, &error), SLUICE_OK);
    presence_row wang = at(&CASES, 7, 1, 100), li = at(&CASES, 7, 2, 120);
    assert_true(presence_say(p, &wang, false));
    assert_true(presence_say(p, &li, false));
    li.seen_ns += (int64_t)(PRESENCE_LASTS_MS - 20000) * 1000000;
    assert_int_equal(presence_others(p, &li, others, 4), 1); /* the last moment */
    li.seen_ns += 1;
    assert_int_equal(presence_others(p, &li, others, 4), 0);
    wang.seen_ns = li.seen_ns;
    wang.since_ms = 200000;
    assert_true(presence_say(p, &wang, false)); /* he is back: news */
    assert_int_equal(presence_others(p, &li, others, 4), 1);
    assert_int_equal(others[0].since_ms, 200000);
    presence_close(&p);
}

static void test_a_full_table_forgets_the_most_silent(void **state) {
    presence *p = NULL;
    sluice_error error;
    presence_row others[2];
    (void)state;
    assert_int_equal(presence_open(&p, &error), SLUICE_OK);
    for (int64_t user = 1; user <= PRESENCE_ROWS + 1; user++) {
        presence_row row = at(&CASES, user, user, 100);
        row.seen_ns += user;
        assert_true(presence_say(p, &row, false));
    }
    presence_row watcher = at(&CASES, 1, 9999, 100), last = at(&CASES, PRESENCE_ROWS + 1, 9999, 100);
    assert_int_equal(presence_others(p, &watcher, others, 2), 0);
    assert_int_equal(presence_others(p, &last, others, 2), 1);
    presence_close(&p);
}

static void test_two_tabs_are_one_person(void **state) {
    presence *p = NULL;
    sluice_error error;
    presence_row others[2];
    (void)state;
    assert_int_equal(presence_open(&p, &error), SLUICE_OK);
    presence_row one = at(&CASES, 7, 1, 100), two = one, watcher = at(&CASES, 7, 2, 100);
    two.session = 11;
    two.edits = true;
    assert_true(presence_say(p, &one, false));
    assert_true(presence_say(p, &two, false));
    assert_int_equal(presence_others(p, &watcher, others, 2), 1);
    assert_true(others[0].edits);
    presence_close(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_see_each_other),
        cmocka_unit_test(test_silence_ends_it),
        cmocka_unit_test(test_a_full_table_forgets_the_most_silent),
        cmocka_unit_test(test_two_tabs_are_one_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
