/* Booking: what the gateway did with a delivery, and what a partner answered. Each answer has its effect once: the
 * delivery's state is the memory of it, and both change in one transaction. */
#include <stdio.h>
#include <string.h>

#include "desk/desk_private.h"
#include "desk/history.h"
#include "desk/outbox_private.h"
#include "desk/partner_link.h"
#include "text/chinese.h"

const record_value OUTBOX_OPEN[OUTBOX_OPEN_COUNT] = {
    {.text = {"queued", 6}}, {.text = {"sending", 7}}, {.text = {"waiting", 7}}};

static bool is_in(const record *delivery, const char *states) {
    return desk_is_among(states, delivery->values[DELIVERY_STATE].text);
}

/* A text that may be empty, as an input. */
static record_value text_or_null(sluice_text text) {
    return text.length == 0 ? value_null() : value_text(text);
}

/* At most so many bytes, not cutting a character in two. */
static sluice_text cut(sluice_text text, size_t bytes_max) {
    if (text.length > bytes_max) {
        text.length = bytes_max;
        while (text.length > 0 && ((unsigned char)text.data[text.length] & 0xC0) == 0x80) {
            text.length--;
        }
    }
    return text;
}

/* Why, as whoever looks at the delivery reads it. */
static sluice_text in_both(desk_command *c, sluice_text why) {
    return chinese_both(c->arena, why, 1000);
}

sluice_result outbox_about(desk_command *c, const record *delivery, record *about, bool *found_out) {
    char name[64];
    *found_out = false;
    if (delivery->values[DELIVERY_ABOUT].is_null) {
        return SLUICE_OK;
    }
    (void)snprintf(name, sizeof name, "%.*s", TEXT_ARGS(delivery->values[DELIVERY_ABOUT_KIND].text));
    const desk_kind *kind = desk_kind_find(name);
    if (kind == NULL) {
        return SLUICE_OK;
    }
    sluice_result result =
        store_get(c->desk->store, kind->table, delivery->values[DELIVERY_ABOUT].integer, c->arena, about, c->error);
    *found_out = result == SLUICE_OK;
    return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
}

sluice_result outbox_is_wanted(desk_command *c, const record *delivery, bool *wanted_out) {
    const outbox_purpose *purpose = outbox_purpose_find(delivery->values[DELIVERY_PURPOSE].text);
    record about;
    bool found = false;
    *wanted_out = true;
    if (purpose == NULL || purpose->is_wanted == NULL) {
        return SLUICE_OK;
    }
    sluice_result result = outbox_about(c, delivery, &about, &found);
    *wanted_out = found && purpose->is_wanted(&about);
    return result;
}

/* ---- the gateway's steps ---- */

sluice_result outbox_claim(desk_command *c, int64_t id, record *delivery, bool *taken_out) {
    bool wanted = true;
    *taken_out = false;
    sluice_result result = store_get(c->desk->store, DELIVERY_KIND.table, id, c->arena, delivery, c->error);
    if (result != SLUICE_OK || !is_in(delivery, "queued") || delivery->values[DELIVERY_NEXT_AT].integer > c->now_ms) {
        return result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result;
    }
    const record_value *deadline = &delivery->values[DELIVERY_DEADLINE];
    if (!deadline->is_null && deadline->integer <= c->now_ms) {
        return outbox_bury(c, delivery, TEXT("its deadline passed before it could be sent"));
    }
    result = outbox_is_wanted(c, delivery, &wanted);
    if (result != SLUICE_OK) {
        return result;
    }
    /* What may have arrived goes on until its answer is known. */
    const record_value *uncertain = &delivery->values[DELIVERY_UNCERTAIN];
    if (!wanted && (uncertain->is_null || uncertain->integer == 0)) {
        const desk_given why[] = {
            {"last_error", value_text(in_both(c, TEXT("what it is about moved on before it was sent")))}};
        return desk_act_inside(c, &DELIVERY_KIND, "withdraw", delivery, why, 1);
    }
    const desk_given until[] = {{"next_at", value_integer(c->now_ms)}};
    result = desk_act_inside(c, &DELIVERY_KIND, "claim", delivery, until, 1);
    *taken_out = result == SLUICE_OK;
    return result;
}

sluice_result outbox_accepted(desk_command *c, record *delivery, sluice_text receipt, int64_t ask_ms) {
    if (!is_in(delivery, "sending|waiting")) {
        return SLUICE_OK; /* its answer was faster */
    }
    const desk_given given[] = {{"receipt", text_or_null(cut(receipt, 100))}, {"next_at", value_integer(ask_ms)}};
    delivery->values[DELIVERY_UNCERTAIN] = value_integer(0);
    return desk_act_inside(c, &DELIVERY_KIND, "accepted", delivery, given, 2);
}

