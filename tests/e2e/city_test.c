/* A simulated city through the whole product: simulate, import, profile, trace; judged by the city's own truth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sluice/import.h>
#include <sluice/profile.h>
#include <sluice/simulate.h>
#include <sluice/trace.h>

#include "base/money.h"
#include "base/text.h"
#include "support/tool.h"
#include "sys/file.h"

#define FIELDS_MAX 16
#define KEYS_MAX 64
#define PAYMENTS_MAX 16

static uint64_t seed;
static char city[1200], db[1200];
static sluice_simulate_summary made;
static sluice_engine *engine;

static sluice_result import_city(sluice_import_summary *summary) {
    sluice_import_options options = {.size = sizeof options, .format = "csv"};
    const char *const paths[] = {city};
    sluice_error error = {0};
    sluice_result result = sluice_import(engine, &options, paths, 1, summary, &error);
    if (result != SLUICE_OK) {
        print_error("%s\n", error.text);
    }
    return result;
}

static int open_city(void **state) {
    (void)state;
    (void)snprintf(city, sizeof city, "%s", tool_path("city"));
    (void)snprintf(db, sizeof db, "%s", tool_path("city.db"));
    sluice_simulate_options options = {.size = sizeof options, .people = 1500, .days = 12, .seed = seed, .out = city};
    sluice_error error = {0};
    if (sluice_simulate(&options, &made, &error) != SLUICE_OK ||
        sluice_engine_open(db, NULL, &engine, &error) != SLUICE_OK) {
        print_error("%s\n", error.text);
        return -1;
    }
    return 0;
}

static int close_city(void **state) {
    (void)state;
    sluice_engine_close(&engine);
    return 0;
}

typedef void (*row_visit)(const sluice_text fields[FIELDS_MAX], void *context);

static size_t read_rows(const char *name, row_visit visit, void *context) {
    char path[1300];
    (void)snprintf(path, sizeof path, "%s/%s", city, name);
    file_view view = {0};
    assert_int_equal(file_map(path, &view, NULL), SLUICE_OK);
    sluice_text rest = {view.data, view.bytes}, line;
    size_t count = 0;
    (void)text_split(rest, '\n', &line, &rest);
    while (text_split(rest, '\n', &line, &rest)) {
        sluice_text fields[FIELDS_MAX];
        memset(fields, 0, sizeof fields);
        for (size_t i = 0; i < FIELDS_MAX && text_split(line, ',', &fields[i], &line); i++) {
        }
        visit(fields, context);
        count++;
    }
    file_unmap(&view);
    return count;
}

static int64_t fen(sluice_text text) {
    int64_t amount_fen = 0;
    bool rounded = false;
    assert_true(money_parse(text, &amount_fen, &rounded) && !rounded);
    return amount_fen;
}

static void test_everything_goes_in_once(void **state) {
    (void)state;
    sluice_import_summary summary = {0};
    assert_int_equal(import_city(&summary), SLUICE_OK);
    assert_int_equal(summary.transfers, made.transfers);
    assert_int_equal(summary.withdrawals, made.withdrawals);
    assert_int_equal(summary.accounts, made.accounts);
    assert_int_equal(summary.holders, made.holders);
    assert_int_equal(summary.devices, made.devices);
    assert_int_equal(summary.logins, made.logins);
    assert_int_equal(summary.rejected, 0);
    assert_int_equal(summary.rounded, 0);
    assert_int_equal(summary.labels, 0); /* the truth stays outside */
    assert_int_equal(import_city(&summary), SLUICE_OK);
    assert_int_equal(summary.transfers + summary.withdrawals + summary.accounts, 0);
}

typedef struct balance_counts {
    size_t stated, inferred;
} balance_counts;

static void check_balance(const sluice_text fields[FIELDS_MAX], void *context) {
    balance_counts *counts = context;
    sluice_profile *profile = NULL;
    sluice_error error = {0};
    assert_int_equal(sluice_profile_run(engine, fields[0], NULL, &profile, &error), SLUICE_OK);
    sluice_profile_view view = {.size = sizeof view};
    sluice_profile_view_get(profile, &view);
    int64_t opening_fen = fen(fields[1]), closing_fen = fen(fields[2]);
    assert_true(view.low_fen >= 0);
    /* An inferred opening is never more than there was, and moves with the same sums. */
    assert_true(view.opening_inferred ? view.opening_fen <= opening_fen : view.opening_fen == opening_fen);
    assert_int_equal(view.balance_fen - view.opening_fen, closing_fen - opening_fen);
    counts->stated += !view.opening_inferred;
    counts->inferred += view.opening_inferred;
    sluice_profile_free(&profile);
}

