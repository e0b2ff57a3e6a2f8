/* Typed tree → program: flat code for a register machine.
 *
 * A node's result goes to the register of its depth, so a tree of depth d needs about d registers and nothing is ever
 * spilled. A bool is one of CEL_FALSE, CEL_TRUE and CEL_ERROR; any other value is there or is not: what cannot be
 * computed leaves its expression for the end of the nearest bool around it, whose register becomes CEL_ERROR. That
 * place is written into the instruction (fail_to), so that errors cost nothing while there are none. The comparison of
 * a slot with a constant, which most conditions are made of, is one instruction.
 *
 *   payee.in_count_1h >= 10 && payer.idle > 5      COMPARE_SLOT r0, slot 0, >=, 10
 *                                                  JUMP_FALSE   r0 → end
 *                                                  COMPARE_SLOT r1, slot 1, >, 5
 *                                                  AND          r0, r0, r1
 *                                            end:  RETURN       r0
 *
 * 32 bytes an instruction; at most three instructions a node; no jump goes back. */
#include "base/assert.h"
#include "base/hash.h"
#include "detect/cel_private.h"

static bool emit(cel_program *p, const cel_typed *node, size_t to);

/* The new instruction, or NULL: no memory. Valid until the next one. */
static cel_instruction *append(cel_program *p, cel_op op, size_t to) {
    SLUICE_ASSERT(to < CEL_REGISTERS && p->count < UINT16_MAX);
    if (!ARRAY_RESERVE(p->code, p->capacity, p->count + 1)) {
        return NULL;
    }
    cel_instruction *in = &p->code[p->count++];
    *in = (cel_instruction){.op = (uint8_t)op, .to = (uint8_t)to, .a = (uint8_t)to, .b = (uint8_t)(to + 1)};
    return in;
}

static bool emit_constant(cel_program *p, const cel_typed *node, size_t to) {
    cel_instruction *in = append(p, CEL_OP_CONST, to);
    if (in == NULL) {
        return false;
    }
    if (node->type != CEL_STRING) {
        in->i = node->value.i;
        return true;
    }
    char *text = arena_copy(&p->memory, node->value.text, node->value.length);
    in->text = text;
    in->is_text = true;
    in->slot = (uint32_t)node->value.length;
    return text != NULL;
}

static cel_relation mirrored(cel_relation relation) {
    static const cel_relation MIRRORED[] = {CEL_EQ, CEL_NE, CEL_GT, CEL_GE, CEL_LT, CEL_LE};
    return MIRRORED[relation];
}

/* `slot <relation> constant`, either way round. */
static bool slot_and_constant(const cel_typed *node, cel_op base, cel_relation *relation_out,
                              const cel_typed **slot_out, const cel_typed **constant_out) {
    if (node->op < base || node->op >= base + 6) {
        return false;
    }
    const cel_typed *left = node->first;
    const cel_typed *right = left->next;
    *relation_out = (cel_relation)(node->op - base);
    if (left->op == CEL_OP_CONST && right->op == CEL_OP_SLOT) {
        *relation_out = mirrored(*relation_out);
        *slot_out = right;
        *constant_out = left;
        return true;
    }
    *slot_out = left;
    *constant_out = right;
    return left->op == CEL_OP_SLOT && right->op == CEL_OP_CONST;
}

static bool emit_compare(cel_program *p, const cel_typed *node, size_t to) {
    cel_relation relation = CEL_EQ;
    const cel_typed *slot = NULL;
    const cel_typed *constant = NULL;
    cel_instruction *in = NULL;
    if (slot_and_constant(node, CEL_OP_COMPARE_INT, &relation, &slot, &constant) ||
        slot_and_constant(node, CEL_OP_COMPARE_DOUBLE, &relation, &slot, &constant)) {
        cel_op base = slot->type == CEL_INT ? CEL_OP_COMPARE_SLOT_INT : CEL_OP_COMPARE_SLOT_DOUBLE;
        in = append(p, base + (cel_op)relation, to);
        if (in != NULL) {
            in->slot = slot->slot;
            in->i = constant->value.i;
        }
        return in != NULL;
    }
    return emit(p, node->first, to) && emit(p, node->first->next, to + 1) && append(p, node->op, to) != NULL;
}

