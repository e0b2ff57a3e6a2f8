/* What everybody did lately: for each account two series, money in and money out, in time order (ties by the order of
 * arrival), kept for the longest window that anything asks for. Windows and patterns are both read from it.
 *
 *   account ──▶ out: [ entry entry entry … ]   oldest first, ring of 2^n places
 *          └──▶ in:  [ entry entry … ]
 *   (payer, payee) ──▶ pair: first, last, count, the newest entry's places in both series
 *
 * Each entry carries running totals, so that a window's count and sum are a difference of two entries: what a window
 * needs is only its head.
 *
 * What counts: a transfer is in the payer's out series with what left (amount_fen) and in the payee's in series with
 * what arrived (received_fen); a withdrawal is in the payer's out series alone. A transfer to oneself is in both.
 *
 * What is kept: everything after recent_kept_from_ms(), a time that moves on with the clock of the movements. The clock
 * is the 64th newest time so far, so that a few wrong times in the future do not make a centre forget its past.
 * Whatever comes with an older time than that is counted for good (recent_pair, totals) but is in no series. One
 * thread. */
#ifndef FEATURE_RECENT_H
#define FEATURE_RECENT_H

#include "feature/activity.h"

#define RECENT_NONE UINT32_MAX

typedef struct recent recent;

typedef struct recent_entry {
    int64_t time_ms;
    uint64_t sum_fen;  /* of the series up to and with this entry, modulo 2^64 */
    uint32_t other;    /* the counterparty; KEY_NONE for a withdrawal to no place */
    uint32_t movement; /* its number in the log */
    uint32_t previous; /* place in this series of the entry before with the same counterparty, or RECENT_NONE; it may
                        * have left the series since: then it is before `first` */
    uint32_t flags;    /* recent_flag */
} recent_entry;

_Static_assert(sizeof(recent_entry) == 32, "two entries a cache line");

typedef enum recent_flag {
    RECENT_SUPERSEDED = 1,     /* the same counterparty came again later in the series */
    RECENT_IS_NEW = 2,         /* the first payment of this payer to this payee, ever */
    RECENT_IS_CASH = 4,        /* a withdrawal */
    RECENT_IS_SMALL = 8,       /* at most RECENT_SMALL_FEN */
    RECENT_IS_TEST = 16,       /* RECENT_TEST_FEN_MIN … RECENT_SMALL_FEN, not cash */
    RECENT_IS_REBATE = 32,     /* set by feature.c, where rules ask for it */
    RECENT_IS_PASSED = 64,     /* private to window.c */
    RECENT_IS_EXCHANGED = 128, /* in the payer's series: another amount arrived than left */
    RECENT_IS_NIGHT = 256,
    RECENT_IS_ROUND = 512,
} recent_flag;

#define RECENT_SMALL_FEN 50000
#define RECENT_TEST_FEN_MIN 10000
#define RECENT_ROUND_FEN 10000
#define RECENT_LATE_MS                                                                                                 \
    INT64_C(86400000) /* this much later than its time anything may come and find its windows whole */

/* A series as it is now: the entries at places first … end − 1, oldest first. Places are absolute and wrap at 2^32 (use
 * differences); entry i is entries[i & mask]. Borrowed until the next recent_add. */
typedef struct recent_series {
    const recent_entry *entries;
    uint32_t mask, first, end;
    uint64_t sum_before_fen;      /* running total before `first` */
    int64_t oldest_ms, newest_ms; /* times of the first and the last entry; INT64_MAX, INT64_MIN: there are none */
} recent_series;

typedef enum recent_direction { RECENT_IN, RECENT_OUT } recent_direction;

/* Payments of one payer to one payee, ever. A place that is in the series is the pair's newest entry there. */
typedef struct recent_pair {
    int64_t first_ms, last_ms;
    uint32_t count;     /* ever */
    uint32_t out_place; /* of the newest entry in the payer's out series; before its `first` when it has left */
    uint32_t in_place;  /* and in the payee's in series. RECENT_NONE: there never was one */
    uint32_t number;    /* private to feature.c */
} recent_pair;

/* Keeps what is at most horizon_ms + RECENT_LATE_MS older than the clock. NULL: no memory. */
recent *recent_new(int64_t horizon_ms);
/* The same without pairs, in half the time: recent_pair_get knows nobody, `previous` is always RECENT_NONE, no entry is
 * RECENT_IS_NEW. Enough where pattern_needs_pairs says so. */
recent *recent_new_unpaired(int64_t horizon_ms);
void recent_free(recent **r);
/* Everything after this time is there; some of what is older may be, too. INT64_MIN: everything is. */
int64_t recent_kept_from_ms(const recent *r);

/* Takes a transfer or withdrawal in. One that is late goes to its place in time (cost: the entries after it). False: no
 * memory, and it is not in. */
SLUICE_MUST_USE bool recent_add(recent *r, const activity *movement);
/* Ahead of recent_add, to hide the memory's latency: step 0 some movements before, steps 1 and 2 fewer. */
void recent_prefetch(const recent *r, const activity *movement, int step);
/* Of one account: what leads to its series; and later the newest entries of it, at most so many. */
void recent_prefetch_series(const recent *r, uint32_t account, recent_direction direction);
void recent_prefetch_newest(const recent *r, uint32_t account, recent_direction direction, uint32_t count);

/* What the last recent_add did. */
typedef struct recent_last {
    bool is_kept;           /* it is in the series … */
    uint32_t out_place;     /* … here */
    uint32_t in_place;      /* RECENT_NONE: a withdrawal */
    bool is_new;            /* no earlier payment of this pair */
    int64_t pair_before_ms; /* the pair's newest payment in time before this addition … */
    bool has_pair_before;   /* … if there is one */
} recent_last;
const recent_last *recent_last_get(const recent *r);

/* An account that nothing is known of has an empty series. */
void recent_series_get(const recent *r, uint32_t account, recent_direction direction, recent_series *series_out);
/* False: this payer never paid this payee. */
bool recent_pair_get(const recent *r, uint32_t payer, uint32_t payee, recent_pair *pair_out);

static inline const recent_entry *recent_at(const recent_series *s, uint32_t place) {
    return &s->entries[place & s->mask];
}
static inline uint32_t recent_count(const recent_series *s) {
    return s->end - s->first;
}
static inline int64_t recent_amount(const recent_series *s, uint32_t place) {
    uint64_t before = place == s->first ? s->sum_before_fen : recent_at(s, place - 1)->sum_fen;
    return (int64_t)(recent_at(s, place)->sum_fen - before);
}
uint32_t recent_search(const recent_series *s, int64_t time_ms);
/* The first place whose time is after `time_ms` (end if none): a window of W at t begins at recent_after(s, t − W).
 * Cost: O(log of the distance from the end); both ends without looking at an entry. */
static inline uint32_t recent_after(const recent_series *s, int64_t time_ms) {
    return s->newest_ms <= time_ms ? s->end : s->oldest_ms > time_ms ? s->first : recent_search(s, time_ms);
}

/* Bytes in use, all included. */
uint64_t recent_memory_bytes(const recent *r);

#endif
