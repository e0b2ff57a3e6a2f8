/* Patterns: the language with its errors, one small example of each kind by hand, limits, memory running out, and the
 * shipped files. tests/property/pattern_test.c compares with the naive enumerator. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "feature/pattern.h"
#include "sys/random.h"

#define MINUTE INT64_C(60000)

typedef struct world {
    pattern_set *set;
    recent *r;
    uint32_t next;
} world;

static void begin(world *w, const char *text) {
    sluice_error error;
    *w = (world){0};
    if (pattern_set_load("test.pattern", text_of(text), &w->set, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    w->r = recent_new(pattern_horizon_ms(w->set));
    assert_non_null(w->r);
}

static void end(world *w) {
    pattern_set_free(&w->set);
    recent_free(&w->r);
}

static activity transfer(world *w, int64_t minute, uint32_t from, uint32_t to, int64_t yuan) {
    return (activity){.sequence = w->next + 1,
                      .time_ms = minute * MINUTE,
                      .kind = SLUICE_SIGNAL_TRANSFER,
                      .movement = w->next++,
                      .from = from,
                      .to = to,
                      .amount_fen = yuan * 100,
                      .received_fen = yuan * 100};
}

/* Takes a transfer in and gives what it completes of the first pattern. */
static pattern_hit pay(world *w, int64_t minute, uint32_t from, uint32_t to, int64_t yuan) {
    const activity a = transfer(w, minute, from, to, yuan);
    pattern_hit hits[4];
    assert_true(recent_add(w->r, &a));
    assert_true(pattern_step(w->set, w->r, &a, hits));
    return hits[0];
}

static void assert_members(world *w, int64_t minute, uint32_t from, uint32_t to, int64_t yuan, size_t expected_count,
                           const uint32_t *expected) {
    const activity a = transfer(w, minute, from, to, yuan);
    pattern_hit hits[4];
    uint32_t members[16];
    size_t count;
    assert_true(recent_add(w->r, &a));
    assert_true(pattern_step(w->set, w->r, &a, hits));
    assert_true(pattern_members(w->set, w->r, &a, 0, members, 16, &count));
    assert_int_equal(count, expected_count);
    assert_memory_equal(members, expected, count * sizeof *members);
}

static void counts_fans(void **state) {
    (void)state;
    world w;
    begin(&w, "pattern fan { kind fan-in window 60m min 2 amount >= 100 yuan }");
    assert_int_equal(pay(&w, 0, 1, 9, 100).count, 0);
    assert_int_equal(pay(&w, 10, 1, 9, 100).count, 0); /* the same payer */
    assert_int_equal(pay(&w, 20, 2, 9, 99).count, 0);  /* too little */
    pattern_hit hit = pay(&w, 59, 2, 9, 100);
    assert_int_equal(hit.count, 1);
    assert_int_equal(hit.size, 2);
    assert_int_equal(pay(&w, 69, 3, 9, 100).size, 3);
    assert_int_equal(pay(&w, 70, 3, 9, 100).size, 2); /* minute 10 is 60 minutes ago: out */
    end(&w);
}

static void counts_gather_scatter(void **state) {
    (void)state;
    world w;
    begin(&w, "pattern gs { kind gather-scatter window 60m min-payers 2 min-payees 2 }");
    assert_int_equal(pay(&w, 0, 5, 6, 1).count, 0); /* before the gathering */
    (void)pay(&w, 1, 1, 5, 1);
    (void)pay(&w, 2, 2, 5, 1);
    assert_int_equal(pay(&w, 2, 5, 7, 1).count, 0); /* not after it */
    assert_int_equal(pay(&w, 3, 5, 7, 1).count, 0);
    const pattern_hit hit = pay(&w, 4, 5, 8, 1);
    assert_int_equal(hit.count, 1);
    assert_int_equal(hit.size, 4);
    end(&w);
}

static void counts_scatter_gather(void **state) {
    (void)state;
    world w;
    begin(&w, "pattern sg { kind scatter-gather window 60m min 2 }");
    (void)pay(&w, 0, 1, 5, 1);
    (void)pay(&w, 1, 1, 6, 1);
    assert_int_equal(pay(&w, 2, 5, 9, 1).count, 0);
    const uint32_t members[] = {0, 1, 2, 3};
    assert_members(&w, 3, 6, 9, 1, 4, members);
    end(&w);
}

