/* One bind to a carrier, kept alive: connect, bind, enquire_link, and again after the connection was lost. It knows
 * nothing of messages. One thread. */
#ifndef GATEWAY_SMPP_SESSION_H
#define GATEWAY_SMPP_SESSION_H

#include "gateway/smpp_pdu.h"
#include "gateway/smpp_wire.h"

/*   DOWN ──retry_ns──▶ CONNECTING ──▶ BINDING ──bind_resp──▶ BOUND ──unbind──▶ UNBINDING
 *    ▲                     │              │                    │                   │
 *    └─────────────────────┴──────────────┴──── lost, silent ──┴───────────────────┘        */
typedef enum smpp_session_state {
    SMPP_DOWN,
    SMPP_CONNECTING,
    SMPP_BINDING,
    SMPP_BOUND,
    SMPP_UNBINDING,
} smpp_session_state;

/* Borrowed for the session's life. */
typedef struct smpp_session_settings {
    smpp_endpoint endpoint;
    smpp_bind bind;
    int64_t response_ns;                  /* a peer silent for longer when it owes an answer is gone */
    int64_t enquire_ns;                   /* enquire_link after so much silence */
    int64_t retry_first_ns, retry_max_ns; /* before connecting again: doubled each time, up to */
} smpp_session_settings;

typedef struct smpp_session {
    const smpp_session_settings *settings;
    smpp_session_state state;
    smpp_wire *wire; /* NULL: down */
    uint32_t sequence;
    uint32_t generation; /* counts binds: an answer to a PDU of an earlier one is not sent */
    int64_t retry_ns, back_off_ns, heard_ns, deadline_ns;
    bool has_enquired;    /* an enquire_link is unanswered; deadline_ns holds */
    uint32_t bind_status; /* what the carrier said to the last bind */
    sluice_error why;     /* it is down */
} smpp_session;

void smpp_session_init(smpp_session *s, const smpp_session_settings *settings);
void smpp_session_fini(smpp_session *s);

/* Connects when it is time, notices silence, asks whether the peer is there. True: a connection was lost in this call,
 * and what it owed is in doubt. */
bool smpp_session_tick(smpp_session *s, int64_t now_ns);
/* When smpp_session_tick has something to do next. */
int64_t smpp_session_next_ns(const smpp_session *s);
/* Drops the connection; it will be tried again. */
void smpp_session_lose(smpp_session *s, int64_t now_ns);

/* Bind responses, enquiries and unbinding are the session's own: true, done with. */
bool smpp_session_take(smpp_session *s, const smpp_pdu *pdu, int64_t now_ns);

uint32_t smpp_session_sequence(smpp_session *s); /* the next; 1 to 0x7FFFFFFF */
/* False: no room now; nothing was written. */
bool smpp_session_write(smpp_session *s, smpp_command command, uint32_t status, uint32_t sequence);

#endif
