/* Patterns equal the naive enumerator's, hit by hit: counts, sizes, members and histograms, for every kind and for own
 * patterns by chance, on random little streams full of ties, late arrivals, parallel transfers, transfers to oneself,
 * withdrawals, exchanged currencies and hubs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "feature/pattern.h"
#include "support/pattern_oracle.h"
#include "support/tool.h"

#define PATTERNS 8

static uint64_t seed;
static uint64_t rounds;

typedef struct shape {
    uint32_t accounts, movements;
    int64_t span_s;
    bool has_hub, has_late;
    bool is_unpaired; /* only kinds that need no pairs */
} shape;

static void make_stream(oracle_stream *stream, random_stream *random, const shape *w) {
    stream->count = w->movements;
    for (uint32_t i = 0; i < w->movements; i++) {
        oracle_movement *m = &stream->items[i];
        *m = (oracle_movement){.is_cash = random_chance(random, 1, 15)};
        const bool is_late = w->has_late && random_chance(random, 1, 4);
        const int64_t middle = (int64_t)i * w->span_s / w->movements;
        m->time_ms = 1000 * (is_late ? random_between(random, 0, middle) : middle);
        m->from = w->has_hub && random_chance(random, 1, 3) ? 0 : (uint32_t)random_below(random, w->accounts);
        m->to = w->has_hub && random_chance(random, 1, 3) ? 0 : (uint32_t)random_below(random, w->accounts);
        m->amount_fen = random_chance(random, 1, 20) ? 0 : random_between(random, 1, 1000);
        m->received_fen = random_chance(random, 1, 12) ? random_between(random, 1, 1000) : m->amount_fen;
    }
}

static activity activity_of(const oracle_movement *m, uint32_t number) {
    return (activity){.sequence = number + 1,
                      .time_ms = m->time_ms,
                      .kind = m->is_cash ? SLUICE_SIGNAL_WITHDRAWAL : SLUICE_SIGNAL_TRANSFER,
                      .movement = number,
                      .from = m->from,
                      .to = m->to,
                      .amount_fen = m->amount_fen,
                      .received_fen = m->received_fen};
}

static void check_hit(const oracle_stream *stream, const oracle_pattern *p, uint32_t x, pattern_set *set,
                      const recent *r, uint32_t index, const pattern_hit *hit) {
    static oracle_hit expected;
    uint32_t members[ORACLE_MOVEMENTS_MAX];
    uint64_t histogram[ORACLE_LENGTHS] = {0};
    size_t count;
    const activity a = activity_of(&stream->items[x], x);
    oracle_match(stream, p, x, &expected);
    const bool is_read = pattern_members(set, r, &a, index, members, ORACLE_MOVEMENTS_MAX, &count);
    pattern_histogram(set, index, histogram, ORACLE_LENGTHS - 1);
    if (!is_read || hit->is_bounded || hit->count != expected.count || hit->size != expected.size ||
        count != expected.member_count || memcmp(members, expected.members, count * sizeof *members) != 0 ||
        memcmp(histogram, expected.histogram, sizeof histogram) != 0) {
        text_writer text = {0};
        oracle_pattern_write(p, "wrong", &text);
        for (uint32_t i = 0; i <= x; i++) {
            const oracle_movement *m = &stream->items[i];
            text_printf(&text, "%u: %lld %u -> %u %lld/%lld%s\n", i, (long long)m->time_ms, m->from, m->to,
                        (long long)m->amount_fen, (long long)m->received_fen, m->is_cash ? " cash" : "");
        }
        for (size_t i = 0; i < count || i < expected.member_count; i++) {
            text_printf(&text, "member %d, expected %d\n", i < count ? (int)members[i] : -1,
                        i < expected.member_count ? (int)expected.members[i] : -1);
        }
        fail_msg("%scount %llu size %u, expected %llu and %u", text.data, (unsigned long long)hit->count, hit->size,
                 (unsigned long long)expected.count, expected.size);
    }
}

