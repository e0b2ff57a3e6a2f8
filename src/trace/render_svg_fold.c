/* Folding a trace to what a sheet can hold, and where each ribbon ends.
 *
 * At most RENDER_SVG_NODES_MAX nodes are drawn. When there are more, the starts and then the largest amounts are kept,
 * and what is left of each column becomes one node for accounts and one for sinks; columns from DRAWING_COLUMN_LAST on
 * become one. Nothing disappears: amounts of folded nodes and edges add up in the nodes and edges that stand for them,
 * and edges between two members of a fold are counted in it. Cost: O((nodes + edges) log). */
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "trace/render_svg_private.h"

#define BACK_RIBBON_WIDTH_MAX 5.0

typedef struct candidate {
    bool is_start, must_fold;
    int64_t fen;
    uint32_t index; /* account, or account_count + sink */
} candidate;

static int candidate_compare(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->must_fold != y->must_fold) {
        return x->must_fold ? 1 : -1;
    }
    if (x->is_start != y->is_start) {
        return x->is_start ? -1 : 1;
    }
    if (x->fen != y->fen) {
        return x->fen > y->fen ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

/* Fills kept[]: whether each account or sink is drawn by itself. */
static bool choose_kept(const sluice_trace_view *view, const uint32_t *columns, uint32_t column_count, bool *kept) {
    size_t count = view->account_count + view->sink_count;
    candidate *candidates = memory_new(count * sizeof *candidates);
    if (candidates == NULL) {
        return false;
    }
    bool fold = count > RENDER_SVG_NODES_MAX;
    for (size_t i = 0; i < count; i++) {
        bool account = i < view->account_count;
        candidates[i] = (candidate){
            .is_start = account && view->accounts[i].is_start,
            .must_fold = columns[i] >= DRAWING_COLUMN_LAST,
            .fen = account ? view->accounts[i].in.fen : view->sinks[i - view->account_count].taint.fen,
            .index = (uint32_t)i,
        };
        fold |= candidates[i].must_fold;
    }
    qsort(candidates, count, sizeof *candidates, candidate_compare);
    size_t room = fold ? RENDER_SVG_NODES_MAX - 2 * (size_t)column_count : count;
    for (size_t i = 0; i < count; i++) {
        kept[candidates[i].index] = i < room && !candidates[i].must_fold;
    }
    memory_free(candidates);
    return true;
}

static void node_add(drawn_node *node, const sluice_trace_view *view, size_t i) {
    node->count++;
    if (i < view->account_count) {
        const sluice_trace_account *account = &view->accounts[i];
        render_add(&node->in_fen, account->in.fen);
        render_add(&node->out_fen, account->out.fen);
        render_add(&node->held_fen, account->held.fen);
        render_add(&node->cut_fen, account->cut_fen);
    } else {
        render_add(&node->in_fen, view->sinks[i - view->account_count].taint.fen);
    }
}

/* Makes the nodes; node_of[] says which stands for each account or sink. */
static bool make_nodes(drawing *d, const sluice_trace_view *view, const uint32_t *columns, const bool *kept,
                       uint32_t *node_of) {
    size_t count = view->account_count + view->sink_count;
    size_t capacity = count + 2 * (size_t)d->column_count;
    uint32_t *others = memory_new(2 * (size_t)d->column_count * sizeof *others);
    d->nodes = memory_new_zero(capacity, sizeof *d->nodes);
    d->places = memory_new_zero(capacity, sizeof *d->places);
    if (others == NULL || d->nodes == NULL || d->places == NULL) {
        memory_free(others);
        return false;
    }
    for (size_t i = 0; i < 2 * (size_t)d->column_count; i++) {
        others[i] = UINT32_MAX;
    }
    for (size_t i = 0; i < count; i++) {
        bool sink = i >= view->account_count;
        uint32_t *other = &others[2 * columns[i] + sink];
        uint32_t node = kept[i] ? UINT32_MAX : *other;
        if (node == UINT32_MAX) {
            node = (uint32_t)d->node_count++;
            d->places[node].column = columns[i];
            d->nodes[node].index = (uint32_t)(sink ? i - view->account_count : i);
            d->nodes[node].kind =
                kept[i] ? (sink ? DRAWN_SINK : DRAWN_ACCOUNT) : (sink ? DRAWN_OTHER_SINKS : DRAWN_OTHER_ACCOUNTS);
            *other = kept[i] ? *other : node;
        }
        d->folded_count += !kept[i];
        node_of[i] = node;
        node_add(&d->nodes[node], view, i);
    }
    for (size_t i = 0; i < view->stop_count; i++) {
        drawn_node *node = &d->nodes[node_of[view->stops[i].account]];
        if (node->kind == DRAWN_ACCOUNT) {
            node->stop_rank = (uint32_t)i + 1;
        }
    }
    for (size_t i = 0; i < d->node_count; i++) {
        d->places[i].weight = (double)d->nodes[i].in_fen;
    }
    memory_free(others);
    return true;
}

static int edge_compare(const void *a, const void *b) {
    const drawn_edge *x = a, *y = b;
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    if (x->to != y->to) {
        return x->to < y->to ? -1 : 1;
    }
    return (x->first_ms > y->first_ms) - (x->first_ms < y->first_ms);
}

static bool make_edges(drawing *d, const sluice_trace_view *view, const uint32_t *node_of) {
    d->edges = memory_new(view->edge_count * sizeof *d->edges);
    if (d->edges == NULL) {
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < view->edge_count; i++) {
        const sluice_trace_edge *edge = &view->edges[i];
        uint32_t from = node_of[edge->from];
        uint32_t to = node_of[edge->to != UINT32_MAX ? edge->to : view->account_count + edge->sink];
        if (from == to) {
            d->nodes[from].internal++;
            continue;
        }
        d->edges[count++] = (drawn_edge){.from = from,
                                         .to = to,
                                         .taint_fen = edge->taint.fen,
                                         .amount_fen = edge->amount_fen,
                                         .count = edge->count,
                                         .first_ms = edge->first_ms,
                                         .last_ms = edge->last_ms,
                                         .is_forward = d->places[from].column < d->places[to].column};
    }
    qsort(d->edges, count, sizeof *d->edges, edge_compare);
    for (size_t i = 0; i < count; i++) {
        drawn_edge *last = d->edge_count == 0 ? NULL : &d->edges[d->edge_count - 1];
        const drawn_edge *edge = &d->edges[i];
        if (last == NULL || last->from != edge->from || last->to != edge->to) {
            d->edges[d->edge_count++] = *edge;
            continue;
        }
        render_add(&last->taint_fen, edge->taint_fen);
        render_add(&last->amount_fen, edge->amount_fen);
        last->count += edge->count;
        last->first_ms = edge->first_ms < last->first_ms ? edge->first_ms : last->first_ms;
        last->last_ms = edge->last_ms > last->last_ms ? edge->last_ms : last->last_ms;
    }
    return true;
}

/* Sorting the edges of one side of a node by where their other end is, or by amount. */
typedef struct port {
    uint32_t node, edge;
    double other; /* middle of the node at the other end */
    int64_t fen;
} port;

static int port_compare_place(const void *a, const void *b) {
    const port *x = a, *y = b;
    if (x->node != y->node) {
        return x->node < y->node ? -1 : 1;
    }
    if (x->other != y->other) {
        return x->other < y->other ? -1 : 1;
    }
    return (x->edge > y->edge) - (x->edge < y->edge);
}

static int port_compare_amount(const void *a, const void *b) {
    const port *x = a, *y = b;
    if (x->node != y->node) {
        return x->node < y->node ? -1 : 1;
    }
    if (x->fen != y->fen) {
        return x->fen > y->fen ? -1 : 1;
    }
    return (x->edge > y->edge) - (x->edge < y->edge);
}

static void ports_fill(const drawing *d, port *ports, bool arriving) {
    for (size_t i = 0; i < d->edge_count; i++) {
        const drawn_edge *edge = &d->edges[i];
        const layout_node *other = &d->places[arriving ? edge->from : edge->to];
        ports[i] = (port){.node = arriving ? edge->to : edge->from,
                          .edge = (uint32_t)i,
                          .other = other->y + other->height / 2,
                          .fen = edge->taint_fen};
    }
}

/* Gives the edges at one side of one node their places along it. Arriving ones keep to the foot of their slot, below
 * their label. When the node is not high enough (many edges), all are squeezed alike. */
static void ports_place(drawing *d, const port *ports, size_t count, bool arriving) {
    const layout_node *place = &d->places[ports[0].node];
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const drawn_edge *edge = &d->edges[ports[i].edge];
        sum += layout_slot_height(edge->width, arriving && edge->is_labelled);
    }
    double squeeze = fmin(place->height / sum, 1);
    double spare = (place->height - sum * squeeze) / (double)(count + 1);
    double y = place->y + spare;
    for (size_t i = 0; i < count; i++) {
        drawn_edge *edge = &d->edges[ports[i].edge];
        y += squeeze * layout_slot_height(edge->width, arriving && edge->is_labelled);
        *(arriving ? &edge->to_y : &edge->from_y) = y - squeeze * edge->width / 2;
        y += spare;
    }
}

