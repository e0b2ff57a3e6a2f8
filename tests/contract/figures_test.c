/* Figures that are read in few passes are those that each line gives alone, over random records of every kind that a
 * line counts, with nulls, for the city, a district, a station, an operation and a site. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/time.h"
#include "desk/figure.h"
#include "store/copy.h"
#include "support/desk_check.h"
#include "sys/random.h"

enum { ROWS = 150 };
static const int64_t YEAR_MS = 1767196800000; /* 2026-01-01 +08:00 */
static desk_world w;
static random_stream draw;

static int open_world(void **state) {
    (void)state;
    desk_world_open(&w, desk_check_place());
    random_seed(&draw, 7);
    return 0;
}

static int close_world(void **state) {
    (void)state;
    desk_world_close(&w);
    return 0;
}

static record_value text_value(const char *before, uint64_t number) {
    char text[32];
    int length = snprintf(text, sizeof text, "%s%llu", before, (unsigned long long)number);
    return value_text((sluice_text){arena_copy(&w.memory, text, (size_t)length), (size_t)length});
}

/* Few different values, so that terms hold and values come again. */
static record_value any_value(const record_field *field) {
    if ((field->flags & FIELD_REQUIRED) == 0 && random_chance(&draw, 1, 5)) {
        return value_null();
    }
    if (field->type == FIELD_CODE && field->codes != NULL) {
        sluice_text word, rest = text_of(field->codes);
        uint64_t count = 1;
        for (const char *at = field->codes; *at != '\0'; at++) {
            count += *at == '|';
        }
        for (uint64_t skip = random_below(&draw, count) + 1; skip > 0; skip--) {
            (void)text_split(rest, '|', &word, &rest);
        }
        return value_text(word);
    }
    switch (field->type) {
    case FIELD_TIME:
        return value_integer(YEAR_MS + random_between(&draw, -40, 100) * TIME_DAY_MS);
    case FIELD_BOOLEAN:
        return value_integer((int64_t)random_below(&draw, 2));
    case FIELD_JSON:
        return value_text(TEXT("{}"));
    case FIELD_BLOB:
        return value_null();
    case FIELD_KEY:
        return text_value("card:", random_below(&draw, 20));
    case FIELD_CODE:
    case FIELD_TEXT:
        return random_chance(&draw, 1, 3) && (field->bytes_max == 0 || field->bytes_max > 9)
                   ? value_text(TEXT("dissuaded"))
                   : text_value("", random_below(&draw, 9));
    default:
        return value_integer(1 + (int64_t)random_below(&draw, 4));
    }
}

static void fill(const record_table *table) {
    assert_int_equal(store_begin(w.store, &w.error), SLUICE_OK);
    for (int row = 0; row < ROWS; row++) {
        record r;
        assert_true(record_init(&r, table, &w.memory));
        for (size_t i = 0; i < table->field_count; i++) {
            r.values[i] = any_value(&table->fields[i]);
        }
        for (size_t i = 0; i < table->index_count; i++) {
            if (table->indexes[i].unique) { /* different in each row, in the field that is not fixed by the others */
                const record_field *field = &table->fields[table->indexes[i].fields[0]];
                r.values[table->indexes[i].fields[0]] =
                    field_is_text(field->type) ? text_value("u:", (uint64_t)row) : value_integer(row + 1);
            }
        }
        if (store_insert(w.store, &r, YEAR_MS + random_between(&draw, -40, 100) * TIME_DAY_MS, &w.error) != SLUICE_OK) {
            fail_msg("%s", w.error.text);
        }
    }
    assert_int_equal(store_commit(w.store, &w.error), SLUICE_OK);
}

static void fill_all(void) {
    const record_table *done[64];
    size_t count = 0;
    for (size_t i = 0; i < FIGURE_LINE_COUNT; i++) {
        const desk_kind *kind = FIGURE_LINES[i].kind == NULL ? NULL : desk_kind_find(FIGURE_LINES[i].kind);
        bool is_new = kind != NULL;
        for (size_t k = 0; is_new && k < count; k++) {
            is_new = done[k] != kind->table;
        }
        if (is_new) {
            done[count++] = kind->table;
            fill(kind->table);
        }
    }
}

static void check(const figure_scope *scope) {
    figure *figures = NULL, alone;
    size_t count = 0, counted = 0;
    store *view = NULL;
    assert_int_equal(store_view(w.store, &view, &w.error), SLUICE_OK);
    if (figures_compute(view, scope, ~0u, &w.memory, &figures, &count, &w.error) != SLUICE_OK) {
        fail_msg("%s", w.error.text);
    }
    for (size_t i = 0; i < count; i++) {
        const figure *f = &figures[i];
        if (f->line->measure > FIGURE_DISTINCT) {
            continue;
        }
        assert_int_equal(figure_compute(view, scope, f->section, f->line, NULL, &w.memory, &alone, &w.error),
                         SLUICE_OK);
        if (alone.value != f->value || alone.part_count != f->part_count) {
            fail_msg("%s of %s: %lld in a pass, %lld alone", f->line->code, f->section->code, (long long)f->value,
                     (long long)alone.value);
        }
        for (size_t k = 0; k < alone.part_count; k++) {
            assert_int_equal(alone.parts[k].value, f->parts[k].value);
        }
        counted += f->value > 0;
    }
    assert_true(counted > 20 || scope->station != 0); /* the comparison is of something */
    store_close(&view);
}

static void passes_give_what_each_line_gives(void **state) {
    (void)state;
    int64_t to_ms = YEAR_MS + 60 * TIME_DAY_MS;
    fill_all();
    const figure_scope scopes[] = {
        {.from_ms = YEAR_MS, .to_ms = to_ms},
        {.from_ms = YEAR_MS + 20 * TIME_DAY_MS, .to_ms = to_ms, .operation = 1},
        {.from_ms = YEAR_MS - 30 * TIME_DAY_MS, .to_ms = to_ms, .operation = 2, .site = 1},
        {.from_ms = YEAR_MS + 5 * TIME_DAY_MS, .to_ms = to_ms, .district = 2},
        {.from_ms = YEAR_MS + 5 * TIME_DAY_MS, .to_ms = to_ms, .operation = 3, .district = 1, .station = 3},
    };
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        check(&scopes[i]);
    }
}

static void values_of_two_fields_are_two_passes(void **state) {
    (void)state;
    const desk_kind *kind = desk_kind_find("stop");
    int64_t values[2];
    record_query all = {.table = kind->table};
    uint8_t account = record_field_find(kind->table, TEXT("account")), holder = account == 0 ? 1 : 0;
    const record_measure measures[] = {{.kind = MEASURE_DISTINCT, .field = account},
                                       {.kind = MEASURE_DISTINCT, .field = holder}};
    assert_int_equal(store_measure(w.store, &all, measures, 2, values, &w.error), SLUICE_E_INVALID);
    assert_int_equal(store_measure(w.store, &all, measures, 1, values, &w.error), SLUICE_OK);
    assert_int_equal(values[0], 0);
}

static int run(const char *name) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(passes_give_what_each_line_gives, open_world, close_world),
        cmocka_unit_test_setup_teardown(values_of_two_fields_are_two_passes, open_world, close_world),
    };
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void) {
    return desk_check_on_each_store(run);
}
