/* Withdrawing an import: one transaction appends to the log
 *
 *   | the record of the withdrawal | what the first other owner brought as well | the second … |
 *
 * each a batch of its own, and marks the import. The log before it is left as it is; whoever replays it knows from the
 * table of imports which batches do not count (replay_signals). What others brought too is copied behind the record,
 * because a batch counts as a whole or not at all; it belongs to those others from then on. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sluice/import.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/desk_store.h"
#include "engine/engine_private.h"

/* A movement of the import, and another one that brought it as well. */
typedef struct claim {
    uint64_t sequence, import;
} claim;

typedef struct withdrawal {
    sluice_engine *engine;
    store_import import;
    store_import_part *parts; /* its own */
    size_t part_count, part_capacity;
    store_import_part *repeats; /* all, of whatever import */
    size_t repeat_count, repeat_capacity;
    claim *claims; /* by sequence, then import */
    size_t claim_count, claim_capacity;
    bool no_memory;

    batch source, copy; /* a batch of the import; what is copied of it and others */
    uint64_t source_first, source_count;
    uint64_t owner;
    unsigned char *bytes;
    size_t bytes_capacity;
    uint64_t sequence, chain; /* of the newest batch put */
    uint64_t kept, signals;
} withdrawal;

/* ---- what others brought too ---- */

static bool take_repeat(void *context, const store_import_part *part) {
    withdrawal *w = context;
    w->no_memory = !ARRAY_RESERVE(w->repeats, w->repeat_capacity, w->repeat_count + 1);
    if (!w->no_memory) {
        w->repeats[w->repeat_count++] = *part;
    }
    return !w->no_memory;
}

static bool add_claims(withdrawal *w, const store_import_part *repeat, const store_import_part *part) {
    uint64_t first = repeat->first > part->first ? repeat->first : part->first;
    uint64_t last = repeat->last < part->last ? repeat->last : part->last;
    for (uint64_t sequence = first; sequence <= last; sequence++) {
        if (!ARRAY_RESERVE(w->claims, w->claim_capacity, w->claim_count + 1)) {
            return false;
        }
        w->claims[w->claim_count++] = (claim){sequence, repeat->import};
    }
    return true;
}

static bool stands(const withdrawal *w, uint64_t import) {
    const imports *i = &w->engine->imports;
    return import == 0 || (import != w->import.number && i->list[import - 1].withdrawn == 0);
}

static int compare_claims(const void *left, const void *right) {
    const claim *a = left, *b = right;
    if (a->sequence != b->sequence) {
        return a->sequence < b->sequence ? -1 : 1;
    }
    return a->import < b->import ? -1 : a->import > b->import;
}

static sluice_result find_claims(withdrawal *w, sluice_error *error) {
    const imports *i = &w->engine->imports;
    for (size_t n = 0; n < i->part_count && !w->no_memory; n++) {
        if (i->parts[n].import == w->import.number) {
            w->no_memory = !ARRAY_RESERVE(w->parts, w->part_capacity, w->part_count + 1);
            if (!w->no_memory) {
                w->parts[w->part_count++] = i->parts[n];
                w->signals += i->parts[n].last - i->parts[n].first + 1;
            }
        }
    }
    sluice_result result = store_read_import_parts(w->engine->store, true, take_repeat, w, error);
    for (size_t r = 0; r < w->repeat_count && !w->no_memory; r++) {
        if (!stands(w, w->repeats[r].import)) {
            continue;
        }
        /* The first part that ends at or behind the repeat's beginning, and all that it reaches. */
        size_t low = 0, high = w->part_count;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (w->parts[middle].last < w->repeats[r].first) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        for (; low < w->part_count && w->parts[low].first <= w->repeats[r].last && !w->no_memory; low++) {
            w->no_memory = !add_claims(w, &w->repeats[r], &w->parts[low]);
        }
    }
    if (w->claim_count > 0) {
        qsort(w->claims, w->claim_count, sizeof *w->claims, compare_claims);
    }
    return result == SLUICE_OK && w->no_memory ? error_no_memory(error, w->claim_count * sizeof *w->claims) : result;
}

/* ---- batches ---- */

