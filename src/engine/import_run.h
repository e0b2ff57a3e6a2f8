/* An import whose files are read on one thread and stored on another: the daemon's, whose writer has more to do. */
#ifndef ENGINE_IMPORT_RUN_H
#define ENGINE_IMPORT_RUN_H

#include <sluice/import.h>

typedef sluice_result (*import_step)(void *context, sluice_error *error);

typedef struct import_hooks {
    void *context;
    /* Runs a step on the writer's thread, while nothing is under way there, and returns its result. */
    sluice_result (*on_writer)(void *context, import_step run, void *step, sluice_error *error);
    /* Within such a step, as sluice_engine_append and sluice_engine_flush: through the detector that is open. */
    sluice_result (*append)(void *context, const sluice_signal *signals, size_t count, sluice_append_result *result_out,
                            size_t *index_out, sluice_error *error);
    sluice_result (*flush)(void *context, sluice_error *error);
} import_hooks;

/* As sluice_import, on any thread. A batch must hold a chunk: options->batch_signals, small enough for those who wait.
 */
SLUICE_MUST_USE sluice_result engine_import(sluice_engine *engine, const sluice_import_options *options,
                                            const import_hooks *hooks, const char *const *paths, size_t path_count,
                                            sluice_import_summary *summary_out, sluice_error *error);

#endif
