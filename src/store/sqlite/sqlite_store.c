/* The store in one SQLite file: opening, transactions, closing. connection.c has the connections, sql.c runs
 * statements, schema.c makes the tables, vfs.c and shm.c are the files below.
 *
 * WAL mode with synchronous=FULL: a commit is one sequential write to `<path>-wal` and one sync, and now and then a
 * checkpoint puts the pages in place. One connection writes, and its lock is exclusive for as long as the store is
 * open; readers have connections of their own, which see what is committed.
 *
 * SQLite undoes the whole transaction by itself when a statement meets an I/O error or exhausted memory. Writes that
 * followed would commit one by one; so each write first makes sure that its transaction is still there.
 *
 * Cost: a commit of n bytes writes them twice in all (WAL, then place). Memory: the page caches, 32 MiB for the writer
 * and up to 8 times 8 MiB for readers. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/sqlite/sqlite_private.h"
#include "sys/file.h"

sluice_result sqlite_require_transaction(sqlite_store *s, sluice_error *error) {
    sluice_result result = store_require_writing(&s->base, error);
    if (result == SLUICE_OK && sqlite3_get_autocommit(s->writer.database) != 0) {
        result = error_set(error, SLUICE_E_IO,
                           "the transaction on %s was undone by an earlier error: roll back and write it again",
                           s->base.name);
    }
    return result;
}

/* Prepared at open: memory may be exhausted when they are needed. */
static const char BEGIN[] = "BEGIN IMMEDIATE", COMMIT[] = "COMMIT", ROLLBACK[] = "ROLLBACK";
static const char *const TRANSACTION_STATEMENTS[] = {BEGIN, COMMIT, ROLLBACK, NULL};

static void store_sqlite_rollback(store *base) {
    sqlite_store *s = sqlite_of(base);
    if (sqlite3_get_autocommit(s->writer.database) == 0) {
        (void)sqlite_run(&s->writer, ROLLBACK, NULL); /* begin looks whether it worked */
    }
}

static sluice_result store_sqlite_begin(store *base, sluice_error *error) {
    store_sqlite_rollback(base);
    return sqlite_run(&sqlite_of(base)->writer, BEGIN, error);
}

static sluice_result store_sqlite_commit(store *base, sluice_error *error) {
    sqlite_store *s = sqlite_of(base);
    sluice_result result = sqlite_require_transaction(s, error);
    return result == SLUICE_OK ? sqlite_run(&s->writer, COMMIT, error) : result;
}

static sluice_result store_sqlite_check(store *base, sluice_error *error) {
    sqlite_store *s = sqlite_of(base);
    sqlite_connection *c = NULL;
    sqlite3_stmt *query = NULL;
    sluice_result result = sqlite_reader_take(s, true, &c, error);
    if (result != SLUICE_OK) {
        return result;
    }
    int code = sqlite3_prepare_v2(c->database, "PRAGMA integrity_check(1)", -1, &query, NULL);
    code = code == SQLITE_OK ? sqlite3_step(query) : code;
    if (code != SQLITE_ROW) {
        result = sqlite_failed(c, code, "read", error);
    } else {
        const char *said = (const char *)sqlite3_column_text(query, 0);
        if (said == NULL || strcmp(said, "ok") != 0) {
            result = said == NULL ? sqlite_failed(c, SQLITE_NOMEM, "read", error) : store_damaged(base, said, error);
        }
    }
    sqlite3_finalize(query);
    sqlite_reader_give(s, true, c);
    return result;
}

static void store_free(sqlite_store *s) {
    sqlite_readers_close(s);
    reader_pool_fini(&s->readers);
    sqlite_disconnect(&s->writer);
    store_fini(&s->base);
    memory_free(s);
}

static void store_sqlite_close(store *base) {
    sqlite_store *s = sqlite_of(base);
    sqlite_claim_begin();
    sqlite_claim_remove(s); /* closing undoes what was not committed */
    store_free(s);
    sqlite_claim_end();
}

/* Its planner is told which index to go by (record_plan.c); statistics would change its mind. */
static sluice_result store_sqlite_settle(store *base, sluice_error *error) {
    (void)base;
    (void)error;
    return SLUICE_OK;
}

