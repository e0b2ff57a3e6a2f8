/* What the SVG draws: the trace's accounts and sinks, folded to what a sheet can hold. */
#ifndef TRACE_RENDER_SVG_PRIVATE_H
#define TRACE_RENDER_SVG_PRIVATE_H

#include "trace/layout.h"
#include "trace/render_private.h"

/* Columns from this one on are folded into it. */
#define DRAWING_COLUMN_LAST 60

typedef enum drawn_kind { DRAWN_ACCOUNT, DRAWN_SINK, DRAWN_OTHER_ACCOUNTS, DRAWN_OTHER_SINKS } drawn_kind;

typedef struct drawn_node {
    drawn_kind kind;
    uint32_t index;    /* of the account or sink; unused by the others */
    uint64_t count;    /* accounts or sinks that it stands for */
    uint64_t internal; /* edges between two of them: not drawn */
    int64_t in_fen, out_fen, held_fen, cut_fen;
    uint32_t stop_rank; /* from 1; 0: not on the stop list */
} drawn_node;

typedef struct drawn_edge {
    uint32_t from, to;
    int64_t taint_fen, amount_fen;
    uint64_t count; /* transfers */
    int64_t first_ms, last_ms;
    double width;        /* pixels */
    double from_y, to_y; /* middle of the ribbon at either end */
    bool is_forward, is_labelled;
} drawn_edge;

/* Parallel arrays: nodes[i] is placed by places[i]. */
typedef struct drawing {
    drawn_node *nodes;
    layout_node *places;
    size_t node_count;
    drawn_edge *edges; /* by from, to */
    size_t edge_count;
    uint32_t column_count;
    size_t folded_count; /* accounts and sinks within the "others" */
} drawing;

/* Zero-initialise. Free with drawing_fini, on error too. */
SLUICE_MUST_USE sluice_result drawing_init(drawing *drawing, const sluice_trace_view *view, sluice_error *error);
void drawing_fini(drawing *drawing);

#endif
