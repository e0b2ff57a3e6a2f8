#include "support/cel_walk.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/hash.h"
#include "support/cel_support.h"

enum { ELEMENTS_MAX = 4, DEPTH_MAX = 4 };

/* Types are letters: i int, d double, b bool, s string. `op` is the operator or function as it is written. */
struct cel_walk_node {
    char type;
    const char *op; /* "const", "slot", "var", "has", "list" for x in [..], "mules", or as written */
    uint32_t slot;
    int64_t i;
    double d;
    const char *s;
    const cel_walk_node *a, *b, *c;
    const cel_walk_node *elements[ELEMENTS_MAX];
    uint32_t element_count;
};

typedef cel_walk_node node;
__extension__ typedef __int128 wide_int;

uint64_t cel_walk_draw(cel_walk *w) {
    w->state += UINT64_C(0x9E3779B97F4A7C15);
    return hash_u64(w->state);
}

static uint64_t below(cel_walk *w, uint64_t limit) {
    return cel_walk_draw(w) % limit;
}

void cel_walk_init(cel_walk *w, uint64_t seed) {
    *w = (cel_walk){.state = hash_u64(seed + 1)};
}

void cel_walk_fini(cel_walk *w) {
    arena_fini(&w->memory);
    text_writer_fini(&w->text);
}

/* ---- making ---- */

static const int64_t INTS[] = {0, 1, 2, 3, -1, -2, 7, 10, 100, INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_C(1) << 53};
static const double DOUBLES[] = {0.0,    -0.0,    1.0,   2.0, 0.5, -1.5, 1e300, -1e300, 9007199254740992.0,
                                 0x1p63, -0x1p63, 1e-300};
static const char *const STRINGS[] = {"",   "a", "ab", "card:1", "card:2", "反诈",  "12",
                                      "-7", "b", "0",  "诈",     "1.5",    "card:", "a\"\\b"};
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static node *node_new(cel_walk *w, char type, const char *op) {
    node *made = arena_alloc(&w->memory, sizeof *made);
    SLUICE_ASSERT(made != NULL);
    *made = (node){.type = type, .op = op};
    return made;
}

static node *constant(cel_walk *w, char type) {
    node *made = node_new(w, type, "const");
    made->i = type == 'b' ? (int64_t)below(w, 2) : INTS[below(w, COUNT_OF(INTS))];
    made->d = DOUBLES[below(w, COUNT_OF(DOUBLES))];
    made->s = STRINGS[below(w, COUNT_OF(STRINGS))];
    return made;
}

static char any_type(cel_walk *w) {
    return "idbs"[below(w, 4)];
}

static node *leaf(cel_walk *w, char type) {
    if (w->has_variable && w->variable_type == type && below(w, 3) == 0) {
        return node_new(w, type, "var");
    }
    if (below(w, 3) == 0) {
        return constant(w, type);
    }
    node *made = node_new(w, type, "slot");
    uint32_t first = type == 'i' ? 0 : type == 'd' ? 1 : type == 'b' ? 2 : 3;
    made->slot = first * CEL_SUPPORT_OF_A_TYPE + (uint32_t)below(w, CEL_SUPPORT_OF_A_TYPE);
    return made;
}

static node *make(cel_walk *w, char type, int depth);

static node *two(cel_walk *w, char type, const char *op, char left, char right, int depth) {
    node *made = node_new(w, type, op);
    made->a = make(w, left, depth - 1);
    made->b = make(w, right, depth - 1);
    return made;
}

static node *one(cel_walk *w, char type, const char *op, char operand, int depth) {
    node *made = node_new(w, type, op);
    made->a = make(w, operand, depth - 1);
    return made;
}

static node *make_list(cel_walk *w, char type, int depth) {
    node *made = node_new(w, 'b', "list");
    made->a = make(w, type, depth - 1);
    made->element_count = (uint32_t)below(w, ELEMENTS_MAX + 1);
    for (uint32_t i = 0; i < made->element_count; i++) {
        made->elements[i] = constant(w, type);
    }
    return made;
}

