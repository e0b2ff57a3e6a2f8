/* See the header. Rows of a prefix are runs sorted by row; a file read in order extends the last run, so that an import
 * of any size is one run and a lookup of the next row is O(1). Texts go to an open-addressing table. When it is full,
 * one twice as large takes its place, and what was in the old one is moved some slots at a time, so that no batch waits
 * for millions of them; until then both are looked through, the old one unchanged. Where memory is touched ahead, the
 * next table is made when this one is half full: the first adds to it would wait for thousands of new pages. */
#include "graph/transfer_ids.h"

#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "sys/region_ahead.h"

#define SLOTS_MIN 1024u
#define MOVED_AT_A_TIME 1024u /* under one lock */
#define MOVED_PER_TEXT 8u     /* 4/3 would do: before the next table is full, this one is empty */
#define CURSOR_OLD (UINT64_C(1) << 63)

void transfer_ids_init(transfer_ids *ids) {
    memset(ids, 0, sizeof *ids);
    mutex_init(&ids->lock);
}

static void slots_free(uint64_t *slots, uint64_t count) {
    if (slots != NULL) {
        region_ahead_forget((unsigned char *)slots, (unsigned char *)(slots + count));
        memory_free(slots);
    }
}

void transfer_ids_fini(transfer_ids *ids) {
    for (size_t i = 0; i < ids->prefix_count; i++) {
        memory_free(ids->prefixes[i].text);
        memory_free(ids->prefixes[i].runs);
    }
    memory_free(ids->prefixes);
    slots_free(ids->slots, ids->slot_count);
    slots_free(ids->old, ids->old_count);
    slots_free(ids->next, ids->slot_count * 2);
    mutex_fini(&ids->lock);
    memset(ids, 0, sizeof *ids);
}

uint32_t transfer_ids_prefix(transfer_ids *ids, sluice_text prefix) {
    for (size_t i = ids->prefix_count; i-- > 0;) {
        if (text_equal((sluice_text){ids->prefixes[i].text, ids->prefixes[i].length}, prefix)) {
            return (uint32_t)i;
        }
    }
    return TRANSFER_ID_NONE;
}

bool transfer_ids_add_prefix(transfer_ids *ids, sluice_text prefix) {
    char *text = memory_new(prefix.length);
    if (text == NULL) {
        return false;
    }
    memcpy(text, prefix.data, prefix.length);
    mutex_lock(&ids->lock);
    bool grown = ARRAY_RESERVE(ids->prefixes, ids->prefix_capacity, ids->prefix_count + 1);
    if (grown) {
        ids->prefixes[ids->prefix_count++] = (id_prefix){.text = text, .length = (uint32_t)prefix.length};
    }
    mutex_unlock(&ids->lock);
    if (!grown) {
        memory_free(text);
    }
    return grown;
}

bool transfer_ids_reserve_runs(transfer_ids *ids, uint32_t prefix, size_t runs) {
    id_prefix *p = &ids->prefixes[prefix];
    mutex_lock(&ids->lock);
    bool grown = ARRAY_RESERVE(p->runs, p->run_capacity, p->run_count + runs);
    mutex_unlock(&ids->lock);
    return grown;
}

static void slots_insert(uint64_t *slots, uint64_t slot_count, uint64_t slot, uint64_t hash) {
    uint64_t at = hash & (slot_count - 1);
    while (slots[at] != 0) {
        at = (at + 1) & (slot_count - 1);
    }
    slots[at] = slot;
}

/* The tag is all that is kept of a hash, so the place must follow from the tag: when the table grows, tags suffice. */
static uint64_t tag_place(uint32_t tag) {
    return hash_u64(tag);
}

static uint32_t id_tag(sluice_text id) {
    return (uint32_t)(hash64(id.data, id.length) >> 32);
}

/* Moves so many slots of the old table, or all that are left. */
static void move_some(transfer_ids *ids, uint64_t count) {
    uint64_t *done = NULL;
    while (ids->old != NULL && count > 0) {
        mutex_lock(&ids->lock);
        for (uint64_t i = 0; i < MOVED_AT_A_TIME && count > 0 && ids->moved < ids->old_count; i++, count--) {
            uint64_t slot = ids->old[ids->moved++];
            if (slot != 0) {
                slots_insert(ids->slots, ids->slot_count, slot, tag_place((uint32_t)(slot >> 32)));
            }
        }
        if (ids->moved == ids->old_count) {
            done = ids->old;
            ids->old = NULL;
        }
        mutex_unlock(&ids->lock);
    }
    slots_free(done, ids->old_count);
}

void transfer_ids_settle(transfer_ids *ids) {
    move_some(ids, UINT64_MAX);
}

/* Without memory for it, it is made when it is needed. */
static void prepare_next(transfer_ids *ids) {
    bool wanted = ids->next == NULL && ids->text_count * 2 > ids->slot_count && region_ahead_margin(0) > 0;
    ids->next = wanted ? memory_new_zero(ids->slot_count * 2, sizeof *ids->next) : ids->next;
    if (wanted && ids->next != NULL) {
        region_ahead_ask((unsigned char *)ids->next, (unsigned char *)(ids->next + ids->slot_count * 2));
    }
}

static uint64_t *take_next(transfer_ids *ids, uint64_t count) {
    uint64_t *next = ids->next;
    ids->next = NULL;
    if (count != ids->slot_count * 2) {
        slots_free(next, ids->slot_count * 2);
        next = NULL;
    }
    return next != NULL ? next : memory_new_zero(count, sizeof *next);
}

