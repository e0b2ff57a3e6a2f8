/* Tokens → parse tree, by recursive descent.
 *
 * The recursion and the tree's depth are both at most CEL_DEPTH_MAX, and the nodes CEL_NODES_MAX, so that what comes
 * after may walk the tree recursively. Chains of && and || are one node with many children, as they are long in
 * practice and must not count as depth. The first mistake ends the parse. */
#include <stdio.h>

#include "detect/cel_private.h"

#define NAME_BYTES_MAX 255

typedef struct parser {
    cel_build *build;
    cel_token token; /* the next one */
    size_t depth, node_count;
} parser;

static cel_node *parse_expression(parser *p);

static bool stopped(const parser *p) {
    return p->build->failed || p->build->no_memory;
}

static void advance(parser *p) {
    cel_next_token(p->build, p->token.end, &p->token);
}

static bool at_sign(const parser *p, const char *sign) {
    return p->token.kind == CEL_TOKEN_SIGN && strcmp(p->token.sign, sign) == 0;
}

static sluice_text token_text(const parser *p) {
    return (sluice_text){p->build->source.data + p->token.at, p->token.end - p->token.at};
}

static bool at_word(const parser *p, const char *word) {
    return p->token.kind == CEL_TOKEN_NAME && text_equal(token_text(p), text_of(word));
}

/* What was found instead; NULL. */
static cel_node *expected(parser *p, const char *what) {
    if (stopped(p)) {
        return NULL;
    }
    sluice_text text = token_text(p);
    if (p->token.kind == CEL_TOKEN_END) {
        cel_fail(p->build, p->token.at, "expected %s, but the condition ends here", what);
    } else if (at_word(p, "and") || at_word(p, "or") || at_word(p, "not")) {
        const char *meant = at_word(p, "and") ? "&&" : at_word(p, "or") ? "||" : "!";
        cel_fail(p->build, p->token.at, "expected %s, found `%.*s`: did you mean `%s`?", what, TEXT_ARGS(text), meant);
    } else {
        text.length = text.length > 40 ? 40 : text.length;
        cel_fail(p->build, p->token.at, "expected %s, found `%.*s`", what, TEXT_ARGS(text));
    }
    return NULL;
}

static bool take_sign(parser *p, const char *sign, const char *what) {
    if (!at_sign(p, sign)) {
        (void)expected(p, what);
        return false;
    }
    advance(p);
    return !stopped(p);
}

static cel_node *node_new(parser *p, cel_node_kind kind, size_t at) {
    if (stopped(p)) {
        return NULL;
    }
    if (++p->node_count > CEL_NODES_MAX) {
        cel_fail(p->build, at, "the condition has more than %d parts: split it into several rules", CEL_NODES_MAX);
        return NULL;
    }
    cel_node *node = cel_alloc(p->build, sizeof *node);
    if (node != NULL) {
        node->kind = kind;
        node->at = (uint32_t)at;
        node->depth = 1;
    }
    return node;
}

/* NULL if the child is, or if it is too deep. */
static cel_node *adopt(parser *p, cel_node *node, cel_node *child) {
    if (node == NULL || child == NULL || stopped(p)) {
        return NULL;
    }
    if (child->depth >= CEL_DEPTH_MAX) {
        cel_fail(p->build, child->at, "the condition is nested deeper than %d levels", CEL_DEPTH_MAX);
        return NULL;
    }
    node->depth = child->depth >= node->depth ? (uint8_t)(child->depth + 1) : node->depth;
    *(node->first == NULL ? &node->first : &node->last->next) = child;
    node->last = child;
    node->child_count++;
    return node;
}

/* Elements up to the closing sign, which is taken too. */
static cel_node *parse_items(parser *p, cel_node *node, const char *close) {
    while (node != NULL && !at_sign(p, close)) {
        node = adopt(p, node, parse_expression(p));
        if (node != NULL && node->child_count > CEL_LIST_MAX) {
            cel_fail(p->build, node->at, "more than %d elements: put them into a named list", CEL_LIST_MAX);
            return NULL;
        }
        if (at_sign(p, ",")) {
            advance(p);
        } else if (!at_sign(p, close)) {
            return expected(p, close[0] == ')' ? "`,` or `)`" : "`,` or `]`");
        }
    }
    if (node == NULL || !take_sign(p, close, close[0] == ')' ? "`)`" : "`]`")) {
        return NULL;
    }
    return node;
}

static bool is_reserved(sluice_text name) {
    static const char *const RESERVED[] = {"in",       "as",    "break", "const",  "continue", "else",      "for",
                                           "function", "if",    "let",   "import", "loop",     "namespace", "package",
                                           "return",   "while", "var",   "void",   "null"};
    for (size_t i = 0; i < sizeof RESERVED / sizeof RESERVED[0]; i++) {
        if (text_equal(name, text_of(RESERVED[i]))) {
            return true;
        }
    }
    return false;
}