static void test_balances_are_those_of_the_city(void **state) {
    (void)state;
    balance_counts counts = {0};
    size_t accounts = read_rows("truth/openings.csv", check_balance, &counts);
    assert_int_equal(accounts, made.accounts);
    assert_true(counts.stated > accounts / 4 && counts.inferred > accounts / 10);
}

/* Where one victim's money left, by the truth. */
typedef struct victim_truth {
    sluice_text victim;
    struct {
        char key[48];
        int64_t amount_fen;
    } exits[KEYS_MAX];
    size_t exit_count;
} victim_truth;

static void add_exit(const sluice_text fields[FIELDS_MAX], void *context) {
    victim_truth *truth = context;
    if (!text_equal(fields[0], truth->victim) || !text_equal(fields[5], TEXT("0"))) {
        return;
    }
    size_t i = 0;
    while (i < truth->exit_count && !text_equal(fields[4], text_of(truth->exits[i].key))) {
        i++;
    }
    assert_true(i < KEYS_MAX && fields[4].length < sizeof truth->exits[i].key);
    memcpy(truth->exits[i].key, fields[4].data, fields[4].length);
    truth->exits[i].amount_fen += fen(fields[6]);
    truth->exit_count += i == truth->exit_count;
}

/* Of what left by the truth, how much the trace missed at the places where it left. */
static int64_t missed(const victim_truth *truth, const sluice_trace_view *view) {
    int64_t missed_fen = 0;
    for (size_t i = 0; i < truth->exit_count; i++) {
        int64_t found_fen = 0;
        for (size_t j = 0; j < view->sink_count; j++) {
            found_fen += text_equal(view->sinks[j].key, text_of(truth->exits[i].key)) ? view->sinks[j].taint.fen : 0;
        }
        missed_fen += found_fen < truth->exits[i].amount_fen ? truth->exits[i].amount_fen - found_fen : 0;
    }
    return missed_fen;
}

typedef struct trace_totals {
    int64_t paid_fen, missed_fen;
    uint32_t layer_max;
} trace_totals;

static void check_victim(const sluice_text fields[FIELDS_MAX], void *context) {
    trace_totals *totals = context;
    sluice_trace_start starts[PAYMENTS_MAX];
    memset(starts, 0, sizeof starts);
    size_t count = 0;
    for (sluice_text id, rest = fields[6]; rest.length > 0; count++) {
        (void)text_split(rest, ' ', &id, &rest);
        assert_true(count < PAYMENTS_MAX);
        starts[count].transfer_id = id;
        starts[count].victim = fields[0];
    }
    const char *const sinks[] = {"atm", "pos", "wallet"};
    sluice_trace_options options = {.size = sizeof options, .sink_kinds = sinks, .sink_kind_count = 3};
    sluice_trace *trace = NULL;
    sluice_error error = {0};
    assert_int_equal(sluice_trace_run(engine, starts, count, &options, &trace, &error), SLUICE_OK);
    sluice_trace_view view = {.size = sizeof view};
    sluice_trace_view_get(trace, &view);
    assert_int_equal(view.total_fen, fen(fields[7]));
    int64_t held_fen = 0, gone_fen = 0;
    for (size_t i = 0; i < view.account_count; i++) {
        held_fen += view.accounts[i].held.fen;
        totals->layer_max = view.accounts[i].layer > totals->layer_max ? view.accounts[i].layer : totals->layer_max;
    }
    for (size_t i = 0; i < view.sink_count; i++) {
        gone_fen += view.sinks[i].taint.fen;
    }
    assert_int_equal(held_fen + gone_fen, view.total_fen);
    victim_truth truth = {.victim = fields[0]};
    (void)read_rows("truth/legs.csv", add_exit, &truth);
    totals->paid_fen += view.total_fen;
    totals->missed_fen += missed(&truth, &view);
    sluice_trace_free(&trace);
}

/* The cards' own yuan and test money shift FIFO a little, no more. */
static void test_traces_find_where_the_money_went(void **state) {
    (void)state;
    trace_totals totals = {0};
    size_t victims = read_rows("truth/victims.csv", check_victim, &totals);
    assert_int_equal(victims, made.victims);
    print_message("of %lld fen paid, %lld were traced to another exit than the truth's\n", (long long)totals.paid_fen,
                  (long long)totals.missed_fen);
    assert_true(totals.missed_fen * 100 < totals.paid_fen);
    assert_true(totals.layer_max >= 7);
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_everything_goes_in_once),
                                       cmocka_unit_test(test_balances_are_those_of_the_city),
                                       cmocka_unit_test(test_traces_find_where_the_money_went)};
    return cmocka_run_group_tests(tests, open_city, close_city);
}
