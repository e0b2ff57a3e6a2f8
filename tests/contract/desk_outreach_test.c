/* Outreach on each database: who is in an audience, what may be told of it, quiet hours and weeks, reach. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "desk/audience_count.h"
#include "desk/campaign.h"
#include "desk/outreach_reach.h"
#include "desk/report.h"
#include "desk/warning.h"
#include "support/desk_check.h"

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

/* ---- audiences ---- */

static void ages_by_identity_number(void **state) {
    (void)state;
    int64_t now = DESK_WORLD_BEGIN;                                        /* 2026-11-25 */
    assert_int_equal(audience_age_of(TEXT("450103200811251234"), now), 2); /* 18 today */
    assert_int_equal(audience_age_of(TEXT("450103200811261234"), now), 1); /* 18 tomorrow */
    assert_int_equal(audience_age_of(TEXT("450103196611251234"), now), 5);
    assert_int_equal(audience_age_of(TEXT("450103661126123"), now), 4); /* 15 digits: 1966 */
    assert_int_equal(audience_age_of(TEXT("450103199013011234"), now), 6);
    assert_int_equal(audience_age_of(TEXT("450103203001011234"), now), 6); /* not born */
    assert_int_equal(audience_age_of(TEXT(""), now), 6);
}

static void warn_one(const char *phone, const char *tier) {
    (void)desk_world_do(
        &w, DUTY, &WARNING_KIND, "create", 0,
        desk_check_json("{\"phone\":\"%s\",\"tier\":\"%s\",\"reason\":\"x\",\"source\":\"tip\"}", phone, tier));
}

static size_t count_in(int64_t district, const char *risk, const char *age) {
    audience_person *persons = NULL;
    size_t count = 0;
    audience_definition definition = {.district = district, .risk = text_of(risk), .age = text_of(age)};
    assert_int_equal(audience_persons(w.store, &definition, 0, w.now_ms, &w.memory, &persons, &count, &w.error),
                     SLUICE_OK);
    for (size_t i = 1; i < count; i++) {
        assert_true(memcmp(persons[i - 1].hash.data, persons[i].hash.data, 32) < 0);
    }
    return count;
}

static void persons_are_counted_once(void **state) {
    (void)state;
    warn_one("13977110001", "low");
    warn_one("+86 139 7711 0002", "high");
    warn_one("13977220001", "low");
    (void)desk_world_do(&w, DUTY, &REPORT_KIND, "create", 0,
                        "{\"channel\":\"phone\",\"victim_name\":\"x\",\"victim_phone\":\"139-7711-0002\","
                        "\"victim_identity\":\"450103196611251234\"}");
    (void)desk_world_do(&w, DUTY, &REPORT_KIND, "create", 0,
                        "{\"channel\":\"phone\",\"victim_name\":\"x\",\"victim_phone\":\"13977110003\"}");
    assert_int_equal(count_in(0, "any", "any"), 4);
    assert_int_equal(count_in(w.district_a, "any", "any"), 3);
    assert_int_equal(count_in(w.district_b, "any", "any"), 1);
    assert_int_equal(count_in(w.district_a, "victim", "any"), 2);
    assert_int_equal(count_in(w.district_a, "high", "60_up"), 1); /* the warning's tier, the report's age */
    assert_int_equal(count_in(w.district_a, "any", "unknown"), 2);
    assert_int_equal(count_in(w.district_a, "urgent", "any"), 0);
}

static void small_counts_are_hidden_and_others_bounded(void **state) {
    (void)state;
    enum { MOST = 400 };
    static char names[MOST][33];
    sluice_text hashes[MOST], turned[MOST];
    audience_limits limits = {.least = 10, .noise = 5};
    int64_t off = 0, differ = 0;
    for (size_t i = 0; i < MOST; i++) {
        (void)snprintf(names[i], sizeof names[i], "%032zx", i * 2654435761U);
        hashes[i] = (sluice_text){names[i], 32};
    }
    for (size_t n = 0; n < MOST; n++) {
        audience_shown shown = audience_show(hashes, n, limits);
        assert_int_equal(shown.is_hidden, n < 10);
        assert_true(shown.lower <= (int64_t)n && (int64_t)n <= shown.upper);
        if (n < 10) {
            assert_true(shown.count == 0 && shown.lower == 0 && shown.upper == 9);
            continue;
        }
        assert_true(shown.count >= 10);
        for (size_t i = 0; i < n; i++) {
            turned[i] = hashes[n - 1 - i];
        }
        assert_int_equal(audience_show(turned, n, limits).count, shown.count); /* the same persons, the same number */
        off += shown.count - (int64_t)n;
        differ += shown.count != (int64_t)n;
    }
    assert_true(off > -300 && off < 300); /* on the average it is right */
    assert_true(differ > MOST / 2);
}

/* ---- when ---- */

