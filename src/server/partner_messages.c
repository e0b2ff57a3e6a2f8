/* POST /v1/partner/messages: what a bank says of its own accord: feedback on an order (100102 …), and reports (100401,
 * 100403, 100404, 100405), which become leads and reports. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/json_write.h"
#include "base/time.h"
#include "desk/lead.h"
#include "desk/nonce.h"
#include "desk/outbox.h"
#include "desk/outlet.h"
#include "desk/partner_link.h"
#include "desk/report.h"
#include "gateway/bank_message.h"
#include "gateway/bank_table.h"
#include "gateway/iso20022.h"
#include "server/partner_private.h"
#include "server/server_private.h"

typedef struct message {
    bool is_signed, is_report;
    bank_table table;
    bank_feedback feedback;
    bank_report report;
} message;

static sluice_result answer(response *rs, const char *booked, const char *kind, int64_t id, sluice_error *error) {
    json_document d;
    yyjson_mut_val *root = json_begin(&d);
    json_add_text(&d, root, "booked", text_of(booked));
    if (kind != NULL) {
        json_add_text(&d, root, "kind", text_of(kind));
        json_add_int(&d, root, "id", id);
    }
    return response_json(rs, &d, error);
}

/* ---- feedback ---- */

static sluice_result book_feedback(desk_command *c, request *rq, response *rs, const message *m) {
    static const char *const WORDS[] = {
        [BOOKED] = "booked", [BOOKED_NO_EFFECT] = "no_effect", [BOOKED_REPEATED] = "repeated"};
    record delivery;
    outbox_booked booked;
    (void)rq;
    sluice_result result = outbox_find(c, "bank", c->actor->institution, m->feedback.serial, &delivery);
    if (result == SLUICE_E_NOT_FOUND) {
        return error_set(c->error, SLUICE_E_NOT_FOUND, "SerialNumber: we gave you no such serial number");
    }
    if (result == SLUICE_OK && m->feedback.meaning != MEANS_ANSWER) {
        return answer(rs, "noted", NULL, 0, c->error); /* it is asked for again */
    }
    if (result == SLUICE_OK) {
        result = outbox_book(c, &delivery, &m->feedback.answer, &booked);
    }
    return result == SLUICE_OK ? answer(rs, WORDS[booked], NULL, 0, c->error) : result;
}

/* ---- reports ---- */

static record_value key_of(desk_command *c, sluice_text number) {
    char *text = number.length == 0 ? NULL : arena_alloc(c->arena, number.length + 16);
    if (text == NULL) {
        return value_null();
    }
    int length = snprintf(text, number.length + 16, "account:%.*s", TEXT_ARGS(number));
    return value_text((sluice_text){text, (size_t)length});
}

static record_value text_or_null(sluice_text text) {
    return text.length == 0 ? value_null() : value_text(text);
}

static sluice_result make_lead(desk_command *c, const bank_report *report, int64_t *id_out) {
    static const struct {
        const char *message, *type, *title;
    } TYPES[] = {{"report_opening", "card_dealing", "银行上报：可疑开户"},
                 {"report_account", "mule_account", "银行上报：涉案账户"},
                 {"report_event", "other", "银行上报：可疑事件"}};
    const char *type = "other", *title = "银行上报";
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        if (text_equal(report->message, text_of(TYPES[i].message))) {
            type = TYPES[i].type;
            title = TYPES[i].title;
        }
    }
    record lead = {0};
    record_value subject = key_of(c, report->account);
    if (subject.is_null) {
        return desk_fault_add(c, "Target.AccountNumber", "the account is expected");
    }
    const desk_given given[] = {{"type", value_text(text_of(type))},         {"subject", subject},
                                {"title", value_text(text_of(title))},       {"words", text_or_null(report->reason)},
                                {"reference", text_or_null(report->serial)}, {"source", value_text(TEXT("partner"))}};
    sluice_result result = desk_act_inside(c, &LEAD_KIND, "create", &lead, given, sizeof given / sizeof *given);
    *id_out = lead.id;
    bool is_involved = text_equal(report->message, TEXT("report_account"));
    return result == SLUICE_OK && is_involved ? card_involved(c, subject.text, report->serial) : result;
}

