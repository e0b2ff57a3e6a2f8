#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "signal/csv.h"
#include "signal/encoding.h"
#include "support/format_support.h"

static const csv_shape COMMAS = {.delimiter = ',', .quotes = true};

/* Splits a whole text into "a|b" + "\n" for each record; a defect is shown as "!". */
static void check(const csv_shape *shape, const char *input, size_t length, const char *expected) {
    arena memory = {0};
    text_writer shown = {0};
    csv_record record = {0};
    uint64_t lines = 0;
    size_t offset = 0;
    while (csv_record_next(shape, input, length, offset, &record)) {
        assert_true(record.next > offset && record.next <= length);
        offset = record.next;
        lines += record.lines;
        if (record.defect != NULL) {
            text_write(&shown, TEXT("!\n"));
            continue;
        }
        sluice_text fields[8];
        size_t count = csv_split(shape, record.text, &memory, fields, 8);
        for (size_t i = 0; i < count && i < 8; i++) {
            text_printf(&shown, "%s%.*s", i == 0 ? "" : "|", TEXT_ARGS(fields[i]));
        }
        text_write_char(&shown, '\n');
    }
    uint64_t newlines = 0;
    for (size_t i = 0; i < length; i++) {
        newlines += input[i] == '\n';
    }
    assert_int_equal(lines, newlines + (length > 0 && input[length - 1] != '\n'));
    assert_string_equal(shown.data == NULL ? "" : shown.data, expected);
    text_writer_fini(&shown);
    arena_fini(&memory);
}
#define CHECK(input, expected) check(&COMMAS, input, sizeof(input) - 1, expected)

static void test_plain(void **state) {
    (void)state;
    CHECK("", "");
    CHECK("a,b,c\n1,2,3\n", "a|b|c\n1|2|3\n");
    CHECK("a,b\r\n1,2\r\n", "a|b\n1|2\n");
    CHECK("a,b\n1,2", "a|b\n1|2\n");
    CHECK(",,\n", "||\n");
    CHECK(" a ,\tb\t\n", "a|b\n");
    CHECK("\n\n", "\n\n");
}

static void test_quotes(void **state) {
    (void)state;
    CHECK("\"a,b\",c\n", "a,b|c\n");
    CHECK("\"a\nb\",c\nd,e\n", "a\nb|c\nd|e\n");
    CHECK("\"he said \"\"hi\"\"\",x\n", "he said \"hi\"|x\n");
    CHECK("\"\",\"\"\"\"\n", "|\"\n");
    CHECK(" \"a,b\" ,c\n", "a,b|c\n");
    CHECK("=\"622848\",x\n", "=\"622848\"|x\n"); /* not at the field's beginning: plain */
    CHECK("5\" pipe,x\n", "5\" pipe|x\n");
    CHECK("\"a\"b,c\n", "ab|c\n");
    CHECK("\"a\r\nb\"\r\n", "a\r\nb\n");
}

static void test_a_stray_mark_costs_its_line_only(void **state) {
    (void)state;
    CHECK("a,b\n\"oops,1\nc,d\ne,f\n", "a|b\n!\nc|d\ne|f\n");
    CHECK("\"", "!\n");
}

static void test_without_quotes(void **state) {
    (void)state;
    const csv_shape bars = {.delimiter = '|'};
    static const char INPUT[] = "1|\"I said|x\n2|b|\"\n";
    check(&bars, INPUT, sizeof INPUT - 1, "1|\"I said|x\n2|b|\"\n");
}

static void test_long_lines_are_refused(void **state) {
    (void)state;
    size_t length = CSV_RECORD_BYTES_MAX + 3;
    char *text = memory_new(length + 2);
    memset(text, 'x', length);
    memcpy(text + length, "\na", 2);
    check(&COMMAS, text, length + 2, "!\na\n");
    text[0] = '"';
    check(&COMMAS, text, length + 2, "!\na\n");
    memory_free(text);
}

static void test_nul_bytes_are_plain(void **state) {
    (void)state;
    csv_record record;
    sluice_text fields[3];
    arena memory = {0};
    assert_true(csv_record_next(&COMMAS, "a\0b,c\n", 6, 0, &record));
    assert_int_equal(csv_split(&COMMAS, record.text, &memory, fields, 3), 2);
    assert_int_equal(fields[0].length, 3);
    arena_fini(&memory);
}

