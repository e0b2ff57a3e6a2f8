/* From signals to the batch under way.
 *
 * Keys become numbers here. Lookups of a group of signals run side by side: first all hashes and the slots they lead to
 * are asked for, then the records, then the keys are compared, so that the memory's latency is paid once a group.
 *
 * Keys that are new get their number at once. When the batch then fails to commit they stay, unused, and the next
 * batch that commits lists them: numbers always follow the order of the log, and nothing has to be taken back. */
#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/time.h"
#include "engine/engine_private.h"

#define BATCH_ID_SLOTS_MIN 256u /* a small batch clears a small set */

void engine_batch_clear(sluice_engine *engine) {
    engine_batch *b = engine->batch;
    batch_clear(&b->signals);
    b->label_count = 0;
    b->label_text_bytes = 0;
    b->decision_count = 0;
    b->decided.length = 0;
    b->judged_until = 0;
    b->repeat_count = 0;
    b->last_prefix = 0;
    b->id_count = b->id_slots = 0;
}

void engine_batch_fini(engine_batch *b) {
    batch_fini(&b->signals);
    memory_free(b->labels);
    memory_free(b->label_texts);
    memory_free(b->decisions);
    text_writer_fini(&b->decided);
    memory_free(b->ids);
    memory_free(b->repeats);
    memory_free(b->bytes);
}

bool engine_batch_decided(engine_batch *b, uint32_t place, size_t offset) {
    if (!ARRAY_RESERVE(b->decisions, b->decision_capacity, b->decision_count + 1)) {
        return false;
    }
    b->decisions[b->decision_count++] = (engine_decision){place, offset, b->decided.length - offset - 1};
    return true;
}

bool engine_batch_is_full(const sluice_engine *engine) {
    return engine->batch->signals.movement_count + engine->batch->signals.event_count >= ENGINE_BATCH_MAX;
}

/* An identity number is kept only as a keyed hash: `idcard:` never reaches the log. */
static sluice_text hide_identity(const sluice_engine *engine, sluice_text key, char buffer[KEY_BYTES_MAX]) {
    static const char PREFIX[] = "idcard:";
    if (key.length < sizeof PREFIX || memcmp(key.data, PREFIX, sizeof PREFIX - 1) != 0) {
        return key;
    }
    char hex[SHA256_HEX_BYTES];
    if (hmac_sha256(store_secret(engine->store), 32, key.data, key.length, hex) != SLUICE_OK) {
        return (sluice_text){NULL, 0};
    }
    memcpy(buffer, "person:h", 8);
    memcpy(buffer + 8, hex, 32);
    return (sluice_text){buffer, 40};
}

static sluice_result intern(sluice_engine *engine, sluice_text key, const char *field, uint32_t *key_out,
                            sluice_error *error) {
    char buffer[KEY_BYTES_MAX];
    key = hide_identity(engine, key, buffer);
    uint64_t hash = hash64(key.data, key.length);
    *key_out = keys_find(&engine->graph.keys, key, hash);
    if (*key_out != KEY_NONE) {
        return SLUICE_OK;
    }
    const char *reason = NULL;
    if (key.length == 0) {
        return error_set(error, SLUICE_E_INVALID, "%s is empty: it must be a key such as account:6228480402564890018",
                         field);
    }
    if (!keys_is_valid(key, &reason)) {
        return error_set(error, SLUICE_E_INVALID, "%s '%.*s' %s", field, key.length > 80 ? 80 : TEXT_ARGS(key), reason);
    }
    if (!text_is_utf8(key)) {
        return error_set(error, SLUICE_E_INVALID, "%s is not valid UTF-8: convert it, or name its encoding", field);
    }
    switch (keys_add(&engine->graph.keys, key, hash, key_out)) {
    case KEYS_ADDED:
        return SLUICE_OK;
    case KEYS_FULL:
        return error_set(error, SLUICE_E_LIMIT,
                         "no room for another key: 4,294,967,294 keys, 16 GiB of their text or 64 kinds are reached; "
                         "split the data over several databases");
    case KEYS_NO_MEMORY:
    default:
        return error_no_memory(error, key.length);
    }
}

