/* The folder's files, with the texts of changes in their place.
 *
 * Everything is asked of the store when it is asked: within a group the commands before count, so two changes that are
 * approved in one second are tried together. There are as many rows as changed files, and loading the rules takes a few
 * milliseconds. */
#include "desk/rule_standing.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "desk/desk_private.h"
#include "detect/rule.h"
#include "sys/file.h"

#define CHANGED_FILES_MAX 4096 /* as many as a folder may have */

void rule_changes_use(desk *d, const sluice_detect_options *shipped) {
    d->rules = (sluice_detect_options){
        .size = sizeof d->rules, .rules = shipped->rules, .patterns = shipped->patterns, .model = shipped->model};
    d->rules_wait = shipped->rules != NULL;
}

bool rule_changes_wait(const desk *d) {
    return d->rules_wait;
}

static const char *ended_text(arena *a, sluice_text text) {
    char *copy = arena_alloc(a, text.length + 1);
    if (copy != NULL) {
        memcpy(copy, text.data, text.length);
        copy[text.length] = '\0';
    }
    return copy;
}

/* ---- what is in force ---- */

static sluice_result select_in_force(store *s, arena *a, record **rows_out, size_t *count_out, sluice_error *error) {
    query_term in_force = {RULE_CHANGE_STATE, QUERY_EQUAL, value_text(TEXT("in_force")), NULL, 0};
    record_query query = {.table = RULE_CHANGE_KIND.table,
                          .terms = &in_force,
                          .term_count = 1,
                          .order = QUERY_ID,
                          .limit = CHANGED_FILES_MAX};
    return store_select(s, &query, a, rows_out, count_out, error);
}

sluice_result rule_changes_in_force(store *s, arena *a, record **rows_out, sluice_rule_file **files_out,
                                    size_t *count_out, sluice_error *error) {
    sluice_result result = select_in_force(s, a, rows_out, count_out, error);
    const record *rows = *rows_out;
    sluice_rule_file *files = result == SLUICE_OK ? arena_alloc(a, (*count_out + 1) * sizeof *files) : NULL;
    if (result == SLUICE_OK && files == NULL) {
        return error_no_memory(error, *count_out * sizeof *files);
    }
    for (size_t i = 0; result == SLUICE_OK && i < *count_out; i++) {
        files[i].path = ended_text(a, rows[i].values[RULE_CHANGE_PATH].text);
        files[i].text = rows[i].values[RULE_CHANGE_TEXT].text;
        result = files[i].path == NULL ? error_no_memory(error, RULE_CHANGE_PATH_MAX) : SLUICE_OK;
    }
    *files_out = files;
    return result;
}

sluice_result rule_changes_take(desk *d, arena *a, const sluice_rule_file **files_out, size_t *count_out,
                                sluice_error *error) {
    sluice_rule_file *files = NULL;
    record *rows = NULL;
    sluice_result result = rule_changes_in_force(d->store, a, &rows, &files, count_out, error);
    *files_out = files;
    d->rules_wait = d->rules_wait && result != SLUICE_OK;
    return result;
}

sluice_result rule_changes_of(desk_command *c, sluice_text path, const char *states, record **rows_out,
                              size_t *count_out) {
    record_value words[4];
    sluice_text rest = text_of(states), word;
    size_t count = 0;
    for (bool more = true; more; count++) {
        SLUICE_ASSERT(count < sizeof words / sizeof *words);
        more = text_split(rest, '|', &word, &rest);
        words[count] = value_text(word);
    }
    query_term terms[] = {{RULE_CHANGE_PATH, QUERY_EQUAL, value_text(path), NULL, 0},
                          {RULE_CHANGE_STATE, QUERY_IN, value_null(), words, count}};
    if (count == 1) {
        terms[1] = (query_term){RULE_CHANGE_STATE, QUERY_EQUAL, words[0], NULL, 0};
    }
    record_query query = {
        .table = RULE_CHANGE_KIND.table, .terms = terms, .term_count = 2, .order = QUERY_ID, .limit = 1000};
    return store_select(c->desk->store, &query, c->arena, rows_out, count_out, c->error);
}

