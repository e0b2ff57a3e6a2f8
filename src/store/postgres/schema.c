/* The tables in the schema `sluice` of a PostgreSQL database. They are those of SQLite's schema.c; texts are ordered by
 * their bytes, and batches are not compressed, because they are dense already. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "store/postgres/postgres_private.h"

#define TEXT_TYPE "TEXT COLLATE \"C\" NOT NULL"

#define IMPORT_TABLES                                                                                                  \
    "CREATE TABLE import(number BIGINT PRIMARY KEY, content_sha256 " TEXT_TYPE ", identity " TEXT_TYPE ","             \
    "  withdrawn BIGINT NOT NULL, checksum BIGINT NOT NULL);"                                                          \
    "CREATE TABLE import_part(is_repeat BIGINT NOT NULL, import BIGINT NOT NULL, sequence_first BIGINT NOT NULL,"      \
    "  sequence_last BIGINT NOT NULL, checksum BIGINT NOT NULL,"                                                       \
    "  PRIMARY KEY(is_repeat, import, sequence_first, sequence_last));"

static const char TABLES[] =
    "CREATE SCHEMA IF NOT EXISTS sluice;"
    "CREATE TABLE meta(name " TEXT_TYPE " PRIMARY KEY, value BYTEA NOT NULL);"
    "CREATE TABLE owner(token " TEXT_TYPE ", process BIGINT NOT NULL, host " TEXT_TYPE ", since TIMESTAMPTZ NOT NULL,"
    "  commit BIGINT NOT NULL);"
    "CREATE TABLE batch(sequence_first BIGINT PRIMARY KEY, count BIGINT NOT NULL, chain BIGINT NOT NULL,"
    "  bytes BYTEA NOT NULL);"
    "ALTER TABLE batch ALTER bytes SET STORAGE EXTERNAL;"
    "CREATE TABLE source(content_sha256 " TEXT_TYPE ", identity " TEXT_TYPE ", path " TEXT_TYPE ","
    "  complete BIGINT NOT NULL, bytes BIGINT NOT NULL, position_offset BIGINT NOT NULL, position_line BIGINT NOT NULL,"
    "  position_row BIGINT NOT NULL, transfers BIGINT NOT NULL, withdrawals BIGINT NOT NULL,"
    "  duplicates BIGINT NOT NULL, rejected BIGINT NOT NULL, rounded BIGINT NOT NULL, checksum BIGINT NOT NULL,"
    "  PRIMARY KEY(content_sha256, identity));"
    "CREATE TABLE truth(sequence BIGINT NOT NULL, key " TEXT_TYPE ", label " TEXT_TYPE ", checksum BIGINT NOT NULL,"
    "  PRIMARY KEY(sequence, key, label));"
    "CREATE TABLE decision(sequence BIGINT PRIMARY KEY, body TEXT NOT NULL, checksum BIGINT NOT NULL);"
    "CREATE TABLE record_table(name " TEXT_TYPE " PRIMARY KEY, shape TEXT NOT NULL, next_id BIGINT NOT NULL,"
    "  checksum BIGINT NOT NULL);" IMPORT_TABLES;

/* From version 5, the first that servers had; each leads to the next. */
#define VERSION_FIRST 5
static const char *const MIGRATIONS[STORE_SCHEMA_VERSION - VERSION_FIRST] = {IMPORT_TABLES};

static void write_hex(const unsigned char *bytes, size_t length, char *out) {
    for (size_t i = 0; i < length; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    }
}

static const char COPY_ROW[] = ", ('copy', '" STORE_COPY_BEGUN "')";

static sluice_result create(postgres_store *s, bool is_copy, sluice_error *error) {
    unsigned char identity[STORE_IDENTITY_BYTES], end[STORE_END_BYTES];
    char identity_hex[2 * STORE_IDENTITY_BYTES + 1], end_hex[2 * STORE_END_BYTES + 1], text[600];
    sluice_result result = store_identity_new(identity, error);
    if (result != SLUICE_OK) {
        return result;
    }
    store_end_encode((store_end){0, 0}, end);
    write_hex(identity, sizeof identity, identity_hex);
    write_hex(end, sizeof end, end_hex);
    (void)snprintf(text, sizeof text,
                   "INSERT INTO meta VALUES('identity', decode('%s', 'hex')), ('end', decode('%s', 'hex')),"
                   " ('schema', decode('%08x', 'hex'))%s; COMMIT",
                   identity_hex, end_hex, (unsigned)STORE_SCHEMA_VERSION, is_copy ? COPY_ROW : "");
    result = postgres_run(&s->writer, "BEGIN", NULL, 0, error);
    if (result == SLUICE_OK) {
        result = postgres_run(&s->writer, TABLES, NULL, 0, error);
    }
    if (result == SLUICE_OK) {
        result = postgres_run(&s->writer, text, NULL, 0, error);
    }
    if (result != SLUICE_OK && !postgres_is_lost(&s->writer)) {
        (void)postgres_run(&s->writer, "ROLLBACK", NULL, 0, NULL);
    }
    return result;
}

static sluice_result migrate(postgres_store *s, unsigned long version, sluice_error *error) {
    char text[100];
    sluice_result result = postgres_run(&s->writer, "BEGIN", NULL, 0, error);
    for (unsigned long next = version; result == SLUICE_OK && next < STORE_SCHEMA_VERSION; next++) {
        result = postgres_run(&s->writer, MIGRATIONS[next - VERSION_FIRST], NULL, 0, error);
    }
    (void)snprintf(text, sizeof text, "UPDATE meta SET value = decode('%08x', 'hex') WHERE name = 'schema'; COMMIT",
                   (unsigned)STORE_SCHEMA_VERSION);
    if (result == SLUICE_OK) {
        result = postgres_run(&s->writer, text, NULL, 0, error);
    }
    if (result != SLUICE_OK && !postgres_is_lost(&s->writer)) {
        (void)postgres_run(&s->writer, "ROLLBACK", NULL, 0, NULL);
    }
    return result;
}

sluice_result postgres_schema_open(postgres_store *s, bool must_exist, bool is_copy, sluice_error *error) {
    char there[16], version_text[32];
    unsigned long version = 0;
    sluice_result result =
        postgres_run(&s->writer, "SELECT to_regclass('sluice.meta') IS NOT NULL", there, sizeof there, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (strcmp(there, "t") != 0) {
        return must_exist ? error_set(error, SLUICE_E_NOT_FOUND,
                                      "there is no sluice in %s: check the location, or make one with sluice import "
                                      "--db or sluice migrate --to",
                                      s->base.name)
                          : create(s, is_copy, error);
    }
    result = postgres_run(&s->writer, "SELECT encode(value, 'hex') FROM meta WHERE name = 'schema'", version_text,
                          sizeof version_text, error);
    if (result == SLUICE_OK && ((version = strtoul(version_text, NULL, 16)) < VERSION_FIRST)) {
        result = error_set(error, SLUICE_E_NOT_SLUICE,
                           "the schema sluice in %s is of another program: name another database", s->base.name);
    }
    if (result == SLUICE_OK && version > STORE_SCHEMA_VERSION) {
        result =
            error_set(error, SLUICE_E_NEWER,
                      "%s is of schema version %lu and this sluice knows up to %d: use the newer sluice that wrote "
                      "it, or a backup from before",
                      s->base.name, version, STORE_SCHEMA_VERSION);
    }
    return result == SLUICE_OK && version < STORE_SCHEMA_VERSION ? migrate(s, version, error) : result;
}
