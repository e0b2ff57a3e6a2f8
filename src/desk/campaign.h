/* What campaign.c (the record and its states) and campaign_send.c (its runs) share. */
#ifndef DESK_CAMPAIGN_H
#define DESK_CAMPAIGN_H

#include "desk/outreach.h"

/* One step of a run, by the clock: begins it, puts a batch into the outbox, or waits for the end of the quiet hours;
 * then sets the timer of what is next. *is_over_out: there is no next run. The record is changed, not saved. Writer. */
SLUICE_MUST_USE sluice_result campaign_step(desk_command *c, record *r, bool *is_over_out);
/* When the next run is, after `after_ms`; 0: there is none. */
int64_t campaign_next(const record *r, int64_t after_ms);
/* The end of the quiet hours, if time_ms is within them (dated quiet_hours: "21:00-08:00"); else time_ms. Writer. */
SLUICE_MUST_USE sluice_result campaign_quiet(desk_command *c, int64_t time_ms, int64_t *until_ms_out);
/* When they begin next; INT64_MAX: never. Writer. */
SLUICE_MUST_USE sluice_result campaign_quiet_begin(desk_command *c, int64_t time_ms, int64_t *begin_ms_out);
/* The material's text for a channel; empty: it has none. */
sluice_text campaign_text(const record *material, sluice_text channel);

#endif
