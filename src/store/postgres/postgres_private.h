/* The PostgreSQL store's inside, shared by the files of this folder. */
#ifndef STORE_POSTGRES_POSTGRES_PRIVATE_H
#define STORE_POSTGRES_POSTGRES_PRIVATE_H

#include <libpq-fe.h>

#include "store/reader_pool.h"
#include "store/statement_cache.h"
#include "store/store_private.h"

#define POSTGRES_COLUMNS_MAX 80
#define POSTGRES_PARAMETERS_MAX 520
#define POSTGRES_TOKEN_BYTES 33
#define POSTGRES_WAITING_MAX 16

/* Used by one thread at a time. */
typedef struct postgres_connection {
    struct postgres_store *store;
    PGconn *session;
    statement_cache cache; /* text → number of the prepared statement */
    uintptr_t prepared;    /* how many were */
    /* Savepoints and their releases, which have no answer that anybody needs: they go to the server together with the
     * next statement, in one turn. In this order. */
    char waiting[POSTGRES_WAITING_MAX][32];
    size_t waiting_count;
} postgres_connection;

typedef struct postgres_store {
    store base; /* its name is the location without a password */
    char *location;
    char token[POSTGRES_TOKEN_BYTES]; /* of this open; while it is the owner's, nobody else has written */
    reader_pool readers;              /* of postgres_connection */
    postgres_connection writer;       /* its session holds the lock */
    uint64_t commit;                  /* the number of the newest that was tried; each writes its own into `owner` */
    bool in_doubt;                    /* its commit was not answered */
    bool is_behind;                   /* and was made after all, when it had been reported as failed */
} postgres_store;

static inline postgres_store *postgres_of(store *s) {
    return (postgres_store *)s;
}

/* connection.c */
/* Connects and sets the session up. `writes`: for the writer. */
SLUICE_MUST_USE sluice_result postgres_connect(postgres_connection *c, bool writes, sluice_error *error);
void postgres_disconnect(postgres_connection *c);
/* The connection is gone; nothing more can be done with it. */
bool postgres_is_lost(const postgres_connection *c);
/* Code and text for a failed statement; `answer` may be NULL. */
sluice_result postgres_failed(const postgres_connection *c, const PGresult *answer, const char *verb,
                              sluice_error *error);
/* Runs one or more statements without parameters; *text_out (may be NULL) is the last one's first cell, "" if none. */
sluice_result postgres_run(postgres_connection *c, const char *text, char *text_out, size_t text_bytes,
                           sluice_error *error);

/* sql.c */
extern const sql_dialect POSTGRES_DIALECT;
sluice_result postgres_execute(store *s, const sql_statement *statement, uint64_t *changed_out, sluice_error *error);
sluice_result postgres_query(store *s, const sql_statement *statement, sql_visit visit, void *context,
                             sluice_error *error);

sluice_result postgres_query_on(postgres_connection *c, const sql_statement *statement, sql_visit visit, void *context,
                                sluice_error *error);

/* check.c: for store_check, on a connection of its own. */
sluice_result postgres_check(store *s, sluice_error *error);

/* view.c */
sluice_result postgres_view_open(store *s, store **view_out, sluice_error *error);

/* schema.c: the tables, made when they are not there (NOT_FOUND when they must be). The lock is held. */
SLUICE_MUST_USE sluice_result postgres_schema_open(postgres_store *s, bool must_exist, bool is_copy,
                                                   sluice_error *error);

/* owner.c: who may write. */
/* The lock, and this open's name beside it; BUSY with the other's process and host. */
SLUICE_MUST_USE sluice_result postgres_owner_lock(postgres_store *s, sluice_error *error);
SLUICE_MUST_USE sluice_result postgres_owner_sign(postgres_store *s, sluice_error *error);
/* After the writer's connection was lost: a new one, with the lock. Learns what became of a commit in doubt:
 * *committed_out. */
SLUICE_MUST_USE sluice_result postgres_owner_return(postgres_store *s, bool *committed_out, sluice_error *error);

#endif