static sluice_result add_label(sluice_engine *engine, sluice_text label, uint32_t place, uint32_t key,
                               sluice_error *error) {
    if (label.length == 0) {
        return SLUICE_OK;
    }
    engine_batch *b = engine->batch;
    if (!ARRAY_RESERVE(b->labels, b->label_capacity, b->label_count + 1) ||
        !ARRAY_RESERVE(b->label_texts, b->label_text_capacity, b->label_text_bytes + label.length)) {
        return error_no_memory(error, label.length);
    }
    memcpy(b->label_texts + b->label_text_bytes, label.data, label.length);
    b->labels[b->label_count++] = (engine_label){place, key, {(uint32_t)b->label_text_bytes, (uint32_t)label.length}};
    b->label_text_bytes += label.length;
    return SLUICE_OK;
}

static sluice_result check_time(int64_t time_ms, sluice_error *error) {
    if (time_ms < TIME_MS_MIN || time_ms > TIME_MS_MAX) {
        return error_set(error, SLUICE_E_INVALID, "the time is outside the years 1900 to 5999");
    }
    return SLUICE_OK;
}

/* Leaves room to add up a ledger in 64 bits. */
#define AMOUNT_FEN_MAX INT64_C(100000000000000000)

static bool balance_is_sane(int64_t balance_fen) {
    return balance_fen >= -AMOUNT_FEN_MAX && balance_fen <= AMOUNT_FEN_MAX;
}

static sluice_result check_movement(const sluice_signal *signal, sluice_error *error) {
    if (signal->amount_fen < 0 || signal->received_fen < 0) {
        return error_set(error, SLUICE_E_INVALID,
                         "the amount is negative: give the payer as `from` and the amount without a sign");
    }
    if (signal->amount_fen > AMOUNT_FEN_MAX || signal->received_fen > AMOUNT_FEN_MAX ||
        (signal->has_from_balance && !balance_is_sane(signal->from_balance_fen)) ||
        (signal->has_to_balance && !balance_is_sane(signal->to_balance_fen))) {
        return error_set(error, SLUICE_E_INVALID,
                         "an amount or balance is beyond 1,000,000,000,000,000 yuan: check the column and its unit");
    }
    return check_time(signal->time_ms, error);
}

/* What a signal's movement is, with its parties as numbers. */
typedef struct candidate {
    batch_movement movement;
    bool differs; /* another amount or currency arrives */
} candidate;

static sluice_result make_candidate(sluice_engine *engine, const sluice_signal *signal, candidate *candidate_out,
                                    sluice_error *error) {
    bool withdrawal = signal->kind == SLUICE_SIGNAL_WITHDRAWAL;
    batch_movement m = {.time_ms = signal->time_ms,
                        .amount_fen = signal->amount_fen,
                        .to = BATCH_NO_KEY,
                        .currency = signal->currency,
                        .kind = (uint8_t)signal->kind};
    sluice_result result = check_movement(signal, error);
    if (result == SLUICE_OK) {
        result = intern(engine, signal->from, "the payer (from)", &m.from, error);
    }
    if (result == SLUICE_OK && (!withdrawal || signal->to.length > 0)) {
        result = intern(engine, signal->to, "the payee (to)", &m.to, error);
    }
    candidate_out->differs =
        !withdrawal && (signal->received_fen != signal->amount_fen || signal->received_currency != signal->currency);
    m.has = (uint8_t)((candidate_out->differs ? BATCH_HAS_RECEIVED : 0) |
                      (signal->has_from_balance ? BATCH_HAS_FROM_BALANCE : 0) |
                      (signal->has_to_balance && !withdrawal ? BATCH_HAS_TO_BALANCE : 0));
    candidate_out->movement = m;
    return result;
}

static bool same_as_committed(const sluice_engine *engine, uint32_t number, const batch_movement *m) {
    const movement *there = graph_movement(&engine->graph, number);
    bool withdrawal = (there->stamp & MOVEMENT_WITHDRAWAL) != 0;
    return movement_time_ms(there) == m->time_ms && there->from == m->from && there->to == m->to &&
           there->amount_fen == m->amount_fen && withdrawal == (m->kind == SLUICE_SIGNAL_WITHDRAWAL) &&
           graph_movement_currency(&engine->graph, there) == m->currency;
}

static bool same_in_batch(const batch_movement *there, const batch_movement *m) {
    return there->time_ms == m->time_ms && there->from == m->from && there->to == m->to &&
           there->amount_fen == m->amount_fen && there->kind == m->kind && there->currency == m->currency;
}

static sluice_text batch_movement_id(const batch *b, const batch_movement *m) {
    return (sluice_text){b->texts + m->id_row, m->id_length};
}

