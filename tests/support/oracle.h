/* The naive oracle of fund tracing: replays the whole log, every account, every lot. Slow and obviously right: arrays,
 * linear searches, no heap, no summaries, no skipping. It shares nothing with src/trace but the rules. */
#ifndef TESTS_SUPPORT_ORACLE_H
#define TESTS_SUPPORT_ORACLE_H

#include <sluice/trace.h>

typedef struct oracle_transfer {
    int64_t time_ms;
    uint32_t from, to; /* account numbers; to of a withdrawal: UINT32_MAX */
    int64_t amount_fen;
    bool withdrawal;
} oracle_transfer;

/* Sums per account: what came in tainted, what left (onward or to a sink), what is held, what a limit cut. */
typedef struct oracle_account {
    bool reached;
    uint32_t layer;
    int64_t opening_fen, balance_fen;
    int64_t in_fen, out_fen, held_fen, cut_fen;
    int64_t in_certain_fen, out_certain_fen, held_certain_fen;
} oracle_account;

typedef struct oracle_limits {
    int64_t within_ms, amount_min_fen;
    uint32_t depth_max;
} oracle_limits;

typedef struct oracle_answer {
    oracle_account *accounts; /* [account_count] */
    int64_t sinks_fen, sinks_certain_fen;
} oracle_answer;

/* Traces `amount_fen` of the transfer at `start` (its place in log order). The transfers are in log order. */
void oracle_trace(const oracle_transfer *transfers, size_t transfer_count, size_t account_count, size_t start,
                  int64_t amount_fen, sluice_method method, const oracle_limits *limits, oracle_answer *answer_out);
/* The same for many victims at once; answers[victim]. FIFO, LIFO and PRORATA only. */
void oracle_trace_many(const oracle_transfer *transfers, size_t transfer_count, size_t account_count,
                       const size_t *starts, const int64_t *amounts_fen, size_t victim_count, sluice_method method,
                       oracle_answer *answers_out);
void oracle_answer_fini(oracle_answer *answer);

#endif
