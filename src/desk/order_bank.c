#include "desk/order_bank.h"

#include <stdio.h>
#include <string.h>

#include "base/json_write.h"
#include "desk/case.h"
#include "desk/dated.h"
#include "desk/desk_private.h"
#include "desk/inquiry.h"
#include "desk/partner_link.h"
#include "desk/report.h"
#include "desk/unit.h"
#include "desk/user.h"

/* ---- what an order says: our fields, which the gateway maps to the bank's (domain.md §3) ---- */

typedef struct letter {
    desk_command *c;
    json_document d;
    yyjson_mut_val *root;
    sluice_result result;
} letter;

static void put_text(letter *l, const char *name, const record_value *value) {
    if (!value->is_null && value->text.length > 0) {
        json_add_text(&l->d, l->root, name, value->text);
    }
}

static void put_number(letter *l, const char *name, const record_value *value) {
    if (!value->is_null) {
        json_add_int(&l->d, l->root, name, value->integer);
    }
}

/* Of "account:6228…" what a bank calls the account. */
static void put_account(letter *l, const char *name, const record_value *key) {
    sluice_text kind, number;
    if (!key->is_null && text_split(key->text, ':', &kind, &number)) {
        json_add_text(&l->d, l->root, name, number);
    }
}

static void put_printed(letter *l, const char *name, const char *prefix, int64_t id) {
    char *text = arena_alloc(l->c->arena, 40);
    if (text == NULL) {
        l->d.failed = true;
        return;
    }
    int length = snprintf(text, 40, "%s-%08lld", prefix, (long long)id);
    json_add_text(&l->d, l->root, name, (sluice_text){text, (size_t)length});
}

/* Another record, which may not be there any more. */
static bool look_up(letter *l, const record_table *table, const record_value *id, record *r) {
    if (id->is_null || l->result != SLUICE_OK) {
        return false;
    }
    sluice_result result = store_get(l->c->desk->store, table, id->integer, l->c->arena, r, l->c->error);
    l->result = result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
    return result == SLUICE_OK;
}

static void put_case(letter *l, const record_value *report, const record_value *of_case) {
    record r;
    if (look_up(l, CASE_KIND.table, of_case, &r)) {
        if (r.values[CASE_FILING_NUMBER].is_null) {
            put_printed(l, "case_number", "C", r.id);
        } else {
            put_text(l, "case_number", &r.values[CASE_FILING_NUMBER]);
        }
        put_text(l, "case_type", &r.values[CASE_FRAUD_TYPE]);
    } else if (report != NULL && look_up(l, REPORT_KIND.table, report, &r)) {
        put_printed(l, "case_number", "R", r.id);
        put_text(l, "case_type", &r.values[REPORT_FRAUD_TYPE]);
    }
}

static void put_person(letter *l, const char *name, const record_value *user) {
    record r;
    if (look_up(l, USER_KIND.table, user, &r)) {
        put_text(l, name, &r.values[USER_NAME]);
    }
}

static void put_organisation(letter *l, const record_value *district) {
    record r;
    const record_value city = value_integer(1);
    if (look_up(l, UNIT_KIND.table, district->is_null ? &city : district, &r)) {
        put_text(l, "organisation", desk_value(&r, "name_zh"));
    }
}

static letter letter_begin(desk_command *c, const char *prefix, const record *r, const char *application_type) {
    letter l = {.c = c, .result = SLUICE_OK};
    l.root = json_begin(&l.d);
    put_printed(&l, "application_id", prefix, r->id);
    json_add_text(&l.d, l.root, "application_type", text_of(application_type));
    json_add_int(&l.d, l.root, "applied_at", c->now_ms);
    json_add_text(&l.d, l.root, "currency", TEXT("CNY"));
    return l;
}

static sluice_result letter_send(letter *l, const desk_kind *kind, const record *r, sluice_text partner,
                                 const char *purpose, const char *step) {
    text_writer text = {0};
    char dedup[80];
    int64_t id = 0;
    sluice_result result = json_end_line(&l->d, &text, l->c->error);
    result = l->result != SLUICE_OK ? l->result : result;
    if (result == SLUICE_OK) {
        int length = snprintf(dedup, sizeof dedup, "%s:%lld:%s", kind->name, (long long)r->id, step);
        const outbox_message message = {.channel = "bank",
                                        .partner = partner,
                                        .purpose = purpose,
                                        .kind = kind,
                                        .about = r,
                                        .payload = text_trim((sluice_text){text.data, text.length}),
                                        .dedup = {dedup, (size_t)length}};
        result = outbox_put(l->c, &message, &id);
        result = result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result; /* no link: the portal, or by hand */
    }
    text_writer_fini(&text);
    return result;
}

