/* Readers: one source, from a position on, as rows.
 *
 * Model: the file is mapped; a record is found in its raw bytes, made UTF-8 and split, and the driver's `take` makes
 * signals of it. A row either gives all its signals or is rejected and gives none; the chunk's position moves after the
 * row is finished, so an error in the middle leaves the chunk as it was after the row before.
 *
 * Texts of signals point into the mapped file or into the chunk's arena, so signals live until both are gone. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/text.h"
#include "signal/format_private.h"

#define CONTENT_BYTES_MAX 65536 /* of a rejected line that is shown */

static const format_driver *const DRIVERS[] = {&finbench_driver, &amlsim_driver, &amlworld_driver,
                                               &csv_driver,      &ndjson_driver, &pacs008_driver};

const format_driver *format_driver_of(const char *name) {
    for (size_t i = 0; i < sizeof DRIVERS / sizeof *DRIVERS; i++) {
        if (strcmp(DRIVERS[i]->name, name) == 0) {
            return DRIVERS[i];
        }
    }
    return NULL;
}

sluice_result format_reader_open(const format_plan *plan, size_t source, const format_position *position,
                                 format_reader **reader_out, sluice_error *error) {
    *reader_out = NULL;
    if (source >= plan->source_count) {
        return error_set(error, SLUICE_E_INVALID, "the plan has %zu sources; number %zu was asked for",
                         plan->source_count, source);
    }
    format_reader *reader = memory_new_zero(1, sizeof *reader);
    if (reader == NULL) {
        return error_no_memory(error, sizeof *reader);
    }
    reader->driver = format_driver_of(plan->options.format);
    reader->plan = plan;
    reader->source = &plan->sources[source];
    reader->shape.delimiter = ',';
    sluice_result result = file_map(reader->source->path, &reader->file, error);
    if (result != SLUICE_OK) {
        goto out;
    }
    reader->text = reader->file.bytes == 0 ? TEXT("") : (sluice_text){reader->file.data, reader->file.bytes};
    const char *refusal = encoding_refusal(reader->text);
    if (refusal != NULL) {
        result = error_set(error, SLUICE_E_INPUT, "%s cannot be imported as it is: %s", reader->source->path, refusal);
        goto out;
    }
    reader->position = *position;
    if (position->offset > reader->text.length) {
        result = error_set(error, SLUICE_E_INPUT,
                           "%s is shorter than when its import was interrupted: put the whole file back and run again",
                           reader->source->path);
        goto out;
    }
    if (position->offset == 0) {
        reader->position.offset = encoding_mark_bytes(reader->text);
    }
    reader->fields = arena_alloc(&reader->lasting, FORMAT_COLUMNS_MAX * sizeof *reader->fields);
    result = reader->fields == NULL ? error_no_memory(error, FORMAT_COLUMNS_MAX * sizeof *reader->fields)
                                    : reader->driver->open(reader, error);
out:
    if (result != SLUICE_OK) {
        format_reader_close(&reader);
    }
    *reader_out = reader;
    return result;
}

void format_reader_close(format_reader **reader) {
    format_reader *r = *reader;
    if (r == NULL) {
        return;
    }
    if (r->driver->close != NULL) {
        r->driver->close(r);
    }
    decoder_free(&r->decoder);
    file_unmap(&r->file);
    arena_fini(&r->lasting);
    memory_free(r);
    *reader = NULL;
}

/* ---- header ---- */

static bool name_matches(sluice_text column, const char *name, size_t length, bool exactly) {
    return column.length == length &&
           (exactly ? memcmp(column.data, name, length) == 0 : strncasecmp(column.data, name, length) == 0);
}

size_t reader_column(const format_reader *reader, const char *names) {
    for (int exactly = 1; exactly >= 0; exactly--) {
        for (const char *name = names; name != NULL; name = strchr(name, '|')) {
            name += *name == '|';
            size_t length = strcspn(name, "|");
            for (size_t i = 0; i < reader->column_count; i++) {
                if (name_matches(reader->columns[i], name, length, exactly != 0)) {
                    return i;
                }
            }
        }
    }
    return FORMAT_NO_COLUMN;
}

