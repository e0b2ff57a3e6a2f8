/* One pass over the ledger, oldest entry first.
 *
 * Dwell: a queue of lots (arrival, amount). The opening balance is the first lot, of unknown arrival. A debit takes
 * from the front; each piece taken is one match (how long it stayed, how much). Money spent that was never there (an
 * overdraft that a bank's stated balances imply) is matched with nothing, and later credits repay it first. So at any
 * time Σ lots − overdraft = balance, which profile_finish asserts.
 *
 * Counterparties: a table by number, open addressing. Cost: O(entries) for the pass, O(matches log matches) for the
 * quantiles; 16 bytes a lot and a match, 96 a counterparty, 88 a day with movements. */
#include "feature/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/text.h"
#include "base/time.h"

#define HOUR_MS INT64_C(3600000)
#define UNKNOWN_ARRIVAL INT64_MIN

typedef struct lot {
    int64_t arrived_ms, amount_fen;
} lot;

typedef struct match {
    int64_t dwell_ms, amount_fen;
} match;

typedef struct party {
    uint32_t number;
    bool seen;
    sluice_profile_counterparty row;
} party;

struct profile_work {
    int64_t recent_ms;
    int64_t balance_fen, overdraft_fen;
    bool any;     /* an entry was seen */
    bool started; /* one of the period was */
    lot *lots;
    size_t lot_first, lot_count, lot_capacity; /* lot_count from the array's start */
    match *matches;
    size_t match_count, match_capacity;
    party *parties;
    size_t party_count, party_capacity;
    uint32_t *slots; /* place in parties + 1; 0: empty */
    size_t slot_count;
    size_t day_capacity;
};

sluice_profile *profile_new(const sluice_profile_options *options, int64_t opening_fen) {
    sluice_profile *profile = memory_new_zero(1, sizeof *profile);
    struct profile_work *work = memory_new_zero(1, sizeof *work);
    if (profile == NULL || work == NULL) {
        memory_free(profile);
        memory_free(work);
        return NULL;
    }
    profile->work = work;
    profile->asked_from_ms = options->from_ms;
    profile->asked_to_ms = options->to_ms;
    work->recent_ms = options->recent_ms;
    work->balance_fen = opening_fen;
    profile->view.opening_fen = profile->view.start_fen = opening_fen;
    if (opening_fen < 0) {
        work->overdraft_fen = -opening_fen;
    } else if (opening_fen > 0) {
        if (!ARRAY_RESERVE(work->lots, work->lot_capacity, 1)) {
            profile_free(&profile);
            return NULL;
        }
        work->lots[work->lot_count++] = (lot){UNKNOWN_ARRIVAL, opening_fen};
    }
    return profile;
}

static void work_free(struct profile_work **work) {
    if (*work != NULL) {
        memory_free((*work)->lots);
        memory_free((*work)->matches);
        memory_free((*work)->parties);
        memory_free((*work)->slots);
        memory_free(*work);
        *work = NULL;
    }
}

void profile_free(sluice_profile **profile) {
    if (*profile != NULL) {
        work_free(&(*profile)->work);
        memory_free((*profile)->counterparties);
        memory_free((*profile)->days);
        memory_free((*profile)->devices);
        memory_free(*profile);
        *profile = NULL;
    }
}

static bool slots_grow(struct profile_work *work) {
    size_t count = work->slot_count == 0 ? 64 : work->slot_count * 2;
    uint32_t *slots = memory_new_zero(count, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < work->party_count; i++) {
        size_t place = hash_u64(work->parties[i].number) & (count - 1);
        while (slots[place] != 0) {
            place = (place + 1) & (count - 1);
        }
        slots[place] = (uint32_t)i + 1;
    }
    memory_free(work->slots);
    work->slots = slots;
    work->slot_count = count;
    return true;
}

static party *party_of(struct profile_work *work, uint32_t number) {
    if (work->party_count * 2 >= work->slot_count && !slots_grow(work)) {
        return NULL;
    }
    size_t place = hash_u64(number) & (work->slot_count - 1);
    while (work->slots[place] != 0) {
        party *found = &work->parties[work->slots[place] - 1];
        if (found->number == number) {
            return found;
        }
        place = (place + 1) & (work->slot_count - 1);
    }
    if (!ARRAY_RESERVE(work->parties, work->party_capacity, work->party_count + 1)) {
        return NULL;
    }
    work->slots[place] = (uint32_t)work->party_count + 1;
    party *added = &work->parties[work->party_count++];
    memset(added, 0, sizeof *added);
    added->number = number;
    return added;
}

/* A credit: repays the overdraft, the rest waits to be spent. */
static bool lots_put(struct profile_work *work, const profile_entry *entry) {
    int64_t repaid_fen = work->overdraft_fen < entry->amount_fen ? work->overdraft_fen : entry->amount_fen;
    work->overdraft_fen -= repaid_fen;
    if (entry->amount_fen == repaid_fen) {
        return true;
    }
    if (!ARRAY_RESERVE(work->lots, work->lot_capacity, work->lot_count + 1)) {
        return false;
    }
    work->lots[work->lot_count++] = (lot){entry->time_ms, entry->amount_fen - repaid_fen};
    return true;
}

