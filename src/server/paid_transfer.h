/* The transfer that a victim tells of: "at half past nine I paid 124,000 yuan into this account". */
#ifndef SERVER_PAID_TRANSFER_H
#define SERVER_PAID_TRANSFER_H

#include <sluice/engine.h>

/* When the account got just this amount: the credit nearest to the time told, at most an hour off, for people tell the
 * minute and banks the millisecond, and money is followed from when it came. `told_ms`: the log has none. Cost: the
 * account's ledger once. */
int64_t paid_at(const sluice_engine *engine, sluice_text account, int64_t told_ms, int64_t amount_fen);

#endif
