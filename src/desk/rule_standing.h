/* What the rules would be with a change, for the acts of rule_change.c. Writer, inside a command. */
#ifndef DESK_RULE_STANDING_H
#define DESK_RULE_STANDING_H

#include "desk/rule_change.h"

/* Loads the rules in force with `text` (data NULL: none) in the place of what `path` has now. INPUT, with the problems
 * as faults of the field `text`: they would not load. STATE: this daemon has no rules. *sha256_out: of the whole. */
SLUICE_MUST_USE sluice_result rule_set_try(desk_command *c, sluice_text path, sluice_text text, char sha256_out[65]);
/* The same with `stays`, a text that stood before; data NULL: what the folder has, which may be no such file. */
SLUICE_MUST_USE sluice_result rule_set_try_without(desk_command *c, sluice_text path, sluice_text stays,
                                                   char sha256_out[65]);

/* CONFLICT, which says what stands now and what the change was written on: they are not the same. */
SLUICE_MUST_USE sluice_result rule_base_check(desk_command *c, const record *change, int64_t at_ms);

/* Those in force, by id, as records and (with room for one more) as files. Any thread. */
SLUICE_MUST_USE sluice_result rule_changes_in_force(store *s, arena *a, record **rows_out, sluice_rule_file **files_out,
                                                    size_t *count_out, sluice_error *error);
/* All changes of a path in these states ("in_force|approved"), by id. */
SLUICE_MUST_USE sluice_result rule_changes_of(desk_command *c, sluice_text path, const char *states, record **rows_out,
                                              size_t *count_out);

#endif
