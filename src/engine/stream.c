/* The log as activities.
 *
 * Movements are in the graph already, 24 bytes each; what is not there (events, stated balances) is collected in one
 * pass over the log. Both are then merged: by sequence, or by time, for which an index of the movements is sorted
 * unless they lie in time order anyhow. */
#include "engine/stream.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/radix.h"
#include "base/text.h"
#include "engine/engine_private.h"

typedef struct stream_event {
    int64_t time_ms;
    uint64_t sequence;
    uint32_t key, other;
    sluice_text type, place;
    uint8_t kind, event;
} stream_event;

typedef struct stream_balance {
    int64_t fen;
    uint32_t movement;
    uint32_t of_payee;
} stream_balance;

struct stream {
    const graph *graph;
    graph_view view;
    sluice_order order;
    arena texts;
    stream_event *events;
    size_t event_count, event_capacity;
    stream_balance *balances; /* by movement */
    size_t balance_count, balance_capacity;
    uint32_t *by_time; /* movements in time order; NULL: as they are numbered */

    size_t event_next, balance_next;
    uint32_t movement_next;
    batch batch;           /* scratch of the pass */
    sluice_text last_type; /* types repeat */
};

static bool keep_text(stream *s, sluice_text text, sluice_text *kept_out) {
    *kept_out = (sluice_text){"", 0};
    if (text.length == 0) {
        return true;
    }
    char *copy = arena_copy(&s->texts, text.data, text.length);
    *kept_out = (sluice_text){copy, text.length};
    return copy != NULL;
}

static bool keep_type(stream *s, sluice_text text, sluice_text *kept_out) {
    if (!text_equal(text, s->last_type) && !keep_text(s, text, &s->last_type)) {
        return false;
    }
    *kept_out = s->last_type;
    return true;
}

static bool collect_event(stream *s, const batch_event *e, uint64_t sequence) {
    if (!ARRAY_RESERVE(s->events, s->event_capacity, s->event_count + 1)) {
        return false;
    }
    stream_event *event = &s->events[s->event_count++];
    *event = (stream_event){.time_ms = e->time_ms,
                            .sequence = sequence,
                            .key = e->key,
                            .other = e->other == BATCH_NO_KEY ? KEY_NONE : e->other,
                            .kind = e->kind,
                            .event = e->event};
    return keep_type(s, batch_text_of(&s->batch, e->type), &event->type) &&
           keep_text(s, batch_text_of(&s->batch, e->place), &event->place);
}

static bool collect_balance(stream *s, const batch_extra *extra, uint32_t movement_first) {
    if (!ARRAY_RESERVE(s->balances, s->balance_capacity, s->balance_count + 1)) {
        return false;
    }
    s->balances[s->balance_count++] =
        (stream_balance){extra->fen, movement_first + extra->movement, extra->has == BATCH_HAS_TO_BALANCE};
    return true;
}

typedef struct collection {
    stream *stream;
    uint32_t movement; /* the first of the batch */
    const imports *imports;
} collection;

static sluice_result collect_batch(void *context, uint64_t sequence_first, uint64_t count, uint64_t chain_before,
                                   const unsigned char *bytes, size_t length, sluice_error *error) {
    collection *c = context;
    stream *s = c->stream;
    uint64_t chain = 0;
    (void)count;
    if (sequence_first > s->view.sequence) {
        return SLUICE_E_INTERRUPTED; /* beyond what was asked for */
    }
    if (imports_withdrew(c->imports, sequence_first)) {
        return SLUICE_OK;
    }
    sluice_result result = batch_decode(bytes, length, chain_before, &s->batch, &chain, error);
    if (result != SLUICE_OK) {
        return result;
    }
    bool kept = true;
    for (size_t i = 0; kept && i < s->batch.event_count && sequence_first + i <= s->view.sequence; i++) {
        kept = s->batch.events[i].kind == BATCH_WITHDRAWAL || collect_event(s, &s->batch.events[i], sequence_first + i);
    }
    for (size_t i = 0; kept && i < s->batch.extra_count; i++) {
        const batch_extra *extra = &s->batch.extras[i];
        if (extra->has != BATCH_HAS_RECEIVED) {
            kept = collect_balance(s, extra, c->movement);
        }
    }
    c->movement += (uint32_t)s->batch.movement_count;
    return kept ? SLUICE_OK : error_no_memory(error, sizeof(stream_event));
}

/* A time as a number that sorts the same. */
static uint64_t sortable(int64_t time_ms, int64_t from_ms) {
    return (uint64_t)(time_ms - from_ms);
}

