/* The search for hyper-parameters: one booster for each candidate, early stopping on validation, and the candidate
 * whose calibrated log loss on validation is lowest wins. First the shapes of trees, then, for the best shape, weights
 * for the rarer class. Test rows are never seen.
 *
 * The candidates come from a cross-validation inside the training and validation part of the Sichuan telecom data's
 * published split, and are few, so that choosing among them cannot fit validation's noise by much. */
#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "detect/model_train_private.h"

#define CLEARLY_BETTER 0.03 /* of the log loss */

static const boost_parameters SHAPES[] = {
    /* eta, depth, child weight, rows, columns, lambda, positive weight */
    {0.05, 3, 1, 0.8, 0.3, 1, 1}, {0.05, 4, 1, 0.8, 0.2, 1, 1}, {0.05, 5, 1, 0.8, 0.2, 1, 1},
    {0.05, 6, 1, 0.8, 0.2, 1, 1}, {0.05, 6, 5, 0.8, 0.3, 5, 1}, {0.05, 8, 3, 0.7, 0.2, 3, 1},
};
enum { SHAPE_COUNT = sizeof SHAPES / sizeof *SHAPES, SHAPE_SEEDS = 1, FEATURE_SEEDS = 2 };

/* At most `limit` of the rows, drawn by the seed; the arrays are the caller's. */
static bool sample(const train_rows *from, size_t columns, size_t limit, uint64_t seed, boost_rows *out, float **values,
                   float **labels) {
    *out = (boost_rows){from->values, from->labels, from->count};
    if (from->count <= limit) {
        return true;
    }
    *values = memory_new(limit * columns * sizeof **values);
    *labels = memory_new(limit * sizeof **labels);
    if (*values == NULL || *labels == NULL) {
        return false;
    }
    uint64_t state = hash_u64(seed + 77);
    size_t taken = 0;
    for (size_t row = 0; row < from->count && taken < limit;
         row++) { /* Knuth's algorithm S: in order, without repeats */
        if (random_below(&state, from->count - row) < limit - taken) {
            memcpy(*values + taken * columns, from->values + row * columns, columns * sizeof **values);
            (*labels)[taken++] = from->labels[row];
        }
    }
    *out = (boost_rows){*values, *labels, taken};
    return true;
}

static sluice_result calibrated_loss(const training *t, const boost_data *data, const boost_job *job,
                                     double *loss_out) {
    size_t count = data->validation.row_count;
    *loss_out = job->loss;
    if (data->class_count > 2) {
        return SLUICE_OK;
    }
    double *margins = memory_new(count * sizeof *margins);
    bool *positives = memory_new(count * sizeof *positives);
    calibration c = {0};
    bool made = margins != NULL && positives != NULL;
    for (size_t i = 0; i < count && made; i++) {
        margins[i] = (double)job->margins[i];
        positives[i] = data->validation.labels[i] > 0.5f;
    }
    made = made && calibration_fit_platt(&c, margins, positives, count);
    double sum = 0;
    for (size_t i = 0; i < count && made; i++) {
        double p = calibration_apply(&c, margins[i]);
        sum -= log(fmax(positives[i] ? p : 1 - p, 1e-15));
    }
    *loss_out = sum / (double)count;
    calibration_fini(&c);
    memory_free(margins);
    memory_free(positives);
    return made ? SLUICE_OK : error_no_memory(t->error, count * sizeof *margins);
}

static bool tell(void *context, uint32_t done, uint32_t total) {
    const sluice_train_options *o = &((const training *)context)->options;
    return o->progress == NULL || o->progress(o->progress_context, "search", done, total);
}

/* Tries the candidates from `first` on, each with `seeds` boosters: their mean loss is the candidate's. */
static sluice_result try_candidates(training *t, uint32_t first, uint32_t seeds) {
    boost_job jobs[TRAIN_CANDIDATES_MAX] = {0};
    float *values[2] = {NULL, NULL}, *labels[2] = {NULL, NULL};
    boost_data data = {.column_count = t->model->feature_count, .class_count = (uint32_t)t->model->class_count};
    uint32_t count = (t->candidate_count - first) * seeds;
    SLUICE_ASSERT(count <= TRAIN_CANDIDATES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        jobs[i] = (boost_job){.parameters = t->candidates[first + i / seeds].parameters,
                              .seed = t->options.seed * 1000 + 500 + i % seeds,
                              .rounds_max = t->options.rounds_max,
                              .patience = TRAIN_PATIENCE};
    }
    bool made =
        sample(&t->train, data.column_count, TRAIN_SEARCH_ROWS, t->options.seed, &data.train, &values[0], &labels[0]) &&
        sample(&t->validation, data.column_count, TRAIN_SEARCH_ROWS, t->options.seed + 1, &data.validation, &values[1],
               &labels[1]);
    sluice_result result = made ? boost_run(&data, jobs, count, t->options.threads, tell, t, t->error)
                                : error_no_memory(t->error, TRAIN_SEARCH_ROWS * sizeof(float));
    for (uint32_t i = 0; i < count && result == SLUICE_OK; i++) {
        train_candidate *c = &t->candidates[first + i / seeds];
        double loss = 0;
        result = calibrated_loss(t, &data, &jobs[i], &loss);
        c->rounds = jobs[i].rounds;
        c->loss = (i % seeds == 0 ? 0 : c->loss) + loss / seeds;
    }
    boost_jobs_fini(jobs, count);
    for (int i = 0; i < 2; i++) {
        memory_free(values[i]);
        memory_free(labels[i]);
    }
    return result;
}

