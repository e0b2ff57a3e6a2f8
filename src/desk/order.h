/* Orders on accounts: stop (止付), freeze (冻结), and how both end.
 *
 * The order of things is the law's: stop → filing of the case → freeze. Never broken, whatever is asked: no freeze
 * without a filed case; no stop on a mismatch; no third stop of one account; no second freeze of one account by us; a
 * measure ends at its expiry to the second; every restriction has its reason, its remedy and where to appeal
 * (反电信网络诈骗法 Art. 32); nobody both proposes and approves. */
#ifndef DESK_ORDER_H
#define DESK_ORDER_H

#include "desk/kind.h"

extern const desk_kind STOP_KIND, FREEZE_KIND, APPEAL_KIND;

enum {
    STOP_ACCOUNT,
    STOP_INSTITUTION,
    STOP_HOLDER,
    STOP_AMOUNT,
    STOP_FROM,
    STOP_TRANSFER,
    STOP_TIME,
    STOP_LAYER,
    STOP_REACHABLE,
    STOP_URGENCY,
    STOP_REASON,
    STOP_REMEDY,
    STOP_APPEAL,
    STOP_REPORT,
    STOP_CASE,
    STOP_WARNING,
    STOP_TURN,
    STOP_EXTENDS,
    STOP_STATE,
    STOP_DUE,
    STOP_DISTRICT,
    STOP_STATION,
    STOP_PROPOSED_BY,
    STOP_APPROVED_BY,
    STOP_APPROVED_AT,
    STOP_EFFECTIVE_AT,
    STOP_EXPIRES_AT,
    STOP_ENDED_AT,
    STOP_RESULT_CODE,
    STOP_RESULT,
    STOP_BALANCE,
    STOP_RELEASE_BY,
    STOP_RELEASE_REASON,
    STOP_RELEASE_APPROVED_BY,
    STOP_LATE,
    STOP_FIELDS
};

enum {
    FREEZE_ACCOUNT,
    FREEZE_INSTITUTION,
    FREEZE_HOLDER,
    FREEZE_SCOPE,
    FREEZE_AMOUNT,
    FREEZE_CASE,
    FREEZE_MAJOR,
    FREEZE_REASON,
    FREEZE_REMEDY,
    FREEZE_APPEAL,
    FREEZE_STATE,
    FREEZE_DUE,
    FREEZE_DISTRICT,
    FREEZE_STATION,
    FREEZE_PROPOSED_BY,
    FREEZE_APPROVED_BY,
    FREEZE_APPROVED_AT,
    FREEZE_EFFECTIVE_AT,
    FREEZE_EXPIRES_AT,
    FREEZE_ENDED_AT,
    FREEZE_RENEWALS,
    FREEZE_RENEWAL_MONTHS,
    FREEZE_RENEWAL_BY,
    FREEZE_RENEWAL_APPROVED_BY,
    FREEZE_EXECUTED,
    FREEZE_AVAILABLE,
    FREEZE_RETURNED,
    FREEZE_PRIOR,
    FREEZE_RESULT_CODE,
    FREEZE_RESULT,
    FREEZE_UNRELATED_AT,
    FREEZE_RELEASE_BY,
    FREEZE_RELEASE_REASON,
    FREEZE_RELEASE_APPROVED_BY,
    FREEZE_OWNER_TOLD_AT,
    FREEZE_LATE,
    FREEZE_FIELDS
};

/* Proposes a stop for each transfer of a report (rows of the kind report_transfer): the first layer, at once. One that
 * the law does not allow (a third stop) is left out and said in the report's history. */
SLUICE_MUST_USE sluice_result order_propose_for_report(desk_command *c, const record *report, const record *transfers,
                                                       size_t count);

/* How often this account was stopped, or is about to be: what a cap of two counts. */
SLUICE_MUST_USE sluice_result stop_count(desk_command *c, sluice_text account, int64_t *count_out);
/* The order that this report has on the account and that has not ended; 0: none. */
SLUICE_MUST_USE sluice_result stop_of_report(desk_command *c, int64_t report, sluice_text account, int64_t *stop_out);

/* Ends a measure at once, because an appeal against it was upheld (Art. 32). */
/* The keys by which orders may name this account: "account:" and "card:" of one number, or the key alone. */
enum { ORDER_NAMES = 2 };
SLUICE_MUST_USE sluice_result order_account_names(desk_command *c, sluice_text account, record_value names[ORDER_NAMES],
                                                  size_t *count_out);
SLUICE_MUST_USE sluice_result order_lift(desk_command *c, const desk_kind *kind, int64_t id, sluice_text why);

/* `months` calendar months later in Asia/Shanghai, on the month's last day where it has no such day. */
int64_t months_after(int64_t time_ms, int64_t months);
/* The end of the n-th working day after the day of time_ms: weekends and dated holidays (`holiday`) are none, dated
 * `workday` rows are one although on a weekend. */
int64_t working_days_after(desk_command *c, int64_t time_ms, int64_t days);

#endif