static const struct store_ops SQLITE_OPS = {
    .dialect = &SQLITE_DIALECT,
    .close = store_sqlite_close,
    .begin = store_sqlite_begin,
    .commit = store_sqlite_commit,
    .rollback = store_sqlite_rollback,
    .check = store_sqlite_check,
    .execute = sqlite_execute,
    .query = sqlite_query,
    .view = sqlite_view_open,
    .settle = store_sqlite_settle,
};

/* NULL when memory is exhausted. */
static sqlite_store *store_alloc(const char *path) {
    sqlite_store *s = memory_new_zero(1, sizeof *s);
    if (s == NULL) {
        return NULL;
    }
    reader_pool_init(&s->readers);
    if (!store_init(&s->base, &SQLITE_OPS, path)) {
        store_free(s);
        return NULL;
    }
    return s;
}

/* They fail when the tables are not as a migration made them. */
static sluice_result prepare_all(sqlite_store *s, const char *const *texts, sluice_error *error) {
    for (; *texts != NULL; texts++) {
        sqlite3_stmt *statement = NULL;
        int code = sqlite_statement(&s->writer, *texts, &statement);
        if (code != SQLITE_OK) {
            return sqlite_failed(&s->writer, code, "read", error);
        }
    }
    return SLUICE_OK;
}

static sluice_result check_path(const char *path, bool must_exist, sluice_error *error) {
    if (path[0] == '\0' || path[0] == ':') {
        return error_set(error, SLUICE_E_INVALID, "'%s' is no path of a database: name a file, such as city.sluice",
                         path);
    }
    switch (file_kind_of(path)) {
    case FILE_ABSENT:
        return must_exist ? error_set(error, SLUICE_E_NOT_FOUND,
                                      "there is no database %s: check the path, or make one with sluice import --db %s",
                                      path, path)
                          : SLUICE_OK;
    case FILE_FOLDER:
        return error_set(error, SLUICE_E_IO, "%s is a folder: name a file in it, such as %s/city.sluice", path, path);
    case FILE_REGULAR:
        return SLUICE_OK;
    case FILE_OTHER:
    default:
        return error_set(error, SLUICE_E_IO,
                         "%s cannot be a database (no right to its folder, or a pipe or device): name another file",
                         path);
    }
}

sluice_result sqlite_open(const char *path, bool must_exist, bool is_copy, store **store_out, sluice_error *error) {
    sqlite_store *s = NULL;
    *store_out = NULL;
    sluice_result result = check_path(path, must_exist, error);
    if (result != SLUICE_OK) {
        return result;
    }
    sqlite_claim_begin();
    if (sqlite_claim_is_ours(path)) {
        result = sqlite_busy(path, getpid(), error);
        goto out;
    }
    result = sqlite_library_init(error);
    if (result != SLUICE_OK) {
        goto out;
    }
    s = store_alloc(path);
    if (s == NULL) {
        result = error_no_memory(error, sizeof *s);
        goto out;
    }
    result = sqlite_connect(s, must_exist, error);
    if (result == SLUICE_OK) {
        result = sqlite_schema_open(s, must_exist, is_copy, error);
    }
    if (result == SLUICE_OK) {
        result = prepare_all(s, TRANSACTION_STATEMENTS, error);
    }
    if (result == SLUICE_OK) {
        result = prepare_all(s, STORE_LOG_STATEMENTS, error);
    }
    if (result == SLUICE_OK) {
        result = prepare_all(s, STORE_BESIDE_STATEMENTS, error);
    }
    if (result == SLUICE_OK) {
        result = prepare_all(s, STORE_IMPORT_STATEMENTS, error);
    }
    if (result == SLUICE_OK) {
        result = store_load_meta(&s->base, is_copy, error);
    }
    if (result == SLUICE_OK) {
        sqlite_claim_add(s);
        *store_out = &s->base;
        goto out;
    }
    store_free(s);
    if (result == SLUICE_E_BUSY) {
        result = sqlite_busy(path, sqlite_claim_owner(path), error);
    }
out:
    sqlite_claim_end();
    return result;
}
