/* Readers trace, find and read ledgers while the writer appends, flushes and takes snapshots: every answer is
 * one that some sequence gives, and adds up. Run under ThreadSanitizer by ./test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <sluice/trace.h>

#include "base/text.h"
#include "support/tool.h"
#include "sys/random.h"
#include "sys/thread.h"

#define READERS 3
#define ACCOUNTS 2000 /* enough to make the table of keys grow under the readers */

static uint64_t seed;
static uint64_t transfers;

typedef struct reader {
    const sluice_engine *engine;
    _Atomic uint64_t *flushed; /* transfers that are durable: t0 … */
    _Atomic bool *done;
    uint64_t seed, answers;
    char failure[600];
    thread thread;
} reader;

static bool adds_to(void *context, const sluice_transfer *transfer, bool is_debit, int64_t balance_fen) {
    (void)transfer;
    (void)is_debit;
    *(bool *)context &= balance_fen >= 0; /* openings are inferred: no balance is negative at any sequence */
    return true;
}

static void read_once(reader *r, random_stream *random) {
    sluice_error error = {0};
    uint64_t flushed = atomic_load(r->flushed);
    if (flushed == 0) {
        return;
    }
    char id[24];
    (void)snprintf(id, sizeof id, "t%llu", (unsigned long long)random_below(random, flushed));
    sluice_transfer found;
    sluice_result result = sluice_transfer_find(r->engine, text_of(id), &found, &error);
    if (result == SLUICE_OK) {
        bool positive = true;
        result = sluice_ledger_read(r->engine, found.to, found.sequence, adds_to, &positive, &error);
        if (!positive) {
            (void)snprintf(r->failure, sizeof r->failure, "a balance is negative as of %llu",
                           (unsigned long long)found.sequence);
        }
    }
    if (result == SLUICE_OK && !text_equal(found.from, found.to)) {
        sluice_trace_start start = {.transfer_id = text_of(id)};
        sluice_trace_options options = {.size = sizeof options,
                                        .method = (sluice_method)random_below(random, SLUICE_METHOD_COUNT),
                                        .entries_max = 2000};
        sluice_trace *trace = NULL;
        result = sluice_trace_run(r->engine, &start, 1, &options, &trace, &error); /* it checks its sums itself */
        sluice_trace_free(&trace);
    }
    if (result != SLUICE_OK) {
        (void)snprintf(r->failure, sizeof r->failure, "%s: %s", id, error.text);
    }
    r->answers++;
}

static void *read_on(void *context) {
    reader *r = context;
    random_stream random;
    random_seed(&random, r->seed);
    for (bool last = false; !last && r->failure[0] == '\0';) {
        last = atomic_load(r->done);
        read_once(r, &random);
    }
    return NULL;
}

static void append_one(sluice_engine *engine, random_stream *random, uint64_t number) {
    char id[24], from[24], to[24];
    sluice_error error;
    (void)snprintf(id, sizeof id, "t%llu", (unsigned long long)number);
    (void)snprintf(from, sizeof from, "account:%llu", (unsigned long long)random_below(random, ACCOUNTS));
    bool hub = random_chance(random, 1, 3);
    (void)snprintf(to, sizeof to, "account:%llu", (unsigned long long)(hub ? 0 : random_below(random, ACCOUNTS)));
    sluice_signal signal = {.kind = SLUICE_SIGNAL_TRANSFER,
                            .id = text_of(id),
                            .from = text_of(from),
                            .to = text_of(to),
                            .time_ms = (int64_t)(number + random_below(random, 50)),
                            .amount_fen = 1 + (int64_t)random_below(random, 9999)};
    signal.received_fen = random_chance(random, 1, 20) ? signal.amount_fen / 7 : signal.amount_fen;
    assert_int_equal(sluice_engine_append(engine, &signal, 1, NULL, NULL, &error), SLUICE_OK);
}

static void readers_and_the_writer(void **state) {
    (void)state;
    sluice_engine *engine = NULL;
    sluice_error error;
    (void)remove(tool_path("threads.db"));
    assert_int_equal(sluice_engine_open(tool_path("threads.db"), NULL, &engine, &error), SLUICE_OK);
    _Atomic uint64_t flushed = 0;
    _Atomic bool done = false;
    reader readers[READERS];
    for (int i = 0; i < READERS; i++) {
        readers[i] = (reader){.engine = engine, .flushed = &flushed, .done = &done, .seed = seed + (uint64_t)i};
        assert_true(thread_start(&readers[i].thread, read_on, &readers[i]));
    }
    random_stream random;
    random_seed(&random, seed);
    for (uint64_t i = 0; i < transfers; i++) {
        append_one(engine, &random, i);
        if (random_chance(&random, 1, 200) || i + 1 == transfers) {
            assert_int_equal(sluice_engine_flush(engine, NULL, &error), SLUICE_OK);
            atomic_store(&flushed, i + 1);
        }
        if (random_chance(&random, 1, 4000)) {
            assert_int_equal(sluice_engine_snapshot(engine, &error), SLUICE_OK);
        }
    }
    atomic_store(&done, true);
    for (int i = 0; i < READERS; i++) {
        thread_join(&readers[i].thread);
        if (readers[i].failure[0] != '\0') {
            fail_msg("%s", readers[i].failure);
        }
        assert_true(readers[i].answers > 0);
    }
    sluice_engine_close(&engine);
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    transfers = tool_count(argc, argv, 30000);
    const struct CMUnitTest tests[] = {cmocka_unit_test(readers_and_the_writer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
