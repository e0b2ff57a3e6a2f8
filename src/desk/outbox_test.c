/* The outbox on each database: put once, sent in order, booked once, given up to people, and never more than one
 * effect. */
#include "desk/outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "desk/history.h"
#include "desk/order.h"
#include "desk/outbox_private.h"
#include "desk/partner_link.h"
#include "support/desk_check.h"

#define BANK_CODE "102100000011"

static desk_world w; /* of all tests on one store: each has stops of its own */
static int accounts;

static int open_world(void **state) {
    (void)state;
    desk_world_open(&w, desk_check_place());
    int64_t link = desk_world_do(&w, ADMINISTRATOR, &PARTNER_LINK_KIND, "propose", 0,
                                 "{\"channel\":\"bank\",\"partner\":\"" BANK_CODE
                                 "\",\"name\":\"银行\",\"endpoint\":\"https://bank.example/\"}");
    (void)desk_world_do(&w, COMMANDER, &PARTNER_LINK_KIND, "approve", link, NULL);
    return 0;
}

static int close_world(void **state) {
    uint64_t rows = 0;
    char head[65];
    (void)state;
    if (audit_verify(w.store, NULL, (audit_progress){0}, &rows, head, &w.error) != SLUICE_OK) {
        fail_msg("%s", w.error.text);
    }
    desk_world_close(&w);
    return 0;
}

/* ---- a stop that was approved has put its order ---- */

static int64_t stop_proposed(void) {
    return desk_world_do(&w, DUTY, &STOP_KIND, "propose", 0,
                         desk_check_json("{\"account\":\"account:62284804%011d\",\"institution\":\"" BANK_CODE
                                         "\",\"holder\":\"张三\",\"amount_fen\":100,\"reason\":\"受害人报警\"}",
                                         ++accounts));
}

static int64_t stop_approved(void) {
    int64_t stop = stop_proposed();
    (void)desk_world_do(&w, APPROVER, &STOP_KIND, "approve", stop, NULL);
    return stop;
}

/* The deliveries about this stop, in the order in which they were put. */
static record *deliveries_of(int64_t stop, size_t *count) {
    query_term terms[2] = {{DELIVERY_ABOUT_KIND, QUERY_EQUAL, value_text(TEXT("stop")), NULL, 0},
                           {DELIVERY_ABOUT, QUERY_EQUAL, value_integer(stop), NULL, 0}};
    record_query query = {.table = DELIVERY_KIND.table, .terms = terms, .term_count = 2, .order = QUERY_ID};
    record *rows = NULL;
    assert_int_equal(store_select(w.store, &query, &w.memory, &rows, count, &w.error), SLUICE_OK);
    return rows;
}

static size_t count_of(int64_t stop) {
    size_t count = 0;
    (void)deliveries_of(stop, &count);
    return count;
}

static record delivery_of(int64_t stop, size_t n) {
    size_t count = 0;
    record *rows = deliveries_of(stop, &count);
    assert_true(n < count);
    return rows[n];
}

/* ---- the gateway's steps, each a command of its own ---- */

typedef struct step {
    int64_t id, next_ms;
    bool uncertain, taken, under_way;
    outbox_answer answer;
    outbox_booked booked;
    const char *text;
    sluice_result (*run)(desk_command *c, struct step *s, record *delivery);
} step;

static sluice_result run_step(desk_command *c, void *context) {
    step *s = context;
    record delivery;
    sluice_result result = store_get(desk_store(c->desk), DELIVERY_KIND.table, s->id, c->arena, &delivery, c->error);
    return result == SLUICE_OK ? s->run(c, s, &delivery) : result;
}

static sluice_result take(step *s) {
    w.error = (sluice_error){0};
    desk_command c = {.desk = w.desk, .actor = &DESK_SYSTEM, .now_ms = w.now_ms, .arena = &w.memory, .error = &w.error};
    return desk_run_alone(&c, run_step, s);
}

