/* Tables in memory.
 *
 * Values are one row-major array of floats; a column of texts holds the place of each text in its sorted list. Labels
 * are numbers of classes. A row keeps the number that it has in its file, so that a split and an edge list, which name
 * rows by number, still fit when bad rows were left out.
 *
 * Memory: 4 bytes a value, 17 a row, 12 an edge. */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/text.h"
#include "detect/model_table_private.h"
#include "detect/model_trees_private.h"

const char *sluice_part_name(sluice_part part) {
    static const char *const NAMES[] = {"none", "train", "val", "test", "all"};
    return (unsigned)part < sizeof NAMES / sizeof *NAMES ? NAMES[part] : NULL;
}

sluice_result table_new(sluice_table **table_out, sluice_error *error) {
    *table_out = memory_new_zero(1, sizeof **table_out);
    return *table_out == NULL ? error_no_memory(error, sizeof **table_out) : SLUICE_OK;
}

void sluice_table_free(sluice_table **table) {
    sluice_table *t = *table;
    if (t != NULL) {
        arena_fini(&t->texts);
        memory_free(t->columns);
        memory_free(t->values);
        memory_free(t->labels);
        memory_free(t->times);
        memory_free(t->numbers);
        memory_free(t->parts);
        memory_free(t->label_names);
        memory_free(t->edges);
        memory_free(t);
        *table = NULL;
    }
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static sluice_result check_names(const char *const *columns, size_t count, sluice_error *error) {
    if (count == 0 || count > MODEL_FEATURES_MAX) {
        return error_set(error, count == 0 ? SLUICE_E_INVALID : SLUICE_E_LIMIT, "%zu columns: a table has from 1 to %u",
                         count, MODEL_FEATURES_MAX);
    }
    const char **sorted = memory_new(count * sizeof *sorted);
    if (sorted == NULL) {
        return error_no_memory(error, count * sizeof *sorted);
    }
    memcpy(sorted, columns, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_names);
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; i < count && result == SLUICE_OK; i++) {
        if (sorted[i][0] == '\0' || (i > 0 && strcmp(sorted[i], sorted[i - 1]) == 0)) {
            result = error_set(error, SLUICE_E_INVALID, "the column name '%s' is %s", sorted[i],
                               sorted[i][0] == '\0' ? "empty" : "there twice");
        }
    }
    memory_free(sorted);
    return result;
}

