/* Pairs: what is known of each in an array, in the order of their first payments, and a hash table of places in it:
 * open addressing with linear probing, at most 2/3 full; nothing is ever taken out.
 *
 *   table  │ payer payee place │ · │ payer payee place │ …      12 bytes a slot
 *                          └──▶ values  │ pair │ pair │ …      32 bytes a pair
 *
 * Most pairs pay once: that nobody is there is seen in the table's small slots, and a new pair's value goes behind the
 * newest one's.
 *
 * A table that is half full gets a successor of twice the size, and PAIRS_MOVED slots of the table are put into it at
 * every addition, so that nobody waits for millions of moves and its memory is touched ahead (sys/region_ahead.h): it
 * is complete before the table is full even if the step were only 6. Until it takes the table's place nobody looks into
 * it; a new pair goes into both if its slot was moved already.
 *
 * Memory: 50 to 68 bytes a pair; 36 to 48 more from half full on. */
#include "feature/recent_private.h"

#include <string.h>

#include "base/hash.h"

#define PAIRS_FIRST_SLOTS UINT64_C(1024)
#define PAIRS_MOVED 8u
#define PAIRS_RESERVED ((size_t)1 << 32)

_Static_assert(sizeof(pair_slot) == 12 && sizeof(recent_pair) == 32, "what a pair takes");

static pair_slot *slots_of(const pair_table *t) {
    return (pair_slot *)(void *)t->slots.base;
}

static recent_pair *value_at(const recent_pairs *p, uint32_t index) {
    return (recent_pair *)(void *)p->values.base + index;
}

static bool table_init(pair_table *t, uint64_t slots) {
    memset(t, 0, sizeof *t);
    if (!region_init(&t->slots, slots * sizeof(pair_slot)) || !region_commit(&t->slots, slots * sizeof(pair_slot))) {
        region_fini(&t->slots);
        return false;
    }
    t->mask = slots - 1;
    return true;
}

static uint64_t hash_of(uint32_t payer, uint32_t payee) {
    return hash_u64((uint64_t)payer << 32 | payee);
}

/* The pair's slot, or the empty one where it would be. */
static pair_slot *table_find(const pair_table *t, uint32_t payer, uint32_t payee) {
    pair_slot *slots = slots_of(t);
    uint64_t at = hash_of(payer, payee) & t->mask;
    while (slots[at].index != 0 && (slots[at].payer != payer || slots[at].payee != payee)) {
        at = (at + 1) & t->mask;
    }
    return &slots[at];
}

bool pairs_init(recent_pairs *p) {
    memset(p, 0, sizeof *p);
    return region_init(&p->values, PAIRS_RESERVED * sizeof(recent_pair)) && table_init(&p->table, PAIRS_FIRST_SLOTS);
}

void pairs_fini(recent_pairs *p) {
    region_fini(&p->values);
    region_fini(&p->table.slots);
    region_fini(&p->next.slots);
}

uint64_t pairs_bytes(const recent_pairs *p) {
    return (uint64_t)p->values.committed + p->table.slots.committed + p->next.slots.committed;
}

/* 0: never. */
static uint32_t index_of(const recent_pairs *p, uint32_t payer, uint32_t payee) {
    return table_find(&p->table, payer, payee)->index;
}

recent_pair *pairs_find(const recent_pairs *p, uint32_t payer, uint32_t payee) {
    uint32_t index = index_of(p, payer, payee);
    return index == 0 ? NULL : value_at(p, index);
}

static bool has_next(const recent_pairs *p) {
    return p->next.slots.base != NULL;
}

/* Some slots more are put into the successor, and where the next ones will go is asked for. */
static void move_some(recent_pairs *p) {
    const pair_slot *from = slots_of(&p->table) + p->moved;
    uint64_t left = p->table.mask + 1 - p->moved;
    uint64_t count = left < PAIRS_MOVED ? left : PAIRS_MOVED;
    for (uint64_t i = 0; i < count; i++) {
        if (from[i].index != 0) {
            *table_find(&p->next, from[i].payer, from[i].payee) = from[i];
        }
    }
    for (uint64_t i = count; i < 2 * count && i < left; i++) {
        __builtin_prefetch(&slots_of(&p->next)[hash_of(from[i].payer, from[i].payee) & p->next.mask], 1);
    }
    p->moved += count;
}

static void put(recent_pairs *p, pair_slot pair) {
    pair_slot *slot = table_find(&p->table, pair.payer, pair.payee);
    *slot = pair;
    if (has_next(p) && (uint64_t)(slot - slots_of(&p->table)) < p->moved) {
        *table_find(&p->next, pair.payer, pair.payee) = pair;
    }
}

/* Room for one more. */
static bool grow(recent_pairs *p) {
    uint64_t slots = p->table.mask + 1, count = (uint64_t)p->count + 1;
    if (count * 2 > slots && !has_next(p)) {
        p->moved = 0;
        if (!table_init(&p->next, slots * 2)) {
            return count * 3 <= slots * 2; /* it is tried again */
        }
    }
    if (has_next(p)) {
        move_some(p);
    }
    if (count * 3 <= slots * 2) {
        return true;
    }
    while (p->moved < slots) { /* only if there was no memory for the successor at first */
        move_some(p);
    }
    region_fini(&p->table.slots);
    p->table = p->next;
    p->next = (pair_table){0};
    return true;
}

recent_pair *pairs_take(recent_pairs *p, uint32_t payer, uint32_t payee) {
    uint32_t index = index_of(p, payer, payee);
    if (index != 0) {
        return value_at(p, index);
    }
    if (p->count == UINT32_MAX - 1 || !grow(p) ||
        !region_commit(&p->values, ((size_t)p->count + 2) * sizeof(recent_pair))) {
        return NULL;
    }
    index = ++p->count;
    put(p, (pair_slot){payer, payee, index});
    recent_pair *pair = value_at(p, index);
    *pair = (recent_pair){.out_place = RECENT_NONE, .in_place = RECENT_NONE};
    return pair;
}

void pairs_prefetch(const recent_pairs *p, uint32_t payer, uint32_t payee, int step) {
    if (step != 0) {
        uint32_t index = index_of(p, payer, payee);
        if (index != 0) {
            __builtin_prefetch(value_at(p, index), 1);
        }
        return;
    }
    __builtin_prefetch(&slots_of(&p->table)[hash_of(payer, payee) & p->table.mask], 1);
}
