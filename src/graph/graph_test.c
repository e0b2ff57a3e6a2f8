/* Ledgers against a naive sort, as of any sequence: hubs and small accounts, ties, late arrivals, any batch size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/text.h"
#include "graph/graph.h"
#include "support/graph_world.h"
#include "support/tool.h"
#include "sys/random.h"

static uint64_t seed;
static uint64_t rounds;

/* Ledger of `key` below `limit`, by the book: all its entries, sorted by time then number. */
static size_t naive_ledger(const graph_world *w, uint32_t key, uint32_t limit, ledger_entry *entries) {
    size_t count = 0;
    for (uint32_t i = 0; i < limit; i++) {
        const batch_movement *m = &w->movements[i];
        if (m->from == m->to && m->kind == SLUICE_SIGNAL_TRANSFER) {
            continue;
        }
        bool debit = m->from == key;
        if (!debit && (m->to != key || m->kind == SLUICE_SIGNAL_WITHDRAWAL)) {
            continue;
        }
        size_t at = count++;
        while (at > 0 && w->movements[entries[at - 1] & ~LEDGER_DEBIT].time_ms > m->time_ms) {
            entries[at] = entries[at - 1];
            at--;
        }
        entries[at] = i | (debit ? LEDGER_DEBIT : 0);
    }
    return count;
}

static int64_t signed_of(const graph_world *w, ledger_entry entry) {
    int64_t amount = w->movements[entry & ~LEDGER_DEBIT].amount_fen;
    return (entry & LEDGER_DEBIT) != 0 ? -amount : amount;
}

static void check_ledger(const graph_world *w, const graph_view *view, uint32_t key, random_stream *random) {
    ledger_entry *expected = calloc(w->count + 1, sizeof *expected);
    size_t count = naive_ledger(w, key, view->movement_limit, expected);
    ledger l;
    ledger_cursor cursor;
    ledger_entry entry;
    graph_ledger(view, key, &l);
    ledger_begin(&l, &cursor);
    int64_t net = 0, low = 0;
    for (size_t i = 0; i < count; i++) {
        assert_true(ledger_next(&l, &cursor, &entry));
        assert_int_equal(entry, expected[i]);
        net += signed_of(w, entry);
        low = net < low ? net : low;
    }
    assert_false(ledger_next(&l, &cursor, &entry));
    /* seek to a random place: the sums before it, and the entry after it */
    uint32_t any = (uint32_t)random_below(random, w->count);
    ledger_place place = {w->movements[any].time_ms, any};
    ledger_sums sums;
    ledger_seek(&l, place, &cursor);
    ledger_sum(&l, &cursor, &sums);
    int64_t before = 0;
    size_t first_after = count;
    for (size_t i = count; i-- > 0;) {
        uint32_t number = expected[i] & ~LEDGER_DEBIT;
        int64_t time_ms = w->movements[number].time_ms;
        if (time_ms > place.time_ms || (time_ms == place.time_ms && number > place.movement)) {
            first_after = i;
        } else {
            before += signed_of(w, expected[i]);
        }
    }
    assert_int_equal(sums.before_fen, before);
    assert_int_equal(sums.net_fen, net);
    assert_int_equal(sums.low_fen, low);
    assert_int_equal(ledger_next(&l, &cursor, &entry), first_after < count);
    if (first_after < count) {
        assert_int_equal(entry, expected[first_after]);
    }
    free(expected);
}

static void equals_a_sort(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed);
    for (uint64_t round = 0; round < rounds; round++) {
        graph_world w;
        graph_world_init(&w, &random, 200 + (uint32_t)random_below(&random, 4000),
                         2 + (uint32_t)random_below(&random, 30));
        while (graph_world_apply(&w, 1 + (uint32_t)random_below(&random, 700))) {
            for (int i = 0; i < 6; i++) {
                graph_view view;
                uint64_t as_of = random_chance(&random, 1, 2) ? 0 : 1 + random_below(&random, w.graph.sequence);
                graph_view_open(&w.graph, as_of, &view);
                check_ledger(&w, &view, (uint32_t)random_below(&random, w.key_count), &random);
                graph_view_close(&view);
            }
        }
        graph_world_fini(&w);
    }
}

/* A reader inside keeps its blocks: what the writer replaces meanwhile is not reused under it. */
static void a_view_stays_as_it_was(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, seed);
    graph_world w;
    graph_world_init(&w, &random, 6000, 4);
    assert_true(graph_world_apply(&w, 3000));
    graph_view view;
    graph_view_open(&w.graph, 0, &view);
    while (graph_world_apply(&w, 100)) {
        for (uint32_t key = 0; key < w.key_count; key++) {
            check_ledger(&w, &view, key, &random);
        }
    }
    assert_int_equal(view.movement_limit, 3000);
    graph_view_close(&view);
    graph_world_fini(&w);
}

static void memory_is_counted(void **state) {
    (void)state;
    random_stream random;
    random_seed(&random, 1);
    graph_world w;
    graph_world_init(&w, &random, 60000, 10000);
    while (graph_world_apply(&w, 60000)) {
    }
    uint64_t bytes = graph_memory_bytes(&w.graph) - w.graph.order_capacity * sizeof *w.graph.order;
    assert_in_range(bytes / w.count, 24 + 8, 64);
    graph_world_fini(&w);
}

static void keys_are_checked(void **state) {
    (void)state;
    const char *reason = NULL;
    assert_true(keys_is_valid(TEXT("account:1"), &reason));
    const char *bad[] = {"", "account", "account:", ":1", "Account:1", "a1:1", "account:\n", "waytoolongakindofkey:1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(keys_is_valid(text_of(bad[i]), &reason));
        assert_non_null(reason);
    }
}

/* Ids are found at every moment of the growth of their table, and none is that was not added. */
static void transfer_ids_are_found_while_their_table_grows(void **state) {
    transfer_ids ids;
    bool was_moving = false;
    (void)state;
    transfer_ids_init(&ids);
    for (uint32_t n = 0; n < 20000; n++) {
        char text[24];
        int length = snprintf(text, sizeof text, "T%u", n);
        assert_true(transfer_ids_reserve_texts(&ids, 1));
        transfer_ids_add_text(&ids, (sluice_text){text, (size_t)length}, n);
        was_moving = was_moving || ids.moved > 0;
        const uint32_t asked[] = {n, n / 2, n + 1};
        for (size_t i = 0; i < 3; i++) {
            uint64_t cursor = 0;
            uint32_t at;
            bool exact = false, found = false;
            length = snprintf(text, sizeof text, "T%u", asked[i]);
            sluice_text id = {text, (size_t)length};
            while ((at = transfer_ids_candidate(&ids, id, &cursor, &exact)) != TRANSFER_ID_NONE) {
                found = found || at == asked[i];
            }
            assert_int_equal(found, asked[i] <= n);
        }
    }
    assert_true(was_moving);
    transfer_ids_fini(&ids);
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    rounds = tool_count(argc, argv, 60);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transfer_ids_are_found_while_their_table_grows),
        cmocka_unit_test(equals_a_sort),
        cmocka_unit_test(a_view_stays_as_it_was),
        cmocka_unit_test(memory_is_counted),
        cmocka_unit_test(keys_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
