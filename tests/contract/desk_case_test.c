/* Reports and cases: from a victim's call to a filed and closed case, with everything that belongs to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "desk/case.h"
#include "desk/comment.h"
#include "desk/evidence.h"
#include "desk/order.h"
#include "desk/report.h"
#include "desk/series.h"
#include "desk/warning.h"
#include "support/desk_check.h"

#define MINUTE INT64_C(60000)
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

/* ---- reports ---- */

#define VICTIM                                                                                                         \
    "\"channel\":\"phone\",\"victim_name\":\"李四\",\"victim_phone\":\"139 7711 "                                    \
    "0001\",\"fraud_type\":\"task_rebate\","                                                                           \
    "\"victim_account\":\"account:6217000000000000001\""
#define TRANSFERS                                                                                                      \
    "[{\"to\":\"account:6228480402564890018\",\"bank\":\"103100000012\",\"name\":\"张三\",\"amount_fen\":3000000,"   \
    "\"time\":\"2026-11-25T09:30:00+08:00\",\"id\":\"T-1\"},"                                                          \
    "{\"to\":\"account:6222020000000000002\",\"bank\":\"102100000011\",\"amount_fen\":50000}]"

static int64_t take_report(person who) {
    return desk_world_do(&w, who, &REPORT_KIND, "create", 0, "{" VICTIM ",\"transfers\":" TRANSFERS "}");
}

static void a_report_proposes_its_stop_orders_in_one_step(void **state) {
    (void)state;
    int64_t id = take_report(DUTY);
    desk_check_number(&w, &REPORT_KIND, id, "district", w.district_a);
    desk_check_number(&w, &REPORT_KIND, id, "loss_fen", 3050000);
    desk_check_number(&w, &REPORT_KIND, id, "transfer_count", 2);
    desk_check_number(&w, &REPORT_KIND, id, "orders_at", w.now_ms);
    desk_check_null(&w, &REPORT_KIND, id, "due");
    desk_check_text(&w, &REPORT_KIND, id, "victim_phone", "13977110001");
    assert_int_equal(desk_check_children(&w, &REPORT_TRANSFER_KIND, REPORT_TRANSFER_REPORT, id), 2);
    assert_int_equal(desk_check_children(&w, &STOP_KIND, STOP_REPORT, id), 2);
    desk_check_text(&w, &STOP_KIND, 1, "account", "account:6228480402564890018");
    desk_check_number(&w, &STOP_KIND, 1, "amount_fen", 3000000);
    desk_check_number(&w, &STOP_KIND, 1, "district", w.district_a);
    desk_check_text(&w, &REPORT_TRANSFER_KIND, 1, "from", "account:6217000000000000001");
    /* More is remembered later. */
    (void)desk_world_do(&w, A_DUTY, &REPORT_KIND, "add_transfers", id,
                        "{\"transfers\":[{\"to\":\"account:6222020000000000003\",\"amount_fen\":100}]}");
    desk_check_number(&w, &REPORT_KIND, id, "loss_fen", 3050100);
    assert_int_equal(desk_check_children(&w, &STOP_KIND, STOP_REPORT, id), 3);
}

static void all_that_is_wrong_is_said_at_once(void **state) {
    (void)state;
    desk_check_fault(&w, DUTY, &REPORT_KIND, "create", 0,
                     "{" VICTIM ",\"transfers\":[{\"to\":\"account:1\",\"amount_fen\":0},{\"to\":\"no key\","
                     "\"amount_fen\":\"12\",\"colour\":1},7,{\"to\":\"account:1\",\"amount_fen\":5,"
                     "\"time\":\"2030-01-01T00:00:00+08:00\"}]}",
                     "transfers/0/amount_fen");
    static const char *const FIELDS[] = {"transfers/1/to", "transfers/1/amount_fen", "transfers/1/colour",
                                         "transfers/2", "transfers/3/time"};
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        bool found = false;
        for (size_t k = 0; k < w.last.fault_count; k++) {
            found = found || text_equal(w.last.faults[k].field, text_of(FIELDS[i]));
        }
        if (!found) {
            fail_msg("no fault names %s", FIELDS[i]);
        }
    }
    desk_check_fault(&w, DUTY, &REPORT_KIND, "create", 0, "{" VICTIM ",\"transfers\":{}}", "transfers");
    desk_check_fault(&w, DUTY, &REPORT_KIND, "create", 0, "{" VICTIM ",\"called_at\":\"2030-01-01\"}", "called_at");
    desk_check_fault(&w, DUTY, &REPORT_KIND, "create", 0, "{\"channel\":\"phone\"}", "victim_name");
    record_query all = {.table = REPORT_KIND.table};
    uint64_t count = 1;
    assert_int_equal(store_count(w.store, &all, 0, &count, &w.error), SLUICE_OK);
    assert_int_equal(count, 0);
}

