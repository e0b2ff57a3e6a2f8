/* Interning.
 *
 *   slot (8 bytes) ──▶ record (8 bytes) ──▶ text (in units of 4 bytes)
 *
 * A lookup costs three dependent memory accesses; the import runs them for a group of keys side by side (prefetch).
 * Memory: 8 + text + 8 / load, the load being between 1/3 and 2/3: about 45 bytes for a key of 20.
 *
 * A table that is half full gets a successor of twice the size, into which KEYS_MOVED keys go with every one that is
 * added, in the order of their numbers; until it is published only the writer knows it. Readers may still be in the old
 * one then, so it is kept until none is inside. From half full on it costs 24 to 32 bytes a key more. */
#include "graph/keys.h"

#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"

#define TEXT_BYTES_RESERVED ((size_t)1 << 34)
#define RECORD_BYTES_RESERVED (((size_t)1 << 32) * sizeof(key_record))
#define TABLE_SLOTS_MIN ((uint64_t)1 << 12)
#define KEYS_MOVED 8u /* at an addition; 4 would do */

static _Atomic uint64_t *table_slots(const key_table *table) {
    return (_Atomic uint64_t *)(void *)table->slots.base;
}

static key_record *record_of(const keys *k, uint32_t key) {
    return (key_record *)(void *)k->records.base + key;
}

static key_table *table_new(uint64_t slot_count) {
    key_table *table = memory_new_zero(1, sizeof *table);
    if (table == NULL) {
        return NULL;
    }
    table->mask = slot_count - 1;
    if (!region_init(&table->slots, slot_count * 8) || !region_commit(&table->slots, slot_count * 8)) {
        region_fini(&table->slots);
        memory_free(table);
        return NULL;
    }
    return table;
}

static void table_free(key_table *table) {
    if (table != NULL) {
        region_fini(&table->slots);
        memory_free(table);
    }
}

static void table_insert(const key_table *table, uint64_t hash, uint32_t key) {
    _Atomic uint64_t *slots = table_slots(table);
    uint64_t at = hash & table->mask;
    while (atomic_load_explicit(&slots[at], memory_order_relaxed) != 0) {
        at = (at + 1) & table->mask;
    }
    uint64_t slot = (hash & UINT64_C(0xFFFFFFFF00000000)) | ((uint64_t)key + 1);
    atomic_store_explicit(&slots[at], slot, memory_order_release);
}

static key_table *table_current(const keys *k) {
    return atomic_load_explicit(&k->table, memory_order_acquire);
}

static void tables_reclaim(keys *k) {
    if (k->retired_count > 0 && epoch_nobody_inside(k->epoch)) {
        for (uint32_t i = 0; i < k->retired_count; i++) {
            table_free(k->retired[i]);
        }
        k->retired_count = 0;
    }
}

/* Some keys more go into the successor; their slots are fetched side by side, for the writer waits for this. */
static void move_some(keys *k, uint32_t key_count) {
    uint64_t hashes[KEYS_MOVED];
    uint32_t first = k->moved, left = key_count - first, count = left < KEYS_MOVED ? left : KEYS_MOVED;
    for (uint32_t i = 0; i < count; i++) {
        sluice_text text = keys_text(k, first + i);
        hashes[i] = hash64(text.data, text.length);
        __builtin_prefetch(table_slots(k->next) + (hashes[i] & k->next->mask), 1);
    }
    for (uint32_t i = 0; i < count; i++) {
        table_insert(k->next, hashes[i], first + i);
    }
    k->moved = first + count;
}

/* The successor takes the table's place. */
static void succeed(keys *k, uint32_t key_count) {
    key_table *old = table_current(k);
    while (k->moved < key_count) {
        move_some(k, key_count);
    }
    atomic_store(&k->table, k->next);
    k->next = NULL;
    tables_reclaim(k);
    SLUICE_ASSERT(k->retired_count < KEY_TABLES_MAX); /* each is twice the one before */
    k->retired[k->retired_count++] = old;
    tables_reclaim(k);
}

