/* libcurl tells which sockets it wants watched (an epoll, whose descriptor the gateway waits on) and when it wants to
 * be called; curl_multi_socket_action does the rest. */
#include "gateway/transfers.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "sys/clock.h"

enum { CONNECTIONS_KEPT = 256, EVENTS = 64 };

typedef struct transfer {
    struct transfer *next, *previous;
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

static int watch(CURL *easy, curl_socket_t socket, int what, void *context, void *known) {
    transfers *t = context;
    (void)easy;
    struct epoll_event event = {.data.fd = socket};
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(t->poll, EPOLL_CTL_DEL, socket, &event); /* it may be closed already */
        return 0;
    }
    event.events =
        ((what & CURL_POLL_IN) != 0 ? (uint32_t)EPOLLIN : 0) | ((what & CURL_POLL_OUT) != 0 ? (uint32_t)EPOLLOUT : 0);
    if (epoll_ctl(t->poll, known == NULL ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event) != 0 && errno == EEXIST) {
        (void)epoll_ctl(t->poll, EPOLL_CTL_MOD, socket, &event);
    }
    (void)curl_multi_assign(t->multi, socket, t);
    return 0;
}

static int set_timer(CURLM *multi, long timeout_ms, void *context) {
    transfers *t = context;
    (void)multi;
    t->due_ns = timeout_ms < 0 ? INT64_MAX : clock_machine_ns() + (int64_t)timeout_ms * 1000000;
    return 0;
}

sluice_result transfers_new(transfers **t_out, sluice_error *error) {
    transfers *t = memory_new_zero(1, sizeof *t);
    *t_out = t;
    if (t == NULL) {
        return error_no_memory(error, sizeof *t);
    }
    t->due_ns = INT64_MAX;
    t->poll = epoll_create1(EPOLL_CLOEXEC);
    t->multi = curl_multi_init();
    if (t->poll < 0 || t->multi == NULL) {
        transfers_free(t_out);
        return error_set(error, SLUICE_E_IO, "the system gives no more descriptors to wait on (%s)", strerror(errno));
    }
    (void)curl_multi_setopt(t->multi, CURLMOPT_SOCKETFUNCTION, watch);
    (void)curl_multi_setopt(t->multi, CURLMOPT_SOCKETDATA, t);
    (void)curl_multi_setopt(t->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    (void)curl_multi_setopt(t->multi, CURLMOPT_TIMERDATA, t);
    (void)curl_multi_setopt(t->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
    return SLUICE_OK;
}

static void finish(transfers *t, transfer *one, CURLcode code) {
    (void)curl_multi_remove_handle(t->multi, one->easy);
    if (one->previous != NULL) {
        one->previous->next = one->next;
    } else {
        t->first = one->next;
    }
    if (one->next != NULL) {
        one->next->previous = one->previous;
    }
    one->done(one->context, one->easy, code);
    curl_easy_cleanup(one->easy);
    memory_free(one);
}

void transfers_free(transfers **tp) {
    transfers *t = *tp;
    if (t == NULL) {
        return;
    }
    while (t->first != NULL) {
        finish(t, t->first, CURLE_ABORTED_BY_CALLBACK);
    }
    if (t->multi != NULL) {
        (void)curl_multi_cleanup(t->multi);
    }
    if (t->poll >= 0) {
        (void)close(t->poll);
    }
    memory_free(t);
    *tp = NULL;
}

sluice_result transfers_start(transfers *t, CURL *easy, transfer_done done, void *context, sluice_error *error) {
    transfer *one = memory_new_zero(1, sizeof *one);
    if (one == NULL) {
        curl_easy_cleanup(easy);
        return error_no_memory(error, sizeof *one);
    }
    *one = (transfer){.next = t->first, .easy = easy, .done = done, .context = context};
    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, (char *)one);
    if (curl_multi_add_handle(t->multi, easy) != CURLM_OK) {
        curl_easy_cleanup(easy);
        memory_free(one);
        return error_no_memory(error, sizeof *one);
    }
    if (t->first != NULL) {
        t->first->previous = one;
    }
    t->first = one;
    return SLUICE_OK;
}

int transfers_descriptor(const transfers *t) {
    return t->poll;
}

int64_t transfers_due_ns(const transfers *t) {
    return t->due_ns;
}

static void take_finished(transfers *t) {
    int left = 0;
    for (CURLMsg *message; (message = curl_multi_info_read(t->multi, &left)) != NULL;) {
        if (message->msg == CURLMSG_DONE) {
            char *one = NULL;
            CURLcode code = message->data.result;
            (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &one);
            finish(t, (transfer *)(void *)one, code);
        }
    }
}

void transfers_work(transfers *t) {
    struct epoll_event events[EVENTS];
    int running = 0, count = epoll_wait(t->poll, events, EVENTS, 0);
    for (int i = 0; i < count; i++) {
        int what = ((events[i].events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                   ((events[i].events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                   ((events[i].events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
        (void)curl_multi_socket_action(t->multi, events[i].data.fd, what, &running);
    }
    if (t->due_ns <= clock_machine_ns()) {
        t->due_ns = INT64_MAX; /* libcurl sets it again if it wants to be called again */
        (void)curl_multi_socket_action(t->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    take_finished(t);
}

bool transfer_was_not_sent(CURLcode code, CURL *easy) {
    long sent = 0;
    curl_off_t body = 0;
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return true;
    default:
        (void)curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
        (void)curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &body);
        return code != CURLE_OK && sent == 0 && body == 0;
    }
}

size_t transfer_collect(char *data, size_t size, size_t count, void *writer) {
    text_writer *w = writer;
    size_t bytes = size * count;
    if (w->length + bytes > TRANSFER_BYTES_MAX) {
        return 0; /* the transfer fails: nobody answers so much */
    }
    text_write(w, (sluice_text){data, bytes});
    return w->failed ? 0 : bytes;
}

bool transfer_prepare(CURL *easy, const char *protocols, int64_t timeout_ms) {
    return easy != NULL && curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms) == CURLE_OK;
}
