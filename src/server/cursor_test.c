/* Cursors and rate limits: what holds whoever would bend them. */
#include "server/cursor_private.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "server/limits_private.h"

static const unsigned char KEY[32] = {1, 2, 3};
static const unsigned char OTHER_KEY[32] = {1, 2, 4};

static void a_cursor_comes_back(void **state) {
    (void)state;
    arena a = {0};
    char long_place[CURSOR_PLACE_BYTES_MAX + 1];
    memset(long_place, 'x', sizeof long_place);
    const sluice_text places[] = {TEXT(""), TEXT("7:100"), {"\0\xff\n", 3}, {long_place, CURSOR_PLACE_BYTES_MAX}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        sluice_text place, cursor = cursor_seal(KEY, "/v1/cases", places[i], &a);
        assert_true(cursor.length > 0);
        assert_true(cursor_open(KEY, "/v1/cases", cursor, &a, &place));
        assert_true(text_equal(place, places[i]));
        /* Not with another key, and not in another list. */
        assert_false(cursor_open(OTHER_KEY, "/v1/cases", cursor, &a, &place));
        assert_false(cursor_open(KEY, "/v1/leads", cursor, &a, &place));
    }
    assert_int_equal(cursor_seal(KEY, "/v1/cases", (sluice_text){long_place, sizeof long_place}, &a).length, 0);
    arena_fini(&a);
}

static void a_cursor_that_was_touched_is_refused(void **state) {
    (void)state;
    arena a = {0};
    sluice_text place, cursor = cursor_seal(KEY, "/v1/cases", TEXT("district=450102:77"), &a);
    char copy[128];
    for (size_t i = 0; i < cursor.length; i++) {
        memcpy(copy, cursor.data, cursor.length);
        copy[i] = copy[i] == 'A' ? 'B' : 'A';
        bool opened = cursor_open(KEY, "/v1/cases", (sluice_text){copy, cursor.length}, &a, &place);
        /* The last character may carry bits that mean nothing. */
        assert_true(!opened || i + 1 == cursor.length);
        assert_false(cursor_open(KEY, "/v1/cases", (sluice_text){cursor.data, i}, &a, &place));
    }
    assert_false(cursor_open(KEY, "/v1/cases", TEXT("!!!!"), &a, &place));
    arena_fini(&a);
}

/* ---- rates ---- */

#define SECOND INT64_C(1000000000)

static void a_bucket_empties_and_fills(void **state) {
    (void)state;
    rate_table t = {0};
    const rate_limit limit = {2000, 4}; /* two a second, four at once */
    assert_int_equal(rate_table_init(&t, NULL), SLUICE_OK);
    for (uint32_t i = 0; i < 4; i++) {
        rate_answer answer = rate_take(&t, 7, &limit, SECOND);
        assert_true(answer.allowed);
        assert_int_equal(answer.remaining, 3 - i);
    }
    rate_answer answer = rate_take(&t, 7, &limit, SECOND);
    assert_false(answer.allowed);
    assert_int_equal(answer.reset_s, 1);
    assert_true(rate_take(&t, 8, &limit, SECOND).allowed); /* somebody else */
    assert_true(rate_take(&t, 7, &limit, SECOND + SECOND / 2).allowed);
    assert_false(rate_take(&t, 7, &limit, SECOND + SECOND / 2).allowed);
    for (int i = 0; i < 4; i++) { /* an hour later it is full, and no fuller */
        assert_true(rate_take(&t, 7, &limit, 3600 * SECOND).allowed);
    }
    assert_false(rate_take(&t, 7, &limit, 3600 * SECOND).allowed);
    rate_table_fini(&t);
}

/* A flood of new keys pushes out who was quiet longest, and nobody's use of it gains tokens. */
static void a_flood_does_not_help(void **state) {
    (void)state;
    rate_table t = {0};
    const rate_limit limit = {100, 3};
    assert_int_equal(rate_table_init(&t, NULL), SLUICE_OK);
    uint64_t allowed = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        allowed += rate_take(&t, 42, &limit, SECOND).allowed;
        (void)rate_take(&t, 1000 + i, &limit, SECOND);
    }
    assert_int_equal(allowed, 3);
    for (uint64_t i = 0; i < UINT64_C(4) * RATE_SLOTS; i++) {
        assert_true(rate_take(&t, UINT64_C(1) << 32 | i, &limit, 2 * SECOND).allowed);
    }
    rate_table_fini(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cursor_comes_back),
        cmocka_unit_test(a_cursor_that_was_touched_is_refused),
        cmocka_unit_test(a_bucket_empties_and_fills),
        cmocka_unit_test(a_flood_does_not_help),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
