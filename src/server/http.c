/* Requests and answers, between libmicrohttpd and whoever handles them. All on the http thread (http_loop.c).
 *
 * An exchange goes HEADERS ─▶ BODY ─▶ (DUE ─▶ WAITING ─▶ READY) ─▶ SENDING. It is suspended while somebody else has it;
 * only this thread touches connections, so nothing here needs a lock.
 *
 * Time: each connection has a deadline by the machine's clock for what it is doing (clock_machine_ns: simulated time
 * does not make a peer slow). Who misses it is told 408, where nothing was answered yet, and cut off. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/time.h"
#include "server/checks_private.h"
#include "server/http_private.h"
#include "server/server_private.h"
#include "server/upload.h"
#include "server/web_private.h"
#include "sys/clock.h"

#define DISCARD_BYTES_MAX ((uint64_t)4 << 20) /* of a refused body: read, so that the answer arrives */

/* ---- deadlines ---- */

static void set_deadline(connection *c, int64_t ms) {
    c->deadline_ns = ms < 0 ? INT64_MAX : clock_machine_ns() + ms * 1000000;
}

/* ---- connections ---- */

void http_on_connection(void *context, struct MHD_Connection *handle, void **socket_context,
                        enum MHD_ConnectionNotificationCode code) {
    server *s = context;
    connection *c = *socket_context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        c = memory_new_zero(1, sizeof *c);
        *socket_context = c;
        if (c == NULL) {
            return; /* its requests are refused */
        }
        c->server = s;
        c->handle = handle;
        c->descriptor = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
        c->address_length = listen_peer_text(info == NULL ? NULL : info->client_addr, c->address);
        listen_bound(c->descriptor, s->options.send_timeout_ms);
        c->is_tls = s->tls != NULL;
        c->is_new = true;
        c->next = s->connections.first;
        if (c->next != NULL) {
            c->next->previous = c;
        }
        s->connections.first = c;
        s->connections.count++;
        set_deadline(c, s->options.header_timeout_ms);
    } else if (c != NULL) {
        if (c->previous != NULL) {
            c->previous->next = c->next;
        } else {
            s->connections.first = c->next;
        }
        if (c->next != NULL) {
            c->next->previous = c->previous;
        }
        s->connections.count--;
        memory_free(c);
        *socket_context = NULL;
    }
}

/* The request line was read: the exchange begins. */
void *http_on_uri(void *context, const char *uri, struct MHD_Connection *handle) {
    server *s = context;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    connection *c = info == NULL ? NULL : info->socket_context;
    exchange *x = c == NULL ? NULL : exchange_take(&s->exchanges);
    if (x == NULL) {
        return NULL;
    }
    x->request.server = s;
    x->handle = handle;
    x->connection = c;
    x->begun_ns = clock_machine_ns();
    x->url_length = strlen(uri);
    x->url = arena_copy(&x->request.arena, uri, x->url_length + 1);
    c->exchange = x;
    c->is_new = false;
    set_deadline(c, s->options.header_timeout_ms);
    return x;
}

void http_on_completed(void *context, struct MHD_Connection *handle, void **exchange_context,
                       enum MHD_RequestTerminationCode code) {
    server *s = context;
    exchange *x = *exchange_context;
    (void)handle;
    (void)code;
    if (x == NULL) {
        return;
    }
    const route *r = x->request.route;
    int64_t us = (clock_machine_ns() - x->begun_ns) / 1000;
    int status = x->state == EXCHANGE_SENDING ? x->response.status : 0;
    uint64_t sent = x->console == NULL ? x->response.body.length : 0;
    metrics_count(&s->metrics, r == NULL ? SIZE_MAX : x->route_index, status, us);
    s->metrics.bytes_in += x->body_length;
    s->metrics.bytes_out += sent;
    if (r == NULL || (r->flags & ROUTE_QUIET) == 0 || status >= 400 || s->options.log_all) {
        log_request(&s->log, x->request.id, x->method_name, r == NULL ? "none" : r->template, status, us,
                    x->body_length, sent, x->request.actor.user);
    }
    events_leave(s, x);
    upload_abandon(&x->request.upload);
    s->bodies_bytes -= x->body_capacity;
    x->connection->exchange = NULL;
    set_deadline(x->connection, SERVER_IDLE_MS);
    exchange_give(&s->exchanges, x);
    *exchange_context = NULL;
}