/* The slot of a text id in the set of a batch: its own, or the empty one where it belongs. */
static uint32_t *batch_id_slot(const engine_batch *b, sluice_text id, uint64_t hash) {
    size_t mask = b->id_slots - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        uint32_t place = b->ids[at];
        if (place == 0 || text_equal(batch_movement_id(&b->signals, &b->signals.movements[place - 1]), id)) {
            return &b->ids[at];
        }
    }
}

/* Room for one more id. */
static bool batch_ids_reserve(engine_batch *b) {
    size_t slots = b->id_slots == 0 ? BATCH_ID_SLOTS_MIN : 2 * b->id_slots;
    if (2 * b->id_count < b->id_slots) {
        return true;
    }
    if (!ARRAY_RESERVE(b->ids, b->id_capacity, slots)) {
        return false;
    }
    memset(b->ids, 0, slots * sizeof *b->ids);
    b->id_slots = slots;
    for (uint32_t i = 0; i < b->signals.movement_count; i++) {
        const batch_movement *m = &b->signals.movements[i];
        if (m->id_prefix == 0) {
            sluice_text id = batch_movement_id(&b->signals, m);
            *batch_id_slot(b, id, hash64(id.data, id.length)) = i + 1;
        }
    }
    return true;
}

static sluice_result conflict(sluice_text id, sluice_error *error) {
    return error_set(error, SLUICE_E_CONFLICT,
                     "the transfer id '%.*s' is there already with another time, amount or party: two files of one "
                     "name need different names, or belong into databases of their own",
                     TEXT_ARGS(id));
}

typedef enum identity { IDENTITY_NEW, IDENTITY_DUPLICATE } identity;

/* Should the import that brought this movement be withdrawn, it stays for the sake of the one that repeats it. */
static sluice_result note_repeat(sluice_engine *engine, uint32_t number, sluice_error *error) {
    engine_batch *b = engine->batch;
    uint64_t sequence = graph_movement_sequence(&engine->graph, number);
    store_import import;
    if (!imports_of_sequence(&engine->imports, sequence, &import) || import.number == engine->import) {
        return SLUICE_OK;
    }
    if (!ARRAY_RESERVE(b->repeats, b->repeat_capacity, b->repeat_count + 1)) {
        return error_no_memory(error, sizeof *b->repeats);
    }
    b->repeats[b->repeat_count++] = sequence;
    return SLUICE_OK;
}

static sluice_result identify_text(sluice_engine *engine, sluice_text id, batch_movement *m, identity *identity_out,
                                   sluice_error *error) {
    uint32_t number = TRANSFER_ID_NONE;
    sluice_result result = engine_find_transfer(engine, &engine->verify_batch, &engine->verify_first,
                                                &engine->verify_count, id, &number, error);
    if (result == SLUICE_OK) {
        *identity_out = IDENTITY_DUPLICATE;
        return same_as_committed(engine, number, m) ? note_repeat(engine, number, error) : conflict(id, error);
    }
    if (result != SLUICE_E_NOT_FOUND) {
        return result;
    }
    engine_batch *b = engine->batch;
    const engine_batch *flying = engine->flying;
    uint64_t hash = hash64(id.data, id.length);
    uint32_t *slot = flying == NULL || flying->id_count == 0 ? NULL : batch_id_slot(flying, id, hash);
    if (slot != NULL && *slot != 0) { /* answered after this batch, so after that one */
        *identity_out = IDENTITY_DUPLICATE;
        return same_in_batch(&flying->signals.movements[*slot - 1], m) ? SLUICE_OK : conflict(id, error);
    }
    if (!batch_ids_reserve(b)) {
        return error_no_memory(error, 2 * b->id_slots * sizeof *b->ids);
    }
    slot = batch_id_slot(b, id, hash);
    if (*slot != 0) {
        *identity_out = IDENTITY_DUPLICATE;
        return same_in_batch(&b->signals.movements[*slot - 1], m) ? SLUICE_OK : conflict(id, error);
    }
    batch_text text;
    if (!batch_add_text(&b->signals, id, &text)) {
        return error_no_memory(error, id.length);
    }
    m->id_row = text.offset;
    m->id_length = text.length;
    *slot = (uint32_t)b->signals.movement_count + 1; /* where the caller puts it; nothing fails in between */
    b->id_count++;
    *identity_out = IDENTITY_NEW;
    return SLUICE_OK;
}

