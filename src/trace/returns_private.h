/* The inside of a computed return, shared by the computation, the files and the renderer. */
#ifndef TRACE_RETURNS_PRIVATE_H
#define TRACE_RETURNS_PRIVATE_H

#include <sluice/returns.h>

#include "base/hash.h"
#include "base/memory.h"

struct sluice_return {
    arena texts; /* and every array of the view */
    sluice_return_view view;
    char ledger_sha256[SHA256_HEX_BYTES], losses_sha256[SHA256_HEX_BYTES];
};

/* Whoever has money in the account, or lost some: a victim, another party, one unidentified credit, the opening
 * balance. Claimants stand in the order of their first credit; those without one come last. */
typedef struct claimant {
    sluice_text party;              /* empty: nobody is named */
    const sluice_return_loss *loss; /* NULL: not listed, its share is held */
    bool is_opening;
    int64_t time_ms; /* of its first credit */
    int64_t credited_fen, lo_fen, hi_fen;
    int64_t weight_fen; /* what it may still claim beyond lo */
    int64_t extra_fen;  /* what the proportion gives it beyond lo */
} claimant;

/* Certain and possible parts (returns_bounds.c). entries: in order. claimant_of[i]: whose the ith credit is.
 * unit_of[i]: the first entry of its group, or i. Fills lo_fen and hi_fen. */
SLUICE_MUST_USE sluice_result returns_bounds(const sluice_return_entry *entries, const uint32_t *claimant_of,
                                             const uint32_t *unit_of, size_t count, int64_t opening_fen,
                                             claimant *claimants, size_t claimant_count, sluice_error *error);

/* Divides the pool by weight, nobody more than his weight (returns_bounds.c). Fills extra_fen. */
SLUICE_MUST_USE sluice_result returns_divide(int64_t pool_fen, claimant *claimants, size_t count, sluice_error *error);

/* Words (returns_words.c): the basis of a share, in the arena; NULL when memory is exhausted. */
typedef struct basis_facts {
    const sluice_return_share *share;
    int64_t pool_fen, weight_fen, weights_fen; /* of case 3 */
    bool above_possible;                       /* more than can be left of his own money */
    bool at_loss;                              /* limited to the net loss */
} basis_facts;
const char *returns_basis(arena *texts, const basis_facts *facts);
const char *returns_basis_zh(arena *texts, const basis_facts *facts);

#endif
