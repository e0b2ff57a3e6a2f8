/* Large ledgers through the public API: memory, restart, traces by size, and latency while traces run.
 *
 *   scale_bench --mode import  --db FILE --csv FILE          an AMLworld file in; memory before and after; snapshot
 *   scale_bench --mode open    --db FILE [--replay 1]        from the snapshot, or from the log alone
 *   scale_bench --mode trace   --db FILE --stem S --rows N [--entries N] [--starts N] [--seed N]
 *   scale_bench --mode latency --db FILE [--rows N] [--hub N] [--batches N] [--batch N] [--seed N]
 *
 * Prints one JSON object. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sluice/import.h>
#include <sluice/trace.h>

#include "arguments.h"
#include "base/memory.h"
#include "base/text.h"
#include "figures.h"
#include "hub.h"
#include "mules.h"
#include "sys/clock.h"
#include "sys/random.h"

typedef struct settings {
    const char *mode, *path, *csv, *stem;
    uint64_t row_count, seed;
    uint32_t replay, entry_count_max, start_count;
    hub_options hub;
} settings;

static double seconds_since(int64_t begin_ns) {
    return (double)(clock_monotonic_ns() - begin_ns) / 1e9;
}

static int fail(const char *doing, const sluice_error *error) {
    fprintf(stderr, "scale_bench: %s: %s\n", doing, error->text);
    return 1;
}

static void print_state(const sluice_engine *engine, uint64_t private_before) {
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(engine, &stats);
    printf("\"transfers\": %" PRIu64 ", \"accounts\": %" PRIu64 ", \"memory_bytes\": %" PRIu64
           ", \"private_bytes\": %" PRIu64 ", \"replayed\": %" PRIu64 ", \"snapshot\": \"%s\"",
           stats.transfer_count, stats.account_count, stats.memory_bytes, figures_private_memory() - private_before,
           stats.replayed_signals, stats.snapshot_state);
}

static int run_import(const settings *s) {
    sluice_error error = {0};
    sluice_engine *engine = NULL;
    uint64_t before = figures_private_memory();
    if (sluice_engine_open(s->path, NULL, &engine, &error) != SLUICE_OK) {
        return fail("opening", &error);
    }
    const sluice_import_options options = {.size = sizeof options, .format = "amlworld"};
    sluice_import_summary summary = {0};
    int64_t begin_ns = clock_monotonic_ns();
    int status = 1;
    if (sluice_import(engine, &options, &s->csv, 1, &summary, &error) != SLUICE_OK) {
        (void)fail("importing", &error);
        goto out;
    }
    printf("{\"import_seconds\": %.3f, \"rejected\": %" PRIu64 ", ", seconds_since(begin_ns), summary.rejected);
    print_state(engine, before);
    begin_ns = clock_monotonic_ns();
    if (sluice_engine_snapshot(engine, &error) != SLUICE_OK) {
        (void)fail("writing the snapshot", &error);
        goto out;
    }
    printf(", \"snapshot_seconds\": %.3f}\n", seconds_since(begin_ns));
    status = 0;
out:
    sluice_engine_close(&engine);
    return status;
}

static int run_open(const settings *s) {
    sluice_error error = {0};
    sluice_engine *engine = NULL;
    const sluice_open_options options = {.size = sizeof options, .must_exist = true, .ignore_snapshot = s->replay != 0};
    uint64_t before = figures_private_memory();
    int64_t begin_ns = clock_monotonic_ns();
    if (sluice_engine_open(s->path, &options, &engine, &error) != SLUICE_OK) {
        return fail("opening", &error);
    }
    printf("{\"open_seconds\": %.3f, ", seconds_since(begin_ns));
    print_state(engine, before);
    puts("}");
    sluice_engine_close(&engine);
    return 0;
}

/* Random transfers until enough of their traces have met the limit; each is timed the one time it runs, so that its
 * ledgers are as cold as chance has them. */
