/* Layered drawing after Sugiyama, Tagawa & Toda (1981), "Methods for visual understanding of hierarchical system
 * structures": the layers are given (hops from the victim), the order within a layer comes from barycentre sweeps, and
 * places come from relaxing each node towards its neighbours and pushing overlaps apart.
 *
 *     column 0      column 1      column 2
 *     ┌──────┐      ┌──────┐
 *     │victim│─────▶│ card │───┐  ┌──────┐
 *     └──────┘  ╲   └──────┘   └─▶│ sink │
 *                ╲  ┌──────┐      └──────┘
 *                 ▶ │ card │
 *                   └──────┘
 *
 * A layer is the fewest hops from a victim, so an edge leads at most one column to the right, and no dummy nodes are
 * needed; edges within a column and back to the left (cycles) take no part in the ordering.
 *
 * Invariants: rows of a column are 0..n-1 without gaps; nodes of a column never overlap (LAYOUT_ROW_GAP between them).
 * Every comparison ends with the node's index, so the order is total. Of all sweeps the order with the fewest crossings
 * is kept (counted with a binary indexed tree, Barth, Jünger & Mutzel 2002).
 *
 * Memory: about 100 bytes a node and 40 an edge while it runs. */
#include "trace/layout.h"

#include <math.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/memory.h"

#define SWEEP_COUNT 12
#define RELAX_COUNT 16
#define BAND_MAX 50.0 /* pixels */

/* The neighbours of node n on one side are items[starts[n]] … items[starts[n + 1] - 1]. */
typedef struct neighbours {
    uint32_t *starts;
    uint32_t *items;
    double *weights;
} neighbours;

typedef struct plan {
    layout_node *nodes;
    size_t node_count;
    uint32_t column_count;
    uint32_t *column_starts; /* [column_count + 1]: places in `order` */
    uint32_t *order;         /* nodes, column by column, top to bottom */
    uint32_t *best;          /* the order with the fewest crossings so far */
    neighbours left, right;  /* forward edges only */
    double *wanted;          /* [node]: barycentre, or the wished centre */
    uint32_t *rows;          /* [node_count + edge_count]: scratch */
    uint32_t *tree;          /* [node_count + 1] */
} plan;

double layout_column_x(uint32_t column) {
    return (double)column * (LAYOUT_NODE_WIDTH + LAYOUT_COLUMN_GAP);
}

static bool edge_is_forward(const plan *p, const layout_edge *edge) {
    return p->nodes[edge->from].column < p->nodes[edge->to].column;
}

static bool neighbours_build(const plan *p, neighbours *n, const layout_edge *edges, size_t edge_count, bool left) {
    n->starts = memory_new_zero(p->node_count + 2, sizeof *n->starts);
    n->items = memory_new((edge_count + 1) * sizeof *n->items);
    n->weights = memory_new((edge_count + 1) * sizeof *n->weights);
    if (n->starts == NULL || n->items == NULL || n->weights == NULL) {
        return false;
    }
    /* Counts are kept two places on, so that filling moves each start to where it belongs. */
    for (size_t i = 0; i < edge_count; i++) {
        if (edge_is_forward(p, &edges[i])) {
            n->starts[(left ? edges[i].to : edges[i].from) + 2]++;
        }
    }
    for (size_t i = 2; i < p->node_count + 2; i++) {
        n->starts[i] += n->starts[i - 1];
    }
    for (size_t i = 0; i < edge_count; i++) {
        if (edge_is_forward(p, &edges[i])) {
            uint32_t at = n->starts[(left ? edges[i].to : edges[i].from) + 1]++;
            n->items[at] = left ? edges[i].from : edges[i].to;
            n->weights[at] = edges[i].weight;
        }
    }
    return true;
}

static void neighbours_fini(neighbours *n) {
    memory_free(n->starts);
    memory_free(n->items);
    memory_free(n->weights);
}

static void plan_fini(plan *p) {
    memory_free(p->column_starts);
    memory_free(p->order);
    memory_free(p->best);
    memory_free(p->wanted);
    memory_free(p->rows);
    memory_free(p->tree);
    neighbours_fini(&p->left);
    neighbours_fini(&p->right);
}

