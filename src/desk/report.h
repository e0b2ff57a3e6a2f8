/* Reports (接警): a victim's call, taken in within three minutes, and the stop orders it leads to in the same step.
 *
 * The first receiver answers for it (首接负责): a report stays with the unit that took it in, and one that the city
 * took in goes to where the victim lives. Its transfers are rows of their own; a stop is proposed for each account of
 * the first layer at once (银发〔2016〕86号: within the dated first_layer), and the clock says when that did not
 * happen. */
#ifndef DESK_REPORT_H
#define DESK_REPORT_H

#include "desk/place.h"

extern const desk_kind REPORT_KIND, REPORT_TRANSFER_KIND;

enum {
    REPORT_CHANNEL,
    REPORT_CALLED_AT,
    REPORT_VICTIM_NAME,
    REPORT_VICTIM_PHONE,
    REPORT_VICTIM_IDENTITY,
    REPORT_VICTIM_ADDRESS,
    REPORT_VICTIM_DIVISION,
    REPORT_VICTIM_ACCOUNT,
    REPORT_WORDS,
    REPORT_FRAUD_TYPE,
    REPORT_LOSS,
    REPORT_TRANSFER_COUNT,
    REPORT_STATE,
    REPORT_DISTRICT,
    REPORT_STATION,
    REPORT_HOME_DISTRICT,
    REPORT_ASSIGNEE,
    REPORT_TAKEN_BY,
    REPORT_DUE,
    REPORT_ORDERS_AT,
    REPORT_IS_LATE,
    REPORT_CASE,
    REPORT_WARNING,
    REPORT_RESULT,
    REPORT_CLOSED_BY,
    REPORT_CLOSED_AT,
    REPORT_FIELDS
};
enum {
    REPORT_TRANSFER_REPORT,
    REPORT_TRANSFER_FROM,
    REPORT_TRANSFER_TO,
    REPORT_TRANSFER_BANK,
    REPORT_TRANSFER_NAME,
    REPORT_TRANSFER_AMOUNT,
    REPORT_TRANSFER_TIME,
    REPORT_TRANSFER_TRANSFER,
    REPORT_TRANSFER_FIELDS
};

#endif
