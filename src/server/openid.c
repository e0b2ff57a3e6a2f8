/* The identity provider as we know it, and the sign-ins that are under way.
 *
 * A sign-in under way is a row in a table of fixed size: state, nonce, verifier, and what the browser's cookie holds.
 * It is taken out when its state comes back, whatever comes of it, so a state works once; ten minutes later it is gone
 * by itself, and when the table is full the oldest makes room. Nothing of it is on the disk: a restart ends it.
 *
 * What the provider publishes (discovery, keys) is kept for an hour. Keys are fetched anew when a token names one that
 * is not there, at most every ten seconds: so a provider may change its keys at any time, and nobody can make us ask it
 * again and again. One thread at a time talks to the provider about that; a few may wait for it, the rest are told to
 * come again: a provider that hangs must not hold all workers. */
#include <curl/curl.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <yyjson.h>

#include "base/error.h"
#include "server/openid_private.h"
#include "signal/json.h"
#include "sys/random.h"
#include "sys/thread.h"

enum {
    PENDING_MAX = 1024,
    ADDRESS_BYTES = 1024,
    LOCATION_BYTES_MAX = 3800, /* fits a header */
    CODE_BYTES_MAX = 2048,
    KEEP_MS = 3600000,
    REFETCH_MS = 10000,
    INSIDE_MAX = 4,
};

typedef struct pending {
    char state[OPENID_BINDING_BYTES]; /* "": the row is free */
    char nonce[OPENID_BINDING_BYTES], verifier[OPENID_BINDING_BYTES], binding[OPENID_BINDING_BYTES];
    int64_t begun_ms;
} pending;

typedef struct provider {
    char authorize[ADDRESS_BYTES], token[ADDRESS_BYTES], keys[ADDRESS_BYTES], end_session[ADDRESS_BYTES];
    bool takes_basic; /* the client's secret by HTTP Basic; else in the form */
    int64_t fetched_ms;
} provider;

struct openid {
    arena texts;
    openid_config config;
    char *basic; /* "id:secret", encoded (RFC 6749 §2.3.1); in texts */
    atomic_int inside;

    mutex fetch_lock; /* guards what follows */
    provider provider;
    text_writer keys; /* the JWK set as it came */
    int64_t keys_fetched_ms;

    mutex lock; /* guards the table */
    pending pending[PENDING_MAX];
};

const openid_config *openid_config_of(const openid *o) {
    return &o->config;
}

static sluice_result make_basic(openid *o, sluice_error *error) {
    text_writer w = {0};
    openid_encode(&w, text_of(o->config.client));
    text_write_char(&w, ':');
    openid_encode(&w, text_of(o->config.secret));
    o->basic = w.failed ? NULL : arena_copy(&o->texts, w.data, w.length + 1);
    text_writer_fini(&w);
    return o->basic != NULL ? SLUICE_OK : error_no_memory(error, 0);
}

sluice_result openid_open(const char *path, openid **openid_out, sluice_error *error) {
    *openid_out = NULL;
    openid *o = memory_new_zero(1, sizeof *o);
    if (o == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        memory_free(o);
        return error_no_memory(error, sizeof *o);
    }
    mutex_init(&o->fetch_lock);
    mutex_init(&o->lock);
    sluice_result result = openid_config_read(path, &o->texts, &o->config, error);
    if (result == SLUICE_OK && o->config.secret != NULL) {
        result = make_basic(o, error);
    }
    if (result != SLUICE_OK) {
        openid_close(&o);
    }
    *openid_out = o;
    return result;
}

void openid_close(openid **o) {
    if (*o != NULL) {
        mutex_fini(&(*o)->lock);
        mutex_fini(&(*o)->fetch_lock);
        text_writer_fini(&(*o)->keys);
        arena_fini(&(*o)->texts);
        memory_free(*o);
        *o = NULL;
        curl_global_cleanup();
    }
}

/* ---- the provider ---- */

static sluice_result trouble(sluice_error *error, const char *what) {
    return error_set(error, SLUICE_E_BUSY, "the identity provider: %s", what);
}

