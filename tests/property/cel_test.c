/* Random conditions over random values: the compiled program says what a plain walk over the tree says, and its quick
 * terms are never false where it is true. Random regular expressions say what glibc's matcher says. */
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "detect/cel_regex.h"
#include "support/cel_support.h"
#include "support/cel_walk.h"
#include "support/tool.h"

static uint64_t seed;
static uint64_t expression_count, regex_count;

enum { VALUES_OF_ONE = 8 };

static void test_walk(void **state) {
    (void)state;
    cel_support s;
    cel_support_init(&s);
    uint64_t counts[3] = {0};
    for (uint64_t n = 0; n < expression_count; n++) {
        cel_walk w;
        cel_walk_init(&w, seed + n);
        const cel_walk_node *root = cel_walk_random(&w);
        const char *source = cel_walk_print(&w, root);
        cel_program *program = NULL;
        if (cel_support_compile(&s, text_of(source), &program) != SLUICE_OK) {
            fail_msg("seed %llu: %s\nat %zu: %s", (unsigned long long)(seed + n), source, s.offset, s.text);
        }
        for (int i = 0; i < VALUES_OF_ONE; i++) {
            cel_walk_values(&w, s.values);
            int64_t time_ms = (int64_t)(cel_walk_draw(&w) % 2000);
            cel_outcome expected = cel_walk_run(&w, root, s.values, time_ms);
            cel_outcome found = cel_run(program, s.machine, s.values, time_ms);
            if (found != expected) {
                fail_msg("seed %llu, values %d: %d instead of %d: %s", (unsigned long long)(seed + n), i, (int)found,
                         (int)expected, source);
            }
            counts[found]++;
            size_t term_count = 0;
            const cel_term *terms = cel_terms(program, &term_count);
            for (size_t t = 0; t < term_count && found == CEL_TRUE; t++) {
                const feature_value *value = &s.values[terms[t].slot];
                int64_t order = cel_order(value, terms[t].is_double);
                if (value->is_missing || order < terms[t].low || order > terms[t].high) {
                    fail_msg("seed %llu: term %zu is not necessary: %s", (unsigned long long)(seed + n), t, source);
                }
            }
        }
        cel_program_free(&program);
        cel_walk_fini(&w);
    }
    print_message("%llu false, %llu true, %llu errors\n", (unsigned long long)counts[0], (unsigned long long)counts[1],
                  (unsigned long long)counts[2]);
    assert_true(counts[0] > expression_count / 10 && counts[1] > expression_count / 10 &&
                counts[2] > expression_count / 20);
    cel_support_fini(&s);
}

/* ---- regular expressions ---- */

typedef struct writer {
    char text[400];
    size_t length;
    uint64_t state;
} writer;

static uint64_t draw(writer *w, uint64_t below) {
    w->state += UINT64_C(0x9E3779B97F4A7C15);
    return hash_u64(w->state) % below;
}

static void put(writer *w, const char *text) {
    size_t length = strlen(text);
    if (w->length + length < sizeof w->text) {
        memcpy(w->text + w->length, text, length + 1);
        w->length += length;
    }
}

enum { GROUPS_MAX = 2 };

/* ^ and $ only outside of groups: glibc is wrong about them in repeated ones. */
static void random_regex(writer *w, int depth) {
    static const char *const ATOMS[] = {"a", "b", "c", ".", "[ab]", "[^a]", "[a-c]", "ab", "[^bc]"};
    static const char *const REPEATS[] = {"*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}"};
    uint64_t branches = draw(w, 4) == 0 ? 2 : 1;
    for (uint64_t b = 0; b < branches; b++) {
        put(w, b == 0 ? "" : "|");
        put(w, depth == GROUPS_MAX && draw(w, 8) == 0 ? "^" : "");
        for (uint64_t i = 0, count = 1 + draw(w, 3); i < count; i++) {
            if (depth > 0 && draw(w, 3) == 0) {
                put(w, "(");
                random_regex(w, depth - 1);
                put(w, ")");
            } else {
                put(w, ATOMS[draw(w, sizeof ATOMS / sizeof ATOMS[0])]);
            }
            put(w, draw(w, 3) == 0 ? REPEATS[draw(w, sizeof REPEATS / sizeof REPEATS[0])] : "");
        }
        put(w, depth == GROUPS_MAX && draw(w, 8) == 0 ? "$" : "");
    }
}

static void test_regex(void **state) {
    (void)state;
    static cel_regex_work work;
    uint64_t found_count = 0;
    for (uint64_t n = 0; n < regex_count; n++) {
        writer w = {.state = seed + n};
        random_regex(&w, GROUPS_MAX);
        regex_t oracle;
        cel_regex *regex = NULL;
        const char *reason = NULL;
        size_t offset = 0;
        if (w.length + 10 > sizeof w.text || regcomp(&oracle, w.text, REG_EXTENDED | REG_NOSUB) != 0) {
            continue;
        }
        sluice_result result = cel_regex_compile(text_of(w.text), &regex, &reason, &offset);
        if (result == SLUICE_E_INPUT && strstr(reason, "states") != NULL) {
            regfree(&oracle);
            continue;
        }
        if (result != SLUICE_OK) {
            fail_msg("seed %llu: %s: %s", (unsigned long long)(seed + n), w.text, reason);
        }
        for (int i = 0; i < VALUES_OF_ONE; i++) {
            char text[16] = "";
            for (uint64_t c = 0, length = draw(&w, 10); c < length; c++) {
                text[c] = (char)('a' + draw(&w, 4));
            }
            int64_t steps = 1000000;
            bool expected = regexec(&oracle, text, 0, NULL, 0) == 0;
            bool found = cel_regex_search(regex, text_of(text), &work, &steps) == CEL_REGEX_YES;
            if (found != expected) {
                fail_msg("seed %llu: /%s/ on \"%s\": %d", (unsigned long long)(seed + n), w.text, text, (int)found);
            }
            found_count += found;
        }
        cel_regex_free(&regex);
        regfree(&oracle);
    }
    assert_true(found_count > regex_count);
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    expression_count = tool_count(argc, argv, 100000);
    regex_count = tool_count(argc, argv, 20000);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_walk), cmocka_unit_test(test_regex)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
