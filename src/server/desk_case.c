/* Routes beside cases and warnings that no kind's table makes: bytes of evidence, thresholds of criminal law, and what
 * to say to a victim. */
#include "base/error.h"
#include "desk/case.h"
#include "desk/evidence.h"
#include "desk/render.h"
#include "desk/warning.h"
#include "server/desk_link.h"

/* ---- bytes of evidence ---- */

static sluice_result note_custody(desk_command *c, request *rq, response *rs, void *context) {
    const record *evidence = context;
    (void)rq;
    (void)rs;
    return custody_add(c, &CUSTODY_KIND, evidence->id, "viewed", value_null(), value_text(c->actor->purpose));
}

/* Nothing is handed out that is not what was taken in, and not before its custody says so. The type is nobody's word:
 * a browser saves it and shows nothing. */
static sluice_result evidence_content(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    record evidence;
    sluice_text bytes = {0};
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, &EVIDENCE_KIND, request_variable_id(rq, 0), &evidence) : result;
    if (result == SLUICE_OK && c.actor->purpose.length == 0) {
        return error_set(error, SLUICE_E_FORBIDDEN,
                         "evidence tells about people: state a purpose with the header Sluice-Purpose");
    }
    result = result == SLUICE_OK ? evidence_read(&c, &evidence, &bytes) : result;
    result = result == SLUICE_OK ? desk_change(rq, rs, note_custody, &evidence, error) : result;
    if (result == SLUICE_OK) {
        rs->content_type = "application/octet-stream";
        response_add_header(rq, rs, "Content-Disposition", "attachment; filename=\"E-%08lld\"", (long long)evidence.id);
        text_write(&rs->body, bytes);
    }
    return result;
}

/* ---- thresholds ---- */

/* On the writer, whose the dated tables are. */
static sluice_result write_thresholds(desk_command *c, request *rq, response *rs, void *context) {
    json_document d;
    record r;
    case_threshold *rows = NULL;
    size_t count = 0;
    (void)context;
    sluice_result result = desk_get(c, &CASE_KIND, request_variable_id(rq, 0), &r);
    result = result == SLUICE_OK ? case_thresholds(c, &r, &rows, &count) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *items = json_add_array(&d, json_begin(&d), "items");
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *item = json_append_object(&d, items);
        json_add_text(&d, item, "code", rows[i].row->code);
        json_add_int(&d, item, "threshold", rows[i].row->number);
        if (rows[i].is_known) {
            json_add_int(&d, item, "count", rows[i].count);
            json_add_bool(&d, item, "is_reached", rows[i].is_reached);
        }
        json_add_text(&d, item, "law", rows[i].row->law);
        json_add_text(&d, item, "en", rows[i].row->en);
        json_add_text(&d, item, "zh", rows[i].row->zh);
    }
    return response_json(rs, &d, c->error);
}

static sluice_result thresholds(request *rq, response *rs, sluice_error *error) {
    return desk_change(rq, rs, write_thresholds, NULL, error);
}

/* ---- what to say ---- */

static sluice_result write_script(desk_command *c, request *rq, response *rs, void *context) {
    json_document d;
    record r;
    (void)context;
    sluice_result result = desk_get(c, &WARNING_KIND, request_variable_id(rq, 0), &r);
    if (result != SLUICE_OK) {
        return result;
    }
    const dated_row *script = warning_script(c, &r);
    yyjson_mut_val *root = json_begin(&d);
    if (script != NULL) {
        json_add_text(&d, root, "code", script->code);
        json_add_text(&d, root, "zh", script->value);
        json_add_text(&d, root, "en", script->en);
        json_add_text(&d, root, "title_zh", script->zh);
    }
    return response_json(rs, &d, c->error);
}

static sluice_result script(request *rq, response *rs, sluice_error *error) {
    return desk_change(rq, rs, write_script, NULL, error);
}

const route DESK_CASE_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/evidence/{#id}/content",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS | ROLE_AUDITOR,
     .handle = evidence_content,
     .tag = "evidence",
     .operation = "getEvidenceContent",
     .en = "the bytes, compared with their SHA-256; needs a purpose, and is written into the custody",
     .zh = "证据内容",
     .produces = "application/octet-stream",
     .problems = "403 404 500"},
    {.method = METHOD_GET,
     .template = "/v1/cases/{#id}/thresholds",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS | ROLE_AUDITOR,
     .handle = thresholds,
     .tag = "cases",
     .operation = "getCaseThresholds",
     .en = "thresholds of criminal law beside what the case has counted; shown, never decided",
     .zh = "立案追诉标准对照",
     .problems = "404"},
    {.method = METHOD_GET,
     .template = "/v1/warnings/{#id}/script",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS | ROLE_OUTREACH,
     .handle = script,
     .tag = "warnings",
     .operation = "getWarningScript",
     .en = "what to say to this victim, by the type of fraud",
     .zh = "劝阻话术",
     .problems = "404"},
};
const size_t DESK_CASE_ROUTE_COUNT = sizeof DESK_CASE_ROUTES / sizeof *DESK_CASE_ROUTES;
