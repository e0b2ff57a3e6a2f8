/* The flat evaluator against libxgboost itself: margins bit for bit, contributions closely; and against Shapley values
 * worked out over all subsets of features. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <xgboost/c_api.h>

#include "base/memory.h"
#include "detect/model_trees_private.h"
#include "support/tool.h"

enum { COLUMNS = 9, ROWS = 400, CLASSES = 4 };

static uint64_t seed, tables;

static uint64_t draw(uint64_t *state) {
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Values with many ties, a tenth missing, a few extreme. */
static float draw_value(uint64_t *state) {
    static const float EXTREMES[] = {3.4028235e38f, -3.4028235e38f, 1e-45f, -1e-45f, 0.0f, -0.0f, 1.17549435e-38f};
    uint64_t kind = draw(state) % 40;
    if (kind < 4) {
        return NAN;
    }
    if (kind < 6) {
        return EXTREMES[draw(state) % (sizeof EXTREMES / sizeof *EXTREMES)];
    }
    float value = (float)((double)(draw(state) >> 11) / 9007199254740992.0);
    return kind < 20 ? floorf(value * 12) : value * 2e3f - 1e3f;
}

static void check(int code) {
    if (code != 0) {
        fail_msg("libxgboost: %s", XGBGetLastError());
    }
}

typedef struct grown {
    DMatrixHandle matrix;
    BoosterHandle booster;
    float *values;
    model_trees *trees;
} grown;

