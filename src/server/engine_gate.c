#include "server/engine_gate.h"

#include "base/assert.h"

#define WAIT_MS 5000

void gate_init(engine_gate *g) {
    mutex_init(&g->lock);
    condition_init(&g->changed);
}

void gate_fini(engine_gate *g) {
    condition_fini(&g->changed);
    mutex_fini(&g->lock);
}

bool gate_enter(engine_gate *g) {
    mutex_lock(&g->lock);
    for (bool in_time = true; g->closed && in_time;) {
        in_time = condition_wait_for(&g->changed, &g->lock, WAIT_MS);
    }
    bool entered = !g->closed;
    g->readers += entered;
    mutex_unlock(&g->lock);
    return entered;
}

void gate_leave(engine_gate *g) {
    mutex_lock(&g->lock);
    SLUICE_ASSERT(g->readers > 0);
    g->readers--;
    mutex_unlock(&g->lock);
}

bool gate_close(engine_gate *g) {
    mutex_lock(&g->lock);
    g->closed = true;
    bool is_empty = g->readers == 0;
    mutex_unlock(&g->lock);
    return is_empty;
}

void gate_open(engine_gate *g) {
    mutex_lock(&g->lock);
    g->closed = false;
    condition_wake_all(&g->changed);
    mutex_unlock(&g->lock);
}
