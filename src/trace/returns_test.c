#include <sluice/returns.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "sys/random.h"

static uint64_t seed = 20160804;
static uint64_t rounds = 5000;

/* Ledgers are written in yuan here: {in, party} or {out}. */
#define IN(yuan, name)                                                                                                 \
    {                                                                                                                  \
        .amount_fen = (int64_t)(yuan)*100, .party = { name, sizeof(name) - 1 }                                         \
    }
#define OUT(yuan)                                                                                                      \
    { .amount_fen = (int64_t)(yuan)*100, .is_debit = true }
#define LOSS(name, yuan)                                                                                               \
    { .party = {name, sizeof(name) - 1}, .loss_fen = (int64_t)(yuan)*100 }
#define COUNT(array) (sizeof(array) / sizeof *(array))

static sluice_return *computed(const sluice_return_entry *entries, size_t entry_count, const sluice_return_loss *losses,
                               size_t loss_count, sluice_return_view *view) {
    sluice_return *result = NULL;
    sluice_error error = {0};
    if (sluice_return_compute(entries, entry_count, losses, loss_count, &result, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    view->size = sizeof *view;
    sluice_return_view_get(result, view);
    return result;
}

static const sluice_return_share *share_of(const sluice_return_view *view, const char *party) {
    for (size_t i = 0; i < view->share_count; i++) {
        if (text_equal(view->shares[i].party, text_of(party))) {
            return &view->shares[i];
        }
    }
    fail_msg("no share for %s", party);
    return NULL;
}

static void check_share(const sluice_return_view *view, const char *party, int64_t certain, int64_t possible,
                        int64_t returned, int article_case) {
    const sluice_return_share *share = share_of(view, party);
    assert_int_equal(share->certain_fen, certain);
    assert_int_equal(share->possible_fen, possible);
    assert_int_equal(share->return_fen, returned);
    assert_int_equal(share->article_case, article_case);
    assert_true(strlen(share->basis) > 10 && strlen(share->basis_zh) > 10);
}

static void example_1_one_credit_is_returned_directly(void **state) {
    (void)state;
    const sluice_return_entry entries[] = {IN(30000, "A"), OUT(12500)};
    const sluice_return_loss losses[] = {LOSS("A", 30000)};
    sluice_return_view view;
    sluice_return *result = computed(entries, COUNT(entries), losses, COUNT(losses), &view);
    check_share(&view, "A", 1750000, 1750000, 1750000, 1);
    assert_int_equal(view.shares[0].onward_fen, 1250000);
    assert_int_equal(view.frozen_fen, 1750000);
    assert_int_equal(view.held_fen, 0);
    assert_int_equal(view.notice_days, 0);
    sluice_return_free(&result);
}

static void example_2_credits_told_apart_by_time(void **state) {
    (void)state;
    const sluice_return_entry entries[] = {IN(30000, "A"), OUT(30000), IN(50000, "B"), OUT(20000)};
    const sluice_return_loss losses[] = {LOSS("A", 30000), LOSS("B", 50000)};
    sluice_return_view view;
    sluice_return *result = computed(entries, COUNT(entries), losses, COUNT(losses), &view);
    check_share(&view, "A", 0, 0, 0, 0);
    check_share(&view, "B", 3000000, 3000000, 3000000, 1);
    sluice_return_free(&result);
}

static void example_3_untraceable_is_divided_by_loss(void **state) {
    (void)state;
    const sluice_return_entry entries[] = {IN(30000, "A"), OUT(30000),     IN(50000, "B"),
                                           OUT(20000),     IN(40000, "C"), OUT(50000)};
    const sluice_return_loss losses[] = {LOSS("A", 30000), LOSS("B", 50000), LOSS("C", 40000)};
    sluice_return_view view;
    sluice_return *result = computed(entries, COUNT(entries), losses, COUNT(losses), &view);
    check_share(&view, "A", 0, 0, 0, 0);
    check_share(&view, "B", 0, 2000000, 1111111, 3);
    check_share(&view, "C", 0, 2000000, 888889, 3);
    assert_int_equal(view.returned_fen, 2000000);
    assert_int_equal(view.notice_days, 30);
    sluice_return_free(&result);
}

static void example_4_three_victims_and_too_little(void **state) {
    (void)state;
    const sluice_return_entry entries[] = {IN(30000, "A"), IN(50000, "B"), IN(40000, "C"), OUT(70000)};
    const sluice_return_loss losses[] = {LOSS("A", 30000), LOSS("B", 50000), LOSS("C", 40000)};
    sluice_return_view view;
    sluice_return *result = computed(entries, COUNT(entries), losses, COUNT(losses), &view);
    assert_int_equal(view.frozen_fen, 5000000);
    assert_int_equal(share_of(&view, "A")->return_fen, 1250000);
    assert_int_equal(share_of(&view, "B")->return_fen, 2083333);
    assert_int_equal(share_of(&view, "C")->return_fen, 1666667);
    sluice_return_free(&result);
}

static void example_5_nobody_gets_more_than_he_lost(void **state) {
    (void)state;
    /* What the victims paid in beyond their losses were rebates of the swindlers' own money. */
    const sluice_return_entry entries[] = {IN(60000, "A"), IN(90000, "B"), OUT(50000)};
    const sluice_return_loss losses[] = {LOSS("A", 30000), LOSS("B", 50000)};
    sluice_return_view view;
    sluice_return *result = computed(entries, COUNT(entries), losses, COUNT(losses), &view);
    assert_int_equal(view.frozen_fen, 10000000);
    assert_int_equal(share_of(&view, "A")->return_fen, 3000000);
    assert_int_equal(share_of(&view, "B")->return_fen, 5000000);
    assert_int_equal(view.held_fen, 2000000);
    assert_int_equal(view.held[view.held_count - 1].kind, SLUICE_HELD_REST);
    sluice_return_free(&result);
}

static void example_5_with_money_of_nobody_listed(void **state) {
    (void)state;
    const sluice_return_entry entries[] = {IN(20000, ""), IN(30000, "A"), IN(50000, "B")};
    const sluice_return_loss losses[] = {LOSS("A", 30000), LOSS("B", 50000)};
    sluice_return_view view;
    sluice_return *result = computed(entries, COUNT(entries), losses, COUNT(losses), &view);
    check_share(&view, "A", 3000000, 3000000, 3000000, 2);
    check_share(&view, "B", 5000000, 5000000, 5000000, 2);
    assert_int_equal(view.held_fen, 2000000);
    assert_int_equal(view.held[0].kind, SLUICE_HELD_UNIDENTIFIED);
    sluice_return_free(&result);
}

static void example_6_two_accounts_and_provenance(void **state) {
    (void)state;
    const sluice_return_entry x[] = {IN(60000, "A"), IN(40000, "B"), OUT(50000), OUT(30000)};
    const sluice_return_loss losses[] = {LOSS("A", 60000), LOSS("B", 40000)};
    sluice_return_view view;
    sluice_return *result = computed(x, COUNT(x), losses, COUNT(losses), &view);
    assert_int_equal(view.frozen_fen, 2000000);
    check_share(&view, "A", 0, 2000000, 1200000, 3);
    check_share(&view, "B", 0, 2000000, 800000, 3);
    sluice_return_free(&result);

    /* Y: the transfer from X carries X's shares, 60 : 40, and Y had 10,000 of its own. */
    const sluice_return_entry y[] = {
        {.amount_fen = 1000000},
        {.time_ms = 1, .amount_fen = 3000000, .party = TEXT("A"), .group = TEXT("X-Y")},
        {.time_ms = 1, .amount_fen = 2000000, .party = TEXT("B"), .group = TEXT("X-Y")},
    };
    const sluice_return_loss left[] = {
        {.party = TEXT("A"), .loss_fen = 6000000, .refunded_fen = 1200000},
        {.party = TEXT("B"), .loss_fen = 4000000, .refunded_fen = 800000},
    };
    result = computed(y, COUNT(y), left, COUNT(left), &view);
    check_share(&view, "A", 3000000, 3000000, 3000000, 2);
    check_share(&view, "B", 2000000, 2000000, 2000000, 2);
    assert_int_equal(view.held_fen, 1000000);
    assert_int_equal(1200000 + share_of(&view, "A")->return_fen, 4200000); /* 70 % of what he lost */
    assert_int_equal(800000 + share_of(&view, "B")->return_fen, 2800000);  /* 70 % */
    sluice_return_free(&result);
}

static void a_group_is_one_credit_for_its_parties(void **state) {
    (void)state;
    /* 50,000 came in as 30,000 of A and 20,000 of B; 25,001 went out: each lost the same share of it. */
    const sluice_return_entry entries[] = {
        {.amount_fen = 3000000, .party = TEXT("A"), .group = TEXT("t")},
        {.amount_fen = 2000000, .party = TEXT("B"), .group = TEXT("t")},
        {.amount_fen = 2500100, .is_debit = true},
    };
    const sluice_return_loss losses[] = {LOSS("A", 30000), LOSS("B", 20000)};
    sluice_return_view view;
    sluice_return *result = computed(entries, COUNT(entries), losses, COUNT(losses), &view);
    check_share(&view, "A", 1499940, 1499940, 1499940, 2);
    check_share(&view, "B", 999960, 999960, 999960, 2);
    sluice_return_free(&result);
}

static void one_partys_credits_are_judged_together(void **state) {
    (void)state;
    const sluice_return_entry entries[] = {IN(30, "A"), IN(30, "A"), OUT(30)};
    const sluice_return_loss losses[] = {LOSS("A", 60)};
    sluice_return_view view;
    sluice_return *result = computed(entries, COUNT(entries), losses, COUNT(losses), &view);
    check_share(&view, "A", 3000, 3000, 3000, 1);
    sluice_return_free(&result);
}

static void the_proportion_goes_by_loss(void **state) {
    (void)state;
    /* Of A's 30 at most 1 is left, but Article 8 divides by loss: 41 as 30 : 50 : 50. The words say it. */
    const sluice_return_entry entries[] = {IN(30, "A"), OUT(29), IN(50, "B"), IN(50, "C"), OUT(60)};
    const sluice_return_loss losses[] = {LOSS("A", 30), LOSS("B", 50), LOSS("C", 50)};
    sluice_return_view view;
    sluice_return *result = computed(entries, COUNT(entries), losses, COUNT(losses), &view);
    check_share(&view, "A", 0, 100, 946, 3);
    check_share(&view, "B", 0, 4100, 1577, 3);
    check_share(&view, "C", 0, 4100, 1577, 3);
    assert_non_null(strstr(share_of(&view, "A")->basis, "divides by loss"));
    sluice_return_free(&result);
}

static void an_opening_balance_is_inferred_and_its_share_held(void **state) {
    (void)state;
    const sluice_return_entry entries[] = {OUT(100), IN(300, "A"), OUT(250), IN(50, "shop"), OUT(0)};
    const sluice_return_loss losses[] = {LOSS("A", 300)};
    sluice_return_view view;
    sluice_return *result = computed(entries, COUNT(entries), losses, COUNT(losses), &view);
    assert_int_equal(view.opening_fen, 10000);
    assert_int_equal(view.frozen_fen, 10000);
    check_share(&view, "A", 5000, 5000, 5000, 2);
    assert_int_equal(view.held_fen, 5000);
    sluice_return_free(&result);
}

static void refunds_are_deducted(void **state) {
    (void)state;
    const sluice_return_entry entries[] = {IN(100, "A"), IN(100, "B"), OUT(100)};
    const sluice_return_loss losses[] = {{.party = TEXT("A"), .loss_fen = 10000, .refunded_fen = 5000},
                                         {.party = TEXT("B"), .loss_fen = 10000}};
    sluice_return_view view;
    sluice_return *result = computed(entries, COUNT(entries), losses, COUNT(losses), &view);
    assert_int_equal(share_of(&view, "A")->return_fen, 3333);
    assert_int_equal(share_of(&view, "B")->return_fen, 6667);
    sluice_return_free(&result);
}

static void a_victim_without_credits_gets_nothing_and_a_reason(void **state) {
    (void)state;
    const sluice_return_entry entries[] = {IN(100, "A")};
    const sluice_return_loss losses[] = {LOSS("Z", 100), LOSS("A", 100)};
    sluice_return_view view;
    sluice_return *result = computed(entries, COUNT(entries), losses, COUNT(losses), &view);
    assert_true(text_equal(view.shares[0].party, TEXT("A")));
    check_share(&view, "Z", 0, 0, 0, 0);
    sluice_return_free(&result);
}

static void an_empty_ledger_returns_nothing(void **state) {
    (void)state;
    sluice_return_view view;
    sluice_return *result = computed(NULL, 0, NULL, 0, &view);
    assert_int_equal(view.frozen_fen, 0);
    assert_int_equal(view.share_count + view.held_count, 0);
    sluice_return_free(&result);
}

static void check_refused(const sluice_return_entry *entries, size_t entry_count, const sluice_return_loss *losses,
                          size_t loss_count, const char *expected) {
    sluice_return *result = NULL;
    sluice_error error = {0};
    assert_int_equal(sluice_return_compute(entries, entry_count, losses, loss_count, &result, &error),
                     SLUICE_E_INVALID);
    assert_null(result);
    assert_non_null(strstr(error.text, expected));
}

static void wrong_inputs_are_refused_with_the_cure(void **state) {
    (void)state;
    const sluice_return_entry negative[] = {IN(-1, "A")};
    const sluice_return_entry huge[] = {{.amount_fen = INT64_MAX}, {.amount_fen = 1}};
    const sluice_return_entry hidden[] = {{.amount_fen = INT64_MAX, .is_debit = true}, {.amount_fen = 1}};
    const sluice_return_entry torn[] = {{.amount_fen = 1, .group = TEXT("g")},
                                        {.time_ms = 1, .amount_fen = 1, .group = TEXT("g")}};
    const sluice_return_entry fine[] = {IN(1, "A")};
    const sluice_return_loss twice[] = {LOSS("A", 1), LOSS("A", 2)};
    const sluice_return_loss nameless[] = {LOSS("", 1)};
    check_refused(negative, 1, NULL, 0, "negative");
    check_refused(huge, 2, NULL, 0, "check the amount column");
    check_refused(hidden, 2, NULL, 0, "check the amount column");
    check_refused(torn, 2, NULL, 0, "group g");
    check_refused(fine, 1, twice, 2, "listed twice");
    check_refused(fine, 1, nameless, 1, "no party");
}

/* The oracle: every way in which the debits can take fen from the parties that have some, one fen at a time; for each
 * party the least and the most that is left at the end. */

#define ORACLE_PARTIES_MAX 5
#define ORACLE_ENTRIES_MAX 9

typedef struct oracle {
    const sluice_return_entry *entries;
    size_t entry_count;
    int64_t left[ORACLE_PARTIES_MAX]; /* 0: the opening balance, then A, B, … */
    int64_t least[ORACLE_PARTIES_MAX], most[ORACLE_PARTIES_MAX];
    uint64_t endings;
} oracle;

static size_t party_index(sluice_text party) {
    return (size_t)(party.data[0] - 'A') + 1;
}

/* Takes `fen` from the parties from `from` on, in every way, and goes on with the next entry. */
static void oracle_walk(oracle *o, size_t entry, int64_t fen, size_t from) {
    if (fen > 0) {
        for (size_t p = from; p < ORACLE_PARTIES_MAX; p++) {
            if (o->left[p] > 0) {
                o->left[p]--;
                oracle_walk(o, entry, fen - 1, p);
                o->left[p]++;
            }
        }
        return;
    }
    if (entry == o->entry_count) {
        o->endings++;
        for (size_t p = 0; p < ORACLE_PARTIES_MAX; p++) {
            o->least[p] = o->left[p] < o->least[p] ? o->left[p] : o->least[p];
            o->most[p] = o->left[p] > o->most[p] ? o->left[p] : o->most[p];
        }
        return;
    }
    const sluice_return_entry *e = &o->entries[entry];
    if (e->is_debit) {
        oracle_walk(o, entry + 1, e->amount_fen, 0);
        return;
    }
    o->left[party_index(e->party)] += e->amount_fen;
    oracle_walk(o, entry + 1, 0, 0);
    o->left[party_index(e->party)] -= e->amount_fen;
}

static const char NAMES[] = "ABCD", GROUPS[] = "abcdefghijklmnopqrst";

static size_t random_ledger(random_stream *random, sluice_return_entry *entries, size_t max, int64_t amount_max) {
    size_t count = 1 + (size_t)random_below(random, max);
    for (size_t i = 0; i < count; i++) {
        entries[i] = (sluice_return_entry){
            .time_ms = (int64_t)(i / 2), /* pairs share a time and keep their order */
            .is_debit = random_chance(random, 2, 5),
            .amount_fen = random_between(random, 0, amount_max),
            .party = {&NAMES[random_below(random, 4)], 1},
        };
    }
    return count;
}

static int64_t opening_of(const sluice_return_entry *entries, size_t count) {
    int64_t balance = 0, lowest = 0;
    for (size_t i = 0; i < count; i++) {
        balance += entries[i].is_debit ? -entries[i].amount_fen : entries[i].amount_fen;
        lowest = balance < lowest ? balance : lowest;
    }
    return -lowest;
}

static void bounds_equal_every_way_the_money_can_have_gone(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed);
    uint64_t endings = 0, uncertain = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        sluice_return_entry entries[ORACLE_ENTRIES_MAX];
        oracle o = {.entries = entries, .entry_count = random_ledger(&random, entries, ORACLE_ENTRIES_MAX, 4)};
        o.left[0] = opening_of(entries, o.entry_count);
        for (size_t p = 0; p < ORACLE_PARTIES_MAX; p++) {
            o.least[p] = INT64_MAX;
            o.most[p] = -1;
        }
        oracle_walk(&o, 0, 0, 0);
        endings += o.endings;
        const sluice_return_loss losses[] = {LOSS("A", 1), LOSS("B", 1), LOSS("C", 1), LOSS("D", 1)};
        sluice_return_view view;
        sluice_return *result = computed(entries, o.entry_count, losses, COUNT(losses), &view);
        for (size_t i = 0; i < view.share_count; i++) {
            const sluice_return_share *share = &view.shares[i];
            size_t p = party_index(share->party);
            if (share->certain_fen != o.least[p] || share->possible_fen != o.most[p]) {
                fail_msg("round %llu, %c: %lld..%lld, the oracle says %lld..%lld", (unsigned long long)round,
                         NAMES[p - 1], (long long)share->certain_fen, (long long)share->possible_fen,
                         (long long)o.least[p], (long long)o.most[p]);
            }
            uncertain += o.least[p] < o.most[p];
        }
        if (o.left[0] > 0) {
            assert_int_equal(view.held[0].kind, SLUICE_HELD_OPENING);
            assert_int_equal(view.held[0].certain_fen, o.least[0]);
            assert_int_equal(view.held[0].possible_fen, o.most[0]);
        }
        sluice_return_free(&result);
    }
    print_message("%llu ledgers, %llu endings, %llu shares uncertain\n", (unsigned long long)rounds,
                  (unsigned long long)endings, (unsigned long long)uncertain);
    assert_true(uncertain > rounds / 10);
}

