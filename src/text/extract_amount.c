/* Amounts: 5000元, ¥5,000.00, 3万5, 3.5万, 两千三百块, 人民币叁万元整, 转了5k; what is not one (3万人, 5000美元) is
 * left alone.
 *
 * A sum is digits, commas, Chinese numerals and 十 百 千 万 亿 in any mix, exact in fen. It is an amount when a
 * currency stands before or after it, or when the word before it is about money. */
#include "text/extract_private.h"

static const int64_t SUM_MAX = INT64_C(100000000000000000); /* 10^15 yuan */

/* ---- sums ---- */

static int han_digit(uint32_t c) {
    static const uint32_t DIGITS[][2] = {{0x96F6, 0x3007}, {0x4E00, 0x58F9}, {0x4E8C, 0x8D30}, {0x4E09, 0x53C1},
                                         {0x56DB, 0x8086}, {0x4E94, 0x4F0D}, {0x516D, 0x9646}, {0x4E03, 0x67D2},
                                         {0x516B, 0x634C}, {0x4E5D, 0x7396}};
    for (int i = 0; i < 10; i++) {
        if (c == DIGITS[i][0] || c == DIGITS[i][1]) {
            return i;
        }
    }
    return c == 0x4E24 ? 2 : -1; /* 两 */
}

static int64_t unit_value(uint32_t c) {
    switch (c) {
    case 0x5341: /* 十 */
    case 0x62FE: /* 拾 */
        return 10;
    case 0x767E: /* 百 */
    case 0x4F70: /* 佰 */
        return 100;
    case 0x5343: /* 千 */
    case 0x4EDF: /* 仟 */
    case 'k':
    case 'K':
        return 1000;
    case 0x4E07: /* 万 */
    case 0x842C: /* 萬 */
    case 'w':
    case 'W':
        return 10000;
    case 0x4EBF: /* 亿 */
        return 100000000;
    default:
        return 0;
    }
}

static bool is_wide_digit(uint32_t raw) {
    return raw >= 0xFF10 && raw <= 0xFF19;
}

/* A comma between thousands: followed by exactly three digits. A full-width one only among full-width digits. */
static bool is_thousands(const scan *s, size_t i) {
    bool comma = s->c[i] == ',' ||
                 (s->raw[i] == 0xFF0C && i > 0 && is_wide_digit(s->raw[i - 1]) && is_wide_digit(s->raw[i + 1]));
    return comma && scan_is_digit(s->c[i + 1]) && scan_is_digit(s->c[i + 2]) && scan_is_digit(s->c[i + 3]) &&
           !scan_is_digit(s->c[i + 4]);
}

/* 3,6000: a comma where 万 would stand, as people group who count in 万. More digits before it are a sum of their own.
 */
static bool is_myriads(const scan *s, size_t i, size_t digits) {
    size_t zeros = 0;
    while (zeros < 4 && scan_is_digit(s->c[i + 1 + zeros])) {
        zeros++;
    }
    return s->c[i] == ',' && digits <= 2 && zeros == 4 && !scan_is_digit(s->c[i + 5]);
}

/* Digits with commas and at most two decimals (more are cut), in hundredths. */
static size_t read_decimal(const scan *s, size_t i, int64_t *hundredths, bool *is_single) {
    int64_t value = 0;
    size_t at = i, digits = 0;
    bool commas = false;
    for (;; at++) {
        if (scan_is_digit(s->c[at])) {
            value = value > SUM_MAX ? value : value * 10 + (int64_t)(s->c[at] - '0');
            digits++;
        } else if (digits == 0 ||
                   (!((commas || digits <= 3) && is_thousands(s, at)) && (commas || !is_myriads(s, at, digits)))) {
            break;
        } else {
            commas = true;
        }
    }
    value = value > SUM_MAX / 100 ? SUM_MAX : value * 100;
    if (digits > 0 && s->c[at] == '.' && scan_is_digit(s->c[at + 1])) {
        int64_t scale = 10;
        for (at++; scan_is_digit(s->c[at]); at++) {
            value += scale * (int64_t)(s->c[at] - '0');
            scale /= 10;
        }
    }
    *hundredths = value;
    *is_single = digits == 1 && at == i + 1;
    return digits == 0 ? i : at;
}

typedef struct sum {
    int64_t total, section, number; /* in hundredths */
    bool has_number, is_single, after_zero;
    int64_t last_unit;
} sum;

