/* What the two halves of the batch codec share; batch.c draws the layout. */
#ifndef SIGNAL_BATCH_PRIVATE_H
#define SIGNAL_BATCH_PRIVATE_H

#include <stdint.h>

#define BATCH_MAGIC UINT32_C(0x42554C53) /* "SLUB" in the file */
#define BATCH_VERSION 1u
#define BATCH_HEAD_BYTES 64u
#define BATCH_VARINT_BYTES_MAX 10u
#define BATCH_KEY_BYTES_MAX 255u
#define BATCH_STYLES_MAX 255u

/* Places in the head. */
enum {
    HEAD_CHECKSUM = 0,
    HEAD_MAGIC = 8, /* the checksum covers everything from here on */
    HEAD_VERSION = 12,
    HEAD_CHAIN = 16,
    HEAD_SEQUENCE = 24,
    HEAD_KEY_FIRST = 32,
    HEAD_PREFIX_FIRST = 36,
    HEAD_KEY_COUNT = 40,
    HEAD_PREFIX_COUNT = 44,
    HEAD_EVENT_COUNT = 48,
    HEAD_MOVEMENT_COUNT = 52,
    HEAD_EXTRA_COUNT = 56,
    HEAD_TEXT_BYTES = 60,
};

/* Small numbers of either sign become small numbers without: 0, -1, 1, -2 … → 0, 1, 2, 3 … */
static inline uint64_t zigzag(int64_t value) {
    return ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
}

static inline int64_t unzigzag(uint64_t value) {
    return (int64_t)((value >> 1) ^ (0 - (value & 1)));
}

/* A style is what most movements have in common: currency, what they have beside the columns, kind. */
static inline uint32_t style_pack(uint16_t currency, uint8_t has, uint8_t kind) {
    return (uint32_t)currency << 16 | (uint32_t)has << 8 | kind;
}

#endif
