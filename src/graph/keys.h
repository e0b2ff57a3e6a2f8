/* Keys: "kind:value" texts and their numbers.
 *
 * Numbers are given in the order in which keys appear in the log, from 0, so that replay gives the same ones. Kinds are
 * the part before the colon, numbered too. One writer; any number of readers, who may see keys that no published
 * sequence uses yet (they have an empty ledger, so it does not matter). */
#ifndef GRAPH_KEYS_H
#define GRAPH_KEYS_H

#include <sluice/signal.h>

#include "graph/epoch.h"
#include "sys/region.h"

#define KEY_NONE UINT32_MAX
#define KEY_BYTES_MAX 255
#define KEY_KINDS_MAX 64
#define KEY_TABLES_MAX 32

typedef struct key_record {
    uint32_t unit;  /* place of the text, in units of 4 bytes */
    uint8_t length; /* bytes */
    uint8_t kind;
    uint16_t unused;
} key_record;

typedef struct key_table {
    region slots; /* _Atomic uint64_t: upper half of the hash, key + 1; 0: empty. Linear probing, at most 2/3 full */
    uint64_t mask;
} key_table;

typedef struct keys {
    region records; /* key_record[count] */
    region texts;
    uint64_t text_units;
    _Atomic uint32_t count;
    _Atomic(key_table *) table;
    key_table *next;                    /* the writer's: is published when the table is full; NULL: there is none */
    uint32_t moved;                     /* keys that are in next */
    key_table *retired[KEY_TABLES_MAX]; /* older tables; freed when no reader is inside */
    uint32_t retired_count;
    sluice_text kinds[KEY_KINDS_MAX];
    _Atomic uint32_t kind_count;
    epoch *epoch;
} keys;

/* False: memory is exhausted. */
bool keys_init(keys *k, epoch *e);
void keys_fini(keys *k);

static inline uint64_t keys_hash_prefetch(const keys *k, uint64_t hash) {
    const key_table *table = atomic_load_explicit(&k->table, memory_order_acquire);
    __builtin_prefetch(table->slots.base + (hash & table->mask) * 8);
    return hash;
}
/* Second step of a pipelined lookup: brings the record that the slot points to. */
void keys_record_prefetch(const keys *k, uint64_t hash);
/* Third step: brings the text. */
void keys_text_prefetch(const keys *k, uint64_t hash);

/* Ahead of them: step 0 what keys_kind reads, step 1 a key's text. */
void keys_prefetch(const keys *k, uint32_t key, int step);

/* Any thread. */
uint32_t keys_find(const keys *k, sluice_text key, uint64_t hash);
sluice_text keys_text(const keys *k, uint32_t key);
uint8_t keys_kind(const keys *k, uint32_t key);
sluice_text keys_kind_text(const keys *k, uint8_t kind);
/* KEY_KINDS_MAX when there is no such kind yet. */
uint8_t keys_kind_find(const keys *k, sluice_text kind);

/* True for "kind:value": kind of a–z, 1 to 15 letters; value 1 byte or more, no control characters; UTF-8 is the
 * caller's to check. On false *reason_out says what was expected. */
bool keys_is_valid(sluice_text key, const char **reason_out);

typedef enum keys_added { KEYS_ADDED, KEYS_FULL, KEYS_NO_MEMORY } keys_added;
/* Writer. Adds a key that keys_find did not find. The key must be valid. */
keys_added keys_add(keys *k, sluice_text key, uint64_t hash, uint32_t *key_out);
/* Writer. Keeps a text beside the keys (a fact's); at most 65,535 bytes. False: no memory. */
bool keys_store_text(keys *k, sluice_text text, uint32_t *unit_out);
static inline sluice_text keys_stored_text(const keys *k, uint32_t unit, uint16_t length) {
    return (sluice_text){(const char *)k->texts.base + (size_t)unit * 4, length};
}
/* Writer, while there are no readers: a table of `slot_count` empty slots instead of the present one, for the caller to
 * fill. NULL: no memory. */
void *keys_table_replace(keys *k, uint64_t slot_count);
/* Bytes in use. */
uint64_t keys_memory_bytes(const keys *k);

#endif
