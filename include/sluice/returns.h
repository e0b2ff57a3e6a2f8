/* Return of frozen funds (资金返还), after 银监发〔2016〕41号 Art. 8.
 *
 * One account, frozen: its ledger says what came in from whom and what went out; the losses say what each victim lost.
 * For each victim the answer is the certain part (that must still be in the account, whichever money the debits took),
 * the possible part (the most that can be), and what is returned:
 *   case 1  one credit, traceable to one victim: returned directly
 *   case 2  several credits, told apart by time: returned directly
 *   case 3  not traceable: by the proportion of the losses, after a public notice with objections reviewed
 * What belongs to nobody listed (the opening balance, unidentified credits, others' money) counts with its own share,
 * and that share is held: it stays frozen.
 *
 * Amounts are fen and add up: Σ return + held = frozen, always, or there is no answer (UNBALANCED: a bug). */
#ifndef SLUICE_RETURNS_H
#define SLUICE_RETURNS_H

#include <sluice/signal.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One line of the account's ledger. In order of time; lines of the same time keep the order given. */
typedef struct sluice_return_entry {
    int64_t time_ms;
    bool is_debit;
    int64_t amount_fen; /* >= 0 */
    sluice_text party;  /* of a credit: whose money it was; empty: unidentified */
    /* Of a credit: consecutive credits of one time with the same group (not empty) are one credit that carries the
     * provenance shares of the layer before it: its parties own each fen of it in the proportion of these lines. */
    sluice_text group;
} sluice_return_entry;

typedef struct sluice_return_loss {
    sluice_text party;
    int64_t loss_fen;     /* all that the victim lost */
    int64_t refunded_fen; /* already received, from wherever; returns from other accounts included */
} sluice_return_loss;

/* A victim: one for each loss, those with credits first, by the time of the first; then the others as given. */
typedef struct sluice_return_share {
    sluice_text party;
    int64_t loss_fen, refunded_fen;
    int64_t credited_fen; /* came into this account */
    int64_t certain_fen, possible_fen;
    int64_t return_fen;
    int64_t onward_fen;           /* credited − possible: left this account for certain; to be traced onward */
    int article_case;             /* 1, 2, 3; 0: nothing of it is in this account */
    const char *basis, *basis_zh; /* in words, with the numbers */
} sluice_return_share;

/* Money that is not returned, and why. */
typedef enum sluice_return_held_kind {
    SLUICE_HELD_OPENING,      /* was there before the first line */
    SLUICE_HELD_UNIDENTIFIED, /* a credit without a party */
    SLUICE_HELD_UNLISTED,     /* a party without a listed loss */
    SLUICE_HELD_REST,         /* more than the net losses listed */
} sluice_return_held_kind;

typedef struct sluice_return_held {
    sluice_return_held_kind kind;
    sluice_text party; /* UNLISTED */
    int64_t time_ms;   /* of the credit: UNIDENTIFIED; else of the first line */
    int64_t credited_fen, certain_fen, possible_fen, held_fen;
} sluice_return_held;

typedef struct sluice_return sluice_return;

typedef struct sluice_return_view {
    size_t size;         /* set by the caller: sizeof(sluice_return_view) */
    int64_t opening_fen; /* inferred: the smallest with which the balance never goes negative */
    int64_t credits_fen, debits_fen;
    int64_t frozen_fen; /* opening + credits − debits */
    int64_t returned_fen, held_fen;
    int64_t pool_fen;     /* frozen − Σ certain: what the proportion divides */
    uint32_t notice_days; /* of the public notice; 0 when nothing is returned by proportion */
    const char *law;      /* the rule and its article */
    const sluice_return_share *shares;
    size_t share_count;
    const sluice_return_held *held;
    size_t held_count;
    const char *ledger_sha256, *losses_sha256; /* of the files' bytes; "" when the call had arrays */
} sluice_return_view;

/* Pure: no files, no clock. *return_out is the caller's, freed by sluice_return_free; it keeps nothing of the inputs.
 * Errors: INVALID (a negative amount, a party listed twice, sums beyond 64 bits, a group of several times), NO_MEMORY,
 * UNBALANCED. Cost: O(n log n). Any thread. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_return_compute(const sluice_return_entry *entries, size_t entry_count,
                                                               const sluice_return_loss *losses, size_t loss_count,
                                                               sluice_return **return_out, sluice_error *error);
SLUICE_API void sluice_return_free(sluice_return **result);
/* Borrowed: lives until the return is freed. */
SLUICE_API void sluice_return_view_get(const sluice_return *result, sluice_return_view *view_out);

/* The same from files: a ledger `time,direction,amount,party[,group]` (direction in or out; yuan) and losses
 * `party,loss,refunded`; docs/returns.md. UTF-8 or GB18030, recognised. Errors: NOT_FOUND, IO, INPUT (the text names
 * file, line and field), and those above. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_return_read(const char *ledger_path, const char *losses_path,
                                                            sluice_return **return_out, sluice_error *error);

typedef enum sluice_return_format {
    SLUICE_RETURN_TABLE,
    SLUICE_RETURN_JSON, /* docs/schema/return.schema.json, closed */
} sluice_return_format;

/* Renders into a NUL-terminated UTF-8 text, the caller's, freed by sluice_text_free (trace.h). */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_return_render(const sluice_return *result, sluice_return_format format,
                                                              char **text_out, size_t *length_out, sluice_error *error);

#ifdef __cplusplus
}
#endif
#endif
