/* What is thought of one signal, in the words of the API; and what of it lasts. */
#include <math.h>

#include "base/error.h"
#include "base/json_write.h"
#include "engine/decide_private.h"
#include "engine/detection_private.h"

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
static sluice_result keep(sluice_detector *d, const sluice_decision *made, const taken *t, sluice_error *error) {
    json_document doc;
    text_writer *words = &t->into->decided;
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
    if (result == SLUICE_OK && !engine_batch_decided(t->into, t->place, offset)) {
        result = error_no_memory(error, sizeof(engine_decision));
    }
    return result;
}

sluice_result decide_judge(sluice_detector *d, const taken *t, sluice_decision *decision_out, sluice_error *error) {
    judgement made;
    *decision_out = (sluice_decision){.probability = -1};
    if (t->is_duplicate) {
        decision_out->is_movement = decision_out->is_duplicate = true;
        return SLUICE_OK;
    }
    if (!detector_step(d->detector, &t->what, true, &made)) {
        return error_no_memory(error, (size_t)detector_memory_bytes(d->detector));
    }
    d->signals++;
    if (!activity_is_movement(&t->what)) {
        return SLUICE_OK;
    }
    d->movements++;
    fill_decision(d, &t->what, &made, decision_out);
    return decision_out->action == SLUICE_ACTION_ALLOW ? SLUICE_OK : keep(d, decision_out, t, error);
}
