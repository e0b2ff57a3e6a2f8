/* Calendar arithmetic after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
#include "base/time.h"

#include <stdio.h>

#include "base/text.h"

int64_t time_days_from_civil(int64_t year, unsigned month, unsigned day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + (int64_t)day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void time_civil_from_days(int64_t days, int64_t *year_out, unsigned *month_out, unsigned *day_out) {
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    *day_out = (unsigned)(day_of_year - (153 * month + 2) / 5 + 1);
    *month_out = (unsigned)(month < 10 ? month + 3 : month - 9);
    *year_out = year_of_era + era * 400 + (*month_out <= 2);
}

/* A cursor with a sticky error: parsers check once, at the end. */
typedef struct scanner {
    const char *p, *end;
    bool failed;
} scanner;

static bool scan_literal(scanner *s, const char *literal) {
    size_t length = strlen(literal);
    if ((size_t)(s->end - s->p) >= length && memcmp(s->p, literal, length) == 0) {
        s->p += length;
        return true;
    }
    return false;
}

static bool scan_any(scanner *s, const char *characters) {
    if (s->p < s->end && *s->p != '\0' && strchr(characters, *s->p) != NULL) {
        s->p++;
        return true;
    }
    return false;
}

static size_t scan_digits_ahead(const scanner *s) {
    const char *p = s->p;
    while (p < s->end && *p >= '0' && *p <= '9') {
        p++;
    }
    return (size_t)(p - s->p);
}

static unsigned scan_number(scanner *s, size_t digits_min, size_t digits_max) {
    unsigned value = 0;
    size_t count = 0;
    for (; count < digits_max && s->p < s->end && *s->p >= '0' && *s->p <= '9'; count++) {
        value = value * 10 + (unsigned)(*s->p++ - '0');
    }
    s->failed |= count < digits_min;
    return value;
}

static void scan_required(scanner *s, const char *ascii, const char *chinese) {
    if (!scan_literal(s, chinese) && !scan_any(s, ascii)) {
        s->failed = true;
    }
}

typedef struct civil {
    unsigned year, month, day, hour, minute, second, millisecond;
} civil;

static void scan_fraction(scanner *s, civil *c) {
    unsigned scale = 100;
    size_t digits = scan_digits_ahead(s);
    s->failed |= digits == 0;
    for (size_t i = 0; i < digits; i++, scale /= 10) {
        c->millisecond += (unsigned)(*s->p++ - '0') * scale; /* beyond milliseconds the scale is 0 */
    }
}

static void scan_clock(scanner *s, civil *c) {
    c->hour = scan_number(s, 1, 2);
    scan_required(s, ":", "时");
    c->minute = scan_number(s, 1, 2);
    if (scan_literal(s, "分") && scan_digits_ahead(s) == 0) {
        return;
    }
    if (scan_any(s, ":") || (s->p[-1] != ':' && scan_digits_ahead(s) > 0)) {
        c->second = scan_number(s, 1, 2);
        (void)scan_literal(s, "秒");
        if (scan_any(s, ".,")) {
            scan_fraction(s, c);
        }
    }
}

static void scan_separated(scanner *s, civil *c) {
    c->year = scan_number(s, 4, 4);
    scan_required(s, "-/.", "年");
    c->month = scan_number(s, 1, 2);
    scan_required(s, "-/.", "月");
    c->day = scan_number(s, 1, 2);
    (void)scan_literal(s, "日");
    bool clock_follows = scan_any(s, "T");
    while (scan_any(s, " ")) {
        clock_follows = true;
    }
    if (clock_follows || scan_digits_ahead(s) > 0) {
        scan_clock(s, c);
    }
}

static void scan_compact(scanner *s, civil *c, bool clock) {
    c->year = scan_number(s, 4, 4);
    c->month = scan_number(s, 2, 2);
    c->day = scan_number(s, 2, 2);
    if (clock) {
        c->hour = scan_number(s, 2, 2);
        c->minute = scan_number(s, 2, 2);
        c->second = scan_number(s, 2, 2);
    }
}

static int64_t scan_zone(scanner *s, int64_t offset_ms) {
    if (scan_any(s, "Zz")) {
        return 0;
    }
    if (s->p < s->end && (*s->p == '+' || *s->p == '-')) {
        int64_t sign = *s->p++ == '-' ? -1 : 1;
        int64_t hours = scan_number(s, 2, 2);
        (void)scan_any(s, ":");
        int64_t minutes = scan_number(s, 2, 2);
        s->failed |= hours > 18 || minutes > 59;
        return sign * (hours * 60 + minutes) * 60000;
    }
    return offset_ms;
}

static unsigned days_of_month(unsigned year, unsigned month) {
    static const unsigned char DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return DAYS[month - 1] + (month == 2 && leap ? 1u : 0u);
}

static bool civil_is_valid(const civil *c) {
    return c->month >= 1 && c->month <= 12 && c->day >= 1 && c->day <= days_of_month(c->year, c->month) &&
           c->hour < 24 && c->minute < 60 && c->second < 60;
}