static sluice_result identify_row(sluice_engine *engine, uint64_t row, batch_movement *m, identity *identity_out,
                                  sluice_error *error) {
    if (engine->source_prefix == 0 || row == 0) {
        return error_set(error, SLUICE_E_INVALID, "the transfer has no id: every transfer needs its institution's id");
    }
    if (engine->batch->last_prefix == engine->source_prefix && row <= engine->batch->last_row) {
        return error_set(error, SLUICE_E_INVALID, "the rows of a file must come in order");
    }
    m->id_prefix = engine->source_prefix;
    m->id_row = row;
    uint32_t number = transfer_ids_row(&engine->graph.ids, engine->source_prefix - 1, row);
    *identity_out = number == TRANSFER_ID_NONE ? IDENTITY_NEW : IDENTITY_DUPLICATE;
    if (number != TRANSFER_ID_NONE && !same_as_committed(engine, number, m)) {
        const id_prefix *prefix = &engine->graph.ids.prefixes[engine->source_prefix - 1];
        text_writer id = {0};
        text_printf(&id, "%.*s:%llu", (int)prefix->length, prefix->text, (unsigned long long)row);
        sluice_result result =
            id.failed ? error_no_memory(error, 64) : conflict((sluice_text){id.data, id.length}, error);
        text_writer_fini(&id);
        return result;
    }
    return number == TRANSFER_ID_NONE ? SLUICE_OK : note_repeat(engine, number, error);
}

static bool add_extra(batch *b, uint8_t has, uint16_t currency, int64_t fen) {
    if (!ARRAY_RESERVE(b->extras, b->extra_capacity, b->extra_count + 1)) {
        return false;
    }
    b->extras[b->extra_count++] = (batch_extra){(uint32_t)b->movement_count, has, currency, fen};
    return true;
}

