/* The audit trail for those who watch: its rows, its figures of a day, and the check of its chain. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "desk/history.h"
#include "server/desk_link.h"

/* ---- the chain ---- */

static sluice_result verify_audit(request *rq, response *rs, sluice_error *error) {
    uint64_t rows = 0;
    char head[65];
    json_document d;
    desk_command c;
    sluice_error found = {0};
    sluice_result result = desk_command_of(rq, &c, error);
    if (result != SLUICE_OK) {
        return result;
    }
    sluice_result verdict =
        audit_verify(desk_store(c.desk), NULL, (audit_progress){request_on_progress, rq}, &rows, head, &found);
    if (verdict != SLUICE_OK && verdict != SLUICE_E_DAMAGED) {
        return error_set(error, verdict, "%s", found.text);
    }
    yyjson_mut_val *root = json_begin(&d);
    json_add_bool(&d, root, "whole", verdict == SLUICE_OK);
    json_add_uint(&d, root, "rows", rows);
    json_add_text(&d, root, "head", text_of(head));
    json_add_text_or_null(&d, root, "damage", verdict == SLUICE_OK ? (sluice_text){0} : text_of(found.text));
    result = response_json(rs, &d, error);
    return result == SLUICE_OK ? desk_seen(&c, rq, "audit_verified", "audit", 0, (sluice_text){0}) : result;
}

/* ---- figures: who did what how often, and for what ---- */

enum { DAY_MS = 86400000, PURPOSES_MAX = 200 };

static int more_often_first(const void *left, const void *right) {
    const record_group *a = left, *b = right;
    return a->count == b->count ? 0 : a->count < b->count ? 1 : -1;
}

/* Each group as an object: what it is of, whose it is (null: nobody who is known), how often. */
static void add_groups(json_document *d, yyjson_mut_val *root, const char *list, const char *name,
                       const record_group *groups, size_t count) {
    yyjson_mut_val *items = json_add_array(d, root, list);
    for (size_t i = 0; i < count; i++) {
        const record_value *user = &groups[i].by[1];
        yyjson_mut_val *one = json_append_object(d, items);
        json_add_text(d, one, name, groups[i].by[0].text);
        json_add(d, one, "user", user->is_null ? yyjson_mut_null(d->doc) : yyjson_mut_sint(d->doc, user->integer));
        json_add_uint(d, one, "count", groups[i].count);
    }
}

static sluice_result audit_figures(request *rq, response *rs, sluice_error *error) {
    record_group *acts = NULL, *purposes = NULL;
    size_t act_count = 0, purpose_count = 0;
    int64_t to_ms = rq->now_ms + 1, from_ms = 0; /* with what is done at this moment */
    desk_command c;
    json_document d;
    (void)request_query_time(rq, "to", &to_ms);
    if (!request_query_time(rq, "from", &from_ms)) {
        from_ms = to_ms - DAY_MS;
    }
    sluice_result result = desk_command_of(rq, &c, error);
    if (result == SLUICE_OK && from_ms >= to_ms) {
        result = error_set(error, SLUICE_E_INPUT, "from must be before to");
    }
    const query_term terms[] = {{AUDIT_AT, QUERY_GREATER_EQUAL, value_integer(from_ms), NULL, 0},
                                {AUDIT_AT, QUERY_LESS, value_integer(to_ms), NULL, 0},
                                {AUDIT_PURPOSE, QUERY_NOT_NULL, value_null(), NULL, 0}};
    record_query query = {.table = &AUDIT_TABLE, .terms = terms, .term_count = 2};
    if (result == SLUICE_OK) {
        result = store_group(desk_store(c.desk), &query, (uint8_t[2]){AUDIT_ACT, AUDIT_USER}, RECORD_END, c.arena,
                             &acts, &act_count, error);
    }
    if (result == SLUICE_OK) {
        query.term_count = 3;
        result = store_group(desk_store(c.desk), &query, (uint8_t[2]){AUDIT_PURPOSE, AUDIT_USER}, RECORD_END, c.arena,
                             &purposes, &purpose_count, error);
    }
    if (result != SLUICE_OK) {
        return result;
    }
    if (purpose_count > 0) {
        qsort(purposes, purpose_count, sizeof *purposes, more_often_first);
    }
    yyjson_mut_val *root = json_begin(&d);
    json_add_time(&d, root, "from", from_ms);
    json_add_time(&d, root, "to", to_ms);
    add_groups(&d, root, "acts", "act", acts, act_count);
    json_add_uint(&d, root, "purposes_in_all", purpose_count);
    add_groups(&d, root, "purposes", "purpose", purposes, purpose_count < PURPOSES_MAX ? purpose_count : PURPOSES_MAX);
    result = response_json(rs, &d, error);
    return result == SLUICE_OK ? desk_seen(&c, rq, "view", "audit", 0, TEXT("figures")) : result;
}

/* ---- the table ---- */

