#include "feature/shape.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/time.h"
#include "sys/random.h"

#define HOUR INT64_C(3600000)
#define T0 INT64_C(1767542400000) /* 2026-01-05 00:00 in Shanghai */
#define ACCOUNTS 40

static const shape_windows FOUR_DAYS = {
    .window_ms = {4 * TIME_DAY_MS}, .count = 1, .chain_ms = {2 * TIME_DAY_MS, 4 * TIME_DAY_MS}};

typedef struct tables {
    shape *s;
    float *transfers, *accounts; /* own columns */
} tables;

static void tables_make(const shape_transfer *transfers, uint32_t count, uint32_t accounts, tables *t) {
    t->s = shape_new(transfers, count, accounts);
    t->transfers = memory_new_zero(count * shape_transfer_own_count(1), sizeof(float));
    t->accounts = memory_new_zero(accounts * shape_account_own_count(), sizeof(float));
    assert_non_null(t->s);
    assert_non_null(t->transfers);
    assert_non_null(t->accounts);
    assert_true(shape_transfers(t->s, &FOUR_DAYS, t->transfers));
    assert_true(shape_accounts(t->s, t->accounts));
}

static void tables_free(tables *t) {
    shape_free(&t->s);
    memory_free(t->transfers);
    memory_free(t->accounts);
}

static float of_transfer(const tables *t, uint32_t transfer, const char *name) {
    char found[96];
    float row[512];
    assert_true(shape_transfer_column_count(1) <= sizeof row / sizeof *row);
    shape_transfer_row(t->s, &FOUR_DAYS, t->transfers, transfer, row);
    for (size_t c = 0; c < shape_transfer_column_count(1); c++) {
        shape_transfer_column_name(&FOUR_DAYS, c, found, sizeof found);
        if (strcmp(found, name) == 0) {
            return row[c];
        }
    }
    fail_msg("no column %s", name);
    return NAN;
}

static float of_account(const tables *t, uint32_t account, const char *name) {
    char found[96];
    float row[512];
    assert_true(shape_account_column_count() <= sizeof row / sizeof *row);
    assert_true(shape_account_row(t->s, t->accounts, account, row));
    for (size_t c = 0; c < shape_account_column_count(); c++) {
        shape_account_column_name(c, found, sizeof found);
        if (strcmp(found, name) == 0) {
            return row[c];
        }
    }
    fail_msg("no column %s", name);
    return NAN;
}

static shape_transfer at(int64_t hours, uint32_t from, uint32_t to) {
    return (shape_transfer){T0 + hours * HOUR, 10000 * (int64_t)(from + 1), from, to};
}

static void test_scatter_gather(void **state) {
    (void)state;
    const shape_transfer transfers[] = {at(0, 0, 1),  at(1, 0, 2),  at(2, 0, 3),
                                        at(10, 1, 9), at(20, 2, 9), at(30, 3, 9)};
    tables t;
    tables_make(transfers, 6, 10, &t);
    assert_float_equal(of_transfer(&t, 1, "payer_out_96h"), 3, 0);
    assert_float_equal(of_transfer(&t, 1, "payer_out_before_96h"), 1, 0);
    assert_float_equal(of_transfer(&t, 1, "leg_first_96h"), 3, 0);
    assert_float_equal(of_transfer(&t, 1, "leg_second_96h"), 0, 0);
    assert_float_equal(of_transfer(&t, 4, "leg_second_96h"), 3, 0);
    assert_float_equal(of_transfer(&t, 4, "payee_in_96h"), 3, 0);
    assert_float_equal(of_transfer(&t, 1, "gap_after_96h"), 19, 0);
    assert_true(isnan(of_transfer(&t, 1, "gap_before_96h")));
    assert_float_equal(of_transfer(&t, 0, "chain_after"), 2, 0);
    assert_float_equal(of_transfer(&t, 3, "chain_before"), 2, 0);
    assert_float_equal(of_transfer(&t, 0, "cycle_96h"), 0, 0);
    assert_float_equal(of_transfer(&t, 0, "near_sources_96h"), 1, 0);
    assert_float_equal(of_transfer(&t, 0, "near_sinks_96h"), 1, 0);
    assert_float_equal(of_transfer(&t, 0, "near_middles_96h"), 3, 0);
    assert_float_equal(of_transfer(&t, 0, "near_transfers_96h"), 6, 0);
    assert_float_equal(of_transfer(&t, 0, "after.max.payee_in_96h"), 3, 0);
    assert_float_equal(of_transfer(&t, 0, "same_payer.mean.leg_first_96h"), 3, 0);
    tables_free(&t);
}

