/* Inline decisions: a signal goes into the batch under way and through the detector in one call; the batch, and with it
 * what was decided, is committed when the caller asks (or when it is full).
 *
 * The detector is ahead of the log by the batch under way, and by the one that flies (flush.c). When one is lost (a
 * flush that failed), detector and log differ: the detector says so and takes no more; opened again it is built from
 * the log. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/json_write.h"
#include "base/memory.h"
#include "detect/detector.h"
#include "engine/detection_private.h"
#include "engine/engine_private.h"
#include "engine/stream.h"

struct sluice_detector {
    sluice_engine *engine;
    detector *detector;
    text_writer reasons[2 * SLUICE_DECISION_REASONS];
    uint64_t signals, movements;
    bool lost;
};

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
        engine_batch_clear(d->engine);
        d->engine->decider = NULL;
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

static const assessment *heaviest(const judgement *j) {
    const assessment *best = NULL;
    for (size_t i = 0; i < j->rules.assessment_count; i++) {
        const assessment *made = &j->rules.assessments[i];
        bool counts = !made->is_draft && !made->is_snoozed;
        if (counts && (best == NULL || made->action > best->action ||
                       (made->action == best->action && made->score > best->score))) {
            best = made;
        }
    }
    return best;
}

static sluice_text words_of(sluice_detector *d, text_writer *words, uint32_t rule, const char *language,
                            const judgement *j) {
    words->length = 0;
    rule_reason(detector_rules(d->detector), rule, language, j->values, words);
    return words->failed ? (sluice_text){"", 0} : (sluice_text){words->data, words->length};
}

static void fill_reasons(sluice_detector *d, const judgement *j, const assessment *best, sluice_decision *out) {
    uint32_t count = best->fired_count < SLUICE_DECISION_REASONS ? best->fired_count : SLUICE_DECISION_REASONS;
    out->reason_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const rule_fired *fired = &j->rules.fired[best->fired_first + i];
        rule_view rule;
        rule_get(detector_rules(d->detector), fired->rule, &rule);
        out->reasons[i] = (sluice_reason){.rule = rule.name, .version = rule.version, .weight = fired->weight};
        out->reasons[i].en = words_of(d, &d->reasons[2 * i], fired->rule, "en", j);
        out->reasons[i].zh = words_of(d, &d->reasons[2 * i + 1], fired->rule, "zh", j);
    }
}

static void fill_decision(sluice_detector *d, const activity *a, const judgement *j, sluice_decision *out) {
    const assessment *best = heaviest(j);
    *out = (sluice_decision){.is_movement = true, .action = detection_action(j->action), .probability = j->probability};
    if (best != NULL) {
        typology_view typology;
        uint32_t subject = best->subject == RULE_PAYER ? a->from : a->to;
        typology_get(detector_rules(d->detector), best->typology, &typology);
        out->score = best->score;
        out->typology = typology.name;
        out->subject = subject == KEY_NONE ? (sluice_text){"", 0} : keys_text(&d->engine->graph.keys, subject);
        if (best->action != RULE_ALLOW) {
            fill_reasons(d, j, best, out); /* words are for people, who see what is not allowed */
        }
    } else if (detector_rules(d->detector) == NULL && j->probability >= 0) {
        out->score = j->probability * 100;
        out->typology = TEXT("model");
    }
}

/* What lasts of a decision: who said what, by which version of which rule. */
static sluice_result keep(sluice_detector *d, const sluice_decision *made, uint32_t place, sluice_error *error) {
    json_document doc;
    text_writer *words = &d->engine->batch->decided;
    size_t offset = words->length;
    yyjson_mut_val *root = json_begin(&doc);
    json_add(&doc, root, "action", yyjson_mut_str(doc.doc, sluice_action_name(made->action)));
    json_add_double(&doc, root, "score", made->score);
    json_add_double(&doc, root, "probability", made->probability < 0 ? (double)NAN : made->probability);
    json_add_text(&doc, root, "typology", made->typology);
    json_add_text_or_null(&doc, root, "subject", made->subject);
    yyjson_mut_val *reasons = json_add_array(&doc, root, "rules");
    for (uint32_t i = 0; i < made->reason_count; i++) {
        yyjson_mut_val *reason = json_append_object(&doc, reasons);
        json_add_text(&doc, reason, "rule", made->reasons[i].rule);
        json_add_uint(&doc, reason, "version", made->reasons[i].version);
        json_add_double(&doc, reason, "weight", made->reasons[i].weight);
        json_add_text(&doc, reason, "en", made->reasons[i].en);
        json_add_text(&doc, reason, "zh", made->reasons[i].zh);
    }
    const rule_set *rules = detector_rules(d->detector);
    const model *m = detector_model(d->detector);
    json_add_text_or_null(&doc, root, "rules_sha256", text_of(rules == NULL ? "" : rule_set_sha256(rules)));
    json_add_text_or_null(&doc, root, "model_sha256", text_of(m == NULL ? "" : model_sha256(m)));
    sluice_result result = json_end_line(&doc, words, error);
    if (result == SLUICE_OK && !engine_batch_decided(d->engine, place, offset)) {
        result = error_no_memory(error, sizeof(engine_decision));
    }
    return result;
}