static void without_orders_the_first_layer_is_late_after_30_minutes(void **state) {
    (void)state;
    int64_t id = desk_world_do(&w, DUTY, &REPORT_KIND, "create", 0, "{" VICTIM "}");
    int64_t other =
        desk_world_do(&w, DUTY, &REPORT_KIND, "create", 0, "{" VICTIM ",\"stop\":false,\"transfers\":" TRANSFERS "}");
    assert_int_equal(desk_check_children(&w, &STOP_KIND, STOP_REPORT, other), 0);
    int64_t begin = w.now_ms;
    desk_world_until(&w, begin + 30 * MINUTE - 1);
    (void)desk_world_do(&w, A_DUTY, &REPORT_KIND, "add_transfers", other,
                        "{\"transfers\":[{\"to\":\"account:6222020000000000003\",\"amount_fen\":100}]}");
    desk_check_at(&w, &REPORT_KIND, id, begin + 30 * MINUTE);
    desk_check_number(&w, &REPORT_KIND, id, "is_late", 1);
    desk_check_number(&w, &REPORT_KIND, other, "is_late", 0);
}

static void the_first_receiver_keeps_it(void **state) {
    (void)state;
    int64_t id = desk_world_do(&w, B_DUTY, &REPORT_KIND, "create", 0, "{" VICTIM "}");
    desk_check_number(&w, &REPORT_KIND, id, "district", w.district_b);
    desk_check_number(&w, &REPORT_KIND, id, "home_district", w.district_a);
    desk_check_refused(&w, A_DUTY, &REPORT_KIND, "edit", id, "{\"victim_name\":\"王五\"}", SLUICE_E_NOT_FOUND);
    (void)desk_world_do(&w, B_DUTY, &REPORT_KIND, "edit", id, "{\"victim_name\":\"王五\",\"note\":\"更正\"}");
    desk_check_text(&w, &REPORT_KIND, id, "victim_name", "王五");
    /* The warning goes to where he lives. */
    (void)desk_world_do(&w, B_DUTY, &REPORT_KIND, "warn", id, "{\"tier\":\"urgent\",\"reason\":\"仍在转账\"}");
    int64_t warning = desk_world_value(&w, &REPORT_KIND, id, "warning")->integer;
    desk_check_number(&w, &WARNING_KIND, warning, "district", w.district_a);
    desk_check_text(&w, &WARNING_KIND, warning, "source", "report");
    desk_check_text(&w, &WARNING_KIND, warning, "victim", "phone:13977110001");
    /* Closed without a case by another person than who took it in, with the reason. */
    desk_check_refused(&w, B_DUTY, &REPORT_KIND, "close", id, "{\"result\":\"no_fraud\",\"note\":\"纠纷\"}",
                       SLUICE_E_FORBIDDEN);
    desk_check_fault(&w, B_COMMANDER, &REPORT_KIND, "close", id, "{\"result\":\"no_fraud\"}", "note");
    (void)desk_world_do(&w, B_COMMANDER, &REPORT_KIND, "close", id, "{\"result\":\"no_fraud\",\"note\":\"经济纠纷\"}");
    desk_check_refused(&w, B_INVESTIGATOR, &REPORT_KIND, "to_case", id, NULL, SLUICE_E_STATE);
}

/* ---- cases ---- */

static int64_t case_of_report(void) {
    int64_t report = take_report(DUTY);
    (void)desk_world_do(&w, A_INVESTIGATOR, &REPORT_KIND, "to_case", report, NULL);
    return desk_world_value(&w, &REPORT_KIND, report, "case")->integer;
}

