/* A detector: features, patterns, a model and rules over one stream of activities; what a decision and a back-test have
 * in common. Knows neither the log nor the graph.
 *
 *   activity ──▶ feature_step ──▶ pattern_step ──▶ model_score ──▶ rule_set_step ──▶ judgement
 *
 * One thread. */
#ifndef DETECT_DETECTOR_H
#define DETECT_DETECTOR_H

#include <sluice/detect.h>

#include "detect/model.h"
#include "detect/rule.h"
#include "feature/feature.h"
#include "feature/pattern.h"

typedef struct detector detector;

/* Gets each problem of the rules as one line. */
typedef struct detector_report {
    void (*visit)(void *context, const char *problem);
    void *context;
} detector_report;

/* Loads everything. `names` gives the texts of keys, and must outlive the detector. `report` may be NULL: the error
 * then has the first problem. `extra` (may be NULL) are features
 * to be computed whether anything asks for them or not; extra_slots_out[extra_count] are their slots.
 * Errors: NOT_FOUND, INPUT (one line a problem, as many as fit), LIMIT, NO_MEMORY. */
SLUICE_MUST_USE sluice_result detector_new(const sluice_detect_options *options, const keys *names,
                                           const char *const *extra, size_t extra_count, uint32_t *extra_slots_out,
                                           const detector_report *report, detector **detector_out, sluice_error *error);
void detector_free(detector **d);

/* What is thought of one movement. Borrowed until the next step. */
typedef struct judgement {
    const feature_value *values; /* by slot; extra features are there, others may be pending */
    const pattern_hit *hits;     /* by pattern */
    rule_result rules;
    double probability; /* -1: no model */
    rule_action action; /* the most severe of those that count: live, not snoozed */
} judgement;

/* From here on every value is computed at every step, instead of when a rule, the model or the caller's extra features
 * read it. The judgements are the same; for tests and measurements. */
void detector_compute_all(detector *d);

/* Takes an activity in. *judgement_out is filled for movements when `judge` (else the state alone is brought up to
 * date); may be NULL. False: no memory, and the state is not to be used any more. */
SLUICE_MUST_USE bool detector_step(detector *d, const activity *a, bool judge, judgement *judgement_out);
/* Ahead of detector_step: step 0 DETECTOR_AHEAD activities before, step 1 two thirds of them, step 2 one third. */
#define DETECTOR_AHEAD 24u
void detector_prefetch(const detector *d, const activity *a, int step);

const rule_set *detector_rules(const detector *d);       /* NULL: none */
const model *detector_model(const detector *d);          /* NULL: none */
const pattern_set *detector_patterns(const detector *d); /* NULL: none */
/* Where a pattern's count and size are in the row of values. */
void detector_pattern_slots(const detector *d, uint32_t pattern, uint32_t *count_out, uint32_t *size_out);
const feature_plan *detector_plan(const detector *d);
uint64_t detector_memory_bytes(const detector *d);

/* The movements of the largest occurrence of a pattern that the last step completed; see pattern_members. */
SLUICE_MUST_USE bool detector_members(detector *d, const activity *a, uint32_t pattern, uint32_t *movements_out,
                                      size_t capacity, size_t *count_out);
/* What moved the model most at the last step: indexes of its features and their contributions, ranked by size. The
 * count written is returned. */
uint32_t detector_reasons(detector *d, uint32_t *features_out, float *contributions_out, uint32_t capacity);

/* Loads patterns of a file or of a folder's *.pattern files, in the order of their names; *set_out NULL: there are
 * none. */
SLUICE_MUST_USE sluice_result detector_patterns_load(const char *path, pattern_set **set_out, sluice_error *error);

#endif
