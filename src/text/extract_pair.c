/* Pairs: which amount went to which account, and when.
 *
 * Each amount that was paid takes the nearest account that is not the victim's own, where nearness is counted in
 * characters and every comma, and far more every end of a sentence, lies between. Names and banks go to accounts in the
 * same way; of times the nearest that was named before, else the first after in the same sentence. */
#include "base/error.h"
#include "text/extract_private.h"

enum { COMMA = 6, STOP = 60, FAR = 400, AMOUNT = 20, ACCOUNT = 10 };

/* The next line or part of a form: its label and a colon, within a few characters. */
static bool is_labelled_line(const scan *s, size_t i) {
    enum { LABEL_MAX = 8 };
    for (size_t at = i; at < s->count && at <= i + LABEL_MAX; at++) {
        if (s->c[at] == ':') {
            return at > i;
        }
        if (scan_is_digit(s->c[at]) || s->c[at] == '\n') {
            return false;
        }
    }
    return false;
}

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
        uint32_t own = inside ? (s->at[i] == r->items[item].from ? item_weight(&r->items[item]) : 0)
                       : (s->c[i] == '\n' || s->c[i] == ';') && is_labelled_line(s, i + 1) ? COMMA
                       : scan_is_stop(s->c[i])                                             ? STOP
                       : scan_is_comma(s->c[i])                                            ? COMMA
                                                                                           : 1;
        d->weight[i + 1] = d->weight[i] + own;
    }
    return true;
}

static uint32_t apart(const distances *d, const extract_item *a, const extract_item *b) {
    const extract_item *first = a->from < b->from ? a : b, *second = first == a ? b : a;
    return d->weight[scan_character_at(d->s, second->from)] - d->weight[scan_character_at(d->s, first->to)];
}

typedef bool (*item_test)(const extract_item *item);

