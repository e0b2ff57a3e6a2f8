/* Refusals that no handler makes are problems like all others, written on the connection, which then ends. */
#include <stdio.h>
#include <string.h>

#include "server/http_private.h"
#include "server/http_refuse.h"
#include "server/problem_private.h"

#define BODY_BYTES 512
#define PROBLEM_BYTES 1024
#define OURS "Sluice-Request-Id" /* all our answers have it, the library's have none */

static const char *detail_of(int status) {
    switch (status) {
    case 408:
        return "the head of a request must come within the time that the daemon was told, and its body behind it";
    case 413:
        return "Content-Length is more than anything here takes";
    case 414:
        return "at most 4,096 bytes are taken";
    case 431:
        return "at most 8,192 bytes are taken";
    case 505:
        return "HTTP/1.1 and HTTP/1.0 are spoken here";
    case 500:
    case 503:
        return "it cannot be answered now: try again";
    default:
        return "this is no request of HTTP/1.1: request line, Host or the length of the body is missing or malformed";
    }
}

/* The problem with its head; returns its length. */
static size_t write_problem(int status, const char *id, char buffer[PROBLEM_BYTES]) {
    char body[BODY_BYTES];
    int length = snprintf(body, sizeof body,
                          "{\"type\":\"urn:sluice:problem:%s\",\"title\":\"%s\",\"title_zh\":\"%s\",\"status\":%d,"
                          "\"detail\":\"%s\",\"request\":\"%s\"}\n",
                          problem_word(status, SLUICE_E_INPUT), problem_title_en(status), problem_title_zh(status),
                          status, detail_of(status), id);
    length =
        snprintf(buffer, PROBLEM_BYTES,
                 "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nSluice-Request-Id: %s\r\n"
                 "Cache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
                 "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n"
                 "Content-Length: %d\r\n\r\n%s",
                 status, MHD_get_reason_phrase_for((unsigned)status), id, length, body);
    return length < 0 ? 0 : (size_t)length;
}

static void last_words(connection *c, const char *text, size_t length) {
    const union MHD_ConnectionInfo *info =
        c->is_tls ? MHD_get_connection_info(c->handle, MHD_CONNECTION_INFO_GNUTLS_SESSION) : NULL;
    if (info != NULL && info->tls_session != NULL) {
        (void)gnutls_record_send(info->tls_session, text, length); /* what fits at once */
    }
    listen_cut(c->descriptor, c->is_tls ? NULL : text);
}

void http_refuse(connection *c, int status) {
    server *s = c->server;
    exchange *x = c->exchange;
    char text[PROBLEM_BYTES], fresh[REQUEST_ID_BYTES] = "";
    char *id = x == NULL ? fresh : x->request.id;
    if (id[0] == '\0') {
        http_name_request(s, id);
    }
    size_t length = write_problem(status, id, text);
    last_words(c, text, length);
    if (x == NULL) {
        metrics_count(&s->metrics, SIZE_MAX, status, 0);
        log_request(&s->log, id, "other", "none", status, 0, 0, length, 0);
    } else { /* counted and logged when it ends */
        x->response.status = status;
        x->method_name = x->method_name == NULL ? "other" : x->method_name;
        x->state = EXCHANGE_SENDING;
    }
}

bool http_refuse_page(struct MHD_Connection *handle, unsigned status, struct MHD_Response *made) {
    if (MHD_get_response_header(made, OURS) != NULL) {
        return false;
    }
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (info == NULL || info->socket_context == NULL) {
        return false;
    }
    http_refuse(info->socket_context, (int)status);
    return true;
}
