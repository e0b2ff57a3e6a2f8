/* Text slices (sluice_text) and a growing text to write into. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <sluice/signal.h>

#define TEXT(literal) ((sluice_text){(literal), sizeof(literal) - 1})
/* For "%.*s". */
#define TEXT_ARGS(text) (int)(text).length, (text).data

static inline sluice_text text_of(const char *terminated) {
    return (sluice_text){terminated, terminated == NULL ? 0 : strlen(terminated)};
}

static inline bool text_equal(sluice_text a, sluice_text b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/* Bytewise order; a prefix comes before what it begins. */
int text_compare(sluice_text a, sluice_text b);
sluice_text text_trim(sluice_text text);
/* The whole text as a decimal number without sign; false if it is not one or does not fit. */
bool text_to_u64(sluice_text text, uint64_t *value_out);
#define TEXT_U64_BYTES 21 /* of the largest, with the NUL */
/* Its digits, NUL-terminated, in base 10 or 16; returns how many. For where printf's 100 ns are too many. */
size_t text_of_u64(uint64_t value, unsigned base, char digits_out[TEXT_U64_BYTES]);
bool text_is_utf8(sluice_text text);
/* Splits at the first `separator`: before and after; false (before = text, after empty) if there is none. */
bool text_split(sluice_text text, char separator, sluice_text *before_out, sluice_text *after_out);

#define TEXT_DISTANCE_BYTES_MAX 64

/* Levenshtein's distance, for "did you mean": of texts of at most so many bytes; longer ones are SIZE_MAX apart. */
size_t text_distance(sluice_text a, sluice_text b);

/* A growing text. Zero-initialise; writes after a failed one do nothing, so check `failed` once at the end. */
typedef struct text_writer {
    char *data; /* NUL-terminated once anything was written */
    size_t length, capacity;
    bool failed; /* memory was exhausted */
} text_writer;

void text_write(text_writer *writer, sluice_text text);
void text_write_char(text_writer *writer, char character);
/* A cell of CSV (RFC 4180), quoted where it must be. One that a spreadsheet would run as a formula (it begins with = +
 * - @, a tab or a line end) gets a leading apostrophe: names come from strangers. */
void text_write_cell(text_writer *writer, sluice_text text);
void text_printf(text_writer *writer, const char *format, ...) SLUICE_PRINTF(2, 3);
void text_writer_fini(text_writer *writer);

#endif
