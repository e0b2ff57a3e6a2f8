#include "feature/recent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/time.h"
#include "sys/random.h"

#define SECOND INT64_C(1000)
#define T0 INT64_C(1767542400000) /* 2026-01-05 00:00 in Shanghai */

static activity transfer(uint32_t number, int64_t time_ms, uint32_t from, uint32_t to, int64_t fen) {
    return (activity){.kind = SLUICE_SIGNAL_TRANSFER,
                      .time_ms = time_ms,
                      .movement = number,
                      .from = from,
                      .to = to,
                      .amount_fen = fen,
                      .received_fen = fen};
}

static void test_series(void **state) {
    (void)state;
    recent *r = recent_new(TIME_DAY_MS);
    assert_non_null(r);
    activity a = transfer(0, T0, 1, 2, 10000), b = transfer(1, T0 + 10 * SECOND, 1, 3, 2550),
             c = transfer(2, T0 + 5 * SECOND, 1, 2, 300); /* late */
    assert_true(recent_add(r, &a));
    assert_true(recent_add(r, &b));
    assert_true(recent_add(r, &c));
    recent_series out, in, nobody;
    recent_series_get(r, 1, RECENT_OUT, &out);
    assert_int_equal(recent_count(&out), 3);
    assert_int_equal(recent_at(&out, out.first)->movement, 0);
    assert_int_equal(recent_at(&out, out.first + 1)->movement, 2);
    assert_int_equal(recent_at(&out, out.first + 2)->movement, 1);
    assert_int_equal(recent_amount(&out, out.first), 10000);
    assert_int_equal(recent_amount(&out, out.first + 1), 300);
    assert_int_equal(recent_amount(&out, out.first + 2), 2550);
    assert_int_equal(recent_at(&out, out.first + 1)->previous, out.first);
    assert_int_equal(recent_at(&out, out.first + 2)->previous, RECENT_NONE);
    assert_true((recent_at(&out, out.first + 2)->flags & RECENT_IS_NIGHT) != 0); /* midnight */
    assert_true((recent_at(&out, out.first)->flags & RECENT_IS_ROUND) != 0);
    assert_true((recent_at(&out, out.first + 2)->flags & RECENT_IS_ROUND) == 0);
    assert_int_equal(out.oldest_ms, T0);
    assert_int_equal(out.newest_ms, T0 + 10 * SECOND);
    assert_int_equal(recent_after(&out, T0 - 1), out.first);
    assert_int_equal(recent_after(&out, T0), out.first + 1);
    assert_int_equal(recent_after(&out, T0 + 10 * SECOND), out.end);
    recent_series_get(r, 2, RECENT_IN, &in);
    assert_int_equal(recent_count(&in), 2);
    recent_series_get(r, 99, RECENT_IN, &nobody);
    assert_int_equal(recent_count(&nobody), 0);
    assert_int_equal(recent_after(&nobody, T0), nobody.end);
    recent_pair pair;
    assert_true(recent_pair_get(r, 1, 2, &pair));
    assert_int_equal(pair.count, 2);
    assert_int_equal(pair.first_ms, T0);
    assert_int_equal(pair.last_ms, T0 + 5 * SECOND);
    assert_int_equal(pair.out_place, out.first + 1);
    assert_int_equal(pair.in_place, in.first + 1);
    assert_false(recent_pair_get(r, 2, 1, &pair));
    assert_true(recent_memory_bytes(r) > 0);
    recent_free(&r);
    assert_null(r);
}

static void test_withdrawals_and_oneself(void **state) {
    (void)state;
    recent *r = recent_new(TIME_DAY_MS);
    assert_non_null(r);
    activity cash = transfer(0, T0, 1, KEY_NONE, 100), place = transfer(1, T0 + 1, 1, 7, 100),
             self = transfer(2, T0 + 2, 1, 1, 100);
    cash.kind = place.kind = SLUICE_SIGNAL_WITHDRAWAL;
    assert_true(recent_add(r, &cash));
    assert_true(recent_add(r, &place));
    assert_true(recent_add(r, &self));
    recent_series s;
    recent_series_get(r, 1, RECENT_OUT, &s);
    assert_int_equal(recent_count(&s), 3);
    assert_int_equal(recent_at(&s, s.first)->other, KEY_NONE);
    assert_true((recent_at(&s, s.first + 1)->flags & RECENT_IS_CASH) != 0);
    assert_true((recent_at(&s, s.first + 2)->flags & RECENT_IS_CASH) == 0);
    recent_series_get(r, 7, RECENT_IN, &s);
    assert_int_equal(recent_count(&s), 0);
    recent_series_get(r, 1, RECENT_IN, &s);
    assert_int_equal(recent_count(&s), 1);
    recent_pair pair;
    assert_true(recent_pair_get(r, 1, 7, &pair));
    assert_int_equal(pair.in_place, RECENT_NONE);
    recent_free(&r);
}

