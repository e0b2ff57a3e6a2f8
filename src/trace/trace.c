/* A trace from its options to its answer; the public functions that need no engine. */
#include "trace/trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "trace/layout.h"
#include "trace/trace_private.h"

#define ENTRIES_MAX_DEFAULT UINT64_C(4000000)

static const char *const METHOD_NAMES[SLUICE_METHOD_COUNT] = {"fifo", "lifo", "prorata", "poison", "bounds"};

const char *sluice_method_name(sluice_method method) {
    return (unsigned)method < SLUICE_METHOD_COUNT ? METHOD_NAMES[method] : NULL;
}

bool sluice_method_parse(sluice_text name, sluice_method *method_out) {
    for (int i = 0; i < SLUICE_METHOD_COUNT; i++) {
        if (text_equal(text_of(METHOD_NAMES[i]), name)) {
            *method_out = (sluice_method)i;
            return true;
        }
    }
    return false;
}

static void trace_destroy(sluice_trace *trace) {
    trace_index *indexes[] = {&trace->node_index, &trace->link_index, &trace->sink_index, &trace->loss_index};
    for (size_t i = 0; i < 4; i++) {
        memory_free(indexes[i]->names);
        memory_free(indexes[i]->numbers);
    }
    memory_free(trace->nodes);
    memory_free(trace->links);
    memory_free(trace->sinks);
    memory_free(trace->losses);
    memory_free(trace->pendings);
    memory_free(trace->heap);
    memory_free(trace->sums);
    arena_fini(&trace->memory);
    memory_free(trace);
}

static void index_clear(trace_index *index) {
    if (index->slot_count > 0) {
        memset(index->numbers, 0, index->slot_count * sizeof *index->numbers);
    }
    index->count = 0;
}

/* As new, but for the memory. */
static void trace_clear(sluice_trace *trace) {
    sluice_trace clean = {
        .memory = trace->memory,
        .nodes = trace->nodes,
        .node_capacity = trace->node_capacity,
        .links = trace->links,
        .link_capacity = trace->link_capacity,
        .sinks = trace->sinks,
        .sink_capacity = trace->sink_capacity,
        .losses = trace->losses,
        .loss_capacity = trace->loss_capacity,
        .pendings = trace->pendings,
        .pending_capacity = trace->pending_capacity,
        .heap = trace->heap,
        .heap_capacity = trace->heap_capacity,
        .sums = trace->sums,
        .sum_capacity = trace->sum_capacity,
        .node_index = trace->node_index,
        .link_index = trace->link_index,
        .sink_index = trace->sink_index,
        .loss_index = trace->loss_index,
    };
    index_clear(&clean.node_index);
    index_clear(&clean.link_index);
    index_clear(&clean.sink_index);
    index_clear(&clean.loss_index);
    arena_reset(&clean.memory);
    *trace = clean;
}

void trace_pool_init(trace_pool *pool) {
    mutex_init(&pool->lock);
    pool->count = 0;
}

void trace_pool_fini(trace_pool *pool) {
    for (size_t i = 0; i < pool->count; i++) {
        trace_destroy(pool->traces[i]);
    }
    mutex_fini(&pool->lock);
}

static sluice_trace *trace_take(trace_pool *pool) {
    sluice_trace *trace = NULL;
    mutex_lock(&pool->lock);
    if (pool->count > 0) {
        trace = pool->traces[--pool->count];
    }
    mutex_unlock(&pool->lock);
    return trace != NULL ? trace : memory_new_zero(1, sizeof *trace);
}

void sluice_trace_free(sluice_trace **handle) {
    sluice_trace *trace = *handle;
    if (trace == NULL) {
        return;
    }
    *handle = NULL;
    trace_pool *pool = trace->pool;
    bool small = trace->node_count <= TRACE_POOL_NODES_MAX && trace->link_count <= 4u * TRACE_POOL_NODES_MAX;
    graph_view_close(&trace->view);
    memory_free(trace->positions);
    if (small) {
        trace_clear(trace);
        mutex_lock(&pool->lock);
        if (pool->count < TRACE_POOL_MAX) {
            pool->traces[pool->count++] = trace;
            trace = NULL;
        }
        mutex_unlock(&pool->lock);
    }
    if (trace != NULL) {
        trace_destroy(trace);
    }
}

