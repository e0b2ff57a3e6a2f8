/* What a record must be before it is written, and what a description must be before tables are made from it. */
#include <string.h>

#include "base/error.h"
#include "store/record_private.h"

#define TEXT_BYTES_MAX 4000u
#define KEY_BYTES_MAX 300u /* of the graph's keys, 255 and their kind */

static uint32_t bytes_max(const record_field *field) {
    if (field->bytes_max != 0) {
        return field->bytes_max;
    }
    return field->type == FIELD_KEY || field->type == FIELD_CODE ? KEY_BYTES_MAX : TEXT_BYTES_MAX;
}

/* "new|assigned|closed" has "assigned". */
static bool codes_have(const char *codes, sluice_text code) {
    sluice_text rest = text_of(codes), word;
    bool more = true;
    while (more) {
        more = text_split(rest, '|', &word, &rest);
        if (text_equal(word, code)) {
            return true;
        }
    }
    return false;
}

static sluice_result check_text(const record_field *field, sluice_text text, sluice_error *error) {
    if (text.length > bytes_max(field)) {
        return error_set(error, SLUICE_E_INVALID, "%s is %zu bytes long: %u are allowed", field->name, text.length,
                         bytes_max(field));
    }
    if (field->type == FIELD_BLOB || text.length == 0) {
        return SLUICE_OK;
    }
    if (!text_is_utf8(text) || memchr(text.data, '\0', text.length) != NULL) {
        return error_set(error, SLUICE_E_INVALID, "%s is not valid UTF-8 text", field->name);
    }
    return SLUICE_OK;
}

static sluice_result check_value(const record_field *field, const record_value *value, sluice_error *error) {
    if (value->is_null) {
        return (field->flags & FIELD_REQUIRED) == 0 ? SLUICE_OK
                                                    : error_set(error, SLUICE_E_INVALID, "%s is missing", field->name);
    }
    if (field->type == FIELD_BOOLEAN && value->integer != 0 && value->integer != 1) {
        return error_set(error, SLUICE_E_INVALID, "%s must be true or false", field->name);
    }
    if (field->type == FIELD_REFERENCE && value->integer < 1) {
        return error_set(error, SLUICE_E_INVALID, "%s must be the id of a record of %s", field->name, field->target);
    }
    if (!field_is_text(field->type)) {
        return SLUICE_OK;
    }
    sluice_result result = check_text(field, value->text, error);
    if (result == SLUICE_OK && field->type == FIELD_CODE && field->codes != NULL &&
        !codes_have(field->codes, value->text)) {
        result = error_set(error, SLUICE_E_INVALID, "%s is '%.*s': it must be one of %s", field->name,
                           value->text.length > 40 ? 40 : TEXT_ARGS(value->text), field->codes);
    }
    return result;
}

static sluice_result check_index(const record *r, const record_index *index, sluice_error *error) {
    size_t bytes = 0;
    for (size_t i = 0; i < RECORD_INDEX_FIELDS && index->fields[i] != RECORD_END; i++) {
        uint8_t field = index->fields[i];
        if (field < r->table->field_count && field_is_text(r->table->fields[field].type) && !r->values[field].is_null) {
            bytes += r->values[field].text.length;
            if (bytes > RECORD_INDEX_BYTES_MAX) {
                return error_set(error, SLUICE_E_INVALID,
                                 "%s is too long: what is sorted and searched by may have %d bytes",
                                 r->table->fields[field].name, RECORD_INDEX_BYTES_MAX);
            }
        }
    }
    return SLUICE_OK;
}

sluice_result record_check(const record *r, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && i < r->table->field_count; i++) {
        result = check_value(&r->table->fields[i], &r->values[i], error);
    }
    for (size_t i = 0; result == SLUICE_OK && i < r->table->index_count; i++) {
        result = check_index(r, &r->table->indexes[i], error);
    }
    return result == SLUICE_OK ? result : error_prefix(error, result, "%s", r->table->name);
}

static bool is_name(const char *name) {
    size_t length = strlen(name);
    return length > 0 && length <= RECORD_NAME_BYTES_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == length;
}

static bool is_taken(const record_table *table, size_t field) {
    static const char *const OWN[] = {"id", "version", "created_ms", "updated_ms", "checksum"};
    const char *name = table->fields[field].name;
    for (size_t i = 0; i < sizeof OWN / sizeof *OWN; i++) {
        if (strcmp(OWN[i], name) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < field; i++) {
        if (strcmp(table->fields[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

sluice_result record_check_table(const record_table *table, sluice_error *error) {
    if (!is_name(table->name) || table->field_count > RECORD_FIELDS_MAX) {
        return error_set(error, SLUICE_E_INVALID, "'%s' cannot be a table: its name or the number of its fields",
                         table->name);
    }
    for (size_t i = 0; i < table->field_count; i++) {
        const record_field *field = &table->fields[i];
        if (!is_name(field->name) || is_taken(table, i) || (unsigned)field->type >= FIELD_TYPE_COUNT) {
            return error_set(error, SLUICE_E_INVALID, "'%s' cannot be a field of %s", field->name, table->name);
        }
    }
    for (size_t i = 0; i < table->index_count; i++) {
        const record_index *index = &table->indexes[i];
        for (size_t f = 0; f < RECORD_INDEX_FIELDS && index->fields[f] != RECORD_END; f++) {
            if (index->fields[f] >= table->field_count && record_column(table, index->fields[f]) == NULL) {
                return error_set(error, SLUICE_E_INVALID, "index %zu of %s names a field that is not there", i,
                                 table->name);
            }
        }
    }
    return SLUICE_OK;
}