void reader_columns_text(const format_reader *reader, char *buffer, size_t bytes) {
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < reader->column_count && used + 80 < bytes; i++) {
        sluice_text name = row_shown(reader->columns[i]);
        int length = snprintf(buffer + used, bytes - used, "%s'%.*s'", i == 0 ? "" : ", ", TEXT_ARGS(name));
        used += length < 0 ? 0 : (size_t)length;
        if (i + 1 < reader->column_count && used + 80 >= bytes) {
            (void)snprintf(buffer + used, bytes - used, ", …");
        }
    }
}

static sluice_result to_utf8(format_reader *reader, sluice_text raw, arena *arena, sluice_text *text_out,
                             const char **defect_out) {
    *defect_out = NULL;
    *text_out = raw;
    if (reader->encoding == ENCODING_UTF8) {
        if (!text_is_utf8(raw)) {
            *defect_out = "编码错误 / the line is not valid UTF-8: if the file is GB18030 or GBK, import it with "
                          "encoding gb18030";
        }
        return SLUICE_OK;
    }
    switch (decoder_run(reader->decoder, raw, arena, text_out)) {
    case DECODER_OK:
        return SLUICE_OK;
    case DECODER_MALFORMED:
        *defect_out =
            "编码错误 / the line is neither valid GB18030 nor, with the rest of the file, UTF-8: give the file's "
            "encoding, or repair the line";
        return SLUICE_OK;
    default:
        return SLUICE_E_NO_MEMORY;
    }
}

/* The offset after that many lines; *lines_out is how many there were. */
static size_t offset_after_lines(const format_reader *reader, uint64_t lines, uint64_t *lines_out) {
    const csv_shape plain = {.delimiter = ','};
    csv_record record = {.next = encoding_mark_bytes(reader->text)};
    uint64_t done = 0;
    while (done < lines && csv_record_next(&plain, reader->text.data, reader->text.length, record.next, &record)) {
        done++;
    }
    *lines_out = done;
    return record.next;
}

void reader_skip_lines(format_reader *reader, uint64_t lines) {
    uint64_t skipped = 0;
    size_t offset = offset_after_lines(reader, lines, &skipped);
    if (reader->position.offset < offset) {
        reader->position.offset = offset;
        reader->position.line = skipped;
    }
}

sluice_result reader_header(format_reader *reader, uint64_t skip_lines, sluice_error *error) {
    const char *path = reader->source->path;
    csv_record record = {0};
    uint64_t lines = 0;
    size_t offset = offset_after_lines(reader, skip_lines, &lines);
    do { /* blank lines before the header */
        if (!csv_record_next(&reader->shape, reader->text.data, reader->text.length, offset, &record)) {
            return error_set(error, SLUICE_E_INPUT, "%s has no header line: %s", path,
                             reader->text.length == 0 ? "the file is empty" : "nothing comes after the lines to skip");
        }
        offset = record.next;
        lines += record.lines;
    } while (text_trim(record.text).length == 0);
    sluice_text header = record.text;
    const char *defect = record.defect;
    if (defect == NULL && to_utf8(reader, record.text, &reader->lasting, &header, &defect) != SLUICE_OK) {
        return error_no_memory(error, record.text.length * 2);
    }
    if (defect != NULL) {
        return error_set(error, SLUICE_E_INPUT, "%s:%llu: the header cannot be read: %s", path,
                         (unsigned long long)lines, defect);
    }
    size_t count = csv_split(&reader->shape, header, &reader->lasting, reader->fields, FORMAT_COLUMNS_MAX);
    if (count != SIZE_MAX && count > FORMAT_COLUMNS_MAX) {
        return error_set(error, SLUICE_E_INPUT, "%s has %zu columns; at most %d are read: is the delimiter right?",
                         path, count, FORMAT_COLUMNS_MAX);
    }
    reader->columns =
        count == SIZE_MAX ? NULL : arena_copy(&reader->lasting, reader->fields, count * sizeof *reader->fields);
    if (reader->columns == NULL) {
        return error_no_memory(error, header.length);
    }
    reader->column_count = count;
    if (reader->position.offset < offset) {
        reader->position.offset = offset;
        reader->position.line = lines;
    }
    return SLUICE_OK;
}

/* ---- rows ---- */

