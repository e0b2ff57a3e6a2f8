#include "sys/thread.h"

#include "base/assert.h"

bool thread_start(thread *thread, void *(*run)(void *context), void *context) {
    return pthread_create(&thread->handle, NULL, run, context) == 0;
}

void thread_join(thread *thread) {
    SLUICE_ASSERT(pthread_join(thread->handle, NULL) == 0);
}

void mutex_init(mutex *mutex) {
    SLUICE_ASSERT(pthread_mutex_init(mutex, NULL) == 0);
}

void mutex_lock(mutex *mutex) {
    SLUICE_ASSERT(pthread_mutex_lock(mutex) == 0);
}

void mutex_unlock(mutex *mutex) {
    SLUICE_ASSERT(pthread_mutex_unlock(mutex) == 0);
}

void mutex_fini(mutex *mutex) {
    SLUICE_ASSERT(pthread_mutex_destroy(mutex) == 0);
}

void condition_init(condition *condition) {
    SLUICE_ASSERT(pthread_cond_init(condition, NULL) == 0);
}

void condition_wait(condition *condition, mutex *mutex) {
    SLUICE_ASSERT(pthread_cond_wait(condition, mutex) == 0);
}

void condition_wake_all(condition *condition) {
    SLUICE_ASSERT(pthread_cond_broadcast(condition) == 0);
}

void condition_fini(condition *condition) {
    SLUICE_ASSERT(pthread_cond_destroy(condition) == 0);
}