static cel_node *parse_word(parser *p) {
    sluice_text word = token_text(p);
    size_t at = p->token.at;
    if (at_word(p, "true") || at_word(p, "false")) {
        cel_node *node = node_new(p, CEL_NODE_LITERAL, at);
        if (node != NULL) {
            node->type = CEL_BOOL;
            node->value.i = word.length == 4;
            node->end = (uint32_t)p->token.end;
        }
        advance(p);
        return node;
    }
    if (at_word(p, "null")) {
        cel_fail(p->build, at, "null is left out of this subset: has(x) says whether a feature has a value");
        return NULL;
    }
    if (is_reserved(word)) {
        return expected(p, "a value");
    }
    if (word.length > NAME_BYTES_MAX) {
        cel_fail(p->build, at, "the name is longer than %d bytes", NAME_BYTES_MAX);
        return NULL;
    }
    advance(p);
    bool is_call = at_sign(p, "(");
    cel_node *node = node_new(p, is_call ? CEL_NODE_CALL : CEL_NODE_NAME, at);
    if (node != NULL) {
        node->name = word;
    }
    if (is_call) {
        advance(p);
        return parse_items(p, node, ")");
    }
    return node;
}

static cel_node *parse_literal(parser *p) {
    cel_node *node = node_new(p, CEL_NODE_LITERAL, p->token.at);
    if (node == NULL) {
        return NULL;
    }
    if (p->token.is_beyond) {
        cel_fail(p->build, p->token.at,
                 "the number does not fit into 64 bits: write it with a decimal point to make it a double");
        return NULL;
    }
    node->type = p->token.kind == CEL_TOKEN_INT ? CEL_INT : p->token.kind == CEL_TOKEN_DOUBLE ? CEL_DOUBLE : CEL_STRING;
    node->value = p->token.value;
    node->end = (uint32_t)p->token.end;
    advance(p);
    return node;
}

static cel_node *parse_primary(parser *p) {
    switch (p->token.kind) {
    case CEL_TOKEN_NAME:
        return parse_word(p);
    case CEL_TOKEN_INT:
    case CEL_TOKEN_DOUBLE:
    case CEL_TOKEN_STRING:
        return parse_literal(p);
    case CEL_TOKEN_SIGN:
        if (at_sign(p, "(")) {
            advance(p);
            cel_node *inner = parse_expression(p);
            return inner != NULL && take_sign(p, ")", "`)`") ? inner : NULL;
        }
        if (at_sign(p, "[")) {
            cel_node *list = node_new(p, CEL_NODE_LIST, p->token.at);
            advance(p);
            return parse_items(p, list, "]");
        }
        return expected(p, "a value");
    default:
        return expected(p, "a value");
    }
}

/* `.name` makes a longer name of a name; `.name(` calls a function of what stands before. */
static cel_node *parse_selection(parser *p, cel_node *target) {
    advance(p);
    if (p->token.kind != CEL_TOKEN_NAME) {
        return expected(p, "a name after `.`");
    }
    sluice_text word = token_text(p);
    size_t at = p->token.at;
    advance(p);
    if (at_sign(p, "(")) {
        cel_node *call = node_new(p, CEL_NODE_CALL, at);
        if (call != NULL) {
            call->name = word;
            call->has_target = true;
        }
        call = adopt(p, call, target);
        advance(p);
        return parse_items(p, call, ")");
    }
    if (target->kind != CEL_NODE_NAME) {
        if (!stopped(p)) {
            cel_fail(p->build, at, "`.%.*s`: only names of features have parts; a function needs `(`", TEXT_ARGS(word));
        }
        return NULL;
    }
    size_t length = target->name.length + 1 + word.length;
    char *joined = length > NAME_BYTES_MAX ? NULL : cel_alloc(p->build, length);
    if (joined == NULL) {
        if (!p->build->no_memory) {
            cel_fail(p->build, target->at, "the name is longer than %d bytes", NAME_BYTES_MAX);
        }
        return NULL;
    }
    memcpy(joined, target->name.data, target->name.length);
    joined[target->name.length] = '.';
    memcpy(joined + target->name.length + 1, word.data, word.length);
    target->name = (sluice_text){joined, length};
    return target;
}

static cel_node *parse_member(parser *p) {
    cel_node *node = parse_primary(p);
    while (node != NULL && !stopped(p)) {
        if (at_sign(p, ".")) {
            node = parse_selection(p, node);
        } else if (at_sign(p, "[")) {
            cel_fail(p->build, p->token.at, "indexing is left out of this subset");
        } else {
            return node;
        }
    }
    return NULL;
}

