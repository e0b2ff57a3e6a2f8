/* Commits grow by a quarter of what there is, between 64 KiB and 64 MiB, so that a small database stays small and a
 * large one makes few system calls. */
#include "sys/region.h"

#include <stdint.h>
#include <sys/mman.h>

#include "base/memory.h"

#define COMMIT_BYTES_MIN ((size_t)64 << 10)
#define COMMIT_BYTES_MAX ((size_t)64 << 20)
#define HUGE_PAGE_BYTES ((size_t)2 << 20)

bool region_init(region *region, size_t reserve_bytes) {
    void *base = mmap(NULL, reserve_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) {
        return false;
    }
    region->base = base;
    region->committed = 0;
    region->reserved = reserve_bytes;
    return true;
}

bool region_commit(region *region, size_t bytes) {
    if (bytes <= region->committed) {
        return true;
    }
    if (bytes > region->reserved || !memory_fault_passes()) {
        return false;
    }
    size_t step = region->committed / 4;
    step = step < COMMIT_BYTES_MIN ? COMMIT_BYTES_MIN : step > COMMIT_BYTES_MAX ? COMMIT_BYTES_MAX : step;
    size_t wanted = bytes - region->committed > step ? bytes : region->committed + step;
    size_t unit = wanted >= 4 * HUGE_PAGE_BYTES ? HUGE_PAGE_BYTES : COMMIT_BYTES_MIN;
    wanted = (wanted + unit - 1) / unit * unit;
    wanted = wanted > region->reserved ? region->reserved : wanted;
    if (mprotect(region->base + region->committed, wanted - region->committed, PROT_READ | PROT_WRITE) != 0) {
        return false;
    }
    if (unit == HUGE_PAGE_BYTES) {
        (void)madvise(region->base, wanted, MADV_HUGEPAGE); /* advice: without huge pages it is only slower */
    }
    region->committed = wanted;
    return true;
}

void region_fini(region *region) {
    if (region->base != NULL) {
        (void)munmap(region->base, region->reserved);
    }
    *region = (struct region){0};
}
