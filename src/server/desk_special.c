/* Routes of the desk that no kind's table makes: search, documents, orders along a trace. */
#include <stdio.h>
#include <string.h>

#include <sluice/trace.h>

#include "base/error.h"
#include "desk/fields.h"
#include "desk/order.h"
#include "desk/render.h"
#include "desk/return.h"
#include "desk/search.h"
#include "server/desk_link.h"
#include "server/paid_transfer.h"
#include "text/chinese.h"
#include "text/extract.h"

/* ---- search ---- */

static sluice_result search(request *rq, response *rs, sluice_error *error) {
    enum { HITS_MAX = 50 };
    sluice_text words = {0}, name = {0};
    search_hit *hits = NULL;
    size_t count = 0;
    bool shown = false;
    desk_command c;
    json_document d;
    const desk_kind *kind = NULL;
    sluice_result result = desk_command_of(rq, &c, error);
    (void)request_query(rq, "q", &words);
    if (result == SLUICE_OK && request_query(rq, "kind", &name)) {
        char text[64];
        (void)snprintf(text, sizeof text, "%.*s", TEXT_ARGS(name));
        kind = desk_kind_find(text);
        if (kind == NULL) {
            return error_set(error, SLUICE_E_INPUT, "kind: a kind of record is expected");
        }
    }
    result = result == SLUICE_OK ? desk_search(&c, words, kind, HITS_MAX, &hits, &count) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *root = json_begin(&d);
    yyjson_mut_val *items = json_add_array(&d, root, "items");
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *item = json_append_object(&d, items);
        json_add_text(&d, item, "kind", text_of(hits[i].kind->name));
        render_record(&c, &d, json_add_object(&d, item, "record"), hits[i].kind, &hits[i].record, &shown);
    }
    result = response_json(rs, &d, error);
    return result == SLUICE_OK ? desk_seen(&c, rq, shown ? "search_shown" : "search", "", 0, words) : result;
}

/* ---- intake ---- */

/* What an officer pastes is read and given back as items of a form; nothing of it is kept. */
static sluice_result parse_intake(request *rq, response *rs, sluice_error *error) {
    sluice_text text = {0};
    int64_t when_ms = rq->now_ms;
    extract_result found;
    json_document d;
    (void)body_text(rq->json, "text", &text);
    (void)body_time(rq->json, "when", &when_ms);
    sluice_result result = extract_text(text, when_ms, &rq->arena, &found, error);
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *root = json_begin(&d);
    extract_render(&d, root, text, &found);
    return response_json(rs, &d, error);
}

/* ---- documents of a return ---- */

static sluice_result return_document_handler(request *rq, response *rs, sluice_error *error) {
    return_document which;
    record r;
    desk_command c;
    sluice_text pdf = {0};
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? desk_get(&c, &RETURN_KIND, request_variable_id(rq, 0), &r) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    if (!return_document_parse(request_variable(rq, 1), &which)) {
        return error_set(error, SLUICE_E_NOT_FOUND,
                         "there is no such document: application, flow, report, decision or notice");
    }
    if (c.actor->purpose.length == 0) {
        return error_set(error, SLUICE_E_FORBIDDEN,
                         "a document names people: state a purpose with the header Sluice-Purpose");
    }
    result = return_document_write(&c, &r, which, &pdf);
    result = result == SLUICE_OK ? desk_seen(&c, rq, "export", "return", r.id, text_of(return_document_name(which)))
                                 : result;
    if (result == SLUICE_OK) {
        rs->content_type = "application/pdf";
        response_add_header(rq, rs, "Content-Disposition", "attachment; filename=\"F-%08lld-%s.pdf\"", (long long)r.id,
                            return_document_name(which));
        text_write(&rs->body, pdf);
    }
    return result;
}

/* ---- stops along a trace ---- */

typedef struct along {
    const sluice_trace_view *view;
    sluice_text reason, transfer;
    int64_t report, of_case, least_fen;
    int64_t begins_ms; /* when its money came, by the log; 0: it begins with a transfer */
    size_t most;
} along;

typedef struct along_row {
    const along *all;
    const sluice_trace_account *account;
    int64_t amount_fen;
    record record;
    int64_t stop; /* its order */
    bool is_new;
} along_row;

/* An order that the report has on the account already is the answer: a second one would use up the account's turns. */
static sluice_result propose_row(desk_command *c, void *context) {
    along_row *row = context;
    const along *all = row->all;
    sluice_result found = all->report == 0 ? SLUICE_OK : stop_of_report(c, all->report, row->account->key, &row->stop);
    if (found != SLUICE_OK || row->stop != 0) {
        return found;
    }
    const desk_given given[] = {
        {"account", value_text(row->account->key)},
        {"amount_fen", value_integer(row->amount_fen)},
        {"transfer", all->transfer.length == 0 ? value_null() : value_text(all->transfer)},
        {"transfer_at", value_integer(row->account->first_ms)},
        {"layer", value_integer(row->account->layer)},
        {"urgency", value_text(TEXT("urgent"))},
        {"reason", value_text(all->reason)},
        {"report", all->report == 0 ? value_null() : value_integer(all->report)},
        {"case", all->of_case == 0 ? value_null() : value_integer(all->of_case)},
    };
    sluice_result result = desk_act_inside(c, &STOP_KIND, "propose", &row->record, given, sizeof given / sizeof *given);
    row->stop = result == SLUICE_OK ? row->record.id : 0;
    row->is_new = result == SLUICE_OK;
    return result;
}

