/* Layered drawing of a trace: where each account and each sink goes.
 *
 * Pure: positions depend on the view alone, never on a clock, a random number or an address, so the same trace gives
 * the same picture on every machine. No I/O; any thread. */
#ifndef TRACE_LAYOUT_H
#define TRACE_LAYOUT_H

#include <sluice/trace.h>

/* Pixels. At the left of each node stands a label for each edge that arrives, at most LAYOUT_LABELS_MAX of them: above
 * its ribbon, or upon it when the ribbon is at least as wide as a line of text. */
#define LAYOUT_NODE_WIDTH 204.0
#define LAYOUT_COLUMN_GAP 280.0
#define LAYOUT_ROW_GAP 14.0
#define LAYOUT_NODE_HEIGHT_MIN 56.0
#define LAYOUT_AMOUNT_HEIGHT 220.0 /* of the largest amount */
#define LAYOUT_RIBBON_WIDTH_MIN 1.5
#define LAYOUT_LABEL_HEIGHT 12.0
#define LAYOUT_LABELS_MAX 10

/* In: column, weight. Out: row (0 is the top of its column), y (top) and height. */
typedef struct layout_node {
    uint32_t column;
    double weight; /* >= 0; heights are proportional to it, with a minimum */
    uint32_t row;
    double y, height;
} layout_node;

typedef struct layout_edge {
    uint32_t from, to; /* indexes of nodes */
    double weight;
} layout_edge;

/* Orders the nodes within their columns so that few edges cross, and gives them heights and places without overlap.
 * Errors: NO_MEMORY. Cost: O((nodes + edges) log nodes) a sweep, a fixed number of sweeps: 2,000 nodes and 5,000 edges
 * take a few milliseconds. */
SLUICE_MUST_USE sluice_result layout_arrange(layout_node *nodes, size_t node_count, const layout_edge *edges,
                                             size_t edge_count, sluice_error *error);

/* The height that an arriving ribbon of this width takes at its node. */
double layout_slot_height(double ribbon_width, bool is_labelled);

/* Left edge of a column. */
double layout_column_x(uint32_t column);

/* The column of each account and then of each sink of the view, [account_count + sink_count]: an account's is its
 * layer, counted from the first one's, a sink's the one after the last layer that feeds it. */
void layout_columns(const sluice_trace_view *view, uint32_t *columns_out);

/* One position for each account, then for each sink. *positions_out is the caller's, freed by memory_free.
 * Errors: NO_MEMORY. */
SLUICE_MUST_USE sluice_result layout_trace(const sluice_trace_view *view, sluice_trace_position **positions_out,
                                           size_t *count_out, sluice_error *error);

#endif
