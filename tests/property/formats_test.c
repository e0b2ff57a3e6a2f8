/* What must hold for every format: the data sets come in whole; how a file is cut into chunks and where reading is
 * taken up again changes nothing; AMLworld's fast path means what the slow one does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "support/format_support.h"
#include "sys/file.h"
#include "sys/random.h"

static uint64_t seed = 20220524;

/* ---- the data sets ---- */

/* Lines of a file, by a count of our own, without the header. */
static size_t count_rows(const char *folder, const char *name) {
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t lines = 0;
    int last = '\n';
    for (int c = getc(file); c != EOF; c = getc(file)) {
        lines += c == '\n';
        last = c;
    }
    (void)fclose(file);
    return lines + (last != '\n') - 1;
}

static void expect_whole(const collected *c) {
    if (c->result != SLUICE_OK) {
        fail_msg("%s", c->error.text);
    }
    if (c->reject_count > 0) {
        fail_msg("line %llu: %s", (unsigned long long)c->rejects[0].line, c->rejects[0].reason);
    }
}

static size_t count_event(const collected *c, sluice_signal_kind kind, sluice_event event) {
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++) {
        count += c->signals[i].kind == kind && c->signals[i].event == event;
    }
    return count;
}

static size_t count_labels(const collected *c) {
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++) {
        count += c->signals[i].label.length > 0;
    }
    return count;
}

static void test_finbench_data(void **state) {
    (void)state;
    char *folder = test_data_path("finbench_example");
    if (folder == NULL) {
        skip();
    }
    collected c = {0};
    collect_file("finbench", NULL, folder, &c);
    expect_whole(&c);
    size_t transfers = count_rows(folder, "snapshot/AccountTransferAccount.csv") +
                       count_rows(folder, "incremental/AddAccountTransferAccountWrite12.csv") +
                       count_rows(folder, "incremental/AddAccountTransferAccountReadWrite1.csv") +
                       count_rows(folder, "incremental/AddAccountTransferAccountReadWrite2.csv");
    assert_int_equal(transfers, 37861 + 9546 + 1179 + 1205);
    assert_int_equal(count_kind(&c, SLUICE_SIGNAL_TRANSFER), transfers);
    size_t withdrawals = count_rows(folder, "snapshot/AccountWithdrawAccount.csv") +
                         count_rows(folder, "incremental/AddAccountWithdrawAccountWrite13.csv");
    assert_int_equal(withdrawals, 42069 + 13453);
    assert_int_equal(count_kind(&c, SLUICE_SIGNAL_WITHDRAWAL), withdrawals);
    size_t accounts = count_rows(folder, "snapshot/Account.csv");
    size_t owned =
        count_rows(folder, "snapshot/PersonOwnAccount.csv") + count_rows(folder, "snapshot/CompanyOwnAccount.csv");
    assert_int_equal(accounts, 6200);
    assert_int_equal(count_event(&c, SLUICE_SIGNAL_ACCOUNT, SLUICE_EVENT_SEEN), accounts + owned);
    assert_int_equal(count_event(&c, SLUICE_SIGNAL_ACCOUNT, SLUICE_EVENT_CLOSED), 1354);
    assert_int_equal(count_rows(folder, "incremental/DeleteAccountWrite17.csv"), 1354);
    assert_int_equal(count_event(&c, SLUICE_SIGNAL_HOLDER, SLUICE_EVENT_SEEN),
                     count_rows(folder, "snapshot/Person.csv") + count_rows(folder, "snapshot/Company.csv"));
    assert_int_equal(count_kind(&c, SLUICE_SIGNAL_LOGIN),
                     count_rows(folder, "snapshot/MediumSignInAccount.csv") +
                         count_rows(folder, "incremental/AddMediumSigninAccountWrite16.csv"));
    collected_fini(&c);
    release_path(folder);
}

