/* Warnings from the alert to the call-back, with the clock at every deadline: one millisecond before it nothing, at it
 * the act. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "desk/comment.h"
#include "desk/warning.h"
#include "support/desk_check.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
static desk_world w;

static int open_world(void **state) {
    (void)state;
    desk_world_open(&w, desk_check_place());
    return 0;
}

static int close_world(void **state) {
    (void)state;
    desk_world_close(&w);
    return 0;
}

/* Of district A by phone. */
static int64_t warn_phone(const char *tier, const char *phone) {
    return desk_world_do(&w, DUTY, &WARNING_KIND, "create", 0,
                         desk_check_json("{\"phone\":\"%s\",\"tier\":\"%s\",\"reason\":\"向涉诈账户转账\","
                                         "\"source\":\"tip\",\"fraud_type\":\"task_rebate\"}",
                                         phone, tier));
}

static int64_t warn(const char *tier) {
    return warn_phone(tier, "+86 139-7711-0001");
}

static void try(int64_t id, const char *json) {
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "attempt", id, json);
}

#define MET "{\"channel\":\"visit\",\"result\":\"dissuaded\",\"is_face_to_face\":true,\"is_identity_checked\":true}"
#define NO_ANSWER "{\"channel\":\"phone\",\"result\":\"no_answer\"}"
#define REACHED "{\"channel\":\"phone\",\"result\":\"reached\"}"

static void goes_to_whom_it_belongs(void **state) {
    (void)state;
    int64_t id = warn("medium");
    desk_check_text(&w, &WARNING_KIND, id, "victim", "phone:13977110001");
    desk_check_text(&w, &WARNING_KIND, id, "phone", "13977110001");
    desk_check_number(&w, &WARNING_KIND, id, "district", w.district_a);
    desk_check_null(&w, &WARNING_KIND, id, "station");
    desk_check_text(&w, &WARNING_KIND, id, "level", "district");
    /* District B does not learn that it is there; nor does a station of A that it was not sent to. */
    desk_check_refused(&w, B_DUTY, &WARNING_KIND, "sign", id, NULL, SLUICE_E_NOT_FOUND);
    desk_check_refused(&w, A_STATION_DUTY, &WARNING_KIND, "sign", id, NULL, SLUICE_E_NOT_FOUND);
    /* An auditor looks and does not work. */
    desk_check_refused(&w, AUDITOR, &WARNING_KIND, "sign", id, NULL, SLUICE_E_FORBIDDEN);
    /* The address decides before the phone, and down to the station. */
    int64_t other =
        desk_world_do(&w, DUTY, &WARNING_KIND, "create", 0,
                      "{\"victim\":\"person:1\",\"address\":\"青秀区南湖派出所辖区1号\",\"phone\":\"13977220009\","
                      "\"tier\":\"low\",\"reason\":\"x\",\"source\":\"tip\"}");
    desk_check_number(&w, &WARNING_KIND, other, "station", w.station_a);
    desk_check_text(&w, &WARNING_KIND, other, "level", "station");
}

static void each_tier_has_its_time_to_sign(void **state) {
    (void)state;
    static const struct {
        const char *tier, *channel, *phone;
        int64_t sign_ms;
    } TIERS[] = {{"urgent", "visit", "13977110011", 5 * MINUTE},
                 {"high", "visit", "13977110012", 10 * MINUTE},
                 {"medium", "phone", "13977110013", 30 * MINUTE},
                 {"low", "sms", "13977110014", 2 * HOUR}};
    int64_t ids[4];
    for (size_t i = 0; i < 4; i++) {
        ids[i] = warn_phone(TIERS[i].tier, TIERS[i].phone);
        desk_check_text(&w, &WARNING_KIND, ids[i], "next_channel", TIERS[i].channel);
        desk_check_number(&w, &WARNING_KIND, ids[i], "due", w.now_ms + TIERS[i].sign_ms);
    }
    int64_t begin = w.now_ms;
    for (size_t i = 0; i < 3; i++) {
        desk_check_at(&w, &WARNING_KIND, ids[i], begin + TIERS[i].sign_ms);
        desk_check_text(&w, &WARNING_KIND, ids[i], "level", "city");
        desk_check_state(&w, &WARNING_KIND, ids[i], "new");
    }
}

