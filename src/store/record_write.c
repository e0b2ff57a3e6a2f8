/* Writing records, in the writer's transaction. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "store/record_private.h"

#define NAMES_BYTES 200

static void row_fill(const store *s, const record_binding *b, const record *r, record_value *row) {
    row[0] = value_integer(r->id);
    row[1] = value_integer(r->version);
    row[2] = value_integer(r->created_ms);
    row[3] = value_integer(r->updated_ms);
    memcpy(row + RECORD_COLUMNS_BEFORE, r->values, b->table->field_count * sizeof *row);
    row[RECORD_COLUMNS_BEFORE + b->table->field_count] = value_integer((int64_t)record_checksum(s->tables, b, r));
}

static sluice_result take_id(void *context, const record_value *cells, sluice_error *error) {
    (void)error;
    *(int64_t *)context = cells[0].integer;
    return SLUICE_OK;
}

/* Another record with the same values in the fields of the index; 0: none. names_out: its fields, for people. */
static sluice_result find_other(store *s, const record_binding *b, const record *r, const record_index *index,
                                int64_t *id_out, char names_out[NAMES_BYTES], sluice_error *error) {
    query_term terms[RECORD_INDEX_FIELDS + 1];
    size_t count = 0, used = 0;
    *id_out = 0;
    for (size_t i = 0; i < RECORD_INDEX_FIELDS && index->fields[i] != RECORD_END; i++) {
        uint8_t field = index->fields[i];
        if (field >= b->table->field_count || r->values[field].is_null) {
            return SLUICE_OK; /* nulls are never equal */
        }
        terms[count++] = (query_term){.field = field, .is = QUERY_EQUAL, .value = r->values[field]};
        int length =
            snprintf(names_out + used, NAMES_BYTES - used, i == 0 ? "%s" : ", %s", b->table->fields[field].name);
        used += length > 0 ? (size_t)length : 0;
    }
    terms[count++] = (query_term){.field = QUERY_ID, .is = QUERY_NOT_EQUAL, .value = value_integer(r->id)};
    record_query query = {.table = b->table, .terms = terms, .term_count = count, .order = QUERY_ID, .limit = 1};
    sql_builder select = {.binding = b, .plan = {.taken_apart = -1}};
    sluice_result result = record_sql_select(&select, &query, error);
    if (result == SLUICE_OK) {
        sql_statement statement = {
            .text = select.text.data, .types = select.types, .parameters = select.parameters, .columns = b->types};
        result = s->ops->query(s, &statement, take_id, id_out, error);
    }
    text_writer_fini(&select.text);
    return result;
}

/* A unique index refused the record: which one, and for which other record. */
static sluice_result conflict(store *s, const record_binding *b, const record *r, sluice_error *error) {
    char names[NAMES_BYTES] = "";
    for (size_t i = 0; i < b->index_count; i++) {
        int64_t other = 0;
        if (b->indexes[i].unique) {
            sluice_result result = find_other(s, b, r, &b->indexes[i], &other, names, error);
            if (result != SLUICE_OK) {
                return result;
            }
        }
        if (other != 0) {
            return error_set(error, SLUICE_E_CONFLICT, "%s: another record (%lld) has the same %s", b->table->name,
                             (long long)other, names);
        }
    }
    return error_set(error, SLUICE_E_DAMAGED,
                     "%s has a record %lld behind its counter of ids: restore the newest backup of %s", b->table->name,
                     (long long)r->id, s->name);
}

/* *inserted_out is false when a unique index or the id refused it. */
static sluice_result insert_row(store *s, const record_binding *b, const record *r, bool *inserted_out,
                                sluice_error *error) {
    record_value row[RECORD_COLUMNS_MAX];
    uint64_t changed = 0;
    row_fill(s, b, r, row);
    sql_statement insert = {.text = b->insert, .types = b->types, .parameters = row, .columns = ""};
    sluice_result result = s->ops->execute(s, &insert, &changed, error);
    *inserted_out = result == SLUICE_OK && changed > 0;
    return result;
}

