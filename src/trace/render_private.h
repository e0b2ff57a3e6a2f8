/* Words and small text work that the renderers share. */
#ifndef TRACE_RENDER_PRIVATE_H
#define TRACE_RENDER_PRIVATE_H

#include "base/columns.h"
#include "trace/render.h"

typedef struct render_words {
    const char *english, *chinese;
} render_words;

render_words render_method_words(sluice_method method);
/* What a limit did, in a sentence. */
render_words render_cut_words(const char *reason);
/* "withdrawal", "atm", "pos"; other kinds are shown as they are. */
render_words render_sink_words(sluice_text kind);

#define RENDER_LAYER_BYTES 64
/* "0 受害人 victim" ("0 起点 start" when no start is a transfer), "1 一级卡", "12 十二级卡". Returns `buffer`. */
char *render_layer_label(const sluice_trace_view *view, uint32_t layer, char buffer[RENDER_LAYER_BYTES]);

/* The amount as "1,234.50". */
void render_money(text_writer *writer, int64_t fen);

/* The key of an edge's end, wherever it leads. */
sluice_text render_edge_target(const sluice_trace_view *view, const sluice_trace_edge *edge);

/* Adds, and stays at INT64_MAX rather than overflow. */
void render_add(int64_t *sum, int64_t fen);

/* Sums over the view; they saturate rather than overflow (poison multiplies money). */
typedef struct render_sums {
    int64_t held_fen, sunk_fen, cut_fen;
    int64_t held_certain_fen, sunk_certain_fen, cut_certain_fen;
    int64_t stoppable_fen;
} render_sums;
render_sums render_sums_of(const sluice_trace_view *view);

static inline bool render_conserves(const sluice_trace_view *view) {
    return view->method != SLUICE_METHOD_POISON && view->method != SLUICE_METHOD_BOUNDS;
}

#endif