/* Macros are not nested here: one variable is enough to keep in mind. */
static node *make_macro(cel_walk *w, int depth) {
    static const char *const MACROS[] = {"all", "exists", "exists_one"};
    node *made = node_new(w, 'b', MACROS[below(w, COUNT_OF(MACROS))]);
    w->variable_type = "ids"[below(w, 3)];
    made->element_count = (uint32_t)below(w, ELEMENTS_MAX + 1);
    for (uint32_t i = 0; i < made->element_count; i++) {
        made->elements[i] = constant(w, w->variable_type);
    }
    w->has_variable = made->element_count > 0;
    made->a = w->has_variable ? make(w, 'b', depth - 1) : constant(w, 'b');
    w->has_variable = false;
    return made;
}

static node *make_comparison(cel_walk *w, int depth) {
    static const char *const RELATIONS[] = {"==", "!=", "<", "<=", ">", ">="};
    char type = any_type(w);
    char other = type;
    if ((type == 'i' || type == 'd') && below(w, 4) == 0) {
        other = type == 'i' ? 'd' : 'i';
    }
    return two(w, 'b', RELATIONS[below(w, type == 'b' ? 2 : COUNT_OF(RELATIONS))], type, other, depth);
}

static node *make_bool(cel_walk *w, int depth) {
    static const char *const TEXT_TESTS[] = {"startsWith", "endsWith", "contains"};
    switch (below(w, 14)) {
    case 0:
    case 1:
    case 2:
        return two(w, 'b', "&&", 'b', 'b', depth);
    case 3:
    case 4:
        return two(w, 'b', "||", 'b', 'b', depth);
    case 5:
        return one(w, 'b', "!", 'b', depth);
    case 6: {
        node *made = node_new(w, 'b', "has");
        made->slot = (uint32_t)below(w, CEL_SUPPORT_SLOTS);
        return made;
    }
    case 7:
        return make_list(w, "ids"[below(w, 3)], depth);
    case 8:
        return one(w, 'b', "mules", 's', depth);
    case 9:
        return two(w, 'b', TEXT_TESTS[below(w, COUNT_OF(TEXT_TESTS))], 's', 's', depth);
    case 10:
        return w->has_variable ? make_comparison(w, depth) : make_macro(w, depth);
    default:
        return make_comparison(w, depth);
    }
}

static node *make_number(cel_walk *w, char type, int depth) {
    static const char *const OPERATORS[] = {"+", "-", "*", "/", "min", "max", "%"};
    switch (below(w, 9)) {
    case 0:
        return one(w, type, "-1", type, depth);
    case 1:
        return type == 'i' ? one(w, 'i', "size", 's', depth) : one(w, 'd', "double", 'i', depth);
    case 2:
        return one(w, type, type == 'i' ? "int" : "double", type == 'i' && below(w, 2) == 0 ? 'd' : 's', depth);
    default:
        return two(w, type, OPERATORS[below(w, COUNT_OF(OPERATORS) - (type == 'd' ? 1 : 0))], type, type, depth);
    }
}

static node *make(cel_walk *w, char type, int depth) {
    if (depth <= 0 || (type != 'b' && below(w, 2) == 0)) {
        return leaf(w, type);
    }
    if (below(w, 10) == 0) {
        node *made = node_new(w, type, "?");
        made->c = make(w, 'b', depth - 1);
        made->a = make(w, type, depth - 1);
        made->b = make(w, type, depth - 1);
        return made;
    }
    if (type == 's') {
        return below(w, 2) == 0 ? two(w, 's', "+", 's', 's', depth) : one(w, 's', "string", any_type(w), depth);
    }
    return type == 'b' ? make_bool(w, depth) : make_number(w, type, depth);
}

const cel_walk_node *cel_walk_random(cel_walk *w) {
    return make(w, 'b', 1 + (int)below(w, DEPTH_MAX));
}

/* ---- printing ---- */

