/* All counters of requests belong to the http thread, which also answers /metrics: no locks. What other threads count
 * is atomic. */
#include "server/metrics_private.h"

#include <stdatomic.h>

#include "base/error.h"
#include "base/memory.h"
#include "server/server_private.h"

const double LATENCY_BUCKET_S[LATENCY_BUCKETS] = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                  0.025,  0.05,    0.1,    0.25,  0.5,    1,     5};

sluice_result metrics_init(server_metrics *m, size_t route_count, sluice_error *error) {
    m->route_count = route_count;
    m->routes = memory_new_zero(route_count + 1, sizeof *m->routes);
    return m->routes == NULL ? error_no_memory(error, (route_count + 1) * sizeof *m->routes) : SLUICE_OK;
}

void metrics_fini(server_metrics *m) {
    memory_free(m->routes);
    m->routes = NULL;
}

void metrics_count(server_metrics *m, size_t route, int status, int64_t us) {
    route_metrics *r = &m->routes[route > m->route_count ? m->route_count : route];
    size_t bucket = 0;
    while (bucket < LATENCY_BUCKETS && (double)us > LATENCY_BUCKET_S[bucket] * 1e6) {
        bucket++;
    }
    r->buckets[bucket]++;
    r->total_us += us < 0 ? 0 : (uint64_t)us;
    r->by_class[status >= 100 && status < 600 ? status / 100 : 0]++;
}

