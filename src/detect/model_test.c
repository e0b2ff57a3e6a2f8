/* Tables, splits, training, evaluation, model files and reasons, on small drawn tables. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sluice/trace.h>

#include "detect/model_boost_private.h"
#include "detect/model_metrics_private.h"
#include "detect/model_private.h"
#include "support/tool.h"

static uint64_t seed;

#define OK(call)                                                                                                       \
    do {                                                                                                               \
        error.text[0] = '\0';                                                                                          \
        if ((call) != SLUICE_OK) {                                                                                     \
            fail_msg("%s: %s", #call, error.text);                                                                     \
        }                                                                                                              \
    } while (false)

static double uniform(uint64_t *state) {
    return (double)(random_next(state) >> 11) / 9007199254740992.0;
}

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

/* Rows of `classes` classes that the columns a and b tell apart, with noise; c is noise, and partly missing. */
static sluice_table *draw_table(size_t rows, uint32_t classes, uint64_t from) {
    static const char *const COLUMNS[] = {"a", "b", "c"};
    sluice_table *table = NULL;
    sluice_error error = {0};
    OK(sluice_table_new(COLUMNS, 3, &table, &error));
    uint64_t state = from;
    for (size_t row = 0; row < rows; row++) {
        float values[3];
        char label[8];
        values[0] = (float)(uniform(&state) * 10);
        values[1] = (float)(uniform(&state) * 10);
        values[2] = uniform(&state) < 0.2 ? NAN : (float)uniform(&state);
        double sum = (double)values[0] + (double)values[1] / 2 + uniform(&state) * 2;
        uint32_t class_index = (uint32_t)(sum / 17.1 * classes);
        (void)snprintf(label, sizeof label, classes == 2 ? "%u" : "kind%u", class_index);
        OK(sluice_table_add(table, values, text_of(label), (int64_t)row * 3600000, &error));
    }
    return table;
}

static sluice_train_options small(void) {
    return (sluice_train_options){.size = sizeof(sluice_train_options),
                                  .seed = 5,
                                  .boosters = 3,
                                  .rounds_max = 40,
                                  .date = "2026-01-02",
                                  .name = "test"};
}

static sluice_model_figures figures_of(const sluice_model *model, const sluice_table *table, sluice_part part,
                                       sluice_model_report **report) {
    sluice_error error = {0};
    sluice_model_figures figures = {.size = sizeof figures};
    OK(sluice_model_evaluate(model, table, part, report, &error));
    sluice_model_report_view(*report, &figures);
    return figures;
}

/* ---- metrics ---- */

static void metrics_by_hand(void **state) {
    (void)state;
    /* scores 4 3 3 2 1, positive + - + - +: pairs won 4 − (… ties half) */
    scored rows[] = {{1, true}, {3, false}, {4, true}, {3, true}, {2, false}};
    metrics_sort(rows, 5);
    /* positives 4, 3, 1 against negatives 3, 2: 2 + 1.5 + 0 of 6 */
    assert_true(fabs(metrics_auc(rows, 5) - 3.5 / 6) < 1e-12);
    /* steps: 1 of 1; 2 of 3; 3 of 5 */
    assert_true(fabs(metrics_average_precision(rows, 5) - (1.0 + 2.0 / 3 + 3.0 / 5) / 3) < 1e-12);
    assert_true(isnan(metrics_auc(rows, 1)));
    scored odds[] = {{0.9, true}, {0.8, true}, {0.7, false}, {0.2, true}, {0.1, false}};
    assert_true(metrics_threshold(odds, 5, SLUICE_THRESHOLD_ALERTS, 2) == 0.8);
    assert_true(metrics_threshold(odds, 5, SLUICE_THRESHOLD_ALERTS, 2.9) == 0.8);
    assert_true(isinf(metrics_threshold(odds, 5, SLUICE_THRESHOLD_ALERTS, 0)));
    assert_true(metrics_threshold(odds, 5, SLUICE_THRESHOLD_ALERTS, 99) == 0.1);
    /* Ties are never cut: two of 0.8 do not fit into one alert beside 0.9. */
    scored ties[] = {{0.9, true}, {0.8, true}, {0.8, false}};
    assert_true(metrics_threshold(ties, 3, SLUICE_THRESHOLD_ALERTS, 2) == 0.9);
    /* To be expected of the two highest: F1 2·1.7 ÷ (2 + 2.1), the highest; of one .58, of three .78. Labels, which are
     * all wrong here, do not matter. */
    scored sure[] = {{0.9, false}, {0.8, false}, {0.3, true}, {0.1, true}};
    assert_true(fabs(metrics_threshold(sure, 4, SLUICE_THRESHOLD_F1, 0) - 0.55) < 1e-12);
    assert_true(fabs(metrics_threshold(sure, 4, SLUICE_THRESHOLD_MACRO_F1, 0) - 0.55) < 1e-12);
    scored all[] = {{0.7, true}, {0.7, true}};
    assert_true(metrics_threshold(all, 2, SLUICE_THRESHOLD_F1, 0) == 0.7);
}

