/* Parse tree → typed tree: names become slots, every operation gets the types it works on, macros are written out over
 * their lists, and what is constant is computed by running it.
 *
 * All mistakes of a condition are looked for, not only the first. Work is bounded by CEL_NODES_MAX steps, whatever
 * macros multiply. Functions are in cel_calls.c. */
#include "detect/cel_check_private.h"

#include <stdlib.h>

#include "detect/nearest.h"

#define MISTAKES_MAX 20

const char *cel_type_name(cel_type type) {
    static const char *const NAMES[] = {"nothing", "int", "double", "bool", "string", "list"};
    return NAMES[type];
}

cel_typed *cel_typed_new(cel_check_state *c, cel_op op, cel_type type) {
    cel_typed *node = cel_alloc(c->build, sizeof *node);
    if (node != NULL) {
        node->op = op;
        node->type = type;
    }
    return node;
}

cel_typed *cel_typed_int(cel_check_state *c, int64_t value) {
    cel_typed *node = cel_typed_new(c, CEL_OP_CONST, CEL_INT);
    if (node != NULL) {
        node->value.i = value;
    }
    return node;
}

cel_typed *cel_typed_bool(cel_check_state *c, bool value) {
    cel_typed *node = cel_typed_new(c, CEL_OP_CONST, CEL_BOOL);
    if (node != NULL) {
        node->value.i = value ? CEL_TRUE : CEL_FALSE;
    }
    return node;
}

void cel_typed_add(cel_typed *node, cel_typed *child) {
    cel_typed **end = &node->first;
    if (node->last != NULL) {
        end = &node->last->next;
    }
    *end = child;
    node->last = child;
    child->next = NULL;
}

/* ---- folding ---- */

cel_typed *cel_fold(cel_check_state *c, cel_typed *node) {
    if (node == NULL || node->op == CEL_OP_IN_LIST) {
        return node;
    }
    for (const cel_typed *child = node->first; child != NULL; child = child->next) {
        if (child->op != CEL_OP_CONST) {
            return node;
        }
    }
    cel_program scratch = {0};
    cel_value value = {0};
    if (!cel_emit(&scratch, node)) {
        c->build->no_memory = true;
        node = NULL;
    } else {
        c->machine->match_steps = CEL_MATCH_STEPS_MAX;
        c->machine->scratch_used = 0;
        bool is_value = cel_execute(scratch.code, 0, c->machine, NULL, 0, &value);
        node->op = is_value && !(node->type == CEL_BOOL && value.i == CEL_ERROR) ? CEL_OP_CONST : CEL_OP_FAIL;
        node->value = value;
        node->first = node->last = NULL;
        if (node->op == CEL_OP_CONST && node->type == CEL_STRING) {
            node->value.text = arena_copy(&c->build->memory, value.text, value.length);
            c->build->no_memory = c->build->no_memory || node->value.text == NULL;
        }
    }
    memory_free(scratch.code);
    arena_fini(&scratch.memory);
    return c->build->no_memory ? NULL : node;
}

/* The most that reading one of its slots costs. */
static unsigned cost_of(const feature_plan *plan, const cel_typed *node) {
    unsigned most = node->op == CEL_OP_SLOT || node->op == CEL_OP_HAS ? feature_plan_cost(plan, node->slot) : 0;
    for (const cel_typed *child = node->first; child != NULL; child = child->next) {
        unsigned cost = cost_of(plan, child);
        most = cost > most ? cost : most;
    }
    return most;
}

/* Drops what does not matter, ends at what decides. What is cheap to read comes first: && and || absorb errors from
 * either side, so the order of their operands does not matter to the result. */
cel_typed *cel_chain(cel_check_state *c, cel_op op, cel_typed *const *children, size_t count) {
    cel_typed *node = cel_typed_new(c, op, CEL_BOOL);
    int64_t decides = op == CEL_OP_AND ? CEL_FALSE : CEL_TRUE;
    for (size_t i = 0; i < count; i++) {
        if (children[i]->op == CEL_OP_CONST && children[i]->value.i == decides) {
            return children[i];
        }
    }
    for (unsigned cost = 0; node != NULL && cost <= FEATURE_COST_MAX; cost++) {
        for (size_t i = 0; i < count; i++) {
            if (children[i]->op != CEL_OP_CONST && cost_of(c->build->environment->plan, children[i]) == cost) {
                cel_typed_add(node, children[i]);
            }
        }
    }
    if (node == NULL || node->first == NULL) {
        return cel_typed_bool(c, op == CEL_OP_AND);
    }
    return node->first == node->last ? node->first : node;
}

