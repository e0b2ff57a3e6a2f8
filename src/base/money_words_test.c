/* Amounts in words, as 支付结算办法 gives them, and the largest that there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/money.h"

static void amounts_are_written_out(void **state) {
    (void)state;
    static const struct {
        int64_t fen;
        const char *words;
    } ROWS[] = {
        {0, "人民币零元整"},
        {1, "人民币壹分"},
        {10, "人民币壹角整"},
        {19, "人民币壹角玖分"},
        {100, "人民币壹元整"},
        {105, "人民币壹元零伍分"},
        {1000, "人民币壹拾元整"},
        {140950, "人民币壹仟肆佰零玖元伍角整"},
        {600714, "人民币陆仟零柒元壹角肆分"},
        {1000003, "人民币壹万元零叁分"},
        {10700053, "人民币壹拾万柒仟元伍角叁分"},
        {10000100, "人民币壹拾万零壹元整"},
        {10010000, "人民币壹拾万零壹佰元整"},
        {1050000000, "人民币壹仟零伍拾万元整"},
        {10500000000, "人民币壹亿零伍佰万元整"},
        {10000050000, "人民币壹亿零伍佰元整"},
        {12345678901, "人民币壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元零壹分"},
        {100000000000000, "人民币壹万亿元整"},
        {120000000000000, "人民币壹万贰仟亿元整"},
        {INT64_MAX, "人民币玖亿亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[MONEY_WORDS_BYTES];
        assert_string_equal(money_words(ROWS[i].fen, text), ROWS[i].words);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(amounts_are_written_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
