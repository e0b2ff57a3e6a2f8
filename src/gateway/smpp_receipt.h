/* Delivery receipts: what the carrier says became of a message (SMPP 3.4, 5.2.28 and appendix B). Any thread. */
#ifndef GATEWAY_SMPP_RECEIPT_H
#define GATEWAY_SMPP_RECEIPT_H

#include "gateway/smpp_pdu.h"

/* Table 5-6, and what it means: UNDERWAY is no end yet. */
typedef enum smpp_receipt_state {
    SMPP_RECEIPT_UNDERWAY,  /* ENROUTE, ACCEPTED */
    SMPP_RECEIPT_DELIVERED, /* DELIVRD */
    SMPP_RECEIPT_FAILED,    /* EXPIRED, DELETED, UNDELIV, REJECTD */
    SMPP_RECEIPT_UNKNOWN,   /* UNKNOWN, and words that are none of these */
} smpp_receipt_state;

typedef struct smpp_receipt {
    char id[SMPP_ID_BYTES]; /* as the receipt writes it; empty: it names none */
    smpp_receipt_state state;
    char word[12]; /* DELIVRD, UNDELIV …; what the carrier wrote */
    char error[8]; /* the network's code; empty: none */
} smpp_receipt;

/* How a receipt writes the id that submit_sm_resp gave: carriers differ. */
typedef enum smpp_id_form {
    SMPP_ID_SAME,
    SMPP_ID_RECEIPT_DECIMAL, /* hexadecimal in the response, decimal in the receipt */
    SMPP_ID_RECEIPT_HEX,     /* the other way round */
} smpp_id_form;

/* False: this deliver_sm is a message from a phone and no receipt. The optional parameters rule, the text gives the
 * rest. */
bool smpp_receipt_read(const smpp_pdu *pdu, smpp_receipt *receipt_out);

/* Brings a receipt's id into the form of the response: leading zeros and the case of hexadecimal digits do not matter.
 * An id that is not of the form stays as it is. `id` of a response is brought into its plain form the same way. */
void smpp_id_plain(const char *id, smpp_id_form form, bool is_receipt, char plain_out[SMPP_ID_BYTES]);

#endif
