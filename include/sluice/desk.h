/* The desk's administration, for a database that no daemon has open: the first users, and the audit trail's proof.
 * Everything else at the desk is done over the daemon's API (docs/api.md). */
#ifndef SLUICE_DESK_H
#define SLUICE_DESK_H

#include <stdint.h>

#include <sluice/result.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SLUICE_CODE_BYTES 44

typedef struct sluice_user_options {
    size_t size;       /* sizeof(sluice_user_options) */
    const char *login; /* a-z, 0-9, dot, hyphen, underscore */
    const char *name;
    const char *roles; /* "administrator", "duty,analyst" …; an administrator or auditor has no other role */
    int64_t unit;      /* 0: the city */
} sluice_user_options;

/* Adds a user to the database `location` (a path or postgres://…), which is made if it is not there. code_out gets the
 * activation code, once: with it the user sets a password (POST /v1/session/password). Errors: CONFLICT (the login is
 * taken), INPUT, BUSY (a daemon has it open: use its API), and those of opening. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_user_add(const char *location, const sluice_user_options *options,
                                                         char code_out[SLUICE_CODE_BYTES], sluice_error *error);

/* Reads the whole audit trail and checks every link. witness (may be NULL): the file that `sluice serve
 * --audit-witness` wrote; every head in it must be in the trail. head_out: the newest hash, to be written down
 * elsewhere. DAMAGED names the first row that was changed, removed or put in. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_audit_verify(const char *location, const char *witness,
                                                             uint64_t *rows_out, char head_out[65],
                                                             sluice_error *error);

#ifdef __cplusplus
}
#endif
#endif
