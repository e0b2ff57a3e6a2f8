/* What the engine says about a target: the trace of its money as it was when the target was proposed, the role that its
 * subject has in it, and the finding that it came from. Private to targets and their packages. */
#ifndef DESK_TARGET_TRACE_H
#define DESK_TARGET_TRACE_H

#include <sluice/trace.h>

#include "desk/kind.h"
#include "trace/role.h"

/* Runs the target's trace as of its sequence, over at most so many ledger entries (0: the engine's limit); NULL where
 * the target names no start, or there is no engine. The caller frees it. STATE: the start is not in the log, or is
 * none. Any thread. */
SLUICE_MUST_USE sluice_result target_trace_run(desk_command *c, const record *target, uint64_t entries_max,
                                               sluice_trace **trace_out);

/* The numbers that roles are suggested by, from the dated tables. Writer. */
SLUICE_MUST_USE sluice_result target_role_rule(desk_command *c, trace_role_rule *rule_out);

/* Why, in the command's arena; empty: no memory, or no role. Any thread. */
sluice_text target_role_words(desk_command *c, const trace_role_facts *facts, bool chinese);

/* Puts the role that the trace gives the subject (else the account that the trace began with), with its reason in both
 * languages. *found_out: there was one; none is suggested from a trace of more than 500,000 ledger entries (0.1 s of
 * the writer). STATE as above. Writer. */
SLUICE_MUST_USE sluice_result target_suggest_role(desk_command *c, record *target, bool *found_out);

/* Fills in what the finding says and nobody gave: subject, words, type, and the transfer that a trace begins with.
 * INPUT with the field `finding`: there is no such transfer. Writer. */
SLUICE_MUST_USE sluice_result target_take_finding(desk_command *c, record *target);

#endif
