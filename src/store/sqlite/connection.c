/* Connections to one SQLite file: the writer's, and a few for readers.
 *
 * All are in WAL mode. The writer's holds the lock that keeps other processes out (vfs.c); a reader's sees what was
 * committed when its statement began, and neither waits for the other.
 *
 * What is committed lies in the WAL until a checkpoint puts it in place. A checkpoint can go no further than what the
 * oldest reader sees, and the WAL begins anew only when all of it is in place; so with readers at all times it would
 * grow without end. When it is four times as long as it should be, readers are kept out for one checkpoint: a moment,
 * because each holds its connection for one statement; while a long one is under way (a backup, an integrity check)
 * that is not done. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "store/sqlite/sqlite_private.h"

/* A decision waits for its commit, which writes each page whole that it touched: small pages. Imports in batches of 1
 * MB are as fast with larger ones (bench/results.md); a file keeps those that it was made with. */
#define PRAGMAS                                                                                                        \
    "PRAGMA page_size=4096;"                                                                                           \
    "PRAGMA synchronous=FULL;"                                                                                         \
    "PRAGMA cache_size=-32768;"                                                                                        \
    "PRAGMA temp_store=MEMORY;"                                                                                        \
    "PRAGMA trusted_schema=OFF;"                                                                                       \
    "PRAGMA cell_size_check=ON;"
#define READER_PRAGMAS                                                                                                 \
    "PRAGMA query_only=ON;"                                                                                            \
    "PRAGMA cache_size=-8192;"                                                                                         \
    "PRAGMA temp_store=MEMORY;"                                                                                        \
    "PRAGMA trusted_schema=OFF;"                                                                                       \
    "PRAGMA cell_size_check=ON;"

#define WAL_PAGES 8192      /* then what is committed is put in place, as far as readers allow, … */
#define WAL_PAGES_SMALL 256 /* … and of small commits, whose senders wait, sooner: 0.3 ms at a time */
#define COMMIT_PAGES_SMALL 64
#define WAL_PAGES_WAIT 32768 /* then readers are kept out for a moment, so that all of it is */

sluice_result sqlite_busy(const char *path, pid_t owner, sluice_error *error) {
    if (owner == 0) {
        return error_set(error, SLUICE_E_BUSY,
                         "%s is in use by another program: close it (lsof names it) and try again", path);
    }
    return error_set(error, SLUICE_E_BUSY,
                     "%s is in use by %s %ld: wait for it or stop it, or make a copy of the file and use that", path,
                     owner == getpid() ? "this very process, number" : "process", (long)owner);
}

