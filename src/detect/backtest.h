/* Scoring a run against what is known: recall, precision, lead time and what could still be reached. Pure arithmetic
 * over findings, alerts and truth; src/engine reads the truth and traces. */
#ifndef DETECT_BACKTEST_H
#define DETECT_BACKTEST_H

#include <sluice/detect.h>

#include "detect/finding.h"

typedef struct truth_payment {
    uint32_t movement;
    int64_t time_ms, amount_fen;
} truth_payment;

typedef struct truth_victim {
    uint32_t account; /* key */
    sluice_text fraud_type;
    truth_payment *payments; /* in time order */
    size_t payment_count;
} truth_victim;

/* All arrays of numbers rising, each number once. */
typedef struct truth {
    truth_victim *victims;
    size_t victim_count, victim_capacity;
    uint32_t *accounts; /* labelled: mules and the like */
    size_t account_count, account_capacity;
    uint32_t *movements; /* labelled */
    size_t movement_count, movement_capacity;
} truth;

typedef struct backtest_input {
    const rule_set *rules; /* NULL: a model alone */
    const finding_book *book;
    const truth *truth;
    double days; /* > 0 */
    /* What a trace of the victim's payments 0 … count - 1 still holds at `time_ms`. Returns false on an error. */
    bool (*reachable)(void *context, const truth_victim *victim, size_t count, int64_t time_ms, int64_t *fen_out);
    void *context;
} backtest_input;

typedef struct backtest {
    sluice_backtest_row *rows;
    size_t count, capacity;
} backtest;

/* False: no memory, or `reachable` failed. */
SLUICE_MUST_USE bool backtest_score(const backtest_input *input, backtest *result_out);
void backtest_fini(backtest *b);

/* As a table (`against` beside it) or JSON. */
SLUICE_MUST_USE sluice_result backtest_render(const sluice_backtest_row *rows, size_t count,
                                              const sluice_backtest_row *against, size_t against_count, bool as_json,
                                              text_writer *writer, sluice_error *error);

#endif
