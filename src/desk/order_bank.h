/* Orders on their way to the bank that carries them out, and what its answer does to them (反电信网络诈骗法 Art. 20:
 * police decide, banks carry out).
 *
 * Where the account's bank has a link (desk/partner_link.h), approving an order puts its message into the outbox within
 * the same transaction; where it has none, the bank answers through the portal or by paper, as people enter it. */
#ifndef DESK_ORDER_BANK_H
#define DESK_ORDER_BANK_H

#include "desk/order.h"
#include "desk/outbox.h"

/* For the `then` of the acts. Each puts at most one message, and none where the bank has no link. */
SLUICE_MUST_USE sluice_result stop_send(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result stop_send_release(desk_command *c, record *r, const desk_input *in);
/* Asks the payer's or payee's bank to give the payment back, for fraud (camt.056): nothing is stopped by it, and what
 * the bank answers is kept with the delivery. STATE: the bank has no link. */
SLUICE_MUST_USE sluice_result stop_send_recall(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result freeze_send(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result freeze_send_extension(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result freeze_send_release(desk_command *c, record *r, const desk_input *in);

/* Asks for the transactions of an account over a period. STATE: the bank has no link. */
SLUICE_MUST_USE sluice_result inquiry_send(desk_command *c, record *r, const desk_input *in);

/* When the bank did what was ordered, as it says in `field`. Its clock is not ours, and it writes whole seconds: what
 * lies outside of [approval, now] by no more than the dated tolerance is taken as the nearer of the two, so that no
 * term runs from a time to come; beyond it the input is at fault. */
SLUICE_MUST_USE sluice_result order_done_at(desk_command *c, const char *field, int64_t approved_ms, record_value *at);

/* Rows of outbox_purpose.c. */
bool stop_order_wanted(const record *stop);
bool freeze_order_wanted(const record *freeze);
sluice_result stop_order_answered(desk_command *c, const record *delivery, record *stop, const outbox_answer *answer);
sluice_result freeze_order_answered(desk_command *c, const record *delivery, record *freeze,
                                    const outbox_answer *answer);

#endif
