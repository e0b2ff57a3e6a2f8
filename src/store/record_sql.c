/* The statements of a table that never change, and the names of its columns and indexes. What queries become is written
 * by record_select.c and record_count.c, with the conditions of record_terms.c. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "store/record_private.h"

const char *record_column(const record_table *table, uint8_t field) {
    switch (field) {
    case QUERY_ID:
    case RECORD_END:
        return "id";
    case QUERY_CREATED:
        return "created_ms";
    case QUERY_UPDATED:
        return "updated_ms";
    default:
        return field < table->field_count ? table->fields[field].name : NULL;
    }
}

void record_index_name(const record_binding *b, const record_index *index, char name_out[64]) {
    uint64_t hash = index->unique;
    for (size_t i = 0; i < RECORD_INDEX_FIELDS && index->fields[i] != RECORD_END; i++) {
        const char *column = record_column(b->table, index->fields[i]);
        hash = hash_u64(hash ^ hash64(column, strlen(column)));
    }
    (void)snprintf(name_out, 64, "%s_%016llx", b->name, (unsigned long long)hash);
}

static void write_insert(const record_binding *b, size_t rows, text_writer *w) {
    size_t columns = record_column_count(b->table);
    text_printf(w, "INSERT INTO \"%s\"(%s) VALUES", b->name, b->columns);
    for (size_t row = 0; row < rows; row++) {
        text_write(w, row == 0 ? TEXT("(") : TEXT("), ("));
        for (size_t i = 0; i < columns; i++) {
            text_printf(w, i == 0 ? "$%zu" : ", $%zu", row * columns + i + 1);
        }
    }
    text_write(w, TEXT(") ON CONFLICT DO NOTHING"));
}

/* Parameters: version, updated_ms, fields, checksum, id, version before, created_ms. */
static void write_update(const record_binding *b, text_writer *w) {
    size_t count = b->table->field_count;
    text_printf(w, "UPDATE \"%s\" SET version = $1, updated_ms = $2", b->name);
    for (size_t i = 0; i < count; i++) {
        text_printf(w, ", \"%s\" = $%zu", b->table->fields[i].name, i + 3);
    }
    text_printf(w, ", checksum = $%zu WHERE id = $%zu AND version = $%zu AND created_ms = $%zu", count + 3, count + 4,
                count + 5, count + 6);
    for (size_t i = 0; i < count; i++) {
        if ((b->table->fields[i].flags & FIELD_FIXED) != 0) {
            text_printf(w, " AND \"%s\" IS NOT DISTINCT FROM $%zu", b->table->fields[i].name, i + 3);
        }
    }
}

bool record_sql_bind(record_binding *b) {
    text_writer columns = {0}, insert = {0}, insert_many = {0}, update = {0}, get = {0};
    text_write(&columns, TEXT("id, version, created_ms, updated_ms"));
    for (size_t i = 0; i < b->table->field_count; i++) {
        text_printf(&columns, ", \"%s\"", b->table->fields[i].name);
    }
    text_write(&columns, TEXT(", checksum"));
    b->columns = columns.data;
    if (columns.failed) {
        return false;
    }
    write_insert(b, 1, &insert);
    write_insert(b, record_rows_at_once(b->table), &insert_many);
    write_update(b, &update);
    text_printf(&get, "SELECT %s FROM \"%s\" WHERE id = $1", b->columns, b->name);
    b->insert = insert.data;
    b->insert_many = insert_many.data;
    b->update = update.data;
    b->get = get.data;
    return !insert.failed && !insert_many.failed && !update.failed && !get.failed;
}
