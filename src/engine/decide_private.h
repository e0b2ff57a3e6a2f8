/* An open detector, and how decide.c, decide_judge.c and decide_ahead.c share it. */
#ifndef ENGINE_DECIDE_PRIVATE_H
#define ENGINE_DECIDE_PRIVATE_H

#include "detect/detector.h"
#include "engine/engine_private.h"

typedef struct judging judging;

struct sluice_detector {
    sluice_engine *engine;
    detector *detector;
    text_writer reasons[2 * SLUICE_DECISION_REASONS];
    uint64_t signals, movements;
    judging *ahead; /* decide_ahead.c; NULL until the first */
    bool lost;
};

/* A signal that is in a batch and waits to be judged. */
typedef struct taken {
    activity what;
    engine_batch *into; /* the batch: under way, or flying by now */
    uint32_t place;     /* of its movement in the batch */
    bool is_duplicate;
} taken;

typedef void (*decided_fn)(void *context, size_t index, const sluice_decision *decision);

/* decide.c. The batch under way, and what was judged of it, is gone. Nothing may be judged meanwhile. */
sluice_result decide_lose(sluice_detector *d, sluice_result result);

/* decide_judge.c. Any one thread at a time. Fails for want of memory only; the detector is then lost. */
SLUICE_MUST_USE sluice_result decide_judge(sluice_detector *d, const taken *t, sluice_decision *decision_out,
                                           sluice_error *error);

/* decide_ahead.c. The thread is started with the first of them. Order is kept. */
SLUICE_MUST_USE sluice_result ahead_push(sluice_detector *d, const taken *group, size_t count, decided_fn decided,
                                         void *context, size_t index, sluice_error *error);
/* Waits until all up to number `until` are judged; ENGINE_JUDGED_ALL: all that were pushed. Any thread. */
SLUICE_MUST_USE sluice_result ahead_wait(sluice_detector *d, uint64_t until, sluice_error *error);
/* Settles, and ends the thread. */
void ahead_end(sluice_detector *d);

#endif