static void reports_become_one_case(void **state) {
    (void)state;
    int64_t id = case_of_report();
    desk_check_number(&w, &CASE_KIND, id, "loss_fen", 3050000);
    desk_check_number(&w, &CASE_KIND, id, "report_count", 1);
    desk_check_text(&w, &CASE_KIND, id, "fraud_type", "task_rebate");
    desk_check_number(&w, &CASE_KIND, id, "typed_at", w.now_ms);
    assert_int_equal(desk_check_children(&w, &ENTITY_KIND, ENTITY_CASE, id), 3);
    int64_t second = take_report(A_DUTY);
    desk_check_fault(&w, A_INVESTIGATOR, &REPORT_KIND, "to_case", second, "{\"into\":99}", "into");
    (void)desk_world_do(&w, A_INVESTIGATOR, &REPORT_KIND, "to_case", second,
                        desk_check_json("{\"into\":%lld}", (long long)id));
    desk_check_number(&w, &CASE_KIND, id, "report_count", 2);
    desk_check_number(&w, &CASE_KIND, id, "loss_fen", 6100000);
    assert_int_equal(desk_check_children(&w, &ENTITY_KIND, ENTITY_CASE, id), 3); /* the same accounts */
    desk_check_state(&w, &REPORT_KIND, second, "in_case");
}

static void filing_takes_two_at_county_level(void **state) {
    (void)state;
    int64_t id = desk_world_do(&w, A_STATION_COMMANDER, &CASE_KIND, "open", 0, "{\"title\":\"某案\"}");
    desk_check_number(&w, &CASE_KIND, id, "station", w.station_a);
    desk_check_refused(&w, A_STATION_COMMANDER, &CASE_KIND, "request_filing", id, "{\"note\":\"有犯罪事实\"}",
                       SLUICE_E_STATE); /* no type */
    desk_check_fault(&w, A_STATION_COMMANDER, &CASE_KIND, "edit", id, "{\"fraud_type_2\":\"loan\"}", "fraud_type_2");
    desk_world_until(&w, w.now_ms + MINUTE);
    (void)desk_world_do(&w, A_STATION_COMMANDER, &CASE_KIND, "edit", id,
                        "{\"fraud_type\":\"loan\",\"fraud_type_2\":\"credit_report\"}");
    desk_check_number(&w, &CASE_KIND, id, "typed_at", w.now_ms);
    desk_check_fault(&w, A_STATION_COMMANDER, &CASE_KIND, "request_filing", id, NULL, "note");
    (void)desk_world_do(&w, A_STATION_COMMANDER, &CASE_KIND, "request_filing", id, "{\"note\":\"有犯罪事实\"}");
    /* A commander, and another person; yet of a station. */
    w.actors[A_STATION_DUTY].roles = ROLE_COMMANDER;
    desk_check_refused(&w, A_STATION_DUTY, &CASE_KIND, "approve_filing", id, "{\"filing_number\":\"1\"}",
                       SLUICE_E_FORBIDDEN);
    desk_check_refused(&w, B_COMMANDER, &CASE_KIND, "approve_filing", id, "{\"filing_number\":\"1\"}",
                       SLUICE_E_NOT_FOUND);
    desk_check_fault(&w, A_COMMANDER, &CASE_KIND, "approve_filing", id, NULL, "filing_number");
    (void)desk_world_do(&w, A_COMMANDER, &CASE_KIND, "refuse_filing", id, "{\"note\":\"补充材料\"}");
    desk_check_state(&w, &CASE_KIND, id, "open");
    (void)desk_world_do(&w, A_COMMANDER, &CASE_KIND, "request_filing", id, "{\"note\":\"已补充\"}");
    desk_check_refused(&w, A_COMMANDER, &CASE_KIND, "approve_filing", id, "{\"filing_number\":\"1\"}",
                       SLUICE_E_FORBIDDEN);
    record r = desk_world_get(&w, &CASE_KIND, id);
    assert_false(case_is_filed(&r));
    (void)desk_world_do(&w, A_APPROVER, &CASE_KIND, "approve_filing", id,
                        "{\"filing_number\":\"南公立字〔2026〕1号\"}");
    r = desk_world_get(&w, &CASE_KIND, id);
    assert_true(case_is_filed(&r));
    desk_check_number(&w, &CASE_KIND, id, "filed_by", w.actors[A_APPROVER].user);
    /* A number is given once. */
    int64_t other =
        desk_world_do(&w, A_COMMANDER, &CASE_KIND, "open", 0, "{\"title\":\"另案\",\"fraud_type\":\"loan\"}");
    (void)desk_world_do(&w, A_COMMANDER, &CASE_KIND, "request_filing", other, "{\"note\":\"x\"}");
    desk_check_refused(&w, A_APPROVER, &CASE_KIND, "approve_filing", other,
                       "{\"filing_number\":\"南公立字〔2026〕1号\"}", SLUICE_E_CONFLICT);
}

