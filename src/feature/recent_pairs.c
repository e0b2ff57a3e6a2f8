/* Pairs: open addressing with linear probing, at most 2/3 full; nothing is ever taken out.
 *
 * A table that is full gets a successor of twice the size. The old one stays beside it and moves over, PAIRS_MOVED
 * slots at every addition, so that nobody waits for millions of moves; the new table could not fill up before the move
 * is done if the step were only 3. A pair that is in both was moved: the new table counts.
 *
 * Memory: 40 bytes a slot, 60 to 120 a pair; half as much again while a table moves. */
#include "feature/recent_private.h"

#include <string.h>

#include "base/hash.h"

#define PAIRS_FIRST_SLOTS UINT64_C(1024)
#define PAIRS_MOVED 8u

_Static_assert(sizeof(pair_slot) == 40, "a pair is 40 bytes");

static pair_slot *slots_of(const pair_table *t) {
    return (pair_slot *)(void *)t->slots.base;
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
    while (slots[at].pair.count != 0 && (slots[at].payer != payer || slots[at].payee != payee)) {
        at = (at + 1) & t->mask;
    }
    return &slots[at];
}

bool pairs_init(recent_pairs *p) {
    memset(p, 0, sizeof *p);
    return table_init(&p->table, PAIRS_FIRST_SLOTS);
}

void pairs_fini(recent_pairs *p) {
    region_fini(&p->table.slots);
    region_fini(&p->old.slots);
}

uint64_t pairs_bytes(const recent_pairs *p) {
    return (uint64_t)p->table.slots.committed + p->old.slots.committed;
}

static bool is_moving(const recent_pairs *p) {
    return p->old.slots.base != NULL;
}

recent_pair *pairs_find(const recent_pairs *p, uint32_t payer, uint32_t payee) {
    pair_slot *slot = table_find(&p->table, payer, payee);
    if (slot->pair.count == 0 && is_moving(p)) {
        slot = table_find(&p->old, payer, payee);
    }
    return slot->pair.count == 0 ? NULL : &slot->pair;
}

static void move_some(recent_pairs *p) {
    const pair_slot *old = slots_of(&p->old);
    for (uint32_t i = 0; i < PAIRS_MOVED && p->moved <= p->old.mask; i++, p->moved++) {
        const pair_slot *from = &old[p->moved];
        if (from->pair.count == 0) {
            continue;
        }
        pair_slot *to = table_find(&p->table, from->payer, from->payee);
        if (to->pair.count == 0) {
            *to = *from;
            p->table.count++;
        }
    }
    if (p->moved > p->old.mask) {
        region_fini(&p->old.slots);
    }
}

static bool grow(recent_pairs *p) {
    if ((p->table.count + 1) * 3 <= (p->table.mask + 1) * 2) {
        return true;
    }
    while (is_moving(p)) { /* cannot be, see above */
        move_some(p);
    }
    pair_table bigger;
    if (!table_init(&bigger, (p->table.mask + 1) * 2)) {
        return false;
    }
    p->old = p->table;
    p->table = bigger;
    p->moved = 0;
    return true;
}

recent_pair *pairs_take(recent_pairs *p, uint32_t payer, uint32_t payee) {
    if (is_moving(p)) {
        move_some(p);
    }
    pair_slot *slot = table_find(&p->table, payer, payee);
    if (slot->pair.count != 0) {
        return &slot->pair;
    }
    const pair_slot *old = is_moving(p) ? table_find(&p->old, payer, payee) : NULL;
    if (old == NULL || old->pair.count == 0) {
        if (!grow(p)) {
            return NULL;
        }
        old = NULL;
        slot = table_find(&p->table, payer, payee);
    }
    if (old != NULL) {
        *slot = *old;
        p->table.count++;
        return &slot->pair;
    }
    *slot = (pair_slot){.payer = payer, .payee = payee};
    slot->pair.out_place = slot->pair.in_place = RECENT_NONE;
    p->table.count++;
    return &slot->pair;
}

void pairs_prefetch(const recent_pairs *p, uint32_t payer, uint32_t payee) {
    uint64_t hash = hash_of(payer, payee);
    __builtin_prefetch(&slots_of(&p->table)[hash & p->table.mask], 1);
    if (is_moving(p)) {
        __builtin_prefetch(&slots_of(&p->old)[hash & p->old.mask]);
    }
}
