/* The account of a walk: sorted, in the words of include/sluice/trace.h, and checked.
 *
 * The order of everything is by content (layer, time, key, amount), never by the order of a table, so that the same log
 * gives the same answer to the byte. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "trace/trace_private.h"

static const char *const CUT_REASONS[TRACE_CUT_COUNT] = {
    [TRACE_CUT_WITHIN] = "within",
    [TRACE_CUT_DEPTH] = "depth",
    [TRACE_CUT_MIN_AMOUNT] = "min_amount",
    [TRACE_CUT_ENTRIES] = "entries_max",
    [TRACE_CUT_TIME] = "time_max",
    [TRACE_CUT_NOT_THERE] = "not_in_account",
    [TRACE_CUT_ALREADY_TAINTED] = "already_tainted",
};

static bool is_bounds(const sluice_trace *trace) {
    return trace->options.method == SLUICE_METHOD_BOUNDS;
}

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Σ over victims of the possible (or only) part; for POISON and BOUNDS no more than `most_fen`, because victims' parts
 * of one amount overlap. */
static sluice_trace_amount amount_of(const sluice_trace *trace, trace_sum sum, int64_t most_fen) {
    const int64_t *values = trace_sum_values(trace, sum);
    size_t victims = trace->victim_count;
    sluice_trace_amount amount = {0};
    for (size_t i = 0; i < victims; i++) {
        amount.fen += values[i];
        amount.certain_fen += values[victims + i];
    }
    if (is_bounds(trace) || trace->options.method == SLUICE_METHOD_POISON) {
        amount.fen = smaller(amount.fen, most_fen);
        amount.certain_fen = smaller(amount.certain_fen, amount.fen);
    }
    if (victims > 1) {
        amount.by_victim_fen = values;
        amount.by_victim_certain_fen = values + victims;
    }
    return amount;
}