static void calibration_is_monotone(void **state) {
    (void)state;
    enum { COUNT = 1000 };
    static double margins[COUNT];
    static bool positives[COUNT];
    uint64_t random = seed;
    for (int shape = 0; shape < 2; shape++) {
        for (size_t i = 0; i < COUNT; i++) {
            margins[i] = uniform(&random) * 8 - 4;
            double p = shape == 0        ? 1 / (1 + exp(-(0.5 * margins[i] - 1)))
                       : margins[i] > 2  ? 0.3
                       : margins[i] > -1 ? 0.6
                                         : 0.01;
            positives[i] = uniform(&random) < p;
        }
        calibration c = {0};
        assert_true(calibration_fit(&c, margins, positives, COUNT));
        assert_true(shape == 0 || c.kind == CALIBRATION_ISOTONIC); /* steps are no sigmoid */
        double before = -1;
        for (int m = -900; m < 900; m++) {
            double p = calibration_apply(&c, m / 100.0);
            assert_true(p > before && p > 0 && p < 1);
            before = p;
        }
        assert_true(shape == 1 || fabs(calibration_apply(&c, 0) - 0.269) < 0.13);
        calibration_fini(&c);
    }
}

/* ---- tables ---- */

static char rejected_text[2000], left_text[500];

static void on_rejected(void *context, uint64_t line, const char *column, const char *reason) {
    (void)context;
    size_t used = strlen(rejected_text);
    (void)snprintf(rejected_text + used, sizeof rejected_text - used, "%llu %s %s;", (unsigned long long)line, column,
                   reason);
}

static void on_left(void *context, const char *column, const char *reason) {
    (void)context;
    (void)reason;
    (void)snprintf(left_text, sizeof left_text, "%s", column);
}

static void a_table_from_csv(void **state) {
    (void)state;
    char text[6000] = "id,amount,channel,when,\"label\",flag,unused\n";
    for (int i = 0; i < 40; i++) {
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, "key%d,%s,%s,2026-01-%02d,%s,%s,zz\n", i,
                       i == 3   ? ""
                       : i == 5 ? "much"
                                : "1.5e3",
                       i % 3 == 0 ? "手机" : "\"web, site\"", i % 28 + 1,
                       i == 7       ? ""
                       : i % 2 == 0 ? "1.0"
                                    : "0",
                       i == 9 ? "NaN" : "true");
    }
    size_t written = strlen(text);
    (void)snprintf(text + written, sizeof text - written, "%s",
                   "short,row\n\nkey40,1e99,x,2026-01-01,1,false,zz\nkey41,1,x,someday,1,false,zz\n");
    const char *path = tool_path("table.csv"), *const ignore[] = {"unused"};
    write_file(path, text);
    sluice_table_options options = {.size = sizeof options,
                                    .label = "label",
                                    .time = "when",
                                    .ignore = ignore,
                                    .ignore_count = 1,
                                    .rejected = on_rejected,
                                    .left_out = on_left};
    sluice_table *table = NULL;
    sluice_table_summary summary;
    sluice_error error = {0};
    OK(sluice_table_read(path, &options, &table, &summary, &error));
    assert_int_equal(summary.rows, 40); /* 42 − much − someday; the short line is a row too */
    assert_int_equal(summary.rejected, 3);
    assert_int_equal(summary.labelled, 39);
    assert_string_equal(left_text, "id");
    assert_non_null(strstr(rejected_text, "7 amount expected a number"));
    assert_non_null(strstr(rejected_text, "42  2 fields where the header has 7"));
    assert_non_null(strstr(rejected_text, "45 when expected a time"));
    assert_int_equal(sluice_table_column_count(table), 3);
    assert_string_equal(sluice_table_column_name(table, 1), "channel");
    assert_true(isnan(table->values[3 * 3]));
    assert_true(table->values[(table->row_count - 1) * 3] == TABLE_VALUE_MAX);
    assert_int_equal(table->columns[1].category_count, 3);
    assert_int_equal(table->label_count, 2); /* 1.0 and 1 are one */
    assert_int_equal(table_find_row(table, 5), SIZE_MAX);
    assert_int_equal(table_find_row(table, 6), 5); /* rows keep the numbers of the file */
    write_file(path, "src,dst,w\n0,1,2\n5,6\n6,40,0.5\n1,1\n");
    assert_int_equal(sluice_table_read_edges(table, path, &error), SLUICE_OK);
    assert_int_equal(table->edge_count, 1); /* of rejected rows and to itself: passed over */
    write_file(path, "src,dst\n0,1\n0,x\n");
    assert_int_equal(sluice_table_read_edges(table, path, &error), SLUICE_E_INPUT);
    assert_non_null(strstr(error.text, ":3: dst"));
    options.label = "lable";
    sluice_table *none = NULL;
    write_file(path, text);
    assert_int_equal(sluice_table_read(path, &options, &none, &summary, &error), SLUICE_E_INPUT);
    assert_non_null(strstr(error.text, "lable"));
    sluice_table_free(&table);
}

