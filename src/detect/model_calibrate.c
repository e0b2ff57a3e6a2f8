/* Calibration: from margins to probabilities that mean what they say.
 *
 * Platt (1999): σ(a·m + b) by Newton's method on the log loss, with his targets (n₊ + 1)/(n₊ + 2) and 1/(n₋ + 2).
 * Isotonic (Zadrozny & Elkan 2002): pool adjacent violators; straight lines between the blocks' centres instead of
 * steps, and a thousandth of σ(m) blended in, so that it rises strictly and no two margins that a threshold must tell
 * apart become one. Which of the two: Brier score over five interleaved folds of validation; isotonic only where it is
 * a hundredth lower.
 *
 * Temperature (Guo et al. 2017) for more than two classes: one number, by golden section on the log loss. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "detect/model_metrics_private.h"
#include "detect/model_private.h"

enum { FOLDS = 5, NEWTON_STEPS = 100, ISOTONIC_ROWS_MIN = 200 };
#define BLEND 1e-3
#define CLEARLY_LOWER 0.99

static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

void calibration_fini(calibration *c) {
    memory_free(c->x);
    memory_free(c->y);
    *c = (calibration){0};
}

static double interpolate(const calibration *c, double margin) {
    if (margin <= c->x[0]) {
        return c->y[0];
    }
    if (margin >= c->x[c->knot_count - 1]) {
        return c->y[c->knot_count - 1];
    }
    size_t low = 0, high = c->knot_count - 1; /* x[low] <= margin < x[high] */
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (c->x[middle] <= margin) {
            low = middle;
        } else {
            high = middle;
        }
    }
    double width = c->x[high] - c->x[low];
    return width > 0 ? c->y[low] + (c->y[high] - c->y[low]) * ((margin - c->x[low]) / width) : c->y[high];
}

double calibration_apply(const calibration *c, double margin) {
    switch (c->kind) {
    case CALIBRATION_PLATT:
        return sigmoid(c->a * margin + c->b);
    case CALIBRATION_ISOTONIC:
        return (1 - BLEND) * interpolate(c, margin) + BLEND * sigmoid(margin);
    case CALIBRATION_NONE:
    case CALIBRATION_TEMPERATURE:
        break;
    }
    return sigmoid(margin);
}

/* ---- Platt ---- */

static void fit_platt(calibration *c, const scored *rows, size_t count) {
    double there = 0;
    for (size_t i = 0; i < count; i++) {
        there += rows[i].positive;
    }
    double high = (there + 1) / (there + 2), low = 1 / ((double)count - there + 2);
    double a = 1, b = 0;
    for (int step = 0; step < NEWTON_STEPS; step++) {
        double ga = 0, gb = 0, haa = 1e-9, hab = 0, hbb = 1e-9;
        for (size_t i = 0; i < count; i++) {
            double m = rows[i].score, p = sigmoid(a * m + b), target = rows[i].positive ? high : low;
            double w = p * (1 - p), d = p - target;
            ga += d * m;
            gb += d;
            haa += w * m * m;
            hab += w * m;
            hbb += w;
        }
        double determinant = haa * hbb - hab * hab;
        if (!(fabs(determinant) > 1e-300)) {
            break;
        }
        double da = (hbb * ga - hab * gb) / determinant, db = (haa * gb - hab * ga) / determinant;
        double shorter = fmin(1, 4 / (fabs(da) + fabs(db) + 1e-300)); /* far steps overshoot */
        a -= shorter * da;
        b -= shorter * db;
        if (fabs(da) + fabs(db) < 1e-10) {
            break;
        }
    }
    *c = (calibration){.kind = CALIBRATION_PLATT, .a = a, .b = b};
    if (!(a > 1e-6) || !isfinite(b)) {
        *c = (calibration){.kind = CALIBRATION_NONE}; /* scores that say nothing, or the wrong way round */
    }
}

/* ---- isotonic ---- */

typedef struct block {
    double margin_sum, count, positives;
} block;

