/* The tables, how they came to be, and whose file it is.
 *
 * A Sluice database is known by SQLite's application_id; user_version is the number of the newest migration that ran.
 * Migrations run in order, all in one transaction, and are never changed once released: a file of any age takes the
 * same way to the present.
 *
 *   batch     the signal log: one row a batch, its bytes last, so that the columns before them are read without them
 *   meta      uuid, secret, and where the log ends: a second witness of the last batch, on another page, because a
 *             page of `batch` that lost its last row would otherwise look like a shorter log
 *   source    files under import: how far, and what came of it
 *   truth     labels, which nothing but training and evaluation reads
 *   decision  what was decided inline of a movement, when it was not simply to allow it
 *
 * Rows outside the log carry a checksum; the log's bytes carry their own. */
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/sqlite/sqlite_private.h"
#include "sys/random.h"

static const char *const MIGRATIONS[STORE_SCHEMA_VERSION] = {
    "CREATE TABLE meta("
    "  name TEXT PRIMARY KEY NOT NULL,"
    "  value BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE batch("
    "  sequence_first INTEGER PRIMARY KEY NOT NULL,"
    "  count INTEGER NOT NULL,"
    "  chain INTEGER NOT NULL,"
    "  bytes BLOB NOT NULL) STRICT;",

    "CREATE TABLE source("
    "  content_sha256 TEXT NOT NULL,"
    "  identity TEXT NOT NULL,"
    "  path TEXT NOT NULL,"
    "  complete INTEGER NOT NULL,"
    "  bytes INTEGER NOT NULL,"
    "  position_offset INTEGER NOT NULL,"
    "  position_line INTEGER NOT NULL,"
    "  position_row INTEGER NOT NULL,"
    "  transfers INTEGER NOT NULL,"
    "  withdrawals INTEGER NOT NULL,"
    "  duplicates INTEGER NOT NULL,"
    "  rejected INTEGER NOT NULL,"
    "  rounded INTEGER NOT NULL,"
    "  checksum INTEGER NOT NULL,"
    "  PRIMARY KEY(content_sha256, identity)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE truth("
    "  sequence INTEGER NOT NULL,"
    "  key TEXT NOT NULL,"
    "  label TEXT NOT NULL,"
    "  checksum INTEGER NOT NULL,"
    "  PRIMARY KEY(sequence, key, label)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE decision("
    "  sequence INTEGER PRIMARY KEY NOT NULL,"
    "  body TEXT NOT NULL,"
    "  checksum INTEGER NOT NULL) STRICT;",
};

/* uuid and secret, then their checksum. */
#define IDENTITY_BYTES (STORE_UUID_BYTES + STORE_SECRET_BYTES + 8)

void sqlite_schema_end(uint64_t sequence, uint64_t chain, unsigned char end_out[SQLITE_STORE_END_BYTES]) {
    memcpy(end_out, &sequence, sizeof sequence);
    memcpy(end_out + 8, &chain, sizeof chain);
    uint64_t checksum = hash64(end_out, 16);
    memcpy(end_out + 16, &checksum, sizeof checksum);
}

static int run(sqlite_store *s, const char *sql) {
    return sqlite3_exec(s->database, sql, NULL, NULL, NULL);
}

static int read_number(sqlite_store *s, const char *sql, int64_t *number_out) {
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(s->database, sql, -1, &query, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(query);
        *number_out = code == SQLITE_ROW ? sqlite3_column_int64(query, 0) : 0;
        code = code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
    }
    sqlite3_finalize(query);
    return code;
}

static int put_meta(sqlite_store *s, const char *name, const void *value, size_t bytes) {
    sqlite3_stmt *insert = NULL;
    int code = sqlite3_prepare_v2(s->database, "INSERT INTO meta VALUES(?, ?)", -1, &insert, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_bind_text(insert, 1, name, -1, SQLITE_STATIC);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_bind_blob64(insert, 2, value, bytes, SQLITE_STATIC);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_step(insert);
        code = code == SQLITE_DONE ? SQLITE_OK : code;
    }
    sqlite3_finalize(insert);
    return code;
}