static sluice_result run_along(desk_command *c, request *rq, response *rs, void *context) {
    const along *all = context;
    json_document d;
    size_t proposed = 0, refused = 0;
    (void)rq;
    yyjson_mut_val *root = json_begin(&d);
    yyjson_mut_val *results = json_add_array(&d, root, "results");
    for (size_t i = 0; i < all->view->stop_count && proposed + refused < all->most; i++) {
        const sluice_trace_stop *stop = &all->view->stops[i];
        sluice_error error = {0};
        if (stop->amount_fen < all->least_fen) {
            continue;
        }
        along_row row = {.all = all, .account = &all->view->accounts[stop->account], .amount_fen = stop->amount_fen};
        desk_command one = {
            .desk = c->desk, .actor = c->actor, .now_ms = c->now_ms, .arena = c->arena, .error = &error};
        sluice_result result = desk_run(&one, propose_row, &row);
        yyjson_mut_val *answer = json_append_object(&d, results);
        json_add_int(&d, answer, "layer", row.account->layer);
        json_add_int(&d, answer, "amount_fen", row.amount_fen);
        json_add_bool(&d, answer, "done", result == SLUICE_OK);
        if (result == SLUICE_OK) {
            proposed += row.is_new;
            json_add_bool(&d, answer, "new", row.is_new);
            json_add_int(&d, answer, "stop", row.stop);
        } else {
            refused++;
            json_add_text(&d, answer, "why", text_of(arena_copy(c->arena, error.text, strlen(error.text) + 1)));
            chinese_add(&d, answer, "why_zh", text_of(error.text));
        }
    }
    json_add_uint(&d, root, "proposed", proposed);
    if (all->begins_ms > 0) { /* the same trace can be looked at */
        json_add_time(&d, root, "begins", all->begins_ms);
    }
    json_add_uint(&d, root, "refused", refused);
    return response_json(rs, &d, c->error);
}

static sluice_result stop_along(request *rq, response *rs, sluice_error *error) {
    sluice_trace_start start = {.victim = {0}};
    sluice_trace_options options = {.size = sizeof options, .method = SLUICE_METHOD_FIFO};
    sluice_trace *trace = NULL;
    sluice_text method = {0};
    along all = {.most = 200};
    int64_t depth = 0;
    (void)body_text(rq->json, "transfer", &start.transfer_id);
    (void)body_text(rq->json, "account", &start.account);
    (void)body_time(rq->json, "time", &start.time_ms);
    (void)body_integer(rq->json, "amount_fen", &start.amount_fen);
    (void)body_text(rq->json, "reason", &all.reason);
    (void)body_integer(rq->json, "report", &all.report);
    (void)body_integer(rq->json, "case", &all.of_case);
    (void)body_integer(rq->json, "least_fen", &all.least_fen);
    all.transfer = start.transfer_id;
    if (body_integer(rq->json, "depth", &depth)) {
        options.depth_max = (uint32_t)depth;
    }
    if (body_text(rq->json, "method", &method) && !sluice_method_parse(method, &options.method)) {
        return error_set(error, SLUICE_E_INPUT, "method: fifo, lifo, prorata, poison or bounds is expected");
    }
    const sluice_engine *engine = request_engine(rq, error);
    if (engine == NULL) {
        return SLUICE_E_BUSY;
    }
    if (start.transfer_id.length == 0 && start.amount_fen > 0) {
        start.time_ms = paid_at(engine, start.account, start.time_ms, start.amount_fen);
        options.account_layer = 1; /* the victim paid into it */
        all.begins_ms = start.time_ms;
    }
    sluice_result result = sluice_trace_run(engine, &start, 1, &options, &trace, error);
    if (result == SLUICE_OK) {
        sluice_trace_view view = {.size = sizeof view};
        sluice_trace_view_get(trace, &view);
        all.view = &view;
        result = desk_change(rq, rs, run_along, &all, error);
    }
    sluice_trace_free(&trace);
    return result;
}

/* ---- the table ---- */