bool transfer_ids_reserve_texts(transfer_ids *ids, size_t texts) {
    uint64_t wanted = ids->slot_count == 0 ? SLOTS_MIN : ids->slot_count;
    while ((ids->text_count + texts) * 4 > wanted * 3) {
        wanted *= 2;
    }
    if (wanted == ids->slot_count || texts == 0) {
        move_some(ids, texts * MOVED_PER_TEXT);
        prepare_next(ids);
        return true;
    }
    uint64_t *slots = take_next(ids, wanted);
    if (slots == NULL) {
        return false;
    }
    transfer_ids_settle(ids);
    mutex_lock(&ids->lock);
    ids->old = ids->slots;
    ids->old_count = ids->slot_count;
    ids->moved = 0;
    ids->slots = slots;
    ids->slot_count = wanted;
    mutex_unlock(&ids->lock);
    return true;
}

/* The run that holds or would precede `row`: the last whose row_first <= row; run_count if none. */
static size_t run_before(const id_prefix *prefix, uint64_t row) {
    size_t count = prefix->run_count;
    if (count > 0 && prefix->runs[count - 1].row_first <= row) {
        return count - 1;
    }
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (prefix->runs[middle].row_first <= row) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? count : low - 1;
}

uint32_t transfer_ids_row(const transfer_ids *ids, uint32_t prefix, uint64_t row) {
    const id_prefix *p = &ids->prefixes[prefix];
    size_t at = run_before(p, row);
    if (at == p->run_count || row - p->runs[at].row_first >= p->runs[at].count) {
        return TRANSFER_ID_NONE;
    }
    return p->runs[at].movement_first + (uint32_t)(row - p->runs[at].row_first);
}

void transfer_ids_add_row(transfer_ids *ids, uint32_t prefix, uint64_t row, uint32_t movement) {
    id_prefix *p = &ids->prefixes[prefix];
    size_t at = run_before(p, row);
    if (at < p->run_count) {
        id_run *run = &p->runs[at];
        if (row == run->row_first + run->count && movement == run->movement_first + run->count) {
            run->count++;
            return;
        }
    }
    SLUICE_ASSERT(p->run_count < p->run_capacity);
    size_t place = at == p->run_count ? 0 : at + 1;
    memmove(p->runs + place + 1, p->runs + place, (p->run_count - place) * sizeof *p->runs);
    p->runs[place] = (id_run){row, movement, 1};
    p->run_count++;
}

void transfer_ids_add_text(transfer_ids *ids, sluice_text id, uint32_t movement) {
    SLUICE_ASSERT(ids->text_count < ids->slot_count);
    uint32_t tag = id_tag(id);
    slots_insert(ids->slots, ids->slot_count, ((uint64_t)tag << 32) | ((uint64_t)movement + 1), tag_place(tag));
    ids->text_count++;
}

/* Splits "prefix:row" with a row as the import writes it: no sign, no leading zero. */
static bool split_row(sluice_text id, sluice_text *prefix_out, uint64_t *row_out) {
    size_t colon = id.length;
    while (colon > 0 && id.data[colon - 1] != ':') {
        colon--;
    }
    if (colon == 0 || colon == id.length || id.data[colon] == '0') {
        return false;
    }
    *prefix_out = (sluice_text){id.data, colon - 1};
    return text_to_u64((sluice_text){id.data + colon, id.length - colon}, row_out);
}

uint32_t transfer_ids_candidate(transfer_ids *ids, sluice_text id, uint64_t *cursor, bool *exact_out) {
    uint32_t found = TRANSFER_ID_NONE;
    mutex_lock(&ids->lock);
    *exact_out = false;
    if (*cursor == 0) {
        sluice_text prefix;
        uint64_t row = 0;
        uint32_t number = split_row(id, &prefix, &row) ? transfer_ids_prefix(ids, prefix) : TRANSFER_ID_NONE;
        found = number == TRANSFER_ID_NONE ? TRANSFER_ID_NONE : transfer_ids_row(ids, number, row);
        *exact_out = found != TRANSFER_ID_NONE;
        *cursor = 1;
    }
    uint32_t tag = id_tag(id);
    while (found == TRANSFER_ID_NONE) {
        bool in_old = (*cursor & CURSOR_OLD) != 0;
        const uint64_t *slots = in_old ? ids->old : ids->slots;
        uint64_t count = in_old ? ids->old_count : ids->slot_count;
        uint64_t probe = (*cursor & ~CURSOR_OLD) - 1;
        uint64_t slot = slots == NULL || count == 0 ? 0 : slots[(tag_place(tag) + probe) & (count - 1)];
        if (slot == 0 && (in_old || ids->old == NULL)) {
            break;
        }
        *cursor = slot == 0 ? CURSOR_OLD | 1 : *cursor + 1;
        found = slot != 0 && (slot >> 32) == tag ? (uint32_t)slot - 1 : TRANSFER_ID_NONE;
    }
    mutex_unlock(&ids->lock);
    return found;
}

void transfer_ids_prefetch(const transfer_ids *ids, sluice_text id) {
    if (ids->slot_count > 0) {
        __builtin_prefetch(&ids->slots[tag_place(id_tag(id)) & (ids->slot_count - 1)]);
    }
}

uint64_t transfer_ids_memory_bytes(const transfer_ids *ids) {
    uint64_t old_count = ids->old == NULL ? 0 : ids->old_count;
    uint64_t next_count = ids->next == NULL ? 0 : ids->slot_count * 2;
    uint64_t bytes =
        (ids->slot_count + old_count + next_count) * sizeof *ids->slots + ids->prefix_capacity * sizeof *ids->prefixes;
    for (size_t i = 0; i < ids->prefix_count; i++) {
        bytes += ids->prefixes[i].length + ids->prefixes[i].run_capacity * sizeof(id_run);
    }
    return bytes;
}
