/* Rendering: the entry point, and the words that all formats share.
 *
 * Every word that a person reads exists in English and Chinese, side by side, so that one print-out serves the bank,
 * the court and the investigator. */
#include "trace/render.h"

#include <stdio.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "trace/render_private.h"

render_words render_method_words(sluice_method method) {
    static const render_words WORDS[SLUICE_METHOD_COUNT] = {
        [SLUICE_METHOD_FIFO] = {"first in, first out", "先进先出"},
        [SLUICE_METHOD_LIFO] = {"last in, first out", "后进先出"},
        [SLUICE_METHOD_PRORATA] = {"pro rata of the balance", "按余额比例"},
        [SLUICE_METHOD_POISON] = {"everything after is tainted", "全额污染"},
        [SLUICE_METHOD_BOUNDS] = {"certain and possible part", "确定与可能范围"},
    };
    return (unsigned)method < SLUICE_METHOD_COUNT ? WORDS[method] : (render_words){"unknown", "未知"};
}

render_words render_cut_words(const char *reason) {
    static const struct {
        const char *reason;
        render_words words;
    } ROWS[] = {
        {"within", {"stayed longer than the time limit per hop", "停留超过每跳时限"}},
        {"depth", {"beyond the depth limit", "超过层数上限"}},
        {"min_amount", {"smaller than the smallest amount to follow", "低于最小追踪金额"}},
        {"entries_max", {"the limit of ledger entries was reached", "已达账目条数上限"}},
        {"time_max", {"the time limit was reached", "已达计算时间上限"}},
        {"not_in_account", {"was not in the account at the start time", "起始时不在该账户内"}},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        if (strcmp(reason, ROWS[i].reason) == 0) {
            return ROWS[i].words;
        }
    }
    return (render_words){reason, "其他"};
}

render_words render_sink_words(sluice_text kind) {
    if (text_equal(kind, TEXT("withdrawal"))) {
        return (render_words){"cash withdrawal", "取现"};
    }
    if (text_equal(kind, TEXT("atm"))) {
        return (render_words){"ATM", "取款机"};
    }
    if (text_equal(kind, TEXT("pos"))) {
        return (render_words){"POS", "刷卡消费"};
    }
    return (render_words){"exit", "流出"};
}

/* Chinese numerals to 99, as in 一级卡, 十级卡, 二十三级卡; digits beyond. */
char *render_layer_label(const sluice_trace_view *view, uint32_t layer, char buffer[RENDER_LAYER_BYTES]) {
    static const char *const DIGITS[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    if (layer == 0) {
        bool is_victim = false; /* a payer: some start is a transfer */
        for (size_t i = 0; i < view->victim_count; i++) {
            is_victim |= view->starts[i].transfer_id.length > 0;
        }
        (void)snprintf(buffer, RENDER_LAYER_BYTES, "%s", is_victim ? "0 受害人 victim" : "0 起点 start");
    } else if (layer < 100) {
        uint32_t tens = layer / 10;
        (void)snprintf(buffer, RENDER_LAYER_BYTES, "%u %s%s%s级卡", layer, tens > 1 ? DIGITS[tens] : "",
                       tens > 0 ? "十" : "", DIGITS[layer % 10]);
    } else {
        (void)snprintf(buffer, RENDER_LAYER_BYTES, "%u %u级卡", layer, layer);
    }
    return buffer;
}

void render_money(text_writer *writer, int64_t fen) {
    char buffer[MONEY_TEXT_BYTES];
    text_write(writer, text_of(money_format(fen, true, buffer)));
}

sluice_text render_edge_target(const sluice_trace_view *view, const sluice_trace_edge *edge) {
    return edge->to != UINT32_MAX ? view->accounts[edge->to].key : view->sinks[edge->sink].key;
}

void render_add(int64_t *sum, int64_t fen) {
    if (__builtin_add_overflow(*sum, fen, sum)) {
        *sum = INT64_MAX;
    }
}

render_sums render_sums_of(const sluice_trace_view *view) {
    render_sums sums = {0};
    for (size_t i = 0; i < view->account_count; i++) {
        render_add(&sums.held_fen, view->accounts[i].held.fen);
        render_add(&sums.held_certain_fen, view->accounts[i].held.certain_fen);
    }
    for (size_t i = 0; i < view->sink_count; i++) {
        render_add(&sums.sunk_fen, view->sinks[i].taint.fen);
        render_add(&sums.sunk_certain_fen, view->sinks[i].taint.certain_fen);
    }
    for (size_t i = 0; i < view->cut_count; i++) {
        render_add(&sums.cut_fen, view->cuts[i].taint.fen);
        render_add(&sums.cut_certain_fen, view->cuts[i].taint.certain_fen);
    }
    for (size_t i = 0; i < view->stop_count; i++) {
        render_add(&sums.stoppable_fen, view->stops[i].amount_fen);
    }
    if (!render_conserves(view) && sums.stoppable_fen > view->total_fen) {
        sums.stoppable_fen = view->total_fen; /* possible parts overlap; nobody can save more than was taken */
    }
    return sums;
}

sluice_result sluice_trace_render(sluice_trace *trace, sluice_trace_format format, char **text_out, size_t *length_out,
                                  sluice_error *error) {
    static sluice_result (*const RENDERERS[])(const render_input *, text_writer *, sluice_error *) = {
        [SLUICE_TRACE_TABLE] = render_table, [SLUICE_TRACE_JSON] = render_json, [SLUICE_TRACE_CSV] = render_csv,
        [SLUICE_TRACE_DOT] = render_dot,     [SLUICE_TRACE_SVG] = render_svg,
    };
    if (trace == NULL || text_out == NULL || (unsigned)format >= sizeof RENDERERS / sizeof *RENDERERS) {
        return error_set(error, SLUICE_E_INVALID,
                         "a trace, a format (table, json, csv, dot or svg) and a place for the text are needed");
    }
    sluice_trace_view view = {.size = sizeof view};
    sluice_trace_view_get(trace, &view);
    char sha256[65];
    render_input input = {.view = &view, .ledger_sha256 = sha256};
    text_writer writer = {0};
    sluice_result result = sluice_trace_ledger_sha256(trace, sha256, error);
    if (result == SLUICE_OK && format == SLUICE_TRACE_JSON) {
        result = sluice_trace_layout(trace, &input.positions, &input.position_count, error);
    }
    if (result == SLUICE_OK) {
        result = RENDERERS[format](&input, &writer, error);
    }
    if (result != SLUICE_OK) {
        text_writer_fini(&writer);
        return result;
    }
    *text_out = writer.data;
    if (length_out != NULL) {
        *length_out = writer.length;
    }
    return SLUICE_OK;
}

void sluice_text_free(char **text) {
    if (text != NULL) {
        memory_free(*text);
        *text = NULL;
    }
}
