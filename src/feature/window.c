/* Windows.
 *
 *        first                head of 30 d      head of 1 h      tail         end
 *          ▼                      ▼                 ▼              ▼            ▼
 *   … │ e │ e │ e │ e │ e │ e │ e │ e │ e │ e │ e │ e │ e │ e │ e │ later ones │
 *
 * A series with more than SCANNED entries has a state (a `cache`): as_of, the tail (the first entry after as_of), and
 * of each window its head (the first entry after as_of − W), the running total before it, and what was asked to be
 * counted. To read the windows at t is to move the tail and the heads to t, forward or, for a late movement, back;
 * entries that are passed are counted in or out. A shorter series is looked through each time.
 *
 * Distinct counterparties: an entry counts unless it is PASSED, that is, unless its counterparty came again before the
 * tail. So a counterparty is counted once, at its newest entry, and falls out with that one.
 *
 * Memory of a state: 40 bytes, 12 for each window, 4 for each counter, 8 for each sum; of the tree: 16 bytes for every
 * 15 places. Without memory for a state the series is looked through: right, but slow. */
#include "feature/window.h"

#include <string.h>

#include "base/assert.h"
#include "base/memory.h"
#include "feature/window_private.h"
#include "feature/window_tree.h"

#define SCANNED 8u
#define SCANNED_AGAIN 4u /* falls back to it */
#define PLACES_MAX (WINDOWS_MAX * WINDOW_COUNTERS)

typedef struct cache {
    int64_t as_of_ms;
    int64_t next_ms; /* before it no head moves */
    uint32_t tail;
    uint32_t test_place; /* the newest RECENT_IS_TEST before the tail, or RECENT_NONE, or gone */
    window_tree tree;
    uint64_t words[]; /* sum_before[windows], sums[…]; then uint32_t: head[windows], counters[…] */
} cache;

/* What of an entry's flags is counted, and where. */
typedef struct counter {
    uint32_t mask, value, at; /* at: in counters or sums of the cache */
    uint32_t kind;            /* window_counter or window_sum */
} counter;

typedef struct side {
    window_needs needs;
    counter counters[PLACES_MAX], sums[WINDOWS_MAX * WINDOW_SUMS];
    uint32_t counter_first[WINDOWS_MAX + 1], sum_first[WINDOWS_MAX + 1];
    uint32_t distinct[WINDOWS_MAX]; /* its place in counters, or RECENT_NONE */
    bool needs_counters;            /* any, or sums */
    pool caches;
} side;

typedef struct windows {
    pool trees; /* window_tree.c */
    side sides[2];
} windows;

/* An entry is counted when these bits of its flags have these values. */
static const uint32_t counted_bits[WINDOW_COUNTERS] = {
    [WINDOW_DISTINCT] = RECENT_IS_PASSED, [WINDOW_NEW] = RECENT_IS_NEW | RECENT_IS_CASH,
    [WINDOW_SMALL] = RECENT_IS_SMALL,     [WINDOW_CASH] = RECENT_IS_CASH,
    [WINDOW_REBATES] = RECENT_IS_REBATE,  [WINDOW_NIGHT] = RECENT_IS_NIGHT,
    [WINDOW_ROUND] = RECENT_IS_ROUND,
};
static const uint32_t counted_values[WINDOW_COUNTERS] = {
    [WINDOW_DISTINCT] = 0,
    [WINDOW_NEW] = RECENT_IS_NEW,
    [WINDOW_SMALL] = RECENT_IS_SMALL,
    [WINDOW_CASH] = RECENT_IS_CASH,
    [WINDOW_REBATES] = RECENT_IS_REBATE,
    [WINDOW_NIGHT] = RECENT_IS_NIGHT,
    [WINDOW_ROUND] = RECENT_IS_ROUND,
};
static const uint32_t summed[WINDOW_SUMS] = {
    [WINDOW_CASH_SUM] = RECENT_IS_CASH,
    [WINDOW_REBATE_SUM] = RECENT_IS_REBATE,
};

