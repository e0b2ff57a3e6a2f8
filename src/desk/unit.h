/* Units: city, district or county, station; and what each is responsible for. */
#ifndef DESK_UNIT_H
#define DESK_UNIT_H

#include "desk/kind.h"

extern const desk_kind UNIT_KIND, AREA_KIND;

enum { UNIT_NAME_ZH, UNIT_NAME_EN, UNIT_LEVEL, UNIT_PARENT, UNIT_DIVISION, UNIT_STATE, UNIT_FIELDS };

/* The unit and those above it; 0 where there is none. NOT_FOUND. Any thread. */
typedef struct unit_place {
    int64_t unit, district, station;
    unit_level level;
} unit_place;
SLUICE_MUST_USE sluice_result unit_place_of(store *s, int64_t unit, arena *a, unit_place *place_out,
                                            sluice_error *error);

/* Whose is somebody with this division code, address or phone (each may be empty)? Tried in this order; the longest
 * area that fits wins. Nothing fits: district 0, the city's own desk. */
SLUICE_MUST_USE sluice_result unit_for(desk_command *c, sluice_text division, sluice_text address, sluice_text phone,
                                       unit_place *place_out);

SLUICE_MUST_USE sluice_result unit_defaults(desk_command *c);

#endif
