/* What the desk keeps only for a while: answers for requests that are sent again, and events that consoles were told.
 */
#ifndef DESK_PRUNE_H
#define DESK_PRUNE_H

#include "desk/desk.h"

/* Removes rows that are older than the dated durations `keep_answers` and `keep_events` say, at most a few hundred of
 * each table, in a transaction of its own; none is begun when nothing is old enough. *next_ms_out: when to call again.
 * Writer, outside of a transaction. */
SLUICE_MUST_USE sluice_result desk_prune(desk *d, int64_t now_ms, int64_t *next_ms_out, sluice_error *error);

#endif
