/* The log and the database's identity.
 *
 * The log is one row a batch. Batches are read one at a time, each by a statement of its own, so that a reader of the
 * whole log keeps nothing back. `meta` has uuid and secret, and where the log ends: a second witness of the last batch,
 * because a log that lost its last row would otherwise look like a shorter log. */
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/store_private.h"
#include "sys/random.h"

static const char PUT_BATCH[] = "INSERT INTO batch(sequence_first, count, chain, bytes) VALUES($1, $2, $3, $4)";
static const char PUT_END[] = "UPDATE meta SET value = $1 WHERE name = 'end'";
static const char READ_META[] = "SELECT name, value FROM meta ORDER BY name";
static const char READ_LAST[] = "SELECT sequence_first, count, chain FROM batch ORDER BY sequence_first DESC LIMIT 1";
static const char READ_BATCH[] =
    "SELECT b.sequence_first, b.count, b.chain, p.chain, p.sequence_first + p.count, b.bytes"
    " FROM batch b LEFT JOIN batch p ON p.sequence_first ="
    "  (SELECT MAX(sequence_first) FROM batch WHERE sequence_first < b.sequence_first)"
    " WHERE b.sequence_first <= $1 ORDER BY b.sequence_first DESC LIMIT 1";
static const char CHAIN_AT[] = "SELECT sequence_first, count, chain FROM batch WHERE sequence_first <= $1"
                               " ORDER BY sequence_first DESC LIMIT 1";

const char *const STORE_LOG_STATEMENTS[] = {PUT_BATCH, PUT_END, READ_META, READ_LAST, READ_BATCH, CHAIN_AT, NULL};

/* ---- identity ---- */

sluice_result store_identity_new(unsigned char identity_out[STORE_IDENTITY_BYTES], sluice_error *error) {
    char name[STORE_UUID_BYTES + 1];
    unsigned char random[STORE_UUID_BYTES / 2];
    if (!random_secret(random, sizeof random) || !random_secret(identity_out + STORE_UUID_BYTES, STORE_SECRET_BYTES)) {
        return error_set(error, SLUICE_E_IO, "the system has no random numbers: is it still booting? Try again");
    }
    hex_write(random, sizeof random, name);
    memcpy(identity_out, name, STORE_UUID_BYTES);
    uint64_t checksum = hash64(identity_out, STORE_IDENTITY_BYTES - 8);
    memcpy(identity_out + STORE_IDENTITY_BYTES - 8, &checksum, sizeof checksum);
    return SLUICE_OK;
}

void store_identity_encode(const store *s, unsigned char identity_out[STORE_IDENTITY_BYTES]) {
    memcpy(identity_out, s->uuid, STORE_UUID_BYTES);
    memcpy(identity_out + STORE_UUID_BYTES, s->secret, STORE_SECRET_BYTES);
    uint64_t checksum = hash64(identity_out, STORE_IDENTITY_BYTES - 8);
    memcpy(identity_out + STORE_IDENTITY_BYTES - 8, &checksum, sizeof checksum);
}

static bool identity_take(store *s, sluice_text value) {
    uint64_t checksum;
    if (value.length != STORE_IDENTITY_BYTES) {
        return false;
    }
    memcpy(&checksum, value.data + STORE_IDENTITY_BYTES - 8, sizeof checksum);
    if (checksum != hash64(value.data, STORE_IDENTITY_BYTES - 8)) {
        return false;
    }
    memcpy(s->uuid, value.data, STORE_UUID_BYTES);
    memcpy(s->secret, value.data + STORE_UUID_BYTES, STORE_SECRET_BYTES);
    return true;
}

void store_end_encode(store_end end, unsigned char bytes_out[STORE_END_BYTES]) {
    memcpy(bytes_out, &end.sequence, sizeof end.sequence);
    memcpy(bytes_out + 8, &end.chain, sizeof end.chain);
    uint64_t checksum = hash64(bytes_out, 16);
    memcpy(bytes_out + 16, &checksum, sizeof checksum);
}

typedef struct meta_walk {
    store *store;
    bool has_identity, has_end;
} meta_walk;

static sluice_result take_last(void *context, const record_value *cells, sluice_error *error) {
    store *s = context;
    (void)error;
    s->end.sequence = (uint64_t)cells[0].integer + (uint64_t)cells[1].integer - 1;
    s->end.chain = (uint64_t)cells[2].integer;
    return SLUICE_OK;
}

