/* A plan with features of every type for tests of conditions, and compiling with the mistakes caught. */
#ifndef TESTS_SUPPORT_CEL_SUPPORT_H
#define TESTS_SUPPORT_CEL_SUPPORT_H

#include "detect/cel.h"

/* t.i1 … t.i4 int, t.d1 … t.d4 double, t.b1 … t.b4 bool, t.s1 … t.s4 string, in this order of slots. */
#define CEL_SUPPORT_OF_A_TYPE 4
#define CEL_SUPPORT_SLOTS (4 * CEL_SUPPORT_OF_A_TYPE)

typedef struct cel_support {
    feature_plan *plan;
    list *mules; /* list("mules"): "card:1" always, "card:2" until time 1000 */
    cel_machine *machine;
    feature_value values[256]; /* all missing */
    /* Of the last cel_support_compile. */
    char text[500];
    size_t offset, mistake_count;
} cel_support;

void cel_support_init(cel_support *s);
void cel_support_fini(cel_support *s);

void cel_support_int(cel_support *s, uint32_t slot, int64_t value);
void cel_support_double(cel_support *s, uint32_t slot, double value);
void cel_support_bool(cel_support *s, uint32_t slot, bool value);
void cel_support_text(cel_support *s, uint32_t slot, const char *text);

SLUICE_MUST_USE sluice_result cel_support_compile(cel_support *s, sluice_text source, cel_program **program_out);
/* Compiles and runs; it must compile. */
cel_outcome cel_support_run(cel_support *s, const char *source);

#endif
