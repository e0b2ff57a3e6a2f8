#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/time.h"
#include "signal/mapped.h"
#include "signal/mapping.h"
#include "signal/mapping_time.h"

#define PLAIN "\"columns\": {\"time\": \"t\", \"from\": \"a\", \"to\": \"b\", \"amount\": \"m\"}"

static void expect_error(const char *text, const char *part) {
    mapping *made = NULL;
    sluice_error error = {0};
    assert_int_equal(mapping_parse(text_of(text), "m.json", &made, &error), SLUICE_E_INPUT);
    assert_null(made);
    if (strstr(error.text, part) == NULL) {
        fail_msg("'%s' is not in: %s", part, error.text);
    }
}

static mapping *expect_mapping(const char *text) {
    mapping *made = NULL;
    sluice_error error = {0};
    if (mapping_parse(text_of(text), "m.json", &made, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    return made;
}

static void test_defaults(void **state) {
    (void)state;
    mapping *m = expect_mapping("{" PLAIN "}");
    assert_true(m->quotes && m->header && !m->amount_is_fen);
    assert_int_equal(m->timezone_ms, TIME_SHANGHAI_OFFSET_MS);
    assert_int_equal(m->negative, NEGATIVE_REJECT);
    assert_int_equal(m->column_count, 4);
    assert_true(text_equal(m->fields[MAPPING_KIND].fixed, TEXT("transfer")));
    mapping_free(&m);
    assert_null(m);
}

static void test_everything(void **state) {
    (void)state;
    mapping *m = expect_mapping(
        "\xEF\xBB\xBF{\"comment\": \"x\", \"encoding\": \"gbk\", \"delimiter\": \"tab\", \"quotes\": false,"
        "\"skip_lines\": 2, \"timezone\": \"-05:30\", \"amount_unit\": \"fen\", \"negative_amount\": \"out\","
        "\"withdrawal_when\": {\"column\": \"w\", \"values\": [\"x\", \"y\"]}, \"columns\": {"
        "\"time\": [\"d\", 7], \"account\": 1, \"counterparty\": {\"column\": \"c\", \"empty\": \"bank:x\"},"
        "\"amount\": {\"column\": \"m\"}, \"currency\": {\"fixed\": \"USD\"}}}");
    assert_int_equal(m->delimiter, '\t');
    assert_int_equal(m->timezone_ms, -INT64_C(330) * 60000);
    assert_int_equal(m->fields[MAPPING_TIME].column_count, 2);
    assert_int_equal(m->columns[m->fields[MAPPING_TIME].columns[1]].place, 7);
    assert_int_equal(m->withdrawal_when.value_count, 2);
    assert_true(m->fields[MAPPING_COUNTERPARTY].has_empty);
    mapping_free(&m);
}

static void test_mistakes_are_named_with_their_line(void **state) {
    (void)state;
    expect_error("{\n\n\"colums\": {}}", "m.json:3: unknown key 'colums': did you mean 'columns'?");
    expect_error("{\"columns\": {\n\"amuont\": \"m\"}}", "m.json:2: unknown field 'amuont': did you mean 'amount'?");
    expect_error("{\"columns\": {\"amount\": {\"colum\": \"m\"}}}", "did you mean 'column'?");
    expect_error("{\"zzzzzzzz\": 1}", "expected one of comment, encoding");
    expect_error("{\"columns\": {\"direction\": {\"column\": \"d\",\n\"values\": {\"D\": \"away\"}}}}",
                 "m.json:2: unknown direction 'away'");
    expect_error("{\"kind\": \"trasfer\"}", "did you mean 'transfer'?");
    expect_error("{\"encoding\": \"big5\"}", "auto, utf-8 or gb18030");
    expect_error("{\"delimiter\": \"ab\"}", "one character");
    expect_error("{\"quotes\": 1}", "true or false");
    expect_error("{\"timezone\": \"CST\"}", "+08:00");
    expect_error("{\"skip_lines\": -1}", "whole number");
    expect_error("{\"skip_lines\": 1.5}", "whole number");
    expect_error("{\"time_format\": \"%d.%m\"}", "time_format");
    expect_error("{\"time_format\": \"%Q%Y%m%d\"}", "time_format");
    expect_error("{\"key_kind\": \"Konto\"}", "small letters");
    expect_error("{\"amount_unit\": \"cent\"}", "yuan, fen");
    expect_error("{\"columns\": 5}", "object of fields");
    expect_error("{\"columns\": {\"time\": 0}}", "from 1 to 512");
    expect_error("{\"columns\": {\"time\": []}}", "1 to 4");
    expect_error("{\"columns\": {\"time\": {}}}", "either \"column\" or \"fixed\"");
    expect_error("{\"columns\": {\"time\": {\"column\": \"t\", \"fixed\": \"x\"}}}", "either \"column\" or \"fixed\"");
    expect_error("{\"columns\": {\"time\": {\"column\": \"t\", \"else\": \"x\"}}}", "needs \"values\"");
    expect_error("{\"columns\": {\"time\": \"t\", \"time\": \"u\"}}", "twice");
    expect_error("{\"withdrawal_when\": {\"column\": \"x\"}}", "ATM");
    expect_error("{\"withdrawal_when\": {\"column\": \"x\", \"values\": [\"a\"], \"not\": 1}}",
                 "unknown key of a condition");
    expect_error("[]", "JSON object");
    expect_error("{\n,}", "m.json:2:");
    expect_error("", "JSON object");
}

static void test_what_is_missing(void **state) {
    (void)state;
    expect_error("{}", "no \"time\"");
    expect_error("{\"columns\": {\"time\": \"t\", \"from\": \"a\", \"to\": \"b\"}}", "no \"amount\"");
    expect_error("{\"columns\": {\"time\": \"t\", \"from\": \"a\", \"amount\": \"m\"}}", "\"from\" without \"to\"");
    expect_error("{\"columns\": {\"time\": \"t\", \"account\": \"a\", \"counterparty\": \"c\", \"amount\": \"m\"}}",
                 "needs a \"direction\"");
    expect_error("{\"columns\": {\"time\": \"t\", \"from\": \"a\", \"to\": \"b\", \"amount_in\": \"m\"}}",
                 "\"amount_out\" and \"amount_in\"");
    expect_error("{\"columns\": {\"time\": \"t\", \"from\": \"a\", \"account\": \"a\", \"amount\": \"m\"}}",
                 "either \"from\" and \"to\"");
    expect_error("{\"kind\": \"login\", \"columns\": {\"time\": \"t\", \"account\": \"a\"}}", "no \"device\"");
    expect_error("{\"kind\": \"account\", \"columns\": {\"time\": \"t\"}}", "no \"key\"");
    expect_error("{\"header\": false, " PLAIN "}", "numbers from 1");
}

static void test_the_canonical_mappings_load(void **state) {
    (void)state;
    for (int role = CANONICAL_MAPPED + 1; role < CANONICAL_COUNT; role++) {
        mapping *m = expect_mapping(canonical_mapping((canonical_role)role).data);
        mapping_free(&m);
    }
}

static void test_the_documented_mappings_load(void **state) {
    (void)state;
    static const char *const NAMES[] = {"docs/mappings/bank-statement.zh.json",
                                        "docs/mappings/statement-two-amounts.zh.json",
                                        "docs/mappings/transfers.zh.json", "docs/mappings/account-holders.zh.json",
                                        "docs/mappings/payments.ndjson.json"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        mapping *m = NULL;
        sluice_error error;
        if (mapping_load(NAMES[i], &m, &error) != SLUICE_OK) {
            fail_msg("%s", error.text);
        }
        mapping_free(&m);
    }
}

static void test_memory_runs_out(void **state) {
    (void)state;
    sluice_result result = SLUICE_E_NO_MEMORY;
    for (int64_t allowed = 0; result == SLUICE_E_NO_MEMORY; allowed++) {
        mapping *m = NULL;
        sluice_error error;
        memory_fail_after(allowed);
        result = mapping_parse(canonical_mapping(CANONICAL_ANY), "x", &m, &error);
        memory_fail_after(-1);
        assert_true(allowed < 100 && (m != NULL) == (result == SLUICE_OK));
        mapping_free(&m);
    }
    assert_int_equal(result, SLUICE_OK);
}

#define NOON INT64_C(1704427200000) /* 2024-01-05T12:00+08:00 */

static void expect_time(const char *format, const char *text, int64_t expected) {
    int64_t time_ms = -1;
    bool good = mapping_time_parse(text_of(format), text_of(text), TIME_SHANGHAI_OFFSET_MS, &time_ms);
    assert_true(good == (expected >= 0));
    assert_true(!good || time_ms == expected);
}

static void test_time_formats(void **state) {
    (void)state;
    assert_true(mapping_time_format_is_valid(TEXT("%d/%m/%Y %H:%M")));
    assert_false(mapping_time_format_is_valid(TEXT("%d/%m/%Y %d")));
    assert_false(mapping_time_format_is_valid(TEXT("%Y%m%d%")));
    assert_false(mapping_time_format_is_valid(TEXT("")));
    expect_time("%d/%m/%Y %H:%M", "05/01/2024 12:00", NOON);
    expect_time("%d/%m/%Y %H:%M", "5/1/2024   12:00", NOON);
    expect_time("%m-%d-%y%%%H.%M.%S,%f", "01-05-24%12.00.00,5", NOON + 500);
    expect_time("%Y年%m月%d日%H时", "2024年01月05日12时", NOON);
    expect_time("%d/%m/%Y", "31/02/2024", -1);
    expect_time("%d/%m/%Y", "05/01/2024x", -1);
    expect_time("%d/%m/%Y", "", -1);
    expect_time("%Y%m%d%H%M%S", "20240105120000", NOON);
}

static void expect_join(const char *date, const char *clock, int64_t expected) {
    int64_t time_ms = -1;
    bool good = mapping_time_join(text_of(date), text_of(clock), TIME_SHANGHAI_OFFSET_MS, &time_ms);
    assert_true(good == (expected >= 0));
    assert_true(!good || time_ms == expected);
}

static void test_dates_and_clocks_apart(void **state) {
    (void)state;
    expect_join("20240105", "120000", NOON);
    expect_join("2024-01-05", "12:00:00", NOON);
    expect_join("2024/1/5", "120000", NOON);
    expect_join("20240105", "90503", NOON - INT64_C(10497000)); /* 09:05:03 that lost its zero */
    expect_join("20240105", "3", NOON - INT64_C(43197000));
    expect_join("20240105", "", NOON - INT64_C(43200000));
    expect_join("20240105", "250000", -1);
    expect_join("", "120000", -1);
    expect_join("20240105", "x", -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_defaults),
                                       cmocka_unit_test(test_everything),
                                       cmocka_unit_test(test_mistakes_are_named_with_their_line),
                                       cmocka_unit_test(test_what_is_missing),
                                       cmocka_unit_test(test_the_canonical_mappings_load),
                                       cmocka_unit_test(test_the_documented_mappings_load),
                                       cmocka_unit_test(test_memory_runs_out),
                                       cmocka_unit_test(test_time_formats),
                                       cmocka_unit_test(test_dates_and_clocks_apart)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