static sluice_result take_meta(void *context, const record_value *cells, sluice_error *error) {
    meta_walk *walk = context;
    store *s = walk->store;
    sluice_text name = cells[0].text, value = cells[1].text;
    if (text_equal(name, TEXT("identity"))) {
        if (!identity_take(s, value)) {
            return store_damaged(s, "its identity is not whole", error);
        }
        walk->has_identity = true;
    } else if (text_equal(name, TEXT("end"))) {
        unsigned char expected[STORE_END_BYTES];
        store_end_encode(s->end, expected);
        if (value.length != sizeof expected || memcmp(value.data, expected, sizeof expected) != 0) {
            return store_damaged(s, "its log does not end where it says", error);
        }
        walk->has_end = true;
    } else if (text_equal(name, TEXT("copy")) && value.length < sizeof s->unfinished) {
        memcpy(s->unfinished, value.data, value.length);
        s->unfinished[value.length] = '\0';
    }
    return SLUICE_OK;
}

sluice_result store_load_meta(store *s, bool may_be_unfinished, sluice_error *error) {
    meta_walk walk = {.store = s};
    sql_statement last = {.text = READ_LAST, .types = "", .columns = "iii"};
    sql_statement meta = {.text = READ_META, .types = "", .columns = "tb"};
    sluice_result result = s->ops->query(s, &last, take_last, s, error);
    if (result == SLUICE_OK) {
        result = s->ops->query(s, &meta, take_meta, &walk, error);
    }
    if (result == SLUICE_OK && !(walk.has_identity && walk.has_end)) {
        result = store_damaged(s, "rows that every database has are missing", error);
    }
    if (result == SLUICE_OK && s->unfinished[0] != '\0' && !may_be_unfinished) {
        result = error_set(error, SLUICE_E_INVALID,
                           "%s is a copy that was not completed: run the same sluice migrate, backup or restore again",
                           s->name);
    }
    return result;
}

/* ---- the log ---- */

sluice_result store_put_end(store *s, sluice_error *error) {
    unsigned char end[STORE_END_BYTES];
    store_end_encode(s->next, end);
    record_value value = value_text((sluice_text){(const char *)end, sizeof end});
    sql_statement put = {.text = PUT_END, .types = "b", .parameters = &value, .columns = ""};
    return s->ops->execute(s, &put, NULL, error);
}

sluice_result store_put_batch(store *s, uint64_t sequence_first, uint64_t count, uint64_t chain,
                              const unsigned char *bytes, size_t length, sluice_error *error) {
    sluice_result result = store_require_writing(s, error);
    if (result == SLUICE_OK && (count == 0 || sequence_first != s->next.sequence + 1 || count > INT64_MAX ||
                                sequence_first > INT64_MAX - count)) {
        result =
            error_set(error, SLUICE_E_INVALID, "a batch must follow the one before: expected sequence %llu, got %llu",
                      (unsigned long long)s->next.sequence + 1, (unsigned long long)sequence_first);
    }
    if (result == SLUICE_OK) {
        const record_value values[] = {value_integer((int64_t)sequence_first), value_integer((int64_t)count),
                                       value_integer((int64_t)chain),
                                       value_text((sluice_text){(const char *)bytes, length})};
        sql_statement put = {.text = PUT_BATCH, .types = "iiib", .parameters = values, .columns = ""};
        result = s->ops->execute(s, &put, NULL, error);
        if (result == SLUICE_E_CONFLICT) {
            result = store_damaged(s, "there are batches behind the log's end", error);
        }
    }
    if (result == SLUICE_OK) {
        s->next = (store_end){sequence_first + count - 1, chain};
    }
    return result;
}

typedef struct batch_read {
    const store *store;
    uint64_t sequence; /* asked for */
    store_batch *batch;
    bool found;
} batch_read;

