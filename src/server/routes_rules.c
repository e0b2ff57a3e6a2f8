/* The rules as people read and write them: the files in use, and a draft checked without being put anywhere.
 *
 * What is in use is the folder, which is whoever runs the daemon's (it is read at the start and on SIGHUP), with the
 * texts of approved changes in the place of its files (desk/rule_change.h). A draft is a text that stands for a file
 * while it is checked or back-tested. Texts of lists are not in here: they name accounts (desk_rules.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "desk/desk.h"
#include "desk/rule_change.h"
#include "detect/rule.h"
#include "server/desk_link.h"
#include "server/routes_private.h"
#include "server/server_private.h"
#include "sys/file.h"
#include "text/chinese.h"

#define READERS RULE_CHANGE_READERS
#define WRITERS RULE_CHANGE_WRITERS

enum { FOLDERS_DEEP_MAX = 8, FILES_MAX = 4096, FILE_BYTES_MAX = 1 << 20, PROBLEMS_MAX = 200 };

/* ---- the files in use ---- */

typedef struct reading {
    request *rq;
    json_document d;
    yyjson_mut_val *items;
    size_t count;
    record *changes; /* in force */
    size_t change_count;
    bool *is_of_folder; /* by change: its file is in the folder too */
} reading;

static bool is_pattern(const char *path) {
    size_t length = strlen(path);
    return length > 8 && strcmp(path + length - 8, ".pattern") == 0;
}

static char *joined(request *rq, const char *folder, const char *name) {
    size_t bytes = strlen(folder) + strlen(name) + 2;
    char *path = arena_alloc(&rq->arena, bytes);
    if (path != NULL) {
        (void)snprintf(path, bytes, "%s%s%s", folder, folder[0] == '\0' ? "" : "/", name);
    }
    return path;
}

/* The folder's text (NULL: there is none), or that of the change that stands for it. */
static void add_file(reading *r, const char *path, const char *folder_text, size_t length, const record *change) {
    bool is_list = false, may_change = rule_path_is_valid(text_of(path), &is_list);
    json_document *d = &r->d;
    yyjson_mut_val *one = json_append_object(d, r->items);
    const record_value *v = change == NULL ? NULL : change->values;
    sluice_text text = v != NULL ? v[RULE_CHANGE_TEXT].text : (sluice_text){folder_text, length};
    json_add_text(d, one, "path", text_of(path));
    if (is_list) {
        json_add(d, one, "text", yyjson_mut_null(d->doc));
    } else {
        json_add_text(d, one, "text", text);
    }
    json_add_bool(d, one, "is_list", is_list);
    json_add_bool(d, one, "may_change", may_change);
    json_add_text(d, one, "origin", text_of(v == NULL ? "folder" : folder_text == NULL ? "added" : "changed"));
    json_add_int(d, one, "file_version", v == NULL ? 0 : v[RULE_CHANGE_NUMBER].integer);
    if (v == NULL) {
        json_add(d, one, "change", yyjson_mut_null(d->doc));
        json_add(d, one, "since", yyjson_mut_null(d->doc));
    } else {
        json_add_int(d, one, "change", change->id);
        json_add_time(d, one, "since", v[RULE_CHANGE_IN_FORCE_AT].integer);
    }
    r->count++;
}

static const record *change_of(reading *r, const char *path) {
    for (size_t i = 0; i < r->change_count; i++) {
        if (text_equal(r->changes[i].values[RULE_CHANGE_PATH].text, text_of(path))) {
            r->is_of_folder[i] = true;
            return &r->changes[i];
        }
    }
    return NULL;
}

static sluice_result read_file(reading *r, const char *whole, const char *path, sluice_error *error) {
    file_view view;
    if ((!rule_path_is_valid(text_of(path), NULL) && !is_pattern(path)) || r->count == FILES_MAX) {
        return SLUICE_OK;
    }
    sluice_result result = file_map(whole, &view, error);
    if (result != SLUICE_OK) {
        return result;
    }
    size_t length = view.bytes > FILE_BYTES_MAX ? 0 : view.bytes; /* only lists are as large */
    const char *text = length == 0 ? "" : arena_copy(&r->rq->arena, view.data, length);
    file_unmap(&view);
    if (text == NULL) {
        return error_no_memory(error, length);
    }
    add_file(r, path, text, length, change_of(r, path));
    return SLUICE_OK;
}

