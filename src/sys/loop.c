/* One epoll with the watched descriptors, an eventfd and a signalfd. Edge cases are left to the kernel: a wake-up that
 * comes while nobody waits is kept in the eventfd's counter, a signal in the signalfd. */
#include "sys/loop.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/error.h"

enum { TAG_WATCHED, TAG_WAKE, TAG_SIGNALS };

static sluice_result add(loop *l, int descriptor, uint32_t tag, sluice_error *error) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = tag};
    if (epoll_ctl(l->poll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
        return error_set(error, SLUICE_E_IO, "the system gives no more descriptors to wait on (%s)", strerror(errno));
    }
    return SLUICE_OK;
}

sluice_result loop_take_signals(loop *l, sluice_error *error) {
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 ||
        (l->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)) < 0) {
        return error_set(error, SLUICE_E_IO, "signals cannot be waited for (%s)", strerror(errno));
    }
    return add(l, l->signals, TAG_SIGNALS, error);
}

sluice_result loop_open(loop *l, sluice_error *error) {
    *l = (loop){.signals = -1};
    l->poll = epoll_create1(EPOLL_CLOEXEC);
    l->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (l->poll < 0 || l->wake < 0) {
        return error_set(error, SLUICE_E_IO, "the system gives no more descriptors to wait on (%s)", strerror(errno));
    }
    return add(l, l->wake, TAG_WAKE, error);
}

void loop_close(loop *l) {
    int *all[] = {&l->poll, &l->wake, &l->signals};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (*all[i] >= 0) {
            (void)close(*all[i]);
        }
        *all[i] = -1;
    }
}

sluice_result loop_watch(loop *l, int descriptor, sluice_error *error) {
    return add(l, descriptor, TAG_WATCHED, error);
}

static unsigned read_signals(const loop *l) {
    struct signalfd_siginfo info;
    unsigned came = 0;
    while (read(l->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        came |= info.ssi_signo == SIGHUP ? LOOP_RELOAD : LOOP_STOP;
    }
    return came;
}

unsigned loop_wait(loop *l, int wait_ms) {
    struct epoll_event events[8];
    unsigned came = 0;
    int count = epoll_wait(l->poll, events, 8, wait_ms);
    for (int i = 0; i < count; i++) {
        uint64_t woken = 0;
        switch (events[i].data.u32) {
        case TAG_WAKE:
            came |= LOOP_WOKEN;
            (void)!read(l->wake, &woken, sizeof woken);
            break;
        case TAG_SIGNALS:
            came |= read_signals(l);
            break;
        default:
            came |= LOOP_READY;
            break;
        }
    }
    return came;
}

void loop_wake(const loop *l) {
    uint64_t one = 1;
    (void)!write(l->wake, &one, sizeof one); /* a full counter wakes too */
}

uint64_t loop_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 1024;
    }
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur;
}