static void splits(void **state) {
    (void)state;
    sluice_error error = {0};
    sluice_table *table = draw_table(500, 2, seed);
    size_t counts[4] = {0}, first_test = SIZE_MAX, last_train = 0;
    OK(sluice_table_split_stratified(table, 9, &error));
    uint8_t *before = memory_new(500);
    assert_non_null(before);
    memcpy(before, table->parts, 500);
    for (size_t row = 0; row < 500; row++) {
        counts[table->parts[row]]++;
    }
    assert_int_equal(counts[SLUICE_PART_NONE], 0);
    assert_true(counts[SLUICE_PART_TRAIN] >= 299 && counts[SLUICE_PART_TRAIN] <= 301);
    OK(sluice_table_split_stratified(table, 10, &error));
    assert_memory_not_equal(before, table->parts, 500);
    OK(sluice_table_split_stratified(table, 9, &error));
    assert_memory_equal(before, table->parts, 500);
    OK(sluice_table_split_time(table, &error));
    for (size_t row = 0; row < 500; row++) {
        last_train = table->parts[row] == SLUICE_PART_TRAIN ? row : last_train;
        first_test = table->parts[row] == SLUICE_PART_TEST && first_test == SIZE_MAX ? row : first_test;
    }
    assert_int_equal(last_train, 299);
    assert_int_equal(first_test, 400);
    for (size_t row = 0; row < 500; row++) {
        table->times[row] = row < 350 ? 1 : 2; /* one instant is not cut */
    }
    OK(sluice_table_split_time(table, &error));
    assert_int_equal(table->parts[0], table->parts[349]);
    const char *path = tool_path("split.json");
    write_file(path, "{\"train\": [0, 1], \"val\": [2], \"test\": [499]}");
    OK(sluice_table_split_read(table, path, &error));
    assert_int_equal(sluice_table_part_of(table, 2), SLUICE_PART_VALIDATION);
    assert_int_equal(sluice_table_part_of(table, 3), SLUICE_PART_NONE);
    static const char *const WRONG[] = {
        "{\"train\": [0, 500]}", "{\"train\": [0], \"val\": [0]}", "{\"train\": [-1]}", "{\"train\": 7}", "[]", "{"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        write_file(path, WRONG[i]);
        assert_int_equal(sluice_table_split_read(table, path, &error), SLUICE_E_INPUT);
        assert_non_null(strstr(error.text, "split.json"));
    }
    memory_free(before);
    sluice_table_free(&table);
}

/* ---- training ---- */

static void check_reasons(const sluice_model *model, const float *row, size_t features) {
    float contributions[64], base = 0;
    sluice_model_score score;
    sluice_error error = {0};
    assert_true(features <= 64);
    sluice_model_score_row(model, row, &score);
    OK(sluice_model_reasons(model, row, contributions, &base, &error));
    double sum = (double)base;
    for (size_t i = 0; i < features; i++) {
        sum += (double)contributions[i];
    }
    assert_true(fabs(sum - (double)score.margin) < 1e-4 * fmax(1, fabs((double)score.margin)));
}

static void same_scores(const sluice_model *a, const sluice_model *b, const sluice_table *table) {
    for (size_t row = 0; row < table->row_count; row += 7) {
        sluice_model_score x, y;
        sluice_model_score_row(a, table->values + row * 3, &x);
        sluice_model_score_row(b, table->values + row * 3, &y);
        assert_memory_equal(&x.margin, &y.margin, sizeof x.margin);
        assert_memory_equal(&x.probability, &y.probability, sizeof x.probability);
        check_reasons(a, table->values + row * 3, 3);
    }
}

