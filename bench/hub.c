/* See hub.h.
 *
 * The graph: ordinary AMLworld traffic, then a hub (a payment firm's account, say) into which and out of which pass two
 * million transfers, to and fro. Each tracing thread follows the hub's first credit again and again: rolling pro rata,
 * so that it taints every one of the hub's million debits. The writer meanwhile appends batches, one at a time, and
 * each batch's time counts from its first signal's append to its being durable and visible. Rounds: nobody traces; one
 * thread; more threads; nobody again, since a growing file must not pass for the readers' doing. */
#include "hub.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <sluice/trace.h>

#include "amlworld.h"
#include "base/assert.h"
#include "base/memory.h"
#include "base/text.h"
#include "figures.h"
#include "sys/clock.h"
#include "sys/thread.h"

enum { READERS_MAX = 16, KEY_BYTES = 48, LOAD_BATCH = 65536 };

static const sluice_text HUB = {"account:hub", 11};
static const sluice_text HUB_START = {"hub-first", 9};

typedef struct key_text {
    char data[KEY_BYTES];
} key_text;

typedef struct feed {
    const hub_options *options;
    sluice_engine *engine;
    amlworld world;
    uint64_t number; /* of the next transfer, for its id */
    int64_t time_ms;
    sluice_signal *signals;
    key_text *texts; /* three a signal: id, from, to */
    size_t count, capacity;
    sluice_error error;
} feed;

typedef struct reader {
    const sluice_engine *engine;
    _Atomic bool *stop;
    thread thread;
    uint64_t trace_count, entry_count;
    int64_t longest_ns;
    bool failed;
    sluice_error error;
} reader;

static sluice_text put(key_text *text, const char *prefix, uint64_t number) {
    int length = snprintf(text->data, sizeof text->data, "%s%" PRIu64, prefix, number);
    return (sluice_text){text->data, (size_t)length};
}

static sluice_text put_account(key_text *text, uint32_t account) {
    memcpy(text->data, "account:", 8);
    return (sluice_text){text->data, 8 + amlworld_account(account, '/', text->data + 8)};
}

static sluice_signal *add(feed *f, key_text **texts_out) {
    SLUICE_ASSERT(f->count < f->capacity);
    key_text *texts = f->texts + 3 * f->count;
    sluice_signal *signal = &f->signals[f->count++];
    *signal = (sluice_signal){.kind = SLUICE_SIGNAL_TRANSFER, .time_ms = f->time_ms};
    signal->id = put(&texts[0], "t", f->number++);
    *texts_out = texts;
    return signal;
}

/* Appends and commits what was added. */
static bool commit(feed *f) {
    sluice_append_result appended;
    size_t index = 0;
    bool done = sluice_engine_append(f->engine, f->signals, f->count, &appended, &index, &f->error) == SLUICE_OK &&
                sluice_engine_flush(f->engine, NULL, &f->error) == SLUICE_OK;
    f->count = 0;
    return done;
}

static bool add_ordinary(feed *f, size_t count) {
    amlworld_row row;
    key_text *texts;
    for (size_t i = 0; i < count; i++) {
        if (!amlworld_next(&f->world, &row)) {
            return false;
        }
        f->time_ms++;
        sluice_signal *signal = add(f, &texts);
        signal->from = put_account(&texts[1], row.from);
        signal->to = put_account(&texts[2], row.to);
        signal->amount_fen = signal->received_fen = amlworld_fen(row.paid_micro);
    }
    return true;
}

static void add_hub(feed *f, uint64_t number) {
    key_text *texts;
    f->time_ms++;
    sluice_signal *signal = add(f, &texts);
    signal->id = number == 0 ? HUB_START : signal->id;
    signal->from = put(&texts[1], "account:payer", number);
    signal->to = HUB;
    signal->amount_fen = signal->received_fen = number == 0 ? INT64_C(100000000000) : 10000;
    f->time_ms++;
    signal = add(f, &texts);
    signal->from = HUB;
    signal->to = put(&texts[2], "account:payee", number);
    signal->amount_fen = signal->received_fen = 10000;
}

static bool load(feed *f) {
    for (uint64_t left = f->options->row_count; left > 0;) {
        size_t count = left < LOAD_BATCH ? (size_t)left : LOAD_BATCH;
        if (!add_ordinary(f, count) || !commit(f)) {
            return false;
        }
        left -= count;
    }
    for (uint64_t i = 0; i < f->options->counterparty_count; i++) {
        add_hub(f, i);
        if ((f->count + 2 > LOAD_BATCH || i + 1 == f->options->counterparty_count) && !commit(f)) {
            return false;
        }
    }
    return true;
}

