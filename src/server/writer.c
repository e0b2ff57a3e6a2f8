/* The writer: one thread in rounds.
 *
 *   take all that is queued ─▶ decide and take in ─▶ commit ─▶ answer ─▶ commands of the desk ─▶ commit ─▶ answer
 *
 * One commit serves all that was waiting (group commit): while it is on its way to the disk, the next round gathers. So
 * the rate grows with the load until a round is as long as its commit, and nobody waits for more than two commits.
 *
 * While decisions wait, a round takes one ingested batch and no more, so that a bulk upload does not hold up a payment.
 *
 * A commit that fails loses its batch, in the log and in the detector alike: all of its requests get the error, and the
 * detector is opened again from the log (at most once a second) before anything else is decided. */
#include "server/writer_private.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "server/server_private.h"
#include "sys/clock.h"

#define INGESTS_ALONE 16 /* batches in a round without decisions */
#define REOPEN_NS 1000000000
#define FINDINGS_PAUSE_NS INT64_C(100000000) /* between two shares of findings while decisions are asked for */
#define FINDINGS_BUSY 16
#define FINDINGS_IDLE 64
#define SIMULATED_POLL_MS 5  /* a simulated clock does not wake anybody */
#define DUE_WAIT_MAX_MS 1000 /* the machine's clock may be set */

const double COMMIT_BUCKET_S[COMMIT_BUCKETS] = {0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075,
                                                0.01,   0.025, 0.05,  0.1,   0.5,   2.5};

typedef struct round {
    exchange *decisions;
    ingest *ingests;
    writer_task *tasks;
    size_t ingest_count;
    bool lost; /* the batch under way is gone */
    sluice_error why;
} round;

/* ---- detector ---- */

static bool wants_detector(const server *s) {
    return s->options.with.rules != NULL || s->options.with.model != NULL;
}

static void note_detector(server *s) {
    writer *w = &s->writer;
    sluice_detector_stats stats = {.size = sizeof stats};
    sluice_detector_stats_get(w->detector, &stats);
    atomic_store(&w->detector_bytes, stats.memory_bytes);
    mutex_lock(&w->lock);
    memcpy(w->rules_sha256, stats.rules_sha256, sizeof w->rules_sha256);
    memcpy(w->model_sha256, stats.model_sha256, sizeof w->model_sha256);
    w->rules = stats.rules;
    w->patterns = stats.patterns;
    w->features = stats.features;
    mutex_unlock(&w->lock);
    atomic_store(&w->deciding, true);
}

static sluice_result open_detector(server *s, sluice_error *error) {
    writer *w = &s->writer;
    atomic_store(&w->deciding, false);
    sluice_detector_close(&w->detector);
    sluice_result result = sluice_detector_open(s->engine, &s->options.with, &w->detector, error);
    w->lost = result != SLUICE_OK;
    if (result == SLUICE_OK) {
        note_detector(s);
    }
    return result;
}

static void reopen_if_lost(server *s) {
    writer *w = &s->writer;
    int64_t now = clock_machine_ns();
    if (!w->lost || now < w->retry_ns) {
        return;
    }
    sluice_error error = {0};
    w->retry_ns = now + REOPEN_NS;
    if (open_detector(s, &error) == SLUICE_OK) {
        log_line(&s->log, "info", "detector", "opened again from the log");
    } else {
        log_line(&s->log, "error", "detector", "cannot be opened again: %s", error.text);
    }
}

/* New rules or another model: checked first, because opening them replays the log and decisions wait for it. */
static void reload(server *s) {
    sluice_error error = {0};
    sluice_rules_summary summary = {.size = sizeof summary};
    writer *w = &s->writer;
    if (!wants_detector(s)) {
        return;
    }
    if (sluice_rules_check(&s->options.with, NULL, NULL, &summary, &error) != SLUICE_OK) {
        log_line(&s->log, "error", "reload", "the rules were not taken, the old ones stay: %s", error.text);
        return;
    }
    if (strcmp(summary.sha256, w->rules_sha256) == 0 && s->options.with.model == NULL && !w->lost) {
        log_line(&s->log, "info", "reload", "the rules are as they were");
        return;
    }
    atomic_store(&s->reloading, true);
    int64_t begun = clock_machine_ns();
    sluice_result result = open_detector(s, &error);
    atomic_store(&s->reloading, false);
    if (result == SLUICE_OK) {
        log_line(&s->log, "info", "reload", "rules and model are in use (%lld ms)",
                 (long long)((clock_machine_ns() - begun) / 1000000));
    } else {
        log_line(&s->log, "error", "reload", "rules and model cannot be used: %s", error.text);
    }
}

