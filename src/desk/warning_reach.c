/* Reaching a victim by machine: an SMS of the carrier, or a call that speaks.
 *
 * Where the warning's next channel is SMS or phone and the centre has a link to a carrier for it, the message goes into
 * the outbox in the transaction that brought the warning there, with the script of its type of fraud. What the carrier
 * says of it becomes an attempt, once: an attempt names its delivery, and no two name the same.
 *
 * A machine only tries. It signs for nothing, so the time to sign runs on; its result is never a contact, so a warning
 * does not close on it (domain.md §5: a high one closes on a face-to-face or confirmed contact only). */
#include <stdio.h>

#include "base/json_write.h"
#include "desk/desk_private.h"
#include "desk/outbox.h"
#include "desk/warning_private.h"

static const struct {
    const char *channel; /* of the warning */
    const char *gateway; /* of the outbox */
    const char *purpose;
} MACHINES[] = {{"sms", "sms", "warning_sms"}, {"phone", "voice", "warning_call"}};

static bool is_at(const record *warning, const char *channel) {
    const record_value *reached = &warning->values[WARNING_IS_REACHED];
    return desk_is_among("new|signed|working", warning->values[WARNING_STATE].text) &&
           text_equal(warning->values[WARNING_CHANNEL].text, text_of(channel)) &&
           (reached->is_null || reached->integer == 0);
}

bool warning_sms_wanted(const record *warning) {
    return is_at(warning, "sms");
}

bool warning_call_wanted(const record *warning) {
    return is_at(warning, "phone");
}

/* ---- out ---- */

static sluice_result put(desk_command *c, const record *r, size_t machine, sluice_text dedup, bool *sent_out) {
    json_document d;
    text_writer text = {0};
    int64_t id = 0;
    yyjson_mut_val *root = json_begin(&d);
    const dated_row *script = warning_script(c, r);
    json_add_text(&d, root, "script", script == NULL ? TEXT("other") : script->code);
    json_add_text(&d, root, "text", script == NULL ? TEXT("请先停止付款，并拨打96110核实。") : script->value);
    sluice_result result = json_end_line(&d, &text, c->error);
    if (result == SLUICE_OK) {
        const outbox_message message = {.channel = MACHINES[machine].gateway,
                                        .purpose = MACHINES[machine].purpose,
                                        .kind = &WARNING_KIND,
                                        .about = r,
                                        .address = r->values[WARNING_PHONE].text,
                                        .payload = text_trim((sluice_text){text.data, text.length}),
                                        .dedup = dedup};
        result = outbox_put(c, &message, &id);
        *sent_out = result == SLUICE_OK;
        result = result == SLUICE_E_NOT_FOUND ? SLUICE_OK : result; /* no link: people do it */
    }
    text_writer_fini(&text);
    return result;
}

/* One message for each attempt that is due: while it is under way, the count of attempts stands, and so does its key.
 */
sluice_result warning_reach(desk_command *c, const record *r, bool *sent_out) {
    char key[80];
    record before;
    int64_t cap = 0;
    *sent_out = false;
    for (size_t i = 0; i < sizeof MACHINES / sizeof *MACHINES; i++) {
        if (!is_at(r, MACHINES[i].channel) || r->values[WARNING_PHONE].is_null) {
            continue;
        }
        sluice_result capped = warning_number(c, "cap", "attempts_", text_of(MACHINES[i].channel), &cap);
        if (capped != SLUICE_OK || r->values[WARNING_CHANNEL_ATTEMPTS].integer >= cap) {
            return capped; /* a new alert of the same victim brings no further message */
        }
        int length = snprintf(key, sizeof key, "warning:%lld:%s:%lld", (long long)r->id, MACHINES[i].channel,
                              (long long)r->values[WARNING_ATTEMPTS].integer);
        sluice_text dedup = {key, (size_t)length};
        query_term same = {DELIVERY_DEDUP, QUERY_EQUAL, value_text(dedup), NULL, 0};
        sluice_result result = desk_find(c, DELIVERY_KIND.table, &same, 1, &before);
        return result == SLUICE_E_NOT_FOUND ? put(c, r, i, dedup, sent_out) : result;
    }
    return SLUICE_OK;
}

sluice_result warning_created(desk_command *c, record *r, const desk_input *in) {
    bool sent;
    sluice_result result = warning_set_timer(c, r, in);
    return result == SLUICE_OK ? warning_reach(c, r, &sent) : result;
}

/* ---- back ---- */

/* The codes are the channels' own: gateway/sms.c, gateway/voice.c. */
static const struct {
    const char *purpose, *code, *result;
} RESULTS[] = {
    {"warning_sms", "DELIVRD", "delivered"},    {"warning_sms", "WRONG_NUMBER", "wrong_number"},
    {"warning_call", "CONFIRMED", "confirmed"}, {"warning_call", "ANSWERED", "answered"},
    {"warning_call", "BUSY", "busy"},           {"warning_call", "NO_ANSWER", "no_answer"},
    {"warning_call", "DECLINED", "declined"},   {"warning_call", "WRONG_NUMBER", "wrong_number"},
};

static const char *result_of(sluice_text purpose, const outbox_answer *answer) {
    for (size_t i = 0; i < sizeof RESULTS / sizeof *RESULTS; i++) {
        if (text_equal(purpose, text_of(RESULTS[i].purpose)) && text_equal(answer->code, text_of(RESULTS[i].code))) {
            return RESULTS[i].result;
        }
    }
    return answer->verdict == VERDICT_DONE && text_equal(purpose, TEXT("warning_sms")) ? "sent" : "failed";
}

static sluice_result book(desk_command *c, const record *delivery, record *warning, const char *result) {
    record before;
    query_term same = {ATTEMPT_DELIVERY, QUERY_EQUAL, value_integer(delivery->id), NULL, 0};
    sluice_result found = desk_find(c, ATTEMPT_KIND.table, &same, 1, &before);
    if (found != SLUICE_E_NOT_FOUND) {
        return found == SLUICE_OK ? error_set(c->error, SLUICE_E_STATE, "this message is an attempt already") : found;
    }
    bool is_sms = text_equal(delivery->values[DELIVERY_PURPOSE].text, TEXT("warning_sms"));
    const desk_given given[] = {{"channel", value_text(is_sms ? TEXT("sms") : TEXT("phone"))},
                                {"result", value_text(text_of(result))},
                                {"delivery", value_integer(delivery->id)}};
    return desk_act_inside(c, &WARNING_KIND, "machine_attempt", warning, given, 3);
}

sluice_result warning_answered(desk_command *c, const record *delivery, record *warning, const outbox_answer *answer) {
    return book(c, delivery, warning, result_of(delivery->values[DELIVERY_PURPOSE].text, answer));
}

sluice_result warning_gave_up(desk_command *c, const record *delivery, record *warning) {
    sluice_result result = book(c, delivery, warning, "failed");
    return result == SLUICE_E_STATE ? SLUICE_OK : result; /* it was closed meanwhile, or has its attempt */
}
