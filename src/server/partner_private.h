/* Routes of partners: what belongs to several of them. */
#ifndef SERVER_PARTNER_PRIVATE_H
#define SERVER_PARTNER_PRIVATE_H

#include "gateway/bank_table.h"
#include "server/desk_link.h"

extern const route PARTNER_ROUTES[];
extern const size_t PARTNER_ROUTE_COUNT;

/* partner_messages.c: POST /v1/partner/messages. */
sluice_result partner_message_handler(request *rq, response *rs, sluice_error *error);

/* partner_tips.c: GET /v1/partner/tips. */
enum { PARTNER_TIPS_QUERY_COUNT = 1 };
extern const api_field PARTNER_TIPS_QUERY[PARTNER_TIPS_QUERY_COUNT];
extern const api_schema PARTNER_TIPS;
sluice_result partner_tips_handler(request *rq, response *rs, sluice_error *error);

/* The message tables as they hold now, with the fields that this bank's link names. Any thread. */
SLUICE_MUST_USE sluice_result partner_bank_table(desk_command *c, sluice_text institution, bank_table *table_out);

/* Checks a request's signature where the partner's bank link has a key: UNAUTHENTICATED when it is missing, wrong or
 * too old. *signed_out: it was; then partner_once must be called in the command. Worker. */
SLUICE_MUST_USE sluice_result partner_check(request *rq, desk_command *c, bool *signed_out);
/* Remembers the nonce of a signed request: CONFLICT when it was used before. Writer, inside the command. */
SLUICE_MUST_USE sluice_result partner_once(desk_command *c, const request *rq);

#endif
