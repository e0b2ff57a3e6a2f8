/* The surroundings of an account in the whole log: how much it pays and is paid, and how closely knit its
 * counterparties are.
 *
 * Triangles and rings come by chance where accounts have many counterparties, and by design where they have few. So
 * each is counted twice: as it is, and with every edge u → v weighing 1 / √(payees of u × payers of v), the weight of
 * the normalised adjacency matrix, which makes an edge between two hubs worth next to nothing.
 *
 *   first ──▶ middle          mutual: u ──▶ v ──▶ u        ring of three: u ──▶ x ──▶ y ──▶ u
 *      └──▶ last ◀──┘         (a triangle)                 ring of four: closed walks of four transfers
 *
 * O(Σ over edges u → x of the payees of x), twice for rings of four; an account's counterparties count up to
 * SHAPE_COUNTERPARTIES. 4 bytes a column and account, and the scratch of shape_work. */
#include "feature/shape.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/time.h"
#include "feature/shape_private.h"

#define SIDE_COLUMNS(X)                                                                                                \
    X(COUNT, "count")                                                                                                  \
    X(SUM, "sum")                                                                                                      \
    X(MIN, "min")                                                                                                      \
    X(MAX, "max")                                                                                                      \
    X(MEAN, "mean")                                                                                                    \
    X(DEVIATION, "deviation")                                                                                          \
    X(DISTINCT, "distinct")   /* counterparties */                                                                     \
    X(AMOUNTS, "amounts")     /* different amounts */                                                                  \
    X(DAY_MOST, "day_most")   /* transfers in the busiest day */                                                       \
    X(PAIR_MOST, "pair_most") /* transfers with the commonest counterparty */

#define KNIT_COLUMNS(X)                                                                                                \
    X(MUTUAL, "mutual")                                                                                                \
    X(RING3, "ring3")                                                                                                  \
    X(RING4, "ring4")                                                                                                  \
    X(FIRST, "triangle_first")                                                                                         \
    X(LAST, "triangle_last")                                                                                           \
    X(MUTUAL_WEIGHT, "mutual_weight")                                                                                  \
    X(RING3_WEIGHT, "ring3_weight")                                                                                    \
    X(FIRST_WEIGHT, "triangle_first_weight")                                                                           \
    X(MIDDLE_WEIGHT, "triangle_middle_weight")                                                                         \
    X(LAST_WEIGHT, "triangle_last_weight")                                                                             \
    X(MUTUAL_SHARE, "mutual_share")                                                                                    \
    X(RING3_SHARE, "ring3_share")                                                                                      \
    X(FIRST_SHARE, "triangle_first_share")                                                                             \
    X(LAST_SHARE, "triangle_last_share")

enum {
#define NUMBER(name, text) SIDE_##name,
    SIDE_COLUMNS(NUMBER)
#undef NUMBER
        SIDE_COUNT_OF
};
enum {
    KNIT_BEGIN = 2 * SIDE_COUNT_OF - 1,
#define NUMBER(name, text) KNIT_##name,
    KNIT_COLUMNS(NUMBER)
#undef NUMBER
        OWN_COUNT
};

#define TEXT_OF(name, text) text,
static const char *const SIDE_NAMES[] = {SIDE_COLUMNS(TEXT_OF)};
static const char *const KNIT_NAMES[] = {KNIT_COLUMNS(TEXT_OF)};
#undef TEXT_OF
static const char *const SIDES[] = {"out", "in"};
static const char *const BLOCKS[] = {
    "", "payees.max.", "payees.min.", "payees.mean.", "payers.max.", "payers.min.", "payers.mean."};

/* ---- what it pays and is paid ---- */

