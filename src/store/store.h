/* The store: the signal log and the records around it, behind one interface, in an SQLite file or on a PostgreSQL
 * server.
 *
 * Threads: one thread at a time writes, between store_begin and store_commit, and that is the writer. Reading functions
 * may be called from any thread: they see what is committed, and called by the writer in its transaction what it has
 * written. None waits for the writer. Visits must not call the store.
 *
 * After an error, store_rollback undoes all of a transaction. store_commit returns when the data is durable. After an
 * error and a rollback the store is usable again as soon as the cause is gone; a lost connection to a server is made
 * again by the next call. Everything read back is checked: what was stored, or DAMAGED. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <sluice/signal.h>

typedef struct store store;

#define STORE_SCHEMA_VERSION 6 /* newest; migrations in sqlite/schema.c lead to it */

/* A file under import: how far it is, and what came of it. */
typedef struct store_source {
    char content_sha256[65];
    char identity[65]; /* format and mapping, see format_plan */
    char path[1024];
    bool complete;
    uint64_t bytes;
    uint64_t offset, line, row; /* position after the last committed batch */
    uint64_t transfers, withdrawals, duplicates, rejected, rounded;
} store_source;

/* Opens or creates. Takes the only lock on the file: a second process gets BUSY, with the first one's process id.
 * Errors: BUSY, NEWER (with both versions), NOT_SLUICE, DAMAGED, NOT_FOUND, IO, FULL, NO_MEMORY. */
SLUICE_MUST_USE sluice_result store_open_sqlite(const char *path, bool must_exist, store **store_out,
                                                sluice_error *error);
/* The schema `sluice` in the database of a PostgreSQL server, 15 or newer: postgres://user@host/database (libpq's
 * syntax; PGPASSWORD, PGSSLMODE and the like count too). Takes a lock there: a second sluice gets BUSY, with the first
 * one's process and host. Errors: as above; IO when there is no connection. */
SLUICE_MUST_USE sluice_result store_open_postgres(const char *url, bool must_exist, store **store_out,
                                                  sluice_error *error);
/* By what the location looks like. */
SLUICE_MUST_USE sluice_result store_open(const char *location, bool must_exist, store **store_out, sluice_error *error);
bool store_is_postgres(const char *location);
void store_close(store **s);

/* The path, or the location without its password: for people. */
const char *store_name(const store *s);
/* 32 hex digits that name this database; a snapshot of another one is not used. */
const char *store_uuid(const store *s);
/* 32 secret bytes, made when the database was: the key of identity-number hashes. */
const unsigned char *store_secret(const store *s);

/* The log's last sequence (0: empty) and the chain checksum of its last batch. */
void store_log_end(const store *s, uint64_t *sequence_out, uint64_t *chain_out);

SLUICE_MUST_USE sluice_result store_begin(store *s, sluice_error *error);
/* Appends an encoded batch that holds the sequences [sequence_first, sequence_first + count). */
SLUICE_MUST_USE sluice_result store_put_batch(store *s, uint64_t sequence_first, uint64_t count, uint64_t chain,
                                              const unsigned char *bytes, size_t length, sluice_error *error);
/* Inserts or replaces by (content_sha256, identity). */
SLUICE_MUST_USE sluice_result store_put_source(store *s, const store_source *source, sluice_error *error);
/* Ground truth, kept apart: `sequence` (a movement's) or, when 0, `key` has this label. */
SLUICE_MUST_USE sluice_result store_put_truth(store *s, uint64_t sequence, sluice_text key, sluice_text label,
                                              sluice_error *error);
/* What was decided of the movement `sequence` (JSON), in the transaction of its batch. */
SLUICE_MUST_USE sluice_result store_put_decision(store *s, uint64_t sequence, sluice_text decision,
                                                 sluice_error *error);
SLUICE_MUST_USE sluice_result store_commit(store *s, sluice_error *error);
void store_rollback(store *s);

/* NOT_FOUND when this content was never begun. */
SLUICE_MUST_USE sluice_result store_find_source(store *s, const char *content_sha256, const char *identity,
                                                store_source *source_out, sluice_error *error);

/* Imports: each content that was begun under an identity has a number, from 1, and parts of the log that are its own. A
 * withdrawal is a record of the log (signal/batch.h, BATCH_WITHDRAWAL); `withdrawn` is its sequence, a second witness
 * that is known before the log is read. What an import brought that was there already, by another one, is a repeat:
 * should that one be withdrawn, its signals stay for the sake of the ones that repeat them. */
