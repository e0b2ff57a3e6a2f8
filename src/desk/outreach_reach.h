/* How many were reached, nobody counted twice where that can be known.
 *
 *   persons     told by SMS: distinct keyed hashes, whatever the number of runs
 *   groups      told by a bot: the largest member count of each group, not the sum over weeks
 *   events      heads of events that were held: parents, students, residents, staff; officers are not counted as
 * reached partners    what alliance partners say or count of their finished actions
 *
 * Nobody knows who of these is the same person, so the answer is an interval: at least the largest of the parts that
 * cannot overlap within themselves (all persons; one group; one event; one action), at most the sum of all. */
#ifndef DESK_OUTREACH_REACH_H
#define DESK_OUTREACH_REACH_H

#include "desk/outreach.h"

typedef struct outreach_question {
    int64_t from_ms, to_ms; /* [from, to) of sends, events, actions */
    int64_t district;       /* 0: all */
    int64_t campaign;       /* 0: all */
    int64_t operation;      /* 0: all */
} outreach_question;

typedef struct outreach_reach {
    sluice_text *person_hashes; /* distinct, sorted, in the arena */
    size_t persons;
    int64_t groups, group_members, group_largest;
    int64_t group_posts; /* rows: posts to groups */
    int64_t events, points, parents, students, residents, staff, officers, event_materials, event_largest;
    int64_t actions, action_reach, action_largest, action_materials;
    int64_t other_largest, other_sum; /* of all parts but the persons */
    int64_t lower, upper;
} outreach_reach;
/* Any thread. Cost: grouped queries over the sends; reads events and actions of the period. */
SLUICE_MUST_USE sluice_result outreach_reach_of(store *s, const outreach_question *question, arena *a,
                                                outreach_reach *reach_out, sluice_error *error);

#endif
