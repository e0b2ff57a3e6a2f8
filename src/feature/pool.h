/* A pool of blocks of 2^class units, in one region that never moves: what a series outgrows goes to a free list and is
 * used by the next series that grows to that size. Blocks are found by their handle; 0 is none. One thread.
 *
 * Memory: the most that was ever in use at a time, class by class. */
#ifndef FEATURE_POOL_H
#define FEATURE_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "sys/region.h"

#define POOL_CLASSES 32

typedef struct pool {
    region units;
    uint64_t unit_count; /* handed out so far, and the unit 0 that nobody gets */
    uint32_t unit_bytes; /* at least 4 */
    uint32_t free[POOL_CLASSES];
} pool;

/* False: no address space. */
bool pool_init(pool *p, uint32_t unit_bytes);
void pool_fini(pool *p);

/* 0: no memory. What is in the block is not defined. */
uint32_t pool_take(pool *p, uint32_t class);
void pool_give(pool *p, uint32_t handle, uint32_t class);

static inline void *pool_at(const pool *p, uint32_t handle) {
    return p->units.base + (size_t)handle * p->unit_bytes;
}
static inline uint64_t pool_bytes(const pool *p) {
    return p->unit_count * p->unit_bytes;
}

#endif
