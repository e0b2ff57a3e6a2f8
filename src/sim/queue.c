/* The queue of events: one array for each simulated hour, and for the hour under way a binary heap by (time, order of
 * pushing). The order of handling is total, so it is the same on every machine.
 *
 * A million people have three million events in the queue; one heap of them all misses the cache at every step and took
 * half of the simulation's time. The heap of an hour has a hundredth of them. A push to a later hour appends; entering
 * an hour makes its array a heap in O(n). 24 bytes an event. */
#include "sim/sim_private.h"

static bool is_before(const sim_event *a, const sim_event *b) {
    return a->time_ms != b->time_ms ? a->time_ms < b->time_ms : a->order_kind < b->order_kind;
}

bool sim_queue_init(sim_queue *queue, int64_t start_ms, int64_t end_ms) {
    queue->start_ms = start_ms;
    queue->hour_count = (size_t)((end_ms - start_ms) / SIM_HOUR);
    queue->hours = memory_new_zero(queue->hour_count, sizeof *queue->hours);
    return queue->hours != NULL;
}

void sim_queue_fini(sim_queue *queue) {
    for (size_t i = 0; queue->hours != NULL && i < queue->hour_count; i++) {
        memory_free(queue->hours[i].items);
    }
    memory_free(queue->hours);
}

/* Puts the event into its place from `place` upwards. */
static void sift_up(sim_event *items, size_t place, sim_event event) {
    while (place > 0 && is_before(&event, &items[(place - 1) / 2])) {
        items[place] = items[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    items[place] = event;
}

static void sift_down(sim_event *items, size_t count, size_t place, sim_event event) {
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= count) {
            break;
        }
        if (child + 1 < count && is_before(&items[child + 1], &items[child])) {
            child++;
        }
        if (!is_before(&items[child], &event)) {
            break;
        }
        items[place] = items[child];
        place = child;
    }
    items[place] = event;
}

void sim_push(sim *sim, int64_t time_ms, sim_event_kind kind, uint32_t subject, uint32_t detail) {
    sim_queue *queue = &sim->queue;
    if (time_ms >= sim->end_ms) {
        return; /* what lies beyond the end never happens */
    }
    size_t index = time_ms < queue->start_ms ? 0 : (size_t)((time_ms - queue->start_ms) / SIM_HOUR);
    index = index < queue->hour ? queue->hour : index;
    sim_hour *hour = &queue->hours[index];
    if (!SIM_RESERVE(sim, hour->items, hour->capacity, hour->count)) {
        return;
    }
    sim_event event = {time_ms, queue->order_next++ << 8 | (uint64_t)kind, subject, detail};
    if (index == queue->hour) {
        sift_up(hour->items, hour->count, event);
    } else {
        hour->items[hour->count] = event;
    }
    hour->count++;
}

/* The next hour: its array becomes the heap, the last one's is given back. */
static void enter_next_hour(sim_queue *queue) {
    memory_free(queue->hours[queue->hour].items);
    queue->hours[queue->hour] = (sim_hour){0};
    sim_hour *hour = &queue->hours[++queue->hour];
    for (size_t place = hour->count / 2; place-- > 0;) {
        sift_down(hour->items, hour->count, place, hour->items[place]);
    }
}

bool sim_pop(sim_queue *queue, sim_event *event_out) {
    while (queue->hours[queue->hour].count == 0) {
        if (queue->hour + 1 == queue->hour_count) {
            return false;
        }
        enter_next_hour(queue);
    }
    sim_hour *hour = &queue->hours[queue->hour];
    *event_out = hour->items[0];
    hour->count--;
    sift_down(hour->items, hour->count, 0, hour->items[hour->count]);
    return true;
}
