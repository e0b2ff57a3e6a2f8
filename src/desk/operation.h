/* Concentrated operations (集中收网行动): one command over many units, from the targets to the persons and things that
 * were secured (统一指挥、分类侦查、突出重点、确保战果).
 *
 *   operation     the plan: name, window, commander, phase; approved by another person of the city
 *   participation the units that take part: what lets a district see the operation
 *   target        who or what, where, when, what to secure; approved before anything is done, by another person; from
 *                 it comes the strike package (strike_package.h)
 *   site, team    where, and who goes there with how many officers
 *   step          what a unit has to do in a phase, with a date
 *   arrest        a person, kept as a keyed hash and a masked name, with a suggested and a confirmed role
 *   seizure       things by kind and count, money by amount, and whose hands they went through (custody.h)
 *
 * Whatever belongs to an operation has a district of its own, and is seen by it and by the city. A change of what the
 * tally counts tells the operation's consoles so (event `tally`). */
#ifndef DESK_OPERATION_H
#define DESK_OPERATION_H

#include "desk/kind.h"

extern const desk_kind OPERATION_KIND, PARTICIPATION_KIND, TARGET_KIND, SITE_KIND, TEAM_KIND, STEP_KIND, ARREST_KIND,
    SEIZURE_KIND;

enum {
    OPERATION_NAME,
    OPERATION_AIM,
    OPERATION_FROM,
    OPERATION_UNTIL,
    OPERATION_COMMANDER,
    OPERATION_PHASE,
    OPERATION_STATE,
    OPERATION_DISTRICT,
    OPERATION_STATION,
    OPERATION_DRAFTED_BY,
    OPERATION_APPROVED_BY,
    OPERATION_APPROVED_AT,
    OPERATION_STARTED_AT,
    OPERATION_CLOSED_AT,
    OPERATION_CLOSED_BY,
    OPERATION_SUMMARY,
    OPERATION_FIELDS
};
enum {
    PARTICIPATION_OPERATION,
    PARTICIPATION_UNIT,
    PARTICIPATION_DUTY,
    PARTICIPATION_STATE,
    PARTICIPATION_DISTRICT,
    PARTICIPATION_STATION,
    PARTICIPATION_KEY,
    PARTICIPATION_FIELDS
};
enum {
    TARGET_OPERATION,
    TARGET_TYPE,
    TARGET_SUBJECT,
    TARGET_NAME,
    TARGET_ADDRESS,
    TARGET_DIVISION,
    TARGET_AT,
    TARGET_SECURE,
    TARGET_WORDS,
    TARGET_CASE,
    TARGET_LEAD,
    TARGET_FINDING,
    TARGET_TRANSFER,
    TARGET_ACCOUNT,
    TARGET_TRACE_AT,
    TARGET_AMOUNT,
    TARGET_METHOD,
    TARGET_AS_OF,
    TARGET_SITE,
    TARGET_SUGGESTED_ROLE,
    TARGET_SUGGESTED_WHY,
    TARGET_CONFIRMED_ROLE,
    TARGET_STATE,
    TARGET_DISTRICT,
    TARGET_STATION,
    TARGET_PROPOSED_BY,
    TARGET_APPROVED_BY,
    TARGET_APPROVED_AT,
    TARGET_ENDED_AT,
    TARGET_RESULT,
    TARGET_SUGGESTED_FROM,
    TARGET_CONFIRMED_BY,
    TARGET_FIELDS
};
enum {
    SITE_OPERATION,
    SITE_NAME,
    SITE_TYPE,
    SITE_ADDRESS,
    SITE_DIVISION,
    SITE_LATITUDE,
    SITE_LONGITUDE,
    SITE_PLAN,
    SITE_METHOD,
    SITE_STATE,
    SITE_SECURED_AT,
    SITE_RESULT,
    SITE_DISTRICT,
    SITE_STATION,
    SITE_FIELDS
};
enum {
    TEAM_OPERATION,
    TEAM_SITE,
    TEAM_NAME,
    TEAM_UNIT,
    TEAM_LEADER,
    TEAM_OFFICERS,
    TEAM_STATE,
    TEAM_DEPLOYED_AT,
    TEAM_WITHDRAWN_AT,
    TEAM_DISTRICT,
    TEAM_STATION,
    TEAM_FIELDS
};
enum {
    STEP_OPERATION,
    STEP_PHASE,
    STEP_TITLE,
    STEP_WORDS,
    STEP_SITE,
    STEP_UNIT,
    STEP_ASSIGNEE,
    STEP_DUE,
    STEP_STATE,
    STEP_IS_OVERDUE,
    STEP_RESULT,
    STEP_DONE_BY,
    STEP_DONE_AT,
    STEP_DISTRICT,
    STEP_STATION,
    STEP_FIELDS
};
enum {
    ARREST_OPERATION,
    ARREST_SITE,
    ARREST_TARGET,
    ARREST_CASE,
    ARREST_TEAM,
    ARREST_PERSON,
    ARREST_NAME,
    ARREST_SUGGESTED_ROLE,
    ARREST_SUGGESTED_WHY,
    ARREST_CONFIRMED_ROLE,
    ARREST_CONFIRMED_BY,
    ARREST_CONFIRMED_WHY,
    ARREST_MEASURE,
    ARREST_PAPER,
    ARREST_AT,
    ARREST_STATE,
    ARREST_RECORDED_BY,
    ARREST_RELEASED_AT,
    ARREST_DISTRICT,
    ARREST_STATION,
    ARREST_KEY,
    ARREST_FIELDS
};
enum {
    SEIZURE_OPERATION,
    SEIZURE_SITE,
    SEIZURE_ARREST,
    SEIZURE_CASE,
    SEIZURE_TYPE,
    SEIZURE_COUNT,
    SEIZURE_AMOUNT,
    SEIZURE_MARKS,
    SEIZURE_WORDS,
    SEIZURE_PAPER,
    SEIZURE_AT,
    SEIZURE_STATE,
    SEIZURE_HOLDER,
    SEIZURE_SEIZED_BY,
    SEIZURE_SECOND_BY,
    SEIZURE_RETURNED_AT,
    SEIZURE_DISTRICT,
    SEIZURE_STATION,
    SEIZURE_FIELDS
};

/* What every row of an operation begins with: the operation is there, the actor sees it, and it is in one of `states`
 * ("approved|running"; "*": any). INPUT with the field `operation`, STATE. */
SLUICE_MUST_USE sluice_result operation_require(desk_command *c, const record_value *operation, const char *states);
/* Puts the row's district and station: those of its site where it has one (field `site`; NO_FIELD: none), else of the
 * unit it names, else the actor's own. INPUT: the site is not of this operation, or not of the actor's district. */
SLUICE_MUST_USE sluice_result operation_place(desk_command *c, const desk_kind *kind, record *r, uint8_t operation,
                                              uint8_t site, uint8_t unit);
/* A case that a row names is one that the actor sees; null is none. INPUT with the field `case`. */
SLUICE_MUST_USE sluice_result operation_check_case(desk_command *c, const record_value *of_case);
/* Consoles of the operation hear that its tally has changed: an act's `then`, of a row with a field `operation`. */
SLUICE_MUST_USE sluice_result operation_tally_then(desk_command *c, record *r, const desk_input *in);
/* The keyed hash under which a person is kept: the same identity number always gives the same, and none is got back
 * from it. INPUT with the field `identity`. In the arena. */
SLUICE_MUST_USE sluice_result operation_person(desk_command *c, sluice_text identity, sluice_text *hash_out);

#endif
