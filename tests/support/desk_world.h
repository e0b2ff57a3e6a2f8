/* A desk with a city, two districts with a station each, and somebody in each role: what tests of the desk begin with.
 * Time is the world's own. */
#ifndef SUPPORT_DESK_WORLD_H
#define SUPPORT_DESK_WORLD_H

#include "desk/desk.h"
#include "desk/kind.h"

typedef enum person {
    /* of the city */
    DUTY,
    ANALYST,
    INVESTIGATOR,
    COMMANDER,
    APPROVER,
    OUTREACH,
    AUDITOR,
    ADMINISTRATOR,
    /* of district A, its station, and district B */
    A_DUTY,
    A_INVESTIGATOR,
    A_COMMANDER,
    A_APPROVER,
    A_STATION_DUTY,
    A_STATION_COMMANDER,
    B_DUTY,
    B_INVESTIGATOR,
    B_COMMANDER,
    BANK,       /* a partner: institution "102100000011" */
    OTHER_BANK, /* "103100000012" */
    PERSON_COUNT
} person;

typedef struct desk_world {
    store *store;
    desk *desk;
    int64_t now_ms;
    int64_t city, district_a, station_a, district_b, station_b;
    desk_actor actors[PERSON_COUNT];
    arena memory; /* of everything that is read; grows until the end */
    sluice_error error;
    desk_command last; /* the faults and the secret of the last act */
} desk_world;

/* The areas: division 450103 and phones 1397711… are district A's, 450105 and 1397722… district B's; addresses with
 * 南湖派出所 are station A's. `location` is a path for SQLite. Fails the test on any error. */
void desk_world_open(desk_world *w, const char *location);
/* Closes and opens it again: a restart. */
void desk_world_restart(desk_world *w, const char *location);
void desk_world_close(desk_world *w);

/* One act as one group, with a JSON body (NULL: none). version -1: the record's present one. */
sluice_result desk_world_act(desk_world *w, person who, const desk_kind *kind, const char *act, int64_t id,
                             int64_t version, const char *json, record *record_out);
/* The same, which must succeed; returns the id. */
int64_t desk_world_do(desk_world *w, person who, const desk_kind *kind, const char *act, int64_t id, const char *json);
/* Moves the clock to a moment and runs what is due. */
void desk_world_until(desk_world *w, int64_t now_ms);
/* A record as it stands now, whoever may see it. */
record desk_world_get(desk_world *w, const desk_kind *kind, int64_t id);
/* Its state, as a C string in the world's memory. */
const char *desk_world_state(desk_world *w, const desk_kind *kind, int64_t id);
/* A value by its field's name. */
const record_value *desk_world_value(desk_world *w, const desk_kind *kind, int64_t id, const char *field);

/* 2026-11-25 10:00:00 +08:00. */
#define DESK_WORLD_BEGIN INT64_C(1795572000000)

#endif