static bool emit_chain(cel_program *p, const cel_typed *node, size_t to) {
    size_t jumps = 0; /* the newest; each holds the one before until the end is known */
    if (!emit(p, node->first, to)) {
        return false;
    }
    for (const cel_typed *child = node->first->next; child != NULL; child = child->next) {
        cel_instruction *jump = append(p, node->op == CEL_OP_AND ? CEL_OP_JUMP_FALSE : CEL_OP_JUMP_TRUE, to);
        if (jump == NULL) {
            return false;
        }
        jump->target = (uint32_t)jumps;
        jumps = p->count - 1;
        if (!emit(p, child, to + 1) || append(p, node->op, to) == NULL) {
            return false;
        }
    }
    while (jumps != 0) {
        size_t before = p->code[jumps].target;
        p->code[jumps].target = (uint32_t)p->count;
        jumps = before;
    }
    return true;
}

static bool emit_if(cel_program *p, const cel_typed *node, size_t to) {
    const cel_typed *then = node->first->next;
    if (!emit(p, node->first, to) || append(p, CEL_OP_BRANCH, to) == NULL) {
        return false;
    }
    size_t branch = p->count - 1;
    if (!emit(p, then, to) || append(p, CEL_OP_JUMP, to) == NULL) {
        return false;
    }
    size_t jump = p->count - 1;
    p->code[branch].target = (uint32_t)p->count;
    if (!emit(p, then->next, to)) {
        return false;
    }
    p->code[jump].target = (uint32_t)p->count;
    return true;
}

/* One, two or more operands; more are taken from the left. */
static bool emit_operation(cel_program *p, const cel_typed *node, size_t to) {
    const cel_typed *child = node->first;
    if (!emit(p, child, to)) {
        return false;
    }
    for (child = child->next; child != NULL && child->next != NULL; child = child->next) {
        if (!emit(p, child, to + 1) || append(p, node->op, to) == NULL) {
            return false;
        }
    }
    if (child != NULL && !emit(p, child, to + 1)) {
        return false;
    }
    cel_instruction *in = append(p, node->op, to);
    if (in == NULL) {
        return false;
    }
    if (node->op == CEL_OP_IN_LIST) {
        in->named = node->named;
    } else if (node->op == CEL_OP_MATCHES) {
        in->regex = node->regex;
    } else if (node->op == CEL_OP_IN_INTS || node->op == CEL_OP_IN_DOUBLES || node->op == CEL_OP_IN_STRINGS) {
        in->constants = node->constants;
    }
    return true;
}

static bool emit_node(cel_program *p, const cel_typed *node, size_t to) {
    cel_instruction *in = NULL;
    if (node->op >= CEL_OP_COMPARE_INT && node->op < CEL_OP_IN_INTS) {
        return emit_compare(p, node, to);
    }
    switch (node->op) {
    case CEL_OP_CONST:
        return emit_constant(p, node, to);
    case CEL_OP_SLOT:
    case CEL_OP_HAS:
        in = append(p, node->op == CEL_OP_SLOT && node->type == CEL_BOOL ? CEL_OP_SLOT_BOOL : node->op, to);
        if (in != NULL) {
            in->slot = node->slot;
        }
        return in != NULL;
    case CEL_OP_FAIL:
        in = append(p, node->type == CEL_BOOL ? CEL_OP_CONST : CEL_OP_FAIL, to);
        if (in != NULL) {
            in->i = CEL_ERROR;
        }
        return in != NULL;
    case CEL_OP_AND:
    case CEL_OP_OR:
        return emit_chain(p, node, to);
    case CEL_OP_IF:
        return emit_if(p, node, to);
    default:
        return emit_operation(p, node, to);
    }
}

static bool emit(cel_program *p, const cel_typed *node, size_t to) {
    size_t start = p->count;
    if (!emit_node(p, node, to)) {
        return false;
    }
    if (node->type == CEL_BOOL) {
        for (size_t i = start; i < p->count; i++) {
            if (p->code[i].fail_to == 0) {
                p->code[i].fail_to = (uint16_t)p->count;
                p->code[i].fail_register = (uint8_t)to;
            }
        }
    }
    return true;
}

/* Appended to what there is: jumps are from the beginning of all code. */
bool cel_emit(cel_program *p, const cel_typed *root) {
    return emit(p, root, 0) && append(p, CEL_OP_RETURN, 0) != NULL;
}

/* ---- terms ---- */

