#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "signal/currency.h"

static void test_letters_survive(void **state) {
    (void)state;
    static const char *const CODES[] = {"AAA", "USD", "EUR", "XBT", "ZZZ", "CNX", "CNZ"};
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++) {
        char letters[4];
        sluice_currency currency = sluice_currency_pack(text_of(CODES[i]));
        assert_true(currency != 0 && currency != CURRENCY_INVALID);
        sluice_currency_letters(currency, letters);
        assert_string_equal(letters, CODES[i]);
    }
}

static void test_yuan_is_zero(void **state) {
    (void)state;
    char letters[4];
    assert_int_equal(sluice_currency_pack(TEXT("CNY")), 0);
    assert_int_equal(sluice_currency_pack(TEXT("")), 0);
    sluice_currency_letters(0, letters);
    assert_string_equal(letters, "CNY");
}

static void test_what_is_no_currency(void **state) {
    (void)state;
    char letters[4];
    assert_int_equal(sluice_currency_pack(TEXT("usd")), CURRENCY_INVALID);
    assert_int_equal(sluice_currency_pack(TEXT("US")), CURRENCY_INVALID);
    assert_int_equal(sluice_currency_pack(TEXT("USDT")), CURRENCY_INVALID);
    sluice_currency_letters(CURRENCY_INVALID, letters);
    assert_string_equal(letters, "???");
}

static void test_names(void **state) {
    (void)state;
    static const char *const PAIRS[][2] = {{"US Dollar", "USD"},
                                           {"Euro", "EUR"},
                                           {"Yuan", "CNY"},
                                           {"Yen", "JPY"},
                                           {"UK Pound", "GBP"},
                                           {"Ruble", "RUB"},
                                           {"Rupee", "INR"},
                                           {"Swiss Franc", "CHF"},
                                           {"Canadian Dollar", "CAD"},
                                           {"Australian Dollar", "AUD"},
                                           {"Mexican Peso", "MXN"},
                                           {"Shekel", "ILS"},
                                           {"Saudi Riyal", "SAR"},
                                           {"Brazil Real", "BRL"},
                                           {"Bitcoin", "XBT"},
                                           {"人民币", "CNY"},
                                           {"HKD", "HKD"}};
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        sluice_currency currency = 1;
        assert_true(currency_of_name(text_of(PAIRS[i][0]), &currency));
        assert_int_equal(currency, sluice_currency_pack(text_of(PAIRS[i][1])));
    }
    sluice_currency currency;
    assert_false(currency_of_name(TEXT("Doubloon"), &currency));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_letters_survive), cmocka_unit_test(test_yuan_is_zero),
                                       cmocka_unit_test(test_what_is_no_currency), cmocka_unit_test(test_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
