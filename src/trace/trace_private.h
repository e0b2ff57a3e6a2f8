/* A trace while it runs and after: shared by follow.c (the walk), answer.c (the account of it) and trace.c. */
#ifndef TRACE_TRACE_PRIVATE_H
#define TRACE_TRACE_PRIVATE_H

#include <sluice/trace.h>

#include "base/memory.h"
#include "graph/graph.h"
#include "trace/taint.h"
#include "trace/trace.h"

#define TRACE_NONE UINT32_MAX

/* Sums by victim: value_fen[victim], then certain_fen[victim], in trace.sums. */
typedef uint32_t trace_sum;

/* A credit that carries taint and has not been passed by the account's cursor yet. */
typedef struct trace_pending {
    uint32_t movement;
    uint32_t next; /* + 1, in trace.pendings; 0: none */
    taint_parcel parcel;
} trace_pending;

typedef struct trace_node {
    uint32_t key;
    uint32_t layer;
    bool tainted; /* `taint` is live and `cursor` follows the ledger */
    bool waiting; /* in the heap, for `debit` */
    bool drained; /* no debit comes any more: credits only pile up */
    bool is_start, opened, was_read;
    bool opening_inferred;
    ledger ledger;
    ledger_cursor cursor;                 /* after the last entry that was taken in */
    ledger_cursor after_debit;            /* after the debit that it waits for */
    uint32_t debit;                       /* movement */
    uint32_t pending_first, pending_last; /* + 1; credits on their way in, in order */
    int64_t opening_fen, end_balance_fen; /* end: as of the view */
    taint_account taint;
    trace_sum in, out, held, cut;
    int64_t arrived_ms;        /* taint last arrived */
    int64_t first_ms, last_ms; /* tainted movements */
    int64_t first_in_ms, last_out_ms;
    bool has_in, has_out;
    ledger_place read_from; /* before the first entry read */
    ledger_place read_to;   /* the last entry read */
} trace_node;

typedef struct trace_link {
    uint32_t from, to, sink; /* nodes; one of to and sink is TRACE_NONE */
    uint64_t count;
    int64_t amount_fen;
    trace_sum taint;
    int64_t first_ms, last_ms;
} trace_link;

typedef struct trace_sinkhole {
    uint32_t kind_key; /* key whose kind it is, or KEY_NONE: a withdrawal */
    uint32_t key;
    trace_sum taint;
} trace_sinkhole;

/* Money that a limit cut. */
typedef struct trace_loss {
    uint8_t reason;
    uint32_t node;
    trace_sum taint;
} trace_loss;

/* The next debit of a node, in the heap. */
typedef struct trace_event {
    int64_t time_ms;
    uint32_t movement, node;
} trace_event;

/* Open addressing from a 64-bit name to a number + 1. */
typedef struct trace_index {
    uint64_t *names;
    uint32_t *numbers;
    size_t slot_count, count;
} trace_index;

struct sluice_trace {
    arena memory;
    const sluice_engine *engine;
    trace_pool *pool; /* where it goes when it is freed */
    const graph *graph;
    graph_view view; /* open while the walk runs */
    sluice_trace_options options;
    uint8_t sink_kinds[KEY_KINDS_MAX]; /* 1: accounts of this kind are sinks */
    taint_method method;
    trace_origin *origins; /* in time order */
    size_t origin_count, origin_next;
    size_t victim_count;
    int64_t *victim_total_fen;
    sluice_currency currency;
    bool mixed_currency;
    bool converted;         /* a transfer changed the currency */
    uint32_t *account_node; /* node of each account of the answer */

    trace_node *nodes;
    size_t node_count, node_capacity;
    trace_link *links;
    size_t link_count, link_capacity;
    trace_sinkhole *sinks;
    size_t sink_count, sink_capacity;
    trace_loss *losses;
    size_t loss_count, loss_capacity;
    trace_pending *pendings;
    size_t pending_count, pending_capacity;
    uint32_t pending_free; /* + 1 */
    trace_event *heap;
    size_t heap_count, heap_capacity;
    trace_index node_index, link_index, sink_index, loss_index;
    int64_t *sums;
    size_t sum_count, sum_capacity;
    taint_parcel parcel; /* of the debit under way */

    uint64_t entries_read, transfers_followed;
    uint8_t stopped; /* TRACE_CUT_ENTRIES or TRACE_CUT_TIME, or TRACE_CUT_COUNT */
    bool interrupted;

    sluice_trace_view answer;
    sluice_trace_position *positions;
    size_t position_count;
    char ledger_sha256[65];
};

enum {
    TRACE_CUT_WITHIN,
    TRACE_CUT_DEPTH,
    TRACE_CUT_MIN_AMOUNT,
    TRACE_CUT_ENTRIES,
    TRACE_CUT_TIME,
    TRACE_CUT_NOT_THERE,
    TRACE_CUT_ALREADY_TAINTED,
    TRACE_CUT_COUNT
};

/* follow.c: walks; false: memory is exhausted, or it was interrupted. */
bool trace_walk(sluice_trace *trace);
static inline int64_t *trace_sum_values(const sluice_trace *trace, trace_sum sum) {
    return trace->sums + (size_t)sum * 2 * trace->victim_count;
}
/* answer.c: fills `answer`, sorted, and checks that it adds up. */
SLUICE_MUST_USE sluice_result trace_conclude(sluice_trace *trace, sluice_error *error);

#endif
