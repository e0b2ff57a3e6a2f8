/* Outlets (行业治理): the branches of banks and carriers that opened cards, what they opened, which of it became part
 * of a fraud, and what they were told to mend.
 *
 *   outlet         a branch, named by its key `outlet:…`
 *   outlet_month   how many cards it opened in a month, as its institution states it
 *   card           one card or account with the outlet, the day and the staff number of its opening
 *   outlet_notice  notice (通报) or order to rectify (整改), with the figures it rests on and the answer
 *   punishment     joint punishment (联合惩戒) of a person who dealt in cards
 *
 * Which cards are problem cards is not written down a second time: it is what stops, freezes, entities of cases and
 * partners' reports of involved accounts (100404) say when it is asked (outlet_rank.h). Data about who opened what is
 * for anti-fraud use only (反电信网络诈骗法 Arts. 10, 16) and every look at it is audited. */
#ifndef DESK_OUTLET_H
#define DESK_OUTLET_H

#include "desk/dated.h"
#include "desk/place.h"

extern const desk_kind OUTLET_KIND, OUTLET_MONTH_KIND, CARD_KIND, OUTLET_NOTICE_KIND, PUNISHMENT_KIND;

enum {
    OUTLET_KEY,
    OUTLET_NAME,
    OUTLET_CATEGORY, /* bank | telecom */
    OUTLET_INSTITUTION,
    OUTLET_DIVISION,
    OUTLET_ADDRESS,
    OUTLET_STATE,
    OUTLET_DISTRICT,
    OUTLET_STATION,
    OUTLET_FIELDS
};
enum {
    OUTLET_MONTH_OUTLET,
    OUTLET_MONTH_MONTH,
    OUTLET_MONTH_OPENED,
    OUTLET_MONTH_BY,
    OUTLET_MONTH_AT,
    OUTLET_MONTH_FIELDS
};
enum {
    CARD_KEY,
    CARD_CATEGORY, /* debit | credit | account | sim */
    CARD_OUTLET,
    CARD_INSTITUTION,
    CARD_HOLDER,
    CARD_OPENED_AT,
    CARD_STAFF,
    CARD_STATE, /* open | closed */
    CARD_CLOSED_AT,
    CARD_PROBLEM, /* partner | investigation; null: none was stated here */
    CARD_PROBLEM_REFERENCE,
    CARD_PROBLEM_AT,
    CARD_PROBLEM_BY,
    CARD_DISTRICT,
    CARD_STATION,
    CARD_FIELDS
};
enum {
    NOTICE_OUTLET,
    NOTICE_MEASURE, /* notice | rectify */
    NOTICE_FROM,
    NOTICE_TO,
    NOTICE_WORDS,
    NOTICE_FIGURES, /* JSON: as they stood when it was proposed */
    NOTICE_TURN,    /* the outlet's nth within the dated window */
    NOTICE_IS_REPEAT,
    NOTICE_OPERATION,
    NOTICE_STATE,
    NOTICE_DUE,
    NOTICE_INSTITUTION, /* set when it is issued: not before does the institution see it */
    NOTICE_DISTRICT,
    NOTICE_STATION,
    NOTICE_PROPOSED_BY,
    NOTICE_APPROVED_BY,
    NOTICE_ISSUED_AT,
    NOTICE_ANSWER,
    NOTICE_TRACE_BACK, /* 倒查: who opened the problem cards, and how */
    NOTICE_ANSWERED_AT,
    NOTICE_REVIEWED_BY,
    NOTICE_REVIEWED_AT,
    NOTICE_RETURNS,
    NOTICE_IS_LATE,
    NOTICE_CLOSED_BY,
    NOTICE_CLOSED_AT,
    NOTICE_FIELDS
};
enum {
    PUNISHMENT_PERSON,
    PUNISHMENT_NAME,
    PUNISHMENT_GROUND, /* of the dated table punishment_ground */
    PUNISHMENT_COUNT,
    PUNISHMENT_MEASURES,
    PUNISHMENT_REASON,
    PUNISHMENT_REMEDY,
    PUNISHMENT_APPEAL,
    PUNISHMENT_CASE,
    PUNISHMENT_MONTHS,
    PUNISHMENT_STATE,
    PUNISHMENT_DUE,
    PUNISHMENT_DISTRICT,
    PUNISHMENT_STATION,
    PUNISHMENT_PROPOSED_BY,
    PUNISHMENT_APPROVED_BY,
    PUNISHMENT_APPROVED_AT,
    PUNISHMENT_NOTICE_NUMBER,
    PUNISHMENT_SERVED_BY,
    PUNISHMENT_STARTS_AT,
    PUNISHMENT_EXPIRES_AT,
    PUNISHMENT_CHAIN_AT, /* when the restrictions in a row began that this one belongs to */
    PUNISHMENT_ENDED_AT,
    PUNISHMENT_REPAIR_BY,
    PUNISHMENT_REPAIR_REASON,
    PUNISHMENT_REPAIR_APPROVED_BY,
    PUNISHMENT_RELEASE_REASON,
    PUNISHMENT_FIELDS
};

/* An identity number never stays: `person:` and a number of 15 or 18 characters become `person:` and 32 hex digits of
 * its HMAC under the database's secret, the same for the same number. Any other key is left as it is. */
SLUICE_MUST_USE sluice_result person_key(desk_command *c, record_value *key);

/* A partner says that this account is involved (100404): its card is marked, under card: or account:, whichever is
 * entered here; one that is not entered is, without outlet and day. Another institution's card is left alone. Writer.
 */
SLUICE_MUST_USE sluice_result card_involved(desk_command *c, sluice_text account, sluice_text reference);

/* How many cards of a person are open, by institution, against the dated caps (Arts. 10, 16). */
typedef struct card_holding {
    sluice_text institution;
    sluice_text cap; /* the dated code: sims_per_carrier, cards_per_bank; empty: none holds for this category */
    int64_t count, limit;
} card_holding;
/* Sorted by institution, then cap; in the arena. `holder` as person_key leaves it. Any thread but for the caps, which
 * are the writer's. */
SLUICE_MUST_USE sluice_result card_holdings(desk_command *c, sluice_text holder, card_holding **holdings_out,
                                            size_t *count_out);

#endif
