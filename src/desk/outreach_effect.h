/* Did a campaign do anything? Reports in the audience's area before and after it began, beside those of a comparable
 * area (difference in differences).
 *
 *   area         the district of the campaign's audience; a station's campaign is looked at in its station
 *   began        started_at, or first_at where that is later
 *   after        [began, min(now, began + length)); before: as long, up to it
 *   comparison   of the areas of the same level that no campaign reached in the two periods, the one whose rate before
 *                was nearest to the area's; ties by the unit's id. None left: of all others, and the answer says so
 *   count        reports by where the victim lives (district) or was taken in (station), by when they were called
 *   people       the dated table `population`, code: the unit's division code, or "unit:<id>"
 *
 * It is an observation of two areas and proves nothing: the answer gives the intervals and what was assumed. */
#ifndef DESK_OUTREACH_EFFECT_H
#define DESK_OUTREACH_EFFECT_H

#include "desk/outreach.h"
#include "desk/rates.h"

typedef struct effect_area {
    record unit;
    int64_t people;
    rate_change change;
    double rate_before, rate_after; /* per 10,000 people and period */
    rate_interval before_interval, after_interval;
} effect_area;

typedef struct outreach_effect {
    int64_t began_ms, before_ms, after_ms; /* [before, began), [began, after) */
    effect_area here, there;
    size_t candidates;          /* areas it was chosen from */
    bool there_was_reached;     /* no area without campaigns was left */
    rate_difference difference; /* per person; ×10,000 for people */
} outreach_effect;

/* Populations as the writer read them: effect_populations. */
typedef struct effect_population {
    sluice_text code;
    int64_t people;
} effect_population;
SLUICE_MUST_USE sluice_result effect_populations(desk_command *c, effect_population **rows_out, size_t *count_out);

/* STATE: the campaign has not begun, its audience is the whole city (nothing compares with it), or a population is
 * missing. length_ms 0: 28 days. Any thread. */
SLUICE_MUST_USE sluice_result outreach_effect_of(store *s, const record *campaign, int64_t length_ms, int64_t now_ms,
                                                 const effect_population *populations, size_t population_count,
                                                 arena *a, outreach_effect *effect_out, sluice_error *error);

#endif
