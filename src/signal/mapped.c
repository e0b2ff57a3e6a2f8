/* Rows under a mapping.
 *
 * Each field is looked up in the row (columns, then the table of values), cleaned of what spreadsheets do to card
 * numbers, and becomes a value of the signal. A statement says everything from one account's side: its own account, the
 * counterparty, a direction and the balance after; this is where it becomes payer and payee. */
#include "signal/mapped.h"

#include <string.h>

#include "base/error.h"
#include "base/money.h"
#include "base/text.h"
#include "signal/mapping_time.h"

typedef struct mapped_row {
    format_row *row;
    const mapped_state *state;
    const mapping *mapping;
} mapped_row;

/* ---- fields ---- */

static sluice_text field_name(const mapped_row *m, mapping_field field) {
    const mapping_spec *spec = &m->mapping->fields[field];
    return spec->column_count == 0 ? text_of(mapping_field_name(field)) : m->state->names[spec->columns[0]];
}

/* Undoes what is done to keep a spreadsheet from spoiling a card number: ="6228…", '6228…, tabs. */
static sluice_text strip_guards(sluice_text text) {
    text = text_trim(text);
    if (text.length >= 3 && memcmp(text.data, "=\"", 2) == 0 && text.data[text.length - 1] == '"') {
        text = (sluice_text){text.data + 2, text.length - 3};
    } else if (text.length >= 2 && text.data[0] == '\'') {
        text = (sluice_text){text.data + 1, text.length - 1};
    }
    return text_trim(text);
}

