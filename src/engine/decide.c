/* Inline decisions: a signal goes into the batch under way and through the detector in one call; the batch, and with it
 * what was decided, is committed when the caller asks (or when it is full).
 *
 * The detector is ahead of the log by the batch under way. When that batch is lost (a flush that failed), detector and
 * log differ: the detector says so and takes no more; opened again it is built from the log. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/json_write.h"
#include "base/memory.h"
#include "detect/detector.h"
#include "engine/detection_private.h"
#include "engine/engine_private.h"
#include "engine/stream.h"

/* A decision that waits for its batch: its movement's place in it, and the words. */
typedef struct waiting {
    uint32_t place;
    size_t offset, length; /* in words */
} waiting;

struct sluice_detector {
    sluice_engine *engine;
    detector *detector;
    waiting *waiting;
    size_t waiting_count, waiting_capacity;
    text_writer words; /* of the batch under way */
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

static sluice_result write_decisions(void *context, store *s, uint64_t movements_from, sluice_error *error) {
    sluice_detector *d = context;
    for (size_t i = 0; i < d->waiting_count; i++) {
        const waiting *w = &d->waiting[i];
        sluice_result result = store_put_decision(s, movements_from + w->place,
                                                  (sluice_text){d->words.data + w->offset, w->length}, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return SLUICE_OK;
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
    if (engine->write_decisions != NULL) {
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
        engine->write_decisions = write_decisions;
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
        d->engine->write_decisions = NULL;
        d->engine->decider = NULL;
    }
    detector_free(&d->detector);
    memory_free(d->waiting);
    text_writer_fini(&d->words);
    for (size_t i = 0; i < sizeof d->reasons / sizeof *d->reasons; i++) {
        text_writer_fini(&d->reasons[i]);
    }
    memory_free(d);
    *handle = NULL;
}

/* ---- deciding ---- */

/* The activity of the signal that was just added to the batch. */
static activity activity_of(const sluice_engine *engine, const sluice_signal *signal) {
    const batch *b = &engine->batch;
    bool is_movement = signal->kind == SLUICE_SIGNAL_TRANSFER || signal->kind == SLUICE_SIGNAL_WITHDRAWAL;
    activity a = {.time_ms = signal->time_ms, .kind = (uint8_t)signal->kind, .movement = UINT32_MAX};
    if (is_movement) {
        const batch_movement *m = &b->movements[b->movement_count - 1];
        a.movement = engine->graph.movement_count + (uint32_t)b->movement_count - 1;
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
static sluice_result keep(sluice_detector *d, const sluice_decision *made, sluice_error *error) {
    json_document doc;
    size_t offset = d->words.length;
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
    sluice_result result = json_end_line(&doc, &d->words, error);
    if (result == SLUICE_OK && !ARRAY_RESERVE(d->waiting, d->waiting_capacity, d->waiting_count + 1)) {
        result = error_no_memory(error, sizeof *d->waiting);
    }
    if (result == SLUICE_OK) {
        d->waiting[d->waiting_count++] =
            (waiting){(uint32_t)d->engine->batch.movement_count - 1, offset, d->words.length - offset - 1};
    }
    return result;
}

static void forget(sluice_detector *d) {
    d->waiting_count = 0;
    d->words.length = 0;
}

/* The engine cannot say yet whether the batch will last; from here on this detector cannot either. */
static sluice_result lose(sluice_detector *d, sluice_result result) {
    d->lost = true;
    forget(d);
    engine_batch_clear(d->engine);
    return result;
}

static sluice_result check(const sluice_detector *d, sluice_error *error) {
    return d->lost ? error_set(error, SLUICE_E_INVALID,
                               "a batch was lost since this detector was opened: close it and open it again")
                   : SLUICE_OK;
}

sluice_result sluice_decide(sluice_detector *d, const sluice_signal *signal, sluice_decision *decision_out,
                            sluice_error *error) {
    sluice_append_result appended = {0};
    sluice_result result = check(d, error);
    *decision_out = (sluice_decision){.probability = -1};
    if (result == SLUICE_OK && engine_batch_is_full(d->engine)) {
        result = sluice_decide_commit(d, NULL, error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    result = sluice_engine_append(d->engine, signal, 1, &appended, NULL, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (appended.accepted == 0) {
        decision_out->is_movement = decision_out->is_duplicate = true;
        return SLUICE_OK;
    }
    activity a = activity_of(d->engine, signal);
    judgement made;
    if (!detector_step(d->detector, &a, true, &made)) {
        (void)error_no_memory(error, (size_t)detector_memory_bytes(d->detector));
        return lose(d, SLUICE_E_NO_MEMORY);
    }
    d->signals++;
    if (!activity_is_movement(&a)) {
        return SLUICE_OK;
    }
    d->movements++;
    fill_decision(d, &a, &made, decision_out);
    if (decision_out->action != SLUICE_ACTION_ALLOW) {
        result = keep(d, decision_out, error);
        return result == SLUICE_OK ? result : lose(d, result);
    }
    return SLUICE_OK;
}

sluice_result sluice_decide_commit(sluice_detector *d, uint64_t *sequence_out, sluice_error *error) {
    sluice_result result = check(d, error);
    if (result == SLUICE_OK) {
        result = sluice_engine_flush(d->engine, sequence_out, error);
        if (result != SLUICE_OK) {
            return lose(d, result);
        }
        forget(d);
    }
    return result;
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
