/* Idempotency keys in memory, for a day and at most KEYS_MAX of them: what serves until the desk keeps them in the
 * database. All of it belongs to the writer thread. */
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "server/server_private.h"

#define KEYS_MAX 4096u
#define KEEP_MS INT64_C(86400000)
#define ANSWER_BYTES_MAX ((size_t)1 << 20)

typedef struct kept {
    uint64_t hash, principal;
    int64_t put_ms;
    unsigned char request_hash[32];
    int status;
    size_t key_length, type_length, headers_length, body_length;
    char *bytes; /* key, type, headers, body; NULL: free */
} kept;

struct idempotency_memory {
    kept rows[KEYS_MAX]; /* a ring */
    size_t next;
};

static uint64_t hash_of(const idempotency_key *key) {
    return hash64(key->key.data, key->key.length) ^ hash_u64(key->principal);
}

static sluice_result find(void *context, const idempotency_key *key, int64_t now_ms, arena *a,
                          idempotency_answer *answer_out, sluice_error *error) {
    idempotency_memory *m = context;
    uint64_t hash = hash_of(key);
    for (size_t i = 0; i < KEYS_MAX; i++) {
        const kept *k = &m->rows[i];
        if (k->bytes == NULL || k->hash != hash || k->principal != key->principal ||
            !text_equal((sluice_text){k->bytes, k->key_length}, key->key) || now_ms - k->put_ms > KEEP_MS) {
            continue;
        }
        if (memcmp(k->request_hash, key->request_hash, sizeof k->request_hash) != 0) {
            return error_set(error, SLUICE_E_CONFLICT, "this Idempotency-Key was used for another request");
        }
        const char *bytes =
            arena_copy(a, k->bytes, k->key_length + k->type_length + k->headers_length + k->body_length);
        if (bytes == NULL) {
            return error_no_memory(error, k->body_length);
        }
        bytes += k->key_length;
        *answer_out = (idempotency_answer){.status = k->status,
                                           .content_type = {bytes, k->type_length},
                                           .headers = {bytes + k->type_length, k->headers_length},
                                           .body = {bytes + k->type_length + k->headers_length, k->body_length}};
        return SLUICE_OK;
    }
    return error_set(error, SLUICE_E_NOT_FOUND, "a new key");
}

static void put_text(char **at, sluice_text text) {
    if (text.length > 0) {
        *at = mempcpy(*at, text.data, text.length);
    }
}

static sluice_result put(void *context, const idempotency_key *key, int64_t now_ms, const idempotency_answer *answer,
                         sluice_error *error) {
    idempotency_memory *m = context;
    size_t bytes = key->key.length + answer->content_type.length + answer->headers.length + answer->body.length;
    if (answer->body.length > ANSWER_BYTES_MAX) {
        return error_set(error, SLUICE_E_LIMIT, "the answer is too large to be kept");
    }
    kept made = {.hash = hash_of(key),
                 .principal = key->principal,
                 .put_ms = now_ms,
                 .status = answer->status,
                 .key_length = key->key.length,
                 .type_length = answer->content_type.length,
                 .headers_length = answer->headers.length,
                 .body_length = answer->body.length,
                 .bytes = memory_new(bytes)};
    if (made.bytes == NULL) {
        return error_no_memory(error, bytes);
    }
    memcpy(made.request_hash, key->request_hash, sizeof made.request_hash);
    char *at = made.bytes;
    put_text(&at, key->key);
    put_text(&at, answer->content_type);
    put_text(&at, answer->headers);
    put_text(&at, answer->body);
    kept *slot = &m->rows[m->next++ % KEYS_MAX];
    memory_free(slot->bytes);
    *slot = made;
    return SLUICE_OK;
}

sluice_result idempotency_open(server_desk *desk, sluice_error *error) {
    idempotency_memory *m = memory_new_zero(1, sizeof *m);
    if (m == NULL) {
        return error_no_memory(error, sizeof *m);
    }
    desk->context = m;
    desk->idempotency_find = find;
    desk->idempotency_put = put;
    return SLUICE_OK;
}

void idempotency_close(server_desk *desk) {
    idempotency_memory *m = desk->context;
    for (size_t i = 0; m != NULL && i < KEYS_MAX; i++) {
        memory_free(m->rows[i].bytes);
    }
    memory_free(m);
    desk->context = NULL;
}
