/* The writer: one thread, which has all that changes state.
 *
 *   decisions, ingest ─▶ open round ─▶ flies to the disk ─▶ answers         writer_signals.c
 *   commands of the desk ─▶ one transaction ─▶ answers                       here
 *
 * It takes what has come, decides it while the round before is on its way to the disk, and answers what has landed. So
 * the rate grows with the load until a round is as long as its commit, and nobody waits for more than two commits, and
 * for what http is reading, at most half a millisecond (http_loop.c).
 *
 * The store has one writer at a time: before commands of the desk run, what flies has landed. */
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "server/server_private.h"
#include "sys/clock.h"

#define ROUND_FULL 64                            /* decisions that do not wait for further ones */
#define FINDINGS_PAUSE_MIN_NS INT64_C(100000000) /* between two shares of findings while decisions are asked for … */
#define FINDINGS_PAUSE_MAX_NS INT64_C(1000000000)
#define FINDINGS_SHARE 200 /* … which take one part in so many of the time */
#define FINDINGS_BUSY 2    /* 0.8 ms */
#define FINDINGS_IDLE 64
#define WITHDRAWAL_POLL_MS 20 /* until those who read the engine have left */
#define RULES_RETRY_NS INT64_C(1000000000)
#define SIMULATED_POLL_MS 5  /* a simulated clock does not wake anybody */
#define DUE_WAIT_MAX_MS 1000 /* the machine's clock may be set */

void writer_note_commit(writer *w, int64_t ns) {
    size_t bucket = 0;
    while (bucket < COMMIT_BUCKETS && (double)ns > COMMIT_BUCKET_S[bucket] * 1e9) {
        bucket++;
    }
    if (bucket < COMMIT_BUCKETS) {
        atomic_fetch_add(&w->commit_buckets[bucket], 1);
    }
    atomic_fetch_add(&w->commits, 1);
    atomic_fetch_add(&w->commit_us, (uint64_t)ns / 1000);
}

/* ---- commands ---- */

static void run_task(const server_desk *desk, writer_task *task) {
    if (desk->savepoint != NULL && !task->is_whole) {
        task->result = desk->savepoint(desk->context, &task->error);
        if (task->result != SLUICE_OK) {
            return;
        }
    }
    task->result = task->run(task->context, &task->error);
    if (task->is_whole) {
        return;
    }
    if (task->result == SLUICE_OK && desk->savepoint_keep != NULL) {
        task->result = desk->savepoint_keep(desk->context, &task->error);
    } else if (task->result != SLUICE_OK && desk->savepoint_undo != NULL) {
        desk->savepoint_undo(desk->context);
    }
}

/* Of these tasks up to `end`. */
static sluice_result run_transaction(server *s, writer_task *tasks, const writer_task *end, sluice_error *error) {
    const server_desk *desk = s->desk;
    sluice_result result = desk->begin == NULL ? SLUICE_OK : desk->begin(desk->context, error);
    if (result != SLUICE_OK) {
        return result;
    }
    for (writer_task *task = tasks; task != end; task = task->next) {
        run_task(desk, task);
    }
    if (tasks->is_whole && tasks->result != SLUICE_OK) {
        *error = tasks->error;
        return tasks->result;
    }
    int64_t begun = clock_machine_ns();
    result = desk->commit == NULL ? SLUICE_OK : desk->commit(desk->context, error);
    if (desk->commit != NULL) {
        writer_note_commit(&s->writer, clock_machine_ns() - begun);
    }
    return result;
}

static void tick(server *s) {
    if (s->desk->tick != NULL) {
        s->writer.due_ms = s->desk->tick(s->desk->context, clock_now_ms());
    }
}

static void answer_tasks(writer *w, writer_task *tasks, const writer_task *end, sluice_result result,
                         const sluice_error *error) {
    mutex_lock(&w->lock);
    for (writer_task *task = tasks; task != end;) {
        writer_task *next = task->next; /* it is its waiter's, and gone once it is done */
        if (result != SLUICE_OK && task->result == SLUICE_OK) {
            task->result = result;
            task->error = *error;
        }
        task->done = true;
        condition_wake_one(&task->finished);
        atomic_fetch_add(&w->commands, 1);
        task = next;
    }
    mutex_unlock(&w->lock);
}