sluice_result sluice_table_new(const char *const *columns, size_t column_count, sluice_table **table_out,
                               sluice_error *error) {
    *table_out = NULL;
    sluice_result result = check_names(columns, column_count, error);
    sluice_table *t = NULL;
    if (result == SLUICE_OK) {
        result = table_new(&t, error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    t->columns = memory_new_zero(column_count, sizeof *t->columns);
    t->column_count = column_count;
    bool made = t->columns != NULL;
    for (size_t i = 0; i < column_count && made; i++) {
        t->columns[i].name = arena_copy(&t->texts, columns[i], strlen(columns[i]) + 1);
        made = t->columns[i].name != NULL;
    }
    if (!made) {
        sluice_table_free(&t);
        return error_no_memory(error, column_count * sizeof *t->columns);
    }
    *table_out = t;
    return SLUICE_OK;
}

/* "1.0" and "1" are one class. */
static sluice_text label_trimmed(sluice_text label) {
    size_t point = 0;
    while (point < label.length &&
           ((label.data[point] >= '0' && label.data[point] <= '9') || (point == 0 && label.data[0] == '-'))) {
        point++;
    }
    size_t end = point + 1;
    while (end < label.length && label.data[end] == '0') {
        end++;
    }
    bool whole = point > 0 && point < label.length && label.data[point] == '.' && end == label.length;
    return whole ? (sluice_text){label.data, point} : label;
}

uint32_t table_label(sluice_table *table, sluice_text label) {
    sluice_text trimmed = label_trimmed(label);
    for (size_t i = 0; i < table->label_count; i++) {
        if (text_equal(trimmed, text_of(table->label_names[i]))) {
            return (uint32_t)i;
        }
    }
    char *copy = arena_alloc(&table->texts, trimmed.length + 1);
    if (copy == NULL || !ARRAY_RESERVE(table->label_names, table->label_capacity, table->label_count + 1)) {
        return TABLE_NO_LABEL;
    }
    memcpy(copy, trimmed.data, trimmed.length);
    copy[trimmed.length] = '\0';
    table->label_names[table->label_count] = copy;
    return (uint32_t)table->label_count++;
}

sluice_result sluice_table_add(sluice_table *table, const float *values, sluice_text label, int64_t time_ms,
                               sluice_error *error) {
    size_t row = table->row_count;
    if (row >= TABLE_ROWS_MAX || table->label_count > 1024) {
        return error_set(error, SLUICE_E_LIMIT, "a table has at most 2^31 rows and 1,024 different labels");
    }
    uint32_t number = label.length == 0 ? TABLE_NO_LABEL : table_label(table, label);
    if ((label.length > 0 && number == TABLE_NO_LABEL) ||
        !ARRAY_RESERVE(table->values, table->values_capacity, (row + 1) * table->column_count) ||
        !ARRAY_RESERVE(table->labels, table->labels_capacity, row + 1) ||
        !ARRAY_RESERVE(table->times, table->times_capacity, row + 1) ||
        !ARRAY_RESERVE(table->numbers, table->numbers_capacity, row + 1) ||
        !ARRAY_RESERVE(table->parts, table->parts_capacity, row + 1)) {
        return error_no_memory(error, (row + 1) * table->column_count * sizeof *values);
    }
    float *copy = table->values + row * table->column_count;
    for (size_t c = 0; c < table->column_count; c++) {
        copy[c] = values[c] > TABLE_VALUE_MAX    ? TABLE_VALUE_MAX
                  : values[c] < -TABLE_VALUE_MAX ? -TABLE_VALUE_MAX
                                                 : values[c];
    }
    table->labels[row] = number;
    table->times[row] = time_ms;
    table->has_times |= time_ms != TABLE_NO_TIME;
    table->numbers[row] = (uint32_t)row;
    table->parts[row] = SLUICE_PART_NONE;
    table->row_count++;
    return SLUICE_OK;
}

size_t sluice_table_row_count(const sluice_table *table) {
    return table->row_count;
}

size_t sluice_table_column_count(const sluice_table *table) {
    return table->column_count;
}

const char *sluice_table_column_name(const sluice_table *table, size_t column) {
    return table->columns[column].name;
}

sluice_part sluice_table_part_of(const sluice_table *table, size_t row) {
    return (sluice_part)table->parts[row];
}

size_t table_find_row(const sluice_table *table, uint64_t number) {
    size_t low = 0, high = table->row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->numbers[middle] < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < table->row_count && table->numbers[low] == number ? low : SIZE_MAX;
}

static bool is_word(sluice_text text, const char *word) {
    return text.length == strlen(word) && strncasecmp(text.data, word, text.length) == 0;
}

bool table_parse_number(sluice_text text, float *value_out) {
    static const char *const MISSING[] = {"", "nan", "na", "n/a", "null", "none", "-nan"};
    char buffer[64];
    for (size_t i = 0; i < sizeof MISSING / sizeof *MISSING; i++) {
        if (is_word(text, MISSING[i])) {
            *value_out = NAN;
            return true;
        }
    }
    if (is_word(text, "true") || is_word(text, "false")) {
        *value_out = is_word(text, "true") ? 1.0f : 0.0f;
        return true;
    }
    if (text.length >= sizeof buffer) {
        return false;
    }
    memcpy(buffer, text.data, text.length);
    buffer[text.length] = '\0';
    if (memchr(buffer, 'x', text.length) != NULL || memchr(buffer, 'X', text.length) != NULL) {
        return false; /* hexadecimal is no number of a table */
    }
    static _Thread_local locale_t c_locale; /* one a thread, for good */
    if (c_locale == NULL) {
        c_locale = newlocale(LC_ALL_MASK, "C", NULL);
    }
    char *end = NULL;
    *value_out = c_locale == NULL ? strtof(buffer, &end) : strtof_l(buffer, &end, c_locale);
    if (end != buffer + text.length || isnan(*value_out)) {
        return false;
    }
    *value_out = fmaxf(fminf(*value_out, TABLE_VALUE_MAX), -TABLE_VALUE_MAX);
    return true;
}

/* ---- edges ---- */

sluice_result sluice_table_set_edges(sluice_table *table, const sluice_table_edge *edges, size_t count,
                                     sluice_error *error) {
    sluice_table_edge *kept = memory_new(count * sizeof *kept);
    if (kept == NULL) {
        return error_no_memory(error, count * sizeof *kept);
    }
    size_t kept_count = 0;
    for (size_t i = 0; i < count; i++) {
        size_t from = table_find_row(table, edges[i].from), to = table_find_row(table, edges[i].to);
        if (!(edges[i].weight >= 0 && edges[i].weight <= TABLE_VALUE_MAX)) {
            memory_free(kept);
            return error_set(error, SLUICE_E_INVALID, "edge %zu: its weight is negative or no number", i);
        }
        if (from != SIZE_MAX && to != SIZE_MAX && from != to) {
            kept[kept_count++] = (sluice_table_edge){(uint32_t)from, (uint32_t)to, edges[i].weight};
        }
    }
    memory_free(table->edges);
    table->edges = kept;
    table->edge_count = kept_count;
    return SLUICE_OK;
}

static sluice_result edge_defect(const csv_file *f, const char *field, sluice_error *error) {
    return error_set(error, SLUICE_E_INPUT,
                     "%s:%llu: %s: expected src,dst[,w]: two row numbers from 0 and a weight >= 0", f->path,
                     (unsigned long long)f->line, field);
}

static sluice_result read_edge(const csv_file *f, sluice_table_edge *edge, sluice_error *error) {
    uint64_t from = 0, to = 0;
    *edge = (sluice_table_edge){.weight = 1};
    if (f->defect != NULL || f->field_count < 2) {
        return edge_defect(f, f->defect != NULL ? f->defect : "fewer than two fields", error);
    }
    if (!text_to_u64(f->fields[0], &from) || from > TABLE_ROWS_MAX) {
        return edge_defect(f, "src", error);
    }
    if (!text_to_u64(f->fields[1], &to) || to > TABLE_ROWS_MAX) {
        return edge_defect(f, "dst", error);
    }
    if (f->field_count > 2 && (!table_parse_number(f->fields[2], &edge->weight) || !(edge->weight >= 0))) {
        return edge_defect(f, "w", error);
    }
    edge->from = (uint32_t)from;
    edge->to = (uint32_t)to;
    return SLUICE_OK;
}

sluice_result sluice_table_read_edges(sluice_table *table, const char *path, sluice_error *error) {
    csv_file f;
    sluice_table_edge *edges = NULL;
    size_t count = 0, capacity = 0;
    sluice_result result = csv_file_open(&f, path, error);
    for (bool more = true; result == SLUICE_OK;) {
        result = csv_file_next(&f, &more, error);
        if (result != SLUICE_OK || !more) {
            break;
        }
        result = ARRAY_RESERVE(edges, capacity, count + 1) ? read_edge(&f, &edges[count++], error)
                                                           : error_no_memory(error, count * sizeof *edges);
    }
    if (result == SLUICE_OK) {
        result = sluice_table_set_edges(table, edges, count, error);
    }
    memory_free(edges);
    csv_file_close(&f);
    return result;
}
