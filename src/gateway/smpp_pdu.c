/* PDUs through libsmpp34 (1.14), which has to be kept from six things, all seen in its source:
 *
 *  1. It logs every field of a PDU into one global text of 2,048 bytes and counts on after that is full, so that a PDU
 *     with enough optional parameters makes it write behind the text. So it never sees optional parameters that came:
 *     `walk` below reads those itself (tag, length, value), and gives the library the mandatory part alone, whose log
 * is bounded (the test measures it).
 *  2. It allocates one kilobyte for every optional parameter without asking whether there was memory, and loses the one
 *     it was at when the PDU is wrong. For the same reason it never comes to that: reading, it allocates nothing;
 *     writing, the parameters are on our stack.
 *  3. It finds the end of a text with strlen, whatever is behind the PDU. `walk` has found each NUL before.
 *  4. That text and the error number are shared by all threads: one lock around every call. And it holds the phone
 *     number of the last PDU: it is wiped.
 *  5. It refuses a PDU whose command_status it does not know, such as the carriers' own 0x400 to 0x4FF. Responses that
 *     are not ROK have no body that matters (4.4.2): the header is read here.
 *  6. It refuses sequence numbers outside 1 to 0x7FFFFFFF (5.1.4), but Kannel begins with 0 and others run past the
 * end: it is shown a 1, and the number of an answer is written behind its back. */
#include "gateway/smpp_pdu.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>

#include <libsmpp34/smpp34.h>
#include <libsmpp34/smpp34_structs.h>

#include "base/error.h"

static pthread_mutex_t library = PTHREAD_MUTEX_INITIALIZER;

static uint32_t read_u32(const uint8_t *bytes) {
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return ntohl(value);
}

static void write_u32(uint8_t *bytes, uint32_t value) {
    value = htonl(value);
    memcpy(bytes, &value, sizeof value);
}

/* ---- reading ---- */

/* A place in a PDU, with a sticky failure. */
typedef struct walk {
    const uint8_t *bytes;
    size_t at, end;
    bool failed;
} walk;

static void walk_skip(walk *w, size_t bytes) {
    if (w->failed || w->end - w->at < bytes) {
        w->failed = true;
        return;
    }
    w->at += bytes;
}

/* A C-octet string of at most so many bytes with its NUL. */
static void walk_text(walk *w, size_t bytes_max) {
    const uint8_t *nul = w->failed ? NULL : memchr(w->bytes + w->at, 0, w->end - w->at);
    if (nul == NULL || (size_t)(nul - w->bytes) - w->at >= bytes_max) {
        w->failed = true;
        return;
    }
    w->at = (size_t)(nul - w->bytes) + 1;
}

static uint8_t walk_octet(walk *w) {
    walk_skip(w, 1);
    return w->failed ? 0 : w->bytes[w->at - 1];
}

/* 4.6.1, up to the end of short_message. */
static void walk_deliver(walk *w) {
    walk_text(w, 6);
    walk_skip(w, 2);
    walk_text(w, SMPP_ADDRESS_BYTES);
    walk_skip(w, 2);
    walk_text(w, SMPP_ADDRESS_BYTES);
    walk_skip(w, 3);
    walk_text(w, 1);
    walk_text(w, 1);
    walk_skip(w, 4);
    uint8_t text_bytes = walk_octet(w);
    walk_skip(w, text_bytes);
}

static uint16_t tlv_number(const uint8_t *value, size_t bytes) {
    return bytes == 1 ? value[0] : bytes == 2 ? (uint16_t)(value[0] << 8 | value[1]) : 0;
}

