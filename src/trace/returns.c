/* Return of frozen funds: who has money in the account, how much of it is certain, and how the rest is divided.
 *
 * 1. The ledger in order of time (stable); a balance that would be negative shows that money was there before the first
 *    line: the opening balance, inferred as the smallest that suffices.
 * 2. Claimants: each named party (all its credits together), each credit without a name by itself, the opening balance.
 * 3. Certain and possible parts (returns_bounds.c).
 * 4. What each may still claim beyond its certain part:
 *        a victim      w = min(credited, loss) − lo − refunded, at least 0
 *        anyone else   w = credited − lo
 *    "Loss through this account" is what the victim paid into it, at most what he lost.
 * 5. The pool, frozen − Σ lo, is divided by w (returns_divide). A victim gets lo, at most his net loss, and his part of
 *    the pool; everyone else's share is held. What nobody claims is held too.
 *
 * Invariants, checked before an answer leaves: Σ return + Σ held = frozen; 0 <= return <= net loss.
 * Cost: O(n log n); about 200 bytes a line while it runs. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "trace/returns_private.h"

/* 银监发〔2016〕41号 Art. 8. A regulator can change both; they belong to the rule's dated configuration. */
static const struct return_rule {
    const char *law;
    uint32_t notice_days;
} RULE = {"银监发〔2016〕41号 第八条 (Art. 8)", 30};

#define CLAIMANTS_MAX ((size_t)1 << 20)
#define NOBODY UINT32_MAX

typedef struct work {
    sluice_return_entry *entries; /* in order */
    size_t entry_count;
    const sluice_return_loss *losses;
    size_t loss_count;
    uint32_t *claimant_of; /* [entry_count]; NOBODY for debits */
    uint32_t *unit_of;     /* [entry_count] */
    uint32_t *slots;       /* hash table: claimant, or NOBODY */
    size_t slot_mask;
    claimant *claimants;
    size_t claimant_count;
    int64_t opening_fen, credits_fen, debits_fen, frozen_fen;
} work;

static void work_fini(work *w) {
    memory_free(w->entries);
    memory_free(w->claimant_of);
    memory_free(w->unit_of);
    memory_free(w->slots);
    memory_free(w->claimants);
}

typedef struct placed {
    int64_t time_ms;
    size_t index;
} placed;

