/* Sorting many numbers that carry a place with them: stable, by least significant digit (11 bits a pass). */
#ifndef BASE_RADIX_H
#define BASE_RADIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct radix_item {
    uint64_t key;
    uint64_t value;
} radix_item;

/* Sorts by key, ties as they came. Cost: as many passes as the largest key has 11-bit digits, each O(count); 16 bytes
 * an item of scratch. False: no memory, and the order is as it was. */
bool radix_sort(radix_item *items, size_t count);

#endif