static const api_field SEARCH_QUERY[] = {
    {.name = "q",
     .type = API_TEXT,
     .flags = API_REQUIRED,
     .min = 1,
     .max = 200,
     .en = "words, an account, a phone",
     .zh = "检索词"},
    {.name = "kind", .type = API_TEXT, .max = 40, .en = "only records of this kind", .zh = "记录类别"},
};
static const api_field INTAKE_FIELDS[] = {
    {.name = "text",
     .type = API_TEXT,
     .flags = API_REQUIRED,
     .min = 1,
     .max = 65536,
     .en = "what was said or sent",
     .zh = "粘贴的文本"},
    {.name = "when", .type = API_TIME, .en = "relative times count from it; none: now", .zh = "参照时间"},
};
static const api_schema INTAKE = {
    .name = "intake_text", .fields = INTAKE_FIELDS, .field_count = 2, .en = "pasted text"};
static const api_field ALONG_FIELDS[] = {
    {.name = "transfer", .type = API_TEXT, .max = 200, .en = "the victim's transfer", .zh = "受害人转账流水号"},
    {.name = "account", .type = API_KEY, .en = "or an account", .zh = "账号"},
    {.name = "time", .type = API_TIME, .en = "at this time", .zh = "时间"},
    {.name = "amount_fen", .type = API_MONEY, .min = 1, .max = MONEY_MOST_FEN, .en = "with this amount", .zh = "金额"},
    {.name = "method", .type = API_CODE, .codes = "fifo|lifo|prorata|poison|bounds", .en = "method", .zh = "方法"},
    {.name = "depth", .type = API_INTEGER, .min = 1, .max = 1000, .en = "hops at most", .zh = "层数上限"},
    {.name = "least_fen",
     .type = API_MONEY,
     .min = 0,
     .max = MONEY_MOST_FEN,
     .en = "no order for less",
     .zh = "最小金额"},
    {.name = "reason", .type = API_TEXT, .flags = API_REQUIRED, .min = 1, .max = 4000, .en = "why", .zh = "止付原因"},
    {.name = "report", .type = API_INTEGER, .min = 1, .max = INT64_MAX, .en = "report", .zh = "警情"},
    {.name = "case", .type = API_INTEGER, .min = 1, .max = INT64_MAX, .en = "case", .zh = "案件"},
};
static const api_schema ALONG = {.name = "stops_along_trace",
                                 .fields = ALONG_FIELDS,
                                 .field_count = sizeof ALONG_FIELDS / sizeof *ALONG_FIELDS,
                                 .at_least_of = "transfer|account",
                                 .en = "what to trace, and why to stop what is found"};

static const api_field HIT_FIELDS[] = {
    {.name = "kind", .type = API_TEXT, .flags = API_REQUIRED, .en = "kind of record", .zh = "记录类别"},
    {.name = "record", .type = API_ANY, .flags = API_REQUIRED, .en = "the record, as its kind has it", .zh = "记录"},
};
static const api_schema HIT = {.name = "search_hit", .fields = HIT_FIELDS, .field_count = 2, .en = "a record"};
static const api_field HITS_FIELDS[] = {
    {.name = "items",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &HIT,
     .en = "the newest first",
     .zh = "结果"},
};
static const api_schema HITS = {.name = "search_hits", .fields = HITS_FIELDS, .field_count = 1, .en = "what was found"};

const route DESK_SPECIAL_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/search",
     .lane = LANE_WORKER,
     .needs = NEEDS_SIGN_IN,
     .handle = search,
     .tag = "search",
     .operation = "search",
     .en = "records by any of their words, within what one may see",
     .zh = "全局检索",
     .query = SEARCH_QUERY,
     .query_count = 2,
     .answer = &HITS},
    {.method = METHOD_POST,
     .template = "/v1/intake/parse",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS,
     .handle = parse_intake,
     .tag = "intake",
     .operation = "parseIntake",
     .en = "accounts, amounts, times, phones … out of pasted text; nothing is kept",
     .zh = "粘贴文本识别",
     .body = &INTAKE,
     .body_bytes_max = 1 << 18},
    {.method = METHOD_GET,
     .template = "/v1/returns/{#id}/documents/{name}",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLES_OFFICERS,
     .handle = return_document_handler,
     .tag = "returns",
     .operation = "getReturnDocument",
     .en = "one of the five documents: application, flow, report, decision, notice",
     .zh = "返还文书",
     .produces = "application/pdf",
     .problems = "403 404 409"},
    {.method = METHOD_POST,
     .template = "/v1/stops/along-trace",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_DUTY | ROLE_ANALYST | ROLE_INVESTIGATOR | ROLE_COMMANDER,
     .flags = ROUTE_IDEMPOTENT,
     .handle = stop_along,
     .tag = "stops",
     .operation = "proposeStopsAlongTrace",
     .en = "trace, and propose a stop wherever money can still be reached; a result for each",
     .zh = "沿资金链批量呈请止付",
     .body = &ALONG,
     .problems = "404 422"},
};
const size_t DESK_SPECIAL_ROUTE_COUNT = sizeof DESK_SPECIAL_ROUTES / sizeof *DESK_SPECIAL_ROUTES;
