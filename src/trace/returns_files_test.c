/* The files of a return and its two renderings. */
#include <sluice/returns.h>
#include <sluice/trace.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <yyjson.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"

static char folder[] = "/tmp/sluice-returns-XXXXXX";
static char ledger_path[64], losses_path[64];

static void write_file(const char *path, const char *text, size_t length) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static sluice_return *read_texts(const char *ledger, const char *losses, sluice_return_view *view) {
    sluice_return *result = NULL;
    sluice_error error = {0};
    write_file(ledger_path, ledger, strlen(ledger));
    write_file(losses_path, losses, strlen(losses));
    if (sluice_return_read(ledger_path, losses_path, &result, &error) != SLUICE_OK) {
        fail_msg("%s", error.text);
    }
    view->size = sizeof *view;
    sluice_return_view_get(result, view);
    return result;
}

#define EXAMPLE_3                                                                                                      \
    "time,direction,amount,party\n"                                                                                    \
    "2022-05-24 10:00:00,in,30000,A\n"                                                                                 \
    "2022-05-24 10:01:00,out,\"30,000.00\",\n"                                                                         \
    "2022-05-24 10:02:00,in,50000.5,B\n"                                                                               \
    "2022-05-24 10:03:00,out,20000.50,\n"                                                                              \
    "\n"                                                                                                               \
    "2022-05-24 10:04:00,in,40000.00,\"C, \"\"the third\"\"\"\n"                                                       \
    "2022-05-24 10:05:00,out,50000,\n"
#define LOSSES_3 "party,loss,refunded\nA,30000,0\nB,50000,\n\"C, \"\"the third\"\"\",40000,0.00\n"

static void quoted_fields_blank_lines_and_empty_refunds(void **state) {
    (void)state;
    sluice_return_view view;
    sluice_return *result = read_texts(EXAMPLE_3, LOSSES_3, &view);
    assert_int_equal(view.frozen_fen, 2000000);
    assert_int_equal(view.share_count, 3);
    assert_int_equal(view.shares[1].return_fen, 1111111);
    assert_int_equal(view.shares[2].return_fen, 888889);
    assert_true(text_equal(view.shares[2].party, TEXT("C, \"the third\"")));
    sluice_return_free(&result);
}

static void the_hash_is_of_the_files_bytes(void **state) {
    (void)state;
    sluice_return_view view;
    sluice_return *result = read_texts(EXAMPLE_3, LOSSES_3, &view);
    char expected[SHA256_HEX_BYTES];
    sha256 *sha = sha256_new();
    sha256_update(sha, EXAMPLE_3, strlen(EXAMPLE_3));
    sha256_finish(sha, expected);
    sha256_free(&sha);
    assert_string_equal(view.ledger_sha256, expected);
    assert_int_equal(strlen(view.losses_sha256), 64);
    sluice_return_free(&result);
}

static void columns_by_name_with_a_mark_and_line_ends_of_windows(void **state) {
    (void)state;
    sluice_return_view view;
    sluice_return *result = read_texts("\xEF\xBB\xBFnote,PARTY,Amount,direction,time\r\nx,A,100,IN,20220524100000\r\n"
                                       "y,,40,Out,2022-05-24T10:00:01+08:00\r\n",
                                       "refunded,loss,party\r\n10,100,A\r\n", &view);
    assert_int_equal(view.shares[0].return_fen, 6000);
    assert_int_equal(view.shares[0].refunded_fen, 1000);
    sluice_return_free(&result);
}

