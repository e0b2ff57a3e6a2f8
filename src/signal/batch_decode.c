/* Decoding batches; batch.c draws the layout.
 *
 * A reader with a sticky failure: a varint that is cut off, or too long, marks the reader as failed and gives 0, and
 * checks happen once a column. Memory is taken only after the counts in the head were found to be possible for the
 * bytes that are there, so no input makes it take more than about 20 times its own size. The checksum is verified
 * first; everything after is checked all the same, because whoever can write to the file can compute a checksum. */
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/time.h"
#include "signal/batch.h"
#include "signal/batch_private.h"

typedef struct reader {
    const unsigned char *at, *end;
    bool failed;
} reader;

static uint64_t get_slow(reader *r) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && r->at < r->end; shift += 7) {
        uint64_t byte = *r->at++;
        if (shift == 63 && byte > 1) {
            break;
        }
        value |= (byte & 127) << shift;
        if (byte < 128) {
            return value;
        }
    }
    r->failed = true;
    return 0;
}

/* The common lengths without a loop, while ten bytes are certainly there. */
static inline uint64_t get(reader *r) {
    const unsigned char *p = r->at;
    if ((size_t)(r->end - p) < BATCH_VARINT_BYTES_MAX) {
        return get_slow(r);
    }
    uint64_t value = p[0];
    if (value < 128) {
        r->at = p + 1;
        return value;
    }
    value = (value & 127) | (uint64_t)p[1] << 7;
    if (p[1] < 128) {
        r->at = p + 2;
        return value;
    }
    value = (value & 16383) | (uint64_t)p[2] << 14;
    if (p[2] < 128) {
        r->at = p + 3;
        return value;
    }
    value = (value & 2097151) | (uint64_t)p[3] << 21;
    if (p[3] < 128) {
        r->at = p + 4;
        return value;
    }
    return get_slow(r);
}

static uint8_t get_byte(reader *r) {
    if (r->at == r->end) {
        r->failed = true;
        return 0;
    }
    return *r->at++;
}

static uint32_t head_u32(const unsigned char *bytes, size_t at) {
    uint32_t value;
    memcpy(&value, bytes + at, sizeof value);
    return value;
}

static uint64_t head_u64(const unsigned char *bytes, size_t at) {
    uint64_t value;
    memcpy(&value, bytes + at, sizeof value);
    return value;
}

static sluice_result damaged(sluice_error *error, const char *what) {
    return error_set(error, SLUICE_E_DAMAGED,
                     "a batch of the log is damaged: %s; restore the newest backup (sluice verify says what is left)",
                     what);
}

static sluice_result check_head(const unsigned char *bytes, size_t length, uint64_t chain, sluice_error *error) {
    if (length < BATCH_HEAD_BYTES) {
        return damaged(error, "it is shorter than its head");
    }
    if (head_u32(bytes, HEAD_MAGIC) != BATCH_MAGIC) {
        return damaged(error, "it does not begin as a batch does");
    }
    if (hash64(bytes + HEAD_MAGIC, length - HEAD_MAGIC) != head_u64(bytes, HEAD_CHECKSUM)) {
        return damaged(error, "its checksum is wrong");
    }
    uint32_t version = head_u32(bytes, HEAD_VERSION);
    if (version > BATCH_VERSION) {
        return error_set(error, SLUICE_E_NEWER,
                         "a batch of the log is of version %u and this program knows up to %u: use the newer sluice "
                         "that wrote it",
                         version, BATCH_VERSION);
    }
    if (version != BATCH_VERSION) {
        return damaged(error, "its version is none there ever was");
    }
    if (head_u64(bytes, HEAD_CHAIN) != chain) {
        return damaged(error, "it does not follow the batch before it");
    }
    return SLUICE_OK;
}

/* Takes the counts over when the bytes can hold that much, and makes room. */
static sluice_result take_counts(batch *b, const unsigned char *bytes, size_t length, sluice_error *error) {
    size_t rest = length - BATCH_HEAD_BYTES;
    size_t keys = head_u32(bytes, HEAD_KEY_COUNT), prefixes = head_u32(bytes, HEAD_PREFIX_COUNT);
    size_t events = head_u32(bytes, HEAD_EVENT_COUNT), movements = head_u32(bytes, HEAD_MOVEMENT_COUNT);
    size_t extras = head_u32(bytes, HEAD_EXTRA_COUNT), texts = head_u32(bytes, HEAD_TEXT_BYTES);
    b->sequence_first = head_u64(bytes, HEAD_SEQUENCE);
    b->key_first = head_u32(bytes, HEAD_KEY_FIRST);
    b->prefix_first = head_u32(bytes, HEAD_PREFIX_FIRST);
    /* the fewest bytes that each takes */
    if (keys + prefixes + 8 * events + 4 * movements + extras + texts > rest) {
        return damaged(error, "its counts do not fit its length");
    }
    if (b->sequence_first == 0 || b->sequence_first > INT64_MAX || keys > BATCH_NO_KEY - b->key_first ||
        prefixes > UINT32_MAX - 1 - (size_t)b->prefix_first || b->prefix_first == UINT32_MAX) {
        return damaged(error, "its first numbers are out of range");
    }
    if (!ARRAY_RESERVE(b->keys, b->key_capacity, keys) || !ARRAY_RESERVE(b->prefixes, b->prefix_capacity, prefixes) ||
        !ARRAY_RESERVE(b->events, b->event_capacity, events) ||
        !ARRAY_RESERVE(b->movements, b->movement_capacity, movements) ||
        !ARRAY_RESERVE(b->extras, b->extra_capacity, extras) || !ARRAY_RESERVE(b->texts, b->text_capacity, texts + 1)) {
        return error_no_memory(error, length);
    }
    b->key_count = keys;
    b->prefix_count = prefixes;
    b->event_count = events;
    b->movement_count = movements;
    b->extra_count = extras;
    b->text_bytes = texts;
    return SLUICE_OK;
}

