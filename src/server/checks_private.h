/* Between http.c, which knows the connection, and checks.c, which knows the routes. */
#ifndef SERVER_CHECKS_PRIVATE_H
#define SERVER_CHECKS_PRIVATE_H

#include "server/exchange_private.h"

typedef struct request_head {
    uint64_t content_length;
    bool chunked, encoded;
} request_head;

/* The rest of the head: body's size and type, Accept, query, conditions. False: refused. */
bool request_check(exchange *x, const request_head *head, sluice_text query);

const char *route_consumes(const route *r);
const api_field *route_page_fields(size_t *count_out);

#endif
