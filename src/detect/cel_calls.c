/* Functions and macros: one table row each. */
#include <stdlib.h>

#include "base/money.h"
#include "base/time.h"
#include "detect/cel_check_private.h"
#include "detect/nearest.h"

#define ARGUMENTS_ANY 255

typedef struct function {
    const char *name;
    const char *usage;
    uint8_t least, most; /* arguments, the target not counted */
    bool is_method, is_function;
    cel_typed *(*check)(cel_check_state *c, const cel_node *node);
} function;

static const function *function_of(sluice_text name);

/* ---- helpers ---- */

static cel_typed *wrong(cel_check_state *c, const cel_node *node, cel_type found) {
    cel_fail(c->build, node->at, "`%.*s` has no meaning for %s here: %s", TEXT_ARGS(node->name), cel_type_name(found),
             function_of(node->name)->usage);
    return NULL;
}

static cel_typed *unary(cel_check_state *c, cel_op op, cel_type type, cel_typed *operand) {
    cel_typed *made = cel_typed_new(c, op, type);
    if (made != NULL) {
        cel_typed_add(made, operand);
    }
    return cel_fold(c, made);
}

/* The only argument, as a constant text; its node is *argument_out. */
static bool constant_text(cel_check_state *c, const cel_node *node, const cel_node **argument_out,
                          sluice_text *text_out) {
    const cel_node *argument = node->last;
    cel_typed *value = cel_check_node(c, argument);
    if (value == NULL) {
        return false;
    }
    if (value->op != CEL_OP_CONST || value->type != CEL_STRING) {
        cel_fail(c->build, argument->at, "expected a constant text: %s", function_of(node->name)->usage);
        return false;
    }
    *argument_out = argument;
    *text_out = (sluice_text){value->value.text, value->value.length};
    return true;
}

/* ---- functions ---- */

static cel_typed *check_has(cel_check_state *c, const cel_node *node) {
    uint32_t slot = 0;
    if (node->first->kind != CEL_NODE_NAME) {
        cel_fail(c->build, node->first->at, "has() asks whether a feature has a value: has(payer.idle)");
        return NULL;
    }
    for (const cel_binding *b = c->bindings; b != NULL; b = b->outer) {
        if (text_equal(b->name, node->first->name)) {
            cel_fail(c->build, node->first->at, "has() asks about features, and `%.*s` is an element of a list",
                     TEXT_ARGS(b->name));
            return NULL;
        }
    }
    cel_typed *made = cel_slot(c, node->first, &slot) ? cel_typed_new(c, CEL_OP_HAS, CEL_BOOL) : NULL;
    if (made != NULL) {
        made->slot = slot;
    }
    return made;
}

static cel_typed *check_size(cel_check_state *c, const cel_node *node) {
    cel_typed *operand = cel_check_node(c, node->first);
    if (operand == NULL) {
        return NULL;
    }
    if (operand->type == CEL_LIST) {
        return cel_typed_int(c, (int64_t)operand->constants->count);
    }
    return operand->type == CEL_STRING ? unary(c, CEL_OP_SIZE, CEL_INT, operand) : wrong(c, node, operand->type);
}

static cel_typed *check_text_test(cel_check_state *c, const cel_node *node) {
    cel_typed *text = cel_check_node(c, node->first);
    cel_typed *part = cel_check_node(c, node->last);
    if (text == NULL || part == NULL) {
        return NULL;
    }
    if (text->type != CEL_STRING || part->type != CEL_STRING) {
        return wrong(c, node, text->type != CEL_STRING ? text->type : part->type);
    }
    cel_op op = node->name.data[0] == 's'   ? CEL_OP_STARTS_WITH
                : node->name.data[0] == 'e' ? CEL_OP_ENDS_WITH
                                            : CEL_OP_CONTAINS;
    cel_typed *made = cel_typed_new(c, op, CEL_BOOL);
    if (made != NULL) {
        cel_typed_add(made, text);
        cel_typed_add(made, part);
    }
    return cel_fold(c, made);
}

static cel_typed *check_matches(cel_check_state *c, const cel_node *node) {
    const cel_node *argument = NULL;
    sluice_text pattern = {0};
    cel_typed *text = cel_check_node(c, node->first);
    if (!constant_text(c, node, &argument, &pattern) || text == NULL) {
        return NULL;
    }
    if (text->type != CEL_STRING) {
        return wrong(c, node, text->type);
    }
    cel_program *p = c->program;
    cel_regex *regex = NULL;
    const char *reason = NULL;
    size_t offset = 0;
    if (!ARRAY_RESERVE(p->regexes, p->regex_capacity, p->regex_count + 1)) {
        c->build->no_memory = true;
        return NULL;
    }
    sluice_result result = cel_regex_compile(pattern, &regex, &reason, &offset);
    if (result == SLUICE_E_INPUT) {
        cel_fail(c->build, argument->at, "the regular expression, at its byte %zu: %s", offset + 1, reason);
        return NULL;
    }
    if (result != SLUICE_OK) {
        c->build->no_memory = true;
        return NULL;
    }
    p->regexes[p->regex_count++] = regex;
    cel_typed *made = cel_typed_new(c, CEL_OP_MATCHES, CEL_BOOL);
    if (made != NULL) {
        cel_typed_add(made, text);
        made->regex = regex;
    }
    return cel_fold(c, made);
}

