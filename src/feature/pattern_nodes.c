/* Scratch structures of the patterns: accounts with numbers, and lists of movements.
 *
 * pattern_nodes: items[] is dense, in the order of arrival; slots[] is an open hash with linear probing, at most half
 * full, whose entries carry the epoch they were made in, so that emptying is one addition. 48 bytes an account and 16
 * to 32 bytes of slots. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "feature/pattern_private.h"

enum { SLOTS_FIRST = 1 << 8 };

void pattern_nodes_clear(pattern_nodes *nodes) {
    nodes->count = 0;
    nodes->epoch++;
    if (nodes->epoch == 0 && nodes->slots != NULL) { /* once in four billion */
        memset(nodes->slots, 0, ((size_t)nodes->slot_mask + 1) * sizeof *nodes->slots);
        nodes->epoch = 1;
    }
}

void pattern_nodes_fini(pattern_nodes *nodes) {
    memory_free(nodes->items);
    memory_free(nodes->slots);
    *nodes = (pattern_nodes){0};
}

static inline uint32_t slot_of(const pattern_nodes *nodes, uint32_t account) {
    return (uint32_t)((account * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & nodes->slot_mask;
}

static uint32_t probe(const pattern_nodes *nodes, uint32_t account, uint32_t *slot_out) {
    uint32_t slot = slot_of(nodes, account);
    while ((uint32_t)(nodes->slots[slot] >> 32) == nodes->epoch) {
        const uint32_t place = (uint32_t)nodes->slots[slot];
        if (nodes->items[place].account == account) {
            return place;
        }
        slot = (slot + 1) & nodes->slot_mask;
    }
    *slot_out = slot;
    return UINT32_MAX;
}

void pattern_nodes_bring(const pattern_nodes *nodes, const recent *r, recent_direction direction) {
    size_t count = nodes->count < PATTERN_NEAR ? nodes->count : PATTERN_NEAR;
    for (size_t i = 0; i < count; i++) {
        recent_prefetch_series(r, nodes->items[i].account, direction);
    }
    for (size_t i = 0; i < count; i++) {
        recent_prefetch_newest(r, nodes->items[i].account, direction, PATTERN_NEAR_ENTRIES);
    }
}

uint32_t pattern_nodes_find(const pattern_nodes *nodes, uint32_t account) {
    uint32_t slot;
    return nodes->count == 0 ? UINT32_MAX : probe(nodes, account, &slot);
}

static bool grow(pattern_nodes *nodes) {
    const uint32_t slot_count = nodes->slots == NULL ? SLOTS_FIRST : (nodes->slot_mask + 1) * 2;
    uint64_t *slots = memory_new_zero(slot_count, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    memory_free(nodes->slots);
    nodes->slots = slots;
    nodes->slot_mask = slot_count - 1;
    if (nodes->epoch == 0) {
        nodes->epoch = 1;
    }
    for (size_t i = 0; i < nodes->count; i++) {
        uint32_t slot = slot_of(nodes, nodes->items[i].account);
        while (slots[slot] != 0) {
            slot = (slot + 1) & nodes->slot_mask;
        }
        slots[slot] = (uint64_t)nodes->epoch << 32 | i;
    }
    return true;
}

uint32_t pattern_nodes_take(pattern_nodes *nodes, uint32_t account, bool *is_new_out) {
    uint32_t slot = 0;
    if (nodes->slots != NULL) {
        const uint32_t found = probe(nodes, account, &slot);
        if (found != UINT32_MAX) {
            *is_new_out = false;
            return found;
        }
    }
    if (nodes->slots == NULL || (nodes->count + 1) * 2 > nodes->slot_mask) {
        if (!grow(nodes)) {
            return UINT32_MAX;
        }
        (void)probe(nodes, account, &slot);
    }
    if (nodes->count == nodes->capacity && !ARRAY_RESERVE(nodes->items, nodes->capacity, nodes->count + 1)) {
        return UINT32_MAX;
    }
    const uint32_t place = (uint32_t)nodes->count++;
    nodes->items[place] = (pattern_node){.account = account, .chain = PATTERN_EDGE_NONE};
    nodes->slots[slot] = (uint64_t)nodes->epoch << 32 | place;
    *is_new_out = true;
    return place;
}

bool pattern_members_add(pattern_members_list *list, int64_t time_ms, uint32_t movement) {
    if (list->count == list->capacity && !ARRAY_RESERVE(list->items, list->capacity, list->count + 1)) {
        return false;
    }
    list->items[list->count++] = (pattern_member){.time_ms = time_ms, .movement = movement};
    return true;
}

static int member_compare(const void *a, const void *b) {
    const pattern_member *x = a, *y = b;
    if (x->time_ms != y->time_ms) {
        return x->time_ms < y->time_ms ? -1 : 1;
    }
    return x->movement == y->movement ? 0 : x->movement < y->movement ? -1 : 1;
}

void pattern_members_sort(pattern_members_list *list) {
    if (list->count > 1) {
        qsort(list->items, list->count, sizeof *list->items, member_compare);
    }
}

bool pattern_members_earlier(const pattern_members_list *list, const pattern_members_list *other) {
    for (size_t i = 0; i < list->count && i < other->count; i++) {
        const int order = member_compare(&list->items[i], &other->items[i]);
        if (order != 0) {
            return order < 0;
        }
    }
    return list->count < other->count;
}

void pattern_members_swap(pattern_members_list *a, pattern_members_list *b) {
    const pattern_members_list kept = *a;
    *a = *b;
    *b = kept;
}

void pattern_members_offer(pattern_members_list *best, pattern_members_list *trial) {
    pattern_members_sort(trial);
    if (best->count == 0 || pattern_members_earlier(trial, best)) {
        pattern_members_swap(best, trial);
    }
}
