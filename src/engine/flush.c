/* From the batch under way to the log, the graph and the readers.
 *
 *   writer:   seal ─────────▶ (the next batch fills) ─────────▶ land: apply to the graph, publish
 *                └─▶ flight:  one transaction, durable ─────────────┘
 *
 * Sealing lists new names, makes room in the graph (may fail) and encodes; the transaction may fail and is then undone;
 * applying does not fail, room was made. So what readers see is always durable, and what failed left no trace.
 *
 * At most one batch flies: the next is sealed when it has landed, for only then its numbers are known. The next may
 * fill meanwhile, because filling needs of the batch before nothing but its ids (identify_text looks at them) and the
 * numbers of its new keys, which are never taken back. What fails in flight takes the batch under way with it: that one
 * was filled, and with a detector decided, as if the other were there.
 *
 * With a detector the last signals of a batch may still be judged, on its thread, when the batch begins to fly: before
 * the decisions are written the flight waits for them. So who judges goes from batch to batch without a pause.
 *
 * A plain flush writes on the caller's thread; the flight's thread is started with the first flush_begin. The store has
 * one writer at a time: nobody else may begin a transaction while a batch flies. */
#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "engine/engine_private.h"
#include "sys/thread.h"

typedef enum flight_state {
    FLIGHT_NONE,
    FLIGHT_ASKED,   /* the thread has it */
    FLIGHT_WRITTEN, /* durable, or undone */
    FLIGHT_LANDED,  /* applied, or dropped; whoever began it has not asked yet */
} flight_state;

struct flight {
    mutex lock; /* guards the next three */
    condition changed;
    flight_state state;
    bool stop;
    thread thread;
    void (*finished)(void *context);
    void *context;
    sluice_result result; /* from WRITTEN on */
    sluice_error error;
    uint64_t sequence; /* when LANDED */
};

/* ---- sealing ---- */

/* Lists the keys and prefixes that no committed batch has listed yet. */
static sluice_result list_names(sluice_engine *engine, sluice_error *error) {
    batch *b = &engine->batch->signals;
    const graph *g = &engine->graph;
    uint32_t key_count = atomic_load(&g->keys.count);
    b->sequence_first = g->sequence + 1;
    b->key_first = g->node_count;
    b->prefix_first = engine->prefixes_committed;
    b->key_count = b->prefix_count = 0;
    size_t keys_new = key_count - b->key_first, prefixes_new = g->ids.prefix_count - b->prefix_first;
    if (!ARRAY_RESERVE(b->keys, b->key_capacity, keys_new) ||
        !ARRAY_RESERVE(b->prefixes, b->prefix_capacity, prefixes_new)) {
        return error_no_memory(error, (keys_new + prefixes_new) * sizeof *b->keys);
    }
    for (uint32_t key = b->key_first; key < key_count; key++) {
        if (!batch_add_text(b, keys_text(&g->keys, key), &b->keys[b->key_count])) {
            return error_no_memory(error, KEY_BYTES_MAX);
        }
        b->key_count++;
    }
    for (size_t i = b->prefix_first; i < g->ids.prefix_count; i++) {
        sluice_text prefix = {g->ids.prefixes[i].text, g->ids.prefixes[i].length};
        if (!batch_add_text(b, prefix, &b->prefixes[b->prefix_count])) {
            return error_no_memory(error, prefix.length);
        }
        b->prefix_count++;
    }
    return SLUICE_OK;
}

static size_t count_of(const batch *b) {
    return b->event_count + b->movement_count;
}

static sluice_result seal(sluice_engine *engine, sluice_error *error) {
    engine_batch *sealed = engine->batch;
    batch *b = &sealed->signals;
    if (count_of(b) == 0) {
        return SLUICE_OK;
    }
    sluice_result result = list_names(engine, error);
    if (result == SLUICE_OK && !graph_reserve(&engine->graph, b)) {
        result = error_no_memory(error, count_of(b) * 64);
    }
    if (result == SLUICE_OK) {
        result = batch_encode(b, engine->chain, &sealed->bytes, &sealed->bytes_capacity, &sealed->length,
                              &sealed->chain, error);
    }
    return result;
}

static sluice_result judged(sluice_engine *engine, uint64_t until, sluice_error *error) {
    return engine->batch_judged == NULL ? SLUICE_OK : engine->batch_judged(engine->decider, until, error);
}

/* The batch under way is lost; first nobody writes into it any more. */
static void drop(sluice_engine *engine) {
    sluice_error ignored;
    sluice_result result = judged(engine, ENGINE_JUDGED_ALL, &ignored);
    (void)result; /* it goes in any case */
    engine_batch_clear(engine);
}

/* ---- writing ---- */

