/* Statements on PostgreSQL: prepared once per session, parameters and answers in binary. */
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/postgres/postgres_private.h"

const sql_dialect POSTGRES_DIALECT = {.integer = "BIGINT",
                                      .id = "BIGINT PRIMARY KEY NOT NULL",
                                      .text = "TEXT COLLATE \"C\"",
                                      .bytes = "BYTEA",
                                      .table_end = "",
                                      .index_end = ", id",
                                      .has_statistics = true};

/* Of the catalogue pg_type; they never change. */
enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25 };

typedef struct binding {
    Oid types[POSTGRES_PARAMETERS_MAX];
    const char *values[POSTGRES_PARAMETERS_MAX];
    int lengths[POSTGRES_PARAMETERS_MAX], formats[POSTGRES_PARAMETERS_MAX];
    uint64_t numbers[POSTGRES_PARAMETERS_MAX];
    int count;
} binding;

static sluice_result bind(const sql_statement *statement, binding *b, sluice_error *error) {
    size_t count = strlen(statement->types);
    SLUICE_ASSERT(count <= POSTGRES_PARAMETERS_MAX);
    b->count = (int)count;
    for (size_t i = 0; i < count; i++) {
        const record_value *value = &statement->parameters[i];
        bool is_number = statement->types[i] == 'i';
        b->types[i] = is_number ? OID_INT8 : statement->types[i] == 't' ? OID_TEXT : OID_BYTEA;
        b->formats[i] = 1;
        if (value->is_null) {
            b->values[i] = NULL;
            b->lengths[i] = 0;
        } else if (is_number) {
            b->numbers[i] = htobe64((uint64_t)value->integer);
            b->values[i] = (const char *)&b->numbers[i];
            b->lengths[i] = 8;
        } else if (value->text.length > 1000000000) {
            return error_set(error, SLUICE_E_LIMIT, "a value is larger than 1 GB: commit smaller batches");
        } else {
            b->values[i] = value->text.length == 0 ? "" : value->text.data;
            b->lengths[i] = (int)value->text.length;
        }
    }
    return SLUICE_OK;
}

/* The name of the statement, prepared in this session. */
static sluice_result prepare(postgres_connection *c, const sql_statement *statement, const binding *b,
                             char name_out[24], sluice_error *error) {
    uintptr_t number = (uintptr_t)statement_cache_find(&c->cache, statement->text);
    sluice_result result = SLUICE_OK;
    if (number == 0) {
        if (statement_cache_is_full(&c->cache)) {
            statement_cache_clear(&c->cache, NULL);
            result = postgres_run(c, "DEALLOCATE ALL", NULL, 0, error);
        }
        if (result != SLUICE_OK) {
            return result;
        }
        number = ++c->prepared;
        (void)snprintf(name_out, 24, "s%ju", (uintmax_t)number);
        PGresult *answer = PQprepare(c->session, name_out, statement->text, b->count, b->types);
        if (PQresultStatus(answer) != PGRES_COMMAND_OK) {
            result = postgres_failed(c, answer, "use", error);
        } else if (!statement_cache_add(&c->cache, statement->text, (void *)number)) {
            result = error_no_memory(error, strlen(statement->text));
        }
        PQclear(answer);
    }
    (void)snprintf(name_out, 24, "s%ju", (uintmax_t)number);
    return result;
}

/* ---- savepoints ---- */

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

/* What waits goes alone: before a statement that cannot share its turn. */
static sluice_result send_waiting(postgres_connection *c, sluice_error *error) {
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; i < c->waiting_count && result == SLUICE_OK; i++) {
        result = postgres_run(c, c->waiting[i], NULL, 0, error);
    }
    c->waiting_count = 0;
    return result;
}

/* True: it goes with the next statement. */
static bool wait_with(postgres_connection *c, const char *text) {
    bool fits = c->waiting_count < POSTGRES_WAITING_MAX && strlen(text) < sizeof c->waiting[0];
    if (fits) {
        (void)snprintf(c->waiting[c->waiting_count++], sizeof c->waiting[0], "%s", text);
    }
    return fits;
}

/* The answer of one statement in a pipeline; NULL: the connection is gone. */
static PGresult *next_answer(postgres_connection *c) {
    PGresult *answer = PQgetResult(c->session);
    ExecStatusType status = PQresultStatus(answer);
    if (answer != NULL && status != PGRES_PIPELINE_SYNC) {
        PQclear(PQgetResult(c->session)); /* NULL: the end of this statement's */
    }
    return answer;
}

/* What waits and then the statement, in one turn. Its answer is the first that failed, else the statement's own: after
 * a failure the server passes over the rest. */