static bool enter(openid *o) {
    if (atomic_fetch_add(&o->inside, 1) < INSIDE_MAX) {
        return true;
    }
    (void)atomic_fetch_sub(&o->inside, 1);
    return false;
}

static void leave(openid *o) {
    (void)atomic_fetch_sub(&o->inside, 1);
}

/* A document of the provider; its text in *text_out, of which `doc` lives. */
static sluice_result get_json(openid *o, const char *address, text_writer *text_out, arena *a, yyjson_val **root_out,
                              sluice_error *error) {
    long status = 0;
    sluice_result result = openid_fetch(&o->config, address, NULL, NULL, text_out, &status, error);
    if (result != SLUICE_OK) {
        return result == SLUICE_E_IO ? SLUICE_E_BUSY : result;
    }
    yyjson_alc allocator = json_arena(a);
    char *copy = text_out->length == 0 ? NULL : arena_copy(a, text_out->data, text_out->length);
    yyjson_doc *doc =
        copy == NULL ? NULL : yyjson_read_opts(copy, text_out->length, YYJSON_READ_NOFLAG, &allocator, NULL);
    *root_out = yyjson_doc_get_root(doc);
    return status == 200 && yyjson_is_obj(*root_out)
               ? SLUICE_OK
               : trouble(error, "a document of it is not there, or no JSON object");
}

static bool take_address(const openid *o, yyjson_val *root, const char *name, char address_out[ADDRESS_BYTES]) {
    yyjson_val *value = yyjson_obj_get(root, name);
    sluice_text address = {yyjson_get_str(value), yyjson_get_len(value)};
    if (!yyjson_is_str(value) || address.length >= ADDRESS_BYTES || !openid_address_is_good(&o->config, address)) {
        address_out[0] = '\0';
        return false;
    }
    memcpy(address_out, address.data, address.length + 1);
    return true;
}

static bool lists(yyjson_val *root, const char *name, const char *word) {
    yyjson_val *list = yyjson_obj_get(root, name);
    for (size_t i = 0; i < yyjson_arr_size(list); i++) {
        if (yyjson_equals_str(yyjson_arr_get(list, i), word)) {
            return true;
        }
    }
    return false;
}

static bool is_old(int64_t fetched_ms, int64_t now_ms, int64_t keep_ms) {
    return fetched_ms == 0 || now_ms < fetched_ms || now_ms - fetched_ms >= keep_ms;
}

/* Under the lock. OpenID Connect Discovery 1.0 §4: the document names its issuer, and it must be ours. */
static sluice_result discover(openid *o, int64_t now_ms, sluice_error *error) {
    char address[ADDRESS_BYTES + 64];
    arena a = {0};
    text_writer text = {0};
    yyjson_val *root = NULL;
    if (!is_old(o->provider.fetched_ms, now_ms, KEEP_MS)) {
        return SLUICE_OK;
    }
    size_t length = strlen(o->config.issuer);
    length -= o->config.issuer[length - 1] == '/';
    (void)snprintf(address, sizeof address, "%.*s/.well-known/openid-configuration", (int)length, o->config.issuer);
    sluice_result result = get_json(o, address, &text, &a, &root, error);
    provider p = {.fetched_ms = now_ms};
    if (result == SLUICE_OK && !yyjson_equals_str(yyjson_obj_get(root, "issuer"), o->config.issuer)) {
        result = trouble(error, "its discovery document is another issuer's");
    }
    if (result == SLUICE_OK &&
        (!take_address(o, root, "authorization_endpoint", p.authorize) ||
         !take_address(o, root, "token_endpoint", p.token) || !take_address(o, root, "jwks_uri", p.keys))) {
        result = trouble(error, "its discovery document lacks an https address");
    }
    if (result == SLUICE_OK) {
        (void)take_address(o, root, "end_session_endpoint", p.end_session);
        static const char METHODS[] = "token_endpoint_auth_methods_supported";
        p.takes_basic = yyjson_obj_get(root, METHODS) == NULL || lists(root, METHODS, "client_secret_basic");
        o->provider = p;
    }
    text_writer_fini(&text);
    arena_fini(&a);
    return result;
}

