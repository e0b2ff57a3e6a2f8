/* Signatures on messages with banks: HMAC-SM3 (GB/T 32905, RFC 2104) under a key that both hold.
 *
 * Why not SM2 or Ed25519: what has to be shown later is that an order was approved, and by whom; that is in our audit
 * and in the sealed document. On the line it must be certain that a message is from the other side, whole and new,
 * and that costs a microsecond with a shared key, on hardware and in libraries that every bank has. A signature that
 * binds one side against the other belongs to the document, not to the line.
 *
 * Headers: Sluice-Timestamp (ms since 1970), Sluice-Nonce (32 hex digits), Sluice-Signature (hex) =
 *   request   HMAC(key, METHOD ⏎ path?query ⏎ timestamp ⏎ nonce ⏎ hex(SM3(body)))
 *   response  HMAC(key, "RESPONSE" ⏎ status ⏎ nonce of the request ⏎ "" ⏎ hex(SM3(body)))
 * A response is bound to its request by the nonce, so an old one fits no new request. */
#ifndef GATEWAY_BANK_SIGN_H
#define GATEWAY_BANK_SIGN_H

#include <stdbool.h>

#include "base/text.h"

#define BANK_SIGNATURE_BYTES 65 /* with the NUL */
#define BANK_NONCE_BYTES 33

typedef struct bank_signed {
    sluice_text method, target; /* "POST", "/v1/partner/messages"; of a response: "RESPONSE", "200" */
    sluice_text first, second;  /* timestamp and nonce; of a response: the request's nonce, empty */
    sluice_text body;
} bank_signed;

/* False: libcrypto has no SM3. */
bool bank_sign(sluice_text key, const bank_signed *what, char signature_out[BANK_SIGNATURE_BYTES]);
/* In constant time. */
bool bank_is_signed(sluice_text key, const bank_signed *what, sluice_text signature);
/* False: the system gives no random bytes. */
bool bank_nonce(char nonce_out[BANK_NONCE_BYTES]);

#endif
