/* What is known of accounts: facts that their institutions state, balances, rebates.
 *
 * Facts go by their own time, so that a late one does not undo a newer one; ties to the later arrival. A balance goes
 * by the order of arrival: it cannot be recomputed once movements have left their series.
 *
 * Memory: 64 bytes an account, when a plan asks for any of it. */
#include "feature/feature_private.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"

_Static_assert(sizeof(account_facts) == 64, "a cache line an account");

#define TYPE_BYTES_MAX 240u

account_facts *facts_of(const feature_state *state, uint32_t account) {
    SLUICE_ASSERT(account < state->facts_count);
    return (account_facts *)(void *)state->facts.base + account;
}

static bool facts_reserve(feature_state *state, uint32_t account) {
    if (account != KEY_NONE && account >= state->facts_count) {
        if (!region_commit(&state->facts, ((size_t)account + 1) * sizeof(account_facts))) {
            return false;
        }
        state->facts_count = account + 1;
    }
    return true;
}

/* Types repeat, and are kept once. */
static bool word_of(feature_state *state, sluice_text type, uint32_t *word_out) {
    char text[TYPE_BYTES_MAX + 16];
    int length = snprintf(text, sizeof text, "type:%.*s",
                          (int)(type.length > TYPE_BYTES_MAX ? TYPE_BYTES_MAX : type.length), type.data);
    sluice_text key = {text, (size_t)length};
    uint64_t hash = hash64(key.data, key.length);
    *word_out = keys_find(&state->words, key, hash);
    return *word_out != KEY_NONE || keys_add(&state->words, key, hash, word_out) == KEYS_ADDED;
}

static bool account_seen(feature_state *state, const activity *a) {
    account_facts *facts = facts_of(state, a->from);
    if (!facts->has_opened || a->time_ms < facts->opened_ms) {
        facts->opened_ms = a->time_ms;
    }
    bool is_newer = !facts->has_opened || a->time_ms >= facts->type_ms;
    uint32_t word = 0;
    if (a->type.length > 0 && is_newer) {
        if (!word_of(state, a->type, &word)) {
            return false;
        }
        facts->type = word + 1;
    }
    if (a->kind == SLUICE_SIGNAL_ACCOUNT && a->to != KEY_NONE && is_newer && facts->holder != a->to + 1) {
        if (facts->holder != 0) {
            facts_of(state, facts->holder - 1)->holder_accounts--;
        }
        facts->holder = a->to + 1;
        facts_of(state, a->to)->holder_accounts++;
    }
    facts->type_ms = is_newer ? a->time_ms : facts->type_ms;
    facts->has_opened = true;
    return true;
}

bool facts_step(feature_state *state, const activity *a) {
    if (!facts_reserve(state, a->from) || !facts_reserve(state, a->to)) {
        return false;
    }
    if (activity_is_movement(a) || a->kind == SLUICE_SIGNAL_LOGIN) {
        return true;
    }
    if (a->event == SLUICE_EVENT_SEEN) {
        return account_seen(state, a);
    }
    account_facts *facts = facts_of(state, a->from);
    bool is_status = a->event == SLUICE_EVENT_BLOCKED || a->event == SLUICE_EVENT_UNBLOCKED;
    if (is_status && (!facts->has_status || a->time_ms >= facts->status_ms)) {
        facts->has_status = true;
        facts->status_ms = a->time_ms;
        facts->is_blocked = a->event == SLUICE_EVENT_BLOCKED;
    }
    return true;
}

/* Whether the account has a movement later than this time. */
static bool has_later(const feature_state *state, uint32_t account, int64_t time_ms) {
    for (int d = 0; d < 2; d++) {
        recent_series s;
        int64_t before_ms;
        recent_series_get(state->money, account, (recent_direction)d, &s);
        if (recent_time_before(state->money, account, (recent_direction)d, s.end, &before_ms) && before_ms > time_ms) {
            return true;
        }
    }
    return false;
}

static void balance_move(feature_state *state, uint32_t account, int64_t fen, bool is_stated, int64_t stated_fen) {
    account_facts *facts = facts_of(state, account);
    if (is_stated && !has_later(state, account, state->now->time_ms)) {
        facts->balance_fen = stated_fen;
        facts->has_balance_stated = true;
        return;
    }
    facts->balance_fen += fen;
    if (facts->balance_fen < 0 && !facts->has_balance_stated) {
        facts->balance_fen = 0; /* the opening balance was larger */
    }
}

void balance_step(feature_state *state, const activity *a) {
    bool arrives = a->kind == SLUICE_SIGNAL_TRANSFER && a->to != KEY_NONE;
    bool is_self = arrives && a->from == a->to;
    balance_move(state, a->from, is_self ? 0 : -a->amount_fen, a->has_from_balance, a->from_balance_fen);
    if (arrives) {
        balance_move(state, a->to, is_self ? 0 : a->received_fen, a->has_to_balance, a->to_balance_fen);
    }
}

/* Whether a credit looks like the rebate of one of the debits before it (ties by arrival). */
static bool is_rebate(const recent_series *out, const recent_entry *credit, int64_t credit_fen) {
    uint32_t place = recent_after(out, credit->time_ms), looked_at = 0;
    while (place != out->first && looked_at < FEATURE_REBATE_DEBITS) {
        const recent_entry *debit = recent_at(out, --place);
        if (debit->time_ms <= credit->time_ms - FEATURE_REBATE_MS) {
            return false;
        }
        if (debit->time_ms == credit->time_ms && debit->movement >= credit->movement) {
            continue;
        }
        looked_at++;
        int64_t debit_fen = recent_amount(out, place);
        if ((debit->flags & RECENT_IS_CASH) == 0 && debit_fen > 0 && debit_fen <= credit_fen &&
            credit_fen - debit_fen <= debit_fen / 2) {
            return true;
        }
    }
    return false;
}

static void rebates_of(feature_state *state, uint32_t account, int64_t time_ms) {
    recent_series in, out;
    recent_series_get(state->money, account, RECENT_IN, &in);
    recent_series_get(state->money, account, RECENT_OUT, &out);
    for (uint32_t place = in.end; place != in.first;) {
        const recent_entry *credit = recent_at(&in, --place);
        if (credit->time_ms < time_ms) {
            break;
        }
        windows_set_rebate(state->money, account, RECENT_IN, place, is_rebate(&out, credit, recent_amount(&in, place)));
    }
}

/* In order, this looks at the payee's new credit; after a late movement, at all credits from its time on. */
void rebates_step(feature_state *state, const activity *a) {
    rebates_of(state, a->from, a->time_ms);
    if (a->kind == SLUICE_SIGNAL_TRANSFER && a->to != KEY_NONE && a->to != a->from) {
        rebates_of(state, a->to, a->time_ms);
    }
}
