/* Simulates a small city twice and holds the files to what the header and docs/simulate.md promise: the same bytes, no
 * overdraft, every victim's fen accounted for, and the shapes of crime and of innocence that the city is there for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sluice/simulate.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/text.h"
#include "base/time.h"
#include "sys/file.h"

#define FIELDS_MAX 16

static const char *const city_files[] = {
    "README.txt",           "accounts.csv",    "devices.csv",        "holders.csv",
    "logins.csv",           "transfers.csv",   "withdrawals.csv",    "truth/demo.txt",
    "truth/exits.csv",      "truth/gangs.csv", "truth/held.csv",     "truth/legs.csv",
    "truth/lookalikes.csv", "truth/mules.csv", "truth/openings.csv", "truth/victims.csv"};
#define CITY_FILE_COUNT (sizeof city_files / sizeof *city_files)

static char folders[2][64];
static uint64_t seed = 20261123;
static sluice_simulate_summary summaries[2];

/* ---- reading ---- */

static file_view map(const char *folder, const char *name) {
    char path[160];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file_view view = {0};
    assert_int_equal(file_map(path, &view, NULL), SLUICE_OK);
    return view;
}

typedef struct row {
    sluice_text fields[FIELDS_MAX];
} row;

/* Calls `visit` for each data row. The files have no quoted fields. */
static size_t read_rows(const char *name, void (*visit)(const row *row, void *context), void *context) {
    file_view view = map(folders[0], name);
    sluice_text rest = {view.data, view.bytes}, line;
    size_t count = 0;
    (void)text_split(rest, '\n', &line, &rest);
    while (text_split(rest, '\n', &line, &rest)) {
        row row = {0};
        for (size_t i = 0; i < FIELDS_MAX && text_split(line, ',', &row.fields[i], &line); i++) {
        }
        visit(&row, context);
        count++;
    }
    file_unmap(&view);
    return count;
}

static int64_t fen(sluice_text text) {
    int64_t amount_fen = 0;
    bool rounded = false;
    assert_true(money_parse(text, &amount_fen, &rounded));
    assert_false(rounded);
    return amount_fen;
}

static int64_t time_of(sluice_text text) {
    int64_t time_ms = 0;
    assert_true(time_parse(text, 0, &time_ms));
    return time_ms;
}

/* A table from text to an amount; open addressing, never full. */
#define TABLE_SIZE 32768
typedef struct table {
    struct {
        char key[48];
        int64_t value;
    } slots[TABLE_SIZE];
} table;

static size_t table_place(const table *table, sluice_text key) {
    size_t place = hash64(key.data, key.length) % TABLE_SIZE;
    assert_true(key.length > 0 && key.length < sizeof table->slots[0].key);
    while (table->slots[place].key[0] != '\0' && !text_equal(key, text_of(table->slots[place].key))) {
        place = (place + 1) % TABLE_SIZE;
    }
    return place;
}

/* Inserted as 0 when it is not there. */
static int64_t *table_at(table *table, sluice_text key) {
    size_t place = table_place(table, key);
    memcpy(table->slots[place].key, key.data, key.length);
    return &table->slots[place].value;
}

static int64_t table_get(const table *table, sluice_text key) {
    return table->slots[table_place(table, key)].value;
}

/* ---- the ledger ---- */

typedef struct movement {
    char id[16], from[48], to[48];
    int64_t time_ms, amount_fen;
    bool has_from_balance, has_to_balance;
    int64_t from_balance_fen, to_balance_fen;
} movement;

static movement *movements;
static size_t movement_count, movement_capacity;
static table balances, openings;

static void text_keep(char *to, size_t bytes, sluice_text text) {
    assert_true(text.length < bytes);
    memcpy(to, text.data, text.length);
    to[text.length] = '\0';
}

static void read_movement(const row *row, void *context) {
    (void)context;
    assert_true(ARRAY_RESERVE(movements, movement_capacity, movement_count + 1));
    movement *movement = &movements[movement_count++];
    memset(movement, 0, sizeof *movement);
    text_keep(movement->id, sizeof movement->id, row->fields[0]);
    movement->time_ms = time_of(row->fields[1]);
    text_keep(movement->from, sizeof movement->from, row->fields[2]);
    text_keep(movement->to, sizeof movement->to, row->fields[3]);
    movement->amount_fen = fen(row->fields[4]);
    assert_true(text_equal(row->fields[5], TEXT("CNY")));
    movement->has_from_balance = row->fields[6].length > 0;
    movement->has_to_balance = row->fields[7].length > 0;
    movement->from_balance_fen = movement->has_from_balance ? fen(row->fields[6]) : 0;
    movement->to_balance_fen = movement->has_to_balance ? fen(row->fields[7]) : 0;
}

