/* Stop payment by the book: the cap of two, 48 hours to the millisecond, mismatches, four eyes, jurisdiction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "desk/history.h"
#include "desk/order.h"
#include "desk/search.h"
#include "support/desk_world.h"
#include "support/tool.h"

static desk_world w;
static int worlds;
static char place[512];

static int fresh(void **state) {
    (void)state;
    char name[64];
    (void)snprintf(name, sizeof name, "stop-%d.db", worlds++);
    (void)snprintf(place, sizeof place, "%s", tool_path(name));
    desk_world_open(&w, place);
    return 0;
}

static int done(void **state) {
    (void)state;
    uint64_t rows = 0;
    char head[65];
    if (audit_verify(w.store, NULL, (audit_progress){0}, &rows, head, &w.error) != SLUICE_OK) {
        fail_msg("%s", w.error.text);
    }
    desk_world_close(&w);
    return 0;
}

#define ACCOUNT "account:6228480402564890018"
static const char PROPOSAL[] = "{\"account\":\"" ACCOUNT "\",\"institution\":\"102100000011\",\"holder\":\"张三\","
                               "\"amount_fen\":5000000,\"reason\":\"受害人报警\"}";

static int64_t proposed(person who) {
    return desk_world_do(&w, who, &STOP_KIND, "propose", 0, PROPOSAL);
}

static void confirm(int64_t id) {
    char json[200], time[TIME_TEXT_BYTES];
    (void)snprintf(json, sizeof json, "{\"stopped_at\":\"%s\",\"balance_fen\":123,\"result_code\":\"100000\"}",
                   time_format(w.now_ms, time));
    (void)desk_world_do(&w, BANK, &STOP_KIND, "confirm", id, json);
}

static int64_t stopped(void) {
    int64_t id = proposed(DUTY);
    (void)desk_world_do(&w, APPROVER, &STOP_KIND, "approve", id, NULL);
    confirm(id);
    return id;
}

static void assert_refused(sluice_result expected, person who, const char *act, int64_t id, const char *json) {
    record before = desk_world_get(&w, &STOP_KIND, id), after;
    sluice_result result = desk_world_act(&w, who, &STOP_KIND, act, id, -1, json, NULL);
    if (result != expected) {
        fail_msg("%s: %s instead of %s (%s)", act, sluice_result_text(result), sluice_result_text(expected),
                 w.error.text);
    }
    after = desk_world_get(&w, &STOP_KIND, id);
    assert_int_equal(before.version, after.version);
}

static void it_holds_for_48_hours_and_not_longer(void **state) {
    (void)state;
    int64_t id = stopped();
    assert_int_equal(desk_world_value(&w, &STOP_KIND, id, "expires_at")->integer, w.now_ms + 48 * 3600000);
    desk_world_until(&w, w.now_ms + 48 * 3600000 - 1);
    assert_string_equal(desk_world_state(&w, &STOP_KIND, id), "stopped");
    desk_world_until(&w, w.now_ms + 1);
    assert_string_equal(desk_world_state(&w, &STOP_KIND, id), "lapsed");
    assert_int_equal(desk_world_value(&w, &STOP_KIND, id, "ended_at")->integer, w.now_ms);
}

static void it_lapses_at_its_moment_although_the_desk_was_closed(void **state) {
    (void)state;
    int64_t id = stopped(), expires = w.now_ms + 48 * 3600000;
    w.now_ms = expires + 3600000;
    desk_world_restart(&w, place);
    /* Before any tick: an act on it finds it lapsed. */
    assert_refused(SLUICE_E_STALE, DUTY, "release_propose", id, "{\"release_reason\":\"x\"}");
    desk_world_until(&w, w.now_ms);
    assert_string_equal(desk_world_state(&w, &STOP_KIND, id), "lapsed");
    assert_int_equal(desk_world_value(&w, &STOP_KIND, id, "ended_at")->integer, expires);
}

