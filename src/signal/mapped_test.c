#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* csv and ndjson, under mappings and without. */
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

static void read_as(world *w, const char *format, const char *mapping, const char *data, size_t length) {
    char *mapping_path = mapping == NULL ? NULL : test_text_file(w->folder, "map.json", mapping);
    char *path = test_file(w->folder, "data", data, length);
    collected_fini(&w->got);
    collect_file(format, mapping_path, path, &w->got);
    release_path(mapping_path);
    release_path(path);
}
#define READ(w, mapping, data) read_as(w, "csv", mapping, data, sizeof(data) - 1)

static void expect_ok(const world *w, size_t signals, size_t rejects) {
    if (w->got.result != SLUICE_OK) {
        fail_msg("%s", w->got.error.text);
    }
    for (size_t i = 0; i < w->got.reject_count && w->got.reject_count != rejects; i++) {
        print_message("%s: %s\n", w->got.rejects[i].field, w->got.rejects[i].reason);
    }
    assert_int_equal(w->got.reject_count, rejects);
    assert_int_equal(w->got.count, signals);
}

static void expect_failure(const world *w, const char *part) {
    assert_int_equal(w->got.result, SLUICE_E_INPUT);
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

/* ---- canonical ---- */

static void test_canonical_folder(void **state) {
    world *w = *state;
    static const char *const FILES[][2] = {
        {"transfers.csv", "id,time,from,to,amount,currency,from_balance,to_balance,label\n"
                          "T1,2024-01-05T12:00:00.000+08:00,account:1,account:2,1234.50,CNY,0.00,-5,mule\n"
                          "T2,2024-01-05T12:00:01+08:00,1,2,1,USD,,,\n"},
        {"withdrawals.csv",
         "id,time,from,to,amount,currency,from_balance,to_balance\nW1,2024-01-05T12:00:00Z,account:2,,5,,,\n"
         "W2,2024-01-05T12:00:00Z,account:2,atm:7,5,,,\n"},
        {"accounts.csv", "key,time,type,holder,name,event\naccount:1,2024-01-05,debit card,person:9,张三,\n"
                         "account:1,2024-01-06,,,,blocked\n"},
        {"holders.csv", "key,time,type,name\nperson:9,2024-01-05,person,张三\n"},
        {"devices.csv", "key,time,type\nd1,2024-01-05,PHONE\n"},
        {"logins.csv", "time,account,device,place\n2024-01-05 08:00:00,account:1,device:d1,南宁\n"},
        {"truth.csv", "subject,label\naccount:1,mule\n"},
        {"truth/mules.csv", "account\n"},
        {"README.txt", "x"}};
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        release_path(test_text_file(w->folder, FILES[i][0], FILES[i][1]));
    }
    collect_file("csv", NULL, w->folder, &w->got);
    expect_ok(w, 9, 0);
    assert_int_equal(w->got.ignored_count, 3);
    const sluice_signal *s = w->got.signals;
    assert_text(s[0].key, "account:1");
    assert_text(s[0].holder, "person:9");
    assert_text(s[0].name, "张三");
    assert_text(s[0].type, "debit card");
    assert_int_equal(s[1].event, SLUICE_EVENT_BLOCKED);
    assert_int_equal(s[2].kind, SLUICE_SIGNAL_HOLDER);
    assert_text(s[3].key, "device:d1");
    assert_int_equal(s[4].kind, SLUICE_SIGNAL_LOGIN);
    assert_text(s[4].key, "account:1");
    assert_text(s[4].device, "device:d1");
    assert_text(s[4].place, "南宁");
    assert_text(s[5].id, "T1");
    assert_int_equal(s[5].amount_fen, 123450);
    assert_true(s[5].has_from_balance && s[5].has_to_balance);
    assert_int_equal(s[5].to_balance_fen, -500);
    assert_text(s[5].label, "mule");
    assert_int_equal(s[6].currency, sluice_currency_pack(TEXT("USD")));
    assert_int_equal(s[6].received_currency, s[6].currency);
    assert_false(s[6].has_from_balance);
    assert_text(s[6].from, "account:1");
    assert_int_equal(s[7].kind, SLUICE_SIGNAL_WITHDRAWAL);
    assert_int_equal(s[7].to.length, 0);
    assert_text(s[8].to, "atm:7");
}

