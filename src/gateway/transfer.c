/* libcurl tells which sockets it waits for and when it wants to be called (its multi_socket interface); the sockets are
 * kept in an epoll, whose own descriptor is readable when one of them is ready. */
#include "gateway/transfer.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "sys/clock.h"

typedef struct transfer {
    struct transfer *before, *after;
    CURL *easy;
    transfer_done done;
    void *context;
} transfer;

struct transfers {
    CURLM *multi;
    int poll;
    int64_t due_ns;
    transfer *first;
};

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *known) {
    transfers *t = context;
    struct epoll_event event = {.data.fd = socket};
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(t->poll, EPOLL_CTL_DEL, socket, &event);
        return 0;
    }
    event.events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
    int failed = epoll_ctl(t->poll, known == NULL ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
    if (failed != 0 && errno == EEXIST) {
        failed = epoll_ctl(t->poll, EPOLL_CTL_MOD, socket, &event);
    }
    (void)curl_multi_assign(t->multi, socket, t);
    return failed == 0 ? 0 : -1;
}

static int on_timer(CURLM *multi, long wait_ms, void *context) {
    transfers *t = context;
    (void)multi;
    t->due_ns = wait_ms < 0 ? INT64_MAX : clock_machine_ns() + (int64_t)wait_ms * 1000000;
    return 0;
}

sluice_result transfers_open(transfers **transfers_out, sluice_error *error) {
    transfers *t = memory_new_zero(1, sizeof *t);
    *transfers_out = t;
    if (t == NULL) {
        return error_no_memory(error, sizeof *t);
    }
    t->due_ns = INT64_MAX;
    t->poll = epoll_create1(EPOLL_CLOEXEC);
    t->multi = curl_multi_init();
    if (t->poll < 0 || t->multi == NULL || curl_multi_setopt(t->multi, CURLMOPT_SOCKETFUNCTION, on_socket) != CURLM_OK ||
        curl_multi_setopt(t->multi, CURLMOPT_SOCKETDATA, t) != CURLM_OK ||
        curl_multi_setopt(t->multi, CURLMOPT_TIMERFUNCTION, on_timer) != CURLM_OK ||
        curl_multi_setopt(t->multi, CURLMOPT_TIMERDATA, t) != CURLM_OK) {
        transfers_close(transfers_out);
        return error_set(error, SLUICE_E_IO, "libcurl cannot be used");
    }
    return SLUICE_OK;
}

static void end(transfers *t, transfer *one, CURLcode code) {
    CURL *easy = one->easy;
    transfer_done done = one->done;
    void *context = one->context;
    (void)curl_multi_remove_handle(t->multi, easy);
    *(one->before == NULL ? &t->first : &one->before->after) = one->after;
    if (one->after != NULL) {
        one->after->before = one->before;
    }
    memory_free(one);
    done(context, easy, code);
}

void transfers_close(transfers **tp) {
    transfers *t = *tp;
    if (t == NULL) {
        return;
    }
    while (t->first != NULL) {
        end(t, t->first, CURLE_ABORTED_BY_CALLBACK);
    }
    if (t->multi != NULL) {
        (void)curl_multi_cleanup(t->multi);
    }
    if (t->poll >= 0) {
        close(t->poll);
    }
    memory_free(t);
    *tp = NULL;
}

bool transfers_add(transfers *t, CURL *easy, transfer_done done, void *context) {
    transfer *one = memory_new(sizeof *one);
    if (one == NULL) {
        return false;
    }
    *one = (transfer){NULL, t->first, easy, done, context};
    if (curl_easy_setopt(easy, CURLOPT_PRIVATE, one) != CURLE_OK || curl_multi_add_handle(t->multi, easy) != CURLM_OK) {
        memory_free(one);
        return false;
    }
    if (t->first != NULL) {
        t->first->before = one;
    }
    t->first = one;
    return true;
}

void transfers_work(transfers *t) {
    struct epoll_event events[32];
    int running = 0, left = 0, ready = epoll_wait(t->poll, events, 32, 0);
    for (int i = 0; i < ready; i++) {
        bool failed = (events[i].events & (EPOLLERR | EPOLLHUP)) != 0;
        int what = ((events[i].events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                   ((events[i].events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) | (failed ? CURL_CSELECT_ERR : 0);
        (void)curl_multi_socket_action(t->multi, events[i].data.fd, what, &running);
    }
    if (t->due_ns <= clock_machine_ns()) {
        t->due_ns = INT64_MAX;
        (void)curl_multi_socket_action(t->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    for (CURLMsg *m = curl_multi_info_read(t->multi, &left); m != NULL; m = curl_multi_info_read(t->multi, &left)) {
        transfer *one = NULL;
        if (m->msg == CURLMSG_DONE && curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &one) == CURLE_OK) {
            end(t, one, m->data.result);
        }
    }
}

int transfers_descriptor(const transfers *t) {
    return t->poll;
}

int64_t transfers_due_ns(const transfers *t) {
    return t->due_ns;
}
