/* Fields of a mapped row: looked up in the columns, passed through the table of values, cleaned of what spreadsheets do
 * to card numbers, and parsed. */
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "signal/mapped_private.h"
#include "signal/mapping_time.h"

/* ---- fields ---- */

sluice_text mapped_name(const mapped_row *m, mapping_field field) {
    const mapping_spec *spec = &m->mapping->fields[field];
    return spec->column_count == 0 ? text_of(mapping_field_name(field)) : m->state->names[spec->columns[0]];
}

/* Undoes what is done to keep a spreadsheet from spoiling a card number: ="6228…", '6228…, tabs. */
sluice_text mapped_strip(sluice_text text) {
    text = text_trim(text);
    if (text.length >= 3 && memcmp(text.data, "=\"", 2) == 0 && text.data[text.length - 1] == '"') {
        text = (sluice_text){text.data + 2, text.length - 3};
    } else if (text.length >= 2 && text.data[0] == '\'') {
        text = (sluice_text){text.data + 1, text.length - 1};
    }
    return text_trim(text);
}

/* The texts of the field's columns, joined by blanks. */
sluice_text mapped_joined(const mapped_row *m, const mapping_spec *spec) {
    size_t length = 0;
    sluice_text only = {NULL, 0};
    size_t filled = 0;
    for (size_t i = 0; i < spec->column_count; i++) {
        sluice_text part = mapped_strip(m->state->values[spec->columns[i]]);
        only = part.length > 0 ? part : only;
        filled += part.length > 0;
        length += part.length + 1;
    }
    if (filled <= 1) {
        return only;
    }
    char *text = arena_alloc(&m->row->chunk->texts, length);
    if (text == NULL) {
        m->row->no_memory = true;
        return (sluice_text){NULL, 0};
    }
    char *p = text;
    for (size_t i = 0; i < spec->column_count; i++) {
        sluice_text part = mapped_strip(m->state->values[spec->columns[i]]);
        if (part.length > 0) {
            *p = ' ';
            p += p > text;
            p = mempcpy(p, part.data, part.length);
        }
    }
    return (sluice_text){text, (size_t)(p - text)};
}

static void reject_value(const mapped_row *m, mapping_field field, const mapping_spec *spec, sluice_text text) {
    sluice_text shown = row_shown(text);
    sluice_text known = row_shown(spec->values[0].is);
    row_reject(m->row, mapped_name(m, field),
               "值未知 / no value of \"%s\" in the mapping file: '%.*s'; expected one of its %zu \"values\" such as "
               "'%.*s': add "
               "it, or an \"else\"",
               mapping_field_name(field), TEXT_ARGS(shown), spec->value_count, TEXT_ARGS(known));
}

/* A field's text after its table of values; empty when the mapping has no such field. False: rejected. */
bool mapped_text(const mapped_row *m, mapping_field field, sluice_text *text_out) {
    const mapping_spec *spec = &m->mapping->fields[field];
    *text_out = spec->fixed;
    if (spec->column_count == 0) {
        return true;
    }
    sluice_text text = mapped_joined(m, spec);
    if (m->row->no_memory) {
        return false;
    }
    if (text.length == 0 && spec->has_empty) {
        *text_out = spec->empty;
        return true;
    }
    *text_out = text;
    for (size_t i = 0; i < spec->value_count; i++) {
        if (text_equal(text, spec->values[i].is)) {
            *text_out = spec->values[i].means;
            return true;
        }
    }
    if (spec->value_count > 0 && spec->has_otherwise) {
        *text_out = spec->otherwise;
    } else if (spec->value_count > 0 && text.length > 0) {
        reject_value(m, field, spec, text);
        return false;
    }
    return true;
}

bool mapped_has(const mapped_row *m, mapping_field field) {
    return m->mapping->fields[field].present;
}

bool mapped_kept(const mapped_row *m, mapping_field field, sluice_text *kept_out) {
    sluice_text text;
    return mapped_text(m, field, &text) && row_keep(m->row, text, kept_out);
}

/* ---- times ---- */

bool mapped_time(const mapped_row *m, int64_t *time_ms_out) {
    const mapping *mapping = m->mapping;
    const mapping_spec *spec = &mapping->fields[MAPPING_TIME];
    sluice_text text;
    if (!mapped_text(m, MAPPING_TIME, &text)) {
        return false;
    }
    bool good;
    if (mapping->time_format.length > 0) {
        good = mapping_time_parse(mapping->time_format, text, mapping->timezone_ms, time_ms_out);
        if (!good) {
            sluice_text shown = row_shown(text);
            row_reject(
                m->row, mapped_name(m, MAPPING_TIME),
                "时间格式不符 / the time '%.*s' is not written as \"time_format\": \"%.*s\" of the mapping file says",
                TEXT_ARGS(shown), TEXT_ARGS(mapping->time_format));
        }
        return good;
    }
    if (spec->column_count == 2) {
        const sluice_text *values = m->state->values;
        good = mapping_time_join(mapped_strip(values[spec->columns[0]]), mapped_strip(values[spec->columns[1]]),
                                 mapping->timezone_ms, time_ms_out);
        if (good) {
            return true;
        }
    }
    return row_time(m->row, mapped_name(m, MAPPING_TIME), text, mapping->timezone_ms, time_ms_out);
}

