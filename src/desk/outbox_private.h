/* Shared by outbox.c and outbox_book.c. */
#ifndef DESK_OUTBOX_PRIVATE_H
#define DESK_OUTBOX_PRIVATE_H

#include "desk/outbox.h"

/* Of a delivery that waits for another: let_go sets its time. The year 5138. */
#define OUTBOX_NEVER_MS INT64_C(100000000000000)

/* States in which a delivery has not ended. */
#define OUTBOX_OPEN_COUNT 3
extern const record_value OUTBOX_OPEN[OUTBOX_OPEN_COUNT];

/* The record that a delivery is about; false: there is none, or not any more. */
sluice_result outbox_about(desk_command *c, const record *delivery, record *about_out, bool *found_out);
sluice_result outbox_is_wanted(desk_command *c, const record *delivery, bool *wanted_out);

#endif
