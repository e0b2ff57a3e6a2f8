/* The link itself. Private to smpp*.c. */
#ifndef GATEWAY_SMPP_PRIVATE_H
#define GATEWAY_SMPP_PRIVATE_H

#include "gateway/smpp.h"
#include "gateway/smpp_table.h"

enum {
    SMPP_EARLY_MAX = 64,      /* receipts that overtook their submit_sm_resp */
    SMPP_RESULTS_MAX = 10000, /* not taken: nothing more is read */
    SMPP_RESULTS_A_PDU = SMPP_EARLY_MAX + 4,
    SMPP_TRIES_MAX = 5, /* of a part, refused for a while or in doubt */
};

/* A deliver_sm that is to be answered. */
typedef struct smpp_debt {
    uint8_t session;
    uint32_t generation; /* 0: none */
    uint32_t sequence;
} smpp_debt;

typedef struct smpp_early {
    smpp_receipt receipt;
    smpp_debt debt;
    int64_t at_ns;
} smpp_early;

struct smpp_link {
    smpp_settings settings;
    arena texts, scratch;
    smpp_session_settings session_settings[2];
    smpp_session sessions[2]; /* the first one sends, the last one receives */
    size_t session_count;
    smpp_table table;
    smpp_result *results; /* a ring */
    size_t result_first, result_count, result_capacity;
    smpp_debt *taken; /* of results that were given and not booked */
    size_t taken_count, taken_capacity;
    smpp_early early[SMPP_EARLY_MAX];
    size_t early_count;
    int64_t send_ns, pause_until_ns, pause_ns;
    uint16_t reference;
    smpp_counts counts;
};

/* smpp_flow.c */
void smpp_flow_send(smpp_link *link, int64_t now_ns);
void smpp_flow_take(smpp_link *link, uint8_t session, const smpp_pdu *pdu, int64_t now_ns);
/* PDU that cannot be read. */
void smpp_flow_refuse(smpp_link *link, uint8_t session, const smpp_pdu *pdu);
/* What was sent and has no answer goes back to the queue. */
void smpp_flow_lost(smpp_link *link, int64_t now_ns);
/* What has waited too long. */
void smpp_flow_expire(smpp_link *link, int64_t now_ns);
void smpp_flow_pay(smpp_link *link, smpp_debt debt, uint32_t status);

/* smpp_results.c. Room for the results of one PDU is reserved before it is read, so giving one cannot fail. */
bool smpp_results_reserve(smpp_link *link);
void smpp_results_end(smpp_link *link, smpp_message *message, smpp_outcome outcome, const char *reason, bool may_retry,
                      smpp_debt debt); /* ends the message, too */
smpp_result *smpp_results_last(smpp_link *link);
void smpp_results_sent(smpp_link *link, const smpp_message *message, bool is_last);
void smpp_results_stray(smpp_link *link, const smpp_receipt *receipt, smpp_debt debt);
void smpp_results_incoming(smpp_link *link, const smpp_pdu *pdu, const smpp_incoming *incoming, smpp_debt debt);

#endif
