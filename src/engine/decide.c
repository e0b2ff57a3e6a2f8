/* Inline decisions: a signal goes into the batch under way and through the detector in one call; the batch, and with it
 * what was decided, is committed when the caller asks (or when it is full).
 *
 * The detector is ahead of the log by the batch under way, and by the one that flies (flush.c). When one is lost (a
 * flush that failed), detector and log differ: the detector says so and takes no more; opened again it is built from
 * the log.
 *
 *   signal ─▶ take (append.c) ─┬──────────────────────────▶ judge (decide_judge.c) ─▶ decision
 *                              └─ bulk ─▶ ahead, a thread ─▶   "
 *
 * Taking and judging have only the batch in common, each its own part of it: so a bulk is judged by another thread
 * (decide_ahead.c) while its caller takes the next. A commit waits for that thread, but not its beginning: the batch
 * flies with its last signals still to be judged, and only its decisions wait for them (flush.c). */
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "engine/decide_private.h"
#include "engine/detection_private.h"
#include "engine/stream.h"

/* ---- opening: up to where the log is ---- */

static sluice_result warm_up(sluice_detector *d, sluice_error *error) {
    stream *s = NULL;
    sluice_result result = stream_open(d->engine, SLUICE_ORDER_LOG, 0, &s, error);
    activity a;
    while (result == SLUICE_OK && stream_next(s, &a)) {
        if (!detector_step(d->detector, &a, false, NULL)) {
            result = error_no_memory(error, (size_t)detector_memory_bytes(d->detector));
        }
    }
    stream_close(&s);
    return result;
}

static sluice_result judged(void *decider, uint64_t until, sluice_error *error) {
    return ahead_wait(decider, until, error);
}

sluice_result sluice_detector_open(sluice_engine *engine, const sluice_detect_options *options,
                                   sluice_detector **detector_out, sluice_error *error) {
    sluice_detect_options o = {0};
    *detector_out = NULL;
    sluice_result result = detection_check_size(options->size, sizeof o, "sluice_detect_options", error);
    if (result != SLUICE_OK) {
        return result;
    }
    memcpy(&o, options, options->size);
    if (engine->decider != NULL) {
        return error_set(error, SLUICE_E_BUSY, "this engine has a detector already: close it first");
    }
    sluice_detector *d = memory_new_zero(1, sizeof *d);
    if (d == NULL) {
        return error_no_memory(error, sizeof *d);
    }
    d->engine = engine;
    result = detector_new(&o, &engine->graph.keys, NULL, 0, NULL, NULL, &d->detector, error);
    if (result == SLUICE_OK) {
        result = sluice_engine_flush(engine, NULL, error); /* so that nothing is in the batch that it has not seen */
    }
    if (result == SLUICE_OK) {
        result = warm_up(d, error);
    }
    if (result == SLUICE_OK) {
        engine->decider = d;
        engine->batch_judged = judged;
    } else {
        sluice_detector_close(&d);
    }
    *detector_out = d;
    return result;
}

void sluice_detector_close(sluice_detector **handle) {
    sluice_detector *d = *handle;
    if (d == NULL) {
        return;
    }
    if (d->engine->decider == d) {
        engine_flight_wait(d->engine); /* it waits for what is judged ahead */
    }
    ahead_end(d);
    if (d->engine->decider == d) {
        engine_batch_clear(d->engine);
        d->engine->decider = NULL;
        d->engine->batch_judged = NULL;
    }
    detector_free(&d->detector);
    for (size_t i = 0; i < sizeof d->reasons / sizeof *d->reasons; i++) {
        text_writer_fini(&d->reasons[i]);
    }
    memory_free(d);
    *handle = NULL;
}

/* ---- deciding ---- */

