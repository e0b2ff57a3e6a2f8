/* Exact decimals: digits are collected as an integer, never through floating point.
 *
 * A number is sign, digits, optional fraction, optional exponent (data sets write 1.0E7). Its fen are
 * digits · 10^(exponent + 2). When digits must be dropped, the first one dropped and whether any later one is not zero
 * decide between down, up, and half to even. */
#include "base/money.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/memory.h"
#include "base/text.h"

#define DIGITS_MAX 40 /* significant digits kept; of the others only "is one not zero" and the count matter */
#define EXPONENT_MAX 1000
#define SELECTIONS_MAX 8

__extension__ typedef unsigned __int128 uint128;

typedef struct decimal {
    bool negative, sticky; /* sticky: a digit that was not kept is not zero */
    unsigned char digits[DIGITS_MAX];
    int digit_count;
    int exponent; /* of the last digit kept */
} decimal;

static void decimal_push(decimal *number, unsigned char digit, int fraction) {
    bool leading_zero = number->digit_count == 0 && digit == 0;
    if (leading_zero || number->digit_count < DIGITS_MAX) {
        if (!leading_zero) {
            number->digits[number->digit_count++] = digit;
        }
        number->exponent -= fraction;
    } else {
        number->sticky |= digit != 0;
        number->exponent += 1 - fraction;
    }
}

static bool exponent_parse(const char *p, const char *end, int *exponent_out) {
    bool negative = p < end && *p == '-';
    p += p < end && (*p == '-' || *p == '+');
    uint64_t value = 0;
    if (!text_to_u64((sluice_text){p, (size_t)(end - p)}, &value) || value > EXPONENT_MAX) {
        return false;
    }
    *exponent_out = negative ? -(int)value : (int)value;
    return true;
}

static bool decimal_parse(sluice_text text, decimal *number) {
    if (text.length == 0 || text.length > EXPONENT_MAX) {
        return false;
    }
    const char *p = text.data;
    const char *end = p + text.length;
    *number = (decimal){.negative = *p == '-'};
    p += *p == '-' || *p == '+';
    bool any = false;
    int group = -1; /* digits since the last thousands comma; -1 before any */
    for (; p < end && ((*p >= '0' && *p <= '9') || (*p == ',' && any && (group == -1 || group == 3))); p++) {
        if (*p == ',') {
            group = 0;
            continue;
        }
        decimal_push(number, (unsigned char)(*p - '0'), 0);
        any = true;
        group += group >= 0;
    }
    if (group != -1 && group != 3) {
        return false;
    }
    if (p < end && *p == '.') {
        for (p++; p < end && *p >= '0' && *p <= '9'; p++) {
            decimal_push(number, (unsigned char)(*p - '0'), 1);
            any = true;
        }
    }
    if (any && p < end && (*p == 'e' || *p == 'E')) {
        int exponent = 0;
        if (!exponent_parse(p + 1, end, &exponent)) {
            return false;
        }
        number->exponent += exponent;
        p = end;
    }
    return any && p == end;
}

bool money_parse(sluice_text text, int64_t *fen_out, bool *rounded_out) {
    decimal number;
    if (!decimal_parse(text, &number)) {
        return false;
    }
    int shift = number.exponent + 2; /* fen = digits · 10^shift */
    int kept = number.digit_count;
    unsigned dropped = 0;      /* the first digit dropped */
    bool tail = number.sticky; /* a later one is not zero */
    if (shift < 0) {
        kept = number.digit_count + shift;
        for (int i = kept < 0 ? 0 : kept; i < number.digit_count; i++) {
            if (i == kept) {
                dropped = number.digits[i];
            } else {
                tail |= number.digits[i] != 0;
            }
        }
        kept = kept < 0 ? 0 : kept;
        shift = 0;
    }
    uint64_t fen = 0;
    for (int i = 0; i < kept; i++) {
        if (__builtin_mul_overflow(fen, 10u, &fen) || __builtin_add_overflow(fen, number.digits[i], &fen)) {
            return false;
        }
    }
    for (; shift > 0 && fen != 0; shift--) {
        if (__builtin_mul_overflow(fen, 10u, &fen)) {
            return false;
        }
    }
    bool up = dropped > 5 || (dropped == 5 && (tail || (fen & 1) != 0));
    fen += up;
    if (fen > (uint64_t)INT64_MAX) {
        return false;
    }
    *fen_out = number.negative ? -(int64_t)fen : (int64_t)fen;
    *rounded_out = dropped != 0 || tail;
    return true;
}

char *money_format(int64_t fen, bool grouped, char buffer[MONEY_TEXT_BYTES]) {
    uint64_t magnitude = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;
    char *p = buffer + MONEY_TEXT_BYTES - 1;
    *p = '\0';
    for (int digit = 0; digit < 3 || magnitude > 0; digit++) {
        if (digit == 2) {
            *--p = '.';
        } else if (grouped && digit > 2 && (digit - 2) % 3 == 0) {
            *--p = ',';
        }
        *--p = (char)('0' + magnitude % 10);
        magnitude /= 10;
    }
    if (fen < 0) {
        *--p = '-';
    }
    memmove(buffer, p, (size_t)(buffer + MONEY_TEXT_BYTES - p));
    return buffer;
}

int64_t money_mul_div(int64_t a, int64_t b, int64_t c) {
    SLUICE_ASSERT(a >= 0 && b >= 0 && c > 0);
    uint128 quotient = (uint128)(uint64_t)a * (uint64_t)b / (uint64_t)c;
    SLUICE_ASSERT(quotient <= (uint128)INT64_MAX);
    return (int64_t)quotient;
}

typedef struct split_rest {
    uint128 value;
    size_t index;
} split_rest;

static int split_rest_compare(const void *a, const void *b) {
    const split_rest *x = a, *y = b;
    if (x->value != y->value) {
        return x->value > y->value ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

/* Largest remainder (Hamilton's method): floors first, then one fen each to the largest remainders. The number of fen
 * left is less than the number of parts; they are placed by repeated selection when few, which victims are, else after
 * sorting: O(n log n). */
bool money_split(int64_t total, const int64_t *weights, size_t count, int64_t *parts_out) {
    uint128 sum = 0;
    for (size_t i = 0; i < count; i++) {
        SLUICE_ASSERT(weights[i] >= 0);
        sum += (uint64_t)weights[i];
    }
    SLUICE_ASSERT(total >= 0 && (sum > 0 || total == 0) && sum <= (uint128)INT64_MAX);
    split_rest *remainders = memory_new(count * sizeof *remainders);
    if (remainders == NULL) {
        return false;
    }
    int64_t left = total;
    for (size_t i = 0; i < count; i++) {
        uint128 product = (uint128)(uint64_t)total * (uint64_t)weights[i];
        parts_out[i] = sum == 0 ? 0 : (int64_t)(product / sum);
        remainders[i] = (split_rest){sum == 0 ? 0 : product % sum, i};
        left -= parts_out[i];
    }
    if (left > SELECTIONS_MAX) {
        qsort(remainders, count, sizeof *remainders, split_rest_compare);
        for (size_t i = 0; i < (size_t)left; i++) {
            parts_out[remainders[i].index]++;
        }
        left = 0;
    }
    for (; left > 0; left--) {
        size_t best = 0;
        for (size_t i = 1; i < count; i++) {
            best = remainders[i].value > remainders[best].value ? i : best;
        }
        parts_out[best]++;
        remainders[best].value = 0;
    }
    memory_free(remainders);
    return true;
}
