/* Features against a naive recompute: every signal in a plain list, every feature by its definition, on random streams
 * with ties, late arrivals, wrong clocks, transfers to oneself, withdrawals and logins; with and without prefetch; for
 * plans of random slots in random order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "feature/feature.h"
#include "support/tool.h"
#include "sys/random.h"

#define MINUTE INT64_C(60000)
#define HOUR INT64_C(3600000)
#define DAY INT64_C(86400000)
#define T0 INT64_C(1767542400000)
#define NEVER INT64_MIN

enum { ACCOUNTS = 7, DEVICES = 4, HOLDERS = 3, PLACES = 2, IPS = 4, KEYS = ACCOUNTS + DEVICES + HOLDERS + PLACES };
enum { SIGNALS_MAX = 1200, SLOTS_MAX = 400 };

static uint64_t seed;
static uint64_t streams;

/* One signal, and what the oracle notes of it when it arrives. */
typedef struct noted {
    activity a;
    uint32_t device, ip; /* that the movement went through; KEY_NONE: none */
} noted;

typedef struct world {
    noted list[SIGNALS_MAX];
    size_t count;
    keys names;
    epoch names_epoch;
    int64_t horizon_ms, money_keep_ms, login_keep_ms;
    int64_t balance[KEYS];
    bool stated[KEYS];
    char key_texts[KEYS][24];
} world;

typedef struct want {
    char subject[12], feature[24];
    int64_t window_ms; /* 0: none */
} want;

static bool is_movement(const activity *a) {
    return a->kind == SLUICE_SIGNAL_TRANSFER || a->kind == SLUICE_SIGNAL_WITHDRAWAL;
}

static int compare_times(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x < y) - (x > y);
}

/* The 64th newest time − what is kept. */
static int64_t kept_from(const world *w, bool of_logins) {
    static int64_t times[SIGNALS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < w->count; i++) {
        const activity *a = &w->list[i].a;
        if (of_logins ? a->kind == SLUICE_SIGNAL_LOGIN : is_movement(a)) {
            times[n++] = a->time_ms;
        }
    }
    if (n < 64) {
        return NEVER;
    }
    qsort(times, n, sizeof *times, compare_times);
    return times[63] - (of_logins ? w->login_keep_ms : w->money_keep_ms);
}

/* Signal i comes before signal j: by time, ties by arrival. */
static bool before(const world *w, size_t i, size_t j) {
    int64_t x = w->list[i].a.time_ms, y = w->list[j].a.time_ms;
    return x < y || (x == y && i < j);
}

static bool is_out(const activity *a, uint32_t account) {
    return is_movement(a) && a->from == account;
}
static bool is_in(const activity *a, uint32_t account) {
    return a->kind == SLUICE_SIGNAL_TRANSFER && a->to == account;
}
static bool is_side(const activity *a, uint32_t account, bool in) {
    return in ? is_in(a, account) : is_out(a, account);
}
static int64_t fen_of(const activity *a, bool in) {
    return in ? a->received_fen : a->amount_fen;
}

static bool first_of_pair(const world *w, size_t n) {
    for (size_t i = 0; i < w->count; i++) {
        const activity *a = &w->list[i].a;
        if (is_movement(a) && a->from == w->list[n].a.from && a->to == w->list[n].a.to && before(w, i, n)) {
            return false;
        }
    }
    return true;
}

static bool is_rebate(const world *w, size_t credit) {
    const activity *c = &w->list[credit].a;
    size_t last = SIGNALS_MAX;
    for (int k = 0; k < 16; k++) {
        size_t best = SIGNALS_MAX;
        for (size_t i = 0; i < w->count; i++) {
            if (is_out(&w->list[i].a, c->to) && before(w, i, credit) && (last == SIGNALS_MAX || before(w, i, last)) &&
                (best == SIGNALS_MAX || before(w, best, i))) {
                best = i;
            }
        }
        if (best == SIGNALS_MAX) {
            return false;
        }
        const activity *d = &w->list[best].a;
        if (d->time_ms <= c->time_ms - DAY) {
            return false;
        }
        if (d->kind == SLUICE_SIGNAL_TRANSFER && d->amount_fen > 0 && c->received_fen >= d->amount_fen &&
            c->received_fen * 2 <= d->amount_fen * 3) {
            return true;
        }
        last = best;
    }
    return false;
}

static bool is_night(int64_t time_ms) {
    return (time_ms + 8 * HOUR) % DAY < 6 * HOUR;
}

typedef struct tally {
    int64_t count, sum, min, max, distinct, night, round, small, fresh, cash, cash_sum, rebates, rebate_sum;
} tally;

static bool inside(const world *w, size_t i, int64_t time_ms, int64_t window_ms) {
    return w->list[i].a.time_ms <= time_ms && w->list[i].a.time_ms > time_ms - window_ms;
}

