#include "gateway/smpp_session.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

void smpp_session_init(smpp_session *s, const smpp_session_settings *settings) {
    memset(s, 0, sizeof *s);
    s->settings = settings;
    s->back_off_ns = settings->retry_first_ns;
}

void smpp_session_fini(smpp_session *s) {
    smpp_wire_close(&s->wire);
    s->state = SMPP_DOWN;
}

uint32_t smpp_session_sequence(smpp_session *s) {
    s->sequence = s->sequence >= 0x7FFFFFFF ? 1 : s->sequence + 1; /* 5.1.4 */
    return s->sequence;
}

bool smpp_session_write(smpp_session *s, smpp_command command, uint32_t status, uint32_t sequence) {
    uint8_t *room = s->wire == NULL ? NULL : smpp_wire_room(s->wire);
    size_t written = room == NULL ? 0 : smpp_pdu_write_plain(room, SMPP_PDU_BYTES_MAX, command, status, sequence);
    if (written > 0) {
        smpp_wire_wrote(s->wire, written);
    }
    return written > 0;
}

void smpp_session_lose(smpp_session *s, int64_t now_ns) {
    smpp_wire_close(&s->wire);
    s->state = SMPP_DOWN;
    s->retry_ns = now_ns + s->back_off_ns;
    s->back_off_ns = s->back_off_ns * 2 < s->settings->retry_max_ns ? s->back_off_ns * 2 : s->settings->retry_max_ns;
}

static bool lose(smpp_session *s, int64_t now_ns, const char *why) {
    (void)error_set(&s->why, SLUICE_E_IO, "%s", why);
    smpp_session_lose(s, now_ns);
    return true;
}

static void connect_now(smpp_session *s, int64_t now_ns) {
    if (smpp_wire_open(&s->settings->endpoint, &s->wire, &s->why) != SLUICE_OK) {
        smpp_session_lose(s, now_ns);
        return;
    }
    s->state = SMPP_CONNECTING;
    s->deadline_ns = now_ns + s->settings->response_ns;
}

static bool bind_now(smpp_session *s, int64_t now_ns) {
    uint8_t *room = smpp_wire_room(s->wire);
    size_t written =
        room == NULL ? 0 : smpp_pdu_write_bind(room, SMPP_PDU_BYTES_MAX, smpp_session_sequence(s), &s->settings->bind);
    if (written == 0) {
        return lose(s, now_ns, "system_id (15), password (8), system_type (12) or address_range (40) is too long");
    }
    smpp_wire_wrote(s->wire, written);
    s->state = SMPP_BINDING;
    s->deadline_ns = now_ns + s->settings->response_ns;
    return false;
}

static bool tick_bound(smpp_session *s, int64_t now_ns) {
    if (s->has_enquired) {
        return now_ns >= s->deadline_ns && lose(s, now_ns, "the carrier does not answer enquire_link");
    }
    if (now_ns >= s->heard_ns + s->settings->enquire_ns &&
        smpp_session_write(s, SMPP_ENQUIRE_LINK, SMPP_ROK, smpp_session_sequence(s))) {
        s->has_enquired = true;
        s->deadline_ns = now_ns + s->settings->response_ns;
    }
    return false;
}

bool smpp_session_tick(smpp_session *s, int64_t now_ns) {
    switch (s->state) {
    case SMPP_DOWN:
        if (now_ns >= s->retry_ns) {
            connect_now(s, now_ns);
        }
        return false;
    case SMPP_CONNECTING:
        if (smpp_wire_is_open(s->wire)) {
            return bind_now(s, now_ns);
        }
        return now_ns >= s->deadline_ns && lose(s, now_ns, "the carrier does not answer the connection");
    case SMPP_BINDING:
        return now_ns >= s->deadline_ns && lose(s, now_ns, "the carrier does not answer the bind");
    case SMPP_BOUND:
        return tick_bound(s, now_ns);
    case SMPP_UNBINDING:
        return now_ns >= s->deadline_ns && lose(s, now_ns, "the carrier does not answer the unbind");
    }
    return false;
}

int64_t smpp_session_next_ns(const smpp_session *s) {
    return s->state == SMPP_DOWN                        ? s->retry_ns
           : s->state == SMPP_BOUND && !s->has_enquired ? s->heard_ns + s->settings->enquire_ns
                                                        : s->deadline_ns;
}

static void take_bind(smpp_session *s, const smpp_pdu *pdu, int64_t now_ns) {
    s->bind_status = pdu->status;
    if (pdu->status != SMPP_ROK) {
        (void)error_set(&s->why, SLUICE_E_UNAUTHENTICATED, "the carrier refuses the bind: %s (0x%x)",
                        smpp_status_name(pdu->status), pdu->status);
        smpp_session_lose(s, now_ns);
        return;
    }
    s->state = SMPP_BOUND;
    s->generation++;
    s->back_off_ns = s->settings->retry_first_ns;
    s->has_enquired = false;
    s->why = (sluice_error){0};
}

bool smpp_session_take(smpp_session *s, const smpp_pdu *pdu, int64_t now_ns) {
    s->heard_ns = now_ns;
    s->has_enquired = false; /* whatever it says: it is there */
    switch (pdu->command) {
    case SMPP_BIND_RECEIVER_RESP:
    case SMPP_BIND_TRANSMITTER_RESP:
    case SMPP_BIND_TRANSCEIVER_RESP:
        if (s->state == SMPP_BINDING) {
            take_bind(s, pdu, now_ns);
        }
        return true;
    case SMPP_ENQUIRE_LINK:
        (void)smpp_session_write(s, SMPP_ENQUIRE_LINK_RESP, SMPP_ROK, pdu->sequence);
        return true;
    case SMPP_UNBIND:
        (void)smpp_session_write(s, SMPP_UNBIND_RESP, SMPP_ROK, pdu->sequence);
        s->state = SMPP_UNBINDING; /* it closes, or time does */
        s->deadline_ns = now_ns + s->settings->response_ns;
        return true;
    case SMPP_GENERIC_NACK:
        if (s->state == SMPP_BINDING) {
            take_bind(s, pdu, now_ns);
            return true;
        }
        return false;
    case SMPP_UNBIND_RESP:
    case SMPP_ENQUIRE_LINK_RESP:
    case SMPP_ALERT_NOTIFICATION:
        return true;
    default:
        return false;
    }
}
