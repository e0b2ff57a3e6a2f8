/* /openapi.json out of the route table: what is checked is what is documented, because both are the same rows. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "server/checks_private.h"
#include "server/problem_private.h"
#include "server/routes_private.h"
#include "server/schema_private.h"
#include "server/server_private.h"

#define SCHEMAS_MAX 2048

typedef struct writing {
    json_document d;
    yyjson_mut_val *schemas;
    const api_schema *seen[SCHEMAS_MAX];
    size_t seen_count;
    const char *const *role_names;
} writing;

static void add_word(writing *w, yyjson_mut_val *object, const char *key, const char *word) {
    json_add_text(&w->d, object, key, text_of(word));
}

static void add_copy(writing *w, yyjson_mut_val *object, const char *key, const char *text) {
    w->d.failed |= object == NULL || !yyjson_mut_obj_add_strcpy(w->d.doc, object, key, text);
}

static void add_both(writing *w, yyjson_mut_val *object, const char *key, const char *en, const char *zh) {
    char text[400];
    (void)snprintf(text, sizeof text, "%s · %s", en, zh);
    add_copy(w, object, key, text);
}

/* A place for the schema, and for those that its fields name. */
static void add_schema(writing *w, const api_schema *s) {
    for (size_t i = 0; i < w->seen_count; i++) {
        if (w->seen[i] == s || strcmp(w->seen[i]->name, s->name) == 0) {
            return; /* tables are made at run time: the same schema may be there twice */
        }
    }
    if (w->seen_count == SCHEMAS_MAX) {
        w->d.failed = true;
        return;
    }
    w->seen[w->seen_count++] = s;
    json_add(&w->d, w->schemas, s->name, api_schema_write(&w->d, s));
    for (size_t i = 0; s->fields != NULL && i < s->field_count; i++) {
        if (s->fields[i].type == API_OBJECT) {
            add_schema(w, s->fields[i].object);
        }
    }
}

static void reference(writing *w, yyjson_mut_val *object, const api_schema *s) {
    char path[120];
    add_schema(w, s);
    (void)snprintf(path, sizeof path, "#/components/schemas/%s", s->name);
    add_copy(w, object, "$ref", path);
}

/* ---- parameters ---- */

static void add_parameter(writing *w, yyjson_mut_val *list, const char *in, const api_field *f) {
    yyjson_mut_val *parameter = json_append_object(&w->d, list);
    add_copy(w, parameter, "name", f->name);
    add_word(w, parameter, "in", in);
    if ((f->flags & API_REQUIRED) != 0) {
        json_add_bool(&w->d, parameter, "required", true);
    }
    json_add(&w->d, parameter, "schema", api_field_schema(&w->d, f));
}

static void add_path_parameters(writing *w, yyjson_mut_val *list, const char *template) {
    for (const char *at = strchr(template, '{'); at != NULL; at = strchr(at + 1, '{')) {
        char name[48];
        bool number = at[1] == '#';
        const char *from = at + 1 + number;
        (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(from, "}"), from);
        api_field field = {.name = name, .type = number ? API_INTEGER : API_TEXT, .flags = API_REQUIRED};
        if (number) {
            field.min = 1;
            field.max = INT64_MAX;
        }
        add_parameter(w, list, "path", &field);
    }
}

static void add_header_parameters(writing *w, yyjson_mut_val *list, const route *r) {
    static const api_field IF_MATCH = {.name = "If-Match",
                                       .type = API_TEXT,
                                       .flags = API_REQUIRED,
                                       .en = "the ETag of what was seen",
                                       .zh = "所见版本"};
    static const api_field KEY = {.name = "Idempotency-Key",
                                  .type = API_TEXT,
                                  .max = 200,
                                  .en = "the same for every try: it happens once",
                                  .zh = "幂等键"};
    static const api_field LAST = {
        .name = "Last-Event-ID", .type = API_TEXT, .en = "go on after this event", .zh = "从该事件之后继续"};
    static const api_field PREFER = {.name = "Prefer",
                                     .type = API_TEXT,
                                     .en = "respond-async: a job, answered with 202 at once",
                                     .zh = "respond-async：转为任务，立即返回 202"};
    if ((r->flags & ROUTE_IF_MATCH) != 0) {
        add_parameter(w, list, "header", &IF_MATCH);
    }
    if ((r->flags & (ROUTE_IDEMPOTENT | ROUTE_IDEMPOTENT_REQUIRED)) != 0) {
        api_field key = KEY;
        key.flags = (r->flags & ROUTE_IDEMPOTENT_REQUIRED) != 0 ? API_REQUIRED : 0;
        add_parameter(w, list, "header", &key);
    }
    if (r->lane == LANE_EVENTS) {
        add_parameter(w, list, "header", &LAST);
    }
    if ((r->flags & ROUTE_OR_JOB) != 0) {
        add_parameter(w, list, "header", &PREFER);
    }
}

