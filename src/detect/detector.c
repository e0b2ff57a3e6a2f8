/* The steps of detection, one after the other, over one row of values (feature_plan). Patterns and the model write
 * their results into slots of the same row, so that rules see them as they see any feature: pattern.NAME.count,
 * pattern.NAME.size, model.score. */
#include "detect/detector.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "sys/file.h"

#define PROBLEMS_SHOWN 64
#define PATH_BYTES 1024

struct detector {
    feature_plan *plan;
    feature_state *state;
    pattern_set *patterns;
    model *model;
    rule_set *rules;
    const keys *names;
    feature_value *values;
    pattern_hit *hits;
    uint32_t *count_slots, *size_slots; /* by pattern */
    uint32_t score_slot;
    uint32_t *model_slots; /* by feature of the model, for model_row … */
    uint32_t *model_needs; /* … and in the plan */
    uint32_t *extra_slots; /* computed at every step */
    size_t extra_count;
    bool is_eager; /* every value is computed at every step */
    float *row, *contributions;
    bool row_is_whole; /* the last step was a movement that was judged */
};

/* ---- loading ---- */

static bool ends_with(const char *name, const char *suffix) {
    size_t length = strlen(name), tail = strlen(suffix);
    return length > tail && memcmp(name + length - tail, suffix, tail) == 0;
}

static sluice_result append_file(const char *path, text_writer *text, sluice_error *error) {
    file_view view;
    sluice_result result = file_map(path, &view, error);
    if (result != SLUICE_OK) {
        return result;
    }
    text_write(text, (sluice_text){view.data, view.bytes});
    text_write_char(text, '\n');
    file_unmap(&view);
    return text->failed ? error_no_memory(error, view.bytes) : SLUICE_OK;
}

static bool join(char path_out[PATH_BYTES], const char *folder, const char *name) {
    size_t length = strlen(folder), more = strlen(name);
    if (length + more + 2 > PATH_BYTES) {
        return false;
    }
    memcpy(path_out, folder, length);
    path_out[length] = '/';
    memcpy(path_out + length + 1, name, more + 1);
    return true;
}

/* One file is compiled with its own name; of a folder, each file is tried alone first, so that an error names it. */
static sluice_result load_folder(const char *folder, text_writer *all, sluice_error *error) {
    char **names = NULL;
    size_t count = 0;
    sluice_result result = file_list(folder, &names, &count, error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        char path[PATH_BYTES];
        if (!ends_with(names[i], ".pattern")) {
            continue;
        }
        text_writer one = {0};
        pattern_set *alone = NULL;
        if (!join(path, folder, names[i])) {
            result = error_set(error, SLUICE_E_INVALID, "the path %s/%s is too long", folder, names[i]);
        } else {
            result = append_file(path, &one, error);
        }
        if (result == SLUICE_OK) {
            result = pattern_set_load(path, (sluice_text){one.data, one.length}, &alone, error);
        }
        if (result == SLUICE_OK) {
            text_write(all, (sluice_text){one.data, one.length});
        }
        pattern_set_free(&alone);
        text_writer_fini(&one);
    }
    file_list_free(&names, count);
    return result == SLUICE_OK && all->failed ? error_no_memory(error, all->length) : result;
}

sluice_result detector_patterns_load(const char *path, pattern_set **set_out, sluice_error *error) {
    text_writer all = {0};
    sluice_result result = SLUICE_OK;
    *set_out = NULL;
    switch (file_kind_of(path)) {
    case FILE_FOLDER:
        result = load_folder(path, &all, error);
        break;
    case FILE_ABSENT:
    case FILE_REGULAR:
    case FILE_OTHER:
    default:
        result = append_file(path, &all, error);
        break;
    }
    if (result == SLUICE_OK && all.length > 0) {
        result = pattern_set_load(path, (sluice_text){all.data, all.length}, set_out, error);
    }
    text_writer_fini(&all);
    return result;
}

