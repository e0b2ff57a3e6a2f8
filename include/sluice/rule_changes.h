/* The changes of rules that are in force at a desk: put there by two people, over the API (docs/rules.md). What decides
 * is the daemon's folder of rules with these texts in the place of its files; given as `files` of
 * sluice_detect_options, they make a check, a run over the log or a back-test judge as the daemon does. */
#ifndef SLUICE_RULE_CHANGES_H
#define SLUICE_RULE_CHANGES_H

#include <sluice/detect.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sluice_rule_changes sluice_rule_changes;

/* Reads those of the database `location` (a path or postgres://…), which no daemon may have open. A database without a
 * desk has none. *changes_out is the caller's. Errors: BUSY (ask GET /v1/rules/files, or read a backup), NOT_FOUND,
 * DAMAGED, and those of opening. Cost: one query. */
SLUICE_API SLUICE_MUST_USE sluice_result sluice_rule_changes_read(const char *location,
                                                                  sluice_rule_changes **changes_out,
                                                                  sluice_error *error);
/* Nulls the pointer. */
SLUICE_API void sluice_rule_changes_free(sluice_rule_changes **changes);

/* The texts, one for each path, in the order in which they were written; borrowed from `changes`. */
SLUICE_API const sluice_rule_file *sluice_rule_changes_files(const sluice_rule_changes *changes, size_t *count_out);

/* What the record says of the text at `index`. */
typedef struct sluice_rule_change_view {
    size_t size;        /* set by the caller */
    int64_t change;     /* its id at the desk: GET /v1/rule_changes/{id} */
    int64_t version;    /* of the file: 1 is the first change of what the folder had */
    int64_t since_ms;   /* in force */
    sluice_text sha256; /* of the text; borrowed */
    bool is_list;       /* it names accounts: whoever reads it needs a reason to */
} sluice_rule_change_view;
SLUICE_API void sluice_rule_changes_get(const sluice_rule_changes *changes, size_t index,
                                        sluice_rule_change_view *view_out);

#ifdef __cplusplus
}
#endif
#endif
