/* What orders ask of cases and reports: whose they are, and whether the case is filed. */
#ifndef DESK_CASE_GATE_H
#define DESK_CASE_GATE_H

#include "desk/kind.h"

/* Gives an order the district and station of its report or case, else those of whoever proposes it; a report or case
 * that the actor may not see is INPUT. Fields are numbers of the order's. */
SLUICE_MUST_USE sluice_result order_scope(desk_command *c, record *order, uint8_t report, uint8_t of_case,
                                          uint8_t district, uint8_t station);
/* STATE unless the case is filed (立案) and not closed. */
SLUICE_MUST_USE sluice_result case_require_filed(desk_command *c, int64_t case_id);

#endif