/* ---- what stands for one file ---- */

static sluice_result read_shipped(desk_command *c, sluice_text path, rule_standing *standing) {
    file_view view;
    const char *folder = c->desk->rules.rules;
    char *whole = arena_alloc(c->arena, strlen(folder) + path.length + 2);
    if (whole == NULL) {
        return error_no_memory(c->error, path.length);
    }
    (void)sprintf(whole, "%s/%.*s", folder, TEXT_ARGS(path));
    if (file_kind_of(whole) != FILE_REGULAR) {
        return SLUICE_OK;
    }
    sluice_result result = file_map(whole, &view, c->error);
    if (result != SLUICE_OK) {
        return result;
    }
    const char *copy = arena_copy(c->arena, view.bytes == 0 ? "" : view.data, view.bytes == 0 ? 1 : view.bytes);
    standing->exists = true;
    standing->text = (sluice_text){copy, view.bytes};
    file_unmap(&view);
    return copy == NULL ? error_no_memory(c->error, standing->text.length) : SLUICE_OK;
}

/* From when on it stands, by what is approved. */
static int64_t begin_of(const record *r) {
    const record_value *in_force = &r->values[RULE_CHANGE_IN_FORCE_AT];
    return in_force->is_null ? r->values[RULE_CHANGE_FROM].integer : in_force->integer;
}

sluice_result rule_standing_at(desk_command *c, sluice_text path, int64_t at_ms, rule_standing *standing) {
    record *rows = NULL;
    const record *newest = NULL;
    size_t count = 0;
    *standing = (rule_standing){0};
    if (c->desk->rules.rules == NULL) {
        return error_set(c->error, SLUICE_E_STATE, "this daemon runs without rules: there is nothing to change");
    }
    sluice_result result = rule_changes_of(c, path, "in_force|approved", &rows, &count);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        bool in_force = text_equal(rows[i].values[RULE_CHANGE_STATE].text, TEXT("in_force"));
        bool counts = in_force || rows[i].values[RULE_CHANGE_FROM].integer <= at_ms;
        newest = counts && (newest == NULL || begin_of(&rows[i]) >= begin_of(newest)) ? &rows[i] : newest;
    }
    if (result == SLUICE_OK && newest == NULL) {
        result = read_shipped(c, path, standing);
    } else if (result == SLUICE_OK) {
        const record_value *number = &newest->values[RULE_CHANGE_NUMBER];
        *standing = (rule_standing){.exists = true,
                                    .text = newest->values[RULE_CHANGE_TEXT].text,
                                    .change = newest->id,
                                    .number = number->is_null ? 0 : number->integer,
                                    .since_ms = begin_of(newest)};
    }
    return result == SLUICE_OK && standing->exists
               ? sha256_of(standing->text.data, standing->text.length, standing->sha256, c->error)
               : result;
}

/* "version 3 (GZ-00000007, SHA-256 0123456789ab)" */
static void describe(char words_out[120], bool exists, int64_t change, int64_t number, sluice_text sha256) {
    int shown = sha256.length < 12 ? (int)sha256.length : 12;
    if (!exists) {
        (void)snprintf(words_out, 120, "no such file");
    } else if (change == 0) {
        (void)snprintf(words_out, 120, "the text of the rules' folder (SHA-256 %.*s)", shown, sha256.data);
    } else if (number == 0) {
        (void)snprintf(words_out, 120, "%s-%08lld, approved for later (SHA-256 %.*s)", RULE_CHANGE_KIND.prefix,
                       (long long)change, shown, sha256.data);
    } else {
        (void)snprintf(words_out, 120, "version %lld (%s-%08lld, SHA-256 %.*s)", (long long)number,
                       RULE_CHANGE_KIND.prefix, (long long)change, shown, sha256.data);
    }
}

