/* From kinds to routes: each kind with a collection has
 *
 *   GET  /v1/<collection>                       a page, filtered, in an order
 *   GET  /v1/<collection>/{#id}                 one
 *   GET  /v1/<collection>/{#id}/history         what happened to it
 *   GET  /v1/<collection>/{#id}/<child>         what belongs to it
 *   POST /v1/<collection>/{#id}/<child>         makes one of these
 *   POST /v1/<collection>                       the act that makes one
 *   POST /v1/<collection>/{#id}/<act>           each other act that people do
 *   POST /v1/<collection>/acts                  one act on many records, with a result for each
 *
 * The schemas are the tables' own fields, so the document cannot say anything else than the code does. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "desk/history.h"
#include "server/desk_link.h"
#include "server/partner_private.h"

typedef struct maker {
    route_set *set;
    arena *a;
    sluice_error *error;
    sluice_result result;
} maker;

static char *printed(maker *m, const char *format, ...) SLUICE_PRINTF(2, 3);
static char *printed(maker *m, const char *format, ...) {
    char text[200];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char *copy = arena_copy(m->a, text, (size_t)length + 1);
    if (copy == NULL && m->result == SLUICE_OK) {
        m->result = error_no_memory(m->error, (size_t)length);
    }
    return copy;
}

static void *kept(maker *m, const void *data, size_t bytes) {
    void *copy = arena_copy(m->a, data, bytes);
    if (copy == NULL && m->result == SLUICE_OK) {
        m->result = error_no_memory(m->error, bytes);
    }
    return copy;
}

static void add(maker *m, const route *r) {
    const route *row = kept(m, r, sizeof *r);
    if (m->result == SLUICE_OK) {
        m->result = route_set_add(m->set, row, 1, m->error);
    }
}

/* ---- schemas ---- */

static const api_schema *record_schema(maker *m, const desk_kind *kind, bool is_list) {
    api_schema schema = {.name = printed(m, "%s%s", kind->name, is_list ? "_page" : ""),
                         .record_fields = kind->table->fields,
                         .record_field_count = kind->table->field_count,
                         .is_record = true,
                         .is_list = is_list,
                         .is_open = true,
                         .en = kind->table->en};
    return kept(m, &schema, sizeof schema);
}

static const api_schema *input_schema(maker *m, const desk_kind *kind, const desk_act_row *act) {
    record_field *fields = kept(m, act->inputs, act->input_count * sizeof *fields);
    for (size_t i = 0; fields != NULL && i < act->input_count; i++) {
        if ((act->flags & ACT_REASON) != 0 && strcmp(fields[i].name, "note") == 0) {
            fields[i].flags |= FIELD_REQUIRED;
        }
    }
    api_schema schema = {.name = printed(m, "%s_%s", kind->name, act->name),
                         .record_fields = fields,
                         .record_field_count = act->input_count,
                         .is_input = true,
                         .en = act->en};
    return kept(m, &schema, sizeof schema);
}

/* Filters by the fields that allow it, and an order by any number or time. */
static const api_field *list_query(maker *m, const desk_kind *kind, size_t *count_out) {
    api_field *query = arena_alloc(m->a, (kind->table->field_count + 2) * sizeof *query);
    size_t count = 0;
    if (query == NULL) {
        m->result = error_no_memory(m->error, sizeof *query);
        return NULL;
    }
    for (size_t i = 0; i < kind->table->field_count; i++) {
        const record_field *field = &kind->table->fields[i];
        if ((field->flags & FIELD_FILTER) != 0) {
            SLUICE_ASSERT(strcmp(field->name, "order") != 0); /* the list's own: nothing could be put in order */
            query[count++] =
                (api_field){.name = field->name, .type = API_TEXT, .max = 400, .en = field->en, .zh = field->zh};
        }
    }
    query[count++] = (api_field){
        .name = "order",
        .type = API_TEXT,
        .max = 64,
        .en = "id, created, updated, or a number or time: of fewer than 4,000 records any, of more one that "
              "an index gives with these filters (`orders` of the first page names them; another is "
              "refused, with the names); - before it: the largest first",
        .zh = "排序"};
    *count_out = count;
    return query;
}