static void test_without_a_mapping(void **state) {
    world *w = *state;
    READ(w, NULL, "time,from,to,amount\n2024-01-05,1,2,3\n");
    expect_ok(w, 1, 0);
    READ(w, NULL, "when,from,to,amount\n2024-01-05,1,2,3\n");
    expect_failure(w, "no column 'time'; its columns are 'when', 'from'");
    READ(w, NULL, "");
    expect_failure(w, "the file is empty");
    collect_file("csv", NULL, w->folder, &w->got);
    expect_failure(w, "holds no transfers.csv");
}

static void test_ndjson_without_a_mapping(void **state) {
    world *w = *state;
    static const char DATA[] = "{\"time\":1704427200000,\"from\":\"1\",\"to\":9007199254740993,\"amount\":"
                               "92233720368547758.07,\"id\":\"a\\u00e9\"}\n"
                               "\n"
                               "{\"kind\":\"login\",\"time\":\"2024-01-05\",\"account\":\"1\",\"device\":\"x\"}\n"
                               "{\"kind\":\"account\",\"key\":\"1\",\"time\":\"2024-01-05\",\"event\":\"closed\"}\r\n"
                               "{\"kind\":\"party\",\"time\":\"2024-01-05\"}\n"
                               "[1]\n"
                               "{\"time\":\n"
                               "{\"time\":{},\"from\":\"1\",\"to\":\"2\",\"amount\":1}\n"
                               "{\"from\":\"1\",\"to\":\"2\",\"amount\":1}\n"
                               "{\"time\":\"2024-01-05\",\"from\":\"1\",\"to\":null,\"amount\":1}";
    read_as(w, "ndjson", NULL, DATA, sizeof DATA - 1);
    expect_ok(w, 3, 6);
    assert_text(w->got.signals[0].to, "account:9007199254740993");
    assert_int_equal(w->got.signals[0].amount_fen, INT64_MAX);
    assert_text(w->got.signals[0].id, "aé");
    assert_text(w->got.signals[1].key, "account:1");
    assert_int_equal(w->got.signals[2].event, SLUICE_EVENT_CLOSED);
    assert_int_equal(w->got.signals[2].source_row, 3);
    assert_int_equal(w->got.signals[2].source_line, 4);
    expect_reject(w, 0, 5, "kind", "'party'");
    expect_reject(w, 1, 6, "", "not a JSON object");
    expect_reject(w, 2, 7, "", "not a JSON object");
    expect_reject(w, 3, 8, "time", "an object or an array");
    expect_reject(w, 4, 9, "time", "missing");
    expect_reject(w, 5, 10, "to", "empty");
}

static void test_ndjson_paths(void **state) {
    world *w = *state;
    static const char MAP[] = "{\"key_kind\":\"wallet\",\"amount_unit\":\"fen\",\"columns\":{\"time\":\"t\",\"from\":"
                              "\"payer.id\",\"to\":\"payee.id\",\"amount\":\"m\"}}";
    static const char DATA[] = "{\"t\":\"2024-01-05\",\"payer\":{\"id\":\"p\"},\"payee.id\":\"q\",\"m\":12345}\n"
                               "{\"t\":\"2024-01-05\",\"payer\":{\"id\":\"p\"},\"payee\":{},\"m\":1.5}\n"
                               "{\"t\":\"2024-01-05\",\"payer\":{\"id\":\"p\"},\"payee\":{\"id\":3},\"m\":1.5}\n";
    read_as(w, "ndjson", MAP, DATA, sizeof DATA - 1);
    expect_ok(w, 1, 2);
    assert_text(w->got.signals[0].from, "wallet:p");
    assert_text(w->got.signals[0].to, "wallet:q");
    assert_int_equal(w->got.signals[0].amount_fen, 12345);
    expect_reject(w, 0, 2, "payee.id", "missing");
    expect_reject(w, 1, 3, "m", "whole number of fen");
}

