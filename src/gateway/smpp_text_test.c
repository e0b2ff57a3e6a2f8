#include "gateway/smpp_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gateway/smpp_pdu.h"

static const smpp_text_rules GSM = {.narrow = SMPP_NARROW_GSM7, .parts_max = 10};

static smpp_parts split(arena *a, const char *text, const smpp_text_rules *rules) {
    smpp_parts parts;
    sluice_error error;
    assert_int_equal(smpp_text_split(text_of(text), rules, 7, a, &parts, &error), SLUICE_OK);
    return parts;
}

/* All parts decoded and joined. */
static void check_back(arena *a, const char *text, const smpp_parts *parts) {
    text_writer joined = {0};
    for (size_t i = 0; i < parts->count; i++) {
        smpp_incoming in;
        assert_int_equal(smpp_text_decode(parts->parts[i].bytes, parts->parts[i].count, parts->data_coding,
                                          parts->has_header, a, &in, NULL),
                         SLUICE_OK);
        assert_int_equal(in.part_count, parts->count);
        assert_int_equal(in.part, i + 1);
        text_write(&joined, in.text);
    }
    assert_string_equal(joined.data, text);
    text_writer_fini(&joined);
}

static char *repeat(const char *unit, size_t count) {
    size_t length = strlen(unit);
    char *text = malloc(length * count + 1);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++) {
        memcpy(text + i * length, unit, length);
    }
    text[length * count] = 0;
    return text;
}

static void check_counts(const char *unit, size_t count, const smpp_text_rules *rules, uint8_t coding,
                         size_t parts_expected, size_t longest) {
    arena a = {0};
    char *text = repeat(unit, count);
    smpp_parts parts = split(&a, text, rules);
    assert_int_equal(parts.data_coding, coding);
    assert_int_equal(parts.count, parts_expected);
    assert_int_equal(parts.has_header, parts_expected > 1);
    assert_int_equal(parts.parts[0].count, longest);
    check_back(&a, text, &parts);
    free(text);
    arena_fini(&a);
}

static void test_lengths(void **state) {
    (void)state;
    check_counts("a", 160, &GSM, SMPP_CODING_DEFAULT, 1, 160);
    check_counts("a", 161, &GSM, SMPP_CODING_DEFAULT, 2, 159);
    check_counts("a", 306, &GSM, SMPP_CODING_DEFAULT, 2, 159);
    check_counts("a", 307, &GSM, SMPP_CODING_DEFAULT, 3, 159);
    check_counts("诈", 70, &GSM, SMPP_CODING_UCS2, 1, 140);
    check_counts("诈", 71, &GSM, SMPP_CODING_UCS2, 2, 140);
    check_counts("诈", 134, &GSM, SMPP_CODING_UCS2, 2, 140);
    check_counts("诈", 135, &GSM, SMPP_CODING_UCS2, 3, 140);
}

/* 67 code units a part: an emoji of two never straddles them, so a part that would end inside one is a unit shorter. */
static void test_surrogates(void **state) {
    (void)state;
    check_counts("😀", 35, &GSM, SMPP_CODING_UCS2, 1, 140);
    check_counts("😀", 36, &GSM, SMPP_CODING_UCS2, 2, 6 + 132);
    arena a = {0};
    char *text = repeat("诈😀骗", 60);
    smpp_parts parts = split(&a, text, &GSM);
    for (size_t i = 0; i < parts.count; i++) {
        const uint8_t *last = parts.parts[i].bytes + parts.parts[i].count - 2;
        assert_false(last[0] >= 0xD8 && last[0] <= 0xDB); /* a high surrogate at the end */
    }
    check_back(&a, text, &parts);
    free(text);
    arena_fini(&a);
}