static int placed_compare(const void *a, const void *b) {
    const placed *x = a, *y = b;
    if (x->time_ms != y->time_ms) {
        return x->time_ms < y->time_ms ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

static sluice_result work_init(work *w, const sluice_return_entry *entries, sluice_error *error) {
    size_t count = w->entry_count, claimants_max = count + w->loss_count + 1, slot_count = 16;
    while (slot_count < 2 * claimants_max) {
        slot_count *= 2;
    }
    w->slot_mask = slot_count - 1;
    w->entries = memory_new(count * sizeof *w->entries);
    w->claimant_of = memory_new(count * sizeof *w->claimant_of);
    w->unit_of = memory_new(count * sizeof *w->unit_of);
    w->slots = memory_new(slot_count * sizeof *w->slots);
    w->claimants = memory_new_zero(claimants_max, sizeof *w->claimants);
    placed *order = memory_new(count * sizeof *order);
    if (w->entries == NULL || w->claimant_of == NULL || w->unit_of == NULL || w->slots == NULL ||
        w->claimants == NULL || order == NULL) {
        memory_free(order);
        return error_no_memory(error, claimants_max * (sizeof *w->claimants + sizeof *w->entries));
    }
    memset(w->slots, 0xFF, slot_count * sizeof *w->slots);
    for (size_t i = 0; i < count; i++) {
        order[i] = (placed){entries[i].time_ms, i};
    }
    qsort(order, count, sizeof *order, placed_compare);
    for (size_t i = 0; i < count; i++) {
        w->entries[i] = entries[order[i].index];
    }
    memory_free(order);
    return SLUICE_OK;
}

/* Sums and the opening balance. */
static sluice_result balances_read(work *w, sluice_error *error) {
    int64_t balance = 0, lowest = 0;
    for (size_t i = 0; i < w->entry_count; i++) {
        const sluice_return_entry *entry = &w->entries[i];
        if (entry->amount_fen < 0) {
            return error_set(error, SLUICE_E_INVALID,
                             "an amount of the ledger is negative: write what went out with the direction out");
        }
        int64_t *sum = entry->is_debit ? &w->debits_fen : &w->credits_fen;
        if (__builtin_add_overflow(*sum, entry->amount_fen, sum)) {
            return error_set(error, SLUICE_E_INVALID,
                             "the ledger's amounts add up to more than 92 quadrillion yuan: check the amount column");
        }
        balance += entry->is_debit ? -entry->amount_fen : entry->amount_fen;
        lowest = balance < lowest ? balance : lowest;
    }
    w->opening_fen = -lowest;
    if (__builtin_add_overflow(w->credits_fen, w->opening_fen, &w->frozen_fen)) {
        return error_set(error, SLUICE_E_INVALID,
                         "the ledger's amounts add up to more than 92 quadrillion yuan: check the amount column");
    }
    w->frozen_fen -= w->debits_fen;
    return SLUICE_OK;
}

/* The slot of a name, or the empty one where it would be. */
static uint32_t *slot_find(work *w, sluice_text party) {
    size_t slot = (size_t)hash64(party.data, party.length) & w->slot_mask;
    while (w->slots[slot] != NOBODY && !text_equal(w->claimants[w->slots[slot]].party, party)) {
        slot = (slot + 1) & w->slot_mask;
    }
    return &w->slots[slot];
}

static uint32_t claimant_add(work *w, sluice_text party, int64_t time_ms) {
    w->claimants[w->claimant_count] = (claimant){.party = party, .time_ms = time_ms};
    return (uint32_t)w->claimant_count++;
}

static uint32_t claimant_find(work *w, sluice_text party, int64_t time_ms) {
    uint32_t *slot = slot_find(w, party);
    if (*slot == NOBODY) {
        *slot = claimant_add(w, party, time_ms);
    }
    return *slot;
}

static sluice_result claimants_make(work *w, sluice_error *error) {
    if (w->opening_fen > 0) {
        uint32_t opening = claimant_add(w, (sluice_text){NULL, 0}, w->entries[0].time_ms);
        w->claimants[opening].is_opening = true;
        w->claimants[opening].credited_fen = w->opening_fen;
    }
    for (size_t i = 0; i < w->entry_count; i++) {
        const sluice_return_entry *entry = &w->entries[i];
        const sluice_return_entry *before = i == 0 ? NULL : &w->entries[i - 1];
        w->claimant_of[i] = NOBODY;
        w->unit_of[i] = (uint32_t)i;
        if (entry->is_debit) {
            continue;
        }
        if (entry->group.length > 0 && before != NULL && !before->is_debit && text_equal(before->group, entry->group)) {
            if (before->time_ms != entry->time_ms) {
                return error_set(
                    error, SLUICE_E_INVALID,
                    "the lines of group %.*s have different times: a group is one credit, give its lines the "
                    "same time, or other groups",
                    TEXT_ARGS(entry->group));
            }
            w->unit_of[i] = w->unit_of[i - 1];
        }
        w->claimant_of[i] = entry->party.length == 0 ? claimant_add(w, entry->party, entry->time_ms)
                                                     : claimant_find(w, entry->party, entry->time_ms);
        w->claimants[w->claimant_of[i]].credited_fen += entry->amount_fen;
    }
    return SLUICE_OK;
}

static sluice_result losses_join(work *w, sluice_error *error) {
    int64_t last_ms = w->entry_count == 0 ? 0 : w->entries[w->entry_count - 1].time_ms;
    for (size_t i = 0; i < w->loss_count; i++) {
        const sluice_return_loss *loss = &w->losses[i];
        if (loss->party.length == 0 || loss->loss_fen < 0 || loss->refunded_fen < 0) {
            return error_set(
                error, SLUICE_E_INVALID,
                "loss %zu has no party, or a negative amount: each loss needs a party and amounts of 0 or more", i + 1);
        }
        claimant *victim = &w->claimants[claimant_find(w, loss->party, last_ms)];
        if (victim->loss != NULL) {
            return error_set(error, SLUICE_E_INVALID,
                             "%.*s is listed twice: give each party one line with the sum of its losses",
                             TEXT_ARGS(loss->party));
        }
        victim->loss = loss;
    }
    if (w->claimant_count > CLAIMANTS_MAX) {
        return error_set(
            error, SLUICE_E_LIMIT,
            "more than %zu parties and unidentified credits: name the parties of the credits, so that they "
            "count together",
            CLAIMANTS_MAX);
    }
    return SLUICE_OK;
}

static int64_t min_of(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t net_loss(const sluice_return_loss *loss) {
    return loss->refunded_fen >= loss->loss_fen ? 0 : loss->loss_fen - loss->refunded_fen;
}

static void weights_set(work *w, int64_t *pool_out) {
    *pool_out = w->frozen_fen;
    for (size_t i = 0; i < w->claimant_count; i++) {
        claimant *c = &w->claimants[i];
        int64_t claim = c->credited_fen;
        if (c->loss != NULL) {
            claim = min_of(c->credited_fen, c->loss->loss_fen) - min_of(c->loss->refunded_fen, c->credited_fen);
        }
        c->weight_fen = claim > c->lo_fen ? claim - c->lo_fen : 0;
        *pool_out -= c->lo_fen;
    }
}

/* The answer */

static int article_case_of(const claimant *c, size_t present_count) {
    if (c->hi_fen == 0) {
        return 0;
    }
    return c->lo_fen < c->hi_fen ? 3 : present_count == 1 ? 1 : 2;
}

typedef struct answer {
    sluice_return *result;
    sluice_return_share *shares;
    sluice_return_held *held;
    size_t present_count; /* claimants with money in the account */
    int64_t weights_fen;  /* Σ of those whom the proportion concerns */
} answer;

static bool share_write(answer *a, const claimant *c) {
    int64_t net = net_loss(c->loss);
    sluice_return_share *share = &a->shares[a->result->view.share_count++];
    *share = (sluice_return_share){
        .loss_fen = c->loss->loss_fen,
        .refunded_fen = c->loss->refunded_fen,
        .credited_fen = c->credited_fen,
        .certain_fen = c->lo_fen,
        .possible_fen = c->hi_fen,
        .return_fen = min_of(c->lo_fen, net) + c->extra_fen,
        .onward_fen = c->credited_fen - c->hi_fen,
        .article_case = article_case_of(c, a->present_count),
    };
    const char *name = arena_copy(&a->result->texts, c->party.data, c->party.length);
    share->party = (sluice_text){name, c->party.length};
    basis_facts facts = {.share = share,
                         .pool_fen = a->result->view.pool_fen,
                         .weight_fen = c->weight_fen,
                         .weights_fen = a->weights_fen,
                         .above_possible = share->return_fen > c->hi_fen,
                         .at_loss = share->return_fen == net && net < c->hi_fen};
    share->basis = returns_basis(&a->result->texts, &facts);
    share->basis_zh = returns_basis_zh(&a->result->texts, &facts);
    a->result->view.returned_fen += share->return_fen;
    if (share->article_case == 3) {
        a->result->view.notice_days = RULE.notice_days;
    }
    return name != NULL && share->basis != NULL && share->basis_zh != NULL;
}

static bool held_write(answer *a, const claimant *c) {
    sluice_return_held *held = &a->held[a->result->view.held_count++];
    *held = (sluice_return_held){
        .kind = c->is_opening          ? SLUICE_HELD_OPENING
                : c->party.length == 0 ? SLUICE_HELD_UNIDENTIFIED
                                       : SLUICE_HELD_UNLISTED,
        .time_ms = c->time_ms,
        .credited_fen = c->credited_fen,
        .certain_fen = c->lo_fen,
        .possible_fen = c->hi_fen,
        .held_fen = c->lo_fen + c->extra_fen,
    };
    const char *name = arena_copy(&a->result->texts, c->party.data, c->party.length);
    held->party = (sluice_text){name, c->party.length};
    a->result->view.held_fen += held->held_fen;
    return name != NULL;
}

static sluice_result answer_check(const answer *a, sluice_error *error) {
    const sluice_return_view *view = &a->result->view;
    bool good = view->returned_fen >= 0 && view->held_fen >= 0 && view->returned_fen <= view->frozen_fen &&
                view->held_fen == view->frozen_fen - view->returned_fen;
    for (size_t i = 0; i < view->share_count; i++) {
        const sluice_return_share *share = &view->shares[i];
        good = good && share->return_fen >= 0 && share->certain_fen <= share->possible_fen &&
               share->return_fen <= (share->loss_fen > share->refunded_fen ? share->loss_fen - share->refunded_fen : 0);
    }
    return good ? SLUICE_OK
                : error_set(
                      error, SLUICE_E_UNBALANCED,
                      "the shares do not add up to the frozen amount: this is a bug of Sluice, please report it with "
                      "the ledger; nothing may be returned on this answer");
}

static sluice_result answer_write(work *w, int64_t pool_fen, sluice_return *result, sluice_error *error) {
    answer a = {.result = result};
    sluice_return_view *view = &result->view;
    *view = (sluice_return_view){.opening_fen = w->opening_fen,
                                 .credits_fen = w->credits_fen,
                                 .debits_fen = w->debits_fen,
                                 .frozen_fen = w->frozen_fen,
                                 .pool_fen = pool_fen,
                                 .law = RULE.law,
                                 .ledger_sha256 = result->ledger_sha256,
                                 .losses_sha256 = result->losses_sha256};
    a.shares = arena_alloc(&result->texts, (w->loss_count + 1) * sizeof *a.shares);
    a.held = arena_alloc(&result->texts, (w->claimant_count + 1) * sizeof *a.held);
    if (a.shares == NULL || a.held == NULL) {
        return error_no_memory(error, (w->claimant_count + 1) * sizeof *a.held);
    }
    for (size_t i = 0; i < w->claimant_count; i++) {
        const claimant *c = &w->claimants[i];
        a.present_count += c->hi_fen > 0;
        a.weights_fen += c->hi_fen > c->lo_fen ? c->weight_fen : 0;
    }
    for (size_t i = 0; i < w->claimant_count; i++) {
        const claimant *c = &w->claimants[i];
        if (!(c->loss != NULL ? share_write(&a, c) : held_write(&a, c))) {
            return error_no_memory(error, c->party.length);
        }
    }
    int64_t rest = view->frozen_fen - view->returned_fen - view->held_fen;
    if (rest > 0) {
        a.held[view->held_count++] = (sluice_return_held){
            .kind = SLUICE_HELD_REST, .time_ms = w->entries[0].time_ms, .possible_fen = rest, .held_fen = rest};
        view->held_fen += rest;
    }
    view->shares = a.shares;
    view->held = a.held;
    return answer_check(&a, error);
}

sluice_result sluice_return_compute(const sluice_return_entry *entries, size_t entry_count,
                                    const sluice_return_loss *losses, size_t loss_count, sluice_return **return_out,
                                    sluice_error *error) {
    work w = {.entry_count = entry_count, .losses = losses, .loss_count = loss_count};
    *return_out = NULL;
    if ((entries == NULL && entry_count > 0) || (losses == NULL && loss_count > 0)) {
        return error_set(error, SLUICE_E_INVALID, "a count without its array: pass the entries and the losses");
    }
    if (entry_count > UINT32_MAX / 4 || loss_count > UINT32_MAX / 4) {
        return error_set(error, SLUICE_E_LIMIT, "more than a billion lines: split the ledger by account");
    }
    int64_t pool_fen = 0;
    sluice_return *made = memory_new_zero(1, sizeof *made);
    if (made == NULL) {
        return error_no_memory(error, sizeof *made);
    }
    sluice_result result = work_init(&w, entries, error);
    if (result != SLUICE_OK || (result = balances_read(&w, error)) != SLUICE_OK ||
        (result = claimants_make(&w, error)) != SLUICE_OK || (result = losses_join(&w, error)) != SLUICE_OK ||
        (result = returns_bounds(w.entries, w.claimant_of, w.unit_of, entry_count, w.opening_fen, w.claimants,
                                 w.claimant_count, error)) != SLUICE_OK) {
        goto out;
    }
    weights_set(&w, &pool_fen);
    result = returns_divide(pool_fen, w.claimants, w.claimant_count, error);
    if (result == SLUICE_OK) {
        result = answer_write(&w, pool_fen, made, error);
    }
out:
    work_fini(&w);
    if (result != SLUICE_OK) {
        sluice_return_free(&made);
    }
    *return_out = made;
    return result;
}

void sluice_return_free(sluice_return **result) {
    if (result != NULL && *result != NULL) {
        arena_fini(&(*result)->texts);
        memory_free(*result);
        *result = NULL;
    }
}

void sluice_return_view_get(const sluice_return *result, sluice_return_view *view_out) {
    size_t size = view_out->size;
    *view_out = result->view;
    view_out->size = size;
}
