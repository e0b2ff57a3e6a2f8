/* The SQLite store's inside, shared by the files of this folder. */
#ifndef STORE_SQLITE_SQLITE_PRIVATE_H
#define STORE_SQLITE_SQLITE_PRIVATE_H

#include <sqlite3.h>
#include <sys/types.h>

#include "store/reader_pool.h"
#include "store/statement_cache.h"
#include "store/store_private.h"
#include "sys/thread.h"

#define SQLITE_STORE_APPLICATION_ID 0x534C4345 /* "SLCE" */
#define SQLITE_STORE_VFS "sluice"
#define SQLITE_STORE_READER_VFS "sluice-reader"

/* Used by one thread at a time. */
typedef struct sqlite_connection {
    struct sqlite_store *store;
    sqlite3 *database;
    statement_cache cache;
} sqlite_connection;

typedef struct sqlite_store {
    store base; /* its name is the path */

    dev_t device; /* of the file: who it is, whatever it is called */
    ino_t inode;
    struct sqlite_store *next; /* in claim.c's list */

    reader_pool readers; /* of sqlite_connection */

    sqlite_connection writer;        /* of the thread that writes */
    int wal_pages, wal_pages_placed; /* at the last commit, at the last checkpoint; writer only */
} sqlite_store;

static inline sqlite_store *sqlite_of(store *s) {
    return (sqlite_store *)s;
}

/* connection.c */
/* Opens the writer's connection, whose file is then locked. */
SLUICE_MUST_USE sluice_result sqlite_connect(sqlite_store *s, bool must_exist, sluice_error *error);
void sqlite_disconnect(sqlite_connection *c);
/* A connection for one reader: the writer's own in its transaction, else one that sees what is committed. `is_long`:
 * for more than one statement of a moment. */
SLUICE_MUST_USE sluice_result sqlite_reader_take(sqlite_store *s, bool is_long, sqlite_connection **connection_out,
                                                 sluice_error *error);
void sqlite_reader_give(sqlite_store *s, bool is_long, sqlite_connection *c);
void sqlite_readers_close(sqlite_store *s);
/* Code and text for a failed call on the connection. `verb` is "read" or "write". */
sluice_result sqlite_failed(const sqlite_connection *c, int code, const char *verb, sluice_error *error);
sluice_result sqlite_busy(const char *path, pid_t owner, sluice_error *error);

/* sql.c */
extern const sql_dialect SQLITE_DIALECT;
/* The statement, kept prepared and reset; an SQLite code. */
int sqlite_statement(sqlite_connection *c, const char *text, sqlite3_stmt **statement_out);
/* Runs a statement without parameters and rows. */
sluice_result sqlite_run(sqlite_connection *c, const char *text, sluice_error *error);
sluice_result sqlite_execute(store *s, const sql_statement *statement, uint64_t *changed_out, sluice_error *error);
sluice_result sqlite_query(store *s, const sql_statement *statement, sql_visit visit, void *context,
                           sluice_error *error);
sluice_result sqlite_query_on(sqlite_connection *c, const sql_statement *statement, sql_visit visit, void *context,
                              sluice_error *error);

/* view.c */
sluice_result sqlite_view_open(store *s, store **view_out, sluice_error *error);

/* sqlite_store.c */
/* INVALID, or what lost it, when no transaction is under way. */
sluice_result sqlite_require_transaction(sqlite_store *s, sluice_error *error);

/* schema.c: creates the tables in a new file, migrates those of an older version; refuses a foreign or newer file. */
SLUICE_MUST_USE sluice_result sqlite_schema_open(sqlite_store *s, bool must_exist, bool is_copy, sluice_error *error);

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
