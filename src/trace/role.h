/* Roles that a trace suggests (domain.md §7): which place an account has in the flow of victims' money, and why.
 *
 * What is computed is a position and never a fact about a person: the answer says "suggested", carries the figures that
 * it rests on, and is for people to confirm. The first of these that holds is the account's:
 *
 *   cash_out      of the victims' money that came in, at least `share` was drawn as cash
 *   first_card    the victims paid into it themselves (一级卡)
 *   collector     from at least `parties` accounts, to at most half as many
 *   distributor   to at least `parties` accounts, from at most half as many
 *   transit       at least `share` of what came in went on to other accounts
 *
 * Where the money rests and nothing else is known, none is suggested; nor of a victim's own account. A trace that was
 * begun by an account says nothing about first cards: nobody said whose account that is.
 *
 * Pure: the view alone decides. Any thread. */
#ifndef TRACE_ROLE_H
#define TRACE_ROLE_H

#include <sluice/trace.h>

#include "base/text.h"

typedef enum trace_role {
    TRACE_ROLE_NONE,
    TRACE_ROLE_CASH_OUT,
    TRACE_ROLE_FIRST_CARD,
    TRACE_ROLE_COLLECTOR,
    TRACE_ROLE_DISTRIBUTOR,
    TRACE_ROLE_TRANSIT,
    TRACE_ROLE_COUNT
} trace_role;

/* The centre's own numbers: dated rows. */
typedef struct trace_role_rule {
    int64_t parties;       /* at least 1 */
    int64_t share_percent; /* 1 … 100 */
} trace_role_rule;

typedef struct trace_role_facts {
    trace_role role;
    uint32_t layer;
    uint64_t sources, targets, cash_places; /* different ones */
    int64_t in_fen, onward_fen, cash_fen, held_fen;
    int64_t dwell_ms; /* -1: nothing left */
} trace_role_facts;

/* Of view->accounts[account]. Cost: one pass over the edges. */
trace_role_facts trace_role_of(const sluice_trace_view *view, size_t account, const trace_role_rule *rule);

/* "cash_out", …: codes of the dated table gang_role; NULL for none. */
const char *trace_role_code(trace_role role);

/* Why, with its figures, in Chinese or English; nothing for none. */
void trace_role_words(const trace_role_facts *facts, bool chinese, text_writer *words);

#endif
