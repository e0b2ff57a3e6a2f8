/* One city, held to two promises. Its truth has every fraud type of domain.md §6 that shows in money, each with its own
 * money; and what is imported does not say who is who: no digit, order, name or clock separates mules, their holders,
 * the crews' phones or the victims from everybody else (docs/simulate.md, "What a bank would not know"). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sluice/simulate.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/text.h"
#include "base/time.h"
#include "support/tool.h"
#include "sys/file.h"

#define FIELDS_MAX 16

static uint64_t seed = 20261123;
static char city[1200];
static sluice_simulate_summary summary;

/* ---- reading ---- */

typedef struct file_rows {
    file_view view;
    sluice_text rest;
    sluice_text fields[FIELDS_MAX];
} file_rows;

static file_rows rows_of(const char *name) {
    char path[1300];
    file_rows rows = {0};
    (void)snprintf(path, sizeof path, "%s/%s", city, name);
    assert_int_equal(file_map(path, &rows.view, NULL), SLUICE_OK);
    sluice_text header;
    (void)text_split((sluice_text){rows.view.data, rows.view.bytes}, '\n', &header, &rows.rest);
    return rows;
}

/* The files have no quoted fields. The file is given back after the last row. */
static bool rows_next(file_rows *rows) {
    sluice_text line;
    if (!text_split(rows->rest, '\n', &line, &rows->rest)) {
        file_unmap(&rows->view);
        return false;
    }
    memset(rows->fields, 0, sizeof rows->fields);
    for (size_t i = 0; i < FIELDS_MAX && text_split(line, ',', &rows->fields[i], &line); i++) {
    }
    return true;
}

static int64_t fen(sluice_text text) {
    int64_t amount_fen = 0;
    bool rounded = false;
    assert_true(money_parse(text, &amount_fen, &rounded) && !rounded);
    return amount_fen;
}

static int64_t time_of(sluice_text text) {
    int64_t time_ms = 0;
    assert_true(time_parse(text, 0, &time_ms));
    return time_ms;
}

/* A set of texts with a number each; open addressing, never full. */
#define SET_SIZE 65536
typedef struct set {
    struct {
        char key[48];
        int64_t value;
    } slots[SET_SIZE];
} set;

static int64_t *set_at(set *set, sluice_text key) {
    assert_true(key.length > 0 && key.length < sizeof set->slots[0].key);
    size_t place = hash64(key.data, key.length) % SET_SIZE;
    while (set->slots[place].key[0] != '\0' && !text_equal(key, text_of(set->slots[place].key))) {
        place = (place + 1) % SET_SIZE;
    }
    memcpy(set->slots[place].key, key.data, key.length);
    return &set->slots[place].value;
}

/* ---- fraud types ---- */

typedef struct type_facts {
    const char *name;
    size_t victims, with_received, companies;
    size_t payments_most;
    int64_t sitting_most_ms, longest_ms, shortest_ms; /* from the first payment to the last */
    int64_t paid_most_fen;
    size_t quick;  /* three payments or more within an hour and a half */
    size_t steady; /* three payments or more, all to one account */
} type_facts;

enum { TASKS, SERVICE, INVESTMENT, LOAN, CREDIT, SHOPPING, POLICE, LEADER, GAME, ROMANCE, EXTORTION, ARMY, TYPES };
static type_facts types[TYPES] = {{.name = "刷单返利"},
                                  {.name = "冒充电商物流客服"},
                                  {.name = "虚假网络投资理财"},
                                  {.name = "贷款、代办信用卡"},
                                  {.name = "虚假征信"},
                                  {.name = "虚假购物、服务"},
                                  {.name = "冒充公检法及政府机关"},
                                  {.name = "冒充领导、熟人"},
                                  {.name = "网络游戏产品虚假交易"},
                                  {.name = "网络婚恋、交友（非投资）"},
                                  {.name = "网黑案件"},
                                  {.name = "冒充军警购物"}};

static set payees; /* of victims' payments: transfer → hash of the payee */
static set times;  /* of victims' payments: transfer → ms */

static void read_payments(void) {
    for (file_rows legs = rows_of("truth/legs.csv"); rows_next(&legs);) {
        if (text_equal(legs.fields[5], TEXT("1"))) {
            *set_at(&payees, legs.fields[1]) = (int64_t)(hash64(legs.fields[4].data, legs.fields[4].length) >> 1);
            *set_at(&times, legs.fields[1]) = time_of(legs.fields[2]);
        }
    }
}

