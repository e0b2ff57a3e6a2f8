/* The surroundings of a transfer u → v at t, within a window to both sides of it.
 *
 *      payers of u ──▶ u ──▶ payees of u            degrees: how many there are before and after
 *   payers of u ──▶ u ═══▶ v ──▶ payees of v        chains: how far money can go on in time order
 *               u ──▶ many ──▶ w                    meeting: how many payees of u pay one and the same account
 *               v ──▶ … ──▶ u                       rings: the fewest transfers of a cycle through it
 *
 * A temporal cycle through the transfer may begin anywhere on it: the accounts that money from v reaches after t and
 * those from which money reached u before t are found breadth first, and where they meet the cycle closes. Hops are at
 * most HOPS_MAX and a layer at most LAYER_MAX accounts.
 *
 * Chains are found for all transfers in one pass each way: the longest chain from a transfer is one more than that of
 * the longest among the next ones. O(transfers × adjacent ones). */
#include "feature/shape.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "feature/shape_private.h"

enum {
    HOPS_MAX = 12,
    LAYER_MAX = 200,
    CHAIN_MAX = 15,
    CHAIN_COLUMNS = 4,
    RATE_COLUMNS = 4,
    REST_COLUMNS = 4,
    WIDE_COLUMNS = 8,
    DEGREE_COLUMNS = 6,
    OTHER_COLUMNS = CHAIN_COLUMNS + RATE_COLUMNS + WIDE_COLUMNS + REST_COLUMNS
};

#define COLUMNS(X)                                                                                                     \
    X(PAYER_OUT, "payer_out")               /* distinct payees of the payer */                                         \
    X(PAYER_OUT_BEFORE, "payer_out_before") /* … paid before it */                                                   \
    X(PAYER_IN, "payer_in")                 /* distinct payers of the payer */                                         \
    X(PAYER_IN_BEFORE, "payer_in_before")                                                                              \
    X(PAYEE_IN, "payee_in")                                                                                            \
    X(PAYEE_IN_BEFORE, "payee_in_before")                                                                              \
    X(PAYEE_OUT, "payee_out")                                                                                          \
    X(PAYEE_OUT_AFTER, "payee_out_after")                                                                              \
    X(PAIR, "pair")             /* transfers of the same two accounts, this one included */                            \
    X(BACK, "back")             /* transfers from the payee to the payer */                                            \
    X(BACK_AFTER, "back_after") /* … after it */                                                                     \
    X(GAP_BEFORE, "gap_before") /* hours since the payer was last paid */                                              \
    X(GAP_AFTER, "gap_after")   /* hours until the payee next pays */                                                  \
    X(MEET_OUT, "meet_out")     /* the most payees of the payer that pay one account */                                \
    X(LEG_FIRST, "leg_first")   /* … one that the payee pays too: a scatter-gather's first leg */                    \
    X(MEET_IN, "meet_in")       /* the most payers of the payee that one account pays */                               \
    X(LEG_SECOND, "leg_second") /* … one that pays the payer too: its second leg */                                  \
    X(CYCLE, "cycle")           /* length of the shortest temporal cycle through it, 0: none */                        \
    X(RING, "ring")             /* the same in any order of time */                                                    \
    X(REACH_AFTER, "reach_after")                                                                                      \
    X(REACH_BEFORE, "reach_before")                                                                                    \
    X(NEAR_ACCOUNTS, "near_accounts") /* within two hops of either party */                                            \
    X(NEAR_TRANSFERS, "near_transfers")                                                                                \
    X(NEAR_SOURCES, "near_sources") /* accounts that pay there and are not paid */                                     \
    X(NEAR_SINKS, "near_sinks")                                                                                        \
    X(NEAR_MIDDLES, "near_middles")                                                                                    \
    X(NEAR_OUT, "near_out") /* the most payees that one of them has there */                                           \
    X(NEAR_IN, "near_in")

enum {
#define NUMBER(name, text) COLUMN_##name,
    COLUMNS(NUMBER)
#undef NUMBER
        COLUMN_COUNT
};

static const char *const NAMES[COLUMN_COUNT] = {
#define TEXT_OF(name, text) text,
    COLUMNS(TEXT_OF)
#undef TEXT_OF
};
/* Once, whatever the number of windows. The rates are transfers a day over the whole log: what an account does anyway.
 * The wide ones are of twice the first window: a hub that gathers first and scatters later shows only there. */
