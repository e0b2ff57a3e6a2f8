/* Threads, locks and conditions: thin names over POSIX, so that nothing else includes pthread.h. */
#ifndef SYS_THREAD_H
#define SYS_THREAD_H

#include <pthread.h>
#include <stdbool.h>

typedef struct thread {
    pthread_t handle;
} thread;

/* False: the system has no more threads. */
bool thread_start(thread *thread, void *(*run)(void *context), void *context);
void thread_join(thread *thread);

typedef pthread_mutex_t mutex;
typedef pthread_cond_t condition;

void mutex_init(mutex *mutex);
void mutex_lock(mutex *mutex);
void mutex_unlock(mutex *mutex);
void mutex_fini(mutex *mutex);
void condition_init(condition *condition);
void condition_wait(condition *condition, mutex *mutex);
void condition_wake_all(condition *condition);
void condition_fini(condition *condition);

#endif
