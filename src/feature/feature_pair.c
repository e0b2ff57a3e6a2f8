/* Windows of pairs. The payments of a pair are a chain in the payer's out series, which is walked. A pair that has more
 * than PAIR_WALKED of them within the longest window gets a number, and a series of its own in `pairs`, where its
 * windows are kept like an account's. So the cost of a transfer does not grow with how often its pair pays.
 *
 * Memory: 128 bytes more for each pair that ever was so busy, 32 for each of its entries. */
#include "feature/feature_private.h"

#include "base/memory.h"

#define PAIR_WALKED 24u

static bool put(feature_state *state, uint32_t number, int64_t time_ms, int64_t fen) {
    recent_item item = {
        .time_ms = time_ms,
        .out_fen = fen,
        .from = number,
        .to = KEY_NONE,
        .is_out = true,
    };
    return recent_put(state->pairs, &item);
}

bool pair_step(feature_state *state, const activity *a) {
    const recent_pair *pair = a->to == KEY_NONE ? NULL : recent_pair_find(state->money, a->from, a->to);
    return pair == NULL || pair->number == 0 || put(state, pair->number, a->time_ms, a->amount_fen);
}

/* Gives the pair a series of its own, with everything that is kept of it. */
static void promote(feature_state *state, recent_pair *pair, uint32_t payer) {
    recent_series s;
    recent_series_get(state->money, payer, RECENT_OUT, &s);
    uint32_t *places = NULL;
    size_t count = 0, capacity = 0;
    uint32_t number = ++state->pair_count;
    bool good = true;
    for (uint32_t place = pair->out_place; good && place != RECENT_NONE && place - s.first < s.end - s.first;
         place = recent_at(&s, place)->previous) {
        good = ARRAY_RESERVE(places, capacity, count + 1);
        if (good) {
            places[count++] = place;
        }
    }
    while (good && count > 0) {
        uint32_t place = places[--count];
        good = put(state, number, recent_at(&s, place)->time_ms, recent_amount(&s, place));
    }
    if (good) {
        pair->number = number; /* else it is walked, and tried again */
    }
    memory_free(places);
}

static void read_series(feature_state *state, uint32_t number, int64_t time_ms) {
    window_view views[WINDOWS_MAX];
    windows_read(state->pairs, number, RECENT_OUT, time_ms, views);
    windows_read_extremes(state->pairs, number, RECENT_OUT, views);
    for (uint32_t w = 0; w < state->pair_windows.count; w++) {
        state->pair[w] = (pair_view){views[w].sum_fen, views[w].min_fen, views[w].max_fen, views[w].count};
    }
}

void pair_read(feature_state *state, const activity *a) {
    const window_list *windows = &state->pair_windows;
    recent_pair *pair = recent_pair_find(state->money, a->from, a->to);
    if (pair->number != 0) {
        read_series(state, pair->number, a->time_ms);
        return;
    }
    recent_series s;
    recent_series_get(state->money, a->from, RECENT_OUT, &s);
    pair_view sofar = {.min_fen = INT64_MAX, .max_fen = INT64_MIN};
    uint32_t w = 0, place = state->last.out_place;
    while (w < windows->count && place != RECENT_NONE && place - s.first < s.end - s.first) {
        const recent_entry *e = recent_at(&s, place);
        while (w < windows->count && e->time_ms <= a->time_ms - windows->length_ms[w]) {
            state->pair[w++] = sofar;
        }
        int64_t fen = recent_amount(&s, place);
        sofar.count++;
        sofar.sum_fen += (uint64_t)fen;
        sofar.min_fen = fen < sofar.min_fen ? fen : sofar.min_fen;
        sofar.max_fen = fen > sofar.max_fen ? fen : sofar.max_fen;
        place = e->previous;
    }
    while (w < windows->count) {
        state->pair[w++] = sofar;
    }
    if (sofar.count > PAIR_WALKED) {
        promote(state, pair, a->from);
    }
}
