/* Rules over transfers: how long one takes.
 *
 *   rules_bench [--rules FOLDER] [--rounds N] [--repeat N]
 *
 * Without a folder, 60 rules of the kind that centres write are made in a temporary one: a plain comparison or two, a
 * share, a list, an absorbed missing value. Over values drawn at random (seeded) of which nothing matches, and over
 * such that a twentieth of the transfers match; with the quick test before all conditions, and each condition by
 * itself. Prints one JSON object; times are the best of the repeats in nanoseconds. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arguments.h"
#include "base/hash.h"
#include "base/memory.h"
#include "detect/rule_private.h"
#include "sys/clock.h"

enum { TRANSFERS = 4096, RULES_MADE = 60 };

static const char TYPOLOGY[] =
    "typology mule {\n title zh \"z\"\n title en \"e\"\n subject payee\n combine noisy-or\n}\n";
static const char ACTIONS[] = "* 60 delay .. by \"a\" because \"b\"\n";
static const char MULES[] = "card:1\ncard:2 until 2030-01-01\n";

/* %u: a number that differs from rule to rule. */
static const char *const CONDITIONS[] = {
    "payee.in_sum_1h >= yuan(2%u000) && payee.in_count_1h >= 5 && transfer.amount > yuan(100)",
    "payee.in_count_24h >= 5%u && double(payee.in_count_24h) / double(max(payee.in_count_7d, 1)) > 0.9",
    "transfer.amount >= yuan(5%u000) && !has(pair.idle)",
    "payer.out_count_10m >= 1%u && payer.out_sum_10m >= yuan(9000) && payee.in_count_1h < 100",
    "payee.in_sum_24h > yuan(30%u000) && payee.out_sum_24h > payee.in_sum_24h * 9 / 10",
    "transfer.amount >= yuan(4%u900) && transfer.amount < yuan(5%u000) && payer.out_count_24h > 3",
    "payee.key in list(\"known_mules\") && transfer.amount > yuan(1%u0000)",
    "payer.idle > duration(\"18%ud\") && payer.out_sum_1h >= yuan(3000)",
    "payee.in_count_7d > 20%u && payee.in_sum_7d / payee.in_count_7d < yuan(200)",
    "payer.out_sum_7d >= yuan(50%u000) || payee.in_sum_7d >= yuan(80%u000)",
};

static uint64_t draw(uint64_t *state) {
    *state += UINT64_C(0x9E3779B97F4A7C15);
    return hash_u64(*state);
}

static bool write_file(const char *folder, const char *name, const char *text) {
    char path[300];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    return file != NULL && fputs(text, file) >= 0 && fclose(file) == 0;
}

static bool make_folder(char *folder) {
    text_writer rules = {0};
    for (unsigned i = 0; i < RULES_MADE; i++) {
        unsigned n = i / 10 + 1;
        const char *c = CONDITIONS[i % (sizeof CONDITIONS / sizeof CONDITIONS[0])];
        text_printf(&rules,
                    "rule r%u {\n version 1\n valid ..\n typology mule\n score 30\n source \"s\"\n reason zh \"z\"\n"
                    " reason en \"e\"\n when ",
                    i);
        for (; *c != '\0'; c++) {
            if (c[0] == '%' && c[1] == 'u') {
                text_printf(&rules, "%u", n);
                c++;
            } else {
                text_write_char(&rules, *c);
            }
        }
        text_printf(&rules, "\n}\n");
    }
    bool made = !rules.failed && mkdtemp(folder) != NULL && write_file(folder, "all.rule", rules.data) &&
                write_file(folder, "m.typology", TYPOLOGY) && write_file(folder, "actions.table", ACTIONS) &&
                write_file(folder, "known_mules.list", MULES);
    text_writer_fini(&rules);
    return made;
}

