/* The store in a PostgreSQL database: opening, transactions, closing. connection.c has sessions and errors, sql.c runs
 * statements, schema.c makes the tables, owner.c keeps a second writer out.
 *
 * One session writes, a few read. When the writer's session is lost, its transaction is too; the next store_begin
 * connects again. Only a commit may be in doubt: then the store waits a while for the server, to say whether it is
 * committed. If the server does not come back in time, the answer is an error; should it turn out later that the commit
 * was made, this store is behind its own database and writes no more: the program is to be restarted. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "store/postgres/postgres_private.h"
#include "store/record_private.h"
#include "sys/clock.h"

#define DOUBT_WAIT_MS 10000
#define DOUBT_PAUSE_MS 50

static void store_free(postgres_store *s) {
    postgres_connection *c;
    while ((c = reader_pool_take_idle(&s->readers)) != NULL) {
        postgres_disconnect(c);
        memory_free(c);
    }
    reader_pool_fini(&s->readers);
    if (!postgres_is_lost(&s->writer)) { /* at once: the server may see the end of a session a moment late */
        (void)postgres_run(&s->writer, "ROLLBACK; SELECT pg_advisory_unlock_all()", NULL, 0, NULL);
    }
    postgres_disconnect(&s->writer);
    if (s->location != NULL) {
        memset(s->location, 0, strlen(s->location)); /* it may hold a password */
    }
    memory_free(s->location);
    store_fini(&s->base);
    memory_free(s);
}

static void store_postgres_close(store *base) {
    store_free(postgres_of(base));
}

static sluice_result behind(const postgres_store *s, sluice_error *error) {
    return error_set(
        error, SLUICE_E_IO,
        "a commit on %s that was reported as failed was made after all: restart sluice, which then sees it",
        s->base.name);
}

static sluice_result store_postgres_begin(store *base, sluice_error *error) {
    postgres_store *s = postgres_of(base);
    sluice_result result = SLUICE_OK;
    bool committed = false;
    if (s->is_behind) {
        return behind(s, error);
    }
    for (int attempt = 0;; attempt++) {
        if (postgres_is_lost(&s->writer)) {
            result = postgres_owner_return(s, &committed, error);
            s->is_behind = committed;
        }
        if (result != SLUICE_OK || committed) {
            return committed ? behind(s, error) : result;
        }
        if (PQtransactionStatus(s->writer.session) != PQTRANS_IDLE) {
            (void)postgres_run(&s->writer, "ROLLBACK", NULL, 0, NULL);
        }
        s->writer.waiting_count = 0;
        result = postgres_run(&s->writer, "BEGIN", NULL, 0, error);
        if (result == SLUICE_OK || !postgres_is_lost(&s->writer) || attempt > 0) {
            return result;
        }
        result = SLUICE_OK; /* the session ended unnoticed: once more with a new one */
    }
}

static void store_postgres_rollback(store *base) {
    postgres_store *s = postgres_of(base);
    if (!postgres_is_lost(&s->writer) && PQtransactionStatus(s->writer.session) != PQTRANS_IDLE) {
        (void)postgres_run(&s->writer, "ROLLBACK", NULL, 0, NULL); /* begin looks whether it worked */
    }
}

/* The answer to a commit was lost: what became of it? */
static sluice_result settle(postgres_store *s, sluice_error *error) {
    int64_t until_ns = clock_monotonic_ns() + INT64_C(1000000) * DOUBT_WAIT_MS;
    bool committed = false;
    s->in_doubt = true;
    sluice_result result = postgres_owner_return(s, &committed, error);
    while (result != SLUICE_OK && clock_monotonic_ns() < until_ns) {
        (void)poll(NULL, 0, DOUBT_PAUSE_MS);
        result = postgres_owner_return(s, &committed, error);
    }
    if (result == SLUICE_OK && !committed) {
        result = error_set(error, SLUICE_E_IO,
                           "the connection to %s was lost before the commit was made: write it again", s->base.name);
    }
    return result;
}

