/* Times: a date, a part of the day and a clock, each of which may be missing; and times that are counted from the
 * moment at which it was said ("半小时前").
 *
 * A clock without a date is of the last date that the text named, else of the day of the reference; what would then be
 * later than the reference is the day before. A date without a year is the latest that is not after the next day. */
#include "base/time.h"
#include "text/extract_private.h"

enum { HOUR_MS = 3600000, MINUTE_MS = 60000 };

typedef struct moment {
    bool has_date, has_clock, is_sure;
    int64_t day; /* days since 1970, of Shanghai */
    int hour, minute, second;
    int part; /* 0: none; else of PARTS, counted from 1 */
} moment;

/* The time that was read last: where it ends, and its part of the day. */
typedef struct said_last {
    size_t end;
    int part;
} said_last;

typedef struct day_part {
    const char *words;
    int first, last; /* hours as they are said … */
    int add;         /* … to which this is added */
    bool is_night;   /* twelve and the hours after it are of the next day */
} day_part;
static const day_part PARTS[] = {
    {"凌晨", 12, 12, -12, false},
    {"清晨|早上|早晨|上午|今晨", 1, 12, 0, false},
    {"中午|晌午", 1, 3, 12, false},
    {"下午|傍晚|午后", 1, 11, 12, false},
    {"晚上|晚|夜里|深夜|夜晚|夜间|半夜|午夜", 5, 11, 12, true},
};
enum { PART_MORNING = 2, PART_NIGHT = 5 };
enum { PART_COUNT = sizeof PARTS / sizeof *PARTS };

/* ---- small numbers ---- */

