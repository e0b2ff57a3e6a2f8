/* The dispatcher on each database, with a channel that says what the test wants: back-off, dead letters, limits of each
 * partner, what nobody knows, replays, writes that fail, and what a crash left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "desk/order.h"
#include "desk/partner_link.h"
#include "gateway/gateway_private.h"
#include "support/desk_check.h"
#include "sys/clock.h"

static desk_world w; /* of all tests on one store: each has partners of its own, whose links it suspends at its end */
static int accounts, partners;
static char bank_code[24], other_code[24];
static int64_t links_made[8];
static size_t link_count;

/* ---- the channel ---- */

typedef struct sent {
    int64_t delivery, attempts;
    bool is_ask;
    char partner[24], serial[48];
} sent;

static sent log_of_sends[1000];
static size_t send_count;
static int writes_that_fail;

static void note(const gateway_link *link, const gateway_delivery *d, bool is_ask) {
    sent *s = &log_of_sends[send_count++];
    *s = (sent){.delivery = d->id, .attempts = d->attempts, .is_ask = is_ask};
    (void)snprintf(s->partner, sizeof s->partner, "%.*s", TEXT_ARGS(link->partner));
    (void)snprintf(s->serial, sizeof s->serial, "%.*s", TEXT_ARGS(d->serial));
}

static void submit(void *self, const gateway_link *link, const gateway_delivery *d) {
    (void)self;
    note(link, d, false);
}

static void ask(void *self, const gateway_link *link, const gateway_delivery *d) {
    (void)self;
    note(link, d, true);
}

static void set_links(void *self, const gateway_link *links, size_t count) {
    (void)self;
    (void)links;
    (void)count;
}

static const channel_ops ASKING = {.name = "bank", .set_links = set_links, .submit = submit, .ask = ask};
static const channel_ops MUTE = {.name = "bank", .set_links = set_links, .submit = submit};
static const channel_ops SILENT = {.name = "bank", .set_links = set_links, .submit = submit, .silence = "SENT"};

/* ---- the gateway without its thread ---- */

static gateway g;

static sluice_result write_group(void *context, desk_function run, void *argument, arena *a, sluice_error *error) {
    (void)context;
    if (writes_that_fail > 0) {
        writes_that_fail--;
        return error_set(error, SLUICE_E_IO, "the disk");
    }
    desk_command c = {.desk = w.desk, .actor = &DESK_SYSTEM, .now_ms = w.now_ms, .arena = a, .error = error};
    return desk_run_alone(&c, run, argument);
}

static void keep_quiet(void *context, const char *level, const char *event, const char *text) {
    (void)context;
    (void)level;
    (void)event;
    (void)text;
}

static int64_t world_ns(void *context) {
    (void)context;
    return w.now_ms * 1000000;
}

static void begin(const channel_ops *ops) {
    memset(&g, 0, sizeof g);
    g.host = (gateway_host){.desk = w.desk, .write = write_group, .log = keep_quiet};
    g.link_epoch = g.outbox_epoch = UINT64_MAX;
    assert_int_equal(loop_open(&g.loop, &w.error), SLUICE_OK);
    mutex_init(&g.lock);
    g.channels[0].ops = ops;
    g.channel_count = 1;
    assert_int_equal(links_load(&g, &w.error), SLUICE_OK);
    send_count = 0;
    writes_that_fail = 0;
}

static void end(void) {
    links_free(&g);
    while (g.first != NULL) {
        reported *next = g.first->next;
        memory_free(g.first);
        g.first = next;
    }
    arena_fini(&g.turn);
    loop_close(&g.loop);
    mutex_fini(&g.lock);
}

static int open_world(void **state) {
    (void)state;
    desk_world_open(&w, desk_check_place());
    clock_simulate(world_ns, NULL);
    return 0;
}

static int close_world(void **state) {
    (void)state;
    clock_simulate(NULL, NULL);
    desk_world_close(&w);
    return 0;
}