/* [{to, bank, name, amount_fen, time}] as the kind `report` has it. */
static sluice_result transfers_of(desk_command *c, const bank_report *report, record_value *json_out) {
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *list = yyjson_mut_arr(doc), *item = yyjson_mut_obj(doc);
    record_value to = key_of(c, report->account);
    char time[TIME_TEXT_BYTES];
    *json_out = value_null();
    if (to.is_null || report->amount_fen < 0) {
        yyjson_mut_doc_free(doc);
        return SLUICE_OK;
    }
    yyjson_mut_doc_set_root(doc, list);
    bool good = yyjson_mut_arr_append(list, item) &&
                yyjson_mut_obj_add_strn(doc, item, "to", to.text.data, to.text.length) &&
                yyjson_mut_obj_add_strn(doc, item, "bank", c->actor->institution.data, c->actor->institution.length) &&
                yyjson_mut_obj_add_sint(doc, item, "amount_fen", report->amount_fen);
    if (report->holder.length > 0) {
        good = good && yyjson_mut_obj_add_strn(doc, item, "name", report->holder.data, report->holder.length);
    }
    if (report->transfer_ms != 0) {
        good = good && yyjson_mut_obj_add_strcpy(doc, item, "time", time_format(report->transfer_ms, time));
    }
    size_t length = 0;
    char *text = good ? yyjson_mut_write(doc, 0, &length) : NULL;
    const char *copy = text == NULL ? NULL : arena_copy(c->arena, text, length);
    free(text); /* yyjson's own allocation */
    yyjson_mut_doc_free(doc);
    *json_out = copy == NULL ? value_null() : value_text((sluice_text){copy, length});
    return copy == NULL ? error_no_memory(c->error, length) : SLUICE_OK;
}

static sluice_result make_report(desk_command *c, const bank_report *report, int64_t *id_out) {
    record made = {0};
    record_value transfers;
    if (report->victim_name.length == 0) {
        return desk_fault_add(c, "Victim.Name", "the victim's name is expected");
    }
    sluice_result result = transfers_of(c, report, &transfers);
    const desk_given given[] = {{"channel", value_text(TEXT("bank"))},
                                {"called_at", value_integer(c->now_ms)},
                                {"victim_name", value_text(report->victim_name)},
                                {"victim_phone", text_or_null(report->victim_phone)},
                                {"victim_account", key_of(c, report->victim_account)},
                                {"words", text_or_null(report->reason)},
                                {"transfers", transfers}};
    result = result == SLUICE_OK
                 ? desk_act_inside(c, &REPORT_KIND, "create", &made, given, sizeof given / sizeof *given)
                 : result;
    *id_out = made.id;
    return result;
}

static sluice_result book_report(desk_command *c, response *rs, const message *m) {
    char once[100];
    int64_t id = 0;
    bool is_case = text_equal(m->report.message, TEXT("report_case"));
    int length = snprintf(once, sizeof once, "report:%.*s", TEXT_ARGS(m->report.serial));
    sluice_result result = nonce_use(c, c->actor->institution, (sluice_text){once, (size_t)length}, 0);
    if (result == SLUICE_E_CONFLICT) {
        return answer(rs, "repeated", NULL, 0, c->error);
    }
    if (result == SLUICE_OK && is_case) {
        /* The desk takes it in as a report and proposes the stop, which a partner could not see. */
        desk_actor taker = *c->actor;
        taker.roles |= ROLE_SYSTEM;
        desk_command system = *c;
        system.actor = &taker;
        result = make_report(&system, &m->report, &id);
    } else if (result == SLUICE_OK) {
        result = make_lead(c, &m->report, &id);
    }
    return result == SLUICE_OK ? answer(rs, "booked", is_case ? "report" : "lead", id, c->error) : result;
}

/* ---- the route ---- */

static sluice_result run_message(desk_command *c, request *rq, response *rs, void *context) {
    const message *m = context;
    sluice_result result = m->is_signed ? partner_once(c, rq) : SLUICE_OK;
    if (result != SLUICE_OK) {
        return result;
    }
    return m->is_report ? book_report(c, rs, m) : book_feedback(c, rq, rs, m);
}

sluice_result partner_bank_table(desk_command *c, sluice_text institution, bank_table *table) {
    record link;
    sluice_text fields = TEXT("bank_field");
    yyjson_doc *doc = NULL;
    sluice_result result = partner_link_find(c, "bank", institution, &link);
    if (result == SLUICE_OK && !link.values[LINK_SETTINGS].is_null) {
        doc = yyjson_read(link.values[LINK_SETTINGS].text.data, link.values[LINK_SETTINGS].text.length, 0);
        yyjson_val *name = yyjson_obj_get(yyjson_doc_get_root(doc), "fields");
        fields = yyjson_is_str(name) ? (sluice_text){yyjson_get_str(name), yyjson_get_len(name)} : fields;
    }
    result = result == SLUICE_OK || result == SLUICE_E_NOT_FOUND
                 ? bank_table_load(desk_store(c->desk), fields, c->now_ms, c->arena, table, c->error)
                 : result;
    yyjson_doc_free(doc);
    return result;
}

