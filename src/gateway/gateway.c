/* The gateway's life and its thread. */
#include "gateway/gateway.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "desk/partner_link.h"
#include "gateway/gateway_private.h"
#include "sys/clock.h"

enum {
    IDLE_MS = 1000,
    SIMULATED_POLL_MS = 10, /* a simulated clock does not wake anybody */
    TROUBLE_MS = 500,       /* after the store said no */
};
#define GAUGES_NS INT64_C(1000000000)

void gateway_log(gateway *g, const char *level, const char *event, const char *format, ...) {
    char text[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    g->host.log(g->host.context, level, event, text);
}

void gateway_step(gateway *g, const char *step) {
    if (g->die_count > 0 && strcmp(g->die_step, step) == 0 && --g->die_count == 0) {
        (void)raise(SIGKILL);
    }
}

/* ---- what is reported ---- */

static char *put(char *at, sluice_text *text) {
    if (text->length > 0) {
        memcpy(at, text->data, text->length);
    }
    text->data = at;
    return at + text->length;
}

void gateway_report(gateway *g, const gateway_outcome *outcome) {
    const outbox_answer *a = &outcome->answer;
    size_t bytes = outcome->partner.length + outcome->serial.length + outcome->receipt.length + outcome->code.length +
                   outcome->text.length + a->code.length + a->words.length + a->receipt.length +
                   a->prior_authority.length + a->body.length;
    reported *r = memory_new(sizeof *r + bytes + 1);
    if (r == NULL) {
        gateway_log(g, "error", "gateway", "no memory for an outcome: it is asked for again");
        return;
    }
    r->next = NULL;
    r->outcome = *outcome;
    sluice_text *texts[] = {&r->outcome.partner,      &r->outcome.serial,         &r->outcome.receipt,
                            &r->outcome.code,         &r->outcome.text,           &r->outcome.answer.code,
                            &r->outcome.answer.words, &r->outcome.answer.receipt, &r->outcome.answer.prior_authority,
                            &r->outcome.answer.body};
    char *at = r->texts;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        at = put(at, texts[i]);
    }
    mutex_lock(&g->lock);
    if (g->first == NULL) {
        g->first = r;
    } else {
        g->last->next = r;
    }
    g->last = r;
    g->reported_count++;
    mutex_unlock(&g->lock);
    loop_wake(&g->loop);
}

/* ---- the thread ---- */

static void load_links(gateway *g) {
    sluice_error error = {0};
    uint64_t epoch = partner_link_epoch(g->host.desk);
    int64_t now = clock_machine_ns();
    if (epoch == g->link_epoch && now < g->links_ns) {
        return;
    }
    g->links_ns = INT64_MAX; /* unless one of them is out of service */
    if (links_load(g, &error) != SLUICE_OK) {
        gateway_log(g, "error", "links", "links cannot be read: %s", error.text);
        g->links_ns = now + LINKS_RETRY_NS;
        return;
    }
    g->link_epoch = epoch;
}

static int wait_ms(gateway *g, int64_t next_ms, bool more, bool trouble) {
    int64_t now_ns = clock_machine_ns(), left = g->host.clock_is_simulated ? SIMULATED_POLL_MS : IDLE_MS;
    if (more) {
        return g->turn_ns <= now_ns ? 0 : (int)((g->turn_ns - now_ns) / 1000000) + 1;
    }
    if (trouble) {
        return TROUBLE_MS;
    }
    if (!g->host.clock_is_simulated && next_ms != INT64_MAX) {
        int64_t until = next_ms - clock_now_ms();
        left = until < 0 ? 0 : until < left ? until : left;
    }
    for (size_t i = 0; i < g->channel_count; i++) {
        int64_t due = g->channels[i].ops->due_ns(g->channels[i].self);
        int64_t until = due == INT64_MAX ? left : due <= now_ns ? 0 : (due - now_ns) / 1000000 + 1;
        left = until < left ? until : left;
    }
    return (int)left;
}

/* Nothing that was reported is waiting: all of it is in the store. */
static void tell_booked(gateway *g) {
    mutex_lock(&g->lock);
    bool is_all = g->first == NULL;
    mutex_unlock(&g->lock);
    for (size_t i = 0; is_all && i < g->channel_count; i++) {
        if (g->channels[i].ops->booked != NULL) {
            g->channels[i].ops->booked(g->channels[i].self);
        }
    }
}

