/* Amounts in words (人民币大写): four figures are a group, 万 and 亿 name the groups, and one 零 stands for all zeros
 * between two figures. */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/money.h"

enum { WORDS_BYTES = 160 };

static const char *const DIGITS[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};

static void add(char *buffer, const char *text) {
    size_t length = strlen(buffer);
    (void)snprintf(buffer + length, WORDS_BYTES - length, "%s", text);
}

/* 1 … 9999; *gap: zeros stand before it that were not written yet. */
static void add_group(char *buffer, unsigned value, bool *gap) {
    static const char *const UNITS[] = {"", "拾", "佰", "仟"};
    static const unsigned POWERS[] = {1, 10, 100, 1000};
    for (int k = 3; k >= 0; k--) {
        unsigned digit = value / POWERS[k] % 10;
        if (digit == 0) {
            *gap = true;
            continue;
        }
        if (*gap && buffer[0] != '\0') {
            add(buffer, DIGITS[0]);
        }
        *gap = false;
        add(buffer, DIGITS[digit]);
        add(buffer, UNITS[k]);
    }
}

static void add_yuan(char *buffer, uint64_t yuan) {
    static const char *const NAMES[] = {"", "万", "亿", "万亿", "亿亿"};
    enum { GROUPS = 5 };
    unsigned groups[GROUPS];
    bool gap = false;
    for (size_t k = 0; k < GROUPS; k++, yuan /= 10000) {
        groups[k] = (unsigned)(yuan % 10000);
    }
    for (size_t k = GROUPS; k-- > 0;) {
        if (groups[k] == 0) {
            gap = true;
            continue;
        }
        add_group(buffer, groups[k], &gap);
        /* 壹万亿, but 壹万贰仟亿: the 亿 of both is said once. */
        add(buffer, k == 3 && groups[2] != 0 ? "万" : NAMES[k]);
        gap = false;
    }
}

char *money_words(int64_t fen, char buffer[MONEY_WORDS_BYTES]) {
    SLUICE_ASSERT(fen >= 0);
    uint64_t yuan = (uint64_t)fen / 100;
    unsigned jiao = (unsigned)(fen / 10 % 10), last = (unsigned)(fen % 10);
    char words[WORDS_BYTES] = "";
    add_yuan(words, yuan);
    if (yuan > 0 || fen == 0) {
        add(words, yuan == 0 ? "零元" : "元");
    }
    if (jiao > 0) {
        add(words, DIGITS[jiao]);
        add(words, "角");
    }
    if (last > 0) {
        add(words, jiao == 0 && yuan > 0 ? DIGITS[0] : "");
        add(words, DIGITS[last]);
        add(words, "分");
    } else {
        add(words, "整");
    }
    (void)snprintf(buffer, MONEY_WORDS_BYTES, "人民币%s", words);
    return buffer;
}
