/* Random conditions in the subset, and the plain way to evaluate them: a walk over the tree, by the book. Nothing in it
 * comes from src/detect but the names of outcomes. */
#ifndef TESTS_SUPPORT_CEL_WALK_H
#define TESTS_SUPPORT_CEL_WALK_H

#include "base/memory.h"
#include "detect/cel.h"

typedef struct cel_walk_node cel_walk_node;

typedef struct cel_walk {
    uint64_t state;
    arena memory;
    text_writer text;
    const cel_walk_node *variable; /* the macro's constant while its body is walked */
    bool has_variable;             /* while a body is made */
    char variable_type;
} cel_walk;

void cel_walk_init(cel_walk *w, uint64_t seed);
void cel_walk_fini(cel_walk *w);
uint64_t cel_walk_draw(cel_walk *w);

/* A condition over the slots of cel_support.h; lives as long as `w`. */
const cel_walk_node *cel_walk_random(cel_walk *w);
const char *cel_walk_print(cel_walk *w, const cel_walk_node *root);
/* values[CEL_SUPPORT_SLOTS]: missing ones, extreme ones, equal ones. Texts live as long as `w`. */
void cel_walk_values(cel_walk *w, feature_value *values);
/* list("mules") holds "card:1" always and "card:2" until time 1000. */
cel_outcome cel_walk_run(cel_walk *w, const cel_walk_node *root, const feature_value *values, int64_t time_ms);

#endif
