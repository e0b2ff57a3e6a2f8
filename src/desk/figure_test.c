/* The table of lines names kinds, fields, measures and labels that are there, and says in both languages what is
 * counted; a new line needs no line here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "desk/dated_defaults.h"
#include "desk/figure.h"

static const record_field *field_named(const desk_kind *kind, const char *name) {
    uint8_t field = record_field_find(kind->table, text_of(name));
    if (field == NO_FIELD) {
        fail_msg("%s has no field %s", kind->name, name);
    }
    return &kind->table->fields[field];
}

static bool is_label_table(const char *name) {
    for (size_t i = 0; i < DATED_DEFAULT_COUNT; i++) {
        if (strcmp(DATED_DEFAULTS[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void check_words_of_codes(const record_field *field, const figure_term *term) {
    sluice_text rest = text_of(term->words), word;
    for (bool more = term->words != NULL && field->codes != NULL; more;) {
        more = text_split(rest, '|', &word, &rest);
        if (!desk_is_among(field->codes, word)) {
            fail_msg("%s is never %.*s", field->name, TEXT_ARGS(word));
        }
    }
}

static void check_line(const figure_line *line) {
    const desk_kind *kind = desk_kind_find(line->kind);
    assert_non_null(kind);
    assert_true(line->at == NULL || strcmp(line->at, "created_at") == 0 ||
                field_named(kind, line->at)->type == FIELD_TIME);
    for (size_t i = 0; i < FIGURE_TERMS_MAX && line->terms[i].field != NULL; i++) {
        const record_field *field = field_named(kind, line->terms[i].field);
        assert_int_not_equal(field->secrecy, SECRECY_SECRET); /* nobody could count again */
        assert_true(field_is_text(field->type) == (line->terms[i].words != NULL) || line->terms[i].is == QUERY_NULL ||
                    line->terms[i].is == QUERY_NOT_NULL);
        check_words_of_codes(field, &line->terms[i]);
    }
    if (line->measure != FIGURE_COUNT) {
        const record_field *field = field_named(kind, line->field);
        assert_int_not_equal(field->secrecy, SECRECY_SECRET);
        assert_true(line->measure == FIGURE_DISTINCT || !field_is_text(field->type));
        assert_true(line->measure == FIGURE_DISTINCT ||
                    (field->type == FIELD_MONEY) == ((line->flags & FIGURE_MONEY) != 0));
    }
    if (line->by != NULL) {
        assert_int_equal(field_named(kind, line->by)->type, FIELD_CODE);
        assert_true(is_label_table(line->labels));
    }
}

static void lines_name_what_is_there(void **state) {
    (void)state;
    for (size_t i = 0; i < FIGURE_LINE_COUNT; i++) {
        const figure_line *line = &FIGURE_LINES[i];
        assert_true(line->sections != 0 && line->code != NULL);
        assert_true(line->en != NULL && line->zh != NULL && line->unit_en != NULL && line->unit_zh != NULL);
        assert_true(line->means_en != NULL && line->means_zh != NULL);
        if (line->measure <= FIGURE_DISTINCT) {
            check_line(line);
        }
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(line->code, FIGURE_LINES[k].code);
        }
    }
}

static void days_are_counted_as_a_bulletin_counts_them(void **state) {
    const int64_t day = 86400000, begin = 1640966400000; /* 2022-01-01 +08:00 */
    const figure_section *year = figure_section_find("year"), *period = figure_section_find("period");
    figure_scope scope = {.from_ms = begin + 142 * day, .to_ms = begin + 143 * day + day / 2}; /* 24 May, noon */
    (void)state;
    assert_int_equal(figure_from(&scope, year), begin);
    assert_int_equal(figure_from(&scope, period), scope.from_ms);
    assert_int_equal(figure_days(begin, scope.to_ms), 144);
    assert_int_equal(figure_days(begin, begin + 144 * day), 144);
    assert_int_equal(figure_days(begin, begin), 0);
    scope.to_ms = begin; /* a period that ends with the year belongs to the year that ended */
    assert_int_equal(figure_from(&scope, year), begin - 365 * day);
    assert_null(figure_section_find("nothing"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_name_what_is_there),
        cmocka_unit_test(days_are_counted_as_a_bulletin_counts_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