static sluice_result load_patterns(detector *d, const sluice_detect_options *options, sluice_error *error) {
    char path[PATH_BYTES];
    const char *from = options->patterns;
    if (from == NULL && options->rules != NULL && join(path, options->rules, "patterns") &&
        file_kind_of(path) == FILE_FOLDER) {
        from = path;
    }
    sluice_result result = from == NULL ? SLUICE_OK : detector_patterns_load(from, &d->patterns, error);
    if (result != SLUICE_OK || d->patterns == NULL) {
        return result;
    }
    uint32_t count = pattern_count(d->patterns);
    d->hits = memory_new_zero(count + 1, sizeof *d->hits);
    d->count_slots = memory_new(count * sizeof *d->count_slots);
    d->size_slots = memory_new(count * sizeof *d->size_slots);
    if (d->hits == NULL || d->count_slots == NULL || d->size_slots == NULL) {
        return error_no_memory(error, count * sizeof *d->hits);
    }
    for (uint32_t i = 0; i < count; i++) {
        static const struct {
            const char *suffix;
            size_t offset;
        } outputs[] = {{"count", 0}, {"size", 1}};
        for (size_t k = 0; k < 2; k++) {
            text_writer name = {0};
            text_printf(&name, "pattern.%.*s.%s", TEXT_ARGS(pattern_name(d->patterns, i)), outputs[k].suffix);
            bool added = !name.failed &&
                         feature_plan_add_external(d->plan, (sluice_text){name.data, name.length}, FEATURE_INT,
                                                   FEATURE_UNIT_COUNT, k == 0 ? &d->count_slots[i] : &d->size_slots[i]);
            text_writer_fini(&name);
            if (!added) {
                return error_set(error, SLUICE_E_INPUT, "two patterns are called %.*s: give one another name",
                                 TEXT_ARGS(pattern_name(d->patterns, i)));
            }
        }
    }
    return SLUICE_OK;
}

static sluice_result load_model(detector *d, const char *path, sluice_error *error) {
    if (!feature_plan_add_external(d->plan, TEXT("model.score"), FEATURE_DOUBLE, FEATURE_UNIT_SHARE, &d->score_slot)) {
        return error_no_memory(error, 64);
    }
    if (path == NULL) {
        return SLUICE_OK;
    }
    sluice_result result = model_load(path, &d->model, error);
    if (result != SLUICE_OK) {
        return result;
    }
    uint32_t count = model_feature_count(d->model);
    d->model_slots = memory_new_zero(count + 1, sizeof *d->model_slots);
    d->model_needs = memory_new_zero(count + 1, sizeof *d->model_needs);
    d->row = memory_new_zero(count + 1, sizeof *d->row);
    d->contributions = memory_new_zero(count + 1, sizeof *d->contributions);
    if (d->model_slots == NULL || d->model_needs == NULL || d->row == NULL || d->contributions == NULL) {
        return error_no_memory(error, count * 12);
    }
    result = model_bind(d->model, d->plan, d->model_slots, error);
    for (uint32_t i = 0; result == SLUICE_OK && i < count; i++) {
        const char *reason = "";
        if (!feature_plan_add(d->plan, model_feature_name(d->model, i), &d->model_needs[i], &reason)) {
            result = error_set(error, SLUICE_E_INPUT, "%s: %s", path, reason);
        }
    }
    return result;
}

static void tell(const rule_problem *problems, size_t count, const detector_report *report, sluice_error *error) {
    size_t shown = count < PROBLEMS_SHOWN ? count : PROBLEMS_SHOWN;
    for (size_t i = 0; report != NULL && i < shown; i++) {
        text_writer line = {0};
        text_printf(&line, "%s:%u:%u: %s", problems[i].file, problems[i].line, problems[i].column, problems[i].text);
        report->visit(report->context, line.failed ? problems[i].text : line.data);
        text_writer_fini(&line);
    }
    (void)error_set(error, SLUICE_E_INPUT, "%s:%u:%u: %s%s", problems[0].file, problems[0].line, problems[0].column,
                    problems[0].text, count > 1 ? " (and more: sluice rules check lists all)" : "");
}

static sluice_result load_rules(detector *d, const sluice_detect_options *options, const detector_report *report,
                                sluice_error *error) {
    if (options->rules == NULL) {
        return SLUICE_OK;
    }
    rule_problem *problems = memory_new(PROBLEMS_SHOWN * sizeof *problems);
    size_t count = 0;
    if (problems == NULL) {
        return error_no_memory(error, PROBLEMS_SHOWN * sizeof *problems);
    }
    sluice_result result = rule_set_load(options->rules, options->files, options->file_count, d->plan, &d->rules,
                                         problems, PROBLEMS_SHOWN, &count, error);
    if (result == SLUICE_E_INPUT && count > 0) {
        tell(problems, count, report, error);
    }
    memory_free(problems);
    return result;
}

