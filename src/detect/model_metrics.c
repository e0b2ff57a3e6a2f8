#include "detect/model_metrics_private.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b) {
    const scored *x = a, *y = b;
    if (x->score != y->score) {
        return x->score > y->score ? -1 : 1;
    }
    return (int)x->positive - (int)y->positive;
}

void metrics_sort(scored *rows, size_t count) {
    qsort(rows, count, sizeof *rows, compare);
}

/* The end of the run of equal scores that begins at `first`; the positives in it. */
static size_t run_end(const scored *rows, size_t count, size_t first, uint64_t *positives_out) {
    size_t end = first;
    *positives_out = 0;
    while (end < count && rows[end].score == rows[first].score) {
        *positives_out += rows[end++].positive;
    }
    return end;
}

static uint64_t count_positives(const scored *rows, size_t count) {
    uint64_t positives = 0;
    for (size_t i = 0; i < count; i++) {
        positives += rows[i].positive;
    }
    return positives;
}

double metrics_auc(const scored *sorted, size_t count) {
    uint64_t total = count_positives(sorted, count), above = 0, positives = 0;
    double pairs = 0;
    if (total == 0 || total == count) {
        return NAN;
    }
    for (size_t i = 0; i < count;) {
        size_t end = run_end(sorted, count, i, &positives);
        double negatives = (double)(end - i) - (double)positives;
        pairs += negatives * ((double)above + (double)positives / 2);
        above += positives;
        i = end;
    }
    return pairs / ((double)total * (double)(count - total));
}

double metrics_average_precision(const scored *sorted, size_t count) {
    uint64_t total = count_positives(sorted, count), above = 0, positives = 0;
    double sum = 0;
    if (total == 0) {
        return NAN;
    }
    for (size_t i = 0; i < count;) {
        size_t end = run_end(sorted, count, i, &positives);
        above += positives;
        sum += (double)positives * (double)above / (double)end;
        i = end;
    }
    return sum / (double)total;
}

double metrics_f1(uint64_t hits, uint64_t said, uint64_t there) {
    return said + there == 0 ? 0 : 2 * (double)hits / (double)(said + there);
}

double metrics_threshold(const scored *sorted, size_t count, sluice_threshold_kind kind, double alerts_max) {
    uint64_t total = count_positives(sorted, count), above = 0, positives = 0;
    double best = -1, threshold = INFINITY;
    for (size_t i = 0; i < count;) {
        double score = sorted[i].score;
        size_t end = run_end(sorted, count, i, &positives);
        above += positives;
        i = end;
        double value = metrics_f1(above, end, total);
        if (kind == SLUICE_THRESHOLD_MACRO_F1) {
            value += metrics_f1(count - end - (total - above), count - end, count - total);
        } else if (kind == SLUICE_THRESHOLD_ALERTS) {
            value = (double)end <= alerts_max ? (double)end : -1;
        }
        if (value > best) {
            best = value;
            threshold = score;
        }
    }
    return threshold;
}