static int strength(const node *n) {
    const char *op = n->op;
    if (strcmp(op, "?") == 0) {
        return 0;
    }
    if (strcmp(op, "||") == 0) {
        return 1;
    }
    if (strcmp(op, "&&") == 0) {
        return 2;
    }
    if (strchr("=!<>", op[0]) != NULL && strcmp(op, "!") != 0) {
        return 3;
    }
    if (strcmp(op, "list") == 0 || strcmp(op, "mules") == 0) {
        return 3;
    }
    if (strcmp(op, "+") == 0 || strcmp(op, "-") == 0) {
        return 4;
    }
    if (strchr("*/%", op[0]) != NULL) {
        return 5;
    }
    bool is_negative = strcmp(op, "const") == 0 && (n->type == 'i' ? n->i < 0 : n->type == 'd' && signbit(n->d));
    return strcmp(op, "!") == 0 || strcmp(op, "-1") == 0 || is_negative ? 6 : 7;
}

static void print(cel_walk *w, const node *n);

/* In parentheses where they are needed, and sometimes where they are not. */
static void print_operand(cel_walk *w, const node *n, int least) {
    bool in_parentheses = strength(n) < least || below(w, 8) == 0;
    text_write(&w->text, in_parentheses ? TEXT("(") : TEXT(""));
    print(w, n);
    text_write(&w->text, in_parentheses ? TEXT(")") : TEXT(""));
}

static void print_constant(cel_walk *w, const node *n) {
    if (n->type == 'i') {
        text_printf(&w->text, "%" PRId64, n->i);
    } else if (n->type == 'd') {
        char text[400];
        (void)snprintf(text, sizeof text, "%.17g", n->d);
        text_printf(&w->text, "%s%s", text, strpbrk(text, ".e") == NULL ? ".0" : "");
    } else if (n->type == 'b') {
        text_printf(&w->text, n->i ? "true" : "false");
    } else {
        text_write_char(&w->text, '"');
        for (const char *c = n->s; *c != '\0'; c++) {
            text_write(&w->text, *c == '"' || *c == '\\' ? TEXT("\\") : TEXT(""));
            text_write_char(&w->text, *c);
        }
        text_write_char(&w->text, '"');
    }
}

static void print_slot(cel_walk *w, uint32_t slot) {
    text_printf(&w->text, "t.%c%u", "idbs"[slot / CEL_SUPPORT_OF_A_TYPE], (unsigned)(slot % CEL_SUPPORT_OF_A_TYPE + 1));
}

static void print_elements(cel_walk *w, const node *n) {
    text_write_char(&w->text, '[');
    for (uint32_t i = 0; i < n->element_count; i++) {
        text_write(&w->text, i > 0 ? TEXT(", ") : TEXT(""));
        print_constant(w, n->elements[i]);
    }
    text_write_char(&w->text, ']');
}

static void print_call(cel_walk *w, const node *n) {
    if (strcmp(n->op, "has") == 0) {
        text_write(&w->text, TEXT("has("));
        print_slot(w, n->slot);
        text_write_char(&w->text, ')');
    } else if (strcmp(n->op, "all") == 0 || strncmp(n->op, "exists", 6) == 0) {
        print_elements(w, n);
        text_printf(&w->text, ".%s(x, ", n->op);
        print(w, n->a);
        text_write_char(&w->text, ')');
    } else if (n->b != NULL && strcmp(n->op, "min") != 0 && strcmp(n->op, "max") != 0) {
        print_operand(w, n->a, 7);
        text_printf(&w->text, ".%s(", n->op);
        print(w, n->b);
        text_write_char(&w->text, ')');
    } else {
        text_printf(&w->text, "%s(", n->op);
        print(w, n->a);
        if (n->b != NULL) {
            text_write(&w->text, TEXT(", "));
            print(w, n->b);
        }
        text_write_char(&w->text, ')');
    }
}

