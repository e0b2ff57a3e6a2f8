/* How unusual a row is, without labels: ECOD (Li et al., "ECOD: unsupervised outlier detection using empirical
 * cumulative distribution functions", IEEE TKDE 2022).
 *
 * For each feature the tails of its distribution in training: −log of the share of rows at or below the value (left),
 * and at or above it (right). Summed over the features, a row gets a left score, a right score, and one that takes for
 * each feature the tail that its skewness points to; the largest of the three is the row's. The terms of the sum that
 * won are the reasons, and add up to the score.
 *
 * The distribution is kept as at most KNOTS values and the share of rows at or below each, so a model file stays small;
 * between knots the share is interpolated. A missing value is as unusual as it is rare.
 *
 * Cost: O(features · log KNOTS) a row; 12 bytes a knot. Ties in sorting do not matter: equal values are one knot. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "detect/model_private.h"

enum { KNOTS = 256, SCORES = 1000 };

void outlier_free(outlier **o) {
    if (*o != NULL) {
        for (size_t i = 0; (*o)->features != NULL && i < (*o)->feature_count; i++) {
            memory_free((*o)->features[i].values);
            memory_free((*o)->features[i].below);
        }
        memory_free((*o)->features);
        memory_free((*o)->scores);
        memory_free(*o);
        *o = NULL;
    }
}

/* The share of training rows <= value and >= value. */
static void shares(const outlier_feature *f, float value, double *left_out, double *right_out) {
    size_t low = 0, high = f->knot_count; /* the first knot above the value */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (f->values[middle] <= value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    double below = low == 0 ? 0 : f->below[low - 1];
    if (low > 0 && low < f->knot_count && f->values[low - 1] < value) {
        double width = (double)f->values[low] - (double)f->values[low - 1];
        below += (f->below[low] - f->below[low - 1]) * (((double)value - (double)f->values[low - 1]) / width);
    }
    bool at_knot = low > 0 && f->values[low - 1] == value;
    double under = at_knot ? (low > 1 ? f->below[low - 2] : 0) : below; /* share < value, nearly */
    *left_out = below;
    *right_out = 1 - under;
}

static double rarity(double share, double floor_share) {
    return -log(fmax(share, floor_share));
}

double outlier_score(const outlier *o, const float *row, double *contributions) {
    double sums[3] = {0};
    /* A value beyond all of training is rarer than one row in it. */
    double floor_share = 1 / (2 * (double)(o->score_count > 0 ? SCORES : 1));
    for (int pass = 0; pass < 2; pass++) {
        int best = sums[1] > sums[0] ? 1 : 0;
        best = sums[2] > sums[best] ? 2 : best;
        for (size_t i = 0; i < o->feature_count; i++) {
            const outlier_feature *f = &o->features[i];
            double left = f->missing, right = f->missing;
            if (!isnan(row[i]) && f->knot_count > 0) {
                shares(f, row[i], &left, &right);
            }
            double tails[3] = {rarity(left, floor_share), rarity(right, floor_share), 0};
            tails[2] = f->skewed_left ? tails[0] : tails[1];
            if (pass == 1) {
                contributions[i] = tails[best];
                continue;
            }
            for (int k = 0; k < 3; k++) {
                sums[k] += tails[k];
            }
        }
        if (contributions == NULL) {
            break;
        }
    }
    return fmax(fmax(sums[0], sums[1]), sums[2]);
}

double outlier_share(const outlier *o, double score) {
    if (o->score_count < 2) {
        return 0;
    }
    size_t low = 0, high = o->score_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (o->scores[middle] <= score) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) {
        return 0;
    }
    double last = (double)(o->score_count - 1);
    if (low == o->score_count) {
        /* Beyond all of training it goes on rising, below 1. */
        double top = o->scores[low - 1];
        return 1 - 0.5 / (last + 1) / (1 + (score - top) / fmax(top, 1));
    }
    double width = o->scores[low] - o->scores[low - 1];
    double part = width > 0 ? (score - o->scores[low - 1]) / width : 0;
    return ((double)(low - 1) + part) / last * (1 - 1 / (last + 1));
}

/* ---- fitting ---- */

static int compare_floats(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Knots at even shares of the sorted values, each at the end of its run of equal ones. */
static bool fit_feature(outlier_feature *f, const float *sorted, size_t count, size_t row_count) {
    f->missing = row_count == 0 ? 0 : (double)(row_count - count) / (double)row_count;
    f->values = memory_new(KNOTS * sizeof *f->values);
    f->below = memory_new(KNOTS * sizeof *f->below);
    if (f->values == NULL || f->below == NULL) {
        return false;
    }
    double mean = 0, second = 0, third = 0;
    for (size_t i = 0; i < count; i++) {
        mean += (double)sorted[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        double d = (double)sorted[i] - mean;
        second += d * d / (double)count;
        third += d * d * d / (double)count;
    }
    f->skewed_left = second > 0 && third < 0;
    size_t at = 0;
    for (size_t k = 0; k < KNOTS && at < count; k++) {
        size_t wanted = k * (count - 1) / (KNOTS - 1);
        at = wanted > at ? wanted : at;
        while (at + 1 < count && sorted[at + 1] == sorted[at]) {
            at++;
        }
        f->values[f->knot_count] = sorted[at];
        f->below[f->knot_count++] = (double)(at + 1) / (double)count;
        at++;
    }
    return true;
}

sluice_result outlier_fit(const float *values, size_t row_count, size_t feature_count, outlier **out,
                          sluice_error *error) {
    outlier *o = memory_new_zero(1, sizeof *o);
    float *sorted = memory_new(row_count * sizeof *sorted);
    double *scores = memory_new(row_count * sizeof *scores);
    bool made = o != NULL && sorted != NULL && scores != NULL;
    *out = NULL;
    if (made) {
        o->feature_count = feature_count;
        o->features = memory_new_zero(feature_count, sizeof *o->features);
        o->scores = memory_new_zero(SCORES + 1, sizeof *o->scores);
        made = o->features != NULL && o->scores != NULL;
    }
    for (size_t i = 0; i < feature_count && made; i++) {
        size_t count = 0;
        for (size_t row = 0; row < row_count; row++) {
            float value = values[row * feature_count + i];
            if (!isnan(value)) {
                sorted[count++] = value;
            }
        }
        qsort(sorted, count, sizeof *sorted, compare_floats);
        made = fit_feature(&o->features[i], sorted, count, row_count);
    }
    if (made) {
        o->score_count = SCORES + 1;
        for (size_t row = 0; row < row_count; row++) {
            scores[row] = outlier_score(o, values + row * feature_count, NULL);
        }
        qsort(scores, row_count, sizeof *scores, compare_doubles);
        for (size_t k = 0; k <= SCORES; k++) {
            o->scores[k] = scores[k * (row_count - 1) / SCORES];
        }
        *out = o;
    } else {
        outlier_free(&o);
    }
    memory_free(sorted);
    memory_free(scores);
    return made ? SLUICE_OK : error_no_memory(error, row_count * sizeof *scores);
}
