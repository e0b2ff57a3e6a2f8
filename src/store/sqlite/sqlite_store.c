/* The store in one SQLite file: opening, transactions and the log.
 *
 * One connection, in WAL mode with synchronous=FULL: a commit is one sequential write to `<path>-wal` and one sync, and
 * now and then a checkpoint puts the pages in place. The lock is exclusive for as long as the store is open, which also
 * spares the shared-memory file. A second connection is therefore impossible, and readers share this one under a mutex
 * that is held for one statement at a time: a reader delays the writer by the copy of one batch, and a commit delays
 * readers by its sync.
 *
 * SQLite undoes the whole transaction by itself when a statement, be it a reader's, meets an I/O error or exhausted
 * memory. Writes that followed would commit one by one; so each write first makes sure that its transaction is still
 * there.
 *
 * Cost: a commit of n bytes writes them twice in all (WAL, then place). Memory: the page cache. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "store/sqlite/sqlite_private.h"
#include "sys/file.h"

/* Measured with batches of 1 MB; see docs/operations.md. 16 KiB pages, 32 MiB of WAL between checkpoints. */
#define PRAGMAS                                                                                                        \
    "PRAGMA locking_mode=EXCLUSIVE;"                                                                                   \
    "PRAGMA page_size=16384;"                                                                                          \
    "PRAGMA synchronous=FULL;"                                                                                         \
    "PRAGMA wal_autocheckpoint=2048;"                                                                                  \
    "PRAGMA cache_size=-32768;"                                                                                        \
    "PRAGMA temp_store=MEMORY;"                                                                                        \
    "PRAGMA trusted_schema=OFF;"                                                                                       \
    "PRAGMA cell_size_check=ON;"

static const char *const STATEMENTS[STATEMENT_COUNT] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_ROLLBACK] = "ROLLBACK",
    [STATEMENT_PUT_BATCH] = "INSERT INTO batch(sequence_first, count, chain, bytes) VALUES(?, ?, ?, ?)",
    [STATEMENT_PUT_END] = "UPDATE meta SET value = ? WHERE name = 'end'",
    [STATEMENT_PUT_SOURCE] = "INSERT OR REPLACE INTO source VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [STATEMENT_PUT_TRUTH] = "INSERT OR REPLACE INTO truth VALUES(?, ?, ?, ?)",
    [STATEMENT_PUT_DECISION] = "INSERT INTO decision VALUES(?, ?, ?)",
    [STATEMENT_READ_DECISIONS] = "SELECT sequence, body, checksum FROM decision WHERE sequence >= ? ORDER BY sequence",
    [STATEMENT_FIND_SOURCE] = "SELECT * FROM source WHERE content_sha256 = ? AND identity = ?",
    [STATEMENT_READ_TRUTH] = "SELECT sequence, key, label, checksum FROM truth ORDER BY sequence, key, label",
    [STATEMENT_READ_BATCH] = ("SELECT sequence_first, count,"
                              "  (SELECT chain FROM batch WHERE sequence_first < b.sequence_first"
                              "   ORDER BY sequence_first DESC LIMIT 1), bytes"
                              " FROM batch b WHERE sequence_first <= ? ORDER BY sequence_first DESC LIMIT 1"),
    [STATEMENT_CHAIN_AT] = ("SELECT sequence_first, count, chain FROM batch WHERE sequence_first <= ?"
                            " ORDER BY sequence_first DESC LIMIT 1"),
};

static sqlite_store *of(store *s) {
    return (sqlite_store *)s;
}

sluice_result sqlite_damaged(const sqlite_store *s, const char *what, sluice_error *error) {
    return error_set(error, SLUICE_E_DAMAGED,
                     "%s is damaged: %s; restore the newest backup (sluice verify says what is left)", s->path, what);
}

static sluice_result busy(const char *path, pid_t owner, sluice_error *error) {
    if (owner == 0) {
        return error_set(error, SLUICE_E_BUSY,
                         "%s is in use by another program: close it (lsof names it) and try again", path);
    }
    return error_set(error, SLUICE_E_BUSY,
                     "%s is in use by %s %ld: wait for it or stop it, or make a copy of the file and use that", path,
                     owner == getpid() ? "this very process, number" : "process", (long)owner);
}