static void *trace_again_and_again(void *context) {
    reader *r = context;
    const sluice_trace_options options = {.size = sizeof options, .method = SLUICE_METHOD_PRORATA};
    const sluice_trace_start start = {.transfer_id = HUB_START};
    while (!atomic_load(r->stop)) {
        sluice_trace *trace = NULL;
        int64_t begin_ns = clock_monotonic_ns();
        if (sluice_trace_run(r->engine, &start, 1, &options, &trace, &r->error) != SLUICE_OK) {
            r->failed = true;
            break;
        }
        int64_t took_ns = clock_monotonic_ns() - begin_ns;
        sluice_trace_view view = {.size = sizeof view};
        sluice_trace_view_get(trace, &view);
        r->trace_count++;
        r->entry_count += view.entries_read;
        r->longest_ns = took_ns > r->longest_ns ? took_ns : r->longest_ns;
        sluice_trace_free(&trace);
    }
    return NULL;
}

static bool measure_batches(feed *f, int64_t *times_ns) {
    for (uint32_t i = 0; i < f->options->batch_count; i++) {
        if (!add_ordinary(f, f->options->batch_size - 2)) {
            return false;
        }
        add_hub(f, f->options->counterparty_count + f->number); /* the hub goes on working */
        int64_t begin_ns = clock_monotonic_ns();
        if (!commit(f)) {
            return false;
        }
        times_ns[i] = clock_monotonic_ns() - begin_ns;
    }
    return true;
}

static bool measure_round(feed *f, uint32_t reader_count, int64_t *times_ns) {
    reader readers[READERS_MAX] = {{0}};
    _Atomic bool stop = false;
    uint32_t started = 0;
    while (started < reader_count) {
        readers[started].engine = f->engine;
        readers[started].stop = &stop;
        if (!thread_start(&readers[started].thread, trace_again_and_again, &readers[started])) {
            break;
        }
        started++;
    }
    int64_t begin_ns = clock_monotonic_ns();
    bool done = started == reader_count && measure_batches(f, times_ns);
    double seconds = (double)(clock_monotonic_ns() - begin_ns) / 1e9;
    atomic_store(&stop, true);
    uint64_t trace_count = 0, entry_count = 0;
    int64_t longest_ns = 0;
    for (uint32_t i = 0; i < started; i++) {
        thread_join(&readers[i].thread);
        trace_count += readers[i].trace_count;
        entry_count += readers[i].entry_count;
        longest_ns = readers[i].longest_ns > longest_ns ? readers[i].longest_ns : longest_ns;
        if (readers[i].failed) {
            f->error = readers[i].error;
            done = false;
        }
    }
    if (done) {
        figures t = figures_of(times_ns, f->options->batch_count);
        printf("{\"readers\": %u, \"p50_ns\": %" PRId64 ", \"p95_ns\": %" PRId64 ", \"p99_ns\": %" PRId64
               ", \"max_ns\": %" PRId64 ", \"transfers_per_second\": %.0f, \"traces\": %" PRIu64
               ", \"entries_per_trace\": %" PRIu64 ", \"longest_trace_ns\": %" PRId64 "}",
               reader_count, t.p50, t.p95, t.p99, t.max,
               (double)f->options->batch_count * f->options->batch_size / seconds, trace_count,
               trace_count == 0 ? 0 : entry_count / trace_count, longest_ns);
    }
    return done;
}

int hub_measure(const hub_options *options) {
    feed f = {.options = options, .time_ms = INT64_C(1661961600000)};
    f.capacity = options->batch_size > LOAD_BATCH ? options->batch_size : LOAD_BATCH;
    const uint32_t more = options->reader_count > 1 && options->reader_count <= READERS_MAX ? options->reader_count : 2;
    const uint32_t rounds[] = {0, 1, more, 0};
    enum { ROUNDS = sizeof rounds / sizeof *rounds };
    const amlworld_options world = {.row_count = options->row_count +
                                                 (uint64_t)ROUNDS * options->batch_count * options->batch_size,
                                    .account_count = 500000,
                                    .days = 10,
                                    .seed = options->seed};
    int status = 1;
    int64_t *times_ns = memory_new(options->batch_count * sizeof *times_ns);
    f.signals = memory_new(f.capacity * sizeof *f.signals);
    f.texts = memory_new(3 * f.capacity * sizeof *f.texts);
    amlworld_begin(&f.world, &world);
    if (times_ns == NULL || f.signals == NULL || f.texts == NULL ||
        sluice_engine_open(options->path, NULL, &f.engine, &f.error) != SLUICE_OK || !load(&f)) {
        fprintf(stderr, "scale_bench: loading: %s\n", f.error.text);
        goto out;
    }
    printf("{\"rounds\": [");
    for (int i = 0; i < ROUNDS; i++) {
        fputs(i == 0 ? "" : ",\n", stdout);
        if (!measure_round(&f, rounds[i], times_ns)) {
            fprintf(stderr, "scale_bench: %s\n", f.error.text);
            goto out;
        }
    }
    puts("]}");
    status = 0;
out:
    sluice_engine_close(&f.engine);
    memory_free(times_ns);
    memory_free(f.signals);
    memory_free(f.texts);
    return status;
}
