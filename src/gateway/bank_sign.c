#include "gateway/bank_sign.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <string.h>

#include "base/hash.h"
#include "sys/random.h"

enum { SM3_BYTES = 32, DER_MAX = (BANK_SIGNATURE_BYTES - 1) / 2 };

/* Who signs, to SM2: the identifier that GM/T 0009 has for all who agreed on no other. */
static const char SM2_ID[] = "1234567812345678";

bool bank_scheme_of(sluice_text word, bank_scheme *scheme) {
    static const char *const WORDS[] = {[BANK_HMAC_SM3] = "hmac-sm3", [BANK_SM2] = "sm2", [BANK_UNSIGNED] = "none"};
    *scheme = BANK_HMAC_SM3;
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        if (text_equal(word, text_of(WORDS[i]))) {
            *scheme = (bank_scheme)i;
            return true;
        }
    }
    return word.length == 0;
}

/* ---- the text that is signed ---- */

static bool write_signed(const bank_signed *what, text_writer *text) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int digest_bytes = 0;
    char body_hex[2 * SM3_BYTES + 1];
    if (EVP_Digest(what->body.length == 0 ? "" : what->body.data, what->body.length, digest, &digest_bytes, EVP_sm3(),
                   NULL) != 1 ||
        digest_bytes != SM3_BYTES) {
        return false;
    }
    hex_write(digest, SM3_BYTES, body_hex);
    const sluice_text lines[] = {what->method, what->target, what->first, what->second};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        text_write(text, lines[i]);
        text_write_char(text, '\n');
    }
    text_write(text, text_of(body_hex));
    return !text->failed;
}

static bool sign_hmac(sluice_text key, const text_writer *text, char signature[BANK_SIGNATURE_BYTES]) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned int mac_bytes = 0;
    bool good = key.length > 0 && key.length <= INT_MAX &&
                HMAC(EVP_sm3(), key.data, (int)key.length, (const unsigned char *)text->data, text->length, mac,
                     &mac_bytes) != NULL &&
                mac_bytes == SM3_BYTES;
    if (good) {
        hex_write(mac, SM3_BYTES, signature);
    }
    return good;
}

/* ---- SM2 ---- */

/* A key with a passphrase is one that we cannot read: nobody is asked for it. */
static int no_passphrase(char *buffer, int size, int is_writing, void *context) {
    (void)buffer;
    (void)size;
    (void)is_writing;
    (void)context;
    return 0;
}

/* Our own key, or the bank's; NULL: there is none, or it is no SM2 key. */
static EVP_PKEY *read_key(sluice_text pem, bool is_ours) {
    BIO *bio = pem.length == 0 || pem.length > INT_MAX ? NULL : BIO_new_mem_buf(pem.data, (int)pem.length);
    EVP_PKEY *key = bio == NULL ? NULL
                    : is_ours   ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL)
                                : PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    if (key != NULL && EVP_PKEY_is_a(key, "SM2") != 1) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    return key;
}

/* A context for SM2 with SM3 under the usual identifier; *context_out is its owner's. */
static EVP_MD_CTX *begin_sm2(EVP_PKEY *key, EVP_PKEY_CTX **context_out) {
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    *context_out = EVP_PKEY_CTX_new(key, NULL);
    if (digest != NULL && *context_out != NULL && EVP_PKEY_CTX_set1_id(*context_out, SM2_ID, sizeof SM2_ID - 1) == 1) {
        EVP_MD_CTX_set_pkey_ctx(digest, *context_out);
        return digest;
    }
    EVP_MD_CTX_free(digest);
    return NULL;
}

static bool sign_sm2(sluice_text pem, const text_writer *text, char signature[BANK_SIGNATURE_BYTES]) {
    unsigned char der[DER_MAX];
    size_t length = sizeof der;
    EVP_PKEY_CTX *context = NULL;
    EVP_PKEY *key = read_key(pem, true);
    EVP_MD_CTX *digest = key == NULL ? NULL : begin_sm2(key, &context);
    bool good = digest != NULL && EVP_DigestSignInit(digest, NULL, EVP_sm3(), NULL, key) == 1 &&
                EVP_DigestSign(digest, der, &length, (const unsigned char *)text->data, text->length) == 1;
    if (good) {
        hex_write(der, length, signature);
    }
    EVP_MD_CTX_free(digest);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    return good;
}

static bool is_signed_sm2(sluice_text pem, const text_writer *text, sluice_text signature) {
    unsigned char der[DER_MAX];
    size_t length = 0;
    char hex[BANK_SIGNATURE_BYTES];
    if (signature.length == 0 || signature.length >= sizeof hex) {
        return false;
    }
    memcpy(hex, signature.data, signature.length);
    hex[signature.length] = '\0';
    EVP_PKEY_CTX *context = NULL;
    EVP_PKEY *key = OPENSSL_hexstr2buf_ex(der, sizeof der, &length, hex, '\0') == 1 ? read_key(pem, false) : NULL;
    EVP_MD_CTX *digest = key == NULL ? NULL : begin_sm2(key, &context);
    bool good = digest != NULL && EVP_DigestVerifyInit(digest, NULL, EVP_sm3(), NULL, key) == 1 &&
                EVP_DigestVerify(digest, der, length, (const unsigned char *)text->data, text->length) == 1;
    EVP_MD_CTX_free(digest);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    return good;
}

/* ---- both ---- */

const char *bank_key_trouble(bank_scheme scheme, sluice_text key) {
    if (scheme != BANK_SM2) {
        return scheme == BANK_HMAC_SM3 && key.length == 0 ? "it has no key to sign with" : NULL;
    }
    EVP_PKEY *ours = read_key(key, true), *theirs = read_key(key, false);
    const char *trouble = ours == NULL     ? "its key file has no SM2 PRIVATE KEY of ours in PEM"
                          : theirs == NULL ? "its key file has no SM2 PUBLIC KEY of the bank in PEM"
                                           : NULL;
    EVP_PKEY_free(ours);
    EVP_PKEY_free(theirs);
    return trouble;
}

bool bank_sign(bank_scheme scheme, sluice_text key, const bank_signed *what, char signature[BANK_SIGNATURE_BYTES]) {
    text_writer text = {0};
    bool good = write_signed(what, &text) &&
                (scheme == BANK_SM2 ? sign_sm2(key, &text, signature) : sign_hmac(key, &text, signature));
    text_writer_fini(&text);
    return good;
}

bool bank_is_signed(bank_scheme scheme, sluice_text key, const bank_signed *what, sluice_text signature) {
    char right[BANK_SIGNATURE_BYTES];
    text_writer text = {0};
    bool good = write_signed(what, &text);
    if (scheme == BANK_SM2) {
        good = good && is_signed_sm2(key, &text, signature);
    } else {
        good = good && sign_hmac(key, &text, right) && signature.length == (size_t)2 * SM3_BYTES &&
               CRYPTO_memcmp(right, signature.data, signature.length) == 0;
    }
    text_writer_fini(&text);
    return good;
}

bool bank_nonce(char nonce[BANK_NONCE_BYTES]) {
    unsigned char bytes[(BANK_NONCE_BYTES - 1) / 2];
    bool good = random_secret(bytes, sizeof bytes);
    if (good) {
        hex_write(bytes, sizeof bytes, nonce);
    }
    return good;
}
