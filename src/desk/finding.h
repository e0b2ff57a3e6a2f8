/* What detection says, as the desk takes it: of an inline decision or of a finding over the log, in one shape. */
#ifndef DESK_FINDING_H
#define DESK_FINDING_H

#include <sluice/detect.h>

#include "desk/kind.h"

/* Texts are borrowed for the command. */
typedef struct desk_finding {
    sluice_text subject; /* key */
    bool subject_is_payer;
    sluice_text typology, fraud_type; /* the latter in Chinese, as the rules name it; may be empty */
    sluice_text title_zh, title_en;   /* may be empty */
    sluice_text reason_zh, reason_en; /* the heaviest first, with semicolons; may be empty */
    double score;                     /* 0 … 100 */
    int64_t time_ms, amount_fen;
    sluice_text reference; /* of the transfer that raised it */
    /* Of the subject's holder, where the caller knows them; may be empty. */
    sluice_text name, phone, address, division;
} desk_finding;

/* false: no memory. Texts of the new structure live in the arena or in what was given. */
bool finding_of(const sluice_finding *finding, arena *a, desk_finding *finding_out);
bool finding_of_decision(const sluice_signal *signal, const sluice_decision *decision, arena *a,
                         desk_finding *finding_out);

/* A payer in danger becomes a warning, anybody else a lead; each folds into what is open of the same subject. Writer,
 * inside desk_run. *kind_out: of record_out. */
SLUICE_MUST_USE sluice_result finding_take(desk_command *c, const desk_finding *finding, const desk_kind **kind_out,
                                           record *record_out);
/* The two, as finding_take chooses. */
SLUICE_MUST_USE sluice_result lead_from_finding(desk_command *c, const desk_finding *finding, record *record_out);
SLUICE_MUST_USE sluice_result warning_from_finding(desk_command *c, const desk_finding *finding, record *record_out);

/* The code of a fraud type that is named in Chinese, at the command's moment; empty: none has this name. */
sluice_text finding_fraud_type(desk_command *c, sluice_text zh);

#endif
