/* Leads (线索): somebody or something to be looked into, from findings, reports, tips, partners and files.
 *
 * 线索不过夜: a lead is due at the end of the day in Shanghai, and one that is overdue climbs from the station to the
 * commander by the clock. The same subject under the same type is one lead while it is open; each time it comes again,
 * its source is kept. Whoever sent it hears what became of it (反电信网络诈骗法 Art. 26). */
#ifndef DESK_LEAD_H
#define DESK_LEAD_H

#include "desk/finding.h"
#include "desk/place.h"

extern const desk_kind LEAD_KIND, LEAD_SOURCE_KIND;

enum {
    LEAD_TYPE,
    LEAD_SUBJECT,
    LEAD_TITLE,
    LEAD_WORDS,
    LEAD_TIER,
    LEAD_SCORE,
    LEAD_SOURCE,
    LEAD_REFERENCE,
    LEAD_SOURCE_COUNT,
    LEAD_INSTITUTION,
    LEAD_STATE,
    LEAD_DISTRICT,
    LEAD_STATION,
    LEAD_ASSIGNEE,
    LEAD_DUE,
    LEAD_LEVEL,
    LEAD_ESCALATIONS,
    LEAD_RESULT,
    LEAD_FEEDBACK,
    LEAD_FINISHED_BY,
    LEAD_FINISHED_AT,
    LEAD_CASE,
    LEAD_OPEN_KEY,
    LEAD_WITHDRAWN,
    LEAD_FIELDS
};
enum {
    LEAD_SOURCE_LEAD,
    LEAD_SOURCE_SOURCE,
    LEAD_SOURCE_REFERENCE,
    LEAD_SOURCE_INSTITUTION,
    LEAD_SOURCE_WORDS,
    LEAD_SOURCE_USER,
    LEAD_SOURCE_AT,
    LEAD_SOURCE_FEEDBACK,
    LEAD_SOURCE_FEEDBACK_AT,
    LEAD_SOURCE_FIELDS
};

#endif