static bool sort_events(stream *s) {
    size_t count = s->event_count;
    radix_item *items = memory_new(count * sizeof *items);
    stream_event *sorted = memory_new(count * sizeof *sorted);
    bool done = items != NULL && sorted != NULL;
    int64_t from_ms = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        from_ms = s->events[i].time_ms < from_ms ? s->events[i].time_ms : from_ms;
    }
    for (size_t i = 0; done && i < count; i++) {
        items[i] = (radix_item){sortable(s->events[i].time_ms, from_ms), i};
    }
    done = done && radix_sort(items, count);
    for (size_t i = 0; done && i < count; i++) {
        sorted[i] = s->events[items[i].value];
    }
    if (done) {
        memory_free(s->events);
        s->events = sorted;
        sorted = NULL;
    }
    memory_free(sorted);
    memory_free(items);
    return done;
}

static bool sort_movements(stream *s) {
    uint32_t count = s->view.movement_limit;
    int64_t last_ms = INT64_MIN, from_ms = INT64_MAX;
    bool is_sorted = true;
    for (uint32_t i = 0; i < count; i++) {
        int64_t time_ms = movement_time_ms(graph_movement(s->graph, i));
        is_sorted = is_sorted && time_ms >= last_ms;
        last_ms = time_ms;
        from_ms = time_ms < from_ms ? time_ms : from_ms;
    }
    if (is_sorted) {
        return true;
    }
    radix_item *items = memory_new((size_t)count * sizeof *items);
    s->by_time = memory_new((size_t)count * sizeof *s->by_time);
    bool done = items != NULL && s->by_time != NULL;
    for (uint32_t i = 0; done && i < count; i++) {
        items[i] = (radix_item){sortable(movement_time_ms(graph_movement(s->graph, i)), from_ms), i};
    }
    done = done && radix_sort(items, count);
    for (uint32_t i = 0; done && i < count; i++) {
        s->by_time[i] = (uint32_t)items[i].value;
    }
    memory_free(items);
    return done;
}

sluice_result stream_open(const sluice_engine *engine, sluice_order order, uint64_t as_of, stream **stream_out,
                          sluice_error *error) {
    stream *s = memory_new_zero(1, sizeof *s);
    *stream_out = NULL;
    if (s == NULL) {
        return error_no_memory(error, sizeof *s);
    }
    s->graph = &engine->graph;
    s->order = order;
    graph_view_open(&engine->graph, as_of, &s->view);
    collection c = {s, 0, &engine->imports};
    sluice_result result = SLUICE_OK;
    if (s->view.sequence > 0) {
        result = store_read_log(engine->store, 1, collect_batch, &c, error);
        result = result == SLUICE_E_INTERRUPTED ? SLUICE_OK : result;
    }
    batch_fini(&s->batch);
    if (result == SLUICE_OK && order == SLUICE_ORDER_TIME && (!sort_events(s) || !sort_movements(s))) {
        result = error_no_memory(error, (size_t)s->view.movement_limit * sizeof(radix_item));
    }
    if (result != SLUICE_OK) {
        stream_close(&s);
    }
    *stream_out = s;
    return result;
}

void stream_close(stream **s) {
    if (*s == NULL) {
        return;
    }
    graph_view_close(&(*s)->view);
    arena_fini(&(*s)->texts);
    memory_free((*s)->events);
    memory_free((*s)->balances);
    memory_free((*s)->by_time);
    memory_free(*s);
    *s = NULL;
}

uint64_t stream_total(const stream *s) {
    return s->event_count + s->view.movement_limit;
}

uint64_t stream_sequence(const stream *s) {
    return s->view.sequence;
}

static void take_event(stream *s, activity *activity_out) {
    const stream_event *e = &s->events[s->event_next++];
    *activity_out = (activity){.sequence = e->sequence,
                               .time_ms = e->time_ms,
                               .kind = e->kind,
                               .event = e->event,
                               .movement = UINT32_MAX,
                               .from = e->key,
                               .to = e->other,
                               .type = e->type,
                               .place = e->place};
}