static int64_t filed_case(void) {
    int64_t id = case_of_report();
    (void)desk_world_do(&w, A_INVESTIGATOR, &CASE_KIND, "request_filing", id, "{\"note\":\"有犯罪事实\"}");
    (void)desk_world_do(&w, A_COMMANDER, &CASE_KIND, "approve_filing", id, "{\"filing_number\":\"1\"}");
    return id;
}

static void closing_takes_two_and_no_open_task(void **state) {
    (void)state;
    int64_t id = filed_case();
    (void)desk_world_do(&w, A_COMMANDER, &CASE_KIND, "suspend", id, "{\"note\":\"嫌疑人在逃\"}");
    desk_check_refused(&w, A_INVESTIGATOR, &CASE_KIND, "request_closing", id, "{\"closing\":\"solved\",\"note\":\"x\"}",
                       SLUICE_E_STATE);
    (void)desk_world_do(&w, A_INVESTIGATOR, &CASE_KIND, "resume", id, "{\"note\":\"到案\"}");
    int64_t task = desk_world_do(&w, A_INVESTIGATOR, &TASK_KIND, "create", 0,
                                 desk_check_json("{\"case\":%lld,\"title\":\"调取流水\",\"assignee\":%lld,"
                                                 "\"due\":\"2026-11-26T18:00:00+08:00\"}",
                                                 (long long)id, (long long)w.actors[A_INVESTIGATOR].user));
    desk_check_refused(&w, A_INVESTIGATOR, &CASE_KIND, "request_closing", id, "{\"closing\":\"solved\",\"note\":\"x\"}",
                       SLUICE_E_STATE);
    (void)desk_world_do(&w, A_INVESTIGATOR, &TASK_KIND, "finish", task, "{\"result\":\"已调取\"}");
    (void)desk_world_do(&w, A_INVESTIGATOR, &CASE_KIND, "request_closing", id,
                        "{\"closing\":\"solved\",\"note\":\"x\"}");
    desk_check_refused(&w, A_INVESTIGATOR, &CASE_KIND, "approve_closing", id, NULL, SLUICE_E_FORBIDDEN);
    (void)desk_world_do(&w, A_COMMANDER, &CASE_KIND, "refuse_closing", id, "{\"note\":\"追赃\"}");
    desk_check_state(&w, &CASE_KIND, id, "filed");
    (void)desk_world_do(&w, A_INVESTIGATOR, &CASE_KIND, "request_closing", id,
                        "{\"closing\":\"solved\",\"note\":\"x\"}");
    (void)desk_world_do(&w, A_COMMANDER, &CASE_KIND, "approve_closing", id, NULL);
    record r = desk_world_get(&w, &CASE_KIND, id);
    assert_false(case_is_filed(&r));
    desk_check_refused(&w, A_INVESTIGATOR, &TASK_KIND, "create", 0,
                       desk_check_json("{\"case\":%lld,\"title\":\"x\",\"assignee\":%lld,\"due\":\"2026-12-26\"}",
                                       (long long)id, (long long)w.actors[A_INVESTIGATOR].user),
                       SLUICE_E_STATE);
    (void)desk_world_do(&w, A_COMMANDER, &CASE_KIND, "reopen", id, "{\"note\":\"新受害人\"}");
    desk_check_state(&w, &CASE_KIND, id, "filed");
    /* One that was never filed is not solved. */
    int64_t other = desk_world_do(&w, A_INVESTIGATOR, &CASE_KIND, "open", 0, "{\"title\":\"纠纷\"}");
    desk_check_refused(&w, A_INVESTIGATOR, &CASE_KIND, "request_no_filing", other,
                       "{\"closing\":\"solved\",\"note\":\"x\"}", SLUICE_E_STATE);
    (void)desk_world_do(&w, A_INVESTIGATOR, &CASE_KIND, "request_no_filing", other,
                        "{\"closing\":\"no_crime\",\"note\":\"纠纷\"}");
    (void)desk_world_do(&w, A_COMMANDER, &CASE_KIND, "refuse_closing", other, "{\"note\":\"再查\"}");
    desk_check_state(&w, &CASE_KIND, other, "open");
}

