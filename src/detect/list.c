/* A hash table of the values that are there, each with a chain of its periods.
 *
 *   slots: upper half of the hash · entry + 1     linear probing, at most 2/3 full
 *   entry: place of the text, its length, period, the value's next period
 *
 * 40 bytes an entry, 12 to 24 of slots, and the text. A lookup reads one slot, one entry and the text. */
#include "detect/list.h"

#include "base/hash.h"
#include "base/memory.h"

#define NONE UINT32_MAX
#define SLOTS_MIN 64

typedef struct entry {
    int64_t from_ms, to_ms;
    uint32_t text_at;
    uint32_t next; /* period of the same value, or NONE */
    uint32_t line;
    uint16_t length;
    uint16_t period_count; /* in the value's first entry */
} entry;

typedef struct slot {
    uint32_t hash;
    uint32_t entry; /* + 1; 0: empty */
} slot;

struct list {
    entry *entries;
    size_t count, capacity;
    char *texts;
    size_t text_bytes, text_capacity;
    slot *slots;
    size_t slot_count; /* a power of two, or 0 */
    size_t value_count;
    uint64_t lengths; /* of all values: bit length % 64 */
};

list *list_new(void) {
    return memory_new_zero(1, sizeof(list));
}

void list_free(list **l) {
    if (*l != NULL) {
        memory_free((*l)->entries);
        memory_free((*l)->texts);
        memory_free((*l)->slots);
        memory_free(*l);
        *l = NULL;
    }
}

static slot *slot_of(const list *l, sluice_text value, uint64_t hash) {
    uint32_t upper = (uint32_t)(hash >> 32);
    for (size_t i = hash & (l->slot_count - 1);; i = (i + 1) & (l->slot_count - 1)) {
        slot *s = &l->slots[i];
        if (s->entry == 0) {
            return s;
        }
        const entry *e = &l->entries[s->entry - 1];
        if (s->hash == upper && text_equal((sluice_text){l->texts + e->text_at, e->length}, value)) {
            return s;
        }
    }
}

/* Only the first entry of a value has a slot. */
static bool grow_slots(list *l) {
    size_t old_count = l->slot_count;
    slot *old = l->slots;
    slot *grown = memory_new_zero(old_count == 0 ? SLOTS_MIN : old_count * 2, sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    l->slots = grown;
    l->slot_count = old_count == 0 ? SLOTS_MIN : old_count * 2;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].entry != 0) {
            const entry *e = &l->entries[old[i].entry - 1];
            sluice_text value = {l->texts + e->text_at, e->length};
            *slot_of(l, value, hash64(value.data, value.length)) = old[i];
        }
    }
    memory_free(old);
    return true;
}

list_added list_add(list *l, sluice_text value, int64_t from_ms, int64_t to_ms, uint32_t line, uint32_t *line_out) {
    if (l->text_bytes + value.length > INT32_MAX || l->count >= INT32_MAX ||
        ((l->value_count + 1) * 3 > l->slot_count * 2 && !grow_slots(l)) ||
        !ARRAY_RESERVE(l->entries, l->capacity, l->count + 1) ||
        !ARRAY_RESERVE(l->texts, l->text_capacity, l->text_bytes + value.length + 1)) {
        return LIST_NO_MEMORY;
    }
    uint64_t hash = hash64(value.data, value.length);
    slot *s = slot_of(l, value, hash);
    entry made = {from_ms, to_ms, (uint32_t)l->text_bytes, NONE, line, (uint16_t)value.length, 1};
    uint32_t place = (uint32_t)l->count;
    if (s->entry == 0) {
        memcpy(l->texts + l->text_bytes, value.data, value.length);
        l->text_bytes += value.length;
        l->lengths |= UINT64_C(1) << value.length % 64;
        *s = (slot){(uint32_t)(hash >> 32), place + 1};
        l->value_count++;
    } else {
        entry *first = &l->entries[s->entry - 1];
        for (uint32_t i = s->entry - 1; i != NONE; i = l->entries[i].next) {
            if (from_ms < l->entries[i].to_ms && l->entries[i].from_ms < to_ms) {
                *line_out = l->entries[i].line;
                return LIST_OVERLAPS;
            }
        }
        if (first->period_count == LIST_PERIODS_MAX) {
            return LIST_TOO_MANY_PERIODS;
        }
        first->period_count++;
        made.text_at = first->text_at;
        made.next = first->next;
        first->next = place;
    }
    l->entries[l->count++] = made;
    return LIST_ADDED;
}

bool list_has(const list *l, sluice_text value, int64_t time_ms) {
    if ((l->lengths >> value.length % 64 & 1) == 0) { /* without reading the text */
        return false;
    }
    const slot *s = slot_of(l, value, hash64(value.data, value.length));
    for (uint32_t i = s->entry - 1; i != NONE; i = l->entries[i].next) {
        if (time_ms >= l->entries[i].from_ms && time_ms < l->entries[i].to_ms) {
            return true;
        }
    }
    return false;
}

size_t list_count(const list *l) {
    return l->count;
}

bool list_same(const list *a, const list *b) {
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        const entry *x = &a->entries[i], *y = &b->entries[i];
        same = x->from_ms == y->from_ms && x->to_ms == y->to_ms &&
               text_equal((sluice_text){a->texts + x->text_at, x->length},
                          (sluice_text){b->texts + y->text_at, y->length});
    }
    return same;
}
