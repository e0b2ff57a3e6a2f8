/* How a warning ends, and what follows: call-back (回访) and review (倒查).
 *
 * The rules, whatever the closing code: another person signs it off; a high or urgent one only after a face-to-face or
 * confirmed contact, unless another thread goes on with it. */
#include "base/money.h"
#include "desk/desk_private.h"
#include "desk/timer.h"
#include "desk/warning_private.h"

static bool is_set(const record_value *value) {
    return !value->is_null && value->integer != 0;
}

static bool is_code(const record *r, const char *code) {
    return text_equal(r->values[WARNING_CLOSING].text, text_of(code));
}

/* ---- may it close ---- */

/* Then the other thread goes on: it is open, and as grave; or he was met there. Asked again when it is signed off,
 * since the other may have ended meanwhile. */
static sluice_result check_other_thread(desk_command *c, const record *r) {
    record other;
    sluice_result result = store_get(c->desk->store, WARNING_KIND.table, r->values[WARNING_DUPLICATE_OF].integer,
                                     c->arena, &other, c->error);
    if (result != SLUICE_OK || is_set(&other.values[WARNING_IS_CONFIRMED])) {
        return result;
    }
    bool goes_on = !text_equal(other.values[WARNING_STATE].text, TEXT("closed")) &&
                   other.values[WARNING_DUPLICATE_OF].is_null && warning_is_grave(&other);
    return goes_on ? SLUICE_OK
                   : error_set(c->error, SLUICE_E_STATE,
                               "a high or urgent warning closes as a duplicate only while warning %lld goes on and is "
                               "high or urgent too, or after a confirmed contact there",
                               (long long)other.id);
}

static sluice_result check_contact(desk_command *c, const record *r) {
    if (is_code(r, "duplicate")) {
        return warning_is_grave(r) ? check_other_thread(c, r) : SLUICE_OK;
    }
    if (warning_is_grave(r) && is_code(r, "cannot_be_found")) {
        return error_set(c->error, SLUICE_E_STATE,
                         "a high or urgent warning closes only after a face-to-face or confirmed contact: go on with "
                         "not_found_yet, or let a commander give it another tier with his reason");
    }
    if (warning_is_grave(r) && !is_set(&r->values[WARNING_IS_CONFIRMED])) {
        return error_set(c->error, SLUICE_E_STATE,
                         "a high or urgent warning closes only after a face-to-face or confirmed contact: there is no "
                         "attempt yet with is_face_to_face or is_identity_checked");
    }
    if (is_code(r, "dissuaded") && !is_set(&r->values[WARNING_IS_REACHED])) {
        return error_set(c->error, SLUICE_E_STATE,
                         "nobody has spoken to him yet: there is no attempt that reached him");
    }
    if (is_code(r, "cannot_be_found") && r->values[WARNING_ATTEMPTS].integer == 0) {
        return error_set(c->error, SLUICE_E_STATE, "nobody has tried yet: write down an attempt first");
    }
    return SLUICE_OK;
}

/* The other thread is another warning that is not itself closed as a duplicate. */
static sluice_result check_duplicate(desk_command *c, record *r) {
    const record_value *of = &r->values[WARNING_DUPLICATE_OF];
    record other;
    if (!is_code(r, "duplicate")) {
        r->values[WARNING_DUPLICATE_OF] = value_null();
        return SLUICE_OK;
    }
    if (of->is_null || of->integer == r->id) {
        return desk_fault_add(c, "duplicate_of", "the other thread's warning is expected");
    }
    sluice_result result = desk_get(c, &WARNING_KIND, of->integer, &other);
    if (result == SLUICE_E_NOT_FOUND) {
        return desk_fault_add(c, "duplicate_of", "a warning that is there is expected");
    }
    if (result == SLUICE_OK && !other.values[WARNING_DUPLICATE_OF].is_null) {
        return desk_fault_add(c, "duplicate_of", "a warning that is not itself a duplicate is expected");
    }
    return result;
}

static sluice_result check_averted(desk_command *c, const record *r, const desk_input *in) {
    const record_value *at_risk = desk_given_value(in, "at_risk_fen"), *basis = desk_given_value(in, "averted_basis");
    if (!at_risk->is_null && !is_code(r, "dissuaded")) {
        return desk_fault_add(c, "at_risk_fen", "loss is averted only where somebody was dissuaded");
    }
    if (!at_risk->is_null && at_risk->integer > 0 && basis->is_null) {
        return desk_fault_add(c, "averted_basis", "how the sum is known is expected");
    }
    return SLUICE_OK;
}

sluice_result warning_propose_closing(desk_command *c, record *r, const desk_input *in) {
    if (is_code(r, "not_found_yet")) {
        return desk_fault_add(c, "closing", "not found yet does not close it: the act not_found_yet keeps looking");
    }
    sluice_result result = check_duplicate(c, r);
    result = result == SLUICE_OK ? check_averted(c, r, in) : result;
    result = result == SLUICE_OK ? check_contact(c, r) : result;
    r->values[WARNING_DUE] = value_null();
    return result;
}

/* ---- signed off ---- */

static sluice_result estimate_averted(desk_command *c, record *r) {
    const record_value *at_risk = &r->values[WARNING_AT_RISK];
    int64_t percent = 0;
    sluice_result result = dated_number(c, "percent", "averted", &percent);
    if (result == SLUICE_OK && is_code(r, "dissuaded") && !at_risk->is_null) {
        percent = percent > 100 ? 100 : percent;
        r->values[WARNING_PERCENT] = value_integer(percent);
        r->values[WARNING_AVERTED] = value_integer(money_mul_div(at_risk->integer, percent, 100));
    }
    return result;
}