static void a_task_is_overdue_to_the_second(void **state) {
    (void)state;
    int64_t id = case_of_report(), due = 0;
    assert_true(time_parse(TEXT("2026-11-26 18:00:00"), TIME_SHANGHAI_OFFSET_MS, &due));
    const char *give = desk_check_json("{\"case\":%lld,\"title\":\"走访\",\"assignee\":%lld,"
                                       "\"due\":\"2026-11-26T18:00:00+08:00\"}",
                                       (long long)id, (long long)w.actors[A_INVESTIGATOR].user);
    desk_check_fault(&w, B_INVESTIGATOR, &TASK_KIND, "create", 0, give, "case");
    int64_t task = desk_world_do(&w, A_COMMANDER, &TASK_KIND, "create", 0, give);
    int64_t done = desk_world_do(&w, A_COMMANDER, &TASK_KIND, "create", 0, give);
    desk_check_refused(&w, A_DUTY, &TASK_KIND, "finish", done, "{\"result\":\"x\"}", SLUICE_E_FORBIDDEN);
    (void)desk_world_do(&w, A_INVESTIGATOR, &TASK_KIND, "finish", done, "{\"result\":\"已走访\"}");
    desk_check_at(&w, &TASK_KIND, task, due);
    desk_check_number(&w, &TASK_KIND, task, "is_overdue", 1);
    desk_check_number(&w, &TASK_KIND, done, "is_overdue", 0);
    desk_check_fault(&w, A_COMMANDER, &TASK_KIND, "edit", task, "{\"due\":\"2026-11-26T18:00:00+08:00\"}", "due");
    (void)desk_world_do(&w, A_COMMANDER, &TASK_KIND, "edit", task, "{\"due\":\"2026-11-27T18:00:00+08:00\"}");
    desk_check_number(&w, &TASK_KIND, task, "is_overdue", 0);
    desk_check_at(&w, &TASK_KIND, task, due + TIME_DAY_MS);
}

static void entities_are_in_a_case_once(void **state) {
    (void)state;
    int64_t id = case_of_report();
    const char *wallet = desk_check_json("{\"case\":%lld,\"key\":\"wallet:TXYZ\",\"role\":\"tool\"}", (long long)id);
    int64_t entity = desk_world_do(&w, A_INVESTIGATOR, &ENTITY_KIND, "create", 0, wallet);
    desk_check_refused(&w, A_INVESTIGATOR, &ENTITY_KIND, "create", 0, wallet, SLUICE_E_CONFLICT);
    desk_check_fault(&w, B_INVESTIGATOR, &ENTITY_KIND, "create", 0, wallet, "case");
    desk_check_fault(&w, A_INVESTIGATOR, &ENTITY_KIND, "create", 0,
                     desk_check_json("{\"case\":%lld,\"key\":\"wallet:Q\",\"role\":\"boss\"}", (long long)id), "role");
    desk_check_fault(&w, A_INVESTIGATOR, &ENTITY_KIND, "remove", entity, NULL, "note");
    (void)desk_world_do(&w, A_INVESTIGATOR, &ENTITY_KIND, "remove", entity, "{\"note\":\"无关\"}");
    (void)desk_world_do(&w, A_INVESTIGATOR, &ENTITY_KIND, "create", 0, wallet); /* it may come again */
}

/* ---- evidence ---- */

static sluice_result read_bytes(desk_command *c, void *context) {
    record *evidence = context;
    sluice_text bytes;
    sluice_result result = evidence_read(c, evidence, &bytes);
    return result == SLUICE_OK && !text_equal(bytes, TEXT("abc")) ? SLUICE_E_INVALID : result;
}

static sluice_result read_evidence(record *evidence) {
    desk_command c = {.desk = w.desk, .actor = &w.actors[A_INVESTIGATOR], .now_ms = w.now_ms, .arena = &w.memory};
    c.error = &w.error;
    return desk_run_alone(&c, read_bytes, evidence);
}

