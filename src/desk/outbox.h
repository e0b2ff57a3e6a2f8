/* The outbox: what is to be told to partners and people outside, kept in the same transaction as what made it so.
 *
 * An act that needs a message (a stop is approved) puts a delivery into the outbox: both become durable together or not
 * at all. The gateway (gateway/gateway.h) takes deliveries out, sends them, and books what came of it:
 *
 *   queued ─claim→ sending ─accepted→ waiting ─done→ done
 *     ↑              │done, fail        │fail→ failed
 *     └──again───────┴──────────────────┘          queued|sending|waiting ─bury→ dead
 *
 * EXACTLY ONE EFFECT. A delivery is claimed, durably, before anything is sent. Its serial number is made when it is put
 * and never changes: whoever gets it twice knows it again. An answer is booked once, by the serial: what comes again is
 * counted and changes nothing. Deliveries about one record go out one after the other, in the order in which they were
 * put: a release never overtakes its stop.
 *
 * What a machine does thousands of times an hour is in the row itself and not in history; what people do, and what
 * failed, is in both. Payload and address are personal data: masked unless a purpose is stated. */
#ifndef DESK_OUTBOX_H
#define DESK_OUTBOX_H

#include "desk/kind.h"

extern const desk_kind DELIVERY_KIND;

enum {
    DELIVERY_CHANNEL,
    DELIVERY_PARTNER,
    DELIVERY_PURPOSE,
    DELIVERY_ABOUT_KIND,
    DELIVERY_ABOUT,
    DELIVERY_ADDRESS,
    DELIVERY_PAYLOAD,
    DELIVERY_DEDUP,
    DELIVERY_SERIAL,
    DELIVERY_STATE,
    DELIVERY_ATTEMPTS,
    DELIVERY_NEXT_AT,
    DELIVERY_DEADLINE,
    DELIVERY_AFTER,
    DELIVERY_UNCERTAIN,
    DELIVERY_SENT_AT,
    DELIVERY_ENDED_AT,
    DELIVERY_RECEIPT,
    DELIVERY_RESULT_CODE,
    DELIVERY_LAST_ERROR,
    DELIVERY_ANSWER,
    DELIVERY_REPEATS,
    DELIVERY_DISTRICT,
    DELIVERY_STATION,
    DELIVERY_FIELDS
};

typedef struct outbox_message {
    const char *channel;   /* "bank" */
    sluice_text partner;   /* of a partner_link; empty: the channel's first */
    const char *purpose;   /* a row of outbox_purpose.c: "stop" */
    const desk_kind *kind; /* of the record it is about … */
    const record *about;   /* … whose district and station it gets; NULL: none */
    sluice_text address;   /* a phone, a mail address; empty: the partner itself */
    sluice_text payload;   /* a JSON object: what is to be said */
    sluice_text dedup;     /* what is never sent twice: "stop:17:order" */
    int64_t not_before_ms; /* 0: at once */
    int64_t deadline_ms;   /* pointless after this; 0: never */
} outbox_message;

/* Puts it. A message with this dedup key that is there already is not put again: *id_out is that one's. NOT_FOUND: the
 * channel has no link to this partner; nothing is put. Writer, within an act. */
SLUICE_MUST_USE sluice_result outbox_put(desk_command *c, const outbox_message *message, int64_t *id_out);

/* Deliveries about this record that nobody has begun to send are cancelled; *under_way_out: of one it is not known any
 * more that it was not sent. Writer. */
SLUICE_MUST_USE sluice_result outbox_withdraw(desk_command *c, const desk_kind *kind, int64_t about, sluice_text why,
                                              bool *under_way_out);

/* ---- what a partner said ---- */

typedef enum outbox_verdict {
    VERDICT_DONE,     /* it did it */
    VERDICT_MISMATCH, /* what we sent does not fit what it has: by law it did nothing */
    VERDICT_FAILED,   /* it could not or may not */
    VERDICT_QUEUED,   /* a freeze behind another authority's */
    VERDICT_COUNT
} outbox_verdict;

#define OUTBOX_ANSWER_BYTES_MAX (1u << 20) /* unless its purpose keeps it elsewhere */