static void unsigned_it_climbs_to_the_commander_and_no_further(void **state) {
    (void)state;
    int64_t id = desk_world_do(&w, DUTY, &WARNING_KIND, "create", 0,
                               "{\"victim\":\"person:1\",\"address\":\"南湖派出所\",\"tier\":\"high\",\"reason\":\"x\","
                               "\"source\":\"tip\"}");
    static const char *const LEVELS[] = {"district", "city", "commander"};
    for (size_t i = 0; i < 3; i++) {
        desk_check_at(&w, &WARNING_KIND, id, w.now_ms + 10 * MINUTE);
        desk_check_text(&w, &WARNING_KIND, id, "level", LEVELS[i]);
        desk_check_number(&w, &WARNING_KIND, id, "escalations", (int64_t)i + 1);
    }
    desk_world_until(&w, w.now_ms + 10 * MINUTE); /* the last step, which finds nobody above */
    int64_t version = desk_world_get(&w, &WARNING_KIND, id).version;
    desk_world_until(&w, w.now_ms + 48 * HOUR);
    assert_int_equal(desk_world_get(&w, &WARNING_KIND, id).version, version);
    /* Signed one millisecond before the deadline, it does not climb. */
    int64_t other = warn("high");
    desk_world_until(&w, w.now_ms + 10 * MINUTE - 1);
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", other, NULL);
    desk_world_until(&w, w.now_ms + 1);
    desk_check_number(&w, &WARNING_KIND, other, "escalations", 0);
    /* The clock is asked first: who signs at the deadline signs for what has climbed by then. */
    int64_t third = warn_phone("high", "13977110003");
    w.now_ms += 10 * MINUTE;
    record r = desk_world_get(&w, &WARNING_KIND, third);
    assert_int_equal(desk_world_act(&w, A_DUTY, &WARNING_KIND, "sign", third, r.version, NULL, NULL), SLUICE_E_STALE);
}

static void sms_then_phone_then_visit_then_a_supervisor(void **state) {
    (void)state;
    int64_t id = warn("low");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", id, NULL);
    desk_check_number(&w, &WARNING_KIND, id, "assignee", w.actors[A_DUTY].user);
    try(id, "{\"channel\":\"sms\",\"result\":\"sent\"}");
    desk_check_state(&w, &WARNING_KIND, id, "working");
    desk_check_text(&w, &WARNING_KIND, id, "next_channel", "sms");
    desk_check_at(&w, &WARNING_KIND, id, w.now_ms + 5 * MINUTE);
    desk_check_text(&w, &WARNING_KIND, id, "next_channel", "phone");
    for (int i = 1; i <= 5; i++) {
        desk_world_until(&w, w.now_ms + 4 * MINUTE); /* within the time to call again */
        try(id, NO_ANSWER);
        desk_check_number(&w, &WARNING_KIND, id, "channel_attempts", i);
        desk_check_text(&w, &WARNING_KIND, id, "next_channel", "phone");
    }
    desk_check_number(&w, &WARNING_KIND, id, "escalations", 0);
    desk_check_at(&w, &WARNING_KIND, id, w.now_ms + 5 * MINUTE);
    desk_check_text(&w, &WARNING_KIND, id, "next_channel", "visit");
    for (int i = 1; i <= 3; i++) {
        desk_world_until(&w, w.now_ms + HOUR);
        try(id, "{\"channel\":\"visit\",\"result\":\"not_there\"}");
    }
    desk_check_text(&w, &WARNING_KIND, id, "level", "district");
    desk_check_at(&w, &WARNING_KIND, id, w.now_ms + 2 * HOUR);
    desk_check_text(&w, &WARNING_KIND, id, "level", "city");
    desk_check_number(&w, &WARNING_KIND, id, "attempts", 9);
    assert_int_equal(desk_check_children(&w, &ATTEMPT_KIND, ATTEMPT_WARNING, id), 9);
}

