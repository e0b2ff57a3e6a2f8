/* Outlets on each database: counts and ranking from records, caps across institutions, terms of joint punishment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "desk/lead.h"
#include "desk/order.h"
#include "desk/outlet_rank.h"
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

static int64_t make_outlet(const char *key, const char *division) {
    return desk_world_do(&w, ANALYST, &OUTLET_KIND, "create", 0,
                         desk_check_json("{\"key\":\"outlet:%s\",\"name\":\"网点\",\"category\":\"bank\","
                                         "\"institution\":\"102100000011\",\"division\":\"%s\"}",
                                         key, division));
}

static int64_t make_card(const char *number, const char *outlet, const char *opened_at) {
    return desk_world_do(&w, ANALYST, &CARD_KIND, "report", 0,
                         desk_check_json("{\"key\":\"card:%s\",\"category\":\"debit\",\"outlet_key\":\"outlet:%s\","
                                         "\"opened_at\":\"%s\",\"staff\":\"0%c\"}",
                                         number, outlet, opened_at, number[0]));
}

static void stop_card(const char *number) {
    int64_t id = desk_world_do(&w, DUTY, &STOP_KIND, "propose", 0,
                               desk_check_json("{\"account\":\"account:%s\",\"institution\":\"102100000011\","
                                               "\"reason\":\"报警\"}",
                                               number));
    (void)desk_world_do(&w, APPROVER, &STOP_KIND, "approve", id, NULL);
    (void)desk_world_do(&w, BANK, &STOP_KIND, "confirm", id, "{\"stopped_at\":\"2026-11-25T10:00:00+08:00\"}");
}

static outlet_ranking rank_all(int64_t district) {
    outlet_ranking ranking;
    outlet_question question = {.district = district};
    assert_true(outlet_month_parse(TEXT("2026-09"), &question.months.first));
    assert_true(outlet_month_parse(TEXT("2026-10"), &question.months.last));
    assert_int_equal(outlet_ranking_of(w.store, &question, &w.memory, &ranking, &w.error), SLUICE_OK);
    return ranking;
}

static void the_month_of_opening_counts_in_shanghai(void **state) {
    (void)state;
    int64_t a = make_outlet("A", "450103");
    (void)make_outlet("B", "450105");
    (void)make_card("100", "A", "2026-10-01T00:00:00+08:00"); /* still September in UTC */
    (void)make_card("101", "A", "2026-10-31T23:59:59+08:00");
    (void)make_card("102", "A", "2026-11-01T00:00:00+08:00");
    (void)make_card("103", "A", "2026-09-30T23:59:59+08:00");
    stop_card("100");
    stop_card("102");
    stop_card("777");
    outlet_ranking r = rank_all(0);
    assert_int_equal(r.count, 2);
    assert_int_equal(r.rows[0].outlet.id, a);
    assert_int_equal(r.rows[0].opened, 3);
    assert_int_equal(r.rows[0].opened_by_month[0], 1);
    assert_int_equal(r.rows[0].problem_by_month[1], 1);
    assert_int_equal(r.rows[0].problem, 1);
    assert_int_equal(r.unknown, 1);
    assert_int_equal(r.rows[1].rank, 0); /* opened nothing: no place */
    assert_string_equal(r.rows[1].band, "none");
    assert_int_equal(rank_all(w.district_b).count, 1);
    /* What the institution states counts where it is more. */
    (void)desk_world_do(&w, ANALYST, &OUTLET_MONTH_KIND, "state", 0,
                        desk_check_json("{\"outlet\":%lld,\"month\":\"2026-10\",\"opened\":500}", (long long)a));
    assert_int_equal(rank_all(0).rows[0].opened, 501);
    (void)desk_world_do(&w, ANALYST, &OUTLET_MONTH_KIND, "state", 0,
                        desk_check_json("{\"outlet\":%lld,\"month\":\"2026-10\",\"opened\":1}", (long long)a));
    r = rank_all(0);
    assert_int_equal(r.rows[0].opened, 3);
    assert_int_equal(r.stated_below, 1);
    desk_check_fault(&w, ANALYST, &OUTLET_MONTH_KIND, "state", 0,
                     desk_check_json("{\"outlet\":%lld,\"month\":\"2026-1\",\"opened\":1}", (long long)a), "month");
}

static void a_lapsed_stop_still_tells_and_a_released_one_does_not(void **state) {
    (void)state;
    (void)make_outlet("C", "450103");
    (void)make_card("200", "C", "2026-10-02T10:00:00+08:00");
    (void)make_card("201", "C", "2026-10-02T10:00:00+08:00");
    stop_card("200");
    stop_card("201");
    query_term of = {STOP_ACCOUNT, QUERY_EQUAL, value_text(TEXT("account:201")), NULL, 0};
    record_query query = {.table = STOP_KIND.table, .terms = &of, .term_count = 1, .order = QUERY_ID};
    record stop;
    assert_int_equal(store_find(w.store, &query, &w.memory, &stop, &w.error), SLUICE_OK);
    (void)desk_world_do(&w, DUTY, &STOP_KIND, "release_propose", stop.id, "{\"release_reason\":\"无关\"}");
    (void)desk_world_do(&w, APPROVER, &STOP_KIND, "release_approve", stop.id, NULL);
    desk_world_until(&w, w.now_ms + 3 * TIME_DAY_MS);
    problem_card *cards = NULL;
    size_t count = 0, of_c = 0;
    uint64_t unknown = 0;
    assert_int_equal(outlet_problem_cards(w.store, 0, &w.memory, &cards, &count, &unknown, &w.error), SLUICE_OK);
    for (size_t i = 0; i < count; i++) {
        sluice_text key = cards[i].card.values[CARD_KEY].text;
        of_c += text_equal(key, TEXT("card:200"));
        assert_false(text_equal(key, TEXT("card:201")));
    }
    assert_int_equal(of_c, 1);
}