/* Texts may be empty, numbers -1 (not stated). */
typedef struct outbox_answer {
    outbox_verdict verdict;
    sluice_text code, words;
    sluice_text receipt; /* the partner's own number */
    int64_t at_ms;       /* when it took effect */
    int64_t balance_fen, executed_fen, available_fen;
    sluice_text prior_authority;
    sluice_text body; /* the whole of it as JSON, kept with the delivery: at most OUTBOX_ANSWER_BYTES_MAX */
} outbox_answer;

typedef enum outbox_booked {
    BOOKED,           /* it has had its effect */
    BOOKED_NO_EFFECT, /* written down; the record does not want it any more, or it cannot be right: `last_error` */
    BOOKED_REPEATED,  /* was booked before: nothing changed but the count */
} outbox_booked;

/* Books an answer and runs the act that a partner would, in the same transaction. The delivery is changed in place.
 * STATE: nothing was ever sent of it, or it was cancelled. Writer. */
SLUICE_MUST_USE sluice_result outbox_book(desk_command *c, record *delivery, const outbox_answer *answer,
                                          outbox_booked *booked_out);
/* By the serial number; `partner` must be the delivery's. NOT_FOUND: there is no such serial of this partner. */
SLUICE_MUST_USE sluice_result outbox_find(desk_command *c, const char *channel, sluice_text partner, sluice_text serial,
                                          record *delivery_out);
/* By the peer's number (an SMS centre's message id). */
SLUICE_MUST_USE sluice_result outbox_find_receipt(desk_command *c, const char *channel, sluice_text partner,
                                                  sluice_text receipt, record *delivery_out);

/* ---- for the gateway; writer ---- */

/* Takes a delivery to send it: `sending`, one attempt more. STATE: somebody else did, or it is not wanted any more (it
 * is cancelled then), or another one about the same record goes first (it waits). */
SLUICE_MUST_USE sluice_result outbox_claim(desk_command *c, int64_t id, record *delivery_out, bool *taken_out);
/* The peer took it; its answer is asked for at ask_ms if it does not come. */
SLUICE_MUST_USE sluice_result outbox_accepted(desk_command *c, record *delivery, sluice_text receipt, int64_t ask_ms);
/* Once more at next_ms. uncertain: the peer may have it. */
SLUICE_MUST_USE sluice_result outbox_again(desk_command *c, record *delivery, int64_t next_ms, bool uncertain,
                                           sluice_text error);
/* The peer will never take it: it says that it is wrong. */
SLUICE_MUST_USE sluice_result outbox_fail(desk_command *c, record *delivery, sluice_text code, sluice_text error);
/* Given up; people decide (retry, cancel). */
SLUICE_MUST_USE sluice_result outbox_bury(desk_command *c, record *delivery, sluice_text error);

/* The peer says that it does not know this serial number: the delivery is queued as if it had never left. */
SLUICE_MUST_USE sluice_result outbox_absent(desk_command *c, record *delivery);
/* Its answer is asked for; once more at next_ms. */
SLUICE_MUST_USE sluice_result outbox_asked(desk_command *c, record *delivery, int64_t next_ms);

/* A number that changes when there is something new to send; any thread. */
uint64_t outbox_epoch(const desk *d);
/* In the group under way there is; told when it is committed. Writer. */
void outbox_touch(desk *d);
/* After a commit: links_too, where a dated table changed, which the gateway reads as well. Writer. */
void outbox_publish(desk *d, bool links_too);

/* ---- purposes (outbox_purpose.c) ---- */

/* What a message is for, and what its answer means to the record it is about. A channel adds its rows there. */
typedef struct outbox_purpose {
    const char *name;
    /* Is it still to be sent? `about` is the record as it stands. NULL: always. */
    bool (*is_wanted)(const record *about);
    /* The effect of an answer on the record: acts of its kind, from inside. STATE and INPUT mean that the record does
     * not take it; everything else is our own trouble, and the answer is booked later. NULL: none. */
    sluice_result (*answered)(desk_command *c, const record *delivery, record *about, const outbox_answer *answer);
    /* It failed or was given up. NULL: nothing follows. */
    sluice_result (*gave_up)(desk_command *c, const record *delivery, record *about);
    bool
        keeps_elsewhere; /* `answered` keeps what was sent (as evidence): the delivery does not have it a second time */
    const char *en, *zh;
} outbox_purpose;
const outbox_purpose *outbox_purpose_find(sluice_text name);

#endif
