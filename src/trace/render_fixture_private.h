/* Invented traces for the renderers' tests: money that splits layer by layer, some held, some drawn as cash, some cut,
 * some sent back; each account adds up and so does the whole. */
#ifndef TRACE_RENDER_FIXTURE_PRIVATE_H
#define TRACE_RENDER_FIXTURE_PRIVATE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/random.h"
#include "trace/render_private.h"

#define FIXTURE_VICTIMS_MAX 4
#define FIXTURE_START_MS INT64_C(1650000000000)

typedef struct fixture_amount {
    int64_t by_victim[FIXTURE_VICTIMS_MAX], by_victim_certain[FIXTURE_VICTIMS_MAX];
} fixture_amount;

typedef struct fixture {
    sluice_trace_view view;
    sluice_trace_start starts[FIXTURE_VICTIMS_MAX];
    int64_t victim_total_fen[FIXTURE_VICTIMS_MAX];
    sluice_trace_account *accounts;
    sluice_trace_edge *edges;
    sluice_trace_sink *sinks;
    sluice_trace_cut *cuts;
    sluice_trace_stop *stops;
    fixture_amount *amounts; /* by victim, handed out in turn */
    size_t amount_count;
    char (*keys)[64];
    size_t key_count;
    random_stream random;
} fixture;

static inline sluice_text fixture_key(fixture *f, const char *kind) {
    char *key = f->keys[f->key_count++];
    (void)snprintf(key, sizeof f->keys[0], "%s:62284804%011llu", kind,
                   (unsigned long long)random_below(&f->random, 100000000000));
    return text_of(key);
}

/* Splits an amount over the victims in proportion of their totals, the rest to the first. */
static inline sluice_trace_amount fixture_amount_of(fixture *f, int64_t fen) {
    sluice_trace_amount amount = {.fen = fen, .certain_fen = fen};
    if (f->view.method == SLUICE_METHOD_BOUNDS) {
        amount.certain_fen = fen / 3;
    }
    if (f->view.victim_count > 1) {
        fixture_amount *parts = &f->amounts[f->amount_count++];
        int64_t left = fen, left_certain = amount.certain_fen;
        for (size_t v = f->view.victim_count; v-- > 0;) {
            parts->by_victim[v] = v == 0 ? left : fen / (int64_t)f->view.victim_count;
            parts->by_victim_certain[v] = v == 0 ? left_certain : amount.certain_fen / (int64_t)f->view.victim_count;
            left -= parts->by_victim[v];
            left_certain -= parts->by_victim_certain[v];
        }
        amount.by_victim_fen = parts->by_victim;
        amount.by_victim_certain_fen = parts->by_victim_certain;
    }
    return amount;
}

static inline void fixture_edge(fixture *f, uint32_t from, uint32_t to, uint32_t sink, int64_t fen, int64_t time_ms) {
    f->edges[f->view.edge_count++] = (sluice_trace_edge){
        .from = from,
        .to = to,
        .sink = sink,
        .count = 1 + random_below(&f->random, 3),
        .amount_fen = fen + (int64_t)random_below(&f->random, 1000),
        .taint = fixture_amount_of(f, fen),
        .first_ms = time_ms,
        .last_ms = time_ms + (int64_t)random_below(&f->random, 60000),
    };
}

static inline int fixture_stop_compare(const void *a, const void *b) {
    const sluice_trace_stop *x = a, *y = b;
    return (x->amount_fen < y->amount_fen) - (x->amount_fen > y->amount_fen);
}

