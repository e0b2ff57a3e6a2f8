/* Reasons for people: placeholders filled in, each value by its unit. */
#include <math.h>
#include <stdio.h>

#include "base/money.h"
#include "base/time.h"
#include "detect/rule_private.h"

static void write_grouped(int64_t value, text_writer *out) {
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)value);
    for (int i = 0; i < length; i++) {
        bool is_after_digit = i > 0 && digits[i - 1] != '-';
        if (is_after_digit && (length - i) % 3 == 0) {
            text_write_char(out, ',');
        }
        text_write_char(out, digits[i]);
    }
}

/* The two largest units: "3 h 20 min", "3小时20分". */
static void write_duration(int64_t duration_ms, bool is_zh, text_writer *out) {
    static const struct {
        uint64_t ms;
        const char *en, *zh;
    } UNITS[] = {
        {86400000, "d", "天"}, {3600000, "h", "小时"}, {60000, "min", "分"}, {1000, "s", "秒"}, {1, "ms", "毫秒"}};
    uint64_t left = duration_ms < 0 ? 0 - (uint64_t)duration_ms : (uint64_t)duration_ms;
    size_t unit = 0;
    while (unit < 4 && left < UNITS[unit].ms) {
        unit++;
    }
    text_write(out, duration_ms < 0 ? TEXT("-") : TEXT(""));
    for (size_t i = unit; i < 5 && i < unit + 2; i++) {
        uint64_t count = left / UNITS[i].ms;
        left %= UNITS[i].ms;
        if (i > unit && (count == 0 || i == 4)) {
            break; /* milliseconds only where there is nothing else */
        }
        text_printf(out, is_zh ? "%s%llu%s" : "%s%llu %s", is_zh || i == unit ? "" : " ", (unsigned long long)count,
                    is_zh ? UNITS[i].zh : UNITS[i].en);
    }
}

/* At most two decimals, or two digits where that would be nothing; no zeros at the end. */
static void write_decimal(double value, int decimals, text_writer *out) {
    char text[400];
    if (!isfinite(value)) {
        text_write(out, isnan(value) ? TEXT("?") : value > 0 ? TEXT("∞") : TEXT("-∞"));
        return;
    }
    bool is_tiny = value != 0 && fabs(value) < 0.01;
    int length = snprintf(text, sizeof text, is_tiny ? "%.*g" : "%.*f", is_tiny ? 2 : decimals, value);
    if (!is_tiny && strchr(text, '.') != NULL) {
        while (text[length - 1] == '0') {
            length--;
        }
        length -= text[length - 1] == '.' ? 1 : 0;
    }
    text_write(out, (sluice_text){text, (size_t)length});
}

static void write_money(int64_t fen, text_writer *out) {
    char text[MONEY_TEXT_BYTES];
    (void)money_format(fen, true, text);
    bool is_minus = text[0] == '-';
    text_printf(out, "%s¥%s", is_minus ? "-" : "", text + (is_minus ? 1 : 0));
}

static void write_value(const feature_plan *plan, uint32_t slot, const feature_value *value, bool is_zh,
                        text_writer *out) {
    if (value->is_missing) {
        text_write(out, is_zh ? TEXT("未知") : TEXT("unknown"));
        return;
    }
    feature_type type = feature_plan_type(plan, slot);
    feature_unit unit = feature_plan_unit(plan, slot);
    if (type == FEATURE_TEXT) {
        text_write(out, (sluice_text){value->text, value->length});
    } else if (type == FEATURE_BOOL) {
        text_write(out, is_zh ? (value->i ? TEXT("是") : TEXT("否")) : value->i ? TEXT("yes") : TEXT("no"));
    } else if (unit == FEATURE_UNIT_SHARE) {
        write_decimal(100 * (type == FEATURE_DOUBLE ? value->d : (double)value->i), 1, out);
        text_write(out, TEXT(" %"));
    } else if (type == FEATURE_DOUBLE && (unit == FEATURE_UNIT_FEN || unit == FEATURE_UNIT_MS) &&
               fabs(value->d) < 0x1p62) { /* a mean */
        int64_t whole = (int64_t)llrint(value->d);
        unit == FEATURE_UNIT_FEN ? write_money(whole, out) : write_duration(whole, is_zh, out);
    } else if (type == FEATURE_DOUBLE) {
        write_decimal(value->d, 2, out);
    } else if (unit == FEATURE_UNIT_FEN) {
        write_money(value->i, out);
    } else if (unit == FEATURE_UNIT_MS) {
        write_duration(value->i, is_zh, out);
    } else {
        write_grouped(value->i, out);
    }
}

void rule_reason(const rule_set *set, uint32_t rule_number, const char *language, const feature_value *values,
                 text_writer *out) {
    const rule *r = &set->rules[rule_number];
    bool is_zh = strcmp(language, "zh") == 0;
    const reason *text = is_zh ? &r->zh : &r->en;
    for (size_t i = 0; i < text->count; i++) {
        const reason_part *part = &text->parts[i];
        if (part->slot == RULE_NONE) {
            text_write(out, part->text);
        } else {
            if (values[part->slot].is_pending && set->demand.get != NULL) {
                set->demand.get(set->demand.context, part->slot);
            }
            write_value(set->plan, part->slot, &values[part->slot], is_zh, out);
        }
    }
}