static sluice_result append_movement(sluice_engine *engine, const sluice_signal *signal,
                                     sluice_append_result *result_out, sluice_error *error) {
    batch *b = &engine->batch->signals;
    candidate made;
    uint32_t currency = 0;
    sluice_result result = make_candidate(engine, signal, &made, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (!graph_currency(&engine->graph, signal->currency, &currency) ||
        (made.differs && !graph_currency(&engine->graph, signal->received_currency, &currency))) {
        return error_set(error, SLUICE_E_LIMIT, "more than %d currencies: check the currency column",
                         GRAPH_CURRENCIES_MAX);
    }
    if (!ARRAY_RESERVE(b->movements, b->movement_capacity, b->movement_count + 1) ||
        !ARRAY_RESERVE(b->extras, b->extra_capacity, b->extra_count + 3)) {
        return error_no_memory(error, sizeof *b->movements);
    }
    result = add_label(engine, signal->label, (uint32_t)b->movement_count, KEY_NONE, error);
    if (result != SLUICE_OK) {
        return result;
    }
    identity is = IDENTITY_NEW;
    result = signal->id.length > 0 ? identify_text(engine, signal->id, &made.movement, &is, error)
                                   : identify_row(engine, signal->source_row, &made.movement, &is, error);
    if (result != SLUICE_OK || is == IDENTITY_DUPLICATE) {
        engine->batch->label_count -= signal->label.length > 0;
        result_out->duplicates += result == SLUICE_OK;
        return result;
    }
    if (made.movement.id_prefix != 0) {
        engine->batch->last_prefix = made.movement.id_prefix;
        engine->batch->last_row = made.movement.id_row;
    }
    if ((made.movement.has & BATCH_HAS_RECEIVED) != 0) {
        (void)add_extra(b, BATCH_HAS_RECEIVED, signal->received_currency, signal->received_fen);
    }
    if ((made.movement.has & BATCH_HAS_FROM_BALANCE) != 0) {
        (void)add_extra(b, BATCH_HAS_FROM_BALANCE, 0, signal->from_balance_fen);
    }
    if ((made.movement.has & BATCH_HAS_TO_BALANCE) != 0) {
        (void)add_extra(b, BATCH_HAS_TO_BALANCE, 0, signal->to_balance_fen);
    }
    b->movements[b->movement_count++] = made.movement;
    result_out->accepted++;
    return SLUICE_OK;
}

static bool add_text(batch *b, sluice_text text, batch_text *text_out) {
    *text_out = (batch_text){0, 0};
    return text.length == 0 || batch_add_text(b, text, text_out);
}

static sluice_result append_event(sluice_engine *engine, const sluice_signal *signal, sluice_append_result *result_out,
                                  sluice_error *error) {
    batch *b = &engine->batch->signals;
    bool login = signal->kind == SLUICE_SIGNAL_LOGIN;
    sluice_text other = login                                   ? signal->device
                        : signal->kind == SLUICE_SIGNAL_ACCOUNT ? signal->holder
                                                                : (sluice_text){NULL, 0};
    batch_event event = {.time_ms = signal->time_ms, .other = BATCH_NO_KEY, .kind = (uint8_t)signal->kind};
    event.event = (uint8_t)(signal->event == 0 ? SLUICE_EVENT_SEEN : signal->event);
    if (event.event > SLUICE_EVENT_CLOSED) {
        return error_set(error, SLUICE_E_INVALID, "the event is none of seen, blocked, unblocked, closed");
    }
    sluice_result result = check_time(signal->time_ms, error);
    if (result == SLUICE_OK) {
        result = intern(engine, signal->key, login ? "the account" : "the key", &event.key, error);
    }
    if (result == SLUICE_OK && (login || other.length > 0)) {
        result = intern(engine, other, login ? "the device" : "the holder", &event.other, error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    if (!ARRAY_RESERVE(b->events, b->event_capacity, b->event_count + 1) || !add_text(b, signal->type, &event.type) ||
        !add_text(b, signal->name, &event.name) || !add_text(b, signal->place, &event.place)) {
        return error_no_memory(error, sizeof event);
    }
    result = add_label(engine, signal->label, UINT32_MAX, event.key, error);
    if (result == SLUICE_OK) {
        b->events[b->event_count++] = event;
        result_out->accepted++;
    }
    return result;
}

static bool is_movement(const sluice_signal *signal) {
    return signal->kind == SLUICE_SIGNAL_TRANSFER || signal->kind == SLUICE_SIGNAL_WITHDRAWAL;
}

void engine_prefetch(const sluice_engine *engine, const sluice_signal *const *signals, size_t count) {
    const keys *k = &engine->graph.keys;
    uint64_t hashes[2 * ENGINE_GROUP];
    size_t n = 0;
    SLUICE_ASSERT(count <= ENGINE_GROUP);
    for (size_t i = 0; i < count; i++) {
        const sluice_signal *signal = signals[i];
        if (is_movement(signal)) {
            hashes[n] = keys_hash_prefetch(k, hash64(signal->from.data, signal->from.length));
            hashes[n + 1] = keys_hash_prefetch(k, hash64(signal->to.data, signal->to.length));
            n += 2;
            if (signal->id.length > 0) {
                transfer_ids_prefetch(&engine->graph.ids, signal->id);
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        keys_record_prefetch(k, hashes[i]);
    }
    for (size_t i = 0; i < n; i++) {
        keys_text_prefetch(k, hashes[i]);
    }
}

sluice_result engine_append_one(sluice_engine *engine, const sluice_signal *signal, sluice_append_result *result_out,
                                sluice_error *error) {
    if (is_movement(signal)) {
        return append_movement(engine, signal, result_out, error);
    }
    if (signal->kind >= SLUICE_SIGNAL_ACCOUNT && signal->kind <= SLUICE_SIGNAL_LOGIN) {
        return append_event(engine, signal, result_out, error);
    }
    return error_set(error, SLUICE_E_INVALID, "the signal's kind (%d) is none of sluice_signal_kind",
                     (int)signal->kind);
}

sluice_result sluice_engine_append(sluice_engine *engine, const sluice_signal *signals, size_t count,
                                   sluice_append_result *result_out, size_t *index_out, sluice_error *error) {
    sluice_append_result ignored = {0};
    result_out = result_out == NULL ? &ignored : result_out;
    sluice_result broken = engine_check(engine, error);
    if (broken != SLUICE_OK) {
        return broken;
    }
    for (size_t i = 0; i < count; i++) {
        if (index_out != NULL) {
            *index_out = i;
        }
        if (i % ENGINE_GROUP == 0) {
            const sluice_signal *group[ENGINE_GROUP];
            size_t n = 0;
            for (; n < ENGINE_GROUP && i + n < count; n++) {
                group[n] = &signals[i + n];
            }
            engine_prefetch(engine, group, n);
        }
        if (engine_batch_is_full(engine)) {
            sluice_result result = sluice_engine_flush(engine, NULL, error);
            if (result != SLUICE_OK) {
                return result;
            }
        }
        sluice_result result = engine_append_one(engine, &signals[i], result_out, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    if (index_out != NULL) {
        *index_out = count;
    }
    return SLUICE_OK;
}
