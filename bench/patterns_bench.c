/* Patterns of a ledger like AMLworld's, transfer by transfer: our side of bench/patterns.
 *
 *   patterns_bench [--patterns FILE] [--batch B] [--transfers N] [--accounts M] [--days D] [--disorder MINUTES] [--seed
 * S]
 *                  [--window SECONDS] [--rows FILE] [--counts FILE] [--sample N] [--warm N]
 *
 * --patterns: a file of patterns. Without it, the patterns that IBM's Graph Feature Preprocessor has, all over
 * --window: fan-in, fan-out, degree in and out, scatter-gather, temporal cycle. Transfers to oneself are left out,
 * since they are in no pattern. A batch of B is what is known ahead: memory is fetched ahead within it, so that with B
 * = 1 nothing is.
 *
 * --rows writes the first N transfers (--sample) for the peer, four int64 each: payer, payee, second, fen. --counts
 * writes what we count for them, int64s: payers of the payee, payees of the payer, transfers in and out, and cycles of
 * length 2 to 11. The clock starts after the first N transfers (--warm). Prints seconds with patterns and without (the
 * recent series alone), and hits by pattern. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "amlworld.h"
#include "arguments.h"
#include "base/memory.h"
#include "base/text.h"
#include "feature/pattern.h"
#include "sys/clock.h"

#define PATTERNS_MAX 64
#define LENGTHS 12
#define TEXT_MAX 65536

typedef struct ledger {
    activity *items;
    size_t count;
} ledger;

typedef struct measured {
    double seconds, cpu_seconds; /* the processor's are less when others run beside */
    uint64_t hits[PATTERNS_MAX], bounded[PATTERNS_MAX];
    uint64_t degrees; /* a sum, so that they are counted */
} measured;

static bool ledger_make(ledger *all, const amlworld_options *options) {
    all->items = memory_new(options->row_count * sizeof *all->items);
    amlworld world;
    amlworld_row row;
    amlworld_begin(&world, options);
    while (all->items != NULL && amlworld_next(&world, &row)) {
        if (row.from != row.to) {
            const uint32_t number = (uint32_t)all->count;
            all->items[all->count++] = (activity){
                .sequence = number + 1,
                /* A second within the minute, so that not all is at the same time. */
                .time_ms = (row.minute * 60 + (options->disorder_minutes == 0 ? (int64_t)(number % 60) : 0)) * 1000,
                .kind = SLUICE_SIGNAL_TRANSFER,
                .movement = number,
                .from = row.from,
                .to = row.to,
                .amount_fen = amlworld_fen(row.paid_micro),
                .received_fen = amlworld_fen(row.received_micro)};
        }
    }
    return all->items != NULL;
}

static int in_time(const void *a, const void *b) {
    const activity *x = a, *y = b;
    if (x->time_ms != y->time_ms) {
        return x->time_ms < y->time_ms ? -1 : 1;
    }
    return x->movement < y->movement ? -1 : x->movement > y->movement;
}

/* In the order of time, for a peer that needs it. */
static void ledger_sort(ledger *all) {
    qsort(all->items, all->count, sizeof *all->items, in_time);
    for (size_t i = 0; i < all->count; i++) {
        all->items[i].movement = (uint32_t)i;
        all->items[i].sequence = i + 1;
    }
}

static pattern_set *set_load(const char *path, uint32_t window_s) {
    static char text[TEXT_MAX];
    size_t length = 0;
    if (path == NULL) {
        length = (size_t)snprintf(text, sizeof text,
                                  "pattern fan_in { kind fan-in window %us min 1 limit 0 }\n"
                                  "pattern fan_out { kind fan-out window %us min 1 limit 0 }\n"
                                  "pattern scatter_gather { kind scatter-gather window %us min 2 limit 0 }\n"
                                  "pattern cycles { kind cycle window %us limit 0 }\n",
                                  window_s, window_s, window_s, window_s);
    } else {
        FILE *in = fopen(path, "r");
        length = in == NULL ? 0 : fread(text, 1, sizeof text, in);
        if (in != NULL) {
            (void)fclose(in);
        }
    }
    pattern_set *set = NULL;
    sluice_error error = {0};
    if (pattern_set_load(path == NULL ? "bench" : path, (sluice_text){text, length}, &set, &error) != SLUICE_OK) {
        fprintf(stderr, "patterns_bench: %s\n", error.text);
    }
    return set;
}

static void prefetch(const recent *r, const ledger *all, size_t i, size_t end) {
    enum { FAR = 16, NEAR = 6 };
    if (i + FAR < end) {
        recent_prefetch(r, &all->items[i + FAR], 0);
    }
    if (i + NEAR < end) {
        recent_prefetch(r, &all->items[i + NEAR], 1);
        pattern_prefetch(r, &all->items[i + NEAR]);
    }
}

static uint64_t degree(const recent *r, uint32_t account, recent_direction direction, int64_t time_ms,
                       int64_t window_ms) {
    recent_series s;
    recent_series_get(r, account, direction, &s);
    return recent_after(&s, time_ms) - recent_after(&s, time_ms - window_ms);
}