/* ---- answering ---- */

/* Every answer has these, unless it says otherwise itself (the console's files). Nothing is cached, framed, sniffed or
 * loaded by what we send. */
static const response_header ALWAYS[] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
};

static void add(struct MHD_Response *to, const char *name, const char *value) {
    (void)MHD_add_response_header(to, name, value);
}

static void add_headers(server *s, exchange *x, struct MHD_Response *to) {
    char sequence[TEXT_U64_BYTES];
    const response *rs = &x->response;
    for (size_t i = 0; i < sizeof ALWAYS / sizeof *ALWAYS; i++) {
        if (!response_has_header(rs, ALWAYS[i].name)) {
            add(to, ALWAYS[i].name, ALWAYS[i].value);
        }
    }
    add(to, "Sluice-Request-Id", x->request.id);
    for (size_t i = 0; i < rs->header_count; i++) {
        add(to, rs->headers[i].name, rs->headers[i].value);
    }
    if (rs->content_type != NULL) {
        add(to, MHD_HTTP_HEADER_CONTENT_TYPE, rs->content_type);
    }
    if (rs->sequence > 0) {
        text_of_u64(rs->sequence, 10, sequence);
        add(to, "Sluice-Sequence", sequence);
    }
    if (s->options.clock != NULL) {
        add(to, "Sluice-Clock", "simulated");
    }
    if (s->tls != NULL) {
        add(to, "Strict-Transport-Security", "max-age=31536000");
    }
    if (s->draining) {
        add(to, MHD_HTTP_HEADER_CONNECTION, "close");
    }
    if (s->options.allow_origin != NULL && text_equal(x->request.origin, text_of(s->options.allow_origin))) {
        add(to, "Access-Control-Allow-Origin", s->options.allow_origin);
        add(to, "Access-Control-Allow-Credentials", "true");
        add(to, "Access-Control-Expose-Headers",
            "ETag, Link, Location, RateLimit-Remaining, Retry-After, Sluice-Request-Id, Sluice-Sequence");
        add(to, "Vary", "Origin");
    }
}

static sluice_text without_weak(sluice_text tag) {
    tag = text_trim(tag);
    bool weak = tag.length > 2 && memcmp(tag.data, "W/", 2) == 0;
    return weak ? (sluice_text){tag.data + 2, tag.length - 2} : tag;
}

/* RFC 9110 13.1.2. A record's version does not say what of it was masked: where a purpose is given it is read anew; a
 * list's weak tag is of its very bytes. */
static bool has_already(const request *rq, const char *tag) {
    sluice_text asked = rq->if_none_match, one, mine = text_of(tag);
    bool more = asked.length > 0 && (tag[0] == 'W' || rq->purpose.length == 0);
    while (more) {
        more = text_split(asked, ',', &one, &asked);
        if (text_equal(text_trim(one), TEXT("*")) || text_equal(without_weak(one), without_weak(mine))) {
            return true;
        }
    }
    return false;
}

static void settle(exchange *x) {
    response *rs = &x->response;
    const route *r = x->request.route;
    if (rs->status == 0) {
        rs->status = r != NULL && r->status != 0 ? r->status : 200;
    }
    for (size_t i = 0; i < rs->header_count && x->request.if_none_match.length > 0 && rs->status == 200; i++) {
        if (r != NULL && r->method == METHOD_GET && strcmp(rs->headers[i].name, "ETag") == 0 &&
            has_already(&x->request, rs->headers[i].value)) {
            rs->status = 304;
        }
    }
    if (rs->status == 304 || rs->status == 204) {
        rs->body.length = 0;
        rs->content_type = NULL;
    } else if (rs->content_type == NULL && rs->body.length > 0) {
        rs->content_type = "application/json";
    }
}

