/* Routes of operations and bulletins that no kind's table makes: tallies and the command view, strike packages,
 * figures, and a bulletin's files. What reads much is computed on a worker, of one moment; only its names, its audit
 * and its storing are the writer's. */
#include <stdio.h>

#include "base/error.h"
#include "desk/bulletin.h"
#include "desk/custody.h"
#include "desk/history.h"
#include "desk/operation.h"
#include "desk/render.h"
#include "desk/strike_package.h"
#include "desk/tally.h"
#include "server/desk_link.h"

/* ---- tally and command view ---- */

static sluice_result write_tally(desk_command *c, request *rq, response *rs, void *context) {
    json_document d;
    const tally *t = context;
    (void)rq;
    tally_render(c, &d, json_begin(&d), t);
    sluice_result result = response_json(rs, &d, c->error);
    return result == SLUICE_OK ? audit_add(c, "view", "operation", t->operation.id, TEXT("tally")) : result;
}

static sluice_result tally_handler(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    record operation;
    tally t;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, &OPERATION_KIND, request_variable_id(rq, 0), &operation) : result;
    result = result == SLUICE_OK ? tally_compute(&c, &operation, &t) : result;
    return result == SLUICE_OK ? desk_change(rq, rs, write_tally, &t, error) : result;
}

static sluice_result write_view(desk_command *c, request *rq, response *rs, void *context) {
    json_document d;
    (void)rq;
    command_view_render(c, &d, json_begin(&d), context);
    sluice_result result = response_json(rs, &d, c->error);
    return result == SLUICE_OK ? audit_add(c, "view", "command", 0, (sluice_text){0}) : result;
}

static sluice_result command_handler(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    command_view view;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? command_view_compute(&c, &view) : result;
    return result == SLUICE_OK ? desk_change(rq, rs, write_view, &view, error) : result;
}

/* ---- strike packages ---- */

typedef struct package_call {
    const record *target;
    strike_package *package;
    const char *format;
} package_call;

static sluice_result begin_package(desk_command *c, request *rq, response *rs, void *context) {
    const package_call *call = context;
    (void)rq;
    (void)rs;
    return strike_package_begin(c, call->target, call->package);
}

/* Written down before it is handed out: the export with its hash, and custody of each piece that goes along. */
static sluice_result note_package(desk_command *c, request *rq, response *rs, void *context) {
    const package_call *call = context;
    char detail[120];
    (void)rq;
    (void)rs;
    int length = snprintf(detail, sizeof detail, "strike package %s sha256 %s", call->format, call->package->sha256);
    sluice_result result = audit_add(c, "export", "target", call->target->id, (sluice_text){detail, (size_t)length});
    for (size_t i = 0; result == SLUICE_OK && i < call->package->evidence_count; i++) {
        result = custody_add(c, &CUSTODY_KIND, call->package->evidence[i], "copied", value_null(),
                             value_text(c->actor->purpose));
    }
    return result;
}

static sluice_result package_handler(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    record target;
    strike_package package;
    sluice_text format = TEXT("pdf");
    (void)request_query(rq, "format", &format);
    bool as_zip = text_equal(format, TEXT("zip"));
    if (request_engine(rq, error) == NULL) { /* its trace */
        return SLUICE_E_BUSY;
    }
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, &TARGET_KIND, request_variable_id(rq, 0), &target) : result;
    package_call call = {&target, &package, as_zip ? "zip" : "pdf"};
    result = result == SLUICE_OK ? desk_change(rq, rs, begin_package, &call, error) : result;
    if (result == SLUICE_OK) {
        result = as_zip ? strike_package_zip(&c, &target, &package) : strike_package_pdf(&c, &target, &package);
    }
    result = result == SLUICE_OK ? desk_change(rq, rs, note_package, &call, error) : result;
    if (result == SLUICE_OK) {
        rs->content_type = as_zip ? "application/zip" : "application/pdf";
        response_add_header(rq, rs, "Content-Disposition", "attachment; filename=\"MB-%08lld.%s\"",
                            (long long)target.id, call.format);
        response_add_header(rq, rs, "Sluice-SHA256", "%s", package.sha256);
        text_write(&rs->body, package.bytes);
    }
    return result;
}

/* ---- figures ---- */

typedef struct figures_call {
    bulletin_figures figures;
    bulletin_head head;
} figures_call;

static sluice_result write_figures(desk_command *c, request *rq, response *rs, void *context) {
    figures_call *call = context;
    sluice_text json = {0};
    (void)rq;
    call->head.operator= c->actor->login;
    sluice_result result = bulletin_json(c, &call->head, &call->figures, &json);
    if (result == SLUICE_OK) {
        rs->content_type = "application/json";
        text_write(&rs->body, json);
        result = audit_add(c, "view", "figures", 0, (sluice_text){0});
    }
    return result;
}