/* ---- signals ---- */

/* Whether an error of sluice_decide means that the batch under way is gone. */
static bool loses_batch(sluice_result result) {
    return result != SLUICE_E_INVALID && result != SLUICE_E_CONFLICT && result != SLUICE_E_LIMIT;
}

static sluice_result no_detector(const server *s, sluice_error *error) {
    return wants_detector(s) ? error_set(error, SLUICE_E_BUSY, "the rules are being loaded: try again in a second")
                             : error_set(error, SLUICE_E_BUSY,
                                         "this daemon decides nothing: it runs without rules and without a model");
}

static void lose(round *r, sluice_result result, const sluice_error *error) {
    r->lost = true;
    r->why = *error;
    r->why.code = result;
}

static void decide_one(server *s, round *r, exchange *x) {
    writer *w = &s->writer;
    sluice_decision made;
    if (w->detector == NULL || w->lost) {
        x->result = no_detector(s, &x->error);
        return;
    }
    x->result = sluice_decide(w->detector, &x->signal, &made, &x->error);
    if (x->result == SLUICE_OK) {
        decision_render(x, &made);
        x->is_alert = made.action != SLUICE_ACTION_ALLOW;
    } else if (loses_batch(x->result)) {
        lose(r, x->result, &x->error);
    }
}

static sluice_result take_signal(server *s, const sluice_signal *signal, ingest *batch, sluice_error *error) {
    writer *w = &s->writer;
    if (w->detector != NULL) {
        sluice_decision made;
        sluice_result result = sluice_decide(w->detector, signal, &made, error);
        batch->duplicates += result == SLUICE_OK && made.is_duplicate;
        batch->accepted += result == SLUICE_OK && !made.is_duplicate;
        batch->alerts += result == SLUICE_OK && made.action != SLUICE_ACTION_ALLOW;
        return result;
    }
    sluice_append_result taken = {0};
    size_t index = 0;
    sluice_result result = sluice_engine_append(s->engine, signal, 1, &taken, &index, error);
    batch->accepted += taken.accepted;
    batch->duplicates += taken.duplicates;
    return result;
}

static void take_batch(server *s, round *r, ingest *batch) {
    if (wants_detector(s) && (s->writer.detector == NULL || s->writer.lost)) {
        batch->result = no_detector(s, &batch->error);
        return;
    }
    for (size_t i = 0; i < batch->count && !r->lost; i++) {
        sluice_result result = take_signal(s, &batch->signals[i], batch, &batch->error);
        if (result == SLUICE_OK) {
            continue;
        }
        if (loses_batch(result)) {
            lose(r, result, &batch->error);
            return;
        }
        if (batch->refused < INGEST_REFUSALS_MAX) {
            ingest_refusal *refusal = &batch->refusals[batch->refused];
            refusal->index = i;
            refusal->code = result;
            (void)snprintf(refusal->text, sizeof refusal->text, "%.230s", batch->error.text);
        }
        batch->refused++;
    }
}