static bool is_due(const server *s) {
    return s->desk->tick != NULL && s->writer.due_ms <= clock_now_ms();
}

/* Those that share a transaction, or one that has its own. Returns the first after them. */
static writer_task *do_transaction(server *s, writer_task *tasks) {
    sluice_error error = {0};
    writer_task *end = tasks->next;
    while (!tasks->is_whole && end != NULL && !end->is_whole) {
        end = end->next;
    }
    sluice_result result = run_transaction(s, tasks, end, &error);
    if (result != SLUICE_OK) {
        if (s->desk->rollback != NULL) {
            s->desk->rollback(s->desk->context);
        }
        atomic_fetch_add(&s->writer.commit_failures, 1);
        log_line(&s->log, "error", "commit", "commands were undone: %s", error.text);
    }
    answer_tasks(&s->writer, tasks, end, result, &error);
    return end;
}

/* Nothing may fly. */
static void do_commands(server *s, writer_task *tasks) {
    bool due = is_due(s), any = tasks != NULL;
    if (due) {
        tick(s);
    }
    while (tasks != NULL) {
        tasks = do_transaction(s, tasks);
    }
    if (any) {
        tick(s); /* a command may have set a new deadline */
    }
    if ((due || any) && s->desk->committed != NULL) {
        s->desk->committed(s->desk->context);
    }
}

/* Those that run alone, taken out of the list. */
static writer_task *take_alone(writer_task **tasks) {
    writer_task *alone = NULL, **end = &alone;
    for (writer_task **link = tasks; *link != NULL;) {
        writer_task *task = *link;
        if (!task->is_alone) {
            link = &task->next;
            continue;
        }
        *link = task->next;
        task->next = NULL;
        *end = task;
        end = &task->next;
    }
    return alone;
}

/* Nothing may fly. */
static void do_alone(server *s, writer_task *tasks) {
    for (writer_task *task = tasks; task != NULL; task = task->next) {
        task->result = task->run(task->context, &task->error);
    }
    answer_tasks(&s->writer, tasks, NULL, SLUICE_OK, NULL);
}

/* ---- withdrawals ---- */

static void settle(server *s);

static bool withdrawals_wait(const server *s) {
    return s->desk->withdrawals_wait != NULL && s->desk->withdrawals_wait(s->desk->context);
}

static void note_rebuild(void *context, uint64_t done, uint64_t total) {
    engine_gate *g = context;
    atomic_store(&g->total, total);
    atomic_store(&g->done, done);
}

/* When nobody reads the engine. It is closed to all until its state is whole again; without that, for good. */
static void do_withdrawals(server *s) {
    writer *w = &s->writer;
    sluice_error error = {0};
    if (!withdrawals_wait(s) || w->broken || !gate_close(&s->gate)) {
        return;
    }
    settle(s);
    int64_t begun = clock_machine_ns();
    note_rebuild(&s->gate, 0, atomic_load(&w->sequence));
    atomic_store(&s->gate.rebuilding, true);
    atomic_store(&w->deciding, false);
    sluice_detector_close(&w->detector);
    sluice_result result = s->desk->withdraw(s->desk->context, clock_now_ms(), note_rebuild, &s->gate, &error);
    if (result == SLUICE_OK && writer_wants_detector(s)) {
        result = writer_open_detector(s, &error);
    }
    w->broken = result != SLUICE_OK;
    if (w->broken) {
        w->lost = w->lost || writer_wants_detector(s);
        log_line(&s->log, "error", "withdraw", "the state was not built anew; start the daemon again: %s", error.text);
        return;
    }
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(s->engine, &stats);
    atomic_store(&w->sequence, stats.sequence);
    atomic_store(&s->gate.rebuilding, false);
    gate_open(&s->gate);
    log_line(&s->log, "info", "withdraw", "the state is without what was withdrawn (%lld ms)",
             (long long)((clock_machine_ns() - begun) / 1000000));
    if (s->desk->committed != NULL) {
        s->desk->committed(s->desk->context);
    }
}

