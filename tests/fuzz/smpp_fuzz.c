/* Whatever a carrier sends as one PDU: read, taken as a receipt or a message, decoded. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/smpp_receipt.h"
#include "gateway/smpp_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const smpp_id_form FORMS[] = {SMPP_ID_SAME, SMPP_ID_RECEIPT_DECIMAL, SMPP_ID_RECEIPT_HEX};
    smpp_pdu pdu;
    smpp_receipt receipt;
    smpp_incoming incoming;
    char plain[SMPP_ID_BYTES];
    arena a = {0};
    uint8_t frame[SMPP_PDU_BYTES_MAX];
    if (size < SMPP_HEADER_BYTES || size > sizeof frame) {
        return 0;
    }
    memcpy(frame, data, size);
    frame[0] = frame[1] = 0; /* the length is always right: a wrong one is refused before */
    frame[2] = (uint8_t)(size >> 8);
    frame[3] = (uint8_t)size;
    if (smpp_pdu_read(frame, size, &pdu, NULL) == SLUICE_OK && pdu.command == SMPP_DELIVER_SM) {
        if (smpp_receipt_read(&pdu, &receipt)) {
            for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
                smpp_id_plain(receipt.id, FORMS[i], true, plain);
            }
        }
        bool has_header = (pdu.esm_class & SMPP_ESM_UDHI) != 0;
        if (smpp_text_decode(pdu.text, pdu.text_bytes, pdu.data_coding, has_header, &a, &incoming, NULL) == SLUICE_OK &&
            !text_is_utf8(incoming.text)) {
            abort();
        }
    }
    arena_fini(&a);
    return 0;
}
