/* Saved views of lists (desk/saved_view.h): read, saved, removed. */
#include "base/error.h"
#include "desk/saved_view.h"
#include "server/desk_link.h"

static void write_view(desk_command *c, json_document *d, yyjson_mut_val *item, const record *view) {
    json_add_int(d, item, "id", view->id);
    json_add_text(d, item, "list", view->values[VIEW_LIST].text);
    json_add_text(d, item, "name", view->values[VIEW_NAME].text);
    json_add_text(d, item, "query", value_text_or_empty(&view->values[VIEW_QUERY]));
    json_add_bool(d, item, "is_shared", !view->values[VIEW_UNIT].is_null);
    json_add_bool(d, item, "is_mine", view->values[VIEW_OWNER].integer == c->actor->user);
    json_add_int(d, item, "owner", view->values[VIEW_OWNER].integer);
}

static sluice_result list_views(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    json_document d;
    record *rows = NULL;
    size_t count = 0;
    sluice_text list = {0};
    (void)request_query(rq, "list", &list);
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? saved_view_find(&c, list, &rows, &count) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *items = json_add_array(&d, json_begin(&d), "items");
    for (size_t i = 0; i < count; i++) {
        write_view(&c, &d, json_append_object(&d, items), &rows[i]);
    }
    return response_json(rs, &d, error);
}

static sluice_result run_save(desk_command *c, request *rq, response *rs, void *context) {
    record view;
    json_document d;
    sluice_text list = {0}, name = {0}, query = {0};
    bool is_shared = false;
    (void)context;
    (void)body_text(rq->json, "list", &list);
    (void)body_text(rq->json, "name", &name);
    (void)body_text(rq->json, "query", &query);
    (void)body_flag(rq->json, "is_shared", &is_shared);
    sluice_result result = saved_view_put(c, list, name, query, is_shared, &view);
    if (result != SLUICE_OK) {
        return result;
    }
    write_view(c, &d, json_begin(&d), &view);
    return response_json(rs, &d, c->error);
}

static sluice_result save_view(request *rq, response *rs, sluice_error *error) {
    return desk_change(rq, rs, run_save, NULL, error);
}

static sluice_result run_remove(desk_command *c, request *rq, response *rs, void *context) {
    (void)context;
    rs->status = 204;
    return saved_view_remove(c, request_variable_id(rq, 0));
}

static sluice_result remove_view(request *rq, response *rs, sluice_error *error) {
    return desk_change(rq, rs, run_remove, NULL, error);
}

#define LIST_FIELD                                                                                                     \
    {                                                                                                                  \
        .name = "list", .type = API_TEXT, .flags = API_REQUIRED, .min = 1, .max = 64,                                  \
        .en = "the kind of record that is listed, such as warning", .zh = "列表"                                     \
    }
#define NAME_FIELD                                                                                                     \
    {                                                                                                                  \
        .name = "name", .type = API_TEXT, .flags = API_REQUIRED, .min = 1, .max = VIEW_NAME_BYTES_MAX, .en = "name",   \
        .zh = "名称"                                                                                                 \
    }

static const api_field LIST_QUERY[] = {LIST_FIELD};
static const api_field SAVE_FIELDS[] = {
    LIST_FIELD,
    NAME_FIELD,
    {.name = "query",
     .type = API_TEXT,
     .max = VIEW_QUERY_BYTES_MAX,
     .en = "filters and order, as in a console's address: state=new&order=due",
     .zh = "筛选条件"},
    {.name = "is_shared", .type = API_BOOLEAN, .en = "everybody of one's unit finds it", .zh = "与本单位共享"},
};
static const api_schema SAVE = {.name = "saved_view_input",
                                .fields = SAVE_FIELDS,
                                .field_count = sizeof SAVE_FIELDS / sizeof *SAVE_FIELDS,
                                .en = "a view to be saved"};
static const api_field VIEW[] = {
    {.name = "id", .type = API_INTEGER, .flags = API_REQUIRED, .en = "number", .zh = "编号"},
    LIST_FIELD,
    NAME_FIELD,
    {.name = "query", .type = API_TEXT, .flags = API_REQUIRED, .en = "filters and order", .zh = "筛选条件"},
    {.name = "is_shared", .type = API_BOOLEAN, .flags = API_REQUIRED, .en = "with a unit", .zh = "已共享"},
    {.name = "is_mine", .type = API_BOOLEAN, .flags = API_REQUIRED, .en = "one saved it oneself", .zh = "本人保存"},
    {.name = "owner", .type = API_INTEGER, .flags = API_REQUIRED, .en = "who saved it", .zh = "保存人"},
};
static const api_schema VIEW_SCHEMA = {
    .name = "saved_view", .fields = VIEW, .field_count = sizeof VIEW / sizeof *VIEW, .en = "a saved view"};
static const api_field VIEWS_FIELDS[] = {{.name = "items",
                                          .type = API_OBJECT,
                                          .flags = API_REQUIRED | API_LIST,
                                          .object = &VIEW_SCHEMA,
                                          .en = "one's own, then those of the unit",
                                          .zh = "视图"}};
static const api_schema VIEWS = {
    .name = "saved_views", .fields = VIEWS_FIELDS, .field_count = 1, .en = "saved views of a list"};

const route DESK_VIEW_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/saved-views",
     .lane = LANE_WORKER,
     .needs = NEEDS_SIGN_IN,
     .handle = list_views,
     .tag = "views",
     .operation = "listSavedViews",
     .en = "filters of a list under a name: one's own, and those that somebody shared with one's unit",
     .zh = "列表视图",
     .query = LIST_QUERY,
     .query_count = 1,
     .answer = &VIEWS},
    {.method = METHOD_POST,
     .template = "/v1/saved-views",
     .lane = LANE_WORKER,
     .needs = NEEDS_SIGN_IN,
     .flags = ROUTE_IDEMPOTENT,
     .handle = save_view,
     .tag = "views",
     .operation = "saveView",
     .en = "saves a view, over one's own of the same name",
     .zh = "保存列表视图",
     .body = &SAVE,
     .answer = &VIEW_SCHEMA,
     .problems = "403 409 422"},
    {.method = METHOD_DELETE,
     .template = "/v1/saved-views/{#id}",
     .lane = LANE_WORKER,
     .needs = NEEDS_SIGN_IN,
     .handle = remove_view,
     .tag = "views",
     .operation = "removeSavedView",
     .en = "removes one's own view; a commander also what is shared with the unit",
     .zh = "删除列表视图",
     .status = 204,
     .problems = "404"},
};
const size_t DESK_VIEW_ROUTE_COUNT = sizeof DESK_VIEW_ROUTES / sizeof *DESK_VIEW_ROUTES;
