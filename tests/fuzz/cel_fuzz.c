/* Conditions: whatever compiles also runs, over missing and extreme values, within its limits, and its quick terms are
 * necessary. The input is the source. */
#include <stdint.h>

#include "base/assert.h"
#include "support/cel_support.h"
#include "support/cel_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

enum { VALUES = 4 };

static void run(cel_support *s, cel_walk *w, const cel_program *program) {
    for (int i = 0; i < VALUES; i++) {
        cel_walk_values(w, s->values);
        cel_outcome outcome = cel_run(program, s->machine, s->values, i * 500);
        SLUICE_ASSERT(outcome == CEL_FALSE || outcome == CEL_TRUE || outcome == CEL_ERROR);
        SLUICE_ASSERT(outcome == cel_run(program, s->machine, s->values, i * 500));
        size_t count = 0;
        const cel_term *terms = cel_terms(program, &count);
        for (size_t t = 0; t < count && outcome == CEL_TRUE; t++) {
            const feature_value *value = &s->values[terms[t].slot];
            int64_t order = cel_order(value, terms[t].is_double);
            SLUICE_ASSERT(!value->is_missing && order >= terms[t].low && order <= terms[t].high);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    cel_support s;
    cel_walk w;
    cel_program *program = NULL;
    cel_support_init(&s);
    cel_walk_init(&w, bytes);
    sluice_result result =
        cel_support_compile(&s, (sluice_text){bytes == 0 ? "" : (const char *)data, bytes}, &program);
    SLUICE_ASSERT((result == SLUICE_OK) == (program != NULL));
    SLUICE_ASSERT(result == SLUICE_OK || (s.mistake_count > 0 && s.offset <= bytes && s.text[0] != '\0'));
    if (program != NULL) {
        run(&s, &w, program);
    }
    cel_program_free(&program);
    cel_walk_fini(&w);
    cel_support_fini(&s);
    return 0;
}