static void who_does_not_call_again_is_reported_above(void **state) {
    (void)state;
    int64_t id = warn("medium");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", id, NULL);
    desk_check_at(&w, &WARNING_KIND, id, w.now_ms + 5 * MINUTE);
    desk_check_text(&w, &WARNING_KIND, id, "level", "city");
    desk_check_text(&w, &WARNING_KIND, id, "next_channel", "phone");
}

static void attempts_say_what_can_be(void **state) {
    (void)state;
    int64_t id = warn("medium");
    desk_check_refused(&w, A_DUTY, &WARNING_KIND, "attempt", id, NO_ANSWER, SLUICE_E_STATE); /* not signed */
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", id, NULL);
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "attempt", id, "{\"channel\":\"sms\",\"result\":\"reached\"}",
                     "result");
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "attempt", id, "{\"channel\":\"phone\",\"result\":\"sent\"}", "result");
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "attempt", id,
                     "{\"channel\":\"phone\",\"result\":\"reached\",\"is_face_to_face\":true}", "is_face_to_face");
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "attempt", id,
                     "{\"channel\":\"phone\",\"result\":\"no_answer\",\"is_identity_checked\":true}", "result");
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "attempt", id,
                     "{\"channel\":\"phone\",\"result\":\"no_answer\",\"at\":\"2030-01-01\"}", "at");
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "attempt", id, "{\"channel\":\"pigeon\",\"result\":\"sent\"}",
                     "channel");
    try(id, "{\"channel\":\"three_way\",\"result\":\"refused\",\"is_identity_checked\":true,\"words\":\"不听劝\"}");
    desk_check_number(&w, &WARNING_KIND, id, "channel_attempts", 1);
    desk_check_number(&w, &WARNING_KIND, id, "is_confirmed", 1);
    const record_value *script = desk_world_value(&w, &ATTEMPT_KIND, 1, "script");
    assert_true(text_equal(script->text, TEXT("task_rebate")));
}

static void a_grave_one_closes_only_after_a_confirmed_contact(void **state) {
    (void)state;
    static const char *const TIERS[] = {"high", "urgent"};
    for (size_t i = 0; i < 2; i++) {
        int64_t id = warn_phone(TIERS[i], i == 0 ? "13977110001" : "13977110002");
        (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", id, NULL);
        try(id, REACHED); /* somebody answered, and nobody knows who */
        static const char *const CODES[] = {"dissuaded", "mismatch", "cannot_be_found"};
        for (size_t k = 0; k < 3; k++) {
            desk_check_refused(&w, A_DUTY, &WARNING_KIND, "propose_closing", id,
                               desk_check_json("{\"closing\":\"%s\"}", CODES[k]), SLUICE_E_STATE);
        }
        try(id, MET);
        desk_check_refused(&w, A_DUTY, &WARNING_KIND, "propose_closing", id, "{\"closing\":\"cannot_be_found\"}",
                           SLUICE_E_STATE);
        (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "propose_closing", id, "{\"closing\":\"dissuaded\"}");
        (void)desk_world_do(&w, A_COMMANDER, &WARNING_KIND, "approve_closing", id, NULL);
        desk_check_state(&w, &WARNING_KIND, id, "closed");
    }
    /* A lower tier needs to have spoken to him, to call it dissuasion. */
    int64_t low = warn_phone("medium", "13977110003");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", low, NULL);
    desk_check_refused(&w, A_DUTY, &WARNING_KIND, "propose_closing", low, "{\"closing\":\"cannot_be_found\"}",
                       SLUICE_E_STATE);
    try(low, NO_ANSWER);
    desk_check_refused(&w, A_DUTY, &WARNING_KIND, "propose_closing", low, "{\"closing\":\"dissuaded\"}",
                       SLUICE_E_STATE);
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "propose_closing", low, "{\"closing\":\"cannot_be_found\"}");
}