/* The texts of the field's columns, joined by blanks. */
static sluice_text joined(const mapped_row *m, const mapping_spec *spec) {
    size_t length = 0;
    sluice_text only = {NULL, 0};
    size_t filled = 0;
    for (size_t i = 0; i < spec->column_count; i++) {
        sluice_text part = strip_guards(m->state->values[spec->columns[i]]);
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
        sluice_text part = strip_guards(m->state->values[spec->columns[i]]);
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
    row_reject(m->row, field_name(m, field),
               "值未知 / no value of \"%s\" in the mapping file: '%.*s'; expected one of its %zu \"values\" such as "
               "'%.*s': add "
               "it, or an \"else\"",
               mapping_field_name(field), TEXT_ARGS(shown), spec->value_count, TEXT_ARGS(known));
}

/* A field's text after its table of values; empty when the mapping has no such field. False: rejected. */
static bool field_text(const mapped_row *m, mapping_field field, sluice_text *text_out) {
    const mapping_spec *spec = &m->mapping->fields[field];
    *text_out = spec->fixed;
    if (spec->column_count == 0) {
        return true;
    }
    sluice_text text = joined(m, spec);
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

static bool has_field(const mapped_row *m, mapping_field field) {
    return m->mapping->fields[field].present;
}

static bool kept_field(const mapped_row *m, mapping_field field, sluice_text *kept_out) {
    sluice_text text;
    return field_text(m, field, &text) && row_keep(m->row, text, kept_out);
}

/* ---- times ---- */

static bool take_time(const mapped_row *m, int64_t *time_ms_out) {
    const mapping *mapping = m->mapping;
    const mapping_spec *spec = &mapping->fields[MAPPING_TIME];
    sluice_text text;
    if (!field_text(m, MAPPING_TIME, &text)) {
        return false;
    }
    bool good;
    if (mapping->time_format.length > 0) {
        good = mapping_time_parse(mapping->time_format, text, mapping->timezone_ms, time_ms_out);
        if (!good) {
            sluice_text shown = row_shown(text);
            row_reject(
                m->row, field_name(m, MAPPING_TIME),
                "时间格式不符 / the time '%.*s' is not written as \"time_format\": \"%.*s\" of the mapping file says",
                TEXT_ARGS(shown), TEXT_ARGS(mapping->time_format));
        }
        return good;
    }
    if (spec->column_count == 2) {
        const sluice_text *values = m->state->values;
        good = mapping_time_join(strip_guards(values[spec->columns[0]]), strip_guards(values[spec->columns[1]]),
                                 mapping->timezone_ms, time_ms_out);
        if (good) {
            return true;
        }
    }
    return row_time(m->row, field_name(m, MAPPING_TIME), text, mapping->timezone_ms, time_ms_out);
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

static bool make_key(const mapped_row *m, mapping_field field, sluice_text kind, sluice_text text,
                     sluice_text *key_out) {
    char word[20];
    size_t own = kind_length(text);
    if (own > 0) {
        kind = (sluice_text){text.data, own};
        text = text_trim((sluice_text){text.data + own + 1, text.length - own - 1});
    }
    memcpy(word, kind.data, kind.length);
    word[kind.length] = '\0';
    return row_key(m->row, field_name(m, field), word, text, key_out);
}

static bool account_key(const mapped_row *m, mapping_field field, sluice_text text, sluice_text *key_out) {
    if (is_damaged_number(text)) {
        sluice_text shown = row_shown(text);
        row_reject(
            m->row, field_name(m, field),
            "账号被表格软件改成了数字 / the account number '%.*s' was turned into a number by a spreadsheet and has "
            "lost "
            "digits: export again from the bank with this column as text, and do not open and save the file in Excel",
            TEXT_ARGS(shown));
        return false;
    }
    text = without_blanks(m, text);
    return !m->row->no_memory && make_key(m, field, m->mapping->key_kind, text, key_out);
}

/* An identity number leaves here as `idcard:…`; the engine keeps its keyed hash only. */
static bool holder_key(const mapped_row *m, mapping_field field, sluice_text text, sluice_text *key_out) {
    if (!m->mapping->holder_is_identity_number || kind_length(text) > 0) {
        return make_key(m, field, m->mapping->holder_kind, text, key_out);
    }
    char number[FORMAT_KEY_BYTES_MAX];
    size_t length = text.length < sizeof number ? text.length : sizeof number;
    for (size_t i = 0; i < length; i++) {
        number[i] = text.data[i] == 'x' ? 'X' : text.data[i];
    }
    return make_key(m, field, TEXT("idcard"), (sluice_text){number, length}, key_out);
}

static bool take_account(const mapped_row *m, mapping_field field, sluice_text *key_out) {
    sluice_text text;
    return field_text(m, field, &text) && account_key(m, field, text, key_out);
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

static bool amount_of(const mapped_row *m, mapping_field field, sluice_text text, bool may_be_negative,
                      int64_t *fen_out) {
    text = strip_affix(strip_affix(strip_affix(text, "¥", false), "￥", false), "元", true);
    if (!m->mapping->amount_is_fen) {
        return row_amount(m->row, field_name(m, field), text, may_be_negative, fen_out);
    }
    uint64_t rounded_before = m->row->chunk->rounded;
    if (!row_amount(m->row, field_name(m, field), text, may_be_negative, fen_out)) {
        return false;
    }
    if (m->row->chunk->rounded != rounded_before || *fen_out % 100 != 0) {
        sluice_text shown = row_shown(text);
        row_reject(m->row, field_name(m, field),
                   "金额应为整数分 / the amount '%.*s' is not a whole number of fen: is \"amount_unit\" yuan?",
                   TEXT_ARGS(shown));
        return false;
    }
    *fen_out /= 100;
    return true;
}

/* An empty balance is none. */
static bool take_balance(const mapped_row *m, mapping_field field, bool *has_out, int64_t *fen_out) {
    sluice_text text;
    if (!field_text(m, field, &text)) {
        return false;
    }
    *has_out = text.length > 0;
    return !*has_out || amount_of(m, field, text, true, fen_out);
}

static bool is_no_amount(sluice_text text) {
    bool fractional = false;
    int64_t fen = 0;
    return text.length == 0 || text_equal(text, TEXT("-")) || text_equal(text, TEXT("--")) ||
           (money_parse(text, &fen, &fractional) && fen == 0);
}

/* Which way the money went, seen from the statement's account. */
typedef enum side { SIDE_NONE, SIDE_OUT, SIDE_IN } side;

/* Two columns, of which one is filled. */
static bool take_split_amount(const mapped_row *m, int64_t *fen_out, side *side_out) {
    sluice_text out, in;
    if (!field_text(m, MAPPING_AMOUNT_OUT, &out) || !field_text(m, MAPPING_AMOUNT_IN, &in)) {
        return false;
    }
    bool has_out = !is_no_amount(out), has_in = !is_no_amount(in);
    if (has_out && has_in) {
        row_reject(
            m->row, field_name(m, MAPPING_AMOUNT_IN),
            "收支两栏都有金额 / both the outgoing and the incoming amount are filled: a line is one or the other");
        return false;
    }
    *side_out = has_in || (!has_out && out.length == 0) ? SIDE_IN : SIDE_OUT;
    mapping_field field = *side_out == SIDE_IN ? MAPPING_AMOUNT_IN : MAPPING_AMOUNT_OUT;
    return amount_of(m, field, *side_out == SIDE_IN ? in : out, m->mapping->negative != NEGATIVE_REJECT, fen_out);
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
    if (!has_field(m, MAPPING_DIRECTION)) {
        return true;
    }
    if (!field_text(m, MAPPING_DIRECTION, &text)) {
        return false;
    }
    *side_out = is_one_of(text, OUT) ? SIDE_OUT : is_one_of(text, IN) ? SIDE_IN : SIDE_NONE;
    if (*side_out == SIDE_NONE) {
        sluice_text shown = row_shown(text);
        row_reject(m->row, field_name(m, MAPPING_DIRECTION),
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
static bool take_amount(const mapped_row *m, int64_t *fen_out, side *side_out, bool *reversed_out) {
    sluice_text text;
    mapping_negative rule = m->mapping->negative;
    *reversed_out = false;
    if (!take_direction(m, side_out)) {
        return false;
    }
    if (has_field(m, MAPPING_AMOUNT_OUT)) {
        if (!take_split_amount(m, fen_out, side_out)) {
            return false;
        }
    } else if (!field_text(m, MAPPING_AMOUNT, &text) ||
               !amount_of(m, MAPPING_AMOUNT, text, rule != NEGATIVE_REJECT, fen_out)) {
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

static bool take_currencies(const mapped_row *m, sluice_signal *made) {
    sluice_text text;
    if (!field_text(m, MAPPING_CURRENCY, &text) ||
        !row_currency(m->row, field_name(m, MAPPING_CURRENCY), text, &made->currency) ||
        !field_text(m, MAPPING_RECEIVED, &text)) {
        return false;
    }
    made->received_fen = made->amount_fen;
    made->received_currency = made->currency;
    if (text.length == 0) {
        return true;
    }
    return amount_of(m, MAPPING_RECEIVED, text, false, &made->received_fen) &&
           field_text(m, MAPPING_RECEIVED_CURRENCY, &text) &&
           (text.length == 0 ||
            row_currency(m->row, field_name(m, MAPPING_RECEIVED_CURRENCY), text, &made->received_currency));
}

/* ---- records ---- */

/* Account and counterparty become payer and payee. */
static bool take_statement_sides(const mapped_row *m, sluice_signal *made, side side, bool is_withdrawal) {
    sluice_text counterparty, *own = side == SIDE_IN ? &made->to : &made->from;
    if (is_withdrawal && side == SIDE_IN) {
        row_reject(m->row, field_name(m, MAPPING_DIRECTION),
                   "取款不能是收入 / a withdrawal that comes in: narrow \"withdrawal_when\" in the mapping file, or "
                   "leave such "
                   "lines out with \"ignore_when\"");
        return false;
    }
    if (!take_account(m, MAPPING_ACCOUNT, own) || !field_text(m, MAPPING_COUNTERPARTY, &counterparty)) {
        return false;
    }
    if (is_withdrawal && joined(m, &m->mapping->fields[MAPPING_COUNTERPARTY]).length == 0) {
        counterparty.length = 0; /* "empty" is for fees and interest: cash went nowhere that the bank knows */
    }
    sluice_text *other = side == SIDE_IN ? &made->from : &made->to;
    if (counterparty.length == 0 && !is_withdrawal) {
        row_reject(m->row, field_name(m, MAPPING_COUNTERPARTY),
                   "对方账号为空 / the counterparty is empty: for fees and interest say \"empty\": \"bank:…\" for "
                   "\"counterparty\" in the mapping file; for cash add the line's wording to \"withdrawal_when\"");
        return false;
    }
    bool good = counterparty.length == 0 || account_key(m, MAPPING_COUNTERPARTY, counterparty, other);
    return good &&
           (side == SIDE_IN ? take_balance(m, MAPPING_BALANCE, &made->has_to_balance, &made->to_balance_fen)
                            : take_balance(m, MAPPING_BALANCE, &made->has_from_balance, &made->from_balance_fen));
}

static bool take_plain_sides(const mapped_row *m, sluice_signal *made, bool is_withdrawal) {
    sluice_text to;
    return take_account(m, MAPPING_FROM, &made->from) && field_text(m, MAPPING_TO, &to) &&
           ((to.length == 0 && is_withdrawal) || account_key(m, MAPPING_TO, to, &made->to)) &&
           take_balance(m, MAPPING_FROM_BALANCE, &made->has_from_balance, &made->from_balance_fen) &&
           take_balance(m, MAPPING_TO_BALANCE, &made->has_to_balance, &made->to_balance_fen);
}

static void swap_sides(sluice_signal *made) {
    sluice_signal before = *made;
    made->from = before.to;
    made->to = before.from;
    made->has_from_balance = before.has_to_balance;
    made->has_to_balance = before.has_from_balance;
    made->from_balance_fen = before.to_balance_fen;
    made->to_balance_fen = before.from_balance_fen;
}

static bool take_id(const mapped_row *m, sluice_text *id_out) {
    if (!kept_field(m, MAPPING_ID, id_out)) {
        return false;
    }
    if (id_out->length > FORMAT_KEY_BYTES_MAX) {
        row_reject(m->row, field_name(m, MAPPING_ID),
                   "流水号过长 / the transfer's id is %zu bytes long; at most %d are allowed", id_out->length,
                   FORMAT_KEY_BYTES_MAX);
        return false;
    }
    for (size_t i = 0; i < id_out->length; i++) {
        if ((unsigned char)id_out->data[i] < ' ' || id_out->data[i] == 0x7F) {
            row_reject(m->row, field_name(m, MAPPING_ID),
                       "流水号含控制字符 / the transfer's id has a control character: remove it");
            return false;
        }
    }
    return true;
}

static bool take_movement(const mapped_row *m, sluice_signal_kind kind) {
    sluice_signal made = {.kind = kind};
    side side = SIDE_NONE;
    bool reversed = false;
    bool is_withdrawal = kind == SLUICE_SIGNAL_WITHDRAWAL;
    if (!take_id(m, &made.id) || !take_time(m, &made.time_ms) || !take_amount(m, &made.amount_fen, &side, &reversed) ||
        !take_currencies(m, &made) || !kept_field(m, MAPPING_LABEL, &made.label)) {
        return false;
    }
    bool statement = has_field(m, MAPPING_ACCOUNT) && !has_field(m, MAPPING_FROM);
    if (!(statement ? take_statement_sides(m, &made, side, is_withdrawal)
                    : take_plain_sides(m, &made, is_withdrawal))) {
        return false;
    }
    if (!statement && reversed) {
        swap_sides(&made);
    }
    made.source_row = m->row->number;
    made.source_line = m->row->line;
    *row_signal(m->row, kind) = made;
    return true;
}

static bool take_event(const mapped_row *m, sluice_event *event_out) {
    static const char *const EVENTS[] = {"seen", "blocked", "unblocked", "closed"};
    sluice_text text;
    if (!field_text(m, MAPPING_EVENT, &text)) {
        return false;
    }
    *event_out = SLUICE_EVENT_SEEN;
    for (size_t i = 0; i < 4 && text.length > 0; i++) {
        if (text_equal(text, text_of(EVENTS[i]))) {
            *event_out = (sluice_event)(SLUICE_EVENT_SEEN + i);
            return true;
        }
    }
    if (text.length > 0) {
        sluice_text shown = row_shown(text);
        row_reject(m->row, field_name(m, MAPPING_EVENT),
                   "事件未知 / unknown event '%.*s': expected seen, blocked, unblocked or closed (name others with "
                   "\"values\")",
                   TEXT_ARGS(shown));
    }
    return text.length == 0;
}

static mapping_field first_present(const mapped_row *m, mapping_field first, mapping_field second) {
    return has_field(m, first) ? first : second;
}

/* An account, holder or device. */
static bool take_thing(const mapped_row *m, sluice_signal_kind kind) {
    sluice_signal made = {.kind = kind};
    sluice_text text, holder;
    bool good = take_time(m, &made.time_ms) && take_event(m, &made.event) && kept_field(m, MAPPING_TYPE, &made.type) &&
                kept_field(m, MAPPING_NAME, &made.name) && kept_field(m, MAPPING_LABEL, &made.label);
    if (good && kind == SLUICE_SIGNAL_ACCOUNT) {
        good = take_account(m, first_present(m, MAPPING_KEY, MAPPING_ACCOUNT), &made.key) &&
               field_text(m, MAPPING_HOLDER, &holder) &&
               (holder.length == 0 || holder_key(m, MAPPING_HOLDER, holder, &made.holder));
    } else if (good) {
        mapping_field field =
            first_present(m, MAPPING_KEY, kind == SLUICE_SIGNAL_HOLDER ? MAPPING_HOLDER : MAPPING_DEVICE);
        good = field_text(m, field, &text) &&
               (kind == SLUICE_SIGNAL_HOLDER ? holder_key(m, field, text, &made.key)
                                             : make_key(m, field, TEXT("device"), text, &made.key));
    }
    if (good) {
        made.source_row = m->row->number;
        made.source_line = m->row->line;
        *row_signal(m->row, kind) = made;
    }
    return good;
}

static bool take_login(const mapped_row *m) {
    sluice_signal made = {.kind = SLUICE_SIGNAL_LOGIN};
    sluice_text device;
    if (!take_time(m, &made.time_ms) || !kept_field(m, MAPPING_PLACE, &made.place) ||
        !take_account(m, first_present(m, MAPPING_ACCOUNT, MAPPING_KEY), &made.key) ||
        !field_text(m, MAPPING_DEVICE, &device) || !make_key(m, MAPPING_DEVICE, TEXT("device"), device, &made.device)) {
        return false;
    }
    made.source_row = m->row->number;
    made.source_line = m->row->line;
    *row_signal(m->row, SLUICE_SIGNAL_LOGIN) = made;
    return true;
}

static bool condition_holds(const mapped_row *m, const mapping_condition *condition) {
    if (!condition->present) {
        return false;
    }
    sluice_text text = strip_guards(m->state->values[condition->column]);
    for (size_t i = 0; i < condition->value_count; i++) {
        if (text_equal(text, condition->values[i])) {
            return true;
        }
    }
    return false;
}

static bool take_kind(const mapped_row *m, sluice_signal_kind *kind_out) {
    static const char *const KINDS[] = {"transfer", "withdrawal", "account", "holder", "device", "login"};
    sluice_text text;
    if (!field_text(m, MAPPING_KIND, &text)) {
        return false;
    }
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (text_equal(text, text_of(KINDS[i]))) {
            *kind_out = (sluice_signal_kind)(SLUICE_SIGNAL_TRANSFER + i);
            return true;
        }
    }
    sluice_text shown = row_shown(text);
    row_reject(m->row, field_name(m, MAPPING_KIND),
               "unknown kind of record '%.*s': expected transfer, withdrawal, account, holder, device or login",
               TEXT_ARGS(shown));
    return false;
}

void mapped_take(format_row *row) {
    const mapped_state *state = row->reader->state;
    const mapped_row m = {row, state, state->mapping};
    sluice_signal_kind kind = SLUICE_SIGNAL_TRANSFER;
    if (condition_holds(&m, &m.mapping->ignore_when) || !take_kind(&m, &kind)) {
        return;
    }
    switch (kind) {
    case SLUICE_SIGNAL_TRANSFER:
    case SLUICE_SIGNAL_WITHDRAWAL:
        (void)take_movement(&m, condition_holds(&m, &m.mapping->withdrawal_when) ? SLUICE_SIGNAL_WITHDRAWAL : kind);
        break;
    case SLUICE_SIGNAL_LOGIN:
        (void)take_login(&m);
        break;
    default:
        (void)take_thing(&m, kind);
        break;
    }
}

/* ---- opening ---- */

static sluice_result set_encoding(format_reader *reader, const mapping *mapping, sluice_error *error) {
    bool automatic = true;
    const char *option = reader->plan->options.encoding;
    if (option != NULL) {
        (void)encoding_of_name(text_of(option), &automatic, &reader->encoding);
    }
    if (automatic) {
        (void)encoding_of_name(mapping->encoding, &automatic, &reader->encoding);
    }
    if (automatic || encoding_mark_bytes(reader->text) > 0) {
        reader->encoding = encoding_detect(reader->text);
    }
    if (reader->encoding == ENCODING_UTF8) {
        return SLUICE_OK;
    }
    reader->decoder = decoder_new();
    reader->shape.double_bytes = true;
    return reader->decoder != NULL
               ? SLUICE_OK
               : error_set(error, SLUICE_E_NO_MEMORY, "out of memory, or this system's C library cannot read GB18030");
}

sluice_result mapped_open(format_reader *reader, sluice_error *error) {
    mapped_state *state = arena_alloc(&reader->lasting, sizeof *state);
    if (state == NULL) {
        return error_no_memory(error, sizeof *state);
    }
    memset(state, 0, sizeof *state);
    reader->state = state;
    if (reader->source->role == CANONICAL_MAPPED) {
        state->mapping = reader->plan->mapping;
    } else {
        sluice_result result = mapping_parse(canonical_mapping((canonical_role)reader->source->role),
                                             "the canonical columns", &state->owned, error);
        if (result != SLUICE_OK) {
            return result;
        }
        state->mapping = state->owned;
    }
    size_t count = state->mapping->column_count + 1; /* never 0 */
    state->places = arena_alloc(&reader->lasting, count * sizeof *state->places);
    state->names = arena_alloc(&reader->lasting, count * sizeof *state->names);
    state->values = arena_alloc(&reader->lasting, count * sizeof *state->values);
    if (state->places == NULL || state->names == NULL || state->values == NULL) {
        return error_no_memory(error, count * sizeof *state->values);
    }
    reader->take = mapped_take;
    return set_encoding(reader, state->mapping, error);
}

void mapped_close(format_reader *reader) {
    mapped_state *state = reader->state;
    if (state != NULL) {
        mapping_free(&state->owned);
        arena_fini(&state->scratch);
    }
}
