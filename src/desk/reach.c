#include "desk/reach.h"

#include <sluice/trace.h>

enum { ENTRIES_MAX = 200000 }; /* of a trace on the writer: bounds its time to some tens of milliseconds */

static bool last_balance(void *context, const sluice_transfer *transfer, bool is_debit, int64_t balance_fen) {
    (void)transfer;
    (void)is_debit;
    *(int64_t *)context = balance_fen;
    return true;
}

static int64_t traced(desk_command *c, sluice_text account, sluice_text transfer, bool *known_out) {
    struct sluice_engine *engine = desk_engine(c->desk);
    sluice_trace_start start = {.transfer_id = transfer};
    sluice_trace_options options = {.size = sizeof options, .method = SLUICE_METHOD_FIFO, .entries_max = ENTRIES_MAX};
    sluice_trace *trace = NULL;
    sluice_error unheard;
    int64_t found = 0;
    *known_out = sluice_trace_run(engine, &start, 1, &options, &trace, &unheard) == SLUICE_OK;
    if (*known_out) {
        sluice_trace_view view = {.size = sizeof view};
        sluice_trace_view_get(trace, &view);
        for (size_t i = 0; i < view.stop_count; i++) {
            if (text_equal(view.accounts[view.stops[i].account].key, account)) {
                found = view.stops[i].amount_fen;
            }
        }
    }
    sluice_trace_free(&trace);
    return found;
}

sluice_result reach_of(desk_command *c, sluice_text account, sluice_text transfer, int64_t amount_fen,
                       int64_t *reachable_fen_out) {
    *reachable_fen_out = amount_fen;
    if (desk_engine(c->desk) == NULL) {
        return SLUICE_OK;
    }
    bool known = false;
    if (transfer.length > 0) {
        int64_t found = traced(c, account, transfer, &known);
        *reachable_fen_out = known ? found : amount_fen;
    }
    if (!known) {
        int64_t balance = 0;
        sluice_error unheard;
        if (sluice_ledger_read(desk_engine(c->desk), account, 0, last_balance, &balance, &unheard) == SLUICE_OK) {
            balance = balance < 0 ? 0 : balance;
            *reachable_fen_out = amount_fen == 0 || balance < amount_fen ? balance : amount_fen;
        }
    }
    return SLUICE_OK;
}