static cel_typed *check_int(cel_check_state *c, const cel_node *node) {
    cel_typed *operand = cel_check_node(c, node->first);
    if (operand == NULL || operand->type == CEL_INT) {
        return operand;
    }
    if (operand->type != CEL_DOUBLE && operand->type != CEL_STRING) {
        return wrong(c, node, operand->type);
    }
    return unary(c, operand->type == CEL_DOUBLE ? CEL_OP_INT_OF_DOUBLE : CEL_OP_INT_OF_STRING, CEL_INT, operand);
}

static cel_typed *check_double(cel_check_state *c, const cel_node *node) {
    cel_typed *operand = cel_check_node(c, node->first);
    if (operand == NULL || operand->type == CEL_DOUBLE) {
        return operand;
    }
    if (operand->type != CEL_INT && operand->type != CEL_STRING) {
        return wrong(c, node, operand->type);
    }
    return unary(c, operand->type == CEL_INT ? CEL_OP_DOUBLE_OF_INT : CEL_OP_DOUBLE_OF_STRING, CEL_DOUBLE, operand);
}

static cel_typed *check_string(cel_check_state *c, const cel_node *node) {
    cel_typed *operand = cel_check_node(c, node->first);
    if (operand == NULL || operand->type == CEL_STRING) {
        return operand;
    }
    if (operand->type == CEL_LIST) {
        return wrong(c, node, operand->type);
    }
    cel_op op = operand->type == CEL_INT      ? CEL_OP_STRING_OF_INT
                : operand->type == CEL_DOUBLE ? CEL_OP_STRING_OF_DOUBLE
                                              : CEL_OP_STRING_OF_BOOL;
    return unary(c, op, CEL_STRING, operand);
}

static cel_typed *check_duration(cel_check_state *c, const cel_node *node) {
    const cel_node *argument = NULL;
    sluice_text text = {0};
    if (!constant_text(c, node, &argument, &text)) {
        return NULL;
    }
    bool is_minus = text.length > 0 && text.data[0] == '-';
    sluice_text rest = {text.data + (is_minus ? 1 : 0), text.length - (is_minus ? 1 : 0)};
    int64_t duration_ms = 0;
    if (!time_duration_parse(rest, &duration_ms)) {
        cel_fail(c->build, argument->at, "not a duration: write it as in \"90s\", \"1h30m\", \"180d\"");
        return NULL;
    }
    return cel_typed_int(c, is_minus ? -duration_ms : duration_ms);
}

static cel_typed *check_timestamp(cel_check_state *c, const cel_node *node) {
    const cel_node *argument = NULL;
    sluice_text text = {0};
    if (!constant_text(c, node, &argument, &text)) {
        return NULL;
    }
    int64_t time_ms = 0;
    if (!time_parse(text, TIME_SHANGHAI_OFFSET_MS, &time_ms)) {
        cel_fail(c->build, argument->at, "not a time: write it as in \"2026-01-01T00:00:00+08:00\"");
        return NULL;
    }
    return cel_typed_int(c, time_ms);
}

static cel_typed *check_yuan(cel_check_state *c, const cel_node *node) {
    const cel_node *argument = node->first;
    bool is_rounded = false;
    int64_t fen = 0;
    if (argument->kind != CEL_NODE_LITERAL || (argument->type != CEL_INT && argument->type != CEL_DOUBLE)) {
        cel_fail(c->build, argument->at,
                 "yuan() takes a number as it is written, such as yuan(5000) or yuan(12.34); "
                 "money from features is in fen already");
        return NULL;
    }
    sluice_text text = {c->build->source.data + argument->at, argument->end - argument->at};
    bool is_money = argument->type == CEL_INT ? !__builtin_mul_overflow(argument->value.i, INT64_C(100), &fen)
                                              : money_parse(text, &fen, &is_rounded);
    if (!is_money || is_rounded) {
        cel_fail(c->build, argument->at,
                 is_rounded ? "money has at most two decimals" : "the amount is beyond what 64 bits of fen hold");
        return NULL;
    }
    return cel_typed_int(c, fen);
}

