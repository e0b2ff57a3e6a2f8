/* Who is in an audience, and how many of them may be told to whom.
 *
 * PERSONS. One for each phone number (a keyed hash) that warnings or reports of the dated audience_window have: the
 * area is that of the warning, and of a report the district where the victim lives (of a station: the one that took it
 * in); the risk is the highest tier of the warnings, `victim` if there is a report; the age follows from the identity
 * number of a report, else it is not known. Whoever has no number is in no audience: nobody could tell him anything.
 *
 * SMALL COUNTS. What outreach staff see of a count n:
 *   n < k (dated audience_least)   "<k", and nothing else
 *   else                           n + noise, at least k, with the bounds n surely lies in
 * The noise is one of -d … d (dated audience_noise), chosen by a sum of keyed hashes of the very persons that are
 * counted. So the same persons always give the same number, however the audience is described: asking again, or in
 * other words, averages nothing out; and two audiences that differ by one person differ by a number that tells nothing
 * certain about him. This is the cell-key method (Fraser and Wooton 2005; used for censuses by the ABS and Eurostat),
 * and areas, risks and ages are fixed bands, so that audiences cannot be made to fit one person. What it does not hide:
 * that a count crossed k. */
#ifndef DESK_AUDIENCE_COUNT_H
#define DESK_AUDIENCE_COUNT_H

#include "desk/outreach.h"

typedef struct audience_person {
    sluice_text hash;  /* 32 hex digits: outreach_person */
    sluice_text phone; /* digits */
    uint8_t risk;      /* 0 none, 1 low … 4 urgent */
    bool is_victim;
    uint8_t age; /* place in OUTREACH_AGES; 6: not known */
} audience_person;

/* What is asked for; an audience's record gives it. */
typedef struct audience_definition {
    int64_t district, station; /* 0: the whole city */
    sluice_text risk, age;
} audience_definition;
audience_definition audience_of(const record *audience);

/* Sorted by hash; in the arena. Any thread. Cost: two grouped queries, 2 µs a person. */
SLUICE_MUST_USE sluice_result audience_persons(store *s, const audience_definition *definition, int64_t from_ms,
                                               int64_t now_ms, arena *a, audience_person **persons_out,
                                               size_t *count_out, sluice_error *error);

typedef struct audience_limits {
    int64_t least, noise; /* dated */
} audience_limits;
/* Writer: reads the dated tables. */
SLUICE_MUST_USE sluice_result audience_limits_now(desk_command *c, audience_limits *limits_out, int64_t *window_ms_out);

typedef struct audience_shown {
    bool is_hidden; /* less than `least` */
    int64_t count, lower, upper;
} audience_shown;
/* `hashes` are those of the persons counted, in any order. */
audience_shown audience_show(const sluice_text *hashes, size_t count, audience_limits limits);

/* The band of an age by the birth date in an identity number of 15 or 18 characters; 6: it has none. */
uint8_t audience_age_of(sluice_text identity, int64_t now_ms);

#endif