/* ---- changed rules ---- */

static bool rules_wait(const server *s) {
    return s->desk->rules_wait != NULL && s->desk->rules_wait(s->desk->context);
}

/* Right after the commit that changed them, and before anything else is decided. */
static void do_rules(server *s) {
    writer *w = &s->writer;
    sluice_error error = {0};
    if (!rules_wait(s) || w->broken || clock_machine_ns() < w->rules_retry_ns) {
        return;
    }
    settle(s);
    if (rules_use_take(s, &error) == SLUICE_OK) {
        writer_reload_now(s);
        return;
    }
    w->rules_retry_ns = clock_machine_ns() + RULES_RETRY_NS;
    log_line(&s->log, "error", "rules", "changed rules could not be read, the old ones stay: %s", error.text);
}

/* ---- what was decided becomes work for people ----
 *
 * It costs a commit, so while decisions are asked for it is done now and then, little of it at a time, and takes a
 * small part of the time: nobody who pays is kept waiting by those who will be warned. */

static bool is_busy(const writer *w, int64_t now_ns) {
    return w->decided_ns != 0 && now_ns - w->decided_ns < FINDINGS_PAUSE_MIN_NS;
}

/* How long they have to wait yet; 0: not at all; INT64_MAX: there are none. */
static int64_t findings_wait_ns(const server *s) {
    const writer *w = &s->writer;
    int64_t now = clock_machine_ns();
    if (!w->findings_wait || s->desk->take_decisions == NULL) {
        return INT64_MAX;
    }
    int64_t pause = w->findings_cost_ns * FINDINGS_SHARE;
    pause = pause < FINDINGS_PAUSE_MIN_NS   ? FINDINGS_PAUSE_MIN_NS
            : pause > FINDINGS_PAUSE_MAX_NS ? FINDINGS_PAUSE_MAX_NS
                                            : pause;
    int64_t left = is_busy(w, now) ? w->findings_ns + pause - now : 0;
    return left < 0 ? 0 : left;
}

/* Nothing may fly. */
static void do_findings(server *s) {
    writer *w = &s->writer;
    int64_t begun = clock_machine_ns();
    w->findings_wait =
        s->desk->take_decisions(s->desk->context, clock_now_ms(), is_busy(w, begun) ? FINDINGS_BUSY : FINDINGS_IDLE);
    if (s->desk->committed != NULL) {
        s->desk->committed(s->desk->context);
    }
    tick(s); /* warnings have deadlines */
    w->findings_ns = clock_machine_ns();
    w->findings_cost_ns = w->findings_ns - begun;
}

/* ---- the thread ---- */

/* What is taken from the queues at a time. */
typedef struct work {
    exchange *decisions, *decisions_last;
    size_t decision_count;
    ingest *ingests;
    writer_task *tasks;
    bool reload, has_landed;
    bool more; /* decisions come that the open round may wait for */
} work;

/* Under the lock. */
static bool more_come(const writer *w) {
    return w->more && !w->stop;
}

/* Under the lock. */
static void take_all(writer *w, work *taken) {
    *taken = (work){.decisions = w->decisions,
                    .decisions_last = w->decisions_last,
                    .decision_count = w->decision_count,
                    .tasks = w->tasks};
    w->decisions = w->decisions_last = NULL;
    w->decision_count = 0;
    ingest **link = &taken->ingests;
    for (size_t room = writer_ingest_room(w, taken->decisions != NULL); room > 0 && w->ingests != NULL; room--) {
        ingest *batch = w->ingests;
        w->ingests = batch->next;
        batch->next = NULL;
        *link = batch;
        link = &batch->next;
        w->ingest_count--;
    }
    w->tasks = w->tasks_last = NULL;
    w->task_count = 0;
    taken->reload = w->reload;
    w->reload = false;
    taken->has_landed = w->has_landed;
    taken->more = more_come(w);
}

static bool has_work(const writer *w) {
    return w->decisions != NULL || w->tasks != NULL || w->reload || w->has_landed ||
           (w->ingests != NULL && writer_ingest_room(w, false) > 0) ||
           (w->open.decisions != NULL && !w->is_flying && !more_come(w));
}

