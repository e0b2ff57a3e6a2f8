/* Server-sent events.
 *
 *   publish (any thread) ─▶ ring of texts, as they go over the wire ─▶ consoles, each a place in it (http thread)
 *
 * A console costs its connection and about 100 bytes here; texts are shared. An id is "<start>-<number>": a console
 * that comes back with the id of another start, or of one that is not in the ring any more, gets `reset` and begins at
 * the newest. One that takes nothing for as long as it may take over an answer is cut off; what it did not take is the
 * system's, and bounded (listen_bound). A stream ends with its session or key, after EVENTS_LIFETIME_NS, and at once
 * when its user, session or key changed (events_end): consoles open it again and go on with Last-Event-ID. */
#include "server/events.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "server/server_private.h"
#include "sys/clock.h"

#define RING_EVENTS 4096u
#define RING_BYTES_MAX ((size_t)16 << 20)
#define HEARTBEAT_NS INT64_C(15000000000)
#define LOOK_NS INT64_C(1000000000) /* between two looks at who is gone */
#define EVENTS_LIFETIME_NS INT64_C(900000000000)
#define STREAM_BLOCK_BYTES 1024
#define DATA_BYTES_MAX 65536

typedef struct slot {
    event event;
    char *text; /* NULL: nothing here */
    size_t length;
} slot;

struct console {
    console *next, *previous;
    exchange *exchange;
    uint64_t position; /* the next event's id */
    size_t offset;     /* bytes of it that are sent */
    size_t greeting;   /* bytes of the greeting that are sent */
    bool suspended, reset, gone;
    int64_t opened_ns, written_ns, resumed_ns;
};

struct event_hub {
    mutex lock;
    slot ring[RING_EVENTS];
    uint64_t next;  /* the id of the next event */
    uint64_t first; /* the oldest in the ring */
    size_t bytes;
    uint64_t ended[EVENTS_ENDED_MAX]; /* principals whose streams end */
    size_t ended_count;               /* more than there is room for: all */
    int64_t look_ns;                  /* http thread, and so are the next */
    console *consoles;
    size_t console_count;
};

static const char GREETING[] = "retry: 2000\n\n";
static const char HEARTBEAT[] = ":\n\n";

sluice_result events_open(server *s, sluice_error *error) {
    s->events = memory_new_zero(1, sizeof *s->events);
    if (s->events == NULL) {
        return error_no_memory(error, sizeof *s->events);
    }
    mutex_init(&s->events->lock);
    s->events->next = s->events->first = 1;
    return SLUICE_OK;
}

static void drop_oldest(event_hub *h) {
    slot *oldest = &h->ring[h->first % RING_EVENTS];
    h->bytes -= oldest->length;
    memory_free(oldest->text);
    *oldest = (slot){0};
    h->first++;
}

void events_close(server *s) {
    event_hub *h = s->events;
    if (h == NULL) {
        return;
    }
    while (h->first < h->next) {
        drop_oldest(h);
    }
    mutex_fini(&h->lock);
    memory_free(h);
    s->events = NULL;
}

size_t events_console_count(const server *s) {
    return s->events == NULL ? 0 : s->events->console_count;
}

void events_publish(server *s, const event *e) {
    event_hub *h = s->events;
    text_writer w = {0};
    if (e->data.length > DATA_BYTES_MAX ||
        memchr(e->data.length == 0 ? "" : e->data.data, '\n', e->data.length) != NULL) {
        return; /* a bug of ours: it would break the stream */
    }
    mutex_lock(&h->lock);
    text_printf(&w, "id: %s-%llu\nevent: %s\ndata: ", s->instance, (unsigned long long)h->next, e->type);
    text_write(&w, e->data);
    text_write(&w, TEXT("\n\n"));
    while (h->first < h->next && (h->next - h->first == RING_EVENTS || h->bytes + w.length > RING_BYTES_MAX)) {
        drop_oldest(h);
    }
    if (!w.failed) {
        slot *at = &h->ring[h->next % RING_EVENTS];
        *at = (slot){.event = *e, .text = w.data, .length = w.length};
        at->event.id = h->next++;
        at->event.data = (sluice_text){NULL, 0};
        h->bytes += w.length;
    }
    mutex_unlock(&h->lock);
    loop_wake(&s->loop);
}