#define ABC_SHA256 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
static void evidence_is_hashed_and_never_changed(void **state) {
    (void)state;
    int64_t id = case_of_report();
    const char *give =
        desk_check_json("{\"case\":%lld,\"name\":\"聊天截图\",\"media\":\"image/png\",\"bytes\":\"YWJj\","
                        "\"from\":\"李四\",\"sha256\":\"" ABC_SHA256 "\"}",
                        (long long)id);
    desk_check_fault(&w, B_INVESTIGATOR, &EVIDENCE_KIND, "create", 0, give, "case");
    int64_t piece = desk_world_do(&w, A_INVESTIGATOR, &EVIDENCE_KIND, "create", 0, give);
    desk_check_text(&w, &EVIDENCE_KIND, piece, "sha256", ABC_SHA256);
    desk_check_number(&w, &EVIDENCE_KIND, piece, "size", 3);
    record r = desk_world_get(&w, &EVIDENCE_KIND, piece);
    assert_int_equal(read_evidence(&r), SLUICE_OK);
    /* The custody begins with whoever brought it. */
    desk_check_text(&w, &CUSTODY_KIND, 1, "what", "received");
    desk_check_text(&w, &CUSTODY_KIND, 1, "from", "李四");
    (void)desk_world_do(&w, A_INVESTIGATOR, &CUSTODY_KIND, "create", 0,
                        desk_check_json("{\"evidence\":%lld,\"what\":\"handed_over\",\"from\":\"办案人\","
                                        "\"to\":\"技术室\",\"place\":\"证据室2柜\"}",
                                        (long long)piece));
    assert_int_equal(desk_check_children(&w, &CUSTODY_KIND, CUSTODY_OF, piece), 2);
    desk_check_fault(&w, B_INVESTIGATOR, &CUSTODY_KIND, "create", 0,
                     desk_check_json("{\"evidence\":%lld,\"what\":\"viewed\"}", (long long)piece), "evidence");
    /* Bytes that changed on the way, none, and no base64. */
    desk_check_fault(
        &w, A_INVESTIGATOR, &EVIDENCE_KIND, "create", 0,
        desk_check_json("{\"case\":%lld,\"name\":\"x\",\"media\":\"x\",\"bytes\":\"YWJk\",\"sha256\":\"" ABC_SHA256
                        "\"}",
                        (long long)id),
        "sha256");
    desk_check_fault(&w, A_INVESTIGATOR, &EVIDENCE_KIND, "create", 0,
                     desk_check_json("{\"case\":%lld,\"name\":\"x\",\"media\":\"x\",\"bytes\":\"\"}", (long long)id),
                     "bytes");
    desk_check_fault(
        &w, A_INVESTIGATOR, &EVIDENCE_KIND, "create", 0,
        desk_check_json("{\"case\":%lld,\"name\":\"x\",\"media\":\"x\",\"bytes\":\"a*=b\"}", (long long)id), "bytes");
    /* A hash that is not of these bytes is found when they are read. */
    r.values[EVIDENCE_SHA256] = value_text(TEXT("0000000000000000000000000000000000000000000000000000000000000000"));
    assert_int_equal(read_evidence(&r), SLUICE_E_DAMAGED);
}

/* ---- series ---- */

static int64_t case_with(const char *key) {
    int64_t id = desk_world_do(&w, A_INVESTIGATOR, &CASE_KIND, "open", 0, "{\"title\":\"案\"}");
    (void)desk_world_do(&w, A_INVESTIGATOR, &ENTITY_KIND, "create", 0,
                        desk_check_json("{\"case\":%lld,\"key\":\"%s\",\"role\":\"mule\"}", (long long)id, key));
    return id;
}

static const char *link_json(int64_t series, int64_t id, const char *key) {
    return desk_check_json("{\"series\":%lld,\"case\":%lld,\"key\":\"%s\"}", (long long)series, (long long)id, key);
}

