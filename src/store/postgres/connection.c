/* Sessions of a PostgreSQL server: how they are set up, and what their errors mean. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "store/postgres/postgres_private.h"

/* Plans are made for one answer at once, of a list's first page; the statements are few and short. */
#define SETTINGS                                                                                                       \
    "SET search_path TO sluice, pg_catalog; SET client_min_messages TO warning; SET jit TO off;"                       \
    "SET max_parallel_workers_per_gather TO 0; SET random_page_cost TO 1.1;"                                           \
    "SET idle_in_transaction_session_timeout TO 0; SET statement_timeout TO 0;"
/* A commit is durable when it is answered, whatever the server does by default. */
#define WRITER_SETTINGS                                                                                                \
    SETTINGS "SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'" \
             " ELSE current_setting('synchronous_commit') END, false)"
#define READER_SETTINGS SETTINGS "SET default_transaction_read_only TO on"

static void be_quiet(void *context, const PGresult *notice) {
    (void)context;
    (void)notice;
}

bool postgres_is_lost(const postgres_connection *c) {
    return c->session == NULL || PQstatus(c->session) == CONNECTION_BAD;
}

/* The server's words without their line ends. */
static void first_line(const char *said, char *line_out, size_t bytes) {
    size_t length = strcspn(said, "\n");
    (void)snprintf(line_out, bytes, "%.*s", length > 300 ? 300 : (int)length, said);
}

static bool is_class(const char *state, const char *class) {
    return strncmp(state, class, strlen(class)) == 0;
}

sluice_result postgres_failed(const postgres_connection *c, const PGresult *answer, const char *verb,
                              sluice_error *error) {
    const char *name = c->store->base.name;
    const char *state = answer == NULL ? NULL : PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    const char *primary = answer == NULL ? NULL : PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY);
    char said[320];
    first_line(primary != NULL      ? primary
               : c->session == NULL ? "out of memory"
                                    : PQerrorMessage(c->session),
               said, sizeof said);
    state = state == NULL ? "" : state;
    if (is_class(state, "23505")) {
        return error_set(error, SLUICE_E_CONFLICT, "it is there already: %s", said);
    }
    if (postgres_is_lost(c) || is_class(state, "57P") || is_class(state, "08")) {
        return error_set(error, SLUICE_E_IO,
                         "the connection to %s was lost: %s; what was acknowledged is safe, what was under way is "
                         "undone: try again when the server is back",
                         name, said);
    }
    if (is_class(state, "53100")) {
        return error_set(error, SLUICE_E_FULL,
                         "cannot %s %s: the server's disk is full; make room on it and go on (what was acknowledged is "
                         "safe)",
                         verb, name);
    }
    if (is_class(state, "53200") || (answer == NULL && c->session != NULL)) {
        return error_set(error, SLUICE_E_NO_MEMORY, "cannot %s %s: out of memory (%s)", verb, name, said);
    }
    if (is_class(state, "XX001") || is_class(state, "XX002") || is_class(state, "42") || is_class(state, "23")) {
        if (is_class(state, "42501")) {
            return error_set(error, SLUICE_E_IO, "cannot %s %s: %s; grant this user the schema sluice and its tables",
                             verb, name, said);
        }
        return store_damaged(&c->store->base, said, error);
    }
    if (is_class(state, "22") || is_class(state, "54")) {
        return error_set(error, SLUICE_E_INVALID, "%s does not take this: %s", name, said);
    }
    return error_set(error, SLUICE_E_IO, "cannot %s %s: %s (%s)", verb, name, said, state[0] == '\0' ? "-" : state);
}

sluice_result postgres_run(postgres_connection *c, const char *text, char *text_out, size_t text_bytes,
                           sluice_error *error) {
    PGresult *answer = PQexec(c->session, text);
    ExecStatusType status = PQresultStatus(answer);
    sluice_result result = SLUICE_OK;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        result = postgres_failed(c, answer, "use", error);
    } else if (text_out != NULL) {
        bool has = status == PGRES_TUPLES_OK && PQntuples(answer) > 0 && PQgetisnull(answer, 0, 0) == 0;
        (void)snprintf(text_out, text_bytes, "%s", has ? PQgetvalue(answer, 0, 0) : "");
    }
    PQclear(answer);
    return result;
}

void postgres_disconnect(postgres_connection *c) {
    statement_cache_clear(&c->cache, NULL);
    PQfinish(c->session);
    c->session = NULL;
    c->prepared = 0;
    c->waiting_count = 0;
}

sluice_result postgres_connect(postgres_connection *c, bool writes, sluice_error *error) {
    /* What the location says itself comes first. */
    static const char *const NAMES[] = {"connect_timeout", "tcp_user_timeout",          "dbname",
                                        "client_encoding", "fallback_application_name", NULL};
    const char *const values[] = {"10", "30000", c->store->location, "UTF8", "sluice", NULL};
    char encoding[32];
    postgres_disconnect(c);
    c->session = PQconnectdbParams(NAMES, values, 1);
    if (c->session == NULL) {
        return error_no_memory(error, 0);
    }
    if (PQstatus(c->session) != CONNECTION_OK) {
        char said[320];
        first_line(PQerrorMessage(c->session), said, sizeof said);
        postgres_disconnect(c);
        return error_set(error, SLUICE_E_IO, "cannot connect to %s: %s", c->store->base.name, said);
    }
    (void)PQsetNoticeReceiver(c->session, be_quiet, NULL);
    sluice_result result = postgres_run(c, "SHOW server_encoding", encoding, sizeof encoding, error);
    if (result == SLUICE_OK && strcmp(encoding, "UTF8") != 0) {
        result = error_set(error, SLUICE_E_INVALID,
                           "the database of %s is in %s: make one with CREATE DATABASE … ENCODING 'UTF8'",
                           c->store->base.name, encoding);
    }
    if (result == SLUICE_OK) {
        result = postgres_run(c, writes ? WRITER_SETTINGS : READER_SETTINGS, NULL, 0, error);
    }
    if (result != SLUICE_OK) {
        postgres_disconnect(c);
    }
    return result;
}