/* A debit: spends the oldest money. */
static bool lots_take(sluice_profile *profile, const profile_entry *entry, bool in_period) {
    struct profile_work *work = profile->work;
    int64_t left_fen = entry->amount_fen;
    while (left_fen > 0 && work->lot_first < work->lot_count) {
        lot *oldest = &work->lots[work->lot_first];
        int64_t part_fen = oldest->amount_fen < left_fen ? oldest->amount_fen : left_fen;
        left_fen -= part_fen;
        oldest->amount_fen -= part_fen;
        if (oldest->arrived_ms != UNKNOWN_ARRIVAL) {
            int64_t dwell_ms = entry->time_ms - oldest->arrived_ms;
            if (oldest->arrived_ms >= profile->asked_from_ms || profile->asked_from_ms == 0) {
                profile->view.left_in_hour_fen += dwell_ms <= HOUR_MS ? part_fen : 0;
                profile->view.left_in_day_fen += dwell_ms <= TIME_DAY_MS ? part_fen : 0;
            }
            if (in_period) {
                if (!ARRAY_RESERVE(work->matches, work->match_capacity, work->match_count + 1)) {
                    return false;
                }
                work->matches[work->match_count++] = (match){dwell_ms, part_fen};
                profile->view.matched_fen += part_fen;
            }
        }
        if (oldest->amount_fen == 0) {
            work->lot_first++;
        }
    }
    work->overdraft_fen += left_fen;
    if (work->lot_first == work->lot_count) {
        work->lot_first = work->lot_count = 0;
    }
    return true;
}

static void side_add(sluice_profile_side *side, int64_t amount_fen) {
    side->amount_fen += amount_fen;
    side->count++;
}

static int64_t local_days(int64_t time_ms) {
    int64_t local_ms = time_ms + TIME_SHANGHAI_OFFSET_MS;
    return local_ms >= 0 ? local_ms / TIME_DAY_MS : -((TIME_DAY_MS - 1 - local_ms) / TIME_DAY_MS);
}

