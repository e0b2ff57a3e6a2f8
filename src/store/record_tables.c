/* Tables from descriptions, and their counters of ids.
 *
 * `record_table` in the database has a row for each: its shape ("state:t amount_fen:i|<hashes of indexes>"), and the id
 * that its next record gets. The counter is kept here and written with the commit that used it up, so a transaction
 * that is undone leaves no gap, and an id is never given twice. */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "store/record_private.h"

static const char READ_TABLES[] = "SELECT name, shape, next_id, checksum FROM record_table ORDER BY name";
static const char PUT_TABLE[] =
    "INSERT INTO record_table(name, shape, next_id, checksum) VALUES($1, $2, $3, $4)"
    " ON CONFLICT(name) DO UPDATE SET shape = excluded.shape, next_id = excluded.next_id, checksum = excluded.checksum";

record_binding *record_bind(const store *s, const record_table *table, sluice_error *error) {
    for (size_t i = 0; s->tables != NULL && i < s->tables->count; i++) {
        if (s->tables->bindings[i]->table == table) {
            return s->tables->bindings[i];
        }
    }
    (void)error_set(error, SLUICE_E_INVALID, "the table %s was not made: call store_ensure_tables first", table->name);
    return NULL;
}

static void binding_free(record_binding *b) {
    if (b != NULL) {
        memory_free(b->columns);
        memory_free(b->insert);
        memory_free(b->insert_many);
        memory_free(b->update);
        memory_free(b->get);
        memory_free(b->indexes);
        memory_free(b->shape);
        memory_free(b);
    }
}

void records_free(record_tables **tables) {
    if (*tables != NULL) {
        for (size_t i = 0; i < (*tables)->count; i++) {
            binding_free((*tables)->bindings[i]);
        }
        memory_free(*tables);
        *tables = NULL;
    }
}

static void sort_by_name(record_binding *b) {
    const record_field *fields = b->table->fields;
    for (size_t i = 0; i < b->table->field_count; i++) {
        size_t at = i;
        for (; at > 0 && strcmp(fields[b->by_name[at - 1]].name, fields[i].name) > 0; at--) {
            b->by_name[at] = b->by_name[at - 1];
        }
        b->by_name[at] = (uint8_t)i;
    }
}

/* NULL: no memory. */
static record_binding *binding_new(const record_table *table) {
    record_binding *b = memory_new_zero(1, sizeof *b);
    if (b == NULL) {
        return NULL;
    }
    b->table = table;
    (void)snprintf(b->name, sizeof b->name, RECORD_NAME_PREFIX "%s", table->name);
    memset(b->types, 'i', RECORD_COLUMNS_BEFORE);
    for (size_t i = 0; i < table->field_count; i++) {
        b->types[RECORD_COLUMNS_BEFORE + i] = field_letter(table->fields[i].type);
    }
    b->types[RECORD_COLUMNS_BEFORE + table->field_count] = 'i';
    sort_by_name(b);
    if (!record_sql_bind(b) || !record_plan_bind(b)) {
        binding_free(b);
        return NULL;
    }
    return b;
}

/* ---- statistics ---- */

#define RELATED_MAX 4 /* what they cost to gather doubles with each */

/* The references by which lists are filtered: a station is of one district, an officer of one station. A server that
 * does not know it expects a twelfth of the station's rows in its district, and reads and sorts all of them where a
 * page in the index's order was wanted. Returns how many. */
static size_t related_fields(const record_table *table, uint8_t fields_out[RELATED_MAX]) {
    size_t count = 0;
    for (size_t i = 0; i < table->field_count && count < RELATED_MAX; i++) {
        if (table->fields[i].type == FIELD_REFERENCE && (table->fields[i].flags & FIELD_FILTER) != 0) {
            fields_out[count++] = (uint8_t)i;
        }
    }
    return count;
}

/* False: there is nothing that could be related. */
static bool statistics_name(const record_binding *b, char name_out[64]) {
    uint8_t fields[RELATED_MAX];
    size_t count = related_fields(b->table, fields);
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        const char *column = b->table->fields[fields[i]].name;
        hash = hash_u64(hash ^ hash64(column, strlen(column)));
    }
    (void)snprintf(name_out, 64, "%s_r%016llx", b->name, (unsigned long long)hash);
    return count > 1;
}

static bool is_statistics(const record_binding *b, sluice_text word) {
    size_t at = strlen(b->name) + 1; /* of an index there is a hexadecimal digit */
    return word.length > at && word.data[at] == 'r';
}

/* ---- shapes ---- */

