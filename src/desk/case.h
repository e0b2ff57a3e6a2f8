/* Cases (案件): what belongs together, from the first look to the end of the investigation.
 *
 * A case is filed (立案) by another person than who asked for it, at county level or above; nothing is frozen before
 * that (止付 → 立案 → 冻结). Its labels are codes of the dated taxonomy with the moment at which they were chosen, so
 * that a label keeps the meaning it had. The timeline is its history. Tasks, entities, evidence and comments belong to
 * it; series (series.h) tie cases together. */
#ifndef DESK_CASE_H
#define DESK_CASE_H

#include "desk/dated.h"
#include "desk/place.h"

extern const desk_kind CASE_KIND, TASK_KIND, ENTITY_KIND;

enum {
    CASE_TITLE,
    CASE_SUMMARY,
    CASE_FRAUD_TYPE,
    CASE_FRAUD_TYPE_2,
    CASE_TYPED_AT,
    CASE_STATE,
    CASE_DISTRICT,
    CASE_STATION,
    CASE_ASSIGNEE,
    CASE_OPENED_BY,
    CASE_LOSS,
    CASE_REPORT_COUNT,
    CASE_FILING_BY,
    CASE_FILING_AT,
    CASE_FILING_NUMBER,
    CASE_FILED_BY,
    CASE_FILED_AT,
    CASE_CLOSING,
    CASE_CLOSING_FROM,
    CASE_CLOSING_BY,
    CASE_CLOSED_BY,
    CASE_CLOSED_AT,
    CASE_MESSAGES,
    CASE_CALLS,
    CASE_RECIPIENTS,
    CASE_SETTLEMENT,
    CASE_GAINS,
    CASE_FIELDS
};
enum {
    TASK_CASE,
    TASK_TITLE,
    TASK_WORDS,
    TASK_ASSIGNEE,
    TASK_DUE,
    TASK_STATE,
    TASK_IS_OVERDUE,
    TASK_RESULT,
    TASK_MADE_BY,
    TASK_DONE_BY,
    TASK_DONE_AT,
    TASK_FIELDS
};
enum { ENTITY_CASE, ENTITY_KEY, ENTITY_ROLE, ENTITY_WORDS, ENTITY_STATE, ENTITY_LINKED_KEY, ENTITY_FIELDS };

/* Is the case filed, and not closed since? What a freeze needs. */
bool case_is_filed(const record *r);

/* Adds an entity with a role of the dated table entity_role, if the case does not have it yet. Writer. */
SLUICE_MUST_USE sluice_result case_add_entity(desk_command *c, int64_t case_id, sluice_text key, sluice_text role);
/* Does the case have this entity now? */
SLUICE_MUST_USE sluice_result case_has_entity(desk_command *c, int64_t case_id, sluice_text key, bool *has_out);
/* A report joins or leaves it: its loss is counted. Writer. */
SLUICE_MUST_USE sluice_result case_count_report(desk_command *c, int64_t case_id, int64_t loss_fen);

/* A threshold of criminal law beside what the case has counted: shown, never decided (domain.md §7). */
typedef struct case_threshold {
    const dated_row *row; /* of the dated table "threshold" */
    bool is_known;        /* the case has a number for it */
    int64_t count;
    bool is_reached;
} case_threshold;
/* In the order of the table's codes; in the arena. Writer. */
SLUICE_MUST_USE sluice_result case_thresholds(desk_command *c, const record *r, case_threshold **thresholds_out,
                                              size_t *count_out);

#endif