/* What the period counts. balance_fen is already the one after the entry. */
static bool period_add(sluice_profile *profile, const profile_entry *entry) {
    struct profile_work *work = profile->work;
    sluice_profile_view *view = &profile->view;
    int64_t amount_fen = entry->amount_fen, balance_fen = work->balance_fen;
    side_add(entry->is_debit ? &view->out : &view->in, amount_fen);
    if (entry->is_withdrawal) {
        side_add(&view->withdrawals, amount_fen);
    }
    view->low_fen = balance_fen < view->low_fen ? balance_fen : view->low_fen;
    view->high_fen = balance_fen > view->high_fen ? balance_fen : view->high_fen;
    int64_t days = local_days(entry->time_ms);
    int64_t hour = (entry->time_ms + TIME_SHANGHAI_OFFSET_MS - days * TIME_DAY_MS) / HOUR_MS;
    int64_t weekday = ((days + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday; 0: Monday */
    view->hour_count[weekday][hour]++;
    view->hour_amount_fen[weekday][hour] += amount_fen;
    int64_t day_ms = days * TIME_DAY_MS - TIME_SHANGHAI_OFFSET_MS;
    if (view->day_count == 0 || profile->days[view->day_count - 1].day_ms != day_ms) {
        if (!ARRAY_RESERVE(profile->days, work->day_capacity, view->day_count + 1)) {
            return false;
        }
        profile->days[view->day_count++] =
            (sluice_profile_day){.day_ms = day_ms, .low_fen = balance_fen, .high_fen = balance_fen};
    }
    sluice_profile_day *day = &profile->days[view->day_count - 1];
    side_add(entry->is_debit ? &day->out : &day->in, amount_fen);
    day->closing_fen = balance_fen;
    day->low_fen = balance_fen < day->low_fen ? balance_fen : day->low_fen;
    day->high_fen = balance_fen > day->high_fen ? balance_fen : day->high_fen;
    return true;
}

bool profile_add(sluice_profile *profile, const profile_entry *entry) {
    struct profile_work *work = profile->work;
    sluice_profile_view *view = &profile->view;
    if (profile->asked_to_ms != 0 && entry->time_ms >= profile->asked_to_ms) {
        return true;
    }
    bool in_period = profile->asked_from_ms == 0 || entry->time_ms >= profile->asked_from_ms;
    party *party = party_of(work, entry->counterparty);
    if (party == NULL || !(entry->is_debit ? lots_take(profile, entry, in_period) : lots_put(work, entry))) {
        return false;
    }
    sluice_profile_counterparty *row = &party->row;
    if (!party->seen) {
        party->seen = true;
        row->first_ms = entry->time_ms;
    }
    row->last_ms = entry->time_ms;
    if (!work->any) {
        work->any = true;
        view->first_ms = entry->time_ms;
    }
    view->last_ms = entry->time_ms;
    if (in_period && !work->started) {
        work->started = true;
        view->start_fen = view->low_fen = view->high_fen = work->balance_fen;
    }
    work->balance_fen += entry->is_debit ? -entry->amount_fen : entry->amount_fen;
    if (!in_period) {
        return true;
    }
    side_add(entry->is_debit ? &row->out : &row->in, entry->amount_fen);
    return period_add(profile, entry);
}

static int compare_matches(const void *left, const void *right) {
    const match *a = left, *b = right;
    return a->dwell_ms < b->dwell_ms ? -1 : a->dwell_ms > b->dwell_ms;
}

/* The quantile q: the shortest time within which at least q % of the matched money left. */
static void quantiles(sluice_profile *profile) {
    static const int64_t percents[SLUICE_PROFILE_QUANTILES] = {10, 25, 50, 75, 90};
    struct profile_work *work = profile->work;
    if (work->match_count > 0) {
        qsort(work->matches, work->match_count, sizeof *work->matches, compare_matches);
    }
    int64_t matched_fen = profile->view.matched_fen, sum_fen = 0;
    size_t place = 0;
    for (size_t i = 0; i < SLUICE_PROFILE_QUANTILES; i++) {
        profile->view.dwell_ms[i] = -1;
        /* q % of the money, rounded up */
        int64_t needed_fen = matched_fen - money_mul_div(matched_fen, 100 - percents[i], 100);
        while (place < work->match_count && sum_fen < needed_fen) {
            sum_fen += work->matches[place++].amount_fen;
        }
        if (place > 0) {
            profile->view.dwell_ms[i] = work->matches[place - 1].dwell_ms;
        }
    }
}

static int compare_counterparties(const void *left, const void *right) {
    const sluice_profile_counterparty *a = left, *b = right;
    int64_t a_fen = a->in.amount_fen + a->out.amount_fen, b_fen = b->in.amount_fen + b->out.amount_fen;
    return a_fen != b_fen ? (a_fen > b_fen ? -1 : 1) : text_compare(a->key, b->key);
}

/* What a counterparty is; true when it is to be listed. */
static bool counterparty_judge(sluice_profile_view *view, sluice_profile_counterparty *row) {
    row->is_new = row->first_ms >= view->recent_from_ms && view->first_ms < view->recent_from_ms;
    row->has_vanished = row->last_ms < view->recent_from_ms;
    row->is_common = row->in.count > 0 && row->out.count > 0;
    bool moved = row->in.count + row->out.count > 0;
    view->counterparty_count += moved;
    view->new_count += row->is_new;
    view->common_count += row->is_common;
    view->vanished_count += row->has_vanished;
    return moved;
}

bool profile_finish(sluice_profile *profile, uint32_t top_count,
                    sluice_text (*key_of)(const void *context, uint32_t counterparty), const void *context) {
    struct profile_work *work = profile->work;
    sluice_profile_view *view = &profile->view;
    int64_t lots_fen = 0;
    for (size_t i = work->lot_first; i < work->lot_count; i++) {
        lots_fen += work->lots[i].amount_fen;
    }
    SLUICE_ASSERT(lots_fen - work->overdraft_fen == work->balance_fen);
    if (!work->started) {
        view->start_fen = view->low_fen = view->high_fen = work->balance_fen;
    }
    view->balance_fen = work->balance_fen;
    view->from_ms = profile->asked_from_ms != 0 ? profile->asked_from_ms : view->first_ms;
    view->to_ms = profile->asked_to_ms != 0 ? profile->asked_to_ms : view->last_ms + 1;
    view->recent_from_ms = profile->asked_from_ms != 0 ? profile->asked_from_ms : view->to_ms - work->recent_ms;
    quantiles(profile);
    profile->counterparties = memory_new_zero(work->party_count, sizeof *profile->counterparties);
    if (profile->counterparties == NULL) {
        return false;
    }
    size_t listed = 0;
    for (size_t i = 0; i < work->party_count; i++) {
        sluice_profile_counterparty *row = &work->parties[i].row;
        row->key = key_of(context, work->parties[i].number);
        if (counterparty_judge(view, row) || row->has_vanished) {
            profile->counterparties[listed++] = *row;
        }
    }
    if (listed > 0) {
        qsort(profile->counterparties, listed, sizeof *profile->counterparties, compare_counterparties);
    }
    view->counterparties = profile->counterparties;
    view->counterparty_rows = listed;
    view->counterparty_listed = listed < top_count ? listed : top_count;
    view->days = profile->days;
    work_free(&profile->work);
    return true;
}

void profile_mask_name(sluice_text name, char name_out[SLUICE_PROFILE_NAME_BYTES]) {
    size_t length = 0, characters = 0;
    for (size_t i = 0; i < name.length && characters < 3 && length + 1 < SLUICE_PROFILE_NAME_BYTES; i++) {
        bool begins = ((unsigned char)name.data[i] & 0xC0) != 0x80;
        characters += begins;
        if (characters == 1) {
            name_out[length++] = name.data[i];
        } else if (begins) {
            name_out[length++] = '*';
        }
    }
    name_out[length] = '\0';
}
