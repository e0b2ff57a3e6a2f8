/* The values of a transfer from the windows that were read.
 *
 * Where a value lies, and how it is made of what lies there, is worked out once for each slot. At a step nothing is
 * computed: a series is read when the first slot asks for one of its windows, a value when somebody reads it. Exact or
 * missing: a window that begins before what is kept has no value. */
#include <stddef.h>
#include <string.h>

#include "base/assert.h"
#include "feature/feature_private.h"

static const feature_value missing = {.is_missing = true};

/* Codes of features with windows */

static uint32_t view_at(size_t first, uint32_t window) {
    return (uint32_t)(first + window * sizeof(window_view));
}

static void load32(feature_code *code, uint32_t at) {
    code->op = OP_LOAD32;
    code->a = at;
}

static void load64(feature_code *code, uint32_t at) {
    code->op = OP_LOAD64;
    code->a = at;
}

static void of_two(feature_code *code, feature_op op, uint32_t a, uint32_t b) {
    code->op = op;
    code->a = a;
    code->b = b;
}

#define VIEW(at, field) ((at) + (uint32_t)offsetof(window_view, field))
#define COUNTER(at, which) ((at) + (uint32_t)(offsetof(window_view, counters) + (which) * sizeof(uint32_t)))
#define SUM(at, which) ((at) + (uint32_t)(offsetof(window_view, sums) + (which) * sizeof(uint64_t)))

/* The features that both directions have, by their place in the table. */
static void direction_code(int which, uint32_t view, feature_code *code) {
    uint32_t count = VIEW(view, count);
    switch (which) {
    case FEATURE_IN_COUNT_W:
        load32(code, count);
        break;
    case FEATURE_IN_SUM_W:
        load64(code, VIEW(view, sum_fen));
        break;
    case FEATURE_IN_MIN_W:
        of_two(code, OP_EXTREME, VIEW(view, min_fen), count);
        break;
    case FEATURE_IN_MAX_W:
        of_two(code, OP_EXTREME, VIEW(view, max_fen), count);
        break;
    case FEATURE_IN_MEAN_W:
        of_two(code, OP_MEAN, VIEW(view, sum_fen), count);
        break;
    case FEATURE_IN_DISTINCT_W:
        load32(code, COUNTER(view, WINDOW_DISTINCT));
        break;
    case FEATURE_IN_NIGHT_SHARE_W:
        of_two(code, OP_PART, COUNTER(view, WINDOW_NIGHT), count);
        break;
    case FEATURE_IN_ROUND_SHARE_W:
        of_two(code, OP_PART, COUNTER(view, WINDOW_ROUND), count);
        break;
    default:
        SLUICE_ASSERT(which == FEATURE_IN_SMALL_W);
        load32(code, COUNTER(view, WINDOW_SMALL));
        break;
    }
}

static void account_code(const feature_meaning *m, uint32_t window, feature_code *code) {
    size_t at = m->subject == SUBJECT_PAYER ? offsetof(feature_state, payer) : offsetof(feature_state, payee);
    uint32_t in = view_at(at + offsetof(party, in), window), out = view_at(at + offsetof(party, out), window);
    uint32_t logins = view_at(at + offsetof(party, logins), window), ips = view_at(at + offsetof(party, ips), window);
    switch (m->id) {
    case FEATURE_PASS_THROUGH_W:
        of_two(code, OP_LESSER, VIEW(in, sum_fen), VIEW(out, sum_fen));
        break;
    case FEATURE_NEW_PAYEES_W:
        load32(code, COUNTER(out, WINDOW_NEW));
        break;
    case FEATURE_NEW_PAYERS_W:
        load32(code, COUNTER(in, WINDOW_NEW));
        break;
    case FEATURE_REBATES_W:
        code->reach_ms += FEATURE_REBATE_MS;
        load32(code, COUNTER(in, WINDOW_REBATES));
        break;
    case FEATURE_REBATE_SUM_W:
        code->reach_ms += FEATURE_REBATE_MS;
        load64(code, SUM(in, WINDOW_REBATE_SUM));
        break;
    case FEATURE_CASH_COUNT_W:
        load32(code, COUNTER(out, WINDOW_CASH));
        break;
    case FEATURE_CASH_SUM_W:
        load64(code, SUM(out, WINDOW_CASH_SUM));
        break;
    case FEATURE_LOGINS_W:
        code->by_logins = true;
        load32(code, VIEW(logins, count));
        break;
    case FEATURE_DEVICES_W:
        code->by_logins = true;
        load32(code, COUNTER(logins, WINDOW_DISTINCT));
        break;
    case FEATURE_IPS_W:
        code->by_logins = true;
        load32(code, COUNTER(ips, WINDOW_DISTINCT));
        break;
    default:
        if (m->id >= FEATURE_OUT_COUNT_W) {
            direction_code((int)m->id - FEATURE_OUT_COUNT_W + FEATURE_IN_COUNT_W, out, code);
        } else {
            direction_code((int)m->id, in, code);
        }
        break;
    }
}