static bool plan_init(plan *p, const layout_edge *edges, size_t edge_count) {
    for (size_t i = 0; i < p->node_count; i++) {
        uint32_t columns = p->nodes[i].column + 1;
        p->column_count = columns > p->column_count ? columns : p->column_count;
    }
    p->column_starts = memory_new_zero((size_t)p->column_count + 2, sizeof *p->column_starts);
    p->order = memory_new(p->node_count * sizeof *p->order);
    p->best = memory_new(p->node_count * sizeof *p->best);
    p->wanted = memory_new(p->node_count * sizeof *p->wanted);
    p->rows = memory_new((p->node_count + edge_count) * sizeof *p->rows);
    p->tree = memory_new((p->node_count + 1) * sizeof *p->tree);
    if (p->column_starts == NULL || p->order == NULL || p->best == NULL || p->wanted == NULL || p->rows == NULL ||
        p->tree == NULL || !neighbours_build(p, &p->left, edges, edge_count, true) ||
        !neighbours_build(p, &p->right, edges, edge_count, false)) {
        return false;
    }
    for (size_t i = 0; i < p->node_count; i++) {
        p->column_starts[p->nodes[i].column + 2]++;
    }
    for (size_t i = 2; i < (size_t)p->column_count + 2; i++) {
        p->column_starts[i] += p->column_starts[i - 1];
    }
    for (size_t i = 0; i < p->node_count; i++) {
        p->order[p->column_starts[p->nodes[i].column + 1]++] = (uint32_t)i;
    }
    return true;
}

/* Rows and places of one column as `order` has it, stacked around the middle line. */
static void column_stack(plan *p, uint32_t column) {
    double height = -LAYOUT_ROW_GAP;
    for (uint32_t at = p->column_starts[column]; at < p->column_starts[column + 1]; at++) {
        height += p->nodes[p->order[at]].height + LAYOUT_ROW_GAP;
    }
    double y = -height / 2;
    for (uint32_t at = p->column_starts[column]; at < p->column_starts[column + 1]; at++) {
        layout_node *node = &p->nodes[p->order[at]];
        node->row = at - p->column_starts[column];
        node->y = y;
        y += node->height + LAYOUT_ROW_GAP;
    }
}

static void columns_stack(plan *p) {
    for (uint32_t column = 0; column < p->column_count; column++) {
        column_stack(p, column);
    }
}

/* The weighted mean centre of a node's neighbours on one side; its own centre when it has none. */
static double barycentre(const plan *p, const neighbours *n, uint32_t node) {
    double sum = 0, weight = 0;
    for (uint32_t i = n->starts[node]; i < n->starts[node + 1]; i++) {
        const layout_node *other = &p->nodes[n->items[i]];
        sum += (other->y + other->height / 2) * n->weights[i];
        weight += n->weights[i];
    }
    return weight > 0 ? sum / weight : p->nodes[node].y + p->nodes[node].height / 2;
}

static int order_compare(const void *a, const void *b, void *context) {
    const plan *p = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    if (p->wanted[x] != p->wanted[y]) {
        return p->wanted[x] < p->wanted[y] ? -1 : 1;
    }
    return (x > y) - (x < y);
}

static void column_order(plan *p, uint32_t column, const neighbours *side) {
    uint32_t first = p->column_starts[column], end = p->column_starts[column + 1];
    for (uint32_t at = first; at < end; at++) {
        p->wanted[p->order[at]] = barycentre(p, side, p->order[at]);
    }
    qsort_r(p->order + first, end - first, sizeof *p->order, order_compare, p);
    column_stack(p, column);
}

static int row_compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The rows in the next column that the node's edges lead to, sorted. Edges that span more columns (to a sink that
 * several layers feed) are left out. */
static uint32_t next_rows(plan *p, uint32_t node) {
    uint32_t count = 0;
    for (uint32_t i = p->right.starts[node]; i < p->right.starts[node + 1]; i++) {
        const layout_node *other = &p->nodes[p->right.items[i]];
        if (other->column == p->nodes[node].column + 1) {
            p->rows[count++] = other->row;
        }
    }
    qsort(p->rows, count, sizeof *p->rows, row_compare);
    return count;
}

/* Crossings between each column and the next: going down the left column, each edge crosses those before it that end
 * lower on the right. */
static uint64_t crossings_count(plan *p) {
    uint64_t crossings = 0;
    for (uint32_t column = 0; column + 1 < p->column_count; column++) {
        uint32_t size = p->column_starts[column + 2] - p->column_starts[column + 1];
        for (uint32_t i = 0; i <= size; i++) {
            p->tree[i] = 0;
        }
        uint64_t seen = 0;
        for (uint32_t at = p->column_starts[column]; at < p->column_starts[column + 1]; at++) {
            uint32_t count = next_rows(p, p->order[at]);
            for (uint32_t i = 0; i < count; i++) {
                crossings += seen;
                for (uint32_t place = p->rows[i] + 1; place > 0; place &= place - 1) {
                    crossings -= p->tree[place];
                }
            }
            for (uint32_t i = 0; i < count; i++) {
                for (uint32_t place = p->rows[i] + 1; place <= size; place += place & (0 - place)) {
                    p->tree[place]++;
                }
            }
            seen += count;
        }
    }
    return crossings;
}

