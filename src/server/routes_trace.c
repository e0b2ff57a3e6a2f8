/* Traces: shown, as files, and as evidence packages. Readers on the workers, as of any sequence. */
#include <stdio.h>
#include <string.h>

#include <sluice/trace.h>

#include "base/error.h"
#include "desk/desk.h"
#include "server/desk_link.h"
#include "server/paid_transfer.h"
#include "server/routes_private.h"
#include "server/server_private.h"
#include "server/trace_package.h"

#define READERS (ROLES_OFFICERS | ROLE_OUTREACH | ROLE_AUDITOR)
#define STARTS_MAX 1000
#define TRACE_MS_MAX 20000
#define TRACE_JOB_MS_MAX 600000 /* it can be cancelled, and holds no worker */
#define TRACE_ENTRIES_MAX 20000000

typedef struct trace_question {
    sluice_trace_start *starts;
    size_t start_count;
    sluice_trace_options options;
    const char **sinks;
    bool told; /* times of starts by account are as people told them */
} trace_question;

static sluice_result take_sink(request *rq, trace_question *q, sluice_text kind, sluice_error *error) {
    char *copy = arena_alloc(&rq->arena, kind.length + 1);
    if (copy == NULL) {
        return error_no_memory(error, kind.length + 1);
    }
    memcpy(copy, kind.data, kind.length);
    copy[kind.length] = '\0';
    q->sinks[q->options.sink_kind_count++] = copy;
    q->options.sink_kinds = q->sinks;
    return SLUICE_OK;
}

static sluice_result check_starts(const trace_question *q, sluice_error *error) {
    for (size_t i = 0; i < q->start_count; i++) {
        const sluice_trace_start *start = &q->starts[i];
        if ((start->transfer_id.length == 0) == (start->account.length == 0)) {
            return error_set(error, SLUICE_E_INVALID, "start %zu needs one of transfer and account", i + 1);
        }
        if (start->account.length > 0 && (start->time_ms == 0 || start->amount_fen <= 0)) {
            return error_set(error, SLUICE_E_INVALID, "start %zu: an account needs at and amount_fen", i + 1);
        }
    }
    return SLUICE_OK;
}

/* In the audit: from where it was asked, and as which file (NULL: shown). */
static sluice_result note_trace(request *rq, const trace_question *q, const char *file, sluice_error *error) {
    const sluice_trace_start *start = q->starts;
    char detail[300] = "";
    sluice_text from = q->start_count == 0             ? TEXT("")
                       : start->transfer_id.length > 0 ? start->transfer_id
                                                       : start->account;
    int length =
        snprintf(detail, sizeof detail, "%s%s%.*s", file == NULL ? "" : file, file == NULL ? "" : " ", TEXT_ARGS(from));
    if (length > 0 && length < (int)sizeof detail - 24 && q->start_count > 1) {
        (void)snprintf(detail + length, sizeof detail - (size_t)length, " + %zu", q->start_count - 1);
    }
    return desk_engine_seen(rq, file == NULL ? "view" : "export", "trace", text_of(detail), error);
}

static bool on_walk(void *context, uint64_t entries_read) {
    (void)entries_read; /* how many there will be nobody knows */
    return request_progress(context, 0, TRACE_PACKAGE_STEPS);
}

/* *trace_out is the caller's. */
static sluice_result run_trace(request *rq, trace_question *q, sluice_trace **trace_out, sluice_error *error) {
    q->options.size = sizeof q->options;
    q->options.time_max_ms = rq->job == NULL ? TRACE_MS_MAX : TRACE_JOB_MS_MAX;
    const sluice_engine *engine = request_engine(rq, error);
    if (engine == NULL) {
        return SLUICE_E_BUSY;
    }
    sluice_result result = check_starts(q, error);
    for (size_t i = 0; result == SLUICE_OK && q->told && i < q->start_count; i++) {
        sluice_trace_start *start = &q->starts[i];
        if (start->account.length > 0) {
            start->time_ms = paid_at(engine, start->account, start->time_ms, start->amount_fen);
        }
    }
    q->options.account_layer = q->told; /* what people tell of is an account that they paid */
    q->options.progress = rq->job == NULL ? NULL : on_walk;
    q->options.progress_context = rq;
    return result == SLUICE_OK ? sluice_trace_run(engine, q->starts, q->start_count, &q->options, trace_out, error)
                               : result;
}