/* ---- ISO 20022 ---- */

static sluice_result run_resolution(desk_command *c, request *rq, response *rs, void *context) {
    const message *m = context;
    sluice_result result = m->is_signed ? partner_once(c, rq) : SLUICE_OK;
    return result == SLUICE_OK ? book_feedback(c, rq, rs, m) : result;
}

static sluice_result once_only(desk_command *c, request *rq, response *rs, void *context) {
    (void)rs;
    (void)context;
    return partner_once(c, rq);
}

/* Payments that the bank tells of: signals like any other (POST /v1/signals); the same id again is a duplicate. */
static sluice_result take_transfers(request *rq, response *rs, const iso_document *doc, message *m,
                                    sluice_error *error) {
    sluice_signal *signals = NULL;
    size_t count = 0;
    ingest *batch = memory_new_zero(1, sizeof *batch);
    if (batch == NULL) {
        return error_no_memory(error, sizeof *batch);
    }
    sluice_result result = iso_read_transfers(doc, &rq->arena, &signals, &count, error);
    if (result == SLUICE_OK && m->is_signed) {
        result = desk_change(rq, rs, once_only, m, error);
    }
    if (result == SLUICE_OK) {
        batch->signals = signals;
        batch->count = count;
        result = writer_ingest(rq->server, batch, error);
    }
    if (result == SLUICE_OK) {
        json_document d;
        yyjson_mut_val *root = json_begin(&d);
        json_add_text(&d, root, "booked", TEXT("signals"));
        json_add_uint(&d, root, "accepted", batch->accepted);
        json_add_uint(&d, root, "duplicates", batch->duplicates);
        json_add_uint(&d, root, "refused", batch->refused);
        result = response_json(rs, &d, error);
    }
    memory_free(batch);
    return result;
}

static sluice_result take_iso(request *rq, response *rs, message *m, sluice_error *error) {
    iso_document *doc = NULL;
    bool pending = false;
    sluice_result result = iso_open(rq->body, rq->server->options.gateway_schemas, &doc, error);
    if (result == SLUICE_OK && text_equal(iso_message(doc), TEXT("pacs.008"))) {
        result = take_transfers(rq, rs, doc, m, error);
    } else if (result == SLUICE_OK && text_equal(iso_message(doc), TEXT("camt.029"))) {
        result = iso_read_resolution(doc, &rq->arena, &m->feedback.serial, &m->feedback.answer, &pending, error);
        m->feedback.meaning = pending ? MEANS_AGAIN : MEANS_ANSWER;
        result = result == SLUICE_OK ? desk_change(rq, rs, run_resolution, m, error) : result;
    } else if (result == SLUICE_OK) {
        result = error_set(error, SLUICE_E_INPUT, "camt.029 or pacs.008 is expected");
    }
    iso_free(&doc);
    return result == SLUICE_E_INPUT || result == SLUICE_E_LIMIT
               ? response_problem(rq, rs, 422, SLUICE_E_INVALID, error->text, NULL)
               : result;
}

sluice_result partner_message_handler(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    message *m = arena_alloc(&rq->arena, sizeof *m);
    if (m == NULL) {
        return error_no_memory(error, sizeof *m);
    }
    *m = (message){0};
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? partner_check(rq, &c, &m->is_signed) : result;
    bool is_xml = rq->content_type.length >= 15 && strncasecmp(rq->content_type.data, "application/xml", 15) == 0;
    if (result == SLUICE_OK && is_xml) {
        return take_iso(rq, rs, m, error);
    }
    result = result == SLUICE_OK ? partner_bank_table(&c, c.actor->institution, &m->table) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    sluice_text message = bank_message_of(&m->table, bank_code_of(&m->table, rq->body, &rq->arena));
    m->is_report = message.length > 7 && memcmp(message.data, "report_", 7) == 0;
    result = m->is_report ? bank_decode_report(&m->table, rq->body, &rq->arena, &m->report, error)
                          : bank_decode(&m->table, rq->body, &rq->arena, &m->feedback, error);
    if (result == SLUICE_E_INPUT) {
        return response_problem(rq, rs, 422, SLUICE_E_INVALID, error->text, NULL);
    }
    return result == SLUICE_OK ? desk_change(rq, rs, run_message, m, error) : result;
}
