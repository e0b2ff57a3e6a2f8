/* Back-tests for callers: reads the truth, scores, and traces what a victim had paid before the first alert. */
#include <string.h>

#include <sluice/trace.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/time.h"
#include "detect/backtest.h"
#include "engine/detection_private.h"
#include "engine/engine_private.h"
#include "engine/stream.h"
#include "engine/truth.h"

struct sluice_backtest {
    backtest scored;
    arena texts;
};

typedef struct tracing {
    const sluice_engine *engine;
    sluice_result result;
    sluice_error *error;
} tracing;

/* FIFO, from each payment, up to the moment: what is then in accounts. */
static bool reachable(void *context, const truth_victim *victim, size_t count, int64_t time_ms, int64_t *fen_out) {
    tracing *t = context;
    uint32_t *numbers = memory_new(count * sizeof *numbers);
    sluice_text *ids = memory_new(count * sizeof *ids);
    sluice_trace_start *starts = memory_new_zero(count, sizeof *starts);
    sluice_trace *trace = NULL;
    arena texts = {0};
    *fen_out = 0;
    t->result = SLUICE_OK;
    if (numbers == NULL || ids == NULL || starts == NULL) {
        t->result = error_no_memory(t->error, count * 64);
        goto out;
    }
    for (size_t i = 0; t->result == SLUICE_OK && i < count; i++) {
        numbers[i] = victim->payments[i].movement;
        t->result = stream_transfer_ids(t->engine, &numbers[i], 1, &texts, &ids[i], t->error);
        starts[i] = (sluice_trace_start){.victim = TEXT("victim"), .transfer_id = ids[i]};
    }
    if (t->result == SLUICE_OK) {
        sluice_trace_options options = {.size = sizeof options, .until_ms = time_ms};
        t->result = sluice_trace_run(t->engine, starts, count, &options, &trace, t->error);
    }
    if (t->result == SLUICE_OK) {
        sluice_trace_view view = {.size = sizeof view};
        sluice_trace_view_get(trace, &view);
        for (size_t i = 0; i < view.account_count; i++) {
            *fen_out += view.accounts[i].held.fen;
        }
    }
out:
    sluice_trace_free(&trace);
    arena_fini(&texts);
    memory_free(starts);
    memory_free(ids);
    memory_free(numbers);
    return t->result == SLUICE_OK;
}

sluice_result sluice_backtest_run(const sluice_engine *engine, const sluice_detection *detection,
                                  const sluice_backtest_options *options, sluice_backtest **backtest_out,
                                  sluice_error *error) {
    sluice_backtest_options o = {0};
    truth known = {0};
    *backtest_out = NULL;
    sluice_result result = detection_check_size(options->size, sizeof o, "sluice_backtest_options", error);
    if (result != SLUICE_OK) {
        return result;
    }
    memcpy(&o, options, options->size);
    sluice_backtest *b = memory_new_zero(1, sizeof *b);
    if (b == NULL) {
        return error_no_memory(error, sizeof *b);
    }
    result = truth_read(engine, o.truth, &b->texts, &known, error);
    if (result == SLUICE_OK) {
        tracing t = {engine, SLUICE_OK, error};
        int64_t span_ms = detection->last_ms >= detection->first_ms ? detection->last_ms - detection->first_ms : 0;
        backtest_input input = {.rules = detector_rules(detection->detector),
                                .book = detection->book,
                                .truth = &known,
                                .days = span_ms < TIME_DAY_MS ? 1 : (double)span_ms / (double)TIME_DAY_MS,
                                .reachable = reachable,
                                .context = &t};
        if (!backtest_score(&input, &b->scored)) {
            result = t.result != SLUICE_OK ? t.result : error_no_memory(error, sizeof input);
        }
    }
    truth_fini(&known);
    if (result != SLUICE_OK) {
        sluice_backtest_free(&b);
    }
    *backtest_out = b;
    return result;
}

void sluice_backtest_free(sluice_backtest **b) {
    if (*b != NULL) {
        backtest_fini(&(*b)->scored);
        arena_fini(&(*b)->texts);
        memory_free(*b);
        *b = NULL;
    }
}

size_t sluice_backtest_count(const sluice_backtest *b) {
    return b->scored.count;
}

const sluice_backtest_row *sluice_backtest_get(const sluice_backtest *b, size_t index) {
    return index < b->scored.count ? &b->scored.rows[index] : NULL;
}

sluice_result sluice_backtest_render(const sluice_backtest *b, const sluice_backtest *against, bool as_json,
                                     char **text_out, size_t *length_out, sluice_error *error) {
    text_writer writer = {0};
    sluice_result result =
        backtest_render(b->scored.rows, b->scored.count, against == NULL ? NULL : against->scored.rows,
                        against == NULL ? 0 : against->scored.count, as_json, &writer, error);
    if (result != SLUICE_OK) {
        text_writer_fini(&writer);
        return result;
    }
    *text_out = writer.data;
    *length_out = writer.length;
    return SLUICE_OK;
}
