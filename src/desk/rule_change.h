/* Changes of the rules: a new text for one file of the rules' folder, written by one person, approved by another, in
 * force from a moment on, and taken back when it was wrong.
 *
 * The folder that the daemon was started with is never written to. What is in force is that folder with the texts of
 * the changes that are in force in the place of its files; the records are all there is of it, so a restart, a copy to
 * another database or a restored backup decides as before. Nothing that is not of these records changes what decides,
 * except the folder itself. */
#ifndef DESK_RULE_CHANGE_H
#define DESK_RULE_CHANGE_H

#include <sluice/detect.h>

#include "desk/kind.h"

extern const desk_kind RULE_CHANGE_KIND;

#define RULE_CHANGE_READERS (ROLE_ANALYST | ROLE_COMMANDER | ROLE_APPROVER | ROLE_AUDITOR | ROLE_ADMINISTRATOR)
#define RULE_CHANGE_WRITERS (ROLE_ANALYST | ROLE_COMMANDER | ROLE_ADMINISTRATOR)
#define RULE_CHANGE_TEXT_MAX 262144 /* bytes of a text */
#define RULE_CHANGE_PATH_MAX 200

enum {
    RULE_CHANGE_PATH,
    RULE_CHANGE_WHY,
    RULE_CHANGE_FROM,
    RULE_CHANGE_STATE,
    RULE_CHANGE_TEXT,
    RULE_CHANGE_SHA256,
    RULE_CHANGE_BYTES,
    RULE_CHANGE_IS_LIST,
    RULE_CHANGE_BASE,
    RULE_CHANGE_BASE_TEXT,
    RULE_CHANGE_BASE_SHA256,
    RULE_CHANGE_BASE_NUMBER,
    RULE_CHANGE_NUMBER,
    RULE_CHANGE_RULES_SHA256,
    RULE_CHANGE_WRITTEN_BY,
    RULE_CHANGE_WRITTEN_AT,
    RULE_CHANGE_SUBMITTED_BY,
    RULE_CHANGE_SUBMITTED_AT,
    RULE_CHANGE_DECIDED_BY,
    RULE_CHANGE_DECIDED_AT,
    RULE_CHANGE_IN_FORCE_AT,
    RULE_CHANGE_ENDED_BY,
    RULE_CHANGE_ENDED_AT,
    RULE_CHANGE_REPLACES,
    RULE_CHANGE_FAILURE,
    RULE_CHANGE_FIELDS
};

/* The rules, patterns and model that the daemon was started with; copied, texts borrowed while the desk is open.
 * Without it, or without rules, no change can be written. Before the first command; writer. */
void rule_changes_use(desk *d, const sluice_detect_options *shipped);

/* Writer: what is in force has changed since rule_changes_take. Cheap. */
bool rule_changes_wait(const desk *d);
/* Writer, outside of a group: the texts in force, in the arena. */
SLUICE_MUST_USE sluice_result rule_changes_take(desk *d, arena *a, const sluice_rule_file **files_out,
                                                size_t *count_out, sluice_error *error);

/* The text that stands for a path at a moment: of the newest change that is in force, or approved to be by then; else
 * the folder's file. */
typedef struct rule_standing {
    bool exists;
    sluice_text text;
    char sha256[65];
    int64_t change; /* its id; 0: the folder's */
    int64_t number; /* of the file's versions; 0: the folder's */
    int64_t since_ms;
} rule_standing;
#define RULE_IN_FORCE_ONLY INT64_MIN /* as a moment: what is approved for later does not count */
/* `path` is valid (rule_path_is_valid). Reads the store, and a file; any thread. STATE: this daemon has no rules. */
SLUICE_MUST_USE sluice_result rule_standing_at(desk_command *c, sluice_text path, int64_t at_ms,
                                               rule_standing *standing_out);

#endif