/* The formulas of domain.md §4, credit by credit, each of its own party. */
static void bounds_equal_the_formulas_for_single_credits(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed + 1);
    static const char names[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (uint64_t round = 0; round < rounds; round++) {
        sluice_return_entry entries[26];
        size_t count = random_ledger(&random, entries, 26, 1000);
        sluice_return_loss losses[26];
        int64_t balance = opening_of(entries, count);
        for (size_t i = 0; i < count; i++) {
            entries[i].party = (sluice_text){&names[i], 1};
            losses[i] = (sluice_return_loss){.party = entries[i].party, .loss_fen = entries[i].amount_fen};
        }
        sluice_return_view view;
        sluice_return *result = computed(entries, count, losses, count, &view);
        for (size_t i = 0; i < count; i++) {
            balance += entries[i].is_debit ? -entries[i].amount_fen : entries[i].amount_fen;
            if (entries[i].is_debit) {
                continue;
            }
            int64_t later = balance, lowest = entries[i].amount_fen, debits = 0;
            for (size_t j = i + 1; j < count; j++) {
                later += entries[j].is_debit ? -entries[j].amount_fen : entries[j].amount_fen;
                debits += entries[j].is_debit ? entries[j].amount_fen : 0;
                lowest = entries[j].is_debit && later < lowest ? later : lowest;
            }
            char name[2] = {names[i], '\0'};
            const sluice_return_share *share = share_of(&view, name);
            assert_int_equal(share->certain_fen, entries[i].amount_fen > debits ? entries[i].amount_fen - debits : 0);
            assert_int_equal(share->possible_fen, lowest);
        }
        sluice_return_free(&result);
    }
}

