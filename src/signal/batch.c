/* Batches: the container, the layout of their bytes, and encoding; batch_decode.c reads them back.
 *
 *   byte  0  checksum, u64       8  "SLUB"     12  version, u32       (these 16 keep their meaning in every version)
 *        16  checksum of the batch before, u64 (0 for the first)        24  sequence_first, u64
 *        32  key_first     36  prefix_first    40  key count     44  prefix count       (u32 each)
 *        48  event count   52  movement count  56  extra count   60  bytes of texts     (u32 each)
 *        64  columns, one after the other, then the texts, up to the end:
 *
 *   keys       length each
 *   prefixes   length each
 *   events     one after the other: time difference z · key · other + 1, 0: none · kind, 1 byte · event, 1 byte ·
 *              lengths of type, name and place
 *   times      the first, z · unit · then each difference to the one before ÷ unit, z.  unit is the greatest common
 *              divisor of the differences, at least 1: ledgers that know minutes only do not pay for milliseconds
 *   amounts    each
 *   from       each
 *   to         each + 1, 0: none
 *   styles     runs of movements of one style (currency, has, kind): place in the list of styles met so far · 2 + (is
 *              the run longer than 1), then its length if it is. A place just behind the list's end brings a new style:
 *              kind, 1 byte · has, 1 byte · currency; it joins the list while that has fewer than 255
 *   ids        runs: prefix + 1 · count · row of the first, the others follow by 1.
 *              prefix 0: count · then the length of each id
 *   extras     in order, for each bit of `has`: currency (of a received amount only) · fen z
 *   texts      of the keys, prefixes, events (type, name, place), then ids, without anything between
 *
 * Integers of the head are little-endian; all others are LEB128 (seven bits a byte, lowest first, high bit: more
 * follow), "z" after zigzag. The checksum is XXH3 over the bytes from 8 on, so it covers the chain: batches that were
 * exchanged, dropped or taken from another database are found like flipped bits.
 *
 * Texts are written in the order of what they belong to; a text that nothing refers to is not written.
 * Cost: about 11 to 20 bytes a movement with ids by row, encoded and decoded at tens of millions a second. */
#include "signal/batch.h"

#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/hash.h"
#include "signal/batch_private.h"

void batch_clear(batch *b) {
    b->key_count = b->prefix_count = b->event_count = b->movement_count = b->extra_count = 0;
    b->text_bytes = 0;
    b->sequence_first = 0;
    b->key_first = b->prefix_first = 0;
}

void batch_fini(batch *b) {
    memory_free(b->keys);
    memory_free(b->prefixes);
    memory_free(b->events);
    memory_free(b->movements);
    memory_free(b->extras);
    memory_free(b->texts);
    memset(b, 0, sizeof *b);
}

bool batch_add_text(batch *b, sluice_text text, batch_text *text_out) {
    if (text.length > UINT32_MAX - b->text_bytes ||
        !ARRAY_RESERVE(b->texts, b->text_capacity, b->text_bytes + text.length)) {
        return false;
    }
    *text_out = (batch_text){(uint32_t)b->text_bytes, (uint32_t)text.length};
    if (text.length > 0) {
        memcpy(b->texts + b->text_bytes, text.data, text.length);
        b->text_bytes += text.length;
    }
    return true;
}

/* More bytes than the columns can take: room is made once, and nothing below checks for it. */
static size_t bytes_bound(const batch *b) {
    return BATCH_HEAD_BYTES + 5 * (b->key_count + b->prefix_count) + (10 + 5 + 5 + 2 + 15) * b->event_count +
           (10 + 10 + 5 + 5 + 11 + 25) * b->movement_count + 13 * b->extra_count + 2 * BATCH_VARINT_BYTES_MAX;
}

static inline unsigned char *put(unsigned char *p, uint64_t value) {
    while (value >= 128) {
        *p++ = (unsigned char)(value | 128);
        value >>= 7;
    }
    *p++ = (unsigned char)value;
    return p;
}

static void put_u32(unsigned char *p, size_t value) {
    uint32_t narrow = (uint32_t)value;
    memcpy(p, &narrow, sizeof narrow);
}

static void put_u64(unsigned char *p, uint64_t value) {
    memcpy(p, &value, sizeof value);
}

