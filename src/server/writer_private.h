/* The writer thread. */
#ifndef SERVER_WRITER_PRIVATE_H
#define SERVER_WRITER_PRIVATE_H

#include <stdatomic.h>

#include <sluice/detect.h>

#include "server/exchange_private.h"
#include "sys/thread.h"

/* A signal of a batch that the engine did not take. */
typedef struct ingest_refusal {
    size_t index;
    sluice_result code;
    char text[240];
} ingest_refusal;

#define INGEST_REFUSALS_MAX 100

/* A batch of signals of one request; its worker waits for it. */
typedef struct ingest {
    struct ingest *next;
    condition finished; /* its own: one that all wait for would wake all of them for one */
    const sluice_signal *signals;
    size_t count;
    uint64_t accepted, duplicates, refused;
    uint64_t alerts; /* decided other than to allow */
    uint64_t sequence;
    ingest_refusal refusals[INGEST_REFUSALS_MAX];
    sluice_result result;
    sluice_error error;
    bool done;
} ingest;

typedef struct writer_task {
    struct writer_task *next;
    condition finished;
    sluice_result (*run)(void *context, sluice_error *error);
    void *context;
    bool is_alone; /* outside of any transaction */
    sluice_result result;
    sluice_error error;
    bool done;
    bool is_whole; /* in a transaction of its own */
} writer_task;

/* What is committed together; see writer_signals.c. */
typedef struct writer_round {
    exchange *decisions, *decisions_last;
    size_t decision_count;
    ingest *ingests;
    size_t ingest_count;
    bool lost; /* its batch is gone */
    sluice_error why;
} writer_round;

#define WRITER_DECISIONS_MAX 65536
#define WRITER_TASKS_MAX 4096
#define COMMIT_BUCKETS 12

typedef struct writer {
    mutex lock;
    condition changed; /* there is work, or an end */
    exchange *decisions, *decisions_last;
    size_t decision_count;
    ingest *ingests, *ingests_last;
    size_t ingest_count;
    writer_task *tasks, *tasks_last;
    size_t task_count;
    bool stop, reload, running;
    bool has_landed; /* what flies is written */
    bool more;       /* http is reading further decisions: the open round waits for them */
    thread thread;

    /* The writer's own. */
    sluice_detector *detector;
    bool lost;   /* the detector must be opened again */
    bool broken; /* the engine's state is not whole: the daemon must be started again */
    int64_t retry_ns, rules_retry_ns;
    int64_t due_ms;
    int64_t decided_ns, findings_ns; /* when last; machine's clock */
    int64_t findings_cost_ns;        /* of the last share */
    bool findings_wait;              /* decisions that the desk has not taken in yet */
    writer_round open, flying;
    bool is_flying;
    int64_t flight_begun_ns;

    atomic_uint_fast64_t decided, ingested, alerts, sequence, commits, commit_failures, commands;
    atomic_uint_fast64_t commit_us, commit_buckets[COMMIT_BUCKETS];
    atomic_uint_fast64_t detector_bytes;
    atomic_bool deciding;                    /* a detector is open */
    char rules_sha256[65], model_sha256[65]; /* under `lock` */
    uint32_t rules, patterns, features;
    char rules_problem[240]; /* why what should be in use is not; empty: it is */
} writer;

extern const double COMMIT_BUCKET_S[COMMIT_BUCKETS];

struct sluice_server;
SLUICE_MUST_USE sluice_result writer_open(struct sluice_server *s, sluice_error *error);
SLUICE_MUST_USE sluice_result writer_start(struct sluice_server *s, sluice_error *error);
/* Does what is queued, commits, and ends the thread. */
void writer_stop(struct sluice_server *s);
void writer_close(struct sluice_server *s);

/* Http thread: a list of exchanges to be decided. What does not fit comes back. `more`: others are being read, and the
 * round may wait for them, until a call that says that there are no more (with or without a list). */
exchange *writer_submit_decisions(struct sluice_server *s, exchange *first, exchange *last, size_t count, bool more);
/* Worker: returns when durable. */
SLUICE_MUST_USE sluice_result writer_ingest(struct sluice_server *s, ingest *batch, sluice_error *error);
/* Rules and model are read again when the writer comes to it. */
void writer_reload(struct sluice_server *s);

/* ---- writer.c, for writer_signals.c; any thread ---- */

void writer_note_commit(writer *w, int64_t ns);

/* ---- writer_signals.c, for the writer's thread ---- */

bool writer_wants_detector(const struct sluice_server *s);
/* writer_signals.c: before the thread runs. */
SLUICE_MUST_USE sluice_result writer_begin_deciding(struct sluice_server *s, sluice_error *error);
SLUICE_MUST_USE sluice_result writer_open_detector(struct sluice_server *s, sluice_error *error);
/* Nothing may fly, in these two. */
void writer_reopen_if_lost(struct sluice_server *s);
void writer_reload_now(struct sluice_server *s);

/* How many ingested batches the open round takes yet; `decisions_wait`: there are some to go into it. */
size_t writer_ingest_room(const writer *w, bool decisions_wait);
/* Decides them and takes them into the open round. */
void writer_take_signals(struct sluice_server *s, exchange *first, exchange *last, size_t count, ingest *ingests);
/* Seals the open round and sends it to the disk, unless another flies. */
void writer_begin_flight(struct sluice_server *s);
/* Waits for what flies, if anything does, and answers it. */
void writer_land(struct sluice_server *s);

/* ---- decisions.c ---- */

/* Parses a body into x->signal; false: a problem is in the response. */
bool decision_parse(exchange *x);
void decision_render(exchange *x, const sluice_decision *made);

#endif