/* Against a plain list. */

enum { MOVEMENTS = 1500, ACCOUNTS = 6 };

typedef struct model {
    activity all[MOVEMENTS];
    uint32_t order[MOVEMENTS]; /* by time, ties by arrival */
    uint32_t count;
} model;

static void model_add(model *m, const activity *a) {
    uint32_t at = m->count;
    m->all[m->count] = *a;
    while (at > 0 && m->all[m->order[at - 1]].time_ms > a->time_ms) {
        m->order[at] = m->order[at - 1];
        at--;
    }
    m->order[at] = m->count++;
}

static bool is_of(const activity *a, uint32_t account, recent_direction direction) {
    return direction == RECENT_OUT ? a->from == account : a->to == account && a->kind == SLUICE_SIGNAL_TRANSFER;
}

static void compare_series(const recent *r, const model *m, uint32_t account, recent_direction direction) {
    recent_series s;
    recent_series_get(r, account, direction, &s);
    uint32_t place = s.end;
    for (uint32_t i = m->count; i-- > 0;) {
        const activity *a = &m->all[m->order[i]];
        if (!is_of(a, account, direction)) {
            continue;
        }
        if (a->time_ms <= recent_kept_from_ms(r)) {
            break;
        }
        assert_true(place != s.first); /* it is kept */
        const recent_entry *e = recent_at(&s, --place);
        assert_int_equal(e->movement, a->movement);
        assert_int_equal(e->time_ms, a->time_ms);
        assert_int_equal(recent_amount(&s, place), direction == RECENT_OUT ? a->amount_fen : a->received_fen);
        uint32_t other = direction == RECENT_OUT ? a->to : a->from;
        assert_int_equal(e->other, other);
        uint32_t back = place;
        while (back != s.first && (other == KEY_NONE || recent_at(&s, back - 1)->other != other)) {
            back--;
        }
        if (back != s.first) {
            assert_int_equal(e->previous, back - 1);
        } else if (e->previous != RECENT_NONE) {
            assert_true(e->previous - s.first >= s.end - s.first);
        }
        bool superseded = other == KEY_NONE, is_new = other != KEY_NONE;
        for (uint32_t later = place + 1; later != s.end; later++) {
            superseded |= recent_at(&s, later)->other == other;
        }
        for (uint32_t j = 0; j < i; j++) {
            is_new &= m->all[m->order[j]].from != a->from || m->all[m->order[j]].to != a->to;
        }
        assert_int_equal((e->flags & RECENT_SUPERSEDED) != 0, superseded);
        assert_int_equal((e->flags & RECENT_IS_NEW) != 0, is_new);
        int64_t of_day = (a->time_ms + 8 * 3600 * SECOND) % TIME_DAY_MS;
        assert_int_equal((e->flags & RECENT_IS_NIGHT) != 0, of_day < 6 * 3600 * SECOND);
        assert_int_equal((e->flags & RECENT_IS_ROUND) != 0, recent_amount(&s, place) % 10000 == 0);
    }
}

static void compare_pair(const recent *r, const model *m, uint32_t from, uint32_t to) {
    recent_pair pair;
    uint32_t count = 0, newest = 0;
    int64_t first_ms = INT64_MAX;
    for (uint32_t i = 0; i < m->count; i++) {
        const activity *a = &m->all[m->order[i]];
        if (a->from == from && a->to == to) {
            first_ms = count == 0 ? a->time_ms : first_ms;
            newest = m->order[i];
            count++;
        }
    }
    assert_int_equal(recent_pair_get(r, from, to, &pair), count > 0);
    if (count == 0) {
        return;
    }
    assert_int_equal(pair.count, count);
    assert_int_equal(pair.first_ms, first_ms);
    assert_int_equal(pair.last_ms, m->all[newest].time_ms);
    recent_series s;
    recent_series_get(r, from, RECENT_OUT, &s);
    if (pair.out_place - s.first < s.end - s.first) {
        assert_int_equal(recent_at(&s, pair.out_place)->movement, newest);
    } else {
        assert_true(m->all[newest].time_ms <= recent_kept_from_ms(r));
    }
}

