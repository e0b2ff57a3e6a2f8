/* Who may write.
 *
 * One session holds an advisory lock, for as long as it lives; a second sluice gets BUSY. Beside the lock lies a row
 * with the name of that open: a random token, process and host.
 *
 * When the session is lost (the server was restarted, a cable pulled), the transaction under way is undone by the
 * server. A new session must take the lock again, and find its own token: if it is another's, somebody else has written
 * meanwhile, and what this process has in memory is of the past.
 *
 * A commit whose answer was lost is in doubt. The server knows the fate of the transaction by its number; as the lock
 * is ours again, the old session is gone and the fate is settled. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "store/postgres/postgres_private.h"
#include "sys/random.h"

#define LOCK "1397506885" /* "SLCE" */

static sluice_result busy(postgres_store *s, sluice_error *error) {
    char who[400] = "";
    if (postgres_run(&s->writer, "SELECT to_regclass('sluice.owner') IS NOT NULL", who, sizeof who, NULL) !=
            SLUICE_OK ||
        strcmp(who, "t") != 0 ||
        postgres_run(&s->writer, "SELECT 'process ' || process || ' on ' || host FROM owner", who, sizeof who, NULL) !=
            SLUICE_OK ||
        who[0] == '\0') {
        (void)snprintf(who, sizeof who, "another sluice");
    }
    return error_set(error, SLUICE_E_BUSY, "%s is in use by %.200s: wait for it or stop it", s->base.name, who);
}

sluice_result postgres_owner_lock(postgres_store *s, sluice_error *error) {
    char locked[8];
    sluice_result result =
        postgres_run(&s->writer, "SELECT pg_try_advisory_lock(" LOCK ")", locked, sizeof locked, error);
    return result == SLUICE_OK && strcmp(locked, "t") != 0 ? busy(s, error) : result;
}

sluice_result postgres_owner_sign(postgres_store *s, sluice_error *error) {
    unsigned char random[(POSTGRES_TOKEN_BYTES - 1) / 2];
    char host[256] = "", text[600], escaped[520];
    if (!random_secret(random, sizeof random)) {
        return error_set(error, SLUICE_E_IO, "the system has no random numbers: is it still booting? Try again");
    }
    for (size_t i = 0; i < sizeof random; i++) {
        (void)snprintf(s->token + 2 * i, 3, "%02x", random[i]);
    }
    (void)gethostname(host, sizeof host - 1);
    (void)PQescapeStringConn(s->writer.session, escaped, host, strlen(host), NULL);
    (void)snprintf(text, sizeof text,
                   "BEGIN; DELETE FROM owner; INSERT INTO owner VALUES('%s', %ld, '%.200s', now()); COMMIT", s->token,
                   (long)getpid(), escaped);
    return postgres_run(&s->writer, text, NULL, 0, error);
}

sluice_result postgres_owner_return(postgres_store *s, bool *committed_out, sluice_error *error) {
    char answer[64], text[128];
    *committed_out = false;
    sluice_result result = postgres_connect(&s->writer, true, error);
    if (result == SLUICE_OK) {
        result = postgres_owner_lock(s, error);
    }
    if (result == SLUICE_OK) {
        result = postgres_run(&s->writer, "SELECT token FROM owner", answer, sizeof answer, error);
    }
    if (result == SLUICE_OK && strcmp(answer, s->token) != 0) {
        result = error_set(error, SLUICE_E_BUSY,
                           "another sluice has written to %s while this one had lost its connection: restart this one",
                           s->base.name);
    }
    if (result == SLUICE_OK && s->in_doubt) {
        (void)snprintf(text, sizeof text, "SELECT coalesce(pg_xact_status('%s'), 'unknown')", s->transaction);
        result = postgres_run(&s->writer, text, answer, sizeof answer, error);
        *committed_out = result == SLUICE_OK && strcmp(answer, "committed") == 0;
    }
    if (result == SLUICE_OK) {
        s->in_doubt = false;
    } else {
        postgres_disconnect(&s->writer);
    }
    return result;
}
