/* An engine whose every signal is known from its number: what must be in it can be recomputed by the book, and is, key
 * by key and entry by entry. */
#ifndef TESTS_SUPPORT_ENGINE_MODEL_H
#define TESTS_SUPPORT_ENGINE_MODEL_H

#include <sluice/engine.h>

enum { MODEL_BATCH = 24, MODEL_ACCOUNTS = 9 };

/* Appends and flushes the batch number `batch` (from 0): MODEL_BATCH signals. */
sluice_result engine_model_commit(sluice_engine *engine, uint64_t batch, sluice_error *error);
/* The same where the cause of an error is taken away by `mend`, which is called at each one: goes on as the contract of
 * append and flush says one may. *failures_out counts the errors, *error is the last of them. */
sluice_result engine_model_commit_mended(sluice_engine *engine, uint64_t batch, void (*mend)(void),
                                         uint64_t *failures_out, sluice_error *error);
/* Fails the running test unless the engine holds the batches 0 … n − 1 and nothing else; returns n. */
uint64_t engine_model_verify(const sluice_engine *engine);
typedef enum model_answer {
    MODEL_EQUAL,    /* everything is as the model has it */
    MODEL_REFUSED,  /* some call said DAMAGED, everything else is */
    MODEL_DIFFERENT /* something else was given out as the truth */
} model_answer;
/* Compares without failing the test. */
model_answer engine_model_compare(const sluice_engine *engine, uint64_t *batches_out);

#endif
