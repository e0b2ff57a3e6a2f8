/* Two buffers of 64 KiB. What was read is moved to the front when less than a PDU's room is left behind it; what is to
 * be sent is moved when it was sent in part. */
#include "gateway/smpp_wire.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "gateway/smpp_pdu.h"

enum { BUFFER_BYTES = 64 << 10 };

typedef enum wire_state { CONNECTING, GREETING, OPEN } wire_state;

struct smpp_wire {
    int descriptor;
    wire_state state;
    gnutls_session_t tls; /* NULL: none */
    gnutls_certificate_credentials_t credentials;
    size_t in_at, in_end, out_at, out_end;
    uint8_t in[BUFFER_BYTES], out[BUFFER_BYTES];
};

static sluice_result start_tls(smpp_wire *w, const smpp_endpoint *to, sluice_error *error) {
    bool made = gnutls_certificate_allocate_credentials(&w->credentials) == GNUTLS_E_SUCCESS;
    int trusted = !made ? -1
                  : to->ca_file == NULL
                      ? gnutls_certificate_set_x509_system_trust(w->credentials)
                      : gnutls_certificate_set_x509_trust_file(w->credentials, to->ca_file, GNUTLS_X509_FMT_PEM);
    if (trusted <= 0) {
        return error_set(error, SLUICE_E_IO, "no certificate to trust was found in %s",
                         to->ca_file == NULL ? "the system's store" : to->ca_file);
    }
    if (gnutls_init(&w->tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) != GNUTLS_E_SUCCESS ||
        gnutls_set_default_priority(w->tls) != GNUTLS_E_SUCCESS ||
        gnutls_credentials_set(w->tls, GNUTLS_CRD_CERTIFICATE, w->credentials) != GNUTLS_E_SUCCESS ||
        gnutls_server_name_set(w->tls, GNUTLS_NAME_DNS, to->host, strlen(to->host)) != GNUTLS_E_SUCCESS) {
        return error_set(error, SLUICE_E_NO_MEMORY, "TLS could not be set up");
    }
    gnutls_session_set_verify_cert(w->tls, to->host, 0);
    gnutls_transport_set_int(w->tls, w->descriptor);
    return SLUICE_OK;
}