/* ---- stops ---- */

static void put_stop(letter *l, const record *r, uint8_t reason) {
    const record_value *v = r->values;
    put_case(l, &v[STOP_REPORT], &v[STOP_CASE]);
    json_add_text(&l->d, l->root, "urgency", value_text_or_empty(&v[STOP_URGENCY]));
    put_account(l, "out_account", &v[STOP_FROM]);
    put_number(l, "amount_fen", &v[STOP_AMOUNT]);
    put_number(l, "transfer_at", &v[STOP_TIME]);
    put_text(l, "transfer_id", &v[STOP_TRANSFER]);
    put_text(l, "bank", &v[STOP_INSTITUTION]);
    put_text(l, "holder", &v[STOP_HOLDER]);
    put_account(l, "account", &v[STOP_ACCOUNT]);
    put_text(l, "reason", &v[reason]);
    put_text(l, "remark", &v[STOP_REMEDY]);
    put_person(l, "operator_name", &v[STOP_PROPOSED_BY]);
    put_person(l, "investigator_name", &v[STOP_APPROVED_BY]);
    put_organisation(l, &v[STOP_DISTRICT]);
}

sluice_result stop_send(desk_command *c, record *r, const desk_input *in) {
    int64_t term_ms = 0;
    (void)in;
    if (r->values[STOP_INSTITUTION].is_null) {
        return SLUICE_OK;
    }
    sluice_result result = dated_number(c, "duration", "stop", &term_ms);
    if (result != SLUICE_OK) {
        return result;
    }
    bool extends = !r->values[STOP_EXTENDS].is_null;
    letter l = letter_begin(c, "Z", r, "00");
    put_stop(&l, r, STOP_REASON);
    json_add_int(&l.d, l.root, "start_at", c->now_ms);
    json_add_int(&l.d, l.root, "expires_at", c->now_ms + term_ms);
    if (extends) {
        put_printed(&l, "original_application", "Z", r->values[STOP_EXTENDS].integer);
    }
    return letter_send(&l, &STOP_KIND, r, r->values[STOP_INSTITUTION].text, extends ? "stop_extend" : "stop", "order");
}

/* A stop that the bank never heard of needs no release; of one that is under way nobody knows, so it gets one, which
 * goes out after it. */
sluice_result stop_send_release(desk_command *c, record *r, const desk_input *in) {
    bool under_way = false;
    (void)in;
    if (r->values[STOP_INSTITUTION].is_null) {
        return SLUICE_OK;
    }
    sluice_result result = outbox_withdraw(c, &STOP_KIND, r->id, TEXT("the stop was lifted"), &under_way);
    if (result != SLUICE_OK || (r->values[STOP_EFFECTIVE_AT].is_null && !under_way)) {
        return result;
    }
    letter l = letter_begin(c, "ZR", r, "00");
    put_printed(&l, "original_application", "Z", r->id);
    put_stop(&l, r, r->values[STOP_RELEASE_REASON].is_null ? STOP_REASON : STOP_RELEASE_REASON);
    return letter_send(&l, &STOP_KIND, r, r->values[STOP_INSTITUTION].text, "stop_release", "release");
}

sluice_result stop_send_recall(desk_command *c, record *r, const desk_input *in) {
    record link;
    (void)in;
    sluice_text bank = value_text_or_empty(&r->values[STOP_INSTITUTION]);
    sluice_result result = bank.length == 0 ? SLUICE_E_NOT_FOUND : partner_link_find(c, "bank", bank, &link);
    if (result == SLUICE_E_NOT_FOUND) {
        return error_set(c->error, SLUICE_E_STATE, "this bank has no link: ask it on paper");
    }
    letter l = letter_begin(c, "ZC", r, "00");
    put_stop(&l, r, STOP_REASON);
    return result == SLUICE_OK ? letter_send(&l, &STOP_KIND, r, bank, "recall", "recall") : result;
}

bool stop_order_wanted(const record *stop) {
    return text_equal(stop->values[STOP_STATE].text, TEXT("approved"));
}

