/* Profiles against a naive recompute that moves single fen, on random ledgers; and one ledger worked by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/time.h"
#include "feature/profile.h"
#include "sys/random.h"

#define ENTRIES_MAX 120
#define FEN_MAX (ENTRIES_MAX * 40)
#define PARTIES 9
#define MINUTE INT64_C(60000)
#define HOUR INT64_C(3600000)

static uint64_t seed = 20261123;

static const char *const party_keys[PARTIES] = {"card:0", "card:1", "card:2", "card:3", "card:4",
                                                "card:5", "card:6", "atm:7",  "atm:8"};

static sluice_text key_of(const void *context, uint32_t number) {
    (void)context;
    return text_of(party_keys[number]);
}

static sluice_profile *profile_of(const sluice_profile_options *options, int64_t opening_fen,
                                  const profile_entry *entries, size_t count, uint32_t top_count) {
    sluice_profile *profile = profile_new(options, opening_fen);
    assert_non_null(profile);
    for (size_t i = 0; i < count; i++) {
        assert_true(profile_add(profile, &entries[i]));
    }
    assert_true(profile_finish(profile, top_count, key_of, NULL));
    profile->view.status = "open";
    return profile;
}

/* ---- by hand ---- */

static void test_worked_example(void **state) {
    (void)state;
    /* Monday 2026-01-05 in Shanghai. Opening ¥100. 10:00 +¥1,000 from A; 10:20 −¥600 to B: 100 of the opening, 500 of A
     * after 20 min; 13:00 −¥400 cash: 400 of A after 3 h; Tuesday 09:00 +¥50 from B; balance 100 + 50 = 150. */
    int64_t monday = 0;
    assert_true(time_parse(TEXT("2026-01-05T00:00:00+08:00"), 0, &monday));
    const profile_entry entries[] = {{monday + 10 * HOUR, 100000, false, false, 0},
                                     {monday + 10 * HOUR + 20 * MINUTE, 60000, true, false, 1},
                                     {monday + 13 * HOUR, 40000, true, true, 7},
                                     {monday + 33 * HOUR, 5000, false, false, 1}};
    sluice_profile_options options = {.recent_ms = 23 * HOUR};
    sluice_profile *profile = profile_of(&options, 10000, entries, 4, 20);
    const sluice_profile_view *view = &profile->view;
    assert_int_equal(view->in.amount_fen, 105000);
    assert_int_equal(view->in.count, 2);
    assert_int_equal(view->out.amount_fen, 100000);
    assert_int_equal(view->withdrawals.amount_fen, 40000);
    assert_int_equal(view->start_fen, 10000);
    assert_int_equal(view->balance_fen, 15000);
    assert_int_equal(view->low_fen, 10000);
    assert_int_equal(view->high_fen, 110000);
    assert_int_equal(view->matched_fen, 90000);
    /* 500 of 900 stayed 20 min, 400 stayed 3 h. */
    assert_int_equal(view->dwell_ms[0], 20 * MINUTE);
    assert_int_equal(view->dwell_ms[2], 20 * MINUTE);
    assert_int_equal(view->dwell_ms[3], 3 * HOUR);
    assert_int_equal(view->left_in_hour_fen, 50000);
    assert_int_equal(view->left_in_day_fen, 90000);
    assert_int_equal(view->hour_count[0][10], 2);
    assert_int_equal(view->hour_amount_fen[0][13], 40000);
    assert_int_equal(view->hour_count[1][9], 1);
    assert_int_equal(view->day_count, 2);
    assert_int_equal(view->days[0].closing_fen, 10000);
    assert_int_equal(view->days[0].high_fen, 110000);
    assert_int_equal(view->days[1].day_ms, monday + TIME_DAY_MS);
    assert_int_equal(view->days[1].closing_fen, 15000);
    /* The window begins at Monday 10:00 and 1 ms: A is gone since; B and the machine are new, B in both directions. */
    assert_int_equal(view->counterparty_count, 3);
    assert_int_equal(view->common_count, 1);
    assert_int_equal(view->new_count, 2);
    assert_int_equal(view->vanished_count, 1);
    assert_string_equal(view->counterparties[0].key.data, "card:0");
    assert_true(view->counterparties[0].has_vanished);
    assert_string_equal(view->counterparties[1].key.data, "card:1");
    assert_true(view->counterparties[1].is_common && view->counterparties[1].is_new);
    profile_free(&profile);
    assert_null(profile);
}