static const char *const OTHER_NAMES[OTHER_COLUMNS] = {
    "chain_after_short", "chain_before_short", "chain_after",          "chain_before",         "payer_out_rate",
    "payer_in_rate",     "payee_out_rate",     "payee_in_rate",        "payer_out_wide",       "payer_in_wide",
    "payee_in_wide",     "payee_out_wide",     "payer_in_before_wide", "payee_out_after_wide", "payer_turn_wide",
    "payee_turn_wide",   "payer_out_rest",     "payer_in_rest",        "payee_out_rest",       "payee_in_rest"};
static const char *const KINDS[SHAPE_ADJACENT_KINDS] = {"same_payer", "same_payee", "before", "after"};

typedef struct place {
    const shape *s;
    shape_work *w;
    uint32_t transfer, u, v;
    int64_t t, low, high; /* low < time <= high */
    float *row;
} place;

static shape_span around(const place *p, int side, uint32_t account) {
    return shape_span_of(p->s, side, account, p->low, p->t, p->high);
}
static int64_t time_of(const place *p, uint32_t transfer) {
    return p->s->transfers[transfer].time_ms;
}

static void degrees(const place *p, int side, uint32_t account, bool before, int all_column, int part_column) {
    shape_marks *all = &p->w->a, *part = &p->w->b;
    shape_marks_forget(all);
    shape_marks_forget(part);
    shape_span span = around(p, side, account);
    uint32_t in_all = 0, in_part = 0;
    for (uint32_t i = 0; i < span.count; i++) {
        int64_t time = time_of(p, span.at[i]);
        uint32_t other = shape_other(p->s, side, span.at[i]);
        in_all += shape_mark(all, other, 1);
        if (before ? time < p->t : time > p->t) {
            in_part += shape_mark(part, other, 1);
        }
    }
    p->row[all_column] = (float)in_all;
    p->row[part_column] = (float)in_part;
}

static void fill_degrees(const place *p) {
    degrees(p, SHAPE_OUT, p->u, true, COLUMN_PAYER_OUT, COLUMN_PAYER_OUT_BEFORE);
    degrees(p, SHAPE_IN, p->u, true, COLUMN_PAYER_IN, COLUMN_PAYER_IN_BEFORE);
    degrees(p, SHAPE_IN, p->v, true, COLUMN_PAYEE_IN, COLUMN_PAYEE_IN_BEFORE);
    degrees(p, SHAPE_OUT, p->v, false, COLUMN_PAYEE_OUT, COLUMN_PAYEE_OUT_AFTER);
}

static void pairs_and_gaps(const place *p) {
    uint32_t pair = 0, back = 0, back_after = 0;
    shape_span out = around(p, SHAPE_OUT, p->u), next = around(p, SHAPE_OUT, p->v), in = around(p, SHAPE_IN, p->u);
    for (uint32_t i = 0; i < out.count; i++) {
        pair += p->s->transfers[out.at[i]].to == p->v;
    }
    p->row[COLUMN_GAP_AFTER] = NAN;
    for (uint32_t i = next.count; i-- > 0;) {
        bool is_after = time_of(p, next.at[i]) > p->t;
        bool is_back = p->s->transfers[next.at[i]].to == p->u;
        back += is_back;
        back_after += is_back && is_after;
        if (is_after) {
            p->row[COLUMN_GAP_AFTER] = (float)((double)(time_of(p, next.at[i]) - p->t) / 3.6e6);
        }
    }
    p->row[COLUMN_GAP_BEFORE] = NAN;
    for (uint32_t i = 0; i < in.count && time_of(p, in.at[i]) < p->t; i++) {
        p->row[COLUMN_GAP_BEFORE] = (float)((double)(p->t - time_of(p, in.at[i])) / 3.6e6);
    }
    p->row[COLUMN_PAIR] = (float)pair;
    p->row[COLUMN_BACK] = (float)back;
    p->row[COLUMN_BACK_AFTER] = (float)back_after;
}