static sluice_result read_folder(reading *r, const char *whole, const char *below, unsigned depth,
                                 sluice_error *error) {
    char **names = NULL;
    size_t count = 0;
    sluice_result result = file_list(whole, &names, &count, error);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        const char *inside = names[i][0] == '.' ? NULL : joined(r->rq, whole, names[i]);
        const char *path = inside == NULL ? NULL : joined(r->rq, below, names[i]);
        if (path == NULL) {
            result = names[i][0] == '.' ? SLUICE_OK : error_no_memory(error, strlen(names[i]));
        } else if (file_kind_of(inside) != FILE_FOLDER) {
            result = read_file(r, inside, path, error);
        } else if (depth < FOLDERS_DEEP_MAX) {
            result = read_folder(r, inside, path, depth + 1, error);
        }
    }
    file_list_free(&names, count);
    return result;
}

static sluice_result read_changes(reading *r, sluice_error *error) {
    query_term in_force = {RULE_CHANGE_STATE, QUERY_EQUAL, value_text(TEXT("in_force")), NULL, 0};
    record_query query = {.table = RULE_CHANGE_KIND.table, .terms = &in_force, .term_count = 1, .limit = FILES_MAX};
    query.order = RULE_CHANGE_FROM;
    sluice_result result =
        store_select(desk_store(desk_of(r->rq)), &query, &r->rq->arena, &r->changes, &r->change_count, error);
    r->is_of_folder = result == SLUICE_OK ? arena_alloc(&r->rq->arena, r->change_count + 1) : NULL;
    if (r->is_of_folder != NULL) {
        memset(r->is_of_folder, 0, r->change_count);
    }
    return result == SLUICE_OK && r->is_of_folder == NULL ? error_no_memory(error, r->change_count) : result;
}

static sluice_result get_files(request *rq, response *rs, sluice_error *error) {
    reading r = {.rq = rq};
    const char *folder = rq->server->options.with.rules;
    yyjson_mut_val *root = json_begin(&r.d);
    r.items = json_add_array(&r.d, root, "items");
    sluice_result result = folder == NULL ? SLUICE_OK : read_changes(&r, error);
    if (result == SLUICE_OK && folder != NULL) {
        result = read_folder(&r, folder, "", 0, error);
    }
    for (size_t i = 0; result == SLUICE_OK && i < r.change_count; i++) {
        sluice_text path = r.changes[i].values[RULE_CHANGE_PATH].text;
        char *ended = r.is_of_folder[i] ? NULL : arena_alloc(&rq->arena, path.length + 1);
        if (ended != NULL) {
            memcpy(ended, path.data, path.length);
            ended[path.length] = '\0';
            add_file(&r, ended, NULL, 0, &r.changes[i]);
        }
    }
    if (result != SLUICE_OK) {
        yyjson_mut_doc_free(r.d.doc);
        return result;
    }
    return response_json(rs, &r.d, error);
}

/* ---- a draft ---- */

/* What a body asks to be tried: a text of its own, or that of a change. */
static sluice_result take_file(request *rq, sluice_rule_file *file, sluice_error *error) {
    sluice_text path, text = {"", 0};
    int64_t id = 0;
    if (body_integer(rq->json, "change", &id)) {
        desk_command c;
        record change;
        sluice_result result = desk_command_of(rq, &c, error);
        if (result == SLUICE_OK && (c.actor->roles & RULE_CHANGE_READERS) == 0) {
            result = error_set(error, SLUICE_E_FORBIDDEN, "changes of the rules are not yours to see");
        }
        result = result == SLUICE_OK ? desk_get(&c, &RULE_CHANGE_KIND, id, &change) : result;
        if (result != SLUICE_OK) {
            return result;
        }
        path = change.values[RULE_CHANGE_PATH].text;
        text = change.values[RULE_CHANGE_TEXT].text;
    } else if (body_text(rq->json, "draft", &path)) {
        (void)body_text(rq->json, "draft_text", &text);
    } else {
        return SLUICE_OK;
    }
    if (!rule_path_is_valid(path, NULL)) {
        return error_set(error, SLUICE_E_INVALID,
                         "draft: the path of a file that loading the rules reads (.rule, .typology, .list, "
                         "actions.table), below their folder, is expected, such as mule/run_point.rule; patterns are "
                         "read from the folder alone");
    }
    char *copy = arena_alloc(&rq->arena, path.length + 1);
    if (copy == NULL) {
        return error_no_memory(error, path.length);
    }
    memcpy(copy, path.data, path.length);
    copy[path.length] = '\0';
    *file = (sluice_rule_file){copy, text};
    return SLUICE_OK;
}

