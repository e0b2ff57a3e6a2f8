/* Series of accounts.
 *
 *   node (a cache line a direction, by account) ── in, out ──▶ ring of 2^n entries ── previous ──▶ the pair's one
 * before
 *
 * Invariants of a series:
 *   - entries first … end − 1 are in time order, ties in the order of arrival; their totals are running totals, and
 *     sum_before is that of the entry before `first`; oldest and newest are the times at both ends;
 *   - `previous` is the place of the entry before with the same counterparty, in the ring or gone; an entry that has a
 *     later one is SUPERSEDED; the newest one's place is the pair's, wherever it is now;
 *   - everything with a time after clock − keep is in; a series is cleared of older entries whenever its account takes
 *     part in a movement, and by a hand that visits one account at every addition, round and round. So at most as many
 *     movements as there are accounts pass until what is too old has gone, whoever is idle.
 *
 * Cost: O(1) for a movement in time order. Late: the entries after it, and one look-up of a pair for each of those that
 * is the newest of its pair. A movement whose time has left already: the entries of its two series, for their totals.
 *
 * Memory: 128 bytes an account; 32 an entry, and there are two of a transfer, in rings that are half to wholly full;
 * pairs: recent_pairs.c. */
#include "feature/recent.h"

#include <string.h>

#include "base/assert.h"
#include "base/memory.h"
#include "base/time.h"
#include "feature/recent_private.h"
#include "feature/window_private.h"

#define ACCOUNTS_RESERVED ((size_t)1 << 32)
#define RING_CLASS_MIN 1u
#define SWEPT_AHEAD 16
#define NIGHT_MS (TIME_DAY_MS / 4)

recent *recent_new(int64_t horizon_ms) {
    recent *r = memory_new_zero(1, sizeof *r);
    if (r == NULL) {
        return NULL;
    }
    r->keep_ms = horizon_ms > INT64_MAX / 4 ? INT64_MAX / 4 : horizon_ms + RECENT_LATE_MS;
    r->clock_ms = INT64_MIN;
    if (!region_init(&r->nodes, ACCOUNTS_RESERVED * sizeof(recent_node)) ||
        !pool_init(&r->rings, (uint32_t)sizeof(recent_entry)) || !pairs_init(&r->pairs)) {
        recent_free(&r);
    }
    return r;
}

recent *recent_new_unpaired(int64_t horizon_ms) {
    recent *r = recent_new(horizon_ms);
    if (r != NULL) {
        r->is_unpaired = true;
    }
    return r;
}

void recent_free(recent **r) {
    if (*r != NULL) {
        region_fini(&(*r)->nodes);
        pool_fini(&(*r)->rings);
        pairs_fini(&(*r)->pairs);
        windows_free(&(*r)->windows);
        memory_free(*r);
        *r = NULL;
    }
}

uint64_t recent_memory_bytes(const recent *r) {
    return sizeof *r + (uint64_t)r->nodes.committed + r->rings.units.committed + pairs_bytes(&r->pairs) +
           windows_bytes(r->windows);
}

int64_t recent_kept_from_ms(const recent *r) {
    if (r->leader != NULL) {
        int64_t clock_ms = recent_kept_from_ms(r->leader);
        return clock_ms == INT64_MIN ? INT64_MIN : r->leader->clock_ms - r->keep_ms;
    }
    return r->newest_count < RECENT_CLOCK_PLACES ? INT64_MIN : r->clock_ms - r->keep_ms;
}