static bool copy_text(sluice_trace *trace, sluice_text *text) {
    if (text->length > 0) {
        text->data = arena_copy(&trace->memory, text->data, text->length);
    }
    return text->length == 0 || text->data != NULL;
}

static int compare_origins(const void *left, const void *right) {
    const trace_origin *a = left, *b = right;
    int64_t pairs[][2] = {{a->time_ms, b->time_ms}, {a->order, b->order}, {a->victim, b->victim}};
    for (size_t i = 0; i < 3; i++) {
        if (pairs[i][0] != pairs[i][1]) {
            return pairs[i][0] < pairs[i][1] ? -1 : 1;
        }
    }
    return 0;
}

/* An amount in an account starts after the last credit of that instant that comes before its first debit. */
static int64_t order_of(const graph_view *view, const trace_origin *origin) {
    if (origin->movement != TRANSFER_ID_NONE) {
        return 2 * (int64_t)origin->movement;
    }
    ledger l;
    ledger_cursor cursor;
    ledger_entry entry;
    int64_t order = -1;
    graph_ledger(view, origin->key, &l);
    ledger_seek(&l, (ledger_place){origin->time_ms - 1, UINT32_MAX}, &cursor);
    while (ledger_next(&l, &cursor, &entry) && (entry & LEDGER_DEBIT) == 0 &&
           movement_time_ms(graph_movement(view->graph, entry)) == origin->time_ms) {
        order = 2 * (int64_t)entry + 1;
    }
    return order;
}

static bool copy_starts(sluice_trace *trace, const sluice_trace_start *starts, const trace_origin *origins,
                        size_t count) {
    sluice_trace_start *own = arena_copy(&trace->memory, starts, count * sizeof *own);
    trace->origins = arena_copy(&trace->memory, origins, count * sizeof *origins);
    trace->victim_total_fen = arena_alloc(&trace->memory, count * sizeof *trace->victim_total_fen);
    if (own == NULL || trace->origins == NULL || trace->victim_total_fen == NULL) {
        return false;
    }
    trace->origin_count = trace->victim_count = count;
    trace->answer.starts = own;
    for (size_t i = 0; i < count; i++) {
        own[i].account = keys_text(&trace->graph->keys, origins[i].key);
        own[i].time_ms = origins[i].time_ms;
        own[i].amount_fen = trace->victim_total_fen[i] = origins[i].amount_fen;
        own[i].victim = own[i].victim.length == 0 ? own[i].account : own[i].victim;
        if (!copy_text(trace, &own[i].victim) || !copy_text(trace, &own[i].transfer_id)) {
            return false;
        }
        trace->origins[i].order = order_of(&trace->view, &origins[i]);
    }
    qsort(trace->origins, count, sizeof *trace->origins, compare_origins);
    return true;
}

static void set_sinks(sluice_trace *trace) {
    static const char *const DEFAULT_KINDS[] = {"atm", "pos"};
    const char *const *kinds = trace->options.sink_kinds == NULL ? DEFAULT_KINDS : trace->options.sink_kinds;
    size_t count = trace->options.sink_kinds == NULL ? 2 : trace->options.sink_kind_count;
    for (size_t i = 0; i < count; i++) {
        uint8_t kind = keys_kind_find(&trace->graph->keys, text_of(kinds[i]));
        if (kind < KEY_KINDS_MAX) {
            trace->sink_kinds[kind] = 1;
        }
    }
}

static sluice_result set_options(sluice_trace *trace, const sluice_trace_options *options, sluice_error *error) {
    if (options != NULL) {
        if (options->size == 0 || options->size > sizeof trace->options) {
            return error_set(error, SLUICE_E_INVALID, "sluice_trace_options.size is %zu: set it to sizeof",
                             options->size);
        }
        memcpy(&trace->options, options, options->size);
    }
    const sluice_trace_options *o = &trace->options;
    if ((unsigned)o->method >= SLUICE_METHOD_COUNT || o->within_ms < 0 || o->amount_min_fen < 0 || o->time_max_ms < 0) {
        return error_set(error, SLUICE_E_INVALID, "a trace option is out of range: limits are 0 (none) or more");
    }
    trace->options.entries_max = o->entries_max == 0 ? ENTRIES_MAX_DEFAULT : o->entries_max;
    trace->method = (taint_method){.method = o->method, .memory = &trace->memory};
    return SLUICE_OK;
}

