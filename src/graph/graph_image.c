/* The image: a head with a table of sections, then the sections, each as it lies in memory.
 *
 *   | magic | version | counts … | sections: bytes, checksum × N | checksum of the head |
 *   | section 0 | section 1 | … |
 *
 * The machine's own byte order and layout: an image is a cache of one machine, and the version changes with any struct.
 * Nothing in it is a pointer: blocks and keys are linked by number, so loading is reading. */
#include "graph/graph_image.h"

#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"

#define IMAGE_MAGIC UINT64_C(0x31474D494C55534C) /* "LSULIMG1" */
#define IMAGE_VERSION 3u

enum {
    SECTION_KEY_RECORDS,
    SECTION_KEY_TEXTS,
    SECTION_KEY_SLOTS,
    SECTION_MOVEMENTS,
    SECTION_RECEIVED,
    SECTION_NODES,
    SECTION_FACTS,
    SECTION_BATCHES,
    SECTION_BLOCKS,
    SECTION_ID_SLOTS,
    SECTION_ID_PREFIXES, /* per prefix: length u32, run count u64, text, runs */
    SECTION_COUNT
};

typedef struct image_section {
    uint64_t bytes, checksum;
} image_section;

typedef struct image_kind {
    uint32_t offset, length; /* in the key texts */
} image_kind;

typedef struct image_head {
    uint64_t magic;
    uint32_t version, byte_order;
    uint64_t sequence, text_units, unit_count, id_text_count, id_slot_count;
    uint64_t transfer_count, withdrawal_count, account_count;
    uint32_t movement_count, received_count, event_count, fact_count, batch_count, node_count, key_count;
    uint32_t currency_count, kind_count, id_prefix_count, withheld_count;
    uint32_t free[LEDGER_CLASSES];
    image_kind kinds[KEY_KINDS_MAX];
    sluice_currency currencies[GRAPH_CURRENCIES_MAX];
    image_section sections[SECTION_COUNT];
    uint64_t checksum; /* of everything above */
} image_head;

static key_table *table_of(const keys *k) {
    return atomic_load_explicit(&k->table, memory_order_acquire);
}

/* The sections that lie in memory as they do in the file. */
static void section_memory(const graph *g, int section, const void **data_out, uint64_t *bytes_out) {
    const struct {
        const void *data;
        uint64_t bytes;
    } sections[] = {
        [SECTION_KEY_RECORDS] = {g->keys.records.base, (uint64_t)atomic_load(&g->keys.count) * sizeof(key_record)},
        [SECTION_KEY_TEXTS] = {g->keys.texts.base, g->keys.text_units * 4},
        [SECTION_KEY_SLOTS] = {table_of(&g->keys)->slots.base, (table_of(&g->keys)->mask + 1) * 8},
        [SECTION_MOVEMENTS] = {g->movements.base, (uint64_t)g->movement_count * sizeof(movement)},
        [SECTION_RECEIVED] = {g->received.base, (uint64_t)atomic_load(&g->received_count) * sizeof(movement_received)},
        [SECTION_NODES] = {g->nodes.base, (uint64_t)atomic_load(&g->node_count) * sizeof(graph_node)},
        [SECTION_FACTS] = {g->facts.base, (uint64_t)g->fact_count * sizeof(graph_fact)},
        [SECTION_BATCHES] = {g->batches.base, (uint64_t)g->batch_count * sizeof(graph_batch)},
        [SECTION_BLOCKS] = {g->pool.units.base, g->pool.unit_count * 16},
        [SECTION_ID_SLOTS] = {g->ids.table.slots.base, g->ids.table.slot_count * sizeof(uint64_t)},
    };
    *data_out = sections[section].data;
    *bytes_out = sections[section].bytes;
}

typedef struct prefix_head {
    uint64_t run_count;
    uint32_t length, unused;
} prefix_head;

static unsigned char *prefixes_pack(const transfer_ids *ids, uint64_t *bytes_out) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < ids->prefix_count; i++) {
        bytes += sizeof(prefix_head) + ids->prefixes[i].length + ids->prefixes[i].run_count * sizeof(id_run);
    }
    unsigned char *packed = memory_new(bytes);
    unsigned char *p = packed;
    for (size_t i = 0; packed != NULL && i < ids->prefix_count; i++) {
        const id_prefix *prefix = &ids->prefixes[i];
        prefix_head head = {prefix->run_count, prefix->length, 0};
        memcpy(p, &head, sizeof head);
        p += sizeof head;
        memcpy(p, prefix->text, prefix->length);
        p += prefix->length;
        if (prefix->run_count > 0) {
            memcpy(p, prefix->runs, prefix->run_count * sizeof(id_run));
            p += prefix->run_count * sizeof(id_run);
        }
    }
    *bytes_out = bytes;
    return packed;
}

