/* Text in columns: for tables on a terminal. */
#ifndef BASE_COLUMNS_H
#define BASE_COLUMNS_H

#include "base/text.h"

/* Columns on a terminal: East Asian wide characters take two, combining ones none. */
size_t columns_width(sluice_text text);
/* Writes `text` padded with blanks to `width` columns; nothing is cut. */
void columns_pad_right(text_writer *writer, sluice_text text, size_t width);
void columns_pad_left(text_writer *writer, sluice_text text, size_t width);

/* One past the last byte; an empty text may have no data at all. */
static inline const char *columns_end(sluice_text text) {
    return text.length == 0 ? text.data : text.data + text.length;
}

/* The next character of well-formed or broken UTF-8, and moves on by at least one byte; U+FFFD for what is broken. */
uint32_t columns_next_character(const char **at, const char *end);

#endif
