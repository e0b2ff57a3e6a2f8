/* Formats: from files to signals. A plan names the sources (files) of an import in the order they are read; a reader
 * turns one source into signals and rejects. Nothing here knows the database. */
#ifndef SIGNAL_FORMAT_H
#define SIGNAL_FORMAT_H

#include <sluice/signal.h>

#include "base/memory.h"

typedef struct mapping mapping; /* mapping.h: columns of a bank's file → fields */

/* What a plan needs to know. */
typedef struct format_options {
    const char *format;       /* finbench | amlsim | amlworld | csv | ndjson | pacs008 */
    const char *mapping_path; /* csv, ndjson; may be NULL */
    const char *encoding;     /* NULL or "auto" | "utf-8" | "gb18030" */
    const char *schemas_path; /* pacs008: folder with <message>.xsd, which each message is checked against; or NULL */
} format_options;

typedef struct format_source {
    char *path;
    char *stem; /* the file's name without folder and last suffix: prefix of its transfer ids */
    uint64_t bytes;
    int role; /* which kind of file of the format; meaning belongs to the format; sources are sorted by it */
} format_source;

typedef struct format_plan {
    format_options options;
    mapping *mapping;  /* NULL when the format has none */
    char identity[65]; /* SHA-256 hex of format + mapping: what besides a file's content decides what it becomes */
    format_source *sources;
    size_t source_count, source_capacity;
    char **ignored; /* files that hold no signal of Sluice (loans, SOURCE.txt …) */
    size_t ignored_count, ignored_capacity;
    uint64_t total_bytes;
} format_plan;

/* Expands folders, orders the sources, reads the mapping. Errors: NOT_FOUND, INPUT (unknown format; a folder without
 * any file of the format; a wrong mapping, with line, field and what was expected), INVALID. */
SLUICE_MUST_USE sluice_result format_plan_new(const format_options *options, const char *const *paths,
                                              size_t path_count, format_plan **plan_out, sluice_error *error);
void format_plan_free(format_plan **plan);

/* Where a reader is: enough to go on after a restart. Zero-initialised: the beginning. */
typedef struct format_position {
    uint64_t offset; /* bytes of the file that are done (a JSON document: in proportion to its rows; `row` rules) */
    uint64_t line;   /* lines done, header included */
    uint64_t row;    /* data rows done */
} format_position;

/* A line that was not taken. Texts are borrowed for the call. */
typedef struct format_reject {
    const char *path;
    uint64_t line;       /* 1 is the file's first line; 0: a JSON document, where `field` says the place */
    sluice_text field;   /* the column's name as in the file, or empty */
    sluice_text reason;  /* what was expected and what was there; names the cure */
    sluice_text content; /* the line as UTF-8 */
} format_reject;

typedef struct format_reader format_reader;

/* Opens a source at a position. INPUT when the header lacks a needed column (names it and the columns there are). */
SLUICE_MUST_USE sluice_result format_reader_open(const format_plan *plan, size_t source,
                                                 const format_position *position, format_reader **reader_out,
                                                 sluice_error *error);
void format_reader_close(format_reader **reader);

/* The most signals that one row becomes; a chunk has room for at least these. */
#define FORMAT_ROW_SIGNALS_MAX 2

typedef struct format_chunk {
    sluice_signal *signals; /* room for `capacity`, given by the caller */
    size_t capacity, count;
    arena texts;              /* what the signals' texts point to, besides the mapped file; reset by the caller */
    uint64_t rounded;         /* added to: amounts that were rounded to fen */
    uint64_t rejected;        /* added to */
    format_position position; /* after the last row taken */
    bool end;                 /* nothing is left */
} format_chunk;

/* Reads rows, adding to the chunk, until it has no room for another row's signals, or as many rows as it has room for
 * were read (rejected ones included), or the source ends. A bad row calls `reject` (may be NULL) and is skipped; it is
 * counted as a row. The signals' texts live until the reader is closed or the arena reset, whichever is first.
 * Errors: NO_MEMORY (the chunk holds what came before; the same call may be made again), INVALID (capacity below
 * FORMAT_ROW_SIGNALS_MAX). */
SLUICE_MUST_USE sluice_result format_read(format_reader *reader, format_chunk *chunk,
                                          void (*reject)(void *context, const format_reject *reject), void *context,
                                          sluice_error *error);

#endif
