/* One row through a model: our flat evaluator beside libxgboost's own prediction of a single row (nthread=1), and our
 * Shapley values beside the library's. Prints one JSON object; fails when a single margin differs in a bit. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xgboost/c_api.h>

#include "arguments.h"
#include "base/memory.h"
#include "detect/model_trees_private.h"

static uint32_t trees = 200, depth = 6, columns = 55, rows = 4000, rounds = 5;

static double now_s(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void check(int code) {
    if (code != 0) {
        (void)fprintf(stderr, "libxgboost: %s\n", XGBGetLastError());
        exit(1);
    }
}

static uint64_t state = 1;

static float draw(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % 20 == 0 ? NAN : (float)(state % 100000) / 100;
}

/* The library's fastest way for one row: in place, from an array, without a DMatrix of its own. */
static float predict_one(BoosterHandle booster, DMatrixHandle proxy, const float *row) {
    static const char CONFIG[] = "{\"type\": 1, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, "
                                 "\"strict_shape\": false, \"cache_id\": 0, \"missing\": NaN}";
    char array[160];
    (void)snprintf(array, sizeof array,
                   "{\"data\": [%zu, true], \"shape\": [1, %u], \"typestr\": \"<f4\", \"version\": 3}",
                   (size_t)(uintptr_t)row, columns);
    bst_ulong const *shape = NULL;
    bst_ulong dimensions = 0;
    const float *result = NULL;
    check(XGBoosterPredictFromDense(booster, array, CONFIG, proxy, &shape, &dimensions, &result));
    return result[0];
}

static double contributions_of_library(BoosterHandle booster, const float *values, uint32_t count) {
    double begin = now_s();
    for (uint32_t i = 0; i < count; i++) {
        DMatrixHandle one = NULL;
        bst_ulong length = 0;
        const float *result = NULL;
        check(XGDMatrixCreateFromMat(values + (size_t)i * columns, 1, columns, NAN, &one));
        check(XGBoosterPredict(booster, one, 4, 0, 0, &length, &result));
        check(XGDMatrixFree(one));
    }
    return (now_s() - begin) / count;
}

static double contributions_of_ours(const model_trees *m, const float *values, uint32_t count, double *sums) {
    double begin = now_s(), base = 0;
    for (uint32_t i = 0; i < count; i++) {
        memset(sums, 0, columns * sizeof *sums);
        model_trees_contributions(m, values + (size_t)i * columns, 0, sums, &base);
    }
    return (now_s() - begin) / count;
}

static BoosterHandle grow(const float *values, const float *labels, DMatrixHandle *matrix) {
    BoosterHandle booster = NULL;
    char text[32];
    check(XGDMatrixCreateFromMat(values, rows, columns, NAN, matrix));
    check(XGDMatrixSetFloatInfo(*matrix, "label", labels, rows));
    check(XGBoosterCreate(matrix, 1, &booster));
    (void)snprintf(text, sizeof text, "%u", depth);
    const char *const parameters[][2] = {{"objective", "binary:logistic"},
                                         {"tree_method", "hist"},
                                         {"nthread", "1"},
                                         {"max_depth", text},
                                         {"eta", "0.1"},
                                         {"verbosity", "0"}};
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        check(XGBoosterSetParam(booster, parameters[i][0], parameters[i][1]));
    }
    for (uint32_t i = 0; i < trees; i++) {
        check(XGBoosterUpdateOneIter(booster, (int)i, *matrix));
    }
    return booster;
}

int main(int argc, char **argv) {
    const bench_option options[] = {{"--trees", BENCH_OPTION_U32, &trees},
                                    {"--depth", BENCH_OPTION_U32, &depth},
                                    {"--columns", BENCH_OPTION_U32, &columns},
                                    {"--rows", BENCH_OPTION_U32, &rows},
                                    {"--rounds", BENCH_OPTION_U32, &rounds}};
    if (!arguments_read(argc, argv, options, sizeof options / sizeof *options)) {
        return 2;
    }
    float *values = memory_new((size_t)rows * columns * sizeof *values), *labels = memory_new(rows * sizeof *labels);
    double *sums = memory_new(columns * sizeof *sums);
    if (values == NULL || labels == NULL || sums == NULL) {
        return 1;
    }
    for (size_t i = 0; i < (size_t)rows * columns; i++) {
        values[i] = draw();
    }
    for (size_t i = 0; i < rows; i++) {
        const float *row = values + i * columns;
        double sum = (isnan(row[0]) ? 400 : (double)row[0]) + (isnan(row[1]) ? 300 : (double)row[1]);
        labels[i] = sum + (double)(state % 500) > 1200;
        (void)draw();
    }
    DMatrixHandle matrix = NULL, proxy = NULL;
    BoosterHandle booster = grow(values, labels, &matrix);
    check(XGProxyDMatrixCreate(&proxy));
    bst_ulong length = 0;
    const char *json = NULL;
    check(XGBoosterSaveModelToBuffer(booster, "{\"format\": \"json\"}", &length, &json));
    yyjson_doc *document = model_trees_parse(json, length, NULL);
    model_trees *m = NULL;
    sluice_error error = {0};
    if (document == NULL || model_trees_read(yyjson_doc_get_root(document), columns, &m, &error) != SLUICE_OK) {
        (void)fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    yyjson_doc_free(document);
    double ours = INFINITY, theirs = INFINITY, our_reasons = INFINITY, their_reasons = INFINITY;
    uint32_t few = rows < 200 ? rows : 200;
    uint64_t different = 0;
    for (uint32_t round = 0; round < rounds; round++) {
        volatile float sink = 0;
        double begin = now_s();
        for (uint32_t i = 0; i < rows; i++) {
            float margin = 0;
            model_trees_margins(m, values + (size_t)i * columns, &margin);
            sink = margin;
        }
        ours = fmin(ours, (now_s() - begin) / rows);
        begin = now_s();
        for (uint32_t i = 0; i < rows; i++) {
            sink = predict_one(booster, proxy, values + (size_t)i * columns);
        }
        theirs = fmin(theirs, (now_s() - begin) / rows);
        (void)sink;
        our_reasons = fmin(our_reasons, contributions_of_ours(m, values, few, sums));
        their_reasons = fmin(their_reasons, contributions_of_library(booster, values, few));
    }
    for (uint32_t i = 0; i < rows; i++) {
        float margin = 0, expected = predict_one(booster, proxy, values + (size_t)i * columns);
        model_trees_margins(m, values + (size_t)i * columns, &margin);
        uint32_t bits = 0, expected_bits = 0;
        memcpy(&bits, &margin, sizeof bits);
        memcpy(&expected_bits, &expected, sizeof expected_bits);
        different += bits != expected_bits;
    }
    printf(
        "{\"trees\": %u, \"depth\": %u, \"columns\": %u, \"rows\": %u, \"score_us\": %.3f, \"library_score_us\": %.3f, "
        "\"reasons_us\": %.2f, \"library_reasons_us\": %.2f, \"different\": %llu}\n",
        trees, depth, columns, rows, ours * 1e6, theirs * 1e6, our_reasons * 1e6, their_reasons * 1e6,
        (unsigned long long)different);
    check(XGBoosterFree(booster));
    check(XGDMatrixFree(matrix));
    check(XGDMatrixFree(proxy));
    model_trees_free(&m);
    memory_free(values);
    memory_free(labels);
    memory_free(sums);
    return different == 0 ? 0 : 1;
}
