/* Rate limits: a token bucket for each principal and each address. */
#ifndef SERVER_LIMITS_PRIVATE_H
#define SERVER_LIMITS_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sluice/result.h>

#define RATE_SLOTS 16384u /* of 24 bytes; a power of two */
#define RATE_PROBES 8u

typedef struct rate_slot {
    uint64_t key;      /* 0: free */
    int64_t filled_ns; /* when it was last filled up */
    uint32_t tokens;   /* thousandths */
} rate_slot;

typedef struct rate_table {
    rate_slot *slots;
} rate_table;

typedef struct rate_limit {
    uint32_t per_second_milli; /* thousandths of a request a second */
    uint32_t burst;
} rate_limit;

typedef struct rate_answer {
    bool allowed;
    uint32_t limit, remaining;
    uint32_t reset_s; /* until it is full again; when refused: until the next request may come */
} rate_answer;

SLUICE_MUST_USE sluice_result rate_table_init(rate_table *t, sluice_error *error);
void rate_table_fini(rate_table *t);
/* Takes one token. One thread. */
rate_answer rate_take(rate_table *t, uint64_t key, const rate_limit *limit, int64_t now_ns);

#endif
