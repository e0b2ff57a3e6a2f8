/* Records: insert, update, delete, get, select, count, group; on any database.
 *
 * A record's id comes from its table's counter (record_tables.c). Each row ends with a checksum (record_checksum.c)
 * that is made here when it is written and compared when it is read, so that no caller sees a row that is not as it was
 * written. */
#include "store/record.h"

#include <string.h>

#include "base/error.h"
#include "store/record_private.h"

bool record_init(record *r, const record_table *table, arena *a) {
    *r = (record){.table = table};
    r->values = arena_alloc(a, (table->field_count == 0 ? 1 : table->field_count) * sizeof *r->values);
    for (size_t i = 0; r->values != NULL && i < table->field_count; i++) {
        r->values[i] = value_null();
    }
    return r->values != NULL;
}

/* ---- reading ---- */

/* Makes a record of a row; texts are borrowed. DAMAGED when the checksum says so. */
static sluice_result record_take(const store *s, const record_binding *b, const record_value *cells, record *r,
                                 sluice_error *error) {
    r->table = b->table;
    r->id = cells[0].integer;
    r->version = cells[1].integer;
    r->created_ms = cells[2].integer;
    r->updated_ms = cells[3].integer;
    memcpy(r->values, cells + RECORD_COLUMNS_BEFORE, b->table->field_count * sizeof *cells);
    uint64_t checksum = (uint64_t)cells[RECORD_COLUMNS_BEFORE + b->table->field_count].integer;
    if (checksum != record_checksum(s->tables, b, r)) {
        return error_set(error, SLUICE_E_DAMAGED,
                         "record %lld of %s in %s is damaged or was changed by somebody else than sluice: restore the "
                         "newest backup",
                         (long long)r->id, b->table->name, s->name);
    }
    return SLUICE_OK;
}

static bool copy_texts(record *r, arena *a) {
    for (size_t i = 0; i < r->table->field_count; i++) {
        record_value *value = &r->values[i];
        if (field_is_text(r->table->fields[i].type) && !value->is_null) {
            value->text.data = arena_copy(a, value->text.data, value->text.length);
            if (value->text.data == NULL) {
                return false;
            }
        }
    }
    return true;
}

typedef struct reading {
    const store *store;
    const record_binding *binding;
    arena *arena;
    record *rows;
    size_t count, capacity;
} reading;

static bool reserve_row(reading *r) {
    if (r->count < r->capacity) {
        return true;
    }
    size_t capacity = r->capacity == 0 ? 1 : r->capacity < 16 ? 64 : 4 * r->capacity;
    record *rows = arena_alloc(r->arena, capacity * sizeof *rows);
    if (rows != NULL && r->count > 0) {
        memcpy(rows, r->rows, r->count * sizeof *rows);
    }
    if (rows != NULL) {
        r->rows = rows;
        r->capacity = capacity;
    }
    return rows != NULL;
}

static sluice_result take_row(void *context, const record_value *cells, sluice_error *error) {
    reading *r = context;
    if (!reserve_row(r)) {
        return error_no_memory(error, r->capacity * sizeof *r->rows);
    }
    record *row = &r->rows[r->count];
    if (!record_init(row, r->binding->table, r->arena)) {
        return error_no_memory(error, r->binding->table->field_count * sizeof *row->values);
    }
    sluice_result result = record_take(r->store, r->binding, cells, row, error);
    if (result == SLUICE_OK && !copy_texts(row, r->arena)) {
        result = error_no_memory(error, 1000);
    }
    r->count += result == SLUICE_OK;
    return result;
}