/* Who this database is, and the secret of its hashes. */
static int put_identity(sqlite_store *s, sluice_error *error) {
    static const char DIGITS[] = "0123456789abcdef";
    unsigned char random[STORE_UUID_BYTES / 2], identity[IDENTITY_BYTES], end[SQLITE_STORE_END_BYTES];
    unsigned char *secret = identity + STORE_UUID_BYTES;
    if (!random_secret(random, sizeof random) || !random_secret(secret, STORE_SECRET_BYTES)) {
        (void)error_set(error, SLUICE_E_IO, "the system has no random numbers: is it still booting? Try again");
        return SQLITE_IOERR;
    }
    for (size_t i = 0; i < sizeof random; i++) {
        identity[2 * i] = (unsigned char)DIGITS[random[i] >> 4];
        identity[2 * i + 1] = (unsigned char)DIGITS[random[i] & 15];
    }
    uint64_t checksum = hash64(identity, IDENTITY_BYTES - 8);
    memcpy(identity + IDENTITY_BYTES - 8, &checksum, sizeof checksum);
    sqlite_schema_end(0, 0, end);
    int code = put_meta(s, "identity", identity, sizeof identity);
    return code == SQLITE_OK ? put_meta(s, "end", end, sizeof end) : code;
}

static int migrate_steps(sqlite_store *s, int64_t version, sluice_error *error) {
    int code = SQLITE_OK;
    for (int64_t next = version; code == SQLITE_OK && next < STORE_SCHEMA_VERSION; next++) {
        code = run(s, MIGRATIONS[next]);
        if (code == SQLITE_OK && next == 0) {
            code = put_identity(s, error);
        }
    }
    if (code == SQLITE_OK) {
        char *mark = sqlite3_mprintf("PRAGMA application_id=%d; PRAGMA user_version=%d", SQLITE_STORE_APPLICATION_ID,
                                     STORE_SCHEMA_VERSION);
        code = mark == NULL ? SQLITE_NOMEM : run(s, mark);
        sqlite3_free(mark);
    }
    return code;
}

static sluice_result migrate(sqlite_store *s, int64_t version, sluice_error *error) {
    if (version == STORE_SCHEMA_VERSION) {
        return SLUICE_OK;
    }
    int code = run(s, "BEGIN EXCLUSIVE");
    if (code == SQLITE_OK) {
        code = migrate_steps(s, version, error);
    }
    if (code == SQLITE_OK) {
        code = run(s, "COMMIT");
    }
    if (code == SQLITE_OK) {
        return SLUICE_OK;
    }
    sluice_result result = sqlite_failed(s, code, "write", error);
    if (sqlite3_get_autocommit(s->database) == 0) {
        (void)run(s, "ROLLBACK"); /* closing does the same */
    }
    return result;
}

static sluice_result not_sluice(const sqlite_store *s, const char *what, sluice_error *error) {
    return error_set(error, SLUICE_E_NOT_SLUICE,
                     "%s is %s: name a database that sluice made, or a new path to have one made", s->path, what);
}

/* Whose file it is, by the numbers in its head. */
static sluice_result accept(sqlite_store *s, int64_t *version_out, sluice_error *error) {
    int64_t application = 0, tables = 0;
    int code = read_number(s, "PRAGMA application_id", &application);
    if (code == SQLITE_OK) {
        code = read_number(s, "PRAGMA user_version", version_out);
    }
    if (code == SQLITE_OK) {
        code = read_number(s, "SELECT count(*) FROM sqlite_schema", &tables);
    }
    if ((code & 0xff) == SQLITE_NOTADB) {
        return not_sluice(s, "no database, or one whose first page is damaged (then restore the newest backup)", error);
    }
    if (code != SQLITE_OK) {
        return sqlite_failed(s, code, "read", error);
    }
    if (application == 0 && *version_out == 0 && tables == 0) {
        return SLUICE_OK; /* new, or its making was interrupted */
    }
    if (application != SQLITE_STORE_APPLICATION_ID) {
        return not_sluice(s, "a database of another program", error);
    }
    if (*version_out > STORE_SCHEMA_VERSION) {
        return error_set(error, SLUICE_E_NEWER,
                         "%s is of schema version %lld and this sluice knows up to %d: use the newer sluice that wrote "
                         "it, or a backup from before",
                         s->path, (long long)*version_out, STORE_SCHEMA_VERSION);
    }
    return *version_out < 1 ? sqlite_damaged(s, "its schema version is none there ever was", error) : SLUICE_OK;
}