static void check_amlsim(const char *name, size_t transfers) {
    char *folder = test_data_path(name);
    if (folder == NULL) {
        skip();
    }
    collected c = {0};
    collect_file("amlsim", NULL, folder, &c);
    expect_whole(&c);
    assert_int_equal(count_rows(folder, "transactions.csv"), transfers);
    assert_int_equal(count_kind(&c, SLUICE_SIGNAL_TRANSFER), transfers);
    assert_int_equal(count_kind(&c, SLUICE_SIGNAL_ACCOUNT), count_rows(folder, "nodes.csv"));
    assert_int_equal(c.rounded, 0);
    assert_true(count_labels(&c) > 900);
    collected_fini(&c);
    release_path(folder);
}

static void test_amlsim_data(void **state) {
    (void)state;
    check_amlsim("amlsim_20k/20K_cycle200", 117805);
    check_amlsim("amlsim_20k/20K_fanin200", 118250);
}

/* How often a text occurs in a file. */
static size_t count_text(const char *folder, const char *name, const char *text) {
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file_view view;
    sluice_error error;
    assert_int_equal(file_map(path, &view, &error), SLUICE_OK);
    size_t count = 0;
    const char *p = view.data;
    const char *end = p + view.bytes;
    while ((p = memmem(p, (size_t)(end - p), text, strlen(text))) != NULL) {
        count++;
        p++;
    }
    file_unmap(&view);
    return count;
}

static void test_amlworld_data(void **state) {
    (void)state;
    char *folder = test_data_path("amlworld_hi_small_patterns");
    if (folder == NULL) {
        skip();
    }
    collected c = {0};
    collect_file("amlworld", NULL, folder, &c);
    expect_whole(&c);
    size_t patterns = count_text(folder, "laundering_patterns.json", "\"timestamp\"");
    size_t table = count_rows(folder, "transactions_sample_first1000.csv");
    assert_int_equal(patterns, 3209);
    assert_int_equal(table, 1000);
    assert_int_equal(count_kind(&c, SLUICE_SIGNAL_TRANSFER), patterns + table);
    assert_true(count_labels(&c) >= patterns);
    collected_fini(&c);
    release_path(folder);
}

/* ---- chunks and resuming ---- */

static const size_t CAPACITIES[] = {FORMAT_ROW_SIGNALS_MAX, 3, 5, 64, 1000};

static void check_cuts(const char *format, const char *mapping_path, const char *path) {
    format_options options = {.format = format, .mapping_path = mapping_path};
    collected whole = {0}, cut = {0};
    collect(&options, &path, 1, (collect_how){.capacity = 100000}, &whole);
    assert_int_equal(whole.result, SLUICE_OK);
    assert_true(whole.count > 0);
    for (size_t i = 0; i < sizeof CAPACITIES / sizeof *CAPACITIES; i++) {
        for (int reopen = 0; reopen < 2; reopen++) {
            collect(&options, &path, 1, (collect_how){.capacity = CAPACITIES[i], .reopen = reopen == 1}, &cut);
            assert_same_signals(&whole, &cut);
        }
    }
    collected_fini(&whole);
    collected_fini(&cut);
}

#define ROW(n) "2022/09/01 00:0" #n ",1,A" #n ",2,B,7." #n ",Euro,7,Yuan,ACH," #n "\n"
#define OBJECT(n)                                                                                                      \
    "{\"timestamp\":\"2022/09/01 00:06\",\"from_bank\":\"1\",\"from_account\":\"2\",\"to_bank\":\"3\",\"to_account\":" \
    "\"4\",\"amount_received\":1,\"receiving_currency\":\"Euro\",\"amount_paid\":" n                                   \
    ",\"payment_currency\":\"Euro\",\"payment_format\":\"ACH\",\"is_laundering\":1}"

