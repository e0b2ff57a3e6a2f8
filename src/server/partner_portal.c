/* The portal of partners: a bank sees what was asked of it and nothing else, under a clock, and answers one or many.
 * Its programs call with a key, its people through the console with a session (desk/user.h: institution).
 *
 * Routes by hand beside those of the kinds (GET /v1/stops and so on are there for partners too): one list over all
 * kinds of orders in the order of their urgency, and one call for many answers with a result for each. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json_write.h"
#include "desk/evidence.h"
#include "desk/order.h"
#include "desk/outbox.h"
#include "desk/render.h"
#include "server/partner_private.h"
#include "text/chinese.h"

enum { OPEN_MAX = 500, ANSWERS_MAX = 1000 };

/* ---- open requests ---- */

typedef struct open_request {
    const desk_kind *kind;
    record record;
    int64_t due_ms;
} open_request;

static int compare_due(const void *left, const void *right) {
    const open_request *a = left, *b = right;
    int order = (a->due_ms > b->due_ms) - (a->due_ms < b->due_ms);
    return order != 0 ? order : (a->record.id > b->record.id) - (a->record.id < b->record.id);
}

static sluice_result add_open(desk_command *c, const desk_kind *kind, const char *state, open_request *list,
                              size_t *count) {
    query_term terms[4];
    size_t term_count = desk_scope_terms(c->actor, kind, terms);
    terms[term_count++] = (query_term){field_of(kind->state), QUERY_EQUAL, value_text(text_of(state)), NULL, 0};
    record_query query = {.table = kind->table, .terms = terms, .term_count = term_count, .order = field_of(kind->due)};
    record *rows = NULL;
    size_t found = 0;
    query.limit = OPEN_MAX;
    sluice_result result = store_select(desk_store(c->desk), &query, c->arena, &rows, &found, c->error);
    for (size_t i = 0; result == SLUICE_OK && i < found; i++) {
        const record_value *due = &rows[i].values[field_of(kind->due)];
        list[(*count)++] = (open_request){kind, rows[i], due->is_null ? INT64_MAX : due->integer};
    }
    return result;
}

static sluice_result open_requests(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    json_document d;
    bool is_signed = false, shown = false;
    size_t count = 0, late = 0;
    open_request *list = arena_alloc(&rq->arena, 3 * OPEN_MAX * sizeof *list);
    if (list == NULL) {
        return error_no_memory(error, OPEN_MAX * sizeof *list);
    }
    sluice_result result = desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? partner_check(rq, &c, &is_signed) : result;
    result = result == SLUICE_OK ? add_open(&c, &STOP_KIND, "approved", list, &count) : result;
    result = result == SLUICE_OK ? add_open(&c, &FREEZE_KIND, "approved", list, &count) : result;
    result = result == SLUICE_OK ? add_open(&c, &FREEZE_KIND, "queued", list, &count) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    if (count > 0) {
        qsort(list, count, sizeof *list, compare_due);
    }
    yyjson_mut_val *root = json_begin(&d);
    yyjson_mut_val *items = json_add_array(&d, root, "items");
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *item = json_append_object(&d, items);
        bool is_late = list[i].due_ms < c.now_ms;
        late += is_late ? 1 : 0;
        json_add_text(&d, item, "kind", text_of(list[i].kind->name));
        json_add_bool(&d, item, "late", is_late);
        if (list[i].due_ms != INT64_MAX) {
            json_add_int(&d, item, "left_ms", list[i].due_ms - c.now_ms);
        }
        render_record(&c, &d, json_add_object(&d, item, "record"), list[i].kind, &list[i].record, &shown);
    }
    json_add_uint(&d, root, "open", count);
    json_add_uint(&d, root, "late", late);
    result = response_json(rs, &d, error);
    return result == SLUICE_OK
               ? desk_seen(&c, rq, shown ? "list_shown" : "list", "partner_request", 0, (sluice_text){0})
               : result;
}

/* ---- answers ---- */

typedef struct one_answer {
    const desk_kind *kind;
    const char *act;
    int64_t id, version;
    yyjson_val *input;
    record record;
} one_answer;

/* Without a version: as it stands; the state guards against an answer that comes too late. */
static sluice_result run_one(desk_command *c, void *context) {
    one_answer *a = context;
    if (a->version == 0) {
        sluice_result result = desk_get(c, a->kind, a->id, &a->record);
        if (result != SLUICE_OK) {
            return result;
        }
        a->version = a->record.version;
    }
    return desk_act(c, a->kind, a->act, a->id, a->version, a->input, &a->record);
}

static bool is_answer(const desk_kind *kind, const char *act) {
    const desk_act_row *row = act == NULL || kind == NULL ? NULL : desk_act_find(kind, act);
    return row != NULL && row->from != NULL && (row->flags & ACT_PARTNER_OWN) != 0;
}