/* The heap holds the newest times so far; its root, the oldest of them, is the clock once there are enough. */
static void clock_advance(recent *r, int64_t time_ms) {
    int64_t *heap = r->newest_ms;
    uint32_t at = 0;
    if (r->newest_count < RECENT_CLOCK_PLACES) {
        at = r->newest_count++;
        while (at > 0 && heap[(at - 1) / 2] > time_ms) {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        heap[at] = time_ms;
    } else if (time_ms > heap[0]) {
        for (;;) {
            uint32_t child = 2 * at + 1;
            if (child >= RECENT_CLOCK_PLACES) {
                break;
            }
            child += child + 1 < RECENT_CLOCK_PLACES && heap[child + 1] < heap[child];
            if (heap[child] >= time_ms) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = time_ms;
    }
    r->clock_ms = heap[0];
}

/* Rings */

static bool ring_resize(recent *r, series *s, recent_direction direction, uint32_t class) {
    uint32_t handle = pool_take(&r->rings, class);
    if (handle == 0) {
        return false;
    }
    recent_entry *to = pool_at(&r->rings, handle);
    uint32_t mask = (UINT32_C(1) << class) - 1;
    for (uint32_t place = s->first; place != s->end; place++) {
        to[place & mask] = *series_at(r, s, place);
    }
    if (s->ring != 0) {
        pool_give(&r->rings, s->ring, s->class);
    }
    s->ring = handle;
    s->class = (uint8_t) class;
    windows_resized(r, s, direction);
    return true;
}

/* Room for one more. */
static bool ring_reserve(recent *r, uint32_t account, recent_direction direction) {
    series *s = &recent_node_at(r, account)->series[direction];
    if (s->ring == 0) {
        return ring_resize(r, s, direction, RING_CLASS_MIN);
    }
    return s->end - s->first < UINT32_C(1) << s->class || ring_resize(r, s, direction, s->class + 1u);
}

static void ring_shrink(recent *r, series *s, recent_direction direction) {
    windows_after_drop(r, s, direction);
    uint32_t count = s->end - s->first, class = s->class;
    if (count == 0 && s->ring != 0) {
        pool_give(&r->rings, s->ring, s->class);
        s->ring = 0;
        s->class = 0;
        return;
    }
    while (class > RING_CLASS_MIN && count <= (UINT32_C(1) << class) / 4) {
        class --;
    }
    if (class != s->class) {
        (void)ring_resize(r, s, direction, class); /* without memory for the smaller one it stays as it is */
    }
}

static void series_drop(recent *r, series *s, recent_direction direction, int64_t kept_from_ms) {
    if (s->ring == 0 || s->oldest_ms > kept_from_ms) {
        return;
    }
    windows_before_drop(r, s, direction, kept_from_ms);
    while (s->first != s->end) {
        const recent_entry *e = series_at(r, s, s->first);
        s->oldest_ms = e->time_ms;
        if (e->time_ms > kept_from_ms) {
            break;
        }
        s->sum_before_fen = e->sum_fen;
        s->dropped_ms = s->is_used && s->dropped_ms > e->time_ms ? s->dropped_ms : e->time_ms;
        s->is_used = true;
        s->first++;
    }
    ring_shrink(r, s, direction);
}

static void node_drop(recent *r, recent_node *node, int64_t kept_from_ms) {
    series_drop(r, &node->series[RECENT_IN], RECENT_IN, kept_from_ms);
    series_drop(r, &node->series[RECENT_OUT], RECENT_OUT, kept_from_ms);
}

/* What will be dropped soon. */
static void oldest_prefetch(const recent *r, const series *s, int64_t kept_from_ms) {
    if (s->ring != 0 && s->oldest_ms <= kept_from_ms) {
        __builtin_prefetch(series_at(r, s, s->first));
    }
}

static void sweep(recent *r, int64_t kept_from_ms) {
    r->hand = r->hand + 1 < r->node_count ? r->hand + 1 : 0;
    recent_node *node = recent_node_at(r, r->hand);
    __builtin_prefetch(&node[SWEPT_AHEAD].series[RECENT_IN]);
    __builtin_prefetch(&node[SWEPT_AHEAD].series[RECENT_OUT]);
    if (r->hand + SWEPT_AHEAD / 2 < r->node_count) {
        oldest_prefetch(r, &node[SWEPT_AHEAD / 2].series[RECENT_IN], kept_from_ms);
        oldest_prefetch(r, &node[SWEPT_AHEAD / 2].series[RECENT_OUT], kept_from_ms);
    }
    node_drop(r, node, kept_from_ms);
}

/* Additions */

typedef struct newcomer {
    int64_t time_ms;
    uint64_t amount_fen;
    uint32_t owner, other, movement, flags;
    recent_direction direction;
} newcomer;

static uint32_t *place_of(recent_pair *pair, recent_direction direction) {
    return direction == RECENT_OUT ? &pair->out_place : &pair->in_place;
}

static recent_pair *pair_of(const recent *r, recent_direction direction, uint32_t owner, uint32_t other) {
    if (other == KEY_NONE) {
        return NULL;
    }
    return direction == RECENT_OUT ? pairs_find(&r->pairs, owner, other) : pairs_find(&r->pairs, other, owner);
}

/* Moves entry `place` of the series to the next place, behind a newcomer. */
static void entry_shift(recent *r, series *s, const newcomer *n, uint32_t place, uint32_t at) {
    recent_entry *to = series_at(r, s, place + 1);
    *to = *series_at(r, s, place);
    to->sum_fen += n->amount_fen;
    if (series_holds(s, to->previous) && to->previous - s->first >= at - s->first) {
        to->previous++;
    }
    if ((to->flags & RECENT_SUPERSEDED) == 0 && to->other != n->other) {
        recent_pair *pair = pair_of(r, n->direction, n->owner, to->other);
        if (pair != NULL) {
            ++*place_of(pair, n->direction);
        }
    }
}

/* The entries of the newcomer's pair on both sides of `at`: *later_out RECENT_NONE when it is the newest. The places
 * are as they were before anything was shifted. */
static uint32_t pair_before(const recent *r, const series *s, uint32_t newest, uint32_t at, uint32_t *later_out) {
    *later_out = RECENT_NONE;
    while (series_holds(s, newest) && newest - s->first >= at - s->first) {
        *later_out = newest;
        newest = series_at(r, s, newest)->previous;
    }
    return newest;
}

/* The pair's oldest entry that is in the series. */
static uint32_t pair_oldest(const recent *r, const series *s, uint32_t newest) {
    uint32_t oldest;
    (void)pair_before(r, s, newest, s->first, &oldest);
    return oldest;
}

/* The flag that the pair's first entry had; a newcomer that is earlier takes it over. */
static void first_again(recent *r, series *s, recent_direction direction, uint32_t later) {
    if (series_holds(s, later)) {
        recent_entry *e = series_at(r, s, later);
        uint32_t old_flags = e->flags;
        e->flags &= ~(uint32_t)RECENT_IS_NEW;
        windows_flags_changed(r, s, direction, later, old_flags);
    }
}

/* There is room in the ring. `pair` is NULL without a counterparty. */
static uint32_t series_insert(recent *r, series *s, const newcomer *n, recent_pair *pair) {
    uint32_t at = s->end;
    while (at != s->first && series_at(r, s, at - 1)->time_ms > n->time_ms) {
        at--;
    }
    uint32_t none = RECENT_NONE, later = RECENT_NONE;
    uint32_t *newest = pair == NULL ? &none : place_of(pair, n->direction);
    uint32_t previous = pair_before(r, s, *newest, at, &later);
    if ((n->flags & RECENT_IS_NEW) != 0) {
        first_again(r, s, n->direction, later);
    }
    for (uint32_t place = s->end; place != at; place--) {
        entry_shift(r, s, n, place - 1, at);
    }
    s->end++;
    if (at == s->first) {
        s->oldest_ms = n->time_ms;
    }
    if (at + 1 == s->end) {
        s->newest_ms = n->time_ms;
    }
    recent_entry *e = series_at(r, s, at);
    *e = (recent_entry){
        .time_ms = n->time_ms,
        .sum_fen = series_sum_before(r, s, at) + n->amount_fen,
        .other = n->other,
        .movement = n->movement,
        .previous = previous,
        .flags = n->flags,
    };
    if (later != RECENT_NONE) {
        e->flags |= RECENT_SUPERSEDED;
        series_at(r, s, ++later)->previous = at;
        *newest += 1; /* it is behind the newcomer */
    } else {
        *newest = at;
        e->flags |= pair == NULL ? (uint32_t)RECENT_SUPERSEDED : 0;
    }
    if (series_holds(s, previous)) {
        series_at(r, s, previous)->flags |= RECENT_SUPERSEDED;
    }
    windows_inserted(r, s, n->direction, at, later);
    return at;
}

/* Its time has left the series. The totals still count it. */
static void series_count_late(recent *r, series *s, const newcomer *n, recent_pair *pair) {
    s->late_count++;
    s->sum_before_fen += n->amount_fen;
    for (uint32_t place = s->first; place != s->end; place++) {
        series_at(r, s, place)->sum_fen += n->amount_fen;
    }
    s->dropped_ms = s->is_used && s->dropped_ms > n->time_ms ? s->dropped_ms : n->time_ms;
    s->is_used = true;
    if (pair != NULL && (n->flags & RECENT_IS_NEW) != 0) {
        first_again(r, s, n->direction, pair_oldest(r, s, *place_of(pair, n->direction)));
    }
    windows_raised(r, s, n->direction, n->amount_fen);
}

/* Where it is now; RECENT_NONE: its time has left. */
static uint32_t series_add(recent *r, const newcomer *n, recent_pair *pair, int64_t kept_from_ms) {
    series *s = &recent_node_at(r, n->owner)->series[n->direction];
    if (!s->has_ever || n->time_ms < s->ever_ms) {
        s->ever_ms = n->time_ms;
        s->has_ever = true;
    }
    if (n->time_ms > kept_from_ms) {
        return series_insert(r, s, n, pair);
    }
    series_count_late(r, s, n, pair);
    return RECENT_NONE;
}

static bool is_night(int64_t time_ms) {
    int64_t of_day = (time_ms + TIME_SHANGHAI_OFFSET_MS) % TIME_DAY_MS;
    return (of_day < 0 ? of_day + TIME_DAY_MS : of_day) < NIGHT_MS;
}

static uint32_t amount_flags(int64_t fen) {
    return (fen <= RECENT_SMALL_FEN ? (uint32_t)RECENT_IS_SMALL : 0) |
           (fen <= RECENT_SMALL_FEN && fen >= RECENT_TEST_FEN_MIN ? (uint32_t)RECENT_IS_TEST : 0) |
           (fen % RECENT_ROUND_FEN == 0 ? (uint32_t)RECENT_IS_ROUND : 0);
}

static bool reserve(recent *r, const recent_item *item) {
    uint32_t highest = item->is_in && (!item->is_out || item->to > item->from) ? item->to : item->from;
    if (highest >= r->node_count) {
        if (!region_commit(&r->nodes, ((size_t)highest + 1) * sizeof(recent_node))) {
            return false;
        }
        r->node_count = highest + 1;
    }
    int64_t kept_from_ms = recent_kept_from_ms(r);
    /* First all that is given up, then what is needed: a transfer to oneself has both series at one account. */
    if (item->is_out) {
        node_drop(r, recent_node_at(r, item->from), kept_from_ms);
    }
    if (item->is_in) {
        node_drop(r, recent_node_at(r, item->to), kept_from_ms);
    }
    return (!item->is_out || ring_reserve(r, item->from, RECENT_OUT)) &&
           (!item->is_in || ring_reserve(r, item->to, RECENT_IN));
}

static void pair_count(recent *r, recent_pair *pair, int64_t time_ms) {
    r->last.has_pair_before = pair->count != 0;
    r->last.pair_before_ms = pair->last_ms;
    r->last.is_new = pair->count == 0 || time_ms < pair->first_ms;
    pair->first_ms = r->last.is_new ? time_ms : pair->first_ms;
    pair->last_ms = pair->count == 0 || time_ms > pair->last_ms ? time_ms : pair->last_ms;
    pair->count++;
}

bool recent_put(recent *r, const recent_item *item) {
    if (!reserve(r, item)) {
        return false;
    }
    recent_pair *pair = item->is_pair ? pairs_take(&r->pairs, item->from, item->to) : NULL;
    if (item->is_pair && pair == NULL) {
        return false;
    }
    r->last = (recent_last){.out_place = RECENT_NONE, .in_place = RECENT_NONE};
    if (pair != NULL) {
        pair_count(r, pair, item->time_ms);
    }
    clock_advance(r, item->time_ms);
    int64_t kept_from_ms = recent_kept_from_ms(r);
    uint32_t common_flags =
        (r->last.is_new ? (uint32_t)RECENT_IS_NEW : 0) | (is_night(item->time_ms) ? (uint32_t)RECENT_IS_NIGHT : 0);
    newcomer n = {
        .time_ms = item->time_ms,
        .amount_fen = (uint64_t)item->out_fen,
        .owner = item->from,
        .other = item->is_pair || r->is_unpaired ? item->to : KEY_NONE,
        .movement = item->movement,
        .flags = amount_flags(item->out_fen) | common_flags | item->flags,
        .direction = RECENT_OUT,
    };
    if ((item->flags & RECENT_IS_CASH) != 0) {
        n.flags &= ~(uint32_t)RECENT_IS_TEST;
    }
    r->last.is_kept = item->time_ms > kept_from_ms;
    if (item->is_out) {
        r->last.out_place = series_add(r, &n, pair, kept_from_ms);
    }
    if (item->is_in) {
        n.amount_fen = (uint64_t)item->in_fen;
        n.owner = item->to;
        n.other = item->is_pair || r->is_unpaired ? item->from : KEY_NONE;
        n.flags = amount_flags(item->in_fen) | common_flags;
        n.direction = RECENT_IN;
        r->last.in_place = series_add(r, &n, pair, kept_from_ms);
    } else if (r->last.is_new && item->to < r->node_count) { /* cash to a place that payments have gone to later */
        series *s = &recent_node_at(r, item->to)->series[RECENT_IN];
        first_again(r, s, RECENT_IN, pair_oldest(r, s, pair->in_place));
    }
    sweep(r, kept_from_ms);
    return true;
}

bool recent_add(recent *r, const activity *a) {
    bool arrives = a->kind == SLUICE_SIGNAL_TRANSFER && a->to != KEY_NONE;
    recent_item item = {
        .time_ms = a->time_ms,
        .out_fen = a->amount_fen,
        .in_fen = a->received_fen,
        .from = a->from,
        .to = a->to,
        .movement = a->movement,
        .is_out = true,
        .is_in = arrives,
        .is_pair = a->to != KEY_NONE && !r->is_unpaired,
        .flags = !arrives                           ? (uint32_t)RECENT_IS_CASH
                 : a->received_fen != a->amount_fen ? (uint32_t)RECENT_IS_EXCHANGED
                                                    : 0,
    };
    return recent_put(r, &item);
}

const recent_last *recent_last_get(const recent *r) {
    return &r->last;
}

void recent_prefetch_account(const recent *r, uint32_t account, recent_direction direction, int step) {
    if (account >= r->node_count) {
        return;
    }
    const series *s = &recent_node_at(r, account)->series[direction];
    if (step == 0) {
        __builtin_prefetch(s, 1);
    } else if (step == 1 && s->ring != 0) {
        __builtin_prefetch(series_at(r, s, s->end - 1), 1);
        __builtin_prefetch(series_at(r, s, s->end), 1);
        oldest_prefetch(r, s, recent_kept_from_ms(r));
    }
}

void recent_prefetch_series(const recent *r, uint32_t account, recent_direction direction) {
    recent_prefetch_account(r, account, direction, 0);
}

void recent_prefetch_newest(const recent *r, uint32_t account, recent_direction direction, uint32_t count) {
    if (account >= r->node_count) {
        return;
    }
    const series *s = &recent_node_at(r, account)->series[direction];
    uint32_t there = s->end - s->first;
    count = count < there ? count : there;
    for (uint32_t back = 1; back <= count; back += 2) { /* two in a line of the cache */
        __builtin_prefetch(series_at(r, s, s->end - back));
    }
}

/* The entries of the pair's payment before. */
static void pair_prefetch(const recent *r, uint32_t payer, uint32_t payee) {
    const recent_pair *pair =
        payer < r->node_count && payee < r->node_count ? pairs_find(&r->pairs, payer, payee) : NULL;
    if (pair == NULL) {
        return;
    }
    const series *out = &recent_node_at(r, payer)->series[RECENT_OUT];
    const series *in = &recent_node_at(r, payee)->series[RECENT_IN];
    if (series_holds(out, pair->out_place)) {
        __builtin_prefetch(series_at(r, out, pair->out_place), 1);
    }
    if (series_holds(in, pair->in_place)) {
        __builtin_prefetch(series_at(r, in, pair->in_place), 1);
    }
}

void recent_prefetch(const recent *r, const activity *a, int step) {
    if (step == 2) {
        pair_prefetch(r, a->from, a->to);
        return;
    }
    recent_prefetch_account(r, a->from, RECENT_OUT, step);
    if (a->to != KEY_NONE) {
        if (step == 0) {
            recent_prefetch_account(r, a->from, RECENT_IN, step); /* the other line of its node */
            recent_prefetch_account(r, a->to, RECENT_OUT, step);
        }
        pairs_prefetch(&r->pairs, a->from, a->to, step);
        recent_prefetch_account(r, a->to, RECENT_IN, step);
    }
}

/* Reading */

void recent_series_get(const recent *r, uint32_t account, recent_direction direction, recent_series *out) {
    *out = (recent_series){.oldest_ms = INT64_MAX, .newest_ms = INT64_MIN};
    if (account >= r->node_count) {
        return;
    }
    const series *s = &recent_node_at(r, account)->series[direction];
    out->first = s->first;
    out->end = s->end;
    out->sum_before_fen = s->sum_before_fen;
    if (s->ring != 0) {
        out->entries = pool_at(&r->rings, s->ring);
        out->mask = (UINT32_C(1) << s->class) - 1;
    }
    if (s->first != s->end) {
        out->oldest_ms = s->oldest_ms;
        out->newest_ms = s->newest_ms;
    }
}

recent_pair *recent_pair_find(const recent *r, uint32_t payer, uint32_t payee) {
    return pairs_find(&r->pairs, payer, payee);
}

bool recent_time_before(const recent *r, uint32_t account, recent_direction direction, uint32_t place,
                        int64_t *time_ms_out) {
    *time_ms_out = 0;
    if (account >= r->node_count) {
        return false;
    }
    const series *s = &recent_node_at(r, account)->series[direction];
    *time_ms_out = s->dropped_ms;
    bool has = s->is_used;
    if (place != s->first && (!has || series_at(r, s, place - 1)->time_ms > s->dropped_ms)) {
        *time_ms_out = series_at(r, s, place - 1)->time_ms;
        has = true;
    }
    return has;
}

bool recent_pair_get(const recent *r, uint32_t payer, uint32_t payee, recent_pair *pair_out) {
    const recent_pair *pair = pairs_find(&r->pairs, payer, payee);
    if (pair != NULL) {
        *pair_out = *pair;
    }
    return pair != NULL;
}

uint32_t recent_search(const recent_series *s, int64_t time_ms) {
    uint32_t count = s->end - s->first, step = 1, high = count; /* entries from `high` on are after time_ms */
    while (high > 0) {
        uint32_t probe = step < high ? high - step : 0;
        if (recent_at(s, s->first + probe)->time_ms <= time_ms) {
            break;
        }
        high = probe;
        step *= 2;
    }
    uint32_t low = step < high ? high - step : 0; /* the one at `low`, if below high, is not after; see the probe */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (recent_at(s, s->first + middle)->time_ms <= time_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return s->first + low;
}
