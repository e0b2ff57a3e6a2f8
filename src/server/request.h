/* A request on its way: what handlers read. One object per request, with an arena that is emptied and used again. */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include <yyjson.h>

#include <sluice/engine.h>

#include "server/response.h"
#include "server/route.h"

struct sluice_server;
struct job;

/* Who asks. The desk fills it (server.h, server_desk). */
typedef struct actor {
    uint64_t user;      /* 0: nobody, or the daemon itself */
    uint32_t roles;     /* bits */
    uint64_t principal; /* whose rate limit, jobs and idempotency keys: a user's or an API key's number */
    bool by_cookie;     /* a browser's session: changes need the header Sluice-CSRF */
    int64_t ends_ms;    /* what it signed in with ends by itself */
    uint64_t rights;    /* of which epoch these rights are (desk/principal.h) */
    const void *desk;   /* the desk's own, in the request's arena or lasting */
} actor;

typedef struct request_parameter {
    sluice_text name, value; /* decoded */
    sluice_text raw;         /* name=value as sent */
} request_parameter;

#define REQUEST_PARAMETERS_MAX 64
#define REQUEST_ID_BYTES 24

typedef struct request {
    struct sluice_server *server;
    const route *route;
    bool is_head;
    arena arena; /* lives as long as the request */
    int64_t now_ms;
    char id[REQUEST_ID_BYTES]; /* Sluice-Request-Id */
    actor actor;
    sluice_text address; /* the client's, as text; only for limits and the audit, never in a log */
    bool secure;         /* came by TLS */

    sluice_text path; /* as sent, without the query */
    size_t variable_count;
    sluice_text variables[ROUTE_VARIABLES_MAX];
    request_parameter *parameters;
    size_t parameter_count;
    const char *media_type; /* to answer with */
    bool has_cursor;
    sluice_text cursor; /* opened */

    sluice_text body;     /* as it was sent */
    yyjson_doc *document; /* of a JSON body; in the arena */
    yyjson_val *json;     /* its root, checked against the route's schema */

    /* Headers that were sent; data is NULL when not. */
    sluice_text content_type, accept, authorization, cookie, origin, host, idempotency_key, if_match_text,
        if_none_match, last_event_id, prefer, purpose, user_agent, csrf, languages, encodings, timestamp, nonce,
        signature;
    int64_t if_match; /* the version in If-Match: "7"; 0: `*` or not given */
    bool has_if_match;

    struct job *job;       /* LANE_JOB, ROUTE_OR_JOB */
    struct upload *upload; /* ROUTE_UPLOAD (upload.h) */
    bool holds_engine;     /* it is inside the gate (engine_gate.h) */
    bool is_lost;          /* whoever asked may not go on (request_still) */
    bool is_ending;        /* … and what is done now is to end in order what was begun, whoever began it */
} request;

/* A path variable by place: `{name}`, and `{#id}` as a number. */
sluice_text request_variable(const request *rq, size_t place);
int64_t request_variable_id(const request *rq, size_t place);

/* A query parameter that was checked; false: not given. */
bool request_query(const request *rq, const char *name, sluice_text *value_out);
bool request_query_integer(const request *rq, const char *name, int64_t *value_out);
bool request_query_time(const request *rq, const char *name, int64_t *time_ms_out);
bool request_query_duration(const request *rq, const char *name, int64_t *duration_ms_out);
bool request_query_flag(const request *rq, const char *name, bool *value_out);

/* A cookie's value; empty when it was not sent. */
sluice_text request_cookie(const request *rq, const char *name);

/* The media type to answer with, of those that the route produces: from Accept, or from ?format= where it has one. */
const char *request_media_type(const request *rq);

/* A page's size (ROUTE_PAGED): ?limit=, at most `most`; 50 when it is not given. */
size_t request_limit(const request *rq, size_t most);
/* Which list this is, for cursors: the path and every parameter but `cursor` and `limit`, in one order. In the arena;
 * no memory: the path's template alone. */
const char *request_list(request *rq);
/* What response_next of the page before was given; false: this is the first page. A cursor that is not ours was refused
 * before the handler ran. */
bool request_cursor(const request *rq, sluice_text *place_out);

/* The engine, for reading, until the request is answered. NULL: BUSY, its state is being built anew. */
const sluice_engine *request_engine(request *rq, sluice_error *error);
/* The request, or the job, is over. */
void request_leave_engine(request *rq);

/* May whoever asked still do this? Somebody who was disabled, lost the role, or has had all sessions ended or the key
 * revoked since the request came in may not: UNAUTHENTICATED or FORBIDDEN, and from then on nothing more is done for
 * him. Every step asks that is a command (desk_change, desk_seen) and every step of a job (request_progress); costs a
 * comparison while nobody's rights change. The thread that has the request, or the writer for it. */
SLUICE_MUST_USE sluice_result request_still(request *rq, sluice_error *error);
/* Says so; returns FORBIDDEN. */
sluice_result request_lost(sluice_error *error);

/* Is it one whose answer is a job: always, or because whoever asks prefers so (ROUTE_OR_JOB)? */
bool request_is_job(const request *rq);
/* In a job, now and then: how far it is. False: it is to stop (return INTERRUPTED). Elsewhere: true. */
bool request_progress(request *rq, uint64_t done, uint64_t total);
/* The same for options that take a `progress` and its context, the request. */
bool request_on_progress(void *rq, uint64_t done, uint64_t total);
/* The same without saying how far. */
bool request_goes_on(const request *rq);

/* ---- changing something ---- */

/* Runs `run` on the writer thread, inside the round's transaction and a savepoint of its own: when it fails, it alone
 * is undone. Returns when the change is durable, or with its error, or with the commit's. LANE_WORKER and LANE_JOB.
 *
 * With an Idempotency-Key, an answer that is stored for it is given instead of running, and else what `run` put into
 * the response is stored in the same transaction: so `run` must fill the response, and nothing may be added after. The
 * same key with another request: CONFLICT. */
typedef sluice_result (*request_run)(request *rq, response *rs, void *context, sluice_error *error);
SLUICE_MUST_USE sluice_result request_command(request *rq, response *rs, request_run run, void *context,
                                              sluice_error *error);

#endif