static int compare_movements(const void *left, const void *right) {
    const movement *a = left, *b = right;
    return a->time_ms < b->time_ms ? -1 : a->time_ms > b->time_ms;
}

static void read_opening(const row *row, void *context) {
    (void)context;
    *table_at(&balances, row->fields[0]) = *table_at(&openings, row->fields[0]) = fen(row->fields[1]);
}

static void check_closing(const row *row, void *context) {
    (void)context;
    assert_int_equal(*table_at(&balances, row->fields[0]), fen(row->fields[2]));
}

static void test_ledger_is_exact_and_never_negative(void **state) {
    (void)state;
    (void)read_rows("truth/openings.csv", read_opening, NULL);
    size_t transfers = read_rows("transfers.csv", read_movement, NULL);
    for (size_t i = 1; i < transfers; i++) {
        assert_true(movements[i - 1].time_ms < movements[i].time_ms); /* the file is in time order */
    }
    size_t withdrawals = read_rows("withdrawals.csv", read_movement, NULL);
    assert_int_equal(transfers, summaries[0].transfers);
    assert_int_equal(withdrawals, summaries[0].withdrawals);
    qsort(movements, movement_count, sizeof *movements, compare_movements);
    size_t stated = 0;
    for (size_t i = 0; i < movement_count; i++) {
        const movement *movement = &movements[i];
        assert_true(movement->amount_fen > 0);
        assert_true(i == 0 || movements[i - 1].time_ms < movement->time_ms);
        int64_t *from = table_at(&balances, text_of(movement->from));
        *from -= movement->amount_fen;
        assert_true(*from >= 0);
        assert_true(!movement->has_from_balance || *from == movement->from_balance_fen);
        if (movement->id[0] == 'T') {
            int64_t *to = table_at(&balances, text_of(movement->to));
            *to += movement->amount_fen;
            assert_true(!movement->has_to_balance || *to == movement->to_balance_fen);
        } else {
            assert_true(strncmp(movement->to, "atm:", 4) == 0 || strncmp(movement->to, "counter:", 8) == 0);
        }
        stated += movement->has_from_balance;
    }
    assert_true(stated > movement_count / 2 && stated < movement_count * 9 / 10); /* some banks do, some do not */
    (void)read_rows("truth/openings.csv", check_closing, NULL);
}

/* ---- the truth ---- */

static table led, gone, held, account_in, account_out, account_held, leg_by_movement;

static void read_victim(const row *row, void *context) {
    int64_t *loss_total = context;
    int64_t loss_fen = fen(row->fields[9]);
    assert_int_equal(fen(row->fields[7]) - fen(row->fields[8]), loss_fen);
    *loss_total += loss_fen;
}

/* "victim account": money of one victim in one account. */
static int64_t *pair_at(table *table, sluice_text victim, sluice_text account) {
    char key[48];
    int length = snprintf(key, sizeof key, "%.*s %.*s", TEXT_ARGS(victim), TEXT_ARGS(account));
    return table_at(table, (sluice_text){key, (size_t)length});
}

static void read_leg(const row *row, void *context) {
    (void)context;
    int64_t amount_fen = fen(row->fields[6]);
    *table_at(&leg_by_movement, row->fields[1]) += amount_fen;
    if (text_equal(row->fields[5], TEXT("1"))) {
        *table_at(&led, row->fields[0]) += amount_fen;
    } else {
        *pair_at(&account_out, row->fields[0], row->fields[3]) += amount_fen;
    }
    if (text_equal(row->fields[5], TEXT("0"))) {
        *table_at(&gone, row->fields[0]) += amount_fen;
    } else {
        *pair_at(&account_in, row->fields[0], row->fields[4]) += amount_fen;
    }
}

static void read_held(const row *row, void *context) {
    (void)context;
    *table_at(&held, row->fields[0]) += fen(row->fields[3]);
    *pair_at(&account_held, row->fields[0], row->fields[1]) += fen(row->fields[3]);
}