/* ---- names and literals ---- */

static cel_typed *check_name(cel_check_state *c, const cel_node *node) {
    for (const cel_binding *b = c->bindings; b != NULL; b = b->outer) {
        size_t length = b->name.length;
        if (node->name.length < length || memcmp(node->name.data, b->name.data, length) != 0) {
            continue;
        }
        if (node->name.length == length) {
            cel_typed *value = cel_typed_new(c, CEL_OP_CONST, b->value->type);
            if (value != NULL) {
                value->value = b->value->value;
            }
            return value;
        }
        if (node->name.data[length] == '.') {
            cel_fail(c->build, node->at, "`%.*s` is an element of a list and has no parts", TEXT_ARGS(b->name));
            return NULL;
        }
    }
    uint32_t slot = 0;
    if (!cel_slot(c, node, &slot)) {
        return NULL;
    }
    static const cel_type TYPES[] = {
        [FEATURE_INT] = CEL_INT, [FEATURE_DOUBLE] = CEL_DOUBLE, [FEATURE_BOOL] = CEL_BOOL, [FEATURE_TEXT] = CEL_STRING};
    cel_typed *made = cel_typed_new(c, CEL_OP_SLOT, TYPES[feature_plan_type(c->build->environment->plan, slot)]);
    if (made != NULL) {
        made->slot = slot;
    }
    return made;
}

bool cel_slot(cel_check_state *c, const cel_node *node, uint32_t *slot_out) {
    const char *reason = NULL;
    if (feature_plan_add(c->build->environment->plan, node->name, slot_out, &reason)) {
        return true;
    }
    c->build->no_memory = c->build->no_memory || (reason != NULL && strcmp(reason, "no memory") == 0);
    char text[400];
    cel_fail(c->build, node->at, "%s", nearest_feature(c->build->environment->plan, node->name, reason, text));
    return false;
}

static cel_typed *check_literal(cel_check_state *c, const cel_node *node) {
    cel_typed *made = cel_typed_new(c, CEL_OP_CONST, node->type);
    if (made != NULL) {
        made->value = node->value;
    }
    return made;
}

static int compare_ints(const void *a, const void *b) {
    const cel_value *left = a;
    const cel_value *right = b;
    return left->i < right->i ? -1 : left->i > right->i;
}

static cel_constants *constants_new(cel_check_state *c, size_t count) {
    cel_program *p = c->program;
    cel_constants *made = NULL;
    if (ARRAY_RESERVE(p->constants, p->constants_capacity, p->constants_count + 1)) {
        made = memory_new_zero(1, sizeof *made);
    }
    if (made != NULL) {
        p->constants[p->constants_count++] = made;
        made->values = memory_new_zero(count, sizeof *made->values);
    }
    if (made == NULL || made->values == NULL) {
        c->build->no_memory = true;
        return NULL;
    }
    return made;
}

/* Ints are sorted; strings also go to a table. Macros want the order as written, so they come first. */
static bool index_constants(cel_check_state *c, cel_constants *constants) {
    if (constants->type != CEL_STRING || constants->strings != NULL) {
        return true;
    }
    constants->strings = list_new();
    for (size_t i = 0; constants->strings != NULL && i < constants->count; i++) {
        uint32_t line = 0;
        const cel_value *v = &constants->values[i];
        if (list_add(constants->strings, (sluice_text){v->text, v->length}, 0, 1, 0, &line) == LIST_NO_MEMORY) {
            list_free(&constants->strings);
        }
    }
    c->build->no_memory = c->build->no_memory || constants->strings == NULL;
    return constants->strings != NULL;
}

static cel_typed *check_list(cel_check_state *c, const cel_node *node) {
    cel_constants *constants = constants_new(c, node->child_count);
    cel_typed *made = constants == NULL ? NULL : cel_typed_new(c, CEL_OP_CONST, CEL_LIST);
    bool is_good = made != NULL;
    for (const cel_node *child = node->first; made != NULL && child != NULL; child = child->next) {
        cel_typed *element = cel_check_node(c, child);
        if (element == NULL) {
            is_good = false;
        } else if (element->op != CEL_OP_CONST || element->type == CEL_LIST || element->type == CEL_BOOL) {
            cel_fail(c->build, child->at, "the elements of a list are constants: int, double or string");
            is_good = false;
        } else if (constants->count > 0 && element->type != constants->type) {
            cel_fail(c->build, child->at, "a list of %s with an element of type %s", cel_type_name(constants->type),
                     cel_type_name(element->type));
            is_good = false;
        } else {
            constants->type = element->type;
            constants->values[constants->count++] = element->value;
        }
    }
    if (!is_good) {
        return NULL;
    }
    made->constants = constants;
    return made;
}