static tally tally_of(const world *w, uint32_t account, bool in, int64_t time_ms, int64_t window_ms, bool rebates) {
    tally t = {.min = INT64_MAX, .max = INT64_MIN};
    bool seen[KEYS] = {false};
    for (size_t i = 0; i < w->count; i++) {
        const activity *a = &w->list[i].a;
        if (!is_side(a, account, in) || !inside(w, i, time_ms, window_ms)) {
            continue;
        }
        int64_t fen = fen_of(a, in);
        uint32_t other = in ? a->from : a->to;
        bool cash = a->kind == SLUICE_SIGNAL_WITHDRAWAL;
        t.count++;
        t.sum += fen;
        t.min = fen < t.min ? fen : t.min;
        t.max = fen > t.max ? fen : t.max;
        t.distinct += other != KEY_NONE && !seen[other];
        if (other != KEY_NONE) {
            seen[other] = true;
        }
        t.night += is_night(a->time_ms);
        t.round += fen % 10000 == 0;
        t.small += fen <= 50000;
        t.fresh += !cash && first_of_pair(w, i);
        t.cash += cash;
        t.cash_sum += cash ? fen : 0;
        if (rebates && is_rebate(w, i)) {
            t.rebates++;
            t.rebate_sum += fen;
        }
    }
    return t;
}

static const feature_value missing = {.is_missing = true};
static feature_value whole(int64_t i) {
    return (feature_value){.i = i};
}
static feature_value share(int64_t part, int64_t all) {
    return all == 0 ? missing : (feature_value){.d = (double)part / (double)all};
}
static feature_value words(sluice_text text) {
    return (feature_value){.text = text.data, .length = (uint32_t)text.length};
}

static bool named(const want *q, const char *feature) {
    return strcmp(q->feature, feature) == 0;
}

/* Whose each account is. */
static void holders_expected(const world *w, uint32_t holder_of[KEYS]) {
    int64_t seen[KEYS];
    for (uint32_t k = 0; k < KEYS; k++) {
        holder_of[k] = KEY_NONE;
        seen[k] = NEVER;
    }
    for (size_t i = 0; i < w->count; i++) {
        const activity *a = &w->list[i].a;
        if (is_movement(a) || a->kind == SLUICE_SIGNAL_LOGIN || a->event != SLUICE_EVENT_SEEN) {
            continue;
        }
        if (a->to != KEY_NONE && a->time_ms >= seen[a->from]) {
            holder_of[a->from] = a->to;
        }
        seen[a->from] = a->time_ms > seen[a->from] ? a->time_ms : seen[a->from];
    }
}

static feature_value own_expected(const world *w, const activity *now) {
    uint32_t holder_of[KEYS];
    holders_expected(w, holder_of);
    return whole(now->to != KEY_NONE && holder_of[now->from] != KEY_NONE && holder_of[now->from] == holder_of[now->to]);
}

static feature_value transfer_expected(const world *w, const want *q, size_t n) {
    static char letters[4];
    const activity *a = &w->list[n].a;
    int64_t local = a->time_ms + 8 * HOUR;
    if (named(q, "amount")) {
        return whole(a->amount_fen);
    }
    if (named(q, "received")) {
        return whole(a->received_fen);
    }
    if (named(q, "time")) {
        return whole(a->time_ms);
    }
    if (named(q, "hour")) {
        return whole(local / HOUR % 24);
    }
    if (named(q, "weekday")) {
        return whole((local / DAY + 3) % 7 + 1);
    }
    if (named(q, "is_night")) {
        return whole(is_night(a->time_ms));
    }
    if (named(q, "is_round")) {
        return whole(a->amount_fen % 10000 == 0);
    }
    if (named(q, "is_withdrawal")) {
        return whole(a->kind == SLUICE_SIGNAL_WITHDRAWAL);
    }
    if (named(q, "is_self")) {
        return whole(a->from == a->to);
    }
    if (named(q, "is_own")) {
        return own_expected(w, a);
    }
    if (named(q, "currency")) {
        sluice_currency_letters(a->currency, letters);
        return words((sluice_text){letters, 3});
    }
    assert_string_equal(q->feature, "new_payee");
    return a->to == KEY_NONE ? missing : whole(first_of_pair(w, n));
}

/* The newest of the account's movements (in, out or both) before n. */
static int64_t newest_before(const world *w, uint32_t account, bool in, bool out, size_t n) {
    int64_t newest = NEVER;
    for (size_t i = 0; i < w->count; i++) {
        const activity *a = &w->list[i].a;
        bool counts = (in && is_in(a, account)) || (out && is_out(a, account));
        if (counts && before(w, i, n) && a->time_ms > newest) {
            newest = a->time_ms;
        }
    }
    return newest;
}

static feature_value idle_expected(const world *w, uint32_t account, bool in, bool out, size_t n) {
    int64_t time_ms = w->list[n].a.time_ms, then = newest_before(w, account, in, out, n);
    return time_ms <= kept_from(w, false) || then == NEVER ? missing : whole(time_ms - then);
}

