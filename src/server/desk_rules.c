/* The texts of rules: what stands for a file, and what a change is or was. Lists name accounts, so their texts are
 * shown to whoever says what for; all of it is written down (desk_seen). */
#include <string.h>

#include "base/error.h"
#include "desk/rule_change.h"
#include "detect/rule.h"
#include "server/desk_link.h"

static sluice_result check_purpose(const desk_command *c, bool is_list) {
    return !is_list || c->actor->purpose.length > 0
               ? SLUICE_OK
               : error_set(c->error, SLUICE_E_FORBIDDEN,
                           "a list names accounts: state what it is read for with the header Sluice-Purpose (%s)",
                           "个人信息保护法 Art. 6");
}

static void add_text(json_document *d, yyjson_mut_val *root, sluice_text path, bool is_list, sluice_text text,
                     sluice_text sha256) {
    json_add_text(d, root, "path", path);
    json_add_bool(d, root, "is_list", is_list);
    json_add_text(d, root, "text", text);
    json_add_text(d, root, "sha256", sha256);
}

static void add_integer_or_null(json_document *d, yyjson_mut_val *root, const char *name, const record_value *value) {
    if (value->is_null) {
        json_add(d, root, name, d->doc == NULL ? NULL : yyjson_mut_null(d->doc));
    } else {
        json_add_int(d, root, name, value->integer);
    }
}

/* ---- in force ---- */

static sluice_result get_text(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    json_document d;
    rule_standing stands;
    sluice_text path = {0};
    bool is_list = false;
    (void)request_query(rq, "path", &path);
    sluice_result result = desk_command_of(rq, &c, error);
    if (result == SLUICE_OK && !rule_path_is_valid(path, &is_list)) {
        result = error_set(error, SLUICE_E_INPUT, "path: a file of rules, below their folder, is expected");
    }
    result = result == SLUICE_OK ? check_purpose(&c, is_list) : result;
    result = result == SLUICE_OK ? rule_standing_at(&c, path, RULE_IN_FORCE_ONLY, &stands) : result;
    if (result == SLUICE_OK && !stands.exists) {
        result = error_set(error, SLUICE_E_NOT_FOUND, "there is no such file of rules");
    }
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *root = json_begin(&d);
    const record_value change = stands.change == 0 ? value_null() : value_integer(stands.change);
    const record_value none = value_null();
    add_text(&d, root, path, is_list, stands.text, text_of(stands.sha256));
    add_integer_or_null(&d, root, "change", &change);
    json_add_int(&d, root, "file_version", stands.number);
    json_add_text_or_null(&d, root, "base_text", (sluice_text){0});
    json_add_text_or_null(&d, root, "base_sha256", (sluice_text){0});
    add_integer_or_null(&d, root, "base", &none);
    result = response_json(rs, &d, error);
    return result == SLUICE_OK ? desk_seen(&c, rq, is_list ? "view_shown" : "view", "rule_change", stands.change, path)
                               : result;
}

/* ---- of a change ---- */

static sluice_result get_change_text(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    json_document d;
    record r;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, &RULE_CHANGE_KIND, request_variable_id(rq, 0), &r) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    const record_value *v = r.values;
    bool is_list = v[RULE_CHANGE_IS_LIST].integer != 0;
    result = check_purpose(&c, is_list);
    if (result != SLUICE_OK) {
        return result;
    }
    const record_value id = value_integer(r.id);
    yyjson_mut_val *root = json_begin(&d);
    add_text(&d, root, v[RULE_CHANGE_PATH].text, is_list, v[RULE_CHANGE_TEXT].text, v[RULE_CHANGE_SHA256].text);
    add_integer_or_null(&d, root, "change", &id);
    add_integer_or_null(&d, root, "file_version", &v[RULE_CHANGE_NUMBER]);
    json_add_text_or_null(&d, root, "base_text", value_text_or_empty(&v[RULE_CHANGE_BASE_TEXT]));
    json_add_text_or_null(&d, root, "base_sha256", value_text_or_empty(&v[RULE_CHANGE_BASE_SHA256]));
    add_integer_or_null(&d, root, "base", &v[RULE_CHANGE_BASE]);
    result = response_json(rs, &d, error);
    return result == SLUICE_OK ? desk_seen(&c, rq, is_list ? "view_shown" : "view", "rule_change", r.id, TEXT("text"))
                               : result;
}

/* ---- tables ---- */

#define F(NAME, TYPE, FLAGS, EN, ZH)                                                                                   \
    { .name = (NAME), .type = (TYPE), .flags = (FLAGS), .en = (EN), .zh = (ZH) }
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const api_field TEXT_FIELDS[] = {
    F("path", API_TEXT, API_REQUIRED, "below the rules' folder", "路径"),
    F("is_list", API_BOOLEAN, API_REQUIRED, "it may name accounts", "是否名单"),
    F("text", API_TEXT, API_REQUIRED, "the whole of it", "内容"),
    F("sha256", API_TEXT, API_REQUIRED, "of the text", "内容哈希"),
    F("change", API_INTEGER, API_REQUIRED | API_NULLABLE, "whose text it is; null: the folder's", "规则变更"),
    F("file_version", API_INTEGER, API_REQUIRED | API_NULLABLE, "0: the folder's; null: it was never in force",
      "文件版本"),
    F("base_text", API_TEXT, API_REQUIRED | API_NULLABLE, "of a change: what it was written on; null: no such file",
      "改前内容"),
    F("base_sha256", API_TEXT, API_REQUIRED | API_NULLABLE, "of it", "改前哈希"),
    F("base", API_INTEGER, API_REQUIRED | API_NULLABLE, "the change whose text that was; null: the folder's",
      "改自变更"),
};
static const api_schema TEXT_SCHEMA = {
    .name = "rule_text", .fields = TEXT_FIELDS, .field_count = COUNT(TEXT_FIELDS), .en = "a text of rules"};
static const api_field PATH_QUERY[] = {
    {.name = "path",
     .type = API_TEXT,
     .flags = API_REQUIRED,
     .max = RULE_CHANGE_PATH_MAX,
     .en = "below the rules' folder",
     .zh = "路径"},
};

const route DESK_RULES_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/rules/text",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = RULE_CHANGE_READERS,
     .handle = get_text,
     .tag = "rule_changes",
     .operation = "getRuleText",
     .en = "the text that is in force for one file; of a list with a purpose",
     .zh = "在用规则文件全文",
     .query = PATH_QUERY,
     .query_count = 1,
     .answer = &TEXT_SCHEMA,
     .problems = "403 404 409"},
    {.method = METHOD_GET,
     .template = "/v1/rule_changes/{#id}/text",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = RULE_CHANGE_READERS,
     .handle = get_change_text,
     .tag = "rule_changes",
     .operation = "getRuleChangeText",
     .en = "the text of a change, and what it was written on; of a list with a purpose",
     .zh = "规则变更全文",
     .answer = &TEXT_SCHEMA,
     .problems = "403 404"},
};
const size_t DESK_RULES_ROUTE_COUNT = COUNT(DESK_RULES_ROUTES);