static void choose(training *t, uint32_t first) {
    for (uint32_t i = first; i < t->candidate_count; i++) {
        t->chosen = t->candidates[i].loss < t->candidates[t->chosen].loss ? i : t->chosen;
    }
}

static bool clearly_better(const training *t, uint32_t one, uint32_t other) {
    return t->candidates[one].loss < (1 - CLEARLY_BETTER) * t->candidates[other].loss;
}

/* With a graph: which of its features, by the best shape's loss over several seeds. A larger set must be clearly better
 * than the smaller one: validation's few rows cannot tell small gains from noise, and columns that say nothing new cost
 * more than they bring. When none is clearly better than the table alone, as many boosters again do without the graph:
 * boosters that err in different ways average to a better one. (By cross-validation inside the training and validation
 * part of the Sichuan telecom data's published split: bench/results.md.) */
static sluice_result search_features(training *t) {
    static const unsigned SETS[] = {FEATURES_TABLE, FEATURES_PLACES, FEATURES_PLACES | FEATURES_STRUCTURE,
                                    FEATURES_PLACES | FEATURES_STRUCTURE | FEATURES_LABELS,
                                    FEATURES_PLACES | FEATURES_STRUCTURE | FEATURES_LABELS | FEATURES_MEANS};
    train_candidate best = t->candidates[t->chosen];
    sluice_result result = SLUICE_OK;
    uint32_t begin = t->candidate_count;
    for (size_t i = 0; i < sizeof SETS / sizeof *SETS && result == SLUICE_OK; i++) {
        uint32_t first = t->candidate_count;
        t->candidates[t->candidate_count++] = (train_candidate){best.parameters, SETS[i], 0, INFINITY};
        result = train_select(t, SETS[i]);
        if (result == SLUICE_OK) {
            result = try_candidates(t, first, FEATURE_SEEDS);
        }
    }
    if (result != SLUICE_OK) {
        return result;
    }
    t->chosen = begin + 1;
    for (uint32_t i = begin + 2; i < t->candidate_count; i++) {
        t->chosen = clearly_better(t, i, t->chosen) ? i : t->chosen;
    }
    t->mixed = !clearly_better(t, t->chosen, begin);
    return train_select(t, t->candidates[t->chosen].features);
}

/* Of a given depth there is nothing to choose. */
static sluice_result search_shapes(training *t) {
    if (t->options.depth > 0) {
        boost_parameters given = t->options.depth > 6 ? SHAPES[SHAPE_COUNT - 1] : SHAPES[1];
        given.depth_max = t->options.depth;
        t->candidates[t->candidate_count++] = (train_candidate){given, FEATURES_TABLE, 0, INFINITY};
        return SLUICE_OK;
    }
    for (size_t i = 0; i < SHAPE_COUNT; i++) {
        t->candidates[t->candidate_count++] = (train_candidate){SHAPES[i], FEATURES_TABLE, 0, INFINITY};
    }
    sluice_result result = try_candidates(t, 0, SHAPE_SEEDS);
    choose(t, 0);
    return result;
}

sluice_result train_search(training *t) {
    sluice_result result = search_shapes(t);
    if (result == SLUICE_OK && t->source.graph_count > 0) {
        result = search_features(t);
    }
    double positives = (double)t->train.by_class[1], negatives = (double)t->train.by_class[0];
    if (result == SLUICE_OK && t->model->class_count == 2 && positives > 0 && negatives / positives > 1.5 &&
        t->options.depth == 0) {
        uint32_t first = t->candidate_count;
        const double weights[] = {sqrt(negatives / positives), negatives / positives};
        for (size_t i = 0; i < 2; i++) {
            t->candidates[t->candidate_count] = t->candidates[t->chosen];
            t->candidates[t->candidate_count++].parameters.positive_weight = weights[i];
        }
        result = try_candidates(t, first, SHAPE_SEEDS);
        choose(t, first);
    }
    return result;
}
