#include "desk/token.h"

#include <sodium.h>

#include "base/error.h"
#include "base/hash.h"
#include "sys/random.h"

sluice_result token_hash(sluice_text token, char hash_out[65], sluice_error *error) {
    return sha256_of(token.data, token.length, hash_out, error);
}

sluice_result token_new(char token_out[TOKEN_BYTES], char hash_out[65], sluice_error *error) {
    unsigned char bytes[32];
    if (!random_secret(bytes, sizeof bytes)) {
        return error_set(error, SLUICE_E_IO, "the system has no random numbers: try again");
    }
    (void)sodium_bin2base64(token_out, TOKEN_BYTES, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
    return token_hash(text_of(token_out), hash_out, error);
}
