/* What is committed at one moment, for backups while the writer goes on: a session of its own, in a
 * transaction that reads repeatably. */
#include "base/error.h"
#include "base/memory.h"
#include "store/postgres/postgres_private.h"

/* What is asked of a view goes through many rows (backups, figures): with some memory, and with a second core. */
#define BEGIN_VIEW                                                                                                     \
    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL work_mem TO '64MB';"                                  \
    "SET LOCAL max_parallel_workers_per_gather TO 2"

typedef struct postgres_view {
    store base;
    postgres_connection connection;
} postgres_view;

static void view_close(store *base) {
    postgres_view *v = (postgres_view *)base;
    postgres_disconnect(&v->connection);
    store_fini(base);
    memory_free(v);
}

static sluice_result view_query(store *base, const sql_statement *statement, sql_visit visit, void *context,
                                sluice_error *error) {
    return postgres_query_on(&((postgres_view *)base)->connection, statement, visit, context, error);
}

static const struct store_ops VIEW_OPS = {.dialect = &POSTGRES_DIALECT,
                                          .close = view_close,
                                          .begin = store_view_refuse,
                                          .commit = store_view_refuse,
                                          .rollback = store_view_rollback,
                                          .check = store_view_refuse,
                                          .execute = store_view_execute,
                                          .query = view_query,
                                          .view = store_view_of_view,
                                          .settle = store_view_refuse};

sluice_result postgres_view_open(store *base, store **view_out, sluice_error *error) {
    *view_out = NULL;
    postgres_view *v = memory_new_zero(1, sizeof *v);
    if (v == NULL) {
        return error_no_memory(error, sizeof *v);
    }
    v->connection.store = postgres_of(base);
    sluice_result result = store_init(&v->base, &VIEW_OPS, base->name) ? SLUICE_OK : error_no_memory(error, sizeof *v);
    if (result == SLUICE_OK) {
        result = postgres_connect(&v->connection, false, error);
    }
    if (result == SLUICE_OK) {
        result = postgres_run(&v->connection, BEGIN_VIEW, NULL, 0, error);
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
