#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "text/chinese.h"
#include "text/chinese_private.h"

static void expect(const char *english, const char *chinese) {
    text_writer said = {0};
    bool found = chinese_write(&said, text_of(english));
    assert_string_equal(found ? said.data : "(none)", chinese);
    text_writer_fini(&said);
}

static void values_go_where_chinese_has_them(void **state) {
    (void)state;
    expect("is required", "必填");
    expect("at most 200 bytes are expected, these are 4001", "至多 200 字节，现为 4001 字节");
    expect("four eyes: stop.approve needs another person than the one in proposed_by",
           "双人复核：“stop.approve”须由“proposed_by”以外的人员办理");
    expect("this account was stopped, or is about to be, 2 times already: 银发〔2016〕86号 allows 2. Have the case "
           "filed and "
           "propose a freeze",
           "该账户已止付（含待批）2 次：按银发〔2016〕86号最多 2 次。请立案后提出冻结");
    expect("`%` is for int: write int(x) around a double", "`%` 用于整数：小数请写成 int(x)");
}

static void values_that_are_sentences_are_translated(void **state) {
    (void)state;
    expect("stop.approve is for approver,commander at city level", "“stop.approve”仅限市级“approver,commander”办理");
    expect("expected a value, found `)`", "应为值，而此处是 `)`");
    expect("流水.csv cannot be imported as it is: it is a PDF: ask the bank for the statement as CSV or Excel",
           "流水.csv 不能直接导入：文件为 PDF：请向银行索取 CSV 或 Excel 流水");
    expect("a.csv:3: the header cannot be read: 行过长 / the line is longer than 1 MiB",
           "a.csv 第 3 行表头无法读取：行过长");
}

static void places_stay_before_the_sentence(void **state) {
    (void)state;
    expect("amount_fen: is required", "amount_fen：必填");
    expect("mule/a.rule: expected `{` at the end of the line, found `x`", "mule/a.rule：应为行末的 `{`，而此处是 `x`");
}

static void what_the_sentence_says_most_wins(void **state) {
    (void)state;
    expect("no account 'account:1' is known: a digit is wrong, or its bank's ledger has not come in (keys look like "
           "account:6228480402564890018)",
           "流水中没有账户“account:1”：请核对账号；也可能该行流水尚未接入");
    expect("a case that you can see is expected", "应为您有权查看的案件");
    expect("a lamp that you can see is expected", "应为您有权查看的“lamp”");
    expect("hello", "(none)");
    expect("", "(none)");
}

static void hostile_values_end(void **state) {
    (void)state;
    char text[2000];
    memset(text, ':', sizeof text);
    for (size_t i = 1; i < sizeof text; i += 2) {
        text[i] = ' ';
    }
    text_writer said = {0};
    assert_false(chinese_write(&said, (sluice_text){text, sizeof text}));
    text_writer_fini(&said);
}

static void stored_texts_have_both(void **state) {
    (void)state;
    arena a = {0};
    sluice_text both = chinese_both(&a, TEXT("it stopped"), 100);
    assert_true(text_equal(both, TEXT("已中止 / it stopped")));
    assert_true(text_equal(chinese_both(&a, both, 100), both));
    assert_true(text_equal(chinese_both(&a, TEXT("流水.csv"), 4), TEXT("流")));
    arena_fini(&a);
}

/* Every place of a row is one of its values. */
static void rows_agree_with_their_formats(void **state) {
    (void)state;
    const chinese_part *const parts[] = {&CHINESE_DESK, &CHINESE_FIELDS, &CHINESE_SERVER, &CHINESE_RULES,
                                         &CHINESE_IMPORT};
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
        for (size_t i = 0; i < parts[p]->count; i++) {
            const chinese_row *row = &parts[p]->rows[i];
            int values = 0;
            for (const char *at = row->english; (at = strchr(at, '%')) != NULL; at += 2) {
                values += at[1] == '%' ? 0 : 1;
            }
            for (const char *at = row->chinese; (at = strchr(at, '{')) != NULL; at++) {
                if (at[1] >= '1' && at[1] <= '9' && at[2] == '}' && at[1] - '0' > values) {
                    fail_msg("%s: %s", row->english, row->chinese);
                }
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_go_where_chinese_has_them),
        cmocka_unit_test(values_that_are_sentences_are_translated),
        cmocka_unit_test(places_stay_before_the_sentence),
        cmocka_unit_test(what_the_sentence_says_most_wins),
        cmocka_unit_test(hostile_values_end),
        cmocka_unit_test(stored_texts_have_both),
        cmocka_unit_test(rows_agree_with_their_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