static int64_t times(int64_t a, int64_t b) {
    return a > SUM_MAX / b ? SUM_MAX : a * b;
}

static void add_unit(sum *m, int64_t unit) {
    int64_t number = m->has_number ? m->number : 100;
    if (unit >= 10000) {
        int64_t below = m->section + (m->has_number ? m->number : 0);
        m->total = unit == 100000000 ? times(m->total + (below == 0 ? 100 : below), unit)
                                     : m->total + times(below == 0 ? 100 : below, unit);
        m->section = 0;
    } else {
        m->section += times(number, unit);
    }
    m->number = 0;
    m->has_number = m->after_zero = false;
    m->last_unit = unit;
}

/* 三万五 is 35,000: a single digit after a unit counts in the next lower one, unless 零 says otherwise. */
static int64_t end_sum(const sum *m) {
    int64_t rest = !m->has_number                                          ? 0
                   : m->last_unit >= 100 && m->is_single && !m->after_zero ? times(m->number, m->last_unit / 10)
                                                                           : m->number;
    return m->total + m->section + rest;
}

size_t scan_sum(const scan *s, size_t i, int64_t *fen, bool *is_plain) {
    sum m = {0};
    size_t at = i;
    *is_plain = true;
    while (at < s->count && s->taken[at] == 0) {
        int64_t unit = unit_value(s->c[at]), hundredths = 0;
        int digit = han_digit(s->c[at]);
        if (unit > 0) {
            bool is_ten = unit == 10 && s->c[at] == 0x5341;
            if ((at == i && !is_ten) || (!m.has_number && !is_ten && m.last_unit == 0) ||
                (s->c[at] < 0x80 && scan_is_letter(s->c[at + 1]))) {
                break;
            }
            add_unit(&m, unit);
            *is_plain = false;
            at++;
        } else if (digit >= 0 && !m.has_number) {
            bool zero = digit == 0 && m.last_unit > 0;
            m.after_zero = m.after_zero || zero;
            m.number = digit * 100;
            m.has_number = !zero;
            m.is_single = true;
            *is_plain = false;
            at++;
        } else if (scan_is_digit(s->c[at]) && !m.has_number) {
            bool single = false;
            at = read_decimal(s, at, &hundredths, &single);
            m.number = hundredths;
            m.has_number = true;
            m.is_single = single;
        } else if (s->c[at] == ' ' && m.has_number && scan_is_digit(s->c[at - 1]) &&
                   scan_word(s, at + 1, "万|千|亿") > 0) {
            at++; /* 3 万 */
        } else {
            break;
        }
    }
    *fen = end_sum(&m);
    return *fen > SUM_MAX ? i : at;
}

/* ---- is it money ---- */

static const char VERBS[] =
    "转账|转了|转出|转入|转给|转过去|转|汇款|汇了|汇出|汇|打款|打了|打过去|打给|充值|充了|支付|付款|付了|缴纳|缴了|"
    "交了|交|垫付|存了|存现|借给|"
    "投入|投资|投了|损失|被骗|骗走|骗了|金额|支出|存入|消费|扣款|扣了|借款|贷款|贷|提现|返利|返还|返现|返了|到账|收到|"
    "余额|共计|合计|"
    "一共|总共|累计|总计|共|押金|保证金|手续费|会费|运费|佣金|人民币|花了|给了|刷了|拿出|取了|取出|取现";
static const char EACH[] = "一笔|两笔|首笔|第一笔|第二笔|第三笔|第四笔|第五笔|头一笔|另一笔|最后一笔|"
                           "一次|第一次|第二次|第三次|第四次|第五次|头一次|另一次|最后一次|各|现金"; /* …, 一笔4.5万 */
static const char EVERY[] = "每笔|每次|每回";                                     /* 转了5笔, 每笔2万 */
static const char RESPECTIVELY[] = "分别是|分别为|依次是|依次为|分别转|分别转了"; /* 转走3笔, 分别是1000、1999、5000 */
static const char LEAVES[] = "转到|转给|转入|转去|转过去|转走|打到|打给|汇到|汇给|汇入|存到"; /* 也是35000转到 */
/* 卡里49800被转走了: drawn from where it was. */
static const char DRAWN[] = "被转|被刷|被盗|被划|被扣|被取|被提|被骗走|没了|不见了";
static const char NOT_MONEY[] = "人|个|次|条|张|名|户|岁|年|月|日|天|小时|分钟|秒|米|公里|斤|公斤|吨|%|‰|倍|度|楼|层|"
                                "室|栋|号|点|时|页|台|部|件|套|单|笔|位|"
                                "家|股|级|届|期|周|星期|平|亩|字|句|遍|本|群|粉|公里|里|辆|只|头|双|份|包|箱|瓶|杯|碗|"
                                "顿|段|篇|轮|局|届|班|组|队|排|行|列|,|:";