static void two_classes(void **state) {
    (void)state;
    sluice_error error = {0};
    sluice_table *table = draw_table(600, 2, seed);
    sluice_model *model = NULL, *again = NULL, *read = NULL;
    sluice_train_options options = small();
    OK(sluice_table_split_stratified(table, 1, &error));
    options.threads = 1;
    OK(sluice_model_train(table, &options, &model, &error));
    options.threads = 3;
    OK(sluice_model_train(table, &options, &again, &error));
    assert_string_equal(model_sha256(model), model_sha256(again)); /* on any number of threads the same file */
    sluice_model_report *report = NULL;
    sluice_model_figures f = figures_of(model, table, SLUICE_PART_TEST, &report);
    assert_true(f.auc > 0.9 && f.macro_f1 > 0.75);
    assert_int_equal(f.confusion[0] + f.confusion[1] + f.confusion[2] + f.confusion[3], f.rows);
    assert_int_equal(f.alerts, f.confusion[1] + f.confusion[3]);
    uint64_t binned = 0;
    for (size_t b = 0; b < SLUICE_RELIABILITY_BINS; b++) {
        binned += f.bins[b].count;
    }
    assert_int_equal(binned, f.rows);
    char *text = NULL;
    size_t length = 0;
    for (int format = 0; format < 2; format++) {
        OK(sluice_model_report_render(report, (sluice_model_format)format, &text, &length, &error));
        assert_int_equal(strlen(text), length);
        assert_non_null(strstr(text, format == 0 ? "macro-F1" : "\"macro_f1\": "));
        sluice_text_free(&text);
    }
    sluice_model_report_free(&report);
    const char *path = tool_path("model.json");
    OK(sluice_model_save(model, path, &error));
    OK(sluice_model_open(path, &read, &error));
    assert_string_equal(model_sha256(model), model_sha256(read));
    same_scores(model, read, table);
    OK(sluice_model_card(read, &text, &length, &error));
    static const char *const LINES[] = {"2026-01-02", "| macro-F1 |", "四眼", "four eyes", "`a` |"};
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        assert_non_null(strstr(text, LINES[i]));
    }
    sluice_text_free(&text);
    sluice_model_free(&model);
    sluice_model_free(&again);
    sluice_model_free(&read);
    sluice_table_free(&table);
}

/* A job of a fold is a job whose training and validation rows were put apart by hand. */
static void folds(void **state) {
    (void)state;
    enum { ROWS = 300, COLUMNS = 3 };
    sluice_error error = {0};
    sluice_table *table = draw_table(ROWS, 2, seed + 7);
    static float labels[ROWS], values[2][ROWS * COLUMNS], apart[2][ROWS];
    static uint8_t fold_of[ROWS];
    size_t counts[2] = {0, 0};
    for (size_t row = 0; row < ROWS; row++) {
        fold_of[row] = (uint8_t)(row * 7 % 3);
        labels[row] = (float)table->labels[row];
        size_t k = fold_of[row] == 1;
        memcpy(values[k] + counts[k] * COLUMNS, table->values + row * COLUMNS, COLUMNS * sizeof(float));
        apart[k][counts[k]++] = labels[row];
    }
    boost_data folded = {
        .train = {table->values, labels, ROWS}, .fold_of = fold_of, .column_count = COLUMNS, .class_count = 2};
    boost_data by_hand = {.train = {values[0], apart[0], counts[0]},
                          .validation = {values[1], apart[1], counts[1]},
                          .column_count = COLUMNS,
                          .class_count = 2};
    boost_job one = {.parameters = {0.1, 3, 1, 0.8, 0.5, 1, 1}, .seed = 3, .fold = 1, .rounds_max = 20, .patience = 5};
    boost_job two[2] = {one, one};
    two[0].fold = 2;
    OK(boost_run(&folded, two, 2, 1, NULL, NULL, &error));
    OK(boost_run(&by_hand, &one, 1, 1, NULL, NULL, &error));
    assert_int_equal(one.rounds, two[1].rounds);
    assert_memory_equal(one.margins, two[1].margins, counts[1] * sizeof *one.margins);
    assert_string_equal(one.json, two[1].json);
    assert_string_not_equal(one.json, two[0].json);
    boost_jobs_fini(two, 2);
    boost_jobs_fini(&one, 1);
    sluice_table_free(&table);
}

static void cross_fitted(void **state) {
    (void)state;
    sluice_error error = {0};
    sluice_table *table = draw_table(1000, 2, seed + 5);
    sluice_model *model = NULL, *again = NULL, *held_out = NULL;
    sluice_train_options options = small();
    uint64_t random = seed + 6;
    options.boosters = 4;
    for (size_t row = 0; row < table->row_count; row++) {
        table->times[row] = TABLE_NO_TIME;
        table->labels[row] = uniform(&random) < 0.4;
    }
    table->has_times = false;
    OK(sluice_table_split_stratified(table, 1, &error));
    options.threads = 1;
    OK(sluice_model_train(table, &options, &model, &error));
    options.threads = 3;
    OK(sluice_model_train(table, &options, &again, &error));
    assert_string_equal(model_sha256(model), model_sha256(again));
    assert_non_null(strstr(model->text, "\"cross_fitted\": true"));
    const char *validation = strstr(model->text, "\"validation\": {"), *auc = strstr(validation, "\"auc\": ");
    double said = strtod(auc + strlen("\"auc\": "), NULL);
    sluice_model_report *report = NULL;
    sluice_model_figures f = figures_of(model, table, SLUICE_PART_VALIDATION, &report);
    assert_true(said > 0.3 && said < 0.7 && fabs(said - f.auc) > 1e-9); /* not by trees that have seen the rows */
    sluice_model_report_free(&report);
    /* Test rows, turned round, change nothing but the figures. */
    sluice_model_free(&again);
    for (size_t row = 0; row < table->row_count; row++) {
        table->labels[row] ^= table->parts[row] == SLUICE_PART_TEST;
    }
    OK(sluice_model_train(table, &options, &again, &error));
    same_scores(model, again, table);
    options.holdout = true;
    OK(sluice_model_train(table, &options, &held_out, &error));
    assert_non_null(strstr(held_out->text, "\"cross_fitted\": false"));
    sluice_model_free(&model);
    sluice_model_free(&again);
    sluice_model_free(&held_out);
    sluice_table_free(&table);
}