/* A text of `length` bytes that begins where the one before ended; lengths that are too large in sum fail. */
static inline batch_text get_text(reader *r, const batch *b, uint64_t length, uint64_t *offset) {
    if (length > b->text_bytes - *offset) {
        r->failed = true;
        return (batch_text){0, 0};
    }
    batch_text text = {(uint32_t)*offset, (uint32_t)length};
    *offset += length;
    return text;
}

static bool event_kind_is_good(uint8_t kind) {
    return (kind >= SLUICE_SIGNAL_ACCOUNT && kind <= SLUICE_SIGNAL_LOGIN) || kind == BATCH_WITHDRAWAL;
}

static bool get_events(reader *r, batch *b, uint64_t key_limit, uint64_t *offset) {
    int64_t time_ms = 0;
    bool good = true;
    for (size_t i = 0; i < b->event_count; i++) {
        batch_event *e = &b->events[i];
        time_ms = (int64_t)((uint64_t)time_ms + (uint64_t)unzigzag(get(r)));
        uint64_t key = get(r), other = get(r);
        memset(e, 0, sizeof *e);
        e->time_ms = time_ms;
        e->key = (uint32_t)key;
        e->other = other == 0 ? BATCH_NO_KEY : (uint32_t)(other - 1);
        e->kind = get_byte(r);
        e->event = get_byte(r);
        e->type = get_text(r, b, get(r), offset);
        e->name = get_text(r, b, get(r), offset);
        e->place = get_text(r, b, get(r), offset);
        good &= key < key_limit && other <= key_limit && time_ms >= TIME_MS_MIN && time_ms <= TIME_MS_MAX &&
                event_kind_is_good(e->kind) && e->event >= SLUICE_EVENT_SEEN && e->event <= SLUICE_EVENT_CLOSED;
        if (r->failed) {
            return false;
        }
    }
    return good;
}

static bool get_times(reader *r, batch *b) {
    if (b->movement_count == 0) {
        return true;
    }
    bool good = true;
    uint64_t time_ms = (uint64_t)unzigzag(get(r));
    uint64_t unit = get(r);
    for (size_t i = 0; i < b->movement_count; i++) {
        if (i > 0) {
            time_ms += unit * (uint64_t)unzigzag(get(r));
        }
        b->movements[i].time_ms = (int64_t)time_ms;
        good &= (int64_t)time_ms >= TIME_MS_MIN && (int64_t)time_ms <= TIME_MS_MAX;
    }
    return good && unit > 0 && !r->failed;
}

static bool get_parties(reader *r, batch *b, uint64_t key_limit) {
    bool good = true;
    for (size_t i = 0; i < b->movement_count; i++) {
        uint64_t amount = get(r);
        b->movements[i].amount_fen = (int64_t)amount;
        good &= amount <= INT64_MAX;
    }
    for (size_t i = 0; i < b->movement_count; i++) {
        uint64_t key = get(r);
        b->movements[i].from = (uint32_t)key;
        good &= key < key_limit;
    }
    for (size_t i = 0; i < b->movement_count; i++) {
        uint64_t key = get(r);
        b->movements[i].to = key == 0 ? BATCH_NO_KEY : (uint32_t)(key - 1);
        good &= key <= key_limit;
    }
    return good && !r->failed;
}

static bool style_is_good(uint8_t kind, uint8_t has, uint64_t currency) {
    return (kind == SLUICE_SIGNAL_TRANSFER || kind == SLUICE_SIGNAL_WITHDRAWAL) && has < 8 && currency <= UINT16_MAX;
}

