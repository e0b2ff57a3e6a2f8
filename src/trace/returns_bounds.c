/* What must still be in the account, what can be, and the division of what cannot be told apart.
 *
 * A debit may have taken any of the money that was there. For one credit i of amount a (domain.md §4):
 *     lo = max(0, a − Σ debits after i)
 *     hi = min(a, lowest balance after a later debit), a when there is none
 * Both are exact, not only bounds: the debits may always take i's money first; and i's money may be kept back as long
 * as the others' suffices, which is what the balance after each debit says (Hall's condition, and the money present
 * only grows between debits, so the prefixes suffice). The brute-force oracle in the test enumerates them.
 *
 * One party's credits are judged together, because it does not matter which of them is left: two pools replay the
 * ledger, one from which debits take first (what remains is certain) and one from which they take last (possible):
 *     a credit a      lo ← lo + a                     hi ← hi + a
 *     debits Σd       lo ← max(0, lo − Σd)            hi ← min(hi, lowest balance after one of them)
 * For a single credit these are the formulas above; for several they are tighter than the sums of them (30 and 30 in,
 * 30 out: each alone may be gone, yet 30 of this party's money is certainly there).
 *
 * The lowest balance since an earlier credit is asked with the newest entry as the right end, so a stack of suffix
 * minima answers it by binary search: O(n log n) in all, 40 bytes an entry.
 *
 * A group is one credit of several parties (layer n + 1): bounds for it as a whole, then its parties' shares. */
#include "base/error.h"
#include "base/money.h"
#include "trace/returns_private.h"

/* A pool of money that debits take from first (lo) and last (hi), as of entry `at`. */
typedef struct pool {
    int64_t lo_fen, hi_fen;
    int64_t debits_fen; /* Σ debits until then */
    size_t at;
} pool;

/* Balances after debits that no later one is below: rising from the bottom of the stack to its top. */
typedef struct minima {
    size_t *places;
    int64_t *balances;
    size_t count;
} minima;

static void minima_push(minima *m, size_t place, int64_t balance_fen) {
    while (m->count > 0 && m->balances[m->count - 1] >= balance_fen) {
        m->count--;
    }
    m->places[m->count] = place;
    m->balances[m->count++] = balance_fen;
}

/* The lowest balance after a debit at or after `place`; INT64_MAX when there was none. */
static int64_t minima_since(const minima *m, size_t place) {
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->places[middle] < place) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < m->count ? m->balances[low] : INT64_MAX;
}

static void pool_advance(pool *p, const minima *m, int64_t debits_fen, size_t at) {
    int64_t taken = debits_fen - p->debits_fen;
    int64_t lowest = minima_since(m, p->at);
    p->lo_fen = p->lo_fen > taken ? p->lo_fen - taken : 0;
    p->hi_fen = p->hi_fen < lowest ? p->hi_fen : lowest;
    p->debits_fen = debits_fen;
    p->at = at;
}

/* Shares of what is left of a group's credit. When that is certain, they add up to it by largest remainder; else the
 * certain parts are rounded down and the possible ones up. (An empty credit is certain, so `amount` is not 0 else.) */
static sluice_result group_share(const sluice_return_entry *entries, const uint32_t *claimant_of,
                                 const uint32_t *unit_of, size_t first, size_t count, const pool *p,
                                 claimant *claimants, sluice_error *error) {
    size_t end = first;
    int64_t amount = 0;
    while (end < count && unit_of[end] == first) {
        amount += entries[end++].amount_fen;
    }
    size_t parts = end - first;
    int64_t *weights = memory_new(2 * parts * sizeof *weights);
    if (weights == NULL) {
        return error_no_memory(error, 2 * parts * sizeof *weights);
    }
    int64_t *left = weights + parts;
    for (size_t i = 0; i < parts; i++) {
        weights[i] = entries[first + i].amount_fen;
    }
    bool exact = p->lo_fen == p->hi_fen;
    if (exact && !money_split(p->lo_fen, weights, parts, left)) {
        memory_free(weights);
        return error_no_memory(error, 2 * parts * sizeof *weights);
    }
    for (size_t i = 0; i < parts; i++) {
        claimant *owner = &claimants[claimant_of[first + i]];
        owner->lo_fen += exact ? left[i] : money_mul_div(p->lo_fen, weights[i], amount);
        owner->hi_fen += exact ? left[i] : weights[i] - money_mul_div(amount - p->hi_fen, weights[i], amount);
    }
    memory_free(weights);
    return SLUICE_OK;
}

