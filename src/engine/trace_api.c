/* Tracing for callers: finds the starts in the graph and hands them to src/trace. */
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/money.h"
#include "base/text.h"
#include "base/time.h"
#include "engine/engine_private.h"
#include "trace/trace.h"

static sluice_result resolve_transfer(const sluice_engine *engine, const sluice_trace_start *start,
                                      trace_origin *origin, sluice_currency *currency_out, sluice_error *error) {
    const graph *g = &engine->graph;
    batch scratch = {0};
    uint64_t first = 0, count = 0;
    uint32_t number = 0;
    sluice_result result = engine_find_transfer(engine, &scratch, &first, &count, start->transfer_id, &number, error);
    batch_fini(&scratch);
    if (result != SLUICE_OK) {
        return result == SLUICE_E_NOT_FOUND ? engine_transfer_unknown(start->transfer_id, error) : result;
    }
    const movement *m = graph_movement(g, number);
    char is[MONEY_TEXT_BYTES], asked[MONEY_TEXT_BYTES];
    if (start->amount_fen < 0 || start->amount_fen > m->amount_fen) {
        return error_set(error, SLUICE_E_INVALID,
                         "%s yuan cannot be traced from the transfer '%.*s': it moved %s, ask for that or less",
                         money_format(start->amount_fen, false, asked), TEXT_ARGS(start->transfer_id),
                         money_format(m->amount_fen, false, is));
    }
    if (m->from == m->to && (m->stamp & MOVEMENT_WITHDRAWAL) == 0) {
        return error_set(error, SLUICE_E_INVALID,
                         "the transfer '%.*s' goes from an account to itself: it moves nothing; start with --account",
                         TEXT_ARGS(start->transfer_id));
    }
    origin->movement = number;
    origin->key = m->from;
    origin->time_ms = movement_time_ms(m);
    origin->amount_fen = start->amount_fen == 0 ? m->amount_fen : start->amount_fen;
    *currency_out = graph_movement_currency(g, m);
    return SLUICE_OK;
}

/* An amount in an account has the currency that the account's ledger shows at that time. */
static sluice_currency currency_at(const graph_view *view, uint32_t key, int64_t time_ms) {
    ledger l;
    ledger_cursor cursor;
    ledger_entry entry;
    graph_ledger(view, key, &l);
    ledger_seek(&l, (ledger_place){time_ms - 1, UINT32_MAX}, &cursor);
    if (!ledger_next(&l, &cursor, &entry)) {
        return 0;
    }
    const movement *m = graph_movement(view->graph, entry & ~LEDGER_DEBIT);
    sluice_currency currency = graph_movement_currency(view->graph, m);
    if ((entry & LEDGER_DEBIT) == 0) {
        (void)graph_received(view->graph, entry, &currency);
    }
    return currency;
}

static sluice_result resolve_account(const graph_view *view, const sluice_trace_start *start, trace_origin *origin,
                                     sluice_currency *currency_out, sluice_error *error) {
    sluice_text account = start->account;
    const uint32_t key = engine_find_account(view, account);
    if (key == KEY_NONE) {
        return error_set(
            error, SLUICE_E_NOT_FOUND,
            "no account '%.*s' is known: a digit is wrong, or its bank's ledger has not come in (keys look "
            "like account:6228480402564890018)",
            account.length > 100 ? 100 : TEXT_ARGS(account));
    }
    if (start->amount_fen <= 0) {
        return error_set(error, SLUICE_E_INVALID,
                         "an account needs an amount above 0: say how much of its money to trace");
    }
    if (start->time_ms < TIME_MS_MIN || start->time_ms > TIME_MS_MAX) {
        return error_set(error, SLUICE_E_INVALID, "the start's time is outside the years 1900 to 5999");
    }
    origin->movement = TRANSFER_ID_NONE;
    origin->key = key;
    origin->time_ms = start->time_ms;
    origin->amount_fen = start->amount_fen;
    *currency_out = currency_at(view, key, start->time_ms);
    return SLUICE_OK;
}

/* All starts in one currency, and visible as of the sequence asked for. */
static sluice_result resolve(const sluice_engine *engine, const graph_view *view, const sluice_trace_start *starts,
                             size_t count, trace_origin *origins, sluice_currency *currency_out, sluice_error *error) {
    for (size_t i = 0; i < count; i++) {
        sluice_currency currency = 0;
        origins[i].victim = (uint32_t)i;
        sluice_result result = starts[i].transfer_id.length > 0
                                   ? resolve_transfer(engine, &starts[i], &origins[i], &currency, error)
                                   : resolve_account(view, &starts[i], &origins[i], &currency, error);
        if (result != SLUICE_OK) {
            return result;
        }
        if (origins[i].movement != TRANSFER_ID_NONE && origins[i].movement >= view->movement_limit) {
            return error_set(error, SLUICE_E_NOT_FOUND, "the transfer '%.*s' came after sequence %llu",
                             TEXT_ARGS(starts[i].transfer_id), (unsigned long long)view->sequence);
        }
        if (i > 0 && currency != *currency_out) {
            char first[4], other[4];
            sluice_currency_letters(*currency_out, first);
            sluice_currency_letters(currency, other);
            return error_set(error, SLUICE_E_INVALID,
                             "the starts are in several currencies (%s and %s): trace each currency by itself", first,
                             other);
        }
        *currency_out = currency;
    }
    return SLUICE_OK;
}

sluice_result sluice_trace_run(const sluice_engine *engine, const sluice_trace_start *starts, size_t start_count,
                               const sluice_trace_options *options, sluice_trace **trace_out, sluice_error *error) {
    *trace_out = NULL;
    if (start_count == 0 || start_count > UINT16_MAX) {
        return error_set(error, SLUICE_E_INVALID, "a trace needs 1 to 65,535 starts, there are %zu", start_count);
    }
    trace_origin *origins = memory_new_zero(start_count, sizeof *origins);
    if (origins == NULL) {
        return error_no_memory(error, start_count * sizeof *origins);
    }
    sluice_currency currency = 0;
    graph_view view;
    graph_view_open(&engine->graph, options == NULL ? 0 : options->as_of, &view);
    sluice_result result = resolve(engine, &view, starts, start_count, origins, &currency, error);
    if (result == SLUICE_OK) {
        result = trace_run(engine, engine->traces, &engine->graph, starts, origins, start_count, currency, options,
                           trace_out, error);
    }
    graph_view_close(&view);
    memory_free(origins);
    return result;
}