static sluice_result figures_handler(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    figures_call call = {.head = {.replaces = 0}};
    figure_scope scope;
    int64_t from = 0, to = 0, operation = 0, site = 0;
    (void)request_query_time(rq, "from", &from);
    (void)request_query_time(rq, "to", &to);
    (void)request_query_integer(rq, "unit", &call.head.unit);
    (void)request_query_integer(rq, "operation", &operation);
    (void)request_query_integer(rq, "site", &site);
    sluice_result result = desk_command_of(rq, &c, error);
    if (result == SLUICE_OK && call.head.unit == 0) {
        call.head.unit = c.actor->unit == 0 ? 1 : c.actor->unit;
    }
    result = result == SLUICE_OK ? bulletin_scope(&c, from, to, call.head.unit, operation, site, &scope) : result;
    result = result == SLUICE_OK ? bulletin_compute(&c, &scope, &call.figures) : result;
    return result == SLUICE_OK ? desk_change(rq, rs, write_figures, &call, error) : result;
}

/* ---- bulletins ---- */

static sluice_result put_figures(desk_command *c, request *rq, response *rs, void *context) {
    record r;
    json_document d;
    bool shown = false;
    sluice_result result =
        bulletin_put(c, request_variable_id(rq, 0), rq->has_if_match ? rq->if_match : 0, context, &r);
    if (result != SLUICE_OK) {
        return result;
    }
    render_record(c, &d, json_begin(&d), &BULLETIN_KIND, &r, &shown);
    response_set_version(rq, rs, r.version);
    return response_json(rs, &d, c->error);
}

static int64_t integer_or_0(const record_value *value) {
    return value->is_null ? 0 : value->integer;
}

static sluice_result compute_handler(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    record r;
    figure_scope scope;
    bulletin_figures figures;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, &BULLETIN_KIND, request_variable_id(rq, 0), &r) : result;
    if (result == SLUICE_OK) {
        result = bulletin_scope(&c, r.values[BULLETIN_FROM].integer, r.values[BULLETIN_TO].integer,
                                r.values[BULLETIN_UNIT].integer, integer_or_0(&r.values[BULLETIN_OPERATION]),
                                integer_or_0(&r.values[BULLETIN_SITE]), &scope);
    }
    result = result == SLUICE_OK ? bulletin_compute(&c, &scope, &figures) : result;
    return result == SLUICE_OK ? desk_change(rq, rs, put_figures, &figures, error) : result;
}

static sluice_result issue(desk_command *c, request *rq, response *rs, void *context) {
    record r;
    json_document d;
    bool shown = false;
    sluice_text note = {0};
    bool has_note = body_text(rq->json, "note", &note) && note.length > 0;
    sluice_result result = bulletin_issue(c, request_variable_id(rq, 0), rq->has_if_match ? rq->if_match : 0, context,
                                          has_note ? value_text(note) : value_null(), &r);
    if (result != SLUICE_OK) {
        return result;
    }
    render_record(c, &d, json_begin(&d), &BULLETIN_KIND, &r, &shown);
    response_set_version(rq, rs, r.version);
    return response_json(rs, &d, c->error);
}

static sluice_result issue_handler(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    record r;
    bulletin_files files;
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, &BULLETIN_KIND, request_variable_id(rq, 0), &r) : result;
    result = result == SLUICE_OK ? bulletin_draw(&c, &r, &files) : result;
    return result == SLUICE_OK ? desk_change(rq, rs, issue, &files, error) : result;
}

static sluice_result document_handler(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    record r;
    sluice_text name = TEXT("pdf"), language = TEXT("zh"), bytes = {0}, sha256 = {0};
    bulletin_format format = BULLETIN_PDF;
    (void)request_query(rq, "format", &name);
    (void)request_query(rq, "language", &language);
    if (!bulletin_format_parse(name, &format)) {
        return error_set(error, SLUICE_E_INPUT, "format: text, pdf, xlsx or json is expected");
    }
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, &BULLETIN_KIND, request_variable_id(rq, 0), &r) : result;
    /* A draft may be of any unit and hour: its counts may be of a few persons. */
    if (result == SLUICE_OK && (c.actor->roles & (ROLES_OFFICERS | ROLE_AUDITOR)) == 0 &&
        !text_equal(r.values[BULLETIN_STATE].text, TEXT("issued"))) {
        result = error_set(error, SLUICE_E_FORBIDDEN, "bulletin %lld is not issued yet", (long long)r.id);
    }
    if (result == SLUICE_OK) {
        result = bulletin_file(&c, &r, format, text_equal(language, TEXT("zh")), &bytes, &sha256);
    }
    result = result == SLUICE_OK ? desk_seen(&c, rq, "export", "bulletin", r.id, name) : result;
    if (result == SLUICE_OK) {
        rs->content_type = bulletin_media_type(format);
        response_add_header(rq, rs, "Content-Disposition", "attachment; filename=\"TB-%08lld-%.*s.%s\"",
                            (long long)r.id, TEXT_ARGS(language),
                            format == BULLETIN_TEXT ? "txt" : bulletin_format_name(format));
        response_add_header(rq, rs, "Sluice-SHA256", "%.*s", TEXT_ARGS(sha256));
        text_write(&rs->body, bytes);
    }
    return result;
}

/* ---- the table ---- */