static bool get_styles(reader *r, batch *b) {
    uint32_t styles[BATCH_STYLES_MAX];
    size_t style_count = 0;
    for (size_t i = 0; i < b->movement_count;) {
        uint64_t token = get(r);
        uint64_t count = (token & 1) != 0 ? get(r) : 1;
        uint32_t style;
        if (r->failed || token / 2 > style_count || count == 0 || count > b->movement_count - i) {
            return false;
        }
        if (token / 2 == style_count) {
            uint8_t kind = get_byte(r), has = get_byte(r);
            uint64_t currency = get(r);
            if (r->failed || !style_is_good(kind, has, currency)) {
                return false;
            }
            style = style_pack((uint16_t)currency, has, kind);
            if (style_count < BATCH_STYLES_MAX) {
                styles[style_count++] = style;
            }
        } else {
            style = styles[token / 2];
        }
        for (uint64_t last = i + count; i < last; i++) {
            batch_movement *m = &b->movements[i];
            m->kind = (uint8_t)style;
            m->has = (uint8_t)(style >> 8);
            m->currency = (uint16_t)(style >> 16);
            if (m->to == BATCH_NO_KEY && m->kind == SLUICE_SIGNAL_TRANSFER) {
                return false;
            }
        }
    }
    return true;
}

static bool get_ids(reader *r, batch *b, uint64_t *offset) {
    uint64_t prefix_limit = (uint64_t)b->prefix_first + b->prefix_count;
    for (size_t i = 0; i < b->movement_count;) {
        uint64_t prefix = get(r), count = get(r);
        if (r->failed || prefix > prefix_limit || count == 0 || count > b->movement_count - i) {
            return false;
        }
        uint64_t row = prefix == 0 ? 0 : get(r);
        if (row > UINT64_MAX - count) {
            return false;
        }
        for (uint64_t last = i + count; i < last; i++, row++) {
            batch_movement *m = &b->movements[i];
            m->id_prefix = (uint32_t)prefix;
            m->id_length = 0;
            m->id_row = row;
            if (prefix == 0) {
                batch_text id = get_text(r, b, get(r), offset);
                m->id_length = id.length;
                m->id_row = id.offset;
            }
        }
    }
    return !r->failed;
}

static bool get_extras(reader *r, batch *b) {
    size_t count = 0;
    for (size_t i = 0; i < b->movement_count; i++) {
        for (unsigned left = b->movements[i].has; left != 0; left &= left - 1) {
            if (count == b->extra_count) {
                return false;
            }
            batch_extra *x = &b->extras[count++];
            *x = (batch_extra){.movement = (uint32_t)i, .has = (uint8_t)(left & (0 - left))};
            if (x->has == BATCH_HAS_RECEIVED) {
                uint64_t currency = get(r);
                x->currency = (uint16_t)currency;
                r->failed |= currency > UINT16_MAX;
            }
            x->fen = unzigzag(get(r));
            r->failed |= x->has == BATCH_HAS_RECEIVED && x->fen < 0;
        }
    }
    return count == b->extra_count && !r->failed;
}

static bool keys_are_good(const batch *b) {
    for (size_t i = 0; i < b->key_count; i++) {
        if (b->keys[i].length == 0 || b->keys[i].length > BATCH_KEY_BYTES_MAX ||
            !text_is_utf8(batch_text_of(b, b->keys[i]))) {
            return false;
        }
    }
    return true;
}

static const char *get_columns(batch *b, reader *r) {
    uint64_t offset = 0, key_limit = (uint64_t)b->key_first + b->key_count;
    for (size_t i = 0; i < b->key_count; i++) {
        b->keys[i] = get_text(r, b, get(r), &offset);
    }
    for (size_t i = 0; i < b->prefix_count; i++) {
        b->prefixes[i] = get_text(r, b, get(r), &offset);
    }
    if (r->failed) {
        return "the lengths of its keys are wrong";
    }
    if (!get_events(r, b, key_limit, &offset)) {
        return "an event is out of range";
    }
    if (!get_times(r, b)) {
        return "a time is out of range";
    }
    if (!get_parties(r, b, key_limit)) {
        return "an amount or a party is out of range";
    }
    if (!get_styles(r, b)) {
        return "a kind or currency is out of range";
    }
    if (!get_ids(r, b, &offset)) {
        return "an id is out of range";
    }
    if (!get_extras(r, b)) {
        return "a received amount or balance is out of range";
    }
    if (offset != b->text_bytes || (size_t)(r->end - r->at) != b->text_bytes) {
        return "its texts have another length than it says";
    }
    if (b->text_bytes > 0) {
        memcpy(b->texts, r->at, b->text_bytes);
    }
    return keys_are_good(b) ? NULL : "a key is not a text";
}

sluice_result batch_decode(const unsigned char *bytes, size_t length, uint64_t chain, batch *batch_out,
                           uint64_t *chain_out, sluice_error *error) {
    batch_clear(batch_out);
    sluice_result result = check_head(bytes, length, chain, error);
    if (result == SLUICE_OK) {
        result = take_counts(batch_out, bytes, length, error);
    }
    if (result == SLUICE_OK) {
        reader r = {bytes + BATCH_HEAD_BYTES, bytes + length, false};
        const char *wrong = get_columns(batch_out, &r);
        result = wrong == NULL ? SLUICE_OK : damaged(error, wrong);
    }
    if (result != SLUICE_OK) {
        batch_clear(batch_out);
        return result;
    }
    *chain_out = head_u64(bytes, HEAD_CHECKSUM);
    return SLUICE_OK;
}