void events_end(server *s, const uint64_t *principals, size_t count) {
    event_hub *h = s->events;
    if (count == 0) {
        return;
    }
    mutex_lock(&h->lock);
    for (size_t i = 0; i < count && h->ended_count + i < EVENTS_ENDED_MAX; i++) {
        h->ended[h->ended_count + i] = principals[i];
    }
    h->ended_count += count;
    mutex_unlock(&h->lock);
    loop_wake(&s->loop);
}

static bool is_ended(const event_hub *h, uint64_t principal) {
    for (size_t i = 0; i < h->ended_count && h->ended_count <= EVENTS_ENDED_MAX; i++) {
        if (h->ended[i] == principal) {
            return true;
        }
    }
    return h->ended_count > EVENTS_ENDED_MAX;
}

/* Under the lock, on the http thread: before anything more is told to anybody. */
static void end_consoles(event_hub *h) {
    for (console *c = h->ended_count == 0 ? NULL : h->consoles; c != NULL; c = c->next) {
        c->gone = c->gone || is_ended(h, c->exchange->request.actor.principal);
    }
    h->ended_count = 0;
}

/* ---- one console ---- */

/* "<start>-<number>" → where to go on; false: begin at the newest, after a reset when there was an id. */
static bool position_of(const server *s, sluice_text last, uint64_t *position_out) {
    sluice_text start, number;
    uint64_t id = 0;
    return text_split(last, '-', &start, &number) && text_equal(start, text_of(s->instance)) &&
           text_to_u64(number, &id) && id + 1 >= s->events->first && id < s->events->next &&
           (*position_out = id + 1, true);
}

/* Under the lock: bytes for this console, at most `room`; 0: nothing is there. */
static size_t next_bytes(server *s, console *c, char *buffer, size_t room) {
    event_hub *h = s->events;
    size_t length = 0;
    if (c->position < h->first) {
        c->reset = true; /* it was too slow */
        c->position = h->next;
        c->offset = 0;
    }
    while (c->position < h->next && length < room) {
        const slot *at = &h->ring[c->position % RING_EVENTS];
        bool seen = c->offset > 0 || s->desk->may_see == NULL ||
                    s->desk->may_see(s->desk->context, &c->exchange->request.actor, &at->event);
        if (!seen) {
            c->position++;
            continue;
        }
        size_t take = at->length - c->offset < room - length ? at->length - c->offset : room - length;
        memcpy(buffer + length, at->text + c->offset, take);
        length += take;
        c->offset += take;
        if (c->offset == at->length) {
            c->position++;
            c->offset = 0;
        }
    }
    return length;
}

static ssize_t copy_out(console *c, char *buffer, const char *text, size_t length) {
    memcpy(buffer, text, length);
    c->written_ns = clock_machine_ns();
    return (ssize_t)length;
}

/* Whoever is here comes back with the session that he has then, if he has one. */
static bool is_over(const console *c, int64_t now_ns) {
    const actor *who = &c->exchange->request.actor;
    return now_ns - c->opened_ns > EVENTS_LIFETIME_NS || (who->desk != NULL && clock_now_ms() >= who->ends_ms);
}