static void run_against_model(uint64_t seed) {
    random_stream random;
    random_seed(&random, seed);
    static model m;
    m.count = 0;
    int64_t horizon_ms = random_between(&random, 0, 2 * TIME_DAY_MS), time_ms = T0;
    recent *r = recent_new(horizon_ms);
    assert_non_null(r);
    uint64_t late_chance = random_below(&random, 8);
    for (uint32_t i = 0; i < MOVEMENTS; i++) {
        time_ms += random_between(&random, 0, 20) * 60 * SECOND;
        int64_t at_ms = time_ms;
        if (random_below(&random, 8) < late_chance) {
            at_ms -= random_chance(&random, 1, 8) ? random_between(&random, 0, 5 * TIME_DAY_MS)
                                                  : random_between(&random, 0, 120) * 60 * SECOND;
        } else if (random_chance(&random, 1, 100)) {
            at_ms += random_between(&random, 0, 100) * TIME_DAY_MS; /* a wrong clock somewhere */
        }
        activity a = transfer(i, at_ms, (uint32_t)random_below(&random, ACCOUNTS),
                              (uint32_t)random_below(&random, ACCOUNTS), random_between(&random, 0, 90) * 1000);
        if (random_chance(&random, 1, 10)) {
            a.kind = SLUICE_SIGNAL_WITHDRAWAL;
            a.to = random_chance(&random, 1, 2) ? KEY_NONE : a.to;
        }
        a.received_fen += random_chance(&random, 1, 10) ? 7 : 0;
        if (random_chance(&random, 1, 2)) {
            recent_prefetch(r, &a, 0);
            recent_prefetch(r, &a, 1);
        }
        assert_true(recent_add(r, &a));
        model_add(&m, &a);
        if (i % 50 == 0 || i + 1 == MOVEMENTS) {
            for (uint32_t from = 0; from < ACCOUNTS; from++) {
                compare_series(r, &m, from, RECENT_IN);
                compare_series(r, &m, from, RECENT_OUT);
                for (uint32_t to = 0; to < ACCOUNTS; to++) {
                    compare_pair(r, &m, from, to);
                }
            }
        }
    }
    recent_free(&r);
}

static void test_against_model(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        run_against_model(seed);
    }
}

static void test_pairs_grow(void **state) {
    (void)state;
    recent *r = recent_new(TIME_DAY_MS);
    assert_non_null(r);
    enum { MANY = 20000 };
    for (uint32_t i = 0; i < MANY; i++) {
        activity a = transfer(i, T0 + i, i % 400, i / 10, 1);
        assert_true(recent_add(r, &a));
        a = transfer(i, T0 + i, i % 400, 0, 1); /* in whichever table */
        assert_true(recent_add(r, &a));
    }
    recent_pair pair;
    for (uint32_t i = 400; i < MANY; i++) {
        assert_true(recent_pair_get(r, i % 400, i / 10, &pair));
        assert_int_equal(pair.count, 1);
    }
    for (uint32_t i = 0; i < 400; i++) {
        assert_true(recent_pair_get(r, i, 0, &pair));
        assert_int_equal(pair.count, MANY / 400 + (i < 10 ? 1 : 0));
    }
    recent_free(&r);
}

/* Accounts that fall silent give their memory back: it does not grow with time. */
static void test_memory_is_bounded(void **state) {
    (void)state;
    recent *r = recent_new(60 * SECOND);
    assert_non_null(r);
    uint64_t after_first_round = 0;
    for (uint32_t i = 0; i < 600000; i++) {
        /* A hundred accounts a day, in turn; each is silent for a hundred days. */
        uint32_t account = i / 100 % 100 * 100 + i % 100;
        activity a = transfer(i, T0 + i * (TIME_DAY_MS / 100), account, account ^ 1, 1);
        assert_true(recent_add(r, &a));
        if (i == 100000) {
            after_first_round = recent_memory_bytes(r);
        }
    }
    assert_int_equal(recent_memory_bytes(r), after_first_round);
    recent_free(&r);
}

static void test_no_memory(void **state) {
    (void)state;
    uint32_t failures = 0;
    recent *r = NULL;
    for (int64_t allowed = 0; r == NULL; allowed++) {
        memory_fail_after(allowed);
        r = recent_new(TIME_DAY_MS);
    }
    for (uint32_t i = 0; i < 20000; i++) {
        activity a = transfer(i, T0 + i, i / 7, i / 5 + 1, 100);
        memory_fail_after(0);
        while (!recent_add(r, &a)) {
            failures++;
            memory_fail_after(1);
            if (recent_add(r, &a)) {
                break;
            }
            memory_fail_after(-1);
        }
    }
    memory_fail_after(-1);
    assert_true(failures > 5);
    uint64_t sum = 0;
    for (uint32_t account = 0; account <= 4001; account++) {
        recent_series s;
        recent_series_get(r, account, RECENT_IN, &s);
        sum += recent_count(&s);
    }
    assert_int_equal(sum, 20000);
    recent_free(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_series),        cmocka_unit_test(test_withdrawals_and_oneself),
        cmocka_unit_test(test_against_model), cmocka_unit_test(test_pairs_grow),
        cmocka_unit_test(test_no_memory),     cmocka_unit_test(test_memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
