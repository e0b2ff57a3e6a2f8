/* The desk's administration, for a database that no daemon has open: the first users, the audit trail's proof, and
 * bulletins. Everything else at the desk is done over the daemon's API (docs/api.md). */
#ifndef SLUICE_DESK_H
#define SLUICE_DESK_H

#include <stdbool.h>
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
    const char *clock; /* a simulated clock, for tests, as that of serve.h; NULL: the machine's */
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

typedef enum sluice_bulletin_format {
    SLUICE_BULLETIN_TEXT,
    SLUICE_BULLETIN_PDF,
    SLUICE_BULLETIN_XLSX,
    SLUICE_BULLETIN_JSON, /* with the query behind each figure */
} sluice_bulletin_format;

typedef struct sluice_bulletin_options {
    size_t size;             /* sizeof(sluice_bulletin_options) */
    int64_t from_ms, to_ms;  /* [from, to), ms since 1970 UTC */
    int64_t unit;            /* 0: the city */
    int64_t operation, site; /* ids; 0: none */
    sluice_bulletin_format format;
    bool in_english; /* else in Chinese */
} sluice_bulletin_options;

/* A bulletin (战果通报) of the records of the database `location` as they stand; nothing is stored, so it is a preview
 * and no issued bulletin (those: POST /v1/bulletins). *bytes_out is freed with sluice_text_free. Errors: INPUT (the
 * period), NOT_FOUND (a unit, operation or site that is not there; no such database), BUSY (a daemon has it open: use
 * its API), and those of opening. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_bulletin(const char *location, const sluice_bulletin_options *options,
                                                         char **bytes_out, size_t *length_out, sluice_error *error);

#ifdef __cplusplus
}
#endif
#endif
