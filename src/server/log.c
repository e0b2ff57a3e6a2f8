#include "server/log_private.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/time.h"
#include "sys/clock.h"

#define LOG_KEEP_BYTES                                                                                                 \
    ((size_t)256 << 10)            /* that nobody reads; beyond it lines of requests are dropped and counted           \
                                    */
#define WRITE_BYTES ((size_t)4096) /* PIPE_BUF */

void server_log_init(server_log *log) {
    *log = (server_log){0};
    mutex_init(&log->lock);
}

void server_log_fini(server_log *log) {
    log_flush(log);
    text_writer_fini(&log->lines);
    mutex_fini(&log->lock);
}

/* Writes what can be written without waiting; returns how much that was. A reader of our log that stands still must not
 * stop payments: a pipe that is ready takes WRITE_BYTES at once. */
static size_t write_out(const char *data, size_t length) {
    size_t done = 0;
    while (done < length) {
        struct pollfd ready = {.fd = STDERR_FILENO, .events = POLLOUT};
        size_t part = length - done < WRITE_BYTES ? length - done : WRITE_BYTES;
        ssize_t written = poll(&ready, 1, 0) == 1 ? write(STDERR_FILENO, data + done, part) : -1;
        if (written <= 0) {
            break;
        }
        done += (size_t)written;
    }
    return done;
}

static void escape(text_writer *w, const char *text) {
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            text_write_char(w, '\\');
            text_write_char(w, (char)c);
        } else if (c < ' ') {
            text_printf(w, "\\u%04x", c);
        } else {
            text_write_char(w, (char)c);
        }
    }
}

/* Under the lock. */
static void flush(server_log *log) {
    text_writer *w = &log->lines;
    size_t done = w->length == 0 ? 0 : write_out(w->data, w->length);
    if (done > 0 && done < w->length) {
        memmove(w->data, w->data + done, w->length - done);
    }
    w->length -= done;
    w->failed = false;
}

void log_line(server_log *log, const char *level, const char *event, const char *format, ...) {
    char text[700], time[TIME_TEXT_BYTES];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof text, format, list);
    va_end(list);
    text_writer w = {0};
    text_printf(&w, "{\"ts\":\"%s\",\"level\":\"%s\",\"event\":\"%s\",\"text\":\"", time_format(clock_now_ms(), time),
                level, event);
    escape(&w, text);
    text_write(&w, TEXT("\"}\n"));
    mutex_lock(&log->lock);
    flush(log);
    text_write(&log->lines, (sluice_text){w.failed ? "" : w.data, w.failed ? 0 : w.length});
    flush(log);
    mutex_unlock(&log->lock);
    text_writer_fini(&w);
}

void log_request(server_log *log, const char *id, const char *method, const char *route, int status, int64_t us,
                 uint64_t bytes_in, uint64_t bytes_out, uint64_t user) {
    char time[TIME_TEXT_BYTES];
    text_writer *w = &log->lines;
    mutex_lock(&log->lock);
    if (w->length > LOG_KEEP_BYTES) {
        log->dropped++;
        mutex_unlock(&log->lock);
        return;
    }
    text_printf(w,
                "{\"ts\":\"%s\",\"level\":\"%s\",\"event\":\"request\",\"request\":\"%s\",\"method\":\"%s\",\"route\":"
                "\"%s\",\"status\":%d,\"ms\":%lld.%03lld,\"in\":%llu,\"out\":%llu",
                time_format(clock_now_ms(), time),
                status >= 500   ? "error"
                : status >= 400 ? "warn"
                                : "info",
                id, method, route, status, (long long)(us / 1000), (long long)(us % 1000), (unsigned long long)bytes_in,
                (unsigned long long)bytes_out);
    if (user != 0) {
        text_printf(w, ",\"user\":%llu", (unsigned long long)user);
    }
    text_write(w, TEXT("}\n"));
    mutex_unlock(&log->lock);
}

void log_flush(server_log *log) {
    mutex_lock(&log->lock);
    if (log->lines.length > 0) {
        flush(log);
    }
    mutex_unlock(&log->lock);
}