static void add_result(json_document *d, yyjson_mut_val *results, desk_command *c, const one_answer *a,
                       sluice_result result) {
    yyjson_mut_val *item = json_append_object(d, results);
    json_add_int(d, item, "id", a->id);
    json_add_bool(d, item, "done", result == SLUICE_OK);
    if (result == SLUICE_OK) {
        json_add_text(d, item, "state", a->record.values[field_of(a->kind->state)].text);
        json_add_int(d, item, "version", a->record.version);
    } else {
        const char *why = arena_copy(c->arena, c->error->text, strlen(c->error->text) + 1);
        json_add_text(d, item, "why", text_of(why == NULL ? "" : why));
        chinese_add(d, item, "why_zh", text_of(c->error->text));
    }
}

static sluice_result run_answers(desk_command *c, request *rq, response *rs, void *context) {
    yyjson_val *item;
    size_t at, count, good = 0;
    json_document d;
    const bool *is_signed = context;
    sluice_result result = *is_signed ? partner_once(c, rq) : SLUICE_OK;
    if (result != SLUICE_OK) {
        return result;
    }
    yyjson_mut_val *root = json_begin(&d);
    yyjson_mut_val *results = json_add_array(&d, root, "results");
    yyjson_arr_foreach(yyjson_obj_get(rq->json, "items"), at, count, item) {
        sluice_error why = {0};
        const char *name = yyjson_get_str(yyjson_obj_get(item, "kind"));
        one_answer a = {.kind = name == NULL ? NULL : desk_kind_find(name),
                        .act = yyjson_get_str(yyjson_obj_get(item, "act")),
                        .id = yyjson_get_sint(yyjson_obj_get(item, "id")),
                        .version = yyjson_get_sint(yyjson_obj_get(item, "version")),
                        .input = yyjson_obj_get(item, "input")};
        desk_command one = {.desk = c->desk, .actor = c->actor, .now_ms = c->now_ms, .arena = c->arena, .error = &why};
        sluice_result done = is_answer(a.kind, a.act)
                                 ? desk_run(&one, run_one, &a)
                                 : error_set(&why, SLUICE_E_INPUT, "act: an answer to an order is expected");
        good += done == SLUICE_OK ? 1 : 0;
        add_result(&d, results, &one, &a, done);
    }
    json_add_uint(&d, root, "done", good);
    json_add_uint(&d, root, "refused", count - good);
    return response_json(rs, &d, c->error);
}

static sluice_result answers(request *rq, response *rs, sluice_error *error) {
    desk_command c;
    bool *is_signed = arena_alloc(&rq->arena, sizeof *is_signed);
    sluice_result result = is_signed == NULL ? error_no_memory(error, 1) : desk_command_of(rq, &c, error);
    result = result == SLUICE_OK ? partner_check(rq, &c, is_signed) : result;
    return result == SLUICE_OK ? desk_change(rq, rs, run_answers, is_signed, error) : result;
}

/* ---- the routes ---- */

static const api_field ITEM_FIELDS[] = {
    {.name = "kind",
     .type = API_CODE,
     .flags = API_REQUIRED,
     .codes = "stop|freeze",
     .en = "what was asked for",
     .zh = "类别"},
    {.name = "id",
     .type = API_INTEGER,
     .flags = API_REQUIRED,
     .min = 1,
     .max = INT64_MAX,
     .en = "its id",
     .zh = "编号"},
    {.name = "act",
     .type = API_TEXT,
     .flags = API_REQUIRED,
     .min = 1,
     .max = 64,
     .en = "confirm, mismatch, fail, queue, promote",
     .zh = "反馈"},
    {.name = "version", .type = API_INTEGER, .min = 1, .max = INT64_MAX, .en = "as with If-Match", .zh = "版本"},
    {.name = "input", .type = API_ANY, .en = "the act's inputs", .zh = "反馈内容"},
};
static const api_schema ITEM = {.name = "partner_answer",
                                .fields = ITEM_FIELDS,
                                .field_count = sizeof ITEM_FIELDS / sizeof *ITEM_FIELDS,
                                .en = "one answer"};
static const api_field ANSWERS_FIELDS[] = {{.name = "items",
                                            .type = API_OBJECT,
                                            .flags = API_REQUIRED | API_LIST,
                                            .object = &ITEM,
                                            .min = 1,
                                            .max = ANSWERS_MAX,
                                            .en = "answers, each taken or refused by itself",
                                            .zh = "逐条反馈"}};
static const api_schema ANSWERS = {
    .name = "partner_answers", .fields = ANSWERS_FIELDS, .field_count = 1, .en = "answers of a partner"};

