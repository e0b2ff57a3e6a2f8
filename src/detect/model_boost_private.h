/* Growing trees with libxgboost, several boosters at a time. */
#ifndef DETECT_MODEL_BOOST_PRIVATE_H
#define DETECT_MODEL_BOOST_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sluice/result.h>

/* Rows are row-major floats, NaN where missing; none may be infinite. */
typedef struct boost_rows {
    const float *values; /* [row_count * column_count] */
    const float *labels; /* [row_count]: 0 or 1, or the class */
    size_t row_count;
} boost_rows;

typedef struct boost_data {
    boost_rows train, validation;
    const uint8_t *fold_of; /* [train.row_count]: a job learns from the rows of all folds but its own, and its own are
                               its validation (`validation` is empty then). NULL: no folds */
    size_t column_count;
    uint32_t class_count; /* 2, or more */
} boost_data;

typedef struct boost_parameters {
    double eta;
    uint32_t depth_max;
    double child_weight_min, row_share, column_share, lambda, positive_weight;
} boost_parameters;

typedef struct boost_job {
    boost_parameters parameters;
    uint64_t seed;
    uint32_t fold;                 /* where the data has folds */
    uint32_t rounds_max, patience; /* stops when validation's log loss has no new minimum for so many rounds */

    uint32_t rounds;    /* out: at the minimum */
    double loss;        /* out: validation's log loss there */
    float *margins;     /* out: of validation's rows there, in order, [row * groups]; memory_free */
    char *json;         /* out: the booster as the library saves it, cut after `rounds`; memory_free */
    size_t json_length; /* out */
} boost_job;

/* Runs the jobs on `threads` threads of its own, each job on one: what comes out depends on the job alone. `between` is
 * called from the calling thread after each job is done; it returns false to stop (INTERRUPTED); may be NULL.
 * Errors: INPUT (the library's words), NO_MEMORY, INTERRUPTED; the jobs' outputs are to be freed all the same. */
SLUICE_MUST_USE sluice_result boost_run(const boost_data *data, boost_job *jobs, size_t job_count, uint32_t threads,
                                        bool (*between)(void *context, uint32_t done, uint32_t total), void *context,
                                        sluice_error *error);
void boost_jobs_fini(boost_job *jobs, size_t job_count);

/* "1.7.4" */
void boost_library_version(char version_out[32]);

#endif