static sluice_result take_batch(void *context, const record_value *cells, sluice_error *error) {
    batch_read *r = context;
    store_batch *b = r->batch;
    int64_t first = cells[0].integer, count = cells[1].integer;
    int64_t after =
        cells[4].is_null ? 1 : cells[4].integer; /* where the batch before ends: a number is in no checksum */
    sluice_text bytes = cells[5].text;
    if (first < 1 || count < 1 || (uint64_t)first > r->sequence || r->sequence - (uint64_t)first >= (uint64_t)count ||
        first != after) {
        return store_damaged(r->store, "batches of the log are missing or overlap", error);
    }
    if (cells[5].is_null || bytes.length == 0) {
        return store_damaged(r->store, "a batch of the log is empty", error);
    }
    if (!ARRAY_RESERVE(b->bytes, b->capacity, bytes.length)) {
        return error_no_memory(error, bytes.length);
    }
    memcpy(b->bytes, bytes.data, bytes.length);
    b->length = bytes.length;
    b->sequence_first = (uint64_t)first;
    b->count = (uint64_t)count;
    b->chain = (uint64_t)cells[2].integer;
    b->chain_before = cells[3].is_null ? 0 : (uint64_t)cells[3].integer;
    r->found = true;
    return SLUICE_OK;
}

sluice_result store_read_batch(store *s, uint64_t sequence, store_batch *batch, sluice_error *error) {
    uint64_t end = 0, chain = 0;
    store_log_end(s, &end, &chain);
    if (sequence == 0 || sequence > end) {
        return error_set(error, SLUICE_E_NOT_FOUND, "sequence %llu is not in the log, which ends at %llu",
                         (unsigned long long)sequence, (unsigned long long)end);
    }
    batch_read r = {s, sequence, batch, false};
    record_value from = value_integer((int64_t)sequence);
    sql_statement query = {.text = READ_BATCH, .types = "i", .parameters = &from, .columns = "iiiiib"};
    sluice_result result = s->ops->query(s, &query, take_batch, &r, error);
    if (result == SLUICE_OK && !r.found) {
        result = store_damaged(s, "the beginning of the log is missing", error);
    }
    return result;
}

sluice_result store_read_batch_at(store *s, uint64_t sequence, uint64_t *sequence_first_out, uint64_t *chain_before_out,
                                  unsigned char **bytes, size_t *bytes_capacity, size_t *length_out,
                                  sluice_error *error) {
    store_batch batch = {.bytes = *bytes, .capacity = *bytes_capacity};
    sluice_result result = store_read_batch(s, sequence, &batch, error);
    *bytes = batch.bytes;
    *bytes_capacity = batch.capacity;
    if (result == SLUICE_OK) {
        *sequence_first_out = batch.sequence_first;
        *chain_before_out = batch.chain_before;
        *length_out = batch.length;
    }
    return result;
}

sluice_result store_read_log(store *s, uint64_t sequence, store_visit_batch visit, void *context, sluice_error *error) {
    store_batch batch = {0};
    uint64_t end = 0, chain = 0;
    sluice_result result = SLUICE_OK;
    store_log_end(s, &end, &chain);
    bool first = true; /* the first batch may begin before what was asked for; the others follow without a gap */
    for (uint64_t next = sequence == 0 ? 1 : sequence; result == SLUICE_OK && next <= end; first = false) {
        result = store_read_batch(s, next, &batch, error);
        if (result == SLUICE_OK && !first && batch.sequence_first != next) {
            result = store_damaged(s, "batches of the log overlap", error);
        }
        if (result == SLUICE_OK) {
            result =
                visit(context, batch.sequence_first, batch.count, batch.chain_before, batch.bytes, batch.length, error);
            next = batch.sequence_first + batch.count;
        }
    }
    memory_free(batch.bytes);
    return result;
}

static sluice_result take_chain(void *context, const record_value *cells, sluice_error *error) {
    store_end *end = context;
    (void)error;
    *end = (store_end){(uint64_t)cells[0].integer + (uint64_t)cells[1].integer - 1, (uint64_t)cells[2].integer};
    return SLUICE_OK;
}

sluice_result store_chain_at(store *s, uint64_t sequence, uint64_t *chain_out, sluice_error *error) {
    uint64_t last = 0, chain = 0;
    store_end found = {0, 0};
    store_log_end(s, &last, &chain);
    record_value from = value_integer(sequence > INT64_MAX ? INT64_MAX : (int64_t)sequence);
    sql_statement query = {.text = CHAIN_AT, .types = "i", .parameters = &from, .columns = "iii"};
    sluice_result result = s->ops->query(s, &query, take_chain, &found, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (sequence == 0 || sequence > last || found.sequence != sequence) {
        return error_set(error, SLUICE_E_NOT_FOUND, "no batch of the log ends at sequence %llu",
                         (unsigned long long)sequence);
    }
    *chain_out = found.chain;
    return SLUICE_OK;
}
