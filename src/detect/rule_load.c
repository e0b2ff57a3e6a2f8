/* A folder becomes a set, or a list of problems.
 *
 * All files are read first and sorted by path: that order decides the rules' numbers and the hash. Then what others
 * refer to comes first (lists, typologies), then rules, actions and snoozes, then what must hold between them. */
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "detect/rule_private.h"
#include "sys/file.h"

typedef void (*parse_file)(rule_loader *l, uint32_t file);

/* The first row that fits a name is its kind. NULL: not read. */
static const struct {
    const char *ending;
    bool is_whole_name;
    parse_file parse;
} KINDS[] = {
    {"snooze.list", true, rule_parse_snoozes},
    {"actions.table", true, rule_parse_actions},
    {".rule", false, rule_parse_rules},
    {".typology", false, rule_parse_typologies},
    {".list", false, rule_parse_list},
    {".md", false, NULL},
    {".txt", false, NULL},
    {".pattern", false, NULL},
};
#define KIND_COUNT (sizeof KINDS / sizeof KINDS[0])

static sluice_text file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return text_of(slash == NULL ? path : slash + 1);
}

static size_t kind_of(const char *path) {
    sluice_text name = file_name(path);
    for (size_t i = 0; i < KIND_COUNT; i++) {
        sluice_text ending = text_of(KINDS[i].ending);
        bool fits = name.length >= ending.length &&
                    memcmp(name.data + name.length - ending.length, ending.data, ending.length) == 0;
        if (fits && (!KINDS[i].is_whole_name || name.length == ending.length)) {
            return i;
        }
    }
    return KIND_COUNT;
}

static bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
}

bool rule_path_is_valid(sluice_text path, bool *is_list_out) {
    char copy[RULE_PATH_BYTES_MAX + 1];
    size_t depth = 0;
    if (path.length == 0 || path.length > RULE_PATH_BYTES_MAX) {
        return false;
    }
    for (size_t i = 0; i < path.length; i++) {
        bool begins = i == 0 || path.data[i - 1] == '/';
        bool is_slash = path.data[i] == '/' && !begins && i + 1 < path.length;
        depth += is_slash;
        if (!is_slash && (!is_name_character(path.data[i]) || (begins && path.data[i] == '.'))) {
            return false;
        }
        copy[i] = path.data[i];
    }
    copy[path.length] = '\0';
    size_t kind = kind_of(copy);
    if (depth > RULE_FOLDERS_DEEP_MAX || kind == KIND_COUNT || KINDS[kind].parse == NULL) {
        return false;
    }
    if (is_list_out != NULL) {
        *is_list_out = KINDS[kind].parse == rule_parse_list || KINDS[kind].parse == rule_parse_snoozes;
    }
    return true;
}

/* ---- reading ---- */

static sluice_result read_whole(const char *path, size_t bytes_max, sluice_text *text_out, sluice_error *error) {
    file_reader *reader = NULL;
    uint64_t bytes = 0;
    sluice_result result = file_read_begin(path, &reader, &bytes, error);
    if (result != SLUICE_OK) {
        return result;
    }
    char *data = NULL;
    if (bytes > bytes_max) {
        result = error_set(error, SLUICE_E_LIMIT,
                           "%s: larger than the %zu bytes that are allowed for it, or left for all", path, bytes_max);
        goto out;
    }
    data = memory_new((size_t)bytes);
    result = data == NULL ? error_no_memory(error, (size_t)bytes) : file_read(reader, data, (size_t)bytes, error);
    if (result == SLUICE_OK) {
        *text_out = (sluice_text){data, (size_t)bytes};
        data = NULL;
    }
out:
    memory_free(data);
    file_read_end(&reader);
    return result;
}

static char *join_path(const char *folder, const char *name) {
    size_t bytes = strlen(folder) + strlen(name) + 2;
    char *path = memory_new(bytes);
    if (path != NULL) {
        (void)snprintf(path, bytes, "%s%s%s", folder, folder[0] == '\0' ? "" : "/", name);
    }
    return path;
}

