/* The store's inside: what its files share, and what an implementation provides.
 *
 * Everything but opening, transactions and the running of statements is written once, in the SQL that both databases
 * understand: log.c the log, beside_log.c and imports.c what lies beside it, record*.c the records. The few words that
 * differ are in `dialect`. An implementation (sqlite/, postgres/) provides `struct store_ops`. */
#ifndef STORE_STORE_PRIVATE_H
#define STORE_STORE_PRIVATE_H

#include <stdatomic.h>

#include "store/record.h"
#include "store/store.h"
#include "sys/thread.h"

#define STORE_UUID_BYTES 32 /* hex digits */
#define STORE_SECRET_BYTES 32

/* Parameters are written $1, $2, …; the first time each in this order. */
typedef struct sql_statement {
    const char *text;
    const char *types; /* of the parameters, a letter each: i an integer, t a text, b bytes */
    const record_value *parameters;
    const char *columns; /* of a query's rows: types, as above */
    bool once;           /* not to be kept prepared */
    bool may_conflict;   /* a unique index may refuse it: then it has changed nothing and the transaction goes on */
    bool is_long;        /* a query of more than a moment */
} sql_statement;

/* A row of a query, borrowed; OK to go on, INTERRUPTED to stop without an error, else the query returns this. */
typedef sluice_result (*sql_visit)(void *context, const record_value *cells, sluice_error *error);

typedef struct sql_dialect {
    const char *integer, *id, *text, *bytes; /* types of columns */
    const char *table_end;                   /* after the columns of CREATE TABLE */
    bool is_told_the_index;                  /* a + before a column keeps it from being searched by an index */
    const char *index_end;                   /* after those of an index, that ties lie in the order of ids */
    bool has_statistics;                     /* of fields that follow from each other: CREATE STATISTICS */
} sql_dialect;

struct store_ops {
    const sql_dialect *dialect;
    void (*close)(store *s); /* undoes what was not committed; frees s */
    sluice_result (*begin)(store *s, sluice_error *error);
    sluice_result (*commit)(store *s, sluice_error *error);
    void (*rollback)(store *s);
    sluice_result (*check)(store *s, sluice_error *error);
    /* In the writer's transaction. *changed_out (may be NULL): rows. CONFLICT: a unique index. */
    sluice_result (*execute)(store *s, const sql_statement *statement, uint64_t *changed_out, sluice_error *error);
    /* Any thread; what is committed, or for the writer in its transaction what it sees. The visit must not call the
     * store. */
    sluice_result (*query)(store *s, const sql_statement *statement, sql_visit visit, void *context,
                           sluice_error *error);
    sluice_result (*view)(store *s, store **view_out, sluice_error *error); /* copy.h */
    sluice_result (*settle)(store *s, sluice_error *error);                 /* copy.h */
};

typedef struct store_end {
    uint64_t sequence, chain;
} store_end;

#define STORE_SAVEPOINTS_MAX 16

struct store {
    const struct store_ops *ops;
    char *name; /* the path, or the location without its password: for people */
    char uuid[STORE_UUID_BYTES + 1];
    unsigned char secret[STORE_SECRET_BYTES];
    char unfinished[STORE_UUID_BYTES + 1]; /* the database that this one is an unfinished copy of, or
                                              STORE_COPY_BEGUN; "": it is whole */

    mutex end_lock; /* guards `end` */
    store_end end;  /* of the log: committed … */
    store_end next; /* … and with the transaction under way */

    _Atomic uintptr_t writer; /* the thread of the transaction under way (store_thread), or 0 */
    bool broken;              /* a part could not be undone: the transaction may not be committed */
    size_t savepoint_count;
    store_end savepoint_ends[STORE_SAVEPOINTS_MAX];
    struct record_tables *tables;
    bool is_view; /* `tables` are another store's */
};

/* For the implementations. False: no memory. */
bool store_init(store *s, const struct store_ops *ops, const char *name);
void store_fini(store *s);
/* A database that is made for a copy is marked from the moment it is there, as one of nobody yet. */
#define STORE_COPY_BEGUN "begun"
/* As store_open_sqlite and store_open_postgres; `is_copy`: for those who begin or complete a copy. */
SLUICE_MUST_USE sluice_result sqlite_open(const char *path, bool must_exist, bool is_copy, store **store_out,
                                          sluice_error *error);