static void check_victim(const row *row, void *context) {
    (void)context;
    int64_t paid_fen = fen(row->fields[7]);
    assert_int_equal(*table_at(&led, row->fields[0]), paid_fen);
    assert_int_equal(*table_at(&gone, row->fields[0]) + *table_at(&held, row->fields[0]), paid_fen);
}

static void test_every_victims_money_is_accounted_for(void **state) {
    (void)state;
    int64_t loss_fen = 0;
    size_t victims = read_rows("truth/victims.csv", read_victim, &loss_fen);
    assert_int_equal(victims, summaries[0].victims);
    assert_int_equal(loss_fen, summaries[0].lost_fen);
    (void)read_rows("truth/legs.csv", read_leg, NULL);
    (void)read_rows("truth/held.csv", read_held, NULL);
    (void)read_rows("truth/victims.csv", check_victim, NULL);
    for (size_t i = 0; i < TABLE_SIZE; i++) { /* in each account too: in = out + held */
        if (account_in.slots[i].key[0] != '\0') {
            sluice_text key = text_of(account_in.slots[i].key);
            assert_int_equal(account_in.slots[i].value, *table_at(&account_out, key) + *table_at(&account_held, key));
        }
    }
    size_t found = 0; /* every leg is part of a movement, and never more than it */
    for (size_t i = 0; i < movement_count; i++) {
        int64_t leg_fen = table_get(&leg_by_movement, text_of(movements[i].id));
        assert_true(leg_fen <= movements[i].amount_fen);
        found += leg_fen > 0;
    }
    assert_int_equal(found, summaries[0].dirty_movements);
    int64_t held_fen = 0;
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        held_fen += held.slots[i].value;
    }
    assert_int_equal(held_fen, summaries[0].held_fen);
}

static table movement_numbers; /* id → place + 1 */

typedef struct exit_counts {
    size_t atm, pos, vasp, near_limit;
} exit_counts;

static void check_exit(const row *row, void *context) {
    exit_counts *counts = context;
    int64_t number = table_get(&movement_numbers, row->fields[0]);
    assert_true(number > 0);
    const movement *movement = &movements[number - 1];
    assert_true(text_equal(row->fields[3], text_of(movement->from)));
    assert_true(text_equal(row->fields[5], text_of(movement->to)));
    assert_int_equal(fen(row->fields[6]), movement->amount_fen);
    counts->atm += text_equal(row->fields[4], TEXT("atm"));
    counts->pos += text_equal(row->fields[4], TEXT("pos"));
    counts->vasp += text_equal(row->fields[4], TEXT("vasp"));
    counts->near_limit += movement->id[0] == 'W' && movement->amount_fen >= 470000 && movement->amount_fen <= 500000;
}

static void number_exit(const row *row, void *context) {
    (void)context;
    *table_at(&movement_numbers, row->fields[0]) = -1;
}

static void test_exits_exist(void **state) {
    (void)state;
    exit_counts counts = {0};
    (void)read_rows("truth/exits.csv", number_exit, NULL);
    for (size_t i = 0; i < movement_count; i++) {
        if (table_get(&movement_numbers, text_of(movements[i].id)) != 0) {
            *table_at(&movement_numbers, text_of(movements[i].id)) = (int64_t)i + 1;
        }
    }
    (void)read_rows("truth/exits.csv", check_exit, &counts);
    assert_true(counts.atm > 0 && counts.pos > 0 && counts.vasp > 0);
    assert_true(counts.near_limit > 0);
}

/* ---- shapes ---- */

typedef struct chain {
    int64_t large_ms, seventh_ms; /* ¥1,500,000 or more at layer 1; its first arrival at layer 7 */
} chain;

static void find_chain(const row *row, void *context) {
    chain *chain = context;
    if (!text_equal(row->fields[0], TEXT("1"))) {
        return;
    }
    if (text_equal(row->fields[5], TEXT("1")) && fen(row->fields[6]) >= INT64_C(150000000)) {
        chain->large_ms = time_of(row->fields[2]);
    }
    if (text_equal(row->fields[5], TEXT("7")) && chain->large_ms > 0 && chain->seventh_ms == 0) {
        chain->seventh_ms = time_of(row->fields[2]);
    }
}

static void test_two_million_cross_seven_layers_in_seconds(void **state) {
    (void)state;
    chain chain = {0};
    (void)read_rows("truth/legs.csv", find_chain, &chain);
    assert_true(chain.large_ms > 0 && chain.seventh_ms > 0);
    assert_in_range((uint64_t)(chain.seventh_ms - chain.large_ms), 10000, 30000);
    assert_int_equal(summaries[0].layers_max, 7);
}