static enum MHD_Result queue(server *s, exchange *x, struct MHD_Response *made) {
    if (made == NULL) {
        return MHD_NO;
    }
    add_headers(s, x, made);
    enum MHD_Result result = MHD_queue_response(x->handle, (unsigned)x->response.status, made);
    MHD_destroy_response(made);
    x->state = EXCHANGE_SENDING;
    return result;
}

static enum MHD_Result send_answer(server *s, exchange *x) {
    settle(x);
    size_t length = x->response.body.length;
    union {
        const char *from;
        void *to;
    } data = {.from = length == 0 ? "" : x->response.body.data};
    set_deadline(x->connection, s->options.send_timeout_ms + (int64_t)(length >> 14) * 1000);
    return queue(s, x, MHD_create_response_from_buffer(length, data.to, MHD_RESPMEM_PERSISTENT));
}

static enum MHD_Result send_stream(server *s, exchange *x) {
    struct MHD_Response *stream = s->draining ? NULL : events_stream(s, x);
    if (stream == NULL) {
        request_fail(x, 503, SLUICE_E_BUSY, "too many event streams are open");
        return send_answer(s, x);
    }
    x->response.status = 200;
    x->response.content_type = "text/event-stream";
    response_add_header(&x->request, &x->response, "X-Accel-Buffering", "no");
    set_deadline(x->connection, -1);
    return queue(s, x, stream);
}

/* ---- lanes ---- */

static enum MHD_Result suspend(exchange *x) {
    x->state = EXCHANGE_WAITING;
    x->connection->deadline_ns = INT64_MAX; /* it waits for us */
    MHD_suspend_connection(x->handle);
    return MHD_YES;
}

static enum MHD_Result to_worker(server *s, exchange *x) {
    if (!workers_submit(s, x)) {
        request_fail(x, 503, SLUICE_E_BUSY, "too many requests wait: try again in a second");
        return send_answer(s, x);
    }
    return suspend(x);
}

static enum MHD_Result to_writer(server *s, exchange *x) {
    x->next = NULL;
    if (!s->turn.is_open) {
        s->turn.is_open = true;
        s->turn.begun_ns = clock_machine_ns();
    }
    if (s->turn.last == NULL) {
        s->turn.first = x;
    } else {
        s->turn.last->next = x;
    }
    s->turn.last = x;
    s->turn.count++;
    return suspend(x);
}

static enum MHD_Result to_jobs(server *s, exchange *x) {
    sluice_error error = {0};
    x->result = jobs_submit(s, &x->request, &x->response, &error);
    if (x->result != SLUICE_OK) {
        request_fail_with(x, x->result, &error);
    }
    return send_answer(s, x);
}

static enum MHD_Result dispatch(server *s, exchange *x) {
    if (x->retry_authenticate) {
        return to_worker(s,
                         x); /* who asks comes first, before a refusal of what was sent; the worker checks the rest */
    }
    if (x->handled) {
        return send_answer(s, x);
    }
    if (!x->body_checked && !request_body(x)) {
        return send_answer(s, x);
    }
    if (request_is_job(&x->request)) {
        return to_jobs(s, x);
    }
    switch (x->request.route->lane) {
    case LANE_WORKER:
        return to_worker(s, x);
    case LANE_DECISION:
        return to_writer(s, x);
    case LANE_EVENTS:
        request_handle(x);
        return x->result != SLUICE_OK || x->request.is_head ? send_answer(s, x) : send_stream(s, x);
    case LANE_HTTP:
    default: /* LANE_JOB is a job */
        request_handle(x);
        return send_answer(s, x);
    }
}

/* Whether nobody else is asked. */
static bool is_answered_now(const exchange *x) {
    const route *r = x->request.route;
    return (x->handled && !x->retry_authenticate) || (r->lane != LANE_DECISION && r->lane != LANE_WORKER);
}

/* libmicrohttpd asks again in its next turn, and only then is the connection suspended. One that is suspended while the
 * library means to read from it is read from when it is resumed: in vain, so it goes into the library's epoll, and out
 * again at the next request. One that is suspended while the library waits for an answer is resumed to be written to,
 * and read from a turn later, when most clients have asked again: 1.2 calls of the system a request less, of 4. */
static enum MHD_Result put_off(exchange *x) {
    x->state = EXCHANGE_DUE;
    return MHD_YES;
}