static bool place_ribbons(drawing *d) {
    double weight_max = 0;
    for (size_t i = 0; i < d->node_count; i++) {
        weight_max = fmax(weight_max, d->places[i].weight);
    }
    for (size_t i = 0; i < d->edge_count; i++) {
        drawn_edge *edge = &d->edges[i];
        double width = weight_max > 0 ? (double)edge->taint_fen / weight_max * LAYOUT_AMOUNT_HEIGHT : 0;
        edge->width = fmax(fmin(width, edge->is_forward ? width : BACK_RIBBON_WIDTH_MAX), LAYOUT_RIBBON_WIDTH_MIN);
    }
    port *ports = memory_new(d->edge_count * sizeof *ports);
    if (ports == NULL) {
        return false;
    }
    ports_fill(d, ports, true);
    qsort(ports, d->edge_count, sizeof *ports, port_compare_amount);
    for (size_t i = 0, rank = 0; i < d->edge_count; i++) {
        rank = i > 0 && ports[i].node == ports[i - 1].node ? rank + 1 : 0;
        d->edges[ports[i].edge].is_labelled = rank < LAYOUT_LABELS_MAX;
    }
    for (int arriving = 0; arriving < 2; arriving++) {
        ports_fill(d, ports, arriving == 1);
        qsort(ports, d->edge_count, sizeof *ports, port_compare_place);
        for (size_t first = 0, end = 0; first < d->edge_count; first = end) {
            while (end < d->edge_count && ports[end].node == ports[first].node) {
                end++;
            }
            ports_place(d, ports + first, end - first, arriving == 1);
        }
    }
    memory_free(ports);
    return true;
}

