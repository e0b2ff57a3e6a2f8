/* Judging a transfer.
 *
 *   rule_filter, of many rules ─▶ rule_parts: valid now, condition true ─▶ matches, by typology and subject ─▶
 * assessments
 *
 * Most transfers match nothing and end after the second step. The order of everything that is handed out is that of
 * typologies and rules in the files. Nothing is allocated: all arrays are as long as there are rules. */
#include "detect/rule.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "detect/rule_private.h"

static const char *const ACTION_NAMES[] = {
    [RULE_ALLOW] = "allow", [RULE_VERIFY] = "verify", [RULE_DELAY] = "delay", [RULE_STOP] = "stop"};

const char *rule_action_name(rule_action action) {
    return ACTION_NAMES[action];
}

const char *rule_set_sha256(const rule_set *set) {
    return set->sha256;
}

uint32_t rule_count(const rule_set *set) {
    return (uint32_t)set->rule_count;
}

void rule_get(const rule_set *set, uint32_t rule_number, rule_view *view_out) {
    SLUICE_ASSERT(rule_number < set->rule_count);
    const rule *r = &set->rules[rule_number];
    *view_out = (rule_view){.name = r->name,
                            .typology = set->typologies[r->typology].name,
                            .file = text_of(set->paths[r->file]),
                            .line = r->line,
                            .version = r->version,
                            .status = r->status,
                            .subject = r->subject,
                            .valid_from_ms = r->from_ms,
                            .valid_to_ms = r->to_ms,
                            .score = r->score};
}

bool rule_reads(const rule_set *set, uint32_t rule_number, uint32_t slot) {
    return cel_reads(set->rules[rule_number].program, slot);
}

uint32_t typology_count(const rule_set *set) {
    return (uint32_t)set->typology_count;
}

void typology_get(const rule_set *set, uint32_t typology_number, typology_view *view_out) {
    SLUICE_ASSERT(typology_number < set->typology_count);
    const typology *t = &set->typologies[typology_number];
    *view_out = (typology_view){t->name, t->title_en, t->title_zh, t->fraud_type, t->subject};
}

/* ---- matching ---- */

static int compare_matches(const void *a, const void *b) {
    const rule_match *left = a;
    const rule_match *right = b;
    if (left->typology != right->typology) {
        return left->typology < right->typology ? -1 : 1;
    }
    if (left->subject != right->subject) {
        return left->subject < right->subject ? -1 : 1;
    }
    if (left->place != right->place) {
        return left->place < right->place ? -1 : 1;
    }
    if (left->score != right->score) {
        return left->score > right->score ? -1 : 1;
    }
    return left->rule < right->rule ? -1 : left->rule > right->rule;
}

/* Every rule alone and whole, which is what the quick way must come to. */
static size_t candidates_plain(rule_set *set, const feature_value *values, int64_t time_ms) {
    size_t count = 0;
    for (size_t i = 0; i < set->rule_count; i++) {
        const rule *r = &set->rules[i];
        if (time_ms >= r->from_ms && time_ms < r->to_ms &&
            cel_run(r->program, set->machine, values, time_ms) == CEL_TRUE) {
            set->candidates[count++] = (uint32_t)i;
        }
    }
    return count;
}

static size_t candidates(rule_set *set, const feature_value *values, int64_t time_ms) {
    if (set->is_unfiltered) {
        return candidates_plain(set, values, time_ms);
    }
    return set->rule_count <= RULES_FEW ? rule_probes_run(set, values, time_ms) : rule_parts_run(set, values, time_ms);
}

bool rule_set_match(rule_set *set, const feature_value *values, int64_t time_ms) {
    size_t count = candidates(set, values, time_ms);
    for (size_t i = 0; i < count; i++) {
        const rule *r = &set->rules[set->candidates[i]];
        set->matches[i] = (rule_match){r->typology, r->subject, 0, set->candidates[i], r->score};
    }
    if (count > 1) {
        qsort(set->matches, count, sizeof *set->matches, compare_matches);
    }
    set->match_count = count;
    return count > 0;
}

/* ---- assessments ---- */

static rule_action action_of(const rule_set *set, const typology *t, double score, int64_t time_ms) {
    for (int any = 0; any < 2; any++) {
        const action_row *rows = set->actions + (any ? set->any_first : t->action_first);
        size_t count = any ? set->any_count : t->action_count;
        bool is_valid = false;
        for (size_t i = 0; i < count; i++) {
            if (time_ms < rows[i].from_ms || time_ms >= rows[i].to_ms) {
                continue;
            }
            is_valid = true;
            if (score >= rows[i].score) {
                return rows[i].action;
            }
        }
        if (is_valid) {
            break;
        }
    }
    return RULE_ALLOW;
}