static void side_init(side *sd, const window_needs *needs) {
    sd->needs = *needs;
    uint32_t counters = 0, sums = 0;
    for (uint32_t w = 0; w < needs->count; w++) {
        sd->counter_first[w] = counters;
        sd->sum_first[w] = sums;
        sd->distinct[w] = RECENT_NONE;
        for (uint32_t kind = 0; kind < WINDOW_COUNTERS; kind++) {
            if ((needs->windows[w].counters >> kind & 1) != 0) {
                sd->distinct[w] = kind == WINDOW_DISTINCT ? counters : sd->distinct[w];
                sd->counters[counters] = (counter){counted_bits[kind], counted_values[kind], counters, kind};
                counters++;
            }
        }
        for (uint32_t kind = 0; kind < WINDOW_SUMS; kind++) {
            if ((needs->windows[w].sums >> kind & 1) != 0) {
                sd->sums[sums] = (counter){summed[kind], summed[kind], sums, kind};
                sums++;
            }
        }
    }
    sd->counter_first[needs->count] = counters;
    sd->sum_first[needs->count] = sums;
    sd->needs_counters = counters + sums > 0;
}

static uint32_t cache_bytes(const side *sd) {
    uint32_t n = sd->needs.count;
    uint32_t bytes = (uint32_t)sizeof(cache) + 8 * (n + sd->sum_first[n]) + 4 * (n + sd->counter_first[n]);
    return (bytes + 7) / 8 * 8;
}

bool recent_windows(recent *r, const window_needs needs[2]) {
    windows *w = memory_new_zero(1, sizeof *w);
    if (w == NULL) {
        return false;
    }
    bool good = pool_init(&w->trees, WINDOW_NODE_BYTES);
    for (int d = 0; d < 2; d++) {
        side_init(&w->sides[d], &needs[d]);
        good = pool_init(&w->sides[d].caches, cache_bytes(&w->sides[d])) && good;
    }
    if (!good) {
        windows_free(&w);
    }
    r->windows = w;
    return good;
}

void windows_free(windows **w) {
    if (*w != NULL) {
        pool_fini(&(*w)->trees);
        pool_fini(&(*w)->sides[0].caches);
        pool_fini(&(*w)->sides[1].caches);
        memory_free(*w);
        *w = NULL;
    }
}

uint64_t windows_bytes(const windows *w) {
    return w == NULL ? 0
                     : sizeof *w + (uint64_t)w->trees.units.committed + w->sides[0].caches.units.committed +
                           w->sides[1].caches.units.committed;
}

/* The parts of a state. */
static uint64_t *sums_before(cache *c) {
    return c->words;
}
static uint64_t *sums_of(const side *sd, cache *c) {
    return c->words + sd->needs.count;
}
static uint32_t *heads_of(const side *sd, cache *c) {
    return (uint32_t *)(void *)(c->words + sd->needs.count + sd->sum_first[sd->needs.count]);
}
static uint32_t *counters_of(const side *sd, cache *c) {
    return heads_of(sd, c) + sd->needs.count;
}
static cache *cache_at(const side *sd, const series *s) {
    return s->cache == 0 ? NULL : pool_at(&sd->caches, s->cache);
}

/* Counts an entry into window w (sign 1) or out of it (sign −1). */
static void count_entry(const side *sd, cache *c, uint32_t w, uint32_t flags, uint64_t amount_fen, bool is_in) {
    uint32_t *counters = counters_of(sd, c);
    for (uint32_t i = sd->counter_first[w]; i < sd->counter_first[w + 1]; i++) {
        uint32_t hit = (flags & sd->counters[i].mask) == sd->counters[i].value;
        counters[i] += is_in ? hit : 0 - hit;
    }
    uint64_t *sums = sums_of(sd, c);
    for (uint32_t i = sd->sum_first[w]; i < sd->sum_first[w + 1]; i++) {
        if ((flags & sd->sums[i].mask) != 0) {
            sums[i] += is_in ? amount_fen : 0 - amount_fen;
        }
    }
}

static void count_distinct(const side *sd, cache *c, uint32_t first, uint32_t place, bool is_in) {
    const uint32_t *heads = heads_of(sd, c);
    for (uint32_t w = 0; w < sd->needs.count; w++) {
        if (sd->distinct[w] != RECENT_NONE && heads[w] - first <= place - first) {
            counters_of(sd, c)[sd->distinct[w]] += is_in ? 1u : 0u - 1u;
        }
    }
}

