/* The text of a receipt is carrier specific; nearly all write what appendix B shows:
 *
 *   id:IIIIIIIIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:E Text: …
 *
 * in any case of letters, with or without some of the words. Values are read up to the next space. */
#include "gateway/smpp_receipt.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    int number; /* 5.2.28 */
    const char *word;
    smpp_receipt_state state;
} STATES[] = {
    {1, "ENROUTE", SMPP_RECEIPT_UNDERWAY}, {2, "DELIVRD", SMPP_RECEIPT_DELIVERED},
    {3, "EXPIRED", SMPP_RECEIPT_FAILED},   {4, "DELETED", SMPP_RECEIPT_FAILED},
    {5, "UNDELIV", SMPP_RECEIPT_FAILED},   {6, "ACCEPTD", SMPP_RECEIPT_UNDERWAY},
    {7, "UNKNOWN", SMPP_RECEIPT_UNKNOWN},  {8, "REJECTD", SMPP_RECEIPT_FAILED},
};
enum { STATE_COUNT = sizeof STATES / sizeof *STATES };

/* The value behind "name:", without regard to case, at the beginning or behind a space; false: it is not there. */
static bool value_of(const char *text, const char *name, char *out, size_t out_bytes) {
    size_t length = strlen(name);
    for (const char *at = text; *at != 0; at++) {
        if ((at != text && at[-1] != ' ') || strncasecmp(at, name, length) != 0 || at[length] != ':') {
            continue;
        }
        size_t bytes = strcspn(at + length + 1, " \r\n");
        if (bytes == 0 || bytes >= out_bytes) {
            return false;
        }
        memcpy(out, at + length + 1, bytes);
        out[bytes] = 0;
        return true;
    }
    return false;
}

static void set_state(smpp_receipt *receipt, int message_state) {
    receipt->state = SMPP_RECEIPT_UNKNOWN;
    for (size_t i = 0; i < STATE_COUNT; i++) {
        if (message_state == STATES[i].number ||
            (message_state < 0 && strcasecmp(receipt->word, STATES[i].word) == 0)) {
            receipt->state = STATES[i].state;
            snprintf(receipt->word, sizeof receipt->word, "%s", STATES[i].word);
        }
    }
}

bool smpp_receipt_read(const smpp_pdu *pdu, smpp_receipt *receipt_out) {
    char text[SMPP_TEXT_BYTES_MAX + 1];
    memset(receipt_out, 0, sizeof *receipt_out);
    if ((pdu->esm_class & SMPP_ESM_TYPE_MASK) != SMPP_ESM_RECEIPT) {
        return false;
    }
    memcpy(text, pdu->text, pdu->text_bytes);
    text[pdu->text_bytes] = 0;
    if (pdu->message_id[0] != 0) {
        memcpy(receipt_out->id, pdu->message_id, sizeof receipt_out->id);
    } else {
        (void)value_of(text, "id", receipt_out->id, sizeof receipt_out->id);
    }
    (void)value_of(text, "stat", receipt_out->word, sizeof receipt_out->word);
    (void)value_of(text, "err", receipt_out->error, sizeof receipt_out->error);
    set_state(receipt_out, pdu->message_state);
    return true;
}

void smpp_id_plain(const char *id, smpp_id_form form, bool is_receipt, char plain_out[SMPP_ID_BYTES]) {
    bool is_hex = form == SMPP_ID_RECEIPT_DECIMAL ? !is_receipt : is_receipt;
    char *end = NULL;
    unsigned long long number = 0;
    if (form != SMPP_ID_SAME && isxdigit((unsigned char)id[0]) && strlen(id) <= (is_hex ? 16 : 19)) {
        number = strtoull(id, &end, is_hex ? 16 : 10);
    }
    if (end != NULL && *end == 0) {
        snprintf(plain_out, SMPP_ID_BYTES, "%llu", number);
    } else {
        snprintf(plain_out, SMPP_ID_BYTES, "%s", id);
    }
}
