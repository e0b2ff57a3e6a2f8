/* Conditions of many rules at once: they have parts in common (not to an own account, not a company, the payer known
 * for three days), and each different part is evaluated at most once a transfer, when the first rule asks for it.
 *
 *   rule 7: parts [3 0 9 12]     part 3: slot 5 in 1 … 1      does not hold ── rule 7 is out, and rule 9
 *   rule 8: parts [3 4]          part 4: program, run         holds
 *
 * A condition is true when all its parts are. A rule's parts come cheap ones first, then those of many rules. A part
 * that does not hold strikes out every rule that has it, at once: a part of several rules knows them as a set of bits.
 *
 * Up to RULES_FEW rules are judged another way, by the same parts: rule_probes.c.
 *
 * 64 bytes a different part, a bit for each rule where it has several, 4 a part of a rule, 32 a rule. */
#include <string.h>

#include "base/memory.h"
#include "detect/rule_private.h"

#define BITS 64u

typedef struct builder {
    rule_parts *parts;
    uint32_t *slots; /* number + 1 by hash; 0: empty */
    size_t slot_mask;
} builder;

static size_t part_total(const rule_set *set) {
    size_t total = 0, count = 0;
    for (size_t i = 0; i < set->rule_count; i++) {
        (void)cel_parts(set->rules[i].program, &count);
        total += count;
    }
    return total;
}

static uint32_t number_of(builder *b, const cel_program *program, const cel_part *part) {
    rule_parts *p = b->parts;
    size_t at = cel_part_hash(program, part) & b->slot_mask;
    for (; b->slots[at] != 0; at = (at + 1) & b->slot_mask) {
        const rule_part *other = &p->all[b->slots[at] - 1];
        if (cel_part_same(program, part, other->program, &other->part)) {
            return b->slots[at] - 1;
        }
    }
    p->all[p->count++] = (rule_part){.part = *part, .program = program};
    b->slots[at] = (uint32_t)p->count;
    return (uint32_t)p->count - 1;
}

/* Sets of rules, of the parts that several have. */
static bool sets_make(rule_set *set) {
    rule_parts *p = &set->parts;
    size_t shared = 0, words = p->words;
    for (size_t i = 0; i < set->rule_count; i++) {
        for (uint32_t at = p->rules[i].first; at < p->rules[i].end; at++) {
            rule_part *part = &p->all[p->numbers[at]];
            part->set_first = part->rule_count == 1 ? (uint32_t)(shared++ * words) : part->set_first;
            part->rule_count++;
        }
    }
    p->sets = memory_new_zero(shared * words + 1, sizeof *p->sets);
    for (size_t i = 0; p->sets != NULL && i < set->rule_count; i++) {
        for (uint32_t at = p->rules[i].first; at < p->rules[i].end; at++) {
            const rule_part *part = &p->all[p->numbers[at]];
            if (part->rule_count > 1) {
                p->sets[part->set_first + i / BITS] |= UINT64_C(1) << i % BITS;
            }
        }
    }
    return p->sets != NULL;
}

/* Which of two parts of a rule comes first: the cheaper one, then the one that more rules have. */
static bool comes_before(const rule_set *set, const rule_part *a, const rule_part *b) {
    unsigned cost = cel_part_cost(a->program, &a->part, set->plan);
    unsigned other = cel_part_cost(b->program, &b->part, set->plan);
    return cost != other ? cost < other : a->rule_count > b->rule_count;
}

/* Short lists, nearly in order already (cel_chain). */
static void sort_parts(rule_set *set) {
    rule_parts *p = &set->parts;
    for (size_t i = 0; i < set->rule_count; i++) {
        uint32_t *numbers = p->numbers + p->rules[i].first, count = p->rules[i].end - p->rules[i].first;
        for (uint32_t k = 1; k < count; k++) {
            uint32_t number = numbers[k], at = k;
            while (at > 0 && comes_before(set, &p->all[number], &p->all[numbers[at - 1]])) {
                numbers[at] = numbers[at - 1];
                at--;
            }
            numbers[at] = number;
        }
    }
}

