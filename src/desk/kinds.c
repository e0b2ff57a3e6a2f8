#include "desk/kinds.h"

#include "desk/dated.h"
#include "desk/handover.h"
#include "desk/order.h"
#include "desk/return.h"
#include "desk/unit.h"
#include "desk/user.h"

const desk_kind *const DESK_KINDS[] = {
    &STOP_KIND,     &FREEZE_KIND, &APPEAL_KIND, &RETURN_KIND, &RETURN_SHARE_KIND, &OBJECTION_KIND,
    &HANDOVER_KIND, &DATED_KIND,  &UNIT_KIND,   &AREA_KIND,   &USER_KIND,         &KEY_KIND,
};
const size_t DESK_KIND_COUNT = sizeof DESK_KINDS / sizeof *DESK_KINDS;