sluice_result warning_approve_closing(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    int64_t call_back_ms = 0;
    sluice_result result = check_contact(c, r);
    result = result == SLUICE_OK ? estimate_averted(c, r) : result;
    result = result == SLUICE_OK ? dated_number(c, "duration", "call_back", &call_back_ms) : result;
    r->values[WARNING_OPEN_KEY] = value_null();
    r->values[WARNING_LEVEL] = value_null();
    if (is_code(r, "dissuaded")) {
        r->values[WARNING_CALL_BACK] = value_text(TEXT("due"));
        r->values[WARNING_CALL_BACK_AT] = value_integer(c->now_ms + call_back_ms);
    }
    return result;
}

sluice_result warning_closed(desk_command *c, record *r, const desk_input *in) {
    sluice_result result = warning_set_timer(c, r, in);
    bool calls_back = is_code(r, "dissuaded");
    return result == SLUICE_OK && calls_back
               ? timer_set(c, &WARNING_KIND, r->id, "call_back_due", r->values[WARNING_CALL_BACK_AT].integer)
               : result;
}

static void forget_closing(record *r) {
    static const uint8_t FIELDS[] = {WARNING_CLOSING,   WARNING_CLOSING_BY,  WARNING_DUPLICATE_OF, WARNING_AT_RISK,
                                     WARNING_BASIS,     WARNING_BASIS_WORDS, WARNING_PERCENT,      WARNING_AVERTED,
                                     WARNING_CLOSED_BY, WARNING_CLOSED_AT};
    for (size_t i = 0; i < sizeof FIELDS; i++) {
        r->values[FIELDS[i]] = value_null();
    }
}

sluice_result warning_refuse_closing(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    forget_closing(r);
    return warning_due_in(c, r, "retry_", r->values[WARNING_CHANNEL].text);
}

sluice_result warning_reopen(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    forget_closing(r);
    r->values[WARNING_CALL_BACK] = value_null();
    r->values[WARNING_LEVEL] = value_text(place_level(&WARNING_KIND, r));
    r->values[WARNING_IS_REACHED] = value_integer(0); /* what was agreed before holds no longer */
    r->values[WARNING_IS_CONFIRMED] = value_integer(0);
    sluice_result result = warning_set_key(c, r);
    return result == SLUICE_OK ? warning_due_in(c, r, "retry_", r->values[WARNING_CHANNEL].text) : result;
}

/* ---- call-back ---- */

/* He was not reached: once more, so long after. He has paid after all: that is money moved, and is reviewed. */
sluice_result warning_call_back(desk_command *c, record *r, const desk_input *in) {
    sluice_text found = desk_given_value(in, "call_back")->text;
    const record_value *paid = desk_given_value(in, "paid_fen");
    int64_t again_ms = 0;
    if (!is_code(r, "dissuaded")) {
        return error_set(c->error, SLUICE_E_STATE, "only who was dissuaded is called back");
    }
    if (text_equal(found, TEXT("paid_after")) != (!paid->is_null && paid->integer > 0)) {
        return desk_fault_add(c, "paid_fen", "what he paid is expected with paid_after, and only there");
    }
    if (text_equal(found, TEXT("paid_after"))) {
        r->values[WARNING_REVIEW] = value_text(TEXT("due"));
        r->values[WARNING_MOVED] = value_integer(r->values[WARNING_MOVED].integer + paid->integer);
    }
    sluice_result result = dated_number(c, "duration", "call_back", &again_ms);
    if (text_equal(found, TEXT("not_reached"))) {
        r->values[WARNING_CALL_BACK_AT] = value_integer(c->now_ms + again_ms);
    }
    return result;
}

sluice_result warning_call_back_again(desk_command *c, record *r, const desk_input *in) {
    sluice_text found = desk_given_value(in, "call_back")->text;
    int64_t review_ms = 0;
    if (text_equal(found, TEXT("not_reached"))) {
        return timer_set(c, &WARNING_KIND, r->id, "call_back_due", r->values[WARNING_CALL_BACK_AT].integer);
    }
    sluice_result result = timer_clear(c, &WARNING_KIND, r->id, "call_back_due");
    if (result == SLUICE_OK && text_equal(found, TEXT("paid_after"))) {
        result = dated_number(c, "duration", "warning_review", &review_ms);
        result = result == SLUICE_OK ? timer_set(c, &WARNING_KIND, r->id, "review_due", c->now_ms + review_ms) : result;
    }
    return result;
}

sluice_result warning_call_back_due(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[WARNING_CALL_BACK] = value_text(TEXT("overdue"));
    return SLUICE_OK;
}

/* ---- review ---- */

sluice_result warning_review(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    if (r->values[WARNING_REVIEW].is_null) {
        return error_set(c->error, SLUICE_E_STATE, "no money had left: there is nothing to review (act money_moved)");
    }
    r->values[WARNING_REVIEW] = value_text(TEXT("done"));
    return SLUICE_OK;
}

sluice_result warning_reviewed(desk_command *c, record *r, const desk_input *in) {
    (void)in;
    return timer_clear(c, &WARNING_KIND, r->id, "review_due");
}

sluice_result warning_review_due(desk_command *c, record *r, const desk_input *in) {
    (void)c;
    (void)in;
    r->values[WARNING_REVIEW] = value_text(TEXT("overdue"));
    return SLUICE_OK;
}
