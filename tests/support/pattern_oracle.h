/* A naive enumerator of temporal patterns over the list of all movements: the judge of src/feature/pattern.h, with
 * which it shares nothing but the definitions in docs/patterns.md. */
#ifndef TESTS_SUPPORT_PATTERN_ORACLE_H
#define TESTS_SUPPORT_PATTERN_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "sys/random.h"

#define ORACLE_MOVEMENTS_MAX 512
#define ORACLE_STEPS_MAX 4
#define ORACLE_LENGTHS 65

typedef struct oracle_movement {
    int64_t time_ms;
    uint32_t from, to;
    int64_t amount_fen, received_fen;
    bool is_cash;
} oracle_movement;

/* In the order of arrival; its place is the movement's number. */
typedef struct oracle_stream {
    oracle_movement items[ORACLE_MOVEMENTS_MAX];
    uint32_t count;
} oracle_stream;

typedef enum oracle_kind {
    ORACLE_FAN_IN,
    ORACLE_FAN_OUT,
    ORACLE_GATHER_SCATTER,
    ORACLE_SCATTER_GATHER,
    ORACLE_BIPARTITE,
    ORACLE_STACK,
    ORACLE_CYCLE,
    ORACLE_PASS_THROUGH,
    ORACLE_OWN,
    ORACLE_KIND_COUNT
} oracle_kind;

typedef struct oracle_step {
    int from, to; /* letters a, b, c … by number; to −1: cash */
    int64_t amount_min_fen, amount_max_fen;
    int share_of;                 /* −1: none */
    int64_t share_min, share_max; /* per cent */
    bool after[ORACLE_STEPS_MAX];
    int64_t within_ms[ORACLE_STEPS_MAX]; /* 0: any */
} oracle_step;

typedef struct oracle_pattern {
    oracle_kind kind;
    int64_t window_ms, gap_ms, amount_min_fen, amount_max_fen;
    uint32_t min, min_payers, min_middle, min_payees, min_length, max_length;
    int64_t share_min, share_max; /* per cent */
    int step_count, node_count;
    oracle_step steps[ORACLE_STEPS_MAX];
    bool differs[ORACLE_STEPS_MAX + 1][ORACLE_STEPS_MAX + 1];
    uint32_t distinct_nodes; /* as a set, for the text */
} oracle_pattern;

typedef struct oracle_hit {
    uint64_t count;
    uint32_t size;
    uint64_t histogram[ORACLE_LENGTHS];
    uint32_t members[ORACLE_MOVEMENTS_MAX];
    size_t member_count;
} oracle_hit;

/* What movement x completes. */
void oracle_match(const oracle_stream *stream, const oracle_pattern *pattern, uint32_t x, oracle_hit *hit);

/* A pattern by chance, for accounts and times as small as the test's, and its text. */
void oracle_pattern_draw(random_stream *random, oracle_pattern *pattern);
void oracle_pattern_write(const oracle_pattern *pattern, const char *name, text_writer *out);

#endif