static PGresult *run_together(postgres_connection *c, const char *name, const binding *b) {
    size_t before = c->waiting_count;
    PGresult *found = NULL;
    bool sent = PQenterPipelineMode(c->session) == 1;
    c->waiting_count = 0;
    for (size_t i = 0; i < before && sent; i++) {
        sent = PQsendQueryParams(c->session, c->waiting[i], 0, NULL, NULL, NULL, NULL, 1) == 1;
    }
    sent = sent && PQsendQueryPrepared(c->session, name, b->count, b->values, b->lengths, b->formats, 1) == 1 &&
           PQpipelineSync(c->session) == 1;
    for (size_t i = 0; i <= before && sent; i++) {
        PGresult *answer = next_answer(c);
        bool is_good = PQresultStatus(answer) == PGRES_COMMAND_OK || PQresultStatus(answer) == PGRES_TUPLES_OK;
        if (found == NULL && (!is_good || i == before)) {
            found = answer;
        } else {
            PQclear(answer);
        }
        sent = answer != NULL;
    }
    if (sent) {
        PQclear(PQgetResult(c->session)); /* the end of the pipeline */
    }
    (void)PQexitPipelineMode(c->session);
    return found;
}

/* NULL after an error. */
static PGresult *run(postgres_connection *c, const sql_statement *statement, const binding *b, sluice_result *result,
                     sluice_error *error) {
    char name[24];
    if (statement->once) {
        *result = send_waiting(c, error);
        return *result != SLUICE_OK ? NULL
                                    : PQexecParams(c->session, statement->text, b->count, b->types, b->values,
                                                   b->lengths, b->formats, 1);
    }
    *result = prepare(c, statement, b, name, error);
    return *result != SLUICE_OK   ? NULL
           : c->waiting_count > 0 ? run_together(c, name, b)
                                  : PQexecPrepared(c->session, name, b->count, b->values, b->lengths, b->formats, 1);
}

/* ---- writing ---- */

static sluice_result require_transaction(postgres_store *s, sluice_error *error) {
    sluice_result result = store_require_writing(&s->base, error);
    if (result == SLUICE_OK &&
        (postgres_is_lost(&s->writer) || PQtransactionStatus(s->writer.session) == PQTRANS_IDLE)) {
        result = error_set(error, SLUICE_E_IO,
                           "the transaction on %s was undone by an earlier error: roll back and write it again",
                           s->base.name);
    }
    return result;
}

/* Statements that savepoints are made of carry on where a transaction has failed; others would only say so. */
static sluice_result execute(postgres_connection *c, const sql_statement *statement, uint64_t *changed_out,
                             sluice_error *error) {
    binding b;
    sluice_result result = bind(statement, &b, error);
    if (result != SLUICE_OK) {
        return result;
    }
    PGresult *answer = run(c, statement, &b, &result, error);
    if (result == SLUICE_OK && PQresultStatus(answer) != PGRES_COMMAND_OK) {
        result = postgres_failed(c, answer, "write", error);
    } else if (result == SLUICE_OK && changed_out != NULL) {
        *changed_out = 0;
        (void)text_to_u64(text_of(PQcmdTuples(answer)), changed_out);
    }
    PQclear(answer);
    return result;
}

sluice_result postgres_execute(store *base, const sql_statement *statement, uint64_t *changed_out,
                               sluice_error *error) {
    postgres_store *s = postgres_of(base);
    postgres_connection *c = &s->writer;
    sluice_result result = require_transaction(s, error);
    bool is_savepoint = begins(statement->text, "SAVEPOINT ") || begins(statement->text, "RELEASE SAVEPOINT ");
    if (result == SLUICE_OK && is_savepoint && PQtransactionStatus(c->session) == PQTRANS_INTRANS &&
        wait_with(c, statement->text)) {
        return SLUICE_OK;
    }
    if (result != SLUICE_OK || !statement->may_conflict) {
        return result == SLUICE_OK ? execute(c, statement, changed_out, error) : result;
    }
    if (!wait_with(c, "SAVEPOINT attempt")) {
        result = send_waiting(c, error);
        if (result != SLUICE_OK || !wait_with(c, "SAVEPOINT attempt")) {
            return result;
        }
    }
    result = execute(c, statement, changed_out, error);
    if (result == SLUICE_E_CONFLICT) {
        sluice_result undone =
            postgres_run(c, "ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt", NULL, 0, error);
        return undone == SLUICE_OK ? result : undone;
    }
    return result == SLUICE_OK && !wait_with(c, "RELEASE SAVEPOINT attempt")
               ? postgres_run(c, "RELEASE SAVEPOINT attempt", NULL, 0, error)
               : result;
}

/* ---- reading ---- */

