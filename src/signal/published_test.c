#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The published formats, with small files of their shapes. */
#include "base/text.h"
#include "support/format_support.h"

typedef struct world {
    char *folder;
    collected got;
} world;

static int set_up(void **state) {
    static world w;
    w.folder = test_folder_new();
    *state = &w;
    return 0;
}

static int tear_down(void **state) {
    world *w = *state;
    collected_fini(&w->got);
    test_folder_remove(&w->folder);
    return 0;
}

static void put(world *w, const char *name, const char *text) {
    release_path(test_text_file(w->folder, name, text));
}

static void read_folder(world *w, const char *format) {
    collected_fini(&w->got);
    collect_file(format, NULL, w->folder, &w->got);
}

static void expect_failure(const world *w, sluice_result result, const char *part) {
    assert_int_equal(w->got.result, result);
    if (strstr(w->got.error.text, part) == NULL) {
        fail_msg("'%s' is not in: %s", part, w->got.error.text);
    }
}

static void expect_reject(const world *w, size_t index, uint64_t line, const char *field, const char *part) {
    assert_true(index < w->got.reject_count);
    const collected_reject *reject = &w->got.rejects[index];
    assert_int_equal(reject->line, line);
    assert_string_equal(reject->field, field);
    if (strstr(reject->reason, part) == NULL) {
        fail_msg("'%s' is not in: %s", part, reject->reason);
    }
}

/* ---- finbench ---- */

static void test_finbench(void **state) {
    world *w = *state;
    put(w, "snapshot/Account.csv",
        "accountId|createTime|isBlocked|accoutType\n"
        "4613937818241074769|2020-01-09 18:08:45.162|true|foreign currency\n"
        "2|2020-01-09 00:00:00|false|x\n");
    put(w, "snapshot/PersonOwnAccount.csv",
        "personId|accountId|createTime\n729|4613937818241074769|2020-01-09 18:08:45.162\n");
    put(w, "snapshot/AccountTransferAccount.csv",
        "fromId|toId|amount|createTime\n"
        "4613937818241074769|2|17693696.989343166|2020-06-29 02:33:46.538\n");
    put(w, "snapshot/Loan.csv", "loanId\n1\n");
    put(w, "incremental/AddAccountTransferAccountWrite12.csv",
        "createTime|dependencyTime|fromId|toId|amount|orderNum|comment|payType|goodsType\n"
        "1669691328406|1640639964923|2|4613937818241074769|7839934.76|1|He said \"no|a|b\n");
    put(w, "incremental/DeleteAccountWrite17.csv", "deleteTime|dependentDate|accountId\n1669691815124|1|2\n");
    put(w, "incremental/UpdatePersonWrite19.csv", "createTime|dependencyTime|personId\n1669691815124|1|729\n");
    read_folder(w, "finbench");
    assert_int_equal(w->got.result, SLUICE_OK);
    assert_int_equal(w->got.rejected, 0);
    assert_int_equal(w->got.ignored_count, 1);
    assert_int_equal(w->got.count, 8);
    static const char *const ORDER[] = {"Account",
                                        "PersonOwnAccount",
                                        "AccountTransferAccount",
                                        "AddAccountTransferAccountWrite12",
                                        "UpdatePersonWrite19",
                                        "DeleteAccountWrite17"};
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(w->got.stems[i], ORDER[i]);
    }
    const sluice_signal *s = w->got.signals;
    assert_text(s[0].key, "account:4613937818241074769");
    assert_int_equal(s[0].event, SLUICE_EVENT_SEEN);
    assert_int_equal(s[0].time_ms, INT64_C(1578593325162)); /* read as UTC */
    assert_text(s[0].type, "foreign currency");
    assert_int_equal(s[1].event, SLUICE_EVENT_BLOCKED);
    assert_int_equal(s[1].source_row, 1);
    assert_int_equal(s[2].source_row, 2);
    assert_text(s[3].holder, "person:729");
    assert_int_equal(s[4].kind, SLUICE_SIGNAL_TRANSFER);
    assert_int_equal(s[4].amount_fen, 1769369699);
    assert_int_equal(s[4].received_fen, 1769369699);
    assert_int_equal(w->got.rounded, 1);
    assert_int_equal(s[5].time_ms, INT64_C(1669691328406));
    assert_int_equal(s[6].kind, SLUICE_SIGNAL_HOLDER);
    assert_text(s[6].key, "person:729");
    assert_int_equal(s[6].event, SLUICE_EVENT_BLOCKED);
    assert_int_equal(s[7].event, SLUICE_EVENT_CLOSED);
}

