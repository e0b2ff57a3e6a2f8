/* What is asked for is a ring of ranges; a piece of each is touched in turn, so that a large one keeps no small one
 * waiting. The thread takes what others leave of the processor. */
#include "sys/region_ahead.h"

#include <stdatomic.h>
#include <stdint.h>

#include "sys/thread.h"

#define RANGES 64u
#define PIECE_BYTES ((ptrdiff_t)64 << 10)
#define PAGE_BYTES 4096 /* the smallest there is */
#define MARGIN_BYTES_MIN ((size_t)64 << 10)
#define MARGIN_BYTES_MAX ((size_t)4 << 20)

#if defined(__clang__)
#define NOT_SANITIZED __attribute__((noinline, disable_sanitizer_instrumentation))
#else
#define NOT_SANITIZED __attribute__((no_sanitize("thread")))
#endif

typedef struct range {
    unsigned char *from, *to;
} range;

static struct {
    mutex lock;        /* guards the next seven */
    condition changed; /* something is asked for, was touched, or it ends */
    range ranges[RANGES];
    size_t first, count;
    range touched; /* now, without the lock; from == NULL: nothing */
    bool stop;
    thread thread;
    atomic_bool runs;
    mutex starting; /* guards the next, and that the thread begins or ends */
    unsigned starts;
} ahead = {
    .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .starting = PTHREAD_MUTEX_INITIALIZER};

/* The first write of a page finds it; a nought takes the place of a nought in one step, so whoever is here already
 * loses nothing (which a sanitizer cannot know). The system could be asked to populate the range (madvise), but holds
 * the lock of the whole address space meanwhile, and whoever's heap grows waits for it; a fault holds that of its
 * mapping. */
NOT_SANITIZED static void touch(range r) {
    for (unsigned char *at = r.from; at < r.to; at += PAGE_BYTES) {
        unsigned char nought = 0;
        (void)__atomic_compare_exchange_n(at, &nought, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    }
}

static void put(range r) {
    if (r.from < r.to && ahead.count < RANGES) {
        ahead.ranges[(ahead.first + ahead.count++) % RANGES] = r;
    }
}

static range take_piece(void) {
    range r = ahead.ranges[ahead.first], rest = r;
    ahead.first = (ahead.first + 1) % RANGES;
    ahead.count--;
    if (r.to - r.from > PIECE_BYTES) {
        r.to = rest.from = r.from + PIECE_BYTES;
        put(rest);
    }
    return r;
}

static void *ahead_main(void *context) {
    thread_be_patient();
    mutex_lock(&ahead.lock);
    while (!ahead.stop) {
        if (ahead.count == 0) {
            condition_wait(&ahead.changed, &ahead.lock);
            continue;
        }
        range r = ahead.touched = take_piece();
        mutex_unlock(&ahead.lock);
        touch(r);
        mutex_lock(&ahead.lock);
        ahead.touched = (range){0};
        condition_wake_all(&ahead.changed);
    }
    mutex_unlock(&ahead.lock);
    return context;
}

bool region_ahead_start(void) {
    mutex_lock(&ahead.starting);
    bool runs = ahead.starts > 0;
    if (!runs) {
        ahead.stop = false;
        ahead.first = ahead.count = 0;
        runs = thread_start(&ahead.thread, ahead_main, NULL);
        atomic_store(&ahead.runs, runs);
    }
    ahead.starts += runs;
    mutex_unlock(&ahead.starting);
    return runs;
}

void region_ahead_stop(void) {
    mutex_lock(&ahead.starting);
    if (ahead.starts > 0 && --ahead.starts == 0) {
        atomic_store(&ahead.runs, false);
        mutex_lock(&ahead.lock);
        ahead.stop = true;
        condition_wake_all(&ahead.changed);
        mutex_unlock(&ahead.lock);
        thread_join(&ahead.thread);
    }
    mutex_unlock(&ahead.starting);
}

size_t region_ahead_margin(size_t committed) {
    if (!atomic_load_explicit(&ahead.runs, memory_order_relaxed)) {
        return 0;
    }
    size_t part = committed / 8;
    return part < MARGIN_BYTES_MIN ? MARGIN_BYTES_MIN : part > MARGIN_BYTES_MAX ? MARGIN_BYTES_MAX : part;
}

void region_ahead_ask(unsigned char *from, unsigned char *to) {
    if (!atomic_load_explicit(&ahead.runs, memory_order_relaxed)) {
        return;
    }
    mutex_lock(&ahead.lock);
    put((range){from, to});
    condition_wake_all(&ahead.changed);
    mutex_unlock(&ahead.lock);
}

static bool is_within(range r, const unsigned char *from, const unsigned char *to) {
    return r.from != NULL && r.from >= from && r.from < to;
}

void region_ahead_forget(const unsigned char *from, const unsigned char *to) {
    mutex_lock(&ahead.lock);
    size_t count = ahead.count;
    for (size_t i = 0; i < count; i++) {
        range r = ahead.ranges[ahead.first];
        ahead.first = (ahead.first + 1) % RANGES;
        ahead.count--;
        if (!is_within(r, from, to)) {
            put(r);
        }
    }
    while (is_within(ahead.touched, from, to)) {
        condition_wait(&ahead.changed, &ahead.lock);
    }
    mutex_unlock(&ahead.lock);
}
