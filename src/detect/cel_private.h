/* The stages of a condition: text → tokens → parse tree (cel_parse) → typed tree (cel_check) → program (cel_code). */
#ifndef DETECT_CEL_PRIVATE_H
#define DETECT_CEL_PRIVATE_H

#include "base/memory.h"
#include "detect/cel.h"
#include "detect/cel_regex.h"

typedef enum cel_type { CEL_NONE, CEL_INT, CEL_DOUBLE, CEL_BOOL, CEL_STRING, CEL_LIST } cel_type;
const char *cel_type_name(cel_type type);

typedef struct cel_value {
    union {
        int64_t i; /* INT; BOOL: a cel_outcome */
        double d;
        const char *text;
    };
    size_t length; /* of text */
} cel_value;

/* What all stages share while one condition is compiled. */
typedef struct cel_build {
    sluice_text source;
    const cel_environment *environment;
    arena memory; /* of the trees; freed when the program is made */
    bool failed;  /* a mistake was reported */
    bool no_memory;
} cel_build;

void cel_fail(cel_build *b, size_t offset, const char *format, ...) SLUICE_PRINTF(3, 4);
/* Zeroed; NULL sets no_memory. */
void *cel_alloc(cel_build *b, size_t bytes);

/* ---- tokens ---- */

typedef enum cel_token_kind {
    CEL_TOKEN_END,
    CEL_TOKEN_BAD, /* reported */
    CEL_TOKEN_NAME,
    CEL_TOKEN_INT,
    CEL_TOKEN_DOUBLE,
    CEL_TOKEN_STRING,
    CEL_TOKEN_SIGN /* an operator or bracket: `sign` */
} cel_token_kind;

typedef struct cel_token {
    cel_token_kind kind;
    char sign[3];
    size_t at, end; /* in the source */
    cel_value value;
    bool is_beyond; /* an INT of 2^63, which only a minus before it makes valid */
} cel_token;

void cel_next_token(cel_build *b, size_t from, cel_token *token_out);

/* ---- parse tree ---- */

typedef enum cel_node_kind {
    CEL_NODE_LITERAL,
    CEL_NODE_NAME, /* `name`: segments joined by '.' */
    CEL_NODE_LIST, /* children: elements */
    CEL_NODE_CALL, /* `name` the function; children: target first if has_target, then arguments */
    CEL_NODE_NOT,
    CEL_NODE_MINUS,
    CEL_NODE_BINARY, /* `sign` */
    CEL_NODE_AND,    /* any number of children, at least 2 */
    CEL_NODE_OR,
    CEL_NODE_IF
} cel_node_kind;

typedef struct cel_node cel_node;
struct cel_node {
    cel_node_kind kind;
    uint8_t depth;
    bool has_target;
    char sign[3];
    uint32_t at, end; /* of the literal or operator in the source */
    cel_type type;    /* of a literal */
    cel_value value;
    sluice_text name;
    uint32_t child_count;
    cel_node *first, *last, *next;
};

/* NULL: reported, or no memory. */
cel_node *cel_parse(cel_build *b);

/* ---- typed tree ---- */

typedef enum cel_op {
    /* leaves */
    CEL_OP_CONST,
    CEL_OP_SLOT,
    CEL_OP_HAS,
    CEL_OP_FAIL, /* always an error */
    /* bool from bool */
    CEL_OP_NOT,
    CEL_OP_AND,
    CEL_OP_OR,
    CEL_OP_IF,
    /* comparisons, each six in the order == != < <= > >= */
    CEL_OP_COMPARE_INT,
    CEL_OP_COMPARE_DOUBLE = CEL_OP_COMPARE_INT + 6,
    CEL_OP_COMPARE_INT_DOUBLE = CEL_OP_COMPARE_DOUBLE + 6,
    CEL_OP_COMPARE_STRING = CEL_OP_COMPARE_INT_DOUBLE + 6,
    CEL_OP_COMPARE_BOOL = CEL_OP_COMPARE_STRING + 6, /* == != only */
    CEL_OP_IN_INTS = CEL_OP_COMPARE_BOOL + 2,
    CEL_OP_IN_DOUBLES,
    CEL_OP_IN_STRINGS,
    CEL_OP_IN_LIST,
    CEL_OP_STARTS_WITH,
    CEL_OP_ENDS_WITH,
    CEL_OP_CONTAINS,
    CEL_OP_MATCHES,
    /* values: they may fail */
    CEL_OP_ADD_INT,
    CEL_OP_SUBTRACT_INT,
    CEL_OP_MULTIPLY_INT,
    CEL_OP_DIVIDE_INT,
    CEL_OP_MODULO_INT,
    CEL_OP_MINUS_INT,
    CEL_OP_MIN_INT,
    CEL_OP_MAX_INT,
    CEL_OP_ADD_DOUBLE,
    CEL_OP_SUBTRACT_DOUBLE,
    CEL_OP_MULTIPLY_DOUBLE,
    CEL_OP_DIVIDE_DOUBLE,
    CEL_OP_MINUS_DOUBLE,
    CEL_OP_MIN_DOUBLE,
    CEL_OP_MAX_DOUBLE,
    CEL_OP_JOIN,
    CEL_OP_SIZE,
    CEL_OP_INT_OF_DOUBLE,
    CEL_OP_INT_OF_STRING,
    CEL_OP_DOUBLE_OF_INT,
    CEL_OP_DOUBLE_OF_STRING,
    CEL_OP_STRING_OF_INT,
    CEL_OP_STRING_OF_DOUBLE,
    CEL_OP_STRING_OF_BOOL,
    /* only in programs */
    CEL_OP_SLOT_BOOL,
    CEL_OP_COMPARE_SLOT_INT, /* a slot with a constant */
    CEL_OP_COMPARE_SLOT_DOUBLE = CEL_OP_COMPARE_SLOT_INT + 6,
    CEL_OP_JUMP = CEL_OP_COMPARE_SLOT_DOUBLE + 6,
    CEL_OP_JUMP_FALSE,
    CEL_OP_JUMP_TRUE,
    CEL_OP_BRANCH, /* on true goes on, on false jumps, on an error fails */
    CEL_OP_RETURN,
    CEL_OP_COUNT
} cel_op;