/* ---- a bank's statement ---- */

static const char STATEMENT_MAP[] =
    "{\"columns\": {\"id\": \"流水号\", \"time\": [\"日期\", \"时间\"], \"account\": \"账号\","
    "\"counterparty\": {\"column\": \"对方账号\", \"empty\": \"bank:own\"},"
    "\"direction\": {\"column\": \"借贷\", \"values\": {\"借\": \"out\", \"贷\": \"in\"}}, \"amount\": \"金额\", "
    "\"balance\": \"余额\"},"
    "\"negative_amount\": \"reversed\","
    "\"withdrawal_when\": {\"column\": \"摘要\", \"values\": [\"ATM取款\"]},"
    "\"ignore_when\": {\"column\": \"摘要\", \"values\": [\"结转\"]}}";

#define STATEMENT                                                                                                      \
    "流水号,日期,时间,账号,对方账号,借贷,金额,余额,摘要\n"                                        \
    "1,20240105,120000,=\"6228480402564890018\",'6217 0000 1,借,\"1,000.00\",500.00,转账,\n"                        \
    "2,2024-01-05,12:00:01,\t6228480402564890018,62170000,贷,¥20.5,520.50,转账\n"                                  \
    "3,20240105,90503,6228480402564890018,,借,100,420.50,ATM取款\n"                                                 \
    "4,20240105,120003,6228480402564890018,,借,1,419.50,手续费\n"                                                  \
    "5,20240105,120004,6228480402564890018,62170000,借,-7,426.50,冲正\n"                                            \
    "6,20240105,120004,6228480402564890018,62170000,平,7,,转账\n"                                                   \
    "7,20240105,120004,6228480402564890018,62170000,借,7,,结转\n"                                                   \
    "8,20240105,120004,6228480402564890018,6.22848E+18,借,7,,转账\n"                                                \
    "9,20240105,120004,6228480402564890000.0,62170000,借,7,,转账\n"                                                 \
    "10,20240105,120004,6228480402564890018,62170000,贷,7,,ATM取款\n"                                               \
    "11,20240105,120004,6228480402564890018,62170000,借,7,much,转账\n"

static void check_statement(const world *w) {
    expect_ok(w, 5, 5);
    const sluice_signal *s = w->got.signals;
    assert_text(s[0].id, "1");
    assert_text(s[0].from, "account:6228480402564890018");
    assert_text(s[0].to, "account:621700001");
    assert_int_equal(s[0].amount_fen, 100000);
    assert_int_equal(s[0].time_ms, INT64_C(1704427200000));
    assert_true(s[0].has_from_balance && !s[0].has_to_balance && s[0].from_balance_fen == 50000);
    assert_text(s[1].from, "account:62170000");
    assert_text(s[1].to, "account:6228480402564890018");
    assert_true(s[1].has_to_balance && !s[1].has_from_balance && s[1].to_balance_fen == 52050);
    assert_int_equal(s[1].amount_fen, 2050);
    assert_int_equal(s[2].kind, SLUICE_SIGNAL_WITHDRAWAL);
    assert_int_equal(s[2].to.length, 0);
    assert_text(s[3].to, "bank:own");
    assert_text(s[4].from, "account:62170000"); /* a reversal */
    assert_int_equal(s[4].amount_fen, 700);
    assert_int_equal(s[4].to_balance_fen, 42650);
    expect_reject(w, 0, 7, "借贷", "'平'");
    expect_reject(w, 1, 9, "对方账号", "export again from the bank");
    expect_reject(w, 2, 10, "账号", "export again from the bank");
    expect_reject(w, 3, 11, "借贷", "withdrawal_when");
    expect_reject(w, 4, 12, "余额", "not a number: 'much'");
    assert_int_equal(w->got.rows, 11);
}

