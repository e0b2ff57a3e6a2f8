/* Denials: a sum that was asked for and not paid, a transfer that failed, an account that it was not.
 *
 * Who proposes a stop for money that never left takes the time of a bank and of the account's owner, so what is said
 * not to have happened is shown as an item and is no transfer. */
#include "text/extract_private.h"

enum { SENTENCE_MAX = 200 }; /* what is farther is another matter */

static const char DEMANDS[] =
    "让我|要我|叫我|喊我|催我|逼我|让俺|叫俺|要俺|让他|叫他|让她|叫她|要求|要交|要付|要转|需交|得交|需要交";
static const char UNPAID[] =
    "没转|没有转|还没转|未转|没付|没有付|未付|没给|没有给|没打|没汇|没交|没存|没同意|拒绝|拦住|拦下|劝住|劝阻|没被骗";
static const char FAILED[] =
    "失败|未成功|没成功|没有成功|不成功|没转成|没转出|没有转出|没转走|没有转走|被退回|退回来|转不了|转不出";

/* One of the words within [i, …) before the sentence ends, or its part, if `in_part`. */
static bool follows(const scan *s, size_t i, const char *words, bool in_part) {
    for (size_t to = i + SENTENCE_MAX; i < s->count && i < to && !scan_is_stop(s->c[i]); i++) {
        if (in_part && scan_is_comma(s->c[i])) {
            return false;
        }
        if (scan_word(s, i, words) > 0) {
            return true;
        }
    }
    return false;
}

/* …, 我就转了1元: the same sum once more in the sentence, and not asked for. */
static bool is_paid_later(const scan *s, const extract_item *item, size_t end) {
    size_t stop = end;
    while (stop < s->count && stop < end + SENTENCE_MAX && !scan_is_stop(s->c[stop])) {
        stop++;
    }
    for (size_t k = 0; k < s->item_count; k++) {
        const extract_item *later = &s->items[k];
        if (later->kind == EXTRACT_AMOUNT && later->number == item->number && later->from >= item->to &&
            later->from < s->at[stop]) {
            return true;
        }
    }
    return false;
}

static bool amount_is_denied(const scan *s, const extract_item *item) {
    enum { NEAR = 10 };
    size_t from = scan_character_at(s, item->from), end = scan_character_at(s, item->to);
    if (follows(s, end, FAILED, true)) {
        return true;
    }
    return scan_before(s, from, DEMANDS, NEAR) != EXTRACT_NONE &&
           (follows(s, end, UNPAID, false) || is_paid_later(s, item, end));
}

void scan_denials(scan *s) {
    for (size_t k = 0; k < s->item_count; k++) {
        extract_item *item = &s->items[k];
        if (item->kind == EXTRACT_AMOUNT) {
            item->is_denied = amount_is_denied(s, item);
        } else if (item->kind == EXTRACT_CARD || item->kind == EXTRACT_ACCOUNT) {
            item->is_denied = scan_after_label(s, scan_character_at(s, item->from), "不是|并非|而非");
        }
        item->role = item->is_denied ? EXTRACT_ROLE_UNKNOWN : item->role;
    }
}
