#include "support/cel_support.h"

#include <stdio.h>

#include "base/assert.h"

static const list *find_list(void *context, sluice_text name, const char **hint_out) {
    const cel_support *s = context;
    *hint_out = "mules";
    return text_equal(name, TEXT("mules")) ? s->mules : NULL;
}

static void report(void *context, size_t offset, const char *text) {
    cel_support *s = context;
    if (s->mistake_count++ == 0) {
        (void)snprintf(s->text, sizeof s->text, "%s", text);
        s->offset = offset;
    }
}

void cel_support_init(cel_support *s) {
    static const char TYPES[] = "idbs";
    static const feature_type FEATURE_TYPES[] = {FEATURE_INT, FEATURE_DOUBLE, FEATURE_BOOL, FEATURE_TEXT};
    *s = (cel_support){.plan = feature_plan_new(), .mules = list_new(), .machine = cel_machine_new()};
    SLUICE_ASSERT(s->plan != NULL && s->mules != NULL && s->machine != NULL);
    for (uint32_t i = 0; i < CEL_SUPPORT_SLOTS; i++) {
        char name[16];
        uint32_t slot = 0;
        int length = snprintf(name, sizeof name, "t.%c%u", TYPES[i / CEL_SUPPORT_OF_A_TYPE],
                              (unsigned)(i % CEL_SUPPORT_OF_A_TYPE + 1));
        bool added = feature_plan_add_external(s->plan, (sluice_text){name, (size_t)length},
                                               FEATURE_TYPES[i / CEL_SUPPORT_OF_A_TYPE], FEATURE_UNIT_NONE, &slot);
        SLUICE_ASSERT(added && slot == i);
    }
    for (size_t i = 0; i < sizeof s->values / sizeof s->values[0]; i++) {
        s->values[i].is_missing = true;
    }
    uint32_t line = 0;
    list_added one = list_add(s->mules, TEXT("card:1"), INT64_MIN, INT64_MAX, 1, &line);
    list_added two = list_add(s->mules, TEXT("card:2"), INT64_MIN, 1000, 2, &line);
    SLUICE_ASSERT(one == LIST_ADDED && two == LIST_ADDED);
}

void cel_support_fini(cel_support *s) {
    feature_plan_free(&s->plan);
    list_free(&s->mules);
    cel_machine_free(&s->machine);
}

void cel_support_int(cel_support *s, uint32_t slot, int64_t value) {
    s->values[slot] = (feature_value){.i = value};
}

void cel_support_double(cel_support *s, uint32_t slot, double value) {
    s->values[slot] = (feature_value){.d = value};
}

void cel_support_bool(cel_support *s, uint32_t slot, bool value) {
    s->values[slot] = (feature_value){.i = value ? 1 : 0};
}

void cel_support_text(cel_support *s, uint32_t slot, const char *text) {
    s->values[slot] = (feature_value){.text = text, .length = (uint32_t)strlen(text)};
}

sluice_result cel_support_compile(cel_support *s, sluice_text source, cel_program **program_out) {
    s->mistake_count = 0;
    s->text[0] = '\0';
    cel_environment environment = {s->plan, find_list, report, s};
    return cel_compile(source, &environment, program_out);
}

cel_outcome cel_support_run(cel_support *s, const char *source) {
    cel_program *program = NULL;
    sluice_result result = cel_support_compile(s, text_of(source), &program);
    if (result != SLUICE_OK) {
        (void)fprintf(stderr, "%s: %zu: %s\n", source, s->offset, s->text);
    }
    SLUICE_ASSERT(result == SLUICE_OK);
    cel_outcome outcome = cel_run(program, s->machine, s->values, 500);
    cel_program_free(&program);
    return outcome;
}
