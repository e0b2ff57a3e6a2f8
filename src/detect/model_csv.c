/* CSV files of tables: UTF-8 or GB18030, any of four delimiters, recognised. The file stays mapped; a record's fields
 * point into it (or into its decoded copy) until the next record. */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "detect/model_table_private.h"
#include "signal/encoding.h"

static sluice_result decode(csv_file *f, sluice_error *error) {
    sluice_text raw = {f->file.data == NULL ? "" : f->file.data, f->file.bytes};
    const char *refusal = encoding_refusal(raw);
    if (refusal != NULL) {
        return error_set(error, SLUICE_E_INPUT, "%s: %s", f->path, refusal);
    }
    if (encoding_detect(raw) == ENCODING_UTF8) {
        size_t mark = encoding_mark_bytes(raw);
        f->text = (sluice_text){raw.data + mark, raw.length - mark};
        return SLUICE_OK;
    }
    decoder *converter = decoder_new();
    decoder_result decoded = converter == NULL ? DECODER_NO_MEMORY : decoder_run(converter, raw, &f->decoded, &f->text);
    decoder_free(&converter);
    if (decoded == DECODER_MALFORMED) {
        return error_set(error, SLUICE_E_INPUT, "%s is neither UTF-8 nor GB18030: save it as CSV UTF-8", f->path);
    }
    return decoded == DECODER_OK ? SLUICE_OK : error_no_memory(error, raw.length);
}

/* The one of four that the header has most of. */
static char delimiter_of(sluice_text text) {
    static const char CANDIDATES[] = {',', '\t', ';', '|'};
    size_t counts[sizeof CANDIDATES] = {0}, best = 0;
    for (size_t i = 0; i < text.length && text.data[i] != '\n'; i++) {
        for (size_t c = 0; c < sizeof CANDIDATES; c++) {
            counts[c] += text.data[i] == CANDIDATES[c];
        }
    }
    for (size_t c = 1; c < sizeof CANDIDATES; c++) {
        best = counts[c] > counts[best] ? c : best;
    }
    return CANDIDATES[best];
}

sluice_result csv_file_next(csv_file *f, bool *more_out, sluice_error *error) {
    for (;;) {
        csv_record record;
        *more_out = csv_record_next(&f->shape, f->text.data, f->text.length, f->offset, &record);
        if (!*more_out) {
            return SLUICE_OK;
        }
        f->offset = record.next;
        f->line = f->next_line;
        f->next_line += record.lines;
        f->defect = record.defect;
        f->field_count = 0;
        if (record.defect != NULL) {
            return SLUICE_OK;
        }
        if (text_trim(record.text).length == 0) {
            continue;
        }
        arena_reset(&f->copied);
        f->field_count = csv_split(&f->shape, record.text, &f->copied, f->fields, CSV_FILE_FIELDS_MAX);
        if (f->field_count == SIZE_MAX) {
            return error_no_memory(error, record.text.length);
        }
        for (size_t i = 0; i < f->field_count && i < CSV_FILE_FIELDS_MAX; i++) {
            f->fields[i] = text_trim(f->fields[i]);
        }
        return SLUICE_OK;
    }
}

sluice_result csv_file_rewind(csv_file *f, sluice_error *error) {
    bool more = false;
    f->offset = 0;
    f->next_line = 1;
    sluice_result result = csv_file_next(f, &more, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (!more || f->defect != NULL) {
        return error_set(error, SLUICE_E_INPUT, "%s: %s", f->path,
                         f->defect != NULL ? f->defect : "the file is empty: expected a line with the columns' names");
    }
    if (f->field_count > CSV_FILE_FIELDS_MAX) {
        return error_set(error, SLUICE_E_INPUT, "%s: %zu columns; at most %u can be read", f->path, f->field_count,
                         CSV_FILE_FIELDS_MAX);
    }
    return SLUICE_OK;
}

sluice_result csv_file_open(csv_file *f, const char *path, sluice_error *error) {
    *f = (csv_file){.path = path};
    sluice_result result = file_map(path, &f->file, error);
    if (result == SLUICE_OK) {
        result = decode(f, error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    f->fields = memory_new(CSV_FILE_FIELDS_MAX * sizeof *f->fields);
    if (f->fields == NULL) {
        return error_no_memory(error, CSV_FILE_FIELDS_MAX * sizeof *f->fields);
    }
    f->shape = (csv_shape){.delimiter = delimiter_of(f->text), .quotes = true};
    return csv_file_rewind(f, error);
}

void csv_file_close(csv_file *f) {
    file_unmap(&f->file);
    arena_fini(&f->decoded);
    arena_fini(&f->copied);
    memory_free(f->fields);
}

size_t csv_file_column(const csv_file *f, const char *name) {
    for (size_t i = 0; i < f->field_count; i++) {
        if (text_equal(f->fields[i], text_of(name))) {
            return i;
        }
    }
    return SIZE_MAX;
}