static bool prefixes_unpack(transfer_ids *ids, const unsigned char *packed, uint64_t bytes, uint32_t count) {
    const unsigned char *p = packed;
    const unsigned char *end = packed + bytes;
    for (uint32_t i = 0; i < count; i++) {
        prefix_head head;
        if ((size_t)(end - p) < sizeof head) {
            return false;
        }
        memcpy(&head, p, sizeof head);
        p += sizeof head;
        uint64_t left = (uint64_t)(end - p);
        if (head.length > left || head.run_count > (left - head.length) / sizeof(id_run) ||
            !transfer_ids_add_prefix(ids, (sluice_text){(const char *)p, head.length}) ||
            !transfer_ids_reserve_runs(ids, i, head.run_count)) {
            return false;
        }
        p += head.length;
        if (head.run_count > 0) {
            memcpy(ids->prefixes[i].runs, p, head.run_count * sizeof(id_run));
            p += head.run_count * sizeof(id_run);
        }
        ids->prefixes[i].run_count = head.run_count;
    }
    return p == end;
}

static void head_fill(const graph *g, image_head *head) {
    memset(head, 0, sizeof *head);
    head->magic = IMAGE_MAGIC;
    head->version = IMAGE_VERSION;
    head->byte_order = 0x01020304;
    head->sequence = g->sequence;
    head->text_units = g->keys.text_units;
    head->unit_count = g->pool.unit_count;
    head->id_text_count = g->ids.text_count;
    head->id_slot_count = g->ids.table.slot_count;
    head->transfer_count = g->transfer_count;
    head->withdrawal_count = g->withdrawal_count;
    head->account_count = g->account_count;
    head->movement_count = g->movement_count;
    head->received_count = atomic_load(&g->received_count);
    head->event_count = g->event_count;
    head->fact_count = g->fact_count;
    head->batch_count = g->batch_count;
    head->node_count = atomic_load(&g->node_count);
    head->key_count = atomic_load(&g->keys.count);
    head->currency_count = g->currency_count;
    head->withheld_count = g->withheld_count;
    head->kind_count = atomic_load(&g->keys.kind_count);
    head->id_prefix_count = (uint32_t)g->ids.prefix_count;
    memcpy(head->free, g->pool.free, sizeof head->free);
    memcpy(head->currencies, g->currencies, sizeof head->currencies);
    for (uint32_t i = 0; i < head->kind_count; i++) {
        sluice_text kind = g->keys.kinds[i];
        head->kinds[i] = (image_kind){(uint32_t)(kind.data - (const char *)g->keys.texts.base), (uint32_t)kind.length};
    }
}

sluice_result graph_image_write(const graph *g, file_writer *writer, sluice_error *error) {
    image_head head;
    uint64_t prefix_bytes = 0;
    SLUICE_ASSERT(!g->broken);
    unsigned char *prefixes = prefixes_pack(&g->ids, &prefix_bytes);
    if (prefixes == NULL) {
        return error_no_memory(error, prefix_bytes);
    }
    head_fill(g, &head);
    for (int i = 0; i < SECTION_COUNT; i++) {
        const void *data = prefixes;
        uint64_t bytes = prefix_bytes;
        if (i != SECTION_ID_PREFIXES) {
            section_memory(g, i, &data, &bytes);
        }
        head.sections[i] = (image_section){bytes, hash64(data, bytes)};
    }
    head.checksum = hash64(&head, offsetof(image_head, checksum));
    sluice_result result = file_write(writer, &head, sizeof head, error);
    for (int i = 0; result == SLUICE_OK && i < SECTION_COUNT; i++) {
        const void *data = prefixes;
        uint64_t bytes = prefix_bytes;
        if (i != SECTION_ID_PREFIXES) {
            section_memory(g, i, &data, &bytes);
        }
        result = bytes == 0 ? SLUICE_OK : file_write(writer, data, bytes, error);
    }
    memory_free(prefixes);
    return result;
}

static sluice_result head_check(const image_head *head, uint64_t bytes, sluice_error *error) {
    if (head->magic != IMAGE_MAGIC || head->byte_order != 0x01020304) {
        return error_set(error, SLUICE_E_DAMAGED, "it is not an image of this machine");
    }
    if (head->version != IMAGE_VERSION) {
        return error_set(error, SLUICE_E_NEWER, "it has version %u, this program reads %u", head->version,
                         IMAGE_VERSION);
    }
    if (head->checksum != hash64(head, offsetof(image_head, checksum))) {
        return error_set(error, SLUICE_E_DAMAGED, "the checksum of its head is wrong");
    }
    uint64_t total = sizeof *head;
    for (int i = 0; i < SECTION_COUNT; i++) {
        if (head->sections[i].bytes > bytes) {
            return error_set(error, SLUICE_E_DAMAGED, "it is cut off");
        }
        total += head->sections[i].bytes;
    }
    if (total != bytes) {
        return error_set(error, SLUICE_E_DAMAGED, "it has %llu bytes, expected %llu", (unsigned long long)bytes,
                         (unsigned long long)total);
    }
    return SLUICE_OK;
}

