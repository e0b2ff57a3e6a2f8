/* The simulated city: invented people, shops and employers living on invented accounts, fraud victims among them, and
 * crews that launder what was taken; with the ground truth that no real data has.
 *
 * Everything comes from the seed: the same options give the same bytes on every machine. Money is exact and no account
 * is ever overdrawn. docs/simulate.md has the files and the model. */
#ifndef SLUICE_SIMULATE_H
#define SLUICE_SIMULATE_H

#include <sluice/signal.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SLUICE_SIMULATE_PEOPLE_MIN 100
#define SLUICE_SIMULATE_PEOPLE_MAX 5000000
#define SLUICE_SIMULATE_DAYS_MIN 2
#define SLUICE_SIMULATE_DAYS_MAX 730

typedef struct sluice_simulate_progress {
    int64_t done_ms, total_ms; /* of simulated time */
    uint64_t movements;        /* transfers and withdrawals so far */
} sluice_simulate_progress;

typedef struct sluice_simulate_options {
    size_t size; /* sizeof(sluice_simulate_options) */
    uint32_t people;
    uint32_t days;
    uint64_t seed;
    int64_t start_ms; /* midnight in Shanghai of the first day; 0: 2026-01-01 */
    const char *out;  /* folder: made when absent; one that holds anything but an earlier simulation is refused */
    /* Called once a simulated day; returns false to stop (INTERRUPTED). May be NULL. */
    bool (*progress)(void *context, const sluice_simulate_progress *progress);
    void *progress_context;
} sluice_simulate_options;

typedef struct sluice_simulate_summary {
    uint64_t transfers, withdrawals, accounts, holders, devices, logins;
    uint64_t victims; /* with at least one payment */
    uint64_t gangs, mules;
    uint64_t dirty_movements; /* movements of victims' money; all others are innocent */
    int64_t lost_fen;         /* paid by victims less what came back to them */
    int64_t held_fen;         /* victims' money still in mule accounts at the end */
    uint32_t layers_max;      /* the longest chain that money really went */
    /* An instructive case: several layers, some of it still to be saved. Empty when nobody paid. */
    char demo_transfer[32], demo_account[64];
    int64_t demo_amount_fen;
} sluice_simulate_summary;

/* Simulates and writes the folder. On an error the files of this run are not there (an earlier simulation's may be).
 * Errors: INVALID (options), CONFLICT (the folder holds something else), IO, FULL, NO_MEMORY, INTERRUPTED.
 * Cost: 0.5 µs a movement in a town, 2 µs in a city of a million (the caches); 330 bytes of memory a person. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_simulate(const sluice_simulate_options *options,
                                                         sluice_simulate_summary *summary_out, sluice_error *error);

#ifdef __cplusplus
}
#endif
#endif