/* Forward: how many distinct payees of u pay each account, the most of all, and the most of those that v pays. */
static void meetings(const place *p, int side, uint32_t from, uint32_t towards, int most_column, int leg_column) {
    shape_marks *seen = &p->w->a, *counts = &p->w->b, *once = &p->w->c;
    shape_marks_forget(seen);
    shape_marks_forget(counts);
    shape_span first = around(p, side, from);
    uint32_t most = 0, leg = 0;
    for (uint32_t i = 0; i < first.count; i++) {
        uint32_t middle = shape_other(p->s, side, first.at[i]);
        if (!shape_mark(seen, middle, 1)) {
            continue;
        }
        shape_marks_forget(once);
        shape_span second = around(p, side, middle);
        for (uint32_t k = 0; k < second.count; k++) {
            uint32_t end = shape_other(p->s, side, second.at[k]);
            if (end != from && shape_mark(once, end, 1)) {
                (void)shape_mark(counts, end, 1);
                most = counts->value[end] > most ? counts->value[end] : most;
            }
        }
    }
    shape_span ends = around(p, side, towards);
    for (uint32_t i = 0; i < ends.count; i++) {
        uint32_t end = shape_other(p->s, side, ends.at[i]);
        if (shape_marked(counts, end) && counts->value[end] > leg) {
            leg = counts->value[end];
        }
    }
    p->row[most_column] = (float)most;
    p->row[leg_column] = (float)leg;
}

/* Marks each account that money reaches from `start` in time order (backward: from which it reaches it) with its hops
 * + 1, and gives how many there are. Within a layer the earliest arrival (backward: the latest departure) counts. */
static uint32_t reach(const place *p, bool forward, uint32_t start, shape_marks *marks, int64_t *times) {
    int side = forward ? SHAPE_OUT : SHAPE_IN;
    uint32_t *layer = p->w->queue, *next = p->w->next, layer_count = 1, found = 1;
    shape_marks_forget(marks);
    (void)shape_mark(marks, start, 1);
    times[start] = p->t;
    layer[0] = start;
    for (uint32_t hops = 1; hops <= HOPS_MAX && layer_count > 0; hops++) {
        uint32_t next_count = 0;
        for (uint32_t i = 0; i < layer_count; i++) {
            int64_t from = times[layer[i]];
            shape_span span = forward ? shape_span_of(p->s, side, layer[i], from, from, p->high)
                                      : shape_span_of(p->s, side, layer[i], p->low, from, from - 1);
            for (uint32_t k = 0; k < span.count; k++) {
                uint32_t other = shape_other(p->s, side, span.at[k]);
                int64_t time = time_of(p, span.at[k]);
                if (!shape_marked(marks, other)) {
                    (void)shape_mark(marks, other, hops + 1);
                    times[other] = time;
                    next[next_count++] = other;
                } else if (marks->value[other] == hops + 1 && (forward ? time < times[other] : time > times[other])) {
                    times[other] = time;
                }
            }
        }
        found += next_count;
        layer_count = next_count < LAYER_MAX ? next_count : LAYER_MAX;
        uint32_t *swap = layer;
        layer = next;
        next = swap;
    }
    return found;
}

static void cycles(const place *p) {
    uint32_t after = reach(p, true, p->v, &p->w->b, p->w->time_b);
    uint32_t before = reach(p, false, p->u, &p->w->c, p->w->time_c);
    p->row[COLUMN_REACH_AFTER] = (float)after;
    p->row[COLUMN_REACH_BEFORE] = (float)before;
    /* Walk forward again, to meet what was reached backward: each forward account is in some span of a forward one. */
    uint32_t best = 0, layer_count = 1, *layer = p->w->queue, *next = p->w->next;
    shape_marks *seen = &p->w->a;
    shape_marks_forget(seen);
    (void)shape_mark(seen, p->v, 1);
    layer[0] = p->v;
    while (layer_count > 0) {
        uint32_t next_count = 0;
        for (uint32_t i = 0; i < layer_count; i++) {
            uint32_t x = layer[i];
            if (shape_marked(&p->w->c, x)) {
                uint32_t length = p->w->b.value[x] + p->w->c.value[x] - 1;
                best = best == 0 || length < best ? length : best;
            }
            shape_span span = shape_span_of(p->s, SHAPE_OUT, x, p->w->time_b[x], p->w->time_b[x], p->high);
            for (uint32_t k = 0; k < span.count; k++) {
                uint32_t other = shape_other(p->s, SHAPE_OUT, span.at[k]);
                if (shape_marked(&p->w->b, other) && shape_mark(seen, other, 1)) {
                    next[next_count++] = other;
                }
            }
        }
        layer_count = next_count;
        uint32_t *swap = layer;
        layer = next;
        next = swap;
    }
    p->row[COLUMN_CYCLE] = (float)best;
}

