/* Tracing over the graph; include/sluice/trace.h says what a trace is. The engine finds the starts and calls this. */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include <sluice/trace.h>

#include "graph/graph.h"
#include "sys/thread.h"

/* A start as found in the graph. */
typedef struct trace_origin {
    uint32_t victim;   /* its place among the starts */
    uint32_t movement; /* the transfer, or TRANSFER_ID_NONE: an amount in `key` at `time_ms` */
    uint32_t key;
    int64_t time_ms;
    int64_t amount_fen;
    int64_t order; /* among what has the same time; set by trace_run */
} trace_origin;

/* Traces that were freed and whose memory the next ones take: a trace through thousands of accounts would else spend
 * half of its time asking the system for pages. Bounded: TRACE_POOL_MAX traces of at most TRACE_POOL_NODES_MAX
 * accounts. */
#define TRACE_POOL_MAX 8
#define TRACE_POOL_NODES_MAX 16384u

typedef struct trace_pool {
    mutex lock;
    sluice_trace *traces[TRACE_POOL_MAX];
    size_t count;
} trace_pool;

void trace_pool_init(trace_pool *pool);
/* All traces that came from it must have been freed. */
void trace_pool_fini(trace_pool *pool);

/* Runs and checks. `starts` and `origins` go together, one to one, and are copied. The trace keeps `engine` only to
 * hand it back. Errors: NO_MEMORY, UNBALANCED, INVALID. */
SLUICE_MUST_USE sluice_result trace_run(const sluice_engine *engine, trace_pool *pool, const graph *g,
                                        const sluice_trace_start *starts, const trace_origin *origins, size_t count,
                                        sluice_currency currency, const sluice_trace_options *options,
                                        sluice_trace **trace_out, sluice_error *error);

#endif
