/* Connections for readers: a few that are handed out one caller at a time, opened when they are first needed. */
#ifndef STORE_READER_POOL_H
#define STORE_READER_POOL_H

#include <stddef.h>

#include "sys/thread.h"

#define READER_POOL_SIZE 8

typedef struct reader_pool {
    mutex lock;
    condition given;
    void *idle[READER_POOL_SIZE];
    size_t idle_count;
    size_t out_count;  /* handed out, or being opened */
    size_t long_count; /* … of them for long */
    bool held;
} reader_pool;

void reader_pool_init(reader_pool *p);
void reader_pool_fini(reader_pool *p); /* all are idle and were taken out by reader_pool_take_idle */

/* Waits until one is free. NULL: there is room for one more, which the caller opens. `is_long`: it may be used for more
 * than a moment. */
void *reader_pool_take(reader_pool *p, bool is_long);
/* NULL: it could not be opened, or was closed. */
void reader_pool_give(reader_pool *p, void *connection, bool is_long);
/* One that nobody uses, for good; NULL: none. */
void *reader_pool_take_idle(reader_pool *p);

/* Waits until nobody has one, and lets nobody have one until reader_pool_release; false, at once, when one is out for
 * long. */
bool reader_pool_hold(reader_pool *p);
void reader_pool_release(reader_pool *p);

#endif