sluice_result store_insert(store *s, record *r, int64_t now_ms, sluice_error *error) {
    record_binding *b = record_bind(s, r->table, error);
    sluice_result result = b == NULL ? SLUICE_E_INVALID : store_require_writing(s, error);
    if (result == SLUICE_OK) {
        result = record_check(r, error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    record made = *r;
    bool inserted = false;
    made.id = b->next_id;
    made.version = 1;
    made.created_ms = made.updated_ms = now_ms;
    result = insert_row(s, b, &made, &inserted, error);
    if (result == SLUICE_OK && !inserted) {
        return conflict(s, b, &made, error);
    }
    if (result == SLUICE_OK) {
        b->next_id++;
        *r = made;
    }
    return result;
}

/* One, or as many as one statement takes. */
static sluice_result insert_rows(store *s, const record_binding *b, const record *rows, size_t count,
                                 sluice_error *error) {
    record_value values[SQL_PARAMETERS_MAX];
    char types[SQL_PARAMETERS_MAX + 1];
    size_t columns = record_column_count(b->table);
    uint64_t changed = 0;
    for (size_t i = 0; i < count; i++) {
        row_fill(s, b, &rows[i], values + i * columns);
        memcpy(types + i * columns, b->types, columns);
    }
    types[count * columns] = '\0';
    sql_statement insert = {
        .text = count == 1 ? b->insert : b->insert_many, .types = types, .parameters = values, .columns = ""};
    sluice_result result = s->ops->execute(s, &insert, &changed, error);
    if (result == SLUICE_OK && changed < count) {
        result = error_set(error, SLUICE_E_CONFLICT,
                           "%s: there is a record %lld, or of the %zu from it on, or one that they may not be beside",
                           b->table->name, (long long)rows[0].id, count);
    }
    return result;
}

sluice_result store_insert_copies(store *s, const record_table *table, const record *rows, size_t count,
                                  sluice_error *error) {
    record_binding *b = record_bind(s, table, error);
    sluice_result result = b == NULL ? SLUICE_E_INVALID : store_require_writing(s, error);
    for (size_t at = 0, n; result == SLUICE_OK && at < count; at += n) {
        n = count - at < record_rows_at_once(table) ? 1 : record_rows_at_once(table);
        for (size_t i = at; i < at + n; i++) {
            if (rows[i].table != table || rows[i].id < 1 || rows[i].version < 1 || rows[i].id == INT64_MAX) {
                return error_set(error, SLUICE_E_INVALID, "%s: a copied record has an id and a version", table->name);
            }
        }
        result = insert_rows(s, b, rows + at, n, error);
        for (size_t i = at; result == SLUICE_OK && i < at + n; i++) {
            b->next_id = rows[i].id >= b->next_id ? rows[i].id + 1 : b->next_id;
        }
    }
    return result;
}

static bool value_equal(const record_value *a, const record_value *b, field_type type) {
    if (a->is_null || b->is_null) {
        return a->is_null && b->is_null;
    }
    return field_is_text(type) ? text_equal(a->text, b->text) : a->integer == b->integer;
}

/* Why an update found no row to change. */
static sluice_result not_updated(store *s, const record *r, sluice_error *error) {
    arena memory = {0};
    record there;
    sluice_result result = store_get(s, r->table, r->id, &memory, &there, error);
    if (result != SLUICE_OK) {
        goto out;
    }
    result = error_set(error, SLUICE_E_INVALID, "%s: when record %lld was created cannot be changed", r->table->name,
                       (long long)r->id);
    if (there.version != r->version) {
        result = error_set(error, SLUICE_E_STALE, "record %lld of %s is at version %lld, not %lld: read it again",
                           (long long)r->id, r->table->name, (long long)there.version, (long long)r->version);
        goto out;
    }
    for (size_t i = 0; i < r->table->field_count; i++) {
        const record_field *field = &r->table->fields[i];
        if ((field->flags & FIELD_FIXED) != 0 && !value_equal(&there.values[i], &r->values[i], field->type)) {
            result = error_set(error, SLUICE_E_INVALID, "%s: %s of record %lld is fixed and cannot be changed",
                               r->table->name, field->name, (long long)r->id);
        }
    }
out:
    arena_fini(&memory);
    return result;
}

static sluice_result require_changeable(store *s, const record_table *table, sluice_error *error) {
    if (record_bind(s, table, error) == NULL) {
        return SLUICE_E_INVALID;
    }
    if (table->append_only) {
        return error_set(error, SLUICE_E_INVALID, "records of %s are neither changed nor deleted", table->name);
    }
    return store_require_writing(s, error);
}

sluice_result store_update(store *s, record *r, int64_t now_ms, sluice_error *error) {
    record_value row[RECORD_COLUMNS_MAX + 2];
    char types[RECORD_COLUMNS_MAX + 3];
    uint64_t changed = 0;
    size_t fields = r->table->field_count;
    sluice_result result = require_changeable(s, r->table, error);
    if (result == SLUICE_OK) {
        result = record_check(r, error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    const record_binding *b = record_bind(s, r->table, error);
    record made = *r;
    made.version++;
    made.updated_ms = now_ms;
    row[0] = value_integer(made.version);
    row[1] = value_integer(made.updated_ms);
    memcpy(row + 2, made.values, fields * sizeof *row);
    row[fields + 2] = value_integer((int64_t)record_checksum(s->tables, b, &made));
    row[fields + 3] = value_integer(r->id);
    row[fields + 4] = value_integer(r->version);
    row[fields + 5] = value_integer(r->created_ms);
    memcpy(types, "ii", 2);
    memcpy(types + 2, b->types + RECORD_COLUMNS_BEFORE, fields);
    memcpy(types + 2 + fields, "iiii", 5);
    sql_statement update = {
        .text = b->update, .types = types, .parameters = row, .columns = "", .may_conflict = b->has_unique};
    result = s->ops->execute(s, &update, &changed, error);
    if (result == SLUICE_E_CONFLICT) {
        return conflict(s, b, &made, error);
    }
    if (result == SLUICE_OK && changed == 0) {
        return not_updated(s, r, error);
    }
    if (result == SLUICE_OK) {
        *r = made;
    }
    return result;
}

sluice_result store_delete(store *s, const record_table *table, int64_t id, sluice_error *error) {
    char text[RECORD_NAME_BYTES_MAX + 64];
    uint64_t changed = 0;
    sluice_result result = require_changeable(s, table, error);
    if (result != SLUICE_OK) {
        return result;
    }
    record_value key = value_integer(id);
    (void)snprintf(text, sizeof text, "DELETE FROM \"" RECORD_NAME_PREFIX "%s\" WHERE id = $1", table->name);
    sql_statement delete = {.text = text, .types = "i", .parameters = &key, .columns = ""};
    result = s->ops->execute(s, &delete, &changed, error);
    if (result == SLUICE_OK && changed == 0) {
        result = error_set(error, SLUICE_E_NOT_FOUND, "there is no record %lld in %s", (long long)id, table->name);
    }
    return result;
}
