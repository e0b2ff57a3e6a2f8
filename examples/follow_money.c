/* Follows stolen money with the installed library: a victim's 1,000 yuan go to a first card, from there in two parts to
 * two second cards, and one of those is emptied in cash.
 *
 *     cc follow_money.c $(pkg-config --cflags --libs sluice) -o follow_money
 *     ./follow_money /tmp/example.db
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sluice/engine.h>
#include <sluice/trace.h>

/* 2026-01-05 10:00:00 +08:00 */
static const int64_t START_MS = INT64_C(1767578400000);
static const int64_t MINUTE_MS = 60000;

static sluice_text text(const char *terminated) {
    sluice_text result = {terminated, strlen(terminated)};
    return result;
}

static sluice_signal move(sluice_signal_kind kind, const char *id, int minute, const char *from, const char *to,
                          int64_t amount_fen) {
    sluice_signal signal;
    memset(&signal, 0, sizeof signal);
    signal.kind = kind;
    signal.id = text(id);
    signal.time_ms = START_MS + minute * MINUTE_MS;
    signal.from = text(from);
    signal.to = text(to);
    signal.amount_fen = amount_fen;
    signal.received_fen = amount_fen;
    return signal;
}

static sluice_result follow(sluice_engine *engine, sluice_error *error) {
    const sluice_signal signals[] = {
        move(SLUICE_SIGNAL_TRANSFER, "t1", 0, "card:victim", "card:first", 100000),
        move(SLUICE_SIGNAL_TRANSFER, "t2", 2, "card:first", "card:second-a", 60000),
        move(SLUICE_SIGNAL_TRANSFER, "t3", 3, "card:first", "card:second-b", 30000),
        move(SLUICE_SIGNAL_WITHDRAWAL, "w1", 9, "card:second-a", "atm:0731", 60000),
    };
    size_t count = sizeof signals / sizeof signals[0];
    sluice_append_result appended;
    size_t index = 0;
    sluice_result result = sluice_engine_append(engine, signals, count, &appended, &index, error);
    if (result != SLUICE_OK) {
        return result;
    }
    result = sluice_engine_flush(engine, NULL, error); /* durable and visible from here on */
    if (result != SLUICE_OK) {
        return result;
    }

    sluice_trace_start start;
    memset(&start, 0, sizeof start);
    start.transfer_id = text("t1");
    sluice_trace *trace = NULL;
    result = sluice_trace_run(engine, &start, 1, NULL, &trace, error);
    if (result != SLUICE_OK) {
        return result;
    }
    sluice_trace_view view;
    memset(&view, 0, sizeof view);
    view.size = sizeof view;
    sluice_trace_view_get(trace, &view);
    for (size_t i = 0; i < view.account_count; i++) {
        const sluice_trace_account *account = &view.accounts[i];
        printf("layer %" PRIu32 "  %-16.*s holds %4" PRId64 ".%02" PRId64 " yuan\n", account->layer,
               (int)account->key.length, account->key.data, account->held.fen / 100, account->held.fen % 100);
    }
    for (size_t i = 0; i < view.sink_count; i++) {
        const sluice_trace_sink *sink = &view.sinks[i];
        printf("gone     %-16.*s took  %4" PRId64 ".%02" PRId64 " yuan\n", (int)sink->key.length, sink->key.data,
               sink->taint.fen / 100, sink->taint.fen % 100);
    }
    sluice_trace_free(&trace);
    return SLUICE_OK;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        (void)fprintf(stderr, "usage: %s FILE\n", argv[0]);
        return 2;
    }
    sluice_error error;
    sluice_engine *engine = NULL;
    sluice_result result = sluice_engine_open(argv[1], NULL, &engine, &error);
    if (result == SLUICE_OK) {
        result = follow(engine, &error);
        sluice_engine_close(&engine);
    }
    if (result != SLUICE_OK) {
        (void)fprintf(stderr, "%s: %s\n", sluice_result_text(result), error.text);
        return 1;
    }
    return 0;
}
