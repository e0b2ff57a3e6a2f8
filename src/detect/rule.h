/* Rules: a centre's own words for what is suspicious, and what follows from it.
 *
 * A folder of text files: rules (a CEL condition over features, patterns, lists and a model's score), typologies (which
 * combine rules with weights, bands, override and block conditions), named lists with expiry, and the table of actions.
 * docs/rules.md has the language. Loading checks everything: types, names, dates; one error a problem, with file, line,
 * column, what was expected and a hint.
 *
 * Nothing here knows how a feature is computed: names go to the plan, values come from it. One thread. */
#ifndef DETECT_RULE_H
#define DETECT_RULE_H

#include <sluice/detect.h>

#include "feature/feature.h"

typedef struct rule_set rule_set;

typedef enum rule_action { RULE_ALLOW, RULE_VERIFY, RULE_DELAY, RULE_STOP } rule_action;
typedef enum rule_subject { RULE_PAYER, RULE_PAYEE } rule_subject;
typedef enum rule_status { RULE_LIVE, RULE_DRAFT } rule_status;

/* Problems found while loading, in the order of file and line. */
typedef struct rule_problem {
    char file[256];
    uint32_t line, column;
    char text[400]; /* what is wrong, what was expected, a hint */
} rule_problem;

/* Loads a folder, with `files` in the place of its own (sluice_rule_file). Names used are added to `plan`. On INPUT the
 * problems (at most problem_capacity, *problem_count_out how many were found; after 1,000 reading ends) say why, and
 * there is no set. Errors: NOT_FOUND, INPUT, IO, LIMIT, NO_MEMORY. */
SLUICE_MUST_USE sluice_result rule_set_load(const char *folder, const sluice_rule_file *files, size_t file_count,
                                            feature_plan *plan, rule_set **set_out, rule_problem *problems,
                                            size_t problem_capacity, size_t *problem_count_out, sluice_error *error);

/* Whether a file of this path, below a folder of rules, is one that loading reads (and not a way out of the folder):
 * names of a-z, A-Z, 0-9, _ - and dots inside, in folders at most 8 deep. *is_list_out (may be NULL): a named list or
 * the snoozes, which name accounts. */
bool rule_path_is_valid(sluice_text path, bool *is_list_out);
void rule_set_free(rule_set **set);

/* SHA-256 of everything that was loaded, in lower-case hex: two sets with the same one decide the same. */
const char *rule_set_sha256(const rule_set *set);

/* A rule as written. */
typedef struct rule_view {
    sluice_text name, typology, file;
    uint32_t line, version;
    rule_status status;
    rule_subject subject;
    int64_t valid_from_ms, valid_to_ms; /* to is exclusive; INT64_MIN / INT64_MAX: open */
    double score;
} rule_view;
uint32_t rule_count(const rule_set *set);
void rule_get(const rule_set *set, uint32_t rule, rule_view *view_out);

typedef struct typology_view {
    sluice_text name, title_en, title_zh, fraud_type; /* fraud_type: a name of domain.md §6, or empty */
    rule_subject subject;
} typology_view;
uint32_t typology_count(const rule_set *set);
void typology_get(const rule_set *set, uint32_t typology, typology_view *view_out);

/* What one transfer says of one of its parties under one typology. */
typedef struct assessment {
    uint32_t typology;
    rule_subject subject;
    double score; /* 0 … 100 */
    rule_action action;
    rule_action would; /* what the table has for it: `action`, were it neither a draft nor snoozed */
    bool is_draft;     /* only draft rules matched: shown, never acted on */
    bool is_snoozed;   /* the subject is snoozed: shown, action ALLOW */
    bool is_override;  /* an override condition lifted it to ALLOW, or a block condition to STOP (is_block) */
    bool is_block;
    uint32_t fired_first, fired_count; /* in rule_result.fired: ranked, the heaviest first */
} assessment;

typedef struct rule_fired {
    uint32_t rule;
    double weight; /* what it added */
} rule_fired;

/* Borrowed until the next rule_set_step. Assessments with at least one rule that matched, by typology then subject. */
typedef struct rule_result {
    const assessment *assessments;
    size_t assessment_count;
    const rule_fired *fired;
    size_t fired_count;
} rule_result;

/* Values may be pending (feature_step_pending): `demand` then computes those that are read, in rule_set_step and
 * rule_reason. Without it all values must be there. */
void rule_set_demand(rule_set *set, void (*get)(void *context, uint32_t slot), void *context);

/* Judges a transfer. `payer` and `payee` are the texts of its keys (for snoozes). Deterministic; never fails: a
 * condition that cannot be evaluated (a missing value, a division by zero, the step limit) does not match. */
void rule_set_step(rule_set *set, const feature_value *values, int64_t time_ms, sluice_text payer, sluice_text payee,
                   rule_result *result_out);
/* The same in two: most transfers match no rule, and end after the first. False: the result is empty, and nobody needs
 * the keys' texts. */
bool rule_set_match(rule_set *set, const feature_value *values, int64_t time_ms);
/* After it, with the same time. */
void rule_set_assess(rule_set *set, int64_t time_ms, sluice_text payer, sluice_text payee, rule_result *result_out);

/* The reason of a rule that fired, with its {placeholders} filled from `values`; language "zh" or "en". */
void rule_reason(const rule_set *set, uint32_t rule, const char *language, const feature_value *values,
                 text_writer *out);

/* True when the rule's condition reads the slot: of a pattern's count, say, whose transfers are then evidence. */
bool rule_reads(const rule_set *set, uint32_t rule, uint32_t slot);

const char *rule_action_name(rule_action action);

#endif
