/* Where a campaign's messages leave for the outbox, and what becomes of them. */
#ifndef DESK_CAMPAIGN_OUTBOX_H
#define DESK_CAMPAIGN_OUTBOX_H

#include "desk/outbox.h"
#include "desk/outreach.h"

/* Puts the message of one row into the outbox on the campaign's channel and notes the delivery in the row. A channel
 * without a link to the partner makes the row `no_link`, which is no error: the rest of the run goes on. Writer. */
SLUICE_MUST_USE sluice_result campaign_outbox_put(desk_command *c, const record *campaign, const record *material,
                                                  record *row, sluice_text link, sluice_text address);

/* Rows of outbox_purpose.c. */
bool campaign_send_wanted(const record *row);
sluice_result campaign_send_answered(desk_command *c, const record *delivery, record *row, const outbox_answer *answer);
sluice_result campaign_send_gave_up(desk_command *c, const record *delivery, record *row);

#endif
