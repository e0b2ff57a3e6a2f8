/* The acts of warnings: warning.c has their rows, these do them. */
#ifndef DESK_WARNING_PRIVATE_H
#define DESK_WARNING_PRIVATE_H

#include "desk/warning.h"

/* urgent 3, high 2, medium 1, low 0. */
int warning_tier_rank(sluice_text tier);
bool warning_is_grave(const record *r); /* high or urgent */

/* Number of a dated row whose code is made of a stem and a word: "sign_" and "high". */
SLUICE_MUST_USE sluice_result warning_number(desk_command *c, const char *table, const char *stem, sluice_text word,
                                             int64_t *number_out);
/* Sets `due` so long after now as a dated duration says. */
SLUICE_MUST_USE sluice_result warning_due_in(desk_command *c, record *r, const char *stem, sluice_text word);
/* Begins the clock of a state: the time to sign, or the first channel's. */
SLUICE_MUST_USE sluice_result warning_start(desk_command *c, record *r);
/* Moves the timer of the next step to the record's `due`; none: clears it. */
SLUICE_MUST_USE sluice_result warning_set_timer(desk_command *c, record *r, const desk_input *in);

/* warning_open.c */
SLUICE_MUST_USE sluice_result warning_create(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_set_key(desk_command *c, record *r);

/* warning_work.c */
SLUICE_MUST_USE sluice_result warning_sign(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_dispatch(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_check_assignee(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_attempt(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_keep_attempt(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_not_found(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_search_again(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_step(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_retier(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_money_moved(desk_command *c, record *r, const desk_input *in);

SLUICE_MUST_USE sluice_result warning_machine_attempt(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_keep_machine_attempt(desk_command *c, record *r, const desk_input *in);

/* warning_reach.c. Puts the message of a machine into the outbox where the warning's channel has one and the carrier
 * has a link; *sent_out: it was, now and not before. */
SLUICE_MUST_USE sluice_result warning_reach(desk_command *c, const record *r, bool *sent_out);
SLUICE_MUST_USE sluice_result warning_created(desk_command *c, record *r, const desk_input *in);

/* warning_close.c */
SLUICE_MUST_USE sluice_result warning_propose_closing(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_approve_closing(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_closed(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_refuse_closing(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_call_back(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_call_back_again(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_call_back_due(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_review(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_reviewed(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_review_due(desk_command *c, record *r, const desk_input *in);
SLUICE_MUST_USE sluice_result warning_reopen(desk_command *c, record *r, const desk_input *in);

#endif