static void test_alphabets(void **state) {
    (void)state;
    const smpp_text_rules latin = {.narrow = SMPP_NARROW_LATIN1, .parts_max = 3},
                          ascii = {.narrow = SMPP_NARROW_ASCII, .parts_max = 3},
                          wide = {.narrow = SMPP_NARROW_NONE, .parts_max = 3};
    check_counts("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0", 1, &GSM, SMPP_CODING_DEFAULT, 1, 48);
    check_counts("[€]", 53, &GSM, SMPP_CODING_DEFAULT, 3, 6 + 152); /* an escape is not parted from its letter */
    check_counts("é", 140, &latin, SMPP_CODING_LATIN1, 1, 140);
    check_counts("é", 141, &latin, SMPP_CODING_LATIN1, 2, 140);
    check_counts("é", 70, &ascii, SMPP_CODING_UCS2, 1, 140);
    check_counts("~", 140, &ascii, SMPP_CODING_ASCII, 1, 140);
    check_counts("a", 70, &wide, SMPP_CODING_UCS2, 1, 140);
}

static void test_payload(void **state) {
    (void)state;
    const smpp_text_rules payload = {.narrow = SMPP_NARROW_GSM7, .is_payload = true, .parts_max = 10};
    arena a = {0};
    char *fits = repeat("诈", 512), *too_long = repeat("诈", 513);
    smpp_parts parts = split(&a, fits, &payload);
    assert_true(parts.is_payload && !parts.has_header);
    assert_int_equal(parts.parts[0].count, SMPP_TEXT_BYTES_MAX);
    parts = split(&a, too_long, &payload);
    assert_true(!parts.is_payload && parts.has_header);
    assert_int_equal(parts.count, 8);
    free(fits);
    free(too_long);
    arena_fini(&a);
}

static void test_refused(void **state) {
    (void)state;
    arena a = {0};
    smpp_parts parts;
    sluice_error error;
    char *long_text = repeat("诈", 671);
    assert_int_equal(smpp_text_split(text_of(long_text), &GSM, 1, &a, &parts, &error), SLUICE_E_INPUT);
    assert_non_null(strstr(error.text, "more than 10"));
    assert_int_equal(smpp_text_split(text_of(""), &GSM, 1, &a, &parts, NULL), SLUICE_E_INPUT);
    assert_int_equal(smpp_text_split(text_of("\xFF"), &GSM, 1, &a, &parts, NULL), SLUICE_E_INPUT);
    assert_int_equal(smpp_text_split((sluice_text){"a\0b", 3}, &GSM, 1, &a, &parts, NULL), SLUICE_E_INPUT);
    free(long_text);
    arena_fini(&a);
}

static void check_decoded(const char *bytes, size_t count, uint8_t coding, bool has_header, const char *expected) {
    arena a = {0};
    smpp_incoming in;
    assert_int_equal(smpp_text_decode((const uint8_t *)bytes, count, coding, has_header, &a, &in, NULL), SLUICE_OK);
    assert_int_equal(in.text.length, strlen(expected));
    assert_memory_equal(in.text.data, expected, in.text.length);
    arena_fini(&a);
}

static void test_decode_damaged(void **state) {
    (void)state;
    check_decoded("\xD8\x3D", 2, SMPP_CODING_UCS2, false, "\xEF\xBF\xBD");
    check_decoded("\xDE\x00\x00", 3, SMPP_CODING_UCS2, false, "\xEF\xBF\xBD\xEF\xBF\xBD");
    check_decoded("\x00\x54\x90\x00", 4, SMPP_CODING_UCS2, false, "T退");
    check_decoded("\x1B", 1, SMPP_CODING_DEFAULT, false, " ");
    check_decoded("\x1B\x65", 2, SMPP_CODING_DEFAULT, false, "€");
    check_decoded("\xC8", 1, SMPP_CODING_DEFAULT, false, "\xEF\xBF\xBD");
    check_decoded("\x09xx", 3, SMPP_CODING_DEFAULT, true, ""); /* a header longer than the message */
    check_decoded("\x00T", 2, SMPP_CODING_DEFAULT, true, "T");
    check_decoded("", 0, SMPP_CODING_DEFAULT, true, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths), cmocka_unit_test(test_surrogates), cmocka_unit_test(test_alphabets),
        cmocka_unit_test(test_payload), cmocka_unit_test(test_refused),    cmocka_unit_test(test_decode_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
