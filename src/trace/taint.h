/* Taint in one account: what of its balance is whose, and what a debit takes of it, by method.
 *
 * Amounts have a face (what the ledger counts, in the entry's own currency) and a value (in the start's currency); they
 * are the same unless a transfer changed the currency. */
#ifndef TRACE_TAINT_H
#define TRACE_TAINT_H

#include <stdbool.h>
#include <stdint.h>

#include <sluice/trace.h>

#include "base/memory.h"

#define TAINT_CLEAN 0u /* any other owner is victim + 1 */

/* A part of a credit, a debit or a balance. For BOUNDS `face` is the possible and `certain` the certain part; for the
 * other methods certain is not used. */
typedef struct taint_piece {
    uint32_t owner;
    int64_t face_fen, value_fen, certain_fen;
} taint_piece;

/* A growing list of pieces. FIFO and LIFO keep the order; the others have at most one piece for each victim, sorted,
 * and leave out what is clean. */
typedef struct taint_parcel {
    taint_piece *pieces;
    size_t first, count, capacity; /* pieces[first .. first + count) */
    taint_piece small[2];          /* before any memory is asked for */
} taint_parcel;

typedef struct taint_account {
    int64_t balance_fen; /* face, running */
    int64_t tainted_fen; /* FIFO, LIFO: value of the lots that are not clean */
    taint_parcel parcel; /* FIFO, LIFO: all of the balance, oldest first; else the taint in it */
} taint_account;

/* What is the same for all accounts of a trace. */
typedef struct taint_method {
    sluice_method method;
    arena *memory;
    const int64_t *victim_total_fen; /* BOUNDS: no more than a victim's total is anywhere */
    size_t victim_count;
    bool failed; /* memory was exhausted: sticky */
} taint_method;

static inline taint_piece *taint_pieces(taint_parcel *parcel) {
    return (parcel->pieces != NULL ? parcel->pieces : parcel->small) + parcel->first;
}
void taint_parcel_clear(taint_parcel *parcel);
/* Appends in order (FIFO, LIFO), joining what can be joined without changing any later division. */
void taint_parcel_push(taint_method *m, taint_parcel *parcel, taint_piece piece);

/* Begins with a clean balance. */
void taint_begin(taint_method *m, taint_account *account, int64_t balance_fen);
/* A credit of `amount_fen` with nothing tainted in it. */
void taint_credit_clean(taint_method *m, taint_account *account, int64_t amount_fen);
/* A credit of `amount_fen` that carries `parcel`. */
void taint_credit(taint_method *m, taint_account *account, int64_t amount_fen, const taint_parcel *parcel);
/* A debit: *out (cleared first) gets what it takes. */
void taint_debit(taint_method *m, taint_account *account, int64_t amount_fen, taint_parcel *out);
/* Claims `amount_fen` of the newest clean money in the account for a victim; returns what could be claimed. */
int64_t taint_claim(taint_method *m, taint_account *account, uint32_t victim, int64_t amount_fen);
/* The same in a credit on its way: a start's transfer. Oldest clean part first. `total_fen` is the credit's amount. */
int64_t taint_claim_parcel(taint_method *m, taint_parcel *parcel, uint32_t victim, int64_t amount_fen,
                           int64_t total_fen);
/* Turns a debit's parcel into the credit's, when another amount arrives than left. */
void taint_convert(taint_method *m, taint_parcel *parcel, int64_t paid_fen, int64_t received_fen);
/* True while any of the balance is tainted. O(1). */
bool taint_is_in(const taint_method *m, const taint_account *account);
/* Value of what is tainted in a parcel. */
int64_t taint_value(taint_parcel *parcel);

#endif