/* The first stated balance of a movement, from where the last one was found. */
static size_t balance_of(const stream *s, uint32_t movement) {
    size_t low = s->balance_next, high = s->balance_count;
    if (low < high && s->balances[low].movement >= movement && (low == 0 || s->balances[low - 1].movement < movement)) {
        return low;
    }
    low = 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (s->balances[middle].movement < movement) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void take_movement(stream *s, activity *activity_out) {
    uint32_t number = s->by_time != NULL ? s->by_time[s->movement_next] : s->movement_next;
    s->movement_next++;
    const movement *m = graph_movement(s->graph, number);
    bool is_withdrawal = (m->stamp & MOVEMENT_WITHDRAWAL) != 0;
    *activity_out = (activity){.sequence = graph_movement_sequence(s->graph, number),
                               .time_ms = movement_time_ms(m),
                               .kind = is_withdrawal ? SLUICE_SIGNAL_WITHDRAWAL : SLUICE_SIGNAL_TRANSFER,
                               .currency = graph_movement_currency(s->graph, m),
                               .movement = number,
                               .from = m->from,
                               .to = m->to,
                               .amount_fen = m->amount_fen,
                               .received_fen = graph_received(s->graph, number, NULL)};
    size_t at = balance_of(s, number);
    for (; at < s->balance_count && s->balances[at].movement == number; at++) {
        if (s->balances[at].of_payee != 0) {
            activity_out->has_to_balance = true;
            activity_out->to_balance_fen = s->balances[at].fen;
        } else {
            activity_out->has_from_balance = true;
            activity_out->from_balance_fen = s->balances[at].fen;
        }
    }
    s->balance_next = at;
}

/* True: the event comes before the movement. */
static bool event_is_first(stream *s) {
    const stream_event *e = &s->events[s->event_next];
    if (s->order == SLUICE_ORDER_LOG) {
        return e->sequence < graph_movement_sequence(s->graph, s->movement_next);
    }
    uint32_t number = s->by_time != NULL ? s->by_time[s->movement_next] : s->movement_next;
    return e->time_ms <= movement_time_ms(graph_movement(s->graph, number));
}

bool stream_next(stream *s, activity *activity_out) {
    bool events_left = s->event_next < s->event_count;
    if (s->movement_next == s->view.movement_limit) {
        if (events_left) {
            take_event(s, activity_out);
        }
        return events_left;
    }
    if (s->by_time != NULL && s->movement_next + 32 < s->view.movement_limit) {
        __builtin_prefetch(graph_movement(s->graph, s->by_time[s->movement_next + 32]));
    }
    if (events_left && event_is_first(s)) {
        take_event(s, activity_out);
    } else {
        take_movement(s, activity_out);
    }
    return true;
}

/* ---- ids ---- */

static bool take_id(const graph *g, const batch *b, const batch_movement *m, arena *texts, sluice_text *id_out) {
    text_writer row = {0};
    sluice_text id = {b->texts + m->id_row, m->id_length};
    if (m->id_prefix != 0) {
        transfer_ids *ids = (transfer_ids *)(uintptr_t)&g->ids; /* only its lock changes */
        mutex_lock(&ids->lock);
        const id_prefix *prefix = &ids->prefixes[m->id_prefix - 1];
        text_printf(&row, "%.*s:%llu", (int)prefix->length, prefix->text, (unsigned long long)m->id_row);
        mutex_unlock(&ids->lock);
        id = (sluice_text){row.data, row.length};
    }
    char *copy = row.failed ? NULL : arena_copy(texts, id.data, id.length);
    *id_out = (sluice_text){copy, id.length};
    text_writer_fini(&row);
    return copy != NULL;
}

sluice_result stream_transfer_ids(const sluice_engine *engine, const uint32_t *numbers, size_t count,
                                  struct arena *texts, sluice_text *ids_out, sluice_error *error) {
    batch b = {0};
    unsigned char *bytes = NULL;
    size_t capacity = 0;
    uint64_t first = 0, held = 0;
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        uint64_t sequence = graph_movement_sequence(&engine->graph, numbers[i]);
        if (held == 0 || sequence >= first + held) {
            size_t length = 0;
            uint64_t chain = 0, chain_after = 0;
            result = store_read_batch_at(engine->store, sequence, &first, &chain, &bytes, &capacity, &length, error);
            if (result == SLUICE_OK) {
                result = batch_decode(bytes, length, chain, &b, &chain_after, error);
            }
            held = b.event_count + b.movement_count;
        }
        if (result == SLUICE_OK) {
            size_t place = (size_t)(sequence - first) - b.event_count;
            if (!take_id(&engine->graph, &b, &b.movements[place], texts, &ids_out[i])) {
                result = error_no_memory(error, 64);
            }
        }
    }
    batch_fini(&b);
    memory_free(bytes);
    return result;
}