sluice_result drawing_init(drawing *d, const sluice_trace_view *view, sluice_error *error) {
    size_t count = view->account_count + view->sink_count;
    uint32_t *columns = memory_new(count * sizeof *columns);
    uint32_t *node_of = memory_new(count * sizeof *node_of);
    bool *kept = memory_new(count * sizeof *kept);
    layout_edge *edges = memory_new(view->edge_count * sizeof *edges);
    sluice_result result = SLUICE_OK;
    if (columns == NULL || node_of == NULL || kept == NULL || edges == NULL) {
        result = error_no_memory(error, count * (sizeof *columns + sizeof *node_of));
        goto out;
    }
    layout_columns(view, columns);
    for (size_t i = 0; i < count; i++) {
        columns[i] = columns[i] > DRAWING_COLUMN_LAST ? DRAWING_COLUMN_LAST : columns[i];
        d->column_count = columns[i] + 1 > d->column_count ? columns[i] + 1 : d->column_count;
    }
    if (!choose_kept(view, columns, d->column_count, kept) || !make_nodes(d, view, columns, kept, node_of) ||
        !make_edges(d, view, node_of)) {
        result = error_no_memory(error, count * sizeof *d->nodes + view->edge_count * sizeof *d->edges);
        goto out;
    }
    for (size_t i = 0; i < d->edge_count; i++) {
        edges[i] = (layout_edge){d->edges[i].from, d->edges[i].to, (double)d->edges[i].taint_fen};
    }
    result = layout_arrange(d->places, d->node_count, edges, d->edge_count, error);
    if (result == SLUICE_OK && !place_ribbons(d)) {
        result = error_no_memory(error, d->edge_count * sizeof(port));
    }
out:
    memory_free(columns);
    memory_free(node_of);
    memory_free(kept);
    memory_free(edges);
    return result;
}

void drawing_fini(drawing *d) {
    memory_free(d->nodes);
    memory_free(d->places);
    memory_free(d->edges);
    *d = (drawing){0};
}