static void alerts_a_day(void **state) {
    (void)state;
    sluice_error error = {0};
    sluice_table *table = draw_table(600, 2, seed + 1); /* an hour a row: validation spans five days */
    sluice_model *model = NULL;
    sluice_train_options options = small();
    options.threshold = SLUICE_THRESHOLD_ALERTS;
    options.alerts_per_day = 2;
    OK(sluice_table_split_time(table, &error));
    OK(sluice_model_train(table, &options, &model, &error));
    sluice_model_report *report = NULL;
    sluice_model_figures f = figures_of(model, table, SLUICE_PART_VALIDATION, &report);
    assert_true(f.alerts > 0 && f.alerts_per_day <= 2);
    sluice_model_report_free(&report);
    sluice_model_free(&model);
    for (size_t row = 0; row < table->row_count; row++) {
        table->times[row] = TABLE_NO_TIME;
    }
    table->has_times = false;
    assert_int_equal(sluice_model_train(table, &options, &model, &error), SLUICE_E_INVALID);
    assert_non_null(strstr(error.text, "--days"));
    sluice_table_free(&table);
}

static void more_classes(void **state) {
    (void)state;
    sluice_error error = {0};
    sluice_table *table = draw_table(900, 3, seed + 2);
    sluice_model *model = NULL, *read = NULL;
    sluice_train_options options = small();
    OK(sluice_table_split_stratified(table, 1, &error));
    OK(sluice_model_train(table, &options, &model, &error));
    sluice_model_view view = {.size = sizeof view};
    sluice_model_view_get(model, &view);
    assert_int_equal(view.kind, SLUICE_MODEL_CLASSES);
    assert_int_equal(view.class_count, 3);
    assert_string_equal(view.classes[2], "kind2");
    sluice_model_report *report = NULL;
    sluice_model_figures f = figures_of(model, table, SLUICE_PART_TEST, &report);
    assert_int_equal(f.class_count, 3);
    assert_true(f.macro_f1 > 0.7 && f.auc > 0.85);
    sluice_model_report_free(&report);
    const char *path = tool_path("classes.json");
    OK(sluice_model_save(model, path, &error));
    OK(sluice_model_open(path, &read, &error));
    same_scores(model, read, table);
    sluice_model_free(&model);
    sluice_model_free(&read);
    sluice_table_free(&table);
}

static void without_labels(void **state) {
    (void)state;
    sluice_error error = {0};
    sluice_table *table = draw_table(400, 2, seed + 3);
    sluice_model *model = NULL, *read = NULL;
    sluice_train_options options = small();
    options.unsupervised = true;
    OK(sluice_model_train(table, &options, &model, &error));
    const char *path = tool_path("outlier.json");
    OK(sluice_model_save(model, path, &error));
    OK(sluice_model_open(path, &read, &error));
    same_scores(model, read, table);
    sluice_model_score usual, odd;
    sluice_model_score_row(read, (const float[]){5, 5, 0.5f}, &usual);
    sluice_model_score_row(read, (const float[]){500, 500, 0.5f}, &odd);
    assert_true(odd.margin > usual.margin && odd.probability > 0.99 && usual.probability < 0.6);
    sluice_model_free(&model);
    sluice_model_free(&read);
    sluice_table_free(&table);
}

/* ---- the graph ---- */

