/* Routes: one table says what the API is. From a row come matching, every check before the handler (who, how large, of
 * what type, within which limits), and its place in /openapi.json. */
#ifndef SERVER_ROUTE_H
#define SERVER_ROUTE_H

#include <sluice/result.h>
#include <sluice/signal.h>

#include "base/memory.h"
#include "server/schema.h"

struct request;
struct response;

typedef enum route_method {
    METHOD_GET,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_COUNT
} route_method;
const char *route_method_name(route_method method);

/* Where the handler runs. */
typedef enum route_lane {
    LANE_HTTP,     /* on the thread that serves all connections: microseconds, no lock that anybody holds for long */
    LANE_WORKER,   /* on one of the workers: may read the store and the engine, wait for the writer, hash a password */
    LANE_JOB,      /* on the job thread, after a 202: the response it fills is the job's result */
    LANE_DECISION, /* parsed at once, decided and committed by the writer (decisions.c) */
    LANE_EVENTS,   /* server-sent events: the handler checks, then the connection stays (events.h) */
} route_lane;

typedef enum route_needs {
    NEEDS_NOTHING, /* public */
    NEEDS_SIGN_IN, /* anybody who is signed in */
    NEEDS_ROLE,    /* one of `roles` */
} route_needs;

enum {
    ROUTE_IF_MATCH = 1,            /* 428 without If-Match; request.if_match is the version */
    ROUTE_IDEMPOTENT = 2,          /* Idempotency-Key may be given: use request_command */
    ROUTE_IDEMPOTENT_REQUIRED = 4, /* … must be */
    ROUTE_QUIET = 8,               /* successes are not logged */
    ROUTE_UNLIMITED = 16,          /* no rate limit for whoever is signed in */
    ROUTE_SIGN_IN = 32,            /* the strict rate limit of sign-in attempts, by address */
    ROUTE_PAGED = 64,              /* query parameters `limit` and `cursor`, Link: rel=next (response_next) */
    ROUTE_BODY_OPTIONAL = 128,     /* no body is the empty object */
    ROUTE_UPLOAD = 512,            /* the body goes to a file as it comes (upload.h) */
    ROUTE_OPEN_QUERY = 256,        /* parameters that are not listed are left alone: others make the address */
    ROUTE_OR_JOB = 1024,           /* on LANE_WORKER; with `Prefer: respond-async` (RFC 7240) a job */
};

/* Fills the response. Anything but OK becomes a problem (RFC 9457) with the status of the result (problem.h) and the
 * error's text as its detail, so the text is for whoever called, and tells nothing that they may not know. */
typedef sluice_result (*route_handler)(struct request *rq, struct response *rs, sluice_error *error);

/* A template's variables: `{name}` is a text; `{#name}` a number above 0, and a path with anything else is not found.
 */
#define ROUTE_VARIABLES_MAX 4

typedef struct route {
    route_method method;
    const char *template; /* "/v1/cases/{#id}/tasks" */
    route_lane lane;
    route_needs needs;
    uint32_t roles; /* a bit mask of the desk's roles, for NEEDS_ROLE */
    unsigned flags;
    route_handler handle;
    const void *context;         /* for handlers made from a table */
    const char *tag, *operation; /* of the document: group, operationId */
    const char *en, *zh;
    const api_field *query;
    size_t query_count;
    const char
        *consumes; /* media types of the body, separated by a blank; NULL: JSON if there is a schema, else none */
    const api_schema *body;  /* of a JSON body: checked before the handler */
    uint32_t body_bytes_max; /* 0: 64 KiB */
    int status;              /* of success; 0: 200 */
    const char *produces;    /* media types, the first by default; NULL: application/json */
    const api_schema *answer;
    const api_schema *handed_on; /* of a 202 in its place: done, and not, or not any more, the caller's to see */
    const char *problems;        /* statuses of its own for the document, "404 409 412" */
} route;

/* Is one of these roles enough? */
bool route_allows(const route *r, uint32_t roles);

typedef struct route_set route_set;
SLUICE_MUST_USE sluice_result route_set_new(route_set **set_out, sluice_error *error);
void route_set_free(route_set **set);
/* The rows are borrowed. INVALID: the same method and template twice, or a template that is not one (a bug of ours, but
 * tables are made at run time). */
SLUICE_MUST_USE sluice_result route_set_add(route_set *set, const route *routes, size_t count, sluice_error *error);
size_t route_set_count(const route_set *set);
const route *route_set_get(const route_set *set, size_t index);
typedef struct route_match {
    const route *route;    /* NULL: nothing is there, or not with this method */
    size_t index;          /* its place in the set, for counters beside the table */
    unsigned methods;      /* bits of the methods that are there; 0: not found */
    bool malformed;        /* the path itself is wrong: a broken % or a control character */
    size_t variable_count; /* values, percent-decoded, in the arena */
    sluice_text variables[ROUTE_VARIABLES_MAX];
} route_match;

/* `path` is as it was sent, without the query. False: no memory. */
bool route_find(const route_set *set, route_method method, sluice_text path, arena *a, route_match *match_out);

/* Percent-decoding into the arena (the text itself where nothing is to be done). False: broken, not UTF-8, or with a
 * control character; then *no_memory_out says whether it was memory. `plus`: + is a blank, as in a query. */
bool percent_decode(sluice_text text, bool plus, arena *a, sluice_text *decoded_out, bool *no_memory_out);

#endif
