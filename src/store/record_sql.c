/* Statements from descriptions and queries.
 *
 * A select in the order of a field is up to three parts, one behind the other, each of which an index gives in order
 * and none of which is looked at when those before it filled the page:
 *
 *   1. the rest of the rows with the value of `after`:  field = after AND id > after_id   ORDER BY id
 *   2. the rows behind that value (all but nulls):      field > after                     ORDER BY field, id
 *   3. the rows where the field is null:                field IS NULL                     ORDER BY id
 *
 * (One comparison of pairs would do for the first two, but SQLite's planner knows no index for a pair with the id.) A
 * term of the order's field that `after` makes superfluous is left out, or SQLite might begin at the term's value and
 * walk to that of `after`. Nulls are asked for only where no term excludes them. Fields that a term holds null are put
 * before the order: it changes nothing, and PostgreSQL does not see by itself that an index on them gives the order.
 *
 * Where a choice of values is taken apart (record_plan.c), each part is the merger of one such select for each value.
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

/* ---- terms ---- */

static sluice_result add_parameter(sql_builder *b, char type, record_value value, sluice_error *error) {
    if (b->count == SQL_PARAMETERS_MAX) {
        return error_set(error, SLUICE_E_LIMIT, "a query of %s compares with more than %d values",
                         b->binding->table->name, SQL_PARAMETERS_MAX);
    }
    if (type == 't' && value.text.length > 0 &&
        (!text_is_utf8(value.text) || memchr(value.text.data, '\0', value.text.length) != NULL)) {
        return error_set(error, SLUICE_E_INVALID, "a query of %s compares with what is not valid UTF-8 text",
                         b->binding->table->name);
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

/* Before each condition. */
static void write_and(sql_builder *b) {
    text_write(&b->text, b->has_where ? TEXT(" AND ") : TEXT(" WHERE "));
    b->has_where = true;
}

/* The column in a condition; `hidden` keeps SQLite from searching an index by it. */
static void write_column(sql_builder *b, uint8_t field, bool hidden) {
    write_and(b);
    text_printf(&b->text, "%s\"%s\"", hidden && b->hides ? "+" : "", record_column(b->binding->table, field));
}

static sluice_result write_comparison(sql_builder *b, uint8_t field, bool hidden, const char *operator,
                                      record_value value, sluice_error *error) {
    if (value.is_null) {
        return invalid_term(b, field, "null is neither equal nor less nor greater", error);
    }
    sluice_result result = add_parameter(b, letter_of(b->binding->table, field), value, error);
    write_column(b, field, hidden);
    text_printf(&b->text, " %s $%zu", operator, b->count);
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

/* `low` and `high`: which of the two bounds are wanted. */
static sluice_result write_prefix(sql_builder *b, const query_term *term, bool hidden, bool low, bool high,
                                  sluice_error *error) {
    sluice_text prefix = term->value.text;
    if (letter_of(b->binding->table, term->field) != 't' || term->value.is_null || prefix.length > PREFIX_BYTES_MAX ||
        !text_is_utf8(prefix) || b->prefix_count == sizeof b->prefix_ends / sizeof *b->prefix_ends) {
        return invalid_term(b, term->field, "a prefix is a text of at most 255 bytes", error);
    }
    char *end = b->prefix_ends[b->prefix_count++];
    size_t end_length = 0;
    sluice_result result = SLUICE_OK;
    if (low) { /* by the empty prefix, all but nulls */
        result = write_comparison(b, term->field, hidden, ">=", term->value, error);
    }
    if (result == SLUICE_OK && high && prefix_end(prefix, end, &end_length)) {
        result = write_comparison(b, term->field, hidden, "<", value_text((sluice_text){end, end_length}), error);
    }
    return result;
}

static sluice_result write_in(sql_builder *b, const query_term *term, bool hidden, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    if (term->value_count == 0) {
        write_and(b);
        text_write(&b->text, TEXT("1 = 0"));
        return SLUICE_OK;
    }
    write_column(b, term->field, hidden);
    text_write(&b->text, TEXT(" IN ("));
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

static void write_null(sql_builder *b, uint8_t field, bool hidden, const char *condition) {
    write_column(b, field, hidden);
    text_printf(&b->text, " %s", condition);
}

static const char *const COMPARISONS[] = {
    [QUERY_EQUAL] = "=",       [QUERY_NOT_EQUAL] = "<>", [QUERY_LESS] = "<",
    [QUERY_LESS_EQUAL] = "<=", [QUERY_GREATER] = ">",    [QUERY_GREATER_EQUAL] = ">="};

static sluice_result write_term(sql_builder *b, const query_term *term, bool hidden, sluice_error *error) {
    if (record_column(b->binding->table, term->field) == NULL) {
        return invalid_term(b, term->field, "fields have lower numbers", error);
    }
    switch (term->is) {
    case QUERY_EQUAL:
    case QUERY_NOT_EQUAL:
    case QUERY_LESS:
    case QUERY_LESS_EQUAL:
    case QUERY_GREATER:
    case QUERY_GREATER_EQUAL:
        return write_comparison(b, term->field, hidden, COMPARISONS[term->is], term->value, error);
    case QUERY_PREFIX:
        return write_prefix(b, term, hidden, true, true, error);
    case QUERY_IN:
        return write_in(b, term, hidden, error);
    case QUERY_NULL:
        write_null(b, term->field, hidden, "IS NULL");
        return SLUICE_OK;
    case QUERY_NOT_NULL:
        write_null(b, term->field, hidden, "IS NOT NULL");
        return SLUICE_OK;
    default:
        return invalid_term(b, term->field, "there is no such comparison", error);
    }
}

static sluice_result write_terms(sql_builder *b, const record_query *query, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    b->has_where = false;
    for (size_t i = 0; result == SLUICE_OK && i < query->term_count; i++) {
        bool searched = i < 64 && (b->plan.terms >> i & 1) != 0;
        result = write_term(b, &query->terms[i], b->plan.is_chosen && !searched, error);
    }
    return result;
}

static sluice_result finish(const sql_builder *b, sluice_result result, sluice_error *error) {
    return result == SLUICE_OK && b->text.failed ? error_no_memory(error, 1000) : result;
}

/* ---- select ---- */

static int compare(record_value a, record_value b, char letter) {
    return letter == 'i' ? (a.integer > b.integer) - (a.integer < b.integer) : text_compare(a.text, b.text);
}

/* Whether a value, which is not null, is one that the term, which is valid, lets through. */
static bool term_holds(const query_term *term, record_value value, char letter) {
    int order = term->is == QUERY_IN ? 0 : compare(value, term->value, letter);
    switch (term->is) {
    case QUERY_EQUAL:
        return order == 0;
    case QUERY_NOT_EQUAL:
        return order != 0;
    case QUERY_LESS:
        return order < 0;
    case QUERY_LESS_EQUAL:
        return order <= 0;
    case QUERY_GREATER:
        return order > 0;
    case QUERY_GREATER_EQUAL:
        return order >= 0;
    case QUERY_PREFIX:
        return value.text.length >= term->value.text.length &&
               text_equal((sluice_text){value.text.data, term->value.text.length}, term->value.text);
    case QUERY_IN:
        for (size_t i = 0; i < term->value_count; i++) {
            if (compare(value, term->values[i], letter) == 0) {
                return true;
            }
        }
        return false;
    case QUERY_NULL:
        return false;
    case QUERY_NOT_NULL:
    default:
        return true;
    }
}

typedef enum select_part { PART_TIES, PART_BEYOND, PART_FIRST, PART_NULLS } select_part;

typedef struct selection {
    const record_query *query;
    uint8_t order;
    bool by_id;
    bool after_holds;           /* the value of `after` is one that the terms let through */
    bool never_null, only_null; /* what the terms say of the order's field */
    size_t limit;
    size_t parts;
} selection;

/* `of_table`: of a select from the table itself, not from parts of it. */
static void write_order(sql_builder *b, const selection *s, bool by_id, bool of_table) {
    const char *descending = s->query->descending ? " DESC" : "";
    /* Where few rows are sorted, SQLite must not take another index for giving the order. */
    const char *hidden = of_table && b->hides && b->plan.is_chosen && !b->plan.is_ordered ? "+" : "";
    text_write(&b->text, TEXT(" ORDER BY "));
    for (size_t i = 0; of_table && i < s->query->term_count; i++) {
        if (s->query->terms[i].is == QUERY_NULL) {
            text_printf(&b->text, "%s\"%s\"%s, ", hidden, record_column(b->binding->table, s->query->terms[i].field),
                        descending);
        }
    }
    if (!by_id) {
        text_printf(&b->text, "%s\"%s\"%s, ", hidden, record_column(b->binding->table, s->order), descending);
    }
    text_printf(&b->text, "%sid%s LIMIT %zu", hidden, descending, s->limit);
}

/* A term of the order's field, where that is compared with `after` too. */
static sluice_result write_order_term(sql_builder *b, const selection *s, select_part part, const query_term *term,
                                      bool hidden, sluice_error *error) {
    bool near = s->query->descending ? term->is == QUERY_LESS || term->is == QUERY_LESS_EQUAL
                                     : term->is == QUERY_GREATER || term->is == QUERY_GREATER_EQUAL;
    if (part == PART_TIES || near) {
        return SLUICE_OK;
    }
    if (term->is == QUERY_PREFIX) {
        return write_prefix(b, term, hidden, s->query->descending, !s->query->descending, error);
    }
    return write_term(b, term, hidden, error);
}

/* `one`: of the choice that is taken apart, this value; NULL: there is none. */
static sluice_result write_part_terms(sql_builder *b, const selection *s, select_part part, const record_value *one,
                                      sluice_error *error) {
    const record_plan *plan = &b->plan;
    bool implied = s->after_holds && (part == PART_TIES || part == PART_BEYOND);
    sluice_result result = SLUICE_OK;
    b->has_where = false;
    for (size_t i = 0; result == SLUICE_OK && i < s->query->term_count; i++) {
        const query_term *term = &s->query->terms[i];
        bool searched = i < 64 && (plan->terms >> i & 1) != 0;
        bool hidden = plan->is_chosen && !searched && !(plan->is_ordered && term->field == s->order);
        if (one != NULL && (int)i == plan->taken_apart) {
            result = write_comparison(b, term->field, false, "=", *one, error);
        } else if (implied && term->field == s->order) {
            result = write_order_term(b, s, part, term, hidden, error);
        } else {
            result = write_term(b, term, hidden, error);
        }
    }
    return result;
}

/* "SELECT … LIMIT n": the part's rows, or those with one value of the choice. */
static sluice_result write_arm(sql_builder *b, const selection *s, select_part part, const record_value *one,
                               sluice_error *error) {
    const record_query *q = s->query;
    const char *beyond = q->descending ? "<" : ">";
    bool hidden = b->plan.is_chosen && !b->plan.is_ordered;
    text_printf(&b->text, "SELECT %s FROM \"%s\"", b->binding->columns, b->binding->name);
    sluice_result result = write_part_terms(b, s, part, one, error);
    if (result == SLUICE_OK && part == PART_TIES) {
        result = write_comparison(b, s->order, hidden, "=", q->after, error);
    } else if (result == SLUICE_OK && part == PART_BEYOND) {
        result = write_comparison(b, s->order, hidden, beyond, q->after, error);
    } else if (part == PART_NULLS) {
        write_null(b, s->order, hidden, "IS NULL");
    } else if (part == PART_FIRST && !s->never_null && !s->by_id) {
        write_null(b, s->order, hidden, "IS NOT NULL");
    }
    bool goes_on = q->has_after && (part == PART_TIES || s->by_id || (part == PART_NULLS && q->after.is_null));
    if (result == SLUICE_OK && goes_on) {
        result = write_comparison(b, QUERY_ID, hidden, beyond, value_integer(q->after_id), error);
    }
    write_order(b, s, s->by_id || part == PART_TIES, true);
    return result;
}

static bool is_new_value(const query_term *term, size_t at, char letter) {
    for (size_t i = 0; i < at; i++) {
        if (compare(term->values[i], term->values[at], letter) == 0) {
            return false;
        }
    }
    return true;
}

static sluice_result write_part(sql_builder *b, selection *s, select_part part, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    text_write(&b->text, s->parts == 0 ? TEXT("SELECT * FROM (") : TEXT(" UNION ALL SELECT * FROM ("));
    if (b->plan.taken_apart < 0) {
        result = write_arm(b, s, part, NULL, error);
    } else {
        const query_term *choice = &s->query->terms[b->plan.taken_apart];
        char letter = letter_of(b->binding->table, choice->field);
        for (size_t i = 0; result == SLUICE_OK && i < choice->value_count; i++) {
            if (is_new_value(choice, i, letter)) {
                text_write(&b->text, i == 0 ? TEXT("SELECT * FROM (") : TEXT(" UNION ALL SELECT * FROM ("));
                result = write_arm(b, s, part, &choice->values[i], error);
                text_printf(&b->text, ") AS arm%zu", i);
            }
        }
        write_order(b, s, s->by_id || part == PART_TIES, false);
    }
    text_printf(&b->text, ") AS part%zu", s->parts++);
    return result;
}

static void look_at_terms(selection *s, char letter) {
    const record_query *q = s->query;
    s->after_holds = q->has_after && !q->after.is_null;
    for (size_t i = 0; i < q->term_count; i++) {
        if (q->terms[i].field == s->order) {
            s->only_null = s->only_null || q->terms[i].is == QUERY_NULL;
            s->never_null = s->never_null || q->terms[i].is != QUERY_NULL;
            s->after_holds = s->after_holds && term_holds(&q->terms[i], q->after, letter);
        }
    }
}

sluice_result record_sql_select(sql_builder *b, const record_query *query, sluice_error *error) {
    const record_table *table = b->binding->table;
    selection s = {.query = query,
                   .order = query->order == RECORD_END ? QUERY_ID : query->order,
                   .limit = query->limit == 0 ? LIMIT_DEFAULT : query->limit};
    if (record_column(table, s.order) == NULL || s.limit > LIMIT_MAX) {
        return error_set(error, SLUICE_E_INVALID, "%s cannot be listed so: by a field it has not, or more than %d rows",
                         table->name, LIMIT_MAX);
    }
    if (b->plan.taken_apart >= 0 && query->terms[b->plan.taken_apart].value_count == 0) {
        b->plan.taken_apart = -1; /* a choice of nothing */
    }
    s.by_id = s.order == QUERY_ID;
    s.never_null = s.order >= table->field_count; /* id and times */
    look_at_terms(&s, letter_of(table, s.order));
    bool in_nulls = !s.by_id && query->has_after && query->after.is_null;
    sluice_result result = SLUICE_OK;
    if (query->has_after && !s.by_id && !in_nulls) {
        result = write_part(b, &s, PART_TIES, error);
        result = result == SLUICE_OK ? write_part(b, &s, PART_BEYOND, error) : result;
    } else if (!in_nulls && (!s.only_null || s.never_null)) {
        result = write_part(b, &s, PART_FIRST, error);
    }
    if (result == SLUICE_OK && (!s.never_null || in_nulls)) { /* in_nulls of what is never null: valid, and empty */
        result = write_part(b, &s, PART_NULLS, error);
    }
    if (s.parts > 1) {
        text_printf(&b->text, " LIMIT %zu", s.limit);
    }
    return finish(b, result, error);
}

sluice_result record_sql_count(sql_builder *b, const record_query *query, uint64_t limit, sluice_error *error) {
    text_printf(&b->text, limit == 0 ? "SELECT count(*) FROM \"%s\"" : "SELECT count(*) FROM (SELECT 1 FROM \"%s\"",
                b->binding->name);
    sluice_result result = write_terms(b, query, error);
    if (limit != 0) {
        text_printf(&b->text, " LIMIT %llu) AS counted", (unsigned long long)limit);
    }
    return finish(b, result, error);
}

/* The columns of the groups, each with a comma behind it; how many there are. */
static sluice_result write_groups(sql_builder *b, const uint8_t by[2], char columns_out[5], size_t *count_out,
                                  sluice_error *error) {
    const record_table *table = b->binding->table;
    *count_out = 0;
    text_write(&b->text, TEXT("SELECT "));
    for (size_t i = 0; i < 2 && by[i] != RECORD_END; i++) {
        if (by[i] >= table->field_count) {
            return invalid_term(b, by[i], "groups are made by fields", error);
        }
        text_printf(&b->text, "\"%s\", ", table->fields[by[i]].name);
        columns_out[(*count_out)++] = letter_of(table, by[i]);
    }
    memcpy(columns_out + *count_out, "ii", 3);
    return SLUICE_OK;
}

static void write_group_order(sql_builder *b, const uint8_t by[2], size_t count) {
    const record_field *fields = b->binding->table->fields;
    for (size_t i = 0; i < count; i++) {
        text_printf(&b->text, i == 0 ? " GROUP BY \"%s\"" : ", \"%s\"", fields[by[i]].name);
    }
    for (size_t i = 0; i < count; i++) {
        text_printf(&b->text, i == 0 ? " ORDER BY \"%s\" NULLS LAST" : ", \"%s\" NULLS LAST", fields[by[i]].name);
    }
}

sluice_result record_sql_group(sql_builder *b, const record_query *query, const uint8_t by[2], uint8_t sum,
                               char columns_out[5], sluice_error *error) {
    const record_table *table = b->binding->table;
    size_t count = 0;
    if (sum != RECORD_END && (sum >= table->field_count || letter_of(table, sum) != 'i')) {
        return invalid_term(b, sum, "only numbers have a sum", error);
    }
    sluice_result result = write_groups(b, by, columns_out, &count, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (sum == RECORD_END) {
        text_printf(&b->text, "count(*), CAST(0 AS BIGINT) FROM \"%s\"", b->binding->name);
    } else {
        text_printf(&b->text, "count(*), CAST(coalesce(sum(\"%s\"), 0) AS BIGINT) FROM \"%s\"", table->fields[sum].name,
                    b->binding->name);
    }
    result = write_terms(b, query, error);
    write_group_order(b, by, count);
    return finish(b, result, error);
}

/* Of different rows, not count(DISTINCT …): PostgreSQL sorts for that, and hashes for this. */
sluice_result record_sql_distinct(sql_builder *b, const record_query *query, const uint8_t by[2], uint8_t field,
                                  char columns_out[5], sluice_error *error) {
    const record_table *table = b->binding->table;
    size_t count = 0;
    if (field >= table->field_count || letter_of(table, field) == 'b') {
        return invalid_term(b, field, "only fields that are no blobs have different values", error);
    }
    sluice_result result = write_groups(b, by, columns_out, &count, error);
    if (result != SLUICE_OK) {
        return result;
    }
    text_write(&b->text, TEXT("count(*), CAST(0 AS BIGINT) FROM (SELECT DISTINCT "));
    for (size_t i = 0; i < count; i++) {
        text_printf(&b->text, "\"%s\", ", table->fields[by[i]].name);
    }
    text_printf(&b->text, "\"%s\" FROM \"%s\"", table->fields[field].name, b->binding->name);
    result = write_terms(b, query, error);
    write_null(b, field, false, "IS NOT NULL");
    text_write(&b->text, TEXT(") AS seen"));
    write_group_order(b, by, count);
    return finish(b, result, error);
}

/* "count(*) FILTER (WHERE …)": an aggregate over the rows where the measure's terms hold. */
static sluice_result write_measure(sql_builder *b, const record_measure *measure, bool in_groups, sluice_error *error) {
    const record_table *table = b->binding->table;
    bool is_sum = measure->kind == MEASURE_SUM, is_distinct = measure->kind == MEASURE_DISTINCT;
    if (measure->kind != MEASURE_COUNT &&
        (measure->field >= table->field_count || letter_of(table, measure->field) == (is_sum ? 't' : 'b') ||
         (is_sum && letter_of(table, measure->field) == 'b'))) {
        return invalid_term(b, measure->field, "only numbers have a sum, and blobs have no different values", error);
    }
    if (is_sum) {
        text_printf(&b->text, "sum(\"%s\")", table->fields[measure->field].name);
    } else {
        text_write(&b->text, in_groups && is_distinct ? TEXT("max(1)") : TEXT("count(*)"));
    }
    sluice_result result = SLUICE_OK;
    b->has_where = false;
    if (measure->term_count > 0 || is_distinct) {
        text_write(&b->text, TEXT(" FILTER ("));
        for (size_t i = 0; result == SLUICE_OK && i < measure->term_count; i++) {
            result = write_term(b, &measure->terms[i], false, error);
        }
        if (is_distinct) {
            write_null(b, measure->field, false, "IS NOT NULL");
        }
        text_write_char(&b->text, ')');
    }
    return result;
}

/* Different values are counted as groups: each group says for each measure what it adds, and these are summed up. So a
 * field's values are gone through once, in an index's order where there is one. */
sluice_result record_sql_measure(sql_builder *b, const record_query *query, const record_measure *measures,
                                 size_t count, uint8_t distinct, sluice_error *error) {
    bool in_groups = distinct != RECORD_END;
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; i < count; i++) {
        text_printf(&b->text, "%s CAST(coalesce(sum(m%zu), 0) AS BIGINT)", i == 0 ? "SELECT" : ",", i);
    }
    text_write(&b->text, TEXT(" FROM (SELECT "));
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        text_write(&b->text, i == 0 ? TEXT("") : TEXT(", "));
        result = write_measure(b, &measures[i], in_groups, error);
        text_printf(&b->text, " AS m%zu", i);
    }
    text_printf(&b->text, " FROM \"%s\"", b->binding->name);
    result = result == SLUICE_OK ? write_terms(b, query, error) : result;
    if (in_groups && distinct < b->binding->table->field_count) {
        text_printf(&b->text, " GROUP BY \"%s\"", b->binding->table->fields[distinct].name);
    }
    text_write(&b->text, TEXT(") AS seen"));
    return finish(b, result, error);
}
