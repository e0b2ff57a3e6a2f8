/* Currencies in 16 bits: the three letters as a number in base 26, plus 1, so that 0 is free to mean CNY, which nearly
 * every amount is. CNY has no other number. */
#include "signal/currency.h"

#include "base/text.h"

#define LETTERS 26u
#define CODE_COUNT (LETTERS * LETTERS * LETTERS)
#define CODE_OF(a, b, c) (((unsigned)((a) - 'A') * LETTERS + (unsigned)((b) - 'A')) * LETTERS + (unsigned)((c) - 'A'))

sluice_currency sluice_currency_pack(sluice_text letters) {
    if (letters.length == 0) {
        return 0;
    }
    if (letters.length != 3) {
        return CURRENCY_INVALID;
    }
    const char *p = letters.data;
    for (size_t i = 0; i < 3; i++) {
        if (p[i] < 'A' || p[i] > 'Z') {
            return CURRENCY_INVALID;
        }
    }
    unsigned code = CODE_OF(p[0], p[1], p[2]);
    return code == CODE_OF('C', 'N', 'Y') ? 0 : (sluice_currency)(code + 1);
}

void sluice_currency_letters(sluice_currency currency, char letters_out[4]) {
    unsigned code = currency == 0 ? CODE_OF('C', 'N', 'Y') : (unsigned)currency - 1;
    letters_out[3] = '\0';
    for (int i = 2; i >= 0; i--, code /= LETTERS) {
        letters_out[i] = currency > CODE_COUNT ? '?' : (char)('A' + code % LETTERS);
    }
}

/* The fifteen of AMLworld, and what Chinese banks write. */
static const struct {
    const char *name, *letters;
} NAMES[] = {
    {"US Dollar", "USD"},
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
    {"BTC", "XBT"},
    {"RMB", "CNY"},
    {"人民币", "CNY"},
    {"人民币元", "CNY"},
    {"元", "CNY"},
    {"156", "CNY"},
    {"美元", "USD"},
    {"840", "USD"},
    {"欧元", "EUR"},
    {"日元", "JPY"},
    {"英镑", "GBP"},
    {"港币", "HKD"},
    {"港元", "HKD"},
    {"澳门元", "MOP"},
    {"新台币", "TWD"},
    {"越南盾", "VND"},
    {"泰铢", "THB"},
};

bool currency_of_name(sluice_text name, sluice_currency *currency_out) {
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (text_equal(name, text_of(NAMES[i].name))) {
            *currency_out = sluice_currency_pack(text_of(NAMES[i].letters));
            return true;
        }
    }
    *currency_out = sluice_currency_pack(name);
    return *currency_out != CURRENCY_INVALID;
}