static sluice_result put_batch(withdrawal *w, batch *b, sluice_error *error) {
    size_t length = 0, count = b->event_count + b->movement_count;
    uint64_t chain = 0;
    b->sequence_first = w->sequence + 1;
    b->key_first = w->engine->graph.node_count;
    b->prefix_first = w->engine->prefixes_committed;
    sluice_result result = batch_encode(b, w->chain, &w->bytes, &w->bytes_capacity, &length, &chain, error);
    if (result == SLUICE_OK) {
        result = store_put_batch(w->engine->store, b->sequence_first, count, chain, w->bytes, length, error);
    }
    if (result == SLUICE_OK) {
        w->sequence += count;
        w->chain = chain;
    }
    return result;
}

static sluice_result put_record(withdrawal *w, int64_t now_ms, sluice_error *error) {
    text_writer parts = {0};
    char number[24];
    batch *b = &w->copy;
    batch_event event = {
        .time_ms = now_ms, .other = BATCH_NO_KEY, .kind = BATCH_WITHDRAWAL, .event = SLUICE_EVENT_SEEN};
    for (size_t i = 0; i < w->part_count; i++) {
        text_printf(&parts, "%s%" PRIu64 "-%" PRIu64, i == 0 ? "" : ",", w->parts[i].first, w->parts[i].last);
    }
    (void)snprintf(number, sizeof number, "%" PRIu64, w->import.number);
    bool room = !parts.failed && ARRAY_RESERVE(b->events, b->event_capacity, 1) &&
                batch_add_text(b, text_of(w->import.content_sha256), &event.type) &&
                batch_add_text(b, text_of(number), &event.name) &&
                batch_add_text(b, (sluice_text){parts.data, parts.length}, &event.place);
    text_writer_fini(&parts);
    if (!room) {
        return error_no_memory(error, w->part_count * 32);
    }
    b->events[b->event_count++] = event;
    return put_batch(w, b, error);
}

static sluice_result load_source(withdrawal *w, uint64_t sequence, sluice_error *error) {
    size_t capacity = 0, length = 0;
    unsigned char *bytes = NULL;
    uint64_t chain = 0, after = 0;
    if (w->source_count > 0 && sequence >= w->source_first && sequence < w->source_first + w->source_count) {
        return SLUICE_OK;
    }
    w->source_count = 0;
    sluice_result result =
        store_read_batch_at(w->engine->store, sequence, &w->source_first, &chain, &bytes, &capacity, &length, error);
    if (result == SLUICE_OK) {
        result = batch_decode(bytes, length, chain, &w->source, &after, error);
    }
    if (result == SLUICE_OK) {
        w->source_count = w->source.event_count + w->source.movement_count;
    }
    memory_free(bytes);
    return result;
}

