/* Training, step by step:
 *
 *   1 classes and rows of each part; features of the graph, labels of training rows alone
 *   2 hyper-parameters, by a small search on validation (model_search.c)
 *   3 several boosters with the chosen ones, by different seeds and on different folds; their margins are averaged
 *     (model_grow.c)
 *   4 calibration and threshold, on validation
 *   5 figures on validation and test; importances; the file's text
 *
 * Without labels: ECOD over the training rows (all rows, when there is no split).
 *
 * Memory: 4 bytes a value of training and validation rows, and what libxgboost takes (model_boost.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/time.h"
#include "detect/model_metrics_private.h"
#include "detect/model_train_private.h"
#include "sys/thread.h"

enum { IMPORTANCE_ROWS = 1000, MANY_ROWS = 100000, MANY_ROWS_BOOSTERS = 2, THREADS_DEFAULT = 8 };

/* ---- 1: classes and rows ---- */

static int compare_classes(const void *a, const void *b) {
    const char *left = *(const char *const *)a, *right = *(const char *const *)b;
    float x = 0, y = 0;
    bool numbers = table_parse_number(text_of(left), &x) && table_parse_number(text_of(right), &y) && !isnan(x) &&
                   !isnan(y) && x != y;
    return numbers ? (x > y) - (x < y) : strcmp(left, right);
}

static bool means_positive(const char *name) {
    static const char *const NAMES[] = {"1", "true", "True", "TRUE", "yes", "fraud", "是"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (strcmp(name, NAMES[i]) == 0) {
            return true;
        }
    }
    return false;
}

static uint64_t count_label(const training *t, const char *name) {
    uint64_t count = 0;
    for (size_t row = 0; row < t->table->row_count; row++) {
        uint32_t label = t->table->labels[row];
        count += t->table->parts[row] == SLUICE_PART_TRAIN && label != TABLE_NO_LABEL &&
                 strcmp(t->table->label_names[label], name) == 0;
    }
    return count;
}

/* Of two classes the one to find comes second. */
static sluice_result order_two(training *t) {
    const char **classes = t->model->classes;
    const char *wanted = t->options.positive;
    if (wanted != NULL && strcmp(wanted, classes[0]) != 0 && strcmp(wanted, classes[1]) != 0) {
        return error_set(t->error, SLUICE_E_INVALID, "the positive class %s is none of the labels %s and %s", wanted,
                         classes[0], classes[1]);
    }
    bool first = wanted != NULL               ? strcmp(wanted, classes[0]) == 0
                 : means_positive(classes[1]) ? false
                 : means_positive(classes[0]) ? true
                                              : count_label(t, classes[0]) < count_label(t, classes[1]);
    if (first) {
        const char *other = classes[0];
        classes[0] = classes[1];
        classes[1] = other;
    }
    return SLUICE_OK;
}

static sluice_result find_classes(training *t) {
    const sluice_table *table = t->table;
    sluice_model *m = t->model;
    m->classes = memory_new_zero(table->label_count + 1, sizeof *m->classes);
    t->class_of_label = memory_new((table->label_count + 1) * sizeof *t->class_of_label);
    if (m->classes == NULL || t->class_of_label == NULL) {
        return error_no_memory(t->error, table->label_count * sizeof *m->classes);
    }
    for (size_t label = 0; label < table->label_count; label++) {
        const char *name = table->label_names[label];
        if (count_label(t, name) > 0) {
            m->classes[m->class_count] = arena_copy(&m->texts, name, strlen(name) + 1);
            if (m->classes[m->class_count++] == NULL) {
                return error_no_memory(t->error, strlen(name));
            }
        }
    }
    if (m->class_count < 2) {
        return error_set(
            t->error, SLUICE_E_INVALID,
            "the training rows have %zu class%s; at least two are needed: is the label's column right, and "
            "the split?",
            m->class_count, m->class_count == 1 ? "" : "es");
    }
    if (m->class_count > MODEL_CLASSES_MAX) {
        return error_set(t->error, SLUICE_E_LIMIT, "%zu classes; a model has at most %u: is the label's column right?",
                         m->class_count, MODEL_CLASSES_MAX);
    }
    qsort(m->classes, m->class_count, sizeof *m->classes, compare_classes);
    m->kind = m->class_count == 2 ? SLUICE_MODEL_BINARY : SLUICE_MODEL_CLASSES;
    sluice_result result = m->class_count == 2 ? order_two(t) : SLUICE_OK;
    for (size_t label = 0; label < table->label_count; label++) {
        t->class_of_label[label] = TABLE_NO_LABEL;
        for (size_t k = 0; k < m->class_count; k++) {
            if (strcmp(table->label_names[label], m->classes[k]) == 0) {
                t->class_of_label[label] = (uint32_t)k;
            }
        }
    }
    return result;
}