static void read_victim(const sluice_text fields[FIELDS_MAX]) {
    type_facts *type = NULL;
    for (size_t i = 0; i < TYPES; i++) {
        type = text_equal(fields[3], text_of(types[i].name)) ? &types[i] : type;
    }
    assert_non_null(type);
    size_t count = 0;
    int64_t first_ms = 0, last_ms = 0, payee = 0;
    bool is_one_payee = true;
    for (sluice_text id, rest = fields[6]; rest.length > 0; count++) {
        (void)text_split(rest, ' ', &id, &rest);
        last_ms = *set_at(&times, id);
        first_ms = count == 0 ? last_ms : first_ms;
        is_one_payee = is_one_payee && (count == 0 || *set_at(&payees, id) == payee);
        payee = *set_at(&payees, id);
    }
    assert_true(count > 0);
    assert_int_equal(first_ms, time_of(fields[11]));
    assert_int_equal(last_ms, time_of(fields[12]));
    int64_t paid_fen = fen(fields[7]), span_ms = last_ms - first_ms;
    type->shortest_ms = type->victims == 0 || span_ms < type->shortest_ms ? span_ms : type->shortest_ms;
    type->longest_ms = span_ms > type->longest_ms ? span_ms : type->longest_ms;
    type->payments_most = count > type->payments_most ? count : type->payments_most;
    type->paid_most_fen = paid_fen > type->paid_most_fen ? paid_fen : type->paid_most_fen;
    type->with_received += fen(fields[8]) > 0;
    type->companies += fields[2].length > 8 && memcmp(fields[2].data, "account:", 8) == 0;
    type->quick += count >= 3 && span_ms <= INT64_C(5400000);
    type->steady += count >= 3 && is_one_payee;
    type->victims++;
}

static void test_every_fraud_type_has_its_own_money(void **state) {
    (void)state;
    read_payments();
    for (file_rows rows = rows_of("truth/victims.csv"); rows_next(&rows);) {
        read_victim(rows.fields);
    }
    for (size_t i = 0; i < TYPES; i++) {
        print_message("%zu victims: %s, at most %zu payments, %.1f h, %.0f yuan\n", types[i].victims, types[i].name,
                      types[i].payments_most, (double)types[i].longest_ms / 3600000.0,
                      (double)types[i].paid_most_fen / 100.0);
        assert_true(types[i].victims > 0);
    }
    assert_true(types[TASKS].with_received * 2 > types[TASKS].victims);
    assert_true(types[INVESTMENT].with_received > 0 && types[INVESTMENT].longest_ms > TIME_DAY_MS);
    assert_true(types[SERVICE].quick > 0 && types[SERVICE].longest_ms <= TIME_DAY_MS / 4);
    assert_true(types[CREDIT].longest_ms <= TIME_DAY_MS / 2 && types[CREDIT].with_received == 0);
    assert_true(types[LOAN].with_received > 0 && types[LOAN].with_received < types[LOAN].victims);
    assert_true(types[LEADER].companies > 0 && types[LEADER].companies < types[LEADER].victims);
    assert_true(types[LEADER].payments_most <= 2);
    assert_int_equal(types[ARMY].companies, types[ARMY].victims);
    assert_true(types[GAME].paid_most_fen < 2500000 && types[GAME].longest_ms < TIME_DAY_MS);
    assert_true(types[ROMANCE].longest_ms > 3 * TIME_DAY_MS);
    assert_true(types[EXTORTION].payments_most >= 3 && types[EXTORTION].steady == 0);
}

/* ---- what a bank would not know ---- */

/* A table of counts: an attribute in bins, for those sought and for the rest. */
#define BINS_MAX 64
typedef struct counts {
    char name[48];
    size_t bins;
    double sought[BINS_MAX], rest[BINS_MAX];
} counts;

static void count_in(counts *counts, size_t bin, bool is_sought) {
    assert_true(bin < BINS_MAX);
    counts->bins = bin >= counts->bins ? bin + 1 : counts->bins;
    *(is_sought ? &counts->sought[bin] : &counts->rest[bin]) += 1;
}

/* How unlikely by chance: chi-squared as standard deviations of a normal variable (Wilson and Hilferty). */
static double surprise(const counts *counts) {
    double sought = 0, rest = 0, sum = 0, freedom = -1;
    for (size_t i = 0; i < counts->bins; i++) {
        sought += counts->sought[i];
        rest += counts->rest[i];
    }
    assert_true(sought > 0 && rest > 0);
    for (size_t i = 0; i < counts->bins; i++) {
        double all = counts->sought[i] + counts->rest[i], expected = all * sought / (sought + rest);
        if (expected >= 1) {
            double off = counts->sought[i] - expected;
            sum += off * off / expected / (rest / (sought + rest));
            freedom++;
        }
    }
    if (freedom < 1) {
        return 0;
    }
    double variance = 2 / (9 * freedom);
    return (cbrt(sum / freedom) - (1 - variance)) / sqrt(variance);
}