static feature_value woke_expected(const world *w, uint32_t account, size_t n) {
    int64_t time_ms = w->list[n].a.time_ms, largest = 0;
    if (time_ms - 7 * DAY < kept_from(w, false)) {
        return missing;
    }
    for (size_t i = 0; i < w->count; i++) {
        const activity *a = &w->list[i].a;
        if (!(is_in(a, account) || is_out(a, account)) || !inside(w, i, time_ms, 7 * DAY)) {
            continue;
        }
        int64_t then = newest_before(w, account, true, true, i);
        if (then != NEVER && a->time_ms - then >= 30 * DAY && a->time_ms - then > largest) {
            largest = a->time_ms - then;
        }
    }
    return whole(largest);
}

/* The account's movement of a direction that comes last before `n` (or is n, if `or_n`). SIGNALS_MAX: none. */
static size_t previous_of(const world *w, uint32_t account, bool in, size_t n) {
    size_t best = SIGNALS_MAX;
    for (size_t i = 0; i < w->count; i++) {
        if (is_side(&w->list[i].a, account, in) && before(w, i, n) && (best == SIGNALS_MAX || before(w, best, i))) {
            best = i;
        }
    }
    return best;
}

static feature_value escalation_expected(const world *w, uint32_t account, size_t n) {
    int64_t time_ms = w->list[n].a.time_ms, run = 0, next_fen = INT64_MAX;
    if (time_ms - 30 * DAY < kept_from(w, false)) {
        return missing;
    }
    size_t at = is_out(&w->list[n].a, account) ? n : previous_of(w, account, false, n);
    while (at != SIGNALS_MAX && run < 100) {
        const activity *a = &w->list[at].a;
        if (!inside(w, at, time_ms, 30 * DAY) || a->kind != SLUICE_SIGNAL_TRANSFER || !first_of_pair(w, at) ||
            a->amount_fen > next_fen) {
            break;
        }
        run++;
        next_fen = a->amount_fen;
        at = previous_of(w, account, false, at);
    }
    return whole(run);
}

static feature_value dwell_expected(const world *w, uint32_t account, size_t n) {
    const activity *a = &w->list[n].a;
    int64_t covered = 0;
    if (a->time_ms - 30 * DAY < kept_from(w, false) || a->amount_fen == 0) {
        return missing;
    }
    size_t at = n;
    while (covered < a->amount_fen) {
        at = previous_of(w, account, true, at);
        if (at == SIGNALS_MAX || !inside(w, at, a->time_ms, 30 * DAY)) {
            return missing;
        }
        covered += w->list[at].a.received_fen;
    }
    return whole(a->time_ms - w->list[at].a.time_ms);
}

static feature_value test_expected(const world *w, uint32_t account, bool in, size_t n) {
    const activity *a = &w->list[n].a;
    if (fen_of(a, in) < 500000 || a->time_ms - HOUR < kept_from(w, false)) {
        return missing;
    }
    int64_t newest = NEVER;
    for (size_t i = 0; i < w->count; i++) {
        const activity *b = &w->list[i].a;
        if (b->kind == SLUICE_SIGNAL_TRANSFER && is_side(b, account, in) && inside(w, i, a->time_ms, HOUR) &&
            fen_of(b, in) >= 10000 && fen_of(b, in) <= 50000 && b->time_ms > newest) {
            newest = b->time_ms;
        }
    }
    return newest == NEVER ? missing : whole(a->time_ms - newest);
}

static feature_value fact_expected(const world *w, const want *q, uint32_t account, int64_t time_ms) {
    int64_t opened = INT64_MAX, typed = NEVER, status = NEVER;
    bool blocked = false;
    sluice_text type = {0};
    uint32_t holder_of[KEYS];
    holders_expected(w, holder_of);
    for (size_t i = 0; i < w->count; i++) {
        const activity *a = &w->list[i].a;
        if (is_movement(a) || a->kind == SLUICE_SIGNAL_LOGIN) {
            continue;
        }
        if (a->from != account) {
            continue;
        }
        if (a->event == SLUICE_EVENT_SEEN) {
            opened = a->time_ms < opened ? a->time_ms : opened;
            if (a->time_ms >= typed) {
                type = a->type.length > 0 ? a->type : type;
                typed = a->time_ms;
            }
        } else if (a->time_ms >= status) {
            status = a->time_ms;
            blocked = a->event == SLUICE_EVENT_BLOCKED;
        }
    }
    if (named(q, "type")) {
        return type.length == 0 ? missing : words(type);
    }
    if (named(q, "age")) {
        return opened > time_ms ? missing : whole(time_ms - opened);
    }
    if (named(q, "is_blocked")) {
        return whole(blocked);
    }
    int64_t same = 0;
    for (uint32_t k = 0; k < KEYS; k++) {
        same += holder_of[k] == holder_of[account];
    }
    return holder_of[account] == KEY_NONE ? missing : whole(same);
}

static feature_value login_expected(const world *w, const want *q, uint32_t account, int64_t time_ms) {
    bool device_seen[KEYS] = {false}, ip_seen[IPS] = {false};
    int64_t logins = 0, devices = 0, ips = 0;
    if (time_ms - q->window_ms < kept_from(w, true)) {
        return missing;
    }
    for (size_t i = 0; i < w->count; i++) {
        const activity *a = &w->list[i].a;
        if (a->kind != SLUICE_SIGNAL_LOGIN || a->from != account || !inside(w, i, time_ms, q->window_ms)) {
            continue;
        }
        logins++;
        if (a->to != KEY_NONE) {
            devices += !device_seen[a->to];
            device_seen[a->to] = true;
        }
        if (w->list[i].ip != KEY_NONE) {
            ips += !ip_seen[w->list[i].ip];
            ip_seen[w->list[i].ip] = true;
        }
    }
    return whole(named(q, "logins") ? logins : named(q, "devices") ? devices : ips);
}

