/* See the header. Rows of a prefix are runs sorted by row; a file read in order extends the last run, so that an import
 * of any size is one run and a lookup of the next row is O(1). Texts go to an open-addressing table, at most 3/4 full.
 * One that is half full gets a successor of twice the size, and MOVED_PER_TEXT slots of the table are put into it for
 * each text, so that no batch waits for millions of them and its memory is touched ahead (sys/region_ahead.h). Until it
 * takes the table's place it is the writer's alone; a new text goes into both if its slot was moved already. */
#include "graph/transfer_ids.h"

#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"

#define SLOTS_MIN 1024u
#define MOVED_PER_TEXT 8u /* 4 would do: the successor is complete before the table is full */
#define MOVED_AHEAD 8u    /* so far ahead it is asked for where they go */

void transfer_ids_init(transfer_ids *ids) {
    memset(ids, 0, sizeof *ids);
    mutex_init(&ids->lock);
}

void transfer_ids_fini(transfer_ids *ids) {
    for (size_t i = 0; i < ids->prefix_count; i++) {
        memory_free(ids->prefixes[i].text);
        memory_free(ids->prefixes[i].runs);
    }
    memory_free(ids->prefixes);
    region_fini(&ids->table.slots);
    region_fini(&ids->next.slots);
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

static uint64_t *slots_of(const transfer_id_table *table) {
    return (uint64_t *)(void *)table->slots.base;
}

static bool table_init(transfer_id_table *table, uint64_t slot_count) {
    *table = (transfer_id_table){.slot_count = slot_count};
    if (region_init(&table->slots, slot_count * sizeof(uint64_t)) &&
        region_commit(&table->slots, slot_count * sizeof(uint64_t))) {
        return true;
    }
    region_fini(&table->slots);
    *table = (transfer_id_table){0};
    return false;
}

/* The tag is all that is kept of a hash, so the place must follow from the tag: when the table grows, tags suffice. */
static uint64_t tag_place(uint32_t tag) {
    return hash_u64(tag);
}

static uint32_t id_tag(sluice_text id) {
    return (uint32_t)(hash64(id.data, id.length) >> 32);
}

static void slot_prefetch(const transfer_id_table *table, uint32_t tag) {
    __builtin_prefetch(&slots_of(table)[tag_place(tag) & (table->slot_count - 1)], 1);
}

/* Where it went. */
static uint64_t table_put(const transfer_id_table *table, uint64_t slot) {
    uint64_t *slots = slots_of(table);
    uint64_t at = tag_place((uint32_t)(slot >> 32)) & (table->slot_count - 1);
    while (slots[at] != 0) {
        at = (at + 1) & (table->slot_count - 1);
    }
    slots[at] = slot;
    return at;
}

/* So many slots more are put into the successor, or all that are left. */
static void move_some(transfer_ids *ids, uint64_t count) {
    const uint64_t *slots = slots_of(&ids->table);
    const uint64_t end = ids->table.slot_count;
    for (; count > 0 && ids->moved < end; count--, ids->moved++) {
        if (ids->moved + MOVED_AHEAD < end) {
            slot_prefetch(&ids->next, (uint32_t)(slots[ids->moved + MOVED_AHEAD] >> 32));
        }
        if (slots[ids->moved] != 0) {
            (void)table_put(&ids->next, slots[ids->moved]);
        }
    }
}

/* The successor takes the table's place. */
static void succeed(transfer_ids *ids) {
    move_some(ids, UINT64_MAX);
    transfer_id_table old = ids->table;
    mutex_lock(&ids->lock);
    ids->table = ids->next;
    mutex_unlock(&ids->lock);
    ids->next = (transfer_id_table){0};
    region_fini(&old.slots);
}

bool transfer_ids_reserve_texts(transfer_ids *ids, size_t texts) {
    uint64_t slots = ids->table.slot_count, count = ids->text_count + texts;
    uint64_t wanted = slots == 0 ? SLOTS_MIN : slots;
    while (count * 4 > wanted * 3) {
        wanted *= 2;
    }
    if (texts == 0) {
        return true;
    }
    if (wanted > slots * 2) { /* few are there yet */
        region_fini(&ids->next.slots);
        ids->next = (transfer_id_table){0};
    }
    if (count * 2 > slots && ids->next.slot_count == 0) {
        ids->moved = 0;
        if (!table_init(&ids->next, wanted > slots * 2 ? wanted : slots * 2)) {
            return wanted == slots; /* it is tried again */
        }
    }
    if (wanted > slots) {
        succeed(ids);
    } else if (ids->next.slot_count > 0) {
        move_some(ids, texts * MOVED_PER_TEXT);
    }
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
    SLUICE_ASSERT(ids->text_count < ids->table.slot_count);
    uint64_t slot = ((uint64_t)id_tag(id) << 32) | ((uint64_t)movement + 1);
    uint64_t at = table_put(&ids->table, slot);
    if (ids->next.slot_count > 0 && at < ids->moved) {
        (void)table_put(&ids->next, slot);
    }
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
        uint64_t at = (tag_place(tag) + *cursor - 1) & (ids->table.slot_count - 1);
        uint64_t slot = ids->table.slot_count == 0 ? 0 : slots_of(&ids->table)[at];
        if (slot == 0) {
            break;
        }
        ++*cursor;
        found = (slot >> 32) == tag ? (uint32_t)slot - 1 : TRANSFER_ID_NONE;
    }
    mutex_unlock(&ids->lock);
    return found;
}

void transfer_ids_prefetch(const transfer_ids *ids, sluice_text id) {
    if (ids->table.slot_count > 0) {
        slot_prefetch(&ids->table, id_tag(id));
    }
}

void *transfer_ids_table_replace(transfer_ids *ids, uint64_t slot_count) {
    region_fini(&ids->table.slots);
    region_fini(&ids->next.slots);
    ids->next = (transfer_id_table){0};
    return table_init(&ids->table, slot_count) ? ids->table.slots.base : NULL;
}

uint64_t transfer_ids_memory_bytes(const transfer_ids *ids) {
    uint64_t bytes = (ids->table.slot_count + ids->next.slot_count) * sizeof(uint64_t) +
                     ids->prefix_capacity * sizeof *ids->prefixes;
    for (size_t i = 0; i < ids->prefix_count; i++) {
        bytes += ids->prefixes[i].length + ids->prefixes[i].run_capacity * sizeof(id_run);
    }
    return bytes;
}