static sluice_result add_extra(detector *d, const char *const *extra, size_t count, uint32_t *slots_out,
                               sluice_error *error) {
    d->extra_slots = memory_new_zero(count + 1, sizeof *d->extra_slots);
    if (d->extra_slots == NULL) {
        return error_no_memory(error, count * sizeof *d->extra_slots);
    }
    d->extra_count = count;
    for (size_t i = 0; i < count; i++) {
        const char *reason = "";
        if (!feature_plan_add(d->plan, text_of(extra[i]), &slots_out[i], &reason)) {
            return error_set(error, SLUICE_E_INPUT, "no feature is called %s: %s", extra[i], reason);
        }
        d->extra_slots[i] = slots_out[i];
    }
    return SLUICE_OK;
}

/* A value that rules read. */
static void need(void *context, uint32_t slot) {
    detector *d = context;
    feature_need(d->state, d->values, slot);
}

void detector_compute_all(detector *d) {
    d->is_eager = true;
}

sluice_result detector_new(const sluice_detect_options *options, const keys *names, const char *const *extra,
                           size_t extra_count, uint32_t *extra_slots_out, const detector_report *report,
                           detector **detector_out, sluice_error *error) {
    detector *d = memory_new_zero(1, sizeof *d);
    *detector_out = NULL;
    if (d == NULL) {
        return error_no_memory(error, sizeof *d);
    }
    d->names = names;
    d->plan = feature_plan_new();
    sluice_result result = d->plan == NULL ? error_no_memory(error, 4096) : load_patterns(d, options, error);
    if (result == SLUICE_OK) {
        result = load_model(d, options->model, error);
    }
    if (result == SLUICE_OK) {
        result = load_rules(d, options, report, error);
    }
    if (result == SLUICE_OK) {
        result = add_extra(d, extra, extra_count, extra_slots_out, error);
    }
    if (result == SLUICE_OK) {
        d->values = memory_new_zero(feature_plan_count(d->plan) + 1, sizeof *d->values);
        d->state = feature_state_new(d->plan, names, d->patterns == NULL ? 0 : pattern_horizon_ms(d->patterns));
        if (d->values == NULL || d->state == NULL) {
            result = error_no_memory(error, feature_plan_count(d->plan) * sizeof *d->values);
        }
    }
    if (result == SLUICE_OK && d->rules != NULL) {
        rule_set_demand(d->rules, need, d);
    }
    if (result != SLUICE_OK) {
        detector_free(&d);
    }
    *detector_out = d;
    return result;
}

void detector_free(detector **handle) {
    detector *d = *handle;
    if (d == NULL) {
        return;
    }
    feature_state_free(&d->state);
    rule_set_free(&d->rules);
    model_free(&d->model);
    pattern_set_free(&d->patterns);
    feature_plan_free(&d->plan);
    memory_free(d->values);
    memory_free(d->hits);
    memory_free(d->count_slots);
    memory_free(d->size_slots);
    memory_free(d->model_slots);
    memory_free(d->model_needs);
    memory_free(d->extra_slots);
    memory_free(d->row);
    memory_free(d->contributions);
    memory_free(d);
    *handle = NULL;
}

/* ---- running ---- */

static sluice_text name_of(const detector *d, uint32_t key) {
    return key == KEY_NONE ? (sluice_text){"", 0} : keys_text(d->names, key);
}

static bool step_patterns(detector *d, const activity *a) {
    if (d->patterns == NULL) {
        return true;
    }
    if (!pattern_step(d->patterns, feature_recent(d->state), a, d->hits)) {
        return false;
    }
    uint32_t count = pattern_count(d->patterns);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t hits = d->hits[i].count;
        d->values[d->count_slots[i]] = (feature_value){.i = hits > INT64_MAX ? INT64_MAX : (int64_t)hits};
        d->values[d->size_slots[i]] = (feature_value){.i = d->hits[i].size};
    }
    return true;
}