/* Nothing is left to be done. */
static bool is_done(const writer *w) {
    return w->decisions == NULL && w->ingests == NULL && w->tasks == NULL && w->open.decisions == NULL && !w->is_flying;
}

/* How long the writer may sleep; 0: something is due. */
static int64_t idle_ms(const server *s) {
    const writer *w = &s->writer;
    int64_t left_ms = DUE_WAIT_MAX_MS;
    if (s->desk->tick != NULL && w->due_ms != INT64_MAX) {
        left_ms = w->due_ms - clock_now_ms();
        if (left_ms > 0) {
            left_ms = s->options.clock != NULL    ? SIMULATED_POLL_MS
                      : left_ms < DUE_WAIT_MAX_MS ? left_ms
                                                  : DUE_WAIT_MAX_MS;
        }
    }
    int64_t findings_ns = findings_wait_ns(s);
    int64_t findings_ms = findings_ns / 1000000 + (findings_ns % 1000000 != 0);
    left_ms = findings_ms < left_ms ? findings_ms : left_ms;
    if (rules_wait(s) && !w->broken) {
        int64_t retry_ms = (w->rules_retry_ns - clock_machine_ns()) / 1000000;
        left_ms = left_ms < retry_ms ? left_ms : retry_ms;
    }
    if (withdrawals_wait(s) && !w->broken) {
        left_ms = left_ms < WITHDRAWAL_POLL_MS ? left_ms : WITHDRAWAL_POLL_MS;
    }
    return left_ms < 0 ? 0 : left_ms;
}

/* Under the lock: waits for work, an end, or the next deadline. */
static void wait_for_work(server *s) {
    writer *w = &s->writer;
    for (int64_t left_ms; !has_work(w) && !(w->stop && is_done(w)) && (left_ms = idle_ms(s)) > 0;) {
        (void)condition_wait_for(&w->changed, &w->lock, left_ms);
    }
}

static void do_signals(server *s, const work *taken) {
    writer *w = &s->writer;
    if (taken->decisions != NULL || taken->ingests != NULL) {
        w->decided_ns = clock_machine_ns();
        writer_take_signals(s, taken->decisions, taken->decisions_last, taken->decision_count, taken->ingests);
    }
    if (taken->has_landed) {
        writer_land(s);
    }
    bool waits = taken->more && w->open.decisions != NULL && w->open.decision_count < ROUND_FULL;
    if (!waits) {
        writer_begin_flight(s);
    }
}

/* All that was taken is durable, or its senders were told. */
static void settle(server *s) {
    writer_land(s);
    writer_begin_flight(s);
    writer_land(s);
}

static void *writer_main(void *context) {
    server *s = context;
    writer *w = &s->writer;
    thread_be_prompt();
    w->findings_wait = true; /* of before the start */
    for (bool end = false; !end;) {
        work taken;
        mutex_lock(&w->lock);
        wait_for_work(s);
        end = w->stop && is_done(w);
        take_all(w, &taken);
        mutex_unlock(&w->lock);
        if (taken.reload || w->lost) {
            settle(s);
        }
        if (taken.reload) {
            writer_reload_now(s);
        }
        writer_reopen_if_lost(s);
        do_signals(s, &taken);
        bool findings = findings_wait_ns(s) == 0;
        writer_task *alone = take_alone(&taken.tasks);
        if (alone != NULL) {
            settle(s);
            do_alone(s, alone);
        }
        if (taken.tasks != NULL || findings || is_due(s)) {
            settle(s);
            do_commands(s, taken.tasks);
            if (findings) {
                do_findings(s);
            }
        }
        do_rules(s);
        do_withdrawals(s);
    }
    return NULL;
}

sluice_result writer_open(server *s, sluice_error *error) {
    writer *w = &s->writer;
    mutex_init(&w->lock);
    condition_init(&w->changed);
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(s->engine, &stats);
    atomic_store(&w->sequence, stats.sequence);
    return writer_wants_detector(s) ? writer_begin_deciding(s, error) : SLUICE_OK;
}