/* Takes `path` over, whatever happens. */
static sluice_result add_file(rule_loader *l, char *path, sluice_error *error) {
    size_t kind = kind_of(path);
    sluice_result result = SLUICE_OK;
    rule_source source = {.path = path};
    char *whole = NULL;
    if (kind < KIND_COUNT && KINDS[kind].parse == NULL) {
        memory_free(path);
        return SLUICE_OK;
    }
    if (l->source_count == RULE_FILES_MAX) {
        result = error_set(error, SLUICE_E_LIMIT, "%s: more than %d files", l->folder, RULE_FILES_MAX);
    } else if (!ARRAY_RESERVE(l->sources, l->source_capacity, l->source_count + 1) ||
               (whole = join_path(l->folder, path)) == NULL) {
        result = error_no_memory(error, sizeof source);
    } else if (kind < KIND_COUNT) {
        bool is_list = KINDS[kind].parse == rule_parse_list || KINDS[kind].parse == rule_parse_snoozes;
        size_t *left = is_list ? &l->list_bytes_left : &l->text_bytes_left;
        size_t most = is_list ? RULE_LIST_BYTES_MAX : RULE_FILE_BYTES_MAX;
        result = read_whole(whole, most < *left ? most : *left, &source.text, error);
        *left -= source.text.length;
    }
    memory_free(whole);
    if (result != SLUICE_OK) {
        memory_free(path);
        return result;
    }
    l->sources[l->source_count++] = source;
    return SLUICE_OK;
}

/* `below` is the path from the rules' folder; empty for itself. */
static sluice_result add_folder(rule_loader *l, const char *below, unsigned depth, sluice_error *error) {
    char *whole = below[0] == '\0' ? join_path("", l->folder) : join_path(l->folder, below);
    char **names = NULL;
    size_t count = 0;
    if (whole == NULL) {
        return error_no_memory(error, strlen(l->folder));
    }
    sluice_result result = file_list(whole, &names, &count, error);
    memory_free(whole);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        if (names[i][0] == '.') {
            continue;
        }
        char *path = join_path(below, names[i]);
        char *inside = path == NULL ? NULL : join_path(l->folder, path);
        if (inside == NULL) {
            memory_free(path);
            result = error_no_memory(error, strlen(names[i]));
            break;
        }
        bool is_folder = file_kind_of(inside) == FILE_FOLDER;
        memory_free(inside);
        if (!is_folder) {
            result = add_file(l, path, error);
            continue;
        }
        result = depth < RULE_FOLDERS_DEEP_MAX ? add_folder(l, path, depth + 1, error)
                                               : error_set(error, SLUICE_E_LIMIT, "%s/%s: folders more than %d deep",
                                                           l->folder, path, RULE_FOLDERS_DEEP_MAX);
        memory_free(path);
    }
    file_list_free(&names, count);
    return result;
}

static void free_text(sluice_text *text) {
    char *data = NULL; /* memory_new's, const only for those who read it */
    memcpy(&data, &text->data, sizeof data);
    memory_free(data);
    *text = (sluice_text){0};
}

static void drop_source(rule_loader *l, size_t at) {
    free_text(&l->sources[at].text);
    memory_free(l->sources[at].path);
    l->sources[at] = l->sources[--l->source_count];
}

/* In the place of the file of its path, else beside the others; without a text the file is left out. */
static sluice_result put_file(rule_loader *l, const sluice_rule_file *file, sluice_error *error) {
    size_t at = 0;
    while (at < l->source_count && strcmp(l->sources[at].path, file->path) != 0) {
        at++;
    }
    if (file->text.data == NULL) {
        if (at < l->source_count) {
            drop_source(l, at);
        }
        return SLUICE_OK;
    }
    if (file->text.length > RULE_FILE_BYTES_MAX || at == RULE_FILES_MAX) {
        return error_set(error, SLUICE_E_LIMIT, "%s: larger than %u bytes, or one file too many", file->path,
                         (unsigned)RULE_FILE_BYTES_MAX);
    }
    char *text = memory_new(file->text.length + 1);
    char *path = at < l->source_count ? l->sources[at].path : join_path("", file->path);
    if (text == NULL || path == NULL || !ARRAY_RESERVE(l->sources, l->source_capacity, l->source_count + 1)) {
        memory_free(text);
        memory_free(at < l->source_count ? NULL : path);
        return error_no_memory(error, file->text.length);
    }
    memcpy(text, file->text.data, file->text.length);
    if (at < l->source_count) {
        free_text(&l->sources[at].text);
    } else {
        l->sources[l->source_count++] = (rule_source){.path = path};
    }
    l->sources[at].text = (sluice_text){text, file->text.length};
    return SLUICE_OK;
}