static cel_node *parse_unary(parser *p) {
    bool is_minus = at_sign(p, "-");
    if (!is_minus && !at_sign(p, "!")) {
        return parse_member(p);
    }
    size_t at = p->token.at;
    if (++p->depth > CEL_DEPTH_MAX) {
        cel_fail(p->build, at, "the condition is nested deeper than %d levels", CEL_DEPTH_MAX);
        return NULL;
    }
    advance(p);
    cel_node *node;
    if (is_minus && (p->token.kind == CEL_TOKEN_INT || p->token.kind == CEL_TOKEN_DOUBLE)) {
        /* A minus belongs to the number, so that the least one can be written. */
        p->token.value.i =
            p->token.kind == CEL_TOKEN_INT ? (int64_t)(0 - (uint64_t)p->token.value.i) : p->token.value.i;
        p->token.value.d = p->token.kind == CEL_TOKEN_DOUBLE ? -p->token.value.d : p->token.value.d;
        p->token.is_beyond = false;
        node = parse_member(p);
        if (node != NULL && node->kind == CEL_NODE_LITERAL) {
            node->at = (uint32_t)at;
        }
    } else {
        cel_node *operation = node_new(p, is_minus ? CEL_NODE_MINUS : CEL_NODE_NOT, at);
        node = adopt(p, operation, parse_unary(p));
    }
    p->depth--;
    return node;
}

/* The strength of the sign at hand: 3 * / %, 2 + −, 1 relations, 0 none of them. */
static int strength(const parser *p) {
    if (at_word(p, "in")) {
        return 1;
    }
    if (p->token.kind != CEL_TOKEN_SIGN) {
        return 0;
    }
    char c = p->token.sign[0];
    if (p->token.sign[1] == '\0' && strchr("*/%", c) != NULL) {
        return 3;
    }
    if (c == '+' || c == '-') {
        return 2;
    }
    return c == '<' || c == '>' || c == '=' || (c == '!' && p->token.sign[1] == '=') ? 1 : 0;
}

static cel_node *parse_binary(parser *p, int least) {
    cel_node *left = least > 3 ? parse_unary(p) : parse_binary(p, least + 1);
    while (left != NULL && least <= 3 && strength(p) == least) {
        cel_node *node = node_new(p, CEL_NODE_BINARY, p->token.at);
        if (node != NULL) {
            memcpy(node->sign, at_word(p, "in") ? "in" : p->token.sign, sizeof node->sign);
        }
        advance(p);
        node = adopt(p, node, left);
        left = node == NULL ? NULL : adopt(p, node, parse_binary(p, least + 1));
    }
    return left;
}

static cel_node *parse_chain(parser *p, bool is_or) {
    cel_node *left = is_or ? parse_chain(p, false) : parse_binary(p, 1);
    if (left == NULL || !at_sign(p, is_or ? "||" : "&&")) {
        return left;
    }
    cel_node *node = adopt(p, node_new(p, is_or ? CEL_NODE_OR : CEL_NODE_AND, p->token.at), left);
    while (node != NULL && at_sign(p, is_or ? "||" : "&&")) {
        advance(p);
        node = adopt(p, node, is_or ? parse_chain(p, false) : parse_binary(p, 1));
    }
    return node;
}

static cel_node *parse_expression(parser *p) {
    if (stopped(p)) {
        return NULL;
    }
    if (++p->depth > CEL_DEPTH_MAX) {
        cel_fail(p->build, p->token.at, "the condition is nested deeper than %d levels", CEL_DEPTH_MAX);
        return NULL;
    }
    cel_node *node = parse_chain(p, true);
    if (node != NULL && at_sign(p, "?")) {
        cel_node *choice = adopt(p, node_new(p, CEL_NODE_IF, p->token.at), node);
        advance(p);
        choice = adopt(p, choice, choice == NULL ? NULL : parse_chain(p, true));
        node = choice != NULL && take_sign(p, ":", "`:` and the other value") ? adopt(p, choice, parse_expression(p))
                                                                              : NULL;
    }
    p->depth--;
    return node;
}

cel_node *cel_parse(cel_build *b) {
    parser p = {.build = b};
    advance(&p);
    if (p.token.kind == CEL_TOKEN_END) {
        cel_fail(b, p.token.at, "expected a condition, such as `payee.in_count_1h >= 10`");
        return NULL;
    }
    cel_node *root = parse_expression(&p);
    if (root != NULL && p.token.kind != CEL_TOKEN_END) {
        return expected(&p, "an operator or the end of the condition");
    }
    return stopped(&p) ? NULL : root;
}