/* ---- operators ---- */

static void mixed_types(cel_check_state *c, const cel_node *node, cel_type left, cel_type right) {
    const char *sign = node->sign;
    if ((left == CEL_INT && right == CEL_DOUBLE) || (left == CEL_DOUBLE && right == CEL_INT)) {
        cel_fail(c->build, node->at, "`%s` mixes int and double: write double(x) around the int, or `2.0` for `2`",
                 sign);
    } else if (strchr("=!<>", sign[0]) != NULL) {
        cel_fail(c->build, node->at, "`%s` compares %s with %s: both sides must be numbers, or both of one type%s",
                 sign, cel_type_name(left), cel_type_name(right),
                 left == CEL_LIST || right == CEL_LIST ? "; `in` asks whether a list has a value" : "");
    } else {
        cel_fail(c->build, node->at, "`%s` has no meaning for %s and %s: it is for two int or two double%s", sign,
                 cel_type_name(left), cel_type_name(right), sign[0] == '+' ? ", or two string" : "");
    }
}

static cel_relation relation_of(const char *sign) {
    static const char SIGNS[][3] = {"==", "!=", "<", "<=", ">", ">="};
    unsigned relation = 0;
    while (strcmp(SIGNS[relation], sign) != 0) {
        relation++;
    }
    return (cel_relation)relation;
}

/* An int that is compared with a double, as a double, where that is exact. */
static bool becomes_double(cel_typed *node) {
    const int64_t exact = INT64_C(1) << 53;
    if (node->op != CEL_OP_CONST || node->type != CEL_INT || node->value.i < -exact || node->value.i > exact) {
        return false;
    }
    node->value.d = (double)node->value.i;
    node->type = CEL_DOUBLE;
    return true;
}

static cel_typed *check_relation(cel_check_state *c, const cel_node *node, cel_typed *left, cel_typed *right) {
    cel_relation relation = relation_of(node->sign);
    cel_op base = CEL_OP_COMPARE_INT;
    if ((left->type == CEL_DOUBLE && right->type == CEL_INT) || (left->type == CEL_INT && right->type == CEL_DOUBLE)) {
        if (!becomes_double(left) && !becomes_double(right)) {
            base = CEL_OP_COMPARE_INT_DOUBLE;
        } else {
            base = CEL_OP_COMPARE_DOUBLE;
        }
    } else if (left->type != right->type || left->type == CEL_LIST) {
        mixed_types(c, node, left->type, right->type);
        return NULL;
    } else if (left->type == CEL_BOOL) {
        if (relation > CEL_NE) {
            cel_fail(c->build, node->at, "`%s` has no meaning for bool: it has `==` and `!=`", node->sign);
            return NULL;
        }
        base = CEL_OP_COMPARE_BOOL;
    } else if (left->type != CEL_INT) {
        base = left->type == CEL_DOUBLE ? CEL_OP_COMPARE_DOUBLE : CEL_OP_COMPARE_STRING;
    }
    if (base == CEL_OP_COMPARE_INT_DOUBLE && left->type == CEL_DOUBLE) {
        static const cel_relation MIRRORED[] = {CEL_EQ, CEL_NE, CEL_GT, CEL_GE, CEL_LT, CEL_LE};
        relation = MIRRORED[relation];
        cel_typed *other = left;
        left = right;
        right = other;
    }
    cel_typed *made = cel_typed_new(c, base + (cel_op)relation, CEL_BOOL);
    if (made != NULL) {
        cel_typed_add(made, left);
        cel_typed_add(made, right);
    }
    return cel_fold(c, made);
}

