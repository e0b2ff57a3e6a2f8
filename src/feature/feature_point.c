/* Features without a window: from the transfer, facts, series and pairs. */
#include "base/time.h"
#include "feature/feature_private.h"

static const feature_value missing = {.is_missing = true};

static feature_value of_int(int64_t i) {
    return (feature_value){.i = i};
}
static feature_value of_text(sluice_text text) {
    return (feature_value){.text = text.data, .length = (uint32_t)text.length};
}

/* Transfers */

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

static feature_value transfer_value(feature_id id, feature_state *state) {
    const activity *a = state->now;
    int64_t local_ms = a->time_ms + TIME_SHANGHAI_OFFSET_MS;
    int64_t day = floor_div(local_ms, TIME_DAY_MS), of_day = local_ms - day * TIME_DAY_MS;
    switch (id) {
    case FEATURE_AMOUNT:
        return of_int(a->amount_fen);
    case FEATURE_RECEIVED:
        return of_int(a->received_fen);
    case FEATURE_TIME:
        return of_int(a->time_ms);
    case FEATURE_HOUR:
        return of_int(of_day / (TIME_DAY_MS / 24));
    case FEATURE_WEEKDAY:
        return of_int(day + 3 - floor_div(day + 3, 7) * 7 + 1); /* 1970-01-01 was a Thursday */
    case FEATURE_IS_NIGHT:
        return of_int(of_day < TIME_DAY_MS / 4);
    case FEATURE_IS_ROUND:
        return of_int(a->amount_fen % RECENT_ROUND_FEN == 0);
    case FEATURE_IS_WITHDRAWAL:
        return of_int(a->kind == SLUICE_SIGNAL_WITHDRAWAL);
    case FEATURE_IS_SELF:
        return of_int(a->from == a->to);
    case FEATURE_IS_OWN: {
        uint32_t payer = facts_of(state, a->from)->holder;
        return of_int(payer != 0 && a->to != KEY_NONE && facts_of(state, a->to)->holder == payer);
    }
    case FEATURE_CURRENCY:
        sluice_currency_letters(a->currency, state->currency);
        return of_text((sluice_text){state->currency, 3});
    case FEATURE_NEW_PAYEE:
        return a->to == KEY_NONE ? missing : of_int(state->last.is_new);
    default:
        return missing;
    }
}

/* Accounts, without windows */

static feature_value since(const feature_state *state, bool is_known, int64_t then_ms) {
    return is_known && then_ms <= state->now->time_ms ? of_int(state->now->time_ms - then_ms) : missing;
}

static bool is_own(const feature_state *state, uint32_t account, recent_direction direction) {
    const activity *a = state->now;
    return direction == RECENT_OUT ? a->from == account : a->to == account && a->kind == SLUICE_SIGNAL_TRANSFER;
}

/* The place before which the account's movements are older than this transfer (ties by arrival). */
static uint32_t before_now(const feature_state *state, uint32_t account, recent_direction direction) {
    recent_series s;
    recent_series_get(state->money, account, direction, &s);
    uint32_t place = recent_after(&s, state->now->time_ms);
    return is_own(state, account, direction) ? place - 1 : place;
}

/* The account's newest movement of a direction before this transfer. */
static bool time_before(const feature_state *state, uint32_t account, recent_direction direction, int64_t *time_ms) {
    return state->last.is_kept && account < state->money->node_count &&
           recent_time_before(state->money, account, direction, before_now(state, account, direction), time_ms);
}

static feature_value idle(const feature_state *state, uint32_t account) {
    int64_t in_ms = 0, out_ms = 0;
    bool has_in = time_before(state, account, RECENT_IN, &in_ms);
    bool has_out = time_before(state, account, RECENT_OUT, &out_ms);
    return since(state, has_in || has_out, has_in && (!has_out || in_ms > out_ms) ? in_ms : out_ms);
}

static feature_value idle_of(const feature_state *state, uint32_t account, recent_direction direction) {
    int64_t then_ms = 0;
    bool is_known = time_before(state, account, direction, &then_ms);
    return since(state, is_known, then_ms);
}

/* The time of the account's first movement, of either direction. */
static int64_t first_ever(const feature_state *state, uint32_t account, bool *is_known_out) {
    static const recent_node nobody;
    const recent_node *node = account < state->money->node_count ? recent_node_at(state->money, account) : &nobody;
    const series *in = &node->series[RECENT_IN], *out = &node->series[RECENT_OUT];
    *is_known_out = in->has_ever || out->has_ever;
    return in->has_ever && (!out->has_ever || in->ever_ms < out->ever_ms) ? in->ever_ms : out->ever_ms;
}