static void every_return_adds_up(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed + 2);
    for (uint64_t round = 0; round < rounds; round++) {
        sluice_return_entry entries[40];
        size_t count = random_ledger(&random, entries, 40, random_chance(&random, 1, 2) ? 7 : 100000000);
        for (size_t i = 0; i < count; i++) {
            entries[i].party.length = random_chance(&random, 1, 6) ? 0 : 1;
            if (i % 2 == 1 && random_chance(&random, 1, 3) && !entries[i].is_debit && !entries[i - 1].is_debit) {
                entries[i].group = entries[i - 1].group = (sluice_text){&GROUPS[i / 2], 1};
            }
        }
        sluice_return_loss losses[4];
        size_t loss_count = (size_t)random_below(&random, 5);
        for (size_t i = 0; i < loss_count; i++) {
            int64_t loss = random_between(&random, 0, 200000000);
            losses[i] = (sluice_return_loss){{&NAMES[i], 1}, loss, random_chance(&random, 1, 3) ? loss / 3 : 0};
        }
        sluice_return_view view;
        sluice_return *result = computed(entries, count, losses, loss_count, &view);
        int64_t returned = 0, held = 0;
        for (size_t i = 0; i < view.share_count; i++) {
            const sluice_return_share *share = &view.shares[i];
            returned += share->return_fen;
            assert_true(share->return_fen >= 0 && share->return_fen <= share->loss_fen - share->refunded_fen);
            assert_true(share->certain_fen <= share->possible_fen);
            assert_true(share->possible_fen <= share->credited_fen && share->possible_fen <= view.frozen_fen);
        }
        for (size_t i = 0; i < view.held_count; i++) {
            assert_true(view.held[i].held_fen >= 0);
            held += view.held[i].held_fen;
        }
        assert_int_equal(view.share_count, loss_count);
        assert_int_equal(view.returned_fen, returned);
        assert_int_equal(view.held_fen, held);
        assert_int_equal(returned + held, view.frozen_fen);
        assert_int_equal(view.frozen_fen, view.opening_fen + view.credits_fen - view.debits_fen);
        sluice_return_free(&result);
    }
}