static void test_statement(void **state) {
    world *w = *state;
    READ(w, STATEMENT_MAP, STATEMENT);
    check_statement(w);
    READ(w, STATEMENT_MAP, "\xEF\xBB\xBF" STATEMENT);
    check_statement(w);
}

/* The same in GB18030, found out by itself and said. */
static void test_statement_in_gb18030(void **state) {
    world *w = *state;
    static const char GB_HEADER[] =
        "\xD5\xCB\xBA\xC5,\xB6\xD4\xB7\xBD,\xBD\xF0\xB6\xEE,\xCA\xB1\xBC\xE4\n"; /* 账号,对方,金额,时间 */
    static const char MAP[] =
        "{\"columns\":{\"from\":\"账号\",\"to\":\"对方\",\"amount\":\"金额\",\"time\":\"时间\"}%s}";
    char data[512], map[512];
    /* the third row has a broken character, and costs itself only */
    int length = snprintf(data, sizeof data,
                          "%s1,\xD5\xC5\xC8\xFD,3,2024-01-05\n1,2,3,2024\xC4\xEA"
                          "1\xD4\xC2"
                          "5\xC8\xD5\n1,\xFF\xFF,3,2024-01-05\n",
                          GB_HEADER);
    for (int said = 0; said < 2; said++) {
        (void)snprintf(map, sizeof map, MAP, said == 1 ? ",\"encoding\":\"gb18030\"" : "");
        read_as(w, "csv", map, data, (size_t)length);
        expect_ok(w, 2, 1);
        assert_text(w->got.signals[0].to, "account:张三");
        assert_int_equal(w->got.signals[1].time_ms, w->got.signals[0].time_ms);
        expect_reject(w, 0, 4, "", "GB18030");
        assert_non_null(strstr(w->got.rejects[0].content, "\xEF\xBF\xBD"));
    }
}

/* The example of docs/importing.md, with its mapping. */
static void test_the_documented_statement(void **state) {
    world *w = *state;
    static const char UTF8[] =
        "交易流水号,交易日期,交易时间,本方账号,对方账号,借贷标志,交易金额,账户余额,币种,摘要\n"
        "20240105000017,20240105,093012,=\"6228480402564890018\",6217001234567890123,贷,\"30,000.00\",30120.50,人民币,"
        "转账\n"
        "20240105000021,20240105,93544,=\"6228480402564890018\",,借,5000.00,25120.50,人民币,ATM取款\n";
    char gb18030[sizeof UTF8];
    char *in = (char *)(uintptr_t)UTF8, *out = gb18030;
    size_t in_left = sizeof UTF8 - 1, out_left = sizeof gb18030;
    iconv_t converter = iconv_open("GB18030", "UTF-8");
    assert_int_equal(iconv(converter, &in, &in_left, &out, &out_left), 0);
    (void)iconv_close(converter);
    char *path = test_file(w->folder, "statement.csv", gb18030, sizeof gb18030 - out_left);
    collect_file("csv", "docs/mappings/bank-statement.zh.json", path, &w->got);
    release_path(path);
    expect_ok(w, 2, 0);
    const sluice_signal *s = w->got.signals;
    assert_text(s[0].id, "20240105000017");
    assert_text(s[0].from, "account:6217001234567890123");
    assert_text(s[0].to, "account:6228480402564890018");
    assert_int_equal(s[0].amount_fen, 3000000);
    assert_int_equal(s[0].to_balance_fen, 3012050);
    assert_int_equal(s[0].time_ms, INT64_C(1704418212000));
    assert_int_equal(s[1].kind, SLUICE_SIGNAL_WITHDRAWAL);
    assert_int_equal(s[1].to.length, 0);
    assert_int_equal(s[1].time_ms - s[0].time_ms, 332000);
}