static void an_account_is_stopped_twice_at_most(void **state) {
    (void)state;
    int64_t first = stopped();
    int64_t second = 0;
    (void)desk_world_do(&w, DUTY, &STOP_KIND, "extend", first, "{\"note\":\"案件正在立案\"}");
    second = first + 1;
    assert_string_equal(desk_world_state(&w, &STOP_KIND, second), "proposed");
    assert_int_equal(desk_world_value(&w, &STOP_KIND, second, "turn")->integer, 2);
    assert_int_equal(desk_world_value(&w, &STOP_KIND, second, "extends")->integer, first);
    assert_int_equal(desk_world_act(&w, DUTY, &STOP_KIND, "propose", 0, 0, PROPOSAL, NULL), SLUICE_E_STATE);
    assert_non_null(strstr(w.error.text, "86号"));
    assert_refused(SLUICE_E_STATE, DUTY, "extend", first, "{\"note\":\"again\"}");
    (void)desk_world_do(&w, APPROVER, &STOP_KIND, "approve", second, NULL);
    confirm(second);
    desk_world_until(&w, w.now_ms + 49 * INT64_C(3600000));
    assert_string_equal(desk_world_state(&w, &STOP_KIND, second), "lapsed");
    assert_int_equal(desk_world_act(&w, DUTY, &STOP_KIND, "propose", 0, 0, PROPOSAL, NULL), SLUICE_E_STATE);
}

static void what_was_refused_or_did_not_match_does_not_count(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++) {
        int64_t id = proposed(DUTY);
        (void)desk_world_do(&w, APPROVER, &STOP_KIND, "approve", id, NULL);
        (void)desk_world_do(&w, BANK, &STOP_KIND, "mismatch", id, "{\"result\":\"户名不符\"}");
        assert_string_equal(desk_world_state(&w, &STOP_KIND, id), "mismatched");
        assert_refused(SLUICE_E_STATE, BANK, "confirm", id, "{\"stopped_at\":\"2026-11-25T10:00:00+08:00\"}");
        id = proposed(DUTY);
        (void)desk_world_do(&w, COMMANDER, &STOP_KIND, "refuse", id, "{\"note\":\"依据不足\"}");
    }
}

static void nobody_approves_what_he_proposed(void **state) {
    (void)state;
    int64_t id = proposed(COMMANDER);
    assert_refused(SLUICE_E_FORBIDDEN, COMMANDER, "approve", id, NULL);
    assert_non_null(strstr(w.error.text, "four eyes"));
    (void)desk_world_do(&w, APPROVER, &STOP_KIND, "approve", id, NULL);
    confirm(id);
    (void)desk_world_do(&w, COMMANDER, &STOP_KIND, "release_propose", id, "{\"release_reason\":\"无关\"}");
    assert_refused(SLUICE_E_FORBIDDEN, COMMANDER, "release_approve", id, NULL);
    (void)desk_world_do(&w, APPROVER, &STOP_KIND, "release_approve", id, NULL);
    assert_string_equal(desk_world_state(&w, &STOP_KIND, id), "released");
}

static void roles_and_districts_keep_others_out(void **state) {
    (void)state;
    int64_t id = desk_world_do(&w, A_DUTY, &STOP_KIND, "propose", 0, PROPOSAL);
    assert_refused(SLUICE_E_NOT_FOUND, B_COMMANDER, "approve", id, NULL);
    assert_refused(SLUICE_E_FORBIDDEN, A_DUTY, "approve", id, NULL);
    assert_refused(SLUICE_E_FORBIDDEN, OUTREACH, "approve", id, NULL);
    assert_refused(SLUICE_E_FORBIDDEN, AUDITOR, "approve", id, NULL);
    assert_refused(SLUICE_E_NOT_FOUND, A_STATION_COMMANDER, "approve", id, NULL);
    (void)desk_world_do(&w, A_APPROVER, &STOP_KIND, "approve", id, NULL);
    assert_refused(SLUICE_E_NOT_FOUND, OTHER_BANK, "mismatch", id, "{\"result\":\"x\"}");
    assert_refused(SLUICE_E_FORBIDDEN, BANK, "release_propose", id, "{\"release_reason\":\"x\"}");
    confirm(id);
}

static void stale_versions_and_bad_inputs_change_nothing(void **state) {
    (void)state;
    int64_t id = proposed(DUTY);
    assert_int_equal(desk_world_act(&w, APPROVER, &STOP_KIND, "approve", id, 7, NULL, NULL), SLUICE_E_STALE);
    assert_int_equal(desk_world_act(&w, APPROVER, &STOP_KIND, "approve", id, 0, NULL, NULL), SLUICE_E_INVALID);
    assert_refused(SLUICE_E_INPUT, COMMANDER, "refuse", id, "{}"); /* a reason is required */
    assert_refused(SLUICE_E_INPUT, APPROVER, "approve", id, "{\"state\":\"stopped\"}");
    assert_int_equal(desk_world_act(&w, DUTY, &STOP_KIND, "propose", 0, 0,
                                    "{\"account\":\"6228\",\"amount_fen\":-1,\"layer\":\"x\",\"extra\":1}", NULL),
                     SLUICE_E_INPUT);
    assert_int_equal(w.last.fault_count, 5); /* account, amount_fen, layer, reason, extra */
    (void)desk_world_do(&w, APPROVER, &STOP_KIND, "approve", id, NULL);
    /* A bank that says it stopped before it was asked to, or later than now, by more than clocks may differ. */
    assert_refused(SLUICE_E_INPUT, BANK, "confirm", id, "{\"stopped_at\":\"2026-11-25T09:54:59+08:00\"}");
    assert_refused(SLUICE_E_INPUT, BANK, "confirm", id, "{\"stopped_at\":\"2026-11-25T10:05:01+08:00\"}");
}

