/* Randomness: from the system for secrets, from a seed for everything that must be repeatable. */
#ifndef SYS_RANDOM_H
#define SYS_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that nobody can guess. False: the system has none (never on Linux once booted). */
bool random_secret(void *bytes_out, size_t bytes);

/* xoshiro256** (Blackman & Vigna 2018), seeded by splitmix64: the same seed, the same stream, on every machine. */
typedef struct random_stream {
    uint64_t state[4];
} random_stream;

void random_seed(random_stream *stream, uint64_t seed);
uint64_t random_u64(random_stream *stream);
/* Uniform in [0, bound), without bias; bound > 0. */
uint64_t random_below(random_stream *stream, uint64_t bound);
/* Uniform in [low, high]. */
int64_t random_between(random_stream *stream, int64_t low, int64_t high);
/* True with probability numerator / denominator. */
bool random_chance(random_stream *stream, uint32_t numerator, uint32_t denominator);

#endif