static bool add_term(cel_program *p, uint32_t slot, bool is_double, int64_t low, int64_t high) {
    if (!ARRAY_RESERVE(p->terms, p->term_capacity, p->term_count + 1)) {
        return false;
    }
    p->terms[p->term_count++] = (cel_term){slot, is_double, low, high};
    return true;
}

/* `value <relation> bound` among the integers of [low, high]; nothing for !=. */
static bool add_range(cel_program *p, const cel_typed *slot, cel_relation relation, int64_t bound, int64_t low,
                      int64_t high) {
    switch (relation) {
    case CEL_EQ:
        low = high = bound;
        break;
    case CEL_NE:
        return true;
    case CEL_LT:
    case CEL_LE:
        if (relation == CEL_LT && bound == INT64_MIN) {
            low = INT64_MAX; /* nothing is below it */
            high = INT64_MIN;
        } else {
            high = bound - (relation == CEL_LT ? 1 : 0);
        }
        break;
    default:
        if (relation == CEL_GT && bound == INT64_MAX) {
            low = INT64_MAX;
            high = INT64_MIN;
        } else {
            low = bound + (relation == CEL_GT ? 1 : 0);
        }
        break;
    }
    return add_term(p, slot->slot, slot->type == CEL_DOUBLE, low, high);
}

static bool add_term_of(cel_program *p, const cel_typed *node) {
    cel_relation relation = CEL_EQ;
    const cel_typed *slot = NULL;
    const cel_typed *constant = NULL;
    if (node->op == CEL_OP_HAS) {
        return add_term(p, node->slot, false, INT64_MIN, INT64_MAX);
    }
    if (node->op == CEL_OP_SLOT) {
        return add_term(p, node->slot, false, 1, 1);
    }
    if (node->op == CEL_OP_NOT && node->first->op == CEL_OP_SLOT) {
        return add_term(p, node->first->slot, false, 0, 0);
    }
    if (slot_and_constant(node, CEL_OP_COMPARE_INT, &relation, &slot, &constant)) {
        return add_range(p, slot, relation, constant->value.i, INT64_MIN, INT64_MAX);
    }
    if (slot_and_constant(node, CEL_OP_COMPARE_DOUBLE, &relation, &slot, &constant)) {
        return constant->value.d != constant->value.d || /* not a number: never true but for != */
               add_range(p, slot, relation, cel_order_of_double(constant->value.d),
                         cel_order_of_double(-__builtin_inf()), cel_order_of_double(__builtin_inf()));
    }
    return true;
}

bool cel_find_terms(cel_program *p, const cel_typed *root) {
    if (root->op != CEL_OP_AND) {
        return add_term_of(p, root);
    }
    for (const cel_typed *child = root->first; child != NULL; child = child->next) {
        if (!add_term_of(p, child)) {
            return false;
        }
    }
    return true;
}

/* ---- parts ---- */

/* What has a budget for a whole run: to be in one part, all of it. */
static bool has_budget(const cel_typed *node) {
    bool has = node->op == CEL_OP_MATCHES || node->op == CEL_OP_JOIN ||
               (node->op >= CEL_OP_STRING_OF_INT && node->op <= CEL_OP_STRING_OF_BOOL);
    for (const cel_typed *child = node->first; child != NULL && !has; child = child->next) {
        has = has_budget(child);
    }
    return has;
}

static bool add_part(cel_program *p, const cel_typed *node) {
    size_t terms = p->term_count;
    if (!ARRAY_RESERVE(p->parts, p->part_capacity, p->part_count + 1) || !add_term_of(p, node)) {
        return false;
    }
    cel_part part = {.start = (uint32_t)p->count};
    if (p->term_count > terms) { /* it stands among the program's terms already */
        part.is_term = true;
        part.term = p->terms[--p->term_count];
    } else if (!cel_emit(p, node)) {
        return false;
    }
    p->parts[p->part_count++] = part;
    return true;
}

/* If some have budgets, the whole condition is the last part. */
bool cel_find_parts(cel_program *p, const cel_typed *root) {
    bool is_whole = root->op != CEL_OP_AND;
    for (const cel_typed *child = root->first; root->op == CEL_OP_AND && child != NULL; child = child->next) {
        if (has_budget(child)) {
            is_whole = true;
        } else if (!add_part(p, child)) {
            return false;
        }
    }
    if (!is_whole) {
        return true;
    }
    if (!ARRAY_RESERVE(p->parts, p->part_capacity, p->part_count + 1)) {
        return false;
    }
    p->parts[p->part_count++] = (cel_part){.start = 0};
    return true;
}