/* Room for one more. */
static bool table_grow(keys *k, uint32_t key_count) {
    uint64_t slots = table_current(k)->mask + 1, count = (uint64_t)key_count + 1;
    if (count * 2 > slots && k->next == NULL) {
        k->moved = 0;
        k->next = table_new(slots * 2);
        if (k->next == NULL) {
            return count * 3 <= slots * 2; /* it is tried again */
        }
    }
    if (count * 3 > slots * 2) {
        succeed(k, key_count);
    } else if (k->next != NULL) {
        move_some(k, key_count);
    }
    return true;
}

bool keys_init(keys *k, epoch *e) {
    key_table *table = NULL;
    memset(k, 0, sizeof *k);
    k->epoch = e;
    if (!region_init(&k->records, RECORD_BYTES_RESERVED) || !region_init(&k->texts, TEXT_BYTES_RESERVED) ||
        (table = table_new(TABLE_SLOTS_MIN)) == NULL) {
        keys_fini(k);
        return false;
    }
    atomic_store(&k->table, table);
    return true;
}

void keys_fini(keys *k) {
    region_fini(&k->records);
    region_fini(&k->texts);
    table_free(table_current(k));
    table_free(k->next);
    for (uint32_t i = 0; i < k->retired_count; i++) {
        table_free(k->retired[i]);
    }
    memset(k, 0, sizeof *k);
}

/* The key that the hash leads to first, without comparing texts; KEY_NONE if its slot holds another one. */
static uint32_t key_guess(const keys *k, uint64_t hash) {
    const key_table *table = table_current(k);
    uint64_t slot = atomic_load_explicit(&table_slots(table)[hash & table->mask], memory_order_relaxed);
    return slot != 0 && (slot >> 32) == (hash >> 32) ? (uint32_t)slot - 1 : KEY_NONE;
}

void keys_record_prefetch(const keys *k, uint64_t hash) {
    uint32_t key = key_guess(k, hash);
    if (key != KEY_NONE) {
        __builtin_prefetch(record_of(k, key));
    }
}

void keys_text_prefetch(const keys *k, uint64_t hash) {
    uint32_t key = key_guess(k, hash);
    if (key != KEY_NONE) {
        __builtin_prefetch(keys_text(k, key).data);
    }
}

uint32_t keys_find(const keys *k, sluice_text key, uint64_t hash) {
    const key_table *table = table_current(k);
    const _Atomic uint64_t *slots = table_slots(table);
    for (uint64_t at = hash & table->mask;; at = (at + 1) & table->mask) {
        uint64_t slot = atomic_load_explicit(&slots[at], memory_order_acquire);
        if (slot == 0) {
            return KEY_NONE;
        }
        if ((slot >> 32) == (hash >> 32) && text_equal(keys_text(k, (uint32_t)slot - 1), key)) {
            return (uint32_t)slot - 1;
        }
    }
}

sluice_text keys_text(const keys *k, uint32_t key) {
    const key_record *record = record_of(k, key);
    return (sluice_text){(const char *)k->texts.base + (size_t)record->unit * 4, record->length};
}

void keys_prefetch(const keys *k, uint32_t key, int step) {
    if (step == 0) {
        __builtin_prefetch(record_of(k, key));
    } else {
        __builtin_prefetch(keys_text(k, key).data);
    }
}

uint8_t keys_kind(const keys *k, uint32_t key) {
    return record_of(k, key)->kind;
}

sluice_text keys_kind_text(const keys *k, uint8_t kind) {
    return kind < KEY_KINDS_MAX ? k->kinds[kind] : (sluice_text){NULL, 0};
}

uint8_t keys_kind_find(const keys *k, sluice_text kind) {
    uint32_t count = atomic_load_explicit(&k->kind_count, memory_order_acquire);
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(k->kinds[i], kind)) {
            return (uint8_t)i;
        }
    }
    return KEY_KINDS_MAX;
}