/* Of money that was drawn: only what is said to be the other side's, not the card that lies beside. */
static bool is_said_payee(const extract_item *item) {
    return is_account(item) && item->role == EXTRACT_ROLE_PAID && !item->is_denied;
}
static bool is_payee(const extract_item *item) {
    return is_account(item) && item->role != EXTRACT_ROLE_OWN && !item->is_denied;
}
static bool is_name(const extract_item *item) {
    return item->kind == EXTRACT_NAME && item->role != EXTRACT_ROLE_OWN;
}
static bool is_bank(const extract_item *item) {
    return item->kind == EXTRACT_BANK && item->role != EXTRACT_ROLE_OWN;
}
/* A card is a bank's: 支付宝, 微信 or 云闪付 beside it is the way that the money went. */
static bool is_payment_firm(const extract_item *item) {
    return is_bank(item) && (text_equal(item->value, TEXT("支付宝")) || text_equal(item->value, TEXT("微信支付")) ||
                             text_equal(item->value, TEXT("云闪付")) || text_equal(item->value, TEXT("京东支付")));
}
static bool is_bank_of_card(const extract_item *item) {
    return is_bank(item) && !is_payment_firm(item);
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

static size_t time_before(const extract_result *r, size_t of) {
    for (size_t i = of; i > 0; i--) {
        if (r->items[i - 1].kind == EXTRACT_TIME) {
            return i - 1;
        }
    }
    return EXTRACT_NONE;
}

/* 9:05、9:07分别转了1万、2万: as many times as amounts (or as it was paid), side by side: one for each. */
static size_t time_of_list(const extract_result *r, size_t of, size_t repeat) {
    size_t first = of, last = of;
    while (first > 0 && r->items[first - 1].kind == EXTRACT_AMOUNT) {
        first--;
    }
    while (last + 1 < r->item_count && r->items[last + 1].kind == EXTRACT_AMOUNT) {
        last++;
    }
    size_t amounts = last - first + 1, times = 0;
    while (times < first && r->items[first - times - 1].kind == EXTRACT_TIME) {
        times++;
    }
    size_t wanted = amounts == 1 ? (size_t)r->items[of].times : amounts;
    return wanted > 1 && times == wanted ? first - times + (amounts == 1 ? repeat : of - first) : EXTRACT_NONE;
}

static bool is_told(const extract_item *item) {
    return item->kind == EXTRACT_AMOUNT && (item->role == EXTRACT_ROLE_PAID || item->role == EXTRACT_ROLE_UNKNOWN);
}

/* The rows of a table or the lines of a form end with their time: amounts and times take turns, an amount first. */
static bool times_follow(const extract_result *r) {
    bool amount_is_next = true;
    size_t times = 0;
    for (size_t i = 0; i < r->item_count; i++) {
        bool is_time = r->items[i].kind == EXTRACT_TIME;
        if (!is_time && !is_told(&r->items[i])) {
            continue;
        }
        if (is_time == amount_is_next) {
            return false;
        }
        amount_is_next = !amount_is_next;
        times += is_time ? 1 : 0;
    }
    return times > 1 && amount_is_next;
}

/* The last time before it, where one was named; else the first after it in the same sentence. */
static size_t time_of(const distances *d, const extract_result *r, size_t of, size_t repeat) {
    size_t listed = time_of_list(r, of, repeat), before = times_follow(r) ? EXTRACT_NONE : time_before(r, of);
    if (listed != EXTRACT_NONE || before != EXTRACT_NONE) {
        return listed != EXTRACT_NONE ? listed : before;
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
    return item->kind == EXTRACT_AMOUNT && !item->is_denied &&
           (item->role == EXTRACT_ROLE_PAID || (item->role == EXTRACT_ROLE_UNKNOWN && account != EXTRACT_NONE));
}

static int lower_of(int a, int b) {
    return a < b ? a : b;
}

static void pair_with(const distances *d, extract_result *r, size_t amount, size_t account, size_t repeat) {
    bool paid = r->items[amount].role == EXTRACT_ROLE_PAID, has_account = account != EXTRACT_NONE;
    if (r->transfer_count == EXTRACT_TRANSFERS_MAX) {
        r->is_cut = true;
        return;
    }
    size_t anchor = has_account ? account : amount;
    bool is_card = has_account && r->items[account].kind == EXTRACT_CARD;
    /* Where money was drawn, the bank that is named is the one that it was in. */
    size_t bank = !has_account && r->items[amount].is_drawn
                      ? EXTRACT_NONE
                      : belonging_to(d, r, anchor, is_card ? is_bank_of_card : is_bank, is_account);
    extract_transfer *t = &r->transfers[r->transfer_count++];
    *t = (extract_transfer){.account = account,
                            .amount = amount,
                            .name = belonging_to(d, r, anchor, is_name, is_payee),
                            .bank = bank,
                            .time = time_of(d, r, amount, repeat)};
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
    return scan_before(d->s, scan_character_at(d->s, amount->from), "各|分别|每张卡|每个账户|每个账号", 4) !=
           EXTRACT_NONE;
}

/* The next payee's account or paid amount from `of` in the direction of `step`, within the sentence; EXTRACT_NONE:
 * none. */
static size_t neighbour(const distances *d, const extract_result *r, size_t of, bool forward) {
    for (size_t i = of; forward ? i + 1 < r->item_count : i > 0;) {
        i = forward ? i + 1 : i - 1;
        if (apart(d, &r->items[of], &r->items[i]) >= STOP) {
            return EXTRACT_NONE;
        }
        bool counts = is_payee(&r->items[i]) || may_be_paid(&r->items[i], 0);
        if (counts) {
            return i;
        }
    }
    return EXTRACT_NONE;
}

/* 一个是A，…转了3万，一个是B，…转了2万: where accounts and amounts take turns in a sentence and it begins with an
 * account, each amount is of the account before it, however near the next one is; where it ends with an account, of the
 * one behind. */
static size_t alternating(const distances *d, const extract_result *r, size_t amount, size_t account) {
    size_t first = amount, accounts = 0, amounts = 1;
    for (int forward = 0; forward < 2; forward++) {
        bool wanted = true; /* an account is next */
        for (size_t at = amount, next; (next = neighbour(d, r, at, forward == 1)) != EXTRACT_NONE; at = next) {
            if (is_payee(&r->items[next]) != wanted) {
                return account;
            }
            accounts += wanted ? 1 : 0;
            amounts += wanted ? 0 : 1;
            wanted = !wanted;
            first = forward == 0 ? next : first;
        }
    }
    if (accounts < 2 || accounts != amounts) {
        return account;
    }
    return neighbour(d, r, amount, !is_payee(&r->items[first]));
}

/* 支付宝转了38000，银行卡转了10万到…: what went by a payment firm did not go to the account beyond the next sum. */
static bool went_by_firm(const distances *d, const extract_result *r, size_t amount, size_t account) {
    if (amount == 0 || account == EXTRACT_NONE || apart(d, &r->items[amount], &r->items[account]) < AMOUNT) {
        return false;
    }
    const extract_item *before = &r->items[amount - 1];
    return is_payment_firm(before) && apart(d, before, &r->items[amount]) < COMMA;
}

static void pair_one(const distances *d, extract_result *r, size_t amount) {
    bool paid = r->items[amount].role == EXTRACT_ROLE_PAID;
    size_t account = nearest(d, r, amount, r->items[amount].is_drawn ? is_said_payee : is_payee, paid ? FAR : STOP);
    account = alternating(d, r, amount, account);
    account = went_by_firm(d, r, amount, account) ? EXTRACT_NONE : account;
    if (!may_be_paid(&r->items[amount], account)) {
        return;
    }
    bool each = account != EXTRACT_NONE && account < amount && is_for_each(d, &r->items[amount]);
    for (size_t i = 0; each && i < account; i++) {
        if (is_payee(&r->items[i]) && apart(d, &r->items[i], &r->items[amount]) < STOP) {
            pair_with(d, r, amount, i, 0);
        }
    }
    for (int k = 0; k < r->items[amount].times; k++) {
        pair_with(d, r, amount, account, (size_t)k);
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
