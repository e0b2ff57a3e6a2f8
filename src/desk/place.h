/* Where work sits: whose record it is, to whom it is given, and to whom it climbs when a deadline passes.
 *
 * Records that are worked on have a district, a station (0 above that level) and a `level`: the level that answers for
 * it now. A deadline that passes moves the level up: station, district, city, commander. Who may see a record is not
 * changed by it: those above see what is below them anyway. */
#ifndef DESK_PLACE_H
#define DESK_PLACE_H

#include "desk/unit.h"

#define PLACE_LEVELS "station|district|city|commander"

/* Puts district and station into the kind's fields; 0 becomes null. */
void place_set(const desk_kind *kind, record *r, int64_t district, int64_t station);
/* The level of whose it is. */
sluice_text place_level(const desk_kind *kind, const record *r);
/* The one above; the commander's is its own. */
sluice_text place_above(sluice_text level);

/* To whom it can be given: a user who is not disabled and who would see it. INPUT with the field `assignee`. */
SLUICE_MUST_USE sluice_result place_check_assignee(desk_command *c, const desk_kind *kind, const record *r);
/* One who acts for the police, alone or as the second of two: an officer by role who is not disabled. INPUT with
 * `field`. */
SLUICE_MUST_USE sluice_result place_check_officer(desk_command *c, const char *field, int64_t user);
/* Gives it to another unit: the city to any, a district to itself or one of its stations. Ends the assignment. INPUT
 * with the field `unit`, FORBIDDEN. */
SLUICE_MUST_USE sluice_result place_dispatch(desk_command *c, const desk_kind *kind, record *r, int64_t unit);
/* Where a new record belongs: `home` first; nothing fits: with whoever takes it in. */
SLUICE_MUST_USE sluice_result place_by_home(desk_command *c, const desk_kind *kind, record *r, sluice_text division,
                                            sluice_text address, sluice_text phone);

/* The parent that a new child names, if the actor may see it. INPUT with the parent's field. */
SLUICE_MUST_USE sluice_result place_parent(desk_command *c, const desk_kind *kind, const record *r, record *parent_out);
/* The last moment of this day in Shanghai is one millisecond before it. */
int64_t place_day_end(int64_t now_ms, int64_t days_more);

/* The digits of a phone: without blanks, hyphens, +86 and "phone:"; in the arena. Empty: no memory. */
sluice_text place_phone(sluice_text phone, arena *a);

#endif