static void closing_takes_two(void **state) {
    (void)state;
    int64_t id = warn("medium");
    (void)desk_world_do(&w, A_COMMANDER, &WARNING_KIND, "sign", id, NULL);
    (void)desk_world_do(&w, A_COMMANDER, &WARNING_KIND, "attempt", id, MET);
    desk_check_refused(&w, A_APPROVER, &WARNING_KIND, "approve_closing", id, NULL, SLUICE_E_STATE);
    (void)desk_world_do(&w, A_COMMANDER, &WARNING_KIND, "propose_closing", id, "{\"closing\":\"dissuaded\"}");
    desk_check_refused(&w, A_COMMANDER, &WARNING_KIND, "approve_closing", id, NULL, SLUICE_E_FORBIDDEN);
    desk_check_refused(&w, A_DUTY, &WARNING_KIND, "approve_closing", id, NULL, SLUICE_E_FORBIDDEN);
    desk_check_refused(&w, B_COMMANDER, &WARNING_KIND, "approve_closing", id, NULL, SLUICE_E_NOT_FOUND);
    desk_check_fault(&w, A_APPROVER, &WARNING_KIND, "refuse_closing", id, NULL, "note");
    (void)desk_world_do(&w, A_APPROVER, &WARNING_KIND, "refuse_closing", id, "{\"note\":\"再核实\"}");
    desk_check_state(&w, &WARNING_KIND, id, "working");
    desk_check_null(&w, &WARNING_KIND, id, "closing");
    desk_check_number(&w, &WARNING_KIND, id, "due", w.now_ms + 2 * HOUR); /* to the next visit */
    int64_t version = desk_world_get(&w, &WARNING_KIND, id).version;
    (void)desk_world_do(&w, A_COMMANDER, &WARNING_KIND, "propose_closing", id, "{\"closing\":\"dissuaded\"}");
    assert_int_equal(desk_world_act(&w, A_APPROVER, &WARNING_KIND, "approve_closing", id, version, NULL, NULL),
                     SLUICE_E_STALE);
    (void)desk_world_do(&w, A_APPROVER, &WARNING_KIND, "approve_closing", id, NULL);
    desk_check_number(&w, &WARNING_KIND, id, "closed_by", w.actors[A_APPROVER].user);
    /* Once only. */
    desk_check_refused(&w, APPROVER, &WARNING_KIND, "approve_closing", id, NULL, SLUICE_E_STATE);
}

static void averted_loss_says_how_it_is_known(void **state) {
    (void)state;
    int64_t id = warn("medium");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", id, NULL);
    try(id, MET);
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "propose_closing", id,
                     "{\"closing\":\"dissuaded\",\"at_risk_fen\":5000000}", "averted_basis");
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "propose_closing", id,
                     "{\"closing\":\"mismatch\",\"at_risk_fen\":5000000,\"averted_basis\":\"stated\"}", "at_risk_fen");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "propose_closing", id,
                        "{\"closing\":\"dissuaded\",\"at_risk_fen\":5000000,\"averted_basis\":\"pending_transfer\"}");
    desk_check_null(&w, &WARNING_KIND, id, "averted_fen"); /* not before it is signed off */
    (void)desk_world_do(&w, A_COMMANDER, &WARNING_KIND, "approve_closing", id, NULL);
    desk_check_number(&w, &WARNING_KIND, id, "averted_percent", 100);
    desk_check_number(&w, &WARNING_KIND, id, "averted_fen", 5000000);
}

