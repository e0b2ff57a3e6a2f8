/* Waiting in one thread for several things: descriptors, a wake-up by other threads, and the signals that ask the
 * process to stop or to reload. */
#ifndef SYS_LOOP_H
#define SYS_LOOP_H

#include <stdint.h>

#include <sluice/result.h>

typedef struct loop {
    int poll, wake, signals; /* descriptors; -1: none */
} loop;

/* What came while waiting; several may have. */
enum { LOOP_READY = 1, LOOP_WOKEN = 2, LOOP_STOP = 4, LOOP_RELOAD = 8 };

SLUICE_MUST_USE sluice_result loop_open(loop *l, sluice_error *error);
/* From now on SIGTERM, SIGINT and SIGHUP are blocked in this thread and in those that it starts, and come here. */
SLUICE_MUST_USE sluice_result loop_take_signals(loop *l, sluice_error *error);
void loop_close(loop *l);
/* Adds a descriptor whose being readable is LOOP_READY. */
SLUICE_MUST_USE sluice_result loop_watch(loop *l, int descriptor, sluice_error *error);
/* At most so long (-1: for ever); the bits above. */
unsigned loop_wait(loop *l, int wait_ms);
/* Any thread. */
void loop_wake(const loop *l);

/* As many descriptors as the system lets this process have; returns that number. */
uint64_t loop_raise_descriptor_limit(void);

#endif
