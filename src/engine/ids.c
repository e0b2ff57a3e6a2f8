/* Finding a transfer by its id: the index gives candidates, the log has the last word. */
#include "base/error.h"
#include "base/text.h"
#include "engine/desk_store.h"
#include "engine/engine_private.h"
#include "engine/stream.h"

/* Reads the batch that holds a movement, unless `scratch` holds it already. */
static sluice_result load_batch(const sluice_engine *engine, uint64_t sequence, batch *scratch, uint64_t *scratch_first,
                                uint64_t *scratch_count, sluice_error *error) {
    if (*scratch_count > 0 && sequence >= *scratch_first && sequence < *scratch_first + *scratch_count) {
        return SLUICE_OK;
    }
    unsigned char *bytes = NULL;
    size_t capacity = 0, length = 0;
    uint64_t chain = 0, chain_after = 0;
    *scratch_count = 0;
    sluice_result result =
        store_read_batch_at(engine->store, sequence, scratch_first, &chain, &bytes, &capacity, &length, error);
    if (result == SLUICE_OK) {
        result = batch_decode(bytes, length, chain, scratch, &chain_after, error);
    }
    if (result == SLUICE_OK) {
        *scratch_count = scratch->event_count + scratch->movement_count;
    }
    memory_free(bytes);
    return result;
}

sluice_result engine_find_transfer(const sluice_engine *engine, batch *scratch, uint64_t *scratch_first,
                                   uint64_t *scratch_count, sluice_text id, uint32_t *movement_out,
                                   sluice_error *error) {
    transfer_ids *ids = (transfer_ids *)(uintptr_t)&engine->graph.ids; /* only its lock changes */
    uint64_t cursor = 0;
    for (;;) {
        bool exact = false;
        uint32_t number = transfer_ids_candidate(ids, id, &cursor, &exact);
        if (number == TRANSFER_ID_NONE) {
            return SLUICE_E_NOT_FOUND;
        }
        if (!exact) {
            uint64_t sequence = graph_movement_sequence(&engine->graph, number);
            sluice_result result = load_batch(engine, sequence, scratch, scratch_first, scratch_count, error);
            if (result != SLUICE_OK) {
                return result;
            }
            const batch_movement *m = &scratch->movements[sequence - *scratch_first - scratch->event_count];
            exact = m->id_prefix == 0 && text_equal((sluice_text){scratch->texts + m->id_row, m->id_length}, id);
        }
        if (exact) {
            *movement_out = number;
            return SLUICE_OK;
        }
    }
}

sluice_result engine_transfer_unknown(sluice_text id, sluice_error *error) {
    return error_set(
        error, SLUICE_E_NOT_FOUND,
        "no transfer has the id '%.*s': check it against the bank's file; ids of files without an id column "
        "are <file stem>:<row>, the first data row being 1",
        id.length > 100 ? 100 : TEXT_ARGS(id));
}

void engine_transfer_fill(const graph *g, uint32_t number, sluice_transfer *transfer_out) {
    const movement *m = graph_movement(g, number);
    *transfer_out = (sluice_transfer){
        .sequence = graph_movement_sequence(g, number),
        .kind = (m->stamp & MOVEMENT_WITHDRAWAL) != 0 ? SLUICE_SIGNAL_WITHDRAWAL : SLUICE_SIGNAL_TRANSFER,
        .time_ms = movement_time_ms(m),
        .from = keys_text(&g->keys, m->from),
        .to = m->to == KEY_NONE ? (sluice_text){"", 0} : keys_text(&g->keys, m->to),
        .amount_fen = m->amount_fen,
        .currency = graph_movement_currency(g, m),
    };
    transfer_out->received_fen = graph_received(g, number, &transfer_out->received_currency);
}

sluice_result engine_transfer_at(const sluice_engine *engine, uint64_t sequence, sluice_transfer *transfer_out,
                                 sluice_error *error) {
    uint32_t number = 0;
    if (engine_signal_is_withdrawn(engine, sequence)) {
        return error_set(error, SLUICE_E_NOT_FOUND,
                         "the log's signal %llu was withdrawn with the import that brought it",
                         (unsigned long long)sequence);
    }
    if (!graph_movement_of_sequence(&engine->graph, sequence, &number)) {
        return error_set(error, SLUICE_E_NOT_FOUND, "the log's signal %llu is no movement",
                         (unsigned long long)sequence);
    }
    engine_transfer_fill(&engine->graph, number, transfer_out);
    return SLUICE_OK;
}

sluice_result engine_transfer_id(const sluice_engine *engine, uint64_t sequence, arena *texts, sluice_text *id_out,
                                 sluice_error *error) {
    uint32_t number = 0;
    if (!graph_movement_of_sequence(&engine->graph, sequence, &number)) {
        return error_set(error, SLUICE_E_NOT_FOUND, "the log's signal %llu is no movement",
                         (unsigned long long)sequence);
    }
    return stream_transfer_ids(engine, &number, 1, texts, id_out, error);
}

sluice_result sluice_transfer_find(const sluice_engine *engine, sluice_text id, sluice_transfer *transfer_out,
                                   sluice_error *error) {
    batch scratch = {0};
    uint64_t first = 0, count = 0;
    uint32_t number = 0;
    sluice_result result = engine_find_transfer(engine, &scratch, &first, &count, id, &number, error);
    if (result == SLUICE_OK) {
        engine_transfer_fill(&engine->graph, number, transfer_out);
    } else if (result == SLUICE_E_NOT_FOUND) {
        result = engine_transfer_unknown(id, error);
    }
    batch_fini(&scratch);
    return result;
}