static sluice_result take_cells(const postgres_store *s, const PGresult *rows, int row, const char *columns,
                                record_value *cells, sluice_error *error) {
    if ((size_t)PQnfields(rows) != strlen(columns)) {
        return store_damaged(&s->base, "a table has other columns than it should", error);
    }
    for (int i = 0; columns[i] != '\0'; i++) {
        const char *data = PQgetvalue(rows, row, i);
        int length = PQgetlength(rows, row, i);
        cells[i] = (record_value){.is_null = PQgetisnull(rows, row, i) != 0};
        if (cells[i].is_null) {
            continue;
        }
        if (columns[i] != 'i') {
            cells[i].text = (sluice_text){data, (size_t)length};
            continue;
        }
        uint64_t number;
        if (length != (int)sizeof number) {
            return store_damaged(&s->base, "a column has another type than it should", error);
        }
        memcpy(&number, data, sizeof number);
        cells[i].integer = (int64_t)be64toh(number);
    }
    return SLUICE_OK;
}

typedef struct visitor {
    sql_visit visit;
    void *context;
    bool begun; /* some row was shown: the query may not be run again */
} visitor;

static sluice_result visit_rows(const postgres_connection *c, const sql_statement *statement, const PGresult *rows,
                                visitor *v, sluice_error *error) {
    record_value cells[POSTGRES_COLUMNS_MAX];
    sluice_result result = SLUICE_OK;
    for (int row = 0; result == SLUICE_OK && row < PQntuples(rows); row++) {
        result = take_cells(c->store, rows, row, statement->columns, cells, error);
        if (result == SLUICE_OK) {
            v->begun = true;
            result = v->visit(v->context, cells, error);
        }
    }
    return result;
}

/* Row by row: the whole answer is never in memory. */
static sluice_result query_long(postgres_connection *c, const sql_statement *statement, const binding *b, visitor *v,
                                sluice_error *error) {
    char name[24];
    sluice_result result = prepare(c, statement, b, name, error);
    result = result == SLUICE_OK ? send_waiting(c, error) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    if (PQsendQueryPrepared(c->session, name, b->count, b->values, b->lengths, b->formats, 1) == 0 ||
        PQsetSingleRowMode(c->session) == 0) {
        return postgres_failed(c, NULL, "read", error);
    }
    PGresult *answer;
    while ((answer = PQgetResult(c->session)) != NULL) { /* to its end, whatever the visitor said */
        ExecStatusType status = PQresultStatus(answer);
        if (result == SLUICE_OK) {
            result = status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK
                         ? visit_rows(c, statement, answer, v, error)
                         : postgres_failed(c, answer, "read", error);
        }
        PQclear(answer);
    }
    return result;
}

static sluice_result query(postgres_connection *c, const sql_statement *statement, visitor *v, sluice_error *error) {
    binding b;
    sluice_result result = bind(statement, &b, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (statement->is_long) {
        return query_long(c, statement, &b, v, error);
    }
    PGresult *answer = run(c, statement, &b, &result, error);
    if (result == SLUICE_OK) {
        result = PQresultStatus(answer) == PGRES_TUPLES_OK ? visit_rows(c, statement, answer, v, error)
                                                           : postgres_failed(c, answer, "read", error);
    }
    PQclear(answer);
    return result;
}

sluice_result postgres_query_on(postgres_connection *c, const sql_statement *statement, sql_visit visit, void *context,
                                sluice_error *error) {
    visitor v = {visit, context, false};
    sluice_result result = query(c, statement, &v, error);
    return result == SLUICE_E_INTERRUPTED ? SLUICE_OK : result;
}

/* NULL after an error, which is in *result_out. */
static postgres_connection *reader_take(postgres_store *s, bool is_long, sluice_result *result_out,
                                        sluice_error *error) {
    postgres_connection *c = reader_pool_take(&s->readers, is_long);
    if (c == NULL) {
        c = memory_new_zero(1, sizeof *c);
        if (c == NULL) {
            reader_pool_give(&s->readers, NULL, is_long);
            *result_out = error_no_memory(error, sizeof *c);
            return NULL;
        }
        c->store = s;
    }
    *result_out = postgres_is_lost(c) ? postgres_connect(c, false, error) : SLUICE_OK;
    if (*result_out != SLUICE_OK) {
        reader_pool_give(&s->readers, c, is_long);
        return NULL;
    }
    return c;
}

sluice_result postgres_query(store *base, const sql_statement *statement, sql_visit visit, void *context,
                             sluice_error *error) {
    postgres_store *s = postgres_of(base);
    visitor v = {visit, context, false};
    sluice_result result;
    if (store_is_writing(base)) {
        result = require_transaction(s, error);
        return result == SLUICE_OK ? postgres_query_on(&s->writer, statement, visit, context, error) : result;
    }
    /* A session that a restart of the server ended is found out when it is used: then once more, with a new one. */
    for (int attempt = 0;; attempt++) {
        postgres_connection *c = reader_take(s, statement->is_long, &result, error);
        if (c == NULL) {
            return result;
        }
        result = query(c, statement, &v, error);
        bool lost = postgres_is_lost(c);
        reader_pool_give(&s->readers, c, statement->is_long);
        if (!lost || v.begun || attempt > 0) {
            break;
        }
    }
    return result == SLUICE_E_INTERRUPTED ? SLUICE_OK : result;
}
