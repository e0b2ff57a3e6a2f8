/* A region: an array in memory that grows without ever moving, so that readers keep their pointers while the writer
 * appends. Address space is reserved once; pages are committed as they are needed, in huge pages where the system has
 * them and nobody touches them ahead (sys/region_ahead.h). */
#ifndef SYS_REGION_H
#define SYS_REGION_H

#include <stdbool.h>
#include <stddef.h>

typedef struct region {
    unsigned char *base;
    size_t committed; /* bytes that may be touched */
    size_t reserved;  /* bytes of address space */
} region;

/* Reserves address space only. Zero-initialised regions may be passed to region_fini. False: no address space. */
bool region_init(region *r, size_t reserve_bytes);
/* Makes the first `bytes` usable; new bytes are zero. False: memory or the reservation is exhausted; nothing changes.
 */
bool region_commit(region *r, size_t bytes);
void region_fini(region *r);

#endif