static void counts_cycles_as_2scent(void **state) {
    (void)state;
    world w;
    begin(&w, "pattern cycles { kind cycle window 60m }");
    (void)pay(&w, 0, 1, 2, 1);
    (void)pay(&w, 0, 1, 2, 1); /* parallel: a cycle of its own */
    (void)pay(&w, 1, 2, 3, 1);
    (void)pay(&w, 1, 3, 4, 1); /* not after the one before */
    pattern_hit hit = pay(&w, 2, 3, 1, 1);
    assert_int_equal(hit.count, 2);
    assert_int_equal(hit.size, 3);
    hit = pay(&w, 60, 2, 1, 1); /* exactly the window after the first */
    assert_int_equal(hit.count, 2);
    assert_int_equal(hit.size, 2);
    assert_int_equal(pay(&w, 61, 3, 1, 1).count, 0); /* 1 → 2 is 61 minutes ago */
    uint64_t histogram[4] = {0};
    assert_int_equal(pay(&w, 61, 1, 3, 1).count, 1); /* 3 → 1 at 2; the other is of the same time */
    assert_int_equal(pay(&w, 62, 1, 3, 1).count, 2); /* 3 → 1 at 2 and at 61 */
    pattern_histogram(w.set, 0, histogram, 3);
    assert_int_equal(histogram[2], 2);
    end(&w);
}

static void counts_pass_through(void **state) {
    (void)state;
    world w;
    begin(&w, "pattern through { kind pass-through window 60m gap 10m share 90%..100% min-length 3 }");
    (void)pay(&w, 0, 1, 2, 1000);
    assert_int_equal(pay(&w, 5, 2, 3, 950).count, 0);
    const pattern_hit hit = pay(&w, 15, 3, 4, 950);
    assert_int_equal(hit.count, 1);
    assert_int_equal(hit.size, 3);
    assert_int_equal(pay(&w, 16, 3, 4, 800).count, 0); /* too small a share */
    assert_int_equal(pay(&w, 20, 4, 1, 900).count, 1); /* 2 → 3 → 4 → 1; with 1 → 2 an account would come twice */
    end(&w);
}

static void counts_layers(void **state) {
    (void)state;
    world w;
    begin(&w, "pattern two { kind bipartite window 60m min-payers 2 min-payees 2 }"
              "pattern three { kind stack window 60m min-payers 1 min-middle 2 min-payees 2 }");
    (void)pay(&w, 0, 1, 11, 1);
    (void)pay(&w, 1, 1, 12, 1);
    (void)pay(&w, 2, 11, 21, 1);
    (void)pay(&w, 3, 11, 22, 1);
    assert_int_equal(pay(&w, 4, 12, 22, 1).count, 0);
    const activity a = transfer(&w, 5, 12, 21, 1);
    pattern_hit hits[2];
    assert_true(recent_add(w.r, &a));
    assert_true(pattern_step(w.set, w.r, &a, hits));
    assert_int_equal(hits[0].count, 1);
    assert_int_equal(hits[0].size, 2);
    assert_int_equal(hits[1].count, 1);
    assert_int_equal(hits[1].size, 2);
    end(&w);
}

static void matches_own_steps(void **state) {
    (void)state;
    world w;
    begin(&w, "pattern quick_layering {\n"
              "  window 2h\n"
              "  step in:  a -> b   amount >= 10000 yuan\n"
              "  step out: b -> c   after in within 30m   amount 80%..100% of in\n"
              "  distinct a, b, c\n"
              "}\n");
    (void)pay(&w, 0, 1, 2, 9999);
    (void)pay(&w, 1, 1, 2, 10000);
    assert_int_equal(pay(&w, 31, 2, 1, 9000).count, 0); /* back to a */
    assert_int_equal(pay(&w, 31, 2, 3, 7999).count, 0);
    const uint32_t members[] = {1, 4};
    assert_members(&w, 31, 2, 3, 8000, 2, members);
    assert_int_equal(pay(&w, 32, 2, 3, 8000).count, 0);
    end(&w);
}

