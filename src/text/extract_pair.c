/* Pairs: which amount went to which account, and when.
 *
 * Each amount that was paid takes the nearest account that is not the victim's own, where nearness is counted in
 * characters and every comma, and far more every end of a sentence, lies between. Names and banks go to accounts in the
 * same way; of times the nearest that was named before, else the first after in the same sentence. */
#include "base/error.h"
#include "text/extract_private.h"

enum { COMMA = 6, STOP = 60, FAR = 400, AMOUNT = 20, ACCOUNT = 10 };

/* How far two items are apart. */
typedef struct distances {
    const scan *s;
    uint32_t *weight; /* of the text before each character */
} distances;

static bool is_account(const extract_item *item) {
    return item->kind == EXTRACT_CARD || item->kind == EXTRACT_ACCOUNT || item->kind == EXTRACT_WALLET;
}

/* What an item weighs that lies between two others: a long number is no distance, but what is beyond another amount or
 * account is more likely that one's. */
static uint32_t item_weight(const extract_item *item) {
    return item->kind == EXTRACT_AMOUNT ? AMOUNT : is_account(item) ? ACCOUNT : 0;
}

static bool weigh(const scan *s, const extract_result *r, distances *d) {
    *d = (distances){s, arena_alloc(s->arena, (s->count + 1) * sizeof *d->weight)};
    if (d->weight == NULL) {
        return false;
    }
    size_t item = 0;
    d->weight[0] = 0;
    for (size_t i = 0; i < s->count; i++) {
        while (item < r->item_count && r->items[item].to <= s->at[i]) {
            item++;
        }
        bool inside = item < r->item_count && s->at[i] >= r->items[item].from;
        uint32_t own = inside                   ? (s->at[i] == r->items[item].from ? item_weight(&r->items[item]) : 0)
                       : scan_is_stop(s->c[i])  ? STOP
                       : scan_is_comma(s->c[i]) ? COMMA
                                                : 1;
        d->weight[i + 1] = d->weight[i] + own;
    }
    return true;
}

