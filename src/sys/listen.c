#include "sys/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"

enum { BACKLOG = 1024 };

static sluice_result split(const char *text, char host[80], char port[8], sluice_error *error) {
    const char *colon = strrchr(text, ':');
    size_t length = colon == NULL ? 0 : (size_t)(colon - text);
    if (colon != NULL && length >= 2 && text[0] == '[' && text[length - 1] == ']') {
        text++;
        length -= 2;
    } else if (colon != NULL && memchr(text, ':', length) != NULL) {
        colon = NULL; /* IPv6 without brackets */
    }
    if (colon == NULL || length >= 80 || strlen(colon + 1) >= 8 || strlen(colon + 1) == 0) {
        return error_set(error, SLUICE_E_INVALID,
                         "'%s' is no address to listen on: expected such as 127.0.0.1:8080 or [::1]:8080", text);
    }
    for (const char *c = colon + 1; *c != '\0'; c++) {
        if (*c < '0' || *c > '9') {
            return error_set(error, SLUICE_E_INVALID, "'%s' is no address to listen on: the port is no number", text);
        }
    }
    if (strtoul(colon + 1, NULL, 10) > 65535) {
        return error_set(error, SLUICE_E_INVALID, "'%s' is no address to listen on: ports end at 65535", text);
    }
    memcpy(host, text, length);
    host[length] = '\0';
    (void)snprintf(port, 8, "%s", colon + 1);
    return SLUICE_OK;
}

static bool is_loopback(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        return (ntohl(in.sin_addr.s_addr) >> 24) == 127;
    }
    struct sockaddr_in6 in6;
    memcpy(&in6, address, sizeof in6);
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
}

static sluice_result bind_to(const struct addrinfo *found, const char *address, listening *l, sluice_error *error) {
    int yes = 1;
    l->descriptor = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (l->descriptor < 0 || setsockopt(l->descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(l->descriptor, found->ai_addr, found->ai_addrlen) != 0 || listen(l->descriptor, BACKLOG) != 0) {
        return error_set(error, SLUICE_E_IO, "%s cannot be listened on (%s): %s", address, strerror(errno),
                         errno == EADDRINUSE ? "stop what listens there, or choose another port"
                                             : "is it an address of this machine, and the port above 1023?");
    }
    struct sockaddr_storage bound = {0};
    socklen_t length = sizeof bound;
    if (getsockname(l->descriptor, (struct sockaddr *)&bound, &length) != 0) {
        return error_set(error, SLUICE_E_IO, "%s: the port is not known (%s)", address, strerror(errno));
    }
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    memcpy(&in, &bound, sizeof in);
    memcpy(&in6, &bound, sizeof in6);
    l->port = ntohs(bound.ss_family == AF_INET ? in.sin_port : in6.sin6_port);
    l->is_loopback = is_loopback((const struct sockaddr *)&bound);
    return SLUICE_OK;
}

sluice_result listen_open(const char *address, listening *listening_out, sluice_error *error) {
    char host[80] = "", port[8] = "";
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    *listening_out = (listening){.descriptor = -1};
    sluice_result result = split(address, host, port, error);
    if (result != SLUICE_OK) {
        return result;
    }
    int code = getaddrinfo(host[0] == '\0' ? NULL : host, port, &hints, &found);
    if (code != 0) {
        return error_set(error, SLUICE_E_INVALID, "'%s' is no address to listen on (%s)", address, gai_strerror(code));
    }
    result = bind_to(found, address, listening_out, error);
    freeaddrinfo(found);
    if (result != SLUICE_OK) {
        listen_close(listening_out);
    }
    return result;
}

void listen_close(listening *l) {
    if (l->descriptor >= 0) {
        (void)close(l->descriptor);
    }
    l->descriptor = -1;
}

size_t listen_peer_text(const struct sockaddr *address, char buffer[64]) {
    buffer[0] = '\0';
    if (address != NULL && address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        (void)inet_ntop(AF_INET, &in.sin_addr, buffer, 64);
    } else if (address != NULL && address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, address, sizeof in6);
        if (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr)) {
            (void)inet_ntop(AF_INET, &in6.sin6_addr.s6_addr[12], buffer, 64);
        } else {
            (void)inet_ntop(AF_INET6, &in6.sin6_addr, buffer, 64);
        }
    }
    return strlen(buffer);
}

void listen_bound(int descriptor, uint32_t silent_ms) {
    unsigned silent = silent_ms;
    int unsent = 65536;
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &silent, sizeof silent);
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

enum { DROP_BYTES = 65536, DROPS_MAX = 16 };

void listen_cut(int descriptor, const char *last_words) {
    if (last_words != NULL) {
        (void)!send(descriptor, last_words, strlen(last_words), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    /* What came and was not read would make the system reset the connection, and the peer lose what was said. */
    for (int i = 0; i < DROPS_MAX && recv(descriptor, NULL, DROP_BYTES, MSG_DONTWAIT | MSG_TRUNC) > 0; i++) {
    }
    (void)shutdown(descriptor, SHUT_RDWR);
}

bool listen_peer_is_gone(int descriptor) {
    struct pollfd it = {.fd = descriptor, .events = POLLRDHUP}; /* whatever it sent before and nobody read */
    return poll(&it, 1, 0) == 1;
}
