#include "server/paid_transfer.h"

#include "base/time.h"

enum { HOUR_MS = 3600000 };

typedef struct search {
    int64_t told_ms, amount_fen;
    int64_t at_ms, off_ms; /* the nearest, and how far off it is */
} search;

static bool look(void *context, const sluice_transfer *transfer, bool is_debit, int64_t balance_fen) {
    search *s = context;
    (void)balance_fen;
    const int64_t off = transfer->time_ms - s->told_ms, off_ms = off < 0 ? -off : off;
    if (!is_debit && transfer->amount_fen == s->amount_fen && off_ms < s->off_ms) {
        s->at_ms = transfer->time_ms;
        s->off_ms = off_ms;
    }
    return true;
}

int64_t paid_at(const sluice_engine *engine, sluice_text account, int64_t told_ms, int64_t amount_fen) {
    search s = {told_ms, amount_fen, told_ms, HOUR_MS + 1};
    sluice_error unheard;
    return sluice_ledger_read(engine, account, 0, look, &s, &unheard) == SLUICE_OK ? s.at_ms : told_ms;
}