/* Under the lock. The set that was there stays when the new one does not come. */
static sluice_result fetch_keys(openid *o, int64_t now_ms, int64_t keep_ms, sluice_error *error) {
    arena a = {0};
    text_writer text = {0};
    yyjson_val *root = NULL;
    if (!is_old(o->keys_fetched_ms, now_ms, keep_ms)) {
        return SLUICE_OK;
    }
    sluice_result result = get_json(o, o->provider.keys, &text, &a, &root, error);
    if (result == SLUICE_OK) {
        text_writer_fini(&o->keys);
        o->keys = text;
        text = (text_writer){0};
        o->keys_fetched_ms = now_ms;
    }
    text_writer_fini(&text);
    arena_fini(&a);
    return result;
}

/* What is known of the provider, now; keys only where they are needed. Texts are in the arena. */
static sluice_result know(openid *o, int64_t now_ms, int64_t keys_keep_ms, arena *a, provider *provider_out,
                          sluice_text *keys_out, sluice_error *error) {
    mutex_lock(&o->fetch_lock);
    sluice_result result = discover(o, now_ms, error);
    if (result == SLUICE_OK && keys_out != NULL) {
        result = fetch_keys(o, now_ms, keys_keep_ms, error);
    }
    if (result == SLUICE_OK && keys_out != NULL) {
        const char *copy = arena_copy(a, o->keys.data, o->keys.length);
        *keys_out = (sluice_text){copy, copy == NULL ? 0 : o->keys.length};
        result = copy == NULL ? error_no_memory(error, o->keys.length) : SLUICE_OK;
    }
    *provider_out = o->provider;
    mutex_unlock(&o->fetch_lock);
    return result;
}

/* ---- beginning ---- */

