/* Until features are merged: a plan that knows external names alone. */
#include "base/memory.h"
#include "feature/feature.h"

#define NAMES_MAX 4096

struct feature_plan {
    uint32_t count;
    struct {
        char *name;
        uint32_t length;
        feature_type type;
        feature_unit unit;
    } rows[NAMES_MAX];
};

feature_plan *feature_plan_new(void) {
    return memory_new_zero(1, sizeof(feature_plan));
}

void feature_plan_free(feature_plan **plan) {
    for (uint32_t i = 0; *plan != NULL && i < (*plan)->count; i++) {
        memory_free((*plan)->rows[i].name);
    }
    memory_free(*plan);
    *plan = NULL;
}

bool feature_plan_add(feature_plan *plan, sluice_text name, uint32_t *slot_out, const char **reason_out) {
    for (uint32_t i = 0; i < plan->count; i++) {
        if (text_equal(name, feature_plan_name(plan, i))) {
            *slot_out = i;
            return true;
        }
    }
    *reason_out = "no such feature";
    return false;
}

uint32_t feature_plan_count(const feature_plan *plan) {
    return plan->count;
}

sluice_text feature_plan_name(const feature_plan *plan, uint32_t slot) {
    return (sluice_text){plan->rows[slot].name, plan->rows[slot].length};
}

feature_type feature_plan_type(const feature_plan *plan, uint32_t slot) {
    return plan->rows[slot].type;
}

feature_unit feature_plan_unit(const feature_plan *plan, uint32_t slot) {
    return plan->rows[slot].unit;
}

bool feature_plan_add_external(feature_plan *plan, sluice_text name, feature_type type, feature_unit unit,
                               uint32_t *slot_out) {
    const char *reason = NULL;
    if (plan->count == NAMES_MAX || feature_plan_add(plan, name, slot_out, &reason)) {
        return false;
    }
    char *copy = memory_new(name.length);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, name.data, name.length);
    plan->rows[plan->count].name = copy;
    plan->rows[plan->count].length = (uint32_t)name.length;
    plan->rows[plan->count].type = type;
    plan->rows[plan->count].unit = unit;
    *slot_out = plan->count++;
    return true;
}
