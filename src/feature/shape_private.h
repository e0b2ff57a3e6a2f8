/* The index that the files of shapes share. */
#ifndef FEATURE_SHAPE_PRIVATE_H
#define FEATURE_SHAPE_PRIVATE_H

#include "feature/shape.h"

/* CSR, by account: `entries` are transfers in time order; `others` the distinct counterparties by number. */
typedef struct shape_side {
    uint32_t *entry_first, *entries; /* [account_limit + 1], [count] */
    uint32_t *other_first, *others;
} shape_side;

enum { SHAPE_OUT, SHAPE_IN }; /* as payer, as payee */

struct shape {
    const shape_transfer *transfers;
    uint32_t count, account_limit;
    shape_side sides[2];
};

/* Marks and counts by account that are forgotten all at once: a mark is of the current round. */
typedef struct shape_marks {
    uint32_t *round_of, *value;
    uint32_t round;
} shape_marks;

struct shape_work {
    shape_marks a, b, c;
    int64_t *time_b, *time_c;
    uint32_t *queue, *next;
};

static inline void shape_marks_forget(shape_marks *m) {
    m->round++;
}
static inline bool shape_marked(const shape_marks *m, uint32_t account) {
    return m->round_of[account] == m->round;
}
/* Adds to the account's value of this round, which begins at 0. True when it is its first mark. */
static inline bool shape_mark(shape_marks *m, uint32_t account, uint32_t add) {
    if (m->round_of[account] != m->round) {
        m->round_of[account] = m->round;
        m->value[account] = add;
        return true;
    }
    m->value[account] += add;
    return false;
}

typedef struct shape_span {
    const uint32_t *at;
    uint32_t count;
} shape_span;

/* The account's transfers with low < time <= high, at most SHAPE_NEAREST before `middle` and as many from it on. */
shape_span shape_span_of(const shape *s, int side, uint32_t account, int64_t low_ms, int64_t middle_ms,
                         int64_t high_ms);
/* All of them, however many. */
uint32_t shape_count_in(const shape *s, int side, uint32_t account, int64_t low_ms, int64_t high_ms);
static inline shape_span shape_others(const shape *s, int side, uint32_t account) {
    const shape_side *x = &s->sides[side];
    uint32_t count = x->other_first[account + 1] - x->other_first[account];
    return (shape_span){x->others + x->other_first[account],
                        count < SHAPE_COUNTERPARTIES ? count : SHAPE_COUNTERPARTIES};
}
static inline uint32_t shape_other(const shape *s, int side, uint32_t transfer) {
    return side == SHAPE_OUT ? s->transfers[transfer].to : s->transfers[transfer].from;
}

#endif
