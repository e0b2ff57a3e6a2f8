/* Dated tables: deadlines, caps, tiers, taxonomies, scripts and codes, each row with the time it holds and the rule it
 * comes from (domain.md: what a regulator can change is configuration, never a constant in code).
 *
 * A row is proposed by an administrator and holds when a commander of the city approved it. Rows are not changed: one
 * ends and the next begins. Cached by the writer. */
#ifndef DESK_DATED_H
#define DESK_DATED_H

#include "desk/kind.h"

extern const desk_kind DATED_KIND;

typedef struct dated_row {
    sluice_text name, code; /* "duration", "stop" */
    sluice_text value;      /* text, or a number in text */
    int64_t number;         /* durations in ms, counts, fen */
    int64_t from_ms, to_ms; /* [from, to); 0: open */
    sluice_text law, en, zh;
    int64_t id;
} dated_row;

/* The row that holds at `at_ms`; NULL: none. Borrowed until the next change of the tables. Writer. */
const dated_row *dated_find(const desk *d, const char *name, sluice_text code, int64_t at_ms);
/* Its number at the command's moment. DAMAGED when there is none: the default was ended and nothing put in its place.
 */
SLUICE_MUST_USE sluice_result dated_number(desk_command *c, const char *name, const char *code, int64_t *number_out);
/* Calls visit for each row of a table that holds, in the order of codes; false stops. */
void dated_each(const desk *d, const char *name, int64_t at_ms, bool (*visit)(void *context, const dated_row *row),
                void *context);

/* Puts the defaults in that this database has never had: all of them into a new one, those of a newer program into an
 * older one. What was changed or ended is left alone. Writer, outside of a group. */
SLUICE_MUST_USE sluice_result dated_fill(desk *d, int64_t now_ms, sluice_error *error);
SLUICE_MUST_USE sluice_result dated_reload(desk *d, sluice_error *error);

#endif
