/* Models: training on a labelled table, evaluation, scores with their reasons.
 *
 * A table has columns of numbers (missing is not zero) and of few texts, a label, perhaps a time, perhaps the edges of
 * a graph between its rows, and a split into training, validation and test. A model is gradient-boosted trees grown by
 * libxgboost (two classes or more), or, without labels, how unusual a row is (ECOD; Li et al. 2022). It is one JSON
 * file; scores come from an evaluator of our own that is bit-equal to libxgboost.
 *
 * What is learned from which part: hyper-parameters from validation rows; trees, calibration and threshold from
 * training rows and validation rows that the trees in question have not seen (which, see docs/models.md); nothing from
 * test rows.
 *
 * Deterministic: the same table, options and libxgboost give the same file, on any number of cores. */
#ifndef SLUICE_MODEL_H
#define SLUICE_MODEL_H

#include <stdint.h>

#include <sluice/signal.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- tables ---- */

typedef struct sluice_table sluice_table;

typedef enum sluice_part {
    SLUICE_PART_NONE, /* in no part: not learned from, not counted */
    SLUICE_PART_TRAIN,
    SLUICE_PART_VALIDATION,
    SLUICE_PART_TEST,
    SLUICE_PART_ALL, /* for evaluation: every row, whatever its part */
} sluice_part;

/* "train", "val", "test", "all", "none"; NULL for no part. */
SLUICE_API const char *sluice_part_name(sluice_part part);

/* An empty table of number columns. Names are copied. Errors: INVALID (no column, a name twice or empty), LIMIT (16,383
 * columns), NO_MEMORY. The table is the caller's, freed by sluice_table_free. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_table_new(const char *const *columns, size_t column_count,
                                                          sluice_table **table_out, sluice_error *error);
SLUICE_API void sluice_table_free(sluice_table **table);

/* values[column_count], NaN where missing. label: the class; empty: unknown. time_ms: INT64_MIN where there is none.
 * The row's number is the count of rows before it. Errors: NO_MEMORY, LIMIT (2^31 rows). */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_table_add(sluice_table *table, const float *values, sluice_text label,
                                                          int64_t time_ms, sluice_error *error);

typedef struct sluice_table_options {
    size_t size;               /* sizeof(sluice_table_options) */
    const char *label;         /* column; NULL: rows have no labels */
    const char *time;          /* column; NULL: rows have no time. It is not a feature */
    const char *const *ignore; /* columns that are not features */
    size_t ignore_count;
    /* Called for each row that was left out, in order; may be NULL. */
    void (*rejected)(void *context, uint64_t line, const char *column, const char *reason);
    /* Called for each column that was left out, and why; may be NULL. */
    void (*left_out)(void *context, const char *column, const char *reason);
    void *context;
} sluice_table_options;

typedef struct sluice_table_summary {
    uint64_t rows, rejected;
    uint64_t columns; /* features */
    uint64_t labelled;
} sluice_table_summary;

/* Reads a CSV file with a header (UTF-8 or GB18030, recognised). An empty field is missing. A column of which most
 * values are no numbers is a column of classes if it has at most 32 different texts, else it is left out as an
 * identifier. A row that is not as expected is left out, and the numbers of the other rows stay (so that a split or an
 * edge list still fits). options may be NULL. Errors: NOT_FOUND, IO, INPUT (no such column, no usable row), NO_MEMORY.
 */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_table_read(const char *path, const sluice_table_options *options,
                                                           sluice_table **table_out, sluice_table_summary *summary_out,
                                                           sluice_error *error);

SLUICE_API size_t sluice_table_row_count(const sluice_table *table);
SLUICE_API size_t sluice_table_column_count(const sluice_table *table);
/* Borrowed. */
SLUICE_API const char *sluice_table_column_name(const sluice_table *table, size_t column);
SLUICE_API sluice_part sluice_table_part_of(const sluice_table *table, size_t row);

/* The graph between rows: an edge joins two rows by their numbers, with a weight. With it a model gets features of each
 * row's neighbourhood (docs/models.md); labels of training rows alone go into them. Edges of rows that were left out
 * are passed over. Errors: INVALID (a weight that is negative or no number), NO_MEMORY. */
typedef struct sluice_table_edge {
    uint32_t from, to;
    float weight;
} sluice_table_edge;
SLUICE_API SLUICE_MUST_USE sluice_result sluice_table_set_edges(sluice_table *table, const sluice_table_edge *edges,
                                                                size_t count, sluice_error *error);
