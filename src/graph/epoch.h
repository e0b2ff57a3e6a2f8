/* Readers and reuse: memory that the writer took out of the graph is reused only when no reader can still see it.
 *
 * Epoch-based reclamation (Fraser, "Practical lock-freedom", 2004). The writer unlinks a block, tags it with the
 * current epoch and reuses it when every reader that is inside entered later. */
#ifndef GRAPH_EPOCH_H
#define GRAPH_EPOCH_H

#include <stdatomic.h>
#include <stdint.h>

#define EPOCH_READERS_MAX 256

typedef struct epoch_slot {
    _Alignas(64) _Atomic uint64_t entered; /* 0: nobody here */
} epoch_slot;

typedef struct epoch {
    _Atomic uint64_t current; /* from 1 */
    _Atomic uint32_t inside;  /* readers */
    epoch_slot slots[EPOCH_READERS_MAX];
} epoch;

void epoch_init(epoch *e);
/* Any thread. Waits (yielding) while EPOCH_READERS_MAX readers are inside. Returns the slot to leave with. */
uint32_t epoch_enter(epoch *e);
void epoch_leave(epoch *e, uint32_t slot);

/* Writer only. */
static inline int epoch_nobody_inside(epoch *e) {
    return atomic_load(&e->inside) == 0;
}
/* Starts a new epoch and returns the oldest one that a reader may still be in: what was retired before it is free. */
uint64_t epoch_advance(epoch *e);

#endif