/* The entry's counterparty came again. */
static void pass(const recent *r, const side *sd, cache *c, const series *s, uint32_t place) {
    if (series_holds(s, place)) {
        recent_entry *e = series_at(r, s, place);
        if ((e->flags & RECENT_IS_PASSED) == 0) {
            e->flags |= RECENT_IS_PASSED;
            count_distinct(sd, c, s->first, place, false);
        }
    }
}

static void unpass(const recent *r, const side *sd, cache *c, const series *s, uint32_t place) {
    if (series_holds(s, place)) {
        recent_entry *e = series_at(r, s, place);
        if ((e->flags & RECENT_IS_PASSED) != 0) {
            e->flags &= ~(uint32_t)RECENT_IS_PASSED;
            count_distinct(sd, c, s->first, place, true);
        }
    }
}

static void find_next(const recent *r, const side *sd, cache *c, const series *s) {
    const uint32_t *heads = heads_of(sd, c);
    c->next_ms = INT64_MAX;
    for (uint32_t w = 0; w < sd->needs.count; w++) {
        if (heads[w] != c->tail) {
            int64_t leaves_ms = series_at(r, s, heads[w])->time_ms + sd->needs.windows[w].length_ms;
            c->next_ms = leaves_ms < c->next_ms ? leaves_ms : c->next_ms;
        }
    }
}

static void move_tail(const recent *r, const side *sd, cache *c, const series *s, int64_t time_ms) {
    while (c->tail != s->end) {
        recent_entry *e = series_at(r, s, c->tail);
        if (e->time_ms > time_ms) {
            return;
        }
        pass(r, sd, c, s, e->previous);
        e->flags = e->other == KEY_NONE ? e->flags | RECENT_IS_PASSED : e->flags & ~(uint32_t)RECENT_IS_PASSED;
        uint64_t amount_fen = e->sum_fen - series_sum_before(r, s, c->tail);
        for (uint32_t w = 0; w < sd->needs.count; w++) {
            count_entry(sd, c, w, e->flags, amount_fen, true);
            int64_t leaves_ms = e->time_ms + sd->needs.windows[w].length_ms;
            c->next_ms = leaves_ms < c->next_ms ? leaves_ms : c->next_ms;
        }
        c->test_place = (e->flags & RECENT_IS_TEST) != 0 ? c->tail : c->test_place;
        c->tail++;
    }
}

static void move_forward(const recent *r, const side *sd, cache *c, const series *s, int64_t time_ms) {
    move_tail(r, sd, c, s, time_ms);
    c->as_of_ms = time_ms;
    if (time_ms < c->next_ms) {
        return;
    }
    uint32_t *heads = heads_of(sd, c);
    c->next_ms = INT64_MAX;
    for (uint32_t w = 0; w < sd->needs.count; w++) {
        int64_t length_ms = sd->needs.windows[w].length_ms;
        while (heads[w] != c->tail) {
            const recent_entry *e = series_at(r, s, heads[w]);
            if (e->time_ms > time_ms - length_ms) {
                c->next_ms = e->time_ms + length_ms < c->next_ms ? e->time_ms + length_ms : c->next_ms;
                break;
            }
            count_entry(sd, c, w, e->flags, e->sum_fen - sums_before(c)[w], false);
            sums_before(c)[w] = e->sum_fen;
            heads[w]++;
        }
    }
}

static uint32_t test_search(const recent *r, const series *s, uint32_t tail, int64_t time_ms) {
    while (tail != s->first) {
        const recent_entry *e = series_at(r, s, --tail);
        if (e->time_ms <= time_ms - WINDOW_TEST_MS) {
            break;
        }
        if ((e->flags & RECENT_IS_TEST) != 0) {
            return tail;
        }
    }
    return RECENT_NONE;
}

