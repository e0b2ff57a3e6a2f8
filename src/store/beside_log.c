/* What lies beside the log: files under import, ground truth, decisions. Each row carries a checksum over all its
 * columns, because nothing else would find a flipped bit in them. */
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/store_private.h"

/* The columns of `source` after its three texts, in the order of the table. */
enum { NUMBER_COUNT = 10, COLUMN_NUMBERS = 3, COLUMN_CHECKSUM = 13, COLUMN_COUNT = 14 };
#define SOURCE_COLUMNS                                                                                                 \
    "content_sha256, identity, path, complete, bytes, position_offset, position_line, position_row, transfers, "       \
    "withdrawals, duplicates, rejected, rounded, checksum"
#define SOURCE_TYPES "tttiiiiiiiiiii"

static const char PUT_SOURCE[] =
    "INSERT INTO source(" SOURCE_COLUMNS ") VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    " ON CONFLICT(content_sha256, identity) DO UPDATE SET path = excluded.path, complete = excluded.complete,"
    " bytes = excluded.bytes, position_offset = excluded.position_offset, position_line = excluded.position_line,"
    " position_row = excluded.position_row, transfers = excluded.transfers, withdrawals = excluded.withdrawals,"
    " duplicates = excluded.duplicates, rejected = excluded.rejected, rounded = excluded.rounded,"
    " checksum = excluded.checksum";
static const char FIND_SOURCE[] = "SELECT " SOURCE_COLUMNS " FROM source WHERE content_sha256 = $1 AND identity = $2";
static const char READ_SOURCES[] = "SELECT " SOURCE_COLUMNS " FROM source ORDER BY content_sha256, identity";
static const char REMOVE_SOURCE[] = "DELETE FROM source WHERE content_sha256 = $1 AND identity = $2";
static const char PUT_TRUTH[] =
    "INSERT INTO truth(sequence, key, label, checksum) VALUES($1, $2, $3, $4) ON CONFLICT DO NOTHING";
static const char READ_TRUTH[] = "SELECT sequence, key, label, checksum FROM truth ORDER BY sequence, key, label";
static const char PUT_DECISION[] = "INSERT INTO decision(sequence, body, checksum) VALUES($1, $2, $3)";
static const char READ_DECISIONS[] =
    "SELECT sequence, body, checksum FROM decision WHERE sequence >= $1 ORDER BY sequence";

const char *const STORE_BESIDE_STATEMENTS[] = {PUT_SOURCE, FIND_SOURCE,  REMOVE_SOURCE,  PUT_TRUTH,
                                               READ_TRUTH, PUT_DECISION, READ_DECISIONS, NULL};

uint64_t store_checksum_u64(uint64_t checksum, uint64_t value) {
    uint64_t pair[2] = {checksum, value};
    return hash64(pair, sizeof pair);
}

uint64_t store_checksum_text(uint64_t checksum, sluice_text text) {
    return store_checksum_u64(checksum, hash64(text.length == 0 ? "" : text.data, text.length));
}

/* ---- sources ---- */

static void source_cells(const store_source *source, record_value cells_out[COLUMN_COUNT]) {
    const uint64_t numbers[NUMBER_COUNT] = {
        source->complete,  source->bytes,       source->offset,     source->line,     source->row,
        source->transfers, source->withdrawals, source->duplicates, source->rejected, source->rounded};
    uint64_t checksum = 0;
    cells_out[0] = value_text(text_of(source->content_sha256));
    cells_out[1] = value_text(text_of(source->identity));
    cells_out[2] = value_text(text_of(source->path));
    for (size_t i = 0; i < COLUMN_NUMBERS; i++) {
        checksum = store_checksum_text(checksum, cells_out[i].text);
    }
    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        checksum = store_checksum_u64(checksum, numbers[i]);
        cells_out[COLUMN_NUMBERS + i] = value_integer((int64_t)numbers[i]);
    }
    cells_out[COLUMN_CHECKSUM] = value_integer((int64_t)checksum);
}

sluice_result store_put_source(store *s, const store_source *source, sluice_error *error) {
    record_value cells[COLUMN_COUNT];
    source_cells(source, cells);
    sql_statement put = {.text = PUT_SOURCE, .types = SOURCE_TYPES, .parameters = cells, .columns = ""};
    return s->ops->execute(s, &put, NULL, error);
}

bool store_take_text(sluice_text text, char *text_out, size_t capacity) {
    if (text.length >= capacity) {
        return false;
    }
    memcpy(text_out, text.length == 0 ? "" : text.data, text.length);
    text_out[text.length] = '\0';
    return true;
}

typedef struct source_read {
    const store *store;
    store_source *source;
    bool found;
    store_visit_source visit; /* NULL: one is looked for */
    void *context;
} source_read;

static sluice_result take_source(void *context, const record_value *cells, sluice_error *error) {
    source_read *r = context;
    store_source *source = r->source;
    record_value expected[COLUMN_COUNT];
    uint64_t n[NUMBER_COUNT];
    memset(source, 0, sizeof *source);
    bool whole = store_take_text(cells[0].text, source->content_sha256, sizeof source->content_sha256) &&
                 store_take_text(cells[1].text, source->identity, sizeof source->identity) &&
                 store_take_text(cells[2].text, source->path, sizeof source->path);
    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        n[i] = (uint64_t)cells[COLUMN_NUMBERS + i].integer;
    }
    source->complete = n[0] != 0;
    source->bytes = n[1];
    source->offset = n[2];
    source->line = n[3];
    source->row = n[4];
    source->transfers = n[5];
    source->withdrawals = n[6];
    source->duplicates = n[7];
    source->rejected = n[8];
    source->rounded = n[9];
    source_cells(source, expected);
    if (!whole || n[0] > 1 || expected[COLUMN_CHECKSUM].integer != cells[COLUMN_CHECKSUM].integer) {
        return store_damaged(r->store, "the record of an imported file is not whole", error);
    }
    r->found = true;
    return r->visit == NULL || r->visit(r->context, source) ? SLUICE_OK : SLUICE_E_INTERRUPTED;
}