static cel_typed *check_arithmetic(cel_check_state *c, const cel_node *node, cel_typed *left, cel_typed *right) {
    static const char SIGNS[] = "+-*/%";
    static const cel_op INT_OPS[] = {CEL_OP_ADD_INT, CEL_OP_SUBTRACT_INT, CEL_OP_MULTIPLY_INT, CEL_OP_DIVIDE_INT,
                                     CEL_OP_MODULO_INT};
    static const cel_op DOUBLE_OPS[] = {CEL_OP_ADD_DOUBLE, CEL_OP_SUBTRACT_DOUBLE, CEL_OP_MULTIPLY_DOUBLE,
                                        CEL_OP_DIVIDE_DOUBLE, CEL_OP_FAIL};
    size_t which = (size_t)(strchr(SIGNS, node->sign[0]) - SIGNS);
    cel_op op = CEL_OP_FAIL;
    if (left->type == right->type && left->type == CEL_INT) {
        op = INT_OPS[which];
    } else if (left->type == right->type && left->type == CEL_DOUBLE) {
        op = DOUBLE_OPS[which];
        if (op == CEL_OP_FAIL) {
            cel_fail(c->build, node->at, "`%%` is for int: write int(x) around a double");
            return NULL;
        }
    } else if (left->type == right->type && left->type == CEL_STRING && which == 0) {
        op = CEL_OP_JOIN;
    }
    if (op == CEL_OP_FAIL) {
        mixed_types(c, node, left->type, right->type);
        return NULL;
    }
    cel_typed *made = cel_typed_new(c, op, left->type);
    if (made != NULL) {
        cel_typed_add(made, left);
        cel_typed_add(made, right);
    }
    return cel_fold(c, made);
}

static cel_typed *check_in(cel_check_state *c, const cel_node *node) {
    const cel_node *list_node = node->last;
    cel_typed *left = cel_check_node(c, node->first);
    if (list_node->kind == CEL_NODE_CALL && text_equal(list_node->name, TEXT("list")) && !list_node->has_target) {
        return cel_check_named(c, list_node, left);
    }
    cel_typed *right = cel_check_node(c, list_node);
    if (left == NULL || right == NULL) {
        return NULL;
    }
    if (right->type != CEL_LIST) {
        cel_fail(c->build, list_node->at, "expected a list such as [1, 2] or list(\"name\") after `in`, found %s",
                 cel_type_name(right->type));
        return NULL;
    }
    cel_constants *constants = right->constants;
    if (left->type == CEL_LIST || left->type == CEL_BOOL || (constants->count > 0 && left->type != constants->type)) {
        cel_fail(c->build, node->at, "`in`: a value of type %s in a list of %s", cel_type_name(left->type),
                 cel_type_name(constants->type));
        return NULL;
    }
    cel_op op = CEL_OP_IN_INTS;
    if (left->type == CEL_INT) {
        qsort(constants->values, constants->count, sizeof *constants->values, compare_ints);
    } else {
        op = left->type == CEL_DOUBLE ? CEL_OP_IN_DOUBLES : CEL_OP_IN_STRINGS;
        constants->type = left->type;
        if (!index_constants(c, constants)) {
            return NULL;
        }
    }
    cel_typed *made = cel_typed_new(c, op, CEL_BOOL);
    if (made != NULL) {
        cel_typed_add(made, left);
        made->constants = constants;
    }
    return cel_fold(c, made);
}

static cel_typed *check_binary(cel_check_state *c, const cel_node *node) {
    if (strcmp(node->sign, "in") == 0) {
        return check_in(c, node);
    }
    cel_typed *left = cel_check_node(c, node->first);
    cel_typed *right = cel_check_node(c, node->last);
    if (left == NULL || right == NULL) {
        return NULL;
    }
    return strchr("=!<>", node->sign[0]) != NULL ? check_relation(c, node, left, right)
                                                 : check_arithmetic(c, node, left, right);
}

static cel_typed *check_unary(cel_check_state *c, const cel_node *node) {
    cel_typed *operand = cel_check_node(c, node->first);
    if (operand == NULL) {
        return NULL;
    }
    cel_op op = CEL_OP_NOT;
    if (node->kind == CEL_NODE_MINUS) {
        op = operand->type == CEL_INT ? CEL_OP_MINUS_INT : CEL_OP_MINUS_DOUBLE;
    }
    bool fits = node->kind == CEL_NODE_NOT ? operand->type == CEL_BOOL
                                           : operand->type == CEL_INT || operand->type == CEL_DOUBLE;
    if (!fits) {
        cel_fail(c->build, node->at, "`%s` before %s: it is for %s", op == CEL_OP_NOT ? "!" : "-",
                 cel_type_name(operand->type), op == CEL_OP_NOT ? "bool" : "int and double");
        return NULL;
    }
    cel_typed *made = cel_typed_new(c, op, operand->type);
    if (made != NULL) {
        cel_typed_add(made, operand);
    }
    return cel_fold(c, made);
}

