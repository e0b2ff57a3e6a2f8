#include "gateway/bank_table.h"

#include <string.h>

#include "base/error.h"
#include "desk/dated.h"

enum { ROWS_MAX = 2000, BYTES_MAX = 100000 };

/* The next word; false: none. */
static bool next_word(sluice_text *rest, sluice_text *word) {
    *rest = text_trim(*rest);
    if (rest->length == 0) {
        return false;
    }
    sluice_text after;
    (void)text_split(*rest, ' ', word, &after);
    *rest = after;
    return true;
}

static bool parse_type(sluice_text word, bank_field *field) {
    static const char *const NAMES[] = {"text", "time", "amount", "count"};
    sluice_text name, size, nothing;
    uint64_t bytes = 0;
    if (!text_split(word, '(', &name, &size) || !text_split(size, ')', &size, &nothing) || nothing.length > 0 ||
        !text_to_u64(size, &bytes) || bytes == 0 || bytes > BYTES_MAX) {
        return false;
    }
    field->bytes_max = (size_t)bytes;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (text_equal(name, text_of(NAMES[i]))) {
            field->type = (bank_type)i;
            return true;
        }
    }
    return false;
}

static bool is_name(sluice_text name) {
    bool begins = true;
    for (size_t i = 0; i < name.length; i++) {
        char at = name.data[i];
        bool letter = (at >= 'A' && at <= 'Z') || (at >= 'a' && at <= 'z') || at == '_';
        bool fits = letter || (!begins && ((at >= '0' && at <= '9') || at == '.'));
        if (!fits) {
            return false;
        }
        begins = at == '.';
    }
    return name.length > 0 && !begins;
}

bool bank_field_parse(sluice_text value, bank_field *field) {
    sluice_text rest = value, word, left, right;
    field->required = false;
    field->codes = (sluice_text){0};
    if (!next_word(&rest, &field->name) || !is_name(field->name) || !next_word(&rest, &word) ||
        !parse_type(word, field)) {
        return false;
    }
    for (sluice_text before = rest; next_word(&rest, &word); before = rest) {
        if (text_equal(word, TEXT("required"))) {
            field->required = true;
        } else if (text_split(word, '=', &left, &right) && left.length > 0 && right.length > 0) {
            field->codes = field->codes.length == 0 ? text_trim(before) : field->codes;
        } else {
            return false;
        }
    }
    return true;
}

/* Rows of one dated table that hold at the moment; of two for one code the later. */
static sluice_result read_rows(store *s, sluice_text name, int64_t at_ms, arena *a, bank_code **rows_out,
                               size_t *count_out, sluice_error *error) {
    const record_table *table = DATED_KIND.table;
    uint8_t name_field = record_field_find(table, TEXT("name")), state = record_field_find(table, TEXT("state"));
    uint8_t code = record_field_find(table, TEXT("code")), value = record_field_find(table, TEXT("value"));
    uint8_t from = record_field_find(table, TEXT("valid_from")), to = record_field_find(table, TEXT("valid_to"));
    query_term terms[2] = {{state, QUERY_EQUAL, value_text(TEXT("holds")), NULL, 0},
                           {name_field, QUERY_EQUAL, value_text(name), NULL, 0}};
    record_query query = {.table = table, .terms = terms, .term_count = 2, .order = QUERY_ID, .limit = ROWS_MAX};
    record *rows = NULL;
    size_t count = 0;
    *count_out = 0;
    sluice_result result = store_select(s, &query, a, &rows, &count, error);
    *rows_out = result == SLUICE_OK ? arena_alloc(a, (count + 1) * sizeof **rows_out) : NULL;
    if (result == SLUICE_OK && *rows_out == NULL) {
        return error_no_memory(error, count * sizeof **rows_out);
    }
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        const record_value *v = rows[i].values;
        if (v[from].integer <= at_ms && (v[to].is_null || at_ms < v[to].integer)) {
            (*rows_out)[(*count_out)++] = (bank_code){v[code].text, value_text_or_empty(&v[value])};
        }
    }
    return result;
}

sluice_result bank_table_load(store *s, sluice_text fields, int64_t at_ms, arena *a, bank_table *table,
                              sluice_error *error) {
    bank_code *rows = NULL;
    size_t count = 0;
    *table = (bank_table){0};
    sluice_result result = read_rows(s, TEXT("bank_message"), at_ms, a, &table->messages, &table->message_count, error);
    result = result == SLUICE_OK
                 ? read_rows(s, TEXT("bank_result"), at_ms, a, &table->results, &table->result_count, error)
                 : result;
    result = result == SLUICE_OK ? read_rows(s, fields, at_ms, a, &rows, &count, error) : result;
    table->fields = result == SLUICE_OK ? arena_alloc(a, (count + 1) * sizeof *table->fields) : NULL;
    if (result == SLUICE_OK && table->fields == NULL) {
        return error_no_memory(error, count * sizeof *table->fields);
    }
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        bank_field *field = &table->fields[table->field_count++];
        if (!text_split(rows[i].code, '.', &field->message, &field->field) || !bank_field_parse(rows[i].value, field)) {
            return error_set(error, SLUICE_E_INPUT,
                             "dated table %.*s, row %.*s: NAME type(bytes) [required] [ours=theirs …] is expected",
                             TEXT_ARGS(fields), TEXT_ARGS(rows[i].code));
        }
    }
    return result;
}

sluice_text bank_message_code(const bank_table *table, sluice_text message, size_t place) {
    for (size_t i = table->message_count; i-- > 0;) {
        if (text_equal(table->messages[i].code, message)) {
            sluice_text order, feedback;
            (void)text_split(table->messages[i].value, ' ', &order, &feedback);
            return place == 0 ? order : text_trim(feedback);
        }
    }
    return (sluice_text){0};
}

sluice_text bank_message_of(const bank_table *table, sluice_text order_code) {
    for (size_t i = table->message_count; i-- > 0;) {
        if (text_equal(bank_message_code(table, table->messages[i].code, 0), order_code)) {
            return table->messages[i].code;
        }
    }
    return (sluice_text){0};
}

sluice_text bank_result_of(const bank_table *table, sluice_text code) {
    for (size_t i = table->result_count; i-- > 0;) {
        if (text_equal(table->results[i].code, code)) {
            return table->results[i].value;
        }
    }
    return (sluice_text){0};
}

const bank_field *bank_field_of(const bank_table *table, sluice_text message, sluice_text field) {
    const bank_field *found = NULL;
    for (size_t i = 0; i < table->field_count; i++) {
        const bank_field *row = &table->fields[i];
        bool is_own = text_equal(row->message, message);
        if (text_equal(row->field, field) && (is_own || (found == NULL && text_equal(row->message, TEXT("*"))))) {
            found = row;
            if (is_own) {
                return found;
            }
        }
    }
    return found;
}