bool rule_parts_build(rule_set *set) {
    rule_parts *p = &set->parts;
    size_t total = part_total(set);
    builder b = {.parts = p};
    for (b.slot_mask = 63; b.slot_mask < total * 2; b.slot_mask = b.slot_mask * 2 + 1) {
    }
    b.slots = memory_new_zero(b.slot_mask + 1, sizeof *b.slots);
    p->all = memory_new(total * sizeof *p->all);
    p->holds = memory_new_zero(total + 1, sizeof *p->holds);
    p->words = set->rule_count / BITS + 1;
    p->left = memory_new_zero(p->words, sizeof *p->left);
    p->numbers = memory_new(total * sizeof *p->numbers);
    p->rules = memory_new_zero(set->rule_count + 1, sizeof *p->rules);
    bool good = b.slots != NULL && p->all != NULL && p->holds != NULL && p->left != NULL && p->numbers != NULL &&
                p->rules != NULL;
    for (size_t i = 0, at = 0; good && i < set->rule_count; i++) {
        const rule *r = &set->rules[i];
        size_t count = 0;
        const cel_part *parts = cel_parts(r->program, &count);
        p->rules[i] = (rule_parts_of){r->from_ms, r->to_ms, (uint32_t)at, (uint32_t)(at + count)};
        for (size_t k = 0; k < count; k++) {
            p->numbers[at++] = number_of(&b, r->program, &parts[k]);
        }
    }
    memory_free(b.slots);
    if (!good || !sets_make(set)) {
        return false;
    }
    sort_parts(set);
    return true;
}

void rule_parts_fini(rule_parts *parts) {
    memory_free(parts->all);
    memory_free(parts->holds);
    memory_free(parts->sets);
    memory_free(parts->left);
    memory_free(parts->numbers);
    memory_free(parts->rules);
    *parts = (rule_parts){0};
}

bool rule_part_holds(rule_set *set, const rule_part *p, const feature_value *values, int64_t time_ms) {
    if (!p->part.is_term) {
        return cel_run_part(p->program, &p->part, set->machine, values, time_ms) == CEL_TRUE;
    }
    const cel_term *term = &p->part.term;
    const feature_value *value = rule_value(set, values, term->slot);
    int64_t order = cel_order(value, term->is_double);
    return !value->is_missing && order >= term->low && order <= term->high;
}

/* Of the rules that are left. */
static bool holds(rule_set *set, uint32_t rule, const feature_value *values, int64_t time_ms) {
    rule_parts *p = &set->parts;
    const rule_parts_of *r = &p->rules[rule];
    if (time_ms < r->from_ms || time_ms >= r->to_ms) {
        return false;
    }
    for (uint32_t i = r->first; i < r->end; i++) {
        uint32_t number = p->numbers[i];
        if (p->holds[number]) {
            continue;
        }
        const rule_part *part = &p->all[number];
        if (!rule_part_holds(set, part, values, time_ms)) {
            for (size_t w = 0; part->rule_count > 1 && w < p->words; w++) {
                p->left[w] &= ~p->sets[part->set_first + w];
            }
            return false;
        }
        p->holds[number] = true;
    }
    return true;
}

/* Leaves those that the filter lets through. */
static void leave_filtered(rule_set *set, const feature_value *values) {
    rule_parts *p = &set->parts;
    size_t count = rule_filter_run(set, values, set->candidates), word = 0;
    uint64_t bits = 0; /* those of a group are mostly in one word */
    memset(p->left, 0, p->words * sizeof *p->left);
    for (size_t i = 0; i < count; i++) {
        if (set->candidates[i] / BITS != word) {
            p->left[word] |= bits;
            bits = 0;
            word = set->candidates[i] / BITS;
        }
        bits |= UINT64_C(1) << set->candidates[i] % BITS;
    }
    p->left[word] |= bits;
}

size_t rule_parts_run(rule_set *set, const feature_value *values, int64_t time_ms) {
    rule_parts *p = &set->parts;
    size_t count = 0;
    memset(p->holds, 0, p->count * sizeof *p->holds);
    leave_filtered(set, values);
    for (size_t w = 0; w < p->words; w++) {
        while (p->left[w] != 0) {
            uint32_t rule = (uint32_t)(w * BITS) + (uint32_t)__builtin_ctzll(p->left[w]);
            p->left[w] &= p->left[w] - 1;
            if (holds(set, rule, values, time_ms)) {
                set->candidates[count++] = rule;
            }
        }
    }
    return count;
}