static const char FOREIGN[] =
    "USDT|usdt|USD|美元|美金|美刀|刀|港币|港元|欧元|英镑|日元|韩元|泰铢|比索|卢布|U币|BTC|ETH|TRX|个比特币|个U|U";

static extract_role role_before(const scan *s, size_t i) {
    static const struct {
        const char *words;
        extract_role role;
    } ROLES[] = {
        {"余额|结余|额度|剩余", EXTRACT_ROLE_BALANCE},
        {"共计|合计|一共|总共|累计|总计|共转|共被|共损|共付|共汇|损失|被骗|骗走|被骗走|骗了", EXTRACT_ROLE_TOTAL},
        {"返利|返还|返现|返了|返给我|转给我|给我转了|打给我|汇给我|退给我|到账|收到|提现|退还|退回|退了|收入|存入|佣金|"
         "赚了|赚|盈利|提出",
         EXTRACT_ROLE_RECEIVED},
        {"手续费", EXTRACT_ROLE_FEE},
        {"转账|转了|转出|转给|转入|转过去|转|汇款|汇了|汇出|汇|打款|打了|打过去|打给|充值|充了|支付|付款|付了|缴纳|"
         "缴了|交了|交|垫付|投入|投资|存了|存现|借给|"
         "投了|支出|消费|扣款|扣了|刷了|刷走",
         EXTRACT_ROLE_PAID},
    };
    extract_role role = EXTRACT_ROLE_UNKNOWN;
    size_t nearest = EXTRACT_NONE;
    for (size_t k = 0; k < sizeof ROLES / sizeof *ROLES; k++) {
        size_t distance = scan_before(s, i, ROLES[k].words, 14);
        if (distance != EXTRACT_NONE && (nearest == EXTRACT_NONE || distance < nearest)) {
            nearest = distance;
            role = ROLES[k].role;
        }
    }
    return role;
}

static extract_role role_of(const scan *s, size_t from, size_t end) {
    size_t at = end + scan_word(s, end, "的|是|为");
    if (scan_word(s, at, "佣金|返利|收益|利润|奖金") > 0) {
        return EXTRACT_ROLE_RECEIVED;
    }
    if (scan_word(s, at, "余额|存款|积蓄|额度") > 0) {
        return EXTRACT_ROLE_BALANCE;
    }
    if (scan_word(s, at, "手续费") > 0) {
        return EXTRACT_ROLE_FEE;
    }
    if (scan_before(s, from, "共", 0) != EXTRACT_NONE) {
        return EXTRACT_ROLE_TOTAL; /* 各转…，共1万8 */
    }
    extract_role role = role_before(s, from);
    bool leaves = scan_word(s, at, "转账|到这|到对方|到他|到她|到指定") > 0 || scan_word(s, at, DRAWN) > 0 ||
                  scan_word(s, at, LEAVES) > 0 || scan_before(s, from, EVERY, 0) != EXTRACT_NONE ||
                  scan_after_label(s, from, "一笔|第二笔|第三笔|第四笔|第五笔");
    return role == EXTRACT_ROLE_UNKNOWN && leaves ? EXTRACT_ROLE_PAID : role;
}

/* 5000元、8000元和1万2: what stands in a list with an amount is one, of the same role. NULL: it stands in none. */
static const extract_item *listed_with(const scan *s, size_t i) {
    const extract_item *last = s->item_count == 0 ? NULL : &s->items[s->item_count - 1];
    bool is_comma = i > 0 && (scan_is_comma(s->c[i - 1]) || scan_word(s, i - 1, "和|加|及") > 0);
    return is_comma && last != NULL && last->kind == EXTRACT_AMOUNT && last->to == s->at[i - 1] ? last : NULL;
}

/* 3, 三 or 叁 before 角 or 分. */
static size_t read_tenth(const scan *s, size_t i, int *value) {
    int digit = han_digit(s->c[i]);
    if (digit < 0 || scan_word(s, i + 1, "十|拾") > 0) {
        return scan_small(s, i, value);
    }
    size_t at = i + 1; /* 零三分 */
    bool is_zero = digit == 0 && han_digit(s->c[at]) > 0;
    *value = is_zero ? han_digit(s->c[at]) : digit;
    return at + (is_zero ? 1 : 0);
}

