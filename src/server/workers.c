/* Workers, and the way back to http. */
#include <string.h>

#include "base/error.h"
#include "server/checks_private.h"
#include "server/server_private.h"

void exchange_done_all(server *s, exchange *first) {
    exchange *last = first;
    while (last->next != NULL) {
        last = last->next;
    }
    mutex_lock(&s->done.lock);
    if (s->done.last == NULL) {
        s->done.first = first;
    } else {
        s->done.last->next = first;
    }
    s->done.last = last;
    mutex_unlock(&s->done.lock);
    loop_wake(&s->loop);
}

void exchange_done(server *s, exchange *x) {
    x->next = NULL;
    exchange_done_all(s, x);
}

bool workers_submit(server *s, exchange *x) {
    worker_pool *p = &s->workers;
    mutex_lock(&p->lock);
    bool fits = p->waiting < p->waiting_max && !p->stop;
    if (fits) {
        x->next = NULL;
        if (p->first == NULL) {
            p->first = x;
        } else {
            p->last->next = x;
        }
        p->last = x;
        p->waiting++;
    }
    mutex_unlock(&p->lock);
    if (fits) {
        condition_wake_one(&p->changed);
    }
    return fits;
}

static exchange *take(worker_pool *p) {
    mutex_lock(&p->lock);
    while (p->first == NULL && !p->stop) {
        condition_wait(&p->changed, &p->lock);
    }
    exchange *x = p->first;
    if (x != NULL) {
        p->first = x->next;
        p->waiting--;
    }
    mutex_unlock(&p->lock);
    return x;
}

static void *worker_main(void *context) {
    server *s = context;
    for (exchange *x; (x = take(&s->workers)) != NULL;) {
        bool good = true;
        if (x->retry_authenticate) {
            x->retry_authenticate = false;
            good = request_authorise(x, true) == SLUICE_OK && !x->handled && request_check(x) && request_body(x);
        }
        if (good && x->request.route->lane == LANE_WORKER && !request_is_job(&x->request)) {
            request_handle(x);
        }
        exchange_done(s, x);
    }
    return NULL;
}

sluice_result workers_open(server *s, sluice_error *error) {
    worker_pool *p = &s->workers;
    p->waiting_max = SERVER_WORKER_QUEUE_MAX;
    for (size_t i = 0; i < s->options.workers; i++) {
        if (!thread_start(&p->threads[p->thread_count], worker_main, s)) {
            return error_set(error, SLUICE_E_IO, "the system has no more threads");
        }
        p->thread_count++;
    }
    return SLUICE_OK;
}

/* What is queued is still done. */
void workers_close(server *s) {
    worker_pool *p = &s->workers;
    mutex_lock(&p->lock);
    p->stop = true;
    condition_wake_all(&p->changed);
    mutex_unlock(&p->lock);
    for (size_t i = 0; i < p->thread_count; i++) {
        thread_join(&p->threads[i]);
    }
    p->thread_count = 0;
}
