#include "server/import_job.h"

#include "base/error.h"
#include "engine/import_run.h"
#include "server/server_private.h"

#define BATCH_SIGNALS 2048 /* about 7 ms of the writer's time with the shipped rules */
#define GROUP 64

typedef struct run {
    request *rq;
    sluice_append_result *counted; /* of the append under way */
    uint64_t alerts;
} run;

static sluice_result on_writer(void *context, import_step step, void *what, sluice_error *error) {
    run *r = context;
    return writer_run_alone(r->rq->server, step, what, error);
}

static void count_decided(void *context, size_t index, const sluice_decision *made) {
    run *r = context;
    (void)index;
    r->counted->duplicates += made->is_duplicate;
    r->counted->accepted += !made->is_duplicate;
    r->alerts += made->action != SLUICE_ACTION_ALLOW;
}

static sluice_result check_detector(const server *s, sluice_error *error) {
    bool missing = writer_wants_detector(s) && (s->writer.detector == NULL || s->writer.lost);
    return missing ? error_set(error, SLUICE_E_BUSY, "the rules are being loaded: start it again in a few seconds")
                   : SLUICE_OK;
}

static sluice_result append(void *context, const sluice_signal *signals, size_t count, sluice_append_result *result_out,
                            size_t *index_out, sluice_error *error) {
    run *r = context;
    server *s = r->rq->server;
    sluice_result result = check_detector(s, error);
    if (result != SLUICE_OK || s->writer.detector == NULL) {
        return result == SLUICE_OK ? sluice_engine_append(s->engine, signals, count, result_out, index_out, error)
                                   : result;
    }
    r->counted = result_out;
    for (*index_out = 0; result == SLUICE_OK && *index_out < count;) {
        const sluice_signal *group[GROUP];
        size_t n = 0, taken = 0;
        for (; n < GROUP && *index_out + n < count; n++) {
            group[n] = &signals[*index_out + n];
        }
        result = sluice_decide_many(s->writer.detector, group, n, count_decided, r, &taken, error);
        *index_out += taken;
    }
    return result;
}

static sluice_result flush(void *context, sluice_error *error) {
    run *r = context;
    server *s = r->rq->server;
    writer *w = &s->writer;
    uint64_t sequence = 0;
    sluice_result result = check_detector(s, error);
    if (result == SLUICE_OK) {
        result = w->detector != NULL ? sluice_decide_commit(w->detector, &sequence, error)
                                     : sluice_engine_flush(s->engine, &sequence, error);
    }
    if (result != SLUICE_OK) {
        w->lost = w->detector != NULL && result != SLUICE_E_BUSY;
        return result;
    }
    atomic_store(&w->sequence, sequence);
    atomic_fetch_add(&w->alerts, r->alerts);
    w->findings_wait = w->findings_wait || r->alerts > 0;
    r->alerts = 0;
    return SLUICE_OK;
}

static bool on_progress(void *context, const sluice_import_progress *progress) {
    run *r = context;
    return request_progress(r->rq, progress->total_bytes_done, progress->total_bytes);
}

sluice_result import_run(request *rq, const sluice_import_options *options, const char *path,
                         sluice_import_summary *summary_out, sluice_error *error) {
    run r = {.rq = rq};
    import_hooks hooks = {&r, on_writer, append, flush};
    sluice_import_options o = *options;
    *summary_out = (sluice_import_summary){0};
    if (request_engine(rq, error) == NULL) {
        return SLUICE_E_BUSY;
    }
    o.batch_signals = BATCH_SIGNALS;
    o.progress = on_progress;
    o.progress_context = &r;
    return engine_import(rq->server->engine, &o, &hooks, &path, 1, summary_out, error);
}