sluice_result store_get(store *s, const record_table *table, int64_t id, arena *a, record *record_out,
                        sluice_error *error) {
    const record_binding *b = record_bind(s, table, error);
    if (b == NULL) {
        return SLUICE_E_INVALID;
    }
    reading r = {.store = s, .binding = b, .arena = a};
    record_value key = value_integer(id);
    sql_statement get = {.text = b->get, .types = "i", .parameters = &key, .columns = b->types};
    sluice_result result = s->ops->query(s, &get, take_row, &r, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (r.count == 0) {
        return error_set(error, SLUICE_E_NOT_FOUND, "there is no record %lld in %s", (long long)id, table->name);
    }
    *record_out = r.rows[0];
    return SLUICE_OK;
}

static sluice_result query_run(store *s, sql_builder *b, const char *columns, sql_visit visit, void *context,
                               sluice_error *error) {
    sql_statement statement = {
        .text = b->text.data, .types = b->types, .parameters = b->parameters, .columns = columns, .once = b->once};
    return s->ops->query(s, &statement, visit, context, error);
}

bool store_is_ordered(store *s, const record_query *query) {
    const record_binding *b = record_bind(s, query->table, NULL);
    return b != NULL && record_plan_is_ordered(b, query);
}

sluice_result store_is_few(store *s, const record_query *query, bool *few_out, sluice_error *error) {
    const record_binding *b = record_bind(s, query->table, error);
    return b == NULL ? SLUICE_E_INVALID : record_plan_is_few(s, b, query, few_out, error);
}

sluice_result store_select(store *s, const record_query *query, arena *a, record **rows_out, size_t *count_out,
                           sluice_error *error) {
    sql_builder b = {.binding = record_bind(s, query->table, error)};
    reading r = {.store = s, .binding = b.binding, .arena = a};
    if (b.binding == NULL) {
        return SLUICE_E_INVALID;
    }
    b.hides = s->ops->dialect->is_told_the_index;
    b.once = query->is_uneven;
    sluice_result result = record_plan_make(s, b.binding, query, &b.plan, error);
    if (result == SLUICE_OK) {
        result = record_sql_select(&b, query, error);
    }
    if (result == SLUICE_OK) {
        result = query_run(s, &b, b.binding->types, take_row, &r, error);
    }
    text_writer_fini(&b.text);
    *rows_out = r.rows;
    *count_out = result == SLUICE_OK ? r.count : 0;
    return result;
}

sluice_result store_find(store *s, const record_query *query, arena *a, record *record_out, sluice_error *error) {
    record_query first = *query;
    record *rows = NULL;
    size_t count = 0;
    first.limit = 1;
    sluice_result result = store_select(s, &first, a, &rows, &count, error);
    if (result == SLUICE_OK && count == 0) {
        return error_set(error, SLUICE_E_NOT_FOUND, "there is no such record in %s", query->table->name);
    }
    if (result == SLUICE_OK) {
        *record_out = rows[0];
    }
    return result;
}

static sluice_result take_number(void *context, const record_value *cells, sluice_error *error) {
    int64_t *number = context;
    (void)error;
    *number = cells[0].integer;
    return SLUICE_OK;
}

sluice_result store_count(store *s, const record_query *query, uint64_t limit, uint64_t *count_out,
                          sluice_error *error) {
    sql_builder b = {.binding = record_bind(s, query->table, error)};
    int64_t count = 0;
    if (b.binding == NULL) {
        return SLUICE_E_INVALID;
    }
    sluice_result result = record_sql_count(&b, query, limit, error);
    if (result == SLUICE_OK) {
        result = query_run(s, &b, "i", take_number, &count, error);
    }
    text_writer_fini(&b.text);
    *count_out = (uint64_t)count;
    return result;
}

typedef struct grouping {
    arena *arena;
    record_group *groups;
    size_t count, capacity, by_count;
    const char *columns;
} grouping;

static sluice_result take_group(void *context, const record_value *cells, sluice_error *error) {
    grouping *g = context;
    if (g->count == g->capacity) {
        size_t capacity = g->capacity == 0 ? 16 : 4 * g->capacity;
        record_group *groups = arena_alloc(g->arena, capacity * sizeof *groups);
        if (groups == NULL) {
            return error_no_memory(error, capacity * sizeof *groups);
        }
        if (g->count > 0) {
            memcpy(groups, g->groups, g->count * sizeof *groups);
        }
        g->groups = groups;
        g->capacity = capacity;
    }
    record_group *group = &g->groups[g->count];
    *group = (record_group){.by = {value_null(), value_null()}};
    for (size_t i = 0; i < g->by_count; i++) {
        group->by[i] = cells[i];
        if (g->columns[i] != 'i' && !cells[i].is_null) {
            group->by[i].text.data = arena_copy(g->arena, cells[i].text.data, cells[i].text.length);
            if (group->by[i].text.data == NULL) {
                return error_no_memory(error, cells[i].text.length);
            }
        }
    }
    group->count = (uint64_t)cells[g->by_count].integer;
    group->sum = cells[g->by_count + 1].integer;
    g->count++;
    return SLUICE_OK;
}

typedef sluice_result (*write_grouping)(sql_builder *b, const record_query *query, const uint8_t by[2], uint8_t field,
                                        char columns_out[5], sluice_error *error);

static sluice_result run_grouping(store *s, const record_query *query, const uint8_t by[2], uint8_t field,
                                  write_grouping write, arena *a, record_group **groups_out, size_t *count_out,
                                  sluice_error *error) {
    sql_builder b = {.binding = record_bind(s, query->table, error)};
    char columns[5] = "";
    grouping g = {.arena = a, .columns = columns};
    if (b.binding == NULL) {
        return SLUICE_E_INVALID;
    }
    b.hides = s->ops->dialect->is_told_the_index;
    const uint8_t fields[] = {by[0], by[1], field};
    sluice_result result = record_plan_cover(s, b.binding, query, fields, 3, &b.plan, error);
    result = result == SLUICE_OK ? write(&b, query, by, field, columns, error) : result;
    if (result == SLUICE_OK) {
        g.by_count = strlen(columns) - 2;
        result = query_run(s, &b, columns, take_group, &g, error);
    }
    text_writer_fini(&b.text);
    *groups_out = g.groups;
    *count_out = result == SLUICE_OK ? g.count : 0;
    return result;
}

sluice_result store_group(store *s, const record_query *query, const uint8_t by[2], uint8_t sum, arena *a,
                          record_group **groups_out, size_t *count_out, sluice_error *error) {
    return run_grouping(s, query, by, sum, record_sql_group, a, groups_out, count_out, error);
}

sluice_result store_group_distinct(store *s, const record_query *query, const uint8_t by[2], uint8_t field, arena *a,
                                   record_group **groups_out, size_t *count_out, sluice_error *error) {
    return run_grouping(s, query, by, field, record_sql_distinct, a, groups_out, count_out, error);
}

/* ---- many numbers of one pass ---- */

typedef struct measuring {
    int64_t *values;
    size_t count;
} measuring;

static sluice_result take_measures(void *context, const record_value *cells, sluice_error *error) {
    measuring *m = context;
    (void)error;
    for (size_t i = 0; i < m->count; i++) {
        m->values[i] = cells[i].integer;
    }
    return SLUICE_OK;
}

/* The field of the different values; INVALID when there are two. */
static sluice_result distinct_field(const record_measure *measures, size_t count, uint8_t *field_out,
                                    sluice_error *error) {
    *field_out = RECORD_END;
    for (size_t i = 0; i < count; i++) {
        if (measures[i].kind == MEASURE_DISTINCT && *field_out != RECORD_END && *field_out != measures[i].field) {
            return error_set(error, SLUICE_E_INVALID, "different values of two fields are not counted in one pass");
        }
        *field_out = measures[i].kind == MEASURE_DISTINCT ? measures[i].field : *field_out;
    }
    return count <= RECORD_MEASURES_MAX
               ? SLUICE_OK
               : error_set(error, SLUICE_E_LIMIT, "one pass has at most %d measures", RECORD_MEASURES_MAX);
}

/* An index that has all fields which the measures look at. */
static sluice_result plan_measures(store *s, sql_builder *b, const record_query *query, const record_measure *measures,
                                   size_t count, sluice_error *error) {
    uint8_t fields[RECORD_MEASURES_MAX * 8];
    size_t field_count = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < measures[i].term_count && k < 7; k++) {
            fields[field_count++] = measures[i].terms[k].field;
        }
        fields[field_count++] = measures[i].kind == MEASURE_COUNT ? RECORD_END : measures[i].field;
    }
    return record_plan_cover(s, b->binding, query, fields, field_count, &b->plan, error);
}

sluice_result store_measure(store *s, const record_query *query, const record_measure *measures, size_t count,
                            int64_t *values_out, sluice_error *error) {
    sql_builder b = {.binding = record_bind(s, query->table, error)};
    char columns[RECORD_MEASURES_MAX + 1] = "";
    measuring m = {values_out, count};
    uint8_t distinct = RECORD_END;
    if (b.binding == NULL) {
        return SLUICE_E_INVALID;
    }
    b.hides = s->ops->dialect->is_told_the_index;
    sluice_result result = distinct_field(measures, count, &distinct, error);
    result = result == SLUICE_OK ? plan_measures(s, &b, query, measures, count, error) : result;
    result = result == SLUICE_OK ? record_sql_measure(&b, query, measures, count, distinct, error) : result;
    if (result == SLUICE_OK) {
        memset(columns, 'i', count);
        result = query_run(s, &b, columns, take_measures, &m, error);
    }
    text_writer_fini(&b.text);
    return result;
}
