/* Folders of rules for tests, over the plan of cel_support.h. */
#ifndef TESTS_SUPPORT_RULE_SUPPORT_H
#define TESTS_SUPPORT_RULE_SUPPORT_H

#include "detect/rule.h"
#include "support/cel_support.h"

/* Further slots: u.fen, u.ms, u.share, u.count. */
enum {
    RULE_SUPPORT_FEN = CEL_SUPPORT_SLOTS,
    RULE_SUPPORT_MS,
    RULE_SUPPORT_SHARE,
    RULE_SUPPORT_COUNT,
    RULE_SUPPORT_SLOTS = 256 /* with those that rules add */
};
enum { RULE_SUPPORT_PROBLEMS = 64 };

typedef struct rule_support {
    cel_support cel; /* its values are those below */
    feature_value *values;
    const char *folder; /* empty at first, removed at the end */
    rule_set *set;
    rule_problem *problems;
    size_t problem_count;
    sluice_error error;
} rule_support;

void rule_support_init(rule_support *s);
void rule_support_fini(rule_support *s);
/* Writes a file below the folder, and the folders it lies in. */
void rule_support_file(rule_support *s, const char *path, const char *text);
SLUICE_MUST_USE sluice_result rule_support_try(rule_support *s);
/* It must load. */
void rule_support_load(rule_support *s);

#endif
