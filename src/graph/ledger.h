/* Ledgers: for each account its movements, credits and debits together, in time order (ties by sequence).
 *
 * One writer, any number of readers. A reader sees the movements below its limit and no others, whatever the writer
 * does meanwhile; what it walks over stays in place until it leaves the epoch (graph_view_close). */
#ifndef GRAPH_LEDGER_H
#define GRAPH_LEDGER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "graph/epoch.h"
#include "sys/region.h"

/* A transfer or withdrawal, 24 bytes. Its number is its place in the array, in log order. */
typedef struct movement {
    uint64_t stamp; /* time in ms, 48 bits signed, then 16 bits: MOVEMENT_… and the currency's number */
    int64_t amount_fen;
    uint32_t from, to; /* keys; `to` of a withdrawal may be KEY_NONE */
} movement;

#define MOVEMENT_WITHDRAWAL 1u   /* leaves the ledgers: a debit only */
#define MOVEMENT_HAS_RECEIVED 2u /* another amount or currency arrives than leaves: graph_received */
#define MOVEMENT_CURRENCY_SHIFT 2u

static inline int64_t movement_time_ms(const movement *m) {
    return (int64_t)m->stamp >> 16;
}
static inline uint64_t movement_stamp(int64_t time_ms, uint32_t flags, uint32_t currency) {
    return ((uint64_t)time_ms << 16) | ((uint64_t)currency << MOVEMENT_CURRENCY_SHIFT) | flags;
}

/* The amount that arrives, when it is not the one that left. */
typedef struct movement_received {
    uint32_t movement;
    uint32_t currency; /* number */
    int64_t fen;
} movement_received;

/* An entry: a movement's number, and whether this account paid. */
typedef uint32_t ledger_entry;
#define LEDGER_DEBIT UINT32_C(0x80000000)
#define LEDGER_MOVEMENTS_MAX UINT32_C(0x7FFFFFFF)

#define LEDGER_CLASSES 28 /* block sizes 16 << class bytes */

typedef struct ledger_retired {
    uint64_t epoch;
    uint32_t handle;
} ledger_retired;

struct graph;

typedef struct ledger_pool {
    region units;                  /* of 16 bytes; handle = unit number, 0: none */
    uint64_t unit_count;           /* used, free lists included */
    uint32_t free[LEDGER_CLASSES]; /* heads; linked through the blocks' first entry */
    ledger_retired *retired;       /* ring, oldest first */
    size_t retired_first, retired_count, retired_capacity;
    epoch *epoch;
    const struct graph *graph; /* for the times and amounts of movements */
} ledger_pool;

bool ledger_pool_init(ledger_pool *pool, const struct graph *g, epoch *e);
void ledger_pool_fini(ledger_pool *pool);

/* Writer. Adds an entry to the ledger *handle (0: empty). `late` says that its time is before the ledger's last entry.
 * `amount_fen` is what it moves in this ledger (the received amount for a credit). False: no memory, nothing changed.
 */
bool ledger_add(ledger_pool *pool, _Atomic uint32_t *handle, ledger_entry entry, int64_t amount_fen, bool late);
/* Writer, after each batch: lets blocks that no reader can see be used again. */
void ledger_reclaim(ledger_pool *pool);

/* Writer, ahead of ledger_add: brings the block, then the place of its next entry, into the cache. */
void ledger_prefetch(const ledger_pool *pool, uint32_t handle);
void ledger_prefetch_tail(const ledger_pool *pool, uint32_t handle);

/* Reading. */
typedef struct ledger {
    const struct graph *graph;
    const void *root;    /* a small block or a directory */
    uint32_t slot_count; /* blocks (1 when small) */
    uint32_t limit;      /* movements below this number are visible */
} ledger;

typedef struct ledger_cursor {
    uint32_t slot;  /* which block */
    uint32_t place; /* next entry in it */
    uint32_t count; /* entries in it */
    const ledger_entry *entries;
} ledger_cursor;

/* Sums up to a place, and over the whole ledger. */
typedef struct ledger_sums {
    int64_t before_fen; /* credits − debits before the place */
    int64_t net_fen;    /* of all */
    int64_t low_fen;    /* lowest running sum of all, <= 0 */
} ledger_sums;

/* A place in the order of time, then movement number. */
typedef struct ledger_place {
    int64_t time_ms;
    uint32_t movement;
} ledger_place;

/* Opens the ledger of a key; pool and limit come from the view. An empty ledger is fine. */
void ledger_open(const struct graph *g, const ledger_pool *pool, uint32_t handle, uint32_t limit, ledger *ledger_out);
/* Cursor at the first entry after `place`. Cost: O(log blocks + block). */
void ledger_seek(const ledger *l, ledger_place place, ledger_cursor *cursor_out);
/* Cursor at the first entry. */
void ledger_begin(const ledger *l, ledger_cursor *cursor_out);
/* The next visible entry; false at the end. */
bool ledger_next(const ledger *l, ledger_cursor *cursor, ledger_entry *entry_out);
/* Sums over the ledger, `before` being what comes before `cursor`. Cost: O(blocks + 2 blocks' entries). */
void ledger_sum(const ledger *l, const ledger_cursor *cursor, ledger_sums *sums_out);

#endif