/* The activity of the signal that was just added to the batch. */
static activity activity_of(const sluice_engine *engine, const sluice_signal *signal) {
    const batch *b = &engine->batch->signals;
    bool is_movement = signal->kind == SLUICE_SIGNAL_TRANSFER || signal->kind == SLUICE_SIGNAL_WITHDRAWAL;
    activity a = {.time_ms = signal->time_ms, .kind = (uint8_t)signal->kind, .movement = UINT32_MAX};
    if (is_movement) {
        const batch_movement *m = &b->movements[b->movement_count - 1];
        a.movement = engine_next_movement(engine) - 1;
        a.from = m->from;
        a.to = m->to == BATCH_NO_KEY ? KEY_NONE : m->to;
        a.currency = signal->currency;
        a.amount_fen = signal->amount_fen;
        a.received_fen = (m->has & BATCH_HAS_RECEIVED) != 0 ? signal->received_fen : signal->amount_fen;
        a.has_from_balance = signal->has_from_balance;
        a.has_to_balance = (m->has & BATCH_HAS_TO_BALANCE) != 0;
        a.from_balance_fen = signal->from_balance_fen;
        a.to_balance_fen = signal->to_balance_fen;
    } else {
        const batch_event *e = &b->events[b->event_count - 1];
        a.event = e->event;
        a.from = e->key;
        a.to = e->other == BATCH_NO_KEY ? KEY_NONE : e->other;
        a.type = signal->type;
        a.place = signal->place;
    }
    return a;
}

/* The engine cannot say yet whether the batch will last; from here on this detector cannot either. */
sluice_result decide_lose(sluice_detector *d, sluice_result result) {
    d->lost = true;
    engine_batch_clear(d->engine);
    return result;
}

static sluice_result check_whole(const sluice_detector *d, sluice_error *error) {
    return !d->lost ? SLUICE_OK
                    : error_set(error, SLUICE_E_INVALID,
                                "a batch was lost since this detector was opened: close it and open it again");
}

/* Whole, and nothing is being judged. */
static sluice_result check(sluice_detector *d, sluice_error *error) {
    sluice_result result = check_whole(d, error);
    if (result != SLUICE_OK) {
        return result;
    }
    result = ahead_wait(d, ENGINE_JUDGED_ALL, error);
    return result == SLUICE_OK ? result : decide_lose(d, result);
}

static sluice_result take(sluice_detector *d, const sluice_signal *signal, taken *taken_out, sluice_error *error) {
    sluice_append_result appended = {0};
    sluice_result result = engine_append_one(d->engine, signal, &appended, error);
    *taken_out = (taken){.into = d->engine->batch, .is_duplicate = result == SLUICE_OK && appended.accepted == 0};
    if (result == SLUICE_OK && !taken_out->is_duplicate) {
        taken_out->what = activity_of(d->engine, signal);
        taken_out->place = (uint32_t)d->engine->batch->signals.movement_count - 1;
    }
    return result;
}

/* Room for one more. */
static sluice_result make_room(sluice_detector *d, sluice_error *error) {
    sluice_result result = engine_check(d->engine, error);
    return result == SLUICE_OK && engine_batch_is_full(d->engine) ? sluice_decide_commit(d, NULL, error) : result;
}

static sluice_result judge(sluice_detector *d, const taken *t, sluice_decision *decision_out, sluice_error *error) {
    sluice_result result = decide_judge(d, t, decision_out, error);
    return result == SLUICE_OK ? result : decide_lose(d, result);
}