static size_t card_leads(void) {
    query_term of = {LEAD_TYPE, QUERY_EQUAL, value_text(TEXT("card_dealing")), NULL, 0};
    record_query query = {.table = LEAD_KIND.table, .terms = &of, .term_count = 1};
    uint64_t count = 0;
    assert_int_equal(store_count(w.store, &query, 0, &count, &w.error), SLUICE_OK);
    return (size_t)count;
}

static void a_cap_is_per_person_and_institution(void **state) {
    (void)state;
    for (int i = 0; i < 6; i++) {
        assert_int_equal(card_leads(), i > 5 ? 1 : 0);
        (void)desk_world_do(&w, BANK, &CARD_KIND, "report", 0,
                            desk_check_json("{\"key\":\"phone:1397711000%d\",\"category\":\"sim\",\"holder\":"
                                            "\"person:45010319900307123x\"}",
                                            i));
    }
    assert_int_equal(card_leads(), 1);
    /* The same number in capitals is the same person; the number itself is nowhere. */
    int64_t id = desk_world_do(&w, OTHER_BANK, &CARD_KIND, "report", 0,
                               "{\"key\":\"phone:13977110009\",\"category\":\"sim\",\"holder\":"
                               "\"person:45010319900307123X\"}");
    record mine = desk_world_get(&w, &CARD_KIND, id);
    sluice_text holder = mine.values[CARD_HOLDER].text;
    assert_int_equal(holder.length, 39);
    desk_command c = {.desk = w.desk, .actor = &DESK_SYSTEM, .now_ms = w.now_ms, .arena = &w.memory, .error = &w.error};
    card_holding *rows = NULL;
    size_t count = 0;
    assert_int_equal(card_holdings(&c, holder, &rows, &count), SLUICE_OK);
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].count, 6);
    assert_int_equal(rows[0].limit, 5);
    assert_int_equal(rows[1].count, 1);
    /* Another institution's card is not to be had by saying so. */
    desk_check_fault(&w, OTHER_BANK, &CARD_KIND, "report", 0, "{\"key\":\"phone:13977110000\",\"category\":\"sim\"}",
                     "key");
    desk_check_fault(&w, BANK, &CARD_KIND, "report", 0,
                     "{\"key\":\"card:1\",\"category\":\"debit\",\"opened_at\":\"2031-01-01\"}", "opened_at");
}

static int64_t punish(const char *person, const char *more) {
    int64_t id =
        desk_world_do(&w, INVESTIGATOR, &PUNISHMENT_KIND, "propose", 0,
                      desk_check_json("{\"person\":\"person:%s\",\"name\":\"李四\",\"measures\":\"限制非柜面\","
                                      "\"reason\":\"出租\",%s}",
                                      person, more));
    (void)desk_world_do(&w, APPROVER, &PUNISHMENT_KIND, "approve", id, NULL);
    (void)desk_world_do(&w, INVESTIGATOR, &PUNISHMENT_KIND, "serve", id, "{\"notice_number\":\"1\"}");
    return id;
}

static void a_term_ends_to_the_millisecond(void **state) {
    (void)state;
    int64_t id = punish("one", "\"ground\":\"times\",\"count\":3");
    int64_t expires = desk_world_value(&w, &PUNISHMENT_KIND, id, "expires_at")->integer;
    assert_int_equal(expires, months_after(w.now_ms, 24));
    desk_check_at(&w, &PUNISHMENT_KIND, id, expires);
    desk_check_state(&w, &PUNISHMENT_KIND, id, "lapsed");
    desk_check_number(&w, &PUNISHMENT_KIND, id, "ended_at", expires);
    desk_check_fault(&w, INVESTIGATOR, &PUNISHMENT_KIND, "propose", 0,
                     "{\"person\":\"person:x\",\"name\":\"x\",\"measures\":\"x\",\"reason\":\"x\",\"ground\":\"cards\","
                     "\"count\":2}",
                     "count");
}

static void restrictions_in_a_row_are_cut_at_five_years(void **state) {
    (void)state;
    int64_t first = punish("two", "\"ground\":\"cards\",\"count\":9");
    int64_t second = punish("two", "\"ground\":\"cards\",\"count\":9");
    int64_t third = punish("two", "\"ground\":\"convicted\"");
    int64_t begin = desk_world_value(&w, &PUNISHMENT_KIND, first, "starts_at")->integer;
    desk_check_number(&w, &PUNISHMENT_KIND, second, "starts_at", months_after(begin, 24));
    desk_check_number(&w, &PUNISHMENT_KIND, third, "starts_at", months_after(begin, 48));
    desk_check_number(&w, &PUNISHMENT_KIND, third, "expires_at", months_after(begin, 60));
    desk_check_number(&w, &PUNISHMENT_KIND, third, "in_a_row_since", begin);
}

static int run(const char *name) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_month_of_opening_counts_in_shanghai),
        cmocka_unit_test(a_lapsed_stop_still_tells_and_a_released_one_does_not),
        cmocka_unit_test(a_cap_is_per_person_and_institution),
        cmocka_unit_test(a_term_ends_to_the_millisecond),
        cmocka_unit_test(restrictions_in_a_row_are_cut_at_five_years),
    };
    return cmocka_run_group_tests_name(name, tests, open_world, close_world);
}

int main(void) {
    return desk_check_on_each_store(run);
}