static sluice_result open_features(training *t) {
    sluice_model *m = t->model;
    size_t skip = m->class_count == 2 ? 1 : 0;
    sluice_result result = rows_open(t->table, skip == 0 ? m->classes : m->classes + skip, m->class_count - skip,
                                     !t->options.unsupervised, NULL, &t->source, t->error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (!rows_names(&t->source, &t->names, &t->name_count)) {
        return error_no_memory(t->error, 0);
    }
    if (t->name_count > MODEL_FEATURES_MAX) {
        return error_set(t->error, SLUICE_E_LIMIT, "%zu features; a model has at most %u", t->name_count,
                         MODEL_FEATURES_MAX);
    }
    m->features = memory_new_zero(t->name_count, sizeof *m->features);
    m->importances = memory_new_zero(t->name_count, sizeof *m->importances);
    t->features = memory_new(t->name_count * sizeof *t->features);
    bool made = m->features != NULL && m->importances != NULL && t->features != NULL;
    for (size_t i = 0; i < t->name_count && made; i++) {
        t->names[i] = arena_copy(&m->texts, t->names[i], strlen(t->names[i]) + 1);
        made = t->names[i] != NULL;
    }
    return made ? SLUICE_OK : error_no_memory(t->error, t->name_count * sizeof *m->features);
}

static unsigned group_of(const char *name, const rows_feature *feature) {
    if (!feature->is_graph) {
        return FEATURES_TABLE;
    }
    return strncmp(name, "graph.mean(", 11) == 0 ? FEATURES_MEANS
           : strncmp(name, "graph.labelled", 14) == 0 || strncmp(name, "graph.count(", 12) == 0 ||
                   strncmp(name, "graph.share", 11) == 0
               ? FEATURES_LABELS
           : strncmp(name, "graph.place_", 12) == 0 ? FEATURES_PLACES
                                                    : FEATURES_STRUCTURE;
}

static sluice_result take_rows(training *t, sluice_part part, train_rows *out) {
    const sluice_table *table = t->table;
    bool all = part == SLUICE_PART_ALL;
    size_t count = 0, columns = t->model->feature_count;
    for (size_t row = 0; row < table->row_count; row++) {
        count += all || table->parts[row] == (uint8_t)part;
    }
    out->values = memory_new(count * columns * sizeof *out->values);
    out->labels = memory_new(count * sizeof *out->labels);
    out->rows = memory_new(count * sizeof *out->rows);
    if (out->values == NULL || out->labels == NULL || out->rows == NULL) {
        return error_no_memory(t->error, count * columns * sizeof *out->values);
    }
    for (size_t row = 0; row < table->row_count; row++) {
        if (!all && table->parts[row] != (uint8_t)part) {
            continue;
        }
        uint32_t class_index = 0;
        if (!t->options.unsupervised) {
            uint32_t label = table->labels[row];
            class_index = label == TABLE_NO_LABEL ? TABLE_NO_LABEL : t->class_of_label[label];
            if (class_index == TABLE_NO_LABEL) {
                continue; /* a class that no training row has */
            }
            out->by_class[class_index]++;
        }
        rows_get(&t->source, row, t->features, columns, out->values + out->count * columns);
        out->labels[out->count] = (float)class_index;
        out->rows[out->count++] = (uint32_t)row;
    }
    return SLUICE_OK;
}

static void free_rows(train_rows *rows) {
    memory_free(rows->values);
    memory_free(rows->labels);
    memory_free(rows->rows);
    *rows = (train_rows){0};
}

sluice_result train_select(training *t, unsigned features) {
    sluice_model *m = t->model;
    m->feature_count = 0;
    for (size_t i = 0; i < t->name_count; i++) {
        rows_feature found;
        if (rows_find(&t->source, t->names[i], &found) && (group_of(t->names[i], &found) & ~features) == 0) {
            t->features[m->feature_count] = found;
            m->features[m->feature_count++] = t->names[i];
        }
    }
    free_rows(&t->train);
    free_rows(&t->validation);
    bool all = t->options.unsupervised && !t->table->has_split;
    sluice_result result = take_rows(t, all ? SLUICE_PART_ALL : SLUICE_PART_TRAIN, &t->train);
    return result == SLUICE_OK ? take_rows(t, SLUICE_PART_VALIDATION, &t->validation) : result;
}

/* ---- 4: calibration and threshold ---- */

static sluice_result calibrate_classes(training *t) {
    sluice_model *m = t->model;
    size_t count = t->validation.count;
    float *margins = memory_new(count * m->class_count * sizeof *margins);
    uint32_t *labels = memory_new(count * sizeof *labels);
    bool made = margins != NULL && labels != NULL;
    for (size_t i = 0; i < count && made; i++) {
        model_margins(m, t->validation.values + i * m->feature_count, margins + i * m->class_count);
        labels[i] = (uint32_t)t->validation.labels[i];
    }
    made = made && calibration_fit_temperature(&m->calibrated, margins, labels, count, (uint32_t)m->class_count);
    memory_free(margins);
    memory_free(labels);
    return made ? SLUICE_OK : error_no_memory(t->error, count * sizeof *margins);
}

/* How many days validation spans. */
static sluice_result find_days(training *t) {
    int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;
    t->validation_days = t->options.days;
    for (size_t i = 0; i < t->validation.count && t->options.days <= 0 && t->table->has_times; i++) {
        int64_t time_ms = t->table->times[t->validation.rows[i]];
        if (time_ms != TABLE_NO_TIME) {
            first_ms = time_ms < first_ms ? time_ms : first_ms;
            last_ms = time_ms > last_ms ? time_ms : last_ms;
        }
    }
    if (last_ms > first_ms) {
        t->validation_days = fmax(1, (double)(last_ms - first_ms) / (double)TIME_DAY_MS);
    }
    if (t->options.threshold == SLUICE_THRESHOLD_ALERTS && t->validation_days <= 0) {
        return error_set(
            t->error, SLUICE_E_INVALID,
            "a threshold for alerts a day needs to know how many days validation spans: give the column of "
            "times (--time) or the number of days (--days)");
    }
    return SLUICE_OK;
}

static sluice_result set_threshold(training *t, scored *rows, size_t count, sluice_threshold_kind kind, double alerts) {
    metrics_sort(rows, count);
    t->model->threshold = metrics_threshold(rows, count, kind, alerts);
    if (isnan(t->model->threshold)) {
        return error_no_memory(t->error, count * sizeof *rows);
    }
    t->model->threshold = fmin(t->model->threshold, 1);
    return SLUICE_OK;
}

static sluice_result choose_threshold(training *t, const train_rows *on, sluice_threshold_kind kind, double alerts) {
    sluice_model *m = t->model;
    scored *rows = memory_new(on->count * sizeof *rows);
    if (rows == NULL) {
        return error_no_memory(t->error, on->count * sizeof *rows);
    }
    for (size_t i = 0; i < on->count; i++) {
        model_score_result score;
        model_score(m, on->values + i * m->feature_count, &score);
        rows[i] = (scored){score.probability, on->labels[i] > 0.5f};
    }
    sluice_result result = set_threshold(t, rows, on->count, kind, alerts);
    memory_free(rows);
    return result;
}

/* Cross-fitted: from the margins that each row got from the boosters that had not seen it. */
static sluice_result calibrate_held_out(training *t) {
    size_t count = t->train.count + t->validation.count;
    double *margins = memory_new(count * sizeof *margins);
    bool *positives = memory_new(count * sizeof *positives);
    scored *rows = memory_new(count * sizeof *rows);
    bool made = margins != NULL && positives != NULL && rows != NULL;
    for (size_t i = 0; i < count && made; i++) {
        const train_rows *part = i < t->train.count ? &t->train : &t->validation;
        margins[i] = (double)t->held_out[i];
        positives[i] = part->labels[i < t->train.count ? i : i - t->train.count] > 0.5f;
    }
    made = made && calibration_fit(&t->model->calibrated, margins, positives, count);
    for (size_t i = 0; i < count && made; i++) {
        rows[i] = (scored){calibration_apply(&t->model->calibrated, margins[i]), positives[i]};
    }
    sluice_result result =
        made ? set_threshold(t, rows, count, t->options.threshold, 0) : error_no_memory(t->error, count * sizeof *rows);
    memory_free(margins);
    memory_free(positives);
    memory_free(rows);
    return result;
}

static sluice_result calibrate_two(training *t) {
    sluice_model *m = t->model;
    size_t count = t->validation.count;
    double *margins = memory_new(count * sizeof *margins);
    bool *positives = memory_new(count * sizeof *positives);
    bool made = margins != NULL && positives != NULL;
    for (size_t i = 0; i < count && made; i++) {
        float margin = 0;
        model_margins(m, t->validation.values + i * m->feature_count, &margin);
        margins[i] = (double)margin;
        positives[i] = t->validation.labels[i] > 0.5f;
    }
    made = made && calibration_fit(&m->calibrated, margins, positives, count);
    memory_free(margins);
    memory_free(positives);
    if (!made) {
        return error_no_memory(t->error, count * sizeof *margins);
    }
    sluice_result result = find_days(t);
    return result == SLUICE_OK ? choose_threshold(t, &t->validation, t->options.threshold,
                                                  t->options.alerts_per_day * t->validation_days)
                               : result;
}

/* ---- 5: figures ---- */

/* Of the table's rows the margins that calibration saw, where they are not what the finished model says. */
static float *margins_of_rows(const training *t) {
    float *margins = memory_new((t->table->row_count + 1) * sizeof *margins);
    for (size_t i = 0; i < t->validation.count && margins != NULL; i++) {
        margins[t->validation.rows[i]] = t->held_out[t->train.count + i];
    }
    return margins;
}

static sluice_result judge(training *t) {
    bool test = false;
    for (size_t row = 0; row < t->table->row_count && !test; row++) {
        test = t->table->parts[row] == SLUICE_PART_TEST && t->table->labels[row] != TABLE_NO_LABEL;
    }
    sluice_result result = SLUICE_OK;
    if (t->validation.count > 0 && t->table->label_count > 0) {
        float *margins = t->cross_fitted ? margins_of_rows(t) : NULL;
        result = t->cross_fitted && margins == NULL
                     ? error_no_memory(t->error, t->table->row_count * sizeof *margins)
                     : report_make(t->model, &t->source, SLUICE_PART_VALIDATION, margins, &t->on_validation, t->error);
        memory_free(margins);
    }
    if (result == SLUICE_OK && test) {
        result = report_make(t->model, &t->source, SLUICE_PART_TEST, NULL, &t->on_test, t->error);
    }
    return result;
}

/* The mean of |contribution| over training rows at even steps. */
static sluice_result find_importances(training *t) {
    sluice_model *m = t->model;
    float *contributions = memory_new(m->feature_count * sizeof *contributions), base = 0;
    size_t step = t->train.count / IMPORTANCE_ROWS + 1, used = 0;
    bool made = contributions != NULL;
    for (size_t row = 0; row < t->train.count && made; row += step, used++) {
        made = model_reasons(m, t->train.values + row * m->feature_count, contributions, &base);
        for (size_t i = 0; i < m->feature_count && made; i++) {
            m->importances[i] += fabs((double)contributions[i]);
        }
    }
    for (size_t i = 0; i < m->feature_count && used > 0; i++) {
        m->importances[i] /= (double)used;
    }
    memory_free(contributions);
    return made ? SLUICE_OK : error_no_memory(t->error, m->feature_count * sizeof *contributions);
}

/* ---- the whole ---- */

static sluice_result check_options(training *t, const sluice_train_options *options) {
    sluice_train_options *o = &t->options;
    *o = options == NULL ? (sluice_train_options){.size = sizeof *o} : *options;
    if (o->size != sizeof *o || (unsigned)o->threshold > SLUICE_THRESHOLD_ALERTS || o->boosters > MODEL_BOOSTERS_MAX ||
        !(o->alerts_per_day >= 0) || !(o->days >= 0) || o->rounds_max > MODEL_TRAIN_ROUNDS_LIMIT ||
        o->depth > TRAIN_DEPTH_MAX) {
        return error_set(t->error, SLUICE_E_INVALID,
                         "training options: at most %u boosters, %u rounds and depth %u; alerts a day and days are not "
                         "negative",
                         MODEL_BOOSTERS_MAX, MODEL_TRAIN_ROUNDS_LIMIT, TRAIN_DEPTH_MAX);
    }
    o->rounds_max = o->rounds_max == 0 ? TRAIN_ROUNDS_MAX : o->rounds_max;
    uint32_t cores = thread_core_count();
    o->threads = o->threads > 0 ? o->threads : cores > THREADS_DEFAULT ? THREADS_DEFAULT : cores;
    return SLUICE_OK;
}

static sluice_result train_supervised(training *t) {
    sluice_result result = find_classes(t);
    if (result == SLUICE_OK) {
        result = open_features(t);
    }
    if (result == SLUICE_OK) {
        result = train_select(t, FEATURES_TABLE);
    }
    if (result == SLUICE_OK && t->validation.count == 0) {
        result =
            error_set(t->error, SLUICE_E_INVALID,
                      "no row validates: the split must have rows in \"val\", from which early stopping, calibration "
                      "and threshold come");
    }
    if (t->options.boosters == 0) {
        t->options.boosters = t->train.count > MANY_ROWS ? MANY_ROWS_BOOSTERS : TRAIN_BOOSTERS;
    }
    if (result == SLUICE_OK) {
        result = train_search(t);
    }
    if (result == SLUICE_OK) {
        result = train_grow(t);
    }
    if (result == SLUICE_OK) {
        result = t->model->kind == SLUICE_MODEL_CLASSES ? calibrate_classes(t)
                 : t->cross_fitted                      ? calibrate_held_out(t)
                                                        : calibrate_two(t);
    }
    return result;
}

static sluice_result train_unsupervised(training *t) {
    sluice_model *m = t->model;
    m->kind = SLUICE_MODEL_OUTLIER;
    sluice_result result = open_features(t);
    if (result == SLUICE_OK) {
        result = train_select(t, FEATURES_TABLE);
    }
    if (result == SLUICE_OK && t->train.count < 2) {
        result = error_set(t->error, SLUICE_E_INVALID, "fewer than two rows to learn from");
    }
    if (result == SLUICE_OK) {
        result = outlier_fit(t->train.values, t->train.count, m->feature_count, &m->unusual, t->error);
    }
    m->threshold = 0.99;
    if (result == SLUICE_OK && t->options.threshold == SLUICE_THRESHOLD_ALERTS) {
        result = find_days(t);
        if (result == SLUICE_OK) {
            const train_rows *on = t->validation.count > 0 ? &t->validation : &t->train;
            result = choose_threshold(t, on, SLUICE_THRESHOLD_ALERTS, t->options.alerts_per_day * t->validation_days);
        }
    }
    return result;
}

static void release(training *t) {
    free_rows(&t->train);
    free_rows(&t->validation);
    memory_free(t->held_out);
    boost_jobs_fini(t->jobs, t->job_count);
    memory_free(t->jobs);
    memory_free(t->features);
    memory_free(t->class_of_label);
    sluice_model_report_free(&t->on_validation);
    sluice_model_report_free(&t->on_test);
    rows_close(&t->source);
    sluice_model_free(&t->model);
}

sluice_result sluice_model_train(const sluice_table *table, const sluice_train_options *options,
                                 sluice_model **model_out, sluice_error *error) {
    training *t = memory_new_zero(1, sizeof *t);
    *model_out = NULL;
    if (t == NULL) {
        return error_no_memory(error, sizeof *t);
    }
    t->table = table;
    t->error = error;
    t->model = memory_new_zero(1, sizeof *t->model);
    if (t->model == NULL) {
        memory_free(t);
        return error_no_memory(error, sizeof(sluice_model));
    }
    char *text = NULL;
    size_t length = 0;
    sluice_result result = check_options(t, options);
    if (result == SLUICE_OK) {
        result = t->options.unsupervised ? train_unsupervised(t) : train_supervised(t);
    }
    if (result == SLUICE_OK) {
        result = judge(t);
    }
    if (result == SLUICE_OK) {
        result = find_importances(t);
    }
    if (result == SLUICE_OK) {
        result = train_write(t, &text, &length);
    }
    /* What the caller gets is what a reader of the file gets. */
    if (result == SLUICE_OK && model_parse(text, length, model_out, error) != SLUICE_OK) {
        result = error == NULL || error->code == SLUICE_E_NO_MEMORY
                     ? SLUICE_E_NO_MEMORY
                     : error_prefix(error, SLUICE_E_INPUT, "the model that was trained cannot be read back");
        memory_free(text);
    }
    release(t);
    memory_free(t);
    return result;
}
