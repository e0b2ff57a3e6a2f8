/* Handing a record over to another district, with review. */
#ifndef DESK_HANDOVER_H
#define DESK_HANDOVER_H

#include "desk/kind.h"

extern const desk_kind HANDOVER_KIND;

#endif