static void write_shape(const record_binding *b, text_writer *out) {
    char name[64];
    for (size_t i = 0; i < b->table->field_count; i++) {
        const record_field *field = &b->table->fields[i];
        text_printf(out, i == 0 ? "%s:%c" : " %s:%c", field->name, field_letter(field->type));
    }
    text_write_char(out, '|');
    for (size_t i = 0; i < b->index_count; i++) {
        record_index_name(b, &b->indexes[i], name);
        text_printf(out, i == 0 ? "%s" : " %s", name);
    }
    if (statistics_name(b, name)) {
        text_printf(out, " %s", name);
    }
}

/* Whether `word` is one of the words of `words`. */
static bool has_word(sluice_text words, sluice_text word) {
    sluice_text next;
    bool more = words.length > 0;
    while (more) {
        more = text_split(words, ' ', &next, &words);
        if (text_equal(next, word)) {
            return true;
        }
    }
    return false;
}

static sluice_result run(store *s, const text_writer *text, sluice_error *error) {
    if (text->failed) {
        return error_no_memory(error, 1000);
    }
    sql_statement statement = {.text = text->data, .types = "", .columns = "", .once = true};
    return s->ops->execute(s, &statement, NULL, error);
}

static const char *column_type(const sql_dialect *dialect, field_type type) {
    switch (field_letter(type)) {
    case 'b':
        return dialect->bytes;
    case 't':
        return dialect->text;
    default:
        return dialect->integer;
    }
}

static sluice_result create_table(store *s, const record_binding *b, sluice_error *error) {
    const sql_dialect *d = s->ops->dialect;
    text_writer text = {0};
    text_printf(&text, "CREATE TABLE \"%s\"(id %s, version %s NOT NULL, created_ms %s NOT NULL, updated_ms %s NOT NULL",
                b->name, d->id, d->integer, d->integer, d->integer);
    for (size_t i = 0; i < b->table->field_count; i++) {
        text_printf(&text, ", \"%s\" %s", b->table->fields[i].name, column_type(d, b->table->fields[i].type));
    }
    text_printf(&text, ", checksum %s NOT NULL)%s", d->integer, d->table_end);
    sluice_result result = run(s, &text, error);
    text_writer_fini(&text);
    return result;
}

static sluice_result create_index(store *s, const record_binding *b, const record_index *index, sluice_error *error) {
    text_writer text = {0};
    char name[64];
    record_index_name(b, index, name);
    text_printf(&text, "CREATE %sINDEX \"%s\" ON \"%s\"(", index->unique ? "UNIQUE " : "", name, b->name);
    for (size_t i = 0; i < RECORD_INDEX_FIELDS && index->fields[i] != RECORD_END; i++) {
        text_printf(&text, i == 0 ? "\"%s\"" : ", \"%s\"", record_column(b->table, index->fields[i]));
    }
    text_printf(&text, "%s)", index->unique ? "" : s->ops->dialect->index_end);
    sluice_result result = run(s, &text, error);
    text_writer_fini(&text);
    return result;
}

static sluice_result create_statistics(store *s, const record_binding *b, const char *name, sluice_error *error) {
    uint8_t fields[RELATED_MAX];
    size_t count = related_fields(b->table, fields);
    text_writer text = {0};
    text_printf(&text, "CREATE STATISTICS \"%s\" (dependencies) ON ", name);
    for (size_t i = 0; i < count; i++) {
        text_printf(&text, i == 0 ? "\"%s\"" : ", \"%s\"", b->table->fields[fields[i]].name);
    }
    text_printf(&text, " FROM \"%s\"", b->name);
    sluice_result result = run(s, &text, error);
    text_writer_fini(&text);
    if (result == SLUICE_OK && b->shape != NULL) { /* of the rows that are there */
        text_writer gather = {0};
        text_printf(&gather, "ANALYZE \"%s\"", b->name);
        result = run(s, &gather, error);
        text_writer_fini(&gather);
    }
    return result;
}

/* Fields that are new; refuses those that changed or are gone. */
static sluice_result alter_fields(store *s, const record_binding *b, sluice_text old, sluice_text now,
                                  sluice_error *error) {
    sluice_result result = SLUICE_OK;
    sluice_text rest = old, word;
    bool more = old.length > 0;
    while (more) {
        more = text_split(rest, ' ', &word, &rest);
        if (!has_word(now, word)) {
            return error_set(error, SLUICE_E_INVALID,
                             "%s: the field %.*s of %s (name:type) is in the database and not in this program, or has "
                             "another type there: use the sluice that wrote it",
                             s->name, TEXT_ARGS(word), b->table->name);
        }
    }
    for (size_t i = 0; result == SLUICE_OK && i < b->table->field_count; i++) {
        const record_field *field = &b->table->fields[i];
        char described[RECORD_NAME_BYTES_MAX + 4];
        (void)snprintf(described, sizeof described, "%s:%c", field->name, field_letter(field->type));
        if (!has_word(old, text_of(described))) {
            text_writer text = {0};
            text_printf(&text, "ALTER TABLE \"%s\" ADD COLUMN \"%s\" %s", b->name, field->name,
                        column_type(s->ops->dialect, field->type));
            result = run(s, &text, error);
            text_writer_fini(&text);
        }
    }
    return result;
}