static void ring(const place *p) {
    uint32_t *layer = p->w->queue, *next = p->w->next, layer_count = 1, length = 0;
    shape_marks *seen = &p->w->a;
    shape_marks_forget(seen);
    (void)shape_mark(seen, p->v, 1);
    layer[0] = p->v;
    for (uint32_t hops = 1; hops < HOPS_MAX && layer_count > 0 && length == 0; hops++) {
        uint32_t next_count = 0;
        for (uint32_t i = 0; i < layer_count && length == 0; i++) {
            shape_span span = around(p, SHAPE_OUT, layer[i]);
            for (uint32_t k = 0; k < span.count; k++) {
                uint32_t other = shape_other(p->s, SHAPE_OUT, span.at[k]);
                if (other == p->u) {
                    length = hops + 1;
                    break;
                }
                if (shape_mark(seen, other, 1)) {
                    next[next_count++] = other;
                }
            }
        }
        layer_count = next_count < LAYER_MAX ? next_count : LAYER_MAX;
        uint32_t *swap = layer;
        layer = next;
        next = swap;
    }
    p->row[COLUMN_RING] = (float)length;
}

/* Two hops out of both parties, whatever the direction. The transfers met are those with an inner end: one of the
 * accounts whose transfers were looked at. */
static uint32_t collect(const place *p, uint32_t *inner_count_out) {
    shape_marks *seen = &p->w->a, *inner = &p->w->c;
    uint32_t *list = p->w->queue, count = 2, expanded = 0, layer_end = 2;
    shape_marks_forget(seen);
    shape_marks_forget(inner);
    (void)shape_mark(seen, p->u, 1);
    (void)shape_mark(seen, p->v, 1);
    list[0] = p->u;
    list[1] = p->v;
    for (int hop = 0; hop < 2; hop++) {
        for (; expanded < layer_end; expanded++) {
            (void)shape_mark(inner, list[expanded], 1);
            for (int side = 0; side < 2; side++) {
                shape_span span = around(p, side, list[expanded]);
                for (uint32_t k = 0; k < span.count; k++) {
                    uint32_t other = shape_other(p->s, side, span.at[k]);
                    if (shape_mark(seen, other, 1)) {
                        list[count++] = other;
                    }
                }
            }
        }
        layer_end = count < LAYER_MAX ? count : LAYER_MAX;
    }
    *inner_count_out = expanded;
    return count;
}

static void near(const place *p) {
    shape_marks *once = &p->w->b, *inner = &p->w->c;
    uint32_t inner_count = 0, count = collect(p, &inner_count);
    uint32_t transfers = 0, sources = 0, sinks = 0, middles = 0, most[2] = {0, 0};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t account = p->w->queue[i], partners[2] = {0, 0};
        for (int side = 0; side < 2; side++) {
            shape_marks_forget(once);
            shape_span span = around(p, side, account);
            for (uint32_t k = 0; k < span.count; k++) {
                uint32_t other = shape_other(p->s, side, span.at[k]);
                if (i < inner_count || shape_marked(inner, other)) {
                    partners[side] += shape_mark(once, other, 1);
                    transfers += side == SHAPE_OUT;
                }
            }
            most[side] = partners[side] > most[side] ? partners[side] : most[side];
        }
        sources += partners[SHAPE_OUT] > 0 && partners[SHAPE_IN] == 0;
        sinks += partners[SHAPE_OUT] == 0 && partners[SHAPE_IN] > 0;
        middles += partners[SHAPE_OUT] > 0 && partners[SHAPE_IN] > 0;
    }
    p->row[COLUMN_NEAR_ACCOUNTS] = (float)count;
    p->row[COLUMN_NEAR_TRANSFERS] = (float)transfers;
    p->row[COLUMN_NEAR_SOURCES] = (float)sources;
    p->row[COLUMN_NEAR_SINKS] = (float)sinks;
    p->row[COLUMN_NEAR_MIDDLES] = (float)middles;
    p->row[COLUMN_NEAR_OUT] = (float)most[SHAPE_OUT];
    p->row[COLUMN_NEAR_IN] = (float)most[SHAPE_IN];
}

/* ---- chains ---- */

/* chain_out[transfer * stride]: transfers of the longest chain that begins with it (backward: ends with it), each
 * after the one before within wait_ms; at most CHAIN_MAX. */