static void test_two_amount_columns(void **state) {
    world *w = *state;
    READ(w,
         "{\"skip_lines\": 2, \"columns\": {\"time\": \"t\", \"account\": \"a\", \"counterparty\": \"c\", "
         "\"amount_out\": \"out\","
         "\"amount_in\": \"in\", \"balance\": \"b\"}}",
         "Statement of \"2024\nprinted,today\nt;a;c;out;in;b\n2024-01-05;1;2;3.00;;7\n2024-01-05;1;2;0.00;4;11\n"
         "2024-01-05;1;2;--;5;16\n2024-01-05;1;2;1;1;16\n2024-01-05;1;2;;;16\n");
    expect_ok(w, 3, 2);
    assert_text(w->got.signals[0].from, "account:1");
    assert_text(w->got.signals[1].from, "account:2");
    assert_int_equal(w->got.signals[1].to_balance_fen, 1100);
    assert_int_equal(w->got.signals[2].amount_fen, 500);
    assert_int_equal(w->got.signals[0].source_line, 4);
    expect_reject(w, 0, 7, "in", "both");
    expect_reject(w, 1, 8, "in", "empty");
}

static void test_signed_amounts(void **state) {
    world *w = *state;
    READ(w,
         "{\"negative_amount\": \"out\", \"columns\": {\"time\": \"t\", \"account\": \"a\", \"counterparty\": \"c\", "
         "\"amount\": \"m\"}}",
         "t,a,c,m\n2024-01-05,1,2,-3\n2024-01-05,1,2,4\n");
    expect_ok(w, 2, 0);
    assert_text(w->got.signals[0].from, "account:1");
    assert_int_equal(w->got.signals[0].amount_fen, 300);
    assert_text(w->got.signals[1].from, "account:2");
    READ(w,
         "{\"negative_amount\": \"reversed\", \"columns\": {\"time\": \"t\", \"from\": \"a\", \"to\": \"c\", "
         "\"amount\": \"m\"}}",
         "t,a,c,m\n2024-01-05,1,2,-3\n2024-01-05,1,2,4\n");
    expect_ok(w, 2, 0);
    assert_text(w->got.signals[0].from, "account:2");
    assert_text(w->got.signals[1].from, "account:1");
}

static void test_kinds_by_column_and_identity_numbers(void **state) {
    world *w = *state;
    READ(w,
         "{\"kind\": {\"column\": \"k\", \"values\": {\"开户\": \"account\", \"人员\": \"holder\"}, \"else\": "
         "\"transfer\"},"
         "\"holder_is_identity_number\": true, \"key_kind\": \"card\","
         "\"columns\": {\"time\": \"t\", \"key\": \"a\", \"holder\": \"h\", \"from\": \"a\", \"to\": \"b\", "
         "\"amount\": \"m\"}}",
         "k,t,a,h,b,m\n开户,2024-01-05,62284,45010319900101001x,,\n人员,2024-01-05,450103199001010010,,,\n转账,2024-01-"
         "05,1,,qq:2,3\n"
         "开户,2024-01-05,62284,person:7,,\n");
    expect_ok(w, 4, 0);
    assert_text(w->got.signals[0].key, "card:62284");
    assert_text(w->got.signals[0].holder, "idcard:45010319900101001X");
    assert_text(w->got.signals[1].key, "idcard:450103199001010010");
    assert_text(w->got.signals[2].to, "qq:2");
    assert_text(w->got.signals[3].holder, "person:7");
}

static void test_without_a_header(void **state) {
    world *w = *state;
    static const char MAP[] = "{\"header\": false, \"quotes\": false, \"delimiter\": \"|\", \"columns\": {\"time\": 1, "
                              "\"from\": 2, \"to\": 3, "
                              "\"amount\": 5}}";
    READ(w, MAP, "20240105|1|2|\"x|4\n20240105|1|2\n");
    expect_ok(w, 1, 1);
    assert_int_equal(w->got.signals[0].source_line, 1);
    expect_reject(w, 0, 2, "", "names column 5");
}

