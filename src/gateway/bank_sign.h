/* Signatures on messages with banks. A link's settings say which (`sign`):
 *
 *   hmac-sm3   HMAC-SM3 (GB/T 32905, RFC 2104) under a key that both hold; the key file is that key. The usual one
 *   sm2        SM2 with SM3 (GB/T 32918.2, GM/T 0009, identifier 1234567812345678); the key file is PEM: our PRIVATE
 * KEY and the bank's PUBLIC KEY none       the line alone says who it is
 *
 * Why HMAC where nobody asks for more: what has to be shown later is that an order was approved, and by whom; that is
 * in our audit and in the sealed document. On the line it must be certain that a message is from the other side, whole
 * and new, and that costs a microsecond with a shared key. SM2 is for banks whose rules ask for a signature that only
 * one side can make.
 *
 * Headers: Sluice-Timestamp (ms since 1970), Sluice-Nonce (32 hex digits), Sluice-Signature (hex) of the text
 *   request   METHOD ⏎ path?query ⏎ timestamp ⏎ nonce ⏎ hex(SM3(body))
 *   response  "RESPONSE" ⏎ status ⏎ nonce of the request ⏎ "" ⏎ hex(SM3(body))
 * A response is bound to its request by the nonce, so an old one fits no new request. */
#ifndef GATEWAY_BANK_SIGN_H
#define GATEWAY_BANK_SIGN_H

#include <stdbool.h>

#include "base/text.h"

#define BANK_SIGNATURE_BYTES 161 /* with the NUL; SM2's is DER of at most 72 bytes */
#define BANK_NONCE_BYTES 33

typedef enum bank_scheme { BANK_HMAC_SM3, BANK_SM2, BANK_UNSIGNED } bank_scheme;

typedef struct bank_signed {
    sluice_text method, target; /* "POST", "/v1/partner/messages"; of a response: "RESPONSE", "200" */
    sluice_text first, second;  /* timestamp and nonce; of a response: the request's nonce, empty */
    sluice_text body;
} bank_signed;

/* Of a setting, empty being the usual one; false: another word. */
bool bank_scheme_of(sluice_text word, bank_scheme *scheme_out);
/* NULL: the content of this key file serves; else what is wrong with it. */
const char *bank_key_trouble(bank_scheme scheme, sluice_text key);

/* `key` is the content of the key file. False: it does not serve (bank_key_trouble), or libcrypto has no SM2 or SM3.
 * Not for BANK_UNSIGNED. Costs a microsecond; SM2 half a millisecond. */
bool bank_sign(bank_scheme scheme, sluice_text key, const bank_signed *what, char signature_out[BANK_SIGNATURE_BYTES]);
/* HMAC in constant time. */
bool bank_is_signed(bank_scheme scheme, sluice_text key, const bank_signed *what, sluice_text signature);
/* False: the system gives no random bytes. */
bool bank_nonce(char nonce_out[BANK_NONCE_BYTES]);

#endif
