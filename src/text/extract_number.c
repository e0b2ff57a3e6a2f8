/* Identity numbers, phones, cards, accounts, QQ and WeChat: groups of digits, joined over single blanks and hyphens as
 * people write them, and then told apart. */
#include <string.h>

#include "base/time.h"
#include "text/extract_private.h"

enum { GROUPS_MAX = 8, DIGITS_MAX = 32, NEAR = 12 };

/* Groups of digits from one place on, with single blanks or hyphens between. */
typedef struct groups {
    size_t from[GROUPS_MAX], to[GROUPS_MAX];
    size_t count;
} groups;

static bool is_gap(uint32_t c) {
    return c == ' ' || c == '-';
}

static void read_groups(const scan *s, size_t i, groups *g) {
    g->count = 0;
    while (g->count < GROUPS_MAX && scan_is_digit(s->c[i]) && s->taken[i] == 0) {
        size_t end = i;
        while (scan_is_digit(s->c[end]) && s->taken[end] == 0) {
            end++;
        }
        g->from[g->count] = i;
        g->to[g->count] = end;
        g->count++;
        if (!is_gap(s->c[end])) {
            return;
        }
        i = end + 1;
    }
}

static size_t group_length(const groups *g, size_t k) {
    return g->to[k] - g->from[k];
}

/* The digits of the first `count` groups; how many they are. */
static size_t join(const scan *s, const groups *g, size_t count, char digits[DIGITS_MAX + 1]) {
    size_t length = 0;
    for (size_t k = 0; k < count; k++) {
        for (size_t i = g->from[k]; i < g->to[k]; i++) {
            if (length == DIGITS_MAX) {
                return DIGITS_MAX + 1;
            }
            digits[length++] = (char)s->c[i];
        }
    }
    digits[length] = '\0';
    return length;
}

static extract_item *add_digits(scan *s, extract_kind kind, size_t from, size_t to, int confidence, bool checked) {
    extract_item *item = scan_add(s, kind, from, to, confidence, scan_copy(s, from, to, true));
    if (item != NULL) {
        item->is_checked = checked;
    }
    return item;
}

/* ---- checks ---- */

static bool luhn(const char *digits, size_t length) {
    unsigned sum = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = (unsigned)(digits[length - 1 - i] - '0');
        unsigned twice = i % 2 == 1 ? digit * 2 : digit;
        sum += twice > 9 ? twice - 9 : twice;
    }
    return sum % 10 == 0;
}