bool keys_is_valid(sluice_text key, const char **reason_out) {
    size_t kind = 0;
    while (kind < key.length && key.data[kind] >= 'a' && key.data[kind] <= 'z') {
        kind++;
    }
    *reason_out = NULL;
    if (key.length > KEY_BYTES_MAX) {
        *reason_out = "is longer than 255 bytes";
    } else if (kind == 0 || kind > 15 || kind == key.length || key.data[kind] != ':') {
        *reason_out = "must be kind:value, such as account:6228480402564890018";
    } else if (kind + 1 == key.length) {
        *reason_out = "has no value after the colon";
    }
    for (size_t i = kind; *reason_out == NULL && i < key.length; i++) {
        unsigned char c = (unsigned char)key.data[i];
        if (c < ' ' || c == 0x7F) {
            *reason_out = "contains a control character";
        }
    }
    return *reason_out == NULL;
}

static bool kind_intern(keys *k, sluice_text key, uint8_t *kind_out) {
    sluice_text kind, value;
    (void)text_split(key, ':', &kind, &value);
    uint8_t found = keys_kind_find(k, kind);
    if (found == KEY_KINDS_MAX) {
        uint32_t count = atomic_load_explicit(&k->kind_count, memory_order_relaxed);
        if (count == KEY_KINDS_MAX) {
            return false;
        }
        k->kinds[count] = kind; /* points into this key's text, which stays */
        found = (uint8_t)count;
        atomic_store_explicit(&k->kind_count, count + 1, memory_order_release);
    }
    *kind_out = found;
    return true;
}

keys_added keys_add(keys *k, sluice_text key, uint64_t hash, uint32_t *key_out) {
    uint32_t count = atomic_load_explicit(&k->count, memory_order_relaxed);
    uint64_t units = (key.length + 3) / 4;
    if (count == UINT32_MAX - 1 || k->text_units + units > UINT32_MAX) {
        return KEYS_FULL;
    }
    if (!region_commit(&k->records, ((size_t)count + 1) * sizeof(key_record)) ||
        !region_commit(&k->texts, (k->text_units + units) * 4) || !table_grow(k, count)) {
        return KEYS_NO_MEMORY;
    }
    char *text = (char *)k->texts.base + k->text_units * 4;
    memcpy(text, key.data, key.length);
    key_record *record = record_of(k, count);
    *record = (key_record){(uint32_t)k->text_units, (uint8_t)key.length, 0, 0};
    if (!kind_intern(k, (sluice_text){text, key.length}, &record->kind)) {
        return KEYS_FULL;
    }
    k->text_units += units;
    table_insert(table_current(k), hash, count);
    atomic_store_explicit(&k->count, count + 1, memory_order_release);
    *key_out = count;
    return KEYS_ADDED;
}

bool keys_store_text(keys *k, sluice_text text, uint32_t *unit_out) {
    uint64_t units = (text.length + 3) / 4;
    if (k->text_units + units > UINT32_MAX || !region_commit(&k->texts, (k->text_units + units) * 4)) {
        return false;
    }
    memcpy(k->texts.base + k->text_units * 4, text.data, text.length);
    *unit_out = (uint32_t)k->text_units;
    k->text_units += units;
    return true;
}

void *keys_table_replace(keys *k, uint64_t slot_count) {
    key_table *table = slot_count == 0 ? NULL : table_new(slot_count);
    if (table == NULL) {
        return NULL;
    }
    table_free(table_current(k));
    table_free(k->next);
    k->next = NULL;
    atomic_store(&k->table, table);
    return table->slots.base;
}

uint64_t keys_memory_bytes(const keys *k) {
    uint64_t slots = table_current(k)->mask + 1 + (k->next == NULL ? 0 : k->next->mask + 1);
    return (uint64_t)atomic_load(&k->count) * sizeof(key_record) + k->text_units * 4 + slots * 8;
}
