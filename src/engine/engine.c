/* Open, replay, verify, close; flush.c commits.
 *
 * The order of an open: newest snapshot if it is whole and belongs to this log, then the log after it, through the same
 * graph_apply that the live path uses. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "engine/desk_store.h"
#include "engine/engine_private.h"

static sluice_result require_size(size_t given, size_t known, const char *name, sluice_error *error) {
    if (given == 0 || given > known) {
        return error_set(error, SLUICE_E_INVALID, "%s.size is %zu, this library knows %zu: set it to sizeof", name,
                         given, known);
    }
    return SLUICE_OK;
}

typedef struct replay {
    sluice_engine *engine;
    const sluice_open_options *options;
    uint64_t first, total;
} replay;

/* New keys and prefixes get the numbers that the log says, or the log is damaged. */
static sluice_result replay_names(sluice_engine *engine, const batch *b, sluice_error *error) {
    graph *g = &engine->graph;
    if (b->key_first != g->node_count || b->prefix_first != engine->prefixes_committed) {
        return error_set(error, SLUICE_E_DAMAGED,
                         "the batch at sequence %llu numbers its keys from %u, expected %u: restore a backup",
                         (unsigned long long)b->sequence_first, b->key_first, g->node_count);
    }
    for (size_t i = 0; i < b->key_count; i++) {
        sluice_text key = batch_text_of(b, b->keys[i]);
        const char *reason = NULL;
        uint64_t hash = hash64(key.data, key.length);
        uint32_t number = 0;
        if (!keys_is_valid(key, &reason) || keys_find(&g->keys, key, hash) != KEY_NONE) {
            return error_set(error, SLUICE_E_DAMAGED,
                             "the batch at sequence %llu has a bad or repeated key %zu: restore a "
                             "backup",
                             (unsigned long long)b->sequence_first, i);
        }
        if (keys_add(&g->keys, key, hash, &number) != KEYS_ADDED) {
            return error_no_memory(error, key.length);
        }
    }
    for (size_t i = 0; i < b->prefix_count; i++) {
        if (!transfer_ids_add_prefix(&g->ids, batch_text_of(b, b->prefixes[i]))) {
            return error_no_memory(error, b->prefixes[i].length);
        }
    }
    engine->prefixes_committed += (uint32_t)b->prefix_count;
    return SLUICE_OK;
}

static sluice_result replay_signals(sluice_engine *engine, batch *b, uint64_t count, sluice_error *error) {
    bool is_withdrawn = imports_withdrew(&engine->imports, b->sequence_first);
    if (b->event_count == 1 && b->events[0].kind == BATCH_WITHDRAWAL &&
        !imports_know_withdrawal(&engine->imports, b->sequence_first)) {
        return error_set(error, SLUICE_E_DAMAGED,
                         "the log withdraws an import at sequence %llu and the table of imports does not: restore a "
                         "backup",
                         (unsigned long long)b->sequence_first);
    }
    if (is_withdrawn) {
        b->event_count = b->movement_count = b->extra_count = 0;
    }
    if (!graph_reserve(&engine->graph, b)) {
        return error_no_memory(error, count * 64);
    }
    if (is_withdrawn) {
        graph_skip(&engine->graph, b, count);
        return SLUICE_OK;
    }
    return graph_apply(&engine->graph, b) ? SLUICE_OK : error_no_memory(error, count * 64);
}

