/* IBM AMLworld (Altman et al., NeurIPS 2023): *_Trans.csv, *_Patterns.txt and the patterns as JSON.
 *
 * The published header names two columns `Account`; they are told apart by their place after `From Bank` and `To Bank`.
 * Times are civil without a zone and read as +08:00. A transfer leaves in the payment currency and arrives in the
 * receiving one. `Is Laundering` becomes the label "laundering", in a list of patterns the kind of pattern.
 *
 * amlworld_table.c reads the table fast; what it does not recognise at a glance comes here, row by row, so this file
 * decides what a row means. */
#include "signal/amlworld_private.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"

static const char *const SLOT_NAMES[AMLWORLD_SLOT_COUNT] = {
    [AMLWORLD_TIME] = "Timestamp",
    [AMLWORLD_FROM_BANK] = "From Bank|from_bank_id|from_bank",
    [AMLWORLD_FROM] = "from_account_id|from_account|Account",
    [AMLWORLD_TO_BANK] = "To Bank|to_bank_id|to_bank",
    [AMLWORLD_TO] = "to_account_id|to_account",
    [AMLWORLD_RECEIVED] = "Amount Received|amount_received",
    [AMLWORLD_RECEIVED_CURRENCY] = "Receiving Currency|receiving_currency",
    [AMLWORLD_PAID] = "Amount Paid|amount_paid",
    [AMLWORLD_PAID_CURRENCY] = "Payment Currency|payment_currency",
    [AMLWORLD_LABEL] = "Is Laundering|is_laundering",
};

/* A list of patterns has the table's columns and no header. */
static const unsigned char PLAIN_COLUMNS[AMLWORLD_SLOT_COUNT] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 10};
static const char *const PLAIN_NAMES[] = {
    "Timestamp",          "From Bank",   "Account",          "To Bank",        "Account",      "Amount Received",
    "Receiving Currency", "Amount Paid", "Payment Currency", "Payment Format", "Is Laundering"};
#define PLAIN_COUNT (sizeof PLAIN_NAMES / sizeof *PLAIN_NAMES)

static const char BEGIN_MARK[] = "BEGIN LAUNDERING ATTEMPT - ";
static const char END_MARK[] = "END LAUNDERING ATTEMPT";

/* ---- a row ---- */

static bool take_label(format_row *row, sluice_text name, sluice_text value, bool *laundering_out) {
    *laundering_out = text_equal(value, TEXT("1"));
    if (*laundering_out || text_equal(value, TEXT("0"))) {
        return true;
    }
    sluice_text shown = row_shown(value);
    row_reject(row, name, "标签不是0或1 / not a label: '%.*s'; expected 0 or 1", TEXT_ARGS(shown));
    return false;
}

void amlworld_take(format_row *row, const sluice_text slots[AMLWORLD_SLOT_COUNT],
                   const sluice_text names[AMLWORLD_SLOT_COUNT], sluice_text label) {
    sluice_text from, to;
    int64_t time_ms = 0, paid_fen = 0, received_fen = 0;
    sluice_currency paid_currency = 0, received_currency = 0;
    bool laundering = false;
    if (!row_time(row, names[AMLWORLD_TIME], slots[AMLWORLD_TIME], AMLWORLD_OFFSET_MS, &time_ms) ||
        !row_key_pair(row, names[AMLWORLD_FROM], "account", slots[AMLWORLD_FROM_BANK], slots[AMLWORLD_FROM], &from) ||
        !row_key_pair(row, names[AMLWORLD_TO], "account", slots[AMLWORLD_TO_BANK], slots[AMLWORLD_TO], &to) ||
        !row_amount(row, names[AMLWORLD_RECEIVED], slots[AMLWORLD_RECEIVED], false, &received_fen) ||
        !row_currency(row, names[AMLWORLD_RECEIVED_CURRENCY], slots[AMLWORLD_RECEIVED_CURRENCY], &received_currency) ||
        !row_amount(row, names[AMLWORLD_PAID], slots[AMLWORLD_PAID], false, &paid_fen) ||
        !row_currency(row, names[AMLWORLD_PAID_CURRENCY], slots[AMLWORLD_PAID_CURRENCY], &paid_currency) ||
        !take_label(row, names[AMLWORLD_LABEL], slots[AMLWORLD_LABEL], &laundering) ||
        (laundering && !row_keep(row, label, &label))) {
        return;
    }
    sluice_signal *transfer = row_signal(row, SLUICE_SIGNAL_TRANSFER);
    transfer->time_ms = time_ms;
    transfer->from = from;
    transfer->to = to;
    transfer->amount_fen = paid_fen;
    transfer->currency = paid_currency;
    transfer->received_fen = received_fen;
    transfer->received_currency = received_currency;
    transfer->label = laundering ? label : (sluice_text){NULL, 0};
}

