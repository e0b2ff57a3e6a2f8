/* Leads: taken in once, due the same day, climbing by the clock, and told back to whoever sent them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "desk/case.h"
#include "desk/lead.h"
#include "support/desk_check.h"

#define HOUR INT64_C(3600000)
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

#define LEAD                                                                                                           \
    "{\"type\":\"mule_account\",\"subject\":\"account:6228480402564890018\",\"title\":\"可疑账户\",\"source\":"    \
    "\"tip\","                                                                                                         \
    "\"division\":\"450103\",\"words\":\"群众举报\"}"

static int64_t take_in(person who) {
    return desk_world_do(&w, who, &LEAD_KIND, "create", 0, LEAD);
}

static int64_t midnight(void) {
    int64_t at = 0;
    assert_true(time_parse(TEXT("2026-11-26 00:00:00"), TIME_SHANGHAI_OFFSET_MS, &at));
    return at;
}

static void the_same_one_is_folded(void **state) {
    (void)state;
    int64_t id = take_in(DUTY);
    assert_int_equal(take_in(DUTY), id);
    record r;
    /* A partner's joins too, whatever its tier and words; each source is kept. */
    assert_int_equal(desk_world_act(&w, BANK, &LEAD_KIND, "create", 0, 0,
                                    "{\"type\":\"mule_account\",\"subject\":\"account:6228480402564890018\","
                                    "\"title\":\"x\",\"tier\":\"high\",\"score\":80,\"reference\":\"B-77\"}",
                                    &r),
                     SLUICE_OK);
    assert_int_equal(r.id, id);
    desk_check_number(&w, &LEAD_KIND, id, "source_count", 3);
    desk_check_text(&w, &LEAD_KIND, id, "tier", "high");
    desk_check_number(&w, &LEAD_KIND, id, "score", 80);
    desk_check_text(&w, &LEAD_KIND, id, "title", "可疑账户");
    assert_int_equal(desk_check_children(&w, &LEAD_SOURCE_KIND, LEAD_SOURCE_LEAD, id), 3);
    desk_check_text(&w, &LEAD_SOURCE_KIND, 3, "source", "partner");
    desk_check_text(&w, &LEAD_SOURCE_KIND, 3, "institution", "102100000011");
    desk_check_text(&w, &LEAD_SOURCE_KIND, 3, "reference", "B-77");
    /* Another type of the same subject is another lead. */
    int64_t other = desk_world_do(&w, DUTY, &LEAD_KIND, "create", 0,
                                  "{\"type\":\"cash_out\",\"subject\":\"account:6228480402564890018\",\"title\":\"x\","
                                  "\"source\":\"file\"}");
    assert_true(other != id);
    desk_check_null(&w, &LEAD_KIND, other, "district"); /* nobody's: the city's own desk */
    desk_check_fault(&w, DUTY, &LEAD_KIND, "create", 0,
                     "{\"type\":\"nonsense\",\"subject\":\"account:1\",\"title\":\"x\","
                     "\"source\":\"tip\"}",
                     "type");
    desk_check_fault(&w, DUTY, &LEAD_KIND, "create", 0,
                     "{\"type\":\"other\",\"subject\":\"without a kind\",\"title\":\"x\",\"source\":\"tip\"}",
                     "subject");
    desk_check_fault(
        &w, DUTY, &LEAD_KIND, "create", 0,
        "{\"type\":\"other\",\"subject\":\"account:1\",\"title\":\"x\",\"source\":\"tip\",\"due\":\"2030-01-01\"}",
        "due");
}