static bool starts(const want *q, const char *prefix) {
    return strncmp(q->feature, prefix, strlen(prefix)) == 0;
}

static feature_value window_expected(const world *w, const want *q, uint32_t account, int64_t time_ms) {
    if (named(q, "logins") || named(q, "devices") || named(q, "ips")) {
        return login_expected(w, q, account, time_ms);
    }
    bool rebates = starts(q, "rebate");
    if (time_ms - q->window_ms - (rebates ? DAY : 0) < kept_from(w, false)) {
        return missing;
    }
    tally in = tally_of(w, account, true, time_ms, q->window_ms, rebates);
    tally out = tally_of(w, account, false, time_ms, q->window_ms, false);
    if (named(q, "pass_through")) {
        return share(in.sum < out.sum ? in.sum : out.sum, in.sum < out.sum ? out.sum : in.sum);
    }
    if (named(q, "new_payees")) {
        return whole(out.fresh);
    }
    if (named(q, "new_payers")) {
        return whole(in.fresh);
    }
    if (rebates) {
        return whole(named(q, "rebates") ? in.rebates : in.rebate_sum);
    }
    if (starts(q, "cash")) {
        return whole(named(q, "cash_count") ? out.cash : out.cash_sum);
    }
    if (starts(q, "small")) {
        return whole(named(q, "small_in") ? in.small : out.small);
    }
    const tally *t = starts(q, "in_") ? &in : &out;
    const char *what = strchr(q->feature, '_');
    if (strcmp(what, "_count") == 0) {
        return whole(t->count);
    }
    if (strcmp(what, "_sum") == 0) {
        return whole(t->sum);
    }
    if (strcmp(what, "_min") == 0) {
        return t->count == 0 ? missing : whole(t->min);
    }
    if (strcmp(what, "_max") == 0) {
        return t->count == 0 ? missing : whole(t->max);
    }
    if (strcmp(what, "_mean") == 0) {
        return share(t->sum, t->count);
    }
    if (strcmp(what, "_distinct") == 0) {
        return whole(t->distinct);
    }
    return share(strcmp(what, "_night_share") == 0 ? t->night : t->round, t->count);
}

static feature_value account_expected(const world *w, const want *q, size_t n) {
    bool payer = strcmp(q->subject, "payer") == 0;
    const activity *now = &w->list[n].a;
    uint32_t account = payer ? now->from : now->to;
    if (account == KEY_NONE) {
        return missing;
    }
    if (q->window_ms != 0) {
        return window_expected(w, q, account, now->time_ms);
    }
    if (named(q, "key")) {
        return words(text_of(w->key_texts[account]));
    }
    if (named(q, "kind")) {
        return words(
            (sluice_text){w->key_texts[account], (size_t)(strchr(w->key_texts[account], ':') - w->key_texts[account])});
    }
    if (named(q, "type") || named(q, "age") || named(q, "is_blocked") || named(q, "holder_accounts")) {
        return fact_expected(w, q, account, now->time_ms);
    }
    if (named(q, "balance")) {
        return whole(w->balance[account]);
    }
    if (starts(q, "idle")) {
        return idle_expected(w, account, !named(q, "idle_out"), !named(q, "idle_in"), n);
    }
    if (named(q, "woke_after")) {
        return woke_expected(w, account, n);
    }
    if (named(q, "escalation")) {
        return escalation_expected(w, account, n);
    }
    if (named(q, "dwell")) {
        return dwell_expected(w, account, n);
    }
    if (named(q, "test_then_large")) {
        return test_expected(w, account, !payer, n);
    }
    int64_t count = 0, sum = 0, first = INT64_MAX;
    for (size_t i = 0; i < w->count; i++) {
        const activity *a = &w->list[i].a;
        if (named(q, "known_age") ? is_in(a, account) || is_out(a, account) : is_side(a, account, starts(q, "in_"))) {
            count++;
            sum += fen_of(a, starts(q, "in_"));
            first = a->time_ms < first ? a->time_ms : first;
        }
    }
    if (named(q, "known_age")) {
        return first > now->time_ms ? missing : whole(now->time_ms - first);
    }
    return whole(strstr(q->feature, "_count") != NULL ? count : sum);
}

