/* A detector over the log: reads the stream a little ahead so that what a step will touch is in the cache by then, and
 * gathers the judgements of the period asked for into findings. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "detect/finding_render.h"
#include "engine/detection_private.h"
#include "engine/engine_private.h"
#include "engine/stream.h"

#define EVIDENCE_DEFAULT 20u
#define EVIDENCE_MAX 10000u
#define QUIET_DEFAULT_MS (7 * TIME_DAY_MS)
#define RING 32u /* activities; more than DETECTOR_AHEAD, a power of two */
#define PROGRESS_EVERY 8192u

const char *sluice_action_name(sluice_action action) {
    return rule_action_name((rule_action)action);
}

sluice_result detection_check_size(size_t given, size_t known, const char *name, sluice_error *error) {
    return given == 0 || given > known
               ? error_set(error, SLUICE_E_INVALID, "%s.size is %zu: set it to sizeof", name, given)
               : SLUICE_OK;
}

/* ---- the run ---- */

static bool is_asked_for(const sluice_detect_run_options *o, const activity *a) {
    return (o->from_ms == 0 || a->time_ms >= o->from_ms) && (o->to_ms == 0 || a->time_ms < o->to_ms);
}

static sluice_result step(sluice_detection *d, const sluice_detect_run_options *o, const activity *a,
                          sluice_error *error) {
    judgement made;
    bool judge = activity_is_movement(a) && is_asked_for(o, a);
    if (!detector_step(d->detector, a, judge, &made) || (judge && !finding_book_take(d->book, a, &made))) {
        return error_no_memory(error, (size_t)detector_memory_bytes(d->detector));
    }
    if (judge) {
        d->movements++;
        d->first_ms = a->time_ms < d->first_ms ? a->time_ms : d->first_ms;
        d->last_ms = a->time_ms > d->last_ms ? a->time_ms : d->last_ms;
    }
    return SLUICE_OK;
}

static sluice_result run_stream(sluice_detection *d, stream *s, const sluice_detect_run_options *o,
                                sluice_error *error) {
    activity ring[RING];
    uint64_t read = 0, done = 0, total = stream_total(s);
    bool more = true;
    while (more || done < read) {
        while (more && read - done < DETECTOR_AHEAD) {
            more = stream_next(s, &ring[read % RING]);
            if (more) {
                detector_prefetch(d->detector, &ring[read % RING], 0);
                read++;
            }
        }
        if (done == read) {
            break;
        }
        for (int ahead = 1; ahead <= 2; ahead++) {
            uint64_t at = done + DETECTOR_AHEAD * (3 - (unsigned)ahead) / 3;
            if (at < read) {
                detector_prefetch(d->detector, &ring[at % RING], ahead);
            }
        }
        sluice_result result = step(d, o, &ring[done % RING], error);
        if (result != SLUICE_OK) {
            return result;
        }
        done++;
        if (o->progress != NULL && done % PROGRESS_EVERY == 0 && !o->progress(o->progress_context, done, total)) {
            return error_set(error, SLUICE_E_INTERRUPTED, "interrupted after %llu of %llu signals",
                             (unsigned long long)done, (unsigned long long)total);
        }
    }
    return SLUICE_OK;
}

/* ---- findings as callers see them ---- */

static int compare_numbers(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

/* All movements that any finding lists, each once, rising. */
static bool collect_movements(const finding_book *book, uint32_t **numbers_out, size_t *count_out) {
    uint32_t *numbers = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < finding_book_count(book); i++) {
        const finding *f = finding_book_get(book, i);
        if (!ARRAY_RESERVE(numbers, capacity, count + f->trigger_count + f->member_count + 1)) {
            memory_free(numbers);
            return false;
        }
        for (size_t k = 0; k < f->trigger_count; k++) {
            numbers[count++] = f->triggers[k].movement;
        }
        for (size_t k = 0; k < f->member_count; k++) {
            numbers[count++] = f->members[k].movement;
        }
    }
    size_t kept = 0;
    *numbers_out = numbers;
    *count_out = 0;
    if (numbers == NULL) { /* nothing was found */
        return true;
    }
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || numbers[kept - 1] != numbers[i]) {
            numbers[kept++] = numbers[i];
        }
    }
    *count_out = kept;
    return true;
}

typedef struct id_table {
    const uint32_t *numbers; /* rising */
    const sluice_text *ids;
    size_t count;
} id_table;

static sluice_text id_of(const id_table *table, uint32_t number) {
    const uint32_t *at =
        table->numbers == NULL ? NULL : bsearch(&number, table->numbers, table->count, sizeof number, compare_numbers);
    return at == NULL ? (sluice_text){"", 0} : table->ids[at - table->numbers];
}

