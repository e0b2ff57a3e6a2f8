#include "base/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/memory.h"

uint64_t hash64(const void *data, size_t bytes) {
    return XXH3_64bits(data, bytes);
}

struct sha256 {
    EVP_MD_CTX *context;
};

void hex_write(const unsigned char *bytes, size_t count, char *hex_out) {
    static const char DIGITS[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        hex_out[2 * i] = DIGITS[bytes[i] >> 4];
        hex_out[2 * i + 1] = DIGITS[bytes[i] & 15];
    }
    hex_out[2 * count] = '\0';
}

sha256 *sha256_new(void) {
    sha256 *state = memory_new(sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    state->context = EVP_MD_CTX_new();
    if (state->context == NULL || EVP_DigestInit_ex(state->context, EVP_sha256(), NULL) != 1) {
        sha256_free(&state);
    }
    return state;
}

void sha256_update(sha256 *state, const void *data, size_t bytes) {
    SLUICE_ASSERT(EVP_DigestUpdate(state->context, data, bytes) == 1);
}

void sha256_finish(sha256 *state, char hex_out[SHA256_HEX_BYTES]) {
    unsigned char digest[32];
    unsigned length = sizeof digest;
    SLUICE_ASSERT(EVP_DigestFinal_ex(state->context, digest, &length) == 1);
    hex_write(digest, 32, hex_out);
}

void sha256_free(sha256 **state) {
    if (*state != NULL) {
        EVP_MD_CTX_free((*state)->context);
        memory_free(*state);
        *state = NULL;
    }
}

sluice_result sha256_of(const void *data, size_t bytes, char hex_out[SHA256_HEX_BYTES], sluice_error *error) {
    sha256 *state = sha256_new();
    if (state == NULL) {
        return error_no_memory(error, SHA256_HEX_BYTES);
    }
    sha256_update(state, data, bytes);
    sha256_finish(state, hex_out);
    sha256_free(&state);
    return SLUICE_OK;
}

sluice_result hmac_sha256(const void *key, size_t key_bytes, const void *data, size_t bytes,
                          char hex_out[SHA256_HEX_BYTES]) {
    unsigned char digest[32];
    unsigned length = sizeof digest;
    if (HMAC(EVP_sha256(), key, (int)key_bytes, data, bytes, digest, &length) == NULL) {
        return SLUICE_E_NO_MEMORY;
    }
    hex_write(digest, 32, hex_out);
    return SLUICE_OK;
}