sluice_result rules_with_draft(request *rq, sluice_detect_options *with_out, sluice_error *error) {
    sluice_rule_file *files = NULL, file = {0};
    sluice_result result = rules_use_copy(rq->server, &rq->arena, 1, with_out, &files, error);
    result = result == SLUICE_OK ? take_file(rq, &file, error) : result;
    if (result == SLUICE_OK && file.path != NULL) {
        files[with_out->file_count++] = file;
    }
    return result == SLUICE_OK && file.path != NULL && with_out->rules == NULL
               ? error_set(error, SLUICE_E_STATE,
                           "this daemon runs without rules: there is nothing a draft could be part of")
               : result;
}

typedef struct checking {
    request *rq;
    json_document d;
    yyjson_mut_val *problems;
    size_t count;
} checking;

/* "file:line:column: what is wrong". */
static void on_problem(void *context, const char *problem) {
    checking *c = context;
    sluice_text file, rest, line, column, detail;
    const char *kept = c->count++ >= PROBLEMS_MAX ? NULL : arena_copy(&c->rq->arena, problem, strlen(problem) + 1);
    if (kept == NULL) {
        return;
    }
    uint64_t at_line = 0, at_column = 0;
    yyjson_mut_val *one = json_append_object(&c->d, c->problems);
    if (text_split(text_of(kept), ':', &file, &rest) && text_split(rest, ':', &line, &rest) &&
        text_split(rest, ':', &column, &detail) && text_to_u64(line, &at_line) && text_to_u64(column, &at_column)) {
        size_t folder = strlen(c->rq->server->options.with.rules);
        bool inside = file.length > folder && file.data[folder] == '/';
        json_add_text(&c->d, one, "file",
                      inside ? (sluice_text){file.data + folder + 1, file.length - folder - 1} : file);
        json_add_uint(&c->d, one, "line", at_line);
        json_add_uint(&c->d, one, "column", at_column);
        json_add_text(&c->d, one, "detail", text_trim(detail));
        chinese_add(&c->d, one, "detail_zh", text_trim(detail));
        return;
    }
    json_add_text(&c->d, one, "file", TEXT(""));
    json_add_uint(&c->d, one, "line", 0);
    json_add_uint(&c->d, one, "column", 0);
    json_add_text(&c->d, one, "detail", text_of(kept));
    chinese_add(&c->d, one, "detail_zh", text_of(kept));
}

static sluice_result check_rules(request *rq, response *rs, sluice_error *error) {
    sluice_detect_options with;
    sluice_rules_summary summary = {.size = sizeof summary};
    sluice_error why = {0};
    checking c = {.rq = rq};
    sluice_result result = rules_with_draft(rq, &with, error);
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *root = json_begin(&c.d);
    c.problems = json_add_array(&c.d, root, "problems");
    result = sluice_rules_check(&with, on_problem, &c, &summary, &why);
    if (result != SLUICE_OK && result != SLUICE_E_INPUT) {
        yyjson_mut_doc_free(c.d.doc);
        return error_set(error, result, "%s", why.text);
    }
    if (result == SLUICE_E_INPUT && c.count == 0) { /* patterns and models say it with the error alone */
        on_problem(&c, why.text);
    }
    json_add_bool(&c.d, root, "ok", result == SLUICE_OK);
    json_add_uint(&c.d, root, "rules", summary.rules);
    json_add_uint(&c.d, root, "drafts", summary.drafts);
    json_add_uint(&c.d, root, "typologies", summary.typologies);
    json_add_uint(&c.d, root, "patterns", summary.patterns);
    json_add_uint(&c.d, root, "features", summary.features);
    json_add_text_or_null(&c.d, root, "sha256", text_of(summary.sha256));
    return response_json(rs, &c.d, error);
}

/* ---- tables ---- */

