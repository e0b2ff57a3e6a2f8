/* Checksums of rows: SipHash-2-4 (Aumasson, Bernstein 2012) under a key derived from the database's secret, so that
 * whoever edits a row without the secret is found, and a row cannot be put in another's place.
 *
 * What is hashed: the table's name, id, version and times, then of each field that is not null, in the order of their
 * names, its name, its kind and its value. So a new field, null in old rows, leaves their checksums as they are. */
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "store/record_private.h"

typedef struct siphash {
    uint64_t v0, v1, v2, v3;
    uint64_t tail; /* the last length % 8 bytes */
    uint64_t length;
} siphash;

static uint64_t rotate(uint64_t value, unsigned bits) {
    return value << bits | value >> (64 - bits);
}

static void siphash_round(siphash *h) {
    h->v0 += h->v1;
    h->v1 = rotate(h->v1, 13) ^ h->v0;
    h->v0 = rotate(h->v0, 32);
    h->v2 += h->v3;
    h->v3 = rotate(h->v3, 16) ^ h->v2;
    h->v0 += h->v3;
    h->v3 = rotate(h->v3, 21) ^ h->v0;
    h->v2 += h->v1;
    h->v1 = rotate(h->v1, 17) ^ h->v2;
    h->v2 = rotate(h->v2, 32);
}

static void siphash_begin(siphash *h, const uint64_t key[2]) {
    *h = (siphash){key[0] ^ UINT64_C(0x736f6d6570736575),
                   key[1] ^ UINT64_C(0x646f72616e646f6d),
                   key[0] ^ UINT64_C(0x6c7967656e657261),
                   key[1] ^ UINT64_C(0x7465646279746573),
                   0,
                   0};
}

static void siphash_word(siphash *h, uint64_t word) {
    h->v3 ^= word;
    siphash_round(h);
    siphash_round(h);
    h->v0 ^= word;
}

static void siphash_add(siphash *h, const void *data, size_t bytes) {
    const unsigned char *at = data;
    for (; bytes > 0 && h->length % 8 != 0; bytes--, at++) {
        h->tail |= (uint64_t)*at << (8 * (h->length % 8));
        if (++h->length % 8 == 0) {
            siphash_word(h, h->tail);
            h->tail = 0;
        }
    }
    for (; bytes >= 8; bytes -= 8, at += 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        siphash_word(h, word);
        h->length += 8;
    }
    for (; bytes > 0; bytes--, at++) {
        h->tail |= (uint64_t)*at << (8 * (h->length % 8));
        h->length++;
    }
}

static uint64_t siphash_end(siphash *h) {
    siphash_word(h, h->tail | h->length << 56);
    h->v2 ^= 0xff;
    for (int i = 0; i < 4; i++) {
        siphash_round(h);
    }
    return h->v0 ^ h->v1 ^ h->v2 ^ h->v3;
}

static void add_number(siphash *h, int64_t number) {
    siphash_add(h, &number, sizeof number);
}

static void add_text(siphash *h, sluice_text text) {
    add_number(h, (int64_t)text.length);
    siphash_add(h, text.data, text.length);
}

sluice_result record_checksum_key(const store *s, uint64_t key_out[2], sluice_error *error) {
    static const char PURPOSE[] = "checksums of records";
    char hex[SHA256_HEX_BYTES];
    sluice_result result = hmac_sha256(s->secret, sizeof s->secret, PURPOSE, sizeof PURPOSE - 1, hex);
    if (result != SLUICE_OK) {
        return error_no_memory(error, sizeof hex);
    }
    memcpy(key_out, hex, 16); /* 64 bits of it are as good as the checksum is long */
    return SLUICE_OK;
}

uint64_t record_checksum(const record_tables *tables, const record_binding *b, const record *r) {
    siphash h;
    siphash_begin(&h, tables->key);
    add_text(&h, text_of(b->table->name));
    add_number(&h, r->id);
    add_number(&h, r->version);
    add_number(&h, r->created_ms);
    add_number(&h, r->updated_ms);
    for (size_t i = 0; i < b->table->field_count; i++) {
        const record_field *field = &b->table->fields[b->by_name[i]];
        const record_value *value = &r->values[b->by_name[i]];
        if (value->is_null) {
            continue;
        }
        add_text(&h, text_of(field->name));
        if (field_is_text(field->type)) {
            add_text(&h, value->text);
        } else {
            add_number(&h, value->integer);
        }
    }
    return siphash_end(&h);
}

uint64_t record_counter_checksum(const record_tables *tables, sluice_text name, sluice_text shape, int64_t next_id) {
    siphash h;
    siphash_begin(&h, tables->key);
    add_text(&h, name);
    add_text(&h, shape);
    add_number(&h, next_id);
    return siphash_end(&h);
}