static int new_partners(void **state) {
    (void)state;
    (void)snprintf(bank_code, sizeof bank_code, "1021%08d", ++partners);
    (void)snprintf(other_code, sizeof other_code, "1031%08d", partners);
    link_count = 0;
    return 0;
}

static int old_partners(void **state) {
    (void)state;
    end();
    for (size_t i = 0; i < link_count; i++) {
        if (strcmp(desk_world_state(&w, &PARTNER_LINK_KIND, links_made[i]), "open") == 0) {
            (void)desk_world_do(&w, ADMINISTRATOR, &PARTNER_LINK_KIND, "suspend", links_made[i], "{\"note\":\"x\"}");
        }
    }
    return 0;
}

static void link_to(const char *partner, const char *more) {
    int64_t link =
        desk_world_do(&w, ADMINISTRATOR, &PARTNER_LINK_KIND, "propose", 0,
                      desk_check_json("{\"channel\":\"bank\",\"partner\":\"%s\",\"name\":\"银行\",\"endpoint\":"
                                      "\"https://bank.example/\"%s}",
                                      partner, more));
    (void)desk_world_do(&w, COMMANDER, &PARTNER_LINK_KIND, "approve", link, NULL);
    links_made[link_count++] = link;
}

static int64_t order_to(const char *partner) {
    int64_t stop = desk_world_do(&w, DUTY, &STOP_KIND, "propose", 0,
                                 desk_check_json("{\"account\":\"account:62284804%011d\",\"institution\":\"%s\","
                                                 "\"holder\":\"张三\",\"amount_fen\":100,\"reason\":\"报警\"}",
                                                 ++accounts, partner));
    (void)desk_world_do(&w, APPROVER, &STOP_KIND, "approve", stop, NULL);
    return stop;
}

static void turn(void) {
    int64_t next = 0;
    bool more = false;
    if (turn_run(&g, &next, &more, &w.error) != SLUICE_OK) {
        fail_msg("%s", w.error.text);
    }
}

static void say_more(outcome_kind kind, const sent *s, const outbox_answer *answer, bool by_serial) {
    gateway_outcome o = {.kind = kind,
                         .delivery = by_serial ? 0 : s->delivery,
                         .channel = "bank",
                         .partner = text_of(s->partner),
                         .serial = text_of(s->serial),
                         .text = TEXT("because"),
                         .answer = answer == NULL ? (outbox_answer){0} : *answer};
    gateway_report(&g, &o);
}

static void say(outcome_kind kind, const sent *s) {
    say_more(kind, s, NULL, false);
}

static const sent *last(void) {
    assert_true(send_count > 0);
    return &log_of_sends[send_count - 1];
}

static outbox_answer done_answer(void) {
    return (outbox_answer){.verdict = VERDICT_DONE,
                           .code = TEXT("100000"),
                           .at_ms = w.now_ms,
                           .balance_fen = -1,
                           .executed_fen = -1,
                           .available_fen = -1};
}

static void answer_last(void) {
    outbox_answer answer = done_answer();
    say_more(OUTCOME_ANSWERED, last(), &answer, false);
}

static const char *state_of(const sent *s) {
    return desk_world_state(&w, &DELIVERY_KIND, s->delivery);
}

/* ---- tests ---- */

static void what_is_due_goes_out_and_its_answer_comes_in(void **state) {
    (void)state;
    link_to(bank_code, "");
    begin(&ASKING);
    int64_t stop = order_to(bank_code);
    turn();
    assert_int_equal(send_count, 1);
    assert_string_equal(state_of(last()), "sending");
    turn();
    assert_int_equal(send_count, 1); /* it is under way */
    answer_last();
    turn();
    desk_check_state(&w, &STOP_KIND, stop, "stopped");
    assert_int_equal(g.links[0].flight_count, 0);
    /* The same once more, and by a message of its own: nothing changes. */
    int64_t version = desk_world_get(&w, &STOP_KIND, stop).version;
    outbox_answer answer = done_answer();
    answer_last();
    say_more(OUTCOME_ANSWERED, last(), &answer, true);
    turn();
    assert_int_equal(desk_world_get(&w, &STOP_KIND, stop).version, version);
    assert_int_equal(g.channels[0].counts.repeated, 2);
    assert_int_equal(g.channels[0].counts.answered, 1);
}