static int compare_sources(const void *a, const void *b) {
    return strcmp(((const rule_source *)a)->path, ((const rule_source *)b)->path);
}

/* ---- parsing ---- */

static bool hash_sources(rule_loader *l) {
    sha256 *state = sha256_new();
    if (state == NULL) {
        return false;
    }
    for (size_t i = 0; i < l->source_count; i++) {
        const rule_source *s = &l->sources[i];
        uint8_t length[8];
        for (size_t byte = 0; byte < sizeof length; byte++) {
            length[byte] = (uint8_t)((uint64_t)s->text.length >> (8 * byte));
        }
        sha256_update(state, s->path, strlen(s->path) + 1);
        sha256_update(state, length, sizeof length);
        sha256_update(state, s->text.data, s->text.length);
    }
    sha256_finish(state, l->set->sha256);
    sha256_free(&state);
    return true;
}

static void parse_kind(rule_loader *l, parse_file parse) {
    for (size_t i = 0; i < l->source_count && !rule_stopped(l); i++) {
        size_t kind = kind_of(l->sources[i].path);
        if (kind < KIND_COUNT && KINDS[kind].parse == parse) {
            parse(l, (uint32_t)i);
        }
    }
}

static void check_files(rule_loader *l) {
    size_t tables = 0;
    for (size_t i = 0; i < l->source_count; i++) {
        size_t kind = kind_of(l->sources[i].path);
        if (kind == KIND_COUNT) {
            rule_fail(l, (uint32_t)i, 0,
                      "not a file of rules: *.rule, *.typology, *.list and actions.table are (*.md, "
                      "*.txt and *.pattern are not read)");
        } else if (KINDS[kind].parse == rule_parse_actions && ++tables > 1) {
            rule_fail(l, (uint32_t)i, 0, "a second actions.table: there is one for the folder");
        }
    }
}

static void parse_all(rule_loader *l) {
    check_files(l);
    parse_kind(l, rule_parse_list);
    parse_kind(l, rule_parse_typologies);
    parse_kind(l, rule_parse_rules);
    parse_kind(l, rule_parse_actions);
    parse_kind(l, rule_parse_snoozes);
    if (!rule_stopped(l)) {
        rule_check_all(l);
    }
}

/* Files, lines and columns in order; what came first stays first. */
static int compare_problems(const void *a, const void *b, void *context) {
    const rule_loader *loader = context;
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    uint64_t left_file = loader->problem_places[left] >> 32;
    uint64_t right_file = loader->problem_places[right] >> 32;
    const rule_problem *l = &loader->problems[left];
    const rule_problem *r = &loader->problems[right];
    if (left_file != right_file) {
        return left_file < right_file ? -1 : 1;
    }
    if (l->line != r->line) {
        return l->line < r->line ? -1 : 1;
    }
    if (l->column != r->column) {
        return l->column < r->column ? -1 : 1;
    }
    return left < right ? -1 : left > right;
}

static sluice_result hand_problems(rule_loader *l, rule_problem *problems, size_t capacity, size_t *count_out,
                                   sluice_error *error) {
    uint32_t *order = memory_new(l->problem_count * sizeof *order);
    if (order == NULL) {
        return error_no_memory(error, l->problem_count * sizeof *order);
    }
    for (size_t i = 0; i < l->problem_count; i++) {
        order[i] = (uint32_t)i;
    }
    qsort_r(order, l->problem_count, sizeof *order, compare_problems, l);
    for (size_t i = 0; i < l->problem_count && i < capacity; i++) {
        problems[i] = l->problems[order[i]];
    }
    const rule_problem *first = &l->problems[order[0]];
    memory_free(order);
    *count_out = l->problem_total;
    return error_set(error, SLUICE_E_INPUT, "%.200s:%u:%u: %.200s%s", first->file, first->line, first->column,
                     first->text, l->problem_total > 1 ? " (and more)" : "");
}

/* ---- the set ---- */

