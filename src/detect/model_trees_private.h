/* Boosted trees as libxgboost saved them, laid out flat: margins bit-equal to the library's, and Shapley values. */
#ifndef DETECT_MODEL_TREES_PRIVATE_H
#define DETECT_MODEL_TREES_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <yyjson.h>

#include <sluice/result.h>

/* What a node's 16 bits of feature hold, and what keeps a hostile file bounded. */
#define MODEL_FEATURES_MAX 16383u
#define MODEL_CLASSES_MAX 64u
#define MODEL_TREES_MAX 100000u
#define MODEL_NODES_MAX 65535u /* of one tree */
#define MODEL_DEPTH_MAX 32u    /* of one tree */

typedef struct model_trees model_trees;

/* Parses with numbers as raw text, and with the Infinity that the library writes for a split above all values. */
yyjson_doc *model_trees_parse(const char *text, size_t length, yyjson_read_err *error_out);

/* Reads a booster: the JSON object that XGBoosterSaveModelToBuffer wrote, as model_trees_parse gives it.
 * gbtree with numeric splits; objectives binary:logistic, reg:logistic, reg:squarederror, multi:softprob,
 * multi:softmax. Errors: INPUT (the text says what is wrong), NO_MEMORY. */
SLUICE_MUST_USE sluice_result model_trees_read(yyjson_val *booster, uint32_t feature_count, model_trees **trees_out,
                                               sluice_error *error);
void model_trees_free(model_trees **trees);

uint32_t model_trees_count(const model_trees *trees);
uint32_t model_trees_group_count(const model_trees *trees); /* 1, or the number of classes */

/* margins_out[group_count]; row[feature_count], NaN where missing. */
void model_trees_margins(const model_trees *trees, const float *row, float *margins_out);

/* Adds what each feature adds to the margin of a group to contributions[feature_count], and what is left for an average
 * row to *base. */
void model_trees_contributions(const model_trees *trees, const float *row, uint32_t group, double *contributions,
                               double *base);

#endif
