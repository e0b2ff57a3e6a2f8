/* A request and its answer on their way through the daemon, and the lists they wait in. */
#ifndef SERVER_EXCHANGE_PRIVATE_H
#define SERVER_EXCHANGE_PRIVATE_H

#include <microhttpd.h>

#include <sluice/detect.h>

#include "server/request.h"
#include "sys/thread.h"

typedef enum exchange_state {
    EXCHANGE_HEADERS, /* the request line was read, the headers are coming */
    EXCHANGE_BODY,
    EXCHANGE_DUE,     /* all of it is here: to be handed on in the next turn */
    EXCHANGE_WAITING, /* suspended: a worker, the writer or nobody has it */
    EXCHANGE_READY,   /* resumed: to be answered */
    EXCHANGE_SENDING,
} exchange_state;

typedef struct connection connection;
typedef struct console console;

typedef struct exchange {
    struct exchange *next; /* in the list that it is in */
    struct MHD_Connection *handle;
    connection *connection;
    request request;
    response response;
    exchange_state state;
    sluice_result result;
    sluice_error error;
    bool retry_authenticate; /* on a worker, because the desk had to look it up */
    bool body_checked;
    bool handled;     /* answered already: what is left is to send it */
    int64_t begun_ns; /* machine's clock */

    const char *method_name; /* "other" for one that is none of ours */
    size_t route_index;
    char *url; /* as sent, in the arena */
    size_t url_length;
    sluice_text query; /* of it */
    char *body;
    size_t body_length, body_capacity;

    sluice_signal signal; /* LANE_DECISION */
    bool is_alert;
    console *console; /* LANE_EVENTS */
} exchange;

typedef struct exchange_list {
    exchange *free;
    size_t free_count, live_count;
} exchange_list;

exchange *exchange_take(exchange_list *list);
void exchange_give(exchange_list *list, exchange *x);
void exchange_list_fini(exchange_list *list);

/* From the other threads to http: a list under a lock; http takes all of it at once. */
typedef struct completion_queue {
    mutex lock;
    exchange *first, *last;
} completion_queue;

/* The pool of workers and what waits for them. */
typedef struct worker_pool {
    mutex lock;
    condition changed;
    exchange *first, *last;
    size_t waiting, waiting_max;
    thread threads[64];
    size_t thread_count;
    bool stop;
} worker_pool;

struct sluice_server;
SLUICE_MUST_USE sluice_result workers_open(struct sluice_server *s, sluice_error *error);
void workers_close(struct sluice_server *s);
/* False: the queue is full. */
bool workers_submit(struct sluice_server *s, exchange *x);
/* Any thread: x is done with; wakes http. */
void exchange_done(struct sluice_server *s, exchange *x);
/* The same for a list by `next`. */
void exchange_done_all(struct sluice_server *s, exchange *first);

/* ---- checks.c and problem.c: before and after a handler. What refuses fills the response and sets `handled`. ---- */

/* After the body came. False: refused. */
bool request_body(exchange *x);
/* Runs the handler, and makes a problem of its error. */
void request_handle(exchange *x);
void request_fail(exchange *x, int status, sluice_result code, const char *detail);
void request_fail_with(exchange *x, sluice_result result, const sluice_error *error);
/* Who asks, and may they? BUSY: on a worker, please. */
sluice_result request_authorise(exchange *x, bool may_block);

/* ---- connections: how long each may take ---- */

struct connection {
    connection *next, *previous;
    struct sluice_server *server;
    struct MHD_Connection *handle;
    int descriptor;
    bool is_tls;
    bool is_new;         /* no request yet */
    int64_t deadline_ns; /* machine's clock; INT64_MAX: none */
    char address[64];    /* the peer's */
    size_t address_length;
    exchange *exchange; /* under way; NULL: between requests */
};

typedef struct connection_list {
    connection *first;
    size_t count;
} connection_list;

#endif