static void chains(const shape *s, bool forward, int64_t wait_ms, float *chain_out, size_t stride) {
    for (uint32_t n = 0; n < s->count; n++) {
        uint32_t i = forward ? s->count - 1 - n : n;
        const shape_transfer *x = &s->transfers[i];
        shape_span span =
            forward ? shape_span_of(s, SHAPE_OUT, x->to, x->time_ms, x->time_ms + 1, x->time_ms + wait_ms)
                    : shape_span_of(s, SHAPE_IN, x->from, x->time_ms - wait_ms - 1, x->time_ms, x->time_ms - 1);
        float longest = 0;
        for (uint32_t k = 0; k < span.count; k++) {
            longest = fmaxf(longest, chain_out[span.at[k] * stride]);
        }
        chain_out[i * stride] = fminf(longest + 1, CHAIN_MAX);
    }
}

/* rates_out[transfer * stride + 0 … RATE_COLUMNS − 1] */
static void rates(const shape *s, float *rates_out, size_t stride) {
    int64_t span_ms = s->count == 0 ? 0 : s->transfers[s->count - 1].time_ms - s->transfers[0].time_ms;
    double days = fmax((double)span_ms / (double)TIME_DAY_MS, 1);
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t ends[2] = {s->transfers[i].from, s->transfers[i].to};
        for (int k = 0; k < RATE_COLUMNS; k++) {
            const uint32_t *first = s->sides[k % 2].entry_first + ends[k / 2];
            rates_out[i * stride + (size_t)k] = (float)((double)(first[1] - first[0]) / days);
        }
    }
}

/* ---- rows ---- */

size_t shape_transfer_own_count(size_t window_count) {
    return window_count * COLUMN_COUNT + OTHER_COLUMNS;
}

static place place_of(const shape *s, shape_work *w, uint32_t transfer, int64_t window_ms, float *row) {
    const shape_transfer *x = &s->transfers[transfer];
    return (place){.s = s,
                   .w = w,
                   .transfer = transfer,
                   .u = x->from,
                   .v = x->to,
                   .t = x->time_ms,
                   .low = x->time_ms - window_ms,
                   .high = x->time_ms + window_ms,
                   .row = row};
}

/* Of all pairs of a transfer into the account and one out of it the share with the one in first: 1 for a hub that
 * gathers and then scatters, about a half for two kinds of traffic that have nothing to do with one another. */
static float turn(const place *p, uint32_t account) {
    shape_span in = around(p, SHAPE_IN, account), out = around(p, SHAPE_OUT, account);
    uint32_t before = 0;
    uint64_t in_order = 0;
    for (uint32_t k = 0; k < out.count; k++) {
        while (before < in.count && time_of(p, in.at[before]) < time_of(p, out.at[k])) {
            before++;
        }
        in_order += before;
    }
    return in.count == 0 || out.count == 0 ? NAN : (float)((double)in_order / ((double)in.count * out.count));
}

/* wide[WIDE_COLUMNS] of a place in the wide window. */
static void fill_wide(place *p, float *wide) {
    float row[COLUMN_COUNT];
    static const uint8_t TAKEN[DEGREE_COLUMNS] = {COLUMN_PAYER_OUT, COLUMN_PAYER_IN,        COLUMN_PAYEE_IN,
                                                  COLUMN_PAYEE_OUT, COLUMN_PAYER_IN_BEFORE, COLUMN_PAYEE_OUT_AFTER};
    p->row = row;
    fill_degrees(p);
    for (size_t k = 0; k < DEGREE_COLUMNS; k++) {
        wide[k] = row[TAKEN[k]];
    }
    wide[DEGREE_COLUMNS] = turn(p, p->u);
    wide[DEGREE_COLUMNS + 1] = turn(p, p->v);
}

/* rest[REST_COLUMNS]: transfers a day of both accounts outside of the wide window, as in the rates: what they do when
 * they do not take part in this. */
static void fill_rest(const place *p, float *rest) {
    const shape_transfer *first = &p->s->transfers[0], *last = &p->s->transfers[p->s->count - 1];
    int64_t low = p->low > first->time_ms ? p->low : first->time_ms;
    int64_t high = p->high < last->time_ms ? p->high : last->time_ms;
    double days = (double)((last->time_ms - first->time_ms) - (high - low)) / (double)TIME_DAY_MS;
    uint32_t ends[2] = {p->u, p->v};
    for (int k = 0; k < REST_COLUMNS; k++) {
        int side = k % 2 == 0 ? SHAPE_OUT : SHAPE_IN;
        const uint32_t *entries = p->s->sides[side].entry_first + ends[k / 2];
        uint32_t outside = entries[1] - entries[0] - shape_count_in(p->s, side, ends[k / 2], p->low, p->high);
        rest[k] = days < 1 ? NAN : (float)(outside / days);
    }
}

