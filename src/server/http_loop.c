/* The http thread: one loop over all connections.
 *
 *   epoll of libmicrohttpd ┐
 *   wake-ups of the others ├─▶ loop_wait ─▶ what is done is resumed ─▶ MHD_run ─▶ 16 decisions ─▶ writer, more come
 *   signals                ┘        └─ nothing came ─▶ all decisions ─▶ writer, that was all
 *
 * The writer begins to decide while requests are still read, and the round flies when the last that is there is in it:
 * a commit costs the processor about as much as five decisions, so one for all that have come is cheaper than two
 * halves that take turns. Of 32 clients that ask again once they are answered, 30 are in a round instead of 15. */
#include <signal.h>
#include <stdlib.h>

#include "base/error.h"
#include "server/checks_private.h"
#include "server/http_private.h"
#include "server/server_private.h"
#include "sys/clock.h"

#define HAND_ON 16            /* decisions that the writer is woken for */
#define STOPPED_NS 1000000000 /* a sweep that comes so late says that we were stopped */
#define TURN_NS_MAX 500000    /* so long it waits at most for those that are being read */

/* ---- those who take too long ---- */

static void cut(server *s, connection *c) {
    const exchange *x = c->exchange;
    bool reading = x != NULL ? x->state == EXCHANGE_HEADERS || x->state == EXCHANGE_BODY : c->is_new;
    s->metrics.timed_out++;
    if (reading) {
        http_refuse(c, 408);
    } else {
        listen_cut(c->descriptor, NULL);
    }
    c->deadline_ns = INT64_MAX; /* libmicrohttpd sees the end by itself */
}

/* Time in which we did not read is nobody's fault: a daemon, or its machine, that was stopped for a while would else
 * cut all whose requests lie in their sockets. */
static void cut_slow_ones(server *s, int64_t now_ns) {
    int64_t late_ns = now_ns - s->sweep_ns;
    bool was_stopped = s->sweep_ns > 0 && late_ns > STOPPED_NS;
    for (connection *c = s->connections.first; c != NULL; c = c->next) {
        if (was_stopped && c->deadline_ns != INT64_MAX) {
            c->deadline_ns += late_ns;
        } else if (c->deadline_ns <= now_ns) {
            cut(s, c);
        }
    }
}

/* ---- what is done, and what goes to the writer ---- */

static void resume_done(server *s) {
    mutex_lock(&s->done.lock);
    exchange *x = s->done.first;
    s->done.first = s->done.last = NULL;
    mutex_unlock(&s->done.lock);
    while (x != NULL) {
        exchange *next = x->next;
        if (x->result != SLUICE_OK && x->request.route->lane == LANE_DECISION) {
            request_fail_with(x, x->result, &x->error);
        }
        x->state = EXCHANGE_READY;
        MHD_resume_connection(x->handle);
        x = next;
    }
}

/* Decisions of this turn go to the writer; `more`: others may follow at once. */
static void hand_on(server *s, bool more) {
    exchange *left = writer_submit_decisions(s, s->turn.first, s->turn.last, s->turn.count, more);
    for (exchange *x = left; x != NULL; x = x->next) {
        x->result = error_set(&x->error, SLUICE_E_BUSY, "too many decisions wait: try again in a second");
    }
    if (left != NULL) {
        exchange_done_all(s, left);
    }
    s->turn.first = s->turn.last = NULL;
    s->turn.count = 0;
    s->turn.is_open = more;
}

/* Waits for what comes. Before it sleeps the writer hears that this was all. */
static unsigned wait_for_some(server *s, int wait_ms) {
    unsigned came = loop_wait(&s->loop, s->turn.is_open ? 0 : wait_ms);
    if (came == 0 && s->turn.is_open && wait_ms > 0) {
        hand_on(s, false);
        came = loop_wait(&s->loop, wait_ms);
    }
    return came;
}

/* ---- signals ---- */

static void begin_drain(server *s) {
    if (s->draining) {
        return;
    }
    s->draining = true;
    notify_service("STOPPING=1");
    log_line(&s->log, "info", "stopping", "no new requests are taken; %zu are under way", s->exchanges.live_count);
    int descriptor = MHD_quiesce_daemon(s->daemon);
    if (descriptor >= 0) {
        listen_close(&s->listening);
    }
    s->drain_until_ns = clock_machine_ns() + (int64_t)SERVER_STOP_MS * 1000000;
}

static void reload(server *s) {
    sluice_error error = {0};
    notify_service("RELOADING=1");
    if (s->tls != NULL && tls_reload(s->tls, &error) != SLUICE_OK) {
        log_line(&s->log, "error", "reload", "the certificate was not taken, the old one stays: %s", error.text);
    } else if (s->tls != NULL) {
        log_line(&s->log, "info", "reload", "the certificate is in use");
    }
    writer_reload(s);
    notify_service("READY=1");
}

static void on_signals(server *s, unsigned came) {
    if ((came & LOOP_STOP) != 0 && s->draining) {
        log_line(&s->log, "warn", "stopped", "at once, as asked");
        _Exit(1);
    }
    if ((came & LOOP_STOP) != 0 || atomic_load(&s->stop)) {
        begin_drain(s);
    }
    if ((came & LOOP_RELOAD) != 0) {
        reload(s);
    }
}

/* ---- the loop ---- */

void http_turn(server *s, int wait_ms) {
    MHD_UNSIGNED_LONG_LONG due = 0;
    if (MHD_get_timeout(s->daemon, &due) == MHD_YES && due < (MHD_UNSIGNED_LONG_LONG)wait_ms) {
        wait_ms = (int)due;
    }
    unsigned came = wait_for_some(s, wait_ms);
    on_signals(s, came);
    resume_done(s);
    int64_t now = clock_machine_ns();
    if ((came & LOOP_WOKEN) != 0 || now >= s->sweep_ns) {
        events_turn(s, now);
    }
    (void)MHD_run(s->daemon);
    bool is_late = s->turn.is_open && now - s->turn.begun_ns > TURN_NS_MAX;
    if (is_late || s->turn.count >= HAND_ON) {
        hand_on(s, !is_late);
    }
    log_flush(&s->log);
    if (now >= s->sweep_ns) {
        cut_slow_ones(s, now);
        s->sweep_ns = now + (int64_t)HTTP_SWEEP_MS * 1000000;
        if (s->watchdog_ms > 0 && now >= s->watchdog_ns) {
            s->watchdog_ns = now + s->watchdog_ms * 1000000;
            notify_service("WATCHDOG=1");
        }
    }
}

sluice_result http_run(server *s, bool with_signals, sluice_error *error) {
    (void)error;
    (void)signal(SIGPIPE, SIG_IGN); /* GnuTLS writes without MSG_NOSIGNAL */
    thread_be_prompt();
    s->watchdog_ms = with_signals ? notify_watchdog_ms() : 0;
    notify_service("READY=1");
    log_line(&s->log, "info", "ready", "listening on port %u%s", (unsigned)s->listening.port,
             s->tls != NULL ? ", with TLS" : "");
    while (!s->draining || (s->exchanges.live_count > 0 && clock_machine_ns() < s->drain_until_ns)) {
        http_turn(s, HTTP_SWEEP_MS);
    }
    return SLUICE_OK;
}
