/* Whole databases: from an SQLite file to a PostgreSQL server and back, backup, restore.
 *
 * A location is a path, or postgres://user@host/database (libpq's syntax; PGPASSWORD and the like count too). A copy is
 * the same database: its log, its records with their ids and versions, its identity and its secret. Every checksum is
 * verified on the way; at the end counts and checksums of all tables are compared, and the audit trail of the copy is
 * verified link by link. Until then the target is marked as unfinished, and nothing but the same copy opens it. */
#ifndef SLUICE_STORE_H
#define SLUICE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <sluice/result.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sluice_copy_options {
    size_t size; /* sizeof(sluice_copy_options) */
    /* What is being copied ("log", or a table), and how far; returns false to stop (INTERRUPTED). May be NULL. */
    bool (*progress)(void *context, const char *what, uint64_t done, uint64_t total);
    void *progress_context;
} sluice_copy_options;

typedef struct sluice_copy_summary {
    uint64_t signals, batches;           /* of the log */
    uint64_t sources, labels, decisions; /* beside it */
    uint64_t tables, records;            /* of the desk */
    uint64_t audit_rows;                 /* verified in the copy */
    char audit_head[65];                 /* its newest hash */
} sluice_copy_summary;

/* Copies the database `from` to `to`, which must not be there, be empty, or be this copy, interrupted before: that is
 * taken up again. `from` is left as it is; no daemon may have either open. options may be NULL.
 * Errors: INVALID (to is not empty), NOT_FOUND, BUSY, DAMAGED (what, where), INTERRUPTED, FULL, IO. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_migrate(const char *from, const char *to,
                                                        const sluice_copy_options *options,
                                                        sluice_copy_summary *summary_out, sluice_error *error);

/* A backup of `location` into a new SQLite file, whichever kind the database is; nothing is at `path` until it is
 * complete. No daemon may have it open: a running one makes its backups itself (docs/daemon.md). */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_backup(const char *location, const char *path,
                                                       const sluice_copy_options *options,
                                                       sluice_copy_summary *summary_out, sluice_error *error);

/* Restores a backup to a new or empty place, of either kind. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_restore(const char *backup, const char *location,
                                                        const sluice_copy_options *options,
                                                        sluice_copy_summary *summary_out, sluice_error *error);

#ifdef __cplusplus
}
#endif
#endif