/* Labels of rows that do not train change no feature; a training row's own label changes none of its own. */
static void no_leakage(void **state) {
    (void)state;
    enum { ROWS = 60, EDGES = 150 };
    sluice_error error = {0};
    static const char *const CLASSES[] = {"1"};
    sluice_table *table = draw_table(ROWS, 2, seed + 4);
    sluice_table_edge edges[EDGES];
    uint64_t random = seed + 5;
    for (size_t e = 0; e < EDGES; e++) {
        edges[e] = (sluice_table_edge){(uint32_t)random_below(&random, ROWS), (uint32_t)random_below(&random, ROWS), 1};
    }
    OK(sluice_table_set_edges(table, edges, EDGES, &error));
    OK(sluice_table_split_stratified(table, 1, &error));
    rows_source before, after;
    OK(rows_open(table, CLASSES, 1, true, NULL, &before, &error));
    for (size_t row = 0; row < ROWS; row++) {
        uint32_t own = table->labels[row];
        table->labels[row] = own == 0 ? 1 : 0;
        OK(rows_open(table, CLASSES, 1, true, NULL, &after, &error));
        size_t changed = 0;
        for (size_t other = 0; other < ROWS; other++) {
            const float *x = before.graph + other * before.graph_count, *y = after.graph + other * after.graph_count;
            for (size_t g = 0; g < before.graph_count; g++) {
                /* The class's share in training shifts all smoothed shares a little: labels are counted exactly. */
                bool counted = strncmp(before.graph_names[g], "graph.count", 11) == 0;
                bool differs = !(x[g] == y[g] || (isnan(x[g]) && isnan(y[g])));
                changed += counted && differs;
                assert_false(table->parts[row] != SLUICE_PART_TRAIN && differs);
                assert_false(counted && other == row && differs);
            }
        }
        assert_true(table->parts[row] == SLUICE_PART_TRAIN || changed == 0);
        rows_close(&after);
        table->labels[row] = own;
    }
    rows_close(&before);
    sluice_table_free(&table);
}

/* Two rings of rows that nothing but the graph tells apart. */
static void the_graph_helps(void **state) {
    (void)state;
    enum { ROWS = 400 };
    sluice_error error = {0};
    static const char *const COLUMNS[] = {"noise"};
    sluice_table *table = NULL;
    OK(sluice_table_new(COLUMNS, 1, &table, &error));
    uint64_t random = seed + 6;
    for (size_t row = 0; row < ROWS; row++) {
        float value = (float)uniform(&random);
        OK(sluice_table_add(table, &value, text_of(row % 2 == 0 ? "0" : "1"), TABLE_NO_TIME, &error));
    }
    sluice_table_edge *edges = memory_new(3 * ROWS * sizeof *edges);
    assert_non_null(edges);
    for (size_t e = 0; e < 3 * (size_t)ROWS; e++) {
        uint32_t from = (uint32_t)random_below(&random, ROWS);
        edges[e] = (sluice_table_edge){from, (uint32_t)(random_below(&random, ROWS / 2) * 2 + from % 2), 1};
    }
    OK(sluice_table_set_edges(table, edges, 3 * (size_t)ROWS, &error));
    OK(sluice_table_split_stratified(table, 1, &error));
    sluice_model *model = NULL;
    sluice_train_options options = small();
    OK(sluice_model_train(table, &options, &model, &error));
    sluice_model_report *report = NULL;
    sluice_model_figures f = figures_of(model, table, SLUICE_PART_TEST, &report);
    assert_true(f.auc > 0.85);
    sluice_model_report_free(&report);
    sluice_model_free(&model);
    memory_free(edges);
    sluice_table_free(&table);
}

/* ---- in the engine ---- */

static sluice_model *tiny_model(const char *feature);

/* Edges drawn blindly say nothing: each booster has a twin without them, in the same fold. */
static void twins_without_the_graph(void **state) {
    (void)state;
    enum { ROWS = 2000, COLUMNS = 3 };
    sluice_error error = {0};
    sluice_table *table = draw_table(ROWS, 2, seed + 7);
    sluice_table_edge edges[ROWS];
    uint64_t random = seed + 8;
    for (size_t e = 0; e < ROWS; e++) {
        edges[e] = (sluice_table_edge){(uint32_t)random_below(&random, ROWS), (uint32_t)random_below(&random, ROWS), 1};
    }
    for (size_t row = 0; row < ROWS; row++) { /* nor do the columns: no set of features is clearly better */
        table->labels[row] = uniform(&random) < 0.5;
    }
    table->has_times = false;
    OK(sluice_table_set_edges(table, edges, ROWS, &error));
    OK(sluice_table_split_stratified(table, 1, &error));
    sluice_model *model = NULL, *again = NULL;
    sluice_train_options options = small();
    options.boosters = 4;
    options.threads = 1;
    OK(sluice_model_train(table, &options, &model, &error));
    assert_int_equal(model->booster_count, 8);
    assert_non_null(strstr(model->text, "\"half_without_graph\": true"));
    assert_non_null(strstr(model->text, "\"cross_fitted\": true"));
    options.threads = 3;
    OK(sluice_model_train(table, &options, &again, &error));
    assert_string_equal(model_sha256(model), model_sha256(again));
    /* A twin does not look at the graph's features. */
    assert_true(model->feature_count > COLUMNS && strncmp(model->features[COLUMNS], "graph.", 6) == 0);
    float *there = memory_new(model->feature_count * sizeof *there);
    float *missing = memory_new(model->feature_count * sizeof *missing);
    assert_true(there != NULL && missing != NULL);
    for (size_t i = 0; i < model->feature_count; i++) {
        there[i] = i < COLUMNS ? 0.5f : 0.9f;
        missing[i] = i < COLUMNS ? 0.5f : NAN;
    }
    for (size_t i = options.boosters; i < model->booster_count; i++) {
        float with = 0, without = 0;
        model_trees_margins(model->boosters[i], there, &with);
        model_trees_margins(model->boosters[i], missing, &without);
        assert_true(with == without);
    }
    memory_free(there);
    memory_free(missing);
    sluice_model_free(&model);
    sluice_model_free(&again);
    sluice_table_free(&table);
}

