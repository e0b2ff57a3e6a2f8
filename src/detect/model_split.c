/* Which rows train, validate and test. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "detect/model_private.h"
#include "detect/model_table_private.h"
#include "signal/json.h"

static void clear(sluice_table *table) {
    memset(table->parts, SLUICE_PART_NONE, table->row_count);
    table->has_split = true;
}

sluice_result sluice_table_set_part(sluice_table *table, size_t row, sluice_part part, sluice_error *error) {
    if (row >= table->row_count || part > SLUICE_PART_TEST) {
        return error_set(error, SLUICE_E_INVALID, "row %zu is not in the table, or the part is none", row);
    }
    table->parts[row] = (uint8_t)part;
    table->has_split = true;
    return SLUICE_OK;
}

/* ---- from a file ---- */

static sluice_result take_part(sluice_table *table, const char *path, yyjson_val *list, sluice_part part,
                               sluice_error *error) {
    size_t index = 0, max = 0;
    yyjson_val *value = NULL;
    yyjson_arr_foreach(list, index, max, value) {
        sluice_text text;
        uint64_t number = 0;
        if (!json_scalar(value, &text) || !text_to_u64(text, &number)) {
            return error_set(error, SLUICE_E_INPUT, "%s: \"%s\"[%zu] is no row number: expected whole numbers from 0",
                             path, sluice_part_name(part), index);
        }
        size_t row = table_find_row(table, number);
        if (row == SIZE_MAX) {
            if (table->row_count == 0 || number > table->numbers[table->row_count - 1]) {
                return error_set(error, SLUICE_E_INPUT, "%s: \"%s\"[%zu] is row %llu, and the table ends before", path,
                                 sluice_part_name(part), index, (unsigned long long)number);
            }
            continue; /* it was rejected */
        }
        if (table->parts[row] != SLUICE_PART_NONE) {
            return error_set(error, SLUICE_E_INPUT, "%s: row %llu is there twice (in %s and %s)", path,
                             (unsigned long long)number, sluice_part_name((sluice_part)table->parts[row]),
                             sluice_part_name(part));
        }
        table->parts[row] = (uint8_t)part;
    }
    return SLUICE_OK;
}

sluice_result sluice_table_split_read(sluice_table *table, const char *path, sluice_error *error) {
    static const struct {
        const char *name;
        sluice_part part;
    } LISTS[] = {{"train", SLUICE_PART_TRAIN},
                 {"val", SLUICE_PART_VALIDATION},
                 {"valid", SLUICE_PART_VALIDATION},
                 {"validation", SLUICE_PART_VALIDATION},
                 {"test", SLUICE_PART_TEST}};
    file_view file = {0};
    sluice_result result = file_map(path, &file, error);
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_read_err wrong = {0};
    yyjson_doc *document = json_read((sluice_text){file.data, file.bytes}, &json_heap, &wrong);
    yyjson_val *root = yyjson_doc_get_root(document);
    if (wrong.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION) {
        result = error_no_memory(error, file.bytes);
    } else if (!yyjson_is_obj(root) || !yyjson_is_arr(yyjson_obj_get(root, "train"))) {
        result = error_set(error, SLUICE_E_INPUT,
                           "%s: expected {\"train\": [row numbers from 0], \"val\": […], \"test\": […]}%s%s", path,
                           document == NULL ? ": " : "", document == NULL && wrong.msg != NULL ? wrong.msg : "");
    }
    if (result == SLUICE_OK) {
        clear(table);
    }
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS && result == SLUICE_OK; i++) {
        result = take_part(table, path, yyjson_obj_get(root, LISTS[i].name), LISTS[i].part, error);
    }
    for (size_t row = 0; row < table->row_count && result == SLUICE_OK; row++) {
        if (table->labels[row] == TABLE_NO_LABEL && table->label_count > 0) {
            table->parts[row] = SLUICE_PART_NONE;
        }
    }
    yyjson_doc_free(document);
    file_unmap(&file);
    return result;
}

/* ---- by time ---- */

typedef struct timed_row {
    int64_t time_ms;
    uint32_t row;
} timed_row;

static int compare_times(const void *a, const void *b) {
    const timed_row *x = a, *y = b;
    if (x->time_ms != y->time_ms) {
        return x->time_ms < y->time_ms ? -1 : 1;
    }
    return (x->row > y->row) - (x->row < y->row);
}

sluice_result sluice_table_split_time(sluice_table *table, sluice_error *error) {
    if (!table->has_times) {
        return error_set(error, SLUICE_E_INVALID, "a split by time needs a column of times");
    }
    timed_row *rows = memory_new(table->row_count * sizeof *rows);
    if (rows == NULL) {
        return error_no_memory(error, table->row_count * sizeof *rows);
    }
    size_t count = 0;
    for (size_t row = 0; row < table->row_count; row++) {
        if (table->labels[row] != TABLE_NO_LABEL && table->times[row] != TABLE_NO_TIME) {
            rows[count++] = (timed_row){table->times[row], (uint32_t)row};
        }
    }
    qsort(rows, count, sizeof *rows, compare_times);
    clear(table);
    for (size_t i = 0, first = 0; i < count; i++) {
        first = i > 0 && rows[i].time_ms == rows[i - 1].time_ms ? first : i; /* of its instant */
        table->parts[rows[i].row] = first * 10 < count * 6   ? SLUICE_PART_TRAIN
                                    : first * 10 < count * 8 ? SLUICE_PART_VALIDATION
                                                             : SLUICE_PART_TEST;
    }
    memory_free(rows);
    return SLUICE_OK;
}

/* ---- drawn ---- */

sluice_result sluice_table_split_stratified(sluice_table *table, uint64_t seed, sluice_error *error) {
    uint32_t *rows = memory_new(table->row_count * sizeof *rows);
    if (rows == NULL) {
        return error_no_memory(error, table->row_count * sizeof *rows);
    }
    clear(table);
    for (size_t label = 0; label < table->label_count; label++) {
        uint64_t state = hash64(table->label_names[label], strlen(table->label_names[label])) ^ hash_u64(seed + 1);
        size_t count = 0;
        for (size_t row = 0; row < table->row_count; row++) {
            if (table->labels[row] == label) {
                rows[count++] = (uint32_t)row;
            }
        }
        for (size_t i = count; i > 1; i--) { /* Fisher–Yates */
            size_t other = (size_t)random_below(&state, i);
            uint32_t row = rows[i - 1];
            rows[i - 1] = rows[other];
            rows[other] = row;
        }
        size_t train = (count * 6 + 5) / 10, validation = (count * 2 + 5) / 10;
        for (size_t i = 0; i < count; i++) {
            table->parts[rows[i]] = i < train                ? SLUICE_PART_TRAIN
                                    : i < train + validation ? SLUICE_PART_VALIDATION
                                                             : SLUICE_PART_TEST;
        }
    }
    memory_free(rows);
    return SLUICE_OK;
}