typedef enum cel_relation { CEL_EQ, CEL_NE, CEL_LT, CEL_LE, CEL_GT, CEL_GE } cel_relation;

/* A list of constants of one type; ints sorted, strings in `strings`. Kept by the program. */
typedef struct cel_constants {
    cel_type type;
    size_t count;
    cel_value *values;
    list *strings;
} cel_constants;

typedef struct cel_typed cel_typed;
struct cel_typed {
    cel_op op;
    cel_type type;
    uint32_t slot;
    cel_value value; /* of a CONST that is not a list */
    union {
        cel_constants *constants; /* of a list, and of IN_INTS … */
        const list *named;
        cel_regex *regex;
    };
    cel_typed *first, *last, *next; /* children */
};

/* Resolves names, checks types, writes macros out, folds constants. What the program keeps (constants, expressions) is
 * handed to `program`. NULL: reported, or no memory. */
cel_typed *cel_check(cel_build *b, const cel_node *root, cel_program *program);

/* ---- program ---- */

typedef struct cel_instruction {
    uint8_t op; /* cel_op */
    uint8_t to, a, b;
    uint16_t fail_to;      /* where an error goes on … */
    uint8_t fail_register; /* … and which register it makes CEL_ERROR */
    bool is_text;          /* of a CONST */
    union {
        int64_t i;
        double d;
        const char *text;
        uint32_t target; /* of a jump */
        const cel_constants *constants;
        const list *named;
        const cel_regex *regex;
    };
    uint32_t slot; /* or the length of text */
    uint32_t unused_2;
} cel_instruction;

struct cel_program {
    arena memory; /* constants' texts */
    cel_instruction *code;
    size_t count, capacity;
    cel_term *terms;
    size_t term_count, term_capacity;
    cel_part *parts;
    size_t part_count, part_capacity;
    cel_constants **constants; /* owned */
    size_t constants_count, constants_capacity;
    cel_regex **regexes; /* owned */
    size_t regex_count, regex_capacity;
};

/* Appends the code of a tree; the last instruction returns. False: no memory. */
SLUICE_MUST_USE bool cel_emit(cel_program *p, const cel_typed *root);
/* Fills in the program's terms. False: no memory. */
SLUICE_MUST_USE bool cel_find_terms(cel_program *p, const cel_typed *root);
/* After both: its parts, whose code goes behind the program's. False: no memory. */
SLUICE_MUST_USE bool cel_find_parts(cel_program *p, const cel_typed *root);

/* A level of the parse tree takes at most three. */
#define CEL_REGISTERS 256

struct cel_machine {
    cel_demand demand;
    int64_t match_steps; /* left */
    size_t scratch_used;
    char scratch[CEL_SCRATCH_BYTES];
    cel_regex_work work;
};

/* Runs code; false: an error reached the top of something that is not a bool. */
bool cel_execute(const cel_instruction *code, uint32_t start, cel_machine *machine, const feature_value *values,
                 int64_t time_ms, cel_value *result_out);

/* -1, 0, 1; 2 when d is not a number. Exact. */
int cel_compare_int_double(int64_t i, double d);

#endif