static const api_field REQUEST_FIELDS[] = {
    {.name = "kind",
     .type = API_CODE,
     .flags = API_REQUIRED,
     .codes = "stop|freeze",
     .en = "what is asked for",
     .zh = "类别"},
    {.name = "late",
     .type = API_BOOLEAN,
     .flags = API_REQUIRED,
     .en = "its time for an answer is over",
     .zh = "已超时"},
    {.name = "left_ms",
     .type = API_INTEGER,
     .min = INT64_MIN,
     .max = INT64_MAX,
     .en = "time left for the answer; not there: it has no clock",
     .zh = "剩余时间（毫秒）"},
    {.name = "record",
     .type = API_ANY,
     .flags = API_REQUIRED,
     .en = "the stop or freeze, as GET /v1/stops/{id} has it",
     .zh = "指令内容"},
};
static const api_schema REQUEST = {.name = "partner_request",
                                   .fields = REQUEST_FIELDS,
                                   .field_count = sizeof REQUEST_FIELDS / sizeof *REQUEST_FIELDS,
                                   .en = "what waits for an answer"};
static const api_field REQUESTS_FIELDS[] = {
    {.name = "items",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &REQUEST,
     .en = "the most urgent first",
     .zh = "按紧急程度排列"},
    {.name = "open", .type = API_INTEGER, .flags = API_REQUIRED, .en = "how many", .zh = "待反馈数"},
    {.name = "late", .type = API_INTEGER, .flags = API_REQUIRED, .en = "of them late", .zh = "超时数"},
};
static const api_schema REQUESTS = {
    .name = "partner_requests", .fields = REQUESTS_FIELDS, .field_count = 3, .en = "what waits for an answer"};
static const api_field RESULT_FIELDS[] = {
    {.name = "id", .type = API_INTEGER, .flags = API_REQUIRED, .en = "of the order", .zh = "编号"},
    {.name = "done", .type = API_BOOLEAN, .flags = API_REQUIRED, .en = "it was taken", .zh = "是否成功"},
    {.name = "state", .type = API_TEXT, .en = "state of the order now", .zh = "状态"},
    {.name = "version", .type = API_INTEGER, .en = "its version now", .zh = "版本"},
    {.name = "why", .type = API_TEXT, .en = "why it was refused", .zh = "未成功原因"},
    {.name = "why_zh", .type = API_TEXT, .en = "the same in Chinese", .zh = "中文原因"},
};
static const api_schema RESULT = {.name = "partner_result",
                                  .fields = RESULT_FIELDS,
                                  .field_count = sizeof RESULT_FIELDS / sizeof *RESULT_FIELDS,
                                  .en = "what became of one answer"};
static const api_field RESULTS_FIELDS[] = {
    {.name = "results",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &RESULT,
     .en = "in the order of the answers",
     .zh = "逐条结果"},
    {.name = "done", .type = API_INTEGER, .flags = API_REQUIRED, .en = "taken", .zh = "成功数"},
    {.name = "refused", .type = API_INTEGER, .flags = API_REQUIRED, .en = "refused", .zh = "未成功数"},
};
static const api_schema RESULTS = {
    .name = "partner_results", .fields = RESULTS_FIELDS, .field_count = 3, .en = "what became of the answers"};

const route PARTNER_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/partner/requests",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_PARTNER,
     .handle = open_requests,
     .tag = "partner",
     .operation = "listPartnerRequests",
     .en = "what was asked of this institution and waits for an answer, the most urgent first; at most 500 a state",
     .zh = "本机构待反馈指令，按紧急程度排列",
     .answer = &REQUESTS,
     .problems = "401"},
    {.method = METHOD_GET,
     .template = "/v1/partner/tips",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_PARTNER,
     .handle = partner_tips_handler,
     .tag = "partner",
     .operation = "listPartnerTips",
     .en = "what this institution reported and what came of it, the newest first",
     .zh = "本机构报送的线索及反馈",
     .query = PARTNER_TIPS_QUERY,
     .query_count = PARTNER_TIPS_QUERY_COUNT,
     .answer = &PARTNER_TIPS,
     .problems = "401"},
    {.method = METHOD_POST,
     .template = "/v1/partner/answers",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_PARTNER,
     .flags = ROUTE_IDEMPOTENT,
     .handle = answers,
     .tag = "partner",
     .operation = "answerPartnerRequests",
     .en = "answers to many requests, with a result for each",
     .zh = "批量反馈，逐条返回结果",
     .body = &ANSWERS,
     .answer = &RESULTS,
     .body_bytes_max = 4 << 20,
     .problems = "401 409 422"},
    {.method = METHOD_POST,
     .template = "/v1/partner/messages",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = ROLE_PARTNER,
     .flags = ROUTE_QUIET | ROUTE_UNLIMITED,
     .handle = partner_message_handler,
     .tag = "partner",
     .operation = "postPartnerMessage",
     .en = "a message in the codes and fields of the tables bank_message and bank_field (feedback, a report), or of "
           "ISO 20022 (camt.029, pacs.008)",
     .zh = "银行报文：反馈与上报",
     .consumes = "application/json application/xml",
     .body_bytes_max = EVIDENCE_BYTES_MAX,
     .problems = "401 404 409 422"},
};
const size_t PARTNER_ROUTE_COUNT = sizeof PARTNER_ROUTES / sizeof *PARTNER_ROUTES;