static const api_field AUDIT_QUERY[] = {
    {.name = "at", .type = API_TEXT, .max = 64, .en = "at this moment", .zh = "时间"},
    {.name = "user", .type = API_TEXT, .max = 64, .en = "of this user", .zh = "操作人"},
    {.name = "login", .type = API_TEXT, .max = 64, .en = "of this name", .zh = "登录名"},
    {.name = "unit", .type = API_TEXT, .max = 64, .en = "of this unit", .zh = "单位"},
    {.name = "act", .type = API_TEXT, .max = 200, .en = "this was done", .zh = "操作"},
    {.name = "kind", .type = API_TEXT, .max = 64, .en = "with this kind of record", .zh = "记录类别"},
    {.name = "record", .type = API_TEXT, .max = 64, .en = "with this record", .zh = "记录编号"},
    {.name = "order", .type = API_TEXT, .max = 16, .en = "at or -at; the newest first by default", .zh = "排序"},
};
static const api_field FIGURES_QUERY[] = {
    {.name = "from", .type = API_TIME, .en = "from here; a day before to, if not given", .zh = "起"},
    {.name = "to", .type = API_TIME, .en = "to before this; now, if not given", .zh = "止"},
};
#define BY_WHOM_AND_HOW_OFTEN                                                                                          \
    {.name = "user",                                                                                                   \
     .type = API_INTEGER,                                                                                              \
     .flags = API_REQUIRED | API_NULLABLE,                                                                             \
     .en = "by whom; null: nobody who is known",                                                                       \
     .zh = "操作人"},                                                                                                  \
    {                                                                                                                  \
        .name = "count", .type = API_INTEGER, .flags = API_REQUIRED, .en = "how often", .zh = "次数"                 \
    }
static const api_field OF_ACT_FIELDS[] = {
    {.name = "act", .type = API_TEXT, .flags = API_REQUIRED, .en = "what was done", .zh = "操作"},
    BY_WHOM_AND_HOW_OFTEN,
};
static const api_schema OF_ACT = {.name = "audit_figure", .fields = OF_ACT_FIELDS, .field_count = 3, .en = "an act"};
static const api_field OF_PURPOSE_FIELDS[] = {
    {.name = "purpose", .type = API_TEXT, .flags = API_REQUIRED, .en = "what was said it was for", .zh = "用途"},
    BY_WHOM_AND_HOW_OFTEN,
};
static const api_schema OF_PURPOSE = {
    .name = "audit_purpose", .fields = OF_PURPOSE_FIELDS, .field_count = 3, .en = "a purpose"};
static const api_field FIGURES_FIELDS[] = {
    {.name = "from", .type = API_TIME, .flags = API_REQUIRED, .en = "from here", .zh = "起"},
    {.name = "to", .type = API_TIME, .flags = API_REQUIRED, .en = "to before this", .zh = "止"},
    {.name = "acts",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &OF_ACT,
     .en = "each act of each person",
     .zh = "各人各操作次数"},
    {.name = "purposes_in_all",
     .type = API_INTEGER,
     .flags = API_REQUIRED,
     .en = "how many purposes there are, each person's for himself",
     .zh = "用途总数"},
    {.name = "purposes",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &OF_PURPOSE,
     .max = PURPOSES_MAX,
     .en = "those that were stated most often",
     .zh = "最常见用途"},
};
static const api_schema FIGURES = {.name = "audit_figures",
                                   .fields = FIGURES_FIELDS,
                                   .field_count = sizeof FIGURES_FIELDS / sizeof *FIGURES_FIELDS,
                                   .en = "who did what how often"};

const route DESK_AUDIT_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/audit",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_AUDITOR,
     .flags = ROUTE_PAGED,
     .handle = desk_audit_handler,
     .tag = "audit",
     .operation = "listAudit",
     .en = "who did, saw or was refused what",
     .zh = "审计记录",
     .query = AUDIT_QUERY,
     .query_count = sizeof AUDIT_QUERY / sizeof *AUDIT_QUERY},
    {.method = METHOD_POST,
     .template = "/v1/audit/verify",
     .lane = LANE_JOB,
     .needs = NEEDS_ROLE,
     .roles = ROLE_AUDITOR | ROLE_ADMINISTRATOR | ROLE_COMMANDER,
     .flags = ROUTE_BODY_OPTIONAL,
     .handle = verify_audit,
     .tag = "audit",
     .operation = "verifyAudit",
     .en = "check every link of the audit trail",
     .zh = "校验审计链"},
    {.method = METHOD_GET,
     .template = "/v1/audit/figures",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_AUDITOR,
     .handle = audit_figures,
     .tag = "audit",
     .operation = "auditFigures",
     .en = "who did what how often, and for what purposes, in a day or any time",
     .zh = "审计统计",
     .query = FIGURES_QUERY,
     .query_count = sizeof FIGURES_QUERY / sizeof *FIGURES_QUERY,
     .answer = &FIGURES},
};
const size_t DESK_AUDIT_ROUTE_COUNT = sizeof DESK_AUDIT_ROUTES / sizeof *DESK_AUDIT_ROUTES;
