#include "sys/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t (*simulated_clock)(void *context);
static void *simulated_context;

void clock_simulate(int64_t (*simulated)(void *context), void *context) {
    simulated_clock = simulated;
    simulated_context = context;
}

static int64_t read_ns(clockid_t id) {
    if (simulated_clock != NULL) {
        return simulated_clock(simulated_context);
    }
    struct timespec now;
    (void)clock_gettime(id, &now); /* cannot fail: the id is valid and the pointer too */
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clock_monotonic_ns(void) {
    return read_ns(CLOCK_MONOTONIC);
}

int64_t clock_now_ms(void) {
    return read_ns(CLOCK_REALTIME) / 1000000;
}

int64_t clock_machine_ns(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