/* One optional parameter of deliver_sm; what is not ours is passed over (3.3.3). */
static void take_parameter(smpp_pdu *pdu, uint16_t tag, const uint8_t *value, size_t bytes) {
    switch (tag) {
    case TLVID_receipted_message_id:
        if (bytes > 0 && bytes < sizeof pdu->message_id) {
            memcpy(pdu->message_id, value, bytes); /* the NUL may be missing: the field was zero before */
        }
        return;
    case TLVID_message_state:
        pdu->message_state = bytes == 1 ? value[0] : -1;
        return;
    case TLVID_sar_msg_ref_num:
        pdu->sar_reference = tlv_number(value, bytes);
        return;
    case TLVID_sar_total_segments:
        pdu->sar_count = (uint8_t)tlv_number(value, bytes);
        return;
    case TLVID_sar_segment_seqnum:
        pdu->sar_number = (uint8_t)tlv_number(value, bytes);
        return;
    case TLVID_message_payload:
        if (pdu->text_bytes == 0 && bytes <= sizeof pdu->text) {
            memcpy(pdu->text, value, bytes);
            pdu->text_bytes = bytes;
        }
        return;
    default:
        return;
    }
}

static bool take_parameters(walk *w, smpp_pdu *pdu) {
    while (w->at < w->end) {
        const uint8_t *head = w->bytes + w->at;
        walk_skip(w, 4);
        if (w->failed) {
            return false;
        }
        uint16_t tag = tlv_number(head, 2), bytes = tlv_number(head + 2, 2);
        walk_skip(w, bytes);
        if (w->failed) {
            return false;
        }
        take_parameter(pdu, tag, head + 4, bytes);
    }
    return true;
}

static int unpack(void *into, uint8_t *bytes, size_t length) {
    write_u32(bytes, (uint32_t)length);
    write_u32(bytes + 12, 1);
    pthread_mutex_lock(&library);
    int failed = smpp34_unpack2(into, bytes, (int)length);
    explicit_bzero(smpp34_strerror, sizeof smpp34_strerror);
    pthread_mutex_unlock(&library);
    return failed;
}

/* `bytes` is a copy of the mandatory part, whose length and sequence number are written anew. */
static bool take_deliver(uint8_t *bytes, size_t length, smpp_pdu *pdu) {
    deliver_sm_t from;
    memset(&from, 0, sizeof from);
    if (unpack(&from, bytes, length) != 0 || from.sm_length > SMPP_SHORT_BYTES_MAX) {
        return false;
    }
    memcpy(pdu->source, from.source_addr, sizeof pdu->source);
    memcpy(pdu->destination, from.destination_addr, sizeof pdu->destination);
    pdu->esm_class = from.esm_class;
    pdu->data_coding = from.data_coding;
    pdu->text_bytes = from.sm_length;
    memcpy(pdu->text, from.short_message, from.sm_length);
    return true;
}

static bool take_submit_resp(uint8_t *bytes, size_t length, smpp_pdu *pdu) {
    submit_sm_resp_t from;
    memset(&from, 0, sizeof from);
    if (unpack(&from, bytes, length) != 0) {
        return false;
    }
    memcpy(pdu->message_id, from.message_id, sizeof from.message_id);
    return true;
}

static bool take_bind_resp(uint8_t *bytes, size_t length, smpp_pdu *pdu) {
    bind_transceiver_resp_t from; /* the three are alike */
    memset(&from, 0, sizeof from);
    if (unpack(&from, bytes, length) != 0) {
        return false;
    }
    memcpy(pdu->system_id, from.system_id, sizeof from.system_id);
    return true;
}

/* Some carriers leave out the body where it is empty. */
static void walk_id(walk *w, size_t bytes_max) {
    if (w->at < w->end) {
        walk_text(w, bytes_max);
    }
}

static bool read_body(walk *w, smpp_pdu *pdu) {
    uint8_t copy[SMPP_PDU_BYTES_MAX + 1];
    bool is_bind = pdu->command == SMPP_BIND_RECEIVER_RESP || pdu->command == SMPP_BIND_TRANSMITTER_RESP ||
                   pdu->command == SMPP_BIND_TRANSCEIVER_RESP;
    bool is_deliver = pdu->command == SMPP_DELIVER_SM, is_submit = pdu->command == SMPP_SUBMIT_SM_RESP;
    if (!is_deliver && ((!is_bind && !is_submit) || pdu->status != SMPP_ROK)) {
        return true;
    }
    if (is_deliver) {
        walk_deliver(w);
    } else {
        walk_id(w, is_bind ? 16 : SMPP_ID_BYTES - 1);
    }
    if (w->failed) {
        return false;
    }
    if (w->at == SMPP_HEADER_BYTES) {
        return !is_deliver;
    }
    memcpy(copy, w->bytes, w->at);
    copy[w->at] = 0;
    return is_deliver ? take_deliver(copy, w->at, pdu) && take_parameters(w, pdu)
           : is_bind  ? take_bind_resp(copy, w->at, pdu)
                      : take_submit_resp(copy, w->at, pdu);
}

