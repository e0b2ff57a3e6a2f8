/* Between http.c, http_open.c and http_refuse.c. */
#ifndef SERVER_HTTP_PRIVATE_H
#define SERVER_HTTP_PRIVATE_H

#include <microhttpd.h>

#include "server/server_private.h"

#define HTTP_SWEEP_MS 250

void http_on_connection(void *context, struct MHD_Connection *handle, void **socket_context,
                        enum MHD_ConnectionNotificationCode code);
void *http_on_uri(void *context, const char *uri, struct MHD_Connection *handle);
void http_on_completed(void *context, struct MHD_Connection *handle, void **exchange_context,
                       enum MHD_RequestTerminationCode code);
enum MHD_Result http_on_request(void *context, struct MHD_Connection *handle, const char *url, const char *method,
                                const char *version, const char *data, size_t *data_length, void **exchange_context);
/* The next request's id. */
void http_name_request(server *s, char id_out[REQUEST_ID_BYTES]);

/* ---- http_refuse.c ---- */

/* Writes a problem on the connection and ends it: for what has no answer yet and gets none from a handler. */
void http_refuse(connection *c, int status);

/* One turn of the loop. */
void http_turn(server *s, int wait_ms);

#endif
