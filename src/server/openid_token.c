/* ID tokens and logout tokens. The order is that of RFC 8725 and OpenID Connect Core §3.1.3.7: the algorithm is taken
 * from a list of our own, the key must be of that algorithm's kind, the signature is verified over the bytes as they
 * came, and only then are the claims looked at. Nothing that the token says of keys (jwk, jku, x5u, x5c) is followed.
 */
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <sodium.h>
#include <string.h>
#include <yyjson.h>

#include "base/error.h"
#include "server/openid_private.h"
#include "signal/json.h"

enum {
    TOKEN_BYTES_MAX = 16384,
    SUBJECT_BYTES_MAX = 255,
    RSA_BITS_MIN = 2048,
    RSA_BITS_MAX = 8192,
    POINT_BYTES = 32, /* a coordinate of P-256, half a signature, an Ed25519 key */
    AGE_MS_MAX = 600000
};

static const char LOGOUT_EVENT[] = "http://schemas.openid.net/event/backchannel-logout";

typedef enum algorithm { RS256, PS256, ES256, EDDSA, ALGORITHMS } algorithm;
static const struct {
    const char *name, *kind, *curve; /* of the JWK: kty, crv */
} ALGORITHM[ALGORITHMS] = {
    [RS256] = {"RS256", "RSA", NULL},
    [PS256] = {"PS256", "RSA", NULL},
    [ES256] = {"ES256", "EC", "P-256"},
    [EDDSA] = {"EdDSA", "OKP", "Ed25519"},
};

typedef struct bytes {
    unsigned char *data;
    size_t length;
} bytes;

static sluice_result refuse(sluice_error *error, const char *why) {
    return error_set(error, SLUICE_E_UNAUTHENTICATED, "the token %s", why);
}

/* base64url without padding; false: it is not, or no memory. */
static bool decode(sluice_text text, arena *a, bytes *out) {
    *out = (bytes){arena_alloc(a, text.length + 1), 0};
    return out->data != NULL && text.length > 0 &&
           sodium_base642bin(out->data, text.length + 1, text.data, text.length, NULL, &out->length, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

static sluice_text member(yyjson_val *object, const char *name) {
    yyjson_val *value = yyjson_obj_get(object, name);
    return yyjson_is_str(value) ? (sluice_text){yyjson_get_str(value), yyjson_get_len(value)} : (sluice_text){NULL, 0};
}

/* A JSON object out of a part of the token; NULL: it is none. */
static yyjson_val *parse_part(sluice_text part, arena *a) {
    bytes text;
    yyjson_alc allocator = json_arena(a);
    if (!decode(part, a, &text)) {
        return NULL;
    }
    yyjson_doc *doc = yyjson_read_opts((char *)text.data, text.length, YYJSON_READ_NOFLAG, &allocator, NULL);
    yyjson_val *root = yyjson_doc_get_root(doc);
    return yyjson_is_obj(root) ? root : NULL;
}

/* ---- keys ---- */

static EVP_PKEY *key_from(const char *type, OSSL_PARAM *parameters) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (context == NULL || EVP_PKEY_fromdata_init(context) <= 0 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) <= 0) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    return key;
}

static EVP_PKEY *rsa_key(yyjson_val *jwk, arena *a) {
    bytes n, e;
    EVP_PKEY *key = NULL;
    if (!decode(member(jwk, "n"), a, &n) || !decode(member(jwk, "e"), a, &e) || n.length > RSA_BITS_MAX / 8) {
        return NULL;
    }
    BIGNUM *modulus = BN_bin2bn(n.data, (int)n.length, NULL), *exponent = BN_bin2bn(e.data, (int)e.length, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *parameters = NULL;
    if (modulus != NULL && exponent != NULL && builder != NULL &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) == 1) {
        parameters = OSSL_PARAM_BLD_to_param(builder);
    }
    if (parameters != NULL) {
        key = key_from("RSA", parameters);
    }
    if (key != NULL && EVP_PKEY_get_bits(key) < RSA_BITS_MIN) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    BN_free(modulus);
    BN_free(exponent);
    return key;
}

/* OpenSSL refuses a point that is not on the curve. */
static EVP_PKEY *ec_key(yyjson_val *jwk, arena *a) {
    bytes x, y;
    unsigned char point[1 + 2 * POINT_BYTES] = {4};
    char group[] = "prime256v1";
    if (!decode(member(jwk, "x"), a, &x) || !decode(member(jwk, "y"), a, &y) || x.length != POINT_BYTES ||
        y.length != POINT_BYTES) {
        return NULL;
    }
    memcpy(point + 1, x.data, POINT_BYTES);
    memcpy(point + 1 + POINT_BYTES, y.data, POINT_BYTES);
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                               OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
                               OSSL_PARAM_construct_end()};
    return key_from("EC", parameters);
}