static sluice_result claim_it(desk_command *c, step *s, record *d) {
    return outbox_claim(c, s->id, d, &s->taken);
}
static sluice_result again_it(desk_command *c, step *s, record *d) {
    return outbox_again(c, d, s->next_ms, s->uncertain, text_of(s->text));
}
static sluice_result accept_it(desk_command *c, step *s, record *d) {
    return outbox_accepted(c, d, text_of(s->text), s->next_ms);
}
static sluice_result book_it(desk_command *c, step *s, record *d) {
    return outbox_book(c, d, &s->answer, &s->booked);
}
static sluice_result bury_it(desk_command *c, step *s, record *d) {
    return outbox_bury(c, d, text_of(s->text));
}
static sluice_result fail_it(desk_command *c, step *s, record *d) {
    return outbox_fail(c, d, TEXT("200001"), text_of(s->text));
}
static sluice_result absent_it(desk_command *c, step *s, record *d) {
    (void)s;
    return outbox_absent(c, d);
}

static bool claimed(int64_t id) {
    step s = {.id = id, .run = claim_it};
    assert_int_equal(take(&s), SLUICE_OK);
    return s.taken;
}

static void must(step s) {
    if (take(&s) != SLUICE_OK) {
        fail_msg("%s", w.error.text);
    }
}

static sluice_result book(int64_t id, outbox_verdict verdict, const char *code, outbox_booked *booked) {
    step s = {.id = id,
              .run = book_it,
              .answer = {.verdict = verdict,
                         .code = text_of(code),
                         .at_ms = w.now_ms,
                         .balance_fen = 123,
                         .executed_fen = -1,
                         .available_fen = -1}};
    sluice_result result = take(&s);
    *booked = s.booked;
    return result;
}

static size_t audit_count(const char *what) {
    uint64_t rows = 0;
    query_term term = {record_field_find(&AUDIT_TABLE, TEXT("act")), QUERY_EQUAL, value_text(text_of(what)), NULL, 0};
    record_query query = {.table = &AUDIT_TABLE, .terms = &term, .term_count = 1};
    assert_int_equal(store_count(w.store, &query, 0, &rows, &w.error), SLUICE_OK);
    return (size_t)rows;
}

/* ---- tests ---- */

static void an_order_is_put_with_its_approval(void **state) {
    (void)state;
    int64_t stop = stop_proposed();
    assert_int_equal(count_of(stop), 0);
    uint64_t epoch = outbox_epoch(w.desk);
    (void)desk_world_do(&w, APPROVER, &STOP_KIND, "approve", stop, NULL);
    record d = delivery_of(stop, 0);
    assert_true(outbox_epoch(w.desk) > epoch);
    assert_int_equal(d.values[DELIVERY_ATTEMPTS].integer, 0);
    assert_int_equal(d.values[DELIVERY_NEXT_AT].integer, w.now_ms);
    assert_int_equal(d.values[DELIVERY_SERIAL].text.length, 26);
    assert_int_equal(count_of(stop), 1);
    /* An approval that is refused has put nothing. */
    desk_check_refused(&w, APPROVER, &STOP_KIND, "approve", stop, NULL, SLUICE_E_STATE);
    assert_int_equal(count_of(stop), 1);
}

static void it_is_claimed_once(void **state) {
    (void)state;
    int64_t id = delivery_of(stop_approved(), 0).id;
    assert_true(claimed(id));
    assert_false(claimed(id));
    desk_check_state(&w, &DELIVERY_KIND, id, "sending");
    desk_check_number(&w, &DELIVERY_KIND, id, "attempts", 1);
}

