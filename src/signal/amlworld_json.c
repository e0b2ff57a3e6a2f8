/* AMLworld's patterns as JSON:
 *   {"patterns": [{"pattern_type": "FAN-OUT:  Max 16-degree Fan-Out", "transactions": [{"timestamp": …}, …]}, …]}
 *
 * The document is parsed once, at open, with numbers as text. Rows are numbered over all patterns; the position is a
 * row number, and resuming counts rows again. Memory: about 16 bytes a value and the text, so eight times the file. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/money.h"
#include "base/text.h"
#include "signal/amlworld_private.h"
#include "signal/json.h"

#define PLACE_BYTES 96

typedef struct json_state {
    yyjson_doc *document;
    yyjson_arr_iter patterns;
    yyjson_arr_iter transactions;
    bool in_pattern;
    size_t pattern_number, transaction_number; /* from 0, of the one under way */
    char kind[AMLWORLD_NOTE_BYTES];
    size_t kind_length;
    uint64_t row_count;
} json_state;

static const char *const MEMBERS[AMLWORLD_SLOT_COUNT] = {
    [AMLWORLD_TIME] = "timestamp",
    [AMLWORLD_FROM_BANK] = "from_bank",
    [AMLWORLD_FROM] = "from_account",
    [AMLWORLD_TO_BANK] = "to_bank",
    [AMLWORLD_TO] = "to_account",
    [AMLWORLD_RECEIVED] = "amount_received",
    [AMLWORLD_RECEIVED_CURRENCY] = "receiving_currency",
    [AMLWORLD_PAID] = "amount_paid",
    [AMLWORLD_PAID_CURRENCY] = "payment_currency",
    [AMLWORLD_LABEL] = "is_laundering",
};

/* The next transaction, or NULL at the end. */
static yyjson_val *next_transaction(json_state *state) {
    for (;;) {
        yyjson_val *transaction = state->in_pattern ? yyjson_arr_iter_next(&state->transactions) : NULL;
        if (transaction != NULL) {
            state->transaction_number = state->transactions.idx - 1;
            return transaction;
        }
        yyjson_val *pattern = yyjson_arr_iter_next(&state->patterns);
        if (pattern == NULL) {
            state->in_pattern = false;
            return NULL;
        }
        state->pattern_number = state->patterns.idx - 1;
        sluice_text type = {NULL, 0};
        (void)json_scalar(yyjson_obj_get(pattern, "pattern_type"), &type);
        state->kind_length = amlworld_pattern_kind(type, state->kind);
        state->in_pattern = yyjson_arr_iter_init(yyjson_obj_get(pattern, "transactions"), &state->transactions);
    }
}

/* Which member of which transaction, since a document's rows have no lines. */
static sluice_text place_of(const json_state *state, const char *member, char buffer[PLACE_BYTES]) {
    int length = snprintf(buffer, PLACE_BYTES, "patterns[%zu].transactions[%zu].%s", state->pattern_number,
                          state->transaction_number, member);
    return (sluice_text){buffer, length < 0 ? 0 : (size_t)length};
}

static void take_transaction(format_row *row, const json_state *state, yyjson_val *transaction,
                             char places[AMLWORLD_SLOT_COUNT][PLACE_BYTES]) {
    sluice_text slots[AMLWORLD_SLOT_COUNT], names[AMLWORLD_SLOT_COUNT];
    for (size_t i = 0; i < AMLWORLD_SLOT_COUNT; i++) {
        names[i] = place_of(state, MEMBERS[i], places[i]);
        if (!json_scalar(yyjson_obj_get(transaction, MEMBERS[i]), &slots[i])) {
            row_reject(row, names[i], "缺少字段 / the member '%s' is missing or not a text or number", MEMBERS[i]);
            return;
        }
    }
    amlworld_take(row, slots, names, (sluice_text){state->kind, state->kind_length});
}