/* GB 11643: 17 digits and a character of ISO 7064 MOD 11-2. */
static bool identity_checks(const char *digits, uint32_t last) {
    static const unsigned WEIGHTS[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    unsigned sum = 0;
    for (size_t i = 0; i < 17; i++) {
        sum += (unsigned)(digits[i] - '0') * WEIGHTS[i];
    }
    return (uint32_t) "10X98765432"[sum % 11] == (last == 'x' ? 'X' : last);
}

static unsigned digits_value(const char *digits, size_t length) {
    unsigned value = 0;
    for (size_t i = 0; i < length; i++) {
        value = value * 10 + (unsigned)(digits[i] - '0');
    }
    return value;
}

/* A province, and a birthday that was. */
static bool identity_is_likely(const scan *s, const char *digits) {
    unsigned province = digits_value(digits, 2), year = digits_value(digits + 6, 4),
             month = digits_value(digits + 10, 2), day = digits_value(digits + 12, 2);
    if (province < 11 || province > 91 || year < 1900 || month < 1 || month > 12 || day < 1 || day > 31) {
        return false;
    }
    int64_t birth = time_days_from_civil((int64_t)year, month, day), back_year;
    unsigned back_month, back_day;
    time_civil_from_days(birth, &back_year, &back_month, &back_day);
    return back_day == day && birth * TIME_DAY_MS <= s->reference_ms + TIME_DAY_MS;
}

/* ---- by the word before ---- */

static const char CARD_WORDS[] = "卡号|账号|帐号|账户|帐户|户号|银行卡|储蓄卡|信用卡|借记卡|卡|对公";
static const char OTHER_WORDS[] = "单号|订单|流水号|流水|编号|快递|运单|案号|凭证号|参考号|证件号|验证码|邀请码|工号|"
                                  "警号|序列号|房间号|会议号|统一社会信用代码|税号";

/* Whether the nearest word says that it is an account, or that it is something else. */
static void look_before(const scan *s, size_t i, bool *is_card, bool *is_other) {
    size_t card = scan_before(s, i, CARD_WORDS, NEAR), other = scan_before(s, i, OTHER_WORDS, NEAR);
    *is_card = card != EXTRACT_NONE && (other == EXTRACT_NONE || card < other);
    *is_other = other != EXTRACT_NONE && !*is_card;
}

/* ---- identity numbers ---- */

static size_t take_identity(scan *s, const groups *g) {
    char digits[DIGITS_MAX + 1];
    for (size_t count = 1; count <= g->count && count <= 6; count++) {
        size_t length = join(s, g, count, digits), end = g->to[count - 1];
        bool ends_with_x = length == 17 && (s->c[end] == 'X' || s->c[end] == 'x') && !scan_is_letter(s->c[end + 1]) &&
                           !scan_is_digit(s->c[end + 1]);
        if ((length != 18 && !ends_with_x) || !identity_is_likely(s, digits)) {
            continue;
        }
        uint32_t last = ends_with_x ? 'X' : (uint32_t)digits[17];
        bool checks = identity_checks(digits, last), is_card = false, is_other = false;
        bool announced = scan_before(s, g->from[0], "身份证|证件|身份号码|公民", NEAR) != EXTRACT_NONE;
        look_before(s, g->from[0], &is_card, &is_other);
        /* Without its check character and with the word for a card before it, it is an 18-digit account. */
        if (!checks && !ends_with_x && !announced && (is_card || luhn(digits, length))) {
            return g->from[0];
        }
        end += ends_with_x ? 1 : 0;
        extract_item *item = add_digits(s, EXTRACT_IDENTITY, g->from[0], end,
                                        checks      ? 97
                                        : announced ? 60
                                                    : 45,
                                        checks);
        if (item != NULL && ends_with_x && item->value.length == 18) {
            char *value = arena_copy(s->arena, item->value.data, 18);
            s->failed = s->failed || value == NULL;
            if (value != NULL) {
                value[17] = 'X';
                item->value.data = value;
            }
        }
        return end;
    }
    return g->from[0];
}

/* ---- phones ---- */

static bool is_mobile(const char *digits) {
    return digits[0] == '1' && digits[1] >= '3' && digits[1] <= '9';
}

/* 13800138000, 138 0013 8000, +86 138…, 86138… */
static size_t take_mobile(scan *s, const groups *g) {
    char digits[DIGITS_MAX + 1];
    for (size_t count = 1; count <= g->count && count <= 4; count++) {
        size_t length = join(s, g, count, digits);
        size_t country = length == 13 && memcmp(digits, "86", 2) == 0     ? 2
                         : length == 15 && memcmp(digits, "0086", 4) == 0 ? 4
                                                                          : 0;
        bool grouped = count == 1 || group_length(g, 0) <= 4;
        if (length - country != 11 || !is_mobile(digits + country) || !grouped) {
            continue;
        }
        bool is_card = false, is_other = false;
        look_before(s, g->from[0], &is_card, &is_other);
        if (is_other && count == 1) {
            break;
        }
        size_t from = g->from[0];
        from -= from > 0 && s->c[from - 1] == '+' && country == 2 ? 1 : 0;
        extract_item *item = scan_add(s, EXTRACT_PHONE, from, g->to[count - 1], 95, (sluice_text){0});
        char *value = arena_copy(s->arena, digits + country, 11);
        s->failed = s->failed || value == NULL;
        if (item != NULL) {
            item->value = (sluice_text){value, value == NULL ? 0 : 11};
        }
        return g->to[count - 1];
    }
    return g->from[0];
}

/* 0771-5551234, (0771)5551234, 400-820-8820, and a service number after the word for calling. */
static size_t take_landline(scan *s, const groups *g) {
    char digits[DIGITS_MAX + 1];
    size_t from = g->from[0], first = group_length(g, 0);
    bool in_brackets = from > 0 && s->c[from - 1] == '(' && s->c[g->to[0]] == ')';
    if (in_brackets && s->c[from] == '0' && first >= 3 && first <= 4) {
        size_t at = g->to[0] + 1, end = at;
        while (scan_is_digit(s->c[end])) {
            end++;
        }
        if (end - at == 7 || end - at == 8) {
            extract_item *item = scan_add(s, EXTRACT_LANDLINE, from - 1, end, 92, (sluice_text){0});
            sluice_text area = scan_copy(s, from, g->to[0], true), number = scan_copy(s, at, end, true);
            char *value = s->failed ? NULL : arena_alloc(s->arena, area.length + number.length);
            s->failed = s->failed || value == NULL;
            if (item != NULL && value != NULL) {
                memcpy(value, area.data, area.length);
                memcpy(value + area.length, number.data, number.length);
                item->value = (sluice_text){value, area.length + number.length};
            }
            return end;
        }
    }
    for (size_t count = 1; count <= g->count && count <= 3; count++) {
        size_t length = join(s, g, count, digits), last = group_length(g, count - 1);
        bool has_area = digits[0] == '0' && digits[1] != '0' && length >= 10 && length <= 12 &&
                        (count == 1 || (count == 2 && first >= 3 && first <= 4 && last >= 7));
        bool is_hotline =
            length == 10 && digits[1] == '0' && digits[2] == '0' && (digits[0] == '4' || digits[0] == '8');
        bool is_service = count == 1 && (length == 5 || length == 8) && digits[0] == '9' &&
                          (digits[1] == '5' || digits[1] == '6') &&
                          scan_after_label(s, from, "拨打|致电|电话|来电|热线|客服");
        if (has_area || is_hotline || is_service) {
            (void)add_digits(s, EXTRACT_LANDLINE, from, g->to[count - 1], count == 1 && has_area ? 80 : 90, false);
            return g->to[count - 1];
        }
    }
    return from;
}

/* ---- cards and accounts ---- */

/* How many groups belong to one card: as it is printed, four by four, or six and the rest; or in any pieces, when the
 * whole is a card of UnionPay's by its own check. */
static size_t card_groups(const scan *s, const groups *g, char digits[DIGITS_MAX + 1], size_t *length) {
    size_t best = 0;
    bool checks = false;
    for (size_t count = 1; count <= g->count; count++) {
        size_t total = join(s, g, count, digits), last = group_length(g, count - 1);
        bool printed = count == 1 || (count == 2 && group_length(g, 0) == 6) || (group_length(g, 0) == 4 && last <= 4);
        bool is_sum = count > 1 && scan_word(s, g->to[count - 1], "元|块|万|千|圆") > 0;
        if (total > 19 || is_sum) {
            break;
        }
        bool fits = luhn(digits, total);
        bool whole = total >= 16 && fits && digits[0] == '6' && digits[1] == '2' && group_length(g, 0) > 3 && last > 2;
        if (total >= 15 && (printed || whole) && (fits || !checks)) {
            best = count;
            checks = fits;
        }
    }
    *length = best == 0 ? 0 : join(s, g, best, digits);
    return best;
}

/* Whose it is, by the words before: the victim's own, or the one that was paid to. */
static extract_role account_role(const scan *s, size_t i) {
    size_t own =
        scan_before(s, i,
                    "我的|本人|我用|用我|从我|我从|从|自己的|自己名下|我名下|名下|您尾号|您的|付款账号|付款卡|付款账户|"
                    "转出账号|转出账户|转出卡|我卡|用|我行|我公司|我司|输了|输入|填了|填写|绑定|绑了|开的",
                    14);
    size_t other = scan_before(
        s, i, "收款|对方|转到|转至|转入|转给|转进|汇入|汇到|汇至|打到|打入|打给|存入|向|给|往|至|入账|到账", 14);
    if (own != EXTRACT_NONE && (other == EXTRACT_NONE || own < other)) {
        return EXTRACT_ROLE_OWN;
    }
    return other != EXTRACT_NONE ? EXTRACT_ROLE_PAID : EXTRACT_ROLE_UNKNOWN;
}

static size_t take_card(scan *s, const groups *g) {
    char digits[DIGITS_MAX + 1];
    size_t length = 0, from = g->from[0], count = card_groups(s, g, digits, &length);
    bool is_card = false, is_other = false;
    look_before(s, from, &is_card, &is_other);
    if (count == 0) {
        return from;
    }
    size_t end = g->to[count - 1];
    bool checks = luhn(digits, length), is_union = digits[0] == '6' && digits[1] == '2';
    /* 刷流水，先转给 6228…: a number that is a card by itself is none only right behind such a word. */
    if (is_other && (!checks || !is_union || scan_after_label(s, from, OTHER_WORDS))) {
        scan_take(s, from, end); /* an order number, say: nothing else may take it for a sum */
        return end;
    }
    bool looks =
        is_union || digits[0] == '4' || digits[0] == '5' || digits[0] == '3' || digits[0] == '6' || digits[0] == '9';
    int confidence = checks && is_union ? 97 : checks && is_card && looks ? 92 : checks && looks ? 75 : 0;
    extract_kind kind = EXTRACT_CARD;
    if (confidence == 0) {
        confidence = is_union && is_card ? 65 : is_union ? 50 : is_card ? 75 : 0;
        kind = is_union ? EXTRACT_CARD : EXTRACT_ACCOUNT;
    }
    if (confidence == 0) {
        scan_take(s, from, end);
        return end;
    }
    extract_item *item = add_digits(s, kind, from, end, confidence, checks);
    if (item != NULL) {
        item->role = account_role(s, from);
    }
    return end;
}

/* Other account numbers: by the word that stands right before. */
static size_t take_account(scan *s, const groups *g) {
    char digits[DIGITS_MAX + 1];
    size_t from = g->from[0];
    if (!scan_after_label(s, from, "卡号|账号|帐号|账户|帐户|户号|对公账号|对公账户")) {
        return from;
    }
    size_t count = g->count;
    size_t length = join(s, g, count, digits);
    while (count > 1 && (length > 30 || group_length(g, count - 1) < 2)) {
        count--;
        length = join(s, g, count, digits);
    }
    if (length < 8 || length > 30) {
        return from;
    }
    extract_item *item = add_digits(s, EXTRACT_ACCOUNT, from, g->to[count - 1], length >= 12 ? 80 : 60, false);
    if (item != NULL) {
        item->role = account_role(s, from);
    }
    return g->to[count - 1];
}

/* 6228****0018, as banks print it: the last digits behind the stars; `from` itself: it is none. */
static size_t masked_tail(const scan *s, size_t from, size_t at, size_t *tail) {
    size_t stars = at;
    while (s->c[stars] == '*' || (s->c[stars] == ' ' && stars > at && s->c[stars + 1] == '*')) {
        stars++;
    }
    size_t begin = stars + (s->c[stars] == ' ' ? 1 : 0), end = begin;
    while (scan_is_digit(s->c[end])) {
        end++;
    }
    *tail = begin;
    return stars - at >= 2 && stars - at <= 16 && end - begin >= 3 && end - begin <= 6 ? end : from;
}

static size_t take_masked(scan *s, const groups *g) {
    size_t from = g->from[0], tail = 0, length = group_length(g, 0);
    size_t star = g->to[0] + (s->c[g->to[0]] == ' ' && s->c[g->to[0] + 1] == '*' ? 1 : 0);
    size_t end = length < 3 || length > 8 ? from : masked_tail(s, from, star, &tail);
    bool is_phone = length == 3 && s->c[from] == '1';
    if (end == from || is_phone) {
        return from;
    }
    extract_item *item = scan_add(s, EXTRACT_TAIL, from, end, 80, scan_copy(s, tail, end, true));
    if (item != NULL) {
        item->role = account_role(s, from);
    }
    return end;
}

/* 6228 4800 and no more: a card that he does not remember whole, and no sum. */
static size_t take_fragment(scan *s, const groups *g) {
    size_t from = g->from[0], end = g->count < 2 ? from : g->to[g->count - 1];
    bool begins = g->count >= 2 && group_length(g, 0) == 4 && s->c[from] == '6' && s->c[from + 1] == '2' &&
                  group_length(g, 1) == 4 && s->c[g->to[0]] == ' ';
    if (!begins || scan_word(s, end, "元|块|万|千|圆") > 0) {
        return from;
    }
    scan_take(s, from, end);
    return end;
}

static size_t take_tail(scan *s, const groups *g) {
    size_t from = g->from[0], length = group_length(g, 0);
    if (length < 3 || length > 6 || !scan_after_label(s, from, "尾号|末四位|后四位|末尾")) {
        return from;
    }
    extract_item *item = add_digits(s, EXTRACT_TAIL, from, g->to[0], 90, false);
    if (item != NULL) {
        item->role = account_role(s, from);
    }
    return g->to[0];
}

/* ---- QQ and WeChat ---- */

static size_t take_qq(scan *s, const groups *g) {
    size_t from = g->from[0], length = group_length(g, 0);
    if (length < 5 || length > 11 || s->c[from] == '0' || !scan_after_label(s, from, "QQ|扣扣|企鹅|QQ群|Q群|群")) {
        return from;
    }
    (void)add_digits(s, EXTRACT_QQ, from, g->to[0], 88, false);
    return g->to[0];
}

static bool is_wechat(uint32_t c) {
    return scan_is_digit(c) || scan_is_letter(c) || c == '_' || c == '-';
}

/* 6 to 20 of letters, digits, _ and -, a letter first, after the word. */
static size_t take_wechat(scan *s, size_t i) {
    size_t word = scan_word(s, i, "微信号|微信|薇信|威信|VX|WX|V信|wechat|weixin|徽信");
    if (word == 0 || (i > 0 && scan_is_letter(s->c[i - 1]) && scan_is_letter(s->c[i]))) {
        return i;
    }
    size_t at = i + word;
    for (size_t k = 0; k < 5 && (s->c[at] == ' ' || s->c[at] == ':' || s->c[at] == '(' || s->c[at] == '"' ||
                                 scan_word(s, at, "号|是|为|叫|加|：|“") > 0);
         k++) {
        at++;
    }
    size_t end = at;
    while (is_wechat(s->c[end]) && s->taken[end] == 0) {
        end++;
    }
    if (!scan_is_letter(s->c[at]) || end - at < 6 || end - at > 20) {
        return i;
    }
    (void)scan_add(s, EXTRACT_WECHAT, at, end, 88, scan_copy(s, at, end, false));
    return end;
}

/* ---- the walk ---- */

static size_t take_number(scan *s, size_t i) {
    static size_t (*const TAKERS[])(scan *, const groups *) = {take_masked,  take_tail,     take_identity,
                                                               take_qq,      take_mobile,   take_card,
                                                               take_account, take_landline, take_fragment};
    groups g;
    read_groups(s, i, &g);
    for (size_t k = 0; k < sizeof TAKERS / sizeof *TAKERS; k++) {
        size_t end = TAKERS[k](s, &g);
        if (end > i) {
            return end;
        }
    }
    return g.to[0]; /* perhaps a sum */
}

void scan_numbers(scan *s) {
    for (size_t i = 0; i < s->count;) {
        size_t end = i;
        bool begins = scan_is_digit(s->c[i]) && s->taken[i] == 0 &&
                      (i == 0 || (!scan_is_letter(s->c[i - 1]) && s->c[i - 1] != '_') ||
                       scan_before(s, i, "QQ", 0) != EXTRACT_NONE);
        if (begins) {
            end = take_number(s, i);
        } else if (!scan_is_digit(s->c[i])) {
            end = take_wechat(s, i);
        } else {
            while (scan_is_digit(s->c[end])) { /* the rest of a word such as abc123 */
                end++;
            }
        }
        i = end > i ? end : i + 1;
    }
}