static int compare_amounts(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static uint32_t different(int64_t *values, uint32_t count, uint32_t *most_out) {
    uint32_t different_count = 0, run = 0, most = 0;
    qsort(values, count, sizeof *values, compare_amounts);
    for (uint32_t i = 0; i < count; i++) {
        bool is_new = i == 0 || values[i] != values[i - 1];
        different_count += is_new;
        run = is_new ? 1 : run + 1;
        most = run > most ? run : most;
    }
    *most_out = most;
    return different_count;
}

static int64_t day_of(int64_t time_ms) {
    int64_t local = time_ms + TIME_SHANGHAI_OFFSET_MS;
    return local / TIME_DAY_MS - (local % TIME_DAY_MS < 0);
}

/* values[the account's transfers]: scratch. */
static void fill_side(const shape *s, int side, uint32_t account, int64_t *values, float *row) {
    const shape_side *x = &s->sides[side];
    const uint32_t *at = x->entries + x->entry_first[account];
    uint32_t count = x->entry_first[account + 1] - x->entry_first[account], most = 0;
    row[SIDE_COUNT] = (float)count;
    row[SIDE_DISTINCT] = (float)(x->other_first[account + 1] - x->other_first[account]);
    if (count == 0) {
        for (int c = SIDE_SUM; c < SIDE_COUNT_OF; c++) {
            row[c] = c == SIDE_DISTINCT ? 0 : NAN;
        }
        return;
    }
    int64_t least = INT64_MAX, largest = INT64_MIN, sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        int64_t amount = s->transfers[at[i]].amount_fen;
        values[i] = amount;
        sum += amount;
        least = amount < least ? amount : least;
        largest = amount > largest ? amount : largest;
    }
    double mean = (double)sum / count, squares = 0;
    for (uint32_t i = 0; i < count; i++) {
        double off = (double)values[i] - mean;
        squares += off * off;
    }
    row[SIDE_SUM] = (float)sum;
    row[SIDE_MIN] = (float)least;
    row[SIDE_MAX] = (float)largest;
    row[SIDE_MEAN] = (float)mean;
    row[SIDE_DEVIATION] = count < 2 ? NAN : (float)sqrt(squares / (count - 1));
    row[SIDE_AMOUNTS] = (float)different(values, count, &most);
    for (uint32_t i = 0; i < count; i++) {
        values[i] = day_of(s->transfers[at[i]].time_ms);
    }
    (void)different(values, count, &most);
    row[SIDE_DAY_MOST] = (float)most;
    for (uint32_t i = 0; i < count; i++) {
        values[i] = shape_other(s, side, at[i]);
    }
    (void)different(values, count, &most);
    row[SIDE_PAIR_MOST] = (float)most;
}

/* ---- how closely knit ---- */

static double degree(const shape *s, int side, uint32_t account) {
    return (double)(s->sides[side].other_first[account + 1] - s->sides[side].other_first[account]);
}
static double weight(const shape *s, uint32_t from, uint32_t to) {
    return 1.0 / sqrt(degree(s, SHAPE_OUT, from) * degree(s, SHAPE_IN, to));
}
static void add(float *values, uint32_t account, int column, double x) {
    values[(size_t)account * OWN_COUNT + (size_t)column] += (float)x;
}

static void mark_others(const shape *s, int side, uint32_t account, shape_marks *marks) {
    shape_span others = shape_others(s, side, account);
    shape_marks_forget(marks);
    for (uint32_t i = 0; i < others.count; i++) {
        (void)shape_mark(marks, others.at[i], 1);
    }
}

/* All pairs of edges u → x → y. */
static void walk_two(const shape *s, shape_work *w, uint32_t u, float *values) {
    shape_marks *paid = &w->a, *paying = &w->b, *walks = &w->c;
    mark_others(s, SHAPE_OUT, u, paid);
    mark_others(s, SHAPE_IN, u, paying);
    shape_marks_forget(walks);
    shape_span first = shape_others(s, SHAPE_OUT, u);
    for (uint32_t i = 0; i < first.count; i++) {
        uint32_t x = first.at[i];
        double weight_ux = weight(s, u, x);
        shape_span second = shape_others(s, SHAPE_OUT, x);
        for (uint32_t k = 0; k < second.count; k++) {
            uint32_t y = second.at[k];
            double both = weight_ux * weight(s, x, y);
            (void)shape_mark(walks, y, 1);
            if (y == u) {
                add(values, u, KNIT_MUTUAL, 1);
                add(values, u, KNIT_MUTUAL_WEIGHT, both);
            }
            if (shape_marked(paid, y)) {
                add(values, u, KNIT_FIRST, 1);
                add(values, u, KNIT_FIRST_WEIGHT, both);
                add(values, x, KNIT_MIDDLE_WEIGHT, both);
                add(values, y, KNIT_LAST, 1);
                add(values, y, KNIT_LAST_WEIGHT, both);
            }
            if (shape_marked(paying, y)) {
                add(values, u, KNIT_RING3, 1);
                add(values, u, KNIT_RING3_WEIGHT, both * weight(s, y, u));
            }
        }
    }
    /* u → x → y, then y → z → u, found from its end. */
    shape_span last = shape_others(s, SHAPE_IN, u);
    for (uint32_t i = 0; i < last.count; i++) {
        shape_span third = shape_others(s, SHAPE_IN, last.at[i]);
        for (uint32_t k = 0; k < third.count; k++) {
            if (shape_marked(walks, third.at[k])) {
                add(values, u, KNIT_RING4, walks->value[third.at[k]]);
            }
        }
    }
}

