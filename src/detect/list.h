/* A named list: texts, each valid from one time to another. Lookups are exact and cost one hash. */
#ifndef DETECT_LIST_H
#define DETECT_LIST_H

#include <sluice/result.h>

#include "base/text.h"

#define LIST_VALUE_BYTES_MAX UINT16_MAX
#define LIST_PERIODS_MAX 64 /* of one value */

typedef struct list list;

list *list_new(void); /* NULL: no memory */
void list_free(list **l);

typedef enum list_added { LIST_ADDED, LIST_OVERLAPS, LIST_TOO_MANY_PERIODS, LIST_NO_MEMORY } list_added;

/* Valid in [from_ms, to_ms); `value` is copied and has at most
 * LIST_VALUE_BYTES_MAX bytes. On OVERLAPS *line_out is the line of the entry that it overlaps. At most
 * 2^31 bytes of values in all. */
SLUICE_MUST_USE list_added list_add(list *l, sluice_text value, int64_t from_ms, int64_t to_ms, uint32_t line,
                                    uint32_t *line_out);
bool list_has(const list *l, sluice_text value, int64_t time_ms);
size_t list_count(const list *l);
/* The same values, added in the same order, at the same times. */
bool list_same(const list *a, const list *b);

#endif
