/* The table that an investigator reads in a terminal: where the money went, layer by layer; where it left; what was not
 * followed and why; what can still be saved, best first; and the sum that proves nothing is missing.
 *
 * Nothing is dropped silently: a layer with more than LAYER_ROWS_MAX accounts shows the first of them (they are in
 * order of time) and says how many more there are, with their sums; the same for the lists. */
#include <stdio.h>

#include "base/error.h"
#include "base/money.h"
#include "base/time.h"
#include "trace/render_private.h"

#define LAYER_ROWS_MAX 40
#define LIST_ROWS_MAX 60
#define KEY_WIDTH_MIN 22
#define KEY_WIDTH_MAX 34
#define MONEY_WIDTH 16
#define PERCENT_WIDTH 8
#define DWELL_WIDTH 12

typedef struct table {
    const sluice_trace_view *view;
    text_writer *writer;
    size_t key_width;
    char currency[4];
} table;

static void cell_left(table *t, const char *text, size_t width) {
    columns_pad_right(t->writer, text_of(text), width);
}

static void cell_right(table *t, const char *text, size_t width) {
    columns_pad_left(t->writer, text_of(text), width);
}

static void cell_money(table *t, int64_t fen) {
    char buffer[MONEY_TEXT_BYTES];
    cell_right(t, money_format(fen, true, buffer), MONEY_WIDTH);
}

/* Percent of the start. */
static void cell_percent(table *t, int64_t fen) {
    char buffer[32] = "";
    int64_t total = t->view->total_fen;
    if (total > 0 && fen >= 0) {
        double tenths = (double)fen * 1000 / (double)total + 0.5; /* shown, never added up */
        unsigned shown = tenths > 99999 ? 99999 : (unsigned)tenths;
        (void)snprintf(buffer, sizeof buffer, "%s%u.%u%%", tenths > 99999 ? ">" : "", shown / 10, shown % 10);
    }
    cell_right(t, buffer, PERCENT_WIDTH);
}

static void write_rule(table *t, const char *english, const char *chinese) {
    text_printf(t->writer, "\n%s %s\n", english, chinese);
}

static void write_start(table *t, const sluice_trace_start *start) {
    char time[TIME_TEXT_BYTES];
    cell_left(t, "  Victim 受害人", 18);
    columns_pad_right(t->writer, start->victim, t->key_width);
    cell_money(t, start->amount_fen);
    text_printf(t->writer, " %s  %s\n", t->currency, time_format_short(start->time_ms, time));
    cell_left(t, "", 18);
    if (start->transfer_id.length > 0) {
        text_printf(t->writer, "transfer 转账 %.*s, from 自 %.*s\n", TEXT_ARGS(start->transfer_id),
                    TEXT_ARGS(start->account));
    } else {
        text_printf(t->writer, "in account 账户内 %.*s\n", TEXT_ARGS(start->account));
    }
}

static void write_heading(table *t) {
    const sluice_trace_view *view = t->view;
    render_words words = render_method_words(view->method);
    text_printf(t->writer, "Fund trace 资金穿透   method 方法: %s, %s %s   as of 截至: sequence 序号 %llu\n",
                sluice_method_name(view->method), words.english, words.chinese, (unsigned long long)view->as_of);
    for (size_t i = 0; i < view->victim_count; i++) {
        write_start(t, &view->starts[i]);
    }
    if (view->victim_count > 1) {
        cell_left(t, "  Total 合计", 18 + t->key_width);
        cell_money(t, view->total_fen);
        text_printf(t->writer, " %s\n", t->currency);
    }
    if (view->method == SLUICE_METHOD_BOUNDS) {
        text_write(t->writer, TEXT("  Amounts are the possible part, \"certain 确定\" the part that must be there.\n"));
    }
    if (view->mixed_currency) {
        text_write(t->writer, TEXT("  Several currencies met in one ledger and were counted at face value. "
                                   "账内有多币种，按面值计。\n"));
    }
}

static void write_account(table *t, const sluice_trace_account *account) {
    char dwell[TIME_TEXT_BYTES];
    text_write(t->writer, TEXT("  "));
    columns_pad_right(t->writer, account->key, t->key_width);
    cell_money(t, account->in.fen);
    cell_percent(t, account->in.fen);
    cell_money(t, account->out.fen);
    cell_money(t, account->held.fen);
    cell_right(t, account->dwell_ms < 0 ? "-" : time_duration_format(account->dwell_ms, dwell), DWELL_WIDTH);
    if (t->view->method == SLUICE_METHOD_BOUNDS && account->held.fen > 0) {
        text_write(t->writer, TEXT("  certain 确定 "));
        render_money(t->writer, account->held.certain_fen);
    }
    if (strcmp(account->status, "open") != 0) {
        text_printf(t->writer, "  %s %s", account->status,
                    strcmp(account->status, "closed") == 0 ? "已销户" : "已管控");
    }
    text_write(t->writer, account->opening_inferred ? TEXT("  *\n") : TEXT("\n"));
}