static rule_action strongest(const rule_result *rules) {
    rule_action action = RULE_ALLOW;
    for (size_t i = 0; i < rules->assessment_count; i++) {
        const assessment *a = &rules->assessments[i];
        if (!a->is_draft && !a->is_snoozed && a->action > action) {
            action = a->action;
        }
    }
    return action;
}

bool detector_step(detector *d, const activity *a, bool judge, judgement *judgement_out) {
    bool judged = judge && activity_is_movement(a);
    d->row_is_whole = false;
    if (d->is_eager ? !feature_step(d->state, a, judged ? d->values : NULL)
                    : !feature_step_pending(d->state, a, judged ? d->values : NULL)) {
        return false;
    }
    if (!judged) {
        return true;
    }
    for (size_t i = 0; i < d->extra_count; i++) {
        feature_need(d->state, d->values, d->extra_slots[i]);
    }
    if (!step_patterns(d, a)) {
        return false;
    }
    judgement made = {.values = d->values, .hits = d->hits, .probability = -1};
    d->values[d->score_slot] = (feature_value){.is_missing = true};
    if (d->model != NULL) {
        model_score_result score;
        for (uint32_t i = 0; i < model_feature_count(d->model); i++) {
            feature_need(d->state, d->values, d->model_needs[i]);
        }
        model_row(d->model, d->model_slots, d->values, d->row);
        model_score(d->model, d->row, &score);
        made.probability = score.probability;
        d->values[d->score_slot] = (feature_value){.d = score.probability};
        d->row_is_whole = true;
    }
    if (d->rules != NULL) {
        if (rule_set_match(d->rules, d->values, a->time_ms)) {
            rule_set_assess(d->rules, a->time_ms, name_of(d, a->from), name_of(d, a->to), &made.rules);
            made.action = strongest(&made.rules);
        }
    } else if (d->model != NULL && made.probability >= model_threshold(d->model)) {
        made.action = RULE_VERIFY;
    }
    if (judgement_out != NULL) {
        *judgement_out = made;
    }
    return true;
}

void detector_prefetch(const detector *d, const activity *a, int step) {
    feature_prefetch(d->state, a, step);
    if (step == 1 && d->patterns != NULL && activity_is_movement(a)) {
        pattern_prefetch(feature_recent(d->state), a);
    }
}

const rule_set *detector_rules(const detector *d) {
    return d->rules;
}

const model *detector_model(const detector *d) {
    return d->model;
}

const pattern_set *detector_patterns(const detector *d) {
    return d->patterns;
}

void detector_pattern_slots(const detector *d, uint32_t pattern, uint32_t *count_out, uint32_t *size_out) {
    *count_out = d->count_slots[pattern];
    *size_out = d->size_slots[pattern];
}

const feature_plan *detector_plan(const detector *d) {
    return d->plan;
}

uint64_t detector_memory_bytes(const detector *d) {
    return feature_memory_bytes(d->state);
}

bool detector_members(detector *d, const activity *a, uint32_t pattern, uint32_t *movements_out, size_t capacity,
                      size_t *count_out) {
    *count_out = 0;
    return d->patterns == NULL ||
           pattern_members(d->patterns, feature_recent(d->state), a, pattern, movements_out, capacity, count_out);
}

uint32_t detector_reasons(detector *d, uint32_t *features_out, float *contributions_out, uint32_t capacity) {
    float base = 0;
    uint32_t count = 0;
    if (!d->row_is_whole || !model_reasons(d->model, d->row, d->contributions, &base)) {
        return 0;
    }
    for (uint32_t f = 0; f < model_feature_count(d->model); f++) {
        float here = d->contributions[f], size = here < 0 ? -here : here;
        uint32_t place = count;
        while (place > 0) {
            float above = contributions_out[place - 1];
            if ((above < 0 ? -above : above) >= size) {
                break;
            }
            place--;
        }
        if (here == 0 || place >= capacity) {
            continue;
        }
        count += count < capacity;
        for (uint32_t i = count - 1; i > place; i--) {
            features_out[i] = features_out[i - 1];
            contributions_out[i] = contributions_out[i - 1];
        }
        features_out[place] = f;
        contributions_out[place] = here;
    }
    return count;
}
