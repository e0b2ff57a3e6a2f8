/* Sign-in through a centre's own identity provider: OpenID Connect Core 1.0, the authorization code flow with PKCE
 * (RFC 7636), as RFC 9700 wants it.
 *
 *   browser ── GET /v1/session/openid ──▶ daemon: state, nonce, verifier, and a cookie that binds them to this browser
 *           ◀── 302 to the provider ──
 *           ── the provider asks who it is ──▶
 *           ── GET /v1/session/openid/callback?code&state ──▶ daemon ── code, verifier ──▶ provider
 *                                                                    ◀── ID token ──
 *           ◀── session cookie ──       the token is verified; its subject is a user's, or nobody's
 *
 * The provider says who somebody is, and nothing else: users, roles and units are the desk's own, and no one is made by
 * signing in. Tokens, codes and secrets are never logged, stored or shown; they live in a request's arena. */
#ifndef SERVER_OPENID_PRIVATE_H
#define SERVER_OPENID_PRIVATE_H

#include <sluice/result.h>
#include <sluice/signal.h>

#include "base/memory.h"
#include "base/text.h"

/* ---- openid_config.c: the file of `sluice serve --openid` ---- */

typedef struct openid_config {
    const char *issuer;                         /* exactly as the provider writes it */
    const char *client, *secret;                /* secret NULL: a public client */
    const char *redirect;                       /* of this daemon: …/v1/session/openid/callback */
    const char *scopes;                         /* "openid" */
    const char *after_sign_in, *after_sign_out; /* paths of this daemon, or addresses; "/" */
    const char *authorities;                    /* a PEM file of certificates to trust; NULL: the system's */
    const char *name_en, *name_zh;              /* for the button */
    int64_t skew_ms;                            /* by which the clocks may differ: 60 s, at most 300 */
    bool allow_http;                            /* a provider on a loopback address, for tests */
} openid_config;

/* Texts are in the arena. INPUT names the member and what was expected. */
SLUICE_MUST_USE sluice_result openid_config_read(const char *path, arena *a, openid_config *config_out,
                                                 sluice_error *error);
/* https, or http on a loopback address where that is allowed; no user, no fragment. */
bool openid_address_is_good(const openid_config *config, sluice_text address);

/* ---- openid_token.c: an ID token and the keys that may have signed it ---- */

typedef struct openid_expected {
    sluice_text issuer, client;
    sluice_text nonce; /* of an ID token; a logout token has none */
    int64_t now_ms, skew_ms;
    bool is_logout; /* a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6), no ID token */
} openid_expected;

typedef struct openid_claims {
    sluice_text subject;  /* sub; may be empty in a logout token that names a session */
    sluice_text session;  /* sid: of the provider; may be empty */
    sluice_text id;       /* jti; of a logout token */
    int64_t forgotten_ms; /* from then on the token is too old by itself */
} openid_claims;

/* Verifies a compact JWS against a JWK set and its claims against what is expected; texts are in the arena.
 * Takes RS256, PS256, ES256 and EdDSA (Ed25519), each only with a key of its own kind (RFC 8725 §3.1): so neither
 * `none` nor a public key used as an HMAC's secret gets anywhere. Errors: NOT_FOUND (no key of this id and kind: the
 * set may be old), UNAUTHENTICATED (the text says why, and nothing of the token), NO_MEMORY. Any thread. */
SLUICE_MUST_USE sluice_result openid_token_verify(sluice_text token, sluice_text keys, const openid_expected *expected,
                                                  arena *a, openid_claims *claims_out, sluice_error *error);

/* ---- openid_fetch.c: talking to the provider ---- */

/* GET, or with `form` POST of application/x-www-form-urlencoded; `basic` is "user:password" or NULL. Ten seconds at
 * most, 256 KiB at most, no redirects. *status_out is the answer's. Errors: IO (not reached, too slow, too large; the
 * text is for the log), NO_MEMORY. */
SLUICE_MUST_USE sluice_result openid_fetch(const openid_config *config, const char *address, const char *form,
                                           const char *basic, text_writer *body_out, long *status_out,
                                           sluice_error *error);
/* Percent-encoded for a form or a query. */
void openid_encode(text_writer *w, sluice_text text);

/* ---- openid.c: the provider, and sign-ins under way ---- */

typedef struct openid openid;

/* Reads the configuration; the provider is asked when somebody signs in. */
SLUICE_MUST_USE sluice_result openid_open(const char *path, openid **openid_out, sluice_error *error);
void openid_close(openid **o);
const openid_config *openid_config_of(const openid *o);

/* Begins one: the address to send the browser to (in the arena), and a secret that it is to bring back as a cookie.
 * Blocks on the network. Errors: BUSY (the provider does not answer, or too many are asking it). */
#define OPENID_BINDING_BYTES 44
SLUICE_MUST_USE sluice_result openid_begin(openid *o, int64_t now_ms, arena *a, sluice_text *address_out,
                                           char binding_out[OPENID_BINDING_BYTES], sluice_error *error);
/* Ends it: whatever comes of it, this state is used up. Errors: UNAUTHENTICATED (the text is for the log), BUSY. */
SLUICE_MUST_USE sluice_result openid_finish(openid *o, sluice_text state, sluice_text binding, sluice_text code,
                                            sluice_text issuer, int64_t now_ms, arena *a, openid_claims *claims_out,
                                            sluice_error *error);
/* What the provider says behind the browser's back: who has signed out there. Errors as above. */
SLUICE_MUST_USE sluice_result openid_logout(openid *o, sluice_text token, int64_t now_ms, arena *a,
                                            openid_claims *claims_out, sluice_error *error);
/* Where to sign out at the provider (RP-Initiated Logout 1.0), or empty. */
sluice_text openid_end_session(openid *o, arena *a);

#define OPENID_LIFE_MS 600000 /* from the beginning to the end of one */

#endif
