/* The quick test before all conditions: of each rule one comparison of a slot with a constant that must hold, those of
 * one slot together. What passes is a candidate, and only its whole condition is run (as Suricata does with patterns).
 *
 *   group: slot 3, int   low  [20000, 50000, 1]
 *                        span [max-…, …       ]     candidate if value − low <= span, unsigned: one compare
 *                        rule [7, 2, 9]
 *
 * A value that is missing rules the whole group out: a condition with a missing operand in its conjunction is not true.
 * 20 bytes a rule; about a nanosecond each. */
#include <stdlib.h>

#include "detect/rule_private.h"

#define PENDING_MAX 8u /* rules that are not worth reading a value for: something cheaper may speak against them */

typedef struct chosen {
    cel_term term;
    uint32_t rule;
} chosen;

/* How much it tells, and what reading it costs: the less of both the better. That something is not the case, or has a
 * value, tells little; what belongs to the transfer itself is there, windows must be read. */
static unsigned rank_of(const feature_plan *plan, const cel_term *term) {
    uint64_t span = term->low > term->high ? 0 : (uint64_t)term->high - (uint64_t)term->low;
    bool is_no = feature_plan_type(plan, term->slot) == FEATURE_BOOL && term->high == 0;
    unsigned width = is_no || span == UINT64_MAX ? 2 : span >= 2 ? 1 : 0;
    return width * 4 + feature_plan_cost(plan, term->slot);
}

/* The best; of equal ones the first, which its author thought of first. */
static const cel_term *choose(const feature_plan *plan, const cel_term *terms, size_t count) {
    const cel_term *best = NULL;
    unsigned best_rank = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned rank = rank_of(plan, &terms[i]);
        if (best == NULL || rank < best_rank) {
            best = &terms[i];
            best_rank = rank;
        }
    }
    return best;
}

static int compare_chosen(const void *a, const void *b) {
    const chosen *left = a;
    const chosen *right = b;
    if (left->term.slot != right->term.slot) {
        return left->term.slot < right->term.slot ? -1 : 1;
    }
    if (left->term.is_double != right->term.is_double) { /* has(x) beside x > 1.0 */
        return left->term.is_double ? 1 : -1;
    }
    return left->rule < right->rule ? -1 : left->rule > right->rule;
}

static void fill(rule_filter *f, const chosen *all, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const cel_term *term = &all[i].term;
        if (i == 0 || compare_chosen(&(chosen){all[i - 1].term, 0}, &(chosen){*term, 0}) != 0) {
            f->groups[f->group_count++] = (rule_filter_group){term->slot, term->is_double, (uint32_t)i, (uint32_t)i};
        }
        f->groups[f->group_count - 1].end++;
        f->low[i] = term->low;
        f->span[i] = (uint64_t)term->high - (uint64_t)term->low;
        f->rule[i] = all[i].rule;
    }
}

bool rule_filter_build(rule_set *set) {
    rule_filter *f = &set->filter;
    size_t count = set->rule_count;
    chosen *all = memory_new(count * sizeof *all);
    f->groups = memory_new(count * sizeof *f->groups);
    f->low = memory_new(count * sizeof *f->low);
    f->span = memory_new(count * sizeof *f->span);
    f->rule = memory_new(count * sizeof *f->rule);
    f->always = memory_new(count * sizeof *f->always);
    if (all == NULL || f->groups == NULL || f->low == NULL || f->span == NULL || f->rule == NULL || f->always == NULL) {
        memory_free(all);
        return false;
    }
    size_t chosen_count = 0;
    for (size_t i = 0; i < count; i++) {
        size_t term_count = 0;
        const cel_term *terms = cel_terms(set->rules[i].program, &term_count);
        bool is_never = false;
        for (size_t t = 0; t < term_count; t++) {
            is_never = is_never || terms[t].low > terms[t].high;
        }
        const cel_term *best = choose(set->plan, terms, term_count);
        if (best == NULL) {
            f->always[f->always_count++] = (uint32_t)i;
        } else if (!is_never) {
            all[chosen_count++] = (chosen){*best, (uint32_t)i};
        }
    }
    if (chosen_count > 0) {
        qsort(all, chosen_count, sizeof *all, compare_chosen);
    }
    fill(f, all, chosen_count);
    memory_free(all);
    return true;
}

void rule_filter_fini(rule_filter *filter) {
    memory_free(filter->groups);
    memory_free(filter->low);
    memory_free(filter->span);
    memory_free(filter->rule);
    memory_free(filter->always);
    *filter = (rule_filter){0};
}

size_t rule_filter_run(const rule_set *set, const feature_value *values, uint32_t *rules_out) {
    const rule_filter *f = &set->filter;
    size_t count = 0;
    for (size_t g = 0; g < f->group_count; g++) {
        const rule_filter_group *group = &f->groups[g];
        const feature_value *value = &values[group->slot];
        if (value->is_pending && set->demand.get != NULL) {
            if (group->end - group->first <= PENDING_MAX) {
                for (uint32_t i = group->first; i < group->end; i++) {
                    rules_out[count++] = f->rule[i];
                }
                continue;
            }
            set->demand.get(set->demand.context, group->slot);
        }
        if (value->is_missing) {
            continue;
        }
        uint64_t order = (uint64_t)cel_order(value, group->is_double);
        for (uint32_t i = group->first; i < group->end; i++) {
            rules_out[count] = f->rule[i]; /* count < rule_count: this rule is not among them yet */
            count += order - (uint64_t)f->low[i] <= f->span[i];
        }
    }
    for (size_t i = 0; i < f->always_count; i++) {
        rules_out[count++] = f->always[i];
    }
    return count;
}
