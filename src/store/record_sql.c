/* Statements from descriptions and queries.
 *
 * A select in the order of a field is up to three parts, one behind the other, each of which an index gives in order
 * and none of which is looked at when those before it filled the page:
 *
 *   1. the rest of the rows with the value of `after`:  field = after AND id > after_id   ORDER BY id
 *   2. the rows behind that value (all but nulls):      field > after                     ORDER BY field, id
 *   3. the rows where the field is null:                field IS NULL                     ORDER BY id
 *
 * (One comparison of pairs would do for the first two, but SQLite's planner knows no index for a pair with the id.)
 * Nulls are asked for only where no term excludes them. Fields that a term holds null are put before the order: it
 * changes nothing, and PostgreSQL does not see by itself that an index on them gives the order.
 *
 * Numbers of parameters appear for the first time in rising order, which is how SQLite counts them. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "store/record_private.h"

#define LIMIT_DEFAULT 100
#define LIMIT_MAX 10000

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

static char letter_of(const record_table *table, uint8_t field) {
    return field < table->field_count ? field_letter(table->fields[field].type) : 'i';
}

void record_index_name(const record_binding *b, const record_index *index, char name_out[64]) {
    uint64_t hash = index->unique;
    for (size_t i = 0; i < RECORD_INDEX_FIELDS && index->fields[i] != RECORD_END; i++) {
        const char *column = record_column(b->table, index->fields[i]);
        hash = hash_u64(hash ^ hash64(column, strlen(column)));
    }
    (void)snprintf(name_out, 64, "%s_%016llx", b->name, (unsigned long long)hash);
}

/* ---- fixed statements ---- */

static void write_insert(const record_binding *b, text_writer *w) {
    size_t count = b->table->field_count + RECORD_COLUMNS_BEFORE + 1;
    text_printf(w, "INSERT INTO \"%s\"(%s) VALUES(", b->name, b->columns);
    for (size_t i = 0; i < count; i++) {
        text_printf(w, i == 0 ? "$%zu" : ", $%zu", i + 1);
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
    text_writer columns = {0}, insert = {0}, update = {0}, get = {0};
    text_write(&columns, TEXT("id, version, created_ms, updated_ms"));
    for (size_t i = 0; i < b->table->field_count; i++) {
        text_printf(&columns, ", \"%s\"", b->table->fields[i].name);
    }
    text_write(&columns, TEXT(", checksum"));
    b->columns = columns.data;
    if (columns.failed) {
        return false;
    }
    write_insert(b, &insert);
    write_update(b, &update);
    text_printf(&get, "SELECT %s FROM \"%s\" WHERE id = $1", b->columns, b->name);
    b->insert = insert.data;
    b->update = update.data;
    b->get = get.data;
    return !insert.failed && !update.failed && !get.failed;
}

/* ---- terms ---- */

static sluice_result add_parameter(sql_builder *b, char type, record_value value, sluice_error *error) {
    if (b->count == SQL_PARAMETERS_MAX) {
        return error_set(error, SLUICE_E_LIMIT, "a query of %s compares with more than %d values",
                         b->binding->table->name, SQL_PARAMETERS_MAX);
    }
    b->types[b->count] = type;
    b->parameters[b->count++] = value;
    return SLUICE_OK;
}

static sluice_result invalid_term(const sql_builder *b, uint8_t field, const char *why, sluice_error *error) {
    const char *column = record_column(b->binding->table, field);
    return error_set(error, SLUICE_E_INVALID, "%s cannot be searched by %s: %s", b->binding->table->name,
                     column == NULL ? "a field that is not there" : column, why);
}

static sluice_result write_comparison(sql_builder *b, const query_term *term, const char *operator,
                                      sluice_error * error) {
    if (term->value.is_null) {
        return invalid_term(b, term->field, "null is neither equal nor less nor greater", error);
    }
    sluice_result result = add_parameter(b, letter_of(b->binding->table, term->field), term->value, error);
    text_printf(&b->text, "\"%s\" %s $%zu", record_column(b->binding->table, term->field), operator, b->count);
    return result;
}

/* The code point of a well-formed character of that many bytes. */
static uint32_t decode(const char *at, size_t bytes) {
    uint32_t point = (unsigned char)at[0] & (bytes == 1 ? 0x7Fu : 0xFFu >> (bytes + 1));
    for (size_t i = 1; i < bytes; i++) {
        point = point << 6 | ((unsigned char)at[i] & 0x3Fu);
    }
    return point;
}

static size_t encode(uint32_t point, char *at) {
    if (point < 0x80) {
        at[0] = (char)point;
        return 1;
    }
    size_t bytes = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = bytes; i-- > 1; point >>= 6) {
        at[i] = (char)(0x80 | (point & 0x3F));
    }
    at[0] = (char)((0xF00u >> bytes & 0xFFu) | point);
    return bytes;
}

