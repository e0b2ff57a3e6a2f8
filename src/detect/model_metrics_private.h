/* Figures of scores against labels. Higher scores are more suspicious; equal scores are never told apart. */
#ifndef DETECT_MODEL_METRICS_PRIVATE_H
#define DETECT_MODEL_METRICS_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sluice/model.h>

typedef struct scored {
    double score;
    bool positive;
} scored;

/* Highest first. */
void metrics_sort(scored *rows, size_t count);

/* Of sorted rows. AUC (Mann–Whitney, ties count half) and average precision (a step a distinct score); NaN where a
 * class is absent. */
double metrics_auc(const scored *sorted, size_t count);
double metrics_average_precision(const scored *sorted, size_t count);

/* The threshold (row alerts when score >= it) that is best on these sorted rows, always a score that is there, so that
 * no row is ever near it by accident. ALERTS: the lowest with at most alerts_max alerts. Nothing alerts: INFINITY. */
double metrics_threshold(const scored *sorted, size_t count, sluice_threshold_kind kind, double alerts_max);

/* Of two-by-two counts. */
double metrics_f1(uint64_t hits, uint64_t said, uint64_t there);

#endif
