/* What must hold between files: names, versions and their times, actions. */
#include <stdio.h>
#include <stdlib.h>

#include "detect/nearest.h"
#include "detect/rule_private.h"

uint32_t rule_typology_find(const rule_set *set, sluice_text name) {
    for (size_t i = 0; i < set->typology_count; i++) {
        if (text_equal(set->typologies[i].name, name)) {
            return (uint32_t)i;
        }
    }
    return RULE_NONE;
}

const char *rule_typology_hint(rule_loader *l, sluice_text name, char hint_out[100]) {
    const char *names[TYPOLOGIES_MAX];
    for (size_t i = 0; i < l->set->typology_count; i++) {
        names[i] = l->set->typologies[i].name.data; /* rule_copy terminated it */
    }
    const char *near = nearest_name(name, names, l->set->typology_count);
    if (near == NULL) {
        return "";
    }
    (void)snprintf(hint_out, 100, ": did you mean `%s`?", near);
    return hint_out;
}

/* ---- rules ---- */

static void check_typology_of(rule_loader *l, rule *r) {
    char hint[100];
    if (r->typology_name.length == 0) {
        return; /* reported where it should be */
    }
    r->typology = rule_typology_find(l->set, r->typology_name);
    if (r->typology == RULE_NONE) {
        rule_fail_at(l, r->file, r->typology_line, r->typology_column, "unknown typology `%.*s`%s",
                     TEXT_ARGS(r->typology_name), rule_typology_hint(l, r->typology_name, hint));
        return;
    }
    const typology *t = &l->set->typologies[r->typology];
    if (!r->has_subject) {
        r->subject = t->subject;
    }
    if (r->score < 0 && t->combine != COMBINE_SUM) {
        rule_fail_at(l, r->file, r->score_line, r->score_column,
                     "a score below 0 needs a typology with `combine sum`, and `%.*s` has not", TEXT_ARGS(t->name));
    }
}

/* By name, version, place. */
static int compare_versions(const void *a, const void *b) {
    const rule *left = *(const rule *const *)a;
    const rule *right = *(const rule *const *)b;
    int order = text_compare(left->name, right->name);
    if (order != 0 || left->version != right->version) {
        return order != 0 ? order : left->version < right->version ? -1 : 1;
    }
    return left < right ? -1 : left > right;
}

/* By name, status, beginning, place. */
static int compare_times(const void *a, const void *b) {
    const rule *left = *(const rule *const *)a;
    const rule *right = *(const rule *const *)b;
    int order = text_compare(left->name, right->name);
    if (order != 0 || left->status != right->status) {
        return order != 0 ? order : left->status < right->status ? -1 : 1;
    }
    if (left->from_ms != right->from_ms) {
        return left->from_ms < right->from_ms ? -1 : 1;
    }
    return left < right ? -1 : left > right;
}

static void check_versions(rule_loader *l, const rule **rules, size_t count) {
    qsort(rules, count, sizeof *rules, compare_versions);
    for (size_t i = 1; i < count; i++) {
        const rule *before = rules[i - 1];
        const rule *r = rules[i];
        if (text_equal(before->name, r->name) && before->version == r->version && r->version != 0) {
            rule_fail_at(l, r->file, r->line, r->column, "rule `%.*s` version %u is there already: %s:%u",
                         TEXT_ARGS(r->name), r->version, l->sources[before->file].path, before->line);
        }
    }
    qsort(rules, count, sizeof *rules, compare_times);
    const rule *latest = NULL; /* the one that is valid longest so far */
    for (size_t i = 0; i < count; i++) {
        const rule *r = rules[i];
        bool is_same = latest != NULL && text_equal(latest->name, r->name) && latest->status == r->status;
        bool both_say = is_same && latest->valid_line != 0 && r->valid_line != 0; /* else that is the problem */
        if (both_say && latest->version != r->version && r->from_ms < latest->to_ms) {
            const rule *later = latest < r ? r : latest;
            const rule *other = latest < r ? latest : r;
            rule_fail_at(l, later->file, later->valid_line, later->valid_column,
                         "version %u is valid at the same time as version %u (%s:%u): end the older one where the "
                         "newer one begins",
                         later->version, other->version, l->sources[other->file].path, other->line);
        }
        latest = is_same && latest->to_ms > r->to_ms ? latest : r;
    }
}

/* ---- actions ---- */

/* By typology (`*` last), the highest score first, then beginning, then place. */
static int compare_actions(const void *a, const void *b) {
    const action_row *left = a;
    const action_row *right = b;
    if (left->typology != right->typology) {
        return left->typology < right->typology ? -1 : 1;
    }
    if (left->score != right->score) {
        return left->score > right->score ? -1 : 1;
    }
    if (left->from_ms != right->from_ms) {
        return left->from_ms < right->from_ms ? -1 : 1;
    }
    return left->line < right->line ? -1 : left->line > right->line;
}

/* Rows of one typology in pairs; there are few. */
static void check_rows(rule_loader *l, const action_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count && l->problem_total < PROBLEMS_KEPT_MAX; j++) {
            if (rows[i].from_ms >= rows[j].to_ms || rows[j].from_ms >= rows[i].to_ms) {
                continue;
            }
            const action_row *later = rows[i].line > rows[j].line ? &rows[i] : &rows[j];
            const action_row *other = rows[i].line > rows[j].line ? &rows[j] : &rows[i];
            if (rows[i].score == rows[j].score) {
                rule_fail_at(l, later->file, later->line, later->column,
                             "the row of line %u has the same score at the same time", other->line);
            } else if (rows[i].action < rows[j].action) {
                rule_fail_at(l, later->file, later->line, later->column,
                             "with the row of line %u a higher score leads to a milder action at the same time",
                             other->line);
            }
        }
    }
}

static void check_actions(rule_loader *l) {
    rule_set *set = l->set;
    if (set->action_count > 1) { /* qsort may not be given NULL */
        qsort(set->actions, set->action_count, sizeof *set->actions, compare_actions);
    }
    for (size_t first = 0, end = 0; first < set->action_count; first = end) {
        while (end < set->action_count && set->actions[end].typology == set->actions[first].typology) {
            end++;
        }
        uint32_t which = set->actions[first].typology;
        *(which == RULE_NONE ? &set->any_first : &set->typologies[which].action_first) = first;
        *(which == RULE_NONE ? &set->any_count : &set->typologies[which].action_count) = end - first;
        check_rows(l, set->actions + first, end - first);
    }
    for (size_t i = 0; i < set->typology_count; i++) {
        const typology *t = &set->typologies[i];
        if (t->action_count == 0 && set->any_count == 0) {
            rule_fail_at(
                l, t->file, t->line, t->column,
                "no row of actions.table is for typology `%.*s`: who decides what its scores lead to? (rows of "
                "`*` are for all)",
                TEXT_ARGS(t->name));
        }
    }
}

void rule_check_all(rule_loader *l) {
    rule_set *set = l->set;
    const rule **rules = memory_new((set->rule_count + 1) * sizeof(const rule *));
    if (rules == NULL) {
        l->no_memory = true;
        return;
    }
    for (size_t i = 0; i < set->rule_count; i++) {
        check_typology_of(l, &set->rules[i]);
        rules[i] = &set->rules[i];
    }
    check_versions(l, rules, set->rule_count);
    memory_free(rules);
    check_actions(l);
}