static void due_the_same_day_and_climbing_by_the_clock(void **state) {
    (void)state;
    int64_t id =
        desk_world_do(&w, DUTY, &LEAD_KIND, "create", 0,
                      "{\"type\":\"other\",\"subject\":\"phone:13977110001\",\"title\":\"x\",\"source\":\"tip\","
                      "\"address\":\"南湖派出所\"}");
    desk_check_number(&w, &LEAD_KIND, id, "due", midnight());
    desk_check_text(&w, &LEAD_KIND, id, "level", "station");
    (void)desk_world_do(&w, A_STATION_COMMANDER, &LEAD_KIND, "assign", id,
                        desk_check_json("{\"assignee\":%lld}", (long long)w.actors[A_STATION_DUTY].user));
    static const char *const LEVELS[] = {"district", "city", "commander"};
    for (int i = 0; i < 3; i++) {
        desk_check_at(&w, &LEAD_KIND, id, midnight() + i * 2 * HOUR);
        desk_check_text(&w, &LEAD_KIND, id, "level", LEVELS[i]);
        desk_check_number(&w, &LEAD_KIND, id, "escalations", i + 1);
    }
    int64_t version = desk_world_get(&w, &LEAD_KIND, id).version;
    desk_world_until(&w, w.now_ms + 5 * TIME_DAY_MS);
    assert_int_equal(desk_world_get(&w, &LEAD_KIND, id).version, version);
    /* One that comes in the day's last millisecond is due a millisecond later. */
    desk_world_until(&w, midnight() + 6 * TIME_DAY_MS - 1);
    int64_t late = take_in(DUTY);
    desk_check_number(&w, &LEAD_KIND, late, "due", w.now_ms + 1);
    desk_world_until(&w, w.now_ms + 1);
    desk_check_text(&w, &LEAD_KIND, late, "level", "city");
}

static void finished_with_feedback_to_all_who_sent_it(void **state) {
    (void)state;
    int64_t id = take_in(DUTY);
    assert_int_equal(take_in(A_DUTY), id);
    desk_check_refused(&w, A_INVESTIGATOR, &LEAD_KIND, "accept", id, NULL, SLUICE_E_FORBIDDEN); /* not assigned */
    desk_check_refused(&w, B_DUTY, &LEAD_KIND, "assign", id,
                       desk_check_json("{\"assignee\":%lld}", (long long)w.actors[B_DUTY].user), SLUICE_E_NOT_FOUND);
    desk_check_fault(&w, A_DUTY, &LEAD_KIND, "assign", id,
                     desk_check_json("{\"assignee\":%lld}", (long long)w.actors[B_DUTY].user), "assignee");
    desk_check_fault(&w, A_DUTY, &LEAD_KIND, "assign", id, "{\"assignee\":9999}", "assignee");
    (void)desk_world_do(&w, A_DUTY, &LEAD_KIND, "assign", id,
                        desk_check_json("{\"assignee\":%lld}", (long long)w.actors[A_INVESTIGATOR].user));
    desk_check_refused(&w, A_DUTY, &LEAD_KIND, "accept", id, NULL, SLUICE_E_FORBIDDEN);
    desk_check_refused(&w, A_INVESTIGATOR, &LEAD_KIND, "finish", id, "{\"result\":\"confirmed\",\"feedback\":\"x\"}",
                       SLUICE_E_STATE);
    (void)desk_world_do(&w, A_INVESTIGATOR, &LEAD_KIND, "accept", id, NULL);
    desk_check_fault(&w, A_INVESTIGATOR, &LEAD_KIND, "finish", id, "{\"result\":\"confirmed\"}", "feedback");
    (void)desk_world_do(&w, A_INVESTIGATOR, &LEAD_KIND, "finish", id,
                        "{\"result\":\"confirmed\",\"feedback\":\"已查证，账户止付\"}");
    for (int64_t source = 1; source <= 2; source++) {
        desk_check_text(&w, &LEAD_SOURCE_KIND, source, "feedback", "已查证，账户止付");
        desk_check_number(&w, &LEAD_SOURCE_KIND, source, "feedback_at", w.now_ms);
    }
    int64_t version = desk_world_get(&w, &LEAD_KIND, id).version;
    desk_world_until(&w, midnight() + HOUR); /* its clock is off */
    assert_int_equal(desk_world_get(&w, &LEAD_KIND, id).version, version);
    /* What comes now is a new one; then the old one cannot be open beside it. */
    assert_true(take_in(DUTY) != id);
    desk_check_refused(&w, A_COMMANDER, &LEAD_KIND, "reopen", id, "{\"note\":\"复查\"}", SLUICE_E_CONFLICT);
}

