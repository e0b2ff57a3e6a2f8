/* A log whose every batch is known from its number, so that whoever opens a store can say what must be in it. */
#ifndef TESTS_SUPPORT_STORE_MODEL_H
#define TESTS_SUPPORT_STORE_MODEL_H

#include "store/store.h"

/* Batch i (from 0) holds MODEL_COUNT(i) sequences. */
#define MODEL_COUNT(i) ((uint64_t)(i) % 5 + 1)
uint64_t model_sequence_first(uint64_t i);
uint64_t model_chain(uint64_t i);

/* Begins, puts batch i with its source and truth rows, commits; rolls back on an error. */
sluice_result model_commit(store *s, uint64_t i, sluice_error *error);
/* Fails the running test unless the store holds the batches 0 … count − 1 and what came with them, and nothing else.
 * Returns count. */
uint64_t model_verify(store *s);

#endif
