/* A trace as text: one function for each format. All read the view only; any thread.
 *
 * Each appends to `writer` and returns NO_MEMORY if that failed; what was written before an error is undefined. */
#ifndef TRACE_RENDER_H
#define TRACE_RENDER_H

#include <sluice/trace.h>

#include "base/text.h"

typedef struct render_input {
    const sluice_trace_view *view;
    const char *ledger_sha256;              /* hex */
    const sluice_trace_position *positions; /* layout_trace's; read by JSON only */
    size_t position_count;
} render_input;

/* docs/schema/trace.schema.json. */
SLUICE_MUST_USE sluice_result render_json(const render_input *input, text_writer *writer, sluice_error *error);
/* For a terminal at least 110 columns wide; Chinese characters count as two. */
SLUICE_MUST_USE sluice_result render_table(const render_input *input, text_writer *writer, sluice_error *error);
/* RFC 4180: a header and one row for each edge; docs/trace.md has the columns. */
SLUICE_MUST_USE sluice_result render_csv(const render_input *input, text_writer *writer, sluice_error *error);
/* Graphviz. */
SLUICE_MUST_USE sluice_result render_dot(const render_input *input, text_writer *writer, sluice_error *error);
/* Standalone SVG 1.1; at most RENDER_SVG_NODES_MAX nodes, the rest folded into one node a layer. */
#define RENDER_SVG_NODES_MAX 300
SLUICE_MUST_USE sluice_result render_svg(const render_input *input, text_writer *writer, sluice_error *error);

#endif