sluice_result smpp_pdu_length(const uint8_t bytes[4], size_t *length_out, sluice_error *error) {
    uint32_t length = read_u32(bytes);
    if (length < SMPP_HEADER_BYTES || length > SMPP_PDU_BYTES_MAX) {
        return error_set(error, SLUICE_E_INPUT, "the peer sent a PDU of %u bytes; %d to %d are expected", length,
                         SMPP_HEADER_BYTES, SMPP_PDU_BYTES_MAX);
    }
    *length_out = length;
    return SLUICE_OK;
}

sluice_result smpp_pdu_read(const uint8_t *bytes, size_t length, smpp_pdu *pdu_out, sluice_error *error) {
    memset(pdu_out, 0, sizeof *pdu_out);
    pdu_out->message_state = -1;
    if (length < SMPP_HEADER_BYTES || length > SMPP_PDU_BYTES_MAX || read_u32(bytes) != length) {
        return error_set(error, SLUICE_E_INPUT, "a PDU's length does not agree with its command_length");
    }
    pdu_out->command = (smpp_command)read_u32(bytes + 4);
    pdu_out->status = read_u32(bytes + 8);
    pdu_out->sequence = read_u32(bytes + 12);
    walk w = {bytes, SMPP_HEADER_BYTES, length, false};
    return read_body(&w, pdu_out)
               ? SLUICE_OK
               : error_set(error, SLUICE_E_INPUT, "the fields of the peer's PDU 0x%08x are not as SMPP 3.4 has them",
                           (unsigned)pdu_out->command);
}

/* ---- writing ---- */

static size_t pack(uint8_t *out, size_t room, void *from) {
    int length = 0;
    pthread_mutex_lock(&library);
    int failed = smpp34_pack2(out, room > SMPP_PDU_BYTES_MAX ? SMPP_PDU_BYTES_MAX : (int)room, &length, from);
    explicit_bzero(smpp34_strerror, sizeof smpp34_strerror);
    pthread_mutex_unlock(&library);
    return failed != 0 || length < 0 ? 0 : (size_t)length;
}

/* False: too long; the library would cut it silently. */
static bool put_text(uint8_t *field, size_t field_bytes, const char *text) {
    size_t bytes = text == NULL ? 0 : strlen(text);
    if (bytes >= field_bytes) {
        return false;
    }
    memcpy(field, text == NULL ? "" : text, bytes);
    field[bytes] = 0;
    return true;
}

size_t smpp_pdu_write_bind(uint8_t *out, size_t room, uint32_t sequence, const smpp_bind *bind) {
    bind_transceiver_t to; /* the three are alike */
    memset(&to, 0, sizeof to);
    to.command_id = (uint32_t)bind->command;
    to.sequence_number = sequence;
    to.interface_version = SMPP_VERSION;
    return put_text(to.system_id, sizeof to.system_id, bind->system_id) &&
                   put_text(to.password, sizeof to.password, bind->password) &&
                   put_text(to.system_type, sizeof to.system_type, bind->system_type) &&
                   put_text(to.address_range, sizeof to.address_range, bind->address_range)
               ? pack(out, room, &to)
               : 0;
}

static bool put_payload(submit_sm_t *to, tlv_t *payload, const smpp_submit_sm *submit) {
    if (submit->text_bytes > sizeof payload->value.octet) {
        return false;
    }
    payload->tag = TLVID_message_payload;
    payload->length = (uint16_t)submit->text_bytes;
    memcpy(payload->value.octet, submit->text, submit->text_bytes);
    payload->next = to->tlv;
    to->tlv = payload;
    return true;
}

