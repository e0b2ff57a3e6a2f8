/* Memory: one allocator that tests can make fail at the nth call, and an arena for what lives as long as one request or
 * batch. Nothing else in Sluice calls malloc. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As malloc, calloc, realloc and free, but subject to memory_fail_after(). Sizes of 0 give a valid pointer. Any thread.
 */
void *memory_new(size_t bytes);
void *memory_new_zero(size_t count, size_t bytes);
void *memory_resize(void *block, size_t bytes);
void memory_free(void *block);

/* Fault injection for tests, per thread: after `allocations` more successes on this thread, every allocation on it
 * fails until it is called again; a negative number never fails. */
void memory_fail_after(int64_t allocations);
/* Counts an allocation that is not memory_new's (a region that grows) against the same limit; false: it must fail. */
bool memory_fault_passes(void);

/* An arena: allocations are freed all together. Zero-initialise, then arena_alloc; arena_reset keeps the memory for
 * the next use. One thread. */
typedef struct arena_block arena_block;
typedef struct arena {
    arena_block *first, *current;
    size_t used; /* of the current block */
} arena;

/* NULL when memory is exhausted. Aligned for any type up to 16 bytes. Not zeroed. */
void *arena_alloc(arena *a, size_t bytes);
void *arena_copy(arena *a, const void *data, size_t bytes);
void arena_reset(arena *a);
void arena_fini(arena *a);

/* Growing an array: doubles `*capacity` until `needed` fits. Returns false (array unchanged) when memory is exhausted.
 */
#define ARRAY_RESERVE(array, capacity, needed) array_reserve((void **)&(array), &(capacity), (needed), sizeof *(array))
bool array_reserve(void **array, size_t *capacity, size_t needed, size_t item_bytes);

#endif