static void binds_to_features(void **state) {
    (void)state;
    sluice_error error = {0};
    static const char *const NAMES[] = {"payer.in_count", "payer.in_night_share_24h"};
    feature_value values[8] = {{.i = 3}, {.i = 0}};
    for (size_t i = 0; i < 2; i++) {
        feature_plan *plan = feature_plan_new();
        sluice_model *model = tiny_model(NAMES[i]);
        uint32_t slot = 0;
        float row = 0;
        assert_non_null(plan);
        OK(model_bind(model, plan, &slot, &error));
        assert_int_equal(feature_plan_count(plan), 1);
        values[0] = i == 0 ? (feature_value){.i = 3} : (feature_value){.d = 0.25};
        model_row(model, &slot, values, &row);
        assert_true(row == (i == 0 ? 3.0f : 0.25f));
        values[0].is_missing = true;
        model_row(model, &slot, values, &row);
        assert_true(isnan(row));
        sluice_model_free(&model);
        feature_plan_free(&plan);
    }
    feature_plan *plan = feature_plan_new();
    sluice_model *model = tiny_model("phone2opposite_mean");
    uint32_t slot = 0;
    assert_int_equal(model_bind(model, plan, &slot, &error), SLUICE_E_INPUT);
    assert_non_null(strstr(error.text, "phone2opposite_mean"));
    sluice_model_free(&model);
    feature_plan_free(&plan);
}

/* ---- what goes wrong ---- */

static void wrong_calls(void **state) {
    (void)state;
    sluice_error error = {0};
    sluice_model *model = NULL;
    sluice_train_options options = small();
    sluice_table *table = draw_table(100, 2, seed);
    assert_int_equal(sluice_model_train(table, &options, &model, &error), SLUICE_E_INVALID); /* no split */
    for (size_t row = 0; row < 100; row++) {
        OK(sluice_table_set_part(table, row, SLUICE_PART_TRAIN, &error));
    }
    assert_int_equal(sluice_model_train(table, &options, &model, &error), SLUICE_E_INVALID); /* nothing validates */
    assert_non_null(strstr(error.text, "val"));
    OK(sluice_table_split_stratified(table, 1, &error));
    options.positive = "7";
    assert_int_equal(sluice_model_train(table, &options, &model, &error), SLUICE_E_INVALID);
    options = small();
    options.boosters = 65;
    assert_int_equal(sluice_model_train(table, &options, &model, &error), SLUICE_E_INVALID);
    assert_int_equal(sluice_table_set_part(table, 100, SLUICE_PART_TRAIN, &error), SLUICE_E_INVALID);
    static const char *const TWICE[] = {"x", "x"};
    sluice_table *none = NULL;
    assert_int_equal(sluice_table_new(TWICE, 2, &none, &error), SLUICE_E_INVALID);
    assert_int_equal(sluice_model_open(tool_path("absent.json"), &model, &error), SLUICE_E_NOT_FOUND);
    sluice_table_free(&table);
}

/* A small model of one tree: x < 0.5 → -1, else 1. */
static const char TINY[] =
    "{\"format\":\"sluice-model\",\"version\":1,\"kind\":\"binary\",\"features\":[{\"name\":\"x\",\"importance\":1}],"
    "\"classes\":[\"0\",\"1\"],\"calibration\":{\"kind\":\"platt\",\"a\":2,\"b\":0.5},\"threshold\":{\"probability\":0."
    "5},"
    "\"boosters\":[{\"learner\":{\"gradient_booster\":{\"model\":{\"tree_info\":[0],\"trees\":[{\"categories\":[],"
    "\"default_left\":[0,0,0],\"left_children\":[1,-1,-1],\"right_children\":[2,-1,-1],\"split_conditions\":[0.5,-1,1],"
    "\"split_indices\":[0,0,0],\"sum_hessian\":[4,2,2]}]},\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":"
    "\"5E-1\",\"num_class\":\"0\"},\"objective\":{\"name\":\"binary:logistic\"}}}]}";

