#include "sys/thread.h"

#include <unistd.h>

#include "base/assert.h"

bool thread_start(thread *t, void *(*run)(void *context), void *context) {
    return pthread_create(&t->handle, NULL, run, context) == 0;
}

void thread_join(thread *t) {
    SLUICE_ASSERT(pthread_join(t->handle, NULL) == 0);
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
    SLUICE_ASSERT(pthread_cond_init(c, NULL) == 0);
}

void condition_wait(condition *c, mutex *m) {
    SLUICE_ASSERT(pthread_cond_wait(c, m) == 0);
}

void condition_wake_all(condition *c) {
    SLUICE_ASSERT(pthread_cond_broadcast(c) == 0);
}

void condition_fini(condition *c) {
    SLUICE_ASSERT(pthread_cond_destroy(c) == 0);
}
