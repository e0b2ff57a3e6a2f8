/* What a link tells its caller: a ring of results, and what is owed to the carrier for those that were taken. */
#include <stdio.h>
#include <string.h>

#include "gateway/smpp_private.h"

void smpp_result_fini(smpp_result *result) {
    memory_free(result->references);
    memory_free(result->text);
    memset(result, 0, sizeof *result);
}

bool smpp_results_reserve(smpp_link *link) {
    size_t needed = link->result_count + SMPP_RESULTS_A_PDU, before = link->result_capacity;
    size_t capacity = before == 0 ? 256 : before * 2;
    if (needed <= before) {
        return true;
    }
    smpp_result *results = memory_new(capacity * sizeof *results);
    if (results == NULL) {
        return false;
    }
    for (size_t i = 0; before > 0 && i < link->result_count; i++) {
        results[i] = link->results[(link->result_first + i) % before];
    }
    memory_free(link->results);
    link->results = results;
    link->result_first = 0;
    link->result_capacity = capacity;
    return true;
}

static smpp_result *push(smpp_link *link, smpp_outcome outcome, uint64_t id, smpp_debt debt) {
    smpp_result *result = &link->results[(link->result_first + link->result_count++) % link->result_capacity];
    *result = (smpp_result){.outcome = outcome,
                            .id = id,
                            .session = debt.session,
                            .generation = debt.generation,
                            .sequence = debt.sequence};
    return result;
}

smpp_result *smpp_results_last(smpp_link *link) {
    return &link->results[(link->result_first + link->result_count - 1) % link->result_capacity];
}

static char *copy_text(const char *text, size_t length) {
    char *copy = memory_new(length + 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = 0;
    }
    return copy;
}

static char *join_ids(const smpp_message *message) {
    size_t bytes = 0;
    for (size_t i = 0; i < message->part_count; i++) {
        bytes += strlen(message->parts[i].id) + 1;
    }
    char *joined = memory_new(bytes), *at = joined;
    for (size_t i = 0; joined != NULL && i < message->part_count; i++) {
        size_t length = strlen(message->parts[i].id);
        memcpy(at, message->parts[i].id, length);
        at += length;
        *at++ = i + 1 < message->part_count ? ',' : 0;
    }
    return joined;
}

void smpp_results_sent(smpp_link *link, const smpp_message *message, bool is_last) {
    smpp_result *result = push(link, SMPP_SENT, message->id, (smpp_debt){0});
    result->is_last = is_last;
    result->references = join_ids(message);
}

void smpp_results_end(smpp_link *link, smpp_message *message, smpp_outcome outcome, const char *reason, bool may_retry,
                      smpp_debt debt) {
    smpp_result *result = push(link, outcome, message->id, debt);
    result->is_last = true;
    result->may_retry = may_retry;
    snprintf(result->reason, sizeof result->reason, "%s", reason);
    link->counts.delivered += outcome == SMPP_DELIVERED;
    link->counts.failed += outcome == SMPP_FAILED;
    link->counts.unknown += outcome == SMPP_UNKNOWN;
    smpp_table_remove(&link->table, &message);
}

void smpp_results_stray(smpp_link *link, const smpp_receipt *receipt, smpp_debt debt) {
    smpp_result *result = push(link, SMPP_STRAY, 0, debt);
    result->stray_state = receipt->state;
    result->references = copy_text(receipt->id, strlen(receipt->id));
    snprintf(result->reason, sizeof result->reason, "%s", receipt->word);
    link->counts.strays++;
}

void smpp_results_incoming(smpp_link *link, const smpp_pdu *pdu, const smpp_incoming *incoming, smpp_debt debt) {
    char *text = copy_text(incoming->text.data, incoming->text.length);
    if (text == NULL) {
        return; /* unanswered, it comes again */
    }
    smpp_result *result = push(link, SMPP_INCOMING, 0, debt);
    memcpy(result->number, pdu->source, sizeof result->number);
    memcpy(result->to, pdu->destination, sizeof result->to);
    result->text = text;
    result->part = incoming->part;
    result->part_count = incoming->part_count;
    result->part_reference = incoming->reference;
    link->counts.incoming++;
}

bool smpp_next(smpp_link *link, smpp_result *result_out) {
    if (link->result_count == 0 || !ARRAY_RESERVE(link->taken, link->taken_capacity, link->taken_count + 1)) {
        return false;
    }
    *result_out = link->results[link->result_first];
    link->result_first = (link->result_first + 1) % link->result_capacity;
    link->result_count--;
    if (result_out->generation != 0) {
        link->taken[link->taken_count++] =
            (smpp_debt){result_out->session, result_out->generation, result_out->sequence};
    }
    return true;
}

size_t smpp_booked(smpp_link *link) {
    size_t count = link->taken_count;
    for (size_t i = 0; i < link->taken_count; i++) {
        smpp_flow_pay(link, link->taken[i], SMPP_ROK);
    }
    link->taken_count = 0;
    return count;
}