static void print(cel_walk *w, const node *n) {
    int own = strength(n);
    if (strcmp(n->op, "const") == 0) {
        print_constant(w, n);
    } else if (strcmp(n->op, "slot") == 0) {
        print_slot(w, n->slot);
    } else if (strcmp(n->op, "var") == 0) {
        text_write_char(&w->text, 'x');
    } else if (own == 0) {
        print_operand(w, n->c, 1);
        text_write(&w->text, TEXT(" ? "));
        print_operand(w, n->a, 1);
        text_write(&w->text, TEXT(" : "));
        print_operand(w, n->b, 0);
    } else if (strcmp(n->op, "list") == 0) {
        print_operand(w, n->a, 3);
        text_write(&w->text, TEXT(" in "));
        print_elements(w, n);
    } else if (strcmp(n->op, "mules") == 0) {
        print_operand(w, n->a, 3);
        text_write(&w->text, TEXT(" in list(\"mules\")"));
    } else if (own < 6) {
        print_operand(w, n->a, own);
        text_printf(&w->text, " %s ", n->op);
        print_operand(w, n->b, own + 1);
    } else if (own == 6) {
        text_write_char(&w->text, n->op[0]);
        print_operand(w, n->a, 7);
    } else {
        print_call(w, n);
    }
}

const char *cel_walk_print(cel_walk *w, const cel_walk_node *root) {
    w->text.length = 0;
    print(w, root);
    SLUICE_ASSERT(!w->text.failed);
    return w->text.data;
}

/* ---- walking ---- */

typedef struct value {
    bool is_error;
    int64_t i; /* int, bool */
    double d;
    const char *s;
    size_t length;
} value;

static const value ERROR = {.is_error = true};

typedef struct walk {
    cel_walk *w;
    const feature_value *values;
    int64_t time_ms;
    size_t made; /* bytes of texts */
} walk;

static value eval(walk *e, const node *n);

static value value_bool(bool b) {
    return (value){.i = b ? 1 : 0};
}

static value value_of_wide(wide_int wide) {
    return wide > INT64_MAX || wide < INT64_MIN ? ERROR : (value){.i = (int64_t)wide};
}

static value of_constant(const node *n) {
    return (value){.i = n->i, .d = n->d, .s = n->s, .length = strlen(n->s)};
}

static int compare_numbers(long double a, long double b) {
    return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2;
}

/* long double holds every int64 and every double. */
static value eval_comparison(const node *n, value a, value b) {
    int order = 0;
    if (n->a->type == 's') {
        order = text_compare((sluice_text){a.s, a.length}, (sluice_text){b.s, b.length});
        order = order < 0 ? -1 : order > 0;
    } else {
        order = compare_numbers(n->a->type == 'd' ? (long double)a.d : (long double)a.i,
                                n->b->type == 'd' ? (long double)b.d : (long double)b.i);
    }
    bool is_equal = order == 0;
    switch (n->op[0]) {
    case '=':
        return value_bool(is_equal);
    case '!':
        return value_bool(!is_equal);
    case '<':
        return value_bool(order == -1 || (n->op[1] == '=' && is_equal));
    default:
        return value_bool(order == 1 || (n->op[1] == '=' && is_equal));
    }
}

static value eval_int(const node *n, int64_t a, int64_t b) {
    wide_int left = a;
    wide_int right = b;
    switch (n->op[0]) {
    case '+':
        return value_of_wide(left + right);
    case '-':
        return value_of_wide(left - right);
    case '*':
        return value_of_wide(left * right);
    case '/':
        return right == 0 ? ERROR : value_of_wide(left / right);
    case '%':
        return right == 0 || (right == -1 && a == INT64_MIN) ? ERROR : value_of_wide(left % right);
    default:
        return value_of_wide((n->op[1] == 'i') == (left < right) ? left : right);
    }
}

static value eval_double(const node *n, double a, double b) {
    switch (n->op[0]) {
    case '+':
        return (value){.d = a + b};
    case '-':
        return (value){.d = a - b};
    case '*':
        return (value){.d = a * b};
    case '/':
        return (value){.d = a / b};
    default: /* the first stays where the second is not less (greater) */
        return (value){.d = n->op[1] == 'i' ? (b < a ? b : a) : (b > a ? b : a)};
    }
}

/* A text that is made counts against the limit of a run. */
static value made_text(walk *e, const char *text, size_t length) {
    if (length > CEL_SCRATCH_BYTES - e->made) {
        return ERROR;
    }
    e->made += length;
    return (value){.s = arena_copy(&e->w->memory, text, length), .length = length};
}

