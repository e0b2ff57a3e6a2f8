/* The boosters of a model. Two ways:
 *
 *   held out       every booster learns from the training rows and stops early on validation; calibration and threshold
 *                  then come from the margins of validation
 *   cross-fitted   training and validation rows together are dealt into as many folds as boosters are wanted, each
 * class evenly. A booster learns from all folds but its own and stops early on that. So each row has the margin of a
 * booster that has not seen it: calibration and threshold come from those, which are several times as many as
 * validation's, and the trees have seen more
 *
 * When the graph is worth little by itself, each booster with it has a twin without, of the same fold: all are
 * averaged.
 *
 * Cross-fitted where rows may be exchanged for one another: two classes, no times, no alerts a day to keep to, enough
 * boosters and not too many rows; never when the caller says so. A booster's margin, from which calibration learns, is
 * a little less sure than the mean of all, which it is applied to; on the safe side.
 *
 * Memory: cross-fitted the rows once more, and once more for each thread. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "detect/model_train_private.h"

enum { FOLDS_MIN = 4, FOLD_ROWS_MAX = 100000, CLASS_ROWS_MIN = 2 };

static bool tell(void *context, uint32_t done, uint32_t total) {
    const sluice_train_options *o = &((const training *)context)->options;
    return o->progress == NULL || o->progress(o->progress_context, "train", done, total);
}

/* The rows with the graph's features missing, so that no tree splits on them. */
static float *without_graph(const training *t, const boost_rows *rows) {
    size_t columns = t->model->feature_count;
    float *copy = memory_new((rows->row_count * columns + 1) * sizeof *copy);
    for (size_t i = 0; i < rows->row_count * columns && copy != NULL; i++) {
        copy[i] = t->features[i % columns].is_graph ? NAN : rows->values[i];
    }
    return copy;
}

static sluice_result grow_some(training *t, const boost_data *data, boost_job *jobs, uint32_t count) {
    return boost_run(data, jobs, count, t->options.threads, tell, t, t->error);
}

/* The last `without` of the jobs do without the graph's features. */
static sluice_result grow_jobs(training *t, const boost_data *data, uint32_t without) {
    uint32_t with = t->job_count - without;
    sluice_result result = grow_some(t, data, t->jobs, with);
    if (result == SLUICE_OK && without > 0) {
        float *train = without_graph(t, &data->train), *validation = without_graph(t, &data->validation);
        boost_data plain = *data;
        plain.train.values = train;
        plain.validation.values = validation;
        result = train == NULL || validation == NULL
                     ? error_no_memory(t->error, data->train.row_count * data->column_count * sizeof *train)
                     : grow_some(t, &plain, t->jobs + with, without);
        memory_free(train);
        memory_free(validation);
    }
    return result;
}

/* ---- cross-fitting ---- */

static bool may_cross_fit(const training *t) {
    bool enough = t->train.count + t->validation.count <= FOLD_ROWS_MAX;
    for (size_t k = 0; k < 2; k++) {
        enough = enough && t->train.by_class[k] >= CLASS_ROWS_MIN * (uint64_t)t->options.boosters;
    }
    return enough && !t->options.holdout && t->model->class_count == 2 && !t->table->has_times &&
           t->options.threshold != SLUICE_THRESHOLD_ALERTS && t->options.boosters >= FOLDS_MIN;
}

/* Each class evenly, drawn by the seed. */
static void deal(const training *t, const boost_rows *rows, uint32_t *order, uint8_t *fold_of) {
    uint64_t state = hash_u64(t->options.seed + 78);
    uint32_t next = 0;
    for (uint32_t k = 0; k < 2; k++) {
        uint32_t count = 0;
        for (size_t row = 0; row < rows->row_count; row++) {
            if ((rows->labels[row] > 0.5f) == (k == 1)) {
                order[count++] = (uint32_t)row;
            }
        }
        for (uint32_t i = count; i > 1; i--) {
            uint32_t other = (uint32_t)random_below(&state, i), swap = order[i - 1];
            order[i - 1] = order[other];
            order[other] = swap;
        }
        for (uint32_t i = 0; i < count; i++) {
            fold_of[order[i]] = (uint8_t)(next++ % t->options.boosters);
        }
    }
}