static void a_bank_that_does_not_answer_is_late(void **state) {
    (void)state;
    int64_t id = proposed(DUTY);
    (void)desk_world_do(&w, APPROVER, &STOP_KIND, "approve", id, NULL);
    desk_world_until(&w, w.now_ms + 30 * 60000 - 1);
    assert_true(desk_world_value(&w, &STOP_KIND, id, "late")->is_null);
    desk_world_until(&w, w.now_ms + 1);
    assert_int_equal(desk_world_value(&w, &STOP_KIND, id, "late")->integer, 1);
    confirm(id);
}

static void an_upheld_appeal_lifts_at_once(void **state) {
    (void)state;
    char json[200];
    int64_t id = stopped();
    (void)snprintf(json, sizeof json, "{\"measure\":\"stop\",\"order\":%lld,\"by\":\"张三\",\"words\":\"与案件无关\"}",
                   (long long)id);
    int64_t appeal = desk_world_do(&w, INVESTIGATOR, &APPEAL_KIND, "receive", 0, json);
    /* The approver of the stop does not judge it. */
    assert_int_equal(desk_world_act(&w, APPROVER, &APPEAL_KIND, "uphold", appeal, -1, "{\"answer\":\"属实\"}", NULL),
                     SLUICE_E_FORBIDDEN);
    (void)desk_world_do(&w, COMMANDER, &APPEAL_KIND, "uphold", appeal, "{\"answer\":\"经核实无关\"}");
    assert_string_equal(desk_world_state(&w, &STOP_KIND, id), "released");
    assert_int_equal(desk_world_value(&w, &STOP_KIND, id, "ended_at")->integer, w.now_ms);
}

static void it_is_found_by_account_and_holder_within_the_jurisdiction(void **state) {
    (void)state;
    search_hit *hits = NULL;
    size_t count = 0;
    int64_t id = desk_world_do(&w, A_DUTY, &STOP_KIND, "propose", 0, PROPOSAL);
    const struct {
        person who;
        const char *words;
        size_t count;
    } searches[] = {{A_DUTY, "6228480402564890018", 1},
                    {DUTY, "62284804", 1},
                    {B_DUTY, "6228480402564890018", 0},
                    {DUTY, "张三", 1},
                    {DUTY, "李四", 0},
                    {OTHER_BANK, "62284804", 0},
                    {BANK, "62284804", 1},
                    {DUTY, "62284804 张", 1}};
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
        desk_command c = {.desk = w.desk,
                          .actor = &w.actors[searches[i].who],
                          .now_ms = w.now_ms,
                          .arena = &w.memory,
                          .error = &w.error};
        assert_int_equal(desk_search(&c, text_of(searches[i].words), NULL, 10, &hits, &count), SLUICE_OK);
        if (count != searches[i].count) {
            fail_msg("%s: %zu", searches[i].words, count);
        }
        if (count > 0) {
            assert_int_equal(hits[0].record.id, id);
        }
    }
}

int main(void) {
#define STOP_TEST(name) cmocka_unit_test_setup_teardown(name, fresh, done)
    const struct CMUnitTest tests[] = {
        STOP_TEST(it_holds_for_48_hours_and_not_longer),
        STOP_TEST(it_lapses_at_its_moment_although_the_desk_was_closed),
        STOP_TEST(an_account_is_stopped_twice_at_most),
        STOP_TEST(what_was_refused_or_did_not_match_does_not_count),
        STOP_TEST(nobody_approves_what_he_proposed),
        STOP_TEST(roles_and_districts_keep_others_out),
        STOP_TEST(stale_versions_and_bad_inputs_change_nothing),
        STOP_TEST(a_bank_that_does_not_answer_is_late),
        STOP_TEST(an_upheld_appeal_lifts_at_once),
        STOP_TEST(it_is_found_by_account_and_holder_within_the_jurisdiction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