/* Each wait is between half and one and a half of the doubled one, up to the limit; then it is people's. */
static void attempts_are_spaced_and_end(void **state) {
    static const int64_t DOUBLED[] = {1000, 2000, 4000, 4000};
    (void)state;
    link_to(bank_code, ",\"backoff\":\"1s\",\"backoff_max\":\"4s\",\"attempts_max\":5");
    begin(&ASKING);
    int64_t stop = order_to(bank_code);
    for (size_t i = 0; i < 5; i++) {
        turn();
        assert_int_equal(send_count, i + 1);
        assert_int_equal(last()->attempts, (int64_t)i + 1);
        assert_string_equal(last()->serial, log_of_sends[0].serial);
        say(OUTCOME_AGAIN, last());
        turn();
        if (i == 4) {
            break;
        }
        int64_t wait = desk_world_value(&w, &DELIVERY_KIND, last()->delivery, "next_at")->integer - w.now_ms;
        assert_in_range(wait, DOUBLED[i] / 2, DOUBLED[i] * 3 / 2 + 1);
        w.now_ms += wait - 1;
        turn();
        assert_int_equal(send_count, i + 1); /* not before its time */
        w.now_ms += 1;
    }
    assert_string_equal(state_of(last()), "dead");
    assert_int_equal(g.channels[0].counts.dead, 1);
    w.now_ms += 3600000;
    turn();
    assert_int_equal(send_count, 5);
    desk_check_state(&w, &STOP_KIND, stop, "approved");
    (void)desk_world_do(&w, DUTY, &DELIVERY_KIND, "retry", last()->delivery, "{\"note\":\"银行已恢复\"}");
    turn();
    assert_int_equal(send_count, 6);
    assert_string_equal(last()->serial, log_of_sends[0].serial);
}

/* After anything unknown the partner is asked, and only what it does not know is sent again. */
static void what_nobody_knows_is_asked_for(void **state) {
    (void)state;
    link_to(bank_code, ",\"backoff\":\"10ms\",\"backoff_max\":\"10ms\"");
    begin(&ASKING);
    (void)order_to(bank_code);
    turn();
    say(OUTCOME_UNKNOWN, last());
    turn();
    w.now_ms += 1000;
    turn();
    assert_int_equal(send_count, 2);
    assert_true(last()->is_ask);
    say(OUTCOME_ABSENT, last());
    turn();
    turn();
    assert_int_equal(send_count, 3);
    assert_false(last()->is_ask);
    answer_last();
    turn();
    assert_string_equal(state_of(last()), "done");
}

/* A channel that cannot ask repeats, or leaves it to people, as the link says. */
static void a_channel_that_cannot_ask(void **state) {
    (void)state;
    link_to(bank_code, ",\"when_unknown\":\"hold\"");
    link_to(other_code, ",\"when_unknown\":\"repeat\",\"backoff\":\"10ms\",\"backoff_max\":\"10ms\"");
    begin(&MUTE);
    (void)order_to(bank_code);
    (void)order_to(other_code);
    turn();
    assert_int_equal(send_count, 2);
    say(OUTCOME_UNKNOWN, &log_of_sends[0]);
    say(OUTCOME_UNKNOWN, &log_of_sends[1]);
    turn();
    w.now_ms += 1000;
    turn();
    assert_int_equal(send_count, 3);
    assert_string_equal(last()->partner, other_code);
    const sent *held = strcmp(log_of_sends[0].partner, bank_code) == 0 ? &log_of_sends[0] : &log_of_sends[1];
    assert_string_equal(state_of(held), "dead");
}