sluice_result sqlite_failed(const sqlite_connection *c, int code, const char *verb, sluice_error *error) {
    const sqlite_store *s = c->store;
    int reason = sqlite3_system_errno(c->database);
    int kind = code & 0xff;
    if (kind == SQLITE_FULL || (kind == SQLITE_IOERR && (reason == ENOSPC || reason == EDQUOT))) {
        return error_set(error, SLUICE_E_FULL,
                         "cannot %s %s: the disk is full; make room on it and go on (what was acknowledged is safe)",
                         verb, s->base.name);
    }
    switch (code == SQLITE_IOERR_NOMEM ? SQLITE_NOMEM : kind) {
    case SQLITE_NOMEM:
        return error_set(error, SLUICE_E_NO_MEMORY, "cannot %s %s: out of memory; close other programs", verb,
                         s->base.name);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* our statements are right; so the tables are not as a migration made them */
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return store_damaged(&s->base, sqlite3_errmsg(c->database), error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return sqlite_busy(s->base.name, 0, error);
    case SQLITE_TOOBIG:
        return error_set(error, SLUICE_E_LIMIT, "a batch is larger than 1 GB: commit smaller batches");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        if (reason == ENOENT) {
            return error_set(error, SLUICE_E_IO,
                             "cannot %s %s: its folder is not there, or this user may not make files in it; make the "
                             "folder (mkdir -p), or give the right to it (chmod, chown)",
                             verb, s->base.name);
        }
        return error_set(
            error, SLUICE_E_IO,
            "cannot %s %s: %s; give this user the right to read and write it and its folder (chmod, chown)", verb,
            s->base.name, reason != 0 ? strerror(reason) : sqlite3_errstr(code));
    default:
        return error_set(error, SLUICE_E_IO, "cannot %s %s: %s (%s); check the disk (dmesg) and try again", verb,
                         s->base.name, reason != 0 ? strerror(reason) : "no reason was given", sqlite3_errstr(code));
    }
}

static void drop_statement(void *statement) {
    sqlite3_finalize(statement);
}

void sqlite_disconnect(sqlite_connection *c) {
    statement_cache_clear(&c->cache, drop_statement);
    (void)sqlite3_close_v2(c->database); /* what could not be put in place stays in the WAL, for the next open */
    c->database = NULL;
}

/* Called by SQLite after each commit with the length of the WAL. A checkpoint that fails loses nothing and is tried
 * again with the next ones. */
static int after_commit(void *context, sqlite3 *database, const char *name, int pages) {
    sqlite_store *s = context;
    bool began_anew = pages < s->wal_pages;
    int commit_pages = began_anew ? pages : pages - s->wal_pages;
    s->wal_pages = pages;
    s->wal_pages_placed = began_anew ? 0 : s->wal_pages_placed;
    if (pages - s->wal_pages_placed < (commit_pages <= COMMIT_PAGES_SMALL ? WAL_PAGES_SMALL : WAL_PAGES)) {
        return SQLITE_OK;
    }
    s->wal_pages_placed = pages;
    bool held = pages >= WAL_PAGES_WAIT && reader_pool_hold(&s->readers);
    (void)sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (held) {
        reader_pool_release(&s->readers);
    }
    return SQLITE_OK;
}

sluice_result sqlite_connect(sqlite_store *s, bool must_exist, sluice_error *error) {
    sqlite_connection *c = &s->writer;
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (must_exist ? 0 : SQLITE_OPEN_CREATE);
    c->store = s;
    int code = sqlite3_open_v2(s->base.name, &c->database, flags, SQLITE_STORE_VFS);
    if (c->database == NULL) {
        return error_no_memory(error, 0);
    }
    if (code == SQLITE_OK) {
        (void)sqlite3_db_config(c->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        (void)sqlite3_wal_hook(c->database, after_commit, s);
        code = sqlite3_exec(c->database, PRAGMAS, NULL, NULL, NULL);
    }
    if (code == SQLITE_OK && sqlite3_db_readonly(c->database, "main") == 1) {
        if (access(s->base.name, W_OK) == 0) { /* then it is the file's head that forbids it */
            return store_damaged(&s->base, "its head asks for a SQLite that does not exist yet", error);
        }
        code = SQLITE_READONLY;
    }
    /* Whose file it is, the schema says. */
    return code == SQLITE_OK || (code & 0xff) == SQLITE_NOTADB ? SLUICE_OK : sqlite_failed(c, code, "open", error);
}

static sluice_result reader_open(sqlite_store *s, sqlite_connection **connection_out, sluice_error *error) {
    sqlite_connection *c = memory_new_zero(1, sizeof *c);
    if (c == NULL) {
        return error_no_memory(error, sizeof *c);
    }
    c->store = s;
    /* By its whole path: the process may have changed its folder since. */
    int code =
        sqlite3_open_v2(sqlite3_db_filename(s->writer.database, "main"), &c->database,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, SQLITE_STORE_READER_VFS);
    if (code == SQLITE_OK) {
        (void)sqlite3_db_config(c->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        code = sqlite3_exec(c->database, READER_PRAGMAS, NULL, NULL, NULL);
    }
    if (code != SQLITE_OK) {
        sluice_result result =
            c->database == NULL ? error_no_memory(error, sizeof *c) : sqlite_failed(c, code, "read", error);
        sqlite_disconnect(c);
        memory_free(c);
        return result;
    }
    *connection_out = c;
    return SLUICE_OK;
}

sluice_result sqlite_reader_take(sqlite_store *s, bool is_long, sqlite_connection **connection_out,
                                 sluice_error *error) {
    if (store_is_writing(&s->base)) {
        *connection_out = &s->writer;
        return SLUICE_OK;
    }
    *connection_out = reader_pool_take(&s->readers, is_long);
    if (*connection_out != NULL) {
        return SLUICE_OK;
    }
    sluice_result result = reader_open(s, connection_out, error);
    if (result != SLUICE_OK) {
        reader_pool_give(&s->readers, NULL, is_long);
    }
    return result;
}

void sqlite_reader_give(sqlite_store *s, bool is_long, sqlite_connection *c) {
    if (c != &s->writer) {
        reader_pool_give(&s->readers, c, is_long);
    }
}

void sqlite_readers_close(sqlite_store *s) {
    sqlite_connection *c;
    while ((c = reader_pool_take_idle(&s->readers)) != NULL) {
        sqlite_disconnect(c);
        memory_free(c);
    }
}