static cel_typed *check_chain(cel_check_state *c, const cel_node *node) {
    cel_typed **children = cel_alloc(c->build, node->child_count * sizeof(cel_typed *));
    size_t count = 0;
    bool is_good = children != NULL;
    for (const cel_node *child = node->first; children != NULL && child != NULL; child = child->next) {
        cel_typed *typed = cel_check_node(c, child);
        if (typed != NULL && typed->type != CEL_BOOL) {
            cel_fail(c->build, child->at, "`%s` joins bools, and this is %s: compare it with something",
                     node->kind == CEL_NODE_AND ? "&&" : "||", cel_type_name(typed->type));
            typed = NULL;
        }
        is_good = is_good && typed != NULL;
        children[count++] = typed;
    }
    return is_good ? cel_chain(c, node->kind == CEL_NODE_AND ? CEL_OP_AND : CEL_OP_OR, children, count) : NULL;
}

cel_typed *cel_choice(cel_check_state *c, cel_typed *condition, cel_typed *then, cel_typed *otherwise) {
    if (condition->op == CEL_OP_CONST) {
        return condition->value.i == CEL_TRUE ? then : otherwise;
    }
    cel_typed *made = cel_typed_new(c, CEL_OP_IF, then->type);
    if (made != NULL) {
        cel_typed_add(made, condition);
        cel_typed_add(made, then);
        cel_typed_add(made, otherwise);
    }
    return made;
}

static cel_typed *check_if(cel_check_state *c, const cel_node *node) {
    cel_typed *condition = cel_check_node(c, node->first);
    cel_typed *then = cel_check_node(c, node->first->next);
    cel_typed *otherwise = cel_check_node(c, node->last);
    if (condition == NULL || then == NULL || otherwise == NULL) {
        return NULL;
    }
    if (condition->type != CEL_BOOL) {
        cel_fail(c->build, node->at, "before `?` stands a bool, and this is %s", cel_type_name(condition->type));
        return NULL;
    }
    if (then->type != otherwise->type || then->type == CEL_LIST) {
        cel_fail(c->build, node->at, "`? :` gives %s or %s: both must be of one type%s", cel_type_name(then->type),
                 cel_type_name(otherwise->type), then->type == CEL_LIST ? ", and not lists" : "");
        return NULL;
    }
    return cel_choice(c, condition, then, otherwise);
}

cel_typed *cel_check_node(cel_check_state *c, const cel_node *node) {
    if (c->build->no_memory || c->is_over || c->mistakes >= MISTAKES_MAX) {
        return NULL;
    }
    if (++c->steps > CEL_NODES_MAX) {
        c->is_over = true;
        cel_fail(c->build, node->at, "the condition has more than %d parts when its macros are written out",
                 CEL_NODES_MAX);
        return NULL;
    }
    cel_typed *made = NULL;
    switch (node->kind) {
    case CEL_NODE_LITERAL:
        made = check_literal(c, node);
        break;
    case CEL_NODE_NAME:
        made = check_name(c, node);
        break;
    case CEL_NODE_LIST:
        made = check_list(c, node);
        break;
    case CEL_NODE_CALL:
        made = cel_check_call(c, node);
        break;
    case CEL_NODE_NOT:
    case CEL_NODE_MINUS:
        made = check_unary(c, node);
        break;
    case CEL_NODE_BINARY:
        made = check_binary(c, node);
        break;
    case CEL_NODE_AND:
    case CEL_NODE_OR:
        made = check_chain(c, node);
        break;
    case CEL_NODE_IF:
        made = check_if(c, node);
        break;
    }
    c->mistakes += made == NULL ? 1 : 0;
    return made;
}

cel_typed *cel_check(cel_build *b, const cel_node *root, cel_program *program) {
    cel_check_state c = {.build = b, .program = program, .machine = cel_machine_new()};
    if (c.machine == NULL) {
        b->no_memory = true;
        return NULL;
    }
    cel_typed *typed = cel_check_node(&c, root);
    if (typed != NULL && typed->type != CEL_BOOL) {
        cel_fail(b, root->at, "a condition is a bool, and this is %s: compare it with something",
                 cel_type_name(typed->type));
        typed = NULL;
    }
    cel_machine_free(&c.machine);
    return b->failed || b->no_memory ? NULL : typed;
}
