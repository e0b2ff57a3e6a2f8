#include "support/graph_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/text.h"

void graph_world_init(graph_world *w, random_stream *random, uint32_t count, uint32_t key_count) {
    memset(w, 0, sizeof *w);
    SLUICE_ASSERT(graph_init(&w->graph));
    w->count = count;
    w->key_count = key_count;
    w->movements = calloc(count, sizeof *w->movements);
    for (uint32_t i = 0; i < key_count; i++) {
        char key[32];
        uint32_t number = 0;
        (void)snprintf(key, sizeof key, "account:%u", i);
        sluice_text text = text_of(key);
        SLUICE_ASSERT(keys_add(&w->graph.keys, text, hash64(text.data, text.length), &number) == KEYS_ADDED);
    }
    for (uint32_t i = 0; i < count; i++) {
        batch_movement *m = &w->movements[i];
        m->time_ms = random_chance(random, 1, 8) ? (int64_t)random_below(random, count) : (int64_t)(i / 3);
        m->from = (uint32_t)random_below(random, key_count);
        m->to = random_chance(random, 1, 2) ? 0 : (uint32_t)random_below(random, key_count);
        m->amount_fen = (int64_t)random_below(random, 1000000);
        m->kind = random_chance(random, 1, 20) ? SLUICE_SIGNAL_WITHDRAWAL : SLUICE_SIGNAL_TRANSFER;
        m->id_prefix = 1;
        m->id_row = i + 1;
    }
}

bool graph_world_apply(graph_world *w, uint32_t size) {
    uint32_t left = w->count - w->applied;
    if (left == 0) {
        return false;
    }
    size = size < left ? size : left;
    if (w->applied == 0) {
        SLUICE_ASSERT(transfer_ids_add_prefix(&w->graph.ids, TEXT("world")));
    }
    batch b = {.sequence_first = w->graph.sequence + 1,
               .key_count = w->applied == 0 ? w->key_count : 0,
               .key_first = w->applied == 0 ? 0 : w->key_count,
               .movements = w->movements + w->applied,
               .movement_count = size};
    SLUICE_ASSERT(graph_reserve(&w->graph, &b) && graph_apply(&w->graph, &b));
    w->applied += size;
    return true;
}

void graph_world_fini(graph_world *w) {
    graph_fini(&w->graph);
    free(w->movements);
}
