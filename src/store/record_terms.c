/* Conditions: what the terms of a query become in a statement, with their parameters.
 *
 * Numbers of parameters appear for the first time in rising order, which is how SQLite counts them. */
#include <string.h>

#include "base/error.h"
#include "store/record_private.h"

char sql_letter(const record_table *table, uint8_t field) {
    return field < table->field_count ? field_letter(table->fields[field].type) : 'i';
}

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

sluice_result sql_invalid_term(const sql_builder *b, uint8_t field, const char *why, sluice_error *error) {
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

sluice_result sql_write_comparison(sql_builder *b, uint8_t field, bool hidden, const char *operator, record_value value,
                                   sluice_error *error) {
    if (value.is_null) {
        return sql_invalid_term(b, field, "null is neither equal nor less nor greater", error);
    }
    sluice_result result = add_parameter(b, sql_letter(b->binding->table, field), value, error);
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

sluice_result sql_write_prefix(sql_builder *b, const query_term *term, bool hidden, bool low, bool high,
                               sluice_error *error) {
    sluice_text prefix = term->value.text;
    if (sql_letter(b->binding->table, term->field) != 't' || term->value.is_null || prefix.length > PREFIX_BYTES_MAX ||
        !text_is_utf8(prefix) || b->prefix_count == sizeof b->prefix_ends / sizeof *b->prefix_ends) {
        return sql_invalid_term(b, term->field, "a prefix is a text of at most 255 bytes", error);
    }
    char *end = b->prefix_ends[b->prefix_count++];
    size_t end_length = 0;
    sluice_result result = SLUICE_OK;
    if (low) { /* by the empty prefix, all but nulls */
        result = sql_write_comparison(b, term->field, hidden, ">=", term->value, error);
    }
    if (result == SLUICE_OK && high && prefix_end(prefix, end, &end_length)) {
        result = sql_write_comparison(b, term->field, hidden, "<", value_text((sluice_text){end, end_length}), error);
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
            return sql_invalid_term(b, term->field, "null is equal to nothing", error);
        }
        result = add_parameter(b, sql_letter(b->binding->table, term->field), term->values[i], error);
        text_printf(&b->text, i == 0 ? "$%zu" : ", $%zu", b->count);
    }
    text_write_char(&b->text, ')');
    return result;
}

void sql_write_null(sql_builder *b, uint8_t field, bool hidden, const char *condition) {
    write_column(b, field, hidden);
    text_printf(&b->text, " %s", condition);
}

static const char *const COMPARISONS[] = {
    [QUERY_EQUAL] = "=",       [QUERY_NOT_EQUAL] = "<>", [QUERY_LESS] = "<",
    [QUERY_LESS_EQUAL] = "<=", [QUERY_GREATER] = ">",    [QUERY_GREATER_EQUAL] = ">="};

sluice_result sql_write_term(sql_builder *b, const query_term *term, bool hidden, sluice_error *error) {
    if (record_column(b->binding->table, term->field) == NULL) {
        return sql_invalid_term(b, term->field, "fields have lower numbers", error);
    }
    switch (term->is) {
    case QUERY_EQUAL:
    case QUERY_NOT_EQUAL:
    case QUERY_LESS:
    case QUERY_LESS_EQUAL:
    case QUERY_GREATER:
    case QUERY_GREATER_EQUAL:
        return sql_write_comparison(b, term->field, hidden, COMPARISONS[term->is], term->value, error);
    case QUERY_PREFIX:
        return sql_write_prefix(b, term, hidden, true, true, error);
    case QUERY_IN:
        return write_in(b, term, hidden, error);
    case QUERY_NULL:
        sql_write_null(b, term->field, hidden, "IS NULL");
        return SLUICE_OK;
    case QUERY_NOT_NULL:
        sql_write_null(b, term->field, hidden, "IS NOT NULL");
        return SLUICE_OK;
    default:
        return sql_invalid_term(b, term->field, "there is no such comparison", error);
    }
}

sluice_result sql_write_terms(sql_builder *b, const record_query *query, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    b->has_where = false;
    for (size_t i = 0; result == SLUICE_OK && i < query->term_count; i++) {
        bool searched = i < 64 && (b->plan.terms >> i & 1) != 0;
        result = sql_write_term(b, &query->terms[i], b->plan.is_chosen && !searched, error);
    }
    return result;
}

sluice_result sql_finish(const sql_builder *b, sluice_result result, sluice_error *error) {
    return result == SLUICE_OK && b->text.failed ? error_no_memory(error, 1000) : result;
}
