/* What the checker's two files, operators (cel_check.c) and functions (cel_calls.c), share. */
#ifndef DETECT_CEL_CHECK_PRIVATE_H
#define DETECT_CEL_CHECK_PRIVATE_H

#include "detect/cel_private.h"

/* A macro's variable, with the element it stands for just now. */
typedef struct cel_binding cel_binding;
struct cel_binding {
    sluice_text name;
    const cel_typed *value;
    const cel_binding *outer;
};

typedef struct cel_check_state {
    cel_build *build;
    cel_program *program;
    cel_machine *machine; /* for folding */
    const cel_binding *bindings;
    size_t steps, mistakes;
    bool is_over; /* the limit of steps was met */
} cel_check_state;

/* All give NULL after a mistake that was reported, or without memory. */
cel_typed *cel_check_node(cel_check_state *c, const cel_node *node);
cel_typed *cel_check_call(cel_check_state *c, const cel_node *node);
/* `left in list("name")`; left may be NULL. */
cel_typed *cel_check_named(cel_check_state *c, const cel_node *call, cel_typed *left);
bool cel_slot(cel_check_state *c, const cel_node *node, uint32_t *slot_out);

cel_typed *cel_typed_new(cel_check_state *c, cel_op op, cel_type type);
cel_typed *cel_typed_int(cel_check_state *c, int64_t value);
cel_typed *cel_typed_bool(cel_check_state *c, bool value);
void cel_typed_add(cel_typed *node, cel_typed *child);
/* A constant if all operands are (FAIL if it has no value), else the node itself. */
cel_typed *cel_fold(cel_check_state *c, cel_typed *node);
cel_typed *cel_chain(cel_check_state *c, cel_op op, cel_typed *const *children, size_t count);
cel_typed *cel_choice(cel_check_state *c, cel_typed *condition, cel_typed *then, cel_typed *otherwise);

#endif