/* 元, 块, 块钱, 元整 … and 角 and 分 after it. Returns the end; `end` itself: no currency is there. */
static size_t read_currency(const scan *s, size_t end, bool *is_one_piece, int64_t *fen) {
    size_t at = end + (s->c[end] == ' ' ? 1 : 0);
    size_t unit = scan_word(s, at, "元人民币|元整|元|圆整|圆|块钱|块|RMB|rmb|CNY|人民币|¥");
    if (unit == 0) {
        return end;
    }
    size_t next_number = at + unit + (s->c[at + unit] == ' ' ? 1 : 0);
    if (scan_word(s, at, "RMB|CNY|人民币|¥") > 0 && scan_is_digit(s->c[next_number])) {
        return end; /* it belongs to the next one */
    }
    bool is_piece = scan_word(s, at, "块") == unit;
    *is_one_piece = is_piece && scan_word(s, at, "块钱") == 0;
    at += unit;
    for (int k = 0; k < 2; k++) {
        int small = 0;
        size_t next = read_tenth(s, at, &small), mark = scan_word(s, next, k == 0 ? "角|毛" : "分");
        bool is_minutes = scan_word(s, next, "分钟|分之") > 0;
        if (next > at && mark > 0 && small < 10 && !is_minutes) {
            *fen += small * (k == 0 ? 10 : 1);
            at = next + mark;
        } else if (k == 0 && is_piece && next == at + 1 && small < 10 && !scan_is_digit(s->c[next]) &&
                   scan_word(s, next, NOT_MONEY) == 0 && unit_value(s->c[next]) == 0) {
            *fen += small * 10; /* 八块八 */
            at = next;
        }
    }
    return at + scan_word(s, at, "整|钱");
}

static size_t take_coins(scan *s, size_t from, size_t end) {
    size_t at = end + (s->c[end] == ' ' ? 1 : 0), unit = scan_word(s, at, FOREIGN);
    if (unit == 0 || (s->c[at] < 0x80 && scan_is_letter(s->c[at + unit]))) {
        return from;
    }
    (void)scan_add(s, EXTRACT_COINS, from, at + unit, 80, scan_copy(s, from, at + unit, false));
    return at + unit;
}

/* 转了5笔，每笔2万: how often, as told shortly before; 1: it is not. */
static int times_of(const scan *s, size_t from, size_t end) {
    enum { BACK = 12, TIMES_MAX = 50 };
    int times = 1;
    size_t sign = scan_word(s, end, "*|×|x"), factor = sign == 0 ? end : scan_small(s, end + sign, &times);
    if (sign > 0 && factor > end + sign && times > 0 && times <= TIMES_MAX) {
        return times; /* 648*5 */
    }
    times = 1;
    if (scan_before(s, from, EVERY, 0) == EXTRACT_NONE) {
        return 1;
    }
    for (size_t i = from > BACK ? from - BACK : 0; i < from; i++) {
        int count = 0;
        size_t stop = scan_small(s, i, &count);
        bool begins = i == 0 || !scan_is_digit(s->c[i - 1]);
        if (stop > i && begins && scan_word(s, stop, "笔|次|回") > 0 && count > 1 && count <= TIMES_MAX) {
            times = count;
        }
    }
    return times;
}

/* 贰万元整（¥20,000.00）: the same sum once more, in the other form. Two sums with a blank between are two. */
static bool repeats_last(const scan *s, size_t from, int64_t fen) {
    const extract_item *last = s->item_count == 0 ? NULL : &s->items[s->item_count - 1];
    size_t at = from;
    bool is_said = false;
    if (last == NULL || last->kind != EXTRACT_AMOUNT || last->number != fen) {
        return false;
    }
    while (at > 0 && s->at[at] > last->to) {
        size_t word = at >= 2 && scan_word(s, at - 2, "大写|小写") == 2    ? 2
                      : scan_word(s, at - 1, "(|)| |:|即|¥|[|]|【|】") > 0 ? 1
                                                                           : 0;
        if (word == 0) {
            return false;
        }
        at -= word;
        is_said = is_said || word == 2 || scan_word(s, at, "(|[|【|即") > 0;
    }
    return s->at[at] == last->to && is_said;
}

