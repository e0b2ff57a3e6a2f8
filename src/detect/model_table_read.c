/* A CSV file becomes a table, in two passes: what each column is, then its values.
 *
 * A column is numbers unless most of its values that are not missing are none; then it is a column of classes if it has
 * few different texts (each becomes a feature `column=text` of 0 or 1), else it is an identifier and left out: a model
 * that learns identifiers knows its training rows by heart and nothing else. Whole numbers of fifteen digits and more
 * are identifiers too (card numbers; a float could not hold them). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "detect/model_table_private.h"
#include "detect/model_trees_private.h"

enum { IDENTIFIER_DIGITS = 15, REASON_BYTES = 300 };

/* What a field of the header is. */
typedef enum field_role { ROLE_FEATURE, ROLE_LABEL, ROLE_TIME, ROLE_IGNORED } field_role;

typedef struct field_kind {
    field_role role;
    size_t column; /* of a feature */
    uint64_t numbers, others, long_numbers;
    const char *texts[TABLE_CATEGORIES_MAX]; /* different ones */
    uint32_t text_count;                     /* beyond the limit: TABLE_CATEGORIES_MAX + 1 */
} field_kind;

typedef struct table_reader {
    csv_file file;
    const sluice_table_options *options;
    sluice_table *table;
    field_kind *fields;
    const char **names;
    size_t field_count;
    float *row;
    sluice_table_summary summary;
    sluice_error *error;
} table_reader;

static bool is_ignored(const sluice_table_options *o, sluice_text name) {
    for (size_t i = 0; i < o->ignore_count; i++) {
        if (text_equal(name, text_of(o->ignore[i]))) {
            return true;
        }
    }
    return false;
}

static sluice_result no_column(table_reader *r, const char *what, const char *name) {
    char known[200] = "";
    for (size_t i = 0; i < r->field_count && strlen(known) + 60 < sizeof known; i++) {
        size_t used = strlen(known);
        (void)snprintf(known + used, sizeof known - used, "%s%.40s", i == 0 ? "" : ", ", r->names[i]);
    }
    return error_set(r->error, SLUICE_E_INPUT, "%s: the header has no column %s (%s); it has %zu: %s%s", r->file.path,
                     name, what, r->field_count, known, r->field_count > 8 ? " …" : "");
}

static sluice_result read_header(table_reader *r) {
    const sluice_table_options *o = r->options;
    r->field_count = r->file.field_count;
    r->fields = memory_new_zero(r->field_count, sizeof *r->fields);
    r->names = memory_new_zero(r->field_count, sizeof *r->names);
    if (r->fields == NULL || r->names == NULL) {
        return error_no_memory(r->error, r->field_count * sizeof *r->fields);
    }
    bool has_label = false, has_time = false;
    for (size_t i = 0; i < r->field_count; i++) {
        sluice_text name = r->file.fields[i];
        char *copy = arena_alloc(&r->table->texts, name.length + 32);
        if (copy == NULL) {
            return error_no_memory(r->error, name.length);
        }
        (void)snprintf(copy, name.length + 32, "%.*s", TEXT_ARGS(name));
        if (name.length == 0) {
            (void)snprintf(copy, 32, "column_%zu", i + 1);
        }
        r->names[i] = copy;
        bool is_label = o->label != NULL && text_equal(name, text_of(o->label));
        bool is_time = o->time != NULL && text_equal(name, text_of(o->time));
        r->fields[i].role = is_label && !has_label ? ROLE_LABEL
                            : is_time && !has_time ? ROLE_TIME
                            : is_ignored(o, name)  ? ROLE_IGNORED
                                                   : ROLE_FEATURE;
        has_label |= is_label;
        has_time |= is_time;
    }
    if (o->label != NULL && !has_label) {
        return no_column(r, "the label", o->label);
    }
    if (o->time != NULL && !has_time) {
        return no_column(r, "the time", o->time);
    }
    for (size_t i = 0; i < o->ignore_count; i++) {
        if (csv_file_column(&r->file, o->ignore[i]) == SIZE_MAX) {
            return no_column(r, "to be ignored", o->ignore[i]);
        }
    }
    return SLUICE_OK;
}

/* ---- the first pass ---- */