static void order_keep(plan *p, uint64_t *crossings_min) {
    uint64_t crossings = crossings_count(p);
    if (crossings < *crossings_min) {
        *crossings_min = crossings;
        for (size_t i = 0; i < p->node_count; i++) {
            p->best[i] = p->order[i];
        }
    }
}

static void order_improve(plan *p) {
    uint64_t crossings_min = UINT64_MAX;
    order_keep(p, &crossings_min);
    for (unsigned sweep = 0; sweep < SWEEP_COUNT && crossings_min > 0; sweep++) {
        for (uint32_t i = 1; i < p->column_count; i++) {
            bool rightwards = sweep % 2 == 0;
            column_order(p, rightwards ? i : p->column_count - 1 - i, rightwards ? &p->left : &p->right);
        }
        order_keep(p, &crossings_min);
    }
    for (size_t i = 0; i < p->node_count; i++) {
        p->order[i] = p->best[i];
    }
    columns_stack(p);
}

/* Moves the nodes of a column as near to their wished places as order and gaps allow, in the least-squares sense: with
 * the heights above it subtracted, each wish may not be less than the one before, which is isotonic regression, solved
 * by pooling adjacent violators in one pass. p->rows holds the sizes of the pools, p->wanted the sums. */
static void column_relax(plan *p, uint32_t column, const neighbours *side) {
    uint32_t first = p->column_starts[column], end = p->column_starts[column + 1], pools = 0;
    double above = 0;
    for (uint32_t at = first; at < end; at++) {
        const layout_node *node = &p->nodes[p->order[at]];
        p->wanted[pools] = barycentre(p, side, p->order[at]) - node->height / 2 - above;
        p->rows[pools++] = 1;
        above += node->height + LAYOUT_ROW_GAP;
        while (pools > 1 &&
               p->wanted[pools - 2] / (double)p->rows[pools - 2] > p->wanted[pools - 1] / (double)p->rows[pools - 1]) {
            p->wanted[pools - 2] += p->wanted[pools - 1];
            p->rows[pools - 2] += p->rows[pools - 1];
            pools--;
        }
    }
    above = 0;
    uint32_t at = first;
    for (uint32_t pool = 0; pool < pools; pool++) {
        double base = p->wanted[pool] / (double)p->rows[pool];
        for (uint32_t i = 0; i < p->rows[pool]; i++) {
            layout_node *node = &p->nodes[p->order[at++]];
            node->y = base + above;
            above += node->height + LAYOUT_ROW_GAP;
        }
    }
}

double layout_slot_height(double ribbon_width, bool is_labelled) {
    return ribbon_width + (is_labelled && ribbon_width < LAYOUT_LABEL_HEIGHT ? LAYOUT_LABEL_HEIGHT : 0);
}

/* Proportional to the amount, but room for the node's own text and for what arrives. p->wanted sums up the slots. */
static void heights_set(plan *p, const layout_edge *edges, size_t edge_count) {
    double weight_max = 0;
    for (size_t i = 0; i < p->node_count; i++) {
        p->nodes[i].row = 0; /* counts arriving edges for a moment */
        p->wanted[i] = 0;
        weight_max = fmax(weight_max, p->nodes[i].weight);
    }
    weight_max = weight_max > 0 ? weight_max : 1;
    for (size_t i = 0; i < edge_count; i++) {
        layout_node *to = &p->nodes[edges[i].to];
        double width = fmax(edges[i].weight / weight_max * LAYOUT_AMOUNT_HEIGHT, LAYOUT_RIBBON_WIDTH_MIN);
        p->wanted[edges[i].to] += layout_slot_height(width, to->row++ < LAYOUT_LABELS_MAX);
    }
    for (size_t i = 0; i < p->node_count; i++) {
        layout_node *node = &p->nodes[i];
        double slots = fmin(p->wanted[i], 2 * LAYOUT_AMOUNT_HEIGHT);
        node->height =
            ceil(fmax(fmax(node->weight / weight_max * LAYOUT_AMOUNT_HEIGHT, LAYOUT_NODE_HEIGHT_MIN), slots));
    }
}

static int place_compare(const void *a, const void *b, void *context) {
    const plan *p = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    if (p->nodes[x].y != p->nodes[y].y) {
        return p->nodes[x].y < p->nodes[y].y ? -1 : 1;
    }
    return (x > y) - (x < y);
}

/* Parts that are not connected drift apart while they relax: a band that is empty in all columns is closed. */
static void bands_close(plan *p) {
    for (size_t i = 0; i < p->node_count; i++) {
        p->best[i] = (uint32_t)i;
    }
    qsort_r(p->best, p->node_count, sizeof *p->best, place_compare, p);
    double bottom = p->nodes[p->best[0]].y, shift = 0; /* bottom: of the nodes before, where they were */
    for (size_t i = 0; i < p->node_count; i++) {
        layout_node *node = &p->nodes[p->best[i]];
        shift += fmax(node->y - bottom - BAND_MAX, 0);
        bottom = fmax(bottom, node->y + node->height);
        node->y -= shift;
    }
}