static EVP_PKEY *ed25519_key(yyjson_val *jwk, arena *a) {
    bytes x;
    return decode(member(jwk, "x"), a, &x) && x.length == POINT_BYTES
               ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x.data, x.length)
               : NULL;
}

/* May this key have signed with this algorithm? What the key does not say is not held against it. */
static bool key_fits(yyjson_val *jwk, algorithm alg, sluice_text id) {
    const char *curve = ALGORITHM[alg].curve;
    sluice_text use = member(jwk, "use"), of = member(jwk, "alg");
    return text_equal(member(jwk, "kty"), text_of(ALGORITHM[alg].kind)) &&
           (curve == NULL || text_equal(member(jwk, "crv"), text_of(curve))) &&
           (use.data == NULL || text_equal(use, TEXT("sig"))) &&
           (of.data == NULL || text_equal(of, text_of(ALGORITHM[alg].name))) &&
           (id.data == NULL || text_equal(member(jwk, "kid"), id));
}

/* The key of this id; of a token without one, the only key that fits. NULL: none. */
static EVP_PKEY *find_key(sluice_text keys, algorithm alg, sluice_text id, arena *a) {
    yyjson_alc allocator = json_arena(a);
    char *text = arena_copy(a, keys.length == 0 ? "" : keys.data, keys.length);
    yyjson_doc *doc = text == NULL ? NULL : yyjson_read_opts(text, keys.length, YYJSON_READ_NOFLAG, &allocator, NULL);
    yyjson_val *list = yyjson_obj_get(yyjson_doc_get_root(doc), "keys"), *jwk = NULL, *found = NULL;
    for (size_t i = 0; i < yyjson_arr_size(list); i++) {
        jwk = yyjson_arr_get(list, i);
        if (yyjson_is_obj(jwk) && key_fits(jwk, alg, id)) {
            if (found != NULL && id.data == NULL) {
                return NULL; /* which one? */
            }
            found = found == NULL ? jwk : found;
        }
    }
    if (found == NULL) {
        return NULL;
    }
    return alg == ES256 ? ec_key(found, a) : alg == EDDSA ? ed25519_key(found, a) : rsa_key(found, a);
}

/* ---- the signature ---- */

/* r ‖ s of JWS as the DER that OpenSSL takes. */
static bool to_der(bytes raw, arena *a, bytes *der_out) {
    unsigned char *at = NULL;
    bool good = false;
    if (raw.length != 2 * POINT_BYTES) {
        return false;
    }
    ECDSA_SIG *signature = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw.data, POINT_BYTES, NULL), *s = BN_bin2bn(raw.data + POINT_BYTES, POINT_BYTES, NULL);
    if (signature != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(signature, r, s) == 1) {
        r = s = NULL; /* the signature's now */
        int length = i2d_ECDSA_SIG(signature, NULL);
        at = length > 0 ? arena_alloc(a, (size_t)length) : NULL;
        *der_out = (bytes){at, length > 0 ? (size_t)length : 0};
        good = at != NULL && i2d_ECDSA_SIG(signature, &at) == length;
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(signature);
    return good;
}

