/* Writes a ledger in the columns of IBM AMLworld's *_Trans.csv to standard output.
 *
 *   gen_amlworld [--transfers N] [--accounts M] [--days D] [--disorder MINUTES] [--seed N]
 *
 * The same arguments give the same bytes on every machine. A row is formatted into a block of 1 MiB, about 120 ns. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "amlworld.h"
#include "arguments.h"
#include "base/time.h"

enum { BLOCK_BYTES = 1 << 20, ROW_BYTES_MAX = 256 };

typedef struct writer {
    char block[BLOCK_BYTES];
    size_t used;
    bool failed;
} writer;

static void writer_flush(writer *out) {
    size_t done = 0;
    while (done < out->used && !out->failed) {
        ssize_t wrote = write(STDOUT_FILENO, out->block + done, out->used - done);
        out->failed = wrote <= 0;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    out->used = 0;
}

static char *put_digits(char *at, int64_t value, int width) {
    for (int i = width - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + width;
}

static char *put_amount(char *at, int64_t micro, bool bitcoin) {
    int64_t whole = micro / 1000000, part = micro % 1000000;
    int width = 1;
    for (int64_t rest = whole; rest >= 10; rest /= 10) {
        width++;
    }
    at = put_digits(at, whole, width);
    *at++ = '.';
    return bitcoin ? put_digits(at, part, 6) : put_digits(at, part / 10000, 2);
}

/* "2022/09/01 00:20"; a minute repeats for hundreds of rows in a row, nearly, so the last one is kept. */
typedef struct minute_text {
    int64_t minute;
    char text[17];
} minute_text;

static void minute_format(minute_text *cache, int64_t minute) {
    int64_t year;
    unsigned month, day;
    time_civil_from_days(minute / 1440, &year, &month, &day);
    char *at = put_digits(cache->text, year, 4);
    *at++ = '/';
    at = put_digits(at, month, 2);
    *at++ = '/';
    at = put_digits(at, day, 2);
    *at++ = ' ';
    at = put_digits(at, minute % 1440 / 60, 2);
    *at++ = ':';
    *put_digits(at, minute % 60, 2) = '\0';
    cache->minute = minute;
}

static char *put_row(char *at, const amlworld_row *row, const char *minute) {
    at = stpcpy(at, minute);
    *at++ = ',';
    at += amlworld_account(row->from, ',', at);
    *at++ = ',';
    at += amlworld_account(row->to, ',', at);
    *at++ = ',';
    at = put_amount(at, row->received_micro, amlworld_is_bitcoin(row->received_currency));
    *at++ = ',';
    at = stpcpy(at, amlworld_currency(row->received_currency));
    *at++ = ',';
    at = put_amount(at, row->paid_micro, amlworld_is_bitcoin(row->paid_currency));
    *at++ = ',';
    at = stpcpy(at, amlworld_currency(row->paid_currency));
    *at++ = ',';
    at = stpcpy(at, amlworld_format(row->payment_format));
    *at++ = ',';
    *at++ = row->laundering ? '1' : '0';
    *at++ = '\n';
    return at;
}

int main(int argc, char **argv) {
    amlworld_options options = {
        .row_count = 5000000, .account_count = 500000, .days = 10, .disorder_minutes = 30, .seed = 1};
    bench_option arguments[] = {
        {"--transfers", BENCH_OPTION_U64, &options.row_count},
        {"--accounts", BENCH_OPTION_U32, &options.account_count},
        {"--days", BENCH_OPTION_U32, &options.days},
        {"--disorder", BENCH_OPTION_U32, &options.disorder_minutes},
        {"--seed", BENCH_OPTION_U64, &options.seed},
    };
    if (!arguments_read(argc, argv, arguments, sizeof arguments / sizeof *arguments)) {
        return 2;
    }
    static writer out;
    enum { MINUTE_SLOTS = 64 };
    minute_text minutes[MINUTE_SLOTS] = {{0}};
    out.used = (size_t)(stpcpy(out.block, "Timestamp,From Bank,Account,To Bank,Account,Amount Received,Receiving "
                                          "Currency,Amount Paid,Payment Currency,Payment Format,Is Laundering\n") -
                        out.block);
    amlworld world;
    amlworld_row row;
    amlworld_begin(&world, &options);
    while (!out.failed && amlworld_next(&world, &row)) {
        minute_text *minute = &minutes[row.minute % MINUTE_SLOTS];
        if (minute->minute != row.minute) {
            minute_format(minute, row.minute);
        }
        if (out.used + ROW_BYTES_MAX > BLOCK_BYTES) {
            writer_flush(&out);
        }
        out.used = (size_t)(put_row(out.block + out.used, &row, minute->text) - out.block);
    }
    writer_flush(&out);
    if (out.failed) {
        fputs("gen_amlworld: writing to standard output failed; is the disk full, or did the reader stop?\n", stderr);
        return 1;
    }
    return 0;
}
