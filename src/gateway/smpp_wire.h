/* One TCP connection, with TLS or without, that carries PDUs and never blocks but for the look-up of a name. One
 * thread. */
#ifndef GATEWAY_SMPP_WIRE_H
#define GATEWAY_SMPP_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sluice/result.h>

typedef struct smpp_endpoint {
    const char *host; /* an address, or a name: then connecting may wait for the resolver */
    uint16_t port;
    bool is_tls;
    const char *ca_file; /* certificates to trust; NULL: the system's */
} smpp_endpoint;

typedef struct smpp_wire smpp_wire;

/* Begins to connect. Errors: IO, NO_MEMORY. */
SLUICE_MUST_USE sluice_result smpp_wire_open(const smpp_endpoint *to, smpp_wire **wire_out, sluice_error *error);
void smpp_wire_close(smpp_wire **wire);

int smpp_wire_descriptor(const smpp_wire *wire);
/* What to poll for; without `reads`, what came stays where it is. */
short smpp_wire_events(const smpp_wire *wire, bool reads);
/* Bytes are waiting that poll does not see. */
bool smpp_wire_has_more(const smpp_wire *wire);
bool smpp_wire_is_open(const smpp_wire *wire); /* connected, and greeted where there is TLS */

/* Connects further, sends what was written, reads what there is (with `reads`). Errors: IO: the connection is over. */
SLUICE_MUST_USE sluice_result smpp_wire_run(smpp_wire *wire, bool reads, sluice_error *error);
/* The next whole PDU, borrowed until the next smpp_wire_run; `*pdu_out` NULL: none yet. Errors: INPUT, as
 * smpp_pdu_length. */
SLUICE_MUST_USE sluice_result smpp_wire_next(smpp_wire *wire, const uint8_t **pdu_out, size_t *length_out,
                                             sluice_error *error);
/* Room for one PDU of any size, NULL: what was written before has to be sent first. */
uint8_t *smpp_wire_room(smpp_wire *wire);
void smpp_wire_wrote(smpp_wire *wire, size_t bytes);

#endif
