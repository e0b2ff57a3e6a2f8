/* Formats are matched field by field into the one layout that time_parse checks for sense, so the calendar's rules live
 * in one place. */
#include "signal/mapping_time.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"

#define FIELDS "YmdHMSyf"

bool mapping_time_format_is_valid(sluice_text format) {
    unsigned seen[sizeof FIELDS] = {0};
    for (size_t i = 0; i < format.length; i++) {
        if (format.data[i] != '%') {
            continue;
        }
        i++;
        const char *field = i < format.length && format.data[i] != '\0' ? strchr(FIELDS, format.data[i]) : NULL;
        if (field != NULL) {
            seen[field - FIELDS]++;
        } else if (i >= format.length || format.data[i] != '%') {
            return false;
        }
    }
    bool once = true;
    for (size_t i = 0; i < sizeof FIELDS; i++) {
        once = once && seen[i] <= 1;
    }
    return once && seen[0] + seen[6] == 1 && seen[1] == 1 && seen[2] == 1;
}

/* Up to `digits_max` digits; false if there is none. */
static bool scan_digits(const char **p, const char *end, size_t digits_max, unsigned *value_out) {
    unsigned value = 0;
    size_t count = 0;
    for (; count < digits_max && *p < end && **p >= '0' && **p <= '9'; count++, (*p)++) {
        value = value * 10 + (unsigned)(**p - '0');
    }
    *value_out = value;
    return count > 0;
}

/* A fraction of a second, in milliseconds; later digits are dropped. */
static bool scan_fraction(const char **p, const char *end, unsigned *ms_out) {
    const char *begin = *p;
    unsigned scale = 100;
    *ms_out = 0;
    for (; *p < end && **p >= '0' && **p <= '9'; (*p)++, scale /= 10) {
        *ms_out += (unsigned)(**p - '0') * scale;
    }
    return *p > begin;
}

bool mapping_time_parse(sluice_text format, sluice_text text, int64_t offset_ms, int64_t *time_ms_out) {
    unsigned values[sizeof FIELDS] = {0};
    bool short_year = false;
    if (text.length == 0) {
        return false;
    }
    const char *p = text.data;
    const char *end = p + text.length;
    for (size_t i = 0; i < format.length; i++) {
        char c = format.data[i];
        if (c == ' ') {
            for (; p < end && *p == ' '; p++) {
            }
        } else if (c != '%' || format.data[i + 1] == '%') {
            i += c == '%';
            if (p == end || *p++ != c) {
                return false;
            }
        } else {
            char field = format.data[++i];
            unsigned *value = &values[strchr(FIELDS, field) - FIELDS];
            short_year = short_year || field == 'y';
            if (field == 'f' ? !scan_fraction(&p, end, value) : !scan_digits(&p, end, field == 'Y' ? 4 : 2, value)) {
                return false;
            }
        }
    }
    char stamp[96];
    int length =
        snprintf(stamp, sizeof stamp, "%04u-%02u-%02u %02u:%02u:%02u.%03u", short_year ? 2000 + values[6] : values[0],
                 values[1], values[2], values[3], values[4], values[5], values[7]);
    return p == end && length > 0 && time_parse(text_of(stamp), offset_ms, time_ms_out);
}

static bool all_digits(sluice_text text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
    }
    return true;
}

bool mapping_time_join(sluice_text date, sluice_text clock, int64_t offset_ms, int64_t *time_ms_out) {
    char stamp[96];
    int length = 0;
    bool compact_date = date.length == 8 && all_digits(date);
    if (clock.length == 0) {
        return time_parse(date, offset_ms, time_ms_out);
    }
    if (date.length == 0 || date.length > 40 || clock.length > 40) {
        return false;
    }
    char day[48];
    (void)snprintf(day, sizeof day, "%.*s%s%.*s%s%.*s", (int)(compact_date ? 4 : date.length), date.data,
                   compact_date ? "-" : "", compact_date ? 2 : 0, date.data + (compact_date ? 4 : 0),
                   compact_date ? "-" : "", compact_date ? 2 : 0, date.data + (compact_date ? 6 : 0));
    if (clock.length <= 6 && all_digits(clock)) {
        uint64_t number = 0;
        (void)text_to_u64(clock, &number);
        length = snprintf(stamp, sizeof stamp, "%s %02u:%02u:%02u", day, (unsigned)(number / 10000),
                          (unsigned)(number / 100 % 100), (unsigned)(number % 100));
    } else {
        length = snprintf(stamp, sizeof stamp, "%s %.*s", day, TEXT_ARGS(clock));
    }
    return length > 0 && time_parse(text_of(stamp), offset_ms, time_ms_out);
}