/* The least text above all that begin with `prefix`: its last character is raised by one, or goes if it is the highest
 * there is. Order by bytes is order by code points. False: there is none, all that is above begins with it. */
static bool prefix_end(sluice_text prefix, char end_out[PREFIX_BYTES_MAX + 1], size_t *length_out) {
    size_t length = prefix.length;
    memcpy(end_out, prefix.data, length);
    while (length > 0) {
        size_t first = length - 1;
        while (((unsigned char)end_out[first] & 0xC0) == 0x80) {
            first--;
        }
        uint32_t point = decode(end_out + first, length - first) + 1;
        if (point <= 0x10FFFF) {
            *length_out = first + encode(point == 0xD800 ? 0xE000 : point, end_out + first); /* no surrogates */
            return true;
        }
        length = first;
    }
    return false;
}

static sluice_result write_prefix(sql_builder *b, const query_term *term, sluice_error *error) {
    const char *column = record_column(b->binding->table, term->field);
    sluice_text prefix = term->value.text;
    if (letter_of(b->binding->table, term->field) != 't' || term->value.is_null || prefix.length > PREFIX_BYTES_MAX ||
        !text_is_utf8(prefix) || (prefix.length > 0 && memchr(prefix.data, '\0', prefix.length) != NULL) ||
        b->prefix_count == sizeof b->prefix_ends / sizeof *b->prefix_ends) {
        return invalid_term(b, term->field, "a prefix is a text of at most 255 bytes", error);
    }
    if (prefix.length == 0) {
        text_printf(&b->text, "\"%s\" IS NOT NULL", column);
        return SLUICE_OK;
    }
    char *end = b->prefix_ends[b->prefix_count++];
    size_t end_length = 0;
    sluice_result result = add_parameter(b, 't', term->value, error);
    text_printf(&b->text, "\"%s\" >= $%zu", column, b->count);
    if (result == SLUICE_OK && prefix_end(prefix, end, &end_length)) {
        result = add_parameter(b, 't', value_text((sluice_text){end, end_length}), error);
        text_printf(&b->text, " AND \"%s\" < $%zu", column, b->count);
    }
    return result;
}

static sluice_result write_in(sql_builder *b, const query_term *term, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    if (term->value_count == 0) {
        text_write(&b->text, TEXT("1 = 0"));
        return SLUICE_OK;
    }
    text_printf(&b->text, "\"%s\" IN (", record_column(b->binding->table, term->field));
    for (size_t i = 0; result == SLUICE_OK && i < term->value_count; i++) {
        if (term->values[i].is_null) {
            return invalid_term(b, term->field, "null is equal to nothing", error);
        }
        result = add_parameter(b, letter_of(b->binding->table, term->field), term->values[i], error);
        text_printf(&b->text, i == 0 ? "$%zu" : ", $%zu", b->count);
    }
    text_write_char(&b->text, ')');
    return result;
}

static sluice_result write_term(sql_builder *b, const query_term *term, sluice_error *error) {
    const char *column = record_column(b->binding->table, term->field);
    if (column == NULL) {
        return invalid_term(b, term->field, "fields have lower numbers", error);
    }
    switch (term->is) {
    case QUERY_EQUAL:
        return write_comparison(b, term, "=", error);
    case QUERY_NOT_EQUAL:
        return write_comparison(b, term, "<>", error);
    case QUERY_LESS:
        return write_comparison(b, term, "<", error);
    case QUERY_LESS_EQUAL:
        return write_comparison(b, term, "<=", error);
    case QUERY_GREATER:
        return write_comparison(b, term, ">", error);
    case QUERY_GREATER_EQUAL:
        return write_comparison(b, term, ">=", error);
    case QUERY_PREFIX:
        return write_prefix(b, term, error);
    case QUERY_IN:
        return write_in(b, term, error);
    case QUERY_NULL:
        text_printf(&b->text, "\"%s\" IS NULL", column);
        return SLUICE_OK;
    case QUERY_NOT_NULL:
        text_printf(&b->text, "\"%s\" IS NOT NULL", column);
        return SLUICE_OK;
    default:
        return invalid_term(b, term->field, "there is no such comparison", error);
    }
}

