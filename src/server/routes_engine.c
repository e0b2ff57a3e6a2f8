/* What the engine knows: accounts, transfers, traces. Readers on the workers, as of any sequence. */
#include <stdio.h>
#include <string.h>

#include <sluice/profile.h>
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
#define TRACE_ENTRIES_MAX 20000000

/* Hands a text of the library over to the answer. */
static sluice_result answer_text(response *rs, const char *media_type, char **text, size_t length,
                                 sluice_error *error) {
    rs->content_type = media_type;
    rs->body.length = 0;
    text_write(&rs->body, (sluice_text){*text, length});
    sluice_text_free(text);
    return rs->body.failed ? error_no_memory(error, length) : SLUICE_OK;
}

/* ---- accounts and transfers ---- */

static sluice_result get_account(request *rq, response *rs, sluice_error *error) {
    sluice_profile_options options = {.size = sizeof options};
    sluice_profile *profile = NULL;
    char *text = NULL;
    size_t length = 0;
    int64_t top = 0, as_of = 0;
    (void)request_query_time(rq, "from", &options.from_ms);
    (void)request_query_time(rq, "to", &options.to_ms);
    (void)request_query_duration(rq, "recent", &options.recent_ms);
    (void)request_query_integer(rq, "top", &top);
    (void)request_query_integer(rq, "as_of", &as_of);
    options.top_count = (uint32_t)top;
    options.as_of = (uint64_t)as_of;
    const sluice_engine *engine = request_engine(rq, error);
    if (engine == NULL) {
        return SLUICE_E_BUSY;
    }
    sluice_result result = sluice_profile_run(engine, request_variable(rq, 0), &options, &profile, error);
    if (result == SLUICE_OK) {
        result = sluice_profile_render(profile, SLUICE_PROFILE_JSON, &text, &length, error);
    }
    sluice_profile_free(&profile);
    result = result == SLUICE_OK ? answer_text(rs, NULL, &text, length, error) : result;
    return result == SLUICE_OK ? desk_engine_seen(rq, "view", "account", request_variable(rq, 0), error) : result;
}

static sluice_result get_transfer(request *rq, response *rs, sluice_error *error) {
    sluice_transfer transfer;
    char currency[4], received[4];
    const sluice_engine *engine = request_engine(rq, error);
    if (engine == NULL) {
        return SLUICE_E_BUSY;
    }
    sluice_result result = sluice_transfer_find(engine, request_variable(rq, 0), &transfer, error);
    if (result != SLUICE_OK) {
        return result;
    }
    json_document d;
    yyjson_mut_val *root = json_begin(&d);
    sluice_currency_letters(transfer.currency, currency);
    sluice_currency_letters(transfer.received_currency, received);
    json_add_text(&d, root, "id", request_variable(rq, 0));
    json_add_uint(&d, root, "sequence", transfer.sequence);
    json_add_text(&d, root, "kind", text_of(transfer.kind == SLUICE_SIGNAL_WITHDRAWAL ? "withdrawal" : "transfer"));
    json_add_time(&d, root, "time", transfer.time_ms);
    json_add_text(&d, root, "from", transfer.from);
    json_add_text_or_null(&d, root, "to", transfer.to);
    json_add_int(&d, root, "amount_fen", transfer.amount_fen);
    json_add_text(&d, root, "currency", text_of(currency));
    json_add_int(&d, root, "received_fen", transfer.received_fen);
    json_add_text(&d, root, "received_currency", text_of(received));
    result = response_json(rs, &d, error);
    return result == SLUICE_OK ? desk_engine_seen(rq, "view", "transfer", request_variable(rq, 0), error) : result;
}

/* ---- an account's ledger, page by page ---- */

/* A place in it is "sequence:entries before": every page is as of the sequence of the first. */
typedef struct ledger_page {
    json_document d;
    yyjson_mut_val *items;
    sluice_text account;
    uint64_t skip, at;
    size_t limit, count;
    bool more;
} ledger_page;