/* ---- keys ---- */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* 6.22848E+18, 6228480402564890000.0: a spreadsheet or a script made a number of it, and digits are gone. */
static bool is_damaged_number(sluice_text text) {
    size_t i = 0;
    while (i < text.length && is_digit(text.data[i])) {
        i++;
    }
    bool point = i > 0 && i < text.length && text.data[i] == '.';
    size_t digits = i;
    if (point) {
        for (i++; i < text.length && is_digit(text.data[i]); i++) {
        }
    }
    if (i == text.length) {
        return point && digits >= 8;
    }
    bool exponent =
        digits == 1 && (text.data[i] == 'E' || text.data[i] == 'e') && i + 2 < text.length && text.data[i + 1] == '+';
    for (i += 2; exponent && i < text.length; i++) {
        exponent = is_digit(text.data[i]);
    }
    return exponent;
}

/* "6228 4804 0256 4890 018" → without the blanks, when all else are digits. */
static sluice_text without_blanks(const mapped_row *m, sluice_text text) {
    size_t blanks = 0;
    for (size_t i = 0; i < text.length; i++) {
        blanks += text.data[i] == ' ';
        if (text.data[i] != ' ' && !is_digit(text.data[i])) {
            return text;
        }
    }
    char *copy = blanks == 0 ? NULL : arena_alloc(&m->row->chunk->texts, text.length);
    if (copy == NULL) {
        m->row->no_memory |= blanks > 0;
        return text;
    }
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] != ' ') {
            copy[length++] = text.data[i];
        }
    }
    return (sluice_text){copy, length};
}

/* "kind:" at the beginning: then the text is a key as it is. Returns the kind's length, or 0. */
static size_t kind_length(sluice_text text) {
    size_t i = 0;
    while (
        i < text.length && i < 16 &&
        ((text.data[i] >= 'a' && text.data[i] <= 'z') || (i > 0 && (is_digit(text.data[i]) || text.data[i] == '_')))) {
        i++;
    }
    return i > 0 && i < text.length && text.data[i] == ':' ? i : 0;
}

bool mapped_key(const mapped_row *m, mapping_field field, sluice_text kind, sluice_text text, sluice_text *key_out) {
    char word[20];
    size_t own = kind_length(text);
    if (own > 0) {
        kind = (sluice_text){text.data, own};
        text = text_trim((sluice_text){text.data + own + 1, text.length - own - 1});
    }
    memcpy(word, kind.data, kind.length);
    word[kind.length] = '\0';
    return row_key(m->row, mapped_name(m, field), word, text, key_out);
}

bool mapped_account_key(const mapped_row *m, mapping_field field, sluice_text text, sluice_text *key_out) {
    if (is_damaged_number(text)) {
        sluice_text shown = row_shown(text);
        row_reject(
            m->row, mapped_name(m, field),
            "账号被表格软件改成了数字 / the account number '%.*s' was turned into a number by a spreadsheet and has "
            "lost "
            "digits: export again from the bank with this column as text, and do not open and save the file in Excel",
            TEXT_ARGS(shown));
        return false;
    }
    text = without_blanks(m, text);
    return !m->row->no_memory && mapped_key(m, field, m->mapping->key_kind, text, key_out);
}

/* An identity number leaves here as `idcard:…`; the engine keeps its keyed hash only. */
bool mapped_holder_key(const mapped_row *m, mapping_field field, sluice_text text, sluice_text *key_out) {
    if (!m->mapping->holder_is_identity_number || kind_length(text) > 0) {
        return mapped_key(m, field, m->mapping->holder_kind, text, key_out);
    }
    char number[FORMAT_KEY_BYTES_MAX];
    size_t length = text.length < sizeof number ? text.length : sizeof number;
    for (size_t i = 0; i < length; i++) {
        number[i] = text.data[i] == 'x' ? 'X' : text.data[i];
    }
    return mapped_key(m, field, TEXT("idcard"), (sluice_text){number, length}, key_out);
}

bool mapped_account(const mapped_row *m, mapping_field field, sluice_text *key_out) {
    sluice_text text;
    return mapped_text(m, field, &text) && mapped_account_key(m, field, text, key_out);
}

/* ---- amounts ---- */

static sluice_text strip_affix(sluice_text text, const char *affix, bool at_end) {
    size_t length = strlen(affix);
    if (text.length <= length) {
        return text;
    }
    if (memcmp(text.data + (at_end ? text.length - length : 0), affix, length) == 0) {
        text.data += at_end ? 0 : length;
        text.length -= length;
    }
    return text_trim(text);
}

