/* Which outlets opened problem cards, compared fairly for small ones (domain.md §7).
 *
 * The rate of an outlet: of the cards it opened in the months asked for, the share that is a problem card by now. So
 * hits are part of the trials, and an outlet is judged by what it opened then, not by when the fraud came to light.
 *
 *   opened    the larger of what the institution states for the month and the openings that are entered one by one
 *   problem   openings entered one by one whose card, as this is asked, is
 *               frozen          a freeze of it took hold, was not found to be unrelated and not lifted by an appeal
 *               stopped         a stop of it took hold, and holds or ran its 48 hours (not: was released)
 *               in a case       linked to a case as an account that received or passed on the money, or for its cash
 *               stated          by its institution (100404) or an investigation (act card.mark)
 *
 * A card is matched by its number under card: and account:. Problem cards of which nobody knows the outlet or the day
 * are counted beside, not guessed. */
#ifndef DESK_OUTLET_RANK_H
#define DESK_OUTLET_RANK_H

#include "desk/outlet.h"
#include "desk/rates.h"

/* Months since year 0: year * 12 + month - 1. */
typedef struct outlet_months {
    int64_t first, last;
} outlet_months;
/* "2026-11", or any date that begins so. */
bool outlet_month_parse(sluice_text text, int64_t *month_out);
void outlet_month_format(int64_t month, char text_out[8]);
int64_t outlet_month_begin_ms(int64_t month);
int64_t outlet_month_of_ms(int64_t time_ms);
enum { OUTLET_MONTHS_MAX = 36 };

typedef struct problem_card {
    record card;
    const char *basis; /* "freeze", "stop", "case", "partner", "investigation": the strongest */
    int64_t at_ms;     /* since when it is known */
} problem_card;
/* All problem cards whose opening is entered, in the order of their ids; *unknown_out: keys that stops, freezes and
 * cases name and no opening is entered for. `outlet` 0: of all outlets. In the arena. Any thread. Cost: reads all stops
 * and freezes that took hold and all entities of cases, some 10 µs each. */
SLUICE_MUST_USE sluice_result outlet_problem_cards(store *s, int64_t outlet, arena *a, problem_card **cards_out,
                                                   size_t *count_out, uint64_t *unknown_out, sluice_error *error);

typedef struct outlet_row {
    record outlet;
    int64_t opened, problem;
    int64_t *opened_by_month, *problem_by_month; /* [months] */
    double rate;
    rate_interval wilson;                /* 95 % of its own rate */
    rate_interval limits_95, limits_998; /* of the funnel for as many cards as it opened */
    const char *band; /* "above_998", "above_95", "within", "below_95", "below_998"; "none": it opened none */
    rate_posterior shrunken;
    double trend_z, trend_p;
    size_t rank; /* from 1, by the shrunken rate; 0: it opened none */
} outlet_row;

typedef struct outlet_ranking {
    outlet_months months;
    outlet_row *rows; /* the highest shrunken rate first; ties by key; those without openings last */
    size_t count;
    int64_t opened, problem;
    double rate;
    bool has_prior; /* false: there is no problem card, or nothing else: nothing is shrunken */
    rate_prior prior;
    double dispersion; /* mean squared z of the outlets' rates: 1 where they differ by chance alone */
    uint64_t unknown, undated, stated_below; /* problem keys without an opening; openings without a day or outlet;
                                                months stated with fewer than are entered */
} outlet_ranking;

typedef struct outlet_question {
    outlet_months months;
    sluice_text category;    /* bank | telecom; empty: both */
    int64_t district;        /* 0: all that the terms let through */
    const query_term *scope; /* what the actor may see of outlets */
    size_t scope_count;
} outlet_question;
SLUICE_MUST_USE sluice_result outlet_ranking_of(store *s, const outlet_question *question, arena *a,
                                                outlet_ranking *ranking_out, sluice_error *error);

/* Opened and problem of one outlet, with its own rate and interval; the rest of the row is empty. */
SLUICE_MUST_USE sluice_result outlet_figures(store *s, const record *outlet, outlet_months months, arena *a,
                                             outlet_row *row_out, sluice_error *error);

#endif