/* Whole pixels, with the topmost node at 0. Rounding down keeps gaps: heights and the gap are whole. */
static void places_round(plan *p) {
    double top = INFINITY;
    for (size_t i = 0; i < p->node_count; i++) {
        top = fmin(top, p->nodes[i].y);
    }
    for (uint32_t column = 0; column < p->column_count; column++) {
        double bottom = 0;
        for (uint32_t at = p->column_starts[column]; at < p->column_starts[column + 1]; at++) {
            layout_node *node = &p->nodes[p->order[at]];
            node->y = fmax(floor(node->y - top), bottom);
            bottom = node->y + node->height + LAYOUT_ROW_GAP;
        }
    }
}

sluice_result layout_arrange(layout_node *nodes, size_t node_count, const layout_edge *edges, size_t edge_count,
                             sluice_error *error) {
    SLUICE_ASSERT(node_count < UINT32_MAX && edge_count < UINT32_MAX);
    if (node_count == 0) {
        return SLUICE_OK;
    }
    plan p = {.nodes = nodes, .node_count = node_count};
    sluice_result result = SLUICE_OK;
    if (!plan_init(&p, edges, edge_count)) {
        result = error_no_memory(error, node_count * 100 + edge_count * 40);
        goto out;
    }
    heights_set(&p, edges, edge_count);
    columns_stack(&p);
    order_improve(&p);
    for (unsigned pass = 0; pass < RELAX_COUNT; pass++) {
        for (uint32_t i = 1; i < p.column_count; i++) {
            bool rightwards = pass % 2 == 1; /* the last pass: towards where the money came from */
            column_relax(&p, rightwards ? i : p.column_count - 1 - i, rightwards ? &p.left : &p.right);
        }
    }
    bands_close(&p);
    places_round(&p);
out:
    plan_fini(&p);
    return result;
}

void layout_columns(const sluice_trace_view *view, uint32_t *columns_out) {
    uint32_t *sinks = columns_out + view->account_count;
    for (size_t i = 0; i < view->account_count; i++) {
        columns_out[i] = view->accounts[i].layer - view->accounts[0].layer; /* they are sorted by it */
    }
    for (size_t i = 0; i < view->sink_count; i++) {
        sinks[i] = 0;
    }
    for (size_t i = 0; i < view->edge_count; i++) {
        const sluice_trace_edge *edge = &view->edges[i];
        if (edge->to == UINT32_MAX && columns_out[edge->from] + 1 > sinks[edge->sink]) {
            sinks[edge->sink] = columns_out[edge->from] + 1;
        }
    }
}

sluice_result layout_trace(const sluice_trace_view *view, sluice_trace_position **positions_out, size_t *count_out,
                           sluice_error *error) {
    size_t count = view->account_count + view->sink_count;
    uint32_t *columns = memory_new(count * sizeof *columns);
    layout_node *nodes = memory_new_zero(count, sizeof *nodes);
    layout_edge *edges = memory_new(view->edge_count * sizeof *edges);
    sluice_trace_position *positions = memory_new(count * sizeof *positions);
    sluice_result result = SLUICE_OK;
    if (columns == NULL || nodes == NULL || edges == NULL || positions == NULL) {
        result = error_no_memory(error, count * (sizeof *positions + sizeof *nodes));
        goto out;
    }
    layout_columns(view, columns);
    for (size_t i = 0; i < count; i++) {
        int64_t in =
            i < view->account_count ? view->accounts[i].in.fen : view->sinks[i - view->account_count].taint.fen;
        nodes[i] = (layout_node){.column = columns[i], .weight = (double)in};
    }
    for (size_t i = 0; i < view->edge_count; i++) {
        const sluice_trace_edge *edge = &view->edges[i];
        uint32_t to = edge->to != UINT32_MAX ? edge->to : (uint32_t)view->account_count + edge->sink;
        edges[i] = (layout_edge){edge->from, to, (double)edge->taint.fen};
    }
    result = layout_arrange(nodes, count, edges, view->edge_count, error);
    if (result != SLUICE_OK) {
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        bool account = i < view->account_count;
        positions[i] = (sluice_trace_position){
            .account = account ? (uint32_t)i : UINT32_MAX,
            .sink = account ? UINT32_MAX : (uint32_t)(i - view->account_count),
            .column = nodes[i].column,
            .row = nodes[i].row,
            .x = layout_column_x(nodes[i].column),
            .y = nodes[i].y,
            .height = nodes[i].height,
        };
    }
    *positions_out = positions;
    *count_out = count;
    positions = NULL;
out:
    memory_free(columns);
    memory_free(nodes);
    memory_free(edges);
    memory_free(positions);
    return result;
}