static void add_parameters(writing *w, yyjson_mut_val *operation, const route *r) {
    yyjson_mut_val *list = json_add_array(&w->d, operation, "parameters");
    size_t page_count = 0;
    const api_field *page = route_page_fields(&page_count);
    add_path_parameters(w, list, r->template);
    for (size_t i = 0; i < r->query_count; i++) {
        add_parameter(w, list, "query", &r->query[i]);
    }
    for (size_t i = 0; (r->flags & ROUTE_PAGED) != 0 && i < page_count; i++) {
        add_parameter(w, list, "query", &page[i]);
    }
    add_header_parameters(w, list, r);
}

/* ---- bodies and answers ---- */

/* content: {media type: {schema}} for each of the words. */
static void add_content(writing *w, yyjson_mut_val *object, const char *types, const api_schema *schema) {
    yyjson_mut_val *content = json_add_object(&w->d, object, "content");
    sluice_text rest = text_of(types), type;
    while (rest.length > 0) {
        (void)text_split(rest, ' ', &type, &rest);
        yyjson_mut_val *key = yyjson_mut_strncpy(w->d.doc, type.data, type.length);
        yyjson_mut_val *media = yyjson_mut_obj(w->d.doc);
        w->d.failed |= content == NULL || key == NULL || media == NULL || !yyjson_mut_obj_add(content, key, media);
        if (schema != NULL && !w->d.failed) {
            bool json = text_equal(type, TEXT("application/json"));
            if (json || text_equal(type, TEXT("application/x-ndjson"))) {
                reference(w, json_add_object(&w->d, media, "schema"), schema);
            }
        }
    }
}

static yyjson_mut_val *add_response(writing *w, yyjson_mut_val *responses, int status) {
    char code[8];
    (void)snprintf(code, sizeof code, "%d", status);
    yyjson_mut_val *key = yyjson_mut_strcpy(w->d.doc, code);
    yyjson_mut_val *response = yyjson_mut_obj(w->d.doc);
    w->d.failed |=
        key == NULL || response == NULL || responses == NULL || !yyjson_mut_obj_add(responses, key, response);
    return response;
}

static void add_problem(writing *w, yyjson_mut_val *responses, int status) {
    yyjson_mut_val *response = add_response(w, responses, status);
    if (!w->d.failed) {
        add_both(w, response, "description", problem_title_en(status), problem_title_zh(status));
        yyjson_mut_val *media =
            json_add_object(&w->d, json_add_object(&w->d, response, "content"), "application/problem+json");
        add_word(w, json_add_object(&w->d, media, "schema"), "$ref", "#/components/schemas/problem");
    }
}

static bool lists_status(const char *statuses, int status) {
    char code[8];
    (void)snprintf(code, sizeof code, "%d", status);
    return statuses != NULL && strstr(statuses, code) != NULL;
}

/* Whether a route may answer this, from its row. */
static bool may_answer(const route *r, int status) {
    bool takes_body = route_consumes(r) != NULL;
    bool has_variable = strchr(r->template, '{') != NULL;
    if (lists_status(r->problems, status)) {
        return true;
    }
    switch (status) {
    case 400:
    case 406:
    case 414:
    case 429:
    case 431:
    case 503:
        return true;
    case 401:
        return r->needs != NEEDS_NOTHING;
    case 403:
        return r->needs == NEEDS_ROLE || (r->needs == NEEDS_SIGN_IN && r->method != METHOD_GET); /* a forged one */
    case 404:
        return has_variable;
    case 408:
    case 411:
    case 413:
    case 415:
        return takes_body;
    case 422:
        return r->body != NULL;
    case 412:
    case 428:
        return (r->flags & ROUTE_IF_MATCH) != 0;
    case 409:
        return (r->flags & (ROUTE_IDEMPOTENT | ROUTE_IDEMPOTENT_REQUIRED)) != 0;
    default:
        return false;
    }
}