static value eval_join(walk *e, value a, value b) {
    SLUICE_ASSERT(a.s != NULL && b.s != NULL);
    char *joined = arena_alloc(&e->w->memory, a.length + b.length + 1);
    SLUICE_ASSERT(joined != NULL);
    memcpy(joined, a.s, a.length);
    memcpy(joined + a.length, b.s, b.length);
    return made_text(e, joined, a.length + b.length);
}

static value eval_text_test(const node *n, value a, value b) {
    SLUICE_ASSERT(a.s != NULL && b.s != NULL);
    bool found = false;
    for (size_t at = 0; at + b.length <= a.length; at++) {
        bool counts = n->op[0] == 's' ? at == 0 : n->op[0] == 'e' ? at + b.length == a.length : true;
        found = found || (counts && memcmp(a.s + at, b.s, b.length) == 0);
    }
    return value_bool(found);
}

static value eval_conversion(walk *e, const node *n, value a) {
    char text[400];
    (void)snprintf(text, sizeof text, "%.*s", n->a->type == 's' ? (int)a.length : 0, a.s == NULL ? "" : a.s);
    char *end = NULL;
    if (strcmp(n->op, "size") == 0) {
        int64_t count = 0;
        for (size_t i = 0; i < a.length; i++) {
            count += (a.s[i] & 0xC0) != 0x80;
        }
        return (value){.i = count};
    }
    if (strcmp(n->op, "double") == 0) {
        double number = n->a->type == 'i' ? (double)a.i : strtod(text, &end);
        bool is_beyond = isinf(number) && strpbrk(text, "0123456789") != NULL;
        return n->a->type == 's' && (a.length == 0 || *end != '\0' || is_beyond) ? ERROR : (value){.d = number};
    }
    if (strcmp(n->op, "int") == 0 && n->a->type == 'd') {
        long double whole = truncl((long double)a.d);
        return isnan(a.d) || whole < -0x1p63L || whole >= 0x1p63L ? ERROR : (value){.i = (int64_t)whole};
    }
    if (strcmp(n->op, "int") == 0) {
        errno = 0;
        long long number = strtoll(text, &end, 10);
        return a.length == 0 || errno != 0 || *end != '\0' ? ERROR : (value){.i = number};
    }
    if (n->a->type == 's') {
        return a;
    }
    if (n->a->type == 'd' && isnan(a.d)) {
        (void)snprintf(text, sizeof text, "NaN");
    } else if (n->a->type == 'd' && isinf(a.d)) {
        (void)snprintf(text, sizeof text, a.d > 0 ? "+Inf" : "-Inf");
    } else if (n->a->type == 'd') {
        int digits = 1;
        do {
            (void)snprintf(text, sizeof text, "%.*g", digits++, a.d);
        } while (strtod(text, NULL) != a.d);
    } else if (n->a->type == 'b') {
        (void)snprintf(text, sizeof text, a.i ? "true" : "false");
    } else {
        (void)snprintf(text, sizeof text, "%" PRId64, a.i);
    }
    return made_text(e, text, strlen(text));
}

static value eval_membership(walk *e, const node *n, value a) {
    if (strcmp(n->op, "mules") == 0) {
        sluice_text text = {a.s, a.length};
        return value_bool(text_equal(text, TEXT("card:1")) || (text_equal(text, TEXT("card:2")) && e->time_ms < 1000));
    }
    bool found = false;
    for (uint32_t i = 0; i < n->element_count; i++) {
        node equal = {.type = 'b', .op = "==", .a = n->elements[i], .b = n->elements[i]};
        found = found || eval_comparison(&equal, a, of_constant(n->elements[i])).i == 1;
    }
    return value_bool(found);
}

/* && and || of values: an error counts only where nothing else decides. */
static value fold(value a, value b, bool is_or) {
    if ((!a.is_error && a.i == is_or) || (!b.is_error && b.i == is_or)) {
        return value_bool(is_or);
    }
    return a.is_error || b.is_error ? ERROR : value_bool(!is_or);
}