static void test_finbench_columns_go_by_name(void **state) {
    world *w = *state;
    put(w, "AccountWithdrawAccount.csv", "createTime|amount|toId|fromId\r\n1669691328406|0|9|8\r\n");
    put(w, "AddMediumSigninAccountWrite16.csv",
        "createTime|dependencyTime|mediumId|accountId|location\n1669690464378|1|5|8|Thailand -> "
        "Songkhla");
    read_folder(w, "finbench");
    assert_int_equal(w->got.count, 2);
    assert_int_equal(w->got.signals[0].kind, SLUICE_SIGNAL_WITHDRAWAL);
    assert_text(w->got.signals[0].from, "account:8");
    assert_text(w->got.signals[0].to, "account:9");
    assert_text(w->got.signals[1].device, "device:5");
    assert_text(w->got.signals[1].key, "account:8");
    assert_text(w->got.signals[1].place, "Thailand -> Songkhla");
}

static void test_finbench_rejects(void **state) {
    world *w = *state;
    put(w, "AccountTransferAccount.csv",
        "fromId|toId|amount|createTime\n"
        "1|2|3\n"
        "1|2|-3|1669691328406\n"
        "|2|3|1669691328406\n"
        "1|2|3|yesterday\n"
        "1|2|three|1669691328406\n"
        "1|2|\xFF|1669691328406\n"
        "1|2|3.005|1669691328406\n"
        "1|1|0|1669691328406\n");
    read_folder(w, "finbench");
    assert_int_equal(w->got.count, 2);
    assert_int_equal(w->got.rows, 8);
    assert_int_equal(w->got.rejected, 6);
    assert_int_equal(w->got.signals[0].amount_fen, 300); /* half to even */
    assert_int_equal(w->got.signals[0].source_row, 7);
    assert_int_equal(w->got.signals[0].source_line, 8);
    expect_reject(w, 0, 2, "", "3 fields and the header 4");
    expect_reject(w, 1, 3, "amount", "negative");
    expect_reject(w, 2, 4, "fromId", "empty");
    expect_reject(w, 3, 5, "createTime", "'yesterday'");
    expect_reject(w, 4, 6, "amount", "'three'");
    expect_reject(w, 5, 7, "", "UTF-8");
}

static void test_finbench_missing_column(void **state) {
    world *w = *state;
    put(w, "Account.csv", "accountId|isBlocked\n1|false\n");
    read_folder(w, "finbench");
    expect_failure(w, SLUICE_E_INPUT, "no column 'createTime'");
}

static void test_finbench_wrong_paths(void **state) {
    world *w = *state;
    put(w, "Loan.csv", "loanId\n");
    read_folder(w, "finbench");
    expect_failure(w, SLUICE_E_INPUT, "no file of the format finbench");
    char *path = test_text_file(w->folder, "x.csv", "a\n");
    collect_file("finbench", NULL, path, &w->got);
    expect_failure(w, SLUICE_E_INPUT, "not a FinBench file");
    collect_file("finbench", NULL, "/nowhere/at/all", &w->got);
    expect_failure(w, SLUICE_E_NOT_FOUND, "/nowhere/at/all");
    collect_file("swift", NULL, path, &w->got);
    expect_failure(w, SLUICE_E_INPUT, "unknown format 'swift'");
    release_path(path);
}

/* ---- amlsim ---- */

static void test_amlsim(void **state) {
    world *w = *state;
    put(w, "transactions.csv",
        "sourceNodeId,targetNodeId,value,time\n280,15349,147.8,1\n280,280,0,0\n1,2,3,-1\n1,2,3,x\n");
    put(w, "nodes.csv", "nodeid,isFraud,init_balance,fraudStep\n0,0,184.44,-1\n7,1,175.80,3\n");
    read_folder(w, "amlsim");
    assert_int_equal(w->got.count, 4);
    const sluice_signal *s = w->got.signals;
    assert_text(s[0].key, "account:0");
    assert_int_equal(s[0].label.length, 0);
    assert_text(s[1].label, "fraud");
    assert_int_equal(s[2].time_ms, INT64_C(1640966400000) + INT64_C(86400000));
    assert_int_equal(s[2].amount_fen, 14780);
    assert_int_equal(s[3].time_ms, INT64_C(1640966400000));
    expect_reject(w, 0, 4, "time", "not a step: '-1'");
    expect_reject(w, 1, 5, "time", "not a step: 'x'");
}

