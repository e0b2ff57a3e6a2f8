/* Shapes: tables of what the surroundings of each transfer or account look like in hindsight, for models that recognise
 * the typology of a scheme or find the accounts of one. docs/shapes.md has every column.
 *
 * Unlike the features of detection (detect.h), which look back only, these look at what came after, too: they are for
 * case analysis and for training, never for a decision on the transfer itself. No column reads a label, and none
 * depends on the numbers or names of accounts. */
#ifndef SLUICE_SHAPE_H
#define SLUICE_SHAPE_H

#include <sluice/detect.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SLUICE_SHAPE_WINDOWS_MAX 4

typedef struct sluice_shapes_options {
    size_t size; /* sizeof(sluice_shapes_options) */
    sluice_feature_rows rows;
    const int64_t *windows_ms; /* transfers: to both sides of each; NULL: four days. The first says what is adjacent */
    size_t window_count;       /* at most SLUICE_SHAPE_WINDOWS_MAX */
    uint64_t as_of;            /* 0: now */
    /* Gets the table piece by piece as CSV; returns false to stop (INTERRUPTED). */
    bool (*write)(void *context, const char *text, size_t length);
    void *write_context;
} sluice_shapes_options;

/* Transfers in order of time (sequence, time, from, to, columns …), or accounts (account, columns …), those without a
 * transfer left out, as are transfers of an account to itself and withdrawals. Errors: INVALID, NO_MEMORY, INTERRUPTED
 * and those of reading the log. Memory: 24 bytes a transfer and 100 an account; 4 bytes for each of 28 columns a window
 * and 20 more a transfer, or of 34 columns an account. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_shapes_run(const sluice_engine *engine,
                                                           const sluice_shapes_options *options, sluice_error *error);

#ifdef __cplusplus
}
#endif
#endif
