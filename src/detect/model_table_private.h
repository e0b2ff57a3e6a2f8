/* A table's inside, and the CSV files that fill it. */
#ifndef DETECT_MODEL_TABLE_PRIVATE_H
#define DETECT_MODEL_TABLE_PRIVATE_H

#include <sluice/model.h>

#include "base/hash.h"
#include "base/memory.h"
#include "signal/csv.h"
#include "sys/file.h"

#define TABLE_CATEGORIES_MAX 32u
#define TABLE_ROWS_MAX ((size_t)INT32_MAX)
#define TABLE_NO_LABEL UINT32_MAX
#define TABLE_NO_TIME INT64_MIN
/* Larger values are cut to this: what libxgboost makes of them must stay finite. */
#define TABLE_VALUE_MAX 1e38f

typedef struct table_column {
    const char *name;
    const char *const *categories; /* sorted; NULL: a column of numbers. Values are places here */
    uint32_t category_count;
} table_column;

struct sluice_table {
    arena texts;
    table_column *columns;
    size_t column_count;
    float *values; /* [row * column_count] */
    uint32_t *labels;
    int64_t *times;
    uint32_t *numbers; /* of each row in its file, rising */
    uint8_t *parts;    /* sluice_part */
    size_t row_count;
    size_t values_capacity, labels_capacity, times_capacity, numbers_capacity, parts_capacity;
    const char **label_names; /* in the order of their first row */
    size_t label_count, label_capacity;
    bool has_times, has_split;
    sluice_table_edge *edges; /* between places of rows */
    size_t edge_count;
};

sluice_result table_new(sluice_table **table_out, sluice_error *error);
/* The label's number, added if new; SIZE_MAX: no memory, or more than 64. */
uint32_t table_label(sluice_table *table, sluice_text label);
/* The place of the row with this number, or SIZE_MAX. */
size_t table_find_row(const sluice_table *table, uint64_t number);

/* "1e3", "-0.5", "true"; empty, nan, na, null: missing. False: none of these. */
bool table_parse_number(sluice_text text, float *value_out);

/* A CSV file, record by record. */
typedef struct csv_file {
    const char *path;
    file_view file;
    arena decoded, copied;
    sluice_text text; /* UTF-8 */
    csv_shape shape;
    size_t offset;
    uint64_t line, next_line;
    sluice_text *fields; /* of the record: trimmed */
    size_t field_count;
    const char *defect; /* of the record */
} csv_file;

#define CSV_FILE_FIELDS_MAX 20000u

/* Opens and reads the header into fields. Close it whatever comes back. */
SLUICE_MUST_USE sluice_result csv_file_open(csv_file *f, const char *path, sluice_error *error);
/* The next record that is not blank, or *more_out false. */
SLUICE_MUST_USE sluice_result csv_file_next(csv_file *f, bool *more_out, sluice_error *error);
/* Back to the first record after the header. */
SLUICE_MUST_USE sluice_result csv_file_rewind(csv_file *f, sluice_error *error);
void csv_file_close(csv_file *f);
/* The field's place in the header, or SIZE_MAX. */
size_t csv_file_column(const csv_file *f, const char *name);

#endif