static void head(text_writer *w, const char *name, const char *type, const char *help) {
    text_printf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void one(text_writer *w, const char *name, const char *type, const char *help, uint64_t value) {
    head(w, name, type, help);
    text_printf(w, "%s %llu\n", name, (unsigned long long)value);
}

static void label_route(const server *s, size_t i, char label[160]) {
    if (i == s->metrics.route_count) {
        (void)snprintf(label, 160, "method=\"\",route=\"none\"");
        return;
    }
    const route *r = route_set_get(s->routes, i);
    (void)snprintf(label, 160, "method=\"%s\",route=\"%s\"", route_method_name(r->method), r->template);
}

static uint64_t total_of(const route_metrics *r) {
    uint64_t total = 0;
    for (size_t i = 0; i < 6; i++) {
        total += r->by_class[i];
    }
    return total;
}

static void write_routes(const server *s, text_writer *w) {
    char label[160];
    head(w, "sluice_http_requests_total", "counter", "Requests by route and class of status.");
    for (size_t i = 0; i <= s->metrics.route_count; i++) {
        label_route(s, i, label);
        for (int class = 0; class < 6; class ++) {
            uint64_t count = s->metrics.routes[i].by_class[class];
            if (count > 0) {
                text_printf(w, "sluice_http_requests_total{%s,class=\"%dxx\"} %llu\n", label, class,
                            (unsigned long long)count);
            }
        }
    }
    head(w, "sluice_http_request_duration_seconds", "histogram",
         "From the request line to the end of the answer, by route.");
    for (size_t i = 0; i <= s->metrics.route_count; i++) {
        const route_metrics *r = &s->metrics.routes[i];
        uint64_t sum = 0;
        if (total_of(r) == 0) {
            continue;
        }
        label_route(s, i, label);
        for (size_t k = 0; k < LATENCY_BUCKETS; k++) {
            sum += r->buckets[k];
            text_printf(w, "sluice_http_request_duration_seconds_bucket{%s,le=\"%g\"} %llu\n", label,
                        LATENCY_BUCKET_S[k], (unsigned long long)sum);
        }
        sum += r->buckets[LATENCY_BUCKETS];
        text_printf(w,
                    "sluice_http_request_duration_seconds_bucket{%s,le=\"+Inf\"} %llu\n"
                    "sluice_http_request_duration_seconds_sum{%s} %.6f\n"
                    "sluice_http_request_duration_seconds_count{%s} %llu\n",
                    label, (unsigned long long)sum, label, (double)r->total_us / 1e6, label, (unsigned long long)sum);
    }
}

static uint64_t load(const atomic_uint_fast64_t *value) {
    return atomic_load_explicit(value, memory_order_relaxed);
}

static void write_writer(server *s, text_writer *w) {
    writer *t = &s->writer;
    one(w, "sluice_decisions_total", "counter", "Inline decisions that were made durable.", load(&t->decided));
    one(w, "sluice_signals_total", "counter", "Signals taken in by batches.", load(&t->ingested));
    one(w, "sluice_alerts_total", "counter", "Decisions other than to allow.", load(&t->alerts));
    one(w, "sluice_commands_total", "counter", "Commands of the desk.", load(&t->commands));
    one(w, "sluice_log_sequence", "gauge", "The log's last durable sequence.", load(&t->sequence));
    one(w, "sluice_commit_failures_total", "counter", "Commits that failed.", load(&t->commit_failures));
    head(w, "sluice_commit_duration_seconds", "histogram", "Commits of the writer.");
    uint64_t sum = 0;
    for (size_t i = 0; i < COMMIT_BUCKETS; i++) {
        sum += load(&t->commit_buckets[i]);
        text_printf(w, "sluice_commit_duration_seconds_bucket{le=\"%g\"} %llu\n", COMMIT_BUCKET_S[i],
                    (unsigned long long)sum);
    }
    text_printf(w,
                "sluice_commit_duration_seconds_bucket{le=\"+Inf\"} %llu\nsluice_commit_duration_seconds_sum %.6f\n"
                "sluice_commit_duration_seconds_count %llu\n",
                (unsigned long long)load(&t->commits), (double)load(&t->commit_us) / 1e6,
                (unsigned long long)load(&t->commits));
    mutex_lock(&t->lock);
    size_t decisions = t->decision_count, ingests = t->ingest_count, tasks = t->task_count;
    mutex_unlock(&t->lock);
    mutex_lock(&s->workers.lock);
    size_t waiting = s->workers.waiting;
    mutex_unlock(&s->workers.lock);
    head(w, "sluice_queue_depth", "gauge", "What waits, by queue.");
    text_printf(w,
                "sluice_queue_depth{queue=\"decisions\"} %zu\nsluice_queue_depth{queue=\"ingest\"} %zu\n"
                "sluice_queue_depth{queue=\"commands\"} %zu\nsluice_queue_depth{queue=\"workers\"} %zu\n",
                decisions, ingests, tasks, waiting);
    one(w, "sluice_detector_memory_bytes", "gauge", "Memory of features and patterns.", load(&t->detector_bytes));
}

void metrics_write(server *s, text_writer *w) {
    write_routes(s, w);
    write_writer(s, w);
    if (s->gateway != NULL) {
        gateway_metrics(s->gateway, w);
    }
    one(w, "sluice_http_connections", "gauge", "Open connections.", s->connections.count);
    one(w, "sluice_http_requests_in_flight", "gauge", "Requests under way.", s->exchanges.live_count);
    one(w, "sluice_http_received_bytes_total", "counter", "Bytes of bodies received.", s->metrics.bytes_in);
    one(w, "sluice_http_sent_bytes_total", "counter", "Bytes of bodies sent.", s->metrics.bytes_out);
    one(w, "sluice_http_rate_limited_total", "counter", "Requests refused for their rate.", s->metrics.refused_rate);
    one(w, "sluice_http_timeouts_total", "counter", "Connections closed for being slow.", s->metrics.timed_out);
    one(w, "sluice_log_lines_dropped_total", "counter", "Lines of requests that nobody read in time.", s->log.dropped);
    one(w, "sluice_rules_folder_only", "gauge", "1: approved changes of the rules are not in use.",
        atomic_load(&s->rules.alone));
    one(w, "sluice_event_streams", "gauge", "Open event streams.", events_console_count(s));
    head(w, "sluice_build_info", "gauge", "The version.");
    text_printf(w, "sluice_build_info{version=\"%s\"} 1\n", sluice_version());
}
