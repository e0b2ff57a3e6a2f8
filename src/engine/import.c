/* Import: two threads, so that reading and storing overlap.
 *
 *   reader thread          ring of chunks          writer (the caller's thread)
 *   file → signals   ──▶   [ ][ ][ ][ ]   ──▶     keys → batch → commit → graph
 *
 * A chunk is a batch: the position in the file after its last row is committed in the same transaction, so that after a
 * kill the file is taken up exactly there. Rejected lines are on disk before their chunk is committed. */
#include <stdio.h>
#include <string.h>

#include <sluice/import.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "engine/engine_private.h"
#include "engine/import_run.h"
#include "engine/rejects.h"
#include "signal/format.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/thread.h"

#define RING_CHUNKS 4u

typedef struct import_chunk {
    format_chunk chunk;
    text_writer rejects; /* lines for the rejects file, ready to be written */
    bool names_only;     /* not where files lie */
    sluice_result result;
    sluice_error error;
} import_chunk;

/* One file's way through the ring. The mutex guards `filled`, `taken` and `stop`; a chunk belongs to the reader until
 * it is counted in `filled`, then to the writer until it is counted in `taken`. */
typedef struct pipeline {
    import_chunk chunks[RING_CHUNKS];
    uint64_t filled, taken;
    bool stop;
    mutex lock;
    condition changed;
    format_reader *reader;
} pipeline;

typedef struct import {
    sluice_engine *engine;
    const sluice_import_options *options;
    format_plan *plan;
    sluice_import_summary *summary;
    rejects *rejects;
    pipeline pipeline;
    uint64_t bytes_before; /* of the files done */
    uint32_t batch_signals;
    const import_hooks *hooks; /* NULL: this thread is the writer, and no detector is open */
    uint32_t prefix;           /* of the file under way, as engine.source_prefix */
    uint64_t number;           /* as engine.import */
} import;

/* Something that only the writer may do. */
typedef struct step {
    import *in;
    const format_source *file;
    import_chunk *chunk;
    store_source *source;
} step;

static sluice_result on_writer(import *in, import_step run, step *what, sluice_error *error) {
    return in->hooks == NULL ? run(what, error) : in->hooks->on_writer(in->hooks->context, run, what, error);
}

static sluice_result append(import *in, const sluice_signal *signals, size_t count, sluice_append_result *result_out,
                            size_t *index_out, sluice_error *error) {
    return in->hooks == NULL ? sluice_engine_append(in->engine, signals, count, result_out, index_out, error)
                             : in->hooks->append(in->hooks->context, signals, count, result_out, index_out, error);
}

static sluice_result flush(import *in, sluice_error *error) {
    return in->hooks == NULL ? sluice_engine_flush(in->engine, NULL, error)
                             : in->hooks->flush(in->hooks->context, error);
}

static void reject_line(void *context, const format_reject *reject) {
    import_chunk *chunk = context;
    format_reject named = *reject;
    const char *slash = chunk->names_only ? strrchr(reject->path, '/') : NULL;
    named.path = slash == NULL ? reject->path : slash + 1;
    rejects_format(&chunk->rejects, &named);
}

static void *read_chunks(void *context) {
    pipeline *p = context;
    for (bool end = false; !end;) {
        mutex_lock(&p->lock);
        while (p->filled - p->taken == RING_CHUNKS && !p->stop) {
            condition_wait(&p->changed, &p->lock);
        }
        bool stop = p->stop;
        import_chunk *chunk = &p->chunks[p->filled % RING_CHUNKS];
        mutex_unlock(&p->lock);
        if (stop) {
            break;
        }
        arena_reset(&chunk->chunk.texts);
        chunk->chunk.count = 0;
        chunk->chunk.rounded = chunk->chunk.rejected = 0;
        chunk->rejects.length = 0;
        chunk->result = format_read(p->reader, &chunk->chunk, reject_line, chunk, &chunk->error);
        if (chunk->result == SLUICE_OK && chunk->rejects.failed) {
            chunk->result = error_no_memory(&chunk->error, chunk->rejects.length);
        }
        end = chunk->result != SLUICE_OK || chunk->chunk.end;
        mutex_lock(&p->lock);
        p->filled++;
        condition_wake_all(&p->changed);
        mutex_unlock(&p->lock);
    }
    return NULL;
}

static import_chunk *next_chunk(pipeline *p) {
    mutex_lock(&p->lock);
    while (p->filled == p->taken) {
        condition_wait(&p->changed, &p->lock);
    }
    import_chunk *chunk = &p->chunks[p->taken % RING_CHUNKS];
    mutex_unlock(&p->lock);
    return chunk;
}

