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
 *   import    numbers of what was imported, and by which record of the log it was withdrawn
 *   import_part  which sequences are an import's own, and which it found there already
 *   record_table  the tables of the desk's records, which are made from their descriptions (record_tables.c)
 *
 * Rows outside the log carry a checksum; the log's bytes carry their own. */
#include "base/error.h"
#include "store/sqlite/sqlite_private.h"

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

    "CREATE TABLE record_table("
    "  name TEXT PRIMARY KEY NOT NULL,"
    "  shape TEXT NOT NULL,"
    "  next_id INTEGER NOT NULL,"
    "  checksum INTEGER NOT NULL) STRICT, WITHOUT ROWID;",

    "CREATE TABLE import("
    "  number INTEGER PRIMARY KEY NOT NULL,"
    "  content_sha256 TEXT NOT NULL,"
    "  identity TEXT NOT NULL,"
    "  withdrawn INTEGER NOT NULL,"
    "  checksum INTEGER NOT NULL) STRICT;"
    "CREATE TABLE import_part("
    "  is_repeat INTEGER NOT NULL,"
    "  import INTEGER NOT NULL,"
    "  sequence_first INTEGER NOT NULL,"
    "  sequence_last INTEGER NOT NULL,"
    "  checksum INTEGER NOT NULL,"
    "  PRIMARY KEY(is_repeat, import, sequence_first, sequence_last)) STRICT, WITHOUT ROWID;",
};

static int run(sqlite_store *s, const char *sql) {
    return sqlite3_exec(s->writer.database, sql, NULL, NULL, NULL);
}

static int read_number(sqlite_store *s, const char *sql, int64_t *number_out) {
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(s->writer.database, sql, -1, &query, NULL);
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
    int code = sqlite3_prepare_v2(s->writer.database, "INSERT INTO meta VALUES(?, ?)", -1, &insert, NULL);
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
static int put_identity(sqlite_store *s, bool is_copy, sluice_error *error) {
    unsigned char identity[STORE_IDENTITY_BYTES], end[STORE_END_BYTES];
    if (store_identity_new(identity, error) != SLUICE_OK) {
        return SQLITE_IOERR;
    }
    store_end_encode((store_end){0, 0}, end);
    int code = put_meta(s, "identity", identity, sizeof identity);
    code = code == SQLITE_OK ? put_meta(s, "end", end, sizeof end) : code;
    return code == SQLITE_OK && is_copy ? put_meta(s, "copy", STORE_COPY_BEGUN, sizeof STORE_COPY_BEGUN - 1) : code;
}

static int migrate_steps(sqlite_store *s, int64_t version, bool is_copy, sluice_error *error) {
    int code = SQLITE_OK;
    for (int64_t next = version; code == SQLITE_OK && next < STORE_SCHEMA_VERSION; next++) {
        code = run(s, MIGRATIONS[next]);
        if (code == SQLITE_OK && next == 0) {
            code = put_identity(s, is_copy, error);
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

static sluice_result migrate(sqlite_store *s, int64_t version, bool is_copy, sluice_error *error) {
    if (version == STORE_SCHEMA_VERSION) {
        return SLUICE_OK;
    }
    int code = run(s, "BEGIN EXCLUSIVE");
    if (code == SQLITE_OK) {
        code = migrate_steps(s, version, is_copy, error);
    }
    if (code == SQLITE_OK) {
        code = run(s, "COMMIT");
    }
    if (code == SQLITE_OK) {
        return SLUICE_OK;
    }
    sluice_result result = sqlite_failed(&s->writer, code, "write", error);
    if (sqlite3_get_autocommit(s->writer.database) == 0) {
        (void)run(s, "ROLLBACK"); /* closing does the same */
    }
    return result;
}

static sluice_result not_sluice(const sqlite_store *s, const char *what, sluice_error *error) {
    return error_set(error, SLUICE_E_NOT_SLUICE,
                     "%s is %s: name a database that sluice made, or a new path to have one made", s->base.name, what);
}

/* Whose file it is, by the numbers in its head. */
static sluice_result accept(sqlite_store *s, bool must_exist, int64_t *version_out, sluice_error *error) {
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
        return sqlite_failed(&s->writer, code, "read", error);
    }
    if (application == 0 && *version_out == 0 && tables == 0) {
        /* New, or its making was interrupted. */
        return must_exist
                   ? error_set(error, SLUICE_E_NOT_FOUND,
                               "%s is empty: no database was made in it. Check the name, or make one with sluice "
                               "import --db",
                               s->base.name)
                   : SLUICE_OK;
    }
    if (application != SQLITE_STORE_APPLICATION_ID) {
        return not_sluice(s, "a database of another program", error);
    }
    if (*version_out > STORE_SCHEMA_VERSION) {
        return error_set(error, SLUICE_E_NEWER,
                         "%s is of schema version %lld and this sluice knows up to %d: use the newer sluice that wrote "
                         "it, or a backup from before",
                         s->base.name, (long long)*version_out, STORE_SCHEMA_VERSION);
    }
    return *version_out < 1 ? store_damaged(&s->base, "its schema version is none there ever was", error) : SLUICE_OK;
}

sluice_result sqlite_schema_open(sqlite_store *s, bool must_exist, bool is_copy, sluice_error *error) {
    int64_t version = 0;
    sluice_result result = accept(s, must_exist, &version, error);
    if (result != SLUICE_OK) {
        return result;
    }
    int64_t page_bytes = 0, unused = 0;
    int code = read_number(s, "PRAGMA page_size", &page_bytes);
    if (code != SQLITE_OK) {
        return sqlite_failed(&s->writer, code, "read", error);
    }
    result = sqlite_wal_check(s, (size_t)page_bytes, error);
    if (result != SLUICE_OK) {
        return result;
    }
    /* From here on it is ours: what it changes may be put in place when it is closed. */
    (void)sqlite3_db_config(s->writer.database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    code = read_number(s, "PRAGMA journal_mode=WAL", &unused);
    if (code != SQLITE_OK) {
        return sqlite_failed(&s->writer, code, "write", error);
    }
    return migrate(s, version, is_copy, error);
}