static int64_t at(const char *text) {
    int64_t ms = 0;
    assert_true(time_parse(text_of(text), TIME_SHANGHAI_OFFSET_MS, &ms));
    return ms;
}

static void quiet_hours_go_over_midnight(void **state) {
    (void)state;
    desk_command c = {.desk = w.desk, .actor = &DESK_SYSTEM, .now_ms = w.now_ms, .arena = &w.memory, .error = &w.error};
    static const struct {
        const char *time, *until;
    } ROWS[] = {
        {"2026-11-25 20:59:59", "2026-11-25 20:59:59"}, {"2026-11-25 21:00:00", "2026-11-26 08:00:00"},
        {"2026-11-25 23:59:59", "2026-11-26 08:00:00"}, {"2026-11-26 00:00:00", "2026-11-26 08:00:00"},
        {"2026-11-26 07:59:59", "2026-11-26 08:00:00"}, {"2026-11-26 08:00:00", "2026-11-26 08:00:00"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        int64_t until = 0, begin = 0;
        assert_int_equal(campaign_quiet(&c, at(ROWS[i].time), &until), SLUICE_OK);
        assert_int_equal(until, at(ROWS[i].until));
        assert_int_equal(campaign_quiet_begin(&c, at(ROWS[i].time), &begin), SLUICE_OK);
        assert_true(begin > at(ROWS[i].time) && begin - at(ROWS[i].time) <= TIME_DAY_MS);
    }
}

/* ---- a campaign without links: every row says so, the run goes through, and nothing comes twice ---- */

static void weeks_go_by_and_nothing_comes_twice(void **state) {
    (void)state;
    int64_t audience = desk_world_do(&w, OUTREACH, &AUDIENCE_KIND, "create", 0,
                                     desk_check_json("{\"title\":\"x\",\"area\":%lld}", (long long)w.district_a));
    int64_t material = desk_world_do(&w, OUTREACH, &MATERIAL_KIND, "write", 0,
                                     "{\"title\":\"x\",\"language\":\"zh\",\"sms\":\"反诈提醒\"}");
    (void)desk_world_do(&w, APPROVER, &MATERIAL_KIND, "approve", material, NULL);
    (void)desk_world_do(&w, OUTREACH, &OPT_OUT_KIND, "add", 0, "{\"phone\":\"13977110001\",\"source\":\"call\"}");
    int64_t id =
        desk_world_do(&w, OUTREACH, &CAMPAIGN_KIND, "draft", 0,
                      desk_check_json("{\"title\":\"x\",\"audience\":%lld,\"material\":%lld,\"channel\":\"sms\","
                                      "\"schedule\":\"weekly\",\"first_at\":\"2026-11-25T12:00:00+08:00\","
                                      "\"until\":\"2026-12-03T00:00:00+08:00\"}",
                                      (long long)audience, (long long)material));
    (void)desk_world_do(&w, OUTREACH, &CAMPAIGN_KIND, "propose", id, NULL);
    (void)desk_world_do(&w, APPROVER, &CAMPAIGN_KIND, "approve", id, NULL);
    (void)desk_world_do(&w, OUTREACH, &CAMPAIGN_KIND, "start", id, NULL);
    desk_world_until(&w, at("2026-11-25 12:00:00"));
    assert_int_equal(desk_check_children(&w, &CAMPAIGN_SEND_KIND, SEND_CAMPAIGN, id), 3);
    desk_check_state(&w, &CAMPAIGN_KIND, id, "running");
    desk_world_until(&w, at("2026-12-02 11:59:59"));
    assert_int_equal(desk_check_children(&w, &CAMPAIGN_SEND_KIND, SEND_CAMPAIGN, id), 3);
    desk_world_until(&w, at("2026-12-02 12:00:00"));
    assert_int_equal(desk_check_children(&w, &CAMPAIGN_SEND_KIND, SEND_CAMPAIGN, id), 6);
    desk_check_state(&w, &CAMPAIGN_KIND, id, "done");
    desk_check_number(&w, &CAMPAIGN_KIND, id, "run", 2);
    desk_check_number(&w, &CAMPAIGN_KIND, id, "skipped", 6); /* four without a link, two opted out */
    outreach_reach reach;
    outreach_question question = {.to_ms = w.now_ms + 1, .campaign = id};
    assert_int_equal(outreach_reach_of(w.store, &question, &w.memory, &reach, &w.error), SLUICE_OK);
    assert_int_equal(reach.persons, 0); /* nobody was told anything */
}

static int run(const char *name) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ages_by_identity_number),
        cmocka_unit_test(persons_are_counted_once),
        cmocka_unit_test(small_counts_are_hidden_and_others_bounded),
        cmocka_unit_test(quiet_hours_go_over_midnight),
        cmocka_unit_test(weeks_go_by_and_nothing_comes_twice),
    };
    return cmocka_run_group_tests_name(name, tests, open_world, close_world);
}

int main(void) {
    return desk_check_on_each_store(run);
}
