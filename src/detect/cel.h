/* Conditions in a subset of the Common Expression Language; docs/rules.md says exactly which.
 *
 * A condition is parsed, checked against the features there are, folded and compiled once; it then runs without loops,
 * without memory of its own and without failing: what cannot be evaluated is CEL_ERROR, and && and || absorb it as the
 * specification says.
 *
 * Compiling is for one thread and one plan; running needs a cel_machine for each thread. */
#ifndef DETECT_CEL_H
#define DETECT_CEL_H

#include "detect/list.h"
#include "feature/feature.h"

#define CEL_SOURCE_BYTES_MAX ((size_t)16 << 10)
#define CEL_DEPTH_MAX 64
#define CEL_NODES_MAX 4096
#define CEL_LIST_MAX 1024
#define CEL_SCRATCH_BYTES 4096
#define CEL_MATCH_STEPS_MAX 200000

/* What a condition may speak of, and where mistakes go. */
typedef struct cel_environment {
    feature_plan *plan; /* features are added to it */
    /* The list of a name, or NULL; then *hint_out may be the nearest name there is, or NULL. */
    const list *(*find_list)(void *context, sluice_text name, const char **hint_out);
    /* A mistake at a byte of the source. May be called more than once. */
    void (*report)(void *context, size_t offset, const char *text);
    void *context;
} cel_environment;

typedef struct cel_program cel_program;

/* The source must be a bool; it need not outlive the call, lists must. INPUT: at least one mistake was reported.
 * NO_MEMORY. */
SLUICE_MUST_USE sluice_result cel_compile(sluice_text source, const cel_environment *environment,
                                          cel_program **program_out);
void cel_program_free(cel_program **program);

/* Working memory of cel_run. NULL: no memory. */
typedef struct cel_machine cel_machine;
cel_machine *cel_machine_new(void);
void cel_machine_free(cel_machine **machine);

/* Who computes a value that is pending when it is read: `get` puts it into the row that cel_run was given. Without one
 * a pending value is missing. */
typedef struct cel_demand {
    void (*get)(void *context, uint32_t slot);
    void *context;
} cel_demand;
void cel_machine_demand(cel_machine *machine, cel_demand demand);

typedef enum cel_outcome { CEL_FALSE, CEL_TRUE, CEL_ERROR } cel_outcome;

/* `time_ms` decides which entries of lists are valid. */
cel_outcome cel_run(const cel_program *program, cel_machine *machine, const feature_value *values, int64_t time_ms);

/* A necessary condition that is quick to test: the condition is not true unless the slot has a value whose cel_order is
 * in [low, high]. */
typedef struct cel_term {
    uint32_t slot;
    bool is_double;
    int64_t low, high;
} cel_term;

/* The comparisons of a slot with a constant at the top level of the conjunction. Borrowed. */
const cel_term *cel_terms(const cel_program *program, size_t *count_out);

/* The condition in parts: it is true when each of them is, whatever their order. Conditions have parts in common, which
 * need not be evaluated twice. What is cheap to read comes first. */
typedef struct cel_part {
    bool is_term; /* it is true when the slot has a value in the term's range, and only then; else cel_run_part */
    cel_term term;
    uint32_t start; /* private */
} cel_part;

/* Borrowed; at least one. */
const cel_part *cel_parts(const cel_program *program, size_t *count_out);
cel_outcome cel_run_part(const cel_program *program, const cel_part *part, cel_machine *machine,
                         const feature_value *values, int64_t time_ms);
/* The most that reading one of its slots costs (feature_plan_cost). */
unsigned cel_part_cost(const cel_program *program, const cel_part *part, const feature_plan *plan);
/* Of parts that are the same it is the same. */
uint64_t cel_part_hash(const cel_program *program, const cel_part *part);
/* True: the two have the same outcome, always. */
bool cel_part_same(const cel_program *program, const cel_part *part, const cel_program *other_program,
                   const cel_part *other);

/* True when the condition reads the slot. Cost: O(its length). */
bool cel_reads(const cel_program *program, uint32_t slot);

/* Integers in the order of the doubles; -0.0 is 0.0, and NaN is beyond the infinities. */
static inline int64_t cel_order_of_double(double d) {
    union {
        double d;
        int64_t i;
    } bits = {.d = d + 0.0};
    return bits.i >= 0 ? bits.i : (int64_t)((uint64_t)INT64_MIN - (uint64_t)bits.i);
}
static inline int64_t cel_order(const feature_value *value, bool is_double) {
    return is_double ? cel_order_of_double(value->d) : value->i;
}

#endif