static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    const sluice_return_entry entries[] = {
        IN(60, "A"), IN(40, "B"), OUT(50), IN(3, ""), {.amount_fen = 5, .group = TEXT("g")}};
    const sluice_return_loss losses[] = {LOSS("A", 60), LOSS("B", 40)};
    sluice_result result = SLUICE_E_NO_MEMORY;
    int64_t allowed = 0;
    for (; result != SLUICE_OK; allowed++) {
        sluice_return *made = NULL;
        memory_fail_after(allowed);
        result = sluice_return_compute(entries, COUNT(entries), losses, COUNT(losses), &made, NULL);
        memory_fail_after(-1);
        assert_true(result == SLUICE_OK || result == SLUICE_E_NO_MEMORY);
        assert_true((made != NULL) == (result == SLUICE_OK));
        sluice_return_free(&made);
    }
    assert_true(allowed > 8);
}

int main(int argc, char **argv) {
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seed") == 0) {
            seed = strtoull(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--rounds") == 0) {
            rounds = strtoull(argv[i + 1], NULL, 10);
        }
    }
    print_message("seed %llu\n", (unsigned long long)seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(example_1_one_credit_is_returned_directly),
        cmocka_unit_test(example_2_credits_told_apart_by_time),
        cmocka_unit_test(example_3_untraceable_is_divided_by_loss),
        cmocka_unit_test(example_4_three_victims_and_too_little),
        cmocka_unit_test(example_5_nobody_gets_more_than_he_lost),
        cmocka_unit_test(example_5_with_money_of_nobody_listed),
        cmocka_unit_test(example_6_two_accounts_and_provenance),
        cmocka_unit_test(a_group_is_one_credit_for_its_parties),
        cmocka_unit_test(one_partys_credits_are_judged_together),
        cmocka_unit_test(the_proportion_goes_by_loss),
        cmocka_unit_test(an_opening_balance_is_inferred_and_its_share_held),
        cmocka_unit_test(refunds_are_deducted),
        cmocka_unit_test(a_victim_without_credits_gets_nothing_and_a_reason),
        cmocka_unit_test(an_empty_ledger_returns_nothing),
        cmocka_unit_test(wrong_inputs_are_refused_with_the_cure),
        cmocka_unit_test(bounds_equal_every_way_the_money_can_have_gone),
        cmocka_unit_test(bounds_equal_the_formulas_for_single_credits),
        cmocka_unit_test(every_return_adds_up),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
