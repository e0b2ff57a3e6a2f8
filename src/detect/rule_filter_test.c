/* What is quick changes nothing: random rules over random values give the same with the filter, with what few rules
 * share asked first, in whatever order was learnt, and with each rule alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "detect/rule_private.h"
#include "support/cel_walk.h"
#include "support/rule_support.h"
#include "support/tool.h"

enum { RULES = 160, VALUES_OF_ONE = 200, VALUES_LEARNT = 9000 };

static uint64_t seed, folder_count;

/* Conjunctions of simple comparisons and of anything. */
static void write_condition(cel_walk *w, text_writer *out) {
    static const char *const SIMPLE[] = {
        "t.i1 >= 2",  "t.i2 < 7",    "t.i3 == 100", "3 > t.i4",     "t.d1 >= 0.5",
        "t.d2 < 2",   "t.d3 == 0.0", "-1.5 < t.d4", "t.b1",         "!t.b2",
        "has(t.s1)",  "t.i1 != 3",   "has(t.d1)",   "t.b3 == true", "t.i1 > 9223372036854775807",
        "t.d1 <= 0.0"};
    for (uint64_t i = 0, count = 1 + cel_walk_draw(w) % 3; i < count; i++) {
        text_write(out, i > 0 ? TEXT(" && ") : TEXT(""));
        if (cel_walk_draw(w) % 3 == 0) {
            text_printf(out, "(%s)", cel_walk_print(w, cel_walk_random(w)));
        } else {
            text_write(out, text_of(SIMPLE[cel_walk_draw(w) % (sizeof SIMPLE / sizeof SIMPLE[0])]));
        }
    }
}

/* Some begin, some end while time runs. */
static const char *validity(cel_walk *w) {
    static const char *const VALID[] = {"1970-01-02 ..", "1970-01-02 .. 1970-01-03", ".. 1970-01-04", "..", ".."};
    return VALID[cel_walk_draw(w) % (sizeof VALID / sizeof VALID[0])];
}

static void write_rules(cel_walk *w, unsigned count, text_writer *out) {
    for (unsigned i = 0; i < count; i++) {
        text_printf(out, "rule r%u {\n version 1\n valid %s\n typology %s\n source \"s\"\n", i, validity(w),
                    cel_walk_draw(w) % 2 == 0 ? "a" : "b");
        text_printf(out, " status %s\n subject %s\n reason zh \"z\"\n reason en \"e\"\n",
                    cel_walk_draw(w) % 4 == 0 ? "draft" : "live", cel_walk_draw(w) % 2 == 0 ? "payer" : "payee");
        uint64_t kind = cel_walk_draw(w) % 20;
        if (kind < 2) {
            text_printf(out, " effect %s\n", kind == 0 ? "block" : "override");
        } else {
            text_printf(out, " score %u\n", (unsigned)(1 + cel_walk_draw(w) % 100));
        }
        text_write(out, TEXT(" when "));
        write_condition(w, out);
        text_write(out, TEXT("\n}\n"));
    }
}

static void check_equal(rule_support *s, int64_t time_ms, uint64_t *matched) {
    static assessment assessments[RULES];
    static rule_fired fired[RULES];
    rule_result with;
    rule_result without;
    rule_set_step(s->set, s->values, time_ms, TEXT("p"), TEXT("q"), &with);
    memcpy(assessments, with.assessments, with.assessment_count * sizeof *assessments);
    memcpy(fired, with.fired, with.fired_count * sizeof *fired);
    s->set->is_unfiltered = true;
    rule_set_step(s->set, s->values, time_ms, TEXT("p"), TEXT("q"), &without);
    s->set->is_unfiltered = false;
    assert_int_equal(with.assessment_count, without.assessment_count);
    assert_int_equal(with.fired_count, without.fired_count);
    for (size_t i = 0; i < without.assessment_count; i++) {
        const assessment *a = &assessments[i];
        const assessment *b = &without.assessments[i];
        assert_true(a->typology == b->typology && a->subject == b->subject && a->score == b->score &&
                    a->action == b->action && a->is_draft == b->is_draft && a->is_block == b->is_block &&
                    a->is_override == b->is_override && a->fired_first == b->fired_first &&
                    a->fired_count == b->fired_count);
        double sum = 0; /* what the rules add makes the score */
        for (uint32_t f = 0; f < b->fired_count; f++) {
            sum += without.fired[b->fired_first + f].weight;
        }
        bool blocks = s->set->rules[without.fired[b->fired_first].rule].effect == RULE_BLOCKS;
        assert_true(blocks ? b->score == 100 : (sum > b->score - 1e-9 && sum < b->score + 1e-9));
    }
    for (size_t i = 0; i < without.fired_count; i++) {
        assert_true(fired[i].rule == without.fired[i].rule && fired[i].weight == without.fired[i].weight);
    }
    *matched += with.fired_count;
}

static void test_same(void **state) {
    (void)state;
    uint64_t matched = 0;
    uint64_t candidates = 0;
    uint64_t all = 0;
    for (uint64_t n = 0; n < folder_count; n++) {
        cel_walk w;
        text_writer text = {0};
        rule_support s;
        cel_walk_init(&w, seed + n);
        rule_support_init(&s);
        unsigned count = n % 2 == 0 ? RULES_FEW - 28 * (unsigned)(n % 4) : RULES; /* without the filter, and with it */
        write_rules(&w, count, &text);
        rule_support_file(&s, "mules.list", "card:1\ncard:2 until 1970-01-03\n");
        rule_support_file(&s, "a.typology",
                          "typology a {\n title zh \"a\"\n title en \"a\"\n subject payer\n combine noisy-or\n}\n"
                          "typology b {\n title zh \"b\"\n title en \"b\"\n subject payee\n combine max\n}\n");
        rule_support_file(&s, "actions.table", "* 30 verify .. by \"a\" because \"b\"\n");
        rule_support_file(&s, "all.rule", text.data);
        rule_support_load(&s);
        for (int i = 0; i < (n == 0 ? VALUES_LEARNT : VALUES_OF_ONE); i++) { /* enough to learn from */
            cel_walk_values(&w, s.values);
            check_equal(&s, (int64_t)(cel_walk_draw(&w) % 300000000), &matched);
            candidates += rule_filter_run(s.set, s.values, s.set->candidates);
            all += count;
        }
        rule_support_fini(&s);
        text_writer_fini(&text);
        cel_walk_fini(&w);
    }
    print_message("of %llu conditions %llu were run and %llu matched\n", (unsigned long long)all,
                  (unsigned long long)candidates, (unsigned long long)matched);
    assert_true(matched > folder_count * VALUES_OF_ONE);
    assert_true(candidates < all);
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    folder_count = tool_count(argc, argv, 100);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
