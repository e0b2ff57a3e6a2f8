/* Structured logs: one JSON object a line on standard error. Never a path's value, a parameter, a body, an address or a
 * name: a route's template and numbers only. */
#ifndef SERVER_LOG_PRIVATE_H
#define SERVER_LOG_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "sys/thread.h"

typedef struct server_log {
    mutex lock;
    text_writer lines; /* not written out yet */
    uint64_t dropped;  /* lines that nobody read in time */
} server_log;

void server_log_init(server_log *log);
void server_log_fini(server_log *log);

/* Any thread: a line at once. `event` is a word; the text is for whoever runs the daemon. */
void log_line(server_log *log, const char *level, const char *event, const char *format, ...) SLUICE_PRINTF(4, 5);

/* Http thread; appears with the next log_flush. */
void log_request(server_log *log, const char *id, const char *method, const char *route, int status, int64_t us,
                 uint64_t bytes_in, uint64_t bytes_out, uint64_t user);
void log_flush(server_log *log);

#endif