static cel_typed *check_least(cel_check_state *c, const cel_node *node) {
    bool is_min = text_equal(node->name, TEXT("min"));
    cel_typed *made = cel_typed_new(c, CEL_OP_MIN_INT, CEL_NONE);
    bool is_good = made != NULL;
    for (const cel_node *child = node->first; made != NULL && child != NULL; child = child->next) {
        cel_typed *operand = cel_check_node(c, child);
        if (operand == NULL) {
            is_good = false;
        } else if (operand->type != CEL_INT && operand->type != CEL_DOUBLE) {
            (void)wrong(c, node, operand->type);
            is_good = false;
        } else if (made->type != CEL_NONE && operand->type != made->type) {
            cel_fail(c->build, child->at, "`%.*s` mixes int and double: write double(x) around the int",
                     TEXT_ARGS(node->name));
            is_good = false;
        } else {
            made->type = operand->type;
            cel_typed_add(made, operand);
        }
    }
    if (!is_good) {
        return NULL;
    }
    if (made->first == made->last) {
        return made->first;
    }
    made->op = made->type == CEL_INT ? (is_min ? CEL_OP_MIN_INT : CEL_OP_MAX_INT)
                                     : (is_min ? CEL_OP_MIN_DOUBLE : CEL_OP_MAX_DOUBLE);
    return cel_fold(c, made);
}

static cel_typed *check_list_call(cel_check_state *c, const cel_node *node) {
    cel_fail(c->build, node->at, "list(\"name\") stands to the right of `in`: payee.key in list(\"known_mules\")");
    return NULL;
}

cel_typed *cel_check_named(cel_check_state *c, const cel_node *call, cel_typed *left) {
    const cel_node *argument = NULL;
    sluice_text name = {0};
    const char *hint = NULL;
    if (call->child_count != 1) {
        cel_fail(c->build, call->at, "list() takes the name of one list");
        return NULL;
    }
    if (!constant_text(c, call, &argument, &name)) {
        return NULL;
    }
    const cel_environment *environment = c->build->environment;
    const list *found = environment->find_list(environment->context, name, &hint);
    if (found == NULL) {
        cel_fail(c->build, argument->at, "there is no list `%.*s`%s%s%s", TEXT_ARGS(name),
                 hint == NULL ? ": it would be a file `NAME.list`" : ": did you mean `", hint == NULL ? "" : hint,
                 hint == NULL ? "" : "`?");
        return NULL;
    }
    if (left == NULL) {
        return NULL;
    }
    if (left->type != CEL_STRING) {
        cel_fail(c->build, call->at, "named lists hold texts, and the value is %s", cel_type_name(left->type));
        return NULL;
    }
    cel_typed *made = cel_typed_new(c, CEL_OP_IN_LIST, CEL_BOOL);
    if (made != NULL) {
        cel_typed_add(made, left);
        made->named = found;
    }
    return made;
}

/* ---- macros ---- */

/* The body for each element in turn; NULL: a mistake in it. */
static cel_typed **expand(cel_check_state *c, const cel_node *node, size_t *count_out) {
    const cel_node *variable = node->first->next;
    cel_typed *target = cel_check_node(c, node->first);
    if (target == NULL) {
        return NULL;
    }
    if (target->type != CEL_LIST) {
        (void)wrong(c, node, target->type);
        return NULL;
    }
    if (variable->kind != CEL_NODE_NAME || memchr(variable->name.data, '.', variable->name.length) != NULL) {
        cel_fail(c->build, variable->at, "expected a plain name for the element: [1, 2].exists(x, x > 1)");
        return NULL;
    }
    size_t count = target->constants->count;
    cel_typed **bodies = cel_alloc(c->build, count * sizeof(cel_typed *));
    cel_typed *element = cel_typed_new(c, CEL_OP_CONST, target->constants->type);
    if (bodies == NULL || element == NULL) {
        return NULL;
    }
    cel_binding binding = {variable->name, element, c->bindings};
    for (size_t i = 0; i < count; i++) {
        element->value = target->constants->values[i];
        c->bindings = &binding;
        bodies[i] = cel_check_node(c, node->last);
        c->bindings = binding.outer;
        if (bodies[i] != NULL && bodies[i]->type != CEL_BOOL) {
            cel_fail(c->build, node->last->at, "the condition of `%.*s` is a bool, and this is %s",
                     TEXT_ARGS(node->name), cel_type_name(bodies[i]->type));
            return NULL;
        }
        if (bodies[i] == NULL) {
            return NULL;
        }
    }
    *count_out = count;
    return bodies;
}

static cel_typed *check_all(cel_check_state *c, const cel_node *node) {
    size_t count = 0;
    cel_typed **bodies = expand(c, node, &count);
    return bodies == NULL ? NULL : cel_chain(c, node->name.data[0] == 'a' ? CEL_OP_AND : CEL_OP_OR, bodies, count);
}

