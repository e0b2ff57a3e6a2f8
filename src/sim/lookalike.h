/* Innocent accounts that look guilty: a round in which money comes in from some parties, a wait, and money goes out to
 * others. The table is lookalike_kinds.c, the walk lookalike.c. */
#ifndef SIM_LOOKALIKE_H
#define SIM_LOOKALIKE_H

#include "sim/sim_private.h"

typedef enum lookalike_host {
    HOST_ANY,
    HOST_YOUNG,    /* under 26 */
    HOST_OLD,      /* from 60 */
    HOST_SAVER,    /* has a second account */
    HOST_DRAWER,   /* the card in the drawer: a third account */
    HOST_OUTSIDER, /* lives elsewhere, or hardly uses the bank */
    HOST_EMPLOYER,
    HOST_SHOP,
    HOST_DEALER, /* in virtual currency */
} lookalike_host;

typedef enum lookalike_party {
    PARTY_NONE,
    PARTY_ANYBODY, /* another one each time */
    PARTY_FRIEND,  /* one, another one each round */
    PARTY_STEADY,  /* one for good */
    PARTY_RELATIVE,
    PARTY_OWN,       /* the host's other account */
    PARTY_PAYER,     /* who paid in last */
    PARTY_COMPANY,   /* one of the kind, for good */
    PARTY_COMPANIES, /* another one of the kind each time */
    PARTY_DEALER,    /* in virtual currency, another one each round */
    PARTY_WALLET,    /* the dealer's */
    PARTY_MACHINE,   /* cash */
    PARTY_COUNTER,   /* cash, over the counter */
} lookalike_party;

typedef enum lookalike_basis { BASIS_YUAN, BASIS_PERCENT_TAKEN, BASIS_PERCENT_BALANCE } lookalike_basis;

typedef struct lookalike_flow {
    lookalike_party party;
    sim_company_kind company;
    int64_t count_low, count_high;
    lookalike_basis basis;
    int64_t low, high, step_yuan;    /* yuan or percent; step: to which sums are rounded, 0: to the fen */
    int64_t gap_low_ms, gap_high_ms; /* between movements */
} lookalike_flow;

typedef struct lookalike_kind {
    const char *name;
    uint32_t people_each, at_least; /* one such account for so many people */
    lookalike_host host;
    int64_t hour_first, hour_spread_ms; /* when a round begins */
    bool is_office;                     /* on working days only */
    lookalike_flow in;
    int64_t wait_low_ms, wait_high_ms;
    lookalike_flow out;
    uint32_t test_percent;                     /* chance that a small sum goes first, and the rest when it arrived */
    int64_t period_low_days, period_high_days; /* 0: once */
} lookalike_kind;

extern const lookalike_kind sim_lookalike_kinds[];
extern const size_t sim_lookalike_kind_count;

#endif