static void add_amount(scan *s, size_t from, size_t end, int64_t fen, int confidence) {
    if (repeats_last(s, from, fen)) {
        scan_take(s, from, end);
        return;
    }
    char *text = arena_alloc(s->arena, 32);
    if (text == NULL) {
        s->failed = true;
        return;
    }
    int length = snprintf(text, 32, "%lld.%02lld", (long long)(fen / 100), (long long)(fen % 100));
    const extract_item *listed = listed_with(s, from);
    extract_role role = role_of(s, from, end);
    role = listed != NULL && role == EXTRACT_ROLE_UNKNOWN ? listed->role : role;
    extract_item *item = scan_add(s, EXTRACT_AMOUNT, from, end, confidence, (sluice_text){text, (size_t)length});
    if (item != NULL) {
        item->number = fen;
        item->role = role;
        item->times = times_of(s, from, end);
        item->is_drawn =
            scan_word(s, end, DRAWN) > 0 ||
            scan_before(s, from, "被转走|被转出|被刷走|被刷|被盗刷|被盗|被划走|被扣|扣了|扣走|扣款", 4) != EXTRACT_NONE;
    }
}

/* The currency before: ¥5000, RMB 5000, 人民币5000. */
static size_t currency_before(const scan *s, size_t i) {
    for (size_t back = 1; back <= 5 && back <= i; back++) {
        size_t length = scan_word(s, i - back, "¥|RMB|CNY|人民币");
        if (length > 0 && (length == back || (length + 1 == back && (s->c[i - 1] == ' ' || s->c[i - 1] == ':')))) {
            return back;
        }
    }
    return 0;
}

/* Without a currency: whether the words around it, or its place in a list or table, say that it is money. */
static bool is_meant(const scan *s, size_t i, size_t end, size_t after) {
    return scan_before(s, i, VERBS, 4) != EXTRACT_NONE || scan_after_label(s, i, EACH) || listed_with(s, i) != NULL ||
           scan_word(s, after, LEAVES) > 0 || scan_word(s, after, DRAWN) > 0 ||
           scan_before(s, i, EVERY, 0) != EXTRACT_NONE || scan_before(s, i, RESPECTIVELY, 0) != EXTRACT_NONE ||
           scan_is_in_row(s, i, end);
}

static size_t take_amount(scan *s, size_t i) {
    int64_t fen = 0;
    bool is_plain = true, is_one_piece = false;
    size_t end = scan_sum(s, i, &fen, &is_plain);
    if (end == i || fen <= 0) {
        return end > i ? end : i + 1;
    }
    size_t coins = take_coins(s, i, end);
    if (coins > i) {
        return coins;
    }
    size_t about = scan_word(s, end, "余|多|来"), before = currency_before(s, i);
    size_t after = read_currency(s, end + about, &is_one_piece, &fen);
    bool has_currency = after > end + about;
    bool by_digit = scan_is_digit(s->c[i]);
    if (has_currency && is_one_piece && !by_digit && end == i + 1) {
        return end; /* 一块: together, more often than one yuan */
    }
    int confidence = 0;
    if (has_currency) {
        confidence = about > 0 ? 70 : is_one_piece ? 88 : 95;
    } else if (before > 0) {
        confidence = 92;
        after = end;
    } else {
        bool counted = scan_word(s, end + about, NOT_MONEY) > 0 && s->c[end] != ',' && (is_plain || s->c[end] != ':');
        bool is_sum = (is_plain && fen >= 10000) || (!is_plain && fen >= 100000);
        confidence = counted || !is_sum || !is_meant(s, i, end, end + about) ? 0 : is_plain ? 60 : 75;
        after = end + (confidence > 0 ? about : 0);
    }
    if (confidence > 0 && scan_is_free(s, i - before, after)) {
        add_amount(s, i - before, after, fen, confidence);
        return after;
    }
    return end;
}

void scan_amounts(scan *s) {
    for (size_t i = 0; i < s->count;) {
        uint32_t c = s->c[i];
        bool joins = i > 0 && (scan_is_letter(s->c[i - 1]) || s->c[i - 1] == '_' || s->c[i - 1] == '.') &&
                     scan_is_digit(c) && currency_before(s, i) == 0;
        bool begins = s->taken[i] == 0 && (scan_is_digit(c) || han_digit(c) > 0 || c == 0x5341);
        if (begins && !joins) {
            i = take_amount(s, i);
        } else if (scan_is_digit(c)) {
            while (scan_is_digit(s->c[i])) {
                i++;
            }
        } else {
            i++;
        }
    }
}