sluice_result writer_start(server *s, sluice_error *error) {
    s->writer.running = thread_start(&s->writer.thread, writer_main, s);
    return s->writer.running ? SLUICE_OK : error_set(error, SLUICE_E_IO, "the system has no more threads");
}

void writer_stop(server *s) {
    writer *w = &s->writer;
    if (!w->running) {
        return;
    }
    mutex_lock(&w->lock);
    w->stop = true;
    condition_wake_all(&w->changed);
    mutex_unlock(&w->lock);
    thread_join(&w->thread);
    w->running = false;
}

void writer_close(server *s) {
    writer *w = &s->writer;
    writer_stop(s);
    sluice_detector_close(&w->detector);
    condition_fini(&w->changed);
    mutex_fini(&w->lock);
}

/* ---- submitting ---- */

exchange *writer_submit_decisions(server *s, exchange *first, exchange *last, size_t count, bool more) {
    writer *w = &s->writer;
    mutex_lock(&w->lock);
    bool fits = !w->stop && w->decision_count + count <= WRITER_DECISIONS_MAX;
    w->more = more;
    if (fits && first != NULL) {
        if (w->decisions == NULL) {
            w->decisions = first;
        } else {
            w->decisions_last->next = first;
        }
        w->decisions_last = last;
        w->decision_count += count;
    }
    mutex_unlock(&w->lock);
    condition_wake_one(&w->changed); /* now: on the same core it would run at once, and wait for the lock */
    return fits ? NULL : first;
}

sluice_result writer_ingest(server *s, ingest *batch, sluice_error *error) {
    writer *w = &s->writer;
    mutex_lock(&w->lock);
    if (w->stop) {
        mutex_unlock(&w->lock);
        return error_set(error, SLUICE_E_INTERRUPTED, "the daemon is stopping");
    }
    batch->next = NULL;
    batch->done = false;
    condition_init(&batch->finished);
    if (w->ingests == NULL) {
        w->ingests = batch;
    } else {
        w->ingests_last->next = batch;
    }
    w->ingests_last = batch;
    w->ingest_count++;
    condition_wake_one(&w->changed);
    while (!batch->done) {
        condition_wait(&batch->finished, &w->lock);
    }
    mutex_unlock(&w->lock);
    condition_fini(&batch->finished);
    if (batch->result != SLUICE_OK && error != NULL) {
        *error = batch->error;
    }
    return batch->result;
}

static sluice_result run_and_wait(server *s, writer_task task, sluice_error *error) {
    writer *w = &s->writer;
    mutex_lock(&w->lock);
    if (w->stop || w->task_count >= WRITER_TASKS_MAX) {
        bool stop = w->stop;
        mutex_unlock(&w->lock);
        return stop ? error_set(error, SLUICE_E_INTERRUPTED, "the daemon is stopping")
                    : error_set(error, SLUICE_E_BUSY, "too much waits to be written: try again in a second");
    }
    condition_init(&task.finished);
    if (w->tasks == NULL) {
        w->tasks = &task;
    } else {
        w->tasks_last->next = &task;
    }
    w->tasks_last = &task;
    w->task_count++;
    condition_wake_one(&w->changed);
    while (!task.done) {
        condition_wait(&task.finished, &w->lock);
    }
    mutex_unlock(&w->lock);
    condition_fini(&task.finished);
    if (task.result != SLUICE_OK && error != NULL) {
        *error = task.error;
    }
    return task.result;
}

sluice_result writer_run(server *s, writer_command run, void *context, sluice_error *error) {
    return run_and_wait(s, (writer_task){.run = run, .context = context}, error);
}

sluice_result writer_run_whole(server *s, writer_command run, void *context, sluice_error *error) {
    return run_and_wait(s, (writer_task){.run = run, .context = context, .is_whole = true}, error);
}

sluice_result writer_run_alone(server *s, writer_command run, void *context, sluice_error *error) {
    return run_and_wait(s, (writer_task){.run = run, .context = context, .is_alone = true}, error);
}

void writer_reload(server *s) {
    mutex_lock(&s->writer.lock);
    s->writer.reload = true;
    condition_wake_one(&s->writer.changed);
    mutex_unlock(&s->writer.lock);
}