static void run_round(random_stream *random, const shape *w, uint64_t *hits_out) {
    static oracle_stream stream;
    oracle_pattern patterns[PATTERNS];
    text_writer text = {0};
    for (int i = 0; i < PATTERNS; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "p%d", i);
        do {
            oracle_pattern_draw(random, &patterns[i]);
        } while (w->is_unpaired && patterns[i].kind != ORACLE_CYCLE && patterns[i].kind != ORACLE_PASS_THROUGH &&
                 patterns[i].kind != ORACLE_STACK);
        oracle_pattern_write(&patterns[i], name, &text);
    }
    make_stream(&stream, random, w);
    pattern_set *set = NULL;
    sluice_error error;
    if (pattern_set_load("drawn", (sluice_text){text.data, text.length}, &set, &error) != SLUICE_OK) {
        fail_msg("%s\n%s", error.text, text.data);
    }
    assert_int_equal(pattern_count(set), PATTERNS);
    recent *r =
        pattern_needs_pairs(set) ? recent_new(pattern_horizon_ms(set)) : recent_new_unpaired(pattern_horizon_ms(set));
    assert_non_null(r);
    for (uint32_t x = 0; x < stream.count; x++) {
        const activity a = activity_of(&stream.items[x], x);
        pattern_hit hits[PATTERNS];
        assert_true(recent_add(r, &a));
        assert_true(pattern_step(set, r, &a, hits));
        for (uint32_t i = 0; i < PATTERNS; i++) {
            check_hit(&stream, &patterns[i], x, set, r, i, &hits[i]);
            hits_out[patterns[i].kind] += hits[i].count > 0;
        }
    }
    recent_free(&r);
    pattern_set_free(&set);
    text_writer_fini(&text);
}

static void equals_the_enumerator(void **state) {
    (void)state;
    uint64_t hits[ORACLE_KIND_COUNT] = {0};
    for (uint64_t round = 0; round < rounds; round++) {
        random_stream random;
        random_seed(&random, seed + round);
        shape w = {.accounts = 2 + (uint32_t)random_below(&random, 9),
                   .movements = 5 + (uint32_t)random_below(&random, 36),
                   .has_hub = random_chance(&random, 1, 3),
                   .has_late = random_chance(&random, 1, 2),
                   .is_unpaired = random_chance(&random, 1, 6)};
        w.span_s = 1 + (int64_t)random_below(&random, w.movements * 3);
        run_round(&random, &w, hits);
    }
    for (int i = 0; i < ORACLE_KIND_COUNT; i++) {
        printf("  kind %d: %llu hits\n", i, (unsigned long long)hits[i]);
        assert_true(rounds < 100 || hits[i] > 0);
    }
}

/* Busy accounts, whose windows slide: only the kinds that count counterparties, over more movements. */
static void hubs_equal_the_enumerator(void **state) {
    (void)state;
    static oracle_stream stream;
    for (uint64_t round = 0; round < 1 + rounds / 100; round++) {
        random_stream random;
        random_seed(&random, seed ^ (round << 32));
        const shape w = {.accounts = 60,
                         .movements = ORACLE_MOVEMENTS_MAX,
                         .span_s = 500,
                         .has_hub = true,
                         .has_late = random_chance(&random, 1, 2)};
        make_stream(&stream, &random, &w);
        oracle_pattern patterns[3];
        text_writer text = {0};
        for (int i = 0; i < 3; i++) {
            char name[16];
            (void)snprintf(name, sizeof name, "p%d", i);
            oracle_pattern_draw(&random, &patterns[i]);
            patterns[i].kind = (oracle_kind)i;
            patterns[i].window_ms = random_between(&random, 300, 500) * 1000;
            patterns[i].min_payers = 10;
            oracle_pattern_write(&patterns[i], name, &text);
        }
        pattern_set *set = NULL;
        assert_int_equal(pattern_set_load("drawn", (sluice_text){text.data, text.length}, &set, NULL), SLUICE_OK);
        recent *r = recent_new(pattern_horizon_ms(set));
        for (uint32_t x = 0; x < stream.count; x++) {
            const activity a = activity_of(&stream.items[x], x);
            pattern_hit hits[3];
            assert_true(recent_add(r, &a));
            assert_true(pattern_step(set, r, &a, hits));
            for (uint32_t i = 0; i < 3; i++) {
                check_hit(&stream, &patterns[i], x, set, r, i, &hits[i]);
            }
        }
        recent_free(&r);
        pattern_set_free(&set);
        text_writer_fini(&text);
    }
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    rounds = tool_count(argc, argv, 3000);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_the_enumerator),
        cmocka_unit_test(hubs_equal_the_enumerator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
