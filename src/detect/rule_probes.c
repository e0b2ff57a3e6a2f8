/* Judging by few rules: probes that speak of several rules each, instead of rules one by one.
 *
 *   probe of slot 5 (payer.out_distinct_30d)   bounds   3        5        7
 *                                              out     {1 4 9} │ {1 4} │ {4} │ {2 4}     a set of rules, a bit each
 *
 *   probe of a part (!(payee.kind in […]))     out     {2 7 8} unless it holds
 *
 * All comparisons of one slot with constants, of however many rules, are one probe: where the value lies among the
 * bounds says at once which rules are out. A part that is no such comparison and that several rules have is a probe
 * too. First comes the probe that strikes out most rules for what it costs, which is learnt from the transfers
 * themselves; most transfers end there, with no rule left. What is left then has its own parts to show.
 *
 * The order of probes has no say in what is found: a rule matches when all its parts hold, and nothing else.
 *
 * 96 bytes a probe, 24 a bound. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "detect/rule_private.h"

#define BITS 64u
#define LEARNT_EVERY 4096u /* transfers … */
#define SAMPLED_EVERY 16u  /* … of which one in so many is looked at */
#define TRIES_KEPT 8u      /* fewer tell nothing */
#define WORTH_ONE 4096u
#define SLOT_TERMS_MAX 64u /* of one probe; more make another */

_Static_assert(RULES_FEW == 2 * BITS, "two words are written out below");

static void add_bits(rule_bits *to, const rule_bits *from) {
    to->words[0] |= from->words[0];
    to->words[1] |= from->words[1];
}

static unsigned count_bits(const rule_bits *set) {
    return (unsigned)(__builtin_popcountll(set->words[0]) + __builtin_popcountll(set->words[1]));
}

/* ---- building ---- */

/* The rules that have each part. */
static void find_rules(const rule_set *set, rule_bits *of_part) {
    const rule_parts *p = &set->parts;
    for (size_t i = 0; i < set->rule_count; i++) {
        for (uint32_t at = p->rules[i].first; at < p->rules[i].end; at++) {
            of_part[p->numbers[at]].words[i / BITS] |= UINT64_C(1) << i % BITS;
        }
    }
}

/* Tries of what reads windows cost more, though the first one pays for all of them; programs more than comparisons. */
static uint32_t weight_of(const rule_set *set, const rule_part *part) {
    static const uint32_t WEIGHTS[] = {2, 2, 4, 8}; /* by feature_plan_cost */
    return WEIGHTS[cel_part_cost(part->program, &part->part, set->plan)] + (part->part.is_term ? 0 : 4);
}

static rule_probe *add_probe(rule_set *set, uint32_t part, const rule_bits *rules) {
    rule_probes *t = &set->probes;
    rule_probe *probe = &t->all[t->count++];
    const cel_part *first = &set->parts.all[part].part;
    *probe = (rule_probe){.is_slot = first->is_term,
                          .is_double = first->is_term && first->term.is_double,
                          .slot = first->is_term ? first->term.slot : 0,
                          .part = part,
                          .weight = weight_of(set, &set->parts.all[part]),
                          .rules = *rules};
    return probe;
}

