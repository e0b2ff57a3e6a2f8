/* CSV after RFC 4180: UTF-8, CRLF, one header and one row for each edge, in order of time.
 *
 * Amounts are yuan with two decimals (or the currency's unit), because the file is opened in a spreadsheet. With
 * several victims one more column for each start follows. */
#include "base/error.h"
#include "base/money.h"
#include "base/time.h"
#include "trace/render_private.h"

static void write_money(text_writer *writer, int64_t fen) {
    char buffer[MONEY_TEXT_BYTES];
    text_printf(writer, ",%s", money_format(fen, false, buffer));
}

static void write_victim_name(text_writer *writer, sluice_text victim) {
    text_writer name = {0};
    text_printf(&name, "taint of %.*s", TEXT_ARGS(victim));
    writer->failed |= name.failed;
    text_write_char(writer, ',');
    text_write_cell(writer, (sluice_text){name.data, name.length});
    text_writer_fini(&name);
}

static void write_row(text_writer *writer, const sluice_trace_view *view, const sluice_trace_edge *edge,
                      const char *currency) {
    bool is_sink = edge->to == UINT32_MAX;
    char first[TIME_TEXT_BYTES], last[TIME_TEXT_BYTES];
    text_write_cell(writer, view->accounts[edge->from].key);
    text_printf(writer, ",%u,", view->accounts[edge->from].layer);
    text_write_cell(writer, render_edge_target(view, edge));
    text_write_char(writer, ',');
    if (!is_sink) {
        text_printf(writer, "%u", view->accounts[edge->to].layer);
    }
    text_write_char(writer, ',');
    if (is_sink) {
        text_write_cell(writer, view->sinks[edge->sink].kind);
    }
    text_printf(writer, ",%llu", (unsigned long long)edge->count);
    write_money(writer, edge->amount_fen);
    write_money(writer, edge->taint.fen);
    write_money(writer, edge->taint.certain_fen);
    text_printf(writer, ",%s,%s,%s", currency, time_format(edge->first_ms, first), time_format(edge->last_ms, last));
    for (size_t v = 0; view->victim_count > 1 && v < view->victim_count; v++) {
        write_money(writer, edge->taint.by_victim_fen == NULL ? 0 : edge->taint.by_victim_fen[v]);
    }
    text_write(writer, TEXT("\r\n"));
}

sluice_result render_csv(const render_input *input, text_writer *writer, sluice_error *error) {
    const sluice_trace_view *view = input->view;
    char currency[4];
    sluice_currency_letters(view->currency, currency);
    text_write(writer,
               TEXT("from,from_layer,to,to_layer,sink,transfers,amount,taint,taint_certain,currency,first,last"));
    for (size_t v = 0; view->victim_count > 1 && v < view->victim_count; v++) {
        write_victim_name(writer, view->starts[v].victim);
    }
    text_write(writer, TEXT("\r\n"));
    for (size_t i = 0; i < view->edge_count; i++) {
        write_row(writer, view, &view->edges[i], currency);
    }
    return writer->failed ? error_no_memory(error, writer->length) : SLUICE_OK;
}
