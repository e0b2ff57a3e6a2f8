/* DOT for Graphviz: layers are ranks from left to right, pen width grows with the logarithm of the taint. Edges that do
 * not lead forward take no part in the ranking, so that cycles do not bend the layers. */
#include <math.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/time.h"
#include "trace/layout.h"
#include "trace/render_private.h"

/* Inside double quotes DOT knows \" and the label escapes \n, \l …: a backslash is doubled. */
static void write_escaped(text_writer *writer, sluice_text text) {
    const char *end = columns_end(text);
    for (const char *at = text.data; at < end;) {
        const char *from = at;
        uint32_t character = columns_next_character(&at, end);
        if (character == '"' || character == '\\') {
            text_write_char(writer, '\\');
        }
        if (character < 0x20 || character == 0xFFFD) {
            text_write(writer, TEXT("\xEF\xBF\xBD"));
        } else {
            text_write(writer, (sluice_text){from, (size_t)(at - from)});
        }
    }
}

static void write_nodes(text_writer *writer, const sluice_trace_view *view) {
    for (size_t i = 0; i < view->account_count; i++) {
        const sluice_trace_account *account = &view->accounts[i];
        char layer[RENDER_LAYER_BYTES];
        text_printf(writer, "  a%zu [label=\"", i);
        write_escaped(writer, account->key);
        text_printf(writer, "\\n%s\\nin 收 ", render_layer_label(view, account->layer, layer));
        render_money(writer, account->in.fen);
        text_write(writer, TEXT("\\nheld 存 "));
        render_money(writer, account->held.fen);
        text_printf(writer, "\"%s];\n",
                    account->is_start       ? ", fillcolor=\"#dbeafe\", penwidth=2"
                    : account->held.fen > 0 ? ", fillcolor=\"#dcfce7\""
                                            : "");
    }
    for (size_t i = 0; i < view->sink_count; i++) {
        const sluice_trace_sink *sink = &view->sinks[i];
        render_words words = render_sink_words(sink->kind);
        text_printf(writer, "  s%zu [style=filled, color=\"#b91c1c\", fillcolor=\"#fee2e2\", label=\"%s %s\\n", i,
                    words.english, words.chinese);
        write_escaped(writer, sink->key);
        text_write(writer, TEXT("\\n"));
        render_money(writer, sink->taint.fen);
        text_write(writer, TEXT("\"];\n"));
    }
}

static void write_ranks(text_writer *writer, const sluice_trace_view *view, const uint32_t *columns) {
    size_t count = view->account_count + view->sink_count;
    uint32_t column_max = 0;
    for (size_t i = 0; i < count; i++) {
        column_max = columns[i] > column_max ? columns[i] : column_max;
    }
    /* Accounts are sorted by layer, so one pass over them serves all columns; sinks are searched, and are few. */
    size_t account = 0;
    for (uint32_t column = 0; column <= column_max; column++) {
        text_write(writer, TEXT("  { rank=same;"));
        for (; account < view->account_count && columns[account] == column; account++) {
            text_printf(writer, " a%zu;", account);
        }
        for (size_t i = 0; i < view->sink_count; i++) {
            if (columns[view->account_count + i] == column) {
                text_printf(writer, " s%zu;", i);
            }
        }
        text_write(writer, TEXT(" }\n"));
    }
}

static void write_edge(text_writer *writer, const sluice_trace_view *view, const sluice_trace_edge *edge) {
    bool is_sink = edge->to == UINT32_MAX;
    bool forward = is_sink || view->accounts[edge->to].layer > view->accounts[edge->from].layer;
    char first[TIME_TEXT_BYTES];
    text_printf(writer, "  a%u -> %c%u [label=\"", edge->from, is_sink ? 's' : 'a', is_sink ? edge->sink : edge->to);
    render_money(writer, edge->taint.fen);
    if (edge->count > 1) {
        text_printf(writer, " (%llu)", (unsigned long long)edge->count);
    }
    text_printf(writer, "\\n%s\", penwidth=%.2f%s];\n", time_format_short(edge->first_ms, first),
                0.5 + 0.5 * log10(1.0 + (double)edge->taint.fen / 100.0),
                forward ? "" : ", constraint=false, style=dashed, color=\"#b45309\"");
}

sluice_result render_dot(const render_input *input, text_writer *writer, sluice_error *error) {
    const sluice_trace_view *view = input->view;
    uint32_t *columns = memory_new((view->account_count + view->sink_count) * sizeof *columns);
    if (columns == NULL) {
        return error_no_memory(error, (view->account_count + view->sink_count) * sizeof *columns);
    }
    layout_columns(view, columns);
    text_printf(writer,
                "digraph trace {\n  rankdir=LR;\n  charset=\"UTF-8\";\n  label=\"Sluice trace, method %s, as of %llu, "
                "ledger %s\";\n",
                sluice_method_name(view->method), (unsigned long long)view->as_of, input->ledger_sha256);
    text_write(writer,
               TEXT("  graph [fontname=\"Noto Sans CJK SC\", ranksep=1.2];\n"
                    "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"Noto Sans CJK SC\", "
                    "fontsize=10];\n  edge [fontname=\"Noto Sans CJK SC\", fontsize=8, color=\"#475569\"];\n"));
    write_nodes(writer, view);
    write_ranks(writer, view, columns);
    for (size_t i = 0; i < view->edge_count; i++) {
        write_edge(writer, view, &view->edges[i]);
    }
    text_write(writer, TEXT("}\n"));
    memory_free(columns);
    return writer->failed ? error_no_memory(error, writer->length) : SLUICE_OK;
}