static int compare_bounds(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

/* Where a term begins and ends to hold, if it ever does. */
static uint32_t bounds_of(const cel_term *term, int64_t *bounds_out) {
    uint32_t count = 0;
    if (term->low <= term->high && term->low != INT64_MIN) {
        bounds_out[count++] = term->low;
    }
    if (term->low <= term->high && term->high != INT64_MAX) {
        bounds_out[count++] = term->high + 1;
    }
    return count;
}

static uint32_t sort_bounds(int64_t *bounds, uint32_t count) {
    uint32_t kept = 0;
    if (count > 1) {
        qsort(bounds, count, sizeof *bounds, compare_bounds);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (kept == 0 || bounds[kept - 1] != bounds[i]) {
            bounds[kept++] = bounds[i];
        }
    }
    return kept;
}

/* Terms of one slot, at most SLOT_TERMS_MAX, as numbers of their parts. */
static void add_slot(rule_set *set, const uint32_t *terms, size_t term_count, const rule_bits *of_part) {
    rule_probes *t = &set->probes;
    const rule_part *parts = set->parts.all;
    rule_probe *probe = add_probe(set, terms[0], &of_part[terms[0]]);
    uint32_t count = 0;
    probe->bound_first = t->bound_count;
    for (size_t i = 0; i < term_count; i++) {
        count += bounds_of(&parts[terms[i]].part.term, t->bounds + probe->bound_first + count);
        add_bits(&probe->rules, &of_part[terms[i]]);
    }
    probe->bound_count = sort_bounds(t->bounds + probe->bound_first, count);
    probe->out_first = t->out_count;
    t->bound_count += probe->bound_count;
    t->out_count += probe->bound_count + 1;
    for (uint32_t place = 0; place <= probe->bound_count; place++) {
        int64_t order = place == 0 ? INT64_MIN : t->bounds[probe->bound_first + place - 1];
        for (size_t i = 0; i < term_count; i++) {
            const cel_term *term = &parts[terms[i]].part.term;
            if (order < term->low || order > term->high) {
                add_bits(&t->out[probe->out_first + place], &of_part[terms[i]]);
            }
        }
    }
}

typedef struct slot_term {
    uint32_t slot, part;
    bool is_double;
} slot_term;

static int compare_terms(const void *a, const void *b) {
    const slot_term *left = a, *right = b;
    if (left->slot != right->slot) {
        return left->slot < right->slot ? -1 : 1;
    }
    if (left->is_double != right->is_double) { /* has(x) beside x > 1.0 */
        return left->is_double ? 1 : -1;
    }
    return left->part < right->part ? -1 : left->part > right->part;
}

static bool same_slot(const slot_term *a, const slot_term *b) {
    return a->slot == b->slot && a->is_double == b->is_double;
}

static bool add_slots(rule_set *set, const rule_bits *of_part) {
    const rule_parts *p = &set->parts;
    size_t count = 0;
    slot_term *terms = memory_new(p->count * sizeof *terms);
    if (terms == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < p->count; i++) {
        const cel_part *part = &p->all[i].part;
        if (part->is_term) {
            terms[count++] = (slot_term){part->term.slot, i, part->term.is_double};
        }
    }
    if (count > 1) {
        qsort(terms, count, sizeof *terms, compare_terms);
    }
    for (size_t first = 0, end = 0; first < count; first = end) {
        uint32_t numbers[SLOT_TERMS_MAX] = {0};
        for (; end < count && end - first < SLOT_TERMS_MAX && same_slot(&terms[first], &terms[end]); end++) {
            numbers[end - first] = terms[end].part;
        }
        add_slot(set, numbers, end - first, of_part);
    }
    memory_free(terms);
    return true;
}

/* By worth; stable, and short. */
static void sort_probes(rule_probes *t) {
    for (size_t k = 1; k < t->count; k++) {
        rule_probe moved = t->all[k];
        size_t at = k;
        while (at > 0 && t->all[at - 1].worth < moved.worth) {
            t->all[at] = t->all[at - 1];
            at--;
        }
        t->all[at] = moved;
    }
}

/* The parts of each rule that no probe asks for. */
static void find_own(rule_set *set) {
    rule_probes *t = &set->probes;
    const rule_parts *p = &set->parts;
    for (size_t i = 0; i < set->rule_count; i++) {
        t->own_first[i] = t->own_count;
        for (uint32_t at = p->rules[i].first; at < p->rules[i].end; at++) {
            const rule_part *part = &p->all[p->numbers[at]];
            if (!part->part.is_term && part->rule_count == 1) {
                t->own[t->own_count++] = p->numbers[at];
            }
        }
    }
    t->own_first[set->rule_count] = t->own_count;
}

bool rule_probes_build(rule_set *set) {
    rule_probes *t = &set->probes;
    const rule_parts *p = &set->parts;
    if (set->rule_count > RULES_FEW) {
        return true;
    }
    rule_bits *of_part = memory_new_zero(p->count + 1, sizeof *of_part);
    t->all = memory_new_zero(p->count + 1, sizeof *t->all);
    t->bounds = memory_new_zero(2 * p->count + 1, sizeof *t->bounds);
    t->out = memory_new_zero(3 * p->count + 1, sizeof *t->out);
    t->own = memory_new_zero(p->count + 1, sizeof *t->own);
    t->own_first = memory_new_zero(set->rule_count + 1, sizeof *t->own_first);
    if (of_part == NULL || t->all == NULL || t->bounds == NULL || t->out == NULL || t->own == NULL ||
        t->own_first == NULL) {
        memory_free(of_part);
        return false;
    }
    find_rules(set, of_part);
    find_own(set);
    bool good = add_slots(set, of_part);
    for (uint32_t i = 0; good && i < p->count; i++) {
        if (!p->all[i].part.is_term && p->all[i].rule_count > 1) {
            (void)add_probe(set, i, &of_part[i]);
        }
    }
    for (size_t i = 0; i < t->count; i++) {
        t->all[i].worth = WORTH_ONE / 2 * count_bits(&t->all[i].rules) / t->all[i].weight;
    }
    sort_probes(t);
    memory_free(of_part);
    return good;
}

void rule_probes_fini(rule_probes *probes) {
    memory_free(probes->all);
    memory_free(probes->bounds);
    memory_free(probes->out);
    memory_free(probes->own);
    memory_free(probes->own_first);
    *probes = (rule_probes){0};
}

/* ---- running ---- */

/* What was seen lately counts; what is hardly asked keeps its worth. */
static void learn(rule_probes *t) {
    for (size_t i = 0; i < t->count; i++) {
        rule_probe *probe = &t->all[i];
        if (probe->tried >= TRIES_KEPT) {
            probe->worth = probe->struck * WORTH_ONE / probe->tried / probe->weight;
            probe->tried /= 2;
            probe->struck /= 2;
        }
    }
    sort_probes(t);
}

/* The rules in force, until one begins or ends. */
static void valid_renew(rule_set *set, int64_t time_ms) {
    rule_probes *t = &set->probes;
    t->valid = (rule_bits){0};
    t->valid_from_ms = INT64_MIN;
    t->valid_to_ms = INT64_MAX;
    for (size_t i = 0; i < set->rule_count; i++) {
        int64_t bounds_ms[] = {set->rules[i].from_ms, set->rules[i].to_ms};
        bool is_valid = time_ms >= bounds_ms[0] && time_ms < bounds_ms[1];
        t->valid.words[i / BITS] |= (uint64_t)is_valid << i % BITS;
        for (size_t b = 0; b < 2; b++) {
            if (bounds_ms[b] <= time_ms) {
                t->valid_from_ms = bounds_ms[b] > t->valid_from_ms ? bounds_ms[b] : t->valid_from_ms;
            } else {
                t->valid_to_ms = bounds_ms[b] < t->valid_to_ms ? bounds_ms[b] : t->valid_to_ms;
            }
        }
    }
}

/* The rules that the probe's answer speaks against. */
static const rule_bits *ask(rule_set *set, const rule_probe *probe, const feature_value *values, int64_t time_ms) {
    static const rule_bits none;
    const rule_probes *t = &set->probes;
    if (!probe->is_slot) {
        const rule_part *part = &set->parts.all[probe->part];
        return rule_part_holds(set, part, values, time_ms) ? &none : &probe->rules;
    }
    const feature_value *value = rule_value(set, values, probe->slot);
    if (value->is_missing) {
        return &probe->rules;
    }
    int64_t order = cel_order(value, probe->is_double);
    const int64_t *bounds = t->bounds + probe->bound_first;
    uint32_t place = 0;
    for (uint32_t i = 0; i < probe->bound_count; i++) {
        place += order >= bounds[i];
    }
    return &t->out[probe->out_first + place];
}

/* What of these rules no probe speaks against. */
static rule_bits ask_all(rule_set *set, const feature_value *values, int64_t time_ms, bool is_sample, rule_bits rules) {
    rule_probes *t = &set->probes;
    uint64_t low = rules.words[0], high = rules.words[1];
    for (rule_probe *probe = t->all, *end = probe + t->count; probe != end && (low | high) != 0; probe++) {
        if (((low & probe->rules.words[0]) | (high & probe->rules.words[1])) == 0) {
            continue;
        }
        const rule_bits *out = ask(set, probe, values, time_ms);
        if (is_sample) {
            const rule_bits struck = {{low & out->words[0], high & out->words[1]}};
            probe->tried++;
            probe->struck += count_bits(&struck);
        }
        low &= ~out->words[0];
        high &= ~out->words[1];
    }
    return (rule_bits){{low, high}};
}

static bool own_hold(rule_set *set, uint32_t rule, const feature_value *values, int64_t time_ms) {
    const rule_probes *t = &set->probes;
    for (uint32_t at = t->own_first[rule]; at < t->own_first[rule + 1]; at++) {
        if (!rule_part_holds(set, &set->parts.all[t->own[at]], values, time_ms)) {
            return false;
        }
    }
    return true;
}

size_t rule_probes_run(rule_set *set, const feature_value *values, int64_t time_ms) {
    rule_probes *t = &set->probes;
    size_t count = 0;
    if (time_ms < t->valid_from_ms || time_ms >= t->valid_to_ms) {
        valid_renew(set, time_ms);
    }
    if (++t->runs % LEARNT_EVERY == 0) {
        learn(t);
    }
    rule_bits left = ask_all(set, values, time_ms, t->runs % SAMPLED_EVERY == 0, t->valid);
    for (uint32_t w = 0; w < RULES_FEW / BITS; w++) {
        for (uint64_t bits = left.words[w]; bits != 0; bits &= bits - 1) {
            uint32_t rule = w * BITS + (uint32_t)__builtin_ctzll(bits);
            if (own_hold(set, rule, values, time_ms)) {
                set->candidates[count++] = rule;
            }
        }
    }
    return count;
}