sluice_result trace_run(const sluice_engine *engine, trace_pool *pool, const graph *g, const sluice_trace_start *starts,
                        const trace_origin *origins, size_t count, sluice_currency currency,
                        const sluice_trace_options *options, sluice_trace **trace_out, sluice_error *error) {
    sluice_trace *trace = trace_take(pool);
    if (trace == NULL) {
        return error_no_memory(error, sizeof *trace);
    }
    trace->pool = pool;
    trace->engine = engine;
    trace->graph = g;
    trace->currency = currency;
    sluice_result result = set_options(trace, options, error);
    if (result != SLUICE_OK) {
        goto out;
    }
    graph_view_open(g, trace->options.as_of, &trace->view);
    set_sinks(trace);
    if (!copy_starts(trace, starts, origins, count)) {
        result = error_no_memory(error, count * sizeof *origins);
        goto out;
    }
    trace->method.victim_total_fen = trace->victim_total_fen;
    trace->method.victim_count = count;
    result = trace_walk(trace)    ? trace_conclude(trace, error)
             : trace->interrupted ? error_set(error, SLUICE_E_INTERRUPTED, "the trace was cancelled")
                                  : error_no_memory(error, trace->node_count * sizeof(trace_node));
out:
    graph_view_close(&trace->view);
    if (result == SLUICE_OK) {
        *trace_out = trace;
    } else {
        sluice_trace_free(&trace);
    }
    return result;
}

void sluice_trace_view_get(const sluice_trace *trace, sluice_trace_view *view_out) {
    size_t size = view_out->size < sizeof trace->answer ? view_out->size : sizeof trace->answer;
    memcpy(view_out, &trace->answer, size);
    view_out->size = size;
}

static void hash_u64le(sha256 *state, uint64_t value) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(value >> (8 * i));
    }
    sha256_update(state, bytes, sizeof bytes);
}

/* The entries that the trace read in this account: from where taint first arrived to the last entry taken in. */
static void hash_entries(const graph_view *view, const trace_node *node, sha256 *state) {
    const graph *g = view->graph;
    ledger l;
    ledger_cursor cursor;
    ledger_entry entry;
    graph_ledger(view, node->key, &l);
    ledger_seek(&l, node->read_from, &cursor);
    while (node->was_read && ledger_next(&l, &cursor, &entry)) {
        uint32_t number = entry & ~LEDGER_DEBIT;
        int64_t time_ms = movement_time_ms(graph_movement(g, number));
        if (time_ms > node->read_to.time_ms || (time_ms == node->read_to.time_ms && number > node->read_to.movement)) {
            break;
        }
        unsigned char direction = (entry & LEDGER_DEBIT) != 0;
        int64_t signed_fen = graph_entry_signed(g, entry);
        hash_u64le(state, graph_movement_sequence(g, number));
        hash_u64le(state, (uint64_t)time_ms);
        sha256_update(state, &direction, 1);
        hash_u64le(state, (uint64_t)(direction ? -signed_fen : signed_fen));
    }
}

sluice_result sluice_trace_ledger_sha256(sluice_trace *trace, char hex_out[65], sluice_error *error) {
    if (trace->ledger_sha256[0] == '\0') {
        sha256 *state = sha256_new();
        if (state == NULL) {
            return error_no_memory(error, 512);
        }
        graph_view view;
        graph_view_open(trace->graph, trace->answer.as_of, &view);
        for (size_t i = 0; i < trace->answer.account_count; i++) {
            const sluice_trace_account *account = &trace->answer.accounts[i];
            sha256_update(state, account->key.data, account->key.length);
            sha256_update(state, "", 1);
            hash_u64le(state, (uint64_t)account->opening_fen);
            hash_entries(&view, &trace->nodes[trace->account_node[i]], state);
        }
        graph_view_close(&view);
        sha256_finish(state, trace->ledger_sha256);
        sha256_free(&state);
    }
    memcpy(hex_out, trace->ledger_sha256, sizeof trace->ledger_sha256);
    return SLUICE_OK;
}

sluice_result sluice_trace_layout(sluice_trace *trace, const sluice_trace_position **positions_out, size_t *count_out,
                                  sluice_error *error) {
    if (trace->positions == NULL) {
        sluice_result result = layout_trace(&trace->answer, &trace->positions, &trace->position_count, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    *positions_out = trace->positions;
    *count_out = trace->position_count;
    return SLUICE_OK;
}
