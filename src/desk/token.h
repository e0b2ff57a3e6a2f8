/* Secrets that are shown once: session tokens, API keys, activation codes; kept as SHA-256 only. And whose they are. */
#ifndef DESK_TOKEN_H
#define DESK_TOKEN_H

#include "desk/user.h"

/* 32 random bytes as base64url, and the SHA-256 of that text in hex. */
SLUICE_MUST_USE sluice_result token_new(char token_out[TOKEN_BYTES], char hash_out[65], sluice_error *error);
SLUICE_MUST_USE sluice_result token_hash(sluice_text token, char hash_out[65], sluice_error *error);

/* session.c */
/* `origin`: the identity provider's session that it begins in, "" where the provider names none; without data: it
 * begins here, with a password. */
SLUICE_MUST_USE sluice_result session_open(desk_command *c, int64_t user, sluice_text address, sluice_text origin,
                                           char token_out[TOKEN_BYTES], int64_t *expires_ms_out);
typedef struct session_facts {
    int64_t id, user;
    int64_t expires_ms, seen_ms;
} session_facts;
/* NOT_FOUND: none has this hash. One whose time is over is found too. */
SLUICE_MUST_USE sluice_result session_find(desk_command *c, const char *hash, session_facts *facts_out);
SLUICE_MUST_USE sluice_result session_end_all(desk_command *c, int64_t user);
/* Ends those that began at the identity provider: of this user (0: of anybody), in this session of the provider's
 * (empty: in any). *user_out is whose they were, 0 if there was none. */
SLUICE_MUST_USE sluice_result session_end_of_provider(desk_command *c, int64_t user, sluice_text origin,
                                                      int64_t *user_out);

/* key.c: the actor whose key has this hash, but for where his unit is, which *unit_out says. NOT_FOUND: no key, or one
 * that does not hold now. */
SLUICE_MUST_USE sluice_result key_authenticate(desk_command *c, const char *hash, desk_actor *actor, int64_t *unit_out);
/* The key that this actor came with; 0: none. And whether it is still one (NOT_FOUND), with its rights as of now. */
int64_t key_of(const desk_actor *actor);
SLUICE_MUST_USE sluice_result key_still(desk_command *c, desk_actor *actor, int64_t *unit_out);

#endif
