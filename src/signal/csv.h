/* Delimited text: records and their fields (RFC 4180 where quotes are on), without copying what needs no change. */
#ifndef SIGNAL_CSV_H
#define SIGNAL_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include <sluice/signal.h>

#include "base/memory.h"

#define CSV_RECORD_BYTES_MAX ((size_t)1 << 20)

typedef struct csv_shape {
    char delimiter;
    bool quotes;       /* a field may be quoted: delimiters and newlines inside, "" for a quotation mark */
    bool double_bytes; /* the text is GB18030: a second byte may look like a delimiter */
} csv_shape;

typedef struct csv_record {
    sluice_text text;   /* without its end of line */
    size_t next;        /* offset of the next record */
    uint64_t lines;     /* physical lines in it */
    const char *defect; /* NULL, or why it cannot be split: one line then, cut at the limit */
} csv_record;

/* The record that begins at `offset`; false at the end of the text. A quoted field that never closes (within the limit)
 * costs its first line only, so that one stray mark does not swallow the rest of a file. */
bool csv_record_next(const csv_shape *shape, const char *data, size_t bytes, size_t offset, csv_record *record_out);

/* Splits one record into at most `max` fields, trimmed of blanks outside quotes; fields with "" in them are copied into
 * `arena`. Returns the number of fields there are, which may be larger than `max`; SIZE_MAX: memory is exhausted. */
size_t csv_split(const csv_shape *shape, sluice_text record, arena *arena, sluice_text *fields_out, size_t max);

#endif