/* ---- the head ---- */

typedef struct head_walk {
    exchange *x;
    request_head head;
    size_t bytes;
    bool has_length, needs_host;
    bool is_bad; /* malformed, or there twice: what one reader takes for a body another takes for a request */
} head_walk;

static bool named(const char *name, size_t length, const char *wanted, size_t wanted_length) {
    return length == wanted_length && strncasecmp(name, wanted, length) == 0;
}

#define NAMED(wanted) named(name, name_length, wanted, sizeof(wanted) - 1)

static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_length,
                                   const char *value, size_t value_length) {
    head_walk *w = context;
    request *rq = &w->x->request;
    sluice_text text = {value == NULL ? "" : value, value_length};
    (void)kind;
    w->bytes += name_length + value_length + 4;
    sluice_text *into = NAMED("content-type")       ? &rq->content_type
                        : NAMED("accept")           ? &rq->accept
                        : NAMED("authorization")    ? &rq->authorization
                        : NAMED("cookie")           ? &rq->cookie
                        : NAMED("origin")           ? &rq->origin
                        : NAMED("host")             ? &rq->host
                        : NAMED("idempotency-key")  ? &rq->idempotency_key
                        : NAMED("if-match")         ? &rq->if_match_text
                        : NAMED("if-none-match")    ? &rq->if_none_match
                        : NAMED("last-event-id")    ? &rq->last_event_id
                        : NAMED("prefer")           ? &rq->prefer
                        : NAMED("sluice-purpose")   ? &rq->purpose
                        : NAMED("user-agent")       ? &rq->user_agent
                        : NAMED("sluice-csrf")      ? &rq->csrf
                        : NAMED("accept-language")  ? &rq->languages
                        : NAMED("accept-encoding")  ? &rq->encodings
                        : NAMED("sluice-timestamp") ? &rq->timestamp
                        : NAMED("sluice-nonce")     ? &rq->nonce
                        : NAMED("sluice-signature") ? &rq->signature
                                                    : NULL;
    if (into != NULL) {
        w->is_bad |=
            into->data != NULL && into != &rq->accept && into != &rq->cookie && into != &rq->prefer; /* given twice */
        *into = text;
    } else if (NAMED("content-length")) {
        w->is_bad |= w->has_length || !text_to_u64(text_trim(text), &w->head.content_length);
        w->has_length = true;
    } else if (NAMED("transfer-encoding")) {
        w->head.chunked = true;
    } else if (NAMED("content-encoding")) {
        w->head.encoded = !text_equal(text, TEXT("identity"));
    } else if (memchr(name, ' ', name_length) != NULL || memchr(name, '\t', name_length) != NULL) {
        w->is_bad = true; /* RFC 9112 5.1 */
    }
    return MHD_YES;
}

static bool method_of(const char *name, route_method *method_out, bool *is_head_out) {
    *is_head_out = strcmp(name, "HEAD") == 0;
    *method_out = METHOD_GET;
    for (int i = 0; i < METHOD_COUNT; i++) {
        if (strcmp(name, route_method_name((route_method)i)) == 0) {
            *method_out = (route_method)i;
            return true;
        }
    }
    return *is_head_out;
}

/* A lasting name; "other" for a method that is none of ours. */
static const char *method_word(const char *name) {
    route_method method;
    bool is_head;
    return strcmp(name, "OPTIONS") == 0          ? "OPTIONS"
           : !method_of(name, &method, &is_head) ? "other"
           : is_head                             ? "HEAD"
                                                 : route_method_name(method);
}

static void allow(exchange *x, unsigned methods) {
    char list[64] = "OPTIONS";
    for (int i = 0; i < METHOD_COUNT; i++) {
        if ((methods & 1u << i) != 0) {
            size_t used = strlen(list);
            (void)snprintf(list + used, sizeof list - used, i == METHOD_GET ? ", %s, HEAD" : ", %s",
                           route_method_name((route_method)i));
        }
    }
    response_add_header(&x->request, &x->response, "Allow", "%s", list);
    const char *origin = x->request.server->options.allow_origin;
    if (origin != NULL && text_equal(x->request.origin, text_of(origin))) {
        response_add_header(&x->request, &x->response, "Access-Control-Allow-Methods", "%s", list);
        response_add_header(&x->request, &x->response, "Access-Control-Allow-Headers",
                            "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, "
                            "Prefer, Sluice-CSRF, Sluice-Purpose");
        response_add_header(&x->request, &x->response, "Access-Control-Max-Age", "600");
    }
}