/* The engine cannot say yet whether the batch will last; from here on this detector cannot either. */
static sluice_result lose(sluice_detector *d, sluice_result result) {
    d->lost = true;
    engine_batch_clear(d->engine);
    return result;
}

static sluice_result check(const sluice_detector *d, sluice_error *error) {
    return d->lost ? error_set(error, SLUICE_E_INVALID,
                               "a batch was lost since this detector was opened: close it and open it again")
                   : SLUICE_OK;
}

/* A signal that is in the batch under way and waits to be judged. */
typedef struct taken {
    activity what;
    uint32_t place; /* of its movement in the batch */
    bool is_duplicate;
} taken;

static sluice_result take(sluice_detector *d, const sluice_signal *signal, taken *taken_out, sluice_error *error) {
    sluice_append_result appended = {0};
    sluice_result result = engine_append_one(d->engine, signal, &appended, error);
    *taken_out = (taken){.is_duplicate = result == SLUICE_OK && appended.accepted == 0};
    if (result == SLUICE_OK && !taken_out->is_duplicate) {
        taken_out->what = activity_of(d->engine, signal);
        taken_out->place = (uint32_t)d->engine->batch->signals.movement_count - 1;
    }
    return result;
}

static sluice_result judge(sluice_detector *d, const taken *t, sluice_decision *decision_out, sluice_error *error) {
    judgement made;
    *decision_out = (sluice_decision){.probability = -1};
    if (t->is_duplicate) {
        decision_out->is_movement = decision_out->is_duplicate = true;
        return SLUICE_OK;
    }
    if (!detector_step(d->detector, &t->what, true, &made)) {
        (void)error_no_memory(error, (size_t)detector_memory_bytes(d->detector));
        return lose(d, SLUICE_E_NO_MEMORY);
    }
    d->signals++;
    if (!activity_is_movement(&t->what)) {
        return SLUICE_OK;
    }
    d->movements++;
    fill_decision(d, &t->what, &made, decision_out);
    if (decision_out->action != SLUICE_ACTION_ALLOW) {
        sluice_result result = keep(d, decision_out, t->place, error);
        return result == SLUICE_OK ? result : lose(d, result);
    }
    return SLUICE_OK;
}

/* Room for one more. */
static sluice_result make_room(sluice_detector *d, sluice_error *error) {
    sluice_result result = check(d, error);
    if (result == SLUICE_OK) {
        result = engine_check(d->engine, error);
    }
    return result == SLUICE_OK && engine_batch_is_full(d->engine) ? sluice_decide_commit(d, NULL, error) : result;
}

sluice_result sluice_decide(sluice_detector *d, const sluice_signal *signal, sluice_decision *decision_out,
                            sluice_error *error) {
    taken t;
    *decision_out = (sluice_decision){.probability = -1};
    sluice_result result = make_room(d, error);
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

sluice_result sluice_decide_many(sluice_detector *d, const sluice_signal *const *signals, size_t count,
                                 void (*decided)(void *context, size_t index, const sluice_decision *decision),
                                 void *context, size_t *index_out, sluice_error *error) {
    taken group[ENGINE_GROUP];
    sluice_decision decision;
    sluice_result result = SLUICE_OK;
    for (*index_out = 0; *index_out < count && result == SLUICE_OK;) {
        size_t left = count - *index_out, wanted = left < ENGINE_GROUP ? left : ENGINE_GROUP, n = 0;
        result = make_room(d, error);
        if (result != SLUICE_OK) {
            return result;
        }
        engine_prefetch(d->engine, signals + *index_out, wanted);
        while (n < wanted && !engine_batch_is_full(d->engine) && result == SLUICE_OK) {
            result = take(d, signals[*index_out + n], &group[n], error);
            n += result == SLUICE_OK;
        }
        prefetch_group(d, group, n);
        for (size_t i = 0; i < n; i++) {
            sluice_result judged = judge(d, &group[i], &decision, error);
            if (judged != SLUICE_OK) {
                return judged;
            }
            decided(context, *index_out, &decision);
            ++*index_out;
        }
    }
    return result;
}

sluice_result sluice_decide_commit(sluice_detector *d, uint64_t *sequence_out, sluice_error *error) {
    sluice_result result = check(d, error);
    if (result == SLUICE_OK) {
        result = sluice_engine_flush(d->engine, sequence_out, error);
        result = result == SLUICE_OK ? result : lose(d, result);
    }
    return result;
}

sluice_result sluice_decide_commit_begin(sluice_detector *d, void (*finished)(void *context), void *context,
                                         sluice_error *error) {
    sluice_result result = check(d, error);
    if (result == SLUICE_OK) {
        result = sluice_engine_flush_begin(d->engine, finished, context, error);
        result = result == SLUICE_OK ? result : lose(d, result);
    }
    return result;
}

sluice_result sluice_decide_commit_end(sluice_detector *d, uint64_t *sequence_out, sluice_error *error) {
    sluice_result result = sluice_engine_flush_end(d->engine, sequence_out, error);
    return result == SLUICE_OK ? result : lose(d, result);
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