static feature_value pair_expected(const world *w, const want *q, size_t n) {
    const activity *now = &w->list[n].a;
    int64_t count = 0, reverse = 0, first = INT64_MAX, then = NEVER, newest_other = NEVER;
    tally t = {.min = INT64_MAX, .max = INT64_MIN};
    if (now->to == KEY_NONE || (q->window_ms != 0 && now->time_ms - q->window_ms < kept_from(w, false))) {
        return missing;
    }
    for (size_t i = 0; i < w->count; i++) {
        const activity *a = &w->list[i].a;
        reverse += is_movement(a) && a->from == now->to && a->to == now->from;
        if (!is_movement(a) || a->from != now->from || a->to != now->to) {
            continue;
        }
        count++;
        first = a->time_ms < first ? a->time_ms : first;
        newest_other = i != n && a->time_ms > newest_other ? a->time_ms : newest_other;
        then = before(w, i, n) && a->time_ms > then ? a->time_ms : then;
        if (inside(w, i, now->time_ms, q->window_ms)) {
            t.count++;
            t.sum += a->amount_fen;
            t.min = a->amount_fen < t.min ? a->amount_fen : t.min;
            t.max = a->amount_fen > t.max ? a->amount_fen : t.max;
        }
    }
    if (named(q, "age")) {
        return whole(now->time_ms - first);
    }
    if (named(q, "idle")) {
        bool in_order = newest_other <= now->time_ms;
        return then == NEVER || (!in_order && then <= kept_from(w, false)) ? missing : whole(now->time_ms - then);
    }
    if (named(q, "is_new")) {
        return whole(first_of_pair(w, n));
    }
    if (named(q, "reverse_count")) {
        return whole(reverse);
    }
    if (named(q, "count")) {
        return whole(q->window_ms == 0 ? count : t.count);
    }
    if (named(q, "sum")) {
        return whole(t.sum);
    }
    return named(q, "mean") ? share(t.sum, t.count) : whole(named(q, "min") ? t.min : t.max);
}

static feature_value place_expected(const world *w, const want *q, size_t n) {
    bool device = strcmp(q->subject, "device") == 0, by_login = named(q, "logins") || named(q, "accounts");
    const noted *now = &w->list[n];
    uint32_t place = device ? now->device : now->ip;
    if (place == KEY_NONE) {
        return missing;
    }
    if (named(q, "key")) {
        static char ip[24];
        (void)snprintf(ip, sizeof ip, "ip:100.64.0.%u", place);
        return words(text_of(device ? w->key_texts[place] : ip));
    }
    if (now->a.time_ms - q->window_ms < kept_from(w, by_login)) {
        return missing;
    }
    int64_t count = 0, sum = 0, accounts = 0;
    bool seen[KEYS] = {false};
    for (size_t i = 0; i < w->count; i++) {
        const noted *other = &w->list[i];
        bool same = device ? (by_login ? other->a.to : other->device) == place : other->ip == place;
        if ((by_login ? other->a.kind == SLUICE_SIGNAL_LOGIN : is_movement(&other->a)) && same &&
            inside(w, i, now->a.time_ms, q->window_ms)) {
            count++;
            sum += other->a.amount_fen;
            accounts += !seen[other->a.from];
            seen[other->a.from] = true;
        }
    }
    return whole(named(q, "accounts") ? accounts : named(q, "out_sum") ? sum : count);
}

/* The device or IP of the payer's newest login. */
static uint32_t place_of(const world *w, size_t n, bool device) {
    const activity *now = &w->list[n].a;
    size_t best = SIGNALS_MAX;
    if (now->time_ms - DAY < kept_from(w, true)) {
        return KEY_NONE;
    }
    for (size_t i = 0; i < n; i++) {
        const noted *l = &w->list[i];
        if (l->a.kind == SLUICE_SIGNAL_LOGIN && l->a.from == now->from && inside(w, i, now->time_ms, DAY) &&
            (device ? l->a.to : l->ip) != KEY_NONE && (best == SIGNALS_MAX || before(w, best, i))) {
            best = i;
        }
    }
    return best == SIGNALS_MAX ? KEY_NONE : device ? w->list[best].a.to : w->list[best].ip;
}

static void balance_note(world *w, uint32_t account, int64_t fen, bool is_stated, int64_t stated_fen) {
    bool later = false;
    int64_t now_ms = w->list[w->count - 1].a.time_ms;
    for (size_t i = 0; i < w->count; i++) {
        const activity *a = &w->list[i].a;
        later |= (is_in(a, account) || is_out(a, account)) && a->time_ms > now_ms;
    }
    if (is_stated && !later) {
        w->balance[account] = stated_fen;
        w->stated[account] = true;
    } else {
        w->balance[account] += fen;
        if (w->balance[account] < 0 && !w->stated[account]) {
            w->balance[account] = 0;
        }
    }
}

/* The oracle takes a signal in. */
static void note(world *w, const activity *a, uint32_t ip) {
    noted *n = &w->list[w->count++];
    *n = (noted){*a, KEY_NONE, ip};
    if (is_movement(a)) {
        n->device = place_of(w, w->count - 1, true);
        n->ip = place_of(w, w->count - 1, false);
        bool arrives = a->kind == SLUICE_SIGNAL_TRANSFER, self = arrives && a->from == a->to;
        balance_note(w, a->from, self ? 0 : -a->amount_fen, a->has_from_balance, a->from_balance_fen);
        if (arrives) {
            balance_note(w, a->to, self ? 0 : a->received_fen, a->has_to_balance, a->to_balance_fen);
        }
    }
}

