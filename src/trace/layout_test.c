#include "trace/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "trace/render_fixture_private.h"

static uint64_t seed = 20221201;

/* Rows are 0..n-1 in each column and boxes keep their distance. */
static void check_places(const sluice_trace_position *positions, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const sluice_trace_position *a = &positions[i];
        uint32_t above = 0;
        assert_true(a->height >= LAYOUT_NODE_HEIGHT_MIN);
        assert_true(a->y >= 0);
        assert_true(a->x == layout_column_x(a->column));
        for (size_t j = 0; j < count; j++) {
            const sluice_trace_position *b = &positions[j];
            if (i == j || a->column != b->column) {
                continue;
            }
            above += b->row < a->row;
            assert_int_not_equal(a->row, b->row);
            if (b->row < a->row) {
                assert_true(b->y + b->height + LAYOUT_ROW_GAP <= a->y);
            }
        }
        assert_int_equal(above, a->row);
    }
}

static void nothing_overlaps(void **state) {
    (void)state;
    for (uint64_t round = 0; round < 30; round++) {
        fixture f;
        fixture_init(&f, 1 + round * 9, 1 + (uint32_t)(round % 6), 1, round % 2 == 1, SLUICE_METHOD_FIFO, seed + round);
        sluice_trace_position *positions = NULL;
        size_t count = 0;
        assert_int_equal(layout_trace(&f.view, &positions, &count, NULL), SLUICE_OK);
        assert_int_equal(count, f.view.account_count + f.view.sink_count);
        check_places(positions, count);
        memory_free(positions);
        fixture_fini(&f);
    }
}

static void accounts_stand_in_their_layer_and_sinks_after_the_last_that_feeds_them(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 60, 3, 2, true, SLUICE_METHOD_FIFO, seed);
    sluice_trace_position *positions = NULL;
    size_t count = 0;
    assert_int_equal(layout_trace(&f.view, &positions, &count, NULL), SLUICE_OK);
    assert_true(f.view.sink_count > 0);
    for (size_t i = 0; i < count; i++) {
        if (positions[i].sink == UINT32_MAX) {
            assert_int_equal(positions[i].column, f.accounts[positions[i].account].layer);
            continue;
        }
        for (size_t e = 0; e < f.view.edge_count; e++) {
            if (f.edges[e].to == UINT32_MAX && f.edges[e].sink == positions[i].sink) {
                assert_int_equal(positions[i].column, f.accounts[f.edges[e].from].layer + 1);
            }
        }
    }
    memory_free(positions);
    fixture_fini(&f);
}

static void the_same_view_gives_the_same_places(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 200, 5, 3, true, SLUICE_METHOD_FIFO, seed);
    sluice_trace_position *first = NULL, *second = NULL;
    size_t count = 0;
    assert_int_equal(layout_trace(&f.view, &first, &count, NULL), SLUICE_OK);
    assert_int_equal(layout_trace(&f.view, &second, &count, NULL), SLUICE_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(first[i].row, second[i].row);
        assert_true(first[i].y == second[i].y && first[i].height == second[i].height);
    }
    memory_free(first);
    memory_free(second);
    fixture_fini(&f);
}

/* A ladder whose second column is given upside down: the sweeps must turn it round. */
static void crossings_that_need_not_be_are_gone(void **state) {
    (void)state;
    enum { RUNGS = 12 };
    layout_node nodes[2 * RUNGS] = {0};
    layout_edge edges[RUNGS];
    for (uint32_t i = 0; i < RUNGS; i++) {
        nodes[i] = (layout_node){.column = 0, .weight = 1};
        nodes[RUNGS + i] = (layout_node){.column = 1, .weight = 1};
        edges[i] = (layout_edge){i, 2 * RUNGS - 1 - i, 1};
    }
    assert_int_equal(layout_arrange(nodes, 2 * RUNGS, edges, RUNGS, NULL), SLUICE_OK);
    for (uint32_t i = 0; i < RUNGS; i++) {
        assert_int_equal(nodes[edges[i].from].row, nodes[edges[i].to].row);
    }
}

static void heights_follow_amounts(void **state) {
    (void)state;
    layout_node nodes[] = {{.column = 0, .weight = 100}, {.column = 1, .weight = 50}, {.column = 1, .weight = 0}};
    layout_edge edges[] = {{0, 1, 50}, {0, 2, 0}};
    assert_int_equal(layout_arrange(nodes, 3, edges, 2, NULL), SLUICE_OK);
    assert_true(nodes[0].height == LAYOUT_AMOUNT_HEIGHT);
    assert_true(nodes[1].height == LAYOUT_AMOUNT_HEIGHT / 2);
    assert_true(nodes[2].height == LAYOUT_NODE_HEIGHT_MIN);
}

static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 30, 3, 1, true, SLUICE_METHOD_FIFO, seed);
    sluice_result result = SLUICE_E_NO_MEMORY;
    int64_t allowed = 0;
    for (; result != SLUICE_OK; allowed++) {
        sluice_trace_position *positions = NULL;
        size_t count = 0;
        memory_fail_after(allowed);
        result = layout_trace(&f.view, &positions, &count, NULL);
        memory_fail_after(-1);
        assert_true(result == SLUICE_OK || result == SLUICE_E_NO_MEMORY);
        assert_true((positions != NULL) == (result == SLUICE_OK));
        memory_free(positions);
    }
    assert_true(allowed > 5);
    fixture_fini(&f);
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--seed") == 0) {
        seed = strtoull(argv[2], NULL, 10);
    }
    print_message("seed %llu\n", (unsigned long long)seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_overlaps),
        cmocka_unit_test(accounts_stand_in_their_layer_and_sinks_after_the_last_that_feeds_them),
        cmocka_unit_test(the_same_view_gives_the_same_places),
        cmocka_unit_test(crossings_that_need_not_be_are_gone),
        cmocka_unit_test(heights_follow_amounts),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
