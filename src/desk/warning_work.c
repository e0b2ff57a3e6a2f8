/* Work on a warning: signing, attempts, and what the clock does when nobody moves. */
#include "desk/desk_private.h"
#include "desk/timer.h"
#include "desk/warning_private.h"

sluice_result warning_sign(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    if (r->values[WARNING_ASSIGNEE].is_null && c->actor->user != 0) {
        r->values[WARNING_ASSIGNEE] = value_integer(c->actor->user);
    }
    return warning_due_in(c, r, "retry_", r->values[WARNING_CHANNEL].text);
}

/* The unit that gets it signs for it, with the whole time of its tier. */
sluice_result warning_dispatch(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = place_dispatch(c, &WARNING_KIND, r, desk_given_value(in, "unit")->integer);
    r->values[WARNING_LEVEL] = value_text(place_level(&WARNING_KIND, r));
    r->values[WARNING_SIGNED_BY] = value_null();
    r->values[WARNING_SIGNED_AT] = value_null();
    return result == SLUICE_OK ? warning_start(c, r) : result;
}

sluice_result warning_check_assignee(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return place_check_assignee(c, &WARNING_KIND, r);
}

/* ---- attempts ---- */

/* A three-way call is a call. */
static sluice_text base_channel(sluice_text channel) {
    return text_equal(channel, TEXT("three_way")) ? TEXT("phone") : channel;
}

static int channel_rank(sluice_text channel) {
    return text_equal(channel, TEXT("visit")) ? 2 : text_equal(channel, TEXT("phone")) ? 1 : 0;
}

static bool is_set(const record_value *value) {
    return !value->is_null && value->integer != 0;
}

static bool is_contact(sluice_text result) {
    return desk_is_among("refused|reached|dissuaded", result);
}

static sluice_result check_attempt(desk_command *c, const desk_input *in) {
    sluice_text channel = desk_given_value(in, "channel")->text, outcome = desk_given_value(in, "result")->text;
    const record_value *at = desk_given_value(in, "at");
    if (text_equal(channel, TEXT("sms")) != text_equal(outcome, TEXT("sent")) &&
        !(text_equal(channel, TEXT("sms")) && text_equal(outcome, TEXT("wrong_number")))) {
        return desk_fault_add(c, "result", "an SMS is sent, or its number is wrong; anything else is not sent");
    }
    if (is_set(desk_given_value(in, "is_face_to_face")) && !text_equal(channel, TEXT("visit"))) {
        return desk_fault_add(c, "is_face_to_face", "a visit is expected where somebody was met face to face");
    }
    bool met = is_set(desk_given_value(in, "is_face_to_face")) || is_set(desk_given_value(in, "is_identity_checked"));
    if (met && !is_contact(outcome)) {
        return desk_fault_add(c, "result", "refused, reached or dissuaded is expected where he was met or checked");
    }
    if (!at->is_null && at->integer > c->now_ms) {
        return desk_fault_add(c, "at", "a time that has been is expected");
    }
    return SLUICE_OK;
}

/* Counts it to the channel that the work is at, or moves on to the stronger one that was used. */
static void count_attempt(record *r, sluice_text channel) {
    int now = channel_rank(r->values[WARNING_CHANNEL].text), used = channel_rank(channel);
    r->values[WARNING_ATTEMPTS].integer++;
    if (used > now) {
        r->values[WARNING_CHANNEL] = value_text(channel);
        r->values[WARNING_CHANNEL_ATTEMPTS] = value_integer(1);
    } else if (used == now) {
        r->values[WARNING_CHANNEL_ATTEMPTS].integer++;
    }
}

