#include "store/reader_pool.h"

#include "base/assert.h"

void reader_pool_init(reader_pool *p) {
    *p = (reader_pool){.idle_count = 0};
    mutex_init(&p->lock);
    condition_init(&p->given);
}

void reader_pool_fini(reader_pool *p) {
    SLUICE_ASSERT(p->out_count == 0 && p->idle_count == 0);
    condition_fini(&p->given);
    mutex_fini(&p->lock);
}

void *reader_pool_take(reader_pool *p, bool is_long) {
    mutex_lock(&p->lock);
    while (p->held || p->out_count == READER_POOL_SIZE) {
        condition_wait(&p->given, &p->lock);
    }
    p->out_count++;
    p->long_count += is_long;
    void *connection = p->idle_count > 0 ? p->idle[--p->idle_count] : NULL;
    mutex_unlock(&p->lock);
    return connection;
}

void reader_pool_give(reader_pool *p, void *connection, bool is_long) {
    mutex_lock(&p->lock);
    p->out_count--;
    p->long_count -= is_long;
    if (connection != NULL) {
        p->idle[p->idle_count++] = connection;
    }
    condition_wake_all(&p->given);
    mutex_unlock(&p->lock);
}

void *reader_pool_take_idle(reader_pool *p) {
    mutex_lock(&p->lock);
    void *connection = p->idle_count > 0 ? p->idle[--p->idle_count] : NULL;
    mutex_unlock(&p->lock);
    return connection;
}

bool reader_pool_hold(reader_pool *p) {
    mutex_lock(&p->lock);
    bool possible = p->long_count == 0;
    if (possible) {
        p->held = true;
        while (p->out_count > 0) {
            condition_wait(&p->given, &p->lock);
        }
    }
    mutex_unlock(&p->lock);
    return possible;
}

void reader_pool_release(reader_pool *p) {
    mutex_lock(&p->lock);
    p->held = false;
    condition_wake_all(&p->given);
    mutex_unlock(&p->lock);
}
