/* The rejects file: every line that was not taken, with the reason, as CSV: file, line, field, reason, content. */
#ifndef ENGINE_REJECTS_H
#define ENGINE_REJECTS_H

#include "base/text.h"
#include "signal/format.h"

typedef struct rejects rejects;

/* Nothing is created before the first reject. path NULL: rejects are dropped. */
SLUICE_MUST_USE sluice_result rejects_new(const char *path, rejects **rejects_out, sluice_error *error);
/* Formats one row; any thread, into the caller's writer. */
void rejects_format(text_writer *writer, const format_reject *reject);
/* Appends rows and hands them to the system; empties the writer. An existing file of an earlier run is appended to. */
SLUICE_MUST_USE sluice_result rejects_write(rejects *rejects, text_writer *rows, sluice_error *error);
SLUICE_MUST_USE sluice_result rejects_close(rejects **rejects, sluice_error *error);

#endif
