/* The money graph: the city's movements in memory, append-only, readable as of any sequence while the writer appends.
 *
 *   keys ──▶ nodes ──▶ ledger blocks ──▶ movements          see ledger.h
 *                └───▶ facts (holder, logins, blocks …)
 *
 * Memory per transfer at 50 M transfers over 8 M accounts: 24 (movement) + 2 entries of 4 in blocks about 3/4 full +
 * 1/6 of an account's (24 node, 8 record, about 20 text, about 12 slot), + 12 when its id is a text rather than a row.
 */
#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include <sluice/signal.h>

#include "graph/epoch.h"
#include "graph/keys.h"
#include "graph/ledger.h"
#include "graph/transfer_ids.h"
#include "signal/batch.h"
#include "sys/region.h"

typedef struct graph_node {
    int64_t last_ms;           /* time of the ledger's last entry; writer only */
    _Atomic uint32_t ledger;   /* handle; 0: none */
    _Atomic uint32_t facts;    /* newest fact + 1; 0: none */
    _Atomic uint32_t balances; /* newest FACT_BALANCE + 1: the earliest in the ledger */
    _Atomic uint32_t state;    /* NODE_… */
} graph_node;

enum {
    NODE_ACCOUNT = 1,  /* counted in account_count */
    NODE_WITHHELD = 2, /* only withdrawn signals have named it so far: nobody knows it */
};

typedef enum fact_kind {
    FACT_SEEN = 1, /* other: none; text: type */
    FACT_NAME,     /* text */
    FACT_HOLDER,   /* of an account; other: the holder */
    FACT_HOLDS,    /* of a holder; other: the account */
    FACT_LOGIN,    /* of an account; other: the device; text: place */
    FACT_LOGIN_OF, /* of a device; other: the account */
    FACT_BLOCKED,
    FACT_UNBLOCKED,
    FACT_CLOSED,
    FACT_BALANCE, /* time_ms is balance_after in fen; index is the movement; a list of its own */
} fact_kind;

typedef struct graph_fact {
    int64_t time_ms;
    uint32_t next;      /* older fact of the same key + 1; 0: none */
    uint32_t index;     /* event's number (FACT_BALANCE: movement's): visible when below the view's limit */
    uint32_t other;     /* key or KEY_NONE */
    uint32_t text_unit; /* in keys.texts, units of 4 bytes */
    uint16_t text_length;
    uint8_t kind;
} graph_fact;

/* Where a batch begins; the array is sorted by each column. */
typedef struct graph_batch {
    uint64_t sequence_first;
    uint32_t event_first, movement_first;
    uint32_t event_count, movement_count;
    uint64_t withdrawn_count; /* sequences that were withdrawn; then it has nothing else */
} graph_batch;

#define GRAPH_CURRENCIES_MAX 256

typedef struct graph {
    epoch epoch;
    keys keys;
    ledger_pool pool;
    transfer_ids ids;
    region movements; /* movement[] */
    region received;  /* movement_received[], by movement */
    region nodes;     /* graph_node[], by key */
    region facts;     /* graph_fact[] */
    region batches;   /* graph_batch[] */
    /* Writer's counts; readers use what is published. */
    uint32_t movement_count, event_count, fact_count, batch_count;
    _Atomic uint32_t node_count; /* keys below it have a node */
    uint64_t transfer_count, withdrawal_count, account_count;
    uint32_t withheld_count; /* keys that only withdrawn signals name; writer only */
    uint64_t sequence;
    sluice_currency currencies[GRAPH_CURRENCIES_MAX];
    uint32_t currency_count;
    _Atomic uint32_t received_count;
    struct {
        uint32_t unit;
        uint16_t length;
    } recent_texts[64]; /* types repeat: the last stored of each hash is used again */
    _Atomic uint32_t published_batches;
    _Atomic uint64_t published_sequence;
    bool broken;     /* a batch was applied in part: memory ran out */
    uint64_t *order; /* scratch, twice the longest batch: movements by time */
    size_t order_capacity;
} graph;

bool graph_init(graph *g);
void graph_fini(graph *g);

/* Writer. Makes room for what a batch will need, so that graph_apply does not fail for want of memory. */
bool graph_reserve(graph *g, const batch *b);
/* A batch never has more movements than this (the time sort packs their places into 16 bits). */
#define GRAPH_BATCH_MOVEMENTS_MAX 65536u

/* Writer. Applies a committed batch and publishes it. Keys must be interned already. False: memory ran out half-way,
 * the graph is `broken` and takes no more; what was published before stays readable. */
bool graph_apply(graph *g, const batch *b);
/* Writer. The same for a batch whose signals were withdrawn: its sequences pass, its keys have their numbers and stay
 * unknown until another signal names them. `count`: signals that it had. graph_reserve comes first. */
void graph_skip(graph *g, const batch *names, uint64_t count);
/* Writer. The number of a currency, added if new; false when there are more than GRAPH_CURRENCIES_MAX. */
bool graph_currency(graph *g, sluice_currency currency, uint32_t *number_out);

/* A reader's view: the state as of a sequence. Any thread. */
typedef struct graph_view {
    const graph *graph;
    uint64_t sequence;
    uint32_t movement_limit, event_limit;
    uint32_t epoch_slot;
} graph_view;

/* as_of 0, or beyond the newest: the newest. */
void graph_view_open(const graph *g, uint64_t as_of, graph_view *view_out);
void graph_view_close(graph_view *view);

static inline const movement *graph_movement(const graph *g, uint32_t number) {
    return (const movement *)(const void *)g->movements.base + number;
}
/* What arrives, and its currency. */
int64_t graph_received(const graph *g, uint32_t m, sluice_currency *currency_out);
static inline sluice_currency graph_movement_currency(const graph *g, const movement *m) {
    return g->currencies[(m->stamp & 0xFFFF) >> MOVEMENT_CURRENCY_SHIFT];
}
uint64_t graph_movement_sequence(const graph *g, uint32_t m);
/* False when the sequence is not a movement's. */
bool graph_movement_of_sequence(const graph *g, uint64_t sequence, uint32_t *movement_out);

/* What an entry moves in its own ledger: > 0 for a credit, < 0 for a debit. */
static inline int64_t graph_entry_signed(const graph *g, ledger_entry entry) {
    uint32_t number = entry & ~LEDGER_DEBIT;
    const movement *m = graph_movement(g, number);
    if ((entry & LEDGER_DEBIT) != 0) {
        return -m->amount_fen;
    }
    return (m->stamp & MOVEMENT_HAS_RECEIVED) != 0 ? graph_received(g, number, NULL) : m->amount_fen;
}

/* False for a key that no committed signal has used yet: its node is not there. */
bool graph_key_is_known(const graph_view *view, uint32_t key);
void graph_ledger(const graph_view *view, uint32_t key, ledger *ledger_out);
/* The opening balance as of the view; *inferred_out is false when the bank stated one. The sums are of `ledger`. */
int64_t graph_opening(const graph_view *view, uint32_t key, const ledger *l, const ledger_sums *sums,
                      bool *inferred_out);

/* Facts, newest first. `fact` NULL: the first; NULL returned: no more. */
const graph_fact *graph_fact_next(const graph_view *view, uint32_t key, const graph_fact *fact);
sluice_text graph_fact_text(const graph *g, const graph_fact *fact);
/* FACT_CLOSED, FACT_BLOCKED or 0 (open). */
fact_kind graph_status(const graph_view *view, uint32_t key);

/* Bytes in use, all included. */
uint64_t graph_memory_bytes(const graph *g);

#endif
