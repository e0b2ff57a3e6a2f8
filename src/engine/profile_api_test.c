/* Profiles through the engine: the same as the ledger that sluice_ledger_read gives, at every sequence; owners,
 * devices, errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sluice/profile.h>
#include <sluice/trace.h>

#include "base/memory.h"
#include "base/text.h"
#include "sys/random.h"

#define ACCOUNTS 6
#define SIGNALS 400
#define HOUR INT64_C(3600000)

static uint64_t seed = 20261123;
static char folder[64], path[96];
static sluice_engine *engine;
static uint64_t last_sequence;

static const char *const account_keys[ACCOUNTS] = {"card:0", "card:1", "card:2", "card:3", "card:4", "card:5"};

static void append(const sluice_signal *signal) {
    sluice_append_result result;
    size_t index = 0;
    sluice_error error = {0};
    assert_int_equal(sluice_engine_append(engine, signal, 1, &result, &index, &error), SLUICE_OK);
}

static void append_random(random_stream *stream) {
    static const int64_t start_ms = INT64_C(1767196800000);
    for (unsigned i = 0; i < SIGNALS; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "T%u", i);
        uint64_t from = random_below(stream, ACCOUNTS), to = (from + 1 + random_below(stream, ACCOUNTS - 1)) % ACCOUNTS;
        bool is_cash = random_chance(stream, 1, 8);
        append(&(sluice_signal){.kind = is_cash ? SLUICE_SIGNAL_WITHDRAWAL : SLUICE_SIGNAL_TRANSFER,
                                .time_ms = start_ms + (int64_t)random_below(stream, (uint64_t)(20 * 24 * HOUR)),
                                .id = text_of(id),
                                .from = text_of(account_keys[from]),
                                .to = is_cash ? TEXT("atm:1") : text_of(account_keys[to]),
                                .amount_fen = random_between(stream, 1, 100000)});
    }
}

static int open_city(void **state) {
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/sluice_profile_test_XXXXXX");
    sluice_error error = {0};
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/city.db", folder);
    if (sluice_engine_open(path, NULL, &engine, &error) != SLUICE_OK) {
        print_error("%s\n", error.text);
        return -1;
    }
    random_stream stream;
    random_seed(&stream, seed);
    append(&(sluice_signal){.kind = SLUICE_SIGNAL_ACCOUNT,
                            .event = SLUICE_EVENT_SEEN,
                            .key = TEXT("card:0"),
                            .time_ms = HOUR,
                            .type = TEXT("debit card"),
                            .holder = TEXT("person:1"),
                            .name = TEXT("王小明")});
    append(&(sluice_signal){.kind = SLUICE_SIGNAL_ACCOUNT,
                            .event = SLUICE_EVENT_SEEN,
                            .key = TEXT("card:1"),
                            .time_ms = HOUR,
                            .holder = TEXT("company:1")});
    append(&(sluice_signal){.kind = SLUICE_SIGNAL_HOLDER,
                            .event = SLUICE_EVENT_SEEN,
                            .key = TEXT("company:1"),
                            .time_ms = HOUR,
                            .type = TEXT("company"),
                            .name = TEXT("青禾商行")});
    for (int64_t i = 0; i < 5; i++) { /* two phones; the first is used by card:1 too */
        append(&(sluice_signal){.kind = SLUICE_SIGNAL_LOGIN,
                                .key = i == 4 ? TEXT("card:1") : TEXT("card:0"),
                                .time_ms = (i + 1) * HOUR,
                                .device = i == 3 ? TEXT("device:b") : TEXT("device:a"),
                                .place = TEXT("ip:100.64.0.1")});
    }
    append_random(&stream);
    append(&(sluice_signal){.kind = SLUICE_SIGNAL_ACCOUNT,
                            .event = SLUICE_EVENT_BLOCKED,
                            .key = TEXT("card:0"),
                            .time_ms = INT64_C(1767196800000) + 30 * 24 * HOUR});
    return sluice_engine_flush(engine, &last_sequence, &error) == SLUICE_OK ? 0 : -1;
}

static int close_city(void **state) {
    (void)state;
    sluice_engine_close(&engine);
    static const char *const suffixes[] = {"", "-wal", "-shm", "-lock", "-snapshot"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char file[128];
        (void)snprintf(file, sizeof file, "%s%s", path, suffixes[i]);
        (void)remove(file);
    }
    (void)rmdir(folder);
    return 0;
}

typedef struct sums {
    int64_t in_fen, out_fen, cash_fen, balance_fen, low_fen;
    uint64_t count;
} sums;

static bool add_up(void *context, const sluice_transfer *transfer, bool is_debit, int64_t balance_fen) {
    sums *s = context;
    s->in_fen += is_debit ? 0 : transfer->received_fen;
    s->out_fen += is_debit ? transfer->amount_fen : 0;
    s->cash_fen += transfer->kind == SLUICE_SIGNAL_WITHDRAWAL ? transfer->amount_fen : 0;
    s->low_fen = s->count == 0 || balance_fen < s->low_fen ? balance_fen : s->low_fen;
    s->balance_fen = balance_fen;
    s->count++;
    return true;
}