static bool is_snoozed(const rule_set *set, const typology *t, sluice_text subject, int64_t time_ms) {
    if (list_count(set->snoozes) == 0 || subject.length > KEY_BYTES_MAX) {
        return false;
    }
    char key[KEY_BYTES_MAX + 1 + RULE_NAME_BYTES_MAX];
    memcpy(key, subject.data, subject.length);
    key[subject.length] = '\n';
    memcpy(key + subject.length + 1, t->name.data, t->name.length);
    if (list_has(set->snoozes, (sluice_text){key, subject.length + 1 + t->name.length}, time_ms)) {
        return true;
    }
    key[subject.length + 1] = '*';
    return list_has(set->snoozes, (sluice_text){key, subject.length + 2}, time_ms);
}

/* What one match adds to a score that is `so_far`. */
static double weight_of(const typology *t, const rule *r, double so_far) {
    if (r->effect == RULE_BLOCKS) {
        return 100;
    }
    if (r->effect == RULE_OVERRIDES) {
        return 0;
    }
    switch (t->combine) {
    case COMBINE_SUM:
        return r->score;
    case COMBINE_MAX:
        return r->score > so_far ? r->score - so_far : 0;
    default:
        return (100 - so_far) * r->score / 100;
    }
}

typedef struct tally {
    bool scores, blocks, overrides; /* a positive score, a block, an override is among them */
} tally;

static tally tally_of(const rule_set *set, const rule_match *matches, size_t count, rule_status status) {
    tally t = {0};
    for (size_t i = 0; i < count; i++) {
        const rule *r = &set->rules[matches[i].rule];
        if (r->status == status) {
            t.scores = t.scores || (r->effect == RULE_SCORES && r->score > 0);
            t.blocks = t.blocks || r->effect == RULE_BLOCKS;
            t.overrides = t.overrides || r->effect == RULE_OVERRIDES;
        }
    }
    return t;
}

/* The matches of one typology and subject → an assessment and the rules behind it, unless nothing speaks against the
 * subject. */
static void assess(rule_set *set, rule_match *matches, size_t count, int64_t time_ms, sluice_text subject,
                   rule_result *result) {
    const typology *t = &set->typologies[matches[0].typology];
    tally live = tally_of(set, matches, count, RULE_LIVE);
    tally draft = tally_of(set, matches, count, RULE_DRAFT);
    bool is_draft = !live.scores && !live.blocks;
    if (is_draft && !draft.scores && !draft.blocks) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const rule *r = &set->rules[matches[i].rule];
        uint32_t place = r->effect == RULE_BLOCKS ? 0 : r->effect == RULE_SCORES ? 1 : 2;
        matches[i].place = r->status == RULE_DRAFT && !is_draft ? 3 : place;
    }
    if (count > 1) {
        qsort(matches, count, sizeof *matches, compare_matches);
    }
    assessment *a = &set->assessments[result->assessment_count++];
    *a = (assessment){.typology = matches[0].typology,
                      .subject = (rule_subject)matches[0].subject,
                      .is_draft = is_draft,
                      .fired_first = (uint32_t)result->fired_count,
                      .fired_count = (uint32_t)count};
    double score = 0;
    for (size_t i = 0; i < count; i++) {
        const rule *r = &set->rules[matches[i].rule];
        double weight = matches[i].place == 3 ? 0 : weight_of(t, r, score);
        score += r->effect == RULE_SCORES ? weight : 0;
        set->fired[result->fired_count++] = (rule_fired){matches[i].rule, weight};
    }
    a->score = score < 0 ? 0 : score > t->cap ? t->cap : score;
    a->is_block = live.blocks;
    a->is_override = live.overrides && !live.blocks;
    a->is_snoozed = !live.blocks && is_snoozed(set, t, subject, time_ms);
    if (live.blocks || (is_draft && draft.blocks)) {
        a->score = 100;
    }
    bool is_lifted = is_draft ? draft.overrides || live.overrides : live.overrides;
    if (live.blocks || (is_draft && draft.blocks)) {
        a->would = RULE_STOP;
    } else if (!is_lifted) {
        a->would = action_of(set, t, a->score, time_ms);
    }
    a->action = is_draft || a->is_snoozed ? RULE_ALLOW : a->would;
}

void rule_set_demand(rule_set *set, void (*get)(void *context, uint32_t slot), void *context) {
    set->demand = (cel_demand){get, context};
    cel_machine_demand(set->machine, set->demand);
}

void rule_set_step(rule_set *set, const feature_value *values, int64_t time_ms, sluice_text payer, sluice_text payee,
                   rule_result *result_out) {
    (void)rule_set_match(set, values, time_ms);
    rule_set_assess(set, time_ms, payer, payee, result_out);
}

void rule_set_assess(rule_set *set, int64_t time_ms, sluice_text payer, sluice_text payee, rule_result *result_out) {
    *result_out = (rule_result){.assessments = set->assessments, .fired = set->fired};
    size_t count = set->match_count;
    for (size_t first = 0, end = 0; first < count; first = end) {
        const rule_match *m = &set->matches[first];
        while (end < count && set->matches[end].typology == m->typology && set->matches[end].subject == m->subject) {
            end++;
        }
        assess(set, &set->matches[first], end - first, time_ms, m->subject == RULE_PAYER ? payer : payee, result_out);
    }
}
