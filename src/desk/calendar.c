/* The calendar of the law's terms: months and working days, in Asia/Shanghai. */
#include "base/time.h"
#include "desk/dated.h"
#include "desk/order.h"

static unsigned month_length(int64_t year, unsigned month) {
    int64_t next_year = month == 12 ? year + 1 : year;
    unsigned next = month == 12 ? 1 : month + 1;
    return (unsigned)(time_days_from_civil(next_year, next, 1) - time_days_from_civil(year, month, 1));
}

static int64_t local_day(int64_t time_ms, int64_t *of_day_out) {
    int64_t local = time_ms + TIME_SHANGHAI_OFFSET_MS;
    int64_t day = local / TIME_DAY_MS - (local % TIME_DAY_MS < 0 ? 1 : 0);
    *of_day_out = local - day * TIME_DAY_MS;
    return day;
}

int64_t months_after(int64_t time_ms, int64_t months) {
    int64_t of_day, year;
    unsigned month, day;
    time_civil_from_days(local_day(time_ms, &of_day), &year, &month, &day);
    int64_t count = year * 12 + (int64_t)month - 1 + months;
    year = count / 12;
    month = (unsigned)(count % 12) + 1;
    unsigned length = month_length(year, month);
    day = day > length ? length : day;
    return time_days_from_civil(year, month, day) * TIME_DAY_MS + of_day - TIME_SHANGHAI_OFFSET_MS;
}

/* 1970-01-01 was a Thursday. */
static bool is_weekend(int64_t day) {
    int64_t weekday = (day + 3) % 7; /* Monday is 0 */
    return weekday >= 5;
}

static bool is_working_day(desk_command *c, int64_t day) {
    char text[16];
    int64_t year;
    unsigned month, of_month;
    time_civil_from_days(day, &year, &month, &of_month);
    int length = snprintf(text, sizeof text, "%04lld-%02u-%02u", (long long)year, month, of_month);
    sluice_text code = {text, (size_t)length};
    if (dated_find(c->desk, "holiday", code, c->now_ms) != NULL) {
        return false;
    }
    return !is_weekend(day) || dated_find(c->desk, "workday", code, c->now_ms) != NULL;
}

int64_t working_days_after(desk_command *c, int64_t time_ms, int64_t days) {
    int64_t of_day, day = local_day(time_ms, &of_day);
    while (days > 0) {
        day++;
        days -= is_working_day(c, day) ? 1 : 0;
    }
    return (day + 1) * TIME_DAY_MS - TIME_SHANGHAI_OFFSET_MS;
}
