/* The gateway's inside: gateway.c (life, links, the thread), turn.c (booking and claiming), metrics.c. */
#ifndef GATEWAY_GATEWAY_PRIVATE_H
#define GATEWAY_GATEWAY_PRIVATE_H

#include <stdatomic.h>

#include "base/memory.h"
#include "gateway/gateway.h"
#include "sys/loop.h"
#include "sys/thread.h"

#define CHANNELS_MAX 8
#define LINKS_RETRY_NS INT64_C(5000000000) /* a key file may be put there later */
#define TURN_MAX 512                       /* deliveries claimed, and outcomes booked, in one write */

/* Submitted, and not reported yet. */
typedef struct flight {
    int64_t delivery;
    int64_t lost_ns; /* UNKNOWN from then on */
} flight;

typedef struct link_state {
    gateway_link link; /* what the channel sees */
    size_t channel;    /* in CHANNELS */
    int64_t answer_ms, attempts_max, backoff_ms, backoff_max_ms;
    bool repeats; /* an unknown outcome is sent again */
    flight *flights;
    size_t flight_count, flight_capacity;
    double tokens;
    int64_t filled_ns;
    int64_t due_ms; /* the first delivery that waits for its time; INT64_MAX: none; 0: look */
    int64_t ask_ms; /* the first answer that is to be asked for; likewise */
} link_state;

/* An outcome with texts of its own, in a list. */
typedef struct reported {
    struct reported *next;
    gateway_outcome outcome;
    char texts[];
} reported;

typedef struct channel_counts {
    atomic_uint_fast64_t sent, asked, accepted, answered, repeated, no_effect, again, unknown, refused, dead, strangers;
    atomic_int_fast64_t queued, waiting, dead_now, oldest_ms; /* gauges; oldest: when the oldest was due */
} channel_counts;

typedef struct channel_state {
    const channel_ops *ops;
    void *self;
    gateway_link *links; /* what set_links was given */
    size_t link_count;
    channel_counts counts;
} channel_state;

struct gateway {
    gateway_host host;
    loop loop;
    thread thread;
    bool running;
    atomic_bool stop;
    channel_state channels[CHANNELS_MAX];
    size_t channel_count;
    link_state *links;
    size_t link_count;
    arena link_texts;
    uint64_t link_epoch, outbox_epoch; /* of what was last read */
    int64_t links_ns; /* when to read the links again because one could not be used; INT64_MAX: all can */
    int64_t turn_ns;  /* no turn before: outcomes gather meanwhile */
    int64_t gauges_ns;
    mutex lock; /* guards the list */
    reported *first, *last;
    size_t reported_count;
    arena turn; /* of one turn */
    char die_step[24];
    uint64_t die_count;
};

/* A place where a test may end the program. */
void gateway_step(gateway *g, const char *step);

/* turn.c: books what was reported, claims what is due, submits it. *next_ms_out: when there is something to do by the
 * desk's clock; *more_out: at once. */
SLUICE_MUST_USE sluice_result turn_run(gateway *g, int64_t *next_ms_out, bool *more_out, sluice_error *error);
/* Deliveries that were being sent when the program ended. */
SLUICE_MUST_USE sluice_result turn_recover(gateway *g, sluice_error *error);

/* links.c: reads the open links and tells the channels. */
SLUICE_MUST_USE sluice_result links_load(gateway *g, sluice_error *error);
void links_free(gateway *g);
link_state *links_find(gateway *g, sluice_text channel, sluice_text partner);

/* metrics.c */
void metrics_gauge(gateway *g);

#endif