static sluice_result answer_trace(request *rq, response *rs, trace_question *q, sluice_error *error) {
    static const struct {
        const char *media_type, *word;
        sluice_trace_format format;
    } FORMATS[] = {{"application/json", "json", SLUICE_TRACE_JSON},
                   {"text/csv", "csv", SLUICE_TRACE_CSV},
                   {"image/svg+xml", "svg", SLUICE_TRACE_SVG},
                   {"text/vnd.graphviz", "dot", SLUICE_TRACE_DOT}};
    size_t form = 0;
    while (form + 1 < sizeof FORMATS / sizeof *FORMATS && strcmp(FORMATS[form].media_type, rq->media_type) != 0) {
        form++;
    }
    sluice_trace *trace = NULL;
    char *text = NULL;
    size_t length = 0;
    bool is_package = strcmp(rq->media_type, "application/zip") == 0;
    sluice_result result = is_package ? trace_package_check(rq, error) : SLUICE_OK;
    if (result == SLUICE_OK) {
        result = run_trace(rq, q, &trace, error);
    }
    if (result == SLUICE_OK) {
        result = is_package ? trace_package_answer(rq, rs, trace, error)
                            : sluice_trace_render(trace, FORMATS[form].format, &text, &length, error);
    }
    sluice_trace_free(&trace);
    if (result != SLUICE_OK || is_package) {
        return result;
    }
    rs->content_type = FORMATS[form].media_type;
    text_write(&rs->body, (sluice_text){text, length});
    sluice_text_free(&text);
    result = rs->body.failed ? error_no_memory(error, length) : SLUICE_OK;
    return result == SLUICE_OK ? note_trace(rq, q, form > 0 ? FORMATS[form].word : NULL, error) : result;
}

static sluice_result get_trace(request *rq, response *rs, sluice_error *error) {
    sluice_trace_start start = {0};
    sluice_text method, sink;
    int64_t depth = 0, entries = 0, as_of = 0;
    trace_question q = {.starts = &start, .start_count = 1};
    (void)request_query(rq, "transfer", &start.transfer_id);
    (void)request_query(rq, "account", &start.account);
    (void)request_query(rq, "victim", &start.victim);
    (void)request_query_time(rq, "at", &start.time_ms);
    (void)request_query_integer(rq, "amount_fen", &start.amount_fen);
    if (request_query(rq, "method", &method)) {
        (void)sluice_method_parse(method, &q.options.method); /* one of the codes */
    }
    (void)request_query_duration(rq, "within", &q.options.within_ms);
    (void)request_query_integer(rq, "depth", &depth);
    (void)request_query_integer(rq, "min_fen", &q.options.amount_min_fen);
    (void)request_query_integer(rq, "entries_max", &entries);
    (void)request_query_integer(rq, "as_of", &as_of);
    (void)request_query_time(rq, "until", &q.options.until_ms);
    (void)request_query_flag(rq, "told", &q.told);
    q.options.depth_max = (uint32_t)depth;
    q.options.entries_max = (uint64_t)entries;
    q.options.as_of = (uint64_t)as_of;
    q.sinks = arena_alloc(&rq->arena, (rq->parameter_count + 1) * sizeof *q.sinks);
    if (q.sinks == NULL) {
        return error_no_memory(error, 64);
    }
    for (size_t i = 0; i < rq->parameter_count; i++) {
        sink = rq->parameters[i].value;
        if (text_equal(rq->parameters[i].name, TEXT("sink"))) {
            sluice_result result = take_sink(rq, &q, sink, error);
            if (result != SLUICE_OK) {
                return result;
            }
        }
    }
    return answer_trace(rq, rs, &q, error);
}

static void take_start(yyjson_val *object, sluice_trace_start *start) {
    *start = (sluice_trace_start){0};
    (void)body_text(object, "transfer", &start->transfer_id);
    (void)body_text(object, "account", &start->account);
    (void)body_text(object, "victim", &start->victim);
    (void)body_time(object, "at", &start->time_ms);
    (void)body_integer(object, "amount_fen", &start->amount_fen);
}

