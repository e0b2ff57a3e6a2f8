/* The flow of parts: out of the queue within window and rate, and what the carrier answers and reports. */
#include <stdio.h>
#include <string.h>

#include "gateway/smpp_private.h"

static const int64_t SECOND_NS = INT64_C(1000000000), MS_NS = 1000000;

/* ---- out ---- */

static bool write_part(smpp_link *link, smpp_session *s, smpp_part_entry *part) {
    const smpp_message *message = part->message;
    uint8_t *room = smpp_wire_room(s->wire);
    smpp_submit_sm submit = {
        .service_type = link->settings.service_type,
        .source = link->settings.source,
        .destination = message->number,
        .source_ton = link->settings.source_ton,
        .source_npi = link->settings.source_npi,
        .destination_ton = link->settings.destination_ton,
        .destination_npi = link->settings.destination_npi,
        .esm_class = message->esm_class,
        .data_coding = message->data_coding,
        .registered_delivery = link->settings.receipt_ms > 0,
        .text = part->bytes,
        .text_bytes = part->count,
        .is_payload = message->is_payload,
        .user_reference = message->reference,
    };
    if (room == NULL) {
        return false;
    }
    uint32_t sequence = smpp_session_sequence(s);
    size_t written = smpp_pdu_write_submit(room, SMPP_PDU_BYTES_MAX, sequence, &submit);
    smpp_wire_wrote(s->wire, written);
    part->sequence = sequence;
    return written > 0;
}

void smpp_flow_send(smpp_link *link, int64_t now_ns) {
    smpp_session *s = &link->sessions[0];
    smpp_part_list *queue = &link->table.lists[PART_QUEUED], *sent = &link->table.lists[PART_SENT];
    int64_t step_ns = link->settings.rate_per_s == 0 ? 0 : SECOND_NS / link->settings.rate_per_s;
    if (link->send_ns < now_ns - 20 * MS_NS) {
        link->send_ns = now_ns - 20 * MS_NS; /* what was not sent in quiet times is not caught up with */
    }
    while (s->state == SMPP_BOUND && queue->first != NULL && sent->count < link->settings.window &&
           now_ns >= link->pause_until_ns && (step_ns == 0 || now_ns >= link->send_ns)) {
        smpp_part_entry *part = queue->first;
        if (!write_part(link, s, part)) {
            return;
        }
        link->counts.submitted++;
        link->counts.resent += part->tries > 0;
        link->send_ns += step_ns;
        smpp_table_move(&link->table, part, PART_SENT, now_ns);
    }
}

/* An answer to an earlier connection's PDU would be one to nothing. */
void smpp_flow_pay(smpp_link *link, smpp_debt debt, uint32_t status) {
    smpp_session *s = &link->sessions[debt.session];
    if (debt.generation != 0 && s->wire != NULL && s->generation == debt.generation) {
        (void)smpp_session_write(s, SMPP_DELIVER_SM_RESP, status, debt.sequence);
    }
}

/* ---- receipts ---- */

static void settle(smpp_link *link, smpp_part_entry *part, const smpp_receipt *receipt, smpp_debt debt,
                   int64_t now_ns) {
    smpp_message *message = part->message;
    char reason[64];
    if (receipt->state == SMPP_RECEIPT_FAILED) {
        snprintf(reason, sizeof reason, "%s%s%s", receipt->word, receipt->error[0] != 0 ? " err:" : "", receipt->error);
        smpp_results_end(link, message, SMPP_FAILED, reason, false, debt);
        return;
    }
    message->is_unknown = message->is_unknown || receipt->state == SMPP_RECEIPT_UNKNOWN;
    smpp_table_move(&link->table, part, PART_DONE, now_ns);
    if (--message->parts_open == 0) {
        smpp_results_end(link, message, message->is_unknown ? SMPP_UNKNOWN : SMPP_DELIVERED,
                         message->is_unknown ? "the carrier does not know what became of it" : receipt->word, false,
                         debt);
        return;
    }
    smpp_flow_pay(link, debt, SMPP_ROK);
}

