/* The rules as people read and write them: the files in use, and a draft checked without being put anywhere.
 *
 * What is in use changes through the files of the folder alone, by whoever runs the daemon (it reads them when it
 * starts and on SIGHUP): a draft of the API is a text that stands for a file while it is checked or back-tested. Lists
 * are left out: they name accounts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "desk/desk.h"
#include "server/routes_private.h"
#include "server/server_private.h"
#include "sys/file.h"

#define READERS (ROLE_ANALYST | ROLE_COMMANDER | ROLE_AUDITOR | ROLE_ADMINISTRATOR)
#define WRITERS (ROLE_ANALYST | ROLE_COMMANDER | ROLE_ADMINISTRATOR)

enum { FOLDERS_DEEP_MAX = 4, FILES_MAX = 1000, FILE_BYTES_MAX = 1 << 20, PROBLEMS_MAX = 200 };

/* ---- the files in use ---- */

typedef struct reading {
    request *rq;
    json_document d;
    yyjson_mut_val *items;
    size_t count;
} reading;

static bool is_shown(const char *path) {
    static const char *const ENDINGS[] = {".rule", ".typology", ".pattern", "actions.table"};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
        size_t ending = strlen(ENDINGS[i]);
        if (length >= ending && strcmp(path + length - ending, ENDINGS[i]) == 0) {
            return true;
        }
    }
    return false;
}

static char *joined(request *rq, const char *folder, const char *name) {
    size_t bytes = strlen(folder) + strlen(name) + 2;
    char *path = arena_alloc(&rq->arena, bytes);
    if (path != NULL) {
        (void)snprintf(path, bytes, "%s%s%s", folder, folder[0] == '\0' ? "" : "/", name);
    }
    return path;
}

static sluice_result read_file(reading *r, const char *whole, const char *path, sluice_error *error) {
    file_view view;
    if (!is_shown(path) || r->count == FILES_MAX) {
        return SLUICE_OK;
    }
    sluice_result result = file_map(whole, &view, error);
    if (result != SLUICE_OK) {
        return result;
    }
    const char *text =
        view.bytes > FILE_BYTES_MAX ? NULL : arena_copy(&r->rq->arena, view.bytes == 0 ? "" : view.data, view.bytes);
    size_t length = view.bytes;
    file_unmap(&view);
    if (text == NULL && length <= FILE_BYTES_MAX) {
        return error_no_memory(error, length);
    }
    yyjson_mut_val *one = json_append_object(&r->d, r->items);
    json_add_text(&r->d, one, "path", text_of(path));
    json_add_text(&r->d, one, "text", (sluice_text){text == NULL ? "" : text, text == NULL ? 0 : length});
    r->count++;
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

static sluice_result get_files(request *rq, response *rs, sluice_error *error) {
    reading r = {.rq = rq};
    const char *folder = rq->server->options.with.rules;
    yyjson_mut_val *root = json_begin(&r.d);
    r.items = json_add_array(&r.d, root, "items");
    sluice_result result = folder == NULL ? SLUICE_OK : read_folder(&r, folder, "", 0, error);
    if (result != SLUICE_OK) {
        yyjson_mut_doc_free(r.d.doc);
        return result;
    }
    return response_json(rs, &r.d, error);
}

/* ---- a draft ---- */

sluice_result rules_draft_take(request *rq, sluice_detect_options *with, sluice_error *error) {
    sluice_text path, text = {"", 0};
    if (!body_text(rq->json, "draft", &path)) {
        return SLUICE_OK;
    }
    (void)body_text(rq->json, "draft_text", &text);
    char *copy = arena_alloc(&rq->arena, path.length + 1);
    if (copy == NULL) {
        return error_no_memory(error, path.length);
    }
    memcpy(copy, path.data, path.length);
    copy[path.length] = '\0';
    if (with->rules == NULL) {
        return error_set(error, SLUICE_E_STATE,
                         "this daemon runs without rules: there is nothing a draft could be part of");
    }
    if (path.length == 0 || copy[0] == '/' || strstr(copy, "..") != NULL || !is_shown(copy)) {
        return error_set(error, SLUICE_E_INVALID,
                         "draft: the path of a file below the rules' folder is expected, such as mule/run_point.rule");
    }
    with->draft = copy;
    with->draft_text = text;
    return SLUICE_OK;
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
        return;
    }
    json_add_text(&c->d, one, "file", TEXT(""));
    json_add_uint(&c->d, one, "line", 0);
    json_add_uint(&c->d, one, "column", 0);
    json_add_text(&c->d, one, "detail", text_of(kept));
}

static sluice_result check_rules(request *rq, response *rs, sluice_error *error) {
    sluice_detect_options with = rq->server->options.with;
    sluice_rules_summary summary = {.size = sizeof summary};
    sluice_error why = {0};
    checking c = {.rq = rq};
    sluice_result result = rules_draft_take(rq, &with, error);
    if (result != SLUICE_OK) {
        return result;
    }
    with.size = sizeof with;
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
    F("text", API_TEXT, API_REQUIRED, "as it is in the file now", "内容"),
};
static const api_schema FILE_SCHEMA = {
    .name = "rule_file", .fields = FILE_FIELDS, .field_count = COUNT(FILE_FIELDS), .en = "a file of rules"};
static const api_field FILES_FIELDS[] = {
    {.name = "items",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &FILE_SCHEMA,
     .max = FILES_MAX,
     .en = "by path; lists are not shown, they name accounts",
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
     .en = "the texts of rules, typologies, patterns and actions, as they are in the folder",
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
     .problems = "409 422"},
};
const size_t RULES_ROUTE_COUNT = COUNT(RULES_ROUTES);
