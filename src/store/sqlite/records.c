/* Records beside the log: files under import, ground truth, decisions. Each row carries a checksum over all its
 * columns, because nothing else would find a flipped bit in them. */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "store/sqlite/sqlite_private.h"

/* The columns of `source` after its three texts; the order is that of the table. */
enum { NUMBER_COUNT = 10, COLUMN_NUMBERS = 3, COLUMN_CHECKSUM = 13 };

static sqlite_store *of(store *s) {
    return (sqlite_store *)s;
}

static void source_numbers(const store_source *source, uint64_t numbers_out[NUMBER_COUNT]) {
    const uint64_t numbers[NUMBER_COUNT] = {
        source->complete,  source->bytes,       source->offset,     source->line,     source->row,
        source->transfers, source->withdrawals, source->duplicates, source->rejected, source->rounded};
    memcpy(numbers_out, numbers, sizeof numbers);
}

static uint64_t source_checksum(const store_source *source) {
    uint64_t numbers[NUMBER_COUNT], checksum = 0;
    source_numbers(source, numbers);
    checksum = sqlite_checksum_text(checksum, text_of(source->content_sha256));
    checksum = sqlite_checksum_text(checksum, text_of(source->identity));
    checksum = sqlite_checksum_text(checksum, text_of(source->path));
    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        checksum = sqlite_checksum_u64(checksum, numbers[i]);
    }
    return checksum;
}

