/* A model's features out of the engine's: names become slots of the plan, values become floats. A slot carries in its
 * highest bit that its values are doubles, so that a row needs nothing but slots and values. */
#include <math.h>

#include "base/assert.h"
#include "base/error.h"
#include "detect/model_private.h"

#define SLOT_DOUBLE 0x80000000u

sluice_result model_bind(const sluice_model *m, feature_plan *plan, uint32_t *slots_out, sluice_error *error) {
    for (size_t i = 0; i < m->feature_count; i++) {
        const char *reason = NULL;
        if (!feature_plan_add(plan, text_of(m->features[i]), &slots_out[i], &reason)) {
            return error_set(
                error, SLUICE_E_INPUT,
                "the model's feature %s is not known here: %s. The model was trained on other columns than "
                "the engine's features, or by a newer version",
                m->features[i], reason == NULL ? "unknown name" : reason);
        }
        SLUICE_ASSERT((slots_out[i] & SLOT_DOUBLE) == 0);
        feature_type type = feature_plan_type(plan, slots_out[i]);
        if (type == FEATURE_TEXT) {
            return error_set(error, SLUICE_E_INPUT, "the model's feature %s is a text here, and a model needs numbers",
                             m->features[i]);
        }
        slots_out[i] |= type == FEATURE_DOUBLE ? SLOT_DOUBLE : 0;
    }
    return SLUICE_OK;
}

void model_row(const sluice_model *m, const uint32_t *slots, const feature_value *values, float *row_out) {
    for (size_t i = 0; i < m->feature_count; i++) {
        const feature_value *value = &values[slots[i] & ~SLOT_DOUBLE];
        if (value->is_missing) {
            row_out[i] = NAN;
        } else {
            row_out[i] = (slots[i] & SLOT_DOUBLE) != 0 ? (float)value->d : (float)value->i;
        }
    }
}
