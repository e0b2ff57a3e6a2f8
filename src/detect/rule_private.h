/* How a folder of rules becomes a set, and what a set is.
 *
 *   files ─▶ rule_source (whole text) ─▶ logical lines ─▶ words       rule_text.c
 *                                          ├─ rules, typologies       rule_parse.c
 *                                          └─ lists, actions, snoozes rule_tables.c
 *   what holds between files                                          rule_check.c
 *   the quick test before all conditions                              rule_filter.c
 *   conditions, what they have in common evaluated once               rule_parts.c
 *   the same where there are few rules, many at a time               rule_probes.c
 */
#ifndef DETECT_RULE_PRIVATE_H
#define DETECT_RULE_PRIVATE_H

#include "base/hash.h"
#include "base/memory.h"
#include "detect/cel.h"
#include "detect/list.h"
#include "detect/rule.h"

#define RULE_FILE_BYTES_MAX ((size_t)1 << 20)
#define RULE_LIST_BYTES_MAX ((size_t)64 << 20)
#define RULE_TEXT_BYTES_ALL ((size_t)16 << 20)  /* of all files that are not lists */
#define RULE_LIST_BYTES_ALL ((size_t)256 << 20) /* of all lists */
#define RULE_FILES_MAX 4096
#define RULE_FOLDERS_DEEP_MAX 8
#define RULE_PATH_BYTES_MAX 200 /* of a text that stands for a file */
#define RULES_MAX 4096
#define TYPOLOGIES_MAX 256
#define LISTS_MAX 256
#define LIST_ENTRIES_MAX ((size_t)4000000)
#define ACTION_ROWS_MAX 4096
#define PROBLEMS_KEPT_MAX 1000
#define RULE_NAME_BYTES_MAX 63
#define RULE_NONE UINT32_MAX

/* ---- the set ---- */

/* A part of a reason: text, or the value of a slot. */
typedef struct reason_part {
    sluice_text text;
    uint32_t slot; /* RULE_NONE: it is text */
} reason_part;

typedef struct reason {
    reason_part *parts;
    size_t count;
} reason;

typedef enum rule_effect { RULE_SCORES, RULE_BLOCKS, RULE_OVERRIDES } rule_effect;

typedef struct rule {
    sluice_text name;
    uint32_t file, line, column; /* of its first line */
    uint32_t typology;           /* RULE_NONE while loading: unknown */
    sluice_text typology_name;
    uint32_t typology_line, typology_column, valid_line, valid_column, score_line, score_column;
    uint32_t version;
    rule_status status;
    rule_subject subject;
    bool has_subject;
    rule_effect effect;
    int64_t from_ms, to_ms;
    double score;
    reason zh, en;
    cel_program *program;
} rule;

typedef enum typology_combine { COMBINE_SUM, COMBINE_MAX, COMBINE_NOISY_OR } typology_combine;

typedef struct action_row {
    uint32_t typology; /* RULE_NONE: `*` */
    double score;
    rule_action action;
    int64_t from_ms, to_ms;
    uint32_t file, line, column;
} action_row;

typedef struct typology {
    sluice_text name, title_zh, title_en, fraud_type;
    uint32_t file, line, column;
    rule_subject subject;
    typology_combine combine;
    double cap;
    size_t action_first, action_count; /* its rows, the highest score first */
} typology;

typedef struct named_list {
    const char *name; /* terminated */
    list *values;
} named_list;

/* One term a rule, those of one slot together. */
typedef struct rule_filter_group {
    uint32_t slot;
    bool is_double;
    uint32_t first, end; /* in the three arrays */
} rule_filter_group;

typedef struct rule_filter {
    rule_filter_group *groups;
    size_t group_count;
    int64_t *low;
    uint64_t *span; /* high − low */
    uint32_t *rule;
    uint32_t *always; /* rules without a term */
    size_t always_count;
} rule_filter;

#define RULES_FEW 128u /* up to as many are judged by what they have in common, with no filter before */

/* A part of conditions, once for all rules that have it. */
typedef struct rule_part {
    cel_part part;
    const cel_program *program;
    uint32_t rule_count; /* that have it */
    uint32_t set_first;  /* of several: in sets */
} rule_part;

