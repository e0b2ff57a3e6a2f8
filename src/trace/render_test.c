#include "trace/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <yyjson.h>

#include "base/memory.h"
#include "base/money.h"
#include "trace/layout.h"
#include "trace/render_fixture_private.h"
#include "trace/render_private.h"

#define SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

typedef sluice_result (*renderer)(const render_input *, text_writer *, sluice_error *);
static const renderer RENDERERS[] = {render_json, render_table, render_csv, render_dot, render_svg};
#define RENDERER_COUNT (sizeof RENDERERS / sizeof *RENDERERS)

static uint64_t seed = 20221201;

/* The text is the caller's, freed by text_writer_fini. */
static text_writer rendered(const fixture *f, renderer render) {
    sluice_trace_position *positions = NULL;
    size_t count = 0;
    sluice_error error = {0};
    assert_int_equal(layout_trace(&f->view, &positions, &count, &error), SLUICE_OK);
    render_input input = {&f->view, SHA256, positions, count};
    text_writer writer = {0};
    assert_int_equal(render(&input, &writer, &error), SLUICE_OK);
    memory_free(positions);
    return writer;
}

static int64_t get_int(yyjson_val *object, const char *key) {
    yyjson_val *value = yyjson_obj_get(object, key);
    assert_true(yyjson_is_int(value));
    return yyjson_get_sint(value);
}

static int64_t sum_ints(yyjson_val *root, const char *array, const char *key) {
    int64_t sum = 0;
    size_t i = 0, count = 0;
    yyjson_val *item = NULL;
    yyjson_arr_foreach(yyjson_obj_get(root, array), i, count, item) {
        sum += get_int(item, key);
    }
    return sum;
}

static void json_has_the_numbers_of_the_view(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 80, 4, 1, true, SLUICE_METHOD_FIFO, seed);
    text_writer text = rendered(&f, render_json);
    yyjson_doc *doc = yyjson_read(text.data, text.length, 0);
    assert_non_null(doc);
    yyjson_val *root = yyjson_doc_get_root(doc);
    assert_int_equal(get_int(root, "total_fen"), f.view.total_fen);
    assert_int_equal(sum_ints(root, "accounts", "held_fen") + sum_ints(root, "sinks", "amount_fen") +
                         sum_ints(root, "cut", "amount_fen"),
                     f.view.total_fen);
    assert_int_equal(yyjson_arr_size(yyjson_obj_get(root, "accounts")), f.view.account_count);
    assert_int_equal(yyjson_arr_size(yyjson_obj_get(root, "layout")), f.view.account_count + f.view.sink_count);
    yyjson_val *start = yyjson_obj_get(root, "start");
    assert_string_equal(yyjson_get_str(yyjson_obj_get(start, "transfer")), "T-001");
    assert_string_equal(yyjson_get_str(yyjson_obj_get(start, "time")), "2022-04-15T13:20:00.000+08:00");
    assert_string_equal(yyjson_get_str(yyjson_obj_get(start, "currency")), "CNY");
    size_t i = 0, count = 0;
    yyjson_val *edge = NULL;
    yyjson_arr_foreach(yyjson_obj_get(root, "edges"), i, count, edge) {
        assert_int_equal(get_int(edge, "taint_fen"), f.edges[i].taint.fen);
        assert_true(yyjson_is_null(yyjson_obj_get(edge, "sink")) == (f.edges[i].to != UINT32_MAX));
        assert_null(yyjson_obj_get(edge, "by_victim"));
        assert_null(yyjson_obj_get(edge, "taint_certain_fen"));
    }
    yyjson_doc_free(doc);
    text_writer_fini(&text);
    fixture_fini(&f);
}

static void json_keeps_victims_and_bounds_apart(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 40, 4, 3, false, SLUICE_METHOD_BOUNDS, seed);
    text_writer text = rendered(&f, render_json);
    yyjson_doc *doc = yyjson_read(text.data, text.length, 0);
    yyjson_val *root = yyjson_doc_get_root(doc);
    assert_int_equal(yyjson_arr_size(yyjson_obj_get(yyjson_obj_get(root, "start"), "victims")), 3);
    size_t i = 0, count = 0;
    yyjson_val *account = NULL;
    yyjson_arr_foreach(yyjson_obj_get(root, "accounts"), i, count, account) {
        yyjson_val *victims = yyjson_obj_get(account, "by_victim");
        assert_int_equal(yyjson_arr_size(victims), 3);
        assert_int_equal(sum_ints(account, "by_victim", "in_fen"), get_int(account, "in_fen"));
        assert_int_equal(sum_ints(account, "by_victim", "held_certain_fen"), get_int(account, "held_certain_fen"));
    }
    yyjson_doc_free(doc);
    text_writer_fini(&text);
    fixture_fini(&f);
}