/* The first movement of the last 7 d is the only one that can have ended an idle time of 30 d. */
static feature_value woke_after(const feature_state *state, uint32_t account) {
    int64_t from_ms = state->now->time_ms - FEATURE_WOKE_MS, first_ms = INT64_MAX, before_ms = INT64_MIN;
    if (from_ms < state->kept_from_ms) {
        return missing;
    }
    bool is_known;
    int64_t ever_ms = first_ever(state, account, &is_known);
    if (!is_known || state->now->time_ms - ever_ms < FEATURE_GAP_MS) { /* there was no time for it */
        return of_int(0);
    }
    bool has_before = false;
    for (int d = 0; d < 2; d++) {
        recent_series s;
        recent_series_get(state->money, account, (recent_direction)d, &s);
        uint32_t place = recent_after(&s, from_ms);
        if (place != s.end && recent_at(&s, place)->time_ms <= state->now->time_ms &&
            recent_at(&s, place)->time_ms < first_ms) {
            first_ms = recent_at(&s, place)->time_ms;
        }
        int64_t time_ms;
        if (recent_time_before(state->money, account, (recent_direction)d, place, &time_ms)) {
            has_before = true;
            before_ms = time_ms > before_ms ? time_ms : before_ms;
        }
    }
    return of_int(has_before && first_ms != INT64_MAX && first_ms - before_ms >= FEATURE_GAP_MS ? first_ms - before_ms
                                                                                                : 0);
}

static feature_value escalation(const feature_state *state, uint32_t account) {
    int64_t from_ms = state->now->time_ms - FEATURE_ESCALATION_MS, run = 0, larger_fen = INT64_MAX;
    if (from_ms < state->kept_from_ms) {
        return missing;
    }
    recent_series s;
    recent_series_get(state->money, account, RECENT_OUT, &s);
    for (uint32_t place = recent_after(&s, state->now->time_ms); place != s.first && run < FEATURE_ESCALATION_MAX;) {
        const recent_entry *e = recent_at(&s, --place);
        int64_t fen = recent_amount(&s, place);
        if (e->time_ms <= from_ms || (e->flags & (RECENT_IS_NEW | RECENT_IS_CASH)) != RECENT_IS_NEW ||
            fen > larger_fen) {
            break;
        }
        larger_fen = fen;
        run++;
    }
    return of_int(run);
}

static uint64_t total_before(const recent_series *s, uint32_t place) {
    return place == s->first ? s->sum_before_fen : recent_at(s, place - 1)->sum_fen;
}

static feature_value dwell(const feature_state *state, uint32_t account) {
    int64_t from_ms = state->now->time_ms - FEATURE_DWELL_MS, fen = state->now->amount_fen;
    if (from_ms < state->kept_from_ms || fen == 0) {
        return missing;
    }
    recent_series s;
    recent_series_get(state->money, account, RECENT_IN, &s);
    uint32_t end = before_now(state, account, RECENT_IN);
    uint64_t total = total_before(&s, end), wanted = (uint64_t)fen;
    if (total - s.sum_before_fen < wanted) {
        return missing;
    }
    /* The largest place from which on the credits cover it: away from the end in doubling steps, then by halves. */
    uint32_t count = end - s.first, step = 1;
    while (step < count && total - total_before(&s, end - step) < wanted) {
        step *= 2;
    }
    uint32_t low = end - (step < count ? step : count),
             high = end - step / 2; /* low covers it; high does not, or is low */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (total - total_before(&s, middle) >= wanted) {
            low = middle;
        } else {
            high = middle;
        }
    }
    int64_t then_ms = recent_at(&s, low)->time_ms;
    return then_ms > from_ms ? of_int(state->now->time_ms - then_ms) : missing;
}

static feature_value test_then_large(const feature_state *state, uint32_t account, recent_direction direction) {
    const activity *a = state->now;
    int64_t fen = direction == RECENT_OUT ? a->amount_fen : a->received_fen;
    if (fen < FEATURE_LARGE_FEN || a->time_ms - WINDOW_TEST_MS < state->kept_from_ms) {
        return missing;
    }
    uint32_t place = windows_test(state->money, account, direction, a->time_ms);
    recent_series s;
    recent_series_get(state->money, account, direction, &s);
    return place == RECENT_NONE ? missing : of_int(a->time_ms - recent_at(&s, place)->time_ms);
}

static feature_value facts_value(feature_id id, const feature_state *state, uint32_t account) {
    const account_facts *facts = facts_of(state, account);
    switch (id) {
    case FEATURE_TYPE: {
        if (facts->type == 0) {
            return missing;
        }
        sluice_text word = keys_text(&state->words, facts->type - 1);
        return of_text((sluice_text){word.data + 5, word.length - 5});
    }
    case FEATURE_AGE:
        return since(state, facts->has_opened, facts->opened_ms);
    case FEATURE_IS_BLOCKED:
        return of_int(facts->is_blocked);
    case FEATURE_HOLDER_ACCOUNTS:
        return facts->holder == 0 ? missing : of_int(facts_of(state, facts->holder - 1)->holder_accounts);
    default:
        return of_int(facts->balance_fen);
    }
}