sluice_result warning_attempt(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = check_attempt(c, in);
    if (result != SLUICE_OK) {
        return result;
    }
    sluice_text outcome = desk_given_value(in, "result")->text;
    count_attempt(r, base_channel(desk_given_value(in, "channel")->text));
    r->values[WARNING_LAST_ATTEMPT_AT] = value_integer(c->now_ms);
    if (is_contact(outcome)) {
        bool met =
            is_set(desk_given_value(in, "is_face_to_face")) || is_set(desk_given_value(in, "is_identity_checked"));
        r->values[WARNING_IS_REACHED] = value_integer(1);
        r->values[WARNING_IS_CONFIRMED] = value_integer(met || is_set(&r->values[WARNING_IS_CONFIRMED]));
    }
    return text_equal(outcome, TEXT("dissuaded")) ? warning_due_in(c, r, "warning_closing", (sluice_text){0})
                                                  : warning_due_in(c, r, "retry_", r->values[WARNING_CHANNEL].text);
}

sluice_result warning_keep_attempt(desk_command *c, record *r, const desk_input *in) {
    const dated_row *script = warning_script(c, r);
    const record_value *at = desk_given_value(in, "at");
    record_value values[ATTEMPT_FIELDS] = {
        [ATTEMPT_WARNING] = value_integer(r->id),
        [ATTEMPT_CHANNEL] = *desk_given_value(in, "channel"),
        [ATTEMPT_RESULT] = *desk_given_value(in, "result"),
        [ATTEMPT_IS_FACE_TO_FACE] = value_integer(is_set(desk_given_value(in, "is_face_to_face"))),
        [ATTEMPT_IS_IDENTITY_CHECKED] = value_integer(is_set(desk_given_value(in, "is_identity_checked"))),
        [ATTEMPT_SCRIPT] = script == NULL ? value_null() : value_text(script->code),
        [ATTEMPT_WORDS] = *desk_given_value(in, "words"),
        [ATTEMPT_BY] = c->actor->user == 0 ? value_null() : value_integer(c->actor->user),
        [ATTEMPT_AT] = at->is_null ? value_integer(c->now_ms) : *at,
        [ATTEMPT_DELIVERY] = value_null(),
    };
    record attempt = {.table = ATTEMPT_KIND.table, .values = values};
    sluice_result result = desk_insert(c, &attempt);
    return result == SLUICE_OK ? warning_set_timer(c, r, in) : result;
}

/* A machine's: counted like a person's, but it is no contact, signs for nothing, and where nobody has signed the time
 * to sign runs on. */
sluice_result warning_machine_attempt(desk_command *c, record *r, const desk_input *in) {
    count_attempt(r, base_channel(desk_given_value(in, "channel")->text));
    r->values[WARNING_LAST_ATTEMPT_AT] = value_integer(c->now_ms);
    return desk_is_among("signed|working", r->values[WARNING_STATE].text)
               ? warning_due_in(c, r, "retry_", r->values[WARNING_CHANNEL].text)
               : SLUICE_OK;
}

sluice_result warning_keep_machine_attempt(desk_command *c, record *r, const desk_input *in) {
    const dated_row *script = warning_script(c, r);
    record_value values[ATTEMPT_FIELDS] = {
        [ATTEMPT_WARNING] = value_integer(r->id),
        [ATTEMPT_CHANNEL] = *desk_given_value(in, "channel"),
        [ATTEMPT_RESULT] = *desk_given_value(in, "result"),
        [ATTEMPT_IS_FACE_TO_FACE] = value_integer(0),
        [ATTEMPT_IS_IDENTITY_CHECKED] = value_integer(0),
        [ATTEMPT_SCRIPT] = script == NULL ? value_null() : value_text(script->code),
        [ATTEMPT_WORDS] = value_null(),
        [ATTEMPT_BY] = value_null(),
        [ATTEMPT_AT] = value_integer(c->now_ms),
        [ATTEMPT_DELIVERY] = *desk_given_value(in, "delivery"),
    };
    record attempt = {.table = ATTEMPT_KIND.table, .values = values};
    sluice_result result = desk_insert(c, &attempt);
    return result == SLUICE_OK ? warning_set_timer(c, r, in) : result;
}

/* ---- not found ---- */

sluice_result warning_not_found(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    if (r->values[WARNING_ATTEMPTS].integer == 0) {
        return error_set(c->error, SLUICE_E_STATE, "nobody has tried yet: write down an attempt first");
    }
    return warning_due_in(c, r, "not_found_retry", (sluice_text){0});
}

