/* Reading ground truth for a back-test; see truth.c. */
#ifndef ENGINE_TRUTH_H
#define ENGINE_TRUTH_H

#include <sluice/engine.h>

#include "base/memory.h"
#include "detect/backtest.h"

/* `path` NULL: the labels in the store. Texts and payments go into `texts`. Errors: INPUT (file, line, what was
 * expected; nothing is labelled), NOT_FOUND, IO, NO_MEMORY. */
SLUICE_MUST_USE sluice_result truth_read(const sluice_engine *engine, const char *path, arena *texts, truth *truth_out,
                                         sluice_error *error);
void truth_fini(truth *t);

#endif
