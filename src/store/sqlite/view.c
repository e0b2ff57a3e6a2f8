/* What is committed at one moment, for backups while the writer goes on: one of the readers' connections,
 * in a transaction. The WAL keeps what came later until the view is closed. */
#include "base/error.h"
#include "base/memory.h"
#include "store/sqlite/sqlite_private.h"

typedef struct sqlite_view {
    store base;
    sqlite_store *store;
    sqlite_connection *connection;
} sqlite_view;

static void view_close(store *base) {
    sqlite_view *v = (sqlite_view *)base;
    if (v->connection != NULL) {
        (void)sqlite_run(v->connection, "COMMIT", NULL);
        sqlite_reader_give(v->store, true, v->connection);
    }
    store_fini(base);
    memory_free(v);
}

static sluice_result view_query(store *base, const sql_statement *statement, sql_visit visit, void *context,
                                sluice_error *error) {
    return sqlite_query_on(((sqlite_view *)base)->connection, statement, visit, context, error);
}

static const struct store_ops VIEW_OPS = {.dialect = &SQLITE_DIALECT,
                                          .close = view_close,
                                          .begin = store_view_refuse,
                                          .commit = store_view_refuse,
                                          .rollback = store_view_rollback,
                                          .check = store_view_refuse,
                                          .execute = store_view_execute,
                                          .query = view_query,
                                          .view = store_view_of_view,
                                          .settle = store_view_refuse};

sluice_result sqlite_view_open(store *base, store **view_out, sluice_error *error) {
    *view_out = NULL;
    sqlite_view *v = memory_new_zero(1, sizeof *v);
    if (v == NULL) {
        return error_no_memory(error, sizeof *v);
    }
    v->store = sqlite_of(base);
    sluice_result result = store_init(&v->base, &VIEW_OPS, base->name) ? SLUICE_OK : error_no_memory(error, sizeof *v);
    if (result == SLUICE_OK) {
        result = sqlite_reader_take(v->store, true, &v->connection, error);
    }
    if (result == SLUICE_OK) {
        result = sqlite_run(v->connection, "BEGIN", error);
    }
    if (result == SLUICE_OK) {
        result = store_view_load(&v->base, base, error); /* the first read: from here on it is that moment */
    }
    if (result == SLUICE_OK) {
        *view_out = &v->base;
    } else {
        view_close(&v->base);
    }
    return result;
}