#define SURPRISE_MOST 5.5 /* of some 80 tests, one in a million runs exceeds it */

static double worst;

static void expect_nothing(const counts *counts) {
    double found = surprise(counts);
    worst = found > worst ? found : worst;
    if (found > SURPRISE_MOST) {
        print_error("%s tells them apart\n", counts->name);
        for (size_t i = 0; i < counts->bins; i++) {
            print_error("  %2zu: %6.0f of them, %6.0f others\n", i, counts->sought[i], counts->rest[i]);
        }
        fail();
    }
}

static counts counts_named(const char *what, const char *attribute, size_t place) {
    counts counts = {0};
    (void)snprintf(counts.name, sizeof counts.name, "%s: %s %zu", what, attribute, place);
    return counts;
}

static size_t hex_of(char digit) {
    return (size_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

typedef struct account {
    char key[48];
    int64_t opened_ms;
    char holder[48], name[48];
} account;

static account *accounts;
static size_t account_count, account_capacity;
static set mules, mule_holders, victims, victim_holders, opened_by_holder;

static void keep(char *to, size_t bytes, sluice_text text) {
    assert_true(text.length < bytes);
    memcpy(to, text.data, text.length);
    to[text.length] = '\0';
}

/* Debit cards only: other kinds are told by their keys, and dealers' cards by their type, to a bank too. */
static void read_accounts(void) {
    for (file_rows rows = rows_of("truth/mules.csv"); rows_next(&rows);) {
        *set_at(&mules, rows.fields[0]) = 1;
    }
    for (file_rows rows = rows_of("truth/gangs.csv"); rows_next(&rows);) {
        *set_at(&mules, rows.fields[4]) = 1;
    }
    for (file_rows rows = rows_of("truth/victims.csv"); rows_next(&rows);) {
        *set_at(&victims, rows.fields[2]) = 1;
        *set_at(&victim_holders, rows.fields[1]) = 1;
    }
    for (file_rows rows = rows_of("accounts.csv"); rows_next(&rows);) {
        if (!text_equal(rows.fields[2], TEXT("debit card")) || !text_equal(rows.fields[5], TEXT("seen"))) {
            continue;
        }
        assert_true(ARRAY_RESERVE(accounts, account_capacity, account_count + 1));
        account *account = &accounts[account_count++];
        keep(account->key, sizeof account->key, rows.fields[0]);
        keep(account->holder, sizeof account->holder, rows.fields[3]);
        keep(account->name, sizeof account->name, rows.fields[4]);
        account->opened_ms = time_of(rows.fields[1]);
        *set_at(&mule_holders, rows.fields[3]) |= *set_at(&mules, rows.fields[0]);
        ++*set_at(&opened_by_holder, rows.fields[3]);
    }
}

static int compare_keys(const void *left, const void *right) {
    return strcmp(((const account *)left)->key, ((const account *)right)->key);
}

/* Each digit of the number (the bank is two of them), the number's rank, and the clock at which it was opened. */
static void check_accounts(const char *what, set *sought) {
    qsort(accounts, account_count, sizeof *accounts, compare_keys);
    for (size_t digit = strlen("card:6299"); digit < strlen(accounts[0].key); digit++) {
        counts by_digit = counts_named(what, "digit", digit);
        for (size_t i = 0; i < account_count; i++) {
            count_in(&by_digit, hex_of(accounts[i].key[digit]), *set_at(sought, text_of(accounts[i].key)) != 0);
        }
        expect_nothing(&by_digit);
    }
    counts by_rank = counts_named(what, "rank of the number", 0), by_hour = counts_named(what, "hour opened", 0);
    counts by_second = counts_named(what, "second opened", 0), by_ms = counts_named(what, "ms opened", 0);
    for (size_t i = 0; i < account_count; i++) {
        bool is_sought = *set_at(sought, text_of(accounts[i].key)) != 0;
        int64_t ms = accounts[i].opened_ms;
        count_in(&by_rank, i * 20 / account_count, is_sought);
        count_in(&by_hour, (size_t)(ms / 3600000 % 24), is_sought);
        count_in(&by_second, (size_t)(ms / 1000 % 60), is_sought);
        count_in(&by_ms, (size_t)(ms % 1000 / 50), is_sought);
    }
    expect_nothing(&by_rank);
    expect_nothing(&by_hour);
    expect_nothing(&by_second);
    expect_nothing(&by_ms);
}

/* The digits of a person's id, the row in holders.csv, and the name. */
static void check_holders(const char *what, set *sought) {
    counts by_digit[8], by_row = counts_named(what, "row of the holder", 0);
    counts by_surname = counts_named(what, "surname", 0), by_length = counts_named(what, "length of the name", 0);
    counts by_given = counts_named(what, "given name", 0);
    for (size_t digit = 0; digit < 8; digit++) {
        by_digit[digit] = counts_named(what, "digit of the id", digit);
    }
    size_t row = 0;
    for (file_rows rows = rows_of("holders.csv"); rows_next(&rows); row++) {
        if (!text_equal(rows.fields[2], TEXT("person"))) {
            continue;
        }
        bool is_sought = *set_at(sought, rows.fields[0]) != 0;
        for (size_t digit = 0; digit < 8; digit++) {
            count_in(&by_digit[digit], hex_of(rows.fields[0].data[strlen("person:SIM") + digit]), is_sought);
        }
        count_in(&by_row, row * 20 / summary.holders, is_sought);
        count_in(&by_surname, hash64(rows.fields[3].data, 3) % 20, is_sought);
        count_in(&by_given, hash64(rows.fields[3].data + 3, 3) % 20, is_sought);
        count_in(&by_length, rows.fields[3].length / 3, is_sought);
    }
    for (size_t digit = 0; digit < 8; digit++) {
        expect_nothing(&by_digit[digit]);
    }
    expect_nothing(&by_row);
    expect_nothing(&by_surname);
    expect_nothing(&by_given);
    expect_nothing(&by_length);
}

static void test_numbers_names_and_orders_say_nothing(void **state) {
    (void)state;
    read_accounts();
    check_accounts("mule cards", &mules);
    check_accounts("victims' cards", &victims);
    check_holders("holders of mule cards", &mule_holders);
    check_holders("victims", &victim_holders);
    print_message("the largest surprise: %.1f of %.1f\n", worst, SURPRISE_MOST);
    /* The test can fail: what does tell them apart is found. */
    counts truth = counts_named("mule cards", "the truth", 0);
    for (size_t i = 0; i < account_count; i++) {
        bool is_mule = *set_at(&mules, text_of(accounts[i].key)) != 0;
        count_in(&truth, is_mule ? i % 2 : i % 20, is_mule);
    }
    assert_true(surprise(&truth) > SURPRISE_MOST);
}

static void test_every_way_out_is_taken(void **state) {
    (void)state;
    static const char *const ways[] = {"atm", "counter", "pos", "vasp"};
    size_t taken[4] = {0};
    for (file_rows rows = rows_of("truth/exits.csv"); rows_next(&rows);) {
        for (size_t i = 0; i < 4; i++) {
            taken[i] += text_equal(rows.fields[4], text_of(ways[i]));
        }
    }
    for (size_t i = 0; i < 4; i++) {
        print_message("%s: %zu\n", ways[i], taken[i]);
        assert_true(taken[i] > 0);
    }
}

static set crew_logins, all_logins, login_moments;

static void test_phones_and_machines_say_nothing(void **state) {
    (void)state;
    char moment[96];
    int64_t last_ms = 0;
    for (file_rows rows = rows_of("logins.csv"); rows_next(&rows);) {
        assert_true(time_of(rows.fields[0]) >= last_ms);
        last_ms = time_of(rows.fields[0]);
        ++*set_at(&all_logins, rows.fields[2]);
        if (*set_at(&mules, rows.fields[1]) != 0) {
            ++*set_at(&crew_logins, rows.fields[2]);
            (void)snprintf(moment, sizeof moment, "%.*s %lld", TEXT_ARGS(rows.fields[1]),
                           (long long)time_of(rows.fields[0]));
            *set_at(&login_moments, text_of(moment)) = 1;
        }
    }
    counts by_digit[4], by_row = counts_named("crews' phones", "row", 0);
    for (size_t digit = 0; digit < 4; digit++) {
        by_digit[digit] = counts_named("crews' phones", "digit", digit);
    }
    size_t row = 0;
    for (file_rows rows = rows_of("devices.csv"); rows_next(&rows); row++) {
        bool is_crew = *set_at(&crew_logins, rows.fields[0]) * 2 > *set_at(&all_logins, rows.fields[0]);
        count_in(&by_row, row * 8 / summary.devices, is_crew);
        for (size_t digit = 0; digit < 4; digit++) {
            count_in(&by_digit[digit], hex_of(rows.fields[0].data[strlen("device:") + digit]), is_crew);
        }
    }
    expect_nothing(&by_row);
    for (size_t digit = 0; digit < 4; digit++) {
        expect_nothing(&by_digit[digit]);
    }
    counts by_machine = counts_named("withdrawals", "machine", 0),
           by_counter = counts_named("withdrawals", "counter", 0);
    static set seen;
    for (file_rows rows = rows_of("withdrawals.csv"); rows_next(&rows);) {
        sluice_text place = rows.fields[3];
        (void)snprintf(moment, sizeof moment, "%.*s %.*s", TEXT_ARGS(rows.fields[2]), 4, place.data + place.length - 4);
        if ((*set_at(&seen, text_of(moment)))++ == 0) { /* a card goes to the same machine several times */
            bool is_counter = place.data[0] == 'c';
            size_t machine = (size_t)strtoul(moment + strlen(moment) - (is_counter ? 3 : 4), NULL, 10);
            count_in(is_counter ? &by_counter : &by_machine, machine, *set_at(&mules, rows.fields[2]) != 0);
        }
    }
    expect_nothing(&by_machine);
    expect_nothing(&by_counter);
    for (file_rows rows = rows_of("transfers.csv"); rows_next(&rows);) { /* logins are before payments, not with them */
        if (*set_at(&mules, rows.fields[2]) != 0) {
            (void)snprintf(moment, sizeof moment, "%.*s %lld", TEXT_ARGS(rows.fields[2]),
                           (long long)time_of(rows.fields[1]));
            assert_int_equal(*set_at(&login_moments, text_of(moment)), 0);
        }
    }
}

/* "debit card>vasp": between which types of account money moves. */
static void test_crime_has_no_kind_of_movement_of_its_own(void **state) {
    (void)state;
    static set type_of, innocent_kinds, dirty_kinds;
    for (file_rows rows = rows_of("accounts.csv"); rows_next(&rows);) {
        *set_at(&type_of, rows.fields[0]) = rows.fields[2].data[0] * 256 + rows.fields[0].data[0];
    }
    for (file_rows rows = rows_of("transfers.csv"); rows_next(&rows);) {
        char kind[40];
        (void)snprintf(kind, sizeof kind, "%lld>%lld", (long long)*set_at(&type_of, rows.fields[2]),
                       (long long)*set_at(&type_of, rows.fields[3]));
        bool is_dirty = *set_at(&mules, rows.fields[2]) != 0 || *set_at(&victims, rows.fields[2]) != 0;
        ++*set_at(is_dirty ? &dirty_kinds : &innocent_kinds, text_of(kind));
    }
    for (size_t i = 0; i < SET_SIZE; i++) {
        if (dirty_kinds.slots[i].key[0] != '\0') {
            assert_true(*set_at(&innocent_kinds, text_of(dirty_kinds.slots[i].key)) > 0);
        }
    }
    /* Innocent people open accounts too, and some have many. */
    size_t new_innocent = 0, new_mules = 0, many = 0;
    for (size_t i = 0; i < account_count; i++) {
        bool is_new = accounts[i].opened_ms > INT64_C(1767196800000) - 60 * TIME_DAY_MS;
        bool is_mule = *set_at(&mules, text_of(accounts[i].key)) != 0;
        new_innocent += is_new && !is_mule;
        new_mules += is_new && is_mule;
        many += *set_at(&opened_by_holder, text_of(accounts[i].holder)) >= 4 &&
                *set_at(&mule_holders, text_of(accounts[i].holder)) == 0;
    }
    assert_true(new_mules > 0 && new_innocent > new_mules);
    assert_true(many > 0);
}

static int simulate(void **state) {
    (void)state;
    (void)snprintf(city, sizeof city, "%s", tool_path("city"));
    sluice_simulate_options options = {.size = sizeof options, .people = 4000, .days = 50, .seed = seed, .out = city};
    sluice_error error = {0};
    if (sluice_simulate(&options, &summary, &error) != SLUICE_OK) {
        print_error("%s\n", error.text);
        return -1;
    }
    return 0;
}

static int forget(void **state) {
    (void)state;
    memory_free(accounts);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--seed") == 0) {
        seed = strtoull(argv[2], NULL, 10);
    }
    print_message("seed %llu\n", (unsigned long long)seed);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_fraud_type_has_its_own_money),
                                       cmocka_unit_test(test_every_way_out_is_taken),
                                       cmocka_unit_test(test_numbers_names_and_orders_say_nothing),
                                       cmocka_unit_test(test_phones_and_machines_say_nothing),
                                       cmocka_unit_test(test_crime_has_no_kind_of_movement_of_its_own)};
    return cmocka_run_group_tests(tests, simulate, forget);
}