sluice_result outbox_again(desk_command *c, record *delivery, int64_t next_ms, bool uncertain, sluice_text error) {
    if (!is_in(delivery, "sending|waiting")) {
        return SLUICE_OK;
    }
    /* Once uncertain, always: a refusal of the second attempt says nothing about the first. */
    bool still = uncertain ||
                 (!delivery->values[DELIVERY_UNCERTAIN].is_null && delivery->values[DELIVERY_UNCERTAIN].integer != 0);
    const desk_given given[] = {{"next_at", value_integer(next_ms)},
                                {"uncertain", value_integer(still ? 1 : 0)},
                                {"last_error", text_or_null(in_both(c, error))}};
    return desk_act_inside(c, &DELIVERY_KIND, "again", delivery, given, 3);
}

sluice_result outbox_absent(desk_command *c, record *delivery) {
    if (!is_in(delivery, "sending|waiting")) {
        return SLUICE_OK;
    }
    const desk_given given[] = {{"next_at", value_integer(c->now_ms)}, {"uncertain", value_integer(0)}};
    return desk_act_inside(c, &DELIVERY_KIND, "again", delivery, given, 2);
}

sluice_result outbox_asked(desk_command *c, record *delivery, int64_t next_ms) {
    const desk_given given[] = {{"next_at", value_integer(next_ms)}};
    return is_in(delivery, "waiting") ? desk_act_inside(c, &DELIVERY_KIND, "ask", delivery, given, 1) : SLUICE_OK;
}

sluice_result outbox_fail(desk_command *c, record *delivery, sluice_text code, sluice_text error) {
    if (!is_in(delivery, "sending|waiting|queued")) {
        return SLUICE_OK;
    }
    const desk_given given[] = {{"result_code", text_or_null(cut(code, 40))},
                                {"last_error", text_or_null(in_both(c, error))}};
    return desk_act_inside(c, &DELIVERY_KIND, "fail", delivery, given, 2);
}

sluice_result outbox_bury(desk_command *c, record *delivery, sluice_text error) {
    if (!is_in(delivery, "sending|waiting|queued")) {
        return SLUICE_OK;
    }
    const desk_given given[] = {{"last_error", text_or_null(in_both(c, error))}};
    return desk_act_inside(c, &DELIVERY_KIND, "bury", delivery, given, 1);
}

sluice_result outbox_withdraw(desk_command *c, const desk_kind *kind, int64_t about, sluice_text why,
                              bool *under_way_out) {
    query_term terms[3] = {{DELIVERY_ABOUT_KIND, QUERY_EQUAL, value_text(text_of(kind->name)), NULL, 0},
                           {DELIVERY_ABOUT, QUERY_EQUAL, value_integer(about), NULL, 0},
                           {DELIVERY_STATE, QUERY_IN, value_null(), OUTBOX_OPEN, OUTBOX_OPEN_COUNT}};
    record_query query = {.table = DELIVERY_KIND.table, .terms = terms, .term_count = 3, .order = QUERY_ID};
    record *rows = NULL;
    size_t count = 0;
    *under_way_out = false;
    sluice_result result = store_select(c->desk->store, &query, c->arena, &rows, &count, c->error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        if (is_in(&rows[i], "queued") && rows[i].values[DELIVERY_ATTEMPTS].integer == 0) {
            const desk_given given[] = {{"last_error", value_text(in_both(c, why))}};
            result = desk_act_inside(c, &DELIVERY_KIND, "withdraw", &rows[i], given, 1);
        } else {
            *under_way_out = true;
        }
    }
    return result;
}

/* ---- answers ---- */

static sluice_result find_one(desk_command *c, query_term terms[3], record *delivery) {
    record_query query = {.table = DELIVERY_KIND.table, .terms = terms, .term_count = 3, .order = QUERY_ID};
    query.descending = true;
    return store_find(c->desk->store, &query, c->arena, delivery, c->error);
}

sluice_result outbox_find(desk_command *c, const char *channel, sluice_text partner, sluice_text serial,
                          record *delivery) {
    query_term terms[3] = {{DELIVERY_SERIAL, QUERY_EQUAL, value_text(serial), NULL, 0},
                           {DELIVERY_CHANNEL, QUERY_EQUAL, value_text(text_of(channel)), NULL, 0},
                           {DELIVERY_PARTNER, QUERY_EQUAL, value_text(partner), NULL, 0}};
    return find_one(c, terms, delivery);
}