typedef struct rule_parts_of {
    int64_t from_ms, to_ms; /* the rule's */
    uint32_t first, end;    /* in numbers */
} rule_parts_of;

typedef struct rule_parts {
    rule_part *all;
    size_t count;
    bool *holds;          /* by part: it was evaluated for the present transfer, and holds */
    size_t words;         /* of a set of rules */
    uint64_t *sets;       /* of rules, a bit each */
    uint64_t *left;       /* the rules still to be looked at */
    uint32_t *numbers;    /* parts of rule 0, of rule 1, … */
    rule_parts_of *rules; /* by rule */
} rule_parts;

/* A set of rules where there are few, a bit each. */
typedef struct rule_bits {
    uint64_t words[RULES_FEW / 64];
} rule_bits;

/* A question that speaks of several rules: where a slot's value lies among the constants that they compare it with, or
 * whether a part of theirs holds that is no such comparison. */
typedef struct rule_probe {
    rule_bits rules; /* that it speaks of */
    bool is_slot, is_double;
    uint32_t slot;                     /* is_slot … */
    uint32_t bound_first, bound_count; /* … in bounds, ascending */
    uint32_t out_first;                /* … in out: bound_count + 1 sets, by how many bounds are reached */
    uint32_t part;                     /* else: its number */
    uint32_t weight;                   /* what it costs, about */
    uint32_t tried;                    /* lately … */
    uint64_t struck;                   /* … and so many rules were out by it */
    uint64_t worth;
} rule_probe;

/* Where there are few rules. */
typedef struct rule_probes {
    rule_probe *all; /* what is worth most first, as learnt from the transfers so far */
    size_t count;
    int64_t *bounds;
    rule_bits *out; /* the rules that are out */
    uint32_t bound_count, out_count;
    uint32_t *own, *own_first; /* by rule: its parts that no probe asks for */
    uint32_t own_count;
    uint64_t runs;
    rule_bits valid;                    /* the rules in force … */
    int64_t valid_from_ms, valid_to_ms; /* … while time is in here; from = to: nothing is known yet */
} rule_probes;

typedef struct rule_match {
    uint32_t typology, subject, place, rule;
    double score;
} rule_match;

struct rule_set {
    arena memory; /* texts and reasons */
    char sha256[SHA256_HEX_BYTES];
    char **paths; /* of all files, sorted */
    size_t path_count;
    rule *rules;
    size_t rule_count, rule_capacity;
    typology *typologies;
    size_t typology_count, typology_capacity;
    action_row *actions; /* by typology; the highest score first; RULE_NONE last */
    size_t action_count, action_capacity;
    size_t any_first, any_count; /* the rows of `*` */
    named_list *lists;
    size_t list_count, list_capacity;
    list *snoozes; /* "subject\ntypology" */
    feature_plan *plan;
    rule_filter filter;
    rule_parts parts;
    rule_probes probes;
    bool is_unfiltered; /* tests compare with it */
    cel_demand demand;  /* for values that are pending */
    /* rule_set_step's own */
    cel_machine *machine;
    uint32_t *candidates;
    rule_match *matches;
    size_t match_count;
    assessment *assessments;
    rule_fired *fired;
};

/* ---- loading ---- */

typedef struct rule_source {
    char *path; /* below the folder */
    sluice_text text;
} rule_source;

typedef struct rule_loader {
    rule_set *set;
    const char *folder;
    rule_source *sources; /* sorted by path */
    size_t source_count, source_capacity;
    rule_problem *problems;
    uint64_t *problem_places;                               /* file << 32 | order of arrival, beside problems */
    size_t problem_count, problem_capacity, place_capacity; /* kept */
    size_t problem_total;
    size_t entry_count; /* of all lists */
    size_t text_bytes_left, list_bytes_left;
    bool no_memory;
    /* Where the last problem was, to count lines on from there. */
    uint32_t counted_file, counted_line;
    size_t counted_at;
    /* Of the condition that is being compiled. */
    uint32_t condition_file;
    size_t condition_at;
} rule_loader;

/* A problem at a byte of a file. */
void rule_fail(rule_loader *l, uint32_t file, size_t at, const char *format, ...) SLUICE_PRINTF(4, 5);
/* The same where line and column are known already. */
void rule_fail_at(rule_loader *l, uint32_t file, uint32_t line, uint32_t column, const char *format, ...)
    SLUICE_PRINTF(5, 6);
