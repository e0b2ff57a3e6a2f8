/* Return of frozen funds (资金返还), 银监发〔2016〕41号 Art. 8: who gets what of a frozen account, by which steps.
 *
 *   drafted ─publish→ noticed ─(30 days, clock)→ ready | reviewing ─objections answered→ ready
 *      │  (nothing by proportion: no notice)                                            │
 *      └────────────────────────submit→ submitted ─approve (city)→ approved ─notify→ notified ─execute→ executed
 *
 * Shares come from sluice_return_compute and nowhere else. Never more than is frozen, never more than a victim's net
 * loss over all procedures of the case. */
#ifndef DESK_RETURN_H
#define DESK_RETURN_H

#include "desk/kind.h"

extern const desk_kind RETURN_KIND, RETURN_SHARE_KIND, OBJECTION_KIND;

enum {
    RETURN_FREEZE,
    RETURN_CASE,
    RETURN_ACCOUNT,
    RETURN_FROZEN,
    RETURN_RETURNED,
    RETURN_HELD,
    RETURN_NOTICE_DAYS,
    RETURN_LAW,
    RETURN_LEDGER_SHA256,
    RETURN_LOSSES,
    RETURN_ENTRIES,
    RETURN_RESULT,
    RETURN_STATE,
    RETURN_DUE,
    RETURN_NOTICE_FROM,
    RETURN_NOTICE_UNTIL,
    RETURN_DRAFTED_BY,
    RETURN_SUBMITTED_BY,
    RETURN_OFFICER_1,
    RETURN_OFFICER_2,
    RETURN_APPROVED_BY,
    RETURN_APPROVED_AT,
    RETURN_BANK_DUE,
    RETURN_EXECUTED_AT,
    RETURN_EXECUTED_BY,
    RETURN_LATE,
    RETURN_DISTRICT,
    RETURN_STATION,
    RETURN_INSTITUTION,
    RETURN_SUBMITTED_AT,
    RETURN_FIELDS
};

enum {
    SHARE_RETURN,
    SHARE_CASE,
    SHARE_PARTY,
    SHARE_TO_ACCOUNT,
    SHARE_LOSS,
    SHARE_REFUNDED,
    SHARE_CERTAIN,
    SHARE_POSSIBLE,
    SHARE_AMOUNT,
    SHARE_ARTICLE_CASE,
    SHARE_BASIS_EN,
    SHARE_BASIS_ZH,
    SHARE_STATE,
    SHARE_PAID_AT,
    SHARE_FIELDS
};

enum {
    OBJECTION_RETURN,
    OBJECTION_BY,
    OBJECTION_CONTACT,
    OBJECTION_WORDS,
    OBJECTION_STATE,
    OBJECTION_TAKEN_BY,
    OBJECTION_DECIDED_BY,
    OBJECTION_DECIDED_AT,
    OBJECTION_ANSWER,
    OBJECTION_FIELDS
};

/* return_compute.c: fills the record's figures from its losses and entries (or the engine's ledger of the account), of
 * which the freeze has so much left; the shares, not stored yet, go into the arena. INPUT: the field says which of them
 * nothing can be returned of. */
typedef struct return_share_rows {
    record *rows;
    size_t count;
} return_share_rows;
SLUICE_MUST_USE sluice_result return_figures(desk_command *c, record *r, int64_t left_fen,
                                             return_share_rows **shares_out);
/* Stores them in place of those there were; the return has an id by now. */
SLUICE_MUST_USE sluice_result return_put_shares(desk_command *c, const record *r, return_share_rows *shares);
SLUICE_MUST_USE sluice_result return_shares(desk_command *c, int64_t return_id, record **rows_out, size_t *count_out);
/* Would a victim, with what other procedures of the case have paid or decided, get more than the net loss? STATE. */
SLUICE_MUST_USE sluice_result return_check_net_loss(desk_command *c, const record *r);

/* The five documents: 返还申请表, 资金流向表, 呈请返还资金报告书, 返还决定书, 协助返还通知书. */
typedef enum return_document {
    DOCUMENT_APPLICATION,
    DOCUMENT_FLOW,
    DOCUMENT_REPORT,
    DOCUMENT_DECISION,
    DOCUMENT_NOTICE,
    DOCUMENT_COUNT
} return_document;
/* "application", "flow", "report", "decision", "notice"; and their titles. */
const char *return_document_name(return_document which);
bool return_document_parse(sluice_text name, return_document *which_out);
/* A PDF in Chinese, in the arena; the same bytes for the same records. STATE when the procedure is not that far (a
 * decision before it was decided). Any thread. */
SLUICE_MUST_USE sluice_result return_document_write(desk_command *c, const record *r, return_document which,
                                                    sluice_text *pdf_out);

#endif
