/* Counters of the daemon, as Prometheus reads them. Labels are route templates, status classes and words of ours:
 * never an account, a phone or anything else that was sent. */
#ifndef SERVER_METRICS_PRIVATE_H
#define SERVER_METRICS_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "server/route.h"

#define LATENCY_BUCKETS 14
extern const double LATENCY_BUCKET_S[LATENCY_BUCKETS];

typedef struct route_metrics {
    uint64_t by_class[6]; /* 1xx … 5xx by first digit */
    uint64_t buckets[LATENCY_BUCKETS + 1];
    uint64_t total_us;
} route_metrics;

typedef struct server_metrics {
    route_metrics *routes; /* by index in the route set; the last: no route */
    size_t route_count;
    uint64_t bytes_in, bytes_out;
    uint64_t refused_rate, timed_out;
} server_metrics;

SLUICE_MUST_USE sluice_result metrics_init(server_metrics *m, size_t route_count, sluice_error *error);
void metrics_fini(server_metrics *m);
/* Http thread. */
void metrics_count(server_metrics *m, size_t route, int status, int64_t us);

struct sluice_server;
void metrics_write(struct sluice_server *s, text_writer *w);

#endif