SLUICE_MUST_USE sluice_result postgres_open(const char *location, bool must_exist, bool is_copy, store **store_out,
                                            sluice_error *error);
SLUICE_MUST_USE sluice_result store_open_copy(const char *location, store **store_out, sluice_error *error);
/* Makes a new view ready: what it shares with the store it shows, and where its log ends. */
SLUICE_MUST_USE sluice_result store_view_load(store *view, const store *s, sluice_error *error);

/* view.c: the operations that every view refuses, for a view's struct store_ops. */
sluice_result store_view_refuse(store *view, sluice_error *error);
void store_view_rollback(store *view);
sluice_result store_view_execute(store *view, const sql_statement *statement, uint64_t *changed_out,
                                 sluice_error *error);
sluice_result store_view_of_view(store *view, store **view_out, sluice_error *error);

/* The checksum of a row beside the log goes over all of its columns. */
uint64_t store_checksum_u64(uint64_t checksum, uint64_t value);
uint64_t store_checksum_text(uint64_t checksum, sluice_text text);
/* False: the text does not fit, so it is not one that was put. */
bool store_take_text(sluice_text text, char *text_out, size_t capacity);

/* A number that no other living thread has. */
uintptr_t store_thread(void);
/* The caller is the writer, in its transaction. */
static inline bool store_is_writing(store *s) {
    return atomic_load_explicit(&s->writer, memory_order_relaxed) == store_thread();
}
/* INVALID when no transaction of this thread is under way. */
sluice_result store_require_writing(store *s, sluice_error *error);
sluice_result store_damaged(const store *s, const char *what, sluice_error *error);

/* meta: who this database is, and where its log ends, each with a checksum. */
#define STORE_IDENTITY_BYTES (STORE_UUID_BYTES + STORE_SECRET_BYTES + 8)
#define STORE_END_BYTES 24u
/* A new one, from the system's randomness. */
SLUICE_MUST_USE sluice_result store_identity_new(unsigned char identity_out[STORE_IDENTITY_BYTES], sluice_error *error);
void store_identity_encode(const store *s, unsigned char identity_out[STORE_IDENTITY_BYTES]);
void store_end_encode(store_end end, unsigned char bytes_out[STORE_END_BYTES]);
/* Reads them, and the log's last batch, into the store. INVALID when it is an unfinished copy and may not be one. */
SLUICE_MUST_USE sluice_result store_load_meta(store *s, bool may_be_unfinished, sluice_error *error);

/* Zero-initialise; `bytes` grow with it and are freed by the caller. */
typedef struct store_batch {
    uint64_t sequence_first, count, chain_before, chain;
    unsigned char *bytes;
    size_t capacity, length;
} store_batch;
/* The committed batch that holds `sequence`. Any thread. */
SLUICE_MUST_USE sluice_result store_read_batch(store *s, uint64_t sequence, store_batch *batch, sluice_error *error);
typedef bool (*store_visit_source)(void *context, const store_source *source);
SLUICE_MUST_USE sluice_result store_read_sources(store *s, store_visit_source visit, void *context,
                                                 sluice_error *error);
/* Before a commit: the second witness of where the log ends. */
sluice_result store_put_end(store *s, sluice_error *error);

/* All statements of log.c, beside_log.c and imports.c: an implementation may prepare them at open, to see that the
 * tables are as they should be. Ends with NULL. */
extern const char *const STORE_LOG_STATEMENTS[];
extern const char *const STORE_BESIDE_STATEMENTS[];
extern const char *const STORE_IMPORT_STATEMENTS[];

/* record_tables.c: called by store.c. */
void records_free(struct record_tables **tables);
SLUICE_MUST_USE sluice_result records_before_commit(store *s, sluice_error *error);
void records_after_commit(store *s);
void records_after_rollback(store *s);
/* At the savepoint number `depth`, from 0: keeps, or goes back to, what was then. */
void records_mark(store *s, size_t depth);
void records_undo(store *s, size_t depth);

#endif