static void move_back(const recent *r, const side *sd, cache *c, const series *s, int64_t time_ms) {
    uint32_t *heads = heads_of(sd, c);
    for (uint32_t w = 0; w < sd->needs.count; w++) {
        int64_t from_ms = time_ms - sd->needs.windows[w].length_ms;
        while (heads[w] != s->first && series_at(r, s, heads[w] - 1)->time_ms > from_ms) {
            heads[w]--;
            sums_before(c)[w] = series_sum_before(r, s, heads[w]);
            const recent_entry *e = series_at(r, s, heads[w]);
            count_entry(sd, c, w, e->flags, e->sum_fen - sums_before(c)[w], true);
        }
    }
    while (c->tail != s->first) {
        const recent_entry *e = series_at(r, s, c->tail - 1);
        if (e->time_ms <= time_ms) {
            break;
        }
        c->tail--;
        for (uint32_t w = 0; w < sd->needs.count; w++) {
            count_entry(sd, c, w, e->flags, series_amount(r, s, c->tail), false);
        }
        unpass(r, sd, c, s, e->previous);
    }
    if (!series_holds(s, c->test_place) || c->test_place - s->first >= c->tail - s->first) {
        c->test_place = test_search(r, s, c->tail, time_ms);
    }
    c->as_of_ms = time_ms;
    find_next(r, sd, c, s);
}

static void move_to(const recent *r, const side *sd, cache *c, const series *s, int64_t time_ms) {
    if (time_ms >= c->as_of_ms) {
        move_forward(r, sd, c, s, time_ms);
    } else {
        move_back(r, sd, c, s, time_ms);
    }
}

/* Hooks */

static void cache_new(recent *r, side *sd, series *s) {
    uint32_t handle = pool_take(&sd->caches, 0);
    if (handle == 0) {
        return;
    }
    s->cache = handle;
    cache *c = pool_at(&sd->caches, handle);
    memset(c, 0, cache_bytes(sd));
    c->as_of_ms = INT64_MIN;
    c->next_ms = INT64_MAX;
    c->tail = s->first;
    c->test_place = RECENT_NONE;
    for (uint32_t w = 0; w < sd->needs.count; w++) {
        heads_of(sd, c)[w] = s->first;
        sums_before(c)[w] = s->sum_before_fen;
    }
    if (sd->needs.has_extremes) {
        window_tree_renew(r, s, &c->tree);
    }
}

static void cache_free(recent *r, side *sd, series *s) {
    cache *c = cache_at(sd, s);
    window_tree_free(r, &c->tree);
    pool_give(&sd->caches, s->cache, 0);
    s->cache = 0;
}

void windows_before_drop(recent *r, series *s, recent_direction direction, int64_t kept_from_ms) {
    if (s->cache != 0) {
        side *sd = &r->windows->sides[direction];
        cache *c = cache_at(sd, s);
        int64_t time_ms = kept_from_ms + sd->needs.windows[sd->needs.count - 1].length_ms;
        if (time_ms > c->as_of_ms) {
            move_forward(r, sd, c, s, time_ms);
        }
    }
}

void windows_after_drop(recent *r, series *s, recent_direction direction) {
    if (s->cache != 0 && s->end - s->first <= SCANNED_AGAIN) {
        cache_free(r, &r->windows->sides[direction], s);
    }
}

void windows_resized(recent *r, series *s, recent_direction direction) {
    if (s->cache != 0 && r->windows->sides[direction].needs.has_extremes) {
        window_tree_renew(r, s, &cache_at(&r->windows->sides[direction], s)->tree);
    }
}

void windows_inserted(recent *r, series *s, recent_direction direction, uint32_t at, uint32_t later) {
    if (s->cache == 0) {
        return;
    }
    side *sd = &r->windows->sides[direction];
    cache *c = cache_at(sd, s);
    window_tree_insert(&c->tree, at);
    recent_entry *e = series_at(r, s, at);
    if (e->time_ms > c->as_of_ms) {
        return; /* the tail will come to it */
    }
    uint64_t amount_fen = series_amount(r, s, at);
    uint32_t *heads = heads_of(sd, c);
    c->tail++;
    c->next_ms = INT64_MIN;
    bool is_passed = e->other == KEY_NONE || (later != RECENT_NONE && later - s->first < c->tail - s->first);
    e->flags |= is_passed ? (uint32_t)RECENT_IS_PASSED : 0;
    for (uint32_t w = 0; w < sd->needs.count; w++) {
        if (e->time_ms <= c->as_of_ms - sd->needs.windows[w].length_ms) {
            heads[w]++;
            sums_before(c)[w] += amount_fen;
        } else {
            count_entry(sd, c, w, e->flags, amount_fen, true);
        }
    }
    pass(r, sd, c, s, e->previous);
    if (c->test_place != RECENT_NONE && series_holds(s, c->test_place)) {
        c->test_place += c->test_place - s->first >= at - s->first;
    }
    if ((e->flags & RECENT_IS_TEST) != 0 &&
        (!series_holds(s, c->test_place) || at - s->first > c->test_place - s->first)) {
        c->test_place = at;
    }
}

