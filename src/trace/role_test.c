#include "trace/role.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A hand-made trace: V pays F; F splits to A, B, C; A, B, C pay G; G has most of it drawn and passes the rest to T, who
 * sends half on to R, where it rests. V2 pays F, too. */
enum { V, V2, F, A, B, C, G, T, R, ACCOUNTS };
static sluice_trace_account accounts[ACCOUNTS];
static sluice_trace_edge edges[16];
static sluice_trace_start starts[2];
static sluice_trace_view view;
static const trace_role_rule RULE = {.parties = 3, .share_percent = 50};

static void edge(uint32_t from, uint32_t to, uint32_t sink, int64_t fen) {
    edges[view.edge_count++] =
        (sluice_trace_edge){.from = from, .to = to, .sink = sink, .count = 1, .amount_fen = fen, .taint.fen = fen};
    accounts[from].out.fen += fen;
    if (to != UINT32_MAX) {
        accounts[to].in.fen += fen;
    }
}

static int set_up(void **state) {
    static const char *const KEYS[ACCOUNTS] = {"account:V", "account:V2", "account:F", "account:A", "account:B",
                                               "account:C", "account:G",  "account:T", "account:R"};
    static const uint32_t LAYERS[ACCOUNTS] = {0, 0, 1, 2, 2, 2, 3, 4, 5};
    (void)state;
    memset(accounts, 0, sizeof accounts);
    view = (sluice_trace_view){.size = sizeof view,
                               .accounts = accounts,
                               .account_count = ACCOUNTS,
                               .edges = edges,
                               .starts = starts,
                               .victim_count = 2};
    for (size_t i = 0; i < ACCOUNTS; i++) {
        accounts[i] =
            (sluice_trace_account){.key = text_of(KEYS[i]), .layer = LAYERS[i], .is_start = i <= V2, .dwell_ms = 60000};
    }
    starts[0] = (sluice_trace_start){.transfer_id = TEXT("t1"), .account = TEXT("account:V")};
    starts[1] = (sluice_trace_start){.transfer_id = TEXT("t2"), .account = TEXT("account:V2")};
    edge(V, F, UINT32_MAX, 60000);
    edge(V2, F, UINT32_MAX, 40000);
    for (uint32_t to = A; to <= C; to++) {
        edge(F, to, UINT32_MAX, 30000);
        edge(to, G, UINT32_MAX, 30000);
    }
    edge(G, UINT32_MAX, 0, 50000);
    edge(G, T, UINT32_MAX, 40000);
    edge(T, R, UINT32_MAX, 20000);
    accounts[R].held.fen = 20000;
    accounts[R].dwell_ms = -1;
    return 0;
}

static trace_role role(uint32_t account, trace_role_rule rule) {
    return trace_role_of(&view, account, &rule).role;
}

static void each_place_has_its_role(void **state) {
    (void)state;
    assert_int_equal(role(V, RULE), TRACE_ROLE_NONE);
    assert_int_equal(role(F, RULE), TRACE_ROLE_FIRST_CARD);
    assert_int_equal(role(A, RULE), TRACE_ROLE_TRANSIT);
    assert_int_equal(role(G, RULE), TRACE_ROLE_CASH_OUT);
    assert_int_equal(role(T, RULE), TRACE_ROLE_TRANSIT);
    assert_int_equal(role(R, RULE), TRACE_ROLE_NONE);
}

static void the_numbers_are_the_rules(void **state) {
    (void)state;
    /* 50,000 of 90,000 is 55 %: not enough for 60 %, so it is who gathers; with four parties it only passes on. */
    assert_int_equal(role(G, (trace_role_rule){3, 60}), TRACE_ROLE_COLLECTOR);
    assert_int_equal(role(G, (trace_role_rule){4, 60}), TRACE_ROLE_NONE);
    assert_int_equal(role(T, (trace_role_rule){3, 51}), TRACE_ROLE_NONE);
}

static void a_trace_from_an_account_names_no_first_card(void **state) {
    (void)state;
    starts[0] = (sluice_trace_start){.account = TEXT("account:V"), .amount_fen = 60000};
    view.victim_count = 1;
    accounts[V2].is_start = false;
    assert_int_equal(role(F, RULE), TRACE_ROLE_TRANSIT);
    assert_int_equal(role(F, (trace_role_rule){2, 50}), TRACE_ROLE_TRANSIT);
    accounts[V].in.fen = 60000; /* the account it began with may have a role: it need not be a victim's */
    assert_int_equal(role(V, RULE), TRACE_ROLE_TRANSIT);
    edge(F, R, UINT32_MAX, 1);
    assert_int_equal(role(F, RULE), TRACE_ROLE_DISTRIBUTOR);
}

static void the_words_have_the_figures(void **state) {
    text_writer words = {0};
    trace_role_facts facts = trace_role_of(&view, G, &RULE);
    (void)state;
    trace_role_words(&facts, true, &words);
    assert_non_null(strstr(words.data, "第3层，3个账户转入被骗资金900.00元"));
    assert_non_null(strstr(words.data, "1处取现500.00元"));
    text_writer_fini(&words);
    trace_role_words(&facts, false, &words);
    assert_non_null(strstr(words.data, "layer 3; 3 accounts brought 900.00 yuan"));
    text_writer_fini(&words);
    facts = trace_role_of(&view, R, &RULE);
    trace_role_words(&facts, true, &words);
    assert_int_equal(words.length, 0);
    text_writer_fini(&words);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_place_has_its_role, set_up),
        cmocka_unit_test_setup(the_numbers_are_the_rules, set_up),
        cmocka_unit_test_setup(a_trace_from_an_account_names_no_first_card, set_up),
        cmocka_unit_test_setup(the_words_have_the_figures, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