static void one_that_owes_no_answer_ends_by_itself(void **state) {
    (void)state;
    link_to(bank_code, ",\"answer_within\":\"60s\"");
    begin(&SILENT);
    (void)order_to(bank_code);
    turn();
    say(OUTCOME_ACCEPTED, last());
    turn();
    assert_string_equal(state_of(last()), "waiting");
    w.now_ms += 59999;
    turn();
    assert_string_equal(state_of(last()), "waiting");
    w.now_ms += 1;
    turn();
    assert_string_equal(state_of(last()), "done");
    desk_check_text(&w, &DELIVERY_KIND, last()->delivery, "result_code", "SENT");
}

static size_t sends_to(const char *partner) {
    size_t count = 0;
    for (size_t i = 0; i < send_count; i++) {
        count += strcmp(log_of_sends[i].partner, partner) == 0;
    }
    return count;
}

/* A partner that does not answer holds up nobody else. */
static void as_many_are_under_way_as_a_partner_takes(void **state) {
    (void)state;
    link_to(bank_code, ",\"in_flight\":3,\"per_second\":1000");
    link_to(other_code, ",\"in_flight\":5,\"per_second\":1000");
    begin(&ASKING);
    for (int i = 0; i < 8; i++) {
        (void)order_to(bank_code);
        (void)order_to(other_code);
    }
    turn();
    turn();
    assert_int_equal(sends_to(bank_code), 3);
    assert_int_equal(sends_to(other_code), 5);
    for (size_t i = 0; i < 8; i++) {
        if (strcmp(log_of_sends[i].partner, other_code) == 0) {
            outbox_answer answer = done_answer();
            say_more(OUTCOME_ANSWERED, &log_of_sends[i], &answer, false);
        }
    }
    turn();
    turn();
    assert_int_equal(sends_to(bank_code), 3);
    assert_int_equal(sends_to(other_code), 8);
}

/* Tokens are of the machine's clock; the test sets when they were last filled. */
static void as_many_a_second_as_a_partner_takes(void **state) {
    (void)state;
    link_to(bank_code, ",\"in_flight\":100,\"per_second\":2");
    begin(&ASKING);
    for (int i = 0; i < 6; i++) {
        (void)order_to(bank_code);
    }
    turn();
    assert_int_equal(send_count, 2); /* never more than a second's */
    g.links[0].tokens = 0;
    g.links[0].filled_ns = clock_machine_ns() + INT64_C(3600000000000);
    turn();
    assert_int_equal(send_count, 2);
    g.links[0].tokens = 0;
    g.links[0].filled_ns = clock_machine_ns() - INT64_C(3600000000000);
    turn();
    assert_int_equal(send_count, 4);
}

static void a_write_that_fails_loses_nothing(void **state) {
    (void)state;
    int64_t next = 0;
    bool more = false;
    link_to(bank_code, "");
    begin(&ASKING);
    int64_t stop = order_to(bank_code);
    writes_that_fail = 1;
    assert_int_equal(turn_run(&g, &next, &more, &w.error), SLUICE_E_IO);
    assert_int_equal(send_count, 0); /* not claimed, so not sent */
    turn();
    assert_int_equal(send_count, 1);
    answer_last();
    writes_that_fail = 2;
    assert_int_equal(turn_run(&g, &next, &more, &w.error), SLUICE_E_IO);
    assert_int_equal(turn_run(&g, &next, &more, &w.error), SLUICE_E_IO);
    desk_check_state(&w, &STOP_KIND, stop, "approved");
    turn();
    desk_check_state(&w, &STOP_KIND, stop, "stopped");
    assert_int_equal(send_count, 1);
}

/* The program ended while it was sent: nobody knows, so it is asked for. */
static void after_a_crash_it_is_asked_for(void **state) {
    (void)state;
    link_to(bank_code, ",\"backoff\":\"10ms\",\"backoff_max\":\"10ms\"");
    begin(&ASKING);
    int64_t stop = order_to(bank_code);
    turn();
    end();
    size_t before = send_count;
    begin(&ASKING);
    assert_int_equal(before, 1);
    assert_int_equal(turn_recover(&g, &w.error), SLUICE_OK);
    w.now_ms += 1000;
    turn();
    assert_int_equal(send_count, 1);
    assert_true(last()->is_ask);
    answer_last();
    turn();
    desk_check_state(&w, &STOP_KIND, stop, "stopped");
}