static void add_success(writing *w, yyjson_mut_val *responses, const route *r) {
    int status = r->lane == LANE_JOB ? 202 : r->status != 0 ? r->status : 200;
    yyjson_mut_val *response = add_response(w, responses, status);
    if (w->d.failed) {
        return;
    }
    if (r->handed_on != NULL) {
        yyjson_mut_val *other = add_response(w, responses, 202);
        add_word(w, other, "description", r->handed_on->en);
        add_content(w, other, "application/json", r->handed_on);
    }
    if ((r->flags & ROUTE_OR_JOB) != 0) {
        yyjson_mut_val *job = add_response(w, responses, 202);
        add_word(w, job, "description", "preferred so, a job was made; its result is what 200 would have been");
        add_content(w, job, "application/json", &JOB_SCHEMA);
    }
    if (r->lane == LANE_JOB) {
        add_word(w, response, "description", "a job was made; its result is of the schema in x-sluice-result");
        add_content(w, response, "application/json", &JOB_SCHEMA);
    } else {
        add_word(w, response, "description", r->en);
        if (status != 204) {
            add_content(w, response, r->produces == NULL ? "application/json" : r->produces, r->answer);
        }
    }
}

static void add_security(writing *w, yyjson_mut_val *operation, const route *r) {
    static const char *const SCHEMES[] = {"bearer", "session", "api_key"};
    yyjson_mut_val *list = json_add_array(&w->d, operation, "security");
    for (size_t i = 0; r->needs != NEEDS_NOTHING && i < 3; i++) {
        (void)json_add_array(&w->d, json_append_object(&w->d, list), SCHEMES[i]);
    }
    if (r->needs == NEEDS_ROLE) {
        yyjson_mut_val *roles = json_add_array(&w->d, operation, "x-sluice-roles");
        for (size_t i = 0; w->role_names != NULL && w->role_names[i] != NULL && i < 32; i++) {
            if ((r->roles >> i & 1u) != 0) {
                w->d.failed |= roles == NULL || !yyjson_mut_arr_add_str(w->d.doc, roles, w->role_names[i]);
            }
        }
    }
}

/* Then no body, which is the empty object where a body is optional, will not do. */
static bool needs_members(const api_schema *s) {
    bool needs = s != NULL && s->at_least_of != NULL;
    api_field f;
    for (size_t i = 0; s != NULL && i < api_field_count(s) && !needs; i++) {
        needs = api_field_at(s, i, &f) && (f.flags & API_REQUIRED) != 0;
    }
    return needs;
}

static void add_operation(writing *w, yyjson_mut_val *path, const route *r) {
    static const char *const METHODS[] = {"get", "post", "put", "patch", "delete"};
    static const int STATUSES[] = {400, 401, 403, 404, 406, 408, 409, 410, 411,
                                   412, 413, 414, 415, 422, 428, 429, 431, 503};
    yyjson_mut_val *operation = json_add_object(&w->d, path, METHODS[r->method]);
    const char *consumes = route_consumes(r);
    add_word(w, operation, "operationId", r->operation);
    add_both(w, operation, "summary", r->en, r->zh);
    yyjson_mut_val *tags = json_add_array(&w->d, operation, "tags");
    w->d.failed |= tags == NULL || !yyjson_mut_arr_add_str(w->d.doc, tags, r->tag);
    add_parameters(w, operation, r);
    if (consumes != NULL) {
        yyjson_mut_val *body = json_add_object(&w->d, operation, "requestBody");
        json_add_bool(&w->d, body, "required", (r->flags & ROUTE_BODY_OPTIONAL) == 0 || needs_members(r->body));
        add_content(w, body, consumes, r->body);
    }
    if (r->lane == LANE_JOB && r->answer != NULL) {
        reference(w, json_add_object(&w->d, operation, "x-sluice-result"), r->answer);
    }
    yyjson_mut_val *responses = json_add_object(&w->d, operation, "responses");
    add_success(w, responses, r);
    for (size_t i = 0; i < sizeof STATUSES / sizeof *STATUSES; i++) {
        if (may_answer(r, STATUSES[i])) {
            add_problem(w, responses, STATUSES[i]);
        }
    }
    add_security(w, operation, r);
}

/* A template as OpenAPI has it: without the mark of numbers. */
static void path_of(const char *template, char path[200]) {
    size_t length = 0;
    for (; *template != '\0' && length + 1 < 200; template ++) {
        if (*template != '#') {
            path[length++] = *template;
        }
    }
    path[length] = '\0';
}

static void add_paths(writing *w, yyjson_mut_val *root, const route_set *routes) {
    yyjson_mut_val *paths = json_add_object(&w->d, root, "paths");
    char path[200];
    for (size_t i = 0; i < route_set_count(routes) && !w->d.failed; i++) {
        const route *r = route_set_get(routes, i);
        path_of(r->template, path);
        yyjson_mut_val *item = yyjson_mut_obj_get(paths, path);
        if (item == NULL) {
            yyjson_mut_val *key = yyjson_mut_strcpy(w->d.doc, path);
            item = yyjson_mut_obj(w->d.doc);
            w->d.failed |= key == NULL || item == NULL || !yyjson_mut_obj_add(paths, key, item);
        }
        add_operation(w, item, r);
    }
}