static void test_amlsim_folder_of_folders(void **state) {
    world *w = *state;
    put(w, "a/nodes.csv", "nodeid,isFraud\n");
    read_folder(w, "amlsim");
    expect_failure(w, SLUICE_E_INPUT, "folder of one simulation");
}

/* ---- amlworld ---- */

#define TABLE_HEADER                                                                                                   \
    "Timestamp,From Bank,Account,To Bank,Account,Amount Received,Receiving Currency,Amount Paid,Payment Currency,"     \
    "Payment Format,Is Laundering\n"

static void test_amlworld_table(void **state) {
    world *w = *state;
    put(w, "HI-Small_Trans.csv",
        TABLE_HEADER "2022/09/01 00:20,010,8000EBD30,012,8000F5340,3697.34,US Dollar,24000.5,Yuan,Reinvestment,0\n"
                     "2022/09/01 00:21,010,8000EBD30,010,8000EBD30,0.000012,Bitcoin,0.000012,Bitcoin,Wire,1\n"
                     "2022/09/01 00:22,1,2,3,4,7,Euro,7,Euro,ACH,0");
    put(w, "HI-Small_Patterns.txt", "BEGIN LAUNDERING ATTEMPT - CYCLE\n");
    put(w, "notes.csv", "a,b\n1,2\n");
    read_folder(w, "amlworld");
    assert_int_equal(w->got.result, SLUICE_OK);
    assert_int_equal(w->got.source_count, 1); /* the patterns' rows are in the table beside them */
    assert_int_equal(w->got.ignored_count, 2);
    assert_int_equal(w->got.count, 3);
    const sluice_signal *s = w->got.signals;
    assert_text(s[0].from, "account:010/8000EBD30");
    assert_text(s[0].to, "account:012/8000F5340");
    assert_int_equal(s[0].time_ms, INT64_C(1661962800000)); /* 2022-09-01T00:20+08:00 */
    assert_int_equal(s[0].amount_fen, 2400050);
    assert_int_equal(s[0].currency, 0);
    assert_int_equal(s[0].received_fen, 369734);
    assert_int_equal(s[0].received_currency, sluice_currency_pack(TEXT("USD")));
    assert_int_equal(s[0].label.length, 0);
    assert_int_equal(s[1].amount_fen, 0);
    assert_text(s[1].label, "laundering");
    assert_int_equal(w->got.rounded, 2); /* per amount */
    assert_int_equal(s[2].source_row, 3);
    assert_int_equal(s[2].source_line, 4);
}

static void test_amlworld_sample_header(void **state) {
    world *w = *state;
    put(w, "sample.csv",
        "timestamp,from_bank_id,from_account_id,from_account_key,to_bank_id,to_account_id,to_account_key,"
        "amount_received,receiving_currency,amount_paid,payment_currency,payment_format,is_laundering\r\n"
        "2022/09/01 00:20,10,8000EBD30,10:8000EBD30,3208,8000F4580,3208:8000F4580,0.01,US Dollar,0.01,US "
        "Dollar,Cheque,0\r\n");
    read_folder(w, "amlworld");
    assert_int_equal(w->got.count, 1);
    assert_text(w->got.signals[0].from, "account:10/8000EBD30");
    assert_text(w->got.signals[0].to, "account:3208/8000F4580");
}

