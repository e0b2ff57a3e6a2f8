/* Runs programs. There are no loops in a program, so its cost is its size; what is not of constant cost (texts, regular
 * expressions) has a budget of its own for each run: CEL_SCRATCH_BYTES and CEL_MATCH_STEPS_MAX. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "detect/cel_private.h"

#define NUMBER_BYTES_MAX 64

int cel_compare_int_double(int64_t i, double d) {
    if (d != d) {
        return 2;
    }
    if (d >= 0x1p63) {
        return -1;
    }
    if (d < -0x1p63) {
        return 1;
    }
    int64_t whole = (int64_t)d; /* towards zero */
    if (i != whole) {
        return i < whole ? -1 : 1;
    }
    double rest = d - (double)whole;
    return rest > 0 ? -1 : rest < 0 ? 1 : 0;
}

static inline bool relation_holds(unsigned relation, int order) {
    switch ((cel_relation)relation) {
    case CEL_EQ:
        return order == 0;
    case CEL_NE:
        return order != 0;
    case CEL_LT:
        return order == -1;
    case CEL_LE:
        return order == -1 || order == 0;
    case CEL_GT:
        return order == 1;
    default:
        return order == 1 || order == 0;
    }
}

static sluice_text text_of_value(const cel_value *value) {
    return (sluice_text){value->text, value->length};
}

/* ---- membership ---- */

static bool in_ints(const cel_constants *constants, int64_t value) {
    size_t from = 0;
    size_t to = constants->count;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (constants->values[middle].i < value) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from < constants->count && constants->values[from].i == value;
}

static bool in_doubles(const cel_constants *constants, double value) {
    for (size_t i = 0; i < constants->count; i++) {
        if (constants->values[i].d == value) {
            return true;
        }
    }
    return false;
}

/* ---- texts ---- */

/* NULL: the run's texts are used up. */
static char *scratch(cel_machine *machine, size_t bytes) {
    if (bytes > sizeof machine->scratch - machine->scratch_used) {
        return NULL;
    }
    char *made = machine->scratch + machine->scratch_used;
    machine->scratch_used += bytes;
    return made;
}

static bool join(cel_machine *machine, const cel_value *a, const cel_value *b, cel_value *to) {
    cel_value made = {.length = a->length + b->length};
    char *text = scratch(machine, made.length);
    if (text == NULL) {
        return false;
    }
    memcpy(text, a->text, a->length);
    memcpy(text + a->length, b->text, b->length);
    made.text = text;
    *to = made;
    return true;
}

static bool put_text(cel_machine *machine, const char *text, cel_value *to) {
    size_t length = strlen(text);
    char *copy = scratch(machine, length);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, text, length);
    to->text = copy;
    to->length = length;
    return true;
}

static bool string_of_int(cel_machine *machine, int64_t value, cel_value *to) {
    char text[32];
    (void)snprintf(text, sizeof text, "%lld", (long long)value);
    return put_text(machine, text, to);
}

