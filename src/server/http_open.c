/* Opening and closing libmicrohttpd. It runs in our loop (no thread of its own), by epoll, and leaves our addresses as
 * they were sent. */
#include <string.h>

#include "base/error.h"
#include "server/http_private.h"

static size_t leave_as_sent(void *context, struct MHD_Connection *handle, char *text) {
    (void)context;
    (void)handle;
    return strlen(text);
}

sluice_result http_open(server *s, sluice_error *error) {
    const sluice_serve_options *o = &s->options;
    sluice_result result = listen_open(o->listen, &s->listening, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (!s->listening.is_loopback && o->insecure_open) {
        return error_set(error, SLUICE_E_INVALID,
                         "%s can be reached from other machines: insecure-open is for loopback addresses", o->listen);
    }
    if (!s->listening.is_loopback && o->tls_certificate == NULL && !o->allow_plain) {
        return error_set(error, SLUICE_E_INVALID,
                         "%s can be reached from other machines: give a certificate and key for TLS, or say that "
                         "somebody else does TLS (--plain)",
                         o->listen);
    }
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
    if (o->tls_certificate != NULL) {
        result = tls_open(o->tls_certificate, o->tls_key, &s->tls, error);
        if (result != SLUICE_OK) {
            return result;
        }
        flags |= MHD_USE_TLS;
    }
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, NULL}, {MHD_OPTION_HTTPS_PRIORITIES, 0, NULL}, {MHD_OPTION_END, 0, NULL}};
    union {
        tls_callback from;
        void *to;
    } choose = {.from = tls_choose()};
    static char priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE";
    tls[0].ptr_value = choose.to;
    tls[1].ptr_value = priorities;
    if (s->tls == NULL) {
        tls[0].option = MHD_OPTION_END;
    }
    s->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, http_on_request, s, MHD_OPTION_LISTEN_SOCKET, s->listening.descriptor,
        MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, s, MHD_OPTION_NOTIFY_CONNECTION, http_on_connection, s,
        MHD_OPTION_URI_LOG_CALLBACK, http_on_uri, s, MHD_OPTION_UNESCAPE_CALLBACK, leave_as_sent, NULL,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)o->connections_max, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)o->connections_per_address_max, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SERVER_CONNECTION_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(SERVER_IDLE_MS / 1000 + 15), MHD_OPTION_STRICT_FOR_CLIENT,
        0 /* 1: a blank in the address ends it without a word */, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    const union MHD_DaemonInfo *info =
        s->daemon == NULL ? NULL : MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL) {
        return error_set(error, SLUICE_E_IO, "the HTTP server cannot be started: are there descriptors left?");
    }
    return loop_watch(&s->loop, info->epoll_fd, error);
}

void http_close(server *s) {
    if (s->daemon != NULL) {
        for (int i = 0; i < 8 && s->exchanges.live_count > 0; i++) {
            http_turn(s, 0); /* what was answered last is sent */
        }
        MHD_stop_daemon(s->daemon);
        s->daemon = NULL;
    }
    listen_close(&s->listening);
    tls_close(&s->tls);
}