static void it_goes_again_at_its_time_under_its_serial(void **state) {
    (void)state;
    record before = delivery_of(stop_approved(), 0);
    assert_true(claimed(before.id));
    must((step){.id = before.id, .run = again_it, .next_ms = w.now_ms + 5000, .text = "no connection"});
    w.now_ms += 4999;
    assert_false(claimed(before.id));
    w.now_ms += 1;
    assert_true(claimed(before.id));
    record after = desk_world_get(&w, &DELIVERY_KIND, before.id);
    assert_true(text_equal(before.values[DELIVERY_SERIAL].text, after.values[DELIVERY_SERIAL].text));
    assert_int_equal(after.values[DELIVERY_ATTEMPTS].integer, 2);
    assert_int_equal(after.values[DELIVERY_UNCERTAIN].integer, 0);
    /* Once uncertain, always, until the partner says that it has nothing. */
    must((step){.id = before.id, .run = again_it, .next_ms = w.now_ms, .uncertain = true, .text = "time-out"});
    assert_true(claimed(before.id));
    must((step){.id = before.id, .run = again_it, .next_ms = w.now_ms, .text = "throttled"});
    desk_check_number(&w, &DELIVERY_KIND, before.id, "uncertain", 1);
    assert_true(claimed(before.id));
    must((step){.id = before.id, .run = absent_it});
    desk_check_number(&w, &DELIVERY_KIND, before.id, "uncertain", 0);
    desk_check_state(&w, &DELIVERY_KIND, before.id, "queued");
}

static void an_answer_is_booked_once(void **state) {
    (void)state;
    outbox_booked booked;
    size_t contradicted = audit_count("delivery.contradicted");
    int64_t stop = stop_approved(), id = delivery_of(stop, 0).id;
    /* Nothing was ever sent of it: an answer to it is a stranger's. */
    assert_int_equal(book(id, VERDICT_DONE, "100000", &booked), SLUICE_E_STATE);
    desk_check_state(&w, &STOP_KIND, stop, "approved");
    assert_true(claimed(id));
    must((step){.id = id, .run = accept_it, .next_ms = w.now_ms + 1000, .text = "R1"});
    desk_check_state(&w, &DELIVERY_KIND, id, "waiting");
    assert_int_equal(book(id, VERDICT_DONE, "100000", &booked), SLUICE_OK);
    assert_int_equal(booked, BOOKED);
    desk_check_state(&w, &STOP_KIND, stop, "stopped");
    int64_t version = desk_world_get(&w, &STOP_KIND, stop).version;
    for (int i = 1; i <= 3; i++) {
        assert_int_equal(book(id, VERDICT_DONE, "100000", &booked), SLUICE_OK);
        assert_int_equal(booked, BOOKED_REPEATED);
        desk_check_number(&w, &DELIVERY_KIND, id, "repeats", i);
    }
    assert_int_equal(audit_count("delivery.contradicted"), contradicted);
    /* The bank says another thing: the first stands, and it is written down that there was a second. */
    assert_int_equal(book(id, VERDICT_MISMATCH, "200010", &booked), SLUICE_OK);
    assert_int_equal(booked, BOOKED_REPEATED);
    assert_int_equal(audit_count("delivery.contradicted"), contradicted + 1);
    desk_check_state(&w, &STOP_KIND, stop, "stopped");
    assert_int_equal(desk_world_get(&w, &STOP_KIND, stop).version, version);
    /* What comes late from the machine changes nothing either. */
    must((step){.id = id, .run = again_it, .next_ms = w.now_ms, .text = "time-out"});
    must((step){.id = id, .run = bury_it, .text = "given up"});
    must((step){.id = id, .run = accept_it, .next_ms = w.now_ms, .text = "R2"});
    desk_check_state(&w, &DELIVERY_KIND, id, "done");
}

static void a_mismatch_stops_nothing(void **state) {
    (void)state;
    outbox_booked booked;
    int64_t stop = stop_approved(), id = delivery_of(stop, 0).id;
    assert_true(claimed(id));
    assert_int_equal(book(id, VERDICT_MISMATCH, "200010", &booked), SLUICE_OK);
    desk_check_state(&w, &STOP_KIND, stop, "mismatched");
    desk_check_null(&w, &STOP_KIND, stop, "expires_at");
}