static model_trees *read_trees(const char *json, size_t length, uint32_t features) {
    model_trees *trees = NULL;
    sluice_error error = {0};
    yyjson_read_err wrong = {0};
    yyjson_doc *document = model_trees_parse(json, length, &wrong);
    if (document == NULL) {
        fail_msg("%s at %.60s", wrong.msg, json + wrong.pos);
    }
    if (model_trees_read(yyjson_doc_get_root(document), features, &trees, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    yyjson_doc_free(document);
    return trees;
}

static grown grow(uint64_t *state, const char *objective, uint32_t groups, int depth, int rounds, uint32_t columns) {
    grown g = {0};
    float labels[ROWS];
    g.values = memory_new((size_t)ROWS * columns * sizeof *g.values);
    assert_non_null(g.values);
    for (size_t row = 0; row < ROWS; row++) {
        double sum = 0;
        for (size_t c = 0; c < columns; c++) {
            float value = draw_value(state);
            g.values[row * columns + c] = value;
            sum += isnan(value) ? 1.3 : fmod((double)value, 17.0) * ((double)c - 3);
        }
        sum += (double)(draw(state) % 9);
        labels[row] = groups > 1 ? (float)((uint64_t)fabs(sum) % groups) : (float)(sum > 3);
    }
    check(XGDMatrixCreateFromMat(g.values, ROWS, columns, NAN, &g.matrix));
    check(XGDMatrixSetFloatInfo(g.matrix, "label", labels, ROWS));
    check(XGBoosterCreate(&g.matrix, 1, &g.booster));
    char text[32];
    const char *const parameters[][2] = {{"objective", objective},    {"tree_method", "hist"}, {"nthread", "1"},
                                         {"verbosity", "0"},          {"base_score", "0.37"},  {"eta", "0.3"},
                                         {"min_child_weight", "0.1"}, {"subsample", "0.9"},    {"gamma", "0"}};
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        check(XGBoosterSetParam(g.booster, parameters[i][0], parameters[i][1]));
    }
    (void)snprintf(text, sizeof text, "%d", depth);
    check(XGBoosterSetParam(g.booster, "max_depth", text));
    if (groups > 1) {
        (void)snprintf(text, sizeof text, "%u", groups);
        check(XGBoosterSetParam(g.booster, "num_class", text));
    }
    for (int i = 0; i < rounds; i++) {
        check(XGBoosterUpdateOneIter(g.booster, i, g.matrix));
    }
    bst_ulong length = 0;
    const char *json = NULL;
    check(XGBoosterSaveModelToBuffer(g.booster, "{\"format\": \"json\"}", &length, &json));
    g.trees = read_trees(json, length, columns);
    return g;
}

static void forget(grown *g) {
    check(XGBoosterFree(g->booster));
    check(XGDMatrixFree(g->matrix));
    memory_free(g->values);
    model_trees_free(&g->trees);
}

static void compare(grown *g, uint32_t groups, uint32_t columns) {
    bst_ulong length = 0;
    const float *margins = NULL, *contributions = NULL;
    check(XGBoosterPredict(g->booster, g->matrix, 1, 0, 0, &length, &margins));
    assert_int_equal(length, ROWS * groups);
    float *expected = memory_new(length * sizeof *expected);
    assert_non_null(expected);
    memcpy(expected, margins, length * sizeof *expected);
    for (size_t row = 0; row < ROWS; row++) {
        float ours[MODEL_CLASSES_MAX];
        model_trees_margins(g->trees, g->values + row * columns, ours);
        assert_memory_equal(ours, expected + row * groups, groups * sizeof *ours);
    }
    check(XGBoosterPredict(g->booster, g->matrix, 4, 0, 0, &length, &contributions));
    assert_int_equal(length, (bst_ulong)ROWS * groups * (columns + 1));
    for (size_t row = 0; row < ROWS; row++) {
        for (uint32_t group = 0; group < groups; group++) {
            double ours[COLUMNS] = {0}, base = 0, sum = 0;
            model_trees_contributions(g->trees, g->values + row * columns, group, ours, &base);
            const float *theirs = contributions + (row * groups + group) * (columns + 1);
            double scale = 1;
            for (uint32_t c = 0; c < columns; c++) {
                scale = fmax(scale, fabs((double)theirs[c]));
            }
            for (uint32_t c = 0; c < columns; c++) {
                sum += ours[c];
                assert_true(fabs(ours[c] - (double)theirs[c]) <= 1e-4 * scale);
            }
            assert_true(fabs(base - (double)theirs[columns]) <= 1e-4 * scale);
            assert_true(fabs(base + sum - (double)expected[row * groups + group]) <= 1e-4 * scale);
        }
    }
    memory_free(expected);
}

static void bit_equal_to_the_library(void **state) {
    (void)state;
    static const struct {
        const char *objective;
        uint32_t groups;
    } KINDS[] = {{"binary:logistic", 1},
                 {"reg:squarederror", 1},
                 {"reg:logistic", 1},
                 {"multi:softprob", CLASSES},
                 {"multi:softmax", CLASSES - 1}};
    uint64_t random = seed;
    for (uint64_t i = 0; i < tables; i++) {
        size_t kind = i % (sizeof KINDS / sizeof *KINDS);
        int depth = 1 + (int)(draw(&random) % 9), rounds = 1 + (int)(draw(&random) % 40);
        grown g = grow(&random, KINDS[kind].objective, KINDS[kind].groups, depth, rounds, COLUMNS);
        compare(&g, KINDS[kind].groups, COLUMNS);
        forget(&g);
    }
}

/* ---- Shapley values from their definition ---- */

enum { PLAYERS = 5 };

/* A tree written by hand: missing goes left. */
static const char BY_HAND[] =
    "{\"learner\":{\"gradient_booster\":{\"model\":{\"tree_info\":[0],\"trees\":[{\"categories\":[],"
    "\"default_left\":[1,1,1,0,0,0,0,0,0,0,0],\"left_children\":[1,3,5,-1,7,-1,9,-1,-1,-1,-1],"
    "\"right_children\":[2,4,6,-1,8,-1,10,-1,-1,-1,-1],"
    "\"split_conditions\":[5E-1,5E-1,5E-1,1E0,5E-1,-2E0,5E-1,4E0,-3.5E0,2.5E-1,7E0],"
    "\"split_indices\":[0,1,2,0,0,0,3,0,0,0,0],"
    "\"sum_hessian\":[1E2,6E1,4E1,2E1,4E1,1E1,3E1,1.5E1,2.5E1,1E1,2E1]}]},\"name\":\"gbtree\"},"
    "\"learner_model_param\":{\"base_score\":\"5E-1\",\"num_class\":\"0\"},"
    "\"objective\":{\"name\":\"reg:squarederror\"}}}";

static const double CONDITION[] = {.5, .5, .5, 1, .5, -2, .5, 4, -3.5, .25, 7};
static const double COVER[] = {100, 60, 40, 20, 40, 10, 30, 15, 25, 10, 20};
static const int LEFT[] = {1, 3, 5, -1, 7, -1, 9, -1, -1, -1, -1};
static const int FEATURE[] = {0, 1, 2, 0, 0, 0, 3, 0, 0, 0, 0};

/* What the tree gives when the features in `known` alone are known. */
static double expected_output(int at, unsigned known, const float *row) {
    if (LEFT[at] < 0) {
        return CONDITION[at];
    }
    if ((known >> FEATURE[at] & 1u) != 0) {
        return expected_output(LEFT[at] + ((double)row[FEATURE[at]] >= CONDITION[at]), known, row);
    }
    double left = COVER[LEFT[at]], right = COVER[LEFT[at] + 1];
    return (left * expected_output(LEFT[at], known, row) + right * expected_output(LEFT[at] + 1, known, row)) /
           (left + right);
}

static double factorial(unsigned n) {
    return n < 2 ? 1 : n * factorial(n - 1);
}

static void shapley_values_by_definition(void **state) {
    (void)state;
    model_trees *trees = read_trees(BY_HAND, strlen(BY_HAND), PLAYERS);
    assert_int_equal(model_trees_count(trees), 1);
    for (unsigned bits = 0; bits < 1u << PLAYERS; bits++) {
        float row[PLAYERS];
        for (unsigned f = 0; f < PLAYERS; f++) {
            row[f] = (float)(bits >> f & 1u);
        }
        double ours[PLAYERS] = {0}, base = 0;
        model_trees_contributions(trees, row, 0, ours, &base);
        assert_true(fabs(base - 0.5 - expected_output(0, 0, row)) < 1e-12);
        for (unsigned f = 0; f < PLAYERS; f++) {
            double value = 0;
            for (unsigned known = 0; known < 1u << PLAYERS; known++) {
                if ((known >> f & 1u) == 0) {
                    unsigned size = (unsigned)__builtin_popcount(known);
                    double weight = factorial(size) * factorial(PLAYERS - size - 1) / factorial(PLAYERS);
                    value += weight * (expected_output(0, known | 1u << f, row) - expected_output(0, known, row));
                }
            }
            assert_true(fabs(ours[f] - value) < 1e-12);
        }
    }
    model_trees_free(&trees);
}

/* ---- what is no booster ---- */

static void refused(const char *find, const char *replace) {
    char text[sizeof BY_HAND + 64];
    const char *at = strstr(BY_HAND, find);
    assert_non_null(at);
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - BY_HAND), BY_HAND, replace, at + strlen(find));
    yyjson_doc *document = model_trees_parse(text, strlen(text), NULL);
    assert_non_null(document);
    model_trees *trees = NULL;
    sluice_error error = {0};
    assert_int_equal(model_trees_read(yyjson_doc_get_root(document), PLAYERS, &trees, &error), SLUICE_E_INPUT);
    assert_null(trees);
    assert_true(strlen(error.text) > 20);
    yyjson_doc_free(document);
}