static bool on_entry(void *context, const sluice_transfer *transfer, bool is_debit, int64_t balance_fen) {
    ledger_page *p = context;
    if (p->at++ < p->skip) {
        return true;
    }
    if (p->count == p->limit) {
        p->more = true;
        return false;
    }
    p->count++;
    yyjson_mut_val *one = json_append_object(&p->d, p->items);
    json_add_uint(&p->d, one, "sequence", transfer->sequence);
    json_add_text(&p->d, one, "kind", text_of(transfer->kind == SLUICE_SIGNAL_WITHDRAWAL ? "withdrawal" : "transfer"));
    json_add_time(&p->d, one, "time", transfer->time_ms);
    json_add_text(&p->d, one, "direction", text_of(is_debit ? "out" : "in"));
    json_add_text_or_null(&p->d, one, "counterparty", is_debit ? transfer->to : transfer->from);
    json_add_int(&p->d, one, "amount_fen", is_debit ? transfer->amount_fen : transfer->received_fen);
    json_add_int(&p->d, one, "balance_fen", balance_fen);
    return true;
}

static sluice_result get_ledger(request *rq, response *rs, sluice_error *error) {
    ledger_page p = {.account = request_variable(rq, 0), .limit = request_limit(rq, 1000)};
    int64_t wanted = 0;
    uint64_t as_of = atomic_load(&rq->server->writer.sequence);
    sluice_text place, sequence, skip;
    if (request_query_integer(rq, "as_of", &wanted) && wanted > 0) {
        as_of = (uint64_t)wanted;
    }
    if (request_cursor(rq, &place) &&
        (!text_split(place, ':', &sequence, &skip) || !text_to_u64(sequence, &as_of) || !text_to_u64(skip, &p.skip))) {
        return error_set(error, SLUICE_E_INPUT, "the cursor is of another version: begin again without it");
    }
    const sluice_engine *engine = request_engine(rq, error);
    if (engine == NULL) {
        return SLUICE_E_BUSY;
    }
    yyjson_mut_val *root = json_begin(&p.d);
    json_add_uint(&p.d, root, "as_of", as_of);
    p.items = json_add_array(&p.d, root, "items");
    sluice_result result = sluice_ledger_read(engine, p.account, as_of, on_entry, &p, error);
    if (result != SLUICE_OK) {
        yyjson_mut_doc_free(p.d.doc);
        return result;
    }
    sluice_text cursor = {NULL, 0};
    if (p.more) {
        char next[48];
        int length =
            snprintf(next, sizeof next, "%llu:%llu", (unsigned long long)as_of, (unsigned long long)(p.skip + p.count));
        cursor = response_next(rq, rs, (sluice_text){next, (size_t)length});
    }
    json_add_text_or_null(&p.d, root, "next", cursor);
    result = response_json(rs, &p.d, error);
    return result == SLUICE_OK ? desk_engine_seen(rq, "list", "account", p.account, error) : result;
}

/* ---- traces ---- */

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

static sluice_result run_trace(request *rq, response *rs, trace_question *q, sluice_error *error) {
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
    q->options.size = sizeof q->options;
    if (q->options.time_max_ms <= 0 || q->options.time_max_ms > TRACE_MS_MAX) {
        q->options.time_max_ms = TRACE_MS_MAX;
    }
    sluice_trace *trace = NULL;
    char *text = NULL;
    size_t length = 0;
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
    if (result == SLUICE_OK) {
        result = sluice_trace_run(engine, q->starts, q->start_count, &q->options, &trace, error);
    }
    bool is_package = strcmp(rq->media_type, "application/zip") == 0;
    if (result == SLUICE_OK) {
        result = is_package ? trace_package_answer(rq, rs, trace, error)
                            : sluice_trace_render(trace, FORMATS[form].format, &text, &length, error);
    }
    sluice_trace_free(&trace);
    if (result != SLUICE_OK || is_package) {
        return result;
    }
    result = answer_text(rs, FORMATS[form].media_type, &text, length, error);
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
    return run_trace(rq, rs, &q, error);
}

