/* What the desk needs of an engine besides its public functions: the store they share. */
#ifndef ENGINE_DESK_STORE_H
#define ENGINE_DESK_STORE_H

#include <sluice/engine.h>

#include "base/memory.h"
#include "store/store.h"

/* The desk's transactions and the engine's take turns on the writer thread; neither is open when the other begins. */
store *engine_store(const sluice_engine *engine);

/* The movement with this sequence; NOT_FOUND. Texts live as long as the engine. Any thread. */
SLUICE_MUST_USE sluice_result engine_transfer_at(const sluice_engine *engine, uint64_t sequence,
                                                 sluice_transfer *transfer_out, sluice_error *error);

/* The institution's id of the movement with this sequence, copied into `texts`. One read of the log. NOT_FOUND. Writer.
 */
SLUICE_MUST_USE sluice_result engine_transfer_id(const sluice_engine *engine, uint64_t sequence, arena *texts,
                                                 sluice_text *id_out, sluice_error *error);

/* True: an import brought this signal, and was withdrawn. Any thread. */
bool engine_signal_is_withdrawn(const sluice_engine *engine, uint64_t sequence);

/* What a withdrawn import had brought, in the order of the log: [first, last] each; returns false to stop. Writer. */
typedef bool (*engine_visit_part)(void *context, uint64_t first, uint64_t last);
void engine_visit_import(const sluice_engine *engine, uint64_t number, engine_visit_part visit, void *context);

#endif