static void note_commit(writer *w, int64_t ns) {
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

static void commit_signals(server *s, round *r, uint64_t *sequence_out) {
    writer *w = &s->writer;
    sluice_error error = {0};
    if (!r->lost) {
        int64_t begun = clock_machine_ns();
        sluice_result result = w->detector != NULL ? sluice_decide_commit(w->detector, sequence_out, &error)
                                                   : sluice_engine_flush(s->engine, sequence_out, &error);
        note_commit(w, clock_machine_ns() - begun);
        if (result != SLUICE_OK) {
            lose(r, result, &error);
        }
    }
    if (r->lost) {
        w->lost = w->detector != NULL;
        w->retry_ns = 0;
        atomic_store(&w->deciding, false);
        atomic_fetch_add(&w->commit_failures, 1);
        log_line(&s->log, "error", "commit", "a batch was lost, its senders were told: %s", r->why.text);
    } else {
        atomic_store(&w->sequence, *sequence_out);
    }
}

static void answer_decisions(server *s, round *r, uint64_t sequence) {
    uint64_t decided = 0, alerts = 0;
    for (exchange *x = r->decisions; x != NULL; x = x->next) {
        if (x->result == SLUICE_OK && r->lost) {
            x->result = r->why.code;
            x->error = r->why;
        } else if (x->result == SLUICE_OK) {
            decided++;
            alerts += x->is_alert;
            x->response.sequence = sequence;
        }
        x->handled = true;
    }
    atomic_fetch_add(&s->writer.decided, decided);
    atomic_fetch_add(&s->writer.alerts, alerts);
    s->writer.findings_wait = s->writer.findings_wait || alerts > 0;
    if (r->decisions != NULL) {
        exchange_done_all(s, r->decisions);
    }
}

static void answer_ingests(server *s, round *r, uint64_t sequence) {
    writer *w = &s->writer;
    mutex_lock(&w->lock);
    for (ingest *batch = r->ingests; batch != NULL;) {
        ingest *next = batch->next;
        if (r->lost && batch->result == SLUICE_OK) {
            batch->result = r->why.code;
            batch->error = r->why;
        } else if (batch->result == SLUICE_OK) {
            batch->sequence = sequence;
            atomic_fetch_add(&w->ingested, batch->accepted);
            atomic_fetch_add(&w->alerts, batch->alerts);
            w->findings_wait = w->findings_wait || batch->alerts > 0;
        }
        batch->done = true;
        batch = next;
    }
    if (r->ingests != NULL) {
        condition_wake_all(&w->finished);
    }
    mutex_unlock(&w->lock);
}

/* Consoles hear that there is something; what it is they ask for, if they may see it. */
static void tell_alerts(server *s, const round *r, uint64_t sequence) {
    uint64_t alerts = 0;
    char data[96];
    for (const exchange *x = r->decisions; x != NULL && !r->lost; x = x->next) {
        alerts += x->result == SLUICE_OK && x->is_alert;
    }
    for (const ingest *batch = r->ingests; batch != NULL && !r->lost; batch = batch->next) {
        alerts += batch->result == SLUICE_OK ? batch->alerts : 0;
    }
    if (alerts > 0) {
        int length = snprintf(data, sizeof data, "{\"alerts\":%llu,\"sequence\":%llu}", (unsigned long long)alerts,
                              (unsigned long long)sequence);
        events_publish(s, &(event){.type = "alerts", .data = {data, (size_t)length}});
    }
}

static void do_signals(server *s, round *r) {
    uint64_t sequence = atomic_load(&s->writer.sequence);
    if (r->decisions == NULL && r->ingests == NULL) {
        return;
    }
    for (exchange *x = r->decisions; x != NULL && !r->lost; x = x->next) {
        decide_one(s, r, x);
    }
    for (ingest *batch = r->ingests; batch != NULL && !r->lost; batch = batch->next) {
        take_batch(s, r, batch);
    }
    commit_signals(s, r, &sequence);
    tell_alerts(s, r, sequence);
    answer_decisions(s, r, sequence);
    answer_ingests(s, r, sequence);
}

/* ---- commands ---- */

static void run_task(const server_desk *desk, writer_task *task) {
    if (desk->savepoint != NULL) {
        task->result = desk->savepoint(desk->context, &task->error);
        if (task->result != SLUICE_OK) {
            return;
        }
    }
    task->result = task->run(task->context, &task->error);
    if (task->result == SLUICE_OK && desk->savepoint_keep != NULL) {
        task->result = desk->savepoint_keep(desk->context, &task->error);
    } else if (task->result != SLUICE_OK && desk->savepoint_undo != NULL) {
        desk->savepoint_undo(desk->context);
    }
}

static sluice_result run_transaction(server *s, round *r, sluice_error *error) {
    const server_desk *desk = s->desk;
    sluice_result result = desk->begin == NULL ? SLUICE_OK : desk->begin(desk->context, error);
    if (result != SLUICE_OK) {
        return result;
    }
    for (writer_task *task = r->tasks; task != NULL; task = task->next) {
        run_task(desk, task);
    }
    int64_t begun = clock_machine_ns();
    result = desk->commit == NULL ? SLUICE_OK : desk->commit(desk->context, error);
    if (desk->commit != NULL) {
        note_commit(&s->writer, clock_machine_ns() - begun);
    }
    return result;
}

static void tick(server *s) {
    if (s->desk->tick != NULL) {
        s->writer.due_ms = s->desk->tick(s->desk->context, clock_now_ms());
    }
}

static void answer_tasks(writer *w, round *r, sluice_result result, const sluice_error *error) {
    mutex_lock(&w->lock);
    for (writer_task *task = r->tasks; task != NULL;) {
        writer_task *next = task->next; /* it is its waiter's, and gone once it is done */
        if (result != SLUICE_OK && task->result == SLUICE_OK) {
            task->result = result;
            task->error = *error;
        }
        task->done = true;
        atomic_fetch_add(&w->commands, 1);
        task = next;
    }
    condition_wake_all(&w->finished);
    mutex_unlock(&w->lock);
}

static void do_commands(server *s, round *r) {
    sluice_error error = {0};
    bool due = s->desk->tick != NULL && s->writer.due_ms <= clock_now_ms();
    if (due) {
        tick(s);
    }
    if (r->tasks != NULL) {
        sluice_result result = run_transaction(s, r, &error);
        if (result != SLUICE_OK) {
            if (s->desk->rollback != NULL) {
                s->desk->rollback(s->desk->context);
            }
            atomic_fetch_add(&s->writer.commit_failures, 1);
            log_line(&s->log, "error", "commit", "commands were undone: %s", error.text);
        }
        answer_tasks(&s->writer, r, result, &error);
        tick(s); /* a command may have set a new deadline */
    }
    if ((due || r->tasks != NULL) && s->desk->committed != NULL) {
        s->desk->committed(s->desk->context);
    }
}

/* What was decided becomes work for people. It costs a commit, so while decisions are asked for it is done now and then
 * and little of it at a time: nobody who pays is kept waiting by those who will be warned. */
static void do_findings(server *s, bool decided) {
    writer *w = &s->writer;
    int64_t now = clock_machine_ns();
    w->decided_ns = decided ? now : w->decided_ns;
    bool busy = w->decided_ns != 0 && now - w->decided_ns < FINDINGS_PAUSE_NS;
    if (!w->findings_wait || s->desk->take_decisions == NULL || (busy && now - w->findings_ns < FINDINGS_PAUSE_NS)) {
        return;
    }
    w->findings_wait = s->desk->take_decisions(s->desk->context, clock_now_ms(), busy ? FINDINGS_BUSY : FINDINGS_IDLE);
    w->findings_ns = clock_machine_ns();
    if (s->desk->committed != NULL) {
        s->desk->committed(s->desk->context);
    }
    tick(s); /* warnings have deadlines */
}

/* ---- the thread ---- */

/* Under the lock. */
static void take_all(writer *w, round *r) {
    r->decisions = w->decisions;
    w->decisions = w->decisions_last = NULL;
    w->decision_count = 0;
    size_t most = r->decisions != NULL ? 1 : INGESTS_ALONE;
    ingest **link = &r->ingests;
    for (size_t i = 0; i < most && w->ingests != NULL; i++) {
        ingest *batch = w->ingests;
        w->ingests = batch->next;
        batch->next = NULL;
        *link = batch;
        link = &batch->next;
        w->ingest_count--;
    }
    r->tasks = w->tasks;
    w->tasks = w->tasks_last = NULL;
    w->task_count = 0;
}

static bool has_work(const writer *w) {
    return w->decisions != NULL || w->ingests != NULL || w->tasks != NULL || w->reload;
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
    if (w->findings_wait && s->desk->take_decisions != NULL) {
        int64_t now = clock_machine_ns();
        bool busy = w->decided_ns != 0 && now - w->decided_ns < FINDINGS_PAUSE_NS;
        int64_t pause_ms = busy ? (w->findings_ns + FINDINGS_PAUSE_NS - now) / 1000000 : 0;
        left_ms = pause_ms < left_ms ? pause_ms : left_ms;
    }
    return left_ms < 0 ? 0 : left_ms;
}

/* Under the lock: waits for work, an end, or the next deadline. */
static void wait_for_work(server *s) {
    writer *w = &s->writer;
    for (int64_t left_ms; !has_work(w) && !w->stop && (left_ms = idle_ms(s)) > 0;) {
        (void)condition_wait_for(&w->changed, &w->lock, left_ms);
    }
}

static void *writer_main(void *context) {
    server *s = context;
    writer *w = &s->writer;
    w->findings_wait = true; /* of before the start */
    for (bool end = false; !end;) {
        round r = {0};
        mutex_lock(&w->lock);
        wait_for_work(s);
        take_all(w, &r);
        bool reload_now = w->reload;
        w->reload = false;
        end = w->stop && !has_work(w) && r.decisions == NULL && r.ingests == NULL && r.tasks == NULL;
        mutex_unlock(&w->lock);
        if (reload_now) {
            reload(s);
        }
        reopen_if_lost(s);
        bool decided = r.decisions != NULL || r.ingests != NULL; /* the lists are gone once they are answered */
        do_signals(s, &r);
        do_commands(s, &r);
        do_findings(s, decided);
    }
    return NULL;
}

sluice_result writer_open(server *s, sluice_error *error) {
    writer *w = &s->writer;
    mutex_init(&w->lock);
    condition_init(&w->changed);
    condition_init(&w->finished);
    sluice_engine_stats stats = {.size = sizeof stats};
    sluice_engine_stats_get(s->engine, &stats);
    atomic_store(&w->sequence, stats.sequence);
    return wants_detector(s) ? open_detector(s, error) : SLUICE_OK;
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
    condition_fini(&w->finished);
    condition_fini(&w->changed);
    mutex_fini(&w->lock);
}

/* ---- submitting ---- */

exchange *writer_submit_decisions(server *s, exchange *first, exchange *last, size_t count) {
    writer *w = &s->writer;
    mutex_lock(&w->lock);
    if (w->stop || w->decision_count + count > WRITER_DECISIONS_MAX) {
        mutex_unlock(&w->lock);
        return first;
    }
    if (w->decisions == NULL) {
        w->decisions = first;
    } else {
        w->decisions_last->next = first;
    }
    w->decisions_last = last;
    w->decision_count += count;
    condition_wake_one(&w->changed);
    mutex_unlock(&w->lock);
    return NULL;
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
    if (w->ingests == NULL) {
        w->ingests = batch;
    } else {
        w->ingests_last->next = batch;
    }
    w->ingests_last = batch;
    w->ingest_count++;
    condition_wake_one(&w->changed);
    while (!batch->done) {
        condition_wait(&w->finished, &w->lock);
    }
    mutex_unlock(&w->lock);
    if (batch->result != SLUICE_OK && error != NULL) {
        *error = batch->error;
    }
    return batch->result;
}

sluice_result writer_run(server *s, writer_command run, void *context, sluice_error *error) {
    writer *w = &s->writer;
    writer_task task = {.run = run, .context = context};
    mutex_lock(&w->lock);
    if (w->stop || w->task_count >= WRITER_TASKS_MAX) {
        bool stop = w->stop;
        mutex_unlock(&w->lock);
        return stop ? error_set(error, SLUICE_E_INTERRUPTED, "the daemon is stopping")
                    : error_set(error, SLUICE_E_BUSY, "too much waits to be written: try again in a second");
    }
    if (w->tasks == NULL) {
        w->tasks = &task;
    } else {
        w->tasks_last->next = &task;
    }
    w->tasks_last = &task;
    w->task_count++;
    condition_wake_one(&w->changed);
    while (!task.done) {
        condition_wait(&w->finished, &w->lock);
    }
    mutex_unlock(&w->lock);
    if (task.result != SLUICE_OK && error != NULL) {
        *error = task.error;
    }
    return task.result;
}

void writer_reload(server *s) {
    mutex_lock(&s->writer.lock);
    s->writer.reload = true;
    condition_wake_one(&s->writer.changed);
    mutex_unlock(&s->writer.lock);
}