static sluice_result pools_finish(const sluice_return_entry *entries, const uint32_t *claimant_of,
                                  const uint32_t *unit_of, size_t count, pool *pools, const minima *m,
                                  int64_t debits_fen, claimant *claimants, size_t claimant_count, sluice_error *error) {
    for (size_t c = 0; c < claimant_count; c++) {
        pool_advance(&pools[c], m, debits_fen, count);
        claimants[c].lo_fen = pools[c].lo_fen;
        claimants[c].hi_fen = pools[c].hi_fen;
    }
    for (size_t i = 0; i < count; i++) {
        if (entries[i].is_debit || entries[i].group.length == 0 || unit_of[i] != i) {
            continue;
        }
        pool *p = &pools[claimant_count + i];
        pool_advance(p, m, debits_fen, count);
        sluice_result result = group_share(entries, claimant_of, unit_of, i, count, p, claimants, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return SLUICE_OK;
}

/* A party with credits of its own and parts of groups has the sums of their bounds, which can be loose: what is
 * certainly others' is not possibly his. */
static void possible_tighten(claimant *claimants, size_t count, int64_t frozen_fen) {
    int64_t pool_fen = frozen_fen;
    for (size_t c = 0; c < count; c++) {
        pool_fen -= claimants[c].lo_fen;
    }
    for (size_t c = 0; c < count; c++) {
        int64_t most = pool_fen + claimants[c].lo_fen;
        claimants[c].hi_fen = claimants[c].hi_fen < most ? claimants[c].hi_fen : most;
    }
}

sluice_result returns_bounds(const sluice_return_entry *entries, const uint32_t *claimant_of, const uint32_t *unit_of,
                             size_t count, int64_t opening_fen, claimant *claimants, size_t claimant_count,
                             sluice_error *error) {
    pool *pools = memory_new_zero(claimant_count + count, sizeof *pools);
    minima m = {memory_new(count * sizeof *m.places), memory_new(count * sizeof *m.balances), 0};
    sluice_result result = SLUICE_OK;
    if (pools == NULL || m.places == NULL || m.balances == NULL) {
        result = error_no_memory(error, (claimant_count + count) * sizeof *pools);
        goto out;
    }
    for (size_t c = 0; c < claimant_count; c++) {
        pools[c].lo_fen = pools[c].hi_fen = claimants[c].is_opening ? opening_fen : 0;
    }
    int64_t balance_fen = opening_fen, debits_fen = 0;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].is_debit) {
            balance_fen -= entries[i].amount_fen;
            debits_fen += entries[i].amount_fen;
            minima_push(&m, i, balance_fen);
            continue;
        }
        balance_fen += entries[i].amount_fen;
        pool *p = &pools[entries[i].group.length == 0 ? claimant_of[i] : claimant_count + unit_of[i]];
        pool_advance(p, &m, debits_fen, i);
        p->lo_fen += entries[i].amount_fen;
        p->hi_fen += entries[i].amount_fen;
    }
    result =
        pools_finish(entries, claimant_of, unit_of, count, pools, &m, debits_fen, claimants, claimant_count, error);
    possible_tighten(claimants, claimant_count, balance_fen);
out:
    memory_free(pools);
    memory_free(m.places);
    memory_free(m.balances);
    return result;
}

/* The proportion:  R = lo + min(w, pool · w ÷ Σw),  over whoever has money that cannot be told apart (hi > lo). Article
 * 8 divides by loss, not by what each could still have there, so a share may pass hi: returns_words.c says so where it
 * does. Largest remainder; ties go to the smaller index, which is the earlier credit. */
sluice_result returns_divide(int64_t pool_fen, claimant *claimants, size_t count, sluice_error *error) {
    int64_t *weights = memory_new(2 * count * sizeof *weights);
    if (weights == NULL) {
        return error_no_memory(error, 2 * count * sizeof *weights);
    }
    int64_t *parts = weights + count;
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        weights[i] = claimants[i].hi_fen > claimants[i].lo_fen ? claimants[i].weight_fen : 0;
        sum += weights[i];
    }
    /* A pool beyond Σw pays every weight in full: the minimum of the formula. */
    bool split = money_split(pool_fen < sum ? pool_fen : sum, weights, count, parts);
    for (size_t i = 0; split && i < count; i++) {
        claimants[i].extra_fen = parts[i];
    }
    memory_free(weights);
    return split ? SLUICE_OK : error_no_memory(error, count * sizeof(int64_t));
}
