/* Rounds of signals: what is decided and taken in together, and committed together.
 *
 *   open     decisions are made as they come, while the round before is on its way to the disk
 *   flying   sealed; the engine's thread writes it (engine/flush.c)
 *   landed   durable: applied, published, and only now answered
 *
 * One round flies at a time. So the processor decides while the disk writes, and a decision waits for what is left of
 * the commit before and for its own. Nothing of a round leaves this thread before it is durable: not an answer, not an
 * alert, and the graph that readers see does not have it.
 *
 * While decisions wait, a round takes one ingested batch and no more, so that a bulk upload does not hold up a payment.
 *
 * A commit that fails loses its round and the open one, in the log and in the detector alike: all of their requests get
 * the error, and the detector is opened again from the log (at most once a second) before anything else is decided. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "server/server_private.h"
#include "sys/clock.h"

#define INGESTS_ALONE 16 /* batches in a round without decisions */
#define GROUP 64         /* decisions handed to the detector at a time */
#define REOPEN_NS 1000000000
#define PROBLEM_SHOWN 239 /* bytes */

const double COMMIT_BUCKET_S[COMMIT_BUCKETS] = {0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075,
                                                0.01,   0.025, 0.05,  0.1,   0.5,   2.5};

/* ---- detector ---- */

bool writer_wants_detector(const server *s) {
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
    if (!atomic_load(&s->rules.alone)) {
        w->rules_problem[0] = '\0';
    }
    mutex_unlock(&w->lock);
    atomic_store(&w->deciding, true);
    if (stats.rules == 0 && s->options.with.rules != NULL) {
        log_line(&s->log, "warn", "rules", "no rule is in %s or in the approved changes: nothing is found by rules",
                 s->options.with.rules);
    }
}