static void matches_cash(void **state) {
    (void)state;
    world w;
    begin(&w, "pattern drawn { window 1h step in: a -> b step out: b -> cash after in }");
    (void)pay(&w, 0, 1, 2, 100);
    activity a = transfer(&w, 1, 2, KEY_NONE, 100);
    a.kind = SLUICE_SIGNAL_WITHDRAWAL;
    pattern_hit hit;
    assert_true(recent_add(w.r, &a));
    assert_true(pattern_step(w.set, w.r, &a, &hit));
    assert_int_equal(hit.count, 1);
    end(&w);
}

static void limits_are_never_silent(void **state) {
    (void)state;
    world w;
    begin(&w, "pattern cycles { kind cycle window 60m limit 20 }");
    for (uint32_t i = 0; i < 30; i++) {
        (void)pay(&w, 1, 1, 100 + i, 1);
        (void)pay(&w, 2, 100 + i, 2, 1);
    }
    assert_true(pay(&w, 3, 2, 1, 1).is_bounded);
    assert_false(pay(&w, 4, 7, 8, 1).is_bounded);
    end(&w);
    begin(&w, "pattern fan { kind fan-in window 1000m min 2 limit 100 }");
    for (uint32_t i = 0; i < 300; i++) {
        assert_false(pay(&w, i, 100 + i, 1, 1).is_bounded);
    }
    assert_int_equal(pay(&w, 300, 7, 1, 1).size, 301);
    const pattern_hit late = pay(&w, 150, 8, 1, 1); /* its window is 150 entries away */
    assert_true(late.is_bounded);
    assert_int_equal(late.size, 100);
    assert_false(pay(&w, 290, 9, 1, 1).is_bounded);
    assert_int_equal(pay(&w, 301, 9, 1, 1).size, 303);
    end(&w);
}

static void late_is_matched_as_the_last(void **state) {
    (void)state;
    world w;
    begin(&w, "pattern cycles { kind cycle window 60m }");
    (void)pay(&w, 0, 1, 2, 1);
    (void)pay(&w, 10, 3, 1, 1);
    assert_int_equal(pay(&w, 5, 2, 3, 1).count, 0); /* 3 → 1 is after it, and is not counted again */
    assert_int_equal(pay(&w, 6, 3, 1, 1).count, 1);
    end(&w);
}

static void expect_error(const char *text, const char *part) {
    pattern_set *set = NULL;
    sluice_error error = {0};
    assert_int_equal(pattern_set_load("f", text_of(text), &set, &error), SLUICE_E_INPUT);
    assert_null(set);
    if (strstr(error.text, part) == NULL) {
        fail_msg("\"%s\" gave: %s", text, error.text);
    }
}

static void errors_say_where_and_what(void **state) {
    (void)state;
    expect_error("patern x {}", "f:1:1: expected \"pattern\", found \"patern\"");
    expect_error("pattern X { kind cycle window 1h }", "f:1:9: expected the name of the pattern");
    expect_error("pattern x {\n  kind cicle\n}", "f:2:8: expected a kind, found \"cicle\"; the kinds are");
    expect_error("pattern x {\n  kind cycle\n}", "expected \"window\" in pattern x; such as window 6h");
    expect_error("pattern x { kind cycle window 6 }", "expected a duration");
    expect_error("pattern x { kind cycle window 6h min 3 }", "this pattern can have window, min-length");
    expect_error("pattern x { kind fan-in window 6h }", "expected \"min\" in pattern x; it has no default");
    expect_error("pattern x { kind fan-in window 6h min 3 amount > 5 yuan }", "expected \">=\", \"<=\" or a range");
    expect_error("pattern x { kind fan-in window 6h min 3 amount >= 5 }", "expected \"yuan\"");
    expect_error("pattern x { kind cycle window 6h min-length 5 max-length 4 }", "min-length to be at most");
    expect_error("pattern x { kind cycle window 6h", "expected a line of the pattern, found the end of the text");
    expect_error("pattern x { kind cycle window 6h window 7h }", "f:1:34: expected each parameter once");
    expect_error("pattern x { window 1h }", "expected a kind or steps");
    expect_error("pattern x { window 1h kind cycle step s: a -> b }", "expected either a kind or steps");
    expect_error("pattern x { window 1h step s: a -> a }", "another account than the payer");
    expect_error("pattern x { window 1h step s: a -> b\n step t: c -> d }", "f:2:7: expected a step that shares");
    expect_error("pattern x { window 1h step s: a -> b after t }", "expected the name of a step above, found t");
    expect_error("pattern x { window 1h step s: a -> b step s: b -> c }", "expected a new name, found s");
    expect_error("pattern x { window 1h step s: a -> b distinct a, q }", "expected an account of a step above");
    expect_error("pattern x { window 1h step s: a -> b step t: b -> c amount 90%..80% of s }",
                 "the smaller share first");
    expect_error("pattern x { kind cycle window 1h } pattern x { kind cycle window 1h }", "expected a new name");
    expect_error("pattern \xff", "UTF-8");
}