static void release_chunk(pipeline *p) {
    mutex_lock(&p->lock);
    p->taken++;
    condition_wake_all(&p->changed);
    mutex_unlock(&p->lock);
}

static void stop_reading(pipeline *p) {
    mutex_lock(&p->lock);
    p->stop = true;
    condition_wake_all(&p->changed);
    mutex_unlock(&p->lock);
}

static sluice_result content_sha256(const char *path, char hex_out[65], sluice_error *error) {
    file_view view;
    sluice_result result = file_map(path, &view, error);
    if (result != SLUICE_OK) {
        return result;
    }
    result = sha256_of(view.data == NULL ? "" : view.data, view.bytes, hex_out, error);
    file_unmap(&view);
    return result;
}

static void count_signal(sluice_import_summary *summary, const sluice_signal *signal) {
    switch (signal->kind) {
    case SLUICE_SIGNAL_TRANSFER:
        summary->transfers++;
        break;
    case SLUICE_SIGNAL_WITHDRAWAL:
        summary->withdrawals++;
        break;
    case SLUICE_SIGNAL_HOLDER:
        summary->holders++;
        break;
    case SLUICE_SIGNAL_DEVICE:
        summary->devices++;
        break;
    case SLUICE_SIGNAL_LOGIN:
        summary->logins++;
        break;
    case SLUICE_SIGNAL_ACCOUNT:
    default:
        break;
    }
    summary->events += signal->event > SLUICE_EVENT_SEEN;
    summary->labels += signal->label.length > 0;
}

/* Appends a chunk's signals; one that the engine cannot take is a rejected line like any other. */
static sluice_result append_chunk(import *in, const char *path, import_chunk *chunk, store_source *source,
                                  sluice_error *error) {
    const sluice_signal *signals = chunk->chunk.signals;
    size_t count = chunk->chunk.count;
    for (size_t done = 0; done < count;) {
        sluice_append_result appended = {0};
        size_t stopped = 0;
        sluice_result result = append(in, signals + done, count - done, &appended, &stopped, error);
        source->duplicates += appended.duplicates;
        in->summary->duplicates += appended.duplicates;
        done += stopped;
        if (result == SLUICE_OK) {
            break;
        }
        if (result != SLUICE_E_INVALID && result != SLUICE_E_CONFLICT) {
            return result;
        }
        const sluice_signal *signal = &signals[done];
        format_reject reject = {.path = path, .line = signal->source_line};
        reject.field = result == SLUICE_E_CONFLICT ? TEXT("id") : (sluice_text){"", 0};
        reject.reason = text_of(error->text);
        reject_line(chunk, &reject);
        chunk->chunk.rejected++;
        done++;
    }
    return chunk->rejects.failed ? error_no_memory(error, chunk->rejects.length) : SLUICE_OK;
}

/* What of the chunk went in: everything less duplicates and rejected. Counted from the batch, which is the truth. */
static void count_batch(import *in, const import_chunk *chunk, store_source *source) {
    const batch *b = &in->engine->batch->signals;
    for (size_t i = 0; i < b->movement_count; i++) {
        bool withdrawal = b->movements[i].kind == SLUICE_SIGNAL_WITHDRAWAL;
        source->withdrawals += withdrawal;
        source->transfers += !withdrawal;
        in->summary->withdrawals += withdrawal;
        in->summary->transfers += !withdrawal;
    }
    for (size_t i = 0; i < b->event_count; i++) {
        sluice_signal signal = {.kind = (sluice_signal_kind)b->events[i].kind,
                                .event = (sluice_event)b->events[i].event};
        count_signal(in->summary, &signal);
    }
    in->summary->others += b->event_count;
    in->summary->labels += in->engine->batch->label_count;
    source->rounded += chunk->chunk.rounded;
    source->rejected += chunk->chunk.rejected;
    in->summary->rounded += chunk->chunk.rounded;
    in->summary->rejected += chunk->chunk.rejected;
    source->offset = chunk->chunk.position.offset;
    source->line = chunk->chunk.position.line;
    source->row = chunk->chunk.position.row;
    source->complete = chunk->chunk.end;
}