static void json_refuses_keys_that_are_not_utf8(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 3, 2, 1, false, SLUICE_METHOD_FIFO, seed);
    f.accounts[1].key = text_of("account:\xC4\xFA");
    render_input input = {&f.view, SHA256, NULL, 0};
    text_writer writer = {0};
    sluice_error error = {0};
    assert_int_equal(render_json(&input, &writer, &error), SLUICE_E_DAMAGED);
    assert_non_null(strstr(error.text, "gb18030"));
    text_writer_fini(&writer);
    fixture_fini(&f);
}

/* Field `column` of a row without quotes. */
static sluice_text csv_field(sluice_text row, size_t column) {
    sluice_text field = {0}, rest = row;
    for (size_t i = 0; i <= column; i++) {
        (void)text_split(rest, ',', &field, &rest);
    }
    return field;
}

static void csv_rows_add_up_to_the_edges(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 70, 3, 1, true, SLUICE_METHOD_FIFO, seed);
    text_writer text = rendered(&f, render_csv);
    sluice_text rest = {text.data, text.length}, row;
    assert_true(text_split(rest, '\n', &row, &rest));
    assert_true(text_equal(row, TEXT("from,from_layer,to,to_layer,sink,transfers,amount,taint,taint_certain,currency,"
                                     "first,last\r")));
    int64_t taint = 0, expected = 0;
    size_t rows = 0;
    for (; text_split(rest, '\n', &row, &rest); rows++) {
        int64_t fen = 0;
        bool rounded = false;
        assert_true(money_parse(csv_field(row, 7), &fen, &rounded));
        taint += fen;
        expected += f.edges[rows].taint.fen;
        assert_true(row.data[row.length - 1] == '\r');
    }
    assert_int_equal(rest.length, 0);
    assert_int_equal(rows, f.view.edge_count);
    assert_int_equal(taint, expected);
    text_writer_fini(&text);
    fixture_fini(&f);
}

static void csv_cells_are_neither_formulas_nor_torn(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 2, 1, 1, false, SLUICE_METHOD_FIFO, seed);
    f.accounts[0].key = text_of("=cmd|'/c calc'!A0");
    f.accounts[1].key = text_of("@a,\"b\"\nc");
    text_writer text = rendered(&f, render_csv);
    assert_non_null(strstr(text.data, "\r\n'=cmd|'/c calc'!A0,0,\"'@a,\"\"b\"\"\nc\",1,"));
    text_writer_fini(&text);
    fixture_fini(&f);
}

static void table_proves_its_sum(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 120, 60, 1, true, SLUICE_METHOD_PRORATA, seed);
    text_writer text = rendered(&f, render_table);
    assert_non_null(strstr(text.data, " = 30,000.00 ✓"));
    assert_non_null(strstr(text.data, "一级卡"));
    assert_non_null(strstr(text.data, "pro rata of the balance 按余额比例"));
    assert_non_null(strstr(text.data, " more 另有 ")); /* a layer of more than forty accounts */
    assert_non_null(strstr(text.data, SHA256));
    text_writer_fini(&text);
    f.sinks[f.view.sink_count - 1].taint.fen++;
    text = rendered(&f, render_table);
    assert_null(strstr(text.data, "✓"));
    assert_non_null(strstr(text.data, "✗"));
    text_writer_fini(&text);
    fixture_fini(&f);
}

