#include "desk/kinds.h"

#include "desk/dated.h"
#include "desk/unit.h"
#include "desk/user.h"

const desk_kind *const DESK_KINDS[] = {
    &DATED_KIND, &UNIT_KIND, &AREA_KIND, &USER_KIND, &KEY_KIND,
};
const size_t DESK_KIND_COUNT = sizeof DESK_KINDS / sizeof *DESK_KINDS;