const cel_part *cel_parts(const cel_program *program, size_t *count_out) {
    *count_out = program->part_count;
    return program->parts;
}

static bool is_jump(const cel_instruction *in) {
    return in->op >= CEL_OP_JUMP && in->op <= CEL_OP_BRANCH;
}

/* Two instructions of codes that begin at `start` and `other_start`. */
static bool instruction_same(const cel_instruction *a, size_t start, const cel_instruction *b, size_t other_start) {
    if (a->op != b->op || a->to != b->to || a->a != b->a || a->b != b->b || a->is_text != b->is_text ||
        a->slot != b->slot || a->fail_register != b->fail_register || (a->fail_to == 0) != (b->fail_to == 0) ||
        (a->fail_to != 0 && a->fail_to - start != b->fail_to - other_start)) {
        return false;
    }
    if (a->is_text) {
        return text_equal((sluice_text){a->text, a->slot}, (sluice_text){b->text, b->slot});
    }
    if (is_jump(a)) {
        return a->target - start == b->target - other_start;
    }
    if (a->op == CEL_OP_IN_STRINGS) {
        return list_same(a->constants->strings, b->constants->strings);
    }
    if (a->op != CEL_OP_IN_INTS && a->op != CEL_OP_IN_DOUBLES) {
        return a->i == b->i; /* or the same pointer */
    }
    bool same = a->constants->count == b->constants->count;
    for (size_t i = 0; same && i < a->constants->count; i++) {
        same = a->constants->values[i].i == b->constants->values[i].i;
    }
    return same;
}

/* Of constants in lists and texts only how many there are. */
uint64_t cel_part_hash(const cel_program *program, const cel_part *part) {
    const cel_term *term = &part->term;
    if (part->is_term) {
        return hash_u64((uint64_t)term->low ^ hash_u64((uint64_t)term->high ^ hash_u64(term->slot)));
    }
    uint64_t hash = 0;
    for (const cel_instruction *in = &program->code[part->start]; in->op != CEL_OP_RETURN; in++) {
        bool is_plain = in->op == CEL_OP_CONST || (in->op >= CEL_OP_COMPARE_SLOT_INT && in->op < CEL_OP_JUMP);
        hash = hash_u64(hash ^ in->op ^ (uint64_t)in->slot << 8 ^ (is_plain && !in->is_text ? (uint64_t)in->i : 0));
    }
    return hash;
}

bool cel_part_same(const cel_program *program, const cel_part *part, const cel_program *other_program,
                   const cel_part *other) {
    if (part->is_term || other->is_term) {
        return part->is_term && other->is_term && part->term.slot == other->term.slot &&
               part->term.is_double == other->term.is_double && part->term.low == other->term.low &&
               part->term.high == other->term.high;
    }
    for (size_t i = 0;; i++) {
        const cel_instruction *a = &program->code[part->start + i], *b = &other_program->code[other->start + i];
        if (!instruction_same(a, part->start, b, other->start)) {
            return false;
        }
        if (a->op == CEL_OP_RETURN) {
            return true;
        }
    }
}

static bool reads_slot(const cel_instruction *in) {
    return in->op == CEL_OP_HAS || in->op == CEL_OP_SLOT || in->op == CEL_OP_SLOT_BOOL ||
           (in->op >= CEL_OP_COMPARE_SLOT_INT && in->op < CEL_OP_JUMP);
}

unsigned cel_part_cost(const cel_program *program, const cel_part *part, const feature_plan *plan) {
    if (part->is_term) {
        return feature_plan_cost(plan, part->term.slot);
    }
    unsigned most = 0;
    for (const cel_instruction *in = &program->code[part->start]; in->op != CEL_OP_RETURN; in++) {
        unsigned cost = reads_slot(in) ? feature_plan_cost(plan, in->slot) : 0;
        most = cost > most ? cost : most;
    }
    return most;
}

bool cel_reads(const cel_program *p, uint32_t slot) {
    for (size_t i = 0; i < p->count; i++) {
        if (reads_slot(&p->code[i]) && p->code[i].slot == slot) {
            return true;
        }
    }
    return false;
}
