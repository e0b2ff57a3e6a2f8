/* Filling a caller's sluice_error. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <sluice/result.h>

/* Sets code and text (error may be NULL) and returns the code, so that `return error_set(…)` reads as one thought. */
sluice_result error_set(sluice_error *error, sluice_result code, const char *format, ...) SLUICE_PRINTF(3, 4);

/* Puts "context: " before the text that is there; returns the code. */
sluice_result error_prefix(sluice_error *error, sluice_result code, const char *format, ...) SLUICE_PRINTF(3, 4);

/* Out of memory, with the amount that was asked for. */
sluice_result error_no_memory(sluice_error *error, size_t bytes);

#endif
