/* Regular expressions without back-tracking: a subset of RE2's syntax (docs/rules.md), searched in time in proportion
 * to text × expression. Immutable once compiled: any number of threads, each with its own cel_regex_work. */
#ifndef DETECT_CEL_REGEX_H
#define DETECT_CEL_REGEX_H

#include <sluice/result.h>

#include "base/text.h"

#define CEL_REGEX_BYTES_MAX 512
#define CEL_REGEX_STATES_MAX 1024
#define CEL_REGEX_REPEATS_MAX 100

typedef struct cel_regex cel_regex;

/* On INPUT *reason_out says what is wrong (static text) and *offset_out at which byte of the pattern. NO_MEMORY. */
SLUICE_MUST_USE sluice_result cel_regex_compile(sluice_text pattern, cel_regex **regex_out, const char **reason_out,
                                                size_t *offset_out);
void cel_regex_free(cel_regex **regex);
size_t cel_regex_state_count(const cel_regex *regex);

/* A set of states, with those in it in the order of adding. */
typedef struct cel_regex_set {
    uint16_t count;
    uint16_t dense[CEL_REGEX_STATES_MAX], sparse[CEL_REGEX_STATES_MAX];
} cel_regex_set;

typedef struct cel_regex_work {
    cel_regex_set now, next;
    uint16_t stack[CEL_REGEX_STATES_MAX];
} cel_regex_work;

typedef enum cel_regex_found { CEL_REGEX_NO, CEL_REGEX_YES, CEL_REGEX_STOPPED } cel_regex_found;

/* Whether it is found anywhere in the text. Each state that is looked at takes one from *steps; STOPPED: none left. */
cel_regex_found cel_regex_search(const cel_regex *regex, sluice_text text, cel_regex_work *work, int64_t *steps);

#endif