static uint32_t body_limit(const desk_act_row *act) {
    uint64_t most = 65536;
    for (size_t i = 0; i < act->input_count; i++) {
        most += (uint64_t)act->inputs[i].bytes_max * 2;
    }
    return most > 24000000 ? 24000000 : (uint32_t)most;
}

/* ---- routes of a kind ---- */

static const desk_route *route_context(maker *m, const desk_kind *kind, const desk_act_row *act,
                                       const desk_child *child) {
    desk_route context = {kind, act, child};
    return kept(m, &context, sizeof context);
}

/* Of a table that no kind has. The same name is written once (openapi.c). */
static const api_schema *record_table_schema(maker *m, const record_table *table, const char *name) {
    api_schema schema = {.name = name,
                         .record_fields = table->fields,
                         .record_field_count = table->field_count,
                         .is_record = true,
                         .is_list = true,
                         .en = table->en};
    return kept(m, &schema, sizeof schema);
}

static void add_reads(maker *m, const desk_kind *kind) {
    size_t query_count = 0;
    const api_field *query = list_query(m, kind, &query_count);
    route base = {.method = METHOD_GET,
                  .lane = LANE_WORKER,
                  .needs = NEEDS_ROLE,
                  .roles = kind->readers,
                  .tag = kind->collection,
                  .context = route_context(m, kind, NULL, NULL)};
    route list = base, one = base, history = base;
    list.template = printed(m, "/v1/%s", kind->collection);
    list.flags = ROUTE_PAGED;
    list.handle = desk_list_handler;
    list.operation = printed(m, "list_%s", kind->collection);
    list.en = printed(m, "list: %s", kind->table->en);
    list.zh = printed(m, "列表：%s", kind->table->zh);
    list.query = query;
    list.query_count = query_count;
    list.answer = record_schema(m, kind, true);
    add(m, &list);
    one.template = printed(m, "/v1/%s/{#id}", kind->collection);
    one.handle = desk_get_handler;
    one.operation = printed(m, "get_%s", kind->name);
    one.en = printed(m, "one of: %s", kind->table->en);
    one.zh = printed(m, "查看：%s", kind->table->zh);
    one.answer = record_schema(m, kind, false);
    one.problems = "404";
    add(m, &one);
    history.template = printed(m, "/v1/%s/{#id}/history", kind->collection);
    history.flags = ROUTE_PAGED;
    history.handle = desk_history_handler;
    history.operation = printed(m, "history_%s", kind->name);
    history.en = "what happened to it";
    history.zh = "办理经过";
    history.problems = "404";
    history.answer = record_table_schema(m, &HISTORY_TABLE, "history_page");
    add(m, &history);
}

static void add_children(maker *m, const desk_kind *kind) {
    for (size_t i = 0; i < kind->child_count; i++) {
        const desk_child *child = &kind->children[i];
        route r = {.method = METHOD_GET,
                   .lane = LANE_WORKER,
                   .needs = NEEDS_ROLE,
                   .roles = child->kind->readers,
                   .flags = ROUTE_PAGED,
                   .tag = kind->collection,
                   .handle = desk_child_handler,
                   .context = route_context(m, kind, NULL, child),
                   .problems = "404"};
        r.template = printed(m, "/v1/%s/{#id}/%s", kind->collection, child->name);
        r.operation = printed(m, "list_%s_%s", kind->name, child->name);
        r.en = child->kind->table->en;
        r.zh = child->kind->table->zh;
        r.answer = record_schema(m, child->kind, true);
        r.query = list_query(m, child->kind, &r.query_count);
        add(m, &r);
    }
}

static const api_field HANDED_ON_FIELDS[] = {
    {.name = "taken", .type = API_BOOLEAN, .flags = API_REQUIRED, .en = "it was done", .zh = "已受理"}};
static const api_schema DESK_HANDED_ON = {
    .name = "handed_on",
    .fields = HANDED_ON_FIELDS,
    .field_count = 1,
    .en = "done; it joined a record of another unit, or went over to one: no more is told"};

