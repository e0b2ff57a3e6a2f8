/* Temporal patterns: fan-in, fan-out, gather-scatter, scatter-gather, stack, temporal cycle, pass-through, and a
 * centre's own; counted exactly for each transfer as it arrives, over the series in recent.h.
 *
 * A pattern is text (docs/patterns.md has the language). An occurrence is counted at the transfer that completes it:
 * its last one in time, ties by arrival. One thread. */
#ifndef FEATURE_PATTERN_H
#define FEATURE_PATTERN_H

#include "feature/recent.h"

typedef struct pattern_set pattern_set;

/* Compiles a text with any number of patterns. `source` names it in errors, which give line, column, what was expected
 * and a hint. Errors: INPUT, NO_MEMORY. */
SLUICE_MUST_USE sluice_result pattern_set_load(const char *source, sluice_text text, pattern_set **set_out,
                                               sluice_error *error);
void pattern_set_free(pattern_set **set);

uint32_t pattern_count(const pattern_set *set);
sluice_text pattern_name(const pattern_set *set, uint32_t pattern);
/* The longest window of all. */
int64_t pattern_horizon_ms(const pattern_set *set);

/* False: recent_new_unpaired will do (cycles, pass-through, stack). */
bool pattern_needs_pairs(const pattern_set *set);

/* What one transfer completes of one pattern. */
typedef struct pattern_hit {
    uint64_t count;  /* occurrences; for fans and the like 1 when it is reached, else 0 */
    uint32_t size;   /* of the largest: accounts of a fan's rim, middle accounts, length of the cycle or chain */
    bool is_bounded; /* the limit of work per transfer was met: count and size are lower bounds */
} pattern_hit;

/* Ahead of pattern_step, some movements after recent_prefetch's step 0 and together with its step 1. */
void pattern_prefetch(const recent *r, const activity *movement);

/* After recent_add of the same movement. hits[pattern_count]. False: no memory. */
SLUICE_MUST_USE bool pattern_step(pattern_set *set, const recent *r, const activity *movement, pattern_hit *hits);

/* The movements of one occurrence that `movement` completes (the largest; ties: the earliest in time), in time order.
 * Call after pattern_step of the same movement. At most `capacity` are written; *count_out is how many there are. */
SLUICE_MUST_USE bool pattern_members(pattern_set *set, const recent *r, const activity *movement, uint32_t pattern,
                                     uint32_t *movements_out, size_t capacity, size_t *count_out);

/* For cycles: adds to histogram[length] the cycles that the last step completed; lengths beyond are in [length_max]. */
void pattern_histogram(const pattern_set *set, uint32_t pattern, uint64_t *histogram, uint32_t length_max);

#endif
