/* All operations are sequentially consistent: a reader announces itself before it loads any link, the writer unlinks
 * before it looks for readers, so one of the two sees the other. */
#include "graph/epoch.h"

#include <sched.h>

void epoch_init(epoch *e) {
    atomic_init(&e->current, 1);
    atomic_init(&e->inside, 0);
    for (uint32_t i = 0; i < EPOCH_READERS_MAX; i++) {
        atomic_init(&e->slots[i].entered, 0);
    }
}

uint32_t epoch_enter(epoch *e) {
    atomic_fetch_add(&e->inside, 1);
    for (;;) {
        for (uint32_t i = 0; i < EPOCH_READERS_MAX; i++) {
            uint64_t nobody = 0;
            if (atomic_load(&e->slots[i].entered) == 0 &&
                atomic_compare_exchange_strong(&e->slots[i].entered, &nobody, atomic_load(&e->current))) {
                return i;
            }
        }
        (void)sched_yield();
    }
}

void epoch_leave(epoch *e, uint32_t slot) {
    atomic_store(&e->slots[slot].entered, 0);
    atomic_fetch_sub(&e->inside, 1);
}

uint64_t epoch_advance(epoch *e) {
    uint64_t oldest = atomic_fetch_add(&e->current, 1) + 1;
    for (uint32_t i = 0; i < EPOCH_READERS_MAX; i++) {
        uint64_t entered = atomic_load(&e->slots[i].entered);
        oldest = entered != 0 && entered < oldest ? entered : oldest;
    }
    return oldest;
}