static sluice_model *tiny_model(const char *feature) {
    char *text = memory_new(sizeof TINY + 100);
    const char *at = strstr(TINY, "\"x\"");
    sluice_model *model = NULL;
    sluice_error error = {0};
    assert_non_null(text);
    int length = snprintf(text, sizeof TINY + 100, "%.*s\"%s\"%s", (int)(at - TINY), TINY, feature, at + 3);
    OK(model_parse(text, (size_t)length, &model, &error));
    return model;
}

static sluice_result parse(const char *find, const char *replace, sluice_error *error) {
    char *text = memory_new(sizeof TINY + 200);
    const char *at = strstr(TINY, find);
    assert_non_null(text);
    assert_non_null(at);
    int length = snprintf(text, sizeof TINY + 200, "%.*s%s%s", (int)(at - TINY), TINY, replace, at + strlen(find));
    sluice_model *model = NULL;
    sluice_result result = model_parse(text, (size_t)length, &model, error);
    if (result == SLUICE_OK) {
        sluice_model_score score;
        sluice_model_score_row(model, (const float[]){0.75f}, &score);
        assert_true(score.margin == 1 && fabs(score.probability - 1 / (1 + exp(-2.5))) < 1e-12 &&
                    score.class_index == 1);
        sluice_model_score_row(model, (const float[]){NAN}, &score);
        assert_true(score.margin == 1); /* missing goes right here */
        check_reasons(model, (const float[]){0.25f}, 1);
        sluice_model_free(&model);
    } else {
        memory_free(text);
    }
    return result;
}

static void hostile_files(void **state) {
    (void)state;
    sluice_error error = {0};
    OK(parse("{", "{", &error));
    static const char *const WRONG[][2] = {
        {"sluice-model", "other"},
        {"\"binary\"", "\"triple\""},
        {"\"binary\"", "\"classes\""},
        {"\"binary\"", "\"outlier\""},
        {"[{\"name\":\"x\",\"importance\":1}]", "[]"},
        {"\"name\":\"x\"", "\"name\":7"},
        {"\"name\":\"x\"", "\"name\":\"\\u0000\""},
        {"[\"0\",\"1\"]", "[\"0\"]"},
        {"\"platt\"", "\"temperature\""},
        {"\"platt\"", "\"isotonic\""},
        {"\"a\":2", "\"a\":-2"},
        {"\"a\":2", "\"a\":1e999"},
        {"\"probability\":0.5", "\"probability\":1.5"},
        {"\"probability\":0.5", "\"probability\":NaN"},
        {"[{\"learner\"", "[7,{\"learner\""},
        {"\"num_class\":\"0\"", "\"num_class\":\"3\""},
        {"[0,0,0],\"sum", "[1,0,0],\"sum"},
        {"}}}]}", "}}}"},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        if (parse(WRONG[i][0], WRONG[i][1], &error) != SLUICE_E_INPUT) {
            fail_msg("%s for %s: %s", WRONG[i][1], WRONG[i][0], error.text);
        }
        assert_true(strlen(error.text) > 20);
    }
    assert_int_equal(parse("\"version\":1", "\"version\":2", &error), SLUICE_E_NEWER);
}

static void memory_runs_out(void **state) {
    (void)state;
    sluice_error error = {0};
    sluice_table *table = draw_table(60, 2, seed);
    OK(sluice_table_split_stratified(table, 1, &error));
    sluice_train_options options = small();
    options.boosters = 1;
    options.rounds_max = 2;
    options.threads = 1;
    options.unsupervised = true; /* allocations of the workers' threads do not count */
    sluice_result result = SLUICE_E_NO_MEMORY;
    for (int64_t n = 0; result != SLUICE_OK; n++) {
        sluice_model *model = NULL;
        memory_fail_after(n);
        result = sluice_model_train(table, &options, &model, &error);
        memory_fail_after(-1);
        assert_true(result == SLUICE_OK || result == SLUICE_E_NO_MEMORY);
        assert_true((result == SLUICE_OK) == (model != NULL));
        sluice_model_free(&model);
        assert_true(n < 5000);
    }
    sluice_table_free(&table);
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_by_hand),
        cmocka_unit_test(calibration_is_monotone),
        cmocka_unit_test(a_table_from_csv),
        cmocka_unit_test(splits),
        cmocka_unit_test(two_classes),
        cmocka_unit_test(alerts_a_day),
        cmocka_unit_test(folds),
        cmocka_unit_test(cross_fitted),
        cmocka_unit_test(more_classes),
        cmocka_unit_test(without_labels),
        cmocka_unit_test(no_leakage),
        cmocka_unit_test(the_graph_helps),
        cmocka_unit_test(twins_without_the_graph),
        cmocka_unit_test(binds_to_features),
        cmocka_unit_test(wrong_calls),
        cmocka_unit_test(hostile_files),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
