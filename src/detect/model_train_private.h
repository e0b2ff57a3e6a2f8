/* A training under way: what its steps share. */
#ifndef DETECT_MODEL_TRAIN_PRIVATE_H
#define DETECT_MODEL_TRAIN_PRIVATE_H

#include "detect/model_boost_private.h"
#include "detect/model_private.h"
#include "detect/model_report_private.h"

#define TRAIN_BOOSTERS 8u
#define TRAIN_ROUNDS_MAX 2000u
#define TRAIN_PATIENCE 50u
#define TRAIN_DEPTH_MAX 16u
#define MODEL_TRAIN_ROUNDS_LIMIT 20000u
#define TRAIN_CANDIDATES_MAX 24u
/* The search sees at most so many rows, drawn by the seed: it compares settings, it does not learn. */
#define TRAIN_SEARCH_ROWS 60000u

/* Which features; the table's own are always there. */
enum { FEATURES_TABLE = 0, FEATURES_STRUCTURE = 1, FEATURES_MEANS = 2, FEATURES_LABELS = 4, FEATURES_PLACES = 8 };

/* One set of hyper-parameters that was tried. */
typedef struct train_candidate {
    boost_parameters parameters;
    unsigned features;
    uint32_t rounds;
    double loss; /* of validation, calibrated */
} train_candidate;

typedef struct train_rows {
    float *values, *labels;
    uint32_t *rows; /* in the table */
    size_t count;
    uint64_t by_class[MODEL_CLASSES_MAX];
} train_rows;

typedef struct training {
    const sluice_table *table;
    sluice_train_options options; /* defaults filled in */
    sluice_error *error;
    rows_source source;
    sluice_model *model; /* being made */
    const char **names;  /* all features that there are */
    size_t name_count;
    rows_feature *features;
    train_rows train, validation;
    uint32_t *class_of_label;
    train_candidate candidates[TRAIN_CANDIDATES_MAX];
    uint32_t candidate_count, chosen;
    bool mixed; /* as many boosters again do without the graph */
    bool cross_fitted;
    float *held_out; /* cross-fitted: the margin of each training, then each validation row from the boosters that
                        have not seen it */
    boost_job *jobs; /* of the final boosters */
    uint32_t job_count;
    sluice_model_report *on_validation, *on_test;
    double validation_days;
    uint32_t progress_done;
} training;

/* Chooses hyper-parameters on validation: candidates and chosen. */
SLUICE_MUST_USE sluice_result train_search(training *t);
/* Grows the boosters into the model. */
SLUICE_MUST_USE sluice_result train_grow(training *t);
/* Takes a choice of the features into the model and the rows. */
SLUICE_MUST_USE sluice_result train_select(training *t, unsigned features);
/* The model file's text; the caller's. */
SLUICE_MUST_USE sluice_result train_write(const training *t, char **text_out, size_t *length_out);

#endif