static size_t character_at(const scan *s, size_t byte) {
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (s->at[middle] < byte) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static uint32_t apart(const distances *d, const extract_item *a, const extract_item *b) {
    const extract_item *first = a->from < b->from ? a : b, *second = first == a ? b : a;
    return d->weight[character_at(d->s, second->from)] - d->weight[character_at(d->s, first->to)];
}

typedef bool (*item_test)(const extract_item *item);

static bool is_payee(const extract_item *item) {
    return is_account(item) && item->role != EXTRACT_ROLE_OWN;
}
static bool is_name(const extract_item *item) {
    return item->kind == EXTRACT_NAME && item->role != EXTRACT_ROLE_OWN;
}
static bool is_bank(const extract_item *item) {
    return item->kind == EXTRACT_BANK;
}

/* The nearest such item within `limit`; of two as near the one before. Only the neighbourhood is looked at: items are
 * in order, and weights only grow. */
static size_t nearest(const distances *d, const extract_result *r, size_t of, item_test test, uint32_t limit) {
    size_t best = EXTRACT_NONE;
    uint32_t least = limit + 1;
    for (size_t i = of; i > 0; i--) {
        uint32_t distance = apart(d, &r->items[i - 1], &r->items[of]);
        if (distance >= least) {
            break;
        }
        if (test(&r->items[i - 1])) {
            least = distance;
            best = i - 1;
        }
    }
    for (size_t i = of + 1; i < r->item_count; i++) {
        uint32_t distance = apart(d, &r->items[of], &r->items[i]);
        if (distance >= least) {
            break;
        }
        if (test(&r->items[i])) {
            least = distance;
            best = i;
        }
    }
    return best;
}

/* A name or bank of the account or amount `of`. What stands nearer to another of its `owners` is that one's: a stop in
 * the wrong name is refused by the bank. */
static size_t belonging_to(const distances *d, const extract_result *r, size_t of, item_test test, item_test owners) {
    const extract_item *items = r->items;
    size_t found = nearest(d, r, of, test, STOP - 1);
    size_t owner = found == EXTRACT_NONE || !is_account(&items[of]) ? of : nearest(d, r, found, owners, STOP - 1);
    return owner == of || text_equal(items[owner].value, items[of].value) ? found : EXTRACT_NONE;
}

/* The last time before it, where one was named; else the first after it in the same sentence. */
static size_t time_of(const distances *d, const extract_result *r, size_t of) {
    for (size_t i = of; i > 0; i--) {
        if (r->items[i - 1].kind == EXTRACT_TIME) {
            return i - 1;
        }
    }
    for (size_t i = of + 1; i < r->item_count && apart(d, &r->items[of], &r->items[i]) < STOP; i++) {
        if (r->items[i].kind == EXTRACT_TIME) {
            return i;
        }
    }
    return EXTRACT_NONE;
}

/* Was it paid? Said to be so, or not said and an account is near. */
static bool may_be_paid(const extract_item *item, size_t account) {
    return item->kind == EXTRACT_AMOUNT &&
           (item->role == EXTRACT_ROLE_PAID || (item->role == EXTRACT_ROLE_UNKNOWN && account != EXTRACT_NONE));
}

static int lower_of(int a, int b) {
    return a < b ? a : b;
}

static void pair_with(const distances *d, extract_result *r, size_t amount, size_t account) {
    bool paid = r->items[amount].role == EXTRACT_ROLE_PAID, has_account = account != EXTRACT_NONE;
    if (r->transfer_count == EXTRACT_TRANSFERS_MAX) {
        r->is_cut = true;
        return;
    }
    size_t anchor = has_account ? account : amount;
    extract_transfer *t = &r->transfers[r->transfer_count++];
    *t = (extract_transfer){.account = account,
                            .amount = amount,
                            .name = belonging_to(d, r, anchor, is_name, is_payee),
                            .bank = belonging_to(d, r, anchor, is_bank, is_account),
                            .time = time_of(d, r, amount)};
    int confidence = r->items[amount].confidence;
    if (has_account) {
        uint32_t distance = apart(d, &r->items[amount], &r->items[account]);
        confidence = lower_of(confidence, r->items[account].confidence);
        confidence -= distance >= STOP ? 25 : distance >= 20 ? 10 : 0;
    } else {
        confidence = lower_of(confidence, 45);
    }
    confidence -= paid ? 0 : 15;
    t->confidence = confidence < 5 ? 5 : confidence;
}

/* 甲, 乙, 丙各转1万元: to each of them, as far as they stand in the same sentence. */
static bool is_for_each(const distances *d, const extract_item *amount) {
    return scan_before(d->s, character_at(d->s, amount->from), "各|分别|每张卡|每个账户|每个账号", 4) != EXTRACT_NONE;
}

static void pair_one(const distances *d, extract_result *r, size_t amount) {
    bool paid = r->items[amount].role == EXTRACT_ROLE_PAID;
    size_t account = nearest(d, r, amount, is_payee, paid ? FAR : STOP);
    if (!may_be_paid(&r->items[amount], account)) {
        return;
    }
    bool each = account != EXTRACT_NONE && account < amount && is_for_each(d, &r->items[amount]);
    for (size_t i = 0; each && i < account; i++) {
        if (is_payee(&r->items[i]) && apart(d, &r->items[i], &r->items[amount]) < STOP) {
            pair_with(d, r, amount, i);
        }
    }
    for (int k = 0; k < r->items[amount].times; k++) {
        pair_with(d, r, amount, account);
    }
}

/* A sum of all and its parts are not added up: where nothing else was paid, the total is what is proposed. */
static void take_totals(const distances *d, extract_result *r) {
    for (size_t i = 0; i < r->item_count && r->transfer_count == 0; i++) {
        extract_item *item = &r->items[i];
        if (item->kind == EXTRACT_AMOUNT && item->role == EXTRACT_ROLE_TOTAL &&
            nearest(d, r, i, is_payee, FAR) != EXTRACT_NONE) {
            extract_role role = item->role;
            item->role = EXTRACT_ROLE_PAID;
            pair_one(d, r, i);
            item->role = role;
        }
    }
}

sluice_result extract_pair(const scan *s, extract_result *r, sluice_error *error) {
    distances d;
    r->transfers = arena_alloc(s->arena, EXTRACT_TRANSFERS_MAX * sizeof *r->transfers);
    if (r->transfers == NULL || !weigh(s, r, &d)) {
        return error_no_memory(error, s->count * sizeof *d.weight);
    }
    for (size_t i = 0; i < r->item_count; i++) {
        pair_one(&d, r, i);
    }
    take_totals(&d, r);
    return SLUICE_OK;
}
