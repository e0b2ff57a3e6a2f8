/* The index of shapes: by account, its transfers in time order and its distinct counterparties, as payer and as payee.
 *
 *   transfers (by time) ──▶ entries of `from` (OUT) and of `to` (IN), in the same order
 *                      └──▶ others: the same lists, sorted and without repeats
 *
 * Building is O(n log n). Bytes: 2 × (4 + at most 4) a transfer, 2 × 8 an account. */
#include "feature/shape.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "feature/shape_private.h"

static int compare_numbers(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool build_side(shape *s, int side) {
    shape_side *x = &s->sides[side];
    size_t accounts = s->account_limit;
    x->entry_first = memory_new_zero(accounts + 2, sizeof *x->entry_first);
    x->other_first = memory_new_zero(accounts + 2, sizeof *x->other_first);
    x->entries = memory_new_zero((size_t)s->count + 1, sizeof *x->entries);
    x->others = memory_new_zero((size_t)s->count + 1, sizeof *x->others);
    if (x->entry_first == NULL || x->other_first == NULL || x->entries == NULL || x->others == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < s->count; i++) {
        x->entry_first[shape_other(s, !side, i) + 2]++;
    }
    for (size_t i = 2; i < accounts + 2; i++) {
        x->entry_first[i] += x->entry_first[i - 1];
    }
    /* [account + 1] is where the account's next entry goes; in the end it is where the next account begins. */
    for (uint32_t i = 0; i < s->count; i++) {
        x->entries[x->entry_first[shape_other(s, !side, i) + 1]++] = i;
    }
    uint32_t used = 0;
    for (uint32_t account = 0; account < s->account_limit; account++) {
        uint32_t first = x->entry_first[account], end = x->entry_first[account + 1], begin = used;
        x->other_first[account] = begin;
        for (uint32_t i = first; i < end; i++) {
            x->others[begin + (i - first)] = shape_other(s, side, x->entries[i]);
        }
        qsort(x->others + begin, end - first, sizeof *x->others, compare_numbers);
        for (uint32_t i = 0; i < end - first; i++) {
            if (i == 0 || x->others[begin + i] != x->others[used - 1]) {
                x->others[used++] = x->others[begin + i];
            }
        }
    }
    x->other_first[accounts] = used;
    return true;
}

shape *shape_new(const shape_transfer *transfers, uint32_t count, uint32_t account_limit) {
    shape *s = memory_new_zero(1, sizeof *s);
    if (s == NULL) {
        return NULL;
    }
    s->transfers = transfers;
    s->count = count;
    s->account_limit = account_limit;
    if (!build_side(s, SHAPE_OUT) || !build_side(s, SHAPE_IN)) {
        shape_free(&s);
    }
    return s;
}

void shape_free(shape **s) {
    if (*s == NULL) {
        return;
    }
    for (int side = 0; side < 2; side++) {
        memory_free((*s)->sides[side].entry_first);
        memory_free((*s)->sides[side].entries);
        memory_free((*s)->sides[side].other_first);
        memory_free((*s)->sides[side].others);
    }
    memory_free(*s);
    *s = NULL;
}

static bool marks_init(shape_marks *m, size_t accounts) {
    m->round_of = memory_new_zero(accounts + 1, sizeof *m->round_of);
    m->value = memory_new_zero(accounts + 1, sizeof *m->value);
    m->round = 1;
    return m->round_of != NULL && m->value != NULL;
}

static void marks_fini(shape_marks *m) {
    memory_free(m->round_of);
    memory_free(m->value);
}

shape_work *shape_work_new(const shape *s) {
    size_t accounts = s->account_limit;
    shape_work *w = memory_new_zero(1, sizeof *w);
    if (w == NULL) {
        return NULL;
    }
    w->time_b = memory_new_zero(accounts + 1, sizeof *w->time_b);
    w->time_c = memory_new_zero(accounts + 1, sizeof *w->time_c);
    w->queue = memory_new_zero(accounts + 1, sizeof *w->queue);
    w->next = memory_new_zero(accounts + 1, sizeof *w->next);
    if (!marks_init(&w->a, accounts) || !marks_init(&w->b, accounts) || !marks_init(&w->c, accounts) ||
        w->time_b == NULL || w->time_c == NULL || w->queue == NULL || w->next == NULL) {
        shape_work_free(&w);
    }
    return w;
}

void shape_work_free(shape_work **w) {
    if (*w == NULL) {
        return;
    }
    marks_fini(&(*w)->a);
    marks_fini(&(*w)->b);
    marks_fini(&(*w)->c);
    memory_free((*w)->time_b);
    memory_free((*w)->time_c);
    memory_free((*w)->queue);
    memory_free((*w)->next);
    memory_free(*w);
    *w = NULL;
}

/* The first of the account's entries whose time is above. */
static uint32_t first_above(const shape *s, const shape_side *x, uint32_t account, int64_t time_ms) {
    uint32_t low = x->entry_first[account], high = x->entry_first[account + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (s->transfers[x->entries[middle]].time_ms <= time_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

shape_span shape_span_of(const shape *s, int side, uint32_t account, int64_t low_ms, int64_t middle_ms,
                         int64_t high_ms) {
    const shape_side *x = &s->sides[side];
    uint32_t first = first_above(s, x, account, low_ms), end = first_above(s, x, account, high_ms);
    uint32_t middle = first_above(s, x, account, middle_ms - 1);
    if (middle > first + SHAPE_NEAREST) {
        first = middle - SHAPE_NEAREST;
    }
    if (end > middle + SHAPE_NEAREST) {
        end = middle + SHAPE_NEAREST;
    }
    return (shape_span){x->entries + first, end > first ? end - first : 0};
}

uint32_t shape_count_in(const shape *s, int side, uint32_t account, int64_t low_ms, int64_t high_ms) {
    const shape_side *x = &s->sides[side];
    return first_above(s, x, account, high_ms) - first_above(s, x, account, low_ms);
}
