/* Sliding windows over the series of recent.c: for every account and length (t − W, t], exact, at any t.
 *
 * What windows are wanted, and what of them, is said once. A window is a pair of places that move with t; what passes
 * its ends is counted in or out. So a movement costs what it moves past, and nothing is ever computed anew. One thread.
 */
#ifndef FEATURE_WINDOW_H
#define FEATURE_WINDOW_H

#include "feature/recent.h"

#define WINDOWS_MAX 16u
#define WINDOW_TEST_MS INT64_C(3600000)

typedef enum window_counter {
    WINDOW_DISTINCT, /* counterparties */
    WINDOW_NEW,      /* first payments of a pair, cash apart */
    WINDOW_SMALL,
    WINDOW_CASH,
    WINDOW_REBATES,
    WINDOW_NIGHT,
    WINDOW_ROUND,
    WINDOW_COUNTERS
} window_counter;

typedef enum window_sum { WINDOW_CASH_SUM, WINDOW_REBATE_SUM, WINDOW_SUMS } window_sum;

typedef struct window_need {
    int64_t length_ms;
    uint32_t counters; /* 1 << window_counter */
    uint32_t sums;     /* 1 << window_sum */
} window_need;

/* Of one direction. */
typedef struct window_needs {
    window_need windows[WINDOWS_MAX]; /* ascending lengths */
    uint32_t count;
    bool has_extremes;       /* min and max of the views … */
    uint32_t extremes_count; /* … of the first so many windows */
} window_needs;

typedef struct window_view {
    uint32_t head, end; /* places: head … end − 1 are in it */
    uint32_t count;     /* end − head */
    uint64_t sum_fen;
    int64_t min_fen, max_fen;           /* windows_read_extremes; when count > 0 */
    uint32_t counters[WINDOW_COUNTERS]; /* those needed */
    uint64_t sums[WINDOW_SUMS];
} window_view;

/* Before anything is added. False: no memory. */
SLUICE_MUST_USE bool recent_windows(recent *r, const window_needs needs[2]);

/* Everything at time_ms: views[needs.count]. Cost: O(what the windows move past since the last time). */
void windows_read(recent *r, uint32_t account, recent_direction direction, int64_t time_ms, window_view *views);
/* After it, of the same account and time: min_fen and max_fen of the views, where they are needed. */
void windows_read_extremes(recent *r, uint32_t account, recent_direction direction, window_view *views);
/* Ahead of windows_read: step 1 brings the state, step 2 the entries at the heads. */
void windows_prefetch(const recent *r, uint32_t account, recent_direction direction, int64_t time_ms, int step);
/* The newest entry with RECENT_IS_TEST in (time_ms − WINDOW_TEST_MS, time_ms]; RECENT_NONE: none. */
uint32_t windows_test(recent *r, uint32_t account, recent_direction direction, int64_t time_ms);
/* Sets or clears RECENT_IS_REBATE of an entry. */
void windows_set_rebate(recent *r, uint32_t account, recent_direction direction, uint32_t place, bool is_rebate);

#endif