static void table_lines_up_and_stays_within_its_width(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 40, 3, 2, true, SLUICE_METHOD_FIFO, seed);
    f.accounts[3].key = text_of("account:南宁市某某贸易有限公司");
    text_writer text = rendered(&f, render_table);
    sluice_text rest = {text.data, text.length}, line;
    size_t chinese = 0, other = 0;
    while (text_split(rest, '\n', &line, &rest)) {
        assert_true(columns_width(line) <= 120);
        /* The fourth number ends at the same column of the screen, whatever is in the key. */
        if (line.length > 20 && strncmp(line.data, "  account:", 10) == 0 &&
            memchr(line.data, '%', line.length) != NULL) {
            const char *percent = memchr(line.data, '%', line.length);
            size_t column = columns_width((sluice_text){line.data, (size_t)(percent - line.data)});
            bool is_chinese = (unsigned char)line.data[10] >= 0x80;
            *(is_chinese ? &chinese : &other) = column;
        }
    }
    assert_true(chinese > 0);
    assert_int_equal(chinese, other);
    text_writer_fini(&text);
    fixture_fini(&f);
}

static void svg_escapes_what_comes_from_outside(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 3, 2, 1, false, SLUICE_METHOD_FIFO, seed);
    f.accounts[1].key = text_of("<script>alert(\"1\")</script>&\x01\xFF");
    text_writer text = rendered(&f, render_svg);
    assert_null(strstr(text.data, "<script"));
    assert_non_null(
        strstr(text.data, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;\xEF\xBF\xBD\xEF\xBF\xBD"));
    text_writer_fini(&text);
    fixture_fini(&f);
}

static size_t count_of(const char *text, const char *what) {
    size_t count = 0;
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what)) {
        count++;
    }
    return count;
}

/* Balanced elements: every tag that opens closes, in order. Enough of a parser for what the renderer writes. */
static void check_well_formed(const char *text) {
    const char *open[16] = {NULL};
    size_t depth = 0;
    for (const char *at = strchr(text, '<'); at != NULL; at = strchr(at + 1, '<')) {
        const char *end = strchr(at, '>');
        assert_non_null(end);
        if (at[1] == '?' || end[-1] == '/') {
            continue;
        }
        if (at[1] != '/') {
            assert_true(depth < 16);
            open[depth++] = at + 1;
            continue;
        }
        size_t length = (size_t)(end - at) - 2;
        if (depth == 0) {
            fail_msg("an element closes that was never open: %.40s", at);
            return;
        }
        depth--;
        assert_memory_equal(open[depth], at + 2, length);
        assert_true(strchr(" >", open[depth][length]) != NULL);
    }
    assert_int_equal(depth, 0);
}

static void svg_draws_everything_or_says_what_it_folded(void **state) {
    (void)state;
    const size_t counts[] = {1, 2, 60, 250, 1500};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        fixture f;
        fixture_init(&f, counts[i], 5, 1, true, SLUICE_METHOD_FIFO, seed + i);
        text_writer text = rendered(&f, render_svg);
        check_well_formed(text.data);
        size_t nodes = f.view.account_count + f.view.sink_count;
        size_t boxes = count_of(text.data, "<g><rect");
        assert_true(boxes <= RENDER_SVG_NODES_MAX);
        assert_true(nodes > RENDER_SVG_NODES_MAX ? strstr(text.data, "folded by layer") != NULL : boxes == nodes);
        text_writer_fini(&text);
        fixture_fini(&f);
    }
}

/* A chain deeper than the sheet has columns folds its end into the last one. */
static void svg_folds_a_chain_without_end(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 400, 1, 1, false, SLUICE_METHOD_FIFO, seed);
    assert_int_equal(f.accounts[399].layer, 399);
    text_writer text = rendered(&f, render_svg);
    check_well_formed(text.data);
    assert_non_null(strstr(text.data, "其他账户 others (340)"));
    assert_non_null(strstr(text.data, "及以上 and deeper"));
    text_writer_fini(&text);
    fixture_fini(&f);
}

static void dot_names_every_node_and_edge_once(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 50, 4, 1, true, SLUICE_METHOD_FIFO, seed);
    f.accounts[7].key = text_of("account:\"quoted\\\"");
    text_writer text = rendered(&f, render_dot);
    assert_int_equal(count_of(text.data, " -> "), f.view.edge_count);
    assert_int_equal(count_of(text.data, "rank=same"), f.accounts[49].layer + 1 + (f.view.sink_count > 0 ? 1 : 0));
    assert_non_null(strstr(text.data, "account:\\\"quoted\\\\\\\""));
    text_writer_fini(&text);
    fixture_fini(&f);
}

