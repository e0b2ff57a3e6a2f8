/* A listening TCP socket. */
#ifndef SYS_LISTEN_H
#define SYS_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include <sluice/result.h>

typedef struct listening {
    int descriptor; /* -1: none */
    uint16_t port;  /* the one it got, when 0 was asked for */
    bool is_loopback;
} listening;

/* "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:0", ":8080" (all addresses): numbers only, no names are looked up.
 * Errors: INVALID, IO (the address is in use, or not one of this machine). */
SLUICE_MUST_USE sluice_result listen_open(const char *address, listening *listening_out, sluice_error *error);
void listen_close(listening *l);

/* The address of a peer as text, in a buffer of 64 bytes; an IPv4 address in IPv6 as IPv4. Returns its length. */
struct sockaddr;
size_t listen_peer_text(const struct sockaddr *address, char buffer[64]);

/* So that an accepted connection costs little and not for ever: the system keeps at most 64 KiB of what its peer does
 * not take, and gives it up when the peer takes or acknowledges nothing for so long. */
void listen_bound(int descriptor, uint32_t silent_ms);

/* Sends what fits at once and shuts the connection down: for a peer that takes too long. */
void listen_cut(int descriptor, const char *last_words);

/* Whether the peer has closed its side, without reading anything. */
bool listen_peer_is_gone(int descriptor);

#endif