sluice_result rule_base_check(desk_command *c, const record *change, int64_t at_ms) {
    rule_standing now;
    const record_value *v = change->values;
    sluice_text base = value_text_or_empty(&v[RULE_CHANGE_BASE_SHA256]);
    sluice_result result = rule_standing_at(c, v[RULE_CHANGE_PATH].text, at_ms, &now);
    if (result != SLUICE_OK || text_equal(base, text_of(now.sha256))) {
        return result;
    }
    char stands[120], was[120];
    describe(stands, now.exists, now.change, now.number, text_of(now.sha256));
    describe(was, base.length > 0, v[RULE_CHANGE_BASE].is_null ? 0 : v[RULE_CHANGE_BASE].integer,
             v[RULE_CHANGE_BASE_NUMBER].is_null ? 0 : v[RULE_CHANGE_BASE_NUMBER].integer, base);
    return error_set(c->error, SLUICE_E_CONFLICT,
                     "%.*s has changed since this was written: %s stands now, this was written on %s; write it anew on "
                     "what stands now",
                     TEXT_ARGS(v[RULE_CHANGE_PATH].text), stands, was);
}

/* ---- would it load? ---- */

typedef struct trying {
    desk_command *c;
    size_t folder_bytes;
    size_t count;
} trying;

static void on_problem(void *context, const char *problem) {
    trying *t = context;
    const char *folder = t->c->desk->rules.rules;
    bool inside = strncmp(problem, folder, t->folder_bytes) == 0 && problem[t->folder_bytes] == '/';
    (void)desk_fault_add(t->c, "text", "%s", inside ? problem + t->folder_bytes + 1 : problem);
    t->count++;
}

static sluice_result try_files(desk_command *c, const sluice_rule_file *files, size_t count, char sha256_out[65]) {
    sluice_detect_options with = c->desk->rules;
    sluice_rules_summary summary = {.size = sizeof summary};
    sluice_error why = {0};
    trying t = {.c = c, .folder_bytes = strlen(with.rules)};
    with.files = files;
    with.file_count = count;
    sluice_result result = sluice_rules_check(&with, on_problem, &t, &summary, &why);
    if (result == SLUICE_E_INPUT) {
        if (t.count == 0) { /* patterns and models say it with the error alone */
            on_problem(&t, why.text);
        }
        return error_set(c->error, SLUICE_E_INPUT, "the rules would not load with it: %.*s",
                         TEXT_ARGS(c->faults[0].expected));
    }
    memcpy(sha256_out, summary.sha256, 65);
    return result == SLUICE_OK ? SLUICE_OK : error_set(c->error, result, "%s", why.text);
}

sluice_result rule_set_try(desk_command *c, sluice_text path, sluice_text text, char sha256_out[65]) {
    sluice_rule_file *files = NULL;
    size_t count = 0;
    if (c->desk->rules.rules == NULL) {
        return error_set(c->error, SLUICE_E_STATE, "this daemon runs without rules: there is nothing to change");
    }
    record *rows = NULL;
    sluice_result result = rule_changes_in_force(c->desk->store, c->arena, &rows, &files, &count, c->error);
    if (result != SLUICE_OK || files == NULL) {
        return result;
    }
    files[count] = (sluice_rule_file){ended_text(c->arena, path), text};
    return files[count].path == NULL ? error_no_memory(c->error, path.length)
                                     : try_files(c, files, count + 1, sha256_out);
}

sluice_result rule_set_try_without(desk_command *c, sluice_text path, sluice_text stays, char sha256_out[65]) {
    rule_standing shipped = {0};
    if (stays.data == NULL) {
        sluice_result result = read_shipped(c, path, &shipped);
        stays = shipped.text; /* none: the file goes with the change that brought it */
        if (result != SLUICE_OK) {
            return result;
        }
    }
    return rule_set_try(c, path, stays, sha256_out);
}