static void test_cycle_from_any_of_its_transfers(void **state) {
    (void)state;
    /* 5 → 6 → 7 → 8 → 5, and a transfer 7 → 6 that closes a ring only out of order. */
    const shape_transfer transfers[] = {at(0, 7, 6), at(1, 5, 6), at(5, 6, 7), at(9, 7, 8), at(80, 8, 5)};
    tables t;
    tables_make(transfers, 5, 10, &t);
    for (uint32_t i = 1; i < 5; i++) {
        assert_float_equal(of_transfer(&t, i, "cycle_96h"), i == 2 ? 2 : 4, 0);
    }
    assert_float_equal(of_transfer(&t, 0, "cycle_96h"), 2, 0); /* 7 → 6 → 7 */
    assert_float_equal(of_transfer(&t, 1, "ring_96h"), 4, 0);
    assert_float_equal(of_transfer(&t, 2, "ring_96h"), 2, 0);
    assert_float_equal(of_transfer(&t, 0, "back_after_96h"), 1, 0);
    assert_float_equal(of_transfer(&t, 1, "chain_after"), 4, 0);
    assert_float_equal(of_transfer(&t, 1, "chain_after_short"), 3, 0);
    tables_free(&t);
}

static void test_window_ends(void **state) {
    (void)state;
    const shape_transfer transfers[] = {at(0, 1, 0), at(96, 2, 0), at(97, 3, 0)};
    tables t;
    tables_make(transfers, 3, 4, &t);
    assert_float_equal(of_transfer(&t, 0, "payee_in_96h"), 2, 0); /* t + W is inside, beyond it is not */
    assert_float_equal(of_transfer(&t, 1, "payee_in_96h"), 2, 0); /* t − W is outside */
    assert_float_equal(of_transfer(&t, 1, "payee_in_before_96h"), 0, 0);
    tables_free(&t);
}

static void test_what_a_hub_does_in_turn_and_otherwise(void **state) {
    (void)state;
    const shape_transfer hub[] = {at(0, 1, 0), at(1, 2, 0), at(2, 0, 3), at(3, 4, 0)};
    tables t;
    tables_make(hub, 4, 5, &t);
    assert_float_equal(of_transfer(&t, 0, "payee_turn_wide"), 2.0F / 3, 1e-6F);
    assert_float_equal(of_transfer(&t, 2, "payer_turn_wide"), 2.0F / 3, 1e-6F);
    assert_true(isnan(of_transfer(&t, 0, "payer_turn_wide")));
    assert_true(isnan(of_transfer(&t, 0, "payer_out_rest"))); /* the log has nothing outside of the window */
    tables_free(&t);
    const shape_transfer sparse[] = {at(0, 1, 2), at(40 * 24, 1, 3), at(80 * 24, 3, 1)};
    tables_make(sparse, 3, 4, &t);
    assert_float_equal(of_transfer(&t, 1, "payer_out_rest"), 1.0F / 64, 1e-6F); /* 80 days but 8 to each side */
    assert_float_equal(of_transfer(&t, 1, "payer_in_rest"), 1.0F / 64, 1e-6F);
    assert_float_equal(of_transfer(&t, 1, "payee_out_rest"), 1.0F / 64, 1e-6F);
    assert_float_equal(of_transfer(&t, 1, "payee_in_rest"), 0, 0);
    assert_float_equal(of_transfer(&t, 0, "payer_out_rest"), 1.0F / 72, 1e-6F); /* the window begins before the log */
    tables_free(&t);
}

static void test_account(void **state) {
    (void)state;
    const shape_transfer transfers[] = {at(0, 0, 1), at(1, 0, 1), at(25, 0, 2), at(26, 1, 2), at(27, 2, 0)};
    tables t;
    tables_make(transfers, 5, 4, &t);
    assert_float_equal(of_account(&t, 0, "out_count"), 3, 0);
    assert_float_equal(of_account(&t, 0, "out_distinct"), 2, 0);
    assert_float_equal(of_account(&t, 0, "out_amounts"), 1, 0);
    assert_float_equal(of_account(&t, 0, "out_day_most"), 2, 0);
    assert_float_equal(of_account(&t, 0, "out_pair_most"), 2, 0);
    assert_float_equal(of_account(&t, 0, "out_sum"), 30000, 0);
    assert_float_equal(of_account(&t, 2, "in_mean"), 15000, 0);
    assert_true(isnan(of_account(&t, 1, "out_deviation")));
    assert_float_equal(of_account(&t, 0, "mutual"), 1, 0);
    assert_float_equal(of_account(&t, 0, "ring3"), 1, 0);
    assert_float_equal(of_account(&t, 0, "triangle_first"), 1, 0);
    assert_float_equal(of_account(&t, 2, "triangle_last"), 1, 0);
    /* 0 has 2 payees, 1 has 1; 1 has 1 payer, 2 has 2. */
    assert_float_equal(of_account(&t, 0, "triangle_first_weight"), 0.5F, 1e-6F);
    assert_float_equal(of_account(&t, 0, "payees.max.in_count"), 2, 0);
    assert_float_equal(of_account(&t, 0, "payees.mean.out_count"), 1, 0);
    float row[512];
    assert_false(shape_account_row(t.s, t.accounts, 3, row));
    tables_free(&t);
}

/* Degrees, meetings and triangles counted naively. */
static void random_ledger(random_stream *draw, shape_transfer *transfers, uint32_t count) {
    int64_t time = T0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t from = (uint32_t)random_below(draw, ACCOUNTS), to = (uint32_t)random_below(draw, ACCOUNTS - 1);
        time += (int64_t)random_below(draw, (uint64_t)(12 * HOUR));
        transfers[i] = (shape_transfer){time, 100 + (int64_t)random_below(draw, 5), from, to + (to >= from)};
    }
}