sluice_result order_done_at(desk_command *c, const char *field, int64_t approved_ms, record_value *at) {
    int64_t skew_ms = 0, at_ms = at->integer;
    sluice_result result = dated_number(c, "duration", "clock_skew", &skew_ms);
    if (result == SLUICE_OK && (at_ms < approved_ms - skew_ms || at_ms > c->now_ms + skew_ms)) {
        return desk_fault_add(c, field, "a time between the approval and now is expected");
    }
    *at = value_integer(at_ms < approved_ms ? approved_ms : at_ms > c->now_ms ? c->now_ms : at_ms);
    return result;
}

static record_value time_or_now(const desk_command *c, int64_t at_ms) {
    return value_integer(at_ms == 0 ? c->now_ms : at_ms);
}

static record_value money_or_null(int64_t fen) {
    return fen < 0 ? value_null() : value_integer(fen);
}

static record_value text_or(sluice_text text, sluice_text instead) {
    return value_text(text.length == 0 ? instead : text);
}

static sluice_result say_no(desk_command *c, const desk_kind *kind, const char *act, record *r,
                            const outbox_answer *answer) {
    const desk_given given[] = {
        {"result_code", text_or(answer->code, TEXT("-"))},
        {"result",
         text_or(answer->words, answer->verdict == VERDICT_MISMATCH ? TEXT("信息不符，未执行") : TEXT("银行未能执行"))},
    };
    return desk_act_inside(c, kind, act, r, given, 2);
}

sluice_result stop_order_answered(desk_command *c, const record *delivery, record *stop, const outbox_answer *answer) {
    (void)delivery;
    if (answer->verdict != VERDICT_DONE) {
        return say_no(c, &STOP_KIND, answer->verdict == VERDICT_MISMATCH ? "mismatch" : "fail", stop, answer);
    }
    const desk_given given[] = {{"stopped_at", time_or_now(c, answer->at_ms)},
                                {"balance_fen", money_or_null(answer->balance_fen)},
                                {"result_code", text_or(answer->code, TEXT("100000"))},
                                {"result", text_or(answer->words, TEXT("已止付"))}};
    return desk_act_inside(c, &STOP_KIND, "confirm", stop, given, 4);
}

/* ---- freezes ---- */

static void put_freeze(letter *l, const record *r, uint8_t reason) {
    const record_value *v = r->values;
    put_case(l, NULL, &v[FREEZE_CASE]);
    json_add_text(&l->d, l->root, "urgency", TEXT("normal"));
    json_add_text(&l->d, l->root, "scope", value_text_or_empty(&v[FREEZE_SCOPE]));
    put_number(l, "amount_fen", &v[FREEZE_AMOUNT]);
    put_text(l, "bank", &v[FREEZE_INSTITUTION]);
    put_text(l, "holder", &v[FREEZE_HOLDER]);
    put_account(l, "account", &v[FREEZE_ACCOUNT]);
    put_text(l, "reason", &v[reason]);
    put_text(l, "remark", &v[FREEZE_REMEDY]);
    put_person(l, "operator_name", &v[FREEZE_PROPOSED_BY]);
    put_person(l, "investigator_name", &v[FREEZE_APPROVED_BY]);
    put_organisation(l, &v[FREEZE_DISTRICT]);
}

static sluice_result send_freeze(desk_command *c, record *r, const char *purpose, const char *step,
                                 int64_t expires_ms) {
    bool is_first = strcmp(purpose, "freeze") == 0;
    letter l = letter_begin(c, is_first ? "D" : "DX", r, "00");
    bool is_release = strcmp(purpose, "freeze_release") == 0 && !r->values[FREEZE_RELEASE_REASON].is_null;
    put_freeze(&l, r, is_release ? FREEZE_RELEASE_REASON : FREEZE_REASON);
    json_add_int(&l.d, l.root, "start_at", c->now_ms);
    if (expires_ms != 0) {
        json_add_int(&l.d, l.root, "expires_at", expires_ms);
    }
    if (!is_first) {
        put_printed(&l, "original_application", "D", r->id);
    }
    return letter_send(&l, &FREEZE_KIND, r, r->values[FREEZE_INSTITUTION].text, purpose, step);
}

sluice_result freeze_send(desk_command *c, record *r, const desk_input *in) {
    int64_t months = 0;
    bool major = !r->values[FREEZE_MAJOR].is_null && r->values[FREEZE_MAJOR].integer != 0;
    (void)in;
    if (r->values[FREEZE_INSTITUTION].is_null) {
        return SLUICE_OK;
    }
    sluice_result result = dated_number(c, "months", major ? "freeze_major" : "freeze", &months);
    return result == SLUICE_OK ? send_freeze(c, r, "freeze", "order", months_after(c->now_ms, months)) : result;
}