static void not_found_yet_is_looked_for_again(void **state) {
    (void)state;
    int64_t id = warn("high");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", id, NULL);
    desk_check_refused(&w, A_DUTY, &WARNING_KIND, "not_found_yet", id, "{\"note\":\"敲门无人\"}", SLUICE_E_STATE);
    try(id, "{\"channel\":\"visit\",\"result\":\"not_there\"}");
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "propose_closing", id, "{\"closing\":\"not_found_yet\"}", "closing");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "not_found_yet", id, "{\"note\":\"敲门无人\"}");
    desk_check_state(&w, &WARNING_KIND, id, "not_found");
    desk_check_at(&w, &WARNING_KIND, id, w.now_ms + 24 * HOUR);
    desk_check_state(&w, &WARNING_KIND, id, "working");
    desk_check_number(&w, &WARNING_KIND, id, "due", w.now_ms + 2 * HOUR);
    /* A restart in between loses no timer. */
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "not_found_yet", id, "{\"note\":\"仍无人\"}");
    desk_check_at(&w, &WARNING_KIND, id, w.now_ms + 24 * HOUR);
    /* A commander may decide that it is not that grave after all, and says why. */
    desk_check_fault(&w, A_COMMANDER, &WARNING_KIND, "retier", id, "{\"tier\":\"medium\"}", "note");
    desk_check_refused(&w, A_DUTY, &WARNING_KIND, "retier", id, "{\"tier\":\"medium\",\"note\":\"x\"}",
                       SLUICE_E_FORBIDDEN);
    (void)desk_world_do(&w, A_COMMANDER, &WARNING_KIND, "retier", id, "{\"tier\":\"medium\",\"note\":\"账户已止付\"}");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "propose_closing", id, "{\"closing\":\"cannot_be_found\"}");
}

static void alerts_of_one_victim_are_one_thread(void **state) {
    (void)state;
    int64_t id = warn("low");
    desk_world_until(&w, w.now_ms + 90 * MINUTE);
    int64_t due = w.now_ms + 30 * MINUTE;
    /* The same tier: counted; the time to sign stays. */
    assert_int_equal(warn("low"), id);
    desk_check_number(&w, &WARNING_KIND, id, "alerts", 2);
    desk_check_number(&w, &WARNING_KIND, id, "due", due);
    /* A higher one raises it and restarts the clock. */
    assert_int_equal(warn("high"), id);
    desk_check_text(&w, &WARNING_KIND, id, "tier", "high");
    desk_check_text(&w, &WARNING_KIND, id, "next_channel", "visit");
    desk_check_number(&w, &WARNING_KIND, id, "due", w.now_ms + 10 * MINUTE);
    desk_check_at(&w, &WARNING_KIND, id, w.now_ms + 10 * MINUTE);
    /* A lower one takes nothing back. */
    assert_int_equal(warn("medium"), id);
    desk_check_text(&w, &WARNING_KIND, id, "tier", "high");
    desk_check_number(&w, &WARNING_KIND, id, "alerts", 4);
    assert_int_equal(desk_check_children(&w, &WARNING_COMMENT_KIND, COMMENT_OF, id), 3); /* their reasons */
    /* Known by his account and the same phone: the same man. */
    int64_t same = desk_world_do(&w, DUTY, &WARNING_KIND, "create", 0,
                                 "{\"victim\":\"account:6228480402564890018\",\"phone\":\"13977110001\","
                                 "\"score\":95,\"reason\":\"x\",\"source\":\"finding\"}");
    assert_int_equal(same, id);
    desk_check_text(&w, &WARNING_KIND, id, "tier", "urgent");
    desk_check_number(&w, &WARNING_KIND, id, "score", 95);
    /* While its closing waits for a signature, a new alert sends it back to work. */
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", id, NULL);
    try(id, MET);
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "propose_closing", id, "{\"closing\":\"dissuaded\"}");
    assert_int_equal(warn("low"), id);
    desk_check_state(&w, &WARNING_KIND, id, "working");
    desk_check_refused(&w, A_COMMANDER, &WARNING_KIND, "approve_closing", id, NULL, SLUICE_E_STATE);
    /* Closed, the next is a new record of the same thread for 30 days. */
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "propose_closing", id, "{\"closing\":\"dissuaded\"}");
    (void)desk_world_do(&w, A_COMMANDER, &WARNING_KIND, "approve_closing", id, NULL);
    desk_world_until(&w, w.now_ms + 30 * TIME_DAY_MS - 1);
    int64_t next = warn("low");
    assert_true(next != id);
    desk_check_number(&w, &WARNING_KIND, next, "thread", id);
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", next, NULL);
    try(next, MET);
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "propose_closing", next, "{\"closing\":\"dissuaded\"}");
    (void)desk_world_do(&w, A_COMMANDER, &WARNING_KIND, "approve_closing", next, NULL);
    desk_world_until(&w, w.now_ms + 30 * TIME_DAY_MS);
    desk_check_null(&w, &WARNING_KIND, warn("low"), "thread");
}

