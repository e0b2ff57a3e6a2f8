/* Commits grow by a quarter of what there is, between 64 KiB and 16 MiB, so that a small database stays small and a
 * large one makes few system calls. */
#include "sys/region.h"

#include <stdint.h>
#include <sys/mman.h>

#include "base/memory.h"
#include "sys/region_ahead.h"

#define COMMIT_BYTES_MIN ((size_t)64 << 10)
#define COMMIT_BYTES_MAX ((size_t)16 << 20)
#define HUGE_PAGE_BYTES ((size_t)2 << 20)

bool region_init(region *r, size_t reserve_bytes) {
    void *base = mmap(NULL, reserve_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) {
        return false;
    }
    r->base = base;
    r->committed = 0;
    r->reserved = reserve_bytes;
    return true;
}

static bool grow(region *r, size_t bytes) {
    if (bytes > r->reserved || !memory_fault_passes()) {
        return false;
    }
    size_t step = r->committed / 4;
    step = step < COMMIT_BYTES_MIN ? COMMIT_BYTES_MIN : step > COMMIT_BYTES_MAX ? COMMIT_BYTES_MAX : step;
    size_t wanted = bytes - r->committed > step ? bytes : r->committed + step;
    size_t unit = wanted >= 4 * HUGE_PAGE_BYTES ? HUGE_PAGE_BYTES : COMMIT_BYTES_MIN;
    wanted = (wanted + unit - 1) / unit * unit;
    wanted = wanted > r->reserved ? r->reserved : wanted;
    if (mprotect(r->base + r->committed, wanted - r->committed, PROT_READ | PROT_WRITE) != 0) {
        return false;
    }
    if (unit == HUGE_PAGE_BYTES && region_ahead_margin(0) == 0) {
        (void)madvise(r->base, wanted, MADV_HUGEPAGE); /* advice: without huge pages it is only slower */
    }
    region_ahead_ask(r->base + r->committed, r->base + wanted);
    r->committed = wanted;
    return true;
}

bool region_commit(region *r, size_t bytes) {
    size_t margin = region_ahead_margin(r->committed);
    if (bytes + margin <= r->committed) {
        return true;
    }
    if (bytes > r->committed) {
        return grow(r, bytes);
    }
    if (margin > 0 && bytes + margin <= r->reserved) {
        (void)grow(r, bytes + margin); /* there is enough; it is touched before it is needed */
    }
    return true;
}

void region_fini(region *r) {
    if (r->base != NULL) {
        region_ahead_forget(r->base, r->base + r->reserved);
        (void)munmap(r->base, r->reserved);
    }
    *r = (region){0};
}
