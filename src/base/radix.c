#include "base/radix.h"

#include <string.h>

#include "base/memory.h"

#define DIGIT_BITS 11u
#define DIGITS (1u << DIGIT_BITS)

static void pass(const radix_item *from, radix_item *to, size_t count, unsigned shift) {
    size_t starts[DIGITS] = {0};
    for (size_t i = 0; i < count; i++) {
        starts[(from[i].key >> shift) & (DIGITS - 1)]++;
    }
    size_t next = 0;
    for (size_t d = 0; d < DIGITS; d++) {
        size_t here = starts[d];
        starts[d] = next;
        next += here;
    }
    for (size_t i = 0; i < count; i++) {
        to[starts[(from[i].key >> shift) & (DIGITS - 1)]++] = from[i];
    }
}

bool radix_sort(radix_item *items, size_t count) {
    uint64_t all = 0;
    bool sorted = true;
    for (size_t i = 0; i < count; i++) {
        all |= items[i].key;
        sorted = sorted && (i == 0 || items[i - 1].key <= items[i].key);
    }
    if (sorted) {
        return true;
    }
    radix_item *scratch = memory_new(count * sizeof *scratch);
    if (scratch == NULL) {
        return false;
    }
    radix_item *from = items, *to = scratch;
    for (unsigned shift = 0; shift < 64 && (all >> shift) != 0; shift += DIGIT_BITS) {
        pass(from, to, count, shift);
        radix_item *swap = from;
        from = to;
        to = swap;
    }
    if (from != items) {
        memcpy(items, from, count * sizeof *items);
    }
    memory_free(scratch);
    return true;
}