sluice_result warning_search_again(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return warning_due_in(c, r, "retry_", r->values[WARNING_CHANNEL].text);
}

/* ---- the clock ---- */

/* One level up; at the commander's nothing is above, and `due` stays where it was: passed. */
static sluice_result climb(desk_command *c, record *r, const char *stem, sluice_text word) {
    sluice_text level = r->values[WARNING_LEVEL].text;
    if (text_equal(level, TEXT("commander"))) {
        return SLUICE_OK;
    }
    r->values[WARNING_LEVEL] = value_text(place_above(level));
    r->values[WARNING_ESCALATIONS].integer++;
    return warning_due_in(c, r, stem, word);
}

/* What was due has not been done. Unsigned: the unit above. This channel tried as often as it may be: the next one.
 * Where a machine can try, it does. Else somebody is late with the next try, or visits are used up and a supervisor
 * decides: the unit above. */
sluice_result warning_step(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    int64_t cap = 0;
    bool is_sent = false;
    sluice_text channel = r->values[WARNING_CHANNEL].text;
    if (text_equal(r->values[WARNING_STATE].text, TEXT("new"))) {
        return climb(c, r, "sign_", r->values[WARNING_TIER].text);
    }
    sluice_result result = warning_number(c, "cap", "attempts_", channel, &cap);
    if (result == SLUICE_OK && r->values[WARNING_CHANNEL_ATTEMPTS].integer >= cap && channel_rank(channel) < 2) {
        sluice_text next = channel_rank(channel) == 0 ? TEXT("phone") : TEXT("visit");
        r->values[WARNING_CHANNEL] = value_text(next);
        r->values[WARNING_CHANNEL_ATTEMPTS] = value_integer(0);
        result = warning_due_in(c, r, "retry_", next);
        return result == SLUICE_OK ? warning_reach(c, r, &is_sent) : result;
    }
    result = result == SLUICE_OK ? warning_reach(c, r, &is_sent) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    return is_sent ? warning_due_in(c, r, "retry_", channel) : climb(c, r, "retry_", channel);
}

/* ---- tier and money ---- */

sluice_result warning_retier(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return text_equal(r->values[WARNING_STATE].text, TEXT("not_found")) ? SLUICE_OK : warning_start(c, r);
}

static sluice_result check_stop(desk_command *c, const record_value *stop) {
    const desk_kind *kind = desk_kind_find("stop");
    record order;
    if (stop->is_null) {
        return SLUICE_OK;
    }
    sluice_result result = kind == NULL ? SLUICE_E_NOT_FOUND : desk_get(c, kind, stop->integer, &order);
    return result == SLUICE_E_NOT_FOUND ? desk_fault_add(c, "stop", "a stop order that you can see is expected")
                                        : result;
}

sluice_result warning_money_moved(desk_command *c, record *r, const desk_input *in) {
    const record_value *moved = desk_given_value(in, "moved_fen"), *at = desk_given_value(in, "moved_at");
    int64_t review_ms = 0;
    if (r->values[WARNING_MOVED].is_null || (!moved->is_null && moved->integer == 0)) {
        return desk_fault_add(c, "moved_fen", "more than nothing is expected");
    }
    if (!at->is_null && at->integer > c->now_ms) {
        return desk_fault_add(c, "moved_at", "a time that has been is expected");
    }
    sluice_result result = check_stop(c, desk_given_value(in, "stop"));
    const record_value *review = &r->values[WARNING_REVIEW];
    if (result != SLUICE_OK || (!review->is_null && !text_equal(review->text, TEXT("done")))) {
        return result; /* it is under way */
    }
    r->values[WARNING_REVIEW] = value_text(TEXT("due"));
    result = dated_number(c, "duration", "warning_review", &review_ms);
    return result == SLUICE_OK ? timer_set(c, &WARNING_KIND, r->id, "review_due", c->now_ms + review_ms) : result;
}