/* The same from a CSV file `src,dst[,w]`, with a header. Errors: NOT_FOUND, IO, INPUT (file, line, field), NO_MEMORY.
 */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_table_read_edges(sluice_table *table, const char *path,
                                                                 sluice_error *error);

/* Splits replace the one before. Rows without label are in no part.
 * From a JSON file {"train": [row numbers from 0], "val": […], "test": […]}; a row in none of them is in no part.
 * Errors: NOT_FOUND, IO, INPUT (a number that is no row, or in two parts), NO_MEMORY. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_table_split_read(sluice_table *table, const char *path,
                                                                 sluice_error *error);
/* The first 60 % by time train, the next 20 % validate, the last test; rows of one time stay together. Errors: INVALID
 * (no times). */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_table_split_time(sluice_table *table, sluice_error *error);
/* 60 / 20 / 20 of each class, drawn by the seed. Errors: NO_MEMORY. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_table_split_stratified(sluice_table *table, uint64_t seed,
                                                                       sluice_error *error);
SLUICE_API SLUICE_MUST_USE sluice_result sluice_table_set_part(sluice_table *table, size_t row, sluice_part part,
                                                               sluice_error *error);

/* ---- models ---- */

typedef struct sluice_model sluice_model;

typedef enum sluice_threshold_kind {
    SLUICE_THRESHOLD_MACRO_F1, /* the best mean of both classes' F1 to be expected of rows that trees have not seen */
    SLUICE_THRESHOLD_F1,       /* the best F1 of the positive class, so */
    SLUICE_THRESHOLD_ALERTS,   /* at most alerts_per_day on validation */
} sluice_threshold_kind;

typedef struct sluice_train_options {
    size_t size; /* sizeof(sluice_train_options) */
    bool unsupervised;
    uint64_t seed;
    const char *positive; /* the class to find, of two; NULL: 1, true, yes, fraud, else the rarer one */
    sluice_threshold_kind threshold;
    double alerts_per_day;
    bool holdout;        /* trees from training rows alone, whatever the rows are (docs/models.md, Boosters) */
    double days;         /* that the validation part spans; 0: from the times */
    uint32_t boosters;   /* averaged; 0: the default, 8. A graph may double them (docs/models.md, The graph) */
    uint32_t depth;      /* of the trees, at most 16; 0: searched for, with what goes with it */
    uint32_t rounds_max; /* 0: the default, 2,000; early stopping on validation ends sooner */
    uint32_t threads;    /* 0: one a core. The result does not depend on it */
    const char *name;    /* for the card; NULL: "model" */
    const char *purpose; /* for the card; may be NULL */
    const char *data;    /* what the data is (a file's name), for the card; may be NULL */
    const char *date;    /* of the training, for the card; may be NULL */
    /* Called now and then from the calling thread; returns false to stop (INTERRUPTED). May be NULL. */
    bool (*progress)(void *context, const char *step, uint32_t done, uint32_t total);
    void *progress_context;
} sluice_train_options;

/* Trains. options may be NULL. The table is only read. *model_out is the caller's, freed by sluice_model_free.
 * Errors: INVALID (options; no row in a part that is needed; a single class), LIMIT (64 classes), INPUT (libxgboost
 * refuses the data), NO_MEMORY, INTERRUPTED. Cost: docs/models.md. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_model_train(const sluice_table *table,
                                                            const sluice_train_options *options,
                                                            sluice_model **model_out, sluice_error *error);

/* Reads a model file; read-only afterwards: any number of threads. Errors: NOT_FOUND, IO, INPUT (what is wrong in it),
 * NEWER, NO_MEMORY. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_model_open(const char *path, sluice_model **model_out,
                                                           sluice_error *error);
SLUICE_API void sluice_model_free(sluice_model **model);

/* Writes the model to `path` and its card, Markdown in English and Chinese, to `<path>.card.md`; each is there whole or
 * not at all. Errors: IO, FULL, NO_MEMORY. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_model_save(const sluice_model *model, const char *path,
                                                           sluice_error *error);
/* The card; the caller's, freed by sluice_text_free (trace.h). Errors: NO_MEMORY. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_model_card(const sluice_model *model, char **text_out,
                                                           size_t *length_out, sluice_error *error);

typedef enum sluice_model_kind { SLUICE_MODEL_BINARY, SLUICE_MODEL_CLASSES, SLUICE_MODEL_OUTLIER } sluice_model_kind;

/* Borrowed: lives as long as the model. */
typedef struct sluice_model_view {
    size_t size; /* set by the caller: sizeof(sluice_model_view) */
    sluice_model_kind kind;
    const char *const *features;
    const double *importances; /* of each feature: mean of |contribution| over the training rows */
    size_t feature_count;
    const char *const *classes; /* BINARY: negative, positive; OUTLIER: none */
    size_t class_count;
    double threshold;         /* on the probability: from here on it alerts */
    const char *sha256;       /* of the model file as it is or will be written */
    const char *table_sha256; /* of the values that it was trained on */
    const char *date;
    size_t booster_count, tree_count;
} sluice_model_view;
SLUICE_API void sluice_model_view_get(const sluice_model *model, sluice_model_view *view_out);