static const api_field FAULT_FIELDS[] = {
    {.name = "pointer", .type = API_TEXT, .en = "where in the body (RFC 6901)", .zh = "位置"},
    {.name = "parameter", .type = API_TEXT, .en = "which parameter", .zh = "参数"},
    {.name = "detail", .type = API_TEXT, .flags = API_REQUIRED, .en = "what is wrong", .zh = "说明"},
    {.name = "detail_zh", .type = API_TEXT, .en = "the same in Chinese", .zh = "中文说明"},
};
static const api_schema FAULT = {.name = "fault", .fields = FAULT_FIELDS, .field_count = 4, .en = "one mistake"};
static const api_field PROBLEM_FIELDS[] = {
    {.name = "type", .type = API_TEXT, .flags = API_REQUIRED, .en = "urn:sluice:problem:…", .zh = "类型"},
    {.name = "title", .type = API_TEXT, .flags = API_REQUIRED, .en = "what it is", .zh = "标题"},
    {.name = "title_zh", .type = API_TEXT, .flags = API_REQUIRED, .en = "the same in Chinese", .zh = "中文标题"},
    {.name = "status", .type = API_INTEGER, .flags = API_REQUIRED, .en = "the status", .zh = "状态码"},
    {.name = "detail", .type = API_TEXT, .en = "what happened and what to do", .zh = "说明"},
    {.name = "detail_zh", .type = API_TEXT, .en = "the same in Chinese", .zh = "中文说明"},
    {.name = "request", .type = API_TEXT, .flags = API_REQUIRED, .en = "Sluice-Request-Id", .zh = "请求号"},
    {.name = "errors", .type = API_OBJECT, .flags = API_LIST, .object = &FAULT, .en = "each mistake", .zh = "错误列表"},
};
static const api_schema PROBLEM = {
    .name = "problem", .fields = PROBLEM_FIELDS, .field_count = 8, .en = "a problem (RFC 9457)"};

static void add_schemes(writing *w, yyjson_mut_val *components) {
    yyjson_mut_val *schemes = json_add_object(&w->d, components, "securitySchemes");
    yyjson_mut_val *bearer = json_add_object(&w->d, schemes, "bearer");
    add_word(w, bearer, "type", "http");
    add_word(w, bearer, "scheme", "bearer");
    yyjson_mut_val *session = json_add_object(&w->d, schemes, "session");
    add_word(w, session, "type", "apiKey");
    add_word(w, session, "in", "cookie");
    add_word(w, session, "name", "sluice_session");
    add_word(w, session, "description", "changes need the header Sluice-CSRF: 1 besides");
    yyjson_mut_val *key = json_add_object(&w->d, schemes, "api_key");
    add_word(w, key, "type", "apiKey");
    add_word(w, key, "in", "header");
    add_word(w, key, "name", "Authorization");
    add_word(w, key, "description", "Authorization: ApiKey …");
}

sluice_result openapi_write(const route_set *routes, const char *const *role_names, text_writer *out,
                            sluice_error *error) {
    writing *w = memory_new_zero(1, sizeof *w);
    if (w == NULL) {
        return error_no_memory(error, sizeof *w);
    }
    w->role_names = role_names;
    yyjson_mut_val *root = json_begin(&w->d);
    add_word(w, root, "openapi", "3.1.0");
    yyjson_mut_val *info = json_add_object(&w->d, root, "info");
    add_word(w, info, "title", "Sluice 断流");
    add_word(w, info, "version", sluice_version());
    add_word(
        w, info, "description",
        "Money is in fen (分), times are RFC 3339 with +08:00, errors are RFC 9457 problems. docs/api.md explains.");
    yyjson_mut_val *license = json_add_object(&w->d, info, "license");
    add_word(w, license, "name", "Apache 2.0");
    add_word(w, license, "identifier", "Apache-2.0");
    yyjson_mut_val *servers = json_add_array(&w->d, root, "servers");
    add_word(w, json_append_object(&w->d, servers), "url", "/");
    yyjson_mut_val *components = json_add_object(&w->d, root, "components");
    w->schemas = json_add_object(&w->d, components, "schemas");
    add_schema(w, &PROBLEM);
    add_schemes(w, components);
    add_paths(w, root, routes);
    sluice_result result = json_end_line(&w->d, out, error);
    memory_free(w);
    return result;
}