static void take_receipt(smpp_link *link, smpp_receipt *receipt, smpp_debt debt, int64_t now_ns) {
    char plain[SMPP_ID_BYTES];
    if (receipt->state == SMPP_RECEIPT_UNDERWAY) {
        smpp_flow_pay(link, debt, SMPP_ROK);
        return;
    }
    smpp_id_plain(receipt->id, link->settings.id_form, true, plain);
    memcpy(receipt->id, plain, sizeof plain);
    smpp_part_entry *part = plain[0] == 0 ? NULL : smpp_table_by_id(&link->table, plain);
    if (part != NULL) {
        settle(link, part, receipt, debt, now_ns);
    } else if (link->table.lists[PART_SENT].count > 0 && link->early_count < SMPP_EARLY_MAX) {
        link->early[link->early_count++] = (smpp_early){*receipt, debt, now_ns};
    } else {
        smpp_results_stray(link, receipt, debt);
    }
}

/* Those that came before the response that names them. */
static void settle_early(smpp_link *link, smpp_part_entry *part, int64_t now_ns) {
    for (size_t i = 0; i < link->early_count; i++) {
        if (strcmp(link->early[i].receipt.id, part->id) == 0) {
            smpp_early early = link->early[i];
            memmove(&link->early[i], &link->early[i + 1], (--link->early_count - i) * sizeof *link->early);
            settle(link, part, &early.receipt, early.debt, now_ns); /* may have ended the message */
            return;
        }
    }
}

static void expire_early(smpp_link *link, int64_t now_ns) {
    while (link->early_count > 0 && (now_ns - link->early[0].at_ns >= link->settings.response_ms * MS_NS ||
                                     link->table.lists[PART_SENT].count == 0)) {
        smpp_results_stray(link, &link->early[0].receipt, link->early[0].debt);
        memmove(&link->early[0], &link->early[1], --link->early_count * sizeof *link->early);
    }
}

static void take_deliver(smpp_link *link, uint8_t session, const smpp_pdu *pdu, int64_t now_ns) {
    smpp_receipt receipt;
    smpp_incoming incoming;
    smpp_debt debt = {session, link->sessions[session].generation, pdu->sequence};
    if (smpp_receipt_read(pdu, &receipt)) {
        take_receipt(link, &receipt, debt, now_ns);
        return;
    }
    if (smpp_text_decode(pdu->text, pdu->text_bytes, pdu->data_coding, (pdu->esm_class & SMPP_ESM_UDHI) != 0,
                         &link->scratch, &incoming, NULL) == SLUICE_OK) {
        if (incoming.part_count == 1 && pdu->sar_count > 1) {
            incoming.part_count = pdu->sar_count;
            incoming.part = pdu->sar_number;
            incoming.reference = pdu->sar_reference;
        }
        smpp_results_incoming(link, pdu, &incoming, debt);
    }
    arena_reset(&link->scratch);
}

/* ---- responses ---- */

static void accepted(smpp_link *link, smpp_part_entry *part, const char *id, int64_t now_ns) {
    smpp_message *message = part->message;
    bool has_receipt = id[0] != 0 && link->settings.receipt_ms > 0;
    smpp_id_plain(id, link->settings.id_form, false, part->id);
    smpp_table_move(&link->table, part, has_receipt ? PART_AWAITING : PART_DONE, now_ns);
    if (has_receipt) {
        smpp_table_index(&link->table, part);
    } else {
        message->parts_open--;
    }
    link->pause_ns = 0;
    if (--message->parts_unsent == 0) {
        bool is_last = message->parts_open == 0;
        smpp_results_sent(link, message, is_last);
        if (is_last) {
            smpp_table_remove(&link->table, &message);
            return;
        }
    }
    if (has_receipt) {
        settle_early(link, part, now_ns);
    }
}

static void pause(smpp_link *link, int64_t now_ns) {
    int64_t first = link->settings.throttle_ms * MS_NS, most = link->settings.retry_max_ms * MS_NS;
    if (now_ns < link->pause_until_ns) {
        return; /* the others of the same window */
    }
    link->pause_ns = link->pause_ns == 0 ? first : link->pause_ns * 2 < most ? link->pause_ns * 2 : most;
    link->pause_until_ns = now_ns + link->pause_ns;
}