sluice_result store_read_sources(store *s, store_visit_source visit, void *context, sluice_error *error) {
    store_source source;
    source_read r = {s, &source, false, visit, context};
    sql_statement read = {.text = READ_SOURCES, .types = "", .columns = SOURCE_TYPES, .is_long = true};
    return s->ops->query(s, &read, take_source, &r, error);
}

sluice_result store_find_source(store *s, const char *content_sha256, const char *identity, store_source *source_out,
                                sluice_error *error) {
    source_read r = {s, source_out, false, NULL, NULL};
    const record_value key[] = {value_text(text_of(content_sha256)), value_text(text_of(identity))};
    sql_statement find = {.text = FIND_SOURCE, .types = "tt", .parameters = key, .columns = SOURCE_TYPES};
    sluice_result result = s->ops->query(s, &find, take_source, &r, error);
    if (result == SLUICE_OK && !r.found) {
        result = error_set(error, SLUICE_E_NOT_FOUND, "no file of this content was ever imported");
    }
    return result;
}

sluice_result store_remove_source(store *s, const char *content_sha256, const char *identity, sluice_error *error) {
    const record_value key[] = {value_text(text_of(content_sha256)), value_text(text_of(identity))};
    sql_statement remove = {.text = REMOVE_SOURCE, .types = "tt", .parameters = key, .columns = ""};
    return s->ops->execute(s, &remove, NULL, error);
}

/* ---- truth ---- */

static uint64_t truth_checksum(uint64_t sequence, sluice_text key, sluice_text label) {
    return store_checksum_text(store_checksum_text(store_checksum_u64(0, sequence), key), label);
}

sluice_result store_put_truth(store *s, uint64_t sequence, sluice_text key, sluice_text label, sluice_error *error) {
    const record_value row[] = {value_integer((int64_t)sequence), value_text(key), value_text(label),
                                value_integer((int64_t)truth_checksum(sequence, key, label))};
    sql_statement put = {.text = PUT_TRUTH, .types = "itti", .parameters = row, .columns = ""};
    return s->ops->execute(s, &put, NULL, error);
}

typedef struct truth_read {
    const store *store;
    store_visit_truth visit;
    void *context;
} truth_read;

static sluice_result take_truth(void *context, const record_value *cells, sluice_error *error) {
    truth_read *r = context;
    uint64_t sequence = (uint64_t)cells[0].integer;
    if (truth_checksum(sequence, cells[1].text, cells[2].text) != (uint64_t)cells[3].integer) {
        return store_damaged(r->store, "a row of ground truth is not whole", error);
    }
    return r->visit(r->context, sequence, cells[1].text, cells[2].text) ? SLUICE_OK : SLUICE_E_INTERRUPTED;
}

sluice_result store_read_truth(store *s, store_visit_truth visit, void *context, sluice_error *error) {
    truth_read r = {s, visit, context};
    sql_statement read = {.text = READ_TRUTH, .types = "", .columns = "itti", .is_long = true};
    return s->ops->query(s, &read, take_truth, &r, error);
}

/* ---- decisions ---- */

static uint64_t decision_checksum(uint64_t sequence, sluice_text decision) {
    return store_checksum_text(store_checksum_u64(0, sequence), decision);
}

sluice_result store_put_decision(store *s, uint64_t sequence, sluice_text decision, sluice_error *error) {
    const record_value row[] = {value_integer((int64_t)sequence), value_text(decision),
                                value_integer((int64_t)decision_checksum(sequence, decision))};
    sql_statement put = {.text = PUT_DECISION, .types = "iti", .parameters = row, .columns = ""};
    sluice_result result = s->ops->execute(s, &put, NULL, error);
    return result == SLUICE_E_CONFLICT ? store_damaged(s, "this movement was decided before", error) : result;
}

typedef struct decision_read {
    const store *store;
    store_visit_decision visit;
    void *context;
} decision_read;

static sluice_result take_decision(void *context, const record_value *cells, sluice_error *error) {
    decision_read *r = context;
    uint64_t sequence = (uint64_t)cells[0].integer;
    if (decision_checksum(sequence, cells[1].text) != (uint64_t)cells[2].integer) {
        return store_damaged(r->store, "a recorded decision is not whole", error);
    }
    return r->visit(r->context, sequence, cells[1].text) ? SLUICE_OK : SLUICE_E_INTERRUPTED;
}

sluice_result store_read_decisions(store *s, uint64_t sequence, store_visit_decision visit, void *context,
                                   sluice_error *error) {
    decision_read r = {s, visit, context};
    record_value from = value_integer((int64_t)sequence);
    sql_statement read = {.text = READ_DECISIONS, .types = "i", .parameters = &from, .columns = "iti", .is_long = true};
    return s->ops->query(s, &read, take_decision, &r, error);
}
