/* Ledger blocks.
 *
 * A ledger of up to 62 entries is one small block, whose size doubles as it fills (2, 6, 14, 30, 62 entries). A longer
 * one is a directory of full blocks, so that a hub with a million counterparties costs no more per entry than anyone:
 *
 *   small  | count class kind | entry entry …                            |  16 … 256 bytes
 *   full   | count class kind | last_movement | net | low | entry × 120  |  512 bytes
 *   directory | count class kind | slot slot …                           |  doubles; 32 bytes a slot
 *
 * An entry that is the newest in time is appended in place: entry first, then the count (release); a reader that sees
 * the count sees the entry. An entry that comes late, in the middle, goes into a copy of its one block, which replaces
 * the old one (release); readers that are in the old one stay there. Every version holds all entries below any limit a
 * reader of it can have, because a limit is published only after its entries are in.
 *
 * A directory's slot carries, beside the handle, the sum of its block's entries and the lowest running sum, once the
 * block is not the last any more. So the balance at any place of a ledger with a million entries is one pass over 8,000
 * slots that lie side by side. A reader uses a slot's sums when the block's newest movement is below its limit, else it
 * adds up the entries it may see. Slots change in place when a late entry replaces a block: `sums_of` names the block
 * that the sums are of, and works as the sequence of a seqlock (Boehm, "Can seqlocks get along with programming
 * language memory models?", 2012); it cannot come round again while a reader is inside, because handles are not reused
 * then.
 *
 * Cost: append O(1); late O(log blocks + 120). Memory: 4 bytes an entry over a filling of about 3/4. */
#include "graph/ledger.h"

#include <string.h>

#include "base/assert.h"
#include "base/memory.h"
#include "graph/graph.h"

#define UNIT_BYTES 16u
#define UNITS_RESERVED_BYTES ((size_t)UNIT_BYTES << 32)
#define SMALL_CLASS_MAX 4u
#define FULL_CLASS 5u
#define FULL_ENTRIES 120u

enum { KIND_SMALL, KIND_FULL, KIND_DIRECTORY };

typedef struct block {
    _Atomic uint32_t count;
    uint8_t class;
    uint8_t kind;
    uint16_t unused;
} block;

typedef struct small_block {
    block head;
    ledger_entry entries[];
} small_block;

typedef struct full_block {
    block head;
    uint32_t last_movement; /* the newest in it */
    uint32_t unused;
    int64_t net_fen, low_fen; /* of all entries; the writer's own, see slot_seal */
    ledger_entry entries[FULL_ENTRIES];
} full_block;

typedef struct ledger_slot {
    _Atomic uint32_t handle;
    _Atomic uint32_t sums_of; /* the handle that the sums are of; 0: none yet */
    _Atomic uint32_t last_movement;
    uint32_t unused;
    _Atomic int64_t net_fen, low_fen;
} ledger_slot;

typedef struct directory {
    block head;
    ledger_slot slots[];
} directory;

_Static_assert(sizeof(full_block) == UNIT_BYTES << FULL_CLASS, "a full block fills its class");

static block *block_at(const ledger_pool *pool, uint32_t handle) {
    return (block *)(void *)(pool->units.base + (size_t)handle * UNIT_BYTES);
}

static uint32_t block_count(const block *b) {
    return atomic_load_explicit(&b->count, memory_order_acquire);
}

static uint32_t capacity_of(uint32_t class) {
    return ((UNIT_BYTES << class) - (uint32_t)sizeof(block)) / (uint32_t)sizeof(uint32_t);
}

bool ledger_pool_init(ledger_pool *pool, const struct graph *g, epoch *e) {
    memset(pool, 0, sizeof *pool);
    pool->graph = g;
    pool->epoch = e;
    pool->unit_count = 1; /* handle 0 means none */
    return region_init(&pool->units, UNITS_RESERVED_BYTES) && region_commit(&pool->units, UNIT_BYTES);
}

void ledger_pool_fini(ledger_pool *pool) {
    region_fini(&pool->units);
    memory_free(pool->retired);
    memset(pool, 0, sizeof *pool);
}