sluice_result writer_open_detector(server *s, sluice_error *error) {
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

void writer_reopen_if_lost(server *s) {
    writer *w = &s->writer;
    int64_t now = clock_machine_ns();
    if (!w->lost || w->broken || now < w->retry_ns) {
        return;
    }
    sluice_error error = {0};
    w->retry_ns = now + REOPEN_NS;
    if (writer_open_detector(s, &error) == SLUICE_OK) {
        log_line(&s->log, "info", "detector", "opened again from the log");
    } else {
        log_line(&s->log, "error", "detector", "cannot be opened again: %s", error.text);
    }
}

/* Where the folder lies on the machine is nobody's business. */
static void note_problem(server *s, const sluice_error *error) {
    const char *folder = s->options.with.rules;
    size_t length = folder == NULL ? 0 : strlen(folder);
    bool inside = length > 0 && strncmp(error->text, folder, length) == 0 && error->text[length] == '/';
    mutex_lock(&s->writer.lock);
    (void)snprintf(s->writer.rules_problem, sizeof s->writer.rules_problem, "%.*s", PROBLEM_SHOWN,
                   inside ? error->text + length + 1 : error->text);
    mutex_unlock(&s->writer.lock);
}

/* At the start: the folder and the approved changes, or, where those do not load together and an operator said so, the
 * folder alone. Never by itself: what decides about people's money is what was approved, or what somebody answers for.
 */
sluice_result writer_begin_deciding(server *s, sluice_error *error) {
    sluice_result result = writer_open_detector(s, error);
    size_t changes = s->options.with.file_count;
    if (result != SLUICE_E_INPUT || changes == 0) {
        return result;
    }
    sluice_error why = *error;
    if (!s->options.rules_folder_only) {
        return error_set(
            error, SLUICE_E_INPUT,
            "%s: the folder of rules and the %zu approved changes do not load together; mend the folder, or "
            "start with --rules-folder-only, which decides without the changes and says so (docs/rules.md)",
            why.text, changes);
    }
    rules_use_folder_only(s);
    atomic_store(&s->rules.alone, true);
    note_problem(s, &why);
    result = writer_open_detector(s, error);
    if (result == SLUICE_OK) {
        log_line(
            &s->log, "error", "rules",
            "THE FOLDER OF RULES DECIDES ALONE, as --rules-folder-only says: %zu approved changes are not in use: %s",
            changes, why.text);
    }
    return result;
}

/* A folder that was mended, or a change that was withdrawn: what was approved is tried again. */
static bool try_changes_again(server *s, sluice_rules_summary *summary, sluice_error *error) {
    if (!atomic_load(&s->rules.alone)) {
        return true;
    }
    if (rules_use_take(s, error) != SLUICE_OK ||
        sluice_rules_check(&s->options.with, NULL, NULL, summary, error) != SLUICE_OK) {
        rules_use_folder_only(s);
        note_problem(s, error);
        log_line(&s->log, "error", "rules", "the folder of rules goes on deciding alone: %s", error->text);
        return false;
    }
    return true;
}

/* Once they decide: who sees that nothing is degraded sees neither a problem nor the folder's own set. */
static void end_alone(server *s) {
    if (atomic_load(&s->rules.alone)) {
        note_problem(s, &(sluice_error){0});
        atomic_store(&s->rules.alone, false);
        log_line(&s->log, "warn", "rules", "the approved changes load with the folder of rules again");
    }
}

/* New rules or another model: checked first, because opening them replays the log and decisions wait for it. */
void writer_reload_now(server *s) {
    sluice_error error = {0};
    sluice_rules_summary summary = {.size = sizeof summary};
    writer *w = &s->writer;
    if (!writer_wants_detector(s) || w->broken || !try_changes_again(s, &summary, &error)) {
        return;
    }
    if (sluice_rules_check(&s->options.with, NULL, NULL, &summary, &error) != SLUICE_OK) {
        note_problem(s, &error);
        log_line(&s->log, "error", "reload", "the rules were not taken, the old ones stay: %s", error.text);
        return;
    }
    if (strcmp(summary.sha256, w->rules_sha256) == 0 && s->options.with.model == NULL && !w->lost) {
        note_problem(s, &(sluice_error){0});
        end_alone(s);
        log_line(&s->log, "info", "reload", "the rules are as they were");
        return;
    }
    atomic_store(&s->reloading, true);
    int64_t begun = clock_machine_ns();
    sluice_result result = writer_open_detector(s, &error);
    atomic_store(&s->reloading, false);
    if (result == SLUICE_OK) {
        end_alone(s);
        log_line(&s->log, "info", "reload", "rules and model are in use (%lld ms)",
                 (long long)((clock_machine_ns() - begun) / 1000000));
    } else {
        note_problem(s, &error);
        log_line(&s->log, "error", "reload", "rules and model cannot be used: %s", error.text);
    }
}

/* ---- the open round ---- */

static void lose(writer_round *r, sluice_result result, const sluice_error *error) {
    r->lost = true;
    r->why = *error;
    r->why.code = result;
}

/* Whether an error of sluice_decide means that the batch under way is gone. */
static bool loses_batch(sluice_result result) {
    return result != SLUICE_E_INVALID && result != SLUICE_E_CONFLICT && result != SLUICE_E_LIMIT;
}

static sluice_result no_detector(const server *s, sluice_error *error) {
    return writer_wants_detector(s)
               ? error_set(error, SLUICE_E_BUSY, "the rules are being loaded: try again in a second")
               : error_set(error, SLUICE_E_BUSY,
                           "this daemon decides nothing: it runs without rules and without a model");
}

static void take_decision(void *context, size_t index, const sluice_decision *made) {
    exchange **group = context;
    exchange *x = group[index];
    x->result = SLUICE_OK;
    decision_render(x, made);
    x->is_alert = made->action != SLUICE_ACTION_ALLOW;
}

static void decide_group(server *s, writer_round *r, exchange **group, const sluice_signal *const *signals,
                         size_t count) {
    for (size_t done = 0; done < count && !r->lost;) {
        size_t index = 0;
        sluice_error error = {0};
        sluice_result result = sluice_decide_many(s->writer.detector, signals + done, count - done, take_decision,
                                                  group + done, &index, &error);
        done += index;
        if (result == SLUICE_OK) {
            continue;
        }
        if (loses_batch(result)) {
            lose(r, result, &error);
        } else {
            group[done]->result = result;
            group[done]->error = error;
            done++;
        }
    }
}

static void decide_all(server *s, writer_round *r, exchange *first) {
    writer *w = &s->writer;
    while (first != NULL && !r->lost) {
        exchange *group[GROUP];
        const sluice_signal *signals[GROUP];
        size_t count = 0;
        for (; first != NULL && count < GROUP; first = first->next) {
            group[count] = first;
            signals[count++] = &first->signal;
        }
        if (w->detector != NULL && !w->lost) {
            decide_group(s, r, group, signals, count);
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            group[i]->result = no_detector(s, &group[i]->error);
        }
    }
}

/* On the thread that judges. */
static void count_decided(void *context, size_t index, const sluice_decision *made) {
    ingest *batch = context;
    (void)index;
    batch->duplicates += made->is_duplicate;
    batch->accepted += !made->is_duplicate;
    batch->alerts += made->action != SLUICE_ACTION_ALLOW;
}

/* From signal `from` on; *taken_out of them went in before an error. */
static sluice_result take_some(server *s, ingest *batch, size_t from, size_t *taken_out, sluice_error *error) {
    const sluice_signal *group[GROUP];
    size_t count = 0;
    if (s->writer.detector != NULL) {
        for (; count < GROUP && from + count < batch->count; count++) {
            group[count] = &batch->signals[from + count];
        }
        return sluice_decide_ahead(s->writer.detector, group, count, count_decided, batch, taken_out, error);
    }
    sluice_append_result taken = {0};
    sluice_result result =
        sluice_engine_append(s->engine, batch->signals + from, batch->count - from, &taken, taken_out, error);
    batch->accepted += taken.accepted;
    batch->duplicates += taken.duplicates;
    return result;
}

static void take_batch(server *s, writer_round *r, ingest *batch) {
    if (writer_wants_detector(s) && (s->writer.detector == NULL || s->writer.lost)) {
        batch->result = no_detector(s, &batch->error);
        return;
    }
    for (size_t i = 0; i < batch->count && !r->lost;) {
        size_t taken = 0;
        sluice_result result = take_some(s, batch, i, &taken, &batch->error);
        i += taken;
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
        i++;
    }
}

static bool is_empty(const writer_round *r) {
    return r->decisions == NULL && r->ingests == NULL;
}

/* Half of those that are here go with this round: while their senders hear of it, the other half keeps who judges busy.
 */
size_t writer_ingest_room(const writer *w, bool decisions_wait) {
    size_t half = (w->flying.ingest_count + w->open.ingest_count + w->ingest_count + 1) / 2;
    size_t most = decisions_wait || w->open.decisions != NULL ? 1 : half < INGESTS_ALONE ? half : INGESTS_ALONE;
    return w->open.ingest_count < most ? most - w->open.ingest_count : 0;
}

void writer_take_signals(server *s, exchange *first, exchange *last, size_t count, ingest *ingests) {
    writer_round *r = &s->writer.open;
    decide_all(s, r, first);
    if (first != NULL) {
        if (r->decisions == NULL) {
            r->decisions = first;
        } else {
            r->decisions_last->next = first;
        }
        r->decisions_last = last;
        r->decision_count += count;
    }
    for (ingest *next; ingests != NULL; ingests = next) {
        next = ingests->next;
        ingests->next = r->ingests;
        r->ingests = ingests;
        r->ingest_count++;
        if (!r->lost) {
            take_batch(s, r, ingests);
        }
    }
}

/* ---- answers ---- */

static void answer_decisions(server *s, writer_round *r, uint64_t sequence) {
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

static void answer_ingests(server *s, writer_round *r, uint64_t sequence) {
    writer *w = &s->writer;
    mutex_lock(&w->lock);
    for (ingest *batch = r->ingests; batch != NULL;) {
        ingest *next = batch->next; /* it is its waiter's, and gone once it is done */
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
        condition_wake_one(&batch->finished);
        batch = next;
    }
    mutex_unlock(&w->lock);
}

/* Consoles hear that there is something; what it is they ask for, if they may see it. */
static void tell_alerts(server *s, const writer_round *r, uint64_t sequence) {
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

static void answer(server *s, writer_round *r, uint64_t sequence) {
    writer *w = &s->writer;
    if (r->lost) {
        sluice_error ignored;
        if (w->detector != NULL) {
            sluice_result settled = sluice_decide_settle(w->detector, &ignored);
            (void)settled; /* lost in any case; but nobody reads its signals any more */
        }
        w->lost = w->detector != NULL;
        w->retry_ns = 0;
        atomic_store(&w->deciding, false);
        atomic_fetch_add(&w->commit_failures, 1);
        log_line(&s->log, "error", "commit", "a batch was lost, its senders were told: %s", r->why.text);
    } else {
        atomic_store(&w->sequence, sequence);
    }
    tell_alerts(s, r, sequence);
    answer_decisions(s, r, sequence);
    answer_ingests(s, r, sequence);
    *r = (writer_round){0};
}

/* ---- flying ---- */

/* On the engine's thread. */
static void on_written(void *context) {
    server *s = context;
    writer *w = &s->writer;
    int64_t ns = clock_machine_ns() - w->flight_begun_ns;
    writer_note_commit(w, ns);
    mutex_lock(&w->lock);
    w->has_landed = true;
    mutex_unlock(&w->lock);
    condition_wake_one(&w->changed);
}

void writer_begin_flight(server *s) {
    writer *w = &s->writer;
    writer_round *r = &w->open;
    sluice_error error = {0};
    if (is_empty(r) || w->is_flying) {
        return;
    }
    if (!r->lost && writer_wants_detector(s) && (w->detector == NULL || w->lost)) {
        answer(s, r, atomic_load(&w->sequence)); /* nothing of it was taken */
        return;
    }
    if (!r->lost) {
        w->flight_begun_ns = clock_machine_ns();
        sluice_result result = w->detector != NULL ? sluice_decide_commit_begin(w->detector, on_written, s, &error)
                                                   : sluice_engine_flush_begin(s->engine, on_written, s, &error);
        if (result != SLUICE_OK) {
            lose(r, result, &error);
        }
    }
    if (r->lost) {
        answer(s, r, atomic_load(&w->sequence));
        return;
    }
    w->flying = *r;
    w->is_flying = true;
    *r = (writer_round){0};
}

void writer_land(server *s) {
    writer *w = &s->writer;
    sluice_error error = {0};
    uint64_t sequence = 0;
    if (!w->is_flying) {
        return;
    }
    sluice_result result = w->detector != NULL ? sluice_decide_commit_end(w->detector, &sequence, &error)
                                               : sluice_engine_flush_end(s->engine, &sequence, &error);
    mutex_lock(&w->lock);
    w->has_landed = false;
    mutex_unlock(&w->lock);
    w->is_flying = false;
    if (result != SLUICE_OK) {
        lose(&w->flying, result, &error);
        if (!is_empty(&w->open) && !w->open.lost) {
            lose(&w->open, result, &error);
        }
    }
    answer(s, &w->flying, sequence);
}
