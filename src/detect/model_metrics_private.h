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

/* The threshold (a row alerts when score >= it) for these sorted rows, whose scores are calibrated probabilities. F1
 * and MACRO_F1: where the smoothed curve is highest. NaN: no memory. ALERTS: the lowest score with at most alerts_max
 * alerts; INFINITY when no row may alert. */
double metrics_threshold(const scored *sorted, size_t count, sluice_threshold_kind kind, double alerts_max);

/* Of two-by-two counts. */
double metrics_f1(uint64_t hits, uint64_t said, uint64_t there);

#endif