/* The body, which was checked against QUESTION. */
static sluice_result take_question(request *rq, trace_question *q, sluice_error *error) {
    yyjson_val *starts = yyjson_obj_get(rq->json, "starts"), *sinks = yyjson_obj_get(rq->json, "sinks"), *each;
    int64_t depth = 0, entries = 0, as_of = 0;
    size_t index, count;
    sluice_text method;
    *q = (trace_question){.start_count = yyjson_arr_size(starts)};
    q->starts = arena_alloc(&rq->arena, (q->start_count + 1) * sizeof *q->starts);
    q->sinks = arena_alloc(&rq->arena, (yyjson_arr_size(sinks) + 1) * sizeof *q->sinks);
    if (q->starts == NULL || q->sinks == NULL) {
        return error_no_memory(error, q->start_count * sizeof *q->starts);
    }
    yyjson_arr_foreach(starts, index, count, each) {
        take_start(each, &q->starts[index]);
    }
    yyjson_arr_foreach(sinks, index, count, each) {
        sluice_result result = take_sink(rq, q, (sluice_text){yyjson_get_str(each), yyjson_get_len(each)}, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    if (body_text(rq->json, "method", &method)) {
        (void)sluice_method_parse(method, &q->options.method);
    }
    (void)body_duration(rq->json, "within", &q->options.within_ms);
    (void)body_integer(rq->json, "depth", &depth);
    (void)body_integer(rq->json, "min_fen", &q->options.amount_min_fen);
    (void)body_integer(rq->json, "entries_max", &entries);
    (void)body_integer(rq->json, "as_of", &as_of);
    (void)body_time(rq->json, "until", &q->options.until_ms);
    (void)body_flag(rq->json, "told", &q->told);
    q->options.depth_max = (uint32_t)depth;
    q->options.entries_max = (uint64_t)entries;
    q->options.as_of = (uint64_t)as_of;
    return SLUICE_OK;
}

static sluice_result post_trace(request *rq, response *rs, sluice_error *error) {
    trace_question q;
    sluice_result result = take_question(rq, &q, error);
    return result == SLUICE_OK ? answer_trace(rq, rs, &q, error) : result;
}

/* The job. What was begun and is not wanted any more leaves nothing: no file, and no export in the audit. */
static sluice_result post_package(request *rq, response *rs, sluice_error *error) {
    trace_question q;
    sluice_trace *trace = NULL;
    sluice_result result = trace_package_check(rq, error);
    if (result == SLUICE_OK) {
        result = take_question(rq, &q, error);
    }
    if (result == SLUICE_OK) {
        result = run_trace(rq, &q, &trace, error);
    }
    if (result == SLUICE_OK) {
        result = trace_package_answer(rq, rs, trace, error);
    }
    sluice_trace_free(&trace);
    return result;
}

/* ---- tables ---- */

#define METHODS "fifo|lifo|prorata|poison|bounds"
#define F(NAME, TYPE, FLAGS, EN, ZH)                                                                                   \
    { .name = (NAME), .type = (TYPE), .flags = (FLAGS), .en = (EN), .zh = (ZH) }
#define N(NAME, MIN, MAX, EN, ZH)                                                                                      \
    { .name = (NAME), .type = API_INTEGER, .min = (MIN), .max = (MAX), .en = (EN), .zh = (ZH) }
#define AS_OF N("as_of", 0, INT64_MAX, "as the data was at this sequence; 0: now", "数据截至序号")
#define LIMITS                                                                                                         \
    {.name = "method", .type = API_CODE, .codes = METHODS, .en = "fifo if not given", .zh = "方法"},                   \
        F("within", API_DURATION, 0, "per hop: later debits are not followed", "每跳时限"),                            \
        N("depth", 0, 1000, "hops from the victim; 0: no limit", "最大层级"),                                          \
        N("min_fen", 0, INT64_MAX, "a smaller tainted part is not followed", "最小金额（分）"),                        \
        N("entries_max", 0, TRACE_ENTRIES_MAX, "ledger entries read; 0: 4,000,000", "最大读取量"), AS_OF,              \
        F("until", API_TIME, 0, "debits after it are not followed", "截至时间"),                                       \
        F("told", API_BOOLEAN, 0,                                                                                      \
          "at is as people tell it: an account's start is the credit of just this amount that is nearest, an hour "    \
          "off at most",                                                                                               \
          "时间为当事人所述")

static const api_field TRACE_QUERY[] = {
    {.name = "transfer", .type = API_TEXT, .max = 200, .en = "a start: this transfer", .zh = "起点流水号"},
    F("account", API_KEY, 0, "… or this account", "起点账号"),
    F("at", API_TIME, 0, "… at this time", "时间"),
    {.name = "amount_fen", .type = API_MONEY, .min = 1, .max = INT64_MAX, .en = "… with so much", .zh = "金额（分）"},
    {.name = "victim", .type = API_TEXT, .max = 200, .en = "what to call the victim", .zh = "受害人"},
    {.name = "sink",
     .type = API_TEXT,
     .flags = API_LIST,
     .max = 40,
     .en = "account kinds that are sinks, atm and pos if not given",
     .zh = "终点类型"},
    LIMITS,
};
static const api_field START_FIELDS[] = {
    {.name = "transfer", .type = API_TEXT, .max = 200, .en = "this transfer", .zh = "流水号"},
    F("account", API_KEY, 0, "… or this account, with at and amount_fen", "账号"),
    F("at", API_TIME, 0, "at this time", "时间"),
    {.name = "amount_fen",
     .type = API_MONEY,
     .min = 1,
     .max = INT64_MAX,
     .en = "so much; the whole transfer if not given",
     .zh = "金额（分）"},
    {.name = "victim", .type = API_TEXT, .max = 200, .en = "what to call the victim", .zh = "受害人"},
};
static const api_schema START = {.name = "trace_start",
                                 .fields = START_FIELDS,
                                 .field_count = 5,
                                 .at_least_of = "transfer|account",
                                 .en = "where one victim's money starts"};
static const api_field QUESTION_FIELDS[] = {
    {.name = "starts",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &START,
     .min = 1,
     .max = STARTS_MAX,
     .en = "one for each victim",
     .zh = "起点"},
    {.name = "sinks",
     .type = API_TEXT,
     .flags = API_LIST,
     .max = 20,
     .en = "account kinds that are sinks",
     .zh = "终点类型"},
    LIMITS,
};
static const api_schema QUESTION = {.name = "trace_question",
                                    .fields = QUESTION_FIELDS,
                                    .field_count = sizeof QUESTION_FIELDS / sizeof *QUESTION_FIELDS,
                                    .en = "what to follow, and how"};
#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TRACE_TYPES "application/json text/csv image/svg+xml text/vnd.graphviz application/zip"

const route TRACE_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/traces",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = READERS,
     .flags = ROUTE_OR_JOB,
     .handle = get_trace,
     .tag = "engine",
     .operation = "trace",
     .en = "follows one sum of money; as zip: an evidence package, which needs a purpose and is audited",
     .zh = "资金穿透",
     .query = TRACE_QUERY,
     .query_count = COUNT(TRACE_QUERY),
     .produces = TRACE_TYPES,
     .answer = &PUBLISHED_TRACE,
     .problems = "403 404 422"},
    {.method = METHOD_POST,
     .template = "/v1/traces",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = READERS,
     .flags = ROUTE_OR_JOB,
     .handle = post_trace,
     .tag = "engine",
     .operation = "traceMany",
     .en = "follows the money of several victims at once",
     .zh = "多受害人资金穿透",
     .body = &QUESTION,
     .body_bytes_max = 1u << 20,
     .produces = TRACE_TYPES,
     .answer = &PUBLISHED_TRACE,
     .problems = "403 404 422"},
    {.method = METHOD_POST,
     .template = "/v1/trace-packages",
     .lane = LANE_JOB,
     .needs = NEEDS_ROLE,
     .roles = READERS,
     .handle = post_package,
     .tag = "engine",
     .operation = "packTrace",
     .en = "the evidence package of a trace, as a job that can be cancelled; its result is a zip. Needs a purpose",
     .zh = "生成资金穿透证据包（任务）",
     .body = &QUESTION,
     .body_bytes_max = 1u << 20},
};
const size_t TRACE_ROUTE_COUNT = COUNT(TRACE_ROUTES);