static unsigned char *put_events(unsigned char *p, const batch *b) {
    int64_t time_ms = 0;
    for (size_t i = 0; i < b->event_count; i++) {
        const batch_event *e = &b->events[i];
        p = put(p, zigzag((int64_t)((uint64_t)e->time_ms - (uint64_t)time_ms)));
        time_ms = e->time_ms;
        p = put(p, e->key);
        p = put(p, e->other == BATCH_NO_KEY ? 0 : (uint64_t)e->other + 1);
        *p++ = e->kind;
        *p++ = e->event;
        p = put(p, e->type.length);
        p = put(p, e->name.length);
        p = put(p, e->place.length);
    }
    return p;
}

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b) {
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static unsigned char *put_times(unsigned char *p, const batch *b) {
    if (b->movement_count == 0) {
        return p;
    }
    uint64_t unit = 0;
    for (size_t i = 1; i < b->movement_count && unit != 1; i++) {
        int64_t difference = b->movements[i].time_ms - b->movements[i - 1].time_ms;
        uint64_t size = difference < 0 ? 0 - (uint64_t)difference : (uint64_t)difference;
        if (size != 0 && (unit == 0 || size % unit != 0)) {
            unit = greatest_common_divisor(size, unit);
        }
    }
    unit = unit == 0 ? 1 : unit;
    p = put(p, zigzag(b->movements[0].time_ms));
    p = put(p, unit);
    for (size_t i = 1; i < b->movement_count; i++) {
        int64_t difference = b->movements[i].time_ms - b->movements[i - 1].time_ms;
        p = put(p, zigzag(difference / (int64_t)unit));
    }
    return p;
}

static unsigned char *put_parties(unsigned char *p, const batch *b) {
    for (size_t i = 0; i < b->movement_count; i++) {
        SLUICE_ASSERT(b->movements[i].amount_fen >= 0);
        p = put(p, (uint64_t)b->movements[i].amount_fen);
    }
    for (size_t i = 0; i < b->movement_count; i++) {
        p = put(p, b->movements[i].from);
    }
    for (size_t i = 0; i < b->movement_count; i++) {
        p = put(p, b->movements[i].to == BATCH_NO_KEY ? 0 : (uint64_t)b->movements[i].to + 1);
    }
    return p;
}

static uint32_t style_of(const batch_movement *m) {
    return style_pack(m->currency, m->has, m->kind);
}

static unsigned char *put_styles(unsigned char *p, const batch *b) {
    uint32_t styles[BATCH_STYLES_MAX];
    size_t style_count = 0;
    for (size_t i = 0, end; i < b->movement_count; i = end) {
        uint32_t style = style_of(&b->movements[i]);
        end = i + 1;
        while (end < b->movement_count && style_of(&b->movements[end]) == style) {
            end++;
        }
        size_t place = 0;
        while (place < style_count && styles[place] != style) {
            place++;
        }
        p = put(p, place * 2 + (end - i > 1));
        if (end - i > 1) {
            p = put(p, end - i);
        }
        if (place == style_count) {
            *p++ = b->movements[i].kind;
            *p++ = b->movements[i].has;
            p = put(p, b->movements[i].currency);
            if (style_count < BATCH_STYLES_MAX) {
                styles[style_count++] = style;
            }
        }
    }
    return p;
}

static unsigned char *put_ids(unsigned char *p, const batch *b) {
    for (size_t i = 0, end; i < b->movement_count; i = end) {
        const batch_movement *first = &b->movements[i];
        end = i + 1;
        while (end < b->movement_count && b->movements[end].id_prefix == first->id_prefix &&
               (first->id_prefix == 0 || b->movements[end].id_row == first->id_row + (end - i))) {
            end++;
        }
        p = put(p, first->id_prefix);
        p = put(p, end - i);
        if (first->id_prefix != 0) {
            p = put(p, first->id_row);
            continue;
        }
        for (size_t j = i; j < end; j++) {
            p = put(p, b->movements[j].id_length);
        }
    }
    return p;
}

static unsigned char *put_extras(unsigned char *p, const batch *b) {
    for (size_t i = 0; i < b->extra_count; i++) {
        if (b->extras[i].has == BATCH_HAS_RECEIVED) {
            p = put(p, b->extras[i].currency);
        }
        p = put(p, zigzag(b->extras[i].fen));
    }
    return p;
}

typedef struct text_sink {
    unsigned char *to; /* NULL: only count */
    size_t bytes;
} text_sink;

static inline void put_text(text_sink *sink, const batch *b, size_t offset, size_t length) {
    if (sink->to != NULL && length > 0) {
        memcpy(sink->to + sink->bytes, b->texts + offset, length);
    }
    sink->bytes += length;
}

static size_t put_texts(unsigned char *to, const batch *b) {
    text_sink sink = {to, 0};
    for (size_t i = 0; i < b->key_count; i++) {
        put_text(&sink, b, b->keys[i].offset, b->keys[i].length);
    }
    for (size_t i = 0; i < b->prefix_count; i++) {
        put_text(&sink, b, b->prefixes[i].offset, b->prefixes[i].length);
    }
    for (size_t i = 0; i < b->event_count; i++) {
        const batch_event *e = &b->events[i];
        put_text(&sink, b, e->type.offset, e->type.length);
        put_text(&sink, b, e->name.offset, e->name.length);
        put_text(&sink, b, e->place.offset, e->place.length);
    }
    for (size_t i = 0; i < b->movement_count; i++) {
        if (b->movements[i].id_prefix == 0) {
            put_text(&sink, b, b->movements[i].id_row, b->movements[i].id_length);
        }
    }
    return sink.bytes;
}

static void put_head(unsigned char *head, const batch *b, uint64_t chain, size_t text_bytes) {
    put_u32(head + HEAD_MAGIC, BATCH_MAGIC);
    put_u32(head + HEAD_VERSION, BATCH_VERSION);
    put_u64(head + HEAD_CHAIN, chain);
    put_u64(head + HEAD_SEQUENCE, b->sequence_first);
    put_u32(head + HEAD_KEY_FIRST, b->key_first);
    put_u32(head + HEAD_PREFIX_FIRST, b->prefix_first);
    put_u32(head + HEAD_KEY_COUNT, b->key_count);
    put_u32(head + HEAD_PREFIX_COUNT, b->prefix_count);
    put_u32(head + HEAD_EVENT_COUNT, b->event_count);
    put_u32(head + HEAD_MOVEMENT_COUNT, b->movement_count);
    put_u32(head + HEAD_EXTRA_COUNT, b->extra_count);
    put_u32(head + HEAD_TEXT_BYTES, text_bytes);
}

sluice_result batch_encode(const batch *b, uint64_t chain, unsigned char **bytes, size_t *bytes_capacity,
                           size_t *length_out, uint64_t *chain_out, sluice_error *error) {
    SLUICE_ASSERT(b->key_count <= UINT32_MAX && b->prefix_count <= UINT32_MAX && b->event_count <= UINT32_MAX &&
                  b->movement_count <= UINT32_MAX && b->extra_count <= UINT32_MAX);
    size_t text_bytes = put_texts(NULL, b);
    if (text_bytes > UINT32_MAX) {
        return error_set(error, SLUICE_E_LIMIT, "a batch has more than 4 GiB of text: commit smaller batches");
    }
    size_t bound = bytes_bound(b) + text_bytes;
    if (!ARRAY_RESERVE(*bytes, *bytes_capacity, bound)) {
        return error_no_memory(error, bound);
    }
    unsigned char *head = *bytes, *p = head + BATCH_HEAD_BYTES;
    put_head(head, b, chain, text_bytes);
    for (size_t i = 0; i < b->key_count; i++) {
        p = put(p, b->keys[i].length);
    }
    for (size_t i = 0; i < b->prefix_count; i++) {
        p = put(p, b->prefixes[i].length);
    }
    p = put_events(p, b);
    p = put_times(p, b);
    p = put_parties(p, b);
    p = put_styles(p, b);
    p = put_ids(p, b);
    p = put_extras(p, b);
    p += put_texts(p, b);
    *length_out = (size_t)(p - head);
    SLUICE_ASSERT(*length_out <= bound);
    *chain_out = hash64(head + HEAD_MAGIC, *length_out - HEAD_MAGIC);
    put_u64(head + HEAD_CHECKSUM, *chain_out);
    return SLUICE_OK;
}
