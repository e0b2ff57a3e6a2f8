/* Hashes. XXH3 (libxxhash) for tables and for finding damage; SHA-256 (OpenSSL) for evidence. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include <sluice/result.h>

/* Not secure: tables and checksums of our own files only. */
uint64_t hash64(const void *data, size_t bytes);

/* A good mix of an integer key, for tables. */
static inline uint64_t hash_u64(uint64_t key) {
    key ^= key >> 32;
    key *= UINT64_C(0xD6E8FEB86659FD93);
    key ^= key >> 32;
    key *= UINT64_C(0xD6E8FEB86659FD93);
    return key ^ (key >> 32);
}

/* Lower-case hex, two digits a byte and a NUL. */
void hex_write(const unsigned char *bytes, size_t count, char *hex_out);

#define SHA256_HEX_BYTES 65 /* with the NUL */

typedef struct sha256 sha256;
sha256 *sha256_new(void); /* NULL when memory is exhausted */
void sha256_update(sha256 *state, const void *data, size_t bytes);
void sha256_finish(sha256 *state, char hex_out[SHA256_HEX_BYTES]);
void sha256_free(sha256 **state);
/* Of one piece; NO_MEMORY. */
SLUICE_MUST_USE sluice_result sha256_of(const void *data, size_t bytes, char hex_out[SHA256_HEX_BYTES],
                                        sluice_error *error);
/* HMAC-SHA-256: identity numbers are kept only in this form. */
SLUICE_MUST_USE sluice_result hmac_sha256(const void *key, size_t key_bytes, const void *data, size_t bytes,
                                          char hex_out[SHA256_HEX_BYTES]);

#endif