static void gb18030_is_recognised(void **state) {
    (void)state;
    /* 时间,方向,金额,对方 / 张三 and 受害人,损失,已退 / 张三 */
    static const char ledger[] = "\xCA\xB1\xBC\xE4,\xB7\xBD\xCF\xF2,\xBD\xF0\xB6\xEE,\xB6\xD4\xB7\xBD\n"
                                 "2022-05-24 10:00,\xC8\xEB,300,\xD5\xC5\xC8\xFD\n2022-05-24 10:01,\xB3\xF6,100,\n";
    static const char losses[] = "\xCA\xDC\xBA\xA6\xC8\xCB,\xCB\xF0\xCA\xA7,\xD2\xD1\xCD\xCB\n\xD5\xC5\xC8\xFD,300,\n";
    sluice_return_view view;
    sluice_return *result = read_texts(ledger, losses, &view);
    assert_true(text_equal(view.shares[0].party, TEXT("张三")));
    assert_int_equal(view.shares[0].return_fen, 20000);
    sluice_return_free(&result);
}

static void groups_carry_provenance(void **state) {
    (void)state;
    sluice_return_view view;
    sluice_return *result =
        read_texts("time,direction,amount,party,group\n2022-05-24 10:00,in,10000,,\n2022-05-24 10:01,in,30000,A,X\n"
                   "2022-05-24 10:01,in,20000,B,X\n",
                   "party,loss,refunded\nA,60000,12000\nB,40000,8000\n", &view);
    assert_int_equal(view.shares[0].return_fen, 3000000);
    assert_int_equal(view.shares[1].return_fen, 2000000);
    assert_int_equal(view.held_fen, 1000000);
    sluice_return_free(&result);
}

