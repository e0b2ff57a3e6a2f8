/* Scoring. A model is read-only once it is read: what a call needs is on its stack.
 *
 * With two classes the margin is the mean of the boosters' margins, summed in their order in single precision; one
 * booster's is bit-equal to libxgboost's. The class is positive when the calibrated probability reaches the threshold.
 * With more classes each has a margin, and the most probable one is said. */
#include "detect/model.h"

#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "detect/model_private.h"

void sluice_model_free(sluice_model **model) {
    sluice_model *m = *model;
    if (m == NULL) {
        return;
    }
    for (size_t i = 0; m->boosters != NULL && i < m->booster_count; i++) {
        model_trees_free(&m->boosters[i]);
    }
    memory_free(m->boosters);
    outlier_free(&m->unusual);
    calibration_fini(&m->calibrated);
    memory_free(m->features);
    memory_free(m->importances);
    memory_free(m->classes);
    memory_free(m->text);
    arena_fini(&m->texts);
    memory_free(m);
    *model = NULL;
}

void sluice_model_view_get(const sluice_model *m, sluice_model_view *view_out) {
    SLUICE_ASSERT(view_out->size == sizeof *view_out);
    *view_out = (sluice_model_view){
        .size = sizeof *view_out,
        .kind = m->kind,
        .features = m->features,
        .importances = m->importances,
        .feature_count = m->feature_count,
        .classes = m->classes,
        .class_count = m->class_count,
        .threshold = m->threshold,
        .sha256 = m->sha256,
        .table_sha256 = m->table_sha256,
        .date = m->date,
        .booster_count = m->booster_count,
    };
    for (size_t i = 0; i < m->booster_count; i++) {
        view_out->tree_count += model_trees_count(m->boosters[i]);
    }
}

static uint32_t group_count(const sluice_model *m) {
    return m->kind == SLUICE_MODEL_CLASSES ? (uint32_t)m->class_count : 1;
}

void model_margins(const sluice_model *m, const float *row, float *margins_out) {
    uint32_t groups = group_count(m);
    float one[MODEL_CLASSES_MAX];
    if (m->kind == SLUICE_MODEL_OUTLIER) {
        margins_out[0] = (float)outlier_score(m->unusual, row, NULL);
        return;
    }
    model_trees_margins(m->boosters[0], row, margins_out);
    for (size_t i = 1; i < m->booster_count; i++) {
        model_trees_margins(m->boosters[i], row, one);
        for (uint32_t g = 0; g < groups; g++) {
            margins_out[g] += one[g];
        }
    }
    for (uint32_t g = 0; g < groups && m->booster_count > 1; g++) {
        margins_out[g] /= (float)m->booster_count;
    }
}

void model_probabilities(const sluice_model *m, const float *margins, double *probabilities_out) {
    if (m->kind != SLUICE_MODEL_CLASSES) {
        double positive = m->kind == SLUICE_MODEL_OUTLIER ? outlier_share(m->unusual, (double)margins[0])
                                                          : calibration_apply(&m->calibrated, (double)margins[0]);
        if (m->class_count == 2) {
            probabilities_out[0] = 1 - positive;
        }
        probabilities_out[m->class_count == 2 ? 1 : 0] = positive;
        return;
    }
    double scale = m->calibrated.kind == CALIBRATION_TEMPERATURE ? m->calibrated.a : 1, sum = 0, top = -INFINITY;
    for (size_t k = 0; k < m->class_count; k++) {
        top = fmax(top, (double)margins[k]);
    }
    for (size_t k = 0; k < m->class_count; k++) {
        probabilities_out[k] = exp(scale * ((double)margins[k] - top));
        sum += probabilities_out[k];
    }
    for (size_t k = 0; k < m->class_count; k++) {
        probabilities_out[k] /= sum;
    }
}

void model_score(const sluice_model *m, const float *row, model_score_result *result_out) {
    float margins[MODEL_CLASSES_MAX];
    double probabilities[MODEL_CLASSES_MAX];
    model_margins(m, row, margins);
    model_probabilities(m, margins, probabilities);
    uint32_t said = 0;
    if (m->kind == SLUICE_MODEL_CLASSES) {
        for (uint32_t k = 1; k < m->class_count; k++) {
            said = probabilities[k] > probabilities[said] ? k : said;
        }
        *result_out = (model_score_result){margins[said], probabilities[said], said};
        return;
    }
    double positive = probabilities[m->class_count == 2 ? 1 : 0];
    *result_out = (model_score_result){margins[0], positive, positive >= m->threshold};
}

void sluice_model_score_row(const sluice_model *model, const float *row, sluice_model_score *score_out) {
    model_score(model, row, score_out);
}

bool model_reasons(const sluice_model *m, const float *row, float *contributions, float *base_out) {
    double *sums = memory_new_zero(m->feature_count, sizeof *sums);
    if (sums == NULL) {
        return false;
    }
    double base = 0, share = 1;
    if (m->kind == SLUICE_MODEL_OUTLIER) {
        (void)outlier_score(m->unusual, row, sums);
    } else {
        model_score_result result = {.class_index = 0};
        if (m->kind == SLUICE_MODEL_CLASSES) {
            model_score(m, row, &result);
        }
        for (size_t i = 0; i < m->booster_count; i++) {
            model_trees_contributions(m->boosters[i], row, m->kind == SLUICE_MODEL_CLASSES ? result.class_index : 0,
                                      sums, &base);
        }
        share = 1 / (double)m->booster_count;
    }
    for (size_t i = 0; i < m->feature_count; i++) {
        contributions[i] = (float)(sums[i] * share);
    }
    *base_out = (float)(base * share);
    memory_free(sums);
    return true;
}

sluice_result sluice_model_reasons(const sluice_model *model, const float *row, float *contributions, float *base_out,
                                   sluice_error *error) {
    return model_reasons(model, row, contributions, base_out)
               ? SLUICE_OK
               : error_no_memory(error, model->feature_count * sizeof(double));
}

/* ---- inside the engine ---- */

sluice_result model_load(const char *path, sluice_model **model_out, sluice_error *error) {
    return sluice_model_open(path, model_out, error);
}

void model_free(sluice_model **m) {
    sluice_model_free(m);
}

uint32_t model_feature_count(const sluice_model *m) {
    return (uint32_t)m->feature_count;
}

sluice_text model_feature_name(const sluice_model *m, uint32_t feature) {
    SLUICE_ASSERT(feature < m->feature_count);
    return text_of(m->features[feature]);
}

double model_threshold(const sluice_model *m) {
    return m->threshold;
}

const char *model_sha256(const sluice_model *m) {
    return m->sha256;
}
