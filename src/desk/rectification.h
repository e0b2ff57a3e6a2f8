/* Places to rectify (重点整治): a shop, rental, outlet or network where fraud found room, put right under a clock.
 *
 * Found, told what is wrong with a deadline, reported back, inspected again by another person, and looked at once more
 * after a while (dated duration `place_follow_up`): rectified means that an inspection was passed, not that a notice
 * was served. Each inspection is a row. With or without an operation. */
#ifndef DESK_RECTIFICATION_H
#define DESK_RECTIFICATION_H

#include "desk/kind.h"

extern const desk_kind PLACE_KIND, INSPECTION_KIND;

enum {
    PLACE_OPERATION,
    PLACE_NAME,
    PLACE_TYPE,
    PLACE_ADDRESS,
    PLACE_DIVISION,
    PLACE_PROBLEM,
    PLACE_OWNER,
    PLACE_STATE,
    PLACE_NOTICE,
    PLACE_NOTIFIED_AT,
    PLACE_NOTIFIED_BY,
    PLACE_DUE,
    PLACE_IS_OVERDUE,
    PLACE_REPORTED_AT,
    PLACE_RECTIFIED_AT,
    PLACE_RECTIFIED_BY,
    PLACE_FAILURES,
    PLACE_PENALTY,
    PLACE_FOLLOW_UP_AT,
    PLACE_FOUND_BY,
    PLACE_DISTRICT,
    PLACE_STATION,
    PLACE_FIELDS
};
enum { INSPECTION_PLACE, INSPECTION_RESULT, INSPECTION_WORDS, INSPECTION_BY, INSPECTION_AT, INSPECTION_FIELDS };

#endif