static void hostile_boosters(void **state) {
    (void)state;
    refused("[1,3,5,-1", "[1,3,11,-1");             /* a child outside */
    refused("[1,3,5,-1", "[0,0,0,-1");              /* a cycle: more nodes than there are */
    refused("[0,1,2,0,0,0,3", "[0,1,5,0,0,0,3");    /* a feature outside */
    refused("5E-1,5E-1,5E-1,1E0", "5E-1,5E-1,1E0"); /* arrays of different lengths */
    refused("5E-1,5E-1,5E-1,1E0", "[],5E-1,5E-1,1E0");
    refused("1E2,6E1", "-1E2,6E1");
    refused("1E2,6E1", "1E99,6E1");
    refused("\"tree_info\":[0]", "\"tree_info\":[1]");
    refused("\"tree_info\":[0]", "\"tree_info\":[]");
    refused("reg:squarederror", "rank:pairwise");
    refused("\"5E-1\"", "\"nan\"");
    refused("\"name\":\"gbtree\"", "\"name\":\"dart\"");
    refused("\"categories\":[]", "\"categories\":[1]");
    refused("\"learner\"", "\"Learner\"");
}

static void memory_runs_out(void **state) {
    (void)state;
    yyjson_doc *document = model_trees_parse(BY_HAND, strlen(BY_HAND), NULL);
    sluice_result result = SLUICE_E_NO_MEMORY;
    for (int64_t n = 0; result == SLUICE_E_NO_MEMORY; n++) {
        model_trees *trees = NULL;
        memory_fail_after(n);
        result = model_trees_read(yyjson_doc_get_root(document), PLAYERS, &trees, NULL);
        memory_fail_after(-1);
        assert_true((result == SLUICE_OK) == (trees != NULL));
        model_trees_free(&trees);
        assert_true(n < 100);
    }
    assert_int_equal(result, SLUICE_OK);
    yyjson_doc_free(document);
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    tables = tool_count(argc, argv, 50);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bit_equal_to_the_library),
        cmocka_unit_test(shapley_values_by_definition),
        cmocka_unit_test(hostile_boosters),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
