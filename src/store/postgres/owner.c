/* Who may write.
 *
 * One session holds an advisory lock, for as long as it lives; a second sluice gets BUSY. Beside the lock lies a row
 * with the name of that open: a random token, process and host. The server may notice the end of a session a moment
 * late; when the row shows that its owner is no more, the lock is waited for.
 *
 * When the session is lost (the server was restarted, a cable pulled), the transaction under way is undone by the
 * server. A new session must take the lock again, and find its own token: if it is another's, somebody else has written
 * meanwhile, and what this process has in memory is of the past.
 *
 * A commit whose answer was lost is in doubt. The server knows the fate of the transaction by its number; as the lock
 * is ours again, the old session is gone and the fate is settled. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "store/postgres/postgres_private.h"
#include "sys/clock.h"
#include "sys/random.h"

#define LOCK "1397506885" /* "SLCE" */
#define GONE_WAIT_MS 5000

/* Whose the lock is, as the row says. */
typedef struct owner {
    char token[POSTGRES_TOKEN_BYTES], process[24], host[256];
} owner;

static void read_owner(postgres_store *s, owner *o) {
    char there[8] = "";
    *o = (owner){.token = ""};
    if (postgres_run(&s->writer, "SELECT to_regclass('sluice.owner') IS NOT NULL", there, sizeof there, NULL) ==
            SLUICE_OK &&
        strcmp(there, "t") == 0 &&
        (postgres_run(&s->writer, "SELECT token FROM owner", o->token, sizeof o->token, NULL) != SLUICE_OK ||
         postgres_run(&s->writer, "SELECT process FROM owner", o->process, sizeof o->process, NULL) != SLUICE_OK ||
         postgres_run(&s->writer, "SELECT host FROM owner", o->host, sizeof o->host, NULL) != SLUICE_OK)) {
        *o = (owner){.token = ""};
    }
}

static void own_host(char host_out[256]) {
    memset(host_out, 0, 256);
    (void)gethostname(host_out, 255);
}

/* The owner is gone, and the server has not noticed yet: an earlier session of ours, or a process of this machine that
 * is no more. */
static bool is_gone(const postgres_store *s, const owner *o) {
    char host[256];
    uint64_t process = 0;
    if (o->token[0] != '\0' && strcmp(o->token, s->token) == 0) {
        return true;
    }
    own_host(host);
    return strcmp(host, o->host) == 0 && text_to_u64(text_of(o->process), &process) && process > 0 &&
           process <= INT32_MAX && kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

static sluice_result busy(const postgres_store *s, const owner *o, sluice_error *error) {
    if (o->token[0] == '\0') {
        return error_set(error, SLUICE_E_BUSY, "%s is in use by another sluice: wait for it or stop it", s->base.name);
    }
    return error_set(error, SLUICE_E_BUSY, "%s is in use by process %s on %.100s: wait for it or stop it", s->base.name,
                     o->process, o->host);
}

sluice_result postgres_owner_lock(postgres_store *s, sluice_error *error) {
    int64_t until_ns = clock_monotonic_ns() + INT64_C(1000000) * GONE_WAIT_MS;
    for (;;) {
        owner o;
        char locked[8];
        sluice_result result =
            postgres_run(&s->writer, "SELECT pg_try_advisory_lock(" LOCK ")", locked, sizeof locked, error);
        if (result != SLUICE_OK || strcmp(locked, "t") == 0) {
            return result;
        }
        read_owner(s, &o);
        if (!is_gone(s, &o) || clock_monotonic_ns() >= until_ns) {
            return busy(s, &o, error);
        }
        (void)poll(NULL, 0, 20);
    }
}

sluice_result postgres_owner_sign(postgres_store *s, sluice_error *error) {
    unsigned char random[(POSTGRES_TOKEN_BYTES - 1) / 2];
    char host[256], text[600], escaped[520];
    if (!random_secret(random, sizeof random)) {
        return error_set(error, SLUICE_E_IO, "the system has no random numbers: is it still booting? Try again");
    }
    for (size_t i = 0; i < sizeof random; i++) {
        (void)snprintf(s->token + 2 * i, 3, "%02x", random[i]);
    }
    own_host(host);
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
