/* The smallest and largest amounts of any range of a series, for window.c. */
#ifndef FEATURE_WINDOW_TREE_H
#define FEATURE_WINDOW_TREE_H

#include "feature/recent_private.h"

#define WINDOW_NODE_BYTES 16u

typedef struct window_tree {
    uint32_t nodes; /* handle in the pool of trees; 0: none */
    uint32_t built; /* nodes of places from here on are not right yet */
    uint8_t class;
    uint8_t unused[3];
} window_tree;

/* The pool of all trees; the first member of struct windows. */
static inline pool *window_trees(const recent *r) {
    return (pool *)(void *)r->windows;
}

static inline void window_join(int64_t fen, int64_t *min_fen, int64_t *max_fen) {
    *min_fen = fen < *min_fen ? fen : *min_fen;
    *max_fen = fen > *max_fen ? fen : *max_fen;
}

/* For a ring of another size, or the first. Without memory, or for a short ring, there is no tree. */
void window_tree_renew(const recent *r, const series *s, window_tree *t);
void window_tree_free(const recent *r, window_tree *t);
/* After an entry was put in at `at`. */
void window_tree_insert(window_tree *t, uint32_t at);
/* Brings the tree up to date, before window_tree_extremes. Cost: the entries put in since the last time. */
void window_tree_build(const recent *r, const series *s, window_tree *t);
/* Of head … end − 1, joined with *min, *max. O(16 log of their count); without a tree, of their count. */
void window_tree_extremes(const recent *r, const series *s, const window_tree *t, uint32_t head, uint32_t end,
                          int64_t *min_fen, int64_t *max_fen);

#endif