/* As the specification has it, an error anywhere is an error: (e1 ? 1 : 0) + (e2 ? 1 : 0) + … == 1. */
static cel_typed *check_exists_one(cel_check_state *c, const cel_node *node) {
    size_t count = 0;
    cel_typed **bodies = expand(c, node, &count);
    cel_typed *sum = bodies == NULL ? NULL : cel_typed_new(c, CEL_OP_ADD_INT, CEL_INT);
    if (sum == NULL || count == 0) {
        return sum == NULL ? NULL : cel_typed_bool(c, false);
    }
    for (size_t i = 0; i < count; i++) {
        cel_typed *one = cel_typed_int(c, 1);
        cel_typed *zero = cel_typed_int(c, 0);
        cel_typed *term = one == NULL || zero == NULL ? NULL : cel_choice(c, bodies[i], one, zero);
        if (term == NULL) {
            return NULL;
        }
        cel_typed_add(sum, term);
    }
    sum = count == 1 ? sum->first : cel_fold(c, sum);
    cel_typed *one = cel_typed_int(c, 1);
    cel_typed *made = cel_typed_new(c, CEL_OP_COMPARE_INT + (cel_op)CEL_EQ, CEL_BOOL);
    if (sum == NULL || one == NULL || made == NULL) {
        return NULL;
    }
    cel_typed_add(made, sum);
    cel_typed_add(made, one);
    return cel_fold(c, made);
}

/* ---- the table ---- */

static const function FUNCTIONS[] = {
    {"has", "has(payer.idle)", 1, 1, false, true, check_has},
    {"size", "size(s) or s.size() of a string or list", 0, 1, true, true, check_size},
    {"startsWith", "s.startsWith(\"card:\") of two strings", 1, 1, true, false, check_text_test},
    {"endsWith", "s.endsWith(\"00\") of two strings", 1, 1, true, false, check_text_test},
    {"contains", "s.contains(\"atm\") of two strings", 1, 1, true, false, check_text_test},
    {"matches", "s.matches(\"^card:6[0-9]+$\"), a string and a constant one", 1, 1, true, false, check_matches},
    {"int", "int(x) of an int, double or string", 1, 1, false, true, check_int},
    {"double", "double(x) of a double, int or string", 1, 1, false, true, check_double},
    {"string", "string(x) of a string, int, double or bool", 1, 1, false, true, check_string},
    {"duration", "duration(\"1h30m\")", 1, 1, false, true, check_duration},
    {"timestamp", "timestamp(\"2026-01-01T00:00:00+08:00\")", 1, 1, false, true, check_timestamp},
    {"yuan", "yuan(5000)", 1, 1, false, true, check_yuan},
    {"list", "x in list(\"known_mules\")", 1, 1, false, true, check_list_call},
    {"min", "min(a, b) of numbers of one type", 1, ARGUMENTS_ANY, false, true, check_least},
    {"max", "max(a, b) of numbers of one type", 1, ARGUMENTS_ANY, false, true, check_least},
    {"all", "[1, 2].all(x, x > 0)", 2, 2, true, false, check_all},
    {"exists", "[1, 2].exists(x, x > 1)", 2, 2, true, false, check_all},
    {"exists_one", "[1, 2].exists_one(x, x > 1)", 2, 2, true, false, check_exists_one},
};

static const function *function_of(sluice_text name) {
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof FUNCTIONS[0]; i++) {
        if (text_equal(name, text_of(FUNCTIONS[i].name))) {
            return &FUNCTIONS[i];
        }
    }
    return NULL;
}

static cel_typed *unknown(cel_check_state *c, const cel_node *node) {
    const char *names[sizeof FUNCTIONS / sizeof FUNCTIONS[0]];
    size_t count = sizeof FUNCTIONS / sizeof FUNCTIONS[0];
    for (size_t i = 0; i < count; i++) {
        names[i] = FUNCTIONS[i].name;
    }
    const char *near = nearest_name(node->name, names, count);
    if (near != NULL) {
        cel_fail(c->build, node->at, "unknown function `%.*s`: did you mean `%s`?", TEXT_ARGS(node->name), near);
    } else {
        cel_fail(c->build, node->at, "unknown function `%.*s`: docs/rules.md lists those of this subset",
                 TEXT_ARGS(node->name));
    }
    return NULL;
}

cel_typed *cel_check_call(cel_check_state *c, const cel_node *node) {
    const function *f = function_of(node->name);
    if (f == NULL) {
        return unknown(c, node);
    }
    size_t arguments = node->child_count - (node->has_target ? 1 : 0);
    bool fits = arguments >= f->least && arguments <= f->most && (node->has_target ? f->is_method : f->is_function);
    if (f->check == check_size) {
        fits = node->child_count == 1;
    }
    if (!fits) {
        cel_fail(c->build, node->at, "`%s` is written differently: %s", f->name, f->usage);
        return NULL;
    }
    return f->check(c, node);
}