static void check_naively(const shape_transfer *transfers, uint32_t count, const tables *t) {
    bool edge[ACCOUNTS][ACCOUNTS] = {{false}};
    for (uint32_t i = 0; i < count; i++) {
        bool paid[ACCOUNTS] = {false};
        uint32_t payees = 0, pair = 0;
        const shape_transfer *x = &transfers[i];
        edge[x->from][x->to] = true;
        for (uint32_t k = 0; k < count; k++) {
            const shape_transfer *y = &transfers[k];
            if (y->from == x->from && y->time_ms > x->time_ms - 4 * TIME_DAY_MS &&
                y->time_ms <= x->time_ms + 4 * TIME_DAY_MS) {
                payees += !paid[y->to];
                paid[y->to] = true;
                pair += y->to == x->to;
            }
        }
        assert_float_equal(of_transfer(t, i, "payer_out_96h"), payees, 0);
        assert_float_equal(of_transfer(t, i, "pair_96h"), pair, 0);
    }
    for (uint32_t u = 0; u < ACCOUNTS; u++) {
        uint32_t mutual = 0, ring3 = 0, first = 0, paths[ACCOUNTS] = {0}, back[ACCOUNTS] = {0}, ring4 = 0;
        bool is_used = false;
        for (uint32_t x = 0; x < ACCOUNTS; x++) {
            is_used |= edge[u][x] || edge[x][u];
            mutual += edge[u][x] && edge[x][u];
            for (uint32_t y = 0; y < ACCOUNTS; y++) {
                ring3 += edge[u][x] && edge[x][y] && edge[y][u];
                first += edge[u][x] && edge[x][y] && edge[u][y];
                paths[y] += edge[u][x] && edge[x][y];
                back[y] += edge[y][x] && edge[x][u];
            }
        }
        for (uint32_t y = 0; y < ACCOUNTS; y++) {
            ring4 += paths[y] * back[y];
        }
        if (is_used) {
            assert_float_equal(of_account(t, u, "mutual"), mutual, 0);
            assert_float_equal(of_account(t, u, "ring3"), ring3, 0);
            assert_float_equal(of_account(t, u, "triangle_first"), first, 0);
            assert_float_equal(of_account(t, u, "ring4"), ring4, 0);
        }
    }
}

/* Rows do not depend on how accounts are numbered: nothing can be learned from a number. */
static void check_renumbered(const shape_transfer *transfers, uint32_t count, const tables *t) {
    shape_transfer other[200];
    for (uint32_t i = 0; i < count; i++) {
        other[i] = transfers[i];
        other[i].from = (transfers[i].from * 7 + 3) % ACCOUNTS;
        other[i].to = (transfers[i].to * 7 + 3) % ACCOUNTS;
    }
    tables renumbered;
    tables_make(other, count, ACCOUNTS, &renumbered);
    for (size_t i = 0; i < count * shape_transfer_own_count(1); i++) {
        float a = t->transfers[i], b = renumbered.transfers[i];
        assert_true((isnan(a) && isnan(b)) || fabsf(a - b) <= 1e-5F * fabsf(a));
    }
    for (uint32_t account = 0; account < ACCOUNTS; account++) {
        for (size_t c = 0; c < shape_account_own_count(); c++) {
            float a = t->accounts[account * shape_account_own_count() + c];
            float b = renumbered.accounts[(account * 7 + 3) % ACCOUNTS * shape_account_own_count() + c];
            assert_true((isnan(a) && isnan(b)) || fabsf(a - b) <= 1e-5F * fabsf(a));
        }
    }
    tables_free(&renumbered);
}

static void test_random(void **state) {
    (void)state;
    random_stream draw;
    random_seed(&draw, 1);
    for (int round = 0; round < 10; round++) {
        shape_transfer transfers[200];
        tables t;
        random_ledger(&draw, transfers, 200);
        tables_make(transfers, 200, ACCOUNTS, &t);
        check_naively(transfers, 200, &t);
        check_renumbered(transfers, 200, &t);
        tables_free(&t);
    }
}

static void test_no_memory(void **state) {
    (void)state;
    const shape_transfer transfers[] = {at(0, 0, 1), at(1, 1, 2)};
    int failures = 0;
    for (int64_t n = 0;; n++) {
        float own[256];
        memory_fail_after(n);
        shape *s = shape_new(transfers, 2, 3);
        bool done = s != NULL && shape_transfers(s, &FOUR_DAYS, own) && shape_accounts(s, own);
        shape_free(&s);
        memory_fail_after(-1);
        if (done) {
            break;
        }
        failures++;
    }
    assert_true(failures > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scatter_gather), cmocka_unit_test(test_cycle_from_any_of_its_transfers),
        cmocka_unit_test(test_window_ends),    cmocka_unit_test(test_what_a_hub_does_in_turn_and_otherwise),
        cmocka_unit_test(test_account),        cmocka_unit_test(test_random),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
