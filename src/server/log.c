#include "server/log_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/time.h"
#include "sys/clock.h"

#define LOG_KEEP_BYTES ((size_t)256 << 10) /* not written out yet; beyond it lines are written at once */

void server_log_init(server_log *log) {
    *log = (server_log){0};
    mutex_init(&log->lock);
}

void server_log_fini(server_log *log) {
    log_flush(log);
    text_writer_fini(&log->lines);
    mutex_fini(&log->lock);
}

static void write_out(const char *data, size_t length) {
    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, data, length);
        if (written <= 0) {
            return; /* nobody reads: there is no other place to say so */
        }
        data += written;
        length -= (size_t)written;
    }
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
    if (!w.failed) {
        mutex_lock(&log->lock);
        write_out(w.data, w.length);
        mutex_unlock(&log->lock);
    }
    text_writer_fini(&w);
}

void log_request(server_log *log, const char *id, const char *method, const char *route, int status, int64_t us,
                 uint64_t bytes_in, uint64_t bytes_out, uint64_t user) {
    char time[TIME_TEXT_BYTES];
    text_writer *w = &log->lines;
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
    if (w->length > LOG_KEEP_BYTES) {
        log_flush(log);
    }
}

void log_flush(server_log *log) {
    text_writer *w = &log->lines;
    if (w->length > 0) {
        mutex_lock(&log->lock);
        write_out(w->data, w->length);
        mutex_unlock(&log->lock);
    }
    w->length = 0;
    w->failed = false;
}