static void test_equals_the_ledger_as_of_any_sequence(void **state) {
    (void)state;
    for (uint64_t as_of = 12; as_of <= last_sequence; as_of += 13) {
        for (size_t i = 0; i < ACCOUNTS; i++) {
            sums expected = {0};
            sluice_error error = {0};
            assert_int_equal(sluice_ledger_read(engine, text_of(account_keys[i]), as_of, add_up, &expected, &error),
                             SLUICE_OK);
            sluice_profile_options options = {.size = sizeof options, .as_of = as_of};
            sluice_profile *profile = NULL;
            assert_int_equal(sluice_profile_run(engine, text_of(account_keys[i]), &options, &profile, &error),
                             SLUICE_OK);
            sluice_profile_view view = {.size = sizeof view};
            sluice_profile_view_get(profile, &view);
            assert_int_equal(view.as_of, as_of);
            assert_int_equal(view.in.amount_fen, expected.in_fen);
            assert_int_equal(view.out.amount_fen, expected.out_fen);
            assert_int_equal(view.withdrawals.amount_fen, expected.cash_fen);
            assert_int_equal(view.in.count + view.out.count, expected.count);
            assert_true(view.opening_inferred);
            if (expected.count > 0) {
                assert_int_equal(view.balance_fen, expected.balance_fen);
                assert_int_equal(view.low_fen,
                                 expected.low_fen < view.opening_fen ? expected.low_fen : view.opening_fen);
                assert_true(view.low_fen >= 0);
            }
            sluice_profile_free(&profile);
        }
    }
}

static void test_owner_and_devices(void **state) {
    (void)state;
    sluice_error error = {0};
    sluice_profile *profile = NULL;
    assert_int_equal(sluice_profile_run(engine, TEXT("card:0"), NULL, &profile, &error), SLUICE_OK);
    sluice_profile_view view = {.size = sizeof view};
    sluice_profile_view_get(profile, &view);
    assert_string_equal(view.holder_name, "王**");
    assert_true(text_equal(view.holder, TEXT("person:1")));
    assert_true(text_equal(view.type, TEXT("debit card")));
    assert_string_equal(view.status, "blocked");
    assert_int_equal(view.login_count, 4);
    assert_int_equal(view.device_count, 2);
    assert_true(text_equal(view.devices[0].key, TEXT("device:a")));
    assert_int_equal(view.devices[0].login_count, 3);
    assert_int_equal(view.devices[0].account_count, 2);
    assert_int_equal(view.devices[1].account_count, 1);
    char *text = NULL;
    size_t length = 0;
    assert_int_equal(sluice_profile_render(profile, SLUICE_PROFILE_JSON, &text, &length, &error), SLUICE_OK);
    assert_null(strstr(text, "小明")); /* never in full */
    sluice_text_free(&text);
    sluice_profile_free(&profile);
    assert_int_equal(sluice_profile_run(engine, TEXT("card:1"), NULL, &profile, &error), SLUICE_OK);
    sluice_profile_view_get(profile, &view);
    assert_string_equal(view.holder_name, "青禾商行");
    sluice_profile_free(&profile);
}

static void test_errors_name_the_cure(void **state) {
    (void)state;
    sluice_error error = {0};
    sluice_profile *profile = NULL;
    assert_int_equal(sluice_profile_run(engine, TEXT("card:999"), NULL, &profile, &error), SLUICE_E_NOT_FOUND);
    assert_non_null(strstr(error.text, "card:999"));
    sluice_profile_options options = {.size = sizeof options, .from_ms = 2 * HOUR, .to_ms = HOUR};
    assert_int_equal(sluice_profile_run(engine, TEXT("card:0"), &options, &profile, &error), SLUICE_E_INVALID);
    options = (sluice_profile_options){.size = 1};
    assert_int_equal(sluice_profile_run(engine, TEXT("card:0"), &options, &profile, &error), SLUICE_E_INVALID);
    assert_null(profile);
}

static void test_out_of_memory_is_an_error(void **state) {
    (void)state;
    sluice_result result = SLUICE_E_NO_MEMORY;
    for (int64_t allocations = 0; result != SLUICE_OK; allocations++) {
        sluice_error error = {0};
        sluice_profile *profile = NULL;
        memory_fail_after(allocations);
        result = sluice_profile_run(engine, TEXT("card:0"), NULL, &profile, &error);
        memory_fail_after(-1);
        assert_true(result == SLUICE_OK || result == SLUICE_E_NO_MEMORY);
        assert_true((result == SLUICE_OK) == (profile != NULL));
        assert_true(allocations < 200);
        sluice_profile_free(&profile);
    }
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--seed") == 0) {
        seed = strtoull(argv[2], NULL, 10);
    }
    print_message("seed %llu\n", (unsigned long long)seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_the_ledger_as_of_any_sequence), cmocka_unit_test(test_owner_and_devices),
        cmocka_unit_test(test_errors_name_the_cure), cmocka_unit_test(test_out_of_memory_is_an_error)};
    return cmocka_run_group_tests(tests, open_city, close_city);
}