/* What is made where its parent is, by acts that are told which: its own path has no other place. */
static void add_child_makers(maker *m, const desk_kind *kind) {
    for (size_t i = 0; i < kind->child_count; i++) {
        const desk_child *child = &kind->children[i];
        const desk_act_row *act = NULL;
        for (size_t k = 0; k < child->kind->act_count && act == NULL; k++) {
            const desk_act_row *row = &child->kind->acts[k];
            act = row->from == NULL && (row->flags & ACT_BY_CLOCK) == 0 ? row : NULL;
        }
        if (act == NULL) {
            continue;
        }
        desk_act_row without = *act;
        record_field *fields = kept(m, act->inputs, act->input_count * sizeof *fields);
        without.inputs = fields;
        without.input_count = 0;
        for (size_t k = 0; fields != NULL && k < act->input_count; k++) {
            if (strcmp(act->inputs[k].name, child->kind->table->fields[child->field].name) != 0) {
                fields[without.input_count++] = act->inputs[k];
            }
        }
        if (without.input_count == act->input_count) {
            continue; /* a report comes into a case by an act of its own */
        }
        desk_kind named = {.name = printed(m, "%s_%s", kind->name, child->name), .table = child->kind->table};
        route r = {.method = METHOD_POST,
                   .lane = LANE_WORKER,
                   .needs = NEEDS_ROLE,
                   .roles = act->roles,
                   .flags = ROUTE_IDEMPOTENT | ROUTE_BODY_OPTIONAL,
                   .tag = kind->collection,
                   .handle = desk_child_act_handler,
                   .context = route_context(m, kind, act, child),
                   .status = 201,
                   .en = act->en,
                   .zh = act->zh,
                   .body_bytes_max = body_limit(act),
                   .problems = "403 404 409 422"};
        r.template = printed(m, "/v1/%s/{#id}/%s", kind->collection, child->name);
        r.operation = printed(m, "%s_%s_%s", act->name, kind->name, child->name);
        r.body = input_schema(m, &named, &without);
        r.answer = record_schema(m, child->kind, false);
        r.handed_on = &DESK_HANDED_ON;
        add(m, &r);
    }
}

static void add_act(maker *m, const desk_kind *kind, const desk_act_row *act, bool is_first_maker) {
    bool makes = act->from == NULL;
    route r = {.method = METHOD_POST,
               .lane = LANE_WORKER,
               .needs = NEEDS_ROLE,
               .roles = act->roles,
               .tag = kind->collection,
               .handle = desk_act_handler,
               .context = route_context(m, kind, act, NULL),
               .en = act->en,
               .zh = act->zh,
               .body_bytes_max = body_limit(act)};
    r.template = !makes           ? printed(m, "/v1/%s/{#id}/%s", kind->collection, act->name)
                 : is_first_maker ? printed(m, "/v1/%s", kind->collection)
                                  : printed(m, "/v1/%s/%s", kind->collection, act->name);
    r.operation = printed(m, "%s_%s", act->name, kind->name);
    r.flags = ROUTE_IDEMPOTENT | ROUTE_BODY_OPTIONAL;
    r.flags |= !makes && (act->flags & ACT_NO_VERSION) == 0 ? ROUTE_IF_MATCH : 0;
    r.status = makes ? 201 : 200;
    r.body = input_schema(m, kind, act);
    r.answer = record_schema(m, kind, false);
    r.handed_on = &DESK_HANDED_ON;
    r.problems = makes ? "403 404 409 422" : "403 404 409 412 422";
    add(m, &r);
}

