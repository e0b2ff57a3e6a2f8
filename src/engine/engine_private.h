/* The engine's inside, shared by the files of this folder. */
#ifndef ENGINE_ENGINE_PRIVATE_H
#define ENGINE_ENGINE_PRIVATE_H

#include <sluice/engine.h>

#include "base/memory.h"
#include "base/text.h"
#include "engine/imports.h"
#include "graph/graph.h"
#include "signal/batch.h"
#include "store/store.h"
#include "trace/trace.h"

#define ENGINE_BATCH_MAX 65536u /* signals; see GRAPH_BATCH_MOVEMENTS_MAX */

/* A ground-truth label that waits for its batch's commit. */
typedef struct engine_label {
    uint32_t movement; /* place in the batch, or UINT32_MAX: the label is of `key` */
    uint32_t key;
    batch_text text; /* in engine.label_texts */
} engine_label;

/* What was decided of one of a batch's movements: its place in the batch, and the words (JSON) in `decided`. */
typedef struct engine_decision {
    uint32_t movement;
    size_t offset, length;
} engine_decision;

/* A batch, and what is committed with it in one transaction. */
typedef struct engine_batch {
    batch signals;
    engine_label *labels;
    size_t label_count, label_capacity;
    char *label_texts;
    size_t label_text_bytes, label_text_capacity;
    engine_decision *decisions;
    size_t decision_count, decision_capacity;
    text_writer decided;
    uint64_t judged_until; /* what is judged ahead of it: the number of the last one (decide_ahead.c) */
    uint32_t *ids;         /* set of text ids: place + 1; at least half of the id_slots are empty */
    size_t id_count, id_slots, id_capacity;
    uint64_t *repeats; /* sequences of another import's movements that came again with this batch */
    size_t repeat_count, repeat_capacity;
    uint32_t last_prefix; /* of the newest row id in the batch, + 1 */
    uint64_t last_row;

    /* Once it is sealed. */
    unsigned char *bytes;
    size_t bytes_capacity, length;
    uint64_t chain; /* its checksum */
} engine_batch;

#define ENGINE_JUDGED_ALL UINT64_MAX

typedef struct flight flight;

struct sluice_engine {
    char *path;
    char *snapshot_path;
    store *store;
    graph graph;
    trace_pool *traces; /* memory of freed traces; readers take from it */

    engine_batch batches[2];
    engine_batch *batch;  /* under way: what is appended goes in */
    engine_batch *flying; /* sealed, and on its way to the disk; NULL: none, or it is in the graph already */
    flight *flight;       /* flush.c; NULL until the first */

    uint32_t prefixes_committed;
    uint64_t chain; /* checksum of the newest committed batch */

    /* Import: where row ids come from, and what to record with the next commit; NULL: none. */
    uint32_t source_prefix; /* + 1; 0: none */
    const store_source *source;
    uint64_t import; /* the number of the import that the batch is of; 0: none, or one from before they had numbers */

    imports imports; /* what was imported, and withdrawn */

    void *decider; /* the detector that is open; NULL: none */
    /* Returns when all up to `until` (a batch's judged_until, or ENGINE_JUDGED_ALL) is judged, and nobody else writes
     * into that batch; not OK: it must not become durable. Any thread. NULL: there is no detector. */
    sluice_result (*batch_judged)(void *decider, uint64_t until, sluice_error *error);

    /* The batch that was last read back to verify an id; writer only. */
    batch verify_batch;
    uint64_t verify_first, verify_count;

    uint64_t replayed;
    char snapshot_state[96];
};

/* engine.c */
/* Sets the stem that row ids get from now on. */
SLUICE_MUST_USE sluice_result engine_set_prefix(sluice_engine *engine, sluice_text stem, sluice_error *error);
/* True when the batch under way has no room for another signal. */
bool engine_batch_is_full(const sluice_engine *engine);
/* SLUICE_E_NO_MEMORY when a batch was applied in part. */
SLUICE_MUST_USE sluice_result engine_check(const sluice_engine *engine, sluice_error *error);

/* Builds the state anew from the log, without the snapshot: after a withdrawal. No reader may be active and no detector
 * open. On an error the engine takes nothing more and shows nothing: close it and open it again. */
SLUICE_MUST_USE sluice_result engine_rebuild(sluice_engine *engine, const sluice_open_options *options,
                                             sluice_error *error);

/* append.c */
/* Empties the batch under way. */
void engine_batch_clear(sluice_engine *engine);
void engine_batch_fini(engine_batch *b);
#define ENGINE_GROUP 16u
/* Brings near what appending these signals, at most ENGINE_GROUP, will look up. */
void engine_prefetch(const sluice_engine *engine, const sluice_signal *const *signals, size_t count);
/* sluice_engine_append for one signal, when the batch under way has room and the engine is whole. */
SLUICE_MUST_USE sluice_result engine_append_one(sluice_engine *engine, const sluice_signal *signal,
                                                sluice_append_result *result_out, sluice_error *error);
/* What was decided of the movement at this place of the batch is what was written into its `decided` from `offset` on,
 * less the newline at its end. False: no memory. */
bool engine_batch_decided(engine_batch *b, uint32_t place, size_t offset);

/* flush.c */
/* Returns when what flies, if anything does, is written or undone; it is not applied yet. */
void engine_flight_wait(sluice_engine *engine);
/* Waits for the batch that is flying and ends the thread. */
void engine_flight_end(sluice_engine *engine);
/* The number that the next movement of the batch under way gets. */
uint32_t engine_next_movement(const sluice_engine *engine);

/* ids.c: exact comparison with the log. NOT_FOUND leaves `error` alone: the import asks for every new id. */
SLUICE_MUST_USE sluice_result engine_find_transfer(const sluice_engine *engine, batch *scratch, uint64_t *scratch_first,
                                                   uint64_t *scratch_count, sluice_text id, uint32_t *movement_out,
                                                   sluice_error *error);

sluice_result engine_transfer_unknown(sluice_text id, sluice_error *error);
void engine_transfer_fill(const graph *g, uint32_t number, sluice_transfer *transfer_out);

/* snapshot.c */
/* Loads into a fresh graph. Returns false with the reason in words: the graph is then to be initialised again. */
bool snapshot_load(const char *path, const sluice_engine *engine, graph *g, uint64_t *chain_out, char reason[96]);
SLUICE_MUST_USE sluice_result snapshot_save(const char *path, const sluice_engine *engine, sluice_error *error);

/* The key of the account that `given` means: this key, or the only one with its number as a card, an account or a
 * wallet
 * ("account:6228…" of "card:6228…", and bare digits); KEY_NONE: none, or more than one. */
uint32_t engine_find_account(const graph_view *view, sluice_text given);

#endif
