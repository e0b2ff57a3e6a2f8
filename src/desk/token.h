/* Secrets that are shown once: session tokens, API keys, activation codes; kept as SHA-256 only. */
#ifndef DESK_TOKEN_H
#define DESK_TOKEN_H

#include "desk/user.h"

/* 32 random bytes as base64url, and the SHA-256 of that text in hex. */
SLUICE_MUST_USE sluice_result token_new(char token_out[TOKEN_BYTES], char hash_out[65], sluice_error *error);
SLUICE_MUST_USE sluice_result token_hash(sluice_text token, char hash_out[65], sluice_error *error);

/* session.c */
SLUICE_MUST_USE sluice_result session_open(desk_command *c, int64_t user, sluice_text address,
                                           char token_out[TOKEN_BYTES], int64_t *expires_ms_out);
SLUICE_MUST_USE sluice_result session_end_all(desk_command *c, int64_t user);

#endif