static void test_chunks_and_resuming(void **state) {
    (void)state;
    static const struct {
        const char *format, *name, *text;
    } FILES[] = {
        {"finbench", "Account.csv",
         "accountId|createTime|isBlocked\n1|2020-01-01|true\n2|2020-01-01|false\n\n3|x|true\n"
         "4|2020-01-01|true\n5|2020-01-01|true"},
        {"amlsim", "transactions.csv",
         "sourceNodeId,targetNodeId,value,time\n1,2,3,1\n1,2,\"3\n\",1\n1,2,3\n\n\n1,2,3.005,1\n"},
        {"amlworld", "x_Trans.csv",
         "Timestamp,From Bank,Account,To Bank,Account,Amount Received,Receiving Currency,Amount "
         "Paid,Payment Currency,Payment Format,Is Laundering\n" ROW(0) ROW(1)
             ROW(2) "\n" ROW(1) "\"2022/09/01 00:00\",1,\"A\nA\",2,B,7,Euro,7,Euro,ACH,1\n" ROW(0) ROW(1)},
        {"amlworld", "x_Patterns.txt",
         "BEGIN LAUNDERING ATTEMPT - STACK\n" ROW(1) ROW(1) ROW(
             1) "END LAUNDERING ATTEMPT - STACK\n\n"
                "BEGIN LAUNDERING ATTEMPT - CYCLE:  Max 2\n" ROW(1) ROW(3) ROW(1) "END LAUNDERING ATTEMPT - CYCLE\n"},
        {"amlworld", "y.json",
         "{\"patterns\":[{\"pattern_type\":\"A: x\",\"transactions\":[" OBJECT("1") "," OBJECT("-2") "," OBJECT(
             "3") "," OBJECT("4.005") "]},{},{\"pattern_type\":\"B\",\"transactions\":"
                                      "[" OBJECT("5") "," OBJECT("6") "]}]}"},
        {"csv", "transfers.csv",
         "time,from,to,amount\r\n2024-01-05,1,\"2\r\n\",3\r\n2024-01-05,\"a\"\"b\",2,3\r\n\r\n2024-01-05,1,2\r\n"
         "2024-01-05,1,\"2,3\r\n2024-01-05,5,6,7"},
        {"ndjson", "x.ndjson",
         "{\"time\":\"2024-01-05\",\"from\":\"1\",\"to\":\"2\",\"amount\":3}\n{}\n\n"
         "{\"time\":\"2024-01-05\",\"from\":\"1\",\"to\":\"2\",\"amount\":4}\n"
         "{\"kind\":\"account\",\"time\":\"2024-01-05\",\"key\":\"1\"}"},
    };
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        char *folder = test_folder_new();
        char *path = test_text_file(folder, FILES[i].name, FILES[i].text);
        check_cuts(FILES[i].format, NULL, path);
        release_path(path);
        test_folder_remove(&folder);
    }
}

static void test_resuming_real_data(void **state) {
    (void)state;
    char *folder = test_data_path("amlworld_hi_small_patterns");
    if (folder == NULL) {
        skip();
    }
    format_options options = {.format = "amlworld"};
    const char *path = folder;
    collected whole = {0}, cut = {0};
    collect(&options, &path, 1, (collect_how){0}, &whole);
    collect(&options, &path, 1, (collect_how){.capacity = 97, .reopen = true}, &cut);
    assert_same_signals(&whole, &cut);
    collected_fini(&whole);
    collected_fini(&cut);
    release_path(folder);
}

/* ---- the fast path ---- */

static const char *pick(random_stream *random, const char *const *choices, size_t count) {
    return choices[random_below(random, count)];
}
#define PICK(random, choices) pick(random, choices, sizeof(choices) / sizeof *(choices))

/* A row, mostly regular, with odd fields now and then. With `quoted`, each field is in quotation marks, which the fast
 * path does not take and which mean the same. */
static void write_row(text_writer *out, const char *const fields[11], bool quoted) {
    for (size_t i = 0; i < 11; i++) {
        text_printf(out, "%s%s%s%s", i == 0 ? "" : ",", quoted ? "\"" : "", fields[i], quoted ? "\"" : "");
    }
}