static sluice_result start_connect(smpp_wire *w, const smpp_endpoint *to, sluice_error *error) {
    char port[8];
    struct addrinfo *found = NULL, hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    snprintf(port, sizeof port, "%u", to->port);
    int failed = getaddrinfo(to->host, port, &hints, &found);
    if (failed != 0) {
        return error_set(error, SLUICE_E_IO, "%s could not be found: %s", to->host, gai_strerror(failed));
    }
    int on = 1;
    w->descriptor = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool begun =
        w->descriptor >= 0 && (connect(w->descriptor, found->ai_addr, found->ai_addrlen) == 0 || errno == EINPROGRESS);
    freeaddrinfo(found);
    if (!begun) {
        return error_set(error, SLUICE_E_IO, "%s port %u: %s", to->host, to->port, strerror(errno));
    }
    (void)setsockopt(w->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return SLUICE_OK;
}

sluice_result smpp_wire_open(const smpp_endpoint *to, smpp_wire **wire_out, sluice_error *error) {
    smpp_wire *w = memory_new(sizeof *w);
    *wire_out = NULL;
    if (w == NULL) {
        return error_no_memory(error, sizeof *w);
    }
    memset(w, 0, offsetof(smpp_wire, in));
    w->descriptor = -1;
    w->state = CONNECTING;
    sluice_result result = start_connect(w, to, error);
    if (result == SLUICE_OK && to->is_tls) {
        result = start_tls(w, to, error);
    }
    if (result != SLUICE_OK) {
        smpp_wire_close(&w);
    }
    *wire_out = w;
    return result;
}

void smpp_wire_close(smpp_wire **wire) {
    smpp_wire *w = *wire;
    if (w == NULL) {
        return;
    }
    if (w->tls != NULL) {
        gnutls_deinit(w->tls);
    }
    if (w->credentials != NULL) {
        gnutls_certificate_free_credentials(w->credentials);
    }
    if (w->descriptor >= 0) {
        close(w->descriptor);
    }
    explicit_bzero(w->in, sizeof w->in); /* phone numbers and texts */
    explicit_bzero(w->out, sizeof w->out);
    memory_free(w);
    *wire = NULL;
}

int smpp_wire_descriptor(const smpp_wire *wire) {
    return wire->descriptor;
}

short smpp_wire_events(const smpp_wire *wire, bool reads) {
    if (wire->state == CONNECTING) {
        return POLLOUT;
    }
    if (wire->state == GREETING) {
        return gnutls_record_get_direction(wire->tls) == 0 ? POLLIN : POLLOUT;
    }
    return (short)((reads ? POLLIN : 0) | (wire->out_end > wire->out_at ? POLLOUT : 0));
}

bool smpp_wire_has_more(const smpp_wire *wire) {
    return wire->tls != NULL && wire->state == OPEN && gnutls_record_check_pending(wire->tls) > 0;
}

bool smpp_wire_is_open(const smpp_wire *wire) {
    return wire->state == OPEN;
}

/* ---- one step ---- */

static sluice_result check_connected(smpp_wire *w, sluice_error *error) {
    int failure = 0;
    socklen_t bytes = sizeof failure;
    struct pollfd writable = {w->descriptor, POLLOUT, 0};
    if (poll(&writable, 1, 0) <= 0) {
        return SLUICE_OK;
    }
    if (getsockopt(w->descriptor, SOL_SOCKET, SO_ERROR, &failure, &bytes) != 0 || failure != 0) {
        return error_set(error, SLUICE_E_IO, "no connection: %s", strerror(failure == 0 ? errno : failure));
    }
    w->state = w->tls == NULL ? OPEN : GREETING;
    return SLUICE_OK;
}

static sluice_result greet(smpp_wire *w, sluice_error *error) {
    int done = gnutls_handshake(w->tls);
    if (done == GNUTLS_E_SUCCESS) {
        w->state = OPEN;
        return SLUICE_OK;
    }
    return gnutls_error_is_fatal(done) == 0 ? SLUICE_OK
                                            : error_set(error, SLUICE_E_IO, "TLS: %s", gnutls_strerror(done));
}

/* As send and recv: bytes, 0 for the end of what came, -1 with errno EAGAIN, or -1. */
static ssize_t put(smpp_wire *w, const uint8_t *bytes, size_t count) {
    if (w->tls == NULL) {
        return send(w->descriptor, bytes, count, MSG_NOSIGNAL);
    }
    ssize_t sent = gnutls_record_send(w->tls, bytes, count);
    errno = sent < 0 && gnutls_error_is_fatal((int)sent) == 0 ? EAGAIN : EIO;
    return sent < 0 ? -1 : sent;
}

static ssize_t get(smpp_wire *w, uint8_t *bytes, size_t room) {
    if (w->tls == NULL) {
        return recv(w->descriptor, bytes, room, 0);
    }
    ssize_t got = gnutls_record_recv(w->tls, bytes, room);
    errno = got < 0 && gnutls_error_is_fatal((int)got) == 0 ? EAGAIN : EIO;
    return got < 0 ? -1 : got;
}

static bool is_later(void) {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static sluice_result flush(smpp_wire *w, sluice_error *error) {
    while (w->out_at < w->out_end) {
        ssize_t sent = put(w, w->out + w->out_at, w->out_end - w->out_at);
        if (sent < 0) {
            return is_later() ? SLUICE_OK : error_set(error, SLUICE_E_IO, "sending failed: %s", strerror(errno));
        }
        w->out_at += (size_t)sent;
    }
    w->out_at = w->out_end = 0;
    return SLUICE_OK;
}

static sluice_result receive(smpp_wire *w, sluice_error *error) {
    if (w->in_at > 0 && sizeof w->in - w->in_end < SMPP_PDU_BYTES_MAX) {
        memmove(w->in, w->in + w->in_at, w->in_end - w->in_at);
        w->in_end -= w->in_at;
        w->in_at = 0;
    }
    while (w->in_end < sizeof w->in) {
        ssize_t got = get(w, w->in + w->in_end, sizeof w->in - w->in_end);
        if (got == 0) {
            return error_set(error, SLUICE_E_IO, "the peer closed the connection");
        }
        if (got < 0) {
            return is_later() ? SLUICE_OK : error_set(error, SLUICE_E_IO, "receiving failed: %s", strerror(errno));
        }
        w->in_end += (size_t)got;
    }
    return SLUICE_OK;
}

sluice_result smpp_wire_run(smpp_wire *wire, bool reads, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    if (wire->state == CONNECTING) {
        result = check_connected(wire, error);
    }
    if (result == SLUICE_OK && wire->state == GREETING) {
        result = greet(wire, error);
    }
    if (result != SLUICE_OK || wire->state != OPEN) {
        return result;
    }
    result = flush(wire, error);
    return result == SLUICE_OK && reads ? receive(wire, error) : result;
}

sluice_result smpp_wire_next(smpp_wire *wire, const uint8_t **pdu_out, size_t *length_out, sluice_error *error) {
    size_t have = wire->in_end - wire->in_at, length = 0;
    *pdu_out = NULL;
    if (have < 4) {
        return SLUICE_OK;
    }
    sluice_result result = smpp_pdu_length(wire->in + wire->in_at, &length, error);
    if (result != SLUICE_OK || have < length) {
        return result;
    }
    *pdu_out = wire->in + wire->in_at;
    *length_out = length;
    wire->in_at += length;
    if (wire->in_at == wire->in_end) {
        wire->in_at = wire->in_end = 0; /* the PDU itself stays where it is until the next read */
    }
    return SLUICE_OK;
}

uint8_t *smpp_wire_room(smpp_wire *wire) {
    if (sizeof wire->out - wire->out_end < SMPP_PDU_BYTES_MAX && wire->out_at > 0) {
        memmove(wire->out, wire->out + wire->out_at, wire->out_end - wire->out_at);
        wire->out_end -= wire->out_at;
        wire->out_at = 0;
    }
    return sizeof wire->out - wire->out_end < SMPP_PDU_BYTES_MAX ? NULL : wire->out + wire->out_end;
}

void smpp_wire_wrote(smpp_wire *wire, size_t bytes) {
    wire->out_end += bytes;
}
