/* Timers: what happens to a record by the clock, to the second, whether or not the daemon was up.
 *
 * A timer is a row (when, which record, which act). desk_tick does what is due; desk_act does it first for the record
 * it is about, so that nobody acts on a state that time has already ended. */
#ifndef DESK_TIMER_H
#define DESK_TIMER_H

#include "desk/kind.h"

extern const record_table TIMER_TABLE;
enum { TIMER_DUE, TIMER_KIND, TIMER_RECORD, TIMER_ACT, TIMER_FIELDS };

/* One timer for each record and act: setting it again moves it. */
SLUICE_MUST_USE sluice_result timer_set(desk_command *c, const desk_kind *kind, int64_t record_id, const char *act,
                                        int64_t due_ms);
/* act NULL: all of the record's. */
SLUICE_MUST_USE sluice_result timer_clear(desk_command *c, const desk_kind *kind, int64_t record_id, const char *act);
/* Does what is due for one record until c->now_ms; *changed_out: something was. */
SLUICE_MUST_USE sluice_result timer_settle(desk_command *c, const desk_kind *kind, int64_t record_id,
                                           bool *changed_out);

#endif