static table operating, mules, mule_devices, logged_in;
static size_t mule_device_count, mule_login_count;

static void read_gang(const row *row, void *context) {
    (void)context;
    *table_at(&operating, row->fields[4]) = 1;
}

static void read_mule(const row *row, void *context) {
    (void)context;
    *table_at(&mules, row->fields[0]) = 1;
}

static void read_login(const row *row, void *context) {
    (void)context;
    if (table_get(&mules, row->fields[1]) == 1) {
        mule_login_count += (*table_at(&logged_in, row->fields[1]))++ == 0;
        mule_device_count += (*table_at(&mule_devices, row->fields[2]))++ == 0;
    }
}

static bool is_test(const movement *movement) {
    return movement->amount_fen >= 10000 && movement->amount_fen <= 50000 &&
           table_get(&operating, text_of(movement->from)) == 1 && table_get(&mules, text_of(movement->to)) == 1;
}

static void test_mules_are_tested_shared_and_run_from_few_phones(void **state) {
    (void)state;
    (void)read_rows("truth/gangs.csv", read_gang, NULL);
    (void)read_rows("truth/mules.csv", read_mule, NULL);
    size_t tests_then_large = 0;
    for (size_t i = 0; i < movement_count; i++) {
        for (size_t j = i + 1;
             is_test(&movements[i]) && j < movement_count && movements[j].time_ms <= movements[i].time_ms + 3600000;
             j++) {
            if (strcmp(movements[j].to, movements[i].to) == 0 && movements[j].amount_fen >= 800000) {
                tests_then_large++;
                break;
            }
        }
    }
    assert_true(tests_then_large >= 2);

    table *victims_by_account = test_calloc(1, sizeof *victims_by_account);
    int64_t most = 0;
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        sluice_text victim, account;
        if (account_in.slots[i].key[0] != '\0' &&
            text_split(text_of(account_in.slots[i].key), ' ', &victim, &account)) {
            int64_t count = ++*table_at(victims_by_account, account);
            most = count > most ? count : most;
        }
    }
    test_free(victims_by_account);
    assert_true(most >= 2);

    (void)read_rows("logins.csv", read_login, NULL);
    assert_true(mule_login_count > 20 && mule_device_count * 3 < mule_login_count);
}

static void read_lookalike(const row *row, void *context) {
    ++*table_at(context, row->fields[1]);
}

static void test_most_movements_are_innocent_and_some_look_guilty(void **state) {
    (void)state;
    assert_true(summaries[0].dirty_movements * 20 < movement_count);
    table *kinds = test_calloc(1, sizeof *kinds);
    (void)read_rows("truth/lookalikes.csv", read_lookalike, kinds);
    static const char *const expected[] = {"courier", "group purchase", "wedding", "chit fund", "home buyer"};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_true(table_get(kinds, text_of(expected[i])) > 0);
    }
    test_free(kinds);
}

static void test_demo_is_a_case_with_something_left_to_save(void **state) {
    (void)state;
    const movement *demo = NULL;
    for (size_t i = 0; i < movement_count; i++) {
        demo = strcmp(movements[i].id, summaries[0].demo_transfer) == 0 ? &movements[i] : demo;
    }
    if (demo == NULL) {
        fail();
        return;
    }
    assert_string_equal(demo->from, summaries[0].demo_account);
    assert_int_equal(demo->amount_fen, summaries[0].demo_amount_fen);
    assert_true(table_get(&held, TEXT("2")) > 100000); /* victim 2 is the demonstration's: more than ¥1,000 */
    file_view view = map(folders[0], "truth/demo.txt");
    assert_memory_equal(view.data, "transfer=T", 10);
    file_unmap(&view);
}

/* ---- the call ---- */

static void test_same_seed_same_bytes(void **state) {
    (void)state;
    for (size_t i = 0; i < CITY_FILE_COUNT; i++) {
        file_view a = map(folders[0], city_files[i]), b = map(folders[1], city_files[i]);
        assert_true(a.bytes > 0);
        assert_true(text_equal((sluice_text){a.data, a.bytes}, (sluice_text){b.data, b.bytes}));
        file_unmap(&a);
        file_unmap(&b);
    }
}

static sluice_simulate_options options_for(const char *folder) {
    return (sluice_simulate_options){
        .size = sizeof(sluice_simulate_options), .people = 1000, .days = 10, .seed = seed, .out = folder};
}