static value eval_macro(walk *e, const node *n) {
    value result = value_bool(n->op[0] == 'a');
    int64_t count = 0;
    bool is_error = false;
    for (uint32_t i = 0; i < n->element_count; i++) {
        e->w->variable = n->elements[i];
        value one_value = eval(e, n->a);
        result = fold(result, one_value, n->op[0] != 'a');
        is_error = is_error || one_value.is_error;
        count += one_value.i;
    }
    if (strcmp(n->op, "exists_one") == 0) {
        return is_error ? ERROR : value_bool(count == 1);
    }
    return result;
}

static value eval_leaf(walk *e, const node *n) {
    if (strcmp(n->op, "const") == 0) {
        return of_constant(n);
    }
    if (strcmp(n->op, "var") == 0) {
        return of_constant(e->w->variable);
    }
    const feature_value *v = &e->values[n->slot];
    if (strcmp(n->op, "has") == 0) {
        return value_bool(!v->is_missing);
    }
    if (v->is_missing) {
        return ERROR;
    }
    return (value){.i = n->type == 'i' || n->type == 'b' ? v->i : 0,
                   .d = n->type == 'd' ? v->d : 0,
                   .s = n->type == 's' ? v->text : "",
                   .length = v->length};
}

static value eval(walk *e, const node *n) {
    if (n->a == NULL) {
        return eval_leaf(e, n);
    }
    if (n->c != NULL) {
        value condition = eval(e, n->c);
        return condition.is_error ? ERROR : eval(e, condition.i ? n->a : n->b);
    }
    if (strcmp(n->op, "all") == 0 || strncmp(n->op, "exists", 6) == 0) {
        return eval_macro(e, n);
    }
    value a = eval(e, n->a);
    value b = n->b == NULL ? value_bool(false) : eval(e, n->b);
    if (strcmp(n->op, "&&") == 0 || strcmp(n->op, "||") == 0) {
        return fold(a, b, n->op[0] == '|');
    }
    if (a.is_error || b.is_error) {
        return ERROR;
    }
    if (strcmp(n->op, "!") == 0) {
        return value_bool(!a.i);
    }
    if (strcmp(n->op, "-1") == 0) {
        return n->type == 'i' ? value_of_wide(-(wide_int)a.i) : (value){.d = -a.d};
    }
    if (strcmp(n->op, "list") == 0 || strcmp(n->op, "mules") == 0) {
        return eval_membership(e, n, a);
    }
    if (n->b == NULL) {
        return eval_conversion(e, n, a);
    }
    if (strchr("=!<>", n->op[0]) != NULL) {
        return eval_comparison(n, a, b);
    }
    if (n->type == 's') {
        return eval_join(e, a, b);
    }
    if (n->type == 'b') {
        return eval_text_test(n, a, b);
    }
    return n->type == 'i' ? eval_int(n, a.i, b.i) : eval_double(n, a.d, b.d);
}

cel_outcome cel_walk_run(cel_walk *w, const cel_walk_node *root, const feature_value *values, int64_t time_ms) {
    walk e = {.w = w, .values = values, .time_ms = time_ms};
    value result = eval(&e, root);
    return result.is_error ? CEL_ERROR : result.i ? CEL_TRUE : CEL_FALSE;
}

/* ---- values ---- */

void cel_walk_values(cel_walk *w, feature_value *values) {
    for (uint32_t i = 0; i < CEL_SUPPORT_SLOTS; i++) {
        feature_value v = {.is_missing = below(w, 5) == 0};
        if (!v.is_missing && i < CEL_SUPPORT_OF_A_TYPE) {
            v.i = below(w, 4) == 0 ? (int64_t)cel_walk_draw(w) : INTS[below(w, COUNT_OF(INTS))];
        } else if (!v.is_missing && i < 2 * CEL_SUPPORT_OF_A_TYPE) {
            v.d = below(w, 4) == 0 ? (double)(int64_t)cel_walk_draw(w) / 1e6 : DOUBLES[below(w, COUNT_OF(DOUBLES))];
        } else if (!v.is_missing && i < 3 * CEL_SUPPORT_OF_A_TYPE) {
            v.i = (int64_t)below(w, 2);
        } else if (!v.is_missing) {
            v.text = STRINGS[below(w, COUNT_OF(STRINGS))];
            v.length = (uint32_t)strlen(v.text);
        }
        values[i] = v;
    }
}