static void test_second_bytes_of_gb18030_are_no_delimiters(void **state) {
    (void)state;
    const csv_shape bars = {.delimiter = '|', .quotes = true, .double_bytes = true};
    static const char INPUT[] =
        "\x81|\"x|y\nz\n"; /* the first two bytes are one character; the mark is inside a field */
    csv_record record;
    assert_true(csv_record_next(&bars, INPUT, sizeof INPUT - 1, 0, &record));
    assert_null(record.defect);
    assert_int_equal(record.next, 7);
}

static void test_more_fields_than_asked_for(void **state) {
    (void)state;
    arena memory = {0};
    sluice_text fields[2];
    assert_int_equal(csv_split(&COMMAS, TEXT("1,2,3,4"), &memory, fields, 2), 4);
    assert_text(fields[1], "2");
    arena_fini(&memory);
}

static void test_encodings(void **state) {
    (void)state;
    bool automatic;
    encoding named;
    assert_true(encoding_of_name(TEXT("GBK"), &automatic, &named) && named == ENCODING_GB18030 && !automatic);
    assert_true(encoding_of_name(TEXT("UTF-8"), &automatic, &named) && named == ENCODING_UTF8 && !automatic);
    assert_true(encoding_of_name(TEXT("auto"), &automatic, &named) && automatic);
    assert_false(encoding_of_name(TEXT("big5"), &automatic, &named));
    assert_int_equal(encoding_detect(TEXT("账号")), ENCODING_UTF8);
    assert_int_equal(encoding_detect(TEXT("\xD5\xCB\xBA\xC5")), ENCODING_GB18030);
    assert_int_equal(encoding_detect(TEXT("\xEF\xBB\xBF\xFF")), ENCODING_UTF8);
    assert_non_null(encoding_refusal(TEXT("\xFF\xFE"
                                          "a")));
    assert_non_null(encoding_refusal(TEXT("PK\x03\x04...")));
    assert_null(encoding_refusal(TEXT("a,b")));
}

static void test_decoding(void **state) {
    (void)state;
    arena memory = {0};
    decoder *d = decoder_new();
    assert_non_null(d);
    sluice_text utf8;
    assert_int_equal(decoder_run(d, TEXT("\xD5\xCB\xBA\xC5,1"), &memory, &utf8), DECODER_OK);
    assert_text(utf8, "账号,1");
    assert_int_equal(decoder_run(d, TEXT("\x95\x32\x82\x36"), &memory, &utf8), DECODER_OK); /* four bytes: U+20000 */
    assert_text(utf8, "𠀀");
    assert_int_equal(decoder_run(d, TEXT(""), &memory, &utf8), DECODER_OK);
    assert_int_equal(utf8.length, 0);
    assert_int_equal(decoder_run(d, TEXT("a\xFF"), &memory, &utf8), DECODER_MALFORMED);
    assert_int_equal(decoder_run(d, TEXT("\xD5"), &memory, &utf8), DECODER_MALFORMED);
    memory_fail_after(0);
    arena empty = {0};
    assert_int_equal(decoder_run(d, TEXT("abc"), &empty, &utf8), DECODER_NO_MEMORY);
    memory_fail_after(-1);
    assert_text(encoding_make_valid(TEXT("a\xFF"
                                         "é\xC3"),
                                    100, &memory),
                "a\xEF\xBF\xBD"
                "é\xEF\xBF\xBD");
    decoder_free(&d);
    assert_null(d);
    arena_fini(&memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plain),
                                       cmocka_unit_test(test_quotes),
                                       cmocka_unit_test(test_a_stray_mark_costs_its_line_only),
                                       cmocka_unit_test(test_without_quotes),
                                       cmocka_unit_test(test_long_lines_are_refused),
                                       cmocka_unit_test(test_nul_bytes_are_plain),
                                       cmocka_unit_test(test_second_bytes_of_gb18030_are_no_delimiters),
                                       cmocka_unit_test(test_more_fields_than_asked_for),
                                       cmocka_unit_test(test_encodings),
                                       cmocka_unit_test(test_decoding)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