static int han_digit(uint32_t c) {
    static const uint32_t DIGITS[] = {0x96F6, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
    for (int i = 0; i < 10; i++) {
        if (c == DIGITS[i]) {
            return i;
        }
    }
    return c == 0x4E24 ? 2 : c == 0x3007 ? 0 : -1; /* 两, 〇 */
}

size_t scan_small(const scan *s, size_t i, int *value) {
    size_t at = i;
    int number = 0;
    while (scan_is_digit(s->c[at]) && at - i < 4) {
        number = number * 10 + (int)(s->c[at] - '0');
        at++;
    }
    if (at > i) {
        *value = number;
        return scan_is_digit(s->c[at]) ? i : at;
    }
    int first = han_digit(s->c[at]);
    number = first < 0 ? 0 : first;
    at += first >= 0 ? 1 : 0;
    if (s->c[at] == 0x5341) { /* 十 */
        number = (first < 0 ? 1 : first) * 10;
        at++;
        int last = han_digit(s->c[at]);
        number += last < 0 ? 0 : last;
        at += last >= 0 ? 1 : 0;
    } else if (first == 0 && han_digit(s->c[at]) >= 0) { /* 零三 */
        number = han_digit(s->c[at]);
        at++;
    }
    *value = number;
    return at;
}

static size_t skip_blanks(const scan *s, size_t i) {
    while (s->c[i] == ' ') {
        i++;
    }
    return i;
}

/* ---- dates ---- */

static int64_t reference_day(const scan *s) {
    int64_t local = s->reference_ms + TIME_SHANGHAI_OFFSET_MS;
    return local / TIME_DAY_MS - (local % TIME_DAY_MS < 0 ? 1 : 0);
}

static bool is_date(int64_t year, int month, int day) {
    if (year < 1990 || year > 2100 || month < 1 || month > 12 || day < 1 || day > 31) {
        return false;
    }
    int64_t back_year;
    unsigned back_month, back_day;
    time_civil_from_days(time_days_from_civil(year, (unsigned)month, (unsigned)day), &back_year, &back_month,
                         &back_day);
    return back_month == (unsigned)month && back_day == (unsigned)day;
}

static bool set_day(moment *m, int64_t year, int month, int day) {
    if (!is_date(year, month, day)) {
        return false;
    }
    m->day = time_days_from_civil(year, (unsigned)month, (unsigned)day);
    m->has_date = true;
    return true;
}

/* The latest such day that is not after tomorrow. */
static bool set_day_of_year(const scan *s, moment *m, int month, int day) {
    int64_t today = reference_day(s), year;
    unsigned this_month, this_day;
    time_civil_from_days(today, &year, &this_month, &this_day);
    for (int back = 0; back < 5; back++) { /* 29 February may be years ago */
        if (is_date(year - back, month, day) &&
            time_days_from_civil(year - back, (unsigned)month, (unsigned)day) <= today + 1) {
            return set_day(m, year - back, month, day);
        }
    }
    return false;
}

static bool set_day_of_month(const scan *s, moment *m, int day, int months_back) {
    int64_t today = reference_day(s), year;
    unsigned month, this_day;
    time_civil_from_days(today, &year, &month, &this_day);
    if (months_back == 0 && day > (int)this_day + 1) {
        months_back = 1;
    }
    int total = (int)month - 1 - months_back;
    if (total < 0) {
        total += 12;
        year--;
    }
    return set_day(m, year, total + 1, day);
}

/* 2022-05-24, 2022/5/24, 2022.5.24, 2022年5月24日 */
static size_t full_date(const scan *s, size_t i, moment *m) {
    int year = 0, month = 0, day = 0;
    size_t at = scan_small(s, i, &year);
    if (at != i + 4 || !scan_is_digit(s->c[i])) {
        return i;
    }
    uint32_t mark = s->c[at];
    bool chinese = mark == 0x5E74; /* 年 */
    if (!chinese && mark != '-' && mark != '/' && mark != '.') {
        return i;
    }
    size_t month_at = at + 1;
    at = scan_small(s, month_at, &month);
    if (at == month_at || (chinese ? s->c[at] != 0x6708 : s->c[at] != mark)) { /* 月 */
        return i;
    }
    size_t day_at = at + 1;
    at = scan_small(s, day_at, &day);
    if (at == day_at || !set_day(m, year, month, day)) {
        return i;
    }
    return chinese ? at + scan_word(s, at, "日|号") : at;
}

/* 5月24日, 5月24号; 05-24 and 5/24 only before a clock. */
static size_t short_date(const scan *s, size_t i, moment *m) {
    int month = 0, day = 0;
    size_t at = scan_small(s, i, &month);
    if (at == i) {
        return i;
    }
    bool chinese = s->c[at] == 0x6708;
    if (!chinese && (!scan_is_digit(s->c[i]) || (s->c[at] != '-' && s->c[at] != '/'))) {
        return i;
    }
    size_t day_at = at + 1;
    at = scan_small(s, day_at, &day);
    size_t mark = scan_word(s, at, "日|号");
    if (at == day_at || (chinese && mark == 0)) {
        return i;
    }
    if (!chinese) {
        int hour = 0;
        size_t clock = skip_blanks(s, at), after = scan_small(s, clock, &hour);
        if (clock == at || after == clock || s->c[after] != ':') {
            return i;
        }
    }
    return set_day_of_year(s, m, month, day) ? at + mark : i;
}

/* 24日, 24号, 上个月3号: of this month, or the last. */
static size_t day_alone(const scan *s, size_t i, moment *m) {
    size_t last = scan_word(s, i, "上个月|上月"), this = scan_word(s, i, "这个月|本月"), at = i + last + this;
    int day = 0;
    size_t end = scan_small(s, at, &day), mark = scan_word(s, end, "日|号");
    if (end == at || mark == 0 || day < 1 || day > 31 ||
        scan_word(s, end + mark, "楼|线|店|院|码|机|房|车|文|公寓") > 0 ||
        scan_before(s, at, "路|街|巷|道|弄|村|里|区|楼|栋|幢|院|门|园|城|苑|大厦|广场", 0) != EXTRACT_NONE) {
        return i; /* 朝阳路8号 */
    }
    return set_day_of_month(s, m, day, last > 0 ? 1 : 0) ? end + mark : i;
}

static const struct {
    const char *words;
    int days;
} DAYS[] = {{"大前天", -3},
            {"前天|前日|前儿个|前儿", -2},
            {"昨天|昨日|昨儿个|昨儿", -1},
            {"今天|今日|当日|今儿个|今儿", 0},
            {"昨", -1},
            {"今", 0}};

/* 今天 … 大前天; 今早, 昨晚 are a day and a part. */
static size_t relative_day(const scan *s, size_t i, moment *m) {
    for (size_t k = 0; k < sizeof DAYS / sizeof *DAYS; k++) {
        size_t length = scan_word(s, i, DAYS[k].words);
        bool needs_part = length == 1;
        if (length > 0 && (!needs_part || scan_word(s, i + 1, "早|晚|夜|晨") > 0)) {
            m->has_date = true;
            m->day = reference_day(s) + DAYS[k].days;
            return i + length;
        }
    }
    return i;
}

/* 周三, 上周五, 星期日: the last one, or that of the week before. */
static size_t week_day(const scan *s, size_t i, moment *m) {
    static const char *const NAMES[] = {"一", "二", "三", "四", "五", "六", "日|天"};
    size_t last = scan_word(s, i, "上个|上"), this = scan_word(s, i, "这个|这|本");
    size_t week = scan_word(s, i + last + this, "周|星期|礼拜");
    if (week == 0) {
        return i;
    }
    size_t at = i + last + this + week;
    for (int k = 0; k < 7; k++) {
        if (scan_word(s, at, NAMES[k]) > 0) {
            int64_t today = reference_day(s), monday = today - (today + 3) % 7; /* 1970-01-01 was a Thursday */
            int64_t day = monday + k - (last > 0 ? 7 : 0);
            m->day = day > today ? day - 7 : day;
            m->has_date = true;
            return at + 1;
        }
    }
    return i;
}

/* ---- clocks ---- */

static size_t part_of_day(const scan *s, size_t i, moment *m) {
    for (int k = 0; k < PART_COUNT; k++) {
        size_t length = scan_word(s, i, PARTS[k].words);
        if (length > 0) {
            m->part = k + 1;
            return i + length;
        }
    }
    if (m->has_date && scan_word(s, i, "早|晨") > 0) { /* 今早 */
        m->part = PART_MORNING;
        return i + 1;
    }
    if (m->has_date && scan_word(s, i, "夜") > 0) {
        m->part = PART_NIGHT;
        return i + 1;
    }
    return i;
}

/* 10:20, 10:20:30 */
static size_t colon_clock(const scan *s, size_t i, moment *m) {
    int hour = 0, minute = 0, second = 0;
    size_t at = scan_small(s, i, &hour);
    if (at == i || at - i > 2 || !scan_is_digit(s->c[i]) || s->c[at] != ':' || !scan_is_digit(s->c[at + 1]) ||
        !scan_is_digit(s->c[at + 2]) || scan_is_digit(s->c[at + 3])) {
        return i;
    }
    (void)scan_small(s, at + 1, &minute);
    at += 3;
    if (s->c[at] == ':' && scan_is_digit(s->c[at + 1]) && scan_is_digit(s->c[at + 2]) && !scan_is_digit(s->c[at + 3])) {
        (void)scan_small(s, at + 1, &second);
        at += 3;
        if (s->c[at] == '.' && scan_is_digit(s->c[at + 1])) {
            for (at++; scan_is_digit(s->c[at]); at++) {
            }
        }
    }
    if (hour > 24 || minute > 59 || second > 59) {
        return i;
    }
    *m = (moment){m->has_date, true, true, m->day, hour, minute, second, m->part};
    return at;
}

static const char COUNTED[] = "元|块|万|千|百|亿|%|个|人|名|次|笔|单|号|度|岁|年|天|秒|.|:";

/* 10点, 10点半, 十点零三分, 10时20分30秒. Without a part of the day or a date, "三点" alone may be three points. */
static size_t word_clock(const scan *s, size_t i, moment *m) {
    int hour = 0, minute = 0, second = 0;
    size_t at = scan_small(s, i, &hour), mark = scan_word(s, at, "点钟|点|时");
    if (at == i || at - i > 3 || mark == 0 || hour > 24 || scan_word(s, at, "时候|时间|时段|点击|点位") > 0) {
        return i;
    }
    bool sure = m->part != 0 || m->has_date || scan_word(s, at, "点钟") > 0;
    at += mark;
    size_t half = scan_word(s, at, "半"), whole = scan_word(s, at, "整|多|左右"),
           quarter = scan_word(s, at, "一刻|三刻");
    if (half > 0) {
        minute = 30;
        at += half;
        sure = true;
    } else if (quarter > 0) {
        minute = scan_word(s, at, "三刻") > 0 ? 45 : 15;
        at += quarter;
        sure = true;
    } else if (whole > 0) {
        at += whole;
    } else {
        size_t end = scan_small(s, at, &minute), minutes = scan_word(s, end, "分钟|分");
        /* 8点20, 九点二十五: two figures are minutes, unless something is counted by them. */
        bool two = minutes == 0 && end > at && minute > 9 && scan_word(s, end, COUNTED) == 0;
        bool is_minute = end > at && minute < 60 && (minutes == 1 || two || (minutes == 0 && end - at == 2 && sure));
        if (is_minute) {
            at = end + minutes;
            sure = true;
            end = scan_small(s, at, &second);
            if (minutes > 0 && end > at && second < 60 && scan_word(s, end, "秒") > 0) {
                at = end + 1;
            } else {
                second = 0;
            }
        } else {
            minute = 0;
        }
    }
    if (!sure) {
        return i;
    }
    *m = (moment){m->has_date, true, true, m->day, hour, minute, second, m->part};
    return at;
}

/* The hour as of 24, by the part of the day that was said; beyond midnight the day goes with it. */
static int64_t clock_ms(const moment *m) {
    int hour = m->hour;
    if (m->part > 0) {
        const day_part *part = &PARTS[m->part - 1];
        if (hour >= part->first && hour <= part->last) {
            hour += part->add;
        } else if (part->is_night && (hour == 12 || hour < 5)) {
            hour = hour == 12 ? 24 : hour + 24;
        }
    }
    return (int64_t)hour * HOUR_MS + (int64_t)m->minute * MINUTE_MS + (int64_t)m->second * 1000;
}

/* ---- the whole ---- */

static size_t any_date(const scan *s, size_t i, moment *m) {
    static size_t (*const FORMS[])(const scan *, size_t, moment *) = {full_date, short_date, relative_day, week_day,
                                                                      day_alone};
    for (size_t k = 0; k < sizeof FORMS / sizeof *FORMS; k++) {
        size_t end = FORMS[k](s, i, m);
        if (end > i) {
            return end;
        }
        m->has_date = false;
    }
    return i;
}

static size_t any_clock(const scan *s, size_t i, moment *m) {
    size_t end = colon_clock(s, i, m);
    return end > i ? end : word_clock(s, i, m);
}

/* Date, part, clock; returns the end. */
static size_t read_moment(const scan *s, size_t i, moment *m) {
    size_t end = any_date(s, i, m), next = end;
    if (end > i) {
        next = skip_blanks(s, end);
        next += s->c[next] == 'T' ? 1 : 0;
        next += scan_word(s, next, "的");
    }
    size_t part = part_of_day(s, next, m), clock_at = skip_blanks(s, part), clock = any_clock(s, clock_at, m);
    if (clock > clock_at) {
        return clock;
    }
    if (part > next && m->has_date) {
        return part;
    }
    m->part = part > next && !m->has_date ? 0 : m->part;
    return end;
}

static sluice_text time_value(scan *s, int64_t ms) {
    char *text = arena_alloc(s->arena, TIME_TEXT_BYTES);
    if (text == NULL) {
        s->failed = true;
        return (sluice_text){0};
    }
    return text_of(time_format(ms, text));
}

static void add_time(scan *s, size_t from, size_t to, int64_t ms, bool has_clock, int confidence) {
    if (ms < TIME_MS_MIN || ms > TIME_MS_MAX) {
        return;
    }
    extract_item *item = scan_add(s, EXTRACT_TIME, from, to, confidence, time_value(s, ms));
    if (item != NULL) {
        item->number = ms;
        item->has_clock = has_clock;
    }
}

/* 半小时前, 10分钟前, 3天前, 刚才 */
static size_t take_ago(scan *s, size_t i) {
    static const struct {
        const char *words;
        int64_t ms;
    } UNITS[] = {{"分钟前|分钟之前|分钟以前", MINUTE_MS},
                 {"个小时前|小时前|个小时之前|小时之前|个钟前|个钟头前", HOUR_MS},
                 {"天前|天之前", TIME_DAY_MS}};
    size_t half = scan_word(s, i, "半个小时前|半小时前|半个钟前|半个钟头前|半个点前"),
           now = scan_word(s, i, "刚才|刚刚");
    if (half + now > 0) {
        add_time(s, i, i + half + now, s->reference_ms - (half > 0 ? HOUR_MS / 2 : 0), true, half > 0 ? 75 : 40);
        return i + half + now;
    }
    int count = 0;
    size_t end = scan_small(s, i, &count);
    for (size_t k = 0; end > i && k < sizeof UNITS / sizeof *UNITS; k++) {
        size_t length = scan_word(s, end, UNITS[k].words);
        if (length > 0) {
            add_time(s, i, end + length, s->reference_ms - count * UNITS[k].ms, k < 2, k < 2 ? 75 : 60);
            return end + length;
        }
    }
    return i;
}

/* 20220524102030 and 20220524, where no word says that it is something else. */
static size_t take_compact(scan *s, size_t i) {
    size_t end = i;
    while (scan_is_digit(s->c[end])) {
        end++;
    }
    size_t length = end - i;
    int64_t ms = 0;
    if ((length != 14 && length != 8) || s->c[i] != '2' || s->c[i + 1] != '0' ||
        scan_after_label(s, i, "卡号|账号|帐号|账户|单号|流水号|编号|QQ|电话") ||
        scan_word(s, end, "元|块|万|号") > 0) {
        return i;
    }
    sluice_text text = scan_copy(s, i, end, true);
    if (s->failed || !time_parse(text, TIME_SHANGHAI_OFFSET_MS, &ms)) {
        return i;
    }
    add_time(s, i, end, ms, length == 14, length == 14 ? 85 : 50);
    return end;
}

/* 2026年2月30日 is no day, and neither is the 30th that it ends with. */
static size_t take_no_date(scan *s, size_t i) {
    int year = 0, month = 0, day = 0;
    size_t at = scan_small(s, i, &year), month_at = at + 1;
    if (at != i + 4 || s->c[at] != 0x5E74) {
        return i;
    }
    at = scan_small(s, month_at, &month);
    size_t day_at = at + 1, end = s->c[at] == 0x6708 ? scan_small(s, day_at, &day) : day_at;
    if (at == month_at || end <= day_at) {
        return i;
    }
    scan_take(s, i, end);
    return end;
}

static bool joins_before(const scan *s, size_t i) {
    return i > 0 && scan_is_digit(s->c[i]) &&
           (scan_is_digit(s->c[i - 1]) || scan_is_letter(s->c[i - 1]) || s->c[i - 1] == '-' || s->c[i - 1] == '.' ||
            s->c[i - 1] == '/');
}

/* 晚上八点到九点: the second clock is of the same part of the day. */
static void inherit_part(const scan *s, size_t i, moment *m, const said_last *last) {
    bool is_range = last->part > 0 && i == last->end + 1 && scan_word(s, last->end, "到|至|-|~|、") > 0;
    m->part = is_range && m->has_clock && !m->has_date && m->part == 0 && m->hour < 13 ? last->part : m->part;
}

static size_t take_moment(scan *s, size_t i, int64_t *day, bool *has_day, said_last *last) {
    moment m = {0};
    size_t end = read_moment(s, i, &m);
    inherit_part(s, i, &m, last);
    bool is_of_day = m.has_clock && !m.has_date;
    if (end == i || (!m.has_date && !m.has_clock) || !scan_is_free(s, i, end) ||
        (scan_is_digit(s->c[end - 1]) && scan_is_digit(s->c[end]))) {
        return i;
    }
    int confidence = m.has_date && m.has_clock ? 95 : m.has_clock ? 75 : 65;
    if (is_of_day) {
        m.day = *has_day ? *day : reference_day(s);
    }
    int64_t ms = m.day * TIME_DAY_MS - TIME_SHANGHAI_OFFSET_MS + (m.has_clock ? clock_ms(&m) : 0);
    if (is_of_day && !*has_day && ms > s->reference_ms) {
        ms -= TIME_DAY_MS;
        confidence = 55;
    }
    add_time(s, i, end, ms, m.has_clock, confidence);
    *last = (said_last){end, m.has_clock ? m.part : 0};
    if (m.has_date) {
        *day = m.day;
        *has_day = true;
    }
    return end;
}

void scan_times(scan *s) {
    int64_t day = 0;
    bool has_day = false;
    said_last last = {0};
    for (size_t i = 0; i < s->count;) {
        size_t end = i;
        if (s->taken[i] == 0 && !joins_before(s, i)) {
            end = take_ago(s, i);
            end = end == i ? take_compact(s, i) : end;
            end = end == i ? take_moment(s, i, &day, &has_day, &last) : end;
            end = end == i ? take_no_date(s, i) : end;
        }
        i = end > i ? end : i + 1;
    }
}