static void add_acts(maker *m, const desk_kind *kind) {
    static const api_field ITEM_FIELDS[] = {
        {.name = "id",
         .type = API_INTEGER,
         .flags = API_REQUIRED,
         .min = 1,
         .max = INT64_MAX,
         .en = "record",
         .zh = "记录"},
        {.name = "version", .type = API_INTEGER, .min = 1, .max = INT64_MAX, .en = "as with If-Match", .zh = "版本"},
    };
    static const api_schema ITEM = {.name = "bulk_item", .fields = ITEM_FIELDS, .field_count = 2, .en = "one record"};
    static const api_field FIELDS[] = {
        {.name = "act", .type = API_TEXT, .flags = API_REQUIRED, .max = 64, .en = "what to do", .zh = "操作"},
        {.name = "items",
         .type = API_OBJECT,
         .flags = API_REQUIRED | API_LIST,
         .object = &ITEM,
         .min = 1,
         .max = 1000,
         .en = "with which records",
         .zh = "记录"},
        {.name = "input", .type = API_ANY, .en = "the act's inputs, the same for all", .zh = "参数"},
    };
    static const api_schema BULK = {
        .name = "bulk_act", .fields = FIELDS, .field_count = 3, .en = "one act on many records"};
    unsigned roles = 0;
    bool has_maker = false;
    for (size_t i = 0; i < kind->act_count; i++) {
        const desk_act_row *act = &kind->acts[i];
        if ((act->flags & (ACT_BY_CLOCK | ACT_OWN_ROUTE)) == 0) {
            add_act(m, kind, act, act->from == NULL && !has_maker);
            has_maker = has_maker || act->from == NULL;
            roles |= act->from == NULL ? 0 : act->roles;
        }
    }
    route bulk = {.method = METHOD_POST,
                  .lane = LANE_WORKER,
                  .needs = NEEDS_ROLE,
                  .roles = roles,
                  .flags = ROUTE_IDEMPOTENT,
                  .tag = kind->collection,
                  .handle = desk_bulk_handler,
                  .context = route_context(m, kind, NULL, NULL),
                  .body = &BULK,
                  .body_bytes_max = 1 << 20,
                  .en = "one act on many records, with a result for each",
                  .zh = "批量操作，逐条返回结果"};
    bulk.template = printed(m, "/v1/%s/acts", kind->collection);
    bulk.operation = printed(m, "bulk_%s", kind->name);
    if (roles != 0) {
        add(m, &bulk);
    }
}

sluice_result desk_routes_add(route_set *set, arena *a, sluice_error *error) {
    maker m = {.set = set, .a = a, .error = error, .result = SLUICE_OK};
    size_t count = 0;
    const desk_kind *const *kinds = desk_kinds(&count);
    for (size_t i = 0; i < count && m.result == SLUICE_OK; i++) {
        if (kinds[i]->collection != NULL) {
            add_reads(&m, kinds[i]);
            add_children(&m, kinds[i]);
            add_child_makers(&m, kinds[i]);
            add_acts(&m, kinds[i]);
        }
    }
    const struct {
        const route *routes;
        size_t count;
    } BY_HAND[] = {{DESK_SESSION_ROUTES, DESK_SESSION_ROUTE_COUNT}, {DESK_CASE_ROUTES, DESK_CASE_ROUTE_COUNT},
                   {DESK_OUTLET_ROUTES, DESK_OUTLET_ROUTE_COUNT},   {DESK_OUTREACH_ROUTES, DESK_OUTREACH_ROUTE_COUNT},
                   {DESK_COMMAND_ROUTES, DESK_COMMAND_ROUTE_COUNT}, {DESK_CONSOLE_ROUTES, DESK_CONSOLE_ROUTE_COUNT},
                   {DESK_SPECIAL_ROUTES, DESK_SPECIAL_ROUTE_COUNT}, {DESK_AUDIT_ROUTES, DESK_AUDIT_ROUTE_COUNT},
                   {DESK_BACKUP_ROUTES, DESK_BACKUP_ROUTE_COUNT},   {DESK_OPENID_ROUTES, DESK_OPENID_ROUTE_COUNT},
                   {DESK_IMPORT_ROUTES, DESK_IMPORT_ROUTE_COUNT},   {DESK_VIEW_ROUTES, DESK_VIEW_ROUTE_COUNT},
                   {DESK_RULES_ROUTES, DESK_RULES_ROUTE_COUNT},     {PARTNER_ROUTES, PARTNER_ROUTE_COUNT}};
    for (size_t i = 0; m.result == SLUICE_OK && i < sizeof BY_HAND / sizeof *BY_HAND; i++) {
        m.result = route_set_add(set, BY_HAND[i].routes, BY_HAND[i].count, error);
    }
    return m.result;
}