static void test_fast_path_equals_slow_path(void **state) {
    (void)state;
    static const char HEADER[] =
        "Timestamp,From Bank,Account,To Bank,Account,Amount Received,Receiving Currency,Amount Paid,"
        "Payment Currency,Payment Format,Is Laundering\n";
    static const char *const TIMES[] = {"2022/09/01 00:20",
                                        "2022/09/02 23:59",
                                        "2024/02/29 12:00",
                                        "2022/02/29 12:00",
                                        "2022/09/01 24:00",
                                        "2022-09-01 00:20",
                                        "2022/09/01 00:20:30",
                                        "2022/9/1 0:20",
                                        "x",
                                        "",
                                        "1662000000000",
                                        "1662000000 00:20",
                                        "2022/09/01T00:20",
                                        "2022/09/01 0:200"};
    static const char *const BANKS[] = {"010", "1", "3208", "", "12345678901234567", "银行", "1234567890123456"};
    static const char *const ACCOUNTS[] = {"8000EBD30", "800737690", "a b", "", "0123456789ABCDEFG", "\x7F", "x\x01y"};
    static const char *const AMOUNTS[] = {"0",
                                          "7",
                                          "3697.34",
                                          "0.5",
                                          "0.005",
                                          "1e3",
                                          "-1",
                                          "1,5",
                                          ".5",
                                          "5.",
                                          "x",
                                          "",
                                          "123456789012345",
                                          "1234567890123456",
                                          "99999999999999.99",
                                          "999999999999.9",
                                          "92233720368547758.08",
                                          "1.2.3",
                                          "00012.10"};
    static const char *const CURRENCIES[] = {"US Dollar", "Euro", "Bitcoin", "Groat", "", "USD"};
    static const char *const LABELS[] = {"0", "1", "0", "0", "0", "2", ""};
    random_stream random;
    random_seed(&random, seed);
    print_message("seed %llu\n", (unsigned long long)seed);
    text_writer plain = {0}, quoted = {0};
    text_printf(&plain, "%s", HEADER);
    text_printf(&quoted, "%s", HEADER);
    for (size_t i = 0; i < 20000; i++) {
        bool odd = random_chance(&random, 1, 2);
#define USUAL(choices, usual) (odd ? PICK(&random, choices) : (choices)[random_below(&random, usual)])
        const char *fields[11] = {
            USUAL(TIMES, 3),   USUAL(BANKS, 3),      USUAL(ACCOUNTS, 2), USUAL(BANKS, 3),      USUAL(ACCOUNTS, 2),
            USUAL(AMOUNTS, 4), USUAL(CURRENCIES, 3), USUAL(AMOUNTS, 4),  USUAL(CURRENCIES, 3), "ACH",
            USUAL(LABELS, 2)};
        bool grouped = strchr(fields[5], ',') != NULL || strchr(fields[7], ',') != NULL;
        write_row(&plain, fields, grouped);
        write_row(&quoted, fields, true);
        const char *end = random_chance(&random, 1, 20) ? "\r\n" : "\n";
        text_printf(&plain, "%s", end);
        text_printf(&quoted, "%s", end);
    }
    char *folder = test_folder_new();
    char *plain_path = test_file(folder, "a_Trans.csv", plain.data, plain.length);
    char *quoted_path = test_file(folder, "b_Trans.csv", quoted.data, quoted.length);
    collected fast = {0}, slow = {0};
    collect_file("amlworld", NULL, plain_path, &fast);
    collect_file("amlworld", NULL, quoted_path, &slow);
    assert_true(fast.count > 5000 && fast.reject_count > 5000);
    for (size_t i = 0; i < fast.reject_count && i < slow.reject_count; i++) {
        slow.rejects[i].content = fast.rejects[i].content; /* these differ by the marks */
    }
    assert_same_signals(&fast, &slow);
    collected_fini(&fast);
    collected_fini(&slow);
    text_writer_fini(&plain);
    text_writer_fini(&quoted);
    release_path(plain_path);
    release_path(quoted_path);
    test_folder_remove(&folder);
}

int main(int argc, char **argv) {
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], "--seed") == 0) {
            seed = strtoull(argv[i + 1], NULL, 10);
        }
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finbench_data),      cmocka_unit_test(test_amlsim_data),
        cmocka_unit_test(test_amlworld_data),      cmocka_unit_test(test_chunks_and_resuming),
        cmocka_unit_test(test_resuming_real_data), cmocka_unit_test(test_fast_path_equals_slow_path)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