#define F(NAME, TYPE, FLAGS, EN, ZH)                                                                                   \
    { .name = (NAME), .type = (TYPE), .flags = (FLAGS), .en = (EN), .zh = (ZH) }
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const api_field FILE_FIELDS[] = {
    F("path", API_TEXT, API_REQUIRED, "below the rules' folder", "路径"),
    F("text", API_TEXT, API_REQUIRED | API_NULLABLE, "in force now; null: a list (GET /v1/rules/text)", "内容"),
    F("is_list", API_BOOLEAN, API_REQUIRED, "it may name accounts", "是否名单"),
    F("may_change", API_BOOLEAN, API_REQUIRED, "by a change of the rules; patterns are the folder's", "可变更"),
    {.name = "origin",
     .type = API_CODE,
     .flags = API_REQUIRED,
     .codes = "folder|changed|added",
     .en = "as the folder has it, or by a change",
     .zh = "来源"},
    F("file_version", API_INTEGER, API_REQUIRED, "0: the folder's", "文件版本"),
    F("change", API_INTEGER, API_REQUIRED | API_NULLABLE, "that is in force", "规则变更"),
    F("since", API_TIME, API_REQUIRED | API_NULLABLE, "in force since", "生效时间"),
};
static const api_schema FILE_SCHEMA = {
    .name = "rule_file", .fields = FILE_FIELDS, .field_count = COUNT(FILE_FIELDS), .en = "a file of rules"};
static const api_field FILES_FIELDS[] = {
    {.name = "items",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &FILE_SCHEMA,
     .max = FILES_MAX,
     .en = "of the folder, by path; then those that changes added",
     .zh = "文件"},
};
static const api_schema FILES = {
    .name = "rule_files", .fields = FILES_FIELDS, .field_count = 1, .en = "the files of rules in use"};
static const api_field CHECK_FIELDS[] = {RULES_DRAFT_FIELDS};
static const api_schema CHECK = {.name = "rules_check",
                                 .fields = CHECK_FIELDS,
                                 .field_count = COUNT(CHECK_FIELDS),
                                 .en = "the rules in use, with a draft in the place of one file"};
static const api_field PROBLEM_FIELDS[] = {
    F("file", API_TEXT, API_REQUIRED, "below the rules' folder", "文件"),
    F("line", API_INTEGER, API_REQUIRED, "from 1; 0: the whole", "行"),
    F("column", API_INTEGER, API_REQUIRED, "in characters, from 1", "列"),
    F("detail", API_TEXT, API_REQUIRED, "what is wrong and what was expected", "说明"),
    F("detail_zh", API_TEXT, 0, "the same in Chinese", "中文说明"),
};
static const api_schema PROBLEM = {
    .name = "rules_problem", .fields = PROBLEM_FIELDS, .field_count = COUNT(PROBLEM_FIELDS), .en = "a mistake"};
static const api_field CHECKED_FIELDS[] = {
    F("ok", API_BOOLEAN, API_REQUIRED, "nothing is wrong", "通过"),
    {.name = "problems",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &PROBLEM,
     .max = PROBLEMS_MAX,
     .en = "in the order of files and lines",
     .zh = "问题"},
    F("rules", API_INTEGER, API_REQUIRED, "how many", "规则数"),
    F("drafts", API_INTEGER, API_REQUIRED, "of them with status draft", "草稿数"),
    F("typologies", API_INTEGER, API_REQUIRED, "how many", "类型数"),
    F("patterns", API_INTEGER, API_REQUIRED, "how many", "模式数"),
    F("features", API_INTEGER, API_REQUIRED, "how many are computed", "特征数"),
    F("sha256", API_TEXT, API_REQUIRED | API_NULLABLE, "of all files, the draft among them", "哈希"),
};
static const api_schema CHECKED = {.name = "rules_checked",
                                   .fields = CHECKED_FIELDS,
                                   .field_count = COUNT(CHECKED_FIELDS),
                                   .en = "what a check found"};

const route RULES_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/rules/files",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = READERS,
     .handle = get_files,
     .tag = "engine",
     .operation = "listRuleFiles",
     .en = "the files of rules that are in force, with their versions and texts",
     .zh = "规则文件",
     .answer = &FILES},
    {.method = METHOD_POST,
     .template = "/v1/rules/check",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = WRITERS,
     .flags = ROUTE_BODY_OPTIONAL,
     .handle = check_rules,
     .tag = "engine",
     .operation = "checkRules",
     .en = "checks the rules, with a draft in the place of one file; nothing is kept",
     .zh = "检查规则草稿",
     .body = &CHECK,
     .body_bytes_max = 1u << 21,
     .answer = &CHECKED,
     .problems = "404 409 422"},
};
const size_t RULES_ROUTE_COUNT = COUNT(RULES_ROUTES);