static sluice_result write_labels(const sluice_engine *engine, const engine_batch *b, sluice_error *error) {
    uint64_t movements_from = b->signals.sequence_first + b->signals.event_count;
    for (size_t i = 0; i < b->label_count; i++) {
        const engine_label *label = &b->labels[i];
        sluice_text text = {b->label_texts + label->text.offset, label->text.length};
        bool of_movement = label->movement != UINT32_MAX;
        sluice_text key = of_movement ? (sluice_text){"", 0} : keys_text(&engine->graph.keys, label->key);
        sluice_result result =
            store_put_truth(engine->store, of_movement ? movements_from + label->movement : 0, key, text, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return SLUICE_OK;
}

static sluice_result write_decisions(const sluice_engine *engine, const engine_batch *b, sluice_error *error) {
    uint64_t movements_from = b->signals.sequence_first + b->signals.event_count;
    for (size_t i = 0; i < b->decision_count; i++) {
        const engine_decision *d = &b->decisions[i];
        sluice_result result = store_put_decision(engine->store, movements_from + d->movement,
                                                  (sluice_text){b->decided.data + d->offset, d->length}, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return SLUICE_OK;
}

static sluice_result write_import(sluice_engine *engine, const engine_batch *b, const store_source *source,
                                  sluice_error *error) {
    uint64_t first = b->signals.sequence_first, count = count_of(&b->signals);
    store_import_part part = {engine->import, false, first, first + count - 1};
    store_import import = {.number = engine->import};
    memcpy(import.content_sha256, source->content_sha256, sizeof import.content_sha256);
    memcpy(import.identity, source->identity, sizeof import.identity);
    sluice_result result = store_put_import(engine->store, &import, error);
    return result == SLUICE_OK && count > 0 ? store_put_import_part(engine->store, &part, error) : result;
}

/* In runs: a file that overlaps another one mostly has its rows in the same order. */
static sluice_result write_repeats(sluice_engine *engine, const engine_batch *b, uint64_t import, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    for (size_t i = 0, end; result == SLUICE_OK && i < b->repeat_count; i = end) {
        for (end = i + 1; end < b->repeat_count && b->repeats[end] == b->repeats[i] + (end - i); end++) {
        }
        store_import_part part = {import, true, b->repeats[i], b->repeats[i] + (end - i) - 1};
        result = store_put_import_part(engine->store, &part, error);
    }
    return result;
}

/* One transaction: the batch, its labels, what was decided of it, and the place in the file it came from. */
static sluice_result write_batch(sluice_engine *engine, const engine_batch *b, const store_source *source,
                                 sluice_error *error) {
    sluice_result result = store_begin(engine->store, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (count_of(&b->signals) > 0) {
        result = store_put_batch(engine->store, b->signals.sequence_first, count_of(&b->signals), b->chain, b->bytes,
                                 b->length, error);
    }
    if (result == SLUICE_OK) {
        result = write_labels(engine, b, error);
    }
    if (result == SLUICE_OK) {
        result = judged(engine, b->judged_until, error); /* sealing and what is above needed nothing of it */
    }
    if (result == SLUICE_OK) {
        result = write_decisions(engine, b, error);
    }
    if (result == SLUICE_OK && source != NULL) {
        result = store_put_source(engine->store, source, error);
    }
    if (result == SLUICE_OK && source != NULL && engine->import > 0) {
        result = write_import(engine, b, source, error);
    }
    if (result == SLUICE_OK) {
        result = write_repeats(engine, b, source == NULL ? 0 : engine->import, error);
    }
    if (result == SLUICE_OK) {
        result = store_commit(engine->store, error);
    }
    if (result != SLUICE_OK) {
        store_rollback(engine->store);
    }
    return result;
}

/* ---- applying ---- */

static sluice_result apply(sluice_engine *engine, const engine_batch *b, sluice_error *error) {
    if (count_of(&b->signals) == 0) {
        return SLUICE_OK;
    }
    engine->chain = b->chain;
    engine->prefixes_committed += (uint32_t)b->signals.prefix_count;
    return graph_apply(&engine->graph, &b->signals) ? SLUICE_OK : engine_check(engine, error);
}

uint32_t engine_next_movement(const sluice_engine *engine) {
    size_t flying = engine->flying == NULL ? 0 : engine->flying->signals.movement_count;
    return engine->graph.movement_count + (uint32_t)(flying + engine->batch->signals.movement_count);
}

/* ---- the flight ---- */

static void *flight_main(void *context) {
    sluice_engine *engine = context;
    flight *f = engine->flight;
    thread_be_prompt();
    mutex_lock(&f->lock);
    while (!f->stop) {
        if (f->state != FLIGHT_ASKED) {
            condition_wait(&f->changed, &f->lock);
            continue;
        }
        mutex_unlock(&f->lock);
        sluice_error error = {0};
        sluice_result result = write_batch(engine, engine->flying, NULL, &error);
        mutex_lock(&f->lock);
        f->result = result;
        f->error = error;
        f->state = FLIGHT_WRITTEN;
        condition_wake_all(&f->changed);
        if (f->finished != NULL) {
            f->finished(f->context); /* under the lock: it has returned before the flush is ended */
        }
    }
    mutex_unlock(&f->lock);
    return NULL;
}

static sluice_result flight_new(sluice_engine *engine, sluice_error *error) {
    flight *f = memory_new_zero(1, sizeof *f);
    if (f == NULL) {
        return error_no_memory(error, sizeof *f);
    }
    mutex_init(&f->lock);
    condition_init(&f->changed);
    engine->flight = f;
    if (!thread_start(&f->thread, flight_main, engine)) {
        engine->flight = NULL;
        condition_fini(&f->changed);
        mutex_fini(&f->lock);
        memory_free(f);
        return error_set(error, SLUICE_E_IO, "the system has no more threads");
    }
    return SLUICE_OK;
}

static void flight_wait(flight *f) {
    mutex_lock(&f->lock);
    while (f->state == FLIGHT_ASKED) {
        condition_wait(&f->changed, &f->lock);
    }
    mutex_unlock(&f->lock);
}

static bool flight_is_on(flight *f) {
    SLUICE_ASSERT(f != NULL);
    mutex_lock(&f->lock);
    bool on = f->state != FLIGHT_NONE;
    mutex_unlock(&f->lock);
    return on;
}

static void flight_set(flight *f, flight_state state) {
    mutex_lock(&f->lock);
    f->state = state;
    mutex_unlock(&f->lock);
    condition_wake_all(&f->changed); /* whoever runs at once finds the lock free */
}

void engine_flight_wait(sluice_engine *engine) {
    if (engine->flying != NULL) {
        flight_wait(engine->flight);
    }
}

void engine_flight_end(sluice_engine *engine) {
    flight *f = engine->flight;
    if (f == NULL) {
        return;
    }
    flight_wait(f);
    mutex_lock(&f->lock);
    f->stop = true;
    condition_wake_all(&f->changed);
    mutex_unlock(&f->lock);
    thread_join(&f->thread);
    condition_fini(&f->changed);
    mutex_fini(&f->lock);
    memory_free(f);
    engine->flight = NULL;
}

/* Waits for the batch that flies, if one does, and applies it. Its result stays for sluice_engine_flush_end. */
static sluice_result land(sluice_engine *engine, sluice_error *error) {
    flight *f = engine->flight;
    if (engine->flying == NULL) {
        return SLUICE_OK;
    }
    SLUICE_ASSERT(f != NULL);
    flight_wait(f);
    if (f->result == SLUICE_OK) {
        f->result = apply(engine, engine->flying, &f->error);
    }
    engine->flying = NULL;
    if (f->result != SLUICE_OK) {
        drop(engine);
    }
    f->sequence = engine->graph.sequence;
    flight_set(f, FLIGHT_LANDED);
    if (f->result != SLUICE_OK && error != NULL) {
        *error = f->error;
    }
    return f->result;
}

/* ---- flushing ---- */

sluice_result sluice_engine_flush(sluice_engine *engine, uint64_t *sequence_out, sluice_error *error) {
    sluice_result result = engine_check(engine, error);
    if (result == SLUICE_OK) {
        result = land(engine, error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    engine_batch *b = engine->batch;
    if (count_of(&b->signals) > 0 || engine->source != NULL || b->repeat_count > 0) {
        result = seal(engine, error);
        if (result == SLUICE_OK && engine->source != NULL && engine->import > 0) {
            result = imports_reserve(&engine->imports, error);
        }
        if (result == SLUICE_OK) {
            result = write_batch(engine, b, engine->source, error);
        }
        if (result == SLUICE_OK && engine->source != NULL && engine->import > 0) {
            imports_add(&engine->imports, engine->import, engine->source, b->signals.sequence_first,
                        count_of(&b->signals));
        }
        if (result == SLUICE_OK) {
            result = apply(engine, b, error);
        }
    }
    drop(engine);
    if (sequence_out != NULL) {
        *sequence_out = engine->graph.sequence;
    }
    return result;
}

sluice_result sluice_engine_flush_begin(sluice_engine *engine, void (*finished)(void *context), void *context,
                                        sluice_error *error) {
    sluice_result result = engine_check(engine, error);
    if (result == SLUICE_OK && engine->flight == NULL) {
        result = flight_new(engine, error);
    }
    if (result != SLUICE_OK) {
        drop(engine);
        return result;
    }
    flight *f = engine->flight;
    if (flight_is_on(f)) {
        return error_set(error, SLUICE_E_INVALID, "a flush is under way: end it with sluice_engine_flush_end first");
    }
    result = seal(engine, error);
    if (result != SLUICE_OK) {
        drop(engine);
        return result;
    }
    engine->flying = engine->batch;
    engine->batch = engine->flying == &engine->batches[0] ? &engine->batches[1] : &engine->batches[0];
    engine_batch_clear(engine);
    f->finished = finished;
    f->context = context;
    flight_set(f, FLIGHT_ASKED);
    return SLUICE_OK;
}

sluice_result sluice_engine_flush_end(sluice_engine *engine, uint64_t *sequence_out, sluice_error *error) {
    flight *f = engine->flight;
    if (f == NULL || !flight_is_on(f)) {
        return error_set(error, SLUICE_E_INVALID, "no flush is under way: begin one with sluice_engine_flush_begin");
    }
    (void)land(engine, NULL);
    if (sequence_out != NULL) {
        *sequence_out = f->sequence;
    }
    if (f->result != SLUICE_OK && error != NULL) {
        *error = f->error;
    }
    flight_set(f, FLIGHT_NONE);
    return f->result;
}