sluice_result freeze_send_extension(desk_command *c, record *r, const desk_input *in) {
    char step[40];
    (void)in;
    if (r->values[FREEZE_INSTITUTION].is_null) {
        return SLUICE_OK;
    }
    (void)snprintf(step, sizeof step, "extend:%lld", (long long)r->values[FREEZE_RENEWALS].integer);
    return send_freeze(c, r, "freeze_extend", step, r->values[FREEZE_EXPIRES_AT].integer);
}

sluice_result freeze_send_release(desk_command *c, record *r, const desk_input *in) {
    bool under_way = false;
    (void)in;
    if (r->values[FREEZE_INSTITUTION].is_null) {
        return SLUICE_OK;
    }
    sluice_result result = outbox_withdraw(c, &FREEZE_KIND, r->id, TEXT("the freeze was lifted"), &under_way);
    bool was_told = under_way || !r->values[FREEZE_EFFECTIVE_AT].is_null || !r->values[FREEZE_PRIOR].is_null;
    return result == SLUICE_OK && was_told ? send_freeze(c, r, "freeze_release", "release", 0) : result;
}

bool freeze_order_wanted(const record *freeze) {
    return text_equal(freeze->values[FREEZE_STATE].text, TEXT("approved"));
}

sluice_result freeze_order_answered(desk_command *c, const record *delivery, record *freeze,
                                    const outbox_answer *answer) {
    (void)delivery;
    if (answer->verdict == VERDICT_QUEUED) {
        const desk_given given[] = {{"prior_authority", text_or(answer->prior_authority, TEXT("（未说明）"))},
                                    {"result_code", text_or(answer->code, TEXT("-"))}};
        return desk_act_inside(c, &FREEZE_KIND, "queue", freeze, given, 2);
    }
    if (answer->verdict != VERDICT_DONE) {
        return say_no(c, &FREEZE_KIND, answer->verdict == VERDICT_MISMATCH ? "mismatch" : "fail", freeze, answer);
    }
    if (answer->executed_fen < 0) {
        return desk_fault_add(c, "executed_fen", "the amount that was frozen is expected");
    }
    const desk_given given[] = {{"frozen_at", time_or_now(c, answer->at_ms)},
                                {"executed_fen", value_integer(answer->executed_fen)},
                                {"available_fen", money_or_null(answer->available_fen)},
                                {"result_code", text_or(answer->code, TEXT("100000"))},
                                {"result", text_or(answer->words, TEXT("已冻结"))}};
    return desk_act_inside(c, &FREEZE_KIND, "confirm", freeze, given, 5);
}

/* ---- inquiries ---- */

sluice_result inquiry_send(desk_command *c, record *r, const desk_input *in) {
    record link;
    const record_value *v = r->values;
    (void)in;
    sluice_result result = partner_link_find(c, "bank", v[INQUIRY_INSTITUTION].text, &link);
    if (result == SLUICE_E_NOT_FOUND) {
        return error_set(c->error, SLUICE_E_STATE, "this bank has no link: ask it on paper");
    }
    if (result != SLUICE_OK) {
        return result;
    }
    letter l = letter_begin(c, "CX", r, "00");
    put_case(&l, NULL, &v[INQUIRY_CASE]);
    json_add_text(&l.d, l.root, "urgency", TEXT("normal"));
    put_text(&l, "bank", &v[INQUIRY_INSTITUTION]);
    put_text(&l, "holder", &v[INQUIRY_HOLDER]);
    put_account(&l, "account", &v[INQUIRY_ACCOUNT]);
    put_text(&l, "reason", &v[INQUIRY_PURPOSE]);
    put_text(&l, "remark", &v[INQUIRY_BASIS]);
    put_number(&l, "start_at", &v[INQUIRY_FROM]);
    put_number(&l, "expires_at", &v[INQUIRY_TO]);
    put_person(&l, "operator_name", &v[INQUIRY_PROPOSED_BY]);
    put_person(&l, "investigator_name", &v[INQUIRY_APPROVED_BY]);
    put_organisation(&l, &v[INQUIRY_DISTRICT]);
    return letter_send(&l, &INQUIRY_KIND, r, v[INQUIRY_INSTITUTION].text, "detail", "inquiry");
}