static bool stop_at_once(void *context, const sluice_simulate_progress *progress) {
    (void)context;
    return progress->done_ms < 2 * TIME_DAY_MS;
}

static void test_bad_calls_are_refused_in_words(void **state) {
    (void)state;
    sluice_error error = {0};
    sluice_simulate_options options = options_for(folders[0]);
    options.people = 0;
    assert_int_equal(sluice_simulate(&options, NULL, &error), SLUICE_E_INVALID);
    assert_non_null(strstr(error.text, "100 to"));
    options = options_for(folders[0]);
    options.days = 1;
    assert_int_equal(sluice_simulate(&options, NULL, &error), SLUICE_E_INVALID);
    options = options_for(folders[0]);
    char folder[64] = "/tmp/sluice_simulate_other_XXXXXX", path[192];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/mine.txt", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fclose(file);
    options.out = folder;
    assert_int_equal(sluice_simulate(&options, NULL, &error), SLUICE_E_CONFLICT);
    assert_non_null(strstr(error.text, folder));
    (void)remove(path);
    options.progress = stop_at_once;
    assert_int_equal(sluice_simulate(&options, NULL, &error), SLUICE_E_INTERRUPTED);
    (void)snprintf(path, sizeof path, "%s/transfers.csv", folder);
    assert_int_equal(file_kind_of(path), FILE_ABSENT);
    (void)snprintf(path, sizeof path, "%s/truth", folder);
    (void)rmdir(path);
    (void)rmdir(folder);
}

static void test_out_of_memory_is_an_error(void **state) {
    (void)state;
    char folder[64] = "/tmp/sluice_simulate_memory_XXXXXX", path[192];
    assert_non_null(mkdtemp(folder));
    sluice_simulate_options options = options_for(folder);
    options.people = 100;
    options.days = 3;
    sluice_result result = SLUICE_E_NO_MEMORY;
    for (int64_t allocations = 0; result != SLUICE_OK; allocations++) {
        memory_fail_after(allocations);
        sluice_error error = {0};
        result = sluice_simulate(&options, NULL, &error);
        memory_fail_after(-1);
        assert_true(result == SLUICE_OK || result == SLUICE_E_NO_MEMORY);
        assert_true(allocations < 2000);
    }
    for (size_t i = 0; i < CITY_FILE_COUNT; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, city_files[i]);
        assert_int_equal(remove(path), 0);
    }
    (void)snprintf(path, sizeof path, "%s/truth", folder);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static int simulate_twice(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(folders[i], sizeof folders[i], "/tmp/sluice_simulate_test_XXXXXX");
        sluice_error error = {0};
        if (mkdtemp(folders[i]) == NULL) {
            return -1;
        }
        sluice_simulate_options options = options_for(folders[i]);
        if (sluice_simulate(&options, &summaries[i], &error) != SLUICE_OK) {
            print_error("%s\n", error.text);
            return -1;
        }
    }
    return 0;
}

static int remove_both(void **state) {
    (void)state;
    char path[192];
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < CITY_FILE_COUNT; j++) {
            (void)snprintf(path, sizeof path, "%s/%s", folders[i], city_files[j]);
            (void)remove(path);
        }
        (void)snprintf(path, sizeof path, "%s/truth", folders[i]);
        (void)rmdir(path);
        (void)rmdir(folders[i]);
    }
    memory_free(movements);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--seed") == 0) {
        seed = strtoull(argv[2], NULL, 10);
    }
    print_message("seed %llu\n", (unsigned long long)seed);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_seed_same_bytes),
                                       cmocka_unit_test(test_ledger_is_exact_and_never_negative),
                                       cmocka_unit_test(test_every_victims_money_is_accounted_for),
                                       cmocka_unit_test(test_exits_exist),
                                       cmocka_unit_test(test_two_million_cross_seven_layers_in_seconds),
                                       cmocka_unit_test(test_mules_are_tested_shared_and_run_from_few_phones),
                                       cmocka_unit_test(test_most_movements_are_innocent_and_some_look_guilty),
                                       cmocka_unit_test(test_demo_is_a_case_with_something_left_to_save),
                                       cmocka_unit_test(test_bad_calls_are_refused_in_words),
                                       cmocka_unit_test(test_out_of_memory_is_an_error)};
    return cmocka_run_group_tests(tests, simulate_twice, remove_both);
}