static void a_duplicate_names_the_other_thread(void **state) {
    (void)state;
    int64_t id = warn_phone("urgent", "13977110001"), other = warn_phone("urgent", "13977110002");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", id, NULL);
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", other, NULL);
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "propose_closing", id, "{\"closing\":\"duplicate\"}", "duplicate_of");
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "propose_closing", id,
                     desk_check_json("{\"closing\":\"duplicate\",\"duplicate_of\":%lld}", (long long)id),
                     "duplicate_of");
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "propose_closing", id,
                     "{\"closing\":\"duplicate\",\"duplicate_of\":99}", "duplicate_of");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "propose_closing", id,
                        desk_check_json("{\"closing\":\"duplicate\",\"duplicate_of\":%lld}", (long long)other));
    /* Not in a circle. */
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "propose_closing", other,
                     desk_check_json("{\"closing\":\"duplicate\",\"duplicate_of\":%lld}", (long long)id),
                     "duplicate_of");
    (void)desk_world_do(&w, A_COMMANDER, &WARNING_KIND, "approve_closing", id, NULL);
    desk_check_null(&w, &WARNING_KIND, id, "call_back");
}

static void who_was_dissuaded_is_called_back(void **state) {
    (void)state;
    int64_t id = warn("medium");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", id, NULL);
    try(id, MET);
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "propose_closing", id, "{\"closing\":\"dissuaded\"}");
    (void)desk_world_do(&w, A_COMMANDER, &WARNING_KIND, "approve_closing", id, NULL);
    desk_check_text(&w, &WARNING_KIND, id, "call_back", "due");
    desk_check_at(&w, &WARNING_KIND, id, w.now_ms + 72 * HOUR);
    desk_check_text(&w, &WARNING_KIND, id, "call_back", "overdue");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "call_back", id, "{\"call_back\":\"not_reached\"}");
    desk_check_at(&w, &WARNING_KIND, id, w.now_ms + 72 * HOUR);
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "call_back", id, "{\"call_back\":\"paid_after\"}", "paid_fen");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "call_back", id,
                        "{\"call_back\":\"paid_after\",\"paid_fen\":100000,\"call_back_words\":\"又转了一千\"}");
    desk_check_text(&w, &WARNING_KIND, id, "review", "due");
    desk_check_number(&w, &WARNING_KIND, id, "moved_fen", 100000);
    desk_check_at(&w, &WARNING_KIND, id, w.now_ms + 72 * HOUR);
    desk_check_text(&w, &WARNING_KIND, id, "review", "overdue");
    (void)desk_world_do(&w, COMMANDER, &WARNING_KIND, "review", id, "{\"review_words\":\"预警后未见面\"}");
    desk_check_text(&w, &WARNING_KIND, id, "review", "done");
    /* He pays again: it is opened again, and what was agreed before counts no longer. */
    (void)desk_world_do(&w, A_COMMANDER, &WARNING_KIND, "reopen", id, "{\"note\":\"受害人仍在转账\"}");
    desk_check_refused(&w, A_DUTY, &WARNING_KIND, "propose_closing", id, "{\"closing\":\"dissuaded\"}", SLUICE_E_STATE);
    assert_int_equal(warn("medium"), id);
}