static feature_value expected(const world *w, const want *q, size_t n) {
    if (strcmp(q->subject, "transfer") == 0) {
        return transfer_expected(w, q, n);
    }
    if (strcmp(q->subject, "pair") == 0) {
        return pair_expected(w, q, n);
    }
    if (q->subject[0] == 'p') {
        return account_expected(w, q, n);
    }
    return place_expected(w, q, n);
}

/* Names */

static const char *const transfer_names[] = {"amount",   "received",      "time",    "hour",   "weekday",  "is_night",
                                             "is_round", "is_withdrawal", "is_self", "is_own", "currency", "new_payee"};
static const char *const account_names[] = {
    "key",      "kind",      "type",    "age",        "is_blocked", "holder_accounts",
    "in_count", "out_count", "in_sum",  "out_sum",    "known_age",  "idle",
    "idle_in",  "idle_out",  "balance", "woke_after", "escalation", "test_then_large"};
static const char *const account_windows[] = {
    "in_count",        "in_sum",          "in_min",       "in_max",   "in_mean",    "in_distinct", "in_night_share",
    "in_round_share",  "out_count",       "out_sum",      "out_min",  "out_max",    "out_mean",    "out_distinct",
    "out_night_share", "out_round_share", "pass_through", "rebates",  "rebate_sum", "new_payees",  "new_payers",
    "small_in",        "small_out",       "cash_count",   "cash_sum", "logins",     "devices",     "ips"};
static const char *const pair_names[] = {"count", "age", "idle", "is_new", "reverse_count"};
static const char *const pair_windows[] = {"count", "sum", "min", "max", "mean"};
static const char *const place_names[] = {"key"};
static const char *const place_windows[] = {"logins", "accounts", "out_count", "out_sum"};
static const struct {
    const char *text;
    int64_t ms;
} windows[] = {{"10m", 10 * MINUTE}, {"1h", HOUR},      {"90m", 90 * MINUTE}, {"36h", 36 * HOUR}, {"24h", DAY},
               {"7d", 7 * DAY},      {"30d", 30 * DAY}, {"1ms", 1},           {"45d", 45 * DAY},  {"3h", 3 * HOUR}};
#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const struct {
    const char *subject;
    const char *const *names;
    size_t count;
    bool windowed;
} groups[] = {{"transfer", transfer_names, LENGTH(transfer_names), false},
              {"payer", account_names, LENGTH(account_names), false},
              {"payee", account_names, LENGTH(account_names), false},
              {"payer", account_windows, LENGTH(account_windows), true},
              {"payee", account_windows, LENGTH(account_windows), true},
              {"pair", pair_names, LENGTH(pair_names), false},
              {"pair", pair_windows, LENGTH(pair_windows), true},
              {"device", place_names, LENGTH(place_names), false},
              {"ip", place_names, LENGTH(place_names), false},
              {"device", place_windows, LENGTH(place_windows), true},
              {"ip", place_windows, LENGTH(place_windows), true}};

typedef struct wants {
    want list[SLOTS_MAX];
    size_t count;
} wants;

static void want_add(wants *ws, const char *subject, const char *feature, int64_t window_ms) {
    want *q = &ws->list[ws->count++];
    *q = (want){.window_ms = window_ms};
    (void)snprintf(q->subject, sizeof q->subject, "%s", subject);
    (void)snprintf(q->feature, sizeof q->feature, "%s", feature);
}

/* A random plan: some features, each with some windows, in random order. */
static feature_plan *plan_make(random_stream *random, wants *ws, world *w) {
    static const char *text_of_window[SLOTS_MAX];
    feature_plan *plan = feature_plan_new();
    assert_non_null(plan);
    ws->count = 0;
    size_t window_first = random_below(random, LENGTH(windows)), window_count = 1 + random_below(random, 4);
    uint32_t chance = 1 + (uint32_t)random_below(random, 8);
    for (size_t g = 0; g < LENGTH(groups); g++) {
        for (size_t i = 0; i < groups[g].count; i++) {
            for (size_t k = 0; k < (groups[g].windowed ? window_count : 1); k++) {
                if (random_chance(random, chance, 8)) {
                    size_t at = (window_first + k) % LENGTH(windows);
                    text_of_window[ws->count] = windows[at].text;
                    want_add(ws, groups[g].subject, groups[g].names[i], groups[g].windowed ? windows[at].ms : 0);
                }
            }
        }
    }
    text_of_window[ws->count] = "";
    want_add(ws, "payer", "dwell", 0);
    int64_t money_ms = w->horizon_ms, login_ms = DAY;
    bool rebates = false;
    int64_t longest_money = 0;
    for (size_t i = ws->count; i-- > 0;) {
        size_t j = random_below(random, i + 1);
        want q = ws->list[i];
        ws->list[i] = ws->list[j];
        ws->list[j] = q;
        const char *t = text_of_window[i];
        text_of_window[i] = text_of_window[j];
        text_of_window[j] = t;
    }
    for (size_t i = 0; i < ws->count; i++) {
        const want *q = &ws->list[i];
        char name[64];
        (void)snprintf(name, sizeof name, q->window_ms != 0 ? "%s.%s_%s" : "%s.%s%.0s", q->subject, q->feature,
                       text_of_window[i]);
        uint32_t slot;
        const char *reason;
        assert_true(feature_plan_add(plan, text_of(name), &slot, &reason));
        assert_int_equal(slot, i);
        bool place = q->subject[0] == 'd' || q->subject[0] == 'i';
        bool login = named(q, "logins") || named(q, "devices") || named(q, "ips") || named(q, "accounts");
        if (login) {
            login_ms = q->window_ms > login_ms ? q->window_ms : login_ms;
        } else if (place || strcmp(q->subject, "pair") == 0) {
            money_ms = q->window_ms > money_ms ? q->window_ms : money_ms;
        } else {
            longest_money = q->window_ms > longest_money ? q->window_ms : longest_money;
        }
        longest_money = named(q, "test_then_large") && HOUR > longest_money ? HOUR : longest_money;
        rebates |= starts(q, "rebate");
        int64_t reach = named(q, "escalation") || named(q, "dwell") ? 30 * DAY : named(q, "woke_after") ? 7 * DAY : 0;
        money_ms = reach > money_ms ? reach : money_ms;
    }
    longest_money += rebates ? DAY : 0;
    w->money_keep_ms = (longest_money > money_ms ? longest_money : money_ms) + DAY;
    w->login_keep_ms = login_ms + DAY;
    return plan;
}

