/* Plans: names, hints, limits; docs/features.md; what happens without memory. Values are judged in tests/property. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/time.h"
#include "feature/feature.h"
#include "feature/feature_table.h"

#define T0 INT64_C(1767542400000)

static const char *reason_of(feature_plan *plan, const char *name) {
    uint32_t slot;
    const char *reason = NULL;
    assert_false(feature_plan_add(plan, text_of(name), &slot, &reason));
    return reason;
}

static uint32_t slot_of(feature_plan *plan, const char *name) {
    uint32_t slot;
    const char *reason;
    assert_true(feature_plan_add(plan, text_of(name), &slot, &reason));
    return slot;
}

static void test_names(void **state) {
    (void)state;
    feature_plan *plan = feature_plan_new();
    assert_non_null(plan);
    assert_int_equal(slot_of(plan, "payee.in_count_1h"), 0);
    assert_int_equal(slot_of(plan, "payer.idle"), 1);
    assert_int_equal(slot_of(plan, "payee.in_count_1h"), 0);
    assert_int_equal(slot_of(plan, "pair.mean_36h"), 2);
    assert_int_equal(slot_of(plan, "ip.accounts_90m"), 3);
    assert_int_equal(feature_plan_count(plan), 4);
    assert_int_equal(feature_plan_type(plan, 2), FEATURE_DOUBLE);
    assert_int_equal(feature_plan_unit(plan, 2), FEATURE_UNIT_FEN);
    assert_int_equal(feature_plan_unit(plan, 1), FEATURE_UNIT_MS);
    assert_true(text_equal(feature_plan_name(plan, 3), TEXT("ip.accounts_90m")));
    uint32_t slot;
    assert_true(feature_plan_add_external(plan, TEXT("model.score"), FEATURE_DOUBLE, FEATURE_UNIT_NONE, &slot));
    assert_int_equal(slot, 4);
    assert_false(feature_plan_add_external(plan, TEXT("model.score"), FEATURE_DOUBLE, FEATURE_UNIT_NONE, &slot));
    assert_false(feature_plan_add_external(plan, TEXT("payer.idle"), FEATURE_INT, FEATURE_UNIT_NONE, &slot));
    assert_int_equal(slot_of(plan, "model.score"), 4); /* a rule may name it, too */
    feature_plan_free(&plan);
    assert_null(plan);
}