static void mistakes_name_file_line_field_and_cure(void **state) {
    (void)state;
    static const struct {
        const char *ledger, *losses, *expected;
    } CASES[] = {
        {"", LOSSES_3, "no column time (时间)"},
        {"time,direction,party\n", LOSSES_3,
         "no column amount (金额): the first line must be time,direction,amount,party"},
        {"time,direction,amount,party\n\nmay,in,1,A\n", LOSSES_3,
         "ledger.csv:3: time \"may\": expected a time such as"},
        {"time,direction,amount,party\n2022-05-24,to,1,A\n", LOSSES_3,
         "ledger.csv:2: direction \"to\": expected in or out"},
        {"time,direction,amount,party\n2022-05-24,in,1.005,A\n", LOSSES_3,
         "amount \"1.005\": expected yuan with at most two"},
        {"time,direction,amount,party\n2022-05-24,in,,A\n", LOSSES_3, "amount \"\": expected yuan"},
        {"time,direction,amount,party\n2022-05-24,out,-1,A\n", LOSSES_3, "expected an amount that is not negative"},
        {"time,direction,amount,party\n2022-05-24,in,1,000,A\n", LOSSES_3, "5 fields where the header has 4"},
        {"time,direction,amount,party\n", "party,loss\n,3\n", "losses.csv:2: party \"\": expected the victim's name"},
        {"time,direction,amount,party\n", "party,loss\nA,x\n", "losses.csv:2: loss \"x\""},
        {"time,direction,amount,party\n", "party,loss\nA,1\nA,2\n", "A is listed twice"},
        {"time,direction,amount,party\n", "name,loss\nA,1\n", "no column party"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        sluice_return *result = NULL;
        sluice_error error = {0};
        write_file(ledger_path, CASES[i].ledger, strlen(CASES[i].ledger));
        write_file(losses_path, CASES[i].losses, strlen(CASES[i].losses));
        assert_int_equal(sluice_return_read(ledger_path, losses_path, &result, &error), SLUICE_E_INPUT);
        assert_null(result);
        if (strstr(error.text, CASES[i].expected) == NULL) {
            fail_msg("case %zu: \"%s\" lacks \"%s\"", i, error.text, CASES[i].expected);
        }
    }
    sluice_return *result = NULL;
    assert_int_equal(sluice_return_read("/nonexistent/ledger.csv", losses_path, &result, NULL), SLUICE_E_NOT_FOUND);
}

static void json_says_what_the_view_says(void **state) {
    (void)state;
    sluice_return_view view;
    sluice_return *result = read_texts(EXAMPLE_3, LOSSES_3, &view);
    char *text = NULL;
    size_t length = 0;
    assert_int_equal(sluice_return_render(result, SLUICE_RETURN_JSON, &text, &length, NULL), SLUICE_OK);
    yyjson_doc *doc = yyjson_read(text, length, 0);
    assert_non_null(doc);
    yyjson_val *root = yyjson_doc_get_root(doc);
    yyjson_val *share = yyjson_arr_get(yyjson_obj_get(root, "shares"), 2);
    assert_string_equal(yyjson_get_str(yyjson_obj_get(share, "party")), "C, \"the third\"");
    assert_int_equal(yyjson_get_sint(yyjson_obj_get(share, "certain_fen")), 0);
    assert_int_equal(yyjson_get_sint(yyjson_obj_get(share, "possible_fen")), 2000000);
    assert_int_equal(yyjson_get_sint(yyjson_obj_get(share, "return_fen")), 888889);
    assert_string_equal(yyjson_get_str(yyjson_obj_get(share, "method")), "proportion");
    assert_non_null(strstr(yyjson_get_str(yyjson_obj_get(share, "basis")), "40,000.00 of 90,000.00"));
    assert_int_equal(yyjson_get_sint(yyjson_obj_get(root, "held_fen")), 0);
    assert_string_equal(yyjson_get_str(yyjson_obj_get(root, "ledger_sha256")), view.ledger_sha256);
    yyjson_doc_free(doc);
    sluice_text_free(&text);
    assert_null(text);
    sluice_return_free(&result);
}

static void table_proves_its_sum(void **state) {
    (void)state;
    sluice_return_view view;
    sluice_return *result = read_texts(EXAMPLE_3, "party,loss\nA,30000\nB,50000\n", &view);
    char *text = NULL;
    assert_int_equal(sluice_return_render(result, SLUICE_RETURN_TABLE, &text, NULL, NULL), SLUICE_OK);
    assert_non_null(strstr(text, "= frozen 冻结 20,000.00 ✓"));
    assert_non_null(strstr(text, "未列入受害人的其他方资金"));
    assert_non_null(strstr(text, "public notice of 30 days"));
    sluice_text_free(&text);
    sluice_return_free(&result);
}

static void every_failed_allocation_is_reported(void **state) {
    (void)state;
    sluice_return_view view;
    sluice_return *result = read_texts(EXAMPLE_3, LOSSES_3, &view);
    sluice_return_free(&result);
    sluice_result code = SLUICE_E_NO_MEMORY;
    int64_t allowed = 0;
    for (; code != SLUICE_OK; allowed++) {
        char *text = NULL;
        memory_fail_after(allowed);
        code = sluice_return_read(ledger_path, losses_path, &result, NULL);
        if (code == SLUICE_OK) {
            code = sluice_return_render(result, SLUICE_RETURN_JSON, &text, NULL, NULL);
        }
        memory_fail_after(-1);
        assert_true(code == SLUICE_OK || code == SLUICE_E_NO_MEMORY);
        sluice_text_free(&text);
        sluice_return_free(&result);
    }
    assert_true(allowed > 15);
}

static int make_folder(void **state) {
    (void)state;
    (void)snprintf(ledger_path, sizeof ledger_path, "%s/ledger.csv", mkdtemp(folder));
    (void)snprintf(losses_path, sizeof losses_path, "%s/losses.csv", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    (void)remove(ledger_path);
    (void)remove(losses_path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quoted_fields_blank_lines_and_empty_refunds),
        cmocka_unit_test(the_hash_is_of_the_files_bytes),
        cmocka_unit_test(columns_by_name_with_a_mark_and_line_ends_of_windows),
        cmocka_unit_test(gb18030_is_recognised),
        cmocka_unit_test(groups_carry_provenance),
        cmocka_unit_test(mistakes_name_file_line_field_and_cure),
        cmocka_unit_test(json_says_what_the_view_says),
        cmocka_unit_test(table_proves_its_sum),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