/* Streams */

static void names_make(world *w) {
    epoch_init(&w->names_epoch);
    assert_true(keys_init(&w->names, &w->names_epoch));
    for (uint32_t k = 0; k < KEYS; k++) {
        const char *kind = k < ACCOUNTS                       ? "card"
                           : k < ACCOUNTS + DEVICES           ? "device"
                           : k < ACCOUNTS + DEVICES + HOLDERS ? "person"
                                                              : "atm";
        (void)snprintf(w->key_texts[k], sizeof w->key_texts[k], "%s:%u", kind, k);
        sluice_text text = text_of(w->key_texts[k]);
        uint32_t number;
        assert_int_equal(keys_add(&w->names, text, hash64(text.data, text.length), &number), KEYS_ADDED);
        assert_int_equal(number, k);
    }
}

typedef struct habits {
    int64_t step_ms, time_ms;
    uint32_t accounts, late, logins;
} habits;

static int64_t some_amount(random_stream *random) {
    static const int64_t amounts[] = {0, 9999, 10000, 20000, 30000, 50000, 50001, 123456, 500000, 750000, 1000000};
    return random_chance(random, 1, 2) ? amounts[random_below(random, LENGTH(amounts))]
                                       : random_between(random, 0, 1000000);
}

static int64_t some_time(random_stream *random, habits *h) {
    h->time_ms += random_chance(random, 1, 3) ? 0 : random_between(random, 0, h->step_ms);
    h->time_ms += random_chance(random, 1, 150) ? random_between(random, 20, 60) * DAY : 0;
    if (random_chance(random, h->late, 32)) {
        int64_t late_ms = random_chance(random, 1, 4) ? 40 * DAY : random_chance(random, 1, 2) ? 2 * DAY : 2 * HOUR;
        return h->time_ms - random_between(random, 0, late_ms) / MINUTE * MINUTE;
    }
    return h->time_ms + (random_chance(random, 1, 200) ? random_between(random, 0, 90) * DAY : 0);
}

static activity some_signal(random_stream *random, habits *h, uint64_t sequence, uint32_t *movements, uint32_t *ip_out,
                            char ip_text[24]) {
    static const char *const types[] = {"", "debit card", "wallet", "phone"};
    activity a = {.sequence = sequence, .time_ms = some_time(random, h), .movement = UINT32_MAX, .to = KEY_NONE};
    a.from = (uint32_t)random_below(random, h->accounts);
    *ip_out = KEY_NONE;
    uint64_t kind = random_below(random, 20);
    if (kind < h->logins) {
        a.kind = SLUICE_SIGNAL_LOGIN;
        a.to = random_chance(random, 1, 6) ? KEY_NONE : ACCOUNTS + (uint32_t)random_below(random, DEVICES);
        a.place = TEXT("Nanning");
        if (random_chance(random, 4, 5)) {
            *ip_out = (uint32_t)random_below(random, IPS);
            (void)snprintf(ip_text, 24, "ip:100.64.0.%u", *ip_out);
            a.place = text_of(ip_text);
        }
    } else if (kind == 19) {
        a.kind = SLUICE_SIGNAL_ACCOUNT;
        a.event = (uint8_t)(SLUICE_EVENT_SEEN + random_below(random, 3));
        a.type = text_of(types[random_below(random, LENGTH(types))]);
        a.to = random_chance(random, 1, 3) ? KEY_NONE : ACCOUNTS + DEVICES + (uint32_t)random_below(random, HOLDERS);
    } else {
        a.kind = SLUICE_SIGNAL_TRANSFER;
        a.movement = (*movements)++;
        a.to = (uint32_t)random_below(random, h->accounts);
        a.amount_fen = a.received_fen = some_amount(random);
        a.received_fen += random_chance(random, 1, 20) ? 77 : 0;
        a.currency = random_chance(random, 1, 9) ? sluice_currency_pack(TEXT("USD")) : 0;
        a.has_from_balance = random_chance(random, 1, 20);
        a.has_to_balance = random_chance(random, 1, 20);
        a.from_balance_fen = random_between(random, 0, 5000000);
        a.to_balance_fen = random_between(random, 0, 5000000);
        if (random_chance(random, 1, 9)) {
            a.kind = SLUICE_SIGNAL_WITHDRAWAL;
            a.to = random_chance(random, 1, 2)   ? KEY_NONE
                   : random_chance(random, 1, 4) ? a.to
                                                 : KEYS - 1 - (uint32_t)random_below(random, PLACES);
        }
    }
    return a;
}

