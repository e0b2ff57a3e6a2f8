/* What is in force, for those who have the database and no daemon: see sluice/rule_changes.h. */
#include <sluice/rule_changes.h>

#include <string.h>

#include "base/assert.h"
#include "base/memory.h"
#include "desk/rule_standing.h"
#include "detect/rule.h"

struct sluice_rule_changes {
    arena memory; /* of everything below */
    record *rows;
    sluice_rule_file *files; /* [count], as `rows` */
    size_t count;
};

sluice_result sluice_rule_changes_read(const char *location, sluice_rule_changes **changes_out, sluice_error *error) {
    const record_table *table = RULE_CHANGE_KIND.table;
    store *s = NULL;
    sluice_rule_changes *changes = memory_new_zero(1, sizeof *changes);
    *changes_out = changes;
    if (changes == NULL) {
        return error_no_memory(error, sizeof *changes);
    }
    sluice_result result = store_open(location, true, &s, error);
    if (result == SLUICE_OK) {
        result = store_ensure_tables(s, &table, 1, error);
    }
    if (result == SLUICE_OK) {
        result = rule_changes_in_force(s, &changes->memory, &changes->rows, &changes->files, &changes->count, error);
    }
    store_close(&s);
    if (result != SLUICE_OK) {
        sluice_rule_changes_free(changes_out);
    }
    return result;
}

void sluice_rule_changes_free(sluice_rule_changes **changes) {
    if (*changes != NULL) {
        arena_fini(&(*changes)->memory);
        memory_free(*changes);
        *changes = NULL;
    }
}

const sluice_rule_file *sluice_rule_changes_files(const sluice_rule_changes *changes, size_t *count_out) {
    *count_out = changes->count;
    return changes->files;
}

void sluice_rule_changes_get(const sluice_rule_changes *changes, size_t index, sluice_rule_change_view *view_out) {
    SLUICE_ASSERT(index < changes->count);
    const record *r = &changes->rows[index];
    sluice_rule_change_view view = {.size = view_out->size,
                                    .change = r->id,
                                    .version = r->values[RULE_CHANGE_NUMBER].integer,
                                    .since_ms = r->values[RULE_CHANGE_IN_FORCE_AT].integer,
                                    .sha256 = r->values[RULE_CHANGE_SHA256].text};
    (void)rule_path_is_valid(r->values[RULE_CHANGE_PATH].text, &view.is_list);
    memcpy(view_out, &view, view_out->size < sizeof view ? view_out->size : sizeof view);
}