static void cases_are_linked_by_a_hard_key(void **state) {
    (void)state;
    int64_t first = case_with("account:1"), second = case_with("account:1"), third = case_with("account:2");
    int64_t series = desk_world_do(&w, A_INVESTIGATOR, &SERIES_KIND, "create", 0, "{\"title\":\"1系列\"}");
    desk_check_fault(&w, A_INVESTIGATOR, &SERIES_LINK_KIND, "create", 0, link_json(series, first, "words:like"), "key");
    desk_check_fault(&w, A_INVESTIGATOR, &SERIES_LINK_KIND, "create", 0, link_json(series, first, "account:9"), "key");
    int64_t link =
        desk_world_do(&w, A_INVESTIGATOR, &SERIES_LINK_KIND, "create", 0, link_json(series, first, "account:1"));
    (void)desk_world_do(&w, A_INVESTIGATOR, &SERIES_LINK_KIND, "create", 0, link_json(series, second, "account:1"));
    desk_check_refused(&w, A_INVESTIGATOR, &SERIES_LINK_KIND, "create", 0, link_json(series, second, "account:1"),
                       SLUICE_E_CONFLICT);
    /* Its own key, which nobody in the series shares. */
    desk_check_fault(&w, A_INVESTIGATOR, &SERIES_LINK_KIND, "create", 0, link_json(series, third, "account:2"), "key");
    /* A case of another district is linked by who may see it. */
    desk_check_fault(&w, B_INVESTIGATOR, &SERIES_LINK_KIND, "create", 0, link_json(series, third, "account:2"), "case");
    (void)desk_world_do(&w, A_INVESTIGATOR, &SERIES_LINK_KIND, "unlink", link, "{\"note\":\"误串\"}");
    (void)desk_world_do(&w, A_INVESTIGATOR, &SERIES_LINK_KIND, "create", 0, link_json(series, first, "account:1"));
    (void)desk_world_do(&w, A_COMMANDER, &SERIES_KIND, "close", series, "{\"note\":\"侦结\"}");
    desk_check_refused(&w, A_INVESTIGATOR, &SERIES_LINK_KIND, "create", 0, link_json(series, third, "account:2"),
                       SLUICE_E_STATE);
}

static void comments_belong_to_who_sees_the_record(void **state) {
    (void)state;
    int64_t id = case_of_report();
    const char *words = desk_check_json("{\"case\":%lld,\"words\":\"请尽快调取流水\"}", (long long)id);
    int64_t comment = desk_world_do(&w, A_DUTY, &CASE_COMMENT_KIND, "create", 0, words);
    desk_check_number(&w, &CASE_COMMENT_KIND, comment, "by", w.actors[A_DUTY].user);
    desk_check_fault(&w, B_DUTY, &CASE_COMMENT_KIND, "create", 0, words, "case");
    desk_check_refused(&w, AUDITOR, &CASE_COMMENT_KIND, "create", 0, words, SLUICE_E_FORBIDDEN);
}

/* ---- thresholds ---- */

static sluice_result look(desk_command *c, void *context) {
    case_threshold *rows = NULL;
    size_t count = 0;
    sluice_result result = case_thresholds(c, context, &rows, &count);
    int reached = 0, unknown = 0;
    for (size_t i = 0; i < count; i++) {
        reached += rows[i].is_reached;
        unknown += !rows[i].is_known;
        bool expected = text_equal(rows[i].row->code, TEXT("messages")) ||
                        text_equal(rows[i].row->code, TEXT("recipients")) ||
                        text_equal(rows[i].row->code, TEXT("loss")) || text_equal(rows[i].row->code, TEXT("loss_huge"));
        assert_true(rows[i].is_reached == expected);
    }
    assert_int_equal(count, 10);
    assert_int_equal(reached, 4);
    assert_int_equal(unknown, 2); /* settlement, gains */
    return result;
}

static void thresholds_stand_beside_what_was_counted(void **state) {
    (void)state;
    int64_t id = case_of_report();
    desk_check_fault(&w, A_INVESTIGATOR, &CASE_KIND, "edit", id, "{\"calls\":-1}", "calls");
    (void)desk_world_do(&w, A_INVESTIGATOR, &CASE_KIND, "edit", id,
                        "{\"messages\":5000,\"calls\":499,\"recipients\":3}");
    record r = desk_world_get(&w, &CASE_KIND, id);
    desk_command c = {.desk = w.desk, .actor = &DESK_SYSTEM, .now_ms = w.now_ms, .arena = &w.memory, .error = &w.error};
    assert_int_equal(desk_run_alone(&c, look, &r), SLUICE_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

static int run(const char *name) {
    const struct CMUnitTest tests[] = {
        TEST(a_report_proposes_its_stop_orders_in_one_step),
        TEST(all_that_is_wrong_is_said_at_once),
        TEST(without_orders_the_first_layer_is_late_after_30_minutes),
        TEST(the_first_receiver_keeps_it),
        TEST(reports_become_one_case),
        TEST(filing_takes_two_at_county_level),
        TEST(closing_takes_two_and_no_open_task),
        TEST(a_task_is_overdue_to_the_second),
        TEST(entities_are_in_a_case_once),
        TEST(evidence_is_hashed_and_never_changed),
        TEST(cases_are_linked_by_a_hard_key),
        TEST(comments_belong_to_who_sees_the_record),
        TEST(thresholds_stand_beside_what_was_counted),
    };
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void) {
    return desk_check_on_each_store(run);
}
