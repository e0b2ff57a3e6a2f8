/* From fields to values, with reasons that say what was expected, what was there, and what to do. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "base/time.h"
#include "signal/currency.h"
#include "signal/format_private.h"

#define SHOWN_BYTES 60

sluice_signal *row_signal(format_row *row, sluice_signal_kind kind) {
    sluice_signal *made = &row->chunk->signals[row->chunk->count++];
    memset(made, 0, sizeof *made);
    made->kind = kind;
    made->source_row = row->number;
    made->source_line = row->line;
    return made;
}

void row_reject(format_row *row, sluice_text field, const char *reason, ...) {
    if (row->rejected) {
        return;
    }
    va_list args;
    va_start(args, reason);
    (void)vsnprintf(row->reason, sizeof row->reason, reason, args);
    va_end(args);
    row->reject_field = field;
    row->rejected = true;
}

sluice_text row_shown(sluice_text value) {
    if (value.length > SHOWN_BYTES) {
        value.length = SHOWN_BYTES;
        while (value.length > 0 && ((unsigned char)value.data[value.length] & 0xC0) == 0x80) {
            value.length--;
        }
    }
    return value;
}

bool row_time(format_row *row, sluice_text field, sluice_text value, int64_t offset_ms, int64_t *time_ms_out) {
    if (time_parse(value, offset_ms, time_ms_out)) {
        return true;
    }
    sluice_text shown = row_shown(value);
    row_reject(row, field,
               value.length == 0
                   ? "时间为空 / the time is empty%.*s: expected one such as 2022-01-05 10:20:30"
                   : "时间无法识别 / not a time: '%.*s'; expected one such as 2022-01-05 10:20:30, 20220105102030 "
                     "or milliseconds since 1970, in the years 1900 to 5999",
               TEXT_ARGS(shown));
    return false;
}

bool row_amount(format_row *row, sluice_text field, sluice_text value, bool may_be_negative, int64_t *fen_out) {
    bool rounded = false;
    sluice_text shown = row_shown(value);
    if (!money_parse(value, fen_out, &rounded)) {
        row_reject(row, field,
                   value.length == 0
                       ? "金额为空 / the amount is empty%.*s: expected yuan such as 1234.50"
                       : "金额不是数字 / the amount is not a number: '%.*s'; expected yuan with up to two decimals "
                         "such as 1234.50, below 92 quadrillion",
                   TEXT_ARGS(shown));
        return false;
    }
    if (*fen_out < 0 && !may_be_negative) {
        row_reject(
            row, field,
            "金额为负 / the amount is negative: '%.*s'; swap payer and payee for a reversal, or say what a negative "
            "amount means with \"negative_amount\" in the mapping file",
            TEXT_ARGS(shown));
        return false;
    }
    row->chunk->rounded += rounded;
    return true;
}

bool row_currency(format_row *row, sluice_text field, sluice_text value, sluice_currency *currency_out) {
    if (currency_of_name(value, currency_out)) {
        return true;
    }
    sluice_text shown = row_shown(value);
    row_reject(
        row, field,
        "币种未知 / unknown currency: '%.*s'; expected three letters such as CNY or USD (name others with \"values\" "
        "in the mapping file)",
        TEXT_ARGS(shown));
    return false;
}

static bool key_is_clean(format_row *row, sluice_text field, sluice_text value) {
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.data[i];
        if (c < ' ' || c == 0x7F) {
            row_reject(row, field,
                       "账号含控制字符 / the identifier has a control character (code %u, at its byte %zu): remove it",
                       c, i + 1);
            return false;
        }
    }
    return true;
}

bool row_key_pair(format_row *row, sluice_text field, const char *kind, sluice_text first, sluice_text second,
                  sluice_text *key_out) {
    if (first.length == 0 || second.length == 0) {
        row_reject(row, field, "账号为空 / the %s is empty: every row needs one",
                   second.length == 0 ? "account" : "bank");
        return false;
    }
    size_t kind_length = strlen(kind);
    size_t length = kind_length + 1 + first.length + 1 + second.length;
    if (length > FORMAT_KEY_BYTES_MAX) {
        row_reject(row, field,
                   "账号过长 / the identifier is %zu bytes long; at most %d are allowed: is it the right column?",
                   length, FORMAT_KEY_BYTES_MAX);
        return false;
    }
    if (!key_is_clean(row, field, first) || !key_is_clean(row, field, second)) {
        return false;
    }
    char *key = arena_alloc(&row->chunk->texts, length);
    if (key == NULL) {
        row->no_memory = true;
        return false;
    }
    char *p = mempcpy(key, kind, kind_length);
    *p++ = ':';
    p = mempcpy(p, first.data, first.length);
    *p++ = '/';
    memcpy(p, second.data, second.length);
    *key_out = (sluice_text){key, length};
    return true;
}

bool row_key(format_row *row, sluice_text field, const char *kind, sluice_text value, sluice_text *key_out) {
    if (value.length == 0) {
        row_reject(row, field, "账号为空 / the %s is empty: every row needs one", kind);
        return false;
    }
    size_t kind_length = strlen(kind);
    size_t length = kind_length + 1 + value.length;
    if (length > FORMAT_KEY_BYTES_MAX) {
        row_reject(row, field,
                   "账号过长 / the identifier is %zu bytes long; at most %d are allowed: is it the right column?",
                   length, FORMAT_KEY_BYTES_MAX);
        return false;
    }
    if (!key_is_clean(row, field, value)) {
        return false;
    }
    char *key = arena_alloc(&row->chunk->texts, length);
    if (key == NULL) {
        row->no_memory = true;
        return false;
    }
    char *p = mempcpy(key, kind, kind_length);
    *p++ = ':';
    memcpy(p, value.data, value.length);
    *key_out = (sluice_text){key, length};
    return true;
}

bool row_flag(format_row *row, sluice_text field, sluice_text value, bool *flag_out) {
    static const char *const YES[] = {"true", "True", "TRUE", "1"};
    static const char *const NO[] = {"false", "False", "FALSE", "0", ""};
    for (size_t i = 0; i < sizeof YES / sizeof *YES; i++) {
        if (text_equal(value, text_of(YES[i]))) {
            *flag_out = true;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof NO / sizeof *NO; i++) {
        if (text_equal(value, text_of(NO[i]))) {
            *flag_out = false;
            return true;
        }
    }
    sluice_text shown = row_shown(value);
    row_reject(row, field, "不是真假值 / not true or false: '%.*s'; expected true, false, 1 or 0", TEXT_ARGS(shown));
    return false;
}

bool row_keep(format_row *row, sluice_text value, sluice_text *kept_out) {
    char *copy = value.length == 0 ? NULL : arena_copy(&row->chunk->texts, value.data, value.length);
    *kept_out = (sluice_text){copy, copy == NULL ? 0 : value.length};
    row->no_memory |= copy == NULL && value.length > 0;
    return !row->no_memory;
}
