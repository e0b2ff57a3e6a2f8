/* Inquiries: a bank is asked for the transactions of an account over a period (100301, 100302).
 *
 *   proposed ─approve→ approved ─answer (bank)→ answered ─import (log)→ imported
 *       │refuse             │fail (bank)
 *
 * It is a look at a person's money, so it needs a case that is filed or being looked into, a purpose, a legal basis, a
 * period no longer than the dated cap, and a second person. What the bank sends is kept as it came as evidence of the
 * case, with its SHA-256; then its transactions become signals (server/inquiry_link.c). The inquiry says which evidence
 * they are from and as of which sequence of the log they are in: that is their provenance. */
#ifndef DESK_INQUIRY_H
#define DESK_INQUIRY_H

#include "desk/kind.h"
#include "desk/outbox.h"

extern const desk_kind INQUIRY_KIND;

enum {
    INQUIRY_ACCOUNT,
    INQUIRY_INSTITUTION,
    INQUIRY_HOLDER,
    INQUIRY_FROM,
    INQUIRY_TO,
    INQUIRY_CASE,
    INQUIRY_PURPOSE,
    INQUIRY_BASIS,
    INQUIRY_STATE,
    INQUIRY_DISTRICT,
    INQUIRY_STATION,
    INQUIRY_PROPOSED_BY,
    INQUIRY_APPROVED_BY,
    INQUIRY_APPROVED_AT,
    INQUIRY_ANSWERED_AT,
    INQUIRY_RESULT_CODE,
    INQUIRY_RESULT,
    INQUIRY_EVIDENCE,
    INQUIRY_SHA256,
    INQUIRY_IMPORTED_AT,
    INQUIRY_ACCEPTED,
    INQUIRY_DUPLICATES,
    INQUIRY_REJECTED,
    INQUIRY_REJECTS,
    INQUIRY_SEQUENCE,
    INQUIRY_FIELDS
};

/* Rows of outbox_purpose.c. The answer is kept as evidence in the same transaction. */
bool inquiry_wanted(const record *inquiry);
/* The bank says that the question is wrong, or its answer is larger than can be taken: the inquiry has failed. A dead
 * letter leaves it approved, for people to send again. */
sluice_result inquiry_gave_up(desk_command *c, const record *delivery, record *inquiry);
sluice_result inquiry_answered(desk_command *c, const record *delivery, record *inquiry, const outbox_answer *answer);

/* The first that is answered and whose transactions are not in the log yet, with the evidence's bytes. NOT_FOUND;
 * DAMAGED: the inquiry is given, its evidence cannot be. Any thread; texts in the arena. */
SLUICE_MUST_USE sluice_result inquiry_next(desk_command *c, record *inquiry_out, sluice_text *answer_out);

/* What became of its transactions. Writer. */
typedef struct inquiry_imported {
    int64_t id;
    uint64_t accepted, duplicates, rejected, sequence;
    sluice_text rejects; /* which rows and why, one a line; may be empty */
} inquiry_imported;
SLUICE_MUST_USE sluice_result inquiry_book_import(desk_command *c, const inquiry_imported *imported);

#endif