static void test_amlworld_rejects(void **state) {
    world *w = *state;
    put(w, "x_Trans.csv",
        TABLE_HEADER "2022/09/31 00:20,1,2,3,4,7,Euro,7,Euro,ACH,0\n"
                     "2022/09/01 24:20,1,2,3,4,7,Euro,7,Euro,ACH,0\n"
                     "2022/09/01 00:20,,2,3,4,7,Euro,7,Euro,ACH,0\n"
                     "2022/09/01 00:20,1,2,3,,7,Euro,7,Euro,ACH,0\n"
                     "2022/09/01 00:20,1,2,3,4,7,Groat,7,Euro,ACH,0\n"
                     "2022/09/01 00:20,1,2,3,4,7,Euro,-7,Euro,ACH,0\n"
                     "2022/09/01 00:20,1,2,3,4,7,Euro,7,Euro,ACH,2\n"
                     "2022/09/01 00:20,1,2,3,4,7,Euro,7,Euro,ACH\n"
                     "\n"
                     "2022/09/01 00:20,1,2\x01"
                     "2,3,4,7,Euro,7,Euro,ACH,0\n"
                     "2022/09/01 00:20, 1 ,\"2\",3,4,7,Euro,\"1,007.10\",Euro,ACH,0\n");
    read_folder(w, "amlworld");
    assert_int_equal(w->got.count, 1);
    assert_text(w->got.signals[0].from, "account:1/2");
    assert_int_equal(w->got.signals[0].amount_fen, 100710);
    assert_int_equal(w->got.signals[0].source_row, 10);
    assert_int_equal(w->got.signals[0].source_line, 12);
    expect_reject(w, 0, 2, "Timestamp", "2022/09/31");
    expect_reject(w, 1, 3, "Timestamp", "24:20");
    expect_reject(w, 2, 4, "Account", "bank is empty");
    expect_reject(w, 3, 5, "Account", "account is empty");
    expect_reject(w, 4, 6, "Receiving Currency", "'Groat'");
    expect_reject(w, 5, 7, "Amount Paid", "negative");
    expect_reject(w, 6, 8, "Is Laundering", "expected 0 or 1");
    expect_reject(w, 7, 9, "", "10 fields and the header 11");
    expect_reject(w, 8, 11, "Account", "control character");
}

#define PATTERN_ROW(account) "2022/09/01 00:06,021174,800737690,012," account ",2848.96,Euro,2848.96,Euro,ACH,1\n"

static void test_amlworld_patterns_text(void **state) {
    world *w = *state;
    put(w, "HI-Small_Patterns.txt",
        "BEGIN LAUNDERING ATTEMPT - FAN-OUT:  Max 16-degree Fan-Out\n" PATTERN_ROW("A")
            PATTERN_ROW("B") "END LAUNDERING ATTEMPT - FAN-OUT\n\n"
                             "BEGIN LAUNDERING ATTEMPT - GATHER-SCATTER:  Max 1\r\n" PATTERN_ROW(
                                 "C") "END LAUNDERING ATTEMPT - GATHER-SCATTER\n");
    read_folder(w, "amlworld");
    assert_int_equal(w->got.count, 3);
    assert_text(w->got.signals[0].label, "fan-out");
    assert_text(w->got.signals[1].to, "account:012/B");
    assert_text(w->got.signals[2].label, "gather-scatter");
    assert_int_equal(w->got.signals[2].source_row, 3);
    collected again = {0};
    const char *path = w->folder;
    collect(&(format_options){.format = "amlworld"}, &path, 1, (collect_how){.capacity = 2, .reopen = true}, &again);
    assert_same_signals(&w->got, &again);
    collected_fini(&again);
}

#define PATTERN_OBJECT(paid)                                                                                           \
    "{\"timestamp\":\"2022/09/01 00:06\",\"from_bank\":\"021174\",\"from_account\":\"800737690\",\"to_bank\":12,"      \
    "\"to_account\":\"80011F990\",\"amount_received\":2848.96,\"receiving_currency\":\"Euro\",\"amount_paid\":" paid   \
    ",\"payment_currency\":\"Euro\",\"payment_format\":\"ACH\",\"is_laundering\":1}"

static void test_amlworld_patterns_json(void **state) {
    world *w = *state;
    put(w, "patterns.json",
        "{\"source\":\"x\",\"patterns\":[{\"pattern_type\":\"STACK\",\"transactions\":[" PATTERN_OBJECT(
            "92233720368547758.07") "," PATTERN_OBJECT("null") "]},{\"pattern_type\":\"FAN-IN:  Max 2\","
                                                               "\"transactions\":[" PATTERN_OBJECT(
                                                                   "1.005") ",{}]},{},7]}");
    read_folder(w, "amlworld");
    assert_int_equal(w->got.result, SLUICE_OK);
    assert_int_equal(w->got.count, 2);
    assert_int_equal(w->got.rows, 4);
    assert_int_equal(w->got.signals[0].amount_fen, INT64_MAX);
    assert_text(w->got.signals[0].label, "stack");
    assert_text(w->got.signals[0].to, "account:12/80011F990");
    assert_text(w->got.signals[1].label, "fan-in");
    assert_int_equal(w->got.signals[1].source_row, 3);
    assert_int_equal(w->got.signals[1].amount_fen, 100);
    expect_reject(w, 0, 0, "patterns[0].transactions[1].amount_paid", "empty");
    expect_reject(w, 1, 0, "patterns[1].transactions[1].timestamp", "missing");
}

