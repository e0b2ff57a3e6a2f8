/* An answer under way. */
#ifndef SERVER_RESPONSE_H
#define SERVER_RESPONSE_H

#include "base/json_write.h"
#include "base/memory.h"
#include "base/text.h"
#include "server/schema.h"

struct request;

#define RESPONSE_HEADERS_MAX 12
#define RESPONSE_HEADER_BYTES_MAX 4096 /* of a value */

typedef struct response_header {
    const char *name; /* borrowed for as long as the request */
    const char *value;
} response_header;

typedef struct response {
    int status;               /* 0: the route's */
    const char *content_type; /* NULL: application/json, or none when there is no body */
    text_writer body;
    response_header headers[RESPONSE_HEADERS_MAX];
    size_t header_count;
    uint64_t sequence; /* > 0: Sluice-Sequence, the log's last durable one */
} response;

/* Header values are copied into the request's arena. A value with a control character is a bug of ours: it is left out.
 */
void response_add_header(struct request *rq, response *rs, const char *name, const char *format, ...)
    SLUICE_PRINTF(4, 5);
bool response_has_header(const response *rs, const char *name);
/* ETag: "version"; what If-Match is compared with. */
void response_set_version(struct request *rq, response *rs, int64_t version);
/* ETag of the body as it is: for lists, which have no version; who has these bytes already gets 304. */
void response_set_tag(struct request *rq, response *rs);
/* 201 with Location. */
void response_created(struct request *rq, response *rs, const char *format, ...) SLUICE_PRINTF(3, 4);
/* Ends the JSON document as the body. */
SLUICE_MUST_USE sluice_result response_json(response *rs, json_document *d, sluice_error *error);

/* There is another page: `place` (at most 512 bytes, yours) comes back by request_cursor, sealed so that nobody can
 * make one up or use it elsewhere. Adds Link: rel="next"; the cursor is for the body's "next". Empty: no memory. */
sluice_text response_next(struct request *rq, response *rs, sluice_text place);

/* A problem (RFC 9457) of one's own instead of an answer: with status, and members beside the usual. Most handlers just
 * return an error. */
SLUICE_MUST_USE sluice_result response_problem(struct request *rq, response *rs, int status, sluice_result code,
                                               const char *detail, const api_faults *faults);

#endif