static sluice_result store_postgres_commit(store *base, sluice_error *error) {
    postgres_store *s = postgres_of(base);
    if (postgres_is_lost(&s->writer) || PQtransactionStatus(s->writer.session) != PQTRANS_INTRANS) {
        return error_set(error, SLUICE_E_IO,
                         "the transaction on %s was undone by an earlier error: roll back and write it again",
                         s->base.name);
    }
    char text[80];
    s->writer.waiting_count = 0; /* releases of savepoints: the commit is one of all */
    (void)snprintf(text, sizeof text, "UPDATE owner SET commit = %llu; COMMIT", (unsigned long long)++s->commit);
    PGresult *answer = PQexec(s->writer.session, text);
    sluice_result result = SLUICE_OK;
    if (PQresultStatus(answer) != PGRES_COMMAND_OK) {
        result = postgres_failed(&s->writer, answer, "write", error);
        if (postgres_is_lost(&s->writer)) {
            result = settle(s, error);
        }
    } else if (strcmp(PQcmdStatus(answer), "COMMIT") != 0) {
        result = error_set(error, SLUICE_E_IO, "%s undid the transaction instead of committing it", s->base.name);
    }
    PQclear(answer);
    return result;
}

/* Without statistics the server guesses its plans, and without its map of what all may see it reads rows for what an
 * index says; it gathers both by itself some time later. */
static sluice_result store_postgres_settle(store *base, sluice_error *error) {
    postgres_store *s = postgres_of(base);
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; base->tables != NULL && result == SLUICE_OK && i < base->tables->count; i++) {
        char text[RECORD_NAME_BYTES_MAX + 40];
        (void)snprintf(text, sizeof text, "VACUUM (ANALYZE) \"%s\"", base->tables->bindings[i]->name);
        result = postgres_run(&s->writer, text, NULL, 0, error);
    }
    return result;
}

static const struct store_ops POSTGRES_OPS = {
    .dialect = &POSTGRES_DIALECT,
    .close = store_postgres_close,
    .begin = store_postgres_begin,
    .commit = store_postgres_commit,
    .rollback = store_postgres_rollback,
    .check = postgres_check,
    .execute = postgres_execute,
    .query = postgres_query,
    .view = postgres_view_open,
    .settle = store_postgres_settle,
};

/* The location as it may be shown: "postgres://user:…@host/db?password=…" without what is secret. */
static void hide_passwords(char *name) {
    char *from = strstr(name, "://"), *at = strrchr(name, '@');
    char *colon = from == NULL || at == NULL ? NULL : memchr(from + 3, ':', (size_t)(at - from - 3));
    if (colon != NULL) {
        memmove(colon, at, strlen(at) + 1);
    }
    for (char *found = name; (found = strstr(found, "password=")) != NULL;) {
        char *value = found + strlen("password="), *end = value + strcspn(value, "&");
        memmove(value, end, strlen(end) + 1);
        found = value;
    }
}

/* NULL when memory is exhausted. */
static postgres_store *store_alloc(const char *location) {
    size_t bytes = strlen(location) + 1;
    postgres_store *s = memory_new_zero(1, sizeof *s);
    if (s == NULL) {
        return NULL;
    }
    reader_pool_init(&s->readers);
    s->writer.store = s;
    s->location = memory_new(bytes);
    if (s->location != NULL) {
        memcpy(s->location, location, bytes);
    }
    if (!store_init(&s->base, &POSTGRES_OPS, location) || s->location == NULL) {
        store_free(s);
        return NULL;
    }
    hide_passwords(s->base.name);
    return s;
}

sluice_result postgres_open(const char *location, bool must_exist, bool is_copy, store **store_out,
                            sluice_error *error) {
    *store_out = NULL;
    postgres_store *s = store_alloc(location);
    if (s == NULL) {
        return error_no_memory(error, sizeof *s);
    }
    sluice_result result = postgres_connect(&s->writer, true, error);
    if (result == SLUICE_OK) {
        result = postgres_owner_lock(s, error);
    }
    if (result == SLUICE_OK) {
        result = postgres_schema_open(s, must_exist, is_copy, error);
    }
    if (result == SLUICE_OK) {
        result = postgres_owner_sign(s, error);
    }
    if (result == SLUICE_OK) {
        result = store_load_meta(&s->base, is_copy, error);
    }
    if (result == SLUICE_OK) {
        *store_out = &s->base;
    } else {
        store_free(s);
    }
    return result;
}
