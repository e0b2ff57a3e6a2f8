/* The SQLite store's inside, shared by the files of this folder. */
#ifndef STORE_SQLITE_SQLITE_PRIVATE_H
#define STORE_SQLITE_SQLITE_PRIVATE_H

#include <sqlite3.h>
#include <sys/types.h>

#include "store/store_private.h"
#include "sys/thread.h"

#define SQLITE_STORE_APPLICATION_ID 0x534C4345 /* "SLCE" */
#define SQLITE_STORE_VFS "sluice"

/* Statements, prepared once at open. */
typedef enum statement {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_PUT_BATCH,
    STATEMENT_PUT_END,
    STATEMENT_PUT_SOURCE,
    STATEMENT_PUT_TRUTH,
    STATEMENT_PUT_DECISION,
    STATEMENT_FIND_SOURCE,
    STATEMENT_READ_TRUTH,
    STATEMENT_READ_DECISIONS,
    STATEMENT_READ_BATCH,
    STATEMENT_CHAIN_AT,
    STATEMENT_COUNT
} statement;

typedef struct sqlite_store {
    store base;
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    char *path;

    dev_t device; /* of the file: who it is, whatever it is called */
    ino_t inode;
    struct sqlite_store *next; /* in claim.c's list */

    mutex *lock; /* guards the connection and what follows; held for one statement, or the read of one batch */
    uint64_t sequence, chain;           /* end of the log: committed … */
    uint64_t sequence_next, chain_next; /* … and with the transaction under way */
    bool in_transaction; /* between begin and commit; SQLite may have undone the transaction by itself after an error */
} sqlite_store;

/* sqlite_store.c */
/* Code and text for a failed call on the store's connection. `verb` is "read" or "write". */
sluice_result sqlite_failed(sqlite_store *s, int code, const char *verb, sluice_error *error);
/* A statement, reset and without bindings. */
sqlite3_stmt *sqlite_statement(sqlite_store *s, statement which);
/* Steps a statement that returns no rows, and resets it. */
sluice_result sqlite_run(sqlite_store *s, statement which, const char *verb, sluice_error *error);
/* INVALID, or what lost it, when no transaction is under way. Holds the lock. */
sluice_result sqlite_require_transaction(const sqlite_store *s, sluice_error *error);
/* A checksum of a row that lies in the database; checksum_begin, then each column. */
uint64_t sqlite_checksum_text(uint64_t checksum, sluice_text text);
uint64_t sqlite_checksum_u64(uint64_t checksum, uint64_t value);
sluice_text sqlite_text(sqlite3_stmt *row, int column);
sluice_result sqlite_damaged(const sqlite_store *s, const char *what, sluice_error *error);

/* schema.c */
/* Creates the tables in a new file, migrates those of an older version; refuses a foreign or newer file. */
SLUICE_MUST_USE sluice_result sqlite_schema_open(sqlite_store *s, sluice_error *error);
/* Reads uuid, secret and the log's end. */
SLUICE_MUST_USE sluice_result sqlite_schema_load(sqlite_store *s, sluice_error *error);
/* The value of the row that says where the log ends. */
#define SQLITE_STORE_END_BYTES 24u
void sqlite_schema_end(uint64_t sequence, uint64_t chain, unsigned char end_out[SQLITE_STORE_END_BYTES]);

/* records.c: sources, truth, decisions */
sluice_result sqlite_put_source(store *s, const store_source *source, sluice_error *error);
sluice_result sqlite_find_source(store *s, const char *content_sha256, const char *identity, store_source *source_out,
                                 sluice_error *error);
sluice_result sqlite_put_truth(store *s, uint64_t sequence, sluice_text key, sluice_text label, sluice_error *error);
sluice_result sqlite_read_truth(store *s, store_visit_truth visit, void *context, sluice_error *error);
sluice_result sqlite_put_decision(store *s, uint64_t sequence, sluice_text decision, sluice_error *error);
sluice_result sqlite_read_decisions(store *s, uint64_t sequence, store_visit_decision visit, void *context,
                                    sluice_error *error);

/* claim.c: a file is open once in this process, and who else has it. Between sqlite_claim_begin and _end this process
 * opens no other database. */
void sqlite_claim_begin(void);
void sqlite_claim_end(void);
/* True when this process has the file open. Opening and closing such a file by other means would drop SQLite's lock. */
bool sqlite_claim_is_ours(const char *path);
void sqlite_claim_add(sqlite_store *s);
void sqlite_claim_remove(const sqlite_store *s);
/* The process that holds a lock on the file, which this process must not have open; 0: none, or none that is visible.
 */
pid_t sqlite_claim_owner(const char *path);

/* wal.c: DAMAGED when commits that were durable lie behind a damaged part of the WAL. The lock must be held, and
 * nothing written yet. */
SLUICE_MUST_USE sluice_result sqlite_wal_check(sqlite_store *s, size_t page_bytes, sluice_error *error);

/* vfs.c and memory.c */
/* Once a process: SQLite takes memory from base/memory.h and its files through the fault shim. */
SLUICE_MUST_USE sluice_result sqlite_library_init(sluice_error *error);
/* Before SQLite is initialised. */
void sqlite_memory_install(void);

#endif