static void sizes_are_bounded(void **state) {
    (void)state;
    text_writer text = {0};
    for (int i = 0; i < 65; i++) {
        text_printf(&text, "pattern p%d { kind cycle window 1h }\n", i);
    }
    expect_error(text.data, "f:65:9: expected at most 64 patterns");
    text_writer_fini(&text);
    text_printf(&text, "pattern p { window 1h\n");
    for (int i = 0; i < 13; i++) {
        text_printf(&text, "step s%d: a -> b\n", i);
    }
    expect_error(text.data, "at most 12 steps");
    text_writer_fini(&text);
    for (int i = 0; i < 300; i++) {
        text_printf(&text, "%1000s\n", "");
    }
    expect_error(text.data, "at most 256 KiB");
    text_writer_fini(&text);
}

/* Loading and stepping with the nth allocation failing, until none does. */
static void survives_without_memory(void **state) {
    (void)state;
    static const char TEXT_OF_ALL[] =
        "pattern a { kind cycle window 1h } pattern b { kind fan-in window 1h min 2 }"
        "pattern c { kind scatter-gather window 1h min 1 } pattern d { window 1h step s: a -> b step t: b -> c }";
    bool is_done = false;
    for (int64_t passes = 0; !is_done; passes++) {
        pattern_set *set = NULL;
        recent *r = recent_new(3600000);
        memory_fail_after(passes);
        is_done = pattern_set_load("f", text_of(TEXT_OF_ALL), &set, NULL) == SLUICE_OK;
        random_stream random;
        random_seed(&random, 1);
        for (uint32_t i = 0; i < 400 && is_done; i++) {
            const activity a = {.time_ms = i * 1000,
                                .kind = SLUICE_SIGNAL_TRANSFER,
                                .movement = i,
                                .from = (uint32_t)random_below(&random, 9),
                                .to = (uint32_t)random_below(&random, 9)};
            pattern_hit hits[4];
            memory_fail_after(-1);
            assert_true(recent_add(r, &a));
            memory_fail_after(passes);
            is_done = pattern_step(set, r, &a, hits);
        }
        memory_fail_after(-1);
        pattern_set_free(&set);
        recent_free(&r);
    }
}

static void shipped_patterns_load(void **state) {
    (void)state;
    FILE *file = fopen("rules/patterns/city.pattern", "r");
    assert_non_null(file);
    static char text[65536];
    const size_t length = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    pattern_set *set = NULL;
    sluice_error error;
    if (pattern_set_load("rules/patterns/city.pattern", (sluice_text){text, length}, &set, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    assert_true(pattern_count(set) >= 10);
    assert_true(text_equal(pattern_name(set, 0), TEXT("fan_in_24h")));
    assert_int_equal(pattern_horizon_ms(set), 24 * 60 * MINUTE);
    pattern_set_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_fans),
        cmocka_unit_test(counts_gather_scatter),
        cmocka_unit_test(counts_scatter_gather),
        cmocka_unit_test(counts_cycles_as_2scent),
        cmocka_unit_test(counts_pass_through),
        cmocka_unit_test(counts_layers),
        cmocka_unit_test(matches_own_steps),
        cmocka_unit_test(matches_cash),
        cmocka_unit_test(limits_are_never_silent),
        cmocka_unit_test(late_is_matched_as_the_last),
        cmocka_unit_test(errors_say_where_and_what),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(survives_without_memory),
        cmocka_unit_test(shipped_patterns_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