static void test_overdraft_is_repaid_before_money_waits(void **state) {
    (void)state;
    /* A bank states −¥50: +¥80 leaves ¥30, which go after an hour. */
    const profile_entry entries[] = {{HOUR, 8000, false, false, 0}, {2 * HOUR, 3000, true, false, 1}};
    sluice_profile_options options = {.recent_ms = HOUR};
    sluice_profile *profile = profile_of(&options, -5000, entries, 2, 20);
    assert_int_equal(profile->view.balance_fen, 0);
    assert_int_equal(profile->view.low_fen, -5000);
    assert_int_equal(profile->view.matched_fen, 3000);
    assert_int_equal(profile->view.dwell_ms[2], HOUR);
    profile_free(&profile);
}

static void test_names_are_masked(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"王小明", "王**"}, {"王明", "王*"}, {"欧阳小明", "欧**"}, {"王", "王"},
                                          {"John", "J**"},    {"", ""},        {"\xE7", "\xE7"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char name[SLUICE_PROFILE_NAME_BYTES];
        profile_mask_name(text_of(rows[i][0]), name);
        assert_string_equal(name, rows[i][1]);
    }
}

/* ---- against the naive one ---- */

typedef struct naive {
    int64_t dwells[FEN_MAX]; /* of each fen spent in the period */
    size_t dwell_count;
    int64_t hour_fen, day_fen;
} naive;

static bool in_period(const sluice_profile_options *options, int64_t time_ms) {
    return (options->from_ms == 0 || time_ms >= options->from_ms) && (options->to_ms == 0 || time_ms < options->to_ms);
}

/* Every fen of the account stands in a queue with its time of arrival. */
static void naive_dwell(const sluice_profile_options *options, int64_t opening_fen, const profile_entry *entries,
                        size_t count, naive *out) {
    static int64_t queue[FEN_MAX];
    size_t first = 0, last = 0;
    for (int64_t i = 0; i < opening_fen; i++) {
        queue[last++] = INT64_MIN;
    }
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        if (options->to_ms != 0 && entries[i].time_ms >= options->to_ms) {
            break;
        }
        for (int64_t fen = 0; fen < entries[i].amount_fen; fen++) {
            if (!entries[i].is_debit) {
                queue[last++] = entries[i].time_ms;
                continue;
            }
            int64_t arrived_ms = queue[first++];
            if (arrived_ms == INT64_MIN) {
                continue;
            }
            int64_t dwell_ms = entries[i].time_ms - arrived_ms;
            if (in_period(options, arrived_ms)) {
                out->hour_fen += dwell_ms <= HOUR;
                out->day_fen += dwell_ms <= 24 * HOUR;
            }
            if (in_period(options, entries[i].time_ms)) {
                out->dwells[out->dwell_count++] = dwell_ms;
            }
        }
    }
}