sluice_result sqlite_schema_open(sqlite_store *s, sluice_error *error) {
    int64_t version = 0;
    sluice_result result = accept(s, &version, error);
    if (result != SLUICE_OK) {
        return result;
    }
    int64_t page_bytes = 0, unused = 0;
    int code = read_number(s, "PRAGMA page_size", &page_bytes);
    if (code != SQLITE_OK) {
        return sqlite_failed(s, code, "read", error);
    }
    result = sqlite_wal_check(s, (size_t)page_bytes, error);
    if (result != SLUICE_OK) {
        return result;
    }
    /* From here on it is ours: what it changes may be put in place when it is closed. */
    (void)sqlite3_db_config(s->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    code = read_number(s, "PRAGMA journal_mode=WAL", &unused);
    if (code != SQLITE_OK) {
        return sqlite_failed(s, code, "write", error);
    }
    return migrate(s, version, error);
}

static sluice_result load_identity(sqlite_store *s, const unsigned char *value, size_t bytes, sluice_error *error) {
    uint64_t checksum;
    if (bytes != IDENTITY_BYTES) {
        return sqlite_damaged(s, "its identity is not whole", error);
    }
    memcpy(&checksum, value + IDENTITY_BYTES - 8, sizeof checksum);
    if (checksum != hash64(value, IDENTITY_BYTES - 8)) {
        return sqlite_damaged(s, "its identity is not whole", error);
    }
    memcpy(s->base.uuid, value, STORE_UUID_BYTES);
    memcpy(s->base.secret, value + STORE_UUID_BYTES, STORE_SECRET_BYTES);
    return SLUICE_OK;
}

static sluice_result check_end(sqlite_store *s, const unsigned char *value, size_t bytes, sluice_error *error) {
    unsigned char expected[SQLITE_STORE_END_BYTES];
    sqlite_schema_end(s->sequence, s->chain, expected);
    if (bytes != sizeof expected || memcmp(value, expected, sizeof expected) != 0) {
        return sqlite_damaged(s, "its log does not end where it says", error);
    }
    return SLUICE_OK;
}

/* The log's end as the last row has it. */
static int load_log_end(sqlite_store *s) {
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(s->database,
                                  "SELECT sequence_first, count, chain FROM batch ORDER BY sequence_first DESC LIMIT 1",
                                  -1, &query, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(query);
    }
    if (code == SQLITE_ROW) {
        s->sequence = (uint64_t)sqlite3_column_int64(query, 0) + (uint64_t)sqlite3_column_int64(query, 1) - 1;
        s->chain = (uint64_t)sqlite3_column_int64(query, 2);
        code = SQLITE_OK;
    }
    sqlite3_finalize(query);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

sluice_result sqlite_schema_load(sqlite_store *s, sluice_error *error) {
    sqlite3_stmt *query = NULL;
    sluice_result result = SLUICE_OK;
    bool has_identity = false, has_end = false;
    int code = load_log_end(s);
    if (code == SQLITE_OK) {
        code = sqlite3_prepare_v2(s->database, "SELECT name, value FROM meta", -1, &query, NULL);
    }
    while (code == SQLITE_OK && result == SLUICE_OK && (code = sqlite3_step(query)) == SQLITE_ROW) {
        sluice_text name = sqlite_text(query, 0);
        const unsigned char *value = sqlite3_column_blob(query, 1);
        size_t bytes = value == NULL ? 0 : (size_t)sqlite3_column_bytes(query, 1);
        if (text_equal(name, TEXT("identity"))) {
            result = load_identity(s, value, bytes, error);
            has_identity = true;
        } else if (text_equal(name, TEXT("end"))) {
            result = check_end(s, value, bytes, error);
            has_end = true;
        }
        code = SQLITE_OK;
    }
    sqlite3_finalize(query);
    if (result == SLUICE_OK && code != SQLITE_DONE) {
        result = sqlite_failed(s, code, "read", error);
    }
    if (result == SLUICE_OK && !(has_identity && has_end)) {
        result = sqlite_damaged(s, "rows that every database has are missing", error);
    }
    return result;
}