static sluice_result report(import *in, const char *path, const store_source *source, sluice_error *error) {
    const sluice_import_options *o = in->options;
    if (o->progress == NULL) {
        return SLUICE_OK;
    }
    sluice_import_progress progress = {
        .path = path,
        .file_bytes = source->bytes,
        .file_bytes_done = source->complete ? source->bytes : source->offset,
        .total_bytes = in->plan->total_bytes,
        .rows = in->summary->transfers + in->summary->withdrawals + in->summary->duplicates + in->summary->rejected,
        .rejected = in->summary->rejected,
    };
    progress.total_bytes_done = in->bytes_before + progress.file_bytes_done;
    if (!o->progress(o->progress_context, &progress)) {
        return error_set(error, SLUICE_E_INTERRUPTED,
                         "interrupted: what is in is safe; run the same command again and it goes on from there");
    }
    return SLUICE_OK;
}

static sluice_result store_chunk(void *context, sluice_error *error) {
    step *what = context;
    import *in = what->in;
    sluice_engine *engine = in->engine;
    store_source *source = what->source;
    sluice_import_summary before = *in->summary;
    store_source source_before = *source;
    uint64_t accounts_before = engine->graph.account_count;
    engine->source_prefix = in->prefix;
    engine->import = in->number;
    sluice_result result = append_chunk(in, what->file->path, what->chunk, source, error);
    if (result == SLUICE_OK) {
        result = rejects_write(in->rejects, &what->chunk->rejects, error);
    }
    if (result == SLUICE_OK) {
        count_batch(in, what->chunk, source);
        engine->source = source;
        result = flush(in, error);
    } else {
        engine_batch_clear(engine);
    }
    engine->source = NULL;
    engine->source_prefix = 0;
    engine->import = 0;
    if (result != SLUICE_OK) {
        *in->summary = before;
        *source = source_before;
    } else {
        in->summary->accounts += engine->graph.account_count - accounts_before;
    }
    return result;
}

static sluice_result run_pipeline(import *in, const format_source *file, store_source *source, sluice_error *error) {
    pipeline *p = &in->pipeline;
    thread worker;
    p->filled = p->taken = 0;
    p->stop = false;
    if (!thread_start(&worker, read_chunks, p)) {
        return error_set(error, SLUICE_E_NO_MEMORY, "the system has no thread for reading: close other programs");
    }
    sluice_result result = SLUICE_OK;
    for (bool end = false; !end && result == SLUICE_OK;) {
        import_chunk *chunk = next_chunk(p);
        end = chunk->chunk.end;
        result = chunk->result;
        if (result != SLUICE_OK) {
            *error = chunk->error;
        } else {
            step what = {in, file, chunk, source};
            result = on_writer(in, store_chunk, &what, error);
        }
        release_chunk(p);
        if (result == SLUICE_OK && !end) {
            result = report(in, file->path, source, error);
        }
    }
    stop_reading(p);
    thread_join(&worker);
    return result;
}

/* Finds how far this content came before, and the numbers of the file's names. */
static sluice_result find_source(void *context, sluice_error *error) {
    step *what = context;
    import *in = what->in;
    store_source *source = what->source;
    sluice_error nowhere = {0};
    sluice_result result =
        store_find_source(in->engine->store, source->content_sha256, in->plan->identity, source, &nowhere);
    if (result == SLUICE_OK) {
        in->number = imports_of_source(&in->engine->imports, source);
    } else if (result == SLUICE_E_NOT_FOUND) {
        memcpy(source->identity, in->plan->identity, sizeof source->identity);
        (void)snprintf(source->path, sizeof source->path, "%s", what->file->path);
        source->bytes = what->file->bytes;
        in->number = in->engine->imports.count + 1;
    } else {
        if (error != NULL) {
            *error = nowhere;
        }
        return result;
    }
    result = engine_set_prefix(in->engine, text_of(what->file->stem), error);
    in->prefix = in->engine->source_prefix;
    in->engine->source_prefix = 0;
    return result;
}

static sluice_result begin_source(import *in, const format_source *file, store_source *source, sluice_error *error) {
    char content[65];
    step what = {in, file, NULL, source};
    memset(source, 0, sizeof *source);
    sluice_result result = content_sha256(file->path, content, error);
    memcpy(source->content_sha256, content, sizeof content);
    return result == SLUICE_OK ? on_writer(in, find_source, &what, error) : result;
}

static sluice_result flush_before(void *context, sluice_error *error) {
    step *what = context;
    return flush(what->in, error);
}