/* Indexes and statistics that are new; drops those that are no longer described. */
static sluice_result alter_indexes(store *s, const record_binding *b, sluice_text old, sluice_text now,
                                   sluice_error *error) {
    sluice_result result = SLUICE_OK;
    sluice_text rest = old, word;
    bool more = old.length > 0;
    while (result == SLUICE_OK && more) {
        more = text_split(rest, ' ', &word, &rest);
        bool is_index = !is_statistics(b, word);
        if (!has_word(now, word) && (is_index || s->ops->dialect->has_statistics)) {
            text_writer text = {0};
            text_printf(&text, "DROP %s \"%.*s\"", is_index ? "INDEX" : "STATISTICS", TEXT_ARGS(word));
            result = run(s, &text, error);
            text_writer_fini(&text);
        }
    }
    for (size_t i = 0; result == SLUICE_OK && i < b->index_count; i++) {
        char name[64];
        record_index_name(b, &b->indexes[i], name);
        if (!has_word(old, text_of(name))) {
            result = create_index(s, b, &b->indexes[i], error);
        }
    }
    char name[64];
    if (result == SLUICE_OK && s->ops->dialect->has_statistics && statistics_name(b, name) &&
        !has_word(old, text_of(name))) {
        result = create_statistics(s, b, name, error);
    }
    return result;
}

static sluice_result put_table(store *s, const record_binding *b, sluice_error *error) {
    sluice_text name = text_of(b->table->name), shape = text_of(b->shape);
    uint64_t checksum = record_counter_checksum(s->tables, name, shape, b->next_id);
    const record_value row[] = {value_text(name), value_text(shape), value_integer(b->next_id),
                                value_integer((int64_t)checksum)};
    sql_statement put = {.text = PUT_TABLE, .types = "ttii", .parameters = row, .columns = ""};
    return s->ops->execute(s, &put, NULL, error);
}

/* Makes the table as described. b->shape is what the database has, NULL: nothing. */
static sluice_result ensure_table(store *s, record_binding *b, text_writer *shape, sluice_error *error) {
    sluice_text old_fields, old_indexes, fields, indexes;
    sluice_result result = SLUICE_OK;
    text_split(text_of(b->shape == NULL ? "" : b->shape), '|', &old_fields, &old_indexes);
    text_split(text_of(shape->data), '|', &fields, &indexes);
    if (b->shape == NULL) {
        b->next_id = 1;
        result = create_table(s, b, error);
    } else {
        result = alter_fields(s, b, old_fields, fields, error);
    }
    if (result == SLUICE_OK) {
        result = alter_indexes(s, b, old_indexes, indexes, error);
    }
    if (result == SLUICE_OK) {
        memory_free(b->shape);
        b->shape = shape->data;
        *shape = (text_writer){0};
        result = put_table(s, b, error);
    }
    return result;
}

/* ---- counters ---- */

typedef struct counter_of {
    const store *store;
    sluice_text table;
    int64_t next_id;
} counter_of;

static sluice_result take_counter(void *context, const record_value *cells, sluice_error *error) {
    counter_of *of = context;
    if (text_equal(cells[0].text, of->table)) {
        of->next_id = cells[2].integer;
        uint64_t checksum = record_counter_checksum(of->store->tables, cells[0].text, cells[1].text, of->next_id);
        if (checksum != (uint64_t)cells[3].integer) {
            return store_damaged(of->store, "the record of its tables is not whole", error);
        }
    }
    return SLUICE_OK;
}

sluice_result store_newest_id(store *s, const record_table *table, int64_t *id_out, sluice_error *error) {
    counter_of of = {s, text_of(table->name), 1};
    sql_statement read = {.text = READ_TABLES, .types = "", .columns = "ttii", .once = true};
    sluice_result result = s->ops->query(s, &read, take_counter, &of, error);
    *id_out = of.next_id - 1;
    return result;
}

/* ---- ensure ---- */

