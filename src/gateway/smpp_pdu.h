/* PDUs of SMPP 3.4 ("Short Message Peer to Peer Protocol Specification v3.4", issue 1.2, sections 4 and 5): fields to
 * bytes and bytes to fields. libsmpp34 packs and unpacks; smpp_pdu.c says what keeps that safe. Any thread. */
#ifndef GATEWAY_SMPP_PDU_H
#define GATEWAY_SMPP_PDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sluice/result.h>

enum {
    SMPP_HEADER_BYTES = 16,
    SMPP_PDU_BYTES_MAX = 4096,  /* longer ones are no PDUs of ours */
    SMPP_TEXT_BYTES_MAX = 1024, /* of message_payload, in libsmpp34 */
    SMPP_SHORT_BYTES_MAX = 254, /* of short_message */
    SMPP_ID_BYTES = 66,         /* message_id with its NUL */
    SMPP_ADDRESS_BYTES = 21,    /* with its NUL */
};

/* 5.1.2.1 */
typedef enum smpp_command {
    SMPP_GENERIC_NACK = (int)0x80000000,
    SMPP_BIND_RECEIVER = 0x1,
    SMPP_BIND_RECEIVER_RESP = (int)0x80000001,
    SMPP_BIND_TRANSMITTER = 0x2,
    SMPP_BIND_TRANSMITTER_RESP = (int)0x80000002,
    SMPP_SUBMIT_SM = 0x4,
    SMPP_SUBMIT_SM_RESP = (int)0x80000004,
    SMPP_DELIVER_SM = 0x5,
    SMPP_DELIVER_SM_RESP = (int)0x80000005,
    SMPP_UNBIND = 0x6,
    SMPP_UNBIND_RESP = (int)0x80000006,
    SMPP_BIND_TRANSCEIVER = 0x9,
    SMPP_BIND_TRANSCEIVER_RESP = (int)0x80000009,
    SMPP_ENQUIRE_LINK = 0x15,
    SMPP_ENQUIRE_LINK_RESP = (int)0x80000015,
    SMPP_ALERT_NOTIFICATION = 0x102,
} smpp_command;

/* 5.1.3, those that mean something to us */
enum {
    SMPP_ROK = 0x0,
    SMPP_RINVCMDLEN = 0x2,
    SMPP_RINVCMDID = 0x3,
    SMPP_RINVBNDSTS = 0x4,
    SMPP_RALYBND = 0x5,
    SMPP_RSYSERR = 0x8,
    SMPP_RINVDSTADR = 0xB,
    SMPP_RBINDFAIL = 0xD,
    SMPP_RINVPASWD = 0xE,
    SMPP_RINVSYSID = 0xF,
    SMPP_RMSGQFUL = 0x14,
    SMPP_RTHROTTLED = 0x58,
    SMPP_RX_T_APPN = 0x64,
    SMPP_RX_P_APPN = 0x65,
};

enum { SMPP_ESM_RECEIPT = 0x04, SMPP_ESM_TYPE_MASK = 0x3C, SMPP_ESM_UDHI = 0x40 }; /* 5.2.12 */

/* One that came. Fields that its command does not have are empty. */
typedef struct smpp_pdu {
    smpp_command command;
    uint32_t status, sequence;
    char system_id[17];             /* bind responses */
    char message_id[SMPP_ID_BYTES]; /* submit_sm_resp; of deliver_sm: receipted_message_id */
    char source[SMPP_ADDRESS_BYTES], destination[SMPP_ADDRESS_BYTES];
    uint8_t esm_class, data_coding;
    int message_state;             /* 5.2.28; -1: not given */
    uint16_t sar_reference;        /* 5.3.2.22 to 24 */
    uint8_t sar_count, sar_number; /* 0: not given */
    size_t text_bytes;             /* short_message, or message_payload where that is empty */
    uint8_t text[SMPP_TEXT_BYTES_MAX];
} smpp_pdu;

/* How long the PDU is whose first four bytes are here. Errors: INPUT: no PDU has this length; the stream has lost its
 * frame and the connection is of no more use. */
SLUICE_MUST_USE sluice_result smpp_pdu_length(const uint8_t bytes[4], size_t *length_out, sluice_error *error);

/* Command and sequence of `pdu_out` are set even after an error, so that it can be answered; `length` is the PDU's own.
 * Errors: INPUT. A command that is not known is no error: header only. */
SLUICE_MUST_USE sluice_result smpp_pdu_read(const uint8_t *bytes, size_t length, smpp_pdu *pdu_out,
                                            sluice_error *error);

typedef struct smpp_bind {
    smpp_command command; /* one of the three binds */
    const char *system_id, *password, *system_type, *address_range;
} smpp_bind;

typedef struct smpp_submit_sm {
    const char *service_type;
    const char *source, *destination;
    uint8_t source_ton, source_npi, destination_ton, destination_npi;
    uint8_t esm_class, data_coding, registered_delivery, priority;
    const uint8_t *text;
    size_t text_bytes;       /* up to SMPP_SHORT_BYTES_MAX; with is_payload up to SMPP_TEXT_BYTES_MAX */
    bool is_payload;         /* as message_payload */
    uint16_t user_reference; /* user_message_reference, so that a carrier can know a repetition; 0: none */
} smpp_submit_sm;

/* These write one PDU; 0: it did not fit into `room` bytes, or libsmpp34 refused a field. */
size_t smpp_pdu_write_bind(uint8_t *out, size_t room, uint32_t sequence, const smpp_bind *bind);
size_t smpp_pdu_write_submit(uint8_t *out, size_t room, uint32_t sequence, const smpp_submit_sm *submit);
/* A PDU of a header alone, or a deliver_sm_resp. */
size_t smpp_pdu_write_plain(uint8_t *out, size_t room, smpp_command command, uint32_t status, uint32_t sequence);

/* ESME_RTHROTTLED and the like, for people; the number in hexadecimal where it has no name. */
const char *smpp_status_name(uint32_t status);

#endif