static bool new_secret(char out[OPENID_BINDING_BYTES]) {
    unsigned char bytes[32];
    bool good = random_secret(bytes, sizeof bytes);
    (void)sodium_bin2base64(out, OPENID_BINDING_BYTES, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return good;
}

static void keep_pending(openid *o, const pending *p) {
    mutex_lock(&o->lock);
    pending *at = &o->pending[0];
    for (size_t i = 0; i < PENDING_MAX && at->state[0] != '\0'; i++) {
        pending *other = &o->pending[i];
        at = other->state[0] == '\0' || other->begun_ms < at->begun_ms ? other : at;
    }
    *at = *p;
    mutex_unlock(&o->lock);
}

static void write_parameter(text_writer *w, const char *name, sluice_text value) {
    text_write_char(w, '&');
    text_write(w, text_of(name));
    text_write_char(w, '=');
    openid_encode(w, value);
}

/* S256 of RFC 7636. */
static void challenge_of(const char *verifier, char out[OPENID_BINDING_BYTES]) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(hash, (const unsigned char *)verifier, strlen(verifier));
    (void)sodium_bin2base64(out, OPENID_BINDING_BYTES, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void write_request(const openid *o, const provider *known, const pending *p, text_writer *w) {
    char challenge[OPENID_BINDING_BYTES];
    challenge_of(p->verifier, challenge);
    text_printf(w, "%s%cresponse_type=code", known->authorize, strchr(known->authorize, '?') == NULL ? '?' : '&');
    write_parameter(w, "client_id", text_of(o->config.client));
    write_parameter(w, "redirect_uri", text_of(o->config.redirect));
    write_parameter(w, "scope", text_of(o->config.scopes));
    write_parameter(w, "state", text_of(p->state));
    write_parameter(w, "nonce", text_of(p->nonce));
    write_parameter(w, "code_challenge", text_of(challenge));
    write_parameter(w, "code_challenge_method", TEXT("S256"));
}

sluice_result openid_begin(openid *o, int64_t now_ms, arena *a, sluice_text *address_out,
                           char binding_out[OPENID_BINDING_BYTES], sluice_error *error) {
    provider known;
    text_writer w = {0};
    pending p = {.begun_ms = now_ms};
    if (!new_secret(p.state) || !new_secret(p.nonce) || !new_secret(p.verifier) || !new_secret(p.binding)) {
        return error_set(error, SLUICE_E_IO, "the system has no random numbers: try again");
    }
    if (!enter(o)) {
        return trouble(error, "too many are asking it at once");
    }
    sluice_result result = know(o, now_ms, KEEP_MS, a, &known, NULL, error);
    leave(o);
    if (result != SLUICE_OK) {
        return result;
    }
    write_request(o, &known, &p, &w);
    const char *copy = w.failed || w.length > LOCATION_BYTES_MAX ? NULL : arena_copy(a, w.data, w.length + 1);
    *address_out = (sluice_text){copy, w.length};
    text_writer_fini(&w);
    if (copy == NULL) {
        return trouble(error, "the address to send the browser to is too long");
    }
    keep_pending(o, &p);
    memcpy(binding_out, p.binding, sizeof p.binding);
    return SLUICE_OK;
}

/* ---- ending ---- */

static bool is_equal(sluice_text given, const char *secret) {
    return given.length == OPENID_BINDING_BYTES - 1 && sodium_memcmp(given.data, secret, given.length) == 0;
}

/* Takes it out; false: no such state, or not this browser's, or too late. */
static bool take_pending(openid *o, sluice_text state, sluice_text binding, int64_t now_ms, pending *p_out) {
    bool good = false;
    mutex_lock(&o->lock);
    for (size_t i = 0; i < PENDING_MAX; i++) {
        pending *p = &o->pending[i];
        if (p->state[0] != '\0' && is_equal(state, p->state)) {
            good = is_equal(binding, p->binding) && now_ms < p->begun_ms + OPENID_LIFE_MS;
            *p_out = *p;
            sodium_memzero(p, sizeof *p);
        }
    }
    mutex_unlock(&o->lock);
    return good;
}

/* The code for tokens, of which only the ID token is looked at. */
static sluice_result exchange_code(openid *o, const provider *known, const pending *p, sluice_text code, arena *a,
                                   sluice_text *token_out, sluice_error *error) {
    text_writer form = {0}, answer = {0};
    long status = 0;
    bool basic = o->config.secret != NULL && known->takes_basic;
    text_write(&form, TEXT("grant_type=authorization_code"));
    write_parameter(&form, "code", code);
    write_parameter(&form, "redirect_uri", text_of(o->config.redirect));
    write_parameter(&form, "code_verifier", text_of(p->verifier));
    if (!basic) {
        write_parameter(&form, "client_id", text_of(o->config.client));
    }
    if (!basic && o->config.secret != NULL) {
        write_parameter(&form, "client_secret", text_of(o->config.secret));
    }
    sluice_result result = form.failed ? error_no_memory(error, form.length)
                                       : openid_fetch(&o->config, known->token, form.data, basic ? o->basic : NULL,
                                                      &answer, &status, error);
    yyjson_val *token = NULL;
    if (result == SLUICE_OK) {
        yyjson_alc allocator = json_arena(a);
        char *copy = answer.length == 0 ? NULL : arena_copy(a, answer.data, answer.length);
        yyjson_doc *doc =
            copy == NULL ? NULL : yyjson_read_opts(copy, answer.length, YYJSON_READ_NOFLAG, &allocator, NULL);
        token = yyjson_obj_get(yyjson_doc_get_root(doc), "id_token");
    }
    if (result == SLUICE_OK && (status != 200 || !yyjson_is_str(token))) {
        result = error_set(error, SLUICE_E_UNAUTHENTICATED,
                           "the provider gave no ID token for the code (status %ld): was it used before?", status);
    }
    *token_out = (sluice_text){yyjson_get_str(token), yyjson_get_len(token)};
    sodium_memzero(form.data == NULL ? (char[1]){0} : form.data, form.data == NULL ? 1 : form.length);
    text_writer_fini(&form);
    text_writer_fini(&answer);
    return result == SLUICE_E_IO ? SLUICE_E_BUSY : result;
}

/* With the keys that are known; if the token names another, with those that are there now. */
static sluice_result verify(openid *o, sluice_text token, openid_expected *expected, arena *a,
                            openid_claims *claims_out, sluice_error *error) {
    provider known;
    sluice_text keys;
    expected->issuer = text_of(o->config.issuer);
    expected->client = text_of(o->config.client);
    expected->skew_ms = o->config.skew_ms;
    sluice_result result = know(o, expected->now_ms, KEEP_MS, a, &known, &keys, error);
    result = result == SLUICE_OK ? openid_token_verify(token, keys, expected, a, claims_out, error) : result;
    if (result == SLUICE_E_NOT_FOUND) {
        result = know(o, expected->now_ms, REFETCH_MS, a, &known, &keys, error);
        result = result == SLUICE_OK ? openid_token_verify(token, keys, expected, a, claims_out, error) : result;
    }
    return result == SLUICE_E_NOT_FOUND ? SLUICE_E_UNAUTHENTICATED : result;
}

sluice_result openid_logout(openid *o, sluice_text token, int64_t now_ms, arena *a, openid_claims *claims_out,
                            sluice_error *error) {
    openid_expected expected = {.now_ms = now_ms, .is_logout = true};
    if (!enter(o)) {
        return trouble(error, "too many are asking it at once");
    }
    sluice_result result = verify(o, token, &expected, a, claims_out, error);
    leave(o);
    return result;
}

sluice_result openid_finish(openid *o, sluice_text state, sluice_text binding, sluice_text code, sluice_text issuer,
                            int64_t now_ms, arena *a, openid_claims *claims_out, sluice_error *error) {
    provider known;
    pending p;
    sluice_text token = {0};
    if (!take_pending(o, state, binding, now_ms, &p)) {
        return error_set(error, SLUICE_E_UNAUTHENTICATED,
                         "no sign-in of this browser has this state: it was used, is too old, or another browser's");
    }
    if (issuer.length > 0 && !text_equal(issuer, text_of(o->config.issuer))) { /* RFC 9207 */
        return error_set(error, SLUICE_E_UNAUTHENTICATED, "the answer is another issuer's");
    }
    if (code.length == 0 || code.length > CODE_BYTES_MAX) {
        return error_set(error, SLUICE_E_UNAUTHENTICATED, "the provider sent no code: it refused, or the user did");
    }
    if (!enter(o)) {
        return trouble(error, "too many are asking it at once");
    }
    sluice_result result = know(o, now_ms, KEEP_MS, a, &known, NULL, error);
    result = result == SLUICE_OK ? exchange_code(o, &known, &p, code, a, &token, error) : result;
    openid_expected expected = {.nonce = text_of(p.nonce), .now_ms = now_ms};
    result = result == SLUICE_OK ? verify(o, token, &expected, a, claims_out, error) : result;
    leave(o);
    sodium_memzero(&p, sizeof p);
    return result;
}

sluice_text openid_end_session(openid *o, arena *a) {
    text_writer w = {0};
    mutex_lock(&o->fetch_lock);
    provider known = o->provider;
    mutex_unlock(&o->fetch_lock);
    if (known.end_session[0] == '\0') {
        return (sluice_text){NULL, 0};
    }
    text_printf(&w, "%s%cclient_id=", known.end_session, strchr(known.end_session, '?') == NULL ? '?' : '&');
    openid_encode(&w, text_of(o->config.client));
    if (openid_address_is_good(&o->config, text_of(o->config.after_sign_out))) {
        write_parameter(&w, "post_logout_redirect_uri", text_of(o->config.after_sign_out));
    }
    const char *copy = w.failed ? NULL : arena_copy(a, w.data, w.length + 1);
    sluice_text address = {copy, copy == NULL ? 0 : w.length};
    text_writer_fini(&w);
    return address;
}
