/* Saved views: a list's filters and order under a name, for the one who saved it or for everybody of his unit.
 *
 * No kind of record, because nothing is decided by it: it has no states, no acts and no jurisdiction beyond the two
 * rules here. What the list then shows is decided by the one who opens it, never by the one who saved it. */
#ifndef DESK_SAVED_VIEW_H
#define DESK_SAVED_VIEW_H

#include "desk/kind.h"

extern const record_table SAVED_VIEW_TABLE;

enum { VIEW_OWNER, VIEW_LIST, VIEW_NAME, VIEW_QUERY, VIEW_UNIT, VIEW_FIELDS };
enum { SAVED_VIEWS_MAX = 50, VIEW_NAME_BYTES_MAX = 120, VIEW_QUERY_BYTES_MAX = 2000 };

/* One's own and those shared with one's unit, of this list, in the order of their ids. At most SAVED_VIEWS_MAX of a
 * user, and 500 of a unit are shown. Any thread. */
SLUICE_MUST_USE sluice_result saved_view_find(desk_command *c, sluice_text list, record **rows_out, size_t *count_out);
/* Saves it under its name, over one's own of the same name. Errors: INPUT (c->faults), STATE (SAVED_VIEWS_MAX are
 * there), FORBIDDEN (a key is nobody who looks). Writer. */
SLUICE_MUST_USE sluice_result saved_view_put(desk_command *c, sluice_text list, sluice_text name, sluice_text query,
                                             bool is_shared, record *view_out);
/* Removes one's own; a shared one of the unit also by its commander. NOT_FOUND else. Writer. */
SLUICE_MUST_USE sluice_result saved_view_remove(desk_command *c, int64_t id);

#endif