static void test_amlworld_bad_json(void **state) {
    world *w = *state;
    put(w, "patterns.json", "{\n\"patterns\": [\n}\n");
    read_folder(w, "amlworld");
    expect_failure(w, SLUICE_E_INPUT, "patterns.json:3: not JSON");
    put(w, "patterns.json", "[]");
    read_folder(w, "amlworld");
    expect_failure(w, SLUICE_E_INPUT, "no array \"patterns\"");
    put(w, "patterns.json", "");
    read_folder(w, "amlworld");
    expect_failure(w, SLUICE_E_INPUT, "not JSON");
    put(w, "patterns.json", "{\"patterns\":[]}");
    read_folder(w, "amlworld");
    assert_int_equal(w->got.result, SLUICE_OK);
    assert_int_equal(w->got.count, 0);
}

static void test_files_that_are_no_text(void **state) {
    world *w = *state;
    put(w, "x_Trans.csv", "PK\x03\x04");
    read_folder(w, "amlworld");
    expect_failure(w, SLUICE_E_INPUT, "Excel workbook");
    put(w, "x_Trans.csv", "");
    read_folder(w, "amlworld");
    expect_failure(w, SLUICE_E_INPUT, "the file is empty");
}

static void test_memory_runs_out(void **state) {
    world *w = *state;
    put(w, "snapshot/Account.csv", "accountId|createTime|isBlocked\n1|2020-01-09 18:08:45|true\n");
    put(w, "patterns.json", "{\"patterns\":[{\"pattern_type\":\"STACK\",\"transactions\":[" PATTERN_OBJECT("1") "]}]}");
    static const char *const FORMATS[] = {"finbench", "amlworld"};
    for (size_t i = 0; i < 2; i++) {
        bool complete = false;
        for (int64_t allowed = 0; !complete; allowed++) {
            assert_true(allowed < 1000);
            const char *path = w->folder;
            format_options options = {.format = FORMATS[i]};
            format_plan *plan = NULL;
            format_reader *reader = NULL;
            format_position start = {0};
            sluice_signal signals[8];
            format_chunk chunk = {.signals = signals, .capacity = 8};
            sluice_error error;
            memory_fail_after(allowed);
            sluice_result result = format_plan_new(&options, &path, 1, &plan, &error);
            result = result != SLUICE_OK ? result : format_reader_open(plan, 0, &start, &reader, &error);
            result = result != SLUICE_OK ? result : format_read(reader, &chunk, NULL, NULL, &error);
            memory_fail_after(-1);
            assert_true(result == SLUICE_OK || result == SLUICE_E_NO_MEMORY);
            if (result != SLUICE_OK && reader != NULL) { /* the same call goes on */
                assert_int_equal(format_read(reader, &chunk, NULL, NULL, &error), SLUICE_OK);
            }
            assert_true(reader == NULL || chunk.count == (i == 0 ? 2 : 1));
            complete = result == SLUICE_OK;
            format_reader_close(&reader);
            format_plan_free(&plan);
            arena_fini(&chunk.texts);
        }
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {TEST(test_finbench),
                                       TEST(test_finbench_columns_go_by_name),
                                       TEST(test_finbench_rejects),
                                       TEST(test_finbench_missing_column),
                                       TEST(test_finbench_wrong_paths),
                                       TEST(test_amlsim),
                                       TEST(test_amlsim_folder_of_folders),
                                       TEST(test_amlworld_table),
                                       TEST(test_amlworld_sample_header),
                                       TEST(test_amlworld_rejects),
                                       TEST(test_amlworld_patterns_text),
                                       TEST(test_amlworld_patterns_json),
                                       TEST(test_amlworld_bad_json),
                                       TEST(test_files_that_are_no_text),
                                       TEST(test_memory_runs_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
