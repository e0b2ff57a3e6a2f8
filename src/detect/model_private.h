/* A model's inside. */
#ifndef DETECT_MODEL_PRIVATE_H
#define DETECT_MODEL_PRIVATE_H

#include "base/hash.h"
#include "base/text.h"
#include "detect/model.h"
#include "detect/model_table_private.h"
#include "detect/model_trees_private.h"

#define MODEL_FILE_VERSION 1
#define MODEL_FILE_BYTES_MAX ((size_t)1 << 30)
#define MODEL_BOOSTERS_MAX 64u
#define MODEL_KNOTS_MAX 1024u

/* splitmix64 (Steele, Lea & Flood 2014): for splits and samples, by the seed alone. */
static inline uint64_t random_next(uint64_t *state) {
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}
/* 0 … limit − 1, limit < 2^32; its bias is below limit / 2^32. */
static inline uint64_t random_below(uint64_t *state, uint64_t limit) {
    return (random_next(state) >> 32) * limit >> 32;
}

/* Margin to probability: monotone. */
typedef enum calibration_kind {
    CALIBRATION_NONE,     /* the link function alone */
    CALIBRATION_PLATT,    /* σ(a·m + b) */
    CALIBRATION_ISOTONIC, /* straight lines between knots, blended with a little of σ(m) so that it rises strictly */
    CALIBRATION_TEMPERATURE, /* more than two classes: softmax(m ÷ t) */
} calibration_kind;

typedef struct calibration {
    calibration_kind kind;
    double a, b; /* TEMPERATURE: a = 1 ÷ t */
    double *x, *y;
    size_t knot_count;
} calibration;

double calibration_apply(const calibration *c, double margin);
/* Chooses by cross-validated Brier score, and fits: on validation's margins. False: no memory. */
SLUICE_MUST_USE bool calibration_fit(calibration *c, const double *margins, const bool *positives, size_t count);
/* Platt alone. */
SLUICE_MUST_USE bool calibration_fit_platt(calibration *c, const double *margins, const bool *positives, size_t count);
SLUICE_MUST_USE bool calibration_fit_temperature(calibration *c, const float *margins, const uint32_t *labels,
                                                 size_t count, uint32_t classes);
void calibration_fini(calibration *c);

/* How unusual: for each feature the distribution in training, as knots of its empirical function. */
typedef struct outlier_feature {
    float *values; /* [knot_count], rising */
    double *below; /* share of training rows <= value */
    size_t knot_count;
    double missing; /* share */
    bool skewed_left;
} outlier_feature;

typedef struct outlier {
    outlier_feature *features;
    size_t feature_count;
    double *scores; /* [score_count], rising: of training rows, at even shares */
    size_t score_count;
} outlier;

/* contributions[feature count] may be NULL; they add up to the score that is returned. */
double outlier_score(const outlier *o, const float *row, double *contributions);
double outlier_share(const outlier *o, double score);
void outlier_free(outlier **o);
SLUICE_MUST_USE sluice_result outlier_fit(const float *values, size_t row_count, size_t feature_count, outlier **out,
                                          sluice_error *error);

struct sluice_model {
    sluice_model_kind kind;
    arena texts;
    const char **features;
    double *importances;
    size_t feature_count;
    const char **classes;
    size_t class_count;
    model_trees **boosters;
    size_t booster_count;
    outlier *unusual;
    calibration calibrated;
    double threshold;
    char sha256[SHA256_HEX_BYTES], table_sha256[SHA256_HEX_BYTES], graph_sha256[SHA256_HEX_BYTES];
    const char *date;
    char *text; /* the model file */
    size_t text_length;
};

/* The classes' mean margins over the boosters: [max(1, class count if more than two)]. */
void model_margins(const sluice_model *m, const float *row, float *margins_out);
/* The same as one probability a class: [class_count]. */
void model_probabilities(const sluice_model *m, const float *margins, double *probabilities_out);

/* Reads a model file's text, which the model takes over (memory_free) if it succeeds. */
SLUICE_MUST_USE sluice_result model_parse(char *text, size_t length, sluice_model **model_out, sluice_error *error);

/* ---- rows as a model sees them ---- */

#define SPECTRAL_PLACES 12
/* Writes SPECTRAL_PLACES coordinates of each row, `stride` floats apart. Neighbours of row r: places[first[r] …
 * first[r + 1]]. False: no memory. */
SLUICE_MUST_USE bool spectral_places(const uint32_t *first, const uint32_t *places, size_t rows, float *out,
                                     size_t stride);

typedef struct rows_source {
    const sluice_table *table;
    float *graph; /* [row * graph_count]; NULL: no graph features */
    const char **graph_names;
    size_t graph_count;
    arena texts;
} rows_source;

/* Graph features of a table with edges; those of labels come from rows that train. classes: the names whose share among
 * the neighbours counts. graph_sha256: of the graph that a model was trained on; coordinates in another one mean
 * something else and are missing. NULL: any. */
SLUICE_MUST_USE sluice_result rows_open(const sluice_table *table, const char *const *classes, size_t class_count,
                                        bool with_graph, const char *graph_sha256, rows_source *source_out,
                                        sluice_error *error);
void rows_close(rows_source *source);

/* One feature of a model in a table. */
typedef struct rows_feature {
    uint32_t column;
    int32_t category; /* -1: the number itself; else 1 where the column has this category (SIZE: none has) */
    bool is_graph;
} rows_feature;
/* Finds a feature by name: `column`, `column=text`, `graph.…`. */
bool rows_find(const rows_source *source, const char *name, rows_feature *feature_out);
void rows_get(const rows_source *source, size_t row, const rows_feature *features, size_t count, float *values_out);
/* All features that there are: the table's columns in order (those of texts once for each), then the graph's. The array
 * and its texts live as long as the source. False: no memory. */
SLUICE_MUST_USE bool rows_names(rows_source *source, const char ***names_out, size_t *count_out);

/* SHA-256 over the edges of a table; "" without. */
SLUICE_MUST_USE sluice_result graph_sha256(const sluice_table *table, char hex_out[SHA256_HEX_BYTES],
                                           sluice_error *error);
/* SHA-256 over names, values, labels and times of a table. */
SLUICE_MUST_USE sluice_result table_sha256(const sluice_table *table, char hex_out[SHA256_HEX_BYTES],
                                           sluice_error *error);

#endif