bool mapped_amount(const mapped_row *m, mapping_field field, sluice_text text, bool may_be_negative, int64_t *fen_out) {
    text = strip_affix(strip_affix(strip_affix(text, "¥", false), "￥", false), "元", true);
    if (!m->mapping->amount_is_fen) {
        return row_amount(m->row, mapped_name(m, field), text, may_be_negative, fen_out);
    }
    uint64_t rounded_before = m->row->chunk->rounded;
    if (!row_amount(m->row, mapped_name(m, field), text, may_be_negative, fen_out)) {
        return false;
    }
    if (m->row->chunk->rounded != rounded_before || *fen_out % 100 != 0) {
        sluice_text shown = row_shown(text);
        row_reject(m->row, mapped_name(m, field),
                   "金额应为整数分 / the amount '%.*s' is not a whole number of fen: is \"amount_unit\" yuan?",
                   TEXT_ARGS(shown));
        return false;
    }
    *fen_out /= 100;
    return true;
}

/* An empty balance is none. */
bool mapped_balance(const mapped_row *m, mapping_field field, bool *has_out, int64_t *fen_out) {
    sluice_text text;
    if (!mapped_text(m, field, &text)) {
        return false;
    }
    *has_out = text.length > 0;
    return !*has_out || mapped_amount(m, field, text, true, fen_out);
}

static bool is_no_amount(sluice_text text) {
    bool fractional = false;
    int64_t fen = 0;
    return text.length == 0 || text_equal(text, TEXT("-")) || text_equal(text, TEXT("--")) ||
           (money_parse(text, &fen, &fractional) && fen == 0);
}

/* Two columns, of which one is filled. */
static bool take_split_amount(const mapped_row *m, int64_t *fen_out, side *side_out) {
    sluice_text out, in;
    if (!mapped_text(m, MAPPING_AMOUNT_OUT, &out) || !mapped_text(m, MAPPING_AMOUNT_IN, &in)) {
        return false;
    }
    bool has_out = !is_no_amount(out), has_in = !is_no_amount(in);
    if (has_out && has_in) {
        row_reject(
            m->row, mapped_name(m, MAPPING_AMOUNT_IN),
            "收支两栏都有金额 / both the outgoing and the incoming amount are filled: a line is one or the other");
        return false;
    }
    *side_out = has_in || (!has_out && out.length == 0) ? SIDE_IN : SIDE_OUT;
    mapping_field field = *side_out == SIDE_IN ? MAPPING_AMOUNT_IN : MAPPING_AMOUNT_OUT;
    return mapped_amount(m, field, *side_out == SIDE_IN ? in : out, m->mapping->negative != NEGATIVE_REJECT, fen_out);
}

static bool is_one_of(sluice_text text, const char *const *words) {
    for (; *words != NULL; words++) {
        if (text_equal(text, text_of(*words))) {
            return true;
        }
    }
    return false;
}

static bool take_direction(const mapped_row *m, side *side_out) {
    static const char *const OUT[] = {"out", "借", "支", "支出", "转出", "支取", "付", "付款", "D", "DR", "d", NULL};
    static const char *const IN[] = {"in", "贷", "收", "收入", "转入", "存入", "入", "收款", "C", "CR", "c", NULL};
    sluice_text text;
    if (!mapped_has(m, MAPPING_DIRECTION)) {
        return true;
    }
    if (!mapped_text(m, MAPPING_DIRECTION, &text)) {
        return false;
    }
    *side_out = is_one_of(text, OUT) ? SIDE_OUT : is_one_of(text, IN) ? SIDE_IN : SIDE_NONE;
    if (*side_out == SIDE_NONE) {
        sluice_text shown = row_shown(text);
        row_reject(m->row, mapped_name(m, MAPPING_DIRECTION),
                   "收支方向未知 / unknown direction '%.*s': name it in \"values\" of \"direction\" in the mapping "
                   "file, such as "
                   "{\"借\": \"out\", \"贷\": \"in\"}",
                   TEXT_ARGS(shown));
    }
    return *side_out != SIDE_NONE;
}

static side other_side(side side) {
    return side == SIDE_OUT ? SIDE_IN : side == SIDE_IN ? SIDE_OUT : SIDE_NONE;
}

/* The amount, made positive, and the side it says. `reversed_out`: payer and payee change places. */
bool mapped_movement_amount(const mapped_row *m, int64_t *fen_out, side *side_out, bool *reversed_out) {
    sluice_text text;
    mapping_negative rule = m->mapping->negative;
    *reversed_out = false;
    if (!take_direction(m, side_out)) {
        return false;
    }
    if (mapped_has(m, MAPPING_AMOUNT_OUT)) {
        if (!take_split_amount(m, fen_out, side_out)) {
            return false;
        }
    } else if (!mapped_text(m, MAPPING_AMOUNT, &text) ||
               !mapped_amount(m, MAPPING_AMOUNT, text, rule != NEGATIVE_REJECT, fen_out)) {
        return false;
    }
    bool negative = *fen_out < 0;
    *fen_out = negative ? -*fen_out : *fen_out;
    if (*side_out == SIDE_NONE && (rule == NEGATIVE_OUT || rule == NEGATIVE_IN)) {
        *side_out = negative == (rule == NEGATIVE_OUT) ? SIDE_OUT : SIDE_IN;
    } else if (negative && rule == NEGATIVE_REVERSED) {
        *side_out = other_side(*side_out);
        *reversed_out = true;
    }
    return true;
}