/* All terms, joined by AND; "" when there are none. *terms_out takes over what b->text has. */
static sluice_result write_terms(sql_builder *b, const record_query *query, text_writer *terms_out,
                                 sluice_error *error) {
    sluice_result result = SLUICE_OK;
    text_write(&b->text, TEXT(""));
    for (size_t i = 0; result == SLUICE_OK && i < query->term_count; i++) {
        if (i > 0) {
            text_write(&b->text, TEXT(" AND "));
        }
        result = write_term(b, &query->terms[i], error);
    }
    *terms_out = b->text;
    b->text = (text_writer){0};
    return result;
}

static void write_where(sql_builder *b, const text_writer *terms, const char *more) {
    bool has_terms = terms->length > 0, has_more = more[0] != '\0';
    if (has_terms || has_more) {
        text_printf(&b->text, " WHERE %s%s%s", has_terms ? terms->data : "", has_terms && has_more ? " AND " : "",
                    more);
    }
}

static sluice_result finish(sql_builder *b, text_writer *terms, sluice_result result, sluice_error *error) {
    bool failed = terms->failed || b->text.failed;
    text_writer_fini(terms);
    return result == SLUICE_OK && failed ? error_no_memory(error, 1000) : result;
}

/* ---- select ---- */

typedef struct selection {
    const record_query *query;
    text_writer terms;
    const char *order; /* the column */
    size_t limit;
    size_t parts;
} selection;

static void write_order(sql_builder *b, const selection *s, bool by_id) {
    const char *descending = s->query->descending ? " DESC" : "";
    text_write(&b->text, TEXT(" ORDER BY "));
    for (size_t i = 0; i < s->query->term_count; i++) {
        if (s->query->terms[i].is == QUERY_NULL) {
            text_printf(&b->text, "\"%s\"%s, ", record_column(b->binding->table, s->query->terms[i].field), descending);
        }
    }
    if (!by_id) {
        text_printf(&b->text, "\"%s\"%s, ", s->order, descending);
    }
    text_printf(&b->text, "id%s LIMIT %zu", descending, s->limit);
}

/* One more part; `by_id`: the order's field has one value in it. */
static void write_part(sql_builder *b, selection *s, const char *more, bool by_id) {
    if (s->parts > 0) {
        text_write(&b->text, TEXT(" UNION ALL "));
    }
    text_printf(&b->text, "SELECT * FROM (SELECT %s FROM \"%s\"", b->binding->columns, b->binding->name);
    write_where(b, &s->terms, more);
    write_order(b, s, by_id);
    text_printf(&b->text, ") AS part%zu", s->parts++);
}

/* Whether a term leaves out the rows where the order's field is null (or all others: *only_null_out). */
static bool order_is_never_null(const record_query *query, bool *only_null_out) {
    bool never = false;
    *only_null_out = false;
    for (size_t i = 0; i < query->term_count; i++) {
        if (query->terms[i].field == query->order) {
            *only_null_out = *only_null_out || query->terms[i].is == QUERY_NULL;
            never = never || query->terms[i].is != QUERY_NULL;
        }
    }
    return never;
}

static sluice_result write_by_id(sql_builder *b, selection *s, sluice_error *error) {
    char more[64] = "";
    sluice_result result = SLUICE_OK;
    if (s->query->has_after) {
        result = add_parameter(b, 'i', value_integer(s->query->after_id), error);
        (void)snprintf(more, sizeof more, "id %s $%zu", s->query->descending ? "<" : ">", b->count);
    }
    write_part(b, s, more, true);
    return result;
}

static sluice_result write_by_field(sql_builder *b, selection *s, sluice_error *error) {
    const record_query *q = s->query;
    char more[200] = "", beyond = q->descending ? '<' : '>';
    bool only_null = false, is_field = q->order < b->binding->table->field_count;
    bool never_null = order_is_never_null(q, &only_null) || !is_field;
    bool in_nulls = q->has_after && q->after.is_null;
    sluice_result result = SLUICE_OK;
    if (q->has_after && !in_nulls) {
        result = add_parameter(b, letter_of(b->binding->table, q->order), q->after, error);
        size_t value = b->count;
        if (result == SLUICE_OK) {
            result = add_parameter(b, 'i', value_integer(q->after_id), error);
        }
        (void)snprintf(more, sizeof more, "\"%s\" = $%zu AND id %c $%zu", s->order, value, beyond, b->count);
        write_part(b, s, more, true);
        (void)snprintf(more, sizeof more, "\"%s\" %c $%zu", s->order, beyond, value);
        write_part(b, s, more, false);
    } else if (!in_nulls && !only_null) {
        if (!never_null) {
            (void)snprintf(more, sizeof more, "\"%s\" IS NOT NULL", s->order);
        }
        write_part(b, s, more, false);
    }
    if (!never_null) {
        (void)snprintf(more, sizeof more, "\"%s\" IS NULL", s->order);
        if (in_nulls) {
            result = add_parameter(b, 'i', value_integer(q->after_id), error);
            (void)snprintf(more, sizeof more, "\"%s\" IS NULL AND id %c $%zu", s->order, beyond, b->count);
        }
        write_part(b, s, more, false);
    }
    return result;
}

