/* The catalogue, in parts by who speaks. */
#ifndef TEXT_CHINESE_PRIVATE_H
#define TEXT_CHINESE_PRIVATE_H

#include <stddef.h>

/* `english` is the printf format in the source, `chinese` has {1}, {2} … for its conversions in their order (%.*s is
 * one). A value that is itself a sentence or a phrase of the catalogue is translated too. */
typedef struct chinese_row {
    const char *english, *chinese;
} chinese_row;

typedef struct chinese_part {
    const chinese_row *rows;
    size_t count;
} chinese_part;

extern const chinese_part CHINESE_DESK, CHINESE_FIELDS, CHINESE_SERVER, CHINESE_RULES, CHINESE_IMPORT;

#endif