static int compare_i64(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

/* What accounts and edges are sorted by, small enough to be sorted as it is. */
typedef struct account_order {
    int64_t first_ms;
    uint32_t layer, node;
    const char *key;
    size_t key_length;
} account_order;

typedef struct edge_order {
    int64_t first_ms;
    uint32_t from, to, sink, link;
} edge_order;

static int compare_accounts(const void *left, const void *right) {
    const account_order *a = left, *b = right;
    int order = compare_i64(a->layer, b->layer);
    order = order != 0 ? order : compare_i64(a->first_ms, b->first_ms);
    return order != 0 ? order
                      : text_compare((sluice_text){a->key, a->key_length}, (sluice_text){b->key, b->key_length});
}

static int compare_sinks(const void *left, const void *right) {
    const sluice_trace_sink *a = left, *b = right;
    int order = compare_i64(b->taint.fen, a->taint.fen);
    order = order != 0 ? order : text_compare(a->key, b->key);
    return order != 0 ? order : text_compare(a->kind, b->kind);
}

static int compare_cuts(const void *left, const void *right) {
    const sluice_trace_cut *a = left, *b = right;
    int order = compare_i64(b->taint.fen, a->taint.fen);
    order = order != 0 ? order : strcmp(a->reason, b->reason);
    return order != 0 ? order : text_compare(a->key, b->key);
}

static int compare_edges(const void *left, const void *right) {
    const edge_order *a = left, *b = right;
    int order = compare_i64(a->first_ms, b->first_ms);
    order = order != 0 ? order : compare_i64(a->from, b->from);
    order = order != 0 ? order : compare_i64(a->to, b->to);
    return order != 0 ? order : compare_i64(a->sink, b->sink);
}

static const char *status_text(fact_kind status) {
    return status == FACT_CLOSED ? "closed" : status == FACT_BLOCKED ? "blocked" : "open";
}

static sluice_trace_account account_of(const sluice_trace *trace, const trace_node *node) {
    sluice_trace_account account = {
        .key = keys_text(&trace->graph->keys, node->key),
        .layer = node->layer,
        .opening_inferred = node->opening_inferred,
        .is_start = node->is_start,
        .status = status_text(graph_status(&trace->view, node->key)),
        .opening_fen = node->opening_fen,
        .balance_fen = node->end_balance_fen,
        .in = amount_of(trace, node->in, INT64_MAX),
        .out = amount_of(trace, node->out, INT64_MAX),
        .held = amount_of(trace, node->held, node->end_balance_fen > 0 ? node->end_balance_fen : 0),
        .cut_fen = amount_of(trace, node->cut, INT64_MAX).fen,
        .first_ms = node->first_ms,
        .last_ms = node->last_ms,
        .dwell_ms = node->has_out && node->has_in ? node->last_out_ms - node->first_in_ms : -1,
    };
    return account;
}

typedef struct placed_sink {
    sluice_trace_sink sink;
    uint32_t place;
} placed_sink;

/* Nodes are met in time order, so that putting them into their layers, one after the other, mostly sorts them. False:
 * memory is exhausted. */
static bool accounts_by_layer(sluice_trace *trace, account_order *order) {
    size_t count = trace->node_count;
    uint32_t layer_max = 0;
    for (size_t i = 0; i < count; i++) {
        layer_max = trace->nodes[i].layer > layer_max ? trace->nodes[i].layer : layer_max;
    }
    size_t *ends = arena_alloc(&trace->memory, ((size_t)layer_max + 2) * sizeof *ends);
    if (ends == NULL) {
        return false;
    }
    memset(ends, 0, ((size_t)layer_max + 2) * sizeof *ends);
    for (size_t i = 0; i < count; i++) {
        ends[trace->nodes[i].layer + 1]++;
    }
    for (uint32_t layer = 1; layer <= layer_max; layer++) {
        ends[layer] += ends[layer - 1];
    }
    for (size_t i = 0; i < count; i++) {
        const trace_node *node = &trace->nodes[i];
        sluice_text key = keys_text(&trace->graph->keys, node->key);
        order[ends[node->layer]++] = (account_order){node->first_ms, node->layer, (uint32_t)i, key.data, key.length};
    }
    for (size_t i = 1; i < count; i++) {
        if (compare_accounts(&order[i - 1], &order[i]) > 0) {
            qsort(order, count, sizeof *order, compare_accounts);
            break;
        }
    }
    return true;
}

/* Sorts the accounts; new_place[node] is where each went. */
static bool conclude_accounts(sluice_trace *trace, uint32_t *new_place) {
    size_t count = trace->node_count;
    account_order *order = arena_alloc(&trace->memory, count * sizeof *order);
    sluice_trace_account *accounts = arena_alloc(&trace->memory, count * sizeof *accounts);
    if (order == NULL || accounts == NULL || !accounts_by_layer(trace, order)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        accounts[i] = account_of(trace, &trace->nodes[order[i].node]);
        trace->account_node[i] = order[i].node;
        new_place[order[i].node] = (uint32_t)i;
    }
    trace->answer.accounts = accounts;
    trace->answer.account_count = count;
    return true;
}

static bool conclude_sinks(sluice_trace *trace, uint32_t *new_place) {
    const keys *k = &trace->graph->keys;
    size_t count = trace->sink_count;
    placed_sink *placed = arena_alloc(&trace->memory, count * sizeof *placed);
    sluice_trace_sink *sinks = arena_alloc(&trace->memory, count * sizeof *sinks);
    if (placed == NULL || sinks == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const trace_sinkhole *sink = &trace->sinks[i];
        sluice_text kind =
            sink->kind_key == KEY_NONE ? TEXT("withdrawal") : keys_kind_text(k, keys_kind(k, sink->kind_key));
        placed[i].sink = (sluice_trace_sink){kind, keys_text(k, sink->key), amount_of(trace, sink->taint, INT64_MAX)};
        placed[i].place = (uint32_t)i;
    }
    qsort(placed, count, sizeof *placed, compare_sinks);
    for (size_t i = 0; i < count; i++) {
        sinks[i] = placed[i].sink;
        new_place[placed[i].place] = (uint32_t)i;
    }
    trace->answer.sinks = sinks;
    trace->answer.sink_count = count;
    return true;
}

static bool conclude_edges(sluice_trace *trace, const uint32_t *account_place, const uint32_t *sink_place) {
    size_t count = trace->link_count;
    edge_order *order = arena_alloc(&trace->memory, count * sizeof *order);
    sluice_trace_edge *edges = arena_alloc(&trace->memory, count * sizeof *edges);
    if (order == NULL || edges == NULL) {
        return false;
    }
    bool sorted = true; /* links are met in time order: mostly they are sorted already */
    for (size_t i = 0; i < count; i++) {
        const trace_link *link = &trace->links[i];
        order[i] = (edge_order){link->first_ms, account_place[link->from],
                                link->to == TRACE_NONE ? TRACE_NONE : account_place[link->to],
                                link->sink == TRACE_NONE ? TRACE_NONE : sink_place[link->sink], (uint32_t)i};
        sorted = sorted && (i == 0 || compare_edges(&order[i - 1], &order[i]) < 0);
    }
    if (!sorted) {
        qsort(order, count, sizeof *order, compare_edges);
    }
    for (size_t i = 0; i < count; i++) {
        const trace_link *link = &trace->links[order[i].link];
        edges[i] = (sluice_trace_edge){
            .from = order[i].from,
            .to = order[i].to,
            .sink = order[i].sink,
            .count = link->count,
            .amount_fen = link->amount_fen,
            .taint = amount_of(trace, link->taint, link->amount_fen),
            .first_ms = link->first_ms,
            .last_ms = link->last_ms,
        };
    }
    trace->answer.edges = edges;
    trace->answer.edge_count = count;
    return true;
}

static bool conclude_cuts(sluice_trace *trace) {
    size_t count = trace->loss_count;
    sluice_trace_cut *cuts = arena_alloc(&trace->memory, count * sizeof *cuts);
    if (cuts == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const trace_loss *loss = &trace->losses[i];
        cuts[i] =
            (sluice_trace_cut){CUT_REASONS[loss->reason], keys_text(&trace->graph->keys, trace->nodes[loss->node].key),
                               amount_of(trace, loss->taint, INT64_MAX)};
    }
    qsort(cuts, count, sizeof *cuts, compare_cuts);
    trace->answer.cuts = cuts;
    trace->answer.cut_count = count;
    return true;
}

/* Best first: the most money; of equal sums the one that arrived last, because it will move next. The accounts are
 * sorted already, so ties end with their place. */
typedef struct stop_candidate {
    sluice_trace_stop stop;
    int64_t last_ms;
} stop_candidate;

static int compare_stops(const void *left, const void *right) {
    const stop_candidate *a = left, *b = right;
    int order = compare_i64(b->stop.amount_fen, a->stop.amount_fen);
    order = order != 0 ? order : compare_i64(b->last_ms, a->last_ms);
    return order != 0 ? order : compare_i64(a->stop.account, b->stop.account);
}

/* A victim's own account is not stopped; an account that is blocked or closed cannot lose the money any more. */
static bool conclude_stops(sluice_trace *trace) {
    const sluice_trace_view *answer = &trace->answer;
    stop_candidate *candidates = arena_alloc(&trace->memory, answer->account_count * sizeof *candidates);
    sluice_trace_stop *stops = arena_alloc(&trace->memory, answer->account_count * sizeof *stops);
    size_t count = 0;
    if (candidates == NULL || stops == NULL) {
        return false;
    }
    for (size_t i = 0; i < answer->account_count; i++) {
        const sluice_trace_account *account = &answer->accounts[i];
        bool paid_by_victim = account->layer == 0 && account->is_start;
        for (size_t v = 0; paid_by_victim && v < trace->victim_count; v++) {
            paid_by_victim =
                answer->starts[v].transfer_id.length > 0 || !text_equal(answer->starts[v].account, account->key);
        }
        int64_t savable = smaller(account->held.fen, account->balance_fen);
        if (savable > 0 && !paid_by_victim && strcmp(account->status, "open") == 0) {
            candidates[count++] = (stop_candidate){{(uint32_t)i, savable, account->balance_fen}, account->last_ms};
        }
    }
    qsort(candidates, count, sizeof *candidates, compare_stops);
    for (size_t i = 0; i < count; i++) {
        stops[i] = candidates[i].stop;
    }
    trace->answer.stops = stops;
    trace->answer.stop_count = count;
    return true;
}

static sluice_result unbalanced(sluice_error *error, const char *what, size_t victim, int64_t is, int64_t expected) {
    return error_set(error, SLUICE_E_UNBALANCED,
                     "the trace does not add up: %s of victim %zu is %lld fen, expected %lld; this is a bug of the "
                     "program, please report it with the command and the sequence",
                     what, victim + 1, (long long)is, (long long)expected);
}

/* Per account and victim: in = out + held + cut. */
static sluice_result check_nodes(const sluice_trace *trace, sluice_error *error) {
    for (size_t i = 0; i < trace->node_count; i++) {
        const trace_node *node = &trace->nodes[i];
        for (size_t v = 0; v < trace->victim_count; v++) {
            int64_t in = trace_sum_values(trace, node->in)[v];
            int64_t gone = trace_sum_values(trace, node->out)[v] + trace_sum_values(trace, node->held)[v] +
                           trace_sum_values(trace, node->cut)[v];
            if (in != gone) {
                return unbalanced(error, "what entered an account", v, gone, in);
            }
        }
    }
    return SLUICE_OK;
}

/* Σ held + Σ sinks + Σ cut against the start: equal for the conserving methods, around it for BOUNDS. */
static sluice_result check_balance(const sluice_trace *trace, sluice_error *error) {
    if (trace->options.method == SLUICE_METHOD_POISON) {
        return SLUICE_OK;
    }
    size_t victims = trace->victim_count;
    for (size_t v = 0; v < victims; v++) {
        int64_t possible = 0, certain = 0;
        for (size_t i = 0; i < trace->node_count; i++) {
            possible += trace_sum_values(trace, trace->nodes[i].held)[v];
            certain += trace_sum_values(trace, trace->nodes[i].held)[victims + v];
        }
        for (size_t i = 0; i < trace->sink_count; i++) {
            possible += trace_sum_values(trace, trace->sinks[i].taint)[v];
            certain += trace_sum_values(trace, trace->sinks[i].taint)[victims + v];
        }
        for (size_t i = 0; i < trace->loss_count; i++) {
            possible += trace_sum_values(trace, trace->losses[i].taint)[v];
            certain += trace_sum_values(trace, trace->losses[i].taint)[victims + v];
        }
        int64_t total = trace->victim_total_fen[v];
        if (is_bounds(trace) && trace->converted) {
            continue; /* faces of several currencies: the interval is in none of them */
        }
        if (certain > total || possible < total) {
            return unbalanced(error, certain > total ? "the certain sum" : "the sum", v,
                              certain > total ? certain : possible, total);
        }
        if (!is_bounds(trace) && possible != total) {
            return unbalanced(error, "the sum", v, possible, total);
        }
    }
    return is_bounds(trace) ? SLUICE_OK : check_nodes(trace, error);
}

sluice_result trace_conclude(sluice_trace *trace, sluice_error *error) {
    uint32_t *account_place = arena_alloc(&trace->memory, trace->node_count * sizeof *account_place);
    uint32_t *sink_place = arena_alloc(&trace->memory, trace->sink_count * sizeof *sink_place);
    trace->account_node = arena_alloc(&trace->memory, trace->node_count * sizeof *trace->account_node);
    sluice_trace_view *answer = &trace->answer;
    answer->size = sizeof *answer;
    answer->method = trace->options.method;
    answer->as_of = trace->view.sequence;
    answer->currency = trace->currency;
    answer->victim_count = trace->victim_count;
    answer->victim_total_fen = trace->victim_total_fen;
    answer->entries_read = trace->entries_read;
    answer->transfers_followed = trace->transfers_followed;
    answer->mixed_currency = trace->mixed_currency;
    answer->account_layer = trace->options.account_layer;
    answer->total_fen = 0;
    for (size_t v = 0; v < trace->victim_count; v++) {
        answer->total_fen += trace->victim_total_fen[v];
    }
    if (account_place == NULL || sink_place == NULL || trace->account_node == NULL ||
        !conclude_accounts(trace, account_place) || !conclude_sinks(trace, sink_place) ||
        !conclude_edges(trace, account_place, sink_place) || !conclude_cuts(trace) || !conclude_stops(trace)) {
        return error_no_memory(error, trace->node_count * sizeof(sluice_trace_account));
    }
    return check_balance(trace, error);
}
