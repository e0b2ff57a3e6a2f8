#include "sys/random.h"

#include <sys/random.h>

#include "base/assert.h"

__extension__ typedef unsigned __int128 uint128;

bool random_secret(void *bytes_out, size_t bytes) {
    unsigned char *p = bytes_out;
    while (bytes > 0) {
        ssize_t got = getrandom(p, bytes, 0);
        if (got <= 0) {
            return false;
        }
        p += got;
        bytes -= (size_t)got;
    }
    return true;
}

static uint64_t rotate(uint64_t value, int bits) {
    return (value << bits) | (value >> (64 - bits));
}

void random_seed(random_stream *stream, uint64_t seed) {
    for (int i = 0; i < 4; i++) {
        seed += UINT64_C(0x9E3779B97F4A7C15);
        uint64_t mixed = (seed ^ (seed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
        stream->state[i] = mixed ^ (mixed >> 31);
    }
}

uint64_t random_u64(random_stream *stream) {
    uint64_t *s = stream->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return result;
}

/* Lemire, "Fast Random Integer Generation in an Interval" (2019). */
uint64_t random_below(random_stream *stream, uint64_t bound) {
    SLUICE_ASSERT(bound > 0);
    uint128 product = (uint128)random_u64(stream) * bound;
    if ((uint64_t)product < bound) {
        uint64_t threshold = (0 - bound) % bound;
        while ((uint64_t)product < threshold) {
            product = (uint128)random_u64(stream) * bound;
        }
    }
    return (uint64_t)(product >> 64);
}

int64_t random_between(random_stream *stream, int64_t low, int64_t high) {
    SLUICE_ASSERT(low <= high && (uint64_t)high - (uint64_t)low < UINT64_MAX);
    return (int64_t)((uint64_t)low + random_below(stream, (uint64_t)high - (uint64_t)low + 1));
}

bool random_chance(random_stream *stream, uint32_t numerator, uint32_t denominator) {
    return random_below(stream, denominator) < numerator;
}
