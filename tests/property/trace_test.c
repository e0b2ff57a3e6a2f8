/* The fast trace equals the naive oracle, account by account, for all five methods: on random little ledgers full of
 * ties, late arrivals, self transfers and withdrawals, with and without limits, with one victim and with many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sluice/trace.h>

#include "base/text.h"
#include "support/oracle.h"
#include "support/tool.h"
#include "sys/random.h"

#define ACCOUNTS_MAX 24
#define TRANSFERS_MAX 400
#define VICTIMS_MAX 5

static uint64_t seed;
static uint64_t rounds;

typedef struct world {
    oracle_transfer transfers[TRANSFERS_MAX];
    size_t transfer_count, account_count;
    sluice_engine *engine;
} world;

static void must(sluice_result result, const sluice_error *error) {
    if (result != SLUICE_OK) {
        fail_msg("%s: %s", sluice_result_text(result), error->text);
    }
}

static void make_world(world *w, random_stream *random, const char *name) {
    w->account_count = 2 + random_below(random, ACCOUNTS_MAX - 2);
    w->transfer_count = 1 + random_below(random, TRANSFERS_MAX - 1);
    int64_t span = 1 + (int64_t)random_below(random, 500); /* few instants: many ties */
    for (size_t i = 0; i < w->transfer_count; i++) {
        oracle_transfer *t = &w->transfers[i];
        bool late = random_chance(random, 1, 6);
        int64_t middle = (int64_t)i * span / (int64_t)w->transfer_count;
        t->time_ms = 1000 * (late ? (int64_t)random_below(random, (uint64_t)span) : middle);
        t->from = (uint32_t)random_below(random, w->account_count);
        t->to = (uint32_t)random_below(random, w->account_count);
        t->withdrawal = random_chance(random, 1, 12);
        t->amount_fen = random_chance(random, 1, 30) ? 0 : (int64_t)random_below(random, 20000);
    }
    sluice_error error;
    (void)remove(tool_path(name));
    must(sluice_engine_open(tool_path(name), NULL, &w->engine, &error), &error);
    size_t batch = 1 + random_below(random, 200);
    for (size_t i = 0; i < w->transfer_count; i++) {
        const oracle_transfer *t = &w->transfers[i];
        char id[32], from[32], to[32];
        (void)snprintf(id, sizeof id, "t%zu", i);
        (void)snprintf(from, sizeof from, "account:%u", t->from);
        (void)snprintf(to, sizeof to, t->withdrawal ? "place:%u" : "account:%u", t->to);
        sluice_signal signal = {
            .kind = t->withdrawal ? SLUICE_SIGNAL_WITHDRAWAL : SLUICE_SIGNAL_TRANSFER,
            .time_ms = t->time_ms,
            .id = text_of(id),
            .from = text_of(from),
            .to = text_of(to),
            .amount_fen = t->amount_fen,
            .received_fen = t->amount_fen,
        };
        must(sluice_engine_append(w->engine, &signal, 1, NULL, NULL, &error), &error);
        if (i % batch == batch - 1) {
            must(sluice_engine_flush(w->engine, NULL, &error), &error);
        }
    }
    must(sluice_engine_flush(w->engine, NULL, &error), &error);
}

static const sluice_trace_account *find_account(const sluice_trace_view *view, uint32_t number) {
    char key[32];
    (void)snprintf(key, sizeof key, "account:%u", number);
    for (size_t i = 0; i < view->account_count; i++) {
        if (text_equal(view->accounts[i].key, text_of(key))) {
            return &view->accounts[i];
        }
    }
    return NULL;
}

static int64_t by_victim(const sluice_trace_amount *amount, size_t victims, size_t victim) {
    return victims == 1 ? amount->fen : amount->by_victim_fen[victim];
}

static void same(const sluice_trace_view *view, uint32_t account, size_t victim, const char *what, int64_t is,
                 int64_t expected) {
    if (is != expected) {
        fail_msg("%s, victim %zu of %zu, account %u: %s is %lld, the oracle says %lld",
                 sluice_method_name(view->method), victim + 1, view->victim_count, account, what, (long long)is,
                 (long long)expected);
    }
}

/* Everything that both sides know about an account, for one victim. */
static void compare(const world *w, const sluice_trace_view *view, const oracle_answer *answer, size_t victim) {
    size_t victims = view->victim_count;
    bool bounds = view->method == SLUICE_METHOD_BOUNDS;
    for (uint32_t a = 0; a < w->account_count; a++) {
        const oracle_account *expected = &answer->accounts[a];
        const sluice_trace_account *is = find_account(view, a);
        if (is == NULL) {
            same(view, a, victim, "in (not reached)", 0, expected->in_fen);
            same(view, a, victim, "held (not reached)", 0, expected->held_fen);
            continue;
        }
        same(view, a, victim, "in", by_victim(&is->in, victims, victim), expected->in_fen);
        same(view, a, victim, "out", by_victim(&is->out, victims, victim), expected->out_fen);
        same(view, a, victim, "held", by_victim(&is->held, victims, victim), expected->held_fen);
        same(view, a, victim, "opening", is->opening_fen, expected->opening_fen);
        same(view, a, victim, "balance", is->balance_fen, expected->balance_fen);
        same(view, a, victim, "layer", is->layer, expected->layer);
        assert_true(is->opening_inferred);
        if (bounds) {
            same(view, a, victim, "in (certain)", is->in.certain_fen, expected->in_certain_fen);
            same(view, a, victim, "out (certain)", is->out.certain_fen, expected->out_certain_fen);
            same(view, a, victim, "held (certain)", is->held.certain_fen, expected->held_certain_fen);
        }
        if (victims == 1 && !bounds && view->method != SLUICE_METHOD_POISON) {
            same(view, a, victim, "cut", is->cut_fen, expected->cut_fen);
        }
    }
    int64_t sinks = 0;
    for (size_t i = 0; i < view->sink_count; i++) {
        sinks += by_victim(&view->sinks[i].taint, victims, victim);
    }
    same(view, UINT32_MAX, victim, "sinks", sinks, answer->sinks_fen);
}

