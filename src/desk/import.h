/* Imports of files through the API: who brought which file, why, and what came of it; and its withdrawal, which one
 * person proposes and another approves. The daemon reads the files (server/desk_import.c); the log keeps what they
 * brought, and what was withdrawn (sluice/import.h). */
#ifndef DESK_IMPORT_H
#define DESK_IMPORT_H

#include <sluice/import.h>

#include "desk/kind.h"

extern const desk_kind IMPORT_KIND;
/* Which record came of which decision, or joined it: so that what rested on a withdrawn signal is found. */
extern const record_table DECISION_USE_TABLE;

enum {
    IMPORT_NAME,
    IMPORT_SHA256,
    IMPORT_BYTES,
    IMPORT_PURPOSE,
    IMPORT_STATE,
    IMPORT_FORMAT,
    IMPORT_ENCODING,
    IMPORT_MAPPING,
    IMPORT_JOB,
    IMPORT_NUMBER,
    IMPORT_TRANSFERS,
    IMPORT_WITHDRAWALS,
    IMPORT_OTHERS,
    IMPORT_DUPLICATES,
    IMPORT_REJECTED,
    IMPORT_ROUNDED,
    IMPORT_WHY,
    IMPORT_UPLOADED_BY,
    IMPORT_UPLOADED_AT,
    IMPORT_STARTED_BY,
    IMPORT_STARTED_AT,
    IMPORT_FINISHED_AT,
    IMPORT_PROPOSED_BY,
    IMPORT_PROPOSED_AT,
    IMPORT_REASON,
    IMPORT_APPROVED_BY,
    IMPORT_APPROVED_AT,
    IMPORT_WITHDRAWN_AT,
    IMPORT_RECORD,
    IMPORT_KEPT,
    IMPORT_MARKED,
    IMPORT_FIELDS
};

/* What a run brought so far, for the acts `finish` and `stop`; why is empty or says why it stopped. */
SLUICE_MUST_USE sluice_result import_ended(desk_command *c, int64_t id, const sluice_import_summary *summary,
                                           sluice_text why, record *record_out);

/* Writer, at the start of the daemon: what was running stopped with the one before. */
SLUICE_MUST_USE sluice_result import_recover(desk *d, int64_t now_ms, sluice_error *error);

/* Writer: a withdrawal was approved and is not done yet. Cheap. */
bool import_withdrawals_wait(const desk *d);
/* Writer, outside of a transaction, with no reader in the engine and no detector open: does them. One whose signals are
 * withdrawn already (a kill came in between) is only written down. Errors: sluice_import_withdraw's, and the store's.
 */
SLUICE_MUST_USE sluice_result import_withdraw_all(desk *d, int64_t now_ms,
                                                  void (*progress)(void *context, uint64_t done, uint64_t total),
                                                  void *progress_context, sluice_error *error);

/* decided.c: the decision at this sequence became, or joined, a record of the kind. */
SLUICE_MUST_USE sluice_result decision_used(desk_command *c, uint64_t sequence, const desk_kind *kind, const record *r);

#endif