static void show_transaction(format_row *row, yyjson_val *transaction) {
    yyjson_alc allocator = json_arena(&row->chunk->texts);
    size_t length = 0;
    const char *text = yyjson_val_write_opts(transaction, 0, &allocator, &length, NULL);
    row->text = (sluice_text){text, text == NULL ? 0 : length};
}

static sluice_result json_row(format_reader *reader, format_chunk *chunk, yyjson_val *transaction,
                              format_reject_sink reject, void *context, sluice_error *error) {
    char places[AMLWORLD_SLOT_COUNT][PLACE_BYTES];
    format_row row;
    memset(&row, 0, offsetof(format_row, reason));
    row.reader = reader;
    row.chunk = chunk;
    row.number = reader->position.row + 1;
    size_t signals_before = chunk->count;
    uint64_t rounded_before = chunk->rounded;
    take_transaction(&row, reader->state, transaction, places);
    if (row.rejected) {
        show_transaction(&row, transaction);
    }
    return reader_finish_row(&row, signals_before, rounded_before, reject, context, error);
}

static sluice_result json_rows(format_reader *reader, format_chunk *chunk, format_reject_sink reject, void *context,
                               sluice_error *error) {
    json_state *state = reader->state;
    format_position *position = &reader->position;
    for (size_t rows = 0; rows < chunk->capacity && chunk->capacity - chunk->count >= FORMAT_ROW_SIGNALS_MAX; rows++) {
        json_state before = *state;
        yyjson_val *transaction = next_transaction(state);
        if (transaction == NULL) {
            position->offset = reader->text.length;
            chunk->end = true;
            return SLUICE_OK;
        }
        sluice_result result = json_row(reader, chunk, transaction, reject, context, error);
        if (result != SLUICE_OK) {
            *state = before; /* the same call may be made again */
            return result;
        }
        position->row++;
        position->offset =
            (uint64_t)money_mul_div((int64_t)reader->text.length, (int64_t)position->row, (int64_t)state->row_count);
    }
    return SLUICE_OK;
}

sluice_result amlworld_json_open(format_reader *reader, sluice_error *error) {
    const char *path = reader->source->path;
    json_state *state = arena_alloc(&reader->lasting, sizeof *state);
    if (state == NULL) {
        return error_no_memory(error, sizeof *state);
    }
    memset(state, 0, sizeof *state);
    reader->state = state;
    reader->read = json_rows;
    sluice_text text = reader->text.length == 0 ? TEXT(" ") : reader->text;
    size_t mark = encoding_mark_bytes(text);
    text = (sluice_text){text.data + mark, text.length - mark};
    yyjson_read_err problem = {0};
    state->document = json_read(text, &json_heap, &problem);
    if (state->document == NULL && problem.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION) {
        return error_no_memory(error, reader->text.length);
    }
    if (state->document == NULL) {
        return error_set(error, SLUICE_E_INPUT, "%s:%llu: not JSON: %s; write the file again or give another", path,
                         (unsigned long long)json_line_of(text, problem.pos), problem.msg);
    }
    yyjson_val *patterns = yyjson_obj_get(yyjson_doc_get_root(state->document), "patterns");
    if (!yyjson_arr_iter_init(patterns, &state->patterns) && !yyjson_is_arr(patterns)) {
        return error_set(error, SLUICE_E_INPUT,
                         "%s has no array \"patterns\" at its top: expected {\"patterns\": [{\"pattern_type\": …, "
                         "\"transactions\": […]}]}",
                         path);
    }
    json_state count = *state;
    while (next_transaction(&count) != NULL) {
        state->row_count++;
    }
    for (uint64_t i = 0; i < reader->position.row; i++) {
        (void)next_transaction(state);
    }
    return SLUICE_OK;
}

void amlworld_json_close(format_reader *reader) {
    json_state *state = reader->state;
    if (state != NULL && state->document != NULL) {
        yyjson_doc_free(state->document);
    }
}
