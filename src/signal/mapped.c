/* Rows under a mapping, as signals.
 *
 * A statement says everything from one account's side: its own account, the counterparty, a direction and the balance
 * after; this is where it becomes payer and payee. */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "signal/mapped_private.h"

/* ---- records ---- */

static bool take_currencies(const mapped_row *m, sluice_signal *made) {
    sluice_text text;
    if (!mapped_text(m, MAPPING_CURRENCY, &text) ||
        !row_currency(m->row, mapped_name(m, MAPPING_CURRENCY), text, &made->currency) ||
        !mapped_text(m, MAPPING_RECEIVED, &text)) {
        return false;
    }
    made->received_fen = made->amount_fen;
    made->received_currency = made->currency;
    if (text.length == 0) {
        return true;
    }
    return mapped_amount(m, MAPPING_RECEIVED, text, false, &made->received_fen) &&
           mapped_text(m, MAPPING_RECEIVED_CURRENCY, &text) &&
           (text.length == 0 ||
            row_currency(m->row, mapped_name(m, MAPPING_RECEIVED_CURRENCY), text, &made->received_currency));
}

/* Account and counterparty become payer and payee. */
static bool take_statement_sides(const mapped_row *m, sluice_signal *made, side side, bool is_withdrawal) {
    sluice_text counterparty, *own = side == SIDE_IN ? &made->to : &made->from;
    if (is_withdrawal && side == SIDE_IN) {
        row_reject(m->row, mapped_name(m, MAPPING_DIRECTION),
                   "取款不能是收入 / a withdrawal that comes in: narrow \"withdrawal_when\" in the mapping file, or "
                   "leave such "
                   "lines out with \"ignore_when\"");
        return false;
    }
    if (!mapped_account(m, MAPPING_ACCOUNT, own) || !mapped_text(m, MAPPING_COUNTERPARTY, &counterparty)) {
        return false;
    }
    if (is_withdrawal && mapped_joined(m, &m->mapping->fields[MAPPING_COUNTERPARTY]).length == 0) {
        counterparty.length = 0; /* "empty" is for fees and interest: cash went nowhere that the bank knows */
    }
    sluice_text *other = side == SIDE_IN ? &made->from : &made->to;
    if (counterparty.length == 0 && !is_withdrawal) {
        row_reject(m->row, mapped_name(m, MAPPING_COUNTERPARTY),
                   "对方账号为空 / the counterparty is empty: for fees and interest say \"empty\": \"bank:…\" for "
                   "\"counterparty\" in the mapping file; for cash add the line's wording to \"withdrawal_when\"");
        return false;
    }
    bool good = counterparty.length == 0 || mapped_account_key(m, MAPPING_COUNTERPARTY, counterparty, other);
    return good &&
           (side == SIDE_IN ? mapped_balance(m, MAPPING_BALANCE, &made->has_to_balance, &made->to_balance_fen)
                            : mapped_balance(m, MAPPING_BALANCE, &made->has_from_balance, &made->from_balance_fen));
}

static bool take_plain_sides(const mapped_row *m, sluice_signal *made, bool is_withdrawal) {
    sluice_text to;
    return mapped_account(m, MAPPING_FROM, &made->from) && mapped_text(m, MAPPING_TO, &to) &&
           ((to.length == 0 && is_withdrawal) || mapped_account_key(m, MAPPING_TO, to, &made->to)) &&
           mapped_balance(m, MAPPING_FROM_BALANCE, &made->has_from_balance, &made->from_balance_fen) &&
           mapped_balance(m, MAPPING_TO_BALANCE, &made->has_to_balance, &made->to_balance_fen);
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
    if (!mapped_kept(m, MAPPING_ID, id_out)) {
        return false;
    }
    if (id_out->length > FORMAT_KEY_BYTES_MAX) {
        row_reject(m->row, mapped_name(m, MAPPING_ID),
                   "流水号过长 / the transfer's id is %zu bytes long; at most %d are allowed", id_out->length,
                   FORMAT_KEY_BYTES_MAX);
        return false;
    }
    for (size_t i = 0; i < id_out->length; i++) {
        if ((unsigned char)id_out->data[i] < ' ' || id_out->data[i] == 0x7F) {
            row_reject(m->row, mapped_name(m, MAPPING_ID),
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
    if (!take_id(m, &made.id) || !mapped_time(m, &made.time_ms) ||
        !mapped_movement_amount(m, &made.amount_fen, &side, &reversed) || !take_currencies(m, &made) ||
        !mapped_kept(m, MAPPING_LABEL, &made.label)) {
        return false;
    }
    bool statement = mapped_has(m, MAPPING_ACCOUNT) && !mapped_has(m, MAPPING_FROM);
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
    if (!mapped_text(m, MAPPING_EVENT, &text)) {
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
        row_reject(m->row, mapped_name(m, MAPPING_EVENT),
                   "事件未知 / unknown event '%.*s': expected seen, blocked, unblocked or closed (name others with "
                   "\"values\")",
                   TEXT_ARGS(shown));
    }
    return text.length == 0;
}

static mapping_field first_present(const mapped_row *m, mapping_field first, mapping_field second) {
    return mapped_has(m, first) ? first : second;
}

/* An account, holder or device. */
static bool take_thing(const mapped_row *m, sluice_signal_kind kind) {
    sluice_signal made = {.kind = kind};
    sluice_text text, holder;
    bool good = mapped_time(m, &made.time_ms) && take_event(m, &made.event) &&
                mapped_kept(m, MAPPING_TYPE, &made.type) && mapped_kept(m, MAPPING_NAME, &made.name) &&
                mapped_kept(m, MAPPING_LABEL, &made.label);
    if (good && kind == SLUICE_SIGNAL_ACCOUNT) {
        good = mapped_account(m, first_present(m, MAPPING_KEY, MAPPING_ACCOUNT), &made.key) &&
               mapped_text(m, MAPPING_HOLDER, &holder) &&
               (holder.length == 0 || mapped_holder_key(m, MAPPING_HOLDER, holder, &made.holder));
    } else if (good) {
        mapping_field field =
            first_present(m, MAPPING_KEY, kind == SLUICE_SIGNAL_HOLDER ? MAPPING_HOLDER : MAPPING_DEVICE);
        good = mapped_text(m, field, &text) &&
               (kind == SLUICE_SIGNAL_HOLDER ? mapped_holder_key(m, field, text, &made.key)
                                             : mapped_key(m, field, TEXT("device"), text, &made.key));
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
    if (!mapped_time(m, &made.time_ms) || !mapped_kept(m, MAPPING_PLACE, &made.place) ||
        !mapped_account(m, first_present(m, MAPPING_ACCOUNT, MAPPING_KEY), &made.key) ||
        !mapped_text(m, MAPPING_DEVICE, &device) ||
        !mapped_key(m, MAPPING_DEVICE, TEXT("device"), device, &made.device)) {
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
    sluice_text text = mapped_strip(m->state->values[condition->column]);
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
    if (!mapped_text(m, MAPPING_KIND, &text)) {
        return false;
    }
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (text_equal(text, text_of(KINDS[i]))) {
            *kind_out = (sluice_signal_kind)(SLUICE_SIGNAL_TRANSFER + i);
            return true;
        }
    }
    sluice_text shown = row_shown(text);
    row_reject(
        m->row, mapped_name(m, MAPPING_KIND),
        "记录类别未知 / unknown kind of record '%.*s': expected transfer, withdrawal, account, holder, device or login",
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
