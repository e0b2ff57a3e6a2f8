/* The gateway: takes the desk's outbox (desk/outbox.h) to the world, and brings answers back.
 *
 *   gateway thread, in turns
 *     wait ─▶ channels work (sockets) ─▶ outcomes ─▶ one write: book the outcomes, claim what is due ─▶ submit it
 *
 * One write a turn serves everything that came meanwhile, so the rate grows with the load, and the writer is never
 * waited for while it waits for a partner. A channel (bank, sms, voice, bot, mail) knows a protocol and nothing of the
 * database: it is given links and deliveries, and reports outcomes.
 *
 * What may happen twice, and why its effect happens once: a delivery may be sent again after a crash, a lost connection
 * or a time-out, always under the serial number that it was put with, and where the channel can ask what became of a
 * serial number it asks first. An answer may come again, late or out of order: outbox_book takes the first. */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "base/text.h"
#include "desk/outbox.h"

typedef struct gateway gateway;

/* ---- a channel's side ---- */

/* A partner_link as a channel needs it; lives until the channel's next set_links. */
typedef struct gateway_link {
    int64_t id;
    sluice_text channel, partner, format;
    const char *endpoint;
    sluice_text key;      /* the content of its key file without a last newline; empty: it names none */
    yyjson_val *settings; /* an object; NULL: none */
    int64_t timeout_ms, per_second, in_flight;
} gateway_link;

/* What is to be sent; texts live until submit or ask returns. */
typedef struct gateway_delivery {
    int64_t id;
    sluice_text serial, purpose, address, receipt;
    sluice_text payload; /* a JSON object */
    int64_t attempts;    /* 1: for the first time */
    int64_t now_ms;      /* the moment, for time stamps in messages */
} gateway_delivery;

typedef enum outcome_kind {
    OUTCOME_ACCEPTED, /* the peer has it and will answer; `receipt` is its number for it */
    OUTCOME_ANSWERED, /* the answer itself, in `answer`; ends the delivery */
    OUTCOME_REFUSED,  /* the peer says that the message is wrong: sending it again would not help */
    OUTCOME_AGAIN,    /* certainly not taken (no connection, throttled): once more, later */
    OUTCOME_UNKNOWN,  /* may have been taken: asked for, or sent again under the same serial number */
    OUTCOME_ABSENT,   /* of ask: the peer does not know this serial number */
    OUTCOME_REPLY,    /* somebody wrote to us: `serial` is his address, `text` what he wrote (personal data) */
} outcome_kind;

/* Texts are copied by gateway_report. */
typedef struct gateway_outcome {
    outcome_kind kind;
    int64_t delivery;    /* 0: by `receipt`, or else by `serial` */
    const char *channel; /* of these two … */
    sluice_text partner; /* … and whose they must be */
    sluice_text serial, receipt;
    sluice_text code;     /* the peer's */
    sluice_text text;     /* what went wrong, for people: never with personal data */
    int64_t wait_ms;      /* OUTCOME_AGAIN: not before this; 0: as the link says */
    outbox_answer answer; /* OUTCOME_ANSWERED */
} gateway_outcome;

/* Any thread. */
void gateway_report(gateway *g, const gateway_outcome *outcome);
/* A line in the daemon's log: never an address, a payload, a name. Any thread. */
void gateway_log(gateway *g, const char *level, const char *event, const char *format, ...) SLUICE_PRINTF(4, 5);

/* Folder of ISO 20022 schemas; NULL: messages are not validated. */
const char *gateway_schemas(const gateway *g);
/* To read dated tables from; any thread. */
desk *gateway_desk(const gateway *g);

/* All functions are called on the gateway thread and must not wait for anything. */
typedef struct channel_ops {
    const char *name; /* as in partner_link.channel */
    SLUICE_MUST_USE sluice_result (*open)(gateway *g, void **self_out, sluice_error *error);
    /* The channel's open links, all of them, at the start and whenever one changed; none of them (NULL) when the
     * gateway stops. The array and its texts stay until the next call. A link that the channel cannot use is its to
     * log; submit then says OUTCOME_AGAIN. */
    void (*set_links)(void *self, const gateway_link *links, size_t count);
    /* Begins to send. Its outcome is reported once, then or later; one that is not reported within three time-outs of
     * the link counts as UNKNOWN. */
    void (*submit)(void *self, const gateway_link *link, const gateway_delivery *d);
    /* Asks the peer what became of a serial number: ABSENT, ACCEPTED or ANSWERED. NULL: this protocol cannot. */
    void (*ask)(void *self, const gateway_link *link, const gateway_delivery *d);
    /* Its descriptor was readable, or its time came. */
    void (*work)(void *self);
    /* To wait on (an epoll of its own will do); -1: none. The same from open to close. */
    int (*descriptor)(void *self);
    /* When to call work at the latest, by clock_machine_ns; INT64_MAX: no need. */
    int64_t (*due_ns)(void *self);
    void (*close)(void **self);
    /* NULL, or: everything that this channel reported before is durable now, so what a peer sent may be acknowledged.
     */
    void (*booked)(void *self);
    /* NULL, or: the code with which a delivery ends as done when the peer took it and says nothing more within the
     * link's answer_within. For channels whose peers owe no answer. */
    const char *silence;
} channel_ops;

/* ---- the daemon's side ---- */

typedef struct gateway_host {
    desk *desk;
    void *context;
    /* Runs `run` on the writer as one command of the desk and returns when it is durable; what it
     * reads lives in the arena. Gateway thread. */
    sluice_result (*write)(void *context, desk_function run, void *argument, arena *a, sluice_error *error);
    /* Each second: what else became of answers. Gateway thread; NULL: nothing. */
    void (*each_second)(void *context);
    void (*log)(void *context, const char *level, const char *event, const char *text);
    const char *keys;        /* folder of key files; NULL: links with a key file do not work */
    const char *schemas;     /* folder of XSDs; NULL */
    bool clock_is_simulated; /* then it looks every few ms whether time was moved */
    const char *die_at;      /* for tests: "step:n", SIGKILL at the nth time of a step; NULL */
} gateway_host;

/* Opens all channels; nothing is sent yet. */
SLUICE_MUST_USE sluice_result gateway_open(const gateway_host *host, gateway **g_out, sluice_error *error);
/* Starts the thread: first what was under way when the program ended is taken up again. */
SLUICE_MUST_USE sluice_result gateway_start(gateway *g, sluice_error *error);
/* Ends it: what is under way is left as it is in the outbox. Before the writer stops. */
void gateway_stop(gateway *g);
void gateway_close(gateway **g);
/* Something may be new in the outbox. Any thread. */
void gateway_wake(gateway *g);
/* Prometheus text: depth, age of the oldest, sent, retried, answered, dead, by channel. Any thread. */
void gateway_metrics(gateway *g, text_writer *out);

/* channels.c: NULL at the end. */
extern const channel_ops *const CHANNELS[];

#endif
