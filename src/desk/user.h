/* Users, sessions and keys: who somebody is.
 *
 * Nobody but the user ever knows a password: an administrator makes a user and gets an activation code, once; with it
 * the user sets a password. Passwords are kept as argon2id (64 MiB, about 70 ms: never on the writer or an event
 * thread), session tokens and API keys as SHA-256 of 32 random bytes.
 *
 * A sign-in takes two steps on two threads: user_check_password (a worker) and user_sign_in (the writer). An unknown
 * name costs the same time as a wrong password and gets the same answer. */
#ifndef DESK_USER_H
#define DESK_USER_H

#include "desk/kind.h"

extern const desk_kind USER_KIND, KEY_KIND;
extern const record_table SESSION_TABLE;

enum {
    USER_LOGIN,
    USER_NAME,
    USER_UNIT,
    USER_ROLES,
    USER_STATE,
    USER_PASSWORD,
    USER_CODE,
    USER_CODE_UNTIL,
    USER_FAILURES,
    USER_LOCKED_UNTIL,
    USER_SIGNED_IN_AT,
    USER_LANGUAGE,
    USER_SUBJECT,
    USER_INSTITUTION,
    USER_ENDED_AT,
    USER_FIELDS
};

#define TOKEN_BYTES 44 /* 43 characters of base64url and the NUL */

/* A new password's argon2id hash. Any thread but the writer; bounded by the caller's pool. Errors: INPUT (shorter than
 * 12 or longer than 128 characters), NO_MEMORY. */
#define PASSWORD_HASH_BYTES 128
SLUICE_MUST_USE sluice_result user_hash_password(sluice_text password, char hash_out[PASSWORD_HASH_BYTES],
                                                 sluice_error *error);

/* Step one: whether the password is right, in the same time whether or not the user is there. Any thread but the
 * writer. Errors: only those of the store. */
SLUICE_MUST_USE sluice_result user_check_password(desk_command *c, sluice_text login, sluice_text password,
                                                  bool *right_out);
/* Step two: counts a wrong one (and locks the name, but for browsers that are known: device.h), or opens a session.
 * c->actor is not used. UNAUTHENTICATED says the same for every cause, and every attempt is in the audit, one under an
 * unknown name too. The tokens are shown to the client once. Writer. */
typedef struct sign_in_attempt {
    sluice_text login;
    bool right;
    sluice_text address;
    sluice_text device;             /* the token that its browser has; may be empty */
    char token[TOKEN_BYTES];        /* out: the session's */
    char device_token[TOKEN_BYTES]; /* out: the browser's, for the next time */
    int64_t expires_ms;             /* out */
} sign_in_attempt;
SLUICE_MUST_USE sluice_result user_sign_in(desk_command *c, sign_in_attempt *attempt);
/* Ends the actor's session, or all that he has. */
SLUICE_MUST_USE sluice_result user_sign_out(desk_command *c, bool everywhere);
/* Sets a password with an activation code, or (code empty) of the signed-in actor, whose old one was checked. Ends all
 * of the user's sessions. */
SLUICE_MUST_USE sluice_result user_set_password(desk_command *c, sluice_text login, sluice_text code, const char *hash);
/* Opens a session for the user whose OpenID Connect subject this is; who was invited becomes active. Nobody's, or a
 * disabled user's: c->refusal is UNAUTHENTICATED, and the audit has it. Writer. */
SLUICE_MUST_USE sluice_result user_sign_in_subject(desk_command *c, sluice_text subject, sluice_text provider_session,
                                                   sluice_text address, char token_out[TOKEN_BYTES],
                                                   int64_t *expires_ms_out);
/* The provider says that this subject, or this session of its own (either may be empty), has signed out there: ends
 * what began there. `id` is the message's own and is taken once (CONFLICT), until `forgotten_ms`. Nobody's is OK:
 * there is nothing to end. Writer. */
SLUICE_MUST_USE sluice_result user_sign_out_subject(desk_command *c, sluice_text subject, sluice_text provider_session,
                                                    sluice_text id, int64_t forgotten_ms);

/* What becomes of a session that nobody uses. */
typedef struct user_idle {
    int64_t ends_ms; /* it ends then; a key: INT64_MAX */
    bool touch;      /* its last use lies back so far that it should be written down (user_touch) */
} user_idle;

/* Whose token or key is it? Fills an actor whose texts live in c->arena; c->actor is not used. UNAUTHENTICATED. Any
 * thread. */
SLUICE_MUST_USE sluice_result user_authenticate(desk_command *c, sluice_text token, desk_actor *actor_out,
                                                user_idle *idle_out);
/* Who began something at `began_ms` may have been disabled since, or has had every session ended, or the key revoked:
 * UNAUTHENTICATED. Else roles, unit and institution of `actor` become what they are by now, in c->arena. Any thread. */
SLUICE_MUST_USE sluice_result user_still(desk_command *c, int64_t began_ms, desk_actor *actor);
SLUICE_MUST_USE sluice_result user_touch(desk_command *c, int64_t session);

/* The first administrator and commander of a new database, for `sluice user add` and demonstrations: makes a user with
 * an activation code. Writer. */
SLUICE_MUST_USE sluice_result user_add(desk_command *c, sluice_text login, sluice_text name, sluice_text roles,
                                       int64_t unit, char code_out[TOKEN_BYTES]);

#endif