typedef struct sluice_model_score {
    float margin;         /* the mean over the boosters of the sum of their trees: libxgboost's output_margin. With more
                             than two classes: of the class below. OUTLIER: the ECOD score */
    double probability;   /* calibrated. OUTLIER: the share of training rows that are less unusual */
    uint32_t class_index; /* the most probable class; of two: positive from the threshold on */
} sluice_model_score;
/* row[feature_count], NaN where missing. Any thread. Cost: microseconds. */
SLUICE_API void sluice_model_score_row(const sluice_model *model, const float *row, sluice_model_score *score_out);
/* What each feature adds to the margin (of the most probable class): contributions[feature_count]; they and *base_out
 * add up to it. Exact path-dependent Shapley values (Lundberg et al. 2018). Errors: NO_MEMORY. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_model_reasons(const sluice_model *model, const float *row,
                                                              float *contributions, float *base_out,
                                                              sluice_error *error);

/* ---- evaluation ---- */

typedef struct sluice_class_figures {
    const char *name;
    uint64_t count; /* rows of this class */
    double precision, recall, f1;
} sluice_class_figures;

#define SLUICE_RELIABILITY_BINS 10

typedef struct sluice_reliability_bin {
    uint64_t count;
    double predicted, observed; /* mean probability, share of positives */
} sluice_reliability_bin;

/* Figures of a part; NaN where there is none (AUC of a single class). Borrowed: lives until the report is freed. */
typedef struct sluice_model_figures {
    size_t size; /* set by the caller: sizeof(sluice_model_figures) */
    sluice_part part;
    uint64_t rows, positives; /* with a label; positives: of two classes */
    uint64_t unlabelled, alerts;
    bool same_table; /* as the model was trained on: figures of its training rows say nothing */
    double threshold;
    double auc, average_precision; /* of more classes: the means of one against the rest */
    double precision, recall, f1;  /* at the threshold, of the positive class; of more classes: their means */
    double macro_f1, accuracy;
    double brier, log_loss;
    double alerts_per_day; /* NaN without times */
    const sluice_class_figures *classes;
    size_t class_count;
    const uint64_t *confusion;          /* [truth * class_count + said] */
    const sluice_reliability_bin *bins; /* [SLUICE_RELIABILITY_BINS]; NULL for more than two classes */
} sluice_model_figures;

typedef struct sluice_model_report sluice_model_report;

/* Scores the rows of a part and compares with their labels. Columns are found by name. Errors: INPUT (a feature that
 * the table has not; a label that the model does not know), INVALID (no row), NO_MEMORY. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_model_evaluate(const sluice_model *model, const sluice_table *table,
                                                               sluice_part part, sluice_model_report **report_out,
                                                               sluice_error *error);
SLUICE_API void sluice_model_report_free(sluice_model_report **report);
SLUICE_API void sluice_model_report_view(const sluice_model_report *report, sluice_model_figures *figures_out);
/* The rows of a table as a model sees them: values[feature_count] of a row; row is its number, in its file if it has
 * one. Errors: as evaluate. */
typedef bool (*sluice_model_visit)(void *context, size_t row, const float *values, const sluice_model_score *score);
SLUICE_API SLUICE_MUST_USE sluice_result sluice_model_each(const sluice_model *model, const sluice_table *table,
                                                           sluice_part part, sluice_model_visit visit, void *context,
                                                           sluice_error *error);

typedef enum sluice_model_format { SLUICE_MODEL_TABLE, SLUICE_MODEL_JSON } sluice_model_format;
/* Renders into a NUL-terminated UTF-8 text, the caller's, freed by sluice_text_free (trace.h). */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_model_report_render(const sluice_model_report *report,
                                                                    sluice_model_format format, char **text_out,
                                                                    size_t *length_out, sluice_error *error);

#ifdef __cplusplus
}
#endif
#endif