static feature_value lifetime_value(feature_id id, const feature_state *state, uint32_t account) {
    static const recent_node nobody;
    const recent_node *node = account < state->money->node_count ? recent_node_at(state->money, account) : &nobody;
    recent_direction direction = id == FEATURE_IN_COUNT || id == FEATURE_IN_SUM ? RECENT_IN : RECENT_OUT;
    const series *s = &node->series[direction];
    switch (id) {
    case FEATURE_IN_COUNT:
    case FEATURE_OUT_COUNT:
        return of_int((int64_t)s->end + s->late_count);
    case FEATURE_IN_SUM:
    case FEATURE_OUT_SUM:
        return of_int(
            (int64_t)(s->first == s->end ? s->sum_before_fen : series_at(state->money, s, s->end - 1)->sum_fen));
    default: {
        bool is_known;
        int64_t ever_ms = first_ever(state, account, &is_known);
        return since(state, is_known, ever_ms);
    }
    }
}

static feature_value account_value(const feature_code *code, const feature_state *state, uint32_t account) {
    recent_direction direction = code->subject == SUBJECT_PAYER ? RECENT_OUT : RECENT_IN;
    switch (code->id) {
    case FEATURE_KEY:
        return state->names == NULL ? missing : of_text(keys_text(state->names, account));
    case FEATURE_KIND:
        return state->names == NULL ? missing : of_text(keys_kind_text(state->names, keys_kind(state->names, account)));
    case FEATURE_TYPE:
    case FEATURE_AGE:
    case FEATURE_IS_BLOCKED:
    case FEATURE_HOLDER_ACCOUNTS:
    case FEATURE_BALANCE:
        return facts_value(code->id, state, account);
    case FEATURE_IDLE:
        return idle(state, account);
    case FEATURE_IDLE_IN:
        return idle_of(state, account, RECENT_IN);
    case FEATURE_IDLE_OUT:
        return idle_of(state, account, RECENT_OUT);
    case FEATURE_WOKE_AFTER:
        return woke_after(state, account);
    case FEATURE_ESCALATION:
        return escalation(state, account);
    case FEATURE_DWELL:
        return dwell(state, account);
    case FEATURE_TEST_THEN_LARGE:
        return test_then_large(state, account, direction);
    default:
        return lifetime_value(code->id, state, account);
    }
}

/* Pairs */

static feature_value pair_idle(const feature_state *state) {
    const activity *a = state->now;
    const recent_last *last = &state->last;
    if (!last->has_pair_before) {
        return missing;
    }
    if (last->pair_before_ms <= a->time_ms) {
        return of_int(a->time_ms - last->pair_before_ms);
    }
    recent_series s;
    recent_series_get(state->money, a->from, RECENT_OUT, &s);
    if (last->out_place == RECENT_NONE) {
        return missing;
    }
    uint32_t place = recent_at(&s, last->out_place)->previous;
    bool is_kept = place != RECENT_NONE && place - s.first < s.end - s.first;
    return since(state, is_kept && recent_at(&s, place)->time_ms > state->kept_from_ms,
                 is_kept ? recent_at(&s, place)->time_ms : 0);
}

static feature_value pair_value(feature_id id, const feature_state *state) {
    const activity *a = state->now;
    recent_pair pair = {0};
    switch (id) {
    case FEATURE_PAIR_COUNT:
        return of_int(recent_pair_get(state->money, a->from, a->to, &pair) ? pair.count : 0);
    case FEATURE_PAIR_AGE:
        (void)recent_pair_get(state->money, a->from, a->to, &pair);
        return since(state, pair.count > 0, pair.first_ms);
    case FEATURE_PAIR_IDLE:
        return pair_idle(state);
    case FEATURE_PAIR_IS_NEW:
        return of_int(state->last.is_new);
    default:
        return of_int(recent_pair_get(state->money, a->to, a->from, &pair) ? pair.count : 0);
    }
}

static feature_value place_key(const feature_state *state, bool is_device) {
    const keys *names = is_device ? state->names : &state->ip_names;
    return names == NULL ? missing : of_text(keys_text(names, is_device ? state->device.number : state->ip.number));
}

feature_value feature_point(const feature_code *code, feature_state *state) {
    switch (code->subject) {
    case SUBJECT_TRANSFER:
        return transfer_value(code->id, state);
    case SUBJECT_PAIR:
        return pair_value(code->id, state);
    case SUBJECT_DEVICE:
    case SUBJECT_IP:
        return place_key(state, code->subject == SUBJECT_DEVICE);
    default:
        return account_value(code, state, code->subject == SUBJECT_PAYER ? state->payer.account : state->payee.account);
    }
}
