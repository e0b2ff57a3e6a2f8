/* The daemon's inside, shared by the files of this folder. */
#ifndef SERVER_SERVER_PRIVATE_H
#define SERVER_SERVER_PRIVATE_H

#include <gnutls/abstract.h>
#include <microhttpd.h>
#include <stdatomic.h>

#include "gateway/gateway.h"
#include "server/engine_gate.h"
#include "server/exchange_private.h"
#include "server/limits_private.h"
#include "server/log_private.h"
#include "server/metrics_private.h"
#include "server/rules_use.h"
#include "server/server.h"
#include "server/writer_private.h"
#include "sys/listen.h"
#include "sys/loop.h"
#include "sys/notify.h"
#include "sys/thread.h"

/* Limits that no option changes. */
#define SERVER_URL_BYTES_MAX 4096
#define SERVER_HEADER_BYTES_MAX 8192  /* of all headers together */
#define SERVER_CONNECTION_BYTES 16384 /* memory of a connection in libmicrohttpd */
#define SERVER_BODY_BYTES_DEFAULT 65536
#define SERVER_BODIES_BYTES_MAX ((size_t)256 << 20) /* of all that are on their way, as announced */
#define SERVER_JSON_DEPTH_MAX 32
#define SERVER_WORKER_QUEUE_MAX 1024
#define SERVER_WORKERS_MAX 64
#define SERVER_IDLE_MS 75000 /* between two requests of a connection */
#define SERVER_STOP_MS 30000 /* for what is under way when stopping */

typedef struct job_board job_board;
typedef struct event_hub event_hub;
typedef struct tls_store tls_store;

/* Decisions on their way to the writer (http_loop.c). */
typedef struct http_turn_list {
    exchange *first, *last; /* that it does not have yet */
    size_t count;
    bool is_open; /* it waits for more, or will */
    int64_t begun_ns;
} http_turn_list;

struct sluice_server {
    sluice_serve_options options; /* with defaults filled in; texts are copies in `texts` */
    arena texts;
    sluice_engine *engine;
    engine_gate gate; /* of those who read it */
    rules_use rules;  /* behind options.with */
    const server_desk *desk;
    server_desk no_desk; /* until desk_link_open: nothing */
    route_set *routes;
    unsigned char cursor_key[32];
    char instance[9]; /* of this start: the beginning of request ids */

    /* http */
    struct MHD_Daemon *daemon;
    listening listening;
    tls_store *tls;
    loop loop;
    exchange_list exchanges;
    connection_list connections;
    rate_table rates;
    mutex rate_lock;
    server_log log;
    server_metrics metrics;
    uint64_t request_count;
    sluice_text openapi; /* made once */
    sluice_text notice;  /* read once */
    bool draining;       /* http thread, and so are the next */
    int64_t drain_until_ns, sweep_ns, watchdog_ns, watchdog_ms;
    http_turn_list turn;
    size_t bodies_bytes; /* of bodies that are on their way, or are being handled */
    atomic_bool stop;    /* asked from outside */
    atomic_bool reloading;

    completion_queue done; /* from the other threads to http */
    worker_pool workers;
    writer writer;
    bool writer_is_open;
    bool memory_is_ahead;   /* region_ahead_start */
    struct openid *openid;  /* NULL: nobody signs in through a provider */
    struct desk_link *link; /* the desk; see desk_link.h */
    uint64_t gateway_epoch; /* the writer's: of the outbox when the gateway was last woken */
    gateway *gateway;       /* NULL: nothing is sent */
    job_board *jobs;
    event_hub *events;
    struct presence *presence;
};

/* ---- http.c ---- */
SLUICE_MUST_USE sluice_result http_open(server *s, sluice_error *error);
void http_close(server *s);
SLUICE_MUST_USE sluice_result http_run(server *s, bool with_signals, sluice_error *error);

/* ---- tls.c ---- */
SLUICE_MUST_USE sluice_result tls_open(const char *certificate, const char *key, tls_store **tls_out,
                                       sluice_error *error);
/* Reads the files again; on an error the old ones stay. Http thread. */
SLUICE_MUST_USE sluice_result tls_reload(tls_store *tls, sluice_error *error);
void tls_close(tls_store **tls);
/* For MHD_OPTION_HTTPS_CERT_CALLBACK. */
typedef gnutls_certificate_retrieve_function2 *tls_callback;
tls_callback tls_choose(void);

/* ---- openapi.c ---- */
SLUICE_MUST_USE sluice_result openapi_write(const route_set *routes, const char *const *role_names, text_writer *out,
                                            sluice_error *error);

/* ---- the engine's routes ---- */
SLUICE_MUST_USE sluice_result routes_add_all(route_set *set, sluice_error *error);

/* ---- jobs.c ---- */
SLUICE_MUST_USE sluice_result jobs_open(server *s, sluice_error *error);
void jobs_stop(server *s);
void jobs_close(server *s);
/* Takes the exchange's request over; it is answered 202 by the caller with what is put in `rs`. */
SLUICE_MUST_USE sluice_result jobs_submit(server *s, request *rq, response *rs, sluice_error *error);

/* ---- gateway_link.c ---- */
SLUICE_MUST_USE sluice_result gateway_link_open(server *s, sluice_error *error);
/* Writer thread, after a commit: the outbox may have something new. */
void gateway_link_committed(server *s);

/* ---- inquiry_link.c ---- */
/* What banks answered to inquiries goes into the log. Gateway thread. */
void inquiry_link_work(server *s);

/* ---- events.c ---- */
SLUICE_MUST_USE sluice_result events_open(server *s, sluice_error *error);
void events_close(server *s);
size_t events_console_count(const server *s);
/* Http thread: a stream for the exchange, from its Last-Event-ID on; NULL: too many are open, or no memory. */
struct MHD_Response *events_stream(server *s, exchange *x);
/* Its connection is gone. */
void events_leave(server *s, exchange *x);
/* Wakes the streams that have something to send; `all`: a heartbeat is due, or the end. */
void events_turn(server *s, int64_t now_ns);

#endif