static int bind_text(sqlite3_stmt *to, int place, sluice_text text) {
    return sqlite3_bind_text64(to, place, text.length == 0 ? "" : text.data, text.length, SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_source(sqlite3_stmt *put, const store_source *source) {
    uint64_t numbers[NUMBER_COUNT];
    source_numbers(source, numbers);
    int code = bind_text(put, 1, text_of(source->content_sha256));
    code = code != SQLITE_OK ? code : bind_text(put, 2, text_of(source->identity));
    code = code != SQLITE_OK ? code : bind_text(put, 3, text_of(source->path));
    for (int i = 0; code == SQLITE_OK && i < NUMBER_COUNT; i++) {
        code = sqlite3_bind_int64(put, COLUMN_NUMBERS + 1 + i, (sqlite3_int64)numbers[i]);
    }
    return code != SQLITE_OK ? code
                             : sqlite3_bind_int64(put, COLUMN_CHECKSUM + 1, (sqlite3_int64)source_checksum(source));
}

sluice_result sqlite_put_source(store *base, const store_source *source, sluice_error *error) {
    sqlite_store *s = of(base);
    mutex_lock(s->lock);
    sluice_result result = sqlite_require_transaction(s, error);
    if (result == SLUICE_OK) {
        sqlite3_stmt *put = sqlite_statement(s, STATEMENT_PUT_SOURCE);
        int code = bind_source(put, source);
        result = code == SQLITE_OK ? sqlite_run(s, STATEMENT_PUT_SOURCE, "write", error)
                                   : sqlite_failed(s, code, "write", error);
        (void)sqlite3_clear_bindings(put); /* the texts are the caller's */
    }
    mutex_unlock(s->lock);
    return result;
}

/* False: the text does not fit, so it is not one that was put. */
static bool take_text(sqlite3_stmt *row, int column, char *text_out, size_t capacity) {
    sluice_text text = sqlite_text(row, column);
    if (text.data == NULL || text.length >= capacity) {
        return false;
    }
    memcpy(text_out, text.data, text.length);
    text_out[text.length] = '\0';
    return true;
}

static bool take_source(sqlite3_stmt *row, store_source *source_out) {
    uint64_t n[NUMBER_COUNT];
    memset(source_out, 0, sizeof *source_out);
    bool whole = take_text(row, 0, source_out->content_sha256, sizeof source_out->content_sha256) &&
                 take_text(row, 1, source_out->identity, sizeof source_out->identity) &&
                 take_text(row, 2, source_out->path, sizeof source_out->path);
    for (int i = 0; i < NUMBER_COUNT; i++) {
        n[i] = (uint64_t)sqlite3_column_int64(row, COLUMN_NUMBERS + i);
    }
    source_out->complete = n[0] != 0;
    source_out->bytes = n[1];
    source_out->offset = n[2];
    source_out->line = n[3];
    source_out->row = n[4];
    source_out->transfers = n[5];
    source_out->withdrawals = n[6];
    source_out->duplicates = n[7];
    source_out->rejected = n[8];
    source_out->rounded = n[9];
    return whole && n[0] <= 1 && source_checksum(source_out) == (uint64_t)sqlite3_column_int64(row, COLUMN_CHECKSUM);
}

sluice_result sqlite_find_source(store *base, const char *content_sha256, const char *identity,
                                 store_source *source_out, sluice_error *error) {
    sqlite_store *s = of(base);
    sluice_result result = SLUICE_OK;
    mutex_lock(s->lock);
    sqlite3_stmt *query = sqlite_statement(s, STATEMENT_FIND_SOURCE);
    int code = bind_text(query, 1, text_of(content_sha256));
    code = code != SQLITE_OK ? code : bind_text(query, 2, text_of(identity));
    code = code != SQLITE_OK ? code : sqlite3_step(query);
    if (code == SQLITE_DONE) {
        result = error_set(error, SLUICE_E_NOT_FOUND, "no file of this content was ever imported");
    } else if (code != SQLITE_ROW) {
        result = sqlite_failed(s, code, "read", error);
    } else if (!take_source(query, source_out)) {
        code = sqlite3_errcode(s->database);
        result = (code & 0xff) == SQLITE_NOMEM
                     ? sqlite_failed(s, code, "read", error)
                     : sqlite_damaged(s, "the record of an imported file is not whole", error);
    }
    (void)sqlite3_reset(query);
    (void)sqlite3_clear_bindings(query); /* the texts are the caller's */
    mutex_unlock(s->lock);
    return result;
}

static uint64_t truth_checksum(uint64_t sequence, sluice_text key, sluice_text label) {
    return sqlite_checksum_text(sqlite_checksum_text(sqlite_checksum_u64(0, sequence), key), label);
}

sluice_result sqlite_put_truth(store *base, uint64_t sequence, sluice_text key, sluice_text label,
                               sluice_error *error) {
    sqlite_store *s = of(base);
    mutex_lock(s->lock);
    sluice_result result = sqlite_require_transaction(s, error);
    if (result == SLUICE_OK) {
        sqlite3_stmt *put = sqlite_statement(s, STATEMENT_PUT_TRUTH);
        int code = sqlite3_bind_int64(put, 1, (sqlite3_int64)sequence);
        code = code != SQLITE_OK ? code : bind_text(put, 2, key);
        code = code != SQLITE_OK ? code : bind_text(put, 3, label);
        code =
            code != SQLITE_OK ? code : sqlite3_bind_int64(put, 4, (sqlite3_int64)truth_checksum(sequence, key, label));
        result = code == SQLITE_OK ? sqlite_run(s, STATEMENT_PUT_TRUTH, "write", error)
                                   : sqlite_failed(s, code, "write", error);
        (void)sqlite3_clear_bindings(put); /* the texts are the caller's */
    }
    mutex_unlock(s->lock);
    return result;
}

sluice_result sqlite_read_truth(store *base, store_visit_truth visit, void *context, sluice_error *error) {
    sqlite_store *s = of(base);
    sluice_result result = SLUICE_OK;
    mutex_lock(s->lock);
    sqlite3_stmt *query = sqlite_statement(s, STATEMENT_READ_TRUTH);
    int code;
    while ((code = sqlite3_step(query)) == SQLITE_ROW) {
        uint64_t sequence = (uint64_t)sqlite3_column_int64(query, 0);
        sluice_text key = sqlite_text(query, 1), label = sqlite_text(query, 2);
        if (key.data == NULL || label.data == NULL) {
            code = SQLITE_NOMEM;
            break;
        }
        if (truth_checksum(sequence, key, label) != (uint64_t)sqlite3_column_int64(query, 3)) {
            result = sqlite_damaged(s, "a row of ground truth is not whole", error);
            break;
        }
        if (!visit(context, sequence, key, label)) {
            break;
        }
    }
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        result = sqlite_failed(s, code, "read", error);
    }
    (void)sqlite3_reset(query);
    mutex_unlock(s->lock);
    return result;
}

static uint64_t decision_checksum(uint64_t sequence, sluice_text decision) {
    return sqlite_checksum_text(sqlite_checksum_u64(0, sequence), decision);
}

sluice_result sqlite_put_decision(store *base, uint64_t sequence, sluice_text decision, sluice_error *error) {
    sqlite_store *s = of(base);
    mutex_lock(s->lock);
    sluice_result result = sqlite_require_transaction(s, error);
    if (result == SLUICE_OK) {
        sqlite3_stmt *put = sqlite_statement(s, STATEMENT_PUT_DECISION);
        int code = sqlite3_bind_int64(put, 1, (sqlite3_int64)sequence);
        code = code != SQLITE_OK ? code : bind_text(put, 2, decision);
        code =
            code != SQLITE_OK ? code : sqlite3_bind_int64(put, 3, (sqlite3_int64)decision_checksum(sequence, decision));
        result = code == SQLITE_OK ? sqlite_run(s, STATEMENT_PUT_DECISION, "write", error)
                                   : sqlite_failed(s, code, "write", error);
        (void)sqlite3_clear_bindings(put); /* the text is the caller's */
    }
    mutex_unlock(s->lock);
    return result;
}

sluice_result sqlite_read_decisions(store *base, uint64_t from, store_visit_decision visit, void *context,
                                    sluice_error *error) {
    sqlite_store *s = of(base);
    sluice_result result = SLUICE_OK;
    mutex_lock(s->lock);
    sqlite3_stmt *query = sqlite_statement(s, STATEMENT_READ_DECISIONS);
    int code = sqlite3_bind_int64(query, 1, (sqlite3_int64)from);
    while (code == SQLITE_OK && (code = sqlite3_step(query)) == SQLITE_ROW) {
        uint64_t sequence = (uint64_t)sqlite3_column_int64(query, 0);
        sluice_text decision = sqlite_text(query, 1);
        if (decision.data == NULL) {
            code = SQLITE_NOMEM;
        } else if (decision_checksum(sequence, decision) != (uint64_t)sqlite3_column_int64(query, 2)) {
            result = sqlite_damaged(s, "a recorded decision is not whole", error);
            code = SQLITE_DONE;
        } else {
            code = visit(context, sequence, decision) ? SQLITE_OK : SQLITE_DONE;
        }
    }
    if (code != SQLITE_DONE) {
        result = sqlite_failed(s, code, "read", error);
    }
    (void)sqlite3_reset(query);
    mutex_unlock(s->lock);
    return result;
}