static void test_hints(void **state) {
    (void)state;
    feature_plan *plan = feature_plan_new();
    assert_non_null(plan);
    const struct {
        const char *name, *hint;
    } wrong[] = {
        {"payee.in_cuont_1h", "payee.in_count_1h"},
        {"payeee.in_count_36h", "payee.in_count_36h"},
        {"payer.idel", "payer.idle"},
        {"payer.in_distinct", "payer.in_distinct_1h"},
        {"payee.dwell", "payer.dwell"},
        {"pair.sum_1", "pair.sum_1h"},
        {"transfer.ammount", "transfer.amount"},
        {"devise.accounts_7d", "device.accounts_7d"},
        {"payer.in_count_0h", "between 1ms and 366d"},
        {"payer.in_count_367d", "between 1ms and 366d"},
        {"", "docs/features.md"},
        {".", "docs/features.md"},
        {"payer", "docs/features.md"},
        {"payer.", "docs/features.md"},
        {"_", "docs/features.md"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *reason = reason_of(plan, wrong[i].name);
        if (strstr(reason, wrong[i].hint) == NULL) {
            print_message("%s: %s\n", wrong[i].name, reason);
            fail();
        }
    }
    char huge[4000];
    memset(huge, '9', sizeof huge);
    memcpy(huge, "payer.in_count_", 15);
    uint32_t slot;
    const char *reason;
    assert_false(feature_plan_add(plan, (sluice_text){huge, sizeof huge}, &slot, &reason));
    assert_int_equal(feature_plan_count(plan), 0);
    feature_plan_free(&plan);
}

static void test_window_limit(void **state) {
    (void)state;
    feature_plan *plan = feature_plan_new();
    assert_non_null(plan);
    char name[64];
    for (int hours = 1; hours <= 16; hours++) {
        (void)snprintf(name, sizeof name, "payer.in_count_%dh", hours);
        (void)slot_of(plan, name);
    }
    assert_non_null(strstr(reason_of(plan, "payer.in_count_17h"), "16"));
    (void)slot_of(plan, "pair.sum_16h");
    (void)slot_of(plan, "pair.sum_960m"); /* the same length */
    feature_plan_free(&plan);
}

static void plan_everything(feature_plan *plan) {
    char name[64];
    for (feature_subject subject = 0; subject < SUBJECTS; subject++) {
        for (feature_id id = 0; id < FEATURE_IDS; id++) {
            for (int w = 0; feature_is_of(id, subject) && w < (feature_table[id].is_windowed ? 2 : 1); w++) {
                (void)snprintf(name, sizeof name, "%s.%s%s", feature_subject_names[subject], feature_table[id].name,
                               feature_table[id].is_windowed ? w == 0 ? "_1h" : "_7d" : "");
                (void)slot_of(plan, name);
            }
        }
    }
}

static activity some_signal(uint32_t i, char place[24]) {
    activity a = {.sequence = i + 1, .time_ms = T0 + i * INT64_C(60000), .movement = i, .from = i * 7 % 37};
    if (i % 5 == 4) {
        (void)snprintf(place, 24, "ip:100.64.%u.1", i % 97);
        a.kind = SLUICE_SIGNAL_LOGIN;
        a.to = 1000 + i % 11;
        a.place = text_of(place);
    } else if (i % 50 == 3) {
        a.kind = SLUICE_SIGNAL_ACCOUNT;
        a.event = SLUICE_EVENT_SEEN;
        a.to = 2000 + i % 3;
        a.type = i % 100 == 3 ? TEXT("wallet") : TEXT("card");
    } else {
        a.kind = SLUICE_SIGNAL_TRANSFER;
        a.to = i % 3 == 0 ? (a.from + 1) % 37 : i * 13 % 37;
        a.amount_fen = a.received_fen = i * 997 % 700000;
        a.time_ms -= i % 9 == 0 ? INT64_C(3600000) : 0;
    }
    return a;
}

/* With memory that runs out at every step and comes back, the values are the same as without. */
static void test_no_memory(void **state) {
    (void)state;
    feature_plan *plan = feature_plan_new();
    assert_non_null(plan);
    plan_everything(plan);
    size_t count = feature_plan_count(plan);
    feature_state *whole = feature_state_new(plan, NULL, 0), *poor = NULL;
    assert_non_null(whole);
    for (int64_t allowed = 0; poor == NULL; allowed++) {
        memory_fail_after(allowed);
        poor = feature_state_new(plan, NULL, 0);
        assert_true(allowed < 100);
    }
    memory_fail_after(-1);
    feature_value *a_values = calloc(count, sizeof *a_values), *b_values = calloc(count, sizeof *b_values);
    assert_non_null(a_values);
    assert_non_null(b_values);
    uint32_t failures = 0;
    for (uint32_t i = 0; i < 4000; i++) {
        char place[24];
        activity a = some_signal(i, place);
        assert_true(feature_step(whole, &a, a_values));
        for (int64_t allowed = 0;; allowed++) {
            memory_fail_after(allowed);
            if (feature_step(poor, &a, b_values)) {
                break;
            }
            failures++;
            assert_true(allowed < 100);
        }
        memory_fail_after(-1);
        for (size_t slot = 0; activity_is_movement(&a) && slot < count; slot++) {
            assert_int_equal(a_values[slot].is_missing, b_values[slot].is_missing);
            if (!a_values[slot].is_missing && feature_plan_type(plan, (uint32_t)slot) != FEATURE_TEXT) {
                assert_int_equal(a_values[slot].i, b_values[slot].i);
            }
        }
    }
    assert_true(failures > 10);
    free(a_values);
    free(b_values);
    feature_state_free(&whole);
    feature_state_free(&poor);
    feature_plan_free(&plan);
}

static void test_documentation(void **state) {
    (void)state;
    text_writer help = {0};
    feature_help(&help);
    assert_false(help.failed);
    FILE *file = fopen("docs/features.md", "rb");
    assert_non_null(file);
    char *page = calloc(1, help.length + 2);
    assert_non_null(page);
    size_t length = fread(page, 1, help.length + 1, file);
    (void)fclose(file);
    if (length != help.length || memcmp(page, help.data, length) != 0) {
        print_message("docs/features.md is not what feature_help prints; take build/features.md instead\n");
        FILE *made = fopen("build/features.md", "wb");
        if (made != NULL) {
            (void)fwrite(help.data, 1, help.length, made);
            (void)fclose(made);
        }
        fail();
    }
    free(page);
    text_writer_fini(&help);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),     cmocka_unit_test(test_hints),         cmocka_unit_test(test_window_limit),
        cmocka_unit_test(test_no_memory), cmocka_unit_test(test_documentation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