static bool count_text(table_reader *r, field_kind *kind, sluice_text text) {
    for (uint32_t i = 0; i < kind->text_count && i < TABLE_CATEGORIES_MAX; i++) {
        if (text_equal(text, text_of(kind->texts[i]))) {
            return true;
        }
    }
    if (kind->text_count < TABLE_CATEGORIES_MAX) {
        char *copy = arena_alloc(&r->table->texts, text.length + 1);
        if (copy == NULL) {
            return false;
        }
        memcpy(copy, text.data, text.length);
        copy[text.length] = '\0';
        kind->texts[kind->text_count] = copy;
    }
    kind->text_count += kind->text_count <= TABLE_CATEGORIES_MAX;
    return true;
}

static bool is_long_number(sluice_text text) {
    size_t digits = 0;
    while (digits < text.length && text.data[digits] >= '0' && text.data[digits] <= '9') {
        digits++;
    }
    return digits == text.length && digits >= IDENTIFIER_DIGITS;
}

static sluice_result survey(table_reader *r) {
    for (bool more = true;;) {
        sluice_result result = csv_file_next(&r->file, &more, r->error);
        if (result != SLUICE_OK || !more) {
            return result;
        }
        if (r->file.defect != NULL || r->file.field_count != r->field_count) {
            continue;
        }
        for (size_t i = 0; i < r->field_count; i++) {
            field_kind *kind = &r->fields[i];
            float value = 0;
            if (kind->role != ROLE_FEATURE || r->file.fields[i].length == 0) {
                continue;
            }
            if (table_parse_number(r->file.fields[i], &value)) {
                kind->numbers++;
                kind->long_numbers += is_long_number(r->file.fields[i]);
            } else {
                kind->others++;
            }
            if (!count_text(r, kind, r->file.fields[i])) {
                return error_no_memory(r->error, r->file.fields[i].length);
            }
        }
    }
}

static void leave_out(table_reader *r, size_t field, const char *reason) {
    r->fields[field].role = ROLE_IGNORED;
    if (r->options->left_out != NULL) {
        r->options->left_out(r->options->context, r->names[field], reason);
    }
}

static int compare_texts(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static sluice_result make_columns(table_reader *r) {
    sluice_table *t = r->table;
    t->columns = memory_new_zero(r->field_count, sizeof *t->columns);
    if (t->columns == NULL) {
        return error_no_memory(r->error, r->field_count * sizeof *t->columns);
    }
    for (size_t i = 0; i < r->field_count; i++) {
        field_kind *kind = &r->fields[i];
        if (kind->role != ROLE_FEATURE) {
            continue;
        }
        bool texts = kind->others > kind->numbers;
        if ((texts && kind->text_count > TABLE_CATEGORIES_MAX) || kind->long_numbers * 2 > kind->numbers) {
            leave_out(r, i,
                      texts ? "more than 32 different texts: taken for an identifier (name it with --ignore)"
                            : "whole numbers of 15 digits and more: taken for an identifier (name it with "
                              "--ignore)");
            continue;
        }
        kind->column = t->column_count++;
        t->columns[kind->column].name = r->names[i];
        if (texts) {
            const char **sorted = arena_copy(&t->texts, kind->texts, kind->text_count * sizeof *sorted);
            if (sorted == NULL) {
                return error_no_memory(r->error, kind->text_count * sizeof *sorted);
            }
            qsort(sorted, kind->text_count, sizeof *sorted, compare_texts);
            t->columns[kind->column].categories = sorted;
            t->columns[kind->column].category_count = kind->text_count;
        }
    }
    if (t->column_count == 0 || t->column_count > MODEL_FEATURES_MAX) {
        return error_set(r->error, SLUICE_E_INPUT, "%s: %zu columns are left as features; a model has from 1 to %u",
                         r->file.path, t->column_count, MODEL_FEATURES_MAX);
    }
    for (size_t i = 0; i < t->column_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(t->columns[i].name, t->columns[k].name) == 0) {
                return error_set(r->error, SLUICE_E_INPUT, "%s: the header has the column %s twice", r->file.path,
                                 t->columns[i].name);
            }
        }
    }
    return SLUICE_OK;
}

/* ---- the second pass ---- */

static void reject(table_reader *r, const char *column, const char *reason) {
    r->summary.rejected++;
    if (r->options->rejected != NULL) {
        r->options->rejected(r->options->context, r->file.line, column, reason);
    }
}

