/* What the formats share: drivers, the reader's state, rows under way. Private to src/signal. */
#ifndef SIGNAL_FORMAT_PRIVATE_H
#define SIGNAL_FORMAT_PRIVATE_H

#include "signal/csv.h"
#include "signal/encoding.h"
#include "signal/format.h"
#include "sys/file.h"

#define FORMAT_COLUMNS_MAX 512
#define FORMAT_KEY_BYTES_MAX 200
#define FORMAT_REASON_BYTES 640
#define FORMAT_NO_COLUMN SIZE_MAX

typedef void (*format_reject_sink)(void *context, const format_reject *reject);

/* One row under way. A row that is rejected, or for which memory is exhausted, leaves nothing in the chunk. */
typedef struct format_row {
    format_reader *reader;
    format_chunk *chunk;
    sluice_text text; /* the record as UTF-8 */
    sluice_text *fields;
    size_t field_count;
    uint64_t number, line;
    bool rejected, no_memory;
    sluice_text reject_field;
    char reason[FORMAT_REASON_BYTES];
} format_row;

/* A format: how it finds its files and how it reads one. */
typedef struct format_driver {
    const char *name;
    /* Adds the sources of a path (a folder or a file) to the plan. */
    sluice_result (*plan_folder)(format_plan *plan, const char *path, sluice_error *error);
    sluice_result (*plan_file)(format_plan *plan, const char *path, sluice_error *error);
    /* Sets shape, take and state; the file is mapped. Reads the header with reader_header where there is one. */
    sluice_result (*open)(format_reader *reader, sluice_error *error);
    void (*close)(format_reader *reader); /* may be NULL: nothing but `lasting` to free */
} format_driver;

const format_driver *format_driver_of(const char *name); /* NULL: unknown */
extern const format_driver finbench_driver, amlsim_driver, amlworld_driver, csv_driver, ndjson_driver, pacs008_driver;

struct format_reader {
    const format_driver *driver;
    const format_plan *plan;
    const format_source *source;
    file_view file;
    sluice_text text; /* of the file */
    arena lasting;    /* until the reader is closed: header, state */
    format_position position;

    encoding encoding;
    decoder *decoder;
    csv_shape shape;
    sluice_text *columns; /* the header's names; NULL without a header */
    size_t column_count;  /* 0: rows may have any number of fields */
    sluice_text *fields;  /* [FORMAT_COLUMNS_MAX], reused by each row */

    /* Splits the record into row->fields; NULL: as delimited text. */
    void (*split)(format_row *row);
    /* Makes signals out of a row, by row_signal, or rejects it. */
    void (*take)(format_row *row);
    /* Instead of records and `take`: reads by itself. */
    sluice_result (*read)(format_reader *reader, format_chunk *chunk, format_reject_sink reject, void *context,
                          sluice_error *error);
    void *state;
};

/* ---- reader.c ---- */

/* Reads the header record (unless the position is after it already) into columns and column_count. `skip_lines` lines
 * come before it. INPUT when there is none. */
SLUICE_MUST_USE sluice_result reader_header(format_reader *reader, uint64_t skip_lines, sluice_error *error);
/* Moves a reader at the beginning past `lines` lines. */
void reader_skip_lines(format_reader *reader, uint64_t lines);
/* Takes the record at the position: at most one row. False: the end of the file. */
SLUICE_MUST_USE sluice_result reader_take_record(format_reader *reader, format_chunk *chunk, format_reject_sink reject,
                                                 void *context, bool *end_out, sluice_error *error);
/* The place of a column by name (exact, else without regard to ASCII case), or FORMAT_NO_COLUMN. `names` may hold
 * several, separated by '|'. */
size_t reader_column(const format_reader *reader, const char *names);
/* "'a', 'b', 'c'" of the header, shortened, for messages. */
void reader_columns_text(const format_reader *reader, char *buffer, size_t bytes);
/* Ends a row that did not come from a record: hands on the reject or reports exhausted memory. `signals_before` and
 * `rounded_before` are the chunk's counts before it. */
SLUICE_MUST_USE sluice_result reader_finish_row(format_row *row, size_t signals_before, uint64_t rounded_before,
                                                format_reject_sink reject, void *context, sluice_error *error);

/* ---- row.c: fields to values. Each returns false when the row is rejected; then the row is over. ---- */

/* The next signal of the row, zeroed, with its row and line. */
sluice_signal *row_signal(format_row *row, sluice_signal_kind kind);
void row_reject(format_row *row, sluice_text field, const char *reason, ...) SLUICE_PRINTF(3, 4);
/* A value cut for a message; use with "%.*s". */
sluice_text row_shown(sluice_text value);
bool row_time(format_row *row, sluice_text field, sluice_text value, int64_t offset_ms, int64_t *time_ms_out);
/* An amount in yuan, exactly; negative ones are rejected unless `may_be_negative`. Counts rounding. */
bool row_amount(format_row *row, sluice_text field, sluice_text value, bool may_be_negative, int64_t *fen_out);
bool row_currency(format_row *row, sluice_text field, sluice_text value, sluice_currency *currency_out);
/* "kind:value" in the chunk's arena. */
bool row_key(format_row *row, sluice_text field, const char *kind, sluice_text value, sluice_text *key_out);
/* "kind:first/second". */
bool row_key_pair(format_row *row, sluice_text field, const char *kind, sluice_text first, sluice_text second,
                  sluice_text *key_out);
/* "true", "false", "1", "0" and their like; empty is false. */
bool row_flag(format_row *row, sluice_text field, sluice_text value, bool *flag_out);
/* The text with a lifetime of the chunk. */
bool row_keep(format_row *row, sluice_text value, sluice_text *kept_out);

/* ---- plan.c ---- */

/* Adds a file as a source; the sources of a plan are sorted by role, those of one role as they were added. */
SLUICE_MUST_USE sluice_result plan_add_source(format_plan *plan, const char *path, int role, sluice_error *error);
SLUICE_MUST_USE sluice_result plan_add_ignored(format_plan *plan, const char *path, sluice_error *error);
/* Calls `visit` for each entry of a folder, in bytewise order of names. */
typedef sluice_result (*plan_visit)(format_plan *plan, const char *path, const char *name, sluice_error *error);
SLUICE_MUST_USE sluice_result plan_visit_folder(format_plan *plan, const char *folder, plan_visit visit,
                                                sluice_error *error);
/* A file's name without folder and last suffix; borrowed from `path`. */
sluice_text plan_stem(const char *path);
bool plan_has_suffix(const char *path, const char *suffix);
/* The first line of a file as text, cut at 4,096 bytes, without byte order mark and end of line. */
SLUICE_MUST_USE sluice_result plan_first_line(const char *path, char line_out[4096], sluice_error *error);

#endif
