/* csv: delimited text of any bank, under a mapping, and the canonical files without one. */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "signal/mapped.h"

/* ---- columns ---- */

/* The delimiter that the first line has most of. */
static char guess_delimiter(const format_reader *reader, uint64_t skip_lines) {
    static const char CANDIDATES[] = {',', '\t', '|', ';'};
    size_t counts[sizeof CANDIDATES] = {0};
    const csv_shape lines = {.delimiter = ','};
    csv_record record = {.next = encoding_mark_bytes(reader->text)};
    for (uint64_t i = 0; i <= skip_lines; i++) {
        if (!csv_record_next(&lines, reader->text.data, reader->text.length, record.next, &record)) {
            return ',';
        }
    }
    size_t best = 0;
    for (size_t i = 0; i < record.text.length; i++) {
        for (size_t j = 0; j < sizeof CANDIDATES; j++) {
            counts[j] += record.text.data[i] == CANDIDATES[j];
            best = counts[j] > counts[best] ? j : best;
        }
    }
    return CANDIDATES[best];
}

static size_t count_name(const format_reader *reader, sluice_text name, size_t *place_out) {
    size_t count = 0;
    for (size_t i = 0; reader->columns != NULL && i < reader->column_count; i++) {
        if (text_equal(reader->columns[i], name)) {
            *place_out = count == 0 ? i : *place_out;
            count++;
        }
    }
    return count;
}

static sluice_result find_column(format_reader *reader, const mapping_column *column, size_t *place_out,
                                 sluice_error *error) {
    char columns[300];
    *place_out = FORMAT_NO_COLUMN;
    if (column->place > 0) {
        *place_out = column->place - 1;
        if (reader->columns == NULL || *place_out < reader->column_count) {
            return SLUICE_OK;
        }
        return error_set(error, SLUICE_E_INPUT,
                         "%s has %zu columns and the mapping names column %zu: check the mapping", reader->source->path,
                         reader->column_count, column->place);
    }
    size_t count = count_name(reader, column->name, place_out);
    if (count == 1 || (count == 0 && column->optional)) {
        return SLUICE_OK;
    }
    reader_columns_text(reader, columns, sizeof columns);
    if (count > 1) {
        return error_set(
            error, SLUICE_E_INPUT,
            "%s has %zu columns called '%.*s': say which by its number in the mapping file (the first is 1)",
            reader->source->path, count, TEXT_ARGS(column->name));
    }
    return error_set(error, SLUICE_E_INPUT,
                     "%s has no column '%.*s'; its columns are %s (delimiter '%c', %s): correct the mapping file, its "
                     "\"skip_lines\", or the file's encoding",
                     reader->source->path, TEXT_ARGS(column->name), columns, reader->shape.delimiter,
                     reader->encoding == ENCODING_UTF8 ? "UTF-8" : "GB18030");
}

static sluice_result find_columns(format_reader *reader, mapped_state *state, sluice_error *error) {
    const mapping *mapping = state->mapping;
    for (size_t i = 0; i < mapping->column_count; i++) {
        const mapping_column *column = &mapping->columns[i];
        sluice_result result = find_column(reader, column, &state->places[i], error);
        if (result != SLUICE_OK) {
            return result;
        }
        state->names[i] = column->name;
        if (column->name.length == 0 && reader->columns != NULL) {
            state->names[i] = reader->columns[column->place - 1];
        }
    }
    return SLUICE_OK;
}

/* ---- rows ---- */

/* Splits, and puts the values of the mapping's columns in their places. A row may end in empty fields that the header
 * has not: many banks write a delimiter at the end of each line. */