static bool is_signed(EVP_PKEY *key, algorithm alg, sluice_text content, bytes signature, arena *a) {
    EVP_PKEY_CTX *parameters = NULL;
    if (alg == ES256 && !to_der(signature, a, &signature)) {
        return false;
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context != NULL &&
                EVP_DigestVerifyInit(context, &parameters, alg == EDDSA ? NULL : EVP_sha256(), NULL, key) == 1;
    if (good && alg == PS256) {
        good = EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1;
    }
    good = good && EVP_DigestVerify(context, signature.data, signature.length, (const unsigned char *)content.data,
                                    content.length) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

/* ---- claims ---- */

/* A NumericDate in ms; false: absent, no number, or of another era. */
static bool date_of(yyjson_val *claims, const char *name, int64_t *ms_out) {
    yyjson_val *value = yyjson_obj_get(claims, name);
    double seconds = yyjson_is_num(value) ? yyjson_get_num(value) : -1;
    if (!(seconds >= 0 && seconds < 1e11)) {
        return false;
    }
    *ms_out = (int64_t)(seconds * 1000);
    return true;
}

/* The client is the audience; of several, the token says that it was made for the client (azp). */
static bool is_for_us(yyjson_val *claims, sluice_text client) {
    yyjson_val *audience = yyjson_obj_get(claims, "aud");
    sluice_text party = member(claims, "azp");
    bool found = text_equal(member(claims, "aud"), client) && client.length > 0;
    for (size_t i = 0; yyjson_is_arr(audience) && i < yyjson_arr_size(audience); i++) {
        yyjson_val *one = yyjson_arr_get(audience, i);
        found = found ||
                (yyjson_is_str(one) && text_equal((sluice_text){yyjson_get_str(one), yyjson_get_len(one)}, client));
    }
    bool several = yyjson_is_arr(audience) && yyjson_arr_size(audience) > 1;
    bool named = yyjson_obj_get(claims, "azp") != NULL;
    return found && (named ? text_equal(party, client) : !several);
}

static bool is_same_secret(sluice_text given, sluice_text expected) {
    return given.length == expected.length && given.length > 0 &&
           sodium_memcmp(given.data, expected.data, given.length) == 0;
}

/* What a logout token has, and an ID token has not, and the other way round: neither is taken for the other. */
static sluice_result check_logout(yyjson_val *claims, sluice_error *error) {
    yyjson_val *events = yyjson_obj_get(claims, "events");
    sluice_text id = member(claims, "jti"), session = member(claims, "sid");
    if (!yyjson_is_obj(yyjson_obj_get(events, LOGOUT_EVENT))) {
        return refuse(error, "tells of no logout (events)");
    }
    if (yyjson_obj_get(claims, "nonce") != NULL) {
        return refuse(error, "has a nonce: it is an ID token");
    }
    if (id.length == 0 || id.length > SUBJECT_BYTES_MAX) {
        return refuse(error, "has no name of its own (jti)");
    }
    return member(claims, "sub").length == 0 && session.length == 0
               ? refuse(error, "says neither who nor which session")
               : SLUICE_OK;
}

static sluice_result check_claims(yyjson_val *claims, const openid_expected *e, openid_claims *out,
                                  sluice_error *error) {
    int64_t expires_ms = 0, issued_ms = 0, from_ms = 0;
    if (!text_equal(member(claims, "iss"), e->issuer)) {
        return refuse(error, "is another issuer's");
    }
    if (!is_for_us(claims, e->client)) {
        return refuse(error, "is for another audience");
    }
    if (!e->is_logout && !is_same_secret(member(claims, "nonce"), e->nonce)) {
        return refuse(error, "answers another sign-in (nonce)");
    }
    if (!date_of(claims, "exp", &expires_ms) || e->now_ms >= expires_ms + e->skew_ms) {
        return refuse(error, "has expired, or does not say when it does: are both clocks right?");
    }
    if (!date_of(claims, "iat", &issued_ms) || issued_ms > e->now_ms + e->skew_ms ||
        issued_ms < e->now_ms - e->skew_ms - AGE_MS_MAX) {
        return refuse(error, "was not made just now: are both clocks right?");
    }
    if (yyjson_obj_get(claims, "nbf") != NULL &&
        (!date_of(claims, "nbf", &from_ms) || from_ms > e->now_ms + e->skew_ms)) {
        return refuse(error, "does not hold yet: are both clocks right?");
    }
    out->subject = member(claims, "sub");
    out->session = member(claims, "sid");
    out->id = member(claims, "jti");
    out->forgotten_ms = expires_ms + e->skew_ms;
    if (out->subject.length > SUBJECT_BYTES_MAX || out->session.length > SUBJECT_BYTES_MAX ||
        (!e->is_logout && out->subject.length == 0)) {
        return refuse(error, "names no subject, or one beyond all length");
    }
    return e->is_logout ? check_logout(claims, error) : SLUICE_OK;
}

sluice_result openid_token_verify(sluice_text token, sluice_text keys, const openid_expected *expected, arena *a,
                                  openid_claims *claims_out, sluice_error *error) {
    sluice_text head, rest, body, signature_text;
    bytes signature;
    algorithm alg = 0;
    if (token.length > TOKEN_BYTES_MAX || !text_split(token, '.', &head, &rest) ||
        !text_split(rest, '.', &body, &signature_text)) {
        return refuse(error, "is not a signed one");
    }
    yyjson_val *header = parse_part(head, a);
    if (header == NULL || yyjson_obj_get(header, "crit") != NULL) {
        return refuse(error, "has a head that cannot be read");
    }
    while (alg < ALGORITHMS && !text_equal(member(header, "alg"), text_of(ALGORITHM[alg].name))) {
        alg++;
    }
    if (alg == ALGORITHMS) {
        return refuse(error, "is not signed with RS256, PS256, ES256 or EdDSA");
    }
    if (!decode(signature_text, a, &signature)) {
        return refuse(error, "has no signature");
    }
    EVP_PKEY *key = find_key(keys, alg, member(header, "kid"), a);
    if (key == NULL) {
        return error_set(error, SLUICE_E_NOT_FOUND, "the provider has no key of this token's id and kind");
    }
    bool good = is_signed(key, alg, (sluice_text){token.data, head.length + 1 + body.length}, signature, a);
    EVP_PKEY_free(key);
    if (!good) {
        return refuse(error, "has a wrong signature");
    }
    yyjson_val *claims = parse_part(body, a);
    if (claims == NULL) {
        return refuse(error, "has claims that cannot be read");
    }
    return check_claims(claims, expected, claims_out, error);
}
