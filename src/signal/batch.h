/* A batch: what one commit adds to the log, with every key already a number.
 *
 * The engine fills a batch from signals, the store keeps its encoded bytes, replay decodes them into the same struct
 * and applies it; so the live path and recovery are one path. Keys and id prefixes that are new in this batch are
 * listed in it, in the order of their numbers; the first new one has number key_first (prefix_first).
 *
 * Order of sequences within a batch: events first (in their order), then movements (in theirs): the event i has
 * sequence sequence_first + i, the movement j has sequence_first + event_count + j. */
#ifndef SIGNAL_BATCH_H
#define SIGNAL_BATCH_H

#include <stdint.h>

#include <sluice/signal.h>

#include "base/memory.h"

#define BATCH_NO_KEY UINT32_MAX

/* A transfer or withdrawal. */
typedef struct batch_movement {
    int64_t time_ms;
    int64_t amount_fen;
    uint32_t from, to; /* keys; `to` of a withdrawal may be BATCH_NO_KEY */
    uint16_t currency;
    uint8_t kind; /* SLUICE_SIGNAL_TRANSFER or _WITHDRAWAL */
    uint8_t has;  /* BATCH_HAS_… */
    /* The transfer's id: `prefix:row` when id_prefix > 0; else id_length bytes at id_text + id_row. */
    uint32_t id_prefix; /* number of the prefix + 1, or 0 */
    uint32_t id_length;
    uint64_t id_row;
} batch_movement;

enum { BATCH_HAS_RECEIVED = 1, BATCH_HAS_FROM_BALANCE = 2, BATCH_HAS_TO_BALANCE = 4 };

/* What a movement has beyond the columns above; for each bit in `has`, in movement order and bit order, one of these.
 */
typedef struct batch_extra {
    uint32_t movement; /* its place in the batch */
    uint8_t has;       /* which bit */
    uint16_t currency; /* of received */
    int64_t fen;
} batch_extra;

/* An account, holder, device or login. Texts are places in `texts`; length 0: none. */
typedef struct batch_text {
    uint32_t offset, length;
} batch_text;

/* Not a signal but a record of its own, the kind of an event alone in its batch: from here on what an import brought
 * does not count. `key` is 0; type: the file's SHA-256, name: the import's number, place: the sequences,
 * "first-last,…". Who replays the log knows of it beforehand (store_read_imports) and leaves those sequences out. */
#define BATCH_WITHDRAWAL 15

typedef struct batch_event {
    int64_t time_ms;
    uint32_t key;
    uint32_t other; /* account: its holder; login: the device; or BATCH_NO_KEY */
    uint8_t kind;   /* SLUICE_SIGNAL_ACCOUNT, _HOLDER, _DEVICE, _LOGIN; or BATCH_WITHDRAWAL */
    uint8_t event;  /* sluice_event */
    batch_text type, name, place;
} batch_event;

typedef struct batch {
    uint64_t sequence_first;
    uint32_t key_first, prefix_first; /* numbers of the first new key and prefix */

    batch_text *keys; /* new keys, "kind:value", in `texts` */
    size_t key_count, key_capacity;
    batch_text *prefixes;
    size_t prefix_count, prefix_capacity;
    batch_event *events;
    size_t event_count, event_capacity;
    batch_movement *movements;
    size_t movement_count, movement_capacity;
    batch_extra *extras;
    size_t extra_count, extra_capacity;
    char *texts;
    size_t text_bytes, text_capacity;
} batch;

/* Empties it and keeps its memory. */
void batch_clear(batch *b);
void batch_fini(batch *b);
/* Copies a text in; false: memory exhausted or more than 4 GiB of text. */
bool batch_add_text(batch *b, sluice_text text, batch_text *text_out);
static inline sluice_text batch_text_of(const batch *b, batch_text text) {
    return (sluice_text){b->texts + text.offset, text.length};
}

/* Encodes into *bytes (grown with ARRAY_RESERVE, from *length 0). The bytes are columns of variable-length integers,
 * times as differences, rows of one prefix as runs, all under a checksum that also covers `chain`, the checksum of the
 * batch before (0 for the first); *chain_out is this batch's. batch.c draws the layout. */
SLUICE_MUST_USE sluice_result batch_encode(const batch *b, uint64_t chain, unsigned char **bytes,
                                           size_t *bytes_capacity, size_t *length_out, uint64_t *chain_out,
                                           sluice_error *error);

/* Decodes and checks everything: magic, version, checksum, chain, counts, every number's range (keys < key_first +
 * key_count and so on), UTF-8 of keys. DAMAGED names what is wrong; NEWER for a later version. Never reads outside
 * `bytes`, whatever they are. */
SLUICE_MUST_USE sluice_result batch_decode(const unsigned char *bytes, size_t length, uint64_t chain, batch *batch_out,
                                           uint64_t *chain_out, sluice_error *error);

#endif
