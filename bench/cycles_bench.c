/* Temporal cycles of a whole log, transfer by transfer: our side of bench/cycles.
 *
 *   cycles_bench --write FILE [--transfers N] [--accounts M] [--days D] [--skew S] [--seed N]
 *   cycles_bench --read FILE [--window SECONDS]
 *
 * A file has one transfer a line, `payer payee second`, in the order of time, which is what 2SCENT reads. --write makes
 * one: the rank of an account is ⌊M · u^(S/10)⌋ on both sides, so that busy payers are busy payees too, as merchants,
 * wallets and exchanges are; times are uniform. --read takes the transfers into recent series one by one, asks each for
 * the cycles it closes, and prints seconds (of both, without reading the file) and the histogram by length. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arguments.h"
#include "base/memory.h"
#include "base/text.h"
#include "feature/pattern.h"
#include "sys/clock.h"
#include "sys/random.h"

#define LENGTHS 65
#define SECONDS_PER_DAY 86400

typedef struct transfer {
    uint32_t from, to;
    int64_t second;
    size_t line;
} transfer;

typedef struct transfers {
    transfer *items;
    size_t count, capacity;
} transfers;

static uint32_t pick(random_stream *random, uint32_t accounts, double power) {
    const double u = (double)(random_u64(random) >> 11) * 0x1p-53;
    return (uint32_t)(pow(u, power) * (double)accounts);
}

static int write_file(const char *path, uint64_t count, uint32_t accounts, uint32_t days, uint32_t skew,
                      uint64_t seed) {
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        perror(path);
        return 1;
    }
    random_stream random;
    random_seed(&random, seed);
    const double power = (double)skew / 10;
    for (uint64_t i = 0; i < count; i++) {
        const uint32_t from = pick(&random, accounts, power), to = pick(&random, accounts, power);
        const uint64_t second = 1 + (uint64_t)((double)i / (double)count * days * SECONDS_PER_DAY);
        fprintf(out, "%" PRIu32 " %" PRIu32 " %" PRIu64 "\n", from, to, second);
    }
    if (fclose(out) != 0) {
        perror(path);
        return 1;
    }
    return 0;
}

static int in_time(const void *a, const void *b) {
    const transfer *x = a, *y = b;
    if (x->second != y->second) {
        return x->second < y->second ? -1 : 1;
    }
    return x->line < y->line ? -1 : x->line > y->line;
}

static bool read_file(const char *path, transfers *all) {
    FILE *in = fopen(path, "r");
    if (in == NULL) {
        perror(path);
        return false;
    }
    char line[128];
    while (fgets(line, sizeof line, in) != NULL) {
        char *end = line;
        transfer t;
        t.from = (uint32_t)strtoul(end, &end, 10);
        t.to = (uint32_t)strtoul(end, &end, 10);
        t.second = strtoll(end, &end, 10);
        t.line = all->count;
        if (!ARRAY_RESERVE(all->items, all->capacity, all->count + 1)) {
            fputs("cycles_bench: out of memory\n", stderr);
            break;
        }
        all->items[all->count++] = t;
    }
    (void)fclose(in);
    if (all->count > 0) {
        qsort(all->items, all->count, sizeof *all->items, in_time);
    }
    return all->count > 0;
}

static activity activity_of(const transfers *all, size_t i) {
    const transfer *t = &all->items[i];
    return (activity){.sequence = i + 1,
                      .time_ms = t->second * 1000,
                      .kind = SLUICE_SIGNAL_TRANSFER,
                      .movement = (uint32_t)i,
                      .from = t->from,
                      .to = t->to,
                      .amount_fen = 100,
                      .received_fen = 100};
}

static int run(const transfers *all, uint32_t window_s) {
    enum { FAR = 16, NEAR = 6 };
    text_writer text = {0};
    pattern_set *set = NULL;
    sluice_error error;
    text_printf(&text, "pattern cycles { kind cycle window %" PRIu32 "s limit 0 }", window_s);
    if (pattern_set_load("bench", (sluice_text){text.data, text.length}, &set, &error) != SLUICE_OK) {
        fprintf(stderr, "cycles_bench: %s\n", error.text);
        return 1;
    }
    text_writer_fini(&text);
    recent *r = recent_new_unpaired(pattern_horizon_ms(set));
    uint64_t histogram[LENGTHS] = {0};
    const double start_cpu = (double)clock() / CLOCKS_PER_SEC;
    const int64_t start_ns = clock_monotonic_ns();
    for (size_t i = 0; r != NULL && i < all->count; i++) {
        if (i + FAR < all->count) {
            activity ahead = activity_of(all, i + FAR);
            recent_prefetch(r, &ahead, 0);
            ahead = activity_of(all, i + NEAR);
            recent_prefetch(r, &ahead, 1);
            pattern_prefetch(r, &ahead);
        }
        const activity a = activity_of(all, i);
        pattern_hit hit;
        if (!recent_add(r, &a) || !pattern_step(set, r, &a, &hit)) {
            fputs("cycles_bench: out of memory\n", stderr);
            return 1;
        }
        if (hit.count > 0) {
            pattern_histogram(set, 0, histogram, LENGTHS - 1);
        }
    }
    const int64_t took_ns = clock_monotonic_ns() - start_ns;
    printf("{\"transfers\": %zu, \"seconds\": %.3f, \"cpu_seconds\": %.3f, \"histogram\": {", all->count,
           (double)took_ns / 1e9, (double)clock() / CLOCKS_PER_SEC - start_cpu);
    const char *separator = "";
    for (uint32_t length = 2; length < LENGTHS; length++) {
        if (histogram[length] > 0) {
            printf("%s\"%" PRIu32 "\": %" PRIu64, separator, length, histogram[length]);
            separator = ", ";
        }
    }
    printf("}}\n");
    recent_free(&r);
    pattern_set_free(&set);
    return 0;
}

int main(int argc, char **argv) {
    const char *write_path = NULL, *read_path = NULL;
    uint64_t transfer_count = 5000000, seed = 1;
    uint32_t accounts = 500000, days = 10, skew = 25, window_s = 6 * 3600;
    const bench_option arguments[] = {
        {"--write", BENCH_OPTION_TEXT, &write_path},
        {"--read", BENCH_OPTION_TEXT, &read_path},
        {"--transfers", BENCH_OPTION_U64, &transfer_count},
        {"--accounts", BENCH_OPTION_U32, &accounts},
        {"--days", BENCH_OPTION_U32, &days},
        {"--skew", BENCH_OPTION_U32, &skew},
        {"--seed", BENCH_OPTION_U64, &seed},
        {"--window", BENCH_OPTION_U32, &window_s},
    };
    if (!arguments_read(argc, argv, arguments, sizeof arguments / sizeof *arguments)) {
        return 2;
    }
    if (write_path != NULL) {
        return write_file(write_path, transfer_count, accounts, days, skew, seed);
    }
    transfers all = {0};
    if (read_path == NULL || !read_file(read_path, &all)) {
        fputs("cycles_bench: --write FILE or --read FILE is needed\n", stderr);
        return 2;
    }
    const int result = run(&all, window_s);
    memory_free(all.items);
    return result;
}