/* A time that cannot be: the delivery is done, the stop is not, and both say so. */
static void an_answer_that_the_record_does_not_take(void **state) {
    (void)state;
    int64_t stop = stop_approved(), id = delivery_of(stop, 0).id;
    assert_true(claimed(id));
    step s = {.id = id,
              .run = book_it,
              .answer = {.verdict = VERDICT_DONE,
                         .code = TEXT("100000"),
                         .at_ms = w.now_ms + 86400000,
                         .balance_fen = -1,
                         .executed_fen = -1,
                         .available_fen = -1}};
    assert_int_equal(take(&s), SLUICE_OK);
    assert_int_equal(s.booked, BOOKED_NO_EFFECT);
    desk_check_state(&w, &STOP_KIND, stop, "approved");
    desk_check_state(&w, &DELIVERY_KIND, id, "done");
    assert_false(desk_world_value(&w, &DELIVERY_KIND, id, "last_error")->is_null);
    assert_int_equal(audit_count("delivery.no_effect"), 1);
}

static void dead_letters_are_for_people(void **state) {
    (void)state;
    outbox_booked booked;
    int64_t stop = stop_approved(), id = delivery_of(stop, 0).id;
    assert_true(claimed(id));
    must((step){.id = id, .run = bury_it, .text = "given up after the last attempt"});
    desk_check_state(&w, &DELIVERY_KIND, id, "dead");
    assert_false(claimed(id));
    desk_check_refused(&w, INVESTIGATOR, &DELIVERY_KIND, "retry", id, "{\"note\":\"x\"}", SLUICE_E_FORBIDDEN);
    desk_check_fault(&w, DUTY, &DELIVERY_KIND, "retry", id, NULL, "note");
    (void)desk_world_do(&w, DUTY, &DELIVERY_KIND, "retry", id, "{\"note\":\"银行已恢复\"}");
    desk_check_number(&w, &DELIVERY_KIND, id, "attempts", 0);
    desk_check_number(&w, &DELIVERY_KIND, id, "uncertain", 1); /* it may have arrived before */
    assert_true(claimed(id));
    must((step){.id = id, .run = fail_it, .text = "refused with status 422"});
    desk_check_state(&w, &DELIVERY_KIND, id, "failed");
    /* The answer came after all: it counts, whatever we had given up. */
    assert_int_equal(book(id, VERDICT_DONE, "100000", &booked), SLUICE_OK);
    assert_int_equal(booked, BOOKED);
    desk_check_state(&w, &STOP_KIND, stop, "stopped");
}

static void a_release_never_overtakes_its_stop(void **state) {
    (void)state;
    outbox_booked booked;
    int64_t stop = stop_approved(), first = delivery_of(stop, 0).id;
    assert_true(claimed(first));
    assert_int_equal(book(first, VERDICT_DONE, "100000", &booked), SLUICE_OK);
    (void)desk_world_do(&w, DUTY, &STOP_KIND, "release_propose", stop, "{\"release_reason\":\"核实无关\"}");
    (void)desk_world_do(&w, APPROVER, &STOP_KIND, "release_approve", stop, NULL);
    record release = delivery_of(stop, 1);
    assert_true(release.values[DELIVERY_AFTER].is_null); /* the stop's has ended: it goes at once */
    assert_true(claimed(release.id));

    /* Another, lifted while its order is under way: its release waits for the order's end. */
    int64_t second = stop_approved(), order = delivery_of(second, 0).id;
    assert_true(claimed(order));
    int64_t appeal = desk_world_do(
        &w, DUTY, &APPEAL_KIND, "receive", 0,
        desk_check_json("{\"measure\":\"stop\",\"order\":%lld,\"by\":\"张三\",\"words\":\"无关\"}", (long long)second));
    (void)desk_world_do(&w, COMMANDER, &APPEAL_KIND, "uphold", appeal, "{\"answer\":\"成立\"}");
    record waits = delivery_of(second, 1);
    assert_int_equal(waits.values[DELIVERY_AFTER].integer, order);
    assert_int_equal(waits.values[DELIVERY_NEXT_AT].integer, OUTBOX_NEVER_MS);
    assert_false(claimed(waits.id));
    must((step){.id = order, .run = bury_it, .text = "given up"});
    assert_true(claimed(waits.id));
}

