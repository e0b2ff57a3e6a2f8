/* Time-ascending hops from accounts, as in the transaction workload of LDBC FinBench: how long one start takes.
 *
 *   trace_bench --db FILE --starts FILE --hops 1…3 --above-fen N --repeat N
 *
 * For each account key of the starts file: all paths of that many transfers with strictly ascending times, each amount
 * above the threshold; how many there are, at how many distinct accounts they end, and the sum of their last transfers.
 * Walks every path, entry by entry, over the ledgers; one start includes finding the key, entering and leaving the
 * view. Prints one JSON object; times are the median of the repeats in nanoseconds. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/engine_private.h"
#include "figures.h"
#include "sys/clock.h"

typedef struct walk {
    graph_view view;
    int64_t above_fen;
    uint32_t hop_count;
    uint32_t *last_seen_in; /* by key: the number of the question that ended there last */
    uint32_t question;
    uint64_t path_count, end_count;
    int64_t fen;
} walk;

static void walk_on(walk *w, uint32_t key, int64_t after_ms, uint32_t hop) {
    const graph *g = w->view.graph;
    ledger l;
    ledger_cursor cursor;
    ledger_entry entry;
    graph_ledger(&w->view, key, &l);
    ledger_seek(&l, (ledger_place){after_ms, LEDGER_MOVEMENTS_MAX}, &cursor);
    while (ledger_next(&l, &cursor, &entry)) {
        if ((entry & LEDGER_DEBIT) == 0) {
            continue;
        }
        const movement *m = graph_movement(g, entry & ~LEDGER_DEBIT);
        if (m->amount_fen <= w->above_fen || (m->stamp & MOVEMENT_WITHDRAWAL) != 0) {
            continue;
        }
        if (hop < w->hop_count) {
            walk_on(w, m->to, movement_time_ms(m), hop + 1);
            continue;
        }
        w->path_count++;
        w->fen += m->amount_fen;
        w->end_count += w->last_seen_in[m->to] != w->question;
        w->last_seen_in[m->to] = w->question;
    }
}

static void answer(const sluice_engine *engine, sluice_text start, walk *w) {
    graph_view_open(&engine->graph, 0, &w->view);
    w->question++;
    w->path_count = w->end_count = 0;
    w->fen = 0;
    uint32_t key = keys_find(&engine->graph.keys, start, hash64(start.data, start.length));
    if (key != KEY_NONE) {
        walk_on(w, key, INT64_MIN >> 16, 1);
    }
    graph_view_close(&w->view);
}

static void measure(const sluice_engine *engine, sluice_text start, walk *w, uint32_t repeat, int64_t *times_ns) {
    for (uint32_t i = 0; i < repeat; i++) {
        int64_t begin_ns = clock_monotonic_ns();
        answer(engine, start, w);
        times_ns[i] = clock_monotonic_ns() - begin_ns;
    }
    printf("{\"paths\": %" PRIu64 ", \"ends\": %" PRIu64 ", \"fen\": %" PRId64 ", \"ns\": %" PRId64 "}", w->path_count,
           w->end_count, w->fen, figures_of(times_ns, repeat).p50);
}

int main(int argc, char **argv) {
    const char *path = NULL, *starts_path = NULL;
    uint64_t above_fen = 0;
    uint32_t hop_count = 3, repeat = 5;
    bench_option options[] = {
        {"--db", BENCH_OPTION_TEXT, &path},       {"--starts", BENCH_OPTION_TEXT, &starts_path},
        {"--hops", BENCH_OPTION_U32, &hop_count}, {"--above-fen", BENCH_OPTION_U64, &above_fen},
        {"--repeat", BENCH_OPTION_U32, &repeat},
    };
    if (!arguments_read(argc, argv, options, sizeof options / sizeof *options) || path == NULL || starts_path == NULL ||
        repeat == 0) {
        fputs("trace_bench: --db, --starts and --repeat > 0 are needed\n", stderr);
        return 2;
    }
    sluice_engine *engine = NULL;
    sluice_error error;
    int status = 1;
    int64_t *times_ns = memory_new(repeat * sizeof *times_ns);
    walk w = {.above_fen = (int64_t)above_fen, .hop_count = hop_count};
    FILE *starts = fopen(starts_path, "r");
    if (starts == NULL || times_ns == NULL) {
        fprintf(stderr, "trace_bench: %s cannot be read\n", starts_path);
        goto out;
    }
    const sluice_open_options open = {.size = sizeof open, .must_exist = true};
    if (sluice_engine_open(path, &open, &engine, &error) != SLUICE_OK) {
        fprintf(stderr, "trace_bench: %s\n", error.text);
        goto out;
    }
    w.last_seen_in = memory_new_zero(engine->graph.node_count + 1, sizeof *w.last_seen_in);
    if (w.last_seen_in == NULL) {
        fputs("trace_bench: out of memory\n", stderr);
        goto out;
    }
    char line[KEY_BYTES_MAX + 2];
    const char *separator = "{\"answers\": [";
    while (fgets(line, sizeof line, starts) != NULL) {
        fputs(separator, stdout);
        measure(engine, (sluice_text){line, strcspn(line, "\n")}, &w, repeat, times_ns);
        separator = ",\n";
    }
    puts("]}");
    status = 0;
out:
    sluice_engine_close(&engine);
    memory_free(w.last_seen_in);
    memory_free(times_ns);
    if (starts != NULL) {
        (void)fclose(starts);
    }
    return status;
}