static void *gateway_main(void *context) {
    gateway *g = context;
    sluice_error error = {0};
    bool more = true, trouble = false, recovered = false;
    int64_t next_ms = 0;
    while (!atomic_load(&g->stop)) {
        (void)loop_wait(&g->loop, wait_ms(g, next_ms, more, trouble));
        for (size_t i = 0; i < g->channel_count; i++) {
            g->channels[i].ops->work(g->channels[i].self);
        }
        if (clock_machine_ns() < g->turn_ns) {
            more = true;
            continue;
        }
        load_links(g);
        sluice_result result = SLUICE_OK;
        if (!recovered) {
            result = turn_recover(g, &error);
            recovered = result == SLUICE_OK;
        }
        result = result == SLUICE_OK ? turn_run(g, &next_ms, &more, &error) : result;
        trouble = result != SLUICE_OK;
        if (!trouble) {
            tell_booked(g);
        }
        if (trouble && result != SLUICE_E_INTERRUPTED) {
            gateway_log(g, "error", "gateway", "the outbox waits: %s", error.text);
        }
        more = more && !trouble;
        int64_t now_ns = clock_machine_ns();
        if (now_ns >= g->gauges_ns) {
            metrics_gauge(g);
            if (g->host.each_second != NULL) {
                g->host.each_second(g->host.context);
            }
            g->gauges_ns = now_ns + GAUGES_NS;
        }
    }
    for (size_t i = 0; i < g->channel_count; i++) {
        g->channels[i].ops->set_links(g->channels[i].self, NULL, 0); /* connections end on the thread that began them */
    }
    return NULL;
}

/* ---- life ---- */

static void take_die_at(gateway *g) {
    const char *colon = g->host.die_at == NULL ? NULL : strchr(g->host.die_at, ':');
    if (colon != NULL && (size_t)(colon - g->host.die_at) < sizeof g->die_step) {
        memcpy(g->die_step, g->host.die_at, (size_t)(colon - g->host.die_at));
        g->die_count = strtoull(colon + 1, NULL, 10);
    }
}

static sluice_result open_channels(gateway *g, sluice_error *error) {
    for (size_t i = 0; CHANNELS[i] != NULL; i++) {
        SLUICE_ASSERT(i < CHANNELS_MAX);
        channel_state *channel = &g->channels[i];
        channel->ops = CHANNELS[i];
        sluice_result result = channel->ops->open(g, &channel->self, error);
        if (result != SLUICE_OK) {
            return error_prefix(error, result, "channel %s", channel->ops->name);
        }
        g->channel_count++;
        int descriptor = channel->ops->descriptor(channel->self);
        result = descriptor < 0 ? SLUICE_OK : loop_watch(&g->loop, descriptor, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return SLUICE_OK;
}

sluice_result gateway_open(const gateway_host *host, gateway **g_out, sluice_error *error) {
    gateway *g = memory_new_zero(1, sizeof *g);
    *g_out = g;
    if (g == NULL) {
        return error_no_memory(error, sizeof *g);
    }
    g->host = *host;
    g->loop = (loop){-1, -1, -1};
    g->link_epoch = UINT64_MAX;
    mutex_init(&g->lock);
    take_die_at(g);
    sluice_result result = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK
                               ? loop_open(&g->loop, error)
                               : error_set(error, SLUICE_E_IO, "libcurl cannot be used");
    result = result == SLUICE_OK ? open_channels(g, error) : result;
    if (result != SLUICE_OK) {
        gateway_close(g_out);
    }
    return result;
}

sluice_result gateway_start(gateway *g, sluice_error *error) {
    g->running = thread_start(&g->thread, gateway_main, g);
    return g->running ? SLUICE_OK : error_set(error, SLUICE_E_IO, "the system has no more threads");
}

const char *gateway_schemas(const gateway *g) {
    return g->host.schemas;
}

desk *gateway_desk(const gateway *g) {
    return g->host.desk;
}

void gateway_wake(gateway *g) {
    loop_wake(&g->loop);
}

void gateway_stop(gateway *g) {
    if (g != NULL && g->running) {
        atomic_store(&g->stop, true);
        loop_wake(&g->loop);
        thread_join(&g->thread);
        g->running = false;
    }
}

void gateway_close(gateway **gp) {
    gateway *g = *gp;
    if (g == NULL) {
        return;
    }
    gateway_stop(g);
    for (size_t i = 0; i < g->channel_count; i++) {
        g->channels[i].ops->close(&g->channels[i].self);
    }
    links_free(g);
    while (g->first != NULL) {
        reported *next = g->first->next;
        memory_free(g->first);
        g->first = next;
    }
    arena_fini(&g->turn);
    loop_close(&g->loop);
    mutex_fini(&g->lock);
    curl_global_cleanup();
    memory_free(g);
    *gp = NULL;
}