static bool measure_method(const sluice_engine *engine, const settings *s, sluice_method method, random_stream *random,
                           int64_t *times_ns, int64_t *followed, sluice_error *error) {
    const sluice_trace_options options = {.size = sizeof options, .method = method, .entries_max = s->entry_count_max};
    uint32_t count = 0;
    uint64_t tries = 0, tries_max = (uint64_t)s->start_count * 1000;
    while (count < s->start_count && tries++ < tries_max) {
        char id[256];
        int length = snprintf(id, sizeof id, "%s:%" PRIu64, s->stem, 1 + random_below(random, s->row_count));
        const sluice_trace_start start = {.transfer_id = {id, (size_t)length}};
        sluice_trace *trace = NULL;
        int64_t begin_ns = clock_monotonic_ns();
        sluice_result result = sluice_trace_run(engine, &start, 1, &options, &trace, error);
        if (result == SLUICE_E_INVALID) {
            continue; /* a transfer from an account to itself moves nothing */
        }
        if (result != SLUICE_OK) {
            return false;
        }
        int64_t took_ns = clock_monotonic_ns() - begin_ns;
        sluice_trace_view view = {.size = sizeof view};
        sluice_trace_view_get(trace, &view);
        if (view.entries_read >= s->entry_count_max) {
            times_ns[count] = took_ns;
            followed[count++] = (int64_t)view.transfers_followed;
        }
        sluice_trace_free(&trace);
    }
    if (count == 0) {
        printf("{\"method\": \"%s\", \"starts\": 0}", sluice_method_name(method));
        return true;
    }
    figures f = figures_of(times_ns, count);
    printf("{\"method\": \"%s\", \"starts\": %u, \"tries\": %" PRIu64 ", \"entries\": %u, \"followed\": %" PRId64
           ", \"p50_ns\": %" PRId64 ", \"p95_ns\": %" PRId64 ", \"max_ns\": %" PRId64 "}",
           sluice_method_name(method), count, tries, s->entry_count_max, figures_of(followed, count).p50, f.p50, f.p95,
           f.max);
    return true;
}

static int run_trace(const settings *s) {
    sluice_error error = {0};
    sluice_engine *engine = NULL;
    int status = 1;
    int64_t *times_ns = memory_new(s->start_count * sizeof *times_ns);
    int64_t *followed = memory_new(s->start_count * sizeof *followed);
    const sluice_open_options open = {.size = sizeof open, .must_exist = true};
    if (times_ns == NULL || followed == NULL || sluice_engine_open(s->path, &open, &engine, &error) != SLUICE_OK) {
        (void)fail("opening", &error);
        goto out;
    }
    random_stream random;
    random_seed(&random, s->seed);
    if (mules_append(engine, &error) != SLUICE_OK) {
        (void)fail("appending", &error);
        goto out;
    }
    printf("{\"mules\": ");
    if (mules_measure(engine, s->start_count, &error) != SLUICE_OK) {
        (void)fail("tracing", &error);
        goto out;
    }
    printf(", \"methods\": [");
    for (int method = 0; method < SLUICE_METHOD_COUNT; method++) {
        fputs(method == 0 ? "" : ",\n", stdout);
        if (!measure_method(engine, s, (sluice_method)method, &random, times_ns, followed, &error)) {
            (void)fail("tracing", &error);
            goto out;
        }
    }
    puts("]}");
    status = 0;
out:
    sluice_engine_close(&engine);
    memory_free(times_ns);
    memory_free(followed);
    return status;
}

int main(int argc, char **argv) {
    settings s = {.row_count = 5000000,
                  .seed = 1,
                  .entry_count_max = 5000,
                  .start_count = 200,
                  .hub = {.counterparty_count = 1000000, .batch_count = 2000, .batch_size = 1000}};
    bench_option options[] = {
        {"--mode", BENCH_OPTION_TEXT, &s.mode},
        {"--db", BENCH_OPTION_TEXT, &s.path},
        {"--csv", BENCH_OPTION_TEXT, &s.csv},
        {"--stem", BENCH_OPTION_TEXT, &s.stem},
        {"--rows", BENCH_OPTION_U64, &s.row_count},
        {"--seed", BENCH_OPTION_U64, &s.seed},
        {"--replay", BENCH_OPTION_U32, &s.replay},
        {"--entries", BENCH_OPTION_U32, &s.entry_count_max},
        {"--starts", BENCH_OPTION_U32, &s.start_count},
        {"--hub", BENCH_OPTION_U32, &s.hub.counterparty_count},
        {"--batches", BENCH_OPTION_U32, &s.hub.batch_count},
        {"--batch", BENCH_OPTION_U32, &s.hub.batch_size},
        {"--readers", BENCH_OPTION_U32, &s.hub.reader_count},
    };
    if (!arguments_read(argc, argv, options, sizeof options / sizeof *options)) {
        return 2;
    }
    if (s.path != NULL && s.mode != NULL) {
        if (strcmp(s.mode, "import") == 0 && s.csv != NULL) {
            return run_import(&s);
        }
        if (strcmp(s.mode, "open") == 0) {
            return run_open(&s);
        }
        if (strcmp(s.mode, "trace") == 0 && s.stem != NULL) {
            return run_trace(&s);
        }
        if (strcmp(s.mode, "latency") == 0) {
            s.hub.path = s.path;
            s.hub.row_count = s.row_count;
            s.hub.seed = s.seed;
            return hub_measure(&s.hub);
        }
    }
    fputs("scale_bench: --db FILE and --mode import --csv FILE | open | trace --stem NAME | latency\n", stderr);
    return 2;
}