static void money_that_had_left_is_reviewed(void **state) {
    (void)state;
    int64_t id = warn("high");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", id, NULL);
    desk_check_refused(&w, A_COMMANDER, &WARNING_KIND, "review", id, "{\"review_words\":\"x\"}", SLUICE_E_STATE);
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "money_moved", id, "{}", "moved_fen");
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "money_moved", id, "{\"moved_fen\":1,\"stop\":77}", "stop");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "money_moved", id,
                        "{\"moved_fen\":3000000,\"moved_at\":\"2026-11-25T09:30:00+08:00\"}");
    desk_check_at(&w, &WARNING_KIND, id, w.now_ms + 2 * HOUR);
    desk_check_text(&w, &WARNING_KIND, id, "review", "due");
    (void)desk_world_do(&w, A_COMMANDER, &WARNING_KIND, "review", id, "{\"review_words\":\"银行未报送\"}");
    desk_check_number(&w, &WARNING_KIND, id, "review_by", w.actors[A_COMMANDER].user);
}

static void a_station_gets_it_and_signs(void **state) {
    (void)state;
    int64_t id = warn("high");
    const char *to_a = desk_check_json("{\"unit\":%lld}", (long long)w.station_a);
    const char *to_b = desk_check_json("{\"unit\":%lld}", (long long)w.station_b);
    desk_check_refused(&w, A_DUTY, &WARNING_KIND, "dispatch", id, to_b, SLUICE_E_FORBIDDEN);
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "dispatch", id, "{\"unit\":999}", "unit");
    desk_world_until(&w, w.now_ms + 9 * MINUTE);
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "sign", id, NULL);
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "dispatch", id, to_a);
    desk_check_state(&w, &WARNING_KIND, id, "new");
    desk_check_null(&w, &WARNING_KIND, id, "assignee");
    desk_check_text(&w, &WARNING_KIND, id, "level", "station");
    desk_check_at(&w, &WARNING_KIND, id, w.now_ms + 10 * MINUTE);
    desk_check_text(&w, &WARNING_KIND, id, "level", "district");
    (void)desk_world_do(&w, A_STATION_DUTY, &WARNING_KIND, "sign", id, NULL);
    /* Only to who may see it. */
    desk_check_fault(&w, A_DUTY, &WARNING_KIND, "assign", id,
                     desk_check_json("{\"assignee\":%lld}", (long long)w.actors[B_DUTY].user), "assignee");
    (void)desk_world_do(&w, A_DUTY, &WARNING_KIND, "assign", id,
                        desk_check_json("{\"assignee\":%lld}", (long long)w.actors[A_STATION_COMMANDER].user));
    /* The city sends it anywhere. */
    (void)desk_world_do(&w, DUTY, &WARNING_KIND, "dispatch", id, to_b);
    desk_check_refused(&w, A_STATION_DUTY, &WARNING_KIND, "sign", id, NULL, SLUICE_E_NOT_FOUND);
}

static void a_partner_warns_and_sees_its_own(void **state) {
    (void)state;
    record r;
    assert_int_equal(desk_world_act(&w, BANK, &WARNING_KIND, "create", 0, 0,
                                    "{\"victim\":\"account:6228480402564890018\",\"phone\":\"13977110007\","
                                    "\"score\":72,\"reason\":\"柜面大额异常\"}",
                                    &r),
                     SLUICE_OK);
    desk_check_text(&w, &WARNING_KIND, r.id, "source", "partner");
    desk_check_text(&w, &WARNING_KIND, r.id, "tier", "high");
    desk_check_text(&w, &WARNING_KIND, r.id, "institution", "102100000011");
    assert_true(desk_sees(&w.actors[BANK], &WARNING_KIND, &r));
    assert_false(desk_sees(&w.actors[OTHER_BANK], &WARNING_KIND, &r));
    desk_check_refused(&w, BANK, &WARNING_KIND, "sign", r.id, NULL, SLUICE_E_FORBIDDEN);
    desk_check_fault(&w, DUTY, &WARNING_KIND, "create", 0, "{\"phone\":\"13977110008\",\"score\":72,\"reason\":\"x\"}",
                     "source");
    desk_check_fault(&w, BANK, &WARNING_KIND, "create", 0, "{\"phone\":\"13977110008\",\"reason\":\"x\"}", "tier");
    desk_check_fault(&w, BANK, &WARNING_KIND, "create", 0, "{\"score\":72,\"reason\":\"x\"}", "victim");
    desk_check_fault(&w, BANK, &WARNING_KIND, "create", 0, "{\"phone\":\"13977110008\",\"score\":101,\"reason\":\"x\"}",
                     "score");
}