static void fill_window(const place *p) {
    fill_degrees(p);
    pairs_and_gaps(p);
    meetings(p, SHAPE_OUT, p->u, p->v, COLUMN_MEET_OUT, COLUMN_LEG_FIRST);
    meetings(p, SHAPE_IN, p->v, p->u, COLUMN_MEET_IN, COLUMN_LEG_SECOND);
    cycles(p);
    ring(p);
    near(p);
}

bool shape_transfers(const shape *s, const shape_windows *windows, float *values) {
    size_t columns = shape_transfer_own_count(windows->count);
    shape_work *w = shape_work_new(s);
    if (w == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < s->count; i++) {
        float *row = values + i * columns;
        for (size_t k = 0; k < windows->count; k++) {
            place p = place_of(s, w, i, windows->window_ms[k], row + k * COLUMN_COUNT);
            fill_window(&p);
        }
        place p = place_of(s, w, i, 2 * windows->window_ms[0], NULL);
        float *wide = row + windows->count * COLUMN_COUNT + CHAIN_COLUMNS + RATE_COLUMNS;
        fill_wide(&p, wide);
        fill_rest(&p, wide + WIDE_COLUMNS);
    }
    float *at = values + windows->count * COLUMN_COUNT;
    for (int k = 0; k < 2; k++) {
        chains(s, true, windows->chain_ms[k], at + 2 * k, columns);
        chains(s, false, windows->chain_ms[k], at + 2 * k + 1, columns);
    }
    rates(s, at + CHAIN_COLUMNS, columns);
    shape_work_free(&w);
    return true;
}

size_t shape_transfer_column_count(size_t window_count) {
    return shape_transfer_own_count(window_count) * (1 + 2 * SHAPE_ADJACENT_KINDS);
}

void shape_transfer_column_name(const shape_windows *windows, size_t column, char *name_out, size_t capacity) {
    size_t own = shape_transfer_own_count(windows->count), block = column / own, at = column % own;
    char prefix[32] = "", suffix[32] = "";
    if (block > 0) {
        (void)snprintf(prefix, sizeof prefix, "%s.%s.", KINDS[(block - 1) / 2], (block - 1) % 2 == 0 ? "max" : "mean");
    }
    if (at < windows->count * COLUMN_COUNT) {
        (void)snprintf(suffix, sizeof suffix, "_%lldh", (long long)(windows->window_ms[at / COLUMN_COUNT] / 3600000));
        (void)snprintf(name_out, capacity, "%s%s%s", prefix, NAMES[at % COLUMN_COUNT], suffix);
    } else {
        (void)snprintf(name_out, capacity, "%s%s", prefix, OTHER_NAMES[at - windows->count * COLUMN_COUNT]);
    }
}

/* The largest and the mean of each column over the transfers of the span but `self`. */
static void take_adjacent(const float *own, size_t columns, shape_span span, uint32_t self, float *max, float *mean) {
    for (size_t c = 0; c < columns; c++) {
        float most = NAN;
        double sum = 0;
        uint32_t count = 0;
        for (uint32_t k = 0; k < span.count; k++) {
            float value = own[span.at[k] * columns + c];
            if (span.at[k] == self || isnan(value)) {
                continue;
            }
            most = isnan(most) || value > most ? value : most;
            sum += (double)value;
            count++;
        }
        max[c] = most;
        mean[c] = count == 0 ? NAN : (float)(sum / count);
    }
}

void shape_transfer_row(const shape *s, const shape_windows *windows, const float *own, uint32_t transfer, float *row) {
    size_t columns = shape_transfer_own_count(windows->count);
    const shape_transfer *x = &s->transfers[transfer];
    int64_t t = x->time_ms, low = t - windows->window_ms[windows->around],
            high = t + windows->window_ms[windows->around];
    shape_span spans[SHAPE_ADJACENT_KINDS] = {
        shape_span_of(s, SHAPE_OUT, x->from, low, t, high),
        shape_span_of(s, SHAPE_IN, x->to, low, t, high),
        shape_span_of(s, SHAPE_IN, x->from, low, t, t - 1),
        shape_span_of(s, SHAPE_OUT, x->to, t, t + 1, high),
    };
    memcpy(row, own + transfer * columns, columns * sizeof *row);
    for (size_t k = 0; k < SHAPE_ADJACENT_KINDS; k++) {
        take_adjacent(own, columns, spans[k], transfer, row + (1 + 2 * k) * columns, row + (2 + 2 * k) * columns);
    }
}