/* Finds the route; false: refused, or answered (OPTIONS). */
static bool find_route(exchange *x, const char *method_name) {
    request *rq = &x->request;
    server *s = rq->server;
    route_method method;
    route_match match;
    bool known = method_of(method_name, &method, &rq->is_head);
    if (!route_find(s->routes, method, rq->path, &rq->arena, &match)) {
        request_fail(x, 503, SLUICE_E_NO_MEMORY, "out of memory");
    } else if (match.malformed) {
        request_fail(x, 400, SLUICE_E_INPUT, "the address is not well encoded");
    } else if (match.methods == 0 && web_answer(x, method_name)) {
        /* a file of the console */
    } else if (match.methods == 0) {
        request_fail(x, 404, SLUICE_E_NOT_FOUND, "there is nothing at this address: /openapi.json has what there is");
    } else if (strcmp(method_name, "OPTIONS") == 0) {
        allow(x, match.methods);
        x->response.status = 204;
        x->handled = true;
    } else if (!known || match.route == NULL) {
        allow(x, match.methods);
        request_fail(x, 405, SLUICE_E_INPUT, "see the header Allow");
    } else {
        rq->route = match.route;
        rq->variable_count = match.variable_count;
        memcpy(rq->variables, match.variables, sizeof rq->variables);
        x->route_index = match.index;
    }
    return !x->handled;
}

void http_name_request(server *s, char id_out[REQUEST_ID_BYTES]) {
    char number[TEXT_U64_BYTES];
    size_t length = strlen(s->instance), digits = text_of_u64(++s->request_count, 16, number);
    SLUICE_ASSERT(length + 1 + digits < REQUEST_ID_BYTES);
    memcpy(id_out, s->instance, length);
    id_out[length] = '-';
    memcpy(id_out + length + 1, number, digits + 1);
}

/* All checks that need no body. */
static void check_head(server *s, exchange *x, const char *method_name, head_walk *w) {
    request *rq = &x->request;
    rq->now_ms = clock_now_ms();
    rq->secure = s->tls != NULL;
    http_name_request(s, x->request.id);
    (void)MHD_get_connection_values_n(x->handle, MHD_HEADER_KIND, take_header, w);
    const connection *c = x->connection;
    const char *address = arena_copy(&rq->arena, c->address, c->address_length + 1); /* a job outlives its connection */
    rq->address = address == NULL ? (sluice_text){"", 0} : (sluice_text){address, c->address_length};
    x->method_name = method_word(method_name);
    (void)text_split((sluice_text){x->url, x->url_length}, '?', &rq->path, &x->query);
    if (x->url == NULL) {
        request_fail(x, 503, SLUICE_E_NO_MEMORY, "out of memory");
    } else if (x->url_length > SERVER_URL_BYTES_MAX) {
        request_fail(x, 414, SLUICE_E_LIMIT, "at most 4,096 bytes are taken");
    } else if (w->bytes > SERVER_HEADER_BYTES_MAX) {
        request_fail(x, 431, SLUICE_E_LIMIT, "at most 8,192 bytes are taken");
    } else if (memchr(x->url, ' ', x->url_length) != NULL) {
        response_add_header(rq, &x->response, "Connection", "close");
        request_fail(x, 400, SLUICE_E_INPUT, "a blank stands in the address: it is written %20 there");
    } else if (w->needs_host && rq->host.data == NULL) {
        response_add_header(rq, &x->response, "Connection", "close");
        request_fail(x, 400, SLUICE_E_INPUT, "a request of HTTP/1.1 has the header Host");
    } else if (w->is_bad) {
        response_add_header(rq, &x->response, "Connection", "close");
        request_fail(x, 400, SLUICE_E_INPUT,
                     "a header that may be there once is there twice, Content-Length is no number, or a blank stands "
                     "before a colon");
    } else if (s->draining) {
        request_fail(x, 503, SLUICE_E_INTERRUPTED, "the daemon is stopping");
    } else if (find_route(x, method_name)) {
        x->retry_authenticate = request_authorise(x, false) == SLUICE_E_BUSY && !x->handled;
        (void)(x->handled || (request_check_size(x, &w->head) && (x->retry_authenticate || request_check(x))));
    }
}

