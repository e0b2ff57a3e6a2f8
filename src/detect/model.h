/* Scoring by gradient-boosted trees (and, without labels, by how unusual a row is), at a few microseconds a row.
 *
 * A model file is what `sluice model train` writes: the trees as libxgboost saved them, the names of their features,
 * the calibration, the thresholds and the model card's figures. Scores are bit-equal to libxgboost's. Read-only once
 * loaded: any number of threads. */
#ifndef DETECT_MODEL_H
#define DETECT_MODEL_H

#include <sluice/model.h>

#include "feature/feature.h"

typedef struct sluice_model model;

/* Errors: NOT_FOUND, INPUT (the text says what is wrong), NEWER, NO_MEMORY. */
SLUICE_MUST_USE sluice_result model_load(const char *path, model **model_out, sluice_error *error);
void model_free(model **m);

uint32_t model_feature_count(const model *m);
sluice_text model_feature_name(const model *m, uint32_t feature);
double model_threshold(const model *m); /* on the calibrated probability: from here on it alerts */
const char *model_sha256(const model *m);

/* Adds the features to the plan; slots_out[model_feature_count], for model_row alone. INPUT names the one that this
 * version does not know. */
SLUICE_MUST_USE sluice_result model_bind(const model *m, feature_plan *plan, uint32_t *slots_out, sluice_error *error);
/* The row of a transfer: missing values are NaN, booleans 0 or 1. */
void model_row(const model *m, const uint32_t *slots, const feature_value *values, float *row_out);

/* margin and probability: include/sluice/model.h has them. */
typedef sluice_model_score model_score_result;
/* row[model_feature_count]. */
void model_score(const model *m, const float *row, model_score_result *result_out);

/* What each feature adds to the margin (TreeSHAP, path-dependent; Lundberg et al. 2018): contributions[feature count],
 * and *base_out; they add up to the margin. False: no memory. */
SLUICE_MUST_USE bool model_reasons(const model *m, const float *row, float *contributions, float *base_out);

#endif