static sluice_result section_read(file_reader *reader, const image_head *head, int section, void *data,
                                  sluice_error *error) {
    uint64_t bytes = head->sections[section].bytes;
    sluice_result result = bytes == 0 ? SLUICE_OK : file_read(reader, data, bytes, error);
    if (result == SLUICE_OK && hash64(data, bytes) != head->sections[section].checksum) {
        result = error_set(error, SLUICE_E_DAMAGED, "the checksum of section %d is wrong", section);
    }
    return result;
}

static sluice_result prefixes_read(graph *g, const image_head *head, file_reader *reader, sluice_error *error) {
    uint64_t bytes = head->sections[SECTION_ID_PREFIXES].bytes;
    unsigned char *packed = memory_new(bytes);
    if (packed == NULL) {
        return error_no_memory(error, bytes);
    }
    sluice_result result = section_read(reader, head, SECTION_ID_PREFIXES, packed, error);
    if (result == SLUICE_OK && !prefixes_unpack(&g->ids, packed, bytes, head->id_prefix_count)) {
        result = error_set(error, SLUICE_E_DAMAGED, "its transfer ids cannot be read");
    }
    memory_free(packed);
    return result;
}

static sluice_result sections_read(graph *g, const image_head *head, file_reader *reader, sluice_error *error) {
    region *regions[] = {
        [SECTION_KEY_RECORDS] = &g->keys.records,
        [SECTION_KEY_TEXTS] = &g->keys.texts,
        [SECTION_MOVEMENTS] = &g->movements,
        [SECTION_RECEIVED] = &g->received,
        [SECTION_NODES] = &g->nodes,
        [SECTION_FACTS] = &g->facts,
        [SECTION_BATCHES] = &g->batches,
        [SECTION_BLOCKS] = &g->pool.units,
    };
    for (int i = 0; i < SECTION_ID_PREFIXES; i++) {
        void *data = NULL;
        uint64_t bytes = head->sections[i].bytes;
        if (i == SECTION_KEY_SLOTS) {
            data = keys_table_replace(&g->keys, bytes / 8);
        } else if (i == SECTION_ID_SLOTS && bytes == 0) {
            continue; /* no id is a text */
        } else if (i == SECTION_ID_SLOTS) {
            data = transfer_ids_table_replace(&g->ids, bytes / 8);
        } else {
            data = region_commit(regions[i], bytes) ? regions[i]->base : NULL;
        }
        if (data == NULL) {
            return error_no_memory(error, bytes);
        }
        sluice_result result = section_read(reader, head, i, data, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return prefixes_read(g, head, reader, error);
}

static void counts_restore(graph *g, const image_head *head) {
    g->sequence = head->sequence;
    g->keys.text_units = head->text_units;
    g->pool.unit_count = head->unit_count;
    g->ids.text_count = head->id_text_count;
    g->transfer_count = head->transfer_count;
    g->withdrawal_count = head->withdrawal_count;
    g->account_count = head->account_count;
    g->movement_count = head->movement_count;
    g->event_count = head->event_count;
    g->fact_count = head->fact_count;
    g->batch_count = head->batch_count;
    g->currency_count = head->currency_count;
    g->withheld_count = head->withheld_count;
    atomic_store(&g->received_count, head->received_count);
    atomic_store(&g->node_count, head->node_count);
    atomic_store(&g->keys.count, head->key_count);
    atomic_store(&g->keys.kind_count, head->kind_count);
    memcpy(g->pool.free, head->free, sizeof head->free);
    memcpy(g->currencies, head->currencies, sizeof head->currencies);
    for (uint32_t i = 0; i < head->kind_count && i < KEY_KINDS_MAX; i++) {
        g->keys.kinds[i] =
            (sluice_text){(const char *)g->keys.texts.base + head->kinds[i].offset, head->kinds[i].length};
    }
    atomic_store(&g->published_sequence, g->sequence);
    atomic_store(&g->published_batches, g->batch_count);
}

sluice_result graph_image_read(graph *g, file_reader *reader, uint64_t bytes, sluice_error *error) {
    image_head head;
    if (bytes < sizeof head) {
        return error_set(error, SLUICE_E_DAMAGED, "it is cut off");
    }
    sluice_result result = file_read(reader, &head, sizeof head, error);
    if (result == SLUICE_OK) {
        result = head_check(&head, bytes, error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    if (!graph_init(g)) {
        return error_no_memory(error, sizeof *g);
    }
    result = sections_read(g, &head, reader, error);
    if (result == SLUICE_OK) {
        counts_restore(g, &head);
    } else {
        graph_fini(g);
    }
    return result;
}