static void refused(smpp_link *link, smpp_part_entry *part, uint32_t status, int64_t now_ns) {
    char reason[64];
    bool is_full = status == SMPP_RTHROTTLED || status == SMPP_RMSGQFUL;
    bool is_for_now = status == SMPP_RSYSERR || status == SMPP_RX_T_APPN;
    if (is_full) {
        link->counts.throttled++;
        pause(link, now_ns);
        smpp_table_unsend(&link->table, part, now_ns);
        return;
    }
    if (is_for_now && ++part->tries < SMPP_TRIES_MAX) {
        pause(link, now_ns);
        smpp_table_move(&link->table, part, PART_QUEUED, now_ns);
        return;
    }
    snprintf(reason, sizeof reason, "%s (0x%x)", smpp_status_name(status), status);
    smpp_results_end(link, part->message, SMPP_FAILED, reason, is_for_now, (smpp_debt){0});
    if (status == SMPP_RINVDSTADR) {
        smpp_results_last(link)->is_wrong_number = true;
    }
}

void smpp_flow_take(smpp_link *link, uint8_t session, const smpp_pdu *pdu, int64_t now_ns) {
    smpp_part_entry *part;
    switch (pdu->command) {
    case SMPP_DELIVER_SM:
        take_deliver(link, session, pdu, now_ns);
        return;
    case SMPP_SUBMIT_SM_RESP:
    case SMPP_GENERIC_NACK:
        part = session == 0 ? smpp_table_by_sequence(&link->table, pdu->sequence) : NULL;
        if (part != NULL && pdu->status == SMPP_ROK && pdu->command == SMPP_SUBMIT_SM_RESP) {
            accepted(link, part, pdu->message_id, now_ns);
        } else if (part != NULL) {
            refused(link, part, pdu->status, now_ns);
        }
        return;
    default:
        if (((uint32_t)pdu->command & 0x80000000U) == 0) {
            (void)smpp_session_write(&link->sessions[session], SMPP_GENERIC_NACK, SMPP_RINVCMDID, pdu->sequence);
        }
        return;
    }
}

/* A deliver_sm is refused for good, so that it does not come for ever; a response without a readable body counts as one
 * without an id. */
void smpp_flow_refuse(smpp_link *link, uint8_t session, const smpp_pdu *pdu) {
    if (pdu->command == SMPP_DELIVER_SM) {
        smpp_flow_pay(link, (smpp_debt){session, link->sessions[session].generation, pdu->sequence}, SMPP_RX_P_APPN);
    }
}

/* ---- time ---- */

void smpp_flow_lost(smpp_link *link, int64_t now_ns) {
    smpp_part_list *sent = &link->table.lists[PART_SENT];
    while (sent->last != NULL) {
        smpp_part_entry *part = sent->last;
        if (link->settings.resends && ++part->tries < SMPP_TRIES_MAX) {
            smpp_table_unsend(&link->table, part, now_ns);
        } else if (smpp_results_reserve(link)) {
            smpp_results_end(link, part->message, SMPP_FAILED, "the connection was lost before the carrier answered",
                             true, (smpp_debt){0});
            smpp_results_last(link)->is_in_doubt = true;
        } else {
            return;
        }
    }
}

static bool is_older(const smpp_part_entry *part, int64_t since_ns, int64_t limit_ms, int64_t now_ns) {
    return part != NULL && limit_ms > 0 && now_ns - since_ns >= limit_ms * MS_NS;
}

void smpp_flow_expire(smpp_link *link, int64_t now_ns) {
    smpp_part_list *lists = link->table.lists;
    smpp_part_entry *part;
    if (link->sessions[0].state == SMPP_BOUND && lists[PART_SENT].first != NULL &&
        is_older(lists[PART_SENT].first, lists[PART_SENT].first->at_ns, link->settings.response_ms, now_ns)) {
        snprintf(link->sessions[0].why.text, sizeof link->sessions[0].why.text,
                 "the carrier does not answer submit_sm");
        smpp_session_lose(&link->sessions[0], now_ns);
        smpp_flow_lost(link, now_ns);
    }
    while ((part = lists[PART_QUEUED].first) != NULL &&
           is_older(part, part->message->from_ns, link->settings.submit_ms, now_ns) && smpp_results_reserve(link)) {
        smpp_results_end(link, part->message, SMPP_FAILED, "the carrier did not take it in time", true, (smpp_debt){0});
    }
    while ((part = lists[PART_AWAITING].first) != NULL &&
           is_older(part, part->at_ns, link->settings.receipt_ms, now_ns) && smpp_results_reserve(link)) {
        smpp_results_end(link, part->message, SMPP_UNKNOWN, "no receipt came", false, (smpp_debt){0});
    }
    if (smpp_results_reserve(link)) {
        expire_early(link, now_ns);
    }
}