static sluice_result import_source(import *in, size_t number, sluice_error *error) {
    const format_source *file = &in->plan->sources[number];
    store_source source;
    sluice_result result = begin_source(in, file, &source, error);
    if (result != SLUICE_OK) {
        return result;
    }
    in->summary->import = in->number;
    if (source.complete) {
        in->summary->duplicates += source.transfers + source.withdrawals + source.duplicates;
        in->summary->files_skipped++;
        return SLUICE_OK;
    }
    in->summary->files++;
    in->summary->resumed_row = source.row > 0 ? source.row : in->summary->resumed_row;
    format_position position = {source.offset, source.line, source.row};
    result = format_reader_open(in->plan, number, &position, &in->pipeline.reader, error);
    if (result == SLUICE_OK) {
        result = run_pipeline(in, file, &source, error);
    }
    format_reader_close(&in->pipeline.reader);
    if (result == SLUICE_OK) {
        in->bytes_before += file->bytes;
        store_source done = {.complete = true, .bytes = 0};
        result = report(in, file->path, &done, error);
    }
    return result;
}

static bool pipeline_init(import *in) {
    mutex_init(&in->pipeline.lock);
    condition_init(&in->pipeline.changed);
    for (size_t i = 0; i < RING_CHUNKS; i++) {
        format_chunk *chunk = &in->pipeline.chunks[i].chunk;
        chunk->capacity = in->batch_signals;
        in->pipeline.chunks[i].names_only = in->hooks != NULL;
        chunk->signals = memory_new(in->batch_signals * sizeof *chunk->signals);
        if (chunk->signals == NULL) {
            return false;
        }
    }
    return true;
}

static void pipeline_fini(import *in) {
    for (size_t i = 0; i < RING_CHUNKS; i++) {
        import_chunk *chunk = &in->pipeline.chunks[i];
        memory_free(chunk->chunk.signals);
        arena_fini(&chunk->chunk.texts);
        text_writer_fini(&chunk->rejects);
    }
    condition_fini(&in->pipeline.changed);
    mutex_fini(&in->pipeline.lock);
}

sluice_result engine_import(sluice_engine *engine, const sluice_import_options *options, const import_hooks *hooks,
                            const char *const *paths, size_t path_count, sluice_import_summary *summary_out,
                            sluice_error *error) {
    memset(summary_out, 0, sizeof *summary_out);
    if (options->size == 0 || options->size > sizeof *options) {
        return error_set(error, SLUICE_E_INVALID, "sluice_import_options.size is %zu: set it to sizeof", options->size);
    }
    int64_t begun_ns = clock_monotonic_ns();
    sluice_error own_error = {0};
    error = error == NULL ? &own_error : error; /* rejected lines need the text */
import in = {.engine = engine, .options = options, .summary = summary_out, .hooks = hooks };
    step before = {.in = &in};
    in.batch_signals = options->batch_signals == 0 ? ENGINE_BATCH_MAX : options->batch_signals;
    in.batch_signals = in.batch_signals > ENGINE_BATCH_MAX ? ENGINE_BATCH_MAX : in.batch_signals;
    in.batch_signals = in.batch_signals < 16 ? 16 : in.batch_signals;
    /* Callers of before this option have a shorter struct. */
    bool has_schemas = options->size > offsetof(sluice_import_options, schemas_path);
    format_options format = {options->format, options->mapping_path, options->encoding,
                             has_schemas ? options->schemas_path : NULL};
    bool ready = pipeline_init(&in);
    sluice_result result =
        ready ? on_writer(&in, flush_before, &before, error) : error_no_memory(error, in.batch_signals);
    if (result == SLUICE_OK) {
        result = format_plan_new(&format, paths, path_count, &in.plan, error);
    }
    if (result == SLUICE_OK) {
        result = rejects_new(options->rejects_path, &in.rejects, error);
    }
    for (size_t i = 0; result == SLUICE_OK && i < in.plan->source_count; i++) {
        result = import_source(&in, i, error);
    }
    if (in.plan != NULL) {
        summary_out->files_skipped += in.plan->ignored_count;
    }
    sluice_result closed = rejects_close(&in.rejects, result == SLUICE_OK ? error : NULL);
    result = result == SLUICE_OK ? closed : result;
    format_plan_free(&in.plan);
    pipeline_fini(&in);
    summary_out->seconds = (double)(clock_monotonic_ns() - begun_ns) / 1e9;
    return result;
}

sluice_result sluice_import(sluice_engine *engine, const sluice_import_options *options, const char *const *paths,
                            size_t path_count, sluice_import_summary *summary_out, sluice_error *error) {
    return engine_import(engine, options, NULL, paths, path_count, summary_out, error);
}