static int compare_times(const void *left, const void *right) {
    const int64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

static void check_dwell(const sluice_profile_view *view, naive *expected) {
    static const size_t percents[SLUICE_PROFILE_QUANTILES] = {10, 25, 50, 75, 90};
    assert_int_equal(view->matched_fen, expected->dwell_count);
    assert_int_equal(view->left_in_hour_fen, expected->hour_fen);
    assert_int_equal(view->left_in_day_fen, expected->day_fen);
    qsort(expected->dwells, expected->dwell_count, sizeof *expected->dwells, compare_times);
    for (size_t i = 0; i < SLUICE_PROFILE_QUANTILES; i++) {
        size_t place = (expected->dwell_count * percents[i] + 99) / 100;
        assert_int_equal(view->dwell_ms[i], place == 0 ? -1 : expected->dwells[place - 1]);
    }
}

static void check_sums(const sluice_profile_options *options, const sluice_profile_view *view, int64_t opening_fen,
                       const profile_entry *entries, size_t count) {
    int64_t balance_fen = opening_fen, in_fen = 0, out_fen = 0, cash_fen = 0;
    uint64_t hours[7][24] = {0};
    for (size_t i = 0; i < count && (options->to_ms == 0 || entries[i].time_ms < options->to_ms); i++) {
        const profile_entry *entry = &entries[i];
        balance_fen += entry->is_debit ? -entry->amount_fen : entry->amount_fen;
        if (!in_period(options, entry->time_ms)) {
            continue;
        }
        in_fen += entry->is_debit ? 0 : entry->amount_fen;
        out_fen += entry->is_debit ? entry->amount_fen : 0;
        cash_fen += entry->is_withdrawal ? entry->amount_fen : 0;
        time_t shanghai = (time_t)(entry->time_ms / 1000 + 8 * 3600);
        struct tm broken;
        assert_non_null(gmtime_r(&shanghai, &broken));
        hours[(broken.tm_wday + 6) % 7][broken.tm_hour]++;
        bool found = false;
        for (size_t day = 0; day < view->day_count; day++) {
            time_t midnight = (time_t)(view->days[day].day_ms / 1000 + 8 * 3600);
            struct tm of_day;
            assert_non_null(gmtime_r(&midnight, &of_day));
            assert_int_equal(of_day.tm_hour + of_day.tm_min + of_day.tm_sec, 0);
            found = found || (of_day.tm_yday == broken.tm_yday && of_day.tm_year == broken.tm_year);
        }
        assert_true(found);
    }
    assert_int_equal(view->balance_fen, balance_fen);
    assert_int_equal(view->in.amount_fen, in_fen);
    assert_int_equal(view->out.amount_fen, out_fen);
    assert_int_equal(view->withdrawals.amount_fen, cash_fen);
    assert_int_equal(view->start_fen + in_fen - out_fen, balance_fen);
    assert_memory_equal(view->hour_count, hours, sizeof hours);
    int64_t day_in_fen = 0, day_out_fen = 0;
    for (size_t day = 0; day < view->day_count; day++) {
        day_in_fen += view->days[day].in.amount_fen;
        day_out_fen += view->days[day].out.amount_fen;
        assert_true(view->days[day].low_fen <= view->days[day].closing_fen);
        assert_true(view->days[day].high_fen >= view->days[day].closing_fen);
    }
    assert_int_equal(day_in_fen, in_fen);
    assert_int_equal(day_out_fen, out_fen);
    assert_true(view->day_count == 0 || view->days[view->day_count - 1].closing_fen == balance_fen);
}

/* The rows are looked at one by one: whatever moved or vanished is listed, in order, and says the truth. */
static void check_counterparties(const sluice_profile_options *options, const sluice_profile_view *view,
                                 const profile_entry *entries, size_t count) {
    uint64_t moved = 0, vanished = 0, both = 0, fresh = 0;
    for (uint32_t number = 0; number < PARTIES; number++) {
        int64_t in_fen = 0, out_fen = 0, first_ms = -1, last_ms = -1;
        uint64_t in_count = 0, out_count = 0;
        for (size_t i = 0; i < count && (options->to_ms == 0 || entries[i].time_ms < options->to_ms); i++) {
            if (entries[i].counterparty != number) {
                continue;
            }
            first_ms = first_ms < 0 ? entries[i].time_ms : first_ms;
            last_ms = entries[i].time_ms;
            if (in_period(options, entries[i].time_ms)) {
                *(entries[i].is_debit ? &out_fen : &in_fen) += entries[i].amount_fen;
                ++*(entries[i].is_debit ? &out_count : &in_count);
            }
        }
        moved += in_count + out_count > 0;
        both += in_count > 0 && out_count > 0;
        bool is_gone = last_ms >= 0 && last_ms < view->recent_from_ms;
        bool is_new = first_ms >= view->recent_from_ms && view->first_ms < view->recent_from_ms;
        vanished += is_gone;
        fresh += is_new;
        size_t rows = 0;
        for (size_t i = 0; i < view->counterparty_listed; i++) {
            const sluice_profile_counterparty *row = &view->counterparties[i];
            if (text_equal(row->key, text_of(party_keys[number]))) {
                rows++;
                assert_int_equal(row->in.amount_fen, in_fen);
                assert_int_equal(row->out.amount_fen, out_fen);
                assert_int_equal(row->in.count, in_count);
                assert_int_equal(row->out.count, out_count);
                assert_int_equal(row->first_ms, first_ms);
                assert_int_equal(row->last_ms, last_ms);
                assert_int_equal(row->has_vanished, is_gone);
                assert_int_equal(row->is_new, is_new);
            }
        }
        assert_int_equal(rows, in_count + out_count > 0 || is_gone);
    }
    assert_int_equal(view->counterparty_count, moved);
    assert_int_equal(view->vanished_count, vanished);
    assert_int_equal(view->common_count, both);
    assert_int_equal(view->new_count, fresh);
    for (size_t i = 1; i < view->counterparty_listed; i++) {
        const sluice_profile_counterparty *a = &view->counterparties[i - 1], *b = &view->counterparties[i];
        int64_t a_fen = a->in.amount_fen + a->out.amount_fen, b_fen = b->in.amount_fen + b->out.amount_fen;
        assert_true(a_fen > b_fen || (a_fen == b_fen && text_compare(a->key, b->key) < 0));
    }
}

static size_t draw_ledger(random_stream *stream, int64_t *opening_fen, profile_entry *entries) {
    int64_t time_ms = INT64_C(1767196800000) + random_between(stream, 0, 400 * 24 * HOUR);
    *opening_fen = random_between(stream, 0, 30);
    int64_t balance_fen = *opening_fen;
    size_t count = random_below(stream, ENTRIES_MAX);
    for (size_t i = 0; i < count; i++) {
        time_ms +=
            random_chance(stream, 1, 4) ? random_between(stream, 0, 9 * 24 * HOUR) : random_between(stream, 0, HOUR);
        bool is_debit = balance_fen > 0 && random_chance(stream, 1, 2);
        int64_t amount_fen = random_between(stream, 0, is_debit ? (balance_fen < 39 ? balance_fen : 39) : 39);
        balance_fen += is_debit ? -amount_fen : amount_fen;
        uint32_t party = (uint32_t)random_below(stream, PARTIES);
        entries[i] = (profile_entry){time_ms, amount_fen, is_debit, is_debit && party >= 7, party};
    }
    return count;
}

static void test_equals_a_naive_recompute(void **state) {
    (void)state;
    random_stream stream;
    random_seed(&stream, seed);
    static naive expected;
    for (size_t round = 0; round < 3000; round++) {
        profile_entry entries[ENTRIES_MAX];
        int64_t opening_fen = 0;
        size_t count = draw_ledger(&stream, &opening_fen, entries);
        sluice_profile_options options = {.recent_ms = random_between(&stream, HOUR, 40 * 24 * HOUR)};
        if (count > 1 && random_chance(&stream, 1, 2)) {
            options.from_ms = random_between(&stream, entries[0].time_ms, entries[count - 1].time_ms);
        }
        if (count > 1 && random_chance(&stream, 1, 3)) {
            options.to_ms = random_between(&stream, entries[0].time_ms, entries[count - 1].time_ms) + 1;
            options.to_ms = options.to_ms <= options.from_ms ? options.from_ms + 1 : options.to_ms;
        }
        sluice_profile *profile = profile_of(&options, opening_fen, entries, count, UINT32_MAX);
        naive_dwell(&options, opening_fen, entries, count, &expected);
        check_dwell(&profile->view, &expected);
        check_sums(&options, &profile->view, opening_fen, entries, count);
        check_counterparties(&options, &profile->view, entries, count);
        profile_free(&profile);
    }
}

/* ---- rendering, and want of memory ---- */

static void test_renders_both_ways_at_any_failure(void **state) {
    (void)state;
    random_stream stream;
    random_seed(&stream, seed);
    profile_entry entries[ENTRIES_MAX];
    int64_t opening_fen = 0;
    size_t count = draw_ledger(&stream, &opening_fen, entries);
    while (count < 30) {
        count = draw_ledger(&stream, &opening_fen, entries);
    }
    sluice_profile_options options = {.recent_ms = HOUR};
    for (int format = SLUICE_PROFILE_TABLE; format <= SLUICE_PROFILE_JSON; format++) {
        sluice_profile *profile = profile_of(&options, opening_fen, entries, count, 5);
        sluice_result result = SLUICE_E_NO_MEMORY;
        char *text = NULL;
        size_t length = 0;
        for (int64_t allocations = 0; result != SLUICE_OK; allocations++) {
            memory_fail_after(allocations);
            sluice_error error = {0};
            result = profile_render(profile, (sluice_profile_format)format, &text, &length, &error);
            memory_fail_after(-1);
            assert_true(result == SLUICE_OK || result == SLUICE_E_NO_MEMORY);
            assert_true((result == SLUICE_OK) == (text != NULL));
            assert_true(allocations < 500);
        }
        if (text == NULL) {
            fail();
            return;
        }
        assert_int_equal(strlen(text), length);
        assert_non_null(strstr(text, format == SLUICE_PROFILE_JSON ? "\"pass_through\"" : "账户画像"));
        memory_free(text);
        profile_free(&profile);
    }
}

static void test_building_survives_want_of_memory(void **state) {
    (void)state;
    const profile_entry entries[] = {{HOUR, 8000, false, false, 0}, {2 * HOUR, 3000, true, false, 1}};
    sluice_profile_options options = {.recent_ms = HOUR};
    bool done = false;
    for (int64_t allocations = 0; !done; allocations++) {
        memory_fail_after(allocations);
        sluice_profile *profile = profile_new(&options, 100);
        done = profile != NULL && profile_add(profile, &entries[0]) && profile_add(profile, &entries[1]) &&
               profile_finish(profile, 5, key_of, NULL);
        memory_fail_after(-1);
        profile_free(&profile);
        assert_true(allocations < 100);
    }
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--seed") == 0) {
        seed = strtoull(argv[2], NULL, 10);
    }
    print_message("seed %llu\n", (unsigned long long)seed);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_worked_example),
                                       cmocka_unit_test(test_overdraft_is_repaid_before_money_waits),
                                       cmocka_unit_test(test_names_are_masked),
                                       cmocka_unit_test(test_equals_a_naive_recompute),
                                       cmocka_unit_test(test_renders_both_ways_at_any_failure),
                                       cmocka_unit_test(test_building_survives_want_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