/* libmicrohttpd asks for more. */
static ssize_t read_events(void *context, uint64_t position, char *buffer, size_t room) {
    console *c = context;
    server *s = c->exchange->request.server;
    int64_t now = clock_machine_ns();
    char text[96];
    (void)position;
    if (s->draining || c->gone || is_over(c, now)) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    if (c->greeting < sizeof GREETING - 1) {
        size_t left = sizeof GREETING - 1 - c->greeting, take = left < room ? left : room;
        c->greeting += take;
        return copy_out(c, buffer, GREETING + c->greeting - take, take);
    }
    mutex_lock(&s->events->lock);
    end_consoles(s->events);
    size_t length = c->reset || c->gone ? 0 : next_bytes(s, c, buffer, room);
    int reset = c->reset && room >= sizeof text
                    ? snprintf(text, sizeof text, "id: %s-%llu\nevent: reset\ndata: {\"reason\":\"missed\"}\n\n",
                               s->instance, (unsigned long long)(c->position - 1))
                    : 0;
    mutex_unlock(&s->events->lock);
    if (c->gone) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    if (reset > 0 && length == 0) {
        c->reset = false;
        return copy_out(c, buffer, text, (size_t)reset);
    }
    if (length > 0) {
        c->written_ns = now;
        return (ssize_t)length;
    }
    if (now - c->written_ns >= HEARTBEAT_NS && room >= sizeof HEARTBEAT - 1) {
        return copy_out(c, buffer, HEARTBEAT, sizeof HEARTBEAT - 1);
    }
    c->suspended = true;
    MHD_suspend_connection(c->exchange->handle);
    return 0;
}

struct MHD_Response *events_stream(server *s, exchange *x) {
    event_hub *h = s->events;
    if (h->console_count >= s->options.consoles_max) {
        return NULL;
    }
    console *c = memory_new_zero(1, sizeof *c);
    if (c == NULL) {
        return NULL;
    }
    c->exchange = x;
    c->opened_ns = c->written_ns = clock_machine_ns();
    mutex_lock(&h->lock);
    sluice_text last = x->request.last_event_id;
    if (!position_of(s, last, &c->position)) {
        c->position = h->next;
        c->reset = last.length > 0;
    }
    mutex_unlock(&h->lock);
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES, read_events, c, NULL);
    if (response == NULL) {
        memory_free(c);
        return NULL;
    }
    c->next = h->consoles;
    if (c->next != NULL) {
        c->next->previous = c;
    }
    h->consoles = c;
    h->console_count++;
    x->console = c;
    return response;
}

void events_leave(server *s, exchange *x) {
    event_hub *h = s->events;
    console *c = x->console;
    if (c == NULL) {
        return;
    }
    if (c->previous != NULL) {
        c->previous->next = c->next;
    } else {
        h->consoles = c->next;
    }
    if (c->next != NULL) {
        c->next->previous = c->previous;
    }
    h->console_count--;
    memory_free(c);
    x->console = NULL;
}

void events_turn(server *s, int64_t now_ns) {
    event_hub *h = s->events;
    mutex_lock(&h->lock);
    end_consoles(h);
    uint64_t next = h->next;
    mutex_unlock(&h->lock);
    int64_t stalled_ns = (int64_t)s->options.send_timeout_ms * 1000000;
    bool look = now_ns >= h->look_ns;
    h->look_ns = look ? now_ns + LOOK_NS : h->look_ns;
    for (console *c = h->consoles; c != NULL; c = c->next) {
        /* libmicrohttpd does not look at what is suspended. */
        c->gone = c->gone || (look && c->suspended && listen_peer_is_gone(c->exchange->connection->descriptor));
        bool due = c->position < next || c->gone || s->draining || c->reset || now_ns - c->written_ns >= HEARTBEAT_NS ||
                   (look && is_over(c, now_ns));
        if (!c->suspended && now_ns - c->written_ns > stalled_ns && now_ns - c->resumed_ns > stalled_ns) {
            s->metrics.timed_out++;
            c->resumed_ns = now_ns;
            listen_cut(c->exchange->connection->descriptor, NULL); /* libmicrohttpd sees the end by itself */
        }
        if (c->suspended && due) {
            c->suspended = false;
            c->resumed_ns = now_ns; /* from here on it waits for nobody but its peer */
            MHD_resume_connection(c->exchange->handle);
        }
    }
}
