/* The values of a transfer, slot by slot, from the windows that were read and the series.
 *
 * Exact or missing: a window that begins before what is kept has no value. */
#include <string.h>

#include "base/assert.h"
#include "base/time.h"
#include "feature/feature_private.h"

static const feature_value missing = {.is_missing = true};

static feature_value of_int(int64_t i) {
    return (feature_value){.i = i};
}
static feature_value of_double(double d) {
    return (feature_value){.d = d};
}
static feature_value of_text(sluice_text text) {
    return (feature_value){.text = text.data, .length = (uint32_t)text.length};
}
static feature_value of_ratio(int64_t part, int64_t whole) {
    return whole == 0 ? missing : of_double((double)part / (double)whole);
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

/* The first movement of the last 7 d is the only one that can have ended an idle time of 30 d. */
static feature_value woke_after(const feature_state *state, uint32_t account) {
    int64_t from_ms = state->now->time_ms - FEATURE_WOKE_MS, first_ms = INT64_MAX, before_ms = INT64_MIN;
    if (from_ms < state->kept_from_ms) {
        return missing;
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
    default:
        return since(state, node->has_first, node->first_ms);
    }
}

static feature_value account_value(const feature_code *code, const feature_state *state, uint32_t account) {
    recent_direction direction = code->subject == SUBJECT_PAYER ? RECENT_OUT : RECENT_IN;
    if (account == KEY_NONE) {
        return missing;
    }
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

/* Accounts, with windows */

static feature_value night_share(const feature_state *state, uint32_t account, recent_direction d, const window_view *v,
                                 bool is_night) {
    if (v->head == v->end) {
        return missing;
    }
    const series *s = &recent_node_at(state->money, account)->series[d];
    const recent_entry *last = series_at(state->money, s, v->end - 1);
    uint32_t before = is_night ? s->night_before : s->round_before;
    if (v->head != s->first) {
        const recent_entry *e = series_at(state->money, s, v->head - 1);
        before = is_night ? e->night : e->round;
    }
    return of_ratio((is_night ? last->night : last->round) - before, v->end - v->head);
}

static feature_value extreme(const feature_state *state, uint32_t account, recent_direction d, const window_view *v,
                             bool is_max) {
    int64_t min_fen = INT64_MAX, max_fen = INT64_MIN;
    if (v->head == v->end) {
        return missing;
    }
    windows_extremes(state->money, account, d, v->head, v->end, &min_fen, &max_fen);
    return of_int(is_max ? max_fen : min_fen);
}

static feature_value pass_through(const window_view *in, const window_view *out) {
    int64_t a = (int64_t)in->sum_fen, b = (int64_t)out->sum_fen;
    return of_ratio(a < b ? a : b, a < b ? b : a);
}

/* The features that both directions have, by their place in the table. */
static feature_value direction_value(int which, const feature_state *state, uint32_t account, recent_direction d,
                                     const window_view *v) {
    switch (which) {
    case FEATURE_IN_COUNT_W:
        return of_int(v->end - v->head);
    case FEATURE_IN_SUM_W:
        return of_int((int64_t)v->sum_fen);
    case FEATURE_IN_MIN_W:
        return extreme(state, account, d, v, false);
    case FEATURE_IN_MAX_W:
        return extreme(state, account, d, v, true);
    case FEATURE_IN_MEAN_W:
        return of_ratio((int64_t)v->sum_fen, v->end - v->head);
    case FEATURE_IN_DISTINCT_W:
        return of_int(v->counters[WINDOW_DISTINCT]);
    case FEATURE_IN_NIGHT_SHARE_W:
        return night_share(state, account, d, v, true);
    case FEATURE_IN_ROUND_SHARE_W:
        return night_share(state, account, d, v, false);
    default:
        return of_int(v->counters[WINDOW_SMALL]);
    }
}

static feature_value window_value(const feature_code *code, const feature_state *state, const party *p) {
    const window_list *list = &state->money_windows;
    int64_t reach_ms = list->count == 0 ? 0 : list->length_ms[code->window], kept_from_ms = state->kept_from_ms;
    bool is_login = code->id == FEATURE_LOGINS_W || code->id == FEATURE_DEVICES_W || code->id == FEATURE_IPS_W;
    if (is_login) {
        reach_ms = state->login_windows.length_ms[code->window];
        kept_from_ms = recent_kept_from_ms(state->logins);
    } else if (code->id == FEATURE_REBATES_W || code->id == FEATURE_REBATE_SUM_W) {
        reach_ms += FEATURE_REBATE_MS;
    }
    if (p->account == KEY_NONE || state->now->time_ms - reach_ms < kept_from_ms) {
        return missing;
    }
    const window_view *in = &p->in[code->window], *out = &p->out[code->window];
    switch (code->id) {
    case FEATURE_PASS_THROUGH_W:
        return pass_through(in, out);
    case FEATURE_NEW_PAYEES_W:
        return of_int(out->counters[WINDOW_NEW]);
    case FEATURE_NEW_PAYERS_W:
        return of_int(in->counters[WINDOW_NEW]);
    case FEATURE_REBATES_W:
        return of_int(in->counters[WINDOW_REBATES]);
    case FEATURE_REBATE_SUM_W:
        return of_int((int64_t)in->sums[WINDOW_REBATE_SUM]);
    case FEATURE_CASH_COUNT_W:
        return of_int(out->counters[WINDOW_CASH]);
    case FEATURE_CASH_SUM_W:
        return of_int((int64_t)out->sums[WINDOW_CASH_SUM]);
    case FEATURE_LOGINS_W:
        return of_int(p->logins[code->window].end - p->logins[code->window].head);
    case FEATURE_DEVICES_W:
        return of_int(p->logins[code->window].counters[WINDOW_DISTINCT]);
    case FEATURE_IPS_W:
        return of_int(p->ips[code->window].counters[WINDOW_DISTINCT]);
    default:
        if (code->id >= FEATURE_OUT_COUNT_W) {
            return direction_value((int)code->id - FEATURE_OUT_COUNT_W + FEATURE_IN_COUNT_W, state, p->account,
                                   RECENT_OUT, out);
        }
        return direction_value((int)code->id, state, p->account, RECENT_IN, in);
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

static feature_value pair_value(const feature_code *code, const feature_state *state) {
    const activity *a = state->now;
    if (a->to == KEY_NONE) {
        return missing;
    }
    recent_pair pair = {0};
    if (feature_table[code->id].is_windowed &&
        a->time_ms - state->pair_windows.length_ms[code->window] < state->kept_from_ms) {
        return missing;
    }
    const pair_view *v = &state->pair[code->window];
    switch (code->id) {
    case FEATURE_PAIR_COUNT:
        return of_int(recent_pair_get(state->money, a->from, a->to, &pair) ? pair.count : 0);
    case FEATURE_PAIR_AGE:
        (void)recent_pair_get(state->money, a->from, a->to, &pair);
        return since(state, pair.count > 0, pair.first_ms);
    case FEATURE_PAIR_IDLE:
        return pair_idle(state);
    case FEATURE_PAIR_IS_NEW:
        return of_int(state->last.is_new);
    case FEATURE_PAIR_REVERSE_COUNT:
        return of_int(recent_pair_get(state->money, a->to, a->from, &pair) ? pair.count : 0);
    case FEATURE_PAIR_COUNT_W:
        return of_int(v->count);
    case FEATURE_PAIR_SUM_W:
        return of_int((int64_t)v->sum_fen);
    case FEATURE_PAIR_MIN_W:
        return of_int(v->min_fen);
    case FEATURE_PAIR_MAX_W:
        return of_int(v->max_fen);
    default:
        return of_ratio((int64_t)v->sum_fen, v->count);
    }
}

/* Devices and IPs */

static feature_value place_value(const feature_code *code, const feature_state *state, const login_place *place) {
    bool is_device = code->subject == SUBJECT_DEVICE;
    if (place->number == KEY_NONE) {
        return missing;
    }
    if (code->id == FEATURE_PLACE_KEY) {
        const keys *names = is_device ? state->names : &state->ip_names;
        return names == NULL ? missing : of_text(keys_text(names, place->number));
    }
    bool is_login = code->id == FEATURE_PLACE_LOGINS_W || code->id == FEATURE_PLACE_ACCOUNTS_W;
    const window_list *list = is_login ? &state->login_windows : &state->through_windows;
    int64_t kept_from_ms = is_login ? recent_kept_from_ms(state->logins) : state->kept_from_ms;
    if (state->now->time_ms - list->length_ms[code->window] < kept_from_ms) {
        return missing;
    }
    const window_view *used = &place->used[code->window], *through = &place->through[code->window];
    switch (code->id) {
    case FEATURE_PLACE_LOGINS_W:
        return of_int(used->end - used->head);
    case FEATURE_PLACE_ACCOUNTS_W:
        return of_int(used->counters[WINDOW_DISTINCT]);
    case FEATURE_PLACE_OUT_COUNT_W:
        return of_int(through->end - through->head);
    default:
        return of_int((int64_t)through->sum_fen);
    }
}

/* Reading what the slots take: each series once a transfer, when the first slot asks for it */

static void party_read(feature_state *state, party *p, uint32_t reads) {
    int64_t time_ms = state->now->time_ms;
    if (p->account == KEY_NONE) {
        return;
    }
    if ((reads & READ_IN) != 0) {
        windows_read(state->money, p->account, RECENT_IN, time_ms, p->in);
    }
    if ((reads & READ_OUT) != 0) {
        windows_read(state->money, p->account, RECENT_OUT, time_ms, p->out);
    }
    if ((reads & READ_LOGINS) != 0) {
        windows_read(state->logins, p->account, RECENT_OUT, time_ms, p->logins);
    }
    if ((reads & READ_IPS) != 0) {
        windows_read(state->ips, p->account, RECENT_OUT, time_ms, p->ips);
    }
}

static void place_read(feature_state *state, login_place *place, bool is_device, uint32_t reads) {
    int64_t time_ms = state->now->time_ms;
    if (place->number == KEY_NONE) {
        return;
    }
    if ((reads & READ_USED) != 0) {
        windows_read(is_device ? state->logins : state->ips, place->number, RECENT_IN, time_ms, place->used);
    }
    if ((reads & READ_THROUGH) != 0) {
        windows_read(state->through, place->number, is_device ? RECENT_OUT : RECENT_IN, time_ms, place->through);
    }
}

static void read_for(feature_state *state, const feature_code *code) {
    uint32_t reads = code->reads & ~state->have[code->subject];
    if (reads == 0) {
        return;
    }
    state->have[code->subject] |= reads;
    switch (code->subject) {
    case SUBJECT_PAYER:
        party_read(state, &state->payer, reads);
        break;
    case SUBJECT_PAYEE:
        party_read(state, &state->payee, reads);
        break;
    case SUBJECT_DEVICE:
        place_read(state, &state->device, true, reads);
        break;
    case SUBJECT_IP:
        place_read(state, &state->ip, false, reads);
        break;
    case SUBJECT_PAIR:
        if (state->now->to != KEY_NONE) {
            pair_read(state, state->now);
        }
        break;
    default:
        break;
    }
}

void feature_begin(feature_state *state, feature_value *values) {
    static const feature_value pending = {.is_missing = true, .is_pending = true};
    state->kept_from_ms = recent_kept_from_ms(state->money);
    state->payer.account = state->now->from;
    state->payee.account = state->now->to;
    memset(state->have, 0, sizeof state->have);
    for (size_t i = 0; i < state->plan->count; i++) {
        values[i] = state->codes[i].is_external ? missing : pending;
    }
}

static feature_value value_of(feature_state *state, const feature_code *code) {
    read_for(state, code);
    const party *p = code->subject == SUBJECT_PAYER ? &state->payer : &state->payee;
    switch (code->subject) {
    case SUBJECT_TRANSFER:
        return transfer_value(code->id, state);
    case SUBJECT_PAIR:
        return pair_value(code, state);
    case SUBJECT_DEVICE:
        return place_value(code, state, &state->device);
    case SUBJECT_IP:
        return place_value(code, state, &state->ip);
    default:
        return feature_table[code->id].is_windowed ? window_value(code, state, p)
                                                   : account_value(code, state, p->account);
    }
}

void feature_need(feature_state *state, feature_value *values, uint32_t slot) {
    if (values[slot].is_pending) {
        values[slot] = value_of(state, &state->codes[slot]);
    }
}
