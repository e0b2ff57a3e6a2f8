/* Shapes: what a transfer's or an account's surroundings look like in hindsight, as numbers.
 *
 * Detection sees a transfer as it arrives and looks back only. A case analyst looks at it later, and sees what came
 * after it too: whether the payee gathers from many, whether the money came round, whether it went through middlemen
 * that all pay the same account. That is what tells the typology of a laundering scheme, and these are the columns from
 * which a model learns it.
 *
 * Over an array of transfers in time order, read-only once built: any number of threads, each with a shape_work. Work
 * per transfer is bounded: of an account's transfers in a window the nearest in time count (SHAPE_NEAREST to each
 * side), of an account's counterparties the first SHAPE_COUNTERPARTIES by number. Transfers of an account to itself
 * move nothing and are left out by the caller. */
#ifndef FEATURE_SHAPE_H
#define FEATURE_SHAPE_H

#include <sluice/signal.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHAPE_NEAREST 64
#define SHAPE_COUNTERPARTIES 1024
#define SHAPE_WINDOWS_MAX 4

typedef struct shape_transfer {
    int64_t time_ms, amount_fen;
    uint32_t from, to;
} shape_transfer;

typedef struct shape shape;
typedef struct shape_work shape_work;

/* `transfers` by time; it must outlive the shape. Accounts are numbers below account_limit. NULL: no memory.
 * 8 bytes a transfer and 16 an account. */
shape *shape_new(const shape_transfer *transfers, uint32_t count, uint32_t account_limit);
void shape_free(shape **s);
/* Scratch of one thread, 48 bytes an account. NULL: no memory. */
shape_work *shape_work_new(const shape *s);
void shape_work_free(shape_work **w);

/* ---- of a transfer ---- */

/* Its own columns: those of each window, then the chains. shape_transfer_own fills in values[own count] of one. */
size_t shape_transfer_own_count(size_t window_count);

typedef struct shape_windows {
    int64_t window_ms[SHAPE_WINDOWS_MAX]; /* both ways: from t − W to t + W */
    size_t count;
    size_t around;       /* which of them says what is adjacent */
    int64_t chain_ms[2]; /* a chain's longest wait from one transfer to the next */
} shape_windows;

/* All of them: values[transfer * own count + column]; NaN is missing. False: no memory. */
bool shape_transfers(const shape *s, const shape_windows *windows, float *values);

/* The row of a transfer: its own columns, then the largest and the mean of each own column over the transfers adjacent
 * to it: by the same payer, to the same payee, into the payer before, out of the payee after. */
#define SHAPE_ADJACENT_KINDS 4
size_t shape_transfer_column_count(size_t window_count);
void shape_transfer_column_name(const shape_windows *windows, size_t column, char *name_out, size_t capacity);
void shape_transfer_row(const shape *s, const shape_windows *windows, const float *own, uint32_t transfer, float *row);

/* ---- of an account ---- */

size_t shape_account_own_count(void);
/* values[account * own count + column]. False: no memory. */
bool shape_accounts(const shape *s, float *values);
/* Its own columns, then the largest, smallest and mean of each over its payees, and over its payers. */
size_t shape_account_column_count(void);
void shape_account_column_name(size_t column, char *name_out, size_t capacity);
/* False: an account without transfers. */
bool shape_account_row(const shape *s, const float *own, uint32_t account, float *row);

#endif
