/* Time: milliseconds since 1970 UTC inside, Asia/Shanghai (+08:00, no daylight saving since 1991) for people. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include <sluice/signal.h>

#define TIME_DAY_MS INT64_C(86400000)
#define TIME_SHANGHAI_OFFSET_MS INT64_C(28800000)

/* The range that the log holds (it keeps 48 bits): years 1900 to 5999. */
#define TIME_MS_MIN INT64_C(-2208988800000)
#define TIME_MS_MAX INT64_C(127174492799999)

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar; no checks. */
int64_t time_days_from_civil(int64_t year, unsigned month, unsigned day);
void time_civil_from_days(int64_t days, int64_t *year_out, unsigned *month_out, unsigned *day_out);

/* Parses "2022-01-05", "2022-01-05 10:20[:30[.123]]", with 'T' or ' ', '-', '/' or '.' between date fields,
 * "20220105102030", "20220105", "2022年1月5日 10时20分30秒", an epoch in ms (13 digits) or s (10 digits), each
 * optionally with Z or ±hh:mm. Without a zone, `offset_ms` (local minus UTC) applies. False if it is none of these or
 * out of range. */
bool time_parse(sluice_text text, int64_t offset_ms, int64_t *time_ms_out);

#define TIME_TEXT_BYTES 32
/* "2022-01-05T10:20:30.123+08:00" (RFC 3339); milliseconds are always written. Returns `buffer`. */
char *time_format(int64_t time_ms, char buffer[TIME_TEXT_BYTES]);
/* "2022-01-05 10:20:30", for tables. Returns `buffer`. */
char *time_format_short(int64_t time_ms, char buffer[TIME_TEXT_BYTES]);

/* "20220105102030", for messages of banks; 14 digits and no NUL. Returns `buffer`. */
char *time_digits(int64_t time_ms, char buffer[14]);

/* "90s", "10m", "6h", "2d", "500ms", "1h30m" → ms; false if it is not one. */
bool time_duration_parse(sluice_text text, int64_t *duration_ms_out);
/* The two largest units: "1 d 3 h", "23 s". Returns `buffer`. */
char *time_duration_format(int64_t duration_ms, char buffer[TIME_TEXT_BYTES]);

#endif