sluice_result sqlite_failed(sqlite_store *s, int code, const char *verb, sluice_error *error) {
    int reason = sqlite3_system_errno(s->database);
    int kind = code & 0xff;
    if (kind == SQLITE_FULL || (kind == SQLITE_IOERR && (reason == ENOSPC || reason == EDQUOT))) {
        return error_set(error, SLUICE_E_FULL,
                         "cannot %s %s: the disk is full; make room on it and go on (what was acknowledged is safe)",
                         verb, s->path);
    }
    switch (code == SQLITE_IOERR_NOMEM ? SQLITE_NOMEM : kind) {
    case SQLITE_NOMEM:
        return error_set(error, SLUICE_E_NO_MEMORY, "cannot %s %s: out of memory; close other programs", verb, s->path);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* our statements are right; so the tables are not as a migration made them */
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return sqlite_damaged(s, sqlite3_errmsg(s->database), error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return busy(s->path, 0, error);
    case SQLITE_TOOBIG:
        return error_set(error, SLUICE_E_LIMIT, "a batch is larger than 1 GB: commit smaller batches");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        return error_set(
            error, SLUICE_E_IO,
            "cannot %s %s: %s; give this user the right to read and write it and its folder (chmod, chown)", verb,
            s->path, reason != 0 ? strerror(reason) : sqlite3_errstr(code));
    default:
        return error_set(error, SLUICE_E_IO, "cannot %s %s: %s (%s); check the disk (dmesg) and try again", verb,
                         s->path, reason != 0 ? strerror(reason) : "no reason was given", sqlite3_errstr(code));
    }
}

sqlite3_stmt *sqlite_statement(sqlite_store *s, statement which) {
    sqlite3_stmt *prepared = s->statements[which];
    (void)sqlite3_reset(prepared); /* repeats the code of the last step, which was looked at then */
    return prepared;
}

sluice_result sqlite_run(sqlite_store *s, statement which, const char *verb, sluice_error *error) {
    int code = sqlite3_step(s->statements[which]);
    sluice_result result = code == SQLITE_DONE ? SLUICE_OK : sqlite_failed(s, code, verb, error);
    (void)sqlite3_reset(s->statements[which]);
    return result;
}

sluice_text sqlite_text(sqlite3_stmt *row, int column) {
    const unsigned char *text = sqlite3_column_text(row, column);
    return (sluice_text){(const char *)text, text == NULL ? 0 : (size_t)sqlite3_column_bytes(row, column)};
}

uint64_t sqlite_checksum_u64(uint64_t checksum, uint64_t value) {
    uint64_t pair[2] = {checksum, value};
    return hash64(pair, sizeof pair);
}

uint64_t sqlite_checksum_text(uint64_t checksum, sluice_text text) {
    return sqlite_checksum_u64(checksum, hash64(text.length == 0 ? "" : text.data, text.length));
}

sluice_result sqlite_require_transaction(const sqlite_store *s, sluice_error *error) {
    if (!s->in_transaction) {
        return error_set(error, SLUICE_E_INVALID, "nothing can be written outside store_begin and store_commit");
    }
    if (sqlite3_get_autocommit(s->database) != 0) {
        return error_set(error, SLUICE_E_IO,
                         "the transaction on %s was undone by an earlier error: roll back and write it again", s->path);
    }
    return SLUICE_OK;
}

static void undo(sqlite_store *s) {
    if (sqlite3_get_autocommit(s->database) == 0) {
        (void)sqlite3_step(sqlite_statement(s, STATEMENT_ROLLBACK)); /* begin looks whether it worked */
        (void)sqlite3_reset(s->statements[STATEMENT_ROLLBACK]);
    }
    s->in_transaction = false;
}

static sluice_result store_sqlite_begin(store *base, sluice_error *error) {
    sqlite_store *s = of(base);
    mutex_lock(s->lock);
    SLUICE_ASSERT(!s->in_transaction);
    undo(s);
    sluice_result result = sqlite_run(s, STATEMENT_BEGIN, "write", error);
    s->in_transaction = result == SLUICE_OK;
    s->sequence_next = s->sequence;
    s->chain_next = s->chain;
    mutex_unlock(s->lock);
    return result;
}

static void store_sqlite_rollback(store *base) {
    sqlite_store *s = of(base);
    mutex_lock(s->lock);
    undo(s);
    mutex_unlock(s->lock);
}

/* The second witness of where the log ends. */
static sluice_result put_end(sqlite_store *s, sluice_error *error) {
    unsigned char end[SQLITE_STORE_END_BYTES];
    sqlite_schema_end(s->sequence_next, s->chain_next, end);
    sqlite3_stmt *put = sqlite_statement(s, STATEMENT_PUT_END);
    int code = sqlite3_bind_blob(put, 1, end, sizeof end, SQLITE_STATIC);
    sluice_result result =
        code == SQLITE_OK ? sqlite_run(s, STATEMENT_PUT_END, "write", error) : sqlite_failed(s, code, "write", error);
    (void)sqlite3_clear_bindings(put);
    return result;
}

static sluice_result store_sqlite_commit(store *base, sluice_error *error) {
    sqlite_store *s = of(base);
    mutex_lock(s->lock);
    sluice_result result = sqlite_require_transaction(s, error);
    if (result == SLUICE_OK && s->sequence_next != s->sequence) {
        result = put_end(s, error);
    }
    if (result == SLUICE_OK) {
        result = sqlite_run(s, STATEMENT_COMMIT, "write", error);
    }
    if (result == SLUICE_OK) {
        s->sequence = s->sequence_next;
        s->chain = s->chain_next;
        s->in_transaction = false;
    }
    mutex_unlock(s->lock);
    return result;
}

static sluice_result store_sqlite_put_batch(store *base, uint64_t sequence_first, uint64_t count, uint64_t chain,
                                            const unsigned char *bytes, size_t length, sluice_error *error) {
    sqlite_store *s = of(base);
    mutex_lock(s->lock);
    sluice_result result = sqlite_require_transaction(s, error);
    if (result == SLUICE_OK && (count == 0 || sequence_first != s->sequence_next + 1 || count > INT64_MAX ||
                                sequence_first > INT64_MAX - count)) {
        result =
            error_set(error, SLUICE_E_INVALID, "a batch must follow the one before: expected sequence %llu, got %llu",
                      (unsigned long long)s->sequence_next + 1, (unsigned long long)sequence_first);
    }
    if (result == SLUICE_OK) {
        sqlite3_stmt *put = sqlite_statement(s, STATEMENT_PUT_BATCH);
        int code = sqlite3_bind_int64(put, 1, (sqlite3_int64)sequence_first);
        code = code != SQLITE_OK ? code : sqlite3_bind_int64(put, 2, (sqlite3_int64)count);
        code = code != SQLITE_OK ? code : sqlite3_bind_int64(put, 3, (sqlite3_int64)chain);
        code = code != SQLITE_OK ? code : sqlite3_bind_blob64(put, 4, bytes, length, SQLITE_STATIC);
        result = code == SQLITE_OK ? sqlite_run(s, STATEMENT_PUT_BATCH, "write", error)
                                   : sqlite_failed(s, code, "write", error);
        (void)sqlite3_clear_bindings(put); /* the bytes are the caller's */
    }
    if (result == SLUICE_OK) {
        s->sequence_next = sequence_first + count - 1;
        s->chain_next = chain;
    }
    mutex_unlock(s->lock);
    return result;
}

static void store_sqlite_log_end(const store *base, uint64_t *sequence_out, uint64_t *chain_out) {
    const sqlite_store *s = (const sqlite_store *)base;
    mutex_lock(s->lock);
    *sequence_out = s->sequence;
    *chain_out = s->chain;
    mutex_unlock(s->lock);
}

/* A batch that was read: the row, and a copy of its bytes. */
typedef struct batch_row {
    uint64_t sequence_first, count, chain_before;
    size_t length;
} batch_row;

static sluice_result take_row(sqlite_store *s, sqlite3_stmt *row, uint64_t sequence, batch_row *row_out,
                              unsigned char **bytes, size_t *bytes_capacity, sluice_error *error) {
    int64_t first = sqlite3_column_int64(row, 0), count = sqlite3_column_int64(row, 1);
    if (first < 1 || count < 1 || (uint64_t)first > sequence || sequence - (uint64_t)first >= (uint64_t)count) {
        return sqlite_damaged(s, "batches of the log are missing or overlap", error);
    }
    const void *blob = sqlite3_column_blob(row, 3);
    size_t length = blob == NULL ? 0 : (size_t)sqlite3_column_bytes(row, 3);
    if (blob == NULL) {
        int code = sqlite3_errcode(s->database);
        return code == SQLITE_ROW || code == SQLITE_OK ? sqlite_damaged(s, "a batch of the log is empty", error)
                                                       : sqlite_failed(s, code, "read", error);
    }
    if (!ARRAY_RESERVE(*bytes, *bytes_capacity, length)) {
        return error_no_memory(error, length);
    }
    memcpy(*bytes, blob, length);
    *row_out = (batch_row){(uint64_t)first, (uint64_t)count, (uint64_t)sqlite3_column_int64(row, 2), length};
    return SLUICE_OK;
}

/* Reads the committed batch that holds `sequence`. Any thread. */
static sluice_result read_batch(sqlite_store *s, uint64_t sequence, batch_row *row_out, unsigned char **bytes,
                                size_t *bytes_capacity, sluice_error *error) {
    sluice_result result;
    mutex_lock(s->lock);
    if (sequence == 0 || sequence > s->sequence) {
        result = error_set(error, SLUICE_E_NOT_FOUND, "sequence %llu is not in the log, which ends at %llu",
                           (unsigned long long)sequence, (unsigned long long)s->sequence);
    } else {
        sqlite3_stmt *query = sqlite_statement(s, STATEMENT_READ_BATCH);
        int code = sqlite3_bind_int64(query, 1, (sqlite3_int64)sequence);
        code = code == SQLITE_OK ? sqlite3_step(query) : code;
        if (code == SQLITE_ROW) {
            result = take_row(s, query, sequence, row_out, bytes, bytes_capacity, error);
        } else {
            result = code == SQLITE_DONE ? sqlite_damaged(s, "the beginning of the log is missing", error)
                                         : sqlite_failed(s, code, "read", error);
        }
        (void)sqlite3_reset(query);
    }
    mutex_unlock(s->lock);
    return result;
}

static sluice_result store_sqlite_read_batch_at(store *base, uint64_t sequence, uint64_t *sequence_first_out,
                                                uint64_t *chain_before_out, unsigned char **bytes,
                                                size_t *bytes_capacity, size_t *length_out, sluice_error *error) {
    batch_row row = {0};
    sluice_result result = read_batch(of(base), sequence, &row, bytes, bytes_capacity, error);
    if (result == SLUICE_OK) {
        *sequence_first_out = row.sequence_first;
        *chain_before_out = row.chain_before;
        *length_out = row.length;
    }
    return result;
}

static sluice_result store_sqlite_read_log(store *base, uint64_t sequence, store_visit_batch visit, void *context,
                                           sluice_error *error) {
    sqlite_store *s = of(base);
    unsigned char *bytes = NULL;
    size_t capacity = 0;
    uint64_t end = 0, chain = 0;
    sluice_result result = SLUICE_OK;
    store_sqlite_log_end(base, &end, &chain);
    bool first = true; /* the first batch may begin before what was asked for; the others follow without a gap */
    for (uint64_t next = sequence == 0 ? 1 : sequence; result == SLUICE_OK && next <= end; first = false) {
        batch_row row = {0};
        result = read_batch(s, next, &row, &bytes, &capacity, error);
        if (result == SLUICE_OK && !first && row.sequence_first != next) {
            result = sqlite_damaged(s, "batches of the log overlap", error);
        }
        if (result == SLUICE_OK) {
            result = visit(context, row.sequence_first, row.count, row.chain_before, bytes, row.length, error);
            next = row.sequence_first + row.count;
        }
    }
    memory_free(bytes);
    return result;
}

static sluice_result store_sqlite_chain_at(store *base, uint64_t sequence, uint64_t *chain_out, sluice_error *error) {
    sqlite_store *s = of(base);
    sluice_result result = SLUICE_OK;
    mutex_lock(s->lock);
    sqlite3_stmt *query = sqlite_statement(s, STATEMENT_CHAIN_AT);
    int code = sqlite3_bind_int64(query, 1, sequence > INT64_MAX ? INT64_MAX : (sqlite3_int64)sequence);
    code = code == SQLITE_OK ? sqlite3_step(query) : code;
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        result = sqlite_failed(s, code, "read", error);
    } else if (code == SQLITE_ROW && sequence <= s->sequence &&
               (uint64_t)sqlite3_column_int64(query, 0) + (uint64_t)sqlite3_column_int64(query, 1) - 1 == sequence) {
        *chain_out = (uint64_t)sqlite3_column_int64(query, 2);
    } else {
        result = error_set(error, SLUICE_E_NOT_FOUND, "no batch of the log ends at sequence %llu",
                           (unsigned long long)sequence);
    }
    (void)sqlite3_reset(query);
    mutex_unlock(s->lock);
    return result;
}

