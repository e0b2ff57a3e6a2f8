/* What was said once and must not be said again: nonces of signed messages, serial numbers of partners' reports. */
#ifndef DESK_NONCE_H
#define DESK_NONCE_H

#include "desk/kind.h"

extern const record_table NONCE_TABLE;

/* Remembers it in this transaction. CONFLICT: it was used before. until_ms: then it may be forgotten (0: never).
 * Writer.
 */
SLUICE_MUST_USE sluice_result nonce_use(desk_command *c, sluice_text partner, sluice_text nonce, int64_t until_ms);

#endif