static void write_more(table *t, size_t count, int64_t in_fen, int64_t held_fen) {
    text_printf(t->writer, "  … %zu more 另有 %zu 个: in 流入 ", count, count);
    render_money(t->writer, in_fen);
    text_write(t->writer, TEXT(", held 结余 "));
    render_money(t->writer, held_fen);
    text_write(t->writer, TEXT("; all of them: -o json\n"));
}

static size_t write_layer(table *t, size_t first) {
    const sluice_trace_view *view = t->view;
    uint32_t layer = view->accounts[first].layer;
    size_t end = first;
    int64_t more_in = 0, more_held = 0;
    for (; end < view->account_count && view->accounts[end].layer == layer; end++) {
        if (end - first >= LAYER_ROWS_MAX) {
            render_add(&more_in, view->accounts[end].in.fen);
            render_add(&more_held, view->accounts[end].held.fen);
        }
    }
    char label[RENDER_LAYER_BYTES];
    text_printf(t->writer, "%s (%zu)\n", render_layer_label(view, layer, label), end - first);
    size_t shown = end - first > LAYER_ROWS_MAX ? first + LAYER_ROWS_MAX : end;
    for (size_t i = first; i < shown; i++) {
        write_account(t, &view->accounts[i]);
    }
    if (shown < end) {
        write_more(t, end - shown, more_in, more_held);
    }
    return end;
}

static void write_accounts(table *t) {
    write_rule(t, "Layers", "层级");
    cell_left(t, "  Account 账户", t->key_width + 2);
    cell_right(t, "In 流入", MONEY_WIDTH);
    cell_right(t, "%", PERCENT_WIDTH);
    cell_right(t, "Out 流出", MONEY_WIDTH);
    cell_right(t, "Held 结余", MONEY_WIDTH);
    cell_right(t, "Dwell 停留", DWELL_WIDTH);
    text_write_char(t->writer, '\n');
    bool inferred = false;
    for (size_t i = 0; i < t->view->account_count; i++) {
        inferred |= t->view->accounts[i].opening_inferred;
    }
    for (size_t i = 0; i < t->view->account_count;) {
        i = write_layer(t, i);
    }
    if (inferred) {
        text_write(t->writer, TEXT("  * opening balance inferred: the smallest that never goes negative. "
                                   "期初余额为推定：使余额不为负的最小值。\n"));
    }
}

static void write_sinks(table *t) {
    const sluice_trace_view *view = t->view;
    if (view->sink_count == 0) {
        return;
    }
    write_rule(t, "Left for cash or a sink", "流出（取现等）");
    for (size_t i = 0; i < view->sink_count && i < LIST_ROWS_MAX; i++) {
        const sluice_trace_sink *sink = &view->sinks[i];
        render_words words = render_sink_words(sink->kind);
        text_write(t->writer, TEXT("  "));
        columns_pad_right(t->writer, sink->key, t->key_width);
        cell_money(t, sink->taint.fen);
        cell_percent(t, sink->taint.fen);
        text_printf(t->writer, "  %s %s\n", words.english, words.chinese);
    }
    if (view->sink_count > LIST_ROWS_MAX) {
        text_printf(t->writer, "  … %zu more 另有, smaller than these; all of them: -o json\n",
                    view->sink_count - LIST_ROWS_MAX);
    }
}

static void write_cuts(table *t) {
    const sluice_trace_view *view = t->view;
    if (view->cut_count == 0) {
        return;
    }
    write_rule(t, "Not followed further", "未继续追踪");
    for (size_t i = 0; i < view->cut_count && i < LIST_ROWS_MAX; i++) {
        const sluice_trace_cut *cut = &view->cuts[i];
        render_words words = render_cut_words(cut->reason);
        text_write(t->writer, TEXT("  "));
        columns_pad_right(t->writer, cut->key, t->key_width);
        cell_money(t, cut->taint.fen);
        cell_percent(t, cut->taint.fen);
        text_printf(t->writer, "  %s %s\n", words.english, words.chinese);
    }
    if (view->cut_count > LIST_ROWS_MAX) {
        text_printf(t->writer, "  … %zu more 另有, smaller than these; all of them: -o json\n",
                    view->cut_count - LIST_ROWS_MAX);
    }
}