/* What its channel never spoke of again is asked for, and gives its place free. */
static void a_lost_flight_is_unknown(void **state) {
    (void)state;
    link_to(bank_code, ",\"in_flight\":1,\"backoff\":\"10ms\",\"backoff_max\":\"10ms\"");
    begin(&ASKING);
    (void)order_to(bank_code);
    turn();
    assert_int_equal(g.links[0].flight_count, 1);
    g.links[0].flights[0].lost_ns = 0;
    turn();
    w.now_ms += 1000;
    turn();
    assert_true(last()->is_ask);
}

static void what_is_under_way_survives_a_new_link(void **state) {
    (void)state;
    link_to(bank_code, ",\"in_flight\":1");
    begin(&ASKING);
    int64_t stop = order_to(bank_code);
    (void)order_to(bank_code);
    turn();
    link_to(bank_code, ",\"in_flight\":1");
    assert_int_equal(links_load(&g, &w.error), SLUICE_OK);
    assert_int_equal(g.links[0].flight_count, 1);
    turn();
    assert_int_equal(send_count, 1);
    answer_last();
    turn();
    turn();
    desk_check_state(&w, &STOP_KIND, stop, "stopped");
    assert_int_equal(send_count, 2);
}

/* A partner out of service: its orders wait, and go when it is back. */
static void orders_of_a_suspended_link_wait(void **state) {
    (void)state;
    link_to(bank_code, "");
    begin(&ASKING);
    int64_t link = g.links[0].link.id;
    (void)desk_world_do(&w, ADMINISTRATOR, &PARTNER_LINK_KIND, "suspend", link, "{\"note\":\"维护\"}");
    assert_int_equal(links_load(&g, &w.error), SLUICE_OK);
    (void)order_to(bank_code);
    turn();
    assert_int_equal(send_count, 0);
    (void)desk_world_do(&w, COMMANDER, &PARTNER_LINK_KIND, "resume", link, NULL);
    assert_int_equal(links_load(&g, &w.error), SLUICE_OK);
    turn();
    assert_int_equal(send_count, 1);
}

static void strangers_are_counted_and_change_nothing(void **state) {
    (void)state;
    link_to(bank_code, "");
    begin(&ASKING);
    int64_t stop = order_to(bank_code);
    turn();
    sent other = *last();
    outbox_answer answer = done_answer();
    (void)snprintf(other.partner, sizeof other.partner, "%s", other_code);
    say_more(OUTCOME_ANSWERED, &other, &answer, true); /* another bank knows our serial number */
    (void)snprintf(other.partner, sizeof other.partner, "%s", bank_code);
    (void)snprintf(other.serial, sizeof other.serial, "20000101000000ffffffffffff");
    say_more(OUTCOME_ANSWERED, &other, &answer, true);
    turn();
    assert_int_equal(g.channels[0].counts.strangers, 2);
    desk_check_state(&w, &STOP_KIND, stop, "approved");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, new_partners, old_partners)

static int run(const char *name) {
    const struct CMUnitTest tests[] = {
        TEST(what_is_due_goes_out_and_its_answer_comes_in),
        TEST(attempts_are_spaced_and_end),
        TEST(what_nobody_knows_is_asked_for),
        TEST(a_channel_that_cannot_ask),
        TEST(one_that_owes_no_answer_ends_by_itself),
        TEST(as_many_are_under_way_as_a_partner_takes),
        TEST(as_many_a_second_as_a_partner_takes),
        TEST(a_write_that_fails_loses_nothing),
        TEST(after_a_crash_it_is_asked_for),
        TEST(a_lost_flight_is_unknown),
        TEST(what_is_under_way_survives_a_new_link),
        TEST(orders_of_a_suspended_link_wait),
        TEST(strangers_are_counted_and_change_nothing),
    };
    return cmocka_run_group_tests_name(name, tests, open_world, close_world);
}

int main(void) {
    return desk_check_on_each_store(run);
}
