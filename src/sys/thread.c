#include "sys/thread.h"

#include <errno.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "sys/clock.h"

#define PROMPT_NS 100000 /* the shortest turn there is */

bool thread_start(thread *t, void *(*run)(void *context), void *context) {
    return pthread_create(&t->handle, NULL, run, context) == 0;
}

void thread_join(thread *t) {
    SLUICE_ASSERT(pthread_join(t->handle, NULL) == 0);
}

/* sched_setattr(2); the C library has neither the call nor this. */
typedef struct turns {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime_ns, deadline_ns, period_ns;
} turns;

static void ask(turns asked) {
    (void)syscall(SYS_sched_setattr, 0, &asked, 0);
}

/* A turn so short ends soon, so the scheduler lets it in before longer ones (EEVDF: the earliest end comes first). */
void thread_be_prompt(void) {
    ask((turns){.size = sizeof(turns), .policy = SCHED_OTHER, .runtime_ns = PROMPT_NS});
}

/* Whoever else is woken has the core at once, which the lowest of the ordinary priorities does not promise. */
void thread_be_patient(void) {
    ask((turns){.size = sizeof(turns), .policy = SCHED_IDLE});
}

void thread_give_way(void) {
    (void)sched_yield();
}

unsigned thread_core_count(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (unsigned)count;
}

void mutex_init(mutex *m) {
    SLUICE_ASSERT(pthread_mutex_init(m, NULL) == 0);
}

void mutex_lock(mutex *m) {
    SLUICE_ASSERT(pthread_mutex_lock(m) == 0);
}

void mutex_unlock(mutex *m) {
    SLUICE_ASSERT(pthread_mutex_unlock(m) == 0);
}

void mutex_fini(mutex *m) {
    SLUICE_ASSERT(pthread_mutex_destroy(m) == 0);
}

void condition_init(condition *c) {
    pthread_condattr_t attributes;
    SLUICE_ASSERT(pthread_condattr_init(&attributes) == 0);
    SLUICE_ASSERT(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    SLUICE_ASSERT(pthread_cond_init(c, &attributes) == 0);
    SLUICE_ASSERT(pthread_condattr_destroy(&attributes) == 0);
}

void condition_wait(condition *c, mutex *m) {
    SLUICE_ASSERT(pthread_cond_wait(c, m) == 0);
}

bool condition_wait_for(condition *c, mutex *m, int64_t wait_ms) {
    int64_t until_ns = clock_machine_ns() + (wait_ms < 0 ? 0 : wait_ms) * 1000000;
    struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = (long)(until_ns % 1000000000)};
    int result = pthread_cond_timedwait(c, m, &until);
    SLUICE_ASSERT(result == 0 || result == ETIMEDOUT);
    return result == 0;
}

void condition_wake_one(condition *c) {
    SLUICE_ASSERT(pthread_cond_signal(c) == 0);
}

void condition_wake_all(condition *c) {
    SLUICE_ASSERT(pthread_cond_broadcast(c) == 0);
}

void condition_fini(condition *c) {
    SLUICE_ASSERT(pthread_cond_destroy(c) == 0);
}