static const api_field PACKAGE_QUERY[] = {
    {.name = "format", .type = API_CODE, .codes = "pdf|zip", .en = "pdf by default", .zh = "格式"},
};
static const api_field FIGURES_QUERY[] = {
    {.name = "from", .type = API_TIME, .flags = API_REQUIRED, .en = "from", .zh = "起始时间"},
    {.name = "to", .type = API_TIME, .flags = API_REQUIRED, .en = "to, not included", .zh = "截止时间（不含）"},
    {.name = "unit", .type = API_INTEGER, .min = 1, .max = INT64_MAX, .en = "unit; one's own by default", .zh = "单位"},
    {.name = "operation", .type = API_INTEGER, .min = 1, .max = INT64_MAX, .en = "operation", .zh = "行动"},
    {.name = "site", .type = API_INTEGER, .min = 1, .max = INT64_MAX, .en = "site", .zh = "点位"},
};
static const api_field DOCUMENT_QUERY[] = {
    {.name = "format", .type = API_CODE, .codes = "text|pdf|xlsx|json", .en = "pdf by default", .zh = "格式"},
    {.name = "language", .type = API_CODE, .codes = "zh|en", .en = "zh by default", .zh = "语言"},
};

static const api_field NOTE_FIELDS[] = {
    {.name = "note", .type = API_TEXT, .max = 4000, .en = "why", .zh = "说明"},
};
static const api_schema NOTED = {
    .name = "bulletin_issue", .fields = NOTE_FIELDS, .field_count = 1, .en = "a note, if there is one"};
static const api_schema NOTHING = {.name = "bulletin_compute", .fields = DOCUMENT_QUERY, .en = "nothing: {}"};

#define BULLETIN_READERS (ROLES_ALL & ~(unsigned)(ROLE_PARTNER | ROLE_ADMINISTRATOR))

const route DESK_COMMAND_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/operations/{#id}/tally",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS | ROLE_AUDITOR,
     .handle = tally_handler,
     .tag = "operations",
     .operation = "getOperationTally",
     .en = "the live tally: figures with their queries, by district and site, counted from the records",
     .zh = "行动实时战果",
     .problems = "404"},
    {.method = METHOD_GET,
     .template = "/v1/command",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS | ROLE_AUDITOR,
     .handle = command_handler,
     .tag = "operations",
     .operation = "getCommandView",
     .en = "all operations under way and today's figures: the city's, or one's own district's",
     .zh = "统一指挥视图"},
    {.method = METHOD_GET,
     .template = "/v1/targets/{#id}/package",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS,
     .handle = package_handler,
     .tag = "targets",
     .operation = "getStrikePackage",
     .en = "the strike package of an approved target; a purpose is needed",
     .zh = "打击包",
     .query = PACKAGE_QUERY,
     .query_count = 1,
     .produces = "application/pdf application/zip",
     .problems = "403 404 409"},
    {.method = METHOD_GET,
     .template = "/v1/figures",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS | ROLE_AUDITOR, /* any unit and hour: small counts, not for outreach */
     .handle = figures_handler,
     .tag = "bulletins",
     .operation = "getFigures",
     .en = "the figures of a period and unit as of now, each with its query",
     .zh = "统计数据（含查询口径）",
     .query = FIGURES_QUERY,
     .query_count = sizeof FIGURES_QUERY / sizeof *FIGURES_QUERY,
     .problems = "404"},
    {.method = METHOD_POST,
     .template = "/v1/bulletins/{#id}/compute",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_DUTY | ROLE_ANALYST | ROLE_COMMANDER,
     .flags = ROUTE_IDEMPOTENT | ROUTE_BODY_OPTIONAL | ROUTE_IF_MATCH,
     .handle = compute_handler,
     .tag = "bulletins",
     .operation = "compute_bulletin",
     .en = "compute its figures, as of now",
     .zh = "生成数据",
     .body = &NOTHING,
     .problems = "403 404 409 412"},
    {.method = METHOD_POST,
     .template = "/v1/bulletins/{#id}/issue",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_COMMANDER | ROLE_APPROVER,
     .flags = ROUTE_IDEMPOTENT | ROUTE_BODY_OPTIONAL | ROUTE_IF_MATCH,
     .handle = issue_handler,
     .tag = "bulletins",
     .operation = "issue_bulletin",
     .en = "issue it: nothing of it changes any more",
     .zh = "签发通报",
     .body = &NOTED,
     .problems = "403 404 409 412"},
    {.method = METHOD_GET,
     .template = "/v1/bulletins/{#id}/document",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = BULLETIN_READERS,
     .handle = document_handler,
     .tag = "bulletins",
     .operation = "getBulletinDocument",
     .en = "the bulletin as text, PDF, xlsx or JSON; of an issued one the bytes that were issued",
     .zh = "通报文件",
     .query = DOCUMENT_QUERY,
     .query_count = 2,
     .produces = "application/pdf text/plain application/json "
                 "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     .problems = "404 409"},
};
const size_t DESK_COMMAND_ROUTE_COUNT = sizeof DESK_COMMAND_ROUTES / sizeof *DESK_COMMAND_ROUTES;