static void every_format_is_deterministic_in_every_method(void **state) {
    (void)state;
    for (int method = 0; method < SLUICE_METHOD_COUNT; method++) {
        for (size_t i = 0; i < RENDERER_COUNT; i++) {
            fixture f, again;
            fixture_init(&f, 60, 4, 1 + (size_t)method % 3, true, (sluice_method)method, seed);
            fixture_init(&again, 60, 4, 1 + (size_t)method % 3, true, (sluice_method)method, seed);
            text_writer first = rendered(&f, RENDERERS[i]), second = rendered(&again, RENDERERS[i]);
            assert_int_equal(first.length, second.length);
            assert_memory_equal(first.data, second.data, first.length);
            assert_true(text_is_utf8((sluice_text){first.data, first.length}));
            text_writer_fini(&first);
            text_writer_fini(&second);
            fixture_fini(&f);
            fixture_fini(&again);
        }
    }
}

static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    fixture f;
    fixture_init(&f, 12, 3, 2, true, SLUICE_METHOD_FIFO, seed);
    for (size_t i = 0; i < RENDERER_COUNT; i++) {
        sluice_result result = SLUICE_E_NO_MEMORY;
        int64_t allowed = 0;
        for (; result != SLUICE_OK; allowed++) {
            render_input input = {&f.view, SHA256, NULL, 0};
            text_writer writer = {0};
            memory_fail_after(allowed);
            result = RENDERERS[i](&input, &writer, NULL);
            memory_fail_after(-1);
            assert_true(result == SLUICE_OK || result == SLUICE_E_NO_MEMORY);
            text_writer_fini(&writer);
        }
        assert_true(allowed > 2);
    }
    fixture_fini(&f);
}

static void layers_have_their_chinese_names(void **state) {
    (void)state;
    char buffer[RENDER_LAYER_BYTES];
    fixture f;
    fixture_init(&f, 2, 1, 1, false, SLUICE_METHOD_FIFO, seed);
    assert_string_equal(render_layer_label(&f.view, 0, buffer), "0 受害人 victim");
    f.starts[0].transfer_id.length = 0;
    assert_string_equal(render_layer_label(&f.view, 0, buffer), "0 起点 start");
    assert_string_equal(render_layer_label(&f.view, 1, buffer), "1 一级卡");
    assert_string_equal(render_layer_label(&f.view, 10, buffer), "10 十级卡");
    assert_string_equal(render_layer_label(&f.view, 11, buffer), "11 十一级卡");
    assert_string_equal(render_layer_label(&f.view, 20, buffer), "20 二十级卡");
    assert_string_equal(render_layer_label(&f.view, 99, buffer), "99 九十九级卡");
    assert_string_equal(render_layer_label(&f.view, 100, buffer), "100 100级卡");
    fixture_fini(&f);
}

static void widths_are_those_of_a_terminal(void **state) {
    (void)state;
    assert_int_equal(columns_width(TEXT("abc")), 3);
    assert_int_equal(columns_width(TEXT("一级卡")), 6);
    assert_int_equal(columns_width(TEXT("e\xCC\x81")), 1);
    assert_int_equal(columns_width(TEXT("\xFF\xFE")), 2);
    assert_int_equal(columns_width(TEXT("")), 0);
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--seed") == 0) {
        seed = strtoull(argv[2], NULL, 10);
    }
    print_message("seed %llu\n", (unsigned long long)seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_the_numbers_of_the_view),
        cmocka_unit_test(json_keeps_victims_and_bounds_apart),
        cmocka_unit_test(json_refuses_keys_that_are_not_utf8),
        cmocka_unit_test(csv_rows_add_up_to_the_edges),
        cmocka_unit_test(csv_cells_are_neither_formulas_nor_torn),
        cmocka_unit_test(table_proves_its_sum),
        cmocka_unit_test(table_lines_up_and_stays_within_its_width),
        cmocka_unit_test(svg_escapes_what_comes_from_outside),
        cmocka_unit_test(svg_draws_everything_or_says_what_it_folded),
        cmocka_unit_test(svg_folds_a_chain_without_end),
        cmocka_unit_test(dot_names_every_node_and_edge_once),
        cmocka_unit_test(every_format_is_deterministic_in_every_method),
        cmocka_unit_test(every_failed_allocation_is_reported),
        cmocka_unit_test(layers_have_their_chinese_names),
        cmocka_unit_test(widths_are_those_of_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
