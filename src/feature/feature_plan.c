/* Plans: names to slots. A few hundred at most, so a name is looked for one by one; nothing of it is on a hot path. */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/memory.h"
#include "feature/feature_private.h"

feature_plan *feature_plan_new(void) {
    return memory_new_zero(1, sizeof(feature_plan));
}

void feature_plan_free(feature_plan **plan) {
    if (*plan == NULL) {
        return;
    }
    for (size_t i = 0; i < (*plan)->count; i++) {
        memory_free((*plan)->slots[i].name);
    }
    memory_free((*plan)->slots);
    memory_free(*plan);
    *plan = NULL;
}

static bool find(const feature_plan *plan, sluice_text name, uint32_t *slot_out) {
    for (size_t i = 0; i < plan->count; i++) {
        if (text_equal(name, (sluice_text){plan->slots[i].name, plan->slots[i].name_length})) {
            *slot_out = (uint32_t)i;
            return true;
        }
    }
    return false;
}

static bool append(feature_plan *plan, sluice_text name, const plan_slot *like, uint32_t *slot_out) {
    char *copy = memory_new(name.length + 1);
    if (copy == NULL || !ARRAY_RESERVE(plan->slots, plan->capacity, plan->count + 1)) {
        memory_free(copy);
        return false;
    }
    memcpy(copy, name.data, name.length);
    copy[name.length] = '\0';
    plan_slot *slot = &plan->slots[plan->count];
    *slot = *like;
    slot->name = copy;
    slot->name_length = name.length;
    *slot_out = (uint32_t)plan->count++;
    return true;
}

static bool window_add(feature_plan *plan, int64_t window_ms) {
    for (uint32_t i = 0; i < plan->window_count; i++) {
        if (plan->windows_ms[i] == window_ms) {
            return true;
        }
    }
    if (plan->window_count == WINDOWS_MAX) {
        (void)snprintf(plan->reason, sizeof plan->reason,
                       "more than %u different windows are asked for: use those that others use, or fewer",
                       WINDOWS_MAX);
        return false;
    }
    plan->windows_ms[plan->window_count++] = window_ms;
    return true;
}

bool feature_plan_add(feature_plan *plan, sluice_text name, uint32_t *slot_out, const char **reason_out) {
    *reason_out = plan->reason;
    if (find(plan, name, slot_out)) {
        return true;
    }
    plan_slot slot = {0};
    if (!feature_parse(name, &slot.meaning, plan->reason) ||
        (slot.meaning.window_ms != 0 && !window_add(plan, slot.meaning.window_ms))) {
        return false;
    }
    slot.type = feature_table[slot.meaning.id].type;
    slot.unit = feature_table[slot.meaning.id].unit;
    if (!append(plan, name, &slot, slot_out)) {
        *reason_out = "no memory";
        return false;
    }
    return true;
}

bool feature_plan_add_external(feature_plan *plan, sluice_text name, feature_type type, feature_unit unit,
                               uint32_t *slot_out) {
    plan_slot slot = {.type = type, .unit = unit, .is_external = true};
    return !find(plan, name, slot_out) && append(plan, name, &slot, slot_out);
}

uint32_t feature_plan_count(const feature_plan *plan) {
    return (uint32_t)plan->count;
}

static const plan_slot *slot_at(const feature_plan *plan, uint32_t slot) {
    SLUICE_ASSERT(slot < plan->count);
    return &plan->slots[slot];
}

sluice_text feature_plan_name(const feature_plan *plan, uint32_t slot) {
    const plan_slot *s = slot_at(plan, slot);
    return (sluice_text){s->name, s->name_length};
}

feature_type feature_plan_type(const feature_plan *plan, uint32_t slot) {
    return slot_at(plan, slot)->type;
}

unsigned feature_plan_cost(const feature_plan *plan, uint32_t slot) {
    const plan_slot *s = &plan->slots[slot];
    if (s->is_external || s->meaning.subject == SUBJECT_TRANSFER) {
        return 0;
    }
    switch (s->meaning.id) {
    case FEATURE_IN_MIN_W:
    case FEATURE_IN_MAX_W:
    case FEATURE_OUT_MIN_W:
    case FEATURE_OUT_MAX_W:
        return 3;
    default:
        return s->meaning.window_ms == 0 ? 1 : 2;
    }
}

feature_unit feature_plan_unit(const feature_plan *plan, uint32_t slot) {
    return slot_at(plan, slot)->unit;
}
