/* Threads, locks and conditions: thin names over POSIX, so that nothing else includes pthread.h. */
#ifndef SYS_THREAD_H
#define SYS_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct thread {
    pthread_t handle;
} thread;

/* False: the system has no more threads. */
bool thread_start(thread *t, void *(*run)(void *context), void *context);
void thread_join(thread *t);
/* The calling thread does a little at a time and somebody waits for it: once it has something to do, whoever else has
 * the core soon makes room. It takes no more of it than others. A kernel before 6.12, or one that forbids it, changes
 * nothing. */
void thread_be_prompt(void);
/* The calling thread takes what others leave of the processor. */
void thread_be_patient(void);
/* Whoever else wants this core goes first, once; another core that is idle may take the calling thread over. */
void thread_give_way(void);
/* The machine's processors; at least 1. */
unsigned thread_core_count(void);

typedef pthread_mutex_t mutex;
typedef pthread_cond_t condition;

void mutex_init(mutex *m);
void mutex_lock(mutex *m);
void mutex_unlock(mutex *m);
void mutex_fini(mutex *m);
void condition_init(condition *c);
void condition_wait(condition *c, mutex *m);
/* At most so long by the machine's clock; returns false when the time is over. */
bool condition_wait_for(condition *c, mutex *m, int64_t wait_ms);
void condition_wake_one(condition *c);
void condition_wake_all(condition *c);
void condition_fini(condition *c);

#endif