static void remove_folder(const char *folder) {
    static const char *const NAMES[] = {"all.rule", "m.typology", "actions.table", "known_mules.list"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        char path[300];
        (void)snprintf(path, sizeof path, "%s/%s", folder, NAMES[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

/* Small everyday values; one transfer in `large_each` has a large one. */
static void fill(const feature_plan *plan, feature_value *values, uint64_t large_each) {
    uint32_t slots = feature_plan_count(plan);
    uint64_t state = 7;
    for (size_t t = 0; t < TRANSFERS; t++) {
        bool is_large = large_each != 0 && draw(&state) % large_each == 0;
        for (uint32_t s = 0; s < slots; s++) {
            feature_value *v = &values[t * slots + s];
            uint64_t r = draw(&state);
            *v = (feature_value){0};
            sluice_text name = feature_plan_name(plan, s);
            if (feature_plan_type(plan, s) == FEATURE_TEXT) {
                v->text = "card:6228480402564890018";
                v->length = 24;
            } else if (feature_plan_type(plan, s) == FEATURE_DOUBLE) {
                v->d = (double)(r % 1000) / 2000.0;
            } else if (feature_plan_type(plan, s) == FEATURE_BOOL) {
                v->i = 0;
            } else if (feature_plan_unit(plan, s) == FEATURE_UNIT_FEN) {
                v->i = (int64_t)(r % 400000) * (is_large ? 100 : 1);
            } else if (feature_plan_unit(plan, s) == FEATURE_UNIT_MS) {
                v->i = (int64_t)(r % 86400000);
            } else {
                v->i = (int64_t)(r % 8) * (is_large ? 3 : 1);
            }
            v->is_missing = memmem(name.data, name.length, "idle", 4) != NULL && r % 7 == 0 && is_large;
        }
    }
}

typedef struct timing {
    double step_ns, alone_ns; /* of a transfer, of one condition by itself */
    uint64_t candidates, true_count, matched;
} timing;

static timing measure(rule_set *set, const feature_value *values, uint32_t slots, uint32_t rounds, uint32_t repeat) {
    timing best = {.step_ns = 1e300, .alone_ns = 1e300};
    for (uint32_t n = 0; n < repeat; n++) {
        uint64_t matched = 0;
        uint64_t true_count = 0;
        int64_t start = clock_monotonic_ns();
        for (uint32_t round = 0; round < rounds; round++) {
            for (size_t t = 0; t < TRANSFERS; t++) {
                rule_result r;
                rule_set_step(set, values + t * slots, 0, TEXT("card:1"), TEXT("card:2"), &r);
                matched += r.assessment_count > 0;
            }
        }
        double ns = (double)(clock_monotonic_ns() - start) / rounds / TRANSFERS;
        best.step_ns = ns < best.step_ns ? ns : best.step_ns;
        start = clock_monotonic_ns();
        for (size_t t = 0; t < TRANSFERS; t++) {
            for (uint32_t i = 0; i < set->rule_count; i++) {
                true_count += cel_run(set->rules[i].program, set->machine, values + t * slots, 0) == CEL_TRUE;
            }
        }
        ns = (double)(clock_monotonic_ns() - start) / TRANSFERS / (double)set->rule_count;
        best.alone_ns = ns < best.alone_ns ? ns : best.alone_ns;
        best.matched = matched / rounds;
        best.true_count = true_count;
    }
    for (size_t t = 0; t < TRANSFERS; t++) {
        best.candidates += rule_filter_run(set, values + t * slots, set->candidates);
    }
    return best;
}

static void print(const char *name, const timing *t) {
    printf("\"%s\": {\"transfer_ns\": %.1f, \"condition_alone_ns\": %.1f, \"candidates\": %.2f, "
           "\"true_conditions\": %.2f, \"matched_share\": %.4f}",
           name, t->step_ns, t->alone_ns, (double)t->candidates / TRANSFERS, (double)t->true_count / TRANSFERS,
           (double)t->matched / TRANSFERS);
}

int main(int argc, char **argv) {
    const char *given = NULL;
    uint32_t rounds = 50;
    uint32_t repeat = 5;
    const bench_option options[] = {{"--rules", BENCH_OPTION_TEXT, &given},
                                    {"--rounds", BENCH_OPTION_U32, &rounds},
                                    {"--repeat", BENCH_OPTION_U32, &repeat}};
    if (!arguments_read(argc, argv, options, sizeof options / sizeof options[0])) {
        return 2;
    }
    char folder[] = "/tmp/sluice-rules-XXXXXX";
    feature_plan *plan = feature_plan_new();
    rule_set *set = NULL;
    feature_value *values = NULL;
    rule_problem problems[1];
    size_t problem_count = 0;
    sluice_error error = {0};
    int code = 1;
    if (plan == NULL || (given == NULL && !make_folder(folder))) {
        (void)fprintf(stderr, "cannot make a folder of rules\n");
        goto out;
    }
    if (rule_set_load(given == NULL ? folder : given, NULL, 0, plan, &set, problems, 1, &problem_count, &error) !=
        SLUICE_OK) {
        (void)fprintf(stderr, "%s\n", error.text);
        goto out;
    }
    uint32_t slots = feature_plan_count(plan);
    values = memory_new_zero((size_t)TRANSFERS * slots, sizeof *values);
    if (values == NULL) {
        goto out;
    }
    printf("{\"rules\": %u, \"slots\": %u, ", rule_count(set), slots);
    fill(plan, values, 0);
    timing quiet = measure(set, values, slots, rounds, repeat);
    print("nothing_large", &quiet);
    fill(plan, values, 20);
    timing busy = measure(set, values, slots, rounds, repeat);
    printf(", ");
    print("one_in_20_large", &busy);
    printf("}\n");
    code = 0;
out:
    rule_set_free(&set);
    feature_plan_free(&plan);
    memory_free(values);
    if (given == NULL) {
        remove_folder(folder);
    }
    return code;
}
