/* Trees with 16 children a node over the places of a ring. Level 1 has a node for every 16 places, level 2 for every
 * 256, …: node k of a level is at k modulo the level's size, as entries are in the ring. A query takes nodes that lie
 * wholly in its range; so one that entries are leaving or entering, which may hold either's amounts, is never asked.
 *
 * Nodes are made when somebody asks, of all entries since the last time at once, since most are never asked for: from
 * the first place that is new or has moved on. Memory: 16 bytes for every 15 places of
 * the ring, in blocks of 2^n. */
#include "feature/window_tree.h"

#define TREE_BITS 4u
#define TREE_FAN (1u << TREE_BITS)

typedef struct extreme {
    int64_t min_fen, max_fen;
} extreme;

_Static_assert(sizeof(extreme) == WINDOW_NODE_BYTES, "a node is two amounts");

static uint32_t level_size(const series *s, uint32_t level) {
    return UINT32_C(1) << (s->class - level * TREE_BITS);
}

static uint32_t level_count(const series *s) {
    return s->class / TREE_BITS;
}

static uint32_t tree_class(const series *s) {
    uint32_t nodes = 0, class = 0;
    for (uint32_t level = 1; level <= level_count(s); level++) {
        nodes += level_size(s, level);
    }
    while (UINT32_C(1) << class < nodes) {
        class ++;
    }
    return class;
}

/* All nodes that hold places from `from` on, level by level. */
static void build(const recent *r, const series *s, const window_tree *t, uint32_t from) {
    extreme *base = pool_at(window_trees(r), t->nodes);
    const extreme *below = NULL;
    for (uint32_t level = 1; level <= level_count(s); level++) {
        uint32_t bits = level * TREE_BITS, step = UINT32_C(1) << (bits - TREE_BITS);
        uint32_t place = from & ~((UINT32_C(1) << bits) - 1);
        for (; place < s->end; place += step) {
            extreme *node = base + (place >> bits & (level_size(s, level) - 1));
            if ((place & ((UINT32_C(1) << bits) - 1)) == 0) {
                *node = (extreme){INT64_MAX, INT64_MIN};
            }
            if (level == 1 && place >= s->first) {
                window_join((int64_t)series_amount(r, s, place), &node->min_fen, &node->max_fen);
            } else if (level > 1) {
                const extreme *child = below + (place >> (bits - TREE_BITS) & (level_size(s, level - 1) - 1));
                window_join(child->min_fen, &node->min_fen, &node->max_fen);
                window_join(child->max_fen, &node->min_fen, &node->max_fen);
            }
        }
        below = base;
        base += level_size(s, level);
    }
}

void window_tree_free(const recent *r, window_tree *t) {
    if (t->nodes != 0) {
        pool_give(window_trees(r), t->nodes, t->class);
        t->nodes = 0;
    }
}

void window_tree_renew(const recent *r, const series *s, window_tree *t) {
    window_tree_free(r, t);
    if (level_count(s) > 0) {
        t->class = (uint8_t)tree_class(s);
        t->nodes = pool_take(window_trees(r), t->class);
    }
    t->built = s->first;
}

void window_tree_insert(window_tree *t, uint32_t at) {
    t->built = at - t->built < UINT32_C(1) << 31 ? t->built : at;
}

void window_tree_build(const recent *r, const series *s, window_tree *t) {
    if (t->nodes != 0 && t->built != s->end) {
        bool is_kept = t->built - s->first < s->end - s->first;
        build(r, s, t, is_kept ? t->built : s->first);
        t->built = s->end;
    }
}

void window_tree_extremes(const recent *r, const series *s, const window_tree *t, uint32_t head, uint32_t end,
                          int64_t *min_fen, int64_t *max_fen) {
    uint32_t levels = t->nodes == 0 ? 0 : level_count(s);
    for (uint32_t place = head; place != end;) {
        const extreme *base = t->nodes == 0 ? NULL : pool_at(window_trees(r), t->nodes), *best = NULL;
        uint32_t level = 0;
        for (; level < levels; level++) {
            uint32_t bits = (level + 1) * TREE_BITS, size = level_size(s, level + 1);
            if ((place & ((UINT32_C(1) << bits) - 1)) != 0 || end - place < UINT32_C(1) << bits) {
                break;
            }
            best = base + ((place >> bits) & (size - 1));
            base += size;
        }
        if (best == NULL) {
            uint32_t stop = levels == 0 || end - place < TREE_FAN ? end : (place | (TREE_FAN - 1)) + 1;
            for (uint64_t before = series_sum_before(r, s, place); place != stop && place != end; place++) {
                uint64_t sum_fen = series_at(r, s, place)->sum_fen;
                window_join((int64_t)(sum_fen - before), min_fen, max_fen);
                before = sum_fen;
            }
        } else {
            window_join(best->min_fen, min_fen, max_fen);
            window_join(best->max_fen, min_fen, max_fen);
            place += UINT32_C(1) << (level * TREE_BITS);
        }
    }
}