bool time_parse(sluice_text text, int64_t offset_ms, int64_t *time_ms_out) {
    text = text_trim(text);
    if (text.length < 8) {
        return false;
    }
    scanner s = {text.data, text.data + text.length, false};
    size_t digits = scan_digits_ahead(&s);
    uint64_t epoch = 0;
    if (digits == text.length && (digits == 13 || digits == 10) && text_to_u64(text, &epoch)) {
        *time_ms_out = (int64_t)epoch * (digits == 10 ? 1000 : 1);
        return *time_ms_out <= TIME_MS_MAX;
    }
    civil c = {0};
    if (digits == 14 || digits == 17 || digits == 8) {
        scan_compact(&s, &c, digits != 8);
        if (digits == 17 || (digits == 14 && scan_any(&s, "."))) {
            scan_fraction(&s, &c);
        }
    } else {
        scan_separated(&s, &c);
    }
    int64_t zone_ms = scan_zone(&s, offset_ms);
    if (s.failed || s.p != s.end || !civil_is_valid(&c)) {
        return false;
    }
    int64_t seconds = (int64_t)c.hour * 3600 + (int64_t)c.minute * 60 + (int64_t)c.second;
    int64_t days = time_days_from_civil(c.year, c.month, c.day);
    *time_ms_out = days * TIME_DAY_MS + seconds * 1000 + (int64_t)c.millisecond - zone_ms;
    return *time_ms_out >= TIME_MS_MIN && *time_ms_out <= TIME_MS_MAX;
}

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

static char *format_civil(int64_t time_ms, bool rfc3339, char buffer[TIME_TEXT_BYTES]) {
    int64_t local_ms = time_ms + TIME_SHANGHAI_OFFSET_MS;
    int64_t days = floor_div(local_ms, TIME_DAY_MS);
    int64_t ms = local_ms - days * TIME_DAY_MS;
    int64_t year = 0;
    unsigned month = 0, day = 0;
    time_civil_from_days(days, &year, &month, &day);
    unsigned hour = (unsigned)(ms / 3600000), minute = (unsigned)(ms / 60000 % 60), second = (unsigned)(ms / 1000 % 60);
    /* The remainders say to the compiler what the log's range of times says to us: that the fields fit the buffer. */
    unsigned y = (unsigned)year % 10000U, m = month % 100U, d = day % 100U, h = hour % 100U;
    if (rfc3339) {
        (void)snprintf(buffer, TIME_TEXT_BYTES, "%04u-%02u-%02uT%02u:%02u:%02u.%03u+08:00", y, m, d, h, minute % 60U,
                       second % 60U, (unsigned)(ms % 1000) % 1000U);
    } else {
        (void)snprintf(buffer, TIME_TEXT_BYTES, "%04u-%02u-%02u %02u:%02u:%02u", y, m, d, h, minute % 60U,
                       second % 60U);
    }
    return buffer;
}

char *time_format(int64_t time_ms, char buffer[TIME_TEXT_BYTES]) {
    return format_civil(time_ms, true, buffer);
}

char *time_format_short(int64_t time_ms, char buffer[TIME_TEXT_BYTES]) {
    return format_civil(time_ms, false, buffer);
}

static const struct {
    const char *name;
    int64_t ms;
} UNITS[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};

bool time_duration_parse(sluice_text text, int64_t *duration_ms_out) {
    int64_t total = 0;
    if (text.length == 0) {
        return false; /* there may be no data either */
    }
    scanner s = {text.data, text.data + text.length, false};
    while (!s.failed && s.p < s.end) {
        int64_t number = scan_number(&s, 1, 9);
        const char *unit = s.p;
        while (s.p < s.end && *s.p >= 'a' && *s.p <= 'z') {
            s.p++;
        }
        size_t i = 0;
        while (i < 5 && !text_equal(text_of(UNITS[i].name), (sluice_text){unit, (size_t)(s.p - unit)})) {
            i++;
        }
        s.failed |= i == 5 || number > TIME_MS_MAX / UNITS[i == 5 ? 0 : i].ms;
        total += s.failed ? 0 : number * UNITS[i].ms;
    }
    *duration_ms_out = total;
    return !s.failed;
}

char *time_duration_format(int64_t duration_ms, char buffer[TIME_TEXT_BYTES]) {
    static const char *const NAMES[] = {"d", "h", "min", "s", "ms"};
    size_t i = 0;
    while (i < 4 && duration_ms < UNITS[i].ms) {
        i++;
    }
    int64_t first = duration_ms / UNITS[i].ms;
    int64_t second = i < 4 ? duration_ms % UNITS[i].ms / UNITS[i + 1].ms : 0;
    if (second > 0 && i < 3) {
        (void)snprintf(buffer, TIME_TEXT_BYTES, "%lld %s %lld %s", (long long)first, NAMES[i], (long long)second,
                       NAMES[i + 1]);
    } else {
        (void)snprintf(buffer, TIME_TEXT_BYTES, "%lld %s", (long long)first, NAMES[i]);
    }
    return buffer;
}

char *time_digits(int64_t time_ms, char buffer[14]) {
    char text[TIME_TEXT_BYTES];
    size_t count = 0;
    for (const char *at = time_format_short(time_ms, text); *at != '\0' && count < 14; at++) {
        if (*at >= '0' && *at <= '9') {
            buffer[count++] = *at;
        }
    }
    return buffer;
}