sluice_result sluice_decide(sluice_detector *d, const sluice_signal *signal, sluice_decision *decision_out,
                            sluice_error *error) {
    taken t;
    *decision_out = (sluice_decision){.probability = -1};
    sluice_result result = check(d, error);
    if (result == SLUICE_OK) {
        result = make_room(d, error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    engine_prefetch(d->engine, &signal, 1);
    result = take(d, signal, &t, error);
    return result == SLUICE_OK ? judge(d, &t, decision_out, error) : result;
}

/* What each will look up is asked for before the first is judged, so that the memory's latency is paid once a group. */
static void prefetch_group(const sluice_detector *d, const taken *group, size_t count) {
    for (int step = 0; step <= 2; step++) {
        for (size_t i = 0; i < count; i++) {
            if (!group[i].is_duplicate) {
                detector_prefetch(d->detector, &group[i].what, step);
            }
        }
    }
}

/* Up to a group of them; *count_out are in, also when one is not. */
static sluice_result take_group(sluice_detector *d, const sluice_signal *const *signals, size_t count,
                                taken group[ENGINE_GROUP], size_t *count_out, sluice_error *error) {
    size_t wanted = count < ENGINE_GROUP ? count : ENGINE_GROUP;
    *count_out = 0;
    sluice_result result = make_room(d, error);
    if (result != SLUICE_OK) {
        return result;
    }
    engine_prefetch(d->engine, signals, wanted);
    while (*count_out < wanted && !engine_batch_is_full(d->engine) && result == SLUICE_OK) {
        result = take(d, signals[*count_out], &group[*count_out], error);
        *count_out += result == SLUICE_OK;
    }
    return result;
}

sluice_result sluice_decide_many(sluice_detector *d, const sluice_signal *const *signals, size_t count,
                                 void (*decided)(void *context, size_t index, const sluice_decision *decision),
                                 void *context, size_t *index_out, sluice_error *error) {
    *index_out = 0;
    for (sluice_result result = check(d, error);;) {
        taken group[ENGINE_GROUP];
        size_t n = 0;
        if (result != SLUICE_OK || *index_out == count) {
            return result;
        }
        result = take_group(d, signals + *index_out, count - *index_out, group, &n, error);
        prefetch_group(d, group, n);
        for (size_t i = 0; i < n; i++) {
            sluice_decision decision;
            sluice_result judged = judge(d, &group[i], &decision, error);
            if (judged != SLUICE_OK) {
                return judged;
            }
            decided(context, (*index_out)++, &decision);
        }
    }
}

sluice_result sluice_decide_ahead(sluice_detector *d, const sluice_signal *const *signals, size_t count,
                                  void (*decided)(void *context, size_t index, const sluice_decision *decision),
                                  void *context, size_t *index_out, sluice_error *error) {
    *index_out = 0;
    sluice_result result = check_whole(d, error);
    while (result == SLUICE_OK && *index_out < count) {
        taken group[ENGINE_GROUP];
        size_t n = 0;
        result = take_group(d, signals + *index_out, count - *index_out, group, &n, error);
        sluice_result pushed = ahead_push(d, group, n, decided, context, *index_out, error);
        *index_out += n;
        result = pushed == SLUICE_OK ? result : pushed;
    }
    return result;
}

sluice_result sluice_decide_settle(sluice_detector *d, sluice_error *error) {
    return check(d, error);
}

sluice_result sluice_decide_commit(sluice_detector *d, uint64_t *sequence_out, sluice_error *error) {
    sluice_result result = check_whole(d, error);
    if (result == SLUICE_OK) {
        result = sluice_engine_flush(d->engine, sequence_out, error);
        result = result == SLUICE_OK ? result : decide_lose(d, result);
    }
    return result;
}

sluice_result sluice_decide_commit_begin(sluice_detector *d, void (*finished)(void *context), void *context,
                                         sluice_error *error) {
    sluice_result result = check_whole(d, error);
    if (result == SLUICE_OK) {
        result = sluice_engine_flush_begin(d->engine, finished, context, error);
        result = result == SLUICE_OK ? result : decide_lose(d, result);
    }
    return result;
}

/* What is judged ahead goes on, unless the flight failed: then the engine waits for it. */
sluice_result sluice_decide_commit_end(sluice_detector *d, uint64_t *sequence_out, sluice_error *error) {
    sluice_result result = sluice_engine_flush_end(d->engine, sequence_out, error);
    return result == SLUICE_OK ? result : decide_lose(d, result);
}

void sluice_detector_stats_get(const sluice_detector *d, sluice_detector_stats *stats_out) {
    const rule_set *rules = detector_rules(d->detector);
    const model *m = detector_model(d->detector);
    const pattern_set *patterns = detector_patterns(d->detector);
    sluice_detector_stats stats = {.size = stats_out->size,
                                   .signals = d->signals,
                                   .movements = d->movements,
                                   .memory_bytes = detector_memory_bytes(d->detector),
                                   .rules = rules == NULL ? 0 : rule_count(rules),
                                   .patterns = patterns == NULL ? 0 : pattern_count(patterns),
                                   .features = feature_plan_count(detector_plan(d->detector))};
    if (rules != NULL) {
        memcpy(stats.rules_sha256, rule_set_sha256(rules), sizeof stats.rules_sha256);
    }
    if (m != NULL) {
        memcpy(stats.model_sha256, model_sha256(m), sizeof stats.model_sha256);
    }
    size_t size = stats_out->size < sizeof stats ? stats_out->size : sizeof stats;
    memcpy(stats_out, &stats, size);
}
