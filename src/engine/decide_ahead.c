/* Bulk is judged by a thread of its own: a ring between the thread that takes signals in and the one that judges them.
 *
 *        judged          to be judged           free
 *   … │        │ t │ t │ t │ t │ t │ t │ t │            │ …
 *              got  ▲       ▲                put
 *                   └───────┴─ what they look up is asked for ahead, in three steps
 *
 * What is judged is the detector's and the batches' `decided`; what is taken is the graph's keys and the rest of the
 * batch; texts of keys are read by both, which graph/keys.h allows. A batch may be sealed and on its way to the disk
 * while its last signals are judged: it waits for them before its decisions are written. An error stays. */
#include "base/assert.h"
#include "base/error.h"
#include "base/memory.h"
#include "engine/decide_private.h"
#include "sys/thread.h"

#define RING 4096u
#define SLICE 256u /* judged between two looks at who waits */
#define NEAR 16u   /* places of the ring, which another core wrote, are asked for so far before they are looked at */

typedef struct pushed {
    taken what;
    decided_fn decided;
    void *context;
    size_t index;
} pushed;

struct judging {
    mutex lock; /* guards the next six */
    condition changed;
    uint64_t put, got; /* so many ever */
    uint64_t awaited;  /* who waits for so many to be judged: the first of them; UINT64_MAX: nobody */
    bool stop;
    sluice_result result; /* the first that failed; what follows it is dropped */
    sluice_error error;
    thread thread;
    pushed ring[RING];
};

static pushed *at(judging *j, uint64_t number) {
    return &j->ring[number % RING];
}

/* Asks for what `number` and those after it look up, as far as they are there. reached[step] is how far it was done. */
static void prefetch(const sluice_detector *d, judging *j, uint64_t number, uint64_t put, uint64_t reached[3]) {
    uint64_t near = number + DETECTOR_AHEAD + NEAR;
    if (near < put) {
        __builtin_prefetch(at(j, near));
        __builtin_prefetch((const char *)(at(j, near) + 1) - 1);
    }
    for (unsigned step = 0; step < 3; step++) {
        uint64_t to = number + DETECTOR_AHEAD * (3 - step) / 3 + 1;
        to = to < put ? to : put;
        for (; reached[step] < to; reached[step]++) {
            const taken *t = &at(j, reached[step])->what;
            if (!t->is_duplicate) {
                detector_prefetch(d->detector, &t->what, (int)step);
            }
        }
    }
}

/* Judges got … to − 1; up to put − 1 they are there. */
static sluice_result judge_all(sluice_detector *d, judging *j, uint64_t got, uint64_t to, uint64_t put,
                               uint64_t reached[3], sluice_error *error) {
    for (; got < to; got++) {
        sluice_decision decision;
        pushed *p = at(j, got);
        prefetch(d, j, got, put, reached);
        sluice_result result = decide_judge(d, &p->what, &decision, error);
        if (result != SLUICE_OK) {
            return result;
        }
        p->decided(p->context, p->index, &decision);
    }
    return SLUICE_OK;
}

static void *judging_main(void *context) {
    sluice_detector *d = context;
    judging *j = d->ahead;
    uint64_t reached[3] = {0};
    mutex_lock(&j->lock);
    while (!j->stop || j->got < j->put) {
        if (j->got == j->put) {
            condition_wait(&j->changed, &j->lock);
            continue;
        }
        uint64_t got = j->got, put = j->put;
        sluice_result result = j->result;
        sluice_error error = {0};
        mutex_unlock(&j->lock);
        uint64_t to = put - got > SLICE ? got + SLICE : put;
        if (result == SLUICE_OK) {
            result = judge_all(d, j, got, to, put, reached, &error);
        }
        mutex_lock(&j->lock);
        if (result != SLUICE_OK && j->result == SLUICE_OK) {
            j->result = result;
            j->error = error;
        }
        j->got = to;
        if (to >= j->awaited) { /* not at each slice: on few cores whoever is woken in vain takes the judge's */
            j->awaited = UINT64_MAX;
            mutex_unlock(&j->lock);
            condition_wake_all(&j->changed);
            mutex_lock(&j->lock);
        }
    }
    mutex_unlock(&j->lock);
    return NULL;
}

/* Until so many were judged. Under the lock. */
static void wait_for(judging *j, uint64_t number) {
    while (j->got < number) {
        j->awaited = number < j->awaited ? number : j->awaited;
        condition_wait(&j->changed, &j->lock);
    }
}

/* NULL: no memory, or no thread. */
static judging *judging_start(sluice_detector *d, sluice_error *error) {
    judging *j = memory_new_zero(1, sizeof *j);
    if (j == NULL) {
        (void)error_no_memory(error, sizeof *j);
        return NULL;
    }
    mutex_init(&j->lock);
    condition_init(&j->changed);
    j->awaited = UINT64_MAX;
    d->ahead = j;
    if (!thread_start(&j->thread, judging_main, d)) {
        d->ahead = NULL;
        condition_fini(&j->changed);
        mutex_fini(&j->lock);
        memory_free(j);
        (void)error_set(error, SLUICE_E_NO_MEMORY, "the system has no more threads");
        return NULL;
    }
    return j;
}

sluice_result ahead_push(sluice_detector *d, const taken *group, size_t count, decided_fn decided, void *context,
                         size_t index, sluice_error *error) {
    SLUICE_ASSERT(count <= RING);
    judging *j = d->ahead != NULL ? d->ahead : judging_start(d, error);
    if (j == NULL) {
        return decide_lose(d, SLUICE_E_NO_MEMORY); /* they are in the batch, and nobody judges them */
    }
    mutex_lock(&j->lock);
    wait_for(j, j->put + count < RING ? 0 : j->put + count - RING);
    for (size_t i = 0; i < count; i++) {
        *at(j, j->put + i) = (pushed){group[i], decided, context, index + i};
    }
    bool was_idle = j->got == j->put;
    j->put += count;
    d->engine->batch->judged_until = j->put;
    mutex_unlock(&j->lock);
    if (was_idle) {
        condition_wake_all(&j->changed); /* whoever runs at once finds the lock free */
    }
    return SLUICE_OK;
}

sluice_result ahead_wait(sluice_detector *d, uint64_t until, sluice_error *error) {
    judging *j = d->ahead;
    if (j == NULL) {
        return SLUICE_OK;
    }
    mutex_lock(&j->lock);
    wait_for(j, until == ENGINE_JUDGED_ALL ? j->put : until);
    sluice_result result = j->result;
    if (result != SLUICE_OK && error != NULL) {
        *error = j->error;
    }
    mutex_unlock(&j->lock);
    return result;
}

void ahead_end(sluice_detector *d) {
    judging *j = d->ahead;
    if (j == NULL) {
        return;
    }
    mutex_lock(&j->lock);
    j->stop = true;
    condition_wake_all(&j->changed);
    mutex_unlock(&j->lock);
    thread_join(&j->thread);
    condition_fini(&j->changed);
    mutex_fini(&j->lock);
    memory_free(j);
    d->ahead = NULL;
}
