/* The queue of events: a binary heap by (time, order of pushing), so that the order of handling is total and the same
 * on every machine. O(log n) a push and a pop; 24 bytes an event. */
#include "sim/sim_private.h"

static bool is_before(const sim_event *a, const sim_event *b) {
    return a->time_ms != b->time_ms ? a->time_ms < b->time_ms : a->order_kind < b->order_kind;
}

void sim_push(sim *sim, int64_t time_ms, sim_event_kind kind, uint32_t subject, uint32_t detail) {
    sim_queue *queue = &sim->queue;
    if (time_ms >= sim->end_ms || !SIM_RESERVE(sim, queue->items, queue->capacity, queue->count)) {
        return; /* what lies beyond the end never happens */
    }
    sim_event event = {time_ms, queue->order_next++ << 8 | (uint64_t)kind, subject, detail};
    size_t place = queue->count++;
    while (place > 0 && is_before(&event, &queue->items[(place - 1) / 2])) {
        queue->items[place] = queue->items[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    queue->items[place] = event;
}

bool sim_pop(sim_queue *queue, sim_event *event_out) {
    if (queue->count == 0) {
        return false;
    }
    *event_out = queue->items[0];
    sim_event last = queue->items[--queue->count];
    size_t place = 0;
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= queue->count) {
            break;
        }
        if (child + 1 < queue->count && is_before(&queue->items[child + 1], &queue->items[child])) {
            child++;
        }
        if (!is_before(&queue->items[child], &last)) {
            break;
        }
        queue->items[place] = queue->items[child];
        place = child;
    }
    queue->items[place] = last;
    return true;
}