/* The first extra of the movement at `place`. */
static size_t extra_of(const batch *b, uint32_t place) {
    size_t low = 0, high = b->extra_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (b->extras[middle].movement < place) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static sluice_result copy_movement(withdrawal *w, uint64_t sequence, sluice_error *error) {
    sluice_result result = load_source(w, sequence, error);
    if (result != SLUICE_OK) {
        return result;
    }
    const batch *from = &w->source;
    batch *to = &w->copy;
    uint32_t place = (uint32_t)(sequence - w->source_first - from->event_count);
    batch_movement m = from->movements[place];
    size_t extra = extra_of(from, place);
    batch_text id = {0, 0};
    bool room = ARRAY_RESERVE(to->movements, to->movement_capacity, to->movement_count + 1) &&
                ARRAY_RESERVE(to->extras, to->extra_capacity, to->extra_count + 3);
    if (room && m.id_prefix == 0) {
        room = batch_add_text(to, (sluice_text){from->texts + m.id_row, m.id_length}, &id);
        m.id_row = id.offset;
    }
    if (!room) {
        return error_no_memory(error, sizeof m);
    }
    for (; extra < from->extra_count && from->extras[extra].movement == place; extra++) {
        to->extras[to->extra_count] = from->extras[extra];
        to->extras[to->extra_count++].movement = (uint32_t)to->movement_count;
    }
    to->movements[to->movement_count++] = m;
    return SLUICE_OK;
}

/* What was copied is the owner's from here on, or nobody's in particular. */
static sluice_result end_copy(withdrawal *w, sluice_error *error) {
    store_import_part part = {w->owner, false, w->sequence + 1, w->sequence + w->copy.movement_count};
    if (w->copy.movement_count == 0) {
        return SLUICE_OK;
    }
    sluice_result result = put_batch(w, &w->copy, error);
    if (result == SLUICE_OK && w->owner > 0) {
        result = store_put_import_part(w->engine->store, &part, error);
    }
    batch_clear(&w->copy);
    return result;
}

/* The claims of one sequence end here. */
static size_t group_end(const withdrawal *w, size_t first) {
    size_t end = first + 1;
    while (end < w->claim_count && w->claims[end].sequence == w->claims[first].sequence) {
        end++;
    }
    return end;
}

static sluice_result copy_of_owner(withdrawal *w, uint64_t owner, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    w->owner = owner;
    batch_clear(&w->copy);
    for (size_t i = 0, end; result == SLUICE_OK && i < w->claim_count; i = end) {
        end = group_end(w, i);
        if (w->claims[i].import != owner) {
            continue; /* the first of a group owns it */
        }
        result = copy_movement(w, w->claims[i].sequence, error);
        uint64_t at = w->sequence + w->copy.movement_count;
        for (size_t other = i + 1; result == SLUICE_OK && owner > 0 && other < end; other++) {
            if (w->claims[other].import != w->claims[other - 1].import) {
                store_import_part repeat = {w->claims[other].import, true, at, at};
                result = store_put_import_part(w->engine->store, &repeat, error);
            }
        }
        w->kept++;
        if (result == SLUICE_OK && w->copy.movement_count == ENGINE_BATCH_MAX) {
            result = end_copy(w, error);
        }
    }
    return result == SLUICE_OK ? end_copy(w, error) : result;
}

static sluice_result copy_all(withdrawal *w, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    for (uint64_t owner = 0; result == SLUICE_OK && w->claim_count > 0 && owner <= w->engine->imports.count; owner++) {
        result = copy_of_owner(w, owner, error);
    }
    return result;
}

/* ---- the transaction ---- */

/* The row of the file keeps its counts, under an identity that no file has: the same one may come again. */
static sluice_result mark(withdrawal *w, uint64_t sequence, sluice_error *error) {
    store *s = w->engine->store;
    store_source source;
    sluice_result result = store_find_source(s, w->import.content_sha256, w->import.identity, &source, error);
    if (result == SLUICE_OK) {
        result = store_remove_source(s, w->import.content_sha256, w->import.identity, error);
    }
    (void)snprintf(w->import.identity, sizeof w->import.identity, "withdrawn:%" PRIu64, w->import.number);
    memcpy(source.identity, w->import.identity, sizeof source.identity);
    w->import.withdrawn = sequence;
    if (result == SLUICE_OK) {
        result = store_put_source(s, &source, error);
    }
    return result == SLUICE_OK ? store_put_import(s, &w->import, error) : result;
}

static sluice_result commit(withdrawal *w, int64_t now_ms, uint64_t *sequence_out, sluice_error *error) {
    store *s = w->engine->store;
    sluice_result result = store_begin(s, error);
    if (result != SLUICE_OK) {
        return result;
    }
    w->sequence = w->engine->graph.sequence;
    w->chain = w->engine->chain;
    *sequence_out = w->sequence + 1;
    result = put_record(w, now_ms, error);
    if (result == SLUICE_OK) {
        result = copy_all(w, error);
    }
    if (result == SLUICE_OK) {
        result = mark(w, *sequence_out, error);
    }
    if (result == SLUICE_OK) {
        result = store_commit(s, error);
    }
    if (result != SLUICE_OK) {
        store_rollback(s);
    }
    return result;
}

static void withdrawal_fini(withdrawal *w) {
    memory_free(w->parts);
    memory_free(w->repeats);
    memory_free(w->claims);
    memory_free(w->bytes);
    batch_fini(&w->source);
    batch_fini(&w->copy);
}

static sluice_result find_import(sluice_engine *engine, uint64_t number, store_import *import_out,
                                 sluice_error *error) {
    if (engine->decider != NULL) {
        return error_set(error, SLUICE_E_INVALID, "a detector is open on this engine: close it first");
    }
    if (number == 0 || number > engine->imports.count) {
        return error_set(error, SLUICE_E_NOT_FOUND,
                         "no import has the number %" PRIu64 ": sluice import --list shows which there are", number);
    }
    *import_out = engine->imports.list[number - 1];
    return import_out->withdrawn == 0
               ? SLUICE_OK
               : error_set(error, SLUICE_E_CONFLICT,
                           "import %" PRIu64 " was withdrawn already, at sequence %" PRIu64 " of the log", number,
                           import_out->withdrawn);
}

sluice_result sluice_import_withdraw(sluice_engine *engine, uint64_t number, const sluice_withdraw_options *options,
                                     sluice_withdraw_summary *summary_out, sluice_error *error) {
    sluice_withdraw_summary summary = {.size = summary_out->size};
    withdrawal w = {.engine = engine};
    if (options->size != sizeof *options || summary_out->size != sizeof summary) {
        return error_set(error, SLUICE_E_INVALID, "sluice_withdraw_options or _summary: set size to sizeof");
    }
    *summary_out = summary;
    sluice_result result = sluice_engine_flush(engine, NULL, error);
    if (result == SLUICE_OK) {
        result = find_import(engine, number, &w.import, error);
    }
    if (result == SLUICE_OK) {
        result = find_claims(&w, error);
    }
    if (result == SLUICE_OK && w.part_count == 0) {
        result = error_set(error, SLUICE_E_INVALID,
                           "nothing of import %" PRIu64 " is in the log: all of its lines were "
                           "there already, or rejected",
                           number);
    }
    if (result == SLUICE_OK) {
        result = commit(&w, options->now_ms, &summary.sequence, error);
    }
    if (result == SLUICE_OK) {
        summary.is_durable = true;
        summary.signals = w.signals - w.kept;
        summary.kept = w.kept;
        sluice_open_options rebuild = {
            .size = sizeof rebuild, .progress = options->progress, .progress_context = options->progress_context};
        result = engine_rebuild(engine, &rebuild, error);
    }
    withdrawal_fini(&w);
    *summary_out = summary;
    return result;
}

/* ---- listing ---- */

sluice_result sluice_import_list(sluice_engine *engine, sluice_import_visit visit, void *context, sluice_error *error) {
    const imports *i = &engine->imports;
    for (size_t n = 0; n < i->count; n++) {
        const store_import *import = &i->list[n];
        store_source source;
        sluice_result result =
            store_find_source(engine->store, import->content_sha256, import->identity, &source, error);
        if (result != SLUICE_OK) {
            return result;
        }
        sluice_import_entry entry = {.number = import->number,
                                     .path = text_of(source.path),
                                     .content_sha256 = text_of(source.content_sha256),
                                     .complete = source.complete,
                                     .transfers = source.transfers,
                                     .withdrawals = source.withdrawals,
                                     .duplicates = source.duplicates,
                                     .rejected = source.rejected,
                                     .rounded = source.rounded,
                                     .withdrawn = import->withdrawn};
        for (size_t p = 0; p < i->part_count; p++) {
            if (i->parts[p].import == import->number) {
                entry.sequence_first = entry.sequence_first == 0 ? i->parts[p].first : entry.sequence_first;
                entry.sequence_last = i->parts[p].last;
            }
        }
        if (!visit(context, &entry)) {
            break;
        }
    }
    return SLUICE_OK;
}

/* ---- for the desk ---- */

bool engine_signal_is_withdrawn(const sluice_engine *engine, uint64_t sequence) {
    return imports_withdrew(&engine->imports, sequence);
}

void engine_visit_import(const sluice_engine *engine, uint64_t number, engine_visit_part visit, void *context) {
    const imports *i = &engine->imports;
    for (size_t n = 0; n < i->part_count; n++) {
        if (i->parts[n].import == number && !visit(context, i->parts[n].first, i->parts[n].last)) {
            return;
        }
    }
}
