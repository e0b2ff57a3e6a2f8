/* From what the engine decided to what people do: each stored decision becomes a warning or a lead, once.
 *
 * How far the desk has read is a row of its own, written in the transaction of the warnings themselves: after a crash
 * it goes on exactly where it was. */
#ifndef DESK_DECIDED_H
#define DESK_DECIDED_H

#include "desk/desk.h"
#include "desk/finding.h"

extern const record_table PROGRESS_TABLE;

/* Takes in up to `most` decisions that came since; begins and commits by itself, and does nothing where nothing came.
 * *taken_out < most: it is up to date. Writer. Cost: as of making a record, about 0.3 ms each. */
SLUICE_MUST_USE sluice_result desk_take_decisions(desk *d, int64_t now_ms, size_t most, size_t *taken_out,
                                                  sluice_error *error);

/* What was decided about this movement; texts in the command's arena. NOT_FOUND: nothing was. Writer. */
SLUICE_MUST_USE sluice_result decided_find(desk_command *c, const sluice_transfer *transfer, desk_finding *finding_out);

#endif