static void split(format_row *row) {
    format_reader *reader = row->reader;
    mapped_state *state = reader->state;
    row->field_count = csv_split(&reader->shape, row->text, &row->chunk->texts, row->fields, FORMAT_COLUMNS_MAX);
    if (row->field_count == SIZE_MAX) {
        row->no_memory = true;
        return;
    }
    size_t count = row->field_count;
    while (reader->column_count > 0 && count > reader->column_count && count <= FORMAT_COLUMNS_MAX &&
           row->fields[count - 1].length == 0) {
        count--;
    }
    if (reader->column_count > 0 && count != reader->column_count) {
        row_reject(
            row, (sluice_text){NULL, 0},
            "列数不符 / the line has %zu fields and the header %zu: a field that contains the delimiter must be in "
            "quotation marks, and no line may be cut",
            row->field_count, reader->column_count);
        return;
    }
    for (size_t i = 0; i < state->mapping->column_count; i++) {
        size_t place = state->places[i];
        state->values[i] = (sluice_text){NULL, 0};
        if (place < count && place < FORMAT_COLUMNS_MAX) {
            state->values[i] = row->fields[place];
        } else if (!state->mapping->columns[i].optional) {
            row_reject(row, (sluice_text){NULL, 0},
                       "列数不符 / the line has %zu fields and the mapping names column %zu", row->field_count,
                       place + 1);
            return;
        }
    }
}

static sluice_result open_source(format_reader *reader, sluice_error *error) {
    sluice_result result = mapped_open(reader, error);
    if (result != SLUICE_OK) {
        return result;
    }
    mapped_state *state = reader->state;
    const mapping *mapping = state->mapping;
    reader->shape.quotes = mapping->quotes;
    reader->shape.delimiter =
        mapping->delimiter != '\0' ? mapping->delimiter : guess_delimiter(reader, mapping->skip_lines);
    reader->split = split;
    if (mapping->header) {
        result = reader_header(reader, mapping->skip_lines, error);
    } else {
        reader_skip_lines(reader, mapping->skip_lines);
    }
    return result != SLUICE_OK ? result : find_columns(reader, state, error);
}

/* ---- files ---- */

static bool is_table(const char *path) {
    return plan_has_suffix(path, ".csv") || plan_has_suffix(path, ".tsv") || plan_has_suffix(path, ".txt");
}

static sluice_result plan_entry(format_plan *plan, const char *path, const char *name, sluice_error *error) {
    canonical_role role =
        plan->mapping == NULL && plan_has_suffix(name, ".csv") ? canonical_role_of(plan_stem(path)) : CANONICAL_MAPPED;
    bool readable =
        file_kind_of(path) == FILE_REGULAR && (plan->mapping == NULL ? role != CANONICAL_MAPPED : is_table(path));
    return readable ? plan_add_source(plan, path, (int)role, error) : plan_add_ignored(plan, path, error);
}

static sluice_result plan_folder(format_plan *plan, const char *path, sluice_error *error) {
    size_t before = plan->source_count;
    sluice_result result = plan_visit_folder(plan, path, plan_entry, error);
    if (result == SLUICE_OK && plan->source_count == before) {
        result = error_set(error, SLUICE_E_INPUT, "%s holds no %s: %s", path,
                           plan->mapping == NULL
                               ? "transfers.csv, withdrawals.csv, accounts.csv, holders.csv, devices.csv or "
                                 "logins.csv"
                               : "file that ends in .csv, .tsv or .txt",
                           plan->mapping == NULL ? "give a mapping file for other names and columns (docs/importing.md)"
                                                 : "check the folder, or give the files one by one");
    }
    return result;
}

/* A file of any name without a mapping has the columns of transfers.csv. */
static sluice_result plan_file(format_plan *plan, const char *path, sluice_error *error) {
    canonical_role role = CANONICAL_MAPPED;
    if (plan->mapping == NULL) {
        role = canonical_role_of(plan_stem(path));
        role = role == CANONICAL_MAPPED ? CANONICAL_TRANSFERS : role;
    }
    return plan_add_source(plan, path, (int)role, error);
}

const format_driver csv_driver = {"csv", plan_folder, plan_file, open_source, mapped_close};
