/* Written before the batch they belong to is committed: after a kill a row may stand twice, none is missing. */
#include "engine/rejects.h"

#include <errno.h>
#include <stdio.h>

#include "base/error.h"
#include "base/memory.h"

struct rejects {
    const char *path; /* borrowed; NULL: none */
    FILE *file;
};

sluice_result rejects_new(const char *path, rejects **rejects_out, sluice_error *error) {
    rejects *r = memory_new_zero(1, sizeof *r);
    if (r == NULL) {
        return error_no_memory(error, sizeof *r);
    }
    r->path = path;
    *rejects_out = r;
    return SLUICE_OK;
}

/* RFC 4180; a leading = + - @ gets an apostrophe, because people open this file in a spreadsheet. */
static void write_cell(text_writer *writer, sluice_text text) {
    text_write_char(writer, '"');
    if (text.length > 0 && strchr("=+-@", text.data[0]) != NULL) {
        text_write_char(writer, '\'');
    }
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '"') {
            text_write_char(writer, '"');
        }
        text_write_char(writer, text.data[i] == '\0' ? ' ' : text.data[i]);
    }
    text_write_char(writer, '"');
}

void rejects_format(text_writer *writer, const format_reject *reject) {
    write_cell(writer, text_of(reject->path));
    text_printf(writer, ",%llu,", (unsigned long long)reject->line);
    write_cell(writer, reject->field);
    text_write_char(writer, ',');
    write_cell(writer, reject->reason);
    text_write_char(writer, ',');
    write_cell(writer, reject->content);
    text_write_char(writer, '\n');
}

static sluice_result failed(const rejects *r, sluice_error *error) {
    return error_set(error, errno == ENOSPC ? SLUICE_E_FULL : SLUICE_E_IO,
                     "the rejects file %s cannot be written (%s): make room or name another with --rejects", r->path,
                     strerror(errno));
}

sluice_result rejects_write(rejects *r, text_writer *rows, sluice_error *error) {
    if (rows->length == 0 || r->path == NULL) {
        rows->length = 0;
        return SLUICE_OK;
    }
    if (r->file == NULL) {
        r->file = fopen(r->path, "ae");
        if (r->file == NULL || fseek(r->file, 0, SEEK_END) != 0) {
            return failed(r, error);
        }
        if (ftell(r->file) == 0 && fputs("file,line,field,reason,content\n", r->file) == EOF) {
            return failed(r, error);
        }
    }
    bool written = fwrite(rows->data, 1, rows->length, r->file) == rows->length && fflush(r->file) == 0;
    rows->length = 0;
    return written ? SLUICE_OK : failed(r, error);
}

sluice_result rejects_close(rejects **handle, sluice_error *error) {
    rejects *r = *handle;
    if (r == NULL) {
        return SLUICE_OK;
    }
    *handle = NULL;
    sluice_result result = r->file != NULL && fclose(r->file) != 0 ? failed(r, error) : SLUICE_OK;
    memory_free(r);
    return result;
}