/* Line and column of a byte, from 1; columns count characters. */
void rule_place(rule_loader *l, uint32_t file, size_t at, uint32_t *line_out, uint32_t *column_out);
/* No memory, or so many problems that nobody reads on. */
bool rule_stopped(const rule_loader *l);
/* NULL sets no_memory. Terminated. */
char *rule_copy(rule_loader *l, sluice_text text);

/* ---- logical lines and words ---- */

typedef struct rule_lines {
    rule_loader *loader;
    uint32_t file;
    sluice_text text;
    size_t at; /* where the next line begins */
} rule_lines;

/* The words of one logical line. */
typedef struct rule_words {
    rule_loader *loader;
    uint32_t file;
    sluice_text text;
    size_t at, end;
} rule_words;

typedef enum rule_word_kind { RULE_WORD_END, RULE_WORD, RULE_WORD_QUOTED, RULE_WORD_BAD } rule_word_kind;

typedef struct rule_word {
    rule_word_kind kind;
    size_t at, end;
    sluice_text text; /* QUOTED: without quotes and escapes */
} rule_word;

/* The next line that is not empty and not a comment; with `continues`, the deeper ones after it belong to it. */
bool rule_line_next(rule_lines *lines, bool continues, rule_words *words_out);
rule_word rule_word_next(rule_words *words);
rule_word rule_word_peek(const rule_words *words);
bool rule_word_is(const rule_word *word, const char *text);
/* A problem unless the line ends here. */
bool rule_words_end(rule_words *words);
/* "expected WHAT, found …" */
void rule_expected(rule_words *words, const rule_word *word, const char *what);

bool rule_is_name(sluice_text text);
/* All give false after a problem. */
bool rule_take_date(rule_words *words, int64_t *time_ms_out);
bool rule_take_range(rule_words *words, int64_t *from_ms_out, int64_t *to_ms_out);
bool rule_take_number(rule_words *words, const char *what, double *number_out);
/* One or more quoted texts, joined. */
bool rule_take_texts(rule_words *words, const char *what, sluice_text *text_out);

/* ---- the parts ---- */

void rule_parse_rules(rule_loader *l, uint32_t file);
void rule_parse_typologies(rule_loader *l, uint32_t file);
void rule_parse_list(rule_loader *l, uint32_t file);
void rule_parse_snoozes(rule_loader *l, uint32_t file);
void rule_parse_actions(rule_loader *l, uint32_t file);

/* RULE_NONE: there is none. */
uint32_t rule_typology_find(const rule_set *set, sluice_text name);
/* ": did you mean `…`?" or the empty text; valid until the next call. */
const char *rule_typology_hint(rule_loader *l, sluice_text name, char hint_out[100]);

void rule_check_all(rule_loader *l);

SLUICE_MUST_USE bool rule_filter_build(rule_set *set);
void rule_filter_fini(rule_filter *filter);
SLUICE_MUST_USE bool rule_parts_build(rule_set *set);
void rule_parts_fini(rule_parts *parts);
/* A slot's value, computed now if it is pending. */
static inline const feature_value *rule_value(const rule_set *set, const feature_value *values, uint32_t slot) {
    if (values[slot].is_pending && set->demand.get != NULL) {
        set->demand.get(set->demand.context, slot);
    }
    return &values[slot];
}

bool rule_part_holds(rule_set *set, const rule_part *p, const feature_value *values, int64_t time_ms);
/* After rule_parts_build. */
SLUICE_MUST_USE bool rule_probes_build(rule_set *set);
void rule_probes_fini(rule_probes *probes);
/* Which rules are in force, with a true condition? They are put into set->candidates in their order, and counted: by
 * probes up to RULES_FEW rules, else by parts. */
size_t rule_probes_run(rule_set *set, const feature_value *values, int64_t time_ms);
size_t rule_parts_run(rule_set *set, const feature_value *values, int64_t time_ms);
/* Rules that may match, in no order; at most rule_count. What is pending is read only if many rules wait for it. */
size_t rule_filter_run(const rule_set *set, const feature_value *values, uint32_t *rules_out);

#endif
