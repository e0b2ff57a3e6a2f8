#include "gateway/bank_sign.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/hash.h"
#include "sys/random.h"

enum { SM3_BYTES = 32 };

bool bank_sign(sluice_text key, const bank_signed *what, char signature[BANK_SIGNATURE_BYTES]) {
    unsigned char digest[EVP_MAX_MD_SIZE], mac[EVP_MAX_MD_SIZE];
    unsigned int digest_bytes = 0, mac_bytes = 0;
    char body_hex[2 * SM3_BYTES + 1];
    text_writer text = {0};
    bool good = EVP_Digest(what->body.length == 0 ? "" : what->body.data, what->body.length, digest, &digest_bytes,
                           EVP_sm3(), NULL) == 1 &&
                digest_bytes == SM3_BYTES;
    if (good) {
        hex_write(digest, SM3_BYTES, body_hex);
        const sluice_text lines[] = {what->method, what->target, what->first, what->second};
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
            text_write(&text, lines[i]);
            text_write_char(&text, '\n');
        }
        text_write(&text, text_of(body_hex));
        good = !text.failed && key.length > 0 && key.length <= INT32_MAX &&
               HMAC(EVP_sm3(), key.data, (int)key.length, (const unsigned char *)text.data, text.length, mac,
                    &mac_bytes) != NULL &&
               mac_bytes == SM3_BYTES;
    }
    if (good) {
        hex_write(mac, SM3_BYTES, signature);
    }
    text_writer_fini(&text);
    return good;
}

bool bank_is_signed(sluice_text key, const bank_signed *what, sluice_text signature) {
    char right[BANK_SIGNATURE_BYTES];
    return bank_sign(key, what, right) && signature.length == BANK_SIGNATURE_BYTES - 1 &&
           CRYPTO_memcmp(right, signature.data, signature.length) == 0;
}

bool bank_nonce(char nonce[BANK_NONCE_BYTES]) {
    unsigned char bytes[(BANK_NONCE_BYTES - 1) / 2];
    bool good = random_secret(bytes, sizeof bytes);
    if (good) {
        hex_write(bytes, sizeof bytes, nonce);
    }
    return good;
}
