/* Free lists are threaded through the first four bytes of free blocks. O(1). */
#include "feature/pool.h"

#include <string.h>

bool pool_init(pool *p, uint32_t unit_bytes) {
    memset(p, 0, sizeof *p);
    p->unit_bytes = unit_bytes;
    p->unit_count = 2; /* an even place, so that a block of two units of half a cache line is one line */
    return region_init(&p->units, (size_t)unit_bytes << 32);
}

void pool_fini(pool *p) {
    region_fini(&p->units);
    memset(p, 0, sizeof *p);
}

uint32_t pool_take(pool *p, uint32_t class) {
    if (class >= POOL_CLASSES) {
        return 0;
    }
    uint32_t handle = p->free[class];
    if (handle != 0) {
        memcpy(&p->free[class], pool_at(p, handle), sizeof p->free[class]);
        return handle;
    }
    uint64_t units = UINT64_C(1) << class;
    if (p->unit_count + units > UINT32_MAX || !region_commit(&p->units, (p->unit_count + units) * p->unit_bytes)) {
        return 0;
    }
    handle = (uint32_t)p->unit_count;
    p->unit_count += units;
    return handle;
}

void pool_give(pool *p, uint32_t handle, uint32_t class) {
    memcpy(pool_at(p, handle), &p->free[class], sizeof p->free[class]);
    p->free[class] = handle;
}