/* 254, the longest that is allowed, is one more than libsmpp34 writes; no part of ours is longer than 160. */
static bool put_short(submit_sm_t *to, const smpp_submit_sm *submit) {
    if (submit->text_bytes >= SMPP_SHORT_BYTES_MAX) {
        return false;
    }
    to->sm_length = (uint8_t)submit->text_bytes;
    memcpy(to->short_message, submit->text, submit->text_bytes);
    return true;
}

size_t smpp_pdu_write_submit(uint8_t *out, size_t room, uint32_t sequence, const smpp_submit_sm *submit) {
    submit_sm_t to;
    tlv_t payload, reference;
    memset(&to, 0, sizeof to);
    memset(&payload, 0, sizeof payload);
    memset(&reference, 0, sizeof reference);
    to.command_id = SUBMIT_SM;
    to.sequence_number = sequence;
    to.source_addr_ton = submit->source_ton;
    to.source_addr_npi = submit->source_npi;
    to.dest_addr_ton = submit->destination_ton;
    to.dest_addr_npi = submit->destination_npi;
    to.esm_class = submit->esm_class;
    to.priority_flag = submit->priority;
    to.registered_delivery = submit->registered_delivery;
    to.data_coding = submit->data_coding;
    if (submit->user_reference != 0) {
        reference.tag = TLVID_user_message_reference;
        reference.length = sizeof reference.value.val16;
        reference.value.val16 = submit->user_reference;
        to.tlv = &reference;
    }
    bool fits = put_text(to.service_type, sizeof to.service_type, submit->service_type) &&
                put_text(to.source_addr, sizeof to.source_addr, submit->source) &&
                put_text(to.destination_addr, sizeof to.destination_addr, submit->destination) &&
                (submit->is_payload ? put_payload(&to, &payload, submit) : put_short(&to, submit));
    return fits ? pack(out, room, &to) : 0;
}

size_t smpp_pdu_write_plain(uint8_t *out, size_t room, smpp_command command, uint32_t status, uint32_t sequence) {
    deliver_sm_resp_t to; /* begins with the header, which is all that the others have */
    memset(&to, 0, sizeof to);
    to.command_id = (uint32_t)command;
    to.command_status = status;
    to.sequence_number = 1;
    size_t written = pack(out, room, &to);
    if (written > 0) {
        write_u32(out + 12, sequence);
    }
    return written;
}

const char *smpp_status_name(uint32_t status) {
#define NAME(name)                                                                                                     \
    case name:                                                                                                         \
        return #name;
    switch (status) {
        NAME(ESME_ROK)
        NAME(ESME_RINVMSGLEN)
        NAME(ESME_RINVCMDLEN)
        NAME(ESME_RINVCMDID)
        NAME(ESME_RINVBNDSTS)
        NAME(ESME_RALYBND)
        NAME(ESME_RSYSERR)
        NAME(ESME_RINVSRCADR)
        NAME(ESME_RINVDSTADR)
        NAME(ESME_RBINDFAIL)
        NAME(ESME_RINVPASWD)
        NAME(ESME_RINVSYSID)
        NAME(ESME_RMSGQFUL)
        NAME(ESME_RINVSERTYP)
        NAME(ESME_RINVESMCLASS)
        NAME(ESME_RSUBMITFAIL)
        NAME(ESME_RINVSRCTON)
        NAME(ESME_RINVSRCNPI)
        NAME(ESME_RINVDSTTON)
        NAME(ESME_RINVDSTNPI)
        NAME(ESME_RINVSYSTYP)
        NAME(ESME_RTHROTTLED)
        NAME(ESME_RX_T_APPN)
        NAME(ESME_RX_P_APPN)
        NAME(ESME_RX_R_APPN)
        NAME(ESME_ROPTPARNOTALLWD)
        NAME(ESME_RINVOPTPARAMVAL)
        NAME(ESME_RDELIVERYFAILURE)
    default:
        return "a status of the carrier's own";
    }
#undef NAME
}
