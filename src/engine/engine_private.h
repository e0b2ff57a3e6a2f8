/* The engine's inside, shared by the files of this folder. */
#ifndef ENGINE_ENGINE_PRIVATE_H
#define ENGINE_ENGINE_PRIVATE_H

#include <sluice/engine.h>

#include "base/memory.h"
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

struct sluice_engine {
    char *path;
    char *snapshot_path;
    store *store;
    graph graph;
    trace_pool *traces; /* memory of freed traces; readers take from it */

    /* The batch under way. */
    batch batch;
    engine_label *labels;
    size_t label_count, label_capacity;
    char *label_texts;
    size_t label_text_bytes, label_text_capacity;
    uint32_t *batch_ids; /* set of text ids: place + 1; ENGINE_BATCH_MAX * 2 slots, NULL until the first text id */
    size_t batch_id_count;
    uint32_t last_prefix; /* of the newest row id in the batch, + 1 */
    uint64_t last_row;

    uint32_t prefixes_committed;
    uint64_t chain;       /* checksum of the newest committed batch */
    unsigned char *bytes; /* scratch of the codec */
    size_t bytes_capacity;

    /* Import: where row ids come from, and what to record with the next commit; NULL: none. */
    uint32_t source_prefix; /* + 1; 0: none */
    const store_source *source;

    /* Inline decisions: writes what was decided of the batch's movements, the first of which has the sequence
     * `movements_from`, within its transaction; NULL: no detector. */
    sluice_result (*write_decisions)(void *context, store *s, uint64_t movements_from, sluice_error *error);
    void *decider;

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

/* append.c */
void engine_batch_clear(sluice_engine *engine);

/* ids.c: exact comparison with the log. NOT_FOUND leaves `error` alone: the import asks for every new id. */
SLUICE_MUST_USE sluice_result engine_find_transfer(const sluice_engine *engine, batch *scratch, uint64_t *scratch_first,
                                                   uint64_t *scratch_count, sluice_text id, uint32_t *movement_out,
                                                   sluice_error *error);

sluice_result engine_transfer_unknown(sluice_text id, sluice_error *error);
void engine_transfer_fill(const graph *g, uint32_t number, sluice_transfer *transfer_out);

/* snapshot.c */
/* Loads into a fresh graph. Returns false with the reason in words: the graph is then to be initialised again. */
bool snapshot_load(const char *path, store *s, graph *g, uint64_t *chain_out, char reason[96]);
SLUICE_MUST_USE sluice_result snapshot_save(const char *path, const store *s, const graph *g, uint64_t chain,
                                            sluice_error *error);

#endif