/* What an account does with what came in: holds, sends back, withdraws, is cut, sends on to each of its children. */
static inline void fixture_spend(fixture *f, uint32_t i, uint32_t children_first, uint32_t children_end, bool cycles) {
    sluice_trace_account *account = &f->accounts[i];
    int64_t left = account->in.fen, out = 0;
    account->last_ms = account->first_ms + (int64_t)random_below(&f->random, 3600000);
    account->dwell_ms = -1;
    uint32_t children = children_end - children_first;
    uint64_t dice = random_below(&f->random, 10);
    if (children == 0 && dice < 4 && left > 100) {
        int64_t cash = left / 2;
        f->sinks[f->view.sink_count] =
            (sluice_trace_sink){dice < 2 ? text_of("withdrawal") : text_of("atm"),
                                fixture_key(f, dice < 2 ? "account" : "atm"), fixture_amount_of(f, cash)};
        fixture_edge(f, i, UINT32_MAX, (uint32_t)f->view.sink_count++, cash, account->last_ms);
        left -= cash;
        out += cash;
    } else if (children == 0 && dice == 4) {
        f->cuts[f->view.cut_count++] = (sluice_trace_cut){"depth", account->key, fixture_amount_of(f, left / 4)};
        account->cut_fen = left / 4;
        left -= account->cut_fen;
    } else if (children == 0 && dice == 5 && cycles && account->layer > 1) {
        uint32_t back = (uint32_t)random_below(&f->random, i);
        int64_t returned = left / 3;
        f->accounts[back].in = fixture_amount_of(f, f->accounts[back].in.fen + returned);
        f->accounts[back].held = fixture_amount_of(f, f->accounts[back].held.fen + returned);
        fixture_edge(f, i, back, UINT32_MAX, returned, account->last_ms);
        left -= returned;
        out += returned;
    }
    if (children > 0) {
        int64_t spent = account->is_start ? left : left - left / 20;
        for (uint32_t c = children_first; c < children_end; c++) {
            int64_t part = c + 1 == children_end ? spent : spent * (int64_t)(20 + random_below(&f->random, 50)) / 100;
            fixture_edge(f, i, c, UINT32_MAX, part,
                         account->first_ms + 1000 + (int64_t)random_below(&f->random, 60000));
            f->accounts[c].in = fixture_amount_of(f, f->accounts[c].in.fen + part);
            f->accounts[c].first_ms = f->edges[f->view.edge_count - 1].first_ms;
            spent -= part;
            left -= part;
            out += part;
        }
    }
    if (out > 0) {
        account->dwell_ms = account->last_ms - account->first_ms;
    }
    account->out = fixture_amount_of(f, out);
    account->held = fixture_amount_of(f, left);
    account->balance_fen = left + 12345;
}

/* A tree of `account_count` accounts, each with up to `fan` children, for `victims` starts. */
static inline void fixture_init(fixture *f, size_t account_count, uint32_t fan, size_t victims, bool cycles,
                                sluice_method method, uint64_t seed) {
    memset(f, 0, sizeof *f);
    random_seed(&f->random, seed);
    f->accounts = calloc(account_count, sizeof *f->accounts);
    f->edges = calloc(account_count * 3, sizeof *f->edges);
    f->sinks = calloc(account_count, sizeof *f->sinks);
    f->cuts = calloc(account_count, sizeof *f->cuts);
    f->stops = calloc(account_count, sizeof *f->stops);
    f->amounts = calloc(account_count * 16, sizeof *f->amounts);
    f->keys = calloc(account_count * 3, sizeof *f->keys);
    f->view = (sluice_trace_view){.size = sizeof f->view, .method = method, .as_of = 37861, .victim_count = victims};
    f->view.account_count = account_count;
    for (uint32_t i = 0; i < account_count; i++) {
        f->accounts[i] =
            (sluice_trace_account){.key = fixture_key(f, "account"), .status = i % 17 == 16 ? "blocked" : "open"};
        f->accounts[i].first_ms = FIXTURE_START_MS;
        f->accounts[i].opening_inferred = i % 5 == 3;
    }
    for (size_t v = 0; v < victims; v++) {
        int64_t fen = 3000000 * (int64_t)(v + 1);
        f->accounts[v].is_start = true;
        f->accounts[v].in = fixture_amount_of(f, fen);
        f->starts[v] = (sluice_trace_start){f->accounts[v].key, v == 0 ? text_of("T-001") : (sluice_text){0},
                                            f->accounts[v].key, FIXTURE_START_MS + (int64_t)v * 60000, fen};
        f->victim_total_fen[v] = fen;
        f->view.total_fen += fen;
    }
    uint32_t next = (uint32_t)victims;
    for (uint32_t i = 0; i < account_count; i++) {
        uint32_t children = 1 + (uint32_t)random_below(&f->random, fan);
        uint32_t end = next + children > account_count ? (uint32_t)account_count : next + children;
        for (uint32_t c = next; c < end; c++) {
            f->accounts[c].layer = f->accounts[i].layer + 1;
        }
        fixture_spend(f, i, next, end, cycles);
        next = end;
    }
    for (uint32_t i = 0; i < account_count; i++) {
        if (f->accounts[i].held.fen > 0 && strcmp(f->accounts[i].status, "open") == 0) {
            f->stops[f->view.stop_count++] =
                (sluice_trace_stop){i, f->accounts[i].held.fen, f->accounts[i].balance_fen};
        }
    }
    qsort(f->stops, f->view.stop_count, sizeof *f->stops, fixture_stop_compare);
    f->view.starts = f->starts;
    f->view.victim_total_fen = f->victim_total_fen;
    f->view.accounts = f->accounts;
    f->view.edges = f->edges;
    f->view.sinks = f->sinks;
    f->view.cuts = f->cuts;
    f->view.stops = f->stops;
    f->view.entries_read = account_count * 4;
    f->view.transfers_followed = f->view.edge_count;
}

static inline void fixture_fini(fixture *f) {
    free(f->accounts);
    free(f->edges);
    free(f->sinks);
    free(f->cuts);
    free(f->stops);
    free(f->amounts);
    free(f->keys);
}

#endif