static double cpu_seconds(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

/* set NULL: the series alone. */
static bool run(const ledger *all, pattern_set *set, size_t batch, size_t warm, uint32_t window_s, int64_t horizon_ms,
                FILE *counts, measured *out) {
    recent *r = recent_new(horizon_ms);
    bool is_good = r != NULL;
    const int64_t window_ms = (int64_t)window_s * 1000;
    int64_t start_ns = clock_monotonic_ns();
    double start_cpu = cpu_seconds();
    *out = (measured){0};
    for (size_t first = 0; is_good && first < all->count; first += batch) {
        const size_t end = first + batch < all->count ? first + batch : all->count;
        if (first <= warm && warm < end) {
            start_ns = clock_monotonic_ns();
            start_cpu = cpu_seconds();
        }
        for (size_t i = first; is_good && i < end; i++) {
            const activity *a = &all->items[i];
            pattern_hit hits[PATTERNS_MAX];
            prefetch(r, all, i, end);
            is_good = recent_add(r, a);
            if (set == NULL || !is_good) {
                continue;
            }
            is_good = pattern_step(set, r, a, hits);
            for (uint32_t p = 0; p < pattern_count(set); p++) {
                out->hits[p] += hits[p].count > 0;
                out->bounded[p] += hits[p].is_bounded;
            }
            if (window_ms > 0) {
                const uint64_t in = degree(r, a->to, RECENT_IN, a->time_ms, window_ms);
                const uint64_t went = degree(r, a->from, RECENT_OUT, a->time_ms, window_ms);
                out->degrees += in + went;
                if (counts != NULL) {
                    uint64_t row[4 + LENGTHS] = {hits[0].size, hits[1].size, in, went};
                    pattern_histogram(set, 3, row + 4, LENGTHS - 1);
                    is_good &= fwrite(row, sizeof row, 1, counts) == 1;
                }
            }
        }
    }
    out->seconds = (double)(clock_monotonic_ns() - start_ns) / 1e9;
    out->cpu_seconds = cpu_seconds() - start_cpu;
    recent_free(&r);
    return is_good;
}

static bool write_rows(const ledger *all, const char *path) {
    FILE *file = fopen(path, "wb");
    for (size_t i = 0; file != NULL && i < all->count; i++) {
        const activity *a = &all->items[i];
        const int64_t row[4] = {a->from, a->to, a->time_ms / 1000, a->amount_fen};
        (void)fwrite(row, sizeof row, 1, file);
    }
    return file != NULL && fclose(file) == 0;
}

static void print(size_t count, const pattern_set *set, const measured *with, const measured *without) {
    printf("{\"transfers\": %zu, \"seconds\": %.3f, \"cpu_seconds\": %.3f, \"seconds_series_alone\": %.3f, "
           "\"cpu_seconds_series_alone\": %.3f, \"hits\": {",
           count, with->seconds, with->cpu_seconds, without->seconds, without->cpu_seconds);
    for (uint32_t p = 0; p < pattern_count(set); p++) {
        const sluice_text name = pattern_name(set, p);
        printf("%s\"%.*s\": [%" PRIu64 ", %" PRIu64 "]", p == 0 ? "" : ", ", TEXT_ARGS(name), with->hits[p],
               with->bounded[p]);
    }
    printf("}}\n");
}

int main(int argc, char **argv) {
    amlworld_options options = {
        .row_count = 5000000, .account_count = 500000, .days = 10, .disorder_minutes = 30, .seed = 1};
    const char *patterns = NULL, *rows = NULL, *counts_path = NULL;
    uint32_t batch = 2048, window_s = 0, sample = 0, warm = 0;
    const bench_option arguments[] = {
        {"--patterns", BENCH_OPTION_TEXT, &patterns},
        {"--batch", BENCH_OPTION_U32, &batch},
        {"--transfers", BENCH_OPTION_U64, &options.row_count},
        {"--accounts", BENCH_OPTION_U32, &options.account_count},
        {"--days", BENCH_OPTION_U32, &options.days},
        {"--disorder", BENCH_OPTION_U32, &options.disorder_minutes},
        {"--seed", BENCH_OPTION_U64, &options.seed},
        {"--window", BENCH_OPTION_U32, &window_s},
        {"--rows", BENCH_OPTION_TEXT, &rows},
        {"--counts", BENCH_OPTION_TEXT, &counts_path},
        {"--sample", BENCH_OPTION_U32, &sample},
        {"--warm", BENCH_OPTION_U32, &warm},
    };
    if (!arguments_read(argc, argv, arguments, sizeof arguments / sizeof *arguments) || batch == 0) {
        return 2;
    }
    ledger all = {0};
    pattern_set *set = set_load(patterns, window_s);
    if (set == NULL || !ledger_make(&all, &options)) {
        return 1;
    }
    if (rows != NULL || counts_path != NULL) {
        ledger_sort(&all);
        all.count = sample != 0 && sample < all.count ? sample : all.count;
    }
    if (rows != NULL && !write_rows(&all, rows)) {
        perror(rows);
        return 1;
    }
    if (warm >= all.count) {
        fputs("patterns_bench: nothing is left to measure after --warm\n", stderr);
        return 2;
    }
    FILE *counts = counts_path == NULL ? NULL : fopen(counts_path, "wb");
    measured with, without;
    const int64_t horizon_ms = pattern_horizon_ms(set);
    if (!run(&all, NULL, batch, warm, 0, horizon_ms, NULL, &without) ||
        !run(&all, set, batch, warm, window_s, horizon_ms, counts, &with)) {
        fputs("patterns_bench: out of memory, or a file could not be written\n", stderr);
        return 1;
    }
    if (counts != NULL && fclose(counts) != 0) {
        perror(counts_path);
        return 1;
    }
    print(all.count - warm, set, &with, &without);
    pattern_set_free(&set);
    memory_free(all.items);
    return 0;
}