/* Rows are sorted, highest first. */
static bool fit_isotonic(calibration *c, const scored *rows, size_t count) {
    block *blocks = memory_new((count + 1) * sizeof *blocks);
    if (blocks == NULL) {
        return false;
    }
    size_t n = 0;
    for (size_t i = count; i-- > 0;) {
        blocks[n++] = (block){rows[i].score, 1, rows[i].positive};
        while (n > 1 &&
               (blocks[n - 2].positives * blocks[n - 1].count >= blocks[n - 1].positives * blocks[n - 2].count ||
                blocks[n - 2].margin_sum / blocks[n - 2].count >= blocks[n - 1].margin_sum / blocks[n - 1].count)) {
            blocks[n - 2].margin_sum += blocks[n - 1].margin_sum;
            blocks[n - 2].count += blocks[n - 1].count;
            blocks[n - 2].positives += blocks[n - 1].positives;
            n--;
        }
    }
    size_t stride = n / MODEL_KNOTS_MAX + 1;
    *c = (calibration){
        .kind = CALIBRATION_ISOTONIC, .x = memory_new(n * sizeof *c->x), .y = memory_new(n * sizeof *c->y)};
    bool made = c->x != NULL && c->y != NULL;
    for (size_t i = 0; i < n && made; i += stride) {
        c->x[c->knot_count] = blocks[i].margin_sum / blocks[i].count;
        c->y[c->knot_count++] = blocks[i].positives / blocks[i].count;
    }
    memory_free(blocks);
    return made;
}

/* ---- which ---- */

static double brier_of(const calibration *c, const scored *rows, size_t count, size_t fold) {
    double sum = 0;
    for (size_t i = fold; i < count; i += FOLDS) {
        double d = calibration_apply(c, rows[i].score) - (double)rows[i].positive;
        sum += d * d;
    }
    return sum;
}

/* Sums of squared errors of both kinds over the folds. */
static bool compare_kinds(const scored *rows, size_t count, double *platt_out, double *isotonic_out) {
    scored *others = memory_new(count * sizeof *others);
    bool made = others != NULL;
    *platt_out = *isotonic_out = 0;
    for (size_t fold = 0; fold < FOLDS && made; fold++) {
        size_t other_count = 0;
        for (size_t i = 0; i < count; i++) {
            if (i % FOLDS != fold) {
                others[other_count++] = rows[i];
            }
        }
        calibration platt, isotonic = {0};
        fit_platt(&platt, others, other_count);
        *platt_out += brier_of(&platt, rows, count, fold);
        made = fit_isotonic(&isotonic, others, other_count);
        if (made) {
            *isotonic_out += brier_of(&isotonic, rows, count, fold);
        }
        calibration_fini(&isotonic);
    }
    memory_free(others);
    return made;
}

bool calibration_fit_platt(calibration *c, const double *margins, const bool *positives, size_t count) {
    scored *rows = memory_new(count * sizeof *rows);
    for (size_t i = 0; i < count && rows != NULL; i++) {
        rows[i] = (scored){margins[i], positives[i]};
    }
    bool made = rows != NULL;
    if (made) {
        fit_platt(c, rows, count);
    }
    memory_free(rows);
    return made;
}

bool calibration_fit(calibration *c, const double *margins, const bool *positives, size_t count) {
    scored *rows = memory_new(count * sizeof *rows);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        rows[i] = (scored){margins[i], positives[i]};
    }
    metrics_sort(rows, count);
    double platt = 0, isotonic = 0;
    bool made = count < ISOTONIC_ROWS_MIN || compare_kinds(rows, count, &platt, &isotonic);
    *c = (calibration){0};
    if (made && isotonic < CLEARLY_LOWER * platt) {
        made = fit_isotonic(c, rows, count);
    } else if (made) {
        fit_platt(c, rows, count);
    }
    memory_free(rows);
    return made;
}

/* ---- temperature ---- */

static double temperature_loss(double inverse, const float *margins, const uint32_t *labels, size_t count,
                               uint32_t classes) {
    double sum = 0;
    for (size_t row = 0; row < count; row++) {
        const float *m = margins + row * classes;
        double top = (double)m[0], total = 0;
        for (uint32_t k = 1; k < classes; k++) {
            top = fmax(top, (double)m[k]);
        }
        for (uint32_t k = 0; k < classes; k++) {
            total += exp(inverse * ((double)m[k] - top));
        }
        sum += log(total) - inverse * ((double)m[labels[row]] - top);
    }
    return sum;
}

bool calibration_fit_temperature(calibration *c, const float *margins, const uint32_t *labels, size_t count,
                                 uint32_t classes) {
    const double golden = 0.6180339887498949;
    double low = log(0.05), high = log(20.0);
    for (int step = 0; step < 60; step++) {
        double left = high - golden * (high - low), right = low + golden * (high - low);
        if (temperature_loss(exp(left), margins, labels, count, classes) <
            temperature_loss(exp(right), margins, labels, count, classes)) {
            high = right;
        } else {
            low = left;
        }
    }
    *c = (calibration){.kind = CALIBRATION_TEMPERATURE, .a = count == 0 ? 1 : exp((low + high) / 2)};
    return true;
}
