/* Statements on SQLite: prepared once per connection, found by their text. */
#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "store/sqlite/sqlite_private.h"

#define COLUMNS_MAX 80

const sql_dialect SQLITE_DIALECT = {.integer = "INTEGER",
                                    .id = "INTEGER PRIMARY KEY NOT NULL",
                                    .text = "TEXT",
                                    .bytes = "BLOB",
                                    .table_end = " STRICT",
                                    .is_told_the_index = true,
                                    .index_end = ""}; /* the rowid, which is the id, is in every index */

static void drop_statement(void *statement) {
    sqlite3_finalize(statement);
}

/* SQLite numbers parameters by their first appearance. */
static bool is_in_order(sqlite3_stmt *statement) {
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++) {
        const char *name = sqlite3_bind_parameter_name(statement, i);
        int number = 0;
        for (const char *digit = name == NULL ? "" : name + 1; *digit != '\0'; digit++) {
            number = number * 10 + (*digit - '0');
        }
        if (number != i) {
            return false;
        }
    }
    return true;
}

int sqlite_statement(sqlite_connection *c, const char *text, sqlite3_stmt **statement_out) {
    sqlite3_stmt *statement = statement_cache_find(&c->cache, text);
    if (statement != NULL) {
        *statement_out = statement;
        return SQLITE_OK;
    }
    if (statement_cache_is_full(&c->cache)) {
        statement_cache_clear(&c->cache, drop_statement);
    }
    int code = sqlite3_prepare_v3(c->database, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    if (code == SQLITE_OK && !statement_cache_add(&c->cache, text, statement)) {
        sqlite3_finalize(statement);
        code = SQLITE_NOMEM;
    }
    if (code == SQLITE_OK) {
        SLUICE_ASSERT(is_in_order(statement));
        *statement_out = statement;
    }
    return code;
}

sluice_result sqlite_run(sqlite_connection *c, const char *text, sluice_error *error) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite_statement(c, text, &statement);
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
        code = code == SQLITE_DONE ? SQLITE_OK : code;
    }
    sluice_result result = code == SQLITE_OK ? SLUICE_OK : sqlite_failed(c, code, "write", error);
    (void)sqlite3_reset(statement);
    return result;
}

static int bind(sqlite3_stmt *to, const sql_statement *statement) {
    int code = SQLITE_OK;
    SLUICE_ASSERT((size_t)sqlite3_bind_parameter_count(to) == strlen(statement->types));
    for (int i = 0; code == SQLITE_OK && statement->types[i] != '\0'; i++) {
        const record_value *value = &statement->parameters[i];
        const char *data = value->text.length == 0 ? "" : value->text.data;
        if (value->is_null) {
            code = sqlite3_bind_null(to, i + 1);
        } else if (statement->types[i] == 'i') {
            code = sqlite3_bind_int64(to, i + 1, value->integer);
        } else if (statement->types[i] == 't') {
            code = sqlite3_bind_text64(to, i + 1, data, value->text.length, SQLITE_STATIC, SQLITE_UTF8);
        } else {
            code = sqlite3_bind_blob64(to, i + 1, data, value->text.length, SQLITE_STATIC);
        }
    }
    return code;
}

/* Prepares and binds. */
static int prepare(sqlite_connection *c, const sql_statement *statement, sqlite3_stmt **prepared_out) {
    int code = statement->once ? sqlite3_prepare_v3(c->database, statement->text, -1, 0, prepared_out, NULL)
                               : sqlite_statement(c, statement->text, prepared_out);
    return code == SQLITE_OK ? bind(*prepared_out, statement) : code;
}

static void finish(const sql_statement *statement, sqlite3_stmt *prepared) {
    if (prepared == NULL) {
        return;
    }
    (void)sqlite3_reset(prepared); /* repeats the code of the last step, which was looked at then */
    if (statement->once) {
        sqlite3_finalize(prepared);
    } else {
        (void)sqlite3_clear_bindings(prepared); /* they are the caller's */
    }
}

sluice_result sqlite_execute(store *base, const sql_statement *statement, uint64_t *changed_out, sluice_error *error) {
    sqlite_store *s = sqlite_of(base);
    sqlite_connection *c = &s->writer;
    sqlite3_stmt *prepared = NULL;
    sluice_result result = sqlite_require_transaction(s, error);
    if (result != SLUICE_OK) {
        return result;
    }
    int code = prepare(c, statement, &prepared);
    code = code == SQLITE_OK ? sqlite3_step(prepared) : code;
    if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID) {
        result = error_set(error, SLUICE_E_CONFLICT, "it is there already: %s", sqlite3_errmsg(c->database));
    } else if (code != SQLITE_DONE) {
        result = sqlite_failed(c, code, "write", error);
    } else if (changed_out != NULL) {
        *changed_out = (uint64_t)sqlite3_changes64(c->database);
    }
    finish(statement, prepared);
    return result;
}

/* NOMEM when SQLite had no memory for a text. */
static int take_cells(sqlite3_stmt *row, const char *columns, record_value *cells) {
    for (int i = 0; columns[i] != '\0'; i++) {
        record_value *cell = &cells[i];
        *cell = (record_value){.is_null = sqlite3_column_type(row, i) == SQLITE_NULL};
        if (cell->is_null) {
            continue;
        }
        if (columns[i] == 'i') {
            cell->integer = sqlite3_column_int64(row, i);
            continue;
        }
        const void *data = columns[i] == 't' ? (const void *)sqlite3_column_text(row, i) : sqlite3_column_blob(row, i);
        cell->text = (sluice_text){data, (size_t)sqlite3_column_bytes(row, i)};
        if (data == NULL && cell->text.length > 0) {
            return SQLITE_NOMEM;
        }
        if (data == NULL) {
            cell->text.data = "";
            if (sqlite3_errcode(sqlite3_db_handle(row)) == SQLITE_NOMEM) {
                return SQLITE_NOMEM;
            }
        }
    }
    return SQLITE_OK;
}

sluice_result sqlite_query_on(sqlite_connection *c, const sql_statement *statement, sql_visit visit, void *context,
                              sluice_error *error) {
    sqlite3_stmt *prepared = NULL;
    record_value cells[COLUMNS_MAX];
    sluice_result result = SLUICE_OK;
    SLUICE_ASSERT(strlen(statement->columns) <= COLUMNS_MAX);
    int code = prepare(c, statement, &prepared);
    while (code == SQLITE_OK && result == SLUICE_OK && (code = sqlite3_step(prepared)) == SQLITE_ROW) {
        code = take_cells(prepared, statement->columns, cells);
        if (code == SQLITE_OK) {
            result = visit(context, cells, error);
        }
    }
    if (result == SLUICE_OK && code != SQLITE_DONE) {
        result = sqlite_failed(c, code, "read", error);
    }
    finish(statement, prepared);
    return result == SLUICE_E_INTERRUPTED ? SLUICE_OK : result;
}

sluice_result sqlite_query(store *base, const sql_statement *statement, sql_visit visit, void *context,
                           sluice_error *error) {
    sqlite_store *s = sqlite_of(base);
    sqlite_connection *c = NULL;
    sluice_result result = sqlite_reader_take(s, statement->is_long, &c, error);
    if (result == SLUICE_OK) {
        result = sqlite_query_on(c, statement, visit, context, error);
        sqlite_reader_give(s, statement->is_long, c);
    }
    return result;
}