static void write_stops(table *t, const render_sums *sums) {
    const sluice_trace_view *view = t->view;
    write_rule(t, "What can still be saved, best first", "可止付清单（按可挽回金额）");
    if (view->stop_count == 0) {
        text_write(t->writer, TEXT("  nothing: no account that is open still holds any of it. 无。\n"));
        return;
    }
    for (size_t i = 0; i < view->stop_count && i < LIST_ROWS_MAX; i++) {
        const sluice_trace_stop *stop = &view->stops[i];
        const sluice_trace_account *account = &view->accounts[stop->account];
        char layer[RENDER_LAYER_BYTES], time[TIME_TEXT_BYTES];
        text_printf(t->writer, "%3zu. ", i + 1);
        columns_pad_right(t->writer, account->key, t->key_width);
        cell_money(t, stop->amount_fen);
        cell_percent(t, stop->amount_fen);
        text_write(t->writer, TEXT("  "));
        cell_left(t, render_layer_label(view, account->layer, layer), 15);
        text_printf(t->writer, " last 末次 %s\n", time_format_short(account->last_ms, time));
    }
    if (view->stop_count > LIST_ROWS_MAX) {
        text_printf(t->writer, "  … %zu more 另有, smaller than these; all of them: -o json\n",
                    view->stop_count - LIST_ROWS_MAX);
    }
    if (!render_conserves(view)) {
        text_write(t->writer,
                   TEXT("     These overlap: together at most the start. 各项有重叠，合计不超过起始金额。\n"));
        return;
    }
    cell_left(t, "     Together 合计", t->key_width + 5);
    cell_money(t, sums->stoppable_fen);
    cell_percent(t, sums->stoppable_fen);
    text_write_char(t->writer, '\n');
}

static void write_proof(table *t, const render_sums *sums, const char *ledger_sha256) {
    const sluice_trace_view *view = t->view;
    write_rule(t, "Proof", "核对");
    text_write(t->writer, TEXT("  held 结余 "));
    render_money(t->writer, sums->held_fen);
    text_write(t->writer, TEXT(" + sinks 流出 "));
    render_money(t->writer, sums->sunk_fen);
    text_write(t->writer, TEXT(" + not followed 未追 "));
    render_money(t->writer, sums->cut_fen);
    int64_t together = 0;
    bool overflow = __builtin_add_overflow(sums->held_fen, sums->sunk_fen, &together) ||
                    __builtin_add_overflow(together, sums->cut_fen, &together);
    if (render_conserves(view)) {
        text_write(t->writer, TEXT(" = "));
        render_money(t->writer, together);
        text_write(t->writer, !overflow && together == view->total_fen ? TEXT(" ✓\n") : TEXT(" ✗ is not the start\n"));
    } else if (view->method == SLUICE_METHOD_BOUNDS) {
        text_write(t->writer, TEXT(" possible, at least the start ≥ "));
        render_money(t->writer, view->total_fen);
        text_write(t->writer, TEXT("\n  certain 确定 "));
        render_money(t->writer, sums->held_certain_fen + sums->sunk_certain_fen + sums->cut_certain_fen);
        text_write(t->writer, TEXT(", at most the start 不超过起始金额\n"));
    } else {
        text_write(t->writer, TEXT("\n  poison counts every later debit as wholly tainted: the sum is no share of the "
                                   "start. 污染法不守恒。\n"));
    }
    text_printf(t->writer,
                "  ledger 账目 SHA-256 %s\n  %llu ledger entries read 读取账目, %llu tainted transfers 涉案转账\n",
                ledger_sha256, (unsigned long long)view->entries_read, (unsigned long long)view->transfers_followed);
}

static size_t key_width_of(const sluice_trace_view *view) {
    size_t width = KEY_WIDTH_MIN;
    for (size_t i = 0; i < view->account_count + view->sink_count; i++) {
        size_t key =
            columns_width(i < view->account_count ? view->accounts[i].key : view->sinks[i - view->account_count].key);
        width = key > width && key <= KEY_WIDTH_MAX ? key : width;
    }
    return width;
}

sluice_result render_table(const render_input *input, text_writer *writer, sluice_error *error) {
    table t = {.view = input->view, .writer = writer, .key_width = key_width_of(input->view)};
    sluice_currency_letters(input->view->currency, t.currency);
    render_sums sums = render_sums_of(input->view);
    write_heading(&t);
    write_accounts(&t);
    write_sinks(&t);
    write_cuts(&t);
    write_stops(&t, &sums);
    write_proof(&t, &sums, input->ledger_sha256);
    return writer->failed ? error_no_memory(error, writer->length) : SLUICE_OK;
}