static sluice_result store_sqlite_check(store *base, sluice_error *error) {
    sqlite_store *s = of(base);
    sqlite3_stmt *query = NULL;
    sluice_result result = SLUICE_OK;
    mutex_lock(s->lock);
    int code = sqlite3_prepare_v2(s->database, "PRAGMA integrity_check(1)", -1, &query, NULL);
    code = code == SQLITE_OK ? sqlite3_step(query) : code;
    if (code != SQLITE_ROW) {
        result = sqlite_failed(s, code, "read", error);
    } else {
        const char *said = (const char *)sqlite3_column_text(query, 0);
        if (said == NULL || strcmp(said, "ok") != 0) {
            result = said == NULL ? sqlite_failed(s, SQLITE_NOMEM, "read", error) : sqlite_damaged(s, said, error);
        }
    }
    sqlite3_finalize(query);
    mutex_unlock(s->lock);
    return result;
}

static void store_free(sqlite_store *s) {
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(s->statements[i]);
    }
    (void)sqlite3_close_v2(s->database); /* what could not be put in place stays in the WAL, for the next open */
    if (s->lock != NULL) {
        mutex_fini(s->lock);
        memory_free(s->lock);
    }
    memory_free(s->path);
    memory_free(s);
}

static void store_sqlite_close(store *base) {
    sqlite_store *s = of(base);
    sqlite_claim_begin();
    store_sqlite_rollback(base);
    sqlite_claim_remove(s);
    store_free(s);
    sqlite_claim_end();
}

