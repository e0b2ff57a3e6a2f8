/* Short messages over SMPP 3.4: a client (ESME) of one carrier.
 *
 *   smpp_submit ──▶ queue ──window, rate──▶ submit_sm ──▶ submit_sm_resp: SENT ──▶ receipts: DELIVERED | FAILED |
 * UNKNOWN ▲                        │ └── throttled, lost ─────┘
 *
 * A message of several parts has one result: DELIVERED when all its parts are, FAILED as soon as one is.
 *
 * What is said twice: a receipt that comes again is answered and counts for nothing. What is not known: parts without a
 * response when a connection is lost. With `resends` they are sent again with the same user_message_reference, and a
 * carrier that took the first and does not compare it delivers such a part twice; without, the message is FAILED and
 * `is_in_doubt`. The last result is given exactly once for each smpp_submit or smpp_resume of this link.
 *
 * What came from the carrier (receipts that decide a result, messages of phones) is answered only when the caller says
 * with smpp_booked that it is kept; the carrier sends again what was not answered.
 *
 * One thread. Nothing blocks but smpp_step for as long as it is told to, and the look-up of a carrier's name. */
#ifndef GATEWAY_SMPP_H
#define GATEWAY_SMPP_H

#include <poll.h>

#include "gateway/smpp_receipt.h"
#include "gateway/smpp_session.h"
#include "gateway/smpp_text.h"

/* Texts are copied. smpp_settings_defaults gives what nobody has to think about. */
typedef struct smpp_settings {
    smpp_endpoint endpoint;
    const char *system_id, *password, *system_type, *address_range, *service_type;
    const char *source; /* who the message is from, such as 12381 */
    uint8_t source_ton, source_npi, destination_ton, destination_npi;
    bool resends;          /* what is in doubt after a lost connection */
    bool is_pair;          /* one bind as transmitter and one as receiver, for carriers without transceivers */
    uint32_t window;       /* submit_sm without a response, at most: 1 to 10,000 */
    uint32_t rate_per_s;   /* submit_sm a second; 0: no limit of ours */
    uint32_t messages_max; /* held at once: queued, or waiting for receipts */
    smpp_text_rules text;
    smpp_id_form id_form;
    int64_t response_ms, enquire_ms, retry_first_ms, retry_max_ms;
    int64_t
        throttle_ms;    /* pause after ESME_RTHROTTLED or ESME_RMSGQFUL; doubled while it goes on, up to retry_max_ms */
    int64_t submit_ms;  /* FAILED, to be tried again, when the carrier did not take a message for so long */
    int64_t receipt_ms; /* UNKNOWN when no receipt came for so long; 0: none are asked for */
} smpp_settings;

smpp_settings smpp_settings_defaults(void);

typedef enum smpp_outcome {
    SMPP_SENT,      /* the carrier took all parts; `references` are its ids. Further results follow if receipts do */
    SMPP_DELIVERED, /* on the phone */
    SMPP_FAILED,    /* `may_retry`: it was not this message's fault */
    SMPP_UNKNOWN,   /* taken, but nobody says what became of it */
    SMPP_STRAY,     /* a receipt for an id (`references`) of before a restart, or of nobody */
    SMPP_INCOMING,  /* a phone wrote: `number`, `text` */
} smpp_outcome;

/* smpp_result_fini frees it. `references`, `number` and `text` are personal data or lead to it: never into a log. */
typedef struct smpp_result {
    smpp_outcome outcome;
    uint64_t id;  /* what smpp_submit was given; 0 for STRAY and INCOMING */
    bool is_last; /* no other result follows for this id */
    bool may_retry;
    bool is_in_doubt;     /* it may have been taken */
    bool is_wrong_number; /* the carrier knows no such number */
    char reason[64];      /* for people, without personal data */
    char *references;     /* ids of the parts with commas between; NULL: none */
    smpp_receipt_state stray_state;
    char number[SMPP_ADDRESS_BYTES], to[SMPP_ADDRESS_BYTES];
    char *text; /* UTF-8 */
    uint8_t part, part_count;
    uint16_t part_reference;
    /* the link's own: what to answer when it is booked */
    uint8_t session;
    uint32_t generation; /* 0: nothing */
    uint32_t sequence;
} smpp_result;

void smpp_result_fini(smpp_result *result);

typedef struct smpp_counts {
    uint64_t submitted, resent, throttled, delivered, failed, unknown, incoming, strays, connections;
    uint32_t queued, unanswered, awaiting; /* parts */
} smpp_counts;

typedef struct smpp_link smpp_link;

/* Connects when stepped. Errors: INVALID: a setting, by name; NO_MEMORY. */
SLUICE_MUST_USE sluice_result smpp_open(const smpp_settings *settings, smpp_link **link_out, sluice_error *error);
/* Unbinds, and waits for the carrier's answer for a fifth of a second; what has no result has none. */
void smpp_close(smpp_link **link);

/* `id` is the caller's and not 0; `number` in the form that the carrier wants (digits, + first if at all).
 * Errors: INPUT: number or text; TOO_MANY: messages_max are under way, come again; NO_MEMORY. */
SLUICE_MUST_USE sluice_result smpp_submit(smpp_link *link, uint64_t id, sluice_text number, sluice_text text,
                                          sluice_error *error);
/* A message that was SENT before this program started, with its references: its receipts are waited for. */
SLUICE_MUST_USE sluice_result smpp_resume(smpp_link *link, uint64_t id, sluice_text references, sluice_error *error);

/* Waits at most so long for something to do, and does it. */
void smpp_step(smpp_link *link, int wait_ms);
/* For a caller with descriptors of its own: up to two to poll, how many; and then smpp_step(link, 0). Lowers `wait_ms`
 * to when there is something to do. */
size_t smpp_poll_set(smpp_link *link, struct pollfd out[2], int *wait_ms);

/* The next result; false: none. It is the caller's. */
bool smpp_next(smpp_link *link, smpp_result *result_out);
/* All results that smpp_next gave are kept for good; how many of them the carrier is told of with the next smpp_step.
 */
size_t smpp_booked(smpp_link *link);

bool smpp_is_bound(const smpp_link *link);
/* Why it is not; empty: it is, or has not tried yet. Borrowed. */
const char *smpp_why(const smpp_link *link);
void smpp_count(const smpp_link *link, smpp_counts *counts_out);

#endif