static bool finish_set(rule_loader *l) {
    rule_set *set = l->set;
    size_t count = set->rule_count + 1;
    set->candidates = memory_new(count * sizeof *set->candidates);
    set->matches = memory_new(count * sizeof *set->matches);
    set->assessments = memory_new(count * sizeof *set->assessments);
    set->fired = memory_new(count * sizeof *set->fired);
    set->machine = cel_machine_new();
    set->paths = memory_new_zero(l->source_count, sizeof(char *));
    if (set->candidates == NULL || set->matches == NULL || set->assessments == NULL || set->fired == NULL ||
        set->machine == NULL || set->paths == NULL || !hash_sources(l)) {
        return false;
    }
    for (size_t i = 0; i < l->source_count; i++) { /* they are the set's now */
        set->paths[i] = l->sources[i].path;
        l->sources[i].path = NULL;
    }
    set->path_count = l->source_count;
    return rule_filter_build(set) && rule_parts_build(set) && rule_probes_build(set);
}

void rule_set_free(rule_set **set) {
    rule_set *s = *set;
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < s->rule_count; i++) {
        cel_program_free(&s->rules[i].program);
        memory_free(s->rules[i].zh.parts);
        memory_free(s->rules[i].en.parts);
    }
    for (size_t i = 0; i < s->list_count; i++) {
        list_free(&s->lists[i].values);
    }
    for (size_t i = 0; i < s->path_count; i++) {
        memory_free(s->paths[i]);
    }
    rule_filter_fini(&s->filter);
    rule_parts_fini(&s->parts);
    rule_probes_fini(&s->probes);
    list_free(&s->snoozes);
    cel_machine_free(&s->machine);
    memory_free(s->paths);
    memory_free(s->rules);
    memory_free(s->typologies);
    memory_free(s->actions);
    memory_free(s->lists);
    memory_free(s->candidates);
    memory_free(s->matches);
    memory_free(s->assessments);
    memory_free(s->fired);
    arena_fini(&s->memory);
    memory_free(s);
    *set = NULL;
}

static void loader_fini(rule_loader *l) {
    for (size_t i = 0; i < l->source_count; i++) {
        free_text(&l->sources[i].text);
        memory_free(l->sources[i].path);
    }
    memory_free(l->sources);
    memory_free(l->problems);
    memory_free(l->problem_places);
    rule_set_free(&l->set);
}

sluice_result rule_set_load(const char *folder, const sluice_rule_file *files, size_t file_count, feature_plan *plan,
                            rule_set **set_out, rule_problem *problems, size_t problem_capacity,
                            size_t *problem_count_out, sluice_error *error) {
    *set_out = NULL;
    *problem_count_out = 0;
    rule_loader l = {.folder = folder,
                     .set = memory_new_zero(1, sizeof(rule_set)),
                     .text_bytes_left = RULE_TEXT_BYTES_ALL,
                     .list_bytes_left = RULE_LIST_BYTES_ALL};
    if (l.set == NULL || (l.set->snoozes = list_new()) == NULL) {
        rule_set_free(&l.set);
        return error_no_memory(error, sizeof(rule_set));
    }
    l.set->plan = plan;
    file_kind kind = file_kind_of(folder);
    sluice_result result = SLUICE_OK;
    if (kind != FILE_FOLDER) {
        result = error_set(error, kind == FILE_ABSENT ? SLUICE_E_NOT_FOUND : SLUICE_E_INPUT,
                           "%s: %s; rules are the files of a folder", folder,
                           kind == FILE_ABSENT ? "there is no such folder" : "not a folder");
        goto out;
    }
    result = add_folder(&l, "", 0, error);
    for (size_t i = 0; result == SLUICE_OK && i < file_count; i++) {
        result = put_file(&l, &files[i], error);
    }
    if (result != SLUICE_OK) {
        goto out;
    }
    if (l.source_count > 1) {
        qsort(l.sources, l.source_count, sizeof *l.sources, compare_sources);
    }
    parse_all(&l);
    if (!l.no_memory && l.problem_total > 0) {
        result = hand_problems(&l, problems, problem_capacity, problem_count_out, error);
    } else if (l.no_memory || !finish_set(&l)) {
        result = error_no_memory(error, sizeof(rule));
    } else {
        *set_out = l.set;
        l.set = NULL;
    }
out:
    loader_fini(&l);
    return result;
}
