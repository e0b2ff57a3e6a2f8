/* For every transfer in time order (ties by place in the log): the payer's money goes out by the method, the payee's
 * comes in. Money is kept as lots (owner, amount); owner 0 is clean, 1 … are the victims. PRORATA keeps a sum for each
 * owner, BOUNDS an interval, POISON a flag. */
#include "support/oracle.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 int128;

#define OWNERS_MAX 9

typedef struct lot {
    uint32_t owner;
    int64_t amount;
} lot;

typedef struct holding {
    lot *lots;
    size_t count, capacity;
    int64_t shares[OWNERS_MAX]; /* PRORATA: by owner, 0 unused; BOUNDS: [1] possible, [2] certain; POISON: [1] flag */
    int64_t balance;
    int64_t arrived_ms;
} holding;

typedef struct replay {
    const oracle_transfer *transfers;
    size_t *order;
    size_t count, accounts, victims;
    holding *holdings;
    sluice_method method;
    const oracle_limits *limits;
    oracle_answer *answers;
    int64_t total; /* BOUNDS */
} replay;

static void add_lot(holding *h, uint32_t owner, int64_t amount) {
    if (amount == 0) {
        return;
    }
    if (h->count > 0 &&
        h->lots[h->count - 1].owner == owner) { /* beside each other, in whichever order: they are one */
        h->lots[h->count - 1].amount += amount;
        return;
    }
    if (h->count == h->capacity) {
        h->capacity = h->capacity == 0 ? 8 : h->capacity * 2;
        h->lots = realloc(h->lots, h->capacity * sizeof *h->lots);
    }
    h->lots[h->count++] = (lot){owner, amount};
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}
static int64_t most(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* Stable: equal times stay in log order. */
static size_t *time_order(const oracle_transfer *transfers, size_t count) {
    size_t *order = malloc((count + 1) * sizeof *order);
    size_t *other = malloc((count + 1) * sizeof *other);
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    for (size_t width = 1; width < count; width *= 2) { /* merge sort, which is stable */
        for (size_t from = 0; from < count; from += 2 * width) {
            size_t a = from, middle = from + width < count ? from + width : count;
            size_t b = middle, end = from + 2 * width < count ? from + 2 * width : count;
            for (size_t to = from; to < end; to++) {
                bool left = b == end || (a < middle && transfers[order[a]].time_ms <= transfers[order[b]].time_ms);
                other[to] = left ? order[a++] : order[b++];
            }
        }
        size_t *swap = order;
        order = other;
        other = swap;
    }
    free(other);
    return order;
}

/* The smallest openings with which no balance is ever negative. */
static void find_openings(replay *r) {
    int64_t *sums = calloc(r->accounts, sizeof *sums);
    int64_t *lows = calloc(r->accounts, sizeof *lows);
    for (size_t i = 0; i < r->count; i++) {
        const oracle_transfer *t = &r->transfers[r->order[i]];
        if (t->from == t->to && !t->withdrawal) {
            continue;
        }
        sums[t->from] -= t->amount_fen;
        lows[t->from] = least(lows[t->from], sums[t->from]);
        if (!t->withdrawal) {
            sums[t->to] += t->amount_fen;
        }
    }
    for (size_t a = 0; a < r->accounts; a++) {
        for (size_t v = 0; v < r->victims; v++) {
            r->answers[v].accounts[a].opening_fen = -lows[a];
            r->answers[v].accounts[a].balance_fen = sums[a] - lows[a];
        }
        r->holdings[a].balance = -lows[a];
        add_lot(&r->holdings[a], 0, -lows[a]);
    }
    free(sums);
    free(lows);
}

/* What a debit takes, as lots in the order taken. `out` has room for all lots of the holding and one more. */
static size_t take(replay *r, holding *h, int64_t amount, lot *out) {
    size_t n = 0;
    int64_t before = h->balance;
    h->balance -= amount;
    if (r->method == SLUICE_METHOD_FIFO || r->method == SLUICE_METHOD_LIFO) {
        while (amount > 0) {
            size_t at = r->method == SLUICE_METHOD_FIFO ? 0 : h->count - 1;
            int64_t part = least(h->lots[at].amount, amount);
            out[n++] = (lot){h->lots[at].owner, part};
            amount -= part;
            h->lots[at].amount -= part;
            if (h->lots[at].amount == 0) {
                memmove(h->lots + at, h->lots + at + 1, (h->count - at - 1) * sizeof *h->lots);
                h->count--;
            }
        }
        return n;
    }
    int64_t tainted = 0;
    for (size_t v = 1; v <= r->victims; v++) {
        tainted += h->shares[v];
    }
    int64_t leaving = amount == before ? tainted : (int64_t)((int128)amount * tainted / before);
    int64_t given = 0;
    int64_t parts[OWNERS_MAX] = {0};
    bool raised[OWNERS_MAX] = {false};
    for (size_t v = 1; v <= r->victims && tainted > 0; v++) {
        parts[v] = (int64_t)((int128)leaving * h->shares[v] / tainted);
        given += parts[v];
    }
    while (given < leaving) {
        size_t best = 0;
        for (size_t v = 1; v <= r->victims; v++) {
            int128 mine = (int128)leaving * h->shares[v] % tainted;
            int128 top = best == 0 ? -1 : (int128)leaving * h->shares[best] % tainted;
            if (!raised[v] && mine > top) {
                best = v;
            }
        }
        raised[best] = true;
        parts[best]++;
        given++;
    }
    for (size_t v = 1; v <= r->victims; v++) {
        h->shares[v] -= parts[v];
        out[n++] = (lot){(uint32_t)v, parts[v]};
    }
    return n;
}

static void reach(oracle_account *account, uint32_t layer) {
    account->layer = account->reached ? (layer < account->layer ? layer : account->layer) : layer;
    account->reached = true;
}

static bool is_cut(const replay *r, const holding *h, const oracle_account *from, int64_t time_ms, int64_t tainted) {
    const oracle_limits *l = r->limits;
    return l != NULL && ((l->within_ms > 0 && time_ms - h->arrived_ms > l->within_ms) ||
                         (l->depth_max > 0 && from->layer >= l->depth_max) || tainted < l->amount_min_fen);
}

/* One transfer by FIFO, LIFO or PRORATA, with the starts that it is. */
static void replay_lots(replay *r, size_t place, const size_t *starts, const int64_t *amounts) {
    const oracle_transfer *t = &r->transfers[place];
    holding *from = &r->holdings[t->from];
    lot *out = malloc((from->count + OWNERS_MAX + 1) * sizeof *out);
    size_t n = take(r, from, t->amount_fen, out);
    int64_t tainted = 0;
    for (size_t i = 0; i < n; i++) {
        tainted += out[i].owner == 0 ? 0 : out[i].amount;
    }
    if (tainted > 0 && is_cut(r, from, &r->answers[0].accounts[t->from], t->time_ms, tainted)) {
        for (size_t i = 0; i < n; i++) {
            if (out[i].owner != 0) {
                r->answers[out[i].owner - 1].accounts[t->from].cut_fen += out[i].amount;
                out[i].owner = 0;
            }
        }
    }
    /* A start claims the clean part, oldest first. */
    for (size_t v = 0; v < r->victims; v++) {
        if (starts[v] != place) {
            continue;
        }
        oracle_account *payer = &r->answers[v].accounts[t->from];
        for (size_t w = 0; w < r->victims; w++) {
            reach(&r->answers[w].accounts[t->from], 0);
        }
        payer->in_fen += amounts[v];
        int64_t left = amounts[v];
        lot *claimed = malloc((2 * n + 2) * sizeof *claimed);
        size_t m = 0;
        if (r->method == SLUICE_METHOD_PRORATA) {
            int64_t others = 0;
            for (size_t i = 0; i < n; i++) {
                others += out[i].owner == 0 ? 0 : out[i].amount;
                claimed[m++] = out[i];
            }
            int64_t part = least(left, t->amount_fen - others);
            claimed[m++] = (lot){(uint32_t)v + 1, part};
            left -= part;
        } else {
            for (size_t i = 0; i < n; i++) {
                int64_t part = out[i].owner == 0 ? least(left, out[i].amount) : 0;
                left -= part;
                claimed[m++] = (lot){(uint32_t)v + 1, part};
                claimed[m++] = (lot){out[i].owner, out[i].amount - part};
            }
        }
        payer->cut_fen += left;
        free(out);
        out = claimed;
        n = m;
    }
    tainted = 0;
    for (size_t i = 0; i < n; i++) {
        if (out[i].owner != 0 && out[i].amount > 0) {
            oracle_answer *answer = &r->answers[out[i].owner - 1];
            answer->accounts[t->from].out_fen += out[i].amount;
            answer->sinks_fen += t->withdrawal ? out[i].amount : 0;
            if (!t->withdrawal) {
                answer->accounts[t->to].in_fen += out[i].amount;
            }
            tainted += out[i].amount;
        }
    }
    if (!t->withdrawal) {
        holding *to = &r->holdings[t->to];
        to->balance += t->amount_fen;
        for (size_t i = 0; i < n; i++) {
            if (r->method == SLUICE_METHOD_PRORATA) {
                to->shares[out[i].owner] += out[i].owner == 0 ? 0 : out[i].amount;
            } else {
                add_lot(to, out[i].owner, out[i].amount);
            }
        }
        if (tainted > 0) {
            to->arrived_ms = t->time_ms;
            for (size_t v = 0; v < r->victims; v++) {
                reach(&r->answers[v].accounts[t->to], r->answers[v].accounts[t->from].layer + 1);
            }
        }
    }
    free(out);
}

static void replay_poison(replay *r, size_t place, size_t start, int64_t amount) {
    const oracle_transfer *t = &r->transfers[place];
    oracle_account *from = &r->answers->accounts[t->from];
    int64_t dirty = place == start ? amount : r->holdings[t->from].shares[1] > 0 ? t->amount_fen : 0;
    if (place == start && r->holdings[t->from].shares[1] > 0) {
        dirty = t->amount_fen + amount;
    }
    if (place == start) {
        reach(from, 0);
        from->in_fen += amount;
    }
    if (dirty == 0) {
        return;
    }
    from->out_fen += dirty;
    if (t->withdrawal) {
        r->answers->sinks_fen += dirty;
        return;
    }
    oracle_account *to = &r->answers->accounts[t->to];
    reach(to, from->layer + 1);
    to->in_fen += dirty;
    r->holdings[t->to].shares[1] = 1;
}

static void replay_bounds(replay *r, size_t place, size_t start, int64_t amount) {
    const oracle_transfer *t = &r->transfers[place];
    holding *from = &r->holdings[t->from];
    oracle_account *payer = &r->answers->accounts[t->from];
    int64_t after = from->balance - t->amount_fen;
    int64_t possible = least(t->amount_fen, from->shares[1]);
    int64_t certain = most(0, from->shares[2] - after);
    from->shares[2] = most(0, from->shares[2] - t->amount_fen);
    from->shares[1] = least(from->shares[1], after);
    from->balance = after;
    if (place == start) {
        reach(payer, 0);
        payer->in_fen += amount;
        payer->in_certain_fen += amount;
        possible += amount;
        certain += amount;
    }
    payer->out_fen += possible;
    payer->out_certain_fen += certain;
    if (t->withdrawal) {
        r->answers->sinks_fen += possible;
        r->answers->sinks_certain_fen += certain;
        return;
    }
    holding *to = &r->holdings[t->to];
    to->balance += t->amount_fen;
    if (possible > 0) {
        oracle_account *payee = &r->answers->accounts[t->to];
        reach(payee, payer->layer + 1);
        payee->in_fen += possible;
        payee->in_certain_fen += certain;
        to->shares[1] = least(r->total, to->shares[1] + possible);
        to->shares[2] += certain;
    }
}

static void settle(replay *r) {
    for (size_t a = 0; a < r->accounts; a++) {
        holding *h = &r->holdings[a];
        for (size_t i = 0; i < h->count; i++) {
            if (h->lots[i].owner != 0) {
                r->answers[h->lots[i].owner - 1].accounts[a].held_fen += h->lots[i].amount;
            }
        }
        oracle_account *first = &r->answers[0].accounts[a];
        if (r->method == SLUICE_METHOD_PRORATA) {
            for (size_t v = 0; v < r->victims; v++) {
                r->answers[v].accounts[a].held_fen += h->shares[v + 1];
            }
        } else if (r->method == SLUICE_METHOD_POISON) {
            first->held_fen = h->shares[1] > 0 ? first->balance_fen : 0;
        } else if (r->method == SLUICE_METHOD_BOUNDS) {
            first->held_fen = h->shares[1];
            first->held_certain_fen = h->shares[2];
        }
    }
}

static void run(replay *r, const size_t *starts, const int64_t *amounts) {
    /* The same data is replayed thousands of times: it is sorted once. */
    static uint64_t ordered;
    static size_t *order;
    uint64_t times = r->count;
    for (size_t i = 0; i < r->count; i++) {
        times = (times ^ (uint64_t)r->transfers[i].time_ms) * UINT64_C(0x100000001B3) + i;
    }
    if (order == NULL || ordered != times) {
        free(order);
        order = time_order(r->transfers, r->count);
        ordered = times;
    }
    r->order = order;
    r->holdings = calloc(r->accounts, sizeof *r->holdings);
    for (size_t v = 0; v < r->victims; v++) {
        r->answers[v] = (oracle_answer){.accounts = calloc(r->accounts, sizeof(oracle_account))};
    }
    find_openings(r);
    for (size_t i = 0; i < r->count; i++) {
        size_t place = r->order[i];
        if (r->transfers[place].from == r->transfers[place].to && !r->transfers[place].withdrawal) {
            continue;
        }
        if (r->method == SLUICE_METHOD_POISON) {
            replay_poison(r, place, starts[0], amounts[0]);
        } else if (r->method == SLUICE_METHOD_BOUNDS) {
            replay_bounds(r, place, starts[0], amounts[0]);
        } else {
            replay_lots(r, place, starts, amounts);
        }
    }
    settle(r);
    for (size_t a = 0; a < r->accounts; a++) {
        free(r->holdings[a].lots);
    }
    free(r->holdings);
}

void oracle_trace(const oracle_transfer *transfers, size_t transfer_count, size_t account_count, size_t start,
                  int64_t amount_fen, sluice_method method, const oracle_limits *limits, oracle_answer *answer_out) {
    replay r = {.transfers = transfers,
                .count = transfer_count,
                .accounts = account_count,
                .victims = 1,
                .method = method,
                .limits = limits,
                .answers = answer_out,
                .total = amount_fen};
    run(&r, &start, &amount_fen);
}

void oracle_trace_many(const oracle_transfer *transfers, size_t transfer_count, size_t account_count,
                       const size_t *starts, const int64_t *amounts_fen, size_t victim_count, sluice_method method,
                       oracle_answer *answers_out) {
    replay r = {.transfers = transfers,
                .count = transfer_count,
                .accounts = account_count,
                .victims = victim_count,
                .method = method,
                .answers = answers_out};
    run(&r, starts, amounts_fen);
}

void oracle_answer_fini(oracle_answer *answer) {
    free(answer->accounts);
    answer->accounts = NULL;
}
