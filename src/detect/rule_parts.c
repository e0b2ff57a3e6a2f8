/* Conditions of many rules at once: they have parts in common (not to an own account, not a company, the payer known
 * for three days), and each different part is evaluated at most once a transfer, when the first rule asks for it.
 *
 *   rule 7: parts [3 0 9 12]     part 3: slot 5 in 1 … 1      does not hold ── rule 7 is out, and rule 9
 *   rule 8: parts [3 4]          part 4: program, run         holds
 *
 * A condition is true when all its parts are. A rule's parts come cheap ones first, then those of many rules. A part
 * that does not hold strikes out every rule that has it, at once: a part of several rules knows them as a set of bits.
 *
 * Up to RULES_FEW rules need no filter. What several have in common is asked first, and first what strikes out most
 * rules for what it costs, which is learnt from the transfers themselves; most transfers end there, with no rule left.
 * The order of parts has no say in what is found: a rule matches when all its parts hold, and nothing else.
 *
 * 64 bytes a different part, a bit for each rule where it has several, 4 a part of a rule, 32 a rule. */
#include <string.h>

#include "base/memory.h"
#include "detect/rule_private.h"

#define BITS 64u
#define LEARNT_EVERY 4096u /* transfers */
#define TRIES_KEPT 64u     /* fewer tell nothing */
#define WORTH_ONE 4096u

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

/* Tries of what reads windows cost more, though the first one pays for all of them; programs more than comparisons. */
static uint32_t weight_of(const rule_set *set, const rule_part *part) {
    static const uint32_t WEIGHTS[] = {2, 2, 4, 8}; /* by feature_plan_cost */
    return WEIGHTS[cel_part_cost(part->program, &part->part, set->plan)] + (part->part.is_term ? 0 : 2);
}

static uint64_t worth_of(const rule_part *part, uint32_t weight, uint64_t failed, uint64_t tried) {
    return failed * WORTH_ONE / tried * part->rule_count / weight;
}

/* By worth; stable, and short. */
static void common_sort(rule_common *common, size_t count) {
    for (size_t k = 1; k < count; k++) {
        rule_common moved = common[k];
        size_t at = k;
        while (at > 0 && common[at - 1].worth < moved.worth) {
            common[at] = common[at - 1];
            at--;
        }
        common[at] = moved;
    }
}

static bool common_make(rule_set *set) {
    rule_parts *p = &set->parts;
    if (set->rule_count > RULES_FEW) {
        return true;
    }
    p->common = memory_new_zero(p->count + 1, sizeof *p->common);
    if (p->common == NULL) {
        return false;
    }
    for (size_t i = 0; i < p->count; i++) {
        const rule_part *part = &p->all[i];
        if (part->rule_count > 1) {
            rule_common *c = &p->common[p->common_count++];
            c->number = (uint32_t)i;
            c->weight = weight_of(set, part);
            c->worth = worth_of(part, c->weight, 1, 2);
            for (size_t w = 0; w < p->words && w < RULES_FEW / BITS; w++) {
                c->rules[w] = p->sets[part->set_first + w];
            }
        }
    }
    common_sort(p->common, p->common_count);
    return true;
}

/* What was seen lately counts; what is hardly asked keeps its worth. */
static void common_learn(rule_parts *p) {
    for (size_t i = 0; i < p->common_count; i++) {
        rule_common *c = &p->common[i];
        if (c->tried >= TRIES_KEPT) {
            c->worth = worth_of(&p->all[c->number], c->weight, c->failed, c->tried);
            c->tried /= 2;
            c->failed /= 2;
        }
    }
    common_sort(p->common, p->common_count);
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
    return common_make(set);
}

void rule_parts_fini(rule_parts *parts) {
    memory_free(parts->all);
    memory_free(parts->holds);
    memory_free(parts->sets);
    memory_free(parts->left);
    memory_free(parts->numbers);
    memory_free(parts->rules);
    memory_free(parts->common);
    *parts = (rule_parts){0};
}

static bool evaluate(rule_set *set, const rule_part *p, const feature_value *values, int64_t time_ms) {
    if (!p->part.is_term) {
        return cel_run_part(p->program, &p->part, set->machine, values, time_ms) == CEL_TRUE;
    }
    const cel_term *term = &p->part.term;
    const feature_value *value = &values[term->slot];
    if (value->is_pending && set->demand.get != NULL) {
        set->demand.get(set->demand.context, term->slot);
    }
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
        if (!evaluate(set, part, values, time_ms)) {
            for (size_t w = 0; part->rule_count > 1 && w < p->words; w++) {
                p->left[w] &= ~p->sets[part->set_first + w];
            }
            return false;
        }
        p->holds[number] = true;
    }
    return true;
}

/* The rules in force, until one begins or ends. */
static void valid_renew(rule_set *set, int64_t time_ms) {
    rule_parts *p = &set->parts;
    memset(p->valid, 0, sizeof p->valid);
    p->valid_from_ms = INT64_MIN;
    p->valid_to_ms = INT64_MAX;
    for (size_t i = 0; i < set->rule_count; i++) {
        int64_t bounds_ms[] = {p->rules[i].from_ms, p->rules[i].to_ms};
        bool is_valid = time_ms >= bounds_ms[0] && time_ms < bounds_ms[1];
        p->valid[i / BITS] |= (uint64_t)is_valid << i % BITS;
        for (size_t b = 0; b < 2; b++) {
            if (bounds_ms[b] <= time_ms) {
                p->valid_from_ms = bounds_ms[b] > p->valid_from_ms ? bounds_ms[b] : p->valid_from_ms;
            } else {
                p->valid_to_ms = bounds_ms[b] < p->valid_to_ms ? bounds_ms[b] : p->valid_to_ms;
            }
        }
    }
}

/* Leaves the rules in force of which everything that they share with others holds. */
static void leave_few(rule_set *set, const feature_value *values, int64_t time_ms) {
    rule_parts *p = &set->parts;
    if (time_ms < p->valid_from_ms || time_ms >= p->valid_to_ms) {
        valid_renew(set, time_ms);
    }
    if (++p->runs % LEARNT_EVERY == 0) {
        common_learn(p);
    }
    uint64_t left[RULES_FEW / BITS] = {p->valid[0], p->valid[1]};
    for (rule_common *c = p->common, *end = c + p->common_count; c != end && (left[0] | left[1]) != 0; c++) {
        if (((left[0] & c->rules[0]) | (left[1] & c->rules[1])) == 0) {
            continue;
        }
        c->tried++;
        if (evaluate(set, &p->all[c->number], values, time_ms)) {
            p->holds[c->number] = true;
            continue;
        }
        c->failed++;
        left[0] &= ~c->rules[0];
        left[1] &= ~c->rules[1];
    }
    memcpy(p->left, left, (p->words < 2 ? p->words : 2) * sizeof *left);
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
    if (set->rule_count <= RULES_FEW) {
        leave_few(set, values, time_ms);
    } else {
        leave_filtered(set, values);
    }
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