static int compare_evidence(const void *left, const void *right) {
    const sluice_evidence *a = left, *b = right;
    if (a->time_ms != b->time_ms) {
        return a->time_ms < b->time_ms ? -1 : 1;
    }
    return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

static void fill_one(const graph *g, const id_table *ids, const finding_evidence *from, sluice_evidence *evidence_out) {
    sluice_transfer transfer;
    engine_transfer_fill(g, from->movement, &transfer);
    *evidence_out = (sluice_evidence){.id = id_of(ids, from->movement),
                                      .sequence = transfer.sequence,
                                      .time_ms = transfer.time_ms,
                                      .from = transfer.from,
                                      .to = transfer.to,
                                      .amount_fen = transfer.amount_fen,
                                      .is_trigger = from->is_trigger};
}

static bool is_trigger(const finding *f, uint32_t movement) {
    for (size_t i = 0; i < f->trigger_count; i++) {
        if (f->triggers[i].movement == movement) {
            return true;
        }
    }
    return false;
}

static bool fill_evidence(sluice_detection *d, const graph *g, const id_table *ids, const finding *f,
                          sluice_finding *out) {
    sluice_evidence *evidence = arena_alloc(&d->texts, (f->trigger_count + f->member_count + 1) * sizeof *evidence);
    if (evidence == NULL) {
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < f->trigger_count; i++) {
        fill_one(g, ids, &f->triggers[i], &evidence[count++]);
    }
    size_t again = 0;
    for (size_t i = 0; i < f->member_count; i++) {
        if (is_trigger(f, f->members[i].movement)) {
            again++;
        } else {
            fill_one(g, ids, &f->members[i], &evidence[count++]);
        }
    }
    qsort(evidence, count, sizeof *evidence, compare_evidence);
    out->evidence = evidence;
    out->evidence_listed = (uint32_t)count;
    out->evidence_count = f->hits + f->member_total - (f->member_total > again ? again : f->member_total);
    return true;
}

static bool fill_reasons(sluice_detection *d, const finding *f, sluice_finding *out) {
    sluice_reason *reasons = arena_alloc(&d->texts, (f->reason_count + 1) * sizeof *reasons);
    if (reasons == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < f->reason_count; i++) {
        rule_view rule;
        rule_get(detector_rules(d->detector), f->reasons[i].rule, &rule);
        reasons[i] = (sluice_reason){rule.name, rule.version, f->reasons[i].weight, f->reasons[i].en, f->reasons[i].zh};
    }
    out->reasons = reasons;
    out->reason_count = f->reason_count;
    out->model.probability = f->probability;
    out->model.count = f->feature_count;
    for (uint32_t i = 0; i < f->feature_count; i++) {
        out->model.names[i] = model_feature_name(detector_model(d->detector), f->features[i]);
        out->model.contributions[i] = f->contributions[i];
    }
    return true;
}

static void fill_typology(const detector *det, const finding *f, sluice_finding *out) {
    typology_view t = {.name = TEXT("model"), .title_en = TEXT("The model alone"), .title_zh = TEXT("仅模型评分")};
    if (f->typology != FINDING_MODEL_TYPOLOGY) {
        typology_get(detector_rules(det), f->typology, &t);
    }
    out->typology = t.name;
    out->title_en = t.title_en;
    out->title_zh = t.title_zh;
    out->fraud_type = t.fraud_type;
}

static bool fill_finding(sluice_detection *d, const graph *g, const id_table *ids, const finding *f,
                         sluice_finding *out) {
    *out = (sluice_finding){.subject = keys_text(&g->keys, f->subject),
                            .subject_is_payer = f->subject_is_payer,
                            .score = f->score,
                            .action = detection_action(f->action),
                            .is_draft = f->is_draft,
                            .is_snoozed = f->is_snoozed,
                            .raised_sequence = f->raised_sequence,
                            .peak_sequence = f->peak_sequence,
                            .last_sequence = f->last_sequence,
                            .raised_ms = f->raised_ms,
                            .peak_ms = f->peak_ms,
                            .last_ms = f->last_ms,
                            .hits = f->hits,
                            .amount_fen = f->amount_fen};
    fill_typology(d->detector, f, out);
    return fill_reasons(d, f, out) && fill_evidence(d, g, ids, f, out);
}

static sluice_result fill_findings(sluice_detection *d, const sluice_engine *engine, sluice_error *error) {
    uint32_t *numbers = NULL;
    size_t count = 0;
    if (!collect_movements(d->book, &numbers, &count)) {
        return error_no_memory(error, count * sizeof *numbers);
    }
    d->count = finding_book_count(d->book);
    d->findings = memory_new_zero(d->count + 1, sizeof *d->findings);
    sluice_text *ids = memory_new_zero(count + 1, sizeof *ids);
    sluice_result result = SLUICE_OK;
    if (d->findings == NULL || ids == NULL) {
        result = error_no_memory(error, d->count * sizeof *d->findings);
        goto out;
    }
    result = stream_transfer_ids(engine, numbers, count, &d->texts, ids, error);
    id_table table = {numbers, ids, count};
    for (size_t i = 0; result == SLUICE_OK && i < d->count; i++) {
        if (!fill_finding(d, &engine->graph, &table, finding_book_get(d->book, i), &d->findings[i])) {
            result = error_no_memory(error, sizeof *d->findings);
        }
    }
out:
    memory_free(ids);
    memory_free(numbers);
    return result;
}

static sluice_result take_options(const sluice_detect_run_options *given, sluice_detect_run_options *o,
                                  sluice_error *error) {
    sluice_result result = detection_check_size(given->size, sizeof *o, "sluice_detect_run_options", error);
    if (result != SLUICE_OK) {
        return result;
    }
    memcpy(o, given, given->size);
    if (o->with.rules == NULL && o->with.model == NULL) {
        return error_set(error, SLUICE_E_INVALID, "nothing to detect with: name a folder of rules, or a model");
    }
    o->evidence_max = o->evidence_max == 0             ? EVIDENCE_DEFAULT
                      : o->evidence_max > EVIDENCE_MAX ? EVIDENCE_MAX
                                                       : o->evidence_max;
    o->quiet_ms = o->quiet_ms <= 0 ? QUIET_DEFAULT_MS : o->quiet_ms;
    return SLUICE_OK;
}

sluice_result sluice_detect_run(const sluice_engine *engine, const sluice_detect_run_options *options,
                                sluice_detection **detection_out, sluice_error *error) {
    sluice_detect_run_options o = {0};
    stream *s = NULL;
    *detection_out = NULL;
    sluice_result result = take_options(options, &o, error);
    if (result != SLUICE_OK) {
        return result;
    }
    sluice_detection *d = memory_new_zero(1, sizeof *d);
    if (d == NULL) {
        return error_no_memory(error, sizeof *d);
    }
    d->first_ms = INT64_MAX;
    d->last_ms = INT64_MIN;
    result = detector_new(&o.with, &engine->graph.keys, NULL, 0, NULL, NULL, &d->detector, error);
    if (result == SLUICE_OK) {
        d->book = finding_book_new(d->detector, o.evidence_max, o.quiet_ms);
        result = d->book == NULL ? error_no_memory(error, 4096) : stream_open(engine, o.order, o.as_of, &s, error);
    }
    if (result == SLUICE_OK) {
        d->sequence = stream_sequence(s);
        result = run_stream(d, s, &o, error);
    }
    if (result == SLUICE_OK) {
        finding_book_close(d->book);
        result = fill_findings(d, engine, error);
    }
    stream_close(&s);
    if (result != SLUICE_OK) {
        sluice_detection_free(&d);
    }
    *detection_out = d;
    return result;
}

void sluice_detection_free(sluice_detection **handle) {
    sluice_detection *d = *handle;
    if (d == NULL) {
        return;
    }
    finding_book_free(&d->book);
    detector_free(&d->detector);
    memory_free(d->findings);
    arena_fini(&d->texts);
    memory_free(d);
    *handle = NULL;
}

size_t sluice_detection_count(const sluice_detection *d) {
    return d->count;
}

const sluice_finding *sluice_detection_finding(const sluice_detection *d, size_t index) {
    return index < d->count ? &d->findings[index] : NULL;
}

sluice_result sluice_detection_render(const sluice_detection *d, sluice_detection_format format, char **text_out,
                                      size_t *length_out, sluice_error *error) {
    text_writer writer = {0};
    finding_origin origin = {
        .sequence = d->sequence,
        .rules_sha256 = detector_rules(d->detector) == NULL ? "" : rule_set_sha256(detector_rules(d->detector)),
        .model_sha256 = detector_model(d->detector) == NULL ? "" : model_sha256(detector_model(d->detector))};
    sluice_result result = finding_render(d->findings, d->count, &origin, format, &writer, error);
    if (result != SLUICE_OK) {
        text_writer_fini(&writer);
        return result;
    }
    if (writer.data == NULL) { /* nothing was found: an empty text */
        text_write(&writer, (sluice_text){"", 0});
        writer.data = writer.data == NULL ? memory_new_zero(1, 1) : writer.data;
        if (writer.data == NULL) {
            return error_no_memory(error, 1);
        }
    }
    *text_out = writer.data;
    *length_out = writer.length;
    return SLUICE_OK;
}