static uint32_t slots_of(uint32_t class) {
    return ((UNIT_BYTES << class) - (uint32_t)sizeof(block)) / (uint32_t)sizeof(ledger_slot);
}

/* The free list is threaded through the word after the head. */
static uint32_t *free_link(block *b) {
    return (uint32_t *)(void *)(b + 1);
}

static uint32_t block_new(ledger_pool *pool, uint32_t class, uint8_t kind) {
    uint32_t handle = pool->free[class];
    if (handle != 0) {
        pool->free[class] = *free_link(block_at(pool, handle));
    } else {
        uint64_t units = UINT64_C(1) << class;
        if (pool->unit_count + units > UINT32_MAX ||
            !region_commit(&pool->units, (pool->unit_count + units) * UNIT_BYTES)) {
            return 0;
        }
        handle = (uint32_t)pool->unit_count;
        pool->unit_count += units;
    }
    block *b = block_at(pool, handle);
    atomic_store_explicit(&b->count, 0, memory_order_relaxed);
    b->class = (uint8_t) class;
    b->kind = kind;
    return handle;
}

static void block_free(ledger_pool *pool, uint32_t handle) {
    block *b = block_at(pool, handle);
    *free_link(b) = pool->free[b->class];
    pool->free[b->class] = handle;
}

/* The block is unlinked. A reader that enters from now on cannot find it. When memory for the ring is exhausted the
 * block is lost until the next start: correct, and only a little memory. */
static void block_retire(ledger_pool *pool, uint32_t handle) {
    if (epoch_nobody_inside(pool->epoch)) {
        block_free(pool, handle);
        return;
    }
    if (pool->retired_count == pool->retired_capacity) {
        size_t capacity = pool->retired_capacity;
        if (!ARRAY_RESERVE(pool->retired, pool->retired_capacity, capacity + 1)) {
            return;
        }
        /* Unroll the ring: what wrapped to the front goes behind the old end. */
        memcpy(pool->retired + capacity, pool->retired, pool->retired_first * sizeof *pool->retired);
    }
    size_t at = (pool->retired_first + pool->retired_count) % pool->retired_capacity;
    pool->retired[at] = (ledger_retired){atomic_load(&pool->epoch->current), handle};
    pool->retired_count++;
}

void ledger_reclaim(ledger_pool *pool) {
    if (pool->retired_count == 0) {
        return;
    }
    uint64_t oldest = epoch_advance(pool->epoch);
    while (pool->retired_count > 0 && pool->retired[pool->retired_first].epoch < oldest) {
        block_free(pool, pool->retired[pool->retired_first].handle);
        pool->retired_first = (pool->retired_first + 1) % pool->retired_capacity;
        pool->retired_count--;
    }
}

static void replace(ledger_pool *pool, _Atomic uint32_t *link, uint32_t handle) {
    uint32_t old = atomic_load_explicit(link, memory_order_relaxed);
    atomic_store(link, handle);
    block_retire(pool, old);
}

static int64_t entry_time_ms(const ledger_pool *pool, ledger_entry entry) {
    return movement_time_ms(graph_movement(pool->graph, entry & ~LEDGER_DEBIT));
}

