/* Where a campaign's message leaves for the outbox. */
#ifndef DESK_CAMPAIGN_OUTBOX_H
#define DESK_CAMPAIGN_OUTBOX_H

#include "desk/outreach.h"

/* Puts the message of one row into the outbox on the campaign's channel and notes the delivery in the row. A channel
 * without a link to the partner makes the row `no_link`, which is no error: the rest of the run goes on. Writer. */
SLUICE_MUST_USE sluice_result campaign_outbox_put(desk_command *c, const record *campaign, const record *material,
                                                  record *row, sluice_text link, sluice_text address);

#endif
