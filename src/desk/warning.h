/* Warnings (预警劝阻, 反电信网络诈骗法 Art. 34): somebody is being defrauded, or is about to be, and is talked out of
 * it.
 *
 * One thread for each victim: what comes while a warning of the victim is open joins it. The tier decides the first
 * channel and how soon somebody signs for it; from there the clock drives: SMS, phone, visit, each tried so often and
 * so long after the last (dated retry_*, attempts_*), and a step that nobody takes climbs to the unit above. A high or
 * urgent warning ends only after a face-to-face or confirmed contact; every end is signed off by another person; what
 * could not be found is looked for again. Afterwards: was money gone before (倒查), and does it hold (回访). */
#ifndef DESK_WARNING_H
#define DESK_WARNING_H

#include "desk/dated.h"
#include "desk/finding.h"
#include "desk/outbox.h"
#include "desk/place.h"

extern const desk_kind WARNING_KIND, ATTEMPT_KIND;

enum {
    WARNING_VICTIM,
    WARNING_NAME,
    WARNING_PHONE,
    WARNING_ADDRESS,
    WARNING_DIVISION,
    WARNING_TIER,
    WARNING_SCORE,
    WARNING_REASON,
    WARNING_FRAUD_TYPE,
    WARNING_SOURCE,
    WARNING_REFERENCE,
    WARNING_INSTITUTION,
    WARNING_ALERTS,
    WARNING_THREAD,
    WARNING_STATE,
    WARNING_DISTRICT,
    WARNING_STATION,
    WARNING_ASSIGNEE,
    WARNING_DUE,
    WARNING_LEVEL,
    WARNING_ESCALATIONS,
    WARNING_CHANNEL,
    WARNING_CHANNEL_ATTEMPTS,
    WARNING_ATTEMPTS,
    WARNING_LAST_ATTEMPT_AT,
    WARNING_IS_REACHED,
    WARNING_IS_CONFIRMED,
    WARNING_SIGNED_BY,
    WARNING_SIGNED_AT,
    WARNING_CLOSING,
    WARNING_CLOSING_BY,
    WARNING_CLOSED_BY,
    WARNING_CLOSED_AT,
    WARNING_DUPLICATE_OF,
    WARNING_AT_RISK,
    WARNING_BASIS,
    WARNING_BASIS_WORDS,
    WARNING_PERCENT,
    WARNING_AVERTED,
    WARNING_MOVED,
    WARNING_MOVED_AT,
    WARNING_STOP,
    WARNING_REVIEW,
    WARNING_REVIEW_WORDS,
    WARNING_REVIEW_BY,
    WARNING_CALL_BACK,
    WARNING_CALL_BACK_WORDS,
    WARNING_CALL_BACK_BY,
    WARNING_CALL_BACK_AT,
    WARNING_OPEN_KEY,
    WARNING_WITHDRAWN,
    WARNING_FIELDS
};
enum {
    ATTEMPT_WARNING,
    ATTEMPT_CHANNEL,
    ATTEMPT_RESULT,
    ATTEMPT_IS_FACE_TO_FACE,
    ATTEMPT_IS_IDENTITY_CHECKED,
    ATTEMPT_SCRIPT,
    ATTEMPT_WORDS,
    ATTEMPT_BY,
    ATTEMPT_AT,
    ATTEMPT_DELIVERY, /* of the outbox; null: a person tried */
    ATTEMPT_FIELDS
};

/* What to say to this victim: the dated script of the type of fraud, or the general one. Writer. */
const dated_row *warning_script(desk_command *c, const record *r);
/* The tier that a score of 0 to 100 has at the command's moment: the dated tier_score. Writer. */
sluice_text warning_tier_of(desk_command *c, int64_t score);

/* Rows of outbox_purpose.c (warning_reach.c). */
bool warning_sms_wanted(const record *warning);
bool warning_call_wanted(const record *warning);
sluice_result warning_answered(desk_command *c, const record *delivery, record *warning, const outbox_answer *answer);
sluice_result warning_gave_up(desk_command *c, const record *delivery, record *warning);

#endif