sluice_result outbox_find_receipt(desk_command *c, const char *channel, sluice_text partner, sluice_text receipt,
                                  record *delivery) {
    query_term terms[3] = {{DELIVERY_RECEIPT, QUERY_EQUAL, value_text(receipt), NULL, 0},
                           {DELIVERY_CHANNEL, QUERY_EQUAL, value_text(text_of(channel)), NULL, 0},
                           {DELIVERY_PARTNER, QUERY_EQUAL, value_text(partner), NULL, 0}};
    return find_one(c, terms, delivery);
}

static sluice_result count_repeat(desk_command *c, record *delivery, const outbox_answer *answer) {
    record_value *repeats = &delivery->values[DELIVERY_REPEATS];
    *repeats = value_integer(repeats->is_null ? 1 : repeats->integer + 1);
    sluice_text before = value_text_or_empty(&delivery->values[DELIVERY_RESULT_CODE]);
    sluice_result result = desk_update(c, delivery);
    if (result == SLUICE_OK && !text_equal(before, answer->code)) {
        /* Somebody says two things: the first stands, and the audit says that there was another. */
        result = audit_add(c, "delivery.contradicted", "delivery", delivery->id, cut(answer->code, 40));
    }
    return result;
}

/* The effect within a savepoint of its own: what the record does not take leaves nothing. */
static sluice_result run_effect(desk_command *c, const record *delivery, const outbox_answer *answer, bool *taken_out,
                                sluice_text *why_out) {
    const outbox_purpose *purpose = outbox_purpose_find(delivery->values[DELIVERY_PURPOSE].text);
    record about;
    bool found = false;
    desk_saved saved;
    *taken_out = true;
    if (purpose == NULL || purpose->answered == NULL) {
        return SLUICE_OK;
    }
    sluice_result result = outbox_about(c, delivery, &about, &found);
    if (result != SLUICE_OK || !found) {
        return result;
    }
    result = desk_push(c->desk, &saved, c->error);
    if (result != SLUICE_OK) {
        return result;
    }
    result = purpose->answered(c, delivery, &about, answer);
    if (result == SLUICE_OK) {
        return desk_keep(c->desk, c->error);
    }
    desk_undo(c->desk, &saved);
    if (result == SLUICE_E_STATE || result == SLUICE_E_INPUT || result == SLUICE_E_FORBIDDEN) {
        const char *copy = arena_copy(c->arena, c->error->text, strlen(c->error->text) + 1);
        *taken_out = false;
        *why_out = text_of(copy == NULL ? "the record did not take it" : copy);
        c->fault_count = 0;
        return SLUICE_OK;
    }
    return result;
}

sluice_result outbox_book(desk_command *c, record *delivery, const outbox_answer *answer, outbox_booked *booked_out) {
    bool taken = true;
    sluice_text why = {0};
    *booked_out = BOOKED_REPEATED;
    if (is_in(delivery, "done")) {
        return count_repeat(c, delivery, answer);
    }
    if (is_in(delivery, "cancelled") || delivery->values[DELIVERY_ATTEMPTS].integer == 0) {
        bool was_sent = !delivery->values[DELIVERY_SENT_AT].is_null;
        if (!was_sent || is_in(delivery, "cancelled")) {
            return error_set(c->error, SLUICE_E_STATE, "nothing under this serial number waits for an answer");
        }
    }
    sluice_result result = run_effect(c, delivery, answer, &taken, &why);
    if (result != SLUICE_OK) {
        return result;
    }
    const outbox_purpose *purpose = outbox_purpose_find(delivery->values[DELIVERY_PURPOSE].text);
    bool is_kept = purpose != NULL && purpose->keeps_elsewhere && taken;
    bool fits = answer->body.length <= OUTBOX_ANSWER_BYTES_MAX;
    sluice_text body = is_kept ? TEXT("{\"kept\":\"evidence\"}")
                       : fits  ? answer->body
                               : TEXT("{\"kept\":\"too large\"}");
    const desk_given given[] = {{"result_code", text_or_null(cut(answer->code, 40))},
                                {"receipt", text_or_null(cut(answer->receipt, 100))},
                                {"last_error", text_or_null(in_both(c, why))},
                                {"answer", text_or_null(body)}};
    delivery->values[DELIVERY_UNCERTAIN] = value_integer(0);
    delivery->values[DELIVERY_LAST_ERROR] = value_null();
    result = desk_act_inside(c, &DELIVERY_KIND, "done", delivery, given, 4);
    if (result == SLUICE_OK && !taken) {
        result = audit_add(c, "delivery.no_effect", "delivery", delivery->id, cut(why, 200));
    }
    *booked_out = taken ? BOOKED : BOOKED_NO_EFFECT;
    return result;
}