static sluice_result take(desk_command *c, void *context) {
    record r;
    const desk_kind *kind = NULL;
    sluice_result result = finding_take(c, context, &kind, &r);
    return result == SLUICE_OK && kind != &WARNING_KIND ? SLUICE_E_INVALID : result;
}

static void a_finding_of_a_payer_becomes_a_warning(void **state) {
    (void)state;
    static const struct {
        double score;
        const char *tier;
    } SCORES[] = {{49, "low"}, {50, "medium"}, {69, "medium"}, {70, "high"}, {89, "high"}, {90, "urgent"}};
    for (size_t i = 0; i < sizeof SCORES / sizeof *SCORES; i++) {
        const char *subject = desk_check_json("account:%zu", i);
        desk_finding finding = {.subject = text_of(subject),
                                .subject_is_payer = true,
                                .typology = TEXT("task_rebate"),
                                .fraud_type = TEXT("刷单返利"),
                                .reason_zh = TEXT("三日内向五个新收款人转账"),
                                .score = SCORES[i].score,
                                .reference = TEXT("T1")};
        desk_command c = {
            .desk = w.desk, .actor = &DESK_SYSTEM, .now_ms = w.now_ms, .arena = &w.memory, .error = &w.error};
        assert_int_equal(desk_run_alone(&c, take, &finding), SLUICE_OK);
        int64_t id = (int64_t)i + 1;
        desk_check_text(&w, &WARNING_KIND, id, "tier", SCORES[i].tier);
        desk_check_text(&w, &WARNING_KIND, id, "fraud_type", "task_rebate");
        desk_check_null(&w, &WARNING_KIND, id, "district");
    }
}

static void a_restart_loses_no_deadline(void **state) {
    (void)state;
    const char *location = desk_check_place();
    desk_world other;
    desk_world_open(&other, location);
    int64_t id = desk_world_do(&other, DUTY, &WARNING_KIND, "create", 0,
                               "{\"phone\":\"13977110001\",\"tier\":\"high\",\"reason\":\"x\",\"source\":\"tip\"}");
    desk_world_restart(&other, location);
    desk_check_at(&other, &WARNING_KIND, id, other.now_ms + 10 * MINUTE);
    /* Down for a day: each step happens, at its own moment. */
    desk_world_restart(&other, location);
    desk_world_until(&other, other.now_ms + TIME_DAY_MS);
    desk_check_text(&other, &WARNING_KIND, id, "level", "commander");
    desk_check_number(&other, &WARNING_KIND, id, "due", DESK_WORLD_BEGIN + 30 * MINUTE);
    desk_world_close(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

static int run(const char *name) {
    const struct CMUnitTest tests[] = {
        TEST(goes_to_whom_it_belongs),
        TEST(each_tier_has_its_time_to_sign),
        TEST(unsigned_it_climbs_to_the_commander_and_no_further),
        TEST(sms_then_phone_then_visit_then_a_supervisor),
        TEST(who_does_not_call_again_is_reported_above),
        TEST(attempts_say_what_can_be),
        TEST(a_grave_one_closes_only_after_a_confirmed_contact),
        TEST(closing_takes_two),
        TEST(averted_loss_says_how_it_is_known),
        TEST(not_found_yet_is_looked_for_again),
        TEST(alerts_of_one_victim_are_one_thread),
        TEST(a_duplicate_names_the_other_thread),
        TEST(who_was_dissuaded_is_called_back),
        TEST(money_that_had_left_is_reviewed),
        TEST(a_station_gets_it_and_signs),
        TEST(a_partner_warns_and_sees_its_own),
        TEST(a_finding_of_a_payer_becomes_a_warning),
        TEST(a_restart_loses_no_deadline),
    };
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void) {
    return desk_check_on_each_store(run);
}
