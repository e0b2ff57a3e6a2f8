/* The list of all kinds: a new one is a row in kinds.c. */
#ifndef DESK_KINDS_H
#define DESK_KINDS_H

#include "desk/kind.h"

extern const desk_kind *const DESK_KINDS[];
extern const size_t DESK_KIND_COUNT;

#endif