/* Whether there is room for a body as large as it says; for one of usual size there is. Whoever is not known yet does
 * not take it from those who are. */
static bool has_room(const server *s, const exchange *x, uint64_t bytes) {
    if (bytes <= SERVER_BODY_BYTES_DEFAULT) {
        return true;
    }
    uint64_t most = x->retry_authenticate ? SERVER_BODIES_BYTES_MAX / 4 : SERVER_BODIES_BYTES_MAX;
    return bytes + s->bodies_bytes <= most;
}

static enum MHD_Result on_head(server *s, exchange *x, const char *method_name, const char *version) {
    head_walk w = {.x = x, .needs_host = strcmp(version, MHD_HTTP_VERSION_1_1) == 0};
    check_head(s, x, method_name, &w);
    bool has_body = w.head.content_length > 0 || w.head.chunked;
    if (x->handled && has_body && (w.is_bad || w.head.chunked || w.head.content_length > DISCARD_BYTES_MAX)) {
        return send_answer(s, x); /* and the connection ends: the body is not waited for */
    }
    if (!x->handled && w.head.content_length > 0 && (x->request.route->flags & ROUTE_UPLOAD) != 0) {
        sluice_error error = {0};
        sluice_result result = upload_begin(&x->request, &x->request.upload, &error);
        if (result != SLUICE_OK) {
            request_fail_with(x, result, &error);
        }
    } else if (!x->handled && !has_room(s, x, w.head.content_length)) {
        request_fail(x, 503, SLUICE_E_BUSY, "too many large bodies are on their way: try again in a second");
    } else if (!x->handled && w.head.content_length > 0) {
        s->bodies_bytes += (size_t)w.head.content_length;
        x->body_capacity = (size_t)w.head.content_length;
        x->body = arena_alloc(&x->request.arena, x->body_capacity + 8); /* room for yyjson's padding */
        if (x->body == NULL) {
            request_fail(x, 503, SLUICE_E_NO_MEMORY, "out of memory");
        }
    }
    x->state = EXCHANGE_BODY;
    if (x->handled && has_body && w.head.content_length > DISCARD_BYTES_MAX) {
        return send_answer(s, x);
    }
    if (has_body) {
        set_deadline(x->connection, s->options.header_timeout_ms + (int64_t)(w.head.content_length >> 16) * 1000);
    }
    return MHD_YES;
}

/* ---- what libmicrohttpd calls ---- */

enum MHD_Result http_on_request(void *context, struct MHD_Connection *handle, const char *url, const char *method,
                                const char *version, const char *data, size_t *data_length, void **exchange_context) {
    server *s = context;
    exchange *x = *exchange_context;
    (void)handle;
    (void)url;
    if (x == NULL) {
        return MHD_NO; /* no memory at its beginning */
    }
    switch (x->state) {
    case EXCHANGE_HEADERS:
        return on_head(s, x, method, version);
    case EXCHANGE_BODY:
        if (*data_length > 0) {
            if (!x->handled && x->request.upload != NULL) {
                upload_take(x->request.upload, data, *data_length);
            } else if (!x->handled && x->body_length + *data_length <= x->body_capacity) {
                memcpy(x->body + x->body_length, data, *data_length);
                x->body_length += *data_length;
            }
            *data_length = 0;
            return MHD_YES;
        }
        if (!x->handled && x->body != NULL) {
            memset(x->body + x->body_length, 0, 8);
        }
        return is_answered_now(x) ? dispatch(s, x) : put_off(x);
    case EXCHANGE_DUE:
    case EXCHANGE_READY:
        return dispatch(s, x);
    default:
        return MHD_YES;
    }
}