static sluice_result take_table(void *context, const record_value *cells, sluice_error *error) {
    store *s = context;
    sluice_text name = cells[0].text, shape = cells[1].text;
    int64_t next_id = cells[2].integer;
    if (record_counter_checksum(s->tables, name, shape, next_id) != (uint64_t)cells[3].integer) {
        return store_damaged(s, "the record of its tables is not whole", error);
    }
    for (size_t i = 0; i < s->tables->count; i++) {
        record_binding *b = s->tables->bindings[i];
        if (text_equal(text_of(b->table->name), name) && b->shape == NULL) {
            b->shape = memory_new(shape.length + 1);
            if (b->shape == NULL) {
                return error_no_memory(error, shape.length);
            }
            memcpy(b->shape, shape.data, shape.length);
            b->shape[shape.length] = '\0';
            b->next_id = b->next_id_committed = next_id;
        }
    }
    return SLUICE_OK;
}

static sluice_result bind_tables(store *s, const record_table *const *tables, size_t count, sluice_error *error) {
    if (s->tables == NULL) {
        record_tables *all = memory_new_zero(1, sizeof *all);
        if (all == NULL) {
            return error_no_memory(error, sizeof *all);
        }
        sluice_result result = record_checksum_key(s, all->key, error);
        if (result != SLUICE_OK) {
            memory_free(all);
            return result;
        }
        s->tables = all;
    }
    for (size_t i = 0; i < count; i++) {
        sluice_result result = record_check_table(tables[i], error);
        if (result != SLUICE_OK) {
            return result;
        }
        if (record_bind(s, tables[i], NULL) != NULL) {
            continue;
        }
        if (s->tables->count == RECORD_TABLES_MAX) {
            return error_set(error, SLUICE_E_LIMIT, "there may be %d tables of records", RECORD_TABLES_MAX);
        }
        record_binding *b = binding_new(tables[i]);
        if (b == NULL) {
            return error_no_memory(error, sizeof *b);
        }
        s->tables->bindings[s->tables->count++] = b;
    }
    return SLUICE_OK;
}

/* In one transaction, begun only when something is to be done. */
static sluice_result ensure_all(store *s, size_t from, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    bool begun = false;
    for (size_t i = from; result == SLUICE_OK && i < s->tables->count; i++) {
        record_binding *b = s->tables->bindings[i];
        text_writer shape = {0};
        write_shape(b, &shape);
        if (shape.failed) {
            result = error_no_memory(error, shape.length);
        } else if (b->shape == NULL || strcmp(b->shape, shape.data) != 0) {
            result = begun ? SLUICE_OK : store_begin(s, error);
            begun = begun || result == SLUICE_OK;
            if (result == SLUICE_OK) {
                result = ensure_table(s, b, &shape, error);
            }
        }
        text_writer_fini(&shape);
    }
    if (begun && result == SLUICE_OK) {
        result = store_commit(s, error);
    }
    if (begun && result != SLUICE_OK) {
        store_rollback(s);
    }
    return result;
}

sluice_result store_ensure_tables(store *s, const record_table *const *tables, size_t count, sluice_error *error) {
    size_t before = s->tables == NULL ? 0 : s->tables->count;
    sluice_result result = bind_tables(s, tables, count, error);
    if (result == SLUICE_OK) {
        sql_statement read = {.text = READ_TABLES, .types = "", .columns = "ttii"};
        result = s->ops->query(s, &read, take_table, s, error);
    }
    if (result == SLUICE_OK) {
        result = ensure_all(s, before, error);
    }
    if (result != SLUICE_OK && s->tables != NULL) { /* as before the call */
        while (s->tables->count > before) {
            binding_free(s->tables->bindings[--s->tables->count]);
        }
    }
    return result;
}

/* ---- counters ---- */

sluice_result records_before_commit(store *s, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; s->tables != NULL && result == SLUICE_OK && i < s->tables->count; i++) {
        if (s->tables->bindings[i]->next_id != s->tables->bindings[i]->next_id_committed) {
            result = put_table(s, s->tables->bindings[i], error);
        }
    }
    return result;
}

void records_after_commit(store *s) {
    for (size_t i = 0; s->tables != NULL && i < s->tables->count; i++) {
        s->tables->bindings[i]->next_id_committed = s->tables->bindings[i]->next_id;
    }
}

void records_after_rollback(store *s) {
    for (size_t i = 0; s->tables != NULL && i < s->tables->count; i++) {
        s->tables->bindings[i]->next_id = s->tables->bindings[i]->next_id_committed;
    }
}

void records_mark(store *s, size_t depth) {
    for (size_t i = 0; s->tables != NULL && i < s->tables->count; i++) {
        s->tables->bindings[i]->next_id_marked[depth] = s->tables->bindings[i]->next_id;
    }
}

void records_undo(store *s, size_t depth) {
    for (size_t i = 0; s->tables != NULL && i < s->tables->count; i++) {
        s->tables->bindings[i]->next_id = s->tables->bindings[i]->next_id_marked[depth];
    }
}