static void take_fields(format_row *row) {
    const amlworld_state *state = row->reader->state;
    sluice_text slots[AMLWORLD_SLOT_COUNT], names[AMLWORLD_SLOT_COUNT];
    for (size_t i = 0; i < AMLWORLD_SLOT_COUNT; i++) {
        slots[i] = row->fields[state->columns[i]];
        names[i] = row->reader->columns[state->columns[i]];
    }
    amlworld_take(row, slots, names,
                  row->reader->source->role == AMLWORLD_TABLE ? TEXT("laundering")
                                                              : (sluice_text){state->pattern, state->pattern_length});
}

size_t amlworld_pattern_kind(sluice_text type, char kind_out[AMLWORLD_NOTE_BYTES]) {
    sluice_text kind, rest;
    (void)text_split(type, ':', &kind, &rest);
    kind = text_trim(kind);
    size_t length = kind.length < AMLWORLD_NOTE_BYTES ? kind.length : AMLWORLD_NOTE_BYTES;
    for (size_t i = 0; i < length; i++) {
        char c = kind.data[i];
        kind_out[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    while (length > 0 && !text_is_utf8((sluice_text){kind_out, length})) {
        length--; /* cut within a character */
    }
    return length;
}

/* ---- the list of patterns ---- */

static bool begins_with(sluice_text text, const char *mark, size_t length) {
    return text.length >= length && memcmp(text.data, mark, length) == 0;
}

/* Takes a line that begins or ends a pattern; false: it is a row. */
static bool take_mark(amlworld_state *state, sluice_text line) {
    if (begins_with(line, BEGIN_MARK, sizeof BEGIN_MARK - 1)) {
        sluice_text type = {line.data + sizeof BEGIN_MARK - 1, line.length - (sizeof BEGIN_MARK - 1)};
        state->pattern_length = amlworld_pattern_kind(type, state->pattern);
        return true;
    }
    if (begins_with(line, END_MARK, sizeof END_MARK - 1)) {
        state->pattern_length = 0;
        return true;
    }
    return false;
}

static sluice_result patterns_read(format_reader *reader, format_chunk *chunk, format_reject_sink reject, void *context,
                                   sluice_error *error) {
    sluice_result result = SLUICE_OK;
    for (size_t lines = 0; result == SLUICE_OK && !chunk->end && lines < chunk->capacity &&
                           chunk->capacity - chunk->count >= FORMAT_ROW_SIGNALS_MAX;
         lines++) {
        csv_record record;
        if (csv_record_next(&reader->shape, reader->text.data, reader->text.length, reader->position.offset, &record) &&
            take_mark(reader->state, text_trim(record.text))) {
            reader->position.offset = record.next;
            reader->position.line += record.lines;
            continue;
        }
        result = reader_take_record(reader, chunk, reject, context, &chunk->end, error);
    }
    return result;
}

/* Which pattern the position is in: the nearest mark before it. */
static void find_pattern(format_reader *reader) {
    const char *begin = reader->text.data;
    size_t end = (size_t)reader->position.offset;
    while (end > 0) {
        const char *newline = end < 2 ? NULL : memrchr(begin, '\n', end - 1);
        size_t line_begin = newline == NULL ? 0 : (size_t)(newline - begin) + 1;
        if (take_mark(reader->state, text_trim((sluice_text){begin + line_begin, end - line_begin}))) {
            return;
        }
        end = line_begin;
    }
}

static sluice_result patterns_open(format_reader *reader, sluice_error *error) {
    amlworld_state *state = reader->state;
    reader->columns = arena_alloc(&reader->lasting, PLAIN_COUNT * sizeof *reader->columns);
    if (reader->columns == NULL) {
        return error_no_memory(error, PLAIN_COUNT * sizeof *reader->columns);
    }
    for (size_t i = 0; i < PLAIN_COUNT; i++) {
        reader->columns[i] = text_of(PLAIN_NAMES[i]);
    }
    reader->column_count = PLAIN_COUNT;
    for (size_t i = 0; i < AMLWORLD_SLOT_COUNT; i++) {
        state->columns[i] = PLAIN_COLUMNS[i];
    }
    reader->read = patterns_read;
    find_pattern(reader);
    return SLUICE_OK;
}

/* ---- files ---- */

static sluice_result find_columns(format_reader *reader, amlworld_state *state, sluice_error *error) {
    for (size_t i = 0; i < AMLWORLD_SLOT_COUNT; i++) {
        state->columns[i] = reader_column(reader, SLOT_NAMES[i]);
    }
    if (state->columns[AMLWORLD_TO] == FORMAT_NO_COLUMN &&
        state->columns[AMLWORLD_TO_BANK] + 1 < reader->column_count &&
        text_equal(reader->columns[state->columns[AMLWORLD_TO_BANK] + 1], TEXT("Account"))) {
        state->columns[AMLWORLD_TO] = state->columns[AMLWORLD_TO_BANK] + 1;
    }
    for (size_t i = 0; i < AMLWORLD_SLOT_COUNT; i++) {
        if (state->columns[i] == FORMAT_NO_COLUMN) {
            char columns[300];
            reader_columns_text(reader, columns, sizeof columns);
            return error_set(error, SLUICE_E_INPUT,
                             "%s has no column '%s'; its columns are %s: an AMLworld table begins with Timestamp,From "
                             "Bank,Account,To Bank,Account",
                             reader->source->path, i == AMLWORLD_TO ? "Account (after To Bank)" : SLOT_NAMES[i],
                             columns);
        }
    }
    return SLUICE_OK;
}

static sluice_result open_source(format_reader *reader, sluice_error *error) {
    if (reader->source->role == AMLWORLD_JSON) {
        return amlworld_json_open(reader, error);
    }
    reader->shape = (csv_shape){.delimiter = ',', .quotes = true};
    reader->take = take_fields;
    amlworld_state *state = arena_alloc(&reader->lasting, sizeof *state);
    if (state == NULL) {
        return error_no_memory(error, sizeof *state);
    }
    memset(state, 0, sizeof *state);
    reader->state = state;
    if (reader->source->role == AMLWORLD_PATTERNS) {
        return patterns_open(reader, error);
    }
    reader->read = amlworld_table_read;
    sluice_result result = reader_header(reader, 0, error);
    return result != SLUICE_OK ? result : find_columns(reader, state, error);
}

static void close_source(format_reader *reader) {
    if (reader->source->role == AMLWORLD_JSON) {
        amlworld_json_close(reader);
    }
}

/* A list of patterns repeats rows of the table beside it: HI-Small_Patterns.txt those of HI-Small_Trans.csv. */
static bool table_is_beside(const char *patterns_path) {
    sluice_text stem = plan_stem(patterns_path);
    size_t before = (size_t)(stem.data - patterns_path) + stem.length - (sizeof "_Patterns" - 1);
    text_writer path = {0};
    text_write(&path, (sluice_text){patterns_path, before});
    text_write(&path, TEXT("_Trans.csv"));
    bool beside = !path.failed && file_kind_of(path.data) == FILE_REGULAR;
    text_writer_fini(&path);
    return beside;
}

/* -1: not a file of AMLworld. */
static sluice_result role_of(const char *path, int *role_out, sluice_error *error) {
    *role_out = -1;
    if (plan_has_suffix(path, ".json")) {
        *role_out = AMLWORLD_JSON;
    } else if (plan_has_suffix(path, "_Patterns.txt")) {
        *role_out = AMLWORLD_PATTERNS;
    } else if (plan_has_suffix(path, ".csv")) {
        char line[4096];
        sluice_result result = plan_first_line(path, line, error);
        if (result != SLUICE_OK) {
            return result;
        }
        static const char *const HEADERS[] = {"Timestamp,From Bank,Account,To Bank,Account,",
                                              "timestamp,from_bank_id,from_account_id,"};
        bool table = plan_has_suffix(path, "_Trans.csv");
        for (size_t i = 0; i < 2; i++) {
            table = table || strncmp(line, HEADERS[i], strlen(HEADERS[i])) == 0;
        }
        *role_out = table ? AMLWORLD_TABLE : -1;
    }
    return SLUICE_OK;
}

static sluice_result plan_entry(format_plan *plan, const char *path, const char *name, sluice_error *error) {
    (void)name;
    int role = -1;
    sluice_result result = file_kind_of(path) == FILE_REGULAR ? role_of(path, &role, error) : SLUICE_OK;
    if (result != SLUICE_OK) {
        return result;
    }
    bool repeats = role == AMLWORLD_PATTERNS && table_is_beside(path);
    return role < 0 || repeats ? plan_add_ignored(plan, path, error) : plan_add_source(plan, path, role, error);
}

static sluice_result plan_folder(format_plan *plan, const char *path, sluice_error *error) {
    return plan_visit_folder(plan, path, plan_entry, error);
}

static sluice_result plan_file(format_plan *plan, const char *path, sluice_error *error) {
    int role = -1;
    sluice_result result = role_of(path, &role, error);
    if (result == SLUICE_OK && role < 0) {
        return error_set(error, SLUICE_E_INPUT,
                         "%s is not an AMLworld file: expected a .csv that begins with Timestamp,From Bank,Account,To "
                         "Bank,Account, a *_Patterns.txt, or the patterns as .json",
                         path);
    }
    return result != SLUICE_OK ? result : plan_add_source(plan, path, role, error);
}

const format_driver amlworld_driver = {"amlworld", plan_folder, plan_file, open_source, close_source};