static void take_start(yyjson_val *object, sluice_trace_start *start) {
    *start = (sluice_trace_start){0};
    (void)body_text(object, "transfer", &start->transfer_id);
    (void)body_text(object, "account", &start->account);
    (void)body_text(object, "victim", &start->victim);
    (void)body_time(object, "at", &start->time_ms);
    (void)body_integer(object, "amount_fen", &start->amount_fen);
}

static sluice_result post_trace(request *rq, response *rs, sluice_error *error) {
    yyjson_val *starts = yyjson_obj_get(rq->json, "starts"), *sinks = yyjson_obj_get(rq->json, "sinks"), *each;
    int64_t depth = 0, entries = 0, as_of = 0;
    size_t index, count;
    sluice_text method;
    trace_question q = {.start_count = yyjson_arr_size(starts)};
    q.starts = arena_alloc(&rq->arena, (q.start_count + 1) * sizeof *q.starts);
    q.sinks = arena_alloc(&rq->arena, (yyjson_arr_size(sinks) + 1) * sizeof *q.sinks);
    if (q.starts == NULL || q.sinks == NULL) {
        return error_no_memory(error, q.start_count * sizeof *q.starts);
    }
    yyjson_arr_foreach(starts, index, count, each) {
        take_start(each, &q.starts[index]);
    }
    yyjson_arr_foreach(sinks, index, count, each) {
        sluice_result result = take_sink(rq, &q, (sluice_text){yyjson_get_str(each), yyjson_get_len(each)}, error);
        if (result != SLUICE_OK) {
            return result;
        }
    }
    if (body_text(rq->json, "method", &method)) {
        (void)sluice_method_parse(method, &q.options.method);
    }
    (void)body_duration(rq->json, "within", &q.options.within_ms);
    (void)body_integer(rq->json, "depth", &depth);
    (void)body_integer(rq->json, "min_fen", &q.options.amount_min_fen);
    (void)body_integer(rq->json, "entries_max", &entries);
    (void)body_integer(rq->json, "as_of", &as_of);
    (void)body_time(rq->json, "until", &q.options.until_ms);
    (void)body_flag(rq->json, "told", &q.told);
    q.options.depth_max = (uint32_t)depth;
    q.options.entries_max = (uint64_t)entries;
    q.options.as_of = (uint64_t)as_of;
    return run_trace(rq, rs, &q, error);
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

static const api_field ACCOUNT_QUERY[] = {
    F("from", API_TIME, 0, "count from here", "起"),
    F("to", API_TIME, 0, "count until before this", "止"),
    F("recent", API_DURATION, 0, "what new and vanished look at, 30d if not given", "近期窗口"),
    N("top", 1, 1000, "counterparties and devices listed, 20 if not given", "列出数量"),
    AS_OF,
};
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
static const api_field TRANSFER_FIELDS[] = {
    F("id", API_TEXT, API_REQUIRED, "the institution's id", "流水号"),
    F("sequence", API_INTEGER, API_REQUIRED, "in the log", "日志序号"),
    {.name = "kind",
     .type = API_CODE,
     .flags = API_REQUIRED,
     .codes = "transfer|withdrawal",
     .en = "what it is",
     .zh = "种类"},
    F("time", API_TIME, API_REQUIRED, "when it happened", "时间"),
    F("from", API_TEXT, API_REQUIRED, "the payer", "付款账号"),
    F("to", API_TEXT, API_REQUIRED | API_NULLABLE, "the payee", "收款账号"),
    F("amount_fen", API_MONEY, API_REQUIRED, "what left the payer", "金额（分）"),
    F("currency", API_TEXT, API_REQUIRED, "of it", "币种"),
    F("received_fen", API_MONEY, API_REQUIRED, "what reached the payee", "到账金额（分）"),
    F("received_currency", API_TEXT, API_REQUIRED, "of it", "到账币种"),
};
static const api_schema TRANSFER = {
    .name = "transfer", .fields = TRANSFER_FIELDS, .field_count = 10, .en = "a transfer as the log has it"};

static const api_field ENTRY_FIELDS[] = {
    F("sequence", API_INTEGER, API_REQUIRED, "the transfer's, in the log", "日志序号"),
    {.name = "kind",
     .type = API_CODE,
     .flags = API_REQUIRED,
     .codes = "transfer|withdrawal",
     .en = "what it is",
     .zh = "种类"},
    F("time", API_TIME, API_REQUIRED, "when it happened", "时间"),
    {.name = "direction", .type = API_CODE, .flags = API_REQUIRED, .codes = "in|out", .en = "which way", .zh = "收支"},
    F("counterparty", API_TEXT, API_REQUIRED | API_NULLABLE, "the other side", "对方"),
    F("amount_fen", API_MONEY, API_REQUIRED, "on this account", "金额（分）"),
    F("balance_fen", API_MONEY, API_REQUIRED, "after it", "余额（分）"),
};
static const api_schema ENTRY = {
    .name = "ledger_entry", .fields = ENTRY_FIELDS, .field_count = 7, .en = "one movement"};
static const api_field PAGE_FIELDS[] = {
    F("as_of", API_INTEGER, API_REQUIRED, "the sequence that all pages are as of", "数据截至序号"),
    {.name = "items",
     .type = API_OBJECT,
     .flags = API_REQUIRED | API_LIST,
     .object = &ENTRY,
     .max = 1000,
     .en = "in order of time",
     .zh = "流水"},
    F("next", API_TEXT, API_REQUIRED | API_NULLABLE, "the next page's cursor", "下一页游标"),
};
static const api_schema LEDGER = {.name = "ledger_page", .fields = PAGE_FIELDS, .field_count = 3, .en = "a page"};
static const api_field LEDGER_QUERY[] = {AS_OF};

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TRACE_TYPES "application/json text/csv image/svg+xml text/vnd.graphviz application/zip"

const route ENGINE_ROUTES[] = {
    {.method = METHOD_GET,
     .template = "/v1/accounts/{key}",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = READERS,
     .handle = get_account,
     .tag = "engine",
     .operation = "getAccount",
     .en = "an account's profile, as of a sequence",
     .zh = "账户画像",
     .query = ACCOUNT_QUERY,
     .query_count = COUNT(ACCOUNT_QUERY),
     .answer = &PUBLISHED_ACCOUNT,
     .problems = "404 422"},
    {.method = METHOD_GET,
     .template = "/v1/accounts/{key}/transfers",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = READERS,
     .flags = ROUTE_PAGED,
     .handle = get_ledger,
     .tag = "engine",
     .operation = "listTransfersOfAccount",
     .en = "an account's ledger with balances, in order of time",
     .zh = "账户流水",
     .query = LEDGER_QUERY,
     .query_count = COUNT(LEDGER_QUERY),
     .answer = &LEDGER,
     .problems = "404"},
    {.method = METHOD_GET,
     .template = "/v1/transfers/{id}",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = READERS,
     .handle = get_transfer,
     .tag = "engine",
     .operation = "getTransfer",
     .en = "a transfer by its institution's id",
     .zh = "按流水号查交易",
     .answer = &TRANSFER,
     .problems = "404"},
    {.method = METHOD_GET,
     .template = "/v1/traces",
     .lane = LANE_WORKER,
     .needs = NEEDS_ROLE,
     .roles = READERS,
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
};
const size_t ENGINE_ROUTE_COUNT = COUNT(ENGINE_ROUTES);