/* The mean over the boosters of the row's fold. */
static void keep_held_out(training *t, const uint8_t *fold_of, size_t count) {
    size_t next[MODEL_BOOSTERS_MAX] = {0};
    uint32_t folds = t->options.boosters, each = t->job_count / folds;
    for (size_t row = 0; row < count; row++) {
        float sum = 0;
        for (uint32_t twin = 0; twin < each; twin++) {
            sum += t->jobs[fold_of[row] + twin * folds].margins[next[fold_of[row]]];
        }
        next[fold_of[row]]++;
        t->held_out[row] = sum / (float)each;
    }
}

static void join(const training *t, float *values, float *labels) {
    size_t columns = t->model->feature_count, train = t->train.count;
    memcpy(values, t->train.values, train * columns * sizeof *values);
    memcpy(labels, t->train.labels, train * sizeof *labels);
    memcpy(values + train * columns, t->validation.values, t->validation.count * columns * sizeof *values);
    memcpy(labels + train, t->validation.labels, t->validation.count * sizeof *labels);
}

static sluice_result grow_folds(training *t, uint32_t without) {
    size_t columns = t->model->feature_count, count = t->train.count + t->validation.count;
    float *values = memory_new(count * columns * sizeof *values), *labels = memory_new(count * sizeof *labels);
    uint8_t *fold_of = memory_new(count);
    uint32_t *order = memory_new(count * sizeof *order);
    t->held_out = memory_new(count * sizeof *t->held_out);
    sluice_result result = SLUICE_OK;
    if (values == NULL || labels == NULL || fold_of == NULL || order == NULL || t->held_out == NULL) {
        result = error_no_memory(t->error, count * columns * sizeof *values);
        goto out;
    }
    join(t, values, labels);
    boost_data data = {.train = {values, labels, count}, .fold_of = fold_of, .column_count = columns, .class_count = 2};
    deal(t, &data.train, order, fold_of);
    result = grow_jobs(t, &data, without);
    if (result == SLUICE_OK) {
        keep_held_out(t, fold_of, count);
        t->cross_fitted = true;
    }
out:
    memory_free(values);
    memory_free(labels);
    memory_free(fold_of);
    memory_free(order);
    return result;
}

/* ---- both ---- */

static sluice_result grow_held_out(training *t, uint32_t without) {
    boost_data data = {.train = {t->train.values, t->train.labels, t->train.count},
                       .validation = {t->validation.values, t->validation.labels, t->validation.count},
                       .column_count = t->model->feature_count,
                       .class_count = (uint32_t)t->model->class_count};
    return grow_jobs(t, &data, without);
}

static sluice_result read_boosters(training *t) {
    sluice_model *m = t->model;
    sluice_result result = SLUICE_OK;
    for (uint32_t i = 0; i < t->job_count && result == SLUICE_OK; i++) {
        yyjson_doc *document = model_trees_parse(t->jobs[i].json, t->jobs[i].json_length, NULL);
        result = document == NULL ? error_no_memory(t->error, t->jobs[i].json_length)
                                  : model_trees_read(yyjson_doc_get_root(document), (uint32_t)m->feature_count,
                                                     &m->boosters[i], t->error);
        yyjson_doc_free(document);
        m->booster_count += result == SLUICE_OK;
    }
    return result;
}

sluice_result train_grow(training *t) {
    sluice_model *m = t->model;
    uint32_t wanted = t->options.boosters;
    t->mixed = t->mixed && 2 * wanted <= MODEL_BOOSTERS_MAX; /* a file has no room for more */
    t->job_count = t->mixed ? 2 * wanted : wanted;
    t->jobs = memory_new_zero(t->job_count, sizeof *t->jobs);
    m->boosters = memory_new_zero(t->job_count, sizeof *m->boosters);
    if (t->jobs == NULL || m->boosters == NULL) {
        return error_no_memory(t->error, t->job_count * sizeof *t->jobs);
    }
    for (uint32_t i = 0; i < t->job_count; i++) {
        t->jobs[i] = (boost_job){.parameters = t->candidates[t->chosen].parameters,
                                 .seed = t->options.seed * 1000 + i,
                                 .fold = i % wanted,
                                 .rounds_max = t->options.rounds_max,
                                 .patience = TRAIN_PATIENCE};
    }
    uint32_t without = t->job_count - wanted;
    sluice_result result = may_cross_fit(t) ? grow_folds(t, without) : grow_held_out(t, without);
    return result == SLUICE_OK ? read_boosters(t) : result;
}