/* Where a late entry goes: after all entries of its time or earlier (its number is the highest). */
static uint32_t late_place(const ledger_pool *pool, const ledger_entry *entries, uint32_t count, int64_t time_ms) {
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (entry_time_ms(pool, entries[middle]) <= time_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void full_append(full_block *full, ledger_entry entry, int64_t signed_fen) {
    uint32_t count = atomic_load_explicit(&full->head.count, memory_order_relaxed);
    uint32_t number = entry & ~LEDGER_DEBIT;
    full->entries[count] = entry;
    full->last_movement = count == 0 || number > full->last_movement ? number : full->last_movement;
    full->net_fen = (count == 0 ? 0 : full->net_fen) + signed_fen;
    int64_t low = count == 0 ? 0 : full->low_fen;
    full->low_fen = full->net_fen < low ? full->net_fen : low;
    atomic_store_explicit(&full->head.count, count + 1, memory_order_release);
}

static uint32_t full_new(ledger_pool *pool, const ledger_entry *entries, uint32_t count) {
    uint32_t handle = block_new(pool, FULL_CLASS, KIND_FULL);
    if (handle != 0) {
        full_block *full = (full_block *)(void *)block_at(pool, handle);
        for (uint32_t i = 0; i < count; i++) {
            full_append(full, entries[i], graph_entry_signed(pool->graph, entries[i]));
        }
    }
    return handle;
}

/* A new directory with room for `count` slots and a little more. */
static uint32_t directory_new(ledger_pool *pool, uint32_t count) {
    uint32_t class = 2;
    while (slots_of(class) < count) {
        class ++;
    }
    return class < LEDGER_CLASSES ? block_new(pool, class, KIND_DIRECTORY) : 0;
}

static directory *directory_at(const ledger_pool *pool, uint32_t handle) {
    return (directory *)(void *)block_at(pool, handle);
}

static full_block *full_at(const ledger_pool *pool, uint32_t handle) {
    return (full_block *)(void *)block_at(pool, handle);
}

static uint32_t slot_handle(const ledger_slot *s) {
    return atomic_load_explicit(&s->handle, memory_order_acquire);
}

/* Writer. Takes the sums from the block, which is full, or at least not the last any more. */
static void slot_seal(const ledger_pool *pool, ledger_slot *s) {
    uint32_t handle = slot_handle(s);
    const full_block *full = full_at(pool, handle);
    atomic_store_explicit(&s->sums_of, 0, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&s->last_movement, full->last_movement, memory_order_relaxed);
    atomic_store_explicit(&s->net_fen, full->net_fen, memory_order_relaxed);
    atomic_store_explicit(&s->low_fen, full->low_fen, memory_order_relaxed);
    atomic_store_explicit(&s->sums_of, handle, memory_order_release);
}

/* Reader. The sums of a slot's block, if they are there, are of that block, and hold nothing at or above `limit`. */
static bool slot_sums(const ledger_slot *s, uint32_t limit, int64_t *net_fen_out, int64_t *low_fen_out) {
    uint32_t handle = slot_handle(s);
    if (atomic_load_explicit(&s->sums_of, memory_order_acquire) != handle) {
        return false;
    }
    uint32_t last_movement = atomic_load_explicit(&s->last_movement, memory_order_relaxed);
    *net_fen_out = atomic_load_explicit(&s->net_fen, memory_order_relaxed);
    *low_fen_out = atomic_load_explicit(&s->low_fen, memory_order_relaxed);
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(&s->sums_of, memory_order_relaxed) == handle && last_movement < limit;
}

/* Writer. Fills a slot of a directory that no reader knows yet. */
static void slot_init(ledger_slot *s, uint32_t handle) {
    atomic_store_explicit(&s->handle, handle, memory_order_relaxed);
    atomic_store_explicit(&s->sums_of, 0, memory_order_relaxed);
}

static void slot_copy(const ledger_slot *from, ledger_slot *to) {
    slot_init(to, slot_handle(from));
    atomic_store_explicit(&to->last_movement, atomic_load_explicit(&from->last_movement, memory_order_relaxed),
                          memory_order_relaxed);
    atomic_store_explicit(&to->net_fen, atomic_load_explicit(&from->net_fen, memory_order_relaxed),
                          memory_order_relaxed);
    atomic_store_explicit(&to->low_fen, atomic_load_explicit(&from->low_fen, memory_order_relaxed),
                          memory_order_relaxed);
    atomic_store_explicit(&to->sums_of, atomic_load_explicit(&from->sums_of, memory_order_relaxed),
                          memory_order_relaxed);
}

/* Writes a new directory with the old one's slots, slot `at` being replaced by one or two blocks (at == count appends
 * `first`). */
static bool directory_splice(ledger_pool *pool, _Atomic uint32_t *link, uint32_t at, uint32_t first, uint32_t second) {
    const directory *old = directory_at(pool, atomic_load_explicit(link, memory_order_relaxed));
    uint32_t count = block_count(&old->head);
    uint32_t kept_after = at < count ? at + 1 : at;
    uint32_t new_count = at + 1 + (second != 0) + (count - kept_after);
    uint32_t handle = directory_new(pool, new_count);
    if (handle == 0) {
        return false;
    }
    directory *new = directory_at(pool, handle);
    uint32_t n = 0;
    for (uint32_t i = 0; i < at; i++) {
        slot_copy(&old->slots[i], &new->slots[n++]);
    }
    slot_init(&new->slots[n++], first);
    if (second != 0) {
        slot_init(&new->slots[n++], second);
    }
    for (uint32_t i = kept_after; i < count; i++) {
        slot_copy(&old->slots[i], &new->slots[n++]);
    }
    for (uint32_t i = 0; i + 1 < n; i++) {
        if (atomic_load_explicit(&new->slots[i].sums_of, memory_order_relaxed) != slot_handle(&new->slots[i])) {
            slot_seal(pool, &new->slots[i]);
        }
    }
    atomic_store_explicit(&new->head.count, n, memory_order_release);
    uint32_t replaced = at < count ? slot_handle(&old->slots[at]) : 0;
    replace(pool, link, handle);
    if (replaced != 0) {
        block_retire(pool, replaced);
    }
    return true;
}

static bool directory_append(ledger_pool *pool, _Atomic uint32_t *link, uint32_t handle) {
    directory *dir = directory_at(pool, atomic_load_explicit(link, memory_order_relaxed));
    uint32_t count = block_count(&dir->head);
    if (count == slots_of(dir->head.class)) {
        return directory_splice(pool, link, count, handle, 0);
    }
    slot_seal(pool, &dir->slots[count - 1]);
    slot_init(&dir->slots[count], handle);
    atomic_store_explicit(&dir->head.count, count + 1, memory_order_release);
    return true;
}

static bool directory_add(ledger_pool *pool, _Atomic uint32_t *link, ledger_entry entry, int64_t signed_fen) {
    directory *dir = directory_at(pool, atomic_load_explicit(link, memory_order_relaxed));
    full_block *full = full_at(pool, slot_handle(&dir->slots[block_count(&dir->head) - 1]));
    if (block_count(&full->head) < FULL_ENTRIES) {
        full_append(full, entry, signed_fen);
        return true;
    }
    uint32_t handle = full_new(pool, &entry, 1);
    if (handle == 0) {
        return false;
    }
    if (!directory_append(pool, link, handle)) {
        block_free(pool, handle);
        return false;
    }
    return true;
}

/* The last block whose first entry is not after `time_ms`; the first block if there is none. */
static uint32_t directory_find_late(const ledger_pool *pool, const directory *dir, int64_t time_ms) {
    uint32_t low = 0, high = block_count(&dir->head);
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        const full_block *full = full_at(pool, slot_handle(&dir->slots[middle]));
        if (entry_time_ms(pool, full->entries[0]) <= time_ms) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool directory_add_late(ledger_pool *pool, _Atomic uint32_t *link, ledger_entry entry) {
    directory *dir = directory_at(pool, atomic_load_explicit(link, memory_order_relaxed));
    int64_t time_ms = entry_time_ms(pool, entry);
    uint32_t at = directory_find_late(pool, dir, time_ms);
    const full_block *full = full_at(pool, slot_handle(&dir->slots[at]));
    uint32_t count = block_count(&full->head);
    ledger_entry entries[FULL_ENTRIES + 1];
    uint32_t place = late_place(pool, full->entries, count, time_ms);
    memcpy(entries, full->entries, place * sizeof *entries);
    entries[place] = entry;
    memcpy(entries + place + 1, full->entries + place, (count - place) * sizeof *entries);
    count++;
    uint32_t half = count <= FULL_ENTRIES ? count : count / 2;
    uint32_t first = full_new(pool, entries, half);
    uint32_t second = first != 0 && half < count ? full_new(pool, entries + half, count - half) : 0;
    if (first == 0 || (half < count && second == 0)) {
        goto undo;
    }
    if (second == 0) {
        replace(pool, &dir->slots[at].handle, first);
        if (at + 1 < block_count(&dir->head)) {
            slot_seal(pool, &dir->slots[at]);
        }
        return true;
    }
    if (directory_splice(pool, link, at, first, second)) {
        return true;
    }
undo:
    if (first != 0) {
        block_free(pool, first);
    }
    if (second != 0) {
        block_free(pool, second);
    }
    return false;
}

/* Puts `count` entries into a fresh small block, or into a directory when they are too many for one. */
static uint32_t ledger_build(ledger_pool *pool, const ledger_entry *entries, uint32_t count) {
    uint32_t class = 0;
    while (class <= SMALL_CLASS_MAX && capacity_of(class) < count) {
        class ++;
    }
    if (class <= SMALL_CLASS_MAX) {
        uint32_t handle = block_new(pool, class, KIND_SMALL);
        if (handle != 0) {
            small_block *small = (small_block *)(void *)block_at(pool, handle);
            memcpy(small->entries, entries, count * sizeof *entries);
            atomic_store_explicit(&small->head.count, count, memory_order_release);
        }
        return handle;
    }
    uint32_t handle = directory_new(pool, 2);
    uint32_t full = handle == 0 ? 0 : full_new(pool, entries, count);
    if (full == 0) {
        if (handle != 0) {
            block_free(pool, handle);
        }
        return 0;
    }
    directory *dir = directory_at(pool, handle);
    slot_init(&dir->slots[0], full);
    atomic_store_explicit(&dir->head.count, 1, memory_order_release);
    return handle;
}

static bool small_add(ledger_pool *pool, _Atomic uint32_t *link, ledger_entry entry, bool late) {
    small_block *small = (small_block *)(void *)block_at(pool, atomic_load_explicit(link, memory_order_relaxed));
    uint32_t count = block_count(&small->head);
    if (!late && count < capacity_of(small->head.class)) {
        small->entries[count] = entry;
        atomic_store_explicit(&small->head.count, count + 1, memory_order_release);
        return true;
    }
    ledger_entry entries[FULL_ENTRIES];
    uint32_t place = late ? late_place(pool, small->entries, count, entry_time_ms(pool, entry)) : count;
    memcpy(entries, small->entries, place * sizeof *entries);
    entries[place] = entry;
    memcpy(entries + place + 1, small->entries + place, (count - place) * sizeof *entries);
    uint32_t handle = ledger_build(pool, entries, count + 1);
    if (handle == 0) {
        return false;
    }
    replace(pool, link, handle);
    return true;
}

bool ledger_add(ledger_pool *pool, _Atomic uint32_t *link, ledger_entry entry, int64_t amount_fen, bool late) {
    uint32_t handle = atomic_load_explicit(link, memory_order_relaxed);
    if (handle == 0) {
        handle = ledger_build(pool, &entry, 1);
        atomic_store_explicit(link, handle, memory_order_release);
        return handle != 0;
    }
    if (block_at(pool, handle)->kind == KIND_SMALL) {
        return small_add(pool, link, entry, late);
    }
    return late ? directory_add_late(pool, link, entry)
                : directory_add(pool, link, entry, (entry & LEDGER_DEBIT) != 0 ? -amount_fen : amount_fen);
}

void ledger_prefetch(const ledger_pool *pool, uint32_t handle) {
    __builtin_prefetch(block_at(pool, handle), 1);
}

void ledger_prefetch_tail(const ledger_pool *pool, uint32_t handle) {
    const block *head = block_at(pool, handle);
    uint32_t count = block_count(head);
    if (head->kind == KIND_SMALL) {
        __builtin_prefetch((const uint32_t *)(const void *)(head + 1) + count, 1);
    }
}

void ledger_open(const struct graph *g, const ledger_pool *pool, uint32_t handle, uint32_t limit, ledger *ledger_out) {
    *ledger_out = (ledger){.graph = g, .limit = limit};
    if (handle != 0) {
        const block *root = block_at(pool, handle);
        ledger_out->root = root;
        ledger_out->slot_count = root->kind == KIND_DIRECTORY ? block_count(root) : 1;
    }
}

static const full_block *ledger_full(const ledger *l, uint32_t slot) {
    const directory *dir = l->root;
    return full_at(&l->graph->pool, slot_handle(&dir->slots[slot]));
}

static bool ledger_is_small(const ledger *l) {
    return ((const block *)l->root)->kind == KIND_SMALL;
}

static void cursor_load(const ledger *l, uint32_t slot, ledger_cursor *cursor) {
    cursor->slot = slot;
    cursor->place = 0;
    if (ledger_is_small(l)) {
        const small_block *small = l->root;
        cursor->count = block_count(&small->head);
        cursor->entries = small->entries;
    } else {
        const full_block *full = ledger_full(l, slot);
        cursor->count = block_count(&full->head);
        cursor->entries = full->entries;
    }
}

void ledger_begin(const ledger *l, ledger_cursor *cursor_out) {
    *cursor_out = (ledger_cursor){0};
    if (l->slot_count > 0) {
        cursor_load(l, 0, cursor_out);
    }
}

static bool entry_is_after(const ledger *l, ledger_entry entry, ledger_place place) {
    uint32_t number = entry & ~LEDGER_DEBIT;
    int64_t time_ms = movement_time_ms(graph_movement(l->graph, number));
    return time_ms > place.time_ms || (time_ms == place.time_ms && number > place.movement);
}

void ledger_seek(const ledger *l, ledger_place place, ledger_cursor *cursor_out) {
    ledger_begin(l, cursor_out);
    uint32_t low = 0, high = l->slot_count;
    while (high - low > 1 && high > 0) {
        uint32_t middle = (low + high) / 2;
        if (entry_is_after(l, ledger_full(l, middle)->entries[0], place)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    if (low > 0) {
        cursor_load(l, low, cursor_out);
    }
    uint32_t first = 0, last = cursor_out->count;
    while (first < last) {
        uint32_t middle = (first + last) / 2;
        if (entry_is_after(l, cursor_out->entries[middle], place)) {
            last = middle;
        } else {
            first = middle + 1;
        }
    }
    cursor_out->place = first;
}

bool ledger_next(const ledger *l, ledger_cursor *cursor, ledger_entry *entry_out) {
    for (;;) {
        while (cursor->place < cursor->count) {
            ledger_entry entry = cursor->entries[cursor->place++];
            if (cursor->place + 4 < cursor->count) {
                __builtin_prefetch(graph_movement(l->graph, cursor->entries[cursor->place + 4] & ~LEDGER_DEBIT));
            }
            if ((entry & ~LEDGER_DEBIT) < l->limit) {
                *entry_out = entry;
                return true;
            }
        }
        if (cursor->slot + 1 >= l->slot_count) {
            return false;
        }
        cursor_load(l, cursor->slot + 1, cursor);
    }
}

static void sum_entries(const ledger *l, const ledger_entry *entries, uint32_t first, uint32_t last,
                        ledger_sums *sums) {
    for (uint32_t i = first; i < last; i++) {
        if (i + 8 < last) {
            __builtin_prefetch(graph_movement(l->graph, entries[i + 8] & ~LEDGER_DEBIT));
        }
        if ((entries[i] & ~LEDGER_DEBIT) < l->limit) {
            sums->net_fen += graph_entry_signed(l->graph, entries[i]);
            sums->low_fen = sums->net_fen < sums->low_fen ? sums->net_fen : sums->low_fen;
        }
    }
}

void ledger_sum(const ledger *l, const ledger_cursor *cursor, ledger_sums *sums_out) {
    *sums_out = (ledger_sums){0};
    for (uint32_t i = 0; i < l->slot_count; i++) {
        if (i == cursor->slot) {
            sum_entries(l, cursor->entries, 0, cursor->place, sums_out);
            sums_out->before_fen = sums_out->net_fen;
            sum_entries(l, cursor->entries, cursor->place, cursor->count, sums_out);
            continue;
        }
        const directory *dir = l->root; /* a small ledger has one slot, which is the cursor's */
        int64_t net_fen = 0, low_fen = 0;
        if (slot_sums(&dir->slots[i], l->limit, &net_fen, &low_fen)) {
            low_fen += sums_out->net_fen;
            sums_out->low_fen = low_fen < sums_out->low_fen ? low_fen : sums_out->low_fen;
            sums_out->net_fen += net_fen;
        } else {
            const full_block *full = full_at(&l->graph->pool, slot_handle(&dir->slots[i]));
            sum_entries(l, full->entries, 0, block_count(&full->head), sums_out);
        }
    }
}
