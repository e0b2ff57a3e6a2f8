/* Between http.c, which knows the connection, and checks.c, which knows the routes. */
#ifndef SERVER_CHECKS_PRIVATE_H
#define SERVER_CHECKS_PRIVATE_H

#include "server/exchange_private.h"

typedef struct request_head {
    uint64_t content_length;
    bool chunked, encoded;
} request_head;

/* Whether the body may come: its size, framing and type. False: refused. */
bool request_check_size(exchange *x, const request_head *head);
/* Once it is known who asks, the rest of the head: Accept, query, conditions. False: refused. */
bool request_check(exchange *x);

const char *route_consumes(const route *r);
const api_field *route_page_fields(size_t *count_out);

#endif