/* The shortest text that reads as the same number. */
static bool string_of_double(cel_machine *machine, double value, cel_value *to) {
    char text[40];
    if (!isfinite(value)) {
        return put_text(machine, isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf", to);
    }
    for (int digits = 1; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    return put_text(machine, text, to);
}

static int64_t size_of(const cel_value *value) {
    int64_t count = 0;
    for (size_t i = 0; i < value->length; i++) {
        count += ((unsigned char)value->text[i] & 0xC0) != 0x80;
    }
    return count;
}

static bool int_of_string(const cel_value *value, int64_t *out) {
    sluice_text text = text_of_value(value);
    bool is_minus = text.length > 0 && text.data[0] == '-';
    if (text.length > 0 && (is_minus || text.data[0] == '+')) {
        text.data++;
        text.length--;
    }
    uint64_t number = 0;
    if (!text_to_u64(text, &number) || number > (uint64_t)INT64_MAX + (is_minus ? 1 : 0)) {
        return false;
    }
    *out = (int64_t)(is_minus ? 0 - number : number);
    return true;
}

static bool double_of_string(const cel_value *value, double *out) {
    char text[NUMBER_BYTES_MAX];
    if (text_equal(text_of_value(value), TEXT("NaN"))) { /* as string() writes them */
        *out = (double)NAN;
        return true;
    }
    if (text_equal(text_of_value(value), TEXT("+Inf")) || text_equal(text_of_value(value), TEXT("-Inf"))) {
        *out = value->text[0] == '-' ? -HUGE_VAL : HUGE_VAL;
        return true;
    }
    if (value->length == 0 || value->length >= sizeof text) {
        return false;
    }
    for (size_t i = 0; i < value->length; i++) {
        char c = value->text[i];
        if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
            return false;
        }
        text[i] = c;
    }
    text[value->length] = '\0';
    char *end = NULL;
    *out = strtod(text, &end);
    return end == text + value->length && isfinite(*out);
}

static bool int_of_double(double value, int64_t *out) {
    if (!(value >= -0x1p63 && value < 0x1p63)) {
        return false;
    }
    *out = (int64_t)value;
    return true;
}

static bool ends_with(const cel_value *text, const cel_value *end) {
    return text->length >= end->length &&
           memcmp(text->text + (text->length - end->length), end->text, end->length) == 0;
}

static bool starts_with(const cel_value *text, const cel_value *start) {
    return text->length >= start->length && memcmp(text->text, start->text, start->length) == 0;
}

static bool contains(const cel_value *text, const cel_value *part) {
    return part->length == 0 || memmem(text->text, text->length, part->text, part->length) != NULL;
}

/* ---- the machine ---- */

/* False: beyond 64 bits, or a division by zero. By value: gcc 12 misses overflows where the result overwrites an
 * operand in memory. */
static bool compute_int(unsigned op, int64_t a, int64_t b, int64_t *out) {
    int64_t result = 0;
    bool is_beyond = false;
    switch ((cel_op)op) {
    case CEL_OP_ADD_INT:
        is_beyond = __builtin_add_overflow(a, b, &result);
        break;
    case CEL_OP_MINUS_INT:
        is_beyond = __builtin_sub_overflow(INT64_C(0), a, &result);
        break;
    default:
        if (b == 0 || (a == INT64_MIN && b == -1)) {
            return false;
        }
        result = op == CEL_OP_MODULO_INT ? a % b : a / b;
        break;
    }
    *out = result;
    return !is_beyond;
}

/* Six cases, one a relation. */
#define RELATIONS(base, left, right)                                                                                   \
    case (base) + CEL_EQ:                                                                                              \
        to->i = (left) == (right);                                                                                     \
        break;                                                                                                         \
    case (base) + CEL_NE:                                                                                              \
        to->i = (left) != (right);                                                                                     \
        break;                                                                                                         \
    case (base) + CEL_LT:                                                                                              \
        to->i = (left) < (right);                                                                                      \
        break;                                                                                                         \
    case (base) + CEL_LE:                                                                                              \
        to->i = (left) <= (right);                                                                                     \
        break;                                                                                                         \
    case (base) + CEL_GT:                                                                                              \
        to->i = (left) > (right);                                                                                      \
        break;                                                                                                         \
    case (base) + CEL_GE:                                                                                              \
        to->i = (left) >= (right);                                                                                     \
        break

static inline const feature_value *slot_of(const feature_value *values, uint32_t slot, const cel_machine *machine) {
    const feature_value *value = &values[slot];
    if (value->is_pending && machine->demand.get != NULL) {
        machine->demand.get(machine->demand.context, slot);
    }
    return value;
}

#define SLOT_RELATION(base, relation, operator, field, constant)                                                       \
    case (base) + (relation):                                                                                          \
        value = slot_of(values, in->slot, machine);                                                                    \
        to->i = value->is_missing ? CEL_ERROR : value->field operator(constant);                                       \
        break
#define SLOT_RELATIONS(base, field, constant)                                                                          \
    SLOT_RELATION(base, CEL_EQ, ==, field, constant);                                                                  \
    SLOT_RELATION(base, CEL_NE, !=, field, constant);                                                                  \
    SLOT_RELATION(base, CEL_LT, <, field, constant);                                                                   \
    SLOT_RELATION(base, CEL_LE, <=, field, constant);                                                                  \
    SLOT_RELATION(base, CEL_GT, >, field, constant);                                                                   \
    SLOT_RELATION(base, CEL_GE, >=, field, constant)

/* What is not a jump, a load or a comparison of numbers. False: it has no value. */
static bool compute(const cel_instruction *in, cel_machine *machine, int64_t time_ms, const cel_value *a,
                    const cel_value *b, cel_value *to) {
    switch ((cel_op)in->op) {
    case CEL_OP_IN_INTS:
        to->i = in_ints(in->constants, a->i);
        return true;
    case CEL_OP_IN_DOUBLES:
        to->i = in_doubles(in->constants, a->d);
        return true;
    case CEL_OP_IN_STRINGS:
        to->i = list_has(in->constants->strings, text_of_value(a), 0);
        return true;
    case CEL_OP_IN_LIST:
        to->i = list_has(in->named, text_of_value(a), time_ms);
        return true;
    case CEL_OP_STARTS_WITH:
        to->i = starts_with(a, b);
        return true;
    case CEL_OP_ENDS_WITH:
        to->i = ends_with(a, b);
        return true;
    case CEL_OP_CONTAINS:
        to->i = contains(a, b);
        return true;
    case CEL_OP_MATCHES: {
        cel_regex_found found = cel_regex_search(in->regex, text_of_value(a), &machine->work, &machine->match_steps);
        to->i = found == CEL_REGEX_YES;
        return found != CEL_REGEX_STOPPED;
    }
    case CEL_OP_ADD_INT:
    case CEL_OP_DIVIDE_INT:
    case CEL_OP_MODULO_INT:
    case CEL_OP_MINUS_INT:
        return compute_int(in->op, a->i, b->i, &to->i);
    case CEL_OP_JOIN:
        return join(machine, a, b, to);
    case CEL_OP_SIZE:
        to->i = size_of(a);
        return true;
    case CEL_OP_INT_OF_DOUBLE:
        return int_of_double(a->d, &to->i);
    case CEL_OP_INT_OF_STRING:
        return int_of_string(a, &to->i);
    case CEL_OP_DOUBLE_OF_STRING:
        return double_of_string(a, &to->d);
    case CEL_OP_STRING_OF_INT:
        return string_of_int(machine, a->i, to);
    case CEL_OP_STRING_OF_DOUBLE:
        return string_of_double(machine, a->d, to);
    case CEL_OP_STRING_OF_BOOL:
        return a->i != CEL_ERROR && put_text(machine, a->i == CEL_TRUE ? "true" : "false", to);
    default:
        return false;
    }
}

/* Comparisons of two registers that are not both int or both double. */
static void compare(const cel_instruction *in, const cel_value *a, const cel_value *b, cel_value *to) {
    unsigned op = in->op;
    if (op >= CEL_OP_COMPARE_BOOL) {
        bool is_equal = a->i == b->i;
        bool is_error = a->i == CEL_ERROR || b->i == CEL_ERROR;
        to->i = is_error ? CEL_ERROR : is_equal == (op == CEL_OP_COMPARE_BOOL) ? CEL_TRUE : CEL_FALSE;
    } else if (op >= CEL_OP_COMPARE_STRING) {
        int order = text_compare(text_of_value(a), text_of_value(b));
        to->i = relation_holds(op - CEL_OP_COMPARE_STRING, order < 0 ? -1 : order > 0);
    } else {
        to->i = relation_holds(op - CEL_OP_COMPARE_INT_DOUBLE, cel_compare_int_double(a->i, b->d));
    }
}

/* The arithmetic of doubles, which always has a value. */
static double compute_double(unsigned op, double a, double b) {
    switch ((cel_op)op) {
    case CEL_OP_ADD_DOUBLE:
        return a + b;
    case CEL_OP_SUBTRACT_DOUBLE:
        return a - b;
    case CEL_OP_MULTIPLY_DOUBLE:
        return a * b;
    case CEL_OP_DIVIDE_DOUBLE:
        return a / b;
    case CEL_OP_MINUS_DOUBLE:
        return -a;
    case CEL_OP_MIN_DOUBLE:
        return b < a ? b : a;
    default:
        return b > a ? b : a;
    }
}

bool cel_execute(const cel_instruction *code, uint32_t start, cel_machine *machine, const feature_value *values,
                 int64_t time_ms, cel_value *result_out) {
    const feature_value *value = NULL;
    int64_t number = 0; /* by value: see compute_int */
    cel_value registers[CEL_REGISTERS];
    for (const cel_instruction *in = code + start;; in++) {
        cel_value *to = &registers[in->to];
        const cel_value *a = &registers[in->a];
        const cel_value *b = &registers[in->b];
        switch ((unsigned)in->op) {
            SLOT_RELATIONS(CEL_OP_COMPARE_SLOT_INT, i, in->i);
            SLOT_RELATIONS(CEL_OP_COMPARE_SLOT_DOUBLE, d, in->d);
            RELATIONS(CEL_OP_COMPARE_INT, a->i, b->i);
            RELATIONS(CEL_OP_COMPARE_DOUBLE, a->d, b->d);
        case CEL_OP_JUMP_FALSE:
            in = a->i == CEL_FALSE ? code + in->target - 1 : in;
            break;
        case CEL_OP_JUMP_TRUE:
            in = a->i == CEL_TRUE ? code + in->target - 1 : in;
            break;
        case CEL_OP_JUMP:
            in = code + in->target - 1;
            break;
        case CEL_OP_AND:
            to->i = b->i == CEL_FALSE ? CEL_FALSE : a->i | (b->i & CEL_ERROR);
            to->i = to->i > CEL_ERROR ? CEL_ERROR : to->i;
            break;
        case CEL_OP_OR:
            to->i = b->i == CEL_TRUE ? CEL_TRUE : a->i | b->i;
            break;
        case CEL_OP_NOT:
            to->i = a->i == CEL_ERROR ? CEL_ERROR : a->i ^ 1;
            break;
        case CEL_OP_BRANCH:
            if (a->i == CEL_ERROR) {
                goto fail;
            }
            in = a->i == CEL_FALSE ? code + in->target - 1 : in;
            break;
        case CEL_OP_CONST:
            to->i = in->i;
            to->length = in->slot;
            break;
        case CEL_OP_HAS:
            to->i = slot_of(values, in->slot, machine)->is_missing ? CEL_FALSE : CEL_TRUE;
            break;
        case CEL_OP_SLOT_BOOL:
            value = slot_of(values, in->slot, machine);
            to->i = value->is_missing ? CEL_ERROR : value->i;
            break;
        case CEL_OP_SLOT:
            value = slot_of(values, in->slot, machine);
            if (value->is_missing) {
                goto fail;
            }
            to->i = value->i;
            to->length = value->length;
            break;
        case CEL_OP_MULTIPLY_INT: /* what conditions compute, if they do; the rest in compute_int */
            if (__builtin_mul_overflow(a->i, b->i, &number)) {
                goto fail;
            }
            to->i = number;
            break;
        case CEL_OP_SUBTRACT_INT:
            if (__builtin_sub_overflow(a->i, b->i, &number)) {
                goto fail;
            }
            to->i = number;
            break;
        case CEL_OP_DOUBLE_OF_INT:
            to->d = (double)a->i;
            break;
        case CEL_OP_MIN_INT:
            to->i = b->i < a->i ? b->i : a->i;
            break;
        case CEL_OP_MAX_INT:
            to->i = b->i > a->i ? b->i : a->i;
            break;
        case CEL_OP_RETURN:
            *result_out = registers[0];
            return true;
        default:
            if (in->op >= CEL_OP_ADD_DOUBLE && in->op <= CEL_OP_MAX_DOUBLE) {
                to->d = compute_double(in->op, a->d, b->d);
            } else if (in->op >= CEL_OP_COMPARE_INT_DOUBLE && in->op < CEL_OP_IN_INTS) {
                compare(in, a, b, to);
            } else if (!compute(in, machine, time_ms, a, b, to)) {
                goto fail;
            }
            break;
        }
        continue;
    fail:
        if (in->fail_to == 0) {
            return false;
        }
        registers[in->fail_register].i = CEL_ERROR;
        in = code + in->fail_to - 1;
    }
}

static cel_outcome run_from(const cel_program *program, uint32_t start, cel_machine *machine,
                            const feature_value *values, int64_t time_ms) {
    cel_value result = {.i = CEL_ERROR};
    machine->match_steps = CEL_MATCH_STEPS_MAX;
    machine->scratch_used = 0;
    return cel_execute(program->code, start, machine, values, time_ms, &result) ? (cel_outcome)result.i : CEL_ERROR;
}

cel_outcome cel_run(const cel_program *program, cel_machine *machine, const feature_value *values, int64_t time_ms) {
    return run_from(program, 0, machine, values, time_ms);
}

cel_outcome cel_run_part(const cel_program *program, const cel_part *part, cel_machine *machine,
                         const feature_value *values, int64_t time_ms) {
    return run_from(program, part->start, machine, values, time_ms);
}

cel_machine *cel_machine_new(void) {
    return memory_new_zero(1, sizeof(cel_machine));
}

void cel_machine_demand(cel_machine *machine, cel_demand demand) {
    machine->demand = demand;
}

void cel_machine_free(cel_machine **machine) {
    memory_free(*machine);
    *machine = NULL;
}