static void fill_shares(const shape *s, uint32_t account, float *row) {
    double out = fmax(degree(s, SHAPE_OUT, account), 1), in = fmax(degree(s, SHAPE_IN, account), 1);
    row[KNIT_MUTUAL_SHARE] = (float)((double)row[KNIT_MUTUAL] / fmin(out, in));
    row[KNIT_RING3_SHARE] = (float)((double)row[KNIT_RING3] / sqrt(out * in));
    row[KNIT_FIRST_SHARE] = (float)((double)row[KNIT_FIRST] / out);
    row[KNIT_LAST_SHARE] = (float)((double)row[KNIT_LAST] / in);
}

/* ---- rows ---- */

size_t shape_account_own_count(void) {
    return OWN_COUNT;
}

bool shape_accounts(const shape *s, float *values) {
    shape_work *w = shape_work_new(s);
    int64_t *scratch = memory_new_zero((size_t)s->count + 1, sizeof *scratch);
    bool done = w != NULL && scratch != NULL;
    memset(values, 0, (size_t)s->account_limit * OWN_COUNT * sizeof *values);
    for (uint32_t account = 0; done && account < s->account_limit; account++) {
        float *row = values + (size_t)account * OWN_COUNT;
        fill_side(s, SHAPE_OUT, account, scratch, row);
        fill_side(s, SHAPE_IN, account, scratch, row + SIDE_COUNT_OF);
        walk_two(s, w, account, values);
    }
    for (uint32_t account = 0; done && account < s->account_limit; account++) {
        fill_shares(s, account, values + (size_t)account * OWN_COUNT);
    }
    memory_free(scratch);
    shape_work_free(&w);
    return done;
}

size_t shape_account_column_count(void) {
    return (size_t)OWN_COUNT * (sizeof BLOCKS / sizeof *BLOCKS);
}

void shape_account_column_name(size_t column, char *name_out, size_t capacity) {
    const char *block = BLOCKS[column / OWN_COUNT];
    size_t at = column % OWN_COUNT;
    if (at > KNIT_BEGIN) {
        (void)snprintf(name_out, capacity, "%s%s", block, KNIT_NAMES[at - KNIT_BEGIN - 1]);
    } else {
        (void)snprintf(name_out, capacity, "%s%s_%s", block, SIDES[at / SIDE_COUNT_OF], SIDE_NAMES[at % SIDE_COUNT_OF]);
    }
}

static void take_others(const float *own, shape_span others, float *max, float *min, float *mean) {
    for (size_t c = 0; c < OWN_COUNT; c++) {
        float most = NAN, least = NAN;
        double sum = 0;
        uint32_t count = 0;
        for (uint32_t i = 0; i < others.count; i++) {
            float value = own[(size_t)others.at[i] * OWN_COUNT + c];
            if (isnan(value)) {
                continue;
            }
            most = isnan(most) || value > most ? value : most;
            least = isnan(least) || value < least ? value : least;
            sum += (double)value;
            count++;
        }
        max[c] = most;
        min[c] = least;
        mean[c] = count == 0 ? NAN : (float)(sum / count);
    }
}

bool shape_account_row(const shape *s, const float *own, uint32_t account, float *row) {
    memcpy(row, own + (size_t)account * OWN_COUNT, OWN_COUNT * sizeof *row);
    for (int side = 0; side < 2; side++) {
        float *at = row + (size_t)(1 + 3 * side) * OWN_COUNT;
        take_others(own, shape_others(s, side, account), at, at + OWN_COUNT, at + (size_t)2 * OWN_COUNT);
    }
    return row[SIDE_COUNT] > 0 || row[SIDE_COUNT_OF + SIDE_COUNT] > 0;
}