/* Lifted before anybody began to send it: the bank never hears of it. */
static void what_is_not_wanted_is_not_sent(void **state) {
    (void)state;
    int64_t stop = stop_approved(), order = delivery_of(stop, 0).id;
    int64_t appeal = desk_world_do(
        &w, DUTY, &APPEAL_KIND, "receive", 0,
        desk_check_json("{\"measure\":\"stop\",\"order\":%lld,\"by\":\"张三\",\"words\":\"无关\"}", (long long)stop));
    (void)desk_world_do(&w, COMMANDER, &APPEAL_KIND, "uphold", appeal, "{\"answer\":\"成立\"}");
    desk_check_state(&w, &DELIVERY_KIND, order, "cancelled");
    assert_int_equal(count_of(stop), 1);
    assert_false(claimed(order));
}

static sluice_result find_it(desk_command *c, step *s, record *d) {
    record found;
    sluice_text serial = d->values[DELIVERY_SERIAL].text;
    assert_int_equal(outbox_find(c, "bank", TEXT(BANK_CODE), serial, &found), SLUICE_OK);
    assert_int_equal(found.id, s->id);
    assert_int_equal(outbox_find(c, "bank", TEXT("103100000012"), serial, &found), SLUICE_E_NOT_FOUND);
    assert_int_equal(outbox_find(c, "sms", TEXT(BANK_CODE), serial, &found), SLUICE_E_NOT_FOUND);
    assert_int_equal(outbox_find_receipt(c, "bank", TEXT(BANK_CODE), TEXT("R9"), &found), SLUICE_OK);
    assert_int_equal(outbox_find_receipt(c, "bank", TEXT("103100000012"), TEXT("R9"), &found), SLUICE_E_NOT_FOUND);
    return SLUICE_OK;
}

static void a_serial_is_one_partners(void **state) {
    (void)state;
    int64_t id = delivery_of(stop_approved(), 0).id;
    assert_true(claimed(id));
    must((step){.id = id, .run = accept_it, .next_ms = w.now_ms + 1000, .text = "R9"});
    must((step){.id = id, .run = find_it});
}

/* The command fails after the answer was booked within it: nothing of it stays, and it is booked when it comes again.
 */
static sluice_result book_and_fall(desk_command *c, step *s, record *d) {
    assert_int_equal(outbox_book(c, d, &s->answer, &s->booked), SLUICE_OK);
    return error_set(c->error, SLUICE_E_IO, "the disk");
}

static void a_write_that_fails_leaves_nothing(void **state) {
    (void)state;
    outbox_booked booked;
    int64_t stop = stop_approved(), id = delivery_of(stop, 0).id;
    assert_true(claimed(id));
    step s = {.id = id,
              .run = book_and_fall,
              .answer = {.verdict = VERDICT_DONE,
                         .code = TEXT("100000"),
                         .at_ms = w.now_ms,
                         .balance_fen = -1,
                         .executed_fen = -1,
                         .available_fen = -1}};
    assert_int_equal(take(&s), SLUICE_E_IO);
    desk_check_state(&w, &STOP_KIND, stop, "approved");
    desk_check_state(&w, &DELIVERY_KIND, id, "sending");
    assert_int_equal(book(id, VERDICT_DONE, "100000", &booked), SLUICE_OK);
    assert_int_equal(booked, BOOKED);
}

#define TEST(name) cmocka_unit_test(name)

static int run(const char *name) {
    const struct CMUnitTest tests[] = {
        TEST(an_order_is_put_with_its_approval),
        TEST(it_is_claimed_once),
        TEST(it_goes_again_at_its_time_under_its_serial),
        TEST(an_answer_is_booked_once),
        TEST(a_mismatch_stops_nothing),
        TEST(an_answer_that_the_record_does_not_take),
        TEST(dead_letters_are_for_people),
        TEST(a_release_never_overtakes_its_stop),
        TEST(what_is_not_wanted_is_not_sent),
        TEST(a_serial_is_one_partners),
        TEST(a_write_that_fails_leaves_nothing),
    };
    return cmocka_run_group_tests_name(name, tests, open_world, close_world);
}

int main(void) {
    return desk_check_on_each_store(run);
}
