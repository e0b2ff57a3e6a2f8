/* Calls by machine: SIP (RFC 3261) call-out that speaks an announcement (G.711 A-law over RTP) and hears one key.
 *
 * sofia-sip carries SIP: it has the whole client transaction and dialogue machinery with digest authentication behind
 * one call-back, runs inside our thread, and is what FreeSWITCH is built on; Debian's libre is of 2021 and wants the
 * process's one event loop for itself. RTP is thirty lines and ours.
 *
 *   voice_dial ─▶ INVITE ─▶ TRYING ─▶ ringing ─▶ answered: announcement ─▶ key or end ─▶ BYE ─▶ one result
 *                    └─ ring_ms ─▶ CANCEL: NO_ANSWER
 *
 * One thread; nothing blocks but the look-up of a name. */
#ifndef GATEWAY_VOICE_H
#define GATEWAY_VOICE_H

#include "base/text.h"

/* Texts are copied. */
typedef struct voice_settings {
    const char *endpoint;        /* "sip:host:port", with ";transport=tcp" if need be */
    const char *user, *password; /* for digest authentication; "" */
    const char *caller;          /* who calls: the user part of From */
    char confirm_key;            /* '1' */
    uint32_t repeats;            /* how often the announcement is said */
    int64_t ring_ms;             /* then CANCEL */
    int64_t listen_ms;           /* for a key after the announcement, then BYE */
    int64_t setup_ms;            /* without any answer of the peer: FAILED, may_retry */
    uint32_t calls_max;          /* at once */
} voice_settings;

voice_settings voice_settings_defaults(void);

typedef enum voice_outcome {
    VOICE_TRYING,    /* the peer has the call; not its last result */
    VOICE_CONFIRMED, /* answered, and the key was pressed */
    VOICE_ANSWERED,
    VOICE_BUSY,
    VOICE_NO_ANSWER,
    VOICE_DECLINED,
    VOICE_WRONG_NUMBER,
    VOICE_FAILED, /* no call came about: may_retry says whether another try could */
} voice_outcome;

typedef struct voice_result {
    uint64_t id;
    voice_outcome outcome;
    bool may_retry;
    int status;         /* of SIP; 0: none came */
    int64_t spoken_ms;  /* of the announcement that went out */
    char key;           /* the first one pressed; 0: none */
    const char *reason; /* for people; constant */
} voice_result;

typedef struct voice voice;

/* Errors: INVALID: a setting, by name; IO; NO_MEMORY. */
SLUICE_MUST_USE sluice_result voice_open(const voice_settings *settings, voice **voice_out, sluice_error *error);
/* Hangs up at once. */
void voice_close(voice **v);

/* Calls a number (digits, + first if at all) and says `alaw` (8,000 octets a second), which is copied.
 * Errors: INPUT; TOO_MANY: calls_max are under way; NO_MEMORY, IO. */
SLUICE_MUST_USE sluice_result voice_dial(voice *v, uint64_t id, sluice_text number, const uint8_t *alaw, size_t bytes,
                                         sluice_error *error);
/* Does what there is to do; to be called every 10 ms while calls are under way. */
void voice_step(voice *v);
bool voice_next(voice *v, voice_result *result_out);
uint32_t voice_calls(const voice *v);

#endif