static void sent_to_a_unit_and_reopened(void **state) {
    (void)state;
    int64_t id = take_in(DUTY);
    desk_check_refused(&w, A_DUTY, &LEAD_KIND, "dispatch", id,
                       desk_check_json("{\"unit\":%lld}", (long long)w.district_b), SLUICE_E_FORBIDDEN);
    (void)desk_world_do(&w, A_DUTY, &LEAD_KIND, "dispatch", id,
                        desk_check_json("{\"unit\":%lld}", (long long)w.station_a));
    (void)desk_world_do(&w, A_STATION_COMMANDER, &LEAD_KIND, "assign", id,
                        desk_check_json("{\"assignee\":%lld}", (long long)w.actors[A_STATION_DUTY].user));
    (void)desk_world_do(&w, A_STATION_DUTY, &LEAD_KIND, "accept", id, NULL);
    (void)desk_world_do(&w, A_STATION_DUTY, &LEAD_KIND, "finish", id,
                        "{\"result\":\"not_confirmed\",\"feedback\":\"未发现异常\"}");
    desk_world_until(&w, midnight() + HOUR);
    desk_check_fault(&w, A_COMMANDER, &LEAD_KIND, "reopen", id, NULL, "note");
    (void)desk_world_do(&w, A_COMMANDER, &LEAD_KIND, "reopen", id, "{\"note\":\"新证据\"}");
    desk_check_number(&w, &LEAD_KIND, id, "due", midnight() + TIME_DAY_MS);
    desk_check_at(&w, &LEAD_KIND, id, midnight() + TIME_DAY_MS);
}

static void a_lead_becomes_a_case(void **state) {
    (void)state;
    int64_t id = take_in(DUTY);
    (void)desk_world_do(&w, A_DUTY, &LEAD_KIND, "assign", id,
                        desk_check_json("{\"assignee\":%lld}", (long long)w.actors[A_INVESTIGATOR].user));
    desk_check_refused(&w, A_DUTY, &LEAD_KIND, "to_case", id, "{\"feedback\":\"x\"}", SLUICE_E_FORBIDDEN);
    (void)desk_world_do(&w, A_INVESTIGATOR, &LEAD_KIND, "to_case", id,
                        "{\"feedback\":\"转为案件侦办\",\"fraud_type\":\"loan\",\"case_title\":\"某贷款诈骗案\"}");
    desk_check_state(&w, &LEAD_KIND, id, "became_case");
    desk_check_text(&w, &LEAD_KIND, id, "title", "可疑账户");
    int64_t case_id = desk_world_value(&w, &LEAD_KIND, id, "case")->integer;
    desk_check_text(&w, &CASE_KIND, case_id, "title", "某贷款诈骗案");
    desk_check_number(&w, &CASE_KIND, case_id, "district", w.district_a);
    desk_check_number(&w, &CASE_KIND, case_id, "assignee", w.actors[A_INVESTIGATOR].user);
    assert_int_equal(desk_check_children(&w, &ENTITY_KIND, ENTITY_CASE, case_id), 1);
}

static sluice_result take(desk_command *c, void *context) {
    record r;
    const desk_kind *kind = NULL;
    sluice_result result = finding_take(c, context, &kind, &r);
    return result == SLUICE_OK && kind != &LEAD_KIND ? SLUICE_E_INVALID : result;
}

static void findings_become_leads(void **state) {
    (void)state;
    desk_finding finding = {.subject = TEXT("account:1"),
                            .typology = TEXT("run_point"),
                            .title_zh = TEXT("跑分过渡账户"),
                            .score = 66.6,
                            .reference = TEXT("T9")};
    for (int i = 0; i < 3; i++) {
        desk_command c = {
            .desk = w.desk, .actor = &DESK_SYSTEM, .now_ms = w.now_ms, .arena = &w.memory, .error = &w.error};
        assert_int_equal(desk_run_alone(&c, take, &finding), SLUICE_OK);
        finding.score = 91;
    }
    desk_check_text(&w, &LEAD_KIND, 1, "type", "run_point");
    desk_check_text(&w, &LEAD_KIND, 1, "source", "finding");
    desk_check_number(&w, &LEAD_KIND, 1, "source_count", 3);
    desk_check_number(&w, &LEAD_KIND, 1, "score", 91);
    record_query all = {.table = LEAD_KIND.table};
    uint64_t count = 0;
    assert_int_equal(store_count(w.store, &all, 0, &count, &w.error), SLUICE_OK);
    assert_int_equal(count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

static int run(const char *name) {
    const struct CMUnitTest tests[] = {
        TEST(the_same_one_is_folded),
        TEST(due_the_same_day_and_climbing_by_the_clock),
        TEST(finished_with_feedback_to_all_who_sent_it),
        TEST(sent_to_a_unit_and_reopened),
        TEST(a_lead_becomes_a_case),
        TEST(findings_become_leads),
    };
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void) {
    return desk_check_on_each_store(run);
}
