/* How much of a victim's money an account still holds: what orders are ranked by. */
#ifndef DESK_REACH_H
#define DESK_REACH_H

#include "desk/desk.h"

/* With a transfer that the log has: what a FIFO trace of it says is still in the account, at most its balance. Else the
 * account's balance, at most `amount_fen` (0: all of it). Without an engine, or an account it does not know:
 * amount_fen. Cost: a trace, about a millisecond. */
SLUICE_MUST_USE sluice_result reach_of(desk_command *c, sluice_text account, sluice_text transfer, int64_t amount_fen,
                                       int64_t *reachable_fen_out);

#endif