typedef struct store_import {
    uint64_t number;
    char content_sha256[65], identity[65]; /* of its row of `source` */
    uint64_t withdrawn;                    /* sequence of the record in the log; 0: it stands */
} store_import;

typedef struct store_import_part {
    uint64_t import; /* repeats: 0 are signals that came by no import */
    bool is_repeat;
    uint64_t first, last; /* sequences */
} store_import_part;

/* Inserts, or replaces by its number. */
SLUICE_MUST_USE sluice_result store_put_import(store *s, const store_import *import, sluice_error *error);
/* A part that is there already changes nothing. */
SLUICE_MUST_USE sluice_result store_put_import_part(store *s, const store_import_part *part, sluice_error *error);
/* Takes a part away, or a row of `source`: when they get another owner, or another identity. */
SLUICE_MUST_USE sluice_result store_remove_import_part(store *s, const store_import_part *part, sluice_error *error);
SLUICE_MUST_USE sluice_result store_remove_source(store *s, const char *content_sha256, const char *identity,
                                                  sluice_error *error);
/* In the order of their numbers; parts by import, then first. Visits as above. */
typedef bool (*store_visit_import)(void *context, const store_import *import);
SLUICE_MUST_USE sluice_result store_read_imports(store *s, store_visit_import visit, void *context,
                                                 sluice_error *error);
typedef bool (*store_visit_import_part)(void *context, const store_import_part *part);
SLUICE_MUST_USE sluice_result store_read_import_parts(store *s, bool repeats, store_visit_import_part visit,
                                                      void *context, sluice_error *error);

/* Truth rows in order of sequence, then key, then label; the same row put twice is there once. Texts are borrowed for
 * the visit, which returns false to stop and must not call the store. */
typedef bool (*store_visit_truth)(void *context, uint64_t sequence, sluice_text key, sluice_text label);
SLUICE_MUST_USE sluice_result store_read_truth(store *s, store_visit_truth visit, void *context, sluice_error *error);

/* Decisions in the order of their sequences, from `sequence` on; as store_read_truth. */
typedef bool (*store_visit_decision)(void *context, uint64_t sequence, sluice_text decision);
SLUICE_MUST_USE sluice_result store_read_decisions(store *s, uint64_t sequence, store_visit_decision visit,
                                                   void *context, sluice_error *error);

/* Reads the log in order, from the batch that holds `sequence` on to the end as it is at the call; visit returns OK to
 * go on, else its result is returned. The chain that is given is the one of the batch before. Gaps and overlaps of
 * sequences are DAMAGED. */
typedef sluice_result (*store_visit_batch)(void *context, uint64_t sequence_first, uint64_t count,
                                           uint64_t chain_before, const unsigned char *bytes, size_t length,
                                           sluice_error *error);
SLUICE_MUST_USE sluice_result store_read_log(store *s, uint64_t sequence, store_visit_batch visit, void *context,
                                             sluice_error *error);

/* The chain checksum after the batch that ends with `sequence`; NOT_FOUND when no batch ends there. */
SLUICE_MUST_USE sluice_result store_chain_at(store *s, uint64_t sequence, uint64_t *chain_out, sluice_error *error);

/* The one batch that holds `sequence`; *bytes is grown with ARRAY_RESERVE. Any thread. */
SLUICE_MUST_USE sluice_result store_read_batch_at(store *s, uint64_t sequence, uint64_t *sequence_first_out,
                                                  uint64_t *chain_before_out, unsigned char **bytes,
                                                  size_t *bytes_capacity, size_t *length_out, sluice_error *error);

/* For `sluice verify`: every page and row is read, nothing is null that must not be, and each index leads to the rows
 * of its table, all of them and in their order (SQLite's own integrity check; postgres/check.c). DAMAGED says what. */
SLUICE_MUST_USE sluice_result store_check(store *s, sluice_error *error);

/* Fault injection for tests, per process: the nth write, sync, truncate or delete of the database and its journal from
 * now on (1 is the next) fails as asked; 0 switches it off. KILL ends the process with SIGKILL, a write of more than
 * a sector when half of it is done. POWER does, too, and takes with it all that was written and not synced since it was
 * set; POWER_TORN half of that. store_fault_count counts them since it was set. */
typedef enum store_fault {
    STORE_FAULT_NONE,
    STORE_FAULT_IO,
    STORE_FAULT_FULL,
    STORE_FAULT_KILL,
    STORE_FAULT_POWER,
    STORE_FAULT_POWER_TORN,
} store_fault;
void store_fault_at(store_fault fault, uint64_t nth_write);
uint64_t store_fault_count(void);

#endif