void windows_flags_changed(recent *r, series *s, recent_direction direction, uint32_t place, uint32_t old_flags) {
    if (s->cache == 0) {
        return;
    }
    const side *sd = &r->windows->sides[direction];
    cache *c = cache_at(sd, s);
    if (place - s->first >= c->tail - s->first) {
        return;
    }
    uint64_t amount_fen = series_amount(r, s, place);
    for (uint32_t w = 0; w < sd->needs.count; w++) {
        if (heads_of(sd, c)[w] - s->first <= place - s->first) {
            count_entry(sd, c, w, old_flags, amount_fen, false);
            count_entry(sd, c, w, series_at(r, s, place)->flags, amount_fen, true);
        }
    }
}

void windows_raised(recent *r, series *s, recent_direction direction, uint64_t fen) {
    if (s->cache != 0) {
        side *sd = &r->windows->sides[direction];
        for (uint32_t w = 0; w < sd->needs.count; w++) {
            sums_before(cache_at(sd, s))[w] += fen;
        }
    }
}

/* Reading */

static uint32_t place_after(const recent *r, const series *s, int64_t time_ms) {
    uint32_t end = s->end;
    while (end != s->first && series_at(r, s, end - 1)->time_ms > time_ms) {
        end--;
    }
    return end;
}

static bool comes_again(const recent *r, const series *s, uint32_t place, uint32_t end) {
    if (end == s->end) {
        return (series_at(r, s, place)->flags & RECENT_SUPERSEDED) != 0;
    }
    bool again = series_at(r, s, place)->other == KEY_NONE;
    for (uint32_t later = place + 1; later != end; later++) {
        again |= series_at(r, s, later)->previous == place;
    }
    return again;
}

/* The windows of a short series, by looking through it from the newest to the oldest. */
static void scan(const recent *r, const side *sd, const series *s, int64_t time_ms, window_view *views) {
    uint32_t end = place_after(r, s, time_ms), w = 0, count = sd->needs.count;
    window_view sofar = {.head = end, .end = end, .min_fen = INT64_MAX, .max_fen = INT64_MIN};
    for (uint32_t place = end; place != s->first;) {
        const recent_entry *e = series_at(r, s, --place);
        while (w < count && e->time_ms <= time_ms - sd->needs.windows[w].length_ms) {
            views[w++] = sofar;
        }
        if (w == count) {
            return;
        }
        uint64_t amount_fen = series_amount(r, s, place);
        sofar.head = place;
        sofar.count++;
        sofar.sum_fen += amount_fen;
        window_join((int64_t)amount_fen, &sofar.min_fen, &sofar.max_fen);
        if (!sd->needs_counters) {
            continue;
        }
        uint32_t flags =
            (e->flags & ~(uint32_t)RECENT_IS_PASSED) | (comes_again(r, s, place, end) ? (uint32_t)RECENT_IS_PASSED : 0);
        for (uint32_t kind = 0; kind < WINDOW_COUNTERS; kind++) {
            sofar.counters[kind] += (flags & counted_bits[kind]) == counted_values[kind];
        }
        for (uint32_t kind = 0; kind < WINDOW_SUMS; kind++) {
            sofar.sums[kind] += (flags & summed[kind]) != 0 ? amount_fen : 0;
        }
    }
    while (w < count) {
        views[w++] = sofar;
    }
}