static sluice_result replay_batch(void *context, uint64_t sequence_first, uint64_t count, uint64_t chain_before,
                                  const unsigned char *bytes, size_t length, sluice_error *error) {
    replay *r = context;
    sluice_engine *engine = r->engine;
    batch *b = &engine->batch->signals;
    sluice_result result = batch_decode(bytes, length, chain_before, b, &engine->chain, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (b->sequence_first != sequence_first || b->event_count + b->movement_count != count ||
        sequence_first != engine->graph.sequence + 1 || b->movement_count > GRAPH_BATCH_MOVEMENTS_MAX) {
        return error_set(error, SLUICE_E_DAMAGED,
                         "the batch at sequence %llu is not the one expected there: restore a "
                         "backup",
                         (unsigned long long)sequence_first);
    }
    result = replay_names(engine, b, error);
    if (result == SLUICE_OK) {
        result = replay_signals(engine, b, count, error);
    }
    engine->replayed += count;
    if (result == SLUICE_OK && r->options != NULL && r->options->progress != NULL) {
        r->options->progress(r->options->progress_context, engine->graph.sequence - r->first, r->total);
    }
    return result;
}

static char *path_with(const char *path, const char *suffix) {
    size_t length = strlen(path), more = strlen(suffix);
    char *joined = memory_new(length + more + 1);
    if (joined != NULL) {
        memcpy(joined, path, length);
        memcpy(joined + length, suffix, more + 1);
    }
    return joined;
}

/* Beside the file; of a server's database, in $SLUICE_STATE or the current folder. NULL: no memory. */
static char *snapshot_path_new(const char *location, const store *s) {
    const char *folder = getenv("SLUICE_STATE");
    text_writer path = {0};
    if (!store_is_postgres(location)) {
        return path_with(location, "-snapshot");
    }
    text_printf(&path, "%s/sluice-%s-snapshot", folder == NULL || folder[0] == '\0' ? "." : folder, store_uuid(s));
    if (path.failed) {
        text_writer_fini(&path);
        return NULL;
    }
    return path.data;
}

/* Builds the graph: snapshot, then log. */
static sluice_result load(sluice_engine *engine, const sluice_open_options *options, sluice_error *error) {
    graph *g = &engine->graph;
    if (options != NULL && options->ignore_snapshot) {
        memcpy(engine->snapshot_state, "not asked for", 14);
    } else if (snapshot_load(engine->snapshot_path, engine, g, &engine->chain, engine->snapshot_state)) {
        memcpy(engine->snapshot_state, "used", 5);
        engine->prefixes_committed = (uint32_t)g->ids.prefix_count;
    }
    if (g->sequence == 0 && !graph_init(g)) {
        return error_no_memory(error, sizeof *g);
    }
    uint64_t end = 0, chain = 0;
    store_log_end(engine->store, &end, &chain);
    replay r = {engine, options, g->sequence, end - g->sequence};
    if (g->sequence < end) {
        sluice_result result = store_read_log(engine->store, g->sequence + 1, replay_batch, &r, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    if (g->sequence != end || engine->chain != chain) {
        return error_set(error, SLUICE_E_DAMAGED,
                         "the log of %s ends at sequence %llu, expected %llu: restore a backup", engine->path,
                         (unsigned long long)g->sequence, (unsigned long long)end);
    }
    engine_batch_clear(engine);
    return SLUICE_OK;
}

sluice_result sluice_engine_open(const char *path, const sluice_open_options *options, sluice_engine **engine_out,
                                 sluice_error *error) {
    *engine_out = NULL;
    if (options != NULL) {
        sluice_result result = require_size(options->size, sizeof *options, "sluice_open_options", error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    sluice_engine *engine = memory_new_zero(1, sizeof *engine);
    if (engine == NULL) {
        return error_no_memory(error, sizeof *engine);
    }
    sluice_result result = SLUICE_OK;
    engine->batch = &engine->batches[0];
    imports_init(&engine->imports);
    engine->traces = memory_new_zero(1, sizeof *engine->traces);
    if (engine->traces != NULL) {
        trace_pool_init(engine->traces);
    }
    if (engine->traces == NULL) {
        result = error_no_memory(error, sizeof *engine->traces);
        goto out;
    }
    result = store_open(path, options != NULL && options->must_exist, &engine->store, error);
    if (result != SLUICE_OK) {
        goto out;
    }
    engine->path = path_with(store_name(engine->store), "");
    engine->snapshot_path = snapshot_path_new(path, engine->store);
    if (engine->path == NULL || engine->snapshot_path == NULL) {
        result = error_no_memory(error, strlen(path) + 16);
    }
    if (result == SLUICE_OK) {
        result = imports_load(&engine->imports, engine->store, error);
    }
    if (result == SLUICE_OK) {
        result = load(engine, options, error);
    }
out:
    if (result == SLUICE_OK) {
        *engine_out = engine;
    } else {
        sluice_engine_close(&engine);
    }
    return result;
}

sluice_result engine_rebuild(sluice_engine *engine, const sluice_open_options *options, sluice_error *error) {
    sluice_open_options from_log = {.size = sizeof from_log, .ignore_snapshot = true};
    if (options != NULL) {
        from_log.progress = options->progress;
        from_log.progress_context = options->progress_context;
    }
    engine_batch_clear(engine);
    graph_fini(&engine->graph);
    memset(&engine->graph, 0, sizeof engine->graph);
    engine->prefixes_committed = 0;
    engine->chain = 0;
    engine->verify_count = 0;
    engine->replayed = 0;
    sluice_result result = imports_load(&engine->imports, engine->store, error);
    if (result == SLUICE_OK) {
        result = load(engine, &from_log, error);
    }
    if (result != SLUICE_OK) {
        graph_fini(&engine->graph);
        (void)graph_init(&engine->graph);
        engine->graph.broken = true;
    }
    return result;
}

void sluice_engine_close(sluice_engine **handle) {
    sluice_engine *engine = *handle;
    if (engine == NULL) {
        return;
    }
    *handle = NULL;
    engine_flight_end(engine);
    if (engine->traces != NULL) {
        trace_pool_fini(engine->traces);
        memory_free(engine->traces);
    }
    store_close(&engine->store);
    graph_fini(&engine->graph);
    engine_batch_fini(&engine->batches[0]);
    engine_batch_fini(&engine->batches[1]);
    batch_fini(&engine->verify_batch);
    imports_fini(&engine->imports);
    memory_free(engine->path);
    memory_free(engine->snapshot_path);
    memory_free(engine);
}

sluice_result engine_set_prefix(sluice_engine *engine, sluice_text stem, sluice_error *error) {
    uint32_t number = transfer_ids_prefix(&engine->graph.ids, stem);
    if (number == TRANSFER_ID_NONE) {
        if (!transfer_ids_add_prefix(&engine->graph.ids, stem)) {
            return error_no_memory(error, stem.length);
        }
        number = (uint32_t)engine->graph.ids.prefix_count - 1;
    }
    engine->source_prefix = number + 1;
    return SLUICE_OK;
}

sluice_result engine_check(const sluice_engine *engine, sluice_error *error) {
    return engine->graph.broken ? error_set(error, SLUICE_E_NO_MEMORY,
                                            "the state in memory is incomplete, the log is not: close and open again")
                                : SLUICE_OK;
}

sluice_result sluice_engine_snapshot(sluice_engine *engine, sluice_error *error) {
    if (engine->graph.broken) {
        return error_set(error, SLUICE_E_NO_MEMORY, "the state in memory is incomplete: close and open again");
    }
    return snapshot_save(engine->snapshot_path, engine, error);
}

typedef struct verification {
    const sluice_engine *engine;
    batch batch;
    graph_view view;
    uint64_t chain, sequence;
    uint32_t movement;
} verification;

static sluice_result verify_batch(void *context, uint64_t sequence_first, uint64_t count, uint64_t chain_before,
                                  const unsigned char *bytes, size_t length, sluice_error *error) {
    verification *v = context;
    const graph *g = &v->engine->graph;
    sluice_result result = chain_before != v->chain ? SLUICE_E_DAMAGED : SLUICE_OK;
    if (result == SLUICE_OK) {
        result = batch_decode(bytes, length, chain_before, &v->batch, &v->chain, error);
    } else {
        (void)error_set(error, result, "the chain of checksums is broken: restore a backup");
    }
    if (imports_withdrew(&v->engine->imports, sequence_first)) {
        v->batch.movement_count = 0; /* its bytes are whole, and nothing of it is in memory */
    }
    for (size_t i = 0; result == SLUICE_OK && i < v->batch.movement_count; i++, v->movement++) {
        const batch_movement *logged = &v->batch.movements[i];
        if (v->movement >= v->view.movement_limit) {
            break; /* came after the verification began */
        }
        const movement *held = graph_movement(g, v->movement);
        if (held->from != logged->from || held->to != logged->to || held->amount_fen != logged->amount_fen ||
            movement_time_ms(held) != logged->time_ms) {
            result = error_set(error, SLUICE_E_DAMAGED,
                               "the state in memory differs from the log: delete the snapshot %s and open again",
                               v->engine->snapshot_path);
        }
    }
    if (result != SLUICE_OK) {
        return error_prefix(error, result, "batch at sequences %llu to %llu", (unsigned long long)sequence_first,
                            (unsigned long long)(sequence_first + count - 1));
    }
    v->sequence = sequence_first + count - 1;
    return SLUICE_OK;
}

sluice_result sluice_engine_verify(const sluice_engine *engine, sluice_error *error) {
    verification v = {.engine = engine};
    uint64_t end = 0, chain = 0;
    graph_view_open(&engine->graph, 0, &v.view);
    store_log_end(engine->store, &end, &chain);
    sluice_result result = store_check(engine->store, error);
    if (result == SLUICE_OK && end > 0) {
        result = store_read_log(engine->store, 1, verify_batch, &v, error);
    }
    /* The log may have grown meanwhile, never shrunk. */
    if (result == SLUICE_OK && (v.sequence < end || (v.sequence == end && v.chain != chain))) {
        result = error_set(error, SLUICE_E_DAMAGED, "the log ends at sequence %llu, expected %llu: restore a backup",
                           (unsigned long long)v.sequence, (unsigned long long)end);
    }
    graph_view_close(&v.view);
    batch_fini(&v.batch);
    return result;
}

store *engine_store(const sluice_engine *engine) {
    return engine->store;
}

void sluice_engine_stats_get(const sluice_engine *engine, sluice_engine_stats *stats_out) {
    const graph *g = &engine->graph;
    sluice_engine_stats stats = {
        .size = stats_out->size,
        .sequence = atomic_load(&g->published_sequence),
        .transfer_count = g->transfer_count,
        .withdrawal_count = g->withdrawal_count,
        .account_count = g->account_count,
        .key_count = atomic_load(&g->keys.count) - g->withheld_count,
        .memory_bytes = graph_memory_bytes(g),
        .replayed_signals = engine->replayed,
    };
    memcpy(stats.snapshot_state, engine->snapshot_state, sizeof stats.snapshot_state);
    size_t size = stats_out->size < sizeof stats ? stats_out->size : sizeof stats;
    memcpy(stats_out, &stats, size);
}

sluice_result sluice_ledger_read(const sluice_engine *engine, sluice_text account, uint64_t as_of,
                                 sluice_ledger_visit visit, void *context, sluice_error *error) {
    const graph *g = &engine->graph;
    graph_view view;
    graph_view_open(g, as_of, &view); /* first: a reader that is inside keeps the table of keys, too */
    uint32_t key = engine_find_account(&view, account);
    if (key == KEY_NONE) {
        graph_view_close(&view);
        return error_set(
            error, SLUICE_E_NOT_FOUND,
            "no account '%.*s' is known: a digit is wrong, or its bank's ledger has not come in (keys look "
            "like account:6228480402564890018)",
            account.length > 100 ? 100 : TEXT_ARGS(account));
    }
    ledger l;
    ledger_cursor cursor;
    ledger_sums sums;
    bool inferred = false;
    graph_ledger(&view, key, &l);
    ledger_begin(&l, &cursor);
    ledger_sum(&l, &cursor, &sums);
    int64_t balance_fen = graph_opening(&view, key, &l, &sums, &inferred);
    ledger_entry entry;
    while (ledger_next(&l, &cursor, &entry)) {
        sluice_transfer transfer;
        engine_transfer_fill(g, entry & ~LEDGER_DEBIT, &transfer);
        balance_fen += graph_entry_signed(g, entry);
        if (!visit(context, &transfer, (entry & LEDGER_DEBIT) != 0, balance_fen)) {
            break;
        }
    }
    graph_view_close(&view);
    return SLUICE_OK;
}