static bool pick_start(const world *w, random_stream *random, size_t *start_out) {
    for (int tries = 0; tries < 50; tries++) {
        size_t at = random_below(random, w->transfer_count);
        const oracle_transfer *t = &w->transfers[at];
        if (t->amount_fen > 0 && (t->withdrawal || t->from != t->to)) {
            *start_out = at;
            return true;
        }
    }
    return false;
}

static void check_one(const world *w, random_stream *random, sluice_method method, bool limited) {
    size_t at = 0;
    if (!pick_start(w, random, &at)) {
        return;
    }
    char id[32];
    (void)snprintf(id, sizeof id, "t%zu", at);
    int64_t whole = w->transfers[at].amount_fen;
    int64_t amount = random_chance(random, 1, 3) ? random_between(random, 1, whole) : whole;
    oracle_limits limits = {0};
    if (limited) {
        limits.within_ms = random_chance(random, 1, 2) ? random_between(random, 1, 100000) : 0;
        limits.depth_max = random_chance(random, 1, 2) ? (uint32_t)random_between(random, 1, 5) : 0;
        limits.amount_min_fen = random_chance(random, 1, 2) ? random_between(random, 1, 3000) : 0;
    }
    sluice_trace_start start = {.transfer_id = text_of(id), .amount_fen = amount};
    sluice_trace_options options = {.size = sizeof options,
                                    .method = method,
                                    .within_ms = limits.within_ms,
                                    .depth_max = limits.depth_max,
                                    .amount_min_fen = limits.amount_min_fen};
    sluice_trace *trace = NULL;
    sluice_error error;
    must(sluice_trace_run(w->engine, &start, 1, &options, &trace, &error), &error);
    sluice_trace_view view = {.size = sizeof view};
    sluice_trace_view_get(trace, &view);
    oracle_answer answer;
    /* A start is followed whatever its size: the oracle's limits do not know that. */
    oracle_trace(w->transfers, w->transfer_count, w->account_count, at, amount, method, limited ? &limits : NULL,
                 &answer);
    compare(w, &view, &answer, 0);
    oracle_answer_fini(&answer);
    sluice_trace_free(&trace);
}

static void check_many(const world *w, random_stream *random, sluice_method method) {
    size_t victims = 2 + random_below(random, VICTIMS_MAX - 1);
    size_t places[VICTIMS_MAX];
    int64_t amounts[VICTIMS_MAX];
    char ids[VICTIMS_MAX][32];
    sluice_trace_start starts[VICTIMS_MAX];
    memset(starts, 0, sizeof starts);
    for (size_t v = 0; v < victims; v++) {
        if (!pick_start(w, random, &places[v])) {
            return;
        }
        (void)snprintf(ids[v], sizeof ids[v], "t%zu", places[v]);
        amounts[v] = random_between(random, 1, w->transfers[places[v]].amount_fen);
        starts[v].transfer_id = text_of(ids[v]);
        starts[v].amount_fen = amounts[v];
    }
    sluice_trace_options options = {.size = sizeof options, .method = method};
    sluice_trace *trace = NULL;
    sluice_error error;
    must(sluice_trace_run(w->engine, starts, victims, &options, &trace, &error), &error);
    sluice_trace_view view = {.size = sizeof view};
    sluice_trace_view_get(trace, &view);
    oracle_answer answers[VICTIMS_MAX];
    oracle_trace_many(w->transfers, w->transfer_count, w->account_count, places, amounts, victims, method, answers);
    for (size_t v = 0; v < victims; v++) {
        compare(w, &view, &answers[v], v);
        oracle_answer_fini(&answers[v]);
    }
    sluice_trace_free(&trace);
}

static void equals_the_oracle(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed);
    for (uint64_t round = 0; round < rounds; round++) {
        static world w;
        make_world(&w, &random, "world.db");
        for (int i = 0; i < 10; i++) {
            for (int method = 0; method < SLUICE_METHOD_COUNT; method++) {
                check_one(&w, &random, (sluice_method)method, false);
            }
            check_one(&w, &random, (sluice_method)(i % 3), true);
            check_many(&w, &random, (sluice_method)(i % 3));
        }
        sluice_engine_close(&w.engine);
    }
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    rounds = tool_count(argc, argv, 200);
    const struct CMUnitTest tests[] = {cmocka_unit_test(equals_the_oracle)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
