/* Server-sent events: one ring of what happened, any number of consoles that read along.
 *
 * An event is written once, as it goes over the wire; a console is a place in the ring. One that falls behind by more
 * than the ring holds, or comes back with a Last-Event-ID that is gone, gets the event `reset` and reads afresh. */
#ifndef SERVER_EVENTS_H
#define SERVER_EVENTS_H

#include <sluice/signal.h>

struct sluice_server;

typedef struct event {
    uint64_t id;       /* set by events_publish */
    const char *type;  /* "case", "warning", "decision" … a word, lasting */
    sluice_text data;  /* one line of JSON; no personal data: consoles fetch what they may see */
    uint64_t scope[3]; /* the desk's: who may see it; all 0: it is about no record */
} event;

/* Any thread. Never waits for a console. */
void events_publish(struct sluice_server *s, const event *e);

/* Ends the streams of these principals, before anything that is published after it: their consoles come back with the
 * rights they have now. A count above EVENTS_ENDED_MAX: all streams. Any thread. */
#define EVENTS_ENDED_MAX 64
void events_end(struct sluice_server *s, const uint64_t *principals, size_t count);

#endif
