/* See mules.h.
 *
 *   tree   the victim pays one account, which pays 17, each of which pays 17, each of which pays 17: 5,220 transfers,
 *          every account met once
 *   mesh   ten layers of 25 accounts, each of which pays 20 of the next layer: 5,001 transfers over 276 accounts, which
 *          are met again and again
 *
 * The parts are equal, rounded down; what is left of them stays where it is. */
#include "mules.h"

#include <inttypes.h>
#include <stdio.h>

#include <sluice/trace.h>

#include "base/assert.h"
#include "base/memory.h"
#include "figures.h"
#include "sys/clock.h"

enum { TREE_WIDTH = 17, TREE_LAYERS = 3, MESH_WIDTH = 25, MESH_LAYERS = 10, MESH_PAYS = 20, KEY_BYTES = 48 };

#define START_FEN INT64_C(1000000000000)
#define FIRST_MS INT64_C(1893456000000) /* 2030-01-01: after everything else */

typedef struct shape {
    const char *name;
    sluice_engine *engine;
    uint64_t number; /* of the next transfer */
    sluice_error *error;
} shape;

static sluice_result pay(shape *s, uint64_t from, uint64_t to, int64_t fen) {
    char id[KEY_BYTES], payer[KEY_BYTES], payee[KEY_BYTES];
    int id_bytes = snprintf(id, sizeof id, "mules-%s-%" PRIu64, s->name, s->number);
    int payer_bytes = snprintf(payer, sizeof payer, "account:mules-%s-%" PRIu64, s->name, from);
    int payee_bytes = snprintf(payee, sizeof payee, "account:mules-%s-%" PRIu64, s->name, to);
    const sluice_signal signal = {.kind = SLUICE_SIGNAL_TRANSFER,
                                  .time_ms = FIRST_MS + (int64_t)s->number,
                                  .id = {id, (size_t)id_bytes},
                                  .from = {payer, (size_t)payer_bytes},
                                  .to = {payee, (size_t)payee_bytes},
                                  .amount_fen = fen,
                                  .received_fen = fen};
    s->number++;
    return sluice_engine_append(s->engine, &signal, 1, NULL, NULL, s->error);
}

/* Accounts are numbered layer by layer; the victim is 0. */
static sluice_result append_tree(sluice_engine *engine, sluice_error *error) {
    shape s = {"tree", engine, 0, error};
    int64_t fen = START_FEN;
    sluice_result result = pay(&s, 0, 1, fen);
    uint64_t first = 1, count = 1;
    for (int layer = 0; layer < TREE_LAYERS; layer++) {
        fen /= TREE_WIDTH;
        for (uint64_t i = 0; i < count * TREE_WIDTH && result == SLUICE_OK; i++) {
            result = pay(&s, first + i / TREE_WIDTH, first + count + i, fen);
        }
        first += count;
        count *= TREE_WIDTH;
    }
    return result;
}

static sluice_result append_mesh(sluice_engine *engine, sluice_error *error) {
    shape s = {"mesh", engine, 0, error};
    sluice_result result = pay(&s, 0, 1, START_FEN);
    int64_t fen = START_FEN / MESH_WIDTH;
    for (uint64_t i = 0; i < MESH_WIDTH && result == SLUICE_OK; i++) {
        result = pay(&s, 1, 2 + i, fen);
    }
    for (uint64_t layer = 0; layer < MESH_LAYERS; layer++) {
        uint64_t payers = 2 + layer * MESH_WIDTH, payees = payers + MESH_WIDTH;
        fen = START_FEN / MESH_WIDTH / MESH_PAYS;
        for (uint64_t i = 0; i < (uint64_t)MESH_WIDTH * MESH_PAYS && result == SLUICE_OK; i++) {
            uint64_t payer = i / MESH_PAYS;
            result = pay(&s, payers + payer, payees + (payer + i % MESH_PAYS) % MESH_WIDTH, fen);
        }
    }
    return result;
}

sluice_result mules_append(sluice_engine *engine, sluice_error *error) {
    sluice_result result = append_tree(engine, error);
    if (result == SLUICE_OK) {
        result = append_mesh(engine, error);
    }
    return result == SLUICE_OK ? sluice_engine_flush(engine, NULL, error) : result;
}

static sluice_result measure(const sluice_engine *engine, sluice_text id, sluice_method method, int64_t *times_ns,
                             uint32_t repeat, sluice_error *error) {
    const sluice_trace_start start = {.transfer_id = id};
    const sluice_trace_options options = {.size = sizeof options, .method = method};
    sluice_trace_view view = {.size = sizeof view};
    int64_t first_ns = 0;
    for (uint32_t i = 0; i < repeat; i++) {
        sluice_trace *trace = NULL;
        int64_t begin_ns = clock_monotonic_ns();
        sluice_result result = sluice_trace_run(engine, &start, 1, &options, &trace, error);
        times_ns[i] = clock_monotonic_ns() - begin_ns;
        if (result != SLUICE_OK) {
            return result;
        }
        first_ns = i == 0 ? times_ns[0] : first_ns;
        sluice_trace_view_get(trace, &view);
        sluice_trace_free(&trace);
    }
    figures f = figures_of(times_ns, repeat);
    printf("{\"shape\": \"%.*s\", \"method\": \"%s\", \"accounts\": %zu, \"entries\": %" PRIu64
           ", \"followed\": %" PRIu64 ", \"p50_ns\": %" PRId64 ", \"p95_ns\": %" PRId64 ", \"max_ns\": %" PRId64
           ", \"first_ns\": %" PRId64 "}",
           (int)id.length, id.data, sluice_method_name(method), view.account_count, view.entries_read,
           view.transfers_followed, f.p50, f.p95, f.max, first_ns);
    return SLUICE_OK;
}

sluice_result mules_measure(const sluice_engine *engine, uint32_t repeat, sluice_error *error) {
    static const sluice_text STARTS[] = {{"mules-tree-0", 12}, {"mules-mesh-0", 12}};
    SLUICE_ASSERT(repeat > 0);
    int64_t *times_ns = memory_new(repeat * sizeof *times_ns);
    sluice_result result = times_ns == NULL ? SLUICE_E_NO_MEMORY : SLUICE_OK;
    const char *separator = "[";
    for (size_t i = 0; i < sizeof STARTS / sizeof *STARTS; i++) {
        for (int method = 0; method < SLUICE_METHOD_COUNT && result == SLUICE_OK; method++) {
            (void)fputs(separator, stdout);
            separator = ",\n";
            result = measure(engine, STARTS[i], (sluice_method)method, times_ns, repeat, error);
        }
    }
    puts("]");
    memory_free(times_ns);
    return result;
}
