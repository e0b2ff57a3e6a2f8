/* Who reads the engine, and the moment when nobody may: a withdrawal builds its state anew in place.
 *
 *   readers   request_engine … until the request is answered, or the job is over
 *   writer    closes the gate: whoever comes waits. When those inside have left, it rebuilds, and opens it again.
 *
 * The writer never waits here: it looks again when it has done something else, because those inside may wait for it. */
#ifndef SERVER_ENGINE_GATE_H
#define SERVER_ENGINE_GATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "sys/thread.h"

typedef struct engine_gate {
    mutex lock;
    condition changed;
    uint32_t readers;
    bool closed;
    atomic_bool rebuilding; /* for /readyz, and how far it is */
    atomic_uint_fast64_t done, total;
} engine_gate;

void gate_init(engine_gate *g);
void gate_fini(engine_gate *g);
/* False: it stayed closed for as long as a request may wait. */
bool gate_enter(engine_gate *g);
void gate_leave(engine_gate *g);
/* Writer. Nobody new comes in; true: nobody is inside. */
bool gate_close(engine_gate *g);
void gate_open(engine_gate *g);

#endif