static void pair_code(feature_id id, uint32_t window, feature_code *code) {
    uint32_t at = (uint32_t)(offsetof(feature_state, pair) + window * sizeof(pair_view));
    uint32_t sum = at + (uint32_t)offsetof(pair_view, sum_fen), count = at + (uint32_t)offsetof(pair_view, count);
    switch (id) {
    case FEATURE_PAIR_COUNT_W:
        load32(code, count);
        break;
    case FEATURE_PAIR_SUM_W:
        load64(code, sum);
        break;
    case FEATURE_PAIR_MIN_W:
        load64(code, at + (uint32_t)offsetof(pair_view, min_fen));
        break;
    case FEATURE_PAIR_MAX_W:
        load64(code, at + (uint32_t)offsetof(pair_view, max_fen));
        break;
    default:
        of_two(code, OP_MEAN, sum, count);
        break;
    }
}

static void place_code(const feature_meaning *m, uint32_t window, feature_code *code) {
    size_t at = m->subject == SUBJECT_DEVICE ? offsetof(feature_state, device) : offsetof(feature_state, ip);
    uint32_t used = view_at(at + offsetof(login_place, used), window);
    uint32_t through = view_at(at + offsetof(login_place, through), window);
    switch (m->id) {
    case FEATURE_PLACE_LOGINS_W:
        code->by_logins = true;
        load32(code, VIEW(used, count));
        break;
    case FEATURE_PLACE_ACCOUNTS_W:
        code->by_logins = true;
        load32(code, COUNTER(used, WINDOW_DISTINCT));
        break;
    case FEATURE_PLACE_OUT_COUNT_W:
        load32(code, VIEW(through, count));
        break;
    default:
        load64(code, VIEW(through, sum_fen));
        break;
    }
}

void feature_code_window(const feature_meaning *m, uint32_t window, feature_code *code) {
    code->reach_ms = m->window_ms;
    switch (feature_table[m->id].of) {
    case OF_PAIR:
        pair_code(m->id, window, code);
        break;
    case OF_PLACE:
        place_code(m, window, code);
        break;
    default:
        account_code(m, window, code);
        break;
    }
}

/* Reading what the slots take: each series once a transfer */

static void party_read(feature_state *state, party *p, uint32_t reads) {
    int64_t time_ms = state->now->time_ms;
    uint32_t account = p->account;
    if ((reads & READ_IN) != 0) {
        windows_read(state->money, account, RECENT_IN, time_ms, p->in);
    }
    if ((reads & READ_OUT) != 0) {
        windows_read(state->money, account, RECENT_OUT, time_ms, p->out);
    }
    if ((reads & READ_IN_EXTREMES) != 0) {
        windows_read_extremes(state->money, account, RECENT_IN, p->in);
    }
    if ((reads & READ_OUT_EXTREMES) != 0) {
        windows_read_extremes(state->money, account, RECENT_OUT, p->out);
    }
    if ((reads & READ_LOGINS) != 0) {
        windows_read(state->logins, account, RECENT_OUT, time_ms, p->logins);
    }
    if ((reads & READ_IPS) != 0) {
        windows_read(state->ips, account, RECENT_OUT, time_ms, p->ips);
    }
}

