/* The daemon, as the folder above it and its handlers see it.
 *
 *   http      one thread: all connections; parses, checks, answers what is instant, hands on the rest
 *   writer    one thread: everything that changes state, in rounds; one commit a round and kind, then the answers
 *   workers   eight: handlers that read the store, trace, hash passwords; wait for the writer
 *   jobs      one: what takes longer than a request may
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include <sluice/engine.h>
#include <sluice/serve.h>

#include "server/events.h"
#include "server/request.h"
#include "server/response.h"
#include "server/route.h"

typedef struct sluice_server server;

/* Runs `run` on the writer thread within the round's transaction and a savepoint; returns when durable. Any thread but
 * the writer and http. Errors: run's own, the commit's, BUSY (the queue is full), INTERRUPTED (the daemon stops). */
typedef sluice_result (*writer_command)(void *context, sluice_error *error);
SLUICE_MUST_USE sluice_result writer_run(server *s, writer_command run, void *context, sluice_error *error);
/* In a transaction of its own, which is undone as a whole when run fails: for a run of many parts, each of which has a
 * savepoint. (SQLite's savepoints within a savepoint take the longer, the more the outer one has changed.) */
SLUICE_MUST_USE sluice_result writer_run_whole(server *s, writer_command run, void *context, sluice_error *error);

/* The same on its own: outside of any transaction, and while no signals are on their way to the log; `run` may write to
 * the engine, through the detector if one is open. Signals and commands wait for it. */
SLUICE_MUST_USE sluice_result writer_run_alone(server *s, writer_command run, void *context, sluice_error *error);

/* ---- the desk's side ---- */

/* What was sent to say who one is. */
typedef struct credentials {
    sluice_text bearer;  /* Authorization: Bearer …; empty: none */
    sluice_text api_key; /* Authorization: ApiKey … */
    sluice_text session; /* cookie sluice_session */
    sluice_text address;
} credentials;

typedef struct idempotency_key {
    uint64_t principal;
    sluice_text key;
    unsigned char request_hash[32]; /* of method, path, query and body */
} idempotency_key;

typedef struct idempotency_answer {
    int status;
    sluice_text content_type, body, headers; /* headers: "Name: value\n" each */
} idempotency_answer;

/* What the desk gives to the daemon. Any pointer may be NULL: then there is no such thing. */
typedef struct server_desk {
    void *context;

    /* Any thread, several at once. On the http thread `may_block` is false: what is not in memory is BUSY, and the
     * question comes again on a worker. UNAUTHENTICATED: these are nobody's credentials, or not any more; the text is
     * shown. Without any credentials it is not asked. */
    sluice_result (*authenticate)(void *context, const credentials *given, bool may_block, int64_t now_ms, arena *a,
                                  actor *actor_out, sluice_error *error);

    /* Any thread: the rights of one who was authenticated at began_ms, as they are by now (route.h says whether they
     * are enough); a comparison while nobody's have changed. UNAUTHENTICATED: there are none any more. */
    sluice_result (*still)(void *context, actor *who, int64_t began_ms, int64_t now_ms, arena *a, sluice_error *error);

    /* A copy of actor.desk for a job, which outlives its request; NULL: no memory. */
    const void *(*keep_actor)(void *context, const void *desk, arena *a);

    /* Writer thread. The transaction of a round's commands; the savepoint of each. */
    sluice_result (*begin)(void *context, sluice_error *error);
    sluice_result (*commit)(void *context, sluice_error *error);
    void (*rollback)(void *context);
    sluice_result (*savepoint)(void *context, sluice_error *error);
    sluice_result (*savepoint_keep)(void *context, sluice_error *error);
    void (*savepoint_undo)(void *context);

    /* Writer thread, outside of a transaction (it begins and commits by itself): does what is due at now_ms, and
     * returns when the next thing is (INT64_MAX: nothing). Called when that moment comes, and after each round with
     * commands; cheap when nothing is due. */
    int64_t (*tick)(void *context, int64_t now_ms);
    /* Writer thread, outside of a transaction: what was decided other than to allow becomes people's work, `most` of it
     * at once. Called at the start and after rounds with such decisions; true: there is more. */
    bool (*take_decisions)(void *context, int64_t now_ms, size_t most);
    /* Writer thread: an approved withdrawal waits to be done; cheap. And, outside of a transaction, with nobody reading
     * the engine and no detector: does them. An error leaves the engine unusable until the daemon is started again. */
    bool (*withdrawals_wait)(void *context);
    sluice_result (*withdraw)(void *context, int64_t now_ms,
                              void (*progress)(void *context, uint64_t done, uint64_t total), void *progress_context,
                              sluice_error *error);
    /* Writer thread: changed rules wait to be used; cheap. And, outside of a transaction: the texts that stand for
     * files of the rules' folder, in the arena. */
    bool (*rules_wait)(void *context);
    sluice_result (*rules_take)(void *context, arena *a, const sluice_rule_file **files_out, size_t *count_out,
                                sluice_error *error);
    /* Writer thread, after a commit of commands: what became true may now be told (events_publish). */
    void (*committed)(void *context);

    /* Writer thread, within a command's savepoint. NOT_FOUND, or OK with the answer in the arena; CONFLICT: the key is
     * another request's. */
    sluice_result (*idempotency_find)(void *context, const idempotency_key *key, int64_t now_ms, arena *a,
                                      idempotency_answer *answer_out, sluice_error *error);
    sluice_result (*idempotency_put)(void *context, const idempotency_key *key, int64_t now_ms,
                                     const idempotency_answer *answer, sluice_error *error);

    /* May this actor see this event? Http thread, from memory. NULL: everybody who may open /v1/events sees all. */
    bool (*may_see)(void *context, const actor *who, const event *e);

    /* Any thread: false and a text when the desk cannot serve (/readyz). */
    bool (*ready)(void *context, char text_out[160]);

    /* 32 bytes that seal cursors, the same after a restart; NULL: new ones at each start. */
    const unsigned char *secret;
    const char *const *role_names; /* by bit, NULL-terminated: for the document */
} server_desk;

/* Between sluice_server_open and sluice_server_run. Borrowed until the server is closed. */
void server_set_desk(server *s, const server_desk *desk);
SLUICE_MUST_USE sluice_result server_add_routes(server *s, const route *routes, size_t count, sluice_error *error);
/* The engine itself, for whoever opens the store beside it; its writing functions only on the writer thread. */
sluice_engine *server_engine_of_writer(server *s);

#endif