void windows_read(recent *r, uint32_t account, recent_direction direction, int64_t time_ms, window_view *views) {
    side *sd = &r->windows->sides[direction];
    if (account >= r->node_count) {
        memset(views, 0, sd->needs.count * sizeof *views);
        return;
    }
    series *s = &recent_node_at(r, account)->series[direction];
    if (s->cache == 0 && s->end - s->first > SCANNED) {
        cache_new(r, sd, s);
    }
    cache *c = cache_at(sd, s);
    if (c == NULL) {
        scan(r, sd, s, time_ms, views);
        return;
    }
    move_to(r, sd, c, s, time_ms);
    uint64_t total = series_sum_before(r, s, c->tail);
    const uint32_t *heads = heads_of(sd, c), *counters = counters_of(sd, c);
    for (uint32_t w = 0; w < sd->needs.count; w++) {
        views[w].head = heads[w];
        views[w].end = c->tail;
        views[w].count = c->tail - heads[w];
        views[w].sum_fen = total - sums_before(c)[w];
        for (uint32_t i = sd->counter_first[w]; i < sd->counter_first[w + 1]; i++) {
            views[w].counters[sd->counters[i].kind] = counters[i];
        }
        for (uint32_t i = sd->sum_first[w]; i < sd->sum_first[w + 1]; i++) {
            views[w].sums[sd->sums[i].kind] = sums_of(sd, c)[i];
        }
    }
}

/* Each window holds the shorter ones. A short series was scanned: its views have them. */
void windows_read_extremes(recent *r, uint32_t account, recent_direction direction, window_view *views) {
    const side *sd = &r->windows->sides[direction];
    const series *s = account < r->node_count ? &recent_node_at(r, account)->series[direction] : NULL;
    if (s == NULL || s->cache == 0 || !sd->needs.has_extremes) {
        return;
    }
    cache *c = cache_at(sd, s);
    window_tree_build(r, s, &c->tree);
    int64_t min_fen = INT64_MAX, max_fen = INT64_MIN;
    uint32_t end = c->tail;
    for (uint32_t w = 0; w < sd->needs.extremes_count; w++) {
        window_tree_extremes(r, s, &c->tree, views[w].head, end, &min_fen, &max_fen);
        end = views[w].head;
        views[w].min_fen = min_fen;
        views[w].max_fen = max_fen;
    }
}

uint32_t windows_test(recent *r, uint32_t account, recent_direction direction, int64_t time_ms) {
    if (account >= r->node_count) {
        return RECENT_NONE;
    }
    const side *sd = &r->windows->sides[direction];
    const series *s = &recent_node_at(r, account)->series[direction];
    cache *c = cache_at(sd, s);
    if (c == NULL) {
        return test_search(r, s, place_after(r, s, time_ms), time_ms);
    }
    move_to(r, sd, c, s, time_ms);
    bool is_recent =
        series_holds(s, c->test_place) && series_at(r, s, c->test_place)->time_ms > time_ms - WINDOW_TEST_MS;
    return is_recent ? c->test_place : RECENT_NONE;
}

void windows_set_rebate(recent *r, uint32_t account, recent_direction direction, uint32_t place, bool is_rebate) {
    series *s = &recent_node_at(r, account)->series[direction];
    recent_entry *e = series_at(r, s, place);
    uint32_t old_flags = e->flags;
    e->flags = is_rebate ? old_flags | RECENT_IS_REBATE : old_flags & ~(uint32_t)RECENT_IS_REBATE;
    if (e->flags != old_flags) {
        windows_flags_changed(r, s, direction, place, old_flags);
    }
}

void windows_prefetch(const recent *r, uint32_t account, recent_direction direction, int64_t time_ms, int step) {
    if (account >= r->node_count) {
        return;
    }
    const side *sd = &r->windows->sides[direction];
    const series *s = &recent_node_at(r, account)->series[direction];
    if (step == 1) {
        if (s->cache != 0) {
            const unsigned char *bytes = pool_at(&sd->caches, s->cache);
            for (uint32_t i = 0; i < cache_bytes(sd); i += 64) {
                __builtin_prefetch(bytes + i, 1);
            }
        }
        return;
    }
    cache *c = cache_at(sd, s);
    if (c == NULL) { /* it will be looked through */
        for (uint32_t place = s->first; s->end - place > 2; place += 2) {
            __builtin_prefetch(series_at(r, s, place));
        }
    } else if (time_ms >= c->next_ms) {
        const uint32_t *heads = heads_of(sd, c);
        for (uint32_t w = 0; w < sd->needs.count; w++) {
            __builtin_prefetch(series_at(r, s, heads[w]));
        }
    }
}
