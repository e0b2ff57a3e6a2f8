/* The allocator and the arena.
 *
 * An arena is a list of blocks, each at least twice as large as the one before, up to a limit; a reset starts again at
 * the first block and keeps them all, so that a request in a steady state allocates nothing. */
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define ARENA_BLOCK_BYTES_MIN ((size_t)16 << 10)
#define ARENA_BLOCK_BYTES_MAX ((size_t)4 << 20)
#define ARENA_ALIGNMENT ((size_t)16)

static _Thread_local int64_t allocations_left = -1;

void memory_fail_after(int64_t allocations) {
    allocations_left = allocations;
}

bool memory_fault_passes(void) {
    if (allocations_left < 0) {
        return true;
    }
    if (allocations_left == 0) {
        return false;
    }
    allocations_left--;
    return true;
}

void *memory_new(size_t bytes) {
    return memory_fault_passes() ? malloc(bytes == 0 ? 1 : bytes) : NULL;
}

void *memory_new_zero(size_t count, size_t bytes) {
    return memory_fault_passes() ? calloc(count == 0 ? 1 : count, bytes == 0 ? 1 : bytes) : NULL;
}

void *memory_resize(void *block, size_t bytes) {
    return memory_fault_passes() ? realloc(block, bytes == 0 ? 1 : bytes) : NULL;
}

void memory_free(void *block) {
    free(block);
}

struct arena_block {
    arena_block *next;
    size_t bytes; /* usable, after this header */
};

static unsigned char *block_data(arena_block *block) {
    return (unsigned char *)block + ((sizeof *block + ARENA_ALIGNMENT - 1) & ~(ARENA_ALIGNMENT - 1));
}

static arena_block *block_new(size_t bytes) {
    size_t header = (sizeof(arena_block) + ARENA_ALIGNMENT - 1) & ~(ARENA_ALIGNMENT - 1);
    if (bytes > SIZE_MAX - header) {
        return NULL;
    }
    arena_block *block = memory_new(header + bytes);
    if (block != NULL) {
        block->next = NULL;
        block->bytes = bytes;
    }
    return block;
}

void *arena_alloc(arena *a, size_t bytes) {
    if (bytes > SIZE_MAX - ARENA_ALIGNMENT) {
        return NULL;
    }
    size_t rounded = (bytes + ARENA_ALIGNMENT - 1) & ~(ARENA_ALIGNMENT - 1);
    while (a->current != NULL && a->current->bytes - a->used < rounded && a->current->next != NULL) {
        a->current = a->current->next;
        a->used = 0;
    }
    if (a->current == NULL || a->current->bytes - a->used < rounded) {
        size_t size = a->current == NULL ? ARENA_BLOCK_BYTES_MIN : a->current->bytes * 2;
        size = size > ARENA_BLOCK_BYTES_MAX ? ARENA_BLOCK_BYTES_MAX : size;
        arena_block *block = block_new(size < rounded ? rounded : size);
        if (block == NULL) {
            return NULL;
        }
        if (a->current == NULL) {
            a->first = block;
        } else {
            a->current->next = block;
        }
        a->current = block;
        a->used = 0;
    }
    void *result = block_data(a->current) + a->used;
    a->used += rounded;
    return result;
}

void *arena_copy(arena *a, const void *data, size_t bytes) {
    void *copy = arena_alloc(a, bytes);
    if (copy != NULL && bytes > 0) {
        memcpy(copy, data, bytes);
    }
    return copy;
}

void arena_reset(arena *a) {
    a->current = a->first;
    a->used = 0;
}

void arena_fini(arena *a) {
    for (arena_block *block = a->first; block != NULL;) {
        arena_block *next = block->next;
        memory_free(block);
        block = next;
    }
    memset(a, 0, sizeof *a);
}

bool array_reserve(void **array, size_t *capacity, size_t needed, size_t item_bytes) {
    if (needed <= *capacity) {
        return true;
    }
    size_t wanted = *capacity == 0 ? 16 : *capacity;
    while (wanted < needed) {
        if (wanted > SIZE_MAX / 2) {
            return false;
        }
        wanted *= 2;
    }
    if (wanted > SIZE_MAX / item_bytes) {
        return false;
    }
    void *grown = memory_resize(*array, wanted * item_bytes);
    if (grown == NULL) {
        return false;
    }
    *array = grown;
    *capacity = wanted;
    return true;
}
