/* Problems in the place of libmicrohttpd's own pages. */
#ifndef SERVER_HTTP_REFUSE_H
#define SERVER_HTTP_REFUSE_H

#include <microhttpd.h>
#include <stdbool.h>

/* True: `made` was libmicrohttpd's own page for this refusal; the problem was written in its place, and the connection
 * must end. Only where every daemon of the process is Sluice's. Http thread. */
bool http_refuse_page(struct MHD_Connection *handle, unsigned status, struct MHD_Response *made);

#endif