static bool read_value(table_reader *r, size_t field, float *out) {
    const table_column *column = &r->table->columns[r->fields[field].column];
    sluice_text text = r->file.fields[field];
    if (column->categories == NULL) {
        if (table_parse_number(text, out)) {
            return true;
        }
        char reason[REASON_BYTES];
        (void)snprintf(reason, sizeof reason, "expected a number or nothing, found \"%.*s\"",
                       text.length > 40 ? 40 : (int)text.length, text.data);
        reject(r, column->name, reason);
        return false;
    }
    *out = __builtin_nanf("");
    for (uint32_t i = 0; i < column->category_count; i++) {
        if (text_equal(text, text_of(column->categories[i]))) {
            *out = (float)i;
        }
    }
    return true;
}

/* False: the row was rejected. */
static bool read_row(table_reader *r, sluice_text *label, int64_t *time_ms) {
    *label = (sluice_text){NULL, 0};
    *time_ms = TABLE_NO_TIME;
    if (r->file.defect != NULL) {
        reject(r, "", r->file.defect);
        return false;
    }
    if (r->file.field_count != r->field_count) {
        char reason[REASON_BYTES];
        (void)snprintf(reason, sizeof reason, "%zu fields where the header has %zu: quote fields that contain a comma",
                       r->file.field_count, r->field_count);
        reject(r, "", reason);
        return false;
    }
    for (size_t i = 0; i < r->field_count; i++) {
        sluice_text text = r->file.fields[i];
        switch (r->fields[i].role) {
        case ROLE_FEATURE:
            if (!read_value(r, i, &r->row[r->fields[i].column])) {
                return false;
            }
            break;
        case ROLE_LABEL:
            *label = text;
            break;
        case ROLE_TIME:
            if (!time_parse(text, TIME_SHANGHAI_OFFSET_MS, time_ms)) {
                reject(r, r->names[i], "expected a time such as 2022-05-24 10:20:30");
                return false;
            }
            break;
        case ROLE_IGNORED:
            break;
        }
    }
    return true;
}

static sluice_result read_rows(table_reader *r) {
    uint64_t number = 0;
    r->row = memory_new(r->table->column_count * sizeof *r->row);
    if (r->row == NULL) {
        return error_no_memory(r->error, r->table->column_count * sizeof *r->row);
    }
    sluice_result result = csv_file_rewind(&r->file, r->error);
    for (bool more = true; result == SLUICE_OK; number++) {
        result = csv_file_next(&r->file, &more, r->error);
        if (result != SLUICE_OK || !more) {
            break;
        }
        sluice_text label;
        int64_t time_ms = 0;
        if (!read_row(r, &label, &time_ms)) {
            continue;
        }
        result = sluice_table_add(r->table, r->row, label, time_ms, r->error);
        if (result == SLUICE_OK) {
            r->table->numbers[r->table->row_count - 1] = (uint32_t)number;
            r->summary.labelled += label.length > 0;
        } else if (result == SLUICE_E_LIMIT) {
            return error_prefix(r->error, SLUICE_E_INPUT, "%s:%llu", r->file.path, (unsigned long long)r->file.line);
        }
    }
    r->summary.rows = r->table->row_count;
    r->summary.columns = r->table->column_count;
    if (result == SLUICE_OK && r->table->row_count == 0) {
        return error_set(r->error, SLUICE_E_INPUT, "%s: no row is left (%llu were not as expected)", r->file.path,
                         (unsigned long long)r->summary.rejected);
    }
    return result;
}

sluice_result sluice_table_read(const char *path, const sluice_table_options *options, sluice_table **table_out,
                                sluice_table_summary *summary_out, sluice_error *error) {
    static const sluice_table_options NONE = {.size = sizeof NONE};
    table_reader r = {.options = options == NULL ? &NONE : options, .error = error};
    *table_out = NULL;
    *summary_out = (sluice_table_summary){0};
    sluice_result result = table_new(&r.table, error);
    if (result != SLUICE_OK) {
        return result;
    }
    result = csv_file_open(&r.file, path, error);
    if (result == SLUICE_OK) {
        result = read_header(&r);
    }
    if (result == SLUICE_OK) {
        result = survey(&r);
    }
    if (result == SLUICE_OK) {
        result = make_columns(&r);
    }
    if (result == SLUICE_OK) {
        result = read_rows(&r);
    }
    csv_file_close(&r.file);
    memory_free(r.fields);
    memory_free(r.names);
    memory_free(r.row);
    *summary_out = r.summary;
    if (result != SLUICE_OK) {
        sluice_table_free(&r.table);
    }
    *table_out = r.table;
    return result;
}
