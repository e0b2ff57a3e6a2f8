/* Search: any record by any of its words, accounts, phones or numbers, exactly or by how they begin.
 *
 * Terms are rows of a table of their own, written with the record; one index range answers a search in a desk of any
 * size. Chinese text is indexed by its pairs of characters. */
#ifndef DESK_SEARCH_H
#define DESK_SEARCH_H

#include "desk/kind.h"

extern const record_table SEARCH_TABLE;
enum { SEARCH_TERM, SEARCH_KIND, SEARCH_RECORD, SEARCH_DISTRICT, SEARCH_STATION, SEARCH_FIELDS };

/* The rows by which a record is found, in the arena; not written. */
SLUICE_MUST_USE sluice_result search_rows(desk_command *c, const desk_kind *kind, const record *r, record **rows_out,
                                          size_t *count_out);
/* Replaces what the record is found by. */
SLUICE_MUST_USE sluice_result search_put(desk_command *c, const desk_kind *kind, const record *r);

typedef struct search_hit {
    const desk_kind *kind;
    record record;
} search_hit;

/* Records that the actor may see and that have every word of the text, or words that begin so. At most `limit`: first
 * those that have the longest word as it stands, the newest first. */
SLUICE_MUST_USE sluice_result desk_search(desk_command *c, sluice_text words, const desk_kind *kind /* NULL: any */,
                                          size_t limit, search_hit **hits_out, size_t *count_out);

#endif