static const struct store_ops SQLITE_OPS = {
    .close = store_sqlite_close,
    .log_end = store_sqlite_log_end,
    .begin = store_sqlite_begin,
    .put_batch = store_sqlite_put_batch,
    .put_source = sqlite_put_source,
    .put_truth = sqlite_put_truth,
    .put_decision = sqlite_put_decision,
    .commit = store_sqlite_commit,
    .rollback = store_sqlite_rollback,
    .find_source = sqlite_find_source,
    .read_truth = sqlite_read_truth,
    .read_decisions = sqlite_read_decisions,
    .read_log = store_sqlite_read_log,
    .chain_at = store_sqlite_chain_at,
    .read_batch_at = store_sqlite_read_batch_at,
    .check = store_sqlite_check,
};

/* NULL when memory is exhausted. */
static sqlite_store *store_alloc(const char *path) {
    size_t length = strlen(path);
    sqlite_store *s = memory_new_zero(1, sizeof *s);
    if (s == NULL) {
        return NULL;
    }
    s->base.ops = &SQLITE_OPS;
    s->path = memory_new(length + 1);
    s->lock = memory_new(sizeof *s->lock);
    if (s->lock != NULL) {
        mutex_init(s->lock);
    }
    if (s->path == NULL || s->lock == NULL) {
        store_free(s);
        return NULL;
    }
    memcpy(s->path, path, length + 1);
    return s;
}

