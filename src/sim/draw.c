/* Draws without floating point: a distribution is a table of quantiles, and the hours of the day are a clock that runs
 * faster when more people are about. Both give the same numbers on every machine. */
#include "sim/sim_private.h"

/* −ln(1 − p) in hundred-thousandths, cut at p = 0.9999. */
#define EXPONENTIAL_ONE 100000
static const sim_quantile exponential[] = {{0, 0},        {100, 10536},  {200, 22314},  {300, 35667},  {400, 51083},
                                           {500, 69315},  {600, 91629},  {700, 120397}, {800, 160944}, {900, 230259},
                                           {950, 299573}, {990, 460517}, {999, 690776}, {1000, 921034}};

/* How many purchases fall into each hour, in Shanghai; working days and weekends. Invented, but of the known shape:
 * breakfast, lunch, supper, and little at night. */
static const uint8_t hour_weights[2][24] = {
    {4, 2, 1, 1, 1, 3, 15, 42, 50, 40, 44, 70, 76, 50, 44, 45, 50, 70, 82, 76, 64, 50, 30, 13},
    {8, 4, 2, 1, 1, 2, 8, 22, 45, 62, 72, 82, 84, 68, 70, 74, 76, 84, 96, 92, 78, 58, 36, 18}};

#define WEIGHT_UNIT INT64_C(3600000) /* so that a weight's unit is a millisecond of a weight of 1 */

#define PERMILLE INT64_C(1000000) /* how finely a permille is drawn */

int64_t sim_draw(random_stream *stream, const sim_quantile *table, size_t count) {
    int64_t point = (int64_t)random_below(stream, 1000 * PERMILLE);
    size_t i = 1;
    while (i + 1 < count && table[i].permille * PERMILLE <= point) {
        i++;
    }
    int64_t low = table[i - 1].permille * PERMILLE, width = table[i].permille * PERMILLE - low;
    int64_t rise = (int64_t)table[i].value - table[i - 1].value;
    return table[i - 1].value + rise * (point - low) / width;
}

static int64_t local_day(int64_t time_ms) {
    return (time_ms + TIME_SHANGHAI_OFFSET_MS) / TIME_DAY_MS;
}

int64_t sim_midnight(int64_t time_ms) {
    return local_day(time_ms) * TIME_DAY_MS - TIME_SHANGHAI_OFFSET_MS;
}

int64_t sim_local_hour(int64_t time_ms) {
    return (time_ms - sim_midnight(time_ms)) / SIM_HOUR;
}

bool sim_is_working_day(int64_t time_ms) {
    int64_t weekday = (local_day(time_ms) + 4) % 7; /* 1970-01-01 was a Thursday; 0: Sunday */
    return weekday != 0 && weekday != 6;
}

int64_t sim_office_time(random_stream *stream, int64_t time_ms) {
    int64_t hour = sim_local_hour(time_ms), midnight = sim_midnight(time_ms);
    if (hour >= 9 && hour < 17 && sim_is_working_day(time_ms)) {
        return time_ms;
    }
    midnight += hour < 9 ? 0 : TIME_DAY_MS;
    while (!sim_is_working_day(midnight)) {
        midnight += TIME_DAY_MS;
    }
    return midnight + random_between(stream, 9 * SIM_HOUR, 14 * SIM_HOUR);
}

static const uint8_t *day_weights(int64_t midnight_ms) {
    return hour_weights[!sim_is_working_day(midnight_ms)];
}

static int64_t day_total(const uint8_t *weights) {
    int64_t total = 0;
    for (size_t hour = 0; hour < 24; hour++) {
        total += weights[hour];
    }
    return total * WEIGHT_UNIT;
}

int64_t sim_later(random_stream *stream, int64_t from_ms, int64_t rate_milli) {
    int64_t midnight = sim_midnight(from_ms);
    const uint8_t *weights = day_weights(midnight);
    /* A day of work is the measure of `rate_milli`; a weekend day has more events in it. */
    int64_t advance =
        day_total(hour_weights[0]) / rate_milli * SIM_DRAW(stream, exponential) / (EXPONENTIAL_ONE / 1000);
    int64_t hour = (from_ms - midnight) / SIM_HOUR;
    for (int64_t i = 0; i < hour; i++) {
        advance += weights[i] * WEIGHT_UNIT;
    }
    advance += weights[hour] * ((from_ms - midnight) % SIM_HOUR);
    for (int64_t total = day_total(weights); advance >= total; total = day_total(weights)) {
        advance -= total;
        midnight += TIME_DAY_MS;
        weights = day_weights(midnight);
    }
    for (hour = 0; advance >= weights[hour] * WEIGHT_UNIT; hour++) {
        advance -= weights[hour] * WEIGHT_UNIT;
    }
    int64_t time_ms = midnight + hour * SIM_HOUR + advance / weights[hour];
    return time_ms > from_ms ? time_ms : from_ms + 1;
}