static void place_read(feature_state *state, login_place *place, bool is_device, uint32_t reads) {
    int64_t time_ms = state->now->time_ms;
    if ((reads & READ_USED) != 0) {
        windows_read(is_device ? state->logins : state->ips, place->number, RECENT_IN, time_ms, place->used);
    }
    if ((reads & READ_THROUGH) != 0) {
        windows_read(state->through, place->number, is_device ? RECENT_OUT : RECENT_IN, time_ms, place->through);
    }
}

static bool subject_exists(const feature_state *state, feature_subject subject) {
    switch (subject) {
    case SUBJECT_PAYEE:
    case SUBJECT_PAIR:
        return state->now->to != KEY_NONE;
    case SUBJECT_DEVICE:
        return state->device.number != KEY_NONE;
    case SUBJECT_IP:
        return state->ip.number != KEY_NONE;
    default:
        return true;
    }
}

static int64_t at64(const feature_state *state, uint32_t offset) {
    return *(const int64_t *)(const void *)((const char *)state + offset);
}

static uint32_t at32(const feature_state *state, uint32_t offset) {
    return *(const uint32_t *)(const void *)((const char *)state + offset);
}

static feature_value ratio(double part, double whole) {
    return whole == 0 ? missing : (feature_value){.d = part / whole};
}

static feature_value value_of(const feature_code *code, feature_state *state) {
    switch (code->op) {
    case OP_EXTERNAL:
        return missing;
    case OP_LOAD64:
        return (feature_value){.i = at64(state, code->a)};
    case OP_LOAD32:
        return (feature_value){.i = at32(state, code->a)};
    case OP_EXTREME:
        return at32(state, code->b) == 0 ? missing : (feature_value){.i = at64(state, code->a)};
    case OP_MEAN:
        return ratio((double)at64(state, code->a), at32(state, code->b));
    case OP_PART:
        return ratio(at32(state, code->a), at32(state, code->b));
    case OP_LESSER: {
        int64_t a = at64(state, code->a), b = at64(state, code->b);
        return ratio((double)(a < b ? a : b), (double)(a < b ? b : a));
    }
    case OP_POINT:
        break;
    }
    return feature_point(code, state);
}

static void read_for(feature_state *state, const feature_code *code, uint32_t reads) {
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
        pair_read(state, state->now);
        break;
    default:
        break;
    }
}

void feature_need(feature_state *state, feature_value *values, uint32_t slot) {
    if (!values[slot].is_pending) {
        return;
    }
    const feature_code *code = &state->codes[slot];
    if (!subject_exists(state, code->subject) ||
        code->reach_ms > (code->by_logins ? state->login_reach_ms : state->reach_ms)) {
        values[slot] = missing;
        return;
    }
    uint32_t reads = code->reads & ~state->have[code->subject];
    if (reads != 0) {
        read_for(state, code, reads);
    }
    values[slot] = value_of(code, state);
}

/* How far back what is kept reaches. */
static int64_t reach(int64_t time_ms, int64_t kept_from_ms) {
    return kept_from_ms == INT64_MIN ? INT64_MAX : time_ms - kept_from_ms;
}

void feature_begin(feature_state *state, feature_value *values) {
    const activity *a = state->now;
    state->kept_from_ms = recent_kept_from_ms(state->money);
    state->reach_ms = reach(a->time_ms, state->kept_from_ms);
    state->login_reach_ms = state->logins == NULL ? 0 : reach(a->time_ms, recent_kept_from_ms(state->logins));
    state->payer.account = a->from;
    state->payee.account = a->to;
    memset(state->have, 0, sizeof state->have);
    memcpy(values, state->blank, state->plan->count * sizeof *values);
}