static uint64_t bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void assert_same(const world *w, const wants *ws, const feature_plan *plan, size_t slot, feature_value got,
                        uint64_t stream) {
    feature_value should = expected(w, &ws->list[slot], w->count - 1);
    bool same = got.is_missing == should.is_missing;
    if (same && !got.is_missing) {
        switch (feature_plan_type(plan, (uint32_t)slot)) {
        case FEATURE_DOUBLE:
            same = bits_of(got.d) == bits_of(should.d);
            break;
        case FEATURE_TEXT:
            same = text_equal((sluice_text){got.text, got.length}, (sluice_text){should.text, should.length});
            break;
        default:
            same = got.i == should.i;
            break;
        }
    }
    if (!same) {
        sluice_text name = feature_plan_name(plan, (uint32_t)slot);
        print_message("stream %llu, signal %zu: %.*s is %s%lld, expected %s%lld\n", (unsigned long long)stream,
                      w->count - 1, TEXT_ARGS(name), got.is_missing ? "missing " : "", (long long)got.i,
                      should.is_missing ? "missing " : "", (long long)should.i);
        if (getenv("SHOW_STREAM") != NULL) {
            for (size_t i = 0; i < w->count; i++) {
                const activity *a = &w->list[i].a;
                print_message("%zu kind %d event %d t %lld from %d to %d fen %lld in %lld stated %d %lld %d %lld\n", i,
                              a->kind, a->event, (long long)(a->time_ms - T0), (int)a->from, (int)a->to,
                              (long long)a->amount_fen, (long long)a->received_fen, a->has_from_balance,
                              (long long)a->from_balance_fen, a->has_to_balance, (long long)a->to_balance_fen);
            }
        }
        fail();
    }
}

static void run_stream(uint64_t stream) {
    static world w;
    static wants ws;
    static feature_value values[SLOTS_MAX];
    random_stream random;
    random_seed(&random, seed + stream * UINT64_C(0x9E3779B97F4A7C15));
    memset(&w, 0, sizeof w);
    names_make(&w);
    w.horizon_ms = random_chance(&random, 1, 2) ? 0 : random_between(&random, 0, 50 * DAY);
    feature_plan *plan = plan_make(&random, &ws, &w);
    feature_state *state = feature_state_new(plan, &w.names, w.horizon_ms);
    assert_non_null(state);
    habits h = {.step_ms = MINUTE << random_below(&random, 11),
                .time_ms = T0,
                .accounts = 1 + (uint32_t)random_below(&random, ACCOUNTS),
                .late = random_chance(&random, 1, 2) ? 0 : (uint32_t)random_below(&random, 16),
                .logins = (uint32_t)random_below(&random, 10)};
    size_t signals = random_below(&random, random_chance(&random, 1, 8) ? SIGNALS_MAX : 200);
    size_t checked = 1 + random_below(&random, 16); /* every nth is compared, so that some windows move far at once */
    bool prefetches = random_chance(&random, 1, 2);
    uint32_t movements = 0, ip;
    for (size_t i = 0; i < signals; i++) {
        char ip_text[24];
        activity a = some_signal(&random, &h, i + 1, &movements, &ip, ip_text);
        for (int step = 0; prefetches && step < 3; step++) {
            feature_prefetch(state, &a, step);
        }
        bool reads = random_below(&random, checked) == 0 || getenv("SHOW_STREAM") != NULL;
        assert_true(feature_step(state, &a, reads ? values : NULL));
        static const char *const types[] = {"", "debit card", "wallet", "phone"};
        (void)types;
        note(&w, &a, ip);
        for (size_t slot = 0; reads && is_movement(&a) && slot < ws.count; slot++) {
            assert_same(&w, &ws, plan, slot, values[slot], stream);
        }
    }
    feature_state_free(&state);
    feature_plan_free(&plan);
    keys_fini(&w.names);
}

static void test_streams(void **state) {
    (void)state;
    for (uint64_t stream = 0; stream < streams; stream++) {
        run_stream(stream);
    }
}

int main(int argc, char **argv) {
    seed = tool_seed(argc, argv);
    streams = tool_count(argc, argv, 400);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_streams)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