static void test_columns_that_cannot_be_told_apart(void **state) {
    world *w = *state;
    READ(w, NULL, "time,from,to,to,amount\n");
    expect_failure(w, "2 columns called 'to'");
    READ(w, "{\"columns\": {\"time\": 9, \"from\": \"from\", \"to\": 3, \"amount\": \"amount\"}}",
         "time,from,to,to,amount\n");
    expect_failure(w, "5 columns and the mapping names column 9");
}

static void test_broken_keys(void **state) {
    world *w = *state;
    static const char DATA[] = "time,from,to,amount\n2024-01-05,a\x01z,2,3\n2024-01-05,a\0z,2,3\n2024-01-05,,2,3\n"
                               "2024-01-05,account:,2,3\n2024-01-05,\"a\nb\",2,3\n";
    READ(w, NULL, DATA);
    assert_int_equal(w->got.reject_count, 5);
    expect_reject(w, 0, 2, "from", "control character (code 1, at its byte 2)");
    expect_reject(w, 1, 3, "from", "control character (code 0, at its byte 2)");
    expect_reject(w, 2, 4, "from", "empty");
    expect_reject(w, 3, 5, "from", "empty");
    expect_reject(w, 4, 6, "from", "control character (code 10, at its byte 2)");
    char line[400];
    int length = snprintf(line, sizeof line, "time,from,to,amount\n2024-01-05,%0193d,2,3\n", 7);
    read_as(w, "csv", NULL, line, (size_t)length);
    expect_reject(w, 0, 2, "from", "201 bytes long; at most 200");
}

static void test_options_that_do_not_fit(void **state) {
    world *w = *state;
    char *path = test_text_file(w->folder, "x.csv", "a\n");
    const char *paths = path;
    collect(&(format_options){.format = "csv", .encoding = "big5"}, &paths, 1, (collect_how){0}, &w->got);
    expect_failure(w, "unknown encoding 'big5'");
    collect(&(format_options){.format = "amlsim", .encoding = "gbk"}, &paths, 1, (collect_how){0}, &w->got);
    expect_failure(w, "are UTF-8");
    collect(&(format_options){.format = "amlsim", .mapping_path = path}, &paths, 1, (collect_how){0}, &w->got);
    expect_failure(w, "takes no mapping file");
    collect(&(format_options){.format = "csv", .mapping_path = "/nowhere.json"}, &paths, 1, (collect_how){0}, &w->got);
    assert_int_equal(w->got.result, SLUICE_E_NOT_FOUND);
    release_path(path);
}

static void test_identity_depends_on_the_mapping(void **state) {
    world *w = *state;
    static const char DATA[] = "time,from,to,amount\n2024-01-05,1,2,3\n";
    READ(w, NULL, DATA);
    char first[65];
    memcpy(first, w->got.identity, sizeof first);
    READ(w, NULL, DATA);
    assert_string_equal(first, w->got.identity);
    READ(w, "{\"columns\": {\"time\": 1, \"from\": 2, \"to\": 3, \"amount\": 4}}", DATA);
    assert_string_not_equal(first, w->got.identity);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {TEST(test_canonical_folder),
                                       TEST(test_without_a_mapping),
                                       TEST(test_ndjson_without_a_mapping),
                                       TEST(test_ndjson_paths),
                                       TEST(test_statement),
                                       TEST(test_statement_in_gb18030),
                                       TEST(test_the_documented_statement),
                                       TEST(test_two_amount_columns),
                                       TEST(test_signed_amounts),
                                       TEST(test_kinds_by_column_and_identity_numbers),
                                       TEST(test_without_a_header),
                                       TEST(test_columns_that_cannot_be_told_apart),
                                       TEST(test_broken_keys),
                                       TEST(test_options_that_do_not_fit),
                                       TEST(test_identity_depends_on_the_mapping)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