sluice_result record_sql_select(sql_builder *b, const record_query *query, sluice_error *error) {
    selection s = {.query = query, .limit = query->limit == 0 ? LIMIT_DEFAULT : query->limit};
    s.order = record_column(b->binding->table, query->order);
    if (s.order == NULL || s.limit > LIMIT_MAX) {
        return error_set(error, SLUICE_E_INVALID, "%s cannot be listed so: by a field it has not, or more than %d rows",
                         query->table->name, LIMIT_MAX);
    }
    bool by_id = query->order == QUERY_ID || query->order == RECORD_END;
    sluice_result result = write_terms(b, query, &s.terms, error);
    if (result == SLUICE_OK) {
        result = by_id ? write_by_id(b, &s, error) : write_by_field(b, &s, error);
    }
    if (s.parts == 0 && result == SLUICE_OK) { /* after the last null of a field that is never null: nothing */
        write_part(b, &s, "1 = 0", true);
    }
    if (s.parts > 1) {
        text_printf(&b->text, " LIMIT %zu", s.limit);
    }
    return finish(b, &s.terms, result, error);
}

sluice_result record_sql_count(sql_builder *b, const record_query *query, uint64_t limit, sluice_error *error) {
    text_writer terms;
    sluice_result result = write_terms(b, query, &terms, error);
    text_printf(&b->text, limit == 0 ? "SELECT count(*) FROM \"%s\"" : "SELECT count(*) FROM (SELECT 1 FROM \"%s\"",
                b->binding->name);
    write_where(b, &terms, "");
    if (limit != 0) {
        text_printf(&b->text, " LIMIT %llu) AS counted", (unsigned long long)limit);
    }
    return finish(b, &terms, result, error);
}

sluice_result record_sql_group(sql_builder *b, const record_query *query, const uint8_t by[2], uint8_t sum,
                               char columns_out[5], sluice_error *error) {
    const record_table *table = b->binding->table;
    size_t count = 0;
    for (size_t i = 0; i < 2; i++) {
        if (by[i] != RECORD_END && by[i] >= table->field_count) {
            return invalid_term(b, by[i], "groups are made by fields", error);
        }
    }
    if (sum != RECORD_END && (sum >= table->field_count || letter_of(table, sum) != 'i')) {
        return invalid_term(b, sum, "only numbers have a sum", error);
    }
    text_writer terms;
    sluice_result result = write_terms(b, query, &terms, error);
    text_write(&b->text, TEXT("SELECT "));
    for (size_t i = 0; i < 2 && by[i] != RECORD_END; i++) {
        text_printf(&b->text, "\"%s\", ", table->fields[by[i]].name);
        columns_out[count++] = letter_of(table, by[i]);
    }
    memcpy(columns_out + count, "ii", 3);
    if (sum == RECORD_END) {
        text_printf(&b->text, "count(*), CAST(0 AS BIGINT) FROM \"%s\"", b->binding->name);
    } else {
        text_printf(&b->text, "count(*), CAST(coalesce(sum(\"%s\"), 0) AS BIGINT) FROM \"%s\"", table->fields[sum].name,
                    b->binding->name);
    }
    write_where(b, &terms, "");
    for (size_t i = 0; i < count; i++) {
        text_printf(&b->text, i == 0 ? " GROUP BY \"%s\"" : ", \"%s\"", table->fields[by[i]].name);
    }
    for (size_t i = 0; i < count; i++) {
        text_printf(&b->text, i == 0 ? " ORDER BY \"%s\" NULLS LAST" : ", \"%s\" NULLS LAST",
                    table->fields[by[i]].name);
    }
    return finish(b, &terms, result, error);
}