static sluice_result connect(sqlite_store *s, bool must_exist, sluice_error *error) {
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (must_exist ? 0 : SQLITE_OPEN_CREATE);
    int code = sqlite3_open_v2(s->path, &s->database, flags, SQLITE_STORE_VFS);
    if (s->database == NULL) {
        return error_no_memory(error, 0);
    }
    if (code == SQLITE_OK) {
        (void)sqlite3_db_config(s->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        code = sqlite3_exec(s->database, PRAGMAS, NULL, NULL, NULL);
    }
    if (code == SQLITE_OK && sqlite3_db_readonly(s->database, "main") == 1) {
        if (access(s->path, W_OK) == 0) { /* then it is the file's head that forbids it */
            return sqlite_damaged(s, "its head asks for a SQLite that does not exist yet", error);
        }
        code = SQLITE_READONLY;
    }
    /* Whose file it is, the schema says. */
    return code == SQLITE_OK || (code & 0xff) == SQLITE_NOTADB ? SLUICE_OK : sqlite_failed(s, code, "open", error);
}

static sluice_result prepare(sqlite_store *s, sluice_error *error) {
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        int code =
            sqlite3_prepare_v3(s->database, STATEMENTS[i], -1, SQLITE_PREPARE_PERSISTENT, &s->statements[i], NULL);
        if (code != SQLITE_OK) {
            return sqlite_failed(s, code, "read", error);
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

sluice_result store_open_sqlite(const char *path, bool must_exist, store **store_out, sluice_error *error) {
    sqlite_store *s = NULL;
    *store_out = NULL;
    sluice_result result = check_path(path, must_exist, error);
    if (result != SLUICE_OK) {
        return result;
    }
    sqlite_claim_begin();
    if (sqlite_claim_is_ours(path)) {
        result = busy(path, getpid(), error);
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
    result = connect(s, must_exist, error);
    if (result == SLUICE_OK) {
        result = sqlite_schema_open(s, error);
    }
    if (result == SLUICE_OK) {
        result = sqlite_schema_load(s, error);
    }
    if (result == SLUICE_OK) {
        result = prepare(s, error);
    }
    if (result == SLUICE_OK) {
        sqlite_claim_add(s);
        *store_out = &s->base;
        goto out;
    }
    store_free(s);
    if (result == SLUICE_E_BUSY) {
        result = busy(path, sqlite_claim_owner(path), error);
    }
out:
    sqlite_claim_end();
    return result;
}
