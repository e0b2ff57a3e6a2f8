/* A graph with random movements, applied batch by batch without a store. */
#ifndef TESTS_SUPPORT_GRAPH_WORLD_H
#define TESTS_SUPPORT_GRAPH_WORLD_H

#include "graph/graph.h"
#include "sys/random.h"

typedef struct graph_world {
    graph graph;
    batch_movement *movements; /* all of them, in log order */
    uint32_t count, applied, key_count;
} graph_world;

/* `count` movements between `key_count` accounts; one of them takes part in half of all; one in eight is late. */
void graph_world_init(graph_world *w, random_stream *random, uint32_t count, uint32_t key_count);
/* Applies the next `size` movements; false when none are left. Writer thread. */
bool graph_world_apply(graph_world *w, uint32_t size);
void graph_world_fini(graph_world *w);

#endif
