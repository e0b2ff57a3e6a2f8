/* Answers kept for requests that are sent again (Idempotency-Key): for as long as the dated duration `keep_answers`
 * says, to the millisecond; prune.h removes what is older. */
#ifndef DESK_IDEMPOTENCY_H
#define DESK_IDEMPOTENCY_H

#include "desk/desk.h"

extern const record_table IDEMPOTENCY_TABLE;

/* The answer that was given to this principal's key. NOT_FOUND: it is new, or its time is over (then it is removed, and
 * the key may be put again). CONFLICT: the key was used for another request. Writer, inside the command. */
SLUICE_MUST_USE sluice_result idempotency_find(desk_command *c, sluice_text principal, sluice_text key,
                                               const char *request_sha256, int64_t *status_out, sluice_text *body_out);
/* In the transaction of the command whose answer it is. */
SLUICE_MUST_USE sluice_result idempotency_put(desk_command *c, sluice_text principal, sluice_text key,
                                              const char *request_sha256, int64_t status, sluice_text body);

#endif