sluice_result reader_finish_row(format_row *row, size_t signals_before, uint64_t rounded_before,
                                format_reject_sink reject, void *context, sluice_error *error) {
    format_chunk *chunk = row->chunk;
    if (!row->no_memory && !row->rejected) {
        return SLUICE_OK;
    }
    chunk->count = signals_before;
    chunk->rounded = rounded_before;
    if (row->no_memory) {
        return error_no_memory(error, row->text.length);
    }
    chunk->rejected++;
    if (reject != NULL) {
        reject(context, &(format_reject){.path = row->reader->source->path,
                                         .line = row->line,
                                         .field = row->reject_field,
                                         .reason = text_of(row->reason),
                                         .content = row->text});
    }
    return SLUICE_OK;
}

static void split_delimited(format_row *row) {
    format_reader *reader = row->reader;
    row->field_count = csv_split(&reader->shape, row->text, &row->chunk->texts, row->fields, FORMAT_COLUMNS_MAX);
    if (row->field_count == SIZE_MAX) {
        row->no_memory = true;
    } else if (reader->column_count > 0 && row->field_count != reader->column_count) {
        row_reject(
            row, (sluice_text){NULL, 0},
            "列数不符 / the line has %zu fields and the header %zu: a field with a '%s' in it must be in quotation "
            "marks, and no line may be cut",
            row->field_count, reader->column_count,
            reader->shape.delimiter == '\t' ? "tab" : (char[]){reader->shape.delimiter, '\0'});
    } else if (row->field_count > FORMAT_COLUMNS_MAX) {
        row_reject(row, (sluice_text){NULL, 0},
                   "列数过多 / the line has %zu fields; at most %d are read: is the delimiter right?", row->field_count,
                   FORMAT_COLUMNS_MAX);
    }
}

static void take_record(format_row *row, const csv_record *record) {
    format_reader *reader = row->reader;
    const char *defect = record->defect;
    if (defect == NULL && to_utf8(reader, record->text, &row->chunk->texts, &row->text, &defect) != SLUICE_OK) {
        row->no_memory = true;
    } else if (defect != NULL) {
        row->text = encoding_make_valid(record->text, CONTENT_BYTES_MAX, &row->chunk->texts);
        row_reject(row, (sluice_text){NULL, 0}, "%s", defect);
    } else {
        (reader->split != NULL ? reader->split : split_delimited)(row);
        if (!row->rejected && !row->no_memory) {
            reader->take(row);
        }
    }
}

sluice_result reader_take_record(format_reader *reader, format_chunk *chunk, format_reject_sink reject, void *context,
                                 bool *end_out, sluice_error *error) {
    csv_record record;
    format_position *position = &reader->position;
    *end_out = !csv_record_next(&reader->shape, reader->text.data, reader->text.length, position->offset, &record);
    if (*end_out) {
        return SLUICE_OK;
    }
    bool blank = record.defect == NULL && text_trim(record.text).length == 0;
    if (!blank) {
        format_row row; /* its reason is not worth clearing for every row */
        memset(&row, 0, offsetof(format_row, reason));
        row.reader = reader;
        row.chunk = chunk;
        row.fields = reader->fields;
        row.number = position->row + 1;
        row.line = position->line + 1;
        size_t signals_before = chunk->count;
        uint64_t rounded_before = chunk->rounded;
        take_record(&row, &record);
        sluice_result result = reader_finish_row(&row, signals_before, rounded_before, reject, context, error);
        if (result != SLUICE_OK) {
            return result;
        }
        position->row++;
    }
    position->offset = record.next;
    position->line += record.lines;
    return SLUICE_OK;
}

sluice_result format_read(format_reader *reader, format_chunk *chunk, format_reject_sink reject, void *context,
                          sluice_error *error) {
    if (chunk->capacity < FORMAT_ROW_SIGNALS_MAX) {
        return error_set(error, SLUICE_E_INVALID, "a chunk needs room for %d signals and has it for %zu",
                         FORMAT_ROW_SIGNALS_MAX, chunk->capacity);
    }
    chunk->end = false;
    sluice_result result = SLUICE_OK;
    if (reader->read != NULL) {
        result = reader->read(reader, chunk, reject, context, error);
    } else {
        /* Rows that give no signal count too, so that a file of rejects does not hold the caller up. */
        for (size_t rows = 0; result == SLUICE_OK && !chunk->end && rows < chunk->capacity &&
                              chunk->capacity - chunk->count >= FORMAT_ROW_SIGNALS_MAX;
             rows++) {
            result = reader_take_record(reader, chunk, reject, context, &chunk->end, error);
        }
    }
    chunk->position = reader->position;
    return result;
}
